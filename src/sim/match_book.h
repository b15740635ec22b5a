/*
 * match_book.h - the inside of struct match_book, for the files of the matching engine alone.
 *
 * The order of things within one call: the order's NEW, its prints one by one (TRADE, then LEVEL, then what the
 * lists of both cancel, then which stops it sets off), its rest or end, then the stops it set off, first set off
 * first, each as if submitted.
 */
#ifndef SIM_MATCH_BOOK_H
#define SIM_MATCH_BOOK_H

#include "sim/match_levels.h"
#include "sim/match_lists.h"
#include "sim/match_orders.h"
#include "sim/matching.h"

#define MATCH_QTY_LOTS_MAX (INT64_C(1) << 44) /* of one order: sums of a full pool stay within int64_t */

struct match_triggers {
    uint32_t pending;                /* queue: set off, not yet executed */
    uint32_t trail[SIDE_COUNT];      /* queues: trailing stops that follow the price, by their own side */
    int64_t moves_ticks[SIDE_COUNT]; /* a print beyond it moves some best price that they follow */
    int64_t fires_ticks[SIDE_COUNT]; /* a print at or beyond it may set some of them off */
};

struct match_book {
    struct match_levels levels;
    struct match_orders orders;
    struct match_lists lists;
    struct match_triggers triggers;
    struct match_book_config config;
    enum match_status status;
    int64_t now_ns;                         /* of the call that runs */
    uint64_t order_id, trade_id, update_id; /* the newest ones */
    int64_t last_ticks;
    struct match_event event; /* the one that is being told */
    size_t listeners;
    struct {
        void (*on_event)(void *arg, const struct match_event *event);
        void *arg;
    } listener[MATCH_LISTENERS_MAX];
};

static inline struct match_slot *match_slot(struct match_book *book, uint32_t index)
{
    return &book->orders.slot[index];
}

static inline struct match_level *match_level(struct match_book *book, uint32_t index)
{
    return &book->levels.level[index];
}

/* Is price_ticks at least as good for the taker of `side` as limit_ticks? */
static inline bool match_within(enum side taker, int64_t price_ticks, int64_t limit_ticks)
{
    return taker == SIDE_BID ? price_ticks <= limit_ticks : price_ticks >= limit_ticks;
}

static inline bool match_is_stop(enum match_type type)
{
    return type >= MATCH_STOP_LOSS;
}

static inline bool match_has_price(enum match_type type)
{
    return type != MATCH_MARKET && type != MATCH_STOP_LOSS && type != MATCH_TAKE_PROFIT;
}

/* match_events.c: tell the listeners. */
void match_tell_order(struct match_book *book, enum match_event_kind kind, uint32_t index, bool by_stp);
void match_tell_level(struct match_book *book, enum side side, int64_t price_ticks, int64_t before_lots,
                      int64_t after_lots); /* not told if nothing changed */
void match_tell_pair(struct match_book *book, enum match_event_kind kind, uint32_t taker, uint32_t maker,
                     int64_t price_ticks, int64_t qty_lots);

/* matching.c: ends an order wherever it is, and with it the others of its list. */
void match_end(struct match_book *book, uint32_t index, enum match_event_kind kind, bool by_stp);
/* Cancels the others of the list that it stands in; it stands in none afterwards. */
void match_end_list(struct match_book *book, uint32_t index);

static inline void match_end_siblings(struct match_book *book, uint32_t index)
{
    if (match_slot(book, index)->listed != 0)
        match_end_list(book, index);
}

/* match_cross.c */
/* An order that works now: takes, then rests or ends. Its slot may be given back on return. */
void match_execute(struct match_book *book, uint32_t index);

/* match_triggers.c */
void match_triggers_init(struct match_book *book);
bool match_triggers_passed(const struct match_book *book, const struct match_request *request);
void match_triggers_wait(struct match_book *book, uint32_t index);
void match_triggers_print(struct match_book *book, int64_t price_ticks);
void match_triggers_run(struct match_book *book);

/* May a print move or set off anything? */
static inline bool match_triggers_concern(const struct match_book *book, int64_t price_ticks)
{
    uint32_t rise = match_levels_best(&book->levels, LADDER_RISE);
    uint32_t fall = match_levels_best(&book->levels, LADDER_FALL);
    const struct match_level *level = book->levels.level;

    return (rise != 0 && level[rise].price_ticks <= price_ticks) ||
           (fall != 0 && level[fall].price_ticks >= price_ticks) ||
           (level[book->triggers.trail[SIDE_BID]].count | level[book->triggers.trail[SIDE_ASK]].count) != 0;
}

#endif
