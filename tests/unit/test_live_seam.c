/*
 * test_live_seam.c - the engine over a gateway that is not the paper broker: what it asks of the venue, what it believes,
 * and what it books though no order of ours explains it.
 */
#include "unit/pipeline_world.h"

#include <string.h>

#define SECOND INT64_C(1000000000)

static struct {
    struct order_event waiting[8];
    size_t waits, submits, cancels, queries, reconciles;
    int64_t lots, advanced_ns;
    bool knows, private_live;
} venue;

static void quiet(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    (void)self;
    (void)order;
    (void)now_ns;
    out->count = 0;
}

static void submit(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    quiet(self, order, now_ns, out);
    venue.submits++;
}

static void cancel(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    quiet(self, order, now_ns, out);
    venue.cancels++;
}

static void query(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    quiet(self, order, now_ns, out);
    venue.queries++;
    out->event[out->count++] = (struct order_event){.kind = ORDER_EVENT_REJECTED,
                                                    .order_seq = order->seq,
                                                    .ts_ns = now_ns,
                                                    .error = ORDER_ERROR_NOT_FOUND};
}

static void advance(void *self, int64_t now_ns, struct gateway_answers *out)
{
    (void)self;
    venue.advanced_ns = now_ns;
    memcpy(out->event, venue.waiting, venue.waits * sizeof(venue.waiting[0]));
    out->count = venue.waits;
    venue.waits = 0;
}

static int64_t next_due(const void *self)
{
    (void)self;
    return venue.waits > 0 ? 0 : INT64_MAX;
}

static bool position(const void *self, uint16_t instrument_id, int64_t *lots)
{
    (void)self;
    (void)instrument_id;
    *lots = venue.lots;
    return venue.knows;
}

static void facts(const void *self, struct gateway_facts *out)
{
    (void)self;
    *out = (struct gateway_facts){
        .private_live = venue.private_live, .clock_known = true, .weight_allowed = 6000};
}

static void reconcile(void *self, int64_t now_ns, struct gateway_answers *out)
{
    (void)self;
    (void)now_ns;
    out->count = 0;
    venue.reconciles++;
}

static const struct gateway_ops ops = {.name = "scripted",
                                       .submit = submit,
                                       .cancel = cancel,
                                       .replace = quiet,
                                       .query = query,
                                       .advance = advance,
                                       .next_due_ns = next_due,
                                       .position = position,
                                       .facts = facts,
                                       .reconcile = reconcile};

static void open_world(struct world *world)
{
    static const struct level bids[] = {{6000000, 50000}}, asks[] = {{6000100, 50000}};
    static const struct gateway gateway = {&ops, NULL};

    memset(&venue, 0, sizeof(venue));
    venue.private_live = true;
    world_gateway = &gateway;
    world_init_venue(world, VENUE_BINANCE_USDM, bids, 1, asks, 1);
}

/* Time passes with a fresh book, and our lease is kept. */
static void wait_s(struct world *world, int64_t seconds)
{
    for (int64_t i = 0; i < 10 * seconds; i++) {
        world->pipeline->risk.leader_term_ns = SECOND;
        world->pipeline->risk.leader_beat_ns = world->now_ns + SECOND / 10;
        world_depth(world, SECOND / 10, false);
    }
}

static struct order_intent buy(int64_t lots)
{
    return (struct order_intent){
        .side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = 6000000, .qty_lots = lots};
}

static uint64_t place(struct world *world)
{
    struct command command = {.kind = COMMAND_ORDER, .intent = buy(1000)};

    pipeline_on_command(world->pipeline, &command);
    return world->pipeline->placed_seq;
}

static void tell_side(struct world *world, enum order_event_kind kind, enum side side, uint64_t seq,
                      uint64_t trade, int64_t lots)
{
    struct order_event *event = &venue.waiting[venue.waits++];

    *event = (struct order_event){.kind = kind, .order_seq = seq, .ts_ns = world->now_ns};
    event->fill = (struct fill){.trade_id = trade,
                                .order_seq = seq,
                                .side = side,
                                .ts_ns = world->now_ns,
                                .price_ticks = 6000000,
                                .qty_lots = lots,
                                .value_e8 = instrument_value_e8(&world->instrument, 6000000, lots)};
    world_depth(world, SECOND / 100, false);
}

static void tell(struct world *world, enum order_event_kind kind, uint64_t seq, uint64_t trade, int64_t lots)
{
    tell_side(world, kind, SIDE_BID, seq, trade, lots);
}

/* G10: while the stream of our own orders is down nothing new leaves. The paper broker's facts are not there. */
static void test_orders_leave_while_the_private_stream_is_up(void **state)
{
    struct world world;
    int64_t expected, worst;
    uint64_t seq;

    (void)state;
    open_world(&world);
    wait_s(&world, 1);
    venue.private_live = false;
    assert_int_equal(place(&world), 0);
    assert_int_equal(venue.submits, 0);
    venue.private_live = true;
    wait_s(&world, 2);
    seq = place(&world);
    assert_int_equal(venue.submits, 1);
    tell(&world, ORDER_EVENT_ACK, seq, 0, 0);
    assert_int_equal(order_manager_find(world.pipeline->orders, seq)->state, ORDER_STATE_WORKING);
    assert_false(paper_broker_queue(world.pipeline->broker, seq, &expected, &worst));
    assert_null(paper_broker_story(world.pipeline->broker, seq));
    assert_int_equal(paper_broker_account(world.pipeline->broker)->count, 0);
    pipeline_free(world.pipeline);
}

/* --- orders of the run before -------------------------------------------------------------------------------------------- */

static struct recovered left_behind;

static void start_after(struct pipeline_config *config)
{
    config->recovered = &left_behind;
}

static void start_after_and_cancel(struct pipeline_config *config)
{
    start_after(config);
    config->recovery_cancels = true;
}

/* A run ended in that state with an order of a strategy and one by hand at the venue; how many cancels does the next ask for? */
static size_t cancels_after(enum trading_state state, void (*configure)(struct pipeline_config *config))
{
    struct store_record record[4] = {{.kind = STORE_INSTRUMENT}, {.kind = STORE_TRADING}};
    struct world world;

    instrument_init(&record[0].instrument, "BTCUSDT", VENUE_BINANCE_USDM, 0);
    record[1].trading.state = state;
    record[1].trading.mode = MODE_LIVE;
    for (size_t i = 2; i < 4; i++) {
        record[i] = (struct store_record){.kind = STORE_ORDER, .symbol = "BTCUSDT"};
        snprintf(record[i].owner, sizeof(record[i].owner), "%s", i == 2 ? "mm" : "manual");
        record[i].order.scale = (struct store_scale){1000000, 1000};
        record[i].order.order = (struct order){.seq = i, .state = ORDER_STATE_WORKING, .intent = buy(1000)};
    }
    left_behind =
        (struct recovered){.count = 4, .record = record, .epoch = 2, .session = 2, .last_order_seq = 3};
    world_configure = configure;
    open_world(&world);
    world_configure = NULL;
    venue.knows = true;
    tell(&world, ORDER_EVENT_ACK, 2, 0, 0);
    assert_int_equal(venue.cancels, 0); /* nothing is done by half: first it is known what became of each */
    tell(&world, ORDER_EVENT_ACK, 3, 0, 0);
    wait_s(&world, 1);
    assert_false(world.pipeline->recovering);
    pipeline_free(world.pipeline);
    return venue.cancels;
}

static void test_orders_of_the_run_before_are_adopted_or_cancelled(void **state)
{
    (void)state;
    assert_int_equal(cancels_after(STATE_ACTIVE, start_after), 0);
    assert_int_equal(cancels_after(STATE_ACTIVE, start_after_and_cancel), 2);
    assert_int_equal(cancels_after(STATE_KILLED, start_after), 2);
    /* What the state asked for, though the run died before it had been sent. */
    assert_int_equal(cancels_after(STATE_HALTED, start_after), 1);
    assert_int_equal(cancels_after(STATE_REDUCING, start_after), 2); /* by hand, too: it would add */
    assert_int_equal(cancels_after(STATE_PAUSED, start_after), 1);
}

/* The entry of a bracket that has filled in part, and its two ways out: 2, 3 and 4. */
static void leave_bracket(struct store_record record[7], enum trading_state state)
{
    const uint64_t group = GROUP_OF_BRACKET | 2;
    const struct order_intent intents[] = {{.side = SIDE_BID,
                                            .type = ORDER_LIMIT,
                                            .price_ticks = 5999000,
                                            .qty_lots = 1000,
                                            .bracket_take_ticks = 6050000,
                                            .bracket_stop_ticks = 5950000},
                                           {.side = SIDE_ASK,
                                            .type = ORDER_STOP,
                                            .price_ticks = 5900000,
                                            .stop_ticks = 5950000,
                                            .qty_lots = 400,
                                            .reduce_only = true,
                                            .group = group,
                                            .parent = 2},
                                           {.side = SIDE_ASK,
                                            .type = ORDER_LIMIT,
                                            .price_ticks = 6050000,
                                            .qty_lots = 400,
                                            .reduce_only = true,
                                            .group = group,
                                            .parent = 2}};

    record[0] = (struct store_record){.kind = STORE_INSTRUMENT};
    instrument_init(&record[0].instrument, "BTCUSDT", VENUE_BINANCE_USDM, 0);
    record[1] = (struct store_record){.kind = STORE_TRADING};
    record[1].trading.state = state;
    record[1].trading.mode = MODE_LIVE;
    for (size_t i = 0; i < 2; i++) {
        record[2 + i] = (struct store_record){.kind = STORE_POSITION, .symbol = "BTCUSDT"};
        record[2 + i].position.scale = (struct store_scale){1000000, 1000};
        record[2 + i].position.position.lots = 400;
        record[2 + i].position.position.cost_e8 = 1;
    }
    snprintf(record[3].owner, sizeof(record[3].owner), "manual");
    for (size_t i = 0; i < 3; i++) { /* the newest first, as it may come */
        struct store_record *at = &record[6 - i];

        *at = (struct store_record){.kind = STORE_ORDER, .symbol = "BTCUSDT"};
        snprintf(at->owner, sizeof(at->owner), "manual");
        at->order.scale = (struct store_scale){1000000, 1000};
        at->order.order = (struct order){.seq = 2 + i, .state = ORDER_STATE_WORKING, .intent = intents[i]};
        at->order.order.filled_lots = i == 0 ? 400 : 0;
    }
    left_behind =
        (struct recovered){.count = 7, .record = record, .epoch = 2, .session = 2, .last_order_seq = 4};
}

static void take_over_bracket(struct world *world, enum trading_state state)
{
    static struct store_record record[7];

    leave_bracket(record, state);
    world_configure = start_after;
    open_world(world);
    world_configure = NULL;
    venue.knows = true;
    venue.lots = 400;
    tell(world, ORDER_EVENT_ACK, 4, 0, 0);
    tell(world, ORDER_EVENT_ACK, 3, 0, 0);
    tell(world, ORDER_EVENT_ACK, 2, 0, 0);
    wait_s(world, 20);
    assert_false(world->pipeline->recovering);
}

/* It goes on as it was: nothing is sent twice, and who ends one way out ends the other. */
static void test_a_bracket_of_the_run_before_is_taken_over(void **state)
{
    struct world world;

    (void)state;
    take_over_bracket(&world, STATE_ACTIVE);
    assert_int_equal(world.pipeline->market[0]->owned[OWNER_MANUAL].lots, 400);
    assert_int_equal(venue.submits, 0);
    assert_int_equal(order_groups_unprotected_lots(world.pipeline->groups, 0, OWNER_MANUAL), 0);
    tell(&world, ORDER_EVENT_CANCELLED, 4, 0, 0);
    wait_s(&world, 1);
    assert_int_equal(venue.cancels, 1);
    assert_int_equal(order_manager_find(world.pipeline->orders, 3)->state, ORDER_STATE_PENDING_CANCEL);
    pipeline_free(world.pipeline);
}

/* Its entry had filled and is nobody's any more: the ways out find each other all the same, beside what else is held. */
static void test_ways_out_of_an_ended_entry_are_a_bracket_again(void **state)
{
    static struct store_record record[7];
    struct world world;

    (void)state;
    leave_bracket(record, STATE_ACTIVE);
    left_behind.count = 6; /* without the entry, the last of them */
    for (size_t i = 2; i < 4; i++)
        record[i].position.position.lots = 1000; /* 600 of them by hand */
    world_configure = start_after;
    open_world(&world);
    world_configure = NULL;
    venue.knows = true;
    venue.lots = 1000;
    tell(&world, ORDER_EVENT_ACK, 4, 0, 0);
    tell(&world, ORDER_EVENT_ACK, 3, 0, 0);
    wait_s(&world, 20);
    assert_false(world.pipeline->recovering);
    assert_int_equal(venue.submits + venue.cancels, 0);
    venue.lots = 600;
    tell_side(&world, ORDER_EVENT_FILL, SIDE_ASK, 4, 77, 400); /* the take-profit */
    wait_s(&world, 1);
    assert_int_equal(world.pipeline->market[0]->total.lots, 600);
    assert_int_equal(venue.cancels, 1); /* the stop would close what is not its bracket's */
    pipeline_free(world.pipeline);
}

/* The run before died in REDUCING and had not cut what was to be cut: the rest of the entry would add to the position. */
static void test_what_adds_is_ended_after_a_start_in_reducing(void **state)
{
    struct world world;

    (void)state;
    take_over_bracket(&world, STATE_REDUCING);
    assert_true(venue.cancels > 0);
    assert_int_not_equal(order_manager_find(world.pipeline->orders, 2)->state, ORDER_STATE_WORKING);
    assert_int_equal(order_manager_find(world.pipeline->orders, 3)->state, ORDER_STATE_WORKING);
    assert_int_equal(order_manager_find(world.pipeline->orders, 4)->state, ORDER_STATE_WORKING);
    pipeline_free(world.pipeline);
}

/* G04: the order is not given up before it can be true; then it is, and nobody posts it again. */
static void test_an_unanswered_order_is_asked_for_until_it_can_be_concluded(void **state)
{
    struct world world;
    uint64_t seq;

    (void)state;
    open_world(&world);
    wait_s(&world, 1);
    seq = place(&world);
    wait_s(&world, 15);
    wait_s(&world, 1);
    assert_int_equal(order_manager_find(world.pipeline->orders, seq)->state, ORDER_STATE_UNKNOWN);
    assert_true(venue.queries > 0);
    wait_s(&world, 6);
    assert_null(order_manager_find(world.pipeline->orders, seq));
    assert_int_equal(venue.submits, 1);
    assert_int_equal(world.pipeline->market[0]->total.lots, 0);
    pipeline_free(world.pipeline);
}

/* L06, G20: what the account's owner did elsewhere is our position, too, once, and no fault. */
static void test_a_fill_of_somebody_elses_order_is_booked(void **state)
{
    struct world world;

    (void)state;
    open_world(&world);
    wait_s(&world, 1);
    tell(&world, ORDER_EVENT_FILL, 0, 77, 500);
    tell(&world, ORDER_EVENT_FILL, 0, 77, 500);
    assert_int_equal(world.pipeline->market[0]->total.lots, 500);
    assert_int_equal(world.pipeline->market[0]->owned[OWNER_MANUAL].lots, 500);
    assert_int_equal(world.pipeline->risk.state, STATE_ACTIVE);
    pipeline_free(world.pipeline);
}

/* L07: more than was ordered: the venue is right, it is booked, and nothing new leaves. */
static void test_an_overfill_is_booked_and_halts(void **state)
{
    struct world world;
    uint64_t seq;

    (void)state;
    open_world(&world);
    wait_s(&world, 1);
    seq = place(&world);
    tell(&world, ORDER_EVENT_FILL, seq, 78, 1000);
    assert_int_equal(world.pipeline->risk.state, STATE_ACTIVE);
    tell(&world, ORDER_EVENT_FILL, seq, 79, 200);
    assert_int_equal(world.pipeline->market[0]->total.lots, 1200);
    assert_int_equal(world.pipeline->risk.state, STATE_HALTED);
    pipeline_free(world.pipeline);
}

/* POST_TRADE asks the venue, when it knows; what it missed is asked for, what stays stops all but the way out. */
static void test_our_position_is_compared_with_the_venues(void **state)
{
    struct world world;
    uint64_t seq;

    (void)state;
    open_world(&world);
    wait_s(&world, 1);
    seq = place(&world);
    tell(&world, ORDER_EVENT_ACK, seq, 0, 0);
    venue.lots = 300;
    wait_s(&world, 40);
    assert_int_equal(venue.reconciles, 0); /* it does not know */
    venue.knows = true;
    wait_s(&world, 1);
    assert_int_equal(venue.reconciles, 1);
    assert_int_equal(world.pipeline->risk.state, STATE_ACTIVE);
    assert_int_equal(venue.cancels, 0);
    wait_s(&world, 2);
    assert_int_equal(world.pipeline->risk.state, STATE_REDUCING);
    assert_int_equal(venue.cancels, 1); /* I29: what rests may not add either */
    pipeline_free(world.pipeline);
}

/* REDUCING lets out what HALTED does not: a difference makes a halt no looser. */
static void test_a_halt_stays_when_positions_differ(void **state)
{
    struct command halt = {.kind = COMMAND_SET_STATE, .state = STATE_HALTED, .source = "test"};
    struct world world;

    (void)state;
    open_world(&world);
    venue.knows = true;
    wait_s(&world, 1);
    pipeline_on_command(world.pipeline, &halt);
    venue.lots = 300;
    wait_s(&world, 70);
    assert_true(world.pipeline->differed);
    assert_int_equal(world.pipeline->risk.state, STATE_HALTED);
    pipeline_free(world.pipeline);
}

/* G09: a cancel that got lost or is refused is asked for again for as long as the order works, ever more rarely. */
static void test_a_lost_cancel_is_still_wanted(void **state)
{
    struct world world;
    struct command cancel = {.kind = COMMAND_CANCEL};

    (void)state;
    open_world(&world);
    wait_s(&world, 1);
    cancel.order_seq = place(&world);
    tell(&world, ORDER_EVENT_ACK, cancel.order_seq, 0, 0);
    pipeline_on_command(world.pipeline, &cancel);
    assert_int_equal(venue.cancels, 1);
    wait_s(&world, 16);
    tell(&world, ORDER_EVENT_ACK, cancel.order_seq, 0, 0); /* what a query found */
    wait_s(&world, 1);
    assert_int_equal(venue.cancels, 2);
    for (int i = 0; i < 10; i++) {
        size_t before = venue.cancels;

        tell(&world, ORDER_EVENT_CANCEL_REJECTED, cancel.order_seq, 0, 0);
        for (int waited = 0; venue.cancels == before && waited < 17; waited++)
            wait_s(&world, 1);
        assert_int_equal(venue.cancels, before + 1);
    }
    pipeline_free(world.pipeline);
}

/* I15: the end of one order, told twice, is no confirmation of another: its cancel is asked for again. */
static void test_an_end_told_twice_confirms_one_cancel(void **state)
{
    struct world world;
    struct command kill = {.kind = COMMAND_KILL}, clear = {.kind = COMMAND_CLEAR_KILL};
    uint64_t first, second;

    (void)state;
    open_world(&world);
    wait_s(&world, 1);
    first = place(&world);
    wait_s(&world, 2);
    second = place(&world);
    assert_true(first != 0 && second != 0);
    tell(&world, ORDER_EVENT_ACK, first, 0, 0);
    tell(&world, ORDER_EVENT_ACK, second, 0, 0);
    pipeline_on_command(world.pipeline, &kill);
    assert_int_equal(world.pipeline->kill.total, 2);
    venue.cancels = 0;
    tell(&world, ORDER_EVENT_CANCELLED, first, 0, 0);
    tell(&world, ORDER_EVENT_CANCELLED, first, 0, 0);
    assert_int_equal(world.pipeline->kill.confirmed, 1);
    wait_s(&world, 2);
    assert_true(venue.cancels > 0);
    pipeline_on_command(world.pipeline, &clear);
    assert_int_equal(world.pipeline->risk.state, STATE_KILLED);
    tell(&world, ORDER_EVENT_CANCELLED, second, 0, 0);
    pipeline_on_command(world.pipeline, &clear);
    assert_int_equal(world.pipeline->risk.state, STATE_PAUSED);
    pipeline_free(world.pipeline);
}

/* F03, P12: a process that stood still wakes up now; what was due in between would price orders on a book of then. */
static void test_after_a_standstill_it_is_now(void **state)
{
    struct world world;
    int64_t woke_ns;

    (void)state;
    world_live = true;
    open_world(&world);
    wait_s(&world, 1);
    woke_ns = world.now_ns + 5 * SECOND;
    venue.waiting[venue.waits++] = (struct order_event){.kind = ORDER_EVENT_ACK, .order_seq = 0};
    pipeline_on_time(world.pipeline, woke_ns);
    world_live = false;
    assert_int_equal(venue.advanced_ns, woke_ns);
    assert_true(world.pipeline->tick_ns > woke_ns);
    pipeline_free(world.pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders_leave_while_the_private_stream_is_up),
        cmocka_unit_test(test_an_unanswered_order_is_asked_for_until_it_can_be_concluded),
        cmocka_unit_test(test_a_fill_of_somebody_elses_order_is_booked),
        cmocka_unit_test(test_an_overfill_is_booked_and_halts),
        cmocka_unit_test(test_our_position_is_compared_with_the_venues),
        cmocka_unit_test(test_a_halt_stays_when_positions_differ),
        cmocka_unit_test(test_a_lost_cancel_is_still_wanted),
        cmocka_unit_test(test_an_end_told_twice_confirms_one_cancel),
        cmocka_unit_test(test_after_a_standstill_it_is_now),
        cmocka_unit_test(test_orders_of_the_run_before_are_adopted_or_cancelled),
        cmocka_unit_test(test_a_bracket_of_the_run_before_is_taken_over),
        cmocka_unit_test(test_ways_out_of_an_ended_entry_are_a_bracket_again),
        cmocka_unit_test(test_what_adds_is_ended_after_a_start_in_reducing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
