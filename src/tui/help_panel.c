/*
 * The help, drawn from its tables: the keys of the place where it was opened, dim with a word where the present state
 * refuses them; the commands of the prompt; the glossary. In pages, in columns where there is room.
 */
#include "core/base/safe_text.h"
#include "tui/glossary.h"
#include "tui/panels.h"

#include <string.h>
#include <strings.h>

#define KEYS_COLS    13 /* of the keys before what they do */
#define WORD_COLS    13
#define TERM_COLS    18
#define ENTRY_COLS   56 /* of one of several columns */
#define ARTICLE_COLS 76

/* Lines one after the other through the columns of a page; without a canvas they are only counted. */
struct pager {
    struct canvas *canvas;
    const struct ui *ui;
    int row, rows, columns, cols; /* of a column */
    int first, at;                /* line that the page begins with; the next one */
    int entries;
};

/* False: the line is on another page. */
static bool place_next(struct pager *pager, int *row, int *col)
{
    int slot = pager->at++ - pager->first;

    if (pager->canvas == NULL || slot < 0 || slot >= pager->rows * pager->columns)
        return false;
    *row = pager->row + slot % pager->rows;
    *col = 2 + slot / pager->rows * pager->cols;
    return true;
}

/* A new column for a heading that would stand alone at the end of one. */
static void add_heading(struct pager *pager, const char *text)
{
    int row, col;

    while (pager->at % pager->rows != 0 && pager->at % pager->rows >= pager->rows - 2)
        pager->at++;
    if (pager->at % pager->rows != 0)
        pager->at++; /* a blank line before it */
    if (place_next(pager, &row, &col))
        canvas_text_cut(pager->canvas, row, col, pager->cols - 2, style_bold(style_role(ROLE_TITLE)), text);
}

/* `left` in the first line, the text beside it over as many as it needs. */
static void add_text(struct pager *pager, const char *left, struct style left_style, int left_cols,
                     struct style style, const char *text)
{
    int room = pager->cols - left_cols - 2;

    do {
        size_t size = brush_words_that_fit(text, room);
        char line[512];
        int row, col;

        text_print(line, sizeof(line), "%.*s", (int)(size > 0 ? size : 1), text);
        text += size > 0 ? size : *text != '\0';
        text += strspn(text, " ");
        if (!place_next(pager, &row, &col))
            left = "";
        else {
            canvas_text_cut(pager->canvas, row, col, left_cols - 1, left_style, left);
            canvas_text_cut(pager->canvas, row, col + left_cols, room, style, line);
            left = "";
        }
    } while (*text != '\0');
}

static bool has(const struct ui *ui, const char *text)
{
    return ui->help.filter[0] == '\0' || strcasestr(text, ui->help.filter) != NULL;
}

/* --- keys -------------------------------------------------------------------------------------------------------- */

/* Whole keys only: half of `Shift-Tab` is another key. */
static void fit_keys(char *keys, int cols)
{
    while ((int)safe_text_columns(keys) > cols && strrchr(keys, ' ') != NULL)
        *strrchr(keys, ' ') = '\0';
}

static void add_key(struct pager *pager, const struct key_binding *binding)
{
    const char *refused = ui_refused_word(pager->ui, binding->action);
    char keys[96], text[160];

    keymap_shown(&pager->ui->keys, binding->context, binding->action, keys, sizeof(keys));
    fit_keys(keys, KEYS_COLS);
    if (keys[0] == '\0')
        text_print(keys, sizeof(keys), "(none)");
    text_print(text, sizeof(text), "%s%s%s", binding->help, refused != NULL ? "  \u00b7 " : "",
               refused != NULL ? refused : "");
    add_text(pager, keys, refused != NULL ? STYLE_DIM : style_bold(STYLE_BRIGHT), KEYS_COLS + 1,
             refused != NULL ? STYLE_DIM : STYLE_TEXT, text);
}

/* Left free, so that a slip does nothing: no news for who looks for a key. */
static bool is_guard(enum key_action action)
{
    return action == ACT_CAPS || action == ACT_MARKET_HINT;
}

/* Its key means something else nearer by: chart-view before view-next. */
static bool is_hidden(const struct ui *ui, const enum key_context *nearer, int count, uint32_t key)
{
    for (int c = 0; c < count && key != 0; c++) {
        for (size_t i = 0; i < ui->keys.count; i++) {
            if (ui->keys.binding[i].context == nearer[c] && ui->keys.binding[i].key == key)
                return true;
        }
    }
    return false;
}

/* Orders of the ladder: what most are looking for. */
static bool is_order_key(const struct key_binding *binding)
{
    switch ((int)binding->action) {
    case ACT_LIMIT:
    case ACT_MARKET:
    case ACT_STOP:
    case ACT_TICKET:
    case ACT_CANCEL:
    case ACT_PICK:
    case ACT_PUT:
    case ACT_WHY:
    case ACT_SIZE_DOWN:
    case ACT_SIZE_UP:
    case ACT_SIZE_TYPE:
        return binding->context == CONTEXT_LADDER;
    default:
        return false;
    }
}

static bool is_shown(const struct pager *pager, const struct key_binding *binding,
                     const enum key_context *context, int c)
{
    return binding->context == context[c] && !is_hidden(pager->ui, context, c, binding->key) &&
           help_shows(pager->ui, binding) && !is_guard(binding->action) &&
           (has(pager->ui, binding->help) || has(pager->ui, binding->name));
}

static void add_section(struct pager *pager, const enum key_context *context, int c, bool orders)
{
    bool headed = false;

    for (size_t i = 0; i < pager->ui->keys.count; i++) {
        const struct key_binding *binding = &pager->ui->keys.binding[i];

        if (!is_shown(pager, binding, context, c) || is_order_key(binding) != orders)
            continue;
        if (!headed)
            add_heading(pager, orders ? "orders, on the ladder" : key_context_place(context[c]));
        headed = true;
        pager->entries++;
        add_key(pager, binding);
    }
}

static void add_keys(struct pager *pager)
{
    enum key_context context[HELP_CONTEXTS];
    int contexts = help_contexts(pager->ui, context);

    for (int c = 0; c < contexts; c++) {
        if (context[c] == CONTEXT_LADDER)
            add_section(pager, context, c, true);
        add_section(pager, context, c, false);
    }
}

/* --- commands, glossary --------------------------------------------------------------------------------------------- */

static void add_commands(struct pager *pager)
{
    const struct prompt_word *word;

    for (size_t i = 0; (word = prompt_at(i)) != NULL; i++) {
        char name[32];

        if (!has(pager->ui, word->name) && !has(pager->ui, word->meaning))
            continue;
        text_print(name, sizeof(name), ":%s", word->name);
        pager->entries++;
        add_text(pager, name, style_bold(STYLE_BRIGHT), WORD_COLS, STYLE_TEXT, word->meaning);
    }
}

/* "quote · fees.maker · also fee, taker fee · on Trade" */
static void add_origin(struct pager *pager, const struct glossary_entry *entry)
{
    char text[256];
    size_t used = 0;

    text[0] = '\0';
    if (entry->unit[0] != '\0')
        used += (size_t)(strlen(text_print(text, sizeof(text), "%s \u00b7 ", entry->unit)));
    if (entry->from[0] != '\0')
        used += strlen(text_print(text + used, sizeof(text) - used, "%s \u00b7 ", entry->from));
    if (entry->also[0] != '\0')
        used += strlen(text_print(text + used, sizeof(text) - used, "also %s \u00b7 ", entry->also));
    for (char *bar = text; (bar = strchr(bar, '|')) != NULL;)
        *bar = ',';
    text_print(text + used, sizeof(text) - used, "on %s", entry->where);
    add_text(pager, "", STYLE_DIM, TERM_COLS, STYLE_DIM, text);
}

/* An entry that would go on in the next column begins there. */
static void keep_together(struct pager *pager, const struct glossary_entry *entry)
{
    int room = pager->cols - TERM_COLS - 2, lines = 1; /* where it comes from */

    for (const char *text = entry->what; *text != '\0'; lines++) {
        size_t size = brush_words_that_fit(text, room);

        text += size > 0 ? size : 1;
        text += strspn(text, " ");
    }
    while (pager->at % pager->rows != 0 && pager->at % pager->rows + lines > pager->rows)
        pager->at++;
}

static void add_glossary(struct pager *pager)
{
    const struct glossary_entry *entry;
    int group = -1;

    for (size_t i = 0; (entry = glossary_at(i)) != NULL; i++) {
        if (!glossary_matches(entry, pager->ui->help.filter))
            continue;
        if (group != (int)entry->group)
            add_heading(pager, glossary_group_word(entry->group));
        group = (int)entry->group;
        pager->entries++;
        keep_together(pager, entry);
        add_text(pager, entry->term, style_bold(STYLE_BRIGHT), TERM_COLS, STYLE_TEXT, entry->what);
        add_origin(pager, entry);
    }
}

/* --- the whole -------------------------------------------------------------------------------------------------- */

static struct pager pager_of(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    struct pager pager = {.canvas = canvas, .ui = ui, .row = l->title_row + 1};
    int least = ui->help.part == HELP_GLOSSARY ? ARTICLE_COLS : ENTRY_COLS;
    int rows = l->next_row - l->title_row - 2; /* the last one has the state's own words */

    pager.rows = rows > 3 ? rows : 3;
    pager.columns = (l->cols - 2) / least > 1 ? (l->cols - 2) / least : 1;
    pager.cols = (l->cols - 2) / pager.columns;
    pager.first = ui->help.page * pager.rows * pager.columns;
    return pager;
}

static void add_all(struct pager *pager)
{
    switch (pager->ui->help.part) {
    case HELP_KEYS:
        add_keys(pager);
        break;
    case HELP_COMMANDS:
        add_commands(pager);
        break;
    case HELP_GLOSSARY:
    case HELP_PARTS:
        add_glossary(pager);
        break;
    }
}

int help_pages(const struct ui *ui)
{
    struct pager pager = pager_of(NULL, ui);
    int page = pager.rows * pager.columns;

    add_all(&pager);
    return pager.at > page ? (pager.at + page - 1) / page : 1;
}

int help_entries(const struct ui *ui)
{
    struct pager pager = pager_of(NULL, ui);

    add_all(&pager);
    return pager.entries;
}

static void draw_title(struct canvas *canvas, const struct ui *ui, int pages)
{
    static const char *const part[HELP_PARTS] = {"keys", "commands", "glossary"};
    struct brush pen = brush_at(canvas, ui->layout.title_row, 1);

    brush_text(&pen, STYLE_TEXT, " ");
    for (int i = 0; i < HELP_PARTS; i++) {
        bool on = i == (int)ui->help.part;

        brush_printf(&pen, on ? style_bold(style_role(ROLE_TITLE_FOCUS)) : STYLE_DIM, on ? "[%s]" : "%s",
                     part[i]);
        brush_text(&pen, STYLE_TEXT, "  ");
    }
    if (ui->help.filter[0] != '\0')
        brush_printf(&pen, style_bold(STYLE_WARNING), "/%s  ", ui->help.filter);
    brush_printf(&pen, STYLE_DIM, "page %d of %d ", ui->help.page + 1, pages);
}

void help_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    struct pager pager = pager_of(canvas, ui);
    char why[VIEW_TEXT_MAX];
    bool told = ui->screen == SCREEN_TRADE && ui->help.under == OVERLAY_NONE; /* NEXT says it */
    const char *locked = ui->help.part == HELP_KEYS && !told ? ui_locked(ui, why, sizeof(why)) : NULL;

    canvas_fill(canvas, l->title_row, 0, l->next_row - l->title_row, l->cols, STYLE_TEXT);
    canvas_rule_across(canvas, l->title_row, 0, l->cols, STYLE_RULE);
    draw_title(canvas, ui, help_pages(ui));
    add_all(&pager);
    if (pager.entries == 0)
        canvas_text_cut(canvas, pager.row, 2, l->cols - 4, STYLE_DIM, "nothing has that");
    if (locked != NULL)
        canvas_text_cut(canvas, l->next_row - 1, 2, l->cols - 4, style_role(ROLE_WARNING), locked);
}
