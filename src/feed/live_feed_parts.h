/*
 * live_feed_parts.h - the live feed's own state, shared by the files it is made of and by nobody else.
 *
 *   live_feed.c     life, symbols, the tick, status
 *   live_message.c  a text's way: decoder, choice between two connections, on_event, recorder
 *   live_rotate.c   connections: up, lost, replaced without a gap
 *   live_rest.c     clock offset, snapshots, audits, trades of the time before
 *   live_info.c     exchangeInfo
 */
#ifndef FEED_LIVE_FEED_PARTS_H
#define FEED_LIVE_FEED_PARTS_H

#include "feed/info_fetch.h"
#include "feed/link.h"
#include "feed/live_feed.h"
#include "feed/overlap.h"
#include "feed/snapshot_queue.h"
#include "feed/weight_budget.h"
#include "net/http_client.h"

#define NS_PER_S  INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)

#define STALL_NS          (NS_PER_S / 2) /* without a tick: we did not look, so no link was silent meanwhile */
#define INFO_WAIT_NS      (5 * NS_PER_S) /* then a symbol is subscribed with the steps of the configuration */
#define SNAPSHOT_WAIT_NS  (3 * NS_PER_S) /* a snapshot waits so long for the first update of its book */
#define TIME_SAMPLES      5        /* the clock offset is the one with the shortest round trip of these */
#define TIME_FIRST_NS     NS_PER_S /* between the first samples */
#define TIME_EVERY_S      180
#define TIME_RETRY_NS     (5 * NS_PER_S)
#define OVERLAP_MIN_NS    (NS_PER_S / 2)  /* both links are listened to for so long at least */
#define OVERLAP_MAX_NS    (5 * NS_PER_S)  /* then the switch is made whether they joined or not */
#define ROTATE_AGAIN_NS   (2 * NS_PER_S)  /* ... when the venue shuts a server down */
#define ROTATE_RETRY_NS   (60 * NS_PER_S) /* between rotations of one path */
#define HISTORY_PAGES_MAX 100             /* of one symbol: more trades than that are not asked for */
#define AMPLE_PERCENT     50              /* what can wait leaves half of the share to resyncs */

enum symbol_state {
    SYMBOL_FREE,
    SYMBOL_NEW,      /* waits for exchangeInfo */
    SYMBOL_READY,    /* in the decoder, subscribed */
    SYMBOL_UNLISTED, /* the venue does not know it */
    SYMBOL_LEFT      /* unsubscribed at run time; the instrument keeps its id */
};

struct live_symbol {
    enum symbol_state state;
    char symbol[SYMBOL_SIZE];
    const struct instrument *instrument; /* NULL: not in the decoder yet */
    bool leave_wanted;
    bool info_had;
    bool silent; /* nothing of it came for silent_ms */
    int64_t new_ns;
    bool told;           /* a FEED_LINK went out */
    enum feed_link link; /* the last one */
    int64_t up_ns;
    int64_t audit_ns; /* next audit */
    struct {
        bool done;
        uint32_t pages;
        uint64_t next_id; /* 0: by time */
    } history;
    struct overlap overlap[VENUE_PATHS_MAX];
};

/* One path of the venue: a link, and while it is rotated its successor. */
struct live_path {
    struct link link[2];
    unsigned current;
    bool rotating;
    const char *rotate_why; /* wanted: why; NULL: not */
    int64_t rotate_next_ns; /* not before */
    int64_t both_ns;        /* the successor was LIVE first; 0: not yet */
};

struct rest_call {
    struct live_feed *feed;
    enum rest_class rest_class;
    struct http_call *call; /* NULL: none under way */
};

struct live_rest {
    struct circuit_breaker breaker[REST_CLASS_COUNT];
    char why[REST_CLASS_COUNT][LIVE_TEXT_MAX];
    struct rest_call call[REST_CLASS_COUNT];
    int64_t next_ns[REST_CLASS_COUNT]; /* time, exchangeInfo: not before */
    struct backoff info_backoff;
    uint16_t info_asked[INSTRUMENTS_MAX];
    size_t info_asked_count, info_batch; /* batch: symbols asked for at once */
    int64_t info_ns;                     /* the last answer, or when all was asked for again; 0: never */
    bool info_wanted;                    /* again, soon */
    uint16_t depth_symbol, history_symbol;
    bool depth_audit;
    int64_t depth_sent_ns, history_from_ms; /* one moment for all symbols; 0: not yet */
    struct {
        int64_t offset_ms, round_trip_ns;
    } sample[TIME_SAMPLES];
    size_t samples, sample_next;
};

struct live_feed {
    struct live_feed_config config;
    struct venue_profile venue;
    struct decoder *decoder;
    struct info_fetch *info;
    struct text_hold *hold;
    ev_timer timer;
    bool started, in_event;
    int64_t last_ns; /* event time of what was passed on last: never decreases */
    int64_t last_tick_ns;
    uint16_t symbols; /* slots in use so far */
    struct live_symbol symbol[INSTRUMENTS_MAX];
    const char *names[INSTRUMENTS_MAX]; /* what the decoder may take: the slots' symbols, "" where free */
    uint16_t slot_of[INSTRUMENTS_MAX];  /* by instrument id */
    struct live_path path[VENUE_PATHS_MAX];
    struct connect_bound connects;
    struct host_ban stream_ban;
    bool one_host; /* REST and streams: a ban of one is a ban of both */
    struct weight_budget weight;
    struct snapshot_queue queue;
    struct live_rest rest;
    uint64_t seed;
    struct live_status status;
};

/* --- live_message.c --- */
void live_on_data(struct live_feed *feed, size_t path, bool from_new, int64_t recv_boot_ns, const char *text,
                  size_t size);
/* A text of REST; true: the snapshot came out of it as an event. */
bool live_on_snapshot(struct live_feed *feed, uint16_t symbol, bool audit, int64_t recv_boot_ns,
                      const char *text, size_t size);
/* A page of trades of the time before; true: it came out, and *page tells of it (its trades are gone). */
bool live_on_history(struct live_feed *feed, uint16_t symbol, int64_t recv_boot_ns, const char *text,
                     size_t size, struct trade_history *page);
void live_raw(struct live_feed *feed, int64_t recv_ns, const char *stream, const char *text, size_t size);
/* Passes on what the decoder holds of no text: instruments, a symbol table. */
void live_drain(struct live_feed *feed);
void live_tell_link(struct live_feed *feed, struct live_symbol *symbol, enum feed_link state,
                    const char *why);
/* What was held of a symbol, as far as its turn has come. */
void live_release_held(struct live_feed *feed, uint16_t symbol, size_t path);
void live_forget_held(struct live_feed *feed, size_t path);
int64_t live_stamp(struct live_feed *feed, int64_t ns); /* never decreasing */

/* --- live_rotate.c --- */
void live_paths_init(struct live_feed *feed);
void live_paths_start(struct live_feed *feed, int64_t now_ns);
void live_paths_stop(struct live_feed *feed);
void live_paths_tick(struct live_feed *feed, int64_t now_ns);
void live_paths_stalled(struct live_feed *feed,
                        int64_t now_ns); /* the loop stood still: silence counts from now */
void live_subscribe(struct live_feed *feed, uint16_t symbol, int64_t now_ns);
void live_unsubscribe(struct live_feed *feed, uint16_t symbol, int64_t now_ns);
size_t live_depth_path(const struct live_feed *feed);
struct link *live_link(struct live_feed *feed, size_t path); /* the current one */
void live_hear(struct live_feed *feed, struct link *link, uint16_t symbol, enum stream_kind kind,
               int64_t now_ns);

/* --- live_rest.c --- */
enum rest_verdict { REPLY_WELL, REPLY_FAILED, REPLY_BANNED, REPLY_BAD_SYMBOL };
bool live_may_ask(struct live_feed *feed, enum rest_class rest_class, int64_t now_ns, int64_t weight);
bool live_ask(struct live_feed *feed, enum rest_class rest_class, const char *url, size_t body_max,
              int64_t now_ns, int64_t weight);
/* A reply into weight, bans and *why; then its outcome into breaker, status and log. */
enum rest_verdict live_judge(struct live_feed *feed, const struct http_reply *reply, int64_t now_ns,
                             char why[LIVE_TEXT_MAX]);
void live_settle(struct live_feed *feed, enum rest_class rest_class, enum rest_verdict verdict,
                 int64_t now_ns, const char *why);
void live_rest_init(struct live_feed *feed);
void live_rest_tick(struct live_feed *feed, int64_t now_ns);
void live_rest_stop(struct live_feed *feed);
void live_fill_rest_status(struct live_feed *feed, int64_t now_ns);

/* --- live_info.c --- */
void live_info_init(struct live_feed *feed);
void live_ask_info(struct live_feed *feed, int64_t now_ns);
void live_on_info(struct live_feed *feed, const struct http_reply *reply, int64_t now_ns);
void live_take_info(struct live_feed *feed); /* from the helper thread, if it is done */

/* --- live_feed.c --- */
void live_make_ready(struct live_feed *feed, uint16_t symbol, int64_t now_ns);
void live_unlisted(struct live_feed *feed, uint16_t symbol, int64_t now_ns);

#endif
