/* test_order.c - every transition of the order state machine, and answers in any order. */
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "core/domain/order.h"

#define STATES     (ORDER_STATE_UNKNOWN + 1)
#define KEEPS_TIME 5

enum answer { ACK, FILL_PART, FILL_WHOLE, OVERFILL, CANCELLED, REJECTED, ANSWERS };

static struct order order_in(enum order_state state, int64_t filled)
{
    struct order order = {.seq = 7, .state = state, .updated_ns = KEEPS_TIME};

    order.intent.qty_lots = 10;
    order.filled_lots = state == ORDER_STATE_FILLED ? 10 : filled;
    order.filled_value_e8 = order.filled_lots * 100;
    return order;
}

static struct order_event answer_of(enum answer answer, const struct order *order)
{
    struct order_event ev = {.kind = ORDER_EVENT_FILL, .order_seq = 7, .ts_ns = 9};
    int64_t left = order_left_lots(order);

    switch (answer) {
    case ACK:
        ev.kind = ORDER_EVENT_ACK;
        break;
    case FILL_PART:
        ev.fill.qty_lots = 1;
        break;
    case FILL_WHOLE:
        ev.fill.qty_lots = left;
        break;
    case OVERFILL:
        ev.fill.qty_lots = left + 1;
        break;
    case CANCELLED:
        ev.kind = ORDER_EVENT_CANCELLED;
        break;
    case REJECTED:
        ev.kind = ORDER_EVENT_REJECTED;
        break;
    case ANSWERS:
        break;
    }
    ev.fill.value_e8 = ev.fill.qty_lots * 100;
    return ev;
}

#define BAD (-1)
#define S   ORDER_STATE_SENT
#define W   ORDER_STATE_WORKING
#define P   ORDER_STATE_PENDING_CANCEL
#define F   ORDER_STATE_FILLED
#define C   ORDER_STATE_CANCELLED
#define R   ORDER_STATE_REJECTED

/* The table of order.h: state after the answer, or BAD. Second row of a state: filled in part before. */
static const struct {
    enum order_state from;
    int64_t filled;
    int to[ANSWERS]; /* ACK, FILL_PART, FILL_WHOLE, OVERFILL, CANCELLED, REJECTED */
} transitions[] = {
    {ORDER_STATE_SENT, 0, {W, W, F, BAD, C, R}},
    {ORDER_STATE_WORKING, 0, {W, W, F, BAD, C, BAD}},
    {ORDER_STATE_WORKING, 4, {W, W, F, BAD, C, BAD}},
    {ORDER_STATE_PENDING_CANCEL, 0, {P, P, F, BAD, C, R}},
    {ORDER_STATE_PENDING_CANCEL, 4, {P, P, F, BAD, C, BAD}},
    {ORDER_STATE_UNKNOWN, 0, {W, W, F, BAD, C, R}},
    {ORDER_STATE_UNKNOWN, 4, {W, W, F, BAD, C, BAD}},
    {ORDER_STATE_FILLED, 10, {F, BAD, BAD, BAD, BAD, BAD}},
    {ORDER_STATE_CANCELLED, 0, {C, C, F, BAD, C, BAD}},
    {ORDER_STATE_CANCELLED, 4, {C, C, F, BAD, C, BAD}},
    {ORDER_STATE_REJECTED, 0, {BAD, BAD, BAD, BAD, BAD, R}},
};

static void check_transition(enum order_state from, int64_t filled, enum answer answer, int to)
{
    struct order before = order_in(from, filled), order = before;
    struct order_event ev = answer_of(answer, &order);
    enum err err = order_apply(&order, &ev);

    if (to == BAD) {
        if (err != ERR_BAD_DATA)
            fail_msg("from %s by answer %d: err %d", order_state_word(from), (int)answer, (int)err);
        assert_memory_equal(&order, &before, sizeof order);
        return;
    }
    if (err != ERR_OK || (int)order.state != to)
        fail_msg("from %s by answer %d: err %d, now %s", order_state_word(from), (int)answer, (int)err,
                 order_state_word(order.state));
    assert_int_equal(order.filled_lots, before.filled_lots + ev.fill.qty_lots);
    assert_int_equal(order.filled_value_e8, before.filled_value_e8 + ev.fill.value_e8);
    assert_int_equal(order.updated_ns, 9);
}

static void test_every_transition_is_as_the_header_says(void **state)
{
    unsigned seen = 0;

    (void)state;
    for (size_t i = 0; i < sizeof transitions / sizeof transitions[0]; i++) {
        seen |= 1u << transitions[i].from;
        for (int answer = 0; answer < ANSWERS; answer++)
            check_transition(transitions[i].from, transitions[i].filled, (enum answer)answer,
                             transitions[i].to[answer]);
    }
    assert_int_equal(seen, (1u << STATES) - 1); /* the table names every state */
}

static void test_impossible_fills_are_refused(void **state)
{
    struct order before = order_in(ORDER_STATE_WORKING, 0), order = before;
    struct order_event ev = answer_of(FILL_PART, &order);

    (void)state;
    ev.fill.qty_lots = 0;
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
    for (int from = 0; from < STATES; from++) {
        struct order order = order_in((enum order_state)from, 0);
        bool open = order_is_open(&order);

        assert_int_equal(order_cancel_sent(&order, 11), open ? ERR_OK : ERR_STATE);
        assert_int_equal(order.state, open ? P : (enum order_state)from);
        assert_int_equal(order.updated_ns, open ? 11 : KEEPS_TIME);

        order = order_in((enum order_state)from, 0);
        assert_int_equal(order_answer_lost(&order, 12), open ? ERR_OK : ERR_STATE);
        assert_int_equal(order.state, open ? ORDER_STATE_UNKNOWN : (enum order_state)from);
    }
}

static void test_open_states_are_those_that_may_fill(void **state)
{
    static const bool open[STATES] = {true, true, true, false, false, false, true};

    (void)state;
    for (int at = 0; at < STATES; at++) {
        struct order order = order_in((enum order_state)at, 0);

        assert_int_equal(order_is_open(&order), open[at]);
    }
}

/*
 * A venue's true story of an order, delivered shuffled and with acknowledgements and cancel answers
 * repeated: every answer is accepted and the end is the same: no fill is lost or counted twice.
 */
static void test_a_shuffled_story_ends_the_same(void **state)
{
    uint64_t random = 77;

    (void)state;
    for (int story = 0; story < 20000; story++) {
        struct order order = order_in(ORDER_STATE_SENT, 0);
        struct order_event ev[16];
        size_t count = 0;
        int64_t fills = random_between(&random, 0, 10), filled = fills;
        bool cancelled = fills < 10;

        ev[count++] = answer_of(ACK, &order);
        if (random_next(&random) & 1)
            ev[count++] = answer_of(ACK, &order);
        for (int64_t i = 0; i < fills; i++)
            ev[count++] = answer_of(FILL_PART, &order);
        if (cancelled)
            ev[count++] = answer_of(CANCELLED, &order);
        if (cancelled && (random_next(&random) & 1))
            ev[count++] = answer_of(CANCELLED, &order);
        for (size_t i = count; i > 1; i--) {
            size_t other = (size_t)random_between(&random, 0, (int64_t)i - 1);
            struct order_event held = ev[i - 1];

            ev[i - 1] = ev[other];
            ev[other] = held;
        }
        if (random_next(&random) & 1)
            assert_int_equal(order_cancel_sent(&order, 6), ERR_OK);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(order_apply(&order, &ev[i]), ERR_OK);
        assert_int_equal(order.filled_lots, filled);
        assert_int_equal(order.filled_value_e8, filled * 100);
        assert_int_equal(order.state, cancelled ? C : F);
    }
}

/* Whatever comes in whatever order: never overfilled, never reopened, refused answers change nothing. */
static void test_any_answers_keep_the_invariants(void **state)
{
    uint64_t random = 99;

    (void)state;
    for (int run = 0; run < 20000; run++) {
        struct order order = order_in(ORDER_STATE_SENT, 0);

        for (int step = 0; step < 30; step++) {
            struct order before = order;
            enum answer answer = (enum answer)random_between(&random, 0, ANSWERS - 1);
            struct order_event ev = answer_of(answer, &order);
            enum err err = order_apply(&order, &ev);

            assert_in_range(order.filled_lots, before.filled_lots, 10);
            assert_int_equal(order.state == F, order.filled_lots == 10);
            assert_int_equal(order.filled_value_e8, order.filled_lots * 100);
            if (!order_is_open(&before))
                assert_false(order_is_open(&order));
            if (err != ERR_OK)
                assert_memory_equal(&order, &before, sizeof order);
        }
    }
}

/* A number that is no state or answer, from a damaged file: refused, named "?", never followed. */
static void test_what_is_no_state_is_refused(void **state)
{
    static const char *const words[STATES] = {"sent",      "working",  "cancelling", "filled",
                                              "cancelled", "rejected", "unknown"};
    struct order order = order_in(ORDER_STATE_WORKING, 0);
    struct order_event ev = answer_of(ACK, &order);

    (void)state;
    for (int at = 0; at < STATES; at++)
        assert_string_equal(order_state_word((enum order_state)at), words[at]);
    assert_string_equal(order_state_word((enum order_state)STATES), "?");

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
    struct order_event ev = answer_of(ACK, &order);

    (void)state;
    ev.ts_ns = KEEPS_TIME - 1;
    assert_int_equal(order_apply(&order, &ev), ERR_OK);
    assert_int_equal(order.updated_ns, KEEPS_TIME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_transition_is_as_the_header_says),
        cmocka_unit_test(test_impossible_fills_are_refused),
        cmocka_unit_test(test_what_we_do_ourselves),
        cmocka_unit_test(test_open_states_are_those_that_may_fill),
        cmocka_unit_test(test_a_shuffled_story_ends_the_same),
        cmocka_unit_test(test_any_answers_keep_the_invariants),
        cmocka_unit_test(test_what_is_no_state_is_refused),
        cmocka_unit_test(test_time_of_the_order_never_falls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
