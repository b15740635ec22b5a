#include "tui/saved_layout.h"
#include "tui/screen_names.h"

#include "core/base/decimal.h"
#include "tui/ui.h"
#include "tui/ui_state.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *const view_word[LADDER_SHOWS] = {"traded", "net", "sums", "levels"};
static const char *const zoom_word[] = {"none", "ladder", "list", "chart", "position", "flow", "risk"};
static const char *const tab_word[LIST_TABS] = {"orders", "fills", "closed", "tape",
                                                "events", "log",   "watch"};
static const char *const panel_word[SIDE_PANELS] = {"position", "flow",   "events",
                                                    "risk",     "alerts", "account"};

#define COUNT(of) (sizeof(of) / sizeof((of)[0]))

/* Index of the word among them, -1. */
static int find_word(const char *const *words, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], text) == 0)
            return (int)i;
    return -1;
}

/* "view=foo: allowed: traded, net, sums, levels" */
static bool refuse(const char *key, const char *value, const char *const *words, size_t count,
                   char why[SAVED_LAYOUT_WHY])
{
    int used = snprintf(why, SAVED_LAYOUT_WHY, "%s=%.24s: allowed:", key, value);

    for (size_t i = 0; i < count && used > 0 && used < SAVED_LAYOUT_WHY; i++)
        used += snprintf(why + used, (size_t)(SAVED_LAYOUT_WHY - used), "%s%s", i > 0 ? ", " : " ", words[i]);
    return false;
}

static bool word_of(const char *key, const char *value, const char *const *words, size_t count, uint8_t *out,
                    char why[SAVED_LAYOUT_WHY])
{
    int at = find_word(words, count, value);

    if (at < 0)
        return refuse(key, value, words, count, why);
    *out = (uint8_t)at;
    return true;
}

static bool screen_of(const char *value, uint8_t *out, char why[SAVED_LAYOUT_WHY])
{
    enum screen_id id = ui_screen_named(value);
    int used;

    *out = (uint8_t)id;
    if (id != 0)
        return true;
    used = snprintf(why, SAVED_LAYOUT_WHY, "screen=%.24s: allowed:", value);
    for (id = SCREEN_TRADE; id <= SCREEN_SYSTEM && used > 0 && used < SAVED_LAYOUT_WHY; id++) {
        char name[24];

        snprintf(name, sizeof(name), "%s", ui_screen_name(id));
        for (char *c = name; *c != '\0'; c++)
            *c = (char)tolower((unsigned char)*c);
        if (ui_screen_named(name) != 0)
            used += snprintf(why + used, (size_t)(SAVED_LAYOUT_WHY - used), "%s%s",
                             id > SCREEN_TRADE ? ", " : " ", name);
    }
    return false;
}

static bool symbol_of(const char *key, const char *value, char out[SYMBOL_SIZE], char why[SAVED_LAYOUT_WHY])
{
    size_t size = strlen(value);

    if (size == 0 || size >= SYMBOL_SIZE || strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != size) {
        snprintf(why, SAVED_LAYOUT_WHY, "%s=%.24s: a symbol in capitals, like BTCUSDT", key, value);
        return false;
    }
    memcpy(out, value, size + 1);
    return true;
}

static bool row_of(const char *value, int64_t *out, char why[SAVED_LAYOUT_WHY])
{
    *out = 0;
    if (strcmp(value, "auto") == 0)
        return true;
    if (decimal_parse(value, strlen(value), DECIMAL_E8_DIGITS, out) == ERR_OK && *out > 0)
        return true;
    snprintf(why, SAVED_LAYOUT_WHY, "row=%.24s: a price step above 0, like 5 or 0.05, or auto", value);
    return false;
}

static bool hidden_of(const char *value, uint8_t *out, char why[SAVED_LAYOUT_WHY])
{
    char text[SAVED_LAYOUT_TEXT];
    char *rest = text, *word;

    snprintf(text, sizeof(text), "%s", value);
    *out = 0;
    while ((word = strsep(&rest, "+")) != NULL) {
        uint8_t panel;

        if (!word_of("hide", word, panel_word, COUNT(panel_word), &panel, why))
            return false;
        if (panel == SIDE_POSITION || panel == SIDE_RISK) {
            snprintf(why, SAVED_LAYOUT_WHY, "hide=%s: that stays; allowed: flow, events, alerts, account",
                     word);
            return false;
        }
        *out = (uint8_t)(*out | 1u << panel);
    }
    return true;
}

bool saved_layout_name_ok(const char *name)
{
    size_t size = strlen(name);

    return size > 0 && size < SAVED_LAYOUT_NAME &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == size;
}

static bool take_word(struct saved_layout *layout, char *word, char why[SAVED_LAYOUT_WHY])
{
    static const char *const keys[] = {"screen", "symbol", "second", "row", "view", "tab", "zoom", "hide"};
    char *value = strchr(word, '=');

    if (value != NULL)
        *value++ = '\0';
    switch (value == NULL ? -1 : find_word(keys, COUNT(keys), word)) {
    case 0:
        return screen_of(value, &layout->screen, why);
    case 1:
        return symbol_of("symbol", value, layout->symbol, why);
    case 2:
        return symbol_of("second", value, layout->second, why);
    case 3:
        return row_of(value, &layout->row_e8, why);
    case 4:
        return word_of("view", value, view_word, COUNT(view_word), &layout->view, why);
    case 5:
        return word_of("tab", value, tab_word, COUNT(tab_word), &layout->tab, why);
    case 6:
        return word_of("zoom", value, zoom_word, COUNT(zoom_word), &layout->zoom, why);
    case 7:
        return hidden_of(value, &layout->hidden, why);
    default:
        snprintf(why, SAVED_LAYOUT_WHY,
                 "`%.24s`: allowed: screen= symbol= second= row= view= tab= zoom= hide=", word);
        return false;
    }
}

bool saved_layout_parse(const char *text, struct saved_layout *out, char why[SAVED_LAYOUT_WHY])
{
    struct saved_layout layout = {.screen = SCREEN_TRADE};
    char line[SAVED_LAYOUT_TEXT];
    char *rest = line, *word;

    if (strlen(text) >= sizeof(line)) {
        snprintf(why, SAVED_LAYOUT_WHY, "%.24s...: longer than %d bytes", text, SAVED_LAYOUT_TEXT - 1);
        return false;
    }
    memcpy(line, text, strlen(text) + 1);
    while ((word = strsep(&rest, " ")) != NULL) {
        char wrong[SAVED_LAYOUT_WHY];

        if (word[0] == '\0')
            continue;
        if (layout.name[0] == '\0') {
            if (!saved_layout_name_ok(word)) {
                snprintf(why, SAVED_LAYOUT_WHY,
                         "`%.24s`: a name first, of at most %d letters, digits, - and _", word,
                         SAVED_LAYOUT_NAME - 1);
                return false;
            }
            memcpy(layout.name, word, strlen(word) + 1);
        } else if (!take_word(&layout, word, wrong)) {
            snprintf(why, SAVED_LAYOUT_WHY, "%s: %.130s", layout.name, wrong);
            return false;
        }
    }
    if (layout.name[0] == '\0') {
        snprintf(why, SAVED_LAYOUT_WHY, "a layout begins with its name");
        return false;
    }
    *out = layout;
    return true;
}

static void add(char out[SAVED_LAYOUT_TEXT], const char *key, const char *value)
{
    size_t used = strlen(out);

    snprintf(out + used, SAVED_LAYOUT_TEXT - used, " %s=%s", key, value);
}

const char *saved_layout_print(const struct saved_layout *layout, char out[SAVED_LAYOUT_TEXT])
{
    char text[64] = "";

    snprintf(out, SAVED_LAYOUT_TEXT, "%s", layout->name);
    if (layout->screen != SCREEN_TRADE) {
        snprintf(text, sizeof(text), "%s", ui_screen_name((enum screen_id)layout->screen));
        for (char *c = text; *c != '\0'; c++)
            *c = (char)tolower((unsigned char)*c);
        add(out, "screen", text);
    }
    if (layout->symbol[0] != '\0')
        add(out, "symbol", layout->symbol);
    if (layout->second[0] != '\0')
        add(out, "second", layout->second);
    if (layout->row_e8 > 0)
        add(out, "row", number_trim(layout->row_e8, DECIMAL_E8_DIGITS).text);
    if (layout->view != SHOW_TRADED)
        add(out, "view", view_word[layout->view % LADDER_SHOWS]);
    if (layout->tab != TAB_ORDERS)
        add(out, "tab", tab_word[layout->tab % LIST_TABS]);
    if (layout->zoom != ZOOM_NONE)
        add(out, "zoom", zoom_word[layout->zoom % COUNT(zoom_word)]);
    text[0] = '\0';
    for (int i = 0; i < SIDE_PANELS; i++) {
        size_t used = strlen(text);

        if ((layout->hidden >> i & 1) != 0)
            snprintf(text + used, sizeof(text) - used, "%s%s", used > 0 ? "+" : "", panel_word[i]);
    }
    if (text[0] != '\0')
        add(out, "hide", text);
    return out;
}

int saved_layouts_parse(const char *list, struct saved_layout out[SAVED_LAYOUTS_MAX],
                        char why[SAVED_LAYOUT_WHY])
{
    int count = 0;

    while (*list != '\0') {
        size_t size = strcspn(list, ",");
        char text[SAVED_LAYOUT_TEXT];

        if (count == SAVED_LAYOUTS_MAX) {
            snprintf(why, SAVED_LAYOUT_WHY, "more than %d layouts", SAVED_LAYOUTS_MAX);
            return -1;
        }
        if (size >= sizeof(text)) {
            snprintf(why, SAVED_LAYOUT_WHY, "%.24s...: longer than %d bytes", list, SAVED_LAYOUT_TEXT - 1);
            return -1;
        }
        snprintf(text, sizeof(text), "%.*s", (int)size, list);
        if (!saved_layout_parse(text, &out[count], why))
            return -1;
        for (int i = 0; i < count; i++) {
            if (strcmp(out[i].name, out[count].name) == 0) {
                snprintf(why, SAVED_LAYOUT_WHY, "%s: given twice", out[i].name);
                return -1;
            }
        }
        count++;
        list += size;
        list += *list == ',' ? 1 : 0;
    }
    return count;
}
