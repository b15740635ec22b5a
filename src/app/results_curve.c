#include "app/results_curve.h"

#include <string.h>

#define FIRST_STEP_NS INT64_C(1000000000)
#define EQUITY_MOST   (INT64_MAX / 4) /* differences of two stay numbers */

void results_curve_begin(struct results_curve *curve, int64_t from_ns, int64_t roll_ns)
{
    memset(curve, 0, sizeof(*curve));
    curve->from_ns = from_ns;
    curve->roll_ns = roll_ns;
    curve->step_ns = roll_ns > 0 ? roll_ns / VIEW_RESULTS_POINTS : FIRST_STEP_NS;
}

/* The later one after the earlier: a fall may begin in one and end in the other. */
static struct curve_bucket joined(const struct curve_bucket *a, const struct curve_bucket *b)
{
    struct curve_bucket out = *a;

    if (a->begin_ns == VIEW_NONE || b->begin_ns == VIEW_NONE)
        return a->begin_ns == VIEW_NONE ? *b : *a;
    out.last_e8 = b->last_e8;
    if (b->fall_e8 > out.fall_e8) {
        out.fall_e8 = b->fall_e8;
        out.fall_peak_e8 = b->fall_peak_e8;
        out.fall_ns = b->fall_ns;
    }
    if (a->high_e8 - b->low_e8 > out.fall_e8) {
        out.fall_e8 = a->high_e8 - b->low_e8;
        out.fall_peak_e8 = a->high_e8;
        out.fall_ns = b->begin_ns;
    }
    out.high_e8 = a->high_e8 > b->high_e8 ? a->high_e8 : b->high_e8;
    out.low_e8 = a->low_e8 < b->low_e8 ? a->low_e8 : b->low_e8;
    return out;
}

static void halve(struct results_curve *curve)
{
    while (curve->count < VIEW_RESULTS_POINTS)
        curve->bucket[curve->count++] = (struct curve_bucket){.begin_ns = VIEW_NONE};
    for (size_t i = 0; i < VIEW_RESULTS_POINTS / 2; i++)
        curve->bucket[i] = joined(&curve->bucket[2 * i], &curve->bucket[2 * i + 1]);
    curve->count = VIEW_RESULTS_POINTS / 2;
    curve->step_ns *= 2;
}

static void roll(struct results_curve *curve, int64_t over)
{
    uint16_t gone = (uint16_t)(over < curve->count ? over : curve->count);

    memmove(curve->bucket, curve->bucket + gone, (size_t)(curve->count - gone) * sizeof(curve->bucket[0]));
    curve->count = (uint16_t)(curve->count - gone);
    curve->from_ns += over * curve->step_ns;
}

/* Room for the bucket of that time; -1: it is before the first. */
static int64_t make_room(struct results_curve *curve, int64_t ts_ns)
{
    int64_t at = (ts_ns - curve->from_ns) / curve->step_ns;

    if (ts_ns < curve->from_ns)
        return -1;
    if (curve->roll_ns > 0 && at >= VIEW_RESULTS_POINTS)
        roll(curve, at - (VIEW_RESULTS_POINTS - 1));
    while (curve->roll_ns == 0 && (ts_ns - curve->from_ns) / curve->step_ns >= VIEW_RESULTS_POINTS)
        halve(curve);
    at = (ts_ns - curve->from_ns) / curve->step_ns;
    while (curve->count <= at)
        curve->bucket[curve->count++] = (struct curve_bucket){.begin_ns = VIEW_NONE};
    return at;
}

void results_curve_add(struct results_curve *curve, int64_t ts_ns, int64_t equity_e8)
{
    struct curve_bucket one = {.begin_ns = ts_ns,
                               .first_e8 = equity_e8,
                               .last_e8 = equity_e8,
                               .high_e8 = equity_e8,
                               .low_e8 = equity_e8};
    int64_t at;

    if (equity_e8 > EQUITY_MOST || equity_e8 < -EQUITY_MOST)
        return;
    if (!curve->any) { /* it begins with its first sample, not with an empty stretch before it */
        if (ts_ns < curve->from_ns)
            return;
        curve->from_ns = ts_ns - ts_ns % curve->step_ns;
        curve->any = true;
    }
    at = make_room(curve, ts_ns);
    if (at >= 0 && at == curve->count - 1)
        curve->bucket[at] = joined(&curve->bucket[at], &one);
}

static void take_extremes(const struct curve_bucket *bucket, struct view_results *out)
{
    if (out->first_e8 == VIEW_NONE) {
        out->first_e8 = bucket->first_e8;
        out->high_e8 = bucket->high_e8;
        out->low_e8 = bucket->low_e8;
    }
    out->last_e8 = bucket->last_e8;
    out->high_e8 = bucket->high_e8 > out->high_e8 ? bucket->high_e8 : out->high_e8;
    out->low_e8 = bucket->low_e8 < out->low_e8 ? bucket->low_e8 : out->low_e8;
}

static void take_fall(int64_t fall_e8, int64_t peak_e8, int64_t ns, struct view_results *out)
{
    if (fall_e8 <= out->drawdown_e8)
        return;
    out->drawdown_e8 = fall_e8;
    out->drawdown_peak_e8 = peak_e8;
    out->drawdown_ns = ns;
}

void results_curve_fill(const struct results_curve *curve, struct view_results *out)
{
    int64_t peak_e8 = INT64_MIN;

    out->first_e8 = out->last_e8 = out->high_e8 = out->low_e8 = VIEW_NONE;
    out->drawdown_e8 = out->drawdown_peak_e8 = out->drawdown_ns = 0;
    out->points = curve->count;
    if (curve->count == 0)
        return;
    out->from_ns = curve->from_ns;
    out->to_ns = curve->from_ns + curve->count * curve->step_ns;
    for (uint16_t i = 0; i < curve->count; i++) {
        const struct curve_bucket *bucket = &curve->bucket[i];
        struct view_results_point *point = &out->point[i];

        *point = (struct view_results_point){VIEW_NONE, 0};
        if (bucket->begin_ns == VIEW_NONE)
            continue;
        take_extremes(bucket, out);
        point->equity_e8 = bucket->last_e8;
        point->drawdown_e8 = bucket->fall_e8;
        take_fall(bucket->fall_e8, bucket->fall_peak_e8, bucket->fall_ns, out);
        if (peak_e8 != INT64_MIN && peak_e8 - bucket->low_e8 > point->drawdown_e8)
            point->drawdown_e8 = peak_e8 - bucket->low_e8;
        if (peak_e8 != INT64_MIN)
            take_fall(peak_e8 - bucket->low_e8, peak_e8, bucket->begin_ns, out);
        peak_e8 = bucket->high_e8 > peak_e8 ? bucket->high_e8 : peak_e8;
    }
}
