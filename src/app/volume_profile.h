/*
 * volume_profile.h - traded volume by price of a session, in buckets that widen when they run out.
 */
#ifndef APP_VOLUME_PROFILE_H
#define APP_VOLUME_PROFILE_H

#include "core/domain/instrument.h"

#include <stddef.h>
#include <stdint.h>

#define VOLUME_BUCKETS_MAX 4096 /* a power of two; at three quarters full, buckets get twice as wide */

struct volume_bucket {
    int64_t bucket; /* price / width */
    int64_t lots;   /* 0: free */
};

struct volume_profile {
    int64_t width_ticks; /* 0: nothing added yet */
    size_t used;
    struct volume_bucket bucket[VOLUME_BUCKETS_MAX];
    struct volume_bucket spare[VOLUME_BUCKETS_MAX]; /* while widening */
};

void volume_profile_add(struct volume_profile *profile, int64_t price_ticks, int64_t lots);
/* Adds to lots[i] what traded at prices of row i: [top - i * row_ticks, + row_ticks). One pass over the table. */
void volume_profile_rows(const struct volume_profile *profile, int64_t top_ticks, int64_t row_ticks,
                         size_t rows, int64_t *lots);
void volume_profile_rescale(struct volume_profile *profile, struct step_change change);

#endif
