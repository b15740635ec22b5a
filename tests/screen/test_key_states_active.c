/* The keys where one-key is off, PAUSED and REDUCING. */
#include "screen/key_states.h"

static void test_trading_states(void **unused)
{
    (void)unused;
    try_states(0, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trading_states),
    };

    return cmocka_run_group_tests(tests, find_program, NULL);
}
