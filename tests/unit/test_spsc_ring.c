/* test_spsc_ring.c - every record once and in order, alone and between two threads. */
#include "unit/cmocka_all.h"

#include "core/base/spsc_ring.h"

#include <pthread.h>
#include <sched.h>

#define RECORDS 300000

struct record {
    uint64_t number;
    uint64_t check[3]; /* a torn record does not agree with its number */
};

static struct record make_record(uint64_t number)
{
    return (struct record){number, {~number, number * 3, number ^ 0x5555}};
}

static void assert_record(const struct record *record, uint64_t number)
{
    assert_int_equal(record->number, number);
    assert_int_equal(record->check[0], ~number);
    assert_int_equal(record->check[1], number * 3);
    assert_int_equal(record->check[2], number ^ 0x5555);
}

static void test_full_and_empty_are_said(void **state)
{
    static const size_t capacities[] = {1, 2, 64};
    struct record record;

    (void)state;
    for (size_t c = 0; c < 3; c++) {
        struct spsc_ring *ring = spsc_ring_new(capacities[c], sizeof(struct record));
        uint64_t in = 0, out = 0;

        assert_non_null(ring);
        assert_int_equal(spsc_ring_capacity(ring), capacities[c]);
        for (int round = 0; round < 5; round++) {
            assert_false(spsc_ring_pop(ring, &record));
            for (size_t i = 0; i < capacities[c]; i++) {
                record = make_record(in++);
                assert_true(spsc_ring_push(ring, &record));
                assert_int_equal(spsc_ring_used(ring), i + 1);
            }
            record = make_record(999);
            assert_false(spsc_ring_push(ring, &record));
            for (size_t i = 0; i < capacities[c]; i++) {
                assert_true(spsc_ring_pop(ring, &record));
                assert_record(&record, out++);
            }
        }
        spsc_ring_free(ring);
    }
}

static void *write_records(void *arg)
{
    for (uint64_t i = 0; i < RECORDS; i++) {
        struct record record = make_record(i);

        while (!spsc_ring_push(arg, &record))
            sched_yield();
    }
    return NULL;
}

static void test_two_threads_lose_and_tear_nothing(void **state)
{
    struct spsc_ring *ring = spsc_ring_new(128, sizeof(struct record));
    pthread_t writer;

    (void)state;
    assert_int_equal(pthread_create(&writer, NULL, write_records, ring), 0);
    for (uint64_t i = 0; i < RECORDS; i++) {
        struct record record;

        while (!spsc_ring_pop(ring, &record))
            sched_yield();
        assert_record(&record, i);
        assert_true(spsc_ring_used(ring) <= 128);
    }
    pthread_join(writer, NULL);
    assert_int_equal(spsc_ring_used(ring), 0);
    spsc_ring_free(ring);
    spsc_ring_free(NULL);
}

static void test_too_much_memory_is_refused(void **state)
{
    (void)state;
    assert_null(spsc_ring_new((size_t)1 << 62, 64)); /* the product wraps to 0 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full_and_empty_are_said),
        cmocka_unit_test(test_two_threads_lose_and_tear_nothing),
        cmocka_unit_test(test_too_much_memory_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
