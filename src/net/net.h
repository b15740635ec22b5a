/*
 * net.h - TLS, WebSocket and HTTP on a libev loop, in one thread: the loop's own.
 *
 * One struct net holds one libwebsockets context that joins the loop (foreign loop, run-time package
 * libwebsockets-evlib-ev; without it net_new() fails and says so), the certificates to trust, and helper
 * threads (resolver.h) for what may block: name look-ups. TLS 1.2 or newer; the certificate is always checked,
 * chain and host name; there is no way to switch that off. No permessage-deflate, no http2, no redirects
 * followed, no proxy (http_proxy in the environment is ignored). Only the library's messages at warning level
 * and above reach our log, as net.library; cut before a '?', so that no query gets there.
 *
 * URLs: a name or an IPv4 number (no IPv6 number) of at most 100 bytes, path and query of at most 2000; see
 * url.h. Every connection, call and buffer has a bound named here. Nothing here throws away silently: what
 * does not fit ends in a struct net_failure.
 */
#ifndef NET_NET_H
#define NET_NET_H

#include "core/base/err.h"

#include <ev.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_URL_MAX     2048              /* bytes of a URL, NUL included */
#define NET_MESSAGE_MAX ((size_t)4 << 20) /* default cap of one message or reply body */
#define NET_PADDING     64                /* readable bytes behind a message: scanners may touch them */
#define NET_CONNECT_MS  10000             /* resolve + TCP + TLS + upgrade, default */
#define NET_TEXT_MAX    160

struct net;

struct net_config {
    struct ev_loop *loop;   /* borrowed; must outlive the net */
    const char *ca_file;    /* PEM of the only roots to trust; NULL: the system's */
    const char *user_agent; /* "flowdeck/0.1.0" */
};

enum net_failure_kind {
    NET_OK,
    NET_FAIL_URL,     /* not https:// or wss://, or malformed */
    NET_FAIL_RESOLVE, /* name not found, look-up failed or too slow */
    NET_FAIL_CONNECT, /* refused, unreachable, reset before it was up */
    NET_FAIL_TLS, /* certificate or protocol refused: text says why (expired, other host, unknown CA, ...) */
    NET_FAIL_UPGRADE,  /* no WebSocket: http_status says what came instead */
    NET_FAIL_TIMEOUT,  /* not up, or no whole reply, in time */
    NET_FAIL_CLOSED,   /* the other side closed: close_code, text */
    NET_FAIL_RESET,    /* broke without a close */
    NET_FAIL_TOO_BIG,  /* message or body over the cap */
    NET_FAIL_PROTOCOL, /* binary, bad UTF-8, bad HTTP */
    NET_FAIL_FULL,     /* a bound of ours: too many calls or connections, send queue full */
    NET_FAIL_LOCAL     /* memory, closed by us */
};

struct net_failure {
    enum net_failure_kind kind;
    int http_status;         /* of a refused upgrade; else 0 */
    int close_code;          /* WebSocket close code, 0: none */
    int64_t retry_after_s;   /* Retry-After of a refused upgrade; -1: none */
    char text[NET_TEXT_MAX]; /* one line, safe text, no secret, no query string */
};

/* "TLS", "timeout", ...: for status rows and logs. */
const char *net_failure_word(enum net_failure_kind kind);

/* On error *why is one line that says what to do (plug-in package missing, CA file unreadable). */
enum err net_new(const struct net_config *config, struct net **out, char *why, size_t why_size);
/* Drops every connection and call without callbacks, on the loop's thread, not from inside a callback of the
 * loop, before the loop is destroyed. A look-up that hangs is left to end by itself. NULL is allowed. */
void net_free(struct net *net);

/* For tests and doctor: name -> this address, instead of the look-up ("127.0.0.1"). False: table full (8). */
bool net_pin_address(struct net *net, const char *host, const char *address);

#endif
