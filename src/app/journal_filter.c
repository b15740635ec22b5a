#include "app/journal_filter.h"

#include <string.h>

static bool is_by(const struct store_record *record, const char *owner)
{
    if (record->kind == STORE_AUDIT && strcmp(record->audit.owner, owner) == 0)
        return true;
    return strcmp(record->owner, owner) == 0;
}

static bool is_of(const struct store_record *record, const char *symbol)
{
    return strcmp(record->kind == STORE_INSTRUMENT ? record->instrument.symbol : record->symbol, symbol) == 0;
}

static bool passes(const struct journal_filter *filter, const struct store_record *record)
{
    return (filter->kinds == 0 || (filter->kinds & (UINT32_C(1) << (unsigned)record->kind)) != 0) &&
           (filter->owner == NULL || is_by(record, filter->owner)) &&
           (filter->symbol == NULL || is_of(record, filter->symbol)) &&
           (filter->since_ns == 0 || record->ts_ns >= filter->since_ns) &&
           (filter->until_ns == 0 || record->ts_ns <= filter->until_ns);
}

/* What names an order by its number. 0: nothing of one order. */
static uint64_t order_of(const struct store_record *record)
{
    if (record->kind == STORE_ORDER)
        return record->order.order.seq;
    if (record->kind == STORE_FILL)
        return record->fill.fill.order_seq;
    if (record->kind == STORE_STORY)
        return record->story.order_seq;
    if (record->kind == STORE_COMMAND)
        return record->command.order_seq;
    return record->kind == STORE_ANSWER ? record->answer.event.order_seq : 0;
}

/* What belongs to the order that is asked for. */
static bool follow(struct journal_filter *filter, const struct store_record *record, uint64_t seq,
                   bool *first)
{
    if (record->kind == STORE_COMMAND && record->command.order_seq == 0 && !filter->came) {
        filter->waiting = *record;
        filter->waiting_seq = seq;
        filter->waits = true;
    }
    if (order_of(record) != filter->order_seq)
        return false;
    if (record->kind == STORE_ORDER) {
        *first = filter->waits && passes(filter, &filter->waiting);
        filter->came = true;
        filter->waits = false;
    }
    return passes(filter, record);
}

bool journal_filter_takes(struct journal_filter *filter, const struct store_record *record, uint64_t seq,
                          bool more, bool *first)
{
    bool taken;

    *first = false;
    if (filter->order_seq == 0)
        return passes(filter, record);
    taken = follow(filter, record, seq, first);
    filter->waits &= more;
    return taken;
}
