/*
 * The prices at the right of the chart's plot. Of the heat map each row has its own; of candles round ones, as close as
 * there is room for, and the exact ones of the last trade, of marks and of alerts, which go before them.
 */
#include "core/base/round_step.h"
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <string.h>

#define LABEL_ROWS 3 /* candles: rows between two round prices at least */

struct axis {
    struct canvas *canvas;
    const struct ui *ui;
    struct chart_places at;
    bool taken[VIEW_CHART_ROWS];
};

static void label_draw(struct axis *axis, int row, int64_t price_ticks, struct style style)
{
    canvas_text_right(axis->canvas, axis->at.plot_row + row, span_end(axis->at.axis) - 1, style,
                      number_price(ui_scale(axis->ui), price_ticks).text);
    axis->taken[row] = true;
}

/* A letter; on candles the price it stands for, too: between two round ones nobody could tell. */
static void mark_draw(struct axis *axis, int64_t price_ticks, struct style style, char letter)
{
    int row = chart_row_of(axis->ui, price_ticks);

    if (row < 0 || row >= VIEW_CHART_ROWS)
        return;
    if (ui_view(axis->ui)->chart.kind == CHART_CANDLES && !axis->taken[row])
        label_draw(axis, row, price_ticks, STYLE_TEXT);
    canvas_put(axis->canvas, axis->at.plot_row + row, axis->at.axis.at, style, (uint32_t)letter);
}

static void marks_draw(struct axis *axis)
{
    static const char letter[] = {'H', 'L', 'O', 'V', 'E', 'B', 'T'};
    const struct ui *ui = axis->ui;
    const struct view_ladder *ladder = &ui_view(ui)->ladder;

    for (int i = 0; i < ladder->marks && i < VIEW_MARKS_MAX; i++)
        mark_draw(axis, ladder->mark[i].price_ticks, style_bold(style_role(ROLE_MARK)),
                  letter[ladder->mark[i].kind % 7]);
    for (int i = 0; i < ui_view(ui)->alerts.count; i++) {
        const struct alert *alert = &ui_view(ui)->alerts.alert[i];

        if (alert->instrument_id == ui->instrument_id && alert->of == ALERT_PRICE && alert->rang_ns == 0 &&
            ui_scale(ui)->tick_e8 > 0)
            mark_draw(axis, alert->level / ui_scale(ui)->tick_e8, style_bold(STYLE_WARNING), '!');
    }
}

int64_t chart_round_prices(const struct ui *ui, int64_t *first_ticks)
{
    int rows = chart_places(ui).plot_rows;
    int64_t high, low, step;

    if (rows < 1 || !chart_candle_range(ui, &high, &low))
        return 0;
    step = round_step_at_least((high - low) / rows * LABEL_ROWS + 1);
    *first_ticks = low <= 0 ? step : (low + step - 1) / step * step;
    return step;
}

static void round_prices_draw(struct axis *axis)
{
    int64_t price, step = chart_round_prices(axis->ui, &price);

    for (int i = 0; step > 0 && i < VIEW_CHART_ROWS; i++, price += step) {
        int row = chart_row_of(axis->ui, price);

        if (row < 0)
            return;
        if (row < VIEW_CHART_ROWS && !axis->taken[row])
            label_draw(axis, row, price, STYLE_DIM);
    }
}

static void row_prices_draw(struct axis *axis, int last)
{
    const struct view_chart *chart = &ui_view(axis->ui)->chart;
    int each = chart_rows_each(axis->ui);

    for (int row = 0; row < axis->at.plot_rows && row < VIEW_CHART_ROWS && chart->row_ticks > 0; row++) {
        int64_t lowest = chart->top_ticks - (each * row + each - 1) * chart->row_ticks;

        if (lowest >= 0)
            label_draw(axis, row, lowest, row == last ? style_role(ROLE_INSIDE) : STYLE_DIM);
    }
}

void chart_price_axis_draw(struct canvas *canvas, const struct ui *ui)
{
    struct axis axis = {.canvas = canvas, .ui = ui, .at = chart_places(ui)};
    const struct view_instrument *instrument = ui_instrument(ui);
    int last = instrument != NULL && instrument->last_ticks != VIEW_NONE
                   ? chart_row_of(ui, instrument->last_ticks)
                   : -1;

    if (ui_view(ui)->chart.kind != CHART_CANDLES) {
        row_prices_draw(&axis, last);
        marks_draw(&axis);
        return;
    }
    if (last >= 0 && last < VIEW_CHART_ROWS)
        label_draw(&axis, last, instrument->last_ticks, style_role(ROLE_INSIDE));
    marks_draw(&axis);
    round_prices_draw(&axis);
}

void chart_empty(struct canvas *canvas, const struct ui *ui, const char *why)
{
    struct chart_places at = chart_places(ui);
    char text[96];

    if (ui->frozen)
        why = ui_with_keys(ui, "not in the picture that is held; " KEY("Z") " thaws", text, sizeof(text));
    canvas_text_cut(canvas, at.plot_row + 1, at.plot.at + 1, at.plot.cols - 2, STYLE_DIM, why);
}
