/* Screen 3: its pictures, its order of rows, its keys, and the alerts that are set there. */
#include "golden_screen.h"
#include "mock_market.h"

static struct fixture *market_new(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    mock_market(&f->frame);
    fixture_key(f, '3');
    fixture_publish(f);
    return f;
}

static struct fixture *map_new(int cols, int rows)
{
    struct fixture *f = market_new(cols, rows);

    fixture_key(f, 'e');
    return f;
}

static void test_pictures(void **state)
{
    (void)state;
    golden_sizes(market_new, "mock-market");
    golden_sizes(map_new, "mock-market-map");
}

static void test_the_screen_is_asked_for(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.point_s, 0);
    fixture_key(f, '3');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.screen, SCREEN_MARKET);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.point_s, 15);
    fixture_key(f, ']');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.point_s, 60);
    assert_has(fixture_next_row(f), "trends over 1 h");
    for (int i = 0; i < 5; i++)
        fixture_key(f, ')');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.point_s, 900);
    assert_has(fixture_next_row(f), "15 h is the longest");
    fixture_free(f);
}

/* Row by row, the order of the symbols on the screen. */
static void assert_order(struct fixture *f, const char *const symbol[], int count)
{
    const char *text = strstr(fixture_draw(f), " instrument"), *at = text;

    assert_non_null(text);
    for (int i = 0; i < count; i++) {
        const char *found = strstr(at, symbol[i]);

        assert_non_null(found);
        at = found + strlen(symbol[i]);
    }
}

static void test_sorted_by_each_column(void **state)
{
    static const struct {
        const char *word, *first, *last;
    } by[] = {{"24 h", "SOLUSDT", "PEPEUSDT"},    {"value", "BTCUSDT", "PEPEUSDT"},
              {"spread", "ETHUSDT", "PEPEUSDT"},  {"far", "XRPUSDT", "BTCUSDT"},
              {"vol 1m", "XRPUSDT", "BTCUSDT"},   {"prints/s", "BTCUSDT", "XRPUSDT"},
              {"position", "BTCUSDT", "ETHUSDT"}, {"configuration", "BTCUSDT", "XRPUSDT"}};
    struct fixture *f = market_new(80, 24);

    (void)state;
    f->frame.status.instrument[0].position_lots = 100000;
    f->frame.status.instrument[1].position_lots = -100000;
    fixture_publish(f);
    for (size_t i = 0; i < sizeof(by) / sizeof(by[0]); i++) {
        const char *ends[] = {by[i].first, by[i].last};

        fixture_key(f, ',');
        assert_has(fixture_next_row(f), by[i].word);
        if (i != 2) /* spreads: by what the mock's ticks make of them */
            assert_order(f, ends, 2);
        assert_int_equal(market_chosen(f->ui), 0); /* the same instrument, wherever its row went */
        fixture_key(f, 'D');
        if (i == 7) { /* the configuration's order is no column */
            assert_has(fixture_next_row(f), "rows stand in the configuration's order; , sorts them");
            continue;
        }
        assert_has(fixture_next_row(f), "least first");
        ends[0] = by[i].last;
        ends[1] = by[i].first;
        if (i != 2 && i != 3) /* far: two are not known, and those stand last */
            assert_order(f, ends, 2);
        assert_has(fixture_draw(f), "\u25b2");
        assert_int_equal(market_chosen(f->ui), 0);
        fixture_key(f, 'D');
        assert_has(fixture_next_row(f), "greatest first");
    }
    fixture_free(f);
}

static void test_choose_filter_and_show(void **state)
{
    struct fixture *f = market_new(120, 36);

    (void)state;
    fixture_key(f, KEY_DOWN);
    fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "SOLUSDT  24 h low 143.36 high 148.50");
    fixture_key(f, '/');
    fixture_type(f, "eth");
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_draw(f), "1 of 5");
    assert_has_not(f->text, "PEPEUSDT");
    f->ui->say.until_ns = 0;
    assert_has(fixture_next_row(f), "ETHUSDT");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->screen, SCREEN_TRADE);
    assert_int_equal(f->ui->instrument_id, 1);
    fixture_key(f, '3');
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->screen, SCREEN_MARKET); /* the filter goes first */
    assert_has(fixture_draw(f), "5 of 5");
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->screen, SCREEN_TRADE);
    fixture_free(f);
}

/* The map below has nothing to draw either, and leaves the row alone that says why. */
static void test_a_filter_that_nothing_matches_says_so(void **state)
{
    static const int size[][2] = {{80, 24}, {120, 36}, {200, 55}};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct fixture *f = market_new(size[i][0], size[i][1]);

        fixture_key(f, '/');
        fixture_type(f, "zzz");
        fixture_key(f, KEY_ENTER);
        assert_has(fixture_draw(f), "nothing matches; Esc clears the filter");
        fixture_key(f, 'e');
        assert_has(fixture_draw(f), "nothing matches; Esc clears the filter");
        fixture_key(f, KEY_ESC);
        assert_has_not(fixture_draw(f), "nothing matches");
        fixture_free(f);
    }
}

static void test_copied(void **state)
{
    struct fixture *f = market_new(120, 36);

    (void)state;
    fixture_key(f, 'y');
    assert_has(f->copied, "symbol,venue,last,bid,ask,change_percent");
    assert_has(f->copied, "ETHUSDT,");
    assert_has(f->copied, ",-0.418,");
    fixture_free(f);
}

/* --- alerts ---------------------------------------------------------------------------------------------------- */

static void test_an_alert_of_each_kind_is_asked_for(void **state)
{
    static const char *const line[] = {"alert SOLUSDT price > 150", "alert SOLUSDT change < 4",
                                       "alert SOLUSDT spread > 100", "alert SOLUSDT imbalance <= -0.9"};
    static const char *const words[] = {"SOLUSDT >= 150.00", "SOLUSDT change <= +4.00 %",
                                        "SOLUSDT spread >= 100.00 bp", "SOLUSDT imbalance <= -0.90"};
    static const int64_t level[] = {E8(150.0), 4000, 10000, -900};

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct fixture *f = market_new(120, 36);

        fixture_prompt(f, line[i]);
        assert_int_equal(fixture_last(f, COMMAND_ALERT)->instrument_id, 2);
        assert_int_equal(fixture_last(f, COMMAND_ALERT)->index, i);
        assert_int_equal(fixture_last(f, COMMAND_ALERT)->number, level[i]);
        fixture_take_alert(f);
        fixture_publish(f);
        assert_has(fixture_draw(f), "SOLUSDT    !");
        fixture_ring_alert(f, 0, level[i]);
        f->now_ns += 2000 * MS;
        fixture_publish(f);
        assert_int_equal(f->bells, 1);
        assert_has(fixture_next_row(f), words[i]);
        assert_has_not(fixture_draw(f), "SOLUSDT    !");
        fixture_free(f);
    }
}

static void test_alerts_refused_in_words(void **state)
{
    static const char *const line[][2] = {
        {"alert NONE price > 100", "no instrument of this session is called `NONE`"},
        {"alert price >> 100", ":alert [SYMBOL] price|change|spread|imbalance"},
        {"alert SOLUSDT volume > 3", ":alert [SYMBOL] price|change|spread|imbalance"},
        {"alert SOLUSDT change > 1.23456", "too many decimals: at most 3"},
        {"alert SOLUSDT price > 999999999", "`999999999` is too big: at most "},
        {"alert SOLUSDT price > 1 2", ":alert [SYMBOL]"},
        {"alert price", ":alert [SYMBOL]"},
        {"alert drop", ":alert drop N, its number in :alerts"},
        {"alert drop x", ":alert drop N, its number in :alerts"}};
    struct fixture *f = market_new(120, 36);

    (void)state;
    for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
        fixture_prompt(f, line[i][0]);
        assert_has(fixture_next_row(f), line[i][1]);
        assert_int_equal(fixture_count(f, COMMAND_ALERT) + fixture_count(f, COMMAND_ALERT_DROP), 0);
    }
    fixture_free(f);
}

/* Who only looks sets none; who is not in control may: an alert trades nothing. */
static void test_who_may_set_alerts(void **state)
{
    const struct ui_config readonly = {.size_presets_e8 = {E8(0.01)}, .readonly = true, .bell = true};
    struct fixture *f = fixture_new_as(120, 36, &readonly);

    (void)state;
    fixture_prompt(f, "alert price > 62000");
    assert_has(fixture_next_row(f), "this screen is read only");
    assert_int_equal(fixture_count(f, COMMAND_ALERT), 0);
    fixture_free(f);
    f = fixture_new(120, 36);
    f->frame.desk.watching = true;
    fixture_publish(f);
    fixture_prompt(f, "alert price > 62000");
    assert_int_equal(fixture_count(f, COMMAND_ALERT), 1);
    fixture_free(f);
}

/* The first frame of a screen tells what nobody saw, with its time, and the engine that it was told. */
static void test_what_rang_while_away_is_told(void **state)
{
    const struct ui_config readonly = {.size_presets_e8 = {E8(0.01)}, .readonly = true, .bell = true};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct fixture *f = i == 0 ? fixture_new(120, 36) : fixture_new_as(120, 36, &readonly);
        struct alert *alert = f->frame.alerts.alert;

        f->frame.alerts.count = 2;
        alert[0] = (struct alert){1, 0, ALERT_PRICE, 2, true, true, E8(61875), 0, E8(61880), 0, "BTCUSDT"};
        alert[1] = alert[0];
        alert[0].rang_ns = f->frame.status.now_ns - 60 * UI_SECOND_NS;
        alert[1].rang_ns = f->frame.status.now_ns - 90000 * UI_SECOND_NS;
        f->ui->alerts_known = false; /* as it begins */
        fixture_publish(f);
        assert_has(fixture_next_row(f), "RANG WHILE AWAY  BTCUSDT >= 61875.00 at 14:06:");
        assert_has(fixture_next_row(f), "1 more before: :alerts");
        assert_int_equal(fixture_count(f, COMMAND_ALERTS_SEEN), i == 0);
        assert_int_equal(f->bells, 1);
        fixture_wait(f, 10000);
        assert_has(fixture_next_row(f), "RANG WHILE AWAY"); /* whoever comes back has time to read */
        alert[0].away = alert[1].away = false;
        fixture_publish(f);
        fixture_prompt(f, "alerts");
        assert_has(fixture_draw(f), "BTCUSDT >= 61875.00  rang 14:06:");
        assert_has(f->text,
                   ":alert drop N removes one, :alert clear all; 32 at most; they end with this run");
        fixture_free(f);
    }
}

/* More than a small screen has room for: the list scrolls. */
static void test_many_alerts_scroll(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    for (int i = 0; i < ALERTS_MAX; i++)
        f->frame.alerts.alert[i] = (struct alert){.id = (uint32_t)i + 1,
                                                  .decimals = 2,
                                                  .above = true,
                                                  .level = E8(62000.0 + i),
                                                  .symbol = "BTCUSDT"};
    f->frame.alerts.count = ALERTS_MAX;
    f->frame.alerts.kept = true;
    fixture_publish(f);
    fixture_prompt(f, "alerts");
    assert_has(fixture_draw(f), "1  BTCUSDT >= 62000.00  waits, ");
    assert_has(fixture_next_row(f), "ALERTS  any other key closes it");
    assert_has_not(f->text, ":alert drop N");
    for (int i = 0; i < 40; i++)
        fixture_key(f, KEY_DOWN);
    assert_has(fixture_draw(f), "32  BTCUSDT >= 62031.00  waits, ");
    assert_has(f->text, ":alert drop N removes one, :alert clear all; 32 at most");
    assert_has(fixture_next_row(f), "its end");
    fixture_key(f, KEY_UP);
    assert_has_not(fixture_draw(f), ":alert drop N");
    fixture_key(f, ':'); /* on to the prompt at once */
    assert_int_equal(f->ui->overlay, OVERLAY_TEXT);
    fixture_free(f);
}

static void test_b_begins_an_alert_and_the_prompt_lists_them(void **state)
{
    struct fixture *f = market_new(120, 36);

    (void)state;
    fixture_key(f, KEY_DOWN);
    fixture_key(f, 'b');
    fixture_type(f, "4000");
    fixture_key(f, KEY_ENTER);
    fixture_take_alert(f);
    fixture_publish(f);
    fixture_prompt(f, "alert");
    assert_has(fixture_draw(f), "1  ETHUSDT >= 4000.00  waits, ");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "alert drop 1");
    assert_int_equal(fixture_last(f, COMMAND_ALERT_DROP)->number, 1);
    fixture_prompt(f, "alert clear");
    assert_int_equal(fixture_last(f, COMMAND_ALERT_DROP)->number, 0);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_the_screen_is_asked_for),
        cmocka_unit_test(test_sorted_by_each_column),
        cmocka_unit_test(test_choose_filter_and_show),
        cmocka_unit_test(test_a_filter_that_nothing_matches_says_so),
        cmocka_unit_test(test_copied),
        cmocka_unit_test(test_an_alert_of_each_kind_is_asked_for),
        cmocka_unit_test(test_alerts_refused_in_words),
        cmocka_unit_test(test_who_may_set_alerts),
        cmocka_unit_test(test_what_rang_while_away_is_told),
        cmocka_unit_test(test_many_alerts_scroll),
        cmocka_unit_test(test_b_begins_an_alert_and_the_prompt_lists_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
