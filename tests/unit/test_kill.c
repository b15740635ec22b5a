/*
 * test_kill.c - the kill in the engine: each order and what became of it, cancels that are asked for again while the
 * venue is away, the one order that may leave after it and its worst price, and the word that clears it.
 */
#include "app/schedule.h"
#include "unit/pipeline_world.h"

#include <stdlib.h>
#include <string.h>

#define MID    6000000
#define SENDS  256
#define MS_NS  INT64_C(1000000)
#define BACK_S 5 /* the venue is back: all is cancelled by then */

static const struct level bids[] = {{MID - 1, 50000}, {MID - 2, 50000}};
static const struct level asks[] = {{MID + 1, 50000}, {MID + 2, 50000}};

static struct { /* the way to the paper venue, which may be cut */
    struct gateway paper;
    bool away; /* what is sent is lost, and nobody answers */
    size_t submits, cancels, queries, replaces;
    struct order submitted[SENDS];
    struct {
        uint64_t seq;
        int64_t ns;
    } cancel[SENDS];
} line;

static void submit(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    (void)self;
    assert_true(line.submits < SENDS);
    line.submitted[line.submits++] = *order;
    out->count = 0;
    if (!line.away)
        line.paper.ops->submit(line.paper.self, order, now_ns, out);
}

static void cancel(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    (void)self;
    assert_true(line.cancels < SENDS);
    line.cancel[line.cancels].seq = order->seq;
    line.cancel[line.cancels++].ns = now_ns;
    out->count = 0;
    if (!line.away)
        line.paper.ops->cancel(line.paper.self, order, now_ns, out);
}

static void replace(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    (void)self;
    line.replaces++;
    line.paper.ops->replace(line.paper.self, order, now_ns, out);
}

static void query(void *self, const struct order *order, int64_t now_ns, struct gateway_answers *out)
{
    (void)self;
    line.queries++;
    out->count = 0;
    if (!line.away)
        line.paper.ops->query(line.paper.self, order, now_ns, out);
}

static void advance(void *self, int64_t now_ns, struct gateway_answers *out)
{
    (void)self;
    out->count = 0;
    if (!line.away)
        line.paper.ops->advance(line.paper.self, now_ns, out);
}

static int64_t next_due(const void *self)
{
    (void)self;
    return line.away ? INT64_MAX : line.paper.ops->next_due_ns(line.paper.self);
}

static bool position(const void *self, uint16_t instrument_id, int64_t *lots)
{
    (void)self;
    return !line.away && line.paper.ops->position(line.paper.self, instrument_id, lots);
}

static void start(struct world *world)
{
    static const struct gateway_ops ops = {.name = "cut",
                                           .submit = submit,
                                           .cancel = cancel,
                                           .replace = replace,
                                           .query = query,
                                           .advance = advance,
                                           .next_due_ns = next_due,
                                           .position = position};

    world_init_venue(world, VENUE_BINANCE_USDM, bids, 2, asks, 2);
    memset(&line, 0, sizeof(line));
    line.paper = world->pipeline->gateway;
    world->pipeline->gateway = (struct gateway){&ops, NULL};
}

static void command(struct world *world, struct command command)
{
    pipeline_on_command(world->pipeline, &command);
}

static const char *answer(const struct world *world)
{
    return world->pipeline->answer[(world->pipeline->answer_count - 1) % PIPELINE_ANSWERS_MAX].text;
}

static void rest(struct world *world, int64_t price_ticks)
{
    command(
        world,
        (struct command){
            .kind = COMMAND_ORDER,
            .intent = {.side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = price_ticks, .qty_lots = 100}});
}

static void buy(struct world *world, int64_t lots)
{
    rest(world, MID + 1);
    assert_int_equal(world->pipeline->market[0]->total.lots, lots);
}

static size_t open_count(const struct world *world)
{
    return order_manager_open_count(world->pipeline->orders);
}

/* Time alone: the feed is silent. */
static void pass_s(struct world *world, int64_t seconds)
{
    for (int64_t i = 0; i < seconds * 10; i++)
        pipeline_on_time(world->pipeline, world->now_ns += 100 * MS_NS);
}

/* Time with a book that stays fresh. */
static void live_s(struct world *world, int64_t seconds)
{
    for (int64_t i = 0; i < seconds * 10; i++)
        world_depth(world, 100 * MS_NS, false);
}

/* --- what becomes of each order ------------------------------------------------------------------------------ */

static void test_each_of_many_orders_is_told(void **state)
{
    struct world world;
    const struct kill_report *kill;

    (void)state;
    start(&world);
    kill = &world.pipeline->kill;
    world.pipeline->config.limits.max_open_orders = world.pipeline->config.limits.max_open_orders_total = 60;
    world.pipeline->config.limits.msg_per_s = 1000;
    for (int i = 0; i < 40; i++)
        rest(&world, MID - 10 - i);
    assert_int_equal(open_count(&world), 40);
    command(&world, (struct command){.kind = COMMAND_KILL});
    assert_int_equal(kill->total, 40);
    assert_int_equal(kill->orders, 40);
    assert_int_equal(kill->confirmed, 40);
    assert_int_equal(open_count(&world), 0);
    for (uint32_t i = 0; i < 40; i++) {
        assert_int_equal(kill_order_now(world.pipeline, i)->state, ORDER_STATE_CANCELLED);
        assert_int_equal(kill->order[i].order.intent.price_ticks, MID - 10 - i);
        assert_true(kill->order[i].answered_ns != 0);
    }
    rest(&world, MID - 10);
    assert_int_equal(line.submits, 40); /* nothing left after it */
    pipeline_free(world.pipeline);
}

/* One that fills before its cancel arrives is no cancelled one, and none is confirmed twice. */
static void test_an_order_that_fills_on_the_way_is_told_as_filled(void **state)
{
    struct world world;
    const struct kill_report *kill;

    (void)state;
    start(&world);
    kill = &world.pipeline->kill;
    rest(&world, MID - 10);
    rest(&world, MID - 20);
    line.away = true;
    command(&world, (struct command){.kind = COMMAND_KILL});
    line.away = false;
    world_trade(&world, SIDE_ASK, MID - 15, 10);
    assert_int_equal(kill->confirmed, 1);
    assert_int_equal(kill_order_now(world.pipeline, 0)->state, ORDER_STATE_FILLED);
    assert_int_equal(kill_order_now(world.pipeline, 1)->state, ORDER_STATE_PENDING_CANCEL);
    assert_int_equal(kill->quiet_ns, 0);
    live_s(&world, BACK_S);
    assert_int_equal(kill->confirmed, 2);
    assert_int_equal(kill_order_now(world.pipeline, 1)->state, ORDER_STATE_CANCELLED);
    assert_true(kill->quiet_ns > kill->start_ns);
    pipeline_free(world.pipeline);
}

/* --- a venue that is away ------------------------------------------------------------------------------------ */

/* Times between two cancels of one order. */
static void assert_backs_off(uint64_t seq, size_t at_least)
{
    int64_t last_ns = 0, gap_ns = 0;
    size_t count = 0;

    for (size_t i = 0; i < line.cancels; i++) {
        int64_t now_gap_ns = line.cancel[i].ns - last_ns;

        if (line.cancel[i].seq != seq)
            continue;
        if (count > 0)
            assert_true(now_gap_ns >= gap_ns && now_gap_ns >= 400 * MS_NS &&
                        now_gap_ns < BACK_S * 1000 * MS_NS);
        gap_ns = count > 0 ? now_gap_ns : 0;
        last_ns = line.cancel[i].ns;
        count++;
    }
    assert_true(count >= at_least);
}

static void test_cancels_are_repeated_until_the_venue_is_back(void **state)
{
    struct world world;
    const struct kill_report *kill;
    bool told = false;

    (void)state;
    start(&world);
    kill = &world.pipeline->kill;
    rest(&world, MID - 10);
    rest(&world, MID - 20);
    line.away = true;
    command(&world, (struct command){.kind = COMMAND_KILL});
    assert_int_equal(line.cancels, 2);
    assert_non_null(strstr(answer(&world), "KILLED 0 of 2"));
    pass_s(&world, 120);
    assert_int_equal(kill->confirmed, 0);
    assert_int_equal(open_count(&world), 2);
    for (uint32_t i = 0; i < 2; i++) { /* said to be unknown, not to be gone */
        assert_int_equal(kill_order_now(world.pipeline, i)->state, ORDER_STATE_UNKNOWN);
        assert_backs_off(kill->order[i].order.seq, 28);
    }
    for (size_t i = 0; i < PIPELINE_NOTES_MAX; i++)
        told |= strstr(world.pipeline->note[i].text, "2 orders NOT cancelled yet, asked again") != NULL;
    assert_true(told);
    command(&world, (struct command){.kind = COMMAND_CLEAR_KILL});
    assert_non_null(strstr(answer(&world), "not yet: 0 of 2"));
    assert_int_equal(world.pipeline->risk.state, STATE_KILLED);
    line.away = false;
    pass_s(&world, BACK_S);
    assert_int_equal(kill->confirmed, 2);
    assert_int_equal(open_count(&world), 0);
    assert_int_equal(line.submits, 2);
    command(&world, (struct command){.kind = COMMAND_CLEAR_KILL});
    assert_int_equal(world.pipeline->risk.state, STATE_PAUSED);
    pipeline_free(world.pipeline);
}

/* --- what a cleared kill does not start again ------------------------------------------------------------------ */

static void test_after_a_storage_failure_a_cleared_kill_lets_nothing_out(void **state)
{
    struct world world;

    (void)state;
    start(&world);
    rest(&world, MID - 10);
    assert_int_equal(line.submits, 1);
    trading_storage_failed(world.pipeline, "disk full");
    assert_int_equal(world.pipeline->risk.state, STATE_HALTED);
    command(&world, (struct command){.kind = COMMAND_KILL});
    live_s(&world, 2);
    command(&world, (struct command){.kind = COMMAND_CLEAR_KILL});
    assert_int_equal(world.pipeline->risk.state, STATE_PAUSED);
    rest(&world, MID - 10);
    assert_int_equal(line.submits, 1);
    command(&world, (struct command){.kind = COMMAND_RESUME});
    assert_int_equal(world.pipeline->risk.state, STATE_PAUSED);
    command(&world, (struct command){.kind = COMMAND_SET_STATE, .state = STATE_ACTIVE});
    assert_int_equal(world.pipeline->risk.state, STATE_PAUSED);
    assert_false(world.pipeline->closes_unwritten);
    command(&world,
            (struct command){.kind = COMMAND_SET_STATE, .state = STATE_REDUCING}); /* as the answer says */
    assert_true(world.pipeline->closes_unwritten);
    command(&world, (struct command){.kind = COMMAND_RESUME});
    assert_int_equal(world.pipeline->risk.state, STATE_REDUCING);
    command(&world, (struct command){.kind = COMMAND_SET_STATE, .state = STATE_HALTED});
    assert_false(world.pipeline->closes_unwritten);
    pipeline_free(world.pipeline);
}

static bool take_record(void *arg, const struct store_record *record)
{
    (void)arg;
    (void)record;
    return true;
}

static bool commit_if(void *arg)
{
    return *(bool *)arg;
}

/* New terms whose step the journal has no room for stay here, and the order is as it was. */
static void test_new_terms_without_a_journal_do_not_leave(void **state)
{
    struct command move = {.kind = COMMAND_MOVE, .order_seq = 1, .intent = {.price_ticks = MID - 20}};
    bool room = true;
    struct world world;

    (void)state;
    start(&world);
    world.pipeline->sink = (struct record_sink){take_record, &room, commit_if};
    rest(&world, MID - 10);
    command(&world, move);
    assert_int_equal(line.replaces, 1);
    room = false;
    move.intent.price_ticks = MID - 30;
    command(&world, move);
    assert_int_equal(world.pipeline->risk.state, STATE_HALTED);
    assert_int_equal(line.replaces, 1);
    assert_int_equal(order_manager_find(world.pipeline->orders, 1)->state, ORDER_STATE_WORKING);
    assert_int_equal(order_manager_find(world.pipeline->orders, 1)->intent.price_ticks, MID - 20);
    pipeline_free(world.pipeline);
}

static struct schedule pause_now; /* from the first tick on, for two minutes: WORLD_NS is 22:13:20 UTC */

static void configure_pause(struct pipeline_config *config)
{
    char why[SCHEDULE_WHY_SIZE];

    schedule_init(&pause_now);
    assert_int_equal(schedule_add_window(&pause_now, "daily 22:13-22:15 UTC", why), ERR_OK);
    config->schedule = &pause_now;
}

/* The schedule ends its own pause, not the one that a cleared kill leaves. */
static void test_the_schedule_does_not_start_what_a_kill_has_stopped(void **state)
{
    struct world world;

    (void)state;
    world_configure = configure_pause;
    start(&world);
    world_configure = NULL;
    live_s(&world, 1);
    assert_int_equal(world.pipeline->risk.state, STATE_PAUSED);
    assert_true(world.pipeline->calendar_holds);
    command(&world, (struct command){.kind = COMMAND_KILL});
    command(&world, (struct command){.kind = COMMAND_CLEAR_KILL});
    assert_int_equal(world.pipeline->risk.state, STATE_PAUSED);
    live_s(&world, 120);
    assert_false(world.pipeline->risk.calendar_paused);
    assert_int_equal(world.pipeline->risk.state, STATE_PAUSED);
    pipeline_free(world.pipeline);
}

/* --- closing ------------------------------------------------------------------------------------------------- */

static void test_a_kill_closes_nothing_by_itself(void **state)
{
    struct world world;

    (void)state;
    start(&world);
    buy(&world, 100);
    assert_false(world.pipeline->config.kill_flattens); /* as configured by default */
    command(&world, (struct command){.kind = COMMAND_KILL});
    live_s(&world, 10);
    assert_int_equal(line.submits, 1);
    assert_int_equal(world.pipeline->market[0]->total.lots, 100);
    pipeline_free(world.pipeline);
}

/* The order that leaves names its worst price: no worse than the collar lets a market order pay. */
static void test_a_kill_that_flattens_names_a_worst_price(void **state)
{
    struct world world;
    const struct order *sent = &line.submitted[2];
    int64_t touch = MID - 1, room;

    (void)state;
    start(&world);
    room = touch * world.pipeline->config.limits.collar_market_bp / 10000;
    buy(&world, 100);
    rest(&world, MID - 50);
    command(&world, (struct command){.kind = COMMAND_KILL, .flag = true});
    assert_non_null(strstr(answer(&world), "positions are closed next"));
    live_s(&world, 2);
    assert_int_equal(line.submits, 3);
    assert_true(sent->intent.flatten && sent->intent.reduce_only);
    assert_int_equal(sent->intent.side, SIDE_ASK);
    assert_int_equal(sent->intent.qty_lots, 100);
    assert_int_equal(sent->intent.tif, TIF_IOC);
    assert_int_equal(sent->intent.price_ticks, touch - room);
    assert_int_equal(world.pipeline->market[0]->total.lots, 0);
    live_s(&world, 10);
    assert_int_equal(line.submits, 3);
    assert_int_equal(world.pipeline->risk.state, STATE_KILLED);
    pipeline_free(world.pipeline);
}

/* Where the market has gone through the worst price nothing is given away, and a few tries are enough. */
static void test_a_flatten_never_pays_more_than_its_worst_price(void **state)
{
    static const struct level low[] = {{MID - 1, 1}, {MID / 2, 50000}};
    struct world world;

    (void)state;
    start(&world);
    buy(&world, 100);
    world.now_ns += 100 * MS_NS;
    {
        struct feed_event event = {
            .kind = FEED_DEPTH, .recv_ns = world.now_ns, .instrument = &world.instrument};
        struct level gone[] = {{MID - 1, 1}, {MID - 2, 0}, low[1]};

        event.depth = (struct depth_update){.recv_ns = world.now_ns,
                                            .first_id = world.id + 1,
                                            .last_id = world.id + 1,
                                            .has_prev_id = true,
                                            .prev_id = world.id,
                                            .levels = {gone, NULL},
                                            .level_count = {3, 0}};
        world.id++;
        pipeline_on_feed(world.pipeline, &event);
    }
    command(&world, (struct command){.kind = COMMAND_KILL, .flag = true});
    live_s(&world, 30);
    assert_true(world.pipeline->market[0]->total.lots >=
                90); /* a lot each try at most, none at half the price */
    assert_true(line.submits >= 2 && line.submits <= 6);
    for (size_t i = 1; i < line.submits; i++)
        assert_true(line.submitted[i].intent.price_ticks > MID * 9 / 10);
    pipeline_free(world.pipeline);
}

/* No price without a book: it is waited for, however long, and costs no try. */
static void test_a_flatten_waits_for_a_book_to_be_bounded_by(void **state)
{
    struct world world;
    unsigned told = 0;

    (void)state;
    start(&world);
    buy(&world, 100);
    world_depth(&world, MS_NS, true); /* a gap */
    assert_true(book_sync_state(world.pipeline->market[0]->sync) != BOOK_LIVE);
    command(&world, (struct command){.kind = COMMAND_KILL, .flag = true});
    pass_s(&world, 60);
    assert_int_equal(line.submits, 1);
    assert_int_equal(world.pipeline->kill.flatten_tries, 0);
    for (size_t i = 0; i < PIPELINE_NOTES_MAX; i++)
        told += strstr(world.pipeline->note[i].text, "is closed once its book is LIVE") != NULL;
    assert_int_equal(told, 1);
    {
        struct feed_event event = {
            .kind = FEED_SNAPSHOT, .recv_ns = world.now_ns, .instrument = &world.instrument};

        event.snapshot = (struct depth_snapshot){
            .recv_ns = world.now_ns, .last_id = world.id, .levels = {bids, asks}, .level_count = {2, 2}};
        pipeline_on_feed(world.pipeline, &event);
    }
    live_s(&world, 3);
    assert_int_equal(book_sync_state(world.pipeline->market[0]->sync), BOOK_LIVE);
    assert_int_equal(world.pipeline->market[0]->total.lots, 0);
    assert_int_equal(line.submits, 2);
    pipeline_free(world.pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_of_many_orders_is_told),
        cmocka_unit_test(test_an_order_that_fills_on_the_way_is_told_as_filled),
        cmocka_unit_test(test_cancels_are_repeated_until_the_venue_is_back),
        cmocka_unit_test(test_after_a_storage_failure_a_cleared_kill_lets_nothing_out),
        cmocka_unit_test(test_new_terms_without_a_journal_do_not_leave),
        cmocka_unit_test(test_the_schedule_does_not_start_what_a_kill_has_stopped),
        cmocka_unit_test(test_a_kill_closes_nothing_by_itself),
        cmocka_unit_test(test_a_kill_that_flattens_names_a_worst_price),
        cmocka_unit_test(test_a_flatten_never_pays_more_than_its_worst_price),
        cmocka_unit_test(test_a_flatten_waits_for_a_book_to_be_bounded_by),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
