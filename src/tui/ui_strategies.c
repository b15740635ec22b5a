/* Screen 4: which strategy is chosen, turning it on and off, a plug-in's new version, what they hold together. */
#include "tui/ui_state.h"

#include <string.h>

static bool is_strategy(const struct view_strategy *strategy)
{
    return strategy->owner != OWNER_MANUAL;
}

const struct view_strategy *strategies_chosen(const struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_strategy *first = NULL;

    for (int i = 0; frame != NULL && i < frame->strategies && i < VIEW_STRATEGIES_MAX; i++) {
        const struct view_strategy *at = &frame->strategy[i];

        if (is_strategy(at) && at->owner == ui->strategies.owner)
            return at;
        if (is_strategy(at) && first == NULL)
            first = at;
    }
    return first;
}

uint16_t strategies_owner(const struct ui *ui)
{
    const struct view_strategy *chosen = strategies_chosen(ui);

    return chosen != NULL ? chosen->owner : OWNER_MANUAL;
}

const struct view_strategy_detail *strategies_detail(const struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);
    uint16_t owner = strategies_owner(ui);

    return frame != NULL && owner != OWNER_MANUAL && frame->strategy_detail.owner == owner
               ? &frame->strategy_detail
               : NULL;
}

const char *strategy_state_word(const struct view_strategy *strategy)
{
    return strategy->disabled                 ? "DISABLED"
           : strategy->on && strategy->paused ? "PAUSED"
           : strategy->on                     ? "ON"
                                              : "off";
}

const struct view_strategy *strategy_named(const struct view_frame *frame, const char *name, size_t size)
{
    for (int i = 0; frame != NULL && i < frame->strategies && i < VIEW_STRATEGIES_MAX; i++) {
        const struct view_strategy *at = &frame->strategy[i];

        if (is_strategy(at) && strlen(at->name) == size && strncmp(at->name, name, size) == 0)
            return at;
    }
    return NULL;
}

/* --- what they hold together ------------------------------------------------------------------------------- */

static struct number_text signed_qty(const struct view_scale *scale, int64_t lots)
{
    return number_fixed(number_qty_e8(scale, lots), 8, scale->qty_decimals, true);
}

void strategies_net_text(const struct ui *ui, char *out, size_t size)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_instrument *at = ui_instrument(ui);
    int64_t net = 0;
    size_t used;
    int parts = 0;

    out[0] = '\0';
    if (frame == NULL || at == NULL)
        return;
    for (int i = 0; i < frame->strategies && i < VIEW_STRATEGIES_MAX; i++)
        if (__builtin_add_overflow(net, frame->strategy[i].position_lots, &net))
            return;
    used = strlen(text_print(out, size, "%s position %s", at->symbol, signed_qty(&at->scale, net).text));
    for (int i = 0; i < frame->strategies && i < VIEW_STRATEGIES_MAX && used < size; i++) {
        const struct view_strategy *part = &frame->strategy[i];

        if (part->position_lots == 0)
            continue;
        used += strlen(text_print(out + used, size - used, "%s%s %s", parts++ == 0 ? " = " : ", ", part->name,
                                  signed_qty(&at->scale, part->position_lots).text));
    }
}

/* --- on, off, a new version -------------------------------------------------------------------------------- */

static bool may_change(struct ui *ui)
{
    if (ui->frame != NULL)
        return ui_may_change(ui);
    ui_say(ui, 1, "", "there is no engine yet");
    return false;
}

void strategy_turn(struct ui *ui, const struct view_strategy *strategy, bool on)
{
    struct command command = ui_command(ui, on ? COMMAND_STRATEGY_ON : COMMAND_STRATEGY_OFF);

    if (!may_change(ui))
        return;
    command.intent.owner = strategy->owner;
    if (on && ui->frame->status.mode == MODE_LIVE) {
        question_open(ui, ASK_STRATEGY, &command);
        text_print(ui->question.note, sizeof(ui->question.note), "%s", strategy->name);
        return;
    }
    if (ui_send(ui, &command))
        ui_say(ui, 0, on ? "ON" : "OFF", "%s", strategy->name);
}

/* With the names that there are, as many as a line has room for. */
static void say_no_strategy(struct ui *ui, const char *name)
{
    char names[64] = "";

    for (int i = 0; ui->frame != NULL && i < ui->frame->strategies && i < VIEW_STRATEGIES_MAX; i++) {
        const struct view_strategy *at = &ui->frame->strategy[i];
        size_t used = strlen(names);

        if (is_strategy(at) && used + strlen(at->name) + 2 < sizeof(names))
            text_print(names + used, sizeof(names) - used, "%s%s", used > 0 ? " " : "", at->name);
    }
    ui_say(ui, 1, "", "no strategy is called `%.24s`; screen " KEY("4") " lists them: %s", name, names);
}

void strategy_turn_named(struct ui *ui, const char *name, bool on)
{
    const struct view_strategy *strategy = strategy_named(ui->frame, name, strlen(name));

    if (strategy == NULL)
        say_no_strategy(ui, name);
    else
        strategy_turn(ui, strategy, on);
}

void strategy_reload(struct ui *ui, const struct view_strategy *strategy)
{
    const struct view_strategy_detail *detail = &ui->frame->strategy_detail;
    struct command command = ui_command(ui, COMMAND_STRATEGY_RELOAD);

    if (!may_change(ui))
        return;
    if (detail->owner == strategy->owner && !detail->plugin) {
        ui_say(ui, 1, "", "%s is built in: only a plug-in can be loaded anew", strategy->name);
        return;
    }
    command.intent.owner = strategy->owner;
    if (ui_send(ui, &command))
        ui_say(ui, 0, "RELOAD", "%s: the newest version is asked for", strategy->name);
}

void strategy_reload_named(struct ui *ui, const char *name)
{
    const struct view_strategy *strategy = strategy_named(ui->frame, name, strlen(name));

    if (strategy == NULL)
        ui_say(ui, 1, "", "no strategy is called `%s`; screen 4 lists them", name);
    else
        strategy_reload(ui, strategy);
}

/* --- keys --------------------------------------------------------------------------------------------------- */

static void choose_strategy(struct ui *ui, int rows)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_strategy *chosen = strategies_chosen(ui);
    int at = 0, count = 0, to;
    uint16_t owner[VIEW_STRATEGIES_MAX];

    for (int i = 0; chosen != NULL && i < frame->strategies && i < VIEW_STRATEGIES_MAX; i++) {
        if (!is_strategy(&frame->strategy[i]))
            continue;
        if (&frame->strategy[i] == chosen)
            at = count;
        owner[count++] = frame->strategy[i].owner;
    }
    if (count == 0) {
        ui_say(ui, 1, "", "no strategy in this session");
        return;
    }
    to = at + rows;
    ui->strategies.owner = owner[to < 0 ? 0 : to >= count ? count - 1 : to];
    if (ui->strategies.owner != chosen->owner)
        ui->strategies.parameter = 0;
    else if (rows == 1 || rows == -1)
        ui_say(ui, 0, "", rows < 0 ? "the first one" : "the last one");
}

static void choose_parameter(struct ui *ui, int rows)
{
    const struct view_strategy_detail *detail = strategies_detail(ui);
    int count = detail == NULL                             ? 0
                : detail->parameters < VIEW_PARAMETERS_MAX ? detail->parameters
                                                           : VIEW_PARAMETERS_MAX;
    int to = ui->strategies.parameter + rows;

    if (count == 0) {
        ui_say(ui, 1, "", "no parameter to choose");
        return;
    }
    ui->strategies.parameter = (uint16_t)(to < 0 ? 0 : to >= count ? count - 1 : to);
    if ((to < 0 || to >= count) && (rows == 1 || rows == -1))
        ui_say(ui, 0, "", to < 0 ? "the first one" : "the last one");
}

static void move_signals(struct ui *ui, int rows)
{
    const struct view_strategy_detail *detail = strategies_detail(ui);
    int count = detail == NULL ? 0 : detail->signals < VIEW_SIGNALS_MAX ? detail->signals : VIEW_SIGNALS_MAX;
    int to = ui->strategies.signal + rows;

    ui->strategies.signal = (uint16_t)(to < 0 || count == 0 ? 0 : to >= count ? count - 1 : to);
    if ((to < 0 || to >= count) && (rows == 1 || rows == -1))
        ui_say(ui, 0, "", to < 0 ? "the first one" : "the last one");
}

static void choose(struct ui *ui, int rows)
{
    if (ui->strategies.focus == STRATEGIES_PARAMETERS)
        choose_parameter(ui, rows);
    else if (ui->strategies.focus == STRATEGIES_SIGNALS)
        move_signals(ui, rows);
    else
        choose_strategy(ui, rows);
}

static void toggle(struct ui *ui)
{
    const struct view_strategy *chosen = strategies_chosen(ui);

    if (ui->strategies.focus == STRATEGIES_PARAMETERS)
        parameter_edit(ui);
    else if (ui->strategies.focus == STRATEGIES_SIGNALS)
        ui_say(ui, 1, "", "signals are only looked at; " KEY("Tab") " leads to the strategies");
    else if (chosen == NULL)
        ui_say(ui, 1, "", "no strategy in this session");
    else
        strategy_turn(ui, chosen, !chosen->on || chosen->disabled);
}

bool strategies_act(struct ui *ui, enum key_action action)
{
    int rows = keymap_rows(action, VIEW_PARAMETERS_MAX);

    if (rows != 0) {
        choose(ui, rows);
        return true;
    }
    switch ((int)action) {
    case ACT_TAB_NEXT:
        ui->strategies.focus = (enum strategies_focus)((ui->strategies.focus + 1) % STRATEGIES_FOCUSES);
        return true;
    case ACT_TOGGLE:
        toggle(ui);
        return true;
    case ACT_RELOAD:
        if (strategies_chosen(ui) != NULL)
            strategy_reload(ui, strategies_chosen(ui));
        else
            ui_say(ui, 1, "", "no strategy in this session");
        return true;
    default:
        return false;
    }
}

/* --- NEXT ---------------------------------------------------------------------------------------------------- */

static void parameter_text(const struct ui *ui, const struct view_strategy_detail *detail, char *out,
                           size_t size)
{
    const struct view_parameter *parameter;
    char range[160], why[VIEW_TEXT_MAX];
    int64_t value;

    if (detail->parameters == 0 || ui->strategies.parameter >= detail->parameters ||
        ui->strategies.parameter >= VIEW_PARAMETERS_MAX) {
        text_print(out, size, "no parameter");
        return;
    }
    parameter = &detail->parameter[ui->strategies.parameter];
    parameter_range_text(parameter, range, sizeof(range));
    if (ui->overlay != OVERLAY_TEXT || ui->text.kind != TEXT_PARAMETER)
        text_print(out, size, "%s  %s; %s, default %s%s%s; " KEY("Enter") " edits it", parameter->name,
                   parameter->help, range, parameter->preset, parameter->unit[0] != '\0' ? " " : "",
                   parameter->unit);
    else if (ui->text.fresh)
        text_print(
            out, size,
            "%s  type its new value, %s; " KEY("Backspace") " edits this one, " KEY("Esc") " leaves it",
            parameter->name, range);
    else if (parameter_parse(parameter, ui->text.value, &value, why, sizeof(why)))
        text_print(out, size,
                   "%s  %s is allowed (%s); " KEY("Enter") " sets it, " KEY("Esc") " leaves it at %s",
                   parameter->name, ui->text.value, range, parameter->value);
    else
        text_print(out, size, "%s  %s", parameter->name, why);
}

void strategies_next_text(const struct ui *ui, char *out, size_t size)
{
    const struct view_strategy *chosen = strategies_chosen(ui);
    const struct view_strategy_detail *detail = strategies_detail(ui);
    const char *enter;

    if (chosen == NULL) {
        text_print(out, size, "no strategy in this session");
        return;
    }
    if (ui->strategies.focus == STRATEGIES_PARAMETERS && detail != NULL) {
        parameter_text(ui, detail, out, size);
        return;
    }
    if (ui->strategies.focus == STRATEGIES_SIGNALS) {
        text_print(out, size, "signals  of %s, whichever strategy is chosen; \u2191\u2193 the rest",
                   ui_instrument(ui) != NULL ? ui_instrument(ui)->symbol : "the instrument");
        return;
    }
    enter = chosen->on && !chosen->disabled       ? KEY("Enter") " turns it off and cancels its orders"
            : ui->frame->status.mode == MODE_LIVE ? KEY("Enter") " asks, then turns it on"
                                                  : KEY("Enter") " turns it on";
    if (chosen->on && !chosen->disabled)
        text_print(out, size, "%s  %s%s%s; wants: %s. %s", chosen->name, strategy_state_word(chosen),
                   chosen->why_off[0] != '\0' ? ": " : "", chosen->why_off,
                   detail != NULL ? detail->goal : "?", enter);
    else
        text_print(out, size, "%s  %s%s%s. %s", chosen->name, strategy_state_word(chosen),
                   chosen->why_off[0] != '\0' ? ": " : "", chosen->why_off, enter);
}
