/* Pages of aggregated trades, by jansson: a few dozen of them at a start, never again. */
#include "core/base/decimal.h"
#include "feed/decoder_parts.h"

#include <ctype.h>
#include <string.h>

#define MS_NS INT64_C(1000000)

static bool word_is(struct wire_text stream, const char *word)
{
    struct wire_text at = decoder_stream_word(stream);

    return at.size == strlen(word) && memcmp(at.at, word, at.size) == 0;
}

bool decoder_is_history_stream(struct wire_text stream)
{
    return word_is(stream, "history") || word_is(stream, "aggHistory");
}

static bool member_e8(const json_t *object, const char *key, int64_t *e8)
{
    const json_t *value = json_object_get(object, key);

    return json_is_string(value) &&
           decimal_parse(json_string_value(value), json_string_length(value), DECIMAL_E8_DIGITS, e8) ==
               ERR_OK &&
           *e8 > 0;
}

static bool member_id(const json_t *object, const char *key, uint64_t *id)
{
    json_int_t value = json_integer_value(json_object_get(object, key));

    *id = value > 0 ? (uint64_t)value : 0;
    return value > 0;
}

/* One row; its price and quantity into *level. False: it cannot be used. */
static bool read_row(const json_t *row, bool by_print, struct trade *trade, struct wire_level *level,
                     uint64_t *aggregate_id)
{
    uint64_t first, last, time_ms;
    const json_t *maker = json_object_get(row, "m");

    if (!member_id(row, "a", aggregate_id) || !member_id(row, "f", &first) || !member_id(row, "l", &last) ||
        last < first || last - first >= UINT32_MAX || !member_id(row, "T", &time_ms) ||
        time_ms > (uint64_t)(INT64_MAX / MS_NS) || !json_is_boolean(maker) ||
        !member_e8(row, "p", &level->price_e8) || !member_e8(row, "q", &level->qty_e8))
        return false;
    *trade = (struct trade){.venue_ms = (int64_t)time_ms,
                            .id = by_print ? first : *aggregate_id,
                            .taker = json_is_true(maker) ? SIDE_ASK : SIDE_BID,
                            .aggregate = true,
                            .prints = by_print ? (uint32_t)(last - first + 1) : 1};
    return true;
}

/* Ids and times that go back are no history. */
static bool read_rows(struct decoder *decoder, const json_t *rows, bool by_print, uint64_t *next_id)
{
    size_t count = json_array_size(rows);

    *next_id = 0;
    for (size_t i = 0; i < count; i++) {
        struct trade *trade = &decoder->history[i];
        uint64_t id;

        if (!read_row(json_array_get(rows, i), by_print, trade, &decoder->wire_level[i], &id) ||
            id < *next_id || (i > 0 && trade->id <= trade_last_id(trade - 1)))
            return false;
        *next_id = id + 1;
    }
    return true;
}

/* Event time of a trade of then: its own, never after now and never back. */
static void set_times(struct decoder *decoder, size_t count, int64_t recv_ns)
{
    int64_t last_ns = 0;

    for (size_t i = 0; i < count; i++) {
        struct trade *trade = &decoder->history[i];

        trade->recv_ns = trade->venue_ms * MS_NS < recv_ns ? trade->venue_ms * MS_NS : recv_ns;
        if (trade->recv_ns < last_ns)
            trade->recv_ns = last_ns;
        last_ns = trade->recv_ns;
        trade->price_ticks = decoder->level[i].price_ticks;
        trade->qty_lots = decoder->level[i].qty_lots;
    }
}

static void take_page(struct decoder *decoder, struct feed_instrument *item, const json_t *rows,
                      bool by_print, int64_t recv_ns)
{
    struct trade_history *out;
    struct span span = {decoder->wire_level, json_array_size(rows), decoder->level};
    uint64_t next_id;

    if (!json_is_array(rows) || span.count > DECODER_HISTORY_MAX ||
        !read_rows(decoder, rows, by_print, &next_id)) {
        decoder_emit_bad(decoder, recv_ns, "a page of past trades that cannot be used");
        return;
    }
    if (span.count > 0)
        decoder_convert(decoder, item, &span, 1, recv_ns);
    set_times(decoder, span.count, recv_ns);
    decoder->counts.other++;
    out = &decoder_emit(decoder, FEED_HISTORY, recv_ns, item)->history;
    *out = (struct trade_history){.recv_ns = recv_ns,
                                  .trade = decoder->history,
                                  .count = span.count,
                                  .next_id = next_id,
                                  .complete = span.count < DECODER_HISTORY_MAX};
}

/* Of either market: the name of the stream does not tell which. */
static struct feed_instrument *instrument_of(struct decoder *decoder, const char *symbol, size_t size)
{
    char name[SYMBOL_SIZE] = "";

    if (size == 0 || size >= sizeof(name))
        return NULL;
    for (size_t i = 0; i < size; i++)
        name[i] = (char)toupper((unsigned char)symbol[i]);
    return decoder_find(decoder, (struct wire_text){name, size}, WIRE_MARKET_SPOT, false);
}

bool decoder_take_history(struct decoder *decoder, const json_t *data, int64_t recv_ns)
{
    struct wire_text stream = decoder->message.stream;
    const char *at = stream.size > 0 ? memchr(stream.at, '@', stream.size) : NULL;
    struct feed_instrument *item;

    if (at == NULL || !decoder_is_history_stream(stream))
        return false;
    item = instrument_of(decoder, stream.at, (size_t)(at - stream.at));
    if (item == NULL)
        return false;
    take_page(decoder, item, data, word_is(stream, "history"), recv_ns);
    return true;
}

void decoder_push_history(struct decoder *decoder, int64_t recv_ns, const char *symbol, bool by_print,
                          const char *text, size_t size)
{
    json_t *rows = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    struct feed_instrument *item = instrument_of(decoder, symbol, strlen(symbol));

    decoder->event_count = decoder->event_next = 0;
    if (item != NULL)
        take_page(decoder, item, rows, by_print, recv_ns);
    json_decref(rows);
}
