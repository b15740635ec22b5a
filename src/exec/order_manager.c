#include "exec/order_manager.h"

#include "core/base/pool.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ANY UINT16_MAX

struct order_manager {
    uint64_t last_seq;
    struct pool pool;
    struct order slot[ORDERS_OPEN_MAX];
    uint16_t open[ORDERS_OPEN_MAX]; /* slots in use, by rising seq */
    size_t open_count;
    struct order finished[ORDERS_FINISHED_MAX]; /* ring */
    size_t finished_count;
    size_t finished_next; /* where the next one goes */
};

struct order_manager *order_manager_new(void)
{
    struct order_manager *manager = calloc(1, sizeof *manager);

    if (manager != NULL)
        pool_init(&manager->pool, ORDERS_OPEN_MAX);
    return manager;
}

void order_manager_free(struct order_manager *manager)
{
    free(manager);
}

/* Index in open[] of the first order whose seq is not below `seq`. */
static size_t open_lower_bound(const struct order_manager *manager, uint64_t seq)
{
    size_t low = 0, high = manager->open_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (manager->slot[manager->open[middle]].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct order *order_manager_add(struct order_manager *manager, const struct order_intent *intent,
                                int64_t now_ns, int64_t arrival_mid2_ticks)
{
    size_t slot;
    struct order *order;

    assert(manager != NULL && intent != NULL);
    assert(intent->qty_lots > 0); /* the gate sees to it */
    slot = pool_take(&manager->pool);
    if (slot == POOL_NONE)
        return NULL;
    order = &manager->slot[slot];
    *order = (struct order){.seq = ++manager->last_seq,
                            .intent = *intent,
                            .state = ORDER_STATE_SENT,
                            .sent_ns = now_ns,
                            .updated_ns = now_ns,
                            .arrival_mid2_ticks = arrival_mid2_ticks,
                            .queue_expected_lots = -1,
                            .queue_worst_lots = -1};
    manager->open[manager->open_count++] = (uint16_t)slot; /* the newest seq is the largest */
    return order;
}

struct order *order_manager_find(struct order_manager *manager, uint64_t seq)
{
    size_t at = open_lower_bound(manager, seq);

    if (at == manager->open_count || manager->slot[manager->open[at]].seq != seq)
        return NULL;
    return &manager->slot[manager->open[at]];
}

/* A finished order that is still kept: a venue's late fill or repeated answer finds it here. */
static struct order *find_finished(struct order_manager *manager, uint64_t seq)
{
    for (size_t i = 0; i < manager->finished_count; i++)
        if (manager->finished[i].seq == seq)
            return &manager->finished[i];
    return NULL;
}

static void finish(struct order_manager *manager, const struct order *order)
{
    size_t at = open_lower_bound(manager, order->seq);
    uint16_t slot = manager->open[at];

    manager->finished[manager->finished_next] = *order;
    manager->finished_next = (manager->finished_next + 1) % ORDERS_FINISHED_MAX;
    if (manager->finished_count < ORDERS_FINISHED_MAX)
        manager->finished_count++;
    manager->open_count--;
    memmove(&manager->open[at], &manager->open[at + 1], (manager->open_count - at) * sizeof manager->open[0]);
    manager->slot[slot].seq = 0;
    pool_give(&manager->pool, slot);
}

enum err order_manager_apply(struct order_manager *manager, const struct order_event *ev, struct order *out)
{
    struct order *order;
    bool open;
    enum err err;

    assert(manager != NULL && ev != NULL);
    if (ev->order_seq == 0)
        return ERR_NOT_FOUND;
    order = order_manager_find(manager, ev->order_seq);
    open = order != NULL;
    if (!open)
        order = find_finished(manager, ev->order_seq);
    if (order == NULL)
        return ERR_NOT_FOUND;
    err = order_apply(order, ev);
    if (out != NULL)
        *out = *order;
    if (open && !order_is_open(order))
        finish(manager, order);
    return err;
}

size_t order_manager_open(const struct order_manager *manager, uint16_t instrument_id, uint16_t owner,
                          struct order **out, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < manager->open_count && count < max; i++) {
        const struct order *order = &manager->slot[manager->open[i]];

        if ((instrument_id != ANY && order->intent.instrument_id != instrument_id) ||
            (owner != ANY && order->intent.owner != owner))
            continue;
        out[count++] = (struct order *)(uintptr_t)order; /* the caller may change what it borrows */
    }
    return count;
}

size_t order_manager_open_count(const struct order_manager *manager)
{
    return manager->open_count;
}

size_t order_manager_finished(const struct order_manager *manager, struct order *out, size_t max)
{
    size_t count = manager->finished_count < max ? manager->finished_count : max;

    for (size_t i = 0; i < count; i++)
        out[i] =
            manager->finished[(manager->finished_next + ORDERS_FINISHED_MAX - 1 - i) % ORDERS_FINISHED_MAX];
    return count;
}

/* The steps only ever get finer by factors that the feed proved; what would not fit is at the far end. */
static void scale(int64_t *value, int64_t factor)
{
    if (__builtin_mul_overflow(*value, factor, value))
        *value = INT64_MAX;
}

static void order_rescale(struct order *order, struct step_change change)
{
    scale(&order->intent.price_ticks, change.price_factor);
    scale(&order->intent.stop_ticks, change.price_factor);
    scale(&order->arrival_mid2_ticks, change.price_factor);
    scale(&order->intent.qty_lots, change.qty_factor);
    scale(&order->filled_lots, change.qty_factor);
    if (order->queue_expected_lots > 0)
        scale(&order->queue_expected_lots, change.qty_factor);
    if (order->queue_worst_lots > 0)
        scale(&order->queue_worst_lots, change.qty_factor);
}

void order_manager_rescale(struct order_manager *manager, uint16_t instrument_id, struct step_change change)
{
    for (size_t i = 0; i < manager->open_count; i++)
        if (manager->slot[manager->open[i]].intent.instrument_id == instrument_id)
            order_rescale(&manager->slot[manager->open[i]], change);
    for (size_t i = 0; i < manager->finished_count; i++)
        if (manager->finished[i].intent.instrument_id == instrument_id)
            order_rescale(&manager->finished[i], change);
}
