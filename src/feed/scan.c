#include "feed/scan.h"

#include "feed/scan_expected.h"
#include "feed/scan_levels.h"
#include "feed/scan_skip.h"
#include "feed/scan_text.h"

#define WORD8(a, b, c, d, e, f, g, h)                                                                        \
    ((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16 | (uint64_t)(d) << 24 | (uint64_t)(e) << 32 |  \
     (uint64_t)(f) << 40 | (uint64_t)(g) << 48 | (uint64_t)(h) << 56)

/* --- values of ours ------------------------------------------------------------------------------------ */

static inline const char *take_decimal(const char *text, const char *end, int64_t *e8)
{
    const char *quote = scan_decimal(text + 1, e8);

    if (quote == NULL)
        quote = scan_decimal_slow(text + 1, end, e8);
    return quote != NULL ? quote + 1 : NULL;
}

static inline const char *take_ms(const char *text, int64_t *ms)
{
    uint64_t value;

    text = scan_integer(text, &value);
    *ms = text != NULL ? (int64_t)value : 0;
    return text;
}

static inline const char *take_bool(const char *text, const char *end, bool *value)
{
    *value = *text == 't';
    return *value ? scan_word(text, end, "true", 4) : scan_word(text, end, "false", 5);
}

static inline const char *take_text(const char *text, const char *end, struct wire_text *out)
{
    const char *quote;

    if (*text != '"')
        return NULL;
    quote = scan_string_end(text + 1, end);
    if (quote == NULL)
        return NULL;
    *out = (struct wire_text){text + 1, (size_t)(quote - text - 1)};
    return quote + 1;
}

static const char *take_levels(const char *text, const char *end, struct wire_message *out, enum side side)
{
    if (*text != '[')
        return NULL;
    out->level_first[side] = out->level_used;
    text = scan_levels(text, end, out->level, WIRE_LEVELS_MAX, &out->level_used);
    out->level_count[side] = out->level_used - out->level_first[side];
    return text;
}

/* The value of e, to the place behind it. */
static const char *take_event(const char *text, const char *end, enum wire_event *event)
{
    struct wire_text word;
    const char *behind = take_text(text, end, &word);

    *event = WIRE_EVENT_OTHER;
    if (behind == NULL)
        return NULL;
    switch (scan_load8(word.at)) { /* of a shorter word, its closing quote and what follows */
    case WORD8('d', 'e', 'p', 't', 'h', 'U', 'p', 'd'):
        if (word.size == 11 && memcmp(word.at + 8, "ate", 3) == 0)
            *event = WIRE_EVENT_DEPTH;
        break;
    case WORD8('b', 'o', 'o', 'k', 'T', 'i', 'c', 'k'):
        if (word.size == 10 && memcmp(word.at + 8, "er", 2) == 0)
            *event = WIRE_EVENT_QUOTE;
        break;
    case WORD8('a', 'g', 'g', 'T', 'r', 'a', 'd', 'e'):
        if (word.size == 8)
            *event = WIRE_EVENT_AGG_TRADE;
        break;
    default:
        if (word.size == 5 && memcmp(word.at, "trade", 5) == 0)
            *event = WIRE_EVENT_TRADE;
    }
    return behind;
}

/* b or a: levels, a price or an order id, by the type of the value. */
static const char *take_side(const char *text, const char *end, struct wire_message *out, enum side side,
                             uint32_t *bit)
{
    unsigned shift = side == SIDE_BID ? 0 : 1; /* the ask's bit stands next to the bid's */

    switch (*text) {
    case '[':
        *bit = (uint32_t)WIRE_BID_LEVELS << shift;
        return take_levels(text, end, out, side);
    case '"':
        *bit = (uint32_t)WIRE_BID_PRICE << shift;
        return take_decimal(text, end, &out->best[side].price_e8);
    default:
        *bit = (uint32_t)WIRE_BID_ID << shift;
        return scan_integer(text, &out->order_id[side]);
    }
}

/* --- fields of a message ------------------------------------------------------------------------------- */

#define SIDE_BITS(levels, price, id) ((uint32_t)(levels) | (uint32_t)(price) | (uint32_t)(id))

static inline bool is_plain_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What a field of one letter was: the bit it sets, and the bits of which none may have been seen before. */
struct letter_seen {
    uint32_t bit, once;
};

static inline struct letter_seen one_bit(uint32_t bit)
{
    return (struct letter_seen){bit, bit};
}

/* Of a trade; a letter of no message of ours is only proved to be JSON, and sets nothing. */
static inline const char *trade_letter(struct scanner *scanner, char letter, const char *text,
                                       const char *end, struct wire_message *out, struct letter_seen *seen)
{
    struct wire_text word = {"", 0};

    switch (letter) {
    case 't':
        *seen = one_bit(WIRE_TRADE_ID);
        return scan_integer(text, &out->trade_id);
    case 'p':
        *seen = one_bit(WIRE_PRICE);
        return *text == '"' ? take_decimal(text, end, &out->print.price_e8) : NULL;
    case 'q':
        *seen = one_bit(WIRE_QTY);
        return *text == '"' ? take_decimal(text, end, &out->print.qty_e8) : NULL;
    case 'm':
        *seen = one_bit(WIRE_BUYER_MAKER);
        return take_bool(text, end, &out->buyer_maker);
    case 'X':
        *seen = one_bit(WIRE_EXEC_TYPE);
        text = take_text(text, end, &word);
        out->off_market = word.size != 6 || memcmp(word.at, "MARKET", 6) != 0;
        return text;
    case 'M':
        *seen = one_bit(WIRE_SPOT_FLAG);
        break;
    case 'f':
        *seen = one_bit(WIRE_FIRST_TRADE_ID);
        break;
    case 'l':
        *seen = one_bit(WIRE_LAST_TRADE_ID);
        break;
    default:
        if (!scan_keys_add(&scanner->keys, &letter, 1))
            return NULL;
    }
    return scan_skip_value(scanner, text, end, 0);
}

/* Of every message, and of the book's. */
static inline const char *book_letter(struct scanner *scanner, char letter, const char *text, const char *end,
                                      struct wire_message *out, struct letter_seen *seen)
{
    switch (letter) {
    case 'e':
        *seen = one_bit(WIRE_EVENT);
        return take_event(text, end, &out->event);
    case 'E':
        *seen = one_bit(WIRE_EVENT_MS);
        return take_ms(text, &out->event_ms);
    case 'T':
        *seen = one_bit(WIRE_TIME_MS);
        return take_ms(text, &out->time_ms);
    case 's':
        *seen = one_bit(WIRE_SYMBOL);
        return take_text(text, end, &out->symbol);
    case 'U':
        *seen = one_bit(WIRE_FIRST_ID);
        return scan_integer(text, &out->first_id);
    case 'u':
        *seen = one_bit(WIRE_LAST_ID);
        return scan_integer(text, &out->last_id);
    case 'b':
        seen->once = SIDE_BITS(WIRE_BID_LEVELS, WIRE_BID_PRICE, WIRE_BID_ID);
        return take_side(text, end, out, SIDE_BID, &seen->bit);
    case 'a':
        seen->once = SIDE_BITS(WIRE_ASK_LEVELS, WIRE_ASK_PRICE, WIRE_ASK_ID);
        return take_side(text, end, out, SIDE_ASK, &seen->bit);
    case 'B':
        *seen = one_bit(WIRE_BID_QTY);
        return *text == '"' ? take_decimal(text, end, &out->best[SIDE_BID].qty_e8) : NULL;
    case 'A':
        *seen = one_bit(WIRE_ASK_QTY);
        return *text == '"' ? take_decimal(text, end, &out->best[SIDE_ASK].qty_e8) : NULL;
    default:
        return trade_letter(scanner, letter, text, end, out, seen);
    }
}

/* A field named by one letter: text stands at its value. Returns the place behind it. */
static inline const char *letter_field(struct scanner *scanner, char letter, const char *text,
                                       const char *end, struct wire_message *out)
{
    struct letter_seen seen = {0, 0};

    text = book_letter(scanner, letter, text, end, out, &seen);
    if (out->seen & seen.once)
        return NULL;
    out->seen |= seen.bit;
    return text;
}

/* A field with a longer name, or one that is not ours: key is size bytes, text stands at its value. */
static const char *word_field(struct scanner *scanner, const char *key, size_t size, const char *text,
                              const char *end, struct wire_message *out)
{
    uint32_t bit;

    if (size == 2 && memcmp(key, "pu", 2) == 0) {
        text = scan_integer(text, &out->prev_id);
        bit = WIRE_PREV_ID;
    } else if (size == 4 && memcmp(key, "bids", 4) == 0) {
        text = take_levels(text, end, out, SIDE_BID);
        bit = WIRE_SNAPSHOT_BIDS;
    } else if (size == 4 && memcmp(key, "asks", 4) == 0) {
        text = take_levels(text, end, out, SIDE_ASK);
        bit = WIRE_SNAPSHOT_ASKS;
    } else if (size == 12 && memcmp(key, "lastUpdateId", 12) == 0) {
        text = scan_integer(text, &out->snapshot_id);
        bit = WIRE_SNAPSHOT_ID;
    } else if ((size == 6 && (memcmp(key, "symbol", 6) == 0 || memcmp(key, "stream", 6) == 0)) ||
               (size == 4 && memcmp(key, "data", 4) == 0) || (size == 7 && memcmp(key, "symbols", 7) == 0)) {
        return NULL; /* a COIN-M snapshot, a strange envelope, exchangeInfo: rare */
    } else {
        return scan_keys_add(&scanner->keys, key, size) ? scan_skip_value(scanner, text, end, 0) : NULL;
    }
    if (out->seen & bit)
        return NULL;
    out->seen |= bit;
    return text;
}

/* text stands behind '{'. All fields of the object; returns the place behind '}'. */
static const char *message_fields(struct scanner *scanner, const char *text, const char *end,
                                  struct wire_message *out)
{
    text = scan_skip_any_space(text, end);
    if (*text == '}')
        return text + 1;
    for (;;) {
        const char *key, *key_end;

        if (text >= end || *text != '"')
            return NULL;
        key = text + 1;
        key_end = text[2] == '"' && is_plain_letter(*key) ? text + 2 : scan_string_end(key, end);
        if (key_end == NULL)
            return NULL;
        text = key_end + 1;
        if (*text != ':') {
            text = scan_skip_space(text, end);
            if (*text != ':')
                return NULL;
        }
        text = scan_skip_any_space(text + 1, end);
        if (text >= end)
            return NULL;
        if (key_end == key + 1)
            text = letter_field(scanner, *key, text, end, out);
        else
            text = word_field(scanner, key, (size_t)(key_end - key), text, end, out);
        if (text == NULL)
            return NULL;
        text = scan_skip_any_space(text, end);
        if (*text == '}')
            return text + 1;
        if (*text != ',')
            return NULL;
        text = scan_skip_any_space(text + 1, end);
    }
}

/* What wire_stream_kind() says, for a name in text, whose closing quote stands at name.at[name.size]. */
static enum wire_kind stream_kind(struct wire_text name, struct wire_text *symbol)
{
    const char *at = name.at, *end = name.at + name.size;
    uint64_t word;

    for (;;) {
        uint64_t found = scan_zero_bytes(scan_load8(at) ^ SCAN_EVERY_BYTE('@'));

        if (found != 0) {
            at += __builtin_ctzll(found) >> 3;
            break;
        }
        at += 8;
        if (at >= end)
            break;
    }
    if (at >= end)
        return wire_stream_kind(name, symbol);
    *symbol = (struct wire_text){name.at, (size_t)(at - name.at)};
    at++;
    word = scan_load8(at);
    if (word == WORD8('b', 'o', 'o', 'k', 'T', 'i', 'c', 'k') && at[8] == 'e' && at[9] == 'r' &&
        (at[10] == '"' || at[10] == '@'))
        return WIRE_QUOTE;
    if (word == WORD8('a', 'g', 'g', 'T', 'r', 'a', 'd', 'e') && (at[8] == '"' || at[8] == '@'))
        return WIRE_AGG_TRADE;
    if (word == WORD8('s', 'n', 'a', 'p', 's', 'h', 'o', 't') && (at[8] == '"' || at[8] == '@'))
        return WIRE_SNAPSHOT;
    if (at[5] != '"' && at[5] != '@')
        return WIRE_OTHER;
    word &= WORD8(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0);
    if (word == WORD8('d', 'e', 'p', 't', 'h', 0, 0, 0))
        return WIRE_DEPTH;
    return word == WORD8('t', 'r', 'a', 'd', 'e', 0, 0, 0) ? WIRE_TRADE : WIRE_OTHER;
}

/* {"stream":"...","data": in this order. Returns the place of data's value, with out->stream set; text itself
 * when it is no such envelope; NULL: declined. */
static const char *envelope_head(const char *text, const char *end, struct wire_message *out)
{
    const char *at, *name, *quote;

    at = scan_skip_any_space(text + 1, end);
    if (scan_load8(at) != WORD8('"', 's', 't', 'r', 'e', 'a', 'm', '"'))
        return text;
    at = scan_skip_any_space(at + 8, end);
    if (*at != ':')
        return NULL;
    at = scan_skip_any_space(at + 1, end);
    if (at >= end || *at != '"')
        return NULL;
    name = at + 1;
    quote = scan_string_end(name, end);
    if (quote == NULL || quote == name)
        return NULL;
    out->stream = (struct wire_text){name, (size_t)(quote - name)};
    out->promised = stream_kind(out->stream, &out->stream_symbol);
    at = scan_skip_any_space(quote + 1, end);
    if (*at != ',')
        return NULL;
    at = scan_skip_any_space(at + 1, end);
    if ((scan_load8(at) & WORD8(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0)) !=
        WORD8('"', 'd', 'a', 't', 'a', '"', 0, 0))
        return NULL;
    at = scan_skip_any_space(at + 6, end);
    if (*at != ':')
        return NULL;
    at = scan_skip_any_space(at + 1, end);
    return at < end ? at : NULL;
}

/* What the envelope holds, to the place behind it. A stream that is not ours is only proved to be JSON. */
static const char *envelope_data(struct scanner *scanner, const char *text, const char *end,
                                 struct wire_message *out)
{
    if (out->promised == WIRE_EXCHANGE_INFO)
        return NULL;
    if (out->promised == WIRE_OTHER)
        return scan_skip_value(scanner, text, end, 0);
    return *text == '{' ? message_fields(scanner, text + 1, end, out) : NULL;
}

/* Behind the message and its envelope: nothing but space. */
static bool is_end(const char *text, const char *end)
{
    return text <= end && scan_skip_space(text, end) == end;
}

bool scan_message(struct scanner *scanner, const char *text, size_t size, struct wire_message *out)
{
    const char *end = text + size, *data, *why;

    out->seen = 0;
    out->invalid = 0;
    out->stream.size = 0;
    out->level_used = 0;

    text = scan_skip_any_space(text, end);
    if (text >= end || *text != '{')
        return false;
    data = envelope_head(text, end, out);
    if (data == NULL)
        return false;
    if (data != text) {
        const char *behind = scan_expected(data, end, out);

        if (behind != NULL && *behind == '}' && is_end(behind + 1, end))
            return true;
        out->seen = 0;
        out->level_used = 0;
    }
    scan_keys_clear(&scanner->keys);
    if (data == text) {
        text = message_fields(scanner, text + 1, end, out);
    } else {
        text = envelope_data(scanner, data, end, out);
        if (text == NULL)
            return false;
        text = scan_skip_any_space(text, end);
        if (*text != '}')
            return false;
        text++;
    }
    /* All of it lay before end, or text would stand behind it. A raw message of no kind of ours goes to
     * jansson: it may be exchangeInfo. */
    return text != NULL && is_end(text, end) && wire_settle(out, &why) &&
           (out->kind != WIRE_OTHER || out->stream.size > 0);
}
