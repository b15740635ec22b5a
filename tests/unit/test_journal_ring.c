/*
 * test_journal_ring.c - the ring: what goes in comes out whole, in order, once; steps are there as a whole or not at all,
 * with two threads and after kill -9; a file that is not ours or is damaged is refused in words.
 */
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "store/journal_ring.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SMALL     JOURNAL_RING_BYTES_MIN
#define HEADER    4096
#define KILLS     300
#define WHY_SIZE  512
#define STEP_MOST 5
#define FRAME_100 160 /* bytes of a frame with a text of 100 */

static const unsigned char id[16] = "journal-of-tests";
static char path[64];

static int setup(void **state)
{
    (void)state;
    snprintf(path, sizeof(path), "/dev/shm/flowdeck-test-%ld", (long)getpid());
    unlink(path);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

static struct journal_ring *open_ring(size_t bytes)
{
    struct journal_ring *ring = NULL;
    char why[WHY_SIZE] = "";

    if (journal_ring_open(path, id, bytes, &ring, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    return ring;
}

static void open_fails(enum err err, const char *word)
{
    struct journal_ring *ring = NULL;
    char why[WHY_SIZE] = "";

    assert_int_equal(journal_ring_open(path, id, SMALL, &ring, why, sizeof(why)), err);
    assert_null(ring);
    assert_null(strchr(why, '\n'));
    if (strstr(why, path) == NULL || strstr(why, word) == NULL)
        fail_msg("'%s' does not say '%s'", why, word);
}

/* A record that tells its step: which one, its place in it, how many there are; of a length of choice. */
static struct store_record step_record(uint64_t step, unsigned at, unsigned of, size_t length)
{
    struct store_record record = {.kind = STORE_STORY, .ts_ns = (int64_t)step, .input_seq = at};

    record.story.order_seq = step;
    record.story.line = (int32_t)(at * 100 + of);
    memset(record.story.text, 'a' + (int)(step % 26), length);
    return record;
}

static bool append_step(struct journal_ring *ring, uint64_t step, unsigned of, size_t length)
{
    bool kept = true;

    for (unsigned at = 0; at < of; at++) {
        struct store_record record = step_record(step, at, of, length);

        kept &= journal_ring_append(ring, &record, at + 1 < of);
    }
    return kept;
}

/* What a reader checks of frame after frame. */
struct check {
    uint64_t seq, step;
    unsigned at, of;
    bool more;
};

static const char *check_frame(struct check *check, const struct frame_head *head, const unsigned char *body)
{
    struct store_record record;
    static char why[160];
    unsigned at, of;

    if (head->seq != check->seq + 1)
        return "seq";
    if (record_decode(head->kind, body, head->body_size, &record, why, sizeof(why)) != ERR_OK)
        return why;
    at = (unsigned)record.story.line / 100;
    of = (unsigned)record.story.line % 100;
    if (at != (check->more ? check->at + 1 : 0) || (check->more && of != check->of))
        return "place in the step";
    if (check->step != 0 && record.story.order_seq != check->step + !check->more)
        return "step";
    if (((head->flags & FRAME_FLAG_MORE) != 0) != (at + 1 < of))
        return "flag";
    for (const char *c = record.story.text; *c != '\0'; c++)
        if (*c != 'a' + (int)(record.story.order_seq % 26))
            return "text";
    *check = (struct check){head->seq, record.story.order_seq, at, of, at + 1 < of};
    return NULL;
}

/* One piece, at most `most` frames of it, which are freed. */
static const char *read_piece(struct journal_ring *ring, struct check *check, size_t most)
{
    size_t size, at = 0;
    const unsigned char *bytes = journal_ring_peek(ring, &size);

    for (size_t frames = 0; at < size && frames < most; frames++) {
        struct frame_head head;
        const unsigned char *body;
        const char *wrong = NULL;

        if (frame_decode(bytes + at, size - at, &head, &body) != ERR_OK)
            return "no whole frame";
        wrong = check_frame(check, &head, body);
        if (wrong != NULL)
            return wrong;
        at += head.size;
    }
    if (at == size && check->more)
        return "a piece ends within a step";
    journal_ring_free_to(ring, at);
    return NULL;
}

static void must(const char *wrong)
{
    if (wrong != NULL)
        fail_msg("wrong: %s", wrong);
}

/* --- one thread ---------------------------------------------------------------------------------------------------- */

static void test_what_is_appended_is_read_once_in_order(void **state)
{
    struct journal_ring *ring = open_ring(SMALL);
    struct check check = {.seq = 41};
    size_t size;

    (void)state;
    assert_int_equal(journal_ring_capacity(ring), SMALL);
    assert_int_equal(journal_ring_seq(ring), 0);
    journal_ring_start(ring, 42);
    journal_ring_peek(ring, &size);
    assert_int_equal(size, 0);
    assert_true(append_step(ring, 1, 1, 10));
    assert_true(append_step(ring, 2, 3, 10));
    assert_int_equal(journal_ring_seq(ring), 45);
    assert_true(journal_ring_used(ring) > 0);
    must(read_piece(ring, &check, SIZE_MAX));
    assert_int_equal(check.seq, 45);
    assert_int_equal(check.step, 2);
    assert_int_equal(journal_ring_used(ring), 0);
    journal_ring_peek(ring, &size);
    assert_int_equal(size, 0);
    journal_ring_close(ring, true);
    assert_int_equal(access(path, F_OK), -1);
    journal_ring_close(NULL, true);
}

static void test_nothing_of_a_step_is_there_before_its_end(void **state)
{
    struct journal_ring *ring = open_ring(SMALL);
    struct store_record record = step_record(1, 0, 2, 5);
    size_t size;

    (void)state;
    journal_ring_start(ring, 1);
    assert_true(journal_ring_append(ring, &record, true));
    journal_ring_peek(ring, &size);
    assert_int_equal(size, 0);
    assert_int_equal(journal_ring_seq(ring), 0);
    journal_ring_close(ring, false); /* a crash here */
    ring = open_ring(SMALL);
    journal_ring_peek(ring, &size);
    assert_int_equal(size, 0);
    journal_ring_close(ring, true);
}

/* Where laps ended: a piece that begins before the one that was read last. Right before each read. */
struct laps {
    size_t begin, end;
    unsigned met[SMALL / 8];
};

static void note_lap(struct laps *laps, struct journal_ring *ring)
{
    size_t size, begin = (uintptr_t)journal_ring_peek(ring, &size) % SMALL;

    if (begin < laps->begin)
        laps->met[laps->end / 8]++;
    laps->begin = begin;
    laps->end = (begin + size) % SMALL;
}

/* Steps of every length from every place: a lap ends at each offset at which one can, and each step is in one piece. */
static void test_steps_come_out_whole_wherever_the_lap_ends(void **state)
{
    struct journal_ring *ring = open_ring(SMALL);
    struct check check = {.seq = 0};
    static struct laps laps;
    uint64_t random = 5, step = 0;

    (void)state;
    journal_ring_start(ring, 1);
    for (int i = 0; i < 400000; i++) {
        unsigned of = (unsigned)random_between(&random, 1, STEP_MOST);
        size_t length = (size_t)random_between(&random, 0, STORE_AUDIT_TEXT - 1);
        bool full = !append_step(ring, step + 1, of, length);

        step += !full;
        if (full || random_between(&random, 0, 3) == 0) {
            note_lap(&laps, ring);
            must(read_piece(ring, &check, (size_t)random_between(&random, 1, 9)));
        }
    }
    while (journal_ring_used(ring) > 0)
        must(read_piece(ring, &check, SIZE_MAX));
    assert_int_equal(check.step, step);
    assert_int_equal(check.seq, journal_ring_seq(ring));
    for (size_t at = SMALL - 512; at <= SMALL; at += 8)
        if (laps.met[at % SMALL / 8] == 0)
            fail_msg("no lap ended at %zu", at);
    journal_ring_close(ring, true);
}

static void test_full_keeps_nothing_of_the_step_and_goes_on_after_a_free(void **state)
{
    struct journal_ring *ring = open_ring(SMALL);
    struct check check = {.seq = 0};
    uint64_t step = 0, seq;
    struct store_record record;

    (void)state;
    journal_ring_start(ring, 1);
    while (append_step(ring, step + 1, 2, 100))
        step++;
    assert_int_equal(step, SMALL / (2 * FRAME_100));
    seq = journal_ring_seq(ring);
    /* The rest of a step that was refused is refused, too, though a short record would fit. */
    record = step_record(99, 0, 4, 100);
    assert_true(journal_ring_append(ring, &record, true));
    record = step_record(99, 1, 4, 100);
    assert_false(journal_ring_append(ring, &record, true));
    record = step_record(99, 2, 4, 0);
    assert_false(journal_ring_append(ring, &record, true));
    assert_false(journal_ring_append(ring, &record, false));
    assert_int_equal(journal_ring_seq(ring), seq);
    must(read_piece(ring, &check, 2));
    assert_true(append_step(ring, ++step, 2, 100));
    assert_int_equal(journal_ring_seq(ring), seq + 2);
    while (journal_ring_used(ring) > 0)
        must(read_piece(ring, &check, SIZE_MAX));
    assert_int_equal(check.step, step);
    journal_ring_close(ring, true);
}

static void test_a_step_longer_than_half_the_ring_is_refused(void **state)
{
    struct journal_ring *ring = open_ring(SMALL);
    struct check check = {.seq = 0};

    (void)state;
    journal_ring_start(ring, 1);
    assert_false(append_step(ring, 1, SMALL / 2 / FRAME_100 + 1, 100));
    for (uint64_t step = 1; step <= 20; step++) { /* the longest, from wherever the last one ended */
        assert_true(append_step(ring, step, SMALL / 2 / FRAME_100, 100));
        while (journal_ring_used(ring) > 0)
            must(read_piece(ring, &check, SIZE_MAX));
        assert_int_equal(check.step, step);
    }
    journal_ring_close(ring, true);
}

static void test_an_earlier_ring_is_as_it_was_left(void **state)
{
    struct journal_ring *ring = open_ring(2 * SMALL);
    struct check check = {.seq = 6};
    struct store_record half = step_record(9, 0, 2, 3);

    (void)state;
    journal_ring_start(ring, 7);
    for (uint64_t step = 1; step <= 8; step++)
        assert_true(append_step(ring, step, 2, 50));
    must(read_piece(ring, &check, 5)); /* within step 3 */
    assert_true(journal_ring_append(ring, &half, true));
    journal_ring_close(ring, false);
    ring = open_ring(SMALL); /* of the size that it has */
    assert_int_equal(journal_ring_capacity(ring), 2 * SMALL);
    assert_int_equal(journal_ring_seq(ring), 22);
    journal_ring_start(ring, 23);
    assert_true(append_step(ring, 9, 1, 3));
    while (journal_ring_used(ring) > 0)
        must(read_piece(ring, &check, SIZE_MAX));
    assert_int_equal(check.seq, 23);
    assert_int_equal(check.step, 9);
    journal_ring_close(ring, true);
}

/* --- two threads --------------------------------------------------------------------------------------------------- */

struct two {
    struct journal_ring *ring;
    uint64_t steps;
    atomic_bool done;
};

static void *write_steps(void *arg)
{
    struct two *two = arg;
    uint64_t random = 77;

    for (uint64_t step = 1; step <= two->steps;) {
        unsigned of = (unsigned)random_between(&random, 1, STEP_MOST);

        if (append_step(two->ring, step, of, (size_t)random_between(&random, 0, 180)))
            step++;
        else
            sched_yield();
    }
    atomic_store(&two->done, true);
    return NULL;
}

static void test_two_threads_lose_and_tear_nothing(void **state)
{
    struct two two = {.ring = open_ring(2 * SMALL), .steps = 100000};
    struct check check = {.seq = 0};
    uint64_t random = 3;
    pthread_t writer;

    (void)state;
    journal_ring_start(two.ring, 1);
    assert_int_equal(pthread_create(&writer, NULL, write_steps, &two), 0);
    while (!atomic_load(&two.done) || journal_ring_used(two.ring) > 0) {
        const char *wrong = read_piece(two.ring, &check, (size_t)random_between(&random, 1, 12));

        if (wrong != NULL)
            fail_msg("after step %d: %s", (int)check.step, wrong);
        if (journal_ring_used(two.ring) == 0)
            sched_yield();
    }
    pthread_join(writer, NULL);
    assert_int_equal(check.step, two.steps);
    assert_int_equal(check.seq, journal_ring_seq(two.ring));
    journal_ring_close(two.ring, true);
}

/* --- kill -9 ------------------------------------------------------------------------------------------------------- */

struct acknowledged { /* in memory that outlives the child */
    _Atomic uint64_t step, freed_seq;
};

/* The oldest step, as a store thread would that has synced it. */
static void child_free_step(struct journal_ring *ring, struct acknowledged *shared)
{
    size_t size, used = 0;
    const unsigned char *bytes = journal_ring_peek(ring, &size), *body;
    struct frame_head head;

    do {
        if (frame_decode(bytes + used, size - used, &head, &body) != ERR_OK)
            _exit(8);
        used += head.size;
    } while ((head.flags & FRAME_FLAG_MORE) != 0);
    journal_ring_free_to(ring, used);
    atomic_store(&shared->freed_seq, head.seq);
}

/* Appends for ever; what it acknowledges it has appended. Frees when the ring is full. */
static void child(struct acknowledged *shared, uint64_t next_seq, uint64_t step, uint64_t random)
{
    struct journal_ring *ring = NULL;
    char why[WHY_SIZE];

    if (journal_ring_open(path, id, SMALL, &ring, why, sizeof(why)) != ERR_OK)
        _exit(9);
    journal_ring_start(ring, next_seq);
    for (;;) {
        unsigned of = (unsigned)random_between(&random, 1, STEP_MOST);

        if (append_step(ring, step, of, (size_t)random_between(&random, 0, 180)))
            atomic_store(&shared->step, step++);
        else
            child_free_step(ring, shared);
    }
}

/* What a start finds: every frame whole, from the oldest that was not freed to the newest that was acknowledged, or one
 * step more: killed before it could tell. */
static void check_left(struct journal_ring *ring, const struct acknowledged *shared, struct check *check)
{
    uint64_t freed_seq = atomic_load(&shared->freed_seq), step = atomic_load(&shared->step);
    const unsigned char *body, *bytes;
    struct frame_head first;
    size_t size;

    bytes = journal_ring_peek(ring, &size);
    assert_int_equal(frame_decode(bytes, size, &first, &body), ERR_OK);
    assert_true(first.seq > freed_seq && first.seq <= freed_seq + 1 + STEP_MOST);
    *check = (struct check){.seq = first.seq - 1};
    while (journal_ring_used(ring) > 0)
        must(read_piece(ring, check, SIZE_MAX));
    assert_int_equal(check->seq, journal_ring_seq(ring));
    assert_true(check->step == step || check->step == step + 1);
}

static void test_kill_9_leaves_every_published_frame_whole_and_none_half(void **state)
{
    struct acknowledged *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct check check = {.seq = 0};
    uint64_t random = 4711;
    int worked = 0;

    (void)state;
    assert_ptr_not_equal(shared, MAP_FAILED);
    for (int i = 0; i < KILLS; i++) {
        uint64_t seed = random_next(&random);
        struct journal_ring *ring;
        int status;
        pid_t pid = fork();

        assert_true(pid >= 0);
        if (pid == 0)
            child(shared, check.seq + 1, check.step + 1, seed);
        usleep((useconds_t)random_between(&random, 0, 3000));
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status));
        ring = open_ring(SMALL);
        if (journal_ring_used(ring) > 0) {
            check_left(ring, shared, &check);
            worked++;
            atomic_store(&shared->freed_seq, check.seq);
        }
        journal_ring_close(ring, false);
    }
    print_message("%d of %d were killed at work, after %d steps in all\n", worked, KILLS, (int)check.step);
    assert_true(worked > KILLS / 10); /* the others before their first step: a slow machine */
    munmap(shared, sizeof(*shared));
}

/* --- files that are not taken -------------------------------------------------------------------------------------- */

static void write_at(off_t at, const void *bytes, size_t size)
{
    int fd = open(path, O_RDWR);

    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, size, at), size);
    close(fd);
}

static void leave_ring(void)
{
    struct journal_ring *ring;

    unlink(path);
    ring = open_ring(SMALL);
    journal_ring_start(ring, 1);
    for (uint64_t step = 1; step <= 4; step++)
        assert_true(append_step(ring, step, 2, 30));
    journal_ring_close(ring, false);
}

static void test_a_file_that_is_not_plainly_ours_is_refused(void **state)
{
    char other[80];
    struct stat file;

    (void)state;
    snprintf(other, sizeof(other), "%s-other", path);
    unlink(other);
    leave_ring();
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 07777, 0600);
    assert_int_equal(chmod(path, 0640), 0);
    open_fails(ERR_STORAGE, "mode");
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(link(path, other), 0);
    open_fails(ERR_STORAGE, "more than one name");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink(other, path), 0);
    open_fails(ERR_STORAGE, "opening");
    unlink(path);
    unlink(other);
    assert_int_equal(mkfifo(path, 0600), 0);
    open_fails(ERR_STORAGE, "not a plain file");
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    open_fails(ERR_STORAGE, path);
    rmdir(path);
}

static void test_a_ring_of_another_journal_or_format_is_told(void **state)
{
    struct journal_ring *ring = NULL;
    char why[WHY_SIZE];

    (void)state;
    leave_ring();
    assert_int_equal(
        journal_ring_open(path, (const unsigned char *)"another-journal.", SMALL, &ring, why, sizeof(why)),
        ERR_BAD_DATA);
    assert_non_null(strstr(why, "another journal"));
    for (off_t size = 0; size < HEADER + SMALL; size += 511)
        if (size > 0) {
            assert_int_equal(truncate(path, size), 0);
            open_fails(ERR_BAD_DATA, "size");
        }
    leave_ring();
    assert_int_equal(truncate(path, HEADER + 2 * SMALL), 0);
    open_fails(ERR_BAD_DATA, "size");
}

/* A start that was killed while it made the file: nothing was in it, so it is begun anew, in the size of today. */
static void test_a_file_that_was_never_begun_is_begun(void **state)
{
    struct journal_ring *ring;
    int fd;

    (void)state;
    for (off_t size = 0; size <= HEADER + 2 * SMALL; size = size == 0                ? HEADER + SMALL
                                                            : size == HEADER + SMALL ? HEADER + 2 * SMALL
                                                                                     : size + 1) {
        unlink(path);
        fd = open(path, O_RDWR | O_CREAT, 0600);
        assert_true(fd >= 0);
        assert_int_equal(ftruncate(fd, size), 0);
        close(fd);
        ring = open_ring(2 * SMALL);
        assert_int_equal(journal_ring_capacity(ring), 2 * SMALL);
        journal_ring_start(ring, 1);
        assert_true(append_step(ring, 1, 5, 180));
        journal_ring_close(ring, false);
        ring = open_ring(2 * SMALL);
        assert_int_equal(journal_ring_seq(ring), 5);
        journal_ring_close(ring, true);
    }
}

/* Any bit between the marks, in the header or in a mark: refused in words, or nothing has changed. */
static void test_no_changed_bit_is_taken_for_what_was_written(void **state)
{
    unsigned char kept[HEADER + SMALL];
    struct journal_ring *ring;
    size_t used;
    int fd;

    (void)state;
    leave_ring();
    ring = open_ring(SMALL);
    used = journal_ring_used(ring);
    journal_ring_close(ring, false);
    fd = open(path, O_RDONLY);
    assert_int_equal(read(fd, kept, sizeof(kept)), sizeof(kept));
    close(fd);
    for (size_t at = 0; at < HEADER + used; at++) {
        unsigned char changed = (unsigned char)(kept[at] ^ 1U << at % 8);

        if (at == 64 + 64 + 8)
            at = HEADER; /* the rest of the header page means nothing */
        if (at >= 72 && at < 128)
            continue;
        changed = (unsigned char)(kept[at] ^ 1U << at % 8);
        write_at((off_t)at, &changed, 1);
        open_fails(ERR_BAD_DATA, at < 64 && at >= 40 ? "checksum" : "");
        write_at((off_t)at, &kept[at], 1);
    }
    journal_ring_close(open_ring(SMALL), true);
}

static void test_the_path_is_of_folder_and_account(void **state)
{
    char a[64], b[64], prefix[40];

    (void)state;
    snprintf(prefix, sizeof(prefix), "/dev/shm/flowdeck-%lu-", (unsigned long)geteuid());
    assert_int_equal(journal_ring_path("/tmp", "demo", a, sizeof(a)), ERR_OK);
    assert_int_equal(strncmp(a, prefix, strlen(prefix)), 0);
    assert_int_equal(strlen(a), strlen(prefix) + 16);
    assert_int_equal(journal_ring_path("/tmp/../tmp/.", "demo", b, sizeof(b)), ERR_OK);
    assert_string_equal(a, b);
    assert_int_equal(journal_ring_path("/tmp", "replay", b, sizeof(b)), ERR_OK);
    assert_string_not_equal(a, b);
    assert_int_equal(journal_ring_path("/", "demo", b, sizeof(b)), ERR_OK);
    assert_string_not_equal(a, b);
    assert_int_equal(journal_ring_path("/nosuch/folder", "demo", b, sizeof(b)), ERR_NOT_FOUND);
    assert_int_equal(journal_ring_path("/tmp", "demo", b, 20), ERR_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_appended_is_read_once_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_of_a_step_is_there_before_its_end, setup, teardown),
        cmocka_unit_test_setup_teardown(test_steps_come_out_whole_wherever_the_lap_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(test_full_keeps_nothing_of_the_step_and_goes_on_after_a_free, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_step_longer_than_half_the_ring_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_earlier_ring_is_as_it_was_left, setup, teardown),
        cmocka_unit_test_setup_teardown(test_two_threads_lose_and_tear_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_kill_9_leaves_every_published_frame_whole_and_none_half, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_file_that_is_not_plainly_ours_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_ring_of_another_journal_or_format_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_file_that_was_never_begun_is_begun, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_changed_bit_is_taken_for_what_was_written, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_path_is_of_folder_and_account, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
