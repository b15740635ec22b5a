/* witness.c - stands between the engine and its venue: sees each message that leaves, each record that is told. */
#include "dst/dst.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATE_NS (PIPELINE_LATE_NS + PIPELINE_TICK_NS) /* a tick may be so late and still count as in time */

/* Told before it leaves: what happens in between is nobody's order. */
static struct dst_order *learn(struct world *world, const struct order *order)
{
    struct dst_order *known = &world->order[world->orders];

    must(world, "harness", world->orders + 1 < DST_ORDERS_MAX && order->seq < DST_ORDERS_MAX);
    *known = (struct dst_order){.seq = order->seq,
                                .market = order->intent.instrument_id,
                                .intent = order->intent,
                                .total = order->intent.qty_lots,
                                .sent_ns = world->now_ns,
                                .lost = true,
                                .state = ORDER_STATE_SENT};
    world->by_seq[order->seq] = (uint32_t)++world->orders;
    return known;
}

/* --- I14, I7, I13, I15, I28, I29: may this leave? ------------------------------------------------------------------------ */

static void count_message(struct world *world)
{
    must(world, "harness", world->messages < DST_MESSAGES);
    world->message_ns[world->messages++] = world->now_ns;
    hash_add(world, (uint64_t)world->now_ns);
}

static void check_rate(struct world *world, const struct order_intent *intent)
{
    const struct risk_limits *limits = &world->pipeline->config.limits;
    int64_t in_1s = 1, in_60s = 1;
    int64_t more_s = intent->flatten ? limits->msg_per_s / 2 : 0,
            more_min = intent->flatten ? limits->msg_per_min / 2 : 0;

    for (size_t i = world->messages; i-- > 0 && world->message_ns[i] > world->now_ns - 60 * DST_SECOND;) {
        in_60s++;
        in_1s += world->message_ns[i] > world->now_ns - DST_SECOND;
    }
    must(world, "I14 rate", in_1s <= limits->msg_per_s + more_s);
    must(world, "I14 rate of a minute", in_60s <= limits->msg_per_min + more_min);
}

static void check_data(struct world *world, const struct order_intent *intent)
{
    const struct dst_market *known = &world->market[intent->instrument_id];
    const struct market_state *market = world->pipeline->market[intent->instrument_id];
    int64_t most_ms = market->stale_ms < RISK_STALE_MOST_MS ? market->stale_ms : RISK_STALE_MOST_MS;
    struct level bid, ask;

    must(world, "I7 symbol halted", known->instrument.trading);
    if (world->mix.paper)
        must(world, "I7 mode", world->pipeline->risk.mode == MODE_SIMULATION);
    else
        must(world, "I7 mode", world->pipeline->risk.mode == MODE_LIVE);
    if (!world->mix.paper)
        must(world, "I7 lease", world->now_ns - world->beat_ns < DST_SECOND + LATE_NS);
    if (intent->flatten)
        return;
    if (!world->mix.paper) {
        must(world, "I7 private stream", world->stream_up || world->now_ns < world->stream_noticed_ns);
        must(world, "I7 private stream, not reconciled", !world->reconciling);
        must(world, "I7 clock", llabs(world->offset_ns) <= world->pipeline->config.limits.clock_ms * DST_MS);
    }
    if (most_ms < world->pipeline->config.limits.stale_ms)
        most_ms = world->pipeline->config.limits.stale_ms;
    must(world, "I7 book not LIVE", book_sync_state(market->sync) == BOOK_LIVE);
    must(world, "I7 book empty",
         order_book_best(market->book, SIDE_BID, &bid) && order_book_best(market->book, SIDE_ASK, &ask));
    must(world, "I7 book crossed", bid.price_ticks < ask.price_ticks);
    must(world, "I7 book old", world->now_ns - known->book_event_ns <= most_ms * DST_MS + LATE_NS);
}

static void check_state(struct world *world, const struct order_intent *intent)
{
    const struct pipeline *pipeline = world->pipeline;
    const struct owner *owner = &pipeline->owner[intent->owner];

    must(world, "I15 halted", pipeline->risk.state != STATE_HALTED);
    must(world, "I18 leaves without a journal",
         !journal_has_failed(world) || intent->flatten ||
             (pipeline->closes_unwritten && risk_state_only_reduces(&pipeline->risk)));
    if (world->killed) {
        unsigned *count = &world->kill_flattens[intent->instrument_id][intent->owner];

        must(world, "I15 an order after the kill", intent->flatten);
        must(world, "I15 flattens after the kill", ++*count <= 8);
    }
    if (intent->flatten)
        return;
    if (world->schedule != NULL)
        must(world, "I28 pause", !hands_window(world->now_ns));
    if (intent->owner == OWNER_MANUAL)
        return;
    must(world, "I28 strategies are paused", pipeline->risk.state != STATE_PAUSED);
    must(world, "I28 its strategy is off or paused", owner->on && !owner->disabled && !owner->paused);
}

/*
 * What we hold by the venue's own books, but for what nobody here can know yet: fills of somebody else's orders that we
 * have not heard of, and fills of ours told after the end of their order (a gateway should tell them before it).
 */
static int64_t held_lots(const struct world *world, uint16_t id)
{
    int64_t lots = world->pipeline->market[id]->total.lots;

    for (size_t i = 0; i < world->trades && !world->mix.paper; i++) {
        const struct dst_trade *trade = &world->trade[i];
        const struct dst_order *order = &world->order[trade->order];

        if (!trade->booked && order->market == id && order->seq != 0 && !order->ended)
            lots += side_sign(order->intent.side) * trade->lots;
    }
    return lots;
}

/* Whatever fills that may still fill, by what the venue knows and what is on its way to it. */
static void check_exposure(struct world *world, const struct order_intent *intent, int64_t lots, uint64_t but)
{
    const struct risk_limits *limits = &world->pipeline->config.limits;
    const struct market_state *market = world->pipeline->market[intent->instrument_id];
    struct market_ref ref = market_state_ref(market, world->now_ns);
    int64_t open = world->mix.paper ? 0 : exchange_open_lots(world, intent->instrument_id, intent->side, but);
    int64_t toward = side_sign(intent->side) * held_lots(world, intent->instrument_id) + open;
    int64_t price = intent->price_ticks > 0 ? intent->price_ticks : intent->stop_ticks;

    must(world, "I13 no size", lots > 0);
    if (intent->flatten || intent->reduce_only)
        return;
    must(world, "I13 value of one order",
         instrument_value_e8(market->instrument, price, lots) <= limits->max_value_e8);
    if (toward >= 0)
        must(world, "I13 worst position",
             instrument_value_e8(market->instrument, market_ref_mid2_ticks(&ref), toward + lots) / 2 <=
                 limits->max_position_value_e8);
}

static void check_reduces(struct world *world, const struct order_intent *intent, int64_t lots)
{
    const struct market_state *market = world->pipeline->market[intent->instrument_id];

    if (!risk_state_only_reduces(&world->pipeline->risk))
        return;
    must(world, "I29 grows while REDUCING", side_sign(intent->side) * market->total.lots + lots <= 0);
}

/* --- the gateway that the engine sees -------------------------------------------------------------------------------------- */

static void submit(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    struct world *world = self;
    struct dst_order *known = exchange_find(world, order->seq);

    must(world, "I1 approved", world->pipeline->approvals.sent <= world->pipeline->approvals.granted);
    must(world, "I17 sent before all is back", !world->pipeline->recovering);
    must(world, "I2 intent first", known != NULL);
    must(world, "I3 unique ids, I4 never posted twice", !known->submitted);
    must(world, "I22 fresh", order->state == ORDER_STATE_SENT && order->filled_lots == 0);
    check_state(world, &order->intent);
    check_data(world, &order->intent);
    check_exposure(world, &order->intent, order->intent.qty_lots, 0);
    check_reduces(world, &order->intent, order->intent.qty_lots);
    check_rate(world, &order->intent);
    count_message(world);
    crash_point(world);
    known->submitted = true;
    known->lost = false;
    world->sent++;
    world->totals->orders++;
    world->totals->rogue += strcmp(world->pipeline->owner[order->intent.owner].name, "rogue") == 0;
    world->totals->types[order->intent.type]++;
    hash_add(world, order->seq * 31 + (uint64_t)order->intent.price_ticks);
    world->inner.ops->submit(world->inner.self, order, now_ns, out);
    crash_point(world);
}

static struct dst_order *own(struct world *world, const struct order *order)
{
    struct dst_order *known = exchange_find(world, order->seq);

    must(world, "I21 not ours", known != NULL);
    return known;
}

static void cancel(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    struct world *world = self;

    (void)own(world, order);
    must(world, "I22 cancel",
         order->state == ORDER_STATE_PENDING_CANCEL || order->state == ORDER_STATE_UNKNOWN);
    count_message(world);
    world->totals->cancels++;
    crash_point(world);
    world->inner.ops->cancel(world->inner.self, order, now_ns, out);
    crash_point(world);
}

static void replace(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    struct world *world = self;
    struct order_intent intent = order->intent;
    struct dst_order *known = own(world, order);

    must(world, "I22 replace", order->state == ORDER_STATE_PENDING_REPLACE);
    must(world, "I12 replace below what has filled", order->replace_qty_lots > order->filled_lots);
    *(order_type_is_market(intent.type) ? &intent.stop_ticks : &intent.price_ticks) =
        order->replace_price_ticks;
    must(world, "I15 new terms after the kill", !world->killed);
    check_state(world, &intent);
    check_data(world, &intent);
    if (world->mix.paper || order->replace_qty_lots > known->filled) /* else it is refused there */
        check_exposure(world, &intent,
                       order->replace_qty_lots - (world->mix.paper ? order->filled_lots : known->filled),
                       order->seq);
    check_rate(world, &intent);
    count_message(world);
    known->asked_lots = order->replace_qty_lots;
    world->replaced++;
    world->totals->replaces++;
    world->inner.ops->replace(world->inner.self, order, now_ns, out);
}

static void query(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    struct world *world = self;

    (void)own(world, order);
    world->totals->queries++;
    world->inner.ops->query(world->inner.self, order, now_ns, out);
}

static void advance(void *self, int64_t now_ns, struct gateway_answers *out)
{
    struct world *world = self;

    world->inner.ops->advance(world->inner.self, now_ns, out);
}

static int64_t next_due(const void *self)
{
    const struct world *world = self;

    return world->inner.ops->next_due_ns(world->inner.self);
}

static bool position(const void *self, uint16_t instrument_id, int64_t *lots)
{
    const struct world *world = self;

    return world->inner.ops->position(world->inner.self, instrument_id, lots);
}

static void facts(const void *self, struct gateway_facts *out)
{
    const struct world *world = self;

    world->inner.ops->facts(world->inner.self, out);
}

static void reconcile(void *self, int64_t now_ns, struct gateway_answers *out)
{
    struct world *world = self;

    world->inner.ops->reconcile(world->inner.self, now_ns, out);
}

struct gateway witness_gateway(struct world *world)
{
    static const struct gateway_ops live = {"witness", submit,   cancel,   replace, query,
                                            advance,   next_due, position, facts,   reconcile};
    static const struct gateway_ops paper = {"witness", submit,   cancel,   replace, query,
                                             advance,   next_due, position, NULL,    NULL};

    return (struct gateway){world->mix.paper ? &paper : &live, world};
}

/* --- what is told ------------------------------------------------------------------------------------------------------------ */

static bool is_end(enum order_state state)
{
    return state == ORDER_STATE_FILLED || state == ORDER_STATE_CANCELLED || state == ORDER_STATE_EXPIRED ||
           state == ORDER_STATE_REJECTED;
}

static void count_unknown(struct dst_totals *totals, uint64_t for_ns)
{
    totals->unknown_slow += for_ns > 30 * (uint64_t)DST_SECOND;
    if (for_ns > totals->unknown_longest_ns)
        totals->unknown_longest_ns = for_ns;
}

static void on_order(struct world *world, const struct order *order)
{
    struct dst_order *known = exchange_find(world, order->seq);

    if (order->seq > world->last_seq)
        world->last_seq = order->seq;
    if (known == NULL) {
        must(world, "I2 told of an order in its middle", order->state == ORDER_STATE_SENT);
        (void)learn(world, order);
        return;
    }
    must(world, "I12 filled lots", order->filled_lots == known->booked);
    must(world, "I12 overfilled",
         order->filled_lots <= order->intent.qty_lots || order->replace_qty_lots > 0);
    must(world, "I22 an end is one", !known->ended || is_end(order->state));
    if (!world->mix.paper && is_end(order->state))
        must(world, "I5 given up while it lives", !known->alive);
    if (order->state == ORDER_STATE_FILLED)
        must(world,
             "I22 filled in full", /* a fill may overtake the answer to the replace that made room for it */
             order->filled_lots == order->intent.qty_lots || order->filled_lots == order->replace_qty_lots);
    if (order->state == ORDER_STATE_UNKNOWN && known->state != ORDER_STATE_UNKNOWN) {
        known->unknown_ns = world->now_ns;
        world->totals->unknown++;
    }
    if (order->state != ORDER_STATE_UNKNOWN && known->state == ORDER_STATE_UNKNOWN &&
        known->unknown_ns != 0) /* 0: since before a start, which asks anew */
        count_unknown(world->totals, (uint64_t)(world->now_ns - known->unknown_ns));
    if (order->state == ORDER_STATE_PENDING_CANCEL && known->state != ORDER_STATE_PENDING_CANCEL)
        known->cancelling_ns = world->now_ns;
    known->state = order->state;
    known->recorded = true;
    known->ended = is_end(order->state);
}

static struct dst_trade *trade_of(struct world *world, const struct fill *fill)
{
    for (size_t i = world->trades; i-- > 0;)
        if (world->trade[i].trade_id == fill->trade_id &&
            world->order[world->trade[i].order].seq == fill->order_seq &&
            world->order[world->trade[i].order].market == fill->instrument_id)
            return &world->trade[i];
    return NULL;
}

static void on_fill(struct world *world, const struct fill *fill)
{
    struct dst_order *order = exchange_find(world, fill->order_seq);
    struct dst_trade *trade;

    if (!world->mix.paper) {
        trade = trade_of(world, fill);
        must(world, "I12 a fill that never was", trade != NULL);
        must(world, "I12 booked twice", !trade->booked);
        must(world, "I12 another fill",
             trade->price == fill->price_ticks && trade->lots == fill->qty_lots &&
                 world->order[trade->order].intent.side == fill->side);
        trade->booked = true;
    }
    if (order != NULL) {
        order->booked += fill->qty_lots;
        /* of an order that had ended before a crash nobody remembers whose it was: the trader answers for it */
        must(world, "I9 whose fill",
             fill->owner == order->intent.owner ||
                 (order->ended && world->left != NULL && fill->owner == OWNER_MANUAL));
        world->booked_lots[fill->instrument_id] += side_sign(fill->side) * fill->qty_lots;
    }
    world->cash_e8[fill->instrument_id] += -side_sign(fill->side) * fill->value_e8 - fill->fee_e8;
    world->fills++;
    world->totals->fills++;
    hash_add(world, fill->trade_id * 17 + (uint64_t)fill->qty_lots);
}

void witness_record(struct world *world, const struct store_record *record)
{
    if (record->kind == STORE_FILL)
        on_fill(world, &record->fill.fill);
    else if (record->kind == STORE_ORDER)
        on_order(world, &record->order.order);
    hash_add(world, (uint64_t)record->kind + record->input_seq * 5);
}
