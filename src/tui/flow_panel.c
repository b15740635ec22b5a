/*
 * Order flow: four gauges on one scale with zero in the middle, then CVD, speed of the tape, spread, volatility.
 * Words bid, ask, even; never buy or sell, and no colour of profit and loss.
 */
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

struct flow_pen {
    struct canvas *canvas;
    struct span span;
    const struct ui *ui;
    const struct view_frame *frame;
    const struct view_flow *flow;
    const struct view_scale *scale;
};

const char *flow_word(const struct view_gauge *gauge, bool tape)
{
    static const char *const book_word[] = {"even", "bid", "ask"}, *const tape_word[] = {"even", "buyers",
                                                                                         "sellers"};

    return gauge->word > 2 ? "?" : tape ? tape_word[gauge->word] : book_word[gauge->word];
}

static void draw_gauge(const struct flow_pen *f, int row, const char *label, const struct view_gauge *gauge,
                       bool ofi, bool tape)
{
    bool framed = f->ui->layout.framed;
    struct brush pen = brush_at(f->canvas, row, f->span.at + 1);
    struct style style = gauge->value_x1000 > 0 ? STYLE_BID : STYLE_ASK;
    struct number_text value = number_fixed(gauge->value_x1000, 3, ofi ? 1 : 2, true);

    brush_text(&pen, STYLE_DIM, label);
    pen.col = f->span.at + (framed ? 10 : 6);
    if (!gauge->valid) {
        brush_gauge(&pen, framed ? 9 : 5, 0, 1000, 0);
        brush_text(&pen, STYLE_DIM, " -");
        return;
    }
    brush_gauge(&pen, framed ? 9 : 5, gauge->value_x1000, gauge->scale_x1000, gauge->p90_x1000);
    if (!framed)
        value = number_bare(value);
    brush_printf(&pen, gauge->value_x1000 == 0 ? STYLE_TEXT : style, " %s%s", value.text,
                 ofi ? GLYPH_SIGMA : "");
    /* the words of the tape are long, an index of two figures before the point leaves no room */
    if ((framed || !tape) && pen.col + 1 + (int)strlen(flow_word(gauge, tape)) <= span_end(f->span))
        brush_printf(&pen, gauge->value_x1000 == 0 ? STYLE_TEXT : style, " %s", flow_word(gauge, tape));
}

static void near_line(const struct flow_pen *f, int row)
{
    draw_gauge(f, row, f->ui->layout.framed ? "near 1bp" : "1bp", &f->flow->near_1bp, false, false);
}

static void far_line(const struct flow_pen *f, int row)
{
    draw_gauge(f, row, f->ui->layout.framed ? "far 10bp" : "10bp", &f->flow->far_10bp, false, false);
}

static void ofi_line(const struct flow_pen *f, int row)
{
    draw_gauge(f, row, f->ui->layout.framed ? "OFI\u03c3 10s" : "OFI\u03c3", &f->flow->ofi_10s, true, false);
}

static void tape_line(const struct flow_pen *f, int row)
{
    draw_gauge(f, row, f->ui->layout.framed ? "tape 10s" : "tape", &f->flow->tape_10s, false, true);
}

/* The one line that is left at 60x15: near and far as figures. */
static void both_line(const struct flow_pen *f, int row)
{
    const struct view_gauge *near = &f->flow->near_1bp, *far = &f->flow->far_10bp;
    struct brush pen = brush_at(f->canvas, row, f->span.at);

    if (!near->valid || !far->valid) {
        brush_text(&pen, STYLE_DIM, "1bp -  10bp -");
        return;
    }
    brush_text(&pen, STYLE_DIM, "1bp ");
    brush_printf(&pen, near->value_x1000 > 0 ? STYLE_BID : STYLE_ASK, "%s %s",
                 number_bare(number_fixed(near->value_x1000, 3, 2, true)).text, flow_word(near, false));
    brush_text(&pen, STYLE_DIM, " 10bp ");
    brush_printf(&pen, far->value_x1000 > 0 ? STYLE_BID : STYLE_ASK, "%s %s",
                 number_bare(number_fixed(far->value_x1000, 3, 2, true)).text, flow_word(far, false));
}

/* Signed, two places; short where that is too long. */
static struct number_text cvd_text(const struct flow_pen *f, int64_t lots, int cols)
{
    int64_t value_e8 = number_qty_e8(f->scale, lots);
    struct number_text out =
        number_fixed(value_e8, 8, f->scale->qty_decimals < 2 ? f->scale->qty_decimals : 2, true);

    if ((int)strlen(out.text) > cols)
        text_print(out.text, sizeof(out.text), "%c%s", lots < 0 ? '-' : '+',
                   number_compact(value_e8 < 0 ? -value_e8 : value_e8, cols - 1).text);
    return out;
}

static void cvd_line(const struct flow_pen *f, int row)
{
    bool framed = f->ui->layout.framed;
    struct brush pen = brush_at(f->canvas, row, f->span.at + 1);
    int64_t delta = f->flow->cvd_5m_lots;

    brush_text(&pen, STYLE_DIM, framed ? "CVD 5m" : "CVD");
    pen.col = f->span.at + (framed ? 11 : 6);
    if (f->flow->cvd_count == 0) {
        brush_text(&pen, STYLE_DIM, "-");
        return;
    }
    brush_spark(&pen, framed ? 20 : 13, f->flow->cvd_lots, f->flow->cvd_count);
    brush_printf(&pen,
                 delta > 0   ? STYLE_BID
                 : delta < 0 ? STYLE_ASK
                             : STYLE_TEXT,
                 " %s", cvd_text(f, delta, span_end(f->span) - pen.col - 1).text);
}

static void speed_line(const struct flow_pen *f, int row)
{
    const struct view_flow *flow = f->flow;
    struct brush pen = brush_at(f->canvas, row, f->span.at + 1);

    brush_text(&pen, STYLE_DIM, "speed  ");
    brush_printf(&pen, STYLE_TEXT, "%s/s",
                 number_fixed(flow->tape_per_s_x10, 1, flow->tape_per_s_x10 < 100, false).text);
    if (flow->tape_usual_x100 > 0)
        brush_printf(&pen, flow->tape_usual_x100 >= 200 ? style_bold(STYLE_WARNING) : STYLE_DIM, " %sx usual",
                     number_fixed(flow->tape_usual_x100, 2, 1, false).text);
    if (f->ui->layout.framed && flow->volatility_bp_x10 != VIEW_NONE &&
        f->frame->ladder.last_ticks != VIEW_NONE) {
        struct number_text bp = number_fixed(flow->volatility_bp_x10, 1, 1, false);
        int col = span_end(f->span) - 1 - (int)sizeof("vol 1m  bp") + 1;

        for (const char *c = bp.text; *c != '\0'; c++)
            col--;
        pen = brush_at(f->canvas, row, col);
        brush_text(&pen, STYLE_DIM, "vol 1m ");
        brush_printf(&pen, STYLE_TEXT, "%s bp", bp.text);
    }
}

static void spread_line(const struct flow_pen *f, int row)
{
    const struct view_flow *flow = f->flow;
    struct brush pen = brush_at(f->canvas, row, f->span.at + 1);
    char ticks[48];

    brush_text(&pen, STYLE_DIM, "spread ");
    if (flow->spread_ticks == VIEW_NONE || f->frame->ladder.best[SIDE_BID].price_ticks <= 0 ||
        f->frame->ladder.best[SIDE_ASK].price_ticks <= 0) {
        brush_text(&pen, STYLE_DIM, "-");
        return;
    }
    brush_text(&pen, STYLE_TEXT, number_price(f->scale, flow->spread_ticks).text);
    text_print(ticks, sizeof(ticks), " %lld tick%s", (long long)flow->spread_ticks,
               flow->spread_ticks == 1 ? "" : "s");
    if (f->ui->layout.framed && flow->range_low_ticks != VIEW_NONE && flow->range_low_ticks != 0) {
        char range[64];
        int room;

        text_print(range, sizeof(range), "%s-%s", number_price_whole(f->scale, flow->range_low_ticks).text,
                   number_price_whole(f->scale, flow->range_high_ticks).text);
        room = span_end(f->span) - 1 - pen.col - (int)strlen(range) - 5;
        if (room < 0) { /* prices of many digits: the spread in ticks alone, and the range */
            pen = brush_at(f->canvas, row, f->span.at + 1);
            brush_printf(&pen, STYLE_TEXT, "%-24s", "");
            pen.col = canvas_text(f->canvas, row, f->span.at + 1, STYLE_DIM, "spread");
            room = span_end(f->span) - 1 - pen.col - (int)strlen(range) - 5;
        }
        if ((int)strlen(ticks) <= room)
            brush_text(&pen, STYLE_DIM, ticks);
        canvas_text_right(f->canvas, row,
                          canvas_text_right(f->canvas, row, span_end(f->span) - 1, STYLE_TEXT, range),
                          STYLE_DIM, "60s ");
        return;
    }
    brush_text(&pen, STYLE_DIM, ticks);
}

static void event_line(const struct flow_pen *f, int row)
{
    const struct view_lists *lists = &f->frame->lists;
    struct brush pen = brush_at(f->canvas, row, f->span.at + 1);
    struct number_text price, confidence;
    char text[96];

    if (lists->events == 0) {
        brush_text(&pen, STYLE_DIM, "no book event yet");
        return;
    }
    brush_printf(&pen, STYLE_DIM, "%s ",
                 number_age_short(f->frame->status.now_ns - lists->event[0].ts_ns).text);
    list_event_text(&lists->event[0], f->scale, text, sizeof(text));
    text[8] = '\0'; /* the word alone */
    for (int i = 7; i >= 0 && text[i] == ' '; i--)
        text[i] = '\0';
    brush_text(&pen, style_side(lists->event[0].side), text);
    brush_text(&pen, STYLE_TEXT, lists->event[0].side == SIDE_BID ? " bid" : " ask");
    price = list_event_price(&lists->event[0], f->scale, f->frame->ladder.row_ticks, true);
    confidence = number_bare(number_fixed(lists->event[0].confidence_x100, 2, 2, false));
    if (pen.col + 1 + (int)strlen(price.text) <= span_end(f->span))
        brush_printf(&pen, STYLE_TEXT, " %s", price.text);
    if (pen.col + 1 + (int)strlen(confidence.text) <= span_end(f->span))
        brush_printf(&pen, STYLE_DIM, " %s", confidence.text);
}

typedef void (*flow_line)(const struct flow_pen *f, int row);

static const struct {
    flow_line line;
    int from, until; /* shown from .. until this many rows */
} framed_lines[] = {{near_line, 1, 99}, {far_line, 2, 99},   {ofi_line, 3, 99},   {tape_line, 6, 99},
                    {cvd_line, 4, 99},  {speed_line, 5, 99}, {spread_line, 7, 99}},
  narrow_lines[] = {{both_line, 1, 1},   {near_line, 2, 99},   {far_line, 2, 99},
                    {ofi_line, 3, 99},   {tape_line, 6, 99},   {cvd_line, 4, 99},
                    {speed_line, 7, 99}, {spread_line, 8, 99}, {event_line, 5, 99}};

void flow_panel_draw(struct canvas *canvas, const struct ui *ui, int row, int rows)
{
    const struct view_frame *frame = ui_view(ui);
    struct canvas side = canvas_region(canvas, 0, ui->layout.side.at, canvas->rows, ui->layout.side.cols);
    struct flow_pen f = {&side, {0, ui->layout.side.cols}, ui, frame, &frame->flow, ui_scale(ui)};
    bool framed = ui->layout.framed;
    size_t lines = framed ? sizeof(framed_lines) / sizeof(framed_lines[0])
                          : sizeof(narrow_lines) / sizeof(narrow_lines[0]);

    brush_title(canvas, row, ui->layout.side.at + 1, false, "order flow",
                ui->layout.wide ? "  : = own 90 % of 15 min" : "");
    for (size_t i = 0; i < lines; i++) {
        int from = framed ? framed_lines[i].from : narrow_lines[i].from;
        int until = framed ? framed_lines[i].until : narrow_lines[i].until;

        if (from <= rows && rows <= until)
            (framed ? framed_lines[i].line : narrow_lines[i].line)(&f, ++row);
    }
}
