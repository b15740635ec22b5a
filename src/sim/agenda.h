/*
 * agenda.h - what is to happen when: a heap of items by market time; of two at the same time the first planned
 * comes first. All room is taken in agenda_init().
 */
#ifndef SIM_AGENDA_H
#define SIM_AGENDA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct agenda_item {
    int64_t at_ns;
    uint64_t order; /* of planning */
    uint64_t arg;
    uint32_t kind;
    uint32_t symbol; /* index */
};

struct agenda {
    size_t count, room;
    uint64_t next_order;
    struct agenda_item *heap;
};

bool agenda_init(struct agenda *agenda, size_t room); /* false: memory */
void agenda_close(struct agenda *agenda);
/* False: full. */
bool agenda_push(struct agenda *agenda, int64_t at_ns, uint32_t kind, uint32_t symbol, uint64_t arg);
bool agenda_pop(struct agenda *agenda, struct agenda_item *out); /* false: empty */
int64_t agenda_next_ns(const struct agenda *agenda);             /* INT64_MAX: empty */

#endif
