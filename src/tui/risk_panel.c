/*
 * Risk: use of the limits now and (shaded) if every open order filled, room in money. Compact in three rows,
 * one row a limit when there are more.
 */
#include "tui/limit_use.h"
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

static const struct view_limit *limit_find(const struct view_risk *risk, const char *code)
{
    for (int i = 0; i < risk->limits && i < VIEW_LIMITS_MAX; i++) {
        if (strcmp(risk->limit[i].code, code) == 0)
            return &risk->limit[i];
    }
    return NULL;
}

/* --- framed, compact ------------------------------------------------------------------------------------- */

static void use_line(struct canvas *canvas, int row, int col, const char *label,
                     const struct view_limit *limit)
{
    struct brush pen = brush_at(canvas, row, col);

    brush_printf(&pen, STYLE_DIM, "%s ", label);
    if (limit == NULL) {
        brush_text(&pen, STYLE_DIM, "-");
        return;
    }
    limit_bar_draw(&pen, 12, limit);
    brush_printf(&pen, STYLE_TEXT, " %2s %%",
                 number_percent(limit->now < 0 ? 0 : limit->now, limit->limit).text);
}

/* Orders at the left, denials at the right, what was sent in a second and in a minute between them. */
static void rate_line(struct canvas *canvas, int row, struct span span, const struct view_risk *risk)
{
    struct brush pen = brush_at(canvas, row, span.at + 1);
    char rate[80];
    int end;

    brush_text(&pen, STYLE_DIM, "orders ");
    brush_printf(&pen, STYLE_TEXT, "%lld/%lld", (long long)risk->open_orders,
                 (long long)risk->open_orders_limit);
    end = canvas_printf_right(canvas, row, span_end(span), STYLE_TEXT, "%llu",
                              (unsigned long long)risk->denied);
    end = canvas_text_right(canvas, row, end, STYLE_DIM, "denied ");
    text_print(rate, sizeof(rate), "%lld/%lld s %lld/%lld m", (long long)risk->rate_1s,
               (long long)risk->rate_1s_limit, (long long)risk->rate_60s, (long long)risk->rate_60s_limit);
    if (pen.col + (int)strlen(rate) + 8 > end) /* the minute tells more than the second */
        text_print(rate, sizeof(rate), "%lld/%lld m", (long long)risk->rate_60s,
                   (long long)risk->rate_60s_limit);
    brush_text(&pen, STYLE_DIM, "  rate ");
    brush_text(&pen, STYLE_TEXT, rate);
}

static void compact_draw(struct canvas *canvas, const struct ui *ui, const struct view_risk *risk, int row,
                         int rows)
{
    const struct view_limit *position = limit_find(risk, "MAX_POS"), *loss = limit_find(risk, "DAILY_LOSS");
    int col = ui->layout.side.at + 1;
    struct brush pen;

    use_line(canvas, row + 1, col, "position", position);
    pen = brush_at(canvas, row + 1, col + 26);
    if (position != NULL) {
        brush_text(&pen, STYLE_DIM, "  worst ");
        brush_printf(&pen, STYLE_TEXT, "%s %%", number_percent(position->worst, position->limit).text);
    }
    if (rows >= 2) {
        use_line(canvas, row + 2, col, "day loss", loss);
        pen = brush_at(canvas, row + 2, col + 26);
        brush_text(&pen, STYLE_DIM, "  room ");
        brush_text(&pen, STYLE_TEXT, number_money(risk->loss_room_e8, false).text);
    }
    if (rows >= 3) {
        rate_line(canvas, row + 3, ui->layout.side, risk);
    }
}

/* --- framed, one row a limit ------------------------------------------------------------------------------- */

const char *risk_limit_label(const char *code)
{
    static const char *const name[][2] = {
        {"MAX_POS", "position"},      {"MAX_OPEN_VALUE", "open value"},
        {"MAX_OPEN_N", "orders"},     {"MAX_GROSS", "gross"},
        {"MSG_RATE", "msgs /min"},    {"REQ_WEIGHT", "weight"},
        {"DRAWDOWN", "drawdown"},     {"DAILY_LOSS", "day loss"},
        {"MAX_VALUE", "order value"}, {"MAX_QTY", "order size"},
        {"COLLAR", "collar"},         {"STALE_BOOK", "book age"},
    };

    for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
        if (strcmp(name[i][0], code) == 0)
            return name[i][1];
    }
    return code;
}

static void limit_line(struct canvas *canvas, int row, int col, const struct view_limit *limit)
{
    struct brush pen = brush_at(canvas, row, col);
    int64_t now = limit->now < 0 ? 0 : limit->now;

    brush_printf(&pen, STYLE_DIM, "%-10.10s ", risk_limit_label(limit->code));
    limit_bar_draw(&pen, 8, limit);
    brush_printf(&pen, limit_text_style(limit_use_x1000(limit)), " %3s%%",
                 number_percent(limit_most(limit), limit->limit).text);
    brush_printf(&pen, STYLE_DIM, " %7s", limit_number(limit, now, now == 0).text);
    brush_printf(&pen, STYLE_DIM, " of %5s", limit_number(limit, limit->limit, true).text);
}

/* Most used first; equal ones keep their order. */
static void table_draw(struct canvas *canvas, const struct ui *ui, const struct view_risk *risk, int row,
                       int rows)
{
    int order[VIEW_LIMITS_MAX], count = limits_by_use(risk, order);

    for (int i = 0; i < rows && i < count; i++)
        limit_line(canvas, row + 1 + i, ui->layout.side.at + 1, &risk->limit[order[i]]);
}

/* --- narrow: risk and the one strategy that is ON ------------------------------------------------------------ */

static void narrow_draw(struct canvas *canvas, const struct ui *ui, const struct view_frame *frame, int row,
                        int rows)
{
    const struct view_risk *risk = &frame->risk;
    const struct view_limit *position = limit_find(risk, "MAX_POS"), *loss = limit_find(risk, "DAILY_LOSS");
    struct brush pen = brush_at(canvas, row + 1, ui->layout.side.at + 1);

    brush_text(&pen, STYLE_DIM, "pos ");
    if (position != NULL) {
        limit_bar_draw(&pen, 8, position);
        brush_printf(&pen, STYLE_TEXT, " %s%%", number_percent(position->now, position->limit).text);
        brush_text(&pen, STYLE_DIM, " worst ");
        brush_printf(&pen, STYLE_TEXT, "%s%%", number_percent(position->worst, position->limit).text);
    }
    if (rows < 2)
        return;
    pen = brush_at(canvas, row + 2, ui->layout.side.at + 1);
    brush_text(&pen, STYLE_DIM, "loss ");
    brush_printf(&pen, STYLE_TEXT, "%s%%",
                 loss == NULL ? "-" : number_percent(loss->now < 0 ? 0 : loss->now, loss->limit).text);
    brush_text(&pen, STYLE_DIM, " room ");
    brush_text(&pen, STYLE_TEXT, number_fixed(risk->loss_room_e8, 8, 0, false).text);
    for (int i = 0; i < frame->strategies && i < VIEW_STRATEGIES_MAX; i++) {
        const struct view_strategy *strategy = &frame->strategy[i];

        if (!strategy->on || !strategy->has_signal)
            continue;
        brush_printf(&pen, STYLE_DIM, "  %.4s ", strategy->name);
        brush_text(&pen, strategy->score_x1000 > 0 ? STYLE_BID : STYLE_ASK,
                   number_bare(number_fixed(strategy->score_x1000, 3, 2, true)).text);
        break;
    }
    if (rows < 3)
        return;
    pen = brush_at(canvas, row + 3, ui->layout.side.at + 1);
    brush_text(&pen, STYLE_DIM, "orders ");
    brush_printf(&pen, STYLE_TEXT, "%lld/%lld", (long long)risk->open_orders,
                 (long long)risk->open_orders_limit);
    brush_text(&pen, STYLE_DIM, " denied ");
    brush_printf(&pen, STYLE_TEXT, "%llu", (unsigned long long)risk->denied);
}

/* Paused and disabled ones, too: their state is said. */
static const struct view_strategy *first_on(const struct view_frame *frame)
{
    for (int i = 0; i < frame->strategies && i < VIEW_STRATEGIES_MAX; i++)
        if (frame->strategy[i].on && frame->strategy[i].owner != OWNER_MANUAL)
            return &frame->strategy[i];
    return NULL;
}

static void narrow_title(struct canvas *canvas, const struct ui *ui, int row)
{
    const struct view_strategy *strategy = first_on(ui_view(ui));
    struct brush pen = brush_at(canvas, row, ui->layout.side.at + 1);

    brush_text(&pen, STYLE_TEXT, " ");
    brush_text(&pen, style_bold(style_role(ROLE_TITLE)), "risk");
    if (strategy != NULL) {
        brush_text(&pen, STYLE_DIM, " and ");
        brush_text(&pen, style_bold(style_role(ROLE_TITLE)), strategy->name);
        brush_printf(&pen, strategy_state_style(strategy), " %s", strategy_state_word(strategy));
    }
    brush_text(&pen, STYLE_TEXT, " ");
}

void risk_panel_draw(struct canvas *canvas, const struct ui *ui, int row, int rows)
{
    const struct view_frame *frame = ui_view(ui);

    if (!ui->layout.framed) {
        narrow_title(canvas, ui, row);
        narrow_draw(canvas, ui, frame, row, rows);
    } else if (rows > 3) {
        brush_title(canvas, row, ui->layout.side.at + 1, false, "risk", "  \u2592 = with open orders");
        table_draw(canvas, ui, &frame->risk, row, rows);
    } else {
        brush_title(canvas, row, ui->layout.side.at + 1, false, "risk", "  of the limit");
        compact_draw(canvas, ui, &frame->risk, row, rows);
    }
}
