/* What may stand behind a command's word, from what its table says of its arguments. */
#include "tui/palette_values.h"
#include "tui/prompt_meant.h"
#include "tui/screen_names.h"

#include "core/base/config.h"
#include "core/base/embedded.h"
#include "tui/palette.h"
#include "tui/ui_screens.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define THEME_FOLDER "themes/"
#define THEME_ENDING ".theme"

/* Topics of :help that are a place whose keys are shown. */
static const struct {
    const char *name;
    enum key_context context;
} topics[] = {
    {"keys", CONTEXT_ALL},        {"trade", CONTEXT_TRADE},   {"ladder", CONTEXT_LADDER},
    {"lists", CONTEXT_LIST},      {"replay", CONTEXT_REPLAY}, {"move", CONTEXT_MOVE},
    {"questions", CONTEXT_ASK},   {"prompt", CONTEXT_TEXT},   {"ticket", CONTEXT_TICKET},
    {"chart", CONTEXT_CHART},     {"market", CONTEXT_MARKET}, {"strategy", CONTEXT_STRATEGY},
    {"risk", CONTEXT_RISK},       {"pages", CONTEXT_PAGE},    {"results", CONTEXT_RESULTS},
    {"journal", CONTEXT_JOURNAL}, {"system", CONTEXT_SYSTEM}, {"choosers", CONTEXT_CHOOSE},
};
#define TOPICS (sizeof(topics) / sizeof(topics[0]))

const char *palette_topic(size_t index)
{
    return index < TOPICS ? topics[index].name : NULL;
}

enum key_context palette_topic_context(const char *topic)
{
    for (size_t i = 0; i < TOPICS; i++)
        if (strcasecmp(topics[i].name, topic) == 0)
            return topics[i].context;
    return KEY_CONTEXTS;
}

/* --- the argument that is being typed ----------------------------------------------------------------------- */

const char *palette_value_typed(const struct ui *ui)
{
    const char *blank = strrchr(ui->text.value, ' ');

    return blank == NULL ? ui->text.value : blank + 1;
}

/* The form of the argument at the end of the line: "on|off", "STRATEGY"; "" there is none. */
static const char *form_here(const struct ui *ui, char *out, size_t size)
{
    const char *line = ui->text.value;
    const struct prompt_word *word = prompt_find(line, strcspn(line, " "));
    const char *at = word == NULL ? "" : word->arguments;
    int blanks = 0;

    for (; *line != '\0'; line++)
        blanks += *line == ' ' && line[1] != ' ';
    if (palette_value_typed(ui)[0] == '-' &&
        strstr(at, "--") != NULL) { /* what is left out may stand before it */
        at = strstr(at, "--");
        blanks = 0;
    }
    for (; blanks > 1 && *at != '\0'; blanks--) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    at += *at == '[';
    return text_print(out, size, "%.*s", (int)strcspn(at, "] "), at);
}

static const char *choice_of(const char *choices, size_t index, char *out, size_t size)
{
    for (; index > 0; index--) {
        choices += strcspn(choices, "|");
        if (*choices == '\0')
            return NULL;
        choices++;
    }
    return choices[0] == '\0' ? NULL : text_print(out, size, "%.*s", (int)strcspn(choices, "|"), choices);
}

static const char *strategy_of(const struct ui *ui, size_t index, char *out, size_t size)
{
    for (size_t i = 0; ui->frame != NULL && i < ui->frame->strategies && i < VIEW_STRATEGIES_MAX; i++)
        if (ui->frame->strategy[i].owner != OWNER_MANUAL && index-- == 0)
            return text_print(out, size, "%s", ui->frame->strategy[i].name);
    return NULL;
}

static const char *theme_of(size_t index, char *out, size_t size)
{
    size_t folder = strlen(THEME_FOLDER), ending = strlen(THEME_ENDING);

    for (size_t i = 0; i < embedded_file_count; i++) {
        const char *name = embedded_files[i].name;
        size_t length = strlen(name);

        if (strncmp(name, THEME_FOLDER, folder) == 0 && length > folder + ending && index-- == 0)
            return text_print(out, size, "%.*s", (int)(length - folder - ending), name + folder);
    }
    return NULL;
}

static const char *setting_of(const struct ui *ui, size_t index, const char *begin, char *out, size_t size)
{
    const struct config *config = ui_settings(ui);
    const struct option *table;
    size_t count;

    if (config == NULL)
        return NULL;
    table = config_table(config, &count);
    for (size_t i = 0; i < count; i++)
        if (strncmp(table[i].name, begin, strlen(begin)) == 0 && index-- == 0)
            return text_print(out, size, "%s", table[i].name);
    return NULL;
}

/* What one setting may be: its words, or the value that it has. */
static const char *value_of(const struct ui *ui, size_t index, char *out, size_t size)
{
    const struct config *config = ui_settings(ui);
    const char *name = ui->text.value + strcspn(ui->text.value, " ");
    char key[UI_COMMAND_MAX];
    const struct option *option, *table;
    size_t count;

    if (config == NULL)
        return NULL;
    name += strspn(name, " ");
    text_print(key, sizeof(key), "%.*s", (int)strcspn(name, " "), name);
    table = config_table(config, &count);
    option = option_find(table, count, key);
    if (option == NULL)
        return NULL;
    if (strcmp(key, "theme") == 0)
        return theme_of(index, out, size);
    if (option->type == OPTION_BOOL)
        return choice_of("true|false", index, out, size);
    if (option->type == OPTION_ENUM)
        return choice_of(option->allowed, index, out, size);
    return index == 0 && config_value_text(config, key)[0] != '\0'
               ? text_print(out, size, "%s", config_value_text(config, key))
               : NULL;
}

static const char *topic_of(size_t index, char *out, size_t size)
{
    if (index < TOPICS)
        return text_print(out, size, "%s", topics[index].name);
    index -= TOPICS;
    return index < prompt_count() ? text_print(out, size, "%s", prompt_at(index)->name) : NULL;
}

const char *palette_value(const struct ui *ui, size_t index, char *out, size_t size)
{
    char form[64];

    form_here(ui, form, sizeof(form));
    if (strcmp(form, "STRATEGY") == 0)
        return strategy_of(ui, index, out, size);
    if (strcmp(form, "THEME") == 0)
        return theme_of(index, out, size);
    if (strcmp(form, "SETTING") == 0)
        return setting_of(ui, index, "", out, size);
    if (strcmp(form, "LIMIT") == 0)
        return setting_of(ui, index, "risk.", out, size);
    if (strcmp(form, "TOPIC") == 0)
        return topic_of(index, out, size);
    if (strcmp(form, "SYMBOL") == 0)
        return ui->frame != NULL && index < ui->frame->status.instruments && index < INSTRUMENTS_MAX
                   ? text_print(out, size, "%s", ui->frame->status.instrument[index].symbol)
                   : NULL;
    if (strcmp(form, "TEXT") == 0 && strncmp(ui->text.value, "set ", 4) == 0)
        return value_of(ui, index, out, size);
    return isupper((unsigned char)form[0]) ? NULL : choice_of(form, index, out, size);
}

/* --- the words of a row ---------------------------------------------------------------------------------------- */

/* Never NULL: settings may be another program's. */
static const struct option *setting_at(const struct ui *ui, size_t index)
{
    static const struct option none = {.name = "", .help = ""};
    const struct config *config = ui_settings(ui);
    const struct option *table;
    size_t count;

    if (config == NULL)
        return &none;
    table = config_table(config, &count);
    return index < count ? &table[index] : &none;
}

const char *palette_name(const struct ui *ui, const struct palette_item *item, char *out, size_t size)
{
    const char *name = "";

    out[0] = '\0';
    switch (item->kind) {
    case PALETTE_VALUE:
        (void)palette_value(ui, item->index, out, size);
        return out;
    case PALETTE_COMMAND:
        name = prompt_at(item->index)->name;
        break;
    case PALETTE_SCREEN:
        name = ui_screen_name((enum screen_id)item->index);
        break;
    case PALETTE_INSTRUMENT:
        if (ui->frame != NULL && item->index < ui->frame->status.instruments)
            name = ui->frame->status.instrument[item->index].symbol;
        break;
    case PALETTE_KEY:
        name = keymap_at(item->index)->name;
        break;
    case PALETTE_HELP:
        return text_print(out, size, "help %s", palette_topic(item->index));
    case PALETTE_SETTING:
        name = setting_at(ui, item->index)->name;
        break;
    case PALETTE_PAST:
        name = ui->text.history[item->index];
        break;
    case PALETTE_KINDS:
        break;
    }
    return text_print(out, size, "%s", name);
}

/* A setting, a command or a topic of the same name says what a value means. */
static const char *value_meaning(const struct ui *ui, const struct palette_item *item, char *out, size_t size)
{
    char name[PALETTE_NAME_MAX];
    const struct config *config = ui_settings(ui);
    const struct option *option = NULL, *table;
    size_t count;

    palette_name(ui, item, name, sizeof(name));
    if (config != NULL) {
        table = config_table(config, &count);
        option = option_find(table, count, name);
    }
    if (option != NULL)
        return text_print(out, size, "%s", option->help);
    if (strncmp(ui->text.value, "help ", 5) == 0 && palette_topic_context(name) != KEY_CONTEXTS)
        return text_print(out, size, "keys %s", key_context_place(palette_topic_context(name)));
    if (strncmp(ui->text.value, "help ", 5) == 0 && prompt_find(name, strlen(name)) != NULL)
        return text_print(out, size, "%s", prompt_find(name, strlen(name))->meaning);
    return text_print(out, size, "%s", "");
}

const char *palette_meaning(const struct ui *ui, const struct palette_item *item, char *out, size_t size)
{
    const struct view_instrument *at;

    switch (item->kind) {
    case PALETTE_VALUE:
        return value_meaning(ui, item, out, size);
    case PALETTE_COMMAND:
        return text_print(out, size, "%s", prompt_at(item->index)->meaning);
    case PALETTE_SCREEN:
        return text_print(out, size, "show this screen");
    case PALETTE_INSTRUMENT:
        if (ui->frame == NULL || item->index >= ui->frame->status.instruments)
            break;
        at = &ui->frame->status.instrument[item->index];
        return text_print(out, size, "show it, last %s",
                          at->last_ticks == VIEW_NONE ? "-" : number_price(&at->scale, at->last_ticks).text);
    case PALETTE_KEY:
        return text_print(
            out, size, "%s%s%s", keymap_at(item->index)->help, palette_allowed(ui, item) ? "" : "; a key ",
            palette_allowed(ui, item) ? "" : key_context_place(keymap_at(item->index)->context));
    case PALETTE_HELP:
        return text_print(out, size, "the keys %s",
                          key_context_place(palette_topic_context(palette_topic(item->index))));
    case PALETTE_SETTING:
        return text_print(out, size, "%s", setting_at(ui, item->index)->help);
    case PALETTE_PAST:
    case PALETTE_KINDS:
        break;
    }
    return text_print(out, size, "%s", "");
}

/* The key that does the same, or a setting's value. */
const char *palette_chip(const struct ui *ui, const struct palette_item *item, char *out, size_t size)
{
    out[0] = '\0';
    switch (item->kind) {
    case PALETTE_COMMAND:
        ui_word_keys(ui, prompt_at(item->index), out, size);
        out[strcspn(out, " ")] = '\0'; /* the first of them is enough */
        return out;
    case PALETTE_SCREEN:
        return text_print(out, size, "%d", (int)item->index);
    case PALETTE_KEY:
        return keymap_shown(&ui->keys, keymap_at(item->index)->context, keymap_at(item->index)->action, out,
                            size);
    case PALETTE_SETTING:
        return ui_settings(ui) == NULL || setting_is_engines(ui, setting_at(ui, item->index)->name)
                   ? out
                   : text_print(out, size, "%s",
                                config_value_text(ui_settings(ui), setting_at(ui, item->index)->name));
    case PALETTE_VALUE:
    case PALETTE_INSTRUMENT:
    case PALETTE_HELP:
    case PALETTE_PAST:
    case PALETTE_KINDS:
        break;
    }
    return out;
}

const char *palette_kind_word(enum palette_kind kind)
{
    static const char *const word[PALETTE_KINDS] = {"",    "command", "screen",  "instrument",
                                                    "key", "help",    "setting", "typed before"};

    return kind < PALETTE_KINDS ? word[kind] : "";
}

/* --- NEXT --------------------------------------------------------------------------------------------------------- */

/* What it means stands beside it in the list, where it is chosen there. */
static void command_text(const struct prompt_word *word, const char *does, bool listed, char *out,
                         size_t size)
{
    bool plain = strcmp(word->example, word->name) == 0;
    char syntax[96];

    text_print(out, size, "%s  %s%s%s%s%s", does, prompt_syntax(word, syntax, sizeof(syntax)),
               listed ? "" : "  ", listed ? "" : word->meaning,
               plain ? "" : " \u00b7 like :", plain ? "" : word->example);
}

/* The line itself: the command that it is, or what is missing. */
static void line_text(const struct ui *ui, char *out, size_t size)
{
    const char *typed = ui->text.value + strspn(ui->text.value, " :");
    const struct prompt_word *word = prompt_find(typed, strcspn(typed, " "));
    struct prompt_meaning meaning;

    if (prompt_meant(ui, typed, &meaning) && meaning.line[0] == '\0')
        text_print(out, size, "NO COMMAND  %s", meaning.why);
    else if (meaning.line[0] != '\0')
        text_print(out, size, KEY("Enter") " runs  :%s  %s", meaning.line,
                   prompt_find(meaning.line, strcspn(meaning.line, " "))->meaning);
    else if (word != NULL)
        command_text(word, KEY("Enter") " runs", false, out, size);
    else if (typed[0] == '\0')
        text_print(out, size,
                   "COMMAND  type any part of a command, key, setting, instrument, screen; \u2191 what was "
                   "typed before");
    else
        text_print(out, size, "NOTHING FITS  `%s` is no command and like none", typed);
}

void palette_next_text(const struct ui *ui, char *out, size_t size)
{
    const struct palette_item *item = palette_chosen(ui);
    char name[UI_COMMAND_MAX], meaning[VIEW_TEXT_MAX];

    if (item == NULL) {
        line_text(ui, out, size);
        return;
    }
    palette_name(ui, item, name, sizeof(name));
    palette_meaning(ui, item, meaning, sizeof(meaning));
    if (item->kind == PALETTE_COMMAND) {
        command_text(prompt_at(item->index),
                     palette_only_types(ui, item) ? KEY("Enter") " types" : KEY("Enter") " runs", true, out,
                     size);
    } else if (item->kind == PALETTE_SETTING) {
        text_print(out, size, KEY("Enter") " types  :set %s  %s", name, meaning);
    } else if (item->kind == PALETTE_PAST) {
        text_print(out, size, "%s  :%s",
                   palette_only_types(ui, item) ? KEY("Enter") " types" : KEY("Enter") " runs", name);
    } else if (item->kind == PALETTE_VALUE) {
        text_print(out, size, KEY("Enter") " types  %s  %s", name, meaning);
    } else if (item->kind == PALETTE_KEY && !palette_allowed(ui, item)) {
        text_print(out, size, "NOT HERE  %s  %s", name, meaning);
    } else {
        text_print(out, size, KEY("Enter") " does  %s  %s", name, meaning);
    }
}
