#include "view/view.h"

#include "core/base/decimal.h"

#include <stdio.h>
#include <string.h>

static const struct alert_kind kinds[ALERT_KINDS] = {
    [ALERT_PRICE] = {"price", DECIMAL_E8_DIGITS, 8, ""},
    [ALERT_CHANGE] = {"change", 3, 3, " %"}, /* bp x10 are thousandths of a percent */
    [ALERT_SPREAD] = {"spread", 2, 2, " bp"},
    [ALERT_IMBALANCE] = {"imbalance", 3, 3, ""},
};

const struct alert_kind *alert_kind(unsigned of)
{
    return &kinds[of < ALERT_KINDS ? of : ALERT_PRICE];
}

bool alert_kind_find(const char *word, enum alert_of *out)
{
    for (int i = 0; i < ALERT_KINDS; i++)
        if (strcmp(kinds[i].word, word) == 0) {
            *out = (enum alert_of)i;
            return true;
        }
    return false;
}

int64_t instrument_spread_bp_x100(const struct view_instrument *at)
{
    int64_t bid = at->best_ticks[SIDE_BID], ask = at->best_ticks[SIDE_ASK];

    if (at->book_state != BOOK_LIVE || bid == VIEW_NONE || ask == VIEW_NONE || bid <= 0 || ask < bid ||
        ask > INT64_MAX / 2)
        return VIEW_NONE;
    return decimal_mul_div(ask - bid, 2000000, bid + ask);
}

int64_t alert_value(const struct view_instrument *at, unsigned of)
{
    int64_t price_e8;

    switch ((enum alert_of)of) {
    case ALERT_PRICE:
        return at->last_ticks == VIEW_NONE ||
                       __builtin_mul_overflow(at->last_ticks, at->scale.tick_e8, &price_e8)
                   ? VIEW_NONE
                   : price_e8;
    case ALERT_CHANGE:
        return at->change_bp_x10;
    case ALERT_SPREAD:
        return instrument_spread_bp_x100(at);
    case ALERT_IMBALANCE:
        return at->imbalance_known ? at->imbalance_x1000 : VIEW_NONE;
    case ALERT_KINDS:
        break;
    }
    return VIEW_NONE;
}

bool alert_is_met(const struct alert *alert, int64_t value)
{
    return value != VIEW_NONE && (alert->above ? value >= alert->level : value <= alert->level);
}

static unsigned places(const struct alert *alert)
{
    return alert->of == ALERT_PRICE ? alert->decimals : 2;
}

const char *alert_figure(const struct alert *alert, int64_t value, char *out, size_t size)
{
    const struct alert_kind *kind = alert_kind(alert->of);
    char figure[DECIMAL_TEXT_SIZE];

    decimal_format_fixed(value, kind->scale, places(alert),
                         alert->of == ALERT_CHANGE || alert->of == ALERT_IMBALANCE, figure);
    snprintf(out, size, "%s%s", figure, kind->unit);
    return out;
}

const char *alert_text(const struct alert *alert, bool symbol, char *out, size_t size)
{
    bool price = alert->of == ALERT_PRICE;
    char level[DECIMAL_TEXT_SIZE + 8];

    snprintf(out, size, "%s%s%s%s%s %s", symbol ? alert->symbol : "", symbol ? " " : "",
             price ? "" : alert_kind(alert->of)->word, price ? "" : " ",
             alert->above ? ">=" : "<=", alert_figure(alert, alert->level, level, sizeof(level)));
    return out;
}

const char *alert_away(const struct alert *alert, const struct view_instrument *at, char *out, size_t size)
{
    int64_t value = at != NULL ? alert_value(at, alert->of) : VIEW_NONE, away;
    char figure[DECIMAL_TEXT_SIZE] = "-";

    if (value != VIEW_NONE && !__builtin_sub_overflow(alert->level, value, &away) && away != INT64_MIN)
        decimal_format_fixed(away < 0 ? -away : away, alert_kind(alert->of)->scale, places(alert), false,
                             figure);
    snprintf(out, size, "%s", figure);
    return out;
}
