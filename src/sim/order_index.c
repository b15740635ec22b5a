#include "sim/order_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NONE    UINT32_MAX
#define SLOTS   (INDEX_ACCOUNTS_MAX * (OPEN_ORDERS_MAX + FINISHED_ORDERS_KEPT))
#define BUCKETS 65536u /* power of two */

struct account_orders {
    size_t open, finished;
    uint32_t oldest, newest;
    uint32_t finished_first, finished_last;
};

struct order_index {
    uint64_t numbers;
    uint32_t fresh; /* slots never used begin here */
    uint32_t free_first;
    struct account_orders of[INDEX_ACCOUNTS_MAX];
    uint32_t by_id[BUCKETS], by_client[BUCKETS];
    uint8_t owner[SLOTS]; /* account slot */
    struct user_order order[SLOTS];
};

static uint32_t hash_id(uint32_t symbol, uint64_t id)
{
    uint64_t mixed = (id + symbol * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xbf58476d1ce4e5b9);

    return (uint32_t)(mixed >> 40) & (BUCKETS - 1);
}

static uint32_t hash_client(uint32_t account, uint32_t symbol, const char *client_id)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ account ^ ((uint64_t)symbol << 32);

    for (; *client_id != '\0'; client_id++)
        hash = (hash ^ (unsigned char)*client_id) * UINT64_C(1099511628211);
    return (uint32_t)(hash >> 32) & (BUCKETS - 1);
}

struct order_index *order_index_new(void)
{
    struct order_index *index = calloc(1, sizeof(*index));

    if (index == NULL)
        return NULL;
    index->free_first = NONE;
    memset(index->by_id, 0xff, sizeof(index->by_id));
    memset(index->by_client, 0xff, sizeof(index->by_client));
    for (size_t i = 0; i < INDEX_ACCOUNTS_MAX; i++)
        index->of[i] = (struct account_orders){
            .oldest = NONE, .newest = NONE, .finished_first = NONE, .finished_last = NONE};
    return index;
}

void order_index_free(struct order_index *index)
{
    free(index);
}

static void unlink_id(struct order_index *index, struct user_order *order)
{
    uint32_t *at = &index->by_id[hash_id(order->symbol, order->id)];

    while (*at != NONE && *at != order->slot)
        at = &index->order[*at].next_by_id;
    if (*at != NONE)
        *at = order->next_by_id;
}

static void unlink_client(struct order_index *index, struct user_order *order)
{
    uint32_t *at = &index->by_client[hash_client(order->account, order->symbol, order->client_id)];

    while (*at != NONE && *at != order->slot)
        at = &index->order[*at].next_by_client;
    if (*at != NONE)
        *at = order->next_by_client;
}

static void link_client(struct order_index *index, struct user_order *order)
{
    uint32_t *at = &index->by_client[hash_client(order->account, order->symbol, order->client_id)];

    order->next_by_client = *at;
    *at = order->slot;
}

/* Out of the account's list and back to the free ones. */
static void give_back(struct order_index *index, struct user_order *order)
{
    struct account_orders *of = &index->of[index->owner[order->slot]];

    if (order->older != NONE)
        index->order[order->older].newer = order->newer;
    else
        of->oldest = order->newer;
    if (order->newer != NONE)
        index->order[order->newer].older = order->older;
    else
        of->newest = order->older;
    order->next_finished = index->free_first;
    index->free_first = order->slot;
}

static void forget_oldest_finished(struct order_index *index, struct account_orders *of)
{
    struct user_order *order = &index->order[of->finished_first];

    of->finished_first = order->next_finished;
    if (of->finished_first == NONE)
        of->finished_last = NONE;
    of->finished--;
    unlink_id(index, order);
    unlink_client(index, order);
    give_back(index, order);
}

struct user_order *order_index_take(struct order_index *index, uint32_t account_slot)
{
    struct account_orders *of = &index->of[account_slot];
    struct user_order *order;
    uint32_t slot;

    if (of->open == OPEN_ORDERS_MAX)
        return NULL;
    if (of->finished == FINISHED_ORDERS_KEPT)
        forget_oldest_finished(index, of);
    if (index->free_first != NONE) {
        slot = index->free_first;
        index->free_first = index->order[slot].next_finished;
    } else {
        slot = index->fresh++;
    }
    order = &index->order[slot];
    *order = (struct user_order){.slot = slot,
                                 .number = ++index->numbers,
                                 .open = true,
                                 .strategy_id = -1,
                                 .strategy_type = -1,
                                 .next_by_id = NONE,
                                 .next_by_client = NONE,
                                 .older = of->newest,
                                 .newer = NONE,
                                 .next_finished = NONE};
    index->owner[slot] = (uint8_t)account_slot;
    if (of->newest != NONE)
        index->order[of->newest].newer = slot;
    else
        of->oldest = slot;
    of->newest = slot;
    of->open++;
    return order;
}

void order_index_drop(struct order_index *index, struct user_order *order)
{
    index->of[index->owner[order->slot]].open--;
    order->open = false;
    give_back(index, order);
}

void order_index_accepted(struct order_index *index, struct user_order *order)
{
    uint32_t *at = &index->by_id[hash_id(order->symbol, order->id)];

    order->next_by_id = *at;
    *at = order->slot;
    link_client(index, order);
}

void order_index_finished(struct order_index *index, struct user_order *order)
{
    struct account_orders *of = &index->of[index->owner[order->slot]];

    if (!order->open)
        return;
    order->open = false;
    of->open--;
    of->finished++;
    order->next_finished = NONE;
    if (of->finished_last != NONE)
        index->order[of->finished_last].next_finished = order->slot;
    else
        of->finished_first = order->slot;
    of->finished_last = order->slot;
}

void order_index_rename(struct order_index *index, struct user_order *order, const char *client_id)
{
    unlink_client(index, order);
    snprintf(order->client_id, sizeof(order->client_id), "%s", client_id);
    link_client(index, order);
}

struct user_order *order_index_slot(struct order_index *index, uint64_t slot)
{
    return slot < index->fresh ? &index->order[slot] : NULL;
}

struct user_order *order_index_by_id(struct order_index *index, uint32_t account, uint32_t symbol,
                                     uint64_t id)
{
    for (uint32_t at = index->by_id[hash_id(symbol, id)]; at != NONE; at = index->order[at].next_by_id) {
        struct user_order *order = &index->order[at];

        if (order->id == id && order->symbol == symbol && order->account == account)
            return order;
    }
    return NULL;
}

struct user_order *order_index_by_client(struct order_index *index, uint32_t account, uint32_t symbol,
                                         const char *client_id)
{
    struct user_order *best = NULL;

    for (uint32_t at = index->by_client[hash_client(account, symbol, client_id)]; at != NONE;
         at = index->order[at].next_by_client) {
        struct user_order *order = &index->order[at];

        if (order->account != account || order->symbol != symbol || strcmp(order->client_id, client_id) != 0)
            continue;
        if (best == NULL || order->open > best->open ||
            (order->open == best->open && order->number > best->number))
            best = order;
    }
    return best;
}

struct user_order *order_index_oldest(struct order_index *index, uint32_t account_slot)
{
    uint32_t at = index->of[account_slot].oldest;

    return at == NONE ? NULL : &index->order[at];
}

struct user_order *order_index_newer(struct order_index *index, const struct user_order *order)
{
    return order->newer == NONE ? NULL : &index->order[order->newer];
}
