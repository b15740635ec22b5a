/* mid_track.c - a ring of seconds. */
#include "core/signal/mid_track.h"

#include "core/base/fmath.h"
#include "core/market/saturate.h"

#include <math.h>

#define SECOND_NS    INT64_C(1000000000)
#define RANGE_EACH_S 10
#define BP           1e4

static const struct mid_second *ago(const struct mid_track *track, size_t seconds)
{
    return &track->second[(track->next + MID_TRACK_SECONDS - seconds) % MID_TRACK_SECONDS];
}

/* Ranges and squared returns of the kept seconds are summed anew: no drift, and 60 terms a second. */
static void sum_up(struct mid_track *track)
{
    double squares = 0.0;

    track->past_low2 = track->past_high2 = 0;
    for (size_t i = 1; i <= track->count; i++) {
        const struct mid_second *second = ago(track, i);

        squares += second->return_squared;
        if (i == MID_TRACK_SECONDS)
            break; /* with the running second the range has its 60 */
        if (track->past_low2 == 0 || second->low2 < track->past_low2)
            track->past_low2 = second->low2;
        if (second->high2 > track->past_high2)
            track->past_high2 = second->high2;
    }
    track->volatility_bp = sqrt(squares) * BP;
}

static void second_end(struct mid_track *track)
{
    struct mid_second *second = &track->second[track->next];
    double log_return = 0.0;

    if (track->count > 0)
        log_return = fmath_log((double)track->now2 / (double)ago(track, 1)->close2);
    *second = (struct mid_second){track->low2, track->high2, track->now2, log_return * log_return};
    track->next = (track->next + 1) % MID_TRACK_SECONDS;
    if (track->count < MID_TRACK_SECONDS)
        track->count++;
    track->low2 = track->high2 = track->now2;
    track->since_range++;
}

bool mid_track_advance(struct mid_track *track, int64_t now_ns)
{
    int64_t ended;
    int64_t low2, high2;

    if (track->now2 == 0 || now_ns - track->second_ns < SECOND_NS)
        return false;
    ended = (now_ns - track->second_ns) / SECOND_NS;
    track->second_ns += ended * SECOND_NS;
    /* One more than are kept: after a long hole nothing of before is left. */
    for (int64_t i = 0; i < ended && i <= MID_TRACK_SECONDS; i++)
        second_end(track);
    sum_up(track);
    if (track->count == MID_TRACK_SECONDS && track->since_range >= RANGE_EACH_S &&
        mid_track_range2(track, &low2, &high2)) {
        track->since_range = 0;
        percentile_add(&track->ranges2, high2 - low2);
    }
    return true;
}

void mid_track_add(struct mid_track *track, int64_t mid2, int64_t now_ns)
{
    (void)mid_track_advance(track, now_ns);
    if (track->now2 == 0) {
        track->second_ns = now_ns;
        track->low2 = track->high2 = mid2;
    }
    track->now2 = mid2;
    track->low2 = mid2 < track->low2 ? mid2 : track->low2;
    track->high2 = mid2 > track->high2 ? mid2 : track->high2;
}

bool mid_track_range2(const struct mid_track *track, int64_t *low2, int64_t *high2)
{
    if (track->now2 == 0)
        return false;
    *low2 = track->past_low2 != 0 && track->past_low2 < track->low2 ? track->past_low2 : track->low2;
    *high2 = track->past_high2 > track->high2 ? track->past_high2 : track->high2;
    return true;
}

double mid_track_momentum_bp(const struct mid_track *track, size_t seconds)
{
    if (track->count == 0)
        return 0.0;
    seconds = seconds < track->count ? seconds : track->count;
    return fmath_log((double)track->now2 / (double)ago(track, seconds)->close2) * BP;
}

int64_t mid_track_median_range_ticks(const struct mid_track *track)
{
    return track->ranges2.count == 0 ? 0 : percentile_at(&track->ranges2, 0.5) / 2 + 1;
}

void mid_track_rescale(struct mid_track *track, int64_t price_factor)
{
    track->now2 = saturate_mul(track->now2, price_factor);
    track->low2 = saturate_mul(track->low2, price_factor);
    track->high2 = saturate_mul(track->high2, price_factor);
    track->past_low2 = saturate_mul(track->past_low2, price_factor);
    track->past_high2 = saturate_mul(track->past_high2, price_factor);
    for (size_t i = 0; i < MID_TRACK_SECONDS; i++) {
        track->second[i].low2 = saturate_mul(track->second[i].low2, price_factor);
        track->second[i].high2 = saturate_mul(track->second[i].high2, price_factor);
        track->second[i].close2 = saturate_mul(track->second[i].close2, price_factor);
    }
    percentile_rescale(&track->ranges2, price_factor);
}
