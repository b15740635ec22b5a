/*
 * link.h - one TLS connection with one HTTP/1.1 request on it, from name to last byte; private to net.
 *
 * Everything of libwebsockets is behind this: resolve, try each address, TLS with every check, request and
 * reply headers, then raw bytes both ways. A WebSocket is such a link whose reply was 101: its frames are
 * read and written by ws_client.c, because the library's own client answers pings without telling, drops a
 * second ping while one waits, rewrites close codes 1012 to 1014 and walks payloads byte by byte.
 *
 * The owner embeds the link. After net_link_start() exactly one of these ends it: ops->failed (net_link_fail() or an
 * error), ops->ended, or net_link_drop(). All three let the socket go; ops->release, the last call, frees the owner
 * after net_link_drop(), when nothing of the link is on the stack any more.
 */
#ifndef NET_LINK_H
#define NET_LINK_H

#include "net/net.h"
#include "net/net_lws.h"
#include "net/resolver.h"
#include "net/url.h"

#define LINK_TRY_MS    3000        /* TCP connect to one of several addresses */
#define NET_READ_MAX   (16U << 10) /* one read: a whole TLS record */
#define LINK_READS_MAX 16          /* reads in a row before other watchers of the loop get their turn */

enum net_link_stage { LINK_WAITING, LINK_RESOLVE, LINK_TCP, LINK_TLS, LINK_SENT, LINK_UP, LINK_OVER };

struct link;

/* Request headers being written: the owner appends with net_link_header(). */
struct net_link_headers {
    char *at, *end;
    bool full;
};

struct net_link_ops {
    void (*headers)(struct link *link, struct net_link_headers *headers);
    void (*reply)(struct link *link, int status); /* reply headers are there: net_link_header_text() */
    void (*data)(struct link *link, const unsigned char *bytes, size_t size);
    void (*writable)(struct link *link);
    /* The other side ended the bytes. whole: the HTTP body is complete. */
    void (*ended)(struct link *link, bool whole);
    void (*failed)(struct link *link, const struct net_failure *failure);
    void (*release)(struct link *link);
};

struct link {
    struct link *prev, *next; /* of net->links */
    struct net *net;
    const struct net_link_ops *ops;
    struct url url;
    const char *method;
    bool has_body; /* the request goes on after its headers: written in ops->writable before the reply */
    bool keep_open;
    enum net_link_stage stage;
    struct lws *wsi;
    unsigned depth; /* of our callbacks on the stack */
    bool dropped, told, chunked, body_whole, quiet_end;
    struct resolver_job *job;
    struct resolver_answer addresses;
    size_t address; /* being tried */
    int64_t timeout_ms, deadline_ns;
    ev_timer deadline, attempt, later;
    int verify_error; /* first X509_V_ERR_*, 0: none */
    struct net_failure failure;
};

struct net {
    struct ev_loop *loop;
    struct lws_context *lws;
    SSL_CTX *tls;
    struct resolver *resolver;
    struct link *links;
    size_t ws_count, http_count;
    char user_agent[64];
    unsigned char read[NET_READ_MAX];
};

/* url, method and flags are set by the owner before. url_error: fails later with it, without a look-up. */
void net_link_start(struct link *link, struct net *net, const struct net_link_ops *ops, int64_t timeout_ms,
                    const char *url_error);
void net_link_drop(struct link *link);                       /* no callback but release */
void net_link_up(struct link *link);                         /* the connect timeout is over */
void net_link_deadline(struct link *link, int64_t after_ms); /* NET_FAIL_TIMEOUT then */

__attribute__((format(printf, 3, 4))) void net_link_fail(struct link *link, enum net_failure_kind kind,
                                                         const char *format, ...);
/* Fills what net_link_fail() reports besides the text; before net_link_fail(). */
struct net_failure *net_link_failure(struct link *link);

__attribute__((format(printf, 3, 4))) void net_link_header(struct net_link_headers *headers, const char *name,
                                                           const char *format, ...);
/* Value of a reply header, "" if there is none or it is too long. */
void net_link_header_text(struct link *link, enum lws_token_indexes token, char *out, size_t size);
void net_link_custom_header_text(struct link *link, const char *name_colon, char *out, size_t size);
int64_t net_link_retry_after_s(struct link *link); /* -1: none */

bool net_link_write(struct link *link, unsigned char *bytes, size_t size); /* LWS_PRE bytes free before */
bool net_link_choked(struct link *link); /* written bytes wait for the socket */
void net_link_want_write(struct link *link);
void net_link_body_sent(struct link *link);

int net_link_lws_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                          size_t len);

int64_t net_boot_ns(void);

#endif
