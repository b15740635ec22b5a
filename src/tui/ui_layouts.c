/*
 * Arrangements under a name: what is shown where, taken in one word and kept in the configuration. And the words for the
 * parts of one: a panel off, a panel enlarged, the instrument of the second ladder.
 */
#include "core/base/decimal.h"
#include "tui/ui_state.h"

#include <string.h>

static const char *const panel_name[SIDE_PANELS] = {"position", "flow",   "events",
                                                    "risk",     "alerts", "account"};

void zoom_set(struct ui *ui, enum layout_zoom zoom)
{
    bool panel = layout_zooms_panel(zoom);

    if (zoom != ui->zoom)
        ui->zoom_line = 0;
    ui->zoom = zoom;
    if (panel || ui->focus == FOCUS_PANEL)
        ui->focus = panel ? FOCUS_PANEL : FOCUS_LADDER;
    ui_relayout(ui);
    if (zoom != ZOOM_CHART)
        ui->ladder.top_ticks = 0; /* centred in its new rows */
}

/* A part of Trade by its name; the prompt lets no other one through. */
static enum layout_zoom zoom_named(const char *name)
{
    static const char *const word[LAYOUT_ZOOMS] = {
        [ZOOM_LIST] = "list", [ZOOM_POSITION] = "position", [ZOOM_FLOW] = "flow", [ZOOM_RISK] = "risk"};

    for (int i = 0; i < LAYOUT_ZOOMS; i++)
        if (word[i] != NULL && strcmp(word[i], name) == 0)
            return (enum layout_zoom)i;
    return ZOOM_LADDER;
}

void zoom_run(struct ui *ui, const char *args)
{
    if (strcmp(args, "off") == 0) {
        zoom_set(ui, ZOOM_NONE);
    } else if (strcmp(args, "chart") == 0) {
        ui_screen_show(ui, SCREEN_CHART);
        zoom_set(ui, ZOOM_CHART);
    } else {
        enum layout_zoom zoom = zoom_named(args);

        if (ui->screen != SCREEN_TRADE)
            ui_screen_show(ui, SCREEN_TRADE);
        ui->focus = zoom == ZOOM_LIST ? FOCUS_LIST : FOCUS_LADDER;
        zoom_set(ui, zoom);
    }
}

void panel_run(struct ui *ui, const char *args)
{
    char name[UI_FIELD_MAX];
    size_t size = strcspn(args, " ");
    const char *word = args + size + strspn(args + size, " ");
    bool off = strcmp(word, "off") == 0;

    text_print(name, sizeof(name), "%.*s", (int)size, args);
    for (int i = 0; i < SIDE_PANELS; i++) {
        bool stays = i == SIDE_POSITION || i == SIDE_RISK;

        if (strcmp(panel_name[i], name) != 0 || stays || (!off && strcmp(word, "on") != 0))
            continue;
        ui->hidden = (uint8_t)(off ? ui->hidden | 1u << i : ui->hidden & ~(1u << i));
        ui_relayout(ui);
        if (!off && ui->screen == SCREEN_TRADE && ui->layout.panel[i].title_row < 0)
            ui_say(ui, 2, "PANEL", "%s on, but this terminal has no room for it", name);
        else
            ui_say(ui, 0, "PANEL", "%s %s", name, word);
        return;
    }
    ui_say(ui, 1, "", ":panel flow|events|alerts|account on|off");
}

void second_run(struct ui *ui, const char *args)
{
    int at = ui_instrument_named(ui, args);

    if (at < 0)
        ui_say(ui, 1, "", "no instrument of this session is called `%s`; :second SYMBOL", args);
    else if (at == ui->instrument_id)
        ui_say(ui, 1, "", "%s is in the first ladder", ui->frame->status.instrument[at].symbol);
    else {
        ui->second_id = (uint16_t)at;
        ui->second_bar_lots = 0;
        ui_say(ui, 0, "SECOND",
               ui->layout.wide ? "%s; " KEY("v") " moves there" : "%s, as soon as there are 161 columns",
               ui->frame->status.instrument[at].symbol);
    }
}

/* --- layouts ------------------------------------------------------------------------------------------------------ */

static const struct saved_layout *layout_named(const struct ui *ui, const char *name)
{
    for (int i = 0; i < ui->layouts_count; i++)
        if (strcmp(ui->layouts[i].name, name) == 0)
            return &ui->layouts[i];
    return NULL;
}

void layouts_init(struct ui *ui, const char *list, const char *start)
{
    char why[SAVED_LAYOUT_WHY];
    int count = list == NULL ? 0 : saved_layouts_parse(list, ui->layouts, why);

    ui->layouts_count = (uint8_t)(count > 0 ? count : 0); /* the configuration was checked when it was read */
    text_print(ui->layout_name, sizeof(ui->layout_name), "%s", start == NULL ? "" : start);
}

/* A price step in ticks of the instrument that is to be shown; 0: the engine's choice. */
static int64_t row_ticks_of(const struct ui *ui, const struct saved_layout *saved)
{
    int at = ui_instrument_named(ui, saved->symbol);
    int64_t tick = (at >= 0 ? &ui->frame->status.instrument[at].scale : ui_scale(ui))->tick_e8;

    return tick > 0 && saved->row_e8 % tick == 0 ? saved->row_e8 / tick : 0;
}

static void apply_ladder(struct ui *ui, const struct saved_layout *saved)
{
    ui->show = (enum ladder_show)saved->view;
    ui->ladder.row_ticks = row_ticks_of(ui, saved);
    if (ui->instrument_id < INSTRUMENTS_MAX)
        ui->row_ticks_of[ui->instrument_id] = ui->ladder.row_ticks;
}

static void apply_instruments(struct ui *ui, const struct saved_layout *saved, const char **missing)
{
    int at = ui_instrument_named(ui, saved->symbol), second = ui_instrument_named(ui, saved->second);

    if (saved->symbol[0] != '\0' && at < 0)
        *missing = saved->symbol;
    if (saved->second[0] != '\0' && second < 0)
        *missing = saved->second;
    if (at >= 0 && at != ui->instrument_id)
        ui_instrument_show(ui, (uint16_t)at);
    if (second >= 0 && second != ui->instrument_id)
        ui->second_id = (uint16_t)second;
}

void layout_apply(struct ui *ui, const struct saved_layout *saved)
{
    const char *missing = NULL;

    ui_screen_show(ui, (enum screen_id)saved->screen);
    apply_instruments(ui, saved, &missing);
    apply_ladder(ui, saved);
    ui->hidden = saved->hidden;
    ui->list = (struct ui_list){.tab = (enum list_tab)saved->tab};
    ui->focus = saved->zoom == ZOOM_LIST ? FOCUS_LIST : FOCUS_LADDER;
    zoom_set(ui, (enum layout_zoom)saved->zoom);
    if (missing != NULL)
        ui_say(ui, 2, "LAYOUT", "%s, but %s is not in this session", saved->name, missing);
    else if (saved->row_e8 > 0 && row_ticks_of(ui, saved) == 0)
        ui_say(ui, 2, "LAYOUT", "%s, but row=%s is no step of this instrument's tick", saved->name,
               number_trim(saved->row_e8, DECIMAL_E8_DIGITS).text);
    else
        ui_say(ui, 0, "LAYOUT", "%s", saved->name);
}

void layouts_on_frame(struct ui *ui)
{
    const struct saved_layout *saved;

    if (ui->layout_name[0] == '\0' || ui->frame->status.instruments == 0 || ui->layout.rows == 0)
        return;
    saved = layout_named(ui, ui->layout_name);
    ui->layout_name[0] = '\0';
    if (saved != NULL)
        layout_apply(ui, saved);
}

/* All of them as the setting; false: said why not. */
static bool keep(struct ui *ui, const char *done, const char *name)
{
    char list[SAVED_LAYOUTS_MAX * SAVED_LAYOUT_TEXT] = "", why[VIEW_TEXT_MAX] = "";
    size_t used = 0;

    for (int i = 0; i < ui->layouts_count; i++) {
        char text[SAVED_LAYOUT_TEXT];

        text_print(list + used, sizeof(list) - used, "%s%s", i > 0 ? "," : "",
                   saved_layout_print(&ui->layouts[i], text));
        used = strlen(list);
    }
    if (ui->host.set != NULL && !ui->host.set(ui->host.arg, "layout.saved", list, why, sizeof(why))) {
        ui_say(ui, 1, "NOT KEPT", "%s", why);
        return false;
    }
    ui_say(ui, 0, "LAYOUT", "%s %s %s", done, name,
           ui->host.write != NULL ? "(:write keeps it)" : "until this run ends");
    return true;
}

static struct saved_layout layout_now(const struct ui *ui, const char *name)
{
    struct saved_layout saved = {.screen = (uint8_t)ui->screen,
                                 .view = (uint8_t)ui->show,
                                 .tab = (uint8_t)ui->list.tab,
                                 .zoom = (uint8_t)ui->zoom,
                                 .hidden = ui->hidden};
    int64_t row = ui->ladder.row_ticks;

    text_print(saved.name, sizeof(saved.name), "%s", name);
    saved.row_e8 = row > 0 ? number_price_e8(ui_scale(ui), row) : 0;
    if (ui->frame != NULL && ui->frame->status.instruments > 1) {
        const struct view_status *status = &ui->frame->status;

        if (ui->instrument_id < status->instruments)
            text_print(saved.symbol, sizeof(saved.symbol), "%s",
                       status->instrument[ui->instrument_id].symbol);
        if (ui->second_id < status->instruments && ui->second_id != ui->instrument_id)
            text_print(saved.second, sizeof(saved.second), "%s", status->instrument[ui->second_id].symbol);
    }
    return saved;
}

static void save(struct ui *ui, const char *name)
{
    const struct saved_layout *old = layout_named(ui, name);
    struct saved_layout before[SAVED_LAYOUTS_MAX];
    uint8_t count = ui->layouts_count;
    int at = old != NULL ? (int)(old - ui->layouts) : count;

    if (!saved_layout_name_ok(name)) {
        ui_say(ui, 1, "", ":layout save NAME: at most %d letters, digits, - and _", SAVED_LAYOUT_NAME - 1);
        return;
    }
    if (at == SAVED_LAYOUTS_MAX) {
        ui_say(ui, 1, "NOT KEPT", "there are %d already; :layout drop NAME", SAVED_LAYOUTS_MAX);
        return;
    }
    memcpy(before, ui->layouts, sizeof(before));
    ui->layouts[at] = layout_now(ui, name);
    ui->layouts_count = (uint8_t)(at == count ? count + 1 : count);
    if (!keep(ui, old != NULL ? "saved again" : "saved", name)) {
        memcpy(ui->layouts, before, sizeof(before));
        ui->layouts_count = count;
    }
}

/* "no layout `x`; there are big, morning" */
static void say_none(struct ui *ui, const char *name)
{
    char names[VIEW_TEXT_MAX] = "";

    for (int i = 0; i < ui->layouts_count; i++) {
        size_t used = strlen(names);

        text_print(names + used, sizeof(names) - used, "%s%s", i > 0 ? ", " : "", ui->layouts[i].name);
    }
    if (ui->layouts_count == 0)
        ui_say(ui, 1, "", "no layout `%s`: none is saved; :layout save NAME keeps what is shown", name);
    else
        ui_say(ui, 1, "", "no layout `%s`; there are %s", name, names);
}

static void drop(struct ui *ui, const char *name)
{
    const struct saved_layout *old = layout_named(ui, name);
    struct saved_layout before[SAVED_LAYOUTS_MAX];
    uint8_t count = ui->layouts_count;
    int at = old == NULL ? -1 : (int)(old - ui->layouts);

    if (at < 0) {
        say_none(ui, name);
        return;
    }
    memcpy(before, ui->layouts, sizeof(before));
    memmove(&ui->layouts[at], &ui->layouts[at + 1],
            (size_t)(ui->layouts_count - at - 1) * sizeof(ui->layouts[0]));
    ui->layouts_count--;
    if (!keep(ui, "dropped", name)) {
        memcpy(ui->layouts, before, sizeof(before));
        ui->layouts_count = count;
    }
}

static void open_list(struct ui *ui)
{
    struct ui_choose *choose = &ui->choose;

    if (ui->layouts_count == 0) {
        ui_say(ui, 1, "", "no layout is saved; :layout save NAME keeps what is shown now");
        return;
    }
    memset(choose, 0, sizeof(*choose));
    choose->kind = CHOOSE_LAYOUT;
    choose->count = ui->layouts_count;
    for (int i = 0; i < ui->layouts_count; i++)
        text_print(choose->name[i], UI_CHOICE_SIZE, "%s", ui->layouts[i].name);
    ui->overlay = OVERLAY_CHOOSE;
}

void layouts_run(struct ui *ui, const char *args)
{
    const struct saved_layout *saved = layout_named(ui, args);

    if (args[0] == '\0' && script_runs(ui))
        ui_say(ui, 1, "LAYOUT", "alone it opens a list; in a file: :layout NAME, save NAME or drop NAME");
    else if (args[0] == '\0')
        open_list(ui);
    else if (strcmp(args, "save") == 0 || strcmp(args, "drop") == 0)
        ui_say(ui, 1, "", "which? :layout %s NAME", args);
    else if (strncmp(args, "save ", 5) == 0)
        save(ui, args + 5 + strspn(args + 5, " "));
    else if (strncmp(args, "drop ", 5) == 0)
        drop(ui, args + 5 + strspn(args + 5, " "));
    else if (saved != NULL)
        layout_apply(ui, saved);
    else
        say_none(ui, args);
}
