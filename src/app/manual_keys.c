#include "app/manual_keys.h"

#include "app/roff.h"
#include "core/base/safe_text.h"
#include "tui/prompt.h"

#include <string.h>

#define KEY_COLUMN 22

/* printf() counts bytes, and an arrow is three of them. */
static void print_key(const char *keys, const struct key_binding *binding, FILE *out)
{
    int cols = (int)safe_text_columns(keys);

    fprintf(out, "%s%*s %-8s %-18s %s\n", keys, cols < KEY_COLUMN ? KEY_COLUMN - cols : 0, "",
            key_context_name(binding->context), binding->name, binding->help);
}

static void print_keys(const struct keymap *map, FILE *out)
{
    fprintf(out, "%-*s %-8s %-18s %s\n", KEY_COLUMN, "key", "where", "name", "what it does");
    for (size_t i = 0; i < map->count; i++) {
        const struct key_binding *binding = &map->binding[i];
        char keys[96];

        if (binding->help[0] == '\0') /* another key of the same action has the words */
            continue;
        keymap_shown(map, binding->context, binding->action, keys, sizeof(keys));
        print_key(keys[0] == '\0' ? "(none)" : keys, binding, out);
    }
}

/* "; like :cancel buys; works in a replay", without what goes without saying. Returns out. */
static const char *prompt_rest(const struct prompt_word *word, char *out, size_t size)
{
    bool like = strcmp(word->example, word->name) != 0,
         works = (word->traits & (PROMPT_TYPED | PROMPT_REPLAY)) != 0;

    snprintf(out, size, "%s%s%s%s", like ? "; like :" : "", like ? word->example : "",
             works ? "; works " : "", works ? prompt_context(word) : "");
    return out;
}

void manual_prompt(FILE *out)
{
    const struct prompt_word *word;

    for (size_t i = 0; (word = prompt_at(i)) != NULL; i++) {
        char syntax[96], rest[160];

        fprintf(out, "%s\n    %s%s\n", prompt_syntax(word, syntax, sizeof(syntax)), word->meaning,
                prompt_rest(word, rest, sizeof(rest)));
    }
}

void manual_keys(const struct keymap *keys, FILE *out)
{
    print_keys(keys, out);
    fputs("\nwords of the prompt (:): flowdeck help commands\nsettings: keys.NAME gives a name other keys, "
          "keys.layout names the keyboard; see "
          "flowdeck.conf(5)\n",
          out);
}

/* --- manual pages ------------------------------------------------------------------------------------------------ */

static void prompt_roff(FILE *out)
{
    const struct prompt_word *word;

    fputs(
        ".SH PROMPT\nThe key : opens a prompt with a list above it. While a line is typed, commands, keys, "
        "screens, instruments, settings and lines typed before that are like it are offered, the best "
        "nearest; the arrows choose, Tab completes, Ctrl\\-R looks among lines typed before. A line that is "
        "a command is run as it was typed; what is only like one, and trades, is typed out and wants Enter "
        "once more. An order key chosen here always asks.\n",
        out);
    for (size_t i = 0; (word = prompt_at(i)) != NULL; i++) {
        char name[64], text[320], rest[160];

        snprintf(name, sizeof(name), ":%s", word->name);
        snprintf(text, sizeof(text), "%s%s", word->meaning, prompt_rest(word, rest, sizeof(rest)));
        roff_item(name, word->arguments[0] == '\0' ? NULL : word->arguments, text, out);
    }
}

void manual_keys_roff(FILE *out)
{
    fputs(".SH KEYS\nThe settings keys.NAME give a name other keys, keys.layout tells which keyboard it is; "
          "see "
          "flowdeck.conf(5).\n",
          out);
    for (size_t i = 0; i < keymap_count(); i++) {
        const struct key_binding *binding = keymap_at(i);
        char keys[64];

        if (binding->help[0] != '\0')
            roff_item(keymap_keys(binding->context, binding->action, keys, sizeof(keys)),
                      key_context_name(binding->context), binding->help, out);
    }
    prompt_roff(out);
}

bool manual_is_key_setting(const struct option *option)
{
    return strncmp(option->name, "keys.", strlen("keys.")) == 0 && option->type == OPTION_LIST;
}

void manual_key_settings_roff(const struct option *table, size_t count, FILE *out)
{
    fputs(
        ".SH KEYS\nEach name of a key can have other keys, up to eight, none takes them "
        "away:\n.PP\n.nf\nkeys:\n  "
        "layout: de\n  limit: [F5, d]\n  cancel: \"]\"\n  bookmark: none\n.fi\n.PP\nA key is a character, or "
        "Space, Comma, Enter, Tab, Backspace, Up, Down, Left, Right, Home, End, PageUp, PageDown, Insert, "
        "Delete, "
        "F1 to F12, with Shift\\-, Alt\\- or Ctrl\\- before it. What is given replaces the keys a name has; "
        "kill keeps "
        "its own and gets more. Refused are: a key that means something else where both work; K and Esc for "
        "anything else; a key that answers a question for what asks one; a small letter or figure for "
        "market, "
        "reverse and cancel\\-all; no key at all for what leads away from harm.\n.PP\nkeys.layout: on ru, "
        "ua, gr and he "
        "letters work by their place; de has \\[:o] and \\[:a] for the brackets, es \\[~n] and \\[,c], fr ( "
        "and ), and there the "
        "row of figures works without Shift but for 5 and 6. The kill key works as \\[u041B] and \\[u039A], "
        "too, whatever the "
        "layout.\n",
        out);
    for (size_t i = 0; i < count; i++) {
        if (manual_is_key_setting(&table[i]))
            roff_item(table[i].name, table[i].preset, table[i].help, out);
    }
}
