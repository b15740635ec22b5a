#include "sim/ws_public.h"

#include <string.h>

static const struct {
    const char *method, *path;
} names[] = {{"depth", "/api/v3/depth"},
             {"trades.recent", "/api/v3/trades"},
             {"trades.historical", "/api/v3/historicalTrades"},
             {"trades.aggregate", "/api/v3/aggTrades"},
             {"klines", "/api/v3/klines"},
             {"uiKlines", "/api/v3/uiKlines"},
             {"avgPrice", "/api/v3/avgPrice"},
             {"ticker.24hr", "/api/v3/ticker/24hr"},
             {"ticker.tradingDay", "/api/v3/ticker/tradingDay"},
             {"ticker", "/api/v3/ticker"},
             {"ticker.price", "/api/v3/ticker/price"},
             {"ticker.book", "/api/v3/ticker/bookTicker"},
             {"exchangeInfo", "/api/v3/exchangeInfo"}};

const struct sim_route *ws_public_route(const char *method)
{
    size_t i = 0;

    while (i < sizeof(names) / sizeof(names[0]) && strcmp(names[i].method, method) != 0)
        i++;
    for (const struct sim_route *route = rest_market_routes;
         i < sizeof(names) / sizeof(names[0]) && route->method != NULL; route++)
        if (strcmp(route->path, names[i].path) == 0)
            return route;
    return NULL;
}

/* Every byte that is not plain is percent-encoded, so that REST's reader gives it back. */
static void put_encoded(struct sim_text *text, const char *value)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

    for (; *value != '\0'; value++)
        if (strchr(plain, *value) != NULL)
            sim_text_add_size(text, value, 1);
        else
            sim_text_printf(text, "%%%02X", (unsigned)(unsigned char)*value);
}

void ws_public_run(struct call *call, const struct sim_route *route, uint32_t *weight)
{
    struct sim_text query = {0};
    struct sim_request request = {
        .method = "GET", .path = route->path, .body = "", .api_key = "", .remote = ""};
    struct sim_reply reply = {0};

    sim_text_add(&query, "");
    for (size_t i = 0; i < call->params.count; i++) {
        if (call->params.at[i].read) /* one of the WebSocket API's own */
            continue;
        sim_text_add(&query, query.size == 0 ? "" : "&");
        put_encoded(&query, call->params.at[i].name);
        sim_text_add(&query, "=");
        put_encoded(&query, call->params.at[i].value);
    }
    if (query.failed) {
        call_fail(call, -1000, "An unknown error occurred while processing the request.");
    } else {
        request.query = query.at;
        *weight = route->weight(call->exchange, &request);
        route->handle(call->exchange, &request, &reply);
        call->status = reply.status;
        sim_text_clear(call->out);
        if (reply.body.at != NULL)
            sim_text_add_size(call->out, reply.body.at, reply.body.size);
    }
    sim_text_free(&reply.body);
    sim_text_free(&query);
}
