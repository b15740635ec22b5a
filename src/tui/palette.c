/* The list above the prompt: what fits what is typed, what is chosen of it, and what Enter does with that. */
#include "tui/palette.h"
#include "tui/screen_names.h"

#include "core/base/config.h"
#include "tui/palette_values.h"
#include "tui/prompt_meant.h"
#include "tui/ui_screens.h"
#include "tui/zoom.h"

#include <string.h>

#define PREFER_COMMAND 8
#define PREFER_PLACE   6 /* screens and instruments */
#define PREFER_KEY     2
#define PREFER_PAST    14
#define FAR_KEY        (-24) /* works in another place */
#define HELP_BEHIND    (-6)
#define SLIP_LEAST     4 /* letters: of shorter names too many are near */
#define SLIP_LETTER    24
#define SETTING_LETTER 20 /* of a setting's long name: letters that lie about in it are no likeness */

/* --- what there is -------------------------------------------------------------------------------------------- */

static const struct prompt_word *typed_word(const struct ui *ui)
{
    return prompt_find(ui->text.value, strcspn(ui->text.value, " "));
}

static bool place_has(const struct ui *ui, enum key_context context)
{
    if (context == CONTEXT_ALL)
        return true;
    if (context == CONTEXT_REPLAY)
        return ui->frame != NULL && ui->frame->status.replay;
    if (ui->screen != SCREEN_TRADE)
        return ui_screen_of(ui->screen)->context == context;
    return context == CONTEXT_TRADE || context == (ui->focus == FOCUS_LADDER ? CONTEXT_LADDER : CONTEXT_LIST);
}

/* Keys of questions, forms and fields mean nothing here, and a command has its key beside it. */
static bool offers_key(const struct key_binding *binding)
{
    switch (binding->context) {
    case CONTEXT_ASK:
    case CONTEXT_TEXT:
    case CONTEXT_TICKET:
    case CONTEXT_MOVE:
    case CONTEXT_PAGE:
    case CONTEXT_CHOOSE:
    case KEY_CONTEXTS:
        return false;
    case CONTEXT_ALL:
    case CONTEXT_TRADE:
    case CONTEXT_LADDER:
    case CONTEXT_LIST:
    case CONTEXT_REPLAY:
    case CONTEXT_RISK:
    case CONTEXT_STRATEGY:
    case CONTEXT_MARKET:
    case CONTEXT_CHART:
    case CONTEXT_RESULTS:
    case CONTEXT_JOURNAL:
    case CONTEXT_SYSTEM:
        break;
    }
    if (binding->help[0] == '\0' || binding->action == ACT_COMMAND || binding->action == ACT_LEAVE ||
        binding->action == ACT_INTERRUPT || binding->action == ACT_STOP_REFUSED ||
        binding->action == ACT_CAPS || binding->action == ACT_MARKET_HINT ||
        (binding->action >= ACT_SCREEN_1 && binding->action <= ACT_SCREEN_8))
        return false;
    for (size_t i = 0; i < prompt_count(); i++)
        if (prompt_at(i)->key == binding->action && binding->context <= CONTEXT_TRADE)
            return false;
    return true;
}

/* What sends, cancels or lets trade: likeness alone never does it. */
static bool key_trades(enum key_action action)
{
    switch ((int)action) {
    case ACT_ARM:
    case ACT_TICKET:
    case ACT_LIMIT:
    case ACT_MARKET:
    case ACT_STOP:
    case ACT_CANCEL:
    case ACT_CANCEL_ALL:
    case ACT_PICK:
    case ACT_PUT:
    case ACT_FLATTEN:
    case ACT_REVERSE:
    case ACT_TOGGLE:
    case ACT_RELOAD:
        return true;
    default:
        return false;
    }
}

/* --- the list --------------------------------------------------------------------------------------------------- */

static void add(struct ui_palette *palette, enum palette_kind kind, size_t index, int score)
{
    int at = palette->items < PALETTE_MAX ? palette->items : PALETTE_MAX - 1;

    if (palette->items == PALETTE_MAX && palette->item[at].score >= score)
        return;
    for (; at > 0 && palette->item[at - 1].score < score; at--)
        palette->item[at] = palette->item[at - 1];
    palette->item[at] = (struct palette_item){kind, (uint16_t)index, (int16_t)score};
    if (palette->items < PALETTE_MAX)
        palette->items++;
}

/* By its name or what else it is called, or else by words of its meaning. */
static int likeness(const char *typed, enum palette_kind kind, const char *name, const char *meaning)
{
    int score = palette_likeness(typed, name, NULL);
    int other = palette_likeness_of_other(typed, palette_other_words(kind, name), meaning);

    if (other > score)
        score = other;
    return score > 0 ? score : palette_likeness_of_words(typed, meaning);
}

static void add_liked(struct ui_palette *palette, enum palette_kind kind, size_t index, int score, int prefer)
{
    if (score > 0)
        add(palette, kind, index, score + prefer);
}

/* A slip of the keys, "quitt": nearly as good as the name itself, better than letters of another one here and there. */
static int slip(const char *typed, const char *name)
{
    size_t letters = strlen(typed), distance;

    if (letters < SLIP_LEAST || strchr(typed, ' ') != NULL || !option_is_near(typed, name, &distance))
        return 0;
    return (int)(letters + 1) * SLIP_LETTER - (int)distance;
}

static void add_commands(struct ui *ui, const char *typed)
{
    for (size_t i = 0; i < prompt_count(); i++) {
        const struct prompt_word *word = prompt_at(i);
        int liked = likeness(typed, PALETTE_COMMAND, word->name, word->meaning),
            slipped = slip(typed, word->name);

        add_liked(&ui->palette, PALETTE_COMMAND, i, slipped > liked ? slipped : liked, PREFER_COMMAND);
    }
    for (size_t i = 0; i < keymap_count(); i++) {
        const struct key_binding *binding = keymap_at(i);

        if (offers_key(binding))
            add_liked(&ui->palette, PALETTE_KEY, i,
                      likeness(typed, PALETTE_KEY, binding->name, binding->help),
                      place_has(ui, binding->context) ? PREFER_KEY : FAR_KEY);
    }
}

static void add_places(struct ui *ui, const char *typed)
{
    char name[PALETTE_NAME_MAX];

    for (enum screen_id id = SCREEN_TRADE; id <= SCREEN_SYSTEM; id++)
        add_liked(&ui->palette, PALETTE_SCREEN, id, likeness(typed, PALETTE_SCREEN, ui_screen_name(id), ""),
                  PREFER_PLACE);
    for (size_t i = 0; ui->frame != NULL && i < ui->frame->status.instruments && i < INSTRUMENTS_MAX; i++)
        add_liked(&ui->palette, PALETTE_INSTRUMENT, i,
                  palette_likeness(typed, ui->frame->status.instrument[i].symbol, NULL), PREFER_PLACE);
    for (size_t i = 0; palette_topic(i) != NULL; i++) {
        text_print(name, sizeof(name), "help %s", palette_topic(i));
        add_liked(&ui->palette, PALETTE_HELP, i, palette_likeness(typed, name, NULL), HELP_BEHIND);
    }
}

static void add_settings(struct ui *ui, const char *typed)
{
    const struct config *config = ui_settings(ui);
    const struct option *table;
    size_t count, blanks = 0;

    if (config == NULL)
        return;
    table = config_table(config, &count);
    for (const char *at = typed; *at != '\0'; at++)
        blanks += *at == ' ';
    for (size_t i = 0; i < count; i++) {
        int liked = palette_likeness(typed, table[i].name, NULL);

        if (liked < (int)(strlen(typed) - blanks) * SETTING_LETTER)
            liked = palette_likeness_of_words(typed, table[i].help);
        add_liked(&ui->palette, PALETTE_SETTING, i, liked, 0);
    }
}

/* Newest first; all that begin with what is typed, or, when they alone are searched, that have it anywhere. */
static void add_past(struct ui *ui, const char *typed, bool anywhere)
{
    for (uint16_t i = 0; i < ui->text.histories; i++) {
        const char *line = ui->text.history[i];
        bool has = anywhere ? strstr(line, typed) != NULL : strncmp(line, typed, strlen(typed)) == 0;

        if (has && strcmp(line, typed) != 0)
            add(&ui->palette, PALETTE_PAST, i,
                typed[0] == '\0' || anywhere
                    ? 20000 - (int)i
                    : palette_likeness(typed, line, NULL) + PREFER_PAST - (int)i / 8);
    }
}

static void add_values(struct ui *ui)
{
    char text[PALETTE_NAME_MAX];
    const char *typed = palette_value_typed(ui);

    for (size_t i = 0; palette_value(ui, i, text, sizeof(text)) != NULL; i++) {
        int score = typed[0] == '\0' ? 10000 - (int)i : palette_likeness(typed, text, NULL);

        if (strcmp(typed, text) != 0)
            add_liked(&ui->palette, PALETTE_VALUE, i, score, 0);
    }
}

void palette_update(struct ui *ui)
{
    struct ui_palette *palette = &ui->palette;
    const char *typed = ui->text.value + strspn(ui->text.value, " :");
    bool behind = strchr(typed, ' ') != NULL && typed_word(ui) != NULL;
    struct prompt_meaning meaning;

    palette->items = 0;
    palette->by_hand = false;
    if (ui->text.past_only) {
        add_past(ui, typed, true);
    } else if (behind) {
        add_values(ui);
        add_past(ui, typed, false);
    } else {
        add_past(ui, typed, false);
        for (size_t i = 0; typed[0] == '\0' && i < prompt_count(); i++)
            add(palette, PALETTE_COMMAND, i, 1000 - (int)i);
        if (typed[0] != '\0') {
            add_commands(ui, typed);
            add_places(ui, typed);
            add_settings(ui, typed);
        }
    }
    palette->chosen = typed[0] != '\0' && !behind && typed_word(ui) == NULL && palette->items > 0 &&
                              !prompt_meant(ui, typed, &meaning)
                          ? 0
                          : -1; /* what has a meaning of its own is run as that */
    ui->changed = true;
}

const struct palette_item *palette_chosen(const struct ui *ui)
{
    return ui->palette.chosen < 0 ? NULL : &ui->palette.item[ui->palette.chosen];
}

void palette_move(struct ui *ui, int rows)
{
    struct ui_palette *palette = &ui->palette;
    int to = palette->chosen + rows;

    if (palette->items == 0) {
        ui_say(ui, 0, "", "nothing to choose from");
        return;
    }
    if (to >= palette->items)
        to = palette->items - 1;
    if (to < -1)
        to = -1;
    palette->chosen = (int8_t)to;
    palette->by_hand = to >= 0;
    ui->changed = true;
}

void palette_find_past(struct ui *ui)
{
    if (ui->text.past_only) {
        palette_move(ui, 1);
        return;
    }
    ui->text.past_only = true;
    palette_update(ui);
    if (ui->palette.items == 0)
        ui_say(ui, 0, "", "no line typed before has that in it; " KEY("Esc") " leaves");
    else
        palette_move(ui, ui->palette.chosen < 0 ? 1 : 0);
}

/* --- what becomes of it --------------------------------------------------------------------------------------- */

static bool wants_arguments(const struct prompt_word *word)
{
    return word->arguments[0] != '\0' && word->arguments[0] != '[';
}

/* What Tab makes of the line with this item. */
static void fill(struct ui *ui, const struct palette_item *item)
{
    char name[UI_COMMAND_MAX], line[UI_COMMAND_MAX];

    palette_name(ui, item, name, sizeof(name));
    if (item->kind == PALETTE_VALUE)
        text_print(line, sizeof(line), "%.*s%s ", (int)(palette_value_typed(ui) - ui->text.value),
                   ui->text.value, name);
    else if (item->kind == PALETTE_SETTING)
        text_print(line, sizeof(line), "set %s ", name);
    else if (item->kind == PALETTE_COMMAND)
        text_print(line, sizeof(line), "%s%s", name, prompt_at(item->index)->arguments[0] == '\0' ? "" : " ");
    else
        text_print(line, sizeof(line), "%s", name);
    ui->text.past_only = false;
    text_set(ui, line);
    palette_update(ui);
}

void palette_complete(struct ui *ui)
{
    const struct palette_item *item = palette_chosen(ui);

    if (item == NULL && ui->palette.items > 0 && ui->text.size > 0)
        item = &ui->palette.item[0];
    if (item == NULL)
        ui_say(ui, 1, "", "nothing begins so; :help lists the commands");
    else if (item->kind == PALETTE_KEY || item->kind == PALETTE_INSTRUMENT || item->kind == PALETTE_SCREEN)
        palette_move(ui, ui->palette.chosen < 0 ? 1 : 0); /* no words of a command: chosen */
    else {
        struct palette_item copy = *item;

        fill(ui, &copy);
    }
}

static void enter_key(struct ui *ui, const struct palette_item *item)
{
    const struct key_binding *binding = keymap_at(item->index);
    char keys[64];

    if (!palette_allowed(ui, item)) {
        ui_say(ui, 1, "", "%s does not work here: it is a key %s",
               keymap_shown(&ui->keys, binding->context, binding->action, keys, sizeof(keys)),
               key_context_place(binding->context));
        return;
    }
    if (key_trades(binding->action) && !ui->palette.by_hand) {
        ui->palette.by_hand = true;
        ui_say(ui, 2, "", KEY("Enter") " once more: %s", binding->help);
        return;
    }
    ui->overlay = OVERLAY_NONE;
    if (key_trades(binding->action) && binding->action != ACT_ARM)
        arm_off(ui, NULL); /* from here an order always asks */
    ui_act(ui, binding->action);
}

bool palette_only_types(const struct ui *ui, const struct palette_item *item)
{
    if (item->kind == PALETTE_COMMAND)
        return wants_arguments(prompt_at(item->index)) ||
               (!ui->palette.by_hand && (prompt_at(item->index)->traits & PROMPT_TRADES) != 0);
    if (item->kind == PALETTE_PAST)
        return !ui->palette.by_hand;
    return item->kind == PALETTE_VALUE || item->kind == PALETTE_SETTING;
}

bool palette_enter(struct ui *ui)
{
    const struct palette_item *chosen = palette_chosen(ui);
    struct palette_item item;

    if (chosen == NULL)
        return false;
    item = *chosen;
    switch (item.kind) {
    case PALETTE_VALUE:
    case PALETTE_SETTING:
    case PALETTE_PAST:
    case PALETTE_COMMAND:
    case PALETTE_HELP: {
        bool types = palette_only_types(ui, &item);

        fill(ui, &item);
        return types;
    }
    case PALETTE_SCREEN:
        ui->overlay = OVERLAY_NONE;
        ui_act(ui, (enum key_action)(ACT_SCREEN_1 + item.index - SCREEN_TRADE));
        return true;
    case PALETTE_INSTRUMENT:
        ui->overlay = OVERLAY_NONE;
        ui_instrument_show(ui, item.index);
        return true;
    case PALETTE_KEY:
        enter_key(ui, &item);
        return true;
    case PALETTE_KINDS:
        break;
    }
    return false;
}

bool palette_allowed(const struct ui *ui, const struct palette_item *item)
{
    return item->kind != PALETTE_KEY || (place_has(ui, keymap_at(item->index)->context) &&
                                         !zoom_refuses(ui, keymap_at(item->index)->action));
}
