/*
 * instance_parts.h - what the files of an instance share: its state, sight in, answer out. Inside core/strategy only.
 */
#ifndef CORE_STRATEGY_INSTANCE_PARTS_H
#define CORE_STRATEGY_INSTANCE_PARTS_H

#include "core/strategy/instance.h"

/* One of its instruments, as the strategy sees it. */
struct seen_market {
    uint16_t instrument_id;
    const struct instrument *source;                   /* the engine's: steps may get finer */
    const struct order_book *book;                     /* NULL: never seen */
    bool levels_old;                                   /* bids and asks are of an earlier sight */
    int64_t average_lots, average_cost_e8, average_e8; /* the average was made for these */
    struct fd_instrument instrument;
    struct fd_signals signals;
    struct fd_level bids[FD_LEVELS_MAX], asks[FD_LEVELS_MAX];
    struct fd_order orders[FD_ORDERS_MAX];
    struct strategy_reason reason;
};

struct strategy_instance {
    const struct fd_strategy *table;
    const struct strategy_manifest *manifest;
    void *self;
    uint32_t markets;
    struct seen_market seen[FD_INSTRUMENTS_MAX];
    struct fd_market market[FD_INSTRUMENTS_MAX]; /* side by side, as the ABI wants them; points into seen[] */
    struct fd_answer answer;                     /* of the running callback */
    struct strategy_reason reason;               /* said of none of its instruments */
    int64_t parameter[MANIFEST_PARAMETERS_MAX];
    unsigned char state[FD_STATE_MAX]; /* scratch: from the old self to the new one */
};

/* instance_sight.c */
void seen_market_init(struct strategy_instance *instance, size_t index, const struct instrument *instrument);
void seen_market_update(struct strategy_instance *instance, size_t index, const struct strategy_sight *sight);
/* Brings bids and asks of every instrument up to its last sight. */
void seen_markets_load_levels(struct strategy_instance *instance);
struct fd_order seen_order(const struct instrument *instrument, const struct order *order, const char *why);

/*
 * instance_answer.c: checks instance->answer, which a callback about instrument `here` (an index) gave, and
 * writes *out. Refused: out->fault, empty lists, and the reason stays as it was.
 */
void instance_take_answer(struct strategy_instance *instance, size_t here, const struct strategy_event *event,
                          struct strategy_result *out);

#endif
