/* journal_filter.h - which records `flowdeck journal` shows. Frames are offered in the order of the journal. */
#ifndef APP_JOURNAL_FILTER_H
#define APP_JOURNAL_FILTER_H

#include "store/record.h"

#include <stdbool.h>
#include <stdint.h>

struct journal_filter {
    uint32_t kinds;             /* bits of enum store_record_kind; 0: all */
    uint64_t order_seq;         /* 0: all */
    const char *owner, *symbol; /* NULL: all */
    int64_t since_ns, until_ns; /* 0: all */
    /* its own: the newest command that asks for an order, until it is known whether it asked for this one */
    bool waits, came;
    uint64_t waiting_seq;
    struct store_record waiting;
};

/*
 * Is this record shown? *first: the command that led to it is to be shown before, filter->waiting of filter->waiting_seq:
 * a command knows no number of the order that it asks for, which begins in the same step. more: the step goes on.
 */
bool journal_filter_takes(struct journal_filter *filter, const struct store_record *record, uint64_t seq,
                          bool more, bool *first);

#endif
