/*
 * denial_query.h - what the risk gate denied in the newest session, out of its audit lines, read-only. For `explain`.
 *
 * A line of the form "#12 BUY 0.02 LIMIT GTC @ 61842.00, by you: MAX_VALUE value=1236.84 limit=1000.00" is taken apart;
 * any other ("2500 more within a second") is asked alone.
 */
#ifndef STORE_DENIAL_QUERY_H
#define STORE_DENIAL_QUERY_H

#include "core/base/err.h"

#include <stddef.h>
#include <stdint.h>

struct denial_row { /* texts are safe; "": none */
    int64_t session, ts_ns;
    uint64_t number; /* within its session; 0: a sum of several */
    char symbol[24], owner[40];
    char asked[256]; /* what, and by whom */
    char code[24];   /* of the control */
    char numbers[160];
};

/* The newest max ones of the newest session, newest first. ERR_STORAGE: with one line in why. */
enum err denial_query(const char *path, struct denial_row *out, size_t max, size_t *count, char *why,
                      size_t why_size);

#endif
