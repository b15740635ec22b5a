#include "core/base/clock.h"
#include "core/base/safe_text.h"
#include "sim/server_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NS_PER_MS INT64_C(1000000)

static const char *reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 418:
        return "I'm a teapot";
    case 429:
        return "Too Many Requests";
    case 503:
        return "Service Unavailable";
    default:
        return status < 400 ? "Elsewhere" : status < 500 ? "Refused" : "Server Error";
    }
}

struct message *http_message(struct server *server, const struct http_answer *answer, bool with_body)
{
    struct sim_text *text = &server->envelope;

    if (answer->status > 0 && answer->status < STATUS_MAX)
        server->stats.by_status[answer->status]++;
    sim_text_clear(text);
    sim_text_printf(text, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s\r\n",
                    answer->status, reason(answer->status),
                    answer->content_type == NULL ? "application/json;charset=UTF-8" : answer->content_type,
                    answer->size, answer->close ? "Connection: close\r\n" : "");
    text->size -= 2; /* the empty line comes behind the other headers */
    sim_text_add(text, answer->headers);
    sim_text_add(text, "\r\n");
    if (with_body)
        sim_text_add_size(text, answer->body, answer->size);
    return text->failed ? NULL : message_of_bytes(text->at, text->size);
}

static void send_answer(struct connection *connection, const struct http_answer *answer, bool with_body)
{
    struct message *message = http_message(connection->server, answer, with_body);

    if (message == NULL) {
        connection_kill(connection);
        return;
    }
    connection_send(connection, message);
    if (answer->close)
        connection_close(connection);
}

void http_answer_json(struct connection *connection, int status, const char *json, const char *headers)
{
    struct http_answer answer = {.status = status, .body = json, .size = strlen(json), .close = true};

    snprintf(answer.headers, sizeof(answer.headers), "%s", headers);
    send_answer(connection, &answer, true);
}

/* --- refusals ------------------------------------------------------------------------------------------------- */

/* As the venue's gateway says it. */
static void refuse_path(const struct server *server, const struct sim_request *request,
                        struct sim_reply *reply, int status)
{
    char when[32], safe[256], text[320];

    clock_format_iso(server->exchange->now_ns + server->exchange->skew_ns, when);
    safe_text(request->path, strlen(request->path), safe, sizeof(safe));
    reply->status = status;
    sim_text_clear(&reply->body);
    sim_text_printf(&reply->body, "{\"timestamp\":\"%s\",\"status\":%d,\"error\":\"%s\",\"message\":", when,
                    status, reason(status));
    if (status == 405)
        snprintf(text, sizeof(text), "Request method '%.16s' not supported", request->method);
    else
        snprintf(text, sizeof(text), "No message available");
    sim_text_json_string(&reply->body, text);
    sim_text_add(&reply->body, ",\"path\":");
    sim_text_json_string(&reply->body, safe);
    sim_text_add(&reply->body, "}");
}

static void refuse_limit(const struct limit_verdict *verdict, struct sim_reply *reply, char headers[512])
{
    const char *window = verdict->kind == LIMIT_RAW ? "5 MINUTE" : "1 MINUTE";

    if (verdict->kind == LIMIT_BANNED)
        sim_error(reply, 418, -1003,
                  "Way too much request weight used; IP banned until %" PRId64
                  ". Please use WebSocket Streams for live updates to avoid bans.",
                  verdict->banned_until_ns / NS_PER_MS);
    else
        sim_error(
            reply, 429, -1003,
            "Too much request weight used; current limit is %u request weight per %s. Please use WebSocket "
            "Streams for live updates to avoid polling the API.",
            verdict->limit, window);
    snprintf(headers, 512, "Retry-After: %" PRId64 "\r\n", verdict->retry_after_s);
}

/* Names of this machine only: a page of another site cannot come here by a name that it lets point at us. */
static bool host_allowed(const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t size = strlen(names[i]);

        if (strncasecmp(host, names[i], size) == 0 && (host[size] == '\0' || host[size] == ':'))
            return true;
    }
    return false;
}

/* Clients that are no browser may name any scheme, or a bare host. */
static bool origin_allowed(const char *origin)
{
    const char *host = strstr(origin, "://");

    return *origin == '\0' || host_allowed(host == NULL ? origin : host + 3);
}

/* --- routes --------------------------------------------------------------------------------------------------- */

static const struct sim_route *find_in(const struct sim_route *routes, const struct sim_request *request,
                                       bool *path_known)
{
    for (; routes->method != NULL; routes++) {
        size_t size = strlen(routes->path);
        bool prefix = size > 1 && routes->path[size - 1] == '/';

        if (prefix ? strncmp(request->path, routes->path, size) != 0
                   : strcmp(request->path, routes->path) != 0)
            continue;
        *path_known = true;
        if (strcmp(request->method, routes->method) == 0)
            return routes;
    }
    return NULL;
}

bool http_is_order(const char *method, const char *path)
{
    return strcmp(method, "GET") != 0 && strstr(path, "rder") != NULL && strstr(path, "/test") == NULL;
}

static void order_headers(const struct limit_orders *orders, enum limit_venue venue, char headers[512])
{
    size_t used = strlen(headers);

    snprintf(headers + used, 512 - used, "X-MBX-ORDER-COUNT-10S: %u\r\nX-MBX-ORDER-COUNT-1%c: %u\r\n",
             orders->used_10s, venue == LIMIT_SPOT ? 'D' : 'M', orders->used_long);
}

/* Weights, order counts, then the route itself. */
static void do_route(struct server *server, const struct sim_route *route, const struct sim_request *request,
                     struct sim_reply *reply, char headers[512])
{
    enum limit_venue venue = strncmp(request->path, "/fapi", 5) == 0 ? LIMIT_USDM : LIMIT_SPOT;
    uint32_t weight = route->weight == NULL ? 1 : route->weight(server->exchange, request);
    struct limit_verdict verdict =
        limits_request(&server->limits, request->remote, venue, weight, server->wall_ns);
    struct limit_orders orders;

    if (verdict.status != 0) {
        refuse_limit(&verdict, reply, headers);
        return;
    }
    snprintf(headers, 512,
             venue == LIMIT_SPOT ? "X-MBX-USED-WEIGHT: %u\r\nX-MBX-USED-WEIGHT-1M: %u\r\n"
                                 : "X-MBX-USED-WEIGHT-1M: %u\r\n",
             verdict.used_weight, verdict.used_weight);
    orders = limits_orders_of(&server->limits, request->api_key, venue, server->wall_ns);
    if (orders.over && strcmp(request->method, "POST") == 0 &&
        http_is_order(request->method, request->path)) {
        sim_error(reply, 429, -1015, "Too many new orders; current limit is %u orders per %s.", orders.limit,
                  orders.interval);
        snprintf(headers, 512, "Retry-After: %" PRId64 "\r\n", orders.retry_after_s);
        return;
    }
    route->handle(server->exchange, request, reply);
    if (reply->account != 0) {
        orders = limits_orders_add(&server->limits, reply->account, request->api_key, venue,
                                   reply->orders_counted, server->wall_ns);
        if (http_is_order(request->method, request->path))
            order_headers(&orders, venue, headers);
    }
    if (reply->status == 200 && strstr(request->path, "/depth") != NULL)
        http_fault_snapshot(server, request, reply);
}

static void route_request(struct server *server, const struct sim_request *request, struct sim_reply *reply,
                          char headers[512])
{
    bool path_known = false;
    const struct sim_route *route;

    if (strncmp(request->path, "/sim/", 5) == 0) {
        sim_route(server, request, reply);
        return;
    }
    route = find_in(rest_market_routes, request, &path_known);
    if (route == NULL)
        route = find_in(rest_trading_routes, request, &path_known);
    if (route != NULL)
        do_route(server, route, request, reply, headers);
    else
        refuse_path(server, request, reply, path_known && strcmp(request->method, "HEAD") != 0 ? 405 : 404);
}

/* --- one request ---------------------------------------------------------------------------------------------- */

/* A reply to an order may be late or lost; any other leaves at once. */
static void leave(struct connection *connection, const struct http_answer *answer, bool order, bool with_body)
{
    struct server *server = connection->server;
    struct fault *late = &server->faults.late_ack;
    struct late later = {.connection_id = connection->id};

    if (order && fault_take(&server->faults.lost_ack)) {
        connection_reset(connection);
        return;
    }
    if (order && late->count > 0) {
        later.due_ns = server->exchange->now_ns + late->number * NS_PER_MS;
        later.message = http_message(server, answer, with_body);
        if (later.message != NULL && server_later(server, &later)) {
            fault_take(late);
            connection->waiting = true;
            return;
        }
        connection_send(connection, later.message);
        return;
    }
    send_answer(connection, answer, with_body);
}

static void answer_request(struct connection *connection, const struct sim_request *request, bool keep_alive)
{
    struct server *server = connection->server;
    struct sim_reply reply = {.status = 500};
    struct http_answer answer = {.status = 0};
    bool ours = strncmp(request->path, "/sim/", 5) == 0, head = strcmp(request->method, "HEAD") == 0;

    server->stats.requests++;
    if (ours || !http_fault_answer(server, request->path, false, &answer)) {
        route_request(server, request, &reply, answer.headers);
        if (ours || !http_fault_answer(server, request->path, true, &answer)) {
            answer.status = reply.body.failed ? 500 : reply.status;
            answer.body = reply.body.at == NULL ? "" : reply.body.at;
            answer.size = reply.body.size;
        }
    }
    answer.close = !keep_alive;
    leave(connection, &answer, http_is_order(request->method, request->path), !head);
    sim_text_free(&reply.body);
}

/* An order that is let in later stays in the input until then. */
static bool hold_order(struct connection *connection, const struct http_head *head)
{
    struct server *server = connection->server;
    struct fault *fault = &server->faults.late_order;

    if (connection->held) {
        connection->held = false;
        return false;
    }
    if (fault->count == 0 || !http_is_order(head->method, head->path))
        return false;
    fault_take(fault);
    connection->held = true;
    connection->hold_until_ns = server->exchange->now_ns + fault->number * NS_PER_MS;
    return true;
}

static void take_request(struct connection *connection, const struct http_head *head, const char *body)
{
    struct sim_request request = {.method = head->method,
                                  .path = head->path,
                                  .query = head->query,
                                  .body = body,
                                  .api_key = head->api_key,
                                  .remote = connection->remote};
    struct sim_reply reply = {0};
    char headers[512] = "";
    int status = 0;

    if (*head->host == '\0')
        sim_error(&reply, status = 400, -1000, "A Host header is needed.");
    else if (!host_allowed(head->host) || !origin_allowed(head->origin))
        sim_error(&reply, status = 403, -1000, "Host and Origin must be of this machine.");
    else if (http_has_word(head->upgrade, "websocket"))
        status = ws_side_upgrade(connection, head, &reply.body, headers);
    else
        answer_request(connection, &request, head->keep_alive);
    if (status != 0)
        http_answer_json(connection, status, reply.body.at, headers);
    sim_text_free(&reply.body);
}

static size_t refuse_head(struct connection *connection, int status, const char *why)
{
    struct sim_reply reply = {0};

    sim_error(&reply, status, status == 400 ? -1100 : -1000, "%s", why);
    http_answer_json(connection, status, reply.body.at, "");
    sim_text_free(&reply.body);
    return connection->in_size;
}

size_t http_side_input(struct connection *connection)
{
    struct server *server = connection->server;
    size_t head_size = http_head_size((const char *)connection->in, connection->in_size), whole;
    struct http_head head;
    const char *why = "";
    uint8_t behind;
    int status;

    if (head_size == 0 && connection->in_size < HTTP_HEAD_MAX)
        return 0;
    if (head_size == 0 || head_size > HTTP_HEAD_MAX)
        return refuse_head(connection, 431, "Request header too large.");
    memcpy(server->head, connection->in, head_size);
    server->head[head_size] = '\0';
    status = http_head_parse(server->head, head_size, &head, &why);
    if (status != 0)
        return refuse_head(connection, status, why);
    whole = head_size + head.body_size;
    if (connection->in_size < whole || hold_order(connection, &head))
        return 0;
    behind = connection->in[whole];
    connection->in[whole] = '\0';
    if (memchr(connection->in + head_size, '\0', head.body_size) != NULL)
        return refuse_head(connection, 400, "NUL in the request.");
    take_request(connection, &head, (const char *)connection->in + head_size);
    connection->in[whole] = behind;
    return whole;
}
