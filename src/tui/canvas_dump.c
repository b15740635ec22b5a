/*
 * The part of canvas.h that turns a canvas into text, for golden tests.
 */
#include "tui/canvas.h"
#include "tui/glyphs.h"

#include <stdio.h>
#include <string.h>

#define DUMP_STYLES_MAX  61
#define DUMP_LEGEND_LINE 80 /* at most: a letter, two role names, four attributes */

static const char dump_letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/* A bounded text that goes on counting past its end. */
struct dump {
    char *out;
    size_t room, size;
};

static void dump_bytes(struct dump *dump, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++, dump->size++)
        if (dump->size + 1 < dump->room)
            dump->out[dump->size] = bytes[i];
}

static size_t dump_end(struct dump *dump)
{
    if (dump->room > 0)
        dump->out[dump->size < dump->room ? dump->size : dump->room - 1] = '\0';
    return dump->size;
}

static void dump_code(struct dump *dump, uint32_t code)
{
    char bytes[4];

    dump_bytes(dump, bytes, glyph_encode(glyph_map(TIER_UTF8, code), bytes));
}

size_t canvas_text_size(const struct canvas *canvas)
{
    size_t cells = (size_t)canvas->rows * (size_t)canvas->cols;

    return cells * 4 * (1 + CANVAS_MARKS) + (size_t)canvas->rows +
           (size_t)(DUMP_STYLES_MAX + 1) * DUMP_LEGEND_LINE + 1;
}

size_t canvas_to_text(const struct canvas *canvas, char *out, size_t out_size)
{
    struct dump dump = {out, out_size, 0};

    for (int r = 0; r < canvas->rows; r++) {
        for (int c = 0; c < canvas->cols; c++) {
            const struct cell *cell = canvas_cell(canvas, r, c);

            if (cell->width == 0)
                continue;
            dump_code(&dump, cell->code);
            for (int i = 0; i < CANVAS_MARKS && cell->mark[i] != 0; i++)
                dump_code(&dump, cell->mark[i]);
        }
        dump_bytes(&dump, "\n", 1);
    }
    return dump_end(&dump);
}

static bool style_equal(struct style a, struct style b)
{
    return a.fg == b.fg && a.bg == b.bg && a.attr == b.attr;
}

static void dump_legend(struct dump *dump, char letter, struct style style)
{
    char line[160];
    int size = snprintf(line, sizeof(line), "%c %s%s%s%s%s%s%s\n", letter, role_name(style.fg),
                        style.bg != ROLE_NONE ? " on " : "", style.bg != ROLE_NONE ? role_name(style.bg) : "",
                        style.attr & ATTR_BOLD ? " bold" : "", style.attr & ATTR_DIM ? " dim" : "",
                        style.attr & ATTR_UNDERLINE ? " underline" : "",
                        style.attr & ATTR_REVERSE ? " reverse" : "");

    dump_bytes(dump, line, (size_t)size);
}

size_t canvas_to_styles(const struct canvas *canvas, char *out, size_t out_size)
{
    struct dump dump = {out, out_size, 0};
    struct style seen[DUMP_STYLES_MAX];
    size_t count = 0;

    for (int r = 0; r < canvas->rows; r++) {
        for (int c = 0; c < canvas->cols; c++) {
            struct style style = canvas_cell(canvas, r, c)->style;
            size_t i = 0;

            while (i < count && !style_equal(seen[i], style))
                i++;
            if (i == count && count < DUMP_STYLES_MAX && !style_equal(style, STYLE_TEXT))
                seen[count++] = style;
            dump_bytes(&dump, style_equal(style, STYLE_TEXT) ? "." : i < count ? &dump_letters[i] : "#", 1);
        }
        dump_bytes(&dump, "\n", 1);
    }
    for (size_t i = 0; i < count; i++)
        dump_legend(&dump, dump_letters[i], seen[i]);
    return dump_end(&dump);
}
