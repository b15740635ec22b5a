#include "core/base/round_step.h"

#define TENS_MAX INT64_C(100000000000000000)

static const int64_t digit[] = {1, 2, 5};

int64_t round_step_at_least(int64_t least)
{
    int64_t ten = 1;

    while (ten < TENS_MAX && 5 * ten < least)
        ten *= 10;
    for (int i = 0; i < 2; i++)
        if (digit[i] * ten >= least)
            return digit[i] * ten;
    return 5 * ten;
}

int64_t round_step_at_most(int64_t most)
{
    int64_t ten = 1;

    while (ten < TENS_MAX && 10 * ten <= most)
        ten *= 10;
    for (int i = 2; i > 0; i--)
        if (digit[i] * ten <= most)
            return digit[i] * ten;
    return ten;
}
