/*
 * The strategies of screen 4: state with its reason, score against the threshold, position, result. One row each
 * where it is narrow, two with a blank between where there is room; below them what they hold together.
 */
#include "tui/glyphs.h"
#include "tui/panels.h"

#include "core/base/safe_text.h"

#include <string.h>

struct style strategy_state_style(const struct view_strategy *strategy)
{
    if (strategy->disabled)
        return style_bold(style_role(ROLE_BAD));
    if (strategy->on && strategy->paused)
        return style_bold(STYLE_WARNING);
    return strategy->on ? style_bold(STYLE_GOOD) : STYLE_DIM;
}

const char *strategy_state_glyph(const struct view_strategy *strategy)
{
    return strategy->disabled                 ? GLYPH_STOPPED
           : strategy->on && strategy->paused ? GLYPH_PAUSED
           : strategy->on                     ? GLYPH_DOT_ON
                                              : GLYPH_DOT_OFF;
}

static void head_pieces(struct brush *pen, const struct view_strategy *strategy, int left)
{
    bool manual = strategy->owner == OWNER_MANUAL;

    brush_printf(pen, manual ? STYLE_TEXT : strategy_state_style(strategy), "%s ",
                 manual ? GLYPH_DOT_ON : strategy_state_glyph(strategy));
    pen->col =
        canvas_text_cut(pen->canvas, pen->row, pen->col, 11,
                        strategy->on || manual ? style_bold(STYLE_BRIGHT) : STYLE_TEXT, strategy->name);
    pen->col = left + 14;
    if (!manual)
        brush_text(pen, strategy_state_style(strategy), strategy_state_word(strategy));
    pen->col = left + 23;
}

static void score_pieces(struct brush *pen, const struct view_strategy *strategy)
{
    brush_gauge(pen, 6, strategy->score_x1000, 1000, strategy->threshold_x1000);
    brush_printf(pen, strategy->score_x1000 >= 0 ? STYLE_BID : STYLE_ASK, " %s",
                 number_fixed(strategy->score_x1000, 3, 2, true).text);
}

static void result_pieces(struct brush *pen, const struct ui *ui, const struct view_strategy *strategy)
{
    const struct view_scale *scale = ui_scale(ui);
    const struct view_instrument *at = ui_instrument(ui);

    /* of the shown instrument alone: net, fills and trips are of all, so it says whose it is */
    brush_printf(pen, STYLE_DIM, "%.8s ", at != NULL && at->base[0] != '\0' ? at->base : "pos");
    brush_text(
        pen, STYLE_TEXT,
        number_fixed(number_qty_e8(scale, strategy->position_lots), 8, scale->qty_decimals, true).text);
    brush_text(pen, STYLE_DIM, " net ");
    brush_money(pen, strategy->day_net_e8, false);
    if (strategy->owner == OWNER_MANUAL)
        return;
    brush_printf(pen, STYLE_DIM, " fills ");
    brush_printf(pen, STYLE_TEXT, "%llu", (unsigned long long)strategy->fills);
    brush_printf(pen, STYLE_DIM, " win ");
    brush_printf(pen, STYLE_TEXT, "%llu/%llu", (unsigned long long)strategy->wins,
                 (unsigned long long)strategy->trips);
}

static bool has_reason(const struct view_strategy *strategy)
{
    return strategy->why_off[0] != '\0' && (!strategy->on || strategy->paused || strategy->disabled);
}

/* Two rows: who and how, then what came of it, or why it does not trade. */
static int tall_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row,
                     const struct view_strategy *strategy)
{
    struct brush pen = brush_at(canvas, row, span.at + 1);
    struct canvas inside = canvas_region(canvas, row + 1, span.at, 1, span.cols - 1);
    struct brush low = brush_at(&inside, 0, 3);
    bool plays = strategy->on && !strategy->paused && !strategy->disabled;

    head_pieces(&pen, strategy, span.at + 1);
    if (plays && strategy->has_signal)
        score_pieces(&pen, strategy);
    else if (has_reason(strategy) && strategy->position_lots != 0) /* the row below has what is held */
        canvas_text_cut(canvas, row, span.at + 24, span.cols - 25, STYLE_DIM, strategy->why_off);
    else if (strategy->owner == OWNER_MANUAL)
        canvas_text_cut(canvas, row, span.at + 15, span.cols - 16, STYLE_DIM, "your own hand");
    if (has_reason(strategy) && strategy->position_lots == 0)
        canvas_text_cut(&inside, 0, 3, inside.cols - 3, STYLE_DIM, strategy->why_off);
    else
        result_pieces(&low, ui, strategy);
    return 2;
}

static int flat_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row,
                     const struct view_strategy *strategy)
{
    struct canvas line = canvas_region(canvas, row, span.at, 1, span.cols - 1);
    struct brush pen = brush_at(&line, 0, 1);
    bool plays = strategy->on && !strategy->paused && !strategy->disabled;

    head_pieces(&pen, strategy, 1);
    if (plays && strategy->has_signal && span.cols >= 76) {
        brush_printf(&pen, strategy->score_x1000 >= 0 ? STYLE_BID : STYLE_ASK, "%s",
                     number_fixed(strategy->score_x1000, 3, 2, true).text);
        brush_printf(&pen, STYLE_DIM, "/%s",
                     number_bare(number_fixed(strategy->threshold_x1000, 3, 2, false)).text);
    }
    pen.col = span.cols >= 76 ? 34 : 23;
    if (has_reason(strategy) && strategy->position_lots == 0)
        canvas_text_cut(&line, 0, pen.col, line.cols - pen.col, STYLE_DIM, strategy->why_off);
    else
        result_pieces(&pen, ui, strategy);
    return 1;
}

static int list_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int end)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_strategy *chosen = strategies_chosen(ui);
    int count = frame->strategies < VIEW_STRATEGIES_MAX ? frame->strategies : VIEW_STRATEGIES_MAX;
    int each = ui->layout.framed ? end - row >= 3 * count ? 3 : end - row >= 2 * count ? 2 : 1 : 1;
    int shown = each > 0 ? (end - row) / each : 0, first = 0;

    for (int i = 0; i < count; i++)
        if (&frame->strategy[i] == chosen && i >= shown)
            first = i - shown + 1;
    for (int i = first; i < count && row + (each > 1 ? 2 : 1) <= end; i++, row += each) {
        int rows = each > 1 ? tall_draw(canvas, ui, span, row, &frame->strategy[i])
                            : flat_draw(canvas, ui, span, row, &frame->strategy[i]);

        if (&frame->strategy[i] == chosen)
            canvas_background(canvas, row, span.at, rows, span.cols, ROLE_SELECTED);
    }
    return row;
}

/* What strategies hold against each other is held but once at the venue: the sum, and whose it is. */
static void net_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int end)
{
    char text[512];

    strategies_net_text(ui, text, sizeof(text));
    brush_wrapped(canvas, row, span.at + 1, span.cols - 2, end - row, STYLE_TEXT, text);
}

void strategies_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    int net_rows = ui->layout.framed ? 3 : 2, end;

    if (strategies_chosen(ui) == NULL)
        canvas_text_cut(canvas, row, span.at + 1, span.cols - 2, STYLE_DIM, "no strategy in this session");
    end = list_draw(canvas, ui, span, row, row + rows - net_rows);
    net_draw(canvas, ui, span, end, row + rows);
}
