/* The rare messages of futures: mark price (one in 1 to 3 s) and forced orders. By jansson, which frees all that it
 * took; never a reason for a new instrument, and what cannot be used is none of ours. */
#include "core/base/decimal.h"
#include "feed/decoder_parts.h"

#include <string.h>

static bool text_is(struct wire_text text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.at, word, text.size) == 0;
}

struct wire_text decoder_stream_word(struct wire_text stream)
{
    const char *end = stream.at + stream.size, *at, *stop;

    if (stream.size == 0)
        return stream;
    at = *stream.at == '!' ? stream.at : memchr(stream.at, '@', stream.size);
    if (at == NULL)
        return (struct wire_text){stream.at, 0};
    at += *at == '@';
    stop = memchr(at, '@', (size_t)(end - at));
    return (struct wire_text){at, (size_t)((stop != NULL ? stop : end) - at)};
}

bool decoder_is_futures_stream(struct wire_text stream)
{
    struct wire_text word = decoder_stream_word(stream);

    return text_is(word, "markPrice") || text_is(word, "forceOrder") || text_is(word, "!forceOrder");
}

static bool member_e8(const json_t *object, const char *key, int64_t *e8)
{
    const json_t *value = json_object_get(object, key);

    return json_is_string(value) && decimal_parse(json_string_value(value), json_string_length(value),
                                                  DECIMAL_E8_DIGITS, e8) == ERR_OK;
}

static int64_t member_ms(const json_t *object, const char *key)
{
    int64_t ms = json_integer_value(json_object_get(object, key));

    return ms > 0 ? ms : 0;
}

/* NULL: not met. */
static struct feed_instrument *instrument_of(struct decoder *decoder, const json_t *object)
{
    const json_t *symbol = json_object_get(object, "s");
    size_t size = json_string_length(symbol);
    char name[SYMBOL_SIZE] = "";

    if (!json_is_string(symbol) || !symbol_is_valid(json_string_value(symbol), size))
        return NULL;
    memcpy(name, json_string_value(symbol), size);
    return instrument_table_find(&decoder->table, (struct wire_text){name, size}, WIRE_MARKET_FUTURES);
}

/* Index and funding are absent or empty on some contracts: 0 then. */
static bool take_mark_price(struct decoder *decoder, const json_t *data, int64_t recv_ns)
{
    const struct feed_instrument *item = instrument_of(decoder, data);
    struct mark_price mark = {.recv_ns = recv_ns};

    if (item == NULL || !member_e8(data, "p", &mark.mark_e8) || mark.mark_e8 <= 0)
        return false;
    if (!member_e8(data, "i", &mark.index_e8) || mark.index_e8 < 0)
        mark.index_e8 = 0;
    if (!member_e8(data, "r", &mark.funding_rate_e8))
        mark.funding_rate_e8 = 0;
    mark.venue_ms = member_ms(data, "E");
    mark.next_funding_ms = member_ms(data, "T");
    decoder_emit(decoder, FEED_MARK, recv_ns, item)->mark = mark;
    return true;
}

/* p is the order's price, on the tick; the average of its fills (ap) need not be. */
static bool take_liquidation(struct decoder *decoder, const json_t *data, int64_t recv_ns)
{
    const json_t *order = json_object_get(data, "o");
    const char *side = json_string_value(json_object_get(order, "S"));
    struct feed_instrument *item = instrument_of(decoder, order);
    struct liquidation *out;
    struct wire_level wire;
    struct level level;
    const struct span span = {&wire, 1, &level};

    if (item == NULL || side == NULL || (strcmp(side, "BUY") != 0 && strcmp(side, "SELL") != 0))
        return false;
    if (!member_e8(order, "p", &wire.price_e8) || wire.price_e8 <= 0 ||
        !member_e8(order, "q", &wire.qty_e8) || wire.qty_e8 <= 0)
        return false;
    decoder_convert(decoder, item, &span, 1, recv_ns);
    out = &decoder_emit(decoder, FEED_LIQUIDATION, recv_ns, item)->liquidation;
    *out = (struct liquidation){.recv_ns = recv_ns,
                                .venue_ms = member_ms(order, "T"),
                                .side = strcmp(side, "BUY") == 0 ? SIDE_BID : SIDE_ASK,
                                .price_ticks = level.price_ticks,
                                .qty_lots = level.qty_lots};
    return true;
}

bool decoder_take_futures(struct decoder *decoder, const json_t *data, int64_t recv_ns)
{
    const char *event = json_string_value(json_object_get(data, "e"));
    struct wire_text stream = decoder->message.stream;
    bool taken = false;

    if (stream.size > 0 && !decoder_is_futures_stream(stream))
        return false; /* the name promises something else */
    if (event != NULL && strcmp(event, "markPriceUpdate") == 0)
        taken = take_mark_price(decoder, data, recv_ns);
    else if (event != NULL && strcmp(event, "forceOrder") == 0)
        taken = take_liquidation(decoder, data, recv_ns);
    decoder->counts.other += taken;
    return taken;
}
