#include "feed/scan_expected.h"

#include "feed/scan_levels.h"
#include "feed/scan_text.h"

/* Literal text, to the place behind it, or NULL; and NULL stays NULL. Each look begins before end and goes at
 * most 64 bytes beyond: a literal of up to 22, then a number, whose reader looks at 32. */
#define LITERAL(text, literal)                                                                               \
    ((text) != NULL && (text) < end && memcmp((text), (literal), sizeof(literal) - 1) == 0                   \
         ? (text) + sizeof(literal) - 1                                                                      \
         : NULL)

static inline const char *integer(const char *text, uint64_t *out)
{
    return text != NULL ? scan_integer(text, out) : NULL;
}

static inline const char *ms(const char *text, int64_t *out)
{
    uint64_t value = 0;

    text = integer(text, &value);
    *out = (int64_t)value;
    return text;
}

static inline const char *decimal(const char *text, int64_t *e8)
{
    return text != NULL ? scan_decimal(text, e8) : NULL;
}

/* The symbol, which must be the stream's where that names one, to its closing quote. */
static inline const char *symbol(const char *text, const char *end, struct wire_message *out)
{
    const char *quote = text != NULL ? scan_string_end(text, end) : NULL;

    if (quote == NULL)
        return NULL;
    out->symbol = (struct wire_text){text, (size_t)(quote - text)};
    return out->stream_symbol.size == 0 || wire_same_symbol(out->stream_symbol, out->symbol) ? quote : NULL;
}

static inline const char *boolean(const char *text, const char *end, bool *out)
{
    if (text == NULL || text >= end)
        return NULL;
    *out = *text == 't';
    return *out ? LITERAL(text, "true") : LITERAL(text, "false");
}

static inline const char *levels(const char *text, const char *end, struct wire_message *out, enum side side)
{
    if (text == NULL || text >= end || *text != '[')
        return NULL;
    out->level_first[side] = out->level_used;
    text = scan_levels(text, end, out->level, WIRE_LEVELS_MAX, &out->level_used);
    out->level_count[side] = out->level_used - out->level_first[side];
    return text;
}

static const char *expected_quote(const char *text, const char *end, struct wire_message *out)
{
    const uint32_t fields =
        WIRE_LAST_ID | WIRE_SYMBOL | WIRE_BID_PRICE | WIRE_BID_QTY | WIRE_ASK_PRICE | WIRE_ASK_QTY;
    const char *at = LITERAL(text, "{\"u\":");
    bool futures = at == NULL;

    if (futures)
        at = LITERAL(text, "{\"e\":\"bookTicker\",\"u\":");
    at = integer(at, &out->last_id);
    at = LITERAL(at, ",\"s\":\"");
    at = symbol(at, end, out);
    at = LITERAL(at, "\",\"b\":\"");
    at = decimal(at, &out->best[SIDE_BID].price_e8);
    at = LITERAL(at, "\",\"B\":\"");
    at = decimal(at, &out->best[SIDE_BID].qty_e8);
    at = LITERAL(at, "\",\"a\":\"");
    at = decimal(at, &out->best[SIDE_ASK].price_e8);
    at = LITERAL(at, "\",\"A\":\"");
    at = decimal(at, &out->best[SIDE_ASK].qty_e8);
    if (!futures) {
        out->seen = fields;
        return LITERAL(at, "\"}");
    }
    at = LITERAL(at, "\",\"T\":");
    at = ms(at, &out->time_ms);
    at = LITERAL(at, ",\"E\":");
    at = ms(at, &out->event_ms);
    out->event = WIRE_EVENT_QUOTE;
    out->seen = fields | WIRE_EVENT | WIRE_EVENT_MS | WIRE_TIME_MS;
    return LITERAL(at, "}");
}

/* What follows q on spot; order ids stand there in recordings of 2023. */
static const char *spot_trade_tail(const char *text, const char *end, struct wire_message *out)
{
    const char *at = LITERAL(text, "\",\"T\":");
    bool flag;

    if (at == NULL) {
        at = LITERAL(text, "\",\"b\":");
        at = integer(at, &out->order_id[SIDE_BID]);
        at = LITERAL(at, ",\"a\":");
        at = integer(at, &out->order_id[SIDE_ASK]);
        at = LITERAL(at, ",\"T\":");
        out->seen |= WIRE_BID_ID | WIRE_ASK_ID;
    }
    at = ms(at, &out->time_ms);
    at = LITERAL(at, ",\"m\":");
    at = boolean(at, end, &out->buyer_maker);
    at = LITERAL(at, ",\"M\":");
    at = boolean(at, end, &flag);
    out->seen |= WIRE_SPOT_FLAG;
    return LITERAL(at, "}");
}

static const char *expected_trade(const char *text, const char *end, struct wire_message *out)
{
    const char *at = LITERAL(text, "{\"e\":\"trade\",\"E\":"), *time;
    bool futures;

    at = ms(at, &out->event_ms);
    time = LITERAL(at, ",\"T\":");
    futures = time != NULL;
    if (futures)
        at = ms(time, &out->time_ms);
    at = LITERAL(at, ",\"s\":\"");
    at = symbol(at, end, out);
    at = LITERAL(at, "\",\"t\":");
    at = integer(at, &out->trade_id);
    at = LITERAL(at, ",\"p\":\"");
    at = decimal(at, &out->print.price_e8);
    at = LITERAL(at, "\",\"q\":\"");
    at = decimal(at, &out->print.qty_e8);
    out->event = WIRE_EVENT_TRADE;
    out->seen = WIRE_EVENT | WIRE_EVENT_MS | WIRE_TIME_MS | WIRE_SYMBOL | WIRE_TRADE_ID | WIRE_PRICE |
                WIRE_QTY | WIRE_BUYER_MAKER;
    if (!futures)
        return spot_trade_tail(at, end, out);
    at = LITERAL(at, "\",\"X\":\"MARKET\",\"m\":");
    at = boolean(at, end, &out->buyer_maker);
    out->off_market = false;
    out->seen |= WIRE_EXEC_TYPE;
    return LITERAL(at, "}");
}

static const char *expected_depth(const char *text, const char *end, struct wire_message *out)
{
    const char *at = LITERAL(text, "{\"e\":\"depthUpdate\",\"E\":"), *next;

    out->event = WIRE_EVENT_DEPTH;
    out->seen = WIRE_EVENT | WIRE_EVENT_MS | WIRE_SYMBOL | WIRE_FIRST_ID | WIRE_LAST_ID | WIRE_BID_LEVELS |
                WIRE_ASK_LEVELS;
    at = ms(at, &out->event_ms);
    next = LITERAL(at, ",\"T\":");
    if (next != NULL) {
        at = ms(next, &out->time_ms);
        out->seen |= WIRE_TIME_MS;
    }
    at = LITERAL(at, ",\"s\":\"");
    at = symbol(at, end, out);
    at = LITERAL(at, "\",\"U\":");
    at = integer(at, &out->first_id);
    at = LITERAL(at, ",\"u\":");
    at = integer(at, &out->last_id);
    next = LITERAL(at, ",\"pu\":");
    if (next != NULL) {
        at = integer(next, &out->prev_id);
        out->seen |= WIRE_PREV_ID;
    }
    at = LITERAL(at, ",\"b\":");
    at = levels(at, end, out, SIDE_BID);
    at = LITERAL(at, ",\"a\":");
    at = levels(at, end, out, SIDE_ASK);
    return LITERAL(at, "}");
}

const char *scan_expected(const char *text, const char *end, struct wire_message *out)
{
    const char *behind = NULL;

    switch (out->promised) {
    case WIRE_QUOTE:
        behind = expected_quote(text, end, out);
        break;
    case WIRE_TRADE:
        behind = expected_trade(text, end, out);
        break;
    case WIRE_DEPTH:
        behind = expected_depth(text, end, out);
        break;
    case WIRE_AGG_TRADE:
    case WIRE_SNAPSHOT:
    case WIRE_OTHER:
    case WIRE_EXCHANGE_INFO:
        break;
    }
    out->kind = out->promised;
    if (behind == NULL)
        out->seen = 0;
    if (behind == NULL)
        out->level_used = 0;
    return behind;
}
