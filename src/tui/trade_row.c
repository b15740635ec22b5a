/*
 * One row of the blotter: an order, or a fill.
 *
 * Three forms, by width: under 100 columns the ahead word stands in the row, as there is no head; framed with a
 * head; wide with ids, milliseconds and types. Cells end in fixed columns, and heads stand over them. As soon as a row
 * of another instrument than the shown one is there, every row names its own, in place of the seconds.
 */
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

#define WIDE_LIST_COLS    110
#define OWNER_COLS        6
#define NARROW_QUEUE_COLS 8 /* "0.8..2.1" behind its word */
#define ASSET_COLS        4 /* of what a row is of, where rows say it */
#define SYMBOL_COLS       7

const char *symbol_of(const struct view_frame *frame, uint16_t instrument_id)
{
    const struct view_status *status = &frame->status;

    return instrument_id < status->instruments && instrument_id < INSTRUMENTS_MAX
               ? status->instrument[instrument_id].symbol
               : "?";
}

const struct view_scale *scale_of(const struct view_frame *frame, uint16_t instrument_id)
{
    static const struct view_scale none = {1, 1, 0, 0};

    if (frame == NULL || instrument_id >= frame->status.instruments || instrument_id >= INSTRUMENTS_MAX)
        return &none;
    return &frame->status.instrument[instrument_id].scale;
}

bool list_is_wide(struct span span)
{
    return span.cols >= WIDE_LIST_COLS;
}

/* Right-aligned up to a column. What is too long starts a blank after the cell before it and the next cell takes
 * the room back, so that one long figure does not shift the rest of its row. */
static void cell(struct brush *pen, int end, struct style style, const char *text)
{
    int at = end - (int)safe_text_columns(text);

    pen->col = at > pen->col ? at : pen->col + 1;
    brush_text(pen, style, text);
}

bool list_names_instruments(const struct ui *ui)
{
    const struct view_lists *lists = &ui_view(ui)->lists;

    for (int i = 0; i < lists->orders && i < VIEW_ORDERS_MAX; i++)
        if (lists->order[i].instrument_id != ui->instrument_id)
            return true;
    for (int i = 0; i < lists->fills && i < VIEW_FILLS_MAX; i++)
        if (lists->fill[i].fill.instrument_id != ui->instrument_id)
            return true;
    return false;
}

/* "BTCUSDT" where it fits, else "BTC", cut if it must be. */
static const char *instrument_name(const struct view_frame *frame, uint16_t instrument_id, size_t cols)
{
    const struct view_instrument *at;

    if (instrument_id >= frame->status.instruments || instrument_id >= INSTRUMENTS_MAX)
        return "?";
    at = &frame->status.instrument[instrument_id];
    return strlen(at->symbol) <= cols ? at->symbol : at->base;
}

/* Time and owner, and when wide milliseconds and the id. Returns the row's left edge. */
static int draw_who(struct brush *pen, const struct ui *ui, bool wide, struct style style, int64_t ts_ns,
                    uint64_t seq, uint16_t owner, uint16_t instrument_id)
{
    int left = pen->col, named = wide ? SYMBOL_COLS : ASSET_COLS;

    if (list_names_instruments(ui)) {
        brush_printf(pen, style, " %.5s %-*.*s ", number_clock(ts_ns).text, named, named,
                     instrument_name(ui_view(ui), instrument_id, (size_t)named));
        if (wide)
            brush_text(pen, style, number_order_id(seq).text);
        if (wide)
            pen->col = pen->col < left + 22 ? left + 23 : pen->col + 1;
    } else if (wide) {
        brush_printf(pen, style, " %s %s", number_clock_ms(ts_ns).text, number_order_id(seq).text);
        pen->col = pen->col < left + 22 ? left + 23 : pen->col + 1;
    } else {
        brush_printf(pen, style, " %s ", number_clock(ts_ns).text);
    }
    canvas_text_cut(pen->canvas, pen->row, pen->col, OWNER_COLS, style, ui_owner_name(ui_view(ui), owner));
    pen->col += OWNER_COLS + 1;
    return left;
}

/* --- orders ------------------------------------------------------------------------------------------------- */

static bool is_live(const struct view_frame *frame, uint16_t instrument_id)
{
    return instrument_id < frame->status.instruments && instrument_id < INSTRUMENTS_MAX &&
           frame->status.instrument[instrument_id].book_state == BOOK_LIVE;
}

/* What waits for a trade has no place in a queue: its type stands there. NULL: it has one. */
static const char *waiting_word(const struct order *order)
{
    static const char *const word[ORDER_TYPES] = {[ORDER_STOP] = "stop",
                                                  [ORDER_STOP_LIMIT] = "stop lmt",
                                                  [ORDER_TAKE_PROFIT] = "take",
                                                  [ORDER_TAKE_PROFIT_LIMIT] = "take lmt",
                                                  [ORDER_TRAILING_STOP] = "trails"};

    return (unsigned)order->intent.type < ORDER_TYPES && !order->triggered ? word[order->intent.type] : NULL;
}

static void queue_ahead(const struct view_order *order, const struct view_scale *scale, bool live, int cols,
                        char *out, size_t size)
{
    const struct order *o = &order->order;

    if (order_is_open(o) && waiting_word(o) != NULL)
        text_print(out, size, "%s", waiting_word(o));
    else if (!order_is_open(o))
        text_print(out, size, "-");
    else if (o->queue_expected_lots < 0 || !live)
        text_print(out, size, "?");
    else
        text_print(out, size, "%s",
                   number_queue(scale, o->queue_expected_lots, o->queue_worst_lots, cols).text);
}

static void away_text(const struct view_order *order, char *out, size_t size)
{
    if (!order_is_open(&order->order) || order->away_bp_x10 == VIEW_NONE)
        text_print(out, size, "-");
    else
        text_print(out, size, "%sbp", number_fixed(order->away_bp_x10, 1, 1, false).text);
}

/* "0.010/0.010"; where that is too long without the zeros before the point. */
static void left_text(const struct order *order, const struct view_scale *scale, bool full, int cols,
                      char *out, size_t size)
{
    unsigned places = full ? scale->qty_decimals : number_size_places(scale, order->intent.qty_lots);
    struct number_text quantity = number_qty(scale, order->intent.qty_lots, places), left = {"-"};

    if (order_is_open(order))
        left = number_qty(scale, order_left_lots(order), places);
    if (order->intent.display_lots > 0 &&
        order_is_open(order)) { /* an iceberg says so, in fewer places if need be */
        bool fits = (int)(strlen(left.text) + strlen(quantity.text)) + 5 <= cols;

        if (!fits) {
            left = number_bare(number_qty_short(scale, order_left_lots(order)));
            quantity = number_bare(number_qty_short(scale, order->intent.qty_lots));
        }
        text_print(out, size, "%s/%s ice", left.text, quantity.text);
        return;
    }
    if ((int)(strlen(left.text) + strlen(quantity.text)) + 1 > cols) {
        left = number_bare(left);
        quantity = number_bare(quantity);
    }
    text_print(out, size, "%s/%s", left.text, quantity.text);
}

/* What its state does not say: that another order ends with it, that others follow it, how long it lives. "" none. */
static const char *order_mark(const struct order *order, char *out, size_t size)
{
    const struct order_intent *intent = &order->intent;

    if (!order_is_open(order))
        out[0] = '\0';
    else if (intent->group != 0)
        text_print(out, size, "OCO");
    else if (intent->bracket_take_ticks != 0 || intent->bracket_stop_ticks != 0)
        text_print(out, size, "BRK");
    else if (intent->tif == TIF_GTD)
        text_print(out, size, "\u2192%.5s", number_clock(intent->expire_ns).text);
    else
        out[0] = '\0';
    return out;
}

/* Whole where it fits, else a word of at most eight. */
static const char *state_word(enum order_state state, int cols)
{
    const char *word = order_state_word(state);

    if ((int)strlen(word) <= cols)
        return word;
    return state == ORDER_STATE_PENDING_REPLACE  ? "replace"
           : state == ORDER_STATE_PENDING_CANCEL ? "cancel"
                                                 : word;
}

/* "working", "work OCO", "\u219215:00": the mark stays whole, the state gives way. */
static void state_text(const struct order *order, int cols, char *out, size_t size)
{
    const char *word = state_word(order->state, cols);
    char mark[16];
    int left;

    order_mark(order, mark, sizeof(mark));
    left = cols - (int)safe_text_columns(mark) - 1;
    if (mark[0] == '\0' || (order->state != ORDER_STATE_WORKING && left < (int)strlen(word)))
        text_print(out, size, "%s", word);
    else if (left >= (int)strlen(word))
        text_print(out, size, "%s %s", word, mark);
    else
        text_print(out, size, left >= 4 ? "work %s" : "%s", mark);
}

static const char *type_text(const struct order_intent *intent, int cols)
{
    bool reduce = intent->reduce_only && cols >= (int)sizeof("market reduce") - 1;

    switch (intent->type) {
    case ORDER_LIMIT:
        return intent->post_only && cols >= (int)sizeof("limit post") - 1 ? "limit post"
               : reduce                                                   ? "limit reduce"
                                                                          : "limit";
    case ORDER_MARKET:
        return reduce ? "market reduce" : "market";
    case ORDER_STOP:
        return intent->reduce_only && cols >= (int)sizeof("stop reduce") - 1 ? "stop reduce" : "stop";
    case ORDER_STOP_LIMIT:
        return "stop limit";
    case ORDER_TAKE_PROFIT:
        return "take";
    case ORDER_TAKE_PROFIT_LIMIT:
        return "take limit";
    case ORDER_TRAILING_STOP:
        return "trailing";
    case ORDER_TYPES:
        break;
    }
    return "?";
}

/* A market order asked for no price: nothing stands there until it has filled. */
static struct number_text order_price(const struct order *order, const struct view_scale *scale)
{
    const struct order_intent *intent = &order->intent;

    if (intent->type == ORDER_MARKET && order->filled_lots == 0)
        return (struct number_text){"-"};
    return number_price(scale, ui_order_ticks(order));
}

/* What has filled at other prices than its own says both: its own, and here the mean of what it got. "": nothing to say. */
static const char *got_text(const struct order *order, const struct view_scale *scale, char *out, size_t size)
{
    bool own_price = !order_type_is_market(order->intent.type);

    out[0] = '\0';
    if (order_is_open(order) || !own_price || order->filled_lots <= 0 || order->filled_value_e8 <= 0 ||
        scale->lot_e8 <= 0)
        return out;
    return text_print(
        out, size, "got %s",
        number_fixed(decimal_mul_div(order->filled_value_e8, DECIMAL_E8, order->filled_lots * scale->lot_e8),
                     8, scale->price_decimals, false)
            .text);
}

/* Sixteen columns that say `ahead` themselves, where there is no head. */
static const char *narrow_ahead(const struct order *order, const char *ahead, char *out, size_t size)
{
    if (strcmp(ahead, "-") == 0)
        return "         -      ";
    if (waiting_word(order) != NULL)
        return text_print(out, size, "%12s    ", ahead);
    return text_print(out, size, "  ahead %-*s", NARROW_QUEUE_COLS, ahead);
}

/* Where the cells of a row end, counted from its left edge; 0: not in this form. */
struct order_columns {
    int left, price, away, ahead, age, state;
};

static struct order_columns order_columns_of(struct span span, bool framed)
{
    if (list_is_wide(span))
        return (struct order_columns){62, 73, 81, 92, 98, 100};
    if (framed)
        return (struct order_columns){33, 42, 49, 59, 64, 65};
    if (span.cols < 76)
        return (struct order_columns){33, 42, 0, 0, 47, 48};
    return (struct order_columns){33, 42, 49, 65, 70, 72};
}

void order_row_draw(struct canvas *canvas, const struct ui *ui, int row, struct span span,
                    const struct view_order *order)
{
    const struct order *o = &order->order;
    const struct view_scale *scale = scale_of(ui_view(ui), order->instrument_id);
    bool open = order_is_open(o), wide = list_is_wide(span), framed = ui->layout.framed;
    struct order_columns end = order_columns_of(span, framed);
    struct style style = open ? STYLE_TEXT : STYLE_DIM;
    struct brush pen = brush_at(canvas, row, span.at);
    char left[48], text[48], middle[48];
    int at = draw_who(&pen, ui, wide, style, o->sent_ns, o->seq, o->intent.owner, order->instrument_id);

    left_text(o, scale, wide, wide ? 15 : at + end.left - pen.col - 5, left, sizeof(left));
    brush_printf(&pen, open ? style_side(o->intent.side) : style, "%-4s", side_word(o->intent.side));
    if (wide)
        brush_printf(&pen, style, " %s",
                     type_text(&o->intent, at + end.left - (int)strlen(left) - 1 - pen.col - 1));
    cell(&pen, at + end.left, style, left);
    cell(&pen, at + end.price, style, order_price(o, scale).text);
    if (end.away != 0 && got_text(o, scale, text, sizeof(text))[0] != '\0') {
        pen.col = at + end.price;
        if (framed)
            cell(&pen, at + end.ahead, style, text);
        else
            brush_printf(&pen, style, "%*s", end.ahead - end.price, text);
    } else if (end.away != 0) {
        away_text(order, text, sizeof(text));
        cell(&pen, at + end.away, style, text);
        queue_ahead(order, scale, is_live(ui_view(ui), order->instrument_id),
                    framed ? end.ahead - end.away - 1 : NARROW_QUEUE_COLS, text, sizeof(text));
        if (wide && open && waiting_word(o) != NULL)
            text_print(text, sizeof(text), "-"); /* the type says it */
        if (!framed)
            brush_text(&pen, style, narrow_ahead(o, text, middle, sizeof(middle)));
        else
            cell(&pen, at + end.ahead, style, text);
    }
    cell(&pen, at + end.age, style,
         number_age_short(ui_view(ui)->status.now_ns - (open ? o->sent_ns : o->updated_ns)).text);
    pen.col = pen.col < at + end.state ? at + end.state : pen.col + 1;
    if (o->state == ORDER_STATE_CANCELLED && pen.col > at + end.age + 1 && span_end(span) - pen.col == 8)
        pen.col--; /* the word has nine columns, and no other spelling */
    state_text(o, span_end(span) - pen.col, text, sizeof(text));
    canvas_text_cut(canvas, row, pen.col, span_end(span) - pen.col, style, text);
}

/* --- fills -------------------------------------------------------------------------------------------------- */

struct fill_columns {
    int quantity, price, fee, slip, closed;
};

void fill_row_draw(struct canvas *canvas, const struct ui *ui, int row, struct span span,
                   const struct view_fill *at)
{
    const struct fill *fill = &at->fill;
    const struct view_scale *scale = scale_of(ui_view(ui), fill->instrument_id);
    struct brush pen = brush_at(canvas, row, span.at);
    bool wide = list_is_wide(span), closes = fill->realised_e8 != 0;
    struct fill_columns end =
        wide ? (struct fill_columns){62, 73, 81, 92, 101} : (struct fill_columns){37, 46, 54, 61, 69};
    int left =
        draw_who(&pen, ui, wide, STYLE_TEXT, fill->ts_ns, fill->order_seq, fill->owner, fill->instrument_id);

    brush_printf(&pen, style_side(fill->side), "%-4s", side_word(fill->side));
    brush_printf(&pen, STYLE_TEXT, " %s", fill->maker ? "maker" : "taker");
    cell(&pen, left + end.quantity, STYLE_TEXT, number_qty_full(scale, fill->qty_lots).text);
    cell(&pen, left + end.price, STYLE_TEXT, number_price(scale, fill->price_ticks).text);
    cell(&pen, left + end.fee, STYLE_TEXT, number_fixed(fill->fee_e8, 8, 4, false).text);
    if (span.cols >= end.slip)
        cell(&pen, left + end.slip, STYLE_TEXT, number_money(at->slippage_e8, true).text);
    if (span.cols >= end.closed)
        cell(&pen, left + end.closed, closes ? style_money(fill->realised_e8) : STYLE_TEXT,
             closes ? number_money(fill->realised_e8, true).text : "-");
    brush_cut(&pen, span_end(span));
}
