/* test_journal_state.c - the state is the last record of each key, from the journal or from a snapshot alike. */
#include "unit/journal_history.h"
#include "unit/power_disk.h"

#include <sys/wait.h>

static void test_last_record_of_each_key_in_order_of_writing(void **unused)
{
    struct journal_state *state = journal_state_new();
    struct store_record audit = record_of(STORE_AUDIT), record;
    struct text *text;

    (void)unused;
    record = parameter("a", 1);
    apply_ok(state, &record);
    apply_ok(state, &audit); /* an event */
    record = parameter("b", 2);
    apply_ok(state, &record);
    record = order_record(9, false);
    apply_ok(state, &record);
    record = parameter("a", 3);
    apply_ok(state, &record);
    assert_int_equal(journal_state_count(state), 3);
    assert_int_equal(journal_state_seq(state), 5);
    text = text_of(state);
    assert_true(strncmp(text->text, "3 ", 2) == 0 && strstr(text->text, "\n4 ") != NULL &&
                strstr(text->text, "\n5 ") != NULL);
    free(text);
    text = calloc(1, sizeof(*text));
    text->left = 1;
    journal_state_each(state, STORE_PARAMETER, add_text, text);
    assert_true(strncmp(text->text, "3 ", 2) == 0 && strchr(text->text, '\n')[1] == '\0');
    free(text);
    record = order_record(9, true); /* its key is free again */
    apply_ok(state, &record);
    assert_int_equal(journal_state_count(state), 2);
    record = record_of(STORE_SESSION);
    apply_ok(state, &record);
    assert_int_equal(journal_state_count(state), 3);
    record.session.fresh = true; /* nothing of before counts */
    apply_ok(state, &record);
    assert_int_equal(journal_state_count(state), 1);
    assert_int_equal(journal_state_seq(state), 8);
    journal_state_free(state);
}

static void test_what_cannot_be_applied(void **unused)
{
    struct journal_state *state = journal_state_new();
    struct frame_head head = {.seq = 2, .kind = STORE_AUDIT};
    const unsigned char body[8] = {0};
    char why[WHY_SIZE];

    (void)unused;
    assert_int_equal(journal_state_apply(state, &head, body, why, sizeof(why)), ERR_BAD_DATA);
    assert_non_null(strstr(why, "record seq 2 (kind 6): does not follow the last one"));
    head = (struct frame_head){.seq = 1, .kind = 4711};
    assert_int_equal(journal_state_apply(state, &head, body, why, sizeof(why)), ERR_UNSUPPORTED);
    head = (struct frame_head){.seq = 1, .kind = STORE_ORDER, .body_size = 3};
    assert_int_equal(journal_state_apply(state, &head, body, why, sizeof(why)), ERR_BAD_DATA);
    assert_int_equal(journal_state_seq(state), 0);
    journal_state_free(state);
}

/* Keys come and go at random; a plain array says what must be there. */
static void test_against_a_model_up_to_the_last_key(void **unused)
{
    struct journal_state *state = journal_state_new();
    bool *there = calloc(JOURNAL_STATE_KEYS * 2, sizeof(bool));
    uint64_t random = 21;
    size_t count = 0;
    char why[WHY_SIZE];

    (void)unused;
    for (int round = 0; round < 200000; round++) {
        uint64_t id = (uint64_t)random_between(&random, 1, JOURNAL_STATE_KEYS * 2 - 1);
        bool ended = random_next(&random) % 8 < (round < 100000 ? 2 : 4);
        struct store_record record = order_record(id, ended);
        bool full = !ended && !there[id] && count == JOURNAL_STATE_KEYS;
        enum err err = apply(state, &record, why);

        assert_int_equal(err, full ? ERR_FULL : ERR_OK);
        if (full)
            continue;
        if (there[id] == ended)
            count = ended ? count - 1 : count + 1;
        there[id] = !ended;
        assert_int_equal(journal_state_count(state), count);
    }
    for (uint64_t id = 1; id < JOURNAL_STATE_KEYS * 2; id++) {
        struct store_record record = order_record(id, true);

        apply_ok(state, &record);
        count -= there[id];
        assert_int_equal(journal_state_count(state), count);
    }
    assert_int_equal(count, 0);
    free(there);
    journal_state_free(state);
}

static void test_snapshot_and_tail_give_the_same_as_the_journal(void **unused)
{
    const struct folder *folder = *unused;
    struct history history = begin(folder->dir);
    char path[160];
    struct stat at;

    assert_int_equal(journal_state_seq(history.state), 0);
    for (int i = 1; i <= 6; i++) {
        go_on(&history, 20);
        snapshot(&history, folder->dir);
        assert_recovers(&history, folder->dir, (uint64_t)i * 100);
        go_on(&history, 0);
    }
    go_on(&history, 7);
    assert_recovers(&history, folder->dir, 600);
    assert_int_equal(stat(snap(folder->dir, 500, path), &at), 0); /* two are kept */
    assert_int_equal(at.st_mode & 07777, 0600);
    assert_int_not_equal(access(snap(folder->dir, 400, path), F_OK), 0);
    unlink(snap(folder->dir, 600, path));
    assert_recovers(&history, folder->dir, 500);
    unlink(snap(folder->dir, 500, path));
    assert_recovers(&history, folder->dir, 0); /* snapshots are a short cut */
    end(&history);
}

/* One flipped bit, a cut, another's, an empty one: told, and the one before is taken. */
static void test_broken_snapshots_are_skipped_with_words(void **unused)
{
    const struct folder *folder = *unused;
    struct history history = begin(folder->dir);
    struct journal_state *state = journal_state_new();
    unsigned char id[JOURNAL_ID_SIZE];
    struct journal_point at;
    char path[160], why[WHY_SIZE];
    struct bytes file;

    go_on(&history, 20);
    snapshot(&history, folder->dir);
    go_on(&history, 3);
    snapshot(&history, folder->dir);
    file = load(snap(folder->dir, 115, path));
    for (size_t bit = 0; bit < file.size * 8; bit += 7) {
        file.bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
        store(path, file.bytes, file.size);
        assert_int_equal(journal_state_load(state, folder->dir, &at, id, why, sizeof(why)), ERR_OK);
        assert_int_equal(at.seq, 100);
        assert_non_null(strstr(why, path));
        file.bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
    }
    for (size_t size = 0; size < file.size; size += 5) {
        store(path, file.bytes, size);
        assert_int_equal(journal_state_load(state, folder->dir, &at, id, why, sizeof(why)), ERR_OK);
        assert_int_equal(at.seq, 100);
    }
    assert_recovers(&history, folder->dir, 100);
    store(snap(folder->dir, 120, path), file.bytes, file.size); /* another's place */
    assert_recovers(&history, folder->dir, 100);
    assert_int_equal(journal_state_save(history.state, folder->dir, &at, journal_id, why, sizeof(why)),
                     ERR_STORAGE); /* a point that is not the state's */
    free(file.bytes);
    journal_state_free(state);
    end(&history);
}

/* Killed at each call that changes something: the old one or the new one, never nothing. */
static void test_snapshot_killed_at_each_step(void **unused)
{
    const struct folder *folder = *unused;
    uint64_t random = 9, old = 0, new = 0;
    char next[160];

    for (int round = 0; round < 200; round++) {
        struct history history = begin(folder->dir);
        struct journal_state *state = journal_state_new();
        unsigned char id[JOURNAL_ID_SIZE];
        struct journal_point at, point;
        char why[WHY_SIZE];
        enum err err;

        go_on(&history, 10);
        snapshot(&history, folder->dir);
        go_on(&history, 10);
        point = journal_segment_point(history.segment);
        power_on(folder->dir, 1 + round % 10);
        err = journal_state_save(history.state, folder->dir, &point, journal_id, why, sizeof(why));
        snprintf(next, sizeof(next), "%s/after", folder->path);
        power_fail(next, &random);
        assert_int_equal(journal_state_load(state, next, &at, id, why, sizeof(why)), ERR_OK);
        assert_true(at.seq == 100 || (at.seq == 50 && err != ERR_OK));
        old += at.seq == 50;
        new += at.seq == 100;
        journal_state_free(state);
        end(&history);
        remove_tree(folder->dir);
        remove_tree(next);
    }
    power_on("/nowhere", 0);
    assert_true(old > 20 && new > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_last_record_of_each_key_in_order_of_writing),
        cmocka_unit_test(test_what_cannot_be_applied),
        cmocka_unit_test(test_against_a_model_up_to_the_last_key),
        JOURNAL_TEST(test_snapshot_and_tail_give_the_same_as_the_journal),
        JOURNAL_TEST(test_broken_snapshots_are_skipped_with_words),
        JOURNAL_TEST(test_snapshot_killed_at_each_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
