/* Screen 6's figures against sums made by hand: round trips, statistics, bins, hours, the curve of equity. */
#include "unit/cmocka_all.h"

#include "app/results_book.h"
#include "app/results_curve.h"
#include "app/results_spread.h"
#include "app/results_starts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)
#define HOUR   (3600 * SECOND)
#define DAY    (24 * HOUR)
#define MONDAY (DAY * 20409) /* 17 November 2025 */
#define E8(x)  ((int64_t)((x)*1e8 + ((x) < 0 ? -0.5 : 0.5)))

static struct view_results view;

static void trade(struct results_book *book, int64_t ts_ns, uint16_t owner_id, const char *owner,
                  enum side side, double price, double qty, double fee)
{
    struct results_fill fill = {.ts_ns = ts_ns,
                                .symbol = "BTCUSDT",
                                .owner_id = owner_id,
                                .side = side,
                                .maker = side == SIDE_BID,
                                .price_e8 = E8(price),
                                .qty_e8 = E8(qty),
                                .value_e8 = E8(price * qty),
                                .fee_e8 = E8(fee),
                                .slippage_e8 = owner_id == 1 ? E8(0.05) : RESULTS_UNKNOWN};

    snprintf(fill.owner, sizeof(fill.owner), "%s", owner);
    results_book_fill(book, &fill);
}

static struct results_book *begin(int64_t from_ns, int64_t to_ns)
{
    struct results_book *book = results_book_new();

    assert_non_null(book);
    results_book_begin(book, from_ns, to_ns);
    results_book_session(book, &(struct results_session){from_ns, to_ns});
    return book;
}

static const struct view_results *end(struct results_book *book, enum results_period period, int64_t known_ns)
{
    memset(&view, 0, sizeof(view));
    results_book_end(book, period, known_ns, &view);
    results_book_free(book);
    return &view;
}

/*
 * ofi: +3.00 - 0.203 = +2.797; turned at 98: -2.00 - 0.10 - 0.098 = -2.198; then short 98 to 97: +1.00 - 0.098 - 0.097 =
 * +0.805. Together +1.404 of three trips, fees 0.596.
 */
static void test_round_trips_by_hand(void **state)
{
    struct results_book *book = begin(MONDAY, MONDAY + DAY);
    const struct view_results *out;

    (void)state;
    trade(book, MONDAY + 10 * HOUR, 1, "ofi", SIDE_BID, 100, 1, 0.1);
    trade(book, MONDAY + 10 * HOUR + 60 * SECOND, 1, "ofi", SIDE_ASK, 103, 1, 0.103);
    trade(book, MONDAY + 11 * HOUR, 1, "ofi", SIDE_BID, 100, 1, 0.1);
    trade(book, MONDAY + 11 * HOUR + 30 * SECOND, 1, "ofi", SIDE_ASK, 98, 2, 0.196);
    trade(book, MONDAY + 11 * HOUR + 90 * SECOND, 1, "ofi", SIDE_BID, 97, 1, 0.097);
    out = end(book, RESULTS_DAY, MONDAY);
    assert_int_equal(out->owners, 2);
    assert_string_equal(out->owner[0].name, "all");
    assert_string_equal(out->owner[1].name, "ofi");
    for (int i = 0; i < 2; i++) {
        const struct view_results_owner *owner = &out->owner[i];

        assert_int_equal(owner->trades, 3);
        assert_int_equal(owner->wins, 2);
        assert_int_equal(owner->losses, 1);
        assert_true(owner->won_e8 == E8(3.602) && owner->lost_e8 == E8(-2.198));
        assert_true(owner->best_e8 == E8(2.797) && owner->worst_e8 == E8(-2.198));
        assert_true(owner->held_ns == (60 + 30 + 60) * SECOND);
        assert_true(owner->market_ns == (60 + 90) * SECOND);
        assert_int_equal(owner->fills, 5);
        assert_true(owner->fees_e8 == E8(0.596));
        assert_true(owner->value_e8 == E8(596) && owner->maker_value_e8 == E8(297));
        assert_true(owner->slippage_e8 == E8(0.25) && owner->slippage_fills == 5);
    }
    assert_true(out->watched_ns == DAY);
    assert_int_equal(out->days, 2); /* it ends at the first moment of the next day */
    assert_string_equal(out->day[0].label, "17 Nov");
    assert_int_equal(out->day[0].hour[10].trades, 1);
    assert_true(out->day[0].hour[10].net_e8 == E8(2.797));
    assert_int_equal(out->day[0].hour[11].trades, 2);
    assert_true(out->day[0].hour[11].net_e8 == E8(-1.393));
}

/* What is open when the period begins closes in it: the whole trip counts, its first fill does not. */
static void test_a_trip_that_began_before(void **state)
{
    struct results_book *book = begin(MONDAY, MONDAY + 2 * HOUR);
    const struct view_results *out;

    (void)state;
    trade(book, MONDAY - HOUR, 2, "mm", SIDE_ASK, 50, 2, 0.25);
    trade(book, MONDAY - HOUR / 2, 1, "ofi", SIDE_BID, 50, 1, 0);
    trade(book, MONDAY - HOUR / 4, 1, "ofi", SIDE_ASK, 60, 1, 0); /* over before */
    trade(book, MONDAY + HOUR, 2, "mm", SIDE_BID, 49, 2, 0.5);
    out = end(book, RESULTS_7_DAYS, MONDAY - 2 * HOUR);
    assert_int_equal(out->owners, 2); /* ofi has done nothing in it */
    assert_string_equal(out->owner[1].name, "mm");
    assert_int_equal(out->owner[0].trades, 1);
    assert_true(out->owner[0].won_e8 == E8(1.25));
    assert_int_equal(out->owner[0].fills, 1);
    assert_true(out->owner[0].fees_e8 == E8(0.5)); /* of its fills alone: why the two do not add up is told */
    assert_int_equal(out->owner[0].carried, 1);
    assert_true(out->owner[0].carried_fees_e8 == E8(0.25));
    assert_true(out->owner[0].held_ns == 2 * HOUR);
    assert_true(out->owner[0].market_ns == HOUR); /* of the period alone */
    assert_true(out->owner[0].slippage_fills == 0);
}

/* By hand more is closed than is his: the strategy's share goes over to him at that price, and nobody holds anything. */
static void test_the_hand_takes_a_share_over(void **state)
{
    struct results_book *book = begin(MONDAY, MONDAY + DAY);
    const struct view_results *out;

    (void)state;
    trade(book, MONDAY + HOUR, 1, "ofi", SIDE_BID, 100, 3, 0);
    trade(book, MONDAY + 2 * HOUR, 0, "manual", SIDE_ASK, 110, 3, 0.3);
    out = end(book, RESULTS_DAY, MONDAY);
    assert_int_equal(out->owners, 3);
    assert_string_equal(out->owner[1].name, "manual");
    assert_string_equal(out->owner[2].name, "ofi");
    assert_true(out->owner[2].won_e8 == E8(30) && out->owner[2].trades == 1);
    assert_true(out->owner[1].lost_e8 == E8(-0.3) && out->owner[1].trades == 1); /* its fee is his */
    assert_true(out->owner[0].market_ns == HOUR);
}

/* Rows from before names were stored are told apart by number; more than there is room for stand together. */
static void test_owners_without_names_and_without_room(void **state)
{
    struct results_book *book = begin(MONDAY, MONDAY + DAY);
    const struct view_results *out;
    char name[16];

    (void)state;
    trade(book, MONDAY, 3, "", SIDE_BID, 100, 1, 0);
    for (int i = 0; i < 30; i++) {
        snprintf(name, sizeof(name), "s%d", i);
        trade(book, MONDAY + HOUR, 1, name, SIDE_BID, 100, 1, 0);
    }
    out = end(book, RESULTS_DAY, MONDAY);
    assert_int_equal(out->owners, VIEW_RESULTS_OWNERS - 1); /* the hand did nothing */
    assert_string_equal(out->owner[1].name, "strategy 3");
    assert_string_equal(out->owner[out->owners - 1].name, "others");
    assert_int_equal(out->owner[0].fills, 31);
    assert_true(out->owner[0].best_e8 == VIEW_NONE && out->owner[0].trades == 0);
}

/* --- spread --------------------------------------------------------------------------------------------------- */

static void test_zero_is_the_edge_of_a_bin(void **state)
{
    const struct results_trip trip[] = {{E8(-3), MONDAY}, {E8(-0.5), MONDAY}, {E8(-0.01), MONDAY},
                                        {0, MONDAY},      {E8(0.49), MONDAY}, {E8(7.9), MONDAY}};

    (void)state;
    memset(&view, 0, sizeof(view));
    results_spread_bins(trip, 6, &view);
    assert_true(view.bin_e8 == E8(0.5)); /* 10.9 in at most 39 bins: 0.2 would be 55 */
    assert_true(view.bin_low_e8 == E8(-3));
    assert_int_equal(view.bins, 22); /* to 8.0 */
    assert_int_equal(view.bin[0], 1);
    assert_int_equal(view.bin[5], 2); /* -0.5 and -0.01 */
    assert_int_equal(view.bin[6], 2); /* 0 and 0.49 */
    assert_int_equal(view.bin[21], 1);
    assert_false(view.bins_under || view.bins_over);
    results_spread_bins(trip, 0, &view);
    assert_int_equal(view.bins, 0);
}

/* One great loss of a hundred does not make all others one column. */
static void test_the_farthest_are_put_together(void **state)
{
    struct results_trip trip[100];
    uint32_t sum = 0;

    (void)state;
    for (int i = 0; i < 100; i++)
        trip[i] = (struct results_trip){E8(i % 10 - 4), MONDAY};
    trip[17].net_e8 = E8(-100000);
    results_spread_bins(trip, 100, &view);
    assert_true(view.bins_under);
    assert_true(view.bin_low_e8 == E8(-4));
    for (int i = 0; i < view.bins; i++)
        sum += view.bin[i];
    assert_int_equal(sum, 100);
    trip[0].net_e8 = INT64_MIN; /* whatever is in a database */
    trip[1].net_e8 = INT64_MAX;
    results_spread_bins(trip, 2, &view);
    assert_true(view.bins > 0 && view.bins <= VIEW_RESULTS_BINS);
}

static void test_hours_of_weekdays_and_days(void **state)
{
    const struct results_trip trip[] = {{E8(1), MONDAY + 13 * HOUR},
                                        {E8(2), MONDAY + 7 * DAY + 14 * HOUR - 1},
                                        {E8(-4), MONDAY + 6 * DAY + 23 * HOUR}};

    (void)state;
    memset(&view, 0, sizeof(view));
    results_spread_hours(trip, 3, RESULTS_30_DAYS, MONDAY, MONDAY + 8 * DAY, &view);
    assert_true(view.by_weekday);
    assert_int_equal(view.days, 7);
    assert_string_equal(view.day[0].label, "Mon");
    assert_true(view.day[0].hour[13].net_e8 == E8(3) && view.day[0].hour[13].trades == 2);
    assert_true(view.day[6].hour[23].net_e8 == E8(-4));
    /* Seven days up to now begin within an eighth one, which has no row. */
    results_spread_hours(trip, 3, RESULTS_7_DAYS, MONDAY + 9 * HOUR, MONDAY + 7 * DAY + 9 * HOUR, &view);
    assert_false(view.by_weekday);
    assert_int_equal(view.days, 7);
    assert_string_equal(view.day[0].label, "18 Nov");
    assert_string_equal(view.day[6].label, "24 Nov");
    assert_int_equal(view.day[0].hour[13].trades, 0);
    assert_true(view.day[5].hour[23].net_e8 == E8(-4));
}

/* What is stored may be younger than now: a clock that was put right, or a first frame without a time. */
static void test_hours_of_a_clock_that_went_back(void **state)
{
    const struct results_trip trip[] = {{E8(1), MONDAY + 13 * HOUR}};

    (void)state;
    memset(&view, 0, sizeof(view));
    results_spread_hours(trip, 1, RESULTS_SESSION, MONDAY, MONDAY - 3 * DAY, &view);
    assert_int_equal(view.days, 1);
    assert_string_equal(view.day[0].label, "14 Nov");
    assert_int_equal(view.day[0].hour[13].trades, 0);
    results_spread_hours(trip, 1, RESULTS_SESSION, MONDAY, 0, &view);
    assert_int_equal(view.days, 1);
}

/* --- the curve ------------------------------------------------------------------------------------------------ */

/* 100, 110, 99 (11 below), 104, 112, 101.5 (10.5 below): the deepest is 11 of 110. */
static void test_the_deepest_fall(void **state)
{
    static const double equity[] = {100, 110, 99, 104, 112, 101.5};
    struct results_curve *curve = calloc(1, sizeof(*curve));

    (void)state;
    assert_non_null(curve);
    results_curve_begin(curve, MONDAY, 0);
    results_curve_add(curve, MONDAY - SECOND, E8(1)); /* before */
    for (int i = 0; i < 6; i++)
        results_curve_add(curve, MONDAY + (i + 1) * SECOND, E8(equity[i]));
    results_curve_fill(curve, &view);
    assert_int_equal(view.points, 6);
    assert_true(view.from_ns == MONDAY + SECOND && view.to_ns == MONDAY + 7 * SECOND);
    assert_true(view.first_e8 == E8(100) && view.last_e8 == E8(101.5));
    assert_true(view.high_e8 == E8(112) && view.low_e8 == E8(99));
    assert_true(view.drawdown_e8 == E8(11) && view.drawdown_peak_e8 == E8(110));
    assert_true(view.drawdown_ns == MONDAY + 3 * SECOND);
    assert_true(view.point[3].equity_e8 == E8(104) && view.point[3].drawdown_e8 == E8(6));
    free(curve);
}

/* However many samples come, the fall stays exact: a peak and a low within one bucket are not lost. */
static void test_a_long_curve_stays_exact(void **state)
{
    struct results_curve *curve = calloc(1, sizeof(*curve));
    int64_t peak = 0, fall = 0;
    unsigned long chance = 7;

    (void)state;
    assert_non_null(curve);
    results_curve_begin(curve, 0, 0);
    for (int i = 0; i < 100000; i++) {
        int64_t equity;

        chance = chance * 6364136223846793005UL + 1442695040888963407UL;
        equity = E8(10000) + (int64_t)(chance >> 40) * (i % 977);
        if (i >= 40000 && i < 60000)
            continue; /* nothing ran */
        peak = equity > peak ? equity : peak;
        fall = peak - equity > fall ? peak - equity : fall;
        results_curve_add(curve, MONDAY + i * SECOND, equity);
    }
    results_curve_fill(curve, &view);
    assert_true(view.drawdown_e8 == fall);
    assert_true(view.points > VIEW_RESULTS_POINTS / 2 - 1 && view.points <= VIEW_RESULTS_POINTS);
    assert_true(view.point[view.points / 2].equity_e8 == VIEW_NONE);
    free(curve);
}

/* A peak that rolled out of the window counts no more; a gap longer than it leaves what came after. */
static void test_a_rolling_curve_forgets(void **state)
{
    struct results_curve *curve = calloc(1, sizeof(*curve));

    (void)state;
    assert_non_null(curve);
    results_curve_begin(curve, 0, 7 * DAY);
    results_curve_add(curve, MONDAY, E8(200));
    results_curve_add(curve, MONDAY + HOUR, E8(100));
    results_curve_fill(curve, &view);
    assert_true(view.drawdown_e8 == E8(100));
    for (int i = 1; i < 10; i++)
        results_curve_add(curve, MONDAY + i * DAY, E8(100 + i));
    results_curve_fill(curve, &view);
    assert_true(view.drawdown_e8 == 0 && view.first_e8 == E8(103));
    assert_true(view.to_ns - view.from_ns <= 7 * DAY);
    results_curve_add(curve, MONDAY + 100 * DAY, E8(50));
    results_curve_fill(curve, &view);
    assert_true(view.first_e8 == E8(50) && view.drawdown_e8 == 0);
    free(curve);
}

/* --- starts --------------------------------------------------------------------------------------------------- */

static void fill_starts(const struct results_starts *starts, int64_t from_ns, int64_t to_ns)
{
    memset(&view, 0, sizeof(view));
    view.from_ns = from_ns;
    view.to_ns = to_ns;
    results_starts_fill(starts, &view);
}

/* 100 to 110, then 95 to 97, a session without a sample, then 120: -15 and +23 came between them. */
static void test_what_came_between_sessions(void **state)
{
    struct results_starts *starts = calloc(1, sizeof(*starts));

    (void)state;
    assert_non_null(starts);
    for (int again = 0; again < 2; again++) { /* each reading tells all sessions */
        results_starts_session(starts, MONDAY);
        results_starts_session(starts, MONDAY + HOUR);
        results_starts_session(starts, MONDAY + 2 * HOUR);
        results_starts_session(starts, MONDAY + 3 * HOUR);
    }
    assert_int_equal(starts->count, 4);
    results_starts_sample(starts, MONDAY + SECOND, E8(100));
    results_starts_sample(starts, MONDAY + 2 * SECOND, E8(110));
    fill_starts(starts, 0, MONDAY + DAY);
    assert_int_equal(view.starts, 0); /* the others have brought nothing yet */
    results_starts_sample(starts, MONDAY + HOUR + SECOND, E8(95));
    results_starts_sample(starts, MONDAY + HOUR + 2 * SECOND, E8(97));
    results_starts_sample(starts, MONDAY + 3 * HOUR + SECOND, E8(120));
    fill_starts(starts, 0, MONDAY + DAY);
    assert_true(view.starts == 2 && view.starts_all == 2);
    assert_true(view.start_ns[0] == MONDAY + HOUR && view.start_ns[1] == MONDAY + 3 * HOUR);
    assert_true(view.between_e8 == E8(-15) + E8(23));
    /* all that changed: what each session brought, and what came between them */
    assert_true(E8(120) - E8(100) == E8(10) + E8(2) + view.between_e8);
    fill_starts(starts, MONDAY + HOUR, MONDAY + DAY); /* nothing of it is older than its begin */
    assert_true(view.starts == 1 && view.between_e8 == E8(23));
    fill_starts(starts, 0, MONDAY + 2 * HOUR);
    assert_true(view.starts == 1 && view.between_e8 == E8(-15));
    free(starts);
}

/* More than are kept: the newest are shown, and a sum that lacks one is none. */
static void test_more_starts_than_are_kept(void **state)
{
    const int sessions = RESULTS_STARTS_MAX + 10;
    struct results_starts *starts = calloc(1, sizeof(*starts));

    (void)state;
    assert_non_null(starts);
    for (int i = 0; i < sessions; i++) {
        results_starts_session(starts, MONDAY + i * HOUR);
        results_starts_sample(starts, MONDAY + i * HOUR + SECOND, E8(100 + i));
    }
    fill_starts(starts, 0, MONDAY + sessions * HOUR);
    assert_true(view.starts == VIEW_RESULTS_STARTS && view.starts_all == RESULTS_STARTS_MAX);
    assert_true(view.start_ns[VIEW_RESULTS_STARTS - 1] == MONDAY + (sessions - 1) * HOUR);
    assert_true(view.start_ns[0] == MONDAY + (sessions - VIEW_RESULTS_STARTS) * HOUR);
    assert_true(view.between_e8 == VIEW_NONE);
    fill_starts(starts, MONDAY + 20 * HOUR, MONDAY + 30 * HOUR);
    assert_true(view.starts == 10 && view.between_e8 == E8(10));
    free(starts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips_by_hand),
        cmocka_unit_test(test_a_trip_that_began_before),
        cmocka_unit_test(test_the_hand_takes_a_share_over),
        cmocka_unit_test(test_owners_without_names_and_without_room),
        cmocka_unit_test(test_zero_is_the_edge_of_a_bin),
        cmocka_unit_test(test_the_farthest_are_put_together),
        cmocka_unit_test(test_hours_of_weekdays_and_days),
        cmocka_unit_test(test_hours_of_a_clock_that_went_back),
        cmocka_unit_test(test_the_deepest_fall),
        cmocka_unit_test(test_a_long_curve_stays_exact),
        cmocka_unit_test(test_a_rolling_curve_forgets),
        cmocka_unit_test(test_what_came_between_sessions),
        cmocka_unit_test(test_more_starts_than_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
