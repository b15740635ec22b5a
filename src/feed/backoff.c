#include "feed/backoff.h"

#include <assert.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)

uint64_t backoff_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

void backoff_init(struct backoff *backoff, int64_t first_ms, int64_t max_ms, int64_t stable_ms, uint64_t seed)
{
    assert(first_ms > 0 && max_ms >= first_ms);
    *backoff =
        (struct backoff){.first_ms = first_ms, .max_ms = max_ms, .stable_ms = stable_ms, .random = seed};
}

int64_t backoff_next_ms(struct backoff *backoff)
{
    int64_t ceiling = backoff->first_ms;

    for (uint32_t i = 0; i < backoff->attempt && i < BACKOFF_DOUBLE_MAX && ceiling < backoff->max_ms; i++)
        ceiling *= 2;
    if (ceiling > backoff->max_ms)
        ceiling = backoff->max_ms;
    backoff->attempt++;
    backoff->up_ns = 0;
    return (int64_t)(backoff_random(&backoff->random) % (uint64_t)(ceiling + 1));
}

void backoff_up(struct backoff *backoff, int64_t now_ns)
{
    backoff->up_ns = now_ns;
}

void backoff_data(struct backoff *backoff, int64_t now_ns)
{
    if (backoff->up_ns != 0 && now_ns - backoff->up_ns >= backoff->stable_ms * NS_PER_MS)
        backoff->attempt = 0;
}

void connect_bound_init(struct connect_bound *bound, uint32_t connects_per_5min)
{
    assert(connects_per_5min >= 1 && connects_per_5min <= CONNECT_BOUND_MAX);
    memset(bound, 0, sizeof(*bound));
    bound->bound = connects_per_5min;
}

int64_t connect_bound_free_ns(const struct connect_bound *bound)
{
    if (bound->count < bound->bound)
        return INT64_MIN;
    return bound->at_ns[bound->next] + CONNECT_WINDOW_NS; /* next is the oldest once the ring is full */
}

void connect_bound_count(struct connect_bound *bound, int64_t now_ns)
{
    bound->at_ns[bound->next] = now_ns;
    bound->next = (bound->next + 1) % bound->bound;
    if (bound->count < bound->bound)
        bound->count++;
}
