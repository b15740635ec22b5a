/*
 * The second ladder, view-only until `v` moves the focus there: bar, bid, sold, price, bought, ask, bar in the
 * 40 columns of the middle.
 */
#include "core/base/decimal.h"
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

struct second_columns {
    struct span bar_bid, bid, sold, price, last, bought, ask, bar_ask;
};

/* Prices of more than seven characters take their room from the bar of the bids. */
static struct second_columns columns_of(struct span middle, int price_cols)
{
    struct second_columns c;
    int extra = middle.cols - MIDDLE_COLS, bar = 5 + extra / 2;
    int grow = price_cols <= 7 ? 0 : price_cols - 7 < bar ? price_cols - 7 : bar, at = middle.at + bar;

    c.bar_bid = (struct span){middle.at, bar - grow};
    c.bid = (struct span){at - grow, 6};
    c.sold = (struct span){at - grow + 6, 5};
    c.price = (struct span){at - grow + 11, 8 + grow};
    c.last = (struct span){at + 19, 1};
    c.bought = (struct span){at + 20, 5};
    c.ask = (struct span){at + 25, 6};
    c.bar_ask = (struct span){at + 32, span_end(middle) - at - 32};
    return c;
}

static void draw_bar(struct canvas *canvas, int at, struct span span, enum side side, int64_t lots,
                     int64_t full, bool band)
{
    struct style style = style_role(side == SIDE_BID ? ROLE_BID_BAR : ROLE_ASK_BAR);
    int64_t half;

    if (lots <= 0 || full <= 0 || span.cols <= 0)
        return;
    half = lots > full ? (int64_t)2 * span.cols + 1 : decimal_mul_div(lots, (int64_t)2 * span.cols, full);
    canvas_bar(canvas, at, span.at, span.cols, band ? style_on(style, ROLE_ROW_MARK) : style,
               half > 0 ? (int)half : 1, side == SIDE_BID ? BAR_LEFT : BAR_RIGHT);
}

static void draw_size(struct canvas *canvas, int at, struct span span, const struct view_scale *scale,
                      int64_t lots, int64_t full, struct style style, bool band)
{
    struct size_form form = number_size_form(scale, full, 4); /* the narrowest of its columns */
    struct number_text text = number_size(scale, lots, form, span.cols - 1);

    if (lots > 0)
        brush_right(canvas, at, span,
                    style_on(number_is_zero(&text) ? STYLE_DIM : style, band ? ROLE_ROW_MARK : ROLE_NONE),
                    text.text);
}

static void draw_row(struct canvas *canvas, const struct view_ladder *ladder, const struct view_scale *scale,
                     const struct second_columns *c, struct span middle, int i, int at, int64_t full)
{
    const struct view_row *row = &ladder->row[i];
    bool band = ladder->row_ticks > 0 && row->price_ticks % (5 * ladder->row_ticks) == 0;
    bool bid_inside = i == ladder_row_of(ladder, ladder->best[SIDE_BID].price_ticks, SIDE_BID);
    bool ask_inside = i == ladder_row_of(ladder, ladder->best[SIDE_ASK].price_ticks, SIDE_ASK);
    struct number_text text = number_price(scale, row->price_ticks);
    int dim = ladder_dim_digits(scale, ladder->row_ticks, text.text),
        col = span_end(c->price) - (int)strlen(text.text);

    if (band)
        canvas_fill(canvas, at, middle.at, 1, middle.cols, style_on(STYLE_TEXT, ROLE_ROW_MARK));
    draw_bar(canvas, at, c->bar_bid, SIDE_BID, row->bid_lots, full, band);
    draw_bar(canvas, at, c->bar_ask, SIDE_ASK, row->ask_lots, full, band);
    draw_size(canvas, at, c->bid, scale, row->bid_lots, full, STYLE_BID, band);
    draw_size(canvas, at, c->ask, scale, row->ask_lots, full, STYLE_ASK, band);
    draw_size(canvas, at, c->sold, scale, row->sold_lots, full, style_bold(STYLE_ASK), band);
    draw_size(canvas, at, c->bought, scale, row->bought_lots, full, style_bold(STYLE_BID), band);
    if (bid_inside || ask_inside) {
        canvas_text(canvas, at, col, style_bold(style_role(ROLE_INSIDE)), text.text);
    } else {
        enum role back = band ? ROLE_ROW_MARK : ROLE_NONE;

        canvas_text_n(canvas, at, col, style_on(style_role(ROLE_PRICE_DIM), back), text.text, (size_t)dim);
        canvas_text(canvas, at, col + dim, style_on(style_role(ROLE_PRICE), back), text.text + dim);
    }
    if (ladder->last_ticks != VIEW_NONE &&
        i == ladder_row_of(ladder, ladder->last_ticks, side_other(ladder->last_taker)))
        canvas_text(canvas, at, c->last.at, style_bold(style_side(ladder->last_taker)),
                    ladder->last_direction >= 0 ? GLYPH_UP_TRIANGLE : GLYPH_DOWN_TRIANGLE);
}

static void draw_touch(struct canvas *canvas, const struct view_ladder *ladder,
                       const struct view_scale *scale, int at, int col)
{
    struct brush pen = brush_at(canvas, at, col);
    const struct level *bid = &ladder->best[SIDE_BID], *ask = &ladder->best[SIDE_ASK];

    brush_text(&pen, STYLE_DIM, "touch ");
    if (bid->price_ticks <= 0 || ask->price_ticks <= 0)
        return;
    brush_printf(&pen, STYLE_BID, "%s %s ", number_qty_fit(scale, bid->qty_lots, 1, 6).text,
                 number_price(scale, bid->price_ticks).text);
    brush_printf(&pen, STYLE_DIM, "%s ", number_price(scale, ask->price_ticks - bid->price_ticks).text);
    brush_printf(&pen, STYLE_ASK, "%s %s", number_price(scale, ask->price_ticks).text,
                 number_qty_fit(scale, ask->qty_lots, 1, 6).text);
}

void second_ladder_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_ladder *ladder = &frame->second;
    const struct layout *l = &ui->layout;
    struct second_columns c;
    const struct view_scale *scale;
    char note[64];
    int rows = ladder->rows < l->second_rows ? ladder->rows : l->second_rows;

    if (ladder->rows == 0 || ladder->instrument_id >= frame->status.instruments) {
        brush_title(canvas, l->title_row, l->middle.at + 1, false, "second ladder", "");
        canvas_text_cut(canvas, l->head_row, l->middle.at + 1, l->middle.cols - 2, STYLE_DIM,
                        "waiting for its book");
        return;
    }
    scale = &frame->status.instrument[ladder->instrument_id].scale;
    c = columns_of(l->middle, (int)strlen(number_price(scale, ladder->row[0].price_ticks).text));
    text_print(note, sizeof(note), "  row %s  bars %s", number_price(scale, ladder->row_ticks).text,
               number_fixed(number_qty_e8(scale, ui->second_bar_lots), 8,
                            number_qty_e8(scale, ui->second_bar_lots) < 10 * DECIMAL_E8, false)
                   .text);
    brush_title(canvas, l->title_row, l->middle.at + 1, false,
                frame->status.instrument[ladder->instrument_id].symbol, note);
    brush_right(canvas, l->head_row, c.bid, STYLE_DIM, "bid");
    brush_right(canvas, l->head_row, c.sold, STYLE_DIM, "sold");
    brush_right(canvas, l->head_row, c.price, STYLE_DIM, "price");
    canvas_text_right(canvas, l->head_row, span_end(c.bought) + 1, STYLE_DIM, "bought");
    brush_right(canvas, l->head_row, c.ask, STYLE_DIM, "ask");
    draw_touch(canvas, ladder, scale, l->touch_row, l->middle.at);
    for (int i = 0; i < rows; i++)
        draw_row(canvas, ladder, scale, &c, l->middle, i, l->ladder_row + i, ui->second_bar_lots);
}
