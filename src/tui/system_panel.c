/*
 * The sections of screen 8: latency stage by stage with its histogram, queues and threads as tables, all else as lines
 * of a name and what is known.
 */
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <string.h>

#define NAME_COLS   14
#define NUMBER_COLS 7
#define NUMBERS     5 /* p50 p90 p99 p99.9 most */
#define COUNT_COLS  7
#define BAR_COLS    10

/* --- histograms -------------------------------------------------------------------------------------------------- */

static int log2_x16(uint64_t value)
{
    int whole = value == 0 ? 0 : 63 - __builtin_clzll(value);

    return value == 0 ? 0 : whole * 16 + (int)(((value << (63 - whole)) >> 59) & 15) + 16;
}

struct bars { /* bins side by side in columns: `per` bins a column, or `cols` columns a bin */
    int first, per, wide, columns;
};

/* As wide as there is room for, without what no stage needs. */
static struct bars bars_of(int cols)
{
    struct bars bars = {0, 1, 1, 0};

    while ((VIEW_BINS + bars.per - 1) / bars.per > cols)
        bars.per++;
    bars.columns = (VIEW_BINS + bars.per - 1) / bars.per;
    bars.wide = cols / bars.columns > 3 ? 3 : cols / bars.columns;
    return bars;
}

static uint64_t bar_sum(const struct view_stage *stage, const struct bars *bars, int column)
{
    uint64_t sum = 0;

    for (int i = column * bars->per; i < (column + 1) * bars->per && i < VIEW_BINS; i++)
        sum += stage->bin[i];
    return sum;
}

/* The shortest time that a column counts. */
static int64_t bar_from_ns(const struct bars *bars, int column)
{
    return INT64_C(1) << (VIEW_BIN_FIRST + column * bars->per);
}

static uint64_t bar_most(const struct view_stage *stage, const struct bars *bars)
{
    uint64_t most = 0;

    for (int column = 0; column < bars->columns; column++)
        most = bar_sum(stage, bars, column) > most ? bar_sum(stage, bars, column) : most;
    return most;
}

static struct style bar_style(const struct view_stage *stage, const struct bars *bars, int column)
{
    return stage->p99_ns != VIEW_NONE && bar_from_ns(bars, column) > stage->p99_ns ? STYLE_WARNING
                                                                                   : style_role(ROLE_SPARK);
}

static void histogram_draw(struct canvas *canvas, int row, int col, int cols, const struct view_stage *stage)
{
    struct bars bars = bars_of(cols);
    int most = log2_x16(bar_most(stage, &bars));

    for (int column = 0; column < bars.columns; column++) {
        uint64_t sum = bar_sum(stage, &bars, column);
        int eighths = sum == 0 || most == 0 ? 0 : 1 + log2_x16(sum) * 7 / most;

        for (int i = 0; i < bars.wide; i++) {
            if (eighths > 0)
                canvas_spark(canvas, row, col + column * bars.wide + i, bar_style(stage, &bars, column),
                             eighths);
            else
                canvas_text(canvas, row, col + column * bars.wide + i, STYLE_FAINT, GLYPH_MIDDLE_DOT);
        }
    }
}

/* "us", "ms", "s" where 1 us, 1 ms, 1 s begin. */
static void axis_draw(struct canvas *canvas, int row, int col, int cols)
{
    static const struct {
        int64_t ns;
        const char *word;
    } tick[] = {{1000, "1us"}, {1000000, "1ms"}, {1000000000, "1s"}};
    struct bars bars = bars_of(cols);

    for (size_t i = 0; i < sizeof(tick) / sizeof(tick[0]); i++)
        for (int column = 0; column < bars.columns; column++)
            if (bar_from_ns(&bars, column) <= tick[i].ns && bar_from_ns(&bars, column + 1) > tick[i].ns)
                canvas_text(canvas, row, col + column * bars.wide, STYLE_DIM, tick[i].word);
}

/* One column from the bottom up, in eighths of a row. */
static void tower_draw(struct canvas *canvas, int bottom, int rows, int col, struct style style, int eighths)
{
    for (int i = 0; i < rows && eighths > 0; i++, eighths -= 8)
        canvas_spark(canvas, bottom - i, col, style, eighths < 8 ? eighths : 8);
}

static void bar_labels(struct canvas *canvas, struct span span, int row, const struct bars *bars)
{
    int free_from = span.at;

    for (int column = 0; column < bars->columns; column += 2) {
        int at = span.at + column * bars->wide;
        struct number_text text = number_duration(bar_from_ns(bars, column));
        char *point = strchr(text.text, '.');

        if (point != NULL && strspn(point + 1, "0123456789") > 0) /* "1.02us": the first figures are enough */
            memmove(point, point + 1 + strspn(point + 1, "0123456789"),
                    strlen(point + 1 + strspn(point + 1, "0123456789")) + 1);
        if (at < free_from || at + (int)strlen(text.text) > span_end(span))
            continue;
        free_from = canvas_text(canvas, row, at, STYLE_DIM, text.text) + 1;
    }
}

void system_bars_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    const struct view_system *view = &ui_view(ui)->system;
    int chosen = ui->system.section == SYSTEM_LATENCY && ui->system.row < view->stages ? ui->system.row : 1;
    const struct view_stage *stage = &view->stage[chosen % VIEW_STAGES_MAX];
    struct span inner = {span.at + 1, span.cols - 2};
    struct bars bars = bars_of(inner.cols);
    int most = log2_x16(bar_most(stage, &bars)), high = (rows - 2) * 8;

    if (view->stages == 0 || rows < 4)
        return;
    bars.wide = inner.cols / bars.columns;
    for (int column = 0; column < bars.columns && most > 0; column++) {
        uint64_t sum = bar_sum(stage, &bars, column);
        int eighths = sum == 0 ? 0 : 1 + log2_x16(sum) * (high - 1) / most;

        for (int i = 0; i < bars.wide - 1; i++)
            tower_draw(canvas, row + rows - 2, rows - 2, inner.at + column * bars.wide + i,
                       bar_style(stage, &bars, column), eighths);
    }
    if (stage->count == 0)
        canvas_text_middle(canvas, row + rows / 2, inner.at, inner.cols, STYLE_DIM,
                           "not measured in this run");
    bar_labels(canvas, inner, row + rows - 1, &bars);
}

/* --- tables ------------------------------------------------------------------------------------------------------ */

static struct span number_span(struct span span, int number)
{
    return (struct span){span.at + 1 + NAME_COLS + COUNT_COLS + number * NUMBER_COLS, NUMBER_COLS};
}

static int histogram_col(struct span span)
{
    return span_end(number_span(span, NUMBERS - 1)) + 2;
}

static void stage_head(struct canvas *canvas, struct span span, int row)
{
    static const char *const head[NUMBERS] = {"p50", "p90", "p99", "p99.9", "most"};
    int col = histogram_col(span);

    canvas_text(canvas, row, span.at + 1, STYLE_DIM, "stage");
    brush_right(canvas, row, (struct span){span.at + 1 + NAME_COLS, COUNT_COLS}, STYLE_DIM, "count");
    for (int i = 0; i < NUMBERS; i++)
        brush_right(canvas, row, number_span(span, i), STYLE_DIM, head[i]);
    if (span_end(span) - col >= BAR_COLS)
        axis_draw(canvas, row, col, span_end(span) - col - 1);
}

static void stage_row(struct canvas *canvas, struct span span, int row, const struct view_stage *stage)
{
    const int64_t number[NUMBERS] = {stage->p50_ns, stage->p90_ns, stage->p99_ns, stage->p999_ns,
                                     stage->max_ns};
    int col = histogram_col(span);

    canvas_text_cut(canvas, row, span.at + 1, NAME_COLS, STYLE_TEXT, stage->name);
    if (stage->count == 0) {
        brush_right(canvas, row, (struct span){span.at + 1 + NAME_COLS, COUNT_COLS}, STYLE_DIM, "?");
        return;
    }
    brush_right(
        canvas, row, (struct span){span.at + 1 + NAME_COLS, COUNT_COLS}, STYLE_DIM,
        stage->count < 100000
            ? number_fixed((int64_t)stage->count, 0, 0, false).text
            : number_compact((int64_t)(stage->count > 90000000000ULL ? 90000000000ULL : stage->count) *
                                 100000000,
                             COUNT_COLS - 1)
                  .text);
    for (int i = 0; i < NUMBERS; i++)
        brush_right(canvas, row, number_span(span, i), i == 2 ? style_bold(STYLE_BRIGHT) : STYLE_TEXT,
                    number_duration(number[i]).text);
    if (span_end(span) - col >= BAR_COLS)
        histogram_draw(canvas, row, col, span_end(span) - col - 1, stage);
}

static struct number_text amount(const struct view_queue *queue, int64_t value)
{
    return value == VIEW_NONE || !queue->bytes ? number_fixed(value, 0, 0, false)
                                               : number_bytes((uint64_t)value);
}

/* Of a number of the queues. */
static int queue_cols(struct span span)
{
    return span.cols > 44 ? 9 : (span.cols - NAME_COLS - 1) / 3;
}

static void queue_row(struct canvas *canvas, struct span span, int row, const struct view_queue *queue)
{
    int cols = queue_cols(span), col = span.at + NAME_COLS;
    const int64_t value[] = {queue->now, queue->most, queue->high};
    struct brush pen = brush_at(canvas, row, col + 3 * cols + 2);
    int room = span_end(span) - pen.col - 1;
    bool near = queue->high > 0 && queue->most > queue->high / 10 * 8;

    canvas_text_cut(canvas, row, span.at + 1, NAME_COLS, STYLE_TEXT, queue->name);
    for (int i = 0; i < 3; i++)
        brush_right(canvas, row, (struct span){col + i * cols, cols},
                    i == 2           ? STYLE_DIM
                    : i == 1 && near ? STYLE_WARNING
                                     : STYLE_TEXT,
                    amount(queue, value[i]).text);
    if (room < 5)
        return;
    room = room < 2 * BAR_COLS ? room : 2 * BAR_COLS;
    brush_use_bar(&pen, room, brush_eighths(queue->most, queue->high, room), 0,
                  near ? ROLE_WARNING : ROLE_USE_BAR);
}

static void queue_head(struct canvas *canvas, struct span span, int row)
{
    static const char *const head[] = {"now", "most", "bound"};
    int cols = queue_cols(span);

    canvas_text(canvas, row, span.at + 1, STYLE_DIM, "queue");
    for (int i = 0; i < 3; i++)
        brush_right(canvas, row, (struct span){span.at + NAME_COLS + i * cols, cols}, STYLE_DIM, head[i]);
}

static void thread_row(struct canvas *canvas, struct span span, int row, const struct view_thread *thread)
{
    int col = span.at + 1 + NAME_COLS;
    struct brush pen = brush_at(canvas, row, col + 16);
    int room = span_end(span) - pen.col - 1;

    canvas_text_cut(canvas, row, span.at + 1, NAME_COLS, STYLE_TEXT, thread->name);
    brush_right(canvas, row, (struct span){col, 7}, thread->cpu_x10 > 500 ? STYLE_WARNING : STYLE_TEXT,
                thread->cpu_x10 < 0 ? "?" : number_fixed(thread->cpu_x10, 1, 1, false).text);
    brush_right(canvas, row, (struct span){col + 7, 8}, STYLE_DIM,
                number_duration(thread->used_ms * UI_MILLI_NS).text);
    if (room < 5)
        return;
    room = room < BAR_COLS ? room : BAR_COLS;
    brush_use_bar(&pen, room, brush_eighths(thread->cpu_x10, 1000, room), 0,
                  thread->cpu_x10 > 500 ? ROLE_WARNING : ROLE_USE_BAR);
}

static void thread_head(struct canvas *canvas, struct span span, int row)
{
    int col = span.at + 1 + NAME_COLS;

    canvas_text(canvas, row, span.at + 1, STYLE_DIM, "thread");
    brush_right(canvas, row, (struct span){col, 7}, STYLE_DIM, "cpu %");
    brush_right(canvas, row, (struct span){col + 7, 8}, STYLE_DIM, "used");
}

static void fact_row(struct canvas *canvas, struct span span, int row, const struct view_fact *fact)
{
    static const enum role role[] = {ROLE_TEXT, ROLE_TEXT, ROLE_WARNING, ROLE_BAD};
    int names = span.cols > 60 ? NAME_COLS : NAME_COLS - 1;
    struct style style = style_role(role[fact->level % 4]);

    canvas_text_cut(canvas, row, span.at + 1, names, STYLE_DIM, fact->name);
    canvas_text_cut(canvas, row, span.at + 1 + names, span.cols - names - 2,
                    fact->level > 1 ? style_bold(style) : style, fact->text);
}

/* --- sections ---------------------------------------------------------------------------------------------------- */

static void head_draw(struct canvas *canvas, struct span span, int row, enum system_section section)
{
    if (section == SYSTEM_LATENCY)
        stage_head(canvas, span, row);
    else if (section == SYSTEM_QUEUES)
        queue_head(canvas, span, row);
    else
        thread_head(canvas, span, row);
}

static void line_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row,
                      enum system_section section, int line)
{
    const struct view_system *view = &ui_view(ui)->system;
    const struct view_fact *fact = system_fact(ui, section, line);

    if (section == SYSTEM_LATENCY)
        stage_row(canvas, span, row, &view->stage[line]);
    else if (section == SYSTEM_QUEUES)
        queue_row(canvas, span, row, &view->queue[line]);
    else if (section == SYSTEM_THREADS)
        thread_row(canvas, span, row, &view->thread[line]);
    else if (fact != NULL)
        fact_row(canvas, span, row, fact);
}

void system_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows,
                       enum system_section section)
{
    int lines = system_rows(ui, section), top = 0, chosen = 0;

    if (rows <= 0)
        return;
    if (lines == 0) {
        canvas_text(canvas, row, span.at + 1, STYLE_DIM, "?");
        return;
    }
    if (system_has_head(section)) {
        head_draw(canvas, span, row++, section);
        rows--;
    }
    for (int i = 0; i < lines; i++)
        if (system_is_chosen(ui, section, i))
            chosen = i;
    if (chosen >= rows)
        top = chosen - rows + 1;
    for (int i = top; i < lines && i < top + rows; i++) {
        line_draw(canvas, ui, span, row + i - top, section, i);
        if (system_is_chosen(ui, section, i))
            canvas_background(canvas, row + i - top, span.at, 1, span.cols, ROLE_SELECTED);
    }
}
