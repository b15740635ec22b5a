/* The figures of screen 6: a row a figure, a column an owner. What rests on few trades is dim and says on how many. */
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <inttypes.h>
#include <string.h>

#define LABEL_COLS 14
#define OWNER_COLS 13
#define FEW_COLS   5 /* " n=19" behind a figure that rests on few trades */

static int owners_of(const struct ui *ui)
{
    int owners = ui_view(ui)->results.owners;

    return owners > VIEW_RESULTS_OWNERS ? VIEW_RESULTS_OWNERS : owners < 1 ? 1 : owners;
}

int results_table_cols(const struct ui *ui, int most)
{
    int owners = owners_of(ui);

    owners = owners < 2 ? 2 : owners; /* a strategy that begins to trade moves nothing */
    return LABEL_COLS + OWNER_COLS * (owners < most ? owners : most) + 1;
}

/* All of them stand first; of the others those around the chosen one. */
static int column_owner(const struct ui *ui, int column, int columns)
{
    int owners = owners_of(ui), chosen = results_owner(ui), first = 1;

    if (column == 0 || columns < 2)
        return column;
    if (chosen >= columns)
        first = chosen - columns + 2;
    return first + column - 1 < owners ? first + column - 1 : -1;
}

static bool is_few(const struct view_results *results, int owner, enum results_figure figure)
{
    uint64_t of = results_figure_of(&results->owner[owner], figure);

    return of > 0 && of < RESULTS_FEW;
}

/* Columns that all figures leave free as soon as one of them says on how few it rests: they end under each other. */
static int few_cols(const struct view_results *results)
{
    for (int i = 0; i < results->owners && i < VIEW_RESULTS_OWNERS; i++)
        for (int k = 0; k < RESULTS_FIGURES; k++)
            if (is_few(results, i, (enum results_figure)k))
                return FEW_COLS;
    return 0;
}

static void cell_draw(struct canvas *canvas, const struct view_results *results, int owner,
                      enum results_figure figure, int row, int col_end)
{
    struct number_text text = results_figure_text(results, owner, figure);
    struct style style = style_money(results_figure_sign(results, owner, figure));

    if (figure == FIGURE_NET)
        style = style_bold(style);
    if (strcmp(text.text, "-") == 0)
        style = STYLE_FAINT;
    if (is_few(results, owner, figure)) {
        canvas_printf(canvas, row, col_end, STYLE_WARNING, " n=%" PRIu64,
                      results_figure_of(&results->owner[owner], figure));
        style = style_with(style, ATTR_DIM);
    }
    canvas_text_right(canvas, row, col_end, style, text.text);
}

static void head_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int columns)
{
    const struct view_results *results = &ui_view(ui)->results;
    int chosen = results_owner(ui), few = few_cols(results);

    canvas_text(canvas, row, span.at + 1, STYLE_DIM, results->quote[0] == '\0' ? "" : results->quote);
    for (int i = 0; i < columns; i++) {
        int owner = column_owner(ui, i, columns);

        if (owner >= 0 && owner < results->owners)
            canvas_text_right(canvas, row, span.at + LABEL_COLS + (i + 1) * OWNER_COLS - few,
                              owner == chosen ? style_bold(style_role(ROLE_TITLE_FOCUS)) : STYLE_DIM,
                              results->owner[owner].name);
    }
    if (owners_of(ui) > columns)
        canvas_printf(canvas, row, span.at + LABEL_COLS - 4, STYLE_WARNING, "+%d" GLYPH_RIGHT_TRIANGLE,
                      owners_of(ui) - columns);
}

void results_table_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    const struct view_results *results = &ui_view(ui)->results;
    int columns = (span.cols - LABEL_COLS) / OWNER_COLS, shown = rows - 1, first = 0, few = few_cols(results);
    bool ready =
        results->period == ui->results.period && results->state != RESULTS_NONE && results->owners > 0;

    if (shown < 1 || columns < 1)
        return;
    head_draw(canvas, ui, span, row, columns);
    if ((int)ui->results.figure >= shown)
        first = (int)ui->results.figure - shown + 1;
    for (int i = first; i < RESULTS_FIGURES && i - first < shown; i++) {
        enum results_figure figure = (enum results_figure)i;
        int at = row + 1 + i - first;

        canvas_text(canvas, at, span.at + 1, figure == ui->results.figure ? STYLE_BRIGHT : STYLE_DIM,
                    results_figure_word(figure));
        for (int k = 0; k < columns && ready; k++) {
            int owner = column_owner(ui, k, columns);

            if (owner >= 0 && owner < results->owners)
                cell_draw(canvas, results, owner, figure, at,
                          span.at + LABEL_COLS + (k + 1) * OWNER_COLS - few);
        }
        if (figure != ui->results.figure)
            continue;
        canvas_text(canvas, at, span.at, STYLE_BRIGHT, GLYPH_RIGHT_TRIANGLE);
        canvas_background(canvas, at, span.at, 1, span.cols, ROLE_SELECTED);
    }
}
