#include "sim/publisher_parts.h"
#include "sim/rest_market_parts.h"
#include "sim/rest_params.h"

#include <string.h>

#define MS_NS     INT64_C(1000000)
#define MINUTE_MS INT64_C(60000)
#define DAY_MS    (1440 * MINUTE_MS)

enum ticker_form {
    FORM_WINDOW = 1, /* statistics alone */
    FORM_QUOTES = 2, /* and the quotes, last quantity and price before (24hr) */
    FORM_MINI = 4    /* statistics without changes and mean */
};

/* {"price":...} pieces are one after another in one order, so a table of names is all there is to them. */
struct piece {
    const char *key;
    int64_t ticks, lots; /* one of them; -1: not this */
};

static void add_pieces(struct sim_text *body, const struct wire *wire, const struct piece *piece,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sim_text_add(body, piece[i].key);
        if (piece[i].lots >= 0)
            wire_qty(body, wire, piece[i].lots);
        else
            wire_price(body, wire, piece[i].ticks);
    }
}

static void add_change(struct sim_text *body, const struct wire *wire, const struct ticker *ticker)
{
    sim_text_add(body, ",\"priceChange\":");
    wire_price(body, wire, ticker->last_ticks - ticker->open_ticks);
    sim_text_add(body, ",\"priceChangePercent\":");
    wire_e8(body, ticker_change_percent_e8(ticker), 3);
    sim_text_add(body, ",\"weightedAvgPrice\":");
    wire_average(body, wire, ticker->value, ticker->lots);
}

static void add_tail(struct sim_text *body, const struct wire *wire, const struct ticker *ticker,
                     int64_t skew_ms)
{
    sim_text_add(body, ",\"volume\":");
    wire_qty(body, wire, ticker->lots);
    sim_text_add(body, ",\"quoteVolume\":");
    wire_money(body, wire, ticker->value, wire->money_places);
    wire_int(body, ",\"openTime\":", ticker->open_ms);
    wire_int(body, ",\"closeTime\":", ticker->close_ms + skew_ms);
    wire_int(body, ",\"firstId\":", ticker->trades == 0 ? -1 : (int64_t)ticker->first_id);
    wire_int(body, ",\"lastId\":", ticker->trades == 0 ? -1 : (int64_t)ticker->last_id);
    wire_int(body, ",\"count\":", (int64_t)ticker->trades);
    sim_text_add(body, "}");
}

/* Fields in the order of the venue, which has the last price after the mean in 24hr and after the low elsewhere. */
static void add_ticker(struct exchange *exchange, struct sim_text *body, size_t symbol, enum ticker_form form,
                       const struct ticker *ticker)
{
    const struct wire *wire = &exchange->publisher->tape[symbol]->wire;
    struct book_top top = book_top_of(exchange->book[symbol]);
    const struct piece before[] = {{",\"prevClosePrice\":", ticker->before_ticks, -1}};
    const struct piece last[] = {{",\"lastPrice\":", ticker->last_ticks, -1},
                                 {",\"lastQty\":", 0, ticker->last_lots}};
    const struct piece quotes[] = {{",\"bidPrice\":", top.price_ticks[SIDE_BID], -1},
                                   {",\"bidQty\":", 0, top.qty_lots[SIDE_BID]},
                                   {",\"askPrice\":", top.price_ticks[SIDE_ASK], -1},
                                   {",\"askQty\":", 0, top.qty_lots[SIDE_ASK]}};
    const struct piece range[] = {{",\"openPrice\":", ticker->open_ticks, -1},
                                  {",\"highPrice\":", ticker->high_ticks, -1},
                                  {",\"lowPrice\":", ticker->low_ticks, -1},
                                  {",\"lastPrice\":", ticker->last_ticks, -1}};
    bool usdm = wire->symbol->usdm;

    sim_text_add(body, "{\"symbol\":");
    sim_text_json_string(body, wire->symbol->name);
    if (form != FORM_MINI)
        add_change(body, wire, ticker);
    if (form == FORM_QUOTES) {
        if (!usdm)
            add_pieces(body, wire, before, 1);
        add_pieces(body, wire, last, 2);
        if (!usdm)
            add_pieces(body, wire, quotes, 4);
    }
    add_pieces(body, wire, range, form == FORM_QUOTES ? 3 : 4);
    add_tail(body, wire, ticker, exchange->skew_ns / MS_NS);
}

/* "type": FULL (preset) or MINI. */
static bool read_form(const struct sim_request *request, struct sim_reply *reply, enum ticker_form full,
                      enum ticker_form *form)
{
    char type[16];

    *form = full;
    if (!sim_param(request, "type", type, sizeof(type)) || strcmp(type, "FULL") == 0 || rest_usdm(request))
        return true;
    *form = FORM_MINI;
    if (strcmp(type, "MINI") == 0)
        return true;
    sim_error(reply, 400, -1139, "Invalid ticker type.");
    return false;
}

static void open_list(struct sim_reply *reply, const struct rest_symbols *symbols)
{
    if (!symbols->one)
        sim_text_add(&reply->body, "[");
}

static void close_list(struct sim_reply *reply, const struct rest_symbols *symbols)
{
    if (!symbols->one)
        sim_text_add(&reply->body, "]");
}

void rest_ticker_24h(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {"symbol", "symbols", "type", "symbolStatus", NULL};
    struct rest_symbols symbols;
    enum ticker_form form;

    if (!rest_begin(request, reply, names) || !rest_symbols(exchange, request, reply, &symbols) ||
        !read_form(request, reply, FORM_QUOTES, &form))
        return;
    open_list(reply, &symbols);
    for (size_t i = 0; i < symbols.count; i++) {
        struct ticker ticker;

        sim_text_add(&reply->body, i == 0 ? "" : ",");
        publisher_ticker(exchange->publisher, symbols.at[i], 1440, &ticker);
        add_ticker(exchange, &reply->body, symbols.at[i], form, &ticker);
    }
    close_list(reply, &symbols);
}

static bool both_absent(struct sim_reply *reply, const struct rest_symbols *symbols)
{
    if (symbols->named)
        return false;
    sim_error(reply, 400, -1102, "Param '%s' or '%s' must be sent, but both were empty/null!", "symbol",
              "symbols");
    return true;
}

/* 1m..59m, 1h..23h, 1d..7d */
static bool read_window(const struct sim_request *request, struct sim_reply *reply, unsigned *minutes)
{
    char text[16];
    unsigned number = 0, max = 0, unit = 0;
    size_t at = 0;

    *minutes = 1440;
    if (!sim_param(request, "windowSize", text, sizeof(text)))
        return true;
    for (; text[at] >= '0' && text[at] <= '9' && at < 2; at++)
        number = number * 10 + (unsigned)(text[at] - '0');
    if (strcmp(text + at, "m") == 0)
        max = 59, unit = 1;
    else if (strcmp(text + at, "h") == 0)
        max = 23, unit = 60;
    else if (strcmp(text + at, "d") == 0)
        max = 7, unit = 1440;
    *minutes = number * unit;
    if (number >= 1 && number <= max && text[0] != '0')
        return true;
    sim_error(reply, 400, -1130, "Data sent for parameter '%s' is not valid.", "windowSize");
    return false;
}

void rest_ticker_window(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {"symbol", "symbols", "windowSize", "type", "symbolStatus", NULL};
    struct rest_symbols symbols;
    enum ticker_form form;
    unsigned minutes;

    if (!rest_begin(request, reply, names) || !rest_symbols(exchange, request, reply, &symbols) ||
        both_absent(reply, &symbols) || !read_window(request, reply, &minutes) ||
        !read_form(request, reply, FORM_WINDOW, &form))
        return;
    open_list(reply, &symbols);
    for (size_t i = 0; i < symbols.count; i++) {
        struct ticker ticker;

        sim_text_add(&reply->body, i == 0 ? "" : ",");
        publisher_ticker(exchange->publisher, symbols.at[i], minutes, &ticker);
        add_ticker(exchange, &reply->body, symbols.at[i], form, &ticker);
    }
    close_list(reply, &symbols);
}

/* "timeZone": hours and minutes from UTC, "-1:00", "05:45", "0", from -12:00 to +14:00. */
static bool read_zone(const struct sim_request *request, struct sim_reply *reply, int64_t *offset_ms)
{
    char text[16];
    const char *at = text;
    int64_t part[2] = {0, 0}, sign = 1;
    int parts = 0;

    *offset_ms = 0;
    if (!sim_param(request, "timeZone", text, sizeof(text)))
        return true;
    if (*at == '-' || *at == '+' || *at == ' ') /* '+' comes as a blank when it is not escaped */
        sign = *at++ == '-' ? -1 : 1;
    while (parts < 2) {
        size_t digits = strspn(at, "0123456789");

        if (digits < 1 || digits > 2 || (parts == 1 && digits != 2))
            break;
        for (; digits > 0; digits--)
            part[parts] = part[parts] * 10 + (*at++ - '0');
        parts++;
        if (*at != ':' || parts == 2)
            break;
        at++;
    }
    *offset_ms = sign * (part[0] * 60 + part[1]) * MINUTE_MS;
    if (parts > 0 && *at == '\0' && at[-1] != ':' && part[1] < 60 && *offset_ms >= -720 * MINUTE_MS &&
        *offset_ms <= 840 * MINUTE_MS)
        return true;
    sim_error(reply, 400, -1130, "Data sent for parameter '%s' is not valid.", "timeZone");
    return false;
}

void rest_ticker_day(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {"symbol", "symbols", "timeZone", "type", "symbolStatus", NULL};
    int64_t now_ms = exchange->now_ns / MS_NS, offset_ms;
    struct rest_symbols symbols;
    enum ticker_form form;

    if (!rest_begin(request, reply, names) || !rest_symbols(exchange, request, reply, &symbols) ||
        both_absent(reply, &symbols) || !read_zone(request, reply, &offset_ms) ||
        !read_form(request, reply, FORM_WINDOW, &form))
        return;
    open_list(reply, &symbols);
    for (size_t i = 0; i < symbols.count; i++) {
        struct symbol_tape *tape = publisher_tape(exchange->publisher, symbols.at[i]);
        int64_t open_ms = now_ms - (now_ms + offset_ms) % DAY_MS;
        struct ticker ticker;

        sim_text_add(&reply->body, i == 0 ? "" : ",");
        ticker_since(&tape->klines, open_ms, now_ms, &ticker);
        ticker.close_ms = open_ms + DAY_MS - 1;
        add_ticker(exchange, &reply->body, symbols.at[i], form, &ticker);
    }
    close_list(reply, &symbols);
}

void rest_ticker_price(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {"symbol", "symbols", "symbolStatus", NULL};
    struct rest_symbols symbols;

    if (!rest_begin(request, reply, names) || !rest_symbols(exchange, request, reply, &symbols))
        return;
    open_list(reply, &symbols);
    for (size_t i = 0; i < symbols.count; i++) {
        const struct symbol_tape *tape = exchange->publisher->tape[symbols.at[i]];
        const struct tape_trade *newest = trade_tape_newest(&tape->trades);
        /* The warm-up's last trade counts as a price though nobody saw it printed. */
        int64_t ticks = newest != NULL ? newest->price_ticks : match_last_ticks(tape->book);

        sim_text_add(&reply->body, i == 0 ? "{\"symbol\":" : ",{\"symbol\":");
        sim_text_json_string(&reply->body, tape->wire.symbol->name);
        sim_text_add(&reply->body, ",\"price\":");
        wire_price(&reply->body, &tape->wire, ticks);
        if (tape->wire.symbol->usdm)
            wire_int(&reply->body, ",\"time\":",
                     newest != NULL ? newest->time_ms + exchange->skew_ns / MS_NS
                                    : exchange_client_ms(exchange));
        sim_text_add(&reply->body, "}");
    }
    close_list(reply, &symbols);
}

void rest_ticker_book(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    static const char *const names[] = {"symbol", "symbols", "symbolStatus", NULL};
    struct rest_symbols symbols;

    if (!rest_begin(request, reply, names) || !rest_symbols(exchange, request, reply, &symbols))
        return;
    open_list(reply, &symbols);
    for (size_t i = 0; i < symbols.count; i++) {
        const struct symbol_tape *tape = exchange->publisher->tape[symbols.at[i]];
        struct book_top top = book_top_of(tape->book);
        const struct piece quotes[] = {{",\"bidPrice\":", top.price_ticks[SIDE_BID], -1},
                                       {",\"bidQty\":", 0, top.qty_lots[SIDE_BID]},
                                       {",\"askPrice\":", top.price_ticks[SIDE_ASK], -1},
                                       {",\"askQty\":", 0, top.qty_lots[SIDE_ASK]}};

        sim_text_add(&reply->body, i == 0 ? "{\"symbol\":" : ",{\"symbol\":");
        sim_text_json_string(&reply->body, tape->wire.symbol->name);
        add_pieces(&reply->body, &tape->wire, quotes, 4);
        if (tape->wire.symbol->usdm)
            wire_int(&reply->body, ",\"time\":", publisher_client_ms(exchange->publisher, tape->change_ns));
        sim_text_add(&reply->body, "}");
    }
    close_list(reply, &symbols);
}
