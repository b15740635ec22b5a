/* test_order_group.c - OCO and bracket against a venue that does at once what it is asked, and against worse ones. */
#include "cmocka_all.h"
#include "exec/order_group.h"
#include "exec/order_manager.h"
#include "test_random.h"

#include <string.h>

#define RETRY_NS 100
#define TOLD_MAX 32

struct host {
    struct order_manager *orders;
    struct order_groups *groups;
    struct group_actions actions;
    int64_t now_ns;
    uint64_t trade_id;
    bool deny_sends, refuse_replaces, refuse_cancels, slow; /* slow: requests are not answered */
    int sent, replaced, cancelled, told;
    const char *text[TOLD_MAX];
    struct order last; /* after the newest answer */
};

static struct host *host_new(void)
{
    static struct host host;
    struct order_group_params params = {.stop_worst_bp = 100, .retry_ns = RETRY_NS};

    memset(&host, 0, sizeof host);
    host.orders = order_manager_new();
    host.groups = order_groups_new(&params);
    host.now_ns = 1000;
    return &host;
}

static void host_free(struct host *host)
{
    order_manager_free(host->orders);
    order_groups_free(host->groups);
}

static void run(struct host *host);

static enum err answer_raw(struct host *host, struct order_event ev)
{
    enum err err;

    ev.ts_ns = ++host->now_ns;
    err = order_manager_apply(host->orders, &ev, &host->last);
    if (err == ERR_OK)
        assert_int_equal(order_groups_see(host->groups, &host->last), ERR_OK);
    return err;
}

static void answer(struct host *host, enum order_event_kind kind, uint64_t seq)
{
    assert_int_equal(answer_raw(host, (struct order_event){.kind = kind, .order_seq = seq}), ERR_OK);
    run(host);
}

static void fill(struct host *host, uint64_t seq, int64_t lots)
{
    struct order_event ev = {.kind = ORDER_EVENT_FILL, .order_seq = seq};

    ev.fill = (struct fill){.trade_id = ++host->trade_id, .qty_lots = lots, .value_e8 = lots};
    assert_int_equal(answer_raw(host, ev), ERR_OK);
    run(host);
}

static uint64_t submit(struct host *host, const struct order_intent *intent)
{
    struct order *order = order_manager_add(host->orders, intent, host->now_ns, 0);
    uint64_t seq;

    assert_non_null(order);
    seq = order->seq;
    assert_int_equal(order_groups_see(host->groups, order), ERR_OK);
    assert_int_equal(answer_raw(host, (struct order_event){.kind = ORDER_EVENT_ACK, .order_seq = seq}),
                     ERR_OK);
    return seq;
}

static void replace(struct host *host, uint64_t seq, int64_t price, int64_t lots)
{
    struct order_event ev = {
        .kind = ORDER_EVENT_REPLACED, .order_seq = seq, .price_ticks = price, .qty_lots = lots};

    assert_int_equal(order_manager_replace_sent(host->orders, seq, price, lots, host->now_ns), ERR_OK);
    order_groups_see(host->groups, order_manager_find(host->orders, seq));
    host->replaced++;
    if (host->refuse_replaces)
        ev = (struct order_event){.kind = ORDER_EVENT_REPLACE_REJECTED, .order_seq = seq};
    if (!host->slow)
        assert_int_equal(answer_raw(host, ev), ERR_OK);
}

static void cancel(struct host *host, uint64_t seq)
{
    struct order_event ev = {.kind = ORDER_EVENT_CANCELLED, .order_seq = seq};

    assert_int_equal(order_manager_cancel_sent(host->orders, seq, host->now_ns), ERR_OK);
    order_groups_see(host->groups, order_manager_find(host->orders, seq));
    host->cancelled++;
    if (host->refuse_cancels)
        ev.kind = ORDER_EVENT_CANCEL_REJECTED;
    if (!host->slow)
        assert_int_equal(answer_raw(host, ev), ERR_OK);
}

/* Does what is asked for until nothing is. */
static void run(struct host *host)
{
    for (int round = 0; round < 100; round++) {
        order_groups_run(host->groups, host->now_ns, &host->actions);
        if (host->actions.count == 0)
            return;
        for (size_t i = 0; i < host->actions.count; i++) {
            const struct group_action action = host->actions.action[i];

            if (action.kind == GROUP_TELL)
                host->text[host->told++ % TOLD_MAX] = action.text;
            if (action.kind == GROUP_SEND) {
                host->sent++;
                assert_int_equal(order_groups_check(host->groups, &action.intent), ERR_OK);
                if (!host->deny_sends)
                    submit(host, &action.intent);
            }
            if (action.kind == GROUP_REPLACE)
                replace(host, action.seq, action.price_ticks, action.qty_lots);
            if (action.kind == GROUP_CANCEL)
                cancel(host, action.seq);
        }
    }
    fail_msg("never at rest");
}

static struct order_intent leg_of(uint64_t group, enum side side, int64_t lots)
{
    return (struct order_intent){.owner = 1,
                                 .side = side,
                                 .type = ORDER_LIMIT,
                                 .price_ticks = side == SIDE_BID ? 90 : 110,
                                 .qty_lots = lots,
                                 .group = group};
}

static uint64_t oco(struct host *host, uint64_t group, enum side side, int64_t lots)
{
    struct order_intent intent = leg_of(group, side, lots);
    uint64_t seq;

    assert_int_equal(order_groups_check(host->groups, &intent), ERR_OK);
    seq = submit(host, &intent);
    run(host);
    return seq;
}

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
    assert_int_equal(order_groups_check(host->groups, &intent), ERR_FULL);
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

static void test_tries_are_bounded(void **state)
{
    struct host *host = host_new();
    uint64_t seq = entry(host, 10);

    (void)state;
    host->deny_sends = true;
    fill(host, seq, 4);
    for (int i = 0; i < 200; i++) {
        host->now_ns += RETRY_NS;
        run(host);
    }
    assert_int_equal(host->sent, 2 * GROUP_TRIES_MAX);
    assert_int_equal(host->told, 4);
    host->deny_sends = false;
    fill(host, seq, 1); /* something else is wanted: tried anew */
    assert_int_equal(open_of(host, ORDER_STOP)->intent.qty_lots, 5);
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
        cmocka_unit_test(test_a_fill_of_one_makes_the_other_smaller),
        cmocka_unit_test(test_an_end_ends_the_others),
        cmocka_unit_test(test_a_late_leg),
        cmocka_unit_test(test_the_trader_amends_a_leg),
        cmocka_unit_test(test_a_race_is_told),
        cmocka_unit_test(test_a_refused_reduction_ends_in_a_cancel),
        cmocka_unit_test(test_a_refused_cancel_is_tried_again_and_told),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_children_follow_the_fills),
        cmocka_unit_test(test_more_fills_after_the_children_are_done),
        cmocka_unit_test(test_one_sided_brackets),
        cmocka_unit_test(test_a_stop_s_worst_price_is_never_beyond_its_bound),
        cmocka_unit_test(test_a_denied_child_is_told_and_tried_again),
        cmocka_unit_test(test_tries_are_bounded),
        cmocka_unit_test(test_the_trader_ends_the_protection),
        cmocka_unit_test(test_a_rejected_stop_is_tried_again_and_the_take_profit_stays),
        cmocka_unit_test(test_release_and_forget),
        cmocka_unit_test(test_rescale),
        cmocka_unit_test(test_an_ideal_venue_never_fills_both),
        cmocka_unit_test(test_an_ideal_venue_protects_what_filled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
