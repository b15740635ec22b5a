/*
 * The workstation over a line of 2,400 bytes a second: keys are echoed, a kill is seen, the picture arrives; and over
 * lines that do not answer, or answer in pieces. Bounds are wide, for a busy machine; `make bench` prints the figures.
 */
#include "screen/slow_line.h"

#include <inttypes.h>

#define ECHO_BOUND_MS 1500 /* five times what it should be */

/* To leave, all that still waits must come through. */
static void hurry(struct vt *vt)
{
    vt->bytes_per_s = 0;
}

static void test_keys_are_echoed_over_2400_bytes_a_second(void **state)
{
    struct vt *vt = slow_start(24, 80, SLOW_BYTES_PER_S, false, NULL);
    struct slow_figures figures = slow_measure(vt);

    (void)state;
    slow_print("2,400 bytes/s, 80x24", &figures);
    assert_true(figures.echo_ms[SLOW_KEYS / 2] < ECHO_BOUND_MS);
    assert_true(figures.kill_ms < ECHO_BOUND_MS);
    assert_true(figures.bytes_per_s < 1.1 * SLOW_BYTES_PER_S);
    hurry(vt);
    leave(vt);
}

/* Nobody answers: the bytes a second that were configured hold alone, and keys are echoed as soon. */
static void test_a_mute_slow_line_is_held_by_its_bytes(void **state)
{
    static const char *const env[] = {"FLOWDECK_STORE_ON=false", "FLOWDECK_SCREEN_BYTES_PER_S=2200", NULL};
    struct vt *vt = slow_start(24, 80, SLOW_BYTES_PER_S, true, env);
    struct slow_figures figures = slow_measure(vt);

    (void)state;
    slow_print("2,400 bytes/s, mute, capped at 2,200", &figures);
    assert_true(figures.echo_ms[SLOW_KEYS / 2] < ECHO_BOUND_MS);
    assert_true(figures.kill_ms < ECHO_BOUND_MS);
    hurry(vt);
    leave(vt);
}

/* Far away: a reply comes 240 ms after its question, a byte each 60 ms. None of it is a key, and none an Esc. */
static void test_answers_in_pieces_are_no_keys(void **state)
{
    struct vt *vt = start_in((struct vt_options){.rows = 36, .cols = 120, .answer_ms = 60}, trading);

    (void)state;
    await_trading(vt);
    vt_expect(vt, "NEXT  BUY", START_MS);
    vt_send(vt, "?");
    vt_expect(vt, "page 1 of", ANSWER_MS);
    play(vt, 4000);
    assert_true(vt_shows(vt, "page 1 of")); /* an Esc would have closed it, an `n` said something */
    assert_true(vt_shows(vt, "BTCUSDT"));
    vt_send(vt, "\033");
    vt_expect(vt, "NEXT  BUY", ANSWER_MS);
    leave(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_are_echoed_over_2400_bytes_a_second),
        cmocka_unit_test(test_a_mute_slow_line_is_held_by_its_bytes),
        cmocka_unit_test(test_answers_in_pieces_are_no_keys),
    };

    if (getenv("FLOWDECK_TEST") != NULL)
        cmocka_set_test_filter(getenv("FLOWDECK_TEST"));
    return cmocka_run_group_tests(tests, find_program, NULL);
}
