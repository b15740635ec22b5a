/*
 * strategy_trip.h - one position at a time: enters, watches, leaves. Shared by the built-in strategies that take a
 * side. A strategy says what it thinks at each event; this says what it wants. Pure.
 *
 *   FLAT -> ENTERING -> HOLDING -> LEAVING -> FLAT (and a pause)
 *
 * Entry: a target of its own, taken up to 5 bp beyond the touch, or rested for. What has not filled within its life,
 * or whose reason is gone, is taken back. Exit: target 0, reduce-only, up to 30 bp beyond the touch, told again each
 * 2 s until it is flat; after denials at growing distances. Less than the venue takes counts as flat.
 */
#ifndef CORE_STRATEGY_STRATEGY_TRIP_H
#define CORE_STRATEGY_STRATEGY_TRIP_H

#include "core/strategy/strategy_kit.h"

enum trip_stage { TRIP_FLAT, TRIP_ENTERING, TRIP_HOLDING, TRIP_LEAVING };

struct trip_rules {
    int64_t order_value_e8; /* of one entry */
    int64_t hold_max_ms;
    int64_t take_profit_bp_e8, stop_loss_bp_e8; /* 0: off; at the price that closes */
    int64_t cooldown_ms;                        /* after an exit or a denial */
    int64_t order_life_ms;                      /* of an entry that has not filled */
    bool passive;                               /* rests instead of taking */
    bool may_short;                             /* where the venue lets it */
};

struct trip {
    char symbol[24];
    uint32_t stage;     /* enum trip_stage */
    uint32_t denials;   /* of exits, in a row */
    uint32_t fresh;     /* begun anew, and trip_look() has not told yet */
    int64_t tick_e8;    /* of the instrument when the trip began: bounds in ticks are in these */
    int64_t now_ns;     /* of the last step */
    int64_t opened_ns;  /* of the open position; 0: flat */
    int64_t entered_ns; /* when the entry was wanted */
    int64_t target_e8;  /* ENTERING */
    int64_t cooldown_until_ns;
    int64_t exit_after_ns; /* the exit is not told again before */
};

/*
 * Parameters that each of these strategies has, first in its manifest and in this order. Between them and the
 * strategy's own stands nothing: its own count from TRIP_PARAMETERS.
 */
enum trip_parameter {
    TRIP_ORDER_VALUE,
    TRIP_HOLD_MAX_MS,
    TRIP_TAKE_PROFIT_BP,
    TRIP_STOP_LOSS_BP,
    TRIP_COOLDOWN_MS,
    TRIP_ORDER_LIFE_MS,
    TRIP_PASSIVE,
    TRIP_SHORT,
    TRIP_PARAMETERS
};

#define TRIP_MANIFEST(order_value, hold_max_ms, take_profit_bp, stop_loss_bp, cooldown_ms, order_life_ms,    \
                      passive)                                                                               \
    "  order_value: {type: decimal, min: 1, max: 1000000000, default: " order_value                          \
    ", unit: quote, help: money of one entry}\n"                                                             \
    "  hold_max_ms: {type: int, min: 100, max: 86400000, default: " hold_max_ms                              \
    ", unit: ms, help: leaves after that time}\n"                                                            \
    "  take_profit_bp: {type: decimal, min: 0, max: 10000, default: " take_profit_bp                         \
    ", unit: bp, help: leaves with that profit; 0 is off}\n"                                                 \
    "  stop_loss_bp: {type: decimal, min: 0.1, max: 10000, default: " stop_loss_bp                           \
    ", unit: bp, help: leaves at that loss}\n"                                                               \
    "  cooldown_ms: {type: int, min: 0, max: 3600000, default: " cooldown_ms                                 \
    ", unit: ms, help: pause after an exit or a denial}\n"                                                   \
    "  order_life_ms: {type: int, min: 100, max: 3600000, default: " order_life_ms                           \
    ", unit: ms, help: an entry that has not filled is taken back after that}\n"                             \
    "  passive: {type: bool, default: " passive                                                              \
    ", help: enters by resting at the touch instead of taking}\n"                                            \
    "  short: {type: bool, default: true, help: sells short where the venue allows it}\n"

#define TRIP_PARAMETERS_MAX 24

struct trip_strategy { /* first member of a strategy's self; what follows it is saved with the trips */
    int64_t parameter[TRIP_PARAMETERS_MAX];
    struct trip_rules rules;
    struct trip trip[FD_INSTRUMENTS_MAX];
};

struct trip_opinion {
    int side;        /* +1 buys, -1 sells, 0: no entry */
    bool stands;     /* the reason of an entry that is under way still holds */
    bool leave;      /* out, for a reason of the strategy's own */
    const char *why; /* of leave, in words */
};

/*
 * Self of `size` bytes that begins with struct trip_strategy; NULL: memory, another number of parameters, or values
 * that do not go together (is_possible is told all of them). A parameter at run time: 0 when they would not.
 */
void *trip_create(size_t size, const int64_t *parameter, uint32_t given, uint32_t expected,
                  bool (*is_possible)(const int64_t *parameter));
uint32_t trip_parameter(void *self, uint32_t index, int64_t value,
                        bool (*is_possible)(const int64_t *parameter));
double trip_decimal(const struct trip_strategy *strategy, uint32_t index); /* a decimal parameter in units */
/* The trips and what follows them in a self of `size` bytes (kit_save, kit_restore). */
size_t trip_save(uint64_t tag, const void *self, size_t size, void *out, size_t max);
uint32_t trip_restore(uint64_t tag, void *self, size_t size, const void *saved, size_t saved_size);

/*
 * First of each event: position and times of context->here as they are. True when the trip is a new one: another
 * instrument than the saved one, or another time; then the strategy's own state of it is worth nothing either.
 */
bool trip_look(struct trip_strategy *strategy, const struct fd_context *context);
/* Then the opinion becomes wishes. */
void trip_act(struct trip_strategy *strategy, const struct fd_context *context,
              const struct trip_opinion *opinion, struct fd_answer *out);
/* Conditions that each strategy shows: the spread (bound in ticks of the begin of the trip), the pause. */
void trip_feature_spread(struct fd_answer *out, const struct trip *trip, const struct fd_market *market,
                         int64_t ticks_max);
void trip_feature_cooldown(struct fd_answer *out, const struct trip *trip);
/* Side of the entry under way or of the position: +1, -1, 0 flat. */
int trip_side(const struct trip *trip, const struct fd_market *market);

/* Callbacks for the table. A denial or rejection ends an entry and pauses; on a pause what was pending is forgotten,
 * but the open time of a position stays: it is a fact, not a plan. */
void trip_fill(void *self, const struct fd_context *context, const struct fd_fill *fill,
               struct fd_answer *out);
void trip_order(void *self, const struct fd_context *context, const struct fd_order *order,
                struct fd_answer *out);
void trip_pause(void *self, const struct fd_context *context, uint32_t paused, struct fd_answer *out);

#endif
