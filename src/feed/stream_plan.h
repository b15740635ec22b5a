/*
 * stream_plan.h - the streams of one connection: asked for, confirmed, heard, silent. Pure.
 *
 *   UNSENT --SUBSCRIBE--> SENT --answer--> CONFIRMED --first message--> heard
 *   any --plan_leave()--> LEAVING --UNSUBSCRIBE--> LEFT_SENT --answer--> (gone)
 *
 * Streams go out in batches of one command. The venue counts what we send (commands, and the pongs that the
 * socket answers by itself) and cuts off who passes its limit per second; the plan stays one message below it
 * for the next pong, over a window a little longer than a second, because the network bunches messages up.
 * A batch that is refused is sent again one by one, so that the bad stream gets its name.
 *
 * A stream that was asked for on the wrong path is confirmed and never sends: plan_next_silent() finds streams
 * that are quiet while others of the same symbol speak. Each is subscribed again once, then the owner is asked
 * for a new connection, once a life of the plan.
 */
#ifndef FEED_STREAM_PLAN_H
#define FEED_STREAM_PLAN_H

#include "core/domain/instrument.h"
#include "feed/venue_profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_STREAMS_MAX    256
#define PLAN_COMMAND_MAX    2048 /* bytes of one command: about 60 streams */
#define PLAN_WINDOW_NS      INT64_C(1200000000)
#define PLAN_RATE_MAX       16                  /* messages a window that can be counted */
#define PLAN_ANSWER_NS      INT64_C(5000000000) /* a command without an answer for this long is sent again, once */
#define PLAN_SILENT_FAST_NS INT64_C(15000000000) /* depth, best quotes, mark prices */
#define PLAN_SILENT_SLOW_NS INT64_C(60000000000) /* trades: a quiet market has few */

enum plan_state {
    PLAN_FREE,
    PLAN_UNSENT,
    PLAN_SENT,
    PLAN_CONFIRMED,
    PLAN_REFUSED,
    PLAN_LEAVING,
    PLAN_LEFT_SENT
};

struct plan_stream {
    enum plan_state state;
    char name[STREAM_NAME_MAX];
    uint16_t symbol; /* the owner's index */
    enum stream_kind kind;
    uint32_t command_id;  /* SENT, LEFT_SENT */
    int64_t since_ns;     /* of the state */
    int64_t heard_ns;     /* 0: never on this connection */
    uint32_t sends;       /* of its SUBSCRIBE on this connection */
    bool alone;           /* its batch was refused */
    bool resubscribed;    /* for silence */
    bool renewal_asked;   /* kept over connections, until heard */
    bool drop_then_again; /* LEAVING in order to be subscribed again */
};

struct stream_plan {
    uint32_t rate; /* the venue's messages per second */
    uint32_t command_id;
    size_t count; /* slots in use so far, PLAN_FREE ones included */
    struct plan_stream stream[PLAN_STREAMS_MAX];
    uint16_t slot[INSTRUMENTS_MAX][STREAM_KINDS_MAX]; /* index + 1 */
    int64_t symbol_heard_ns[INSTRUMENTS_MAX];
    uint32_t kind_heard[STREAM_KINDS_MAX]; /* streams of the kind that were heard */
    int64_t sent_ns[PLAN_RATE_MAX];        /* ring of messages that we sent */
    uint32_t sent_next;
    uint64_t pongs_seen;
    uint64_t unknown_answers;
};

void plan_init(struct stream_plan *plan, uint32_t commands_per_s);
/* ERR_FULL, ERR_DUPLICATE. One that is leaving comes back. */
enum err plan_add(struct stream_plan *plan, uint16_t symbol, enum stream_kind kind, const char *name,
                  int64_t now_ns);
void plan_leave(struct stream_plan *plan, uint16_t symbol, int64_t now_ns); /* all its streams */
/* A new connection: nothing is subscribed, what was leaving is gone. */
void plan_restart(struct stream_plan *plan, int64_t now_ns);

/* The next command that may go now, as JSON text; 0: none. Call plan_command_sent() if the socket took it:
 * otherwise the same comes again. */
size_t plan_next_command(struct stream_plan *plan, int64_t now_ns, char out[PLAN_COMMAND_MAX]);
void plan_command_sent(struct stream_plan *plan, int64_t now_ns);
void plan_count_pongs(struct stream_plan *plan, uint64_t pongs_sent, int64_t now_ns); /* running total */

/* The venue's answer to command id. False: to none of ours. */
bool plan_answer(struct stream_plan *plan, uint32_t id, bool well, int64_t now_ns);
void plan_heard(struct stream_plan *plan, uint16_t symbol, enum stream_kind kind, int64_t now_ns);

size_t plan_streams(const struct stream_plan *plan);   /* wanted */
size_t plan_confirmed(const struct stream_plan *plan); /* of them */
size_t plan_refused(const struct stream_plan *plan);   /* of them */
bool plan_settled(const struct stream_plan *plan);     /* each wanted one is confirmed or refused */
/* NULL: not in the plan. */
const struct plan_stream *plan_find(const struct stream_plan *plan, uint16_t symbol, enum stream_kind kind);
/* A command waits for its answer for too long for the second time: the connection is no good. */
bool plan_unanswered(struct stream_plan *plan, int64_t now_ns);

enum plan_silence { PLAN_HEARD_ALL, PLAN_RESUBSCRIBE, PLAN_RENEW, PLAN_TELL };
/* The next stream that is silent while others of its symbol are not; what the plan did or asks for. */
enum plan_silence plan_next_silent(struct stream_plan *plan, int64_t now_ns, const struct plan_stream **out);

#endif
