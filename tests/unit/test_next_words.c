/* What NEXT says, and for how long: marks and prices in words, bells, the way back from where a command led. */
#include "golden_screen.h"
#include "tui/ui_screens.h"

static void test_the_mark_under_the_cursor_is_named(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_ladder *ladder = &f->frame.ladder;
    int row = ladder_cursor_row(f->ui);

    (void)state;
    assert_true(row >= 0);
    ladder->marks = 1;
    ladder->mark[0] = (struct view_mark){MARK_VWAP, ladder->row[row].price_ticks + 1};
    fixture_publish(f);
    assert_has(fixture_next_row(f), "V: VWAP of the day 61");
    ladder->mark[0].kind = MARK_EVEN;
    fixture_publish(f);
    assert_has(fixture_next_row(f), "B: even, fees earned back");
    f->frame.alerts.count = 1; /* what waits stands before what is past */
    f->frame.alerts.alert[0] =
        (struct alert){.id = 1, .of = ALERT_PRICE, .level = ladder->row[row].price_ticks * INT64_C(1000000)};
    fixture_publish(f);
    assert_has(fixture_next_row(f), "!: alert, rings once");
    f->frame.alerts.count = 0;
    ladder->marks = 0;
    fixture_publish(f);
    assert_has_not(fixture_next_row(f), "VWAP");
    fixture_free(f);
}

/* A row sums several prices, and an order waits behind those of its own alone. */
static void test_behind_says_of_which_price(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_next *next = &f->frame.next;
    int row;

    (void)state;
    row = ladder_row_of(&f->frame.ladder, next->intent.price_ticks, next->intent.side);
    assert_true(row >= 0 && next->intent.side == SIDE_BID);
    f->frame.ladder.row[row].bid_lots = next->behind_lots;
    fixture_publish(f);
    assert_has_not(fixture_next_row(f), " there");
    f->frame.ladder.row[row].bid_lots = next->behind_lots + 1000;
    fixture_publish(f);
    assert_has(fixture_next_row(f), " there \u00b7 ");
    fixture_free(f);
}

/* The top row marks what is next to it, not all that lies above. */
static void test_a_mark_above_the_rows_is_not_in_them(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_ladder *ladder = &f->frame.ladder;
    struct ladder_mark mark;
    int64_t top = ladder->row[0].price_ticks, step = ladder->row_ticks;
    int last = ladder->rows - 1;

    (void)state;
    assert_true(step > 4);
    f->frame.alerts.count = 0;
    ladder->marks = 1;
    ladder->mark[0] = (struct view_mark){MARK_HIGH, top + step / 4};
    assert_true(ladder_mark_at(f->ui, ladder, ui_scale(f->ui), 0, &mark));
    for (int64_t off = 3 * step / 4; off <= 2 * step; off += step / 4) {
        ladder->mark[0].price_ticks = top + off;
        assert_false(ladder_mark_at(f->ui, ladder, ui_scale(f->ui), 0, &mark));
        ladder->mark[0].price_ticks = top - last * step - off;
        assert_false(ladder_mark_at(f->ui, ladder, ui_scale(f->ui), last, &mark));
    }
    fixture_free(f);
}

/* How far it is in words that hold for less than is told in figures, too; the question says the same. */
static void test_how_far_an_order_rests(void **state)
{
    static const struct {
        int64_t away_x10, behind, between;
        const char *words;
    } rows[] = {
        {12, 100, 500, "1.2 bp under the bid"},
        {0, 100, 500, "<0.1 bp under the bid"},
        {0, 100, 0, "at the bid"},
        {0, 0, 0, "<0.1 bp inside the spread"},
        {-3, 0, 0, "0.3 bp inside the spread"},
    };
    struct fixture *f = fixture_new(120, 36);
    struct view_next *next = &f->frame.next;
    char text[64];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        next->away_bp_x10 = rows[i].away_x10;
        next->behind_lots = rows[i].behind;
        next->between_lots = rows[i].between;
        fixture_publish(f);
        assert_string_equal(ui_away_text(f->ui, next, text, sizeof(text)), rows[i].words);
        assert_has(fixture_next_row(f), rows[i].words);
        fixture_key(f, 'i');
        fixture_publish(f);
        snprintf(text, sizeof(text), "rests %s behind", rows[i].words);
        assert_has(fixture_draw(f), text);
        fixture_key(f, KEY_ESC);
        fixture_wait(f, 4000);
    }
    next->away_bp_x10 = VIEW_NONE;
    fixture_publish(f);
    assert_string_equal(ui_away_text(f->ui, next, text, sizeof(text)), "");
    fixture_free(f);
}

/* While a list has the keys, the one that sends does nothing: it is not offered. */
static void test_a_list_with_the_keys_offers_no_order_key(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    assert_has(fixture_next_row(f), "i asks");
    fixture_key(f, 'v');
    assert_has(fixture_next_row(f), "NEXT");
    assert_has_not(fixture_next_row(f), "asks");
    fixture_key(f, KEY_ESC);
    assert_has(fixture_next_row(f), "i asks");
    fixture_free(f);
}

/* A value that no sum can hold is not told as if it were one. */
static void test_what_is_beyond_all_sums_says_so(void **state)
{
    (void)state;
    assert_string_equal(number_money(INT64_MAX, false).text, ">92233720368.55");
    assert_string_equal(number_money(INT64_MAX - 1, false).text, "92233720368.55");
}

static void ring(struct fixture *f, uint32_t id)
{
    f->frame.alerts.count = 1;
    f->frame.alerts.alert[0] = (struct alert){.id = id,
                                              .of = ALERT_PRICE,
                                              .level = E8(61800),
                                              .rang_at = E8(61800),
                                              .rang_ns = f->frame.status.now_ns,
                                              .rang_seq = ++f->frame.alerts.rung};
    snprintf(f->frame.alerts.alert[0].symbol, sizeof(f->frame.alerts.alert[0].symbol), "BTCUSDT");
    fixture_publish(f);
}

/* A key neither takes it away unread nor goes without its own answer. */
static void test_a_bell_stands_until_it_has_been_read(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    ring(f, 1);
    assert_has(fixture_next_row(f), "ALERT");
    fixture_key(f, 'j');
    assert_has(fixture_next_row(f), "ALERT");
    fixture_key(f, 'c'); /* has an answer, and the bell comes back behind it */
    assert_has(fixture_next_row(f), "centred");
    f->now_ns += 4000 * MS;
    ui_tick(f->ui, f->now_ns);
    fixture_publish(f);
    ui_tick(f->ui, f->now_ns);
    assert_has(fixture_next_row(f), "ALERT");
    f->now_ns += 20000 * MS;
    ui_tick(f->ui, f->now_ns);
    fixture_publish(f);
    assert_has_not(fixture_next_row(f), "ALERT");
    ring(f, 2);
    f->now_ns += 19000 * MS; /* read, and then the next key brings back what it hides */
    fixture_key(f, 'k');
    assert_has_not(fixture_next_row(f), "ALERT");
    fixture_free(f);
}

/* Both presses count, though no frame has told of the first one. */
static void test_two_presses_within_a_frame(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.status.replay = true;
    f->frame.status.replay_speed_x1000 = 8000;
    f->frame.status.replay_last_ns = f->frame.status.now_ns + 1000000;
    fixture_publish(f);
    fixture_key(f, '<');
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_SPEED)->number, 4000);
    fixture_key(f, '<');
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_SPEED)->number, 2000);
    f->frame.status.replay_speed_x1000 = 2000;
    fixture_publish(f);
    f->frame.status.replay_speed_x1000 = 16000; /* by somebody else */
    fixture_publish(f);
    fixture_key(f, '>');
    assert_int_equal(fixture_last(f, COMMAND_REPLAY_SPEED)->number, 32000);
    fixture_free(f);
}

/* What a command opened with a word, one Esc closes; a filter of one's own goes first. */
static void test_one_esc_closes_what_a_command_opened(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "help ofi");
    assert_int_equal(f->ui->overlay, OVERLAY_HELP);
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_key(f, '?');
    fixture_key(f, '/');
    fixture_type(f, "flat");
    fixture_key(f, KEY_ENTER);
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->overlay, OVERLAY_HELP);
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_free(f);
}

/* The help offers what the place takes: an enlarged panel is no list. */
static void test_a_panel_offers_no_key_that_it_refuses(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "zoom flow");
    assert_int_equal(f->ui->focus, FOCUS_PANEL);
    fixture_key(f, '?');
    assert_has(fixture_draw(f), "choose the row above");
    assert_has_not(fixture_draw(f), "sort by the next column");
    fixture_key(f, KEY_ESC);
    fixture_key(f, ',');
    assert_has(fixture_next_row(f), "this panel is no list");
    fixture_key(f, 'w'); /* what its line means */
    assert_int_equal(f->ui->overlay, OVERLAY_DETAIL);
    assert_has(fixture_next_row(f), "the panel has the keys again then");
    fixture_free(f);
}

static void test_a_key_of_trade_elsewhere(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, '7');
    fixture_key(f, 'R');
    assert_has(fixture_next_row(f), "R works on screen 1 Trade; 1 leads there");
    fixture_key(f, 'f');
    assert_has(fixture_next_row(f), "1 leads there, :flatten works here");
    fixture_key(f, '2');
    fixture_key(f, KEY_ENTER); /* the order form, which two commands open */
    assert_has(fixture_next_row(f), "Enter works on screen 1 Trade; 1 leads there, :buy and :sell work here");
    fixture_prompt(f, "buy 0.01");
    assert_int_equal(f->ui->overlay, OVERLAY_TICKET);
    fixture_free(f);
}

/* Its own price, and what it got; both spelled as everywhere. */
static void test_a_filled_limit_says_both_prices(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct order *order = &f->frame.lists.order[0].order;

    (void)state;
    order->state = ORDER_STATE_FILLED;
    order->intent.type = ORDER_LIMIT;
    order->intent.price_ticks = 6190000;
    order->filled_lots = order->intent.qty_lots;
    order->filled_value_e8 = order->filled_lots * f->frame.status.instrument[0].scale.lot_e8 * 61850;
    fixture_publish(f);
    assert_has(fixture_draw(f), "61900.00     got 61850.00");
    order->state = ORDER_STATE_CANCELLED;
    order->filled_lots = order->filled_value_e8 = 0;
    fixture_publish(f);
    assert_has(fixture_draw(f), " cancelled");
    fixture_free(f);
    f = fixture_new(80, 24);
    f->frame.lists.order[0].order.state = ORDER_STATE_CANCELLED;
    fixture_publish(f);
    assert_has(fixture_draw(f), " cancelled");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_mark_under_the_cursor_is_named),
        cmocka_unit_test(test_behind_says_of_which_price),
        cmocka_unit_test(test_a_mark_above_the_rows_is_not_in_them),
        cmocka_unit_test(test_how_far_an_order_rests),
        cmocka_unit_test(test_a_list_with_the_keys_offers_no_order_key),
        cmocka_unit_test(test_what_is_beyond_all_sums_says_so),
        cmocka_unit_test(test_a_bell_stands_until_it_has_been_read),
        cmocka_unit_test(test_two_presses_within_a_frame),
        cmocka_unit_test(test_one_esc_closes_what_a_command_opened),
        cmocka_unit_test(test_a_panel_offers_no_key_that_it_refuses),
        cmocka_unit_test(test_a_key_of_trade_elsewhere),
        cmocka_unit_test(test_a_filled_limit_says_both_prices),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
