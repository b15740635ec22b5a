/* Screen 3: the instruments as a list, as a map, or, where there is room, one under the other. */
#include "tui/panels.h"

#include <string.h>

#define MAP_ROWS_MIN 7

const struct hint *market_hints(const struct ui *ui)
{
    static const struct hint list[HINT_ROOM] = {
        {"K", "KILL"},     {"Space", "pause"}, {"\u2191\u2193", "choose"},
        {"Enter", "show"}, {",", "sort"},      {"D", "turn"},
        {"/", "filter"},   {"e", "map"},       {"[", "] span"},
        {"b", "alert"},    {"y", "copy"},      {"Y", "file"},
        {":", "cmd"},      {"1", "trade"},     {"q", "back"},
        {"?", "keys"}};
    static const struct hint map[HINT_ROOM] = {
        {"K", "KILL"},     {"Space", "pause"}, {"\u2191\u2193", "choose"},
        {"Enter", "show"}, {"/", "filter"},    {"e", "list"},
        {"b", "alert"},    {"1", "trade"},     {":", "cmd"},
        {"q", "back"},     {"?", "keys"}};

    return ui->market.map ? map : list;
}

/* "24 h", or since when the first trade is known where that is less. */
static const char *day_word(const struct ui *ui, char *out, size_t size)
{
    int64_t since_ns = ui_view(ui)->market.since_ns;

    return text_print(out, size, since_ns == VIEW_NONE ? "24 h" : "since %.5s", number_clock(since_ns).text);
}

static void title_draw(struct canvas *canvas, const struct ui *ui, int row, int col)
{
    const struct view_frame *frame = ui_view(ui);
    uint16_t index[INSTRUMENTS_MAX];
    char note[160], word[32];

    text_print(note, sizeof(note), "  %d of %d%s%s%s%s%s", market_rows(ui, index), frame->status.instruments,
               frame->market.since_ns == VIEW_NONE ? "" : ", 24 h: ",
               frame->market.since_ns == VIEW_NONE ? "" : day_word(ui, word, sizeof(word)),
               ui->market.filter[0] != '\0' ? ", /" : "", ui->market.filter,
               ui->market.sort != MARKET_SYMBOL ? ", by " : "");
    if (ui->market.sort != MARKET_SYMBOL)
        text_print(note + strlen(note), sizeof(note) - strlen(note), "%s",
                   market_column_name(ui->market.sort));
    if (ui->frozen)
        text_print(note + strlen(note), sizeof(note) - strlen(note), "  FROZEN %s",
                   number_age(ui->now_ns - ui->frozen_ns).text);
    brush_title(canvas, row, col, true, "market", note);
}

static void map_title(struct canvas *canvas, const struct ui *ui, int row, int col)
{
    char word[32];

    brush_title(canvas, row, col, false, day_word(ui, word, sizeof(word)),
                "  size: value traded, colour: change");
}

void market_screen_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    struct span span = l->framed ? (struct span){1, l->cols - 2} : (struct span){0, l->cols};
    int row = l->title_row + 1, end = l->framed ? l->frame_row : l->next_row, list_rows;
    uint16_t index[INSTRUMENTS_MAX];

    status_panel_draw(canvas, ui);
    if (l->framed)
        canvas_frame(canvas, l->title_row, 0, end - l->title_row + 1, l->cols, STYLE_RULE);
    else
        canvas_rule_across(canvas, l->title_row, 0, l->cols, STYLE_RULE);
    title_draw(canvas, ui, l->title_row, l->framed ? 2 : 1);
    if (ui->market.map) {
        treemap_panel_draw(canvas, ui, span, row, end - row);
        return;
    }
    list_rows = market_rows(ui, index) + 1;
    if (list_rows == 1 || end - row - list_rows < MAP_ROWS_MIN + 1) {
        market_panel_draw(canvas, ui, span, row, end - row);
        return;
    }
    market_panel_draw(canvas, ui, span, row, list_rows);
    canvas_rule_across(canvas, row + list_rows, 0, l->cols, STYLE_RULE);
    map_title(canvas, ui, row + list_rows, l->framed ? 2 : 1);
    treemap_panel_draw(canvas, ui, span, row + list_rows + 1, end - row - list_rows - 1);
}
