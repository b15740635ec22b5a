/* Every key on the ladder, in a list, with an order picked up, in the help. */
#include "screen/key_places.h"

/* Each binding has a row in each place where it works. Returns in how many of them. */
static int check_rows(const struct key_state *state, const struct key_binding *binding)
{
    int where = 0;

    for (size_t p = 0; p < PLACES; p++) {
        const struct place *place = place_of(state, &places[p]);

        if (place->closed || !works(state, place, binding))
            continue;
        where++;
        if (effect_of(state, place, binding) == NULL)
            fail_msg("%s: %s in %s has no row", state->name, binding->name, place->name);
    }
    return where;
}

static void test_no_key_is_left_out(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < keymap_count(); i++) {
        if (check_rows(&plain, keymap_at(i)) == 0)
            fail_msg("%s works in none of the places", keymap_at(i)->name);
        for (size_t s = 0; s < COUNT(states); s++)
            check_rows(&states[s], keymap_at(i));
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

    return cmocka_run_group_tests(tests, make_folder, own_folder_drop);
}
