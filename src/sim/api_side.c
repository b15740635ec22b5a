#include "sim/server_parts.h"

#include <jansson.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)

/* Is it an order, and what is its id (as JSON)? */
static bool look(const char *text, size_t size, char id[64])
{
    json_t *root = json_loadb(text, size, 0, NULL), *id_value = json_object_get(root, "id");
    const char *method = json_string_value(json_object_get(root, "method"));
    bool order = method != NULL &&
                 (strncmp(method, "order", 5) == 0 || strncmp(method, "openOrders.cancel", 17) == 0) &&
                 strstr(method, "test") == NULL && strstr(method, "status") == NULL;

    snprintf(id, 64, "null");
    if (json_is_integer(id_value))
        snprintf(id, 64, "%" JSON_INTEGER_FORMAT, json_integer_value(id_value));
    else if (json_is_string(id_value) && json_string_length(id_value) <= 36 &&
             strpbrk(json_string_value(id_value), "\"\\\n\r\t") == NULL)
        snprintf(id, 64, "\"%s\"", json_string_value(id_value));
    json_decref(root);
    return order;
}

static void refuse(struct connection *connection, const struct limit_verdict *verdict, const char *id)
{
    struct server *server = connection->server;
    struct sim_text *text = &server->text;

    sim_text_clear(text);
    sim_text_printf(text, "{\"id\":%s,\"status\":%d,\"error\":{\"code\":-1003,\"msg\":\"", id,
                    verdict->status);
    if (verdict->kind == LIMIT_BANNED)
        sim_text_printf(text,
                        "Way too much request weight used; IP banned until %" PRId64
                        ". Please use WebSocket Streams for live updates to avoid bans.",
                        verdict->banned_until_ns / NS_PER_MS);
    else
        sim_text_printf(
            text,
            "Too much request weight used; current limit is %u request weight per 1 MINUTE. Please use "
            "WebSocket Streams for live updates to avoid polling the API.",
            verdict->limit);
    sim_text_printf(text, "\",\"data\":{\"serverTime\":%" PRId64 ",\"retryAfter\":%" PRId64 "}}}",
                    exchange_client_ms(server->exchange),
                    server->wall_ns / NS_PER_MS + verdict->retry_after_s * 1000);
    ws_send_text(connection, text->at, text->size);
}

/* The reply to an order may be lost or late. */
static void leave(struct connection *connection, const struct sim_text *reply, bool order)
{
    struct server *server = connection->server;
    struct fault *fault = &server->faults.late_ack;
    struct late late = {.connection_id = connection->id};

    if (order && fault_take(&server->faults.lost_ack)) {
        connection_reset(connection);
        return;
    }
    if (order && fault->count > 0) {
        late.due_ns = server->exchange->now_ns + fault->number * NS_PER_MS;
        late.message = message_of_text(reply->at, reply->size);
        if (late.message != NULL && server_later(server, &late)) {
            fault_take(fault);
            return;
        }
        connection_send(connection, late.message);
        return;
    }
    ws_send_text(connection, reply->at, reply->size);
}

static void handle(struct connection *connection, const char *text, size_t size, bool order)
{
    struct server *server = connection->server;
    struct sim_text reply = {0};
    uint32_t weight = 0;

    ws_api_handle(server->exchange, &connection->session, connection->remote, text, size, &reply, &weight);
    limits_add_weight(&server->limits, connection->remote, LIMIT_SPOT, weight, server->wall_ns);
    if (reply.at != NULL && reply.size > 0 && !reply.failed)
        leave(connection, &reply, order);
    sim_text_free(&reply);
}

void api_side_run(struct connection *connection, const char *text, size_t size)
{
    handle(connection, text, size, true);
}

/* Keeps a copy for later. False: it is to be done now. */
static bool hold(struct connection *connection, const char *text, size_t size)
{
    struct server *server = connection->server;
    struct fault *fault = &server->faults.late_order;
    struct late late = {.connection_id = connection->id, .request_size = size};

    if (fault->count == 0)
        return false;
    late.due_ns = server->exchange->now_ns + fault->number * NS_PER_MS;
    late.request = malloc(size + 1);
    if (late.request == NULL)
        return false;
    memcpy(late.request, text, size);
    late.request[size] = '\0';
    if (!server_later(server, &late)) {
        free(late.request);
        return false;
    }
    return fault_take(fault);
}

void api_side_text(struct connection *connection, const char *text, size_t size)
{
    struct server *server = connection->server;
    struct limit_verdict verdict =
        limits_request(&server->limits, connection->remote, LIMIT_SPOT, 0, server->wall_ns);
    char id[64];
    bool order = look(text, size, id);

    server->stats.api_requests++;
    if (verdict.status != 0)
        refuse(connection, &verdict, id);
    else if (!order || !hold(connection, text, size))
        handle(connection, text, size, order);
}
