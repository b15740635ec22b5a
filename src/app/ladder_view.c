#include "app/ladder_view.h"

#include "app/ladder_levels.h"
#include "core/base/round_step.h"

#include <stdlib.h>
#include <string.h>

#define NS_PER_S      INT64_C(1000000000)
#define VISIT_AWAY_NS (60 * NS_PER_S)
#define NET_SPAN_S    10
#define BP_PER_ONE    10000

/* --- rows ------------------------------------------------------------------------------------------------- */

static int64_t row_of(enum side book_side, int64_t price_ticks, int64_t row_ticks)
{
    return book_side == SIDE_BID ? price_ticks / row_ticks : (price_ticks + row_ticks - 1) / row_ticks;
}

int64_t ladder_step_nearest(int64_t want_ticks)
{
    int64_t above = round_step_at_least(want_ticks), below = above > 1 ? round_step_at_most(above - 1) : 0;

    /* nearer by ratio: want / below < above / want */
    return below > 0 && (__int128)want_ticks * want_ticks < (__int128)above * below ? below : above;
}

/*
 * Rule 2: rows not taken by the inside cover the median 60 s range; before there is one, a row is about 1 bp. In a market so
 * thin that its spread is wider than its range a quarter of the rows covers the spread: at a finer step the ladder would be
 * empty.
 */
static int64_t suggest_step(const struct ladder_view *view, const struct market_state *market,
                            bool *provisional)
{
    int64_t range = signals_values(market->signals)->median_range_60s_ticks;
    int64_t rows = view->rows > 4 ? view->rows - 2 : 2;
    int64_t mid = (market->mark_ticks[SIDE_BID] + market->mark_ticks[SIDE_ASK]) / 2;
    int64_t spread = market->mark_ticks[SIDE_ASK] - market->mark_ticks[SIDE_BID], step = 1, least;

    *provisional = range <= 0;
    if (range > 0)
        step = round_step_at_least((range + rows - 1) / rows);
    else if (mid > 0)
        step = ladder_step_nearest(mid / BP_PER_ONE > 0 ? mid / BP_PER_ONE : 1);
    least = spread > 1 && spread < INT64_MAX / 8 ? round_step_at_least((4 * spread + rows - 1) / rows) : 1;
    return step > least ? step : least;
}

void ladder_view_show(struct ladder_view *view, uint16_t instrument_id, uint16_t rows, int64_t row_ticks,
                      int64_t top_ticks)
{
    if (instrument_id != view->instrument_id) { /* another market: nothing of the old one is true */
        memset(view, 0, sizeof(*view));
        view->instrument_id = instrument_id;
    }
    view->rows = rows > VIEW_ROWS_MAX ? VIEW_ROWS_MAX : rows;
    view->row_ticks = row_ticks > 0 ? row_ticks : 0;
    view->top_ticks = top_ticks > 0 ? top_ticks : 0;
    view->filled_ns = 0;
}

/* --- traded on this visit ---------------------------------------------------------------------------------- */

static size_t visit_home(int64_t row)
{
    return (size_t)((uint64_t)row * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (LADDER_VISITS_MAX - 1);
}

static struct ladder_visit *visit_slot(struct ladder_view *view, int64_t row, bool make)
{
    size_t at = visit_home(row);

    for (size_t probe = 0; probe < LADDER_VISITS_MAX; probe++, at = (at + 1) & (LADDER_VISITS_MAX - 1)) {
        if (view->visit[at].last_ns != 0 && view->visit[at].row == row)
            return &view->visit[at];
        if (view->visit[at].last_ns == 0)
            return make ? &view->visit[at] : NULL;
    }
    return NULL; /* full: the caller starts the table anew */
}

static void add_visit(struct ladder_view *view, const struct ladder_trade *trade)
{
    int64_t row = row_of(side_other(trade->taker), trade->price_ticks, view->visit_row_ticks);
    struct ladder_visit *slot;

    if (trade->ns < view->visit_from_ns)
        return;
    slot = visit_slot(view, row, true);
    if (slot == NULL) { /* a thousand rows: far more than any screen; begin again */
        memset(view->visit, 0, sizeof(view->visit));
        slot = &view->visit[visit_home(row)];
    }
    if (slot->last_ns == 0 || trade->ns - slot->last_ns > VISIT_AWAY_NS)
        slot->sold_lots = slot->bought_lots = 0;
    slot->row = row;
    slot->last_ns = trade->ns;
    if (trade->taker == SIDE_BID)
        slot->bought_lots += trade->lots;
    else
        slot->sold_lots += trade->lots;
}

static uint64_t oldest_trade(const struct ladder_view *view)
{
    return view->trade_count > LADDER_TRADES_MAX ? view->trade_count - LADDER_TRADES_MAX : 0;
}

static void rebuild_visits(struct ladder_view *view, int64_t row_ticks)
{
    memset(view->visit, 0, sizeof(view->visit));
    view->visit_row_ticks = row_ticks;
    for (uint64_t i = oldest_trade(view); i < view->trade_count; i++)
        add_visit(view, &view->trade[i % LADDER_TRADES_MAX]);
}

void ladder_view_trade(struct ladder_view *view, const struct trade *trade)
{
    struct ladder_trade *kept = &view->trade[view->trade_count++ % LADDER_TRADES_MAX];

    kept->ns = trade->recv_ns;
    kept->price_ticks = trade->price_ticks;
    kept->lots = trade->qty_lots;
    kept->taker = trade->taker;
    if (view->visit_row_ticks > 0)
        add_visit(view, kept);
}

void ladder_view_clear_visit(struct ladder_view *view, int64_t now_ns)
{
    view->visit_from_ns = now_ns;
    memset(view->visit, 0, sizeof(view->visit));
    view->filled_ns = 0;
}

void ladder_view_rescale(struct ladder_view *view, struct step_change change)
{
    for (uint64_t i = oldest_trade(view); i < view->trade_count; i++) {
        view->trade[i % LADDER_TRADES_MAX].price_ticks *= change.price_factor;
        view->trade[i % LADDER_TRADES_MAX].lots *= change.qty_factor;
    }
    view->row_ticks *= change.price_factor;
    view->top_ticks *= change.price_factor;
    view->chosen_row_ticks = 0;
    view->own_top_row_ticks = 0;
    memset(view->sample, 0, sizeof(view->sample));
    if (view->visit_row_ticks > 0) /* else nothing was shown yet: the first frame builds them */
        rebuild_visits(view, view->visit_row_ticks * change.price_factor);
    view->filled_ns = 0;
}

/* --- filling ------------------------------------------------------------------------------------------------ */

static struct view_row *row_at(struct view_ladder *out, enum side book_side, int64_t price_ticks)
{
    int64_t label = row_of(book_side, price_ticks, out->row_ticks) * out->row_ticks;
    int64_t index;

    if (out->levels_only)
        return ladder_levels_row(out, book_side, price_ticks);
    if (out->rows == 0 || label > out->row[0].price_ticks)
        return NULL;
    index = (out->row[0].price_ticks - label) / out->row_ticks;
    return index < out->rows ? &out->row[index] : NULL;
}

static void sum_side(const struct order_book *book, enum side side, struct view_ladder *out)
{
    int64_t top = out->row[0].price_ticks, bottom = out->row[out->rows - 1].price_ticks;
    struct level level;
    bool more = order_book_best(book, side, &level);

    while (more) {
        struct view_row *row = row_at(out, side, level.price_ticks);

        if (row != NULL && side == SIDE_BID)
            row->bid_lots += level.qty_lots;
        else if (row != NULL)
            row->ask_lots += level.qty_lots;
        if (side == SIDE_BID ? level.price_ticks < bottom : level.price_ticks > top)
            break;
        more = order_book_next(book, side, level.price_ticks, &level);
    }
}

static void add_own(struct view_ladder *out, const struct pipeline *pipeline, const struct order *order)
{
    bool waits = order_type_is_triggered(order->intent.type) && !order->triggered;
    struct order seen = *order;
    struct view_own_order *own;
    struct view_row *row;
    int64_t at;

    seen.intent.stop_ticks = paper_broker_stop_ticks(pipeline->broker, order);
    at = order_shown_ticks(&seen);
    row = row_at(out, order->intent.side, at);
    if (waits && at > 0 && out->marks < VIEW_MARKS_MAX)
        out->mark[out->marks++] = (struct view_mark){MARK_STOP, at};
    if (row == NULL || row->own_count == VIEW_OWN_MAX)
        return;
    own = &row->own[row->own_count++];
    own->seq = order->seq;
    own->owner_letter = pipeline->owner[order->intent.owner].name[0];
    own->side = order->intent.side;
    own->type = order->intent.type;
    own->left_lots = order_left_lots(order);
    own->unknown_state = order->state == ORDER_STATE_UNKNOWN;
    own->queue_expected_lots = own->queue_worst_lots = VIEW_NONE;
    paper_broker_queue(pipeline->broker, order->seq, &own->queue_expected_lots, &own->queue_worst_lots);
}

static void add_marks(const struct market_state *market, const struct pipeline *pipeline,
                      struct view_ladder *out)
{
    const struct tape_totals *totals = tape_totals(market->tape);
    int64_t tick_e8 = market->instrument->tick_e8;
    struct view_mark marks[] = {
        {MARK_HIGH, totals->high_ticks},
        {MARK_LOW, totals->low_ticks},
        {MARK_OPEN, totals->open_ticks},
        {MARK_VWAP, totals->base_lots > 0 ? (int64_t)(totals->quote_tick_lots / totals->base_lots) : 0},
        {MARK_ENTRY, tick_e8 > 0 ? position_average_e8(&market->total, market->instrument) / tick_e8 : 0},
        {MARK_EVEN, tick_e8 > 0 ? position_even_e8(&market->total, market->instrument,
                                                   pipeline->config.limits.fee_taker_ppm * 100) /
                                      tick_e8
                                : 0},
    };

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (marks[i].price_ticks > 0)
            out->mark[out->marks++] = marks[i];
}

/* Change of each row in ten seconds that trades do not explain: what was added less what was pulled. */
static void fill_net(struct ladder_view *view, int64_t now_ns, struct view_ladder *out)
{
    int64_t second = now_ns / NS_PER_S;
    struct ladder_sample *newest = &view->sample[second % LADDER_SAMPLES_MAX];
    const struct ladder_sample *then =
        &view->sample[(second + LADDER_SAMPLES_MAX - NET_SPAN_S) % LADDER_SAMPLES_MAX];

    if (newest->second != second) {
        newest->second = second;
        newest->ns = now_ns;
        newest->row_ticks = out->row_ticks;
        newest->top_ticks = out->row[0].price_ticks;
        newest->rows = out->rows;
        for (uint16_t i = 0; i < out->rows; i++)
            newest->lots[i] = out->row[i].bid_lots + out->row[i].ask_lots;
    }
    for (uint16_t i = 0; i < out->rows; i++) {
        int64_t index = (then->top_ticks - out->row[i].price_ticks) / out->row_ticks;
        bool known = then->second == second - NET_SPAN_S && then->row_ticks == out->row_ticks && index >= 0 &&
                     index < then->rows;

        out->row[i].net_10s_lots =
            known ? out->row[i].bid_lots + out->row[i].ask_lots - then->lots[index] : VIEW_NONE;
    }
    if (then->second != second - NET_SPAN_S || then->row_ticks != out->row_ticks)
        return;
    for (uint64_t i = view->trade_count; i > oldest_trade(view); i--) {
        const struct ladder_trade *trade = &view->trade[(i - 1) % LADDER_TRADES_MAX];
        struct view_row *row;

        if (trade->ns <= then->ns)
            break;
        row = row_at(out, side_other(trade->taker), trade->price_ticks);
        if (row != NULL && row->net_10s_lots != VIEW_NONE)
            row->net_10s_lots += trade->lots; /* also where as much was added as traded: that was stacked */
    }
}

static void fill_visits(struct ladder_view *view, int64_t now_ns, struct view_ladder *out)
{
    if (view->visit_row_ticks != out->row_ticks)
        rebuild_visits(view, out->row_ticks);
    for (uint16_t i = 0; i < out->rows; i++) {
        const struct ladder_visit *slot = visit_slot(view, out->row[i].price_ticks / out->row_ticks, false);

        if (slot == NULL || now_ns - slot->last_ns > VISIT_AWAY_NS)
            continue;
        out->row[i].sold_lots = slot->sold_lots;
        out->row[i].bought_lots = slot->bought_lots;
    }
}

/* Where nobody named a top row: centred, and then it stands still until the inside comes near an edge. */
static int64_t own_top(struct ladder_view *view, int64_t mid, int64_t row_ticks)
{
    int64_t from_top = (view->own_top_ticks - mid) / row_ticks, edge = view->rows / 8 + 1;

    if (view->own_top_row_ticks != row_ticks || from_top < edge || from_top > view->rows - edge) {
        view->own_top_ticks = (mid / row_ticks + view->rows / 2) * row_ticks;
        view->own_top_row_ticks = row_ticks;
    }
    return view->own_top_ticks;
}

static void fill_rows(struct ladder_view *view, struct market_state *market, struct view_ladder *out)
{
    int64_t mid = (market->mark_ticks[SIDE_BID] + market->mark_ticks[SIDE_ASK]) / 2;
    int64_t top = view->top_ticks > 0 ? view->top_ticks / out->row_ticks * out->row_ticks
                                      : own_top(view, mid, out->row_ticks);

    out->rows = view->rows;
    for (uint16_t i = 0; i < out->rows; i++) {
        out->row[i].price_ticks = top - (int64_t)i * out->row_ticks;
        out->row[i].beyond_horizon =
            (market->known_low_ticks > 0 && out->row[i].price_ticks < market->known_low_ticks) ||
            (market->known_high_ticks > 0 && out->row[i].price_ticks > market->known_high_ticks);
    }
}

/* Rule 2: chosen once when an instrument is first shown, on rows that are known; once more when the first 60 s range is. */
static int64_t step_for(struct ladder_view *view, const struct market_state *market, struct view_ladder *out)
{
    out->suggested_row_ticks = suggest_step(view, market, &out->provisional);
    if (view->row_ticks > 0) {
        out->chosen = false;
        return view->row_ticks;
    }
    if (view->rows ==
        0) { /* nobody looks yet: a replay that begins later would be held to a step for no rows */
        out->chosen = true;
        return out->suggested_row_ticks;
    }
    if (view->chosen_row_ticks == 0 || (view->provisional && !out->provisional)) {
        view->chosen_row_ticks = out->suggested_row_ticks;
        view->provisional = out->provisional;
    }
    out->chosen = true;
    return view->chosen_row_ticks;
}

void ladder_view_touch(const struct market_state *market, struct view_ladder *out)
{
    const struct tape_totals *totals = tape_totals(market->tape);

    for (int side = 0; side < SIDE_COUNT; side++) {
        if (!order_book_best(market->book, (enum side)side, &out->best[side]))
            out->best[side] = (struct level){0, 0};
        out->levels[side] = (uint32_t)order_book_count(market->book, (enum side)side);
    }
    out->last_ticks = totals->last_ticks == 0 ? VIEW_NONE : totals->last_ticks;
    out->last_lots = totals->last_lots;
    out->last_taker = totals->last_taker;
    out->last_direction = totals->last_direction;
    out->known_low_ticks = market->known_low_ticks;
    out->known_high_ticks = market->known_high_ticks;
}

/* Prices with orders, ours and the one aimed at among them. */
static void fill_levels(const struct ladder_view *view, const struct pipeline *pipeline,
                        struct order *const *open, size_t count, struct view_ladder *out)
{
    int64_t also[ORDERS_OPEN_MAX + 1];

    for (size_t i = 0; i < count; i++) {
        struct order seen = *open[i];

        seen.intent.stop_ticks = paper_broker_stop_ticks(pipeline->broker, open[i]);
        also[i] = order_shown_ticks(&seen);
    }
    also[count] = view->top_ticks;
    ladder_levels_fill(pipeline->market[view->instrument_id]->book, view->rows, also, count + 1, out);
}

void ladder_view_fill(struct ladder_view *view, struct pipeline *pipeline, struct view_ladder *out)
{
    struct order *open[ORDERS_OPEN_MAX];
    struct market_state *market;
    size_t count;

    memset(out, 0, sizeof(*out));
    out->instrument_id = view->instrument_id;
    if (view->instrument_id >= pipeline->markets)
        return;
    market = pipeline->market[view->instrument_id];
    ladder_view_touch(market, out);
    if (view->rows == 0 || market->mark_ticks[SIDE_BID] == 0 || market->mark_ticks[SIDE_ASK] == 0)
        return; /* no rows asked for yet, or no mid: no step can be chosen */
    out->row_ticks = step_for(view, market, out);
    add_marks(market, pipeline, out);
    count = order_manager_open(pipeline->orders, view->instrument_id, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    if (view->levels) {
        fill_levels(view, pipeline, open, count, out);
    } else {
        fill_rows(view, market, out);
        sum_side(market->book, SIDE_BID, out);
        sum_side(market->book, SIDE_ASK, out);
        fill_net(view, pipeline->now_ns, out);
    }
    fill_visits(view, pipeline->now_ns, out);
    for (size_t i = 0; i < count; i++)
        add_own(out, pipeline, open[i]);
}
