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

static void test_an_alert_of_each_kind_rings_once(void **state)
{
    static const char *const line[] = {"alert SOLUSDT price > 150", "alert SOLUSDT change < 4",
                                       "alert SOLUSDT spread > 100", "alert SOLUSDT imbalance < -0.9"};
    static const char *const words[] = {"SOLUSDT above 150.00", "SOLUSDT change below +4.00 %",
                                        "SOLUSDT spread above 100.00 bp", "SOLUSDT imbalance below -0.90"};

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct fixture *f = market_new(120, 36);
        struct view_instrument *at = &f->frame.status.instrument[2];

        fixture_prompt(f, line[i]);
        assert_has(fixture_next_row(f), words[i]);
        fixture_publish(f);
        assert_int_equal(f->bells, 0);
        assert_has(fixture_draw(f), "SOLUSDT    !");
        if (i == 0)
            at->last_ticks = 15000;
        else if (i == 1)
            at->change_bp_x10 = 3999;
        else if (i == 2)
            at->best_ticks[SIDE_ASK] = at->best_ticks[SIDE_BID] * 102 / 100;
        else
            at->imbalance_x1000 = -900;
        f->now_ns += 2000 * MS;
        fixture_publish(f);
        assert_int_equal(f->bells, 1);
        assert_has(fixture_next_row(f), words[i]);
        f->now_ns += 2000 * MS;
        fixture_publish(f);
        assert_int_equal(f->bells, 1);
        fixture_free(f);
    }
}

static void test_alerts_refused_in_words(void **state)
{
    static const char *const line[][2] = {
        {"alert SOLUSDT price > 100", "it is so already: price is 147.03"},
        {"alert NONE price > 100", "no instrument of this session is called `NONE`"},
        {"alert price >= 100", ":alert [SYMBOL] price|change|spread|imbalance"},
        {"alert SOLUSDT volume > 3", ":alert [SYMBOL] price|change|spread|imbalance"},
        {"alert SOLUSDT change > 1.23456", "at most 3 places"},
        {"alert SOLUSDT price > 1 2", ":alert [SYMBOL]"}};
    struct fixture *f = market_new(120, 36);

    (void)state;
    for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
        fixture_prompt(f, line[i][0]);
        assert_has(fixture_next_row(f), line[i][1]);
        assert_int_equal(f->ui->alerts, 0);
    }
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
    assert_int_equal(f->ui->alerts, 1);
    fixture_prompt(f, "alert");
    assert_has(fixture_draw(f), "ETHUSDT above 4000.00");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "alert ETHUSDT price > 4000"); /* the same once more takes it away */
    assert_int_equal(f->ui->alerts, 0);
    fixture_prompt(f, "alert ETHUSDT price > 4000");
    fixture_prompt(f, "alert clear");
    assert_int_equal(f->ui->alerts, 0);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_the_screen_is_asked_for),
        cmocka_unit_test(test_sorted_by_each_column),
        cmocka_unit_test(test_choose_filter_and_show),
        cmocka_unit_test(test_copied),
        cmocka_unit_test(test_an_alert_of_each_kind_rings_once),
        cmocka_unit_test(test_alerts_refused_in_words),
        cmocka_unit_test(test_b_begins_an_alert_and_the_prompt_lists_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
