#include "exec/paper_broker.h"

#include "core/base/decimal.h"
#include "exec/paper_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)
/* A request waits for the next call when fewer answers than this fit: its walk through the book needs room. */
#define ROOM_FOR_REQUEST (GATEWAY_ANSWERS_MAX / 2)

struct paper_broker *paper_broker_new(const struct paper_broker_params *params)
{
    struct paper_broker *broker = calloc(1, sizeof *broker);
    struct paper_fee_params fees = params->fees;

    if (broker == NULL)
        return NULL;
    if (fees.tiers == 0) {
        fees.tiers = 1;
        fees.tier[0] = (struct paper_fee_tier){0, params->fee_maker_ppm, params->fee_taker_ppm};
    }
    broker->params = *params;
    broker->next_expire_ns = INT64_MAX;
    paper_fees_init(&broker->fees, &fees);
    paper_latency_init(&broker->latency, params->latency, params->seed);
    broker->account.on = params->account;
    broker->account.leverage = params->leverage > 0 ? params->leverage : 1;
    return broker;
}

void paper_broker_free(struct paper_broker *broker)
{
    free(broker);
}

void paper_broker_attach(struct paper_broker *broker, const struct instrument *instrument,
                         const struct order_book *book)
{
    assert(instrument->id < INSTRUMENTS_MAX);
    broker->market[instrument->id].instrument = instrument;
    broker->market[instrument->id].book = book;
}

/* False: nobody attached it. */
static bool begin(struct paper_broker *broker, uint16_t instrument_id, int64_t now_ns,
                  struct gateway_answers *out, struct paper_call *call)
{
    *call = (struct paper_call){.broker = broker,
                                .instrument_id = instrument_id,
                                .now_ns = now_ns,
                                .delay_ns = PAPER_NOT_DRAWN,
                                .out = out};
    if (instrument_id >= INSTRUMENTS_MAX || broker->market[instrument_id].instrument == NULL)
        return false;
    call->market = &broker->market[instrument_id];
    return true;
}

/* --- the gateway ------------------------------------------------------------------------------------- */

static const struct paper_request *first_request(const struct paper_broker *broker)
{
    return broker->request_head == broker->request_tail
               ? NULL
               : &broker->request[broker->request_tail % PAPER_REQUESTS_MAX];
}

static int64_t next_due(const void *self)
{
    const struct paper_broker *broker = self;
    const struct paper_request *request = first_request(broker);
    int64_t due_ns = broker->next_expire_ns;

    if (request != NULL && request->due_ns < due_ns)
        due_ns = request->due_ns;
    if (broker->answer_head != broker->answer_tail) {
        int64_t answer_ns = broker->answer[broker->answer_tail % PAPER_ANSWERS_MAX].due_ns;

        due_ns = answer_ns < due_ns ? answer_ns : due_ns;
    }
    return due_ns;
}

static void refuse_request(const struct paper_request *request, const char *why, struct gateway_answers *out)
{
    static const enum order_event_kind kinds[] = {
        [PAPER_SUBMIT] = ORDER_EVENT_REJECTED,
        [PAPER_CANCEL] = ORDER_EVENT_CANCEL_REJECTED,
        [PAPER_REPLACE] = ORDER_EVENT_REPLACE_REJECTED,
        [PAPER_QUERY] = ORDER_EVENT_REJECTED,
    };

    if (request->kind != PAPER_QUERY && out->count < GATEWAY_ANSWERS_MAX)
        out->event[out->count++] = (struct order_event){.kind = kinds[request->kind],
                                                        .order_seq = request->order.seq,
                                                        .ts_ns = request->due_ns,
                                                        .reason = why,
                                                        .error = ORDER_ERROR_CAPACITY};
}

static void take_request(struct paper_broker *broker, struct gateway_answers *out)
{
    struct paper_request *request = &broker->request[broker->request_tail % PAPER_REQUESTS_MAX];
    struct paper_call call;

    if (begin(broker, request->order.intent.instrument_id, request->due_ns, out, &call)) {
        call.delay_ns = request->delay_ns;
        paper_arrive(&call, request);
    } else {
        refuse_request(request, "the venue does not know this instrument", out);
    }
    broker->request_tail++;
}

/* What is due, in the order of its time; at equal times answers, then expiries, then requests. */
static void deliver(struct paper_broker *broker, int64_t now_ns, struct gateway_answers *out)
{
    int64_t due_ns;

    while ((due_ns = next_due(broker)) <= now_ns) {
        const struct paper_request *request = first_request(broker);
        size_t before = out->count;

        paper_answers_arrive(broker, due_ns, out);
        if (out->count > before)
            continue;
        if (out->count > GATEWAY_ANSWERS_MAX - ROOM_FOR_REQUEST ||
            broker->answer_head - broker->answer_tail > PAPER_ANSWERS_MAX - ROOM_FOR_REQUEST)
            return; /* the rest with the next call */
        if (broker->next_expire_ns <= due_ns)
            paper_expire(broker, due_ns, out);
        else if (request != NULL && request->due_ns <= due_ns)
            take_request(broker, out);
    }
}

static void advance(void *self, int64_t now_ns, struct gateway_answers *out)
{
    out->count = 0;
    deliver(self, now_ns, out);
}

/* A request leaves now; with no latency it is there at once. */
static void send(struct paper_broker *broker, enum paper_request_kind kind, const struct order *order,
                 int64_t now_ns, struct gateway_answers *out)
{
    int64_t feed_ns = paper_latency_draw(&broker->latency, PAPER_LEG_FEED);
    int64_t delay_ns = paper_latency_draw(&broker->latency, PAPER_LEG_RESPONSE) - feed_ns;
    struct paper_request request = {
        .due_ns = now_ns + feed_ns, .delay_ns = delay_ns > 0 ? delay_ns : 0, .kind = kind, .order = *order};

    out->count = 0;
    request.due_ns += paper_latency_draw(&broker->latency, PAPER_LEG_ENTRY);
    if (broker->request_head - broker->request_tail == PAPER_REQUESTS_MAX) {
        refuse_request(&request, "too many requests on their way", out);
        return;
    }
    if (broker->request_head != broker->request_tail) { /* one connection: nothing overtakes */
        int64_t last_ns = broker->request[(broker->request_head - 1) % PAPER_REQUESTS_MAX].due_ns;

        request.due_ns = request.due_ns > last_ns ? request.due_ns : last_ns;
    }
    broker->request[broker->request_head++ % PAPER_REQUESTS_MAX] = request;
    deliver(broker, now_ns, out);
}

static void gateway_submit(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    send(self, PAPER_SUBMIT, order, now_ns, out);
}

static void gateway_cancel(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    send(self, PAPER_CANCEL, order, now_ns, out);
}

static void gateway_replace(void *self, const struct order *order, int64_t now_ns,
                            struct gateway_answers *out)
{
    send(self, PAPER_REPLACE, order, now_ns, out);
}

static void gateway_query(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    send(self, PAPER_QUERY, order, now_ns, out);
}

/* What has not arrived yet, or is to end at its time, has changed nothing: fills on their way back have. */
static bool gateway_position(const void *self, uint16_t instrument_id, int64_t *lots)
{
    const struct paper_broker *broker = self;
    const struct paper_holding *holding = paper_broker_holding(broker, instrument_id);

    *lots = holding == NULL ? 0 : holding->position.lots;
    return broker->answer_head == broker->answer_tail;
}

struct gateway paper_broker_gateway(struct paper_broker *broker)
{
    static const struct gateway_ops ops = {
        .name = "paper",
        .submit = gateway_submit,
        .cancel = gateway_cancel,
        .replace = gateway_replace,
        .query = gateway_query,
        .advance = advance,
        .next_due_ns = next_due,
        .position = gateway_position,
    };

    return (struct gateway){&ops, broker};
}

/* --- the market -------------------------------------------------------------------------------------- */

void paper_broker_on_trade(struct paper_broker *broker, uint16_t instrument_id, const struct trade *trade,
                           struct gateway_answers *out)
{
    struct paper_call call;

    out->count = 0;
    if (!trade->off_market && begin(broker, instrument_id, trade->recv_ns, out, &call))
        paper_market_trade(&call, trade);
}

void paper_broker_on_book(struct paper_broker *broker, uint16_t instrument_id, int64_t now_ns,
                          struct gateway_answers *out)
{
    struct paper_call call;

    out->count = 0;
    if (begin(broker, instrument_id, now_ns, out, &call) && call.market->state == BOOK_LIVE)
        paper_market_book(&call);
}

void paper_broker_on_book_state(struct paper_broker *broker, uint16_t instrument_id, enum book_state state,
                                int64_t now_ns, struct gateway_answers *out)
{
    struct paper_call call;

    out->count = 0;
    if (begin(broker, instrument_id, now_ns, out, &call))
        call.market->state = state; /* what waits for LIVE moves with the book that follows */
}

static void settle_funding(struct paper_broker *broker, struct paper_market *market, int64_t mark_e8,
                           int64_t ts_ns)
{
    int64_t lots = market->holding.position.lots;
    int64_t rate_e8 = market->mark.funding_rate_e8;
    int64_t qty_e8 = instrument_qty_e8(market->instrument, llabs(lots));
    int64_t value_e8 = decimal_mul_div(qty_e8, mark_e8, DECIMAL_E8);
    int64_t amount_e8 = decimal_mul_div(value_e8, rate_e8, DECIMAL_E8);

    if (lots > 0)
        amount_e8 = -amount_e8; /* a long pays a positive rate */
    if (lots == 0 || amount_e8 == 0)
        return;
    broker->funding[broker->fundings++ % PAPER_FUNDINGS_MAX] =
        (struct paper_funding){.instrument_id = market->instrument->id,
                               .ts_ns = ts_ns,
                               .lots = lots,
                               .mark_e8 = mark_e8,
                               .rate_e8 = rate_e8,
                               .amount_e8 = amount_e8};
    paper_account_funding(&broker->account, market->instrument, &market->holding, amount_e8);
}

void paper_broker_on_mark(struct paper_broker *broker, uint16_t instrument_id, const struct mark_price *mark,
                          struct gateway_answers *out)
{
    struct paper_call call;

    out->count = 0;
    if (!begin(broker, instrument_id, mark->recv_ns, out, &call))
        return;
    if (call.market->mark.next_funding_ms > 0 && mark->venue_ms >= call.market->mark.next_funding_ms)
        settle_funding(broker, call.market, mark->mark_e8, mark->recv_ns);
    call.market->mark = *mark;
    if (mark->next_funding_ms <= mark->venue_ms)
        call.market->mark.next_funding_ms = 0; /* paid; the next message that looks ahead sets it again */
}

size_t paper_broker_take_funding(struct paper_broker *broker, struct paper_funding *out, size_t max)
{
    size_t count = 0;

    if (broker->fundings - broker->fundings_taken > PAPER_FUNDINGS_MAX)
        broker->fundings_taken = broker->fundings - PAPER_FUNDINGS_MAX;
    while (count < max && broker->fundings_taken < broker->fundings)
        out[count++] = broker->funding[broker->fundings_taken++ % PAPER_FUNDINGS_MAX];
    return count;
}

void paper_broker_latency_sample(struct paper_broker *broker, enum paper_leg leg, int64_t ns)
{
    paper_latency_add_sample(&broker->latency, leg, ns);
}

/* Orders and answers on their way hold ticks and lots, too. */
static void rescale_on_the_way(struct paper_broker *broker, uint16_t instrument_id, struct step_change change)
{
    for (uint64_t i = broker->request_tail; i != broker->request_head; i++) {
        struct order *order = &broker->request[i % PAPER_REQUESTS_MAX].order;

        if (order->intent.instrument_id != instrument_id)
            continue;
        step_scale(&order->intent.price_ticks, change.price_factor);
        step_scale(&order->intent.stop_ticks, change.price_factor);
        step_scale(&order->intent.trail_ticks, change.price_factor);
        step_scale(&order->arrival_mid2_ticks, change.price_factor);
        step_scale(&order->replace_price_ticks, change.price_factor);
        step_scale(&order->replace_qty_lots, change.qty_factor);
        step_scale(&order->intent.qty_lots, change.qty_factor);
        step_scale(&order->intent.display_lots, change.qty_factor);
        step_scale(&order->filled_lots, change.qty_factor);
    }
    for (uint64_t i = broker->answer_tail; i != broker->answer_head; i++) {
        struct order_event *event = &broker->answer[i % PAPER_ANSWERS_MAX].event;

        if (broker->answer[i % PAPER_ANSWERS_MAX].instrument_id != instrument_id)
            continue;
        step_scale(&event->price_ticks, change.price_factor);
        step_scale(&event->qty_lots, change.qty_factor);
        step_scale(&event->fill.price_ticks, change.price_factor);
        step_scale(&event->fill.qty_lots, change.qty_factor);
        step_scale(&event->fill.arrival_mid2_ticks, change.price_factor);
    }
}

void paper_broker_rescale(struct paper_broker *broker, uint16_t instrument_id, struct step_change change)
{
    struct paper_market *market = &broker->market[instrument_id];

    for (size_t i = 0; i < broker->count; i++)
        if (broker->order[i].intent.instrument_id == instrument_id)
            paper_order_rescale(&broker->order[i], change);
    for (size_t i = 0; i < broker->ghosts; i++)
        if (broker->ghost[i].intent.instrument_id == instrument_id)
            paper_order_rescale(&broker->ghost[i], change);
    step_scale(&market->last_ticks, change.price_factor);
    position_rescale(&market->holding.position, change);
    paper_liquidity_rescale(&broker->liquidity, instrument_id, change);
    paper_stories_rescale(&broker->stories, instrument_id, change);
    rescale_on_the_way(broker, instrument_id, change);
}

/* --- what is known, money ---------------------------------------------------------------------------- */

static const struct paper_order *find_open(const struct paper_broker *broker, uint64_t order_seq)
{
    for (size_t i = 0; i < broker->count; i++)
        if (broker->order[i].seq == order_seq)
            return &broker->order[i];
    return NULL;
}

int64_t paper_broker_stop_ticks(const struct paper_broker *broker, const struct order *order)
{
    const struct paper_order *open = find_open(broker, order->seq);

    return open != NULL && open->intent.type == ORDER_TRAILING_STOP ? open->intent.stop_ticks
                                                                    : order->intent.stop_ticks;
}

bool paper_broker_queue(const struct paper_broker *broker, uint64_t order_seq, int64_t *expected_lots,
                        int64_t *worst_lots)
{
    const struct paper_order *order = find_open(broker, order_seq);
    enum queue_model model =
        broker->params.model == QUEUE_RISK_AVERSE ? QUEUE_PROPORTIONAL : broker->params.model;

    if (order == NULL || !paper_order_rests(order) ||
        broker->market[order->intent.instrument_id].state != BOOK_LIVE)
        return false;
    *expected_lots = paper_queue_ahead(&order->queue, model);
    *worst_lots = paper_queue_ahead(&order->queue, QUEUE_RISK_AVERSE);
    if (*expected_lots > *worst_lots) /* the next part of an iceberg has joined in one model only */
        *worst_lots = *expected_lots;
    return true;
}

const struct fill_story *paper_broker_story(const struct paper_broker *broker, uint64_t order_seq)
{
    return paper_stories_find(&broker->stories, order_seq);
}

size_t paper_broker_stories(const struct paper_broker *broker, const struct fill_story **out, size_t max)
{
    return paper_stories_finished(&broker->stories, out, max);
}

enum err paper_broker_transfer(struct paper_broker *broker, const char *asset, int64_t amount_e8)
{
    return paper_account_transfer(&broker->account, asset, amount_e8);
}

enum err paper_broker_grant(struct paper_broker *broker, uint16_t instrument_id, const struct fill *given,
                            int64_t worth_e8)
{
    struct paper_market *market = &broker->market[instrument_id];
    struct position position = market->holding.position;
    struct fill fill = *given;
    enum err err = position_apply(&position, market->instrument, &fill);

    position.fills--; /* of no order */
    if (err == ERR_OK && broker->account.on)
        err = paper_account_grant(&broker->account, market->instrument, given->qty_lots, worth_e8);
    if (err == ERR_OK)
        market->holding.position = position;
    return err;
}

enum err paper_broker_restore_asset(struct paper_broker *broker, const struct paper_asset *asset)
{
    return paper_account_restore(&broker->account, asset);
}

void paper_broker_start_trades(struct paper_broker *broker, uint64_t trade_id)
{
    broker->last_trade_id = trade_id;
}

const struct paper_account *paper_broker_account(const struct paper_broker *broker)
{
    return &broker->account;
}

void paper_broker_set_position(struct paper_broker *broker, uint16_t instrument_id,
                               const struct position *position)
{
    struct paper_market *market;

    if (instrument_id >= INSTRUMENTS_MAX || broker->market[instrument_id].instrument == NULL)
        return;
    market = &broker->market[instrument_id];
    market->holding.position = *position;
    paper_account_hold(&broker->account, market->instrument, &market->holding);
}

const struct paper_holding *paper_broker_holding(const struct paper_broker *broker, uint16_t instrument_id)
{
    return instrument_id < INSTRUMENTS_MAX ? &broker->market[instrument_id].holding : NULL;
}
