/* test_order.c - every transition of the order state machine, and what no venue can have said. */
#include "unit/order_answers.h"
#include "unit/test_random.h"

/* The answers of the listing; some kinds have more than one meaning. */
enum answer {
    ACK,
    FILL_ONE,
    FILL_REST,
    OVERFILL,
    CANCELLED,
    REJECTED,
    EXPIRED,
    TRIGGERED,
    REPLACED,        /* to ASKED */
    CANCEL_REFUSED,  /* for a reason that leaves the order as it was */
    CANCEL_NO_ORDER, /* because the venue knows none */
    REPLACE_REFUSED,
    REPLACE_NO_ORDER,
    ANSWERS
};

static const char letters[ORDER_STATES + 1] = "swcrFCERU";

static struct order_event answer_of(enum answer answer, const struct order *order)
{
    static const enum order_event_kind kinds[ANSWERS] = {
        [ACK] = ORDER_EVENT_ACK,
        [CANCELLED] = ORDER_EVENT_CANCELLED,
        [REJECTED] = ORDER_EVENT_REJECTED,
        [EXPIRED] = ORDER_EVENT_EXPIRED,
        [TRIGGERED] = ORDER_EVENT_TRIGGERED,
        [CANCEL_REFUSED] = ORDER_EVENT_CANCEL_REJECTED,
        [CANCEL_NO_ORDER] = ORDER_EVENT_CANCEL_REJECTED,
        [REPLACE_REFUSED] = ORDER_EVENT_REPLACE_REJECTED,
        [REPLACE_NO_ORDER] = ORDER_EVENT_REPLACE_REJECTED,
    };
    int64_t most = order->state == ORDER_STATE_PENDING_REPLACE ? ASKED : QTY;
    struct order_event ev;

    if (answer == FILL_ONE)
        return fill_of(1);
    if (answer == FILL_REST)
        return fill_of(most - order->filled_lots);
    if (answer == OVERFILL)
        return fill_of(most - order->filled_lots + 1);
    if (answer == REPLACED)
        return replaced_to(101, ASKED);
    ev = event_of(kinds[answer]);
    if (answer == CANCEL_NO_ORDER || answer == REPLACE_NO_ORDER)
        ev.error = ORDER_ERROR_NOT_FOUND;
    return ev;
}

/*
 * What must become of it, written down apart from the table of order.c: a letter is the state after the answer,
 * '!' is refused. s sent, w working, c cancelling, r replacing, F filled, C cancelled, E expired, R rejected,
 * U unknown. Columns: ack, fill of one, fill of the rest, overfill, cancelled, rejected, expired, triggered,
 * replaced, cancel refused, cancel of no order, replace refused, replace of no order.
 */
static const struct {
    enum order_state from;
    int64_t filled;
    const char *to;
} listing[] = {
    {ORDER_STATE_SENT, 0, "wwF!CREwwss!!"},
    {ORDER_STATE_WORKING, 0, "wwF!CREwwwwww"},
    {ORDER_STATE_WORKING, PART, "wwF!C!Ewwwwww"},
    {ORDER_STATE_PENDING_CANCEL, 0, "ccF!CREccwUcc"},
    {ORDER_STATE_PENDING_CANCEL, PART, "ccF!C!EccwUcc"},
    {ORDER_STATE_PENDING_REPLACE, 0, "rrF!CRErwrrwU"},
    {ORDER_STATE_PENDING_REPLACE, PART, "rrF!C!ErwrrwU"},
    {ORDER_STATE_FILLED, QTY, "F!!!F!FF!FFFF"},
    {ORDER_STATE_CANCELLED, 0, "CCF!CCCCCCCCC"},
    {ORDER_STATE_CANCELLED, PART, "CCF!C!CCCCCCC"},
    {ORDER_STATE_EXPIRED, 0, "EEF!EEEEEEEEE"},
    {ORDER_STATE_EXPIRED, PART, "EEF!E!EEEEEEE"},
    {ORDER_STATE_REJECTED, 0, "R!!!RRRRRRRRR"},
    {ORDER_STATE_UNKNOWN, 0, "wUF!CREUwUUUU"},
    {ORDER_STATE_UNKNOWN, PART, "wUF!C!EUwUUUU"},
};

static void check_cell(enum order_state from, int64_t filled, enum answer answer, char to)
{
    struct order before = order_in(from, filled), order = before;
    struct order_event ev = answer_of(answer, &order);
    enum err err = order_apply(&order, &ev);

    if (to == '!') {
        if (err != ERR_BAD_DATA)
            fail_msg("from %s by answer %d: err %d", order_state_word(from), (int)answer, (int)err);
        assert_memory_equal(&order, &before, sizeof order);
        return;
    }
    if (err != ERR_OK || letters[order.state] != to)
        fail_msg("from %s filled %d by answer %d: err %d, now %s", order_state_word(from), (int)filled,
                 (int)answer, (int)err, order_state_word(order.state));
    assert_int_equal(order.filled_lots, before.filled_lots + ev.fill.qty_lots);
    assert_int_equal(order.filled_value_e8, before.filled_value_e8 + ev.fill.value_e8);
    assert_int_equal(order.updated_ns, 9);
    if (answer == REPLACED && from != ORDER_STATE_REJECTED) {
        assert_int_equal(order.intent.qty_lots, ASKED);
        assert_int_equal(order.intent.price_ticks, 101);
    }
    if (answer == TRIGGERED)
        assert_int_equal(order.triggered, from != ORDER_STATE_REJECTED);
}

static void test_every_cell_is_as_listed(void **state)
{
    unsigned seen = 0;

    (void)state;
    for (size_t i = 0; i < sizeof listing / sizeof listing[0]; i++) {
        seen |= 1u << listing[i].from;
        assert_int_equal(strlen(listing[i].to), ANSWERS);
        for (int answer = 0; answer < ANSWERS; answer++)
            check_cell(listing[i].from, listing[i].filled, (enum answer)answer, listing[i].to[answer]);
    }
    assert_int_equal(seen, (1u << ORDER_STATES) - 1); /* the listing names every state */
}

/* G04: a venue says "no such order" of what is still on its way, and of what its data base has not seen yet. */
static void test_no_such_order_is_believed_late(void **state)
{
    struct order order = order_in(ORDER_STATE_UNKNOWN, 0), filled = order_in(ORDER_STATE_UNKNOWN, PART);
    struct order_event ev = event_of(ORDER_EVENT_REJECTED);

    (void)state;
    order.acked_ns = 0;
    ev.error = ORDER_ERROR_NOT_FOUND;
    ev.ts_ns = order.sent_ns + ORDER_CONCLUDE_NS - 1;
    assert_int_equal(order_apply(&order, &ev), ERR_OK);
    assert_int_equal(order.state, ORDER_STATE_UNKNOWN);
    assert_int_equal(order_open_lots(&order), QTY); /* its exposure stays reserved */
    ev.ts_ns++;
    assert_int_equal(order_apply(&order, &ev), ERR_OK);
    assert_int_equal(order.state, ORDER_STATE_REJECTED);
    assert_int_equal(order_apply(&filled, &ev), ERR_OK); /* the venue knew it once */
    assert_int_equal(filled.state, ORDER_STATE_UNKNOWN);
}

/* A rejection that is our own conclusion is not final in silence: a sign of life halts. The venue's word is. */
static void test_an_order_that_lives_after_all(void **state)
{
    static const enum order_error concluded[] = {ORDER_ERROR_NOT_FOUND, ORDER_ERROR_UNREACHABLE,
                                                 ORDER_ERROR_KILLED};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct order order = order_in(ORDER_STATE_REJECTED, 0);

        order.error = concluded[i];
        assert_int_equal(apply(&order, event_of(ORDER_EVENT_ACK)), ERR_BAD_DATA);
        assert_int_equal(apply(&order, event_of(ORDER_EVENT_TRIGGERED)), ERR_BAD_DATA);
        assert_int_equal(apply(&order, replaced_to(100, 12)), ERR_BAD_DATA);
        assert_int_equal(apply(&order, event_of(ORDER_EVENT_CANCELLED)), ERR_OK); /* it ended: no harm */
        order.acked_ns = 1;                                                       /* heard of before */
        assert_int_equal(apply(&order, event_of(ORDER_EVENT_ACK)), ERR_OK);
    }
}

/* Limit 100, trigger 50, moved to 77: what a replace names, what it leaves, and what the order is called by. */
static const struct prices_of_type {
    int64_t terms, limit_then, stop_then, shown, shown_set_off;
} prices_of_type[ORDER_TYPES] = {
    [ORDER_LIMIT] = {100, 77, 50, 100, 100},      [ORDER_MARKET] = {100, 77, 50, 100, 100},
    [ORDER_STOP] = {50, 100, 77, 50, 50},         [ORDER_STOP_LIMIT] = {100, 77, 50, 50, 100},
    [ORDER_TAKE_PROFIT] = {50, 100, 77, 50, 50},  [ORDER_TAKE_PROFIT_LIMIT] = {100, 77, 50, 50, 100},
    [ORDER_TRAILING_STOP] = {0, 100, 50, 50, 50},
};

static void test_the_price_an_order_is_called_by(void **state)
{
    (void)state;
    for (int type = 0; type < ORDER_TYPES; type++) {
        struct order order = order_in(ORDER_STATE_WORKING, 0);

        order.intent.type = (enum order_type)type;
        order.intent.stop_ticks = 50;
        assert_int_equal(order_intent_ticks(&order.intent), prices_of_type[type].shown);
        assert_int_equal(order_shown_ticks(&order), prices_of_type[type].shown);
        order.triggered = order_type_is_triggered(order.intent.type);
        assert_int_equal(order_shown_ticks(&order), prices_of_type[type].shown_set_off);
    }
}

static void test_only_what_waits_is_triggered(void **state)
{
    (void)state;
    for (int at = 0; at < ORDER_STATES; at++) {
        struct order order = order_in((enum order_state)at, 0);

        order.intent.type = ORDER_LIMIT;
        assert_int_equal(apply(&order, event_of(ORDER_EVENT_TRIGGERED)),
                         at == ORDER_STATE_REJECTED ? ERR_OK : ERR_BAD_DATA);
        assert_false(order.triggered);
    }
}

static void test_impossible_fills_are_refused(void **state)
{
    struct order before = order_in(ORDER_STATE_WORKING, 0), order = before;
    struct order_event ev = fill_of(0);

    (void)state;
    assert_int_equal(order_apply(&order, &ev), ERR_BAD_DATA);
    ev.fill.qty_lots = -1;
    assert_int_equal(order_apply(&order, &ev), ERR_BAD_DATA);
    ev.fill.qty_lots = INT64_MAX;
    assert_int_equal(order_apply(&order, &ev), ERR_BAD_DATA);
    ev.fill.qty_lots = 1;
    ev.fill.value_e8 = -1;
    assert_int_equal(order_apply(&order, &ev), ERR_BAD_DATA);
    assert_memory_equal(&order, &before, sizeof order);

    order.filled_value_e8 = INT64_MAX;
    ev.fill.value_e8 = 1;
    assert_int_equal(order_apply(&order, &ev), ERR_OVERFLOW);
    assert_int_equal(order.filled_lots, 0);
}

static void test_what_we_do_ourselves(void **state)
{
    (void)state;
    for (int from = 0; from < ORDER_STATES; from++) {
        struct order order = order_in((enum order_state)from, 0);
        bool open = strchr("swcrU", letters[from]) != NULL, working = letters[from] == 'w';
        bool again = letters[from] == 'c'; /* its answer is due since the first try */

        assert_int_equal(order_is_open(&order), open);
        assert_int_equal(order_cancel_sent(&order, 11), open ? ERR_OK : ERR_STATE);
        assert_int_equal(order.state, open ? ORDER_STATE_PENDING_CANCEL : (enum order_state)from);
        assert_int_equal(order.updated_ns, open ? 11 : KEEPS_TIME);
        assert_int_equal(order.asked_ns, open && !again ? 11 : 0);

        order = order_in((enum order_state)from, 0);
        assert_int_equal(order_answer_lost(&order, 12), open ? ERR_OK : ERR_STATE);
        assert_int_equal(order.state, open ? ORDER_STATE_UNKNOWN : (enum order_state)from);

        order = order_in((enum order_state)from, 0);
        assert_int_equal(order_replace_sent(&order, 90, 12, 13), working ? ERR_OK : ERR_STATE);
        assert_int_equal(order.state, working ? ORDER_STATE_PENDING_REPLACE : (enum order_state)from);
        assert_int_equal(order.asked_ns, working ? 13 : 0);
    }
}

/* A cancel that overtook its order: refused, it is as it was, still without an ack. */
static void test_a_refused_cancel_leaves_what_was(void **state)
{
    struct order order = order_in(ORDER_STATE_SENT, 0);

    (void)state;
    assert_int_equal(order_cancel_sent(&order, 6), ERR_OK);
    assert_int_equal(apply(&order, event_of(ORDER_EVENT_CANCEL_REJECTED)), ERR_OK);
    assert_int_equal(order.state, ORDER_STATE_SENT);
    order = order_in(ORDER_STATE_PENDING_REPLACE, 0);
    assert_int_equal(order_cancel_sent(&order, 6), ERR_OK);
    assert_int_equal(order_open_lots(&order), ASKED); /* the replace is still on its way */
    assert_int_equal(apply(&order, event_of(ORDER_EVENT_CANCEL_REJECTED)), ERR_OK);
    assert_int_equal(order.state, ORDER_STATE_PENDING_REPLACE);
}

/* Whatever comes in whatever order, lies included: never overfilled, never reopened, what is refused changes
 * nothing. */
static void test_any_answers_keep_the_invariants(void **state)
{
    uint64_t random = 99;

    (void)state;
    for (int run = 0; run < 20000; run++) {
        struct order order = order_in(ORDER_STATE_SENT, 0);

        for (int step = 0; step < 30; step++) {
            struct order before = order;
            struct order_event ev = answer_of((enum answer)random_between(&random, 0, ANSWERS - 1), &order);
            int64_t ours = random_between(&random, 0, 9);
            enum err err = ERR_OK;

            ev.ts_ns = random_between(&random, 1, 50);
            ev.qty_lots = ev.kind == ORDER_EVENT_REPLACED ? random_between(&random, 0, 30) : 0;
            if (ours == 0)
                order_cancel_sent(&order, step);
            else if (ours == 1)
                order_replace_sent(&order, 100, random_between(&random, 1, 30), step);
            else if (ours == 2)
                order_answer_lost(&order, step);
            else
                err = order_apply(&order, &ev);
            assert_true(order.filled_lots >= before.filled_lots);
            assert_true(order.filled_lots <= order.intent.qty_lots ||
                        order.filled_lots <= order.replace_qty_lots);
            assert_true(order.state != ORDER_STATE_FILLED || order.filled_lots >= order.intent.qty_lots);
            assert_true(order.state != ORDER_STATE_REJECTED || order.filled_lots == 0);
            assert_int_equal(order.filled_value_e8, order.filled_lots * 100);
            assert_true(order_open_lots(&order) >= 0 && order_left_lots(&order) >= 0);
            if (!order_is_open(&before))
                assert_true(order.state == before.state ||
                            (order.state == ORDER_STATE_FILLED && before.state != ORDER_STATE_REJECTED));
            if (err != ERR_OK)
                assert_memory_equal(&order, &before, sizeof order);
        }
    }
}

/* A number that is no state or answer, from a damaged file: refused, named "?", never followed. */
static void test_what_is_no_state_is_refused(void **state)
{
    static const char *const words[ORDER_STATES] = {"sent",      "working",  "cancelling",
                                                    "replacing", "filled",   "cancelled",
                                                    "expired",   "rejected", "unknown"};
    struct order order = order_in(ORDER_STATE_WORKING, 0);
    struct order_event ev = event_of(ORDER_EVENT_ACK);

    (void)state;
    for (int at = 0; at < ORDER_STATES; at++)
        assert_string_equal(order_state_word((enum order_state)at), words[at]);
    assert_string_equal(order_state_word(ORDER_STATES), "?");
    for (int error = 0; error < ORDER_ERRORS; error++)
        assert_string_not_equal(order_error_word((enum order_error)error), "?");
    assert_string_equal(order_error_word(ORDER_ERRORS), "?");

    ev.kind = (enum order_event_kind)99;
    assert_int_equal(order_apply(&order, &ev), ERR_BAD_DATA);
    order.state = (enum order_state)99;
    assert_false(order_is_open(&order));
    assert_int_equal(order_cancel_sent(&order, 1), ERR_STATE);
    for (int answer = 0; answer < ANSWERS; answer++) {
        ev = answer_of((enum answer)answer, &order);
        assert_int_equal(order_apply(&order, &ev), ERR_BAD_DATA);
        assert_int_equal(order.state, 99);
    }
}

/* An answer that was overtaken does not turn the clock back. */
static void test_time_of_the_order_never_falls(void **state)
{
    struct order order = order_in(ORDER_STATE_SENT, 0);
    struct order_event ev = event_of(ORDER_EVENT_ACK);

    (void)state;
    ev.ts_ns = KEEPS_TIME - 1;
    assert_int_equal(order_apply(&order, &ev), ERR_OK);
    assert_int_equal(order.updated_ns, KEEPS_TIME);
    assert_int_equal(order.acked_ns, KEEPS_TIME - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_cell_is_as_listed),
        cmocka_unit_test(test_no_such_order_is_believed_late),
        cmocka_unit_test(test_an_order_that_lives_after_all),
        cmocka_unit_test(test_the_price_an_order_is_called_by),
        cmocka_unit_test(test_only_what_waits_is_triggered),
        cmocka_unit_test(test_impossible_fills_are_refused),
        cmocka_unit_test(test_what_we_do_ourselves),
        cmocka_unit_test(test_a_refused_cancel_leaves_what_was),
        cmocka_unit_test(test_any_answers_keep_the_invariants),
        cmocka_unit_test(test_what_is_no_state_is_refused),
        cmocka_unit_test(test_time_of_the_order_never_falls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
