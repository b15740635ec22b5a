/*
 * agenda.h - what is to happen when: a heap of events by venue time, first planned first.
 */
#ifndef MARKET_AGENDA_H
#define MARKET_AGENDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AGENDA_MAX 262144

enum agenda_kind {
    AGENDA_FAIR,    /* the world's opinion moves; its followers react */
    AGENDA_TAKER,   /* a candidate of the self-exciting flow of takers */
    AGENDA_PASSIVE, /* someone rests an order */
    AGENDA_CANCEL,  /* someone takes order `arg` away */
    AGENDA_CLOSE,   /* the fastest maker sees an open spread */
    AGENDA_MAKER,   /* touch maker `arg` looks at the book */
    AGENDA_PARENT,  /* the next slice of a large order worked over time */
    AGENDA_SWEEP,   /* somebody must get out at any price */
    AGENDA_WALL,    /* holders of large orders at round prices look */
    AGENDA_DEPTH,   /* the venue publishes what changed in 100 ms */
    AGENDA_SNAPSHOT
};

struct agenda_item {
    int64_t at_ns;
    uint64_t order;
    uint64_t arg;
    enum agenda_kind kind;
    int market; /* index */
};

struct agenda {
    size_t count;
    uint64_t next_order;
    struct agenda_item heap[AGENDA_MAX];
};

static inline bool agenda_earlier(const struct agenda_item *a, const struct agenda_item *b)
{
    return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->order < b->order;
}

/* A full agenda loses the item: an order then rests until it is eaten. */
static inline void agenda_push(struct agenda *agenda, int64_t at_ns, enum agenda_kind kind, int market,
                               uint64_t arg)
{
    struct agenda_item item = {at_ns, agenda->next_order++, arg, kind, market};
    size_t at;

    if (agenda->count == AGENDA_MAX)
        return;
    for (at = agenda->count++; at > 0 && agenda_earlier(&item, &agenda->heap[(at - 1) / 2]);
         at = (at - 1) / 2)
        agenda->heap[at] = agenda->heap[(at - 1) / 2];
    agenda->heap[at] = item;
}

static inline bool agenda_pop(struct agenda *agenda, struct agenda_item *out)
{
    struct agenda_item last;
    size_t at = 0;

    if (agenda->count == 0)
        return false;
    *out = agenda->heap[0];
    last = agenda->heap[--agenda->count];
    for (size_t child; (child = 2 * at + 1) < agenda->count; at = child) {
        if (child + 1 < agenda->count && agenda_earlier(&agenda->heap[child + 1], &agenda->heap[child]))
            child++;
        if (!agenda_earlier(&agenda->heap[child], &last))
            break;
        agenda->heap[at] = agenda->heap[child];
    }
    agenda->heap[at] = last;
    return true;
}

#endif
