#include "sim/people.h"

#define NEAREST_DEEP_GAPS 8.0
#define DUST              0.2 /* of the orders are tiny */

static int64_t worse_by(enum side side, int64_t price, double ticks)
{
    return price - side_sign(side) * (int64_t)ticks;
}

static double level_lots(struct pit *pit, double share, double sigma)
{
    double usd = pit->habits.level_usd * share;

    if (numbers_chance(&pit->numbers, DUST))
        return people_size(pit, people_lots(pit, 12.0), 0.8);
    return people_size(pit, people_lots(pit, usd), sigma);
}

/* Prices that one likes others like: a level has several owners. */
static void rest_pieces(struct pit *pit, enum side side, int64_t price, double lots, double life_s)
{
    int pieces = 1 + (int)numbers_exponential(&pit->numbers, 1.2);

    for (int i = 0; i < pieces; i++) {
        /* Drawn one after the other: the order in which C evaluates arguments is the compiler's. */
        double piece_lots = people_size(pit, lots / pieces, 0.9);
        double piece_life_s = life_s * (0.4 + 1.2 * numbers_uniform(&pit->numbers));

        people_rest(pit, ACCOUNT_CROWD, side, price, piece_lots, piece_life_s);
    }
}

static void rest_deep(struct pit *pit, enum side side, bool young)
{
    struct numbers *numbers = &pit->numbers;
    double gap = pit->habits.gap, span = pit->habits.span, distance, life_s;

    distance = NEAREST_DEEP_GAPS * gap *
               fmath_exp(numbers_uniform(numbers) * fmath_log(1.0 + span / (NEAREST_DEEP_GAPS * gap)));
    life_s = (10.0 + 1680.0 * distance / span) * numbers_exponential(numbers, 1.0) + 0.05;
    if (numbers_chance(numbers, 0.65)) /* most stand evenly over the page, not close by */
        distance = span * numbers_uniform(numbers);
    if (numbers_chance(numbers, 0.12)) /* at a round price */
        distance = (double)((int64_t)distance - (int64_t)distance % 100);
    if (!young)
        life_s *= numbers_uniform(numbers) + 0.3;
    people_rest(pit, ACCOUNT_CROWD, side, worse_by(side, people_touch(pit, side), distance + 1.0),
                level_lots(pit, 1.0, 1.5), life_s);
}

static void rest_near(struct pit *pit, enum side side, double life)
{
    double distance = numbers_lognormal(&pit->numbers, 3.0 * pit->habits.gap, 1.3);
    double life_s = numbers_lognormal(&pit->numbers, 1.3 * life, 1.2) * (1.0 - 0.6 * pit->stress);

    rest_pieces(pit, side, worse_by(side, people_touch(pit, side), distance + 1.0), level_lots(pit, 0.5, 1.3),
                life_s + 0.02);
}

/* Small ones in the queue at the touch, in front of and behind the makers. */
static void rest_at_touch(struct pit *pit, enum side side)
{
    double life_s = numbers_lognormal(&pit->numbers, 1.6, 1.3) * (1.0 - 0.6 * pit->stress);

    people_rest(pit, ACCOUNT_CROWD, side, people_touch(pit, side),
                people_size(pit, people_lots(pit, 18.0), 1.6), life_s + 0.01);
}

void crowd_requote(struct pit *pit)
{
    enum side side = numbers_chance(&pit->numbers, 0.5) ? SIDE_BID : SIDE_ASK;

    if (numbers_chance(&pit->numbers, 0.2))
        rest_at_touch(pit, side);
    else
        rest_near(pit, side, 0.5);
}

void crowd_passive(struct pit *pit)
{
    const struct habits *habits = &pit->habits;
    struct numbers *numbers = &pit->numbers;
    enum side side = numbers_chance(numbers, 0.5) ? SIDE_BID : SIDE_ASK;
    double rate = habits->touch_rate + habits->near_rate + habits->deep_rate;
    double kind = numbers_uniform(numbers) * rate;

    if (kind < habits->touch_rate)
        rest_at_touch(pit, side);
    else if (kind < habits->touch_rate + habits->near_rate)
        rest_near(pit, side, 1.0 / (0.4 + habits->weight));
    else
        rest_deep(pit, side, true);
    people_plan(pit, numbers_exponential(numbers, 1.0 / (rate * (0.25 + 0.75 * pit->activity))), PLAN_PASSIVE,
                0);
}

void crowd_fill_book(struct pit *pit)
{
    int64_t start = pit->symbol->start_ticks;
    double lots = people_lots(pit, pit->habits.touch_usd);
    int orders = (int)(pit->habits.deep_rate * 520.0);

    people_rest(pit, ACCOUNT_CROWD, SIDE_BID, start, lots, 5.0);
    people_rest(pit, ACCOUNT_CROWD, SIDE_ASK, start + 1, lots, 5.0);
    for (int i = 0; i < orders; i++)
        rest_deep(pit, i % 2 == 0 ? SIDE_BID : SIDE_ASK, false);
}

void crowd_init(struct pit *pit)
{
    people_plan(pit, 0.01, PLAN_PASSIVE, 0);
}
