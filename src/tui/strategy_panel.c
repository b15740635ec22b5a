/*
 * Strategies: ON or off, score against its own threshold, position and result of the day. `manual` is the
 * trader's own hand.
 */
#include "core/base/safe_text.h"
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

#define WHY_AT    18 /* behind the longest word of a state */
#define NAME_COLS 6  /* with the blank behind it, at least: longer names move what follows */

/* Columns of the longest name that a state follows, with a blank. */
static int name_cols(const struct view_frame *frame)
{
    int cols = NAME_COLS;

    for (int i = 0; i < frame->strategies && i < VIEW_STRATEGIES_MAX; i++) {
        int name = (int)safe_text_columns(frame->strategy[i].name) + 1;

        if (frame->strategy[i].owner != OWNER_MANUAL && name > cols)
            cols = name;
    }
    return cols;
}

/* Why it stands still is never cut where it has room below. */
static bool why_has_a_row(const struct view_strategy *strategy, struct span span)
{
    return strategy->owner != OWNER_MANUAL && (strategy->disabled || (strategy->on && strategy->paused)) &&
           (int)safe_text_columns(strategy->why_off) > span.cols - WHY_AT - 2;
}

static void head_line(struct canvas *canvas, int row, struct span span, const struct view_strategy *strategy,
                      int more_cols, bool framed_gauge, bool first_off)
{
    struct brush pen = brush_at(canvas, row, span.at + 1);
    bool manual = strategy->owner == OWNER_MANUAL;
    struct style style = manual ? STYLE_TEXT : strategy_state_style(strategy);
    int at = span.at + more_cols;
    struct number_text threshold;

    brush_text(&pen, style, manual ? GLYPH_DOT_ON : strategy_state_glyph(strategy));
    brush_printf(&pen, style, " %-6s", strategy->name);
    if (manual)
        return;
    pen.col = at + 9;
    if (!strategy->on && !strategy->disabled) {
        canvas_text(canvas, row, at + 9, STYLE_DIM, "off");
        if (strategy->why_off[0] != '\0')
            canvas_text_cut(canvas, row, at + 14, span_end(span) - at - 15, STYLE_DIM, strategy->why_off);
        else if (first_off && framed_gauge)
            canvas_text_right(canvas, row, span_end(span) - 1, STYLE_DIM, ":on NAME turns on");
        return;
    }
    brush_text(&pen, style, strategy_state_word(strategy));
    if (strategy->disabled || strategy->paused) {
        if (!why_has_a_row(strategy, span))
            canvas_text_cut(canvas, row, pen.col + 1, span_end(span) - pen.col - 2, STYLE_DIM,
                            strategy->why_off);
        return;
    }
    if (!strategy->has_signal)
        return;
    pen.col = at + (framed_gauge ? 13 : 12);
    brush_gauge(&pen, framed_gauge ? 6 : 5, strategy->score_x1000, 1000, strategy->threshold_x1000);
    brush_printf(&pen, strategy->score_x1000 > 0 ? STYLE_BID : STYLE_ASK, " %s",
                 number_fixed(strategy->score_x1000, 3, 2, true).text);
    threshold = number_bare(number_fixed(strategy->threshold_x1000, 3, 2, false));
    brush_printf(&pen, STYLE_DIM,
                 pen.col + 4 + (int)strlen(threshold.text) <= span_end(span) ? " of %s" : "/%s",
                 threshold.text);
}

/* Of the shown instrument; what it left in another one stands there instead: nobody else says it here. */
static void result_line(struct canvas *canvas, const struct ui *ui, int row, struct span span,
                        const struct view_strategy *strategy)
{
    const struct view_instrument *shown = ui_instrument(ui);
    const struct view_scale *scale = ui_scale(ui);
    struct brush pen = brush_at(canvas, row, span.at + 3);

    brush_text(&pen, STYLE_DIM, "pos ");
    if (strategy->position_lots == 0 && strategy->unmanaged &&
        strategy->left_in < ui_view(ui)->status.instruments) {
        const struct view_instrument *at = &ui_view(ui)->status.instrument[strategy->left_in];

        brush_printf(
            &pen, style_bold(STYLE_WARNING), "%s %s",
            number_fixed(number_qty_e8(&at->scale, strategy->left_lots), 8, at->scale.qty_decimals, true)
                .text,
            at->base);
    } else {
        brush_text(
            &pen, STYLE_TEXT,
            number_fixed(number_qty_e8(scale, strategy->position_lots), 8, scale->qty_decimals, true).text);
        if (strategy->position_lots == 0 && strategy->day_net_e8 != 0 && shown != NULL &&
            ui_view(ui)->status.instruments > 1) /* what it earns it holds elsewhere */
            brush_printf(&pen, STYLE_DIM, " %.8s", shown->base);
    }
    brush_text(&pen, STYLE_DIM, "  day net ");
    brush_money(&pen, strategy->day_net_e8, false);
}

static void fills_line(struct canvas *canvas, int row, struct span span, const struct view_strategy *strategy)
{
    struct brush pen = brush_at(canvas, row, span.at + 3);

    brush_text(&pen, STYLE_DIM, "fills ");
    brush_printf(&pen, STYLE_TEXT, "%llu", (unsigned long long)strategy->fills);
    brush_text(&pen, STYLE_DIM, "  win ");
    brush_printf(&pen, STYLE_TEXT, "%llu/%llu", (unsigned long long)strategy->wins,
                 (unsigned long long)strategy->trips);
}

static bool is_busy(const struct view_strategy *strategy)
{
    return strategy->on || strategy->owner == OWNER_MANUAL || strategy->position_lots != 0;
}

static int rows_of(const struct view_strategy *strategy, bool wide, struct span span)
{
    return (!is_busy(strategy)                        ? 1
            : wide && strategy->owner != OWNER_MANUAL ? 3
                                                      : 2) +
           why_has_a_row(strategy, span);
}

/* Short of rows, those that cannot be turned on go first. */
static bool is_skipped(const struct view_frame *frame, const struct view_strategy *strategy, bool wide,
                       struct span span, int room)
{
    int need = 0;

    for (int i = 0; i < frame->strategies && i < VIEW_STRATEGIES_MAX; i++)
        need += rows_of(&frame->strategy[i], wide, span);
    return need > room && !is_busy(strategy) && strategy->why_off[0] != '\0';
}

void strategy_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span)
{
    const struct view_frame *frame = ui_view(ui);
    const struct layout *l = &ui->layout;
    int row = l->tabs_row + 1, end = l->frame_row;
    bool wide = ui->layout.wide, off_said = false;
    int more_cols = name_cols(frame) - NAME_COLS;

    brush_title(canvas, l->tabs_row, span.at + 1, false, "strategies", "");
    for (int i = 0; i < frame->strategies && i < VIEW_STRATEGIES_MAX && row < end; i++) {
        const struct view_strategy *strategy = &frame->strategy[i];
        bool busy = is_busy(strategy);

        if (is_skipped(frame, strategy, wide, span, end - l->tabs_row - 1))
            continue;
        head_line(canvas, row++, span, strategy, more_cols, !wide, !off_said);
        off_said = off_said || !strategy->on;
        if (why_has_a_row(strategy, span) && row < end)
            canvas_text_cut(canvas, row++, span.at + 3, span.cols - 4, STYLE_TEXT, strategy->why_off);
        if (busy && row < end)
            result_line(canvas, ui, row++, span, strategy);
        if (busy && wide && strategy->owner != OWNER_MANUAL && row < end)
            fills_line(canvas, row++, span, strategy);
    }
}
