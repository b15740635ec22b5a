/*
 * monitor.h - watches over time: repeats, rejections, losing trips, jumps of the mid, latency, losses. Pure.
 *
 * The pipeline notes what happens and asks risk_monitor_run() after each event; it answers with what to do, the
 * pipeline does it: risk_state_carry_out() sets the state that the gate reads, cancelling and halting are the
 * pipeline's. An action is told again at each run until the state says that it was carried out. Nothing here
 * ends by itself: an operator enables, clears or says go, and counting begins anew.
 *
 * Windows: n times within w means that less than w lies between the first and the last of them; the n-th trips,
 * so that exactly n got out. Of the manual owner only what concerns its instrument or everybody is watched.
 *
 * Ref 60 s ago: the last mid of the second 60 s before this one, or the oldest known while there is less.
 * Volatility: root of the sum of the squared moves of the mid from second to second, over the last 60 whole
 * seconds, in bp of itself. Seconds without a mid keep the one before; after 61 of them all begins anew.
 */
#ifndef RISK_MONITOR_H
#define RISK_MONITOR_H

#include "risk/gate.h"

#define RISK_TIMES_MAX   1000 /* most of repeat_n and reject_n */
#define RISK_REF_SECONDS 61
#define RISK_OTR_SLOTS   61 /* minutes: an hour and the current one */
#define RISK_ACTIONS_MAX 16 /* of one run; the rest is told by the next */

enum risk_latency { RISK_LATENCY_ENGINE, RISK_LATENCY_FEED, RISK_LATENCY_ANSWER, RISK_LATENCIES };

struct risk_times { /* ring of the last times of something */
    uint32_t noted; /* in all */
    int64_t ns[RISK_TIMES_MAX];
};

struct risk_owner_watch {
    struct risk_times entries, fills, rejects;
    int64_t streak;     /* losing round trips in a row */
    int64_t trip_worst; /* largest loss of one, e8 > 0; 0: none */
    int64_t otr_minute; /* of the newest slot since the epoch */
    int64_t messages_1h, fills_1h;
    uint32_t messages[RISK_OTR_SLOTS], filled[RISK_OTR_SLOTS];
    bool otr_warned; /* told once until the ratio is back */
};

struct risk_symbol_watch {
    int64_t second; /* of the newest sample since the epoch */
    uint32_t known; /* seconds in the ring, the current one too */
    int64_t ref2[RISK_REF_SECONDS];
    int64_t move2_ppm2[RISK_REF_SECONDS]; /* squared move into that second */
    int64_t sum_ppm2;                     /* of the whole seconds in the ring */
    int64_t streak, trip_worst;
    int64_t day_net_e8;
};

struct risk_latency_watch {
    int64_t last_ns;       /* newest sample */
    int64_t over_since_ns; /* event time; 0: within the limit */
};

struct risk_monitor {
    struct risk_owner_watch owner[OWNERS_MAX];
    struct risk_symbol_watch symbol[INSTRUMENTS_MAX];
    struct risk_latency_watch latency[RISK_LATENCIES];
    int64_t streak, trip_worst; /* everybody's */
    bool clock_warned;
    uint32_t owners_noted; /* bits: to be looked at by the next run */
    uint64_t symbols_noted;
};

enum risk_action_kind { RISK_ACT_WARN, RISK_ACT_DISABLE_OWNER, RISK_ACT_HALT_SYMBOL, RISK_ACT_HALT };

struct risk_action {
    enum risk_action_kind kind;
    uint16_t owner;          /* WARN and DISABLE_OWNER; OWNERS_MAX: nobody's */
    uint16_t instrument_id;  /* HALT_SYMBOL */
    struct risk_verdict why; /* DENIED, with code and numbers, for risk_verdict_text() */
};

struct risk_actions {
    size_t count;
    struct risk_action action[RISK_ACTIONS_MAX];
};

/* About 0.5 MB: static or in a struct that is. */
void risk_monitor_init(struct risk_monitor *monitor);
void risk_monitor_rescale(struct risk_monitor *monitor, uint16_t instrument_id, struct step_change change);

/* A message of an owner left: new, amend or cancel. entry: a new order that adds exposure. */
void risk_monitor_sent(struct risk_monitor *monitor, uint16_t owner, bool entry, int64_t now_ns);
/* first: of its order. */
void risk_monitor_fill(struct risk_monitor *monitor, uint16_t owner, bool first, int64_t now_ns);
void risk_monitor_reject(struct risk_monitor *monitor, uint16_t owner, int64_t now_ns);
/* A round trip of an owner in an instrument ended flat, fees included in its net. */
void risk_monitor_trip(struct risk_monitor *monitor, uint16_t owner, uint16_t instrument_id, int64_t net_e8);
/* The mid of a LIVE book, at each event: twice it, in ticks. */
void risk_monitor_ref(struct risk_monitor *monitor, uint16_t instrument_id, int64_t mid2_ticks,
                      int64_t now_ns);
/* Result of the day of one instrument, all owners: marked to market at each event. */
void risk_monitor_symbol_net(struct risk_monitor *monitor, uint16_t instrument_id, int64_t day_net_e8);
void risk_monitor_latency(struct risk_monitor *monitor, const struct risk_limits *limits,
                          enum risk_latency kind, int64_t latency_ns, int64_t now_ns);

/*
 * What is to be done now; clears *out first. The account losses are those of the account that *state has
 * loaded: with several, risk_monitor_check() for the others.
 */
void risk_monitor_run(struct risk_monitor *monitor, const struct risk_limits *limits,
                      const struct risk_state *state, int64_t now_ns, struct risk_actions *out);
/* Sets what the gate reads and counts the trip. The caller cancels, and where it says so makes the state HALTED. */
void risk_state_carry_out(struct risk_state *state, const struct risk_action *action, int64_t now_ns);

/* An operator's word; counting begins anew. go: after RISK_ACT_HALT. */
void risk_monitor_enable_owner(struct risk_monitor *monitor, struct risk_state *state, uint16_t owner);
void risk_monitor_clear_symbol(struct risk_monitor *monitor, struct risk_state *state,
                               uint16_t instrument_id);
void risk_monitor_go(struct risk_monitor *monitor, struct risk_state *state);

/* For struct risk_instrument, for eyes: rounded up. -1: cannot be told. */
int64_t risk_monitor_volatility_bp(const struct risk_monitor *monitor, uint16_t instrument_id);
/* Move of the mid from 60 s ago, rounded up, sign dropped; 0 before there are two seconds. */
int64_t risk_monitor_window_bp(const struct risk_monitor *monitor, uint16_t instrument_id);
/* How many of them lie within the window that ends now. */
int64_t risk_times_within(const struct risk_times *times, int64_t window_ns, int64_t now_ns);

#endif
