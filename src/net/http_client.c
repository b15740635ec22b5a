#include "net/http_client.h"

#include "core/base/safe_text.h"
#include "net/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BODY_FIRST       ((size_t)16 << 10) /* first allocation if the length is not told */
#define REQUEST_BODY_MAX ((size_t)1 << 20)
#define HEADER_NAME_MAX  63
#define HEADER_VALUE_MAX 1023
#define WRITE_MAX        ((size_t)8 << 10) /* of a request body in one go */

struct header_copy {
    char name[HEADER_NAME_MAX + 1];
    char value[HEADER_VALUE_MAX + 1];
};

struct http_call {
    struct link link;
    struct http_reply reply;
    struct header_copy header[HTTP_HEADERS_MAX];
    size_t header_count;
    char method[8];
    unsigned char *request_body; /* LWS_PRE bytes, then the body */
    size_t request_size, request_sent;
    char *body;
    size_t room, body_max; /* room without NET_PADDING */
    void (*on_done)(void *arg, const struct http_reply *reply);
    void *arg;
};

static struct http_call *call_of(struct link *link)
{
    return (struct http_call *)(void *)link; /* the first member */
}

static void finish(struct http_call *call)
{
    struct http_reply *reply = &call->reply;

    if (reply->failure.kind != NET_OK) {
        reply->status = 0;
        reply->size = 0;
    }
    if (call->body != NULL)
        memset(call->body + reply->size, 0, NET_PADDING);
    reply->body = call->body;
    call->on_done(call->arg, reply);
    net_link_drop(&call->link);
}

/* Room for size bytes and the padding. Doubles, so that a body of any size is copied a bounded number of times. */
static bool grow(struct http_call *call, size_t size)
{
    size_t room = call->room > 0 ? call->room : BODY_FIRST;
    char *body;

    if (call->body != NULL && size <= call->room)
        return true;
    while (room < size)
        room *= 2;
    if (room > call->body_max)
        room = call->body_max;
    body = realloc(call->body, room + NET_PADDING);
    if (body == NULL)
        return false;
    call->body = body;
    call->room = room;
    return true;
}

static void on_headers(struct link *link, struct net_link_headers *headers)
{
    struct http_call *call = call_of(link);
    bool typed = false, accept = false;

    for (size_t i = 0; i < call->header_count; i++) {
        typed |= strcasecmp(call->header[i].name, "Content-Type") == 0;
        accept |= strcasecmp(call->header[i].name, "Accept") == 0;
        net_link_header(headers, call->header[i].name, "%s", call->header[i].value);
    }
    if (!accept)
        net_link_header(headers, "Accept", "*/*");
    net_link_header(headers, "Accept-Encoding", "identity");
    if (link->has_body && !typed)
        net_link_header(headers, "Content-Type", "application/x-www-form-urlencoded");
    if (link->has_body || strcmp(call->method, "POST") == 0 || strcmp(call->method, "PUT") == 0)
        net_link_header(headers, "Content-Length", "%zu", call->request_size);
    call->reply.sent_boot_ns = net_boot_ns();
}

static void on_writable(struct link *link)
{
    struct http_call *call = call_of(link);
    size_t left = call->request_size - call->request_sent;

    if (link->stage != LINK_SENT || left == 0)
        return;
    if (!net_link_choked(link)) {
        size_t size = left < WRITE_MAX ? left : WRITE_MAX;

        /* The library may write its own bytes before the start: there it finds those sent already. */
        if (!net_link_write(link, call->request_body + LWS_PRE + call->request_sent, size)) {
            net_link_fail(link, NET_FAIL_RESET, "%s: connection lost while sending", link->url.host_header);
            return;
        }
        call->request_sent += size;
        call->reply.sent_boot_ns = net_boot_ns();
    }
    if (call->request_sent == call->request_size)
        net_link_body_sent(link);
    else
        net_link_want_write(link);
}

static int64_t parse_count(const char *text)
{
    int64_t value = 0;

    if (text[0] == '\0')
        return -1;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < '0' || *c > '9' || c - text >= 18)
            return -1;
        value = value * 10 + (*c - '0');
    }
    return value;
}

static void read_content_type(struct link *link, struct http_reply *reply)
{
    char text[256];

    net_link_header_text(link, WSI_TOKEN_HTTP_CONTENT_TYPE, text, sizeof(text));
    for (char *c = text; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    safe_text(text, strlen(text), reply->content_type, sizeof(reply->content_type));
}

static void on_reply(struct link *link, int status)
{
    struct http_call *call = call_of(link);
    struct http_reply *reply = &call->reply;
    char text[64];
    int64_t length;

    reply->received_boot_ns = net_boot_ns();
    reply->status = status;
    reply->retry_after_s = net_link_retry_after_s(link);
    net_link_custom_header_text(link, "x-mbx-used-weight-1m:", text, sizeof(text));
    reply->used_weight_1m = parse_count(text);
    read_content_type(link, reply);
    net_link_header_text(link, WSI_TOKEN_HTTP_CONTENT_LENGTH, text, sizeof(text));
    length = parse_count(text);
    if (status < 200 || status > 599 || (text[0] != '\0' && (length < 0 || link->chunked))) {
        net_link_fail(link, NET_FAIL_PROTOCOL, "%s: bad HTTP reply (status or length)",
                      link->url.host_header);
        return;
    }
    net_link_header_text(link, WSI_TOKEN_HTTP_TRANSFER_ENCODING, text, sizeof(text));
    if (link->chunked && strcmp(text, "chunked") != 0) {
        net_link_fail(link, NET_FAIL_PROTOCOL, "%s: unknown transfer coding", link->url.host_header);
        return;
    }
    if (length > (int64_t)call->body_max)
        net_link_fail(link, NET_FAIL_TOO_BIG, "%s: reply of %lld bytes, %zu are allowed",
                      link->url.host_header, (long long)length, call->body_max);
    else if (!grow(call, length > 0 ? (size_t)length : 1))
        net_link_fail(link, NET_FAIL_LOCAL, "no memory for the reply");
}

static void on_data(struct link *link, const unsigned char *bytes, size_t size)
{
    struct http_call *call = call_of(link);
    size_t have = call->reply.size;

    if (size > call->body_max - have) {
        net_link_fail(link, NET_FAIL_TOO_BIG, "%s: reply of more than %zu bytes", link->url.host_header,
                      call->body_max);
    } else if (!grow(call, have + size)) {
        net_link_fail(link, NET_FAIL_LOCAL, "no memory for the reply");
    } else {
        memcpy(call->body + have, bytes, size);
        call->reply.size += size;
    }
}

static void on_failed(struct link *link, const struct net_failure *failure)
{
    struct http_call *call = call_of(link);

    call->reply.failure = *failure;
    finish(call);
}

static void on_ended(struct link *link, bool whole)
{
    struct http_call *call = call_of(link);

    if (!whole) {
        call->reply.failure.kind = NET_FAIL_RESET;
        snprintf(call->reply.failure.text, sizeof(call->reply.failure.text),
                 "%s: connection lost after %zu bytes of the reply", link->url.host_header, call->reply.size);
    }
    finish(call);
}

static void on_release(struct link *link)
{
    struct http_call *call = call_of(link);

    link->net->http_count--;
    free(call->request_body);
    free(call->body);
    free(call);
}

static const char *copy_header(struct header_copy *copy, const struct http_header *header)
{
    size_t name = strlen(header->name), value = strlen(header->value);

    if (name == 0 || name > HEADER_NAME_MAX || strcspn(header->name, ": \t\r\n") != name)
        return "header name empty, too long or with a forbidden byte";
    if (value > HEADER_VALUE_MAX || strcspn(header->value, "\r\n") != value)
        return "header value too long or with a line end";
    memcpy(copy->name, header->name, name + 1);
    memcpy(copy->value, header->value, value + 1);
    return NULL;
}

/* NULL: fine; else what is wrong with the request. */
static const char *copy_request(struct http_call *call, const struct http_request *request)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE"};
    const char *why = "method must be GET, POST, PUT or DELETE";

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (strcmp(request->method, methods[i]) == 0)
            why = NULL;
    if (why != NULL)
        return why;
    snprintf(call->method, sizeof(call->method), "%s", request->method);
    if (request->header_count > HTTP_HEADERS_MAX)
        return "too many headers";
    for (size_t i = 0; i < request->header_count && why == NULL; i++)
        why = copy_header(&call->header[i], &request->headers[i]);
    call->header_count = why == NULL ? request->header_count : 0;
    if (why == NULL && request->body_size > REQUEST_BODY_MAX)
        why = "body too long";
    return why != NULL ? why : url_parse(request->url, "https", &call->link.url);
}

struct http_call *http_start(struct net *net, const struct http_request *request)
{
    struct http_call *call;
    const char *why;
    static const struct net_link_ops ops = {.headers = on_headers,
                                            .reply = on_reply,
                                            .data = on_data,
                                            .writable = on_writable,
                                            .ended = on_ended,
                                            .failed = on_failed,
                                            .release = on_release};

    if (net->http_count >= HTTP_CALLS_MAX)
        return NULL;
    call = calloc(1, sizeof(*call));
    if (call == NULL)
        return NULL;
    why = copy_request(call, request);
    if (why == NULL && request->body != NULL && request->body_size > 0) {
        call->request_body = malloc(LWS_PRE + request->body_size);
        if (call->request_body == NULL) {
            free(call);
            return NULL;
        }
        memcpy(call->request_body + LWS_PRE, request->body, request->body_size);
        call->request_size = request->body_size;
        call->link.has_body = true;
    }
    call->reply.failure.retry_after_s = -1;
    call->reply.used_weight_1m = call->reply.retry_after_s = -1;
    call->body_max = request->body_max > 0 ? request->body_max : NET_MESSAGE_MAX;
    call->on_done = request->on_done;
    call->arg = request->arg;
    call->link.method = call->method;
    net->http_count++;
    net_link_start(&call->link, net, &ops, request->timeout_ms > 0 ? request->timeout_ms : HTTP_TIMEOUT_MS,
                   why);
    return call;
}

void http_cancel(struct http_call *call)
{
    if (call != NULL)
        net_link_drop(&call->link);
}
