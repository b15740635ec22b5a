/*
 * builtin_reversion.c - the strategy reversion: fades a price that strayed from its own average (strategy_trip.h). Pure.
 *
 * z = (mid - average) / deviation, where the average is that of trades weighted by volume (vwap) or of the mid over
 * time (ema), and the deviation is the root of the decayed mean square of mid - average over the same window. Score:
 * -z / 4; threshold: entry_z / 4. The bands are those of Avellaneda, Lee, "Statistical arbitrage in the US equities
 * market" (2010): in at 1.25 deviations, out at 0.5; a short-lived edge needs wider ones. Why prices come back:
 * Poterba, Summers (1988); Nagel, "Evaporating liquidity" (2012): who fades a move is paid for liquidity.
 */
#include "core/strategy/builtin_list.h"
#include "core/strategy/strategy_trip.h"

#include <math.h>

#define Z_FULL          4.0 /* where the score is 1 */
#define TAKE_BACK_SHARE 0.6 /* of the threshold */
#define STATE_TAG       UINT64_C(0x7265766500000001)

static const char manifest[] =
    "name: reversion\n"
    "version: 1.0.0\n"
    "abi: 1\n"
    "about: fades a price that strayed from its own average\n"
    "instruments: 0\n"
    "parameters:\n" TRIP_MANIFEST("500", "300000", "0", "40", "5000", "10000",
                                  "true") "  reference: {type: enum, allowed: [vwap, ema], default: vwap, "
                                          "help: average of trades by volume or of the mid "
                                          "by time}\n"
                                          "  window_s: {type: int, min: 5, max: 86400, default: 120, unit: "
                                          "s, help: time constant of average and "
                                          "deviation}\n"
                                          "  entry_z: {type: decimal, min: 0.5, max: 4, default: 2, help: "
                                          "deviations from the average at which it enters}\n"
                                          "  exit_z: {type: decimal, min: 0, max: 4, default: 0.5, help: "
                                          "deviations at which it leaves; below entry_z}\n"
                                          "  stop_z: {type: decimal, min: 1, max: 20, default: 4.5, help: "
                                          "deviations at which it gives up; above entry_z}\n"
                                          "  edge_min_bp: {type: decimal, min: 0, max: 1000, default: 4, "
                                          "unit: bp, help: no entry for less than that "
                                          "between price and average}\n"
                                          "  flow_max: {type: decimal, min: 0.1, max: 20, default: 2, help: "
                                          "no entry against order flow of more than that "
                                          "many deviations}\n"
                                          "  spread_ticks_max: {type: int, min: 1, max: 1000000, default: "
                                          "50, unit: ticks, help: no entry in a wider "
                                          "spread}\n";

static const char page[] = "reversion bets that a price which strayed comes back. It follows an average (of "
                           "trades weighted by volume, or of "
                           "the mid over time) and how far the mid usually is from it; the distance in such "
                           "deviations is z. At entry_z "
                           "deviations above the average it sells, below it buys; the score is -z / 4.\n"
                           "\n"
                           "No entry while the average has not been fed for its whole window, for a distance "
                           "smaller than edge_min_bp (fees "
                           "and spread must be earned), while order flow runs against it by more than "
                           "flow_max deviations, in a wide spread, "
                           "or during a pause. By default it enters by resting at the touch, for who fades a "
                           "move is paid for liquidity. It "
                           "leaves when z is back at exit_z, gives up at stop_z, and leaves after its time, "
                           "at the stop loss or the take "
                           "profit.\n"
                           "\n"
                           "Sources: M. Avellaneda, J.-H. Lee, Statistical arbitrage in the US equities "
                           "market (2010); J. Poterba, L. Summers, "
                           "Mean reversion in stock prices (1988); S. Nagel, Evaporating liquidity (2012).\n";

enum { VWAP, EMA };

enum parameter {
    REFERENCE = TRIP_PARAMETERS,
    WINDOW_S,
    ENTRY_Z,
    EXIT_Z,
    STOP_Z,
    EDGE_MIN_BP,
    FLOW_MAX,
    SPREAD_TICKS_MAX,
    PARAMETERS
};

struct place {
    struct kit_average mid, square; /* of the mid; of (mid - reference)^2 */
    struct kit_sum value, qty;      /* of trades: money and base units, decayed alike */
};

struct reversion {
    struct trip_strategy base;
    struct place place[FD_INSTRUMENTS_MAX];
};

static bool is_possible(const int64_t *value)
{
    return value[EXIT_Z] < value[ENTRY_Z] && value[ENTRY_Z] < value[STOP_Z];
}

/* --- deviation -------------------------------------------------------------------------------------------- */

static double window_s(const struct reversion *reversion)
{
    return (double)reversion->base.parameter[WINDOW_S];
}

/* 0: not known yet. */
static double reference(const struct reversion *reversion, const struct place *place)
{
    if (reversion->base.parameter[REFERENCE] == EMA)
        return place->mid.value;
    return place->qty.value > 0.0 ? place->value.value / place->qty.value : 0.0;
}

static void follow(struct reversion *reversion, const struct fd_context *context)
{
    const struct fd_market *market = &context->market[context->here];
    struct place *place = &reversion->place[context->here];
    double apart, mean;

    if (trip_look(&reversion->base, context))
        *place = (struct place){.mid.value = 0.0};
    if (!kit_is_tradable(market))
        return;
    kit_average_add(&place->mid, kit_mid(market), context->now_ns, window_s(reversion));
    mean = reference(reversion, place);
    if (mean <= 0.0)
        return;
    apart = kit_mid(market) - mean;
    kit_average_add(&place->square, apart * apart, context->now_ns, window_s(reversion));
}

static bool is_warm(const struct reversion *reversion, const struct place *place)
{
    return kit_average_is_warm(&place->square, window_s(reversion)) && place->square.value > 0.0;
}

static double deviations(const struct reversion *reversion, const struct fd_market *market,
                         const struct place *place)
{
    if (!is_warm(reversion, place) || !kit_is_tradable(market))
        return 0.0;
    return (kit_mid(market) - reference(reversion, place)) / sqrt(place->square.value);
}

static void score(const struct reversion *reversion, const struct fd_context *context, double z,
                  struct fd_answer *out)
{
    const struct fd_market *market = &context->market[context->here];
    const struct place *place = &reversion->place[context->here];
    const struct trip *trip = &reversion->base.trip[context->here];
    double entry_z = trip_decimal(&reversion->base, ENTRY_Z);
    double flow = z > 0.0 ? market->signals->ofi_sigma : -market->signals->ofi_sigma, edge_bp = 0.0;
    bool ready = market->signals->valid != 0 && kit_is_tradable(market) && is_warm(reversion, place);

    if (ready)
        edge_bp = fabs(kit_mid(market) - reference(reversion, place)) / kit_mid(market) * 1e4;
    kit_reason(out, -z / Z_FULL, entry_z / Z_FULL, fabs(z) / (fabs(z) + entry_z));
    kit_feature(out, "away", -z / Z_FULL, 1.0, ready);
    kit_feature(out, "edge bp", edge_bp, 0.0, edge_bp >= trip_decimal(&reversion->base, EDGE_MIN_BP));
    kit_feature(out, "flow against", flow, 0.0,
                ready && !(flow > trip_decimal(&reversion->base, FLOW_MAX))); /* not known is no objection */
    trip_feature_spread(out, trip, market, reversion->base.parameter[SPREAD_TICKS_MAX]);
    trip_feature_cooldown(out, trip);
}

/* --- callbacks -------------------------------------------------------------------------------------------- */

static void reversion_market(void *self, const struct fd_context *context, struct fd_answer *out)
{
    struct reversion *reversion = self;
    const struct fd_market *market = &context->market[context->here];
    struct trip_opinion opinion;
    double z, away;
    int side;

    follow(reversion, context);
    z = deviations(reversion, market, &reversion->place[context->here]);
    score(reversion, context, z, out);
    side = trip_side(&reversion->base.trip[context->here], market);
    away = -z * side; /* a long is bought below the average */
    opinion.side = fabs(z) < trip_decimal(&reversion->base, STOP_Z) ? kit_side(out) : 0;
    opinion.stands = away / Z_FULL >= TAKE_BACK_SHARE * out->threshold;
    opinion.leave =
        side != 0 && is_warm(reversion, &reversion->place[context->here]) &&
        (away <= trip_decimal(&reversion->base, EXIT_Z) || away >= trip_decimal(&reversion->base, STOP_Z));
    opinion.why = away > 0.0 && away >= trip_decimal(&reversion->base, STOP_Z) ? "it ran on" : "it came back";
    trip_act(&reversion->base, context, &opinion, out);
}

static void reversion_trade(void *self, const struct fd_context *context, const struct fd_trade *trade,
                            struct fd_answer *out)
{
    struct reversion *reversion = self;
    struct place *place = &reversion->place[context->here];
    double qty = (double)trade->qty_e8 / 1e8, seconds = window_s(reversion);

    (void)out;
    if (trip_look(&reversion->base, context))
        *place = (struct place){.mid.value = 0.0};
    kit_sum_add(&place->value, (double)trade->price_e8 / 1e8 * qty, context->now_ns, seconds);
    kit_sum_add(&place->qty, qty, context->now_ns, seconds);
}

static void *reversion_create(const int64_t *parameter, uint32_t parameters)
{
    return trip_create(sizeof(struct reversion), parameter, parameters, PARAMETERS, is_possible);
}

static uint32_t reversion_parameter(void *self, uint32_t index, int64_t value)
{
    return trip_parameter(self, index, value, is_possible);
}

static size_t reversion_save(void *self, void *state, size_t max)
{
    return trip_save(STATE_TAG, self, sizeof(struct reversion), state, max);
}

static uint32_t reversion_restore(void *self, const void *state, size_t size)
{
    return trip_restore(STATE_TAG, self, sizeof(struct reversion), state, size);
}

static const struct fd_strategy table = {
    .abi = FD_ABI,
    .size = sizeof table,
    .create = reversion_create,
    .destroy = kit_free,
    .market = reversion_market,
    .trade = reversion_trade,
    .fill = trip_fill,
    .order = trip_order,
    .pause = trip_pause,
    .parameter = reversion_parameter,
    .save = reversion_save,
    .restore = reversion_restore,
};

const struct builtin_strategy builtin_reversion = {
    .name = "reversion", .table = &table, .manifest_text = manifest, .page = page};
