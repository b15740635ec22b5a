/* One-line text fields: the prompt, a size, a filter, the word that clears a kill. Pastes never get here. */
#include "core/base/decimal.h"
#include "tui/prompt_meant.h"

#include <stdio.h>
#include <string.h>

void text_set(struct ui *ui, const char *value)
{
    text_print(ui->text.value, sizeof(ui->text.value), "%s", value);
    ui->text.size = (uint8_t)strlen(ui->text.value);
    if (ui->text.kind == TEXT_COMMAND)
        palette_update(ui);
}

void text_open(struct ui *ui, enum text_kind kind)
{
    ui->text.kind = kind;
    ui->text.size = 0;
    ui->text.value[0] = '\0';
    ui->text.fresh = false;
    ui->text.opened_ns = ui->now_ns;
    ui->text.past_only = false;
    ui->text.under = kind == TEXT_HELP                 ? OVERLAY_HELP
                     : ui->overlay == OVERLAY_SETTINGS ? OVERLAY_SETTINGS
                                                       : OVERLAY_NONE;
    ui->overlay = OVERLAY_TEXT;
    if (kind == TEXT_COMMAND)
        palette_update(ui);
    if (kind == TEXT_FILTER)
        text_set(ui, ui_filter(ui));
    if (kind == TEXT_HELP)
        text_set(ui, ui->help.filter);
    if (kind == TEXT_SETTINGS)
        text_set(ui, ui->settings.filter);
}

/* What was no command is not worth it, and the word that unlocks the screen is not for whoever looks over a shoulder. */
static bool is_kept(const char *line)
{
    const struct prompt_word *word = prompt_find(line, strcspn(line, " "));
    const char *rest = line + strcspn(line, " ");

    rest += strspn(rest, " ");
    return word != NULL && (word->traits & PROMPT_UNKEPT) == 0 &&
           !(strcmp(word->name, "set") == 0 && strncmp(rest, "screen.lock_word", 16) == 0);
}

/* Each line once, the newest first. */
void ui_typed_before(struct ui *ui, const char *line)
{
    struct ui_text *text = &ui->text;
    uint16_t at = 0;

    line += strspn(line, " :");
    if (!is_kept(line))
        return;
    while (at < text->histories && strcmp(text->history[at], line) != 0)
        at++;
    if (at == UI_HISTORY_MAX)
        at--;
    memmove(text->history[1], text->history[0], at * sizeof(text->history[0]));
    text_print(text->history[0], UI_COMMAND_MAX, "%s", line);
    if (at == text->histories)
        text->histories++;
}

/* What was meant, where that is a command. */
static void remember(struct ui *ui, const char *line)
{
    struct prompt_meaning meaning;

    line += strspn(line, " :");
    if (prompt_meant(ui, line, &meaning) && meaning.line[0] != '\0')
        line = meaning.line;
    ui_typed_before(ui, line);
    if (ui->host.remember != NULL && is_kept(line))
        ui->host.remember(ui->host.arg, line);
}

static void find_done(struct ui *ui, const char *value)
{
    const struct view_instrument *found = ui_find_instrument(ui, value);
    uint16_t id = found != NULL ? (uint16_t)(found - ui->frame->status.instrument) : 0;

    if (found == NULL) {
        ui_say(ui, 1, "", "no instrument of this session matches `%s`", value);
        return;
    }
    ui_instrument_show(ui, id);
    if (ui->say.until_ns == 0)
        ui_say(ui, 0, "", "%s", found->symbol);
}

static void done(struct ui *ui)
{
    char value[UI_COMMAND_MAX];
    struct command command;

    if (ui->text.kind == TEXT_COMMAND && palette_enter(ui))
        return;
    memcpy(value, ui->text.value, sizeof(value));
    ui->overlay = OVERLAY_NONE;
    switch (ui->text.kind) {
    case TEXT_COMMAND:
        remember(ui, value);
        prompt_run(ui, value);
        if (ui->text.under == OVERLAY_SETTINGS && ui->overlay == OVERLAY_NONE &&
            strncmp(value, "set ", 4) == 0)
            ui->overlay = OVERLAY_SETTINGS; /* to the row that it changed */
        break;
    case TEXT_SIZE:
        order_size_typed(ui, value);
        break;
    case TEXT_FILTER:
        text_print(ui_filter(ui), UI_FIELD_MAX, "%s", value);
        list_home(ui);
        ui_say(ui, 0, "", value[0] != '\0' ? "filtered; " KEY("Esc") " shows all again" : "all rows");
        break;
    case TEXT_FIND:
        find_done(ui, value);
        break;
    case TEXT_CLEAR_KILL:
        if (strcmp(value, "resume") != 0) {
            ui_say(ui, 1, "STILL KILLED", "`%s` is not the word", value);
            break;
        }
        command = ui_command(ui, COMMAND_CLEAR_KILL);
        if (ui_send(ui, &command))
            ui_say(ui, 0, "CLEARED", "asked for; the state will be PAUSED, one-key off");
        break;
    case TEXT_LOOSEN:
        limit_word_done(ui, value);
        break;
    case TEXT_PARAMETER:
        parameter_done(ui, value);
        break;
    case TEXT_HELP:
        ui->overlay = OVERLAY_HELP; /* what lay under it lies under it still */
        help_filter_done(ui, value);
        break;
    case TEXT_SETTINGS:
        settings_filter(ui, value);
        ui->overlay = OVERLAY_SETTINGS;
        break;
    }
}

static void changed(struct ui *ui)
{
    if (ui->text.kind == TEXT_COMMAND)
        palette_update(ui);
    if (ui->text.kind == TEXT_SETTINGS)
        settings_filter(ui, ui->text.value);
}

static void insert(struct ui *ui, uint32_t code)
{
    struct ui_text *text = &ui->text;

    if (code < ' ' || code > '~') {
        ui_say(ui, 1, "", "plain letters and figures only");
        return;
    }
    if (text->fresh)
        text->size = 0;
    text->fresh = false;
    if (text->size + 1 >= (text->kind == TEXT_COMMAND ? UI_COMMAND_MAX : UI_FIELD_MAX))
        ui_say(ui, 1, "", "the field is full");
    else {
        text->value[text->size++] = (char)code;
        text->value[text->size] = '\0';
        changed(ui);
    }
}

/* The help and the settings lie under their fields. */
static void left(struct ui *ui)
{
    ui->overlay = ui->text.under;
}

static void erase(struct ui *ui)
{
    bool figure = ui->text.kind == TEXT_SIZE || ui->text.kind == TEXT_PARAMETER;

    ui->text.fresh = false;
    if (ui->text.size == 0) {
        if (!figure)  /* one figure too many erased, and the next ones would choose screens */
            left(ui); /* as in vi: erasing nothing leaves */
        return;
    }
    ui->text.value[--ui->text.size] = '\0';
    changed(ui);
}

static void complete(struct ui *ui)
{
    if (ui->text.kind == TEXT_PARAMETER)
        parameter_step(ui);
    else if (ui->text.kind == TEXT_COMMAND)
        palette_complete(ui);
    else
        ui_say(ui, 1, "", "nothing to complete here");
}

/* Up is away from what is typed: the list stands above it, the best and the newest nearest. */
static void choose(struct ui *ui, int rows)
{
    if (ui->text.kind == TEXT_COMMAND)
        palette_move(ui, rows);
    else
        ui_say(ui, 1, "", "nothing to choose from here");
}

void text_key(struct ui *ui, const struct key_event *key, enum key_action action)
{
    switch ((int)action) {
    case ACT_DONE:
        done(ui);
        return;
    case ACT_ERASE:
        erase(ui);
        return;
    case ACT_COMPLETE:
        complete(ui);
        return;
    case ACT_OLDER:
        choose(ui, 1);
        return;
    case ACT_NEWER:
        choose(ui, -1);
        return;
    case ACT_PAST:
        if (ui->text.kind == TEXT_COMMAND)
            palette_find_past(ui);
        return;
    case ACT_LEAVE:
    case ACT_INTERRUPT:
        if (ui->text.kind == TEXT_SETTINGS)
            settings_filter(ui, "");
        left(ui);
        setting_forget(ui);
        ui_say(ui, 0, "", "left; nothing was done");
        return;
    default:
        insert(ui, key->key);
    }
}
