/*
 * trail_row.h - records of the journal as rows for people: who did what, in words. Pure.
 *
 * Prices of a command are in ticks of an instrument that an earlier record told: those are remembered here.
 */
#ifndef APP_TRAIL_ROW_H
#define APP_TRAIL_ROW_H

#include "store/record.h"
#include "view/trail.h"

#define TRAIL_ROWS_OF_RECORD 3 /* at most */

struct trail_words { /* what was heard before; zeroed: nothing */
    size_t scales;
    struct {
        char symbol[SYMBOL_SIZE];
        struct store_scale scale;
        int64_t signals_ns; /* of the newest sample; 0: none */
        char signals[VIEW_TEXT_MAX];
    } known[INSTRUMENTS_MAX];
};

/* Rows of this record, 0: it is none for people (samples, sums, what an audit line says again). A step that a command
 * began is told of the order that came of it: *cause is the order, 0 none. */
size_t trail_rows_of(struct trail_words *words, const struct store_record *record, uint64_t seq,
                     struct view_trail_row out[TRAIL_ROWS_OF_RECORD], uint64_t *cause);
const char *trail_kind_word(uint8_t kind); /* "order"; for filters and CSV */

#endif
