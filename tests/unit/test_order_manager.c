/* test_order_manager.c - the list of orders: sequence, bounds, history, late answers. */
#include "cmocka_all.h"
#include "exec/order_manager.h"
#include "exec/trade_ids.h"
#include "test_random.h"

#include <stdlib.h>

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
    static uint64_t trade_id;
    struct order_event ev = {.kind = kind, .order_seq = seq, .ts_ns = 9};

    ev.fill = (struct fill){
        .trade_id = ++trade_id, .order_seq = seq, .price_ticks = 1000, .qty_lots = lots, .value_e8 = lots};
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
    assert_int_equal(order_manager_open(manager, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX), 8);
    for (size_t i = 1; i < 8; i++)
        assert_true(open[i]->seq > open[i - 1]->seq);
    assert_int_equal(order_manager_open(manager, 0, ORDERS_ANY, open, ORDERS_OPEN_MAX), 5);
    assert_int_equal(order_manager_open(manager, 0, 0, open, ORDERS_OPEN_MAX), 3);
    assert_int_equal(order_manager_open(manager, ORDERS_ANY, 2, open, ORDERS_OPEN_MAX), 3);
    assert_int_equal(order_manager_open(manager, ORDERS_ANY, ORDERS_ANY, open, 3), 3);
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

/* --- repeated fills --------------------------------------------------------------------------------------- */

static enum err fill(struct order_manager *manager, uint64_t seq, uint16_t instrument_id, uint64_t trade_id,
                     int64_t lots)
{
    struct order_event ev = {.kind = ORDER_EVENT_FILL, .order_seq = seq, .ts_ns = 9};

    ev.fill = (struct fill){
        .trade_id = trade_id, .instrument_id = instrument_id, .qty_lots = lots, .value_e8 = lots};
    return order_manager_apply(manager, &ev, NULL);
}

/* G06: a trade is booked once, told again before or after the order's end. */
static void test_a_repeated_fill_is_counted_and_not_booked(void **state)
{
    struct order_manager *manager = order_manager_new();
    struct order finished[1];

    (void)state;
    add(manager, 0, 1, 10);
    assert_int_equal(fill(manager, 1, 0, 77, 4), ERR_OK);
    assert_int_equal(fill(manager, 1, 0, 77, 4), ERR_DUPLICATE);
    assert_int_equal(order_manager_find(manager, 1)->filled_lots, 4);
    assert_int_equal(fill(manager, 1, 0, 78, 6), ERR_OK);
    assert_int_equal(fill(manager, 1, 0, 78, 6), ERR_DUPLICATE); /* and no overfill */
    assert_int_equal(order_manager_finished(manager, finished, 1), 1);
    assert_int_equal(finished[0].filled_lots, 10);
    assert_int_equal(order_manager_counts(manager).duplicate_fills, 2);
    order_manager_free(manager);
}

/* Ids are the instrument's own; a trade between two orders of ours is a fill of each; 0 is no id. */
static void test_what_is_no_repetition(void **state)
{
    struct order_manager *manager = order_manager_new();

    (void)state;
    for (int i = 0; i < 3; i++)
        add(manager, i == 2, 1, 10);
    assert_int_equal(fill(manager, 1, 0, 77, 1), ERR_OK);
    assert_int_equal(fill(manager, 2, 0, 77, 1), ERR_OK);
    assert_int_equal(fill(manager, 3, 1, 77, 1), ERR_OK);
    assert_int_equal(fill(manager, 3, 1, 0, 1), ERR_OK);
    assert_int_equal(fill(manager, 3, 1, 0, 1), ERR_OK);
    order_manager_free(manager);
}

/* L07: the ledger books what the venue says was traded, though the order refuses it: told again it is no news. */
static void test_a_refused_fill_has_happened_all_the_same(void **state)
{
    struct order_manager *manager = order_manager_new();

    (void)state;
    add(manager, 0, 1, 10);
    assert_int_equal(fill(manager, 1, 0, 5, 11), ERR_BAD_DATA);
    assert_int_equal(fill(manager, 1, 0, 5, 11), ERR_DUPLICATE);
    assert_int_equal(fill(manager, 1, 0, 6, 10), ERR_OK);
    assert_int_equal(fill(manager, 9, 0, 7, 1), ERR_NOT_FOUND);
    assert_int_equal(fill(manager, 9, 0, 7, 1), ERR_DUPLICATE);
    order_manager_free(manager);
}

/* I23: the newest TRADE_IDS_MAX are known, those before are not; compared with a plain list. */
static void test_known_trades_are_bounded(void **state)
{
    struct trade_ids *ids = malloc(sizeof *ids);
    uint64_t random = 5;
    static struct order_event told[3 * TRADE_IDS_MAX];

    (void)state;
    trade_ids_init(ids);
    for (size_t i = 0; i < 3 * TRADE_IDS_MAX; i++) {
        told[i] = (struct order_event){.kind = ORDER_EVENT_FILL, .order_seq = i + 1};
        told[i].fill.trade_id = (uint64_t)random_between(&random, 1, 900);
        told[i].fill.instrument_id = (uint16_t)random_between(&random, 0, 3);
        assert_false(trade_ids_known(ids, &told[i]));
        trade_ids_remember(ids, &told[i]);
        for (int look = 0; look < 20; look++) {
            size_t at = (size_t)random_between(&random, 0, (int64_t)i);

            assert_int_equal(trade_ids_known(ids, &told[at]), at + TRADE_IDS_MAX > i);
        }
    }
    free(ids);
}

/* --- time ---------------------------------------------------------------------------------------------------- */

static void test_gtd_orders_are_due(void **state)
{
    struct order_manager *manager = order_manager_new();
    struct order *out[4];
    const int64_t times[] = {300, 100, 200};

    (void)state;
    assert_int_equal(order_manager_next_expiry_ns(manager), INT64_MAX);
    add(manager, 0, 1, 10); /* GTC */
    for (int i = 0; i < 3; i++) {
        struct order_intent intent = intent_of(0, 1, 10);

        intent.tif = TIF_GTD;
        intent.expire_ns = times[i];
        order_manager_add(manager, &intent, 5, 0);
        answer(manager, ORDER_EVENT_ACK, (uint64_t)i + 2, 0, NULL);
    }
    assert_int_equal(order_manager_next_expiry_ns(manager), 100);
    assert_int_equal(order_manager_expired(manager, 99, out, 4), 0);
    assert_int_equal(order_manager_expired(manager, 250, out, 4), 2);
    assert_int_equal(out[0]->seq, 3);
    assert_int_equal(out[1]->seq, 4);
    assert_int_equal(order_manager_expired(manager, 250, out, 1), 1); /* still due until cancelled */
    assert_int_equal(order_manager_cancel_sent(manager, 3, 250), ERR_OK);
    assert_int_equal(order_manager_cancel_sent(manager, 4, 250), ERR_OK);
    assert_int_equal(order_manager_expired(manager, 251, out, 4), 0);
    assert_int_equal(order_manager_next_expiry_ns(manager), 300);

    assert_int_equal(order_manager_expired(manager, 250 + ORDER_EXPIRE_AGAIN_NS, out, 4), 1);
    assert_int_equal(out[0]->seq, 2); /* the cancels of the others are still on their way */

    answer(manager, ORDER_EVENT_CANCEL_REJECTED, 3, 0, NULL); /* comes again, not at once */
    answer(manager, ORDER_EVENT_CANCELLED, 4, 0, NULL);
    answer(manager, ORDER_EVENT_CANCELLED, 2, 0, NULL);
    assert_int_equal(order_manager_expired(manager, 300, out, 4), 0);
    assert_int_equal(order_manager_next_expiry_ns(manager), 250 + ORDER_EXPIRE_AGAIN_NS);
    assert_int_equal(order_manager_expired(manager, 250 + ORDER_EXPIRE_AGAIN_NS, out, 4), 1);
    answer(manager, ORDER_EVENT_EXPIRED, 3, 0, NULL); /* the venue knew it after all */
    assert_int_equal(order_manager_expired(manager, INT64_MAX - 1, out, 4), 0);
    order_manager_free(manager);
}

/* G01, G09: no answer in time: UNKNOWN, asked for at once and again each time-out; an answer ends it. */
static void test_overdue_answers(void **state)
{
    struct order_manager *manager = order_manager_new();
    struct order *out[8];

    (void)state;
    for (int i = 0; i < 4; i++)
        add(manager, 0, 1, 10); /* sent at 5 */
    for (uint64_t seq = 2; seq <= 4; seq++)
        answer(manager, ORDER_EVENT_ACK, seq, 0, NULL);
    assert_int_equal(order_manager_cancel_sent(manager, 2, 50), ERR_OK);
    assert_int_equal(order_manager_replace_sent(manager, 3, 1001, 12, 60), ERR_OK);
    assert_int_equal(order_manager_overdue(manager, 104, 100, out, 8), 0);
    assert_int_equal(order_manager_overdue(manager, 105, 100, out, 8), 1);
    assert_int_equal(out[0]->seq, 1);
    assert_int_equal(out[0]->state, ORDER_STATE_UNKNOWN);
    assert_int_equal(order_manager_overdue(manager, 160, 100, out, 1), 1); /* bounded: the rest comes next */
    assert_int_equal(order_manager_overdue(manager, 160, 100, out, 8), 1);
    assert_int_equal(out[0]->seq, 3);
    assert_int_equal(order_manager_overdue(manager, 204, 100, out, 8), 0);
    assert_int_equal(order_manager_overdue(manager, 205, 100, out, 8), 1); /* once more */
    assert_int_equal(out[0]->seq, 1);
    answer(manager, ORDER_EVENT_REJECTED, 1, 0, NULL);
    answer(manager, ORDER_EVENT_CANCELLED, 2, 0, NULL);
    answer(manager, ORDER_EVENT_ACK, 3, 0, NULL); /* from before the replace: no answer to it */
    assert_int_equal(order_manager_overdue(manager, 999, 100, out, 8), 1);
    answer(manager, ORDER_EVENT_EXPIRED, 3, 0, NULL);
    assert_int_equal(order_manager_overdue(manager, 1000, 100, out, 8), 0);
    assert_int_equal(order_manager_counts(manager).lost_answers, 3);
    order_manager_free(manager);
}

static void test_requests_by_seq(void **state)
{
    struct order_manager *manager = order_manager_new();

    (void)state;
    add(manager, 0, 1, 10);
    assert_int_equal(order_manager_cancel_sent(manager, 2, 6), ERR_NOT_FOUND);
    assert_int_equal(order_manager_answer_lost(manager, 2, 6), ERR_NOT_FOUND);
    assert_int_equal(order_manager_replace_sent(manager, 2, 1, 1, 6), ERR_NOT_FOUND);
    assert_int_equal(order_manager_replace_sent(manager, 1, 1000, 12, 6), ERR_STATE); /* not working yet */
    answer(manager, ORDER_EVENT_ACK, 1, 0, NULL);
    assert_int_equal(order_manager_replace_sent(manager, 1, 1000, 0, 6), ERR_RANGE);
    assert_int_equal(order_manager_replace_sent(manager, 1, 1000, 12, 6), ERR_OK);
    assert_int_equal(order_manager_find(manager, 1)->state, ORDER_STATE_PENDING_REPLACE);
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
        cmocka_unit_test(test_a_repeated_fill_is_counted_and_not_booked),
        cmocka_unit_test(test_what_is_no_repetition),
        cmocka_unit_test(test_a_refused_fill_has_happened_all_the_same),
        cmocka_unit_test(test_known_trades_are_bounded),
        cmocka_unit_test(test_gtd_orders_are_due),
        cmocka_unit_test(test_overdue_answers),
        cmocka_unit_test(test_requests_by_seq),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
