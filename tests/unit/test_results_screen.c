/* Screen 6: its pictures, its periods, what each figure says, and what it says where there is nothing. */
#include "golden_screen.h"
#include "mock_results.h"

static struct fixture *results_new(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    fixture_key(f, '6');
    for (int i = 0; i < 3; i++)
        fixture_key(f, ']');
    mock_results(&f->frame, RESULTS_30_DAYS);
    fixture_publish(f);
    f->ui->say.until_ns = 0;
    return f;
}

static struct fixture *spread_new(int cols, int rows)
{
    struct fixture *f = results_new(cols, rows);

    fixture_key(f, 'e');
    f->ui->say.until_ns = 0;
    return f;
}

static struct fixture *empty_new(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    fixture_key(f, '6');
    f->frame.results.state = RESULTS_READY;
    f->frame.results.owners = 1;
    f->frame.results.owner[0] =
        (struct view_results_owner){.name = "all", .best_e8 = VIEW_NONE, .worst_e8 = VIEW_NONE};
    f->frame.results.first_e8 = VIEW_NONE;
    fixture_publish(f);
    return f;
}

static void test_pictures(void **state)
{
    struct fixture *f;

    (void)state;
    golden_sizes(results_new, "mock-results");
    f = spread_new(80, 24);
    golden_screen(f, "mock-results-spread-80x24");
    golden_tiers(f, "mock-results-spread-80x24");
    fixture_free(f);
    f = empty_new(120, 36);
    golden_screen(f, "mock-results-empty-120x36");
    fixture_free(f);
}

/* What was not traded is no part of the line: a rule where a session began, and in words how much came before it. */
static void test_restarts_are_told(void **state)
{
    struct fixture *f = results_new(120, 36);
    struct view_results *results = &f->frame.results;

    (void)state;
    assert_has(fixture_draw(f), " \u2502 3 restarts: +12.34 ");
    results->starts = results->starts_all = 1;
    results->between_e8 = -5 * INT64_C(100000000);
    fixture_publish(f);
    assert_has(fixture_draw(f), " \u2502 1 restart: -5.00 ");
    results->between_e8 = VIEW_NONE;
    fixture_publish(f);
    assert_has(fixture_draw(f), " \u2502 1 restart ");
    results->starts = results->starts_all = 0;
    fixture_publish(f);
    assert_has_not(fixture_draw(f), "restart");
    fixture_free(f);
    f = results_new(200, 55);
    assert_has(fixture_draw(f), " \u2502 3 restarts: +12.34, while nothing ran ");
    f->frame.status.demo = true;
    fixture_publish(f);
    assert_has(fixture_draw(f), " \u2502 3 restarts: +12.34, the demo's prices begin anew ");
    fixture_free(f);
    f = results_new(80, 24);
    assert_has(fixture_draw(f), " \u2502 +12.34 ");
    fixture_free(f);
}

static void test_each_period_is_asked_for(void **state)
{
    static const char *const word[] = {"today, from 00:00 UTC", "the last 7 days", "the last 30 days",
                                       "all that is stored"};
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, '6');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.screen, SCREEN_RESULTS);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.period, RESULTS_SESSION);
    for (int i = 0; i < 4; i++) {
        fixture_key(f, i % 2 == 0 ? ']' : ')');
        assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.period, RESULTS_DAY + i);
        assert_has(fixture_next_row(f), word[i]);
    }
    fixture_key(f, ']');
    assert_has(fixture_next_row(f), "all is the longest");
    for (int i = 0; i < 5; i++)
        fixture_key(f, '[');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.period, RESULTS_SESSION);
    assert_has(fixture_next_row(f), "session is the shortest");
    assert_has(fixture_draw(f), "[session]");
    fixture_free(f);
}

/* Another period's figures are never shown under this one's name. */
static void test_a_period_that_has_not_come_is_not_shown(void **state)
{
    struct fixture *f = results_new(120, 36);

    (void)state;
    assert_has(fixture_draw(f), "10000.00");
    fixture_key(f, ']');
    f->ui->say.until_ns = 0;
    assert_has(fixture_draw(f), "reading what is stored");
    assert_has_not(f->text, "57.7 %");
    assert_has(fixture_next_row(f), "reading what is stored");
    fixture_free(f);
}

static void test_every_figure_explains_itself(void **state)
{
    struct fixture *f = results_new(200, 55);
    const struct view_results_owner *ofi = &f->frame.results.owner[2];

    (void)state;
    fixture_key(f, KEY_RIGHT);
    fixture_key(f, 'l');
    assert_string_equal(ofi->name, "ofi");
    for (enum results_figure i = FIGURE_NET; i < RESULTS_FIGURES; i++) {
        assert_has(fixture_next_row(f), results_figure_word(i));
        assert_has(fixture_next_row(f), "ofi: ");
        fixture_key(f, KEY_DOWN);
        f->ui->say.until_ns = 0;
    }
    for (enum results_figure i = FIGURE_DRAWDOWN_SHARE; i > FIGURE_WIN_RATE; i--)
        fixture_key(f, 'k');
    assert_has(fixture_next_row(f), "win rate  ofi: 54.4 % = 141 of 259: of all round trips");
    fixture_key(f, KEY_DOWN);
    fixture_key(f, KEY_DOWN);
    fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "profit factor  ofi: 1.30 = 287.64 / 220.66");
    fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "expected  ofi: +0.26 = +66.98 / 259");
    fixture_key(f, KEY_LEFT);
    assert_has(fixture_next_row(f), "expected  manual: -0.44 = -6.10 / 14; n=14, too few to rely on");
    fixture_free(f);
}

static void test_few_trades_say_so(void **state)
{
    struct fixture *f = results_new(120, 36);

    (void)state;
    assert_has(fixture_draw(f), "35.7 % n=14"); /* manual */
    assert_has_not(f->text, "n=259");
    fixture_free(f);
}

/* The chosen strategy has a column however narrow it is, and stays chosen when another one comes before it. */
static void test_the_chosen_owner_is_shown(void **state)
{
    struct fixture *f = results_new(80, 24);

    (void)state;
    for (int i = 0; i < 4; i++)
        fixture_key(f, KEY_RIGHT);
    assert_has(fixture_draw(f), "momentum");
    assert_has(f->text, "+3");
    fixture_key(f, KEY_RIGHT);
    assert_has(fixture_next_row(f), "nobody else has traded in this period");
    memmove(&f->frame.results.owner[2], &f->frame.results.owner[1], 4 * sizeof(f->frame.results.owner[0]));
    snprintf(f->frame.results.owner[1].name, OWNER_NAME_SIZE, "pairs");
    f->frame.results.owners++;
    fixture_publish(f);
    assert_string_equal(f->frame.results.owner[results_owner(f->ui)].name, "momentum");
    for (int i = 0; i < 6; i++)
        fixture_key(f, 'h');
    assert_has(fixture_next_row(f), "all of them");
    fixture_free(f);
}

static void test_pages_of_a_narrow_screen(void **state)
{
    struct fixture *f = spread_new(80, 24);

    (void)state;
    assert_has(fixture_draw(f), "round trips  n=774");
    assert_has_not(f->text, "drawdown");
    fixture_key(f, 'e');
    assert_has(fixture_draw(f), "drawdown");
    fixture_free(f);
    f = results_new(120, 36);
    fixture_key(f, 'e');
    assert_has(fixture_next_row(f), "all of it is shown here");
    fixture_free(f);
}

static void test_copied(void **state)
{
    struct fixture *f = results_new(120, 36);

    (void)state;
    fixture_key(f, 'y');
    assert_has(f->copied, "period,from_ns,to_ns,quote,owner,trades,wins,losses,won,lost");
    assert_has(f->copied, "USDT,ofi,259,141,118,287.64,-220.66,6.12,-3.74,80808,51800,756000,518,");
    assert_has(fixture_next_row(f), "5 rows of results copied as CSV");
    fixture_free(f);
}

static void test_nothing_says_why(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, '6');
    assert_has(fixture_draw(f), "reading what is stored");
    f->frame.results.state = RESULTS_READY;
    f->frame.results.owners = 1;
    snprintf(f->frame.results.owner[0].name, OWNER_NAME_SIZE, "all");
    fixture_publish(f);
    assert_has(fixture_draw(f), "no round trip has closed in this period");
    assert_has(fixture_next_row(f),
               "closed net  all: -, no round trip has closed: closed round trips after fees; what is open");
    f->frame.results.state = RESULTS_NONE;
    fixture_publish(f);
    assert_has(fixture_draw(f), "this run stores nothing");
    assert_has(fixture_next_row(f), "store.on");
    f->frame.results.state = RESULTS_FAILED;
    snprintf(f->frame.results.why, sizeof(f->frame.results.why), "flowdeck.db: damaged");
    fixture_publish(f);
    assert_has(fixture_draw(f), "flowdeck.db: damaged");
    assert_has(f->text, "NOT READ");
    fixture_free(f);
}

/* A few minutes without a trade: an amount stands once beside the line, a time under it, the equity in the title. */
static void test_a_short_and_quiet_session(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_results *results = &f->frame.results;
    const char *at;

    (void)state;
    fixture_key(f, '6');
    results->state = RESULTS_READY;
    results->owners = 1;
    results->watched_ns = INT64_C(269) * 1000000000;
    results->from_ns =
        f->frame.status.now_ns / 1000000000 / 3600 * 3600 * 1000000000 + INT64_C(7) * 1000000000;
    results->to_ns = results->from_ns + results->watched_ns;
    results->first_e8 = results->last_e8 = results->high_e8 = results->low_e8 = INT64_C(1000000000000);
    results->points = 269;
    for (int i = 0; i < results->points; i++)
        results->point[i].equity_e8 = results->first_e8;
    fixture_publish(f);
    at = strstr(fixture_draw(f), "equity 10000.00 0.00");
    assert_non_null(at);
    at = strstr(at + 20, "10000.00");
    assert_non_null(at);
    assert_null(strstr(at + 1, "10000.00"));
    assert_has(f->text, ":01");
    fixture_free(f);
}

/* Whatever numbers an engine elsewhere tells: nothing is drawn outside, nothing overflows (the sanitizers look). */
static void test_hostile_numbers(void **state)
{
    static const int64_t odd[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX};
    struct fixture *f = results_new(200, 55);
    struct view_results *results = &f->frame.results;

    (void)state;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]) * 12; i++) {
        int64_t a = odd[i % 7], b = odd[i / 7 % 7], c = odd[(i * 3 + 1) % 7];

        mock_results(&f->frame, RESULTS_30_DAYS);
        results->from_ns = a;
        results->to_ns = b;
        results->watched_ns = c;
        results->first_e8 = b;
        results->high_e8 = c;
        results->low_e8 = a;
        results->drawdown_e8 = b;
        results->drawdown_peak_e8 = a;
        results->bin_e8 = c;
        results->bin_low_e8 = a;
        for (int k = 0; k < results->points; k++)
            results->point[k] = (struct view_results_point){odd[(i + (size_t)k) % 7], odd[(size_t)k % 7]};
        for (int k = 0; k < results->owners; k++)
            results->owner[k] = (struct view_results_owner){.trades = (uint64_t)a,
                                                            .wins = (uint64_t)b,
                                                            .losses = (uint64_t)c,
                                                            .won_e8 = a,
                                                            .lost_e8 = b,
                                                            .held_ns = c,
                                                            .market_ns = a,
                                                            .fees_e8 = b,
                                                            .slippage_e8 = c,
                                                            .value_e8 = a,
                                                            .maker_value_e8 = b,
                                                            .fills = (uint64_t)c,
                                                            .slippage_fills = (uint64_t)a};
        for (int k = 0; k < 24; k++)
            results->day[k % 7].hour[k] = (struct view_results_hour){odd[(i + (size_t)k) % 7], (uint32_t)k};
        fixture_publish(f);
        for (int k = 0; k < RESULTS_FIGURES; k++) {
            fixture_key(f, k == 0 ? 'g' : KEY_DOWN);
            fixture_draw(f);
        }
        fixture_key(f, 'y');
    }
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_restarts_are_told),
        cmocka_unit_test(test_each_period_is_asked_for),
        cmocka_unit_test(test_a_period_that_has_not_come_is_not_shown),
        cmocka_unit_test(test_every_figure_explains_itself),
        cmocka_unit_test(test_few_trades_say_so),
        cmocka_unit_test(test_the_chosen_owner_is_shown),
        cmocka_unit_test(test_pages_of_a_narrow_screen),
        cmocka_unit_test(test_copied),
        cmocka_unit_test(test_nothing_says_why),
        cmocka_unit_test(test_a_short_and_quiet_session),
        cmocka_unit_test(test_hostile_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
