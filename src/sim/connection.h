/*
 * connection.h - one TLS connection of the built-in exchange: bytes in, messages out, and its ways to end.
 *
 * What the bytes mean is told by `kind`: requests (http_side), then stream or API frames (ws_side). Messages wait in
 * a bounded queue and leave several to a TLS record. Nothing is freed from inside a call: connections that are dead
 * are reaped once a turn of the loop.
 */
#ifndef SIM_CONNECTION_H
#define SIM_CONNECTION_H

#include "sim/accounts.h"
#include "sim/message.h"
#include "sim/publisher.h"
#include "sim/rate_limits.h"
#include "sim/tls.h"

#include <ev.h>

#define CONNECTIONS_MAX 1024
#define SEND_QUEUE_MAX                                                                                       \
    ((size_t)32 << 20) /* bytes that wait for a client; more: it is too slow and is closed */
#define SEND_MESSAGES_MAX ((size_t)1 << 19)
#define RECORD_MAX        16384                /* of TLS: messages are gathered up to this */
#define INPUT_MAX         (16384 + 65536 + 64) /* head and body of a request; a frame */
#define FLUSH_MAX         ((size_t)1 << 20)    /* bytes for one client before the others have their turn */
#define HANDSHAKE_S_MAX   10
#define KEEP_ALIVE_S_MAX  120 /* HTTP without a request */
#define DRAIN_S_MAX       2
#define USER_EVENTS_SIZE  256

struct server;

enum connection_kind { CONNECTION_HTTP, CONNECTION_STREAM, CONNECTION_API };

struct send_queue {
    struct message **ring; /* room is a power of two */
    size_t room, first, count;
    size_t bytes;  /* all that wait, and what was not taken of the first */
    size_t offset; /* taken of the first */
};

struct subscription {
    char *name;
    struct sim_stream *stream; /* NULL: acknowledged, silent */
};

struct connection {
    struct server *server;
    uint64_t id;
    int fd;
    SSL *ssl;
    ev_io io;
    int watching;
    char remote[LIMIT_REMOTE_SIZE];
    enum connection_kind kind;
    bool handshaking, closing, draining, dead, dirty;
    bool waiting;                /* a late reply is under way: no further request is read */
    int64_t hold_until_ns;       /* exchange's clock: an order that is let in later; 0: none */
    bool held;                   /* it was held already */
    int64_t opened_ns, heard_ns; /* monotonic */
    int64_t deadline_ns;         /* handshake, draining; 0: none */
    uint8_t *in;
    size_t in_size, in_room;
    struct send_queue queue;
    uint8_t *record; /* RECORD_MAX */
    size_t record_size;
    double tokens; /* fault slow: bytes it may get now */
    int64_t tokens_ns;

    /* WebSocket */
    enum limit_venue venue;
    struct limit_messages messages;
    struct sim_text assembly; /* of a message in fragments */
    bool assembling;
    int64_t ping_ns, pong_due_ns; /* last sent; 0: none outstanding */
    char ping_payload[24];
    int64_t life_end_ns;
    bool told_shutdown;
    /* streams */
    enum stream_path path;
    bool private_path, combined;
    struct subscription *subscription;
    size_t subscriptions, subscriptions_room;
    char *listen_key;              /* NULL: none */
    uint32_t account;              /* of it */
    char events[USER_EVENTS_SIZE]; /* "": all */
    /* API */
    struct ws_api_session session;
};

/* Takes the socket over. */
void connection_open(struct server *server, int fd, const char *remote);
/* Drops the caller's reference. A full queue ends the connection. */
void connection_send(struct connection *connection, struct message *message);
void connection_close(struct connection *connection); /* in order, after what waits */
void connection_kill(struct connection *connection);  /* at once: FIN */
void connection_reset(struct connection *connection); /* at once: RST */
void connection_process(struct connection *connection);
void connection_flush(struct connection *connection);
/* Deadlines of the transport; once a second or so. */
void connection_check(struct connection *connection, int64_t now_ns);
void connection_free(struct connection *connection);

#endif
