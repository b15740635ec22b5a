#include "sim/positions.h"

#include "core/base/decimal.h"

static int64_t size_of(int64_t lots)
{
    return lots < 0 ? -lots : lots;
}

int64_t position_fill(struct position *position, enum side side, int64_t price_ticks, int64_t lots)
{
    int sign = side_sign(side);
    int64_t held = size_of(position->lots), closing = 0, realised = 0;

    if (position->lots != 0 && (position->lots > 0) != (sign > 0))
        closing = lots < held ? lots : held;
    if (closing > 0) {
        int64_t cost =
            closing == held ? position->cost_value : decimal_mul_div(position->cost_value, closing, held);

        realised = price_ticks * closing - cost;
        if (position->lots < 0)
            realised = -realised;
        position->cost_value -= cost;
        position->lots += sign * closing;
    }
    position->lots += sign * (lots - closing);
    position->cost_value += price_ticks * (lots - closing);
    return realised;
}
