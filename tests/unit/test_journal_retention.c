/* test_journal_retention.c - what of a journal may go, and what a journal of format 1 says for ever. */
#include "unit/journal_history.h"
#include "unit/power_disk.h"

#include <sys/wait.h>

/* --- retention ---------------------------------------------------------------------------------------------------- */

#define AGE 200 /* a frame comes each ns */

static struct journal_retained retain_of(const char *dir, int64_t now_ns, int64_t age_ns, char *why)
{
    struct journal_retained retained;

    if (journal_retain(dir, now_ns, age_ns, &retained, why, WHY_SIZE) != ERR_OK)
        fail_msg("journal_retain: %s", why);
    return retained;
}

static struct journal_retained retain(const char *dir, int64_t now_ns, char *why)
{
    return retain_of(dir, now_ns, AGE, why);
}

static void test_retention_keeps_what_a_start_needs(void **unused)
{
    const struct folder *folder = *unused;
    struct history history = begin(folder->dir);
    struct journal_retained retained;
    struct journal_point point;
    struct reading reading;
    char why[WHY_SIZE], path[160];
    struct journal_list list;

    go_on(&history, 100);
    assert_int_equal(retain(folder->dir, 1000, why).files, 0);
    assert_non_null(strstr(why, "0 whole snapshots, 2 are needed"));
    snapshot(&history, folder->dir);
    go_on(&history, 40);
    assert_int_equal(retain(folder->dir, 1000, why).files, 0);
    snapshot(&history, folder->dir);
    go_on(&history, 10);
    assert_int_equal(retain(folder->dir, 0, why).files, 0); /* too young */
    assert_non_null(strstr(why, "not old enough"));
    assert_int_equal(journal_retired(folder->dir, &point, why, sizeof(why)), ERR_NOT_FOUND);
    retained = retain(folder->dir, 1000, why);
    assert_true(retained.files > 3 && retained.bytes > 3000 && retained.first_seq == 1);
    assert_true(retained.last_seq <= 500); /* of the older snapshot */
    assert_non_null(strstr(why, "a start may need them"));
    list = list_files(folder->dir);
    assert_int_equal(list.seq[0], retained.last_seq + 1);
    journal_list_free(&list);
    assert_int_equal(journal_retired(folder->dir, &point, why, sizeof(why)), ERR_OK);
    assert_int_equal(point.seq, retained.last_seq);
    reading = read_from(folder->dir, &point); /* as `verify` does */
    assert_int_equal(reading.end, ERR_NOT_FOUND);
    assert_int_equal(reading.sealed, 750);
    reading = read_all(folder->dir);
    assert_refused(&reading, ERR_STATE, "a whole snapshot is needed to start, and there is none");
    assert_recovers(&history, folder->dir, 700);
    unlink(snap(folder->dir, 700, path)); /* the newest is gone: the one before still does */
    assert_recovers(&history, folder->dir, 500);
    assert_int_equal(retain(folder->dir, 1000, why).files, 0);
    end(&history);
}

/* A clock that leaps ahead makes nothing old that is young, and what was written by one that was is not kept for ever. */
static void test_retention_with_a_clock_that_leaps(void **unused)
{
    const struct folder *folder = *unused;
    struct history history = begin(folder->dir);
    char why[WHY_SIZE];

    go_on(&history, 100);
    clock_ahead_ns = INT64_C(30) * 365 * 86400 * 1000000000;
    go_on(&history, 50);
    snapshot(&history, folder->dir);
    go_on(&history, 50);
    snapshot(&history, folder->dir);
    assert_int_equal(retain_of(folder->dir, clock_ahead_ns + 1000, 2100, why).files, 0);
    assert_non_null(strstr(why, "not old enough"));
    clock_ahead_ns = 0;
    go_on(&history, 50);
    assert_true(retain(folder->dir, 1250, why).last_seq > 600); /* those of the leap, too */
    assert_non_null(strstr(why, "a start may need them"));
    assert_recovers(&history, folder->dir, 1000);
    end(&history);
}

/* Whenever it is stopped, a start finds all it needs and the rest can be verified. */
static void test_retention_killed_at_each_step(void **unused)
{
    const struct folder *folder = *unused;
    uint64_t random = 4;
    char next[160];

    for (int round = 0; round < 60; round++) {
        struct history history = begin(folder->dir);
        struct journal_retained retained;
        struct journal_point point = beginning;
        struct reading reading;
        char why[WHY_SIZE];

        go_on(&history, 100);
        snapshot(&history, folder->dir);
        go_on(&history, 5);
        snapshot(&history, folder->dir);
        power_on(folder->dir, 1 + round % 30);
        (void)journal_retain(folder->dir, 1000, AGE, &retained, why, sizeof(why));
        snprintf(next, sizeof(next), "%s/after", folder->path);
        power_fail(next, &random);
        assert_recovers(&history, next, 525);
        if (journal_retired(next, &point, why, sizeof(why)) == ERR_NOT_FOUND)
            point = beginning;
        reading = read_from(next, &point);
        assert_int_equal(reading.end, ERR_NOT_FOUND);
        assert_int_equal(reading.sealed, 525);
        end(&history);
        remove_tree(folder->dir);
        remove_tree(next);
    }
    power_on("/nowhere", 0);
}

/* --- the format as released -------------------------------------------------------------------------------------- */

/* tests/golden/journal-1/files was written by the first release and is never written anew: every later one reads it.
 * FLOWDECK_GOLDEN=write makes it, for the first release alone. */
static void test_golden_journal_of_format_1(void **unused)
{
    static const char golden[] = "tests/golden/journal-1/files";
    const char *write = getenv("FLOWDECK_GOLDEN");
    struct journal_state *state = journal_state_new(), *whole = journal_state_new();
    struct journal_reader *reader;
    struct journal_frame frame;
    struct text *text;
    char why[WHY_SIZE] = "";
    uint64_t seq;
    enum err err;

    (void)unused;
    if (write != NULL && strcmp(write, "journal-1") == 0) {
        struct history history = {open_writer(golden, &beginning, 0), journal_state_new(), 1};

        go_on(&history, 4);
        snapshot(&history, golden);
        go_on(&history, 2);
        end(&history);
        unlink("tests/golden/journal-1/files/reserve");
    }
    assert_int_equal(recover(state, golden, &seq, why), ERR_OK);
    assert_int_equal(seq, 20);
    assert_int_equal(journal_state_seq(state), 30);
    err = journal_reader_open(golden, &beginning, &reader, why, sizeof(why));
    while (err == ERR_OK && (err = journal_reader_next(reader, &frame, why, sizeof(why))) == ERR_OK)
        err = journal_state_apply(whole, &frame.head, frame.body, why, sizeof(why));
    assert_int_equal(err, ERR_NOT_FOUND);
    assert_memory_equal(journal_reader_id(reader), journal_id, JOURNAL_ID_SIZE);
    assert_same(whole, state);
    text = text_of(state);
    assert_int_equal(journal_state_count(state), 16);
    assert_non_null(strstr(text->text, "\n30 parameter owner=mm name=p8 value=8680832624474097475\n"));
    free(text);
    journal_reader_close(reader);
    journal_state_free(state);
    journal_state_free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOURNAL_TEST(test_retention_keeps_what_a_start_needs),
        JOURNAL_TEST(test_retention_with_a_clock_that_leaps),
        JOURNAL_TEST(test_retention_killed_at_each_step),
        cmocka_unit_test(test_golden_journal_of_format_1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
