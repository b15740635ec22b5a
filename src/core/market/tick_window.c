/* tick_window.c - the one operation of a window that is not a handful of instructions: a range sum. */
#include "core/market/tick_window.h"

#include "core/market/saturate.h"

#include <assert.h>

/* Slots first..last in slot order. Empty words cost one test: 64 ticks at a time. */
static int64_t sum_slots(const struct tick_window *window, unsigned first, unsigned last)
{
    int64_t sum = 0;

    for (unsigned word = first >> 6; word <= last >> 6; word++) {
        uint64_t bits = window->word[word];

        if (word == first >> 6)
            bits &= ~UINT64_C(0) << (first & 63);
        if (word == last >> 6)
            bits &= ~UINT64_C(0) >> (63 - (last & 63));
        for (; bits != 0; bits &= bits - 1)
            sum = saturate_add(sum, window->lots[word * 64 + (unsigned)__builtin_ctzll(bits)]);
    }
    return sum;
}

int64_t tick_window_sum(const struct tick_window *window, int64_t low, int64_t high)
{
    unsigned first = tick_window_slot(low), last = tick_window_slot(high);

    assert(tick_window_has(window, low) && tick_window_has(window, high));
    if (low > high)
        return 0;
    if (first <= last)
        return sum_slots(window, first, last);
    return saturate_add(sum_slots(window, first, TICK_WINDOW_TICKS - 1), sum_slots(window, 0, last));
}
