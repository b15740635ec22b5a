/* view_signals.c - every signal of an instrument for screen 4: its value, what it is, and where it comes from. */
#include "app/view_panels.h"

#include "core/base/decimal.h"

#include <math.h>
#include <stdio.h>

/* In the order of the table. */
enum {
    SPREAD,
    MICROPRICE,
    IMBALANCE_1,
    IMBALANCE_5,
    IMBALANCE_10,
    IMBALANCE_20,
    NEAR_1BP,
    FAR_10BP,
    OFI,
    OFI_SIGMA,
    TAPE_SHARE,
    CVD,
    VOLATILITY,
    MOMENTUM_10S,
    MOMENTUM_60S,
    VPIN,
    TAPE,
    TAPE_USUAL,
    SIGNALS
};

static const struct {
    const char *name, *unit;
    int decimals;
    const char *what, *source;
} table[SIGNALS] = {
    [SPREAD] = {"spread", "bp", 3, "best ask less best bid, over the mid", "book"},
    [MICROPRICE] = {"microprice", "bp", 3, "(bid x ask size + ask x bid size) / both sizes, less the mid",
                    "Stoikov 2018, first term"},
    [IMBALANCE_1] = {"imbalance 1", "", 2, "(bid - ask) / (bid + ask) of the sizes at the best prices",
                     "Gould, Bonart 2016, eq. 1"},
    [IMBALANCE_5] = {"imbalance 5", "", 2, "the same over the best 5 levels of each side", "as above"},
    [IMBALANCE_10] = {"imbalance 10", "", 2, "the same over the best 10 levels", "as above"},
    [IMBALANCE_20] = {"imbalance 20", "", 2, "the same over the best 20 levels", "as above"},
    [NEAR_1BP] = {"near 1 bp", "", 2, "the same of all levels within 1 bp of the mid, mean of 1 s",
                  "as above"},
    [FAR_10BP] = {"far 10 bp", "", 2, "the same of all levels within 10 bp of the mid, mean of 3 s",
                  "as above"},
    [OFI] = {"OFI", "base", 4, "order-flow imbalance of the best levels, decayed over 10 s",
             "Cont, Kukanov, Stoikov 2014, eq. 3-4"},
    [OFI_SIGMA] = {"OFI / deviation", "", 2, "OFI over its own standard deviation of 15 min", "as above"},
    [TAPE_SHARE] = {"tape share", "", 2, "(bought - sold) / (bought + sold) of taker volume, decayed 10 s",
                    "tape"},
    [CVD] = {"CVD", "base", 3, "cumulative volume delta: bought less sold by takers since the start", "tape"},
    [VOLATILITY] = {"volatility 1 min", "bp", 2,
                    "root of the sum of squared 1 s log returns of the mid, 60 s", "realised volatility"},
    [MOMENTUM_10S] = {"momentum 10 s", "bp", 2, "log return of the mid", "book"},
    [MOMENTUM_60S] = {"momentum 60 s", "bp", 2, "log return of the mid", "book"},
    [VPIN] = {"VPIN", "", 2, "mean of |bought - sold| over the volume of the last buckets",
              "Easley, Lopez de Prado, O'Hara 2012"},
    [TAPE] = {"prints", "/s", 1, "trades a second over the last 10 s", "tape"},
    [TAPE_USUAL] = {"prints usual", "/s", 1, "median of that over 15 min", "tape"},
};

_Static_assert(SIGNALS <= VIEW_SIGNALS_MAX, "each has a row");

/* NAN: not known yet. */
static void values_of(const struct market_state *market, double value[SIGNALS])
{
    const struct signal_values *now = signals_values(market->signals);
    double lot = (double)market->instrument->lot_e8 / 1e8,
           bp = now->mid_ticks > 0.0 ? 1e4 / now->mid_ticks : (double)NAN;
    const double known[SIGNALS] = {
        [SPREAD] = (double)now->spread_ticks * bp,
        [MICROPRICE] = (now->microprice_ticks - now->mid_ticks) * bp,
        [IMBALANCE_1] = now->imbalance_1,
        [IMBALANCE_5] = now->imbalance_5,
        [IMBALANCE_10] = now->imbalance_10,
        [IMBALANCE_20] = now->imbalance_20,
        [NEAR_1BP] = now->near_1bp.value,
        [FAR_10BP] = now->far_10bp.value,
        [OFI] = now->ofi_lots * lot,
        [OFI_SIGMA] = now->ofi_sigma,
        [TAPE_SHARE] = now->trade_imbalance,
        [CVD] = (double)now->cvd_lots * lot,
        [VOLATILITY] = now->volatility_1m_bp,
        [MOMENTUM_10S] = now->momentum_10s_bp,
        [MOMENTUM_60S] = now->momentum_60s_bp,
        [VPIN] = now->vpin_valid ? now->vpin : (double)NAN,
        [TAPE] = now->tape_per_s,
        [TAPE_USUAL] = now->tape_usual > 0.0 ? now->tape_usual : (double)NAN,
    };

    for (int i = 0; i < SIGNALS; i++)
        value[i] = now->valid ? known[i] : (double)NAN;
}

void view_fill_signals(const struct market_state *market, struct view_strategy_detail *out)
{
    double value[SIGNALS];

    values_of(market, value);
    for (int i = 0; i < SIGNALS; i++) {
        struct view_signal *to = &out->signal[out->signals++];

        snprintf(to->name, sizeof(to->name), "%s", table[i].name);
        snprintf(to->what, sizeof(to->what), "%s", table[i].what);
        snprintf(to->source, sizeof(to->source), "%s", table[i].source);
        if (isfinite(value[i]))
            snprintf(to->value, sizeof(to->value), "%+.*f%s%s", table[i].decimals, value[i],
                     table[i].unit[0] == '\0' || table[i].unit[0] == '/' ? "" : " ", table[i].unit);
        else
            snprintf(to->value, sizeof(to->value), "-");
    }
}
