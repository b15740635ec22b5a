#include "exec/order_manager.h"

#include "core/base/pool.h"
#include "exec/trade_ids.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct order_manager {
    uint64_t last_seq;
    struct pool pool;
    struct order slot[ORDERS_OPEN_MAX];
    uint16_t open[ORDERS_OPEN_MAX]; /* slots in use, by rising seq */
    size_t open_count;
    struct order finished[ORDERS_FINISHED_MAX]; /* ring */
    size_t finished_count;
    size_t finished_next; /* where the next one goes */
    struct order_sums sums;
    struct trade_ids trades;
    int64_t expiry_ns; /* no order is due before; INT64_MAX: none */
    struct order_manager_counts counts;
};

struct order_manager *order_manager_new(void)
{
    struct order_manager *manager = calloc(1, sizeof *manager);

    if (manager == NULL)
        return NULL;
    pool_init(&manager->pool, ORDERS_OPEN_MAX);
    order_sums_init(&manager->sums);
    trade_ids_init(&manager->trades);
    manager->expiry_ns = INT64_MAX;
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

static uint16_t slot_of(const struct order_manager *manager, const struct order *order)
{
    return (uint16_t)(order - manager->slot);
}

void order_manager_touched(struct order_manager *manager, const struct order *order)
{
    order_sums_put(&manager->sums, slot_of(manager, order), order);
}

/* When we are to cancel it ourselves; INT64_MAX: not, or it is being cancelled or asked for. */
static int64_t expiry_of(const struct order *order)
{
    if (order->intent.tif != TIF_GTD || order->state == ORDER_STATE_PENDING_CANCEL ||
        order->state == ORDER_STATE_UNKNOWN)
        return INT64_MAX;
    if (order->asked_ns >= order->intent.expire_ns && order->asked_ns > order->sent_ns)
        return order->asked_ns + ORDER_EXPIRE_AGAIN_NS; /* a cancel was refused */
    return order->intent.expire_ns;
}

static void watch_expiry(struct order_manager *manager, const struct order *order)
{
    int64_t expiry_ns = expiry_of(order);

    if (expiry_ns < manager->expiry_ns)
        manager->expiry_ns = expiry_ns;
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
                            .asked_ns = now_ns,
                            .updated_ns = now_ns,
                            .arrival_mid2_ticks = arrival_mid2_ticks,
                            .queue_expected_lots = -1,
                            .queue_worst_lots = -1};
    manager->open[manager->open_count++] = (uint16_t)slot; /* the newest seq is the largest */
    order_manager_touched(manager, order);
    watch_expiry(manager, order);
    return order;
}

void order_manager_start_after(struct order_manager *manager, uint64_t seq)
{
    if (seq > manager->last_seq)
        manager->last_seq = seq;
}

enum err order_manager_adopt(struct order_manager *manager, const struct order *left)
{
    size_t at = open_lower_bound(manager, left->seq), slot;
    struct order *order;

    if (order_manager_find(manager, left->seq) != NULL)
        return ERR_DUPLICATE;
    slot = pool_take(&manager->pool);
    if (slot == POOL_NONE)
        return ERR_FULL;
    order = &manager->slot[slot];
    *order = *left;
    order->state = ORDER_STATE_UNKNOWN;
    order->queried_ns = 0;
    memmove(&manager->open[at + 1], &manager->open[at], (manager->open_count - at) * sizeof manager->open[0]);
    manager->open[at] = (uint16_t)slot;
    manager->open_count++;
    order_manager_start_after(manager, left->seq);
    order_manager_touched(manager, order);
    watch_expiry(manager, order);
    return ERR_OK;
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
    order_sums_drop(&manager->sums, slot);
    manager->slot[slot].seq = 0;
    pool_give(&manager->pool, slot);
}

/* The order of this seq, open or finished; NULL: none that we know. */
static struct order *find_any(struct order_manager *manager, uint64_t seq)
{
    struct order *order = order_manager_find(manager, seq);

    return order != NULL || seq == 0 ? order : find_finished(manager, seq);
}

static enum err apply(struct order_manager *manager, const struct order_event *ev, struct order *order)
{
    bool open = order != NULL && order_is_open(order);
    enum err err;

    if (ev->kind == ORDER_EVENT_FILL && trade_ids_known(&manager->trades, ev)) {
        manager->counts.duplicate_fills++;
        return ERR_DUPLICATE;
    }
    err = order == NULL ? ERR_NOT_FOUND : order_apply(order, ev);
    if (ev->kind == ORDER_EVENT_FILL)
        trade_ids_remember(&manager->trades, ev);
    if (err != ERR_OK)
        return err;
    manager->counts.late_fills += ev->kind == ORDER_EVENT_FILL && !open;
    if (open && order_is_open(order)) {
        order_manager_touched(manager, order);
        watch_expiry(manager, order);
    }
    return ERR_OK;
}

enum err order_manager_apply(struct order_manager *manager, const struct order_event *ev, struct order *out)
{
    struct order *order;
    bool open;
    enum err err;

    assert(manager != NULL && ev != NULL);
    order = find_any(manager, ev->order_seq);
    open = order != NULL && order_is_open(order);
    err = apply(manager, ev, order);
    if (out != NULL)
        *out = order != NULL ? *order : (struct order){.seq = 0};
    if (open && !order_is_open(order))
        finish(manager, order);
    return err;
}

enum err order_manager_cancel_sent(struct order_manager *manager, uint64_t seq, int64_t now_ns)
{
    struct order *order = order_manager_find(manager, seq);

    return order == NULL ? ERR_NOT_FOUND : order_cancel_sent(order, now_ns);
}

enum err order_manager_replace_sent(struct order_manager *manager, uint64_t seq, int64_t price_ticks,
                                    int64_t qty_lots, int64_t now_ns)
{
    struct order *order = order_manager_find(manager, seq);
    enum err err = order == NULL ? ERR_NOT_FOUND : order_replace_sent(order, price_ticks, qty_lots, now_ns);

    if (err == ERR_OK)
        order_manager_touched(manager, order);
    return err;
}

enum err order_manager_answer_lost(struct order_manager *manager, uint64_t seq, int64_t now_ns)
{
    struct order *order = order_manager_find(manager, seq);

    if (order == NULL)
        return ERR_NOT_FOUND;
    manager->counts.lost_answers += order->state != ORDER_STATE_UNKNOWN;
    return order_answer_lost(order, now_ns);
}

/* When the answer that it waits for is overdue; INT64_MAX: it waits for none. */
static int64_t overdue_ns(const struct order *order, int64_t timeout_ns)
{
    int64_t since_ns = INT64_MAX;

    if (order->state == ORDER_STATE_SENT || order->state == ORDER_STATE_PENDING_CANCEL ||
        order->state == ORDER_STATE_PENDING_REPLACE)
        since_ns = order->asked_ns;
    else if (order->state == ORDER_STATE_UNKNOWN)
        return order->queried_ns + (timeout_ns < ORDER_QUERY_AGAIN_NS ? timeout_ns : ORDER_QUERY_AGAIN_NS);
    return since_ns > INT64_MAX - timeout_ns ? INT64_MAX : since_ns + timeout_ns;
}

size_t order_manager_overdue(struct order_manager *manager, int64_t now_ns, int64_t timeout_ns,
                             struct order **out, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < manager->open_count && count < max; i++) {
        struct order *order = &manager->slot[manager->open[i]];

        if (overdue_ns(order, timeout_ns) > now_ns)
            continue;
        order_manager_answer_lost(manager, order->seq, now_ns);
        order->queried_ns = now_ns;
        out[count++] = order;
    }
    return count;
}

int64_t order_manager_next_expiry_ns(const struct order_manager *manager)
{
    return manager->expiry_ns;
}

size_t order_manager_expired(struct order_manager *manager, int64_t now_ns, struct order **out, size_t max)
{
    size_t count = 0;

    if (now_ns < manager->expiry_ns)
        return 0;
    manager->expiry_ns = INT64_MAX;
    for (size_t i = 0; i < manager->open_count; i++) {
        struct order *order = &manager->slot[manager->open[i]];

        watch_expiry(manager, order); /* those now due stay due until their cancel is sent */
        if (expiry_of(order) <= now_ns && count < max)
            out[count++] = order;
    }
    return count;
}

static int64_t cancel_again_ns(const struct order *order)
{
    uint32_t doublings = order->cancels - 1;

    return ORDER_CANCEL_AGAIN_NS << (doublings < ORDER_CANCEL_DOUBLINGS ? doublings : ORDER_CANCEL_DOUBLINGS);
}

size_t order_manager_uncancelled(struct order_manager *manager, int64_t now_ns, struct order **out,
                                 size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < manager->open_count && count < max; i++) {
        struct order *order = &manager->slot[manager->open[i]];

        if (order->cancels > 0 && order->state == ORDER_STATE_WORKING &&
            now_ns - order->asked_ns >= cancel_again_ns(order))
            out[count++] = order;
    }
    return count;
}

void order_manager_exposure(struct order_manager *manager, const struct instrument *instrument,
                            uint16_t owner, uint64_t without_seq, struct order_exposure *out)
{
    const struct order *without = without_seq == 0 ? NULL : order_manager_find(manager, without_seq);

    if (without != NULL)
        order_sums_drop(&manager->sums, slot_of(manager, without));
    order_sums_read(&manager->sums, instrument, owner, out);
    if (without != NULL)
        order_manager_touched(manager, without);
}

struct order_manager_counts order_manager_counts(const struct order_manager *manager)
{
    return manager->counts;
}

size_t order_manager_open(const struct order_manager *manager, uint16_t instrument_id, uint16_t owner,
                          struct order **out, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < manager->open_count && count < max; i++) {
        const struct order *order = &manager->slot[manager->open[i]];

        if ((instrument_id != ORDERS_ANY && order->intent.instrument_id != instrument_id) ||
            (owner != ORDERS_ANY && order->intent.owner != owner))
            continue;
        out[count++] = (struct order *)(uintptr_t)order; /* the caller may change what it borrows */
    }
    return count;
}

uint64_t order_manager_last_seq(const struct order_manager *manager)
{
    return manager->last_seq;
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

void order_manager_rescale(struct order_manager *manager, uint16_t instrument_id, struct step_change change)
{
    for (size_t i = 0; i < manager->open_count; i++) {
        struct order *order = &manager->slot[manager->open[i]];

        if (order->intent.instrument_id != instrument_id)
            continue;
        order_rescale(order, change);
        order_manager_touched(manager, order);
    }
    for (size_t i = 0; i < manager->finished_count; i++)
        if (manager->finished[i].intent.instrument_id == instrument_id)
            order_rescale(&manager->finished[i], change);
}
