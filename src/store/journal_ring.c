#include "store/journal_ring.h"

#include "store/journal_ring_parts.h"

#include <string.h>

/* --- the engine --------------------------------------------------------------------------------------------------- */

void journal_ring_start(struct journal_ring *ring, uint64_t next_seq)
{
    assert(next_seq > 0 && !ring->in_step);
    ring->next_seq = next_seq;
}

/* Is [.., to) free of what the reader has not freed? */
static bool has_room(struct journal_ring *ring, uint64_t to)
{
    if (to - ring->tail_seen > ring->capacity)
        ring->tail_seen = atomic_load_explicit(&ring->header->tail, memory_order_acquire);
    return to - ring->tail_seen <= ring->capacity;
}

/*
 * Makes room for `size` bytes behind the step, which stays in one piece: where the lap's end is in the way it is moved to
 * the next lap's beginning as a whole. Nobody has seen it yet.
 */
static bool extend(struct journal_ring *ring, size_t size)
{
    uint64_t to = ring->step + ring->step_size + size, next_lap = ring_lap_end(ring, ring->step);

    if (ring->step_size + size > ring->capacity / 2)
        return false;
    if (to <= next_lap)
        return has_room(ring, to);
    if (!has_room(ring, next_lap + ring->step_size + size))
        return false;
    memmove(ring->data, ring->data + ring_place(ring, ring->step), ring->step_size);
    put_u32(ring->data + ring_place(ring, ring->head), RING_SKIP);
    ring->step = next_lap;
    return true;
}

/* The one store by which the step is there. */
static void publish(struct journal_ring *ring)
{
    ring->head = ring->step + ring->step_size;
    ring->next_seq += ring->step_frames;
    ring->in_step = false;
    atomic_store_explicit(&ring->header->head, ring->head, memory_order_release);
    atomic_store_explicit(&ring->newest_seq, ring->next_seq - 1, memory_order_release);
}

bool journal_ring_append(struct journal_ring *ring, const struct store_record *record, bool more)
{
    unsigned char *body = ring->scratch + FRAME_HEADER_SIZE;
    struct frame_head head = {.ts_ns = record->ts_ns,
                              .input_seq = record->input_seq,
                              .kind = (uint16_t)record->kind,
                              .flags = more ? FRAME_FLAG_MORE : 0,
                              .body_size = (uint32_t)record_encode(record, body, RECORD_BODY_MAX)};
    size_t size;

    assert(ring->next_seq > 0 && head.body_size > 0);
    if (ring->dropping) {
        ring->dropping = more;
        return false;
    }
    if (!ring->in_step) {
        ring->in_step = true;
        ring->step = ring->head;
        ring->step_size = 0;
        ring->step_frames = 0;
    }
    head.seq = ring->next_seq + ring->step_frames;
    size = frame_encode(&head, body, ring->scratch, sizeof(ring->scratch));
    if (!extend(ring, size)) {
        ring->in_step = false;
        ring->dropping = more;
        return false;
    }
    memcpy(ring->data + ring_place(ring, ring->step) + ring->step_size, ring->scratch, size);
    ring->step_size += size;
    ring->step_frames++;
    if (!more)
        publish(ring);
    return true;
}

uint64_t journal_ring_seq(const struct journal_ring *ring)
{
    return atomic_load_explicit(&ring->newest_seq, memory_order_acquire);
}

/* --- the reader --------------------------------------------------------------------------------------------------- */

/* Where what lies in this lap ends: at the skip, or at the lap's end. Frames are whole, so a size that is none is damage
 * that the caller finds. */
static uint64_t piece_end(const struct journal_ring *ring, uint64_t at)
{
    uint64_t end = ring_lap_end(ring, at);

    while (at < end && !ring_skips(ring, at)) {
        uint32_t size = get_u32(ring->data + ring_place(ring, at));

        if (size < FRAME_HEADER_SIZE || size % 8 != 0 || size > end - at)
            return end;
        at += size;
    }
    return at;
}

const unsigned char *journal_ring_peek(struct journal_ring *ring, size_t *size)
{
    uint64_t head = atomic_load_explicit(&ring->header->head, memory_order_acquire);
    uint64_t tail = atomic_load_explicit(&ring->header->tail, memory_order_relaxed);
    uint64_t end = head;

    if (tail < head && ring_lap_end(ring, tail) < head) {
        end = piece_end(ring, tail);
        if (end == tail) { /* all of that lap is read */
            tail = ring_lap_end(ring, tail);
            end = head;
            atomic_store_explicit(&ring->header->tail, tail, memory_order_release);
        }
    }
    *size = (size_t)(end - tail);
    return ring->data + ring_place(ring, tail);
}

void journal_ring_free_to(struct journal_ring *ring, size_t size)
{
    uint64_t tail = atomic_load_explicit(&ring->header->tail, memory_order_relaxed);

    assert(size % 8 == 0 && size <= atomic_load_explicit(&ring->header->head, memory_order_relaxed) - tail);
    atomic_store_explicit(&ring->header->tail, tail + size, memory_order_release);
}

size_t journal_ring_used(const struct journal_ring *ring)
{
    /* tail first: head never falls behind a tail read before it. */
    uint64_t tail = atomic_load_explicit(&ring->header->tail, memory_order_acquire);
    uint64_t head = atomic_load_explicit(&ring->header->head, memory_order_acquire);

    return head - tail > ring->capacity ? ring->capacity : (size_t)(head - tail);
}

size_t journal_ring_capacity(const struct journal_ring *ring)
{
    return ring->capacity;
}
