/*
 * Beside the candles: what traded at which price in the time that they show, on the rows of their own axis, bought before
 * sold; under it the figures of the newest candle, or of the one the cross stands on.
 *
 * A candle's volume is spread evenly over its range: the true prices of its trades are not kept.
 */
#include "core/base/decimal.h"
#include "tui/panels.h"

#include <string.h>

#define NUMBER_COLS    7
#define VALUE_OF_TENTH 7 /* value area: so many tenths of the volume, around the fullest row */

struct profile {
    int64_t bought[VIEW_CHART_ROWS], all[VIEW_CHART_ROWS];
    int64_t sum;
    int most;     /* the fullest row; -1: nothing traded */
    int from, to; /* value area */
};

static void spread(struct profile *profile, int top, int bottom, int64_t lots, int64_t bought)
{
    int rows = bottom - top + 1;

    for (int row = top; row <= bottom; row++) { /* the rest goes to the upper rows: nothing is lost */
        profile->all[row] += lots / rows + (row - top < lots % rows);
        profile->bought[row] += bought / rows + (row - top < bought % rows);
    }
}

/* From the fullest row outward, always to the fuller neighbour. */
static void find_value_area(struct profile *profile, int rows)
{
    int64_t inside = profile->all[profile->most];

    profile->from = profile->to = profile->most;
    while (inside < profile->sum / 10 * VALUE_OF_TENTH && (profile->from > 0 || profile->to < rows - 1)) {
        int64_t above = profile->from > 0 ? profile->all[profile->from - 1] : -1;
        int64_t below = profile->to < rows - 1 ? profile->all[profile->to + 1] : -1;

        inside += above >= below ? above : below;
        if (above >= below)
            profile->from--;
        else
            profile->to++;
    }
}

static void profile_of(const struct ui *ui, int rows, struct profile *out)
{
    const struct view_chart *chart = &ui_view(ui)->chart;

    memset(out, 0, sizeof(*out));
    out->most = -1;
    for (int i = 0; i < chart->candles && i < VIEW_CHART_COLS; i++) {
        const struct view_candle *candle = &chart->candle[i];
        int top = chart_row_of(ui, candle->high_ticks), bottom = chart_row_of(ui, candle->low_ticks);

        if (top < 0 || bottom < top || bottom >= rows || candle->lots <= 0 ||
            candle->lots > INT64_MAX / VIEW_CHART_COLS / 2 || candle->bought_lots < 0 ||
            candle->bought_lots > candle->lots)
            continue;
        spread(out, top, bottom, candle->lots, candle->bought_lots);
        out->sum += candle->lots;
    }
    for (int row = 0; row < rows; row++)
        if (out->all[row] > 0 && (out->most < 0 || out->all[row] > out->all[out->most]))
            out->most = row;
    if (out->most >= 0)
        find_value_area(out, rows);
}

static void profile_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at)
{
    int rows = at->plot_rows < VIEW_CHART_ROWS ? at->plot_rows : VIEW_CHART_ROWS;
    int cols = at->side.cols - NUMBER_COLS - 2;
    struct profile profile;

    profile_of(ui, rows, &profile);
    for (int row = 0; row < rows && profile.most >= 0 && cols > 0; row++) {
        bool valued = row >= profile.from && row <= profile.to;
        int half = (int)decimal_mul_div(profile.all[row], 2 * cols, profile.all[profile.most]);
        int bought = profile.all[row] > 0
                         ? (int)decimal_mul_div(profile.bought[row], half, profile.all[row]) / 2 * 2
                         : 0;

        if (profile.all[row] <= 0)
            continue;
        canvas_bar(canvas, at->plot_row + row, at->side.at, cols, style_role(ROLE_ASK_BAR),
                   half > 0 ? half : 1, BAR_RIGHT);
        canvas_bar(canvas, at->plot_row + row, at->side.at, cols, style_role(ROLE_BID_BAR), bought,
                   BAR_RIGHT);
        canvas_text_right(canvas, at->plot_row + row, span_end(at->side) - 1,
                          row == profile.most ? style_bold(STYLE_BRIGHT)
                          : valued            ? STYLE_TEXT
                                              : STYLE_DIM,
                          number_qty_fit(ui_scale(ui), profile.all[row], 2, NUMBER_COLS).text);
    }
}

/* --- figures ------------------------------------------------------------------------------------------------ */

static void pair_draw(struct canvas *canvas, int row, struct span span, const char *label, struct style style,
                      const char *text)
{
    canvas_text(canvas, row, span.at + 1, STYLE_DIM, label);
    canvas_text_right(canvas, row, span_end(span) - 1, style, text);
}

static const struct view_candle *candle_told(const struct ui *ui)
{
    const struct view_chart *chart = &ui_view(ui)->chart;
    const struct view_candle *candle = chart->candles > 0 ? &chart->candle[chart->candles - 1] : NULL;

    for (int i = 0; i < chart->candles && ui->chart.cross && i < VIEW_CHART_COLS; i++)
        if (chart->candle[i].open_ms <= ui->chart.cross_ms)
            candle = &chart->candle[i];
    return candle;
}

/* The candle's own prices stand in NEXT; here what it lies among. */
static void figures_draw(struct canvas *canvas, const struct ui *ui, const struct chart_places *at)
{
    const struct view_candle *candle = candle_told(ui);
    const struct view_scale *scale = ui_scale(ui);
    int row = at->volume_row;
    char text[48];

    if (candle == NULL)
        return;
    pair_draw(canvas, row++, at->side, "time", STYLE_TEXT,
              number_moment(candle->open_ms * UI_MILLI_NS, ui->frame->status.now_ns).text);
    pair_draw(canvas, row++, at->side, "close", style_money(candle->close_ticks - candle->open_ticks),
              number_price(scale, candle->close_ticks).text);
    text_print(text, sizeof(text), "%s %s", number_qty_fit(scale, candle->lots, 3, 6).text,
               ui_instrument(ui) != NULL ? ui_instrument(ui)->base : "");
    pair_draw(canvas, row++, at->side, "volume", STYLE_TEXT, text);
    text_print(text, sizeof(text), "%s %%", number_percent(candle->bought_lots, candle->lots).text);
    pair_draw(canvas, row++, at->side, "bought", STYLE_TEXT, text);
    pair_draw(canvas, row++, at->side, "VWAP day", style_role(ROLE_MARK),
              number_price(scale, candle->vwap_ticks).text);
    pair_draw(canvas, row++, at->side, "mean 20", style_bold(STYLE_WARNING),
              number_price(scale, candle->mean_ticks).text);
    if (candle->mean_ticks == VIEW_NONE)
        return;
    pair_draw(canvas, row++, at->side, "+2 \u03c3", STYLE_TEXT,
              number_price(scale, candle->mean_ticks + 2 * candle->deviation_ticks).text);
    pair_draw(canvas, row, at->side, "-2 \u03c3", STYLE_TEXT,
              number_price(scale, candle->mean_ticks - 2 * candle->deviation_ticks).text);
}

void candle_side_draw(struct canvas *canvas, const struct ui *ui)
{
    struct chart_places at = chart_places(ui);

    if (ui_view(ui)->chart.kind != CHART_CANDLES || at.side.cols == 0)
        return;
    profile_draw(canvas, ui, &at);
    figures_draw(canvas, ui, &at);
}
