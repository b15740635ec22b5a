/* The touch over a sliding window, against a naive walk over all that was seen. */
#include "cmocka_all.h"
#include "exec/execution_parts.h"
#include "test_random.h"

#define MS_NS     INT64_C(1000000)
#define WINDOW_NS (200 * MS_NS)
#define SEEN_MAX  20000

struct seen {
    int64_t ts_ns, price_ticks;
};

/* Lowest and highest of the steps that still held after now - window. */
static void naive_band(const struct seen *seen, size_t count, int64_t now_ns, int64_t *low, int64_t *high)
{
    *low = *high = seen[count - 1].price_ticks;
    for (size_t i = count - 1; i-- > 0;) {
        if (seen[i + 1].ts_ns <= now_ns - WINDOW_NS)
            break;
        *low = seen[i].price_ticks < *low ? seen[i].price_ticks : *low;
        *high = seen[i].price_ticks > *high ? seen[i].price_ticks : *high;
    }
}

/* spread: how many prices the walk has; the window keeps TOUCH_PAST_MAX steps, so few prices are exact. */
static void walk(enum side side, int64_t prices, uint64_t seed, bool exact)
{
    static struct seen seen[SEEN_MAX];
    struct touch touch = {0};
    struct touch_band band;
    int64_t now_ns = 1, low, high;

    touch_reset(&touch);
    for (size_t i = 0; i < SEEN_MAX; i++) {
        now_ns += random_between(&seed, 0, 20) * MS_NS;
        seen[i] = (struct seen){now_ns, 1000 + random_between(&seed, 0, prices - 1)};
        touch_see(&touch, side, seen[i].price_ticks, now_ns, WINDOW_NS);
        assert_true(touch_band(&touch, side, now_ns, WINDOW_NS, &band));
        assert_int_equal(band.known, now_ns - seen[0].ts_ns >= WINDOW_NS);
        naive_band(seen, i + 1, now_ns, &low, &high);
        if (side == SIDE_ASK) { /* signed: the foremost ask is the lowest */
            int64_t foremost = -low;

            low = -high;
            high = foremost;
        }
        if (exact) {
            assert_int_equal(band.low, low);
            assert_int_equal(band.high, high);
        }
        assert_true(band.low <= low && band.high >= high); /* too careful at most */
    }
}

static void test_band_is_the_extremes_of_the_window(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        walk(SIDE_BID, TOUCH_PAST_MAX, seed, true);
        walk(SIDE_ASK, TOUCH_PAST_MAX, seed, true);
        walk(SIDE_BID, 1000, seed, false);
        walk(SIDE_ASK, 1000, seed, false);
    }
}

static void test_a_level_counts_once_it_stood_long_enough(void **state)
{
    struct touch touch = {0};
    struct touch_band band;

    (void)state;
    touch_see(&touch, SIDE_BID, 1000, MS_NS, WINDOW_NS);
    assert_true(touch_band(&touch, SIDE_BID, MS_NS, WINDOW_NS, &band));
    assert_false(band.known);
    touch_see(&touch, SIDE_BID, 1002, 500 * MS_NS, WINDOW_NS);
    touch_see(&touch, SIDE_BID, 1002, 699 * MS_NS, WINDOW_NS);
    touch_band(&touch, SIDE_BID, 699 * MS_NS, WINDOW_NS, &band);
    assert_int_equal(band.low, 1000);
    touch_see(&touch, SIDE_BID, 1002, 700 * MS_NS, WINDOW_NS);
    touch_band(&touch, SIDE_BID, 700 * MS_NS, WINDOW_NS, &band);
    assert_int_equal(band.low, 1002);
    assert_int_equal(band.high, 1002);
    touch_see(&touch, SIDE_BID, 999, 701 * MS_NS, WINDOW_NS); /* what is gone is gone at once */
    touch_band(&touch, SIDE_BID, 701 * MS_NS, WINDOW_NS, &band);
    assert_int_equal(band.low, 999);
    assert_int_equal(band.high, 1002);
}

static void test_an_empty_side_forgets(void **state)
{
    struct touch touch = {0};
    struct touch_band band;

    (void)state;
    touch_see(&touch, SIDE_ASK, 1000, MS_NS, WINDOW_NS);
    touch_see(&touch, SIDE_ASK, 0, 300 * MS_NS, WINDOW_NS);
    assert_false(touch_band(&touch, SIDE_ASK, 300 * MS_NS, WINDOW_NS, &band));
    touch_see(&touch, SIDE_ASK, 1005, 310 * MS_NS, WINDOW_NS);
    assert_true(touch_band(&touch, SIDE_ASK, 310 * MS_NS, WINDOW_NS, &band));
    assert_false(band.known);
    assert_int_equal(band.low, -1005);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_band_is_the_extremes_of_the_window),
        cmocka_unit_test(test_a_level_counts_once_it_stood_long_enough),
        cmocka_unit_test(test_an_empty_side_forgets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
