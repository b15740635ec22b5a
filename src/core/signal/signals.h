/*
 * signals.h - numbers from the book and the tape of one instrument. Pure and deterministic:
 * + - * / and sqrt, elementary functions from core/base/fmath.h, event time only.
 *
 * Sources are named at each field. "decayed" sums fall by e^-1 in their time constant.
 * Time moves by events and by signals_tick(), which the pipeline calls each 100 ms of event time.
 */
#ifndef CORE_SIGNAL_SIGNALS_H
#define CORE_SIGNAL_SIGNALS_H

#include "core/domain/instrument.h"
#include "core/domain/market_event.h"
#include "core/domain/market_ref.h"
#include "core/market/order_book.h"
#include "core/signal/book_event.h"
#include "core/signal/known_depth.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGNALS_CVD_POINTS  60        /* 5 s apart: 5 minutes */
#define SIGNALS_FLOW_POINTS 180       /* likewise: 15 minutes */
#define SIGNALS_FLOW_GAP    INT32_MIN /* a point of those: the book was not LIVE */

/* Words with hysteresis for the gauges. */
enum flow_word { FLOW_EVEN, FLOW_BID, FLOW_ASK };

enum flow_gauge { FLOW_NEAR_1BP, FLOW_FAR_10BP, FLOW_OFI_10S, FLOW_TAPE_10S, FLOW_GAUGES };

struct gauge {
    double value; /* what is shown: imbalance -1..1, OFI in its own deviations, share -1..1 */
    double p90;   /* 90th percentile of |value| over its own last 15 minutes; 0: too early (< 60 s) */
    enum flow_word word;
};

struct signal_values {
    bool valid; /* both sides of a LIVE book seen */
    int64_t ts_ns;
    int64_t spread_ticks;
    double mid_ticks;
    double microprice_ticks; /* size-weighted cross: (Pb qa + Pa qb) / (qa + qb); Stoikov 2018, first term */
    /* (bid - ask) / (bid + ask) over the best n levels; Gould, Bonart 2016 eq. 1 for n = 1. Here and within bp: over
     * fewer levels, or less far on both sides alike, where one side is not known to the end (signals_on_known) */
    double imbalance_1, imbalance_5, imbalance_10, imbalance_20;
    /* levels within 1 and 10 bp of the mid, the best ones always; 10 bp is made anew each 100 ms only: it may be
     * hundreds of levels */
    double imbalance_1bp, imbalance_10bp;
    /* decayed, 10 s; Cont, Kukanov, Stoikov 2014 eq. 3-4, of the book's best levels after each applied update;
     * best quotes of their own stream race it and do not enter */
    double ofi_lots;
    double ofi_sigma;        /* ofi_lots over its own standard deviation (decayed, 15 min); 0 before 30 s */
    double trade_imbalance;  /* decayed 10 s: (bought - sold) / (bought + sold) of taker volume */
    int64_t cvd_lots;        /* cumulative volume delta: bought - sold since the start */
    double volatility_1m_bp; /* realised: sqrt of the sum of squared 1 s log returns of the mid over 60 s */
    double momentum_10s_bp, momentum_60s_bp; /* log return of the mid */
    double vpin; /* Easley, Lopez de Prado, O'Hara 2012, with the tape's true sides; 0 until full */
    bool vpin_valid;
    double tape_per_s;                                 /* prints in the last 10 s / 10 */
    double tape_usual;                                 /* median of that over 15 minutes; 0: too early */
    int64_t range_60s_low_ticks, range_60s_high_ticks; /* of the mid, whole ticks outward; 0: none */
    struct gauge near_1bp;                             /* 1 s average */
    struct gauge far_10bp;                             /* 3 s average */
    struct gauge ofi_10s;
    struct gauge tape_10s;
    /* oldest first; difference to the oldest is the panel's figure */
    int64_t cvd_5m_lots[SIGNALS_CVD_POINTS];
    size_t cvd_points;
    int64_t median_range_60s_ticks; /* median 60 s range of the mid so far; 0: none yet */
};

/* Parameters; the option table (config) has the same names and defaults. */
struct signal_params {
    int64_t ofi_decay_ms, tape_decay_ms; /* 10000, 10000 */
    int64_t vpin_buckets;                /* 50 */
    int64_t vpin_bucket_trades;          /* volume of a bucket: this many x the mean print so far; 200 */
    struct book_event_params events;
};

struct signals;

struct signals *signals_new(const struct signal_params *params);
void signals_free(struct signals *signals);
/* After each applied depth update, snapshot and best quote of a LIVE book. */
void signals_on_book(struct signals *signals, const struct order_book *book, int64_t now_ns);
void signals_on_depth_levels(struct signals *signals, const struct order_book *book,
                             const struct depth_update *update); /* before it is applied: for book events */
void signals_on_trade(struct signals *signals, const struct order_book *book, const struct trade *trade);
void signals_tick(struct signals *signals, const struct order_book *book, int64_t now_ns); /* each 100 ms */
/* After each snapshot: how far it knows the book. What lies behind is unknown, not empty, and enters nothing. */
void signals_on_known(struct signals *signals, const struct known_depth *known);
/* The book is no longer LIVE: what needs it turns invalid, histories stay. */
void signals_on_stale(struct signals *signals);
/* What the tape has told `from`, which has heard the same trades and earlier ones: sums, speeds, usual sizes. */
void signals_take_tape(struct signals *signals, const struct signals *from);
const struct signal_values *signals_values(const struct signals *signals); /* borrowed */
/* What a gauge showed, a mean of 5 s each (SIGNALS_FLOW_GAP: nothing), oldest first, at most SIGNALS_FLOW_POINTS; returns how many. */
size_t signals_flow_points(const struct signals *signals, enum flow_gauge which, int32_t *out_x1000,
                           size_t max);
/* Book events, newest first; returns how many. */
size_t signals_book_events(const struct signals *signals, struct book_event *out, size_t max);
uint64_t signals_book_event_count(const struct signals *signals); /* ever */
void signals_rescale(struct signals *signals, struct step_change change);

#endif
