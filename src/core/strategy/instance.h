/*
 * instance.h - one running strategy, built in or plug-in, behind the ABI of include/flowdeck/strategy.h. Pure.
 *
 * The engine speaks ticks and lots; this turns what the strategy sees into e8 and what it wants back, checks every
 * value and copies it. Nothing that a strategy returns is believed: a value out of range refuses the whole answer
 * and is a fault with a reason for people. A price off the tick is such a value; a quantity is cut to whole lots. A
 * cancel of what is not an open order of its own is dropped. Allocates in _new alone. Deterministic.
 */
#ifndef CORE_STRATEGY_INSTANCE_H
#define CORE_STRATEGY_INSTANCE_H

#include "core/base/err.h"
#include "core/domain/goal.h"
#include "core/domain/instrument.h"
#include "core/domain/intent.h"
#include "core/domain/market_ref.h"
#include "core/domain/order.h"
#include "core/domain/position.h"
#include "core/market/order_book.h"
#include "core/signal/signals.h"
#include "core/strategy/manifest.h"

#include "flowdeck/strategy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strategy_instance;

/* What the engine knows of one of its instruments; pointers are borrowed for the call. */
struct strategy_sight {
    const struct instrument *instrument;
    struct market_ref ref;
    const struct order_book *book;
    const struct signal_values *signals;
    const struct position *position;   /* its own share */
    int64_t mark_ticks;                /* price that would close it; 0: flat or unknown */
    const struct order *const *orders; /* its own open ones, oldest first */
    size_t order_count;
    int64_t maker_fee_ppm, taker_fee_ppm;
    bool short_allowed;
};

enum strategy_happening {
    HAPPENED_START,
    HAPPENED_MARKET, /* the book or a tick */
    HAPPENED_TRADE,
    HAPPENED_BOOK_EVENT,
    HAPPENED_FILL,
    HAPPENED_ORDER, /* order: state changed; `code` when denied or ended */
    HAPPENED_TIMER,
    HAPPENED_PAUSE,
    HAPPENED_RESUME,
    HAPPENED_STOP
};

struct strategy_event {
    enum strategy_happening kind;
    uint16_t instrument_id; /* INSTRUMENT_NONE: of none (START, PAUSE, RESUME, STOP, TIMER) */
    bool may_trade;
    int64_t now_ns;
    const struct trade *trade;
    const struct book_event *book_event;
    const struct fill *fill;
    const struct order *order; /* ORDER; a denied one has seq 0 */
    const char *code;          /* ORDER: why, a stable word; NULL: none */
    uint32_t timer_id;
};

struct strategy_feature {
    char name[20];
    double value, weight;
    bool met;
};

struct strategy_reason { /* for eyes */
    bool set;
    double score, threshold, confidence;
    size_t features;
    struct strategy_feature feature[FD_FEATURES_MAX];
};

/* Its answer, checked, in ticks and lots. Owner and correlation id are filled in by the engine. */
struct strategy_result {
    size_t goals, orders, cancels, timers;
    struct goal goal[FD_WISHES_MAX];
    struct order_intent order[FD_WISHES_MAX];
    uint64_t cancel_seq[FD_WISHES_MAX];
    struct {
        uint32_t id;
        int64_t due_ns;
    } timer[FD_WISHES_MAX];
    char said[96];      /* safe text; "": nothing */
    bool fault;         /* the whole answer was refused; the lists above are empty */
    char fault_why[96]; /* "wish 3: price_e8 is not a multiple of the tick: 61842.185" */
};

/* parameter: manifest->parameter_count values. On error why holds one line. table and manifest are kept, not copied. */
enum err strategy_instance_new(const struct fd_strategy *table, const struct strategy_manifest *manifest,
                               const int64_t *parameter, struct strategy_instance **out, char *why,
                               size_t why_size);
void strategy_instance_free(struct strategy_instance *instance); /* calls destroy; NULL is allowed */
const struct strategy_manifest *strategy_instance_manifest(const struct strategy_instance *instance);

/* Adds one of its instruments, in the order of the configuration. ERR_FULL after as many as its manifest says, or
 * FD_INSTRUMENTS_MAX. */
enum err strategy_instance_add(struct strategy_instance *instance, const struct instrument *instrument);
bool strategy_instance_trades(const struct strategy_instance *instance, uint16_t instrument_id);
/* Refreshes what it sees of one instrument; cheap, before each call about it. book and instrument are kept until the
 * next sight (levels are read from them when a callback runs); the rest is copied. */
void strategy_instance_see(struct strategy_instance *instance, const struct strategy_sight *sight);
/* One callback; *out is cleared first. A callback the strategy lacks does nothing. */
void strategy_instance_call(struct strategy_instance *instance, const struct strategy_event *event,
                            struct strategy_result *out);
/* As it last said; per instrument where it spoke of one. */
const struct strategy_reason *strategy_instance_reason(const struct strategy_instance *instance,
                                                       uint16_t instrument_id);

int64_t strategy_instance_parameter(const struct strategy_instance *instance, size_t index);
/* At run time: within range, and the strategy takes it (parameter callback, or save, new, restore).
 * ERR_RANGE, ERR_STATE with why; the old value stays. */
enum err strategy_instance_set_parameter(struct strategy_instance *instance, size_t index, int64_t value,
                                         char *why, size_t why_size);
/* State for a reload or a restart. Bytes written; 0: none. */
size_t strategy_instance_save(struct strategy_instance *instance, void *out, size_t max);
/* False: not understood; it starts afresh. */
bool strategy_instance_restore(struct strategy_instance *instance, const void *state, size_t size);

#endif
