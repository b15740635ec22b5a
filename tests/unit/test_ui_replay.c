/* test_ui_replay.c - keys and words of a replay: speed, steps, bookmarks, days, jumps, the clock held while HALTED. */
#include "ui_fixture.h"

static void test_replay_keys(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;

    (void)state;
    status->replay = true;
    status->replay_speed_x1000 = 2000;
    status->replay_first_ns = mock_at(14, 0, 0, 0);
    status->replay_last_ns = mock_at(15, 0, 0, 0);
    snprintf(status->replay_name, sizeof(status->replay_name), "rec.gz");
    fixture_publish(f);
    fixture_key(f, '>');
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_SPEED)->number, 4000);
    fixture_key(f, '<'); /* of what was asked for: the frame that tells it is on its way */
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_SPEED)->number, 2000);
    fixture_key(f, '.');
    assert_int_equal(fixture_count(f, COMMAND_REPLAY_STEP), 0);
    fixture_key(f, ' '); /* holds the clock and pauses */
    assert_true(fixture_last(f, COMMAND_REPLAY_HOLD)->flag);
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 1);
    status->replay_held = true;
    status->state = STATE_PAUSED;
    fixture_publish(f);
    fixture_key(f, '.');
    assert_int_equal(fixture_count(f, COMMAND_REPLAY_STEP), 1);
    fixture_wait(f, 1600);
    fixture_key(f, ' ');
    assert_false(fixture_last(f, COMMAND_REPLAY_HOLD)->flag);
    fixture_prompt(f, "jump 14:30");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, mock_at(14, 30, 0, 0));
    fixture_prompt(f, "jump 14:31:05");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, mock_at(14, 31, 5, 0));
    fixture_prompt(f, "jump 14:32x");
    assert_has(fixture_next_row(f), ":jump HH:MM[:SS]");
    fixture_prompt(f, "jump 14:32:");
    assert_has(fixture_next_row(f), ":jump HH:MM[:SS]");
    fixture_prompt(f, "jump 14:32:05.5");
    assert_has(fixture_next_row(f), ":jump HH:MM[:SS]");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, mock_at(14, 31, 5, 0));
    fixture_prompt(f, "jump 13:59");
    assert_has(fixture_next_row(f), "NO JUMP  the recording goes from 14:00:00 to 15:00:00");
    fixture_prompt(f, "jump 15:30");
    assert_has(fixture_next_row(f), "NO JUMP  the recording goes from 14:00:00 to 15:00:00");
    fixture_prompt(f, "speed 50");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_SPEED)->number, 50000);
    fixture_prompt(f, "speed 0.001");
    assert_has(fixture_next_row(f), "0.01 to 1000");
    fixture_free(f);
}

/* The engine only goes forward: what lies behind is played anew, and what would be lost is asked about. */
static void test_replay_goes_back_to_a_bookmark(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;
    int64_t marked_ns = status->now_ns;

    (void)state;
    status->replay = true;
    status->replay_first_ns = mock_at(14, 0, 0, 0);
    status->replay_last_ns = mock_at(15, 0, 0, 0);
    snprintf(status->replay_name, sizeof(status->replay_name), "rec.gz");
    fixture_publish(f);
    fixture_prompt(f, "jump bookmark 1");
    assert_has(fixture_next_row(f), "there is no bookmark yet");
    fixture_prompt(f, "bookmarks");
    assert_has(fixture_next_row(f), "there is no bookmark yet");
    fixture_key(f, 'B');
    fixture_prompt(f, "jump bookmark 2");
    assert_has(fixture_next_row(f), "which bookmark? 1 to 1");
    fixture_prompt(f, "bookmarks");
    assert_has(fixture_draw(f), ":jump bookmark 1");
    fixture_key(f, KEY_ESC);
    status->now_ns += INT64_C(5000000000);
    fixture_publish(f);
    fixture_prompt(f, "jump bookmark 1"); /* orders, a position and a strategy are there */
    assert_has(fixture_draw(f), "PLAY THE RECORDING ANEW?");
    assert_int_equal(f->again_ns, 0);
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(f->again_ns, marked_ns);
    status->mode = MODE_OBSERVATION;
    status->instrument[0].position_lots = 0;
    f->frame.lists.orders_open = 0;
    fixture_publish(f);
    status->state = STATE_KILLED;
    fixture_publish(f);
    fixture_prompt(f, "jump 14:01"); /* a kill is cleared by its word alone */
    assert_has(fixture_next_row(f), "NO JUMP  KILLED");
    assert_int_equal(f->again_ns, marked_ns);
    status->state = STATE_ACTIVE;
    fixture_publish(f);
    fixture_prompt(f, "jump 14:01"); /* nothing is */
    assert_int_equal(f->again_ns, mock_at(14, 1, 0, 0));
    f->ui->list.tab = TAB_LOG;
    assert_has(fixture_draw(f), "bookmark 1 of rec.gz");
    fixture_free(f);
}

/* Over midnight a time of day is the one that the recording has. */
static void test_jump_finds_the_day(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;

    (void)state;
    status->replay = true;
    status->mode = MODE_OBSERVATION;
    status->instrument[0].position_lots = 0;
    f->frame.lists.orders_open = 0;
    status->replay_first_ns = mock_at(23, 54, 13, 0);
    status->replay_last_ns = mock_at(24, 5, 3, 0);
    status->now_ns = mock_at(23, 58, 0, 0);
    fixture_publish(f);
    fixture_prompt(f, "jump 00:02");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, mock_at(24, 2, 0, 0));
    status->now_ns = mock_at(24, 3, 0, 0);
    fixture_publish(f);
    fixture_prompt(f, "jump 00:01");
    assert_int_equal(f->again_ns, mock_at(24, 1, 0, 0));
    fixture_prompt(f, "jump 23:57");
    assert_int_equal(f->again_ns, mock_at(23, 57, 0, 0));
    fixture_prompt(f, "jump 23:54");
    assert_has(fixture_next_row(f), "NO JUMP  the recording goes from 23:54:13 to 00:05:03");
    fixture_free(f);
}

/* Of more than a day: the day stands with the time, and can be asked for. MOCK_DAY is 11-21. */
static void test_a_long_recording_has_days(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;

    (void)state;
    status->replay = true;
    status->replay_first_ns = mock_at(14, 0, 0, 0);
    status->replay_last_ns = mock_at(62, 30, 0, 0);
    status->now_ns = mock_at(30, 0, 0, 500);
    fixture_publish(f);
    assert_has(fixture_row(f, 1), "11-22 06:00:00 of 11-21 14:00:00..11-23 14:30:00");
    fixture_prompt(f, "jump 11-23 09:15");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, mock_at(57, 15, 0, 0));
    assert_has(fixture_next_row(f), "JUMP  to 11-23 09:15:00");
    fixture_prompt(f, "jump 2025-11-22 08:01:05");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, mock_at(32, 1, 5, 0));
    fixture_prompt(f, "jump 2025-11-22T09:01");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, mock_at(33, 1, 0, 0));
    fixture_prompt(f, "jump 11-24 09:15");
    assert_has(fixture_next_row(f), "NO JUMP  the recording goes from 11-21 14:00:00 to 11-23 14:30:00");
    fixture_prompt(f, "jump 11-20 09:15");
    assert_has(fixture_next_row(f), "NO JUMP  the recording goes from 11-21 14:00:00 to 11-23 14:30:00");
    fixture_prompt(f, "jump 11-31 09:15");
    assert_has(fixture_next_row(f), ":jump HH:MM[:SS] or [YYYY-]MM-DD HH:MM[:SS], UTC, or bookmark N");
    fixture_key(f, 'B');
    assert_has(fixture_next_row(f), "BOOKMARK  1 at 11-22 06:00:00.500");
    fixture_prompt(f, "bookmarks");
    assert_has(fixture_draw(f), " 1  11-22 06:00:00.500   :jump bookmark 1");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "jump 11-21 20:00"); /* orders and a position are there */
    assert_has(fixture_draw(f), "PLAY THE RECORDING ANEW?");
    assert_has(fixture_draw(f), "11-21 20:00:00 is behind");
    fixture_free(f);
}

/* Over New Year a day without a year is the one that the recording has. */
static void test_a_day_is_of_the_recordings_year(void **state)
{
    const int64_t new_year_ns = mock_at(0, 0, 0, 0) + 41 * INT64_C(86400000000000); /* from 11-21 on */
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;

    (void)state;
    status->replay = true;
    status->replay_first_ns = mock_at(14, 0, 0, 0) + 39 * INT64_C(86400000000000);
    status->replay_last_ns = new_year_ns + INT64_C(86400000000000);
    status->now_ns = status->replay_first_ns + 1;
    fixture_publish(f);
    fixture_prompt(f, "jump 12-31 09:00");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, new_year_ns - 15 * INT64_C(3600000000000));
    fixture_prompt(f, "jump 01-01 09:00");
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, new_year_ns + 9 * INT64_C(3600000000000));
    fixture_free(f);
}

/* Where a recording ends is known once it was read through: a jump that was let go until then is held where it is. */
static void test_a_jump_past_the_end_is_given_up(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;

    (void)state;
    status->replay = true;
    status->replay_first_ns = mock_at(14, 0, 0, 0);
    status->replay_last_ns = 0;
    fixture_publish(f);
    fixture_prompt(f, "jump 15:30");
    assert_has(fixture_next_row(f), "JUMP  to 15:30:00; where the recording ends is not known yet");
    status->replay_seek_ns = mock_at(15, 30, 0, 0);
    status->replay_last_ns = mock_at(15, 0, 0, 0);
    fixture_publish(f);
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_JUMP)->number, 0);
    assert_true(fixture_last(f, COMMAND_REPLAY_HOLD)->flag);
    assert_has(fixture_next_row(f), "NO JUMP  the recording goes from 14:00:00 to 15:00:00");
    fixture_publish(f); /* the frame that tells of it is on its way */
    assert_int_equal(fixture_count(f, COMMAND_REPLAY_HOLD), 1);
    fixture_free(f);
}

/* HALTED, Space is the clock's alone: nothing is paused, nothing resumes, and it says which. */
static void test_space_holds_the_clock_when_halted(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;

    (void)state;
    status->replay = true;
    status->replay_first_ns = mock_at(14, 0, 0, 0);
    status->replay_last_ns = mock_at(15, 0, 0, 0);
    status->state = STATE_HALTED;
    fixture_publish(f);
    assert_has(fixture_row(f, 1), "Space hold");
    assert_has(fixture_row(f, 35), "Space hold");
    fixture_key(f, ' ');
    assert_true(fixture_last(f, COMMAND_REPLAY_HOLD)->flag);
    assert_has(fixture_next_row(f),
               "HALTED  the clock is held; Space lets it go on; no order leaves until :go");
    status->replay_held = true;
    fixture_publish(f);
    assert_has(fixture_row(f, 1), "held");
    assert_has(fixture_row(f, 1), "Space play");
    assert_has(fixture_row(f, 35), "Space play");
    fixture_key(f, ' '); /* at once: it is no pause, so no nervous double tap */
    assert_false(fixture_last(f, COMMAND_REPLAY_HOLD)->flag);
    assert_has(fixture_next_row(f), "HALTED  the recording plays on; no order leaves until :go");
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 0);
    assert_int_equal(fixture_count(f, COMMAND_RESUME), 0);
    status->replay_held = false;
    status->replay_ended = true;
    fixture_publish(f);
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_REPLAY_HOLD), 2);
    assert_has(fixture_next_row(f), "the recording has ended: nothing runs that could be held");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replay_keys),
        cmocka_unit_test(test_replay_goes_back_to_a_bookmark),
        cmocka_unit_test(test_jump_finds_the_day),
        cmocka_unit_test(test_a_long_recording_has_days),
        cmocka_unit_test(test_a_day_is_of_the_recordings_year),
        cmocka_unit_test(test_a_jump_past_the_end_is_given_up),
        cmocka_unit_test(test_space_holds_the_clock_when_halted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
