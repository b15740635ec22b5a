/* Best quotes and depth updates race on the wire: which quote belongs to which update must not depend on who
 * won. */
#include "unit/cmocka_all.h"

#include "app/ticker_check.h"

#include <stdlib.h>

static struct ticker_best at(uint64_t id, int64_t bid)
{
    struct ticker_best best = {id, {bid, bid + 1}, {10, 20}};

    return best;
}

static void quote(struct ticker_check *check, uint64_t id, int64_t bid)
{
    struct ticker_best best = at(id, bid);

    ticker_check_quote(check, &best);
}

static void depth(struct ticker_check *check, uint64_t id, int64_t bid)
{
    struct ticker_best best = at(id, bid);

    ticker_check_depth(check, &best);
}

static void test_waits_until_a_larger_quote_id_decides(void **state)
{
    struct ticker_check *check = calloc(1, sizeof(*check));

    (void)state;
    quote(check, 10, 100);
    depth(check, 12, 101); /* the quote with id 11 or 12 may still be on its way */
    assert_int_equal(check->compared, 0);
    quote(check, 12, 101);
    assert_int_equal(check->compared, 0);
    quote(check, 13, 105);
    assert_int_equal(check->compared, 1);
    assert_int_equal(check->differed, 0);
    free(check);
}

static void test_depth_that_comes_after_larger_quotes_finds_its_own(void **state)
{
    struct ticker_check *check = calloc(1, sizeof(*check));

    (void)state;
    quote(check, 10, 100);
    quote(check, 14, 104);
    quote(check, 20, 110);
    depth(check, 15, 104); /* largest id <= 15 is 14 */
    assert_int_equal(check->compared, 1);
    assert_int_equal(check->differed, 0);
    depth(check, 19, 111);
    assert_int_equal(check->compared, 2);
    assert_int_equal(check->differed, 1);
    assert_int_equal(check->last_differed_id, 19);
    free(check);
}

static void test_no_quote_before_it_is_no_comparison(void **state)
{
    struct ticker_check *check = calloc(1, sizeof(*check));

    (void)state;
    depth(check, 5, 100);
    quote(check, 9, 100);
    ticker_check_end(check);
    assert_int_equal(check->compared, 0);
    free(check);
}

static void test_end_decides_what_waits_and_the_wait_is_bounded(void **state)
{
    struct ticker_check *check = calloc(1, sizeof(*check));

    (void)state;
    quote(check, 1, 100);
    for (uint64_t i = 0; i < TICKER_CHECK_DEPTHS_MAX + 10; i++)
        depth(check, 2 + i, 100);
    assert_int_equal(check->dropped, 10);
    ticker_check_end(check);
    assert_int_equal(check->compared, TICKER_CHECK_DEPTHS_MAX);
    assert_int_equal(check->differed, 0);
    free(check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waits_until_a_larger_quote_id_decides),
        cmocka_unit_test(test_depth_that_comes_after_larger_quotes_finds_its_own),
        cmocka_unit_test(test_no_quote_before_it_is_no_comparison),
        cmocka_unit_test(test_end_decides_what_waits_and_the_wait_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
