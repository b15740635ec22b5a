/*
 * The life of an order: signals, what asked for it, the gate, sent, the answers, fills, its end; between them the time
 * that passed. Below, where there is room, why it filled or did not.
 */
#include "tui/glyphs.h"
#include "tui/panels.h"

#include "core/base/safe_text.h"

#include <string.h>

#define WHAT_COLS   13
#define NARROW_WHAT 12
#define STEP_COLS   9
#define NARROW_STEP 8
#define WIDE_COLS   70
#define BY_COLS     8 /* where there is room for who did it: */
#define BY_FROM     100
#define ROWS_MAX    (3 * TRAIL_STEPS_MAX)

struct chain_row { /* one row of the panel */
    const struct view_trail_row *step;
    int64_t after_ns, since_ns; /* the step before; the first of ours */
    const char *text;
    size_t size;
    bool first; /* of its step */
};

static bool is_wide(struct span span)
{
    return span.cols >= WIDE_COLS;
}

static int by_cols(struct span span)
{
    return span.cols >= BY_FROM ? BY_COLS : 0;
}

/* Columns before the words of a step. */
static int words_col(struct span span)
{
    return is_wide(span) ? 14 + 2 * STEP_COLS + WHAT_COLS + by_cols(span) : NARROW_STEP + NARROW_WHAT;
}

static int what_col(struct span span)
{
    return span.at + words_col(span) + 1 - (is_wide(span) ? WHAT_COLS + by_cols(span) : NARROW_WHAT);
}

/* Without the number of the order, which the title says. */
static const char *words_of(const struct view_trail_row *step)
{
    const char *text = step->text;

    if (text[0] != '#')
        return text;
    text += 1 + strspn(text + 1, "0123456789");
    return text + strspn(text, " ");
}

static int add_words(struct chain_row *row, int rows, int cols, struct chain_row of, bool wraps)
{
    const char *text = words_of(of.step);

    do {
        size_t size = wraps ? brush_words_that_fit(text, cols) : strlen(text);

        if (rows >= ROWS_MAX)
            return rows;
        of.text = text;
        of.size = size > 0 ? size : text[0] != '\0';
        row[rows++] = of;
        of.first = false;
        text += of.size;
        text += strspn(text, " ");
    } while (*text != '\0');
    return rows;
}

/* When the first step that is ours was: signals are of before. */
static int64_t begin_of(const struct ui *ui)
{
    for (int i = 0; i < journal_steps(ui); i++)
        if (ui->trail->step[i].kind != TRAIL_SIGNALS && ui->trail->step[i].kind != TRAIL_STORY)
            return ui->trail->step[i].ts_ns;
    return 0;
}

/* Steps in the order of time, the lines of the story behind them. */
static int chain_rows(const struct ui *ui, struct span span, struct chain_row *row)
{
    int steps = journal_steps(ui), rows = 0, cols = span.cols - words_col(span) - 2;
    int64_t begin_ns = begin_of(ui), before_ns = 0;

    for (int i = 0; i < steps; i++) {
        const struct view_trail_row *step = &ui->trail->step[i];
        struct chain_row of = {.step = step, .after_ns = VIEW_NONE, .first = true};

        if (step->kind == TRAIL_STORY)
            continue;
        of.since_ns = journal_between(step->ts_ns, begin_ns);
        of.after_ns = before_ns == 0 ? VIEW_NONE : journal_between(step->ts_ns, before_ns);
        before_ns = step->kind == TRAIL_SIGNALS ? 0 : step->ts_ns;
        rows = add_words(row, rows, cols, of, true);
    }
    for (int i = 0; i < steps; i++)
        if (ui->trail->step[i].kind == TRAIL_STORY)
            rows = add_words(row, rows, span.cols - 4,
                             (struct chain_row){.step = &ui->trail->step[i], .first = true}, true);
    return rows;
}

static struct span chain_span(const struct ui *ui)
{
    return ui->layout.framed ? (struct span){1, ui->layout.cols - 2} : (struct span){0, ui->layout.cols};
}

static int chain_room(const struct ui *ui)
{
    const struct layout *l = &ui->layout;

    return (l->framed ? l->frame_row : l->next_row) - l->title_row -
           4; /* strip of time, heads, the story's */
}

int journal_steps_hidden(const struct ui *ui)
{
    struct chain_row row[ROWS_MAX];
    int rows = chain_rows(ui, chain_span(ui), row), room = chain_room(ui);

    return rows > room ? rows - room : 0;
}

/* "+1.24ms", "-8.4s" before it. */
static struct number_text after_text(int64_t ns)
{
    struct number_text out, text = number_duration(ns < 0 && ns != VIEW_NONE ? -ns : ns);

    if (ns == VIEW_NONE)
        return (struct number_text){""};
    text_print(out.text, sizeof(out.text), "%s%.20s", ns < 0 ? "-" : "+", text.text);
    return out;
}

static void times_draw(struct canvas *canvas, struct span span, int row, const struct chain_row *of)
{
    struct brush pen = brush_at(canvas, row, span.at + 1);

    if (is_wide(span)) {
        brush_printf(&pen, STYLE_DIM, "%.12s", journal_time_text(of->step->ts_ns, false).text);
        brush_right(canvas, row, (struct span){span.at + 14, STEP_COLS},
                    of->after_ns != VIEW_NONE && of->after_ns >= UI_SECOND_NS ? STYLE_TEXT : STYLE_DIM,
                    after_text(of->after_ns).text);
        brush_right(canvas, row, (struct span){span.at + 14 + STEP_COLS, STEP_COLS}, STYLE_DIM,
                    after_text(of->since_ns).text);
        return;
    }
    brush_right(canvas, row, (struct span){span.at, NARROW_STEP}, STYLE_DIM, after_text(of->since_ns).text);
}

static void step_draw(struct canvas *canvas, struct span span, int row, const struct chain_row *of)
{
    int col = span.at + words_col(span);

    if (of->step->kind == TRAIL_STORY) {
        canvas_text_n(canvas, row, span.at + (of->first ? 1 : 3), STYLE_DIM, of->text, of->size);
        return;
    }
    if (of->first) {
        times_draw(canvas, span, row, of);
        canvas_text_cut(canvas, row, what_col(span), WHAT_COLS - 1,
                        of->step->level == 0 ? style_bold(STYLE_BRIGHT) : trail_style(of->step),
                        of->step->what);
        if (by_cols(span) > 0)
            canvas_text_cut(canvas, row, col - 7, 6, STYLE_DIM, of->step->owner);
    }
    canvas_text_n(canvas, row, col + 1, of->step->kind == TRAIL_SIGNALS ? STYLE_DIM : STYLE_TEXT, of->text,
                  of->size);
}

/* --- its life on one strip of time -------------------------------------------------------------------------------- */

static char strip_letter(const struct view_trail_row *step)
{
    if (step->kind == TRAIL_FILL)
        return 'F';
    if (step->kind == TRAIL_ORDER && strcmp(step->what, "sent") == 0)
        return 'S';
    if (step->kind == TRAIL_ANSWER)
        return strcmp(step->what, "at work") == 0 ? 'W' : 'E';
    return step->kind == TRAIL_ORDER ? '?' : '\0';
}

static void strip_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row)
{
    int steps = journal_steps(ui), from = -1, to = -1, at = span.at + 1, cols = span.cols - 2;

    for (int i = 0; i < steps; i++) {
        if (strip_letter(&ui->trail->step[i]) == '\0')
            continue;
        from = from < 0 ? i : from;
        to = i;
    }
    canvas_repeat(canvas, row, at, cols, STYLE_FAINT, 0x2500);
    if (from < 0)
        return;
    cols =
        canvas_text_right(
            canvas, row, at + cols, STYLE_DIM,
            number_duration(journal_between(ui->trail->step[to].ts_ns, ui->trail->step[from].ts_ns)).text) -
        at - 1;
    for (int i = from; i <= to; i++) {
        const struct view_trail_row *step = &ui->trail->step[i];
        int64_t all_ns = journal_between(ui->trail->step[to].ts_ns, ui->trail->step[from].ts_ns);
        int64_t at_ns = journal_between(step->ts_ns, ui->trail->step[from].ts_ns);
        char letter[2] = {strip_letter(step), '\0'};
        int place = all_ns <= 0 || at_ns <= 0 ? 0 : (int)((__int128)at_ns * (cols - 1) / all_ns);

        if (letter[0] == '\0')
            continue;
        if (letter[0] == '?')
            letter[0] = 'A';
        if (letter[0] != 'S' && place == 0) /* the answer in the same moment stands beside it */
            place = letter[0] == 'W' ? 1 : 2;
        canvas_text(canvas, row, at + (place < cols ? place : cols - 1),
                    style_bold(letter[0] == 'F'   ? STYLE_GOOD
                               : letter[0] == 'E' ? trail_style(step)
                                                  : STYLE_BRIGHT),
                    letter);
    }
}

static void heads_draw(struct canvas *canvas, struct span span, int row)
{
    int col = span.at + words_col(span);

    if (is_wide(span)) {
        canvas_text(canvas, row, span.at + 1, STYLE_DIM, "time");
        brush_right(canvas, row, (struct span){span.at + 14, STEP_COLS}, STYLE_DIM, "after");
        brush_right(canvas, row, (struct span){span.at + 14 + STEP_COLS, STEP_COLS}, STYLE_DIM, "in all");
        if (by_cols(span) > 0)
            canvas_text(canvas, row, col - 7, STYLE_DIM, "by");
    }
    canvas_text(canvas, row, what_col(span), STYLE_DIM, "step");
    canvas_text_cut(canvas, row, col + 1, span_end(span) - col - 2, STYLE_DIM, "Sent Work Again Fill End");
}

static void story_head(struct canvas *canvas, struct span span, int row)
{
    canvas_repeat(canvas, row, span.at + 1, span.cols - 2, STYLE_FAINT, 0x2500);
    canvas_text(canvas, row, span.at + 2, STYLE_DIM, " why it filled, or did not ");
}

void chain_line_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row)
{
    struct brush pen = brush_at(canvas, row, span.at + 1);
    int64_t begin_ns = begin_of(ui);

    for (int i = 0; i < journal_steps(ui); i++) {
        const struct view_trail_row *step = &ui->trail->step[i];
        char word[64];

        if (trail_kind_is_hidden(step->kind) || step->kind == TRAIL_COMMAND)
            continue;
        text_print(word, sizeof(word), "%s %s", step->what,
                   after_text(journal_between(step->ts_ns, begin_ns)).text);
        if (pen.col + (int)strlen(word) + 3 >= span_end(span)) {
            brush_text(&pen, STYLE_DIM, GLYPH_ELLIPSIS);
            return;
        }
        brush_printf(&pen, trail_style(step), "%s", word);
        brush_text(&pen, STYLE_DIM, "  ");
    }
}

void chain_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    static struct chain_row list[ROWS_MAX];
    int count = chain_rows(ui, span, list), end = row + rows, top = 0;
    bool whole_screen = ui->journal.open_seq != 0;

    if (count == 0) {
        canvas_text(canvas, row, span.at + 1, STYLE_DIM,
                    ui->trail->state == TRAIL_FOLLOWS && ui->trail->order_seq == journal_life_of(ui)
                        ? "the journal has nothing of this order"
                        : "the journal is being read");
        return;
    }
    if (whole_screen) {
        strip_draw(canvas, ui, span, row++);
        heads_draw(canvas, span, row++);
        top = ui->journal.top < count ? ui->journal.top : count - 1;
    }
    for (int i = top; i < count && row < end; i++) {
        bool begins = list[i].step->kind == TRAIL_STORY && (i == 0 || list[i - 1].step->kind != TRAIL_STORY);

        if (begins && row + 1 < end)
            story_head(canvas, span, row++);
        step_draw(canvas, span, row++, &list[i]);
    }
}
