/*
 * strategy_kit.h - what every built-in strategy needs, in the words of the ABI alone: steps, sizes, wishes, reasons,
 * state. Nothing of the host: a strategy on this kit could be a plug-in. Pure; only kit_new allocates.
 */
#ifndef CORE_STRATEGY_STRATEGY_KIT_H
#define CORE_STRATEGY_STRATEGY_KIT_H

#include "flowdeck/strategy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KIT_E8    INT64_C(100000000)
#define KIT_MS_NS INT64_C(1000000)
#define KIT_S_NS  INT64_C(1000000000)

/* State of a strategy: parameters first, as they came, then what is worth keeping over a restart. */
void *kit_new(size_t size); /* zeroed; NULL: memory */
void kit_free(void *self);
/* A parameter at run time: 0, and the old value stays, when the values would not go together. */
uint32_t kit_set_parameter(int64_t *parameter, uint32_t index, int64_t value,
                           bool (*is_possible)(const int64_t *parameter));

/* --- prices and sizes ----------------------------------------------------------------------------------------- */

int64_t kit_sign(uint32_t side); /* +1 FD_BUY, -1 FD_SELL */
uint32_t kit_other(uint32_t side);
double kit_clamp(double value, double low, double high); /* NaN: 0 */
/* Whole ticks below / above; at least one tick. */
int64_t kit_tick_down(const struct fd_instrument *instrument, double price);
int64_t kit_tick_up(const struct fd_instrument *instrument, double price);
/* Price moved by bp_e8 against us: up for a buy, down for a sale; at least one tick, never to 0. */
int64_t kit_worse_price(const struct fd_instrument *instrument, int64_t price_e8, uint32_t side,
                        int64_t bp_e8);
/* What value_e8 buys at price_e8, whole lots, rounded down; 0: less than a lot. At most the venue's largest order. */
int64_t kit_qty_for(const struct fd_instrument *instrument, int64_t value_e8, int64_t price_e8);
int64_t kit_value(int64_t price_e8, int64_t qty_e8); /* signed, rounded down towards 0; saturates */
/* Does the venue take an order of that size? qty_e8 of either sign. */
bool kit_is_enough(const struct fd_instrument *instrument, int64_t qty_e8, int64_t price_e8);

/* --- the market ----------------------------------------------------------------------------------------------- */

/* A LIVE book that is not crossed, both sides there: anything else would be denied. */
bool kit_is_tradable(const struct fd_market *market);
double kit_mid(const struct fd_market *market); /* of the touch, in quote units */
/* Price of the touch: FD_BUY the bid, FD_SELL the ask. */
int64_t kit_touch(const struct fd_market *market, uint32_t side);
int64_t kit_spread_e8(const struct fd_market *market);
/* Too little to be sold or bought back: as good as flat. */
bool kit_is_dust(const struct fd_market *market, int64_t qty_e8);
/* Profit of the open position at the price that closes it, in e8 of a basis point of its cost. */
int64_t kit_profit_bp_e8(const struct fd_market *market);

/* --- the answer ----------------------------------------------------------------------------------------------- */

/* The next wish, zeroed, its prices FD_NONE; NULL when there is no room. */
struct fd_wish *kit_wish(struct fd_answer *out, uint32_t kind, uint32_t market);
/* Out of the position there is: target 0, reduce-only, taken up to 30 bp beyond the touch. NULL: no room. */
struct fd_wish *kit_flat(struct fd_answer *out, const struct fd_context *context, uint32_t market);
void kit_nothing(struct fd_answer *out, uint32_t market);
/* A line for the log; the last one of an answer stays. */
void kit_say(struct fd_answer *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Fills in the reason. The features come after it. */
void kit_reason(struct fd_answer *out, double score, double threshold, double confidence);
/* A value that is no number is shown as 0; a weighted one is kept within -1..1. */
void kit_feature(struct fd_answer *out, const char *name, double value, double weight, bool met);
bool kit_all_met(const struct fd_answer *out); /* of the features so far */
/* Score: the weighted mean of the features so far x gain. Confidence: the share of the weight that points its way. */
void kit_weigh(struct fd_answer *out, double gain);
/* +1 or -1 where the score reaches the threshold and everything is met, else 0. */
int kit_side(const struct fd_answer *out);

/* --- averages over event time --------------------------------------------------------------------------------- */

/* Exponential: the past falls by e^-1 in `seconds`. A gap longer than that begins it anew. */
struct kit_average {
    double value;
    int64_t first_ns, last_ns; /* 0: empty */
};

/* Returns the share of the new value, 0..1. */
double kit_average_add(struct kit_average *average, double value, int64_t now_ns, double seconds);
/* A sum that falls alike: each value counts whole when it comes, however many come at one time. */
struct kit_sum {
    double value;
    int64_t first_ns, last_ns;
};

void kit_sum_add(struct kit_sum *sum, double value, int64_t now_ns, double seconds);
bool kit_average_is_warm(const struct kit_average *average, double seconds); /* that much was seen */

/* --- state over a restart ------------------------------------------------------------------------------------- */

/* tag: four letters and a version, so that another strategy's or an older state is not taken for this one. */
size_t kit_save(uint64_t tag, const void *state, size_t size, void *out, size_t max);
uint32_t kit_restore(uint64_t tag, void *state, size_t size, const void *saved, size_t saved_size);

/* Is this the instrument that the state belongs to? Else it is that one from now on (the caller clears the rest). */
bool kit_same_symbol(char symbol[24], const struct fd_instrument *instrument);

#endif
