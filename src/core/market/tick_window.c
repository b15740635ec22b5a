/* tick_window.c - what walks a window: word by word of the bitmap, bit by bit of a word. */
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

/* Occupied slots from `slot` down to `floor`, as levels. */
static size_t take_slots_down(const struct tick_window *window, unsigned slot, unsigned floor,
                              struct level *out, size_t max)
{
    size_t count = 0;

    for (;;) {
        unsigned found = tick_window_slot_down(window, slot), word = found >> 6;
        uint64_t bits;

        if (found == TICK_WINDOW_TICKS)
            return count;
        bits = window->word[word] & (~UINT64_C(0) >> (63 - (found & 63)));
        for (; bits != 0; bits &= ~(UINT64_C(1) << (found & 63))) {
            found = word * 64 + 63 - (unsigned)__builtin_clzll(bits);
            if (found < floor || count == max)
                return count;
            out[count++] = (struct level){tick_window_tick(window, found), window->lots[found]};
        }
        if (word == 0)
            return count;
        slot = word * 64 - 1;
    }
}

/* Occupied slots from `slot` up to `ceiling`, as levels. */
static size_t take_slots_up(const struct tick_window *window, unsigned slot, unsigned ceiling,
                            struct level *out, size_t max)
{
    size_t count = 0;

    for (;;) {
        unsigned found = tick_window_slot_up(window, slot), word = found >> 6;
        uint64_t bits;

        if (found == TICK_WINDOW_TICKS)
            return count;
        for (bits = window->word[word] & (~UINT64_C(0) << (found & 63)); bits != 0; bits &= bits - 1) {
            found = word * 64 + (unsigned)__builtin_ctzll(bits);
            if (found > ceiling || count == max)
                return count;
            out[count++] = (struct level){tick_window_tick(window, found), window->lots[found]};
        }
        if (word == TICK_WINDOW_WORDS - 1)
            return count;
        slot = word * 64 + 64;
    }
}

size_t tick_window_take_down(const struct tick_window *window, int64_t from, struct level *out, size_t max)
{
    unsigned slot = tick_window_slot(from), seam = tick_window_slot(window->base);
    size_t count;

    if (slot >= seam)
        return take_slots_down(window, slot, seam, out, max);
    count = take_slots_down(window, slot, 0, out, max);
    return count + take_slots_down(window, TICK_WINDOW_TICKS - 1, seam, out + count, max - count);
}

size_t tick_window_take_up(const struct tick_window *window, int64_t from, struct level *out, size_t max)
{
    unsigned slot = tick_window_slot(from), seam = tick_window_slot(window->base);
    size_t count;

    if (slot < seam)
        return take_slots_up(window, slot, seam - 1, out, max);
    count = take_slots_up(window, slot, TICK_WINDOW_TICKS - 1, out, max);
    if (seam == 0)
        return count;
    return count + take_slots_up(window, 0, seam - 1, out + count, max - count);
}
