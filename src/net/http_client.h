/*
 * http_client.h - one HTTPS request and its whole reply. See net.h for TLS and threads.
 *
 * on_done comes exactly once unless the call is cancelled. No redirect is followed, no cookie kept, no
 * compression asked for. A reply of any status is a reply; failure.kind is NET_OK then.
 */
#ifndef NET_HTTP_CLIENT_H
#define NET_HTTP_CLIENT_H

#include "net/net.h"

#define HTTP_CALLS_MAX   16
#define HTTP_TIMEOUT_MS  10000
#define HTTP_HEADERS_MAX 8 /* of a request */

struct http_call;

struct http_header {
    const char *name, *value;
};

struct http_reply {
    struct net_failure failure; /* NET_OK: the rest is what came */
    int status;
    int64_t used_weight_1m; /* X-MBX-USED-WEIGHT-1M; -1: none */
    int64_t retry_after_s;  /* Retry-After in seconds; -1: none */
    char content_type[64];  /* safe text, lower case; "": none */
    const char *body; /* size bytes with NET_PADDING zero bytes behind, borrowed until on_done returns */
    size_t size;
    int64_t sent_boot_ns, received_boot_ns; /* request handed to the socket; first byte of the reply read */
};

struct http_request {
    const char *method; /* "GET", "POST", "PUT", "DELETE" */
    const char *url;    /* https://host[:port]/path?query */
    const struct http_header *headers;
    size_t header_count;
    const char
        *body; /* NULL: none; sent as application/x-www-form-urlencoded unless a header says otherwise */
    size_t body_size;
    size_t body_max;    /* of the reply; 0: NET_MESSAGE_MAX */
    int64_t timeout_ms; /* 0: HTTP_TIMEOUT_MS */
    void (*on_done)(void *arg, const struct http_reply *reply);
    void *arg;
};

/* Copies what it needs. Never calls back from inside. NULL: no memory or HTTP_CALLS_MAX under way. */
struct http_call *http_start(struct net *net, const struct http_request *request);
void http_cancel(struct http_call *call); /* on_done will not come; NULL is allowed */

#endif
