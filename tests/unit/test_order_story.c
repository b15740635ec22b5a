/* test_order_story.c - the answers to an order in every sequence end the same. */
#include "unit/order_answers.h"
#include "unit/test_random.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_permutation_of_a_story_ends_the_same),
        cmocka_unit_test(test_a_shuffled_story_ends_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
