/* record_fill.h - records filled and compared by the table: any kind, from a seed, with the edges of each field. */
#ifndef UNIT_RECORD_FILL_H
#define UNIT_RECORD_FILL_H

#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "store/record_codec.h"

#include <stdlib.h>
#include <string.h>

#define EACH_KIND(kind)                                                                                      \
    for (unsigned kind = 1; kind < STORE_RECORD_KINDS; kind++)                                               \
        if (record_kind_row(kind) != NULL)

static inline void fill_counted(const struct record_field *field, unsigned char *at, uint64_t *random)
{
    bool text = field->kind == FIELD_TEXT;
    size_t room = text ? field->size - 1U : field->size;
    size_t size =
        (size_t)random_between(random, 0, 4) == 0 ? room : (size_t)random_between(random, 0, (int64_t)room);
    uint16_t count = (uint16_t)size;

    for (size_t i = 0; i < size; i++)
        at[i] = (unsigned char)random_between(random, text ? 1 : 0, 255);
    if (!text)
        memcpy(at - sizeof(count), &count, sizeof(count));
}

static inline void fill_field(const struct record_field *field, unsigned char *at, uint64_t *random)
{
    uint64_t number = random_next(random); /* one after the other: the golden files depend on it */
    unsigned shift = (unsigned)random_between(random, 0, 63);
    uint32_t four;

    number = random_between(random, 0, 15) == 0 ? UINT64_C(1) << 63 : number >> shift;
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_BYTES:
        fill_counted(field, at, random);
        return;
    case FIELD_BOOL:
        *at = number & 1;
        return;
    case FIELD_ENUM:
        four = (uint32_t)random_between(random, 0, field->count - 1);
        if (field->size == 1)
            *at = (unsigned char)four;
        else
            memcpy(at, &four, sizeof(four));
        return;
    case FIELD_UNSIGNED:
    case FIELD_SIGNED:
    case FIELD_E8:
    case FIELD_TIME:
        memcpy(at, &number, field->size); /* the low bytes: as good as any */
    }
}

static inline struct store_record filled_record(unsigned kind, uint64_t seed)
{
    const struct record_kind_row *row = record_kind_row(kind);
    struct store_record record;

    memset(&record, 0, sizeof(record));
    record.kind = (enum store_record_kind)kind;
    record.ts_ns = (int64_t)seed;
    record.input_seq = seed * 3;
    for (size_t i = 0; i < row->fields; i++) {
        uint64_t random =
            seed * 1000003 + kind * 1009 + i; /* a new field at the end leaves the others as they were */

        fill_field(&row->field[i], (unsigned char *)&record + row->field[i].offset, &random);
    }
    if (kind == STORE_INSTRUMENT)
        memcpy(record.symbol, record.instrument.symbol, sizeof(record.symbol));
    return record;
}

/* The name of the first field that differs; NULL: none. */
static inline const char *record_differs(const struct store_record *a, const struct store_record *b)
{
    const struct record_kind_row *row = record_kind_row((unsigned)a->kind);

    if (a->kind != b->kind)
        return "kind";
    for (size_t i = 0; i < row->fields; i++) {
        const struct record_field *field = &row->field[i];
        const unsigned char *x = (const unsigned char *)a + field->offset;
        const unsigned char *y = (const unsigned char *)b + field->offset;
        size_t counted = field->kind == FIELD_BYTES ? sizeof(uint16_t) : 0;

        if (memcmp(x - counted, y - counted, field->size + counted) != 0)
            return field->name;
    }
    return NULL;
}

#endif
