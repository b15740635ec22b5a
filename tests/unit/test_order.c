/* test_order.c - every transition of the order state machine, and answers in any order. */
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "core/domain/order.h"

#include <string.h>

#define QTY        10
#define PART       4 /* filled before, in the second row of a state */
#define KEEPS_TIME 5
#define ASKED      14 /* total of a replace */

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

static struct order order_in(enum order_state state, int64_t filled)
{
    struct order order = {.seq = 7, .state = state, .updated_ns = KEEPS_TIME};

    order.intent = (struct order_intent){.type = ORDER_STOP_LIMIT, .price_ticks = 100, .qty_lots = QTY};
    order.filled_lots = state == ORDER_STATE_FILLED ? QTY : filled;
    order.filled_value_e8 = order.filled_lots * 100;
    order.acked_ns = state != ORDER_STATE_SENT && state != ORDER_STATE_REJECTED ? 3 : 0;
    if (state == ORDER_STATE_PENDING_REPLACE) {
        order.replace_price_ticks = 101;
        order.replace_qty_lots = ASKED;
    }
    return order;
}

static struct order_event fill_of(int64_t lots)
{
    return (struct order_event){.kind = ORDER_EVENT_FILL,
                                .order_seq = 7,
                                .ts_ns = 9,
                                .fill = {.qty_lots = lots, .value_e8 = lots * 100}};
}

static struct order_event event_of(enum order_event_kind kind)
{
    return (struct order_event){.kind = kind, .order_seq = 7, .ts_ns = 9};
}

static struct order_event replaced_to(int64_t price_ticks, int64_t qty_lots)
{
    struct order_event ev = event_of(ORDER_EVENT_REPLACED);

    ev.price_ticks = price_ticks;
    ev.qty_lots = qty_lots;
    return ev;
}

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

static enum err apply(struct order *order, struct order_event ev)
{
    return order_apply(order, &ev);
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
    [ORDER_STOP] = {50, 100, 77, 50, 50},         [ORDER_STOP_LIMIT] = {100, 77, 50, 50, 100},
    [ORDER_TAKE_PROFIT] = {50, 100, 77, 50, 50},  [ORDER_TAKE_PROFIT_LIMIT] = {100, 77, 50, 50, 100},
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

/* --- answers in any order ------------------------------------------------------------------------------------ */

struct story {
    struct order order; /* after what we sent */
    struct order_event ev[16];
    size_t count;
    int64_t filled; /* at the end, by the story */
    bool open;      /* at the end */
};

static void told(struct story *story, struct order_event ev)
{
    story->ev[story->count++] = ev;
}

/*
 * Something that a venue can truly have done with an order whose ack, terms and end we may hear in any order:
 * accept, set off, replace, fill in parts, end; with answers repeated up to `events` in all.
 */
static void make_story(struct story *story, uint64_t *random, size_t events)
{
    int64_t total = QTY;
    int end;

    memset(story, 0, sizeof *story);
    story->order = order_in(ORDER_STATE_SENT, 0);
    if (random_between(random, 0, 7) == 0) {
        told(story, event_of(ORDER_EVENT_REJECTED));
        while (story->count < events)
            told(story, event_of(random_between(random, 0, 1) == 0 ? ORDER_EVENT_ACK : ORDER_EVENT_REJECTED));
        return;
    }
    told(story, event_of(ORDER_EVENT_ACK));
    if (random_between(random, 0, 2) == 0)
        told(story, event_of(ORDER_EVENT_TRIGGERED));
    if (random_between(random, 0, 1) == 0) {
        struct order_event ack = event_of(ORDER_EVENT_ACK);

        assert_int_equal(order_apply(&story->order, &ack), ERR_OK);
        assert_int_equal(order_replace_sent(&story->order, 101, ASKED, 8), ERR_OK);
        if (random_between(random, 0, 1) == 0) {
            told(story, replaced_to(101, ASKED));
            total = ASKED;
        } else {
            told(story, event_of(ORDER_EVENT_REPLACE_REJECTED));
        }
    }
    for (int i = (int)random_between(random, 0, 3); i > 0 && story->filled < total; i--) {
        int64_t lots = random_between(random, 1, total - story->filled);

        story->filled += lots;
        told(story, fill_of(lots));
    }
    end = story->filled == total ? 0 : (int)random_between(random, 0, 2);
    if (end == 1)
        told(story, event_of(ORDER_EVENT_CANCELLED));
    if (end == 2)
        told(story, event_of(ORDER_EVENT_EXPIRED));
    story->open = end == 0 && story->filled < total;
    if (random_between(random, 0, 1) == 0) {
        assert_int_equal(order_cancel_sent(&story->order, 8), ERR_OK);
        if (story->count < events && end != 1)
            told(story, event_of(ORDER_EVENT_CANCEL_REJECTED));
    }
    while (story->count < events) {
        struct order_event again = story->ev[random_between(random, 0, (int64_t)story->count - 1)];

        if (again.kind != ORDER_EVENT_FILL)
            told(story, again);
        else
            break;
    }
}

/* Delivers the story in one order of `at`; everything is accepted and the end is the story's. */
static void deliver(const struct story *story, const uint8_t *at)
{
    struct order order = story->order;

    for (size_t i = 0; i < story->count; i++) {
        const struct order_event *ev = &story->ev[at[i]];
        struct order before = order;
        enum err err = order_apply(&order, ev);

        if (err != ERR_OK)
            fail_msg("event kind %d in %s: err %d", (int)ev->kind, order_state_word(before.state), (int)err);
        assert_in_range(order.filled_lots, before.filled_lots, ASKED); /* I12: monotone and bounded */
        if (!order_is_open(&before))                                   /* I22: final, but for late fills */
            assert_true(order.state == before.state || order.state == ORDER_STATE_FILLED);
    }
    assert_int_equal(order.filled_lots, story->filled);
    assert_int_equal(order.filled_value_e8, story->filled * 100);
    assert_int_equal(order_is_open(&order), story->open);
    assert_true(order.filled_lots <= order.intent.qty_lots);
    if (story->open)
        assert_int_equal(order_open_lots(&order), order.intent.qty_lots - order.filled_lots);
}

/* Heap's algorithm: every permutation once. */
static unsigned permute(const struct story *story, uint8_t *at, size_t size)
{
    unsigned count = 0;

    if (size <= 1) {
        deliver(story, at);
        return 1;
    }
    for (size_t i = 0; i < size; i++) {
        size_t other = size % 2 == 0 ? i : 0;
        uint8_t held;

        count += permute(story, at, size - 1);
        held = at[other];
        at[other] = at[size - 1];
        at[size - 1] = held;
    }
    return count;
}

/* G05: all orders of up to six answers. */
static void test_every_permutation_of_a_story_ends_the_same(void **state)
{
    static const unsigned factorial[] = {1, 1, 2, 6, 24, 120, 720};
    uint64_t random = 77;
    unsigned longest = 0;

    (void)state;
    for (int i = 0; i < 3000; i++) {
        uint8_t at[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
        struct story story;

        make_story(&story, &random, 6);
        if (story.count > 6)
            continue;
        longest += story.count == 6;
        assert_int_equal(permute(&story, at, story.count), factorial[story.count]);
    }
    assert_true(longest > 1000);
}

/* Longer ones, shuffled. */
static void test_a_shuffled_story_ends_the_same(void **state)
{
    uint64_t random = 78;

    (void)state;
    for (int run = 0; run < 20000; run++) {
        uint8_t at[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
        struct story story;

        make_story(&story, &random, 14);
        for (size_t i = story.count; i > 1; i--) {
            size_t other = (size_t)random_between(&random, 0, (int64_t)i - 1);
            uint8_t held = at[i - 1];

            at[i - 1] = at[other];
            at[other] = held;
        }
        deliver(&story, at);
    }
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
        cmocka_unit_test(test_fills_around_a_replace),
        cmocka_unit_test(test_terms_after_the_end),
        cmocka_unit_test(test_old_terms_do_not_come_back),
        cmocka_unit_test(test_an_earlier_replace_does_not_answer_the_newest),
        cmocka_unit_test(test_a_replace_to_the_same_terms),
        cmocka_unit_test(test_impossible_terms_are_refused),
        cmocka_unit_test(test_the_price_that_a_replace_names),
        cmocka_unit_test(test_the_price_an_order_is_called_by),
        cmocka_unit_test(test_a_trailing_stop_takes_a_size_alone),
        cmocka_unit_test(test_only_what_waits_is_triggered),
        cmocka_unit_test(test_impossible_fills_are_refused),
        cmocka_unit_test(test_what_we_do_ourselves),
        cmocka_unit_test(test_a_refused_cancel_leaves_what_was),
        cmocka_unit_test(test_an_ack_after_a_lost_replace),
        cmocka_unit_test(test_every_permutation_of_a_story_ends_the_same),
        cmocka_unit_test(test_a_shuffled_story_ends_the_same),
        cmocka_unit_test(test_any_answers_keep_the_invariants),
        cmocka_unit_test(test_what_is_no_state_is_refused),
        cmocka_unit_test(test_time_of_the_order_never_falls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
