/*
 * pipeline.h - the engine: one pass, one thread, one event after the other. Start reading here.
 *
 *   feed event -> book_sync -> order_book, tape, candles -> signals -> strategies -> execution -> risk gate
 *     -> the one sending function -> gateway (paper broker) -> answers -> orders, ledger -> records, view
 *
 * A pure state machine over events: no clock, no socket, no file, no allocation once the instruments are known,
 * no randomness. The same events give the same decisions byte for byte; decision_log_hash() proves it.
 *
 * The engine's files, in the order in which an event meets them:
 *   pipeline.c       one function for each kind of event; timers; what is told to whom
 *   market_state.c   what is kept of one instrument; instruments.c takes them in; warm_up.c the time before the start
 *   book_trust.c     what makes a book doubtful; book_audit.c, ticker_check.c compare it with the venue's words
 *   strategies.c     what the strategies see and want, and what becomes of their goals (exec/execution.h)
 *   strategy_states.c on, off, paused, disabled, replaced by a new version
 *   trading.c        the way of an intent: judged (risk/gate.h), approved once (risk/approval.h), sent, cancelled
 *   answers.c        what the gateway says: order states, fills, the ledger
 *   groups.c         OCO and brackets (exec/order_group.h)
 *   holdings.c       whose share of the position is whose; reduce-only orders are cut to what is left
 *   money.c          what is at stake: exposure, reserved funds, equity, funding
 *   day_figures.c    what the controls have counted on this UTC day, over restarts
 *   monitoring.c     what the risk monitors see (risk/monitor.h) and what is done for them
 *   calendar.c       pauses of the schedule (schedule.h)
 *   operator*.c      commands of the trader: orders, states, settings, ways out of a position
 *   kill.c           the kill: cancels, confirms, asks again, reports
 *   journal.c        what people and the store are told; decision_log.c what the hash is over
 *   journal_states.c what a start after a crash needs of it; recovery*.c put it back
 *
 * Around it, with clocks, sockets and files: engine*.c is the thread that feeds it (recording or live) and takes
 * commands, view_*.c and ladder_view.c the frames that the screen shows, trail*.c the journal that it reads itself,
 * system_look.c what the kernel tells of the process, plugins.c loads strategies, deadman.c and
 * kill_keeper.c outlive it, options.c and *_options.c make its configuration, run.c and command_*.c put it together.
 */
#ifndef APP_PIPELINE_H
#define APP_PIPELINE_H

#include "app/day_figures.h"
#include "app/decision_log.h"
#include "app/market_state.h"
#include "app/pipeline_config.h"
#include "app/recovery.h"
#include "core/base/timer_heap.h"
#include "core/domain/command.h"
#include "core/strategy/instance.h"
#include "exec/execution.h"
#include "exec/gateway.h"
#include "exec/order_group.h"
#include "exec/order_manager.h"
#include "exec/paper_broker.h"
#include "feed/decoder.h"
#include "plugin/plugin_strikes.h"
#include "risk/approval.h"
#include "risk/attest.h"
#include "risk/gate.h"
#include "risk/monitor.h"
#include "risk/selftest.h"
#include "store/record.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PIPELINE_NOTES_MAX   64                 /* lines of the screen's log kept */
#define PIPELINE_ANSWERS_MAX 8                  /* answers to commands kept */
#define PIPELINE_FILLS_MAX   128                /* newest fills kept for the screen */
#define PIPELINE_DENIALS_MAX 16                 /* newest denials kept for the screen */
#define PIPELINE_EQUITY_MAX  60                 /* points of the equity line */
#define PIPELINE_BELL_TEXT   128                /* the longest names, and what to do about it */
#define PIPELINE_TICK_NS     INT64_C(100000000) /* signals and monitors: each 100 ms of event time */
#define PIPELINE_BEHIND_MS   250 /* live: an update this much older than its arrival is as old as it is */
#define PIPELINE_ANSWER_NS                                                                                   \
    INT64_C(15000000000)                    /* a request without an answer is UNKNOWN then, and asked for */
#define PIPELINE_LATE_NS INT64_C(200000000) /* live: a tick later than this comes alone, and now */
#define PIPELINE_JUMP_NS INT64_C(600000000000) /* a longer silence of the whole feed is skipped, not ticked */

#define PIPELINE_MEMORY_NS    INT64_C(10000000000) /* what a strategy remembers is kept so often */
#define PIPELINE_FEEDBACK_MAX 512 /* fills and ends of orders that strategies have not heard of yet */

struct pipeline_counts {
    uint64_t events; /* inputs of the engine */
    uint64_t intents, denied, adjusted, sent, filled, cancelled, rejected, fills;
    uint64_t duplicates; /* answers that came twice */
    uint64_t errors;     /* of our own: the venue and we disagreed, a bound was reached */
};

enum note_level { NOTE_INFO, NOTE_GOOD, NOTE_WARNING, NOTE_BAD };

enum pipeline_timer { TIMER_TICK = 1, TIMER_GATEWAY, TIMER_STRATEGY };

struct note { /* one line of the screen's log */
    uint64_t seq;
    enum note_level level;
    int64_t ts_ns;
    char text[96];
};

struct denial {   /* of the gate */
    uint64_t seq; /* from 1, of this run */
    int64_t ts_ns;
    enum risk_code code;
    struct order_intent intent;
    char by[24];   /* as pipeline.by */
    char text[96]; /* the numbers */
};

struct answer {     /* to a command */
    uint8_t screen; /* of the command */
    uint32_t seq;
    enum note_level level;
    char text[160];
};

#define GATE_SAMPLES_MAX 128

struct gate_times { /* of every 16th check: the others do not pay for it */
    uint64_t checks, samples;
    int64_t ns[GATE_SAMPLES_MAX]; /* ring */
};

#define KILL_REPORT_MAX ORDERS_OPEN_MAX /* each is told */

struct kill_report {
    bool active;
    bool flattens;       /* asked for with this kill, whatever kill.flatten says */
    bool under_way;      /* its first cancels leave right now */
    bool waits_for_book; /* a position to be closed whose book is not LIVE: told once */
    uint32_t rounds, flatten_tries;
    int64_t again_ns, flatten_ns; /* next time cancels are asked for again, next try to close */
    int64_t start_ns, quiet_ns;   /* quiet 0: not yet */
    char by[24];                  /* "by key K" */
    uint32_t total, confirmed;
    uint32_t orders;
    struct killed_order {
        struct order order; /* as it was, then as it ended; until then kill_order_now() knows more */
        int64_t sent_ns, answered_ns; /* answered 0: not yet */
    } order[KILL_REPORT_MAX];
};

#define CALL_BINS 32

struct owner {
    char name[OWNER_NAME_SIZE];
    struct strategy_instance *strategy; /* NULL: manual */
    bool on, paused;
    bool started;     /* its START callback ran */
    bool remembered;  /* it was asked to restore what it saved in an earlier run */
    bool disabled;    /* by a control or a fault: off until a human turns it on again */
    char why_off[96]; /* off, paused or disabled: why */
    uint64_t fills, faults, strikes;
    struct plugin_strikes late;   /* callbacks over their budget */
    uint32_t call_bin[CALL_BINS]; /* callbacks by powers of two of ns; live only */
    int64_t call_max_ns;
};

#define PIPELINE_LATES_MAX 8 /* of one turn of the host; more say nothing new */

struct late_call { /* a callback that took longer than its budget; live only */
    uint16_t owner;
    uint32_t call;
    int64_t took_ns;
};

struct feedback { /* for a strategy, told once the answers of a call are booked */
    uint16_t owner;
    bool is_fill;
    struct order order;
    struct fill fill;
    const char *code; /* static; NULL: none */
};

struct account { /* of one quote asset */
    char quote[ASSET_SIZE];
    int64_t start_e8;
    int64_t cash_e8;           /* start + cash flows - fees, but for those that another asset paid */
    int64_t fees_elsewhere_e8; /* what these were worth */
    int64_t fee_asset_e8;      /* and what was paid of that asset */
    int64_t equity_e8, peak_e8, max_drawdown_e8, day_start_e8;
    int64_t day; /* days since the epoch of day_start */
};

#define ACCOUNTS_MAX 8

struct pipeline {
    struct pipeline_config config;
    struct record_sink sink;
    int64_t now_ns;
    uint64_t input_seq;
    struct timer_heap timers;
    int64_t tick_ns; /* next tick, 0 before the first event */
    size_t markets;
    struct market_state *market[INSTRUMENTS_MAX];
    uint16_t market_account[INSTRUMENTS_MAX];
    size_t accounts;
    struct account account[ACCOUNTS_MAX];
    struct risk_state risk;
    struct risk_monitor monitor;
    struct risk_approvals approvals; /* out is compared with in */
    struct risk_selftest selftest;
    struct risk_worst worst;
    struct day_figures day;                /* what the controls count is of this UTC day */
    int64_t compare_ns, compared_ns;       /* POST_TRADE: next and last comparison with the venue */
    bool differed;                         /* the last one found a difference */
    int64_t limit_changed_ns[RISK_LIMITS]; /* by an operator; 0: as configured */
    int64_t configured_limit[RISK_LIMITS];
    int64_t memory_ns; /* when the strategies' memories are told next */
    struct order_manager *orders;
    struct paper_broker *broker; /* over another gateway it knows no instrument: nothing happens in it */
    struct gateway gateway;
    int64_t gateway_due_ns;          /* of the timer that is armed for it; INT64_MAX: none */
    struct gateway_answers *answers; /* scratch of one gateway call */
    struct order_groups *groups;     /* OCO and brackets */
    struct execution *execution;
    size_t lates;
    struct late_call late[PIPELINE_LATES_MAX]; /* for the host, which makes strikes of them */
    size_t feedbacks;
    struct feedback *feedback; /* PIPELINE_FEEDBACK_MAX */
    bool settling;
    uint64_t correlation_id;
    size_t owners;
    struct owner owner[OWNERS_MAX];
    struct decision_log *decisions;
    struct pipeline_counts counts;
    char state_why[96];
    int64_t state_since_ns;
    int32_t state_cancelled;
    struct kill_report kill;
    struct store_kill last_kill; /* the newest one, of this run or of one before */
    /* histories for the screen */
    uint64_t note_seq;
    struct note note[PIPELINE_NOTES_MAX];
    uint64_t answer_count;
    struct answer answer[PIPELINE_ANSWERS_MAX];
    uint64_t placed_seq; /* the order of the newest COMMAND_ORDER; 0: it was denied */
    uint64_t fill_count;
    struct fill fill[PIPELINE_FILLS_MAX];
    bool base_given[PAPER_BASES_MAX]; /* or never will be */
    char by[24]; /* who gave the command that is carried out: "by you", "by socket"; "": none is */
    uint64_t denial_count;
    int64_t denial_second; /* event time in which denials_told were told one by one */
    uint32_t denials_told, denials_untold;
    struct denial denial[PIPELINE_DENIALS_MAX];
    struct gate_times gate;
    uint64_t closed_count;
    size_t equity_points;
    int64_t equity_e8[PIPELINE_EQUITY_MAX];
    int64_t equity_step_ns, equity_next_ns;
    uint64_t bell_seq;
    char bell_why[PIPELINE_BELL_TEXT];
    /* a strategy of whose orders it tells; OWNER_MANUAL: it concerns the trader at once */
    uint16_t bell_owner;
    uint64_t
        bell_ours_seq; /* the newest that concerns the trader: a strategy's that rings behind it does not hide it */
    char bell_ours_why[PIPELINE_BELL_TEXT];
    int64_t clock_offset_ms; /* live: venue minus ours, as last measured */
    bool preview_set;
    uint32_t preview_seq;
    struct order_intent preview;
    uint64_t
        preview_moves; /* the order that the previewed one takes the place of; 0: none, it is a new one */
    bool leaving;      /* an orderly end waits for its cancels: nothing new leaves */
    bool sink_full;    /* the store takes nothing any more: no way back to ACTIVE */
    uint64_t moved_instruments; /* bit by id: positions moved by the answers being taken */
    uint64_t closing;           /* likewise: a flatten waits there for its cancels */
    uint64_t room_moved;        /* likewise: orders or positions, so that brackets may close more or less */
    bool trimming, grouping;
    bool closes_unwritten; /* storage has failed, and an operator's :reduce lets positions be closed */
    bool calendar_holds;   /* the state PAUSED is the schedule's and ends with its window */
    struct journal_states *journaled; /* what the journal has of each state */
    struct recovery_report recovery;
    bool recovering; /* what an earlier run left is not all put back and compared yet: nothing new leaves */
};

struct pipeline *pipeline_new(const struct pipeline_config *config,
                              const struct record_sink *sink); /* NULL: memory */
void pipeline_free(struct pipeline *pipeline);                 /* NULL is allowed */

/* One event of the feed; timers due at or before it fire first. */
void pipeline_on_feed(struct pipeline *pipeline, const struct feed_event *event);
/* Time passes without an event (live, and a paced replay). */
void pipeline_on_time(struct pipeline *pipeline, int64_t now_ns);
/* Would an event of that time end a silence that is skipped? Then no host lets time pass before it, or the pace
 * of a replay would change what is decided. */
bool pipeline_skips_to(const struct pipeline *pipeline, int64_t now_ns);
/* operator.c: what a key, a signal or a file asks; the answer is in pipeline->answer. */
void pipeline_on_command(struct pipeline *pipeline, const struct command *command);
/* The book of this instrument waits for a snapshot that nothing held can take the place of: the host asks the venue. */
bool pipeline_needs_snapshot(const struct pipeline *pipeline, uint16_t instrument_id);
/* Live: by this the age of what comes late (a stalled line, then its backlog) is known. */
void pipeline_set_clock_offset(struct pipeline *pipeline, int64_t offset_ms);
/* Before the first event: an earlier run was killed and nobody has cleared it. */
void pipeline_start_killed(struct pipeline *pipeline, const char *why);
/* An orderly end: open orders are cancelled (exit.orders), and what is on its way to and from the gateway arrives. */
void pipeline_leave(struct pipeline *pipeline);
/* The input ends: comparisons that wait are decided. */
void pipeline_end(struct pipeline *pipeline);

struct market_state *pipeline_find(struct pipeline *pipeline, const char *symbol);
uint16_t pipeline_owner_by_name(const struct pipeline *pipeline,
                                const char *name); /* UINT16_MAX: there is none */
struct account *pipeline_account(struct pipeline *pipeline, uint16_t instrument_id);

/* NULL: there is none. */
static inline struct market_state *market_at(const struct pipeline *pipeline, uint16_t instrument_id)
{
    return instrument_id < pipeline->markets ? pipeline->market[instrument_id] : NULL;
}

/* --- between the files of the engine ------------------------------------------------------------------ */

/* pipeline.c: what an input brought about is settled, and told to the store as one step. Whatever enters the engine ends so: what
 * waits for the next input is lost with the process. */
void pipeline_end_input(struct pipeline *pipeline);
/* Tells people and the decision hash if the book's state changed, and stops what trades on it. */
void pipeline_book_state(struct pipeline *pipeline, struct market_state *market);

/* instruments.c: an instrument that is new or has changed, and its finer steps. */
void pipeline_on_instrument(struct pipeline *pipeline, const struct instrument *instrument);
void pipeline_on_steps(struct pipeline *pipeline, struct market_state *market, struct step_change change);

/* book_trust.c */
void trust_loaded(struct market_state *market, const struct depth_snapshot *snapshot);
/* After an update is in the book. False: the book is doubted, no update may follow. */
bool trust_applied(struct pipeline *pipeline, struct market_state *market, const struct depth_update *update);
void trust_on_quote(struct pipeline *pipeline, struct market_state *market, const struct best_quote *quote);
void trust_on_time(struct pipeline *pipeline, struct market_state *market); /* each tick */
void trust_on_link(struct pipeline *pipeline, struct market_state *market, enum feed_link link,
                   const char *why);
void trust_on_audit(struct pipeline *pipeline, struct market_state *market,
                    const struct depth_snapshot *snapshot);
void trust_lost(struct market_state *market); /* not LIVE any more */
/* Puts a gap or a refused update into words; other causes have said theirs. */
void trust_why(struct market_state *market);

/* strategies.c: what they see and want; strategy_states.c: on, paused, disabled, replaced */
bool strategies_open(struct pipeline *pipeline); /* false: memory, or a strategy cannot run as configured */
/* Its wishes are carried out: on, not paused, in a mode and a state that trade. */
bool strategies_may_trade(const struct pipeline *pipeline, const struct owner *owner);
void strategies_close(struct pipeline *pipeline);
void strategies_add_instrument(struct pipeline *pipeline, const struct instrument *instrument);
void strategies_on_market(struct pipeline *pipeline, struct market_state *market);
void strategies_on_trade(struct pipeline *pipeline, struct market_state *market, const struct trade *trade);
void strategies_on_timer(struct pipeline *pipeline, uint32_t arg);
/* The book is gone: goals on it are forgotten. */
void strategies_forget(struct pipeline *pipeline, struct market_state *market);
/* Of one owner, or of all who own orders or a position there. */
void strategies_pause(struct pipeline *pipeline, uint16_t owner, bool paused, const char *why);
void strategies_disable(struct pipeline *pipeline, uint16_t owner, const char *why);
/* A new version of the same strategy runs from now on; the old instance is the host's to end. */
void strategies_swap(struct pipeline *pipeline, uint16_t owner, struct strategy_instance *instance,
                     const char *line);
void strategies_turn(struct pipeline *pipeline, uint16_t owner, bool on);
/* For later: a fill, or an order's end or denial. */
void strategies_hear_fill(struct pipeline *pipeline, const struct order *order, const struct fill *fill);
void strategies_hear_order(struct pipeline *pipeline, const struct order *order, const char *code);
/* One callback and what it wants done; for the files of the strategies. */
void strategies_call(struct pipeline *pipeline, uint16_t owner, struct strategy_event *event);
/* Tells what was heard, and does what is wanted upon it. Nothing to do inside of itself. */
void strategies_settle(struct pipeline *pipeline);

/* trading.c */
struct risk_verdict trading_intent(struct pipeline *pipeline, struct market_state *market,
                                   const struct order_intent *intent, uint64_t *order_seq);
struct risk_verdict trading_judge(struct pipeline *pipeline, struct market_state *market,
                                  const struct order_intent *intent);
/* What the gate lets that way out reduce at most, as if the order without_seq were gone (0: none). */
int64_t trading_reducible_lots(struct pipeline *pipeline, struct market_state *market,
                               const struct order_intent *intent, uint64_t without_seq);
/* As if the order that it replaces were gone already. */
struct risk_verdict trading_judge_move(struct pipeline *pipeline, struct market_state *market,
                                       const struct order_intent *intent, uint64_t order_seq);
/* New price and total quantity of a working order; judged first. */
struct risk_verdict trading_replace(struct pipeline *pipeline, uint64_t order_seq, int64_t price_ticks,
                                    int64_t qty_lots);
void trading_cancel(struct pipeline *pipeline, uint64_t order_seq);
/* Though it was asked for already: the answer is missing. */
void trading_on_tick(struct pipeline *pipeline);
void trading_cancel_again(struct pipeline *pipeline, uint64_t order_seq);
/* Cancels open orders; ORDERS_ANY: any. keep_manual leaves the trader's. Returns how many were asked for. */
size_t trading_cancel_all(struct pipeline *pipeline, uint16_t instrument_id, uint16_t owner,
                          bool keep_manual);
/* Orders of strategies are cancelled; in REDUCING those by hand are cut, too, where they would
 * add. Returns how many of strategies. */
size_t trading_end_what_adds(struct pipeline *pipeline);
void trading_set_state(struct pipeline *pipeline, enum trading_state state, const char *why);
/* REDUCING; what is paused stays that and goes on REDUCING when it is resumed: a pause is never lost by it. */
void trading_reduce(struct pipeline *pipeline, const char *why);
/* PAUSED, or HALTED while it was: :go then leads to PAUSED. */
bool trading_is_paused(const struct pipeline *pipeline);
/* The disk or the database has failed: nothing new leaves until the next start, but what an operator's :reduce closes. */
void trading_storage_failed(struct pipeline *pipeline, const char *why);

/* denials.c */
void denials_tell(struct pipeline *pipeline, struct market_state *market, const struct order_intent *intent,
                  const struct risk_verdict *verdict);
/* Those of the last second that were not told one by one. */
void denials_on_tick(struct pipeline *pipeline);

/* answers.c */
/* Applies what the gateway answered, in order. No handler of an answer calls the gateway. */
void answers_take(struct pipeline *pipeline);

/* calendar.c */
void calendar_on_tick(struct pipeline *pipeline);
/* "open until ...", "closed: REASON until ..."; "no pauses are set". Returns out. */
const char *calendar_text(const struct pipeline *pipeline, char *out, size_t out_size);

/* groups.c */
void groups_see(struct pipeline *pipeline, const struct order *order);
void groups_adopt(struct pipeline *pipeline, const struct order *order); /* of the run before, oldest first */
/* What OCO and brackets want now. Nothing to do inside of itself. */
void groups_settle(struct pipeline *pipeline);

/* kill_last.c */
void kill_put_back(struct pipeline *pipeline, const struct store_record *record);
/* The kill that holds now began in a run before this one. */
bool kill_is_taken_over(const struct pipeline *pipeline);
/* What is known of the newest kill, if anything is. */
const struct store_kill *kill_last(const struct pipeline *pipeline); /* NULL: nothing */
/* "by key K, everything: 4 of 4 cancelled; quiet after 0.2 s; not cleared"; "": none is known. */
void kill_last_text(const struct pipeline *pipeline, char *out, size_t size);
/* As far as the kill of this run has come; and that it is cleared. */
void kill_note(struct pipeline *pipeline);
void kill_note_cleared(struct pipeline *pipeline);

/* kill.c */
void kill_order(struct pipeline *pipeline, const struct command *command);
void kill_clear(struct pipeline *pipeline, const struct command *command);
void kill_hear(struct pipeline *pipeline, const struct order *order); /* of each answer */
void kill_on_tick(struct pipeline *pipeline);
/* kill.order[index] as it is at this moment: while it waits for its cancel, that of the order manager. */
const struct order *kill_order_now(const struct pipeline *pipeline, uint32_t index);
bool kill_flattens(const struct pipeline *pipeline); /* by kill.flatten or by who killed */

/* operator.c and operator_close.c */
void operator_answer(struct pipeline *pipeline, const struct command *command, enum note_level level,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));
void operator_tell_verdict(struct pipeline *pipeline, const struct command *command,
                           struct market_state *market, const struct risk_verdict *verdict,
                           const struct order_intent *intent, uint64_t seq);
void operator_cancel_all(struct pipeline *pipeline, const struct command *command,
                         struct market_state *market);
void operator_flatten(struct pipeline *pipeline, const struct command *command, struct market_state *market);
void operator_reverse(struct pipeline *pipeline, const struct command *command, struct market_state *market);
/* Closes what waited for its cancels. */
void operator_settle_closes(struct pipeline *pipeline);

/* operator_settings.c */
void operator_set_parameter(struct pipeline *pipeline, const struct command *command);
void operator_strike(struct pipeline *pipeline, const struct command *command);
void operator_set_limit(struct pipeline *pipeline, const struct command *command);
void operator_clear_halt(struct pipeline *pipeline, const struct command *command);
void operator_latency(struct pipeline *pipeline, const struct command *command);

/* money.c */
/* What the broker paid or took for positions held over a funding time. */
void trading_take_funding(struct pipeline *pipeline);
/* What the gate asks of one instrument, an account and an owner; as if order without_seq were gone (0: none). */
struct risk_instrument trading_exposure(struct pipeline *pipeline, struct market_state *market,
                                        uint16_t owner, uint64_t without_seq);
void trading_load_account(struct pipeline *pipeline, uint16_t account_id, uint64_t without_seq);
void trading_load_owner(struct pipeline *pipeline, uint16_t account_id, uint16_t owner, uint64_t without_seq);
void trading_load_owner_net(struct pipeline *pipeline, uint16_t account_id,
                            uint16_t owner); /* its day alone */
int64_t trading_reserved_quote_e8(struct pipeline *pipeline, uint16_t account, uint64_t without_seq);
void trading_update_equity(struct pipeline *pipeline);
/* Since 00:00 UTC, realised, open and fees; OWNERS_MAX: all owners. */
int64_t trading_day_net_e8(const struct market_state *market, size_t owner);

/* monitoring.c */
void monitoring_run(struct pipeline *pipeline);
void monitoring_compare(struct pipeline *pipeline); /* each tick */
void monitoring_on_book(struct pipeline *pipeline, struct market_state *market);
void monitoring_on_fill(struct pipeline *pipeline, struct market_state *market, const struct order *order,
                        const struct fill *fill, uint64_t trips_before);

/* journal.c: what people and the store are told; journal_states.h has more */
void journal_push(struct pipeline *pipeline, struct store_record *record);
void journal_note(struct pipeline *pipeline, enum note_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void journal_audit(struct pipeline *pipeline, const struct market_state *market, const char *event,
                   const char *owner, const char *format, ...) __attribute__((format(printf, 5, 6)));
void journal_order(struct pipeline *pipeline, const struct order *order);
void journal_fill(struct pipeline *pipeline, const struct fill *fill);
void journal_story(struct pipeline *pipeline, uint64_t order_seq); /* once it has ended */
void journal_equity(struct pipeline *pipeline);
void journal_samples(struct pipeline *pipeline,
                     struct market_state *market); /* each tick: candles, signals */
void journal_instrument(struct pipeline *pipeline, const struct instrument *instrument);
void journal_liquidation(struct pipeline *pipeline, struct market_state *market,
                         const struct liquidation *liquidation);
void journal_bell(struct pipeline *pipeline, const char *why);
void journal_bell_of(struct pipeline *pipeline, uint16_t owner, const char *why); /* of an order of its */
void journal_decision(struct pipeline *pipeline, const char *kind, const struct market_state *market,
                      const struct order_intent *intent, int64_t price_ticks, int64_t qty_lots,
                      const char *code);

#endif
