/* test_order_group.c - OCO against a venue that does at once what it is asked, and against worse ones. */
#include "unit/order_group_host.h"
#include "unit/test_random.h"

static uint64_t oco(struct host *host, uint64_t group, enum side side, int64_t lots)
{
    struct order_intent intent = leg_of(group, side, lots);
    uint64_t seq;

    assert_int_equal(order_groups_check(host->groups, &intent), ERR_OK);
    seq = submit(host, &intent);
    run(host);
    return seq;
}

/* --- OCO ---------------------------------------------------------------------------------------------------- */

static void test_a_fill_of_one_makes_the_other_smaller(void **state)
{
    struct host *host = host_new();
    uint64_t a = oco(host, 5, SIDE_ASK, 10), b = oco(host, 5, SIDE_BID, 10);

    (void)state;
    fill(host, a, 4);
    assert_int_equal(order_manager_find(host->orders, b)->intent.qty_lots, 6);
    assert_int_equal(order_manager_find(host->orders, b)->intent.price_ticks, 90);
    fill(host, b, 1);
    assert_int_equal(order_manager_find(host->orders, a)->intent.qty_lots, 9);
    fill(host, a, 5); /* 10 in all */
    assert_int_equal(order_manager_open_count(host->orders), 0);
    assert_int_equal(host->told, 0);
    host_free(host);
}

static void test_an_end_ends_the_others(void **state)
{
    static const enum order_event_kind ends[] = {ORDER_EVENT_CANCELLED, ORDER_EVENT_EXPIRED,
                                                 ORDER_EVENT_REJECTED};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct host *host = host_new();
        uint64_t a = oco(host, 5, SIDE_ASK, 10);
        uint64_t other = oco(host, 6, SIDE_ASK, 10);

        oco(host, 5, SIDE_BID, 10);
        oco(host, 5, SIDE_BID, 7);
        answer(host, ends[i], a);
        assert_int_equal(order_manager_open_count(host->orders), 1);
        assert_non_null(order_manager_find(host->orders, other));
        host_free(host);
    }
}

/* A leg that comes after the other has filled is made smaller or taken back at once. */
static void test_a_late_leg(void **state)
{
    struct host *host = host_new();
    uint64_t a = oco(host, 5, SIDE_ASK, 10), b;

    (void)state;
    fill(host, a, 3);
    b = oco(host, 5, SIDE_BID, 10);
    assert_int_equal(order_manager_find(host->orders, b)->intent.qty_lots, 7);
    fill(host, a, 7);
    assert_int_equal(order_manager_open_count(host->orders), 0);
    oco(host, 5, SIDE_BID, 10);
    assert_int_equal(order_manager_open_count(host->orders), 0);
    host_free(host);
}

/* The trader's own amendment of a leg is a new wish for that leg, as it stands to the fills. */
static void test_the_trader_amends_a_leg(void **state)
{
    struct host *host = host_new();
    uint64_t a = oco(host, 5, SIDE_ASK, 10), b = oco(host, 5, SIDE_BID, 10);

    (void)state;
    fill(host, a, 4);
    replace(host, b, 91, 8); /* two more than what is left to it */
    run(host);
    assert_int_equal(order_manager_find(host->orders, b)->intent.qty_lots, 8);
    fill(host, a, 1);
    assert_int_equal(order_manager_find(host->orders, b)->intent.qty_lots, 7);
    assert_int_equal(order_manager_find(host->orders, b)->intent.price_ticks, 91);
    host_free(host);
}

/* Both fill before our request arrives: nobody can help it, and it is told once. */
static void test_a_race_is_told(void **state)
{
    struct host *host = host_new();
    uint64_t a = oco(host, 5, SIDE_ASK, 10), b = oco(host, 5, SIDE_BID, 10);

    (void)state;
    host->slow = true;
    fill(host, a, 6);
    fill(host, b, 7);
    fill(host, b, 1);
    assert_int_equal(host->told, 1);
    assert_non_null(strstr(host->text[0], "more than was wanted"));
    host_free(host);
}

/* A leg that cannot be made smaller is taken away: less is right, both is wrong. */
static void test_a_refused_reduction_ends_in_a_cancel(void **state)
{
    struct host *host = host_new();
    uint64_t a = oco(host, 5, SIDE_ASK, 10), b = oco(host, 5, SIDE_BID, 10);

    (void)state;
    host->refuse_replaces = true;
    fill(host, a, 4);
    assert_int_equal(host->replaced, 1); /* not again at once */
    for (int i = 0; i < 40; i++) {
        host->now_ns += RETRY_NS;
        run(host);
    }
    assert_int_equal(host->replaced, GROUP_TRIES_MAX);
    assert_null(order_manager_find(host->orders, b));
    assert_non_null(order_manager_find(host->orders, a)); /* it may go on */
    host_free(host);
}

static void test_a_refused_cancel_is_tried_again_and_told(void **state)
{
    struct host *host = host_new();
    uint64_t a = oco(host, 5, SIDE_ASK, 10);

    (void)state;
    oco(host, 5, SIDE_BID, 10);
    host->refuse_cancels = true;
    fill(host, a, 10);
    assert_int_equal(host->cancelled, 1);
    for (int i = 0; i < 100; i++) {
        host->now_ns += RETRY_NS;
        assert_true(order_groups_next_due_ns(host->groups) > 0);
        run(host);
    }
    assert_int_equal(host->cancelled, GROUP_TRIES_MAX);
    assert_int_equal(host->told, 2); /* the first failure, and the last */
    assert_int_equal(order_groups_next_due_ns(host->groups), INT64_MAX);
    host_free(host);
}

static void test_bounds(void **state)
{
    struct host *host = host_new();
    struct order_intent intent;

    (void)state;
    for (uint64_t group = 1; group <= ORDER_GROUPS_MAX; group++)
        oco(host, group, SIDE_BID, 1);
    intent = leg_of(ORDER_GROUPS_MAX + 1, SIDE_BID, 1);
    assert_int_equal(order_groups_check(host->groups, &intent), ERR_FULL);
    answer(host, ORDER_EVENT_CANCELLED, 7);
    assert_int_equal(order_groups_check(host->groups, &intent), ERR_OK); /* an ended one makes room */
    intent.bracket_take_ticks = 5;
    assert_int_equal(order_groups_check(host->groups, &intent), ERR_FULL); /* for one, not for two */
    for (int i = 1; i < GROUP_LEGS_MAX; i++)
        oco(host, 1, SIDE_BID, 1);
    intent = leg_of(1, SIDE_BID, 1);
    assert_int_equal(order_groups_check(host->groups, &intent), ERR_TOO_LONG);
    intent.group = GROUP_OF_BRACKET | 9;
    assert_int_equal(order_groups_check(host->groups, &intent), ERR_RANGE);
    intent = leg_of(2, SIDE_BID, 1);
    assert_int_equal(order_groups_check(host->groups, &intent), ERR_OK);
    intent.instrument_id++; /* lots of another instrument are no measure for these */
    assert_int_equal(order_groups_check(host->groups, &intent), ERR_RANGE);
    intent.instrument_id--;
    intent.owner++;
    assert_int_equal(order_groups_check(host->groups, &intent), ERR_RANGE);
    host_free(host);
}

/* --- random lives -------------------------------------------------------------------------------------------- */

/* With a venue that answers at once both legs never fill more than was wanted, whoever amends and cancels. */
static void test_an_ideal_venue_never_fills_both(void **state)
{
    uint64_t random = 11;
    int both = 0;

    (void)state;
    for (int story = 0; story < 3000; story++) {
        struct host *host = host_new();
        int legs = (int)random_between(&random, 2, 4);
        int64_t wanted = random_between(&random, 1, 30), filled[5] = {0}, all = 0;

        for (int i = 0; i < legs; i++)
            oco(host, 9, (enum side)(i % 2), wanted);
        for (int step = 0; step < 12; step++) {
            uint64_t seq = (uint64_t)random_between(&random, 1, legs);
            struct order *order = order_manager_find(host->orders, seq);

            if (order == NULL)
                continue;
            if (random_between(&random, 0, 15) == 0) {
                cancel(host, seq);
                run(host);
                assert_int_equal(order_manager_open_count(host->orders), 0);
            } else {
                int64_t lots = random_between(&random, 1, order_left_lots(order));

                fill(host, seq, lots);
                filled[seq] += lots;
                all += lots;
            }
            assert_true(all <= wanted);
            for (uint64_t at = 1; at <= (uint64_t)legs; at++)
                if ((order = order_manager_find(host->orders, at)) != NULL)
                    assert_int_equal(order_left_lots(order), wanted - all);
        }
        both += (filled[1] > 0) + (filled[2] > 0) + (filled[3] > 0) > 1;
        assert_int_equal(host->told, 0);
        host_free(host);
    }
    assert_true(both > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_fill_of_one_makes_the_other_smaller),
        cmocka_unit_test(test_an_end_ends_the_others),
        cmocka_unit_test(test_a_late_leg),
        cmocka_unit_test(test_the_trader_amends_a_leg),
        cmocka_unit_test(test_a_race_is_told),
        cmocka_unit_test(test_a_refused_reduction_ends_in_a_cancel),
        cmocka_unit_test(test_a_refused_cancel_is_tried_again_and_told),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_an_ideal_venue_never_fills_both),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
