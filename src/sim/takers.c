#include "sim/people.h"

#define FAST_DECAY          12.0 /* a second */
#define SLOW_DECAY          0.5
#define CHILDREN_FAST_SAME  0.36 /* takers that one taker brings after it, on its side */
#define CHILDREN_FAST_OTHER 0.06
#define CHILDREN_SLOW_SAME  0.12
#define CHILDREN_SLOW_OTHER 0.08
#define CHILDREN_ELSEWHERE  0.04 /* in the market that is tied to this one */
#define SHARE_BY_BOOK       0.5
#define INTENSITY_MAX       250.0
#define PARENT_EVERY_S      22.0
#define SWEEP_EVERY_S       40.0
#define TAKE_PROFIT         0.12
#define CROWD_USD           9.0
#define CROWD_SIGMA         2.8

static double base_rate(const struct pit *pit)
{
    return pit->habits.taker_rate * pit->activity;
}

static void decay(struct pit *pit)
{
    int64_t now_ns = pit->market->now_ns;
    double dt_s = (double)(now_ns - pit->intensity_ns) / 1e9;
    double fast, slow;

    if (now_ns == pit->intensity_ns)
        return;
    fast = fmath_exp(-FAST_DECAY * dt_s);
    slow = fmath_exp(-SLOW_DECAY * dt_s);
    for (int side = 0; side < SIDE_COUNT; side++) {
        pit->intensity[side][0] *= fast;
        pit->intensity[side][1] *= slow;
    }
    pit->intensity_ns = now_ns;
}

static double side_rate(const struct pit *pit, enum side side)
{
    return base_rate(pit) + pit->intensity[side][0] + pit->intensity[side][1];
}

static double total_rate(const struct pit *pit)
{
    double sum = side_rate(pit, SIDE_BID) + side_rate(pit, SIDE_ASK);

    return sum < INTENSITY_MAX ? sum : INTENSITY_MAX;
}

/*
 * Ogata's thinning: a candidate comes at the rate that holds now, which only falls until something excites the crowd;
 * then it is planned anew. A busier mood is seen with the next candidate.
 */
static void plan_candidate(struct pit *pit)
{
    double wait_s;

    pit->candidate_bound = total_rate(pit);
    wait_s = numbers_exponential(&pit->numbers, 1.0 / pit->candidate_bound);
    people_plan(pit, wait_s < 5.0 ? wait_s : 5.0, PLAN_TAKER, ++pit->candidate_plan);
}

void takers_excite(struct pit *pit, enum side side, double times)
{
    struct market *market = pit->market;

    decay(pit);
    for (int i = 0; i < SIDE_COUNT; i++) {
        bool same = i == (int)side;

        pit->intensity[i][0] += times * FAST_DECAY * (same ? CHILDREN_FAST_SAME : CHILDREN_FAST_OTHER);
        pit->intensity[i][1] += times * SLOW_DECAY * (same ? CHILDREN_SLOW_SAME : CHILDREN_SLOW_OTHER);
    }
    if (total_rate(pit) > pit->candidate_bound)
        plan_candidate(pit);
    if (pit->symbol->usdm && pit->anchor != NOBODY) {
        struct pit *spot = &market->pit[pit->anchor];

        decay(spot);
        spot->intensity[side][0] += times * FAST_DECAY * CHILDREN_ELSEWHERE;
    }
}

/* Many look at the touch and take the thinner side while it is there. */
static enum side choose_side(struct pit *pit)
{
    double bid = side_rate(pit, SIDE_BID), ask = side_rate(pit, SIDE_ASK);

    if (numbers_chance(&pit->numbers, SHARE_BY_BOOK))
        return pit->best_qty[SIDE_BID] >= pit->best_qty[SIDE_ASK] ? SIDE_BID : SIDE_ASK;
    return numbers_uniform(&pit->numbers) * (bid + ask) < bid ? SIDE_BID : SIDE_ASK;
}

void takers_candidate(struct pit *pit, uint64_t plan)
{
    double bound = pit->candidate_bound, rate;

    if (plan != pit->candidate_plan)
        return;
    decay(pit);
    rate = total_rate(pit);
    pit->candidate_plan++;
    if (numbers_chance(&pit->numbers, rate / bound)) {
        enum side side = choose_side(pit); /* one draw after the other: C does not order arguments */

        people_take(pit, ACCOUNT_TAKER, side,
                    people_size(pit, people_taker_lots(pit, CROWD_USD), CROWD_SIGMA), 0);
    }
    plan_candidate(pit);
}

/* As far as the move went, not beyond. */
void takers_rush(struct pit *pit, enum side side)
{
    int64_t best = pit->best[side_other(side)];

    if (best == 0)
        return;
    if (numbers_chance(&pit->numbers, TAKE_PROFIT)) { /* some sell into the rise */
        side = side_other(side);
        people_take(pit, ACCOUNT_RUSH, side, people_size(pit, people_taker_lots(pit, 40.0), 1.8), 0);
        return;
    }
    if (side_sign(side) * (pit->fair - (double)best) < 0.0)
        people_take(pit, ACCOUNT_RUSH, side, people_size(pit, people_taker_lots(pit, 40.0), 1.8), best);
    else
        people_take(pit, ACCOUNT_RUSH, side, people_size(pit, people_taker_lots(pit, 400.0), 1.8),
                    (int64_t)pit->fair);
}

/* Somebody who has much to do does it in slices, on one side, for a minute or so. */
void takers_parent(struct pit *pit)
{
    struct parent *parent = &pit->parent;
    struct numbers *numbers = &pit->numbers;

    if (parent->slices_left == 0) {
        parent->side = numbers_chance(numbers, 0.5) ? SIDE_BID : SIDE_ASK;
        parent->slices_left = 8 + (int)numbers_exponential(numbers, 45.0);
        parent->slice_lots = numbers_lognormal(numbers, people_taker_lots(pit, 150.0), 1.5);
        parent->mean_wait_s = numbers_lognormal(numbers, 1.5 / pit->habits.weight, 0.7);
        people_plan(pit, numbers_exponential(numbers, PARENT_EVERY_S / pit->habits.weight), PLAN_PARENT, 0);
        return;
    }
    parent->slices_left--;
    people_take(pit, ACCOUNT_PARENT, parent->side, people_size(pit, parent->slice_lots, 0.4), 0);
    people_plan(pit, numbers_exponential(numbers, parent->mean_wait_s), PLAN_PARENT, 0);
}

/* A stop or a liquidation: through many levels at once, and others follow. */
void takers_sweep(struct pit *pit)
{
    struct numbers *numbers = &pit->numbers;
    enum side side = numbers_chance(numbers, 0.5) ? SIDE_BID : SIDE_ASK;
    double usd = numbers_lognormal(numbers, 6.0 * pit->habits.touch_usd, 0.9);

    people_take(pit, ACCOUNT_SWEEP, side, people_lots(pit, usd), 0);
    takers_excite(pit, side, 3.0);
    people_plan(
        pit, 1.0 + numbers_exponential(numbers, SWEEP_EVERY_S / pit->habits.weight / (0.3 + pit->activity)),
        PLAN_SWEEP, 0);
}

void takers_init(struct pit *pit)
{
    struct numbers *numbers = &pit->numbers;

    pit->intensity_ns = pit->market->now_ns;
    plan_candidate(pit);
    people_plan(pit, numbers_exponential(numbers, 5.0), PLAN_PARENT, 0);
    people_plan(pit, numbers_exponential(numbers, 20.0 / pit->habits.weight), PLAN_SWEEP, 0);
}
