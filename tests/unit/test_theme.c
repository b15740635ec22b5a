/*
 * test_theme.c - every role has its colours, themes load whole or not at all, styles compose.
 */
#include "tui/theme.h"

#include "core/base/embedded.h"
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct theme load(const char *name)
{
    struct theme theme;
    char why[THEME_WHY_SIZE] = "";

    if (theme_load(name, &theme, why) != ERR_OK)
        fail_msg("%s", why);
    return theme;
}

/* The table of the design, "Roles and colours": truecolour fg and bg, sixteen colours. */
static void test_dark_has_the_colours_of_the_design(void **state)
{
    static const struct {
        enum role role;
        int32_t fg, bg;
        int fg_16, bg_16;
    } want[] = {
        {ROLE_TEXT, 0xc8ccd4, -1, 7, -1},
        {ROLE_DIM, 0x858d9b, -1, 8, -1},
        {ROLE_FAINT, 0x4b525e, -1, 8, -1},
        {ROLE_BID, 0x63b3ed, -1, 14, -1},
        {ROLE_BID_BAR, 0x2f6f9f, -1, 6, -1},
        {ROLE_ASK, 0xf0a04b, -1, 11, -1},
        {ROLE_ASK_BAR, 0xa8641e, -1, 3, -1},
        {ROLE_PROFIT, 0x6fd08c, -1, 10, -1},
        {ROLE_LOSS, 0xff7b72, -1, 9, -1},
        {ROLE_OWN, 0x111318, 0xf0e442, 0, 11},
        {ROLE_OWN_QUEUE, 0xf0e442, -1, 11, -1},
        {ROLE_CURSOR, 0x111318, 0xe6e9ef, 0, 15},
        {ROLE_INSIDE, 0xffffff, 0x2a303a, 15, -1},
        {ROLE_MARK, 0xd6a4ff, -1, 13, -1},
        {ROLE_WARNING, 0xffd166, -1, 11, -1},
        {ROLE_GAUGE_MARK, 0xffd166, -1, 11, -1},
        {ROLE_BADGE_OBSERVATION, 0xe6e9ef, 0x4a5568, 15, 8},
        {ROLE_BADGE_SIMULATION, 0x14161a, 0xb79cf0, 0, 13},
        {ROLE_BADGE_LIVE, 0xffffff, 0xb3261e, 15, 1},
        {ROLE_BADGE_ARMED, 0x14161a, 0xffb000, 0, 11},
        {ROLE_BADGE_KILLED, 0xffffff, 0xb3261e, 15, 1},
        {ROLE_NEXT, 0xffffff, 0x1d2633, 15, 4},
        {ROLE_NEXT_DIM, 0xb7c0cf, 0x1d2633, 7, 4},
        {ROLE_KEY_CHIP, 0xffffff, 0x2a303a, 15, -1},
        {ROLE_ROW_MARK, 0xc8ccd4, 0x171b22, 7, -1},
        {ROLE_HEAT_0, 0x101216, 0x101216, 0, 0},
        {ROLE_HEAT_3, 0x1f5f7a, 0x1f5f7a, 4, 4},
        {ROLE_HEAT_7, 0xfbe45a, 0xfbe45a, 11, 11},
    };
    struct theme theme = load("dark");

    (void)state;
    assert_string_equal(theme.name, "dark");
    assert_int_equal(theme.entry[ROLE_NONE].bg_rgb, 0x101216);
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        const struct theme_entry *entry = &theme.entry[want[i].role];

        assert_int_equal(entry->fg_rgb, want[i].fg);
        assert_int_equal(entry->bg_rgb, want[i].bg);
        assert_int_equal(entry->fg_16, want[i].fg_16);
        assert_int_equal(entry->bg_16, want[i].bg_16);
    }
}

static void test_every_built_in_theme_loads(void **state)
{
    static const char *const names[] = {"dark", "light", "mono", "high-contrast", "colour-blind", "red-up"};

    (void)state;
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(load(names[i]).name, names[i]);
    assert_int_equal(load("colour-blind").entry[ROLE_PROFIT].fg_rgb, 0x56b4e9);
    assert_int_equal(load("colour-blind").entry[ROLE_BID].fg_rgb, 0x63b3ed); /* from its base */
    assert_int_equal(load("red-up").entry[ROLE_LOSS].fg_rgb, 0x6fd08c);
}

/* A side's figure on a marked row, a badge with its own background, plain text on the default one. */
static void test_styles_compose(void **state)
{
    struct theme theme = load("dark");
    struct paint paint;

    (void)state;
    paint = theme_paint(&theme, style_on(STYLE_BID, ROLE_ROW_MARK), DEPTH_TRUE);
    assert_int_equal(paint.fg, 0x63b3ed);
    assert_int_equal(paint.bg, 0x171b22);
    paint = theme_paint(&theme, STYLE_BID, DEPTH_TRUE);
    assert_int_equal(paint.bg, 0x101216);
    paint = theme_paint(&theme, style_role(ROLE_OWN), DEPTH_16);
    assert_int_equal(paint.fg, 0);
    assert_int_equal(paint.bg, 11);
    paint = theme_paint(&theme, style_on(STYLE_BID, ROLE_ROW_MARK), DEPTH_16);
    assert_int_equal(paint.bg, 0);
    paint = theme_paint(&theme, style_on(style_role(ROLE_HEAT_5), ROLE_HEAT_2), DEPTH_TRUE);
    assert_int_equal(paint.fg, 0x86985f);
    assert_int_equal(paint.bg, 0x123f63);
    paint = theme_paint(&theme, style_bold(STYLE_TEXT), DEPTH_256);
    assert_int_equal(paint.attr, ATTR_BOLD);
}

/* Without colour the words stand out by attributes, and nothing asks for bold and dim at once. */
static void test_mono_is_attributes_alone(void **state)
{
    struct theme theme = load("dark");

    (void)state;
    for (int role = 1; role < ROLE_COUNT; role++) {
        struct paint paint = theme_paint(&theme, style_bold(style_role((enum role)role)), DEPTH_MONO);

        assert_int_equal(paint.fg, -1);
        assert_int_equal(paint.bg, -1);
        assert_int_equal(paint.attr & ATTR_DIM, 0);
    }
    assert_int_equal(theme_paint(&theme, style_role(ROLE_OWN), DEPTH_MONO).attr, ATTR_REVERSE);
    assert_int_equal(theme_paint(&theme, style_role(ROLE_BADGE_LIVE), DEPTH_MONO).attr,
                     ATTR_REVERSE | ATTR_BOLD);
    assert_int_equal(theme_paint(&theme, style_on(STYLE_BID, ROLE_NEXT_DIM), DEPTH_MONO).attr,
                     ATTR_UNDERLINE);
    assert_int_equal(theme_paint(&theme, STYLE_DIM, DEPTH_MONO).attr, ATTR_DIM);
}

/* Half blocks of two steps keep both; a mark over a step that would hide it is as dark or as light as it must be. */
static void test_marks_over_the_heat_map(void **state)
{
    struct theme theme = load("dark");
    struct paint paint;

    (void)state;
    paint = theme_paint(&theme, style_on(style_role(ROLE_HEAT_5), ROLE_HEAT_4), DEPTH_16);
    assert_int_equal(paint.fg, 6);
    assert_int_equal(paint.bg, 2);
    paint = theme_paint(&theme, style_on(style_role(ROLE_HEAT_7), ROLE_HEAT_6), DEPTH_TRUE);
    assert_int_equal(paint.fg, 0xfbe45a);
    paint = theme_paint(&theme, style_on(style_role(ROLE_TRADE_BUY), ROLE_HEAT_1), DEPTH_TRUE);
    assert_int_equal(paint.fg, 0xffffff);
    paint = theme_paint(&theme, style_on(style_role(ROLE_TRADE_BUY), ROLE_HEAT_7), DEPTH_TRUE);
    assert_int_equal(paint.fg, 0x101216);
    paint = theme_paint(&theme, style_on(style_role(ROLE_TRADE_BUY), ROLE_HEAT_7), DEPTH_16);
    assert_int_equal(paint.fg, 0);
    theme = load("light"); /* a row mark has no colour of sixteen: what stands on it looks as on any row */
    paint = theme_paint(&theme, style_on(style_role(ROLE_ASK_BAR), ROLE_ROW_MARK), DEPTH_16);
    assert_int_equal(paint.fg, 3);
}

/* A theme without colours shows a chosen row and NEXT at every depth, whatever is written in them. */
static void test_a_background_without_colour_stands_out(void **state)
{
    struct theme theme = load("mono"), dark = load("dark");

    (void)state;
    for (enum colour_depth depth = DEPTH_16; depth <= DEPTH_TRUE; depth++) {
        assert_int_equal(theme_paint(&theme, style_on(STYLE_BID, ROLE_SELECTED), depth).attr, ATTR_REVERSE);
        assert_int_equal(theme_paint(&theme, style_on(STYLE_BID, ROLE_NEXT_DIM), depth).attr, ATTR_UNDERLINE);
        assert_int_equal(theme_paint(&dark, style_on(STYLE_BID, ROLE_NEXT_DIM), depth).attr, 0);
    }
}

/* The list in theme.c that spares badges from marked rows is that of the roles with a background. */
static void test_roles_with_background_are_those_of_the_theme(void **state)
{
    struct theme theme = load("dark");

    (void)state;
    for (int role = 1; role < ROLE_COUNT; role++)
        assert_int_equal(role_has_background((enum role)role), theme.entry[role].bg_rgb >= 0);
}

/* What stands in a theme's own colours beside others: its backgrounds come along, mono's are the terminal's. */
static void test_samples_of_other_themes(void **state)
{
    struct theme theme = load("dark"), light = load("light"), mono = load("mono");
    struct paint paint;

    (void)state;
    theme_set_sample(&theme, 0, &light);
    theme_set_sample(&theme, THEME_SAMPLES - 1, &mono);
    theme_set_sample(&theme, THEME_SAMPLES, &mono); /* no such place */
    paint = theme_paint(&theme, style_sample(0, ROLE_BID), DEPTH_TRUE);
    assert_int_equal(paint.fg, light.entry[ROLE_BID].fg_rgb);
    assert_int_equal(paint.bg, light.entry[ROLE_NONE].bg_rgb);
    paint = theme_paint(&theme, style_sample(0, ROLE_OWN), DEPTH_16);
    assert_int_equal(paint.fg, 0);
    assert_int_equal(paint.bg, 11);
    paint = theme_paint(&theme, style_sample(THEME_SAMPLES - 1, ROLE_BID), DEPTH_TRUE);
    assert_int_equal(paint.fg, -1);
    assert_int_equal(paint.bg, -1);
    paint = theme_paint(&theme, style_sample(0, ROLE_OWN), DEPTH_MONO);
    assert_int_equal(paint.attr, ATTR_REVERSE);
    assert_string_equal(role_name((enum role)style_sample(3, ROLE_BID).fg), "sample");
}

static void test_nearest_256(void **state)
{
    (void)state;
    assert_int_equal(theme_nearest_256(0x000000), 16);
    assert_int_equal(theme_nearest_256(0xffffff), 231);
    assert_int_equal(theme_nearest_256(0x5f87af), 67);
    assert_int_equal(theme_nearest_256(0x101216), 233);
    assert_int_equal(theme_nearest_256(0x171b22), 234); /* the marked row stays apart from the plain one */
}

/* Takes the dark theme's text, changes it, and expects one exact complaint and an untouched result. */
static void assert_refused(const char *from, const char *to, const char *why_wanted)
{
    const struct embedded_file *dark = embedded_find("themes/dark.theme");
    struct theme theme = {.name = "untouched"};
    char why[THEME_WHY_SIZE] = "", *text = malloc(dark->size + 512);
    const char *at = strstr(dark->text, from);

    assert_non_null(at);
    sprintf(text, "%.*s%s%s", (int)(at - dark->text), dark->text, to, at + strlen(from));
    assert_int_equal(theme_load_text(text, strlen(text), "themes/mine.theme", &theme, why), ERR_BAD_DATA);
    assert_string_equal(why, why_wanted);
    assert_string_equal(theme.name, "untouched");
    free(text);
}

static void test_broken_themes_are_refused_whole(void **state)
{
    (void)state;
    assert_refused("bid-bar ", "bidbar ", "themes/mine.theme:14: bidbar: no such role");
    assert_refused("2f6f9f", "2F6F9F",
                   "themes/mine.theme:14: bid-bar: a colour is six lower-case hexadecimal digits or -");
    assert_refused("2f6f9f", "2f6f9",
                   "themes/mine.theme:14: bid-bar: a colour is six lower-case hexadecimal digits or -");
    assert_refused("-       6    -", "-       16   -",
                   "themes/mine.theme:14: bid-bar: an index is 0 to 15 or -");
    assert_refused(
        "reverse+bold", "reverse+blink",
        "themes/mine.theme:39: badge-live: attributes are bold, dim, underline, reverse joined by +, or -");
    assert_refused("bid-bar ", "bid     ", "themes/mine.theme:14: bid: role given twice");
    assert_refused("touch              ffffff  -       15   -    -          bold\n", "",
                   "themes/mine.theme: role touch is missing");
    assert_refused("underline\nnext-dim", "underline extra\nnext-dim",
                   "themes/mine.theme:43: want 7 columns: role fg bg fg16 bg16 attributes mono");
    assert_refused("none ", "base dark\nbase dark\nnone ",
                   "themes/mine.theme:4: base must be the first line and name another built-in theme");
}

static void test_unknown_theme_names_the_known(void **state)
{
    struct theme theme;
    char why[THEME_WHY_SIZE] = "";

    (void)state;
    assert_int_equal(theme_load("darc", &theme, why), ERR_NOT_FOUND);
    assert_string_equal(why,
                        "no theme \"darc\"; there are: colour-blind dark high-contrast light mono red-up");
    assert_int_equal(theme_load("/no/such.theme", &theme, why), ERR_NOT_FOUND);
    assert_int_equal(theme_load("/", &theme, why), ERR_NOT_FOUND);
}

/* Nobody will ever write into it: whoever waited for that would take no key any more. */
static void test_a_pipe_is_no_theme(void **state)
{
    char folder[] = "/tmp/flowdeck-theme-XXXXXX", path[64], why[THEME_WHY_SIZE];
    struct theme theme;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/x.theme", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    alarm(30);
    assert_int_equal(theme_load(path, &theme, why), ERR_NOT_FOUND);
    alarm(0);
    assert_non_null(strstr(why, "cannot be read"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dark_has_the_colours_of_the_design),
        cmocka_unit_test(test_every_built_in_theme_loads),
        cmocka_unit_test(test_a_pipe_is_no_theme),
        cmocka_unit_test(test_styles_compose),
        cmocka_unit_test(test_mono_is_attributes_alone),
        cmocka_unit_test(test_marks_over_the_heat_map),
        cmocka_unit_test(test_a_background_without_colour_stands_out),
        cmocka_unit_test(test_roles_with_background_are_those_of_the_theme),
        cmocka_unit_test(test_samples_of_other_themes),
        cmocka_unit_test(test_nearest_256),
        cmocka_unit_test(test_broken_themes_are_refused_whole),
        cmocka_unit_test(test_unknown_theme_names_the_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
