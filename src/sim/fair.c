#include "sim/people.h"

#include <string.h>

#define SLOW_TIME_S    1500.0 /* quiet and busy hours */
#define SLOW_SPREAD    0.45
#define SLOW_MEAN      (-0.1)
#define SLOW_START     0.15 /* a market that opens is not asleep */
#define FAST_TIME_S    40.0
#define FAST_SPREAD    0.6
#define OWN_TIME_S     120.0
#define OWN_SPREAD     0.35
#define ACTIVITY_MAX   6.0
#define NEWS_EVERY_S   45.0
#define NEWS_KNOWN_S   1.6  /* makers step back this long before it breaks */
#define NEWS_OF_ONE    0.35 /* share that is about one symbol alone */
#define DRIZZLE_SHARE  0.03 /* of the variance, in every step */
#define PIECE_CHANCE   0.03 /* of a step to bring one of the large pieces, at medium activity */
#define STRESS_FADE_S  2.5
#define STRESS_COMES_S 0.5
#define FOLLOW_S       0.12 /* a follower looks at its anchor */
#define LEAD_S         0.6  /* spot follows its contract */
#define BASIS_TIME_S   900.0
#define BASIS_SPREAD   0.0003
#define RATE_WALK      0.000012 /* exchange rates, in a root second */
#define AVERAGE_FAST_S 1.5
#define AVERAGE_SLOW_S 25.0
#define PREMIUM_TIME_S 120.0
#define FUNDING_PERIOD (INT64_C(8) * 3600 * SECOND)
#define INTEREST       0.0001 /* of a funding period */
#define FUNDING_CLAMP  0.0005
#define REQUOTES_MAX   450
#define RUSH_MAX       200

/* --- the world ------------------------------------------------------------------------------------------------- */

static void plan_news(struct market *market)
{
    struct numbers *world = &market->world;
    double size = numbers_lognormal(world, 0.0003, 0.65);

    market->news.at_ns =
        market->now_ns + (int64_t)(numbers_exponential(world, NEWS_EVERY_S) * 1e9) + 3 * SECOND;
    market->news.move = numbers_chance(world, 0.5) ? size : -size;
    market->news.only = NOBODY;
    if (numbers_chance(world, NEWS_OF_ONE))
        market->news.only = (uint32_t)(numbers_bits(world) % market->count);
}

static bool concerns(const struct news *news, const struct pit *pit)
{
    return news->only == NOBODY || news->only == pit->index || news->only == pit->anchor;
}

/* News moves the price over half a second to three, not at once: the book is walked, not replaced. */
static void news_breaks(struct market *market)
{
    double lasts_s = 0.4 + numbers_exponential(&market->world, 0.9);

    for (size_t i = 0; i < market->count; i++) {
        struct pit *pit = &market->pit[i];
        double own = 1.0 + 0.2 * numbers_normal(&pit->world);

        if (!concerns(&market->news, pit))
            continue;
        if (pit->anchor == NOBODY || pit->symbol->usdm) {
            pit->drift = pit->fair * market->news.move * own / lasts_s;
            pit->drift_end_ns = market->now_ns + (int64_t)(lasts_s * 1e9);
        }
        pit->activity_log += 0.5;
    }
    plan_news(market);
}

/* One step of something that wanders and comes back to its mean. */
static double wander(struct numbers *numbers, double value, double mean, double spread, double dt_s,
                     double time_s)
{
    double pull = dt_s / time_s;

    return value + pull * (mean - value) + spread * sqrt(2.0 * pull) * numbers_normal(numbers);
}

/*
 * Opinion comes in pieces: most of its variance is in a few steps a second, so that the touch stands still for a
 * while and then walks through several levels at once, as it does in recordings.
 */
static double shock(struct numbers *numbers, double activity, double dt_s)
{
    double chance = PIECE_CHANCE * dt_s / ((double)WORLD_STEP_NS / 1e9) * (activity < 4.0 ? activity : 4.0);
    double still = sqrt(DRIZZLE_SHARE), piece = sqrt((1.0 - DRIZZLE_SHARE) / PIECE_CHANCE);
    double steps = dt_s / ((double)WORLD_STEP_NS / 1e9);
    bool comes = numbers_chance(numbers, chance);

    return (comes ? piece / sqrt(steps) : still) * sqrt(dt_s) * numbers_normal(numbers);
}

static void step_world(struct market *market)
{
    struct numbers *world = &market->world;
    double dt_s = (double)WORLD_STEP_NS / 1e9;

    market->slow_log = wander(world, market->slow_log, SLOW_MEAN, SLOW_SPREAD, dt_s, SLOW_TIME_S);
    market->fast_log = wander(world, market->fast_log, -0.2, FAST_SPREAD, dt_s, FAST_TIME_S);
    market->activity = fmath_exp(market->slow_log + market->fast_log);
    market->common += shock(world, market->activity, dt_s);
    if (market->now_ns >= market->news.at_ns)
        news_breaks(market);
}

/* --- what moves one price -------------------------------------------------------------------------------------- */

static void step_mood(struct pit *pit, double dt_s)
{
    const struct market *market = pit->market;

    pit->activity_log = wander(&pit->world, pit->activity_log, 0.0, OWN_SPREAD, dt_s, OWN_TIME_S);
    pit->activity = market->activity * fmath_exp(pit->activity_log);
    if (pit->activity > ACTIVITY_MAX)
        pit->activity = ACTIVITY_MAX;
    pit->stress -= pit->stress * dt_s / STRESS_FADE_S;
    if (market->news.at_ns - market->now_ns < (int64_t)(NEWS_KNOWN_S * 1e9) && concerns(&market->news, pit))
        pit->stress += (1.0 - pit->stress) * dt_s / STRESS_COMES_S;
}

static double log_of(const struct pit *pit)
{
    return fmath_log(pit->fair);
}

/* A contract is tied to its spot, a cross rate to its two legs; spot listens to its contract a little. */
static void follow(struct pit *pit, double dt_s)
{
    struct market *market = pit->market;
    struct pit *anchor = &market->pit[pit->anchor];
    double target = log_of(anchor) + pit->ratio_log, gap;

    if (pit->under != NOBODY)
        target -= log_of(&market->pit[pit->under]);
    if (pit->symbol->usdm)
        pit->ratio_log =
            wander(&pit->world, pit->ratio_log, pit->ratio_start, BASIS_SPREAD, dt_s, BASIS_TIME_S);
    else
        pit->ratio_log += RATE_WALK * sqrt(dt_s) * numbers_normal(&pit->world);
    gap = target - log_of(pit);
    pit->fair *= 1.0 + gap * (dt_s < FOLLOW_S ? dt_s / FOLLOW_S : 1.0);
    if (pit->symbol->usdm)
        anchor->fair *= 1.0 - gap * dt_s / LEAD_S;
}

static double step_price(struct pit *pit, double dt_s)
{
    const struct habits *habits = &pit->habits;
    double before = pit->fair;
    double common = pit->market->common - pit->common_seen;
    double own = pit->anchor == NOBODY ? 1.0 - habits->common_share : 0.1 * (1.0 - habits->common_share);

    pit->common_seen = pit->market->common;
    if (pit->anchor == NOBODY || pit->symbol->usdm)
        pit->fair += pit->fair * habits->volatility * sqrt(habits->common_share) * common;
    pit->fair += pit->fair * habits->volatility * sqrt(own) * shock(&pit->world, pit->activity, dt_s);
    if (pit->market->now_ns < pit->drift_end_ns)
        pit->fair += pit->drift * dt_s;
    if (pit->anchor != NOBODY)
        follow(pit, dt_s);
    if (pit->fair < 2.0)
        pit->fair = 2.0;
    return pit->fair - before;
}

/* Square root of the size, as it is measured everywhere: part stays. */
void fair_taken(struct pit *pit, enum side side, double usd)
{
    double depth = 1e6 * (pit->habits.weight < 0.02 ? 0.02 : pit->habits.weight);

    pit->fair += side_sign(side) * pit->fair * 0.00012 * sqrt(usd / depth);
}

/* --- what everybody does about it ------------------------------------------------------------------------------ */

/* Makers and crowd watch the price. Holders of walls and icebergs want to be filled; others are not ours. */
static bool watches(const struct pit *pit, uint64_t id)
{
    struct match_order order;
    uint32_t account;

    if (!match_find(pit->book, id, &order))
        return false;
    account = order.request.account;
    return account == ACCOUNT_CROWD || account == ACCOUNT_CLOSER || account == ACCOUNT_FLOOD ||
           (account >= ACCOUNT_MAKER && account < ACCOUNT_MAKER + MAKERS_MAX);
}

/* Orders that the fair price has passed: most owners notice within milliseconds. */
static void flee(struct pit *pit, enum side side)
{
    struct numbers *numbers = &pit->numbers;
    int64_t price = pit->best[side], qty;
    uint64_t orders[64];

    for (int levels = 0; price != 0 && levels < 40; levels++) {
        size_t count;

        if (-side_sign(side) * (pit->fair - (double)price) < 0.4 * pit->habits.gap)
            return;
        count = match_orders_at(pit->book, side, price, orders, 64);
        if (count > 64)
            count = 64;
        for (size_t i = 0; i < count; i++)
            if (numbers_chance(numbers, 0.25) && watches(pit, orders[i]))
                people_plan(pit, 0.0008 + numbers_exponential(numbers, 0.006), PLAN_CANCEL, orders[i]);
        if (!match_next(pit->book, side, price, &price, &qty))
            return;
    }
}

/* A large piece of opinion: many want to trade on it at once, and everybody near the touch quotes anew. */
static void react(struct pit *pit, double move, double dt_s)
{
    struct numbers *numbers = &pit->numbers;
    double piece = pit->fair * pit->habits.volatility * sqrt(dt_s) * 5.0;
    double times = (move < 0.0 ? -move : move) / piece - 1.35;
    enum side side = move > 0.0 ? SIDE_BID : SIDE_ASK;
    int requotes, takers;

    if (times <= 0.0)
        return;
    requotes = (int)(pit->habits.requotes * times * (0.5 + times) * numbers_exponential(numbers, 1.0));
    takers = (int)(pit->habits.rush * times * times * numbers_exponential(numbers, 1.0));
    for (int i = 0; i < requotes && i < REQUOTES_MAX; i++)
        people_plan(pit, 0.001 + numbers_exponential(numbers, 0.03), PLAN_REQUOTE, 0);
    for (int i = 0; i < takers && i < RUSH_MAX; i++)
        people_plan(pit, 0.002 + numbers_exponential(numbers, 0.18), PLAN_RUSH, side);
}

static void average(struct pit *pit, double dt_s)
{
    if (pit->best[SIDE_BID] != 0 && pit->best[SIDE_ASK] != 0)
        pit->mid = 0.5 * (double)(pit->best[SIDE_BID] + pit->best[SIDE_ASK]);
    pit->mid_fast += (pit->mid - pit->mid_fast) * dt_s / AVERAGE_FAST_S;
    pit->mid_slow += (pit->mid - pit->mid_slow) * dt_s / AVERAGE_SLOW_S;
    if (pit->symbol->usdm && pit->anchor != NOBODY) {
        const struct pit *spot = &pit->market->pit[pit->anchor];
        double ticks = (double)spot->symbol->tick_e8 / (double)pit->symbol->tick_e8;

        if (spot->mid > 0.0)
            pit->premium += (pit->mid / (spot->mid * ticks) - 1.0 - pit->premium) * dt_s / PREMIUM_TIME_S;
    }
}

static void step_pit(struct pit *pit, double dt_s)
{
    double move;

    step_mood(pit, dt_s);
    move = step_price(pit, dt_s);
    flee(pit, SIDE_BID);
    flee(pit, SIDE_ASK);
    traders_informed(pit);
    react(pit, move, dt_s);
    average(pit, dt_s);
}

void fair_step(struct market *market)
{
    step_world(market);
    for (size_t i = 0; i < market->count; i++) {
        struct pit *pit = &market->pit[i];

        if ((market->step + i) % pit->habits.fair_every == 0)
            step_pit(pit, (double)(WORLD_STEP_NS * pit->habits.fair_every) / 1e9);
    }
    market->step++;
    agenda_push(&market->agenda, market->now_ns + WORLD_STEP_NS, PLAN_WORLD, 0, 0);
}

/* --- start ----------------------------------------------------------------------------------------------------- */

static uint32_t pit_named(const struct market *market, const char *base, const char *quote)
{
    for (size_t i = 0; i < market->count; i++) {
        const struct sim_symbol *symbol = market->pit[i].symbol;

        if (!symbol->usdm && strcmp(symbol->base, base) == 0 && strcmp(symbol->quote, quote) == 0)
            return (uint32_t)i;
    }
    return NOBODY;
}

/* Who follows whom; a leg that is not listed leaves the other one free. */
static void tie(struct market *market, struct pit *pit)
{
    const struct sim_symbol *symbol = pit->symbol;
    bool cross = strcmp(symbol->quote, "BTC") == 0;

    pit->anchor = pit->under = NOBODY;
    if (symbol->usdm)
        pit->anchor = pit_named(market, symbol->base, symbol->quote);
    else if (strcmp(symbol->quote, "USDT") != 0)
        pit->anchor = pit_named(market, symbol->base, "USDT");
    if (cross)
        pit->under = pit_named(market, "BTC", "USDT");
    if (cross && (pit->under == NOBODY || pit->anchor == NOBODY))
        pit->anchor = pit->under = NOBODY;
    if (pit->anchor == NOBODY)
        return;
    pit->ratio_log = log_of(pit) - log_of(&market->pit[pit->anchor]);
    if (pit->under != NOBODY)
        pit->ratio_log += log_of(&market->pit[pit->under]);
    pit->ratio_start = pit->ratio_log;
}

void fair_init(struct market *market)
{
    market->slow_log = SLOW_START;
    market->activity = fmath_exp(SLOW_START);
    for (size_t i = 0; i < market->count; i++) {
        struct pit *pit = &market->pit[i];

        pit->fair = (double)pit->symbol->start_ticks + 0.5;
        pit->mid = pit->mid_fast = pit->mid_slow = pit->fair;
        pit->activity = market->activity;
    }
    for (size_t i = 0; i < market->count; i++)
        tie(market, &market->pit[i]);
    if (market->count > 0)
        plan_news(market);
}

/* --- mark price ------------------------------------------------------------------------------------------------ */

static int64_t e8_of(double ticks, const struct sim_symbol *symbol)
{
    return (int64_t)(ticks * (double)symbol->tick_e8 + 0.5);
}

static double clamp(double value, double bound)
{
    return value > bound ? bound : value < -bound ? -bound : value;
}

struct market_mark market_mark(const struct market *market, size_t symbol)
{
    const struct pit *pit = &market->pit[symbol];
    struct market_mark mark = {0};
    double index = pit->mid * (double)pit->symbol->tick_e8, rate;
    int64_t utc_ns = market->now_ns + market->epoch_ns;

    if (pit->anchor != NOBODY && pit->symbol->usdm)
        index = market->pit[pit->anchor].mid * (double)market->pit[pit->anchor].symbol->tick_e8;
    rate = pit->premium + clamp(INTEREST - pit->premium, FUNDING_CLAMP);
    mark.index_e8 = (int64_t)(index + 0.5);
    mark.mark_e8 =
        pit->symbol->usdm ? (int64_t)(index * (1.0 + pit->premium) + 0.5) : e8_of(pit->mid, pit->symbol);
    mark.funding_rate_e8 = (int64_t)(clamp(rate, 0.003) * 1e8);
    mark.next_funding_ns = (utc_ns / FUNDING_PERIOD + 1) * FUNDING_PERIOD;
    return mark;
}
