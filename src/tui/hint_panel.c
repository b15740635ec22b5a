/*
 * The last row: the keys of this place as chips. Names come from here, keys from the key table's defaults; what
 * does not fit is left out from the end, K and the way to the help never.
 */
#include "core/base/safe_text.h"
#include "tui/dock.h"
#include "tui/palette.h"
#include "tui/panels.h"
#include "tui/ui_help.h"

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
/* The cursor is on an order of ours. */
static const struct hint hints_own_narrow[HINT_ROOM] = {
    {"K", "KILL"},   {"Space", "pause"}, {"\u2191\u2193\u2190\u2192", "aim"},
    {"x", "move"},   {"u", "cancel"},    {"i", "order"},
    {"w", "why"},    {"f", "flat"},      {"a", "arm"},
    {"Tab", "list"}, {"?", ""}};
static const struct hint hints_own_framed[HINT_ROOM] = {{"K", "KILL"},
                                                        {"Space", "pause"},
                                                        {"\u2191\u2193", "price"},
                                                        {"\u2190\u2192", "side"},
                                                        {"x", "move"},
                                                        {"u", "cancel"},
                                                        {"w", "why"},
                                                        {"i", "order"},
                                                        {"Enter", "ticket"},
                                                        {"f", "flatten"},
                                                        {"a", "arm"},
                                                        {"Tab", "list"},
                                                        {":", "cmd"},
                                                        {"?", "keys"}};
static const struct hint hints_own_wide[HINT_ROOM] = {{"K", "KILL"},
                                                      {"Space", "pause"},
                                                      {"\u2191\u2193", "price"},
                                                      {"\u2190\u2192", "side"},
                                                      {"-", "+ size"},
                                                      {"x", "move"},
                                                      {"u", "cancel"},
                                                      {"w", "why"},
                                                      {"i", "limit"},
                                                      {"Enter", "ticket"},
                                                      {"t", "stop"},
                                                      {"U", "all"},
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
    {",", "sort"},    {"D", "turn"},      {"Tab", "list"},
    {"y", "copy"},    {"Y", "file"},      {":", "cmd"},
    {"v", "ladder"},  {"?", "keys"}};
static const struct hint hints_watch[HINT_ROOM] = {
    {"K", "KILL"},     {"Space", "pause"}, {"\u2191\u2193", "choose"},
    {"Enter", "show"}, {"/", "filter"},    {"Tab", "list"},
    {"y", "copy"},     {"Y", "file"},      {":", "cmd"},
    {"v", "ladder"},   {"?", "keys"}};
static const struct hint hints_panel[HINT_ROOM] = {
    {"K", "KILL"},    {"Space", "pause"}, {"\u2191\u2193", "line"},
    {"Tab", "panel"}, {"z", "back"},      {"v", "ladder"},
    {"Enter", "why"}, {":", "cmd"},       {"?", "keys"}};
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
/* Nothing can be sent from here: what there is to look at, and the way to trade on paper. */
static const struct hint hints_look[HINT_ROOM] = {
    {"K", "KILL"},  {"Space", "pause"}, {"s", "paper trading"}, {"\u2191\u2193", "price"},
    {"b", "alert"}, {"e", "view"},      {"Tab", "list"},        {"v", "focus"},
    {"n", "next"},  {":", "cmd"},       {"z", "zoom"},          {"1-8", "screens"},
    {"q", "quit"},  {"?", "keys"}};
static const struct hint hints_ended[HINT_ROOM] = {
    {"K", "KILL"}, {"\u2191\u2193", "price"}, {"e", "view"}, {"Tab", "list"}, {"v", "focus"}, {"n", "next"},
    {":", "cmd"},  {"1-8", "screens"},        {"q", "quit"}, {"?", "keys"}};
static const struct hint hints_list_look[HINT_ROOM] = {
    {"K", "KILL"},    {"Space", "pause"}, {"\u2191\u2193", "choose"},
    {"Enter", "why"}, {"/", "filter"},    {",", "sort"},
    {"D", "turn"},    {"Tab", "list"},    {"y", "copy"},
    {"Y", "file"},    {":", "cmd"},       {"v", "ladder"},
    {"?", "keys"}};
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
    {"K", "KILL"}, {"Space", "pause"}, {"\u2191\u2193", "choose"}, {"Enter", "change"}, {"/", "find"},
    {":", "cmd"},  {"Esc", "close"}};
static const struct hint hints_locked[HINT_ROOM] = {{"K", "KILL"}, {"Space", "pause"}, {"Enter", "unlock"}};
static const struct hint hints_page[HINT_ROOM] = {
    {"K", "KILL"}, {"Space", "pause"}, {":", "cmd"}, {"?", "keys"}, {"Esc", "close"}};

static const struct hint hints_choose[HINT_ROOM] = {
    {"K", "KILL"}, {"Space", "pause"}, {"\u2191\u2193", "choose"}, {"Enter", "take"}, {"Esc", "as it was"}};
static const struct hint hints_help[HINT_ROOM] = {
    {"K", "KILL"}, {"Enter", "next page"}, {"/", "find"}, {"Tab", "commands, glossary"}, {"Esc", "close"}};

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
        return hints_help;
    case OVERLAY_DETAIL:
        return detail_rows(ui) > dock_rows(ui, detail_rows(ui)) ? hints_story : hints_page;
    case OVERLAY_STORY:
        return hints_story;
    case OVERLAY_SETTINGS:
        return hints_settings;
    case OVERLAY_CHOOSE:
        return hints_choose;
    case OVERLAY_NONE:
        break;
    }
    if (ui_screen_of(ui->screen)->hints != NULL)
        return ui_screen_of(ui->screen)->hints(ui);
    if (ui_killed(ui))
        return hints_killed;
    if (ui->moving)
        return hints_move;
    if (ui->focus == FOCUS_PANEL)
        return hints_panel;
    if (ui->config.readonly && ui->focus != FOCUS_LIST)
        return hints_readonly;
    if (ui->focus == FOCUS_LIST)
        return ui->list.tab == TAB_WATCH ? hints_watch : ui_only_looks(ui) ? hints_list_look : hints_list;
    if (ui_only_looks(ui))
        return ui->frame->status.replay_ended ? hints_ended : hints_look;
    if (order_here(ui) != NULL)
        return ui->layout.roomy ? hints_own_wide : ui->layout.framed ? hints_own_framed : hints_own_narrow;
    return ui->layout.roomy ? hints_wide : ui->layout.framed ? hints_framed : hints_narrow;
}

struct chip {
    char key[UI_CHIP_SIZE], label[UI_CHIP_SIZE];
    int cols;
};

static bool in_replay(const struct ui *ui)
{
    return ui->frame != NULL && ui->frame->status.replay;
}

/* What the keys of the chips do, of those that a state may refuse. Elsewhere the same key may mean another thing: by label. */
static enum key_action action_of(const struct hint *hint)
{
    static const struct {
        const char *key, *label;
        enum key_action action;
    } known[] = {
        {"Space", "pause", ACT_PAUSE},   {"i", "order", ACT_LIMIT},    {"i", "limit", ACT_LIMIT},
        {"Enter", "ticket", ACT_TICKET}, {"t", "stop", ACT_STOP},      {"x", "move", ACT_PICK},
        {"u", "cancel", ACT_CANCEL},     {"U", "all", ACT_CANCEL_ALL}, {"f", "flatten", ACT_FLATTEN},
        {"f", "flat", ACT_FLATTEN},      {"a", "arm", ACT_ARM},        {"n", "next", ACT_INSTRUMENT_NEXT},
        {"y", "copy", ACT_COPY},         {"V", "reload", ACT_RELOAD},  {"Enter", "on/off", ACT_TOGGLE},
        {"Enter", "edit", ACT_TOGGLE}};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(known[i].key, hint->key) == 0 && strcmp(known[i].label, hint->label) == 0)
            return known[i].action;
    return ACT_NONE;
}

/* A book that is not LIVE is no reason: it comes back in a moment, and the chips would jump. */
static bool works_now(const struct ui *ui, const struct hint *hint)
{
    enum key_action action = action_of(hint);
    const char *word = action == ACT_NONE ? NULL : ui_refused_word(ui, action);

    return word == NULL || ui_waits_for_book(ui, word);
}

/* What a key that goes to and fro would do now. */
static const char *label_now(const struct ui *ui, const struct hint *hint)
{
    if (strcmp(hint->label, "quit") == 0 && ui->config.attached)
        return "leave";
    if (strcmp(hint->label, "KILL") == 0 && ui_killed(ui))
        return "report"; /* it is killed already: the key shows what is known of it */
    if (strcmp(hint->label, "KILL") == 0 && ui->config.readonly)
        return "KILL, asks";
    if (strcmp(hint->label, "arm") == 0 && ui->armed)
        return "disarm";
    if (strcmp(hint->label, "pause") == 0 && !ui_killed(ui))
        return ui->frame != NULL ? ui_pause_word(ui) : hint->label;
    if (strcmp(hint->label, "run") == 0 && palette_chosen(ui) != NULL &&
        palette_only_types(ui, palette_chosen(ui)))
        return "type";
    if (strcmp(hint->key, "v") == 0 && ui->zoom == ZOOM_LIST) /* the next of what is enlarged */
        return "panels";
    return hint->label;
}

/* A key that could only answer that there is nothing to do. */
static bool is_idle(const struct ui *ui, const struct hint *hint)
{
    char text[VIEW_TEXT_MAX];

    if (strcmp(hint->key, "n") == 0)
        return ui_refused_word(ui, ACT_INSTRUMENT_NEXT) != NULL;
    if (strcmp(hint->key, "b") == 0)
        return ui->screen == SCREEN_CHART && !ui->chart.cross; /* at which price? */
    if (strcmp(hint->label, "turn") == 0)                      /* nothing is sorted */
        return ui->screen == SCREEN_MARKET ? ui->market.sort == MARKET_SYMBOL : list_sort_word(ui) == NULL;
    if (strcmp(hint->label, "reload") == 0) /* what is built in comes with the program */
        return strategies_detail(ui) != NULL && !strategies_detail(ui)->plugin;
    if (strcmp(hint->label, "pause") == 0)
        return ui_barred(ui, text, sizeof(text)) != NULL || (in_replay(ui) && ui->frame->status.replay_ended);
    return strcmp(hint->key, "s") == 0 && ui_refused_word(ui, ACT_SIMULATION) != NULL;
}

/* As its user's keyboard and settings have it. "-", "+ size": the second key begins the label and stands in the chip. */
static struct chip chip_of(const struct ui *ui, const struct hint *hint)
{
    struct chip chip;
    const char *label = label_now(ui, hint), *rest = label;
    char second[UI_CHIP_SIZE] = "";

    if (rest[0] != '\0' && rest[1] == ' ' && strchr("+]", rest[0]) != NULL) {
        text_print(second, sizeof(second), "%c", rest[0]);
        rest++;
    }
    ui_chip(ui, hint->key, chip.key);
    text_print(chip.label, sizeof(chip.label), "%s", label);
    if (second[0] != '\0') {
        char first[UI_CHIP_SIZE], shown[UI_CHIP_SIZE];

        memcpy(first, chip.key, sizeof(first));
        text_print(chip.key, sizeof(chip.key), "%.16s %.16s", first, ui_chip(ui, second, shown));
        text_print(chip.label, sizeof(chip.label), "%s", rest + 1);
    }
    chip.cols =
        chip.key[0] == '\0' ? 0 : (int)(safe_text_columns(chip.key) + safe_text_columns(chip.label)) + 3;
    return chip;
}

/* In place of a key that does nothing: of the order key what changes that, of the way out the way to where there is one. */
static const struct hint *instead_of(const struct ui *ui, const struct hint *hint)
{
    static const struct hint paper = {"s", "paper trading"}, next = {"n", "next"};
    const char *other;

    if (works_now(ui, hint))
        return hint;
    if (action_of(hint) == ACT_FLATTEN && ui_killed(ui) &&
        ui_other_position(ui->frame, ui->instrument_id, &other) > 0)
        return &next;
    return action_of(hint) == ACT_LIMIT && ui_refused_word(ui, ACT_SIMULATION) == NULL ? &paper : NULL;
}

/* Where the picture is held, the key that lets it go stands behind what stops trading. */
static bool thaws_before(const struct ui *ui, const struct hint *hint)
{
    return ui->frozen && ui->overlay == OVERLAY_NONE && !ui->locked && strcmp(hint->label, "KILL") != 0 &&
           strcmp(hint->label, "pause") != 0;
}

/* Skips what the present state refuses; then from the end, but not the last one (the help), until the rest fits. */
void hint_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    static const struct hint thaw = {"Z", "thaw"};
    const struct hint *hint = hints_of(ui);
    struct chip chip[HINT_ROOM + 1];
    int count = 0, cols = 0, col = 0;
    bool thawed = false;

    for (int i = 0; i < HINT_ROOM && hint[i].key != NULL; i++) {
        const struct hint *shown = instead_of(ui, &hint[i]);

        if (!thawed && thaws_before(ui, &hint[i])) {
            thawed = true;
            chip[count] = chip_of(ui, &thaw);
            cols += chip[count++].cols;
        }
        if (shown == NULL || is_idle(ui, shown))
            continue;
        chip[count] = chip_of(ui, shown);
        cols += chip[count++].cols;
    }
    for (int i = count - 2; i > 0 && cols - 1 > canvas->cols; i--) {
        cols -= chip[i].cols;
        chip[i].cols = 0;
    }
    for (int i = 0; i < count; i++) {
        if (chip[i].cols > 0) /* else left out, or its user took the key away */
            col = hint_draw(canvas, ui->layout.hint_row, col, chip[i].key, chip[i].label) + 1;
    }
}
