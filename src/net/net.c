#include "net/net.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/safe_text.h"
#include "net/link.h"
#include "net/net_test.h"
#include "net/tls_text.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLY_HEADERS_MAX (16U << 10)
#define LWS_NEVER_S       86400 /* the library's own time-outs: ours are always earlier */

static _Thread_local char last_line[NET_TEXT_MAX]; /* of the library, while net_new() runs */

const char *net_failure_word(enum net_failure_kind kind)
{
    switch (kind) {
    case NET_OK:
        return "ok";
    case NET_FAIL_URL:
        return "URL";
    case NET_FAIL_RESOLVE:
        return "name";
    case NET_FAIL_CONNECT:
        return "connect";
    case NET_FAIL_TLS:
        return "TLS";
    case NET_FAIL_UPGRADE:
        return "upgrade";
    case NET_FAIL_TIMEOUT:
        return "timeout";
    case NET_FAIL_CLOSED:
        return "closed";
    case NET_FAIL_RESET:
        return "reset";
    case NET_FAIL_TOO_BIG:
        return "too big";
    case NET_FAIL_PROTOCOL:
        return "protocol";
    case NET_FAIL_FULL:
        return "full";
    case NET_FAIL_LOCAL:
        return "local";
    }
    return "?";
}

/* Warnings and errors of the library. Cut before a query: it may hold a signature or a key. */
static void on_lws_line(int level, const char *line)
{
    size_t size = strcspn(line, "?\n");
    struct clock clock;

    clock_init_real(&clock);
    safe_text(line, size, last_line, sizeof(last_line));
    log_ev(level & LLL_ERR ? LOG_ERROR : LOG_WARN, clock_now_ns(&clock), 0, "net.library",
           LOG_TEXT("text", last_line));
}

static enum err make_tls(const char *ca_file, SSL_CTX **out, char *why, size_t why_size)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    int loaded;

    *out = tls;
    if (tls == NULL || SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) != 1) {
        snprintf(why, why_size, "OpenSSL cannot be set up for TLS 1.2 or newer");
        return ERR_UNSUPPORTED;
    }
    SSL_CTX_set_options(tls, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(tls, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_info_callback(tls, tls_note_error);
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
    ERR_clear_error();
    loaded = ca_file != NULL ? SSL_CTX_load_verify_file(tls, ca_file) : SSL_CTX_set_default_verify_paths(tls);
    if (loaded == 1)
        return ERR_OK;

    const char *reason = ERR_reason_error_string(ERR_peek_error());

    snprintf(why, why_size, "cannot read trusted certificates (PEM) from %s: %s",
             ca_file != NULL ? ca_file : "the system's store (install ca-certificates)",
             reason != NULL ? reason : "unknown error");
    ERR_clear_error();
    return ERR_IO;
}

static struct lws_context *make_context(struct net *net)
{
    static const struct lws_protocols protocols[] = {
        {.name = "net", .callback = net_link_lws_callback, .rx_buffer_size = NET_READ_MAX}, {.name = NULL}};
    static const struct lws_extension no_extensions[] = {{.name = NULL}};
    struct lws_context_creation_info info;
    void *loops[1] = {net->loop};
    struct sigaction before;
    struct lws_context *lws;

    memset(&info, 0, sizeof(info));
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.protocols = protocols;
    info.extensions = no_extensions;
    info.options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info.foreign_loops = loops;
    info.provided_client_ssl_ctx = net->tls;
    info.pt_serv_buf_size = NET_READ_MAX + 1024; /* a whole TLS record, and what the library puts before it */
    info.max_http_header_data = REPLY_HEADERS_MAX;
    info.timeout_secs = LWS_NEVER_S;
    info.connect_timeout_secs = LWS_NEVER_S;
    info.alpn = "http/1.1";
    info.http_proxy_address = "none:0"; /* else it obeys http_proxy of the environment; port 0 is none */
    info.gid = -1;
    info.uid = -1;
    /* It sets SIGPIPE to ignored, which writes to a lost socket need; a handler of the program stays. */
    sigaction(SIGPIPE, NULL, &before);
    lws = lws_create_context(&info);
    if (before.sa_handler != SIG_DFL)
        sigaction(SIGPIPE, &before, NULL);
    return lws;
}

enum err net_new(const struct net_config *config, struct net **out, char *why, size_t why_size)
{
    struct net *net = calloc(1, sizeof(*net));
    enum err err = ERR_MEMORY;

    *out = NULL;
    snprintf(why, why_size, "no memory");
    if (net == NULL)
        return ERR_MEMORY;
    lws_set_log_level(LLL_ERR | LLL_WARN, on_lws_line);
    net->loop = config->loop;
    snprintf(net->user_agent, sizeof(net->user_agent), "%s",
             config->user_agent != NULL ? config->user_agent : "");
    net->resolver = resolver_new(config->loop);
    if (net->resolver != NULL)
        err = make_tls(config->ca_file, &net->tls, why, why_size);
    if (err == ERR_OK) {
        last_line[0] = '\0';
        net->lws = make_context(net);
        if (net->lws == NULL) {
            snprintf(why, why_size,
                     "libwebsockets cannot join the event loop: install the package "
                     "libwebsockets-evlib-ev%s%s",
                     last_line[0] != '\0' ? " (it says: " : "", last_line);
            if (last_line[0] != '\0' && strlen(why) + 2 <= why_size)
                memcpy(why + strlen(why), ")", 2);
            err = ERR_UNSUPPORTED;
        }
    }
    if (err == ERR_OK)
        *out = net;
    else
        net_free(net);
    return err;
}

void net_free(struct net *net)
{
    if (net == NULL)
        return;
    while (net->links != NULL)
        net_link_drop(net->links);
    if (net->lws != NULL)
        lws_context_destroy(net->lws); /* once: a second call crashes */
    resolver_free(net->resolver);
    SSL_CTX_free(net->tls);
    free(net);
}

bool net_pin_address(struct net *net, const char *host, const char *address)
{
    return resolver_pin(net->resolver, host, address);
}

void net_set_lookup(struct net *net, resolver_lookup lookup)
{
    resolver_set_lookup(net->resolver, lookup);
}
