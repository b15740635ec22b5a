/*
 * Random goals, books, trades, refusals and late answers. The world checks each action and each step: never beyond
 * the worst price, never through our own other side or the touch, never more than the target could take. Here:
 * messages are bounded, and the same events give the same actions.
 */
#include "execution_world.h"

#define MID 1000

static struct goal random_goal(struct world *world)
{
    uint64_t *seed = &world->seed;
    struct goal goal = {.kind = GOAL_TARGET, .may_cut = random_between(seed, 0, 1) != 0};
    int64_t dice = random_between(seed, 0, 99);

    if (dice < 8)
        return (struct goal){.kind = GOAL_NONE};
    if (dice < 30) {
        int64_t bid = MID + random_between(seed, -12, 12);

        goal.kind = GOAL_QUOTES;
        goal.quote[SIDE_BID] = (struct goal_quote){bid, random_between(seed, 1, 20)};
        goal.quote[SIDE_ASK] =
            (struct goal_quote){bid + random_between(seed, 1, 10), random_between(seed, 1, 20)};
        if (dice < 12)
            goal.quote[dice % 2].price_ticks = 0;
        return goal;
    }
    goal.target_lots = random_between(seed, -40, 40);
    goal.urgency = (enum goal_urgency)random_between(seed, 0, 2);
    goal.slicing = (enum goal_slicing)random_between(seed, 0, 3);
    goal.horizon_ns = random_between(seed, 1, 60) * SECOND_NS;
    goal.share_x1000 = (int32_t)random_between(seed, 1, 1000);
    goal.display_lots = random_between(seed, 1, 10);
    goal.reduce_only = random_between(seed, 0, 9) == 0;
    if (random_between(seed, 0, 2) == 0)
        goal.worst_ticks = MID + random_between(seed, -15, 15);
    return goal;
}

/* One random change of a book that never crosses: a level near the middle appears, changes or goes. */
static void random_level(struct world *world, int64_t *middle)
{
    uint64_t *seed = &world->seed;
    enum side side = (enum side)random_between(seed, 0, 1);
    struct level best;

    *middle += random_between(seed, 0, 20) == 0 ? random_between(seed, -1, 1) : 0;
    for (int s = 0; s < SIDE_COUNT; s++)
        while (order_book_best(world->book, (enum side)s, &best) &&
               side_sign((enum side)s) * (best.price_ticks - *middle) >= 0)
            world_level(world, (enum side)s, best.price_ticks, 0);
    world_level(world, side, *middle - side_sign(side) * random_between(seed, 1, 12),
                random_between(seed, 0, 1) == 0 ? 0 : random_between(seed, 1, 60));
    /* An order of ours that the other side has come to is filled, as at any venue. */
    for (size_t i = 0; i < world->order_count; i++)
        if (world->venue[i].rests &&
            world_takes(world, world->order[i].intent.side, world->venue[i].price_ticks))
            world_fill(world, i, world->venue[i].price_ticks, world->venue[i].left_lots, true);
}

static uint64_t run(uint64_t seed, int64_t way_ns, int refuse_percent, int steps, uint64_t *messages)
{
    static struct world world;
    struct execution_params params = execution_params_default();
    int64_t middle = MID, start_ns;
    int goals = 0;

    params.hysteresis_ticks = (int64_t)(seed % 3);
    world_init(&world, &params);
    world_plain_book(&world);
    world.seed = seed;
    world.way_ns = way_ns;
    world.refuse_percent = refuse_percent;
    world.instrument.qty_lots_min = 1 + (int64_t)(seed % 4);
    world.instrument.qty_lots_max = seed % 5 == 0 ? 12 : 0;
    world.show_own = seed % 2 == 0;
    start_ns = world.now_ns;
    for (int i = 0; i < steps && world.order_count + 4 < WORLD_ORDERS_MAX; i++) {
        if (random_between(&world.seed, 0, 200) == 0) {
            world_set(&world, random_goal(&world));
            goals++;
        }
        random_level(&world, &middle);
        if (random_between(&world.seed, 0, 10) == 0) {
            int64_t lots = random_between(&world.seed, 1, 80);

            execution_on_trade(world.execution, world.instrument.id, lots);
            world_trade(&world, (enum side)random_between(&world.seed, 0, 1), middle, lots);
        }
        if (random_between(&world.seed, 0, world.book_state == BOOK_LIVE ? 2000 : 30) == 0)
            world.book_state = world.book_state == BOOK_LIVE ? BOOK_STALE : BOOK_LIVE;
        world_step(&world, random_between(&world.seed, 0, 20) * MS_NS);
    }
    *messages = world.intents + world.cancels + world.replaces;
    /* A move of each child each quarter of a second on both sides is the most there can be; and what a goal, a fill
     * or a lost book takes back. */
    assert_true(*messages <= (uint64_t)(world.now_ns - start_ns) / (250 * MS_NS) * 2 * 4 +
                                 10 * (uint64_t)goals + 4 * world.fills + 100);
    if (refuse_percent == 0) {
        assert_true(world.fills > 20);
        assert_true(world.replaces > 20);
    }
    world_free(&world);
    return world.hash;
}

static void test_random_events_break_no_rule(void **state)
{
    uint64_t rounds = getenv("FLOWDECK_SOAK") != NULL ? 1000 : 24, messages;

    (void)state;
    for (uint64_t seed = 1; seed <= rounds; seed++) {
        run(seed, 0, 0, 40000, &messages);
        run(seed, (int64_t)(seed % 7) * 40 * MS_NS, 0, 40000, &messages);
        run(seed, 30 * MS_NS, 20, 40000, &messages);
    }
}

static void test_same_events_same_actions(void **state)
{
    uint64_t a, b;

    (void)state;
    for (uint64_t seed = 50; seed < 54; seed++) {
        uint64_t first = run(seed, 20 * MS_NS, 5, 8000, &a);

        assert_true(run(seed, 20 * MS_NS, 5, 8000, &b) == first);
        assert_int_equal(a, b);
        assert_true(run(seed + 100, 20 * MS_NS, 5, 8000, &b) != first);
    }
}

/* What the host should never hand over, and a far end of what it may: bounded, and nothing undefined. */
static void test_extremes_do_no_harm(void **state)
{
    static struct world world;
    struct execution_params params = execution_params_default();
    uint64_t seed = 77;

    (void)state;
    world_init(&world, &params);
    for (int i = 0; i < 20000; i++) {
        static struct execution_actions out;
        struct order order[4];
        const struct order *orders[4] = {&order[0], &order[1], &order[2], &order[3]};
        struct execution_view view = {.instrument = &world.instrument, .book = world.book, .orders = orders};
        int64_t bid = 1 + random_sized(&seed, 61);
        struct goal goal = {.kind = (enum goal_kind)random_between(&seed, 0, 3),
                            .instrument_id = world.instrument.id,
                            .owner = WORLD_OWNER,
                            .target_lots = (random_between(&seed, 0, 1) ? 1 : -1) * random_sized(&seed, 62),
                            .worst_ticks = random_sized(&seed, 62),
                            .urgency = (enum goal_urgency)random_between(&seed, 0, 3),
                            .slicing = (enum goal_slicing)random_between(&seed, 0, 4),
                            .horizon_ns = random_sized(&seed, 62),
                            .share_x1000 = (int32_t)random_between(&seed, 0, 1001),
                            .display_lots = random_sized(&seed, 62),
                            .quote = {{random_sized(&seed, 62), random_sized(&seed, 62)},
                                      {random_sized(&seed, 62), random_sized(&seed, 62)}}};

        world.instrument.tick_e8 = random_sized(&seed, 40);
        world.instrument.lot_e8 = random_sized(&seed, 40);
        world.instrument.qty_lots_min = random_sized(&seed, 40);
        world.instrument.qty_lots_max = random_sized(&seed, 60);
        world.instrument.notional_e8_min = random_sized(&seed, 60);
        view.book_shows_own = random_between(&seed, 0, 1) != 0;
        world.now_ns += random_sized(&seed, 34);
        view.ref = (struct market_ref){.now_ns = world.now_ns,
                                       .book_state = BOOK_LIVE,
                                       .best_ticks = {bid, bid + 1 + random_sized(&seed, 60)},
                                       .best_lots = {random_sized(&seed, 62), random_sized(&seed, 62)}};
        execution_set(world.execution, &goal, &view.ref);
        view.position_lots = (random_between(&seed, 0, 1) ? 1 : -1) * random_sized(&seed, 63);
        view.order_count = (size_t)random_between(&seed, 0, 4);
        for (size_t k = 0; k < 4; k++)
            order[k] = (struct order){.seq = 1 + k,
                                      .state = (enum order_state)random_between(&seed, 0, 8),
                                      .acked_ns = 1,
                                      .queue_expected_lots = random_sized(&seed, 62),
                                      .replace_price_ticks = 1 + random_sized(&seed, 61),
                                      .replace_qty_lots = 1 + random_sized(&seed, 61),
                                      .intent = {.side = (enum side)random_between(&seed, 0, 1),
                                                 .price_ticks = 1 + random_sized(&seed, 61),
                                                 .qty_lots = 1 + random_sized(&seed, 61)}};
        execution_on_trade(world.execution, world.instrument.id, random_sized(&seed, 63));
        if (random_between(&seed, 0, 20) == 0)
            execution_on_refused(world.execution, WORLD_OWNER, world.instrument.id, world.now_ns);
        for (int again = 0; again < 3; again++) {
            execution_run(world.execution, WORLD_OWNER, &view, &out);
            view.ref.now_ns += 100 * MS_NS;
            assert_true(out.intents + out.cancels + out.replaces <= EXECUTION_ACTIONS_MAX);
            for (size_t k = 0; k < out.intents; k++)
                assert_true(out.intent[k].qty_lots > 0 && out.intent[k].price_ticks > 0);
            for (size_t k = 0; k < out.replaces; k++)
                assert_true(out.replace[k].qty_lots > 0 && out.replace[k].price_ticks > 0);
        }
        world.now_ns = view.ref.now_ns;
    }
    world_free(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_events_break_no_rule),
        cmocka_unit_test(test_same_events_same_actions),
        cmocka_unit_test(test_extremes_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
