/*
 * gate.h - the pre-trade risk gate: intent -> pass, adjusted or denied with code and numbers. Pure.
 *
 * One function, integer compares on facts the pipeline prepared, in the order of the table. Fails
 * closed: overflow, an unknown instrument or a missing reference denies. Assumes the worst: that every
 * open order on our side fills. The denial text is made from the numbers, in one place. Cancels never
 * pass through here: nothing may stop them.
 *
 * Words used below. Ref: the mid of the LIVE book. An order *reduces* when it, and every open order on
 * its side, could fill without turning the position over; only that part of an order counts as exposure
 * which is beyond it. A value at a limit passes, one unit more denies.
 *
 * What gets through where others do not:
 *   flatten  (the operator's word; the strategy host takes the flag from strategies' intents) always is
 *            reduce-only and price-bounded. It passes PAUSED, REDUCING and, once for each instrument and
 *            owner in a kill, KILL; not HALTED (`reduce` first), not observation. The position bounds its size, so
 *            MAX_QTY, MAX_VALUE, MAX_OPEN_VALUE and MAX_OPEN_N do not; MSG_RATE lets it use the reserve
 *            of the cancels (half as much again). As MARKET its bound comes from the book, which must be
 *            LIVE; as LIMIT the operator typed the worst price, and a book that is not LIVE neither stops
 *            nor measures it.
 *   reduces  DAILY_LOSS, DRAWDOWN, MAX_GROSS, VOLATILITY and BALANCE on futures do not stop it; MAX_OPEN_VALUE and
 *            MAX_OPEN_N neither, if it cannot rest (MARKET, IOC).
 *   manual   PAUSED (the trader works on, but not in a window of the schedule), DUPLICATE (the screen asks instead; what
 *            came without a screen is judged unless its sender says `again`), limits of one strategy.
 * What a monitor tripped (a strategy disabled, a symbol halted) lets nothing out but a flatten, until an
 * operator clears it.
 */
#ifndef RISK_GATE_H
#define RISK_GATE_H

#include "core/domain/instrument.h"
#include "core/domain/intent.h"
#include "core/domain/market_ref.h"
#include "core/domain/order.h"
#include "core/domain/position.h"
#include "core/domain/trading_state.h"
#include "risk/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stable codes: the order is the order of judgement. */
enum risk_code {
    RISK_PASS = 0,
    RISK_KILL,
    RISK_MODE,
    RISK_HALTED,
    RISK_REDUCING,
    RISK_NOT_LEADER,
    RISK_PAUSED,
    RISK_SYMBOL_STATE,
    RISK_STALE_BOOK,
    RISK_CLOCK,
    RISK_LATENCY,
    RISK_FILTER,
    RISK_MAX_QTY,
    RISK_MAX_VALUE,
    RISK_COLLAR,
    RISK_COLLAR_WINDOW,
    RISK_VOLATILITY,
    RISK_MAX_POS,
    RISK_MAX_GROSS,
    RISK_MAX_OPEN_VALUE,
    RISK_MAX_OPEN_N,
    RISK_MSG_RATE,
    RISK_REQ_WEIGHT,
    RISK_REPEAT,
    RISK_REJECT_STORM,
    RISK_DUPLICATE,
    RISK_SELF_TRADE,
    RISK_BALANCE,
    RISK_DAILY_LOSS,
    RISK_DRAWDOWN,
    RISK_TRADE_LOSS,
    RISK_LOSS_STREAK,
    RISK_ORDER_TO_TRADE,
    RISK_REDUCE_ONLY,
    RISK_GATE_END, /* those from here on watch the whole process, not one order */
    RISK_COMPARE = RISK_GATE_END,
    RISK_CRASH_LOOP,
    RISK_CANCEL_ON_EXIT,
    RISK_DEADMAN,
    RISK_POST_TRADE,
    RISK_LIMIT_CHANGE,
    RISK_SELFTEST,
    RISK_ATTEST,
    RISK_CODES
};

/* gate: judges each order. monitor: watches over time, its trip is a state that the gate reads. */
enum risk_place { RISK_PLACE_GATE, RISK_PLACE_MONITOR, RISK_PLACE_PROCESS };

enum risk_answer { RISK_ANSWER_PASSED, RISK_ANSWER_ADJUSTED, RISK_ANSWER_DENIED };

/*
 * What the gate knows of one instrument; the pipeline keeps it current. To judge a replace, fill it as if the
 * replaced order were gone: the changed order is then judged like a new one.
 */
struct risk_instrument {
    int64_t position_lots;         /* all owners */
    int64_t open_lots[SIDE_COUNT]; /* left of every open, in-flight or unknown order, reduce-only ones too */
    int64_t open_value_e8[SIDE_COUNT];
    int64_t open_orders;
    int64_t best_own_ticks[SIDE_COUNT]; /* our best resting price, 0: none (SELF_TRADE) */
    int64_t position_value_e8;          /* absolute, at mark */
    int64_t owner_position_lots;        /* of the intent's owner alone */
    int64_t owner_open_lots[SIDE_COUNT];
    int64_t day_net_e8;    /* realised + unrealised - fees since 00:00 UTC, all owners */
    int64_t stale_ms;      /* risk_gaps_stale_ms(); 0 or less than the configured one: that one */
    int64_t volatility_bp; /* risk_monitor_volatility_bp(); below 0: cannot be told, denies */
    bool listed;           /* on the explicit list; asked for in live mode only */
};

/* What the gate knows of one owner, over all instruments of the account. */
struct risk_owner {
    int64_t gross_value_e8; /* worst case: positions at mark, and open orders that add to them */
    int64_t day_net_e8;     /* realised + unrealised - fees since 00:00 UTC */
};

/*
 * Slots of 100 ms. A window of n seconds reads 10 n + 1 of them, the newest being the current one, so that
 * it covers n whole seconds wherever in its slot a message fell: no sliding second ever holds more
 * messages than rate_1s says.
 */
#define RISK_RATE_SLOT_NS  INT64_C(100000000)
#define RISK_RATE_SLOTS_1S 11
#define RISK_RATE_SLOTS    601 /* one minute */

/* Orders of one owner that DUPLICATE remembers; one more within its window is denied as if it were equal. */
#define RISK_RECENT_MAX 16

struct risk_recent {
    int64_t ts_ns, price_ticks, stop_ticks, trail_ticks, qty_lots;
    uint64_t parent;
    uint16_t instrument_id;
    uint8_t side;
};

struct risk_state {
    enum trading_mode mode;
    enum trading_state state;
    enum trading_state
        beneath; /* what stands when state ends, risk_state_enter(); ACTIVE, where it is not told there */
    bool kill;   /* the flag of the sending function, read again right before each send */
    bool strategy_paused[OWNERS_MAX];
    bool calendar_paused; /* inside a window of the schedule: nobody's orders, but an operator's flatten */
    uint16_t kill_flattened[INSTRUMENTS_MAX]; /* bit of an owner: the one flatten of this kill is out */
    int64_t equity_start_day_e8;              /* baseline of 00:00 UTC; above 0 once known */
    int64_t equity_e8, equity_peak_e8;
    int64_t gross_value_e8; /* all instruments: positions at mark, and open orders */
    int64_t free_quote_e8;  /* cash not reserved by open buys */
    int64_t open_orders_total;
    /* sliding windows of messages, by event time */
    uint16_t rate_slot[RISK_RATE_SLOTS];
    int64_t rate_slot_now;                                  /* index of the newest slot since the epoch */
    int64_t rate_1s, rate_60s;                              /* sums kept current */
    struct risk_recent recent[OWNERS_MAX][RISK_RECENT_MAX]; /* ring */
    uint32_t remembered[OWNERS_MAX];                        /* in all: the ring's next place */
    struct risk_owner owner[OWNERS_MAX];
    /* what tripped, as enum risk_code; 0: nothing. An operator clears it (risk_monitor_enable_owner() ...) */
    uint8_t owner_disabled[OWNERS_MAX];
    uint8_t symbol_halted[INSTRUMENTS_MAX];
    uint8_t halted_by; /* the monitor that halted everything */
    /* live mode asks for these; elsewhere they are judged once they are known */
    int64_t leader_term_ns;              /* of the lease; 0: none */
    int64_t leader_beat_ns;              /* our own last heartbeat */
    bool private_live;                   /* the stream of our own orders */
    bool clock_known;                    /* live mode only */
    int64_t clock_offset_ns;             /* against the venue's time */
    int64_t weight_used, weight_allowed; /* of the venue's window; allowed 0: unknown */
    /* Since the owner zeroed them. An order that was denied, and a trip: a monitor or a watch over the process that stopped
     * something. A trip denies no order itself; what it stops is denied, and counted, once an order comes. */
    uint64_t denials[RISK_CODES], trips[RISK_CODES];
    int64_t denied_ns[RISK_CODES], tripped_ns[RISK_CODES]; /* last time, 0: never */
};

struct risk_verdict {
    enum risk_answer answer;
    enum risk_code code;  /* why denied or adjusted */
    int64_t qty_lots;     /* passed or adjusted: what may be sent; denied: 0 */
    int64_t value, limit; /* numbers of the denial, in `unit`; of an adjustment: what was asked for */
    enum risk_unit unit;
    const char *name;  /* static: what `value` is; NULL: "value" */
    const char *bound; /* static: what `limit` is; NULL: "limit" */
};

/* Pure: same inputs, same verdict; changes nothing. Call risk_state_advance() to ref->now_ns first. */
struct risk_verdict risk_gate_check(const struct risk_limits *limits, const struct risk_state *state,
                                    const struct risk_instrument *at, const struct instrument *instrument,
                                    const struct market_ref *ref, const struct order_intent *intent);
/* What a side may still sell of a long (buy of a short) when its open orders have filled; >= 0. */
int64_t risk_reducible_lots(int64_t position_lots, int64_t open_lots, enum side side);

/* Books a message (new, amend, cancel, rejected count too) and, if an order passed, remembers it. */
void risk_state_init(struct risk_state *state);
/*
 * Another state, and what is left of the one before beneath it, so that none loosens by accident: PAUSED keeps REDUCING, which
 * a resume leads back to; HALTED keeps PAUSED, but not the schedule's own pause (schedule_holds); KILLED keeps REDUCING, and
 * HALTED as REDUCING, for the PAUSED that a cleared kill leaves. The same state again changes nothing.
 */
void risk_state_enter(struct risk_state *state, enum trading_state to, bool schedule_holds);
/* Only what makes a position smaller may leave: REDUCING, or PAUSED while that. */
bool risk_state_only_reduces(const struct risk_state *state);
/* A position may become larger, by hand at least: ACTIVE, or PAUSED but not while REDUCING. What is tighter stays as it is. */
bool risk_state_may_add(const struct risk_state *state);
void risk_state_count_message(struct risk_state *state, int64_t now_ns);
void risk_state_remember(struct risk_state *state, const struct order_intent *intent, int64_t now_ns);
/* The instrument's steps became finer. */
void risk_state_rescale(struct risk_state *state, uint16_t instrument_id, struct step_change change);
void risk_state_count_denial(struct risk_state *state, enum risk_code code, int64_t now_ns);
void risk_state_count_trip(struct risk_state *state, enum risk_code code, int64_t now_ns);
/* Slides the rate windows; the gate itself reads rate_1s and rate_60s. Forgets a kill that is over. */
void risk_state_advance(struct risk_state *state, int64_t now_ns);

const char *risk_code_word(enum risk_code code); /* "MAX_VALUE" */
const char *risk_code_help(enum risk_code code); /* one line: what it limits */
enum risk_place risk_code_place(enum risk_code code);
const char *risk_place_word(enum risk_place place); /* "gate", "monitor", "process" */
#define RISK_NUMBER_SIZE 64
/* "1236.84", "1000 ms", "0.5 %": all digits if exact, else money with two places. instrument: read for
 * LOTS and TICKS only. Returns out. */
const char *risk_number_text(enum risk_unit unit, int64_t number, const struct instrument *instrument,
                             bool exact, char out[RISK_NUMBER_SIZE]);
/* "MAX_VALUE value=1236.84 limit=1000.00"; for PASS "pass". Returns out. */
const char *risk_verdict_text(const struct risk_verdict *verdict, const struct instrument *instrument,
                              char *out, size_t out_size);

/*
 * What the monitor sees: DAILY_LOSS or DRAWDOWN when that limit is passed, RISK_PASS if none (or no
 * baseline is known yet: the gate itself denies then). The caller makes ACTIVE and PAUSED into HALTED;
 * in REDUCING the loss stands, and the way out must stay open. Never trades.
 */
enum risk_code risk_monitor_check(const struct risk_limits *limits, const struct risk_state *state);

#endif
