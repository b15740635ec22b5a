#include "sim/publisher_parts.h"
#include "sim/rest_market_parts.h"
#include "sim/rest_params.h"

#include <string.h>

#define MS_NS INT64_C(1000000)

#define DEPTH_PRESET_SPOT 100
#define DEPTH_MAX_SPOT    5000
#define DEPTH_PRESET_USDM 500
#define TRADES_PRESET     500
#define TRADES_MAX        1000
#define KLINES_MAX_SPOT   1000

static bool usdm_depth_limit(const struct sim_request *request, struct sim_reply *reply, int64_t *limit)
{
    static const int64_t valid[] = {5, 10, 20, 50, 100, 500, 1000};

    *limit = DEPTH_PRESET_USDM;
    if (!rest_integer(request, reply, "limit", limit))
        return false;
    for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++)
        if (valid[i] == *limit)
            return true;
    sim_error(reply, 400, -4021, "%lld is not valid depth limit", (long long)*limit);
    return false;
}

void rest_depth(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {"symbol", "limit", "symbolStatus", NULL};
    size_t symbol;
    int64_t limit;

    if (!rest_begin(request, reply, names) || !rest_symbol(exchange, request, reply, &symbol))
        return;
    if (rest_usdm(request) ? !usdm_depth_limit(request, reply, &limit)
                           : !rest_limit(request, reply, DEPTH_PRESET_SPOT, DEPTH_MAX_SPOT, &limit))
        return;
    if (!publisher_snapshot(exchange->publisher, symbol, match_update_id(exchange->book[symbol]),
                            (size_t)limit, &reply->body))
        sim_error(reply, 500, -1001, "Internal error; unable to process your request. Please try again.");
}

static void add_trade(struct sim_text *body, const struct symbol_tape *tape, int64_t skew_ms,
                      const struct tape_trade *trade)
{
    wire_int(body, "{\"id\":", (int64_t)trade->id);
    sim_text_add(body, ",\"price\":");
    wire_price(body, &tape->wire, trade->price_ticks);
    sim_text_add(body, ",\"qty\":");
    wire_qty(body, &tape->wire, trade->qty_lots);
    sim_text_add(body, ",\"quoteQty\":");
    wire_money(body, &tape->wire, trade->price_ticks * trade->qty_lots, tape->wire.money_places);
    wire_int(body, ",\"time\":", trade->time_ms + skew_ms);
    sim_text_add(body, trade->buyer_maker ? ",\"isBuyerMaker\":true" : ",\"isBuyerMaker\":false");
    sim_text_add(body, tape->wire.symbol->usdm ? "}" : ",\"isBestMatch\":true}");
}

static void add_trades(struct exchange *exchange, struct sim_reply *reply, size_t symbol, size_t from,
                       size_t end)
{
    const struct symbol_tape *tape = publisher_tape(exchange->publisher, symbol);

    sim_text_add(&reply->body, "[");
    for (size_t i = from; i < end; i++) {
        if (i > from)
            sim_text_add(&reply->body, ",");
        add_trade(&reply->body, tape, exchange->skew_ns / MS_NS, trade_tape_at(&tape->trades, i));
    }
    sim_text_add(&reply->body, "]");
}

static void reply_trades(struct exchange *exchange, const struct sim_request *request,
                         struct sim_reply *reply, const char *const *names, bool from_allowed)
{
    const struct trade_tape *trades;
    int64_t limit, from_id = -1;
    size_t symbol, from, end;

    if (!rest_begin(request, reply, names) || !rest_symbol(exchange, request, reply, &symbol) ||
        !rest_limit(request, reply, TRADES_PRESET, TRADES_MAX, &limit) ||
        (from_allowed && !rest_integer(request, reply, "fromId", &from_id)))
        return;
    trades = &exchange->publisher->tape[symbol]->trades;
    end = trades->trades.count;
    from = end > (size_t)limit ? end - (size_t)limit : 0;
    if (from_id >= 0) {
        from = trade_tape_find(trades, (uint64_t)from_id);
        if (end - from > (size_t)limit)
            end = from + (size_t)limit;
    }
    add_trades(exchange, reply, symbol, from, end);
}

void rest_trades(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {"symbol", "limit", NULL};

    reply_trades(exchange, request, reply, names, false);
}

void rest_historical_trades(struct exchange *exchange, const struct sim_request *request,
                            struct sim_reply *reply)
{
    static const char *const names[] = {"symbol", "limit", "fromId", NULL};

    if (rest_usdm(request) && request->api_key[0] == '\0') {
        sim_error(reply, 401, -2014, "API-key format invalid.");
        return;
    }
    reply_trades(exchange, request, reply, names, true);
}

struct span {
    int64_t from_id, start_ms, end_ms, limit; /* -1: not given */
};

static bool read_span(const struct sim_request *request, struct sim_reply *reply, int64_t max,
                      struct span *span)
{
    *span = (struct span){.from_id = -1, .start_ms = -1, .end_ms = -1};
    return rest_integer(request, reply, "fromId", &span->from_id) &&
           rest_integer(request, reply, "startTime", &span->start_ms) &&
           rest_integer(request, reply, "endTime", &span->end_ms) &&
           rest_limit(request, reply, TRADES_PRESET, max, &span->limit);
}

static void add_agg(struct sim_text *body, const struct symbol_tape *tape, int64_t skew_ms,
                    const struct agg_trade *agg)
{
    wire_int(body, "{\"a\":", (int64_t)agg->id);
    sim_text_add(body, ",\"p\":");
    wire_price(body, &tape->wire, agg->price_ticks);
    sim_text_add(body, ",\"q\":");
    wire_qty(body, &tape->wire, agg->qty_lots);
    wire_int(body, ",\"f\":", (int64_t)agg->first_id);
    wire_int(body, ",\"l\":", (int64_t)agg->last_id);
    wire_int(body, ",\"T\":", agg->time_ms + skew_ms);
    sim_text_add(body, agg->buyer_maker ? ",\"m\":true" : ",\"m\":false");
    sim_text_add(body, tape->wire.symbol->usdm ? "}" : ",\"M\":true}");
}

/* Indices [*from, *end) of the aggregates asked for: from an id or a time onwards, else the newest. */
static void agg_range(const struct trade_tape *trades, const struct span *span, size_t *from, size_t *end)
{
    size_t limit = (size_t)span->limit;

    *from = span->from_id >= 0 ? agg_trade_find(trades, (uint64_t)span->from_id) : 0;
    *end = trades->aggs.count - (trades->open ? 1 : 0);
    if (*from > *end)
        *from = *end;
    while (*from < *end && agg_trade_at(trades, *from)->time_ms < span->start_ms)
        (*from)++;
    while (span->end_ms >= 0 && *end > *from && agg_trade_at(trades, *end - 1)->time_ms > span->end_ms)
        (*end)--;
    if (*end - *from <= limit)
        return;
    if (span->from_id >= 0 || span->start_ms >= 0)
        *end = *from + limit;
    else
        *from = *end - limit;
}

void rest_agg_trades(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {"symbol", "fromId", "startTime", "endTime", "limit", NULL};
    const struct symbol_tape *tape;
    int64_t skew_ms = exchange->skew_ns / MS_NS;
    struct span span;
    size_t symbol, from, end;

    if (!rest_begin(request, reply, names) || !rest_symbol(exchange, request, reply, &symbol) ||
        !read_span(request, reply, TRADES_MAX, &span))
        return;
    if (span.from_id >= 0 && (span.start_ms >= 0 || span.end_ms >= 0)) {
        sim_error(reply, 400, -1128, "Combination of optional parameters invalid.");
        return;
    }
    span.start_ms -= span.start_ms >= 0 ? skew_ms : 0;
    span.end_ms -= span.end_ms >= 0 ? skew_ms : 0;
    tape = publisher_tape(exchange->publisher, symbol);
    agg_range(&tape->trades, &span, &from, &end);
    sim_text_add(&reply->body, "[");
    for (size_t i = from; i < end; i++) {
        if (i > from)
            sim_text_add(&reply->body, ",");
        add_agg(&reply->body, tape, skew_ms, agg_trade_at(&tape->trades, i));
    }
    sim_text_add(&reply->body, "]");
}

static void add_kline(struct sim_text *body, const struct wire *wire, enum kline_interval interval,
                      const struct kline *kline)
{
    const int64_t price[] = {kline->open_ticks, kline->high_ticks, kline->low_ticks, kline->close_ticks};
    unsigned places = wire_kline_places(wire);

    wire_int(body, "[", kline->open_ms);
    for (size_t i = 0; i < sizeof(price) / sizeof(price[0]); i++) {
        sim_text_add(body, ",");
        wire_price(body, wire, price[i]);
    }
    sim_text_add(body, ",");
    wire_qty(body, wire, kline->lots);
    wire_int(body, ",", kline_close_ms(interval, kline->open_ms));
    sim_text_add(body, ",");
    wire_money(body, wire, kline->value, places);
    wire_int(body, ",", kline->trades);
    sim_text_add(body, ",");
    wire_qty(body, wire, kline->taker_lots);
    sim_text_add(body, ",");
    wire_money(body, wire, kline->taker_value, places);
    sim_text_add(body, ",\"0\"]");
}

static void kline_range(const struct klines *klines, enum kline_interval interval, const struct span *span,
                        size_t *from, size_t *end)
{
    size_t limit = (size_t)span->limit;

    *from = 0;
    *end = klines_count(klines, interval);
    while (*from < *end && klines_at(klines, interval, *from)->open_ms < span->start_ms)
        (*from)++;
    while (span->end_ms >= 0 && *end > *from && klines_at(klines, interval, *end - 1)->open_ms > span->end_ms)
        (*end)--;
    if (*end - *from <= limit)
        return;
    if (span->start_ms >= 0)
        *end = *from + limit;
    else
        *from = *end - limit;
}

void rest_klines(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {"symbol",   "interval", "startTime", "endTime",
                                        "timeZone", "limit",    NULL};
    struct symbol_tape *tape;
    enum kline_interval interval;
    struct span span;
    size_t symbol, from, end;
    char zone[16];

    if (!rest_begin(request, reply, names) || !rest_symbol(exchange, request, reply, &symbol) ||
        !rest_interval(request, reply, &interval) ||
        !read_span(request, reply, rest_usdm(request) ? KLINES_KEPT : KLINES_MAX_SPOT, &span))
        return;
    if (sim_param(request, "timeZone", zone, sizeof(zone)) && strcmp(zone, "0") != 0) {
        sim_error(reply, 400, -1130, "Data sent for parameter '%s' is not valid.", "timeZone"); /* UTC only */
        return;
    }
    tape = publisher_tape(exchange->publisher, symbol);
    klines_roll(&tape->klines, interval, exchange->now_ns / MS_NS);
    kline_range(&tape->klines, interval, &span, &from, &end);
    sim_text_add(&reply->body, "[");
    for (size_t i = from; i < end; i++) {
        if (i > from)
            sim_text_add(&reply->body, ",");
        add_kline(&reply->body, &tape->wire, interval, klines_at(&tape->klines, interval, i));
    }
    sim_text_add(&reply->body, "]");
}

void rest_avg_price(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {"symbol", NULL};
    const struct tape_trade *newest;
    const struct symbol_tape *tape;
    size_t symbol;

    if (!rest_begin(request, reply, names) || !rest_symbol(exchange, request, reply, &symbol))
        return;
    tape = exchange->publisher->tape[symbol];
    newest = trade_tape_newest(&tape->trades);
    sim_text_add(&reply->body, "{\"mins\":5,\"price\":");
    wire_e8(&reply->body, publisher_avg_price_e8(exchange->publisher, symbol), tape->wire.price_places);
    wire_int(&reply->body, ",\"closeTime\":",
             newest == NULL ? exchange_client_ms(exchange) : newest->time_ms + exchange->skew_ns / MS_NS);
    sim_text_add(&reply->body, "}");
}
