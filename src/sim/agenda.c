#include "sim/agenda.h"

#include <stdlib.h>

#define QUARTER_NS (INT64_C(1) << 28)

static int64_t quarter_of(int64_t at_ns)
{
    return at_ns >= 0 ? at_ns / QUARTER_NS : -1 - (-1 - at_ns) / QUARTER_NS;
}

static uint32_t *list_of(struct agenda *agenda, int64_t quarter)
{
    return &agenda->list[(uint64_t)quarter % AGENDA_QUARTERS];
}

/* --- what is due ----------------------------------------------------------------------------------------------- */

static bool earlier(const struct agenda_item *a, const struct agenda_item *b)
{
    return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->order < b->order;
}

static void heap_add(struct agenda *agenda, const struct agenda_item *item)
{
    size_t at;

    for (at = agenda->due++; at > 0 && earlier(item, &agenda->heap[(at - 1) / 2]); at = (at - 1) / 2)
        agenda->heap[at] = agenda->heap[(at - 1) / 2];
    agenda->heap[at] = *item;
}

static void heap_take(struct agenda *agenda, struct agenda_item *out)
{
    struct agenda_item last;
    size_t at = 0;

    *out = agenda->heap[0];
    last = agenda->heap[--agenda->due];
    for (size_t child; (child = 2 * at + 1) < agenda->due; at = child) {
        if (child + 1 < agenda->due && earlier(&agenda->heap[child + 1], &agenda->heap[child]))
            child++;
        if (!earlier(&agenda->heap[child], &last))
            break;
        agenda->heap[at] = agenda->heap[child];
    }
    agenda->heap[at] = last;
}

/* --- what is later --------------------------------------------------------------------------------------------- */

static void later_add(struct agenda *agenda, const struct agenda_item *item)
{
    uint32_t index = agenda->free, *list = list_of(agenda, quarter_of(item->at_ns));

    if (index != 0)
        agenda->free = agenda->later[index].next;
    else
        index = agenda->begun++;
    agenda->later[index] = (struct agenda_later){*item, *list};
    *list = index;
}

/* Those of the current quarter become due; those of its next rounds stay. */
static void come_due(struct agenda *agenda)
{
    uint32_t *at = list_of(agenda, agenda->quarter);

    while (*at != 0) {
        uint32_t index = *at;
        struct agenda_later *later = &agenda->later[index];

        if (quarter_of(later->item.at_ns) > agenda->quarter) {
            at = &later->next;
            continue;
        }
        heap_add(agenda, &later->item);
        *at = later->next;
        later->next = agenda->free;
        agenda->free = index;
    }
}

/* Nothing for a whole round: on to the first of all. */
static int64_t first_quarter(const struct agenda *agenda)
{
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < AGENDA_QUARTERS; i++)
        for (uint32_t at = agenda->list[i]; at != 0; at = agenda->later[at].next)
            if (quarter_of(agenda->later[at].item.at_ns) < first)
                first = quarter_of(agenda->later[at].item.at_ns);
    return first;
}

static void refill(struct agenda *agenda)
{
    for (int turn = 0; agenda->due == 0 && agenda->count > 0; turn++) {
        agenda->quarter = turn < AGENDA_QUARTERS ? agenda->quarter + 1 : first_quarter(agenda);
        come_due(agenda);
    }
}

/* --- all of it ------------------------------------------------------------------------------------------------- */

bool agenda_init(struct agenda *agenda, size_t room)
{
    *agenda = (struct agenda){.room = room,
                              .begun = 1,
                              .heap = malloc(room * sizeof(*agenda->heap)),
                              .later = malloc((room + 1) * sizeof(*agenda->later))};
    if (agenda->heap != NULL && agenda->later != NULL)
        return true;
    agenda_close(agenda);
    return false;
}

void agenda_close(struct agenda *agenda)
{
    free(agenda->heap);
    free(agenda->later);
    *agenda = (struct agenda){0};
}

bool agenda_push(struct agenda *agenda, int64_t at_ns, uint32_t kind, uint32_t symbol, uint64_t arg)
{
    struct agenda_item item = {at_ns, agenda->next_order, arg, kind, symbol};

    if (agenda->count == agenda->room)
        return false;
    agenda->next_order++;
    if (agenda->count++ == 0)
        agenda->quarter = quarter_of(at_ns);
    if (quarter_of(at_ns) <= agenda->quarter)
        heap_add(agenda, &item);
    else
        later_add(agenda, &item);
    return true;
}

bool agenda_pop(struct agenda *agenda, struct agenda_item *out)
{
    if (agenda->count == 0)
        return false;
    heap_take(agenda, out);
    agenda->count--;
    refill(agenda);
    return true;
}

int64_t agenda_next_ns(const struct agenda *agenda)
{
    return agenda->due == 0 ? INT64_MAX : agenda->heap[0].at_ns;
}
