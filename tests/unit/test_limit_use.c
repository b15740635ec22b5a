/* How much of a limit is used: a bar is full for all of it alone, and never blank for something. */
#include "tui/limit_use.h"

#include "unit/cmocka_all.h"

static void test_a_bar_is_full_only_for_all_of_it(void **state)
{
    static const struct {
        int64_t part, whole;
        int cols, eighths;
    } rows[] = {
        {0, 100, 10, 0},     {VIEW_NONE, 100, 10, 0}, {-5, 100, 10, 0},     {5, 0, 10, 0},
        {1, 1000000, 10, 1}, {50, 100, 10, 40},       {99, 100, 10, 79},    {999999, 1000000, 10, 79},
        {100, 100, 10, 80},  {101, 100, 10, 80},      {5, VIEW_NONE, 8, 0}, {INT64_MAX - 1, INT64_MAX, 8, 63},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(brush_eighths(rows[i].part, rows[i].whole, rows[i].cols), rows[i].eighths);
}

static void test_the_worst_counts_and_what_is_not_known_does_not(void **state)
{
    struct view_limit limit = {.now = 400, .worst = 850, .limit = 1000};

    (void)state;
    assert_int_equal(limit_use_x1000(&limit), 850);
    assert_int_equal(limit_bar_role(limit_use_x1000(&limit)), ROLE_WARNING);
    limit.worst = VIEW_NONE;
    assert_int_equal(limit_use_x1000(&limit), 400);
    limit.now = VIEW_NONE;
    assert_int_equal(limit_use_x1000(&limit), 0);
    limit.now = INT64_MAX;
    limit.limit = 1;
    assert_int_equal(limit_use_x1000(&limit), INT64_MAX);
    assert_int_equal(limit_bar_role(limit_use_x1000(&limit)), ROLE_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_bar_is_full_only_for_all_of_it),
        cmocka_unit_test(test_the_worst_counts_and_what_is_not_known_does_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
