/*
 * dst.h - one simulated world: the engine, a venue that is the truth, and everything between them that may fail.
 *
 *   world.c     time: what is due next happens next; crash and recovery; the end, with faults off
 *   mix.c       what a seed is made of: its faults and how often, its limits, its hands
 *   exchange.c  the truth: the exchange's own matching engine, people, every order and trade of ours
 *   feed.c      the public stream with its faults
 *   venue.c     the gateway: requests and answers over a network that loses, delays and repeats them
 *   hands.c     the trader, his commands, and what the machine under the engine does
 *   journal.c   the journal, its store thread, deaths and starts
 *   disk.c      the disk under it: full, failing, forgetting
 *   day.c       a day in which hours are short
 *   truth.c     what was committed: what a start must find
 *   second.c    a second instance, and the machine under both; second_turn.c: what each does; second_exercise.c: V4
 *   deposed.c   an old leader that goes on beside the new one
 *   rogue.c     a strategy whose answers no host may believe
 *   witness.c   what is seen of each message that leaves and each record that is told
 *   checks.c    what must hold after every step
 *   dst.c       seeds, twice each; what was found
 *
 * Numbers I1 to I30 and V1 to V5 are those of the invariants of the fault model (docs/simulation.md).
 */
#ifndef DST_H
#define DST_H

#include "app/pipeline.h"
#include "dst/disk.h"
#include "dst/second.h"
#include "sim/matching.h"
#include "store/journal_frame.h"
#include "store/recovered.h"
#include "unit/test_random.h"

#include <setjmp.h>

#define DST_MARKETS    2
#define DST_MS         INT64_C(1000000)
#define DST_SECOND     (1000 * DST_MS)
#define DST_MINUTE     (60 * DST_SECOND)
#define DST_DAY        (1440 * DST_MINUTE)
#define DST_WINDOW     8192 /* prices of a market: ticks 1.. */
#define DST_ORDERS_MAX 32768
#define DST_TRADES_MAX 65536
#define DST_LEVELS     512  /* of one message, a side */
#define DST_US         1000 /* our account at the exchange */
#define DST_PEOPLE_MAX 160  /* orders of people that rest */
#define DST_MESSAGES   131072
#define DST_ACCOUNT    "dst"

enum dst_fault {
    FAULT_GAP,
    FAULT_DUPLICATE_DEPTH,
    FAULT_REORDER_DEPTH,
    FAULT_DELAY_DEPTH,
    FAULT_FEED_DOWN,
    FAULT_FEED_SILENT,
    FAULT_STALE_SNAPSHOT,
    FAULT_LOST_REQUEST,
    FAULT_SLOW_REQUEST,
    FAULT_LOST_ANSWER,
    FAULT_LATE_ANSWER,
    FAULT_DUPLICATE_ANSWER,
    FAULT_REORDER_STREAM,
    FAULT_REJECT,
    FAULT_RATE_LIMIT,
    FAULT_NOT_FOUND_EARLY,
    FAULT_STREAM_DOWN,
    FAULT_FOREIGN,
    FAULT_SYMBOL_HALT,
    FAULT_STOPPED, /* the process stands still */
    FAULT_CLOCK,
    FAULT_LEASE,
    FAULT_CRASH,
    DST_FAULTS
};

extern const char *const dst_fault_word[DST_FAULTS];

struct dst_mix {
    bool paper;                   /* over the paper broker */
    int32_t per_100k[DST_FAULTS]; /* chance where it may happen */
    bool tight, loses;            /* limits; may loss limits trip */
    bool late;                    /* paper: with latency */
    int64_t hands_ms;             /* mean time between commands */
    int64_t run_ns;
    bool strategies, windows, rogue;
};

struct dst_totals {
    uint64_t seeds, steps, simulated_ns, orders, fills, cancels, replaces, queries, kills, commands;
    uint64_t late_fills, duplicates, rogue, recoveries, adopted;
    uint64_t unknown, denied, paper_seeds, checks;
    uint64_t doubles; /* orders that the venue took twice, or filled beyond their size */
    uint64_t unknown_left;
    uint64_t unknown_over; /* UNKNOWN for more than 30 s with faults off */
    uint64_t unknown_slow; /* with faults on */
    uint64_t unknown_longest_ns;
    uint64_t fault[DST_FAULTS], disk[DISK_FAULTS];
    uint64_t lost_frames, forgotten, failed_starts, storage_failures;
    struct second_totals second;
    uint64_t types[ORDER_TYPES];
};

/* --- the truth ------------------------------------------------------------------------------------------------------ */

struct dst_order { /* one that left us, or that our account's owner gave elsewhere (seq 0) */
    uint64_t seq;
    uint16_t market;
    struct order_intent intent; /* terms as they stand at the venue */
    uint64_t book_id;
    uint32_t accepted; /* times */
    bool alive, replacing, triggered;
    bool lost; /* the submit will never arrive, or never left */
    bool submitted;
    bool refused;  /* by the venue */
    bool told_end; /* the gateway has told the engine of its end */
    enum order_event_kind end;
    enum order_error error;
    int64_t filled, total, given; /* given: to its present place in the book */
    int64_t sent_ns, accepted_ns;
    /* the engine's word */
    enum order_state state;
    bool recorded, ended, remembered;
    int64_t booked; /* lots of fills that the engine has booked */
    int64_t asked_lots, asked_ticks;
    int64_t unknown_ns, cancelling_ns; /* since when; 0: not */
};

struct dst_trade {
    uint32_t order; /* index */
    uint64_t trade_id;
    int64_t ts_ns, price, lots;
    bool maker, booked, known; /* known: in the journal of a run before */
};

struct dst_level_change {
    uint64_t id;
    enum side side;
    int64_t price, lots;
};

struct dst_market {
    struct instrument instrument;
    struct match_book *book;
    struct world *world;
    int64_t fair, fair_x1000;
    uint64_t people[DST_PEOPLE_MAX];
    size_t people_count;
    int64_t next_people_ns, next_depth_ns, next_mark_ns;
    bool halted;
    /* every change of a level */
    struct dst_level_change *change;
    size_t changes, change_max, published; /* published: of change[] */
    uint64_t published_id;
    int64_t lots; /* of our account: the truth */
    int64_t foreign_lots;
    /* feed.c */
    int64_t down_until_ns, silent_until_ns, snapshot_asked_ns, snapshot_tries, last_due_ns;
    bool link_down;
    int64_t book_event_ns; /* arrival of the last event that may have moved the engine's book */
    struct feed_event *old_snapshot;
    /* checks.c: the true book at shadow_id */
    int64_t shadow[SIDE_COUNT][DST_WINDOW];
    int64_t shadow_best[SIDE_COUNT]; /* 0: that side is empty */
    uint64_t shadow_id;
    size_t shadow_next;
};

/* --- what is on its way --------------------------------------------------------------------------------------------- */

enum dst_message_kind {
    TO_VENUE_SUBMIT,
    TO_VENUE_CANCEL,
    TO_VENUE_REPLACE,
    TO_VENUE_QUERY,
    TO_VENUE_RECONCILE,
    TO_US_EVENT,      /* one order event */
    TO_US_STREAM,     /* likewise, of the private stream */
    TO_US_RECONCILED, /* all that the reconciliation found was told before it */
    TO_US_FEED
};

struct dst_message {
    int64_t due_ns;
    uint64_t number; /* first come */
    enum dst_message_kind kind;
    union {
        struct {
            struct order order;
            int64_t stamp_ns; /* signed with it, by our clock */
            uint64_t epoch;   /* of whom it is */
        } request;
        struct order_event event;
        struct feed_event *feed; /* owned, levels behind it */
    };
};

struct dst_queue {
    size_t count;
    struct dst_message *message; /* heap */
};

/* --- the world ------------------------------------------------------------------------------------------------------ */

struct world {
    uint64_t seed, random, people_random;
    struct dst_mix mix;
    struct dst_totals *totals;
    jmp_buf failed, crashed;
    int64_t crash_in; /* points until the process dies; 0: it does not */
    struct dst_journal *journal;
    struct dst_truth *truth;
    struct second *second; /* NULL: this world has one instance */
    bool steady;           /* no faults for a while */
    struct recovered *left;
    uint64_t epoch;
    char why[512];
    bool verbose;
    int64_t pace;                      /* of what happens by itself: so many times slower */
    int64_t now_ns, start_ns, calm_ns; /* calm: faults off since */
    uint64_t steps, number, hash;
    struct pipeline *pipeline;
    struct pipeline_config config;
    struct schedule *schedule;
    struct gateway inner, gateway; /* the witness stands before inner */
    struct dst_market market[DST_MARKETS];
    size_t orders, trades;
    struct dst_order *order;
    struct dst_trade *trade;
    uint32_t *by_seq; /* index + 1 */
    struct dst_queue to_venue, to_us, feed;
    /* venue.c */
    int64_t stream_down_until_ns, stream_last_ns, stream_noticed_ns;
    bool stream_up, reconciling;
    int64_t reconcile_again_ns;
    size_t trades_told;         /* reconciled up to */
    int64_t skew_ns, offset_ns; /* venue's clock minus ours: the truth, and as measured */
    int64_t measure_ns;
    size_t stream_pending;
    /* hands.c */
    int64_t next_hand_ns, next_host_ns, stopped_until_ns, lease_lost_until_ns, beat_ns, woke_ns;
    bool in_turn; /* where a crash is caught */
    bool killed;
    int64_t killed_ns;
    size_t killed_at; /* in the journal */
    unsigned kill_flattens[DST_MARKETS][OWNERS_MAX];
    /* witness.c */
    size_t messages;
    int64_t *message_ns;
    uint64_t sent, replaced, last_seq, fills;
    int64_t cash_e8[DST_MARKETS], booked_lots[DST_MARKETS];
    struct order_event *scratch;
};

/* --- failing --------------------------------------------------------------------------------------------------------- */

void dst_fail(struct world *world, const char *invariant, const char *what, const char *file, int line)
    __attribute__((noreturn));
#define must(world, invariant, condition)                                                                    \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            dst_fail(world, invariant, #condition, __FILE__, __LINE__);                                      \
    } while (0)

/* --- chance ------------------------------------------------------------------------------------------------------------ */

static inline int64_t pick(struct world *world, int64_t min, int64_t max)
{
    return random_between(&world->random, min, max);
}

static inline bool one_in(struct world *world, int64_t of)
{
    return pick(world, 1, of) == 1;
}

/* Does it fail here and now? Counted. Not any more once the end has come. */
bool dst_fault(struct world *world, enum dst_fault fault);

/* --- queues (world.c) ---------------------------------------------------------------------------------------------------- */

void queue_put(struct world *world, struct dst_queue *queue, struct dst_message *message);
bool queue_get(struct dst_queue *queue, int64_t now_ns, struct dst_message *out); /* due, the first one */
int64_t queue_due(const struct dst_queue *queue);                                 /* INT64_MAX: empty */

/* --- parts ------------------------------------------------------------------------------------------------------------------ */

extern bool mix_lossy; /* each world is a live one that loses answers to orders, cancels and queries */
void mix_draw(struct world *world);
void mix_config(struct world *world, struct pipeline_config *config);

void rogue_add(struct world *world, struct pipeline_config *config); /* one more strategy: rogue.c */

void exchange_open(struct world *world);
void exchange_close(struct world *world);
void exchange_people(struct world *world, struct dst_market *market); /* somebody does something */
/* Whether the venue took it. */
bool exchange_submit(struct world *world, uint32_t index, enum order_error *error);
bool exchange_cancel(struct world *world, struct dst_order *order);
bool exchange_replace(struct world *world, struct dst_order *order, int64_t price, int64_t lots);
void exchange_foreign(struct world *world, struct dst_market *market);
struct dst_order *exchange_find(struct world *world, uint64_t seq);
/* Lots of one side that may still fill at the venue, orders on their way too. but: without this one; 0: all. */
int64_t exchange_open_lots(struct world *world, uint16_t market, enum side side, uint64_t but);

void feed_publish(struct world *world, struct dst_market *market); /* what changed since */
void feed_trade(struct world *world, struct dst_market *market, const struct match_event *event);
void feed_instrument(struct world *world, struct dst_market *market);
void feed_mark(struct world *world, struct dst_market *market);
void feed_host(struct world *world, struct dst_market *market); /* links, snapshots */
void feed_free(struct feed_event *event);

struct gateway venue_gateway(struct world *world);
void venue_arrive(struct world *world, struct dst_message *message);
/* The private stream tells of an order. */
void venue_stream(struct world *world, uint32_t index, enum order_event_kind kind, enum order_error error,
                  const struct dst_trade *trade);
void venue_crash(struct world *world);
void venue_host(struct world *world); /* the stream breaks and comes back; clocks */

void hands_act(struct world *world);
void hands_machine(struct world *world);
bool hands_window(int64_t now_ns); /* of the schedule's pauses */

struct gateway witness_gateway(struct world *world);
void witness_record(struct world *world, const struct store_record *record);

/* journal.c: what was committed outlives the process; a point where it may die */
void journal_open(struct world *world);
void journal_close(struct world *world);
struct record_sink journal_sink(struct world *world);
void journal_die(struct world *world);   /* the process, or the machine */
void journal_begin(struct world *world); /* the next start; world->left: what it finds */
void journal_turn(struct world *world);  /* the store thread's */
void journal_watch(struct world *world); /* the host looks after the store */
void journal_machine(struct world *world);
bool journal_loses_power(const struct world *world); /* the end that comes is the machine's */
const char *journal_folder(const struct world *world);
/* The next journal_die(): in order, by the power; neither: killed. */
void journal_end_by(struct world *world, bool in_order, bool power);
bool journal_calm(struct world *world); /* the disk is well from now on; false: the store has failed before */
void journal_check_end(struct world *world);
bool journal_whole(const struct world *world);      /* nothing waits for its commit */
bool journal_has_failed(const struct world *world); /* and the engine was told */
void crash_point(struct world *world);

/* truth.c: what was committed */
void truth_open(struct world *world);
void truth_close(struct world *world);
size_t truth_count(const struct world *world); /* frames; the seq of the last one */
void truth_add(struct world *world, const struct store_record *record, bool ends);
void truth_cut(struct world *world, size_t count); /* the rest is lost: nobody remembers it */
void truth_check_state(struct world *world, const struct recovered *left);
void truth_check_frame(struct world *world, const struct frame_head *head, const unsigned char *body);

void checks_step(struct world *world);
void checks_end(struct world *world); /* faults have been off for long enough */

void day_live(struct world *world); /* day.c */

/* world.c: what enters the engine */
void engine_feed(struct world *world, const struct feed_event *event);
void engine_time(struct world *world);
void engine_command(struct world *world, struct command *command);

void world_until(struct world *world, int64_t end_ns);
/* The end of a run and the next one; away_until_ns: when that begins, 0: soon. */
void world_recover(struct world *world, int64_t away_until_ns);

struct dst_how {
    bool day; /* a whole day, or some minutes without a break */
    bool verbose;
};

/* One seed. False: world->why says what did not hold. hash: of all that was done. */
bool world_run(struct world *world, uint64_t seed, struct dst_totals *totals, const struct dst_how *how,
               uint64_t *hash);

static inline void hash_add(struct world *world, uint64_t value)
{
    world->hash = (world->hash ^ value) * UINT64_C(1099511628211);
}

#endif
