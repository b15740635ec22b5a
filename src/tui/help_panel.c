/* The help: the keys of the place where it was opened, from the key table, in pages; the last one has the commands. */
#include "core/base/safe_text.h"
#include "tui/panels.h"

#include <string.h>

#define KEYS_COLS  13
#define ENTRY_COLS 56

struct entry {
    enum key_context context;
    enum key_action action;
    const char *help;
};

/* The contexts that matter here, innermost first. */
static int help_contexts(const struct ui *ui, enum key_context out[4])
{
    int count = 0;

    if (ui->help_topic != 0) {
        out[0] = (enum key_context)(ui->help_topic - 1);
        return 1;
    }
    if (ui->screen != SCREEN_TRADE)
        out[count++] = ui_screen_of(ui->screen)->context;
    else if (ui->moving)
        out[count++] = CONTEXT_MOVE;
    else
        out[count++] = ui->focus == FOCUS_LIST ? CONTEXT_LIST : CONTEXT_LADDER;
    if (ui->frame != NULL && ui->frame->status.replay)
        out[count++] = CONTEXT_REPLAY;
    if (!ui->moving && ui->screen == SCREEN_TRADE)
        out[count++] = CONTEXT_TRADE;
    out[count++] = CONTEXT_ALL;
    return count;
}

static int collect(const struct ui *ui, struct entry *entry, int max)
{
    enum key_context context[4];
    int contexts = help_contexts(ui, context), count = 0;

    for (int c = 0; c < contexts; c++) {
        for (size_t i = 0; i < keymap_count() && count < max; i++) {
            const struct key_binding *binding = keymap_at(i);

            if (binding->context == context[c] && binding->help[0] != '\0')
                entry[count++] = (struct entry){binding->context, binding->action, binding->help};
        }
    }
    return count;
}

static int page_rows(const struct ui *ui)
{
    int rows = ui->layout.next_row - 2 - 2;

    return rows > 1 ? rows : 1;
}

static int page_columns(const struct ui *ui)
{
    int columns = (ui->layout.cols - 2) / ENTRY_COLS;

    return columns > 1 ? columns : 1;
}

/* Of one entry: the columns share the whole width. */
static int entry_cols(const struct ui *ui)
{
    return (ui->layout.cols - 2) / page_columns(ui);
}

static int pages_of(int count, int per_page)
{
    return (count + per_page - 1) / per_page;
}

int help_commands_page(const struct ui *ui)
{
    struct entry entry[160];

    return pages_of(collect(ui, entry, 160), page_rows(ui) * page_columns(ui));
}

int help_pages(const struct ui *ui)
{
    return help_commands_page(ui) + pages_of((int)prompt_count(), page_rows(ui));
}

/* One a row: with its arguments, where there is room for them. */
static void draw_commands(struct canvas *canvas, const struct ui *ui, int row, int rows)
{
    int first = (ui->help_page - help_commands_page(ui)) * rows, cols = ui->layout.framed ? 38 : 13;

    for (int i = 0; i < rows; i++) {
        const struct prompt_word *word = prompt_at((size_t)(first + i));
        char syntax[96];

        if (word == NULL)
            return;
        prompt_syntax(word, syntax, sizeof(syntax));
        if (!ui->layout.framed)
            syntax[strcspn(syntax, " ")] = '\0';
        canvas_text_cut(canvas, row + i, 2, cols - 1, style_bold(STYLE_BRIGHT), syntax);
        canvas_text_cut(canvas, row + i, 2 + cols, ui->layout.cols - cols - 3, STYLE_TEXT, word->meaning);
    }
}

static void draw_entries(struct canvas *canvas, const struct ui *ui, int row, int rows)
{
    struct entry entry[160];
    int count = collect(ui, entry, 160), columns = page_columns(ui), first = ui->help_page * rows * columns;

    for (int i = first; i < count && i < first + rows * columns; i++) {
        int at = i - first, col = 2 + at / rows * entry_cols(ui);
        char keys[64];

        keymap_keys(entry[i].context, entry[i].action, keys, sizeof(keys));
        canvas_text_cut(canvas, row + at % rows, col, KEYS_COLS, style_bold(STYLE_BRIGHT), keys);
        canvas_text_cut(canvas, row + at % rows, col + KEYS_COLS + 1, entry_cols(ui) - KEYS_COLS - 2,
                        STYLE_TEXT, entry[i].help);
    }
}

void help_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    enum key_context context[4];
    int pages = help_pages(ui), rows = page_rows(ui);
    char note[96];

    help_contexts(ui, context);
    canvas_fill(canvas, l->title_row, 0, l->next_row - l->title_row, l->cols, STYLE_TEXT);
    canvas_rule_across(canvas, l->title_row, 0, l->cols, STYLE_RULE);
    text_print(note, sizeof(note), "  %s, page %d of %d   Enter next, Esc closes",
               ui->help_page >= help_commands_page(ui) ? "commands of the prompt"
                                                       : key_context_name(context[0]),
               ui->help_page + 1, pages);
    brush_title(canvas, l->title_row, 1, true, "keys", note);
    if (ui->help_page >= help_commands_page(ui))
        draw_commands(canvas, ui, l->title_row + 1, rows);
    else
        draw_entries(canvas, ui, l->title_row + 1, rows);
}
