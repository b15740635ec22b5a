/*
 * tick_window.h - the near part of one book side: a flat array of 2^16 neighbouring ticks. Pure.
 *
 *        base                                base + TICK_WINDOW_TICKS
 *          |------------- window -------------|          a slot is tick & mask, so
 *   slots:  [ .. upper ticks .. | .. lower ticks .. ]    moving base renames no slot but
 *                               ^ base & mask            those that leave or enter
 *
 * A bitmap of three levels (1,024 words, 16 words, 1 word) finds the next occupied tick in either
 * direction with at most three word tests and no scan. Memory is touched as it is used: a page of
 * 512 ticks at a time. A put costs a store and a bit; nothing depends on how many levels there are.
 *
 * Owned by order_book.c, which alone decides where the window stands and where levels outside of it
 * live. In a header because these few functions are the whole cost of a depth message.
 */
#ifndef CORE_MARKET_TICK_WINDOW_H
#define CORE_MARKET_TICK_WINDOW_H

#include "core/domain/market_event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TICK_WINDOW_TICKS  65536
#define TICK_WINDOW_WORDS  (TICK_WINDOW_TICKS / 64)
#define TICK_WINDOW_GROUPS (TICK_WINDOW_WORDS / 64)

struct tick_window {
    int64_t base;                       /* lowest tick inside; may be below 0 */
    size_t count;                       /* occupied ticks */
    uint64_t top;                       /* bit g: group[g] is not 0 */
    uint64_t group[TICK_WINDOW_GROUPS]; /* bit w of group g: word[64 g + w] is not 0 */
    uint64_t word[TICK_WINDOW_WORDS];   /* bit: the slot is occupied */
    int64_t lots[TICK_WINDOW_TICKS];    /* by slot; 0 where free */
};

static inline bool tick_window_has(const struct tick_window *window, int64_t ticks)
{
    return (uint64_t)ticks - (uint64_t)window->base < TICK_WINDOW_TICKS;
}

static inline unsigned tick_window_slot(int64_t ticks)
{
    return (unsigned)((uint64_t)ticks & (TICK_WINDOW_TICKS - 1));
}

static inline int64_t tick_window_lots(const struct tick_window *window, int64_t ticks)
{
    return window->lots[tick_window_slot(ticks)];
}

/* Sets the quantity at a tick inside the window; returns the one that was there. Without branches: whether an
 * update adds, changes or removes is a coin toss, and a branch guessed wrong costs more than all of this. */
static inline int64_t tick_window_put(struct tick_window *window, int64_t ticks, int64_t lots)
{
    unsigned slot = tick_window_slot(ticks), word = slot >> 6, group = slot >> 12;
    uint64_t is = lots != 0, bits, words;
    int64_t old = window->lots[slot];

    window->lots[slot] = lots;
    bits = (window->word[word] & ~(UINT64_C(1) << (slot & 63))) | is << (slot & 63);
    window->word[word] = bits;
    words = (window->group[group] & ~(UINT64_C(1) << (word & 63))) | (uint64_t)(bits != 0) << (word & 63);
    window->group[group] = words;
    window->top = (window->top & ~(UINT64_C(1) << group)) | (uint64_t)(words != 0) << group;
    window->count += (size_t)is - (size_t)(old != 0);
    return old;
}

/* First occupied slot from `slot` up, in slots, not ticks; TICK_WINDOW_TICKS if none. */
static inline unsigned tick_window_slot_up(const struct tick_window *window, unsigned slot)
{
    unsigned word = slot >> 6, group = slot >> 12;
    uint64_t bits = window->word[word] & (~UINT64_C(0) << (slot & 63));

    if (bits == 0) {
        bits = window->group[group] & (~UINT64_C(0) << (word & 63) << 1);
        if (bits == 0) {
            bits = window->top & (~UINT64_C(0) << group << 1);
            if (bits == 0)
                return TICK_WINDOW_TICKS;
            group = (unsigned)__builtin_ctzll(bits);
            bits = window->group[group];
        }
        word = group * 64 + (unsigned)__builtin_ctzll(bits);
        bits = window->word[word];
    }
    return word * 64 + (unsigned)__builtin_ctzll(bits);
}

/* First occupied slot from `slot` down; TICK_WINDOW_TICKS if none. */
static inline unsigned tick_window_slot_down(const struct tick_window *window, unsigned slot)
{
    unsigned word = slot >> 6, group = slot >> 12;
    uint64_t bits = window->word[word] & (~UINT64_C(0) >> (63 - (slot & 63)));

    if (bits == 0) {
        bits = window->group[group] & ((UINT64_C(1) << (word & 63)) - 1);
        if (bits == 0) {
            bits = window->top & ((UINT64_C(1) << group) - 1);
            if (bits == 0)
                return TICK_WINDOW_TICKS;
            group = 63 - (unsigned)__builtin_clzll(bits);
            bits = window->group[group];
        }
        word = group * 64 + 63 - (unsigned)__builtin_clzll(bits);
        bits = window->word[word];
    }
    return word * 64 + 63 - (unsigned)__builtin_clzll(bits);
}

/* The tick that a slot stands for while the window is where it is. */
static inline int64_t tick_window_tick(const struct tick_window *window, unsigned slot)
{
    return window->base + (int64_t)((slot - tick_window_slot(window->base)) & (TICK_WINDOW_TICKS - 1));
}

/* Lowest occupied tick >= from / highest <= from; from must be inside the window. */
static inline bool tick_window_up(const struct tick_window *window, int64_t from, int64_t *ticks)
{
    unsigned slot = tick_window_slot(from), seam = tick_window_slot(window->base);
    unsigned found = tick_window_slot_up(window, slot);

    if (slot >= seam) {
        if (found == TICK_WINDOW_TICKS && seam != 0) { /* go on behind the seam, with the upper ticks */
            found = tick_window_slot_up(window, 0);
            if (found >= seam)
                return false;
        }
    } else if (found >= seam) {
        return false;
    }
    if (found == TICK_WINDOW_TICKS)
        return false;
    *ticks = tick_window_tick(window, found);
    return true;
}

static inline bool tick_window_down(const struct tick_window *window, int64_t from, int64_t *ticks)
{
    unsigned slot = tick_window_slot(from), seam = tick_window_slot(window->base);
    unsigned found = tick_window_slot_down(window, slot);

    if (slot < seam) {
        if (found == TICK_WINDOW_TICKS) {
            found = tick_window_slot_down(window, TICK_WINDOW_TICKS - 1);
            if (found < seam)
                return false;
        }
    } else if (found < seam) {
        return false;
    }
    if (found == TICK_WINDOW_TICKS)
        return false;
    *ticks = tick_window_tick(window, found);
    return true;
}

/* Up to max occupied ticks, from `from` (inside the window) outward: down for a bid, up for an ask. */
size_t tick_window_take_down(const struct tick_window *window, int64_t from, struct level *out, size_t max);
size_t tick_window_take_up(const struct tick_window *window, int64_t from, struct level *out, size_t max);

/* Sum of lots from low to high inclusive, both inside the window; saturates at INT64_MAX. */
int64_t tick_window_sum(const struct tick_window *window, int64_t low, int64_t high);

#endif
