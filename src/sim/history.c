#include "sim/history.h"

#include <stdlib.h>
#include <string.h>

#define HISTORY_ROOM_FIRST 16

/* It wraps only at its final room, so what is in it lies in order from 0 while it grows. */
static void grow(struct history *history)
{
    size_t room = history->room == 0 ? HISTORY_ROOM_FIRST : history->room * 2;
    char *at;

    if (room > history->max)
        room = history->max;
    at = realloc(history->at, room * history->item_size);
    if (at == NULL) {
        history->stuck = true;
        return;
    }
    history->at = at;
    history->room = room;
}

void *history_push(struct history *history)
{
    void *item;

    if (history->count == history->room && history->room < history->max && !history->stuck)
        grow(history);
    if (history->room == 0)
        return NULL;
    if (history->count == history->room)
        history->first = (history->first + 1) % history->room;
    else
        history->count++;
    item = history_at(history, history->count - 1);
    memset(item, 0, history->item_size);
    return item;
}

void *history_at(const struct history *history, size_t index)
{
    return history->at + (history->first + index) % history->room * history->item_size;
}

void *history_newest(const struct history *history)
{
    return history->count == 0 ? NULL : history_at(history, history->count - 1);
}

void history_free(struct history *history)
{
    free(history->at);
    history->at = NULL;
    history->room = history->first = history->count = 0;
}
