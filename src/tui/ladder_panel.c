/*
 * The ladder: one fixed price step a row, asks above bids.
 *
 *   mine · bar · bid · sold · mark price last · bought · ask · bar · mine      (more when wide)
 *
 * The touch line above the rows shows best bid, spread, best ask and the last trade at full precision. A row's
 * cells are drawn each in its column; a band marks every fifth row, the cursor and own orders stand on their own
 * background.
 */
#include "core/base/decimal.h"
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

/* One row being drawn. */
struct row_pen {
    struct canvas *canvas;
    const struct ui *ui;
    const struct view_ladder *ladder;
    const struct view_scale *scale;
    const struct view_row *row;
    int at; /* row of the screen */
    bool band, inside_bid, inside_ask, bid_zone, ask_zone;
    struct size_form form;
    unsigned places; /* of what has no unit */
};

static struct style on_band(const struct row_pen *pen, struct style style)
{
    return pen->band ? style_on(style, ROLE_ROW_MARK) : style;
}

/* Something too small for the column's places is not nothing: 0.00 reads <.01, as wide. */
static void draw_text(const struct row_pen *pen, struct span span, const struct number_text *text,
                      struct style style)
{
    const char *point = strchr(text->text, '.');
    char least[NUMBER_TEXT_SIZE];

    if (!number_is_zero(text)) {
        brush_right(pen->canvas, pen->at, span, on_band(pen, style), text->text);
        return;
    }
    if (point == NULL)
        text_print(least, sizeof(least), "<1");
    else
        text_print(least, sizeof(least), "<.%.*s1%s", (int)strspn(point + 1, "0") - 1, "00000000",
                   point + 1 + strspn(point + 1, "0"));
    brush_right(pen->canvas, pen->at, span, on_band(pen, STYLE_DIM), least);
}

/* What stands in the book: in the column's own places and unit, so that points are under points. */
static void draw_size(const struct row_pen *pen, struct span span, int64_t lots, struct style style)
{
    struct number_text text = number_size(pen->scale, lots, pen->form, span.cols - 1);

    if (lots > 0 && span.cols > 0)
        draw_text(pen, span, &text, style);
}

/* What traded is far less than what stands: of great sizes each has its own unit. */
static void draw_traded(const struct row_pen *pen, struct span span, int64_t lots, struct style style)
{
    struct number_text text = number_qty_fit(pen->scale, lots, pen->places,
                                             pen->form.unit > 0 && span.cols > 6 ? 5 : span.cols - 1);

    if (lots > 0 && span.cols > 0)
        draw_text(pen, span, &text, style);
}

static void draw_net(const struct row_pen *pen, struct span span, enum side side)
{
    int64_t net = pen->row->net_10s_lots, floor = pen->ui->ladder.bar_lots / 20;
    struct number_text text;

    if (span.cols == 0 || net == VIEW_NONE || net == 0 || (net < 0 ? -net : net) < floor)
        return;
    text = number_fixed(number_qty_e8(pen->scale, net), DECIMAL_E8_DIGITS, pen->places, true);
    if (pen->form.unit > 0 || (int)strlen(text.text) >= span.cols)
        text_print(text.text, sizeof(text.text), "%c%s", net < 0 ? '-' : '+',
                   number_size(pen->scale, net < 0 ? -net : net, pen->form, span.cols - 2).text);
    brush_right(pen->canvas, pen->at, span, on_band(pen, net > 0 ? style_side(side) : STYLE_DIM), text.text);
}

/* Half cells of a bar; one more than fits says `longer`. */
static int bar_half_cells(int64_t lots, int64_t full, int cols)
{
    int64_t half;

    if (lots <= 0 || full <= 0 || cols <= 0)
        return 0;
    if (lots > full)
        return 2 * cols + 1;
    half = decimal_mul_div(lots, (int64_t)2 * cols, full);
    return half > 0 ? (int)half : 1;
}

static void draw_bar(const struct row_pen *pen, struct span span, enum side side, int64_t lots)
{
    int half = bar_half_cells(lots, pen->ui->ladder.bar_lots, span.cols);

    if (half > 0)
        canvas_bar(pen->canvas, pen->at, span.at, span.cols,
                   on_band(pen, style_role(side == SIDE_BID ? ROLE_BID_BAR : ROLE_ASK_BAR)), half,
                   side == SIDE_BID ? BAR_LEFT : BAR_RIGHT);
}

/* The stroke at our place in the queue: between what is expected ahead and the worst of it. */
static void draw_queue_stroke(const struct row_pen *pen, struct span span, enum side side,
                              const struct view_own_order *own)
{
    int64_t ahead2, cell;

    if (own->unknown_state || own->queue_expected_lots == VIEW_NONE || span.cols == 0 ||
        !ui_book_live(pen->ui) || pen->ui->ladder.bar_lots <= 0)
        return;
    ahead2 = own->queue_expected_lots +
             (own->queue_worst_lots == VIEW_NONE ? own->queue_expected_lots : own->queue_worst_lots);
    cell = decimal_mul_div(ahead2, span.cols, 2 * pen->ui->ladder.bar_lots);
    if (cell > span.cols - 1)
        cell = span.cols - 1;
    canvas_text(pen->canvas, pen->at, side == SIDE_BID ? span_end(span) - 1 - (int)cell : span.at + (int)cell,
                style_bold(on_band(pen, style_role(ROLE_OWN_QUEUE))), GLYPH_RULE_DOWN);
}

/* In the columns that the order left. */
static void queue_text(const struct row_pen *pen, const struct view_own_order *own, int cols, char *out,
                       size_t size)
{
    const struct view_scale *scale = pen->scale;

    out[0] = '\0';
    if (!pen->ui->layout.ladder.queue_text || own->unknown_state || cols <= NUMBER_QUEUE_COLS_LEAST)
        return;
    if (own->queue_expected_lots == VIEW_NONE ||
        !ui_book_live(pen->ui)) { /* a place in an old book is none */
        if (own->type == ORDER_LIMIT)
            text_print(out, size, pen->ui->layout.ladder.ahead_text ? "    ?" : " q?");
    } else if (pen->ui->layout.ladder.ahead_text) {
        text_print(out, size, " %s",
                   number_queue(scale, own->queue_expected_lots, own->queue_worst_lots, cols - 1).text);
    } else {
        text_print(out, size, " q%s",
                   number_queue(scale, own->queue_expected_lots, own->queue_expected_lots, cols - 2).text);
    }
}

/* "o0.010", or "o0.01" where the queue text needs the room, then "+1" for more of ours in the row. */
static void own_text(const struct row_pen *pen, const struct view_own_order *own, int count, int cols,
                     char *out, size_t size)
{
    const struct ladder_columns *c = &pen->ui->layout.ladder;
    unsigned places = number_size_places(pen->scale, own->left_lots);
    struct number_text lots = number_size_some(pen->scale, own->left_lots, places, cols - 1);

    if (c->queue_text && !c->ahead_text && own->type == ORDER_LIMIT && !own->unknown_state)
        lots =
            number_size_some(pen->scale, own->left_lots,
                             decimal_places(number_qty_e8(pen->scale, own->left_lots), DECIMAL_E8_DIGITS), 5);
    if (count > 1)
        text_print(out, size, "%c%s+%d", own->owner_letter, lots.text, count - 1);
    else
        text_print(out, size, "%s%c%s", own->unknown_state ? "?" : "", own->owner_letter, lots.text);
}

static void draw_cursor(const struct row_pen *pen, struct span span, enum side side, const char *own)
{
    char text[48], size[24];
    struct style style = style_bold(style_role(ROLE_CURSOR));
    int cols = span.cols, room = cols - (side == SIDE_BID ? 5 : 6);
    int64_t lots = ui_size_lots(pen->ui);
    unsigned places = cols >= 14 ? pen->scale->qty_decimals : number_size_places(pen->scale, lots);

    text_print(size, sizeof(size), "%s", own);
    if (own[0] == '\0' && room >= 4)
        text_print(size, sizeof(size), "%s", number_size_some(pen->scale, lots, places, room).text);
    if (side == SIDE_BID && cols >= 14 && own[0] == '\0')
        text_print(text, sizeof(text), "BUY %*s ", cols - 6, size);
    else if (side == SIDE_BID)
        text_print(text, sizeof(text), "%s%s%-*s", own[0] != '\0' ? "" : "BUY",
                   own[0] == '\0' && room >= 4 ? " " : "", cols - 1, size); /* cut where it is drawn */
    else
        text_print(text, sizeof(text), "%-*s%s", own[0] != '\0' ? 0 : cols - 1 - (int)strlen(size),
                   own[0] != '\0' ? "" : "SELL", size);
    canvas_fill(pen->canvas, pen->at, span.at, 1, cols, style);
    if (side == SIDE_BID) {
        canvas_text_n(pen->canvas, pen->at, span.at, style, text, strnlen(text, (size_t)cols - 1));
        canvas_text(pen->canvas, pen->at, span_end(span) - 1, style, GLYPH_RIGHT_TRIANGLE);
    } else {
        canvas_text(pen->canvas, pen->at, span.at, style, GLYPH_LEFT_TRIANGLE);
        canvas_text_n(pen->canvas, pen->at, span.at + 1, style, text, strnlen(text, (size_t)cols - 1));
    }
}

/* What the kill did to an order that stood here. */
static bool draw_killed_order(const struct row_pen *pen, struct span span, enum side side)
{
    const struct view_status *status = &pen->ui->frame->status;

    if (!ui_killed(pen->ui))
        return false;
    for (uint32_t i = 0; i < status->kill_orders; i++) {
        const struct view_kill_order *order = &status->kill_order[i];

        if (order->side != side || order->state != ORDER_STATE_CANCELLED ||
            order->instrument != status->shown ||
            ladder_row_of(pen->ladder, order->price_ticks, side) != (int)(pen->row - pen->ladder->row))
            continue;
        if (side == SIDE_BID)
            canvas_text_cut(pen->canvas, pen->at, span.at, span.cols, on_band(pen, STYLE_DIM),
                            span.cols >= 9 ? "cancelled" : "gone");
        else
            brush_right(pen->canvas, pen->at, span, on_band(pen, STYLE_DIM),
                        span.cols >= 9 ? "cancelled" : "gone");
        return true;
    }
    return false;
}

static void draw_mine(const struct row_pen *pen, struct span span, struct span bar, enum side side)
{
    const struct view_own_order *own = NULL;
    const struct ui *ui = pen->ui;
    bool cursor = ui->focus == FOCUS_LADDER && side == ui->ladder.side && !ui_killed(ui) &&
                  ladder_cursor_row(ui) == (int)(pen->row - pen->ladder->row);
    char text[48] = "", queue[32] = "";
    struct brush out;
    int count = 0;

    for (int i = 0; i < pen->row->own_count && i < VIEW_OWN_MAX; i++) {
        if (pen->row->own[i].side != side)
            continue;
        draw_queue_stroke(pen, bar, side, &pen->row->own[i]);
        own = own != NULL ? own : &pen->row->own[i];
        count++;
    }
    if (own != NULL) {
        own_text(pen, own, count, span.cols, text, sizeof(text));
        queue_text(pen, own, span.cols - (int)strlen(text), queue, sizeof(queue));
    }
    if (cursor) {
        draw_cursor(pen, span, side, text);
        return;
    }
    if (own == NULL) {
        draw_killed_order(pen, span, side);
        return;
    }
    out = brush_at(pen->canvas, pen->at, span.at);
    if (side == SIDE_ASK) {
        int used = (int)(strlen(text) + strlen(queue));

        out.col = used < span.cols ? span_end(span) - used : span.at;
    }
    brush_text(
        &out, own->unknown_state ? style_bold(on_band(pen, STYLE_WARNING)) : style_bold(style_role(ROLE_OWN)),
        text);
    canvas_text_cut(pen->canvas, pen->at, out.col, span_end(span) - out.col,
                    on_band(pen, style_role(ROLE_OWN_QUEUE)), queue);
}

int ladder_dim_digits(const struct view_scale *scale, int64_t row_ticks, const char *text)
{
    int64_t step = number_price_e8(scale, row_ticks), power = 1;
    int places = 0, dim, length = (int)strlen(text);

    while (power / 10 < (step > 0 ? step : 1) && power < INT64_MAX / 10) {
        power *= 10;
        places++;
    }
    /* digits below `power` (e8) change: count them from the right, the point included */
    dim = length - (places - DECIMAL_E8_DIGITS) - (scale->price_decimals > 0 ? scale->price_decimals + 1 : 0);
    if (places < DECIMAL_E8_DIGITS)
        dim = length - (scale->price_decimals - (DECIMAL_E8_DIGITS - places));
    return dim < 0 ? 0 : dim > length ? length : dim;
}

/* Rows that are no steps: the digits that the highest and the lowest of them have in common. */
static int common_digits(const struct view_ladder *ladder, const struct view_scale *scale)
{
    struct number_text high = number_price(scale, ladder->row[0].price_ticks);
    struct number_text low = number_price(scale, ladder->row[ladder->rows - 1].price_ticks);
    int same = 0;

    if (strlen(high.text) != strlen(low.text))
        return 0;
    while (high.text[same] != '\0' && high.text[same] == low.text[same])
        same++;
    return same;
}

static void draw_price(const struct row_pen *pen, struct span span)
{
    struct number_text text = number_price(pen->scale, pen->row->price_ticks);
    int length = (int)strlen(text.text), col = span_end(span) - length;
    int dim = pen->ladder->levels_only ? common_digits(pen->ladder, pen->scale)
                                       : ladder_dim_digits(pen->scale, pen->ladder->row_ticks, text.text);

    if (pen->inside_bid || pen->inside_ask) {
        canvas_text(pen->canvas, pen->at, col, style_bold(style_role(ROLE_INSIDE)), text.text);
        return;
    }
    canvas_text_n(pen->canvas, pen->at, col, on_band(pen, style_role(ROLE_PRICE_DIM)), text.text,
                  (size_t)dim);
    canvas_text(pen->canvas, pen->at, col + dim, on_band(pen, style_role(ROLE_PRICE)), text.text + dim);
}

static void draw_mark(const struct row_pen *pen, struct span mark, struct span last)
{
    int here = (int)(pen->row - pen->ladder->row);
    const struct view_ladder *ladder = pen->ladder;
    struct ladder_mark at;

    if (ladder_mark_at(pen->ui, ladder, pen->scale, here, &at))
        canvas_put(pen->canvas, pen->at, mark.at,
                   style_bold(on_band(pen, at.letter == '!' ? STYLE_WARNING : style_role(ROLE_MARK))),
                   (uint32_t)at.letter);
    if (ladder->last_ticks != VIEW_NONE &&
        ladder_row_of(ladder, ladder->last_ticks, side_other(ladder->last_taker)) == here)
        canvas_text(pen->canvas, pen->at, last.at, style_bold(on_band(pen, style_side(ladder->last_taker))),
                    ladder->last_direction >= 0 ? GLYPH_UP_TRIANGLE : GLYPH_DOWN_TRIANGLE);
}

static void draw_middle_columns(const struct row_pen *pen, const struct ladder_columns *c)
{
    const struct view_row *row = pen->row;
    struct style bid = STYLE_BID, ask = STYLE_ASK;

    if (ladder_flashes(pen->ui, row->price_ticks, SIDE_BID))
        bid = style_bold(bid);
    if (ladder_flashes(pen->ui, row->price_ticks, SIDE_ASK))
        ask = style_bold(ask);
    draw_size(pen, c->bid, row->bid_lots, bid);
    draw_size(pen, c->ask, row->ask_lots, ask);
    if (row->beyond_horizon && row->bid_lots == 0 && row->ask_lots == 0)
        brush_right(pen->canvas, pen->at, pen->bid_zone ? c->bid : c->ask, on_band(pen, STYLE_DIM), "?");
    switch (ladder_shown(pen->ui)) {
    case SHOW_TRADED:
    case SHOW_LEVELS:
    case LADDER_SHOWS:
        draw_traded(pen, c->sold, row->sold_lots, pen->bid_zone ? style_bold(STYLE_ASK) : STYLE_ASK);
        draw_traded(pen, c->bought, row->bought_lots, pen->ask_zone ? style_bold(STYLE_BID) : STYLE_BID);
        break;
    case SHOW_NET:
        /* as wide as at the left, for as many places: the asks' column begins late enough */
        if (pen->bid_zone)
            draw_net(pen, c->sold, SIDE_BID);
        else
            draw_net(pen, (struct span){c->bought.at, c->sold.cols}, SIDE_ASK);
        break;
    case SHOW_CUM:
        break; /* below, with the sums */
    }
    if (row->bid_lots > 0 || pen->bid_zone)
        draw_net(pen, c->net_bid, SIDE_BID);
    else
        draw_net(pen, c->net_ask, SIDE_ASK);
}

static void draw_row(const struct row_pen *pen, const int64_t *cum, int64_t volume_max)
{
    const struct ladder_columns *c = &pen->ui->layout.ladder;
    const struct view_row *row = pen->row;
    int64_t sum = cum[row - pen->ladder->row];

    if (pen->band)
        canvas_fill(pen->canvas, pen->at, pen->ui->layout.main.at, 1, pen->ui->layout.main.cols,
                    style_on(STYLE_TEXT, ROLE_ROW_MARK));
    if (c->volume.cols > 0 && row->volume_lots > 0 && volume_max > 0) {
        int64_t half = decimal_mul_div(row->volume_lots, (int64_t)2 * c->volume.cols, volume_max);

        canvas_bar(pen->canvas, pen->at, c->volume.at, c->volume.cols,
                   on_band(pen, style_role(row->volume_lots == volume_max ? ROLE_VOLUME_POC : ROLE_VOLUME)),
                   half > 0 ? (int)half : 1, BAR_RIGHT);
    }
    draw_bar(pen, c->bar_bid, SIDE_BID, row->bid_lots);
    draw_bar(pen, c->bar_ask, SIDE_ASK, row->ask_lots);
    draw_middle_columns(pen, c);
    if (ladder_shown(pen->ui) == SHOW_CUM && sum > 0)
        draw_traded(pen, pen->bid_zone ? c->sold : c->bought, sum, STYLE_DIM);
    draw_mark(pen, c->mark, c->last);
    draw_price(pen, c->price);
    if (c->cum.cols > 0 && sum > 0)
        brush_right(pen->canvas, pen->at, c->cum, on_band(pen, STYLE_DIM),
                    number_qty_fit(pen->scale, sum, pen->places > 0 ? pen->places - 1 : 0, c->cum.cols).text);
    draw_mine(pen, c->mine_bid, c->bar_bid, SIDE_BID);
    draw_mine(pen, c->mine_ask, c->bar_ask, SIDE_ASK);
}

/* Sums from the touch outward; 0 where there is none. */
static int64_t cumulate(const struct view_ladder *ladder, int64_t cum[VIEW_ROWS_MAX])
{
    int64_t ask = 0, bid = 0, volume_max = 0;

    memset(cum, 0, VIEW_ROWS_MAX * sizeof(cum[0]));
    for (int i = ladder->rows - 1; i >= 0; i--) {
        if (__builtin_add_overflow(ask, ladder->row[i].ask_lots, &ask))
            ask = INT64_MAX;
        if (ladder->row[i].ask_lots > 0)
            cum[i] = ask;
    }
    for (int i = 0; i < ladder->rows; i++) {
        if (__builtin_add_overflow(bid, ladder->row[i].bid_lots, &bid))
            bid = INT64_MAX;
        if (ladder->row[i].bid_lots > 0)
            cum[i] = bid;
        if (ladder->row[i].volume_lots > volume_max)
            volume_max = ladder->row[i].volume_lots;
    }
    return volume_max;
}

/* The market has left the cursor out of sight: its price and where it lies, in the first or last row that has no order
 * of ours, for the order keys still send there. */
static void draw_cursor_away(struct canvas *canvas, const struct ui *ui, const struct view_ladder *ladder,
                             int rows)
{
    const struct ladder_columns *c = &ui->layout.ladder;
    int away = ladder_cursor_away(ui), row = away > 0 ? 0 : rows - 1;
    struct span span = ui->ladder.side == SIDE_BID ? c->mine_bid : c->mine_ask;
    struct number_text price = number_price(ui_scale(ui), ladder_order_ticks(ui));
    char text[NUMBER_TEXT_SIZE + 8];

    if (away == 0 || ui->focus != FOCUS_LADDER || ui_killed(ui) || span.cols <= 0)
        return;
    while (row + away >= 0 && row + away < rows && ladder->row[row].own_count > 0)
        row += away;
    text_print(text, sizeof(text), "%s%s", away > 0 ? GLYPH_UP_TRIANGLE : GLYPH_DOWN_TRIANGLE,
               (int)strlen(price.text) < span.cols ? price.text : side_word(ui->ladder.side));
    canvas_fill(canvas, ui->layout.ladder_row + row, span.at, 1, span.cols, style_role(ROLE_CURSOR));
    canvas_text_cut(canvas, ui->layout.ladder_row + row, span.at, span.cols,
                    style_bold(style_role(ROLE_CURSOR)), text);
}

void ladder_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_ladder *ladder = &frame->ladder;
    const struct view_scale *scale = ui_scale(ui);
    const struct layout *l = &ui->layout;
    int64_t cum[VIEW_ROWS_MAX], volume_max = cumulate(ladder, cum);
    int bid_row = ladder_row_of(ladder, ladder->best[SIDE_BID].price_ticks, SIDE_BID);
    int ask_row = ladder_row_of(ladder, ladder->best[SIDE_ASK].price_ticks, SIDE_ASK);
    int size_cols = (l->ladder.bid.cols < l->ladder.ask.cols ? l->ladder.bid.cols : l->ladder.ask.cols) - 1;
    struct size_form form = number_size_form(scale, ui->ladder.bar_lots, size_cols);
    unsigned places = form.unit > 0 ? 0 : form.places;
    int rows = ladder->rows < l->ladder_rows ? ladder->rows : l->ladder_rows;
    bool live = ui_book_live(ui);

    ladder_head_draw(canvas, ui, ladder, places);
    for (int i = 0; i < rows; i++) {
        const struct view_row *row = &ladder->row[i];
        struct row_pen pen = {.canvas = canvas,
                              .ui = ui,
                              .ladder = ladder,
                              .scale = scale,
                              .row = row,
                              .at = l->ladder_row + i,
                              .form = form,
                              .places = places};

        pen.band =
            ladder->row_ticks > 0 && !ladder->levels_only && row->price_ticks % (5 * ladder->row_ticks) == 0;
        pen.inside_bid = i == bid_row;
        pen.inside_ask = i == ask_row;
        pen.bid_zone =
            ladder->best[SIDE_BID].price_ticks > 0 && row->price_ticks <= ladder->best[SIDE_BID].price_ticks;
        pen.ask_zone =
            ladder->best[SIDE_ASK].price_ticks > 0 && row->price_ticks >= ladder->best[SIDE_ASK].price_ticks;
        draw_row(&pen, cum, volume_max);
    }
    draw_cursor_away(canvas, ui, ladder, rows);
    if (!live)
        canvas_restyle(canvas, l->touch_row, l->main.at, rows + 1, l->main.cols, STYLE_DIM);
}
