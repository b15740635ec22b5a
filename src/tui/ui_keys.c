/*
 * What this user's keyboard and settings make of the keys that texts name: texts are written with the keys of the list
 * (keymap.c), chips as they are, sentences with KEY() around them, and shown with what has to be pressed here.
 */
#include "core/base/safe_text.h"
#include "tui/ui_state.h"

#include <stdio.h>
#include <string.h>

enum key_action ui_action(const struct ui *ui, enum key_context context, uint32_t key)
{
    const struct key_binding *binding = keymap_lookup(&ui->keys, context, key);

    return binding != NULL ? binding->action : ACT_NONE;
}

bool ui_kill_typed(const struct ui *ui, uint32_t key)
{
    return ui_action(ui, CONTEXT_ALL, key) == ACT_KILL ||
           ui_action(ui, CONTEXT_ALL, key & ~(uint32_t)KEY_ALT) == ACT_KILL;
}

/* Where a key that a text names may be meant: here first, then around, then anywhere. */
static const struct key_binding *meant(const struct ui *ui, uint32_t key)
{
    const enum key_context near[] = {ui_context(ui), CONTEXT_REPLAY, CONTEXT_TRADE, CONTEXT_ALL};

    for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
        if (keymap_find(near[i], key) != NULL)
            return keymap_find(near[i], key);
    }
    for (int context = 0; context < KEY_CONTEXTS; context++) {
        if (keymap_find((enum key_context)context, key) != NULL)
            return keymap_find((enum key_context)context, key);
    }
    return NULL;
}

/* "i", "Space", as the list has it, to what this user presses; itself where it is no key of the list, "" where the
 * user took the key away. */
static void one_key(const struct ui *ui, const char *name, char out[32])
{
    uint32_t key = key_from_name(name);
    const struct key_binding *binding = key != 0 ? meant(ui, key) : NULL, *now;

    text_print(out, 32, "%s", name);
    if (binding == NULL)
        return;
    now = keymap_lookup(&ui->keys, binding->context, key);
    if (now == NULL || strcmp(now->name, binding->name) != 0) {
        key = 0;
        for (size_t i = 0; i < ui->keys.count && key == 0; i++) {
            if (strcmp(ui->keys.binding[i].name, binding->name) == 0)
                key = ui->keys.binding[i].key;
        }
    }
    out[0] = '\0';
    if (key != 0) {
        char shown[32];

        text_print(out, 32, "%s", keymap_key_shown(&ui->keys, key, shown));
    }
}

static bool is_range(const char *text) /* "1-8" */
{
    return strlen(text) == 3 && text[1] == '-' && text[0] >= '0' && text[0] <= '9';
}

/* A word of a chip: a key's name, or several characters that are each a key. */
static size_t add_word(const struct ui *ui, const char *word, char *out, size_t size)
{
    size_t used = 0;
    char shown[32];

    if (is_range(word) || key_from_name(word) != 0) {
        text_print(shown, sizeof(shown), "%s", word);
        if (!is_range(word))
            one_key(ui, word, shown);
        return strlen(text_print(out, size, "%s", shown));
    }
    while (*word != '\0' && used + 8 < size) {
        unsigned code;
        char letter[8];

        text_print(letter, sizeof(letter), "%.*s", (int)safe_text_decode(word, strlen(word), &code), word);
        word += strlen(letter);
        one_key(ui, letter, shown);
        text_print(out + used, size - used, "%s", shown);
        used += strlen(out + used);
    }
    return used;
}

const char *ui_chip(const struct ui *ui, const char *keys, char out[UI_CHIP_SIZE])
{
    char words[UI_CHIP_SIZE], *rest = words, *word;
    size_t used = 0;

    text_print(words, sizeof(words), "%s", keys);
    out[0] = '\0';
    while ((word = strsep(&rest, " ")) != NULL && used + 2 < UI_CHIP_SIZE) {
        size_t blank = used > 0, added = add_word(ui, word, out + used + blank, UI_CHIP_SIZE - used - blank);

        if (added > 0 && blank)
            out[used] = ' ';
        if (added == 0)
            out[used] = '\0';
        else
            used += added + blank;
    }
    return out;
}

const char *ui_with_keys(const struct ui *ui, const char *text, char *out, size_t size)
{
    size_t used = 0;

    while (*text != '\0' && used + 1 < size) {
        const char *end = *text == KEY_BEGINS ? strchr(text, KEY_ENDS) : NULL;
        char keys[UI_CHIP_SIZE], shown[UI_CHIP_SIZE];

        if (end == NULL) {
            if (*text != KEY_BEGINS && *text != KEY_ENDS)
                out[used++] = *text;
            text++;
            continue;
        }
        text_print(keys, sizeof(keys), "%.*s", (int)(end - text - 1), text + 1);
        text_print(out + used, size - used, "%s", ui_chip(ui, keys, shown)[0] != '\0' ? shown : "(no key)");
        used += strlen(out + used);
        text = end + 1;
    }
    out[used] = '\0';
    return out;
}
