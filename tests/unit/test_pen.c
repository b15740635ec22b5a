/*
 * test_pen.c - changes of pen and cursor are right on each family of terminal, and short.
 */
#include "tui/pen.h"

#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include <stdlib.h>
#include <string.h>

static struct terminfo info;
static struct pen pen;
static char bytes[4096];
static struct sink sink;

static void use(const char *term, enum colour_depth depth)
{
    char why[TERMINFO_WHY_SIZE];

    assert_int_equal(terminfo_load(term, &info, why), ERR_OK);
    pen_init(&pen, &info, depth);
    pen.rows = 24;
    pen.cols = 80;
    sink = (struct sink){bytes, 0, sizeof(bytes)};
}

static const char *written(void)
{
    bytes[sink.size] = '\0';
    sink.size = 0;
    return bytes;
}

static ink paint(int32_t fg, int32_t bg, unsigned attr)
{
    return pen_ink(&pen, (struct paint){fg, bg, (uint8_t)attr});
}

/* Only what changes is said; attributes go off one by one where that is shorter than a reset. */
static void test_pen_changes_are_minimal(void **state)
{
    (void)state;
    use("xterm-256color", DEPTH_TRUE);
    pen_set(&pen, &sink, paint(0xc8ccd4, 0x101216, 0));
    assert_string_equal(written(), "\033[0;38;2;200;204;212;48;2;16;18;22m");
    pen_set(&pen, &sink, paint(0xc8ccd4, 0x101216, 0));
    assert_string_equal(written(), "");
    pen_set(&pen, &sink, paint(0xc8ccd4, 0x101216, ATTR_BOLD | ATTR_UNDERLINE));
    assert_string_equal(written(), "\033[1;4m");
    pen_set(&pen, &sink, paint(0xc8ccd4, 0x101216, ATTR_UNDERLINE));
    assert_string_equal(written(), "\033[22m");
    pen_set(&pen, &sink, paint(0xffffff, 0x101216, ATTR_UNDERLINE));
    assert_string_equal(written(), "\033[38;2;255;255;255m");
    pen_set(&pen, &sink, ink_blank(paint(0x63b3ed, 0x101216, 0)));
    assert_string_equal(written(), "\033[24m"); /* a blank does not care for the foreground */
    pen_set(&pen, &sink, paint(INK_DEFAULT, INK_DEFAULT, 0));
    assert_string_equal(written(), "\033[0m");
}

/* Bold to dim: off together, so dim must be said again. */
static void test_bold_and_dim_go_off_together(void **state)
{
    (void)state;
    use("xterm-256color", DEPTH_256);
    pen_set(&pen, &sink, paint(75, 233, ATTR_BOLD | ATTR_DIM));
    assert_string_equal(written(), "\033[0;1;2;38;5;75;48;5;233m");
    pen_set(&pen, &sink, paint(75, 233, ATTR_DIM));
    assert_string_equal(written(), "\033[22;2m");
    pen_set(&pen, &sink, paint(9, 1, 0));
    assert_string_equal(written(), "\033[0;91;41m"); /* a reset is shorter here */
}

/* A terminal that knows no SGR 22 gets a reset, and attributes it has not are not sent. */
static void test_vt100_resets(void **state)
{
    (void)state;
    use("vt100", DEPTH_MONO);
    pen_set(&pen, &sink, paint(7, 4, ATTR_BOLD | ATTR_DIM | ATTR_REVERSE));
    assert_string_equal(written(), "\033[0;1;7m");
    pen_set(&pen, &sink, paint(7, 4, ATTR_BOLD));
    assert_string_equal(written(), "\033[0;1m");
}

/* Eight colours: bright is bold; dark grey is grey on a console and dim elsewhere, never black on black nor white on white. */
static void test_sixteen_colours_on_eight(void **state)
{
    (void)state;
    use("linux", DEPTH_16);
    assert_true(paint(14, INK_DEFAULT, 0) == ink_pack(6, INK_DEFAULT, ATTR_BOLD));
    assert_true(paint(8, INK_DEFAULT, 0) == ink_pack(0, INK_DEFAULT, ATTR_BOLD));
    assert_true(paint(15, 8, 0) == ink_pack(7, 4, ATTR_BOLD));
    assert_true(paint(0, 11, 0) == ink_pack(0, 3, 0));
    assert_true(paint(0, 11, ATTR_BOLD) ==
                ink_pack(0, 3, 0)); /* bold black is grey: no badge is written so */
    assert_true(paint(0, 13, ATTR_BOLD) ==
                ink_pack(7, 5, ATTR_BOLD)); /* what bright magenta bears the dark one hides */
    use("xterm", DEPTH_16);
    assert_true(paint(8, INK_DEFAULT, 0) == ink_pack(7, INK_DEFAULT, ATTR_DIM));
    assert_true(paint(8, 15, ATTR_DIM) == ink_pack(0, 7, 0));   /* labels of a light theme */
    assert_true(paint(7, 15, 0) == ink_pack(0, 7, 0));          /* its frames */
    assert_true(paint(15, 15, 0) == ink_pack(7, 7, ATTR_BOLD)); /* a block of its heat map */
    assert_true(paint(4, 15, 0) == ink_pack(4, 7, 0));
}

/* The cheapest way: nothing, a line feed, a step, a column, and the full address only when nothing is shorter. */
static void test_moves_are_cheapest(void **state)
{
    (void)state;
    use("xterm-256color", DEPTH_MONO);
    pen_move(&pen, &sink, 11, 33);
    assert_string_equal(written(), "\033[12;34H");
    pen_move(&pen, &sink, 11, 33);
    assert_string_equal(written(), "");
    pen_move(&pen, &sink, 11, 34);
    assert_string_equal(written(), "\033[C");
    pen_move(&pen, &sink, 11, 44);
    assert_string_equal(written(), "\033[10C");
    pen_move(&pen, &sink, 12, 44);
    assert_string_equal(written(), "\n");
    pen_move(&pen, &sink, 12, 42);
    assert_string_equal(written(), "\b\b");
    pen_move(&pen, &sink, 13, 0);
    assert_string_equal(written(), "\n\r");
    pen_move(&pen, &sink, 14, 3);
    assert_string_equal(written(), "\n\033[3C");
    pen_move(&pen, &sink, 14, 0);
    assert_string_equal(written(), "\r");
    pen_advance(&pen, 80); /* past the margin: nobody knows where */
    pen_move(&pen, &sink, 14, 0);
    assert_string_equal(written(), "\033[15H");
    pen_move(&pen, &sink, 0, 0);
    assert_string_equal(written(), "\033[H");
}

/* From one column of figures to the next row of it, up as well as down, without the address. */
static void test_moves_turn_corners(void **state)
{
    (void)state;
    use("xterm-256color", DEPTH_MONO);
    pen_move(&pen, &sink, 11, 57);
    assert_string_equal(written(), "\033[12;58H");
    pen_move(&pen, &sink, 12, 55);
    assert_string_equal(written(), "\n\b\b");
    pen_move(&pen, &sink, 15, 56);
    assert_string_equal(written(), "\n\n\n\033[C");
    pen_move(&pen, &sink, 12, 55);
    assert_string_equal(written(), "\033[3A\b");
    pen_move(&pen, &sink, 22, 55);
    assert_string_equal(written(), "\033[10B");
    pen_move(&pen, &sink, 5, 55);
    assert_string_equal(written(), "\033[6d");
    pen_move(&pen, &sink, 4, 9);
    assert_string_equal(written(), "\033[5;10H");
    use("tmux-256color", DEPTH_MONO);
    pen_move(&pen, &sink, 11, 57);
    assert_string_equal(written(), "\033[12;58H");
    pen_move(&pen, &sink, 10, 56);
    assert_string_equal(written(), "\033M\b");
}

/* What a move or an ink is said to cost is what it takes, on every terminal. */
static void test_costs_are_true(void **state)
{
    static const char *const terms[] = {"xterm-256color", "tmux-256color", "linux", "vt100", "vt52", "ansi"};
    uint64_t random = 3;

    (void)state;
    for (size_t t = 0; t < sizeof(terms) / sizeof(terms[0]); t++) {
        use(terms[t], DEPTH_16);
        for (int i = 0; i < 2000; i++) {
            int row = (int)random_between(&random, 0, 23), col = (int)random_between(&random, 0, 79);
            ink wanted = paint((int)random_between(&random, -1, 15), (int)random_between(&random, -1, 15),
                               (unsigned)random_between(&random, 0, 15));
            size_t cost = pen_move_cost(&pen, row, col);

            pen_move(&pen, &sink, row, col);
            assert_int_equal(sink.size, cost);
            sink.size = 0;
            cost = pen_set_cost(&pen, wanted);
            pen_set(&pen, &sink, wanted);
            if (info.ansi)
                assert_int_equal(sink.size, cost);
            sink.size = 0;
        }
    }
}

/* Addresses that are not ECMA-48 go through tiparm(). */
static void test_vt52_addresses_by_tiparm(void **state)
{
    (void)state;
    use("vt52", DEPTH_MONO);
    assert_false(info.ansi);
    pen_move(&pen, &sink, 11, 33);
    assert_string_equal(written(), "\033Y+A");
}

/* Nothing known, or nothing to know: vt100, which the terminals of today understand. */
static void test_unknown_terminal_is_vt100(void **state)
{
    static const char *const names[] = {NULL, "", "dumb", "unknown", "no-such-terminal"};
    char why[TERMINFO_WHY_SIZE];

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(terminfo_load(names[i], &info, why), ERR_OK);
        assert_string_equal(info.name, "vt100");
        assert_null(strstr(info.cap[CAP_BOLD], "$<")); /* padding is dropped */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pen_changes_are_minimal),
        cmocka_unit_test(test_bold_and_dim_go_off_together),
        cmocka_unit_test(test_vt100_resets),
        cmocka_unit_test(test_sixteen_colours_on_eight),
        cmocka_unit_test(test_moves_are_cheapest),
        cmocka_unit_test(test_moves_turn_corners),
        cmocka_unit_test(test_costs_are_true),
        cmocka_unit_test(test_vt52_addresses_by_tiparm),
        cmocka_unit_test(test_unknown_terminal_is_vt100),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
