/*
 * The list of keys as its user has it: names with other keys, and what may not be. Rules that a new key must keep: it
 * means nothing else where both work, kill stays where it is, nothing that sends an order is a key that answers a
 * question or disarms, and what steers the program away from harm has a key.
 */
#include "core/base/safe_text.h"
#include "tui/keymap.h"

#include <stdio.h>
#include <string.h>

static bool is_kill(uint32_t key)
{
    const struct key_binding *binding = keymap_find(CONTEXT_ALL, key & ~(uint32_t)KEY_ALT);

    return binding != NULL && binding->action == ACT_KILL;
}

void keymap_init(struct keymap *map, enum keyboard keyboard)
{
    memset(map, 0, sizeof(*map));
    map->keyboard = keyboard;
    for (size_t i = 0; i < keymap_count() && i < KEYMAP_MAX; i++)
        map->binding[map->count++] = *keymap_at(i);
}

/* --- settings ---------------------------------------------------------------------------------------------------- */

/* A comma stands between two keys of a setting. */
static const char *setting_name(uint32_t key, char out[32])
{
    if (key == ',') {
        snprintf(out, 32, "Comma");
        return out;
    }
    return key_to_name(key, out);
}

const char *keymap_setting(const struct keymap *map, const char *name, char out[KEYMAP_TEXT_SIZE])
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < map->count && used < KEYMAP_TEXT_SIZE; i++) {
        char key[32];

        if (map->binding[i].key != 0 && strcmp(map->binding[i].name, name) == 0)
            used += (size_t)snprintf(out + used, KEYMAP_TEXT_SIZE - used, "%s%s", used == 0 ? "" : ",",
                                     setting_name(map->binding[i].key, key));
    }
    return used == 0 ? strcpy(out, "none") : out;
}

/* False: why says what is wrong with it. */
static bool parse_key(const struct keymap *map, const char *word, uint32_t *key, char why[KEYMAP_WHY_SIZE])
{
    char safe[32];

    *key = strcasecmp(word, "Comma") == 0 ? ',' : key_from_name(word);
    safe_text(word, strlen(word), safe, sizeof(safe));
    if (*key == 0) {
        snprintf(
            why, KEYMAP_WHY_SIZE,
            "'%s' is no key; allowed: a character, Space, Comma, Enter, Tab, Up, PageUp, Home, F1..F12, with "
            "Shift-, Alt- or Ctrl-",
            safe);
        return false;
    }
    if ((*key & KEY_CTRL) != 0 && strchr("himj[", (int)(key_base(*key) & 0x7f)) != NULL) {
        snprintf(why, KEYMAP_WHY_SIZE,
                 "'%s' looks like Enter, Tab, Backspace or Esc to a terminal; allowed: another key", safe);
        return false;
    }
    *key = keyboard_key(map->keyboard, *key);
    return true;
}

static const struct key_binding *first_of(const struct keymap *map, const char *name, size_t *at)
{
    for (size_t i = 0; i < map->count; i++) {
        if (strcmp(map->binding[i].name, name) == 0) {
            *at = i;
            return &map->binding[i];
        }
    }
    return NULL;
}

/* They steer away from harm, or lead on: without a key nobody would find the way. */
static bool needs_a_key(enum key_action action)
{
    switch ((int)action) {
    case ACT_KILL:
    case ACT_PAUSE:
    case ACT_LEAVE:
    case ACT_INTERRUPT:
    case ACT_HELP:
    case ACT_COMMAND:
    case ACT_CANCEL:
    case ACT_CANCEL_ALL:
    case ACT_FLATTEN:
    case ACT_YES:
    case ACT_NO:
    case ACT_DONE:
    case ACT_ERASE:
        return true;
    default:
        return false;
    }
}

bool keymap_is_fixed(enum key_action action)
{
    return action == ACT_CAPS || action == ACT_STOP_REFUSED || action == ACT_INTERRUPT;
}

/* In the place of what the name had; of kill behind it. */
static bool put_keys(struct keymap *map, size_t at, const uint32_t *key, size_t keys,
                     char why[KEYMAP_WHY_SIZE])
{
    struct key_binding first = map->binding[at];
    bool more = first.action == ACT_KILL;
    size_t kept = 0, had = 0;

    for (size_t i = 0; i < map->count; i++) {
        bool mine = strcmp(map->binding[i].name, first.name) == 0;

        had += mine;
        if (mine && !more)
            continue;
        map->own[kept] = map->own[i];
        map->binding[kept++] = map->binding[i];
    }
    if (more)
        at += had;
    if (kept + keys > KEYMAP_MAX) {
        snprintf(why, KEYMAP_WHY_SIZE, "too many keys in all");
        return false;
    }
    memmove(&map->binding[at + keys], &map->binding[at], (kept - at) * sizeof(map->binding[0]));
    memmove(&map->own[at + keys], &map->own[at], (kept - at) * sizeof(map->own[0]));
    for (size_t i = 0; i < keys; i++) {
        map->binding[at + i] = first;
        map->binding[at + i].key = key[i];
        map->binding[at + i].help = i == 0 && !more ? first.help : "";
        map->own[at + i] = true;
    }
    map->count = kept + keys;
    return true;
}

bool keymap_rebind(struct keymap *map, const char *name, const char *text, char why[KEYMAP_WHY_SIZE])
{
    uint32_t key[KEYMAP_KEYS_MAX];
    char words[KEYMAP_TEXT_SIZE * 2], *rest = words, *word;
    size_t keys = 0, at = 0;
    const struct key_binding *binding = first_of(map, name, &at);
    struct keymap before;

    if (binding == NULL) {
        snprintf(why, KEYMAP_WHY_SIZE, "no key has that name; see flowdeck help keys");
        return false;
    }
    if (keymap_is_fixed(binding->action)) {
        snprintf(why, KEYMAP_WHY_SIZE, "cannot be changed: it guards against slips");
        return false;
    }
    snprintf(words, sizeof(words), "%s", text);
    while ((word = strsep(&rest, ",")) != NULL && strcmp(text, "none") != 0) {
        if (keys == KEYMAP_KEYS_MAX) {
            snprintf(why, KEYMAP_WHY_SIZE, "too many keys; allowed: %d", KEYMAP_KEYS_MAX);
            return false;
        }
        if (!parse_key(map, word, &key[keys], why))
            return false;
        if (binding->action == ACT_KILL && is_kill(key[keys]))
            continue; /* it has that one, and keeps it */
        keys++;
    }
    if (keys == 0 && binding->action != ACT_KILL) {
        if (needs_a_key(binding->action)) {
            snprintf(why, KEYMAP_WHY_SIZE, "cannot be without a key");
            return false;
        }
        key[keys++] = 0; /* it stays in the help, without one */
    }
    before = *map;
    if (put_keys(map, at, key, keys, why))
        return true;
    *map = before;
    return false;
}

/* --- what may not be ---------------------------------------------------------------------------------------------- */

/* Answers to these ask a question, or send. */
static bool sends(enum key_action action)
{
    switch ((int)action) {
    case ACT_LIMIT:
    case ACT_MARKET:
    case ACT_STOP:
    case ACT_FLATTEN:
    case ACT_REVERSE:
    case ACT_PUT:
        return true;
    default:
        return false;
    }
}

static bool asks(enum key_action action)
{
    switch ((int)action) {
    case ACT_ARM:
    case ACT_QUIT:
    case ACT_SIMULATION:
    case ACT_OBSERVATION:
    case ACT_PAUSE:
    case ACT_CANCEL:
    case ACT_TICKET:
    case ACT_TOGGLE:
        return true;
    default:
        return sends(action);
    }
}

static bool is_screen(enum key_context context)
{
    return context == CONTEXT_RISK || context == CONTEXT_STRATEGY || context == CONTEXT_MARKET ||
           context == CONTEXT_CHART;
}

static bool is_place(enum key_context context)
{
    return context == CONTEXT_LADDER || context == CONTEXT_LIST || context == CONTEXT_MOVE ||
           is_screen(context);
}

/* Both may be meant by a key at one moment, the inner one first. */
static bool meet(const struct key_binding *inner, const struct key_binding *outer)
{
    if (inner->context == outer->context)
        return true;
    if (outer->context == CONTEXT_ALL)
        return is_place(inner->context) || inner->context == CONTEXT_REPLAY || inner->context == CONTEXT_TRADE
                   ? true
                   : key_works_everywhere(outer->action) && inner->context != CONTEXT_TEXT;
    if (outer->context == CONTEXT_TRADE)
        return inner->context == CONTEXT_LADDER || inner->context == CONTEXT_LIST ||
               inner->context == CONTEXT_REPLAY;
    if (outer->context == CONTEXT_REPLAY)
        return is_place(inner->context);
    return false;
}

/* The list itself lets this name stand before that one: chart-view before view-next. */
static bool meant_so(const struct key_binding *inner, const struct key_binding *outer)
{
    for (size_t i = 0; i < keymap_count(); i++) {
        const struct key_binding *a = keymap_at(i);

        for (size_t j = 0; j < keymap_count() && strcmp(a->name, inner->name) == 0; j++) {
            const struct key_binding *b = keymap_at(j);

            if (strcmp(b->name, outer->name) == 0 && a->key == b->key)
                return true;
        }
    }
    return false;
}

static bool is_printable(uint32_t key)
{
    return key_base(key) < KEY_FIRST && (key & (KEY_CTRL | KEY_ALT)) == 0;
}

/* A slip of the finger must not be enough: Shift, a modifier, or a key away from the letters. */
static bool wants_shift(enum key_action action)
{
    return action == ACT_MARKET || action == ACT_REVERSE || action == ACT_CANCEL_ALL;
}

static const char *unsafe(const struct key_binding *binding)
{
    uint32_t key = binding->key;

    if (is_kill(key) && binding->action != ACT_KILL)
        return "kills, wherever you are";
    if (key_base(key) == KEY_ESC && binding->action != ACT_LEAVE)
        return "leaves what is open, wherever you are";
    if (key == (KEY_CTRL | 'c') && binding->action != ACT_INTERRUPT)
        return "leaves, and quits when pressed twice";
    if (binding->context == CONTEXT_TEXT && is_printable(key))
        return "is a letter in a text field";
    if (binding->context == CONTEXT_TICKET && ((key >= '0' && key <= '9') || key == '.'))
        return "is a figure in the ticket";
    if (wants_shift(binding->action) && is_printable(key) && !(key >= 'A' && key <= 'Z'))
        return "is too easily hit by mistake for that; allowed: a capital letter, a function key, with Ctrl- "
               "or Alt-";
    if (binding->action == ACT_YES && (key == KEY_ENTER || key == KEY_TAB || key == ' '))
        return "must not say yes: it is pressed without thinking";
    return NULL;
}

/* What asks must not be answered by the key that asked. */
static bool answers_itself(const struct key_binding *a, const struct key_binding *b)
{
    return (a->action == ACT_YES && asks(b->action)) || (b->action == ACT_YES && asks(a->action));
}

static const struct key_binding *clash_of(const struct keymap *map, size_t at)
{
    const struct key_binding *mine = &map->binding[at];

    for (size_t i = 0; i < map->count; i++) {
        const struct key_binding *other = &map->binding[i];

        if (i == at || other->key != mine->key || strcmp(other->name, mine->name) == 0)
            continue;
        if (answers_itself(mine, other))
            return other;
        if ((meet(mine, other) && !meant_so(mine, other)) || (meet(other, mine) && !meant_so(other, mine)))
            return other;
    }
    return NULL;
}

const char *keymap_conflict(const struct keymap *map, char why[KEYMAP_WHY_SIZE])
{
    for (size_t i = 0; i < map->count; i++) {
        const struct key_binding *mine = &map->binding[i], *other;
        const char *danger;
        char key[32];

        if (!map->own[i] || mine->key == 0)
            continue;
        setting_name(mine->key, key);
        danger = unsafe(mine);
        if (danger != NULL) {
            snprintf(why, KEYMAP_WHY_SIZE, "'%s' %s", key, danger);
            return mine->name;
        }
        for (size_t j = 0; j < i; j++) {
            if (map->binding[j].key == mine->key && strcmp(map->binding[j].name, mine->name) == 0) {
                snprintf(why, KEYMAP_WHY_SIZE, "'%s' stands there twice", key);
                return mine->name;
            }
        }
        other = clash_of(map, i);
        if (other != NULL) {
            snprintf(why, KEYMAP_WHY_SIZE,
                     "'%s' is keys.%s already, %s; allowed: a key that is free there, or another one for "
                     "that name too",
                     key, other->name, key_context_place(other->context));
            return mine->name;
        }
    }
    return NULL;
}

/* --- questions ----------------------------------------------------------------------------------------------------- */

const struct key_binding *keymap_lookup(const struct keymap *map, enum key_context context, uint32_t key)
{
    uint32_t meant = keyboard_key(map->keyboard, key);

    for (size_t i = 0; i < map->count && meant != 0; i++) {
        if (map->binding[i].context == context && map->binding[i].key == meant)
            return &map->binding[i];
    }
    return NULL;
}

static uint32_t shown(const struct keymap *map, uint32_t key)
{
    return keyboard_shown(map->latin ? KEYBOARD_US : map->keyboard, key);
}

const char *keymap_key_shown(const struct keymap *map, uint32_t key, char out[32])
{
    return key_glyph(shown(map, key), out);
}

/* A letter that the terminal cannot draw is no help. */
static bool can_be_shown(const struct keymap *map, uint32_t key)
{
    uint32_t base = key_base(shown(map, key));

    return !map->latin || base < 0x80 || base >= KEY_FIRST;
}

/* A letter of another script stands for the one that is at its place: it is shown once. */
static bool shown_before(const struct keymap *map, size_t at)
{
    uint32_t as = shown(map, map->binding[at].key);

    for (size_t i = 0; i < at; i++) {
        if (map->binding[i].context == map->binding[at].context &&
            map->binding[i].action == map->binding[at].action && shown(map, map->binding[i].key) == as)
            return true;
    }
    return false;
}

const char *keymap_shown(const struct keymap *map, enum key_context context, enum key_action action,
                         char *out, size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < map->count && used < size; i++) {
        char name[32];

        if (map->binding[i].context == context && map->binding[i].action == action &&
            map->binding[i].key != 0 && can_be_shown(map, map->binding[i].key) && !shown_before(map, i))
            used += (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? " " : "",
                                     keymap_key_shown(map, map->binding[i].key, name));
    }
    return out;
}
