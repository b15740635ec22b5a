/*
 * :set, :settings, :write. What a setting means while the program runs: some are in force at once, limits and
 * parameters go to the engine and count when it has said yes, the others wait for a restart; :write keeps all of them.
 */
#include "core/base/config.h"
#include "core/base/decimal.h"
#include "tui/palette_values.h"
#include "tui/prompt_words.h"

#include <string.h>
#include <strings.h>

#define STRATEGY "strategy."

enum effect { EFFECT_SCREEN, EFFECT_LIMIT, EFFECT_STRATEGY, EFFECT_SWITCH, EFFECT_NOW, EFFECT_RESTART };

static bool begins(const char *name, const char *with)
{
    return strncmp(name, with, strlen(with)) == 0;
}

/* "strategy.ofi.threshold": a strategy that the engine has. */
static bool is_of_strategy(const struct ui *ui, const char *name)
{
    const char *strategy = name + strlen(STRATEGY);

    return begins(name, STRATEGY) && strategy_named(ui->frame, strategy, strcspn(strategy, ".")) != NULL &&
           strchr(strategy, '.') != NULL;
}

static bool is_limit(const struct ui *ui, const char *name)
{
    const struct view_controls *view = &ui->frame->controls;

    for (int i = 0; i < view->controls && i < VIEW_CONTROLS_MAX; i++)
        if (strcmp(view->control[i].option, name) == 0)
            return view->control[i].limit_id != VIEW_LIMIT_NONE;
    return view->controls == 0 && begins(name, "risk."); /* not published here: the engine says */
}

static enum effect effect_of(const struct ui *ui, const char *name)
{
    if (strcmp(name, "theme") == 0 || strcmp(name, "screen.bell") == 0 || strcmp(name, "screen.mouse") == 0 ||
        strcmp(name, "order.sizes") == 0)
        return EFFECT_SCREEN;
    if (begins(name, "screen.lock_") || strcmp(name, "log.level") == 0)
        return EFFECT_NOW;
    if (ui->frame != NULL && is_limit(ui, name))
        return EFFECT_LIMIT;
    if (!is_of_strategy(ui, name))
        return EFFECT_RESTART;
    return strcmp(strrchr(name, '.'), ".on") == 0 ? EFFECT_SWITCH : EFFECT_STRATEGY;
}

/* What a screen goes by, wherever its engine runs. */
static bool is_screens(const char *name)
{
    return strcmp(name, "theme") == 0 || strcmp(name, "order.sizes") == 0 || begins(name, "screen.") ||
           begins(name, "layout.") || begins(name, "keys.");
}

bool setting_is_engines(const struct ui *ui, const char *name)
{
    return ui->config.attached && !is_screens(name);
}

const char *setting_effect(const struct ui *ui, const char *name)
{
    return effect_of(ui, name) == EFFECT_RESTART ? "takes a restart" : "at once";
}

const char *setting_source(const struct ui *ui, const char *name, char *out, size_t size)
{
    int line = 0;
    enum option_source source = config_source(ui_settings(ui), name, NULL, &line);

    if (source == OPTION_FROM_FILE)
        return text_print(out, size, "file:%d", line);
    return text_print(out, size, "%s", source == OPTION_FROM_CLI ? "option" : config_source_word(source));
}

/* --- :set -------------------------------------------------------------------------------------------------------- */

static void show_one(struct ui *ui, const struct option *option)
{
    const struct config *config = ui_settings(ui);
    char text[256];

    detail_open(ui, option->name);
    detail_add(ui, "%s", option->help);
    if (setting_is_engines(ui, option->name)) {
        detail_add(ui, "value    the engine's, which runs elsewhere; screens " KEY("5") " and " KEY(
                           "4") " show its limits and strategies");
    } else {
        detail_add(ui, "value    %s",
                   config_is_set(config, option->name) ? config_value_text(config, option->name) : "unset");
        detail_add(ui, "from     %s", setting_source(ui, option->name, text, sizeof(text)));
    }
    detail_add(ui, "default  %s", option->preset == NULL ? "unset" : option->preset);
    detail_add(ui, "allowed  %s", option_allowed_text(option, text, sizeof(text)));
    detail_add(ui, "%s   %s", setting_effect(ui, option->name),
               option_environ_name(option, text, sizeof(text)));
}

/* Five sizes; fewer: the last stands for the rest. */
static void take_sizes(struct ui *ui)
{
    const char *rest = config_text(ui_settings(ui), "order.sizes");
    int64_t size_e8 = 0;

    for (int i = 0; i < 5; i++) {
        size_t length = strcspn(rest, ",");

        if (length > 0 && decimal_parse(rest, length, 8, &size_e8) != ERR_OK)
            return;
        ui->config.size_presets_e8[i] = size_e8;
        rest += length;
        rest += *rest == ',';
    }
}

static bool take_on_screen(struct ui *ui, const char *name, const char *value, char *why, size_t why_size)
{
    const struct config *config = ui_settings(ui);

    if (strcmp(name, "theme") == 0)
        return ui->host.theme == NULL || theme_show(ui, value, why, why_size);
    if (strcmp(name, "screen.bell") == 0)
        ui->config.bell = config_bool(config, name);
    else if (strcmp(name, "screen.mouse") == 0)
        mouse_set(ui, config_bool(config, name));
    else
        take_sizes(ui);
    return true;
}

/* It counts, and :write keeps it. What an engine elsewhere has taken is in force there, and its own file's matter. */
static bool record(struct ui *ui, const char *name, const char *value, bool unset)
{
    char why[512] = "settings cannot be changed here";

    if (setting_is_engines(ui, name))
        return true;
    if (unset && ui->host.unset != NULL && ui->host.unset(ui->host.arg, name, why, sizeof(why)))
        return true;
    if (!unset && ui->host.set != NULL && ui->host.set(ui->host.arg, name, value, why, sizeof(why)))
        return true;
    ui_say(ui, 1, "NOT SET", "%s", why);
    return false;
}

static bool say_set(struct ui *ui, const char *name, const char *value, const char *more)
{
    ui_say(ui, 0, "SET", "%s %s; %s", name, value, more);
    return true;
}

/* The engine's answer decides: until then it is remembered what was asked. */
static void ask_engine(struct ui *ui, enum effect effect, const char *name, const char *value, bool unset)
{
    char args[UI_COMMAND_MAX];
    bool on;

    text_print(args, sizeof(args), "%s %s", effect == EFFECT_STRATEGY ? name + strlen(STRATEGY) : name,
               value);
    text_print(ui->setting.name, sizeof(ui->setting.name), "%s", name);
    text_print(ui->setting.value, sizeof(ui->setting.value), "%s", value);
    ui->setting.seq = 0;
    ui->setting.asked = true;
    ui->setting.unset = unset;
    if (effect == EFFECT_LIMIT) {
        limit_run(ui, args);
    } else if (effect == EFFECT_STRATEGY) {
        parameter_run(ui, args);
    } else {
        on = strcasecmp(value, "true") == 0 || strcasecmp(value, "on") == 0 || strcasecmp(value, "yes") == 0;
        text_print(args, sizeof(args), "%.*s", (int)strcspn(name + strlen(STRATEGY), "."),
                   name + strlen(STRATEGY));
        strategy_turn_named(ui, args, on);
    }
    ui->setting.asked = /* else it has been sent, or refused here */
        ui->setting.seq == 0 && (ui->limit.waiting[0] != '\0' || ui->strategies.waiting[0] != '\0');
}

void setting_forget(struct ui *ui)
{
    ui->setting.asked = false;
}

/* Of what the engine was asked for: a command that is such a one. */
static bool is_asked(const struct command *command)
{
    return command->kind == COMMAND_SET_LIMIT || command->kind == COMMAND_STRATEGY_SET ||
           command->kind == COMMAND_STRATEGY_ON || command->kind == COMMAND_STRATEGY_OFF;
}

/* Of the same name and value: a word that never came leaves a wish behind, and another command's yes is not for that. */
static bool is_the_one(const struct ui *ui, const struct command *command)
{
    const struct ui_setting *setting = &ui->setting;
    const char *last = strrchr(setting->name, '.');

    if (command->kind == COMMAND_SET_LIMIT)
        return strcmp(ui->limit.name, setting->name) == 0 && strcmp(ui->limit.value, setting->value) == 0;
    return begins(setting->name, STRATEGY) && last != NULL &&
           (strcmp(last, ".on") != 0) == (command->kind == COMMAND_STRATEGY_SET);
}

void setting_sent(struct ui *ui, const struct command *command)
{
    if (!ui->setting.asked || !is_asked(command) || !is_the_one(ui, command))
        return;
    ui->setting.seq = command->seq;
    setting_forget(ui);
}

void setting_answered(struct ui *ui, const struct view_answer *answer)
{
    struct ui_setting setting = ui->setting;

    if (setting.seq == 0 || answer->seq != setting.seq)
        return;
    ui->setting.seq = 0;
    if (answer->level == 0)
        (void)record(ui, setting.name, setting.value, setting.unset);
    else /* a looser limit: the same goes again with its word */
        ui->setting.asked = strstr(answer->text, "loosens") != NULL;
}

/* Taken by a restart of the engine alone, which reads a file that may be another one than ours. */
static bool refuse_engines(struct ui *ui, const char *name, enum effect effect)
{
    if (!setting_is_engines(ui, name) || (effect != EFFECT_RESTART && effect != EFFECT_NOW))
        return false;
    ui_say(ui, 1, "NOT SET",
           "%s is read by the engine when it starts, and this screen is attached: set it there", name);
    return true;
}

static void put_value(struct ui *ui, const char *name, const char *value, bool unset)
{
    enum effect effect = effect_of(ui, name);
    char why[VIEW_TEXT_MAX] = "", text[CONFIG_TEXT_MAX];
    const char *more = unset                      ? "as before :set"
                       : effect == EFFECT_RESTART ? "takes a restart; :write keeps it for that"
                                                  : "at once; :write keeps it";

    if ((!is_screens(name) && !ui_may_change(ui)) || refuse_engines(ui, name, effect))
        return;
    if ((effect == EFFECT_LIMIT || effect == EFFECT_STRATEGY || effect == EFFECT_SWITCH) &&
        ui->frame != NULL) {
        ask_engine(ui, effect, name, value, unset);
        return;
    }
    if (effect == EFFECT_SCREEN && strcmp(name, "theme") == 0 &&
        !take_on_screen(ui, name, value, why, sizeof(why))) { /* only its file tells whether there is one */
        ui_say(ui, 1, "NOT SET", "%s", why);
        return;
    }
    text_print(text, sizeof(text), "%s", value); /* it may be of the settings that are about to change */
    if (!record(ui, name, value, unset))
        return;
    if (effect == EFFECT_SCREEN)
        (void)take_on_screen(ui, name, text, why, sizeof(why));
    say_set(ui, name, text, more);
}

/* NULL: said that there is none of the name. */
static const struct option *find_setting(struct ui *ui, const char *name)
{
    size_t count;
    const struct option *table = config_table(ui_settings(ui), &count);
    const struct option *option = option_find(table, count, name);
    const char *nearest = option == NULL ? option_nearest(table, count, name) : NULL;

    if (option == NULL)
        ui_say(ui, 1, "NO SETTING", "`%s`%s%s%s; :settings lists them", name,
               nearest == NULL ? "" : "; did you mean ", nearest == NULL ? "" : nearest,
               nearest == NULL ? "" : "?");
    return option;
}

void word_set(struct ui *ui, const char *args)
{
    const struct config *config = ui_settings(ui);
    size_t size = strcspn(args, " ");
    const char *value = args + size + strspn(args + size, " ");
    const struct option *option;
    char name[UI_COMMAND_MAX];

    text_print(name, sizeof(name), "%.*s", (int)size, args);
    if (config == NULL || strategy_named(ui->frame, name, strcspn(name, ".")) != NULL) {
        parameter_run(ui, args); /* NAME.PARAMETER VALUE of a strategy, without the word before it */
        return;
    }
    option = find_setting(ui, name);
    if (option == NULL)
        return;
    if (value[0] == '\0')
        show_one(ui, option);
    else
        put_value(ui, name, value, false);
}

/* "ofi.threshold" is strategy.ofi.threshold, as for :set. */
void word_unset(struct ui *ui, const char *args)
{
    const struct config *config = ui_settings(ui);
    char name[UI_COMMAND_MAX], text[256];
    const char *before;

    if (config == NULL) {
        ui_say(ui, 1, "", "there are no settings here");
        return;
    }
    text_print(name, sizeof(name), "%s%s",
               strategy_named(ui->frame, args, strcspn(args, ".")) != NULL ? STRATEGY : "", args);
    if (find_setting(ui, name) == NULL)
        return;
    before = config_text_before_run(config, name);
    if (setting_is_engines(ui, name))
        ui_say(ui, 1, "NOT SET", "%s is the engine's, which runs elsewhere: :set %s VALUE", name, name);
    else if (config_source(config, name, NULL, NULL) != OPTION_FROM_RUN)
        ui_say(ui, 1, "", "%s was not set since the start: %s, from %s", name,
               config_is_set(config, name) ? config_value_text(config, name) : "unset",
               setting_source(ui, name, text, sizeof(text)));
    else if (before[0] == '\0' && effect_of(ui, name) >= EFFECT_LIMIT && effect_of(ui, name) <= EFFECT_SWITCH)
        ui_say(ui, 1, "NOT SET", "%s had no value before: :set %s VALUE", name, name);
    else
        put_value(ui, name, before, true);
}

void word_write(struct ui *ui, const char *args)
{
    char why[512] = "there are no settings here";

    (void)args;
    if (ui->host.write == NULL || !ui->host.write(ui->host.arg, why, sizeof(why)))
        ui_say(ui, 1, "NOT WRITTEN", "%s", why);
    else
        ui_say(ui, 0, "WRITE", "the file is being written");
}

void ui_settings_written(struct ui *ui, bool done, const char *said)
{
    ui_say(ui, done ? 0 : 2, done ? "WRITTEN" : "NOT WRITTEN", "%s", said);
    ui_note(ui, done ? 0 : 2, "%s: %s", done ? "settings written" : "settings NOT written", said);
}

/* --- :settings ----------------------------------------------------------------------------------------------- */

int settings_rows(const struct ui *ui, uint16_t row[CONFIG_OPTIONS_MAX])
{
    const struct config *config = ui_settings(ui);
    const struct option *table;
    size_t count;
    int rows = 0;

    if (config == NULL)
        return 0;
    table = config_table(config, &count);
    for (int meaning = 0; meaning < 2; meaning++) /* who has it in its name stands first */
        for (size_t i = 0; i < count; i++) {
            bool named = strcasestr(table[i].name, ui->settings.filter) != NULL;

            if (setting_is_engines(ui, table[i].name))
                continue;
            if (meaning == 0 ? named : !named && strcasestr(table[i].help, ui->settings.filter) != NULL)
                row[rows++] = (uint16_t)i;
        }
    return rows;
}

void word_settings(struct ui *ui, const char *args)
{
    uint16_t row[CONFIG_OPTIONS_MAX];

    if (ui_settings(ui) == NULL) {
        ui_say(ui, 1, "", "there are no settings here");
        return;
    }
    text_print(ui->settings.filter, sizeof(ui->settings.filter), "%s", args);
    ui->settings.chosen = 0;
    if (settings_rows(ui, row) == 0)
        ui_say(ui, 1, "", "no setting%s has `%s` in its name or meaning",
               ui->config.attached ? " of this screen" : "", args);
    else
        ui->overlay = OVERLAY_SETTINGS;
}

void settings_filter(struct ui *ui, const char *text)
{
    text_print(ui->settings.filter, sizeof(ui->settings.filter), "%s", text);
    ui->settings.chosen = 0;
    ui->changed = true;
}

void settings_leave(struct ui *ui)
{
    if (ui->settings.filter[0] == '\0')
        ui->overlay = OVERLAY_NONE;
    else
        settings_filter(ui, "");
}

const struct option *settings_chosen(const struct ui *ui)
{
    uint16_t row[CONFIG_OPTIONS_MAX];
    int rows = settings_rows(ui, row);
    size_t count;

    return rows == 0
               ? NULL
               : &config_table(ui_settings(ui),
                               &count)[row[ui->settings.chosen < rows ? ui->settings.chosen : rows - 1]];
}

/* Under head and list: a rule, its meaning, what is allowed. The longest meaning has 228 columns. */
int settings_list_rows(const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    int meaning = l->cols < 110 ? 4 : l->cols < 120 ? 3 : 2, rows = l->next_row - l->title_row - 2;

    return rows > 2 * (meaning + 2) ? rows - meaning - 2 : rows;
}

void settings_key(struct ui *ui, uint32_t key)
{
    uint16_t row[CONFIG_OPTIONS_MAX];
    int rows = settings_rows(ui, row), page = settings_list_rows(ui);
    int to = ui->settings.chosen + (key == KEY_UP          ? -1
                                    : key == KEY_DOWN      ? 1
                                    : key == KEY_PAGE_UP   ? -page
                                    : key == KEY_PAGE_DOWN ? page
                                                           : 0);
    const struct option *option = settings_chosen(ui);
    char line[UI_COMMAND_MAX];

    if (key == KEY_ENTER && option != NULL) {
        text_print(line, sizeof(line), "set %s ", option->name);
        text_open(ui, TEXT_COMMAND);
        text_set(ui, line);
        return;
    }
    if (rows == 0)
        ui_say(ui, 1, "", "no setting has `%s`; " KEY("Esc") " shows all again", ui->settings.filter);
    else if (to < 0 || to >= rows)
        ui_say(ui, 0, "", to < 0 ? "the first of them" : "the last of them; " KEY("Esc") " closes");
    ui->settings.chosen = (uint16_t)(to < 0 ? 0 : to >= rows ? (rows > 0 ? rows - 1 : 0) : to);
    ui->changed = true;
}

void settings_next_text(const struct ui *ui, char *out, size_t size)
{
    const struct option *option = settings_chosen(ui);
    char allowed[256];

    if (option == NULL)
        text_print(out, size, "SETTINGS  none has `%s` in its name or meaning", ui->settings.filter);
    else if (settings_list_rows(ui) < ui->layout.next_row - ui->layout.title_row - 2)
        text_print(
            out, size, "%s  %s (%s); " KEY("Enter") " changes it (%s)", option->name,
            config_is_set(ui_settings(ui), option->name) ? config_value_text(ui_settings(ui), option->name)
                                                         : "unset",
            setting_source(ui, option->name, allowed, sizeof(allowed)), setting_effect(ui, option->name));
    else /* what no other row tells goes first */
        text_print(out, size, "%s  %s \u00b7 %s", option->name,
                   option_allowed_text(option, allowed, sizeof(allowed)), option->help);
}
