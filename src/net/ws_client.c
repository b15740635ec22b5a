#include "net/ws_client.h"

#include "net/link.h"
#include "net/ws_frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WS_GUID     "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define WS_CLOSE_MS 3000 /* for the other side to answer our close */

enum ws_state { WS_CONNECTING, WS_OPEN, WS_CLOSING };

struct ws_client {
    struct link link;
    enum ws_state state;
    struct ws_parser parser;
    struct ws_stats stats;
    char key[32], accept[32]; /* base64 */
    int64_t read_boot_ns;
    /* Whole frames, masked, oldest first; LWS_PRE free bytes before. */
    unsigned char *queue;
    size_t queue_start, queue_end;
    bool pong_due;
    int64_t ping_boot_ns;
    unsigned char pong[WS_CONTROL_MAX];
    size_t pong_size;
    bool close_asked, close_sent;
    void (*on_open)(void *arg);
    void (*on_message)(void *arg, int64_t recv_boot_ns, const char *text, size_t size);
    void (*on_closed)(void *arg, const struct net_failure *failure);
    void *arg;
};

static struct ws_client *client_of(struct link *link)
{
    return (struct ws_client *)(void *)link; /* the first member */
}

/* --- handshake ------------------------------------------------------------------------------------------- */

static bool make_keys(struct ws_client *client)
{
    unsigned char random[16], digest[EVP_MAX_MD_SIZE];
    unsigned digest_size = 0;
    char joined[128];

    if (RAND_bytes(random, sizeof(random)) != 1)
        return false;
    EVP_EncodeBlock((unsigned char *)client->key, random, sizeof(random));
    snprintf(joined, sizeof(joined), "%s%s", client->key, WS_GUID);
    if (EVP_Digest(joined, strlen(joined), digest, &digest_size, EVP_sha1(), NULL) != 1)
        return false;
    EVP_EncodeBlock((unsigned char *)client->accept, digest, (int)digest_size);
    return true;
}

static void on_headers(struct link *link, struct net_link_headers *headers)
{
    struct ws_client *client = client_of(link);

    net_link_header(headers, "Upgrade", "websocket");
    net_link_header(headers, "Connection", "Upgrade");
    net_link_header(headers, "Sec-WebSocket-Version", "13");
    net_link_header(headers, "Sec-WebSocket-Key", "%s", client->key);
}

static void refuse(struct link *link, int status)
{
    struct net_failure *failure = net_link_failure(link);
    const char *hint = "";

    failure->http_status = status;
    failure->retry_after_s = net_link_retry_after_s(link);
    if (status >= 300 && status < 400)
        hint = " (a redirect, which is never followed)";
    net_link_fail(link, NET_FAIL_UPGRADE, "%s: no WebSocket there: HTTP status %d%s", link->url.host_header,
                  status, hint);
}

static void on_reply(struct link *link, int status)
{
    struct ws_client *client = client_of(link);
    char upgrade[32], accept[64], extension[64], length[32];

    if (status != 101) {
        refuse(link, status);
        return;
    }
    net_link_header_text(link, WSI_TOKEN_UPGRADE, upgrade, sizeof(upgrade));
    net_link_header_text(link, WSI_TOKEN_ACCEPT, accept, sizeof(accept));
    net_link_header_text(link, WSI_TOKEN_EXTENSIONS, extension, sizeof(extension));
    net_link_header_text(link, WSI_TOKEN_HTTP_CONTENT_LENGTH, length, sizeof(length));
    if (strcasecmp(upgrade, "websocket") != 0 || strcmp(accept, client->accept) != 0 ||
        extension[0] != '\0' || length[0] != '\0' || link->chunked) {
        net_link_failure(link)->http_status = status;
        net_link_fail(link, NET_FAIL_UPGRADE, "%s: wrong answer to the WebSocket handshake",
                      link->url.host_header);
        return;
    }
    client->state = WS_OPEN;
    net_link_up(link);
    client->on_open(client->arg);
}

/* --- sending --------------------------------------------------------------------------------------------- */

static bool write_control(struct ws_client *client, enum ws_opcode opcode, const unsigned char *bytes,
                          size_t size)
{
    unsigned char frame[LWS_PRE + WS_FRAME_HEAD + WS_CONTROL_MAX], mask[4], *at = frame + LWS_PRE;
    size_t head;

    if (RAND_bytes(mask, sizeof(mask)) != 1)
        return false;
    head = ws_client_frame_head(opcode, size, mask, at);
    if (size > 0)
        memcpy(at + head, bytes, size);
    ws_client_frame_mask(at + head, size, mask);
    return net_link_write(&client->link, at, head + size);
}

/* Bytes that still wait for the socket go first, whatever it is; then the pong, then text. Only the newest
 * ping is answered if several came meanwhile, as the protocol allows. */
static bool write_pong(struct ws_client *client)
{
    int64_t delay_ns;

    if (!client->pong_due || net_link_choked(&client->link))
        return true;
    if (!write_control(client, WS_PONG, client->pong, client->pong_size))
        return false;
    client->pong_due = false;
    client->stats.pongs_sent++;
    delay_ns = net_boot_ns() - client->ping_boot_ns;
    if (delay_ns > client->stats.pong_delay_max_ns)
        client->stats.pong_delay_max_ns = delay_ns;
    return true;
}

static bool write_close(struct ws_client *client, unsigned code)
{
    unsigned char bytes[2] = {(unsigned char)(code >> 8), (unsigned char)code};

    if (client->close_sent)
        return true;
    client->close_sent = true;
    return write_control(client, WS_CLOSE, bytes, code != 0 ? 2 : 0);
}

/* All waiting text in one write; what the socket does not take, the library keeps and sends first. */
static bool write_text(struct ws_client *client)
{
    size_t size = client->queue_end - client->queue_start;

    if (size == 0 || net_link_choked(&client->link))
        return true;
    if (!net_link_write(&client->link, client->queue + client->queue_start, size))
        return false;
    client->queue_start = client->queue_end = LWS_PRE;
    return true;
}

static void lost(struct ws_client *client)
{
    net_link_fail(&client->link, NET_FAIL_RESET, "%s: connection lost while sending",
                  client->link.url.host_header);
}

static void write_due(struct ws_client *client)
{
    if (client->state == WS_CONNECTING || client->close_sent)
        return;
    if (!write_pong(client) || !write_text(client)) {
        lost(client);
        return;
    }
    if (client->close_asked && client->queue_start == client->queue_end && !net_link_choked(&client->link) &&
        !write_close(client, WS_CLOSE_NORMAL))
        lost(client);
    else if (client->pong_due || client->queue_start < client->queue_end ||
             (client->close_asked && !client->close_sent))
        net_link_want_write(&client->link);
}

static void on_writable(struct link *link)
{
    write_due(client_of(link));
}

bool ws_client_send(struct ws_client *client, const char *text, size_t size)
{
    unsigned char mask[4], *at;
    size_t head;

    if (client->state != WS_OPEN || client->link.stage != LINK_UP || client->close_asked ||
        size > WS_SEND_QUEUE_MAX ||
        client->queue_end + WS_FRAME_HEAD + size > (size_t)LWS_PRE + WS_SEND_QUEUE_MAX + WS_FRAME_HEAD ||
        RAND_bytes(mask, sizeof(mask)) != 1)
        return false;
    at = client->queue + client->queue_end;
    head = ws_client_frame_head(WS_TEXT, size, mask, at);
    if (size > 0)
        memcpy(at + head, text, size);
    ws_client_frame_mask(at + head, size, mask);
    client->queue_end += head + size;
    net_link_want_write(&client->link);
    return true;
}

/* --- receiving ------------------------------------------------------------------------------------------- */

static void take_message(struct ws_client *client)
{
    client->stats.messages++;
    client->stats.bytes += client->parser.size;
    client->stats.last_message_boot_ns = client->read_boot_ns;
    if (client->state == WS_OPEN)
        client->on_message(client->arg, client->read_boot_ns, client->parser.message, client->parser.size);
}

static void take_ping(struct ws_client *client)
{
    client->stats.pings++;
    if (!client->pong_due)
        client->ping_boot_ns = client->read_boot_ns;
    client->pong_due = true;
    client->pong_size = client->parser.control_size;
    memcpy(client->pong, client->parser.control, client->pong_size);
    if (client->close_sent)
        return;
    if (!write_pong(client))
        lost(client);
    else if (client->pong_due)
        net_link_want_write(&client->link);
}

static void take_close(struct ws_client *client)
{
    const unsigned char *bytes = client->parser.control;
    size_t size = client->parser.control_size;
    unsigned code = size >= 2 ? (unsigned)bytes[0] << 8 | bytes[1] : 0;

    if (size == 1 || (code != 0 && !ws_close_code_valid(code)) || (size == 2 && code == 0)) {
        write_close(client, WS_CLOSE_PROTOCOL);
        net_link_fail(&client->link, NET_FAIL_PROTOCOL, "%s: bad close code %u", client->link.url.host_header,
                      code);
        return;
    }
    write_close(client, code);
    net_link_failure(&client->link)->close_code = (int)code;
    net_link_fail(&client->link, NET_FAIL_CLOSED, "%s: closed by %s, code %u%s%.*s",
                  client->link.url.host_header, client->state == WS_CLOSING ? "us" : "the server", code,
                  size > 2 ? ": " : "", size > 2 ? (int)(size - 2) : 0, (const char *)bytes + 2);
}

static void take_error(struct ws_client *client, const struct ws_error *error)
{
    write_close(client, error->code);
    if (error->kind == NET_FAIL_TOO_BIG)
        net_link_fail(&client->link, error->kind, "%s: %s of %zu bytes or %d pieces",
                      client->link.url.host_header, error->text, client->parser.message_max,
                      WS_FRAGMENTS_MAX);
    else
        net_link_fail(&client->link, error->kind, "%s: %s", client->link.url.host_header, error->text);
}

static void on_data(struct link *link, const unsigned char *bytes, size_t size)
{
    struct ws_client *client = client_of(link);
    struct ws_error error;

    client->read_boot_ns = net_boot_ns();
    while (link->stage == LINK_UP) {
        enum ws_event event = ws_parser_next(&client->parser, &bytes, &size, &error);

        if (event == WS_EVENT_NONE)
            return;
        if (event == WS_EVENT_MESSAGE)
            take_message(client);
        else if (event == WS_EVENT_PING)
            take_ping(client);
        else if (event == WS_EVENT_CLOSE)
            take_close(client);
        else if (event == WS_EVENT_ERROR)
            take_error(client, &error);
    }
}

/* --- the end --------------------------------------------------------------------------------------------- */

static void on_failed(struct link *link, const struct net_failure *failure)
{
    struct ws_client *client = client_of(link);
    struct net_failure copy = *failure;

    if (client->close_asked && copy.kind == NET_FAIL_TIMEOUT) {
        copy.kind = NET_FAIL_CLOSED;
        copy.close_code = 0;
        snprintf(copy.text, sizeof(copy.text), "%s: closed by us, without an answer", link->url.host_header);
    }
    client->on_closed(client->arg, &copy);
}

static void on_ended(struct link *link, bool whole)
{
    struct ws_client *client = client_of(link);
    struct net_failure failure = {.kind = client->close_sent ? NET_FAIL_CLOSED : NET_FAIL_RESET,
                                  .retry_after_s = -1};

    (void)whole;
    snprintf(failure.text, sizeof(failure.text), "%s: %s", link->url.host_header,
             client->close_sent ? "closed by us" : "connection lost without a close");
    client->on_closed(client->arg, &failure);
}

static void on_release(struct link *link)
{
    struct ws_client *client = client_of(link);

    link->net->ws_count--;
    ws_parser_free(&client->parser);
    free(client->queue);
    free(client);
}

void ws_client_close(struct ws_client *client)
{
    struct link *link = &client->link;

    if (link->stage == LINK_OVER || client->close_asked)
        return;
    client->close_asked = true;
    if (client->state == WS_CONNECTING) {
        net_link_fail(link, NET_FAIL_CLOSED, "%s: closed by us before it was open", link->url.host_header);
        return;
    }
    client->state = WS_CLOSING;
    net_link_deadline(link, WS_CLOSE_MS);
    net_link_want_write(link);
}

struct ws_client *ws_client_open(struct net *net, const struct ws_client_config *config)
{
    static const struct net_link_ops ops = {.headers = on_headers,
                                            .reply = on_reply,
                                            .data = on_data,
                                            .writable = on_writable,
                                            .ended = on_ended,
                                            .failed = on_failed,
                                            .release = on_release};
    struct ws_client *client;
    const char *why;

    if (net->ws_count >= WS_CLIENTS_MAX)
        return NULL;
    client = calloc(1, sizeof(*client));
    if (client == NULL)
        return NULL;
    client->queue = malloc(LWS_PRE + WS_SEND_QUEUE_MAX + (size_t)2 * WS_FRAME_HEAD);
    if (client->queue == NULL || !make_keys(client)) {
        free(client->queue);
        free(client);
        return NULL;
    }
    client->queue_start = client->queue_end = LWS_PRE;
    ws_parser_init(&client->parser, config->message_max > 0 ? config->message_max : NET_MESSAGE_MAX);
    client->on_open = config->on_open;
    client->on_message = config->on_message;
    client->on_closed = config->on_closed;
    client->arg = config->arg;
    client->link.method = "GET";
    client->link.keep_open = true;
    net->ws_count++;
    why = url_parse(config->url, "wss", &client->link.url);
    net_link_start(&client->link, net, &ops, config->connect_ms > 0 ? config->connect_ms : NET_CONNECT_MS,
                   why);
    return client;
}

void ws_client_free(struct ws_client *client)
{
    if (client != NULL)
        net_link_drop(&client->link);
}

const struct ws_stats *ws_client_stats(const struct ws_client *client)
{
    return &client->stats;
}
