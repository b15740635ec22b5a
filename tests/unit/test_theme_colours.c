/*
 * test_theme_colours.c - the six themes for eyes: contrast of every role on every background that the screens put it on,
 * sides and money apart for the colour-blind, heat maps that rise in lightness; in each colour depth.
 */
#include "mock_chart.h"
#include "mock_controls.h"
#include "mock_market.h"
#include "mock_strategies.h"
#include "ui_fixture.h"

#include "tui/theme.h"
#include "unit/colour_math.h"

static const char *const themes[] = {"dark", "light", "high-contrast", "colour-blind", "red-up", "mono"};
#define THEMES   6
#define COLOURED 5 /* all but mono */

static struct theme load(const char *name)
{
    struct theme theme;
    char why[THEME_WHY_SIZE] = "";

    if (theme_load(name, &theme, why) != ERR_OK)
        fail_msg("%s", why);
    return theme;
}

/* 0xrrggbb of what the terminal shows; of sixteen colours those of xterm. */
static int32_t rgb_of(int32_t colour, enum colour_depth depth)
{
    return depth == DEPTH_TRUE ? colour : colour_of_256(colour);
}

static double paint_contrast(struct paint paint, enum colour_depth depth)
{
    return colour_contrast(rgb_of(paint.fg, depth), rgb_of(paint.bg, depth));
}

/* The design's threshold of a role; high contrast promises 7 for text. 256 colours have a nearest one, not the same. */
static double wanted(const char *theme, enum role role, enum role back, enum colour_depth depth)
{
    double least = role_contrast_x10(role) / 10.0;

    if (least >= 4.5 && strcmp(theme, "high-contrast") == 0)
        least = 7.0;
    if (least >= 4.5 && back != ROLE_NONE) /* on a background that stands out a little of it is lost */
        least = 4.0;
    return depth == DEPTH_256 ? least * 0.88 : least;
}

static void test_every_role_can_be_read(void **state)
{
    int wrong = 0;

    (void)state;
    for (int n = 0; n < COLOURED; n++) {
        struct theme theme = load(themes[n]);

        for (enum colour_depth depth = DEPTH_256; depth <= DEPTH_TRUE; depth++) {
            for (enum role role = ROLE_NONE; role < ROLE_COUNT; role++) {
                double has = paint_contrast(theme_paint(&theme, style_role(role), depth), depth);

                if (has >= wanted(themes[n], role, ROLE_NONE, depth))
                    continue;
                wrong++;
                print_message("%s, depth %d: %s has a contrast of %.1f, not %.1f\n", themes[n], depth,
                              role_name(role), has, wanted(themes[n], role, ROLE_NONE, depth));
            }
        }
    }
    assert_int_equal(wrong, 0);
}

/* --- pairs that are drawn --------------------------------------------------------------------------------------- */

#define PAIRS_MAX 512

static struct {
    struct style style[PAIRS_MAX];
    int count;
} drawn;

/* Not figures, letters or signs but what fills areas: read by its length, place or lightness. */
static bool is_area(uint32_t code)
{
    return code == ' ' || (code >= 0x2500 && code <= 0x259f) || (code >= 0x2800 && code <= 0x28ff);
}

static bool is_word(uint32_t code)
{
    return (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
}

static void remember(const struct canvas *canvas)
{
    for (int row = 0; row < canvas->rows; row++) {
        for (int col = 0; col < canvas->cols; col++) {
            const struct cell *cell = canvas_cell(canvas, row, col);
            int i = 0;

            if (cell->width == 0 || is_area(cell->code))
                continue;
            if (is_word(cell->code) && role_contrast_x10((enum role)cell->style.fg) < 30)
                fail_msg("row %d, column %d: `%c` is drawn as %s, which need not be read", row, col,
                         (int)cell->code, role_name((enum role)cell->style.fg));
            while (i < drawn.count &&
                   (drawn.style[i].fg != cell->style.fg || drawn.style[i].bg != cell->style.bg))
                i++;
            if (i == drawn.count && drawn.count < PAIRS_MAX)
                drawn.style[drawn.count++] = cell->style;
        }
    }
}

/* Every screen and what lies over it, with the market of the target pictures. */
static void draw_all(void)
{
    static const int size[][2] = {{80, 24}, {120, 36}, {200, 55}};
    static const char keys[] = "12ekl3e45jjj";

    drawn.count = 0;
    for (int i = 0; i < 3; i++) {
        struct fixture *f = fixture_new(size[i][0], size[i][1]);

        mock_market(&f->frame);
        mock_controls(&f->frame.controls);
        mock_more_strategies(&f->frame);
        mock_strategy_detail(&f->frame.strategy_detail);
        for (const char *key = keys; *key != '\0'; key++) {
            fixture_key(f, (uint32_t)(unsigned char)*key);
            if (f->ui->screen == SCREEN_CHART)
                mock_chart(&f->frame, &fixture_last(f, COMMAND_VIEW)->view);
            fixture_publish(f);
            fixture_draw(f);
            remember(f->canvas);
        }
        fixture_key(f, '1');
        for (const char *key = "aiZv,?"; *key != '\0'; key++) {
            fixture_key(f, (uint32_t)(unsigned char)*key);
            fixture_draw(f);
            remember(f->canvas);
        }
        fixture_free(f);
    }
    assert_in_range(drawn.count, 30, PAIRS_MAX - 1);
}

static void test_every_pair_that_is_drawn_can_be_read(void **state)
{
    int wrong = 0;

    (void)state;
    draw_all();
    for (int n = 0; n < COLOURED; n++) {
        struct theme theme = load(themes[n]);

        for (enum colour_depth depth = DEPTH_256; depth <= DEPTH_TRUE; depth++) {
            for (int i = 0; i < drawn.count; i++) {
                enum role role = (enum role)drawn.style[i].fg;
                double has = paint_contrast(theme_paint(&theme, drawn.style[i], depth), depth);
                double least = wanted(themes[n], role, (enum role)drawn.style[i].bg, depth);

                if (has >= least)
                    continue;
                wrong++;
                print_message("%s, depth %d: %s on %s has a contrast of %.1f, not %.1f\n", themes[n], depth,
                              role_name(role), role_name((enum role)drawn.style[i].bg), has, least);
            }
        }
    }
    assert_int_equal(wrong, 0);
}

/* Sixteen colours are the user's own; on those of xterm and of a Linux console nothing may vanish. */
static void test_sixteen_colours_never_hide_text(void **state)
{
    int wrong = 0;

    (void)state;
    draw_all();
    for (int n = 0; n < COLOURED; n++) {
        struct theme theme = load(themes[n]);
        bool light = strcmp(themes[n], "light") == 0;

        for (int i = 0; i < drawn.count; i++) {
            struct paint paint = theme_paint(&theme, drawn.style[i], DEPTH_16);
            int fg = paint.fg < 0 ? (light ? 0 : 7) : paint.fg,
                bg = paint.bg < 0 ? (light ? 15 : 0) : paint.bg;
            double least = role_contrast_x10((enum role)drawn.style[i].fg) >= 45 ? 2.1 : 0;

            if (colour_contrast(colour_of_256(fg), colour_of_256(bg)) >= least &&
                colour_contrast(colour_of_console(fg), colour_of_console(bg)) >= least)
                continue;
            wrong++;
            print_message("%s: %s on %s is colour %d on %d: contrast %.1f, %.1f on a console\n", themes[n],
                          role_name((enum role)drawn.style[i].fg), role_name((enum role)drawn.style[i].bg),
                          fg, bg, colour_contrast(colour_of_256(fg), colour_of_256(bg)),
                          colour_contrast(colour_of_console(fg), colour_of_console(bg)));
        }
    }
    assert_int_equal(wrong, 0);
}

/* --- for the colour-blind ------------------------------------------------------------------------------------------ */

static void check_apart(const char *theme, enum role one, enum role other, double least, int *wrong)
{
    static const char *const kind[] = {"all colours", "protan", "deutan", "tritan"};
    struct theme loaded = load(theme);

    for (enum colour_depth depth = DEPTH_256; depth <= DEPTH_TRUE; depth++) {
        int32_t a = rgb_of(theme_paint(&loaded, style_role(one), depth).fg, depth);
        int32_t b = rgb_of(theme_paint(&loaded, style_role(other), depth).fg, depth);

        for (enum blindness blind = SEES_ALL; blind < BLINDNESSES; blind++) {
            double far = colour_distance(a, b, blind);

            if (far >= (depth == DEPTH_256 ? least * 0.75 : least))
                continue;
            ++*wrong;
            print_message("%s, depth %d, %s: %s and %s are %.0f apart, not %.0f\n", theme, depth, kind[blind],
                          role_name(one), role_name(other), far, least);
        }
    }
}

/* The sides for everybody in every theme; money by colour too where a theme says that it is for the colour-blind. */
static void test_sides_and_money_are_apart_for_all_eyes(void **state)
{
    int wrong = 0;

    (void)state;
    for (int n = 0; n < COLOURED; n++) {
        check_apart(themes[n], ROLE_BID, ROLE_ASK, 40, &wrong);
        check_apart(themes[n], ROLE_BID_BAR, ROLE_ASK_BAR, 30, &wrong);
        check_apart(themes[n], ROLE_OWN_QUEUE, ROLE_BID_BAR, 30, &wrong);
    }
    check_apart("colour-blind", ROLE_PROFIT, ROLE_LOSS, 60, &wrong);
    check_apart("colour-blind", ROLE_GOOD, ROLE_BAD, 60, &wrong);
    check_apart("colour-blind", ROLE_MAP_FALL_2, ROLE_MAP_RISE_2, 0, &wrong);
    assert_int_equal(wrong, 0);
}

/* More in the book is always further along the ramp, also for eyes that see lightness alone, and in fewer colours. */
static void test_heat_ramps_rise_in_lightness(void **state)
{
    int wrong = 0;

    (void)state;
    for (int n = 0; n < COLOURED; n++) {
        struct theme theme = load(themes[n]);
        double sign = strcmp(themes[n], "light") == 0 ? -1 : 1;

        for (int step = 1; step < ROLE_HEAT_STEPS; step++) {
            struct style below = style_role((enum role)(ROLE_HEAT_0 + step - 1)),
                         here = style_role((enum role)(ROLE_HEAT_0 + step));

            assert_int_equal(theme.entry[here.fg].fg_rgb, theme.entry[here.fg].bg_rgb);
            assert_int_equal(theme.entry[here.fg].fg_16, theme.entry[here.fg].bg_16);
            for (enum colour_depth depth = DEPTH_16; depth <= DEPTH_TRUE; depth++) {
                /* steps may share one of few colours, but never go back */
                double least = depth == DEPTH_TRUE ? 4 : 0;
                int32_t low = theme_paint(&theme, below, depth).bg,
                        high = theme_paint(&theme, here, depth).bg;
                int32_t a = rgb_of(low, depth), b = rgb_of(high, depth);

                if (depth == DEPTH_16) /* on a console too */
                    wrong += sign * (colour_lightness(colour_of_console(high), SEES_ALL) -
                                     colour_lightness(colour_of_console(low), SEES_ALL)) <
                             0;
                for (enum blindness blind = SEES_ALL; blind < BLINDNESSES; blind++) {
                    double rise = sign * (colour_lightness(b, blind) - colour_lightness(a, blind));

                    if (rise >= least)
                        continue;
                    wrong++;
                    print_message("%s, depth %d, eyes %d: heat-%d is %.1f lighter than heat-%d\n", themes[n],
                                  depth, blind, step, rise, step - 1);
                }
            }
        }
    }
    assert_int_equal(wrong, 0);
}

/* Without colours every theme is the same: attributes alone, and what must stand out does. */
static void test_no_colours_leave_attributes(void **state)
{
    static const enum role stand_out[] = {ROLE_OWN,          ROLE_CURSOR,      ROLE_INSIDE,   ROLE_BADGE_LIVE,
                                          ROLE_BADGE_KILLED, ROLE_BADGE_ARMED, ROLE_NEXT,     ROLE_WARNING,
                                          ROLE_BAD,          ROLE_KEY_CHIP,    ROLE_SELECTED, ROLE_TAB_ON};

    (void)state;
    for (int n = 0; n < THEMES; n++) {
        struct theme theme = load(themes[n]);

        for (enum role role = ROLE_NONE; role < ROLE_COUNT; role++) {
            struct paint paint = theme_paint(&theme, style_role(role), DEPTH_MONO);

            assert_int_equal(paint.fg, -1);
            assert_int_equal(paint.bg, -1);
            if (n == THEMES - 1) { /* mono has none at any depth */
                assert_int_equal(theme_paint(&theme, style_role(role), DEPTH_TRUE).fg, -1);
                assert_int_equal(theme_paint(&theme, style_role(role), DEPTH_256).bg, -1);
                assert_int_equal(theme_paint(&theme, style_role(role), DEPTH_16).fg, -1);
            }
        }
        for (size_t i = 0; i < sizeof(stand_out) / sizeof(stand_out[0]); i++)
            if ((theme_paint(&theme, style_role(stand_out[i]), DEPTH_MONO).attr &
                 (ATTR_BOLD | ATTR_REVERSE | ATTR_UNDERLINE)) == 0)
                fail_msg("%s without colours: %s looks like any text", themes[n], role_name(stand_out[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_role_can_be_read),
        cmocka_unit_test(test_every_pair_that_is_drawn_can_be_read),
        cmocka_unit_test(test_sixteen_colours_never_hide_text),
        cmocka_unit_test(test_sides_and_money_are_apart_for_all_eyes),
        cmocka_unit_test(test_heat_ramps_rise_in_lightness),
        cmocka_unit_test(test_no_colours_leave_attributes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
