/*
 * Cancels pass at once wherever trading is stopped: an order of ours rests, the state is entered, u or U takes it away and
 * nothing else is sent. FLOWDECK_SOAK=1: each by both keys.
 */
#include "screen/three_orders.h"

struct stopped {
    const char *enter, *there, *leave,
        *gone; /* keys or a line, what they bring; the way back, what is there then */
};

static const struct stopped stopped[] = {
    {":pause", "^PAUSED", ":resume", "^ACTIVE"},
    {":halt", "^HALTED", ":go", "^ACTIVE"},
    {"Z", "FROZEN", "Z", "picture moves again"},
};

static void try_cancel(struct three *all, const struct stopped *state, const char *key)
{
    char what[64];

    snprintf(what, sizeof(what), "%s, `%s`", state->enter, key);
    all->what = what;
    all_rest(all);
    all_show(all, "x moves");
    all_give(all, state->enter);
    all_want(all, state->there);
    all_play(all, 100);
    all_send(all, key);
    all_show(all, "cancelled");
    all_play(all, 1600); /* until then a resume could be the second half of a nervous double tap */
    all_give(all, state->leave);
    all_want(all, state->gone);
    all_show(all, "orders 0");
}

static void test_cancels_pass_in_every_state(void **unused)
{
    static const char *const keys[] = {"u", "U"};
    bool soak = getenv("FLOWDECK_SOAK") != NULL;
    struct three all;

    (void)unused;
    all_start(&all, 5, trading, no_store);
    all.what = "cancels";
    all_show(&all, "NEXT");
    for (size_t i = 0; i < sizeof(stopped) / sizeof(stopped[0]); i++)
        for (size_t k = 0; k < 2; k++)
            if (soak || k == i % 2)
                try_cancel(&all, &stopped[i], keys[k]);
    all_leave(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cancels_pass_in_every_state),
    };

    return cmocka_run_group_tests(tests, find_program, NULL);
}
