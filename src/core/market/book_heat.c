#include "core/market/book_heat.h"

#include <stdlib.h>
#include <string.h>

#define UNIT_BITS 22 /* of the greatest size of the first sample: 1,000 times as much still fits */

struct column {
    int64_t begin_ms, first_cell;
    int64_t touch_ticks[SIDE_COUNT];
    int64_t bought_lots, sold_lots;
    int64_t largest_ticks[SIDE_COUNT], largest_lots[SIDE_COUNT];
    uint32_t samples;                              /* seconds of a book that was LIVE */
    uint16_t size[HEAT_CELLS], traded[HEAT_CELLS]; /* packed; of the running one nothing yet */
};

struct ring {
    int64_t span_ms;
    size_t count, newest;      /* newest: index in column[] */
    struct heat_cells running; /* of the newest */
    struct column column[HEAT_COLUMNS];
};

struct book_heat {
    int64_t cell_ticks, unit_lots;
    int64_t second_ms; /* of the last sample */
    struct ring ring[HEAT_RINGS];
    int64_t lots[HEAT_CELLS]; /* being summed */
};

struct book_heat *book_heat_new(int64_t cell_ticks)
{
    struct book_heat *heat = cell_ticks > 0 ? calloc(1, sizeof(*heat)) : NULL;

    if (heat == NULL)
        return NULL;
    heat->cell_ticks = cell_ticks;
    heat->second_ms = INT64_MIN;
    heat->ring[HEAT_FINE].span_ms = INT64_C(1000) * HEAT_FINE_S;
    heat->ring[HEAT_COARSE].span_ms = INT64_C(1000) * HEAT_COARSE_S;
    return heat;
}

void book_heat_free(struct book_heat *heat)
{
    free(heat);
}

int64_t book_heat_cell_ticks(const struct book_heat *heat)
{
    return heat->cell_ticks;
}

int64_t book_heat_unit_lots(const struct book_heat *heat)
{
    return heat->unit_lots;
}

/* --- cells that are over: a float of twelve binary digits whose order is that of its values ------------------- */

#define PACK_BITS 11
#define PACK_ONE  (1U << PACK_BITS)

static uint16_t pack(uint32_t value)
{
    unsigned shift;

    if (value < 2 * PACK_ONE)
        return (uint16_t)value;
    shift = 31U - (unsigned)__builtin_clz(value) - PACK_BITS;
    /* rounded up to the next power of two it is the first of the next shift, which is what it should be */
    return (uint16_t)((shift << PACK_BITS) + (unsigned)(((uint64_t)value + (1U << (shift - 1))) >> shift));
}

static uint32_t unpack(uint16_t packed)
{
    unsigned shift = packed < 2 * PACK_ONE ? 0 : ((unsigned)packed >> PACK_BITS) - 1;
    uint64_t value = shift == 0 ? packed : (uint64_t)((packed & (PACK_ONE - 1)) + PACK_ONE) << shift;

    return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static void column_is_over(struct ring *ring)
{
    struct column *column = &ring->column[ring->newest];

    for (size_t i = 0; i < HEAT_CELLS; i++) {
        column->size[i] = pack(ring->running.size[i]);
        column->traded[i] = pack(ring->running.traded[i]);
    }
    memset(&ring->running, 0, sizeof(ring->running));
}

/* The running column of a time; a new one is empty until it is sampled, its cells at the prices of those of the one before.
 * Time that stands still or goes back stays in it. */
static struct column *column_at(struct ring *ring, int64_t now_ms)
{
    struct column *last = &ring->column[ring->newest], *column;
    int64_t begin_ms = now_ms - now_ms % ring->span_ms;

    if (ring->count > 0 && begin_ms <= last->begin_ms)
        return last;
    if (ring->count > 0) {
        column_is_over(ring);
        ring->newest = (ring->newest + 1) % HEAT_COLUMNS;
    }
    if (ring->count < HEAT_COLUMNS)
        ring->count++;
    column = &ring->column[ring->newest];
    memset(column, 0, sizeof(*column));
    column->begin_ms = begin_ms;
    column->first_cell = last->first_cell; /* of a ring's only column: of itself, 0 */
    return column;
}

static int64_t cell_of(const struct book_heat *heat, int64_t price_ticks)
{
    return price_ticks / heat->cell_ticks;
}

static uint32_t units(const struct book_heat *heat, int64_t lots)
{
    int64_t value = heat->unit_lots > 0 ? (lots + heat->unit_lots / 2) / heat->unit_lots : 0;

    if (value == 0 && lots > 0)
        value = 1; /* something rests there */
    return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

/* --- the book ----------------------------------------------------------------------------------------------- */

static void sum_side(struct book_heat *heat, const struct order_book *book, enum side side,
                     int64_t first_cell)
{
    struct level level;
    bool more = order_book_best(book, side, &level);

    while (more) {
        int64_t cell = cell_of(heat, level.price_ticks) - first_cell;

        if (side == SIDE_BID ? cell < 0 : cell >= HEAT_CELLS)
            return;
        if (cell >= 0 && cell < HEAT_CELLS &&
            __builtin_add_overflow(heat->lots[cell], level.qty_lots, &heat->lots[cell]))
            heat->lots[cell] = INT64_MAX;
        more = order_book_next(book, side, level.price_ticks, &level);
    }
}

static void choose_unit(struct book_heat *heat)
{
    int64_t most = 0;

    for (size_t i = 0; i < HEAT_CELLS; i++)
        most = heat->lots[i] > most ? heat->lots[i] : most;
    if (heat->unit_lots == 0 && most > 0)
        heat->unit_lots = (most >> UNIT_BITS) + 1;
}

/* The cells of a column move with the mid; those that it has already go with their prices. */
static void recentre(struct column *column, struct heat_cells *cells, int64_t first_cell)
{
    uint32_t *array[] = {cells->size, cells->traded};
    int64_t by = first_cell - column->first_cell;

    if (by == 0)
        return;
    for (int a = 0; a < 2; a++) {
        if (by >= HEAT_CELLS || by <= -HEAT_CELLS) {
            memset(array[a], 0, HEAT_CELLS * sizeof(uint32_t));
        } else if (by > 0) {
            memmove(array[a], array[a] + by, (size_t)(HEAT_CELLS - by) * sizeof(uint32_t));
            memset(array[a] + HEAT_CELLS - by, 0, (size_t)by * sizeof(uint32_t));
        } else {
            memmove(array[a] - by, array[a], (size_t)(HEAT_CELLS + by) * sizeof(uint32_t));
            memset(array[a], 0, (size_t)-by * sizeof(uint32_t));
        }
    }
    column->first_cell = first_cell;
}

/* The mean of the column's seconds so far: what stood a moment weighs little. */
static void add_sample(struct book_heat *heat, struct column *column, struct heat_cells *cells,
                       int64_t first_cell)
{
    recentre(column, cells, first_cell);
    column->samples++;
    for (size_t i = 0; i < HEAT_CELLS; i++) {
        int64_t now = units(heat, heat->lots[i]), before = cells->size[i];

        cells->size[i] = (uint32_t)(before + (now - before) / column->samples);
    }
}

static void sample(struct book_heat *heat, const struct order_book *book, const struct level best[SIDE_COUNT],
                   int64_t now_ms)
{
    int64_t mid_ticks = best[SIDE_BID].price_ticks / 2 + best[SIDE_ASK].price_ticks / 2;
    int64_t first_cell = cell_of(heat, mid_ticks) - HEAT_CELLS / 2;

    memset(heat->lots, 0, sizeof(heat->lots));
    sum_side(heat, book, SIDE_BID, first_cell);
    sum_side(heat, book, SIDE_ASK, first_cell);
    choose_unit(heat);
    for (int r = 0; r < HEAT_RINGS; r++) {
        struct column *column = column_at(&heat->ring[r], now_ms);

        add_sample(heat, column, &heat->ring[r].running, first_cell);
        for (int side = 0; side < SIDE_COUNT; side++)
            column->touch_ticks[side] = best[side].price_ticks;
    }
}

void book_heat_tick(struct book_heat *heat, const struct order_book *book, bool live, int64_t now_ms)
{
    int64_t second_ms = now_ms - now_ms % 1000;
    struct level best[SIDE_COUNT];

    if (second_ms <= heat->second_ms)
        return;
    heat->second_ms = second_ms;
    if (live && order_book_best(book, SIDE_BID, &best[SIDE_BID]) &&
        order_book_best(book, SIDE_ASK, &best[SIDE_ASK]))
        sample(heat, book, best, now_ms);
    else
        for (int r = 0; r < HEAT_RINGS; r++)
            column_at(&heat->ring[r], now_ms); /* nothing is known of it */
}

/* --- trades ------------------------------------------------------------------------------------------------- */

void book_heat_trade(struct book_heat *heat, const struct trade *trade, int64_t now_ms)
{
    if (trade->off_market)
        return;
    for (int r = 0; r < HEAT_RINGS; r++) {
        struct column *column = column_at(&heat->ring[r], now_ms);
        int64_t *sum = trade->taker == SIDE_BID ? &column->bought_lots : &column->sold_lots;
        uint32_t *traded = heat->ring[r].running.traded;
        int64_t cell = cell_of(heat, trade->price_ticks) - column->first_cell;

        if (__builtin_add_overflow(*sum, trade->qty_lots, sum))
            *sum = INT64_MAX;
        if (trade->qty_lots > column->largest_lots[trade->taker]) {
            column->largest_lots[trade->taker] = trade->qty_lots;
            column->largest_ticks[trade->taker] = trade->price_ticks;
        }
        if (cell >= 0 && cell < HEAT_CELLS &&
            __builtin_add_overflow(traded[cell], units(heat, trade->qty_lots), &traded[cell]))
            traded[cell] = UINT32_MAX;
    }
}

/* --- looking ------------------------------------------------------------------------------------------------ */

size_t book_heat_count(const struct book_heat *heat, enum heat_ring ring)
{
    return heat->ring[ring].count;
}

bool book_heat_column(const struct book_heat *heat, enum heat_ring ring, size_t back, struct heat_column *out)
{
    const struct ring *from = &heat->ring[ring];
    const struct column *column;

    if (back >= from->count)
        return false;
    column = &from->column[(from->newest + HEAT_COLUMNS - back) % HEAT_COLUMNS];
    *out = (struct heat_column){.begin_ms = column->begin_ms,
                                .first_cell = column->first_cell,
                                .bought_lots = column->bought_lots,
                                .sold_lots = column->sold_lots,
                                .known = column->samples > 0};
    for (int side = 0; side < SIDE_COUNT; side++) {
        out->touch_ticks[side] = column->touch_ticks[side];
        out->largest[side].price_ticks = column->largest_ticks[side];
        out->largest[side].lots = column->largest_lots[side];
    }
    return true;
}

bool book_heat_cells(const struct book_heat *heat, enum heat_ring ring, size_t back, struct heat_cells *out)
{
    const struct ring *from = &heat->ring[ring];
    const struct column *column;

    if (back >= from->count)
        return false;
    if (back == 0) {
        *out = from->running;
        return true;
    }
    column = &from->column[(from->newest + HEAT_COLUMNS - back) % HEAT_COLUMNS];
    for (size_t i = 0; i < HEAT_CELLS; i++) {
        out->size[i] = unpack(column->size[i]);
        out->traded[i] = unpack(column->traded[i]);
    }
    return true;
}
