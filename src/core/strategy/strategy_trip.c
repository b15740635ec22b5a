#include "core/strategy/strategy_trip.h"

#include <string.h>

#define ENTRY_BOUND_BP_E8 (5 * KIT_E8)
#define EXIT_AGAIN_NS     (2 * KIT_S_NS)
#define EXIT_RETRY_NS     (500 * KIT_MS_NS)
#define EXIT_DENIALS_MAX  7 /* doublings of the pause between exit attempts: 64 s at most */

/* --- parameters and state --------------------------------------------------------------------------------- */

static void rules_set(struct trip_strategy *strategy)
{
    const int64_t *value = strategy->parameter;

    strategy->rules = (struct trip_rules){.order_value_e8 = value[TRIP_ORDER_VALUE],
                                          .hold_max_ms = value[TRIP_HOLD_MAX_MS],
                                          .take_profit_bp_e8 = value[TRIP_TAKE_PROFIT_BP],
                                          .stop_loss_bp_e8 = value[TRIP_STOP_LOSS_BP],
                                          .cooldown_ms = value[TRIP_COOLDOWN_MS],
                                          .order_life_ms = value[TRIP_ORDER_LIFE_MS],
                                          .passive = value[TRIP_PASSIVE] != 0,
                                          .may_short = value[TRIP_SHORT] != 0};
}

void *trip_create(size_t size, const int64_t *parameter, uint32_t given, uint32_t expected,
                  bool (*is_possible)(const int64_t *parameter))
{
    struct trip_strategy *strategy;

    if (given != expected || expected > TRIP_PARAMETERS_MAX || !is_possible(parameter))
        return NULL;
    strategy = kit_new(size);
    if (strategy == NULL)
        return NULL;
    memcpy(strategy->parameter, parameter, given * sizeof *parameter);
    rules_set(strategy);
    return strategy;
}

uint32_t trip_parameter(void *self, uint32_t index, int64_t value,
                        bool (*is_possible)(const int64_t *parameter))
{
    struct trip_strategy *strategy = self;
    uint32_t taken = kit_set_parameter(strategy->parameter, index, value, is_possible);

    rules_set(strategy);
    return taken;
}

double trip_decimal(const struct trip_strategy *strategy, uint32_t index)
{
    return (double)strategy->parameter[index] / 1e8;
}

size_t trip_save(uint64_t tag, const void *self, size_t size, void *out, size_t max)
{
    const size_t at = offsetof(struct trip_strategy, trip);

    return kit_save(tag, (const unsigned char *)self + at, size - at, out, max);
}

uint32_t trip_restore(uint64_t tag, void *self, size_t size, const void *saved, size_t saved_size)
{
    struct trip_strategy *strategy = self;
    const size_t at = offsetof(struct trip_strategy, trip);

    if (kit_restore(tag, (unsigned char *)self + at, size - at, saved, saved_size) == 0)
        return 0;
    for (size_t i = 0; i < FD_INSTRUMENTS_MAX; i++)
        if (strategy->trip[i].stage > TRIP_LEAVING || strategy->trip[i].denials > EXIT_DENIALS_MAX) {
            memset((unsigned char *)self + at, 0, size - at);
            return 0;
        }
    return 1;
}

/* --- one step --------------------------------------------------------------------------------------------- */

static const struct fd_market *here(const struct fd_context *context)
{
    return &context->market[context->here];
}

static void note_position(struct trip *trip, const struct trip_rules *rules, const struct fd_market *market)
{
    if (market->position.qty_e8 != 0 && trip->opened_ns == 0)
        trip->opened_ns = trip->now_ns;
    if (market->position.qty_e8 == 0 && trip->opened_ns != 0) {
        trip->opened_ns = 0;
        trip->denials = 0;
        trip->exit_after_ns = 0;
        trip->cooldown_until_ns = trip->now_ns + rules->cooldown_ms * KIT_MS_NS;
    }
}

/* The trip of context->here, begun anew if it is another instrument's or from another time. */
static struct trip *trip_here(struct trip_strategy *strategy, const struct fd_context *context)
{
    struct trip *trip = &strategy->trip[context->here];

    if (!kit_same_symbol(trip->symbol, here(context)->instrument) || context->now_ns < trip->now_ns) {
        *trip = (struct trip){.fresh = 1, .tick_e8 = here(context)->instrument->tick_e8};
        (void)kit_same_symbol(trip->symbol, here(context)->instrument);
    }
    trip->now_ns = context->now_ns;
    return trip;
}

bool trip_look(struct trip_strategy *strategy, const struct fd_context *context)
{
    struct trip *trip = trip_here(strategy, context);
    bool fresh = trip->fresh != 0;

    trip->fresh = 0;
    note_position(trip, &strategy->rules, here(context));
    return fresh;
}

/* Why the rules want out; NULL: they do not. */
static const char *rules_want_out(const struct trip *trip, const struct trip_rules *rules,
                                  const struct fd_market *market)
{
    int64_t profit_bp_e8 = kit_profit_bp_e8(market);

    if (rules->stop_loss_bp_e8 > 0 && profit_bp_e8 <= -rules->stop_loss_bp_e8)
        return "stop loss";
    if (rules->take_profit_bp_e8 > 0 && profit_bp_e8 >= rules->take_profit_bp_e8)
        return "take profit";
    if (trip->now_ns - trip->opened_ns >= rules->hold_max_ms * KIT_MS_NS)
        return "its time is over";
    return NULL;
}

static void leave(struct trip *trip, const struct fd_context *context, const char *why, struct fd_answer *out)
{
    if (trip->now_ns < trip->exit_after_ns || kit_flat(out, context, context->here) == NULL)
        return;
    if (trip->stage != TRIP_LEAVING)
        kit_say(out, "%s: out at %+.2f bp, %s", here(context)->instrument->symbol,
                (double)kit_profit_bp_e8(here(context)) / 1e8, why);
    trip->stage = TRIP_LEAVING;
    trip->exit_after_ns = trip->now_ns + EXIT_AGAIN_NS;
}

static void enter(struct trip *trip, const struct trip_rules *rules, const struct fd_context *context,
                  uint32_t side, struct fd_answer *out)
{
    const struct fd_market *market = here(context);
    int64_t bound_e8 =
        kit_worse_price(market->instrument, kit_touch(market, kit_other(side)), side, ENTRY_BOUND_BP_E8);
    int64_t price_e8 = rules->passive ? kit_touch(market, side) : bound_e8;
    int64_t qty_e8 = kit_qty_for(market->instrument, rules->order_value_e8, price_e8);
    struct fd_wish *wish;

    if (!kit_is_enough(market->instrument, qty_e8, price_e8))
        return;
    wish = kit_wish(out, FD_WISH_TARGET, context->here);
    if (wish == NULL)
        return;
    wish->qty_e8 = market->position.qty_e8 + kit_sign(side) * qty_e8;
    wish->price_e8 = bound_e8;
    wish->urgency = rules->passive ? FD_PASSIVE : FD_TAKE;
    wish->may_cut = 1;
    kit_say(out, "%s: %s, score %+.2f", market->instrument->symbol, side == FD_BUY ? "buys" : "sells",
            out->score);
    trip->stage = TRIP_ENTERING;
    trip->target_e8 = wish->qty_e8;
    trip->entered_ns = trip->now_ns;
}

/* An entry under way ends when it is there, when it has lived its time, or when its reason is gone. */
static void tend_entry(struct trip *trip, const struct trip_rules *rules, const struct fd_context *context,
                       bool held, bool stands, struct fd_answer *out)
{
    const struct fd_market *market = here(context);
    bool reached = kit_is_dust(market, trip->target_e8 - market->position.qty_e8);

    if (!reached && stands && trip->now_ns - trip->entered_ns < rules->order_life_ms * KIT_MS_NS)
        return;
    kit_nothing(out, context->here);
    trip->stage = held ? TRIP_HOLDING : TRIP_FLAT;
}

static bool may_enter(const struct trip *trip, const struct trip_rules *rules, const struct fd_market *market,
                      int side)
{
    if (side == 0 || trip->now_ns < trip->cooldown_until_ns)
        return false;
    return side > 0 || (rules->may_short && (market->instrument->flags & FD_SHORT_ALLOWED) != 0);
}

/* The host has forgotten the goal; a position that is there makes it HOLDING at the next step. */
static void goal_gone(struct trip *trip)
{
    if (trip->stage == TRIP_ENTERING || trip->stage == TRIP_LEAVING)
        trip->stage = TRIP_FLAT;
}

void trip_act(struct trip_strategy *strategy, const struct fd_context *context,
              const struct trip_opinion *opinion, struct fd_answer *out)
{
    const struct fd_market *market = here(context);
    const struct trip_rules *rules = &strategy->rules;
    struct trip *trip = &strategy->trip[context->here];
    const char *out_why = NULL;
    bool held;

    if (context->may_trade == 0 || !kit_is_tradable(market)) {
        goal_gone(trip);
        return;
    }
    held = !kit_is_dust(market, market->position.qty_e8);
    if (held)
        out_why = opinion->leave ? opinion->why : rules_want_out(trip, rules, market);
    if (held && (trip->stage == TRIP_LEAVING || out_why != NULL)) {
        leave(trip, context, out_why, out);
    } else if (trip->stage == TRIP_ENTERING) {
        tend_entry(trip, rules, context, held, opinion->stands, out);
    } else if (held) {
        trip->stage = TRIP_HOLDING;
    } else {
        if (trip->stage == TRIP_LEAVING)
            kit_nothing(out, context->here);
        trip->stage = TRIP_FLAT;
        if (may_enter(trip, rules, market, opinion->side))
            enter(trip, rules, context, opinion->side > 0 ? FD_BUY : FD_SELL, out);
    }
}

void trip_feature_spread(struct fd_answer *out, const struct trip *trip, const struct fd_market *market,
                         int64_t ticks_max)
{
    bool ready = kit_is_tradable(market);
    int64_t spread_e8 = ready ? kit_spread_e8(market) : 0;

    kit_feature(out, "spread ticks", (double)spread_e8 / (double)market->instrument->tick_e8, 0.0,
                ready && spread_e8 <= ticks_max * trip->tick_e8);
}

void trip_feature_cooldown(struct fd_answer *out, const struct trip *trip)
{
    int64_t left_ns = trip->cooldown_until_ns - trip->now_ns;

    kit_feature(out, "cool-down s", left_ns > 0 ? (double)left_ns / 1e9 : 0.0, 0.0, left_ns <= 0);
}

int trip_side(const struct trip *trip, const struct fd_market *market)
{
    int64_t qty_e8 = trip->stage == TRIP_ENTERING ? trip->target_e8 : market->position.qty_e8;

    return (qty_e8 > 0) - (qty_e8 < 0);
}

/* --- callbacks -------------------------------------------------------------------------------------------- */

void trip_fill(void *self, const struct fd_context *context, const struct fd_fill *fill,
               struct fd_answer *out)
{
    struct trip *trip = trip_here(self, context);

    (void)out;
    if (trip->opened_ns == 0)
        trip->opened_ns = fill->ts_ns;
    trip->denials = 0; /* the way out is open again */
}

/* A denied entry is taken back; a denied exit is told again at growing distances: a reason that lasts must not flood
 * the journal. */
void trip_order(void *self, const struct fd_context *context, const struct fd_order *order,
                struct fd_answer *out)
{
    struct trip_strategy *strategy = self;
    struct trip *trip = trip_here(strategy, context);

    if (order->state != FD_ORDER_DENIED && order->state != FD_ORDER_REJECTED)
        return;
    if (here(context)->position.qty_e8 != 0) {
        trip->exit_after_ns = context->now_ns + (EXIT_RETRY_NS << trip->denials);
        if (trip->denials < EXIT_DENIALS_MAX)
            trip->denials++;
    }
    if (trip->stage == TRIP_ENTERING) {
        kit_nothing(out, context->here);
        trip->stage = TRIP_FLAT;
    }
    trip->cooldown_until_ns = context->now_ns + strategy->rules.cooldown_ms * KIT_MS_NS;
}

void trip_pause(void *self, const struct fd_context *context, uint32_t paused, struct fd_answer *out)
{
    struct trip_strategy *strategy = self;

    (void)paused;
    (void)out;
    for (uint32_t i = 0; i < context->count; i++) {
        struct trip *trip = &strategy->trip[i];

        goal_gone(trip);
        trip->cooldown_until_ns = 0;
        trip->exit_after_ns = 0;
        trip->denials = 0;
    }
}
