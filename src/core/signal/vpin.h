/*
 * vpin.h - volume-synchronised probability of informed trading. Pure.
 *
 * Easley, Lopez de Prado, O'Hara, "Flow toxicity and liquidity" (2012): trades fill buckets of equal
 * volume V, a trade at a border is split between two; VPIN is the sum of |bought - sold| over the last
 * n buckets, divided by their volume n V. The paper has to guess sides from price changes; a venue's tape
 * tells them, so callers hand over the true ones (or a guess: bought and sold of one trade may both
 * be above 0). V may be adapted from bucket to bucket; then the volumes are summed.
 */
#ifndef CORE_SIGNAL_VPIN_H
#define CORE_SIGNAL_VPIN_H

#include <stdbool.h>
#include <stddef.h>

#define VPIN_BUCKETS_MAX 200

struct vpin {
    size_t buckets;      /* n */
    size_t full;         /* kept, at most n */
    size_t next;         /* where the next full bucket goes */
    double volume;       /* V of the open bucket; 0: none is open */
    double bought, sold; /* in the open bucket */
    double imbalance_kept[VPIN_BUCKETS_MAX];
    double volume_kept[VPIN_BUCKETS_MAX];
};

void vpin_init(struct vpin *vpin, size_t buckets); /* 1..VPIN_BUCKETS_MAX; clamped */
/* bucket_volume > 0 is V of the buckets that begin within this trade. */
void vpin_add(struct vpin *vpin, double bought, double sold, double bucket_volume);
/* False until n buckets are full. */
bool vpin_value(const struct vpin *vpin, double *value);
void vpin_rescale(struct vpin *vpin, double qty_factor);

#endif
