/* Every key in a question, a text field, the ticket and a chooser, and on screens 2 and 3. */
#include "screen/key_places.h"

static void test_every_key_in_fields(void **state)
{
    static const char *const names[] = {"a question", "a text field", "the ticket", "a chooser",
                                        "2 Chart",    "3 Market",     NULL};

    (void)state;
    try_places(&plain, names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_key_in_fields),
    };

    return cmocka_run_group_tests(tests, make_folder, own_folder_drop);
}
