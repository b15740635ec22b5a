/* The prompt and, above it, what it offers: the best nearest to what is typed. */
#include "core/base/safe_text.h"
#include "tui/palette.h"
#include "tui/panels.h"

#include <string.h>

#define NAME_COLS 26
#define NAME_WIDE 34 /* "strategy.absorption.stop_loss_bp" */
#define KIND_COLS 13
#define CHIP_COLS 20
#define LIST_COLS 120 /* on a wide screen a key stands near what it does */

/* The letters that fitted in bold. */
static void draw_name(struct canvas *canvas, int row, int col, int cols, const struct ui *ui,
                      const char *name, struct style style)
{
    const char *typed = strchr(ui->text.value, ' ') != NULL && ui->palette.item[0].kind == PALETTE_VALUE
                            ? strrchr(ui->text.value, ' ') + 1
                            : ui->text.value;
    uint64_t places = 0;
    int whole =
        (int)safe_text_columns(name) > cols ? cols - 1 : cols; /* the last cell tells that it was cut */

    (void)palette_likeness(typed, name, &places);
    canvas_text_cut(canvas, row, col, cols, style, name);
    for (int i = 0; i < whole && i < PALETTE_NAME_MAX && name[i] != '\0'; i++)
        if ((places >> (unsigned)i & 1) != 0)
            canvas_text_n(canvas, row, col + i, style_bold(STYLE_BRIGHT), name + i, 1);
}

static void draw_item(struct canvas *canvas, const struct ui *ui, int row, struct span span,
                      const struct palette_item *item, bool chosen)
{
    char name[UI_COMMAND_MAX], meaning[VIEW_TEXT_MAX], chip[64];
    bool allowed = palette_allowed(ui, item);
    int end = span_end(span), col = span.at + 2, kind_cols = span.cols >= 100 ? KIND_COLS : 0;
    int names = item->kind == PALETTE_PAST ? end - col - kind_cols : kind_cols > 0 ? NAME_WIDE : NAME_COLS;

    palette_name(ui, item, name, sizeof(name));
    palette_meaning(ui, item, meaning, sizeof(meaning));
    palette_chip(ui, item, chip, sizeof(chip));
    draw_name(canvas, row, col, names, ui, name, allowed ? STYLE_TEXT : STYLE_DIM);
    if (kind_cols > 0) {
        canvas_text_right(canvas, row, end, STYLE_DIM, palette_kind_word(item->kind));
        end -= kind_cols;
    }
    if (chip[0] != '\0') {
        bool is_key = item->kind != PALETTE_SETTING;
        int cols = (int)safe_text_columns(chip);

        cols = cols < CHIP_COLS ? cols : CHIP_COLS;
        canvas_text_cut(canvas, row, end - cols, cols,
                        is_key ? style_bold(style_role(ROLE_KEY_CHIP)) : STYLE_TEXT, chip);
        end -= cols + 2;
    }
    if (names < end - col)
        canvas_text_cut(canvas, row, col + names + 1, end - col - names - 2, STYLE_DIM, meaning);
    if (chosen) {
        canvas_background(canvas, row, span.at, 1, span.cols, ROLE_NEXT);
        canvas_text(canvas, row, span.at, style_bold(style_on(STYLE_BRIGHT, ROLE_NEXT)), "\u25ba");
    }
}

/* Rows first..end-1, the best at the bottom; the chosen one is always among them. */
static void draw_list(struct canvas *canvas, const struct ui *ui, struct span span, int first, int end)
{
    const struct ui_palette *palette = &ui->palette;
    int rows = end - first, top = palette->chosen >= rows ? palette->chosen - rows + 1 : 0;

    for (int i = 0; i < rows && top + i < palette->items; i++)
        draw_item(canvas, ui, end - 1 - i, span, &palette->item[top + i], palette->chosen == top + i);
}

void palette_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int first, int end)
{
    struct brush pen = brush_at(canvas, end - 1, span.at);

    if (span.cols > LIST_COLS)
        span.cols = LIST_COLS;
    draw_list(canvas, ui, span, first, end - 1);
    brush_text(&pen, STYLE_DIM, ":");
    brush_text(&pen, style_bold(STYLE_BRIGHT), ui->text.value);
    brush_text(&pen, style_role(ROLE_CURSOR), "_");
}
