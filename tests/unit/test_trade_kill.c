/* test_trade_kill.c - the Trade screen while everything is cancelled, against pictures kept as text. */
#include "golden_screen.h"

static void make_kill(struct fixture *f, bool quiet)
{
    struct view_status *status = &f->frame.status;
    int64_t kill = mock_at(14, 7, 41, 0);

    status->state = STATE_KILLED;
    status->killing = !quiet;
    status->kill_ns = status->state_since_ns = kill;
    status->now_ns = quiet ? mock_at(14, 9, 2, 0) : kill + 410 * MS;
    status->kill_quiet_ns = quiet ? kill + 1300 * MS : VIEW_NONE;
    snprintf(status->state_why, VIEW_TEXT_MAX, "by key K");
    status->kill_total = status->kill_orders = 3;
    status->kill_confirmed = quiet ? 3 : 2;
    status->kill_order[0] = (struct view_kill_order){
        218, 1, 0, SIDE_BID, 1000, 1000, TICKS(61830), kill + 1200000, kill + 84 * MS, ORDER_STATE_CANCELLED};
    status->kill_order[1] = (struct view_kill_order){
        217, 0, 0, SIDE_ASK, 500, 500, TICKS(61720), kill + 1500000, kill + 91 * MS, ORDER_STATE_CANCELLED};
    status->kill_order[2] =
        (struct view_kill_order){221,
                                 0,
                                 0,
                                 SIDE_ASK,
                                 1000,
                                 1000,
                                 TICKS(61865),
                                 kill + 1800000,
                                 quiet ? kill + 1250 * MS : VIEW_NONE,
                                 quiet ? ORDER_STATE_CANCELLED : ORDER_STATE_PENDING_CANCEL};
    f->frame.lists.orders_open = quiet ? 0 : 1;
    for (int i = 0; i < f->frame.ladder.rows; i++) {
        struct view_row *row = &f->frame.ladder.row[i];

        if (row->price_ticks == TICKS(61830) || quiet)
            row->own_count = 0;
        else if (row->own_count > 0)
            row->own[0].unknown_state = true;
    }
    fixture_publish(f);
}

static void test_kill(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'K');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_wait(f, 4000);
    make_kill(f, false);
    golden_screen(f, "mock-killing-120x36");
    assert_has(fixture_row(f, 0), "\u25a0 KILLING  0.41 s  no new order can leave");
    assert_has(fixture_row(f, 7), "3 confirm each    2/3   WAITING 410 ms");
    assert_has(fixture_next_row(f), "2 of 3 cancels confirmed, 1 waiting 0.41 s");
    assert_has(fixture_row(f, 16), "cancelled");
    make_kill(f, true);
    golden_screen(f, "mock-killed-120x36");
    assert_has(fixture_row(f, 0), "14:07:41 by key K  quiet after 1.3 s");
    assert_has(fixture_next_row(f), ":clear-kill, word: resume; then PAUSED");
    f->frame.status.kill_not_kept = true;
    fixture_publish(f);
    assert_has(fixture_next_row(f), "NOT ON DISK, a restart would not know");
    fixture_free(f);
    f = fixture_new(80, 24);
    make_kill(f, false);
    golden_screen(f, "mock-killing-80x24");
    fixture_free(f);
}

/* The kill pauses every strategy; what was off before it was not stopped by it. */
static void test_kill_tells_of_what_was_on(void **state)
{
    static const int size[][2] = {{80, 24}, {120, 36}, {200, 55}};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct fixture *f = fixture_new(size[i][0], size[i][1]);

        for (int s = 0; s < f->frame.strategies; s++)
            f->frame.strategy[s].paused = true;
        f->frame.strategy[0].disabled = true; /* by a limit, before: nothing was left to stop */
        make_kill(f, true);
        if (i < 2) /* at 200 columns its panel tells it beside the report */
            assert_has_not(fixture_draw(f), GLYPH_STOPPED " ofi ");
        f->frame.strategy[0].disabled = false;
        make_kill(f, true);
        assert_has(fixture_draw(f), GLYPH_STOPPED " ofi ");
        assert_has_not(f->text, GLYPH_STOPPED " mm ");
        assert_has(fixture_next_row(f), ":clear-kill");
        assert_has_not(fixture_next_row(f), "\u2026");
        fixture_key(f, 'f');
        fixture_draw(f);
        assert_has(f->text, "every order of BTCUSDT is");
        assert_has_not(f->text, "paused."); /* they are stopped already: nobody is left to be paused */
        fixture_free(f);
    }
}

/* Whoever kills from elsewhere while a panel is enlarged finds the report where it always is, and Tab leads on. */
static void test_a_kill_while_a_panel_is_enlarged(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "zoom flow");
    make_kill(f, true);
    assert_has(fixture_draw(f), "still at risk");
    fixture_prompt(f, "zoom flow");
    fixture_key(f, 'K');
    assert_has(fixture_draw(f), "still at risk");
    fixture_free(f);
}

/* Under 60x15 too a kill says what came of it and what is still held, whole. */
static void test_a_kill_on_a_tiny_terminal(void **state)
{
    static const struct {
        int cols, rows;
        const char *kill, *done;
    } size[] = {{58, 12, "cancelled, what is held is NOT closed", "3 of 3 cancelled"},
                {40, 10, "cancelled, NOT closed", "3/3 cancelled"},
                {20, 5, ", NOT closed", "3/3, NOT"},
                {20, 4, ", NOT closed", "3/3, NOT"}};

    (void)state;
    for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
        struct fixture *f = fixture_new(size[i].cols, size[i].rows);

        fixture_key(f, 'K');
        make_kill(f, true);
        assert_has(fixture_row(f, 0), "KILLED  SIM");
        assert_has(fixture_row(f, 1), "LONG 0.015");
        assert_has(fixture_row(f, 2), size[i].kill);
        assert_has(fixture_row(f, 2), size[i].done);
        assert_has(fixture_draw(f), "K KILL");
        assert_has_not(f->text, "\u2026");
        fixture_free(f);
    }
}

/* Flat in what is shown is not flat: what is held elsewhere is named. */
static void test_what_is_held_elsewhere_is_told(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    make_kill(f, true);
    f->frame.status.instrument[0].position_lots = 0;
    fixture_publish(f);
    assert_has(fixture_draw(f), "nothing: no position is open");
    f->frame.status.instrument[1].position_lots = 5;
    fixture_publish(f);
    assert_has_not(fixture_draw(f), "no position is open");
    assert_has(f->text, "stays open");
    assert_has(fixture_next_row(f), "is NOT closed");
    fixture_free(f);
}

/* More than there are rows, of several instruments: what waits is seen, all of it can be copied, at its own scale. */
static void test_a_kill_of_many_orders(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;
    bool seen = false;

    (void)state;
    fixture_key(f, 'K');
    fixture_wait(f, 4000);
    make_kill(f, false);
    status->kill_order[2].instrument = 1;
    status->instrument[1].scale = (struct view_scale){100000, 1000000, 3, 2};
    for (uint32_t i = 0; i < 100; i++) {
        status->kill_order[3 + i] = status->kill_order[0];
        status->kill_order[3 + i].seq = 300 + i;
    }
    status->kill_order[102].state = ORDER_STATE_UNKNOWN;
    status->kill_order[102].answered_ns = VIEW_NONE;
    status->kill_total = status->kill_orders = 103;
    status->kill_confirmed = 101;
    status->kill_flattens = true;
    fixture_publish(f);
    for (int row = 27; row < 36; row++)
        seen |= strstr(fixture_row(f, row), "no answer UNKNOWN") != NULL;
    assert_true(seen);
    assert_has(fixture_row(f, 28), "WAITING ETH");
    assert_has(fixture_row(f, 28), "6186.500"); /* its own steps */
    assert_has(fixture_row(f, 32), "101 of 103 known cancelled; 99 more: y copies all");
    assert_has(fixture_row(f, 10), "5 flatten               ON      after it");
    fixture_key(f, 'y');
    assert_has(f->copied, "101 of 103 cancelled");
    assert_has(f->copied, "fd-0-218,ofi,BTCUSDT,BUY");
    assert_has(f->copied, "UNKNOWN");
    fixture_free(f);
}

/* On every screen, beside a green ACTIVE: who left what, the key that closes it, and why. */
static void test_a_position_that_nobody_manages_is_told(void **state)
{
    static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 55}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct fixture *f = fixture_new(sizes[i][0], sizes[i][1]);
        struct view_strategy *strategy = &f->frame.strategy[0];

        strategy->disabled = strategy->unmanaged = true;
        strategy->left_lots = -1000;
        snprintf(strategy->why_off, sizeof(strategy->why_off), "LOSS_STREAK_EXCEEDED: strategy=5 limit=5");
        fixture_publish(f);
        fixture_draw(f);
        assert_has(fixture_row(f, 1), i == 0 ? "ofi left SHORT 0.01 BTC: f closes"
                                             : "UNMANAGED  ofi DISABLED left SHORT 0.01 BTC, f closes");
        if (i > 0)
            assert_has(f->text, "LOSS_STREAK_EXCEEDED: strategy=5 limit=5");
        fixture_key(f, '5');
        fixture_draw(f);
        assert_has(fixture_row(f, 1), "1, then f closes");
        make_kill(f, true); /* its report tells of every position */
        fixture_draw(f);
        assert_has_not(fixture_row(f, 1), "left SHORT");
        fixture_free(f);
    }
}

/* After a restart nobody here has seen its orders: nothing is said of them that is not known. */
static void test_a_kill_of_before_says_what_is_known(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    make_kill(f, true);
    f->frame.status.kill_before = true;
    f->frame.status.kill_total = f->frame.status.kill_confirmed = f->frame.status.kill_orders = 0;
    snprintf(f->frame.status.kill_told, sizeof(f->frame.status.kill_told),
             "by key K, everything: 4 of 4 cancelled; not cleared");
    fixture_publish(f);
    assert_has(fixture_draw(f), "everything: 4 of 4");
    assert_has_not(f->text, "no order of ours was open");
    assert_has(fixture_next_row(f), "before this start");
    fixture_free(f);
    f = fixture_new(80, 24);
    make_kill(f, true);
    f->frame.status.kill_before = true;
    f->frame.status.kill_total = f->frame.status.kill_confirmed = f->frame.status.kill_orders = 0;
    f->frame.status.instrument[0].position_lots = 0;
    fixture_publish(f);
    assert_has(fixture_draw(f),
               "its orders are in the journal, screen 7"); /* over the whole width, not the ladder's */
    assert_has(f->text, "nothing: no position ");
    fixture_free(f);
}

/* The last row offers no key that the state refuses. */
static void test_hints_offer_what_works(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.status.mode = MODE_OBSERVATION;
    fixture_publish(f);
    fixture_draw(f);
    assert_has(fixture_row(f, 35), "paper trading");
    assert_has_not(fixture_row(f, 35), "ticket");
    assert_has_not(fixture_row(f, 35), "flatten");
    f->frame.status.mode = MODE_SIMULATION;
    f->frame.status.state = STATE_HALTED;
    fixture_publish(f);
    fixture_draw(f);
    assert_has_not(fixture_row(f, 35), "pause");
    assert_has_not(fixture_row(f, 35), "ticket");
    fixture_key(f, '5');
    make_kill(f, true);
    fixture_draw(f);
    assert_has_not(fixture_row(f, 35), "pause");
    assert_has_not(fixture_row(f, 35), "KILL");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kill),
        cmocka_unit_test(test_kill_tells_of_what_was_on),
        cmocka_unit_test(test_a_kill_while_a_panel_is_enlarged),
        cmocka_unit_test(test_a_kill_on_a_tiny_terminal),
        cmocka_unit_test(test_what_is_held_elsewhere_is_told),
        cmocka_unit_test(test_a_position_that_nobody_manages_is_told),
        cmocka_unit_test(test_a_kill_of_before_says_what_is_known),
        cmocka_unit_test(test_hints_offer_what_works),
        cmocka_unit_test(test_a_kill_of_many_orders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
