/* test_durations.c - percentiles of what took how long: never less than the truth, at most 1/16 more. */
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "core/base/durations.h"

#include <stdlib.h>
#include <string.h>

static void test_nothing_is_zero(void **state)
{
    struct durations none = {0};

    (void)state;
    assert_int_equal(durations_at(&none, 990), 0);
    durations_add(&none, -5);
    assert_int_equal(none.count, 1);
    assert_int_equal(durations_at(&none, 990), 0);
}

static void test_the_longest_is_exact(void **state)
{
    struct durations some = {0};

    (void)state;
    durations_add(&some, 1000003);
    assert_int_equal(durations_at(&some, 500), 1000003);
    durations_add(&some, INT64_MAX);
    assert_int_equal(durations_at(&some, 1000), INT64_MAX);
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void test_percentiles_are_those_of_the_sorted(void **state)
{
    static const uint32_t asked[] = {1, 10, 500, 900, 990, 999, 1000};
    static int64_t ns[5000];
    uint64_t random = 7;

    (void)state;
    for (int round = 0; round < 50; round++) {
        static struct durations all;
        size_t count = (size_t)random_between(&random, 1, 5000);

        memset(&all, 0, sizeof(all));
        for (size_t i = 0; i < count; i++) {
            ns[i] = random_between(&random, 0, INT64_C(1) << random_between(&random, 1, 38));
            durations_add(&all, ns[i]);
        }
        qsort(ns, count, sizeof(ns[0]), compare);
        for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
            int64_t truth = ns[(count * asked[i] + 999) / 1000 - 1], told = durations_at(&all, asked[i]);

            assert_true(told >= truth && told <= truth + truth / 16);
        }
    }
}

static void test_octaves_are_the_counts_of_powers_of_two(void **state)
{
    struct durations all = {0};
    uint32_t bin[6];

    (void)state;
    for (int64_t ns = 0; ns < 1024; ns++)
        durations_add(&all, ns);
    durations_add(&all, INT64_MAX);
    durations_octaves(&all, 4, bin, 6);
    assert_int_equal(bin[0], 32); /* 0..31: what is shorter than 2^4 is here, too */
    assert_int_equal(bin[1], 32);
    assert_int_equal(bin[2], 64);
    assert_int_equal(bin[3], 128);
    assert_int_equal(bin[4], 256);
    assert_int_equal(bin[5], 512 + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_zero),
        cmocka_unit_test(test_the_longest_is_exact),
        cmocka_unit_test(test_percentiles_are_those_of_the_sorted),
        cmocka_unit_test(test_octaves_are_the_counts_of_powers_of_two),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
