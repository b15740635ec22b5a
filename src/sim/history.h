/*
 * history.h - the newest items of something, oldest first: grows up to a bound, then forgets the oldest.
 */
#ifndef SIM_HISTORY_H
#define SIM_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

struct history {
    char *at;
    size_t item_size, max; /* set before the first push */
    size_t room, first, count;
    bool stuck; /* memory was short: stays at this room */
};

/* Room for one more item behind the newest, zeroed; the oldest goes when it is full. NULL: no memory at all. */
void *history_push(struct history *history);
void *history_at(const struct history *history, size_t index); /* 0: oldest; index < count */
void *history_newest(const struct history *history);           /* NULL: empty */
void history_free(struct history *history);

#endif
