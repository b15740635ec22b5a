/* test_journal_state.c - the state is the last record of each key, from the journal or from a snapshot alike. */
#include "unit/journal_fixture.h"
#include "unit/power_disk.h"

#include "store/journal_snapshot.h"
#include "store/journal_state.h"

#include <signal.h>
#include <sys/wait.h>

#define KEYS_MODEL 64

static struct store_record record_of(unsigned kind)
{
    struct store_record record;

    memset(&record, 0, sizeof(record));
    record.kind = (enum store_record_kind)kind;
    return record;
}

static struct store_record parameter(const char *name, int64_t value)
{
    struct store_record record = record_of(STORE_PARAMETER);

    snprintf(record.owner, sizeof(record.owner), "mm");
    snprintf(record.parameter.name, sizeof(record.parameter.name), "%s", name);
    record.parameter.value = value;
    return record;
}

static struct store_record order_record(uint64_t seq, bool ended)
{
    struct store_record record = record_of(STORE_ORDER);

    record.order.order.seq = seq;
    record.order.order.state = ended ? ORDER_STATE_CANCELLED : ORDER_STATE_WORKING;
    record.order.scale = (struct store_scale){1, 1};
    return record;
}

static int64_t clock_ahead_ns; /* of a clock that is wrong for a while */

static size_t frame_of(const struct store_record *record, uint64_t seq, unsigned char out[FRAME_MAX])
{
    unsigned char body[RECORD_BODY_MAX];
    struct frame_head head = {.seq = seq,
                              .ts_ns = clock_ahead_ns + (int64_t)seq,
                              .input_seq = seq,
                              .kind = (uint16_t)record->kind,
                              .body_size = (uint32_t)record_encode(record, body, sizeof(body))};

    assert_true(head.body_size > 0);
    return frame_encode(&head, body, out, FRAME_MAX);
}

static enum err apply(struct journal_state *state, const struct store_record *record, char *why)
{
    unsigned char frame[FRAME_MAX];
    const unsigned char *body;
    struct frame_head head;
    size_t size = frame_of(record, journal_state_seq(state) + 1, frame);

    assert_int_equal(frame_decode(frame, size, &head, &body), ERR_OK);
    return journal_state_apply(state, &head, body, why, WHY_SIZE);
}

static void apply_ok(struct journal_state *state, const struct store_record *record)
{
    char why[WHY_SIZE] = "";

    if (apply(state, record, why) != ERR_OK)
        fail_msg("journal_state_apply: %s", why);
}

/* All of a state as text: equal texts, equal states. */
struct text {
    char text[1 << 16];
    size_t used;
    unsigned left; /* visits until it stops */
};

static bool add_text(void *arg, const struct store_record *record)
{
    struct text *text = arg;
    char line[2048];

    text->used += (size_t)snprintf(text->text + text->used, sizeof(text->text) - text->used, "%lld %s\n",
                                   (long long)record->ts_ns, record_text(record, line, sizeof(line)));
    return --text->left > 0;
}

static struct text *text_of(const struct journal_state *state)
{
    struct text *text = calloc(1, sizeof(*text));

    text->left = UINT32_MAX;
    journal_state_each(state, 0, add_text, text);
    return text;
}

static void assert_same(const struct journal_state *a, const struct journal_state *b)
{
    struct text *x = text_of(a), *y = text_of(b);

    assert_int_equal(journal_state_seq(a), journal_state_seq(b));
    assert_int_equal(journal_state_count(a), journal_state_count(b));
    assert_string_equal(x->text, y->text);
    free(x);
    free(y);
}

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

/* --- with a journal ---------------------------------------------------------------------------------------------- */

struct history {
    struct journal_segment *segment;
    struct journal_state *state;
    uint64_t random;
};

static struct store_record any_record(uint64_t *random)
{
    char name[16];

    switch (random_next(random) % 4) {
    case 0:
        return record_of(STORE_AUDIT);
    case 1:
        return order_record(random_next(random) % 40, random_next(random) % 2);
    default:
        snprintf(name, sizeof(name), "p%d", (int)(random_next(random) % 30));
        return parameter(name, (int64_t)random_next(random));
    }
}

static void go_on(struct history *history, int groups)
{
    static unsigned char frames[8 * FRAME_MAX];
    char why[WHY_SIZE];

    for (int g = 0; g < groups; g++) {
        uint64_t first = journal_segment_point(history->segment).seq + 1;
        size_t size = 0;

        for (unsigned i = 0; i < 5; i++) {
            struct store_record record = any_record(&history->random);

            size += frame_of(&record, first + i, frames + size);
            apply_ok(history->state, &record);
        }
        if (journal_segment_write(history->segment, frames, size, why, sizeof(why)) != ERR_OK)
            fail_msg("%s", why);
    }
}

static void snapshot(const struct history *history, const char *dir)
{
    struct journal_point point = journal_segment_point(history->segment);
    char why[WHY_SIZE];

    if (journal_state_save(history->state, dir, &point, journal_id, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
}

static struct history begin(const char *dir)
{
    return (struct history){open_writer(dir, &beginning, 3000), journal_state_new(), 77};
}

static void end(struct history *history)
{
    journal_segment_close(history->segment);
    journal_state_free(history->state);
}

/* What a start does: the newest snapshot, then the journal from its point. */
static enum err recover(struct journal_state *state, const char *dir, uint64_t *snapshot_seq, char *why)
{
    unsigned char id[JOURNAL_ID_SIZE];
    struct journal_reader *reader;
    struct journal_frame frame;
    struct journal_point at;
    enum err err = journal_state_load(state, dir, &at, id, why, WHY_SIZE);

    *snapshot_seq = at.seq;
    if (err != ERR_OK && err != ERR_NOT_FOUND)
        return err;
    err = journal_reader_open(dir, &at, &reader, why, WHY_SIZE);
    while (err == ERR_OK) {
        err = journal_reader_next(reader, &frame, why, WHY_SIZE);
        if (err == ERR_OK)
            err = journal_state_apply(state, &frame.head, frame.body, why, WHY_SIZE);
    }
    journal_reader_close(reader);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static void assert_recovers(const struct history *history, const char *dir, uint64_t from)
{
    struct journal_state *state = journal_state_new();
    char why[WHY_SIZE] = "";
    uint64_t seq;

    if (recover(state, dir, &seq, why) != ERR_OK)
        fail_msg("recovery: %s", why);
    assert_int_equal(seq, from);
    assert_same(state, history->state);
    journal_state_free(state);
}

static const char *snap(const char *dir, uint64_t seq, char out[160])
{
    snprintf(out, 160, "%s/%020" PRIu64 ".snap", dir, seq);
    return out;
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
        cmocka_unit_test(test_last_record_of_each_key_in_order_of_writing),
        cmocka_unit_test(test_what_cannot_be_applied),
        cmocka_unit_test(test_against_a_model_up_to_the_last_key),
        JOURNAL_TEST(test_snapshot_and_tail_give_the_same_as_the_journal),
        JOURNAL_TEST(test_broken_snapshots_are_skipped_with_words),
        JOURNAL_TEST(test_snapshot_killed_at_each_step),
        JOURNAL_TEST(test_retention_keeps_what_a_start_needs),
        JOURNAL_TEST(test_retention_with_a_clock_that_leaps),
        JOURNAL_TEST(test_retention_killed_at_each_step),
        cmocka_unit_test(test_golden_journal_of_format_1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
