/* test_order_manager.c - the list of orders: sequence, bounds, history, late answers. */
#include "cmocka_all.h"
#include "exec/order_manager.h"

static struct order_intent intent_of(uint16_t instrument_id, uint16_t owner, int64_t lots)
{
    return (struct order_intent){.instrument_id = instrument_id,
                                 .owner = owner,
                                 .side = SIDE_BID,
                                 .type = ORDER_LIMIT,
                                 .price_ticks = 1000,
                                 .qty_lots = lots};
}

static struct order *add(struct order_manager *manager, uint16_t instrument_id, uint16_t owner, int64_t lots)
{
    struct order_intent intent = intent_of(instrument_id, owner, lots);

    return order_manager_add(manager, &intent, 5, 2001);
}

static enum err answer(struct order_manager *manager, enum order_event_kind kind, uint64_t seq, int64_t lots,
                       struct order *out)
{
    struct order_event ev = {.kind = kind, .order_seq = seq, .ts_ns = 9};

    ev.fill = (struct fill){
        .trade_id = 1, .order_seq = seq, .price_ticks = 1000, .qty_lots = lots, .value_e8 = lots};
    return order_manager_apply(manager, &ev, out);
}

/* I3: sequences start at 1 and never repeat, also when slots are used again. */
static void test_sequences_never_repeat(void **state)
{
    struct order_manager *manager = order_manager_new();

    (void)state;
    for (uint64_t seq = 1; seq <= 1000; seq++) {
        struct order *order = add(manager, 0, 1, 10);

        assert_int_equal(order->seq, seq);
        assert_int_equal(order->state, ORDER_STATE_SENT);
        assert_int_equal(order->queue_worst_lots, -1);
        assert_int_equal(order->arrival_mid2_ticks, 2001);
        assert_int_equal(answer(manager, ORDER_EVENT_REJECTED, seq, 0, NULL), ERR_OK);
    }
    assert_int_equal(order_manager_open_count(manager), 0);
    order_manager_free(manager);
}

/* I23: one more than the bound is refused, not squeezed in; a finished one makes room. */
static void test_open_orders_are_bounded(void **state)
{
    struct order_manager *manager = order_manager_new();

    (void)state;
    for (int i = 0; i < ORDERS_OPEN_MAX; i++)
        assert_non_null(add(manager, 0, 1, 10));
    assert_null(add(manager, 0, 1, 10));
    assert_int_equal(answer(manager, ORDER_EVENT_CANCELLED, 100, 0, NULL), ERR_OK);
    assert_int_equal(add(manager, 0, 1, 10)->seq, ORDERS_OPEN_MAX + 1); /* the refused one used no number */
    order_manager_free(manager);
}

/* Oldest first and by filter, whichever slots the pool gave. */
static void test_open_goes_by_sequence(void **state)
{
    struct order_manager *manager = order_manager_new();
    struct order *open[ORDERS_OPEN_MAX];

    (void)state;
    for (uint16_t i = 0; i < 9; i++)
        add(manager, i % 2, i % 3, 10);
    answer(manager, ORDER_EVENT_CANCELLED, 2, 0, NULL);
    answer(manager, ORDER_EVENT_CANCELLED, 5, 0, NULL);
    add(manager, 0, 0, 10); /* takes the lowest free slot, and is still the newest */
    assert_int_equal(order_manager_open(manager, 0xFFFF, 0xFFFF, open, ORDERS_OPEN_MAX), 8);
    for (size_t i = 1; i < 8; i++)
        assert_true(open[i]->seq > open[i - 1]->seq);
    assert_int_equal(order_manager_open(manager, 0, 0xFFFF, open, ORDERS_OPEN_MAX), 5);
    assert_int_equal(order_manager_open(manager, 0, 0, open, ORDERS_OPEN_MAX), 3);
    assert_int_equal(order_manager_open(manager, 0xFFFF, 2, open, ORDERS_OPEN_MAX), 3);
    assert_int_equal(order_manager_open(manager, 0xFFFF, 0xFFFF, open, 3), 3);
    order_manager_free(manager);
}

/* A finished order is no longer found open; its copy says how it ended. */
static void test_filled_order_moves_to_history(void **state)
{
    struct order_manager *manager = order_manager_new();
    struct order after, finished[4];

    (void)state;
    add(manager, 0, 1, 10);
    add(manager, 0, 1, 20);
    assert_int_equal(answer(manager, ORDER_EVENT_ACK, 1, 0, &after), ERR_OK);
    assert_int_equal(after.state, ORDER_STATE_WORKING);
    assert_int_equal(answer(manager, ORDER_EVENT_FILL, 1, 4, &after), ERR_OK);
    assert_non_null(order_manager_find(manager, 1));
    assert_int_equal(answer(manager, ORDER_EVENT_FILL, 1, 6, &after), ERR_OK);
    assert_int_equal(after.state, ORDER_STATE_FILLED);
    assert_null(order_manager_find(manager, 1));
    assert_int_equal(answer(manager, ORDER_EVENT_CANCELLED, 2, 0, NULL), ERR_OK);
    assert_int_equal(order_manager_finished(manager, finished, 4), 2);
    assert_int_equal(finished[0].seq, 2); /* newest first */
    assert_int_equal(finished[1].filled_lots, 10);
    order_manager_free(manager);
}

/* I22: a fill that crossed our cancel on the wire is booked; an overfill is not, and changes nothing. */
static void test_late_fill_finds_a_cancelled_order(void **state)
{
    struct order_manager *manager = order_manager_new();
    struct order after, finished[1];

    (void)state;
    add(manager, 0, 1, 10);
    answer(manager, ORDER_EVENT_CANCELLED, 1, 0, NULL);
    assert_int_equal(answer(manager, ORDER_EVENT_FILL, 1, 10, &after), ERR_OK);
    assert_int_equal(after.state, ORDER_STATE_FILLED);
    assert_int_equal(answer(manager, ORDER_EVENT_FILL, 1, 1, &after), ERR_BAD_DATA);
    assert_int_equal(order_manager_finished(manager, finished, 1), 1);
    assert_int_equal(finished[0].filled_lots, 10);
    order_manager_free(manager);
}

static void test_unknown_orders_are_not_found(void **state)
{
    struct order_manager *manager = order_manager_new();

    (void)state;
    assert_int_equal(answer(manager, ORDER_EVENT_ACK, 1, 0, NULL), ERR_NOT_FOUND);
    assert_int_equal(answer(manager, ORDER_EVENT_ACK, 0, 0, NULL), ERR_NOT_FOUND);
    assert_null(order_manager_find(manager, 0));
    order_manager_free(manager);
    order_manager_free(NULL);
}

/* I23: the history keeps the newest; the oldest falls out and is honestly unknown. */
static void test_history_is_bounded(void **state)
{
    static struct order finished[ORDERS_FINISHED_MAX + 10];
    struct order_manager *manager = order_manager_new();
    const uint64_t all = ORDERS_FINISHED_MAX + 100;

    (void)state;
    for (uint64_t seq = 1; seq <= all; seq++) {
        add(manager, 0, 1, 10);
        answer(manager, ORDER_EVENT_CANCELLED, seq, 0, NULL);
    }
    assert_int_equal(order_manager_finished(manager, finished, ORDERS_FINISHED_MAX + 10),
                     ORDERS_FINISHED_MAX);
    assert_int_equal(finished[0].seq, all);
    assert_int_equal(finished[ORDERS_FINISHED_MAX - 1].seq, 101);
    assert_int_equal(answer(manager, ORDER_EVENT_CANCELLED, 100, 0, NULL), ERR_NOT_FOUND);
    assert_int_equal(answer(manager, ORDER_EVENT_CANCELLED, 101, 0, NULL), ERR_OK);
    order_manager_free(manager);
}

/* A refined step multiplies what is counted in it, of that instrument alone. */
static void test_rescale(void **state)
{
    struct order_manager *manager = order_manager_new();
    struct step_change change = {.price_factor = 10, .qty_factor = 100};
    struct order finished[1];

    (void)state;
    add(manager, 7, 1, 10);
    add(manager, 7, 1, 10)->queue_worst_lots = 3;
    add(manager, 8, 1, 10);
    answer(manager, ORDER_EVENT_FILL, 1, 10, NULL);
    order_manager_rescale(manager, 7, change);
    assert_int_equal(order_manager_find(manager, 2)->intent.price_ticks, 10000);
    assert_int_equal(order_manager_find(manager, 2)->intent.qty_lots, 1000);
    assert_int_equal(order_manager_find(manager, 2)->arrival_mid2_ticks, 20010);
    assert_int_equal(order_manager_find(manager, 2)->queue_worst_lots, 300);
    assert_int_equal(order_manager_find(manager, 2)->queue_expected_lots, -1); /* unknown stays unknown */
    assert_int_equal(order_manager_find(manager, 3)->intent.qty_lots, 10);
    order_manager_finished(manager, finished, 1);
    assert_int_equal(finished[0].filled_lots, 1000);
    order_manager_free(manager);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sequences_never_repeat),
        cmocka_unit_test(test_open_orders_are_bounded),
        cmocka_unit_test(test_open_goes_by_sequence),
        cmocka_unit_test(test_filled_order_moves_to_history),
        cmocka_unit_test(test_late_fill_finds_a_cancelled_order),
        cmocka_unit_test(test_unknown_orders_are_not_found),
        cmocka_unit_test(test_history_is_bounded),
        cmocka_unit_test(test_rescale),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
