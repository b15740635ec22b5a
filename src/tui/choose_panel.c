/*
 * The chooser over the blotter: a name a row, each with a sample in its own colours, in as many columns as there is room
 * for. The market above it is drawn with the one that is aimed at.
 */
#include "tui/dock.h"
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <string.h>

#define NAME_COLS   15
#define SAMPLE_COLS 37

/* What a trader looks for in colours: sides, an own order, money, a mark, a wall in the book. */
static void draw_sample(struct canvas *canvas, int row, int col, int index)
{
    static const enum role heat[] = {ROLE_HEAT_1, ROLE_HEAT_2, ROLE_HEAT_4, ROLE_HEAT_6, ROLE_HEAT_7};
    static const uint32_t ramp[] = {0xb7, 0x2591, 0x2592, 0x2593,
                                    0x2588}; /* seen where there are no colours */
    struct brush pen = brush_at(canvas, row, col);

    brush_text(&pen, style_sample(index, ROLE_TEXT), " 61845");
    brush_text(&pen, style_sample(index, ROLE_DIM), ".00 ");
    brush_text(&pen, style_sample(index, ROLE_BID), "bid ");
    brush_text(&pen, style_sample(index, ROLE_ASK), "ask ");
    brush_text(&pen, style_sample(index, ROLE_OWN), "m.01");
    brush_text(&pen, style_sample(index, ROLE_PROFIT), " +12");
    brush_text(&pen, style_sample(index, ROLE_LOSS), " -5 ");
    brush_text(&pen, style_sample(index, ROLE_MARK), "V");
    brush_text(&pen, style_sample(index, ROLE_WARNING), "! ");
    for (size_t i = 0; i < sizeof(heat) / sizeof(heat[0]); i++)
        canvas_put(canvas, row, pen.col++, style_sample(index, heat[i]), ramp[i]);
}

/* What an arrangement says besides its name. */
static void draw_words(struct canvas *canvas, const struct ui *ui, int row, int col, int cols, int index)
{
    char text[SAVED_LAYOUT_TEXT];
    const char *words;

    if (index >= ui->layouts_count)
        return;
    words = strchr(saved_layout_print(&ui->layouts[index], text), ' ');
    canvas_text_cut(canvas, row, col, cols, STYLE_DIM, words != NULL ? words + 1 : "as at a start");
}

void choose_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct ui_choose *choose = &ui->choose;
    bool themes = choose->kind == CHOOSE_THEME;
    int name_cols = themes ? NAME_COLS : SAVED_LAYOUT_NAME + 1;
    int each = themes ? NAME_COLS + SAMPLE_COLS + 3 : ui->layout.cols - 4;
    int columns = (ui->layout.cols - 4) / each, rows, first;
    struct dock dock;

    columns = columns < 1 ? 1 : columns;
    rows = (choose->count + columns - 1) / columns;
    dock = dock_open(
        canvas, ui, themes ? "THEME" : "LAYOUT",
        themes
            ? KEY("\u2191\u2193") " tries, " KEY("Enter") " keeps it, " KEY("Esc") " leaves all as it was"
            : KEY("\u2191\u2193") " choose, " KEY("Enter") " shows it, " KEY("Esc") " leaves all as it was",
        STYLE_WARNING, rows);
    rows = rows < dock.end - dock.row ? rows : dock.end - dock.row;
    first = choose->at < rows * columns ? 0 : choose->at - rows * columns + 1;
    for (int i = first; i < choose->count && i < first + rows * columns; i++) {
        int row = dock.row + (i - first) % rows, col = dock.left + 2 + (i - first) / rows * each;
        bool here = i == choose->at;
        struct style style = here ? style_bold(style_role(ROLE_CURSOR)) : STYLE_TEXT;

        canvas_fill(canvas, row, col, 1, name_cols, style);
        canvas_text(canvas, row, col, style, here ? GLYPH_RIGHT_TRIANGLE : " ");
        canvas_text_cut(canvas, row, col + 1, name_cols - 1, style, choose->name[i]);
        if (themes)
            draw_sample(canvas, row, col + name_cols, i);
        else
            draw_words(canvas, ui, row, col + name_cols + 1, each - name_cols - 1, i);
    }
}
