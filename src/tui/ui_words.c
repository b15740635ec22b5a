/* Words of the prompt about the screen itself: colours, bell, mouse, size, help, the way out. */
#include "tui/glossary.h"
#include "tui/palette.h"
#include "tui/palette_values.h"
#include "tui/prompt_words.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

void word_size(struct ui *ui, const char *args)
{
    order_size_typed(ui, args);
}

/* Whoever may give orders may note, in control or not. */
void word_note(struct ui *ui, const char *args)
{
    struct command command = ui_command(ui, COMMAND_NOTE);

    if (ui->config.readonly || ui->frame == NULL) {
        ui_say(ui, 1, "", ui->frame == NULL ? "there is no engine yet" : "this screen is read only");
        return;
    }
    text_print(command.text, sizeof(command.text), "%s", args);
    if (ui_send(ui, &command))
        ui_say(ui, 0, "NOTE", "%s", args);
}

void word_bell(struct ui *ui, const char *args)
{
    bool visual = strcmp(args, "visual") == 0;

    ui->config.bell = strcmp(args, "off") != 0;
    ui->bell_is_seen = visual;
    ui_say(ui, 0, "BELL", "%s", visual ? "seen, not heard: the NEXT row flashes" : args);
}

void word_mouse(struct ui *ui, const char *args)
{
    mouse_set(ui, strcmp(args, "on") == 0);
    ui_say(ui, 0, "MOUSE", "%s", ui->config.mouse ? "clicks and wheel are taken" : "left to the terminal");
}

void word_detach(struct ui *ui, const char *args)
{
    (void)args;
    if (ui->host.detach == NULL)
        ui_say(ui, 1, "", "nothing would run on without this screen");
    else
        ui->host.detach(ui->host.arg);
}

void word_quit(struct ui *ui, const char *args)
{
    (void)args;
    quit_key(ui, true);
}

void word_missing(struct ui *ui, const char *args)
{
    (void)args;
    ui_say(ui, 1, "", "that is not in this version");
}

/* --- help ------------------------------------------------------------------------------------------------------ */

const char *ui_word_keys(const struct ui *ui, const struct prompt_word *word, char *out, size_t size)
{
    out[0] = '\0';
    for (int context = 0; context < KEY_CONTEXTS && word->key != ACT_NONE && out[0] == '\0'; context++)
        keymap_shown(&ui->keys, (enum key_context)context, word->key, out, size);
    return out;
}

static void help_of_word(struct ui *ui, const struct prompt_word *word)
{
    char syntax[96], keys[64];

    detail_open(ui, word->name);
    detail_add(ui, "%s", prompt_syntax(word, syntax, sizeof(syntax)));
    detail_add(ui, "%s", word->meaning);
    detail_add(ui, "like   :%s", word->example);
    detail_add(ui, "works  %s", prompt_context(word));
    if (ui_word_keys(ui, word, keys, sizeof(keys))[0] != '\0')
        detail_add(ui, "key    %s", keys);
}

/* By the name of an action ("row-up"), wherever it has a key; the page is opened by the first of them, or is open. */
static bool help_of_key(struct ui *ui, const char *name, bool open)
{
    bool found = false;

    for (size_t i = 0; i < keymap_count(); i++) {
        const struct key_binding *binding = keymap_at(i);
        char keys[64];

        if (strcasecmp(binding->name, name) != 0 || binding->help[0] == '\0')
            continue;
        if (!open && !found)
            detail_open(ui, binding->name);
        found = true;
        detail_add(ui, "%s   %s: %s",
                   keymap_shown(&ui->keys, binding->context, binding->action, keys, sizeof(keys)),
                   key_context_place(binding->context), binding->help);
    }
    return found;
}

/* Screen 5 has them; so has this, once it was looked at. */
static const struct view_control *control_named(const struct ui *ui, const char *code)
{
    const struct view_controls *controls = ui->frame != NULL ? &ui->frame->controls : NULL;

    for (int i = 0; controls != NULL && i < controls->controls && i < VIEW_CONTROLS_MAX; i++) {
        if (strcasecmp(controls->control[i].code, code) == 0)
            return &controls->control[i];
    }
    return NULL;
}

static bool is_setting(const struct ui *ui, const char *name)
{
    const struct config *config = ui_settings(ui);
    const struct option *table;
    size_t count;

    if (config == NULL)
        return false;
    table = config_table(config, &count);
    return option_find(table, count, name) != NULL;
}

/* What somebody from another program types: the entries of the palette that are found by that word. */
static bool help_of_other_word(struct ui *ui, const char *word)
{
    enum palette_kind kind;
    const char *name;
    bool found = false;

    for (size_t i = 0; palette_other_row(i, &kind, &name); i++) {
        const struct prompt_word *command;

        if (!palette_is_other_word(kind, name, word))
            continue;
        if (!found)
            detail_open(ui, word);
        found = true;
        command = kind == PALETTE_COMMAND ? prompt_find(name, strlen(name)) : NULL;
        if (command != NULL)
            detail_add(ui, ":%s   %s", name, command->meaning);
        else if (kind == PALETTE_KEY)
            help_of_key(ui, name, true);
        else
            detail_add(ui, "screen %s   :%s shows it", name, name);
    }
    return found;
}

void word_glossary(struct ui *ui, const char *args)
{
    help_open(ui, HELP_GLOSSARY, args);
    if (help_entries(ui) == 0) {
        ui->help.named = false;
        ui_say(ui, 1, "", "nothing there has `%s`; " KEY("Esc") " shows all of it", args);
    }
}

void word_help(struct ui *ui, const char *args)
{
    const struct prompt_word *word = prompt_find(args, strlen(args));

    if (args[0] == '\0') {
        help_open(ui, HELP_COMMANDS, "");
    } else if (word != NULL) {
        help_of_word(ui, word);
    } else if (palette_topic_context(args) != KEY_CONTEXTS) {
        help_open(ui, HELP_KEYS, "");
        ui->help.topic = (uint8_t)(palette_topic_context(args) + 1);
    } else if (is_setting(ui, args)) {
        word_set(ui, args);
    } else if (glossary_find(args) != NULL) {
        help_open(ui, HELP_GLOSSARY, glossary_find(args)->term);
    } else if (control_named(ui, args) != NULL) {
        ui_say(ui, 0, control_named(ui, args)->code, "%s", control_named(ui, args)->help);
    } else if (!help_of_key(ui, args, false) && !help_of_other_word(ui, args)) {
        ui_say(ui, 1, "",
               "no help on `%s`: a command, a setting, a word of the screens, a key's name like row-up, or "
               "keys, ladder ...",
               args);
    }
}
