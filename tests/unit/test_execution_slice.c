/* Slices: schedules by themselves, and as orders before the tiny venue. */
#include "exec/execution_parts.h"
#include "execution_world.h"

static struct goal twap(int64_t lots, int64_t horizon_ns, enum goal_urgency urgency)
{
    return (struct goal){.kind = GOAL_TARGET,
                         .target_lots = lots,
                         .urgency = urgency,
                         .slicing = SLICE_TWAP,
                         .horizon_ns = horizon_ns};
}

static struct world *begin(void)
{
    static struct world world;
    struct execution_params params = execution_params_default();

    world_init(&world, &params);
    world_plain_book(&world);
    for (int i = 0; i < 5; i++) { /* enough for all */
        world_level(&world, SIDE_BID, 1000 - 10 * i, 100000);
        world_level(&world, SIDE_ASK, 1001 + 10 * i, 100000);
    }
    return &world;
}

/* Whatever the total, the horizon and the least order: exact sum, slices that differ by a lot at most. */
static void test_twap_slices_sum_exactly(void **state)
{
    uint64_t seed = 5;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        int64_t total = 1 + random_sized(&seed, 59), least = 1 + random_sized(&seed, 10);
        int64_t horizon_ns = 1 + random_sized(&seed, 45), last = 0;
        struct goal goal = twap(total, horizon_ns, URGENCY_NORMAL);
        struct slice_plan plan = {0};

        slice_begin(&plan, &goal, SIDE_BID, total, least, 0);
        assert_in_range(plan.slices, 1, 64);
        assert_true(plan.slices == 1 || total / plan.slices >= least);
        for (int64_t k = 0; k < plan.slices; k++) {
            int64_t at_ns = (int64_t)(((__int128)horizon_ns * k + plan.slices - 1) / plan.slices);
            struct slice_due due = slice_due(&plan, &goal, at_ns);

            assert_int_equal(due.late_lots, last);
            assert_in_range(due.due_lots - last, total / plan.slices, total / plan.slices + 1);
            last = due.due_lots;
        }
        assert_int_equal(last, total);
        assert_int_equal(slice_due(&plan, &goal, horizon_ns).late_lots, total);
        assert_int_equal(slice_due(&plan, &goal, INT64_MAX).late_lots, total);
    }
}

static void test_twap_takes_a_slice_at_a_time(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, twap(103, 50 * SECOND_NS, URGENCY_TAKE)); /* ten slices of 10 or 11 */
    for (int64_t k = 1; k <= 10; k++) {
        world_pass(world, 5 * SECOND_NS, 50 * MS_NS);
        assert_in_range(world->position_lots, 103 * k / 10, 103 * (k + 1) / 10);
    }
    assert_int_equal(world->position_lots, 103);
    assert_int_equal(world->intents, 10);
    for (size_t i = 0; i < world->order_count; i++)
        assert_in_range(world->order[i].intent.qty_lots, 10, 11);
    world_free(world);
}

/* Nobody trades with what rests: each slice is caught up when the next begins, and all is done in time. */
static void test_twap_catches_up(void **state)
{
    struct world *world = begin();
    int64_t before = 0;

    (void)state;
    world->way_ns = 5 * MS_NS;
    world_set(world, twap(100, 50 * SECOND_NS, URGENCY_NORMAL));
    for (int64_t k = 1; k <= 10; k++) {
        world_pass(world, 5 * SECOND_NS, 50 * MS_NS);
        assert_true(world->true_position_lots <= 10 * k);
        assert_true(world->position_lots >= before);
        before = 10 * (k - 2);
    }
    world_pass(world, SECOND_NS, 50 * MS_NS);
    assert_int_equal(world->position_lots, 100);
    world_free(world);
}

static void test_passive_twap_never_takes(void **state)
{
    struct world *world = begin();

    (void)state;
    world_set(world, twap(-100, 50 * SECOND_NS, URGENCY_PASSIVE));
    for (int i = 0; i < 12; i++) {
        world_pass(world, 5 * SECOND_NS, 50 * MS_NS);
        assert_true(world_may_fill(world, SIDE_ASK) - world->position_lots <= 10 * (i + 2));
        if (i % 3 == 2)
            world_trade(world, SIDE_ASK, 1001, 1000000);
    }
    world_pass(world, 5 * SECOND_NS, 50 * MS_NS);
    assert_int_equal(world->position_lots, -100);
    for (size_t i = 0; i < world->order_count; i++)
        assert_true(world->order[i].intent.post_only);
    world_free(world);
}

/* Released in few steps, each of them an order that the venue takes, whatever trickles in. */
static void test_pov_is_released_in_steps(void **state)
{
    struct goal goal = {
        .kind = GOAL_TARGET, .urgency = URGENCY_TAKE, .slicing = SLICE_POV, .share_x1000 = 300};
    struct slice_plan plan = {0};
    int64_t last = 0, steps = 0;

    (void)state;
    slice_begin(&plan, &goal, SIDE_ASK, 6407, 7, 0);
    for (int64_t now_ns = 1; last < 6407; now_ns++) {
        struct slice_due due;

        plan.traded_lots += 3;
        due = slice_due(&plan, &goal, now_ns);
        assert_true(due.due_lots * 1000 <= plan.traded_lots * 300);
        assert_int_equal(due.late_lots, due.due_lots);
        if (due.due_lots == last)
            continue;
        assert_true(due.due_lots - last >= 100 || due.due_lots == 6407);
        last = due.due_lots;
        steps++;
    }
    assert_in_range(steps, 60, 65);
}

static void test_pov_never_has_more_than_its_share(void **state)
{
    static const enum goal_urgency urgencies[] = {URGENCY_PASSIVE, URGENCY_NORMAL, URGENCY_TAKE};

    (void)state;
    for (size_t u = 0; u < 3; u++) {
        struct world *world = begin();
        struct goal goal = {.kind = GOAL_TARGET,
                            .target_lots = 200,
                            .urgency = urgencies[u],
                            .slicing = SLICE_POV,
                            .share_x1000 = 100};
        int64_t traded = 0;

        world->seed = u;
        world->way_ns = 3 * MS_NS;
        world_set(world, goal);
        for (int i = 0; i < 2000; i++) {
            int64_t lots = random_between(&world->seed, 0, 3);

            execution_on_trade(world->execution, world->instrument.id, lots);
            execution_on_trade(world->execution, world->instrument.id + 1, 1000); /* elsewhere: nothing */
            traded += lots;
            if (i % 50 == 49)
                world_trade(world, SIDE_BID, 1000, 100050);
            world_step(world, 20 * MS_NS);
            assert_true((world->position_lots + world_may_fill(world, SIDE_BID)) * 10 <= traded);
        }
        assert_true(world->position_lots >= traded / 10 * 8 / 10 || world->position_lots == 200);
        assert_true(world->position_lots > 100);
        world_free(world);
    }
}

static void test_iceberg_shows_a_part(void **state)
{
    struct world *world = begin();
    struct goal goal = {.kind = GOAL_TARGET, .target_lots = 90, .slicing = SLICE_ICEBERG, .display_lots = 15};

    (void)state;
    world_set(world, goal);
    world_pass(world, SECOND_NS, 10 * MS_NS);
    assert_int_equal(world->order[0].intent.qty_lots, 90);
    assert_int_equal(world->order[0].intent.display_lots, 15);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_twap_slices_sum_exactly),
        cmocka_unit_test(test_twap_takes_a_slice_at_a_time),
        cmocka_unit_test(test_twap_catches_up),
        cmocka_unit_test(test_passive_twap_never_takes),
        cmocka_unit_test(test_pov_is_released_in_steps),
        cmocka_unit_test(test_pov_never_has_more_than_its_share),
        cmocka_unit_test(test_iceberg_shows_a_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
