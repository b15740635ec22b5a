/*
 * test_replay_time.c - a recording of thirty hours: the screen is there before it has been read, says where it is on the way to
 * the time that was asked for, takes keys meanwhile, and names the day.
 */
#include "screen/workstation.h"

#include <inttypes.h>
#include <zlib.h>

#define HOUR_NS  INT64_C(3600000000000)
#define FIRST_NS INT64_C(1763733600000000000) /* 2025-11-21T14:00:00 */
#define HOURS    30
#define TRADES   800000 /* so many take about a second: pictures of the way are seen */

static char folder[] = "/tmp/flowdeck-days-XXXXXX", recording[sizeof(folder) + 16];

static int write_recording(void **state)
{
    gzFile out;

    find_program(state);
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(recording, sizeof(recording), "%s/days.jsonl.gz", folder);
    out = gzopen(recording, "wb1");
    for (int64_t i = 0; out != NULL && i <= TRADES; i++) {
        int64_t ns = FIRST_NS + HOURS * HOUR_NS / TRADES * i;

        gzprintf(out,
                 "%" PRId64 " {\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"E\":%" PRId64
                 ",\"s\":\"BTCUSDT\",\"t\":%" PRId64 ",\"p\":\"%d.18\",\"q\":\"0.10000\",\"T\":%" PRId64
                 ",\"m\":true}}\n",
                 ns, ns / 1000000, i + 1, 61842 + (int)(i * 7919 % 40), ns / 1000000);
    }
    return out == NULL || gzclose(out) != Z_OK;
}

static int remove_recording(void **state)
{
    (void)state;
    unlink(recording);
    return rmdir(folder);
}

static struct vt *start_days(int rows, int cols, const char *at)
{
    const char *argv[] = {program, "replay", recording, at == NULL ? NULL : "--at", at, NULL};
    struct vt *vt = vt_start(&(struct vt_options){.rows = rows, .cols = cols, .argv = argv, .env = no_store});

    assert_non_null(vt);
    return vt;
}

static bool row_begins(struct vt *vt, const char *text)
{
    const char *row = vt_row(vt, 1);

    return strncmp(row + strspn(row, " "), text, strlen(text)) == 0;
}

static const char *awaited;

static bool row_begins_as_awaited(struct vt *vt, void *arg)
{
    (void)arg;
    return row_begins(vt, awaited);
}

static void await_row(struct vt *vt, const char *text)
{
    awaited = text;
    if (!vt_wait_until(vt, row_begins_as_awaited, NULL, START_MS))
        fail_msg("no row that begins with %s; the screen is:\n%s", text, vt_text(vt));
}

static void type_line(struct vt *vt, const char *line)
{
    vt_send(vt, ":");
    vt_expect(vt, "Enter run", ANSWER_MS);
    for (const char *at = line; *at != '\0'; at += strlen(at) < 8 ? strlen(at) : 8) {
        char part[9];

        snprintf(part, sizeof(part), "%.8s", at);
        vt_send(vt, part); /* more at once would be a paste */
        vt_settle(vt, 60, 200);
    }
    vt_expect(vt, line, ANSWER_MS);
    vt_send(vt, "\r");
}

static void test_the_screen_is_there_while_it_is_read(void **state)
{
    struct vt *vt = start_days(36, 120, "2025-11-22T19:00");

    (void)state;
    vt_expect(vt, " reading to 11-22 19:00:00 ", START_MS);
    vt_send(vt, " "); /* on the way */
    vt_expect(vt, " held", ANSWER_MS);
    assert_false(row_begins(vt, "11-22 19:"));
    vt_expect(vt, " of 11-21 14:00:00..", ANSWER_MS);
    vt_send(vt, "?");
    vt_expect(vt, "one event", ANSWER_MS); /* the keys of a replay */
    vt_send(vt, "\033");
    vt_settle(vt, 1600, 3000); /* the pause of a moment ago is no double tap */
    vt_send(vt, " ");
    await_row(vt, "11-22 18:59:59 of "); /* of the newest line before it */
    assert_false(vt_shows(vt, "reading to"));
    leave(vt);
}

static void test_kill_and_quit_are_not_kept_waiting(void **state)
{
    struct vt *vt = start_days(24, 80, "2025-11-22T19:00");

    (void)state;
    vt_expect(vt, " reading to 11-22 19:00:00 ", START_MS);
    vt_send(vt, "K");
    vt_expect(vt, "KILLED", ANSWER_MS);
    leave(vt);
    vt = start_days(24, 80, "2025-11-22T19:00");
    vt_expect(vt, " reading to 11-22 19:00:00 ", START_MS);
    vt_send(vt, "q");
    assert_true(vt_wait_exit(vt, ANSWER_MS) || vt_shows(vt, "LEAVE?"));
    kill(vt->pid, SIGTERM);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    vt_free(vt);
}

static void test_a_day_is_asked_for(void **state)
{
    struct vt *vt = start_days(36, 120, NULL);

    (void)state;
    vt_expect(vt, " of 11-21 14:00:00..11-22 20:00:00 ", START_MS);
    type_line(vt, "jump 11-22 09:30");
    await_row(vt, "11-22 09:");
    type_line(vt, "jump 2025-11-21 20:15");
    await_row(vt, "11-21 20:1");
    type_line(vt, "jump 11-23 09:30");
    vt_expect(vt, "goes from 11-21 14:00:00 to 11-22 20:00:00", ANSWER_MS);
    type_line(vt, "jump 21 09:30");
    vt_expect(vt, ":jump HH:MM[:SS] or [YYYY-]MM-DD HH:MM[:SS], UTC", ANSWER_MS);
    leave(vt);
}

/* As fast as it goes a time that was asked for would be past at once: there the clock is held. */
static void test_a_jump_at_full_speed_ends_there(void **state)
{
    const char *argv[] = {program, "replay", recording, "--at", "2025-11-22T09:00", "--speed", "max", NULL};
    struct vt *vt = vt_start(&(struct vt_options){.rows = 36, .cols = 120, .argv = argv, .env = no_store});

    (void)state;
    assert_non_null(vt);
    await_row(vt, "11-22 08:59:59 of ");
    vt_expect(vt, " held", ANSWER_MS);
    play(vt, 300);
    assert_true(row_begins(vt, "11-22 08:59:59 of "));
    leave(vt);
}

static void test_a_time_that_it_has_not_is_told(void **state)
{
    struct vt *vt = start_days(36, 120, "2025-11-23T19:00");

    (void)state;
    assert_true(vt_wait_exit(vt, START_MS));
    assert_int_equal(vt_exit_code(vt), 2);
    assert_true(
        vt_shows(vt, "not in the recording, which goes from 2025-11-21T14:00:00 to 2025-11-22T20:00:00"));
    assert_true(vt_is_sane(vt));
    vt_free(vt);
    vt = start_days(36, 120, "2025-11-21T13:00");
    assert_true(vt_wait_exit(vt, START_MS));
    assert_int_equal(vt_exit_code(vt), 2);
    assert_true(vt_shows(vt, "not in the recording, which begins at 2025-11-21T14:00:00"));
    vt_free(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_screen_is_there_while_it_is_read),
        cmocka_unit_test(test_kill_and_quit_are_not_kept_waiting),
        cmocka_unit_test(test_a_day_is_asked_for),
        cmocka_unit_test(test_a_jump_at_full_speed_ends_there),
        cmocka_unit_test(test_a_time_that_it_has_not_is_told),
    };

    return cmocka_run_group_tests(tests, write_recording, remove_recording);
}
