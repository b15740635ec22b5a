/*
 * :limit NAME shows a limit, :limit NAME VALUE sets it. The engine alone knows whether more would get through than before: the value goes there
 * without a word first, and when it answers that it loosens, the word is asked for and the value goes again with it.
 */
#include "tui/figure.h"
#include "tui/ui_state.h"

#include <string.h>

/* By option ("risk.max_value"), by its last part, or by code where just one limit has it. */
static const struct view_control *limit_find(const struct view_controls *view, const char *name)
{
    const struct view_control *by_code = NULL;
    int found = 0;

    for (int i = 0; i < view->controls && i < VIEW_CONTROLS_MAX; i++) {
        const struct view_control *control = &view->control[i];
        const char *dot = strchr(control->option, '.');

        if (control->option[0] == '\0')
            continue;
        if (strcasecmp(control->option, name) == 0 || (dot != NULL && strcasecmp(dot + 1, name) == 0))
            return control;
        if (strcasecmp(control->code, name) == 0) {
            by_code = control;
            found++;
        }
    }
    return found == 1 ? by_code : NULL;
}

static bool value_parse(const struct view_control *control, const char *text, int64_t *out, char *why,
                        size_t why_size)
{
    size_t size = strlen(text);

    if (!control->limit_decimal && strstr(control->option, "_bp") != NULL && size > 1 &&
        text[size - 1] == '%') /* 2.5% are 250 bp */
        return figure_parse(text, size - 1, 2, true, out, why, why_size);
    return figure_parse(text, size, control->limit_decimal ? 8 : 0, true, out, why, why_size);
}

/* "; allowed: integer 10..10000 ms", where the settings are here that say it. Returns out. */
static const char *allowed_of(const struct ui *ui, const char *name, char *out, size_t size)
{
    const struct config *config = ui_settings(ui);
    const struct option *option = NULL, *table;
    char allowed[160];
    size_t count;

    if (config != NULL) {
        table = config_table(config, &count);
        option = option_find(table, count, name);
    }
    return text_print(out, size, "%s%s", option == NULL ? "" : "; allowed: ",
                      option == NULL ? "" : option_allowed_text(option, allowed, sizeof(allowed)));
}

/* The limit whose name was meant; NULL: none is near. */
static const struct view_control *limit_near(const struct view_controls *view, const char *name)
{
    const struct view_control *near = NULL;
    size_t best = SIZE_MAX, distance;

    for (int i = 0; i < view->controls && i < VIEW_CONTROLS_MAX; i++) {
        const struct view_control *control = &view->control[i];
        const char *dot = strchr(control->option, '.');

        if (dot == NULL || control->limit_id == VIEW_LIMIT_NONE ||
            !option_is_near(name, strchr(name, '.') != NULL ? control->option : dot + 1, &distance) ||
            distance >= best)
            continue;
        best = distance;
        near = control;
    }
    return near;
}

/* "max_pos, strategy_max_pos": the options of the code that a control stands under on screen 5. "": none has it. */
static const char *options_of_code(const struct view_controls *view, const char *code, char *out, size_t size)
{
    out[0] = '\0';
    for (int i = 0; i < view->controls && i < VIEW_CONTROLS_MAX; i++) {
        const struct view_control *control = &view->control[i];
        const char *dot = strchr(control->option, '.');

        if (dot != NULL && control->limit_id != VIEW_LIMIT_NONE && strcasecmp(control->code, code) == 0)
            text_print(out + strlen(out), size - strlen(out), "%s%s", out[0] == '\0' ? "" : ", ", dot + 1);
    }
    return out;
}

/* NULL: said that there is none of the name. */
static const struct view_control *limit_named(struct ui *ui, const char *name)
{
    const struct view_control *control = limit_find(&ui->frame->controls, name);
    const struct view_control *near = control == NULL ? limit_near(&ui->frame->controls, name) : NULL;
    char options[VIEW_TEXT_MAX];

    if (control != NULL && control->limit_id != VIEW_LIMIT_NONE)
        return control;
    if (control == NULL && options_of_code(&ui->frame->controls, name, options, sizeof(options))[0] != '\0')
        ui_say(ui, 1, "NOT CHANGED", "`%s` is several limits: %s", name, options);
    else if (near != NULL)
        ui_say(ui, 1, "NOT CHANGED", "no limit is called `%s`; did you mean %s?", name, near->option);
    else
        ui_say(ui, 1, "NOT CHANGED",
               "%s `%s`: " KEY("Enter") " on a control of screen 5 shows its option's name",
               control == NULL ? "no single limit is called" : "not a setting:", name);
    return NULL;
}

static void limit_set(struct ui *ui, const struct view_control *control)
{
    struct ui_limit *limit = &ui->limit;
    struct command command = ui_command(ui, COMMAND_SET_LIMIT);
    char why[VIEW_TEXT_MAX], allowed[192];

    if (!value_parse(control, limit->value, &command.number, why, sizeof(why))) {
        ui_say(ui, 1, "NOT CHANGED", "%s%s", why, allowed_of(ui, control->option, allowed, sizeof(allowed)));
        return;
    }
    text_print(limit->name, sizeof(limit->name), "%s", control->option);
    command.index = control->limit_id;
    limit->command = command;
    limit->seq = ui_send(ui, &command) ? command.seq : 0;
    if (limit->seq != 0)
        ui_say(ui, 0, "LIMIT", "%s %s asked for", limit->name, limit->value);
}

/* Alone a name shows the limit, which anybody may look at. */
void limit_run(struct ui *ui, const char *args)
{
    struct ui_limit *limit = &ui->limit;
    const struct view_control *control;
    size_t size = strcspn(args, " ");
    const char *value = args + size + strspn(args + size, " ");

    if (ui->frame == NULL) {
        ui_say(ui, 1, "", "there is no engine yet");
        return;
    }
    if (value[0] == '\0' && script_runs(ui)) {
        ui_say(ui, 1, "LIMIT", "alone it opens a page; in a file: :limit LIMIT VALUE");
        return;
    }
    if (value[0] != '\0' && !ui_may_change(ui))
        return;
    if (ui->frame->controls.controls == 0) { /* published when asked for; where one is stays shown */
        text_print(limit->waiting, sizeof(limit->waiting), "%s", args);
        ui_say(ui, 0, "LIMIT", "the limits are on their way");
        return;
    }
    text_print(limit->name, sizeof(limit->name), "%.*s", (int)size, args);
    text_print(limit->value, sizeof(limit->value), "%s", value);
    control = limit_named(ui, limit->name);
    if (control == NULL)
        return;
    if (value[0] != '\0') {
        limit_set(ui, control);
        return;
    }
    ui->say.until_ns = 0;
    control_explain(ui, control);
}

void limit_on_frame(struct ui *ui)
{
    char args[UI_COMMAND_MAX];

    if (ui->limit.waiting[0] == '\0' || ui->frame->controls.controls == 0)
        return;
    memcpy(args, ui->limit.waiting, sizeof(args));
    ui->limit.waiting[0] = '\0';
    if (ui->overlay == OVERLAY_NONE ||
        strchr(args, ' ') != NULL) /* it is shown over nothing that was opened since */
        limit_run(ui, args);
}

bool limit_answered(struct ui *ui, const struct view_answer *answer)
{
    if (ui->limit.seq == 0 || answer->seq != ui->limit.seq)
        return false;
    ui->limit.seq = 0;
    if (answer->level == 0 || strstr(answer->text, "loosens") == NULL || ui->overlay != OVERLAY_NONE)
        return false;
    text_open(ui, TEXT_LOOSEN);
    ui->say.until_ns = 0;
    return true;
}

/* Not one word for all limits: what is typed says which of them shall let more through, as on the socket. */
const char *limit_word(const struct ui *ui)
{
    return ui->limit.name;
}

void limit_word_done(struct ui *ui, const char *word)
{
    struct command command = ui->limit.command;

    if (strcmp(word, limit_word(ui)) != 0) {
        setting_forget(ui);
        ui_say(ui, 1, "NOT CHANGED", "`%s` is not the word; %s stays as it was", word, ui->limit.name);
        return;
    }
    command.flag = true;
    if (ui_send(ui, &command))
        ui_say(ui, 0, "LIMIT", "%s %s asked for, loosened by word", ui->limit.name, ui->limit.value);
}
