/*
 * paper_queue.h - how many lots stand ahead of a resting order, by each model side by side. Pure.
 *
 * A book by levels does not tell which of those at a price cancelled. All models start behind what the level
 * shows, fall by trades at the price, and are bounded by what the level shows: nobody else can be ahead. They
 * differ in a fall of `chg` lots that no trade explains, with `front` ahead of us and `back` behind:
 *   risk-averse   front stays (all cancels were behind); hftbacktest RiskAdverseQueueModel
 *   the others    front - (1 - p) chg + min(back - p chg, 0), p the probability that a cancel was behind us:
 *     proportional  p = back / (back + front): each lot as likely as another
 *     power         p = back^n / (back^n + front^n); hftbacktest PowerProbQueueFunc
 *     log           p = log(1+back) / (log(1+back) + log(1+front)), in units of the base; LogProbQueueFunc
 * Sources: E. Rigtorp, "Estimating order queue position" (2013); hftbacktest, backtest/models/queue.rs,
 * ProbQueueModel. Two things are ours: a cancel never takes a place below zero (there it would count as a
 * fill), and trades not yet seen in the level are remembered until they are (there: until the next change).
 *
 * Places are fixed-point, Q32 lots. Each model serves an order of its own: what it would have filled.
 */
#ifndef EXEC_PAPER_QUEUE_H
#define EXEC_PAPER_QUEUE_H

#include "core/domain/instrument.h"
#include "exec/fill_story.h"

#include <stdbool.h>
#include <stdint.h>

struct paper_queue_params {
    int32_t power_x1000; /* exponent of QUEUE_POWER, > 0; 0: 3000 */
    /* A trade may arrive this much later than the level that shows it (aggTrade of USD-M: up to 100 ms; 23 % of the
     * trades of one spot recording, 1 to 4 % of others). A fall so young is then that trade, and no cancel: what it
     * did to the places is undone. 0: trades come first. */
    int64_t late_trade_ns;
};

#define PAPER_FALLS 2

struct paper_place {
    __int128 ahead_q32;
    int64_t left_lots; /* of the order */
    int64_t show_lots; /* of these, what shows; the rest of an iceberg joins the back in turn */
    __int128 credit_q32[PAPER_FALLS]; /* by how much each fall moved it */
};

/* What left the level without a trade, by halves of the time in which one may still come. */
struct paper_fall {
    int64_t half; /* which one */
    int64_t lots;
};

struct paper_queue {
    int64_t shown_lots;   /* the level at our price when last looked at */
    int64_t unseen_lots;  /* traded there since, not yet gone from shown_lots */
    int64_t display_lots; /* iceberg; 0: all shows */
    struct paper_fall fall[PAPER_FALLS];
    struct paper_place place[QUEUE_MODELS];
};

/* Joins the back of what the level shows, in every model. */
void paper_queue_join(struct paper_queue *queue, int64_t shown_lots, int64_t left_lots, int64_t display_lots);
/* A trade of `lots` at the price, first of three steps: falls that were this trade are undone; returns their lots. */
int64_t paper_queue_recall(struct paper_queue *queue, const struct paper_queue_params *params, int64_t now_ns,
                           int64_t lots);
/* Second: what it serves of the order by that model alone; changes nothing. */
int64_t paper_queue_reached(const struct paper_queue *queue, enum queue_model model, int64_t lots);
/* Third: it moves all places; `recalled` of it the level shows already. */
void paper_queue_traded(struct paper_queue *queue, int64_t lots, int64_t recalled);
/* `lots` of the order filled in that model. An iceberg's next part joins the back. */
void paper_queue_serve(struct paper_queue *queue, enum queue_model model, int64_t lots);
/* The level shows this much now. Returns the lots cancelled at it since the last look. */
int64_t paper_queue_level(struct paper_queue *queue, const struct paper_queue_params *params, int64_t lot_e8,
                          int64_t now_ns, int64_t shown_lots);
/* Fewer lots left, the place is kept. */
void paper_queue_cut(struct paper_queue *queue, int64_t left_lots);
/* Lots ahead, a part of a lot counts as one. */
int64_t paper_queue_ahead(const struct paper_queue *queue, enum queue_model model);
void paper_queue_rescale(struct paper_queue *queue, struct step_change change);
/* Probability that a cancel was behind us, Q32. */
int64_t paper_queue_behind_q32(enum queue_model model, const struct paper_queue_params *params,
                               int64_t lot_e8, __int128 front_q32, __int128 back_q32);

#endif
