#include "market/wire.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define PENDING_MAX 65536
#define LINE_MAX_   (1 << 18) /* a snapshot of 2 x 1000 levels has 64 kB */
#define PRICE_E8    1000000   /* a tick of 0.01 */

struct pending {
    int64_t receive_ns;
    uint64_t order; /* of two received at once the earlier comes first */
    char *text;
    size_t size;
};

struct wire {
    gzFile file; /* NULL: counted only */
    bool failed;
    uint64_t order, lines, bytes;
    size_t count;
    struct pending heap[PENDING_MAX];
    size_t size;
    char line[LINE_MAX_];
};

struct wire *wire_new(const char *path)
{
    struct wire *wire = calloc(1, sizeof(*wire));

    if (wire == NULL || path == NULL)
        return wire;
    wire->file = gzopen(path, "wb7"); /* writes no time and no name: same content, same bytes */
    if (wire->file == NULL) {
        free(wire);
        return NULL;
    }
    gzbuffer(wire->file, 1 << 17);
    return wire;
}

static bool earlier(const struct pending *a, const struct pending *b)
{
    return a->receive_ns != b->receive_ns ? a->receive_ns < b->receive_ns : a->order < b->order;
}

static void heap_push(struct wire *wire, struct pending item)
{
    size_t at = wire->count++;

    assert(wire->count < PENDING_MAX);
    for (; at > 0 && earlier(&item, &wire->heap[(at - 1) / 2]); at = (at - 1) / 2)
        wire->heap[at] = wire->heap[(at - 1) / 2];
    wire->heap[at] = item;
}

static struct pending heap_pop(struct wire *wire)
{
    struct pending first = wire->heap[0], last = wire->heap[--wire->count];
    size_t at = 0;

    for (size_t child; (child = 2 * at + 1) < wire->count; at = child) {
        if (child + 1 < wire->count && earlier(&wire->heap[child + 1], &wire->heap[child]))
            child++;
        if (!earlier(&wire->heap[child], &last))
            break;
        wire->heap[at] = wire->heap[child];
    }
    wire->heap[at] = last;
    return first;
}

__attribute__((format(printf, 2, 3))) static void put(struct wire *wire, const char *format, ...)
{
    va_list args;
    int wrote;

    va_start(args, format);
    wrote = vsnprintf(wire->line + wire->size, sizeof(wire->line) - wire->size, format, args);
    va_end(args);
    assert(wrote >= 0 && (size_t)wrote < sizeof(wire->line) - wire->size);
    wire->size += (size_t)wrote;
}

static void begin(struct wire *wire, int64_t receive_ns)
{
    wire->size = 0;
    put(wire, "%" PRId64 " ", receive_ns);
}

static void end(struct wire *wire, int64_t receive_ns)
{
    struct pending item = {receive_ns, wire->order++, NULL, wire->size + 1};

    item.text = malloc(item.size);
    if (item.text == NULL) {
        wire->failed = true;
        return;
    }
    memcpy(item.text, wire->line, wire->size);
    item.text[wire->size] = '\n';
    heap_push(wire, item);
}

/* value / 10^8 with eight places, as the venue writes every price and quantity. */
static void put_e8(struct wire *wire, int64_t value)
{
    char text[24];
    int at = sizeof(text);

    for (int digit = 0; digit < 9 || value > 0; digit++) {
        if (digit == 8)
            text[--at] = '.';
        text[--at] = (char)('0' + value % 10);
        value /= 10;
    }
    assert(wire->size + sizeof(text) < sizeof(wire->line));
    memcpy(wire->line + wire->size, text + at, sizeof(text) - (size_t)at);
    wire->size += sizeof(text) - (size_t)at;
}

static void put_quoted_e8(struct wire *wire, int64_t value)
{
    wire->line[wire->size++] = '"';
    put_e8(wire, value);
    wire->line[wire->size++] = '"';
}

static void put_levels(struct wire *wire, const struct wire_symbol *symbol, const struct lob_level *level,
                       size_t count)
{
    wire->line[wire->size++] = '[';
    for (size_t i = 0; i < count; i++) {
        wire->line[wire->size++] = '[';
        put_quoted_e8(wire, level[i].price * PRICE_E8);
        wire->line[wire->size++] = ',';
        put_quoted_e8(wire, level[i].qty * symbol->lot_e8);
        wire->line[wire->size++] = ']';
        if (i + 1 < count)
            wire->line[wire->size++] = ',';
    }
    wire->line[wire->size++] = ']';
}

static void put_symbol(struct wire *wire, const struct wire_symbol *symbol)
{
    put(wire,
        "{\"symbol\":\"%s\",\"status\":\"TRADING\",\"baseAsset\":\"%s\",\"baseAssetPrecision\":8,"
        "\"quoteAsset\":\"USDT\",\"quotePrecision\":8,\"quoteAssetPrecision\":8,\"baseCommissionPrecision\":"
        "8,"
        "\"quoteCommissionPrecision\":8,\"orderTypes\":[\"LIMIT\",\"LIMIT_MAKER\",\"MARKET\",\"STOP_LOSS\","
        "\"STOP_LOSS_LIMIT\",\"TAKE_PROFIT\",\"TAKE_PROFIT_LIMIT\"],\"icebergAllowed\":true,\"ocoAllowed\":"
        "true,"
        "\"quoteOrderQtyMarketAllowed\":true,\"allowTrailingStop\":true,\"cancelReplaceAllowed\":true,"
        "\"isSpotTradingAllowed\":true,\"isMarginTradingAllowed\":true,\"filters\":["
        "{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\"0.01000000\",\"maxPrice\":\"1000000.00000000\","
        "\"tickSize\":\"0.01000000\"},{\"filterType\":\"LOT_SIZE\",\"minQty\":",
        symbol->upper, symbol->base);
    put_quoted_e8(wire, symbol->lot_e8);
    put(wire, ",\"maxQty\":");
    put_quoted_e8(wire, symbol->qty_lots_max * symbol->lot_e8);
    put(wire, ",\"stepSize\":");
    put_quoted_e8(wire, symbol->lot_e8);
    put(wire, "},{\"filterType\":\"ICEBERG_PARTS\",\"limit\":10},{\"filterType\":\"MARKET_LOT_SIZE\","
              "\"minQty\":\"0.00000000\",\"maxQty\":");
    put_quoted_e8(wire, symbol->market_lots_max * symbol->lot_e8);
    put(wire,
        ",\"stepSize\":\"0.00000000\"},"
        "{\"filterType\":\"PERCENT_PRICE_BY_SIDE\",\"bidMultiplierUp\":\"5\",\"bidMultiplierDown\":\"0.2\","
        "\"askMultiplierUp\":\"5\",\"askMultiplierDown\":\"0.2\",\"avgPriceMins\":5},"
        "{\"filterType\":\"NOTIONAL\",\"minNotional\":\"5.00000000\",\"applyMinToMarket\":true,"
        "\"maxNotional\":\"9000000.00000000\",\"applyMaxToMarket\":false,\"avgPriceMins\":5},"
        "{\"filterType\":\"MAX_NUM_ORDERS\",\"maxNumOrders\":200},"
        "{\"filterType\":\"MAX_NUM_ALGO_ORDERS\",\"maxNumAlgoOrders\":5}],\"permissions\":[\"SPOT\"]}");
}

void wire_exchange_info(struct wire *wire, int64_t venue_ns, int64_t receive_ns,
                        const struct wire_symbol *const *symbols, int count)
{
    begin(wire, receive_ns);
    put(wire,
        "{\"stream\":\"!exchangeInfo\",\"data\":{\"timezone\":\"UTC\",\"serverTime\":%" PRId64
        ",\"rateLimits\":["
        "{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":6000},"
        "{\"rateLimitType\":\"ORDERS\",\"interval\":\"SECOND\",\"intervalNum\":10,\"limit\":100},"
        "{\"rateLimitType\":\"ORDERS\",\"interval\":\"DAY\",\"intervalNum\":1,\"limit\":200000},"
        "{\"rateLimitType\":\"RAW_REQUESTS\",\"interval\":\"MINUTE\",\"intervalNum\":5,\"limit\":61000}],"
        "\"exchangeFilters\":[],\"symbols\":[",
        venue_ns / 1000000);
    for (int i = 0; i < count; i++) {
        if (i > 0)
            put(wire, ",");
        put_symbol(wire, symbols[i]);
    }
    put(wire, "]}}");
    end(wire, receive_ns);
}

void wire_snapshot(struct wire *wire, int64_t receive_ns, const struct wire_symbol *symbol,
                   uint64_t last_update_id, const struct lob_level *const levels[2], const size_t counts[2])
{
    begin(wire, receive_ns);
    put(wire, "{\"stream\":\"%s@snapshot\",\"data\":{\"lastUpdateId\":%" PRIu64 ",\"bids\":", symbol->lower,
        last_update_id);
    put_levels(wire, symbol, levels[LOB_BID], counts[LOB_BID]);
    put(wire, ",\"asks\":");
    put_levels(wire, symbol, levels[LOB_ASK], counts[LOB_ASK]);
    put(wire, "}}");
    end(wire, receive_ns);
}

void wire_depth(struct wire *wire, int64_t venue_ns, int64_t receive_ns, const struct wire_symbol *symbol,
                uint64_t first_id, uint64_t last_id, const struct lob_level *const levels[2],
                const size_t counts[2])
{
    begin(wire, receive_ns);
    put(wire,
        "{\"stream\":\"%s@depth@100ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":%" PRId64
        ",\"s\":\"%s\",\"U\":%" PRIu64 ",\"u\":%" PRIu64 ",\"b\":",
        symbol->lower, venue_ns / 1000000, symbol->upper, first_id, last_id);
    put_levels(wire, symbol, levels[LOB_BID], counts[LOB_BID]);
    put(wire, ",\"a\":");
    put_levels(wire, symbol, levels[LOB_ASK], counts[LOB_ASK]);
    put(wire, "}}");
    end(wire, receive_ns);
}

void wire_quote(struct wire *wire, int64_t receive_ns, const struct wire_symbol *symbol, uint64_t update_id,
                struct lob_level bid, struct lob_level ask)
{
    begin(wire, receive_ns);
    put(wire, "{\"stream\":\"%s@bookTicker\",\"data\":{\"u\":%" PRIu64 ",\"s\":\"%s\",\"b\":", symbol->lower,
        update_id, symbol->upper);
    put_quoted_e8(wire, bid.price * PRICE_E8);
    put(wire, ",\"B\":");
    put_quoted_e8(wire, bid.qty * symbol->lot_e8);
    put(wire, ",\"a\":");
    put_quoted_e8(wire, ask.price * PRICE_E8);
    put(wire, ",\"A\":");
    put_quoted_e8(wire, ask.qty * symbol->lot_e8);
    put(wire, "}}");
    end(wire, receive_ns);
}

void wire_trade(struct wire *wire, int64_t venue_ns, int64_t receive_ns, const struct wire_symbol *symbol,
                uint64_t trade_id, int64_t price, int64_t qty, bool buyer_is_maker)
{
    begin(wire, receive_ns);
    put(wire,
        "{\"stream\":\"%s@trade\",\"data\":{\"e\":\"trade\",\"E\":%" PRId64 ",\"s\":\"%s\",\"t\":%" PRIu64
        ",\"p\":",
        symbol->lower, (venue_ns + 400000) / 1000000, symbol->upper, trade_id);
    put_quoted_e8(wire, price * PRICE_E8);
    put(wire, ",\"q\":");
    put_quoted_e8(wire, qty * symbol->lot_e8);
    put(wire, ",\"T\":%" PRId64 ",\"m\":%s,\"M\":true}}", venue_ns / 1000000,
        buyer_is_maker ? "true" : "false");
    end(wire, receive_ns);
}

void wire_flush(struct wire *wire, int64_t now_ns)
{
    while (wire->count > 0 && wire->heap[0].receive_ns <= now_ns) {
        struct pending item = heap_pop(wire);

        if (wire->file != NULL && gzwrite(wire->file, item.text, (unsigned)item.size) != (int)item.size)
            wire->failed = true;
        wire->lines++;
        wire->bytes += item.size;
        free(item.text);
    }
}

bool wire_close(struct wire *wire, uint64_t *lines, uint64_t *text_bytes)
{
    bool failed;

    wire_flush(wire, INT64_MAX);
    failed = wire->failed;
    *lines = wire->lines;
    *text_bytes = wire->bytes;
    if (wire->file != NULL && gzclose(wire->file) != Z_OK)
        failed = true;
    free(wire);
    return !failed;
}
