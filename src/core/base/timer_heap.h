/*
 * timer_heap.h - engine timers, ordered by event time, then by order of arming. Pure.
 *
 * Fixed room; no allocation. A timer due at or before an event fires before that event.
 */
#ifndef CORE_BASE_TIMER_HEAP_H
#define CORE_BASE_TIMER_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIMER_HEAP_MAX 1024

struct timer_entry {
    int64_t due_ns;
    uint64_t order; /* breaks ties: armed first fires first */
    uint32_t kind;  /* the owner's word for what to do */
    uint32_t arg;
};

struct timer_heap {
    size_t count;
    uint64_t next_order;
    struct timer_entry entry[TIMER_HEAP_MAX];
};

void timer_heap_init(struct timer_heap *heap);
bool timer_heap_arm(struct timer_heap *heap, int64_t due_ns, uint32_t kind, uint32_t arg); /* false: full */
/* Takes the first timer due at or before now_ns into *out; false when there is none. */
bool timer_heap_pop_due(struct timer_heap *heap, int64_t now_ns, struct timer_entry *out);
/* Removes every timer of this kind and arg; returns how many. */
size_t timer_heap_cancel(struct timer_heap *heap, uint32_t kind, uint32_t arg);

#endif
