/*
 * agenda.h - what is to happen when: items by market time; of two at the same time the first planned comes first. All
 * room is taken in agenda_init().
 *
 * Most of what is planned is a cancel seconds or minutes away. Only what is due in the current quarter of a second, or
 * before it, stands in a heap, which so fits into the nearest cache; the rest waits unsorted in the list of its quarter.
 */
#ifndef SIM_AGENDA_H
#define SIM_AGENDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AGENDA_QUARTERS 1024 /* lists: whatever is later comes round again */

struct agenda_item {
    int64_t at_ns;
    uint64_t order; /* of planning */
    uint64_t arg;
    uint32_t kind;
    uint32_t symbol; /* index */
};

struct agenda_later {
    struct agenda_item item;
    uint32_t next; /* in its list, or of the free ones; 0: none */
};

struct agenda {
    size_t count, room; /* heap and lists together */
    uint64_t next_order;
    int64_t quarter; /* what is due in it or before stands in the heap; that is empty only when all is */
    size_t due;
    struct agenda_item *heap;
    struct agenda_later *later; /* [0] is none */
    uint32_t free, begun;       /* beyond begun memory was never touched */
    uint32_t list[AGENDA_QUARTERS];
};

bool agenda_init(struct agenda *agenda, size_t room); /* false: memory */
void agenda_close(struct agenda *agenda);
/* False: full. */
bool agenda_push(struct agenda *agenda, int64_t at_ns, uint32_t kind, uint32_t symbol, uint64_t arg);
bool agenda_pop(struct agenda *agenda, struct agenda_item *out); /* false: empty */
int64_t agenda_next_ns(const struct agenda *agenda);             /* INT64_MAX: empty */

#endif
