#include "exec/paper_slippage.h"

#include <math.h>

struct cost_curve {
    int64_t best_ticks, last_ticks, span_ticks;
    int64_t depth_lots;
};

static bool curve_of(const struct order_book *book, enum side side, struct cost_curve *curve)
{
    struct level level;

    *curve = (struct cost_curve){0};
    if (!order_book_best(book, side, &level))
        return false;
    curve->best_ticks = level.price_ticks;
    do {
        curve->last_ticks = level.price_ticks;
        if (__builtin_add_overflow(curve->depth_lots, level.qty_lots, &curve->depth_lots))
            return false;
    } while (order_book_next(book, side, level.price_ticks, &level));
    curve->span_ticks = curve->last_ticks > curve->best_ticks ? curve->last_ticks - curve->best_ticks
                                                              : curve->best_ticks - curve->last_ticks;
    if (curve->span_ticks == 0)
        curve->span_ticks = 1; /* a single level: its size a tick */
    return curve->depth_lots > 0;
}

/* Ticks from the best at which `lots` beyond the depth end; more than the depth's own span. */
static int64_t distance_of(enum paper_slippage kind, const struct cost_curve *curve, int64_t lots)
{
    double share = 1 + (double)lots / (double)curve->depth_lots, ticks;
    int64_t whole;

    ticks = (double)curve->span_ticks * (kind == PAPER_SLIPPAGE_LINEAR ? share : sqrt(share));
    if (ticks > 1e15)
        return INT64_C(1000000000000000);
    whole = (int64_t)ticks;
    whole += (double)whole < ticks;
    return whole > curve->span_ticks ? whole : curve->span_ticks + 1;
}

int64_t paper_slippage_beyond(enum paper_slippage kind, const struct order_book *book, enum side side,
                              int64_t limit_ticks, int64_t lots, int64_t *price_ticks)
{
    int away = -side_sign(side); /* asks rise, bids fall */
    struct cost_curve curve;
    int64_t room_ticks, low = 0, high = lots;

    if (kind == PAPER_SLIPPAGE_NONE || lots <= 0 || !curve_of(book, side, &curve))
        return 0;
    room_ticks = limit_ticks == 0 ? INT64_MAX : away * (limit_ticks - curve.best_ticks);
    if (side == SIDE_BID && room_ticks > curve.best_ticks - 1)
        room_ticks = curve.best_ticks - 1; /* a price stays above zero */
    while (low < high) {                   /* the most lots whose end is within the limit */
        int64_t mid = low + (high - low + 1) / 2;

        if (distance_of(kind, &curve, mid) <= room_ticks)
            low = mid;
        else
            high = mid - 1;
    }
    if (low > 0)
        *price_ticks = curve.best_ticks + away * distance_of(kind, &curve, low);
    return low;
}
