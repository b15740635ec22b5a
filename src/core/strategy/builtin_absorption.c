/*
 * builtin_absorption.c - the strategy absorption: joins a level that takers hit in vain (strategy_trip.h). Pure.
 *
 * The host tells FD_ABSORBED when takers took more at one price than stood there, and it held (book_event.h). Somebody
 * buys all that is sold, or sells all that is bought: the strategy joins that side with a stop behind the level. Score:
 * confidence of the event, falling in a straight line to 0 over memory_ms, > 0 for an absorbing bid.
 *
 * Source: Bouchaud, Farmer, Lillo, "How markets slowly digest changes in supply and demand" (2009): liquidity that
 * refills against one-sided flow makes its impact fade; Biais, Hillion, Spatt (1995) for orders that come in behind a
 * depletion; Bessembinder, Panayides, Venkataraman (2009) for size that does not show.
 */
#include "core/strategy/builtin_list.h"
#include "core/strategy/strategy_trip.h"

#include <math.h>

#define TAKE_BACK_SHARE 0.4 /* of the threshold */
#define STATE_TAG       UINT64_C(0x6162736f00000001)

static const char manifest[] =
    "name: absorption\n"
    "version: 1.0.0\n"
    "abi: 1\n"
    "about: joins a level that takers hit in vain, with a stop behind it\n"
    "instruments: 0\n"
    "parameters:\n" TRIP_MANIFEST("500", "180000", "12", "15", "5000", "5000",
                                  "false") "  threshold: {type: decimal, min: 0.01, max: 1, default: 0.50, "
                                           "help: confidence that is left of the event from "
                                           "which it enters}\n"
                                           "  memory_ms: {type: int, min: 100, max: 600000, default: 10000, "
                                           "unit: ms, help: an absorption is forgotten after "
                                           "that time}\n"
                                           "  distance_max_bp: {type: decimal, min: 0.1, max: 100, default: "
                                           "3, unit: bp, help: no entry further than that "
                                           "from the level}\n"
                                           "  behind_bp: {type: decimal, min: 0, max: 100, default: 2, unit: "
                                           "bp, help: the stop stands that far behind the "
                                           "level}\n"
                                           "  left_min: {type: decimal, min: 0, max: 10, default: 0.1, help: "
                                           "no entry when less of what was absorbed is left "
                                           "at the level}\n"
                                           "  spread_ticks_max: {type: int, min: 1, max: 1000000, default: "
                                           "50, unit: ticks, help: no entry in a wider "
                                           "spread}\n";

static const char page[] = "absorption follows who absorbs. When takers hit one price again and again and it "
                           "holds, somebody there buys all "
                           "that is sold, or sells all that is bought. Once the takers are done the price "
                           "tends to leave in the direction of "
                           "the level. The event and its confidence come from the book events (ABSORBED).\n"
                           "\n"
                           "The score is that confidence, falling to 0 over memory_ms; above 0 for an "
                           "absorbing bid. It enters when the score "
                           "reaches the threshold, the touch is near the level, the level has not been eaten "
                           "or pulled, the spread is within "
                           "its bound and no pause is on. The stop stands behind the level: when the touch "
                           "is further than behind_bp beyond "
                           "it, the absorber is gone and so is the reason. It also leaves when the other "
                           "side absorbs, after its time, at the "
                           "stop loss and at the take profit.\n"
                           "\n"
                           "Sources: J.-P. Bouchaud, J. D. Farmer, F. Lillo, How markets slowly digest "
                           "changes in supply and demand (2009); "
                           "B. Biais, P. Hillion, C. Spatt, An empirical analysis of the limit order book "
                           "(1995); H. Bessembinder, M. "
                           "Panayides, K. Venkataraman, Hidden liquidity (2009).\n";

enum parameter {
    THRESHOLD = TRIP_PARAMETERS,
    MEMORY_MS,
    DISTANCE_MAX_BP,
    BEHIND_BP,
    LEFT_MIN,
    SPREAD_TICKS_MAX,
    PARAMETERS
};

struct absorbed {  /* the last event on either side */
    int64_t ts_ns; /* 0: none */
    int64_t price_e8, qty_e8;
    uint32_t side;
    double confidence;
};

struct place {
    struct absorbed last;
    struct absorbed held; /* the one behind the entry or the position; ts_ns 0: none */
};

struct absorption {
    struct trip_strategy base;
    struct place place[FD_INSTRUMENTS_MAX];
};

static bool is_possible(const int64_t *value)
{
    (void)value;
    return true;
}

/* --- the level -------------------------------------------------------------------------------------------- */

/* Size at that price of the visible book; what lies beyond it is not known: -1. */
static int64_t standing(const struct fd_market *market, uint32_t side, int64_t price_e8)
{
    const struct fd_level *level = side == FD_BUY ? market->bids : market->asks;
    uint32_t count = side == FD_BUY ? market->bid_count : market->ask_count;

    for (uint32_t i = 0; i < count; i++) {
        if (level[i].price_e8 == price_e8)
            return level[i].qty_e8;
        if (side == FD_BUY ? level[i].price_e8 < price_e8 : level[i].price_e8 > price_e8)
            return 0;
    }
    return count < FD_LEVELS_MAX ? 0 : -1;
}

/* How far the touch on the level's side is from it: > 0 before it, < 0 behind it. */
static double distance_bp(const struct fd_market *market, const struct absorbed *absorbed)
{
    int64_t touch_e8 = kit_touch(market, absorbed->side);

    return (double)((touch_e8 - absorbed->price_e8) * kit_sign(absorbed->side)) / (double)absorbed->price_e8 *
           1e4;
}

static double fading_score(const struct absorption *absorption, const struct absorbed *absorbed,
                           int64_t now_ns)
{
    double age = (double)(now_ns - absorbed->ts_ns) / 1e6 / (double)absorption->base.parameter[MEMORY_MS];

    if (absorbed->ts_ns == 0 || age >= 1.0 || age < 0.0)
        return 0.0;
    return absorbed->confidence * (1.0 - age) * (double)kit_sign(absorbed->side);
}

static void score(const struct absorption *absorption, const struct fd_context *context,
                  struct fd_answer *out)
{
    const struct fd_market *market = &context->market[context->here];
    const struct absorbed *last = &absorption->place[context->here].last;
    const struct trip *trip = &absorption->base.trip[context->here];
    double value = fading_score(absorption, last, context->now_ns), distance = 0.0, left = 0.0;
    bool ready = kit_is_tradable(market) && value != 0.0;

    if (ready) {
        int64_t standing_e8 = standing(market, last->side, last->price_e8);

        distance = distance_bp(market, last);
        left = standing_e8 < 0 ? 1.0 : (double)standing_e8 / (double)last->qty_e8;
    }
    kit_reason(out, value, trip_decimal(&absorption->base, THRESHOLD), fabs(value));
    kit_feature(out, "absorbed", value, 1.0, ready);
    kit_feature(out, "distance bp", distance, 0.0,
                ready && distance >= 0.0 && distance <= trip_decimal(&absorption->base, DISTANCE_MAX_BP));
    kit_feature(out, "left", left, 0.0, ready && left >= trip_decimal(&absorption->base, LEFT_MIN));
    trip_feature_spread(out, trip, market, absorption->base.parameter[SPREAD_TICKS_MAX]);
    trip_feature_cooldown(out, trip);
}

/* --- callbacks -------------------------------------------------------------------------------------------- */

static bool level_is_broken(const struct absorption *absorption, const struct fd_market *market,
                            const struct absorbed *held)
{
    return held->ts_ns != 0 && kit_is_tradable(market) &&
           distance_bp(market, held) < -trip_decimal(&absorption->base, BEHIND_BP);
}

static void step(struct absorption *absorption, const struct fd_context *context, struct fd_answer *out)
{
    const struct fd_market *market = &context->market[context->here];
    struct place *place = &absorption->place[context->here];
    const struct trip *trip = &absorption->base.trip[context->here];
    struct trip_opinion opinion;
    int side;

    score(absorption, context, out);
    side = trip_side(trip, market);
    opinion.side = kit_side(out);
    opinion.stands = out->score * side >= TAKE_BACK_SHARE * out->threshold &&
                     !level_is_broken(absorption, market, &place->held);
    opinion.leave = level_is_broken(absorption, market, &place->held) ||
                    out->score * side <= -out->threshold; /* the other side absorbs */
    opinion.why =
        level_is_broken(absorption, market, &place->held) ? "the level broke" : "the other side absorbs";
    trip_act(&absorption->base, context, &opinion, out);
    if (trip->stage == TRIP_ENTERING && trip->entered_ns == context->now_ns)
        place->held = place->last;
    else if (trip->stage == TRIP_FLAT && market->position.qty_e8 == 0)
        place->held.ts_ns = 0;
}

static void look(struct absorption *absorption, const struct fd_context *context)
{
    if (trip_look(&absorption->base, context))
        absorption->place[context->here] = (struct place){.last.ts_ns = 0};
}

static void absorption_market(void *self, const struct fd_context *context, struct fd_answer *out)
{
    look(self, context);
    step(self, context, out);
}

static void absorption_signal(void *self, const struct fd_context *context,
                              const struct fd_signal_event *event, struct fd_answer *out)
{
    struct absorption *absorption = self;

    look(absorption, context);
    if (event->kind != FD_ABSORBED || event->price_e8 <= 0 || event->qty_e8 <= 0)
        return;
    absorption->place[context->here].last =
        (struct absorbed){.ts_ns = context->now_ns,
                          .price_e8 = event->price_e8,
                          .qty_e8 = event->qty_e8,
                          .side = event->side,
                          .confidence = kit_clamp(event->confidence, 0.0, 1.0)};
    step(absorption, context, out);
}

static void *absorption_create(const int64_t *parameter, uint32_t parameters)
{
    return trip_create(sizeof(struct absorption), parameter, parameters, PARAMETERS, is_possible);
}

static uint32_t absorption_parameter(void *self, uint32_t index, int64_t value)
{
    return trip_parameter(self, index, value, is_possible);
}

static size_t absorption_save(void *self, void *state, size_t max)
{
    return trip_save(STATE_TAG, self, sizeof(struct absorption), state, max);
}

static uint32_t absorption_restore(void *self, const void *state, size_t size)
{
    return trip_restore(STATE_TAG, self, sizeof(struct absorption), state, size);
}

static const struct fd_strategy table = {
    .abi = FD_ABI,
    .size = sizeof table,
    .create = absorption_create,
    .destroy = kit_free,
    .market = absorption_market,
    .signal = absorption_signal,
    .fill = trip_fill,
    .order = trip_order,
    .pause = trip_pause,
    .parameter = absorption_parameter,
    .save = absorption_save,
    .restore = absorption_restore,
};

const struct builtin_strategy builtin_absorption = {
    .name = "absorption", .table = &table, .manifest_text = manifest, .page = page};
