#include "app/view_chart_parts.h"

#include "app/ladder_view.h"
#include "core/base/round_step.h"
#include "core/market/saturate.h"

#include <string.h>

#define NS_PER_MS     INT64_C(1000000)
#define REFRESH_NS    INT64_C(500000000)
#define SHOWN_CELLS   (HEAT_CELLS * 2 / 5)
#define HALVES_CELLS  (HEAT_CELLS * 5 / 6)
#define NEWEST        2 /* columns that may still change */
#define STEP_NUMBER   4 /* each step begins at 4/7 of the next: 1.75 times as much */
#define STEP_DIVISOR  7
#define FULL_PER_1000 20 /* so many of a thousand cells are of the last step */
#define LOG_BINS      256

/* --- layout ------------------------------------------------------------------------------------------------- */

static int64_t mid_ticks(const struct market_state *market)
{
    int64_t bid = market->mark_ticks[SIDE_BID], ask = market->mark_ticks[SIDE_ASK];

    return bid > 0 && ask > 0 ? bid + (ask - bid) / 2 : bid > 0 ? bid : ask;
}

/* 1 or 5 x 10^n, so that a pair is a round step, too: the greatest whose rows a column has cells for. */
static int64_t choose_half(int64_t cell_ticks, uint16_t rows)
{
    int64_t best = cell_ticks;

    for (int64_t ten = 1; rows > 0 && ten < INT64_MAX / 1000; ten *= 10)
        for (int64_t half = ten; half <= 5 * ten; half += 4 * ten)
            if (half % cell_ticks == 0 && half / cell_ticks * rows <= HALVES_CELLS)
                best = half;
    return best;
}

/* Rows for less than half of the cells that a column has: there is room for the market to move. */
static int64_t choose_row(const struct book_heat *heat, uint16_t rows, bool halves)
{
    int64_t cell = book_heat_cell_ticks(heat), per_row = rows > 0 ? SHOWN_CELLS / rows : 1;

    return halves ? choose_half(cell, rows) : round_step_at_least(cell * (per_row > 0 ? per_row : 1));
}

/* The map stands still until the mid comes near its edge. */
static int64_t choose_top(const struct chart_view *view, int64_t mid, int64_t row_ticks, uint16_t rows,
                          bool halves)
{
    int64_t margin = rows / 8 > 0 ? rows / 8 : 1;
    int64_t below = view->top_ticks > 0 ? (view->top_ticks - mid) / row_ticks : -1;

    if (view->row_ticks == row_ticks && view->rows == rows && below >= margin && below < rows - margin)
        return view->top_ticks;
    if (halves) /* the lower one of a pair has the price of both: a round one */
        return (mid / (2 * row_ticks) + rows / 4) * 2 * row_ticks + row_ticks;
    return (mid / row_ticks + rows / 2) * row_ticks;
}

static void lay_out(struct chart_view *view, const struct market_state *market, const struct book_heat *heat,
                    const struct view_request *request)
{
    uint16_t rows = request->chart.rows, id = market->instrument->id;
    int64_t cell = book_heat_cell_ticks(heat), row, top;
    bool halves = request->chart.halves != 0;

    if (view->instrument_id != id || view->chosen_row_ticks == 0 || view->chosen_row_ticks % cell != 0 ||
        view->halves != halves)
        *view = (struct chart_view){
            .instrument_id = id, .chosen_row_ticks = choose_row(heat, rows, halves), .halves = halves};
    row = request->chart.row_ticks > 0 ? request->chart.row_ticks : view->chosen_row_ticks;
    row = (row + cell - 1) / cell * cell;
    top = request->chart.top_ticks > 0 ? request->chart.top_ticks / row * row
                                       : choose_top(view, mid_ticks(market), row, rows, halves);
    if (row == view->row_ticks && top == view->top_ticks && rows == view->rows &&
        request->point_s == view->span_s && view->unit_lots == book_heat_unit_lots(heat))
        return;
    for (size_t i = 0; i < VIEW_CHART_COLS; i++)
        view->column[i].begin_ms = 0;
    view->row_ticks = row;
    view->top_ticks = top;
    view->rows = rows;
    view->span_s = request->point_s;
    view->unit_lots = book_heat_unit_lots(heat);
    view->full_units = 0;
    view->filled_ns = 0;
}

/* --- columns ------------------------------------------------------------------------------------------------ */

static enum heat_ring ring_of(uint32_t span_s)
{
    return span_s % HEAT_COARSE_S == 0 ? HEAT_COARSE : HEAT_FINE;
}

static void add_trades(const struct heat_column *from, struct view_heat_column *to)
{
    to->bought_lots = saturate_add(to->bought_lots, from->bought_lots);
    to->sold_lots = saturate_add(to->sold_lots, from->sold_lots);
    for (int side = 0; side < SIDE_COUNT; side++)
        if (from->largest[side].lots > to->largest_lots[side]) {
            to->largest_lots[side] = from->largest[side].lots;
            to->largest_ticks[side] = from->largest[side].price_ticks;
        }
}

static void add_cells(const struct chart_view *view, int64_t cell_ticks, const struct heat_column *from,
                      const struct heat_cells *cells, uint64_t units[VIEW_CHART_ROWS],
                      struct chart_column *to)
{
    for (size_t i = 0; i < HEAT_CELLS; i++) {
        int64_t price_ticks = (from->first_cell + (int64_t)i) * cell_ticks;
        int64_t row = (view->top_ticks + view->row_ticks - 1 - price_ticks) / view->row_ticks;

        if (price_ticks >= view->top_ticks + view->row_ticks || row < 0 || row >= view->rows)
            continue;
        units[row] += cells->size[i];
        if (__builtin_add_overflow(to->traded[row], cells->traded[i], &to->traded[row]))
            to->traded[row] = UINT32_MAX;
    }
}

static void hold(struct chart_column *column, int64_t low_ticks, int64_t end_ticks)
{
    bool first = column->end_ticks == 0;

    column->low_ticks = first || low_ticks < column->low_ticks ? low_ticks : column->low_ticks;
    column->end_ticks = first || end_ticks > column->end_ticks ? end_ticks : column->end_ticks;
}

/* The mean of those ring columns whose book was known; from `back` on, newest first, all that begin in the span. */
static void sum_column(const struct chart_view *view, const struct book_heat *heat, size_t back,
                       int64_t begin_ms, struct chart_column *out)
{
    uint64_t units[VIEW_CHART_ROWS] = {0};
    struct heat_column from;
    struct heat_cells cells;
    uint64_t known = 0;

    memset(out, 0, sizeof(*out));
    out->begin_ms = out->shown.begin_ms = begin_ms;
    for (; book_heat_column(heat, ring_of(view->span_s), back, &from) && from.begin_ms >= begin_ms; back++) {
        add_trades(&from, &out->shown);
        if (book_heat_cells(heat, ring_of(view->span_s), back, &cells))
            add_cells(view, book_heat_cell_ticks(heat), &from, &cells, units, out);
        if (!from.known)
            continue;
        hold(out, from.first_cell * book_heat_cell_ticks(heat),
             (from.first_cell + HEAT_CELLS) * book_heat_cell_ticks(heat));
        if (known++ == 0)
            memcpy(out->shown.touch_ticks, from.touch_ticks, sizeof(from.touch_ticks));
    }
    out->shown.known = known > 0;
    for (size_t row = 0; row < view->rows && known > 0; row++)
        out->units[row] = (uint32_t)((units[row] / known) > UINT32_MAX ? UINT32_MAX : units[row] / known);
}

static int64_t lots_of(const struct chart_view *view, uint32_t units)
{
    return saturate_mul(units, view->unit_lots);
}

static struct chart_column *slot_of(struct chart_view *view, int64_t begin_ms)
{
    return &view->column[(begin_ms / ((int64_t)view->span_s * 1000)) % VIEW_CHART_COLS];
}

/* Columns that are not there yet, and the newest again. Returns how many there are up to now. */
static size_t sum_columns(struct chart_view *view, const struct book_heat *heat, size_t cols,
                          int64_t *newest_ms)
{
    int64_t span_ms = (int64_t)view->span_s * 1000;
    size_t count = 0, back = 0;
    struct heat_column at;

    while (count < cols && book_heat_column(heat, ring_of(view->span_s), back, &at)) {
        int64_t begin_ms = at.begin_ms - at.begin_ms % span_ms;
        struct chart_column *slot = slot_of(view, begin_ms);

        if (count == 0)
            *newest_ms = begin_ms;
        if (count < NEWEST || slot->begin_ms != begin_ms)
            sum_column(view, heat, back, begin_ms, slot);
        while (book_heat_column(heat, ring_of(view->span_s), back, &at) && at.begin_ms >= begin_ms)
            back++;
        count = (size_t)((*newest_ms - begin_ms) / span_ms) + 1; /* a pause of the feed leaves a gap */
    }
    return count < cols ? count : cols;
}

/* --- steps of size ------------------------------------------------------------------------------------------ */

static unsigned log_bin(uint32_t units) /* four bins to a doubling */
{
    unsigned high = units == 0 ? 0 : 31U - (unsigned)__builtin_clz(units);

    return units == 0 ? 0 : 4 * high + (high >= 2 ? (units >> (high - 2)) & 3U : 0) + 1;
}

static uint64_t bin_floor(unsigned bin)
{
    unsigned high = (bin - 1) / 4, part = (bin - 1) % 4;

    return high >= 2 ? (uint64_t)(4 + part) << (high - 2) : UINT64_C(1) << high;
}

/* The last step is for the largest cells; it holds until that is twice or half as much. */
static void find_full(struct chart_view *view, int64_t newest_ms, size_t count)
{
    uint32_t bins[LOG_BINS] = {0};
    uint64_t cells = 0, above = 0, full = 1;

    for (size_t back = 0; back < count; back++) {
        const struct chart_column *column = slot_of(view, newest_ms - (int64_t)back * view->span_s * 1000);

        for (size_t row = 0; row < view->rows; row++)
            if (column->begin_ms != 0 && column->units[row] > 0) {
                bins[log_bin(column->units[row])]++;
                cells++;
            }
    }
    for (unsigned bin = LOG_BINS - 1; bin > 0; bin--) {
        above += bins[bin];
        if (above * 1000 >= cells * FULL_PER_1000) {
            full = bin_floor(bin);
            break;
        }
    }
    if (cells > 0 && (view->full_units == 0 || full >= 2 * view->full_units || 2 * full <= view->full_units))
        view->full_units = full;
}

static void find_steps(const struct chart_view *view, uint64_t step[VIEW_HEAT_STEPS])
{
    step[VIEW_HEAT_STEPS - 1] = view->full_units > 0 ? view->full_units : 1;
    for (int i = VIEW_HEAT_STEPS - 2; i > 0; i--)
        step[i] = step[i + 1] * STEP_NUMBER / STEP_DIVISOR;
    step[0] = 0;
}

static uint8_t step_of(const uint64_t step[VIEW_HEAT_STEPS], uint32_t units)
{
    int at = VIEW_HEAT_STEPS - 1;

    while (at > 0 && (units < step[at] || units == 0))
        at--;
    return (uint8_t)at;
}

/* --- the cross ---------------------------------------------------------------------------------------------- */

/* From the column of the cross back and forth while at least half of its size stood in the row. */
static void fill_cross(struct chart_view *view, const struct view_request *request, int64_t newest_ms,
                       size_t count, struct view_cross *out)
{
    int64_t span_ms = (int64_t)view->span_s * 1000, begin_ms = request->chart.cross_ms / span_ms * span_ms;
    int64_t oldest_ms = newest_ms - (int64_t)(count - 1) * span_ms, from_ms, to_ms;
    int64_t row = (view->top_ticks + view->row_ticks - 1 - request->chart.cross_ticks) / view->row_ticks;
    uint32_t half;

    if (count == 0 || request->chart.cross_ticks <= 0 || begin_ms < oldest_ms || begin_ms > newest_ms ||
        request->chart.cross_ticks >= view->top_ticks + view->row_ticks || row >= view->rows ||
        slot_of(view, begin_ms)->begin_ms != begin_ms)
        return;
    half = slot_of(view, begin_ms)->units[row] / 2;
    for (from_ms = begin_ms; from_ms > oldest_ms; from_ms -= span_ms)
        if (slot_of(view, from_ms - span_ms)->begin_ms != from_ms - span_ms ||
            slot_of(view, from_ms - span_ms)->units[row] <= half)
            break;
    for (to_ms = begin_ms; to_ms < newest_ms; to_ms += span_ms)
        if (slot_of(view, to_ms + span_ms)->begin_ms != to_ms + span_ms ||
            slot_of(view, to_ms + span_ms)->units[row] <= half)
            break;
    out->valid = true;
    out->begin_ms = begin_ms;
    out->row_ticks = view->top_ticks - row * view->row_ticks;
    out->side = slot_of(view, begin_ms)->shown.touch_ticks[SIDE_BID] >= out->row_ticks ? SIDE_BID : SIDE_ASK;
    out->resting_lots = lots_of(view, slot_of(view, begin_ms)->units[row]);
    out->stood_ms = to_ms - from_ms + span_ms;
    out->ended_ms = to_ms < newest_ms ? to_ms + span_ms : 0;
    out->touch_ticks = slot_of(view, to_ms)->shown.touch_ticks[out->side];
    for (int64_t at_ms = from_ms; at_ms <= to_ms + (to_ms < newest_ms ? span_ms : 0); at_ms += span_ms)
        if (slot_of(view, at_ms)->begin_ms == at_ms)
            out->traded_lots =
                saturate_add(out->traded_lots, lots_of(view, slot_of(view, at_ms)->traded[row]));
}

/* --- out ---------------------------------------------------------------------------------------------------- */

/* All of the row lay in the window of then; else an empty row is no empty price. */
static bool is_held(const struct chart_view *view, const struct chart_column *column, size_t row)
{
    int64_t label = view->top_ticks - (int64_t)row * view->row_ticks;

    return column->units[row] > 0 || (label >= column->low_ticks && label < column->end_ticks);
}

static void put_columns(struct chart_view *view, int64_t newest_ms, size_t count, struct view_chart *out)
{
    uint64_t step[VIEW_HEAT_STEPS];
    int64_t cvd = 0;

    find_steps(view, step);
    for (size_t i = 0; i < count; i++) {
        int64_t begin_ms = newest_ms - (int64_t)(count - 1 - i) * view->span_s * 1000;
        const struct chart_column *from = slot_of(view, begin_ms);
        struct view_heat_column *to = &out->column[out->columns];

        *to = (struct view_heat_column){.begin_ms = begin_ms};
        if (from->begin_ms == begin_ms)
            *to = from->shown;
        if (__builtin_add_overflow(cvd, to->bought_lots - to->sold_lots, &cvd))
            cvd = to->bought_lots > to->sold_lots ? INT64_MAX : -INT64_MAX;
        to->cvd_lots = cvd;
        for (size_t row = 0; row < view->rows && to->known; row++)
            out->step[out->columns][row] =
                is_held(view, from, row) ? step_of(step, from->units[row]) : VIEW_HEAT_UNKNOWN;
        out->columns++;
    }
    for (int i = 0; i < VIEW_HEAT_STEPS; i++)
        out->step_lots[i] = saturate_mul((int64_t)step[i], view->unit_lots);
}

static void fill_heat(struct chart_view *view, const struct pipeline *pipeline,
                      const struct market_state *market, const struct book_heat *heat,
                      const struct view_request *request, struct view_chart *out)
{
    size_t cols = (size_t)request->chart.cols + request->chart.back, count;
    int64_t newest_ms = 0;

    out->span_s = request->point_s;
    if (heat == NULL || request->chart.rows == 0 || request->point_s == 0 ||
        (request->point_s > HEAT_FINE_S * 5 && request->point_s % HEAT_COARSE_S != 0))
        return;
    lay_out(view, market, heat, request);
    cols = cols < VIEW_CHART_COLS ? cols : VIEW_CHART_COLS;
    count = sum_columns(view, heat, cols, &newest_ms);
    if (view->filled_ns == 0 || pipeline->now_ns - view->filled_ns >= REFRESH_NS) {
        find_full(view, newest_ms, count);
        view->filled_ns = pipeline->now_ns;
    }
    out->rows = view->rows;
    out->row_ticks = view->row_ticks;
    out->top_ticks = view->top_ticks;
    out->bins = count > 0 ? view->rows : 0;
    for (size_t row = 0; row < out->bins; row++)
        out->now_lots[row] = lots_of(view, slot_of(view, newest_ms)->units[row]);
    fill_cross(view, request, newest_ms, count, &out->cross);
    if (request->chart.back < count) {
        newest_ms -= (int64_t)request->chart.back * view->span_s * 1000;
        put_columns(view, newest_ms, count - request->chart.back, out);
    }
}

/* The newest second's cells, as many to a bin as the screen's columns want, the mid in the middle. */
static void fill_depth(const struct book_heat *heat, uint16_t cols, struct view_chart *out)
{
    size_t per_bin, back = 0;
    struct heat_column now;
    struct heat_cells cells;

    if (cols == 0) /* a terminal without room for it */
        return;
    per_bin = (HEAT_CELLS + (size_t)cols - 1) / cols;
    while (heat != NULL && back < 2 && book_heat_column(heat, HEAT_FINE, back, &now) && !now.known)
        back++; /* the second has begun, its sample has not come */
    if (heat == NULL || back == 2 || !book_heat_column(heat, HEAT_FINE, back, &now) ||
        !book_heat_cells(heat, HEAT_FINE, back, &cells))
        return;
    out->bins = (uint16_t)(HEAT_CELLS / per_bin);
    out->bin_ticks = (int64_t)per_bin * book_heat_cell_ticks(heat);
    out->low_ticks = now.first_cell * book_heat_cell_ticks(heat);
    for (size_t i = 0; i < (size_t)out->bins * per_bin; i++)
        out->now_lots[i / per_bin] =
            saturate_add(out->now_lots[i / per_bin], saturate_mul(cells.size[i], book_heat_unit_lots(heat)));
}

void chart_view_fill(struct chart_view *view, const struct pipeline *pipeline,
                     const struct market_state *market, const struct book_heat *heat,
                     const struct view_request *request, struct view_chart *out)
{
    out->kind = request->chart.kind;
    if (request->chart.kind == CHART_CANDLES)
        chart_fill_candles(market, request, out);
    else if (request->chart.kind == CHART_HEAT)
        fill_heat(view, pipeline, market, heat, request, out);
    else
        fill_depth(heat, request->chart.cols, out);
}
