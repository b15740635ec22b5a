#include "market/market.h"

#define FAST_DECAY          12.0 /* a second */
#define SLOW_DECAY          0.5
#define CHILDREN_FAST_SAME  0.50 /* takers that one taker brings after it, on its side */
#define CHILDREN_FAST_OTHER 0.08
#define CHILDREN_SLOW_SAME  0.20
#define CHILDREN_SLOW_OTHER 0.08
#define CHILDREN_ELSEWHERE  0.05 /* in the other instrument */
#define SHARE_BY_BOOK       0.55
#define INTENSITY_MAX       250.0
#define PARENT_EVERY_S      22.0
#define SWEEP_EVERY_S       40.0

static const int64_t any_price[2] = {INT64_MAX, 0}; /* by side of the taker */

static double base_rate(const struct sim *sim, const struct market *market)
{
    return market->params->taker_rate * sim_activity(sim);
}

static void decay(const struct sim *sim, struct market *market)
{
    double dt_s = (double)(sim->now_ns - market->intensity_ns) / 1e9;
    double fast = numbers_exp(-FAST_DECAY * dt_s), slow = numbers_exp(-SLOW_DECAY * dt_s);

    for (int side = 0; side < 2; side++) {
        market->intensity[side][0] *= fast;
        market->intensity[side][1] *= slow;
    }
    market->intensity_ns = sim->now_ns;
}

static double total_rate(const struct sim *sim, const struct market *market)
{
    double sum = 2.0 * base_rate(sim, market);

    for (int side = 0; side < 2; side++)
        sum += market->intensity[side][0] + market->intensity[side][1];
    return sum < INTENSITY_MAX ? sum : INTENSITY_MAX;
}

static void excite(struct sim *sim, struct market *market, enum lob_side side)
{
    for (int i = 0; i < 2; i++) {
        bool same = i == (int)side;

        market->intensity[i][0] += FAST_DECAY * (same ? CHILDREN_FAST_SAME : CHILDREN_FAST_OTHER);
        market->intensity[i][1] += SLOW_DECAY * (same ? CHILDREN_SLOW_SAME : CHILDREN_SLOW_OTHER);
    }
    for (int i = 0; i < MARKETS; i++) {
        if (i != market->index)
            sim->market[i].intensity[side][0] += FAST_DECAY * CHILDREN_ELSEWHERE;
    }
}

/* Many look at the touch and take the thinner side while it is there. */
static enum lob_side thin_side_taker(const struct market *market)
{
    return market->shown[LOB_BID].qty >= market->shown[LOB_ASK].qty ? LOB_BID : LOB_ASK;
}

/*
 * Ogata's thinning: candidates come at the rate that held when the last one was looked at, which only falls
 * between; each is real with the share that is left. Excitement from elsewhere in between only adds a little
 * less than it should.
 */
void takers_candidate(struct sim *sim, struct market *market)
{
    double bound = total_rate(sim, market), rate, pick;

    decay(sim, market);
    rate = total_rate(sim, market);
    if (numbers_chance(&sim->numbers, rate / bound)) {
        double bid = base_rate(sim, market) + market->intensity[LOB_BID][0] + market->intensity[LOB_BID][1];
        double both = 2.0 * base_rate(sim, market);
        enum lob_side side;

        for (int i = 0; i < 2; i++)
            both += market->intensity[i][0] + market->intensity[i][1];
        pick = numbers_uniform(&sim->numbers) * both;
        side = pick < bid ? LOB_BID : LOB_ASK;
        if (numbers_chance(&sim->numbers, SHARE_BY_BOOK))
            side = thin_side_taker(market);
        market_take(sim, market, side, market_size(sim, 15.0 * market->params->lots_per_usd, 3.1),
                    any_price[side]);
        excite(sim, market, side);
    }
    sim_plan(sim, numbers_exponential(&sim->numbers, 1.0 / total_rate(sim, market)), AGENDA_TAKER, market, 0);
}

/* Somebody who has much to do does it in slices, on one side, for a minute or so. */
void takers_parent(struct sim *sim, struct market *market)
{
    struct parent *parent = &market->parent;

    if (parent->slices_left == 0) {
        parent->side = numbers_chance(&sim->numbers, 0.5) ? LOB_BID : LOB_ASK;
        parent->slices_left = 8 + (int)numbers_exponential(&sim->numbers, 45.0);
        parent->slice_lots = numbers_lognormal(&sim->numbers, 150.0 * market->params->lots_per_usd, 1.5);
        parent->mean_wait_s = numbers_lognormal(&sim->numbers, 0.35, 0.7);
        sim_plan(sim, numbers_exponential(&sim->numbers, PARENT_EVERY_S), AGENDA_PARENT, market, 0);
        return;
    }
    parent->slices_left--;
    market_take(sim, market, parent->side, market_size(sim, parent->slice_lots, 0.4),
                any_price[parent->side]);
    excite(sim, market, parent->side);
    sim_plan(sim, numbers_exponential(&sim->numbers, parent->mean_wait_s), AGENDA_PARENT, market, 0);
}

/* A stop or a liquidation: through many levels at once, and others follow. */
void takers_sweep(struct sim *sim, struct market *market)
{
    enum lob_side side = numbers_chance(&sim->numbers, 0.5) ? LOB_BID : LOB_ASK;
    double usd = numbers_lognormal(&sim->numbers, 180e3, 0.9);

    market_take(sim, market, side, usd * market->params->lots_per_usd, any_price[side]);
    for (int followers = 0; followers < 3; followers++)
        excite(sim, market, side);
    sim_plan(sim, 1.0 + numbers_exponential(&sim->numbers, SWEEP_EVERY_S / (0.3 + sim_activity(sim))),
             AGENDA_SWEEP, market, 0);
}

/* Who sees a stale order first takes it, up to the fair price and no further. */
void takers_informed(struct sim *sim, struct market *market)
{
    for (int i = 0; i < 2; i++) {
        enum lob_side side = (enum lob_side)i;
        enum lob_side resting = side == LOB_BID ? LOB_ASK : LOB_BID;
        double sign = side == LOB_BID ? 1.0 : -1.0;
        int64_t best = lob_best(market->lob, resting);
        double beyond = sign * (market->fair - (double)best) / market->params->gap;

        if (best == LOB_NONE || beyond < 0.8 || !numbers_chance(&sim->numbers, 0.02 * beyond))
            continue;
        market_take(sim, market, side, market_size(sim, 400.0 * market->params->lots_per_usd, 2.0),
                    (int64_t)market->fair);
    }
}

void takers_init(struct sim *sim, struct market *market)
{
    market->intensity_ns = sim->now_ns;
    sim_plan(sim, 0.5, AGENDA_TAKER, market, 0);
    sim_plan(sim, numbers_exponential(&sim->numbers, 5.0), AGENDA_PARENT, market, 0);
    sim_plan(sim, numbers_exponential(&sim->numbers, 20.0), AGENDA_SWEEP, market, 0);
}
