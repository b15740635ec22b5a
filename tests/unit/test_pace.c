/*
 * The pace of frames over made-up lines: how far away, how slow, and whether anybody answers. Time is the test's own.
 */
#include "tui/pace.h"

#include "unit/cmocka_all.h"

#include <string.h>

#define MS INT64_C(1000000)

/* A line of so many bytes a second, so long each way, and a picture that always has more to show. */
struct line {
    struct pace pace;
    int64_t now_ns, bytes_per_s, way_ns;
    int64_t free_ns; /* when the last byte has got through */
    int64_t reply_ns[64];
    int replies;
    size_t under_way, sent, frames, largest;
};

static void line_open(struct line *line, int64_t bytes_per_s, int64_t way_ms)
{
    *line = (struct line){.now_ns = 1000 * MS, .bytes_per_s = bytes_per_s, .way_ns = way_ms * MS};
    pace_init(&line->pace, 500000, line->now_ns);
}

static void line_take(struct line *line, size_t bytes)
{
    if (line->free_ns < line->now_ns)
        line->free_ns = line->now_ns;
    line->free_ns += (int64_t)bytes * 1000 * MS / line->bytes_per_s;
}

static void line_ask(struct line *line)
{
    assert_true(line->replies < 64);
    line->reply_ns[line->replies++] = line->free_ns + 2 * line->way_ns;
}

static void line_start(struct line *line)
{
    line_take(line, 100);
    pace_asked(&line->pace, line->now_ns);
    line_ask(line);
}

/* A picture of `wanted` bytes each 33 ms, for so long; returns the greatest time a byte waited in the line. */
static int64_t line_run(struct line *line, int64_t ms, size_t wanted)
{
    int64_t end_ns = line->now_ns + ms * MS, worst_ns = 0;

    for (; line->now_ns < end_ns; line->now_ns += MS) {
        while (line->replies > 0 && line->reply_ns[0] <= line->now_ns) {
            memmove(&line->reply_ns[0], &line->reply_ns[1],
                    sizeof(line->reply_ns) - sizeof(line->reply_ns[0]));
            line->replies--;
            pace_reply(&line->pace, line->now_ns);
        }
        if (pace_ready(&line->pace, line->now_ns)) {
            size_t most = pace_bytes(&line->pace, line->now_ns), bytes = wanted < most ? wanted : most;
            bool ask = pace_asks(&line->pace);

            line_take(line, bytes + 4);
            pace_frame(&line->pace, bytes, ask, wanted > most, line->now_ns);
            if (ask)
                line_ask(line);
            line->sent += bytes;
            line->frames++;
            line->largest = bytes > line->largest ? bytes : line->largest;
            if (line->free_ns - line->now_ns > worst_ns)
                worst_ns = line->free_ns - line->now_ns;
        }
    }
    return worst_ns;
}

/* A terminal at hand takes whole pictures after its first answer. */
static void test_a_near_terminal_gets_whole_pictures(void **state)
{
    struct line line;

    (void)state;
    line_open(&line, 100000000, 0);
    line_start(&line);
    line_run(&line, 100, 20000);
    assert_int_equal(line.largest, 20000);
}

/* Far away, but not slow: a few journeys until pictures are whole, and they stay so. */
static void test_a_far_terminal_is_not_a_slow_one(void **state)
{
    struct line line;

    (void)state;
    line_open(&line, 10000000, 100);
    line_start(&line);
    line_run(&line, 3000, 8000);
    assert_int_equal(line.largest, 8000);
    line.sent = line.frames = 0;
    line_run(&line, 5000, 8000);
    assert_true(line.sent / line.frames >= 7900);
}

/* 2,400 bytes a second: nothing waits long behind what is under way, and the line is used. */
static void test_a_slow_line_has_little_under_way(void **state)
{
    static const int64_t ways_ms[] = {0, 20, 100};

    (void)state;
    for (size_t i = 0; i < sizeof(ways_ms) / sizeof(ways_ms[0]); i++) {
        struct line line;
        int64_t worst_ns;

        line_open(&line, 2400, ways_ms[i]);
        line_start(&line);
        line_run(&line, 4000, 6000); /* the first picture */
        line.sent = 0;
        worst_ns = line_run(&line, 20000, 6000);
        assert_true(worst_ns <= 160 * MS);
        assert_true(line.sent >= (ways_ms[i] == 0 ? 20 * 1500 : 20 * 500));
        assert_true(pace_slow(&line.pace));
    }
}

/* The line gets better, or the terminal another one. */
static void test_a_line_that_recovers_is_used(void **state)
{
    struct line line;

    (void)state;
    line_open(&line, 2400, 10);
    line_start(&line);
    line_run(&line, 10000, 6000);
    line.bytes_per_s = 10000000;
    line.way_ns = 60 * MS;
    line.largest = 0;
    line_run(&line, 30000, 6000);
    assert_int_equal(line.largest, 6000);
}

/* Nobody answers: after a few seconds nobody asks, and the bytes a second alone hold. */
static void test_a_mute_terminal_is_asked_no_more(void **state)
{
    struct pace pace;
    int64_t now_ns = 1000 * MS, from_ns;
    size_t sent = 0;
    int asks = 1;

    (void)state;
    pace_init(&pace, 2400, now_ns);
    pace_asked(&pace, now_ns);
    for (from_ns = now_ns; now_ns < from_ns + 20000 * MS; now_ns += MS) {
        if (!pace_ready(&pace, now_ns))
            continue;
        asks += pace_asks(&pace) ? 1 : 0;
        sent += pace_bytes(&pace, now_ns);
        pace_frame(&pace, pace_bytes(&pace, now_ns), pace_asks(&pace), true, now_ns);
    }
    assert_in_range(asks, PACE_SILENT_MAX, PACE_SILENT_MAX + 1);
    assert_in_range(sent, 15 * 2400, 20 * 2400 + 300);
}

/* A second without the reply that should come: the next frame goes, smaller, and its own reply counts for it. */
static void test_a_lost_reply_holds_for_a_second_alone(void **state)
{
    struct pace pace;
    int64_t now_ns = 1000 * MS;

    (void)state;
    pace_init(&pace, 500000, now_ns);
    pace_asked(&pace, now_ns);
    assert_false(pace_reply(&pace, now_ns + MS)); /* of the start: no frame's */
    pace_frame(&pace, 8000, true, false, now_ns + 2 * MS);
    assert_false(pace_ready(&pace, now_ns + 900 * MS));
    assert_true(pace_ready(&pace, now_ns + 1002 * MS));
    assert_int_equal(pace_bytes(&pace, now_ns + 1002 * MS), PACE_LEAST);
    pace_frame(&pace, PACE_LEAST, true, true, now_ns + 1002 * MS);
    assert_true(pace_waits(&pace, now_ns + 1002 * MS));
    assert_false(pace_reply(&pace, now_ns + 1003 * MS)); /* of this one, or of the one before? */
    assert_false(pace_ready(&pace, now_ns + 1100 * MS));
    assert_true(pace_ready(&pace, now_ns + 1304 * MS)); /* of this one */
    for (int64_t ms = 1304; ms < 1340; ms += 10) { /* replies at once from here on: not one frame waits */
        assert_true(pace_ready(&pace, now_ns + ms * MS));
        pace_frame(&pace, pace_bytes(&pace, now_ns + ms * MS), true, true, now_ns + ms * MS);
        assert_true(pace_reply(&pace, now_ns + (ms + 1) * MS));
    }
    assert_true(pace_bytes(&pace, now_ns + 1400 * MS) > 8000);
    assert_true(pace_waits(&pace, now_ns + 1400 * MS));
    assert_false(pace_waits(&pace, now_ns + 4000 * MS));
}

/* Replies that take longer than a second: frames go on, and what comes too late is no other frame's for ever. */
static void test_late_replies_come_to_an_end(void **state)
{
    struct pace pace;
    int64_t now_ns = 1000 * MS, end_ns;
    int asks = 0, replies = 0;

    (void)state;
    pace_init(&pace, 500000, now_ns);
    pace_asked(&pace, now_ns);
    pace_reply(&pace, now_ns);
    for (end_ns = now_ns + 60000 * MS; now_ns < end_ns; now_ns += MS)
        if (pace_ready(&pace, now_ns)) {
            asks += pace_asks(&pace) ? 1 : 0;
            pace_frame(&pace, 500, pace_asks(&pace), true, now_ns);
        }
    assert_in_range(asks, 50, 61);
    while (!pace_reply(&pace, now_ns) && replies++ < 100)
        ;
    assert_true(replies < 15);
    assert_true(pace_ready(&pace, now_ns + 10 * MS));
}

/* Nothing is drawn behind an order for a moment, which many orders do not make longer. */
static void test_a_rest_behind_an_order_has_an_end(void **state)
{
    const int64_t start_ns = 1000 * MS, end_ns = start_ns + PACE_REST_NS;
    struct pace pace;

    (void)state;
    pace_init(&pace, 500000, start_ns);
    assert_int_equal(pace_rests(&pace, start_ns), 0);
    assert_true(pace_ready(&pace, start_ns));
    for (int64_t now_ns = start_ns; now_ns < end_ns; now_ns += PACE_REST_NS / 8) {
        pace_rest(&pace, now_ns);
        assert_false(pace_ready(&pace, now_ns));
        assert_int_equal(pace_rests(&pace, now_ns), end_ns - now_ns);
    }
    assert_int_equal(pace_rests(&pace, end_ns), 0);
    assert_true(pace_ready(&pace, end_ns));
    pace_rest(&pace, end_ns);
    assert_false(pace_ready(&pace, end_ns));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_near_terminal_gets_whole_pictures),
        cmocka_unit_test(test_a_far_terminal_is_not_a_slow_one),
        cmocka_unit_test(test_a_slow_line_has_little_under_way),
        cmocka_unit_test(test_a_line_that_recovers_is_used),
        cmocka_unit_test(test_a_mute_terminal_is_asked_no_more),
        cmocka_unit_test(test_a_lost_reply_holds_for_a_second_alone),
        cmocka_unit_test(test_late_replies_come_to_an_end),
        cmocka_unit_test(test_a_rest_behind_an_order_has_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
