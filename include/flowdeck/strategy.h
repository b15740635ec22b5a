/*
 * flowdeck/strategy.h - the C ABI of a strategy plug-in. This header is all it needs; flowdeck-strategy(7) is the guide.
 *
 * A plug-in is a shared library that exports one object,
 *     FD_EXPORT const struct fd_strategy flowdeck_strategy = {...};
 * and carries its manifest, YAML text in the ELF section .flowdeck.manifest (FD_MANIFEST below), which the host reads
 * before it loads the library.
 *
 * Rules
 *   - Prices, quantities and money are int64_t in 1e-8 units (`_e8`); FD_NONE where there is none. Time is event time,
 *     nanoseconds UTC. Never a clock of your own, never a thread, file or socket: a strategy must decide the same way
 *     in a replay.
 *   - Every pointer the host passes is valid until the callback returns. Keep none.
 *   - What you return is checked and copied. A value out of range refuses the whole answer and counts as a strike; so
 *     does a price that is no multiple of the tick. Quantities are cut to whole lots, towards 0. A price of 0 is FD_NONE.
 *   - Structs begin with their size. A newer host appends fields: read none that lies beyond `size`.
 *   - A callback that takes longer than its budget (500 us unless set) is a strike; three in a minute disable the strategy.
 *   - A crash, exit() or a callback that has not come back after 5 s ends the process; the library is then in quarantine
 *     until it is changed. Leave signal handlers, locale and files that are not yours alone.
 */
#ifndef FLOWDECK_STRATEGY_H
#define FLOWDECK_STRATEGY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FD_ABI 1

#define FD_NONE            INT64_MIN
#define FD_INSTRUMENTS_MAX 8  /* of one strategy */
#define FD_LEVELS_MAX      20 /* of the book, each side */
#define FD_ORDERS_MAX      64
#define FD_WISHES_MAX      16 /* of one callback */
#define FD_FEATURES_MAX    8
#define FD_STATE_MAX       65536 /* bytes of a saved state */

#define FD_MANIFEST(text)                                                                                    \
    __attribute__((section(".flowdeck.manifest"), used)) static const char fd_manifest_text[] = text

#ifdef __cplusplus
#define FD_EXPORT extern "C" __attribute__((visibility("default")))
#else
#define FD_EXPORT __attribute__((visibility("default")))
#endif

enum { FD_BUY = 0, FD_SELL = 1 };

/* --- what it sees --------------------------------------------------------------------------------------------- */

enum { FD_FUTURES = 1u << 0, FD_SHORT_ALLOWED = 1u << 1 };

struct fd_instrument {
    uint32_t size;
    uint32_t flags;
    char symbol[24], base[16], quote[16];
    int64_t tick_e8, lot_e8;              /* smallest steps of price and quantity */
    int64_t qty_min_e8, qty_max_e8;       /* of one order; 0: no bound known */
    int64_t value_min_e8;                 /* price x quantity of one order */
    int32_t maker_fee_ppm, taker_fee_ppm; /* millionths of the value; < 0: a rebate */
};

struct fd_level {
    int64_t price_e8, qty_e8;
};

/* The host's signals (flowdeck's glossary defines each). NaN: not known yet. */
struct fd_signals {
    uint32_t size;
    uint32_t valid;         /* both sides of a LIVE book were seen */
    double mid, microprice; /* in quote units */
    double imbalance_1, imbalance_5, imbalance_10, imbalance_20;
    double imbalance_1bp, imbalance_10bp;           /* size within that distance of the mid, -1..1 */
    double imbalance_1bp_mean, imbalance_10bp_mean; /* averages over 1 s and 3 s */
    double ofi_qty, ofi_sigma; /* order-flow imbalance: base units; over its own deviation */
    double trade_imbalance;    /* signed share of taker volume, 10 s */
    double cvd_qty;            /* cumulative volume delta */
    double volatility_1m_bp, momentum_10s_bp, momentum_60s_bp;
    double vpin;
    double tape_per_s, tape_usual;
};

enum {
    FD_ORDER_SENT,
    FD_ORDER_WORKING,
    FD_ORDER_ENDING,
    FD_ORDER_FILLED,
    FD_ORDER_CANCELLED,
    FD_ORDER_EXPIRED,
    FD_ORDER_REJECTED,
    FD_ORDER_DENIED,
    FD_ORDER_UNKNOWN
};
enum {
    FD_LIMIT,
    FD_MARKET,
    /* wait for a trade: a stop for one beyond the market, a take-profit for one short of it; then FD_MARKET or FD_LIMIT */
    FD_STOP,
    FD_STOP_LIMIT,
    FD_TAKE_PROFIT,
    FD_TAKE_PROFIT_LIMIT,
    FD_TRAILING_STOP
};
enum { FD_GTC, FD_IOC, FD_FOK, FD_GTD };

struct fd_order { /* one of its own */
    uint64_t id;  /* 0: denied, it never was sent */
    uint32_t side, state, type;
    uint32_t post_only, reduce_only;
    int64_t price_e8; /* of one that waits for a trade: its trigger */
    int64_t qty_e8, filled_e8;
    int64_t ahead_e8; /* expected place in the queue; FD_NONE: not known */
    int64_t sent_ns;
    const char *why; /* DENIED, REJECTED, EXPIRED: a word like MAX_VALUE; else "" */
};

struct fd_fill {
    uint64_t order_id, trade_id;
    uint32_t side, maker;
    int64_t ts_ns, price_e8, qty_e8, fee_e8, realised_e8;
};

struct fd_position {                                      /* its own share */
    int64_t qty_e8;                                       /* > 0 long, < 0 short */
    int64_t average_e8;                                   /* FD_NONE: flat */
    int64_t cost_e8, realised_e8, unrealised_e8, fees_e8; /* unrealised at the price that would close it */
};

enum { FD_BOOK_LIVE = 1u << 0, FD_BOOK_CROSSED = 1u << 1 };

struct fd_market { /* one of its instruments, as of now */
    uint32_t size;
    uint32_t flags;
    const struct fd_instrument *instrument;
    const struct fd_signals *signals;
    int64_t book_age_ns;
    struct fd_level bid, ask;           /* price FD_NONE: that side is empty */
    int64_t last_e8;                    /* last trade, FD_NONE: none yet */
    const struct fd_level *bids, *asks; /* best first */
    uint32_t bid_count, ask_count;
    struct fd_position position;
    const struct fd_order *orders; /* its own open ones, oldest first */
    uint32_t order_count;
};

struct fd_context {
    uint32_t size;
    uint32_t here;      /* index in market[] of the instrument that this is about */
    uint32_t count;     /* of its instruments, in the order of the configuration */
    uint32_t may_trade; /* 0: paused, off or not ACTIVE: wishes other than timers are dropped */
    int64_t now_ns;
    const struct fd_market *market;
};

struct fd_trade {
    int64_t ts_ns, price_e8, qty_e8;
    uint32_t taker; /* FD_BUY: somebody bought */
};

enum { FD_ABSORBED, FD_PULLED, FD_WALL, FD_STACKED, FD_SHIFT, FD_SWEEP };

struct fd_signal_event { /* something happened in the book */
    uint32_t kind, side; /* side of the book */
    int64_t ts_ns, price_e8, qty_e8;
    double ratio, confidence; /* FD_WALL: how many times the usual; 0: it is gone, qty_e8 of it */
};

/* --- what it wants -------------------------------------------------------------------------------------------- */

enum {
    FD_WISH_TARGET = 1, /* hold qty_e8 (signed): the execution engine gets there */
    FD_WISH_QUOTE,   /* rest at bid_e8 / ask_e8 with bid_qty_e8 / ask_qty_e8; price FD_NONE: no such side */
    FD_WISH_ORDER,   /* one order of its own: side, type, tif, price, qty; trigger, trail, group */
    FD_WISH_CANCEL,  /* order_id; of one that ended meanwhile: nothing */
    FD_WISH_NOTHING, /* goal of `market` is forgotten, its orders are taken back */
    FD_WISH_TIMER    /* timer callback with timer_id after delay_ns, 1 ms to 7 days */
};
enum { FD_PASSIVE, FD_NORMAL, FD_TAKE };          /* urgency */
enum { FD_AT_ONCE, FD_TWAP, FD_POV, FD_ICEBERG }; /* slicing */

struct fd_wish {
    uint32_t kind;
    uint32_t market; /* index in fd_context.market */
    uint32_t side, type, tif, post_only, reduce_only;
    uint32_t urgency, slicing;
    uint32_t may_cut; /* the risk gate may let less through */
    uint32_t timer_id;
    int64_t qty_e8;   /* TARGET: signed */
    int64_t price_e8; /* TARGET: worst price, FD_NONE: the gate's collar; ORDER: the limit, or worst price */
    union {
        int64_t bid_e8;
        int64_t trigger_e8; /* ORDER: the trade price that a stop or a take-profit waits for */
    };
    int64_t bid_qty_e8;
    union {
        int64_t ask_e8;
        int64_t trail_e8; /* ORDER: distance at which FD_TRAILING_STOP follows the best trade */
    };
    int64_t ask_qty_e8;
    int64_t horizon_ns; /* ORDER with FD_GTD: how long it lives */
    int64_t share_e8, display_e8, delay_ns;
    union {
        uint64_t order_id;
        uint64_t
            group; /* ORDER: those of one number, 1 to 2^32 - 1, are an OCO; used for these alone. 0: none */
    };
};

struct fd_feature { /* why it does what it does: shown on the Strategy screen */
    char name[20];
    double value;  /* of a feature -1..1: below 0 speaks for selling; of a condition its own figure */
    double weight; /* share of the score; 0: a condition only */
    uint32_t met;
};

struct fd_answer { /* zeroed by the host before each callback but for size and the maxima */
    uint32_t size;
    uint32_t wish_max, wishes;
    uint32_t feature_max, features;
    uint32_t reason_set;                 /* 1: score, threshold, confidence and features are filled in */
    double score, threshold, confidence; /* -1..1 (below 0 sells), 0..1, 0..1 */
    struct fd_wish wish[FD_WISHES_MAX];
    struct fd_feature feature[FD_FEATURES_MAX];
    char said[96]; /* a line for the log; "": none */
};

/* --- the strategy --------------------------------------------------------------------------------------------- */

/*
 * Each callback may be NULL but create, destroy and market; save and restore come together. self is what create returned.
 * Parameter values come in the order of the manifest: int as it is, decimal in e8, bool 0 or 1, enum as index.
 * The order of things: create, restore if there is a state, start; then what happens; stop, save, destroy. A reload
 * saves the old version, restores and starts the new one, and leaves orders and position as they are.
 * create and destroy may run on another thread than the rest, while another version's callbacks run.
 */
struct fd_strategy {
    uint32_t abi;                                                   /* FD_ABI */
    uint32_t size;                                                  /* sizeof(struct fd_strategy) */
    void *(*create)(const int64_t *parameter, uint32_t parameters); /* NULL: cannot run with these */
    void (*destroy)(void *self);
    void (*start)(void *self, const struct fd_context *context, struct fd_answer *out);
    void (*market)(void *self, const struct fd_context *context,
                   struct fd_answer *out); /* the book changed */
    void (*trade)(void *self, const struct fd_context *context, const struct fd_trade *trade,
                  struct fd_answer *out);
    void (*signal)(void *self, const struct fd_context *context, const struct fd_signal_event *event,
                   struct fd_answer *out);
    void (*fill)(void *self, const struct fd_context *context, const struct fd_fill *fill,
                 struct fd_answer *out);
    void (*order)(void *self, const struct fd_context *context, const struct fd_order *order,
                  struct fd_answer *out);
    void (*timer)(void *self, const struct fd_context *context, uint32_t timer_id, struct fd_answer *out);
    void (*pause)(void *self, const struct fd_context *context, uint32_t paused, struct fd_answer *out);
    void (*stop)(void *self, const struct fd_context *context);
    uint32_t (*parameter)(void *self, uint32_t index, int64_t value); /* 0: refused; NULL: by save, create and
                                                                         restore, where it has these */
    size_t (*save)(void *self, void *state, size_t max);              /* bytes written; 0: nothing to save */
    uint32_t (*restore)(void *self, const void *state, size_t size);  /* 0: not understood: a reload is off, a
                                                                        start begins afresh */
};

#ifdef __cplusplus
}
#endif

#endif
