/*
 * The ladder's state: a standing axis, a cursor tied to its price, bars held still; and what the screen asks of the
 * engine for it.
 */
#include "ui_fixture.h"

#include "tui/panels.h"

static const struct view_request *asked(const struct fixture *f)
{
    const struct command *command = fixture_last(f, COMMAND_VIEW);

    assert_int_not_equal(command->seq, 0);
    return &command->view;
}

/* The market moves, the axis and the price under the cursor do not. */
static void test_cursor_is_tied_to_its_price(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    assert_has(fixture_row(f, 15), "BUY 0.010\u25ba");
    mock_ladder(&f->frame.ladder, 21, 61895); /* two rows up */
    fixture_publish(f);
    assert_has(fixture_row(f, 17), "BUY 0.010\u25ba");
    assert_int_equal(f->ui->ladder.cursor_ticks, TICKS(61835));
    fixture_key(f, KEY_UP);
    assert_int_equal(f->ui->ladder.cursor_ticks, TICKS(61840));
    fixture_free(f);
}

/* In the row of my side's best price an order joins it; everywhere else it gets the label. */
static void test_row_of_the_best_price_joins_it(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    assert_int_equal(ladder_order_ticks(f->ui), TICKS(61835));
    fixture_key(f, '0');
    assert_int_equal(f->ui->ladder.cursor_ticks, TICKS(61840));
    assert_int_equal(ladder_order_ticks(f->ui), TICKS(61842.17));
    fixture_key(f, KEY_RIGHT);
    fixture_key(f, KEY_HOME);
    assert_int_equal(ladder_order_ticks(f->ui), TICKS(61842.18));
    fixture_key(f, KEY_UP);
    assert_int_equal(ladder_order_ticks(f->ui), TICKS(61850));
    fixture_key(f, KEY_SHIFT | KEY_DOWN);
    assert_int_equal(ladder_order_ticks(f->ui), TICKS(61849.99));
    fixture_free(f);
}

/* What the engine chose first is asked for from then on: the rows stand still. */
static void test_rows_are_asked_for_by_price(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    int before;

    (void)state;
    assert_int_equal(asked(f)->rows, 21);
    assert_int_equal(asked(f)->row_ticks, 0);
    assert_int_equal(asked(f)->top_ticks, TICKS(61885));
    assert_int_equal(asked(f)->second_instrument_id, INSTRUMENT_NONE);
    before = fixture_count(f, COMMAND_VIEW);
    fixture_publish(f);
    fixture_publish(f);
    assert_int_equal(fixture_count(f, COMMAND_VIEW), before); /* nothing new is wanted */
    ui_resize(f->ui, 200, 55, f->now_ns);
    assert_int_equal(asked(f)->rows, 36);
    assert_int_equal(asked(f)->second_instrument_id, 1);
    assert_int_equal(asked(f)->second_rows, 19);
    fixture_free(f);
}

static void test_row_step_goes_1_2_5(void **state)
{
    static const int64_t up[] = {1000, 2000, 5000, 10000}, down[] = {200, 100, 50, 20, 10, 5, 2, 1, 1};
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (int i = 0; i < 4; i++) {
        fixture_key(f, ']');
        assert_int_equal(asked(f)->row_ticks, up[i]);
        assert_int_equal(asked(f)->top_ticks, 0);
    }
    f->ui->ladder.row_ticks = 500;
    for (int i = 0; i < 9; i++) {
        fixture_key(f, '(');
        assert_int_equal(asked(f)->row_ticks, down[i]);
    }
    assert_has(fixture_next_row(f), "less than one tick");
    fixture_free(f);
}

/* The title says so for half a second first, and never while a question stands. */
static void test_recentres_when_the_inside_nears_the_edge(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_fit(f, 61850); /* best ask in the second row of 21 */
    assert_has(fixture_row(f, 2), "centring");
    fixture_wait(f, 400);
    assert_int_equal(f->ui->ladder.top_ticks, TICKS(61885));
    fixture_wait(f, 200);
    assert_int_equal(asked(f)->top_ticks, TICKS(61890));
    fixture_fit(f, 61890);
    assert_has_not(fixture_row(f, 2), "centring");
    fixture_key(f, 'i');
    fixture_fit(f, 61850);
    fixture_wait(f, 5000);
    assert_int_equal(asked(f)->top_ticks, TICKS(61890));
    fixture_free(f);
}

/* Who scrolls away looks at something: the rows stay there for five seconds. */
static void test_recentring_waits_for_who_scrolls(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (int i = 0; i < 15; i++)
        fixture_key(f, KEY_DOWN);
    assert_int_equal(asked(f)->top_ticks, TICKS(61860));
    fixture_fit(f, 61850); /* the inside near the upper edge */
    fixture_wait(f, 600);
    fixture_publish(f);
    fixture_wait(f, 600);
    assert_int_equal(asked(f)->top_ticks, TICKS(61860));
    fixture_wait(f, 5000);
    fixture_publish(f);
    fixture_wait(f, 600);
    assert_int_equal(asked(f)->top_ticks, TICKS(61890));
    fixture_free(f);
}

/* A cursor the market has left behind is not scrolled to: the next arrow aims from the inside. */
static void test_cursor_out_of_sight_returns_to_the_inside(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->ui->ladder.cursor_ticks = TICKS(60000);
    assert_has(fixture_next_row(f), "LIMIT 60000.00"); /* it is said all the time */
    fixture_key(f, KEY_UP);
    assert_int_equal(f->ui->ladder.cursor_ticks, TICKS(61840));
    fixture_free(f);
}

static void test_centre_key_says_that_u_cancels(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'c');
    assert_has(fixture_next_row(f), "centred; u cancels");
    assert_int_equal(asked(f)->top_ticks, TICKS(61890));
    fixture_free(f);
}

/* A scale that moved with every trade would say nothing. */
static void test_bars_hold_their_scale_within_a_factor_of_two(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    assert_int_equal(f->ui->ladder.bar_lots, LOTS(5.0));
    for (int i = 0; i < 21; i++) {
        f->frame.ladder.row[i].bid_lots = f->frame.ladder.row[i].bid_lots * 3 / 2;
        f->frame.ladder.row[i].ask_lots = f->frame.ladder.row[i].ask_lots * 3 / 2;
    }
    fixture_publish(f);
    assert_int_equal(f->ui->ladder.bar_lots, LOTS(5.0));
    fixture_key(f, 'c');
    assert_int_equal(f->ui->ladder.bar_lots, LOTS(6.0));
    for (int i = 0; i < 21; i++) {
        f->frame.ladder.row[i].bid_lots *= 3;
        f->frame.ladder.row[i].ask_lots *= 3;
    }
    fixture_publish(f);
    assert_int_equal(f->ui->ladder.bar_lots, LOTS(20.0));
    assert_has(fixture_row(f, 2), "bars 20");
    fixture_free(f);
}

/* Only changes that matter light up, and only for a moment. */
static void test_great_changes_flash(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.ladder.row[0].ask_lots += LOTS(0.2); /* 5 % */
    f->frame.ladder.row[1].ask_lots += LOTS(0.3); /* 40 %, but 6 % of a bar */
    f->frame.ladder.row[2].ask_lots += LOTS(1.0);
    fixture_publish(f);
    assert_false(ladder_flashes(f->ui, TICKS(61885), SIDE_ASK));
    assert_false(ladder_flashes(f->ui, TICKS(61880), SIDE_ASK));
    assert_true(ladder_flashes(f->ui, TICKS(61875), SIDE_ASK));
    fixture_wait(f, 400);
    assert_false(ladder_flashes(f->ui, TICKS(61875), SIDE_ASK));
    fixture_free(f);
}

/* The gate is asked when the order changes, and else at most ten times a second. */
static void test_previews_are_few(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    int before;

    (void)state;
    fixture_publish(f);
    before = fixture_count(f, COMMAND_PREVIEW);
    for (int i = 0; i < 30; i++) {
        f->now_ns += 33 * MS;
        fixture_publish(f);
    }
    assert_in_range(fixture_count(f, COMMAND_PREVIEW) - before, 5, 10);
    before = fixture_count(f, COMMAND_PREVIEW);
    fixture_key(f, KEY_DOWN);
    fixture_key(f, KEY_DOWN);
    assert_int_equal(fixture_count(f, COMMAND_PREVIEW), before + 2);
    assert_int_equal(fixture_last(f, COMMAND_PREVIEW)->intent.price_ticks, TICKS(61825));
    assert_has(fixture_next_row(f), "asking the gate"); /* never an old verdict on a new order */
    fixture_key(f, '+');
    assert_int_equal(fixture_last(f, COMMAND_PREVIEW)->intent.qty_lots, 2000);
    fixture_free(f);
}

static void test_next_says_what_the_gate_says(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.next.passes = false;
    snprintf(f->frame.next.verdict, VIEW_TEXT_MAX, "MAX_VALUE value=1236.84 limit=1000.00");
    fixture_publish(f);
    assert_has(fixture_next_row(f), "MAX_VALUE value=1236.84 limit=1000.00");
    f->frame.next.passes = true;
    f->frame.next.takes_lots = 1000;
    fixture_publish(f);
    assert_has(fixture_next_row(f), "TAKES 0.010 now");
    fixture_free(f);
}

/* The feed found a finer tick: the cursor is still at its price. */
static void test_finer_ticks_keep_cursor_and_rows(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, ']');
    for (int i = 0; i < f->frame.ladder.rows; i++)
        f->frame.ladder.row[i].price_ticks *= 10;
    f->frame.ladder.row_ticks *= 10;
    for (int side = 0; side < 2; side++)
        f->frame.ladder.best[side].price_ticks *= 10;
    f->frame.ladder.last_ticks *= 10;
    f->frame.status.instrument[0].scale.tick_e8 = 100000;
    f->frame.status.instrument[0].scale.price_decimals = 3;
    f->frame.status.instrument[0].last_ticks *= 10;
    fixture_publish(f);
    assert_int_equal(f->ui->ladder.cursor_ticks, TICKS(61835) * 10);
    assert_int_equal(asked(f)->row_ticks, 10000);
    assert_has(fixture_row(f, 15), "61835.000");
    fixture_free(f);
}

static void test_other_instrument_and_back_keeps_its_row_step(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, ']');
    fixture_key(f, 'n');
    assert_int_equal(asked(f)->instrument_id, 1);
    assert_int_equal(asked(f)->row_ticks, 0);
    fixture_publish(f); /* frames of the old one still come */
    assert_int_equal(f->ui->instrument_id, 1);
    f->frame.status.shown = 1;
    fixture_publish(f);
    fixture_key(f, 'N');
    assert_int_equal(asked(f)->instrument_id, 0);
    assert_int_equal(asked(f)->row_ticks, 1000);
    fixture_free(f);
}

static void test_view_next_goes_round(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'e');
    assert_has(fixture_row(f, 3), "\u00b110s");
    fixture_key(f, 'e');
    assert_has(fixture_row(f, 3), "cum");
    fixture_key(f, 'e');
    assert_true(asked(f)->levels);
    assert_int_equal(asked(f)->top_ticks, f->ui->ladder.cursor_ticks); /* that price has a row */
    fixture_key(f, ']');
    assert_has(fixture_next_row(f), "a row is a price that has orders");
    fixture_key(f, 'e');
    assert_false(asked(f)->levels);
    assert_int_equal(asked(f)->row_ticks, 0);
    assert_has(fixture_row(f, 3), "sold");
    fixture_free(f);
}

/* The engine is asked for it, marks its row, and a screen that sees it ring says so once; the log is the engine's. */
static void test_price_alert_rings_once(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->ui->ladder.cursor_ticks = TICKS(61875);
    fixture_key(f, 'b');
    assert_int_equal(fixture_last(f, COMMAND_ALERT)->number, E8(61875.0));
    assert_true(fixture_last(f, COMMAND_ALERT)->flag);
    fixture_take_alert(f);
    assert_has(fixture_row(f, 7), "!61875");
    fixture_publish(f);
    assert_int_equal(f->bells, 0);
    fixture_ring_alert(f, 0, E8(61875.01));
    fixture_publish(f);
    fixture_publish(f);
    assert_int_equal(f->bells, 1);
    assert_has(fixture_next_row(f), "ALERT  BTCUSDT >= 61875.00: traded 61875.01");
    assert_has_not(fixture_row(f, 7), "!61875");
    fixture_free(f);
}

/* The same key at the same price takes it away, from whichever side the price came meanwhile. */
static void test_price_alert_is_removed_by_its_key(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->ui->ladder.cursor_ticks = TICKS(61875);
    fixture_key(f, 'b');
    fixture_take_alert(f);
    f->frame.status.instrument[0].last_ticks = TICKS(61900);
    fixture_publish(f);
    fixture_key(f, 'b');
    assert_int_equal(fixture_last(f, COMMAND_ALERT_DROP)->number, 1);
    fixture_free(f);
}

static void test_bell_once_a_second_at_most(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (int i = 0; i < 30; i++) {
        f->frame.bell_seq++;
        f->now_ns += 33 * MS;
        fixture_publish(f);
    }
    assert_int_equal(f->bells, 1);
    fixture_prompt(f, "bell off");
    fixture_wait(f, 5000);
    f->frame.bell_seq++;
    fixture_publish(f);
    assert_int_equal(f->bells, 1);
    fixture_free(f);
}

static void test_mouse(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct key_event click = {
        .key = KEY_MOUSE, .row = 9, .col = 52, .button = MOUSE_LEFT, .action = MOUSE_PRESS};

    (void)state;
    ui_key(f->ui, &click, f->now_ns);
    assert_int_equal(f->ui->ladder.cursor_ticks, TICKS(61865));
    assert_int_equal(f->ui->ladder.side, SIDE_ASK);
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
    click.button = MOUSE_RIGHT;
    ui_key(f->ui, &click, f->now_ns);
    assert_int_equal(fixture_last(f, COMMAND_CANCEL)->order_seq, 221);
    fixture_key(f, 'a');
    click.button = MOUSE_LEFT;
    ui_key(f->ui, &click, f->now_ns); /* armed, in a size column */
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 1);
    click.button = MOUSE_WHEEL_UP;
    ui_key(f->ui, &click, f->now_ns);
    assert_int_equal(asked(f)->top_ticks, TICKS(61900));
    fixture_prompt(f, "mouse off");
    click.row = 12;
    click.button = MOUSE_LEFT;
    ui_key(f->ui, &click, f->now_ns);
    assert_int_equal(f->ui->ladder.cursor_ticks, TICKS(61865));
    fixture_free(f);
}

/* The widest row that `]` leads to: every digit of a price changes from row to row. */
static void test_a_row_of_the_widest_step_has_no_digit_that_stays(void **state)
{
    const struct view_scale scale = {
        .tick_e8 = 1000000, .lot_e8 = 1000, .price_decimals = 2, .qty_decimals = 5};

    (void)state;
    assert_int_equal(ladder_dim_digits(&scale, INT64_C(1000000000000), "61842.17"), 0);
    assert_int_equal(ladder_dim_digits(&scale, 500, "61842.17"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_row_of_the_widest_step_has_no_digit_that_stays),
        cmocka_unit_test(test_cursor_is_tied_to_its_price),
        cmocka_unit_test(test_row_of_the_best_price_joins_it),
        cmocka_unit_test(test_rows_are_asked_for_by_price),
        cmocka_unit_test(test_row_step_goes_1_2_5),
        cmocka_unit_test(test_recentres_when_the_inside_nears_the_edge),
        cmocka_unit_test(test_recentring_waits_for_who_scrolls),
        cmocka_unit_test(test_cursor_out_of_sight_returns_to_the_inside),
        cmocka_unit_test(test_centre_key_says_that_u_cancels),
        cmocka_unit_test(test_bars_hold_their_scale_within_a_factor_of_two),
        cmocka_unit_test(test_great_changes_flash),
        cmocka_unit_test(test_previews_are_few),
        cmocka_unit_test(test_next_says_what_the_gate_says),
        cmocka_unit_test(test_finer_ticks_keep_cursor_and_rows),
        cmocka_unit_test(test_other_instrument_and_back_keeps_its_row_step),
        cmocka_unit_test(test_view_next_goes_round),
        cmocka_unit_test(test_price_alert_rings_once),
        cmocka_unit_test(test_price_alert_is_removed_by_its_key),
        cmocka_unit_test(test_bell_once_a_second_at_most),
        cmocka_unit_test(test_mouse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
