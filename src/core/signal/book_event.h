/*
 * book_event.h - happenings in the book that people look for, each with parameters and a
 * confidence. Pure. The five of the specification, and the sweep of the screen:
 *
 *   ABSORBED  takers hit a level again and again and it holds            (absorption)
 *   PULLED    resting size near the touch vanishes without trades         (depth withdrawal)
 *   WALL      one level many times the usual size                         (abnormal size concentration)
 *   STACKED   size gathers within a few prices, not explained by trades   (liquidity clustering)
 *   SHIFT     the far imbalance leaves its side                              (imbalance shift)
 *   SWEEP     one taker order takes several prices at once
 */
#ifndef CORE_SIGNAL_BOOK_EVENT_H
#define CORE_SIGNAL_BOOK_EVENT_H

#include "core/domain/side.h"

#include <stdint.h>

#define BOOK_EVENTS_KEPT_MAX 64

enum book_event_kind {
    BOOK_EVENT_ABSORBED,
    BOOK_EVENT_PULLED,
    BOOK_EVENT_WALL,
    BOOK_EVENT_STACKED,
    BOOK_EVENT_SHIFT,
    BOOK_EVENT_SWEEP,
    BOOK_EVENT_KINDS
};

struct book_event {
    enum book_event_kind kind;
    enum side side; /* of the book; SWEEP: the side taken from, SHIFT: where it moved to */
    int64_t ts_ns;
    int64_t price_ticks;
    int64_t lots; /* absorbed, pulled, standing (gone: how much of it), stacked, swept */
    double
        ratio; /* ABSORBED: taken to standing; PULLED: share gone 0..1; WALL, STACKED: times usual, WALL 0: it is gone; SHIFT: from */
    double ratio_to;   /* SHIFT: to; WALL that is gone: share of that which was taken */
    int64_t span_ms;   /* PULLED, STACKED, SWEEP: how long it took; WALL: how long it has stood */
    int32_t prices;    /* SWEEP: prices taken */
    double confidence; /* 0..1; the formulas stand in taker_watch.h and depth_watch.h */
};

struct book_event_params {
    int64_t window_ms;          /* 10000: absorption and stacking look back this far */
    int64_t absorb_times_x100;  /* 150: traded volume at the level over its standing size */
    int64_t pulled_share_x100;  /* 60: share of near depth that vanished within 1.5 s */
    int64_t wall_times_x100;    /* 500: over the median of the 50 nearest levels */
    int64_t stacked_times_x100; /* 200: gathered within 5 prices over the usual there */
    int64_t shift_x100;         /* 30: change of the 10 bp imbalance (3 s mean) within the window */
    int64_t sweep_prices;       /* 3 */
    int64_t cooldown_ms;        /* 5000: same kind, side and price is not told again before */
};

#endif
