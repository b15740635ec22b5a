/*
 * record_codec.h - records as bytes and back, as text, as JSON and CSV: all from one table (record_table.c).
 *
 * The layout is docs/journal.md's: little-endian, no alignment, no pointer, no struct of this machine. Decoding trusts
 * nothing: sizes, enumerations and booleans are checked, text is ended. Encoding neither allocates nor fails but for
 * want of room.
 */
#ifndef STORE_RECORD_CODEC_H
#define STORE_RECORD_CODEC_H

#include "core/base/err.h"
#include "store/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define RECORD_BODY_MAX 1400 /* of the largest kind; checked by a test over the table */
#define RECORD_KEY_MAX  80

enum record_field_kind {
    FIELD_UNSIGNED, /* 1, 2, 4 or 8 bytes */
    FIELD_SIGNED,
    FIELD_BOOL,
    FIELD_ENUM, /* one byte; by word */
    FIELD_TEXT,
    FIELD_BYTES, /* as a text: its length stands in front */
    FIELD_E8,    /* signed, eight places behind the point */
    FIELD_TIME   /* ns UTC */
};

struct record_field {
    const char *name; /* "price_ticks" */
    enum record_field_kind kind;
    uint8_t width;   /* bytes in the body; TEXT and BYTES: 2, the length's */
    uint16_t offset; /* in struct store_record */
    uint16_t size;   /* there */
    bool key;
    int count; /* ENUM: so many values are known */
    const char *(*word)(int value);
    const char *help; /* for flowdeck-journal(5) */
};

struct record_kind_row {
    const char *name; /* "order" */
    const char *help;
    bool state;
    const struct record_field *field; /* symbol and owner first */
    size_t fields;
    size_t required; /* so many were in format 1: a body that has fewer is damaged */
    size_t key_end;  /* fields up to the last one of the key; 0: no field is */
};

/* NULL: no such kind. */
const struct record_kind_row *record_kind_row(unsigned kind);
unsigned record_kind_find(const char *name); /* 0: none */

/* The body of a frame. Returns its size; 0: more than max. */
size_t record_encode(const struct store_record *record, unsigned char *out, size_t max);
/* kind, ts_ns and input_seq are the frame's and are set by the caller. ERR_BAD_DATA; why names the field. */
enum err record_decode(unsigned kind, const unsigned char *body, size_t size, struct store_record *out,
                       char *why, size_t why_size);
/* The same by a row of another time: tests read old bodies by a newer table, newer ones by an old table. */
enum err record_decode_row(const struct record_kind_row *row, unsigned kind, const unsigned char *body,
                           size_t size, struct store_record *out, char *why, size_t why_size);
/* Whose state it is: kind, then the key fields. Returns the size; 0: an event, or a body that ends before its key.
 * Reads the encoded body. */
size_t record_key(unsigned kind, const unsigned char *body, size_t size, unsigned char key[RECORD_KEY_MAX]);
/* A state whose key is free again: an order that has ended. */
bool record_ends_key(const struct store_record *record);

/* "order seq=12 side=BUY price_ticks=6000000 ...": safe text, one line, empty fields left out. Returns out. */
const char *record_text(const struct store_record *record, char *out, size_t out_size);
/* "12 2024-08-09T00:00:01.234567890Z order seq=12 ...", one line with its end. */
void record_line(const struct store_record *record, uint64_t seq, FILE *out);
/* One JSON object without line end: journal_seq, kind, time, input_seq, then each field by its name. Unsigned 64-bit
 * numbers (ids, counts) and e8 are strings, a time that is not set is null, bytes are hex. */
void record_json(const struct store_record *record, uint64_t seq, FILE *out);
/* The line of names above records of one kind; 0: of several, each with its record_text() in one column. */
void record_csv_head(unsigned kind, FILE *out);
/* One line. kind: as the head's. Text that a spreadsheet would take for a formula gets a ' in front. */
void record_csv(unsigned kind, const struct store_record *record, uint64_t seq, FILE *out);

#endif
