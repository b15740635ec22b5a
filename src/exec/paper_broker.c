#include "exec/paper_broker.h"

#include "core/base/decimal.h"
#include "exec/order_manager.h"
#include "exec/paper_liquidity.h"
#include "exec/paper_order.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct paper_broker {
    struct paper_broker_params params;
    uint64_t last_trade_id;
    size_t count;
    struct paper_order order[ORDERS_OPEN_MAX]; /* as they came: time priority among our own */
    struct paper_liquidity liquidity;
};

/* What one call works on. */
struct paper_call {
    struct paper_broker *broker;
    const struct instrument *instrument;
    const struct order_book *book;
    int64_t now_ns;
    struct paper_answers *answers;
};

struct paper_broker *paper_broker_new(const struct paper_broker_params *params)
{
    struct paper_broker *broker = calloc(1, sizeof *broker);

    if (broker != NULL)
        broker->params = *params;
    return broker;
}

void paper_broker_free(struct paper_broker *broker)
{
    free(broker);
}

/* --- answers ----------------------------------------------------------------------------------------- */

static void answer(struct paper_answers *answers, enum order_event_kind kind, uint64_t seq, int64_t now_ns,
                   const char *reason)
{
    assert(answers->count < PAPER_EVENTS_MAX); /* every loop that answers leaves room: room_left() */
    answers->event[answers->count++] =
        (struct order_event){.kind = kind, .order_seq = seq, .ts_ns = now_ns, .reason = reason};
}

static size_t room_left(const struct paper_call *call)
{
    return PAPER_EVENTS_MAX - call->answers->count;
}

static void answer_fill(const struct paper_call *call, struct paper_order *order, int64_t price_ticks,
                        int64_t lots, bool maker)
{
    struct paper_broker *broker = call->broker;
    int64_t value = instrument_value_e8(call->instrument, price_ticks, lots);
    int64_t ppm = maker ? broker->params.fee_maker_ppm : broker->params.fee_taker_ppm;

    assert(lots > 0 && lots <= order->left_lots);
    order->left_lots -= lots;
    answer(call->answers, ORDER_EVENT_FILL, order->seq, call->now_ns, NULL);
    call->answers->event[call->answers->count - 1].fill =
        (struct fill){.trade_id = ++broker->last_trade_id,
                      .order_seq = order->seq,
                      .instrument_id = order->intent.instrument_id,
                      .owner = order->intent.owner,
                      .side = order->intent.side,
                      .maker = maker,
                      .ts_ns = call->now_ns,
                      .price_ticks = price_ticks,
                      .qty_lots = lots,
                      .value_e8 = value,
                      .fee_e8 = decimal_mul_div(value, ppm, 1000000),
                      .arrival_mid2_ticks = order->arrival_mid2_ticks};
}

/* --- taking from the book ---------------------------------------------------------------------------- */

/* Best price at which one of our own rests on `side`; 0: none. */
static int64_t own_best(const struct paper_broker *broker, uint16_t instrument_id, enum side side)
{
    int64_t best = 0;

    for (size_t i = 0; i < broker->count; i++) {
        const struct paper_order *order = &broker->order[i];

        if (order->intent.instrument_id != instrument_id || order->intent.side != side ||
            !paper_order_rests(order))
            continue;
        if (best == 0 ||
            (side == SIDE_BID ? order->intent.price_ticks > best : order->intent.price_ticks < best))
            best = order->intent.price_ticks;
    }
    return best;
}

/* Our own order at `own` (0: none) would be met before the level. */
static bool own_in_the_way(enum side side, int64_t own, int64_t price_ticks)
{
    return own != 0 && (side == SIDE_BID ? price_ticks >= own : price_ticks <= own);
}

/*
 * Takes what the other side shows, level by level, up to the order's price and short of our own orders: these
 * never trade with each other. Answers one fill a level. NULL when the order may rest if something is left;
 * else why that must be cancelled.
 */
static const char *take(const struct paper_call *call, struct paper_order *order)
{
    enum side side = order->intent.side, other = side_other(side);
    int64_t own = own_best(call->broker, order->intent.instrument_id, other);
    struct level level;
    bool more = order_book_best(call->book, other, &level);

    while (more && order->left_lots > 0 && paper_order_reaches(order, level.price_ticks) &&
           !own_in_the_way(side, own, level.price_ticks)) {
        int64_t lots =
            paper_liquidity_left(&call->broker->liquidity, order->intent.instrument_id, other, &level);

        if (lots > 0) {
            lots = lots < order->left_lots ? lots : order->left_lots;
            if (room_left(call) < 2 ||
                paper_liquidity_take(&call->broker->liquidity, order->intent.instrument_id, other, &level,
                                     lots) == 0)
                return "too many levels for one order";
            answer_fill(call, order, level.price_ticks, lots, false);
        }
        more = order_book_next(call->book, other, level.price_ticks, &level);
    }
    return own != 0 && paper_order_reaches(order, own) ? "own order on the other side" : NULL;
}

/* --- submit and cancel ------------------------------------------------------------------------------- */

static const char *refusal(const struct paper_call *call, const struct paper_order *order)
{
    const struct order_intent *intent = &order->intent;
    enum side other = side_other(intent->side);
    int64_t own = own_best(call->broker, intent->instrument_id, other);
    struct level level;

    if (call->broker->count == ORDERS_OPEN_MAX)
        return "too many open orders";
    if (order->left_lots <= 0 || (intent->type == ORDER_STOP ? intent->stop_ticks : intent->price_ticks) <= 0)
        return "bad quantity or price";
    if (!intent->post_only)
        return NULL;
    if ((order_book_best(call->book, other, &level) && paper_order_reaches(order, level.price_ticks)) ||
        (own != 0 && paper_order_reaches(order, own)))
        return "post-only order would take";
    return NULL;
}

static void keep(struct paper_broker *broker, const struct paper_order *order)
{
    broker->order[broker->count++] = *order;
}

static void submit(const struct paper_call *call, struct paper_order *order)
{
    const char *why;

    if (order->intent.type == ORDER_STOP) {
        keep(call->broker, order);
        return;
    }
    why = take(call, order);
    if (order->left_lots == 0)
        return;
    if (why == NULL && (order->intent.type == ORDER_MARKET || order->intent.tif == TIF_IOC))
        why = "nothing more up to its price";
    if (why != NULL) {
        answer(call->answers, ORDER_EVENT_CANCELLED, order->seq, call->now_ns, why);
        return;
    }
    paper_order_join(order, order_book_qty(call->book, order->intent.side, order->intent.price_ticks));
    keep(call->broker, order);
}

void paper_broker_submit(struct paper_broker *broker, const struct instrument *instrument,
                         const struct order_book *book, const struct order *order, int64_t now_ns,
                         struct paper_answers *answers)
{
    struct paper_call call = {broker, instrument, book, now_ns, answers};
    struct paper_order entry = {.seq = order->seq,
                                .intent = order->intent,
                                .left_lots = order_left_lots(order),
                                .arrival_mid2_ticks = order->arrival_mid2_ticks};
    const char *why;

    assert(order->intent.instrument_id == instrument->id);
    answers->count = 0;
    why = refusal(&call, &entry);
    if (why != NULL) {
        answer(answers, ORDER_EVENT_REJECTED, order->seq, now_ns, why);
        return;
    }
    answer(answers, ORDER_EVENT_ACK, order->seq, now_ns, NULL);
    submit(&call, &entry);
}

static size_t find(const struct paper_broker *broker, uint64_t seq)
{
    size_t i = 0;

    while (i < broker->count && broker->order[i].seq != seq)
        i++;
    return i;
}

static void drop(struct paper_broker *broker, size_t i)
{
    broker->count--;
    memmove(&broker->order[i], &broker->order[i + 1], (broker->count - i) * sizeof broker->order[0]);
}

void paper_broker_cancel(struct paper_broker *broker, uint64_t order_seq, int64_t now_ns,
                         struct paper_answers *answers)
{
    size_t i = find(broker, order_seq);

    answers->count = 0;
    if (i == broker->count) /* filled before the cancel came: that answer is out already */
        return;
    drop(broker, i);
    answer(answers, ORDER_EVENT_CANCELLED, order_seq, now_ns, "as asked");
}

/* --- the market moves -------------------------------------------------------------------------------- */

static void drop_filled(struct paper_broker *broker)
{
    size_t kept = 0;

    for (size_t i = 0; i < broker->count; i++)
        if (broker->order[i].left_lots > 0)
            broker->order[kept++] = broker->order[i];
    broker->count = kept;
}

/*
 * Stops that were set off walk the book now. Should their fills not fit in one batch of answers, the rest
 * waits for the next event: a bound, not a rule of the market.
 */
static void run_stops(const struct paper_call *call)
{
    struct paper_broker *broker = call->broker;

    for (size_t i = 0; i < broker->count && room_left(call) >= 2; i++) {
        struct paper_order *order = &broker->order[i];
        const char *why;

        if (!order->triggered || order->intent.instrument_id != call->instrument->id)
            continue;
        why = take(call, order);
        if (order->left_lots == 0)
            continue;
        answer(call->answers, ORDER_EVENT_CANCELLED, order->seq, call->now_ns,
               why != NULL ? why : "nothing more up to its price");
        order->left_lots = 0;
    }
    drop_filled(broker);
}

/* A trade goes through our price: whoever traded there would have met us first. */
static bool through(const struct paper_order *order, int64_t trade_ticks)
{
    return order->intent.side == SIDE_BID ? trade_ticks < order->intent.price_ticks
                                          : trade_ticks > order->intent.price_ticks;
}

/*
 * A trade at our price against our side eats the queue ahead, then us; what our earlier orders at that price
 * got of it or still wait for is not there for the later ones.
 */
static void fill_by_queue(const struct paper_call *call, const struct trade *trade)
{
    struct paper_broker *broker = call->broker;
    int64_t front_lots = 0, used_lots = 0;

    for (size_t i = 0; i < broker->count; i++) {
        struct paper_order *order = &broker->order[i];
        int64_t ahead, lots;

        if (!paper_order_rests(order) || order->intent.instrument_id != call->instrument->id ||
            order->intent.side == trade->taker || order->intent.price_ticks != trade->price_ticks)
            continue;
        ahead = order->worst_lots > front_lots ? order->worst_lots : front_lots;
        front_lots = ahead;
        paper_order_traded(order, trade->qty_lots);
        if (trade->qty_lots - used_lots <= ahead)
            continue;
        lots = trade->qty_lots - used_lots - ahead;
        lots = lots < order->left_lots ? lots : order->left_lots;
        answer_fill(call, order, order->intent.price_ticks, lots, true);
        used_lots += lots;
    }
}

void paper_broker_on_trade(struct paper_broker *broker, const struct instrument *instrument,
                           const struct order_book *book, const struct trade *trade,
                           struct paper_answers *answers)
{
    struct paper_call call = {broker, instrument, book, trade->recv_ns, answers};

    answers->count = 0;
    if (trade->off_market || broker->count == 0)
        return;
    for (size_t i = 0; i < broker->count; i++) {
        struct paper_order *order = &broker->order[i];

        if (order->intent.instrument_id != instrument->id)
            continue;
        if (order->intent.type == ORDER_STOP)
            order->triggered = order->triggered || paper_order_set_off(order, trade->price_ticks);
        else if (through(order, trade->price_ticks))
            answer_fill(&call, order, order->intent.price_ticks, order->left_lots, true);
    }
    fill_by_queue(&call, trade);
    run_stops(&call);
}

/* The next order of that side to be served: best price, then first come; NULL when none reaches price_ticks. */
static struct paper_order *first_reaching(const struct paper_call *call, enum side side, int64_t price_ticks)
{
    struct paper_order *first = NULL;

    for (size_t i = 0; i < call->broker->count; i++) {
        struct paper_order *order = &call->broker->order[i];

        if (!paper_order_rests(order) || order->intent.side != side ||
            order->intent.instrument_id != call->instrument->id || !paper_order_reaches(order, price_ticks))
            continue;
        if (first == NULL || (side == SIDE_BID ? order->intent.price_ticks > first->intent.price_ticks
                                               : order->intent.price_ticks < first->intent.price_ticks))
            first = order;
    }
    return first;
}

/* Lots that the other side offers at our price or better and that we have not had yet; takes them. */
static int64_t take_offered(const struct paper_call *call, const struct paper_order *order)
{
    enum side other = side_other(order->intent.side);
    struct level level;
    int64_t lots = 0;
    bool more = order_book_best(call->book, other, &level);

    while (more && lots < order->left_lots && paper_order_reaches(order, level.price_ticks)) {
        lots += paper_liquidity_take(&call->broker->liquidity, call->instrument->id, other, &level,
                                     order->left_lots - lots);
        more = order_book_next(call->book, other, level.price_ticks, &level);
    }
    return lots;
}

/*
 * The other side has come to our price: what it offers there fills us, at our price, as maker. Who gets
 * less than all of his order has used up the offer for those behind him.
 */
static void fill_reached(const struct paper_call *call, enum side side)
{
    struct level best;

    if (!order_book_best(call->book, side_other(side), &best))
        return;
    for (;;) {
        struct paper_order *order = first_reaching(call, side, best.price_ticks);
        int64_t lots = order == NULL ? 0 : take_offered(call, order);

        if (lots == 0)
            return;
        answer_fill(call, order, order->intent.price_ticks, lots, true);
        if (order->left_lots > 0)
            return;
    }
}

void paper_broker_on_book(struct paper_broker *broker, const struct instrument *instrument,
                          const struct order_book *book, int64_t now_ns, struct paper_answers *answers)
{
    struct paper_call call = {broker, instrument, book, now_ns, answers};

    answers->count = 0;
    if (broker->liquidity.count > 0)
        paper_liquidity_refresh(&broker->liquidity, instrument->id, book);
    if (broker->count == 0)
        return;
    for (size_t i = 0; i < broker->count; i++) {
        struct paper_order *order = &broker->order[i];

        if (order->intent.instrument_id == instrument->id && paper_order_rests(order))
            paper_order_level(order, order_book_qty(book, order->intent.side, order->intent.price_ticks));
    }
    if (!order_book_crossed(book)) { /* a crossed book is wrong on one side, nobody knows which */
        fill_reached(&call, SIDE_BID);
        fill_reached(&call, SIDE_ASK);
    }
    run_stops(&call);
}

bool paper_broker_queue(const struct paper_broker *broker, uint64_t order_seq, int64_t *expected_lots,
                        int64_t *worst_lots)
{
    size_t i = find(broker, order_seq);

    if (i == broker->count || !paper_order_rests(&broker->order[i]))
        return false;
    *expected_lots = broker->order[i].expected_lots;
    *worst_lots = broker->order[i].worst_lots;
    return true;
}

void paper_broker_rescale(struct paper_broker *broker, uint16_t instrument_id, struct step_change change)
{
    for (size_t i = 0; i < broker->count; i++)
        if (broker->order[i].intent.instrument_id == instrument_id)
            paper_order_rescale(&broker->order[i], change);
    paper_liquidity_rescale(&broker->liquidity, instrument_id, change);
}
