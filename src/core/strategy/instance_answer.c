/* instance_answer.c - what a strategy returned: checked, converted, copied (instance_parts.h). */
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "core/market/order_book.h"
#include "core/strategy/instance_parts.h"

#include <stdio.h>
#include <string.h>

#define QTY_MAX_E8     INT64_C(1000000000000000000) /* ten billion units: beyond any order, far from overflow */
#define FIGURE_MAX     1e15                         /* of a condition */
#define TIMER_MIN_NS   INT64_C(1000000)             /* a timer due at once would spin */
#define HORIZON_MAX_NS INT64_C(604800000000000)     /* a week */

/* One wish under examination: where it stands and what is wrong with it. */
struct examined {
    const struct fd_wish *wish;
    const struct instrument *instrument; /* NULL: the wish names none */
    char why[78];                        /* "": nothing so far */
};

static void refuse(struct examined *examined, const char *what)
{
    if (examined->why[0] == '\0')
        snprintf(examined->why, sizeof examined->why, "%s", what);
}

static void refuse_value(struct examined *examined, const char *name, int64_t value_e8, const char *what)
{
    char text[DECIMAL_TEXT_SIZE];

    if (examined->why[0] != '\0')
        return;
    if (value_e8 == FD_NONE)
        snprintf(text, sizeof text, "FD_NONE");
    else
        decimal_format_trim(value_e8, DECIMAL_E8_DIGITS, text);
    snprintf(examined->why, sizeof examined->why, "%.12s %.34s: %.24s", name, what, text);
}

static void refuse_word(struct examined *examined, const char *name, uint32_t value)
{
    if (examined->why[0] == '\0')
        snprintf(examined->why, sizeof examined->why, "%s is none that is known: %u", name, value);
}

/* FD_NONE and 0 are no price: returns 0. */
static int64_t price_ticks(struct examined *examined, const char *name, int64_t price_e8)
{
    int64_t tick_e8 = examined->instrument->tick_e8;

    if (price_e8 == FD_NONE || price_e8 == 0)
        return 0;
    if (price_e8 < 0)
        refuse_value(examined, name, price_e8, "is below 0");
    else if (tick_e8 <= 0 || price_e8 % tick_e8 != 0)
        refuse_value(examined, name, price_e8, "is not a multiple of the tick");
    else if (price_e8 / tick_e8 > ORDER_BOOK_PRICE_MAX)
        refuse_value(examined, name, price_e8, "is too large");
    else
        return price_e8 / tick_e8;
    return 0;
}

/* Whole lots towards zero: never more than was asked for. */
static int64_t qty_lots(struct examined *examined, const char *name, int64_t qty_e8)
{
    if (qty_e8 == FD_NONE || examined->instrument->lot_e8 <= 0)
        refuse_value(examined, name, qty_e8, "is missing");
    else if (qty_e8 > QTY_MAX_E8 || qty_e8 < -QTY_MAX_E8)
        refuse_value(examined, name, qty_e8, "is too large");
    else
        return qty_e8 / examined->instrument->lot_e8;
    return 0;
}

static int64_t qty_lots_above_0(struct examined *examined, const char *name, int64_t qty_e8)
{
    int64_t lots = qty_lots(examined, name, qty_e8);

    if (lots <= 0)
        refuse_value(examined, name, qty_e8, "is less than a lot");
    return lots;
}

/* --- the kinds of wishes ---------------------------------------------------------------------------------- */

static void check_switches(struct examined *examined)
{
    const struct fd_wish *wish = examined->wish;

    if (wish->post_only > 1)
        refuse_word(examined, "post_only", wish->post_only);
    if (wish->reduce_only > 1)
        refuse_word(examined, "reduce_only", wish->reduce_only);
    if (wish->may_cut > 1)
        refuse_word(examined, "may_cut", wish->may_cut);
}

static void check_slicing(struct examined *examined, struct goal *goal)
{
    const struct fd_wish *wish = examined->wish;

    if (wish->slicing > FD_ICEBERG)
        refuse_word(examined, "slicing", wish->slicing);
    if (wish->horizon_ns < 0 || wish->horizon_ns > HORIZON_MAX_NS)
        refuse(examined, "horizon_ns is outside 0..7 days");
    if (wish->slicing == FD_TWAP && wish->horizon_ns == 0)
        refuse(examined, "TWAP needs horizon_ns");
    if (wish->slicing == FD_POV) {
        if (wish->share_e8 < DECIMAL_E8 / 1000 || wish->share_e8 > DECIMAL_E8)
            refuse_value(examined, "share_e8", wish->share_e8, "is outside 0.001..1");
        else
            goal->share_x1000 = (int32_t)(wish->share_e8 / (DECIMAL_E8 / 1000));
    }
    if (wish->slicing == FD_ICEBERG)
        goal->display_lots = qty_lots_above_0(examined, "display_e8", wish->display_e8);
    goal->slicing = (enum goal_slicing)wish->slicing;
    goal->horizon_ns = wish->horizon_ns;
}

static struct goal goal_of(const struct examined *examined, enum goal_kind kind)
{
    return (struct goal){.instrument_id = examined->instrument->id, .kind = kind};
}

static struct goal target_of(struct examined *examined)
{
    const struct fd_wish *wish = examined->wish;
    struct goal goal = goal_of(examined, GOAL_TARGET);

    check_switches(examined);
    check_slicing(examined, &goal);
    if (wish->urgency > FD_TAKE)
        refuse_word(examined, "urgency", wish->urgency);
    goal.may_cut = wish->may_cut != 0;
    goal.reduce_only = wish->reduce_only != 0;
    goal.target_lots = qty_lots(examined, "qty_e8", wish->qty_e8);
    goal.worst_ticks = price_ticks(examined, "price_e8", wish->price_e8);
    goal.urgency = (enum goal_urgency)wish->urgency;
    return goal;
}

static struct goal_quote quote_of(struct examined *examined, const char *price_name, int64_t price_e8,
                                  const char *qty_name, int64_t qty_e8)
{
    struct goal_quote quote = {.price_ticks = price_ticks(examined, price_name, price_e8)};

    if (quote.price_ticks > 0)
        quote.qty_lots = qty_lots_above_0(examined, qty_name, qty_e8);
    return quote;
}

static struct goal quotes_of(struct examined *examined)
{
    const struct fd_wish *wish = examined->wish;
    struct goal goal = goal_of(examined, GOAL_QUOTES);

    check_switches(examined);
    goal.may_cut = wish->may_cut != 0;
    goal.quote[SIDE_BID] = quote_of(examined, "bid_e8", wish->bid_e8, "bid_qty_e8", wish->bid_qty_e8);
    goal.quote[SIDE_ASK] = quote_of(examined, "ask_e8", wish->ask_e8, "ask_qty_e8", wish->ask_qty_e8);
    if (goal.quote[SIDE_BID].price_ticks > 0 && goal.quote[SIDE_ASK].price_ticks > 0 &&
        goal.quote[SIDE_BID].price_ticks >= goal.quote[SIDE_ASK].price_ticks)
        refuse_value(examined, "bid_e8", wish->bid_e8, "is not below ask_e8");
    return goal;
}

static const enum order_type order_types[] = {
    [FD_LIMIT] = ORDER_LIMIT,
    [FD_MARKET] = ORDER_MARKET,
    [FD_STOP] = ORDER_STOP,
    [FD_STOP_LIMIT] = ORDER_STOP_LIMIT,
    [FD_TAKE_PROFIT] = ORDER_TAKE_PROFIT,
    [FD_TAKE_PROFIT_LIMIT] = ORDER_TAKE_PROFIT_LIMIT,
    [FD_TRAILING_STOP] = ORDER_TRAILING_STOP,
};
static const enum time_in_force times_in_force[] = {
    [FD_GTC] = TIF_GTC, [FD_IOC] = TIF_IOC, [FD_FOK] = TIF_FOK, [FD_GTD] = TIF_GTD};

static void check_order_words(struct examined *examined)
{
    const struct fd_wish *wish = examined->wish;
    bool takes = wish->tif == FD_IOC || wish->tif == FD_FOK;

    check_switches(examined);
    if (wish->side > FD_SELL)
        refuse_word(examined, "side", wish->side);
    if (wish->type > FD_TRAILING_STOP)
        refuse_word(examined, "type", wish->type);
    if (wish->tif > FD_GTD)
        refuse_word(examined, "tif", wish->tif);
    if (wish->post_only != 0 && (wish->type != FD_LIMIT || takes))
        refuse(examined, "post_only cannot take: it needs a GTC or GTD limit order");
    if (wish->display_e8 != 0 && (wish->type != FD_LIMIT || takes))
        refuse(examined, "display_e8 needs a GTC or GTD limit order");
    if (wish->tif == FD_GTD && (wish->horizon_ns <= 0 || wish->horizon_ns > HORIZON_MAX_NS))
        refuse(examined, "horizon_ns is outside 1 ns..7 days: a GTD order has an end");
    if (wish->group > UINT32_MAX)
        refuse(examined, "group is above 2^32 - 1");
}

/* What an order of its type cannot do without. */
static void take_prices(struct examined *examined, struct order_intent *intent)
{
    const struct fd_wish *wish = examined->wish;

    intent->price_ticks = price_ticks(examined, "price_e8", wish->price_e8);
    if (intent->type == ORDER_TRAILING_STOP) {
        intent->trail_ticks = price_ticks(examined, "trail_e8", wish->trail_e8);
        if (intent->trail_ticks == 0)
            refuse(examined, "trail_e8 is missing");
    } else if (order_type_is_triggered(intent->type)) {
        intent->stop_ticks = price_ticks(examined, "trigger_e8", wish->trigger_e8);
        if (intent->stop_ticks == 0)
            refuse(examined, "trigger_e8 is missing");
    }
    if (intent->price_ticks > 0)
        return;
    if (intent->type == ORDER_MARKET)
        refuse(examined, "price_e8 is missing: a market order needs a worst price");
    else if (!order_type_is_market(intent->type)) /* a stop may do without a bound: it has its trigger */
        refuse(examined, "price_e8 is missing");
}

static struct order_intent order_of(struct examined *examined, int64_t now_ns)
{
    const struct fd_wish *wish = examined->wish;
    struct order_intent intent = {.instrument_id = examined->instrument->id};

    check_order_words(examined);
    if (examined->why[0] != '\0')
        return intent;
    intent.side = (enum side)wish->side;
    intent.type = order_types[wish->type];
    intent.tif = times_in_force[wish->tif];
    if (intent.type == ORDER_MARKET && intent.tif != TIF_FOK)
        intent.tif = TIF_IOC; /* a market order never rests */
    if (intent.tif == TIF_GTD)
        intent.expire_ns = now_ns + wish->horizon_ns;
    intent.post_only = wish->post_only != 0;
    intent.reduce_only = wish->reduce_only != 0;
    intent.may_cut = wish->may_cut != 0;
    intent.group = wish->group;
    intent.qty_lots = qty_lots_above_0(examined, "qty_e8", wish->qty_e8);
    take_prices(examined, &intent);
    if (wish->display_e8 != 0)
        intent.display_lots = qty_lots_above_0(examined, "display_e8", wish->display_e8);
    if (intent.display_lots >= intent.qty_lots)
        intent.display_lots = 0; /* all of it shows */
    return intent;
}

/* Only its own open orders can be cancelled: another id is of one that ended meanwhile, or was never its own. */
static bool is_own_order(const struct strategy_instance *instance, uint64_t id)
{
    for (uint32_t market = 0; market < instance->markets; market++)
        for (uint32_t i = 0; i < instance->market[market].order_count; i++)
            if (instance->seen[market].orders[i].id == id)
                return true;
    return false;
}

static void take_timer(struct examined *examined, int64_t now_ns, struct strategy_result *out)
{
    int64_t delay_ns = examined->wish->delay_ns;

    if (delay_ns < TIMER_MIN_NS || delay_ns > HORIZON_MAX_NS) {
        refuse(examined, "delay_ns is outside 1 ms..7 days");
        return;
    }
    out->timer[out->timers].id = examined->wish->timer_id;
    out->timer[out->timers].due_ns = now_ns + delay_ns;
    out->timers++;
}

static void take_wish(const struct strategy_instance *instance, struct examined *examined, int64_t now_ns,
                      struct strategy_result *out)
{
    const struct fd_wish *wish = examined->wish;
    bool of_market = wish->kind == FD_WISH_TARGET || wish->kind == FD_WISH_QUOTE ||
                     wish->kind == FD_WISH_ORDER || wish->kind == FD_WISH_NOTHING;

    if (of_market && wish->market >= instance->markets) {
        snprintf(examined->why, sizeof examined->why, "market is %u, it has %u", wish->market,
                 instance->markets);
        return;
    }
    if (of_market)
        examined->instrument = instance->seen[wish->market].source;
    switch (wish->kind) {
    case FD_WISH_TARGET:
        out->goal[out->goals++] = target_of(examined);
        break;
    case FD_WISH_QUOTE:
        out->goal[out->goals++] = quotes_of(examined);
        break;
    case FD_WISH_NOTHING:
        out->goal[out->goals++] = goal_of(examined, GOAL_NONE);
        break;
    case FD_WISH_ORDER:
        out->order[out->orders++] = order_of(examined, now_ns);
        break;
    case FD_WISH_CANCEL:
        if (wish->order_id == 0)
            refuse(examined, "order_id is missing");
        if (is_own_order(instance, wish->order_id))
            out->cancel_seq[out->cancels++] = wish->order_id;
        break;
    case FD_WISH_TIMER:
        take_timer(examined, now_ns, out);
        break;
    default:
        refuse_word(examined, "kind", wish->kind);
    }
}

/* --- why it does what it does ----------------------------------------------------------------------------- */

static bool is_within(double value, double low, double high)
{
    return value >= low && value <= high; /* false of NaN */
}

/* Plain names, which nearly all are, are copied as they stand: eight of them come with each answer. */
static void copy_name(const char *name, size_t name_size, char *out, size_t out_size)
{
    size_t length = 0;

    while (length < name_size && length + 1 < out_size && name[length] >= ' ' && name[length] <= '~' &&
           name[length] != '\\') {
        out[length] = name[length];
        length++;
    }
    if (length < name_size && name[length] == '\0')
        out[length] = '\0';
    else
        safe_text(name, strnlen(name, name_size), out, out_size);
}

/* False: *why says what is wrong. */
static bool feature_of(const struct fd_feature *feature, struct strategy_feature *out, const char **why)
{
    bool is_condition = feature->weight == 0.0;

    if (!is_within(feature->weight, 0.0, 1.0))
        *why = "weight is outside 0..1";
    else if (!is_within(feature->value, is_condition ? -FIGURE_MAX : -1.0, is_condition ? FIGURE_MAX : 1.0))
        *why = is_condition ? "value is not a figure below 1e15" : "value is outside -1..1";
    else if (feature->met > 1)
        *why = "met is neither 0 nor 1";
    else {
        copy_name(feature->name, sizeof feature->name, out->name, sizeof out->name);
        out->value = feature->value;
        out->weight = feature->weight;
        out->met = feature->met != 0;
        return true;
    }
    return false;
}

static bool reason_of(const struct fd_answer *answer, struct strategy_reason *out, char *why, size_t why_size)
{
    const char *what = NULL;

    *out = (struct strategy_reason){.set = true,
                                    .score = answer->score,
                                    .threshold = answer->threshold,
                                    .confidence = answer->confidence,
                                    .features = answer->features};
    if (!is_within(answer->score, -1.0, 1.0))
        what = "score is outside -1..1";
    else if (!is_within(answer->threshold, 0.0, 1.0))
        what = "threshold is outside 0..1";
    else if (!is_within(answer->confidence, 0.0, 1.0))
        what = "confidence is outside 0..1";
    if (what != NULL) {
        snprintf(why, why_size, "%s", what);
        return false;
    }
    for (uint32_t i = 0; i < answer->features; i++)
        if (!feature_of(&answer->feature[i], &out->feature[i], &what)) {
            snprintf(why, why_size, "feature %u: %s", i, what);
            return false;
        }
    return true;
}

/* --- the whole -------------------------------------------------------------------------------------------- */

static bool check_counts(const struct fd_answer *answer, struct strategy_result *out)
{
    if (answer->wishes > FD_WISHES_MAX)
        snprintf(out->fault_why, sizeof out->fault_why, "wishes: %u, at most %d", answer->wishes,
                 FD_WISHES_MAX);
    else if (answer->features > FD_FEATURES_MAX)
        snprintf(out->fault_why, sizeof out->fault_why, "features: %u, at most %d", answer->features,
                 FD_FEATURES_MAX);
    else if (answer->reason_set > 1)
        snprintf(out->fault_why, sizeof out->fault_why, "reason_set is neither 0 nor 1");
    else
        return true;
    return false;
}

static bool take_wishes(const struct strategy_instance *instance, int64_t now_ns, struct strategy_result *out)
{
    for (uint32_t i = 0; i < instance->answer.wishes; i++) {
        struct examined examined = {.wish = &instance->answer.wish[i]};

        take_wish(instance, &examined, now_ns, out);
        if (examined.why[0] != '\0') {
            snprintf(out->fault_why, sizeof out->fault_why, "wish %u: %s", i, examined.why);
            return false;
        }
    }
    return true;
}

static void drop_wishes(struct strategy_result *out)
{
    out->goals = out->orders = out->cancels = 0;
}

void instance_take_answer(struct strategy_instance *instance, size_t here, const struct strategy_event *event,
                          struct strategy_result *out)
{
    const struct fd_answer *answer = &instance->answer;
    struct strategy_reason reason;
    bool explains = answer->reason_set != 0;

    if (!check_counts(answer, out) ||
        (explains && !reason_of(answer, &reason, out->fault_why, sizeof out->fault_why)) ||
        !take_wishes(instance, event->now_ns, out)) {
        out->fault = true;
        out->timers = 0;
        drop_wishes(out);
        return;
    }
    if (!event->may_trade)
        drop_wishes(out);
    if (explains)
        *(here < instance->markets ? &instance->seen[here].reason : &instance->reason) = reason;
    if (answer->said[0] != '\0')
        safe_text(answer->said, strnlen(answer->said, sizeof answer->said), out->said, sizeof out->said);
}
