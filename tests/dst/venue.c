/*
 * venue.c - a live venue behind a bad network: the gateway that the engine talks to, and what becomes of each message.
 *
 * Requests (one connection, but a slow one may be overtaken) and their answers may be lost, late or told twice; orders also
 * tell of themselves on the private stream, which breaks and comes back. The gateway asks for all that it missed then. A
 * request is signed with our clock and refused outside the venue's window of 5 s; the same id of an order that is still
 * open is refused, of one that has ended it is taken again, as Binance does.
 */
#include "dst/dst.h"

#include <string.h>

#define WINDOW_NS    (5 * DST_SECOND)
#define AHEAD_NS     DST_SECOND
#define LAG_NS       (12 * DST_SECOND) /* "no such order" of one that was taken less than this ago */
#define MEASURE_NS   (5 * DST_SECOND)  /* the venue's clock is looked at so often */
#define RECONCILE_NS (3 * DST_SECOND)  /* asked again, if nothing came */
#define BATCH        400               /* events of one advance(): room for all of one answer */

/* --- to us ------------------------------------------------------------------------------------------------------------ */

static struct order_event event_of(struct world *world, const struct dst_order *order,
                                   enum order_event_kind kind, enum order_error error)
{
    return (struct order_event){.kind = kind,
                                .order_seq = order->seq,
                                .ts_ns = world->now_ns,
                                .error = error,
                                .reason = error == ORDER_ERROR_NONE ? NULL : order_error_word(error)};
}

static struct order_event fill_of(struct world *world, const struct dst_trade *trade)
{
    const struct dst_order *order = &world->order[trade->order];
    const struct instrument *instrument = &world->market[order->market].instrument;
    struct order_event event = {.kind = ORDER_EVENT_FILL, .order_seq = order->seq, .ts_ns = trade->ts_ns};

    event.fill = (struct fill){.trade_id = trade->trade_id,
                               .order_seq = order->seq,
                               .instrument_id = order->market,
                               .owner = order->intent.owner,
                               .side = order->intent.side,
                               .maker = trade->maker,
                               .ts_ns = trade->ts_ns,
                               .price_ticks = trade->price,
                               .qty_lots = trade->lots,
                               .value_e8 = instrument_value_e8(instrument, trade->price, trade->lots)};
    event.fill.fee_e8 = event.fill.value_e8 / 1000;
    return event;
}

static void to_us(struct world *world, enum dst_message_kind kind, const struct order_event *event,
                  int64_t due_ns)
{
    struct dst_message message = {.due_ns = due_ns, .kind = kind};

    message.event = *event;
    world->stream_pending += kind == TO_US_STREAM;
    queue_put(world, &world->to_us, &message);
}

void venue_stream(struct world *world, uint32_t index, enum order_event_kind kind, enum order_error error,
                  const struct dst_trade *trade)
{
    struct dst_order *order = &world->order[index];
    struct order_event event = trade != NULL ? fill_of(world, trade) : event_of(world, order, kind, error);
    int64_t due_ns = world->now_ns + pick(world, 1, 20) * DST_MS;

    if (world->mix.paper || (order->seq == 0 && trade == NULL) || !world->stream_up || second_is_cut(world))
        return;
    if (!dst_fault(world, FAULT_REORDER_STREAM)) {
        due_ns = due_ns > world->stream_last_ns ? due_ns : world->stream_last_ns;
        world->stream_last_ns = due_ns;
    } else {
        due_ns += pick(world, 0, 2000) * DST_MS;
    }
    to_us(world, TO_US_STREAM, &event, due_ns);
    if (dst_fault(world, FAULT_DUPLICATE_ANSWER))
        to_us(world, TO_US_STREAM, &event, due_ns + pick(world, 0, 3000) * DST_MS);
}

/* How long an answer is on its way; -1: it is lost. */
static int64_t way_back(struct world *world)
{
    if (second_is_cut(world) || dst_fault(world, FAULT_LOST_ANSWER))
        return -1;
    if (dst_fault(world, FAULT_LATE_ANSWER))
        return pick(world, 100, 12000) * DST_MS;
    return pick(world, 1, 40) * DST_MS;
}

static void answer(struct world *world, const struct order_event *event)
{
    int64_t way_ns = way_back(world);

    if (way_ns < 0)
        return;
    to_us(world, TO_US_EVENT, event, world->now_ns + way_ns);
    if (dst_fault(world, FAULT_DUPLICATE_ANSWER))
        to_us(world, TO_US_EVENT, event, world->now_ns + way_ns + pick(world, 0, 5000) * DST_MS);
}

static void tell_terms(struct world *world, const struct dst_order *order, int64_t due_ns)
{
    struct order_event event = event_of(world, order, ORDER_EVENT_REPLACED, ORDER_ERROR_NONE);

    event.price_ticks = order_terms_ticks(&order->intent);
    event.qty_lots = order->total;
    if (event.price_ticks > 0)
        to_us(world, TO_US_EVENT, &event, due_ns);
}

/* All of an order as it is: its terms, its trades, then that it rests or how it ended. */
static void tell_whole(struct world *world, const struct dst_order *order, int64_t due_ns)
{
    uint32_t index = (uint32_t)(order - world->order);
    struct order_event event;

    tell_terms(world, order, due_ns);
    for (size_t i = 0; i < world->trades && order->filled > 0; i++)
        if (world->trade[i].order == index && !world->trade[i].known) {
            event = fill_of(world, &world->trade[i]);
            to_us(world, TO_US_EVENT, &event, due_ns);
        }
    if (order->alive || order->end == ORDER_EVENT_FILL)
        event = event_of(world, order, ORDER_EVENT_ACK, ORDER_ERROR_NONE);
    else
        event = event_of(world, order, order->end, order->error);
    to_us(world, TO_US_EVENT, &event, due_ns);
}

/* --- at the venue ------------------------------------------------------------------------------------------------------ */

static void refuse(struct world *world, struct dst_order *order, enum order_event_kind kind,
                   enum order_error error)
{
    struct order_event event = event_of(world, order, kind, error);

    if (kind == ORDER_EVENT_REJECTED && order->accepted == 0)
        order->refused = true;
    order->error = kind == ORDER_EVENT_REJECTED && order->accepted == 0 ? error : order->error;
    answer(world, &event);
}

static bool in_window(const struct world *world, const struct dst_message *message)
{
    int64_t venue_ns = world->now_ns + world->skew_ns;

    return venue_ns - message->request.stamp_ns <= WINDOW_NS &&
           message->request.stamp_ns - venue_ns <= AHEAD_NS;
}

static void take_submit(struct world *world, struct dst_order *order, const struct dst_message *message)
{
    enum order_error error;
    struct order_event event;

    if (!in_window(world, message)) {
        refuse(world, order, ORDER_EVENT_REJECTED, ORDER_ERROR_TIME);
    } else if (dst_fault(world, FAULT_RATE_LIMIT)) {
        refuse(world, order, ORDER_EVENT_REJECTED, ORDER_ERROR_RATE_LIMIT);
    } else if (dst_fault(world, FAULT_REJECT)) {
        refuse(world, order, ORDER_EVENT_REJECTED, ORDER_ERROR_FUNDS);
    } else if (order->alive) {
        refuse(world, order, ORDER_EVENT_REJECTED, ORDER_ERROR_DUPLICATE_ID);
    } else {
        must(world, "I5 given up, then taken by the venue", !order->ended);
        if (!exchange_submit(world, (uint32_t)(order - world->order), &error)) {
            refuse(world, order, ORDER_EVENT_REJECTED, error);
            return;
        }
        must(world, "I4 at most once", order->accepted == 1);
        second_taken(world, message->request.epoch);
        event = event_of(world, order, ORDER_EVENT_ACK, ORDER_ERROR_NONE);
        answer(world, &event);
    }
}

static void take_cancel(struct world *world, struct dst_order *order, const struct dst_message *message)
{
    struct order_event event = event_of(world, order, ORDER_EVENT_CANCELLED, ORDER_ERROR_NONE);

    if (second_is_old(world, message->request.epoch))
        (void)(in_window(world, message) &&
               exchange_cancel(world, order)); /* who asked is not there any more */
    else if (!in_window(world, message))
        refuse(world, order, ORDER_EVENT_CANCEL_REJECTED, ORDER_ERROR_TIME);
    else if (dst_fault(world, FAULT_RATE_LIMIT))
        refuse(world, order, ORDER_EVENT_CANCEL_REJECTED, ORDER_ERROR_RATE_LIMIT);
    else if (!exchange_cancel(world, order))
        refuse(world, order, ORDER_EVENT_CANCEL_REJECTED, ORDER_ERROR_NOT_FOUND);
    else
        answer(world, &event);
}

static void take_replace(struct world *world, struct dst_order *order, const struct dst_message *message)
{
    const struct order *asked = &message->request.order;
    struct order_event event = event_of(world, order, ORDER_EVENT_REPLACED, ORDER_ERROR_NONE);

    if (!in_window(world, message))
        refuse(world, order, ORDER_EVENT_REPLACE_REJECTED, ORDER_ERROR_TIME);
    else if (!order->alive)
        refuse(world, order, ORDER_EVENT_REPLACE_REJECTED, ORDER_ERROR_NOT_FOUND);
    else if (dst_fault(world, FAULT_RATE_LIMIT) ||
             !exchange_replace(world, order, asked->replace_price_ticks, asked->replace_qty_lots))
        refuse(world, order, ORDER_EVENT_REPLACE_REJECTED, ORDER_ERROR_OTHER);
    else {
        event.price_ticks = asked->replace_price_ticks;
        event.qty_lots = asked->replace_qty_lots;
        answer(world, &event);
    }
}

static void take_query(struct world *world, struct dst_order *order)
{
    struct order_event event = event_of(world, order, ORDER_EVENT_REJECTED, ORDER_ERROR_NOT_FOUND);
    bool lags = order->accepted > 0 && world->now_ns < order->accepted_ns + LAG_NS &&
                dst_fault(world, FAULT_NOT_FOUND_EARLY);
    int64_t way_ns = way_back(world);

    if (way_ns < 0)
        return;
    if (order->accepted > 0 && !lags)
        tell_whole(world, order, world->now_ns + way_ns);
    else
        to_us(world, TO_US_EVENT, &event, world->now_ns + way_ns);
}

static bool is_asked_for(const struct dst_order *order)
{
    return order->seq != 0 && order->accepted > 0 && !order->told_end;
}

/* All trades since the last ones told, and each order that we believe open: as it is. Terms come before trades: that we
 * have asked for new ones may have been lost with the power. */
static void take_reconcile(struct world *world)
{
    int64_t way_ns = way_back(world), due_ns = world->now_ns + way_ns;
    struct dst_message done = {.due_ns = due_ns, .kind = TO_US_RECONCILED};

    if (way_ns < 0)
        return;
    for (size_t i = 0; i < world->orders; i++)
        if (is_asked_for(&world->order[i]))
            tell_terms(world, &world->order[i], due_ns);
    for (size_t i = world->trades_told; i < world->trades; i++) {
        struct order_event event = fill_of(world, &world->trade[i]);

        if (world->trade[i].known)
            continue;
        to_us(world, TO_US_EVENT, &event, due_ns);
    }
    for (size_t i = 0; i < world->orders; i++)
        if (is_asked_for(&world->order[i]))
            tell_whole(world, &world->order[i], due_ns);
    done.request.stamp_ns = (int64_t)world->trades;
    queue_put(world, &world->to_us, &done);
}

void venue_arrive(struct world *world, struct dst_message *message)
{
    struct dst_order *order = exchange_find(world, message->request.order.seq);

    switch (message->kind) {
    case TO_VENUE_SUBMIT:
        take_submit(world, order, message);
        break;
    case TO_VENUE_CANCEL:
        take_cancel(world, order, message);
        break;
    case TO_VENUE_REPLACE:
        take_replace(world, order, message);
        break;
    case TO_VENUE_QUERY:
        take_query(world, order);
        break;
    case TO_VENUE_RECONCILE:
        take_reconcile(world);
        break;
    case TO_US_EVENT:
    case TO_US_STREAM:
    case TO_US_RECONCILED:
    case TO_US_FEED:
        break;
    }
}

/* --- the gateway ---------------------------------------------------------------------------------------------------------- */

static void request(struct world *world, enum dst_message_kind kind, const struct order *order,
                    int64_t now_ns)
{
    struct dst_message message = {.due_ns = now_ns + pick(world, 1, 40) * DST_MS, .kind = kind};

    if (message.due_ns < world->now_ns)
        message.due_ns = world->now_ns; /* sent by an engine that catches up */
    if (order != NULL)
        message.request.order = *order;
    message.request.stamp_ns = world->now_ns + world->offset_ns;
    message.request.epoch = world->epoch;
    if (second_is_cut(world) || (kind != TO_VENUE_RECONCILE && dst_fault(world, FAULT_LOST_REQUEST))) {
        if (kind == TO_VENUE_SUBMIT)
            exchange_find(world, order->seq)->lost = true;
        return;
    }
    if (dst_fault(world, FAULT_SLOW_REQUEST))
        message.due_ns += pick(world, 0, 8000) * DST_MS;
    queue_put(world, &world->to_venue, &message);
}

static void gateway_submit_order(void *self, const struct order *order, int64_t now_ns,
                                 struct gateway_answers *out)
{
    out->count = 0;
    request(self, TO_VENUE_SUBMIT, order, now_ns);
}

static void gateway_cancel(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    out->count = 0;
    request(self, TO_VENUE_CANCEL, order, now_ns);
}

static void gateway_replace(void *self, const struct order *order, int64_t now_ns,
                            struct gateway_answers *out)
{
    out->count = 0;
    request(self, TO_VENUE_REPLACE, order, now_ns);
}

static void gateway_query(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    out->count = 0;
    request(self, TO_VENUE_QUERY, order, now_ns);
}

static void gateway_reconcile(void *self, int64_t now_ns, struct gateway_answers *out)
{
    struct world *world = self;

    if (out != NULL)
        out->count = 0;
    world->reconciling = true;
    world->reconcile_again_ns = world->now_ns + RECONCILE_NS;
    request(world, TO_VENUE_RECONCILE, NULL, now_ns);
}

static bool is_end(enum order_event_kind kind)
{
    return kind == ORDER_EVENT_CANCELLED || kind == ORDER_EVENT_EXPIRED || kind == ORDER_EVENT_REJECTED;
}

static void gateway_advance(void *self, int64_t now_ns, struct gateway_answers *out)
{
    struct world *world = self;
    struct dst_message message;

    out->count = 0;
    while (out->count < BATCH && queue_get(&world->to_us, now_ns, &message)) {
        if (message.kind == TO_US_RECONCILED) {
            world->trades_told = (size_t)message.request.stamp_ns;
            world->reconciling = false;
            continue;
        }
        world->stream_pending -= message.kind == TO_US_STREAM;
        if (is_end(message.event.kind) &&
            message.event.error != ORDER_ERROR_NOT_FOUND && /* which may be too early */
            exchange_find(world, message.event.order_seq) != NULL)
            exchange_find(world, message.event.order_seq)->told_end = true;
        out->event[out->count++] = message.event;
    }
}

static int64_t gateway_next_due(const void *self)
{
    const struct world *world = self;

    return queue_due(&world->to_us);
}

static bool gateway_position(const void *self, uint16_t instrument_id, int64_t *lots)
{
    const struct world *world = self;

    *lots = world->market[instrument_id].lots;
    return world->stream_up && !world->reconciling && world->stream_pending == 0 &&
           queue_due(&world->to_us) == INT64_MAX;
}

static void gateway_facts(const void *self, struct gateway_facts *out)
{
    const struct world *world = self;

    *out = (struct gateway_facts){
        .private_live = (world->stream_up || world->now_ns < world->stream_noticed_ns) && !world->reconciling,
        .clock_known = true,
        .clock_offset_ns = world->offset_ns,
        .weight_allowed = 6000};
}

struct gateway venue_gateway(struct world *world)
{
    static const struct gateway_ops ops = {.name = "live",
                                           .submit = gateway_submit_order,
                                           .cancel = gateway_cancel,
                                           .replace = gateway_replace,
                                           .query = gateway_query,
                                           .advance = gateway_advance,
                                           .next_due_ns = gateway_next_due,
                                           .position = gateway_position,
                                           .facts = gateway_facts,
                                           .reconcile = gateway_reconcile};

    world->stream_up = true;
    return (struct gateway){&ops, world};
}

/* --- what breaks and comes back --------------------------------------------------------------------------------------------- */

static void drop_stream(struct world *world)
{
    size_t count = world->to_us.count;

    world->to_us.count = 0;
    for (size_t i = 0; i < count; i++) {
        struct dst_message message = world->to_us.message[i];

        if (message.kind != TO_US_STREAM)
            queue_put(world, &world->to_us, &message);
    }
    world->stream_pending = 0;
}

/* The process died: its connections with it, and what was on its way to it. Of trades it knows what its journal has. */
void venue_crash(struct world *world)
{
    world->to_us.count = 0;
    world->stream_pending = 0;
    world->reconciling = false;
    world->trades_told = 0;
    world->stream_up = false;
    world->stream_down_until_ns = world->stream_noticed_ns = world->now_ns;
    for (size_t i = 0; i < world->trades; i++)
        world->trade[i].known = world->trade[i].booked;
    for (size_t i = 0; i < world->orders; i++)
        world->order[i].told_end = world->order[i].ended;
}

void venue_host(struct world *world)
{
    if (world->mix.paper)
        return;
    if (!world->stream_up && world->now_ns >= world->stream_down_until_ns && !second_is_cut(world)) {
        world->stream_up = true;
        world->stream_last_ns = world->now_ns;
        gateway_reconcile(world, world->now_ns, NULL);
    } else if (world->stream_up && (second_is_cut(world) || dst_fault(world, FAULT_STREAM_DOWN))) {
        world->stream_up = false;
        world->stream_down_until_ns =
            world->now_ns + pick(world, 200, one_in(world, 4) ? 300000 : 15000) * DST_MS;
        world->stream_noticed_ns = world->now_ns + pick(world, 0, 3000) * DST_MS;
        drop_stream(world);
    }
    if (world->reconciling && world->stream_up && world->now_ns >= world->reconcile_again_ns)
        gateway_reconcile(world, world->now_ns, NULL);
    if (dst_fault(world, FAULT_CLOCK))
        world->skew_ns = pick(world, -10000, 10000) * DST_MS;
    if (world->now_ns >= world->measure_ns) {
        world->measure_ns = world->now_ns + MEASURE_NS;
        world->offset_ns = world->skew_ns + pick(world, -20, 20) * DST_MS;
        pipeline_set_clock_offset(world->pipeline, world->offset_ns / DST_MS);
    }
}
