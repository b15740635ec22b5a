#include "sim/server_parts.h"

#include <jansson.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPTIVE_PAGE                                                                                         \
    "<!DOCTYPE html><html><head><title>Welcome to the airport</title></head><body>Please accept the terms."  \
    "</body></html>"
#define LEVELS_DEFAULT 100

bool fault_take(struct fault *fault)
{
    if (fault->count == 0)
        return false;
    fault->count--;
    return true;
}

/* Bodies as the venue gives them with these states. */
static const char *body_of(int status, const char **content_type)
{
    *content_type = NULL;
    switch (status) {
    case 403:
        *content_type = "text/html";
        return "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 "
               "Forbidden</h1>"
               "</center>\r\n</body>\r\n</html>\r\n";
    case 418:
        return "{\"code\":-1003,\"msg\":\"Way too much request weight used; IP banned. Please use WebSocket "
               "Streams "
               "for live updates to avoid bans.\"}";
    case 429:
        return "{\"code\":-1003,\"msg\":\"Too much request weight used; current limit is 6000 request weight "
               "per 1 "
               "MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.\"}";
    case 503:
        return "{\"code\":-1008,\"msg\":\"Server is currently overloaded with other requests. Please try "
               "again in a "
               "few minutes.\"}";
    case 504:
        return "{\"code\":-1007,\"msg\":\"Timeout waiting for response from backend server. Send status "
               "unknown; "
               "execution status unknown.\"}";
    case 502:
        *content_type = "text/html";
        return "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body></body>\r\n</html>\r\n";
    default:
        return status >= 500
                   ? "{\"code\":-1001,\"msg\":\"Internal error; unable to process your request. Please try "
                     "again.\"}"
                   : "{\"code\":-1000,\"msg\":\"An unknown error occurred while processing the request.\"}";
    }
}

static void ban_body(const struct server *server, int64_t seconds, char out[256])
{
    snprintf(out, 256,
             "{\"code\":-1003,\"msg\":\"Way too much request weight used; IP banned until %" PRId64
             ". Please use WebSocket Streams for live updates to avoid bans.\"}",
             (server->wall_ns / 1000000) + seconds * 1000);
}

bool http_fault_answer(struct server *server, const char *path, bool executed, struct http_answer *answer)
{
    static char banned[256]; /* one thread, and sent before the next */
    struct fault *http = &server->faults.http;
    int64_t wait_s;

    if (!executed && fault_take(&server->faults.captive)) {
        answer->status = 200;
        answer->content_type = "text/html";
        answer->body = CAPTIVE_PAGE;
        answer->size = strlen(CAPTIVE_PAGE);
        return true;
    }
    if (http->count == 0 || http->executed != executed ||
        strncmp(path, http->prefix, strlen(http->prefix)) != 0)
        return false;
    fault_take(http);
    wait_s = http->retry_after_s >= 0 ? http->retry_after_s : server->faults.retry_after_s;
    answer->status = http->status;
    answer->body = body_of(http->status, &answer->content_type);
    answer->headers[0] = '\0';
    if (wait_s > 0)
        snprintf(answer->headers, sizeof(answer->headers), "Retry-After: %" PRId64 "\r\n", wait_s);
    else if (http->status < 400)
        snprintf(answer->headers, sizeof(answer->headers), "Location: https://elsewhere.invalid%.256s\r\n",
                 path);
    if (http->status == 418 && wait_s > 0) {
        ban_body(server, wait_s, banned);
        answer->body = banned;
    }
    answer->size = strlen(answer->body);
    return true;
}

/* --- snapshots of some seconds ago ---------------------------------------------------------------------------- */

void http_sample_ids(struct server *server)
{
    const struct exchange *exchange = server->exchange;

    for (size_t i = 0; i < exchange->symbols; i++)
        server->old_id[i][server->old_ids % OLD_IDS] = match_update_id(exchange->book[i]);
    server->old_ids++;
}

/* The truth at that id, as a depth reply: keys renamed, cut to the limit. */
static bool depth_of_truth(const char *truth, size_t limit, bool usdm, int64_t time_ms, struct sim_text *out)
{
    json_error_t at;
    json_t *root = json_loads(truth, 0, &at), *id = json_object_get(root, "update_id");
    bool ok = id != NULL;

    sim_text_clear(out);
    sim_text_printf(out, "{\"lastUpdateId\":%" JSON_INTEGER_FORMAT, json_integer_value(id));
    if (usdm)
        sim_text_printf(out, ",\"E\":%" PRId64 ",\"T\":%" PRId64, time_ms, time_ms);
    for (int side = 0; side < 2 && ok; side++) {
        json_t *levels = json_object_get(root, side == 0 ? "bids" : "asks");
        char *text;

        while (json_array_size(levels) > limit)
            json_array_remove(levels, json_array_size(levels) - 1);
        text = levels == NULL ? NULL : json_dumps(levels, JSON_COMPACT);
        ok = text != NULL;
        sim_text_add(out, side == 0 ? ",\"bids\":" : ",\"asks\":");
        sim_text_add(out, ok ? text : "");
        free(text);
    }
    sim_text_add(out, "}");
    json_decref(root);
    return ok && !out->failed;
}

void http_fault_snapshot(struct server *server, const struct sim_request *request, struct sim_reply *reply)
{
    struct fault *fault = &server->faults.snapshot_old;
    char name[SIM_NAME_SIZE], limit_text[8] = "";
    bool usdm = strncmp(request->path, "/fapi", 5) == 0;
    uint64_t id, ago = server->old_ids > SNAPSHOT_OLD_S ? SNAPSHOT_OLD_S : server->old_ids;
    struct sim_text truth = {0}, old = {0};
    size_t limit;
    int symbol;

    if (fault->count == 0 || ago == 0 || !sim_param(request, "symbol", name, sizeof(name)))
        return;
    symbol = exchange_symbol(server->exchange, name, usdm);
    if (symbol < 0)
        return;
    sim_param(request, "limit", limit_text, sizeof(limit_text));
    limit = *limit_text == '\0' ? LEVELS_DEFAULT : (size_t)strtoul(limit_text, NULL, 10);
    id = server->old_id[symbol][(server->old_ids - ago) % OLD_IDS];
    if (id != 0 && publisher_truth(server->exchange->publisher, (size_t)symbol, id, &truth) &&
        depth_of_truth(truth.at, limit, usdm, exchange_client_ms(server->exchange), &old)) {
        fault_take(fault);
        sim_text_clear(&reply->body);
        sim_text_add_size(&reply->body, old.at, old.size);
    }
    sim_text_free(&truth);
    sim_text_free(&old);
}
