/*
 * test_number_queue.c - a place in the queue as it is written beside an order: never cut, and never "first" unless it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/number_text.h"

#define LOTS_A_COIN 100000

static const struct {
    int64_t expected_lots, worst_lots;
    int cols;
    const char *text;
} places[] = {
    {80000, 210000, 10, "0.8..2.1"},
    {80000, 210000, 7, ".8..2.1"},
    {80000, 210000, 5, "2.1"}, /* no room for two: the worse one */
    {0, 0, 10, "0"},
    {0, 210000, 10, "0..2.1"},
    {1, 1, 10, "<.1"}, /* something is ahead: not first */
    {1, 1, 3, "<.1"},
    {0, 4000, 10, "0..<.1"},
    {0, 4000, 5, "<.1"},
    {4000, 46000, 8, "<.1..0.5"},
    {4000, 46000, 10, "<.1..0.5"},
    {9700000, 9700000, 10, "97.0"},
    {9700000, 9702000, 10, "97.0"}, /* the same as far as it is written */
    {62635000, 102913900, 9, "626..1029"},
    {9990000, 10290000, 10, "99.9..103"},
    {62635000, 102913900, 8, "1029"},
    {12345678900000, 23456789000000, 12, "123M..235M"},
};

static void test_places(void **state)
{
    const struct view_scale scale = {.lot_e8 = 1000, .qty_decimals = 5};

    (void)state;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        assert_string_equal(
            number_queue(&scale, places[i].expected_lots, places[i].worst_lots, places[i].cols).text,
            places[i].text);
}

/* Whatever stands ahead: it fits, and only nothing reads as nothing. */
static void test_fits_and_says_first_only_of_the_first(void **state)
{
    const struct view_scale scale = {.lot_e8 = 1000, .qty_decimals = 5};

    (void)state;
    for (int64_t expected = 0; expected < LOTS_A_COIN * INT64_C(1000000); expected = expected * 3 + 1)
        for (int64_t worst = expected; worst < LOTS_A_COIN * INT64_C(1000000); worst = worst * 2 + 1)
            for (int cols = NUMBER_QUEUE_COLS_LEAST; cols <= 12; cols++) {
                struct number_text text = number_queue(&scale, expected, worst, cols);

                assert_in_range(strlen(text.text), 1, cols);
                assert_true((strcmp(text.text, "0") == 0) == (worst == 0));
                assert_true(strncmp(text.text, "0.0", 3) != 0 && strstr(text.text, "..0.0") == NULL);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_fits_and_says_first_only_of_the_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
