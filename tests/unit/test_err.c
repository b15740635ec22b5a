/* test_err.c - every error has its word. */
#include "unit/cmocka_all.h"

#include "core/base/err.h"

#include <string.h>

/* Two errors with one text could not be told apart in a log. */
static void test_every_error_has_its_own_text(void **state)
{
    (void)state;
    for (int a = 0; a < ERR_COUNT; a++) {
        assert_string_not_equal(err_text((enum err)a), "unknown error");
        for (int b = 0; b < a; b++)
            assert_string_not_equal(err_text((enum err)a), err_text((enum err)b));
    }
    assert_string_equal(err_text(ERR_SEQ_GAP), "sequence gap");
    assert_string_equal(err_text(ERR_COUNT), "unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_error_has_its_own_text)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
