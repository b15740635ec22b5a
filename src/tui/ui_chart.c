/* Screen 2: what is shown of which time, where its panels stand, the cross. */
#include "core/base/decimal.h"
#include "core/base/round_step.h"
#include "tui/ui_screens.h"

#include <string.h>

#define SIDE_COLS   20
#define BELOW_ROWS  9 /* framed: rule, volume 4, CVD 2, time, legend */
#define BELOW_SMALL 4 /* volume 2, time, legend */
#define SPANS_MAX   9
#define PRICE_MOST  (INT64_MAX / 8) /* what is drawn: sums of a few prices stay numbers */

struct span_of {
    uint32_t s;
    const char *word;
};

static const struct span_of candle_spans[SPANS_MAX] = {{15, "15 s"},    {60, "1 min"}, {300, "5 min"},
                                                       {900, "15 min"}, {3600, "1 h"}, {14400, "4 h"},
                                                       {86400, "1 d"}};
static const struct span_of heat_spans[SPANS_MAX] = {{5, "5 s"}, {15, "15 s"}, {60, "1 min"}};
static const struct span_of fine_candles[] = {{1, "1 s"}, {5, "5 s"}};

/* Number 0 is what a chart begins with; shorter spans come before it. */
#define SHORTER 2

static const struct span_of *span_at(enum chart_kind kind, int index)
{
    static const struct span_of second = {1, "1 s"};

    if (kind == CHART_CANDLES)
        return index < SHORTER ? &fine_candles[index] : &candle_spans[index - SHORTER];
    return index < 1 ? &second : &heat_spans[index - 1];
}

static int spans_of(enum chart_kind kind)
{
    return kind == CHART_CANDLES ? SHORTER + 7 : 1 + 3;
}

static int span_index(const struct ui *ui)
{
    if (ui->chart.span_set)
        return ui->chart.span[ui->chart.kind];
    return ui->chart.kind == CHART_CANDLES ? SHORTER - ui->chart.finer : 1;
}

uint32_t chart_span_s(const struct ui *ui)
{
    return span_at(ui->chart.kind, span_index(ui))->s;
}

const char *chart_span_word(const struct ui *ui)
{
    return span_at(ui->chart.kind, span_index(ui))->word;
}

/* --- places ------------------------------------------------------------------------------------------------- */

struct chart_places chart_places(const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    struct span inside = l->framed ? (struct span){1, l->cols - 2} : (struct span){0, l->cols};
    int axis_cols = 2 + (ui->price_cols > 8 ? ui->price_cols : 8),
        end = l->framed ? l->frame_row : l->next_row;
    bool rich = l->framed && ui->zoom != ZOOM_CHART; /* enlarged: the prices have the room of all others */
    struct chart_places at = {.plot_row = l->title_row + 1, .legend_row = end - 1, .time_row = end - 2};

    at.side.cols = rich ? SIDE_COLS : 0;
    at.plot = (struct span){inside.at, inside.cols - axis_cols - at.side.cols - (rich ? 1 : 0)};
    if (at.plot.cols > VIEW_CHART_COLS)
        at.plot.cols = VIEW_CHART_COLS;
    at.axis = (struct span){span_end(at.plot), axis_cols};
    at.side.at = span_end(at.axis) + 1;
    at.side.cols = rich ? span_end(inside) - at.side.at : 0;
    at.plot_rows = end - at.plot_row - (rich ? BELOW_ROWS : BELOW_SMALL);
    if (at.plot_rows > VIEW_CHART_ROWS)
        at.plot_rows = VIEW_CHART_ROWS;
    at.volume_row = at.plot_row + at.plot_rows + (rich ? 1 : 0);
    at.volume_rows = rich ? 4 : 2;
    at.cvd_row = at.volume_row + at.volume_rows;
    at.cvd_rows = rich ? 2 : 0;
    at.each = ui->chart.kind == CHART_CANDLES && at.plot.cols >= 60 ? 2 : 1;
    return at;
}

void chart_request(const struct ui *ui, struct view_request *out)
{
    struct chart_places at = chart_places(ui);

    out->point_s = chart_span_s(ui);
    out->chart.kind = (uint8_t)ui->chart.kind;
    out->chart.cols = (uint16_t)(at.plot.cols > 0 ? at.plot.cols / at.each : 0);
    out->chart.rows = (uint16_t)(at.plot_rows > 0 ? at.plot_rows : 0);
    out->chart.halves =
        ui->chart.halves && ui->chart.kind == CHART_HEAT && 2 * at.plot_rows <= VIEW_CHART_ROWS;
    if (out->chart.halves != 0)
        out->chart.rows = (uint16_t)(2 * out->chart.rows);
    out->chart.back = ui->chart.back;
    out->chart.row_ticks = ui->chart.row_ticks;
    if (ui->chart.cross && ui->chart.kind == CHART_HEAT) {
        out->chart.cross_ms = ui->chart.cross_ms;
        out->chart.cross_ticks = ui->chart.cross_ticks;
    }
}

/* Once: where the market has been seen for so short a time that most of the plot were empty, shorter candles fill it. */
void chart_on_frame(struct ui *ui)
{
    const struct view_chart *chart = &ui->frame->chart;
    struct chart_places at = chart_places(ui);
    int cols = at.plot.cols / at.each;

    if (ui->screen != SCREEN_CHART || ui->chart.kind != CHART_CANDLES || chart->kind != CHART_CANDLES ||
        ui->chart.fitted || chart->candles == 0 || chart->span_s != chart_span_s(ui))
        return;
    ui->chart.fitted = true;
    if (ui->chart.span_set || 2 * chart->candles >= cols)
        return;
    ui->chart.finer = 6 * chart->candles < cols ? 2 : 1; /* 5 s are a third of 15 s */
    ui_view_request(ui);
}

bool chart_candle_range(const struct ui *ui, int64_t *high_ticks, int64_t *low_ticks)
{
    const struct view_chart *chart = &ui_view(ui)->chart;

    *high_ticks = INT64_MIN;
    *low_ticks = INT64_MAX;
    if (chart->kind != CHART_CANDLES)
        return false;
    for (int i = 0; i < chart->candles && i < VIEW_CHART_COLS; i++) {
        if (chart->candle[i].low_ticks <= 0 || chart->candle[i].high_ticks > PRICE_MOST)
            continue;
        *high_ticks = chart->candle[i].high_ticks > *high_ticks ? chart->candle[i].high_ticks : *high_ticks;
        *low_ticks = chart->candle[i].low_ticks < *low_ticks ? chart->candle[i].low_ticks : *low_ticks;
    }
    if (*high_ticks < *low_ticks)
        return false;
    *high_ticks += (*high_ticks - *low_ticks) / 20 + 1; /* so that the extremes are not at the edge */
    *low_ticks -= (*high_ticks - *low_ticks) / 20 + 1;
    return true;
}

/* The newest column stands at the right. */
static int64_t newest_ms(const struct ui *ui)
{
    const struct view_chart *chart = &ui_view(ui)->chart;

    if (chart->kind == CHART_CANDLES)
        return chart->candles > 0 ? chart->candle[chart->candles - 1].open_ms : 0;
    return chart->columns > 0 ? chart->column[chart->columns - 1].begin_ms : 0;
}

int chart_col_of(const struct ui *ui, int64_t ms)
{
    struct chart_places at = chart_places(ui);
    int64_t span_ms = (int64_t)chart_span_s(ui) * 1000, newest = newest_ms(ui);
    int64_t back = newest == 0 ? -1 : (newest + span_ms - 1 - ms) / span_ms;

    if (newest == 0 || ms < 0 || ms >= newest + span_ms || back * at.each >= at.plot.cols)
        return -1;
    return at.plot.cols - (int)(back + 1) * at.each;
}

int chart_rows_each(const struct ui *ui)
{
    const struct view_chart *chart = &ui_view(ui)->chart;

    return chart->kind == CHART_HEAT && chart->rows > chart_places(ui).plot_rows ? 2 : 1;
}

int chart_map_row_of(const struct ui *ui, int64_t price_ticks)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    int64_t row;

    if (chart->row_ticks <= 0 || price_ticks <= 0 || chart->row_ticks > PRICE_MOST ||
        chart->top_ticks > PRICE_MOST || price_ticks >= chart->top_ticks + chart->row_ticks)
        return -1;
    row = (chart->top_ticks + chart->row_ticks - 1 - price_ticks) / chart->row_ticks;
    return row < chart_rows_each(ui) * chart_places(ui).plot_rows ? (int)row : -1;
}

void ui_halves(struct ui *ui, bool halves)
{
    if (ui->chart.halves == halves)
        return;
    ui->chart.halves = halves;
    ui->changed = true;
    ui_view_request(ui);
}

int chart_row_of(const struct ui *ui, int64_t price_ticks)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    int rows = chart_places(ui).plot_rows;
    int64_t high, low, row;

    if (chart->kind == CHART_CANDLES) {
        if (!chart_candle_range(ui, &high, &low) || price_ticks > high || price_ticks < low || rows < 1)
            return -1;
        row = (int64_t)((__int128)(high - price_ticks) * rows / (high - low + 1));
    } else {
        row = chart_map_row_of(ui, price_ticks);
        row = row < 0 ? -1 : row / chart_rows_each(ui);
    }
    return row < rows ? (int)row : -1;
}

/* --- the cross ---------------------------------------------------------------------------------------------- */

static int64_t row_ticks(const struct ui *ui)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    int rows = chart_places(ui).plot_rows;
    int64_t high, low;

    if (chart->kind != CHART_CANDLES)
        return chart->row_ticks > 0 ? chart->row_ticks : 1;
    if (!chart_candle_range(ui, &high, &low) || rows < 1)
        return 1;
    return (high - low) / rows > 0 ? (high - low) / rows : 1;
}

static bool cross_begin(struct ui *ui)
{
    const struct view_instrument *at = ui_instrument(ui);

    if (ui->chart.cross)
        return true;
    if (newest_ms(ui) == 0 || at == NULL || at->last_ticks == VIEW_NONE) {
        ui_say(ui, 1, "", ui->chart.kind == CHART_DEPTH ? "the depth has no cross" : "nothing is drawn yet");
        return false;
    }
    ui->chart.cross = true;
    ui->chart.cross_ms = newest_ms(ui);
    ui->chart.cross_ticks = at->last_ticks;
    return true;
}

static void cross_move(struct ui *ui, int cols, int rows)
{
    int64_t span_ms = (int64_t)chart_span_s(ui) * 1000, newest;

    if (!cross_begin(ui))
        return;
    newest = newest_ms(ui);
    ui->chart.cross_ms += cols * span_ms;
    ui->chart.cross_ticks += rows * row_ticks(ui);
    if (chart_row_of(ui, ui->chart.cross_ticks) < 0)
        ui->chart.cross_ticks -= rows * row_ticks(ui);
    if (ui->chart.cross_ms > newest && ui->chart.back > 0)
        ui->chart.back--;
    else if (ui->chart.cross_ms > newest)
        ui->chart.cross_ms = newest;
    else if (chart_col_of(ui, ui->chart.cross_ms) < 0 && ui->chart.back < VIEW_CHART_COLS)
        ui->chart.back++;
}

static void pan(struct ui *ui, int direction)
{
    struct chart_places at = chart_places(ui);
    int to = ui->chart.back + direction * at.plot.cols / at.each / 2;

    ui->chart.cross = false;
    if (to < 0 || to > 10000)
        ui_say(ui, 0, "", "now");
    ui->chart.back = (uint16_t)(to < 0 ? 0 : to > 10000 ? 10000 : to);
}

/* --- keys --------------------------------------------------------------------------------------------------- */

static void span_step(struct ui *ui, int step)
{
    int to = span_index(ui) + step;

    if (ui->chart.kind == CHART_DEPTH) {
        ui_say(ui, 1, "", "the depth is of this moment");
        return;
    }
    if (to < 0 || to >= spans_of(ui->chart.kind)) {
        ui_say(ui, 0, "", "%s is the %s", chart_span_word(ui), to < 0 ? "shortest" : "longest");
        return;
    }
    if (!ui->chart.span_set) {
        ui->chart.span[CHART_CANDLES] = (uint8_t)(SHORTER - ui->chart.finer);
        ui->chart.span[CHART_HEAT] = 1;
        ui->chart.span_set = true;
    }
    ui->chart.span[ui->chart.kind] = (uint8_t)to;
    ui->chart.back = 0;
    ui->chart.cross = false;
    ui_say(ui, 0, "", "%s a %s", chart_span_word(ui), ui->chart.kind == CHART_CANDLES ? "candle" : "column");
}

/* The next step in that direction; of half rows 1 and 5, so that a whole one is as round. */
static int64_t step_beside(int64_t now, int direction, bool halves)
{
    int64_t next = direction > 0 ? round_step_at_least(now + 1) : round_step_at_most(now - 1), lead = next;

    while (lead >= 10)
        lead /= 10;
    return halves && lead == 2 ? step_beside(next, direction, halves) : next;
}

static void rows_step(struct ui *ui, int step)
{
    int64_t now = ui->chart.row_ticks > 0 ? ui->chart.row_ticks : ui_view(ui)->chart.row_ticks;
    int each = chart_rows_each(ui);

    if (ui->chart.kind != CHART_HEAT || now <= 0) {
        ui_say(ui, 1, "", "rows of a price belong to the heat map; " KEY("e") " shows it");
        return;
    }
    now = step_beside(now, step, each == 2);
    ui->chart.row_ticks = now;
    ui_say(ui, 0, "", "rows of %s", number_price(ui_scale(ui), each * now).text);
}

static void view_next(struct ui *ui)
{
    static const char *const word[] = {"candles", "heat map of the book", "depth"};

    ui->chart.kind = (enum chart_kind)((ui->chart.kind + 1) % CHART_KINDS);
    ui->chart.cross = false;
    ui->chart.back = 0;
    ui_say(ui, 0, "", "%s", word[ui->chart.kind]);
}

static void now_key(struct ui *ui)
{
    ui->chart.cross = false;
    ui->chart.back = 0;
    ui->chart.row_ticks = 0;
    ui_say(ui, 0, "", "now");
}

bool chart_act(struct ui *ui, enum key_action action)
{
    if (ui_view(ui) == NULL)
        return false;
    switch ((int)action) {
    case ACT_UP:
    case ACT_DOWN:
        cross_move(ui, 0, action == ACT_UP ? 1 : -1);
        return true;
    case ACT_LEFT:
    case ACT_RIGHT:
        cross_move(ui, action == ACT_LEFT ? -1 : 1, 0);
        return true;
    case ACT_PAGE_UP:
    case ACT_PAGE_DOWN:
        pan(ui, action == ACT_PAGE_UP ? 1 : -1);
        return true;
    case ACT_CENTRE:
        now_key(ui);
        return true;
    case ACT_SIZE_DOWN:
    case ACT_SIZE_UP:
        span_step(ui, action == ACT_SIZE_DOWN ? -1 : 1);
        return true;
    case ACT_FINER:
    case ACT_COARSER:
        rows_step(ui, action == ACT_FINER ? -1 : 1);
        return true;
    case ACT_VIEW_NEXT:
        view_next(ui);
        return true;
    case ACT_ALERT:
        if (ui->chart.cross)
            alert_toggle(ui, ui->chart.cross_ticks);
        else
            ui_say(ui, 1, "",
                   "no cross yet: " KEY("\u2191\u2193") " set it at a price, then " KEY(
                       "b") "; or :alert price > FIGURE");
        return true;
    default:
        return false;
    }
}

/* --- words -------------------------------------------------------------------------------------------------- */

static void cross_text(const struct ui *ui, char *out, size_t size)
{
    const struct view_cross *cross = &ui_view(ui)->chart.cross;
    const struct view_scale *scale = ui_scale(ui);
    struct number_text lots = number_qty_short(scale, cross->resting_lots);
    int64_t away = cross->touch_ticks - cross->row_ticks;
    char touch[64] = "";
    size_t used;

    if (cross->touch_ticks > 0 &&
        2 * cross->traded_lots < cross->resting_lots) /* how near it let the market come */
        text_print(touch, sizeof(touch), " with the touch %s away",
                   number_price(scale, away < 0 ? -away : away).text);
    text_print(out, size, "CROSS %s %s  ",
               number_moment(cross->begin_ms * UI_MILLI_NS, ui->frame->status.now_ns).text,
               number_price(scale, cross->row_ticks).text);
    used = strlen(out);
    if (cross->resting_lots == 0)
        text_print(out + used, size - used, "nothing rests there");
    else if (cross->ended_ms == 0)
        text_print(out + used, size - used, "%s on the %s, there for %s, %s traded on it", lots.text,
                   cross->side == SIDE_BID ? "bid" : "ask", number_age(cross->stood_ms * UI_MILLI_NS).text,
                   cross->traded_lots == 0 ? "nothing" : number_qty_short(scale, cross->traded_lots).text);
    else
        text_print(out + used, size - used, "%s stood %s and was %s%s, %s traded on it", lots.text,
                   number_age(cross->stood_ms * UI_MILLI_NS).text,
                   2 * cross->traded_lots >= cross->resting_lots ? "traded" : "pulled", touch,
                   cross->traded_lots == 0 ? "nothing" : number_qty_short(scale, cross->traded_lots).text);
}

static const struct view_candle *candle_at(const struct view_chart *chart, int64_t ms)
{
    for (int i = 0; i < chart->candles && i < VIEW_CHART_COLS; i++)
        if (ms >= chart->candle[i].open_ms && ms < chart->candle[i].open_ms + (int64_t)chart->span_s * 1000)
            return &chart->candle[i];
    return NULL;
}

void chart_next_text(const struct ui *ui, char *out, size_t size)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    const struct view_scale *scale = ui_scale(ui);
    const struct view_candle *candle = NULL;

    if (chart->kind == CHART_CANDLES && chart->candles > 0)
        candle = ui->chart.cross ? candle_at(chart, ui->chart.cross_ms) : &chart->candle[chart->candles - 1];
    if (chart->cross.valid)
        cross_text(ui, out, size);
    else if (candle != NULL)
        text_print(out, size,
                   ui->layout.framed ? "%s %s  open %s high %s low %s close %s, volume %s, bought %s %%"
                                     : "%s %s  O %s H %s L %s C %s vol %s",
                   ui->chart.cross ? "CROSS" : "CANDLE",
                   number_moment(candle->open_ms * UI_MILLI_NS, ui->frame->status.now_ns).text,
                   number_price(scale, candle->open_ticks).text, number_price(scale, candle->high_ticks).text,
                   number_price(scale, candle->low_ticks).text, number_price(scale, candle->close_ticks).text,
                   ui->layout.framed ? number_qty_short(scale, candle->lots).text
                                     : number_qty_fit(scale, candle->lots, 1, 5).text,
                   number_percent(candle->bought_lots, candle->lots).text);
    else if (ui->chart.cross)
        text_print(out, size, "CROSS %s %s  nothing is known of it",
                   number_moment(ui->chart.cross_ms * UI_MILLI_NS, ui->frame->status.now_ns).text,
                   number_price(scale, ui->chart.cross_ticks).text);
    else
        text_print(out, size, "%s",
                   chart->kind == CHART_DEPTH ? "DEPTH  what stands up to a price, from the touch outward"
                                              : "CHART  the arrows move a cross that tells what stood there");
}
