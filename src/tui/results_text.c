/* The figures of screen 6: what each is called, how it is made, what it says. */
#include "core/base/decimal.h"
#include "tui/ui_state.h"

#include <inttypes.h>
#include <string.h>

#define MONEY_COLS 10 /* longer amounts are told in k, M, G */

const char *results_period_word(enum results_period period)
{
    static const char *const word[] = {"session", "day", "7 days", "30 days", "all"};

    return period < RESULTS_PERIODS ? word[period] : "?";
}

const char *results_figure_word(enum results_figure figure)
{
    static const char *const word[] = {
        "closed net", "trades",      "win rate", "mean win",  "mean loss",    "profit factor",
        "expected",   "best",        "worst",    "mean hold", "in market",    "fills",
        "turnover",   "maker share", "fees",     "slippage",  "max drawdown", "drawdown %"};

    return figure < RESULTS_FIGURES ? word[figure] : "?";
}

/* --- numbers -------------------------------------------------------------------------------------------------- */

static int64_t net_of(const struct view_results_owner *owner)
{
    int64_t net;

    return __builtin_add_overflow(owner->won_e8, owner->lost_e8, &net) ? VIEW_NONE : net;
}

/* Half away from zero; VIEW_NONE of nothing. */
static int64_t mean(int64_t sum, uint64_t count)
{
    return count == 0 || count > INT64_MAX || sum == VIEW_NONE ? VIEW_NONE
                                                               : decimal_mul_div(sum, 1, (int64_t)count);
}

/* part / whole in units of 1 / scale; VIEW_NONE where there is no whole. */
static int64_t share(int64_t part, int64_t whole, int64_t scale)
{
    return whole <= 0 || part == VIEW_NONE ? VIEW_NONE : decimal_mul_div(part, scale, whole);
}

static int64_t count_of(uint64_t count)
{
    return count > INT64_MAX ? INT64_MAX : (int64_t)count;
}

/* Wins over losses, in hundredths. */
static int64_t factor_x100(const struct view_results_owner *owner)
{
    return owner->lost_e8 == INT64_MIN ? VIEW_NONE : share(owner->won_e8, -owner->lost_e8, 100);
}

/* VIEW_NONE: there is none, or it is no amount of money. */
static int64_t money_of(const struct view_results *results, int index, enum results_figure figure)
{
    const struct view_results_owner *owner = &results->owner[index];

    switch (figure) {
    case FIGURE_NET:
        return owner->trades == 0 ? VIEW_NONE : net_of(owner);
    case FIGURE_MEAN_WIN:
        return mean(owner->won_e8, owner->wins);
    case FIGURE_MEAN_LOSS:
        return mean(owner->lost_e8, owner->losses);
    case FIGURE_EXPECTED:
        return mean(net_of(owner), owner->trades);
    case FIGURE_BEST:
        return owner->best_e8;
    case FIGURE_WORST:
        return owner->worst_e8;
    case FIGURE_FEES:
        return owner->fills == 0 || owner->fees_e8 == INT64_MIN ? VIEW_NONE : -owner->fees_e8;
    case FIGURE_SLIPPAGE:
        return owner->slippage_fills == 0 || owner->slippage_e8 == INT64_MIN ? VIEW_NONE
                                                                             : -owner->slippage_e8;
    case FIGURE_DRAWDOWN:
        return index != 0 || results->points == 0 || results->drawdown_e8 == INT64_MIN
                   ? VIEW_NONE
                   : -results->drawdown_e8;
    case FIGURE_TRADES:
    case FIGURE_WIN_RATE:
    case FIGURE_FACTOR:
    case FIGURE_HELD:
    case FIGURE_MARKET:
    case FIGURE_FILLS:
    case FIGURE_TURNOVER:
    case FIGURE_MAKER:
    case FIGURE_DRAWDOWN_SHARE:
    case RESULTS_FIGURES:
        break;
    }
    return VIEW_NONE;
}

uint64_t results_figure_of(const struct view_results_owner *owner, enum results_figure figure)
{
    switch ((int)figure) {
    case FIGURE_WIN_RATE:
    case FIGURE_FACTOR:
    case FIGURE_EXPECTED:
    case FIGURE_HELD:
        return owner->trades;
    case FIGURE_MEAN_WIN:
        return owner->wins;
    case FIGURE_MEAN_LOSS:
        return owner->losses;
    default:
        return 0;
    }
}

int64_t results_figure_sign(const struct view_results *results, int owner, enum results_figure figure)
{
    int64_t money = money_of(results, owner, figure);

    if (figure == FIGURE_DRAWDOWN_SHARE)
        money = money_of(results, owner, FIGURE_DRAWDOWN);
    return money == VIEW_NONE ? 0 : money;
}

/* --- words ---------------------------------------------------------------------------------------------------- */

static struct number_text word(const char *text, const char *unit)
{
    struct number_text out;

    text_print(out.text, sizeof(out.text), "%s%s", text, unit);
    return out;
}

static struct number_text money_text(int64_t money_e8)
{
    struct number_text out = number_money(money_e8, true);

    return strlen(out.text) <= MONEY_COLS ? out : number_compact(money_e8, MONEY_COLS);
}

static struct number_text percent(int64_t share_x1000)
{
    return share_x1000 == VIEW_NONE ? word("-", "") : word(number_fixed(share_x1000, 1, 1, false).text, " %");
}

static struct number_text turnover_text(int64_t value_e8)
{
    struct number_text out = number_money(value_e8, false);

    return strlen(out.text) <= MONEY_COLS - 1 ? out : number_compact(value_e8, 7);
}

/* The deepest fall as a share of the peak before it, in hundredths of a percent. */
static struct number_text fall_share(const struct view_results *results, int owner)
{
    int64_t fall = money_of(results, owner, FIGURE_DRAWDOWN), part;

    part = fall == VIEW_NONE ? VIEW_NONE : share(fall, results->drawdown_peak_e8, 10000);
    if (fall == 0)
        part = 0;
    return part == VIEW_NONE ? word("-", "") : word(number_fixed(part, 2, 2, false).text, " %");
}

struct number_text results_figure_text(const struct view_results *results, int index,
                                       enum results_figure figure)
{
    const struct view_results_owner *owner = &results->owner[index];

    switch ((int)figure) {
    case FIGURE_TRADES:
        return number_fixed(count_of(owner->trades), 0, 0, false);
    case FIGURE_FILLS:
        return number_fixed(count_of(owner->fills), 0, 0, false);
    case FIGURE_WIN_RATE:
        return percent(share(count_of(owner->wins), count_of(owner->trades), 1000));
    case FIGURE_FACTOR:
        if (owner->trades > 0 && owner->losses == 0 && owner->wins > 0)
            return word("no loss", "");
        return number_fixed(factor_x100(owner), 2, 2, false);
    case FIGURE_HELD:
        return number_age(mean(owner->held_ns, owner->trades));
    case FIGURE_MARKET:
        return percent(share(owner->market_ns, results->watched_ns, 1000));
    case FIGURE_TURNOVER:
        return owner->fills == 0 ? word("-", "") : turnover_text(owner->value_e8);
    case FIGURE_MAKER:
        return percent(share(owner->maker_value_e8, owner->value_e8, 1000));
    case FIGURE_DRAWDOWN_SHARE:
        return fall_share(results, index);
    default:
        return money_text(money_of(results, index, figure));
    }
}

/* --- explanations --------------------------------------------------------------------------------------------- */

static const char *what_of(enum results_figure figure)
{
    static const char *const what[] = {
        "closed round trips after fees; what is open is in the equity",
        "round trips from flat to flat that closed in the period",
        "of all round trips, those that closed above zero after fees",
        "what a winning round trip brought, after fees",
        "what a losing round trip cost, fees included",
        "won money over lost money; above 1 it earns",
        "what one round trip brought on average, after fees",
        "the best round trip",
        "the worst round trip",
        "from the first fill to the one that made it flat, on average",
        "time with a position, of the time that sessions ran",
        "fills in the period, also of trips that are open",
        "value of all fills, bought and sold",
        "of the turnover, what rested and was taken",
        "paid to the venue; a plus is a rebate",
        "against the mid when each order was sent; a minus was worse",
        "deepest fall of equity below its peak in the period",
        "that fall as a share of the peak",
    };

    return what[figure < RESULTS_FIGURES ? figure : 0];
}

static void numbers_of(const struct view_results *results, const struct view_results_owner *owner,
                       enum results_figure figure, char *out, size_t size)
{
    out[0] = '\0';
    if (owner->trades == 0 && figure <= FIGURE_HELD && figure != FIGURE_TRADES) {
        text_print(out, size, ", no round trip has closed");
        return;
    }
    switch ((int)figure) {
    case FIGURE_NET:
        text_print(out, size, " = %s won %s lost", number_money(owner->won_e8, true).text,
                   number_money(owner->lost_e8, true).text);
        break;
    case FIGURE_WIN_RATE:
        text_print(out, size, " = %" PRIu64 " of %" PRIu64, owner->wins, owner->trades);
        break;
    case FIGURE_MEAN_WIN:
        text_print(out, size, " = %s / %" PRIu64, number_money(owner->won_e8, true).text, owner->wins);
        break;
    case FIGURE_MEAN_LOSS:
        text_print(out, size, " = %s / %" PRIu64, number_money(owner->lost_e8, true).text, owner->losses);
        break;
    case FIGURE_FACTOR:
        text_print(out, size, " = %s / %s", number_money(owner->won_e8, false).text,
                   number_money(owner->lost_e8 == INT64_MIN ? 0 : -owner->lost_e8, false).text);
        break;
    case FIGURE_EXPECTED:
        text_print(out, size, " = %s / %" PRIu64, number_money(net_of(owner), true).text, owner->trades);
        break;
    case FIGURE_MARKET:
        text_print(out, size, " = %s of %s", number_age(owner->market_ns).text,
                   number_age(results->watched_ns).text);
        break;
    case FIGURE_SLIPPAGE:
        text_print(out, size, ", known of %" PRIu64 " of %" PRIu64 " fills", owner->slippage_fills,
                   owner->fills);
        break;
    case FIGURE_DRAWDOWN:
    case FIGURE_DRAWDOWN_SHARE:
        if (owner == &results->owner[0] && results->drawdown_e8 > 0)
            text_print(out, size, ", from %s, at %s UTC", number_money(results->drawdown_peak_e8, false).text,
                       number_clock(results->drawdown_ns).text);
        break;
    default:
        break;
    }
}

/* A trip that began before the period is the reason why its net, the period's fees and the equity do not add up. */
static void carried_of(const struct view_results_owner *owner, enum results_figure figure, char *out,
                       size_t size)
{
    out[0] = '\0';
    if (owner->carried == 0 || (figure != FIGURE_NET && figure != FIGURE_FEES && figure != FIGURE_TRADES))
        return;
    if (figure == FIGURE_FEES)
        text_print(out, size, "; %s more were paid before it for trips that closed in it",
                   number_money(owner->carried_fees_e8, false).text);
    else
        text_print(out, size, "; %" PRIu64 " began before it and count whole, with %s of fees paid then",
                   owner->carried, number_money(owner->carried_fees_e8, false).text);
}

void results_figure_explain(const struct view_results *results, int index, enum results_figure figure,
                            char *out, size_t size)
{
    const struct view_results_owner *owner = &results->owner[index];
    uint64_t of = results_figure_of(owner, figure);
    char numbers[96], few[48] = "", carried[128];

    carried_of(owner, figure, carried, sizeof(carried));
    numbers_of(results, owner, figure, numbers, sizeof(numbers));
    if (of > 0 && of < RESULTS_FEW)
        text_print(few, sizeof(few), "; n=%" PRIu64 ", too few to rely on", of);
    if ((figure == FIGURE_DRAWDOWN || figure == FIGURE_DRAWDOWN_SHARE) && index != 0)
        text_print(out, size, "%s  %s: of the whole account alone, under all", results_figure_word(figure),
                   owner->name);
    else
        text_print(out, size, "%s  %s: %s%s%s%s: %s", results_figure_word(figure), owner->name,
                   results_figure_text(results, index, figure).text, numbers, few, carried, what_of(figure));
}
