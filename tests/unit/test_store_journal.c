/*
 * The journal of an account as a whole: what was committed is there at the next start, whatever ended the run; what a
 * start cannot trust is refused in words.
 */
#include "unit/account_fixture.h"

#include "store/journal_verify.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

static void push_limit(struct store_journal *journal, const char *option, int64_t value, int64_t ts_ns)
{
    struct store_record record = {.kind = STORE_LIMIT, .ts_ns = ts_ns};

    snprintf(record.limit.option, sizeof(record.limit.option), "%s", option);
    record.limit.value = value;
    push_record(journal, &record);
}

static const struct store_record *limit_of(const struct recovered *left, const char *option)
{
    for (size_t i = 0; i < left->count; i++)
        if (left->record[i].kind == STORE_LIMIT && strcmp(left->record[i].limit.option, option) == 0)
            return &left->record[i];
    return NULL;
}

static void assert_limit(const struct recovered *left, const char *option, int64_t value)
{
    const struct store_record *record = limit_of(left, option);

    assert_non_null(record);
    assert_int_equal(record->limit.value, value);
}

static void close_all(struct store_journal *journal, struct recovered *left, bool in_order)
{
    store_journal_close(journal, in_order);
    recovered_free(left);
}

static void remove_files(const struct folder *folder, const char *pattern)
{
    char command[256];

    snprintf(command, sizeof(command), "rm -f '%s'/%s", folder->dir, pattern);
    if (system(command) != 0) /* NOLINT(cert-env33-c) */
        fail();
}

/* --- what is kept ---------------------------------------------------------------------------------------------------- */

static void test_everything_is_there_at_the_next_start(void **state)
{
    const struct folder *folder = *state;
    struct recovered left;

    for (int run = 0; run < 12; run++) {
        bool drains = run % 3 != 1, in_order = run % 3 == 0;
        struct store_journal *journal = open_journal_at(folder, NOON_NS + run * MINUTE, &left);
        char own[16];

        assert_int_equal(left.session, run + 1);
        assert_int_equal(left.epoch, run + 1);
        for (int before = 0; before < run; before++) {
            snprintf(own, sizeof(own), "run.%d", before);
            assert_limit(&left, own, before);
        }
        if (run > 0)
            assert_limit(&left, "newest", run - 1);
        assert_int_equal(left.crashed, run % 3 != 1 && run > 0);
        assert_int_equal(left.from_ring > 0, run % 3 == 2);
        begin_session(journal, &left, NOON_NS + run * MINUTE);
        snprintf(own, sizeof(own), "run.%d", run);
        push_limit(journal, own, run, NOON_NS + run * MINUTE + 1);
        push_limit(journal, "newest", run, NOON_NS + run * MINUTE + 2);
        commit(journal);
        push_limit(journal, "never committed", 1, NOON_NS + run * MINUTE + 3);
        if (in_order) {
            commit(journal); /* an engine leaves no step open at an orderly end */
            end_session(journal, &left, NOON_NS + run * MINUTE + 4);
        } else if (drains) {
            drain(journal);
        }
        close_all(journal, &left, in_order);
        if (run == 0)
            remove_files(folder, "*.snap");
    }
}

/* --- kill -9 ----------------------------------------------------------------------------------------------------------- */

struct shared { /* between the child that is killed and its judge */
    _Atomic uint64_t begun, committed;
    _Atomic bool failed;
};

struct child {
    struct store_journal *journal;
    struct shared *shared;
};

static void *child_drains(void *arg)
{
    struct child *child = arg;
    char why[WHY_SIZE];

    for (unsigned round = 0;; round++) {
        size_t frames;

        if (store_journal_drain(child->journal, NULL, NULL, &frames, why, sizeof(why)) != ERR_OK ||
            (round % 16 == 7 && store_journal_snapshot(child->journal, true, why, sizeof(why)) != ERR_OK)) {
            fprintf(stderr, "child: %s\n", why);
            atomic_store(&child->shared->failed, true);
        }
        usleep(50);
    }
    return NULL;
}

/* Step n has 1 + n % 5 records that say so, and the state "step" = n. */
static bool push_step(struct store_journal *journal, uint64_t step)
{
    struct store_record record = {.kind = STORE_STORY, .ts_ns = NOON_NS + (int64_t)step};
    bool taken = true;

    record.story.order_seq = step;
    memset(record.story.text, 'a' + (int)(step % 26), step * 7 % 150);
    for (unsigned i = 0; i < 1 + step % 5; i++) {
        record.story.line = (int32_t)i;
        taken &= store_journal_push(journal, &record);
    }
    record = (struct store_record){.kind = STORE_LIMIT, .ts_ns = NOON_NS + (int64_t)step};
    strcpy(record.limit.option, "step");
    record.limit.value = (int64_t)step;
    taken &= store_journal_push(journal, &record);
    return store_journal_commit(journal) && taken;
}

static void child_runs(const struct folder *folder, struct shared *shared)
{
    struct child child = {.shared = shared};
    const struct store_record *last;
    struct recovered left;
    char why[WHY_SIZE];
    pthread_t thread;
    uint64_t step;

    if (try_journal(folder, NOON_NS, &child.journal, &left, why) != ERR_OK) {
        fprintf(stderr, "child: %s\n", why);
        atomic_store(&shared->failed, true);
        _exit(9);
    }
    last = limit_of(&left, "step");
    step = last == NULL ? 0 : (uint64_t)last->limit.value;
    if (pthread_create(&thread, NULL, child_drains, &child) != 0)
        _exit(9);
    for (;;) {
        atomic_store(&shared->begun, step + 1);
        if (!push_step(child.journal, ++step)) {
            atomic_store(&shared->failed, true);
            _exit(9);
        }
        atomic_store(&shared->committed, step);
        usleep(20); /* enough steps are in flight, and the judge has less to read */
        while (store_journal_is_crowded(child.journal))
            usleep(100);
    }
}

struct judge { /* goes on reading where it ended */
    struct journal_point point;
    uint64_t seq, step;
    unsigned line;
};

/* All of a step or nothing; seqs without a gap; the steps in order. */
static void judge_frame(struct judge *judge, const struct journal_frame *frame)
{
    struct store_record record;
    char why[160];

    assert_int_equal(frame->head.seq, ++judge->seq);
    assert_true(frame->sealed);
    assert_int_equal(
        record_decode(frame->head.kind, frame->body, frame->head.body_size, &record, why, sizeof(why)),
        ERR_OK);
    if (frame->head.kind == STORE_LIMIT) {
        assert_int_equal(record.limit.value, ++judge->step);
        assert_int_equal(judge->line, 1 + judge->step % 5);
        assert_false(frame->head.flags & FRAME_FLAG_MORE);
        judge->line = 0;
        return;
    }
    assert_int_equal(record.story.order_seq, judge->step + 1);
    assert_int_equal(record.story.line, judge->line++);
    assert_int_equal(strlen(record.story.text), record.story.order_seq * 7 % 150);
    assert_true(frame->head.flags & FRAME_FLAG_MORE);
}

static void judge_journal(const struct folder *folder, struct judge *judge)
{
    struct journal_reader *reader;
    struct journal_frame frame;
    char why[WHY_SIZE] = "";
    enum err err = journal_reader_open(folder->dir, &judge->point, &reader, why, sizeof(why));

    if (err == ERR_NOT_FOUND && judge->seq == 0)
        return; /* killed before its first group */
    if (err != ERR_OK)
        fail_msg("%s", why);
    while ((err = journal_reader_next(reader, &frame, why, sizeof(why))) == ERR_OK)
        judge_frame(judge, &frame);
    if (err != ERR_NOT_FOUND)
        fail_msg("%s", why);
    assert_int_equal(judge->line, 0);
    judge->point = journal_reader_point(reader);
    journal_reader_close(reader);
}

static void kill_a_child(const struct folder *folder, struct shared *shared, uint64_t *random)
{
    pid_t child = fork();
    uint64_t seen = atomic_load(&shared->committed);

    assert_true(child >= 0);
    if (child == 0)
        child_runs(folder, shared);
    if (random_next(random) % 4 != 0) /* else anywhere in its start, too */
        for (int i = 0; i < 5000 && atomic_load(&shared->committed) == seen && !atomic_load(&shared->failed);
             i++)
            usleep(1000);
    usleep((useconds_t)(random_next(random) % 4000));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    if (atomic_load(&shared->failed))
        fail_msg("the child failed");
}

static void test_killed_at_random(void **state)
{
    const struct folder *folder = *state;
    struct shared *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int kills = getenv("FLOWDECK_SOAK") != NULL ? 3000 : 300;
    struct judge judge = {.seq = 0};
    uint64_t random = 11, from_ring = 0, lost = 0;

    assert_true(shared != MAP_FAILED);
    for (int i = 0; i < kills; i++) {
        const struct store_record *last;
        struct store_journal *journal;
        struct recovered left;
        uint64_t step;

        kill_a_child(folder, shared, &random);
        journal = open_journal_at(folder, NOON_NS, &left);
        last = limit_of(&left, "step");
        step = last == NULL ? 0 : (uint64_t)last->limit.value;
        /* Before the first group is on disk nobody would have sent: the store waits for its session's. */
        lost += judge.seq > 0 && step < atomic_load(&shared->committed);
        assert_true(step <= atomic_load(&shared->begun));
        from_ring += left.from_ring;
        judge_journal(folder, &judge);
        assert_int_equal(judge.step, step); /* the state and the steps say the same */
        assert_int_equal(judge.seq, store_journal_point(journal).seq);
        assert_int_equal(store_journal_waiting(journal), 0);
        if (i % 7 == 0)
            remove_files(folder, "*.snap");
        close_all(journal, &left, i % 2 == 0);
        atomic_store(&shared->committed, step);
    }
    print_message("%d kills: %" PRIu64 " steps, %" PRIu64 " records, %" PRIu64
                  " of them out of a ring, %" PRIu64 " committed steps lost\n",
                  kills, judge.step, judge.seq, from_ring, lost);
    assert_int_equal(lost, 0);
    assert_true(judge.step > 100 && from_ring > 0);
    munmap(shared, sizeof(*shared));
}

/* --- crash loops ------------------------------------------------------------------------------------------------------- */

/* A run that begins at now_ns and whose last record is at last_ns. */
static bool run_once(const struct folder *folder, int64_t now_ns, int64_t last_ns, bool in_order)
{
    struct recovered left;
    struct store_journal *journal = open_journal_at(folder, now_ns, &left);
    bool safe_mode = left.safe_mode;

    begin_session(journal, &left, now_ns);
    drain(journal); /* as the store does before anything else */
    if (last_ns != 0) {
        push_limit(journal, "x", 1, last_ns);
        commit(journal);
    }
    if (in_order)
        end_session(journal, &left, now_ns + SECOND);
    close_all(journal, &left, in_order);
    return safe_mode;
}

static void test_five_crashes_within_ten_minutes(void **state)
{
    const struct folder *folder = *state;

    for (int i = 0; i < 5; i++) {
        assert_false(run_once(folder, NOON_NS + i * MINUTE, 0, false));
    }
    assert_true(run_once(folder, NOON_NS + 5 * MINUTE, 0, true));
    assert_false(run_once(folder, NOON_NS + 9 * MINUTE, 0, true)); /* one that ended in order ends the row */
}

static void test_five_crashes_in_a_longer_time(void **state)
{
    const struct folder *folder = *state;

    for (int i = 0; i < 12; i++)
        assert_false(run_once(folder, NOON_NS + i * 3 * MINUTE, 0, false));
}

/* Records before the first event have no time yet: a crash right then is a crash all the same. */
static void test_a_crash_before_the_first_event_counts(void **state)
{
    const struct folder *folder = *state;

    for (int i = 0; i < 5; i++) {
        struct recovered left;
        struct store_journal *journal = open_journal_at(folder, NOON_NS + i * SECOND, &left);

        assert_false(left.safe_mode);
        begin_session(journal, &left, NOON_NS + i * SECOND);
        drain(journal);
        push_limit(journal, "x", 1, 0);
        commit(journal);
        close_all(journal, &left, false);
    }
    assert_true(run_once(folder, NOON_NS + MINUTE, 0, true));
}

/* --- the ring ------------------------------------------------------------------------------------------------------------ */

static void test_the_ring_of_a_journal_that_is_gone(void **state)
{
    const struct folder *folder = *state;
    struct recovered left;
    struct store_journal *journal;

    assert_false(run_once(folder, NOON_NS, NOON_NS, false));
    shell("rm -rf '%s/journal'%s", folder->path, "");
    journal = open_journal_at(folder, NOON_NS, &left);
    assert_string_equal(left.note, "the ring of a journal that is gone was removed");
    assert_int_equal(left.count, 0);
    assert_int_equal(left.session, 1);
    begin_session(journal, &left, NOON_NS);
    drain(journal);
    assert_int_equal(store_journal_point(journal).seq, 1);
    close_all(journal, &left, true);
}

/* An older copy of the journal beside the ring of the newer one: records between the two are missing. */
static void test_a_ring_behind_the_end_is_refused(void **state)
{
    const struct folder *folder = *state;
    struct recovered left;
    struct store_journal *journal;
    char why[WHY_SIZE] = "";

    assert_false(run_once(folder, NOON_NS, NOON_NS, true));
    shell("cp -r '%s/journal' '%s/kept'", folder->path, folder->path);
    journal = open_journal_at(folder, NOON_NS, &left);
    begin_session(journal, &left, NOON_NS);
    drain(journal);
    push_limit(journal, "x", 2, NOON_NS);
    commit(journal);
    close_all(journal, &left, false);
    shell("rm -rf '%s/journal'%s", folder->path, "");
    shell("cd '%s' && mv kept journal%s", folder->path, "");
    assert_int_equal(try_journal(folder, NOON_NS, &journal, &left, why), ERR_BAD_DATA);
    if (strstr(why, "its end is missing") == NULL || strstr(why, "restore a backup") == NULL)
        fail_msg("it says: %s", why);
    assert_null(strchr(why, '\n'));
    remove_ring(folder);
    journal = open_journal_at(folder, NOON_NS, &left);
    assert_limit(&left, "x", 1);
    close_all(journal, &left, true);
}

/* --- snapshots ------------------------------------------------------------------------------------------------------------ */

/* The states of a start as text. */
static char *states_of(const struct folder *folder, char note[256])
{
    struct recovered left;
    struct store_journal *journal = open_journal_at(folder, NOON_NS, &left);
    char *text = NULL, line[4096];
    size_t size;
    FILE *out = open_memstream(&text, &size);

    for (size_t i = 0; i < left.count; i++)
        fprintf(out, "%s\n", record_text(&left.record[i], line, sizeof(line)));
    fclose(out);
    snprintf(note, 256, "%s", left.note);
    close_all(journal, &left, true);
    return text;
}

static void fill_with_snapshots(const struct folder *folder, int64_t retain_ns, int records)
{
    struct store_journal_config config = {
        .data_dir = folder->path, .account = ACCOUNT, .now_ns = NOON_NS, .retain_ns = retain_ns};
    struct store_record memory = {.kind = STORE_MEMORY, .ts_ns = NOON_NS};
    struct recovered left;
    struct store_journal *journal;
    char why[WHY_SIZE] = "";

    if (store_journal_open(&config, &journal, &left, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    begin_session(journal, &left, NOON_NS);
    memory.memory.size = STORE_MEMORY_BYTES;
    for (int i = 0; i < records; i++) {
        memory.ts_ns += MINUTE / 10000;
        memory.memory.part = (uint16_t)(i % 50);
        memset(memory.memory.bytes, i % 251, sizeof(memory.memory.bytes));
        push_record(journal, &memory);
        commit(journal);
        if (i % 64 == 63)
            drain(journal);
        if (i % (records / 4) == records / 4 - 1) {
            size_t frames;

            assert_int_equal(store_journal_drain(journal, NULL, NULL, &frames, why, sizeof(why)), ERR_OK);
            if (store_journal_snapshot(journal, true, why, sizeof(why)) != ERR_OK)
                fail_msg("%s", why);
        }
    }
    end_session(journal, &left, NOON_NS);
    close_all(journal, &left, true);
}

static int count_files(const struct folder *folder, const char *ending)
{
    struct journal_list list = {.seq = NULL};
    int count, dir_fd = journal_open_folder(folder->dir);

    assert_int_equal(journal_list_read(&list, dir_fd, ending), ERR_OK);
    count = (int)list.count;
    journal_list_free(&list);
    close(dir_fd);
    return count;
}

static void damage_snapshot(const struct folder *folder, int which)
{
    char command[512];

    snprintf(
        command, sizeof(command),
        "f=$(ls '%s'/*.snap | sed -n %dp) && printf X | dd of=\"$f\" bs=1 seek=300 conv=notrunc status=none",
        folder->dir, which);
    if (system(command) != 0) /* NOLINT(cert-env33-c) */
        fail();
}

static void test_snapshots_are_a_short_cut_and_no_more(void **state)
{
    const struct folder *folder = *state;
    char note[256], *whole, *again;

    fill_with_snapshots(folder, 0, 400);
    assert_int_equal(count_files(folder, ".snap"), 2);
    whole = states_of(folder, note);
    assert_string_equal(note, "");
    damage_snapshot(folder, 2);
    again = states_of(folder, note);
    assert_string_equal(again, whole);
    assert_non_null(strstr(note, "its hash is wrong"));
    free(again);
    damage_snapshot(folder, 1);
    again = states_of(folder, note);
    assert_string_equal(again, whole);
    free(again);
    remove_files(folder, "*.snap");
    again = states_of(folder, note);
    assert_string_equal(again, whole);
    assert_string_equal(note, "");
    free(again);
    free(whole);
}

static void print_difference(void *arg, const char *line)
{
    (void)arg;
    print_message("%s\n", line);
}

/* From where the beginning is retired, too; a damaged snapshot is told. */
static void assert_verified(const struct folder *folder, uint64_t snapshots, uint64_t differences)
{
    struct journal_verify verify = {.data_dir = folder->path, .account = ACCOUNT, .tell = print_difference};
    char why[WHY_SIZE] = "";

    if (journal_verify(&verify, why, sizeof(why)) != ERR_OK)
        fail_msg("journal_verify: %s", why);
    assert_true(verify.retired > 0);
    assert_int_equal(verify.counts.frames, verify.end.seq - verify.retired);
    assert_int_equal(verify.snapshots, snapshots);
    assert_int_equal(verify.differences, differences);
}

/* Old segments go, and the start gives the same; without a whole snapshot it is refused then. */
static void test_retention(void **state)
{
    const struct folder *folder = *state;
    char note[256], *kept, *again, why[WHY_SIZE] = "";
    struct store_journal *journal;
    struct recovered left;
    struct journal_reader *reader;
    uint64_t retired;

    fill_with_snapshots(folder, MINUTE, 260000); /* four segments */
    assert_true(count_files(folder, ".fdj") < 4);
    kept = states_of(folder, note);
    assert_int_equal(journal_reader_open_first(folder->dir, &reader, &retired, why, sizeof(why)), ERR_OK);
    assert_true(retired > 0);
    journal_reader_close(reader);
    assert_verified(folder, 2, 0);
    damage_snapshot(folder, 2);
    assert_verified(folder, 1, 1);
    again = states_of(folder, note);
    assert_string_equal(again, kept);
    free(again);
    free(kept);
    damage_snapshot(folder, 1);
    assert_int_equal(try_journal(folder, NOON_NS, &journal, &left, why), ERR_STATE);
    assert_non_null(strstr(why, "a whole snapshot is needed"));
}

/* --- in memory alone ------------------------------------------------------------------------------------------------- */

struct busy {
    struct store_journal *journal;
    size_t seen;
};

/* An engine that is always one record ahead of whoever reads. */
static enum err visit_and_push(void *arg, const struct frame_head *head, const unsigned char *body, char *why,
                               size_t why_size)
{
    struct busy *busy = arg;

    (void)head, (void)body, (void)why, (void)why_size;
    if (++busy->seen < 1000) {
        push_limit(busy->journal, "newest", 1, NOON_NS);
        commit(busy->journal);
    }
    return ERR_OK;
}

static void test_a_drain_ends_while_records_come(void **state)
{
    struct store_journal_config config = {0};
    struct recovered left;
    struct busy busy = {0};
    size_t frames;
    char why[WHY_SIZE];

    (void)state;
    assert_int_equal(store_journal_open(&config, &busy.journal, &left, why, sizeof(why)), ERR_OK);
    for (int round = 0; round < 3; round++) {
        push_limit(busy.journal, "newest", 1, NOON_NS);
        commit(busy.journal);
        assert_int_equal(store_journal_drain(busy.journal, visit_and_push, &busy, &frames, why, sizeof(why)),
                         ERR_OK);
        assert_in_range(frames, 1, 10);
        assert_true(store_journal_waiting(busy.journal) > 0);
    }
    close_all(busy.journal, &left, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ACCOUNT_TEST(test_everything_is_there_at_the_next_start),
        ACCOUNT_TEST(test_killed_at_random),
        ACCOUNT_TEST(test_five_crashes_within_ten_minutes),
        ACCOUNT_TEST(test_five_crashes_in_a_longer_time),
        ACCOUNT_TEST(test_a_crash_before_the_first_event_counts),
        ACCOUNT_TEST(test_the_ring_of_a_journal_that_is_gone),
        ACCOUNT_TEST(test_a_ring_behind_the_end_is_refused),
        ACCOUNT_TEST(test_snapshots_are_a_short_cut_and_no_more),
        ACCOUNT_TEST(test_retention),
        cmocka_unit_test(test_a_drain_ends_while_records_come),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
