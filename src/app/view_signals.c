/* view_signals.c - every signal of an instrument for screen 4: its value, what it is, and where it comes from. */
#include "app/view_panels.h"

#include "core/base/decimal.h"
#include "tui/glossary.h"

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

/* What each is and where it comes from stands in the glossary, under this name. */
static const struct {
    const char *name, *unit;
    int decimals;
} table[SIGNALS] = {
    [SPREAD] = {"spread", "bp", 3},
    [MICROPRICE] = {"microprice", "bp", 3},
    [IMBALANCE_1] = {"imbalance 1", "", 2},
    [IMBALANCE_5] = {"imbalance 5", "", 2},
    [IMBALANCE_10] = {"imbalance 10", "", 2},
    [IMBALANCE_20] = {"imbalance 20", "", 2},
    [NEAR_1BP] = {"near 1 bp", "", 2},
    [FAR_10BP] = {"far 10 bp", "", 2},
    [OFI] = {"OFI 10 s", "base", 4},
    [OFI_SIGMA] = {"OFI\u03c3 10 s", "\u03c3", 2},
    [TAPE_SHARE] = {"tape share", "", 2},
    [CVD] = {"CVD", "base", 3},
    [VOLATILITY] = {"volatility 1 min", "bp", 2},
    [MOMENTUM_10S] = {"momentum 10 s", "bp", 2},
    [MOMENTUM_60S] = {"momentum 60 s", "bp", 2},
    [VPIN] = {"VPIN", "", 2},
    [TAPE] = {"prints", "/s", 1},
    [TAPE_USUAL] = {"prints usual", "/s", 1},
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
        const struct glossary_entry *entry = glossary_find(table[i].name);

        snprintf(to->name, sizeof(to->name), "%s", table[i].name);
        snprintf(to->what, sizeof(to->what), "%s", entry == NULL ? "" : entry->what);
        snprintf(to->source, sizeof(to->source), "%s", entry == NULL ? "" : entry->from);
        if (isfinite(value[i]))
            snprintf(to->value, sizeof(to->value), "%+.*f%s%s", table[i].decimals, value[i],
                     table[i].unit[0] == '\0' || table[i].unit[0] == '/' ? "" : " ", table[i].unit);
        else
            snprintf(to->value, sizeof(to->value), "-");
    }
}
