/*
 * trail_keep.h - the newest rows of the trail, in a ring, and the pages and steps that are asked of it. Pure.
 */
#ifndef APP_TRAIL_KEEP_H
#define APP_TRAIL_KEEP_H

#include "app/trail_row.h"

#define TRAIL_ROWS_MAX  8192 /* kept; about 2 MB */
#define TRAIL_WORDS_MAX 8    /* of a filter */

struct trail_filter { /* words of view_trail_request.filter, taken apart */
    uint32_t kinds;
    uint64_t order_seq; /* of "#218"; 0: none */
    size_t words;
    char word[TRAIL_WORDS_MAX][TRAIL_FILTER_MAX];
};

struct trail_keep;

struct trail_keep *trail_keep_new(void); /* NULL: memory */
void trail_keep_free(struct trail_keep *keep);
void trail_keep_clear(struct trail_keep *keep);

void trail_filter_parse(const struct view_trail_request *request, struct trail_filter *out);
bool trail_filter_takes(const struct trail_filter *filter, const struct view_trail_row *row);

/* only: nothing is kept but what this filter takes, and the rows of its order; NULL: everything is. */
void trail_keep_add(struct trail_keep *keep, const struct store_record *record, uint64_t seq,
                    const struct trail_filter *only);
size_t trail_keep_count(const struct trail_keep *keep);
bool trail_keep_is_full(const struct trail_keep *keep); /* rows were given up for newer ones */
/* The page and the steps that the request wants: rows, above, below, order_seq, whole, steps. */
void trail_keep_page(const struct trail_keep *keep, const struct view_trail_request *request,
                     struct view_trail *out);

#endif
