/*
 * past_query.h - what earlier sessions of an account did not long ago: their newest fills and ended orders, read-only. For
 * the lists of a run that has just begun.
 */
#ifndef STORE_PAST_QUERY_H
#define STORE_PAST_QUERY_H

#include "core/base/err.h"
#include "core/domain/order.h"
#include "store/db_read.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAST_FILLS_MAX  64
#define PAST_ORDERS_MAX 48
#define PAST_UNKNOWN    INT64_MIN

/* As it was, but for what is of one run: instrument and owner are names, prices and quantities are in e8. */
struct past_fill {
    struct fill fill; /* ids, side, maker, time, money; ticks and lots are 0 */
    char symbol[SYMBOL_SIZE], owner[OWNER_NAME_SIZE]; /* owner "": stored before names were */
    int64_t price_e8, qty_e8, slippage_e8;            /* slippage: PAST_UNKNOWN */
};

struct past_order {
    struct order order; /* likewise */
    char symbol[SYMBOL_SIZE], owner[OWNER_NAME_SIZE];
    int64_t price_e8, stop_e8, qty_e8, filled_e8;
};

struct past {                         /* newest first */
    uint64_t fills_ever, closed_ever; /* since then: how many in all; closed: that realised something */
    size_t fills, orders;
    struct past_fill fill[PAST_FILLS_MAX];
    struct past_order order[PAST_ORDERS_MAX];
};

/* Are the rows of all sessions before this one there? They are, once its own is. ERR_STORAGE with one line in why. */
enum err past_is_whole(struct db_read *read, const char *account, uint64_t epoch, bool *whole, char *why,
                       size_t why_size);
/* Of the sessions before epoch, from since_ns on. ERR_STORAGE with one line in why. */
enum err past_query(struct db_read *read, const char *account, uint64_t epoch, int64_t since_ns,
                    struct past *out, char *why, size_t why_size);

#endif
