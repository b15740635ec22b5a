/* Screen 8: how the program itself does. Framed in two columns, wide in three; narrow in pages, of which Tab shows the next. */
#include "tui/key_title.h"
#include "tui/panels.h"

#include <string.h>

#define BARS_ROWS_MIN 8

static void section_title(struct canvas *canvas, const struct ui *ui, int row, int col,
                          const struct system_place *place)
{
    int rows = place->rows - system_has_head(place->section);
    int hidden = system_rows(ui, place->section) - rows, page, pages = system_pages(ui, &page);
    bool first = pages > 1 && row == ui->layout.title_row;
    char note[96] = "";

    if (ui->frozen && (first || place->section == SYSTEM_LATENCY)) /* on each page */
        text_print(note, sizeof(note), "  FROZEN %s", number_age(ui->now_ns - ui->frozen_ns).text);
    else if (hidden > 0)
        text_print(note, sizeof(note), "  %d more", hidden);
    else if (place->section == SYSTEM_LATENCY)
        text_print(note, sizeof(note), "  since the start, times on one scale");
    if (first)
        text_print(note + strlen(note), sizeof(note) - strlen(note),
                   "  page %d of %d, " KEY("Tab") " the next", page + 1, pages);
    key_title(canvas, ui, row, col, place->section == ui->system.section, system_section_name(place->section),
              note);
}

/* One under the other, each below the rule that has its title. Returns the row after the last. */
static int column_draw(struct canvas *canvas, const struct ui *ui, int column, struct span span,
                       int left_rule, int rule_cols, int bottom)
{
    struct system_place place[SYSTEM_SECTIONS];
    int row = ui->layout.title_row, count = system_places(ui, column, bottom - row - 1, place);

    for (int i = 0; i < count; i++) {
        if (i > 0)
            canvas_rule_across(canvas, row, left_rule, rule_cols, STYLE_RULE);
        section_title(canvas, ui, row, span.at + 1, &place[i]);
        system_panel_draw(canvas, ui, span, row + 1, place[i].rows, place[i].section);
        row += place[i].rows + 1;
    }
    return row;
}

static void bars_draw(struct canvas *canvas, const struct ui *ui, struct span span, int left_rule,
                      int rule_cols, int row, int bottom)
{
    const struct view_system *view = &ui_view(ui)->system;
    int chosen = ui->system.section == SYSTEM_LATENCY && ui->system.row < view->stages ? ui->system.row : 1;
    int rows = bottom - row - 1;
    char note[64];

    if (rows < BARS_ROWS_MIN || view->stages == 0)
        return;
    canvas_rule_across(canvas, row, left_rule, rule_cols, STYLE_RULE);
    text_print(note, sizeof(note), "  how many took how long, heights by powers of two");
    brush_title(canvas, row, span.at + 1, false, view->stage[chosen].name, note);
    system_bars_draw(canvas, ui, span, row + 1, rows);
}

static void framed_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    int down = l->frame_row - l->title_row + 1, second = l->wide ? l->middle_rule : l->side_rule;
    struct span left = {1, second - 1};
    int end;

    canvas_frame(canvas, l->title_row, 0, down, l->cols, STYLE_RULE);
    canvas_rule_down(canvas, l->title_row, second, down, STYLE_RULE);
    if (l->wide)
        canvas_rule_down(canvas, l->title_row, l->side_rule, down, STYLE_RULE);
    end = column_draw(canvas, ui, 0, left, 0, second + 1, l->frame_row);
    bars_draw(canvas, ui, left, 0, second + 1, end, l->frame_row);
    if (l->wide)
        column_draw(canvas, ui, 1, l->middle, l->middle_rule, l->side_rule - l->middle_rule + 1,
                    l->frame_row);
    column_draw(canvas, ui, l->wide ? 2 : 1, l->side, l->side_rule, l->cols - l->side_rule, l->frame_row);
}

void system_screen_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;

    status_panel_draw(canvas, ui);
    if (l->framed) {
        framed_draw(canvas, ui);
        return;
    }
    canvas_rule_across(canvas, l->title_row, 0, l->cols, STYLE_RULE);
    column_draw(canvas, ui, 0, (struct span){0, l->cols}, 0, l->cols, l->next_row);
}

const struct hint *system_hints(const struct ui *ui)
{
    static const struct hint hints[HINT_ROOM] = {
        {"K", "KILL"},   {"Space", "pause"}, {"\u2191\u2193", "choose"},
        {"Tab", "next"}, {"y", "copy"},      {"Y", "file"},
        {":", "cmd"},    {"1", "trade"},     {"q", "back"},
        {"?", "keys"}};

    (void)ui;
    return hints;
}
