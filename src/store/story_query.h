/*
 * story_query.h - one order, its fills and its story out of the database, read-only. For `explain`.
 */
#ifndef STORE_STORY_QUERY_H
#define STORE_STORY_QUERY_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORY_QUERY_LINES_MAX 40 /* as many as are written */
#define STORY_QUERY_FILLS_MAX 64
#define STORY_QUERY_TEXT      1024

struct story_query_fill {
    int64_t ts_ns, price_e8, qty_e8, fee_e8;
    uint64_t trade_id;
    bool maker;
};

struct story_query {
    int64_t session;
    uint64_t seq;
    char symbol[24], quote[16], side[8], type[16], tif[8], state[16], error[40];
    int64_t price_e8, stop_e8, qty_e8, filled_e8, sent_ns, updated_ns;
    uint64_t fills_ever;
    size_t fills, lines;
    struct story_query_fill fill[STORY_QUERY_FILLS_MAX];
    char line[STORY_QUERY_LINES_MAX][STORY_QUERY_TEXT]; /* safe text */
};

/*
 * The order `seq` of that session; session 0: the newest that has it. *out is large: the caller's heap.
 *   ERR_NOT_FOUND, and what db_read_open() says, with one line in why
 */
enum err story_query(const char *path, int64_t session, uint64_t seq, struct story_query *out, char *why,
                     size_t why_size);

#endif
