#include "sim/people.h"

#define TREND_EVERY_S     1.4
#define REVERT_EVERY_S    1.8
#define ARBITRAGE_EVERY_S 0.15
#define ARBITRAGE_EDGE    0.00012 /* relative; costs less than this are not worth it */
#define ICEBERG_EVERY_S   70.0
#define ICEBERG_LOOK_S    0.8
#define ICEBERG_LASTS_S   120.0
#define FAR_GAPS          10.0 /* an iceberg left behind this far is moved */

/* Who sees a stale order first takes it, up to the fair price and no further. */
void traders_informed(struct pit *pit)
{
    for (int i = 0; i < SIDE_COUNT; i++) {
        enum side side = (enum side)i;
        int64_t best = pit->best[side_other(side)];
        double beyond = side_sign(side) * (pit->fair - (double)best) / pit->habits.gap;

        if (best == 0 || beyond < 0.8 || !numbers_chance(&pit->numbers, 0.0035 * beyond))
            continue;
        people_take(pit, ACCOUNT_INFORMED, side,
                    people_size(pit, people_taker_lots(pit, 400.0 * (1.0 + 0.05 * beyond)), 2.0),
                    (int64_t)pit->fair);
    }
}

/* How far the price is from its average, in what it usually does in that time. */
static double stretch(const struct pit *pit, double from, double over_s)
{
    return (pit->mid - from) / (pit->mid * pit->habits.volatility * sqrt(over_s));
}

static void plan_again(struct pit *pit, double every_s, enum plan plan)
{
    double rate = pit->habits.weight * (0.2 + pit->activity) / every_s;

    people_plan(pit, 0.02 + numbers_exponential(&pit->numbers, 1.0 / rate), plan, 0);
}

/* Buys what rises, sells what falls. */
void traders_trend(struct pit *pit)
{
    double move = stretch(pit, pit->mid_slow, 25.0) + 0.5 * stretch(pit, pit->mid_fast, 1.5);
    double strength = move < 0.0 ? -move : move;

    if (strength > 0.9 && numbers_chance(&pit->numbers, 0.15 * strength))
        people_take(pit, ACCOUNT_TREND, move > 0.0 ? SIDE_BID : SIDE_ASK,
                    people_size(pit, people_taker_lots(pit, 300.0 * strength), 1.4), 0);
    plan_again(pit, TREND_EVERY_S, PLAN_TREND);
}

/* Sells what rose too far for what it believes, buys what fell; the average it compares with moves along. */
void traders_revert(struct pit *pit)
{
    double move = stretch(pit, pit->mid_slow, 25.0), strength = move < 0.0 ? -move : move;
    enum side side = move > 0.0 ? SIDE_ASK : SIDE_BID;
    double lots;

    if (strength > 1.1 && numbers_chance(&pit->numbers, 0.5)) {
        people_take(pit, ACCOUNT_REVERT, side,
                    people_size(pit, people_taker_lots(pit, 250.0 * strength), 1.4), 0);
        lots = people_size(pit, people_lots(pit, 500.0 * strength), 1.2);
        people_rest(pit, ACCOUNT_REVERT, side, people_touch(pit, side), lots,
                    0.5 + numbers_exponential(&pit->numbers, 3.0));
    }
    plan_again(pit, REVERT_EVERY_S, PLAN_REVERT);
}

/* Contract too dear beside spot: sell it and buy spot, as much as stands at the two touches. */
static void close_basis(struct pit *pit, struct pit *spot, enum side side)
{
    int64_t here = pit->best[side_other(side)], there = spot->best[side];
    double usd = (double)pit->best_qty[side_other(side)] / pit->habits.lots_per_usd;
    double usd_spot = (double)spot->best_qty[side] / spot->habits.lots_per_usd;

    if (here == 0 || there == 0)
        return;
    usd = usd < usd_spot ? usd : usd_spot;
    usd *= 0.2 + 0.6 * numbers_uniform(&pit->numbers);
    people_take(pit, ACCOUNT_ARBITRAGE, side, people_lots(pit, usd), here);
    people_take(spot, ACCOUNT_ARBITRAGE, side_other(side), people_lots(spot, usd), there);
}

void traders_arbitrage(struct pit *pit)
{
    struct pit *spot = &pit->market->pit[pit->anchor];

    if (pit->mid > 0.0 && spot->mid > 0.0) {
        double edge = fmath_log(pit->mid / spot->mid) - pit->ratio_log;

        if (edge > ARBITRAGE_EDGE)
            close_basis(pit, spot, SIDE_ASK);
        else if (edge < -ARBITRAGE_EDGE)
            close_basis(pit, spot, SIDE_BID);
    }
    people_plan(pit, 0.02 + numbers_exponential(&pit->numbers, ARBITRAGE_EVERY_S), PLAN_ARBITRAGE, 0);
}

static void start_iceberg(struct pit *pit)
{
    struct iceberg *iceberg = &pit->iceberg;
    struct numbers *numbers = &pit->numbers;

    iceberg->side = numbers_chance(numbers, 0.5) ? SIDE_BID : SIDE_ASK;
    iceberg->left_lots = people_lots(pit, numbers_lognormal(numbers, 2.5 * pit->habits.touch_usd, 0.7));
    iceberg->end_ns = pit->market->now_ns + (int64_t)(numbers_exponential(numbers, ICEBERG_LASTS_S) * 1e9);
}

/* A large order of which an eighth is shown: it stands at the touch and follows it, until it is done or tired. */
void traders_iceberg(struct pit *pit)
{
    struct iceberg *iceberg = &pit->iceberg;
    struct match_order order;
    bool over = pit->market->now_ns >= iceberg->end_ns;

    if (iceberg->order == 0) {
        start_iceberg(pit);
    } else if (match_find(pit->book, iceberg->order, &order)) {
        double behind = side_sign(iceberg->side) *
                        (double)(people_touch(pit, iceberg->side) - order.request.price_ticks) /
                        pit->habits.gap;

        if (behind < FAR_GAPS && !over) {
            people_plan(pit, numbers_exponential(&pit->numbers, ICEBERG_LOOK_S), PLAN_ICEBERG, 0);
            return;
        }
        iceberg->left_lots = (double)order.left_lots;
        people_cancel(pit, iceberg->order);
    } else {
        iceberg->left_lots = 0.0; /* done */
    }
    iceberg->order = 0;
    if (!over && iceberg->left_lots >= 8.0 * pit->habits.lots_min)
        iceberg->order = people_rest(pit, ACCOUNT_ICEBERG, iceberg->side, people_touch(pit, iceberg->side),
                                     iceberg->left_lots, 0.0);
    people_plan(pit,
                numbers_exponential(&pit->numbers, iceberg->order != 0
                                                       ? ICEBERG_LOOK_S
                                                       : ICEBERG_EVERY_S / pit->habits.weight),
                PLAN_ICEBERG, 0);
}

void traders_init(struct pit *pit)
{
    plan_again(pit, TREND_EVERY_S, PLAN_TREND);
    plan_again(pit, REVERT_EVERY_S, PLAN_REVERT);
    people_plan(pit, numbers_exponential(&pit->numbers, ICEBERG_EVERY_S), PLAN_ICEBERG, 0);
    if (pit->symbol->usdm && pit->anchor != NOBODY)
        people_plan(pit, 1.0, PLAN_ARBITRAGE, 0);
}
