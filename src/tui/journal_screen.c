/*
 * Screen 7: the audit trail, newest last; beside it (narrow: below) all of the chosen row and the life of its order. An
 * order that is followed has the whole screen.
 */
#include "tui/key_title.h"
#include "tui/panels.h"

#include <string.h>

#define BELOW_ROWS     4 /* narrow: of the chosen row */
#define BELOW_TALL_MIN 20

static void list_title(struct canvas *canvas, const struct ui *ui, int row, int col, int cols)
{
    const struct view_trail *trail = ui->trail;
    uint64_t rows = (uint64_t)trail->above + trail->rows + trail->below;
    char note[200];

    text_print(note, sizeof(note), "  %s", journal_tab_name(ui->journal.tab));
    if (ui->journal.filter[0] != '\0')
        text_print(note + strlen(note), sizeof(note) - strlen(note), " /%s", ui->journal.filter);
    text_print(note + strlen(note), sizeof(note) - strlen(note), "  %llu row%s", (unsigned long long)rows,
               rows == 1 ? "" : "s");
    if (trail->state == TRAIL_READING)
        text_print(note + strlen(note), sizeof(note) - strlen(note), ", reading %u %%", trail->percent);
    else if (trail->state == TRAIL_FAILED)
        text_print(note + strlen(note), sizeof(note) - strlen(note), ", NOT READ");
    if (trail->lost > 0)
        text_print(note + strlen(note), sizeof(note) - strlen(note), ", %llu came too fast",
                   (unsigned long long)trail->lost);
    if (ui->frozen)
        text_print(note + strlen(note), sizeof(note) - strlen(note), "  FROZEN %s",
                   number_age(ui->now_ns - ui->frozen_ns).text);
    else if (ui->journal.chosen == 0)
        text_print(note + strlen(note), sizeof(note) - strlen(note), ", follows");
    if (cols > 90)
        text_print(note + strlen(note), sizeof(note) - strlen(note), "  of %s, %llu records%s", trail->source,
                   (unsigned long long)trail->records, trail->earlier_seq > 0 ? ", older ones not read" : "");
    brush_title(canvas, row, col, true, "journal", note);
}

static void chosen_title(struct canvas *canvas, const struct ui *ui, int row, int col)
{
    uint64_t order = journal_life_of(ui);
    char title[48], note[64] = "";

    if (order == 0) {
        brush_title(canvas, row, col, false, "row", "");
        return;
    }
    text_print(title, sizeof(title), "order #%llu", (unsigned long long)order);
    if (ui->trail->order_seq == order && !ui->trail->whole && journal_steps(ui) > 0)
        text_print(note, sizeof(note), "  its beginning is older; " KEY("Enter") " reads it");
    key_title(canvas, ui, row, col, false, title, note);
}

static void order_title(struct canvas *canvas, const struct ui *ui, int row, int col)
{
    const struct view_trail *trail = ui->trail;
    char title[48], note[96];

    text_print(title, sizeof(title), "order #%llu", (unsigned long long)ui->journal.open_seq);
    text_print(note, sizeof(note), "  from signal to fill%s",
               trail->state == TRAIL_READING            ? ", reading"
               : journal_steps(ui) > 0 && !trail->whole ? ", its beginning is not in this journal"
                                                        : "");
    if (journal_steps_hidden(ui) > 0)
        text_print(note + strlen(note), sizeof(note) - strlen(note), "  \u2191\u2193 more");
    brush_title(canvas, row, col, true, title, note);
}

static void open_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    int bottom = l->framed ? l->frame_row : l->next_row;
    struct span span = l->framed ? (struct span){1, l->cols - 2} : (struct span){0, l->cols};

    if (l->framed)
        canvas_frame(canvas, l->title_row, 0, bottom - l->title_row + 1, l->cols, STYLE_RULE);
    else
        canvas_rule_across(canvas, l->title_row, 0, l->cols, STYLE_RULE);
    order_title(canvas, ui, l->title_row, l->framed ? 2 : 1);
    chain_panel_draw(canvas, ui, span, l->title_row + 1, bottom - l->title_row - 1);
}

static void narrow_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    struct span span = {0, l->cols};
    int row = l->title_row + 1, rows = l->next_row - row,
        below = l->rows >= BELOW_TALL_MIN ? BELOW_ROWS + (l->rows - BELOW_TALL_MIN) / 5 : 0;

    canvas_rule_across(canvas, l->title_row, 0, l->cols, STYLE_RULE);
    list_title(canvas, ui, l->title_row, 1, l->cols);
    journal_panel_draw(canvas, ui, span, row, rows - (below > 0 ? below + 1 : 0));
    if (below == 0)
        return;
    canvas_rule_across(canvas, l->next_row - below - 1, 0, l->cols, STYLE_RULE);
    chosen_title(canvas, ui, l->next_row - below - 1, 1);
    journal_detail_draw(canvas, ui, span, l->next_row - below, below);
}

static void framed_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    int rule = l->wide ? l->middle_rule : l->side_rule, rows = l->frame_row - l->title_row - 1;
    struct span list = {1, rule - 1}, side = {rule + 1, l->cols - rule - 2};

    canvas_frame(canvas, l->title_row, 0, rows + 2, l->cols, STYLE_RULE);
    canvas_rule_down(canvas, l->title_row, rule, rows + 2, STYLE_RULE);
    list_title(canvas, ui, l->title_row, 2, list.cols);
    journal_panel_draw(canvas, ui, list, l->title_row + 1, rows);
    chosen_title(canvas, ui, l->title_row, rule + 2);
    journal_detail_draw(canvas, ui, side, l->title_row + 1, rows);
}

void journal_screen_draw(struct canvas *canvas, const struct ui *ui)
{
    status_panel_draw(canvas, ui);
    if (ui->journal.open_seq != 0)
        open_draw(canvas, ui);
    else if (ui->layout.framed)
        framed_draw(canvas, ui);
    else
        narrow_draw(canvas, ui);
}

const struct hint *journal_hints(const struct ui *ui)
{
    static const struct hint list[HINT_ROOM] = {
        {"K", "KILL"},       {"Space", "pause"}, {"\u2191\u2193", "choose"},
        {"Enter", "follow"}, {"/", "filter"},    {"Tab", "kind"},
        {"G", "newest"},     {"y", "copy"},      {"Y", "file"},
        {":", "cmd"},        {"1", "trade"},     {"q", "back"},
        {"?", "keys"}};
    static const struct hint order[HINT_ROOM] = {
        {"K", "KILL"},   {"Space", "pause"}, {"\u2191\u2193", "scroll"},
        {"Esc", "back"}, {"y", "copy"},      {"Y", "file"},
        {"1", "trade"},  {":", "cmd"},       {"?", "keys"}};

    return ui->journal.open_seq != 0 ? order : list;
}
