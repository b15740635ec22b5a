/* view_strategy.c - the chosen strategy of screen 4: what it is, what it sees, what it wants, what that costs. */
#include "app/view_panels.h"

#include "core/base/decimal.h"

#include <stdlib.h>
#include <string.h>

#define TEXT(out, text) snprintf(out, sizeof(out), "%s", text)

static int32_t x1000(double value)
{
    if (!(value > -1e6 && value < 1e6)) /* NaN too */
        return 0;
    return (int32_t)(value * 1000.0 + (value < 0.0 ? -0.5 : 0.5));
}

static void fill_parameters(const struct strategy_instance *strategy, struct view_strategy_detail *out)
{
    const struct strategy_manifest *manifest = strategy_instance_manifest(strategy);

    for (size_t i = 0; i < manifest->parameter_count && i < VIEW_PARAMETERS_MAX; i++) {
        const struct strategy_parameter *from = &manifest->parameter[i];
        struct view_parameter *to = &out->parameter[out->parameters++];
        int64_t value = strategy_instance_parameter(strategy, i);
        bool number = from->type == PARAMETER_INT || from->type == PARAMETER_DECIMAL;

        TEXT(to->name, from->name);
        TEXT(to->unit, from->unit);
        TEXT(to->help, from->help);
        TEXT(to->allowed, from->type == PARAMETER_BOOL ? "false|true" : from->allowed);
        strategy_parameter_text(from, value, to->value, sizeof(to->value));
        strategy_parameter_text(from, from->preset, to->preset, sizeof(to->preset));
        if (number) {
            strategy_parameter_text(from, from->min, to->low, sizeof(to->low));
            strategy_parameter_text(from, from->max, to->high, sizeof(to->high));
        }
        to->whole = from->type == PARAMETER_INT;
        to->changed = value != from->preset;
    }
}

static void fill_features(const struct strategy_reason *reason, struct view_strategy_detail *out)
{
    if (reason == NULL || !reason->set)
        return;
    for (size_t i = 0; i < reason->features && i < VIEW_FEATURES_MAX; i++) {
        struct view_feature *to = &out->feature[out->features++];

        TEXT(to->name, reason->feature[i].name);
        to->value_x1000 = x1000(reason->feature[i].value);
        to->weight_x1000 = x1000(reason->feature[i].weight);
        to->met = reason->feature[i].met;
    }
}

static const char *qty(const struct instrument *instrument, int64_t lots, char out[DECIMAL_TEXT_SIZE])
{
    decimal_format_trim(instrument_qty_e8(instrument, lots), DECIMAL_E8_DIGITS, out);
    return out;
}

static const char *price(const struct instrument *instrument, int64_t ticks, char out[DECIMAL_TEXT_SIZE])
{
    decimal_format_fixed(instrument_price_e8(instrument, ticks), DECIMAL_E8_DIGITS,
                         instrument_price_decimals(instrument), false, out);
    return out;
}

static void quotes_text(const struct instrument *instrument, const struct goal *goal, char *out, size_t size)
{
    char a[DECIMAL_TEXT_SIZE], b[DECIMAL_TEXT_SIZE], c[DECIMAL_TEXT_SIZE], d[DECIMAL_TEXT_SIZE];
    const struct goal_quote *bid = &goal->quote[SIDE_BID], *ask = &goal->quote[SIDE_ASK];

    snprintf(out, size, "quote %s @ %s / %s @ %s",
             bid->price_ticks == 0 ? "-" : qty(instrument, bid->qty_lots, a),
             bid->price_ticks == 0 ? "-" : price(instrument, bid->price_ticks, b),
             ask->price_ticks == 0 ? "-" : qty(instrument, ask->qty_lots, c),
             ask->price_ticks == 0 ? "-" : price(instrument, ask->price_ticks, d));
}

static void target_text(const struct instrument *instrument, const struct goal *goal, char *out, size_t size)
{
    static const char *const urgency[] = {
        [URGENCY_PASSIVE] = "passive", [URGENCY_NORMAL] = "normal", [URGENCY_TAKE] = "take"};
    static const char *const slicing[] = {
        [SLICE_NONE] = "", [SLICE_TWAP] = ", TWAP", [SLICE_POV] = ", POV", [SLICE_ICEBERG] = ", iceberg"};
    char a[DECIMAL_TEXT_SIZE], b[DECIMAL_TEXT_SIZE];

    snprintf(out, size, "hold %s%s, %s%s%s%s", goal->target_lots > 0 ? "+" : "",
             qty(instrument, goal->target_lots, a), urgency[goal->urgency], slicing[goal->slicing],
             goal->worst_ticks > 0 ? ", worst " : "",
             goal->worst_ticks > 0 ? price(instrument, goal->worst_ticks, b) : "");
}

static void fill_goal(const struct instrument *instrument, const struct goal *goal, char *out, size_t size)
{
    if (goal == NULL || goal->kind == GOAL_NONE)
        snprintf(out, size, "nothing");
    else if (goal->kind == GOAL_QUOTES)
        quotes_text(instrument, goal, out, size);
    else
        target_text(instrument, goal, out, size);
}

static void fill_cost(const struct execution_cost *cost, struct view_strategy_detail *out)
{
    out->queue_mean_ms = VIEW_NONE;
    if (cost == NULL)
        return;
    out->orders = cost->orders;
    out->cancels = cost->cancels;
    out->replaces = cost->replaces;
    out->fills = cost->fills;
    out->maker_fills = cost->maker_fills;
    out->wanted_lots = cost->wanted_lots;
    out->filled_lots = cost->filled_lots;
    out->slippage_e8 = cost->slippage_e8;
    out->fees_e8 = cost->fees_e8;
    if (cost->queue_orders > 0)
        out->queue_mean_ms = cost->queue_ns / cost->queue_orders / 1000000;
}

/* Upper edge of the bin that holds that share of the calls; VIEW_NONE: none was measured. */
static int64_t call_percentile_ns(const struct owner *owner, unsigned percent)
{
    uint64_t all = 0, below = 0;

    for (int i = 0; i < CALL_BINS; i++)
        all += owner->call_bin[i];
    for (int i = 0; i < CALL_BINS && all > 0; i++) {
        below += owner->call_bin[i];
        if (below * 100 >= all * percent)
            return (INT64_C(2) << i) < owner->call_max_ns ? INT64_C(2) << i : owner->call_max_ns;
    }
    return VIEW_NONE;
}

void view_fill_strategy(const struct pipeline *pipeline, const struct market_state *market, uint16_t owner_id,
                        struct view_strategy_detail *out)
{
    const struct owner *owner;
    const struct strategy_setup *setup;
    const struct strategy_manifest *manifest;
    uint16_t id;

    out->call_p50_ns = out->call_p99_ns = out->call_max_ns = VIEW_NONE;
    if (owner_id == OWNER_MANUAL || owner_id >= pipeline->owners)
        return;
    owner = &pipeline->owner[owner_id];
    setup = &pipeline->config.strategy[owner_id - 1];
    manifest = strategy_instance_manifest(owner->strategy);
    out->owner = owner_id;
    TEXT(out->version, manifest->version);
    TEXT(out->about, manifest->about);
    TEXT(out->symbols, setup->symbols[0] == '\0' ? "all" : setup->symbols);
    out->plugin = setup->plugin;
    out->faults = owner->faults;
    out->strikes = owner->strikes;
    out->call_p50_ns = call_percentile_ns(owner, 50);
    out->call_p99_ns = call_percentile_ns(owner, 99);
    if (owner->call_max_ns > 0)
        out->call_max_ns = owner->call_max_ns;
    out->budget_ns = pipeline->config.callback_budget_ns;
    fill_parameters(owner->strategy, out);
    if (market == NULL)
        return;
    view_fill_signals(market, out);
    id = market->instrument->id;
    fill_features(strategy_instance_reason(owner->strategy, id), out);
    fill_goal(market->instrument, execution_goal(pipeline->execution, owner_id, id), out->goal,
              sizeof(out->goal));
    fill_cost(execution_cost(pipeline->execution, owner_id, id), out);
}
