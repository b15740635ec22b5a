/*
 * test_order_book.c - the book against a plain model that cannot be wrong: an array of levels, searched
 * from end to end.
 */
#include "core/market/order_book.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MODEL_MAX 4096

struct model {
    size_t count;
    struct level level[MODEL_MAX]; /* unordered */
};

static uint64_t seed;

static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static int64_t random_below(int64_t bound)
{
    return (int64_t)(next_random() % (uint64_t)bound);
}

static void model_set(struct model *model, int64_t price, int64_t lots)
{
    size_t i = 0;

    while (i < model->count && model->level[i].price_ticks != price)
        i++;
    if (i < model->count && lots == 0) {
        model->level[i] = model->level[--model->count];
    } else if (lots != 0) {
        assert_true(i < MODEL_MAX);
        model->level[i] = (struct level){price, lots};
        if (i == model->count)
            model->count++;
    }
}

static int compare_up(const void *a, const void *b)
{
    const struct level *x = a, *y = b;

    return (x->price_ticks > y->price_ticks) - (x->price_ticks < y->price_ticks);
}

static int compare_down(const void *a, const void *b)
{
    return compare_up(b, a);
}

static bool inside(enum side side, int64_t price, int64_t limit)
{
    return side == SIDE_BID ? price >= limit : price <= limit;
}

/* Every way to look at one side gives what the sorted model gives. */
static void assert_side_equals(const struct order_book *book, enum side side, struct model *model)
{
    static struct level top[MODEL_MAX + 1];
    struct level level = {0, 0};
    size_t count = model->count, walked = 0, part;
    int64_t limit, sum = 0, sum_top = 0, want, got, worst, worst_model = 0;
    __int128 value, value_model = 0;

    if (count > 1)
        qsort(model->level, count, sizeof(level), side == SIDE_BID ? compare_down : compare_up);
    assert_int_equal(order_book_count(book, side), count);
    assert_int_equal(order_book_top(book, side, top, MODEL_MAX + 1), count);
    assert_memory_equal(top, model->level, count * sizeof(level));
    part = (size_t)random_below((int64_t)count + 2);
    assert_int_equal(order_book_top(book, side, top, part), part < count ? part : count);
    assert_memory_equal(top, model->level, (part < count ? part : count) * sizeof(level));
    assert_int_equal(order_book_best(book, side, &level), count > 0);
    if (count == 0)
        return;
    assert_memory_equal(&level, &model->level[0], sizeof(level));
    do
        assert_int_equal(order_book_qty(book, side, level.price_ticks), model->level[walked++].qty_lots);
    while (order_book_next(book, side, level.price_ticks, &level));
    assert_int_equal(walked, count);

    limit = model->level[random_below((int64_t)count)].price_ticks + random_below(3) - 1;
    limit = limit < 1 ? 1 : limit; /* 0 is "no limit" */
    for (size_t i = 0; i < count; i++) {
        if (inside(side, model->level[i].price_ticks, limit))
            sum += model->level[i].qty_lots;
        if (i < part)
            sum_top += model->level[i].qty_lots;
    }
    assert_int_equal(order_book_sum_to(book, side, limit), sum);
    assert_int_equal(order_book_sum_top(book, side, part), sum_top);

    want = 1 + random_below(sum + 10);
    got = 0;
    for (size_t i = 0; i < count && got < want && inside(side, model->level[i].price_ticks, limit); i++) {
        int64_t lots = model->level[i].qty_lots < want - got ? model->level[i].qty_lots : want - got;

        got += lots;
        worst_model = model->level[i].price_ticks;
        value_model += (__int128)lots * worst_model;
    }
    assert_int_equal(order_book_walk(book, side, want, limit, &worst, &value), got);
    assert_int_equal(worst, worst_model);
    assert_true(value == value_model);
}

/* A market that starts at `center` with levels up to `reach` ticks away, and jumps now and then. */
static void run_against_model(int64_t center, int64_t reach, int64_t jump, int updates)
{
    struct order_book *book = order_book_new();
    struct model *model = calloc(SIDE_COUNT, sizeof(*model));

    assert_non_null(book);
    assert_non_null(model);
    for (int i = 0; i < updates; i++) {
        enum side side = (next_random() & 1) != 0 ? SIDE_ASK : SIDE_BID;
        int64_t scale = INT64_C(1) << random_below(63 - __builtin_clzll((uint64_t)reach) + 1);
        int64_t away = random_below(scale) - scale / 8; /* a part of it crosses */
        int64_t price = side == SIDE_BID ? center - away : center + away;
        int64_t lots = random_below(2) == 0 ? 0 : 1 + random_below(1000000);

        /* Half of the removals hit a level that is there, most often the best one. */
        if (lots == 0 && model[side].count > 0 && random_below(2) == 0)
            price = model[side]
                        .level[random_below(4) == 0 ? random_below((int64_t)model[side].count) : 0]
                        .price_ticks;
        if (price < 1)
            price = 1 + random_below(3);
        if (model[side].count == MODEL_MAX)
            lots = 0;
        assert_int_equal(order_book_set(book, side, price, lots), ERR_OK);
        model_set(&model[side], price, lots);
        if (random_below(2000) == 0)
            center = center + random_below(2 * jump) - jump < 1 ? 1 : center + random_below(2 * jump) - jump;
        if (i % 97 == 0 || i == updates - 1) {
            assert_side_equals(book, SIDE_BID, &model[SIDE_BID]);
            assert_side_equals(book, SIDE_ASK, &model[SIDE_ASK]);
            assert_int_equal(order_book_crossed(book), model[SIDE_BID].count > 0 &&
                                                           model[SIDE_ASK].count > 0 &&
                                                           model[SIDE_BID].level[0].price_ticks >=
                                                               model[SIDE_ASK].level[0].price_ticks);
        }
    }
    order_book_clear(book);
    assert_int_equal(order_book_count(book, SIDE_BID) + order_book_count(book, SIDE_ASK), 0);
    free(model);
    order_book_free(book);
}

/* The ordinary case: all inside the window. */
static void test_near_levels_equal_the_model(void **state)
{
    (void)state;
    seed = 1;
    run_against_model(6160000, 4096, 500, 60000);
}

/* Levels in window and far store together, the window moving between: the case with the traps. */
static void test_far_levels_and_jumps_equal_the_model(void **state)
{
    (void)state;
    seed = 2;
    run_against_model(6160000, 1 << 21, 100000, 100000);
}

/* Prices of a few ticks: the window reaches below zero. */
static void test_tiny_prices_equal_the_model(void **state)
{
    (void)state;
    seed = 3;
    run_against_model(3, 64, 40000, 60000);
}

/* Prices of a million million ticks and jumps of thousands of windows. */
static void test_huge_prices_equal_the_model(void **state)
{
    (void)state;
    seed = 4;
    run_against_model(INT64_C(1000000000000), INT64_C(1) << 36, INT64_C(1) << 34, 60000);
}

/* The world may send anything; the book refuses and stays as it was. */
static void test_bad_levels_are_refused_and_change_nothing(void **state)
{
    struct order_book *book = order_book_new();
    struct level best;

    (void)state;
    assert_int_equal(order_book_set(book, SIDE_BID, 100, 5), ERR_OK);
    assert_int_equal(order_book_set(book, SIDE_BID, 0, 5), ERR_BAD_DATA);
    assert_int_equal(order_book_set(book, SIDE_BID, -7, 0), ERR_BAD_DATA);
    assert_int_equal(order_book_set(book, SIDE_BID, INT64_MIN, 5), ERR_BAD_DATA);
    assert_int_equal(order_book_set(book, SIDE_BID, 101, -1), ERR_BAD_DATA);
    assert_int_equal(order_book_set(book, SIDE_BID, INT64_MAX, 5), ERR_BAD_DATA);
    assert_int_equal(order_book_count(book, SIDE_BID), 1);
    assert_int_equal(order_book_qty(book, SIDE_BID, INT64_MIN), 0);
    assert_int_equal(order_book_qty(book, SIDE_BID, INT64_MAX), 0);
    assert_true(order_book_best(book, SIDE_BID, &best));
    assert_int_equal(best.price_ticks, 100);
    order_book_free(book);
}

/* The ends of the price range work as any other price, in one book. */
static void test_lowest_and_highest_price_live_in_one_book(void **state)
{
    struct order_book *book = order_book_new();
    struct level level;

    (void)state;
    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        assert_int_equal(order_book_set(book, side, 1, 3), ERR_OK);
        assert_int_equal(order_book_set(book, side, ORDER_BOOK_PRICE_MAX, INT64_MAX), ERR_OK);
        assert_int_equal(order_book_count(book, side), 2);
        assert_true(order_book_best(book, side, &level));
        assert_int_equal(level.price_ticks, side == SIDE_BID ? ORDER_BOOK_PRICE_MAX : 1);
        assert_int_equal(order_book_sum_to(book, side, side == SIDE_BID ? 1 : ORDER_BOOK_PRICE_MAX),
                         INT64_MAX);
        assert_int_equal(order_book_set(book, side, level.price_ticks, 0), ERR_OK);
        assert_true(order_book_best(book, side, &level));
        assert_int_equal(level.price_ticks, side == SIDE_BID ? 1 : ORDER_BOOK_PRICE_MAX);
    }
    order_book_free(book);
}

/* The bound is on levels, near and far together; what is there can still change and leave. */
static void test_full_side_refuses_new_levels_only(void **state)
{
    struct order_book *book = order_book_new();

    (void)state;
    for (int64_t i = 0; i < ORDER_BOOK_LEVELS_MAX; i++) /* near and far in turn: every fourth is far */
        assert_int_equal(order_book_set(book, SIDE_ASK, i % 4 == 0 ? 10000000 - 7 * i : 1000 + i, i + 1),
                         ERR_OK);
    assert_int_equal(order_book_count(book, SIDE_ASK), ORDER_BOOK_LEVELS_MAX);
    assert_int_equal(order_book_set(book, SIDE_ASK, 999, 1), ERR_FULL);
    assert_int_equal(order_book_set(book, SIDE_ASK, 20000000, 1), ERR_FULL);
    assert_int_equal(order_book_set(book, SIDE_ASK, 20000000, 0), ERR_OK);
    assert_int_equal(order_book_set(book, SIDE_ASK, 1001, 77), ERR_OK);
    assert_int_equal(order_book_qty(book, SIDE_ASK, 1001), 77);
    assert_int_equal(order_book_set(book, SIDE_BID, 999, 1), ERR_OK);
    assert_int_equal(order_book_set(book, SIDE_ASK, 1001, 0), ERR_OK);
    assert_int_equal(order_book_set(book, SIDE_ASK, 999, 1), ERR_OK);
    order_book_free(book);
}

/* 65,536 levels far apart come and go in mixed order: the far store's chunks split and join. */
static void test_every_far_level_is_found_after_heavy_churn(void **state)
{
    struct order_book *book = order_book_new();
    struct level level;
    size_t seen = 0;

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int64_t i = 0; i < ORDER_BOOK_LEVELS_MAX; i++) { /* 40503 is odd: visits each once */
            int64_t k = i * 40503 % ORDER_BOOK_LEVELS_MAX;

            assert_int_equal(order_book_set(book, SIDE_BID, 1 + k * 1000, k + 1), ERR_OK);
        }
        for (int64_t i = 0; i < ORDER_BOOK_LEVELS_MAX; i++) { /* leave one in 32 */
            int64_t k = i * 25173 % ORDER_BOOK_LEVELS_MAX;

            if (k % 32 != round)
                assert_int_equal(order_book_set(book, SIDE_BID, 1 + k * 1000, 0), ERR_OK);
        }
    }
    assert_int_equal(order_book_count(book, SIDE_BID), ORDER_BOOK_LEVELS_MAX / 32);
    assert_true(order_book_best(book, SIDE_BID, &level));
    do {
        assert_int_equal((level.price_ticks - 1) % 32000, 2000);
        assert_int_equal(level.qty_lots, (level.price_ticks - 1) / 1000 + 1);
        seen++;
    } while (order_book_next(book, SIDE_BID, level.price_ticks, &level));
    assert_int_equal(seen, ORDER_BOOK_LEVELS_MAX / 32);
    order_book_free(book);
}

/* A finer step must give the book that the fine steps would have given from the start. */
static void test_rescaled_book_equals_one_with_fine_steps(void **state)
{
    static struct level coarse_levels[MODEL_MAX], fine_levels[MODEL_MAX];
    struct order_book *coarse = order_book_new(), *fine = order_book_new();

    (void)state;
    seed = 5;
    for (int i = 0; i < 3000; i++) {
        enum side side = (i & 1) != 0 ? SIDE_ASK : SIDE_BID;
        int64_t price = 600000 + side_sign(side) * -random_below(i % 3 == 0 ? 400000 : 3000);
        int64_t lots = random_below(4) == 0 ? 0 : random_below(1000);

        assert_int_equal(order_book_set(coarse, side, price, lots), ERR_OK);
        assert_int_equal(order_book_set(fine, side, price * 100, lots * 1000), ERR_OK);
    }
    order_book_rescale(coarse, 10, 1000);
    order_book_rescale(coarse, 10, 1);
    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        size_t count = order_book_top(coarse, side, coarse_levels, MODEL_MAX);

        assert_true(count > 500);
        assert_int_equal(order_book_top(fine, side, fine_levels, MODEL_MAX), count);
        assert_memory_equal(coarse_levels, fine_levels, count * sizeof(fine_levels[0]));
    }
    order_book_free(coarse);
    order_book_free(fine);
}

/* One bad level must not lose the rest of an update, and must be told. */
static void test_update_with_one_bad_level_applies_the_rest(void **state)
{
    struct order_book *book = order_book_new();
    struct level bids[] = {{100, 1}, {-1, 1}, {99, 2}}, asks[] = {{102, 3}, {103, 0}};
    struct depth_update update = {.levels = {bids, asks}, .level_count = {3, 2}};

    (void)state;
    assert_int_equal(order_book_apply(book, &update), ERR_BAD_DATA);
    assert_int_equal(order_book_qty(book, SIDE_BID, 99), 2);
    assert_int_equal(order_book_qty(book, SIDE_ASK, 102), 3);
    assert_int_equal(order_book_count(book, SIDE_ASK), 1);
    order_book_free(book);
}

/* What stood before a snapshot is gone; levels of the snapshot with quantity 0 are no levels. */
static void test_load_replaces_all(void **state)
{
    struct order_book *book = order_book_new();
    struct level bids[] = {{50, 1}, {49, 0}, {48, 2}}, asks[] = {{900000, 3}, {51, 4}};
    struct depth_snapshot snapshot = {.levels = {bids, asks}, .level_count = {3, 2}};
    struct level best;

    (void)state;
    assert_int_equal(order_book_set(book, SIDE_BID, 7000000, 1), ERR_OK);
    assert_int_equal(order_book_set(book, SIDE_BID, 1, 1), ERR_OK);
    assert_int_equal(order_book_load(book, &snapshot), ERR_OK);
    assert_int_equal(order_book_count(book, SIDE_BID), 2);
    assert_int_equal(order_book_count(book, SIDE_ASK), 2);
    assert_true(order_book_best(book, SIDE_BID, &best));
    assert_int_equal(best.price_ticks, 50);
    assert_true(order_book_best(book, SIDE_ASK, &best));
    assert_int_equal(best.price_ticks, 51);
    order_book_free(book);
}

/* An empty side has nothing to walk, sum or find. */
static void test_empty_side_gives_nothing(void **state)
{
    struct order_book *book = order_book_new();
    struct level level = {1, 1};
    int64_t worst = 1;
    __int128 value = 1;

    (void)state;
    assert_false(order_book_best(book, SIDE_BID, &level));
    assert_false(order_book_next(book, SIDE_BID, 100, &level));
    assert_int_equal(order_book_top(book, SIDE_BID, &level, 1), 0);
    assert_int_equal(order_book_sum_to(book, SIDE_ASK, 100), 0);
    assert_int_equal(order_book_sum_top(book, SIDE_ASK, 5), 0);
    assert_int_equal(order_book_walk(book, SIDE_ASK, 5, 0, &worst, &value), 0);
    assert_int_equal(worst, 0);
    assert_true(value == 0);
    assert_int_equal(order_book_set(book, SIDE_ASK, 5, 0), ERR_OK);
    assert_int_equal(order_book_count(book, SIDE_ASK), 0);
    assert_false(order_book_crossed(book));
    order_book_free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_near_levels_equal_the_model),
        cmocka_unit_test(test_far_levels_and_jumps_equal_the_model),
        cmocka_unit_test(test_tiny_prices_equal_the_model),
        cmocka_unit_test(test_huge_prices_equal_the_model),
        cmocka_unit_test(test_bad_levels_are_refused_and_change_nothing),
        cmocka_unit_test(test_lowest_and_highest_price_live_in_one_book),
        cmocka_unit_test(test_full_side_refuses_new_levels_only),
        cmocka_unit_test(test_every_far_level_is_found_after_heavy_churn),
        cmocka_unit_test(test_rescaled_book_equals_one_with_fine_steps),
        cmocka_unit_test(test_update_with_one_bad_level_applies_the_rest),
        cmocka_unit_test(test_load_replaces_all),
        cmocka_unit_test(test_empty_side_gives_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
