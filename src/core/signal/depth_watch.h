/*
 * depth_watch.h - finds PULLED, WALL, STACKED and SHIFT in the resting size. Pure.
 *
 * PULLED   Of what stood within 6 bp of the mid 1.5 s ago, pulled_share_x100 % is gone and was not traded.
 *          Gone is counted over the same prices, refills between count as still there. price: where the
 *          largest single level went. confidence: odds of the share against what is asked for, times the
 *          share of the vanished size that no trade explains.
 * WALL     The largest level within 10 bp is wall_times_x100 / 100 of the median of the 50 nearest, 15 % or
 *          more of all size within 10 bp on its side, and has stood for 3 s. It stands until less than half of it is
 *          left, whatever its share is meanwhile, and is told twice: when it has come and when it is gone (ratio 0;
 *          ratio_to: what takers took there since, of what is gone; span_ms: since it came). confidence: odds of its
 *          share of that size against the 15 %, times the time it has stood over itself and 1 s; gone: the share of
 *          it that is.
 * STACKED  Size of five neighbouring prices among the 50 nearest grew within the window by more than
 *          stacked_times_x100 / 100 of what is usual for five (the mean of the ten groups before), more than half of
 *          it is new, at most 60 % of it in one price (that is a wall), and half of it was there a tenth of the
 *          window before. Prices that were not on this side then do not count, so a touch that moved is no news.
 *          confidence: odds of the growth against what is asked for.
 * SHIFT    The 3 s mean of the imbalance within 10 bp moved by shift_x100 / 100 within the window and left its side:
 *          from a third of that change or more on one side to a third of where it was at most, or to the other. side:
 *          where it moved to. confidence: odds of the change against what is asked for.
 *
 * All of them look no farther than the book is known: a level that is heard of for the first time has not just come.
 */
#ifndef CORE_SIGNAL_DEPTH_WATCH_H
#define CORE_SIGNAL_DEPTH_WATCH_H

#include "core/domain/market_event.h"
#include "core/market/order_book.h"
#include "core/signal/event_log.h"
#include "core/signal/known_depth.h"

#define DEPTH_WATCH_NEAR     50  /* levels nearest to the touch */
#define DEPTH_WATCH_KEPT     150 /* levels of a side in a picture */
#define DEPTH_WATCH_PICTURES 10  /* spread over the window */
#define DEPTH_WATCH_TICKS    15  /* of 100 ms: the 1.5 s of PULLED */
#define DEPTH_WATCH_FARS     100 /* of 100 ms: 10 s of the far imbalance */
#define DEPTH_WATCH_WALLS    4   /* of a side that stand at once; the oldest is forgotten */

/* What stood on the sides at one moment. */
struct depth_picture {
    int64_t ts_ns; /* 0: none */
    size_t count[SIDE_COUNT];
    struct level level[SIDE_COUNT][DEPTH_WATCH_KEPT]; /* best first */
};

struct near_depth {
    int64_t ts_ns; /* 0: none */
    int64_t limit_ticks, lots;
    int64_t taken_lots;            /* so far, by takers of this side */
    int64_t gone_ticks, gone_lots; /* largest single removal in this 100 ms */
};

/* The largest level, which may be one. */
struct coming_wall {
    int64_t price_ticks; /* 0: none */
    int64_t since_ns;
};

struct standing_wall {   /* told */
    int64_t price_ticks; /* 0: none */
    int64_t lots;        /* when it was told */
    int64_t taken_lots;  /* by takers at its price, since then */
    int64_t since_ns;
};

struct depth_watch {
    int64_t tick; /* ticks so far */
    int64_t taken_lots[SIDE_COUNT];
    int64_t edge_ticks[SIDE_COUNT]; /* 10 bp from the mid: beyond it nothing is looked at */
    int64_t gone_ticks[SIDE_COUNT], gone_lots[SIDE_COUNT]; /* since the last tick */
    struct near_depth near[SIDE_COUNT][DEPTH_WATCH_TICKS];
    struct coming_wall coming[SIDE_COUNT];
    struct standing_wall wall[SIDE_COUNT][DEPTH_WATCH_WALLS];
    int64_t picture_due_ns;
    size_t next_picture;
    struct depth_picture picture[DEPTH_WATCH_PICTURES];
    size_t fars, next_far;
    double far[DEPTH_WATCH_FARS];
};

/* The book is not LIVE: what was seen before cannot be compared with what comes after. */
void depth_watch_reset(struct depth_watch *watch);
/* Before an update is applied. */
void depth_watch_levels(struct depth_watch *watch, const struct order_book *book,
                        const struct depth_update *update);
void depth_watch_trade(struct depth_watch *watch, const struct trade *trade);
/* Each 100 ms with a LIVE book that has both sides; mid2 is twice the mid. */
void depth_watch_tick(struct depth_watch *watch, const struct book_event_params *params,
                      const struct order_book *book, const struct known_depth *known, int64_t mid2_ticks,
                      double far_imbalance, int64_t now_ns, struct event_log *log);
void depth_watch_rescale(struct depth_watch *watch, struct step_change change);

/* The price `bp` from the mid on a side, rounded towards the mid: levels from the best to it are within. */
int64_t bp_limit_ticks(int64_t mid2_ticks, enum side side, int64_t bp);

#endif
