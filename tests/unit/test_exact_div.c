/* test_exact_div.c - exact division by a fixed step, against the division of the machine. */
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "core/base/exact_div.h"

static void check(int64_t step, int64_t value)
{
    struct exact_div div;
    int64_t quotient = -7;
    bool exact;

    exact_div_init(&div, step);
    exact = exact_div_try(&div, value, &quotient);
    if (exact != (value % step == 0) || quotient != (exact ? value / step : -7))
        fail_msg("%lld / %lld: %d, %lld", (long long)value, (long long)step, (int)exact, (long long)quotient);
}

static void test_small_numbers_all(void **state)
{
    (void)state;
    for (int64_t step = 1; step <= 300; step++)
        for (int64_t value = 0; value <= 1000; value++)
            check(step, value);
}

/* Multiples, their neighbours and anything else, over the whole range: a wrong multiple is a wrong price. */
static void test_the_whole_range(void **state)
{
    uint64_t random = 3;

    (void)state;
    for (int i = 0; i < 500000; i++) {
        int64_t step = 1 + random_sized(&random, 62), value = random_sized(&random, 63);
        int64_t multiple = value / step * step;

        check(step, value);
        check(step, multiple);
        check(step, multiple > 0 ? multiple - 1 : 0);
        check(step, multiple < INT64_MAX ? multiple + 1 : multiple);
    }
}

static void test_the_edges(void **state)
{
    static const int64_t edges[] = {1,
                                    2,
                                    3,
                                    1000,
                                    1000000,
                                    10000000,
                                    100000000,
                                    INT64_MAX,
                                    INT64_MAX - 1,
                                    INT64_C(1) << 62,
                                    (INT64_C(1) << 62) + 1,
                                    (INT64_C(1) << 32) - 1};

    (void)state;
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        check(edges[i], 0);
        for (size_t j = 0; j < sizeof edges / sizeof edges[0]; j++)
            check(edges[i], edges[j]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_numbers_all),
        cmocka_unit_test(test_the_whole_range),
        cmocka_unit_test(test_the_edges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
