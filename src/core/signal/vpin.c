/* vpin.c - buckets of volume in a ring. */
#include "core/signal/vpin.h"

/* A bucket that lacks less than this part of itself is full: splitting leaves such crumbs. */
#define CRUMB 1e-9

void vpin_init(struct vpin *vpin, size_t buckets)
{
    *vpin = (struct vpin){.buckets = buckets < 1 ? 1 : buckets};
    if (vpin->buckets > VPIN_BUCKETS_MAX)
        vpin->buckets = VPIN_BUCKETS_MAX;
}

static void bucket_close(struct vpin *vpin)
{
    double net = vpin->bought - vpin->sold;

    vpin->imbalance_kept[vpin->next] = net < 0.0 ? -net : net;
    vpin->volume_kept[vpin->next] = vpin->volume;
    vpin->next = (vpin->next + 1) % vpin->buckets;
    if (vpin->full < vpin->buckets)
        vpin->full++;
    vpin->volume = vpin->bought = vpin->sold = 0.0;
}

void vpin_add(struct vpin *vpin, double bought, double sold, double bucket_volume)
{
    double left = bought + sold;
    double buy_share = left > 0.0 ? bought / left : 0.0;

    if (!(bucket_volume > 0.0))
        return;
    /* A trade of more than n + 2 buckets fills n of them with itself however large it is. */
    if (left > (double)(vpin->buckets + 2) * bucket_volume)
        left = (double)(vpin->buckets + 2) * bucket_volume;
    while (left > 0.0) {
        double room, part;

        if (!(vpin->volume > 0.0))
            vpin->volume = bucket_volume;
        room = vpin->volume - vpin->bought - vpin->sold;
        part = left < room ? left : room;
        vpin->bought += part * buy_share;
        vpin->sold += part * (1.0 - buy_share);
        left -= part;
        if (room - part <= vpin->volume * CRUMB)
            bucket_close(vpin);
    }
}

bool vpin_value(const struct vpin *vpin, double *value)
{
    double imbalance = 0.0, volume = 0.0;

    if (vpin->full < vpin->buckets)
        return false;
    for (size_t i = 0; i < vpin->buckets; i++) {
        imbalance += vpin->imbalance_kept[i];
        volume += vpin->volume_kept[i];
    }
    *value = volume > 0.0 ? imbalance / volume : 0.0;
    return true;
}

void vpin_rescale(struct vpin *vpin, double qty_factor)
{
    vpin->volume *= qty_factor;
    vpin->bought *= qty_factor;
    vpin->sold *= qty_factor;
    for (size_t i = 0; i < vpin->buckets; i++) {
        vpin->imbalance_kept[i] *= qty_factor;
        vpin->volume_kept[i] *= qty_factor;
    }
}
