/*
 * order_book.c - a window of ticks around the touch for each side, and a sorted store for the rest.
 *
 *   bids:        |<- far ->|[------------- window ------------^---- ]|<- far ->|
 *                         base                             best     base + 65,536
 *
 * Nearly every update falls into the window: a store and a bit. The window stands so that the best
 * price is a quarter of its width from its better end, since depth lies behind the touch. It moves when
 * the best comes within a sixteenth of that end, or falls under the middle, and then it moves the whole
 * way: so it does not follow every tick. Moving it means taking the levels that leave it into
 * the far store and those that enter out of it, never more than WINDOW_MOVES_MAX a call: a price
 * jump of any size is paid in small parts by the updates after it. Until then a best price outside
 * the window is only slower, never wrong: each search looks at both stores.
 */
#include "core/market/order_book.h"

#include "core/base/smaller.h"
#include "core/market/far_levels.h"
#include "core/market/saturate.h"
#include "core/market/tick_window.h"

#include <assert.h>
#include <stdlib.h>

#define SUM_TOP_PART     32 /* levels summed from one walk of the window; more are walked singly */
#define WINDOW_MOVES_MAX 64 /* levels carried in or out by one update: some 2 us */

/* Where the best stands in its window, in ticks from the better end. */
#define BEST_AT  (TICK_WINDOW_TICKS / 4)
#define BEST_MIN (TICK_WINDOW_TICKS / 16)
#define BEST_MAX (TICK_WINDOW_TICKS / 2)

struct book_side {
    int64_t best_ticks;  /* 0: empty */
    int64_t base_target; /* window.base moves towards it */
    struct tick_window window;
    struct far_levels far;
};

struct order_book {
    struct book_side side[SIDE_COUNT];
    struct level scratch[ORDER_BOOK_LEVELS_MAX]; /* of a rescale; not touched before */
};

static bool better(enum side side, int64_t a_ticks, int64_t b_ticks)
{
    return side == SIDE_BID ? a_ticks > b_ticks : a_ticks < b_ticks;
}

/* Base of a window in which ticks stands at BEST_AT. */
static int64_t base_for(enum side side, int64_t ticks)
{
    return side == SIDE_BID ? ticks - (TICK_WINDOW_TICKS - 1) + BEST_AT : ticks - BEST_AT;
}

static size_t side_count(const struct book_side *s)
{
    return s->window.count + s->far.count;
}

static int64_t side_lots(const struct book_side *s, int64_t ticks)
{
    if (tick_window_has(&s->window, ticks))
        return tick_window_lots(&s->window, ticks);
    return far_levels_lots(&s->far, ticks);
}

/* --- searching both stores ------------------------------------------------------------------------ */

/* The highest level below ticks: above the window, in it, below it. */
static bool next_down(const struct book_side *s, int64_t ticks, struct level *out)
{
    int64_t high = s->window.base + TICK_WINDOW_TICKS - 1;

    if (s->far.count > 0 && ticks > high + 1 && far_levels_below(&s->far, ticks, out) &&
        out->price_ticks > high)
        return true;
    if (ticks > s->window.base) {
        if (tick_window_down(&s->window, ticks - 1 < high ? ticks - 1 : high, &out->price_ticks)) {
            out->qty_lots = tick_window_lots(&s->window, out->price_ticks);
            return true;
        }
        ticks = s->window.base;
    }
    return far_levels_below(&s->far, ticks, out);
}

/* The lowest level above ticks: below the window, in it, above it. */
static bool next_up(const struct book_side *s, int64_t ticks, struct level *out)
{
    int64_t low = s->window.base, high = low + TICK_WINDOW_TICKS - 1;

    if (s->far.count > 0 && ticks < low - 1 && far_levels_above(&s->far, ticks, out) &&
        out->price_ticks < low)
        return true;
    if (ticks < high) {
        if (tick_window_up(&s->window, ticks + 1 > low ? ticks + 1 : low, &out->price_ticks)) {
            out->qty_lots = tick_window_lots(&s->window, out->price_ticks);
            return true;
        }
        ticks = high;
    }
    return far_levels_above(&s->far, ticks, out);
}

static bool next_out(const struct book_side *s, enum side side, int64_t ticks, struct level *out)
{
    return side == SIDE_BID ? next_down(s, ticks, out) : next_up(s, ticks, out);
}

/* --- moving the window ---------------------------------------------------------------------------- */

/* One level from the window to the far store, and one back. */
static void carry_out(struct book_side *s, int64_t ticks)
{
    far_levels_put(&s->far, ticks, tick_window_put(&s->window, ticks, 0));
}

static void carry_in(struct book_side *s, int64_t ticks)
{
    tick_window_put(&s->window, ticks, far_levels_put(&s->far, ticks, 0));
}

/* Base moves up to its target, or as far as WINDOW_MOVES_MAX levels allow. */
static void window_move_up(struct book_side *s)
{
    struct tick_window *window = &s->window;

    for (int moves = 0; moves < WINDOW_MOVES_MAX && window->base < s->base_target;) {
        int64_t free_to = s->base_target, leaves;
        struct level enters;

        /* Base may rise to the lowest level inside, and until the next far level would be inside. */
        if (tick_window_up(window, window->base, &leaves) && leaves < free_to)
            free_to = leaves;
        if (far_levels_above(&s->far, window->base + TICK_WINDOW_TICKS - 1, &enters) &&
            enters.price_ticks - TICK_WINDOW_TICKS < free_to)
            free_to = enters.price_ticks - TICK_WINDOW_TICKS;
        window->base = free_to;
        if (free_to == s->base_target)
            return;
        /* One tick more: what stands on base leaves, what stands on base + width enters its slot. */
        if (tick_window_lots(window, free_to) != 0) {
            carry_out(s, free_to);
            moves++;
        }
        window->base++;
        if (far_levels_lots(&s->far, free_to + TICK_WINDOW_TICKS) != 0) {
            carry_in(s, free_to + TICK_WINDOW_TICKS);
            moves++;
        }
    }
}

static void window_move_down(struct book_side *s)
{
    struct tick_window *window = &s->window;

    for (int moves = 0; moves < WINDOW_MOVES_MAX && window->base > s->base_target;) {
        int64_t free_to = s->base_target, leaves, high = window->base + TICK_WINDOW_TICKS - 1;
        struct level enters;

        if (tick_window_down(window, high, &leaves) && leaves - (TICK_WINDOW_TICKS - 1) > free_to)
            free_to = leaves - (TICK_WINDOW_TICKS - 1);
        if (far_levels_below(&s->far, window->base, &enters) && enters.price_ticks + 1 > free_to)
            free_to = enters.price_ticks + 1;
        window->base = free_to;
        if (free_to == s->base_target)
            return;
        high = free_to + TICK_WINDOW_TICKS - 1;
        if (tick_window_lots(window, high) != 0) {
            carry_out(s, high);
            moves++;
        }
        window->base--;
        if (far_levels_lots(&s->far, free_to - 1) != 0) {
            carry_in(s, free_to - 1);
            moves++;
        }
    }
}

/* After each change of the best: does the window still stand well around it? */
static void window_aim(struct book_side *s, enum side side)
{
    int64_t base = s->window.base, from_end;

    if (s->best_ticks == 0)
        return;
    from_end = side == SIDE_BID ? base + TICK_WINDOW_TICKS - 1 - s->best_ticks : s->best_ticks - base;
    if (from_end < BEST_MIN || from_end > BEST_MAX)
        s->base_target = base_for(side, s->best_ticks);
}

static void window_move(struct book_side *s)
{
    if (s->window.base < s->base_target)
        window_move_up(s);
    else
        window_move_down(s);
}

/* --- updates -------------------------------------------------------------------------------------- */

static void best_after(struct book_side *s, enum side side, int64_t ticks, int64_t lots)
{
    struct level next;

    if (s->best_ticks != 0 && better(side, s->best_ticks, ticks))
        return; /* behind the best: nearly every update */
    if (lots != 0)
        s->best_ticks = ticks;
    else if (ticks == s->best_ticks)
        s->best_ticks = next_out(s, side, ticks, &next) ? next.price_ticks : 0;
    window_aim(s, side);
}

static enum err side_set(struct book_side *s, enum side side, int64_t ticks, int64_t lots)
{
    if (ticks <= 0 || ticks > ORDER_BOOK_PRICE_MAX || lots < 0)
        return ERR_BAD_DATA;
    if (s->best_ticks == 0) { /* empty: the window can stand anywhere */
        if (lots == 0)
            return ERR_OK;
        s->window.base = s->base_target = base_for(side, ticks);
    }
    if (__builtin_expect(side_count(s) >= ORDER_BOOK_LEVELS_MAX, 0) && lots != 0 && side_lots(s, ticks) == 0)
        return ERR_FULL;
    if (__builtin_expect(tick_window_has(&s->window, ticks), 1))
        tick_window_put(&s->window, ticks, lots);
    else
        far_levels_put(&s->far, ticks, lots);
    best_after(s, side, ticks, lots);
    if (__builtin_expect(s->window.base != s->base_target, 0))
        window_move(s);
    return ERR_OK;
}

struct order_book *order_book_new(void)
{
    return calloc(1, sizeof(struct order_book)); /* large, so fresh zero pages: nothing is touched yet */
}

void order_book_free(struct order_book *book)
{
    free(book);
}

static void side_clear(struct book_side *s)
{
    int64_t ticks;

    while (tick_window_up(&s->window, s->window.base, &ticks))
        tick_window_put(&s->window, ticks, 0);
    far_levels_clear(&s->far);
    s->best_ticks = 0;
}

void order_book_clear(struct order_book *book)
{
    side_clear(&book->side[SIDE_BID]);
    side_clear(&book->side[SIDE_ASK]);
}

enum err order_book_set(struct order_book *book, enum side side, int64_t price_ticks, int64_t qty_lots)
{
    return side_set(&book->side[side], side, price_ticks, qty_lots);
}

enum err order_book_apply(struct order_book *book, const struct depth_update *update)
{
    enum err first = ERR_OK;

    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        for (size_t i = 0; i < update->level_count[side]; i++) {
            struct level level = update->levels[side][i];
            enum err err = side_set(&book->side[side], side, level.price_ticks, level.qty_lots);

            if (err != ERR_OK && first == ERR_OK)
                first = err;
        }
    }
    return first;
}

enum err order_book_load(struct order_book *book, const struct depth_snapshot *snapshot)
{
    enum err first = ERR_OK;

    order_book_clear(book);
    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        for (size_t i = 0; i < snapshot->level_count[side]; i++) {
            struct level level = snapshot->levels[side][i];
            enum err err = side_set(&book->side[side], side, level.price_ticks, level.qty_lots);

            if (err != ERR_OK && first == ERR_OK)
                first = err;
        }
    }
    return first;
}

/* --- looking -------------------------------------------------------------------------------------- */

bool order_book_best(const struct order_book *book, enum side side, struct level *out)
{
    const struct book_side *s = &book->side[side];

    if (s->best_ticks == 0)
        return false;
    out->price_ticks = s->best_ticks;
    out->qty_lots = side_lots(s, s->best_ticks);
    return true;
}

int64_t order_book_qty(const struct order_book *book, enum side side, int64_t price_ticks)
{
    return price_ticks > 0 ? side_lots(&book->side[side], price_ticks) : 0;
}

size_t order_book_count(const struct order_book *book, enum side side)
{
    return side_count(&book->side[side]);
}

bool order_book_crossed(const struct order_book *book)
{
    int64_t bid = book->side[SIDE_BID].best_ticks, ask = book->side[SIDE_ASK].best_ticks;

    return bid != 0 && ask != 0 && bid >= ask;
}

size_t order_book_top(const struct order_book *book, enum side side, struct level *out, size_t max)
{
    const struct book_side *s = &book->side[side];
    size_t count = 0;
    struct level level;
    bool more = order_book_best(book, side, &level);

    while (more && count < max) {
        if (tick_window_has(&s->window, level.price_ticks)) { /* all of the window that follows, in one go */
            count += side == SIDE_BID
                         ? tick_window_take_down(&s->window, level.price_ticks, out + count, max - count)
                         : tick_window_take_up(&s->window, level.price_ticks, out + count, max - count);
            level = out[count - 1];
        } else {
            out[count++] = level;
        }
        more = next_out(s, side, level.price_ticks, &level);
    }
    return count;
}

bool order_book_next(const struct order_book *book, enum side side, int64_t price_ticks, struct level *out)
{
    struct level level;

    if (!next_out(&book->side[side], side, price_ticks, &level))
        return false;
    *out = level;
    return true;
}

/* Sum of the far levels from low to high. */
static int64_t far_sum(const struct book_side *s, int64_t low, int64_t high)
{
    int64_t sum = 0;
    struct level level = {low - 1, 0};

    while (far_levels_above(&s->far, level.price_ticks, &level) && level.price_ticks <= high)
        sum = saturate_add(sum, level.qty_lots);
    return sum;
}

int64_t order_book_sum_to(const struct order_book *book, enum side side, int64_t limit_ticks)
{
    const struct book_side *s = &book->side[side];
    int64_t base = s->window.base, end = base + TICK_WINDOW_TICKS, sum = 0;
    int64_t low = smaller(s->best_ticks, limit_ticks), high = larger(s->best_ticks, limit_ticks);

    if (s->best_ticks == 0 || better(side, limit_ticks, s->best_ticks))
        return 0;
    if (low < end && high >= base)
        sum = tick_window_sum(&s->window, larger(low, base), smaller(high, end - 1));
    if (low < base)
        sum = saturate_add(sum, far_sum(s, low, smaller(high, base - 1)));
    if (high >= end)
        sum = saturate_add(sum, far_sum(s, larger(low, end), high));
    return sum;
}

int64_t order_book_sum_top(const struct order_book *book, enum side side, size_t levels)
{
    struct level part[SUM_TOP_PART], level;
    size_t count = order_book_top(book, side, part, levels < SUM_TOP_PART ? levels : SUM_TOP_PART);
    int64_t sum = 0;

    if (count == 0)
        return 0;
    for (size_t i = 0; i < count; i++)
        sum = saturate_add(sum, part[i].qty_lots);
    level = part[count - 1];
    for (; count < levels && next_out(&book->side[side], side, level.price_ticks, &level); count++)
        sum = saturate_add(sum, level.qty_lots);
    return sum;
}

int64_t order_book_walk(const struct order_book *book, enum side side, int64_t qty_lots, int64_t limit_ticks,
                        int64_t *worst_ticks, __int128 *value_tick_lots)
{
    int64_t taken = 0;
    struct level level;
    bool more = order_book_best(book, side, &level);

    *worst_ticks = 0;
    *value_tick_lots = 0;
    while (more && taken < qty_lots) {
        int64_t lots = smaller(level.qty_lots, qty_lots - taken);

        if (limit_ticks != 0 && better(side, limit_ticks, level.price_ticks))
            break;
        taken += lots;
        *worst_ticks = level.price_ticks;
        *value_tick_lots += (__int128)level.price_ticks * lots;
        more = next_out(&book->side[side], side, level.price_ticks, &level);
    }
    return taken;
}

void order_book_rescale(struct order_book *book, int64_t price_factor, int64_t qty_factor)
{
    assert(price_factor >= 1 && qty_factor >= 1);
    if (price_factor == 1 && qty_factor == 1)
        return;
    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        size_t count = order_book_top(book, side, book->scratch, ORDER_BOOK_LEVELS_MAX);

        side_clear(&book->side[side]);
        for (size_t i = 0; i < count; i++) {
            struct level level = book->scratch[i];

            if (!__builtin_mul_overflow(level.price_ticks, price_factor, &level.price_ticks) &&
                !__builtin_mul_overflow(level.qty_lots, qty_factor, &level.qty_lots))
                (void)side_set(&book->side[side], side, level.price_ticks, level.qty_lots);
        }
    }
}
