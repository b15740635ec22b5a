#include "sim/agenda.h"

#include <stdlib.h>

static bool earlier(const struct agenda_item *a, const struct agenda_item *b)
{
    return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->order < b->order;
}

bool agenda_init(struct agenda *agenda, size_t room)
{
    *agenda = (struct agenda){.room = room, .heap = malloc(room * sizeof(*agenda->heap))};
    return agenda->heap != NULL;
}

void agenda_close(struct agenda *agenda)
{
    free(agenda->heap);
    *agenda = (struct agenda){0};
}

bool agenda_push(struct agenda *agenda, int64_t at_ns, uint32_t kind, uint32_t symbol, uint64_t arg)
{
    struct agenda_item item = {at_ns, agenda->next_order++, arg, kind, symbol};
    size_t at;

    if (agenda->count == agenda->room)
        return false;
    for (at = agenda->count++; at > 0 && earlier(&item, &agenda->heap[(at - 1) / 2]); at = (at - 1) / 2)
        agenda->heap[at] = agenda->heap[(at - 1) / 2];
    agenda->heap[at] = item;
    return true;
}

bool agenda_pop(struct agenda *agenda, struct agenda_item *out)
{
    struct agenda_item last;
    size_t at = 0;

    if (agenda->count == 0)
        return false;
    *out = agenda->heap[0];
    last = agenda->heap[--agenda->count];
    for (size_t child; (child = 2 * at + 1) < agenda->count; at = child) {
        if (child + 1 < agenda->count && earlier(&agenda->heap[child + 1], &agenda->heap[child]))
            child++;
        if (!earlier(&agenda->heap[child], &last))
            break;
        agenda->heap[at] = agenda->heap[child];
    }
    agenda->heap[at] = last;
    return true;
}

int64_t agenda_next_ns(const struct agenda *agenda)
{
    return agenda->count == 0 ? INT64_MAX : agenda->heap[0].at_ns;
}
