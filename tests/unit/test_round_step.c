/* Steps that people read. */
#include "core/base/round_step.h"

#include "unit/cmocka_all.h"

static void test_steps(void **state)
{
    (void)state;
    assert_int_equal(round_step_at_least(INT64_MIN), 1);
    assert_int_equal(round_step_at_least(0), 1);
    assert_int_equal(round_step_at_least(3), 5);
    assert_int_equal(round_step_at_least(501), 1000);
    assert_int_equal(round_step_at_least(INT64_MAX), INT64_C(500000000000000000));
    assert_int_equal(round_step_at_most(INT64_MIN), 1);
    assert_int_equal(round_step_at_most(4), 2);
    assert_int_equal(round_step_at_most(999), 500);
    assert_int_equal(round_step_at_most(INT64_MAX), INT64_C(500000000000000000));
}

/* Up and down again over every one of them: no two have another between. */
static void test_neighbours(void **state)
{
    int64_t step = 1;
    int count = 1;

    (void)state;
    for (int64_t next; (next = round_step_at_least(step + 1)) > step; step = next, count++) {
        assert_int_equal(round_step_at_most(next), next);
        assert_int_equal(round_step_at_most(next - 1), step);
        assert_true(next == 2 * step || 2 * next == 5 * step);
    }
    assert_int_equal(count, 54);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_neighbours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
