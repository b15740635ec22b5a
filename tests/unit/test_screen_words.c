/* What a row says is so, and is all there: whose it is, in which state, what would happen now. */
#include "ui_fixture.h"

/* A price of another instrument under the shown one's name would be read as its own. */
static void test_rows_of_several_instruments_name_them(void **state)
{
    static const int size[][2] = {{120, 36}, {80, 24}, {60, 15}};
    struct fixture *f;

    (void)state;
    for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
        f = fixture_new(size[i][0], size[i][1]);
        assert_has(fixture_draw(f), "14:06:50 ofi    BUY  0.010/0.010");
        f->frame.lists.order[1].instrument_id = 1;
        fixture_publish(f);
        assert_has(fixture_draw(f), "14:06 BTC  ofi    BUY  .010/.010 61830.00");
        if (size[i][0] > 60) /* no second row there */
            assert_has(f->text, "14:07 ETH  manual SELL");
        fixture_key(f, KEY_TAB);
        assert_has(fixture_draw(f), " BTC  manual ");
        fixture_free(f);
    }
    f = fixture_new(200, 55);
    f->frame.lists.fill[0].fill.instrument_id = 1;
    fixture_publish(f);
    assert_has(fixture_draw(f), "14:06 BTCUSDT fd-0-218 ofi    BUY  limit post");
    assert_has(f->text, "14:06 ETHUSDT fd-0-216 manual");
    fixture_free(f);
}

/* A place in the queue is as good as the book of its own instrument. */
static void test_a_place_needs_the_book_of_its_instrument(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.lists.order[0].instrument_id = 1;
    f->frame.status.instrument[1].book_state = BOOK_STALE;
    fixture_publish(f);
    assert_has_not(fixture_draw(f), "0.8..2.1");
    fixture_free(f);
}

static void test_a_disabled_strategy_is_not_called_on(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.strategy[0].disabled = true;
    snprintf(f->frame.strategy[0].why_off, sizeof(f->frame.strategy[0].why_off), "LOSS_STREAK strategy=5");
    fixture_publish(f);
    assert_has(fixture_draw(f), "\u25a0 ofi   DISABLED LOSS_STREAK strategy=5");
    fixture_key(f, 'q');
    assert_has_not(fixture_row(f, 26), "ofi ON");
    fixture_free(f);
    f = fixture_new(80, 24);
    assert_has(fixture_draw(f), "risk and ofi ON");
    f->frame.strategy[0].disabled = true;
    fixture_publish(f);
    assert_has(fixture_draw(f), "risk and ofi DISABLED");
    fixture_free(f);
}

/* What does not fit goes before the key does. */
static void test_the_key_that_sends_stands_in_the_smallest_terminal(void **state)
{
    struct fixture *f = fixture_new(60, 15);

    (void)state;
    fixture_key(f, 'i');
    fixture_publish(f);
    fixture_seen(f);
    for (int64_t lots = 1; lots < 1000000; lots *= 10) { /* as long as it gets */
        f->frame.next.takes_lots = lots;
        fixture_publish(f);
        assert_has(fixture_next_row(f), "y twice: sends");
    }
    fixture_free(f);
}

/* The market comes and goes while a question is open: its title says what would happen now. */
static void test_a_question_says_what_would_happen_now(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'i');
    fixture_publish(f);
    fixture_seen(f);
    f->frame.next.takes_lots = 1000;
    fixture_publish(f);
    assert_has(fixture_row(f, 26), "it would TAKE now: the market moved");
    assert_has(fixture_draw(f), "y twice: send it"); /* in one word everywhere */
    assert_has(fixture_next_row(f), "y twice: sends");
    f->frame.next.takes_lots = 0;
    fixture_publish(f);
    assert_has_not(fixture_row(f, 26), "TAKE");
    assert_has(fixture_row(f, 26), "it rests, as asked");
    assert_has(fixture_draw(f), "y send it");
    f->frame.next.takes_lots = 1000;
    fixture_publish(f);
    assert_has(fixture_draw(f), "y twice: send it");
    fixture_key(f, 'y');
    fixture_publish(f);
    assert_has(fixture_draw(f), "y once more: send it");
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    f->frame.next.takes_lots = 0; /* what was asked holds again: one yes sends it */
    fixture_publish(f);
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_free(f);
}

/* While something takes the keys, NEXT does not say what they would do under it. */
static void test_next_tells_of_what_takes_the_keys(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'f');
    fixture_publish(f);
    assert_has(fixture_next_row(f), "FLATTEN?  y flatten \u00b7 Esc, n, Enter: no, nothing sent");
    assert_has_not(fixture_next_row(f), "asks");
    fixture_key(f, KEY_ESC);
    f->ui->say.until_ns = 0;
    fixture_key(f, '?');
    assert_has(fixture_next_row(f), "HELP  Esc closes it");
    fixture_key(f, KEY_ESC);
    fixture_key(f, '=');
    assert_has(fixture_next_row(f), "SIZE  Enter takes it");
    fixture_key(f, KEY_ESC);
    fixture_key(f, '/');
    fixture_key(f, 'b');
    f->ui->say.until_ns = 0;
    assert_has(fixture_next_row(f), "FIND  Enter shows BTCUSDT");
    assert_has(fixture_draw(f), "\u25ba BTCUSDT");
    fixture_key(f, KEY_ESC);
    fixture_free(f);
}

/* A key that the gate would stop does not read as if it sent. */
static void test_next_does_not_promise_what_the_gate_denies(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.next.passes = false;
    snprintf(f->frame.next.verdict, sizeof(f->frame.next.verdict), "BALANCE sell=0.01 held=0");
    fixture_publish(f);
    assert_has(fixture_next_row(f), "BALANCE sell=0.01 held=0");
    assert_has(fixture_next_row(f), "i denied");
    assert_has_not(fixture_next_row(f), "i asks");
    fixture_free(f);
}

/* The lag has one figure more or less from second to second: nothing beside it moves. */
static void test_row_1_stands_still(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    char one[1024];

    (void)state;
    f->frame.status.lag_ms = 3;
    fixture_publish(f);
    snprintf(one, sizeof(one), "%s", fixture_row(f, 1));
    f->frame.status.lag_ms = 48;
    fixture_publish(f);
    assert_int_equal(strstr(fixture_row(f, 1), "book") - fixture_row(f, 1), strstr(one, "book") - one);
    assert_int_equal(strstr(fixture_row(f, 1), "8") - fixture_row(f, 1), strstr(one, "8") - one);
    fixture_free(f);
}

/* The gate's word is what a question is read for. */
static void test_a_question_fits_80_columns(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    fixture_key(f, 'i');
    fixture_publish(f);
    assert_has(fixture_draw(f), "gate all 36 pass");
    assert_has(f->text, "behind 0.31 \u00b7 fee 0.62 as maker");
    assert_has(f->text, "good till cancelled");
    fixture_free(f);
}

static void test_leaving_names_its_own_keys(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'q');
    assert_has(fixture_draw(f), "The position stays open");
    assert_has(fixture_row(f, 35), " d detach  x stop  Esc stay");
    fixture_key(f, KEY_ESC);
    f->frame.status.instrument[0].position_lots = 0;
    fixture_publish(f);
    fixture_key(f, 'q');
    assert_has_not(fixture_draw(f), "The position stays open");
    fixture_free(f);
}

static void test_a_read_only_screen_offers_no_order_keys(void **state)
{
    struct ui_config config = {.size_presets_e8 = {1, 2, 3, 4, 5}, .readonly = true, .version = "0"};
    struct fixture *f = fixture_new_as(120, 36, &config);

    (void)state;
    assert_has_not(fixture_row(f, 35), "order");
    assert_has(fixture_row(f, 35), "1-8 screens");
    fixture_free(f);
}

static void test_a_large_position_keeps_its_share(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.position.value_e8 = E8(1120.89);
    f->frame.position.value_of_equity_x1000 = 112;
    fixture_publish(f);
    assert_has(fixture_draw(f), "1120.89 USDT, 11% eq");
    fixture_free(f);
}

static void test_a_tiny_terminal_says_what_it_needs(void **state)
{
    struct fixture *f = fixture_new(20, 5);

    (void)state;
    assert_has(fixture_draw(f), "needs 60x15");
    assert_has(f->text, "BTC LONG 0.015 +7.98");
    assert_has(f->text, "K KILL  q quit");
    fixture_free(f);
}

/* One more digit of the lag does not cost a tab. */
static void test_tabs_move_closer_before_one_goes(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.status.lag_ms = 134;
    f->frame.status.clock_offset_ms = -29;
    fixture_publish(f);
    assert_has(fixture_row(f, 1), "7 Journal 8 System");
    assert_has(fixture_row(f, 1), "lag 134ms clock -29ms rs 0");
    fixture_free(f);
}

/* "by key BTCUSDT" would be a key of that name. */
static void test_a_kill_keeps_its_words_apart(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_status *status = &f->frame.status;

    (void)state;
    status->state = STATE_KILLED;
    status->replay = true;
    snprintf(status->replay_name, sizeof(status->replay_name), "demo.jsonl.gz");
    status->kill_ns = status->state_since_ns = status->now_ns;
    status->kill_quiet_ns = status->kill_ns + 1300 * MS;
    snprintf(status->state_why, VIEW_TEXT_MAX, "by key");
    fixture_publish(f);
    assert_has(fixture_row(f, 0), "KILLED  14:07:32 by key   BTCUSDT ");
    assert_has(fixture_draw(f), "1.3 s");
    assert_has(f->text, "no order of ours was open");
    assert_has_not(fixture_draw(f), "1.3 s\n"); /* the frame stays */
    fixture_free(f);
}

/* What a key does stands there whole. */
static void test_help_is_not_cut(void **state)
{
    static const int size[][2] = {{120, 36}, {80, 24}, {200, 55}};

    (void)state;
    for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
        struct fixture *f = fixture_new(size[i][0], size[i][1]);

        for (enum screen_id id = SCREEN_TRADE; id <= SCREEN_SYSTEM; id++) {
            fixture_key(f, (uint32_t)('0' + (int)id));
            fixture_key(f, '?');
            for (int page = 0; f->ui->overlay == OVERLAY_HELP; page++) {
                for (int row = f->ui->layout.title_row; row < f->ui->layout.next_row; row++)
                    assert_has_not(fixture_row(f, row), "\u2026");
                fixture_key(f, KEY_ENTER);
            }
        }
        fixture_free(f);
    }
}

/* A price of which the end is cut is another price. */
static void test_a_long_line_of_the_log_wraps(void **state)
{
    struct fixture *f = fixture_new(200, 55);

    (void)state;
    snprintf(f->frame.lists.log[0].text, sizeof(f->frame.lists.log[0].text), "%s",
             "filled manual BUY 0.01 BTC @ 61922.51");
    fixture_publish(f);
    assert_has(fixture_row(f, 42), "filled manual BUY 0.01 BTC @ ");
    assert_has(fixture_row(f, 43), "         61922.51");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_of_several_instruments_name_them),
        cmocka_unit_test(test_a_place_needs_the_book_of_its_instrument),
        cmocka_unit_test(test_a_disabled_strategy_is_not_called_on),
        cmocka_unit_test(test_the_key_that_sends_stands_in_the_smallest_terminal),
        cmocka_unit_test(test_a_question_says_what_would_happen_now),
        cmocka_unit_test(test_a_question_fits_80_columns),
        cmocka_unit_test(test_leaving_names_its_own_keys),
        cmocka_unit_test(test_a_read_only_screen_offers_no_order_keys),
        cmocka_unit_test(test_a_large_position_keeps_its_share),
        cmocka_unit_test(test_a_tiny_terminal_says_what_it_needs),
        cmocka_unit_test(test_tabs_move_closer_before_one_goes),
        cmocka_unit_test(test_next_tells_of_what_takes_the_keys),
        cmocka_unit_test(test_next_does_not_promise_what_the_gate_denies),
        cmocka_unit_test(test_row_1_stands_still),
        cmocka_unit_test(test_a_kill_keeps_its_words_apart),
        cmocka_unit_test(test_help_is_not_cut),
        cmocka_unit_test(test_a_long_line_of_the_log_wraps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
