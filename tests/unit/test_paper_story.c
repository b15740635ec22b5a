/* test_paper_story.c - every fill and non-fill explains itself: in numbers, in lines, as JSON. */
#include "paper_desk.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define MS INT64_C(1000000)

static const struct paper_broker_params power = {.model = QUEUE_POWER};
static char line[STORY_LINES_MAX][STORY_LINE_SIZE];
static size_t lines;

static int set_up(void **state)
{
    (void)state;
    desk_open(&power, VENUE_BINANCE_SPOT);
    desk.now_ns = 1000 * MS;
    return 0;
}

static const struct fill_story *story_of(uint64_t seq)
{
    const struct fill_story *story = paper_broker_story(desk.broker, seq);

    assert_non_null(story);
    return story;
}

static void tell(uint64_t seq)
{
    struct story_scale scale = {desk.instrument.tick_e8, desk.instrument.lot_e8, desk.now_ns};

    lines = fill_story_lines(story_of(seq), &scale, line, STORY_LINES_MAX);
}

static void assert_told(const char *text)
{
    for (size_t i = 0; i < lines; i++)
        if (strstr(line[i], text) != NULL)
            return;
    for (size_t i = 0; i < lines; i++)
        print_message("%s\n", line[i]);
    fail_msg("nobody says: %s", text);
}

/* 20 ahead at 99; 10 join behind, 15 cancel: 20^3 : 10^3, so 8/9 of them ahead; then trades. */
static void test_a_resting_order_tells_its_life(void **state)
{
    uint64_t seq = send_limit(SIDE_BID, 99, 2);
    const struct fill_story *story = story_of(seq);

    (void)state;
    level(SIDE_BID, 99, 30);
    desk.now_ns += 500 * MS;
    level(SIDE_BID, 99, 15);
    assert_int_equal(story->cancelled_ahead_lots, 13); /* 20 - 6.67, shown as 7 */
    tell(seq);
    assert_told("BUY 0.2 @ 9.9: open for 500 ms, nothing filled");
    assert_told("queue: 2 ahead on arrival; 0 traded at the price, 1.3 cancelled ahead by the power model");
    assert_told("not filled yet: 0.7 still ahead of it, and no trade came to its price");
    desk.now_ns += 3700 * MS;
    trade(SIDE_ASK, 99, 10);
    assert_fill(0, seq, 99, 2, true);
    tell(seq);
    assert_told("BUY 0.2 @ 9.9: filled 4.2 s after it arrived");
    assert_told("filled 0.2 @ 9.9 after 4.2 s by trade 77 of 1 at 9.9: a trade at our price");
    assert_told("risk-averse: would not have filled it yet");
    assert_told("log: would not have filled it yet"); /* small sizes: nearly proportional, 10 ahead */
    assert_told("+500 ms: 0.7 ahead, 1.5 shown, 0 traded: the level changed without a trade");
    desk.now_ns += 1100 * MS;
    trade(SIDE_ASK, 99, 7); /* 15 stood ahead at most: 10, then 5, then 2 */
    assert_int_equal(story->would_done_ns[QUEUE_RISK_AVERSE] - story->would_done_ns[QUEUE_POWER], 1100 * MS);
    tell(seq);
    assert_told("risk-averse: would have filled it 1.1 s later");
    assert_told("proportional: would have filled it 1.1 s later");
}

static void test_models_that_are_earlier(void **state)
{
    struct paper_broker_params averse = {0};
    uint64_t seq;

    desk_close(state);
    desk_open(&averse, VENUE_BINANCE_SPOT);
    desk.now_ns = 1000 * MS;
    seq = send_limit(SIDE_BID, 99, 2);
    level(SIDE_BID, 99, 30);
    level(SIDE_BID, 99, 22); /* 20, 14.7, 12.9 ahead, by log between */
    desk.now_ns += 100 * MS;
    trade(SIDE_ASK, 99, 17);
    assert_answers(0);
    tell(seq);
    assert_told("not filled yet: 0.3 still ahead of it");
    assert_told("power: would have filled it 100 ms after it arrived");
    desk.now_ns += 200 * MS;
    trade(SIDE_ASK, 98, 5);
    assert_fill(0, seq, 99, 2, true);
    tell(seq);
    assert_told("filled 0.2 @ 9.9 after 300 ms by trade 77 of 0.5 at 9.8: a trade through our price");
    assert_told("0.5 traded through the price");
    assert_told("proportional: would have filled it 200 ms earlier");
}

static void test_what_did_not_fill_says_why(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_LIMIT, 103, 5);
    uint64_t seq;

    (void)state;
    order.intent.post_only = true;
    send(&order);
    tell(order.seq);
    assert_told("with nothing filled: post-only order would take");
    order = order_of(SIDE_BID, ORDER_MARKET, 102, 15);
    send(&order);
    tell(order.seq);
    assert_told(
        "BUY 1.5 at market, at worst 10.2: ended at once with 1 filled: nothing more up to its price");
    assert_told("filled 1 @ 10.2 at once by the level of 1 at 10.2: took from the book");
    seq = send_limit(SIDE_BID, 101, 5);
    desk.now_ns += 90000 * MS;
    cancel(seq);
    tell(seq);
    assert_told("ended after 90 s with nothing filled: as asked");
    assert_told("not filled: first in the queue, and no trade came to its price since");
    order = order_of(SIDE_BID, ORDER_STOP, 110, 5);
    order.intent.stop_ticks = 104;
    send(&order);
    tell(order.seq);
    assert_told("waits for a trade at 10.4 or higher");
}

/* What it would have had to meet, when it ended. */
static void test_an_end_names_the_market(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_LIMIT, 103, 5);

    (void)state;
    order.intent.post_only = true;
    send(&order);
    tell(order.seq);
    assert_told("the market stood at 10.0 / 10.2 then");
    desk_state(BOOK_STALE);
    order = order_of(SIDE_BID, ORDER_LIMIT, 101, 5);
    send(&order);
    tell(order.seq);
    for (size_t i = 0; i < lines; i++)
        assert_null(strstr(line[i], "the market stood"));
}

static void test_a_stop_tells_what_set_it_off(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_STOP, 110, 5);

    (void)state;
    order.intent.stop_ticks = 104;
    send(&order);
    trade(SIDE_BID, 103, 1);
    trade(SIDE_BID, 102, 1);
    tell(order.seq);
    assert_told("waits for a trade at 10.4 or higher; the nearest was at 10.3");
    replace(order.seq, 106, 5); /* its stop: how near trades came to the old one says nothing */
    tell(order.seq);
    assert_told("waits for a trade at 10.6 or higher");
    assert_null(strstr(line[1], "nearest"));
    trade(SIDE_BID, 102, 1);
    cancel(order.seq);
    tell(order.seq);
    assert_told("never set off: it waited for a trade at 10.6 or higher; the nearest was at 10.2");
    order = order_of(SIDE_BID, ORDER_TAKE_PROFIT, 110, 5);
    order.intent.stop_ticks = 101;
    send(&order);
    desk.now_ns += 1500 * MS;
    trade(SIDE_ASK, 100, 1);
    tell(order.seq);
    assert_told("set off 1.5 s after it arrived by a trade at 10.0: its stop was 10.1");
    assert_told("filled 0.5 @ 10.2 after 1.5 s by the level of 1 at 10.2: took from the book");
}

static void test_a_trailing_stop_tells_where_it_followed_to(void **state)
{
    struct order order = order_of(SIDE_BID, ORDER_TRAILING_STOP, 110, 5);

    (void)state;
    order.intent.trail_ticks = 3;
    send(&order);
    tell(order.seq);
    assert_told("waits for a trade to follow");
    trade(SIDE_ASK, 99, 1);
    tell(order.seq);
    assert_told("waits for a trade at 10.2 or higher");
    trade(SIDE_ASK, 98, 1);
    trade(SIDE_BID, 102, 1);
    tell(order.seq);
    assert_told("set off 0 s after it arrived by a trade at 10.2: its stop had followed to 10.1");
    order = order_of(SIDE_BID, ORDER_TRAILING_STOP, 110, 5);
    order.intent.trail_ticks = 3;
    send(&order); /* it starts from the last trade */
    tell(order.seq);
    assert_told("waits for a trade at 10.5 or higher");
}

/* The whole life stays covered when there are more moves than room. */
static void test_samples_are_thinned(void **state)
{
    uint64_t seq = send_limit(SIDE_BID, 99, 2);
    const struct fill_story *story = story_of(seq);

    (void)state;
    for (int i = 0; i < 1000; i++) {
        desk.now_ns += MS;
        level(SIDE_BID, 99, 1000 + i);
    }
    assert_true(story->samples <= STORY_SAMPLES_MAX && story->samples >= STORY_SAMPLES_MAX / 4);
    assert_int_equal(story->sample[0].cause, STORY_ARRIVED);
    assert_int_equal(story->moves, 1000);
    for (uint16_t i = 1; i < story->samples; i++)
        assert_true(story->sample[i].ts_ns - story->sample[i - 1].ts_ns <= 2 * story->sample_stride * MS);
    assert_true(desk.now_ns - story->sample[story->samples - 1].ts_ns <= 2 * story->sample_stride * MS);
    tell(seq);
    assert_int_equal(lines, STORY_LINES_MAX);
}

static void test_the_last_fills_are_kept(void **state)
{
    uint64_t seq = send_limit(SIDE_BID, 101, 50);

    (void)state;
    for (int i = 0; i < 40; i++) {
        desk.now_ns += MS;
        trade(SIDE_ASK, 101, 1);
    }
    assert_true(story_of(seq)->fills_cut);
    assert_int_equal(story_of(seq)->fills, STORY_FILLS_MAX);
    assert_int_equal(story_of(seq)->fill[STORY_FILLS_MAX - 1].ts_ns, desk.now_ns);
    assert_int_equal(story_of(seq)->filled_lots, 40);
}

/* Open orders never lose theirs; finished ones go when newer ones come. */
static void test_stories_are_bounded(void **state)
{
    const struct fill_story *newest[8];
    uint64_t open = send_limit(SIDE_BID, 98, 1), seq = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        desk.now_ns += MS;
        seq = send_limit(SIDE_BID, 99, 1);
        cancel(seq);
    }
    assert_non_null(paper_broker_story(desk.broker, open));
    assert_null(paper_broker_story(desk.broker, open + 1));
    assert_non_null(paper_broker_story(desk.broker, seq - 60));
    assert_int_equal(paper_broker_stories(desk.broker, newest, 8), 8);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(newest[i]->order_seq, seq - i);
}

static void test_models_are_found_by_name(void **state)
{
    (void)state;
    for (int m = 0; m < QUEUE_MODELS; m++) {
        enum queue_model found = QUEUE_MODELS;

        assert_true(queue_model_named(queue_model_word((enum queue_model)m), &found));
        assert_int_equal(found, m);
        assert_false(queue_model_named("fifo", &found));
    }
}

static void test_json_is_json(void **state)
{
    struct story_scale scale = {desk.instrument.tick_e8, desk.instrument.lot_e8, 0};
    static char text[32768];
    uint64_t seq = send_limit(SIDE_BID, 99, 2);
    size_t size;
    json_t *json;

    (void)state;
    level(SIDE_BID, 99, 15);
    trade(SIDE_ASK, 99, 16);
    size = fill_story_json(story_of(seq), &scale, text, sizeof text);
    assert_int_equal(size, strlen(text));
    json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    assert_string_equal(json_string_value(json_object_get(json, "price")), "9.9");
    assert_string_equal(json_string_value(json_object_get(json, "filled")), "0.1");
    assert_string_equal(json_string_value(json_object_get(json, "model")), "power");
    assert_true(json_is_null(json_object_get(json, "why_ended")));
    assert_int_equal(json_array_size(json_object_get(json, "fills")), 1);
    assert_int_equal(json_array_size(json_object_get(json, "samples")), story_of(seq)->samples);
    json_decref(json);
    assert_int_equal(fill_story_json(story_of(seq), &scale, text, 100), size); /* like snprintf */
    assert_int_equal(strlen(text), 99);
}

#define story_test(f) cmocka_unit_test_setup_teardown(f, set_up, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(test_a_resting_order_tells_its_life),
        story_test(test_models_that_are_earlier),
        story_test(test_what_did_not_fill_says_why),
        story_test(test_an_end_names_the_market),
        story_test(test_a_stop_tells_what_set_it_off),
        story_test(test_a_trailing_stop_tells_where_it_followed_to),
        story_test(test_samples_are_thinned),
        story_test(test_the_last_fills_are_kept),
        story_test(test_stories_are_bounded),
        cmocka_unit_test(test_models_are_found_by_name),
        story_test(test_json_is_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
