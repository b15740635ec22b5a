#include "feed/wire.h"

#include <string.h>

/* What a kind cannot do without, and what must not be there in a form that cannot be used. */
struct wire_needs {
    uint32_t needed;
    uint32_t sound;
    const char *why;
};

static const struct wire_needs wire_needs[] = {
    [WIRE_OTHER] = {0, 0, ""},
    [WIRE_DEPTH] = {WIRE_SYMBOL | WIRE_FIRST_ID | WIRE_LAST_ID | WIRE_BID_LEVELS | WIRE_ASK_LEVELS,
                    WIRE_PREV_ID, "depth update: s, U, u, pu, b or a is missing or cannot be used"},
    [WIRE_SNAPSHOT] = {WIRE_SNAPSHOT_ID | WIRE_SNAPSHOT_BIDS | WIRE_SNAPSHOT_ASKS, 0,
                       "depth snapshot: lastUpdateId, bids or asks is missing or cannot be used"},
    [WIRE_QUOTE] = {WIRE_SYMBOL | WIRE_LAST_ID | WIRE_BID_PRICE | WIRE_ASK_PRICE | WIRE_BID_QTY |
                        WIRE_ASK_QTY,
                    0, "bookTicker: s, u, b, B, a or A is missing or cannot be used"},
    [WIRE_TRADE] = {WIRE_SYMBOL | WIRE_TRADE_ID | WIRE_PRICE | WIRE_QTY | WIRE_TIME_MS | WIRE_BUYER_MAKER,
                    WIRE_EXEC_TYPE, "trade: s, t, p, q, T, m or X is missing or cannot be used"},
    [WIRE_AGG_TRADE] = {WIRE_SYMBOL | WIRE_ASK_ID | WIRE_PRICE | WIRE_QTY | WIRE_TIME_MS | WIRE_BUYER_MAKER,
                        0, "aggTrade: s, a, p, q, T or m is missing or cannot be used"},
    [WIRE_EXCHANGE_INFO] = {0, 0, ""},
};

static bool text_is(const char *text, size_t size, const char *word)
{
    return size == strlen(word) && memcmp(text, word, size) == 0;
}

static enum wire_kind stream_word_kind(const char *word, size_t size)
{
    switch (size) {
    case 5:
        return text_is(word, size, "depth")   ? WIRE_DEPTH
               : text_is(word, size, "trade") ? WIRE_TRADE
                                              : WIRE_OTHER;
    case 8:
        return text_is(word, size, "aggTrade")   ? WIRE_AGG_TRADE
               : text_is(word, size, "snapshot") ? WIRE_SNAPSHOT
                                                 : WIRE_OTHER;
    case 10:
        return text_is(word, size, "bookTicker") ? WIRE_QUOTE : WIRE_OTHER;
    default:
        return WIRE_OTHER;
    }
}

enum wire_kind wire_stream_kind(struct wire_text stream, struct wire_text *symbol)
{
    const char *at = memchr(stream.at, '@', stream.size);
    const char *end = stream.at + stream.size, *second;

    symbol->at = stream.at;
    symbol->size = 0;
    if (at == NULL)
        return text_is(stream.at, stream.size, "!bookTicker")     ? WIRE_QUOTE
               : text_is(stream.at, stream.size, "!exchangeInfo") ? WIRE_EXCHANGE_INFO
                                                                  : WIRE_OTHER;
    symbol->size = (size_t)(at - stream.at);
    at++;
    second = memchr(at, '@', (size_t)(end - at));
    return stream_word_kind(at, (size_t)((second != NULL ? second : end) - at));
}

/* Bit 0x20 may differ where y has a letter, or '_', whose bit 0x40 is set. */
static inline bool same_letters(uint64_t x, uint64_t y)
{
    return ((x ^ y) & ~((y & UINT64_C(0x4040404040404040)) >> 1)) == 0;
}

bool wire_same_symbol(struct wire_text a, struct wire_text b)
{
    size_t at = 0;
    uint64_t x, y;
    bool same = a.size == b.size;

    for (; same && at + 8 <= a.size; at += 8) {
        memcpy(&x, a.at + at, 8);
        memcpy(&y, b.at + at, 8);
        same = same_letters(x, y);
    }
    for (; same && at + 4 <= a.size; at += 4) {
        uint32_t p, q;

        memcpy(&p, a.at + at, 4);
        memcpy(&q, b.at + at, 4);
        same = same_letters(p, q);
    }
    for (; same && at < a.size; at++)
        same = same_letters((unsigned char)a.at[at], (unsigned char)b.at[at]);
    return same;
}

static enum wire_kind content_kind(const struct wire_message *message)
{
    const uint32_t quote = wire_needs[WIRE_QUOTE].needed;

    if (message->seen & WIRE_EVENT) {
        switch (message->event) {
        case WIRE_EVENT_DEPTH:
            return WIRE_DEPTH;
        case WIRE_EVENT_QUOTE:
            return WIRE_QUOTE;
        case WIRE_EVENT_TRADE:
            return WIRE_TRADE;
        case WIRE_EVENT_AGG_TRADE:
            return WIRE_AGG_TRADE;
        case WIRE_EVENT_OTHER:
            return WIRE_OTHER;
        }
    }
    if ((message->seen | message->invalid) & WIRE_SNAPSHOT_ID)
        return WIRE_SNAPSHOT;
    /* Spot's bookTicker has no e: it is known by its six fields, usable or not. */
    return ((message->seen | message->invalid) & quote) == quote ? WIRE_QUOTE : WIRE_OTHER;
}

bool wire_settle(struct wire_message *message, const char **why)
{
    const struct wire_needs *needs;

    message->kind = content_kind(message);
    if (message->stream.size > 0) {
        if (message->promised == WIRE_OTHER || message->promised == WIRE_EXCHANGE_INFO) {
            message->kind = message->promised;
            return true;
        }
        if (message->promised != message->kind) {
            *why = "stream name and content contradict each other";
            return false;
        }
    }
    needs = &wire_needs[message->kind];
    if ((message->seen & needs->needed) != needs->needed || (message->invalid & needs->sound) != 0) {
        *why = needs->why;
        return false;
    }
    if (message->stream.size > 0 && message->stream_symbol.size > 0 && (message->seen & WIRE_SYMBOL) &&
        !wire_same_symbol(message->stream_symbol, message->symbol)) {
        *why = "stream and message name different symbols";
        return false;
    }
    return true;
}

enum wire_market wire_market(const struct wire_message *message, bool *sure)
{
    uint32_t seen = message->seen;

    *sure = true;
    switch (message->kind) {
    case WIRE_DEPTH:
        return (seen & WIRE_PREV_ID) ? WIRE_MARKET_FUTURES : WIRE_MARKET_SPOT;
    case WIRE_QUOTE:
        return (seen & (WIRE_EVENT | WIRE_EVENT_MS | WIRE_TIME_MS)) ? WIRE_MARKET_FUTURES : WIRE_MARKET_SPOT;
    case WIRE_TRADE:
        *sure = (seen & (WIRE_EXEC_TYPE | WIRE_SPOT_FLAG)) != 0;
        return (seen & WIRE_EXEC_TYPE) ? WIRE_MARKET_FUTURES : WIRE_MARKET_SPOT;
    case WIRE_AGG_TRADE: /* futures leave M out and put nothing in its place */
        *sure = (seen & WIRE_SPOT_FLAG) != 0;
        return (seen & WIRE_SPOT_FLAG) ? WIRE_MARKET_SPOT : WIRE_MARKET_FUTURES;
    case WIRE_SNAPSHOT:
        *sure = false;
        return (seen & (WIRE_EVENT_MS | WIRE_TIME_MS)) ? WIRE_MARKET_FUTURES : WIRE_MARKET_SPOT;
    case WIRE_OTHER:
    case WIRE_EXCHANGE_INFO:
        break;
    }
    *sure = false;
    return WIRE_MARKET_SPOT;
}
