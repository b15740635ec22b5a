/* ofi.c - the strategy ofi: when it enters, what it takes back, when it leaves (strategy.h). */
#include "core/strategy/ofi_score.h"
#include "core/strategy/strategy_table.h"

#define MS_NS            INT64_C(1000000)
#define ENTRY_BOUND_BP   5   /* a taking entry pays at most this beyond the touch */
#define EXIT_BOUND_BP    30  /* an exit wants out, still within the gate's collar */
#define CONFIDENCE_MIN   0.6 /* of the weight must point the way of the score */
#define EXIT_RETRY_NS    (500 * MS_NS)
#define EXIT_DENIALS_MAX 7   /* doublings of the pause between exit attempts: 64 s at most */
#define TAKE_BACK_SHARE  0.5 /* of the threshold: a resting entry is taken back below */

struct ofi_place {
    int64_t opened_ns; /* of the open position; 0: flat */
    int64_t cooldown_until_ns;
    int64_t exit_after_ns; /* no exit attempt before */
    int64_t spread_ticks_max;
    unsigned exit_denials; /* in a row */
    struct strategy_reason reason;
};

struct ofi {
    struct strategy strategy; /* first: strategy_table.h */
    struct strategy_params_ofi params;
    struct ofi_place place[INSTRUMENTS_MAX];
};

static struct ofi_place *place_of(struct strategy *strategy, uint16_t instrument_id)
{
    return &((struct ofi *)(void *)strategy)->place[instrument_id];
}

static const struct strategy_params_ofi *params_of(const struct strategy *strategy)
{
    return &((const struct ofi *)(const void *)strategy)->params;
}

/* price moved by bp against us: up for a buy, down for a sale. At least one tick, and never to 0. */
static int64_t bound_ticks(int64_t price_ticks, enum side side, int64_t bp)
{
    int64_t move = (int64_t)((__int128)price_ticks * bp / 10000);
    int64_t bound = price_ticks + side_sign(side) * (move > 0 ? move : 1);

    return bound > 0 ? bound : 1;
}

/* Lots that value_e8 buys at price_ticks, rounded down. */
static int64_t lots_for(const struct instrument *instrument, int64_t value_e8, int64_t price_ticks)
{
    __int128 lot_value_e16 = (__int128)instrument_price_e8(instrument, price_ticks) * instrument->lot_e8;
    __int128 lots;

    if (lot_value_e16 <= 0)
        return 0;
    lots = (__int128)value_e8 * 100000000 / lot_value_e16;
    return lots > INT64_MAX ? 0 : (int64_t)lots;
}

static int64_t magnitude(int64_t value)
{
    return value < 0 ? -value : value;
}

/* Too little for the venue to take an order for: as good as flat, and left for the next exit to take along. */
static bool is_dust(const struct strategy_view *view)
{
    const struct instrument *instrument = view->instrument;
    int64_t lots = magnitude(view->position->lots);
    int64_t mark = view->ref.best_ticks[view->position->lots > 0 ? SIDE_BID : SIDE_ASK];

    return lots == 0 || lots < instrument->qty_lots_min ||
           instrument_value_e8(instrument, mark, lots) < instrument->notional_e8_min;
}

/* Profit of the open position in hundredths of a basis point of its cost, at the price that closes it. */
static int64_t profit_bp_x100(const struct strategy_view *view)
{
    int64_t mark = view->ref.best_ticks[view->position->lots > 0 ? SIDE_BID : SIDE_ASK];
    int64_t cost = magnitude(view->position->cost_e8);

    if (cost == 0)
        return 0;
    return (int64_t)((__int128)position_unrealised_e8(view->position, view->instrument, mark) * 1000000 /
                     cost);
}

static bool wants_out(const struct strategy_params_ofi *params, const struct ofi_place *place,
                      const struct strategy_view *view)
{
    double along = view->position->lots > 0 ? place->reason.score : -place->reason.score;
    int64_t profit = profit_bp_x100(view);

    return along * 100.0 <= -(double)params->exit_x100 ||
           view->ref.now_ns - place->opened_ns >= params->hold_max_ms * MS_NS ||
           (params->take_profit_bp_x100 > 0 && profit >= params->take_profit_bp_x100) ||
           (params->stop_loss_bp_x100 > 0 && profit <= -params->stop_loss_bp_x100);
}

static void leave(struct ofi_place *place, const struct strategy_view *view, struct strategy_actions *actions)
{
    enum side side = view->position->lots > 0 ? SIDE_ASK : SIDE_BID;
    struct order_intent *intent = strategy_add_intent(actions, view);

    if (intent == NULL)
        return;
    intent->side = side;
    intent->type = ORDER_MARKET;
    intent->tif = TIF_IOC;
    intent->reduce_only = true;
    intent->may_cut = true;
    intent->price_ticks = bound_ticks(view->ref.best_ticks[side_other(side)], side, EXIT_BOUND_BP);
    intent->qty_lots = magnitude(view->position->lots);
    place->exit_after_ns = view->ref.now_ns + EXIT_RETRY_NS;
}

/*
 * Our open orders: an exit on its way is waited for, an entry that has lived its time, lost its reason or
 * stands in the way of an exit is taken back. True when there was any: nothing new beside it.
 */
static bool tend_orders(const struct strategy_params_ofi *params, const struct ofi_place *place,
                        const struct strategy_view *view, bool out, struct strategy_actions *actions)
{
    for (size_t i = 0; i < view->order_count; i++) {
        const struct order *order = view->orders[i];
        double along = order->intent.side == SIDE_BID ? place->reason.score : -place->reason.score;

        if (order->intent.reduce_only || order->state == ORDER_STATE_PENDING_CANCEL)
            continue;
        if (out || view->ref.now_ns - order->sent_ns >= params->order_life_ms * MS_NS ||
            along * 100.0 < TAKE_BACK_SHARE * (double)params->threshold_x100)
            strategy_add_cancel(actions, order->seq);
    }
    return view->order_count > 0;
}

static void enter(const struct strategy_params_ofi *params, const struct strategy_view *view, enum side side,
                  struct strategy_actions *actions)
{
    int64_t price = params->passive
                        ? view->ref.best_ticks[side]
                        : bound_ticks(view->ref.best_ticks[side_other(side)], side, ENTRY_BOUND_BP);
    int64_t lots = lots_for(view->instrument, params->order_value_e8, price);
    struct order_intent *intent;

    if (lots <= 0 || lots < view->instrument->qty_lots_min)
        return;
    intent = strategy_add_intent(actions, view);
    if (intent == NULL)
        return;
    intent->side = side;
    intent->type = params->passive ? ORDER_LIMIT : ORDER_MARKET;
    intent->tif = params->passive ? TIF_GTC : TIF_IOC;
    intent->post_only = params->passive;
    intent->may_cut = true;
    intent->price_ticks = price;
    intent->qty_lots = lots;
}

static void consider_entry(const struct strategy_params_ofi *params, const struct ofi_place *place,
                           const struct strategy_view *view, struct strategy_actions *actions)
{
    const struct strategy_reason *reason = &place->reason;
    bool short_allowed = params->short_allowed && view->instrument->venue != VENUE_BINANCE_SPOT;
    double strength = reason->score < 0.0 ? -reason->score : reason->score;

    if (strength < reason->threshold || reason->confidence < CONFIDENCE_MIN || !ofi_all_met(reason))
        return;
    if (reason->score > 0.0)
        enter(params, view, SIDE_BID, actions);
    else if (short_allowed)
        enter(params, view, SIDE_ASK, actions);
}

/* The position as we find it: opened and closed by fills that may not have been ours to see. */
static void note_position(const struct strategy_params_ofi *params, struct ofi_place *place,
                          const struct strategy_view *view)
{
    if (view->position->lots != 0 && place->opened_ns == 0)
        place->opened_ns = view->ref.now_ns;
    if (view->position->lots == 0 && place->opened_ns != 0) {
        place->opened_ns = 0;
        place->exit_denials = 0;
        place->exit_after_ns = 0;
        place->cooldown_until_ns = view->ref.now_ns + params->cooldown_ms * MS_NS;
    }
}

static void ofi_on_event(struct strategy *strategy, const struct strategy_view *view,
                         struct strategy_actions *actions)
{
    const struct strategy_params_ofi *params = params_of(strategy);
    struct ofi_place *place = place_of(strategy, view->instrument->id);
    struct ofi_conditions conditions = {.spread_ticks_max = place->spread_ticks_max,
                                        .volatility_max_bp = params->volatility_max_bp};
    bool held, out;

    note_position(params, place, view);
    conditions.cooldown_left_ns = place->cooldown_until_ns - view->ref.now_ns;
    place->reason.threshold = (double)params->threshold_x100 / 100.0;
    ofi_score(view, &conditions, &place->reason);
    if (view->ref.book_state != BOOK_LIVE || view->ref.crossed || market_ref_mid2_ticks(&view->ref) == 0)
        return; /* the gate would deny; what rests is the operator's and the pipeline's business */
    held = !is_dust(view);
    out = held && wants_out(params, place, view);
    if (tend_orders(params, place, view, out, actions))
        return;
    if (out && view->ref.now_ns >= place->exit_after_ns)
        leave(place, view, actions);
    else if (!held)
        consider_entry(params, place, view, actions);
}

static void ofi_on_fill(struct strategy *strategy, const struct strategy_view *view, const struct fill *fill)
{
    struct ofi_place *place = place_of(strategy, view->instrument->id);

    if (place->opened_ns == 0)
        place->opened_ns = fill->ts_ns;
    place->exit_denials = 0; /* the way out is open again */
}

/* A denied exit is tried again, at growing distances: a reason that lasts must not flood the journal. */
static void ofi_on_denied(struct strategy *strategy, const struct strategy_view *view, const char *code)
{
    struct ofi_place *place = place_of(strategy, view->instrument->id);

    (void)code; /* every reason is answered by waiting */
    if (view->position->lots != 0) {
        place->exit_after_ns = view->ref.now_ns + (EXIT_RETRY_NS << place->exit_denials);
        if (place->exit_denials < EXIT_DENIALS_MAX)
            place->exit_denials++;
    }
    place->cooldown_until_ns = view->ref.now_ns + params_of(strategy)->cooldown_ms * MS_NS;
}

/* The open time of a position stays: it is a fact, not a plan. */
static void ofi_reset_instrument(struct strategy *strategy, uint16_t instrument_id)
{
    struct ofi_place *place = place_of(strategy, instrument_id);

    place->cooldown_until_ns = 0;
    place->exit_after_ns = 0;
    place->exit_denials = 0;
    place->reason = (struct strategy_reason){.threshold = place->reason.threshold};
}

static const struct strategy_reason *ofi_reason(const struct strategy *strategy, uint16_t instrument_id)
{
    return &((const struct ofi *)(const void *)strategy)->place[instrument_id].reason;
}

static void ofi_rescale(struct strategy *strategy, uint16_t instrument_id, struct step_change change)
{
    struct ofi_place *place = place_of(strategy, instrument_id);

    if (__builtin_mul_overflow(place->spread_ticks_max, change.price_factor, &place->spread_ticks_max))
        place->spread_ticks_max = INT64_MAX;
}

static const struct strategy_table ofi_table = {
    .name = "ofi",
    .on_event = ofi_on_event,
    .on_fill = ofi_on_fill,
    .on_denied = ofi_on_denied,
    .reset_instrument = ofi_reset_instrument,
    .reason = ofi_reason,
    .rescale = ofi_rescale,
};

struct strategy *strategy_ofi_new(const struct strategy_params_ofi *params)
{
    struct strategy *strategy = strategy_new(&ofi_table, sizeof(struct ofi));
    struct ofi *ofi = (struct ofi *)(void *)strategy;

    if (ofi == NULL)
        return NULL;
    ofi->params = *params;
    if (ofi->params.volatility_max_bp <= 0)
        ofi->params.volatility_max_bp = STRATEGY_OFI_VOLATILITY_MAX_BP;
    for (size_t i = 0; i < INSTRUMENTS_MAX; i++) {
        ofi->place[i].spread_ticks_max = params->spread_ticks_max;
        ofi->place[i].reason.threshold = (double)params->threshold_x100 / 100.0;
    }
    return strategy;
}
