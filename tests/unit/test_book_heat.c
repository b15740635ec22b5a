/* The heat map's memory: cells by price, columns by time, means, moving mids, books that are not LIVE. */
#include "core/market/book_heat.h"

#include "unit/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#define CELL 10

struct rig {
    struct book_heat *heat;
    struct order_book *book;
};

static int make(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));

    rig->heat = book_heat_new(CELL);
    rig->book = order_book_new();
    assert_non_null(rig->heat);
    assert_non_null(rig->book);
    order_book_set(rig->book, SIDE_BID, 10000, 50);
    order_book_set(rig->book, SIDE_BID, 9991, 30);
    order_book_set(rig->book, SIDE_ASK, 10010, 40);
    *state = rig;
    return 0;
}

static int drop(void **state)
{
    struct rig *rig = *state;

    book_heat_free(rig->heat);
    order_book_free(rig->book);
    free(rig);
    return 0;
}

static struct heat_column column(const struct rig *rig, enum heat_ring ring, size_t back)
{
    struct heat_column out;

    assert_true(book_heat_column(rig->heat, ring, back, &out));
    return out;
}

/* Size at a price, in lots. */
static int64_t size_at(const struct rig *rig, enum heat_ring ring, size_t back, int64_t price_ticks)
{
    struct heat_column at = column(rig, ring, back);
    struct heat_cells cells;
    int64_t cell = price_ticks / CELL - at.first_cell;

    assert_true(cell >= 0 && cell < HEAT_CELLS);
    assert_true(book_heat_cells(rig->heat, ring, back, &cells));
    return cells.size[cell] * book_heat_unit_lots(rig->heat);
}

static void test_a_second_is_a_column_and_a_price_a_cell(void **state)
{
    struct rig *rig = *state;

    assert_int_equal(book_heat_count(rig->heat, HEAT_FINE), 0);
    book_heat_tick(rig->heat, rig->book, true, 60000);
    order_book_set(rig->book, SIDE_BID, 9995, 7);
    book_heat_tick(rig->heat, rig->book, true, 60999); /* the same second */
    assert_int_equal(book_heat_count(rig->heat, HEAT_FINE), 1);
    assert_int_equal(size_at(rig, HEAT_FINE, 0, 9990), 30);
    book_heat_tick(rig->heat, rig->book, true, 61000);
    assert_int_equal(book_heat_count(rig->heat, HEAT_FINE), 2);
    assert_int_equal(size_at(rig, HEAT_FINE, 0, 9990), 37); /* 9991 and 9995 share a cell */
    assert_int_equal(size_at(rig, HEAT_FINE, 1, 9990), 30);
    assert_int_equal(size_at(rig, HEAT_FINE, 0, 10000), 50);
    assert_int_equal(size_at(rig, HEAT_FINE, 0, 10010), 40);
    assert_int_equal(size_at(rig, HEAT_FINE, 0, 10020), 0);
    assert_int_equal(column(rig, HEAT_FINE, 0).begin_ms, 61000);
    assert_int_equal(column(rig, HEAT_FINE, 0).touch_ticks[SIDE_ASK], 10010);
}

/* 15 seconds: what stood there a third of the time is a third as large. */
static void test_coarse_columns_are_means(void **state)
{
    struct rig *rig = *state;

    for (int i = 0; i < 15; i++) {
        order_book_set(rig->book, SIDE_ASK, 10050, i >= 5 && i < 10 ? 3000 : 0);
        book_heat_tick(rig->heat, rig->book, true, 60000 + i * 1000);
    }
    assert_int_equal(book_heat_count(rig->heat, HEAT_COARSE), 1);
    assert_in_range(size_at(rig, HEAT_COARSE, 0, 10050), 900, 1100);
    assert_int_equal(size_at(rig, HEAT_COARSE, 0, 10000), 50);
    book_heat_tick(rig->heat, rig->book, true, 75000);
    assert_int_equal(book_heat_count(rig->heat, HEAT_COARSE), 2);
}

static void test_columns_follow_the_mid(void **state)
{
    struct rig *rig = *state;

    book_heat_tick(rig->heat, rig->book, true, 60000);
    order_book_set(rig->book, SIDE_ASK, 10010, 0);
    order_book_set(rig->book, SIDE_BID, 10500, 11);
    order_book_set(rig->book, SIDE_ASK, 10510, 12);
    book_heat_tick(rig->heat, rig->book, true, 61000);
    assert_int_equal(column(rig, HEAT_FINE, 0).first_cell - column(rig, HEAT_FINE, 1).first_cell, 50);
    assert_int_equal(size_at(rig, HEAT_FINE, 0, 10000), 50);
    assert_int_equal(size_at(rig, HEAT_FINE, 0, 10500), 11);
    assert_int_equal(size_at(rig, HEAT_COARSE, 0, 10000), 50); /* its cells went with their prices */
    assert_in_range(size_at(rig, HEAT_COARSE, 0, 10500), 5, 6);
}

/* Units traded at a price in the running second. */
static int64_t traded_at(const struct rig *rig, int64_t price_ticks)
{
    struct heat_cells cells;

    assert_true(book_heat_cells(rig->heat, HEAT_FINE, 0, &cells));
    return cells.traded[price_ticks / CELL - column(rig, HEAT_FINE, 0).first_cell];
}

static void test_trades_of_a_column(void **state)
{
    struct rig *rig = *state;
    struct trade trade = {.price_ticks = 10010, .qty_lots = 8, .taker = SIDE_BID};

    book_heat_tick(rig->heat, rig->book, true, 60000);
    book_heat_trade(rig->heat, &trade, 60100);
    trade.qty_lots = 3;
    book_heat_trade(rig->heat, &trade, 60200);
    trade.taker = SIDE_ASK;
    trade.price_ticks = 10000;
    book_heat_trade(rig->heat, &trade, 60300);
    trade.off_market = true;
    book_heat_trade(rig->heat, &trade, 60400);
    assert_int_equal(column(rig, HEAT_FINE, 0).bought_lots, 11);
    assert_int_equal(column(rig, HEAT_FINE, 0).sold_lots, 3);
    assert_int_equal(column(rig, HEAT_FINE, 0).largest[SIDE_BID].lots, 8);
    assert_int_equal(traded_at(rig, 10010), 11);
    trade.off_market = false;
    book_heat_trade(rig->heat, &trade, 61000); /* before the book of its second was sampled */
    assert_int_equal(column(rig, HEAT_FINE, 0).sold_lots, 3);
    assert_false(column(rig, HEAT_FINE, 0).known);
    book_heat_tick(rig->heat, rig->book, true, 61000);
    assert_true(column(rig, HEAT_FINE, 0).known);
    assert_int_equal(column(rig, HEAT_FINE, 0).sold_lots, 3);
}

static void test_a_book_that_is_not_live_is_not_known(void **state)
{
    struct rig *rig = *state;

    book_heat_tick(rig->heat, rig->book, false, 60000);
    assert_false(column(rig, HEAT_FINE, 0).known);
    assert_int_equal(column(rig, HEAT_FINE, 0).touch_ticks[SIDE_BID], 0);
    book_heat_tick(rig->heat, rig->book, true, 61000);
    order_book_clear(rig->book);
    book_heat_tick(rig->heat, rig->book, true, 62000);
    assert_true(column(rig, HEAT_FINE, 1).known);
    assert_false(column(rig, HEAT_FINE, 0).known);
}

/* Sizes that four bytes do not hold: in units, and never nothing where something rests. */
static void test_great_sizes(void **state)
{
    struct rig *rig = *state;

    order_book_set(rig->book, SIDE_BID, 9950, INT64_C(4000000000000000));
    book_heat_tick(rig->heat, rig->book, true, 60000);
    assert_true(book_heat_unit_lots(rig->heat) > 1);
    assert_true(size_at(rig, HEAT_FINE, 0, 9950) > INT64_C(3990000000000000));
    assert_true(size_at(rig, HEAT_FINE, 0, 10000) > 0);
    assert_int_equal(size_at(rig, HEAT_FINE, 0, 9900), 0);
}

/* In two bytes: whole under 4096 units, and right to 1 in 4096 up to the greatest, never in another order. */
static void test_a_column_that_is_over_keeps_its_figures(void **state)
{
    struct rig *rig = *state;
    int64_t before = 0;
    int second = 60;

    for (int64_t lots = 1; lots < INT64_C(4294967295); lots += 1 + lots / 37, second++) {
        int64_t kept, off;

        if (second > 60) /* the unit was chosen: one lot */
            order_book_set(rig->book, SIDE_BID, 9950, lots);
        book_heat_tick(rig->heat, rig->book, true, (int64_t)second * 1000);
        if (second == 60)
            continue;
        assert_int_equal(size_at(rig, HEAT_FINE, 0, 9950), lots);
        book_heat_tick(rig->heat, rig->book, true, (int64_t)(second + 1) * 1000);
        kept = size_at(rig, HEAT_FINE, 1, 9950);
        off = kept < lots ? lots - kept : kept - lots;
        assert_true(lots < 4096 ? off == 0 : off <= lots / 4096);
        assert_true(kept >= before);
        before = kept;
        second++;
    }
    order_book_set(rig->book, SIDE_BID, 9950, INT64_C(99000000000));
    book_heat_tick(rig->heat, rig->book, true, (int64_t)second * 1000);
    book_heat_tick(rig->heat, rig->book, true, (int64_t)(second + 1) * 1000);
    assert_int_equal(size_at(rig, HEAT_FINE, 1, 9950), UINT32_MAX);
}

static void test_the_oldest_columns_fall_out(void **state)
{
    struct rig *rig = *state;
    struct heat_column out;

    for (int i = 0; i < HEAT_COLUMNS + 7; i++)
        book_heat_tick(rig->heat, rig->book, true, 60000 + i * 1000);
    assert_int_equal(book_heat_count(rig->heat, HEAT_FINE), HEAT_COLUMNS);
    assert_int_equal(column(rig, HEAT_FINE, HEAT_COLUMNS - 1).begin_ms, 67000);
    assert_false(book_heat_column(rig->heat, HEAT_FINE, HEAT_COLUMNS, &out));
    book_heat_tick(rig->heat, rig->book, true, 1000); /* a clock that goes back changes nothing */
    assert_int_equal(column(rig, HEAT_FINE, 0).begin_ms, 60000 + (HEAT_COLUMNS + 6) * 1000);
    assert_null(book_heat_new(0));
}

#define HEAT_TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HEAT_TEST(test_a_second_is_a_column_and_a_price_a_cell),
        HEAT_TEST(test_coarse_columns_are_means),
        HEAT_TEST(test_columns_follow_the_mid),
        HEAT_TEST(test_trades_of_a_column),
        HEAT_TEST(test_a_book_that_is_not_live_is_not_known),
        HEAT_TEST(test_great_sizes),
        HEAT_TEST(test_a_column_that_is_over_keeps_its_figures),
        HEAT_TEST(test_the_oldest_columns_fall_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
