/* test_pool.c - slots lowest first, each to one taker at a time. */
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "core/base/pool.h"

#include <stdbool.h>

static void test_slots_come_lowest_first_until_full(void **state)
{
    static const size_t sizes[] = {0, 1, 63, 64, 65, 100, POOL_SLOTS_MAX};
    static struct pool pool;

    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        pool_init(&pool, sizes[s]);
        for (size_t i = 0; i < sizes[s]; i++)
            assert_int_equal(pool_take(&pool), i);
        assert_int_equal(pool_take(&pool), POOL_NONE);
        assert_int_equal(pool.used, sizes[s]);
    }
}

static void test_a_slot_given_back_is_the_next_taken(void **state)
{
    struct pool pool;

    (void)state;
    pool_init(&pool, 200);
    for (int i = 0; i < 200; i++)
        pool_take(&pool);
    pool_give(&pool, 150);
    pool_give(&pool, 3);
    assert_int_equal(pool.used, 198);
    assert_int_equal(pool_take(&pool), 3);
    assert_int_equal(pool_take(&pool), 150);
    assert_int_equal(pool_take(&pool), POOL_NONE);
}

/* Against a plain array of flags, over a long history: no slot has two owners. */
static void test_a_long_history_agrees_with_flags(void **state)
{
    struct pool pool;
    bool taken[100] = {false};
    uint64_t random = 8;

    (void)state;
    pool_init(&pool, 100);
    for (int step = 0; step < 200000; step++) {
        size_t lowest = 0, index = (size_t)random_between(&random, 0, 99);

        while (lowest < 100 && taken[lowest])
            lowest++;
        if (taken[index]) {
            pool_give(&pool, index);
            taken[index] = false;
        } else {
            assert_int_equal(pool_take(&pool), lowest);
            taken[lowest] = true;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slots_come_lowest_first_until_full),
        cmocka_unit_test(test_a_slot_given_back_is_the_next_taken),
        cmocka_unit_test(test_a_long_history_agrees_with_flags),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
