/*
 * test_layouts.c - what stands on the screen at every size, looked for in its cells: what falls away and in which order,
 * what never does; panels enlarged and hidden; arrangements under a name; two instruments side by side.
 */
#include "golden_screen.h"

#include "core/base/safe_text.h"

/* --- sizes ------------------------------------------------------------------------------------------------------- */

static void resize(struct fixture *f, int cols, int rows)
{
    canvas_free(f->canvas);
    free(f->text);
    f->canvas = canvas_new(rows, cols);
    assert_non_null(f->canvas);
    f->text = malloc(canvas_text_size(f->canvas) * 4 + 64);
    f->now_ns += 100 * MS;
    ui_resize(f->ui, cols, rows, f->now_ns);
    fixture_fit(f, 61840 + 5.0 * (f->ui->layout.ladder_rows / 2));
    f->ui->say.until_ns = 0;
    f->ui->ladder.centring_ns = 0;
    fixture_draw(f);
}

/* What may fall away between 200 and 120 columns, in this order, and how it is seen. */
static const struct {
    const char *what, *seen;
} wide_parts[] = {
    {"volume", "volume"},     {"pulled/stacked", "\u00b110s  sold"},
    {"cum", "cum"},           {"second ladder", "ETHUSDT  row"},
    {"tape", "\u2500 tape "}, {"log", "\u2500 log "},
    {"fills", " slip"},
};
#define WIDE_PARTS ((int)(sizeof(wide_parts) / sizeof(wide_parts[0])))

/*
 * From the widest down each part goes once, and never before one that stands ahead of it in the list. Where the second
 * ladder goes, its forty columns are the first one's: its own columns come back and go again, in their order.
 */
static void test_what_falls_away_from_200_to_120(void **state)
{
    struct fixture *f = fixture_new(200, 55);
    bool there[WIDE_PARTS];

    (void)state;
    for (int i = 0; i < WIDE_PARTS; i++)
        there[i] = true;
    for (int cols = 200; cols >= 120; cols--) {
        resize(f, cols, 55);
        for (int i = 0; i < WIDE_PARTS; i++) {
            bool seen = strstr(f->text, wide_parts[i].seen) != NULL;

            if (seen && !there[i] && !(cols == 160 && i < 3))
                fail_msg("%d columns: %s is back", cols, wide_parts[i].what);
            there[i] = seen;
            if (i > 0 && i != 3 && !there[i] && there[i - 1])
                fail_msg("%d columns: %s is gone before %s", cols, wide_parts[i].what,
                         wide_parts[i - 1].what);
        }
        if (cols == 200)
            for (int i = 0; i < WIDE_PARTS; i++)
                if (!there[i])
                    fail_msg("200 columns lack %s", wide_parts[i].what);
    }
    for (int i = 0; i < 5; i++)
        assert_false(there[i]);
    fixture_free(f);
}

/* By height: the small panels of the side come one after another, none leaves again. */
static void test_what_falls_away_from_55_rows_to_30(void **state)
{
    static const char *const seen[] = {"\u2500 alerts ", "\u2500 account "};
    struct fixture *f = fixture_new(120, 55);
    bool there[2] = {true, true};

    (void)state;
    for (int rows = 55; rows >= 30; rows--) {
        resize(f, 120, rows);
        for (int i = 0; i < 2; i++) {
            bool now = strstr(f->text, seen[i]) != NULL;

            assert_false(now && !there[i]);
            there[i] = now;
        }
        assert_false(there[0] && !there[1]); /* alerts before the account */
    }
    assert_false(there[0] || there[1]);
    fixture_free(f);
}

static void test_what_falls_away_below_120(void **state)
{
    static const char *const gone[] = {"\u250c", "\u2500 strategies", "speed  58", "spread 0.01", " q0."};
    struct fixture *f = fixture_new(120, 36);
    bool traded = true, flow_long = true;

    (void)state;
    fixture_draw(f);
    for (size_t i = 0; i < 4; i++)
        assert_has(f->text, gone[i]);
    resize(f, 80, 24);
    for (size_t i = 0; i < 5; i++)
        assert_has_not(f->text, gone[i]);
    assert_has(f->text, "4s ABSORBED");
    assert_has_not(f->text, "5s PULLED");     /* all but one event */
    for (int cols = 80; cols >= 60; cols--) { /* then the traded columns */
        bool now;

        resize(f, cols, 24);
        now = strstr(f->text, "3.40") != NULL;
        assert_false(now && !traded);
        traded = now;
    }
    assert_false(traded);
    for (int rows = 24; rows >= 15;
         rows--) { /* the order flow down to one line, the event, rows of the list to two */
        bool now;

        resize(f, 80, rows);
        now = strstr(f->text, "OFI  ") != NULL;
        assert_false(now && !flow_long);
        flow_long = now;
        if (f->ui->layout.panel[SIDE_FLOW].rows == 1)
            assert_has(f->text, "1bp +.26 bid 10bp -.08 even");
        assert_true(f->ui->layout.list_rows >= 2);
    }
    assert_false(flow_long);
    assert_has_not(f->text, "ABSORBED");
    assert_int_equal(f->ui->layout.list_rows, 2);
    fixture_free(f);
}

static void check_never(struct fixture *f, int cols, int rows)
{
    static const char *const always[] = {"\u25cf ACTIVE", "book LIVE 0.1s", "61842.17",   "61842.18",
                                         "61845.00",      "61840.00",       "LONG 0.015", "+7.98",
                                         " NEXT ",        " K KILL",        "14:07:32"};

    resize(f, cols, rows);
    for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
        if (strstr(f->text, always[i]) == NULL)
            fail_msg("%dx%d: `%s` fell away:\n%s", cols, rows, always[i], f->text);
    if (strstr(f->text, cols < 74 ? " SIM " : " SIMULATION ") == NULL)
        fail_msg("%dx%d: the badge fell away", cols, rows);
    for (int i = 0; i < f->frame.ladder.rows && i < f->ui->layout.ladder_rows; i++) {
        if (f->frame.ladder.row[i].own_count == 0)
            continue;
        if (strstr(f->text, f->frame.ladder.row[i].own[0].side == SIDE_BID ? "o0.01" : "m0.01") == NULL)
            fail_msg("%dx%d: an own order fell away", cols, rows);
    }
}

/* Each width and each height of those that the design draws, and all that lie between in one direction. */
static void test_what_never_falls_away(void **state)
{
    static const int heights[] = {15, 16, 24, 29, 30, 36, 55},
                     widths[] = {60, 61, 74, 80, 119, 120, 160, 161, 200};
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (int cols = 200; cols >= 60; cols--)
        for (size_t i = 0; i < sizeof(heights) / sizeof(heights[0]); i++)
            check_never(f, cols, heights[i]);
    for (int rows = 55; rows >= 15; rows--)
        for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
            check_never(f, widths[i], rows);
    fixture_free(f);
}

/* Not even beside the longest name: that one is shortened, its beginning and its end stay. */
static void test_a_long_name_costs_nothing_that_matters(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_instrument *at = &f->frame.status.instrument[0];

    (void)state;
    snprintf(at->symbol, sizeof(at->symbol), "1000000BABYDOGE_PERPUSD");
    snprintf(at->base, sizeof(at->base), "1000000BABYDOG");
    for (int cols = 60; cols <= 200; cols += 4) {
        check_never(f, cols, cols < 80 ? 15 : 36);
        if (cols >= 80)
            assert_has(fixture_row(f, 0), "one-key off");
        if (cols == 60 || cols == 80)
            assert_has(fixture_row(f, 0), "1000000\u2026ERPUSD");
        else if (cols >= 120)
            assert_has(fixture_row(f, 0), "1000000BABYDOGE_PERPUSD");
    }
    fixture_free(f);
}

/* --- zoom, freeze, panels --------------------------------------------------------------------------------------- */

static void test_zoom_is_of_what_has_the_focus(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    int rows = f->ui->layout.ladder_rows;

    (void)state;
    fixture_key(f, 'z');
    assert_int_equal(f->ui->layout.side.cols, 0);
    assert_true(f->ui->layout.ladder_rows > rows);
    assert_has(fixture_draw(f), "LONG 0.015"); /* the position stays, in row 0 */
    fixture_key(f, 'z');
    assert_int_equal(f->ui->layout.ladder_rows, rows);
    fixture_key(f, 'v');
    fixture_key(f, 'z');
    assert_true(f->ui->layout.list_rows > rows);
    fixture_fit(f, 61845);
    assert_has(fixture_draw(f), "61842.17"); /* touch line and inside rows stay */
    assert_has(f->text, "61845.00");
    assert_has(f->text, "61840.00");
    fixture_wait(f, 1000);
    assert_has_not(fixture_draw(f), "centring"); /* two rows have no middle to return to */
    assert_has(f->text, "bars 5.0");             /* nor are they a measure of bars */
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->zoom, ZOOM_NONE);
    fixture_key(f, '2');
    fixture_key(f, 'z');
    assert_int_equal(chart_places(f->ui).side.cols, 0);
    fixture_key(f, KEY_ESC); /* first the panel, then the screen */
    assert_int_equal(f->ui->screen, SCREEN_CHART);
    assert_true(chart_places(f->ui).side.cols > 0);
    fixture_key(f, '5');
    fixture_key(f, 'z');
    assert_has(fixture_next_row(f), "this screen is one panel");
    fixture_prompt(f, "zoom list");
    assert_int_equal(f->ui->screen, SCREEN_TRADE);
    assert_int_equal(f->ui->zoom, ZOOM_LIST);
    fixture_prompt(f, "zoom events");
    assert_has(fixture_next_row(f), "not `events`; allowed: :zoom ladder|list|chart|position|flow|risk|off");
    fixture_free(f);
}

/* While something is enlarged the focus takes the enlargement along: ladder, list, the panels; Tab goes through these. */
static void test_panels_are_enlarged_by_keys(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'z');
    fixture_key(f, 'v');
    assert_int_equal(f->ui->zoom, ZOOM_LIST);
    fixture_key(f, 'v');
    assert_int_equal(f->ui->zoom, ZOOM_POSITION);
    fixture_fit(f, 61845);
    assert_has(fixture_draw(f), "[position]");
    assert_has(f->text, "61842.17"); /* touch line and inside rows stay */
    assert_has(f->text, "61840.00");
    assert_has(f->text, "even at    61");
    assert_has(f->text, "taker fee");
    assert_has(f->text, " fills ");
    assert_has(fixture_next_row(f), "position  what is held");
    fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "entry  average price");
    fixture_key(f, KEY_TAB);
    assert_int_equal(f->ui->zoom, ZOOM_FLOW);
    assert_has(fixture_draw(f), "[order flow]");
    assert_has(f->text, "trades a second over the last 10 s");
    assert_has(f->text, " book events ");
    fixture_key(f, KEY_TAB);
    assert_has(fixture_draw(f), "[risk]");
    assert_true(f->ui->view_sent.denials);
    fixture_key(f, KEY_SHIFT | KEY_TAB);
    assert_int_equal(f->ui->zoom, ZOOM_FLOW);
    fixture_key(f, 'v');
    assert_int_equal(f->ui->zoom, ZOOM_LADDER);
    assert_int_equal(f->ui->focus, FOCUS_LADDER);
    fixture_prompt(f, "zoom risk");
    assert_int_equal(f->ui->zoom, ZOOM_RISK);
    fixture_key(f, 'z');
    assert_int_equal(f->ui->zoom, ZOOM_NONE);
    assert_int_equal(f->ui->focus, FOCUS_LADDER);
    fixture_prompt(f, "zoom position");
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->zoom, ZOOM_NONE);
    assert_int_equal(f->ui->focus, FOCUS_LADDER);
    fixture_prompt(f, "zoom position");
    fixture_key(f, '5');
    fixture_key(f, '1'); /* elsewhere and back: as Trade always is */
    assert_int_equal(f->ui->focus, FOCUS_LADDER);
    fixture_free(f);
}

/* No key of an enlarged panel orders, or cancels what is not seen there; each says so. */
static void test_an_enlarged_panel_orders_nothing(void **state)
{
    static const uint32_t keys[] = {'i', 'M', 't', 'u', 'x', 'p', 'y', 'Y', ',', '/', 'W', 'e'};
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->ui->ladder.cursor_ticks = TICKS(61865); /* an order of ours stands there */
    f->ui->ladder.side = SIDE_ASK;
    fixture_prompt(f, "zoom flow");
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        int commands = f->commands;

        f->ui->say.until_ns = 0;
        fixture_key(f, keys[i]);
        assert_true(f->ui->say.until_ns != 0);
        assert_int_equal(f->ui->overlay, OVERLAY_NONE);
        for (; commands < f->commands; commands++)
            assert_int_equal(f->command[commands % FIXTURE_COMMANDS].kind, COMMAND_VIEW);
        assert_int_equal(f->copies, 0);
    }
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->overlay, OVERLAY_DETAIL);
    assert_has(fixture_draw(f), "near 1bp");
    assert_has(f->text, "source: ");
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->zoom, ZOOM_FLOW); /* the innermost first */
    fixture_key(f, 'K');
    assert_int_equal(f->ui->zoom, ZOOM_NONE); /* the report has the room */
    assert_int_equal(f->ui->focus, FOCUS_LADDER);
    fixture_free(f);
}

/* The held picture keeps its bars too, and says on every screen that it is old. */
static void test_frozen_is_said_everywhere(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    int64_t bar = f->ui->ladder.bar_lots;

    (void)state;
    fixture_key(f, 'Z');
    for (int i = 0; i < f->frame.ladder.rows; i++)
        f->frame.ladder.row[i].bid_lots *= 10;
    fixture_publish(f);
    assert_int_equal(f->ui->ladder.bar_lots, bar);
    fixture_wait(f, 12000);
    for (const char *key = "12345"; *key != '\0'; key++) {
        fixture_key(f, (uint32_t)(unsigned char)*key);
        f->ui->say.until_ns = 0;
        assert_has(fixture_draw(f), "FROZEN 12");
    }
    fixture_key(f, '1');
    f->frame.status.instrument[0].book_state = BOOK_STALE;
    f->frame.status.instrument[0].book_age_ns = INT64_C(4200000000);
    fixture_publish(f);
    assert_has(fixture_row(f, 2), "FROZEN 12 s"); /* a book that is stale besides does not hide it */
    assert_has(fixture_row(f, 1), "STALE 4.2s");
    fixture_free(f);
}

static void test_panels_are_hidden_and_come_back(void **state)
{
    struct fixture *f = fixture_new(120, 55);

    (void)state;
    assert_has(fixture_draw(f), "\u2500 order flow ");
    fixture_prompt(f, "panel flow off");
    assert_has_not(fixture_draw(f), "\u2500 order flow ");
    assert_has(fixture_next_row(f), "PANEL  flow off");
    fixture_prompt(f, "panel flow on");
    assert_has(fixture_draw(f), "\u2500 order flow ");
    fixture_prompt(f, "panel risk off"); /* money and limits stay */
    assert_has(fixture_next_row(f), ":panel flow|events|alerts|account on|off");
    assert_has(fixture_draw(f), "\u2500 risk ");
    resize(f, 80, 24);
    fixture_prompt(f, "panel account on");
    assert_has(fixture_next_row(f), "no room for it");
    fixture_free(f);
}

/* --- two instruments ------------------------------------------------------------------------------------------------ */

static void test_v_swaps_the_second_ladder(void **state)
{
    struct fixture *f = fixture_new(200, 55);

    (void)state;
    assert_has(fixture_row(f, 2), "ETHUSDT  row 0.50");
    fixture_key(f, 'a');
    assert_true(f->ui->armed);
    fixture_key(f, 'v');
    assert_int_equal(f->ui->focus, FOCUS_LIST);
    assert_true(f->ui->armed);
    fixture_key(f, 'v');
    assert_int_equal(f->ui->focus, FOCUS_LADDER);
    assert_false(f->ui->armed); /* another instrument */
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.instrument_id, 1);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.second_instrument_id, 0);
    fixture_prompt(f, "second NOSUCH");
    assert_has(fixture_next_row(f), "no instrument of this session is called `NOSUCH`");
    fixture_prompt(f, "second ETHUSDT");
    assert_has(fixture_next_row(f), "ETHUSDT is in the first ladder");
    fixture_free(f);
}

/* --- saved ----------------------------------------------------------------------------------------------------------- */

static void test_a_layout_as_text_and_back(void **state)
{
    static const char *const whole[] = {
        "scalp", "a-b_9 screen=chart zoom=chart", "pairs symbol=BTCUSDT second=ETHUSDT row=0.05",
        "x row=5 view=levels tab=watch zoom=list hide=flow+events+alerts+account"};
    static const struct {
        const char *text, *why;
    } wrong[] = {
        {"", "a layout begins with its name"},
        {"a.b", "`a.b`: a name first, of at most 23 letters, digits, - and _"},
        {"a colour=red", "a: `colour`: allowed: screen= symbol= second= row= view= tab= zoom= hide="},
        {"a view=all", "a: view=all: allowed: traded, net, sums, levels"},
        {"a tab=all", "a: tab=all: allowed: orders, fills, closed, tape, events, log, watch"},
        {"a zoom=far", "a: zoom=far: allowed: none, ladder, list, chart, position, flow, risk"},
        {"a screen=9", "a: screen=9: allowed: trade, chart, market, strategy, risk"},
        {"a hide=flow+risk", "a: hide=risk: that stays; allowed: flow, events, alerts, account"},
        {"a hide=x", "a: hide=x: allowed: position, flow, events, risk, alerts, account"},
        {"a row=0", "a: row=0: a price step above 0, like 5 or 0.05, or auto"},
        {"a symbol=btc", "a: symbol=btc: a symbol in capitals, like BTCUSDT"}};
    struct saved_layout layout, list[SAVED_LAYOUTS_MAX];
    char text[SAVED_LAYOUT_TEXT], why[SAVED_LAYOUT_WHY];

    (void)state;
    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
        if (!saved_layout_parse(whole[i], &layout, why))
            fail_msg("%s", why);
        assert_string_equal(saved_layout_print(&layout, text), whole[i]);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(saved_layout_parse(wrong[i].text, &layout, why));
        if (strncmp(wrong[i].why, "a: screen", 9) == 0) /* grows with the screens */
            why[strlen(wrong[i].why)] = '\0';
        assert_string_equal(why, wrong[i].why);
    }
    assert_int_equal(saved_layouts_parse("a,b row=5,c", list, why), 3);
    assert_int_equal(list[1].row_e8, E8(5));
    assert_int_equal(saved_layouts_parse("a,b,a", list, why), -1);
    assert_string_equal(why, "a: given twice");
    assert_int_equal(saved_layouts_parse("a,b,c,d,e,f,g,h,i,j,k,l,m", list, why), -1);
    assert_string_equal(why, "more than 12 layouts");
}

static struct fixture *with_layouts(int cols, int rows, const char *start)
{
    struct ui_config config = {.size_presets_e8 = {E8(0.002), E8(0.005), E8(0.01), E8(0.02), E8(0.05)},
                               .version = "0.1.0",
                               .layouts = "scalp row=1 view=net tab=fills zoom=ladder,"
                                          "pairs symbol=ETHUSDT second=BTCUSDT hide=alerts+account,"
                                          "map screen=chart zoom=chart,gone symbol=XRPUSDT,odd row=0.001",
                               .layout = start};

    return fixture_new_as(cols, rows, &config);
}

static void test_a_layout_is_taken_by_name(void **state)
{
    struct fixture *f = with_layouts(200, 55, NULL);

    (void)state;
    fixture_prompt(f, "layout scalp");
    assert_has(fixture_next_row(f), "LAYOUT  scalp");
    assert_int_equal(f->ui->zoom, ZOOM_LADDER);
    assert_int_equal(f->ui->show, SHOW_NET);
    assert_int_equal(f->ui->list.tab, TAB_FILLS);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.row_ticks, 100); /* 1.00 */
    fixture_prompt(f, "layout pairs");
    assert_int_equal(f->ui->zoom, ZOOM_NONE);
    assert_int_equal(f->ui->hidden, 1u << SIDE_ALERTS | 1u << SIDE_ACCOUNT);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.instrument_id, 1);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.second_instrument_id, 0);
    fixture_prompt(f, "layout map");
    assert_int_equal(f->ui->screen, SCREEN_CHART);
    assert_int_equal(f->ui->zoom, ZOOM_CHART);
    fixture_prompt(f, "layout gone");
    assert_has(fixture_next_row(f), "gone, but XRPUSDT is not in this session");
    fixture_prompt(f, "layout odd");
    assert_has(fixture_next_row(f), "odd, but row=0.001 is no step of this instrument's tick");
    fixture_prompt(f, "layout nobody");
    assert_has(fixture_next_row(f), "no layout `nobody`");
    fixture_free(f);
    f = with_layouts(120, 36, "scalp"); /* the one to begin with */
    assert_int_equal(f->ui->zoom, ZOOM_LADDER);
    assert_int_equal(f->ui->list.tab, TAB_FILLS);
    fixture_key(f, 'z'); /* once: it does not come back with the next frame */
    fixture_publish(f);
    assert_int_equal(f->ui->zoom, ZOOM_NONE);
    fixture_free(f);
}

static void test_what_is_shown_is_saved(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "layout");
    assert_has(fixture_next_row(f), "no layout is saved");
    fixture_key(f, ']');
    fixture_key(f, 'e');
    fixture_key(f, KEY_TAB);
    fixture_prompt(f, "panel alerts off");
    fixture_prompt(f, "layout save mine");
    assert_string_equal(
        f->kept, "layout.saved: mine symbol=BTCUSDT second=ETHUSDT row=10 view=net tab=fills hide=alerts");
    assert_has(fixture_next_row(f), "LAYOUT  saved mine");
    fixture_key(f, 'z');
    fixture_prompt(f, "layout save big");
    assert_has(f->kept, ",big symbol=BTCUSDT");
    assert_has(f->kept, "zoom=ladder");
    fixture_prompt(f, "layout save mine"); /* again: in its place */
    assert_has(f->kept, "layout.saved: mine ");
    assert_int_equal(f->ui->layouts_count, 2);
    fixture_prompt(f, "layout drop big");
    assert_has_not(f->kept, "big");
    fixture_prompt(f, "layout save no.name");
    assert_has(fixture_next_row(f), "letters, digits, - and _");
    fixture_prompt(f, "layout drop nobody");
    assert_has(fixture_next_row(f), "no layout `nobody`");
    fixture_free(f);
}

static bool refuse_setting(void *arg, const char *name, const char *value, char *why, size_t why_size)
{
    (void)arg;
    (void)name;
    (void)value;
    snprintf(why, why_size, "layout.start: 'day' is none of layout.saved");
    return false;
}

/* One that the configuration cannot do without stays in the list, too. */
static void test_what_cannot_be_dropped_stays(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "layout save day");
    fixture_prompt(f, "layout save night");
    f->ui->host.set = refuse_setting;
    fixture_prompt(f, "layout drop day");
    assert_has(fixture_next_row(f), "NOT KEPT  layout.start");
    assert_int_equal(f->ui->layouts_count, 2);
    assert_string_equal(f->ui->layouts[0].name, "day");
    fixture_free(f);
}

static struct fixture *choosing(int cols, int rows)
{
    struct fixture *f = with_layouts(cols, rows, NULL);

    fixture_prompt(f, "layout");
    fixture_key(f, KEY_DOWN);
    return f;
}

static struct fixture *enlarged(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    fixture_key(f, 'z');
    fixture_fit(f, cols == 80 ? 61880 : 61900);
    f->ui->ladder.centring_ns = 0;
    return f;
}

static struct fixture *enlarged_list(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    fixture_key(f, 'v');
    fixture_key(f, 'z');
    fixture_fit(f, 61845);
    return f;
}

static void mock_courses(struct fixture *f)
{
    struct view_flow *flow = &f->frame.flow;

    for (int k = 0; k < VIEW_FLOW_GAUGES; k++) {
        flow->points[k] = (uint16_t)(k == 1 ? 40 : VIEW_FLOW_POINTS);
        for (int i = 0; i < flow->points[k]; i++)
            flow->point_x1000[k][i] = ((i * (7 + k)) % 61 - 30) * (k == 2 ? 80 : 25);
    }
    for (int i = 0; i < f->frame.risk.limits; i++) {
        struct view_limit *limit = &f->frame.risk.limit[i];
        struct number_text code; /* a copy: gcc, under sanitizers, takes the two for one */

        text_print(code.text, sizeof(code.text), "%s", limit->code);
        snprintf(limit->help, sizeof(limit->help), "what %s limits", code.text);
    }
}

static struct fixture *enlarged_panel(int cols, int rows, const char *words)
{
    struct fixture *f = fixture_new(cols, rows);

    fixture_prompt(f, words);
    mock_courses(f);
    fixture_fit(f, 61845);
    fixture_key(f, KEY_DOWN);
    f->ui->say.until_ns = 0;
    return f;
}

static struct fixture *enlarged_position(int cols, int rows)
{
    return enlarged_panel(cols, rows, "zoom position");
}

static struct fixture *enlarged_flow(int cols, int rows)
{
    return enlarged_panel(cols, rows, "zoom flow");
}

static struct fixture *enlarged_risk(int cols, int rows)
{
    return enlarged_panel(cols, rows, "zoom risk");
}

static struct fixture *pulled(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    if (cols < 200)
        fixture_key(f, 'e');
    else /* its columns stand there anyway: only a saved layout asks for it */
        f->ui->show = SHOW_NET;
    f->ui->say.until_ns = 0;
    return f;
}

static struct fixture *summed(int cols, int rows)
{
    struct fixture *f = pulled(cols, rows);

    if (cols < 200)
        fixture_key(f, 'e');
    else
        f->ui->show = SHOW_CUM;
    f->ui->say.until_ns = 0;
    return f;
}

/* Where pulled/stacked and sums have columns of their own, the key does not show them twice. */
static void test_views_that_stand_there_are_skipped(void **state)
{
    struct fixture *f = fixture_new(200, 55);

    (void)state;
    fixture_key(f, 'e');
    assert_int_equal(f->ui->show, SHOW_LEVELS);
    fixture_key(f, 'e');
    assert_int_equal(f->ui->show, SHOW_TRADED);
    fixture_free(f);
}

static void test_pictures(void **state)
{
    struct fixture *f = choosing(120, 36);

    (void)state;
    assert_has(fixture_draw(f), "LAYOUT");
    assert_has(f->text, "\u25bapairs");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->hidden, 1u << SIDE_ALERTS | 1u << SIDE_ACCOUNT);
    fixture_prompt(f, "layout");
    fixture_key(f, KEY_ESC);
    assert_has(fixture_next_row(f), "as it was");
    fixture_free(f);
    golden_sizes(choosing, "mock-layouts");
    golden_sizes(enlarged, "mock-zoom-ladder");
    golden_sizes(enlarged_list, "mock-zoom-list");
    golden_sizes(enlarged_position, "mock-zoom-position");
    golden_sizes(enlarged_flow, "mock-zoom-flow");
    golden_sizes(enlarged_risk, "mock-zoom-risk");
    golden_sizes(pulled, "mock-view-net");
    golden_sizes(summed, "mock-view-sums");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_views_that_stand_there_are_skipped),
        cmocka_unit_test(test_what_falls_away_from_200_to_120),
        cmocka_unit_test(test_what_falls_away_from_55_rows_to_30),
        cmocka_unit_test(test_what_falls_away_below_120),
        cmocka_unit_test(test_what_never_falls_away),
        cmocka_unit_test(test_a_long_name_costs_nothing_that_matters),
        cmocka_unit_test(test_zoom_is_of_what_has_the_focus),
        cmocka_unit_test(test_panels_are_enlarged_by_keys),
        cmocka_unit_test(test_an_enlarged_panel_orders_nothing),
        cmocka_unit_test(test_frozen_is_said_everywhere),
        cmocka_unit_test(test_panels_are_hidden_and_come_back),
        cmocka_unit_test(test_v_swaps_the_second_ladder),
        cmocka_unit_test(test_a_layout_as_text_and_back),
        cmocka_unit_test(test_a_layout_is_taken_by_name),
        cmocka_unit_test(test_what_is_shown_is_saved),
        cmocka_unit_test(test_what_cannot_be_dropped_stays),
        cmocka_unit_test(test_pictures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
