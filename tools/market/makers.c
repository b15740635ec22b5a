#include "market/market.h"

#define OWNER_CROWD  0
#define OWNER_CLOSER 1
#define OWNER_WALL   2
#define OWNER_MAKER  3 /* and up */

#define TOLERANCE_GAPS 6.0 /* a maker stays at a touch that is wrong by this much */
#define DEEP_GAPS_MAX  1400.0
#define WALL_LOOK_S    0.4

static double sign_of(enum lob_side side)
{
    return side == LOB_BID ? 1.0 : -1.0;
}

static int64_t worse_by(enum lob_side side, int64_t price, double ticks)
{
    return price - (int64_t)sign_of(side) * (int64_t)ticks;
}

/* --- fast makers at the touch --------------------------------------------------------------------------- */

/* How much the maker likes this price, -1 (wrong by all it tolerates) and more; below -1 it will not stand there. */
static double liking(const struct sim *sim, const struct market *market, const struct maker *maker,
                     enum lob_side side, int64_t price)
{
    double room = TOLERANCE_GAPS * market->params->gap * (1.0 - 0.6 * sim->stress);

    return sign_of(side) * (market->fair + maker->lean - (double)price) / room;
}

/* Who likes a price stands there with more, who doubts with less: so the balance of the touch means something. */
static double size_for(const struct sim *sim, const struct maker *maker, double liked)
{
    double bent = liked > 1.0 ? 1.0 : liked;

    return maker->size_lots * numbers_exp(1.7 * bent) * (1.0 - 0.7 * sim->stress);
}

static void wake(struct sim *sim, struct market *market, size_t index, double in_s)
{
    market->maker[index].awake = true;
    sim_plan(sim, in_s, AGENDA_MAKER, market, index);
}

void makers_touch_moved(struct sim *sim, struct market *market)
{
    for (size_t i = 0; i < MAKERS_MAX; i++) {
        if (!market->maker[i].awake)
            wake(sim, market, i,
                 (double)market->maker[i].latency_ns / 1e9 + numbers_exponential(&sim->numbers, 0.012));
    }
}

static void look_at_side(struct sim *sim, struct market *market, size_t index, enum lob_side side)
{
    struct maker *maker = &market->maker[index];
    struct lob_order_info mine;
    int64_t best = lob_best(market->lob, side);
    bool resting = lob_find(market->lob, maker->order[side], &mine);
    double liked = best == LOB_NONE ? -9.0 : liking(sim, market, maker, side, best);
    /* Leaving costs the place in the queue: it takes more to leave than not to come. */
    bool want = liked > (resting && mine.price == best ? -1.4 : -1.0);

    if (want && sim->stress > 0.3)
        want = numbers_chance(&sim->numbers, 1.0 - 0.3 * sim->stress);
    if (resting && want && mine.price == best && numbers_chance(&sim->numbers, 0.985))
        return;
    if (resting && mine.price != best && numbers_chance(&sim->numbers, 0.1))
        return; /* left behind for a while */
    if (resting)
        market_cancel(sim, market, maker->order[side]);
    if (!want)
        return;
    /* The cancel may have moved the touch. */
    best = lob_best(market->lob, side);
    liked = best == LOB_NONE ? -9.0 : liking(sim, market, maker, side, best);
    if (liked > -1.0)
        maker->order[side] =
            market_rest(sim, market, side, best, market_size(sim, size_for(sim, maker, liked), 0.5),
                        OWNER_MAKER + (unsigned)index, 0.0);
}

void makers_look(struct sim *sim, struct market *market, size_t index)
{
    struct maker *maker = &market->maker[index];
    bool bid_first = numbers_chance(&sim->numbers, 0.5);

    maker->awake = true; /* its own quotes do not wake it */
    maker->lean = 0.9 * maker->lean + 0.25 * market->params->gap * numbers_normal(&sim->numbers);
    look_at_side(sim, market, index, bid_first ? LOB_BID : LOB_ASK);
    look_at_side(sim, market, index, bid_first ? LOB_ASK : LOB_BID);
    wake(sim, market, index,
         (double)maker->latency_ns / 1e9 +
             numbers_exponential(&sim->numbers, 0.45 / (0.3 + sim_activity(sim))));
}

/* The spread is open: who is quickest takes the place, on the side that the fair price favours. */
void makers_close(struct sim *sim, struct market *market)
{
    int64_t bid = lob_best(market->lob, LOB_BID), ask = lob_best(market->lob, LOB_ASK);
    double middle, lean, lots, life_s;
    enum lob_side side;

    market->close_planned = false;
    if (bid == LOB_NONE || ask == LOB_NONE || ask - bid < 2)
        return;
    middle = 0.5 * (double)(bid + ask);
    lean = (market->fair - middle) / market->params->gap;
    side = numbers_chance(&sim->numbers, 1.0 / (1.0 + numbers_exp(-4.0 * lean))) ? LOB_BID : LOB_ASK;
    lots = market_size(sim, 0.35 * market->params->touch_usd * market->params->lots_per_usd, 1.2);
    life_s = 0.4 + numbers_exponential(&sim->numbers, 2.5);
    market_rest(sim, market, side, side == LOB_BID ? ask - 1 : bid + 1, lots, OWNER_CLOSER, life_s);
}

/* --- the crowd ------------------------------------------------------------------------------------------ */

/* Prices that one likes others like: a level has several owners. */
static void rest_pieces(struct sim *sim, struct market *market, enum lob_side side, int64_t price,
                        double lots, double life_s)
{
    int pieces = 1 + (int)numbers_exponential(&sim->numbers, 1.6);

    for (int i = 0; i < pieces; i++) {
        /* Drawn one after the other: the order in which C evaluates arguments is the compiler's. */
        double piece_lots = market_size(sim, lots / pieces, 0.9);
        double piece_life_s = life_s * (0.4 + 1.2 * numbers_uniform(&sim->numbers));

        market_rest(sim, market, side, price, piece_lots, OWNER_CROWD, piece_life_s);
    }
}

static void rest_deep(struct sim *sim, struct market *market, enum lob_side side, bool young)
{
    double gap = market->params->gap;
    double distance =
        gap * numbers_exp(numbers_ln(8.0) + numbers_uniform(&sim->numbers) * numbers_ln(DEEP_GAPS_MAX / 8.0));
    double life_s = (10.0 + 1.2 * distance / gap) * numbers_exponential(&sim->numbers, 1.0) + 0.05;

    if (numbers_chance(&sim->numbers, 0.65)) /* most stand evenly over the page, not close by */
        distance = gap * DEEP_GAPS_MAX * numbers_uniform(&sim->numbers);
    if (numbers_chance(&sim->numbers, 0.12)) /* at a round price */
        distance = (double)((int64_t)distance / 100 * 100);
    if (!young)
        life_s *= numbers_uniform(&sim->numbers) + 0.3;
    market_rest(sim, market, side, worse_by(side, lob_best(market->lob, side), distance + 1.0),
                market_size(sim, market->params->level_usd * market->params->lots_per_usd, 1.5), OWNER_CROWD,
                life_s);
}

static void rest_near(struct sim *sim, struct market *market, enum lob_side side)
{
    double distance = numbers_lognormal(&sim->numbers, 3.0 * market->params->gap, 1.3);
    double life_s = numbers_lognormal(&sim->numbers, 1.6, 1.3) * (1.0 - 0.6 * sim->stress);

    rest_pieces(sim, market, side, worse_by(side, lob_best(market->lob, side), distance + 1.0),
                market_size(sim, market->params->level_usd * market->params->lots_per_usd, 1.6),
                life_s + 0.02);
}

static void rest_at_touch(struct sim *sim, struct market *market, enum lob_side side)
{
    double life_s = numbers_lognormal(&sim->numbers, 0.7, 1.3) * (1.0 - 0.6 * sim->stress);

    market_rest(sim, market, side, lob_best(market->lob, side),
                market_size(sim, 0.004 * market->params->touch_usd * market->params->lots_per_usd, 2.2),
                OWNER_CROWD, life_s + 0.01);
}

void makers_passive(struct sim *sim, struct market *market)
{
    enum lob_side side = numbers_chance(&sim->numbers, 0.5) ? LOB_BID : LOB_ASK;
    double rate = market->params->passive_rate * (0.25 + 0.75 * sim_activity(sim));
    double kind = numbers_uniform(&sim->numbers);

    if (lob_best(market->lob, side) != LOB_NONE) {
        if (kind < 0.12)
            rest_at_touch(sim, market, side);
        else if (kind < 0.78)
            rest_near(sim, market, side);
        else
            rest_deep(sim, market, side, true);
    }
    sim_plan(sim, numbers_exponential(&sim->numbers, 1.0 / rate), AGENDA_PASSIVE, market, 0);
}

/* --- walls ---------------------------------------------------------------------------------------------- */

static void raise_wall(struct sim *sim, struct market *market, struct wall *wall)
{
    const struct market_params *params = market->params;
    enum lob_side side = numbers_chance(&sim->numbers, 0.5) ? LOB_BID : LOB_ASK;
    int64_t best = lob_best(market->lob, side);
    int64_t away = (int64_t)(numbers_uniform(&sim->numbers) * 1000.0 * params->gap);
    int64_t price = worse_by(side, best, (double)away) / params->wall_step * params->wall_step;

    if (lob_qty(market->lob, side, price) > (int64_t)(0.5 * params->wall_usd * params->lots_per_usd))
        return; /* one stands there */
    if (sign_of(side) * (double)(best - price) < 8.0 * params->gap)
        return; /* nobody puts one under the nose of the touch */
    wall->shy = numbers_chance(&sim->numbers, 0.45);
    wall->side = side;
    wall->price = price;
    wall->order =
        market_rest(sim, market, side, price, market_size(sim, params->wall_usd * params->lots_per_usd, 0.5),
                    OWNER_WALL, 0.0);
}

/* A shy wall is pulled as the touch comes near; the others stand until they are eaten or their owner tires. */
void makers_walls(struct sim *sim, struct market *market)
{
    for (size_t i = 0; i < WALLS_MAX; i++) {
        struct wall *wall = &market->wall[i];
        struct lob_order_info info;
        double near;

        if (!lob_find(market->lob, wall->order, &info)) {
            if (numbers_chance(&sim->numbers, 0.02))
                raise_wall(sim, market, wall);
            continue;
        }
        near = sign_of(wall->side) * (double)(lob_best(market->lob, wall->side) - wall->price) /
               market->params->gap;
        if ((wall->shy && near < 9.0 && numbers_chance(&sim->numbers, 0.5)) ||
            numbers_chance(&sim->numbers, 0.0015))
            market_cancel(sim, market, wall->order);
    }
    sim_plan(sim, WALL_LOOK_S, AGENDA_WALL, market, 0);
}

/* --- start ---------------------------------------------------------------------------------------------- */

void makers_fill_book(struct sim *sim, struct market *market)
{
    const struct market_params *params = market->params;

    market_rest(sim, market, LOB_BID, params->price, params->touch_usd * params->lots_per_usd, OWNER_CROWD,
                5.0);
    market_rest(sim, market, LOB_ASK, params->price + 1, params->touch_usd * params->lots_per_usd,
                OWNER_CROWD, 5.0);
    for (int i = 0; i < 3400; i++)
        rest_deep(sim, market, i % 2 == 0 ? LOB_BID : LOB_ASK, false);
    for (size_t i = 0; i < WALLS_MAX; i++)
        raise_wall(sim, market, &market->wall[i]);
}

void makers_init(struct sim *sim, struct market *market)
{
    for (size_t i = 0; i < MAKERS_MAX; i++) {
        struct maker *maker = &market->maker[i];

        maker->size_lots =
            numbers_lognormal(&sim->numbers, market->params->touch_usd * market->params->lots_per_usd, 0.9);
        maker->latency_ns = (int64_t)numbers_lognormal(&sim->numbers, 4e6, 0.8);
        wake(sim, market, i, numbers_uniform(&sim->numbers));
    }
    sim_plan(sim, 0.01, AGENDA_PASSIVE, market, 0);
    sim_plan(sim, 0.1, AGENDA_WALL, market, 0);
}
