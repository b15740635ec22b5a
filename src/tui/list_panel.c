/*
 * The blotter: tabs, then rows of the tab that has been chosen; when wide, fills stand under the orders.
 *
 * Three forms of a row, by width: under 100 columns the ahead word stands in the row, as there is no head;
 * framed with a head; wide with ids, milliseconds and types.
 */
#include "core/base/safe_text.h"
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

#define WIDE_LIST_COLS 104

const struct view_scale *scale_of(const struct view_frame *frame, uint16_t instrument_id)
{
    static const struct view_scale none = {1, 1, 0, 0};

    if (frame == NULL || instrument_id >= frame->status.instruments || instrument_id >= INSTRUMENTS_MAX)
        return &none;
    return &frame->status.instrument[instrument_id].scale;
}

static bool wide_form(struct span span)
{
    return span.cols >= WIDE_LIST_COLS;
}

static void queue_ahead(const struct view_order *order, const struct view_scale *scale, bool live, char *out,
                        size_t size)
{
    const struct order *o = &order->order;

    if (o->intent.type == ORDER_STOP && order_is_open(o))
        text_print(out, size, "stop");
    else if (!order_is_open(o))
        text_print(out, size, "-");
    else if (o->queue_expected_lots < 0 || !live)
        text_print(out, size, "?");
    else
        text_print(out, size, "%s..%s", number_qty(scale, o->queue_expected_lots, 1).text,
                   number_qty(scale, o->queue_worst_lots, 1).text);
}

static void away_text(const struct view_order *order, char *out, size_t size)
{
    if (!order_is_open(&order->order) || order->away_bp_x10 == VIEW_NONE)
        text_print(out, size, "-");
    else
        text_print(out, size, "%sbp", number_fixed(order->away_bp_x10, 1, 1, false).text);
}

static void left_text(const struct order *order, const struct view_scale *scale, bool full, char *out,
                      size_t size)
{
    unsigned places = full ? scale->qty_decimals : number_size_places(scale, order->intent.qty_lots);
    struct number_text quantity = number_qty(scale, order->intent.qty_lots, places);

    if (order_is_open(order))
        text_print(out, size, "%s/%s", number_qty(scale, order_left_lots(order), places).text, quantity.text);
    else
        text_print(out, size, "-/%s", quantity.text);
}

static const char *type_text(const struct order_intent *intent)
{
    switch (intent->type) {
    case ORDER_LIMIT:
        return intent->post_only ? "limit post" : intent->reduce_only ? "limit reduce" : "limit";
    case ORDER_MARKET:
        return intent->reduce_only ? "mkt reduce" : "market";
    case ORDER_STOP:
        return "stop reduce";
    }
    return "?";
}

static int64_t order_price(const struct order_intent *intent)
{
    return intent->type == ORDER_STOP ? intent->stop_ticks : intent->price_ticks;
}

/* Sixteen columns that say `ahead` themselves, where there is no head. */
static const char *narrow_ahead(const char *ahead, char *out, size_t size)
{
    if (strcmp(ahead, "stop") == 0)
        return "        stop    ";
    if (strcmp(ahead, "-") == 0)
        return "         -      ";
    return text_print(out, size, "  ahead %-8s", ahead);
}

void order_row_draw(struct canvas *canvas, const struct ui *ui, int row, struct span span,
                    const struct view_order *order)
{
    const struct view_frame *frame = ui_view(ui);
    const struct order *o = &order->order;
    const struct view_scale *scale = scale_of(frame, order->instrument_id);
    bool open = order_is_open(o), wide = wide_form(span), framed = ui->layout.framed;
    struct style style = open ? STYLE_TEXT : STYLE_DIM;
    struct brush pen = brush_at(canvas, row, span.at + 1);
    const char *owner = ui_owner_name(frame, o->intent.owner), *state = order_state_word(o->state);
    char left[48], away[24], ahead[48], middle[48];
    struct number_text price = number_price(scale, order_price(&o->intent));
    struct number_text age;

    if (o->intent.type == ORDER_MARKET) /* its price is only a bound */
        text_print(price.text, sizeof(price.text), "market");
    age = number_age_short(frame->status.now_ns - o->sent_ns);

    left_text(o, scale, wide, left, sizeof(left));
    away_text(order, away, sizeof(away));
    queue_ahead(order, scale, ui_book_live(ui), ahead, sizeof(ahead));
    if (wide && o->intent.type == ORDER_STOP)
        text_print(ahead, sizeof(ahead), "-"); /* the type says stop */
    if (wide)
        brush_printf(&pen, style, "%s fd-%llu ", number_clock_ms(o->sent_ns).text,
                     (unsigned long long)o->seq);
    else
        brush_printf(&pen, style, "%s ", number_clock(o->sent_ns).text);
    if (wide && pen.col < span.at + 23)
        pen.col = span.at + 23;
    brush_printf(&pen, style, "%-6.6s ", owner);
    brush_printf(&pen, open ? style_side(o->intent.side) : style, "%-4s", side_word(o->intent.side));
    if (wide)
        brush_printf(&pen, style, " %-11s %15s %10s %7s %10s %5s  %s", type_text(&o->intent), left,
                     price.text, away, ahead, age.text, state);
    else if (framed)
        brush_printf(&pen, style, " %11s %8s %6s %9s %4s %s", left, price.text, away, ahead, age.text, state);
    else if (span.cols < 76)
        brush_printf(&pen, style, " %11s %8s %4s %s", left, price.text, age.text, state);
    else
        brush_printf(&pen, style, " %11s %8s %6s%s  %3s  %s", left, price.text, away,
                     narrow_ahead(ahead, middle, sizeof(middle)), age.text, state);
}

void fill_row_draw(struct canvas *canvas, const struct ui *ui, int row, struct span span,
                   const struct view_fill *at)
{
    const struct view_frame *frame = ui_view(ui);
    const struct fill *fill = &at->fill;
    const struct view_scale *scale = scale_of(frame, fill->instrument_id);
    struct brush pen = brush_at(canvas, row, span.at + 1);
    bool wide = wide_form(span), closes = fill->realised_e8 != 0;
    const char *owner = ui_owner_name(frame, fill->owner);

    if (wide)
        brush_printf(&pen, STYLE_TEXT, "%s fd-%llu ", number_clock_ms(fill->ts_ns).text,
                     (unsigned long long)fill->order_seq);
    else
        brush_printf(&pen, STYLE_TEXT, "%s ", number_clock(fill->ts_ns).text);
    if (wide && pen.col < span.at + 23)
        pen.col = span.at + 23;
    brush_printf(&pen, STYLE_TEXT, "%-6.6s ", owner);
    brush_printf(&pen, style_side(fill->side), "%-4s", side_word(fill->side));
    brush_printf(&pen, STYLE_TEXT, wide ? " %-9s" : " %-5s", fill->maker ? "maker" : "taker");
    brush_printf(&pen, STYLE_TEXT, wide ? " %17s %10s" : " %9s %8s",
                 number_qty_full(scale, fill->qty_lots).text, number_price(scale, fill->price_ticks).text);
    brush_printf(&pen, STYLE_TEXT, wide ? " %7s" : " %7s", number_fixed(fill->fee_e8, 8, 4, false).text);
    if (span.cols >= 60)
        brush_printf(&pen, STYLE_TEXT, wide ? " %10s" : " %6s", number_money(at->slippage_e8, true).text);
    if (span.cols >= 68)
        brush_printf(&pen, closes ? style_money(fill->realised_e8) : STYLE_TEXT, wide ? " %8s" : " %7s",
                     closes ? number_money(fill->realised_e8, true).text : "-");
}

static void taker_row(struct canvas *canvas, const struct ui *ui, int row, struct span span,
                      const struct view_taker *taker)
{
    const struct view_scale *scale = ui_scale(ui);
    struct brush pen = brush_at(canvas, row, span.at + 1);

    brush_printf(&pen, STYLE_DIM, "%s ", number_clock_ms(taker->ts_ns).text);
    brush_printf(&pen, style_side(taker->taker), "%s %s", taker->taker == SIDE_BID ? "\u25b2" : "\u25bc",
                 number_price(scale, taker->price_ticks).text);
    brush_printf(&pen, STYLE_TEXT, " %12s", number_qty_full(scale, taker->lots).text);
    brush_printf(&pen, STYLE_DIM, "  %u print%s, %d price%s", taker->prints, taker->prints == 1 ? "" : "s",
                 taker->prices, taker->prices == 1 ? "" : "s");
}

static void event_row(struct canvas *canvas, const struct ui *ui, int row, struct span span,
                      const struct view_book_event *event)
{
    struct brush pen = brush_at(canvas, row, span.at + 1);
    char text[96];

    brush_printf(&pen, STYLE_DIM, "%s %5s ", number_clock(event->ts_ns).text,
                 number_age(ui_view(ui)->status.now_ns - event->ts_ns).text);
    list_event_text(event, ui_scale(ui), text, sizeof(text));
    brush_text(&pen, style_side(event->side), text);
    brush_printf(&pen, STYLE_DIM, "  confidence %s", number_fixed(event->confidence_x100, 2, 2, false).text);
}

static void log_row(struct canvas *canvas, int row, struct span span, const struct view_log_line *line)
{
    struct brush pen = brush_at(canvas, row, span.at + 1);

    brush_printf(&pen, STYLE_DIM, "%s ", number_clock(line->ts_ns).text);
    canvas_text_cut(canvas, row, pen.col, span_end(span) - pen.col - 1,
                    line->level >= 2   ? style_bold(STYLE_WARNING)
                    : line->level == 1 ? STYLE_GOOD
                                       : STYLE_TEXT,
                    line->text);
}

static void tabs_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);
    const struct layout *l = &ui->layout;
    struct brush pen = brush_at(canvas, l->tabs_row, l->main.at + 1);

    brush_text(&pen, STYLE_TEXT, " ");
    for (enum list_tab tab = TAB_ORDERS; tab < LIST_TABS; tab++) {
        bool on = tab == ui->list.tab;
        struct style style = on ? style_bold(style_role(ROLE_TITLE_FOCUS)) : STYLE_DIM;
        char text[48];

        text_print(text, sizeof(text), "%s", list_tab_name(tab));
        if (tab == TAB_ORDERS)
            text_print(text, sizeof(text), "orders %u", frame->lists.orders_open);
        else if (tab == TAB_FILLS)
            text_print(text, sizeof(text), "fills %llu", (unsigned long long)frame->lists.fills_ever);
        else if (tab == TAB_CLOSED)
            text_print(text, sizeof(text), "closed %llu", (unsigned long long)frame->lists.closed_ever);
        if (tab != TAB_ORDERS)
            brush_text(&pen, STYLE_DIM, "  ");
        brush_printf(&pen, style, on ? "[%s]" : "%s", text);
    }
    if (ui->list.filter[0] != '\0')
        brush_printf(&pen, style_bold(STYLE_WARNING), "  /%s", ui->list.filter);
    if (ui->focus == FOCUS_LIST)
        brush_text(&pen, STYLE_DIM, "  v ladder");
    brush_text(&pen, STYLE_TEXT, " ");
}

/* The heads stand as in the pictures of the design. */
static const char *head_text(enum list_tab tab, bool wide)
{
    switch (tab) {
    case TAB_ORDERS:
        return wide ? " time         id       owner  side type          left/quantity      price    away     "
                      " ahead   age  state"
                    : " time     owner  side left/quantity    price   away     ahead  age state";
    case TAB_FILLS:
    case TAB_CLOSED:
        return wide ? " fills        id       owner  side liquidity          quantity      price     fee   "
                      "slip/mid   closed"
                    : " time     owner  side taker  quantity    price     fee   slip  closed";
    case TAB_TAPE:
        return " time           price           size  one row a taker order";
    case TAB_EVENTS:
        return " time       age event";
    case TAB_LOG:
        return " time     what happened";
    case LIST_TABS:
        break;
    }
    return "";
}

static void row_draw(struct canvas *canvas, const struct ui *ui, int row, uint16_t index,
                     const struct view_log_line *log)
{
    const struct view_lists *lists = &ui_view(ui)->lists;
    struct span span = ui->layout.main;

    if (!ui->layout.framed)
        span.cols = ui->layout.cols;
    switch (ui->list.tab) {
    case TAB_ORDERS:
        order_row_draw(canvas, ui, row, span, &lists->order[index]);
        break;
    case TAB_FILLS:
    case TAB_CLOSED:
        fill_row_draw(canvas, ui, row, span, &lists->fill[index]);
        break;
    case TAB_TAPE:
        taker_row(canvas, ui, row, span, &lists->taker[index]);
        break;
    case TAB_EVENTS:
        event_row(canvas, ui, row, span, &lists->event[index]);
        break;
    case TAB_LOG:
        log_row(canvas, row, span, &log[index]);
        break;
    case LIST_TABS:
        break;
    }
}

static const char *empty_text(const struct ui *ui)
{
    if (ui->list.filter[0] != '\0')
        return "nothing matches; Esc clears the filter";
    switch (ui->list.tab) {
    case TAB_ORDERS:
        return ui->frame->status.mode == MODE_OBSERVATION ? "observation sends no orders; s trades on paper"
                                                          : "no order yet; i sends one from the cursor";
    case TAB_FILLS:
        return "no fill yet";
    case TAB_CLOSED:
        return "nothing closed yet";
    case TAB_TAPE:
        return "no trade yet";
    case TAB_EVENTS:
        return "no book event yet";
    case TAB_LOG:
    case LIST_TABS:
        break;
    }
    return "nothing yet";
}

/* Under the orders, when wide: the newest fills with a head of their own. */
static void fills_below(struct canvas *canvas, const struct ui *ui, int row, int end)
{
    const struct view_lists *lists = &ui_view(ui)->lists;

    if (ui->list.tab != TAB_ORDERS || !wide_form(ui->layout.main) || end - row < 2)
        return;
    canvas_text(canvas, row++, ui->layout.main.at, STYLE_DIM, head_text(TAB_FILLS, true));
    for (int i = 0; i < lists->fills && i < VIEW_FILLS_MAX && row < end; i++)
        fill_row_draw(canvas, ui, row++, ui->layout.main, &lists->fill[i]);
}

void list_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    struct view_log_line log[VIEW_LOG_MAX + UI_NOTES_MAX];
    uint16_t index[VIEW_LOG_MAX + UI_NOTES_MAX + VIEW_FILLS_MAX];
    int count = list_rows(ui, index, (int)(sizeof(index) / sizeof(index[0])));
    int row = l->list_row, end = l->list_row + l->list_rows, open = 0;
    bool wide = wide_form(l->main);

    list_log(ui, log, VIEW_LOG_MAX + UI_NOTES_MAX);
    tabs_draw(canvas, ui);
    if (l->framed && l->list_rows > 2)
        canvas_text_cut(canvas, row++, l->main.at, l->main.cols, STYLE_DIM, head_text(ui->list.tab, wide));
    if (count == 0)
        canvas_text_cut(canvas, row, l->main.at + 1, l->main.cols - 2, STYLE_DIM, empty_text(ui));
    if (wide && ui->list.tab == TAB_ORDERS && ui->focus != FOCUS_LIST) { /* open ones; the fills follow */
        const struct view_lists *lists = &ui_view(ui)->lists;

        for (int i = 0; i < count; i++)
            open += order_is_open(&lists->order[index[i]].order);
        count = open > 0 ? open : count;
    }
    for (int i = ui->list.top; i < count && row < end; i++, row++) {
        row_draw(canvas, ui, row, index[i], log);
        if (ui->focus == FOCUS_LIST && i == ui->list.row)
            canvas_background(canvas, row, l->main.at, 1, l->framed ? l->main.cols : l->cols, ROLE_SELECTED);
    }
    fills_below(canvas, ui, row, end);
}
