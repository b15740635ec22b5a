/*
 * results_query.h - what trading has brought, out of the database: fills, samples of equity and sessions of one account,
 * oldest first, read-only. For screen 6; whoever asks does so on a thread of his own, since a long history takes a while.
 */
#ifndef STORE_RESULTS_QUERY_H
#define STORE_RESULTS_QUERY_H

#include "core/base/err.h"
#include "core/domain/instrument.h"
#include "core/domain/intent.h"
#include "store/db_read.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESULTS_UNKNOWN INT64_MIN

struct results_fill { /* money in e8 of the quote asset, price and quantity in e8 */
    int64_t ts_ns;
    char symbol[SYMBOL_SIZE];
    char owner[OWNER_NAME_SIZE]; /* "": stored before names were; then owner_id tells them apart */
    uint16_t owner_id;
    enum side side;
    bool maker;
    int64_t price_e8, qty_e8, value_e8;
    int64_t fee_e8;
    int64_t slippage_e8; /* above 0: worse than the mid at arrival; RESULTS_UNKNOWN */
};

struct results_sample {
    int64_t ts_ns, equity_e8;
};

struct results_session {
    int64_t start_ns, end_ns; /* end: the last that is known of it */
};

struct results_scope {
    const char *account; /* as the store was opened with */
    const char *quote;   /* fills of instruments in this asset */
    bool last_session;   /* of the newest one alone: a replay is a world by itself */
};

struct results_take { /* called for each row; NULL: those are not read */
    void (*fill)(void *arg, const struct results_fill *fill);
    void (*sample)(void *arg, const struct results_sample *sample);
    void (*session)(void *arg, const struct results_session *session);
    void *arg;
};

/*
 * One read of an open database, in a transaction of its own: what was written up to now is seen. It ends the one that
 * db_read_open() began. Samples are those after after_ns. ERR_STORAGE with one line in why; what was taken until then is of no use.
 */
enum err results_query(struct db_read *read, const struct results_scope *scope, int64_t after_ns,
                       const struct results_take *take, char *why, size_t why_size);

#endif
