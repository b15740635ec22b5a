/* test_order_bracket.c - what protects a position: children that follow the fills of their entry, and what ends them. */
#include "unit/order_group_host.h"
#include "unit/test_random.h"

static uint64_t entry(struct host *host, int64_t lots)
{
    struct order_intent intent = leg_of(0, SIDE_BID, lots);
    uint64_t seq;

    intent.bracket_take_ticks = 120;
    intent.bracket_stop_ticks = 80;
    assert_int_equal(order_groups_check(host->groups, &intent), ERR_OK);
    seq = submit(host, &intent);
    run(host);
    return seq;
}

static const struct order *open_of(struct host *host, enum order_type type)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(host->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    const struct order *found = NULL;

    for (size_t i = 0; i < count; i++)
        if (open[i]->intent.type == type && open[i]->intent.reduce_only) {
            assert_null(found); /* never two of a kind */
            found = open[i];
        }
    return found;
}

/* --- bracket ------------------------------------------------------------------------------------------------ */

static void test_children_follow_the_fills(void **state)
{
    struct host *host = host_new();
    uint64_t seq = entry(host, 10);
    const struct order *stop, *take;

    (void)state;
    assert_int_equal(host->sent, 0);
    fill(host, seq, 4);
    stop = open_of(host, ORDER_STOP);
    take = open_of(host, ORDER_LIMIT);
    assert_int_equal(host->sent, 2);
    assert_int_equal(stop->intent.qty_lots, 4);
    assert_int_equal(stop->intent.stop_ticks, 80);
    assert_int_equal(stop->intent.price_ticks, 80); /* a tick is more than the 1 % it may go */
    assert_int_equal(stop->intent.side, SIDE_ASK);
    assert_int_equal(stop->intent.owner, 1);
    assert_int_equal(stop->intent.parent, seq);
    assert_int_equal(take->intent.price_ticks, 120);
    assert_int_equal(take->intent.group, stop->intent.group);
    assert_true(take->intent.reduce_only && stop->intent.reduce_only);
    assert_true(stop->seq < take->seq); /* protection first */
    fill(host, seq, 2);
    assert_int_equal(stop->intent.qty_lots, 6);
    assert_int_equal(take->intent.qty_lots, 6);
    answer(host, ORDER_EVENT_CANCELLED, seq); /* what filled stays protected */
    assert_int_equal(order_manager_open_count(host->orders), 2);
    fill(host, take->seq, 2);
    assert_int_equal(stop->intent.qty_lots, 4);
    fill(host, take->seq, 4);
    assert_int_equal(order_manager_open_count(host->orders), 0);
    assert_int_equal(host->told, 0);
    host_free(host);
}

/* The take-profit is done and the entry fills more, the second time after its end: a fresh pair each time. */
static void test_more_fills_after_the_children_are_done(void **state)
{
    struct host *host = host_new();
    uint64_t seq = entry(host, 10);

    (void)state;
    for (int round = 0; round < 6; round++) {
        if (round == 4)
            answer(host, ORDER_EVENT_CANCELLED, seq);
        fill(host, seq, 1);
        assert_int_equal(open_of(host, ORDER_STOP)->intent.qty_lots, 1);
        fill(host, open_of(host, round % 2 == 0 ? ORDER_LIMIT : ORDER_STOP)->seq, 1);
        assert_null(open_of(host, ORDER_STOP));
        assert_null(open_of(host, ORDER_LIMIT));
    }
    assert_int_equal(host->sent, 12);
    assert_int_equal(host->told, 0);
    host_free(host);
}

static void test_one_sided_brackets(void **state)
{
    (void)state;
    for (int side = 0; side < 2; side++) {
        struct host *host = host_new();
        struct order_intent intent = leg_of(0, SIDE_ASK, 10);

        *(side == 0 ? &intent.bracket_take_ticks : &intent.bracket_stop_ticks) = 50000;
        fill(host, submit(host, &intent), 3);
        assert_int_equal(order_manager_open_count(host->orders), 2);
        if (side == 1) /* a buying stop may go 1 % above its trigger */
            assert_int_equal(open_of(host, ORDER_STOP)->intent.price_ticks, 50500);
        assert_int_equal(order_groups_unprotected_lots(host->groups, 0, 1), 0);
        host_free(host);
    }
}

/* The price collar measures the same way: one tick of rounding beyond it, and nothing protects the position. */
static void test_a_stop_s_worst_price_is_never_beyond_its_bound(void **state)
{
    (void)state;
    for (int64_t stop = 614300; stop < 614400; stop++)
        for (int side = 0; side < SIDE_COUNT; side++) {
            struct host *host = host_new();
            struct order_intent intent = leg_of(0, (enum side)side, 10);
            int64_t away;

            intent.bracket_stop_ticks = stop;
            fill(host, submit(host, &intent), 10);
            away = (open_of(host, ORDER_STOP)->intent.price_ticks - stop) * -side_sign(intent.side);
            assert_true(away * 10000 <= 100 * stop);
            assert_true((away + 1) * 10000 > 100 * stop);
            host_free(host);
        }
}

static void test_a_denied_child_is_told_and_tried_again(void **state)
{
    struct host *host = host_new();
    uint64_t seq = entry(host, 10);

    (void)state;
    host->deny_sends = true;
    fill(host, seq, 10);
    assert_int_equal(order_groups_unprotected_lots(host->groups, 0, 1), 10);
    assert_int_equal(host->sent, 2);
    assert_int_equal(host->told, 2); /* stop and take-profit */
    assert_non_null(strstr(host->text[0], "not protected"));
    host->now_ns += RETRY_NS * 2;
    host->deny_sends = false;
    run(host);
    assert_int_equal(open_of(host, ORDER_STOP)->intent.qty_lots, 10);
    assert_int_equal(order_groups_unprotected_lots(host->groups, 0, 1), 0);
    host_free(host);
}

#define WAITED       200 /* times RETRY_NS */
#define TRIED_SLOWLY (WAITED >> GROUP_TRIES_MAX)

/* What is told is bounded; then it is tried at the longest distance, for as long as something is held. */
static void test_what_cannot_leave_is_tried_on_slowly(void **state)
{
    struct host *host = host_new();
    uint64_t seq = entry(host, 10);

    (void)state;
    host->deny_sends = true;
    fill(host, seq, 4);
    for (int i = 0; i < WAITED; i++) {
        host->now_ns += RETRY_NS;
        run(host);
    }
    assert_int_equal(host->sent, 2 * (GROUP_TRIES_MAX + TRIED_SLOWLY));
    assert_int_equal(host->told, 4);
    host->deny_sends = false;
    fill(host, seq, 1); /* something else is wanted: tried anew */
    assert_int_equal(open_of(host, ORDER_STOP)->intent.qty_lots, 5);
    host_free(host);
}

/* The venue finds nothing to reduce where we see a position: tried again, ever less often. */
static void test_a_stop_that_the_venue_ends_is_tried_on_slowly(void **state)
{
    struct host *host = host_new();
    uint64_t seq = entry(host, 10);

    (void)state;
    fill(host, seq, 4);
    for (int i = 0; i < WAITED; i++) {
        const struct order *stop = open_of(host, ORDER_STOP);
        struct order_event ended = {.kind = ORDER_EVENT_EXPIRED, .error = ORDER_ERROR_REDUCE_ONLY};

        if (stop != NULL) {
            ended.order_seq = stop->seq;
            assert_int_equal(answer_raw(host, ended), ERR_OK);
        }
        host->now_ns += RETRY_NS;
        run(host);
    }
    assert_int_equal(host->sent, 1 + GROUP_TRIES_MAX + TRIED_SLOWLY);
    assert_int_equal(order_groups_unprotected_lots(host->groups, 0, 1), 4);
    assert_non_null(strstr(host->text[0], "not protected"));
    host_free(host);
}

static void test_the_trader_ends_the_protection(void **state)
{
    struct host *host = host_new();
    uint64_t seq = entry(host, 10);

    (void)state;
    fill(host, seq, 4);
    cancel(host, open_of(host, ORDER_STOP)->seq);
    run(host);
    assert_null(open_of(host, ORDER_LIMIT));
    fill(host, seq, 1);
    assert_int_equal(host->sent, 2); /* none comes back */
    host_free(host);
}

static void test_a_rejected_stop_is_tried_again_and_the_take_profit_stays(void **state)
{
    struct host *host = host_new();
    uint64_t seq = entry(host, 10);

    (void)state;
    fill(host, seq, 4);
    answer(host, ORDER_EVENT_REJECTED, open_of(host, ORDER_STOP)->seq);
    assert_null(open_of(host, ORDER_STOP));
    assert_int_equal(order_groups_unprotected_lots(host->groups, 0, 1), 4);
    assert_int_equal(host->told, 1);
    assert_non_null(open_of(host, ORDER_LIMIT));
    host->now_ns += 2 * RETRY_NS;
    run(host);
    assert_non_null(open_of(host, ORDER_STOP));
    host_free(host);
}

static void test_release_and_forget(void **state)
{
    struct host *host = host_new();
    uint64_t seq = entry(host, 10);

    (void)state;
    fill(host, seq, 4);
    order_groups_release(host->groups, 1, ORDERS_ANY); /* another instrument */
    run(host);
    assert_non_null(open_of(host, ORDER_STOP));
    order_groups_release(host->groups, 0, 1); /* the position was turned round */
    run(host);
    assert_null(open_of(host, ORDER_STOP));
    assert_null(open_of(host, ORDER_LIMIT));

    seq = entry(host, 10);
    fill(host, seq, 4);
    order_groups_forget(host->groups, ORDERS_ANY, ORDERS_ANY); /* killed */
    fill(host, open_of(host, ORDER_STOP)->seq, 1);
    assert_int_equal(open_of(host, ORDER_LIMIT)->intent.qty_lots, 4); /* nobody cares any more */
    host_free(host);
}

static void test_rescale(void **state)
{
    struct host *host = host_new();
    uint64_t seq = entry(host, 10);
    struct step_change change = {.price_factor = 10, .qty_factor = 100};

    (void)state;
    fill(host, seq, 4);
    order_manager_rescale(host->orders, 0, change);
    order_groups_rescale(host->groups, 0, change);
    run(host);
    assert_int_equal(host->replaced, 0);
    fill(host, seq, 50);
    assert_int_equal(open_of(host, ORDER_STOP)->intent.qty_lots, 450);
    assert_int_equal(open_of(host, ORDER_STOP)->intent.stop_ticks, 800);
    host_free(host);
}

/* What is open of a bracket is protected by exactly as much, at every rest. */
static void test_an_ideal_venue_protects_what_filled(void **state)
{
    uint64_t random = 12;
    int64_t protected_lots = 0;

    (void)state;
    for (int story = 0; story < 3000; story++) {
        struct host *host = host_new();
        uint64_t seq = entry(host, 40);
        int64_t position = 0;

        for (int step = 0; step < 20; step++) {
            struct order *order = order_manager_find(host->orders, seq);
            const struct order *child =
                open_of(host, random_between(&random, 0, 1) == 0 ? ORDER_STOP : ORDER_LIMIT);
            int64_t what = random_between(&random, 0, 9), lots = 0;

            if (what == 0 && order != NULL) {
                answer(host, ORDER_EVENT_CANCELLED, seq);
            } else if (what < 5 && order != NULL) {
                lots = random_between(&random, 1, order_left_lots(order));
                fill(host, seq, lots);
            } else if (child != NULL) {
                lots = -random_between(&random, 1, order_left_lots(child));
                fill(host, child->seq, -lots);
            }
            position += lots;
            assert_true(position >= 0);
            for (int type = 0; type < 2; type++) {
                child = open_of(host, type == 0 ? ORDER_STOP : ORDER_LIMIT);
                assert_int_equal(child == NULL ? 0 : order_left_lots(child), position);
            }
            protected_lots += position;
        }
        assert_int_equal(host->told, 0);
        host_free(host);
    }
    assert_true(protected_lots > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_children_follow_the_fills),
        cmocka_unit_test(test_more_fills_after_the_children_are_done),
        cmocka_unit_test(test_one_sided_brackets),
        cmocka_unit_test(test_a_stop_s_worst_price_is_never_beyond_its_bound),
        cmocka_unit_test(test_a_denied_child_is_told_and_tried_again),
        cmocka_unit_test(test_what_cannot_leave_is_tried_on_slowly),
        cmocka_unit_test(test_a_stop_that_the_venue_ends_is_tried_on_slowly),
        cmocka_unit_test(test_the_trader_ends_the_protection),
        cmocka_unit_test(test_a_rejected_stop_is_tried_again_and_the_take_profit_stays),
        cmocka_unit_test(test_release_and_forget),
        cmocka_unit_test(test_rescale),
        cmocka_unit_test(test_an_ideal_venue_protects_what_filled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
