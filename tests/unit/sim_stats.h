/*
 * sim_stats.h - what a made market looks like, in the figures by which real recordings were measured.
 *
 * Listens to one book; the owner calls sim_stats_tenth() after each 100 ms of market time, and sim_stats_twentieth()
 * halfway if it likes. Independent of the people
 * of the market: it sees what the book tells everybody.
 */
#ifndef TESTS_SIM_STATS_H
#define TESTS_SIM_STATS_H

#include "sim/matching.h"
#include "sim/symbol.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STATS_PAGE_LEVELS 1000
#define STATS_NEAR_LEVELS 10
#define STATS_CHANGES_MAX 65536
#define STATS_TENTH_NS    INT64_C(100000000)
#define STATS_ROUND_ROWS  10 /* a round price: ten rows apart */

struct stats_sample { /* a growing list of figures */
    size_t count, room;
    double *value;
};

struct stats_quote {
    int64_t price[SIDE_COUNT], qty[SIDE_COUNT];
};

struct sim_stats {
    const struct sim_symbol *symbol;
    struct match_book *book;
    double lot, quote_unit; /* base asset in a lot; quote asset in a tick x lot */
    int64_t row_ticks, near_ticks;
    struct stats_quote pending, shown;
    int64_t pending_ns;
    double one_tick_ns, all_ns;
    int imbalance_sign;
    uint64_t flips, tenths;
    struct stats_sample spread, touch, gap, level, round, row, depth_levels, messages;
    struct stats_sample prints, value, trades_in_second, mid_by_tenth;
    struct stats_sample imbalance[4]; /* at 1, 5, 10, 20 levels, each 100 ms */
    uint64_t taker, taker_orders, taker_prices, taker_prints, same_side;
    int64_t taker_first_ticks;
    bool taker_many;
    enum side taker_side, taker_side_last;
    double cancelled, traded, trades_now, messages_now;
    size_t changes;
    int64_t change[STATS_CHANGES_MAX];
};

static inline void stats_add(struct stats_sample *sample, double value)
{
    if (sample->count == sample->room) {
        size_t room = sample->room == 0 ? 1024 : 2 * sample->room;
        double *grown = realloc(sample->value, room * sizeof(*grown));

        if (grown == NULL)
            return;
        sample->value = grown;
        sample->room = room;
    }
    sample->value[sample->count++] = value;
}

static inline int stats_ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return left < right ? -1 : left > right;
}

static inline double stats_quantile(const struct stats_sample *sample, double share)
{
    double *copy = sample->count == 0 ? NULL : malloc(sample->count * sizeof(*copy));
    double result;

    if (copy == NULL)
        return 0.0;
    memcpy(copy, sample->value, sample->count * sizeof(*copy));
    qsort(copy, sample->count, sizeof(*copy), stats_ascending);
    result = copy[(size_t)(share * (double)(sample->count - 1) + 0.5)];
    free(copy);
    return result;
}

static inline void stats_moments(const struct stats_sample *sample, double *mean, double *variance)
{
    double sum = 0.0, squares = 0.0, count = sample->count > 0 ? (double)sample->count : 1.0;

    for (size_t i = 0; i < sample->count; i++) {
        sum += sample->value[i];
        squares += sample->value[i] * sample->value[i];
    }
    *mean = sum / count;
    *variance = squares / count - *mean * *mean;
}

/* Of the values, or of their changes over `step` places. */
static inline double stats_correlation(const struct stats_sample *a, const struct stats_sample *b,
                                       size_t step)
{
    double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0, n = 0;
    size_t count = a->count < b->count ? a->count : b->count;

    for (size_t i = step; i < count; i += step == 0 ? 1 : step) {
        double x = a->value[i] - (step > 0 ? a->value[i - step] : 0.0);
        double y = b->value[i] - (step > 0 ? b->value[i - step] : 0.0);

        sa += x;
        sb += y;
        saa += x * x;
        sbb += y * y;
        sab += x * y;
        n += 1.0;
    }
    if (n < 2.0)
        return 0.0;
    return (sab - sa * sb / n) / sqrt((saa - sa * sa / n) * (sbb - sb * sb / n) + 1e-300);
}

/* --- listening ------------------------------------------------------------------------------------------------- */

static inline void stats_commit_quote(struct sim_stats *stats, int64_t now_ns)
{
    const struct stats_quote *quote = &stats->pending;
    double lasted_ns = (double)(now_ns - stats->pending_ns);
    int sign;

    if (quote->price[SIDE_BID] == 0 || quote->price[SIDE_ASK] == 0)
        return;
    stats->all_ns += lasted_ns;
    if (quote->price[SIDE_ASK] - quote->price[SIDE_BID] == 1)
        stats->one_tick_ns += lasted_ns;
    if (memcmp(quote, &stats->shown, sizeof(*quote)) == 0)
        return;
    stats->shown = *quote;
    stats->messages_now += 1.0;
    stats_add(&stats->spread, (double)(quote->price[SIDE_ASK] - quote->price[SIDE_BID]));
    sign = quote->qty[SIDE_BID] > quote->qty[SIDE_ASK] ? 1 : -1;
    if (stats->imbalance_sign != 0 && sign != stats->imbalance_sign)
        stats->flips++;
    stats->imbalance_sign = sign;
}

static inline void stats_taker_done(struct sim_stats *stats)
{
    if (stats->taker == 0)
        return;
    if (stats->taker_orders++ > 0 && stats->taker_side == stats->taker_side_last)
        stats->same_side++;
    stats->taker_side_last = stats->taker_side;
    stats_add(&stats->prints, (double)stats->taker_prints);
    stats->taker_prices += stats->taker_many;
    stats->taker_prints = 0;
    stats->taker_many = false;
    stats->taker = 0;
}

static inline void stats_trade(struct sim_stats *stats, const struct match_event *event)
{
    if (event->order->id != stats->taker)
        stats_taker_done(stats);
    if (stats->taker_prints++ == 0)
        stats->taker_first_ticks = event->price_ticks;
    stats->taker = event->order->id;
    stats->taker_side = event->side;
    stats->taker_many |= event->price_ticks != stats->taker_first_ticks;
    stats->trades_now += 1.0;
    stats->messages_now += 1.0;
    stats->traded += (double)event->qty_lots;
    stats_add(&stats->value, (double)event->price_ticks * (double)event->qty_lots * stats->quote_unit);
}

static inline void stats_on_event(void *arg, const struct match_event *event)
{
    struct sim_stats *stats = arg;

    if (event->time_ns > stats->pending_ns) {
        stats_commit_quote(stats, event->time_ns);
        stats->pending_ns = event->time_ns;
    }
    if (event->kind == MATCH_EVENT_TRADE) {
        stats_trade(stats, event);
    } else if (event->kind == MATCH_EVENT_LEVEL) {
        if (stats->changes < STATS_CHANGES_MAX)
            stats->change[stats->changes++] = event->price_ticks * 2 + event->side;
    } else if (event->kind == MATCH_EVENT_CANCELED) {
        enum side side = event->order->request.side;
        int64_t away = stats->pending.price[side] - event->order->request.price_ticks;

        if (llabs(away) <= stats->near_ticks)
            stats->cancelled += (double)event->order->left_lots;
    }
    for (int side = 0; side < SIDE_COUNT; side++)
        if (!match_best(event->book, (enum side)side, &stats->pending.price[side], &stats->pending.qty[side]))
            stats->pending.price[side] = stats->pending.qty[side] = 0;
}

static inline int stats_ascending_int(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return left < right ? -1 : left > right;
}

static inline void stats_depth_message(struct sim_stats *stats)
{
    size_t distinct = 0;

    qsort(stats->change, stats->changes, sizeof(stats->change[0]), stats_ascending_int);
    for (size_t i = 0; i < stats->changes; i++)
        distinct += i == 0 || stats->change[i] != stats->change[i - 1];
    if (distinct > 0) {
        stats_add(&stats->depth_levels, (double)distinct);
        stats->messages_now += 1.0;
    }
    stats->changes = 0;
}

static inline void stats_page(struct sim_stats *stats, enum side side)
{
    int64_t price, qty, row = 0;
    double sum = 0.0;
    bool more = match_best(stats->book, side, &price, &qty);

    for (size_t i = 0; more && i < STATS_PAGE_LEVELS; i++) {
        stats_add(&stats->level, (double)qty * stats->lot);
        if (price % (STATS_ROUND_ROWS * stats->row_ticks) == 0)
            stats_add(&stats->round, (double)qty * stats->lot);
        if (i > 0 && price / stats->row_ticks != row) {
            stats_add(&stats->row, sum);
            sum = 0.0;
        }
        row = price / stats->row_ticks;
        sum += (double)qty * stats->lot;
        more = match_next(stats->book, side, price, &price, &qty);
    }
}

static inline void stats_near(struct sim_stats *stats)
{
    static const size_t depth[4] = {1, 5, 10, 20};
    double sum[SIDE_COUNT][4] = {{0}};

    for (int side = 0; side < SIDE_COUNT; side++) {
        int64_t price, qty, last = 0;
        bool more = match_best(stats->book, (enum side)side, &price, &qty);

        for (size_t i = 0; more && i < 20; i++) {
            if (i == 0)
                stats_add(&stats->touch, (double)qty * stats->lot);
            else if (i <= STATS_NEAR_LEVELS)
                stats_add(&stats->gap, fabs((double)(price - last)));
            for (size_t k = 0; k < 4; k++)
                sum[side][k] += i < depth[k] ? (double)qty : 0.0;
            last = price;
            more = match_next(stats->book, (enum side)side, price, &price, &qty);
        }
    }
    for (size_t k = 0; k < 4; k++)
        stats_add(&stats->imbalance[k],
                  (sum[0][k] - sum[1][k]) / (sum[0][k] + sum[1][k] > 0.0 ? sum[0][k] + sum[1][k] : 1.0));
}

/* --- for its owner --------------------------------------------------------------------------------------------- */

/* Row height in units of the quote asset; near_ticks: how far from the touch a cancel counts. NULL: memory. */
static inline struct sim_stats *sim_stats_new(const struct sim_symbol *symbol, struct match_book *book,
                                              double row_price, int64_t near_ticks)
{
    struct sim_stats *stats = calloc(1, sizeof(*stats));

    if (stats == NULL)
        return NULL;
    stats->symbol = symbol;
    stats->book = book;
    stats->lot = (double)symbol->lot_e8 * 1e-8;
    stats->quote_unit = stats->lot * (double)symbol->tick_e8 * 1e-8;
    stats->row_ticks = (int64_t)(row_price * 1e8 / (double)symbol->tick_e8 + 0.5);
    stats->near_ticks = near_ticks;
    if (!match_listen(book, stats_on_event, stats)) {
        free(stats);
        return NULL;
    }
    return stats;
}

/* In between, for a venue whose depth messages come twice as often. */
static inline void sim_stats_twentieth(struct sim_stats *stats)
{
    stats_depth_message(stats);
}

static inline void sim_stats_tenth(struct sim_stats *stats)
{
    int64_t bid = 0, ask = 0, qty;

    stats->tenths++;
    stats_depth_message(stats);
    stats_add(&stats->messages, stats->messages_now);
    stats->messages_now = 0.0;
    if (stats->tenths % 10 == 0) {
        stats_taker_done(stats);
        stats_add(&stats->trades_in_second, stats->trades_now);
        stats->trades_now = 0.0;
    }
    stats_near(stats);
    if (match_best(stats->book, SIDE_BID, &bid, &qty) && match_best(stats->book, SIDE_ASK, &ask, &qty))
        stats_add(&stats->mid_by_tenth, 0.5 * (double)(bid + ask));
    else if (stats->mid_by_tenth.count > 0)
        stats_add(&stats->mid_by_tenth, stats->mid_by_tenth.value[stats->mid_by_tenth.count - 1]);
    if (stats->tenths % 50 == 0) {
        stats_page(stats, SIDE_BID);
        stats_page(stats, SIDE_ASK);
    }
}

/* Range of the mid in windows of 60 s, bp. */
static inline void sim_stats_ranges(const struct sim_stats *stats, struct stats_sample *out)
{
    const struct stats_sample *mid = &stats->mid_by_tenth;

    for (size_t from = 0; from + 600 <= mid->count; from += 50) {
        double low = mid->value[from], high = low;

        for (size_t i = from; i < from + 600; i++) {
            low = fmin(low, mid->value[i]);
            high = fmax(high, mid->value[i]);
        }
        stats_add(out, (high - low) / low * 1e4);
    }
}

static inline void sim_stats_free(struct sim_stats *stats)
{
    struct stats_sample *all[] = {
        &stats->spread, &stats->touch,        &stats->gap,          &stats->level,
        &stats->row,    &stats->depth_levels, &stats->messages,     &stats->prints,
        &stats->value,  &stats->mid_by_tenth, &stats->imbalance[0], &stats->imbalance[1],
        &stats->round,  &stats->imbalance[2], &stats->imbalance[3], &stats->trades_in_second,
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        free(all[i]->value);
    free(stats);
}

#endif
