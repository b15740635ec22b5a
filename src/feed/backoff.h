/*
 * backoff.h - when a connection may be tried again. Pure.
 *
 * The wait before try n is drawn evenly from 0 to min(max, first * 2^n) (full jitter), so that many clients of
 * a venue that came back do not come in step. Only a connection that stayed up for stable_ms and brought data
 * starts anew at n = 0: one that is accepted and closed at once does not. connect_bound is our own cap over
 * all connections to a host, far below the venue's (300 in 5 minutes).
 */
#ifndef FEED_BACKOFF_H
#define FEED_BACKOFF_H

#include <stdint.h>

#define CONNECT_WINDOW_NS  INT64_C(300000000000)
#define CONNECT_BOUND_MAX  32 /* of the bound itself */
#define BACKOFF_DOUBLE_MAX 20 /* doublings, so that nothing overflows */

struct backoff {
    int64_t first_ms, max_ms, stable_ms;
    uint64_t random;
    uint32_t attempt; /* since the last stable time */
    int64_t up_ns;    /* 0: not up */
};

void backoff_init(struct backoff *backoff, int64_t first_ms, int64_t max_ms, int64_t stable_ms,
                  uint64_t seed);
/* The connection failed or was lost: counts, and draws the wait. */
int64_t backoff_next_ms(struct backoff *backoff);
void backoff_up(struct backoff *backoff, int64_t now_ns);
void backoff_data(struct backoff *backoff, int64_t now_ns); /* a message with data came */

struct connect_bound {
    uint32_t bound;
    uint32_t count, next;
    int64_t at_ns[CONNECT_BOUND_MAX]; /* ring of the newest `bound` connects */
};

void connect_bound_init(struct connect_bound *bound, uint32_t connects_per_5min); /* 1..CONNECT_BOUND_MAX */
int64_t connect_bound_free_ns(const struct connect_bound *bound); /* a connect is allowed from then on */
void connect_bound_count(struct connect_bound *bound, int64_t now_ns);

/* splitmix64: the feed's jitter. */
uint64_t backoff_random(uint64_t *state);

#endif
