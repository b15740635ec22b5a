/* The keys where trading is HALTED, FROZEN or KILLED, in observation, armed, on a terminal that is too small. */
#include "screen/key_states.h"

static void test_stopped_states(void **unused)
{
    (void)unused;
    try_states(3, STATES);
}

static void test_observation_answers_why(void **unused)
{
    static const char *const more[] = {"--at", "14:05", "--speed", "0.2", NULL};
    static const struct step steps[] = {
        {"i", "observation sends nothing"},
        {"\014", "drawn anew"},
        {"M", "observation sends nothing"},
        {"\014", "drawn anew"},
        {"t", "observation sends nothing"},
        {"\014", "drawn anew"},
        {"R", "observation sends nothing"},
        {"\014", "drawn anew"},
        {"\r", "observation sends nothing"},
        {"\014", "drawn anew"},
        {"a", "observation sends nothing"},
        {"\014", "drawn anew"},
        {"x", "observation sends nothing"},
        {"f", "observation sends nothing"},
        {"u", "no order"},
        {"U", "no order"},
        {"2", "VWAP of the day"},
        {"5", "\u2500 limits"},
        {"8", "y copy"},
        {"1", "order flow"},
        {" ", "^PAUSED"},
        {":go", "^ACTIVE"},
        {"K", "^KILLED"},
        {NULL, NULL},
    };
    struct three all;

    (void)unused;
    for (int i = 0; i < SIZES; i++) {
        all.kind[i] = kind_at((size_t)i + 2);
        all.vt[i] =
            start_kind(all.kind[i], (struct vt_options){.rows = sizes[i][0], .cols = sizes[i][1]}, more);
    }
    all.what = "observation";
    all_state(&all, "OBSERVATION");
    all_show(&all, "book LIVE");
    take_steps(&all, steps);
    all_leave(&all);
}

static void test_armed_sends_at_once(void **unused)
{
    static const char *const more[] = {"--mode", "simulation", "--at", "14:05", "--speed", "0.2", NULL};
    static const struct step steps[] = {
        {"a", "^ARMED"},
        {"0jjjjji", "orders 1"},
        {"u", "orders 0"},
        {"M", "^LONG"},
        {"t", "orders 1"},
        {"U", "orders 0"},
        {"R", "REVERSE THE POSITION?"},
        {"\033", "nothing sent"},
        {"f", "^FLAT"},
        {"2", "VWAP of the day"},
        {"1", "order flow"},
        {"i", "SEND THIS ORDER?"},
        {"\033", "nothing sent"},
        {"a", "^ARMED"},
        {" ", "^PAUSED"},
        {"K", "^KILLED"},
        {NULL, NULL},
    };
    struct three all;

    (void)unused;
    all_start(&all, 8, more, no_store);
    all.what = "armed";
    all_show(&all, " pass"); /* the gate knows its prices */
    take_steps(&all, steps);
    all_leave(&all);
}

static void test_killed_refuses_all_but_closing(void **unused)
{
    static const struct step steps[] = {
        {"K", "^KILLED"},
        {"i", "KILLED: only cancels"},
        {"\014", "drawn anew"},
        {"M", "KILLED: only cancels"},
        {"\014", "drawn anew"},
        {"\r", "KILLED: only cancels"},
        {" ", "nothing to pause or resume"},
        {"f", "no position"},
        {"2", "VWAP of the day"},
        {"5", "\u2500 limits"},
        {"8", "y copy"},
        {"K", "^KILLED"},
        {"\033[24~", "^KILLED"},
        {NULL, NULL},
    };
    struct three all;

    (void)unused;
    all_start(&all, 1, trading, no_store);
    all.what = "KILLED";
    take_steps(&all, steps);
    all_leave(&all);
}

static void test_under_60x15_order_keys_are_dead(void **unused)
{
    static const char *const dead[] = {"i", "M", "t", "u", "U", "f", "R", "2", "a", "x", "\r", NULL};
    struct three all;

    (void)unused;
    all_start(&all, 4, trading, no_store);
    for (int i = 0; i < SIZES; i++)
        vt_resize(all.vt[i], 14, 59);
    all.what = "a small terminal";
    all_show(&all, "60x15");
    for (int k = 0; dead[k] != NULL; k++) {
        all.what = dead[k];
        all_send(&all, dead[k]);
        all_show(&all, "60x15 at least");
        all_send(&all, "\014"); /* any key takes the answer away */
        all_lose(&all, "60x15 at least");
    }
    all.what = "Space";
    all_send(&all, " ");
    all_show(&all, "PAUSED");
    all.what = "K";
    all_send(&all, "K");
    all_show(&all, "KILLED");
    for (int i = 0; i < SIZES; i++)
        vt_resize(all.vt[i], sizes[i][0], sizes[i][1]);
    all_state(&all, "KILLED");
    all_show(&all, "orders 0"); /* nothing of all that was sent */
    all_leave(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stopped_states),
        cmocka_unit_test(test_observation_answers_why),
        cmocka_unit_test(test_armed_sends_at_once),
        cmocka_unit_test(test_killed_refuses_all_but_closing),
        cmocka_unit_test(test_under_60x15_order_keys_are_dead),
    };

    if (getenv("FLOWDECK_TEST") != NULL)
        cmocka_set_test_filter(getenv("FLOWDECK_TEST"));
    return cmocka_run_group_tests(tests, find_program, NULL);
}
