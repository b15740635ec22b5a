/* test_ui_modes.c - keys of modes, pause and the ways out, and how long their answers stay. */
#include "ui_states.h"

static void test_modes_ask_only_with_something_at_stake(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 's');
    assert_has(fixture_next_row(f), "already trading on paper");
    fixture_key(f, 'o');
    assert_has(fixture_draw(f), "3 paper orders (2 by hand, 1 of ofi) will be cancelled. LONG");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_last(f, COMMAND_SET_MODE)->mode, MODE_OBSERVATION);
    f->frame.lists.orders_open = 0;
    f->frame.status.instrument[0].position_lots = 0;
    set_mode(f, MODE_OBSERVATION);
    fixture_key(f, 's');
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    assert_int_equal(fixture_last(f, COMMAND_SET_MODE)->mode, MODE_SIMULATION);
    assert_false(f->ui->armed);
    fixture_free(f);
}

/* A nervous double tap stays paused. */
static void test_space_pauses_and_is_dead_for_a_while(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 1);
    f->frame.status.state = STATE_PAUSED;
    fixture_publish(f);
    fixture_wait(f, 1400);
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_RESUME), 0);
    fixture_wait(f, 200);
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_RESUME), 1);
    set_mode(f, MODE_LIVE);
    fixture_key(f, ' '); /* in live it asks */
    assert_int_equal(fixture_count(f, COMMAND_RESUME), 1);
    assert_has(fixture_draw(f), "RESUME IN LIVE?");
    fixture_free(f);
}

/* Whoever says pause means pause, whatever a replay's clock does; a locked screen's Space, too. */
static void test_a_pause_that_is_said_never_resumes(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.status.replay = f->frame.status.replay_held = true;
    set_state(f, STATE_ACTIVE);
    fixture_prompt(f, "pause");
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 1);
    fixture_prompt(f, "lock");
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 2);
    assert_int_equal(fixture_count(f, COMMAND_RESUME), 0);
    fixture_free(f);
}

/* Whoever else has paused, or a kill that was cleared: a Space that was meant to stop does not start. */
static void test_space_is_dead_after_any_pause(void **state)
{
    static const enum trading_state before[] = {STATE_KILLED, STATE_ACTIVE, STATE_HALTED};

    (void)state;
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        struct fixture *f = fixture_new(120, 36);

        f->frame.status.state = before[i];
        fixture_publish(f);
        if (before[i] == STATE_KILLED) {
            fixture_key(f, 's');
            assert_has(fixture_next_row(f), "KILLED  nothing trades, on paper neither; :clear-kill");
        }
        f->frame.status.state = STATE_PAUSED;
        fixture_publish(f);
        fixture_wait(f, 1400);
        fixture_key(f, ' ');
        assert_int_equal(fixture_count(f, COMMAND_RESUME), 0);
        assert_has(fixture_next_row(f), "Space resumes only 1.5 s after the pause");
        if (i == 1) /* typed in words it is meant */
            fixture_prompt(f, "resume");
        else
            fixture_wait(f, 200);
        if (i != 1)
            fixture_key(f, ' ');
        assert_int_equal(fixture_count(f, COMMAND_RESUME), 1);
        fixture_free(f);
    }
}

static void test_quit_leaves_the_innermost_thing_first(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, '?');
    fixture_key(f, 'q');
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_key(f, 'z');
    fixture_key(f, 'q');
    assert_int_equal(f->ui->zoom, ZOOM_NONE);
    fixture_key(f, 'q');
    assert_int_equal(f->ui->question.kind, ASK_QUIT);
    fixture_key(f, KEY_ENTER); /* focus on Stay */
    assert_int_equal(f->quits, 0);
    fixture_key(f, 'q');
    fixture_key(f, 'd');
    assert_int_equal(f->detaches, 1);
    fixture_key(f, 'q');
    fixture_key(f, 'x');
    assert_int_equal(f->quits, 1);
    assert_true(fixture_last(f, COMMAND_QUIT)->flag);
    f->frame.lists.orders_open = 0;
    f->frame.status.instrument[0].position_lots = 0;
    f->frame.strategy[0].on = false;
    fixture_publish(f);
    fixture_key(f, 'q'); /* nothing at stake */
    assert_int_equal(f->quits, 2);
    fixture_key(f, KEY_CTRL | 'c');
    assert_int_equal(f->quits, 2);
    fixture_key(f, KEY_CTRL | 'c');
    assert_int_equal(f->quits, 3);
    fixture_free(f);
}

static void test_kill_never_asks_but_read_only(void **state)
{
    struct ui_config config = {.size_presets_e8 = {0, 0, E8(0.01), 0, 0}, .readonly = true};
    struct fixture *f = fixture_new_as(120, 36, &config);
    struct key_event stuck = {.key = KEY_PASTE, .paste_bytes = 17, .paste_repeat = 'K'};

    (void)state;
    fixture_key(f, 'i');
    assert_has(fixture_next_row(f), "read only");
    fixture_key(f, 'K');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 0);
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_free(f);
    f = fixture_new(120, 36);
    fixture_key(f, KEY_F12);
    ui_key(f->ui, &stuck, f->now_ns); /* K held while the line stalled */
    fixture_key(f, 0x041b);
    assert_int_equal(fixture_count(f, COMMAND_KILL), 3);
    fixture_free(f);
}

/* As long as it takes to read, or until the next key, which must not have to wait for NEXT. */
static void test_an_answer_stays_as_long_as_it_takes_to_read(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    ui_say(f->ui, 0, "", "done");
    fixture_wait(f, 2900);
    assert_has(fixture_next_row(f), "done");
    fixture_wait(f, 200);
    assert_has_not(fixture_next_row(f), "done");
    ui_say(f->ui, 2, "ALERT", "%0100d", 7);
    fixture_wait(f, 5000);
    assert_has(fixture_next_row(f), "ALERT");
    fixture_wait(f, 500);
    assert_has_not(fixture_next_row(f), "ALERT");
    ui_say(f->ui, 2, "ALERT", "%0100d", 7);
    fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "i asks");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modes_ask_only_with_something_at_stake),
        cmocka_unit_test(test_space_pauses_and_is_dead_for_a_while),
        cmocka_unit_test(test_a_pause_that_is_said_never_resumes),
        cmocka_unit_test(test_space_is_dead_after_any_pause),
        cmocka_unit_test(test_quit_leaves_the_innermost_thing_first),
        cmocka_unit_test(test_kill_never_asks_but_read_only),
        cmocka_unit_test(test_an_answer_stays_as_long_as_it_takes_to_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
