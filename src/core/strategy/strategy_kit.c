#include "core/strategy/strategy_kit.h"

#include "core/base/fmath.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BP_E8            INT64_C(1000000000000) /* 10,000 bp in e8 */
#define EXIT_BOUND_BP_E8 (30 * KIT_E8)          /* an exit wants out, still within the gate's collar */
#define SPEAKS           0.05                   /* a feature below says nothing for confidence */

void *kit_new(size_t size)
{
    return calloc(1, size);
}

void kit_free(void *self)
{
    free(self);
}

uint32_t kit_set_parameter(int64_t *parameter, uint32_t index, int64_t value,
                           bool (*is_possible)(const int64_t *parameter))
{
    int64_t old = parameter[index];

    parameter[index] = value;
    if (is_possible(parameter))
        return 1;
    parameter[index] = old;
    return 0;
}

/* --- prices and sizes ----------------------------------------------------------------------------------------- */

int64_t kit_sign(uint32_t side)
{
    return side == FD_BUY ? 1 : -1;
}

uint32_t kit_other(uint32_t side)
{
    return side == FD_BUY ? FD_SELL : FD_BUY;
}

double kit_clamp(double value, double low, double high)
{
    if (value > high)
        return high;
    if (value < low)
        return low;
    return value == value ? value : 0.0; /* a NaN says nothing */
}

static int64_t saturated(__int128 value)
{
    return value > INT64_MAX ? INT64_MAX : value < -INT64_MAX ? -INT64_MAX : (int64_t)value;
}

static int64_t magnitude(int64_t value)
{
    return value < 0 ? -value : value;
}

/* Units to e8 of whole ticks towards zero; the fraction that a double cannot hold is forgiven (1e-6 of a tick). */
static int64_t whole_ticks(const struct fd_instrument *instrument, double price, double round_up)
{
    double ticks =
        kit_clamp(price * 1e8 / (double)instrument->tick_e8, 1.0, 9e15 / (double)instrument->tick_e8);

    return (int64_t)(ticks + round_up) * instrument->tick_e8;
}

int64_t kit_tick_down(const struct fd_instrument *instrument, double price)
{
    return whole_ticks(instrument, price, 1e-6);
}

int64_t kit_tick_up(const struct fd_instrument *instrument, double price)
{
    return whole_ticks(instrument, price, 1.0 - 1e-6);
}

int64_t kit_worse_price(const struct fd_instrument *instrument, int64_t price_e8, uint32_t side,
                        int64_t bp_e8)
{
    int64_t tick = instrument->tick_e8;
    int64_t move = (int64_t)((__int128)price_e8 * bp_e8 / BP_E8) / tick * tick;
    int64_t worse = price_e8 + kit_sign(side) * (move > tick ? move : tick);

    return worse > tick ? worse : tick;
}

int64_t kit_qty_for(const struct fd_instrument *instrument, int64_t value_e8, int64_t price_e8)
{
    int64_t qty_e8;

    if (price_e8 <= 0 || value_e8 <= 0)
        return 0;
    qty_e8 = saturated((__int128)value_e8 * KIT_E8 / price_e8);
    if (instrument->qty_max_e8 > 0 && qty_e8 > instrument->qty_max_e8)
        qty_e8 = instrument->qty_max_e8;
    return qty_e8 / instrument->lot_e8 * instrument->lot_e8;
}

int64_t kit_value(int64_t price_e8, int64_t qty_e8)
{
    return saturated((__int128)price_e8 * qty_e8 / KIT_E8);
}

bool kit_is_enough(const struct fd_instrument *instrument, int64_t qty_e8, int64_t price_e8)
{
    int64_t size_e8 = magnitude(qty_e8);

    return size_e8 >= instrument->lot_e8 && size_e8 >= instrument->qty_min_e8 &&
           kit_value(price_e8, size_e8) >= instrument->value_min_e8;
}

/* --- the market ----------------------------------------------------------------------------------------------- */

bool kit_is_tradable(const struct fd_market *market)
{
    return (market->flags & FD_BOOK_LIVE) != 0 && (market->flags & FD_BOOK_CROSSED) == 0 &&
           market->bid.price_e8 != FD_NONE && market->ask.price_e8 != FD_NONE;
}

double kit_mid(const struct fd_market *market)
{
    return ((double)market->bid.price_e8 + (double)market->ask.price_e8) / 2e8;
}

int64_t kit_touch(const struct fd_market *market, uint32_t side)
{
    return side == FD_BUY ? market->bid.price_e8 : market->ask.price_e8;
}

int64_t kit_spread_e8(const struct fd_market *market)
{
    return market->ask.price_e8 - market->bid.price_e8;
}

bool kit_is_dust(const struct fd_market *market, int64_t qty_e8)
{
    int64_t price_e8 = kit_touch(market, qty_e8 > 0 ? FD_BUY : FD_SELL);

    return qty_e8 == 0 || price_e8 == FD_NONE || !kit_is_enough(market->instrument, qty_e8, price_e8);
}

int64_t kit_profit_bp_e8(const struct fd_market *market)
{
    int64_t cost_e8 = magnitude(market->position.cost_e8);

    if (cost_e8 == 0)
        return 0;
    return saturated((__int128)market->position.unrealised_e8 * BP_E8 / cost_e8);
}

/* --- the answer ----------------------------------------------------------------------------------------------- */

struct fd_wish *kit_wish(struct fd_answer *out, uint32_t kind, uint32_t market)
{
    struct fd_wish *wish;

    if (out->wishes >= out->wish_max)
        return NULL;
    wish = &out->wish[out->wishes++];
    memset(wish, 0, sizeof *wish);
    wish->kind = kind;
    wish->market = market;
    wish->price_e8 = wish->bid_e8 = wish->ask_e8 = FD_NONE;
    return wish;
}

struct fd_wish *kit_flat(struct fd_answer *out, const struct fd_context *context, uint32_t market)
{
    const struct fd_market *at = &context->market[market];
    uint32_t side = at->position.qty_e8 > 0 ? FD_SELL : FD_BUY;
    struct fd_wish *wish = kit_wish(out, FD_WISH_TARGET, market);

    if (wish == NULL)
        return NULL;
    wish->reduce_only = 1;
    wish->may_cut = 1;
    wish->urgency = FD_TAKE;
    wish->price_e8 = kit_worse_price(at->instrument, kit_touch(at, kit_other(side)), side, EXIT_BOUND_BP_E8);
    return wish;
}

void kit_nothing(struct fd_answer *out, uint32_t market)
{
    (void)kit_wish(out, FD_WISH_NOTHING, market);
}

void kit_say(struct fd_answer *out, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(out->said, sizeof out->said, format, arguments);
    va_end(arguments);
}

void kit_reason(struct fd_answer *out, double score, double threshold, double confidence)
{
    out->reason_set = 1;
    out->features = 0;
    out->score = kit_clamp(score, -1.0, 1.0);
    out->threshold = kit_clamp(threshold, 0.0, 1.0);
    out->confidence = kit_clamp(confidence, 0.0, 1.0);
}

void kit_feature(struct fd_answer *out, const char *name, double value, double weight, bool met)
{
    struct fd_feature *feature;
    double bound = weight > 0.0 ? 1.0 : 1e12;

    if (out->features >= out->feature_max)
        return;
    feature = &out->feature[out->features++];
    memset(feature, 0, sizeof *feature);
    memcpy(feature->name, name, strnlen(name, sizeof feature->name - 1));
    feature->value = kit_clamp(value, -bound, bound);
    feature->weight = weight;
    feature->met = met;
}

bool kit_all_met(const struct fd_answer *out)
{
    for (uint32_t i = 0; i < out->features; i++)
        if (out->feature[i].met == 0)
            return false;
    return out->features > 0;
}

void kit_weigh(struct fd_answer *out, double gain)
{
    double sum = 0.0, weights = 0.0, agreeing = 0.0;

    for (uint32_t i = 0; i < out->features; i++) {
        sum += out->feature[i].value * out->feature[i].weight;
        weights += out->feature[i].weight;
    }
    for (uint32_t i = 0; i < out->features; i++) {
        double along = sum < 0.0 ? -out->feature[i].value : out->feature[i].value;

        if (along > SPEAKS)
            agreeing += out->feature[i].weight;
    }
    if (weights <= 0.0)
        return;
    out->score = kit_clamp(gain * sum / weights, -1.0, 1.0);
    out->confidence = kit_clamp(agreeing / weights, 0.0, 1.0);
}

int kit_side(const struct fd_answer *out)
{
    if (fabs(out->score) < out->threshold || !kit_all_met(out))
        return 0;
    return (out->score > 0.0) - (out->score < 0.0);
}

/* --- averages over event time --------------------------------------------------------------------------------- */

double kit_average_add(struct kit_average *average, double value, int64_t now_ns, double seconds)
{
    double passed_s = (double)(now_ns - average->last_ns) / 1e9, share = 1.0;

    if (average->last_ns == 0 || passed_s > seconds || passed_s < 0.0) {
        average->first_ns = now_ns;
        average->value = value;
    } else {
        share = 1.0 - fmath_exp(-passed_s / seconds);
        average->value += share * (value - average->value);
    }
    average->last_ns = now_ns;
    return share;
}

void kit_sum_add(struct kit_sum *sum, double value, int64_t now_ns, double seconds)
{
    double passed_s = (double)(now_ns - sum->last_ns) / 1e9;

    if (sum->last_ns == 0 || passed_s < 0.0) {
        sum->first_ns = now_ns;
        sum->value = 0.0;
    } else {
        sum->value *= fmath_exp(-passed_s / seconds);
    }
    sum->value += value;
    sum->last_ns = now_ns;
}

bool kit_average_is_warm(const struct kit_average *average, double seconds)
{
    return average->last_ns != 0 && (double)(average->last_ns - average->first_ns) / 1e9 >= seconds;
}

/* --- state over a restart ------------------------------------------------------------------------------------- */

struct saved_head {
    uint64_t tag, size;
};

size_t kit_save(uint64_t tag, const void *state, size_t size, void *out, size_t max)
{
    struct saved_head head = {tag, size};

    if (max < sizeof head + size)
        return 0;
    memcpy(out, &head, sizeof head);
    memcpy((unsigned char *)out + sizeof head, state, size);
    return sizeof head + size;
}

uint32_t kit_restore(uint64_t tag, void *state, size_t size, const void *saved, size_t saved_size)
{
    struct saved_head head;

    if (saved_size != sizeof head + size)
        return 0;
    memcpy(&head, saved, sizeof head);
    if (head.tag != tag || head.size != size)
        return 0;
    memcpy(state, (const unsigned char *)saved + sizeof head, size);
    return 1;
}

bool kit_same_symbol(char symbol[24], const struct fd_instrument *instrument)
{
    if (strncmp(symbol, instrument->symbol, sizeof instrument->symbol) == 0)
        return true;
    memcpy(symbol, instrument->symbol, sizeof instrument->symbol);
    return false;
}
