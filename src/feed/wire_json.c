#include "feed/wire_json.h"

#include "core/base/decimal.h"
#include "core/base/safe_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set(struct wire_message *out, uint32_t bit, bool usable)
{
    if (usable)
        out->seen |= bit;
    else
        out->invalid |= bit;
}

/* A price or quantity: a string, exact at 8 places, not negative. */
static bool read_decimal(const json_t *value, int64_t *e8)
{
    return json_is_string(value) &&
           decimal_parse(json_string_value(value), json_string_length(value), DECIMAL_E8_DIGITS, e8) ==
               ERR_OK &&
           *e8 >= 0;
}

static bool read_id(const json_t *value, uint64_t *id)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return false;
    *id = (uint64_t)json_integer_value(value);
    return true;
}

static bool read_ms(const json_t *value, int64_t *ms)
{
    uint64_t id;

    if (!read_id(value, &id))
        return false;
    *ms = (int64_t)id;
    return true;
}

static bool read_text(const json_t *value, struct wire_text *out)
{
    if (!json_is_string(value))
        return false;
    *out = (struct wire_text){json_string_value(value), json_string_length(value)};
    return true;
}

static bool text_is(struct wire_text text, const char *word)
{
    return text.size == strlen(word) && memcmp(text.at, word, text.size) == 0;
}

static bool read_event(const json_t *value, enum wire_event *event)
{
    struct wire_text text;

    if (!read_text(value, &text))
        return false;
    *event = text_is(text, "depthUpdate")  ? WIRE_EVENT_DEPTH
             : text_is(text, "bookTicker") ? WIRE_EVENT_QUOTE
             : text_is(text, "trade")      ? WIRE_EVENT_TRADE
             : text_is(text, "aggTrade")   ? WIRE_EVENT_AGG_TRADE
                                           : WIRE_EVENT_OTHER;
    return true;
}

/* Elements after price and quantity are ignored: snapshots once carried an empty array there. */
static bool read_levels(const json_t *value, struct wire_message *out, enum side side)
{
    size_t count = json_array_size(value);

    if (!json_is_array(value) || count > WIRE_LEVELS_MAX - out->level_used)
        return false;
    out->level_first[side] = out->level_used;
    out->level_count[side] = count;
    for (size_t i = 0; i < count; i++) {
        const json_t *pair = json_array_get(value, i);
        struct wire_level *level = &out->level[out->level_used + i];

        if (!read_decimal(json_array_get(pair, 0), &level->price_e8) ||
            !read_decimal(json_array_get(pair, 1), &level->qty_e8))
            return false;
    }
    out->level_used += count;
    return true;
}

static void read_side(const json_t *value, struct wire_message *out, enum side side)
{
    unsigned shift = side == SIDE_BID ? 0 : 1;

    if (json_is_array(value))
        set(out, (uint32_t)WIRE_BID_LEVELS << shift, read_levels(value, out, side));
    else if (json_is_string(value))
        set(out, (uint32_t)WIRE_BID_PRICE << shift, read_decimal(value, &out->best[side].price_e8));
    else
        set(out, (uint32_t)WIRE_BID_ID << shift, read_id(value, &out->order_id[side]));
}

static void read_letter(char letter, const json_t *value, struct wire_message *out)
{
    struct wire_text text = {"", 0};

    switch (letter) {
    case 'e':
        set(out, WIRE_EVENT, read_event(value, &out->event));
        break;
    case 'E':
        set(out, WIRE_EVENT_MS, read_ms(value, &out->event_ms));
        break;
    case 'T':
        set(out, WIRE_TIME_MS, read_ms(value, &out->time_ms));
        break;
    case 's':
        set(out, WIRE_SYMBOL, read_text(value, &out->symbol));
        break;
    case 'U':
        set(out, WIRE_FIRST_ID, read_id(value, &out->first_id));
        break;
    case 'u':
        set(out, WIRE_LAST_ID, read_id(value, &out->last_id));
        break;
    case 'b':
        read_side(value, out, SIDE_BID);
        break;
    case 'a':
        read_side(value, out, SIDE_ASK);
        break;
    case 'B':
        set(out, WIRE_BID_QTY, read_decimal(value, &out->best[SIDE_BID].qty_e8));
        break;
    case 'A':
        set(out, WIRE_ASK_QTY, read_decimal(value, &out->best[SIDE_ASK].qty_e8));
        break;
    case 't':
        set(out, WIRE_TRADE_ID, read_id(value, &out->trade_id));
        break;
    case 'p':
        set(out, WIRE_PRICE, read_decimal(value, &out->print.price_e8));
        break;
    case 'q':
        set(out, WIRE_QTY, read_decimal(value, &out->print.qty_e8));
        break;
    case 'm':
        out->buyer_maker = json_is_true(value);
        set(out, WIRE_BUYER_MAKER, json_is_boolean(value));
        break;
    case 'M':
        set(out, WIRE_SPOT_FLAG, true);
        break;
    case 'X':
        set(out, WIRE_EXEC_TYPE, read_text(value, &text));
        out->off_market = !text_is(text, "MARKET");
        break;
    case 'f':
        set(out, WIRE_FIRST_TRADE_ID, true);
        break;
    case 'l':
        set(out, WIRE_LAST_TRADE_ID, true);
        break;
    default:
        break;
    }
}

static void read_fields(json_t *object, struct wire_message *out)
{
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
    {
        if (key[0] != '\0' && key[1] == '\0')
            read_letter(key[0], value, out);
        else if (strcmp(key, "pu") == 0)
            set(out, WIRE_PREV_ID, read_id(value, &out->prev_id));
        else if (strcmp(key, "lastUpdateId") == 0)
            set(out, WIRE_SNAPSHOT_ID, read_id(value, &out->snapshot_id));
        else if (strcmp(key, "bids") == 0)
            set(out, WIRE_SNAPSHOT_BIDS, read_levels(value, out, SIDE_BID));
        else if (strcmp(key, "asks") == 0)
            set(out, WIRE_SNAPSHOT_ASKS, read_levels(value, out, SIDE_ASK));
        else if (strcmp(key, "symbol") == 0 && json_object_get(object, "lastUpdateId") != NULL)
            set(out, WIRE_SYMBOL, read_text(value, &out->symbol));
    }
}

static bool is_exchange_info(const json_t *data)
{
    return json_is_array(json_object_get(data, "symbols")) &&
           (json_object_get(data, "timezone") != NULL || json_object_get(data, "exchangeFilters") != NULL);
}

/* --- numbers that jansson cannot hold -------------------------------------------------------------------- */

static const char *skip_digits(const char *text, const char *end)
{
    while (text < end && *text >= '0' && *text <= '9')
        text++;
    return text;
}

/* text stands at '-' or a digit. Returns the place behind a number as JSON writes it, NULL if it is none.
 * *huge: it may not fit into 64 bits, or into a double. */
static const char *number_end(const char *text, const char *end, bool *huge)
{
    const char *start = text + (*text == '-'), *at = skip_digits(start, end), *digits;

    *huge = at - start > 18;
    if (at == start || (*start == '0' && at - start > 1))
        return NULL;
    if (at < end && *at == '.') {
        digits = ++at;
        at = skip_digits(at, end);
        if (at == digits)
            return NULL;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        digits = at += at < end && (*at == '+' || *at == '-');
        at = skip_digits(at, end);
        if (at == digits)
            return NULL;
        *huge = *huge || at - digits > 2;
    }
    return at;
}

/* Such numbers are right JSON and may belong to a key that is not ours, but jansson refuses the whole text. They
 * become null of the same size: nothing to a key that is not ours, and not usable to one that is. */
static void blank_huge_numbers(char *text, size_t size)
{
    const char *end = text + size;
    bool in_string = false, huge;

    for (char *at = text; at < end; at++) {
        const char *after;

        if (in_string && *at == '\\') {
            at++;
        } else if (*at == '"') {
            in_string = !in_string;
        } else if (!in_string && (*at == '-' || (*at >= '0' && *at <= '9'))) {
            after = number_end(at, end, &huge);
            if (after == NULL)
                return; /* no JSON: jansson says why */
            if (huge) {
                memset(at, ' ', (size_t)(after - at));
                /* JSON goes on behind it. NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
                memcpy(at, "null", 4);
            }
            at += after - at - 1;
        }
    }
}

json_t *wire_json_load(const char *text, size_t size, json_error_t *at)
{
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, at);
    char *copy;

    if (root != NULL || json_error_code(at) != json_error_numeric_overflow)
        return root;
    copy = malloc(size);
    if (copy == NULL)
        return NULL;
    memcpy(copy, text, size);
    blank_huge_numbers(copy, size);
    root = json_loadb(copy, size, JSON_REJECT_DUPLICATES, at);
    free(copy);
    return root;
}

/* --- public ------------------------------------------------------------------------------------------------ */

enum err wire_json_read(const char *text, size_t size, struct wire_message *out, json_t **root, json_t **data,
                        char why[WIRE_WHY_SIZE])
{
    json_error_t at;
    const char *reason = "not for us";
    json_t *stream;

    out->seen = 0;
    out->invalid = 0;
    out->stream.size = 0;
    out->level_used = 0;
    *root = wire_json_load(text, size, &at);
    if (*root == NULL) {
        char safe[128];

        safe_text(at.text, strlen(at.text), safe, sizeof(safe));
        if (at.text[0] == '\0' || json_error_code(&at) == json_error_out_of_memory)
            snprintf(why, WIRE_WHY_SIZE, "out of memory, a message is lost");
        else
            snprintf(why, WIRE_WHY_SIZE, "not JSON: %s (byte %d)", safe, at.position);
        return ERR_BAD_DATA;
    }
    *data = *root;
    stream = json_object_get(*root, "stream");
    if (json_is_string(stream) && json_string_length(stream) > 0 && json_object_get(*root, "data") != NULL) {
        read_text(stream, &out->stream);
        out->promised = wire_stream_kind(out->stream, &out->stream_symbol);
        *data = json_object_get(*root, "data");
    }
    if (json_is_object(*data))
        read_fields(*data, out);
    if (!wire_settle(out, &reason)) {
        json_decref(*root);
        *root = NULL;
        snprintf(why, WIRE_WHY_SIZE, "%s", reason);
        return ERR_BAD_DATA;
    }
    if (out->kind == WIRE_OTHER && out->stream.size == 0 && is_exchange_info(*data))
        out->kind = WIRE_EXCHANGE_INFO;
    return ERR_OK;
}
