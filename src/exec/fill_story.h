/*
 * fill_story.h - why a paper order filled, or why not yet: queue over time, trades at its price, what filled it,
 * and what the other queue models would have done. Plain data: shown, stored and told by `explain`. Pure.
 *
 * Bounded: when the samples are full, every second one goes, so that the whole life stays covered.
 */
#ifndef EXEC_FILL_STORY_H
#define EXEC_FILL_STORY_H

#include "core/domain/side.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORY_SAMPLES_MAX 64
#define STORY_FILLS_MAX   16

/* How cancels ahead of us move our place (paper_queue.h cites each). */
enum queue_model {
    QUEUE_RISK_AVERSE,  /* trades alone */
    QUEUE_PROPORTIONAL, /* cancels fall evenly on those ahead and behind */
    QUEUE_POWER,        /* probability by a power of the share ahead */
    QUEUE_LOG,          /* probability by logarithms */
    QUEUE_MODELS
};

enum story_cause {                      /* the event behind a fill or a sample */
                   STORY_ARRIVED,       /* came to the venue: what stood there */
                   STORY_TOOK,          /* walked the visible book on arrival */
                   STORY_BEYOND_BOOK,   /* took beyond the visible book, by the slippage model */
                   STORY_TRADE_AT,      /* a trade at our price */
                   STORY_TRADE_THROUGH, /* a trade beyond our price */
                   STORY_OTHER_SIDE,    /* the other side's best came to our price */
                   STORY_LEVEL_CHANGED, /* the level grew or shrank without a trade */
                   STORY_TRIGGERED,     /* the stop was set off */
                   STORY_REPLACED,
                   STORY_ENDED /* filled, cancelled, expired */
};

struct story_sample { /* of the queue, whenever it moved */
    int64_t ts_ns;
    enum story_cause cause;
    int64_t shown_lots;               /* at our price */
    int64_t ahead_lots[QUEUE_MODELS]; /* by each model; -1: it would have been served already */
    int64_t traded_lots;              /* at our price since arrival */
};

struct story_fill {
    int64_t ts_ns;
    enum story_cause cause;
    int64_t price_ticks, qty_lots;
    int64_t event_price_ticks, event_lots; /* of the trade or level that filled us */
    uint64_t event_trade_id;               /* 0: not a trade */
};

struct fill_story {
    uint64_t order_seq; /* 0: none */
    uint16_t instrument_id;
    enum side side;
    enum queue_model model;                /* the one that decided */
    int64_t sent_ns, arrived_ns, ended_ns; /* 0: not yet */
    int64_t price_ticks, qty_lots, filled_lots;
    bool market;               /* price_ticks is but the worst it may pay */
    bool waits, trails, rises; /* a stop; one that follows; set off by a trade at it or higher, else lower */
    int64_t stop_ticks;        /* where it stands, or stood when it was set off; 0: nowhere yet */
    int64_t nearest_ticks;     /* the trade that came nearest to it while it waited; 0: none */
    int64_t set_off_ns, set_off_ticks; /* 0: not yet; the trade that did it */
    int64_t ahead_at_arrival_lots;
    int64_t traded_at_lots, traded_through_lots, cancelled_ahead_lots; /* cancelled: by the deciding model */
    int64_t would_fill_ns[QUEUE_MODELS]; /* first lot filled by that model; 0: not yet */
    int64_t would_done_ns[QUEUE_MODELS]; /* last lot */
    const char *why_ended;               /* static; NULL: open or filled */
    int64_t end_ticks[SIDE_COUNT];       /* best prices when it ended unfilled; 0: none, or no LIVE book */
    uint16_t samples, fills;
    uint16_t sample_stride; /* each how many-th move of the queue is kept */
    uint32_t moves;         /* of the queue, kept or not */
    bool fills_cut;         /* more fills than fit: the last ones are kept */
    struct story_sample sample[STORY_SAMPLES_MAX];
    struct story_fill fill[STORY_FILLS_MAX];
};

#define STORY_LINES_MAX 40
#define STORY_LINE_SIZE 160

/* What writing prices and times needs. */
struct story_scale {
    int64_t tick_e8, lot_e8;
    int64_t now_ns; /* for an order that is still open */
};

/* The story in words, a line each, most important first; returns how many of at most `max`. */
size_t fill_story_lines(const struct fill_story *story, const struct story_scale *scale,
                        char (*line)[STORY_LINE_SIZE], size_t max);
/* The story as one JSON object on one line; prices and quantities as decimals, times as integers. Returns the
 * length without NUL, like snprintf: a result >= size means that it did not fit. */
size_t fill_story_json(const struct fill_story *story, const struct story_scale *scale, char *out,
                       size_t size);

const char *queue_model_word(enum queue_model model); /* "risk-averse" */
bool queue_model_named(const char *word, enum queue_model *out);
const char *story_cause_text(enum story_cause cause); /* "a trade at our price" */

#endif
