/*
 * Beside the depth: how much stands within so many basis points of the mid on each side, and what a taker of a size pays
 * above it. Out of the same bins as the curve, so no finer than they are: what they cannot tell reads `-`.
 */
#include "core/base/decimal.h"
#include "core/base/round_step.h"
#include "tui/panels.h"

#include <string.h>

#define BP         10000
#define SIZES      6
#define FIRST_SIZE 50 /* the least of them: this part of what stands on the thinner side */

struct book_side {
    int64_t lots[VIEW_CHART_COLS], away_ticks[VIEW_CHART_COLS]; /* from the mid, to the middle of the bin */
    int64_t sum;
    int bins;
};

static void side_of(const struct ui *ui, enum side side, int64_t mid2, struct book_side *out)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    int64_t bid = ui_view(ui)->ladder.best[SIDE_BID].price_ticks;
    int count = chart->bins < VIEW_CHART_COLS ? chart->bins : VIEW_CHART_COLS;

    memset(out, 0, sizeof(*out));
    for (int k = 0; k < count; k++) {
        int i = side == SIDE_BID ? count - 1 - k : k;
        int64_t at = chart->low_ticks + i * chart->bin_ticks;
        int64_t away = at + chart->bin_ticks / 2 - mid2 / 2;

        if ((at <= bid) != (side == SIDE_BID) || chart->now_lots[i] < 0 ||
            chart->now_lots[i] > INT64_MAX / VIEW_CHART_COLS)
            continue;
        away = side == SIDE_BID ? -away : away;
        out->lots[out->bins] = chart->now_lots[i];
        out->away_ticks[out->bins++] = away > 0 ? away : 0;
        out->sum += chart->now_lots[i];
    }
}

static void cell(struct canvas *canvas, int row, int end, struct style style, const char *text)
{
    canvas_text_right(canvas, row, end, style, text);
}

/* -1: the bins do not reach so far, or one is wider. */
static int64_t within(const struct book_side *side, int64_t ticks, int64_t bin_ticks)
{
    int64_t sum = 0;

    if (side->bins == 0 || ticks < bin_ticks || side->away_ticks[side->bins - 1] + bin_ticks < ticks)
        return -1;
    for (int i = 0; i < side->bins && side->away_ticks[i] <= ticks; i++)
        sum += side->lots[i];
    return sum;
}

/* Tenths of a basis point above the mid on the mean, each bin at its middle; -1: there is not so much. */
static int64_t cost_bp_x10(const struct book_side *side, int64_t lots, int64_t mid_ticks)
{
    __int128 paid = 0;
    int64_t left = lots;

    for (int i = 0; i < side->bins && left > 0; i++) {
        int64_t take = side->lots[i] < left ? side->lots[i] : left;

        paid += (__int128)take * side->away_ticks[i];
        left -= take;
    }
    return left > 0 || lots <= 0 || mid_ticks <= 0 ? -1 : (int64_t)(paid * BP * 10 / lots / mid_ticks);
}

static int within_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at,
                       const struct book_side side[SIDE_COUNT], int64_t mid_ticks)
{
    static const int bp[] = {1, 2, 5, 10, 20, 50, 100};
    const struct view_scale *scale = ui_scale(ui);
    int row = at->plot_row, end = span_end(at->side) - 1;
    char text[16];

    cell(canvas, row, at->side.at + 5, STYLE_DIM, "bp");
    cell(canvas, row, end - 7, STYLE_DIM, "bids");
    cell(canvas, row++, end, STYLE_DIM, "asks");
    for (size_t i = 0; i < sizeof(bp) / sizeof(bp[0]); i++, row++) {
        int64_t ticks = decimal_mul_div(mid_ticks, bp[i], BP), bin = ui_view(ui)->chart.bin_ticks;
        int64_t bids = within(&side[SIDE_BID], ticks, bin), asks = within(&side[SIDE_ASK], ticks, bin);

        cell(canvas, row, at->side.at + 5, STYLE_TEXT, text_print(text, sizeof(text), "%d", bp[i]));
        cell(canvas, row, end - 7, bids < 0 ? STYLE_DIM : STYLE_BID,
             bids < 0 ? "-" : number_qty_fit(scale, bids, 2, 6).text);
        cell(canvas, row, end, asks < 0 ? STYLE_DIM : STYLE_ASK,
             asks < 0 ? "-" : number_qty_fit(scale, asks, 2, 6).text);
    }
    return row;
}

static void costs_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at,
                       const struct book_side side[SIDE_COUNT], int64_t mid_ticks, int row)
{
    int64_t thinner = side[SIDE_BID].sum < side[SIDE_ASK].sum ? side[SIDE_BID].sum : side[SIDE_ASK].sum;
    int64_t lots = round_step_at_most(thinner / FIRST_SIZE);
    int end = span_end(at->side) - 1;

    brush_title(canvas, row++, at->side.at + 1, false, "a taker pays", "");
    cell(canvas, row, at->side.at + 6, STYLE_DIM, "size");
    cell(canvas, row, end - 6, STYLE_DIM, "sells");
    cell(canvas, row++, end, STYLE_DIM, "buys");
    for (int i = 0; i < SIZES && row < at->legend_row; i++, row++) {
        cell(canvas, row, at->side.at + 6, STYLE_TEXT, number_qty_short(ui_scale(ui), lots).text);
        for (int s = 0; s < SIDE_COUNT; s++) {
            int64_t cost = cost_bp_x10(&side[s], lots, mid_ticks);

            cell(canvas, row, s == SIDE_BID ? end - 6 : end,
                 cost < 0        ? STYLE_DIM
                 : s == SIDE_BID ? STYLE_ASK /* who sells takes bids */
                                 : STYLE_BID,
                 cost < 0 ? "-" : number_fixed(cost, 1, 1, false).text);
        }
        lots = round_step_at_least(lots + 1);
    }
    if (row < at->legend_row)
        cell(canvas, row, end, STYLE_DIM, "bp from the mid");
}

void depth_side_draw(struct canvas *canvas, const struct ui *ui)
{
    struct chart_places at = chart_places(ui);
    const struct view_ladder *ladder = &ui_view(ui)->ladder;
    struct book_side side[SIDE_COUNT];
    int64_t mid2 = ladder->best[SIDE_BID].price_ticks + ladder->best[SIDE_ASK].price_ticks;
    int row;

    if (at.side.cols == 0 || ladder->best[SIDE_BID].price_ticks <= 0 ||
        ladder->best[SIDE_ASK].price_ticks <= 0 || ui_view(ui)->chart.bin_ticks <= 0)
        return;
    for (int s = 0; s < SIDE_COUNT; s++)
        side_of(ui, (enum side)s, mid2, &side[s]);
    row = within_draw(canvas, ui, &at, side, mid2 / 2);
    if (row + 4 < at.legend_row)
        costs_draw(canvas, ui, &at, side, mid2 / 2, row + 1);
}
