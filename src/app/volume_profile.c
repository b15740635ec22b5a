#include "app/volume_profile.h"

#include <string.h>

static struct volume_bucket *slot_of(struct volume_profile *profile, int64_t bucket)
{
    size_t at = (size_t)((uint64_t)bucket * UINT64_C(0x9E3779B97F4A7C15) >> 40) & (VOLUME_BUCKETS_MAX - 1);

    while (profile->bucket[at].lots != 0 && profile->bucket[at].bucket != bucket)
        at = (at + 1) & (VOLUME_BUCKETS_MAX - 1); /* never full: widened at three quarters */
    return &profile->bucket[at];
}

static void put(struct volume_profile *profile, int64_t bucket, int64_t lots)
{
    struct volume_bucket *slot = slot_of(profile, bucket);

    if (slot->lots == 0)
        profile->used++;
    slot->bucket = bucket;
    slot->lots += lots;
}

/* Neighbouring buckets become one: half as many, twice as wide. */
static void widen(struct volume_profile *profile)
{
    memcpy(profile->spare, profile->bucket, sizeof(profile->spare));
    memset(profile->bucket, 0, sizeof(profile->bucket));
    profile->used = 0;
    profile->width_ticks *= 2;
    for (size_t i = 0; i < VOLUME_BUCKETS_MAX; i++)
        if (profile->spare[i].lots != 0)
            put(profile, profile->spare[i].bucket / 2, profile->spare[i].lots);
}

void volume_profile_add(struct volume_profile *profile, int64_t price_ticks, int64_t lots)
{
    if (lots <= 0 || price_ticks <= 0)
        return;
    if (profile->width_ticks == 0)
        profile->width_ticks = 1;
    while (profile->used >= (size_t)VOLUME_BUCKETS_MAX / 4 * 3)
        widen(profile);
    put(profile, price_ticks / profile->width_ticks, lots);
}

void volume_profile_rows(const struct volume_profile *profile, int64_t top_ticks, int64_t row_ticks,
                         size_t rows, int64_t *lots)
{
    for (size_t i = 0; i < VOLUME_BUCKETS_MAX; i++) {
        int64_t price = profile->bucket[i].bucket * profile->width_ticks;
        int64_t row;

        if (profile->bucket[i].lots == 0 || price >= top_ticks + row_ticks)
            continue;
        row = price > top_ticks ? 0 : (top_ticks - price + row_ticks - 1) / row_ticks;
        if (row < (int64_t)rows)
            lots[row] += profile->bucket[i].lots;
    }
}

void volume_profile_rescale(struct volume_profile *profile, struct step_change change)
{
    /* The same prices are larger numbers now: the buckets keep their keys and get wider with them. */
    profile->width_ticks *= change.price_factor;
    for (size_t i = 0; i < VOLUME_BUCKETS_MAX; i++)
        profile->bucket[i].lots *= change.qty_factor;
}
