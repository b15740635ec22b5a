/*
 * test_signal_parts.c - formulas against worked cases made by others from the papers, and the small
 * machines (percentile, gauge, mid track) against plain arithmetic.
 */
#include "core/base/fmath.h"
#include "core/signal/decay.h"
#include "core/signal/gauge.h"
#include "core/signal/mid_track.h"
#include "core/signal/ofi.h"
#include "core/signal/vpin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A worked case of the shared data; NULL, with a line that says so, where that is absent. */
static FILE *case_open(const char *name)
{
    const char *shared = getenv("FLOWDECK_SHARED");
    char path[512];
    FILE *file;

    snprintf(path, sizeof(path), "%s/data/cases/%s", shared != NULL ? shared : "../shared", name);
    file = fopen(path, "r");
    if (file == NULL)
        printf("skipped: %s is not here\n", path);
    return file;
}

static void assert_near(double got, double expected, double tolerance)
{
    double apart = got - expected;

    if (!((apart < 0.0 ? -apart : apart) <= tolerance))
        fail_msg("%.17g is not %.17g within %g", got, expected, tolerance);
}

/* Splits a line at commas; empty fields are "". */
static size_t fields_of(char *line, char *field[], size_t max)
{
    size_t count = 0;
    char *at = line;

    line[strcspn(line, "\r\n")] = '\0';
    while (count < max && at != NULL) {
        field[count++] = at;
        at = strchr(at, ',');
        if (at != NULL)
            *at++ = '\0';
    }
    return count;
}

static int64_t cents(const char *text)
{
    return (int64_t)(strtod(text, NULL) * 100.0 + 0.5);
}

static void quote_of(char *const field[], struct level out[SIDE_COUNT])
{
    out[SIDE_BID] = (struct level){cents(field[1]), strtoll(field[2], NULL, 10)};
    out[SIDE_ASK] = (struct level){cents(field[3]), strtoll(field[4], NULL, 10)};
}

/* Cont, Kukanov, Stoikov eq. 3-4, quote by quote. */
static void test_ofi_of_each_quote_equals_the_case(void **state)
{
    FILE *file = case_open("ofi/quotes60/data.csv");
    char line[512], *field[8];
    struct level before[SIDE_COUNT], after[SIDE_COUNT];
    int row = 0;

    (void)state;
    if (file == NULL)
        skip();
    assert_non_null(fgets(line, sizeof(line), file));
    for (; fgets(line, sizeof(line), file) != NULL; row++) {
        assert_true(fields_of(line, field, 8) >= 6);
        quote_of(field, after);
        if (row > 0)
            assert_near(ofi_event(before, after), strtod(field[5], NULL), 1e-9);
        memcpy(before, after, sizeof(before));
    }
    fclose(file);
    assert_int_equal(row, 60);
}

/* Gould, Bonart eq. 1, and the size-weighted cross. */
static void test_queue_imbalance_and_weighted_mid_equal_the_case(void **state)
{
    FILE *file = case_open("queue_imbalance/quotes60/data.csv");
    char line[512], *field[12];
    struct level best[SIDE_COUNT];
    int row = 0;

    (void)state;
    if (file == NULL)
        skip();
    assert_non_null(fgets(line, sizeof(line), file));
    for (; fgets(line, sizeof(line), file) != NULL; row++) {
        double imbalance, mid;

        assert_true(fields_of(line, field, 12) >= 9);
        quote_of(field, best);
        imbalance = strtod(field[5], NULL);
        mid = strtod(field[8], NULL);
        assert_near(queue_imbalance((double)best[SIDE_BID].qty_lots, (double)best[SIDE_ASK].qty_lots),
                    imbalance, 1e-12);
        assert_near(weighted_mid(best) / 100.0, mid, mid * 1e-12);
    }
    fclose(file);
    assert_int_equal(row, 60);
}

/* Bars with bulk-classified volume, as the paper has it; the arithmetic of buckets is the same with true sides. */
static void test_vpin_of_each_bucket_equals_the_case(void **state)
{
    FILE *bars = case_open("vpin/bvc_bars400/bars.csv"), *buckets = case_open("vpin/bvc_bars400/buckets.csv");
    const double bucket_volume = 4975.95, sigma = 0.059409040878548446;
    double vpin_expected[40] = {0}, previous = 0.0, value;
    char line[512], *field[4];
    struct vpin vpin;
    size_t closed = 0, next = 0;

    (void)state;
    if (bars == NULL || buckets == NULL)
        skip();
    assert_non_null(fgets(line, sizeof(line), buckets));
    for (size_t i = 0; i < 40; i++) {
        assert_non_null(fgets(line, sizeof(line), buckets));
        assert_int_equal(fields_of(line, field, 4), 3);
        vpin_expected[i] = strtod(field[2], NULL);
    }
    vpin_init(&vpin, 10);
    assert_non_null(fgets(line, sizeof(line), bars));
    for (int row = 0; fgets(line, sizeof(line), bars) != NULL; row++) {
        double close, volume, share;

        assert_int_equal(fields_of(line, field, 4), 2);
        close = strtod(field[0], NULL);
        volume = strtod(field[1], NULL);
        share = row == 0 ? 0.5 : fmath_normal_cdf((close - previous) / sigma);
        previous = close;
        for (int part = 0; part < 50; part++) { /* in parts, so that each closing bucket is seen */
            vpin_add(&vpin, volume * share / 50.0, volume * (1.0 - share) / 50.0, bucket_volume);
            if (vpin.next == next)
                continue;
            next = vpin.next;
            assert_int_equal(vpin_value(&vpin, &value), closed >= 9);
            if (closed >= 9)
                assert_near(value, vpin_expected[closed], vpin_expected[closed] * 1e-8);
            closed++;
        }
    }
    fclose(bars);
    fclose(buckets);
    assert_int_equal(closed, 40);
}

/* One trade of a million buckets must cost what a few cost, and leave nothing but itself. */
static void test_vpin_survives_a_giant_trade(void **state)
{
    struct vpin vpin;
    double value = 0.0;

    (void)state;
    vpin_init(&vpin, 50);
    vpin_add(&vpin, 0.5, 0.5, 1.0);
    assert_false(vpin_value(&vpin, &value));
    vpin_add(&vpin, 1e18, 0.0, 1.0);
    assert_true(vpin_value(&vpin, &value));
    assert_near(value, 1.0, 1e-12);
    vpin_add(&vpin, 1.0, 0.0, 0.0); /* no bucket volume: nothing to fill */
}

/* A percentile is right to the width of its bin, and forgets what is older than its ring. */
static void test_percentile_is_right_and_forgets(void **state)
{
    struct percentile *percentile = calloc(1, sizeof(*percentile));

    (void)state;
    assert_int_equal(percentile_at(percentile, 0.9), 0);
    for (int64_t i = 1; i <= 600; i++)
        percentile_add(percentile, i * 7919 % 601); /* 1..600 in mixed order */
    assert_near((double)percentile_at(percentile, 0.9), 540.0, 540.0 * 0.017);
    assert_near((double)percentile_at(percentile, 0.5), 300.0, 300.0 * 0.017);
    assert_near(percentile_rank(percentile, 300), 0.5, 0.02);
    assert_near(percentile_rank(percentile, INT64_MAX), 1.0, 0.0);
    for (int i = 0; i < PERCENTILE_SAMPLES_MAX; i++)
        percentile_add(percentile, i % 2 == 0 ? INT64_MAX : -5);
    assert_int_equal(percentile_at(percentile, 0.5), 0);
    assert_true(percentile_at(percentile, 0.9) > INT64_MAX / 64 * 63);
    free(percentile);
}

/* Finer steps: the same samples in new units. */
static void test_rescaled_percentile_equals_one_with_fine_steps(void **state)
{
    struct percentile *coarse = calloc(1, sizeof(*coarse)), *fine = calloc(1, sizeof(*fine));

    (void)state;
    for (int64_t i = 0; i < 2000; i++) {
        if (i == 1500)
            percentile_rescale(coarse, 1000);
        percentile_add(coarse, i * i % 977 * (i >= 1500 ? 1000 : 1));
        percentile_add(fine, i * i % 977 * 1000);
    }
    assert_memory_equal(coarse, fine, sizeof(*fine));
    free(coarse);
    free(fine);
}

/* The word must not flicker about one value: it comes at 0.2 and goes at half of that. */
static void test_gauge_word_has_hysteresis(void **state)
{
    static struct gauge_state gauge_state;
    struct gauge gauge = {0};

    (void)state;
    gauge_init(&gauge_state, 1, 0.2);
    gauge_tick(&gauge_state, 0.19, &gauge);
    assert_int_equal(gauge.word, FLOW_EVEN);
    gauge_tick(&gauge_state, 0.21, &gauge);
    assert_int_equal(gauge.word, FLOW_BID);
    gauge_tick(&gauge_state, 0.11, &gauge);
    assert_int_equal(gauge.word, FLOW_BID);
    gauge_tick(&gauge_state, 0.09, &gauge);
    assert_int_equal(gauge.word, FLOW_EVEN);
    gauge_tick(&gauge_state, -0.5, &gauge);
    assert_int_equal(gauge.word, FLOW_ASK);
    gauge_tick(&gauge_state, 0.3, &gauge);
    assert_int_equal(gauge.word, FLOW_BID);
}

/* A mean of the last second, and a percentile only after a minute of them. */
static void test_gauge_means_and_waits_a_minute(void **state)
{
    static struct gauge_state gauge_state;
    struct gauge gauge = {0};

    (void)state;
    gauge_init(&gauge_state, 10, 0.2);
    for (int i = 0; i < 10; i++)
        gauge_tick(&gauge_state, i < 5 ? 0.0 : -1.0, &gauge);
    assert_near(gauge.value, -0.5, 1e-12);
    for (int i = 10; i < 599; i++)
        gauge_tick(&gauge_state, -0.4, &gauge);
    assert_true(gauge.p90 == 0.0);
    gauge_tick(&gauge_state, -0.4, &gauge);
    assert_near(gauge.p90, 0.4, 0.4 * 0.017);
}

/* Volatility, momentum and range from a mid that moves by a known factor each second. */
static void test_mid_track_equals_plain_arithmetic(void **state)
{
    struct mid_track *track = calloc(1, sizeof(*track));
    int64_t now_ns = INT64_C(1000000000000), low2, high2;
    double step;

    (void)state;
    assert_false(mid_track_range2(track, &low2, &high2));
    for (int i = 0; i <= 200; i++) { /* up and down by turns */
        mid_track_add(track, i % 2 == 0 ? 2000000 : 2000200, now_ns);
        if (i == 100)
            mid_track_add(track, 1900000, now_ns + 1000), mid_track_add(track, 2000000, now_ns + 2000);
        now_ns += 1000000000;
    }
    assert_true(mid_track_advance(track, now_ns));
    step = fmath_log(2000200.0 / 2000000.0) * 1e4;
    assert_near(track->volatility_bp * track->volatility_bp, 60.0 * step * step, 1e-6);
    assert_true(mid_track_range2(track, &low2, &high2));
    assert_int_equal(low2, 2000000); /* the dip is more than a minute ago */
    assert_int_equal(high2, 2000200);
    assert_near(mid_track_momentum_bp(track, 60), -step, 1e-9); /* then it was up, now it is down */
    assert_true(mid_track_momentum_bp(track, 9) == 0.0);
    assert_int_equal(mid_track_median_range_ticks(track), 102); /* of 200 half ticks, to 1.6 % */
    free(track);
}

/* Silence of an hour must end as silence: no loop over it, no volatility left. */
static void test_mid_track_passes_a_long_hole(void **state)
{
    struct mid_track *track = calloc(1, sizeof(*track));

    (void)state;
    for (int64_t i = 0; i < 90; i++)
        mid_track_add(track, 2000000 + i * 100, 1000000000 * (i + 1));
    assert_true(track->volatility_bp > 0.0);
    assert_true(mid_track_advance(track, INT64_C(1000000000) * 40000000));
    assert_true(track->volatility_bp == 0.0);
    assert_true(mid_track_momentum_bp(track, 9) == 0.0);
    free(track);
}

/* e^-1 after one time constant, however many steps it is taken in. */
static void test_decay_is_the_same_in_one_step_or_many(void **state)
{
    struct decayed one = {0}, many = {0};

    (void)state;
    decayed_add(&one, 1000000000, 10000, 5.0);
    decayed_add(&many, 1000000000, 10000, 5.0);
    decayed_to(&one, INT64_C(11000000000), 10000);
    for (int64_t i = 1; i <= 100; i++)
        decayed_to(&many, 1000000000 + i * 100000000, 10000);
    assert_near(one.sum, 5.0 * fmath_exp(-1.0), 1e-12);
    assert_near(many.sum, one.sum, 1e-12);
    decayed_to(&one, 5, 10000); /* time that goes back decays nothing */
    assert_near(one.sum, many.sum, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ofi_of_each_quote_equals_the_case),
        cmocka_unit_test(test_queue_imbalance_and_weighted_mid_equal_the_case),
        cmocka_unit_test(test_vpin_of_each_bucket_equals_the_case),
        cmocka_unit_test(test_vpin_survives_a_giant_trade),
        cmocka_unit_test(test_percentile_is_right_and_forgets),
        cmocka_unit_test(test_rescaled_percentile_equals_one_with_fine_steps),
        cmocka_unit_test(test_gauge_word_has_hysteresis),
        cmocka_unit_test(test_gauge_means_and_waits_a_minute),
        cmocka_unit_test(test_mid_track_equals_plain_arithmetic),
        cmocka_unit_test(test_mid_track_passes_a_long_hole),
        cmocka_unit_test(test_decay_is_the_same_in_one_step_or_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
