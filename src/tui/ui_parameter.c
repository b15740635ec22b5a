/*
 * A strategy's parameters: checked by what its manifest says in the view, before the engine is asked. Numbers are
 * typed, words chosen. A :set of a strategy that is not chosen waits for its parameters to come.
 */
#include "core/base/decimal.h"
#include "tui/figure.h"
#include "tui/ui_state.h"

#include <string.h>

void parameter_range_text(const struct view_parameter *parameter, char *out, size_t size)
{
    if (parameter->allowed[0] != '\0')
        text_print(out, size, "one of %s", parameter->allowed);
    else
        text_print(out, size, "%s..%s", parameter->low, parameter->high);
}

/* Its place in "a|b|c"; -1: none of them. */
static int allowed_at(const char *allowed, const char *text)
{
    size_t length = strlen(text);

    for (int i = 0; *allowed != '\0'; i++) {
        size_t word = strcspn(allowed, "|");

        if (word == length && strncmp(allowed, text, length) == 0)
            return i;
        allowed += word;
        allowed += *allowed == '|';
    }
    return -1;
}

bool parameter_parse(const struct view_parameter *parameter, const char *text, int64_t *out, char *why,
                     size_t why_size)
{
    unsigned places = parameter->whole ? 0 : 8;
    int64_t low, high;

    if (parameter->allowed[0] != '\0') {
        *out = allowed_at(parameter->allowed, text);
        if (*out < 0)
            text_print(why, why_size, "`%s` is none of %s", text, parameter->allowed);
        return *out >= 0;
    }
    if (!figure_parse(text, strlen(text), places, false, out, why, why_size)) {
        size_t used = strlen(why);

        if (parameter->low[0] != '\0' && parameter->high[0] != '\0')
            text_print(why + used, why_size - used, "; allowed: %s..%s", parameter->low, parameter->high);
        return false;
    }
    if ((decimal_parse(parameter->low, strlen(parameter->low), places, &low) == ERR_OK && *out < low) ||
        (decimal_parse(parameter->high, strlen(parameter->high), places, &high) == ERR_OK && *out > high)) {
        text_print(why, why_size, "%s is outside %s..%s", text, parameter->low, parameter->high);
        return false;
    }
    return true;
}

/* NULL: said why not. */
static const struct view_parameter *chosen(struct ui *ui)
{
    const struct view_strategy_detail *detail = strategies_detail(ui);

    if (!ui_may_change(ui))
        return NULL;
    if (detail == NULL)
        ui_say(ui, 1, "", "the engine is being asked for its parameters");
    else if (ui->strategies.parameter >= detail->parameters ||
             ui->strategies.parameter >= VIEW_PARAMETERS_MAX)
        ui_say(ui, 1, "", "it has no parameter");
    else
        return &detail->parameter[ui->strategies.parameter];
    return NULL;
}

void parameter_edit(struct ui *ui)
{
    const struct view_parameter *parameter = chosen(ui);

    if (parameter == NULL)
        return;
    text_open(ui, TEXT_PARAMETER);
    text_print(ui->text.value, sizeof(ui->text.value), "%s", parameter->value);
    ui->text.size = (uint8_t)strlen(ui->text.value);
    ui->text.fresh = true;
    ui->say.until_ns = 0;
}

void parameter_done(struct ui *ui, const char *text)
{
    const struct view_parameter *parameter = chosen(ui);
    struct command command = ui_command(ui, COMMAND_STRATEGY_SET);
    char why[VIEW_TEXT_MAX];

    if (parameter == NULL)
        return;
    if (!parameter_parse(parameter, text, &command.number, why, sizeof(why))) {
        ui_say(ui, 1, "NOT CHANGED", "%s: %s", parameter->name, why);
        return;
    }
    command.intent.owner = strategies_owner(ui);
    command.index = ui->strategies.parameter;
    if (ui_send(ui, &command))
        ui_say(ui, 0, "SET", "%s %s -> %s asked for", parameter->name, parameter->value, text);
}

void parameter_step(struct ui *ui)
{
    const struct view_parameter *parameter = chosen(ui);
    const char *next;
    int at;

    if (parameter == NULL)
        return;
    if (parameter->allowed[0] == '\0') {
        ui_say(ui, 1, "", "a number is typed");
        return;
    }
    at = allowed_at(parameter->allowed, ui->text.value);
    next = parameter->allowed;
    for (int i = 0; i <= at && strchr(next, '|') != NULL; i++)
        next = strchr(next, '|') + 1;
    if (at >= 0 && allowed_at(next, ui->text.value) == 0) /* the last one: from the front */
        next = parameter->allowed;
    text_print(ui->text.value, sizeof(ui->text.value), "%.*s", (int)strcspn(next, "|"), next);
    ui->text.size = (uint8_t)strlen(ui->text.value);
}

/* --- by the prompt ------------------------------------------------------------------------------------------- */

static void set_named(struct ui *ui, const char *args)
{
    const struct view_strategy_detail *detail = strategies_detail(ui);
    size_t name = strcspn(args, " ");

    for (uint16_t i = 0; i < detail->parameters && i < VIEW_PARAMETERS_MAX; i++) {
        const char *at = detail->parameter[i].name;

        if (strlen(at) != name || strncmp(at, args, name) != 0)
            continue;
        ui->strategies.parameter = i;
        parameter_done(ui, args + name + strspn(args + name, " "));
        return;
    }
    ui_say(ui, 1, "NOT CHANGED", "no parameter is called `%.*s`", (int)name, args);
}

void strategies_on_frame(struct ui *ui)
{
    char args[UI_FIELD_MAX];

    if (ui->strategies.waiting[0] == '\0' || strategies_detail(ui) == NULL)
        return;
    memcpy(args, ui->strategies.waiting, sizeof(args));
    ui->strategies.waiting[0] = '\0';
    set_named(ui, args);
    setting_forget(ui); /* refused, if it was not sent */
}

void parameter_run(struct ui *ui, const char *args)
{
    size_t name = strcspn(args, ". "), rest = strcspn(args, " ");
    const struct view_strategy *strategy = strategy_named(ui->frame, args, name);

    if (!ui_may_change(ui))
        return;
    if (args[name] != '.' || args[rest] == '\0') {
        ui_say(ui, 1, "", ":set NAME.PARAMETER VALUE, like :set ofi.threshold 0.9");
        return;
    }
    if (strategy == NULL) {
        ui_say(ui, 1, "NOT CHANGED", "no strategy is called `%.*s`", (int)name, args);
        return;
    }
    if (ui->screen != SCREEN_STRATEGY)
        ui_screen_show(ui, SCREEN_STRATEGY);
    ui->strategies.owner = strategy->owner;
    ui->strategies.parameter = 0;
    text_print(ui->strategies.waiting, sizeof(ui->strategies.waiting), "%s", args + name + 1);
    strategies_on_frame(ui);
}
