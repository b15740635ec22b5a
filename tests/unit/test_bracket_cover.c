/* test_bracket_cover.c - the ways out of a bracket are as large as what is held of it, whatever else opens and closes. */
#include "app/schedule.h"
#include "unit/pipeline_world.h"
#include "unit/test_random.h"

#include <stdlib.h>
#include <string.h>

#define TICK_NS PIPELINE_TICK_NS
#define BID     6000000
#define ASK     6000100
#define OFI     1

static void start_at(struct world *world, enum venue venue)
{
    static const struct level bids[] = {{BID, 50000}}, asks[] = {{ASK, 50000}};

    world_init_venue(world, venue, bids, 1, asks, 1);
}

static void start(struct world *world)
{
    start_at(world, VENUE_BINANCE_USDM);
}

static uint64_t give(struct world *world, struct order_intent intent)
{
    uint64_t before = order_manager_last_seq(world->pipeline->orders);

    pipeline_on_command(world->pipeline, &(struct command){.kind = COMMAND_ORDER, .intent = intent});
    assert_true(order_manager_last_seq(world->pipeline->orders) > before);
    return before + 1;
}

static void trade(struct world *world, enum side side, int64_t lots)
{
    give(world, (struct order_intent){.side = side,
                                      .type = ORDER_MARKET,
                                      .tif = TIF_IOC,
                                      .price_ticks = side == SIDE_BID ? ASK + 10000 : BID - 10000,
                                      .qty_lots = lots});
}

static uint64_t buy_bracket(struct world *world, int64_t price_ticks, int64_t lots)
{
    return give(world, (struct order_intent){.side = SIDE_BID,
                                             .type = ORDER_LIMIT,
                                             .price_ticks = price_ticks,
                                             .qty_lots = lots,
                                             .bracket_take_ticks = 6050000,
                                             .bracket_stop_ticks = 5950000});
}

static uint64_t rest(struct world *world, enum side side, int64_t price_ticks, int64_t lots, bool reduce_only)
{
    return give(world, (struct order_intent){.side = side,
                                             .type = ORDER_LIMIT,
                                             .price_ticks = price_ticks,
                                             .qty_lots = lots,
                                             .reduce_only = reduce_only});
}

static void cancel(struct world *world, uint64_t seq)
{
    pipeline_on_command(world->pipeline, &(struct command){.kind = COMMAND_CANCEL, .order_seq = seq});
}

static void strategy_trades(struct world *world, enum side side, int64_t lots)
{
    struct order_intent intent = {.owner = OFI,
                                  .side = side,
                                  .type = ORDER_MARKET,
                                  .tif = TIF_IOC,
                                  .price_ticks = side == SIDE_BID ? ASK + 10000 : BID - 10000,
                                  .qty_lots = lots};
    uint64_t seq;

    assert_int_not_equal(trading_intent(world->pipeline, world->pipeline->market[0], &intent, &seq).answer,
                         RISK_ANSWER_DENIED);
    world_depth(world, TICK_NS, false);
}

static void wait_ticks(struct world *world, int ticks)
{
    for (int i = 0; i < ticks; i++)
        world_depth(world, TICK_NS, false);
}

static int64_t held(const struct world *world)
{
    return world->pipeline->market[0]->total.lots;
}

/* What is open of a bracket's stops and take-profits; entry 0: of all brackets. */
static int64_t open_lots(const struct world *world, uint64_t entry, enum order_type type)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(world->pipeline->orders, 0, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    int64_t lots = 0;

    for (size_t i = 0; i < count; i++) {
        const struct order_intent *intent = &open[i]->intent;

        if ((intent->group & GROUP_OF_BRACKET) == 0 || (entry != 0 && intent->parent != entry) ||
            intent->type != type)
            continue;
        assert_true(intent->reduce_only);
        lots += order_left_lots(open[i]);
    }
    return lots;
}

static void assert_covers(const struct world *world, uint64_t entry, int64_t lots)
{
    assert_int_equal(open_lots(world, entry, ORDER_STOP), lots);
    assert_int_equal(open_lots(world, entry, ORDER_LIMIT), lots);
}

static int notes(const struct world *world, const char *words)
{
    int count = 0;

    for (uint64_t i = 0; i < world->pipeline->note_seq && i < PIPELINE_NOTES_MAX; i++)
        count += strstr(world->pipeline->note[i].text, words) != NULL;
    return count;
}

/* Short 100, bought 200: 100 close and 100 open, and those are protected. */
static void test_an_entry_that_turns_the_position(void **state)
{
    struct world world;

    (void)state;
    start(&world);
    trade(&world, SIDE_ASK, 100);
    buy_bracket(&world, ASK, 200);
    assert_int_equal(held(&world), 100);
    assert_covers(&world, 0, 100);
    wait_ticks(&world, 200);
    assert_covers(&world, 0, 100);
    assert_int_equal(world.pipeline->counts.denied, 0);
    assert_int_equal(notes(&world, "is missing"), 0);
    assert_int_equal(notes(&world, "not protected"), 0);
    pipeline_free(world.pipeline);
}

/* The entry rests and fills bit by bit: first it closes, then what it opens is protected, lot by lot. */
static void test_partial_fills_of_an_entry_that_turns_the_position(void **state)
{
    static const int64_t fills[] = {40, 40, 40, 50, 30}, covered[] = {0, 0, 20, 70, 100};
    struct world world;
    uint64_t entry;

    (void)state;
    start(&world);
    trade(&world, SIDE_ASK, 100);
    entry = buy_bracket(&world, BID + 50, 200);
    for (size_t i = 0; i < sizeof fills / sizeof fills[0]; i++) {
        world_trade(&world, SIDE_ASK, BID + 50, fills[i]);
        wait_ticks(&world, 20);
        assert_int_equal(held(&world), covered[i] > 0 ? covered[i] : -100 + 40 * (int64_t)(i + 1));
        assert_covers(&world, entry, covered[i]);
    }
    assert_int_equal(world.pipeline->counts.denied, 0);
    assert_int_equal(notes(&world, "the bracket ends"), 0);
    pipeline_free(world.pipeline);
}

/* A hand sells part of it and buys again: what he closed is no longer the bracket's. The rest ends with the position. */
static void test_a_position_that_a_hand_makes_smaller(void **state)
{
    struct world world;
    uint64_t entry;

    (void)state;
    start(&world);
    entry = buy_bracket(&world, ASK, 100);
    trade(&world, SIDE_ASK, 40);
    assert_covers(&world, entry, 60);
    trade(&world, SIDE_BID, 40);
    wait_ticks(&world, 20);
    assert_covers(&world, entry, 60);
    trade(&world, SIDE_ASK, 200);
    wait_ticks(&world, 20);
    assert_int_equal(held(&world), -100);
    assert_covers(&world, 0, 0);
    trade(&world, SIDE_BID, 300); /* what was ended stays so */
    wait_ticks(&world, 20);
    assert_covers(&world, 0, 0);
    assert_int_equal(world.pipeline->counts.denied, 0);
    pipeline_free(world.pipeline);
}

static void test_a_flatten_ends_both_ways_out(void **state)
{
    struct world world;
    uint64_t entry;

    (void)state;
    start(&world);
    trade(&world, SIDE_ASK, 100);
    entry = buy_bracket(&world, ASK, 200);
    assert_covers(&world, entry, 100);
    pipeline_on_command(world.pipeline, &(struct command){.kind = COMMAND_FLATTEN});
    wait_ticks(&world, 50);
    assert_int_equal(held(&world), 0);
    assert_covers(&world, 0, 0);
    pipeline_free(world.pipeline);
}

/* Who was there first keeps his protection; one that is done takes nothing from the other. */
static void test_two_brackets_at_one_position(void **state)
{
    struct world world;
    uint64_t first, second;

    (void)state;
    start(&world);
    first = buy_bracket(&world, ASK, 100);
    second = buy_bracket(&world, ASK, 100);
    assert_covers(&world, first, 100);
    assert_covers(&world, second, 100);
    trade(&world, SIDE_ASK, 60);
    wait_ticks(&world, 20);
    assert_covers(&world, first, 100);
    assert_covers(&world, second, 40);
    trade(&world, SIDE_ASK, 60);
    wait_ticks(&world, 20);
    assert_covers(&world, first, 80);
    assert_covers(&world, second, 0);
    assert_int_equal(world.pipeline->counts.denied, 0);
    pipeline_free(world.pipeline);
}

/* On spot, where they share what is locked. */
static void test_two_brackets_on_spot(void **state)
{
    struct world world;
    uint64_t first, second;

    (void)state;
    start_at(&world, VENUE_BINANCE_SPOT);
    first = buy_bracket(&world, ASK, 100);
    second = buy_bracket(&world, ASK, 60);
    wait_ticks(&world, 20);
    assert_covers(&world, first, 100);
    assert_covers(&world, second, 60);
    cancel(&world, first + 1); /* its stop: the trader ends the first */
    wait_ticks(&world, 20);
    assert_covers(&world, first, 0);
    assert_covers(&world, second, 60);
    assert_int_equal(world.pipeline->counts.denied, 0);
    pipeline_free(world.pipeline);
}

static void test_a_bracket_that_is_done_leaves_the_other(void **state)
{
    struct world world;
    uint64_t first, second;

    (void)state;
    start(&world);
    first = give(&world, (struct order_intent){.side = SIDE_BID,
                                               .type = ORDER_LIMIT,
                                               .price_ticks = ASK,
                                               .qty_lots = 100,
                                               .bracket_take_ticks = ASK + 50,
                                               .bracket_stop_ticks = 5940000});
    second = buy_bracket(&world, ASK, 100);
    world_trade(&world, SIDE_BID, ASK + 100, 100000); /* through the first's take-profit */
    wait_ticks(&world, 20);
    assert_int_equal(held(&world), 100);
    assert_covers(&world, first, 0);
    assert_covers(&world, second, 100);
    pipeline_free(world.pipeline);
}

/* What another order was promised cannot be protected too: said, and made good as soon as that order is gone. */
static void test_what_another_order_holds_is_told_and_made_good(void **state)
{
    struct world world;
    uint64_t other, entry;

    (void)state;
    start(&world);
    trade(&world, SIDE_ASK, 100);
    other = rest(&world, SIDE_ASK, 6040000, 40, false);
    entry = buy_bracket(&world, ASK, 200);
    wait_ticks(&world, 20);
    assert_int_equal(held(&world), 100);
    assert_covers(&world, entry, 60);
    assert_int_equal(notes(&world, "not protected: 0.0004"), 1);
    cancel(&world, other);
    wait_ticks(&world, 20);
    assert_covers(&world, entry, 100);
    assert_int_equal(notes(&world, "not protected"), 1);
    assert_int_equal(world.pipeline->counts.denied, 0);
    pipeline_free(world.pipeline);
}

/* The account holds less than the owner: its ways out are cut to the account's position, and grow with it. */
static void test_a_share_against_the_account(void **state)
{
    struct world world;
    uint64_t entry;

    (void)state;
    start(&world);
    strategy_trades(&world, SIDE_BID, 10);
    entry = buy_bracket(&world, ASK, 100);
    strategy_trades(&world, SIDE_ASK, 50); /* the strategy is short now, the hand long */
    wait_ticks(&world, 20);
    assert_int_equal(held(&world), 60);
    assert_int_equal(world.pipeline->market[0]->owned[OWNER_MANUAL].lots, 100);
    assert_covers(&world, entry, 60);
    assert_int_equal(notes(&world, "not protected: 0.0004"), 1);
    strategy_trades(&world, SIDE_BID, 40);
    wait_ticks(&world, 20);
    assert_covers(&world, entry, 100);
    pipeline_free(world.pipeline);
}

static void slow_venue(struct pipeline_config *config)
{
    config->paper.latency[PAPER_LEG_RESPONSE].median_ns = 5 * TICK_NS;
}

/* The ways out are on their way when a hand sells: they are fitted as soon as they are answered, and stay. */
static void test_a_position_shrinks_before_the_ways_out_are_answered(void **state)
{
    struct world world;
    uint64_t entry;

    (void)state;
    world_configure = slow_venue;
    start(&world);
    world_configure = NULL;
    entry = buy_bracket(&world, ASK, 100);
    for (int i = 0; i < 50 && held(&world) == 0; i++)
        wait_ticks(&world, 1);
    assert_int_equal(held(&world), 100);
    trade(&world, SIDE_ASK, 40);
    wait_ticks(&world, 100);
    assert_int_equal(held(&world), 60);
    assert_covers(&world, entry, 60);
    pipeline_free(world.pipeline);
}

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

        world_configure = slow_venue;
        start(&world);
        world_configure = NULL;
        entry = buy_bracket(&world, BID + 50, 100);
        wait_ticks(&world, 20);
        world_trade(&world, SIDE_ASK, BID + 50, 100);
        ways[i].stops(&world);
        wait_ticks(&world, 400);
        assert_int_equal(held(&world), 100);
        assert_covers(&world, entry, 0);
        assert_true(notes(&world, "given up") > 0);
        ways[i].goes_on(&world);
        wait_ticks(&world, 20);
        assert_covers(&world, entry, 100);
        pipeline_free(world.pipeline);
    }
}

/* Of the two ways out of a bracket one goes through: a stop by hand has room for the rest of the position. */
static void test_a_stop_by_hand_beside_a_bracket(void **state)
{
    struct world world;
    uint64_t entry;

    (void)state;
    start(&world);
    entry = buy_bracket(&world, ASK, 100);
    trade(&world, SIDE_BID, 50);
    rest(&world, SIDE_ASK, 6040000, 50, true);
    assert_covers(&world, entry, 100);
    pipeline_on_command(world.pipeline, &(struct command){.kind = COMMAND_ORDER,
                                                          .intent = {.side = SIDE_ASK,
                                                                     .type = ORDER_LIMIT,
                                                                     .price_ticks = 6041000,
                                                                     .qty_lots = 1,
                                                                     .reduce_only = true}});
    assert_int_equal(world.pipeline->counts.denied, 1); /* all of it is promised now */
    pipeline_free(world.pipeline);
}

/* One of a day's trades: a hand's, or the entry of a bracket. The gate may find it too much. */
static void trade_anything(struct world *world, uint64_t *random)
{
    bool less = llabs(held(world)) > 300 || open_lots(world, 0, ORDER_STOP) > 250;
    enum side side = less                                ? held(world) > 0 ? SIDE_ASK : SIDE_BID
                     : random_between(random, 0, 1) == 0 ? SIDE_BID
                                                         : SIDE_ASK;
    int64_t way = side_sign(side);
    struct command command = {.kind = COMMAND_ORDER,
                              .intent = {.side = side,
                                         .type = ORDER_LIMIT,
                                         .price_ticks = side == SIDE_BID ? ASK : BID,
                                         .qty_lots = random_between(random, 1, 60)}};

    if (!less && random_between(random, 0, 2) > 0) {
        command.intent.bracket_take_ticks = (BID + ASK) / 2 + way * 50000;
        command.intent.bracket_stop_ticks = (BID + ASK) / 2 - way * 50000;
    }
    pipeline_on_command(world->pipeline, &command);
}

/* What is held of brackets is protected by as much, and no stop is larger than the position. */
static int64_t assert_protected(const struct world *world)
{
    int64_t stops[SIDE_COUNT] = {0};
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(world->pipeline->orders, 0, ORDERS_ANY, open, ORDERS_OPEN_MAX);

    for (size_t i = 0; i < count; i++)
        stops[open[i]->intent.side] += open[i]->intent.type == ORDER_STOP ? order_left_lots(open[i]) : 0;
    assert_int_equal(order_groups_unprotected_lots(world->pipeline->groups, 0, OWNER_MANUAL), 0);
    assert_true(stops[SIDE_ASK] <= (held(world) > 0 ? held(world) : 0));
    assert_true(stops[SIDE_BID] <= (held(world) < 0 ? -held(world) : 0));
    return stops[SIDE_ASK] + stops[SIDE_BID];
}

static void test_what_is_held_is_protected_whatever_is_traded(void **state)
{
    uint64_t random = 5;
    int64_t protected_lots = 0;

    (void)state;
    for (int story = 0; story < 40; story++) {
        struct world world;

        world_configure = story % 2 == 0 ? NULL : slow_venue;
        start(&world);
        world_configure = NULL;
        for (int step = 0; step < 25; step++) {
            trade_anything(&world, &random);
            wait_ticks(&world, (int)random_between(&random, 1, 4));
            if (random_between(&random, 0, 1) == 0)
                continue; /* before all is answered */
            wait_ticks(&world, 60);
            protected_lots += assert_protected(&world);
        }
        assert_int_equal(notes(&world, "both filled"), 0);
        pipeline_free(world.pipeline);
    }
    assert_true(protected_lots > 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_entry_that_turns_the_position),
        cmocka_unit_test(test_partial_fills_of_an_entry_that_turns_the_position),
        cmocka_unit_test(test_a_position_that_a_hand_makes_smaller),
        cmocka_unit_test(test_a_flatten_ends_both_ways_out),
        cmocka_unit_test(test_two_brackets_at_one_position),
        cmocka_unit_test(test_two_brackets_on_spot),
        cmocka_unit_test(test_a_bracket_that_is_done_leaves_the_other),
        cmocka_unit_test(test_what_another_order_holds_is_told_and_made_good),
        cmocka_unit_test(test_a_share_against_the_account),
        cmocka_unit_test(test_a_position_shrinks_before_the_ways_out_are_answered),
        cmocka_unit_test(test_what_was_denied_leaves_once_it_may),
        cmocka_unit_test(test_a_stop_by_hand_beside_a_bracket),
        cmocka_unit_test(test_what_is_held_is_protected_whatever_is_traded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
