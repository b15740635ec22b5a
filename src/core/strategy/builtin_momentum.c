/*
 * builtin_momentum.c - the strategy momentum: goes with a trend, leaves when it turns (strategy_trip.h). Pure.
 *
 * feature     what it is                                                                     weight
 * trend       fast less slow average of the mid, over the volatility of the slow window       0.50
 * move 60s    return of a minute over the minute's volatility                                 0.30
 * takers 10s  signed share of taker volume: a trend that nobody pays for ends soon            0.20
 *
 * Source: Moskowitz, Ooi, Pedersen, "Time series momentum" (2012): returns scaled by their volatility, sign followed;
 * Gao, Han, Li, Zhou, "Market intraday momentum" (2018). Averages crossing: Brock, Lakonishok, LeBaron (1992).
 */
#include "core/strategy/builtin_list.h"
#include "core/strategy/strategy_trip.h"

#include <math.h>

#define TREND_FULL      0.5 /* of the slow window's volatility */
#define MOVE_FULL       1.0 /* of the minute's volatility */
#define MOVE_LEAST_BP   1.0 /* a dead market must not make a tick look like a trend */
#define TAKE_BACK_SHARE 0.5 /* of the threshold */
#define STATE_TAG       UINT64_C(0x6d6f6d6500000001)

static const char manifest[] =
    "name: momentum\n"
    "version: 1.0.0\n"
    "abi: 1\n"
    "about: goes with a trend of minutes and leaves when it turns\n"
    "instruments: 0\n"
    "parameters:\n" TRIP_MANIFEST("500", "600000", "0", "40", "10000", "5000",
                                  "false") "  threshold: {type: decimal, min: 0.01, max: 1, default: 0.60, "
                                           "help: strength of the score from which it "
                                           "enters}\n"
                                           "  exit: {type: decimal, min: 0, max: 1, default: 0.10, help: "
                                           "leaves when the score points that much against "
                                           "the position}\n"
                                           "  fast_s: {type: int, min: 1, max: 3600, default: 15, unit: s, "
                                           "help: time constant of the fast average of the "
                                           "mid}\n"
                                           "  slow_s: {type: int, min: 2, max: 86400, default: 90, unit: s, "
                                           "help: time constant of the slow average; longer "
                                           "than fast_s}\n"
                                           "  trail_bp: {type: decimal, min: 0, max: 10000, default: 20, "
                                           "unit: bp, help: leaves that far behind the best "
                                           "price since the entry; 0 is off}\n"
                                           "  volatility_min_bp: {type: decimal, min: 0, max: 10000, "
                                           "default: 2, unit: bp, help: no entry when the last "
                                           "minute moved less}\n"
                                           "  spread_ticks_max: {type: int, min: 1, max: 1000000, default: "
                                           "50, unit: ticks, help: no entry in a wider "
                                           "spread}\n";

static const char page[] =
    "momentum goes with a trend. Two averages of the mid, a fast and a slow one, are compared; their "
    "difference over "
    "the volatility of the slow window is half of the score, the return of the last minute over its "
    "volatility 0.30, "
    "and the signed share of what takers traded 0.20. Scaling by volatility makes quiet and wild hours "
    "comparable.\n"
    "\n"
    "It enters with the score when that reaches the threshold, the slow average has been fed for its whole "
    "time, the "
    "market moves enough, the spread is within its bound and no pause is on. It leaves when the score turns "
    "against "
    "it, when the price falls back from its best since the entry by the trailing distance, after its time, "
    "at the "
    "stop loss or at the take profit.\n"
    "\n"
    "Sources: T. Moskowitz, Y. Ooi, L. Pedersen, Time series momentum (2012); L. Gao, Y. Han, S. Li, G. "
    "Zhou, Market "
    "intraday momentum (2018); W. Brock, J. Lakonishok, B. LeBaron, Simple technical trading rules (1992).\n";

enum parameter {
    THRESHOLD = TRIP_PARAMETERS,
    EXIT,
    FAST_S,
    SLOW_S,
    TRAIL_BP,
    VOLATILITY_MIN_BP,
    SPREAD_TICKS_MAX,
    PARAMETERS
};

struct place {
    struct kit_average fast, slow;
    int64_t best_e8; /* price that closes, the best since the position was opened; 0: flat */
};

struct momentum {
    struct trip_strategy base;
    struct place place[FD_INSTRUMENTS_MAX];
};

static bool is_possible(const int64_t *value)
{
    return value[FAST_S] < value[SLOW_S] && value[EXIT] <= value[THRESHOLD];
}

/* --- score ------------------------------------------------------------------------------------------------ */

/* Return over its usual size; a volatility of a minute grows with the root of time. */
static double over_volatility(double move_bp, const struct fd_signals *signals, double seconds, double full)
{
    double usual_bp = signals->volatility_1m_bp * sqrt(seconds / 60.0);

    return move_bp / (full * (usual_bp > MOVE_LEAST_BP ? usual_bp : MOVE_LEAST_BP));
}

static void score(const struct momentum *momentum, const struct fd_context *context, struct fd_answer *out)
{
    const struct fd_market *market = &context->market[context->here];
    const struct fd_signals *signals = market->signals;
    const struct place *place = &momentum->place[context->here];
    const struct trip *trip = &momentum->base.trip[context->here];
    const int64_t *value = momentum->base.parameter;
    double slow_s = (double)value[SLOW_S], trend_bp = 0.0;
    bool ready = signals->valid != 0 && kit_is_tradable(market);
    bool warm = ready && kit_average_is_warm(&place->slow, slow_s);

    if (place->slow.value > 0.0)
        trend_bp = (place->fast.value / place->slow.value - 1.0) * 1e4;
    kit_reason(out, 0.0, trip_decimal(&momentum->base, THRESHOLD), 0.0);
    kit_feature(out, "trend", over_volatility(trend_bp, signals, slow_s, TREND_FULL), 0.50, warm);
    kit_feature(out, "move 60s", over_volatility(signals->momentum_60s_bp, signals, 60.0, MOVE_FULL), 0.30,
                ready);
    kit_feature(out, "takers 10s", signals->trade_imbalance, 0.20, ready);
    if (warm)
        kit_weigh(out, 1.0);
    trip_feature_spread(out, trip, market, value[SPREAD_TICKS_MAX]);
    kit_feature(out, "volatility bp", signals->volatility_1m_bp, 0.0,
                ready && signals->volatility_1m_bp >= trip_decimal(&momentum->base, VOLATILITY_MIN_BP));
    trip_feature_cooldown(out, trip);
}

static void follow(struct momentum *momentum, const struct fd_context *context)
{
    const struct fd_market *market = &context->market[context->here];
    struct place *place = &momentum->place[context->here];

    if (trip_look(&momentum->base, context))
        *place = (struct place){.best_e8 = 0};
    if (!kit_is_tradable(market))
        return;
    kit_average_add(&place->fast, kit_mid(market), context->now_ns, (double)momentum->base.parameter[FAST_S]);
    kit_average_add(&place->slow, kit_mid(market), context->now_ns, (double)momentum->base.parameter[SLOW_S]);
}

/* Has the price that closes fallen back from its best by the trailing distance? */
static bool has_fallen_back(struct momentum *momentum, const struct fd_context *context)
{
    const struct fd_market *market = &context->market[context->here];
    int64_t *best_e8 = &momentum->place[context->here].best_e8;
    int64_t qty_e8 = market->position.qty_e8, trail_bp_e8 = momentum->base.parameter[TRAIL_BP];
    int64_t price_e8 = kit_touch(market, qty_e8 > 0 ? FD_BUY : FD_SELL);

    if (qty_e8 == 0 || !kit_is_tradable(market)) {
        *best_e8 = qty_e8 == 0 ? 0 : *best_e8;
        return false;
    }
    if (*best_e8 == 0 || (qty_e8 > 0 ? price_e8 > *best_e8 : price_e8 < *best_e8))
        *best_e8 = price_e8;
    return trail_bp_e8 > 0 && (double)(qty_e8 > 0 ? *best_e8 - price_e8 : price_e8 - *best_e8) * 1e4 >=
                                  (double)*best_e8 * trip_decimal(&momentum->base, TRAIL_BP);
}

/* --- callbacks -------------------------------------------------------------------------------------------- */

static void momentum_market(void *self, const struct fd_context *context, struct fd_answer *out)
{
    struct momentum *momentum = self;
    struct trip_opinion opinion;
    bool fell_back;
    double along;

    follow(momentum, context);
    score(momentum, context, out);
    along = out->score * trip_side(&momentum->base.trip[context->here], &context->market[context->here]);
    opinion.side = kit_side(out);
    opinion.stands = along >= TAKE_BACK_SHARE * out->threshold;
    fell_back = has_fallen_back(momentum, context);
    opinion.leave = fell_back || (out->score != 0.0 && along <= -trip_decimal(&momentum->base, EXIT));
    opinion.why = fell_back ? "fell back from its best" : "the trend turned";
    trip_act(&momentum->base, context, &opinion, out);
}

static void *momentum_create(const int64_t *parameter, uint32_t parameters)
{
    return trip_create(sizeof(struct momentum), parameter, parameters, PARAMETERS, is_possible);
}

static uint32_t momentum_parameter(void *self, uint32_t index, int64_t value)
{
    return trip_parameter(self, index, value, is_possible);
}

static size_t momentum_save(void *self, void *state, size_t max)
{
    return trip_save(STATE_TAG, self, sizeof(struct momentum), state, max);
}

static uint32_t momentum_restore(void *self, const void *state, size_t size)
{
    return trip_restore(STATE_TAG, self, sizeof(struct momentum), state, size);
}

static const struct fd_strategy table = {
    .abi = FD_ABI,
    .size = sizeof table,
    .create = momentum_create,
    .destroy = kit_free,
    .market = momentum_market,
    .fill = trip_fill,
    .order = trip_order,
    .pause = trip_pause,
    .parameter = momentum_parameter,
    .save = momentum_save,
    .restore = momentum_restore,
};

const struct builtin_strategy builtin_momentum = {
    .name = "momentum", .table = &table, .manifest_text = manifest, .page = page};
