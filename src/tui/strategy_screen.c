/*
 * Screen 4: the strategies at the left, the chosen one at the right, or every signal. Narrow in three pages, of which
 * Tab shows the next one: the list, the chosen strategy with its parameters, the signals.
 */
#include "tui/key_title.h"
#include "tui/panels.h"

#define LIST_COLS       46
#define DETAIL_ROWS_MIN 5

static void list_title(struct canvas *canvas, const struct ui *ui, int row, int col)
{
    const struct view_frame *frame = ui_view(ui);
    int on = 0, all = 0, disabled = 0;
    char note[96], stopped[24] = "", frozen[40] = "";

    if (ui->frozen)
        text_print(frozen, sizeof(frozen), "  FROZEN %s", number_age(ui->now_ns - ui->frozen_ns).text);
    for (int i = 0; i < frame->strategies && i < VIEW_STRATEGIES_MAX; i++) {
        all += frame->strategy[i].owner != OWNER_MANUAL;
        on +=
            frame->strategy[i].on && !frame->strategy[i].disabled && frame->strategy[i].owner != OWNER_MANUAL;
        disabled += frame->strategy[i].disabled;
    }
    if (disabled > 0)
        text_print(stopped, sizeof(stopped), ", %d DISABLED", disabled);
    text_print(note, sizeof(note), "  %d of %d on%s%s%s", on, all, stopped,
               ui->layout.framed ? "" : "; " KEY("Tab") " all of the chosen one", frozen);
    key_title(canvas, ui, row, col, ui->strategies.focus == STRATEGIES_LIST, "strategies", note);
}

static void detail_title(struct canvas *canvas, const struct ui *ui, int row, int col)
{
    const struct view_strategy *chosen = strategies_chosen(ui);
    const struct view_strategy_detail *detail = strategies_detail(ui);
    enum strategies_focus focus = ui->strategies.focus;
    char note[96] = "";

    if (chosen == NULL)
        return;
    text_print(note, sizeof(note), " %s  %s%s", detail != NULL ? detail->version : "",
               strategy_state_word(chosen),
               ui->layout.framed || focus == STRATEGIES_LIST ? ""
               : focus == STRATEGIES_PARAMETERS              ? "; " KEY("Tab") " shows the signals"
                                                             : "; " KEY("Tab") " shows the list");
    key_title(canvas, ui, row, col, focus != STRATEGIES_LIST, chosen->name, note);
}

static void narrow_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    struct span span = {0, l->cols};
    int row = l->title_row + 1, rows = l->next_row - row, list_rows;
    int strategies = ui_view(ui)->strategies,
        count = strategies < VIEW_STRATEGIES_MAX ? strategies : VIEW_STRATEGIES_MAX;

    canvas_rule_across(canvas, l->title_row, 0, l->cols, STYLE_RULE);
    if (ui->strategies.focus != STRATEGIES_LIST) {
        detail_title(canvas, ui, l->title_row, 1);
        strategy_detail_panel_draw(canvas, ui, span, row, rows);
        return;
    }
    list_title(canvas, ui, l->title_row, 1);
    list_rows = count + 2 + DETAIL_ROWS_MIN < rows ? count + 2 : rows; /* the rest tells of the chosen one */
    strategies_panel_draw(canvas, ui, span, row, list_rows);
    if (list_rows == rows)
        return;
    canvas_rule_across(canvas, row + list_rows, 0, l->cols, STYLE_RULE);
    detail_title(canvas, ui, row + list_rows, 1);
    strategy_detail_panel_draw(canvas, ui, span, row + list_rows + 1, rows - list_rows - 1);
}

static void framed_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    int down = l->frame_row - l->title_row + 1, row = l->title_row + 1, rows = l->frame_row - row;
    struct span list = {1, LIST_COLS}, detail = {LIST_COLS + 2, l->cols - LIST_COLS - 3};

    canvas_frame(canvas, l->title_row, 0, down, l->cols, STYLE_RULE);
    canvas_rule_down(canvas, l->title_row, LIST_COLS + 1, down, STYLE_RULE);
    list_title(canvas, ui, l->title_row, 2);
    strategies_panel_draw(canvas, ui, list, row, rows);
    detail_title(canvas, ui, l->title_row, detail.at + 1);
    strategy_detail_panel_draw(canvas, ui, detail, row, rows);
}

void strategy_screen_draw(struct canvas *canvas, const struct ui *ui)
{
    status_panel_draw(canvas, ui);
    if (ui->layout.framed)
        framed_draw(canvas, ui);
    else
        narrow_draw(canvas, ui);
}

static const struct hint hints_strategy[HINT_ROOM] = {
    {"K", "KILL"},       {"Space", "pause"},    {"\u2191\u2193", "choose"},
    {"Enter", "on/off"}, {"Tab", "parameters"}, {"V", "reload"},
    {"1", "trade"},      {":", "cmd"},          {"?", "keys"},
    {"q", "back"}};
static const struct hint hints_parameter[HINT_ROOM] = {
    {"K", "KILL"},     {"Space", "pause"}, {"\u2191\u2193", "choose"},
    {"Enter", "edit"}, {"Tab", "signals"}, {"V", "reload"},
    {"1", "trade"},    {":", "cmd"},       {"?", "keys"},
    {"q", "back"}};
static const struct hint hints_signals[HINT_ROOM] = {
    {"K", "KILL"},         {"Space", "pause"}, {"\u2191\u2193", "the rest"},
    {"Tab", "strategies"}, {"1", "trade"},     {":", "cmd"},
    {"?", "keys"},         {"q", "back"}};

const struct hint *strategy_hints(const struct ui *ui)
{
    return ui->strategies.focus == STRATEGIES_PARAMETERS ? hints_parameter
           : ui->strategies.focus == STRATEGIES_SIGNALS  ? hints_signals
                                                         : hints_strategy;
}
