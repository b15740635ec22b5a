#include "feed/steps.h"

#include "core/base/decimal.h"

static void steps_update(struct steps *steps)
{
    exact_div_init(&steps->price, steps->tick_e8);
    exact_div_init(&steps->qty, steps->lot_e8);
}

void steps_init(struct steps *steps, int64_t tick_e8, int64_t lot_e8)
{
    steps->tick_known = tick_e8 > 0;
    steps->lot_known = lot_e8 > 0;
    steps->tick_e8 = tick_e8 > 0 ? tick_e8 : DECIMAL_E8;
    steps->lot_e8 = lot_e8 > 0 ? lot_e8 : DECIMAL_E8;
    steps_update(steps);
}

unsigned steps_convert(const struct steps *steps, const struct wire_level *in, size_t count,
                       struct level *out)
{
    const struct exact_div price = steps->price, qty = steps->qty;
    bool exact = true, zero = false;

    for (size_t i = 0; i < count; i++) {
        exact &= exact_div_try(&price, in[i].price_e8, &out[i].price_ticks);
        exact &= exact_div_try(&qty, in[i].qty_e8, &out[i].qty_lots);
        zero |= in[i].price_e8 == 0;
    }
    return (exact ? STEPS_EXACT : STEPS_FINER) | (zero ? STEPS_ZERO_PRICE : 0);
}

void step_hint_add(struct step_hint *hint, const struct wire_level *in, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        hint->tick_e8 = decimal_gcd(hint->tick_e8, in[i].price_e8);
        hint->lot_e8 = decimal_gcd(hint->lot_e8, in[i].qty_e8);
    }
}

/* One step; returns the factor for what was counted in it. */
static int64_t refine_one(int64_t *step_e8, bool *known, int64_t hint_e8)
{
    int64_t old_e8 = *step_e8;

    if (hint_e8 <= 0)
        return 1;
    if (!*known) {
        *known = true;
        *step_e8 = hint_e8;
        return 1;
    }
    *step_e8 = decimal_gcd(old_e8, hint_e8);
    return old_e8 / *step_e8;
}

bool steps_refine(struct steps *steps, struct step_hint hint, struct step_change *change)
{
    int64_t tick_e8 = steps->tick_e8, lot_e8 = steps->lot_e8;
    bool was_known = steps->tick_known && steps->lot_known;

    change->price_factor = refine_one(&steps->tick_e8, &steps->tick_known, hint.tick_e8);
    change->qty_factor = refine_one(&steps->lot_e8, &steps->lot_known, hint.lot_e8);
    steps_update(steps);
    return tick_e8 != steps->tick_e8 || lot_e8 != steps->lot_e8 ||
           was_known != (steps->tick_known && steps->lot_known);
}
