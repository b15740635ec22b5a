/*
 * test_differ.c - what the differ writes makes a real terminal (libvterm) show the canvas, cell for cell.
 */
#include "tui/canvas.h"
#include "tui/differ.h"
#include "tui/glyphs.h"
#include "tui/terminfo.h"
#include "tui/theme.h"

#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#define SINK_ROOM (1 << 20)

/* A terminal, a differ that draws to it, and the canvas both are compared with. */
struct rig {
    struct terminfo info;
    struct theme theme;
    struct pen pen; /* only for what this terminal makes of a paint */
    struct differ *differ;
    struct canvas *canvas;
    VTerm *vt;
    VTermScreen *screen;
    struct sink sink;
    int rows, cols;
    uint64_t bytes;
};

static struct rig *rig_new(const char *term, enum colour_depth depth, enum glyph_tier tier, int rows,
                           int cols)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    char why[TERMINFO_WHY_SIZE];

    assert_non_null(rig);
    assert_int_equal(terminfo_load(term, &rig->info, why), ERR_OK);
    theme_load_default(&rig->theme);
    pen_init(&rig->pen, &rig->info, depth);
    rig->rows = rows;
    rig->cols = cols;
    rig->differ = differ_new(&rig->info, &rig->theme, depth, tier, rows, cols);
    rig->canvas = canvas_new(rows, cols);
    rig->vt = vterm_new(rows, cols);
    vterm_set_utf8(rig->vt, 1);
    rig->screen = vterm_obtain_screen(rig->vt);
    vterm_screen_enable_altscreen(rig->screen, 1);
    vterm_screen_reset(rig->screen, 1);
    rig->sink = (struct sink){malloc(SINK_ROOM), 0, SINK_ROOM};
    return rig;
}

static void rig_free(struct rig *rig)
{
    differ_free(rig->differ);
    canvas_free(rig->canvas);
    vterm_free(rig->vt);
    free(rig->sink.bytes);
    free(rig);
}

static struct differ_result rig_draw(struct rig *rig, struct differ_frame frame)
{
    struct differ_result result;

    frame.canvas = rig->canvas;
    result = differ_draw(rig->differ, &frame, &rig->sink);
    vterm_input_write(rig->vt, rig->sink.bytes, rig->sink.size);
    rig->bytes += rig->sink.size;
    rig->sink.size = 0;
    return result;
}

static VTermScreenCell vt_cell(const struct rig *rig, int row, int col)
{
    VTermScreenCell cell = {0}; /* libvterm fills the characters only up to their end */

    vterm_screen_get_cell(rig->screen, (VTermPos){row, col}, &cell);
    return cell;
}

/* The colour libvterm should hold for a figure of the differ's: what its palette says, or the very bytes. */
static bool colour_is(const struct rig *rig, const VTermColor *colour, int32_t want, bool background)
{
    bool is_default = background ? VTERM_COLOR_IS_DEFAULT_BG(colour) : VTERM_COLOR_IS_DEFAULT_FG(colour);

    if (want == INK_DEFAULT)
        return is_default;
    if (is_default)
        return false;
    if (differ_depth(rig->differ) == DEPTH_TRUE)
        return VTERM_COLOR_IS_RGB(colour) && colour->rgb.red == (want >> 16 & 0xff) &&
               colour->rgb.green == (want >> 8 & 0xff) && colour->rgb.blue == (want & 0xff);
    return VTERM_COLOR_IS_INDEXED(colour) && colour->indexed.idx == want;
}

/* The character the tier shows in a cell, as libvterm tells it: 0 for a blank that was erased. */
static bool glyph_is(const struct rig *rig, const struct cell *want, const VTermScreenCell *have)
{
    enum glyph_tier tier = differ_tier(rig->differ);
    uint32_t code = want->width == 1 || tier == TIER_UTF8 ? glyph_map(tier, want->code)
                    : want->width == 2                    ? '?'
                                                          : ' ';
    uint32_t shown = have->chars[0] == 0 ? ' ' : have->chars[0];

    if (want->width == 0 && tier == TIER_UTF8)
        return have->chars[0] == (uint32_t)-1;
    if (shown != code)
        return false;
    if (tier != TIER_UTF8)
        return have->width == 1;
    for (int i = 0; i < CANVAS_MARKS; i++)
        if (have->chars[1 + i] != want->mark[i] && !(have->chars[0] == 0 && want->mark[i] == 0))
            return false;
    return have->width == want->width;
}

static bool cell_is(const struct rig *rig, const struct cell *want, const VTermScreenCell *have)
{
    ink look;
    bool blank, lined;

    if (!glyph_is(rig, want, have))
        return false;
    if (want->width == 0 && differ_tier(rig->differ) == TIER_UTF8)
        return true; /* its first half has the colours */
    look = pen_ink(&rig->pen, theme_paint(&rig->theme, want->style, differ_depth(rig->differ)));
    lined = (ink_attr(look) & (ATTR_UNDERLINE | ATTR_REVERSE)) != 0;
    blank = (have->chars[0] == 0 || have->chars[0] == ' ') && have->chars[1] == 0 && !lined;
    if (!colour_is(rig, &have->bg, ink_bg(look), true))
        return false;
    if (have->attrs.underline != ((ink_attr(look) & ATTR_UNDERLINE) != 0) ||
        have->attrs.reverse != ((ink_attr(look) & ATTR_REVERSE) != 0))
        return false;
    return blank || (colour_is(rig, &have->fg, ink_fg(look), false) &&
                     have->attrs.bold == ((ink_attr(look) & ATTR_BOLD) != 0));
}

static void check_screen(const struct rig *rig, const char *when)
{
    for (int r = 0; r < rig->rows; r++)
        for (int c = 0; c < rig->cols; c++) {
            VTermScreenCell have = vt_cell(rig, r, c);
            const struct cell *want = canvas_cell(rig->canvas, r, c);

            if (rig->info.wraps_at_once && r == rig->rows - 1 && c == rig->cols - 1)
                continue; /* writing it would scroll */
            if (!cell_is(rig, want, &have))
                fail_msg("%s, %s: cell %d,%d is U+%04x width %d bold %d ul %d rev %d fg %02x:%02x%02x%02x bg "
                         "%02x:%02x%02x%02x, want U+%04x width %d, style %s on %s attr %d",
                         rig->info.name, when, r, c, have.chars[0], have.width, have.attrs.bold,
                         have.attrs.underline, have.attrs.reverse, have.fg.type, have.fg.rgb.red,
                         have.fg.rgb.green, have.fg.rgb.blue, have.bg.type, have.bg.rgb.red,
                         have.bg.rgb.green, have.bg.rgb.blue, want->code, want->width,
                         role_name((enum role)want->style.fg), role_name((enum role)want->style.bg),
                         want->style.attr);
        }
}

/* --- random pictures ---------------------------------------------------------------------------------------- */

static struct style random_style(uint64_t *random)
{
    struct style style = style_role((enum role)random_between(random, 1, ROLE_COUNT - 1));

    if (random_between(random, 0, 3) == 0)
        style = style_on(style, (enum role)random_between(random, 1, ROLE_COUNT - 1));
    if (random_between(random, 0, 3) == 0)
        style.attr = (uint8_t)random_between(random, 0, 15);
    return style;
}

/* Some rows go up or down, as those of a list do, and the ones left behind are as they were. */
static void shift_rows(struct canvas *canvas, uint64_t *random)
{
    int top = (int)random_between(random, 0, canvas->rows - 1),
        count = (int)random_between(random, 1, canvas->rows - top), by = (int)random_between(random, 1, 5);
    size_t row = (size_t)canvas->cols * sizeof(struct cell);
    struct cell *at = canvas->cells + (size_t)top * (size_t)canvas->cols;

    if (by >= count)
        return;
    if (random_between(random, 0, 1) == 0)
        memmove(at, at + by * canvas->cols, (size_t)(count - by) * row);
    else
        memmove(at + by * canvas->cols, at, (size_t)(count - by) * row);
}

/* Something of every kind a panel draws, at any place, also half outside. */
static void random_change(struct canvas *canvas, uint64_t *random)
{
    static const char *const texts[] = {"61842.18 ▲",  "BUY  ►",    "a",
                                        "ab  cd   ef", "世界 wide", "e\u0301te\u0308",
                                        "·····│██▌",   "     ",     "------------------------------",
                                        "Київ σ ±"};
    int row = (int)random_between(random, -1, canvas->rows),
        col = (int)random_between(random, -4, canvas->cols);
    struct style style = random_style(random);

    switch (random_between(random, 0, 7)) {
    case 0:
        canvas_fill(canvas, row, col, (int)random_between(random, 0, 4), (int)random_between(random, 0, 60),
                    style);
        break;
    case 1:
        canvas_bar(canvas, row, col, 8, style, (int)random_between(random, 0, 20),
                   random_between(random, 0, 1) ? BAR_LEFT : BAR_RIGHT);
        break;
    case 2:
        canvas_background(canvas, row, 0, 1, canvas->cols, ROLE_ROW_MARK);
        break;
    case 3:
        canvas_frame(canvas, row, col, 4, 12, style);
        break;
    case 4:
        canvas_fill(canvas, row, 0, 1, canvas->cols, style);
        break;
    default:
        canvas_text(canvas, row, col, style, texts[random_between(random, 0, 9)]);
        break;
    }
}

struct kind {
    const char *term;
    enum colour_depth depth;
    enum glyph_tier tier;
};

/* Each terminal family at the depths it is driven with. */
static const struct kind kinds[] = {
    {"xterm-256color", DEPTH_TRUE, TIER_UTF8},
    {"xterm-256color", DEPTH_256, TIER_UTF8},
    {"xterm-256color", DEPTH_16, TIER_UTF8},
    {"xterm-256color", DEPTH_MONO, TIER_UTF8},
    {"tmux-256color", DEPTH_TRUE, TIER_UTF8},
    {"tmux-256color", DEPTH_256, TIER_UTF8},
    {"screen-256color", DEPTH_256, TIER_UTF8},
    {"xterm", DEPTH_16, TIER_UTF8},
    {"linux", DEPTH_16, TIER_CP437},
    {"rxvt", DEPTH_16, TIER_ASCII},
    {"vt100", DEPTH_MONO, TIER_ASCII},
    {"vt220", DEPTH_MONO, TIER_UTF8},
    {"ansi", DEPTH_16, TIER_ASCII},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* The one cell that may differ: where a terminal wraps at once, the corner is left as it was cleared. */
static void spare_corner(struct rig *rig)
{
    if (rig->info.wraps_at_once) {
        canvas_put(rig->canvas, rig->rows - 1, rig->cols - 1, STYLE_TEXT, ' ');
        canvas_put(rig->canvas, rig->rows - 1, rig->cols - 1, STYLE_TEXT, ' ');
    }
}

/* Long sequences of random changes: after each frame every cell, its colours and its attributes are right. */
static void test_terminal_shows_the_canvas(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        struct rig *rig = rig_new(kinds[k].term, kinds[k].depth, kinds[k].tier, 24, 80);
        uint64_t random = 7 + k;

        for (int frame = 0; frame < 300; frame++) {
            char when[32];

            if (frame % 3 == 1)
                shift_rows(rig->canvas, &random);
            for (int64_t i = random_between(&random, 0, 12); i > 0; i--)
                random_change(rig->canvas, &random);
            spare_corner(rig);
            assert_true(
                rig_draw(rig, (struct differ_frame){.cursor_row = -1, .sync = frame % 2 == 0}).complete);
            snprintf(when, sizeof(when), "frame %d", frame);
            check_screen(rig, when);
        }
        rig_free(rig);
    }
}

/* Odd sizes, down to one cell, and a new size at any moment. */
static void test_resize_draws_anew(void **state)
{
    uint64_t random = 5;

    (void)state;
    for (int round = 0; round < 60; round++) {
        struct rig *rig = rig_new("xterm-256color", DEPTH_256, TIER_UTF8, (int)random_between(&random, 1, 30),
                                  (int)random_between(&random, 1, 120));

        for (int frame = 0; frame < 8; frame++) {
            for (int i = 0; i < 6; i++)
                random_change(rig->canvas, &random);
            rig_draw(rig, (struct differ_frame){.cursor_row = -1});
            check_screen(rig, "resized");
            rig->rows = (int)random_between(&random, 1, 30);
            rig->cols = (int)random_between(&random, 1, 120);
            vterm_set_size(rig->vt, rig->rows, rig->cols);
            assert_true(differ_resize(rig->differ, rig->rows, rig->cols));
            assert_true(canvas_resize(rig->canvas, rig->rows, rig->cols));
        }
        rig_free(rig);
    }
}

/* On a slow line the first rectangles come first, and the rest follows in the frames after, none lost. */
static void test_budget_paints_what_matters_first(void **state)
{
    struct rig *rig = rig_new("xterm-256color", DEPTH_TRUE, TIER_UTF8, 24, 80);
    const struct canvas_rect first[] = {{22, 0, 1, 80}, {3, 10, 2, 30}};
    struct differ_frame frame = {.cursor_row = -1, .first = first, .first_count = 2, .bytes_max = 300};
    uint64_t random = 3;
    int frames = 1;

    (void)state;
    rig_draw(rig, (struct differ_frame){.cursor_row = -1});
    for (int i = 0; i < 200; i++)
        random_change(rig->canvas, &random);
    canvas_fill(rig->canvas, 22, 0, 1, 80, style_role(ROLE_NEXT_DIM));
    canvas_text(rig->canvas, 22, 1, style_role(ROLE_NEXT), "NEXT  BUY");
    assert_false(rig_draw(rig, frame).complete);
    for (int c = 0; c < 80; c++) {
        VTermScreenCell have = vt_cell(rig, 22, c);

        assert_true(cell_is(rig, canvas_cell(rig->canvas, 22, c), &have));
    }
    while (!rig_draw(rig, frame).complete)
        assert_true(++frames < 200);
    assert_true(frames > 3);
    check_screen(rig, "after all parts");
    rig_free(rig);
}

/* Parts of random size, with changes between the parts: the picture still arrives. */
static void test_parts_and_changes_mixed(void **state)
{
    struct rig *rig = rig_new("xterm-256color", DEPTH_256, TIER_UTF8, 24, 80);
    uint64_t random = 11;

    (void)state;
    for (int round = 0; round < 400; round++) {
        struct canvas_rect rect = {(int)random_between(&random, -2, 24), (int)random_between(&random, -2, 80),
                                   (int)random_between(&random, 0, 9), (int)random_between(&random, 0, 40)};

        if (round % 5 == 0)
            shift_rows(rig->canvas, &random);
        random_change(rig->canvas, &random);
        rig_draw(rig, (struct differ_frame){.cursor_row = -1,
                                            .first = &rect,
                                            .first_count = 1,
                                            .bytes_max = (size_t)random_between(&random, 1, 200)});
        if (round % 20 == 19) {
            assert_true(rig_draw(rig, (struct differ_frame){.cursor_row = -1}).complete);
            check_screen(rig, "mixed");
        }
    }
    rig_free(rig);
}

/* The same picture again must cost nothing: not a byte, not even a cursor. */
static void test_unchanged_canvas_writes_nothing(void **state)
{
    struct rig *rig = rig_new("xterm-256color", DEPTH_TRUE, TIER_UTF8, 24, 80);
    uint64_t random = 1, before;

    (void)state;
    for (int i = 0; i < 50; i++)
        random_change(rig->canvas, &random);
    rig_draw(rig, (struct differ_frame){.cursor_row = -1, .sync = true});
    before = rig->bytes;
    assert_int_equal(rig_draw(rig, (struct differ_frame){.cursor_row = -1, .sync = true}).cells, 0);
    assert_int_equal(rig->bytes, before);
    rig_free(rig);
}

/* One digit of a price that ticks: a move and a byte, not a row. */
static void test_one_digit_costs_a_few_bytes(void **state)
{
    struct rig *rig = rig_new("xterm-256color", DEPTH_TRUE, TIER_UTF8, 50, 200);
    uint64_t before;

    (void)state;
    canvas_text(rig->canvas, 20, 100, STYLE_TEXT, "61842.18");
    rig_draw(rig, (struct differ_frame){.cursor_row = -1});
    canvas_text(rig->canvas, 20, 100, STYLE_TEXT, "61842.19");
    before = rig->bytes;
    rig_draw(rig, (struct differ_frame){.cursor_row = -1});
    assert_in_range(rig->bytes - before, 1, 10); /* ESC [ 21 ; 108 H 9 */
    check_screen(rig, "one digit");
    rig_free(rig);
}

/* Figures and bars side by side, row after row: each ink once, not once a row; a step down, not an address. */
static void test_equal_inks_come_together(void **state)
{
    struct rig *rig = rig_new("xterm-256color", DEPTH_256, TIER_UTF8, 36, 120);
    uint64_t before;

    (void)state;
    for (int digit = 0; digit < 2; digit++) {
        for (int r = 5; r < 25; r++) {
            canvas_put(rig->canvas, r, 50, STYLE_ASK, '0' + (uint32_t)digit);
            canvas_put(rig->canvas, r, 60, style_role(ROLE_BID_BAR), digit == 0 ? 0x258c : 0x2588);
            canvas_put(rig->canvas, r, 90, STYLE_TEXT, 'a' + (uint32_t)digit);
        }
        before = rig->bytes;
        rig_draw(rig, (struct differ_frame){.cursor_row = -1});
    }
    assert_in_range(rig->bytes - before, 100, 340); /* 100 of them text; row after row it is a thousand */
    check_screen(rig, "together");
    rig_free(rig);
}

/* A list that goes by a row or some, in a frame that stays: the new rows are written, the others are moved. */
static void test_lists_are_moved(void **state)
{
    static const struct kind lists[] = {{"xterm-256color", DEPTH_256, TIER_UTF8},
                                        {"tmux-256color", DEPTH_256, TIER_UTF8},
                                        {"screen-256color", DEPTH_256, TIER_UTF8},
                                        {"linux", DEPTH_16, TIER_CP437}};
    static const int steps[] = {1, 1, 3, -1, -4, 2, -2};

    (void)state;
    for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++) {
        struct rig *rig = rig_new(lists[k].term, lists[k].depth, lists[k].tier, 36, 120);
        int first = 100;

        for (size_t s = 0; s <= sizeof(steps) / sizeof(steps[0]); s++) {
            uint64_t before = rig->bytes;

            canvas_clear(rig->canvas);
            canvas_frame(rig->canvas, 2, 0, 32, 120, STYLE_RULE);
            canvas_printf(rig->canvas, 0, 2, STYLE_TEXT, "row %d", first);
            for (int r = 0; r < 30; r++)
                canvas_printf(rig->canvas, 3 + r, 2, (first + r) % 3 == 0 ? STYLE_BID : STYLE_ASK,
                              "%08x  an order of the size %d at the price %d",
                              (unsigned)(first + r) * 2654435761u, (first + r) * 7, (first + r) * 12345);
            rig_draw(rig, (struct differ_frame){.cursor_row = -1});
            check_screen(rig, "moved");
            if (s > 0)
                assert_in_range(rig->bytes - before, 40,
                                320 + 200 * abs(steps[s - 1])); /* of three thousand */
            first += s < sizeof(steps) / sizeof(steps[0]) ? steps[s] : 0;
        }
        rig_free(rig);
    }
}

/* A bracket costs more than a figure that ticks; a whole picture is bracketed on both sides. */
static void test_small_frames_have_no_brackets(void **state)
{
    struct rig *rig = rig_new("xterm-256color", DEPTH_256, TIER_UTF8, 24, 80);
    struct differ_frame frame = {.canvas = rig->canvas, .cursor_row = -1, .sync = true};

    (void)state;
    for (int r = 0; r < 24; r++)
        canvas_text(rig->canvas, r, 3, STYLE_TEXT, "some text in each row");
    differ_draw(rig->differ, &frame, &rig->sink);
    assert_memory_equal(rig->sink.bytes, "\033\\\033[?2026h", 10); /* the first one ends a string before it */
    assert_memory_equal(rig->sink.bytes + rig->sink.size - 8, "\033[?2026l", 8);
    rig->sink.size = 0;
    canvas_text(rig->canvas, 3, 3, STYLE_TEXT, "S");
    differ_draw(rig->differ, &frame, &rig->sink);
    assert_memory_equal(rig->sink.bytes, "\033[4;4HS", rig->sink.size);
    rig_free(rig);
}

/* Clearing a long line is an erase where the terminal fills with our background, and plain blanks elsewhere. */
static void test_blank_rows_are_erased(void **state)
{
    static const struct {
        const char *term;
        uint64_t bytes_max;
    } cases[] = {{"xterm-256color", 60}, {"tmux-256color", 260}};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct rig *rig = rig_new(cases[i].term, DEPTH_TRUE, TIER_UTF8, 10, 200);
        uint64_t before;

        for (int c = 0; c < 200; c++)
            canvas_put(rig->canvas, 4, c, STYLE_BID, 'a' + (uint32_t)c % 26);
        rig_draw(rig, (struct differ_frame){.cursor_row = -1});
        canvas_fill(rig->canvas, 4, 0, 1, 200, STYLE_TEXT);
        before = rig->bytes;
        rig_draw(rig, (struct differ_frame){.cursor_row = -1});
        assert_in_range(rig->bytes - before, 3, cases[i].bytes_max);
        check_screen(rig, "erased");
        rig_free(rig);
    }
}

/* A full last row must not move the picture up, on terminals that wrap late and on those that wrap at once. */
static void test_last_cell_does_not_scroll(void **state)
{
    static const char *const terms[] = {"xterm-256color", "linux", "vt100", "ansi"};

    (void)state;
    for (size_t t = 0; t < 4; t++) {
        struct rig *rig = rig_new(terms[t], DEPTH_MONO, TIER_ASCII, 5, 10);

        for (int r = 0; r < 5; r++)
            for (int c = 0; c < 10; c++)
                canvas_put(rig->canvas, r, c, STYLE_TEXT, 'a' + (uint32_t)r);
        rig_draw(rig, (struct differ_frame){.cursor_row = -1});
        for (int r = 0; r < 5; r++)
            assert_int_equal(vt_cell(rig, r, 0).chars[0], 'a' + r);
        assert_int_equal(vt_cell(rig, 4, 9).chars[0], rig->info.wraps_at_once ? 0 : 'e');
        rig_free(rig);
    }
}

/* NO_COLOR and mono terminals get attributes, and not one colour figure. */
static void test_mono_writes_no_colour(void **state)
{
    struct rig *rig = rig_new("xterm-256color", DEPTH_MONO, TIER_UTF8, 24, 80);
    struct differ_frame frame = {.canvas = rig->canvas, .cursor_row = -1};

    (void)state;
    for (int role = 1; role < ROLE_COUNT; role++)
        canvas_text(rig->canvas, role % 24, role, style_role((enum role)role), "text");
    differ_draw(rig->differ, &frame, &rig->sink);
    rig->sink.bytes[rig->sink.size] = '\0';
    assert_null(strstr(rig->sink.bytes, "38;"));
    assert_null(strstr(rig->sink.bytes, "48;"));
    for (char *at = strstr(rig->sink.bytes, "\033["); at != NULL; at = strstr(at + 1, "\033[")) {
        size_t figures = strspn(at + 2, "0123456789;");

        if (at[2 + figures] == 'm') /* an SGR: 0 1 2 4 7 22 24 27, none of the thirties and forties */
            for (size_t i = 2; i < 2 + figures; i++)
                assert_false((at[i] == '3' || at[i] == '4') && at[i + 1] >= '0' && at[i + 1] <= '9');
    }
    rig_free(rig);
}

/* The text cursor of a prompt is where it should be, and nowhere else at any time. */
static void test_cursor_follows_the_prompt(void **state)
{
    struct rig *rig = rig_new("xterm-256color", DEPTH_256, TIER_UTF8, 24, 80);
    VTermPos at;

    (void)state;
    rig_draw(rig, (struct differ_frame){.cursor_row = 22, .cursor_col = 7});
    vterm_state_get_cursorpos(vterm_obtain_state(rig->vt), &at);
    assert_int_equal(at.row, 22);
    assert_int_equal(at.col, 7);
    canvas_text(rig->canvas, 2, 2, STYLE_TEXT, "elsewhere");
    rig_draw(rig, (struct differ_frame){.cursor_row = 22, .cursor_col = 8});
    vterm_state_get_cursorpos(vterm_obtain_state(rig->vt), &at);
    assert_int_equal(at.row, 22);
    assert_int_equal(at.col, 8);
    rig_free(rig);
}

/* A theme or tier changed under a picture: all cells follow. */
static void test_theme_and_tier_change(void **state)
{
    struct rig *rig = rig_new("xterm-256color", DEPTH_TRUE, TIER_UTF8, 24, 80);
    static const char *const names[] = {"light", "mono", "high-contrast", "dark"};
    char why[THEME_WHY_SIZE];
    uint64_t random = 2;

    (void)state;
    for (int i = 0; i < 100; i++)
        random_change(rig->canvas, &random);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(theme_load(names[i], &rig->theme, why), ERR_OK);
        differ_set_theme(rig->differ, &rig->theme);
        differ_set_tier(rig->differ, (enum glyph_tier)(i % TIER_COUNT));
        rig_draw(rig, (struct differ_frame){.cursor_row = -1});
        check_screen(rig, names[i]);
    }
    rig_free(rig);
}

/* A sink too small for the picture: parts, each whole sequences, until all is there. */
static void test_small_sink_never_overflows(void **state)
{
    struct rig *rig = rig_new("xterm-256color", DEPTH_TRUE, TIER_UTF8, 24, 80);
    uint64_t random = 9;
    int parts = 0;

    (void)state;
    for (int i = 0; i < 300; i++)
        random_change(rig->canvas, &random);
    rig->sink.room = 2048;
    while (!rig_draw(rig, (struct differ_frame){.cursor_row = -1}).complete)
        assert_true(++parts < 200);
    assert_true(parts > 1);
    check_screen(rig, "small sink");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terminal_shows_the_canvas),
        cmocka_unit_test(test_resize_draws_anew),
        cmocka_unit_test(test_budget_paints_what_matters_first),
        cmocka_unit_test(test_parts_and_changes_mixed),
        cmocka_unit_test(test_unchanged_canvas_writes_nothing),
        cmocka_unit_test(test_one_digit_costs_a_few_bytes),
        cmocka_unit_test(test_equal_inks_come_together),
        cmocka_unit_test(test_small_frames_have_no_brackets),
        cmocka_unit_test(test_lists_are_moved),
        cmocka_unit_test(test_blank_rows_are_erased),
        cmocka_unit_test(test_last_cell_does_not_scroll),
        cmocka_unit_test(test_mono_writes_no_colour),
        cmocka_unit_test(test_cursor_follows_the_prompt),
        cmocka_unit_test(test_theme_and_tier_change),
        cmocka_unit_test(test_small_sink_never_overflows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
