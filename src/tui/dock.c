#include "tui/dock.h"

#include "tui/key_title.h"
#include "tui/panels.h"

int dock_rows(const struct ui *ui, int lines)
{
    const struct layout *l = &ui->layout;
    int end = l->framed ? l->frame_row : l->next_row, rows = end - l->tabs_row - 1;

    return rows < lines && end - lines > l->ladder_row ? lines : rows;
}

struct dock dock_open(struct canvas *canvas, const struct ui *ui, const char *title, const char *note,
                      struct style title_style, int lines)
{
    const struct layout *l = &ui->layout;
    struct dock dock = {l->tabs_row, l->tabs_row + 1, l->framed ? l->frame_row : l->next_row,
                        l->framed ? 1 : 0, l->framed ? l->cols - 1 : l->cols};
    struct brush pen;

    if (dock.end - dock.row < dock_rows(ui, lines)) { /* small screens: as high as it must be */
        dock.row = dock.end - lines;
        dock.title_row = dock.row - 1;
    }
    canvas_fill(canvas, dock.title_row, 0, dock.end - dock.title_row + (l->framed ? 1 : 0), l->cols,
                STYLE_TEXT);
    if (l->framed)
        canvas_frame(canvas, dock.title_row, 0, dock.end - dock.title_row + 1, l->cols, STYLE_RULE);
    else
        canvas_rule_across(canvas, dock.title_row, 0, l->cols, STYLE_RULE);
    if (l->framed) {
        canvas_text(canvas, dock.title_row, 0, STYLE_RULE, "\u251c");
        canvas_text(canvas, dock.title_row, l->cols - 1, STYLE_RULE, "\u2524");
    }
    canvas_rule_meet(canvas, dock.title_row, 1, l->cols - 2, STYLE_RULE);
    pen = brush_at(canvas, dock.title_row, dock.left + 1);
    brush_text(&pen, STYLE_TEXT, " ");
    brush_text(&pen, style_bold(title_style), title);
    if (note[0] != '\0') {
        brush_text(&pen, STYLE_TEXT, "  ");
        pen.col = key_text_cut(canvas, ui, pen.row, pen.col, dock.right - pen.col - 2, STYLE_DIM, note);
    }
    brush_text(&pen, STYLE_TEXT, " ");
    return dock;
}
