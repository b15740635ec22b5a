#include "sim/people.h"

#define TOLERANCE_GAPS 6.0 /* a maker stays at a touch that is wrong by this much */
#define LOOK_S         0.45
#define URGENT         0x100 /* a look because the touch moved; it plans no other */

_Static_assert(URGENT % MAKERS_MAX == 0, "the mark stands above the index");

/* How much the maker likes this price, -1 (wrong by all it tolerates) and more; below it will not stand there. */
static double liking(const struct pit *pit, const struct maker *maker, enum side side, int64_t price)
{
    double room = TOLERANCE_GAPS * pit->habits.gap * (1.0 - 0.6 * pit->stress);

    return side_sign(side) * (pit->fair + maker->lean - (double)price) / room;
}

/* Who likes a price stands there with more, who doubts with less: so the balance of the touch means something. */
static double size_for(const struct pit *pit, const struct maker *maker, double liked)
{
    double bent = liked > 0.6 ? 0.6 : liked;

    return maker->size_lots * fmath_exp(1.7 * bent) * (1.0 - 0.7 * pit->stress);
}

void makers_touch_moved(struct pit *pit)
{
    for (size_t i = 0; i < pit->habits.makers; i++) {
        struct maker *maker = &pit->maker[i];

        if (maker->called)
            continue;
        maker->called = true;
        people_plan(pit, maker->latency_s + numbers_exponential(&pit->numbers, maker->latency_s * 3.0),
                    PLAN_MAKER, i | URGENT);
    }
}

static void look_at_side(struct pit *pit, size_t index, enum side side)
{
    struct maker *maker = &pit->maker[index];
    struct numbers *numbers = &pit->numbers;
    struct match_order mine;
    int64_t best = people_touch(pit, side);
    bool resting = maker->order[side] != 0 && match_find(pit->book, maker->order[side], &mine);
    bool there = resting && mine.request.price_ticks == best;
    double liked = liking(pit, maker, side, best);
    /* Leaving costs the place in the queue: it takes more to leave than not to come. */
    bool want = liked > (there ? -1.4 : -1.0);

    if (want && pit->stress > 0.3)
        want = numbers_chance(numbers, 1.0 - 0.3 * pit->stress);
    if (there && want && numbers_chance(numbers, 0.985))
        return;
    if (resting && !there && numbers_chance(numbers, 0.1))
        return; /* left behind for a while */
    if (resting)
        people_cancel(pit, maker->order[side]);
    maker->order[side] = 0;
    if (!want)
        return;
    /* The cancel may have moved the touch. */
    best = people_touch(pit, side);
    liked = liking(pit, maker, side, best);
    if (liked > -1.0)
        maker->order[side] = people_rest(pit, ACCOUNT_MAKER + (uint32_t)index, side, best,
                                         people_size(pit, size_for(pit, maker, liked), 0.5), 0.0);
}

void makers_look(struct pit *pit, uint64_t arg)
{
    size_t index = (size_t)(arg % MAKERS_MAX);
    struct maker *maker = &pit->maker[index];
    bool bid_first = numbers_chance(&pit->numbers, 0.5);

    if (arg < URGENT)
        maker->lean = 0.9 * maker->lean + 0.25 * pit->habits.gap * numbers_normal(&pit->numbers);
    maker->called = true; /* its own quotes do not wake it */
    look_at_side(pit, index, bid_first ? SIDE_BID : SIDE_ASK);
    look_at_side(pit, index, bid_first ? SIDE_ASK : SIDE_BID);
    maker->called = false;
    if (arg < URGENT)
        people_plan(pit,
                    maker->latency_s + numbers_exponential(&pit->numbers, LOOK_S / pit->habits.weight /
                                                                              (0.3 + pit->activity)),
                    PLAN_MAKER, index);
}

/* The spread is open: who is quickest takes the place, on the side that the fair price favours. */
void makers_close(struct pit *pit)
{
    struct numbers *numbers = &pit->numbers;
    int64_t bid = pit->best[SIDE_BID], ask = pit->best[SIDE_ASK];
    double lean, lots, life_s;
    enum side side;

    pit->close_planned = false;
    if (bid == 0 || ask == 0 || ask - bid < 2)
        return;
    lean = (pit->fair - 0.5 * (double)(bid + ask)) / pit->habits.gap;
    side = numbers_chance(numbers, 1.0 / (1.0 + fmath_exp(-4.0 * lean))) ? SIDE_BID : SIDE_ASK;
    lots = people_size(pit, people_lots(pit, 0.12 * pit->habits.touch_usd), 1.8);
    life_s = 0.4 + numbers_exponential(numbers, 2.5);
    people_rest(pit, ACCOUNT_CLOSER, side, side == SIDE_BID ? ask - 1 : bid + 1, lots, life_s);
}

void makers_init(struct pit *pit)
{
    for (size_t i = 0; i < pit->habits.makers; i++) {
        struct maker *maker = &pit->maker[i];

        maker->size_lots = numbers_lognormal(&pit->numbers, people_lots(pit, pit->habits.touch_usd), 0.9);
        maker->latency_s = numbers_lognormal(&pit->numbers, 0.004, 0.8);
        people_plan(pit, numbers_uniform(&pit->numbers), PLAN_MAKER, i);
    }
}
