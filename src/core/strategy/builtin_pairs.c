/*
 * builtin_pairs.c - the strategy pairs: two instruments that move together; buys the cheap one, sells the dear one. Pure.
 *
 * Each sample_ms the logarithms of both mids are a point; y = a + b x by least squares over points whose weight falls by
 * e^-1 in window_s, y the second instrument, x the first. z = (y - a - b x) / deviation of what is left. At entry_z the
 * second is dear: it is sold and the first is bought for b times the money (below -entry_z the other way round); out at
 * exit_z. The score is -z / 4: above 0 the second is cheap.
 *
 * Both legs are wanted at once, and neither stays alone: when one is not there within leg_life_ms, is denied, or
 * disappears, the other is closed. Where one may not be sold short, only the cheap one is bought.
 *
 * Source: Gatev, Goetzmann, Rouwenhorst, "Pairs trading" (2006): in at two deviations, out when the paths cross; Engle,
 * Granger (1987) for the regression; Avellaneda, Lee (2010) for the bands.
 */
#include "core/base/fmath.h"
#include "core/strategy/builtin_list.h"
#include "core/strategy/strategy_kit.h"
#include "core/strategy/strategy_regression.h"

#include <math.h>
#include <string.h>

#define LEGS              2
#define Z_FULL            4.0 /* where the score is 1 */
#define ENTRY_BOUND_BP_E8 (5 * KIT_E8)
#define LEAVE_AGAIN_NS    (2 * KIT_S_NS)
#define HEDGE_MIN         0.1 /* a hedge beyond these is no pair */
#define HEDGE_MAX         10.0
#define STATE_TAG         UINT64_C(0x7061697200000001)

static const char manifest[] =
    "name: pairs\n"
    "version: 1.0.0\n"
    "abi: 1\n"
    "about: trades the distance between two instruments that move together\n"
    "instruments: 2\n"
    "parameters:\n"
    "  order_value: {type: decimal, min: 1, max: 1000000000, default: 500, unit: quote, help: money of the "
    "second "
    "leg; the first has hedge ratio times that}\n"
    "  entry_z: {type: decimal, min: 0.5, max: 4, default: 2, help: deviations at which it enters}\n"
    "  exit_z: {type: decimal, min: 0, max: 4, default: 0.5, help: deviations at which it leaves; below "
    "entry_z}\n"
    "  stop_z: {type: decimal, min: 1, max: 20, default: 5, help: deviations at which it gives up; above "
    "entry_z}\n"
    "  window_s: {type: int, min: 30, max: 604800, default: 600, unit: s, help: time constant of the "
    "regression}\n"
    "  warm_s: {type: int, min: 10, max: 604800, default: 120, unit: s, help: no entry before that much was "
    "seen}\n"
    "  sample_ms: {type: int, min: 100, max: 3600000, default: 1000, unit: ms, help: time between two "
    "points}\n"
    "  fit_min: {type: decimal, min: 0, max: 1, default: 0.5, help: no entry when less of the variance is "
    "explained}\n"
    "  edge_min_bp: {type: decimal, min: 0, max: 1000, default: 2, unit: bp, help: no entry for a smaller "
    "distance}\n"
    "  hold_max_ms: {type: int, min: 1000, max: 604800000, default: 1800000, unit: ms, help: leaves after "
    "that time}\n"
    "  leg_life_ms: {type: int, min: 100, max: 600000, default: 3000, unit: ms, help: both legs must be "
    "there within "
    "that time}\n"
    "  stale_ms: {type: int, min: 100, max: 600000, default: 5000, unit: ms, help: no entry when one side "
    "was not "
    "heard of for so long}\n"
    "  cooldown_ms: {type: int, min: 0, max: 3600000, default: 10000, unit: ms, help: pause after an exit or "
    "a "
    "denial}\n"
    "  short: {type: bool, default: true, help: sells the dear one short where the venue allows it}\n";

static const char page[] =
    "pairs trades the distance between two instruments that move together. It takes a point of both prices' "
    "logarithms "
    "at even times and fits a line through them, y = a + b x, y the second instrument and x the first, where "
    "old "
    "points count less and less. The distance of the newest point from the line in deviations is z; the "
    "hedge ratio b "
    "says how much of the first goes against the second.\n"
    "\n"
    "At entry_z it sells the second and buys the first, at -entry_z the other way round, both at once; it "
    "leaves at "
    "exit_z, gives up at stop_z, and leaves after its time. No entry before warm_s, for a distance below "
    "edge_min_bp "
    "(two legs pay four fees), for a bad fit, or when one of the two was not heard of for stale_ms. Where "
    "the dear one "
    "may not be sold short only the cheap one is bought. No leg stays alone: if one is not there within "
    "leg_life_ms, is "
    "denied, or disappears, the other is closed.\n"
    "\n"
    "The score is -z / 4: above 0 the second instrument is cheap.\n"
    "\n"
    "Sources: E. Gatev, W. Goetzmann, K. G. Rouwenhorst, Pairs trading (2006); R. Engle, C. Granger, "
    "Co-integration "
    "(1987); M. Avellaneda, J.-H. Lee, Statistical arbitrage in the US equities market (2010).\n";

enum parameter {
    ORDER_VALUE,
    ENTRY_Z,
    EXIT_Z,
    STOP_Z,
    WINDOW_S,
    WARM_S,
    SAMPLE_MS,
    FIT_MIN,
    EDGE_MIN_BP,
    HOLD_MAX_MS,
    LEG_LIFE_MS,
    STALE_MS,
    COOLDOWN_MS,
    SHORT,
    PARAMETERS
};

enum { FLAT, ENTERING, HOLDING, LEAVING };

struct pair {
    char symbol[LEGS][24];
    uint32_t stage, unused;
    int64_t now_ns;
    int64_t seen_ns[LEGS];
    int64_t entered_ns;
    int64_t target_e8[LEGS];
    int64_t cooldown_until_ns, leave_after_ns;
    struct regression points;
};

struct pairs {
    int64_t parameter[PARAMETERS];
    struct pair pair;
};

struct thought {
    struct regression_line line;
    double z, edge_bp;
    bool both; /* both books can be traded and are fresh */
    bool warm;
};

static double decimal(const struct pairs *pairs, enum parameter index)
{
    return (double)pairs->parameter[index] / 1e8;
}

/* --- what it thinks --------------------------------------------------------------------------------------- */

static bool is_fresh(const struct pairs *pairs, const struct fd_context *context)
{
    for (uint32_t leg = 0; leg < LEGS; leg++)
        if (!kit_is_tradable(&context->market[leg]) ||
            context->now_ns - pairs->pair.seen_ns[leg] > pairs->parameter[STALE_MS] * KIT_MS_NS)
            return false;
    return true;
}

static struct thought think(struct pairs *pairs, const struct fd_context *context)
{
    struct regression *points = &pairs->pair.points;
    struct thought thought = {.both = is_fresh(pairs, context)};
    double x, y, apart;

    thought.line = regression_line(points);
    if (!thought.both)
        return thought;
    x = fmath_log(kit_mid(&context->market[0]));
    y = fmath_log(kit_mid(&context->market[1]));
    thought.warm = points->last_ns != 0 && thought.line.deviation > 0.0 && thought.line.b >= HEDGE_MIN &&
                   thought.line.b <= HEDGE_MAX &&
                   (double)(points->last_ns - points->first_ns) / 1e9 >= (double)pairs->parameter[WARM_S];
    if (thought.warm) { /* judged by the line before this point */
        apart = regression_apart(points, &thought.line, x, y);
        thought.z = apart / thought.line.deviation;
        thought.edge_bp = fabs(apart) * 1e4;
    }
    if (context->now_ns - points->last_ns >= pairs->parameter[SAMPLE_MS] * KIT_MS_NS)
        regression_add(points, x, y, context->now_ns, (double)pairs->parameter[WINDOW_S]);
    return thought;
}

static void tell(const struct pairs *pairs, const struct thought *thought, struct fd_answer *out)
{
    double entry_z = decimal(pairs, ENTRY_Z), strength = fabs(thought->z);
    double pause_s = (double)(pairs->pair.cooldown_until_ns - pairs->pair.now_ns) / 1e9;

    kit_reason(out, -thought->z / Z_FULL, entry_z / Z_FULL, strength / (strength + entry_z));
    kit_feature(out, "distance", -thought->z / Z_FULL, 1.0, thought->warm);
    kit_feature(out, "hedge ratio", thought->line.b, 0.0, thought->warm);
    kit_feature(out, "fit", thought->line.fit, 0.0, thought->line.fit >= decimal(pairs, FIT_MIN));
    kit_feature(out, "edge bp", thought->edge_bp, 0.0, thought->edge_bp >= decimal(pairs, EDGE_MIN_BP));
    kit_feature(out, "both fresh", thought->both, 0.0, thought->both);
    kit_feature(out, "cool-down s", pause_s > 0.0 ? pause_s : 0.0, 0.0, pause_s <= 0.0);
}

/* --- the legs --------------------------------------------------------------------------------------------- */

static bool leg_is_held(const struct fd_context *context, uint32_t leg)
{
    const struct fd_market *market = &context->market[leg];

    return !kit_is_dust(market, market->position.qty_e8);
}

static bool any_held(const struct fd_context *context)
{
    return leg_is_held(context, 0) || leg_is_held(context, 1);
}

static bool leg_is_there(const struct pairs *pairs, const struct fd_context *context, uint32_t leg)
{
    const struct fd_market *market = &context->market[leg];

    return kit_is_dust(market, pairs->pair.target_e8[leg] - market->position.qty_e8);
}

static int64_t bound_of(const struct fd_market *market, uint32_t side)
{
    return kit_worse_price(market->instrument, kit_touch(market, kit_other(side)), side, ENTRY_BOUND_BP_E8);
}

/* Signed quantity for that money; 0: not allowed or too little. */
static int64_t leg_qty_e8(const struct pairs *pairs, const struct fd_market *market, uint32_t side,
                          int64_t value_e8)
{
    int64_t price_e8 = bound_of(market, side);
    int64_t qty_e8 = kit_qty_for(market->instrument, value_e8, price_e8);
    bool may_short = pairs->parameter[SHORT] != 0 && (market->instrument->flags & FD_SHORT_ALLOWED) != 0;

    if ((side == FD_SELL && !may_short) || !kit_is_enough(market->instrument, qty_e8, price_e8))
        return 0;
    return qty_e8 * kit_sign(side);
}

static void want_leg(struct pairs *pairs, const struct fd_context *context, uint32_t leg, uint32_t side,
                     struct fd_answer *out)
{
    struct fd_wish *wish = kit_wish(out, FD_WISH_TARGET, leg);

    if (wish == NULL)
        return;
    wish->qty_e8 = pairs->pair.target_e8[leg];
    wish->price_e8 = bound_of(&context->market[leg], side);
    wish->urgency = FD_TAKE; /* whole or not at all: no may_cut */
}

/* second: the side of the second leg; the first is its counterpart. */
static void enter(struct pairs *pairs, const struct fd_context *context, uint32_t second, double hedge,
                  struct fd_answer *out)
{
    struct pair *pair = &pairs->pair;
    const uint32_t side[LEGS] = {kit_other(second), second};
    int64_t value_e8[LEGS] = {(int64_t)((double)pairs->parameter[ORDER_VALUE] * hedge),
                              pairs->parameter[ORDER_VALUE]};
    uint32_t cheap = second == FD_BUY ? 1 : 0;

    for (uint32_t leg = 0; leg < LEGS; leg++)
        pair->target_e8[leg] = leg_qty_e8(pairs, &context->market[leg], side[leg], value_e8[leg]);
    if (pair->target_e8[cheap] == 0)
        return;
    for (uint32_t leg = 0; leg < LEGS; leg++)
        if (pair->target_e8[leg] != 0)
            want_leg(pairs, context, leg, side[leg], out);
    kit_say(out, "%s %s, hedge ratio %.3f, score %+.2f", second == FD_BUY ? "buys" : "sells",
            context->market[1].instrument->symbol, hedge, out->score);
    pair->stage = ENTERING;
    pair->entered_ns = pair->now_ns;
}

static void leave(struct pair *pair, const struct fd_context *context, const char *why, struct fd_answer *out)
{
    if (pair->stage == LEAVING && pair->now_ns < pair->leave_after_ns)
        return;
    for (uint32_t leg = 0; leg < LEGS; leg++) {
        if (!kit_is_tradable(&context->market[leg]))
            continue; /* told again when it is back */
        if (leg_is_held(context, leg))
            (void)kit_flat(out, context, leg);
        else
            kit_nothing(out, leg);
    }
    if (pair->stage != LEAVING)
        kit_say(out, "%s and %s: out, %s", context->market[0].instrument->symbol,
                context->market[1].instrument->symbol, why);
    pair->stage = LEAVING;
    pair->leave_after_ns = pair->now_ns + LEAVE_AGAIN_NS;
}

static void end(struct pairs *pairs, struct fd_answer *out)
{
    for (uint32_t leg = 0; leg < LEGS; leg++)
        kit_nothing(out, leg);
    pairs->pair.stage = FLAT;
    pairs->pair.cooldown_until_ns = pairs->pair.now_ns + pairs->parameter[COOLDOWN_MS] * KIT_MS_NS;
}

static bool entry_is_over(const struct pairs *pairs)
{
    return pairs->pair.stage == ENTERING &&
           pairs->pair.now_ns - pairs->pair.entered_ns >= pairs->parameter[LEG_LIFE_MS] * KIT_MS_NS;
}

/* Both there: the goals have served. One alone when its time is over: none of it. */
static void tend_entry(struct pairs *pairs, const struct fd_context *context, struct fd_answer *out)
{
    struct pair *pair = &pairs->pair;
    bool there = leg_is_there(pairs, context, 0) && leg_is_there(pairs, context, 1);

    if (there) {
        for (uint32_t leg = 0; leg < LEGS; leg++)
            kit_nothing(out, leg);
        pair->stage = HOLDING;
    } else if (entry_is_over(pairs)) {
        if (any_held(context))
            leave(pair, context, "a leg is missing", out);
        else
            end(pairs, out);
    }
}

/* NULL: it stays. */
static const char *wants_out(const struct pairs *pairs, const struct fd_context *context,
                             const struct thought *thought)
{
    const struct pair *pair = &pairs->pair;
    double side = pair->target_e8[1] > 0 || pair->target_e8[0] < 0 ? 1.0 : -1.0; /* of the second leg */
    double away = -thought->z * side;

    for (uint32_t leg = 0; leg < LEGS; leg++)
        if (pair->target_e8[leg] != 0 && !leg_is_held(context, leg))
            return "a leg disappeared";
    if (pair->now_ns - pair->entered_ns >= pairs->parameter[HOLD_MAX_MS] * KIT_MS_NS)
        return "its time is over";
    if (thought->warm && away <= decimal(pairs, EXIT_Z))
        return "the paths met";
    return thought->warm && away >= decimal(pairs, STOP_Z) ? "the paths parted" : NULL;
}

static void act(struct pairs *pairs, const struct fd_context *context, const struct thought *thought,
                struct fd_answer *out)
{
    struct pair *pair = &pairs->pair;

    if (!any_held(context) && (pair->stage == LEAVING || pair->stage == HOLDING)) {
        end(pairs, out); /* HOLDING: closed by somebody else */
    } else if (pair->stage == LEAVING) {
        leave(pair, context, "", out);
    } else if (pair->stage == ENTERING) {
        tend_entry(pairs, context, out);
    } else if (any_held(context)) {
        const char *why = pair->stage == FLAT ? "not of its making" : wants_out(pairs, context, thought);

        if (why != NULL)
            leave(pair, context, why, out);
    } else if (kit_side(out) != 0 && fabs(thought->z) < decimal(pairs, STOP_Z)) {
        enter(pairs, context, kit_side(out) > 0 ? FD_BUY : FD_SELL, thought->line.b, out);
    }
}

/* --- callbacks -------------------------------------------------------------------------------------------- */

/* False: it has not two instruments. Begun anew with other instruments, or in another time. */
static bool look(struct pairs *pairs, const struct fd_context *context)
{
    struct pair *pair = &pairs->pair;
    bool same = context->now_ns >= pair->now_ns;

    if (context->count != LEGS)
        return false;
    for (uint32_t leg = 0; leg < LEGS; leg++)
        same = kit_same_symbol(pair->symbol[leg], context->market[leg].instrument) && same;
    if (!same) {
        *pair = (struct pair){.stage = FLAT};
        for (uint32_t leg = 0; leg < LEGS; leg++)
            (void)kit_same_symbol(pair->symbol[leg], context->market[leg].instrument);
    }
    pair->now_ns = context->now_ns;
    return true;
}

static void pairs_market(void *self, const struct fd_context *context, struct fd_answer *out)
{
    struct pairs *pairs = self;
    struct thought thought;

    if (!look(pairs, context))
        return;
    pairs->pair.seen_ns[context->here] = context->now_ns;
    thought = think(pairs, context);
    tell(pairs, &thought, out);
    if (context->may_trade == 0)
        return;
    if (kit_is_tradable(&context->market[0]) && kit_is_tradable(&context->market[1]))
        act(pairs, context, &thought, out);
    else if (pairs->pair.stage == LEAVING || entry_is_over(pairs))
        leave(&pairs->pair, context, "a leg is missing", out); /* what can be closed is */
}

static void pairs_order(void *self, const struct fd_context *context, const struct fd_order *order,
                        struct fd_answer *out)
{
    struct pairs *pairs = self;

    if ((order->state != FD_ORDER_DENIED && order->state != FD_ORDER_REJECTED) || !look(pairs, context))
        return;
    if (pairs->pair.stage == ENTERING) {
        if (any_held(context))
            leave(&pairs->pair, context, "a leg was refused", out);
        else
            end(pairs, out);
    }
}

/* The host forgets the goals. What is held stays wanted or is closed after the pause, as it stood. */
static void pairs_pause(void *self, const struct fd_context *context, uint32_t paused, struct fd_answer *out)
{
    struct pair *pair = &((struct pairs *)self)->pair;

    (void)paused;
    (void)out;
    (void)context;
    if (pair->stage == ENTERING)
        pair->stage = HOLDING; /* a lone leg is closed from there */
    pair->cooldown_until_ns = pair->leave_after_ns = 0;
}

static bool is_possible(const int64_t *value)
{
    return value[EXIT_Z] < value[ENTRY_Z] && value[ENTRY_Z] < value[STOP_Z];
}

static void *pairs_create(const int64_t *parameter, uint32_t parameters)
{
    struct pairs *pairs = parameters == PARAMETERS && is_possible(parameter) ? kit_new(sizeof *pairs) : NULL;

    if (pairs != NULL)
        memcpy(pairs->parameter, parameter, sizeof pairs->parameter);
    return pairs;
}

static uint32_t pairs_parameter(void *self, uint32_t index, int64_t value)
{
    return kit_set_parameter(((struct pairs *)self)->parameter, index, value, is_possible);
}

static size_t pairs_save(void *self, void *state, size_t max)
{
    return kit_save(STATE_TAG, &((struct pairs *)self)->pair, sizeof(struct pair), state, max);
}

static uint32_t pairs_restore(void *self, const void *state, size_t size)
{
    struct pair *pair = &((struct pairs *)self)->pair;

    if (kit_restore(STATE_TAG, pair, sizeof *pair, state, size) == 0)
        return 0;
    if (pair->stage == ENTERING)
        pair->stage = HOLDING; /* the goals of another run are gone */
    return 1;
}

static const struct fd_strategy table = {
    .abi = FD_ABI,
    .size = sizeof table,
    .create = pairs_create,
    .destroy = kit_free,
    .market = pairs_market,
    .order = pairs_order,
    .pause = pairs_pause,
    .parameter = pairs_parameter,
    .save = pairs_save,
    .restore = pairs_restore,
};

const struct builtin_strategy builtin_pairs = {
    .name = "pairs", .table = &table, .manifest_text = manifest, .page = page};
