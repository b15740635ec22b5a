/* golden_screen.h - pictures of the fixture's screen: text, styles, and what lesser terminals show. */
#ifndef UNIT_GOLDEN_SCREEN_H
#define UNIT_GOLDEN_SCREEN_H

#include "ui_fixture.h"

#include "unit/golden_text.h"

static inline void golden_screen(struct fixture *f, const char *name)
{
    char *styles = malloc(canvas_text_size(f->canvas) + 1);

    assert_non_null(styles);
    golden_check(name, "txt", fixture_draw(f));
    canvas_to_styles(f->canvas, styles, canvas_text_size(f->canvas) + 1);
    golden_check(name, "styles", styles);
    free(styles);
}

/* What a terminal of another tier shows; valid until the next picture. */
static inline const char *golden_tier_text(struct fixture *f, enum glyph_tier tier)
{
    size_t used = 0;

    fixture_draw(f);
    for (int row = 0; row < f->canvas->rows; row++) {
        for (int col = 0; col < f->canvas->cols; col++) {
            const struct cell *cell = canvas_cell(f->canvas, row, col);

            if (cell->width > 0)
                used += glyph_encode(glyph_map(tier, cell->code), f->text + used);
        }
        f->text[used++] = '\n';
    }
    f->text[used] = '\0';
    return f->text;
}

/* Lesser tiers: each in a golden file, ASCII of plain bytes alone. */
static inline void golden_tiers(struct fixture *f, const char *name)
{
    const char *ascii;

    golden_check(name, "cp437.txt", golden_tier_text(f, TIER_CP437));
    ascii = golden_tier_text(f, TIER_ASCII);
    golden_check(name, "ascii.txt", ascii);
    for (; *ascii != '\0'; ascii++)
        assert_true(*ascii == '\n' || (*ascii >= ' ' && *ascii <= '~'));
}

/* "NAME-80x24" and so on, of what makes the screen in that size. */
static inline void golden_sizes(struct fixture *(*make)(int cols, int rows), const char *name)
{
    static const int size[][2] = {{80, 24}, {120, 36}, {200, 55}};

    for (int i = 0; i < 3; i++) {
        struct fixture *f = make(size[i][0], size[i][1]);
        char picture[64];

        snprintf(picture, sizeof(picture), "%s-%dx%d", name, size[i][0], size[i][1]);
        golden_screen(f, picture);
        if (i < 2)
            golden_tiers(f, picture);
        fixture_free(f);
    }
}

/* Without colours: a cell that differs from plain text in attributes alone is what carries the meaning. */
static inline int golden_mono_reverse(struct fixture *f, int row)
{
    struct theme theme;
    int reverse = 0;

    theme_load_default(&theme);
    fixture_draw(f);
    for (int col = 0; col < f->canvas->cols; col++) {
        struct paint paint = theme_paint(&theme, canvas_cell(f->canvas, row, col)->style, DEPTH_MONO);

        reverse += (paint.attr & (ATTR_REVERSE | ATTR_UNDERLINE | ATTR_BOLD)) != 0;
    }
    return reverse;
}

/* Nothing of a picture may be a control character: each row is whole and as wide as the screen. */
static inline void assert_whole_picture(struct fixture *f)
{
    const char *text = fixture_draw(f);
    int rows = 0;

    for (; *text != '\0'; text++) {
        assert_true((unsigned char)*text >= ' ' || *text == '\n');
        rows += *text == '\n';
    }
    assert_int_equal(rows, f->canvas->rows);
}

#endif
