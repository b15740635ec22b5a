#include "core/base/triple_buffer.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CACHE_LINE 64
#define FRESH      4u /* bit of `middle`: published and not yet taken */
#define INDEX_MASK 3u

/*
 * Three slots: the writer owns back, the reader owns front, `middle` passes between them by one
 * atomic exchange on either side.
 */
struct triple_buffer {    /* NOLINT(clang-analyzer-optin.performance.Padding): a cache line for each thread */
    unsigned char *slots; /* 3 x slot_size */
    size_t slot_size;
    _Alignas(CACHE_LINE) unsigned back;      /* writer's */
    _Alignas(CACHE_LINE) unsigned front;     /* reader's */
    _Alignas(CACHE_LINE) atomic_uint middle; /* index | FRESH */
};

struct triple_buffer *triple_buffer_new(size_t value_size)
{
    struct triple_buffer *buffer;
    size_t slot_size;

    assert(value_size > 0);
    if (value_size > SIZE_MAX / 4)
        return NULL;
    slot_size = (value_size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    buffer = aligned_alloc(CACHE_LINE, sizeof *buffer);
    if (buffer == NULL)
        return NULL;
    memset(buffer, 0, sizeof *buffer);
    buffer->slots = aligned_alloc(CACHE_LINE, 3 * slot_size);
    if (buffer->slots == NULL) {
        free(buffer);
        return NULL;
    }
    memset(buffer->slots, 0, 3 * slot_size);
    buffer->slot_size = slot_size;
    buffer->back = 0;
    buffer->front = 2;
    atomic_init(&buffer->middle, 1);
    return buffer;
}

void triple_buffer_free(struct triple_buffer *buffer)
{
    if (buffer == NULL)
        return;
    free(buffer->slots);
    free(buffer);
}

void *triple_buffer_back(struct triple_buffer *buffer)
{
    return buffer->slots + buffer->back * buffer->slot_size;
}

void triple_buffer_publish(struct triple_buffer *buffer)
{
    unsigned old = atomic_exchange_explicit(&buffer->middle, buffer->back | FRESH, memory_order_acq_rel);

    buffer->back = old & INDEX_MASK;
}

bool triple_buffer_update(struct triple_buffer *buffer)
{
    unsigned old;

    if ((atomic_load_explicit(&buffer->middle, memory_order_relaxed) & FRESH) == 0)
        return false;
    /* Only the writer sets FRESH and only we clear it: what we take now is fresh, perhaps newer still. */
    old = atomic_exchange_explicit(&buffer->middle, buffer->front, memory_order_acq_rel);
    buffer->front = old & INDEX_MASK;
    return true;
}

const void *triple_buffer_front(const struct triple_buffer *buffer)
{
    return buffer->slots + buffer->front * buffer->slot_size;
}
