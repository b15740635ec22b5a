/*
 * execution_touch.c - between which prices the touch has been over the last flicker_ns.
 *
 * The stable touch is the worst of the best prices of that time: somebody stood there or better without a break.
 * A level that came and went within it never moves it, a level that just came does not yet, and one that is
 * gone does at once. The foremost price of the same time is kept too: an order between the two is where the
 * touch has been and need not move for a flicker.
 *
 * Both are extremes over a sliding window, each a deque of steps that rises in value and in time of ending, so
 * that the first is the extreme (Lemire 2006, "Streaming maximum-minimum filter"). It is bounded: when it is
 * full the last step is prolonged instead, which keeps a price too long, never too short.
 */
#include "exec/execution_parts.h"

#include "core/market/saturate.h"

#include <string.h>

void touch_reset(struct touch *touch)
{
    for (int side = 0; side < SIDE_COUNT; side++)
        touch->side[side].seen = false;
}

static void window_push(struct touch_window *window, int64_t value, int64_t until_ns)
{
    while (window->count > 0 && window->past[window->count - 1].value >= value)
        window->count--;
    if (window->count == TOUCH_PAST_MAX) {
        window->past[TOUCH_PAST_MAX - 1].until_ns = until_ns;
        return;
    }
    window->past[window->count++] = (struct touch_past){.value = value, .until_ns = until_ns};
}

static void window_expire(struct touch_window *window, int64_t until_ns)
{
    size_t gone = 0;

    while (gone < window->count && window->past[gone].until_ns <= until_ns)
        gone++;
    if (gone == 0)
        return;
    window->count -= gone;
    memmove(window->past, window->past + gone, window->count * sizeof(window->past[0]));
}

void touch_see(struct touch *touch, enum side side, int64_t price_ticks, int64_t now_ns, int64_t window_ns)
{
    struct touch_side *at = &touch->side[side];
    int64_t value = signed_price(side, price_ticks);

    if (price_ticks == 0) {
        at->seen = false;
        return;
    }
    if (!at->seen) {
        at->seen = true;
        at->first_ns = now_ns;
        at->value = value;
        at->low.count = at->high.count = 0;
        return;
    }
    if (value != at->value) {
        window_push(&at->low, at->value, now_ns);
        window_push(&at->high, -at->value, now_ns);
        at->value = value;
    }
    window_expire(&at->low, now_ns - window_ns);
    window_expire(&at->high, now_ns - window_ns);
}

bool touch_band(const struct touch *touch, enum side side, int64_t now_ns, int64_t window_ns,
                struct touch_band *out)
{
    const struct touch_side *at = &touch->side[side];

    if (!at->seen)
        return false;
    out->known = now_ns - at->first_ns >= window_ns;
    out->low = out->high = at->value;
    if (at->low.count > 0 && at->low.past[0].value < out->low)
        out->low = at->low.past[0].value;
    if (at->high.count > 0 && -at->high.past[0].value > out->high)
        out->high = -at->high.past[0].value;
    return true;
}

void touch_rescale(struct touch *touch, int64_t price_factor)
{
    for (int side = 0; side < SIDE_COUNT; side++) {
        struct touch_side *at = &touch->side[side];

        at->value = saturate_mul(at->value, price_factor);
        for (size_t i = 0; i < at->low.count; i++)
            at->low.past[i].value = saturate_mul(at->low.past[i].value, price_factor);
        for (size_t i = 0; i < at->high.count; i++)
            at->high.past[i].value = saturate_mul(at->high.past[i].value, price_factor);
    }
}
