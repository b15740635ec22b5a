/*
 * server_parts.h - what the files of the built-in exchange's server share: its state and who does what.
 *
 *   server.c        the loop, the clock, the listening socket, exchange.json
 *   connection.c    TLS, bytes in, messages out
 *   http_side.c     requests -> routes -> replies, limits; http_faults.c what goes wrong there
 *   sim_routes.c    /sim/...
 *   ws_side.c       frames, pings, life of WebSocket connections; user events
 *   stream_side.c   subscriptions; stream_faults.c publishes to subscribers, and what goes wrong there
 *   api_side.c      the WebSocket API
 *   fault_run.c     the script of faults
 */
#ifndef SIM_SERVER_PARTS_H
#define SIM_SERVER_PARTS_H

#include "sim/connection.h"
#include "sim/faults.h"
#include "sim/http_head.h"
#include "sim/rate_limits.h"
#include "sim/server.h"
#include "sim/stream_command.h"
#include "sim/topics.h"

#define LATE_MAX       1024 /* replies on their way; more go at once */
#define OLD_IDS        8    /* update ids remembered for old snapshots, one a second */
#define SNAPSHOT_OLD_S 5
#define STATUS_MAX     600
#define WHY_SIZE       1024

struct server_stats {
    uint64_t connections, handshakes_failed, refused, closed_slow, closed_messages, closed_pong;
    uint64_t messages_out, bytes_out, bytes_in, requests, commands, api_requests, user_events;
    uint64_t emitted, dropped; /* stream messages made; not sent by a fault */
    uint64_t queue_bytes_max;
    uint64_t by_status[STATUS_MAX];
    uint64_t faults[FAULT_VERBS];
};

/* What is going wrong now. Times are of the exchange's clock; counts are what is left. */
struct fault_state {
    struct fault script[SIM_FAULTS_MAX];
    size_t scripted, next;
    /* Of depth messages; [0]: of any symbol, [1 + i]: of all markets with the name of symbol i, their first. */
    uint32_t depth[FAULT_WRONG_SYMBOL + 1][1 + SIM_SYMBOLS_MAX];
    struct fault garbage, http, captive, late_ack, late_order, lost_ack, snapshot_old;
    int64_t stall_until_ns, half_open_until_ns, slow_until_ns, refuse_until_ns;
    int64_t slow_bytes_per_s;
    int64_t retry_after_s; /* 0: none */
    enum tls_kind tls;
    int64_t chaos_per_min, chaos_next_ns;
    uint64_t chaos_verbs;
    uint64_t random;
};

struct late { /* a reply to send, or an API request to do, later */
    uint64_t connection_id;
    int64_t due_ns; /* exchange's clock */
    struct message *message;
    char *request; /* NULL: message is to be sent */
    size_t request_size;
};

struct server {
    const struct sim_server_config *config;
    struct ev_loop *loop;
    struct exchange *exchange;
    struct certificates certificates;
    SSL_CTX *tls;
    int listener;
    ev_io listen_io;
    ev_timer tick;
    ev_prepare prepare;
    struct connection *connection[CONNECTIONS_MAX];
    size_t connections;
    bool any_dirty;
    struct topics topics;
    struct rate_limits limits;
    struct fault_state faults;
    struct late late[LATE_MAX];
    size_t lates;
    struct server_stats stats;
    uint64_t old_id[SIM_SYMBOLS_MAX][OLD_IDS];
    uint64_t old_ids;         /* seconds sampled */
    int64_t mono_ns, wall_ns; /* of this turn */
    int64_t start_mono_ns, start_wall_ns;
    int64_t opened_ns;                       /* market time then */
    int64_t checked_ns;                      /* last once-a-second work, monotonic */
    int64_t ping_ns[2], pong_ns[2], life_ns; /* by venue */
    char path[4096];                         /* exchange.json */
    char host[64];                           /* "127.0.0.1" or "[::1]" */
    int port;
    char head[HTTP_HEAD_MAX + 1]; /* of the request that is looked at */
    struct stream_command command;
    struct sim_text text, envelope; /* scratch */
};

/* server.c */
void server_clock(struct server *server); /* mono_ns and wall_ns anew */
struct connection *server_find(const struct server *server, uint64_t connection_id); /* NULL: gone */
/* False: there is no room, the message is still the caller's. */
bool server_later(struct server *server, const struct late *late);

/* http_side.c: takes a request from the front of the input; 0: it is not whole yet. */
size_t http_side_input(struct connection *connection);
struct http_answer {
    int status;
    const char *content_type; /* NULL: JSON */
    char headers[512];        /* each with its CRLF */
    const char *body;
    size_t size;
    bool close;
};
struct message *http_message(struct server *server, const struct http_answer *answer, bool with_body);
void http_answer_json(struct connection *connection, int status, const char *json, const char *headers);
bool http_is_order(const char *method, const char *path);

/* http_faults.c: true: *answer is what is said instead. body outlives the answer. */
bool http_fault_answer(struct server *server, const char *path, bool executed, struct http_answer *answer);
/* An old snapshot in place of this depth reply, if one was asked for. */
void http_fault_snapshot(struct server *server, const struct sim_request *request, struct sim_reply *reply);
void http_sample_ids(struct server *server); /* once a second */

/* sim_routes.c: a request under /sim/. */
void sim_route(struct server *server, const struct sim_request *request, struct sim_reply *reply);

/* ws_side.c */
size_t ws_side_input(struct connection *connection);
/* Answers an upgrade: 0 and it is a WebSocket now, or the status of the refusal with its JSON and headers. */
int ws_side_upgrade(struct connection *connection, const struct http_head *head, struct sim_text *error,
                    char headers[512]);
void ws_side_check(struct connection *connection, int64_t now_ns); /* pings, life; every tick is fine */
void ws_send_text(struct connection *connection, const char *text, size_t size);
void ws_close(struct connection *connection, enum ws_close_code code, const char *text);
void ws_tell_shutdown(struct connection *connection, int64_t in_ns);
void ws_user_event(void *server, uint32_t account, bool usdm, const char *json, size_t size);

/* stream_side.c */
bool stream_side_path(struct connection *connection, const char *path, const char *query);
void stream_side_begin(struct connection *connection, const char *path, const char *query);
void stream_side_text(struct connection *connection, const char *text, size_t size);
void stream_side_forget(struct connection *connection);

/* stream_faults.c */
void stream_emit(void *server, struct sim_stream *stream, const char *json, size_t size);
void stream_oversize(struct server *server, size_t size);
/* gap, dup, reorder, corrupt, wrong_symbol: takes the place of what was left of the verb for that symbol. */
void stream_fault_begin(struct server *server, const struct fault *fault);

/* api_side.c */
void api_side_text(struct connection *connection, const char *text, size_t size);
void api_side_run(struct connection *connection, const char *text, size_t size); /* an order let in later */

/* server_address.c: "127.0.0.1:0" or "[::1]:0", this machine and nothing else */
enum err server_parse_listen(struct server *server, char *why, size_t why_size);
bool server_bind(struct server *server); /* false: errno */
void server_on_listen(struct ev_loop *loop, ev_io *io, int events);
/* exchange.json: where it is and how to get in. It holds a secret: 0600, and never seen half. */
enum err server_describe(struct server *server, char *why, size_t why_size);
void server_say_listening(const struct server *server);
void server_say_ready(const struct server *server); /* its path, to who started the exchange */

/* fault_run.c */
enum err faults_load(struct server *server, char *why, size_t why_size);
int64_t faults_next_ns(const struct server *server); /* exchange's clock; INT64_MAX: none */
void faults_run_due(struct server *server);
/* A live line; ERR_USAGE with *why. *done says what was done. */
enum err faults_live(struct server *server, const char *line, struct sim_text *done, char *why,
                     size_t why_size);
bool fault_take(struct fault *fault); /* one of what is left */

#endif
