/*
 * The part of canvas.h that draws shapes: rules that join, bars in half cells, sparklines.
 */
#include "tui/canvas.h"
#include "tui/glyphs.h"

/* A line character by its arms. */
enum { ARM_UP = 1, ARM_DOWN = 2, ARM_LEFT = 4, ARM_RIGHT = 8 };

static const uint16_t rule_by_arms[16] = {
    [ARM_LEFT] = 0x2500,
    [ARM_RIGHT] = 0x2500,
    [ARM_LEFT | ARM_RIGHT] = 0x2500,
    [ARM_UP] = 0x2502,
    [ARM_DOWN] = 0x2502,
    [ARM_UP | ARM_DOWN] = 0x2502,
    [ARM_DOWN | ARM_RIGHT] = 0x250c,
    [ARM_DOWN | ARM_LEFT] = 0x2510,
    [ARM_UP | ARM_RIGHT] = 0x2514,
    [ARM_UP | ARM_LEFT] = 0x2518,
    [ARM_UP | ARM_DOWN | ARM_RIGHT] = 0x251c,
    [ARM_UP | ARM_DOWN | ARM_LEFT] = 0x2524,
    [ARM_DOWN | ARM_LEFT | ARM_RIGHT] = 0x252c,
    [ARM_UP | ARM_LEFT | ARM_RIGHT] = 0x2534,
    [ARM_UP | ARM_DOWN | ARM_LEFT | ARM_RIGHT] = 0x253c,
};

/* Arms of the line character at a place of the whole canvas, 0 if it is none. The full lines stand last among their like. */
static unsigned arms_at(const struct canvas *canvas, int row, int col)
{
    uint32_t code;

    if (row < 0 || row >= canvas->rows_all || col < 0 || col >= canvas->cols_all)
        return 0;
    code = canvas->cells[row * canvas->cols_all + col].code;
    for (unsigned arms = 15; arms > 0; arms--)
        if (rule_by_arms[arms] == code)
            return arms;
    return 0;
}

/*
 * Arms at a place of the region. A `│` at the end of its rule has but one arm, which shows in what stands above and below it;
 * a `─` is taken as it is, because titles are written into such rules.
 */
static unsigned arms_there(const struct canvas *canvas, int row, int col)
{
    unsigned arms, met = 0;

    row += canvas->top;
    col += canvas->left;
    arms = arms_at(canvas, row, col);
    if (arms != (ARM_UP | ARM_DOWN))
        return arms;
    met |= arms_at(canvas, row - 1, col) & ARM_DOWN ? ARM_UP : 0u;
    met |= arms_at(canvas, row + 1, col) & ARM_UP ? ARM_DOWN : 0u;
    return met != 0 ? met : arms;
}

/* Adds arms to a line that is there; on anything else draws a line with `alone`. */
static void rule_put(struct canvas *canvas, int row, int col, struct style style, unsigned arms,
                     unsigned alone)
{
    unsigned there = arms_there(canvas, row, col);

    canvas_put(canvas, row, col, style, rule_by_arms[there == 0 ? alone : there | arms]);
}

void canvas_rule_across(struct canvas *canvas, int row, int col, int cols, struct style style)
{
    for (int i = 0; i < cols; i++) {
        unsigned arms = (i > 0 ? ARM_LEFT : 0u) | (i < cols - 1 ? ARM_RIGHT : 0u);

        rule_put(canvas, row, col + i, style, arms, ARM_LEFT | ARM_RIGHT);
    }
}

void canvas_rule_down(struct canvas *canvas, int row, int col, int rows, struct style style)
{
    for (int i = 0; i < rows; i++) {
        unsigned arms = (i > 0 ? ARM_UP : 0u) | (i < rows - 1 ? ARM_DOWN : 0u);

        rule_put(canvas, row + i, col, style, arms, ARM_UP | ARM_DOWN);
    }
}

void canvas_rule_meet(struct canvas *canvas, int row, int col, int cols, struct style style)
{
    for (int c = col; c < col + cols; c++) {
        int above = canvas->top + row - 1, left = canvas->left + c;

        if ((arms_at(canvas, above, left) & ARM_DOWN) != 0 &&
            canvas->cells[above * canvas->cols_all + left].style.fg == style.fg &&
            arms_at(canvas, above + 1, left) != 0)
            rule_put(canvas, row, c, style, ARM_UP, ARM_UP);
    }
}

void canvas_frame(struct canvas *canvas, int row, int col, int rows, int cols, struct style style)
{
    int bottom = row + rows - 1, right = col + cols - 1;

    if (rows < 2 || cols < 2)
        return;
    rule_put(canvas, row, col, style, ARM_DOWN | ARM_RIGHT, ARM_DOWN | ARM_RIGHT);
    rule_put(canvas, row, right, style, ARM_DOWN | ARM_LEFT, ARM_DOWN | ARM_LEFT);
    rule_put(canvas, bottom, col, style, ARM_UP | ARM_RIGHT, ARM_UP | ARM_RIGHT);
    rule_put(canvas, bottom, right, style, ARM_UP | ARM_LEFT, ARM_UP | ARM_LEFT);
    for (int c = col + 1; c < right; c++) {
        rule_put(canvas, row, c, style, ARM_LEFT | ARM_RIGHT, ARM_LEFT | ARM_RIGHT);
        rule_put(canvas, bottom, c, style, ARM_LEFT | ARM_RIGHT, ARM_LEFT | ARM_RIGHT);
    }
    for (int r = row + 1; r < bottom; r++) {
        rule_put(canvas, r, col, style, ARM_UP | ARM_DOWN, ARM_UP | ARM_DOWN);
        rule_put(canvas, r, right, style, ARM_UP | ARM_DOWN, ARM_UP | ARM_DOWN);
    }
}

void canvas_bar(struct canvas *canvas, int row, int col, int cols, struct style style, int half_cells,
                enum bar_grow grow)
{
    bool longer = half_cells / 2 + half_cells % 2 > cols;
    int full = longer ? cols - 1 : half_cells / 2;

    if (cols <= 0 || half_cells <= 0)
        return;
    for (int i = 0; i < full; i++)
        canvas_put(canvas, row, grow == BAR_RIGHT ? col + i : col + cols - 1 - i, style, 0x2588);
    if (longer) {
        struct style arrow = {ROLE_BRIGHT, style.bg, (uint8_t)(style.attr | ATTR_BOLD)};

        canvas_put(canvas, row, grow == BAR_RIGHT ? col + full : col, arrow,
                   grow == BAR_RIGHT ? 0x25ba : 0x25c4);
    } else if (half_cells % 2 != 0) {
        canvas_put(canvas, row, grow == BAR_RIGHT ? col + full : col + cols - 1 - full, style,
                   grow == BAR_RIGHT ? 0x258c : 0x2590);
    }
}

void canvas_spark(struct canvas *canvas, int row, int col, struct style style, int eighths)
{
    canvas_put(canvas, row, col, style, glyph_part(EDGE_BELOW, eighths));
}
