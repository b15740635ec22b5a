/* The first minute by hand, with the keys that the screen names: as they are, on a Russian keyboard, by settings. */
#include "screen/workstation.h"

static const char *const us[] = {"FLOWDECK_STORE_ON=false", NULL};
static const char *const russian[] = {"FLOWDECK_STORE_ON=false", "FLOWDECK_KEYS_LAYOUT=ru", NULL};
static const char *const bound[] = {"FLOWDECK_STORE_ON=false", "FLOWDECK_KEYS_LIMIT=F5",
                                    "FLOWDECK_KEYS_CANCEL=d", "FLOWDECK_KEYS_YES=F2", NULL};

/* The keys of one user, as bytes, and as NEXT names them. */
struct hand {
    const char *const *env;
    const char *down, *limit, *yes, *pick, *put, *cancel;
    const char *next_limit, *next_own;
};

static const struct hand hands[] = {
    {us, "0jjjjjj", "i", "y", "x", "p", "u", "i asks", "x moves  u cancels"},
    {russian, "0\320\276\320\276\320\276\320\276\320\276\320\276", "\321\210", "\320\275", "\321\207",
     "\320\267", "\320\263", "\321\210 asks", "\321\207 moves  \320\263 cancels"},
    {bound, "0jjjjjj", "\033[15~", "\033OQ", "x", "p", "d", "F5 asks", "x moves  d cancels"},
};

/* y counts when the question has been seen for 250 ms: until it is gone. */
static void answer(struct vt *vt, const char *yes, const char *question)
{
    vt_expect(vt, question, ANSWER_MS);
    for (int i = 0; i < 20 && vt_shows(vt, question); i++) {
        play(vt, 350);
        vt_send(vt, yes);
        play(vt, 350);
    }
    assert_false(vt_shows(vt, question));
}

static void place_move_and_cancel(const struct hand *hand, int rows, int cols)
{
    struct vt *vt = start(rows, cols, trading, hand->env);

    await_trading(vt);
    vt_expect(vt, hand->next_limit, START_MS);
    vt_send(vt, hand->down); /* well away from the inside, so that it rests */
    play(vt, 600);
    vt_send(vt, hand->limit);
    answer(vt, hand->yes, "SEND THIS ORDER?");
    vt_expect(vt, "working", ANSWER_MS);
    vt_expect(vt, hand->next_own, ANSWER_MS); /* what can be done with it stands there */
    vt_send(vt, hand->pick);
    vt_expect(vt, "MOVING BUY", ANSWER_MS);
    vt_send(vt, "\033[B");
    play(vt, 300);
    vt_send(vt, hand->put);
    answer(vt, hand->yes, "MOVE THIS ORDER?");
    vt_expect(vt, hand->next_own, ANSWER_MS);
    vt_send(vt, hand->cancel);
    vt_expect(vt, "cancelled: BUY", ANSWER_MS);
    leave(vt);
}

static void test_an_order_is_placed_moved_and_cancelled_by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(hands) / sizeof(hands[0]); i++)
        place_move_and_cancel(&hands[i], i == 1 ? 36 : 24, i == 1 ? 120 : 80);
}

static void test_the_help_leads_to_the_glossary_and_back(void **state)
{
    struct vt *vt = start_ready(24, 80);

    (void)state;
    vt_send(vt, "?");
    vt_expect(vt, "[keys]", ANSWER_MS);
    vt_expect(vt, "on the ladder", ANSWER_MS);
    vt_send(vt, "\t\t");
    vt_expect(vt, "[glossary]", ANSWER_MS);
    vt_send(vt, "/");
    vt_expect(vt, "FIND IN THE HELP", ANSWER_MS);
    vt_send(vt, "vpin\r");
    vt_expect(vt, "Easley, Lopez de Prado, O'Hara 2012", ANSWER_MS);
    vt_send(vt, "q");
    vt_expect(vt, "order flow", ANSWER_MS);
    vt_send(vt, ":help lag\r");
    vt_expect(vt, "time of arrival less the venue's own time", ANSWER_MS);
    vt_send(vt, "q");
    vt_expect(vt, "order flow", ANSWER_MS);
    leave(vt);
}

static void test_the_help_lies_over_a_question(void **state)
{
    struct vt *vt = start_ready(36, 120);

    (void)state;
    vt_send(vt, "0jjjjjj");
    play(vt, 600);
    vt_send(vt, "i");
    vt_expect(vt, "SEND THIS ORDER?", ANSWER_MS);
    vt_send(vt, "\033OP"); /* F1 */
    vt_expect(vt, "in a question", ANSWER_MS);
    vt_send(vt, "q");
    vt_expect(vt, "order flow", ANSWER_MS);
    assert_false(vt_shows(vt, "manual BUY  0.010/0.010"));
    leave(vt);
}

static void test_a_key_that_means_two_things_refuses_to_start(void **state)
{
    static const char *const env[] = {"FLOWDECK_STORE_ON=false", "FLOWDECK_KEYS_LIMIT=l", NULL};
    struct vt *vt = start(24, 80, trading, env);

    (void)state;
    assert_true(vt_wait_exit(vt, START_MS));
    assert_int_equal(vt_exit_code(vt), 2);
    assert_true(vt_shows(vt, "keys.limit: 'l' is keys.side-sell already"));
    vt_free(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_order_is_placed_moved_and_cancelled_by_hand),
        cmocka_unit_test(test_the_help_leads_to_the_glossary_and_back),
        cmocka_unit_test(test_the_help_lies_over_a_question),
        cmocka_unit_test(test_a_key_that_means_two_things_refuses_to_start),
    };

    return cmocka_run_group_tests(tests, find_program, NULL);
}
