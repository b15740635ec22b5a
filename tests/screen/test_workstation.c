/* Trading by keys: what a key asks for, what it sends, what it never does. */
#include "screen/workstation.h"

static void test_three_sizes_show_market_money_and_next(void **state)
{
    static const struct {
        int rows, cols;
    } sizes[] = {{24, 80}, {36, 120}, {55, 200}};
    static const char *const always[] = {"SIMULATION", "BTCUSDT",    "book",   "LIVE", "touch",
                                         "position",   "order flow", "orders", "NEXT", "KILL"};

    struct vt *vt[3];

    (void)state;
    for (size_t i = 0; i < 3; i++)
        vt[i] = start(sizes[i].rows, sizes[i].cols, trading, NULL);
    for (size_t i = 0; i < 3; i++) {
        await_trading(vt[i]);
        for (size_t word = 0; word < sizeof(always) / sizeof(always[0]); word++)
            vt_expect(vt[i], always[word], START_MS);
        leave(vt[i]);
    }
}

/* An order by hand, from the size of the screen alone: asked for, confirmed, working, cancelled. */
static void test_an_order_is_asked_for_placed_and_cancelled(void **state)
{
    struct vt *vt = start_ready(36, 120);

    (void)state;
    vt_send(vt, "0jjjjjj"); /* well away from the inside, so that it rests */
    play(vt, 600);
    vt_send(vt, "i");
    vt_expect(vt, "SEND THIS ORDER?", ANSWER_MS);
    play(vt, 400); /* y counts only after the question has been seen for 250 ms */
    vt_send(vt, "y");
    vt_expect(vt, "working", ANSWER_MS);
    vt_send(vt, "U");
    vt_expect(vt, "cancelled", ANSWER_MS);
    leave(vt);
}

/* A replay that stores nothing: its own records, and the life of the order that is in the list. */
static void test_an_order_is_followed_in_the_journal(void **state)
{
    struct vt *vt = start_ready(36, 120);

    (void)state;
    vt_send(vt, "0jjjjjj");
    play(vt, 600);
    vt_send(vt, "i");
    vt_expect(vt, "SEND THIS ORDER?", ANSWER_MS);
    play(vt, 400);
    vt_send(vt, "y");
    vt_expect(vt, "working", ANSWER_MS);
    vt_send(vt, "v");
    play(vt, 300);
    vt_send(vt, "W");
    vt_expect(vt, "from signal to fill", ANSWER_MS);
    vt_expect(vt, "all controls passed", ANSWER_MS);
    vt_expect(vt, "at work", ANSWER_MS);
    vt_send(vt, "\r");
    vt_expect(vt, "book.live", ANSWER_MS);
    vt_send(vt, "8");
    vt_expect(vt, "nothing is kept", ANSWER_MS);
    leave(vt);
}

static void test_enter_never_sends_a_question_by_itself(void **state)
{
    struct vt *vt = start_ready(36, 120);

    (void)state;
    vt_send(vt, "0jjjjjj");
    play(vt, 600);
    vt_send(vt, "i");
    vt_expect(vt, "SEND THIS ORDER?", ANSWER_MS);
    play(vt, 400);
    vt_send(vt, "\r");
    play(vt, 600);
    assert_false(vt_shows(vt, "SEND THIS ORDER?"));
    assert_false(vt_shows(vt, "manual BUY  0.010/0.010"));
    leave(vt);
}

static void test_kill_is_one_key_and_latches(void **state)
{
    struct vt *vt = start_trading(36, 120);

    (void)state;
    vt_send(vt, "K");
    vt_expect(vt, "KILLED", ANSWER_MS);
    vt_send(vt, "i");
    play(vt, 500);
    assert_false(vt_shows(vt, "SEND THIS ORDER?"));
    vt_send(vt, " "); /* resume is refused */
    play(vt, 500);
    assert_true(vt_shows(vt, "KILLED"));
    leave(vt);
}

static void test_pause_holds_the_replay_and_resume_goes_on(void **state)
{
    struct vt *vt = start_trading(36, 120);

    (void)state;
    vt_send(vt, " ");
    vt_expect(vt, "PAUSED", ANSWER_MS);
    play(vt, 1700); /* the second half of a nervous double tap is dead */
    vt_send(vt, " ");
    vt_expect(vt, "ACTIVE", ANSWER_MS);
    leave(vt);
}

static bool is_back_at_two_past(struct vt *vt, void *arg)
{
    const char *row = vt_row(vt, 1);
    int now_s = clock_s(row + strspn(row, " "));

    (void)arg;
    return now_s >= 14 * 3600 + 2 * 60 - 1 && now_s < 14 * 3600 + 4 * 60;
}

/* What is behind is played anew, in the same terminal; a time that the recording has not is refused before the screen. */
static void test_a_replay_goes_back(void **state)
{
    static const char *const at[] = {"--at", "14:05", NULL}, *const outside[] = {"--at", "13:00", NULL};
    struct vt *vt = start(36, 120, at, NULL);

    (void)state;
    assert_true(vt_wait_until(vt, is_at_five_past, NULL, START_MS));
    vt_send(vt, ":");
    vt_expect(vt, "Enter run", ANSWER_MS);
    vt_send(vt, "jump 14:02");
    vt_expect(vt, "jump 14:02", ANSWER_MS);
    vt_send(vt, "\r");
    assert_true(vt_wait_until(vt, is_back_at_two_past, NULL, START_MS));
    vt_expect(vt, "LIVE", ANSWER_MS);
    leave(vt);
    vt = start(36, 120, outside, NULL);
    assert_true(vt_wait_exit(vt, START_MS));
    assert_int_equal(vt_exit_code(vt), 2);
    assert_true(vt_shows(vt, "not in the recording, which goes from "));
    vt_free(vt);
}

static void test_observation_answers_why_it_sends_nothing(void **state)
{
    static const char *const more[] = {"--at", "14:05", NULL};
    struct vt *vt = start(36, 120, more, NULL);

    (void)state;
    vt_expect(vt, "OBSERVATION", START_MS);
    vt_expect(vt, "LIVE", START_MS);
    play(vt, 500);
    vt_send(vt, "i");
    vt_expect(vt, "observation", ANSWER_MS);
    vt_send(vt, "s");
    vt_expect(vt, "SIMULATION", ANSWER_MS);
    leave(vt);
}

/* The other instrument: everything of it, the order in question judged in its own units. */
static void test_the_next_instrument_is_one_key_away(void **state)
{
    struct vt *vt = start_trading(36, 120);

    (void)state;
    vt_send(vt, "n");
    vt_expect(vt, "ETHUSDT", ANSWER_MS);
    vt_expect(vt, "NEXT  BUY", ANSWER_MS);
    play(vt, 300);
    assert_false(vt->exited);
    vt_send(vt, "n");
    vt_expect(vt, "BTCUSDT", ANSWER_MS);
    leave(vt);
}

/* A stop needs a position; it then waits for its price and is taken back with what it would close. */
static void test_a_stop_is_judged_and_told_in_words(void **state)
{
    struct vt *vt = start_trading(36, 120);

    (void)state;
    vt_send(vt, "t");
    play(vt, 600);
    assert_false(vt->exited);
    assert_false(vt_shows(vt, "above 0"));
    leave(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_sizes_show_market_money_and_next),
        cmocka_unit_test(test_an_order_is_asked_for_placed_and_cancelled),
        cmocka_unit_test(test_an_order_is_followed_in_the_journal),
        cmocka_unit_test(test_enter_never_sends_a_question_by_itself),
        cmocka_unit_test(test_kill_is_one_key_and_latches),
        cmocka_unit_test(test_pause_holds_the_replay_and_resume_goes_on),
        cmocka_unit_test(test_observation_answers_why_it_sends_nothing),
        cmocka_unit_test(test_a_replay_goes_back),
        cmocka_unit_test(test_the_next_instrument_is_one_key_away),
        cmocka_unit_test(test_a_stop_is_judged_and_told_in_words),
    };

    return cmocka_run_group_tests(tests, find_program, NULL);
}
