/*
 * builtin_ofi.c - the strategy ofi: follows order flow (strategy_trip.h enters and leaves). Pure.
 *
 * feature      what it is                                                            weight
 * OFIσ/2 10s  order-flow imbalance over twice its own deviation (Cont, Kukanov,
 *              Stoikov 2014: the flow at the touch explains most of the move)          0.30
 * takers 10s   signed share of taker volume                                            0.25
 * near 1bp     imbalance of the size within 1 bp, 1 s average (Gould, Bonart 2016)     0.20
 * far 10bp     the same within 10 bp, 3 s average                                      0.10
 * move 10s     return of the mid over half of the minute's volatility                  0.15
 *
 * Conditions: spread, volatility, not in cool-down. Score: the weighted sum x 1.2.
 */
#include "core/strategy/builtin_list.h"
#include "core/strategy/strategy_trip.h"

#include <string.h>

#define GAIN            1.2 /* a weighted sum of 0.67 reaches a threshold of 0.80 */
#define CONFIDENCE_MIN  0.6 /* of the weight must point the way of the score */
#define TAKE_BACK_SHARE 0.5 /* of the threshold: an entry under way is taken back below */
#define OFI_FULL_SIGMAS 2.0
#define MOVE_FULL_SHARE 0.5 /* of the minute's volatility, within 10 s */
#define MOVE_LEAST_BP   1.0 /* a dead market must not make a tick look like a move */
#define STATE_TAG       UINT64_C(0x6f66693000000001)

static const char manifest[] =
    "name: ofi\n"
    "version: 1.0.0\n"
    "abi: 1\n"
    "about: follows order flow while it is strong and its features agree\n"
    "instruments: 0\n"
    "parameters:\n" TRIP_MANIFEST("500", "120000", "0", "30", "3000", "5000",
                                  "false") "  threshold: {type: decimal, min: 0.01, max: 1, default: 0.80, "
                                           "help: strength of the score from which it "
                                           "enters}\n"
                                           "  exit: {type: decimal, min: 0, max: 1, default: 0.20, help: "
                                           "leaves when the score points that much against "
                                           "the position}\n"
                                           "  spread_ticks_max: {type: int, min: 1, max: 1000000, default: "
                                           "50, unit: ticks, help: no entry in a wider "
                                           "spread}\n"
                                           "  volatility_max_bp: {type: int, min: 1, max: 10000, default: "
                                           "60, unit: bp, help: no entry when the last minute "
                                           "moved more}\n";

static const char page[] =
    "ofi follows order flow. Who adds, takes and cancels at the touch explains most of what the price does "
    "next "
    "(Cont, Kukanov, Stoikov 2014). Its score is a weighted sum of five features, each from -1 (selling) to "
    "1 "
    "(buying): order-flow imbalance of 10 s over twice its own deviation (0.30), the signed share of what "
    "takers "
    "traded (0.25), the imbalance of size within 1 bp of the mid (0.20) and within 10 bp (0.10), and the "
    "move of "
    "10 s (0.15). The sum is multiplied by 1.2.\n"
    "\n"
    "It enters with the flow when the score reaches the threshold, features of at least 0.6 of the weight "
    "agree, "
    "the spread and the volatility are within their bounds and no pause is on. It takes up to 5 bp beyond "
    "the touch, "
    "or rests at the touch if passive. It leaves when the score turns against it by the exit value, after "
    "its time, "
    "at the stop loss or at the take profit; an exit takes up to 30 bp beyond the touch and only reduces.\n"
    "\n"
    "Sources: R. Cont, A. Kukanov, S. Stoikov, The price impact of order book events (2014); M. Gould, J. "
    "Bonart, "
    "Queue imbalance as a one-tick-ahead price predictor (2016).\n";

enum parameter { THRESHOLD = TRIP_PARAMETERS, EXIT, SPREAD_TICKS_MAX, VOLATILITY_MAX_BP, PARAMETERS };

struct ofi {
    struct trip_strategy base;
};

static bool is_possible(const int64_t *value)
{
    return value[EXIT] <= value[THRESHOLD];
}

/* --- score ------------------------------------------------------------------------------------------------ */

static double move(const struct fd_signals *signals)
{
    double full_bp = signals->volatility_1m_bp * MOVE_FULL_SHARE;

    return kit_clamp(signals->momentum_10s_bp / (full_bp > MOVE_LEAST_BP ? full_bp : MOVE_LEAST_BP), -1.0,
                     1.0);
}

static void score(const struct ofi *ofi, const struct fd_context *context, struct fd_answer *out)
{
    const struct fd_market *market = &context->market[context->here];
    const struct trip *trip = &ofi->base.trip[context->here];
    const int64_t *parameter = ofi->base.parameter;
    const struct fd_signals *signals = market->signals;
    bool ready =
        signals->valid != 0 && (market->flags & FD_BOOK_LIVE) != 0 && (market->flags & FD_BOOK_CROSSED) == 0;

    kit_reason(out, 0.0, trip_decimal(&ofi->base, THRESHOLD), 0.0);
    kit_feature(out, "OFI\u03c3/2 10s", signals->ofi_sigma / OFI_FULL_SIGMAS, 0.30,
                ready && signals->ofi_sigma == signals->ofi_sigma);
    kit_feature(out, "takers 10s", signals->trade_imbalance, 0.25, ready);
    kit_feature(out, "near 1bp", signals->imbalance_1bp_mean, 0.20, ready);
    kit_feature(out, "far 10bp", signals->imbalance_10bp_mean, 0.10, ready);
    kit_feature(out, "move 10s", move(signals), 0.15, ready);
    if (ready)
        kit_weigh(out, GAIN);
    trip_feature_spread(out, trip, market, parameter[SPREAD_TICKS_MAX]);
    kit_feature(out, "volatility bp", signals->volatility_1m_bp, 0.0,
                ready && signals->volatility_1m_bp <= (double)parameter[VOLATILITY_MAX_BP]);
    trip_feature_cooldown(out, trip);
}

/* --- callbacks -------------------------------------------------------------------------------------------- */

static void ofi_market(void *self, const struct fd_context *context, struct fd_answer *out)
{
    struct ofi *ofi = self;
    const struct fd_market *market = &context->market[context->here];
    struct trip_opinion opinion;
    double along;

    (void)trip_look(&ofi->base, context);
    score(ofi, context, out);
    along = trip_side(&ofi->base.trip[context->here], market) < 0 ? -out->score : out->score;
    opinion.side = out->confidence >= CONFIDENCE_MIN ? kit_side(out) : 0;
    opinion.stands = along >= TAKE_BACK_SHARE * out->threshold;
    opinion.leave = along <= -trip_decimal(&ofi->base, EXIT);
    opinion.why = "the flow turned";
    trip_act(&ofi->base, context, &opinion, out);
}

static void *ofi_create(const int64_t *parameter, uint32_t parameters)
{
    return trip_create(sizeof(struct ofi), parameter, parameters, PARAMETERS, is_possible);
}

static uint32_t ofi_parameter(void *self, uint32_t index, int64_t value)
{
    return trip_parameter(self, index, value, is_possible);
}

static size_t ofi_save(void *self, void *state, size_t max)
{
    return trip_save(STATE_TAG, self, sizeof(struct ofi), state, max);
}

static uint32_t ofi_restore(void *self, const void *state, size_t size)
{
    return trip_restore(STATE_TAG, self, sizeof(struct ofi), state, size);
}

static const struct fd_strategy table = {
    .abi = FD_ABI,
    .size = sizeof table,
    .create = ofi_create,
    .destroy = kit_free,
    .market = ofi_market,
    .fill = trip_fill,
    .order = trip_order,
    .pause = trip_pause,
    .parameter = ofi_parameter,
    .save = ofi_save,
    .restore = ofi_restore,
};

const struct builtin_strategy builtin_ofi = {
    .name = "ofi", .table = &table, .manifest_text = manifest, .page = page};
