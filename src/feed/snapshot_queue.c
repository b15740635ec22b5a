#include "feed/snapshot_queue.h"

#include <assert.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)
#define MINUTE_NS INT64_C(60000000000)

void snapshot_queue_init(struct snapshot_queue *queue)
{
    memset(queue, 0, sizeof(*queue));
    queue->shown = queue->current = SNAPSHOT_NONE;
    for (size_t i = 0; i < INSTRUMENTS_MAX; i++) {
        queue->item[i].not_before_ns = INT64_MIN;
        for (size_t k = 0; k < SNAPSHOTS_PER_MINUTE; k++)
            queue->item[i].sent_ns[k] = INT64_MIN / 2;
    }
}

bool snapshot_queue_want(struct snapshot_queue *queue, uint16_t id)
{
    assert(id < INSTRUMENTS_MAX);
    if (queue->item[id].wanted || queue->current == id)
        return false;
    queue->item[id].wanted = true;
    queue->item[id].order = ++queue->order;
    return true;
}

void snapshot_queue_drop(struct snapshot_queue *queue, uint16_t id)
{
    queue->item[id].wanted = false;
}

void snapshot_queue_show(struct snapshot_queue *queue, uint16_t id)
{
    queue->shown = id;
}

void snapshot_queue_set_deep(struct snapshot_queue *queue, uint16_t id, bool deep)
{
    queue->item[id].deep = deep;
}

bool snapshot_queue_is_deep(const struct snapshot_queue *queue, uint16_t id)
{
    return queue->shown == id || queue->item[id].deep;
}

/* Is a before b? */
static bool goes_first(const struct snapshot_queue *queue, uint16_t a, uint16_t b)
{
    if ((queue->shown == a) != (queue->shown == b))
        return queue->shown == a;
    if (queue->item[a].deep != queue->item[b].deep)
        return queue->item[a].deep;
    return queue->item[a].order < queue->item[b].order;
}

uint16_t snapshot_queue_next(const struct snapshot_queue *queue, int64_t now_ns,
                             bool (*ready)(void *arg, uint16_t id), void *arg)
{
    uint16_t best = SNAPSHOT_NONE;

    if (queue->current != SNAPSHOT_NONE)
        return SNAPSHOT_NONE;
    for (uint16_t id = 0; id < INSTRUMENTS_MAX; id++) {
        if (!queue->item[id].wanted || now_ns < queue->item[id].not_before_ns || !ready(arg, id))
            continue;
        if (best == SNAPSHOT_NONE || goes_first(queue, id, best))
            best = id;
    }
    return best;
}

void snapshot_queue_sent(struct snapshot_queue *queue, uint16_t id, int64_t now_ns)
{
    int64_t *sent_ns = queue->item[id].sent_ns;
    int64_t wait_ms = SNAPSHOT_WAIT_FIRST_MS, window_ns;

    assert(queue->current == SNAPSHOT_NONE);
    queue->current = id;
    queue->item[id].wanted = false;
    if (queue->unpaced)
        return;
    if (now_ns - sent_ns[0] >= 2 * MINUTE_NS)
        queue->item[id].tries = 0;
    for (uint32_t i = 0; i < queue->item[id].tries && wait_ms < SNAPSHOT_WAIT_MAX_MS; i++)
        wait_ms *= 2;
    if (wait_ms > SNAPSHOT_WAIT_MAX_MS)
        wait_ms = SNAPSHOT_WAIT_MAX_MS;
    queue->item[id].tries++;
    memmove(sent_ns + 1, sent_ns, (SNAPSHOTS_PER_MINUTE - 1) * sizeof(*sent_ns));
    sent_ns[0] = now_ns;
    queue->item[id].not_before_ns = now_ns + wait_ms * NS_PER_MS;
    window_ns = sent_ns[SNAPSHOTS_PER_MINUTE - 1] + MINUTE_NS;
    if (window_ns > queue->item[id].not_before_ns)
        queue->item[id].not_before_ns = window_ns;
}

void snapshot_queue_done(struct snapshot_queue *queue, bool taken)
{
    uint16_t id = queue->current;

    if (id == SNAPSHOT_NONE)
        return;
    queue->current = SNAPSHOT_NONE;
    if (!taken)
        snapshot_queue_want(queue, id);
}

uint32_t snapshot_queue_waiting(const struct snapshot_queue *queue)
{
    uint32_t count = queue->current != SNAPSHOT_NONE;

    for (size_t i = 0; i < INSTRUMENTS_MAX; i++)
        count += queue->item[i].wanted;
    return count;
}
