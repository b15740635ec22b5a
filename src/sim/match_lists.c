#include "sim/match_lists.h"

#include <stdlib.h>
#include <string.h>

#define ORDERS_PER_BUCKET 4 /* of a pool full of list orders: few orders are */
#define BITS_MIN          4

bool match_lists_init(struct match_lists *lists, size_t orders_max)
{
    unsigned bits = BITS_MIN;

    memset(lists, 0, sizeof(*lists));
    while ((UINT64_C(1) << bits) * ORDERS_PER_BUCKET < orders_max)
        bits++;
    lists->shift = 64 - bits;
    lists->bucket = calloc((size_t)1 << bits, sizeof(lists->bucket[0]));
    return lists->bucket != NULL;
}

void match_lists_drop(struct match_lists *lists)
{
    free(lists->bucket);
    lists->bucket = NULL;
}

static uint32_t *bucket_of(const struct match_lists *lists, uint64_t list_id)
{
    return &lists->bucket[list_id * UINT64_C(0x9e3779b97f4a7c15) >> lists->shift];
}

void match_lists_add(struct match_lists *lists, struct match_orders *orders, uint32_t index)
{
    struct match_slot *slot = &orders->slot[index];
    uint32_t *bucket = bucket_of(lists, slot->order.request.list_id);

    slot->list_next = *bucket;
    slot->listed = 1;
    *bucket = index;
}

void match_lists_remove(struct match_lists *lists, struct match_orders *orders, uint32_t index)
{
    struct match_slot *slot = &orders->slot[index];
    uint32_t *at = bucket_of(lists, slot->order.request.list_id);

    while (*at != index)
        at = &orders->slot[*at].list_next;
    *at = slot->list_next;
    slot->listed = 0;
}

uint32_t match_lists_next(const struct match_lists *lists, const struct match_orders *orders,
                          uint64_t list_id, uint64_t after_id)
{
    uint32_t found = 0;

    for (uint32_t at = *bucket_of(lists, list_id); at != 0; at = orders->slot[at].list_next) {
        const struct match_order *order = &orders->slot[at].order;

        if (order->request.list_id == list_id && order->id > after_id &&
            (found == 0 || order->id < orders->slot[found].order.id))
            found = at;
    }
    return found;
}
