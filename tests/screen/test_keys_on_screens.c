/* Every key on screens 4 to 8. */
#include "screen/key_places.h"

static void test_every_key_on_screens(void **state)
{
    static const char *const names[] = {"4 Strategy", "5 Risk", "6 Results", "7 Journal", "8 System", NULL};

    (void)state;
    try_places(&plain, names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_key_on_screens),
    };

    return cmocka_run_group_tests(tests, make_folder, own_folder_drop);
}
