/* test_trade_replay.c - the Trade screen on a recording: where it is, how fast it goes, and before its first instrument. */
#include "golden_screen.h"

static void make_replay(struct fixture *f, const char *name)
{
    struct view_status *status = &f->frame.status;

    status->replay = true;
    status->replay_speed_x1000 = 20000;
    status->replay_first_ns = mock_at(23, 54, 13, 0);
    status->replay_last_ns = mock_at(24, 5, 3, 0);
    status->now_ns = mock_at(23, 58, 32, 0);
    status->clock_offset_ms = VIEW_NONE;
    snprintf(status->replay_name, sizeof(status->replay_name), "%s", name);
    fixture_publish(f);
}

static void test_replay(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    make_replay(f, "rec_0314.gz");
    golden_screen(f, "mock-replay-120x36");
    assert_has(fixture_row(f, 0), " REPLAY  \u25ba x20");
    assert_has(fixture_row(f, 1), "23:58:32 of 23:54:13..00:05:03 \u2588"); /* 259 of 650 s */
    assert_has(fixture_row(f, 1), " 39 % x20");
    f->frame.status.replay_last_ns = 0; /* a compressed file tells its end when it has been read through */
    fixture_publish(f);
    assert_has(fixture_row(f, 1), "23:58:32 of 23:54:13..? end not read yet x20");
    f->frame.status.replay_seek_from_ns = mock_at(23, 58, 0, 0);
    f->frame.status.replay_seek_ns =
        mock_at(24, 0, 8, 0); /* on the way to it neither speed nor end matters */
    fixture_publish(f);
    assert_has(fixture_row(f, 0), " REPLAY  \u25ba max");
    assert_has(fixture_row(f, 1), "23:58:32 reading to 00:00:08 ");
    assert_has(fixture_row(f, 1), " 25 %   Space hold");
    f->frame.status.replay_seek_ns = 0;
    make_replay(f, "demo.jsonl.gz");
    golden_screen(f, "mock-demo-120x36");
    assert_has(fixture_row(f, 0), " REPLAY   DEMO MARKET, NOT REAL ");
    fixture_free(f);
    f = fixture_new(60, 15); /* of a recording of days the time of now, and how far that is */
    make_replay(f, "rec_0314.gz");
    f->frame.status.replay_last_ns = mock_at(71, 54, 13, 0);
    fixture_publish(f);
    assert_has(fixture_row(f, 1), " 11-21 23:58:32 0 % x20");
    assert_has(fixture_row(f, 1), "LIVE 0.1s");
    fixture_free(f);
    f = fixture_new(80, 24); /* narrow: shorter words, but the badge, position and net stay */
    make_replay(f, "demo.jsonl.gz");
    golden_screen(f, "mock-demo-80x24");
    assert_has(fixture_row(f, 0), " REPLAY   DEMO ");
    assert_has(fixture_row(f, 0), "LONG 0.015");
    assert_has(fixture_row(f, 0), "+7.98");
    assert_has(fixture_row(f, 1), "LIVE 0.1s");
    assert_has(fixture_row(f, 23), "Space hold"); /* the same word in both rows */
    assert_has(fixture_row(f, 1), "Space hold");
    f->frame.status.replay_held = true;
    fixture_publish(f);
    assert_has(fixture_row(f, 23), "Space resume");
    assert_has_not(fixture_row(f, 1), "Space hold");
    f->frame.status.replay_ended = true;
    fixture_publish(f);
    assert_has_not(fixture_row(f, 23), "order");
    assert_has_not(fixture_row(f, 23), "Space");
    assert_has(fixture_row(f, 23), "1-8 screens");
    f->frame.status.mode = MODE_OBSERVATION; /* s would not help */
    fixture_publish(f);
    assert_has(fixture_next_row(f), "the recording has ended");
    fixture_free(f);
}

/* Nothing of it is known yet, or ever: no word of an engine that is awaited, no market to aim at. */
static void test_a_recording_without_an_instrument(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    make_replay(f, "rec_0314.gz");
    f->frame.status.instruments = 0;
    fixture_publish(f);
    assert_has(fixture_row(f, 0), "reading the recording");
    assert_has(fixture_row(f, 1), " rec_0314.gz ");
    assert_has(fixture_next_row(f), "NEXT there is no market yet");
    f->frame.status.replay_ended = true;
    f->frame.status.bad_lines = 2;
    fixture_publish(f);
    assert_has(fixture_row(f, 0), "ended  it names no instrument");
    assert_has(fixture_row(f, 1), " rec_0314.gz, 2 bad lines: the log tells why");
    fixture_free(f);
}

/* Where three badges leave no room for "one-key off": the key that arms, and whether an order key asks or sends, tell it. */
static void test_arming_is_told_under_any_badges(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    make_replay(f, "demo.jsonl.gz");
    assert_has_not(fixture_row(f, 0), "one-key");
    assert_has_not(fixture_row(f, 0), "ARMED");
    assert_has(fixture_next_row(f), "i asks");
    assert_has(fixture_row(f, 23), "a arm");
    fixture_key(f, 'a');
    assert_has(fixture_row(f, 0), "ARMED 60s");
    assert_has(fixture_next_row(f), "ARMED  order keys send at once");
    assert_has(fixture_row(f, 23), "a disarm");
    fixture_wait(f, 10000);
    assert_has(fixture_row(f, 0), "ARMED 50s");
    assert_has(fixture_next_row(f), "i sends");
    fixture_key(f, 'a');
    assert_has_not(fixture_row(f, 0), "ARMED");
    assert_has(fixture_row(f, 23), "a arm");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replay),
        cmocka_unit_test(test_a_recording_without_an_instrument),
        cmocka_unit_test(test_arming_is_told_under_any_badges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
