/* test_bracket_denied.c - ways out of a bracket that nothing lets leave: they leave once they may. */
#include "app/schedule.h"
#include "unit/bracket_world.h"

static void state_is(struct world *world, enum trading_state to)
{
    pipeline_on_command(world->pipeline, &(struct command){.kind = COMMAND_SET_STATE, .state = to});
}

static void go_again(struct world *world)
{
    state_is(world, STATE_ACTIVE);
}

static void reduce(struct world *world)
{
    state_is(world, STATE_REDUCING);
}

static void halt(struct world *world)
{
    state_is(world, STATE_HALTED);
}

static void halt_symbol(struct world *world)
{
    world->pipeline->risk.symbol_halted[0] = RISK_SYMBOL_STATE;
}

static void clear_symbol(struct world *world)
{
    pipeline_on_command(world->pipeline, &(struct command){.kind = COMMAND_CLEAR_HALT});
}

static void lose_book(struct world *world)
{
    world_depth(world, 0, true);
    assert_int_not_equal(book_sync_state(world->pipeline->market[0]->sync), BOOK_LIVE);
}

static void give_book(struct world *world)
{
    static const struct level bids[] = {{BID, 50000}}, asks[] = {{ASK, 50000}};
    struct feed_event event = {
        .kind = FEED_SNAPSHOT,
        .recv_ns = world->now_ns,
        .instrument = &world->instrument,
        .snapshot = {
            .recv_ns = world->now_ns, .last_id = world->id, .levels = {bids, asks}, .level_count = {1, 1}}};

    pipeline_on_feed(world->pipeline, &event);
    world_depth(world, TICK_NS, false);
    assert_int_equal(book_sync_state(world->pipeline->market[0]->sync), BOOK_LIVE);
}

static struct schedule window; /* WORLD_NS, 22:13:20 UTC, lies in it */

static void window_begins(struct world *world)
{
    char why[SCHEDULE_WHY_SIZE];

    schedule_init(&window);
    assert_int_equal(schedule_add_window(&window, "daily 22:13-22:15 UTC", why), ERR_OK);
    world->pipeline->config.schedule = &window;
    calendar_on_tick(world->pipeline);
    assert_true(world->pipeline->risk.calendar_paused);
}

static void window_ends(struct world *world)
{
    world->pipeline->config.schedule = NULL;
    calendar_on_tick(world->pipeline);
}

static void reducing_window_begins(struct world *world)
{
    reduce(world);
    window_begins(world);
}

/* A bracket's entry fills, and before that is heard something stops its ways out, for longer than they are tried. */
static uint64_t fill_and_stop(struct world *world, void (*stops)(struct world *world))
{
    uint64_t entry;

    world_configure = slow_venue;
    start(world);
    world_configure = NULL;
    entry = buy_bracket(world, BID + 50, 100);
    wait_ticks(world, 20);
    world_trade(world, SIDE_ASK, BID + 50, 100);
    stops(world);
    wait_ticks(world, 400);
    assert_int_equal(held(world), 100);
    return entry;
}

/* It is heard to have filled when nothing may leave, for longer than it is tried: the ways out leave once they may. */
static void test_what_was_denied_leaves_once_it_may(void **state)
{
    static const struct {
        void (*stops)(struct world *world);
        void (*goes_on)(struct world *world);
    } ways[] = {{halt, go_again},
                {halt, reduce},
                {halt_symbol, clear_symbol},
                {lose_book, give_book},
                {window_begins, window_ends},
                {reducing_window_begins, window_ends}};

    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct world world;
        uint64_t entry;

        entry = fill_and_stop(&world, ways[i].stops);
        assert_covers(&world, entry, 0);
        assert_true(notes(&world, "slowly now") > 0);
        ways[i].goes_on(&world);
        wait_ticks(&world, 20);
        assert_covers(&world, entry, 100);
        pipeline_free(world.pipeline);
    }
}

static void fill_the_minute(struct world *world)
{
    world->pipeline->config.limits.msg_per_min = world->pipeline->risk.rate_60s;
}

/* The window of the minute empties by itself: nobody says that it has. */
static void wait_a_minute(struct world *world)
{
    wait_ticks(world, (int)(INT64_C(60000000000) / TICK_NS));
}

static void fill_the_list(struct world *world)
{
    for (int i = 0; i < 5; i++)
        rest(world, SIDE_BID, BID - 1000 - i, 10, false);
    world->pipeline->config.limits.max_open_orders = 5;
}

static void empty_the_list(struct world *world)
{
    struct order *open[ORDERS_OPEN_MAX];
    uint64_t seqs[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(world->pipeline->orders, 0, ORDERS_ANY, open, ORDERS_OPEN_MAX);

    for (size_t i = 0; i < count; i++)
        seqs[i] = open[i]->seq;
    for (size_t i = 0; i < count; i++)
        cancel(world, seqs[i]);
}

/* The venue takes no stop that would go off at once. */
static void pass_the_stop(struct world *world)
{
    world_trade(world, SIDE_ASK, 5940000, 1);
}

static void come_back(struct world *world)
{
    world_trade(world, SIDE_BID, ASK, 1);
}

/* Nothing tells that it may leave again: it is tried on, without a line for each try that the gate would deny. */
static void test_what_nobody_lets_go_on_is_tried_on(void **state)
{
    static const struct {
        void (*stops)(struct world *world);
        void (*goes_on)(struct world *world);
        int64_t take_lots; /* protected meanwhile */
    } ways[] = {{fill_the_minute, wait_a_minute, 0},
                {fill_the_list, empty_the_list, 0},
                {pass_the_stop, come_back, 100}};

    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct world world;
        uint64_t entry, denied;

        entry = fill_and_stop(&world, ways[i].stops);
        assert_int_equal(open_lots(&world, entry, ORDER_STOP), 0);
        assert_int_equal(open_lots(&world, entry, ORDER_LIMIT), ways[i].take_lots);
        assert_true(notes(&world, "not protected") > 0);
        denied = world.pipeline->counts.denied;
        wait_ticks(&world, 400);
        assert_int_equal(world.pipeline->counts.denied, denied);
        ways[i].goes_on(&world);
        wait_ticks(&world, 400);
        assert_covers(&world, entry, 100);
        pipeline_free(world.pipeline);
    }
}

/* The bound that is reached is the one that is named. */
static void test_the_bounds_of_groups_are_named(void **state)
{
    struct world world;
    struct command one_more = {
        .kind = COMMAND_ORDER,
        .intent = {.side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = BID - 500, .qty_lots = 10}};

    (void)state;
    start(&world);
    world.pipeline->config.limits.max_open_orders = 200;
    world.pipeline->config.limits.max_open_orders_total = 256;
    world.pipeline->config.limits.msg_per_s = world.pipeline->config.limits.msg_per_min = 1000;
    for (uint64_t group = 1; group < ORDER_GROUPS_MAX + GROUP_LEGS_MAX; group++)
        give(&world, (struct order_intent){.side = SIDE_BID,
                                           .type = ORDER_LIMIT,
                                           .price_ticks = BID - 500,
                                           .qty_lots = 10,
                                           .group = group > ORDER_GROUPS_MAX ? 1 : group});
    one_more.intent.group = 1;
    pipeline_on_command(world.pipeline, &one_more);
    assert_int_equal(notes(&world, "MAX_OPEN_N in_group=9 limit=8"), 1);
    one_more.intent.group = ORDER_GROUPS_MAX + 1;
    pipeline_on_command(world.pipeline, &one_more);
    assert_int_equal(notes(&world, "MAX_OPEN_N groups=65 limit=64"), 1);
    assert_int_equal(world.pipeline->counts.errors, 0);
    pipeline_free(world.pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_was_denied_leaves_once_it_may),
                                       cmocka_unit_test(test_what_nobody_lets_go_on_is_tried_on),
                                       cmocka_unit_test(test_the_bounds_of_groups_are_named)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
