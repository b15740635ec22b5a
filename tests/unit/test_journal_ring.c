/*
 * test_journal_ring.c - the ring: what goes in comes out whole, in order, once; steps are there as a whole or not at all,
 * with two threads and after kill -9.
 */
#include "unit/ring_fixture.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define KILLS 300

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
    assert_int_equal(access(ring_path, F_OK), -1);
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

    if (journal_ring_open(ring_path, ring_id, SMALL, &ring, why, sizeof(why)) != ERR_OK)
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_appended_is_read_once_in_order, ring_setup,
                                        ring_teardown),
        cmocka_unit_test_setup_teardown(test_nothing_of_a_step_is_there_before_its_end, ring_setup,
                                        ring_teardown),
        cmocka_unit_test_setup_teardown(test_steps_come_out_whole_wherever_the_lap_ends, ring_setup,
                                        ring_teardown),
        cmocka_unit_test_setup_teardown(test_full_keeps_nothing_of_the_step_and_goes_on_after_a_free,
                                        ring_setup, ring_teardown),
        cmocka_unit_test_setup_teardown(test_a_step_longer_than_half_the_ring_is_refused, ring_setup,
                                        ring_teardown),
        cmocka_unit_test_setup_teardown(test_an_earlier_ring_is_as_it_was_left, ring_setup, ring_teardown),
        cmocka_unit_test_setup_teardown(test_two_threads_lose_and_tear_nothing, ring_setup, ring_teardown),
        cmocka_unit_test_setup_teardown(test_kill_9_leaves_every_published_frame_whole_and_none_half,
                                        ring_setup, ring_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
