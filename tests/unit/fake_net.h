/*
 * fake_net.h - the net layer without a socket: what the code under test opens, sends and asks for is kept here,
 * and the test plays the other side. Include it in one test file; it defines every function of net.
 */
#ifndef TESTS_FAKE_NET_H
#define TESTS_FAKE_NET_H

#include "net/http_client.h"
#include "net/ws_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAKE_WS_MAX   256 /* connections of one test */
#define FAKE_SENT_MAX 64  /* texts of one connection */
#define FAKE_HTTP_MAX 2048
#define FAKE_URL_MAX  2048

struct ws_client {
    struct ws_client_config config;
    char url[256];
    bool open, freed, was_lost;
    size_t sent;
    char text[FAKE_SENT_MAX][2048];
    int64_t text_ns[FAKE_SENT_MAX];
    struct ws_stats stats;
    int64_t opened_ns;
};

struct http_call {
    struct http_request request;
    char url[FAKE_URL_MAX];
    int64_t sent_ns;
    bool pending, cancelled;
};

static struct {
    int64_t now_ns; /* the test's clock */
    size_t clients;
    struct ws_client *client[FAKE_WS_MAX];
    size_t calls;
    struct http_call *call[FAKE_HTTP_MAX];
    int64_t slower_ns; /* HTTP calls took so much longer than they did */
} fake_net;

static inline void fake_net_reset(void)
{
    for (size_t i = 0; i < fake_net.clients; i++)
        free(fake_net.client[i]);
    for (size_t i = 0; i < fake_net.calls; i++)
        free(fake_net.call[i]);
    memset(&fake_net, 0, sizeof(fake_net));
}

/* --- what the code under test calls ------------------------------------------------------------------------- */

struct ws_client *ws_client_open(struct net *net, const struct ws_client_config *config)
{
    struct ws_client *client;

    (void)net;
    if (fake_net.clients == FAKE_WS_MAX)
        return NULL;
    client = calloc(1, sizeof(*client));
    client->config = *config;
    snprintf(client->url, sizeof(client->url), "%s", config->url);
    client->opened_ns = fake_net.now_ns;
    fake_net.client[fake_net.clients++] = client;
    return client;
}

void ws_client_free(struct ws_client *client)
{
    if (client != NULL) {
        client->freed = true;
        client->open = false;
    }
}

bool ws_client_send(struct ws_client *client, const char *text, size_t size)
{
    if (!client->open || client->sent == FAKE_SENT_MAX || size >= sizeof(client->text[0]))
        return false;
    memcpy(client->text[client->sent], text, size);
    client->text_ns[client->sent++] = fake_net.now_ns;
    return true;
}

void ws_client_close(struct ws_client *client)
{
    client->open = false;
}

const struct ws_stats *ws_client_stats(const struct ws_client *client)
{
    return &client->stats;
}

struct http_call *http_start(struct net *net, const struct http_request *request)
{
    struct http_call *call;

    (void)net;
    if (fake_net.calls == FAKE_HTTP_MAX)
        return NULL;
    call = calloc(1, sizeof(*call));
    call->request = *request;
    snprintf(call->url, sizeof(call->url), "%s", request->url);
    call->sent_ns = fake_net.now_ns;
    call->pending = true;
    fake_net.call[fake_net.calls++] = call;
    return call;
}

void http_cancel(struct http_call *call)
{
    if (call != NULL) {
        call->pending = false;
        call->cancelled = true;
    }
}

const char *net_failure_word(enum net_failure_kind kind)
{
    static const char *const word[] = {"ok",     "URL",   "name",    "connect",  "TLS",  "upgrade", "timeout",
                                       "closed", "reset", "too big", "protocol", "full", "local"};

    return word[kind];
}

enum err net_new(const struct net_config *config, struct net **out, char *why, size_t why_size)
{
    (void)config;
    (void)out;
    (void)why;
    (void)why_size;
    return ERR_UNSUPPORTED;
}

void net_free(struct net *net)
{
    (void)net;
}

bool net_pin_address(struct net *net, const char *host, const char *address)
{
    (void)net;
    (void)host;
    (void)address;
    return false;
}

/* --- the other side ----------------------------------------------------------------------------------------- */

static inline void fake_ws_accept(struct ws_client *client)
{
    client->open = true;
    client->config.on_open(client->config.arg);
}

/* As the socket does it: in padded memory of exactly this size, so that a sanitizer sees who reads beyond. */
static inline void fake_ws_text(struct ws_client *client, const char *text)
{
    size_t size = strlen(text);
    char *copy;

    if (client->freed || !client->open)
        return;
    copy = calloc(1, size + NET_PADDING);
    memcpy(copy, text, size);
    client->config.on_message(client->config.arg, fake_net.now_ns, copy, size);
    free(copy);
}

static inline void fake_ws_fail(struct ws_client *client, const struct net_failure *failure)
{
    if (client->freed || client->was_lost)
        return;
    client->open = false;
    client->was_lost = true;
    client->config.on_closed(client->config.arg, failure);
}

static inline void fake_ws_reset(struct ws_client *client)
{
    struct net_failure failure = {.kind = NET_FAIL_RESET, .retry_after_s = -1, .text = "connection reset"};

    fake_ws_fail(client, &failure);
}

static inline void fake_ws_refuse(struct ws_client *client, int status, int64_t retry_after_s)
{
    struct net_failure failure = {
        .kind = NET_FAIL_UPGRADE, .http_status = status, .retry_after_s = retry_after_s};

    snprintf(failure.text, sizeof(failure.text), "no WebSocket");
    fake_ws_fail(client, &failure);
}

static inline void fake_http_reply(struct http_call *call, int status, int64_t retry_after_s,
                                   int64_t used_weight, const char *content_type, const char *body)
{
    struct http_reply reply = {.failure = {.kind = NET_OK, .retry_after_s = -1},
                               .status = status,
                               .used_weight_1m = used_weight,
                               .retry_after_s = retry_after_s,
                               .size = strlen(body),
                               .sent_boot_ns = call->sent_ns - fake_net.slower_ns,
                               .received_boot_ns = fake_net.now_ns};
    char *copy = calloc(1, reply.size + NET_PADDING);

    memcpy(copy, body, reply.size);
    snprintf(reply.content_type, sizeof(reply.content_type), "%s", content_type);
    reply.body = copy;
    call->pending = false;
    call->request.on_done(call->request.arg, &reply);
    free(copy);
}

static inline void fake_http_fail(struct http_call *call, enum net_failure_kind kind, const char *text)
{
    struct http_reply reply = {
        .failure = {.kind = kind, .retry_after_s = -1}, .used_weight_1m = -1, .retry_after_s = -1};

    snprintf(reply.failure.text, sizeof(reply.failure.text), "%s", text);
    call->pending = false;
    call->request.on_done(call->request.arg, &reply);
}

#endif
