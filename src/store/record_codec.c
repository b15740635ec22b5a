#include "store/record_codec.h"

#include "store/le_bytes.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* The table promises that how many bytes there are stands right before them. */
#define BYTES_COUNT(at) ((at) - sizeof(uint16_t))
static_assert(offsetof(struct store_record, memory.bytes) ==
                  offsetof(struct store_record, memory.size) + sizeof(uint16_t),
              "FIELD_BYTES");

static bool is_counted(const struct record_field *field)
{
    return field->kind == FIELD_TEXT || field->kind == FIELD_BYTES;
}

/* --- encoding ------------------------------------------------------------------------------------------------ */

/* A number of the record, whatever its size; signs need no care, as width and size are the same. */
static uint64_t load(const unsigned char *at, unsigned size)
{
    uint64_t eight;
    uint32_t four;
    uint16_t two;

    switch (size) {
    case 8:
        memcpy(&eight, at, sizeof(eight));
        return eight;
    case 4:
        memcpy(&four, at, sizeof(four));
        return four;
    case 2:
        memcpy(&two, at, sizeof(two));
        return two;
    default:
        return *at;
    }
}

static void put(unsigned char *out, unsigned width, uint64_t value)
{
    switch (width) {
    case 8:
        put_u64(out, value);
        break;
    case 4:
        put_u32(out, (uint32_t)value);
        break;
    case 2:
        put_u16(out, (uint16_t)value);
        break;
    default:
        *out = (unsigned char)value;
    }
}

/* What a text or bytes take, without the length in front. A text that nobody ended ends with its room. */
static size_t counted_size(const struct record_field *field, const unsigned char *at)
{
    size_t size;

    if (field->kind == FIELD_TEXT)
        return strnlen((const char *)at, field->size - 1U);
    size = load(BYTES_COUNT(at), sizeof(uint16_t));
    return size < field->size ? size : field->size;
}

size_t record_encode(const struct store_record *record, unsigned char *out, size_t max)
{
    const struct record_kind_row *row = record_kind_row((unsigned)record->kind);
    size_t used = 0;

    assert(row != NULL);
    for (size_t i = 0; i < row->fields; i++) {
        const struct record_field *field = &row->field[i];
        const unsigned char *at = (const unsigned char *)record + field->offset;

        if (max - used < field->width)
            return 0;
        if (field->width == 8) { /* most are */
            put_u64(out + used, load(at, 8));
        } else if (is_counted(field)) {
            size_t size = counted_size(field, at);

            if (max - used - field->width < size)
                return 0;
            put_u16(out + used, (uint16_t)size);
            memcpy(out + used + field->width, at, size);
            used += size;
        } else if (field->kind == FIELD_BOOL) {
            out[used] = *at != 0;
        } else {
            put(out + used, field->width, load(at, field->size));
        }
        used += field->width;
    }
    return used;
}

/* --- decoding ------------------------------------------------------------------------------------------------ */

struct reading {
    const struct record_kind_row *row;
    const unsigned char *body;
    size_t size, at;
    char *why;
    size_t why_size;
};

static enum err refuse(const struct reading *reading, const struct record_field *field, const char *what)
{
    snprintf(reading->why, reading->why_size, "record %s, field %s: %s", reading->row->name, field->name,
             what);
    return ERR_BAD_DATA;
}

static uint64_t get(const unsigned char *at, unsigned width)
{
    switch (width) {
    case 8:
        return get_u64(at);
    case 4:
        return get_u32(at);
    case 2:
        return get_u16(at);
    default:
        return *at;
    }
}

static void store(unsigned char *at, unsigned size, uint64_t value)
{
    uint32_t four = (uint32_t)value;
    uint16_t two = (uint16_t)value;

    switch (size) {
    case 8:
        memcpy(at, &value, sizeof(value));
        break;
    case 4:
        memcpy(at, &four, sizeof(four));
        break;
    case 2:
        memcpy(at, &two, sizeof(two));
        break;
    default:
        *at = (unsigned char)value;
    }
}

static enum err take_counted(struct reading *reading, const struct record_field *field, unsigned char *at)
{
    size_t size = get_u16(reading->body + reading->at);
    const unsigned char *from = reading->body + reading->at + field->width;

    if (reading->size - reading->at - field->width < size)
        return refuse(reading, field, "it is cut");
    if (size + (field->kind == FIELD_TEXT) > field->size)
        return refuse(reading, field, "longer than it may be");
    if (field->kind == FIELD_TEXT && memchr(from, '\0', size) != NULL)
        return refuse(reading, field, "a text with a NUL in it");
    memcpy(at, from, size);
    if (field->kind == FIELD_BYTES)
        store(BYTES_COUNT(at), sizeof(uint16_t), size);
    reading->at += field->width + size;
    return ERR_OK;
}

static enum err take(struct reading *reading, const struct record_field *field, struct store_record *out)
{
    unsigned char *at = (unsigned char *)out + field->offset;
    uint64_t value;

    if (reading->size - reading->at < field->width)
        return refuse(reading, field, "it is cut");
    if (field->width == 8) { /* most are; a number of any value */
        store(at, 8, get_u64(reading->body + reading->at));
        reading->at += 8;
        return ERR_OK;
    }
    if (is_counted(field))
        return take_counted(reading, field, at);
    value = get(reading->body + reading->at, field->width);
    if (field->kind == FIELD_BOOL && value > 1)
        return refuse(reading, field, "neither yes nor no");
    if (field->kind == FIELD_ENUM && value >= (uint64_t)field->count)
        return refuse(reading, field, "a value that is not known");
    store(at, field->size, value);
    reading->at += field->width;
    return ERR_OK;
}

enum err record_decode_row(const struct record_kind_row *row, unsigned kind, const unsigned char *body,
                           size_t size, struct store_record *out, char *why, size_t why_size)
{
    struct reading reading = {row, body, size, 0, why, why_size};
    enum err err;

    memset(out, 0, sizeof(*out));
    out->kind = (enum store_record_kind)kind;
    for (size_t i = 0; i < row->fields; i++) {
        if (i >= row->required && reading.at == size)
            break; /* an older body */
        if ((err = take(&reading, &row->field[i], out)) != ERR_OK)
            return err;
    }
    if (reading.at != size) {
        snprintf(why, why_size,
                 "record %s: %zu bytes behind the last field that is known: a newer version wrote it",
                 row->name, size - reading.at);
        return ERR_BAD_DATA;
    }
    if (kind == STORE_INSTRUMENT)
        memcpy(out->symbol, out->instrument.symbol, sizeof(out->symbol));
    return ERR_OK;
}

enum err record_decode(unsigned kind, const unsigned char *body, size_t size, struct store_record *out,
                       char *why, size_t why_size)
{
    const struct record_kind_row *row = record_kind_row(kind);

    if (row == NULL) {
        snprintf(why, why_size, "record kind %u is not known: a newer version wrote it, or it is damaged",
                 kind);
        return ERR_BAD_DATA;
    }
    return record_decode_row(row, kind, body, size, out, why, why_size);
}

/* --- keys ------------------------------------------------------------------------------------------------------ */

size_t record_key(unsigned kind, const unsigned char *body, size_t size, unsigned char key[RECORD_KEY_MAX])
{
    const struct record_kind_row *row = record_kind_row(kind);
    size_t used = 2, at = 0;

    if (row == NULL || !row->state)
        return 0;
    put_u16(key, (uint16_t)kind);
    for (size_t i = 0; i < row->key_end; i++) {
        const struct record_field *field = &row->field[i];
        size_t taken = field->width;

        if (size - at < taken)
            return 0;
        if (is_counted(field))
            taken += get_u16(body + at);
        if (size - at < taken)
            return 0;
        if (field->key) {
            if (RECORD_KEY_MAX - used < taken)
                return 0; /* a text that decoding refuses */
            memcpy(key + used, body + at, taken);
            used += taken;
        }
        at += taken;
    }
    return used;
}

bool record_ends_key(const struct store_record *record)
{
    return record->kind == STORE_ORDER && !order_is_open(&record->order.order);
}
