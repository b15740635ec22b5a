/*
 * ws_client.h - one WebSocket connection as a client. See net.h for TLS and threads.
 *
 * Life: ws_client_open() -> on_open -> on_message... -> on_closed, which comes exactly once, whether the
 * connection never came up or was lost; ws_client_free() at any time, from inside the callbacks too, after
 * which none comes any more. Text messages only, each whole. Pings of the other side are answered at once with
 * their own payload, before waiting text; if several come while the socket takes nothing, the newest. Nothing is reconnected here: that is the owner's policy.
 */
#ifndef NET_WS_CLIENT_H
#define NET_WS_CLIENT_H

#include "net/net.h"

#include <stdbool.h>

#define WS_CLIENTS_MAX    16
#define WS_SEND_QUEUE_MAX 65536 /* bytes of text waiting to be sent */

struct ws_client;

struct ws_client_config {
    const char *url;    /* wss://host[:port]/path?query */
    size_t message_max; /* 0: NET_MESSAGE_MAX */
    int64_t connect_ms; /* 0: NET_CONNECT_MS */
    void (*on_open)(void *arg);
    /* text: size bytes with NET_PADDING readable zero bytes behind, borrowed until the callback returns.
     * recv_ns: CLOCK_BOOTTIME when the bytes that complete it were read (one read may complete several). */
    void (*on_message)(void *arg, int64_t recv_boot_ns, const char *text, size_t size);
    void (*on_closed)(void *arg, const struct net_failure *failure);
    void *arg;
};

struct ws_stats {
    uint64_t messages, bytes;
    uint64_t pings, pongs_sent;   /* of the other side; our answers handed to the socket */
    int64_t pong_delay_max_ns;    /* from ping read to pong handed over */
    int64_t last_message_boot_ns; /* 0: none; a ping is no message */
};

/* Never calls back from inside; NULL: no memory or WS_CLIENTS_MAX. A bad URL comes as on_closed. */
struct ws_client *ws_client_open(struct net *net, const struct ws_client_config *config);
void ws_client_free(struct ws_client *client); /* drops the connection at once; NULL is allowed */
/* One text message; false: not open, or the queue is full: nothing of it is sent. */
bool ws_client_send(struct ws_client *client, const char *text, size_t size);
/* Sends a close frame behind the waiting text; no message comes any more; then on_closed with NET_FAIL_CLOSED,
 * after 3 s without an answer too. */
void ws_client_close(struct ws_client *client);
const struct ws_stats *ws_client_stats(const struct ws_client *client);

#endif
