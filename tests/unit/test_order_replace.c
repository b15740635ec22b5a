/* test_order_replace.c - new terms of an order: what answers them, what is late, and which price they name. */
#include "unit/order_answers.h"

/* A fill may overtake the answer to the replace that made room for it. */
static void test_fills_around_a_replace(void **state)
{
    struct order order = order_in(ORDER_STATE_WORKING, 0), first;

    (void)state;
    assert_int_equal(order_replace_sent(&order, 101, ASKED, 8), ERR_OK);
    assert_int_equal(order_open_lots(&order), ASKED); /* what may happen counts */
    assert_int_equal(apply(&order, fill_of(QTY)), ERR_OK);
    assert_int_equal(order.state,
                     ORDER_STATE_PENDING_REPLACE); /* not the end: more may have been made of it */
    first = order;
    assert_int_equal(apply(&order, event_of(ORDER_EVENT_REPLACE_REJECTED)), ERR_OK);
    assert_int_equal(order.state, ORDER_STATE_FILLED);

    order = first;
    assert_int_equal(apply(&order, fill_of(2)), ERR_OK);
    assert_int_equal(order_left_lots(&order), 0);
    assert_int_equal(order_open_lots(&order), ASKED - QTY - 2);
    assert_int_equal(apply(&order, event_of(ORDER_EVENT_REPLACE_REJECTED)), ERR_BAD_DATA);
    assert_int_equal(apply(&order, replaced_to(101, ASKED)), ERR_OK);
    assert_int_equal(order.state, ORDER_STATE_WORKING);
    assert_int_equal(apply(&order, fill_of(2)), ERR_OK);
    assert_int_equal(order.state, ORDER_STATE_FILLED);
    assert_int_equal(apply(&order, replaced_to(101, ASKED)), ERR_OK); /* told again */
    assert_int_equal(apply(&order, replaced_to(101, ASKED + 1)),
                     ERR_BAD_DATA); /* more is open than we know */
}

/* The end overtook the new terms, and a fill both. */
static void test_terms_after_the_end(void **state)
{
    struct order order = order_in(ORDER_STATE_PENDING_REPLACE, 0);

    (void)state;
    assert_int_equal(apply(&order, event_of(ORDER_EVENT_CANCELLED)), ERR_OK);
    assert_int_equal(order_open_lots(&order), 0);
    assert_int_equal(apply(&order, fill_of(QTY + 1)), ERR_OK);
    assert_int_equal(order.state, ORDER_STATE_CANCELLED);
    assert_int_equal(apply(&order, replaced_to(101, ASKED)), ERR_OK);
    assert_int_equal(order.state, ORDER_STATE_CANCELLED);
    assert_int_equal(apply(&order, fill_of(ASKED - QTY - 1)), ERR_OK);
    assert_int_equal(order.state, ORDER_STATE_FILLED);
    assert_int_equal(apply(&order, fill_of(1)), ERR_BAD_DATA);
}

static void test_old_terms_do_not_come_back(void **state)
{
    struct order order = order_in(ORDER_STATE_WORKING, 0);
    struct order_event first = replaced_to(101, 8), second = replaced_to(102, 12);

    (void)state;
    second.ts_ns = 20;
    assert_int_equal(order_replace_sent(&order, 101, 8, 8), ERR_OK);
    assert_int_equal(apply(&order, first), ERR_OK);
    assert_int_equal(order_replace_sent(&order, 102, 12, 15), ERR_OK);
    assert_int_equal(apply(&order, first), ERR_OK); /* again, while the second is on its way */
    assert_int_equal(order.state, ORDER_STATE_PENDING_REPLACE);
    assert_int_equal(apply(&order, second), ERR_OK);
    assert_int_equal(apply(&order, first), ERR_OK); /* and once more */
    assert_int_equal(order.intent.qty_lots, 12);
    assert_int_equal(order.intent.price_ticks, 102);
    assert_int_equal(order.state, ORDER_STATE_WORKING);
}

/* What happened before our replace was sent is no answer to it, whenever it comes. */
static void test_an_earlier_replace_does_not_answer_the_newest(void **state)
{
    struct order order = order_in(ORDER_STATE_WORKING, 0);
    struct order_event terms = replaced_to(103, 11), refused = event_of(ORDER_EVENT_REPLACE_REJECTED);

    (void)state;
    assert_int_equal(order_replace_sent(&order, 101, ASKED, 20), ERR_OK);
    assert_int_equal(apply(&order, refused), ERR_OK); /* of 9 */
    assert_int_equal(apply(&order, terms), ERR_OK);
    assert_int_equal(order.intent.qty_lots, 11); /* news all the same */
    assert_int_equal(order.state, ORDER_STATE_PENDING_REPLACE);
    assert_int_equal(order_open_lots(&order), ASKED);
    refused.ts_ns = 21;
    assert_int_equal(apply(&order, refused), ERR_OK);
    assert_int_equal(order.state, ORDER_STATE_WORKING);
    assert_int_equal(order_open_lots(&order), 11);

    assert_int_equal(order_replace_sent(&order, 101, ASKED, 30), ERR_OK);
    terms = replaced_to(101, ASKED); /* just what was asked for: a venue's clock may be behind */
    terms.ts_ns = 25;
    assert_int_equal(apply(&order, terms), ERR_OK);
    assert_int_equal(order.state, ORDER_STATE_WORKING);
}

/* A replace to the very terms it has, answered within the same nanosecond, is answered all the same. */
static void test_a_replace_to_the_same_terms(void **state)
{
    struct order order = order_in(ORDER_STATE_WORKING, 0);

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(order_replace_sent(&order, 101, 12, 9), ERR_OK);
        assert_int_equal(apply(&order, replaced_to(101, 12)), ERR_OK);
        assert_int_equal(order.state, ORDER_STATE_WORKING);
        assert_int_equal(order_open_lots(&order), 12);
    }
}

/* New terms may not be less than what has filled; no terms at all are none. */
static void test_impossible_terms_are_refused(void **state)
{
    struct order before = order_in(ORDER_STATE_WORKING, PART), order = before;

    (void)state;
    assert_int_equal(apply(&order, replaced_to(100, PART - 1)), ERR_BAD_DATA);
    assert_int_equal(apply(&order, replaced_to(0, QTY)), ERR_BAD_DATA);
    assert_int_equal(apply(&order, replaced_to(-1, QTY)), ERR_BAD_DATA);
    assert_int_equal(order_replace_sent(&order, 100, PART, 8), ERR_RANGE); /* that is a cancel */
    assert_int_equal(order_replace_sent(&order, 0, QTY, 8), ERR_RANGE);
    assert_memory_equal(&order, &before, sizeof order);
    assert_int_equal(apply(&order, replaced_to(100, PART)), ERR_OK); /* the venue took away what was left */
    assert_int_equal(order.state, ORDER_STATE_FILLED);
}

/* Limit 100, trigger 50, moved to 77: what a replace names, what it leaves, and what the order is called by. */
static const struct prices_of_type {
    int64_t terms, limit_then, stop_then, shown, shown_set_off;
} prices_of_type[ORDER_TYPES] = {
    [ORDER_LIMIT] = {100, 77, 50, 100, 100},      [ORDER_MARKET] = {100, 77, 50, 100, 100},
    [ORDER_STOP] = {50, 154, 77, 50, 50},         [ORDER_STOP_LIMIT] = {100, 77, 50, 50, 100},
    [ORDER_TAKE_PROFIT] = {50, 154, 77, 50, 50},  [ORDER_TAKE_PROFIT_LIMIT] = {100, 77, 50, 50, 100},
    [ORDER_TRAILING_STOP] = {0, 100, 50, 50, 50},
};

static void test_the_price_that_a_replace_names(void **state)
{
    (void)state;
    for (int type = 0; type < ORDER_TYPES; type++) {
        const struct prices_of_type *want = &prices_of_type[type];
        struct order order = order_in(ORDER_STATE_WORKING, 0);
        struct order_intent moved;

        order.intent.type = (enum order_type)type;
        order.intent.stop_ticks = 50;
        moved = order.intent;
        order_intent_move(&moved, 77);
        assert_int_equal(order_terms_ticks(&order.intent), want->terms);
        assert_int_equal(apply(&order, replaced_to(77, QTY + 1)), ERR_OK);
        assert_int_equal(order.intent.qty_lots, QTY + 1);
        assert_int_equal(order.intent.stop_ticks, want->stop_then);
        assert_int_equal(order.intent.price_ticks, want->limit_then);
        assert_int_equal(moved.stop_ticks, want->stop_then);
        assert_int_equal(moved.price_ticks, want->limit_then);
    }
}

/* It stands where the market took it: a replace asks for a size, and no answer moves it. */
static void test_a_trailing_stop_takes_a_size_alone(void **state)
{
    struct order order = order_in(ORDER_STATE_WORKING, 0);
    struct order_event set_off = event_of(ORDER_EVENT_TRIGGERED);

    (void)state;
    order.intent.type = ORDER_TRAILING_STOP;
    assert_int_equal(order_replace_sent(&order, 88, ASKED, 8), ERR_OK);
    assert_int_equal(order.replace_price_ticks, 0);
    assert_int_equal(apply(&order, replaced_to(0, ASKED)), ERR_OK);
    assert_int_equal(order.state, ORDER_STATE_WORKING);
    assert_int_equal(order.replace_qty_lots, 0);
    assert_int_equal(order.intent.qty_lots, ASKED);
    assert_int_equal(order.intent.price_ticks, 100);
    assert_int_equal(order.intent.stop_ticks, 0);
    set_off.price_ticks = 63;
    assert_int_equal(apply(&order, set_off), ERR_OK);
    assert_int_equal(order_shown_ticks(&order), 63); /* where it had come to is told by this alone */
}

/* The ack of a query, younger than the request, ends the question of a lost replace; an old one does not. */
static void test_an_ack_after_a_lost_replace(void **state)
{
    struct order order = order_in(ORDER_STATE_WORKING, 0);
    struct order_event ack = event_of(ORDER_EVENT_ACK);

    (void)state;
    assert_int_equal(order_replace_sent(&order, 101, ASKED, 20), ERR_OK);
    assert_int_equal(order_answer_lost(&order, 30), ERR_OK);
    assert_int_equal(apply(&order, ack), ERR_OK); /* of 9, before the replace */
    assert_int_equal(order_open_lots(&order), ASKED);
    assert_int_equal(order.state, ORDER_STATE_UNKNOWN);
    ack.ts_ns = 40;
    assert_int_equal(apply(&order, ack), ERR_OK);
    assert_int_equal(order.state, ORDER_STATE_WORKING);
    assert_int_equal(order_open_lots(&order), QTY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fills_around_a_replace),
        cmocka_unit_test(test_terms_after_the_end),
        cmocka_unit_test(test_old_terms_do_not_come_back),
        cmocka_unit_test(test_an_earlier_replace_does_not_answer_the_newest),
        cmocka_unit_test(test_a_replace_to_the_same_terms),
        cmocka_unit_test(test_impossible_terms_are_refused),
        cmocka_unit_test(test_the_price_that_a_replace_names),
        cmocka_unit_test(test_a_trailing_stop_takes_a_size_alone),
        cmocka_unit_test(test_an_ack_after_a_lost_replace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
