#include "market/market.h"

#define ACTIVITY_MEAN   (-0.25)
#define ACTIVITY_SPREAD 0.75
#define ACTIVITY_TIME_S 40.0
#define NEWS_EVERY_S    45.0
#define NEWS_KNOWN_S    1.6  /* makers step back this long before it breaks */
#define DRIZZLE_SHARE   0.03 /* of the variance, in every step */
#define PIECE_CHANCE    0.03 /* of a step to bring one of the large pieces, at medium activity */
#define STRESS_FADE_S   2.5

static void plan_news(struct sim *sim)
{
    double size = numbers_lognormal(&sim->world, 0.0003, 0.5);

    sim->news_ns = sim->now_ns + (int64_t)(numbers_exponential(&sim->world, NEWS_EVERY_S) * 1e9) + 3 * SECOND;
    sim->news_move = numbers_chance(&sim->world, 0.5) ? size : -size;
}

void fair_init(struct sim *sim)
{
    sim->activity_log = ACTIVITY_MEAN;
    plan_news(sim);
}

/* News moves the price over half a second to three, not at once: the book is walked, not replaced. */
static void news_breaks(struct sim *sim)
{
    for (int i = 0; i < MARKETS; i++) {
        struct market *market = &sim->market[i];
        double lasts_s = 0.4 + numbers_exponential(&sim->world, 0.9);
        double own = 1.0 + 0.2 * numbers_normal(&sim->world);

        market->drift = market->fair * sim->news_move * own / lasts_s;
        market->drift_end_ns = sim->now_ns + (int64_t)(lasts_s * 1e9);
    }
    sim->activity_log += 0.6;
    plan_news(sim);
}

static void step_world(struct sim *sim, double dt_s)
{
    double pull = dt_s / ACTIVITY_TIME_S;

    sim->activity_log += pull * (ACTIVITY_MEAN - sim->activity_log) +
                         ACTIVITY_SPREAD * sqrt(2.0 * pull) * numbers_normal(&sim->world);
    sim->stress -= sim->stress * dt_s / STRESS_FADE_S;
    if (sim->news_ns - sim->now_ns < (int64_t)(NEWS_KNOWN_S * 1e9))
        sim->stress += (1.0 - sim->stress) * dt_s / 0.5;
    if (sim->now_ns >= sim->news_ns)
        news_breaks(sim);
}

/* Orders that the fair price has passed: most owners notice within milliseconds. */
static void flee(struct sim *sim, struct market *market, enum lob_side side)
{
    double sign = side == LOB_ASK ? 1.0 : -1.0;
    int64_t price = lob_best(market->lob, side);
    uint64_t orders[64];

    for (int levels = 0; price != LOB_NONE && levels < 40; levels++) {
        size_t count;

        if (sign * (market->fair - (double)price) < 0.4 * market->params->gap)
            return;
        count = lob_orders_at(market->lob, side, price, orders, 64);
        for (size_t i = 0; i < count; i++) {
            if (numbers_chance(&sim->numbers, 0.25))
                sim_plan(sim, 0.0008 + numbers_exponential(&sim->numbers, 0.006), AGENDA_CANCEL, market,
                         orders[i]);
        }
        price = lob_next(market->lob, side, price);
    }
}

/*
 * Opinion comes in pieces: most of its variance is in a few steps a second, so that the touch stands still for a
 * while and then walks through several levels at once, as it does in recordings.
 */
static double shock(struct sim *sim, bool piece)
{
    double still = sqrt(DRIZZLE_SHARE), piece_size = sqrt((1.0 - DRIZZLE_SHARE) / PIECE_CHANCE);

    return (piece ? piece_size : still) * numbers_normal(&sim->world);
}

void fair_step(struct sim *sim)
{
    double dt_s = (double)FAIR_STEP_NS / 1e9;
    double activity = sim_activity(sim);
    bool piece = numbers_chance(&sim->world, PIECE_CHANCE * (activity < 4.0 ? activity : 4.0));
    double common = shock(sim, piece);

    step_world(sim, dt_s);
    for (int i = 0; i < MARKETS; i++) {
        struct market *market = &sim->market[i];
        double share = market->params->common_share;
        double move = sqrt(share) * common + sqrt(1.0 - share) * shock(sim, piece);

        market->fair += market->fair * market->params->volatility * sqrt(dt_s) * move;
        if (sim->now_ns < market->drift_end_ns)
            market->fair += market->drift * dt_s;
        flee(sim, market, LOB_BID);
        flee(sim, market, LOB_ASK);
        takers_informed(sim, market);
    }
    agenda_push(&sim->agenda, sim->now_ns + FAIR_STEP_NS, AGENDA_FAIR, 0, 0);
}
