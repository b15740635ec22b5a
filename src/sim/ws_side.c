#include "sim/server_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SECOND_NS        INT64_C(1000000000)
#define SHUTDOWN_TELL_NS (600 * SECOND_NS) /* before the end of a life */
#define API_PATH         "/ws-api/v3"

void ws_send_text(struct connection *connection, const char *text, size_t size)
{
    struct server *server = connection->server;

    if (server->exchange->now_ns < server->faults.half_open_until_ns)
        return;
    connection_send(connection, message_of_text(text, size));
}

void ws_close(struct connection *connection, enum ws_close_code code, const char *text)
{
    const uint8_t code_bytes[2] = {(uint8_t)((unsigned)code >> 8), (uint8_t)code};

    connection_send(connection, message_of_frame(WS_CLOSE, (const void *const[]){code_bytes, text},
                                                 (const size_t[]){2, strlen(text)}, 2));
    connection_close(connection);
}

/* --- becoming one --------------------------------------------------------------------------------------------- */

static int refuse(struct sim_text *error, int status, int code, const char *text)
{
    struct sim_reply reply = {0};

    sim_error(&reply, status, code, "%s", text);
    sim_text_add_size(error, reply.body.at, reply.body.size);
    sim_text_free(&reply.body);
    return status;
}

static int refuse_connect(struct sim_text *error, const struct limit_verdict *verdict, char headers[512])
{
    char text[160];

    snprintf(headers, 512, "Retry-After: %" PRId64 "\r\n", verdict->retry_after_s);
    if (verdict->status == 418)
        snprintf(text, sizeof(text), "Way too much request weight used; IP banned until %" PRId64 ".",
                 verdict->banned_until_ns / 1000000);
    else
        snprintf(text, sizeof(text),
                 "Too many connection attempts from IP; current limit is %u per '5 MINUTE'.", verdict->limit);
    return refuse(error, verdict->status, verdict->status == 418 ? -1003 : -1034, text);
}

static void begin(struct connection *connection, const struct http_head *head, const char accept[29],
                  bool api)
{
    struct server *server = connection->server;
    char answer[256];
    int size = snprintf(answer, sizeof(answer),
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Accept: %s\r\n\r\n",
                        accept);

    server->stats.by_status[101]++;
    connection_send(connection, message_of_bytes(answer, (size_t)size));
    connection->kind = api ? CONNECTION_API : CONNECTION_STREAM;
    connection->ping_ns = server->mono_ns;
    connection->life_end_ns = server->mono_ns + server->life_ns;
    if (!api)
        stream_side_begin(connection, head->path, head->query);
}

int ws_side_upgrade(struct connection *connection, const struct http_head *head, struct sim_text *error,
                    char headers[512])
{
    struct server *server = connection->server;
    const struct sim_request request = {.query = head->query, .body = ""};
    bool api = strcmp(head->path, API_PATH) == 0;
    struct limit_verdict verdict;
    char accept[29], unit[16];

    if (!api && !stream_side_path(connection, head->path, head->query))
        return refuse(error, 404, -1000, "There is no WebSocket at this path.");
    if (strcmp(head->method, "GET") != 0 || head->body_size > 0 ||
        !http_has_word(head->connection, "upgrade") || strcmp(head->ws_version, "13") != 0 ||
        !ws_accept_key(head->ws_key, accept))
        return refuse(error, 400, -1000, "Malformed WebSocket handshake.");
    if (sim_param(&request, "timeUnit", unit, sizeof(unit)) && strcasecmp(unit, "MILLISECOND") != 0)
        return refuse(error, 400, -1100, "This exchange knows timeUnit=MILLISECOND only.");
    if (connection->venue == LIMIT_SPOT) {
        verdict = limits_connect(&server->limits, connection->remote, server->wall_ns);
        if (verdict.status != 0)
            return refuse_connect(error, &verdict, headers);
    }
    begin(connection, head, accept, api);
    return 0;
}

/* --- frames --------------------------------------------------------------------------------------------------- */

static void take_text(struct connection *connection, const char *text, size_t size)
{
    if (!ws_text_valid(text, size))
        ws_close(connection, WS_CLOSE_BAD_TEXT, "");
    else if (connection->kind == CONNECTION_API)
        api_side_text(connection, text, size);
    else
        stream_side_text(connection, text, size);
}

/* A message in fragments is put together first. */
static void take_data(struct connection *connection, const struct ws_frame *frame)
{
    struct sim_text *assembly = &connection->assembly;

    if (connection->assembling != (frame->opcode == WS_CONTINUATION)) {
        ws_close(connection, WS_CLOSE_PROTOCOL, "");
    } else if (frame->fin && !connection->assembling) {
        take_text(connection, (const char *)frame->payload, frame->size);
    } else if (assembly->size + frame->size > WS_PAYLOAD_MAX) {
        ws_close(connection, WS_CLOSE_TOO_BIG, "");
    } else {
        connection->assembling = !frame->fin;
        sim_text_add_size(assembly, (const char *)frame->payload, frame->size);
        if (frame->fin && !assembly->failed) {
            take_text(connection, assembly->at, assembly->size);
            sim_text_clear(assembly);
        }
    }
}

static void take_frame(struct connection *connection, const struct ws_frame *frame)
{
    switch (frame->opcode) {
    case WS_PING:
        connection_send(connection,
                        message_of_frame(WS_PONG, (const void *const[]){frame->payload}, &frame->size, 1));
        break;
    case WS_PONG: /* only a copy of our ping counts */
        if (frame->size == strlen(connection->ping_payload) &&
            memcmp(frame->payload, connection->ping_payload, frame->size) == 0)
            connection->pong_due_ns = 0;
        break;
    case WS_CLOSE:
        ws_close(connection, WS_CLOSE_NORMAL, "");
        break;
    case WS_BINARY:
        ws_close(connection, WS_CLOSE_UNSUPPORTED, "");
        break;
    case WS_TEXT:
    case WS_CONTINUATION:
        take_data(connection, frame);
        break;
    }
}

/* Everything counts on a stream connection; API requests have their weights. */
static bool too_many(struct connection *connection, const struct ws_frame *frame)
{
    struct server *server = connection->server;
    bool counts = connection->kind == CONNECTION_STREAM || frame->opcode >= WS_CLOSE;

    return counts && frame->opcode != WS_CLOSE &&
           !limits_message(&server->limits, &connection->messages, connection->venue, server->mono_ns);
}

size_t ws_side_input(struct connection *connection)
{
    struct server *server = connection->server;
    struct ws_frame frame;

    switch (ws_frame_parse(connection->in, connection->in_size, &frame)) {
    case WS_MORE:
        return 0;
    case WS_BROKEN:
        ws_close(connection, frame.close, "");
        return connection->in_size;
    case WS_WHOLE:
        break;
    }
    if (server->exchange->now_ns < server->faults.half_open_until_ns)
        return frame.taken; /* nobody is there */
    if (too_many(connection, &frame)) {
        server->stats.closed_messages++;
        ws_close(connection, WS_CLOSE_POLICY, "Too many requests");
    } else {
        take_frame(connection, &frame);
    }
    return frame.taken;
}

/* --- pings and life ------------------------------------------------------------------------------------------- */

void ws_tell_shutdown(struct connection *connection, int64_t in_ns)
{
    struct server *server = connection->server;
    char event[96], text[160];
    int size;

    connection->told_shutdown = true;
    connection->life_end_ns = server->mono_ns + in_ns;
    snprintf(event, sizeof(event), "{\"e\":\"serverShutdown\",\"E\":%" PRId64 "}",
             exchange_client_ms(server->exchange));
    if (connection->kind == CONNECTION_API)
        size = snprintf(text, sizeof(text), "{\"event\":%s}", event);
    else if (connection->combined)
        size = snprintf(text, sizeof(text), "{\"stream\":\"!serverShutdown\",\"data\":%s}", event);
    else
        size = snprintf(text, sizeof(text), "%s", event);
    ws_send_text(connection, text, (size_t)size);
}

static void ping(struct connection *connection, int64_t now_ns)
{
    struct server *server = connection->server;
    size_t size = (size_t)snprintf(connection->ping_payload, sizeof(connection->ping_payload), "%" PRId64,
                                   exchange_client_ms(server->exchange));

    connection->ping_ns = now_ns;
    if (connection->pong_due_ns == 0)
        connection->pong_due_ns = now_ns + server->pong_ns[connection->venue];
    if (server->exchange->now_ns >= server->faults.half_open_until_ns)
        connection_send(connection,
                        message_of_frame(WS_PING, (const void *const[]){connection->ping_payload}, &size, 1));
}

void ws_side_check(struct connection *connection, int64_t now_ns)
{
    struct server *server = connection->server;

    if (connection->kind == CONNECTION_HTTP || connection->dead || connection->closing)
        return;
    if (connection->pong_due_ns != 0 && now_ns > connection->pong_due_ns) {
        server->stats.closed_pong++;
        ws_close(connection, WS_CLOSE_POLICY, "Pong timeout");
    } else if (now_ns > connection->life_end_ns) {
        ws_close(connection, WS_CLOSE_GOING_AWAY, "Server shutdown");
    } else if (!connection->told_shutdown && now_ns > connection->life_end_ns - SHUTDOWN_TELL_NS) {
        ws_tell_shutdown(connection, connection->life_end_ns - now_ns);
    } else if (now_ns - connection->ping_ns >= server->ping_ns[connection->venue]) {
        ping(connection, now_ns);
    }
}

/* --- user events ---------------------------------------------------------------------------------------------- */

/* ?events=ORDER_TRADE_UPDATE/ACCOUNT_UPDATE lets only these through. */
static bool event_wanted(const struct connection *connection, const char *json, size_t size)
{
    const char *kind = memmem(json, size, "\"e\":\"", 5), *list = connection->events;
    size_t kind_size;

    if (*list == '\0' || kind == NULL)
        return true;
    kind += 5;
    kind_size = strcspn(kind, "\"");
    while (*list != '\0') {
        size_t word = strcspn(list, "/");

        if (word == kind_size && memcmp(list, kind, word) == 0)
            return true;
        list += word + (list[word] == '/');
    }
    return memmem(json, size, "listenKeyExpired", 16) != NULL;
}

static void send_user_event(struct connection *connection, bool usdm, const char *json, size_t size)
{
    struct sim_text *text = &connection->server->text;

    sim_text_clear(text);
    if (!usdm)
        sim_text_printf(text, "{\"subscriptionId\":%d,\"event\":", connection->session.subscription_id);
    else if (connection->combined)
        sim_text_printf(text, "{\"stream\":\"%s\",\"data\":", connection->listen_key);
    sim_text_add_size(text, json, size);
    if (!usdm || connection->combined)
        sim_text_add(text, "}");
    if (!text->failed)
        ws_send_text(connection, text->at, text->size);
}

void ws_user_event(void *arg, uint32_t account, bool usdm, const char *json, size_t size)
{
    struct server *server = arg;

    for (size_t i = 0; i < server->connections; i++) {
        struct connection *connection = server->connection[i];
        bool wants = usdm ? connection->kind == CONNECTION_STREAM && connection->account == account &&
                                event_wanted(connection, json, size)
                          : connection->kind == CONNECTION_API && connection->session.account == account &&
                                connection->session.subscription_id >= 0;

        if (!wants || account == 0)
            continue;
        if (server->exchange->now_ns < server->faults.stall_until_ns) {
            server->stats.dropped++;
            continue;
        }
        server->stats.user_events++;
        send_user_event(connection, usdm, json, size);
    }
}
