/* Every key on the ladder, in a list, with an order picked up, in the help. */
#include "screen/key_trial.h"

/* Each binding works in one of the places at least, and has a row in each where it does. */
static void test_no_key_is_left_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < keymap_count(); i++) {
        const struct key_binding *binding = keymap_at(i);
        int where = 0;

        for (size_t p = 0; p < PLACES; p++)
            if (works(&plain, &places[p], binding)) {
                where++;
                if (effect_of(&plain, &places[p], binding) == NULL)
                    fail_msg("%s in %s has no row", binding->name, places[p].name);
            }
        if (where == 0)
            fail_msg("%s works in none of the places", binding->name);
    }
}

static void test_every_key_on_trade(void **state)
{
    static const char *const names[] = {"the ladder", "a list", "an order picked up", "the help", NULL};

    (void)state;
    try_places(&plain, names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_key_is_left_out),
        cmocka_unit_test(test_every_key_on_trade),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
