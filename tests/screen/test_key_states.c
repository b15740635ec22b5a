/*
 * Every key in every place in observation, armed, PAUSED, REDUCING and HALTED; where it is no soak what differs there, on the
 * ladder. FLOWDECK_STATE, FLOWDECK_PLACE: a part of a name, that alone; FLOWDECK_KEEP=1 goes on after a failure.
 */
#include "screen/key_places.h"

static void test_states_that_stop_orders(void **unused)
{
    (void)unused;
    try_states(0, STATE_KILLED_ROW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states_that_stop_orders),
    };

    return cmocka_run_group_tests(tests, make_folder, own_folder_drop);
}
