/*
 * test_glyphs.c - the design's pictures in ASCII are the map applied to the design's pictures.
 */
#include "tui/glyphs.h"

#include "core/base/safe_text.h"
#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX 65536

static char *read_design(const char *name)
{
    const char *shared = getenv("FLOWDECK_SHARED");
    char path[512], *text;
    FILE *file;

    snprintf(path, sizeof(path), "%s/design/mocks/%s", shared != NULL ? shared : "../shared", name);
    file = fopen(path, "r");
    if (file == NULL) {
        printf("skipped: %s is not there\n", path);
        return NULL;
    }
    text = calloc(1, FILE_MAX);
    assert_non_null(text);
    assert_true(fread(text, 1, FILE_MAX - 1, file) > 0);
    fclose(file);
    return text;
}

static void to_ascii(const char *text, char *out)
{
    size_t size = strlen(text);

    for (size_t i = 0; i < size;) {
        unsigned code;

        i += safe_text_decode(text + i, size - i, &code);
        *out++ = (char)glyph_map(TIER_ASCII, code);
    }
    *out = '\0';
}

/* Every part of a cell: a character of common fonts, in reverse where it is the part left out; halves on a console. */
static void test_parts_of_a_cell(void **state)
{
    static const struct {
        enum glyph_edge edge;
        int eighths;
        uint32_t utf8;
        bool reverse;
        uint32_t console;
        char ascii;
    } part[] = {{EDGE_LEFT, 0, ' ', false, ' ', ' '},        {EDGE_LEFT, 1, 0x258f, false, 0x258c, '='},
                {EDGE_LEFT, 4, 0x258c, false, 0x258c, '='},  {EDGE_LEFT, 7, 0x2589, false, 0x2588, '#'},
                {EDGE_LEFT, 8, 0x2588, false, 0x2588, '#'},  {EDGE_RIGHT, 1, 0x2589, true, 0x2590, '='},
                {EDGE_RIGHT, 4, 0x2590, false, 0x2590, '='}, {EDGE_RIGHT, 7, 0x258f, true, 0x2588, '#'},
                {EDGE_BELOW, 3, 0x2583, false, 0x2584, '.'}, {EDGE_ABOVE, 1, 0x2587, true, 0x2580, '\''},
                {EDGE_ABOVE, 4, 0x2580, false, 0x2580, '='}, {EDGE_ABOVE, 7, 0x2581, true, 0x2588, '*'}};

    (void)state;
    for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
        uint32_t code = glyph_part(part[i].edge, part[i].eighths);
        bool reverse;

        assert_int_equal(glyph_shown(TIER_UTF8, code, &reverse), part[i].utf8);
        assert_int_equal(reverse, part[i].reverse);
        assert_int_equal(glyph_shown(TIER_CP437, code, &reverse), part[i].console);
        assert_false(reverse);
        assert_int_equal(glyph_shown(TIER_ASCII, code, &reverse), part[i].ascii);
        assert_false(reverse);
    }
}

static void test_ascii_map_is_that_of_the_design(void **state)
{
    static const char *const names[2] = {"trade-80x24", "trade-120x36"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char name[64], *utf8, *ascii, *mapped;

        snprintf(name, sizeof(name), "%s.txt", names[i]);
        utf8 = read_design(name);
        snprintf(name, sizeof(name), "%s.ascii.txt", names[i]);
        ascii = utf8 == NULL ? NULL : read_design(name);
        if (ascii == NULL) {
            free(utf8);
            return;
        }
        mapped = calloc(1, FILE_MAX);
        to_ascii(utf8, mapped);
        assert_string_equal(mapped, ascii);
        free(mapped);
        free(ascii);
        free(utf8);
    }
}

/* On every tier each glyph of the design is one column wide, so that a layout is the same. */
static void test_design_glyphs_keep_their_width(void **state)
{
    static const char design[] = "●○║■▲▼►◄↑↓←→·█▌▐▀▄░▒▓─│┌┐└┘├┤┬┴┼σ±…▁▂▃▄▅▆▇";

    (void)state;
    for (size_t i = 0; i < sizeof(design) - 1;) {
        unsigned code;

        i += safe_text_decode(design + i, sizeof(design) - 1 - i, &code);
        assert_int_equal(glyph_map(TIER_UTF8, code), code);
        assert_in_range(glyph_map(TIER_ASCII, code), 0x20, 0x7e);
        assert_true(glyph_map(TIER_ASCII, code) != '?');
        assert_true(glyph_map(TIER_CP437, code) != '?');
        for (int tier = 0; tier < TIER_COUNT; tier++)
            assert_int_equal(safe_text_codepoint_columns(glyph_map((enum glyph_tier)tier, code)), 1);
    }
}

/* The lines of the chart: their dots where there are any, else a mark each of its own. */
static void test_each_line_of_the_chart_has_its_mark(void **state)
{
    (void)state;
    for (unsigned dots = 1; dots < 256; dots++)
        for (int line = 0; line < GLYPH_LINES; line++) {
            uint32_t code = glyph_of_line((enum glyph_line)line, (uint8_t)dots);

            assert_int_equal(glyph_map(TIER_UTF8, code), 0x2800 + dots);
            assert_int_equal(glyph_map(TIER_ASCII, code), "*+:"[line]);
            assert_int_equal(glyph_map(TIER_CP437, code), "*+:"[line]);
        }
}

/* ASCII stays what it is, and the rest of the world becomes a question mark, never a raw byte. */
static void test_ascii_tier_sends_ascii_only(void **state)
{
    (void)state;
    for (uint32_t code = 0x20; code < 0x7f; code++)
        assert_int_equal(glyph_map(TIER_ASCII, code), code);
    for (uint32_t code = 0x80; code < 0x11000; code++)
        assert_in_range(glyph_map(TIER_ASCII, code), 0x20, 0x7e);
    assert_int_equal(glyph_map(TIER_ASCII, 0x416), '?');
    assert_int_equal(glyph_map(TIER_CP437, 0xe9), 0xe9);
    assert_int_equal(glyph_map(TIER_CP437, 0x4e16), '?');
}

static void test_tier_by_terminal_and_locale(void **state)
{
    (void)state;
    assert_int_equal(glyph_tier_detect("xterm-256color", "UTF-8"), TIER_UTF8);
    assert_int_equal(glyph_tier_detect("xterm-256color", "ANSI_X3.4-1968"), TIER_ASCII);
    assert_int_equal(glyph_tier_detect("xterm-256color", NULL), TIER_ASCII);
    assert_int_equal(glyph_tier_detect("linux", "UTF-8"), TIER_CP437);
    assert_int_equal(glyph_tier_detect("vt100", "UTF-8"), TIER_ASCII);
    assert_int_equal(glyph_tier_detect(NULL, "UTF-8"), TIER_ASCII);
    assert_int_equal(glyph_tier_detect("tmux-256color", "UTF-8"), TIER_UTF8);
}

/* Four columns used: as hoped. Twelve (bytes shown one by one) or eight (wide glyphs): only ASCII keeps its columns. */
static void test_probe_lowers_the_tier(void **state)
{
    (void)state;
    assert_true(strrchr(glyph_probe_text(), 0x97 - 256) >
                strrchr(glyph_probe_text(), 0x96 - 256)); /* see there */
    assert_int_equal(glyph_tier_probed(TIER_UTF8, 5), TIER_UTF8);
    assert_int_equal(glyph_tier_probed(TIER_CP437, 5), TIER_CP437);
    assert_int_equal(glyph_tier_probed(TIER_UTF8, 9), TIER_ASCII);
    assert_int_equal(glyph_tier_probed(TIER_UTF8, 13), TIER_ASCII);
}

static void test_encode_is_utf8(void **state)
{
    (void)state;
    for (uint32_t code = 1; code < 0x110000; code += code < 0x3000 ? 1 : 97) {
        char bytes[4];
        unsigned back;
        size_t size = glyph_encode(code, bytes);

        if (code >= 0xd800 && code < 0xe000)
            continue;
        assert_int_equal(safe_text_decode(bytes, size, &back), size);
        assert_int_equal(back, code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_of_a_cell),
        cmocka_unit_test(test_ascii_map_is_that_of_the_design),
        cmocka_unit_test(test_design_glyphs_keep_their_width),
        cmocka_unit_test(test_each_line_of_the_chart_has_its_mark),
        cmocka_unit_test(test_ascii_tier_sends_ascii_only),
        cmocka_unit_test(test_tier_by_terminal_and_locale),
        cmocka_unit_test(test_probe_lowers_the_tier),
        cmocka_unit_test(test_encode_is_utf8),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
