/*
 * The Trade screen against pictures kept as text in tests/screen/golden (FLOWDECK_GOLDEN=write makes them anew), and, where
 * the design is at hand ($FLOWDECK_SHARED), against its target pictures, cell by cell.
 */
#include "golden_screen.h"

/* Cells in which a picture differs from that of the design; -1: the design is not here. */
static int cells_off(const char *text, const char *picture)
{
    const char *shared = getenv("FLOWDECK_SHARED");
    char path[512], *mock;
    const char *at;
    int off = 0;

    snprintf(path, sizeof(path), "%s/design/mocks/%s.txt", shared != NULL ? shared : "../shared", picture);
    mock = golden_read(path);
    if (mock == NULL) {
        print_message("%s is not here: not compared with the design\n", path);
        return -1;
    }
    at = mock;
    while (*text != '\0' && *at != '\0') {
        size_t a = 1, b = 1;

        while ((text[a] & 0xc0) == 0x80)
            a++;
        while ((at[b] & 0xc0) == 0x80)
            b++;
        off += a != b || memcmp(text, at, a) != 0;
        text += a;
        at += b;
    }
    free(mock);
    return off;
}

static void target(struct fixture *f, const char *text, const char *picture, int allowed)
{
    int off = cells_off(text, picture);

    (void)f;
    if (off >= 0)
        print_message("%s: %d cells differ from the design's picture\n", picture, off);
    assert_true(off <= allowed);
}

/* The three target pictures. What may differ is data that the view does not carry: a strategy's time budget, the
 * epoch in order ids, the pause schedule; places where the picture contradicts itself; and the rates of the risk
 * panel, which have blanks before their units here: 0/20s read as a date; and the tab of the watch list; and at 80
 * columns the screens, of which the picture names three and no key of four; and at 120 columns NEXT, which says that the
 * size it waits behind is of its own price: the row beside it sums several; and that its stop covers a third of the position,
 * which stands where the picture has what closing costs; and the ends of the gauges, half cells in the picture, eighths
 * here. */
static void test_target_pictures(void **state)
{
    static const struct {
        int cols, rows, allowed;
        const char *picture;
    } size[] = {{80, 24, 71, "trade-80x24"}, {120, 36, 96, "trade-120x36"}, {200, 55, 148, "trade-200x55"}};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct fixture *f = fixture_new(size[i].cols, size[i].rows);
        char name[64];

        if (size[i].cols == 200) {
            f->frame.alerts.count = 2;
            f->frame.alerts.alert[0] = (struct alert){
                .id = 1, .decimals = 2, .above = true, .level = E8(61900.0), .symbol = "BTCUSDT"};
            f->frame.alerts.alert[1] = (struct alert){
                .id = 2, .instrument_id = 1, .decimals = 2, .level = E8(2660.0), .symbol = "ETHUSDT"};
        }
        snprintf(name, sizeof(name), "mock-%s", size[i].picture);
        golden_screen(f, name);
        target(f, fixture_draw(f), size[i].picture, size[i].allowed);
        fixture_free(f);
    }
}

/* The same pictures in ASCII, where every glyph has one stand-in. */
static void test_ascii_pictures(void **state)
{
    struct fixture *f = fixture_new(80, 24), *g = fixture_new(120, 36);

    (void)state;
    golden_check("mock-trade-80x24", "ascii.txt", golden_tier_text(f, TIER_ASCII));
    target(f, golden_tier_text(f, TIER_ASCII), "trade-80x24.ascii", 68);
    golden_check("mock-trade-120x36", "ascii.txt", golden_tier_text(g, TIER_ASCII));
    target(g, golden_tier_text(g, TIER_ASCII), "trade-120x36.ascii", 92);
    for (const char *c = golden_tier_text(g, TIER_ASCII); *c != '\0'; c++)
        assert_true(*c == '\n' || (*c >= ' ' && *c <= '~'));
    fixture_free(f);
    fixture_free(g);
}

/* Nothing by colour alone: without colours side, own orders, cursor and state must still be told apart. */
static void test_mono_keeps_what_matters(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct theme theme;
    int reverse = 0, bold = 0;

    (void)state;
    theme_load_default(&theme);
    fixture_draw(f);
    for (int row = 0; row < 36; row++) {
        for (int col = 0; col < 120; col++) {
            struct paint paint = theme_paint(&theme, canvas_cell(f->canvas, row, col)->style, DEPTH_MONO);

            assert_int_equal(paint.fg, -1);
            assert_int_equal(paint.bg, -1);
            reverse += (paint.attr & ATTR_REVERSE) != 0;
            bold += (paint.attr & ATTR_BOLD) != 0;
        }
    }
    assert_true(reverse > 10); /* cursor, own orders */
    assert_true(bold > 50);
    assert_has(fixture_draw(f), "BUY 0.010\u25ba");
    assert_has(f->text, "\u25cf ACTIVE");
    assert_has(f->text, "\u25b2 LONG");
    fixture_free(f);
}

static void test_armed(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'a');
    fixture_wait(f, 12100);
    golden_screen(f, "mock-armed-120x36");
    assert_has(fixture_row(f, 0), "ARMED 47s");
    assert_has(fixture_next_row(f), "i sends");
    fixture_free(f);
}

static void test_paused(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.status.state = STATE_PAUSED;
    f->frame.status.state_since_ns = f->frame.status.now_ns;
    snprintf(f->frame.status.state_why, VIEW_TEXT_MAX, "by you");
    f->frame.status.state_cancelled = 1;
    f->frame.lists.orders_open = 2;
    fixture_publish(f);
    golden_screen(f, "mock-paused-120x36");
    assert_has(fixture_row(f, 0), "\u2551 PAUSED");
    assert_has(fixture_next_row(f), "Space resumes");
    fixture_free(f);
}

/* A book that cannot be trusted is shown dimmed, and refuses with its age. */
static void test_stale(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.status.instrument[0].book_state = BOOK_STALE;
    f->frame.status.instrument[0].book_age_ns = INT64_C(4200000000);
    f->frame.status.resyncs = 1;
    snprintf(f->frame.status.book_why, VIEW_TEXT_MAX, "gap after 50093239202, snapshot asked, try 1 of 3");
    fixture_publish(f);
    fixture_key(f, 'i');
    golden_screen(f, "mock-stale-120x36");
    assert_has(fixture_row(f, 2), "STALE 4.2 s  gap after 50093239202");
    assert_has(fixture_next_row(f), "NOT SENT  book STALE 4.2 s: no order can be priced");
    fixture_free(f);
}

/* Before the first trade there is no price, nor has it a direction, and what stands beside it does not move when it comes. */
static void test_no_price_yet(void **state)
{
    static const int size[][2] = {{80, 24}, {120, 36}};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct fixture *f = fixture_new(size[i][0], size[i][1]);
        struct view_instrument *at = &f->frame.status.instrument[0];
        int64_t last = at->last_ticks;
        char before[CANVAS_COLS_MAX * 4];

        at->last_ticks = VIEW_NONE;
        fixture_publish(f);
        snprintf(before, sizeof(before), "%s", fixture_row(f, 0));
        assert_has(before, "BTCUSDT");
        assert_has(before, " - ");
        assert_has_not(before, "\u25b2");
        at->last_ticks = last;
        fixture_publish(f);
        assert_has(fixture_row(f, 0), "61842.18");
        assert_int_equal(strstr(before, "LONG") - before,
                         strstr(fixture_row(f, 0), "LONG") - fixture_row(f, 0) - (int)strlen("\u25b2") + 1);
        fixture_free(f);
    }
}

static void test_questions(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'i');
    fixture_wait(f, 600);
    golden_screen(f, "mock-question-order-120x36");
    assert_has(fixture_row(f, 26), "SEND THIS ORDER?");
    assert_has(fixture_row(f, 30), "[ Cancel ]    y send it");
    fixture_key(f, KEY_ESC);
    fixture_key(f, 'o');
    golden_screen(f, "mock-question-mode-120x36");
    assert_has(fixture_row(f, 26), "LEAVE SIMULATION FOR OBSERVATION?");
    fixture_key(f, 'n');
    fixture_key(f, 'q');
    golden_screen(f, "mock-question-quit-120x36");
    assert_has(fixture_row(f, 26), "3 orders working, LONG 0.01500 open, ofi ON");
    fixture_key(f, KEY_ESC);
    f->frame.status.state = STATE_PAUSED;
    fixture_publish(f);
    fixture_key(f, 'q');
    fixture_draw(f);
    assert_has(fixture_row(f, 26), "LONG 0.01500 open, ofi PAUSED");
    fixture_key(f, KEY_ESC);
    f->frame.status.state = STATE_KILLED;
    fixture_publish(f);
    fixture_key(f, 'q');
    fixture_draw(f);
    assert_has_not(fixture_row(f, 26), "ofi");
    fixture_free(f);
    f = fixture_new(80, 24);
    fixture_key(f, 'i');
    golden_screen(f, "mock-question-order-80x24");
    fixture_key(f, KEY_ESC);
    fixture_key(f, KEY_ENTER);
    golden_screen(f, "mock-ticket-80x24");
    fixture_free(f);
}

/* Rule 1: position and net are never dropped nor cut, whoever is in control, whatever the mode; a paper position stays when
 * its mode is left. */
static void test_position_and_net_stand_at_any_width(void **state)
{
    static const int size[][2] = {{60, 15}, {72, 24}, {80, 24}, {100, 30}, {120, 36}, {200, 55}};
    const struct ui_config attached = {.size_presets_e8 = {0, 0, E8(0.01), 0, 0}, .attached = true};

    (void)state;
    for (size_t i = 0; i < sizeof(size) / sizeof(size[0]) * 4; i++) {
        bool desk = i % 4 == 1 || i % 4 == 3, watches = i % 4 >= 2;
        struct fixture *f = fixture_new_as(size[i / 4][0], size[i / 4][1], desk ? &attached : NULL);
        struct view_desk *at = &f->frame.desk;

        f->frame.status.demo = true;
        f->frame.status.mode = watches ? MODE_OBSERVATION : MODE_SIMULATION;
        f->frame.position.day_net_e8 = E8(-12.34);
        at->watching = desk;
        at->screens = 2;
        snprintf(at->controller, sizeof(at->controller), "pts/14");
        fixture_publish(f);
        if (strstr(fixture_row(f, 0), "0.015") == NULL || strstr(f->text, "-12.34") == NULL)
            fail_msg("%d columns, %zu: %s", size[i / 4][0], i % 4, fixture_row(f, 0));
        if (desk)
            assert_true(strstr(fixture_row(f, 0), "ATT") != NULL && strstr(f->text, "DEMO") != NULL);
        fixture_free(f);
    }
}

/* A word that has no room is left out whole. */
static void test_no_word_of_a_gauge_is_cut(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    f->frame.flow.ofi_10s.valid = true;
    f->frame.flow.ofi_10s.value_x1000 = 1000;
    f->frame.flow.ofi_10s.word = 0;
    fixture_publish(f);
    assert_has(fixture_draw(f), "+1.0\u03c3");
    assert_has_not(f->text, "\u03c3 eve ");
    assert_has_not(f->text, "\u03c3 eve\n");
    fixture_free(f);
}

/* A key that goes to and fro says what it does now. */
static void test_chips_tell_what_the_key_does_now(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    assert_has(fixture_row(f, f->ui->layout.hint_row), " Space pause ");
    assert_has(fixture_row(f, f->ui->layout.hint_row), " a arm ");
    fixture_key(f, 'a');
    assert_has(fixture_row(f, f->ui->layout.hint_row), " a disarm ");
    f->frame.status.state = STATE_PAUSED;
    fixture_publish(f);
    assert_has(fixture_row(f, f->ui->layout.hint_row), " Space resume ");
    fixture_free(f);
}

/* What other instruments earned is in DAY NET, and in no line over it. */
static void test_a_day_of_several_instruments_says_so(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    assert_has_not(fixture_draw(f), "equity: all");
    f->frame.position.day_net_e8 -= E8(1.5);
    fixture_publish(f);
    assert_has(fixture_row(f, f->ui->layout.title_row), "position  BTCUSDT; day, equity: all 2");
    f->frame.status.instruments = 1; /* carried over from yesterday */
    fixture_publish(f);
    assert_has_not(fixture_draw(f), "equity: all");
    assert_has(fixture_row(f, f->ui->layout.title_row), "position  closed, fees: earlier days too ");
    fixture_free(f);
    f = fixture_new(80, 24);
    f->frame.position.day_net_e8 -= E8(1.5);
    f->frame.status.instruments = 1;
    fixture_publish(f);
    assert_has(fixture_row(f, f->ui->layout.title_row), "position  of all days ");
    fixture_free(f);
}

/* A strategy that holds nothing here and earns or loses elsewhere: "pos 0" alone would deny that. */
static void test_a_strategy_that_holds_nothing_here_says_where(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    assert_has_not(fixture_draw(f), "BTC  day net");
    f->frame.strategy[0].position_lots = 0;
    f->frame.strategy[0].day_net_e8 = -E8(2.18);
    fixture_publish(f);
    assert_has(fixture_draw(f), "pos 0.00000 BTC  day net -2.18");
    fixture_free(f);
}

/* "5m cancelled" is five minutes ago, not an order of five minutes that was cancelled just now. */
static void test_the_age_of_what_is_over_runs_from_its_end(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct order *order = &f->frame.lists.order[0].order;

    (void)state;
    order->sent_ns = f->frame.status.now_ns - INT64_C(300000000000);
    order->updated_ns = f->frame.status.now_ns - INT64_C(7000000000);
    fixture_publish(f);
    assert_has(fixture_draw(f), " 5m working");
    order->state = ORDER_STATE_CANCELLED;
    fixture_publish(f);
    assert_has(fixture_draw(f), " 7s cancelled");
    fixture_free(f);
}

/* The order keys still send at a cursor that the market has left: its price stands at the edge it lies behind. */
static void test_a_cursor_out_of_sight_is_told_at_the_edge(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    int top = f->ui->layout.ladder_row, bottom = top + f->ui->layout.ladder_rows - 1;

    (void)state;
    assert_int_equal(ladder_cursor_away(f->ui), 0);
    f->ui->ladder.cursor_ticks = TICKS(61700);
    assert_int_equal(ladder_cursor_away(f->ui), -1);
    assert_has(fixture_row(f, bottom), "\u25bc61700.00");
    f->ui->ladder.side = SIDE_ASK;
    f->ui->ladder.cursor_ticks = TICKS(62000);
    assert_int_equal(ladder_cursor_away(f->ui), 1);
    assert_has(fixture_row(f, top), "\u25b262000.00");
    f->ui->ladder.top_ticks = TICKS(62000); /* asked for: the next frame shows it */
    assert_int_equal(ladder_cursor_away(f->ui), 0);
    fixture_free(f);
}

/* Whoever stands on an order sees what can be done with it; whoever does not is told where it is. */
static void test_an_own_order_offers_its_keys(void **state)
{
    static const int size[][2] = {{80, 24}, {120, 36}, {200, 55}};

    (void)state;
    for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
        struct fixture *f = fixture_new(size[i][0], size[i][1]);

        fixture_key(f, KEY_RIGHT);
        f->ui->ladder.cursor_ticks = TICKS(61865);
        fixture_publish(f);
        f->ui->say.until_ns = 0;
        assert_non_null(order_here(f->ui));
        assert_has(fixture_next_row(f), "x moves  u cancels  i asks");
        assert_has(fixture_row(f, f->ui->layout.hint_row), " x move");
        fixture_key(f, KEY_DOWN);
        fixture_key(f, 'u');
        assert_has(fixture_next_row(f), "no order of ours on this row; yours is at 61865.00, 1 row \u2191");
        assert_int_equal(fixture_count(f, COMMAND_CANCEL), 0);
        f->ui->ladder.side = SIDE_BID;
        f->ui->ladder.cursor_ticks = TICKS(61830); /* of a strategy: it moves its own */
        f->ui->say.until_ns = 0;
        assert_has_not(fixture_next_row(f), "x moves");
        assert_has(fixture_next_row(f), "u cancels");
        fixture_free(f);
    }
}

/* At the right edge half a figure would be another figure: every word of a narrow row is one of the wide row's. */
static void test_rows_end_with_whole_figures(void **state)
{
    static const enum list_tab tab[] = {TAB_FILLS, TAB_EVENTS, TAB_TAPE};

    (void)state;
    for (int i = 0; i < 3; i++) {
        char wide[512] = "";

        for (int cols = 84; cols >= 60; cols--) {
            struct fixture *f = fixture_new(cols, 24);
            char row[512];

            f->ui->list.tab = tab[i];
            fixture_publish(f);
            fixture_draw(f);
            snprintf(row, sizeof(row), " %s ", fixture_row(f, f->ui->layout.list_row));
            if (wide[0] == '\0')
                snprintf(wide, sizeof(wide), "%s", row);
            for (char *word = strtok(row, " "); word != NULL; word = strtok(NULL, " ")) {
                char whole[516];

                snprintf(whole, sizeof(whole), " %s ", word);
                if (strstr(word, "\u2026") == NULL && word[0] != '.') /* ".81" is 0.81 in short */
                    assert_has(wide, whole);
            }
            fixture_free(f);
        }
    }
}

static void test_other_sizes_and_overlays(void **state)
{
    struct fixture *f = fixture_new(58, 12);

    (void)state;
    golden_screen(f, "mock-small-58x12");
    assert_has(f->text, "60x15 needed");
    assert_has(f->text, "Space pause");
    f->frame.status.state = STATE_PAUSED; /* the same key, and it would do the opposite */
    fixture_publish(f);
    assert_has(fixture_draw(f), "Space resume");
    f->frame.status.state = STATE_KILLED;
    fixture_publish(f);
    assert_has_not(fixture_draw(f), "Space");
    assert_has(f->text, "q quit");
    fixture_free(f);
    f = fixture_new(60, 15);
    golden_screen(f, "mock-trade-60x15");
    fixture_free(f);
    f = fixture_new(100, 30);
    golden_screen(f, "mock-trade-100x30");
    fixture_free(f);
    f = fixture_new(170, 45);
    golden_screen(f, "mock-trade-170x45");
    fixture_free(f);
    f = fixture_new(120, 36);
    fixture_key(f, '?');
    fixture_key(f, KEY_ESC);
    fixture_key(f, KEY_ENTER);
    golden_screen(f, "mock-ticket-120x36");
    fixture_key(f, KEY_ESC);
    fixture_key(f, ':');
    fixture_type(f, "c");
    golden_screen(f, "mock-prompt-120x36");
    fixture_key(f, KEY_ESC);
    fixture_key(f, 'v');
    fixture_key(f, 'w');
    golden_screen(f, "mock-detail-120x36");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_target_pictures),
        cmocka_unit_test(test_ascii_pictures),
        cmocka_unit_test(test_mono_keeps_what_matters),
        cmocka_unit_test(test_armed),
        cmocka_unit_test(test_paused),
        cmocka_unit_test(test_stale),
        cmocka_unit_test(test_no_price_yet),
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_position_and_net_stand_at_any_width),
        cmocka_unit_test(test_no_word_of_a_gauge_is_cut),
        cmocka_unit_test(test_chips_tell_what_the_key_does_now),
        cmocka_unit_test(test_a_day_of_several_instruments_says_so),
        cmocka_unit_test(test_a_strategy_that_holds_nothing_here_says_where),
        cmocka_unit_test(test_the_age_of_what_is_over_runs_from_its_end),
        cmocka_unit_test(test_a_cursor_out_of_sight_is_told_at_the_edge),
        cmocka_unit_test(test_an_own_order_offers_its_keys),
        cmocka_unit_test(test_rows_end_with_whole_figures),
        cmocka_unit_test(test_other_sizes_and_overlays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
