/*
 * signals.c - one instrument's numbers. Each part keeps its own state (ofi.h, mid_track, tape_flow, vpin,
 * gauge, taker_watch, depth_watch); this file feeds them and writes struct signal_values.
 *
 * Cost: what an applied depth update moves (best quotes, imbalance over 20 levels and within 1 bp, OFI) is
 * made at once. What needs many levels or a history (10 bp, gauges, book events, percentiles) is made in
 * the tick, ten times a second however many updates come.
 */
#include "core/signal/signals.h"

#include "core/market/saturate.h"
#include "core/signal/decay.h"
#include "core/signal/depth_watch.h"
#include "core/signal/event_log.h"
#include "core/signal/gauge.h"
#include "core/signal/mid_track.h"
#include "core/signal/ofi.h"
#include "core/signal/taker_watch.h"
#include "core/signal/tape_flow.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define NS_A_S          INT64_C(1000000000)
#define LEVELS_SEEN     20
#define SIGMA_DECAY_MS  900000 /* 15 minutes */
#define SIGMA_AFTER_NS  (30 * NS_A_S)
#define NEAR_TICKS      10  /* 1 s */
#define FAR_TICKS       30  /* 3 s */
#define ENTER_IMBALANCE 0.2 /* where a word leaves even; it goes back at half */
#define ENTER_SIGMA     1.0
#define PRICE_MAX       (INT64_MAX / 4) /* so that bid + ask fits */

/* Weighted moments of the decayed OFI: sums of weights, of values, of squares. */
struct moments {
    double weight, sum, squares;
    int64_t first_ns, last_ns;
};

struct signals {
    struct signal_params params;
    struct signal_values values;
    struct known_depth known;
    bool quoted; /* quote[] is of an unbroken run of the book */
    struct level quote[SIDE_COUNT];
    struct decayed ofi;
    struct moments ofi_moments;
    struct mid_track mid;
    struct tape_flow tape;
    struct gauge_state near, far, ofi_gauge, tape_gauge;
    struct event_log log;
    struct taker_watch takers;
    struct depth_watch depth;
};

struct signals *signals_new(const struct signal_params *params)
{
    struct signals *signals = calloc(1, sizeof(*signals));

    if (signals == NULL)
        return NULL;
    signals->params = *params;
    tape_flow_init(&signals->tape, params->tape_decay_ms, params->vpin_bucket_trades, params->vpin_buckets);
    gauge_init(&signals->near, NEAR_TICKS, ENTER_IMBALANCE);
    gauge_init(&signals->far, FAR_TICKS, ENTER_IMBALANCE);
    gauge_init(&signals->ofi_gauge, 1, ENTER_SIGMA);
    gauge_init(&signals->tape_gauge, 1, ENTER_IMBALANCE);
    return signals;
}

void signals_free(struct signals *signals)
{
    free(signals);
}

/* --- from the book -------------------------------------------------------------------------------- */

/* Prices out to bp from the mid; where a side is not known that far, both sides end at its distance: one side's
 * depth against half of the other's would be a lean that is not there. */
static void limits_within(const struct signals *signals, int64_t mid2_ticks, int64_t bp,
                          int64_t limit[SIDE_COUNT])
{
    __int128 reach2 = INT64_MAX; /* twice the distance from the mid */

    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        __int128 edge2 = (__int128)signals->known.edge_ticks[side] * 2;

        limit[side] = bp_limit_ticks(mid2_ticks, side, bp);
        if (!known_depth_has(&signals->known, side, limit[side]) &&
            side_sign(side) * (mid2_ticks - edge2) < reach2)
            reach2 = side_sign(side) * (mid2_ticks - edge2);
    }
    if (reach2 == INT64_MAX)
        return;
    reach2 = reach2 < 0 ? 0 : reach2;
    limit[SIDE_BID] = (int64_t)((mid2_ticks - reach2 + 1) / 2);
    limit[SIDE_ASK] = (int64_t)((mid2_ticks + reach2) / 2);
}

static double imbalance_within(const struct signals *signals, const struct order_book *book,
                               int64_t mid2_ticks, int64_t bp)
{
    double lots[SIDE_COUNT];
    int64_t limit[SIDE_COUNT];

    limits_within(signals, mid2_ticks, bp, limit);
    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        struct level best;

        /* The best levels always count: on a market of coarse ticks there is nothing nearer. */
        if (order_book_best(book, side, &best) &&
            (side == SIDE_BID ? best.price_ticks < limit[side] : best.price_ticks > limit[side]))
            limit[side] = best.price_ticks;
        lots[side] = (double)order_book_sum_to(book, side, limit[side]);
    }
    return queue_imbalance(lots[SIDE_BID], lots[SIDE_ASK]);
}

static void imbalances_set(struct signals *signals, const struct order_book *book)
{
    struct signal_values *values = &signals->values;
    struct level level[LEVELS_SEEN];
    double sum[SIDE_COUNT][LEVELS_SEEN], of[LEVELS_SEEN];
    size_t alike = LEVELS_SEEN; /* levels that are known on both sides */

    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        size_t count = order_book_top(book, side, level, LEVELS_SEEN);
        size_t known = known_depth_count(&signals->known, side, level, count);
        double running = 0.0;

        if (signals->known.edge_ticks[side] != 0 && known < alike)
            alike = known;
        for (size_t i = 0; i < LEVELS_SEEN; i++) {
            running += i < count ? (double)level[i].qty_lots : 0.0;
            sum[side][i] = running;
        }
    }
    for (size_t i = 0; i < LEVELS_SEEN; i++) {
        size_t last = i < alike ? i : alike == 0 ? 0 : alike - 1;

        of[i] = queue_imbalance(sum[SIDE_BID][last], sum[SIDE_ASK][last]);
    }
    values->imbalance_1 = of[0];
    values->imbalance_5 = of[4];
    values->imbalance_10 = of[9];
    values->imbalance_20 = of[19];
}

static void range_set(struct signals *signals)
{
    int64_t low2, high2;

    if (!mid_track_range2(&signals->mid, &low2, &high2))
        return;
    signals->values.range_60s_low_ticks = low2 / 2;
    signals->values.range_60s_high_ticks = high2 / 2 + high2 % 2;
}

static void quote_set(struct signals *signals, const struct level best[SIDE_COUNT], int64_t now_ns)
{
    struct signal_values *values = &signals->values;

    if (signals->quoted)
        decayed_add(&signals->ofi, now_ns, signals->params.ofi_decay_ms, ofi_event(signals->quote, best));
    signals->quoted = true;
    signals->quote[SIDE_BID] = best[SIDE_BID];
    signals->quote[SIDE_ASK] = best[SIDE_ASK];
    values->ofi_lots = signals->ofi.sum;
    values->spread_ticks = best[SIDE_ASK].price_ticks - best[SIDE_BID].price_ticks;
    values->mid_ticks = (double)(best[SIDE_BID].price_ticks + best[SIDE_ASK].price_ticks) / 2.0;
    values->microprice_ticks = weighted_mid(best);
}

void signals_on_known(struct signals *signals, const struct known_depth *known)
{
    signals->known = *known;
}

void signals_on_stale(struct signals *signals)
{
    signals->values.valid = false;
    signals->quoted = false;
    depth_watch_reset(&signals->depth);
}

void signals_on_book(struct signals *signals, const struct order_book *book, int64_t now_ns)
{
    struct signal_values *values = &signals->values;
    struct level best[SIDE_COUNT];
    int64_t mid2;

    if (!order_book_best(book, SIDE_BID, &best[SIDE_BID]) ||
        !order_book_best(book, SIDE_ASK, &best[SIDE_ASK]) || best[SIDE_BID].price_ticks > PRICE_MAX ||
        best[SIDE_ASK].price_ticks > PRICE_MAX) {
        signals_on_stale(signals);
        return;
    }
    mid2 = best[SIDE_BID].price_ticks + best[SIDE_ASK].price_ticks;
    values->valid = true;
    values->ts_ns = now_ns;
    quote_set(signals, best, now_ns);
    imbalances_set(signals, book);
    values->imbalance_1bp = imbalance_within(signals, book, mid2, 1);
    mid_track_add(&signals->mid, mid2, now_ns);
    range_set(signals);
}

void signals_on_depth_levels(struct signals *signals, const struct order_book *book,
                             const struct depth_update *update)
{
    depth_watch_levels(&signals->depth, book, update);
}

/* --- from the tape -------------------------------------------------------------------------------- */

static void tape_values_set(struct signals *signals)
{
    struct signal_values *values = &signals->values;

    values->trade_imbalance = tape_flow_imbalance(&signals->tape);
    values->cvd_lots = signals->tape.cvd_lots;
    values->tape_per_s = (double)signals->tape.prints_10s / 10.0;
}

void signals_on_trade(struct signals *signals, const struct order_book *book, const struct trade *trade)
{
    if (trade->off_market)
        return;
    tape_flow_add(&signals->tape, trade);
    tape_values_set(signals);
    signals->values.vpin_valid = vpin_value(&signals->tape.vpin, &signals->values.vpin);
    depth_watch_trade(&signals->depth, trade);
    taker_watch_trade(&signals->takers, &signals->params.events, book, trade, &signals->log);
}

void signals_take_tape(struct signals *signals, const struct signals *from)
{
    signals->tape = from->tape;
    signals->tape_gauge = from->tape_gauge;
    signals->takers.sizes = from->takers.sizes;
    signals->values.tape_10s = from->values.tape_10s;
    signals->values.tape_usual = from->values.tape_usual;
    signals->values.cvd_points = tape_flow_points(&signals->tape, signals->values.cvd_5m_lots);
    signals->values.vpin_valid = vpin_value(&signals->tape.vpin, &signals->values.vpin);
    tape_values_set(signals);
}

size_t signals_flow_points(const struct signals *signals, enum flow_gauge which, int32_t *out_x1000,
                           size_t max)
{
    const struct gauge_state *const gauge[FLOW_GAUGES] = {[FLOW_NEAR_1BP] = &signals->near,
                                                          [FLOW_FAR_10BP] = &signals->far,
                                                          [FLOW_OFI_10S] = &signals->ofi_gauge,
                                                          [FLOW_TAPE_10S] = &signals->tape_gauge};

    return which < FLOW_GAUGES ? gauge_points(gauge[which], out_x1000, max) : 0;
}

/* --- each 100 ms ---------------------------------------------------------------------------------- */

/* OFI over its own standard deviation, both decayed; the weights undo the bias of the beginning. */
static void sigma_tick(struct signals *signals, int64_t now_ns)
{
    struct moments *moments = &signals->ofi_moments;
    double value = signals->ofi.sum, left, mean, variance;

    if (moments->first_ns == 0)
        moments->first_ns = moments->last_ns = now_ns;
    left = decay_factor(now_ns - moments->last_ns, SIGMA_DECAY_MS);
    moments->last_ns = now_ns;
    moments->weight = moments->weight * left + 1.0;
    moments->sum = moments->sum * left + value;
    moments->squares = moments->squares * left + value * value;
    mean = moments->sum / moments->weight;
    variance = moments->squares / moments->weight - mean * mean;
    signals->values.ofi_sigma = 0.0;
    if (now_ns - moments->first_ns >= SIGMA_AFTER_NS && variance > 0.0)
        signals->values.ofi_sigma = value / sqrt(variance);
}

static void book_tick(struct signals *signals, const struct order_book *book, int64_t now_ns)
{
    struct signal_values *values = &signals->values;
    int64_t mid2 = signals->quote[SIDE_BID].price_ticks + signals->quote[SIDE_ASK].price_ticks;

    decayed_to(&signals->ofi, now_ns, signals->params.ofi_decay_ms);
    values->ofi_lots = signals->ofi.sum;
    sigma_tick(signals, now_ns);
    values->imbalance_10bp = imbalance_within(signals, book, mid2, 10);
    gauge_tick(&signals->near, values->imbalance_1bp, &values->near_1bp);
    gauge_tick(&signals->far, values->imbalance_10bp, &values->far_10bp);
    gauge_tick(&signals->ofi_gauge, values->ofi_sigma, &values->ofi_10s);
    depth_watch_tick(&signals->depth, &signals->params.events, book, &signals->known, mid2,
                     values->far_10bp.value, now_ns, &signals->log);
    taker_watch_tick(&signals->takers, &signals->params.events, book, now_ns, &signals->log);
}

static void mid_tick(struct signals *signals, int64_t now_ns)
{
    struct signal_values *values = &signals->values;

    /* Whoever ended the second, a change of the book or this tick: the figure is taken over. */
    (void)mid_track_advance(&signals->mid, now_ns);
    values->volatility_1m_bp = signals->mid.volatility_bp;
    values->momentum_10s_bp = mid_track_momentum_bp(&signals->mid, 10);
    values->momentum_60s_bp = mid_track_momentum_bp(&signals->mid, 60);
    values->median_range_60s_ticks = mid_track_median_range_ticks(&signals->mid);
    range_set(signals);
}

void signals_tick(struct signals *signals, const struct order_book *book, int64_t now_ns)
{
    struct signal_values *values = &signals->values;

    values->ts_ns = now_ns;
    tape_flow_advance(&signals->tape, now_ns);
    tape_values_set(signals);
    values->tape_usual = tape_flow_usual_per_s(&signals->tape);
    values->cvd_points = tape_flow_points(&signals->tape, values->cvd_5m_lots);
    gauge_tick(&signals->tape_gauge, values->trade_imbalance, &values->tape_10s);
    mid_tick(signals, now_ns);
    if (values->valid) {
        book_tick(signals, book, now_ns);
        return;
    }
    gauge_skip(&signals->near); /* the tape's goes on: their courses stand under each other */
    gauge_skip(&signals->far);
    gauge_skip(&signals->ofi_gauge);
}

/* --- looking -------------------------------------------------------------------------------------- */

const struct signal_values *signals_values(const struct signals *signals)
{
    return &signals->values;
}

size_t signals_book_events(const struct signals *signals, struct book_event *out, size_t max)
{
    return event_log_recent(&signals->log, out, max);
}

uint64_t signals_book_event_count(const struct signals *signals)
{
    return signals->log.ever;
}

static void values_rescale(struct signal_values *values, struct step_change change)
{
    double price_factor = (double)change.price_factor, qty_factor = (double)change.qty_factor;

    values->spread_ticks = saturate_mul(values->spread_ticks, change.price_factor);
    values->mid_ticks *= price_factor;
    values->microprice_ticks *= price_factor;
    values->ofi_lots *= qty_factor;
    values->cvd_lots = saturate_mul(values->cvd_lots, change.qty_factor);
    values->range_60s_low_ticks = saturate_mul(values->range_60s_low_ticks, change.price_factor);
    values->range_60s_high_ticks = saturate_mul(values->range_60s_high_ticks, change.price_factor);
    values->median_range_60s_ticks = saturate_mul(values->median_range_60s_ticks, change.price_factor);
    for (size_t i = 0; i < values->cvd_points; i++)
        values->cvd_5m_lots[i] = saturate_mul(values->cvd_5m_lots[i], change.qty_factor);
}

void signals_rescale(struct signals *signals, struct step_change change)
{
    double qty_factor = (double)change.qty_factor;

    assert(change.price_factor >= 1 && change.qty_factor >= 1);
    values_rescale(&signals->values, change);
    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        signals->quote[side].price_ticks =
            saturate_mul(signals->quote[side].price_ticks, change.price_factor);
        signals->quote[side].qty_lots = saturate_mul(signals->quote[side].qty_lots, change.qty_factor);
    }
    signals->ofi.sum *= qty_factor;
    signals->ofi_moments.sum *= qty_factor;
    signals->ofi_moments.squares *= qty_factor * qty_factor;
    known_depth_rescale(&signals->known, change.price_factor);
    mid_track_rescale(&signals->mid, change.price_factor);
    tape_flow_rescale(&signals->tape, change.qty_factor);
    event_log_rescale(&signals->log, change);
    taker_watch_rescale(&signals->takers, change);
    depth_watch_rescale(&signals->depth, change);
}
