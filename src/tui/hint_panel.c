/*
 * The last row: the keys of this place as chips. Names come from here, keys from the key table's defaults; what
 * does not fit is left out from the end, K and the way to the help never.
 */
#include "core/base/safe_text.h"
#include "tui/panels.h"

#include <string.h>

int hint_draw(struct canvas *canvas, int row, int col, const char *key, const char *label)
{
    struct brush pen = brush_at(canvas, row, col);

    brush_printf(&pen, style_bold(style_role(ROLE_KEY_CHIP)), " %s ", key);
    brush_text(&pen, style_role(ROLE_KEY_LABEL), label);
    return pen.col;
}

static const struct hint hints_narrow[HINT_ROOM] = {
    {"K", "KILL"},  {"Space", "pause"}, {"\u2191\u2193\u2190\u2192", "aim"},
    {"i", "order"}, {"u", "cancel"},    {"f", "flat"},
    {"a", "arm"},   {"Tab", "list"},    {"?", ""}};
static const struct hint hints_framed[HINT_ROOM] = {{"K", "KILL"},
                                                    {"Space", "pause"},
                                                    {"\u2191\u2193", "price"},
                                                    {"\u2190\u2192", "side"},
                                                    {"i", "order"},
                                                    {"Enter", "ticket"},
                                                    {"u", "cancel"},
                                                    {"f", "flatten"},
                                                    {"a", "arm"},
                                                    {"Tab", "list"},
                                                    {":", "cmd"},
                                                    {"?", "keys"}};
static const struct hint hints_wide[HINT_ROOM] = {{"K", "KILL"},
                                                  {"Space", "pause"},
                                                  {"\u2191\u2193", "price"},
                                                  {"\u2190\u2192", "side"},
                                                  {"-", "+ size"},
                                                  {"i", "limit"},
                                                  {"Enter", "ticket"},
                                                  {"t", "stop"},
                                                  {"u", "cancel"},
                                                  {"U", "all"},
                                                  {"x", "move"},
                                                  {"f", "flatten"},
                                                  {"a", "arm"},
                                                  {"n", "next"},
                                                  {"Tab", "list"},
                                                  {":", "cmd"},
                                                  {"?", "keys"},
                                                  {"q", "quit"}};
static const struct hint hints_list[HINT_ROOM] = {
    {"K", "KILL"},    {"Space", "pause"}, {"\u2191\u2193", "choose"},
    {"Enter", "why"}, {"u", "cancel"},    {"/", "filter"},
    {",", "sort"},    {"y", "copy"},      {"Tab", "list"},
    {"v", "ladder"},  {":", "cmd"},       {"?", "keys"}};
static const struct hint hints_watch[HINT_ROOM] = {
    {"K", "KILL"},     {"Space", "pause"}, {"\u2191\u2193", "choose"},
    {"Enter", "show"}, {"/", "filter"},    {"y", "copy"},
    {"Tab", "list"},   {"v", "ladder"},    {":", "cmd"},
    {"?", "keys"}};
static const struct hint hints_ask[HINT_ROOM] = {
    {"K", "KILL"}, {"Space", "pause"}, {"y", "yes"}, {"Esc", "no"}, {"Tab", "focus"}};
static const struct hint hints_leave[HINT_ROOM] = {
    {"K", "KILL"}, {"Space", "pause"}, {"d", "detach"}, {"x", "stop"}, {"Esc", "stay"}};
static const struct hint hints_leave_only[HINT_ROOM] = {/* nobody to leave it to */
                                                        {"K", "KILL"},
                                                        {"Space", "pause"},
                                                        {"x", "stop"},
                                                        {"Esc", "stay"}};
static const struct hint hints_readonly[HINT_ROOM] = {{"K", "KILL, asks"}, {"1-8", "screens"}, {"n", "next"},
                                                      {"Tab", "list"},     {"v", "focus"},     {":", "cmd"},
                                                      {"?", "keys"},       {"q", "quit"}};
static const struct hint hints_command[HINT_ROOM] = {{"Enter", "run"},           {"Tab", "complete"},
                                                     {"\u2191\u2193", "choose"}, {"Ctrl-R", "typed before"},
                                                     {"Esc", "leave"},           {"Esc K", "KILL"}};
static const struct hint hints_text[HINT_ROOM] = {{"Enter", "done"}, {"Esc", "leave"}, {"Esc K", "KILL"}};
static const struct hint hints_ticket[HINT_ROOM] = {
    {"K", "KILL"},   {"Tab", "field"}, {"\u2190\u2192", "change"},
    {"0-9", "type"}, {"y", "send"},    {"Esc", "leave"}};
static const struct hint hints_move[HINT_ROOM] = {
    {"K", "KILL"}, {"Space", "pause"}, {"\u2191\u2193", "price"},
    {"p", "put"},  {"Esc", "drop"},    {"?", "keys"}};
static const struct hint hints_killed[HINT_ROOM] = {{"f", "flatten"}, {"Tab", "list"}, {"1-8", "screens"},
                                                    {"y", "copy"},    {":", "cmd"},    {"?", "keys"},
                                                    {"q", "leave"}};
static const struct hint hints_story[HINT_ROOM] = {
    {"K", "KILL"}, {"Space", "pause"}, {"\u2191\u2193", "scroll"}, {"?", "keys"}, {"Esc", "close"}};
static const struct hint hints_settings[HINT_ROOM] = {
    {"K", "KILL"},       {"Space", "pause"}, {"\u2191\u2193", "choose"},
    {"Enter", "change"}, {":", "cmd"},       {"Esc", "close"}};
static const struct hint hints_locked[HINT_ROOM] = {{"K", "KILL"}, {"Space", "pause"}, {"Enter", "unlock"}};
static const struct hint hints_page[HINT_ROOM] = {{"K", "KILL"}, {"\u2191\u2193", "page"}, {"Esc", "close"}};

static const struct hint hints_edit[HINT_ROOM] = {
    {"Enter", "set"}, {"Tab", "next word"}, {"Esc", "leave"}, {"Esc K", "KILL"}};

static const struct hint *hints_of(const struct ui *ui)
{
    if (ui->locked)
        return hints_locked;
    switch (ui->overlay) {
    case OVERLAY_QUESTION:
        return ui->question.kind != ASK_QUIT ? hints_ask
               : ui->host.detach != NULL     ? hints_leave
                                             : hints_leave_only;
    case OVERLAY_TEXT:
        return ui->text.kind == TEXT_PARAMETER ? hints_edit
               : ui->text.kind == TEXT_COMMAND ? hints_command
                                               : hints_text;
    case OVERLAY_TICKET:
        return hints_ticket;
    case OVERLAY_HELP:
    case OVERLAY_DETAIL:
        return hints_page;
    case OVERLAY_STORY:
        return hints_story;
    case OVERLAY_SETTINGS:
        return hints_settings;
    case OVERLAY_NONE:
        break;
    }
    if (ui_screen_of(ui->screen)->hints != NULL)
        return ui_screen_of(ui->screen)->hints(ui);
    if (ui_killed(ui))
        return hints_killed;
    if (ui->moving)
        return hints_move;
    if (ui->config.readonly && ui->focus != FOCUS_LIST)
        return hints_readonly;
    if (ui->focus == FOCUS_LIST)
        return ui->list.tab == TAB_WATCH ? hints_watch : hints_list;
    return ui->layout.wide ? hints_wide : ui->layout.framed ? hints_framed : hints_narrow;
}

static int hint_cols(const struct hint *hint)
{
    return (int)(safe_text_columns(hint->key) + safe_text_columns(hint->label)) + 3;
}

/* Skips from the end, but not the last one (the help), until the rest fits. */
void hint_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct hint *hint = hints_of(ui);
    bool skip[HINT_ROOM] = {false};
    int count = 0, cols = 0, col = 0;

    while (count < HINT_ROOM && hint[count].key != NULL)
        cols += hint_cols(&hint[count++]);
    for (int i = count - 2; i > 0 && cols - 1 > canvas->cols; i--) {
        skip[i] = true;
        cols -= hint_cols(&hint[i]);
    }
    for (int i = 0; i < count; i++) {
        bool away = ui->config.attached && strcmp(hint[i].label == NULL ? "" : hint[i].label, "quit") == 0;

        if (!skip[i])
            col =
                hint_draw(canvas, ui->layout.hint_row, col, hint[i].key, away ? "leave" : hint[i].label) + 1;
    }
}
