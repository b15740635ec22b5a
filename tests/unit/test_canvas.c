/*
 * test_canvas.c - drawing is clipped, wide characters stay whole, dumps are exact.
 */
#include "tui/canvas.h"

#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include <stdlib.h>
#include <string.h>

static char *text_of(const struct canvas *canvas)
{
    size_t size = canvas_text_size(canvas);
    char *text = malloc(size);

    assert_non_null(text);
    canvas_to_text(canvas, text, size);
    return text;
}

static void assert_text(const struct canvas *canvas, const char *want)
{
    char *text = text_of(canvas);

    assert_string_equal(text, want);
    free(text);
}

/* Panels draw pieces one after another, at any place; what falls outside is cut and nothing else moves. */
static void test_text_is_clipped_and_goes_on(void **state)
{
    struct canvas *canvas = canvas_new(2, 10);

    (void)state;
    assert_int_equal(canvas_text(canvas, 0, 2, STYLE_TEXT, "abc"), 5);
    assert_int_equal(canvas_text(canvas, 0, 8, STYLE_TEXT, "xyz"), 11);
    assert_int_equal(canvas_text(canvas, 1, -2, STYLE_TEXT, "123"), 1);
    canvas_text(canvas, 2, 0, STYLE_TEXT, "below");
    canvas_text(canvas, -1, 0, STYLE_TEXT, "above");
    canvas_text(canvas, 1, 1 << 30, STYLE_TEXT, "far");
    assert_text(canvas, "  abc   xy\n3         \n");
    canvas_free(canvas);
}

static void test_right_middle_cut_and_printf(void **state)
{
    struct canvas *canvas = canvas_new(4, 12);

    (void)state;
    assert_int_equal(canvas_text_right(canvas, 0, 12, STYLE_TEXT, "+7.98 σ"), 5);
    assert_int_equal(canvas_text_middle(canvas, 1, 0, 12, STYLE_TEXT, "ab"), 5);
    assert_int_equal(canvas_text_cut(canvas, 2, 0, 6, STYLE_TEXT, "durchaus"), 6);
    assert_int_equal(canvas_text_cut(canvas, 2, 7, 5, STYLE_TEXT, "short"), 12);
    assert_int_equal(canvas_printf(canvas, 3, 0, STYLE_TEXT, "%5d|%s", 42, "x"), 7);
    canvas_printf_right(canvas, 3, 12, STYLE_TEXT, "%d", 9);
    assert_text(canvas, "     +7.98 σ\n     ab     \ndurch… short\n   42|x    9\n");
    canvas_free(canvas);
}

/* What is laid over half a screen joins the rules that end on it, and no other stroke. */
static void test_a_rule_meets_those_above(void **state)
{
    struct canvas *canvas = canvas_new(3, 7);

    (void)state;
    canvas_rule_down(canvas, 0, 2, 2, STYLE_RULE);
    canvas_text(canvas, 1, 4, STYLE_TEXT, "\u2502");
    canvas_rule_across(canvas, 2, 0, 7, STYLE_RULE);
    canvas_text(canvas, 2, 5, STYLE_TEXT, "ab");
    canvas_rule_meet(canvas, 2, 0, 7, STYLE_RULE);
    assert_text(canvas, "  \u2502    \n  \u2502 \u2502  \n\u2500\u2500\u2534\u2500\u2500ab\n");
    canvas_free(canvas);
}

/* A figure cut in two is another figure: what does not fit is left out from a blank on, if one is near enough. */
static void test_a_cut_leaves_whole_words(void **state)
{
    struct canvas *canvas = canvas_new(5, 16);

    (void)state;
    assert_int_equal(canvas_text_cut(canvas, 0, 0, 16, STYLE_TEXT, "BUY 0.01 @ 62065.00"), 9);
    assert_int_equal(canvas_text_cut(canvas, 1, 0, 16, STYLE_TEXT, "stopped by hand at noon"), 16);
    assert_int_equal(canvas_text_cut(canvas, 2, 0, 16, STYLE_TEXT, "at 1234567890123456"), 16);
    assert_int_equal(canvas_text_cut(canvas, 3, 0, 16, STYLE_TEXT, "a wall, then none left"), 13);
    assert_text(canvas,
                "BUY 0.01\u2026       \nstopped by hand\u2026\nat 123456789012\u2026\na wall, then\u2026   \n"
                "                \n");
    canvas_free(canvas);
}

/* Half a wide character must never be on the screen: it would shift all that follows. */
static void test_wide_characters_stay_whole(void **state)
{
    struct canvas *canvas = canvas_new(4, 6);

    (void)state;
    canvas_text(canvas, 0, 0, STYLE_TEXT, "世界ab");
    canvas_text(canvas, 1, 0, STYLE_TEXT, "世界");
    canvas_put(canvas, 1, 1, STYLE_TEXT, 'x');   /* over a right half */
    canvas_put(canvas, 1, 2, STYLE_TEXT, 'y');   /* over a left half */
    canvas_text(canvas, 2, 5, STYLE_TEXT, "世"); /* does not fit */
    canvas_text(canvas, 2, -1, STYLE_TEXT, "世a");
    canvas_text(canvas, 3, 0, STYLE_TEXT, "a世b");
    canvas_text(canvas, 3, 0, STYLE_TEXT, "世");
    assert_text(canvas, "世界ab\n xy   \n a    \n世 b  \n");
    assert_int_equal(canvas_cell(canvas, 0, 0)->width, 2);
    assert_int_equal(canvas_cell(canvas, 0, 1)->width, 0);
    canvas_free(canvas);
}

/* é as two code points is one cell; marks past the room are dropped, and one without a letter has no cell. */
static void test_marks_join_their_letter(void **state)
{
    struct canvas *canvas = canvas_new(1, 4);

    (void)state;
    assert_int_equal(canvas_text(canvas, 0, 0, STYLE_TEXT, "\u0301e\u0301\u0302\u0303x"), 2);
    assert_int_equal(canvas_cell(canvas, 0, 0)->mark[0], 0x301);
    assert_int_equal(canvas_cell(canvas, 0, 0)->mark[1], 0x302);
    assert_text(canvas, "e\u0301\u0302x  \n");
    canvas_free(canvas);
}

/* Whatever a symbol's name holds, no control byte reaches a cell (and so none the terminal). */
static void test_controls_become_replacements(void **state)
{
    struct canvas *canvas = canvas_new(1, 12);

    (void)state;
    canvas_text(canvas, 0, 0, STYLE_TEXT, "a\033[2J\n\x9b\u202e\u200b\xff|");
    assert_text(canvas, "a\ufffd[2J\ufffd\ufffd\ufffd\ufffd\ufffd| \n");
    canvas_put(canvas, 0, 0, STYLE_TEXT, 7);
    assert_int_equal(canvas_cell(canvas, 0, 0)->code, 0xfffd);
    canvas_free(canvas);
}

/* A region is a canvas of its own: its panel cannot draw over the neighbours, wherever it aims. */
static void test_regions_clip_random_drawing(void **state)
{
    struct canvas *canvas = canvas_new(20, 40);
    uint64_t random = 3;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        int row = (int)random_between(&random, -5, 22), col = (int)random_between(&random, -5, 45);
        int rows = (int)random_between(&random, -2, 12), cols = (int)random_between(&random, -2, 20);
        struct canvas region = canvas_region(canvas, row, col, rows, cols), inner;
        int r = (int)random_between(&random, -3, 14), c = (int)random_between(&random, -3, 24);

        for (int i = 0; i < 20 * 40; i++)
            canvas->cells[i] = (struct cell){.code = '.', .width = 1};
        inner = canvas_region(&region, 1, 1, region.rows - 2, region.cols);
        canvas_text(&region, r, c, STYLE_BID, "some text 世界 long");
        canvas_fill(&region, r, c, 3, 5, STYLE_BID);
        canvas_bar(&inner, r, c, 6, STYLE_BID, r * 3, BAR_LEFT);
        canvas_frame(&inner, r - 4, c - 4, 9, 9, STYLE_BID);
        canvas_repeat(&region, r, -1000000, 1000001, STYLE_BID, '=');
        canvas_background(&region, r, c - 5, 4, 50, ROLE_ROW_MARK);
        for (int i = 0; i < 20; i++)
            for (int k = 0; k < 40; k++)
                if (i < row || i >= row + rows || k < col || k >= col + cols)
                    assert_int_equal(canvas->cells[i * 40 + k].code, '.');
    }
    canvas_free(canvas);
}

/* Bars in half cells, growing away from the price on either side; too long ones end in an arrow. */
static void test_bars_grow_both_ways(void **state)
{
    struct canvas *canvas = canvas_new(6, 12);

    (void)state;
    canvas_bar(canvas, 0, 2, 8, STYLE_BID, 5, BAR_RIGHT);
    canvas_bar(canvas, 1, 2, 8, STYLE_BID, 5, BAR_LEFT);
    canvas_bar(canvas, 2, 2, 8, STYLE_BID, 16, BAR_RIGHT);
    canvas_bar(canvas, 3, 2, 8, STYLE_BID, 17, BAR_RIGHT);
    canvas_bar(canvas, 4, 2, 8, STYLE_BID, 100, BAR_LEFT);
    canvas_bar(canvas, 5, 2, 8, STYLE_BID, 0, BAR_LEFT);
    assert_text(canvas,
                "  ██▌       \n       ▐██  \n  ████████  \n  ███████►  \n  ◄███████  \n            \n");
    assert_int_equal(canvas_cell(canvas, 3, 9)->style.fg, ROLE_BRIGHT);
    canvas_free(canvas);
}

/* Panels draw their own borders, in any order, and the crossings come out right. */
static void test_rules_join(void **state)
{
    struct canvas *canvas = canvas_new(5, 9);

    (void)state;
    canvas_frame(canvas, 0, 0, 5, 9, STYLE_RULE);
    canvas_rule_down(canvas, 0, 4, 5, STYLE_RULE);
    canvas_rule_across(canvas, 2, 0, 9, STYLE_RULE);
    assert_text(canvas, "┌───┬───┐\n│   │   │\n├───┼───┤\n│   │   │\n└───┴───┘\n");
    canvas_free(canvas);

    canvas = canvas_new(4, 7);
    canvas_rule_across(canvas, 0, 0, 7, STYLE_RULE); /* no frame: as the 80-column screen has it */
    canvas_rule_down(canvas, 0, 3, 4, STYLE_RULE);
    canvas_rule_across(canvas, 3, 0, 7, STYLE_RULE);
    canvas_rule_across(canvas, 1, 3, 4, STYLE_RULE);
    assert_text(canvas, "───┬───\n   ├───\n   │   \n───┴───\n");
    canvas_free(canvas);
}

static void test_sparks_have_eight_heights(void **state)
{
    struct canvas *canvas = canvas_new(1, 10);

    (void)state;
    for (int i = 0; i < 10; i++)
        canvas_spark(canvas, 0, i, STYLE_TEXT, i);
    assert_text(canvas, " ▁▂▃▄▅▆▇██\n");
    canvas_free(canvas);
}

/* A marked row goes behind what is drawn, but not behind what has a background of its own (own orders, badges). */
static void test_background_spares_what_has_its_own(void **state)
{
    struct canvas *canvas = canvas_new(1, 12);

    (void)state;
    canvas_text(canvas, 0, 0, STYLE_BID, "bid");
    canvas_text(canvas, 0, 4, style_role(ROLE_OWN), "m0.01");
    canvas_text(canvas, 0, 10, style_on(STYLE_ASK, ROLE_INSIDE), "x");
    canvas_background(canvas, 0, 0, 1, 12, ROLE_ROW_MARK);
    assert_int_equal(canvas_cell(canvas, 0, 0)->style.bg, ROLE_ROW_MARK);
    assert_int_equal(canvas_cell(canvas, 0, 0)->style.fg, ROLE_BID);
    assert_int_equal(canvas_cell(canvas, 0, 3)->style.bg, ROLE_ROW_MARK);
    assert_int_equal(canvas_cell(canvas, 0, 4)->style.bg, ROLE_NONE);
    assert_int_equal(canvas_cell(canvas, 0, 10)->style.bg, ROLE_INSIDE);
    canvas_restyle(canvas, 0, 0, 1, 12, STYLE_DIM);
    assert_int_equal(canvas_cell(canvas, 0, 4)->style.fg, ROLE_DIM);
    assert_int_equal(canvas_cell(canvas, 0, 4)->code, 'm');
    canvas_free(canvas);
}

/* The second dump lets a golden test see roles: letters in order of appearance, explained below. */
static void test_style_dump_has_a_legend(void **state)
{
    struct canvas *canvas = canvas_new(2, 6);
    char dump[8192];

    (void)state;
    canvas_text(canvas, 0, 1, STYLE_BID, "ab");
    canvas_text(canvas, 1, 0, style_bold(style_on(STYLE_ASK, ROLE_ROW_MARK)), "c");
    assert_true(canvas_text_size(canvas) <= sizeof(dump));
    canvas_to_styles(canvas, dump, sizeof(dump));
    assert_string_equal(dump, ".aa...\nb.....\na bid\nb ask on row-mark bold\n");
    canvas_free(canvas);
}

/* A dump into too little room is cut, ended, and tells how much it would be. */
static void test_dump_is_bounded(void **state)
{
    struct canvas *canvas = canvas_new(1, 4);
    char dump[4] = "zzz";

    (void)state;
    canvas_text(canvas, 0, 0, STYLE_TEXT, "abcd");
    assert_int_equal(canvas_to_text(canvas, dump, sizeof(dump)), 5);
    assert_string_equal(dump, "abc");
    canvas_free(canvas);
}

static void test_resize_blanks_and_clamps(void **state)
{
    struct canvas *canvas = canvas_new(2, 3);

    (void)state;
    canvas_text(canvas, 0, 0, STYLE_BID, "abc");
    assert_true(canvas_resize(canvas, 1, 2));
    assert_text(canvas, "  \n");
    assert_true(canvas_resize(canvas, 0, -4));
    assert_int_equal(canvas->rows, 1);
    assert_int_equal(canvas->cols, 1);
    assert_true(canvas_resize(canvas, 100000, 1));
    assert_int_equal(canvas->rows, CANVAS_ROWS_MAX);
    assert_null(canvas_cell(canvas, 0, 1));
    canvas_free(canvas);
}

/* A part taken over from the picture before: cell by cell, and no half of a wide character stays alone. */
static void test_copy_of_a_part(void **state)
{
    struct canvas *a = canvas_new(3, 12), *b = canvas_new(3, 12);
    char text[256];

    (void)state;
    for (int row = 0; row < 3; row++) {
        canvas_text(a, row, 0, STYLE_TEXT, "abcdefghijkl");
        canvas_text(b, row, 0, STYLE_TEXT, "ABCDEFGHIJKL");
    }
    canvas_text(b, 1, 3, STYLE_TEXT, "\u6f22"); /* columns 3 and 4: its second half is inside */
    canvas_text(b, 1, 7, STYLE_TEXT, "\u6f22"); /* columns 7 and 8: its first half is inside */
    canvas_text(a, 2, 3, STYLE_TEXT, "\u6f22");
    canvas_text(a, 2, 7, STYLE_TEXT, "\u6f22");
    canvas_copy(a, b, (struct canvas_rect){1, 4, 9, 4});
    canvas_to_text(a, text, sizeof(text));
    assert_string_equal(text, "abcdefghijkl\nabcd FG ijkl\nabc EFGH jkl\n");
    canvas_free(a);
    canvas_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copy_of_a_part),
        cmocka_unit_test(test_text_is_clipped_and_goes_on),
        cmocka_unit_test(test_right_middle_cut_and_printf),
        cmocka_unit_test(test_a_rule_meets_those_above),
        cmocka_unit_test(test_a_cut_leaves_whole_words),
        cmocka_unit_test(test_wide_characters_stay_whole),
        cmocka_unit_test(test_marks_join_their_letter),
        cmocka_unit_test(test_controls_become_replacements),
        cmocka_unit_test(test_regions_clip_random_drawing),
        cmocka_unit_test(test_bars_grow_both_ways),
        cmocka_unit_test(test_rules_join),
        cmocka_unit_test(test_sparks_have_eight_heights),
        cmocka_unit_test(test_background_spares_what_has_its_own),
        cmocka_unit_test(test_style_dump_has_a_legend),
        cmocka_unit_test(test_dump_is_bounded),
        cmocka_unit_test(test_resize_blanks_and_clamps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
