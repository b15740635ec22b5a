/* What became of an order, from what the view knows: life, queue, fills. Opened from a list or an own order. */
#include "tui/dock.h"
#include "tui/panels.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void detail_add(struct ui *ui, const char *format, ...)
{
    char text[UI_LINE_MAX];
    va_list args;

    if (ui->detail_lines >= UI_DETAIL_MAX)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    ui_with_keys(ui, text, ui->detail[ui->detail_lines++], UI_LINE_MAX);
}

int detail_cols(const struct ui *ui)
{
    return ui->layout.cols - (ui->layout.framed ? 6 : 4);
}

int detail_rows(const struct ui *ui)
{
    char row[UI_LINE_MAX];
    int rows = 0;

    for (int i = 0; i < ui->detail_lines; i++)
        for (const char *text = ui->detail[i]; text != NULL; rows++)
            text = brush_row(text, detail_cols(ui), row, sizeof(row));
    return rows;
}

bool detail_scroll(struct ui *ui, int direction)
{
    int rows = detail_rows(ui), max = rows - dock_rows(ui, rows), to = ui->detail_top + direction;

    if (to < 0 || to > max)
        return false;
    ui->detail_top = (uint16_t)to;
    return true;
}

void detail_open(struct ui *ui, const char *title)
{
    ui->detail_lines = ui->detail_top = 0;
    text_print(ui->detail_title, sizeof(ui->detail_title), "%s", title);
    ui->overlay = OVERLAY_DETAIL;
    ui->say.until_ns = 0;
}

static void fill_line(struct ui *ui, const struct view_fill *at)
{
    const struct fill *fill = &at->fill;
    const struct view_scale *scale = scale_of(ui_view(ui), fill->instrument_id);

    char apart[64] = "at the mid of its arrival";

    if (at->slippage_e8 == VIEW_NONE) /* of a run that did not keep it */
        text_print(apart, sizeof(apart), "the mid at its arrival is not known");
    else if (at->slippage_e8 != 0)
        text_print(apart, sizeof(apart), "%s than the mid at arrival by %s",
                   at->slippage_e8 > 0 ? "worse" : "better",
                   number_money(at->slippage_e8 < 0 ? -at->slippage_e8 : at->slippage_e8, false).text);
    detail_add(ui, "%s  %s %s @ %s as %s, fee %s, %s%s%s", number_clock_ms(fill->ts_ns).text,
               side_word(fill->side), number_qty_full(scale, fill->qty_lots).text,
               number_price(scale, fill->price_ticks).text, fill->maker ? "maker" : "taker",
               number_trim(fill->fee_e8, 8).text, apart, fill->realised_e8 != 0 ? ", closed " : "",
               fill->realised_e8 != 0 ? number_money(fill->realised_e8, true).text : "");
}

/* "STOP_LIMIT at 61720.00, then 61710.00": each type's own prices. */
static void type_text(const struct order_intent *intent, const struct view_scale *scale, char *out,
                      size_t size)
{
    const char *word = order_type_word(intent->type);

    if (intent->type == ORDER_TRAILING_STOP)
        text_print(out, size, "%s %s behind the best trade, now at %s", word,
                   number_price(scale, intent->trail_ticks).text,
                   intent->stop_ticks > 0 ? number_price(scale, intent->stop_ticks).text : "-");
    else if (intent->type == ORDER_STOP_LIMIT || intent->type == ORDER_TAKE_PROFIT_LIMIT)
        text_print(out, size, "%s at %s, then %s", word, number_price(scale, intent->stop_ticks).text,
                   number_price(scale, intent->price_ticks).text);
    else if (intent->type == ORDER_MARKET) /* its worst price stands in the story */
        text_print(out, size, "%s", word);
    else
        text_print(out, size, "%s %s", word, number_price(scale, order_intent_ticks(intent)).text);
}

/* What the terms are besides side, size and price; "" none. */
static void terms_text(const struct order_intent *intent, const struct view_scale *scale, char *out,
                       size_t size)
{
    char until[32] = "";

    if (intent->tif == TIF_GTD)
        text_print(until, sizeof(until), " until %s", number_clock(intent->expire_ns).text);
    text_print(out, size, "%s%s%s%s", time_in_force_word(intent->tif), until,
               intent->post_only ? ", post only" : "", intent->reduce_only ? ", reduce-only" : "");
    if (intent->display_lots > 0)
        text_print(out + strlen(out), size - strlen(out), ", shows %s at a time",
                   number_qty_full(scale, intent->display_lots).text);
    if (intent->group != 0)
        text_print(out + strlen(out), size - strlen(out), ", one cancels the other (group %u)",
                   (unsigned)intent->group); /* the upper half says whose number it is */
    if (intent->bracket_take_ticks > 0)
        text_print(out + strlen(out), size - strlen(out), ", then take at %s",
                   number_price(scale, intent->bracket_take_ticks).text);
    if (intent->bracket_stop_ticks > 0)
        text_print(out + strlen(out), size - strlen(out), ", then stop at %s",
                   number_price(scale, intent->bracket_stop_ticks).text);
}

static void waiting_line(struct ui *ui, const struct view_order *at, const struct view_scale *scale)
{
    const struct order *o = &at->order;

    if (!order_is_open(o))
        return;
    if (order_type_is_triggered(o->intent.type) && !o->triggered)
        detail_add(ui, "waits for a trade at its price; then a %s order%s",
                   order_type_is_market(o->intent.type) ? "market" : "limit",
                   o->intent.reduce_only ? ", reduce-only" : "");
    else if (o->queue_expected_lots >= 0)
        detail_add(ui, "ahead in the queue: %s expected, %s at worst; away from the touch %s bp",
                   number_qty_full(scale, o->queue_expected_lots).text,
                   number_qty_full(scale, o->queue_worst_lots).text,
                   at->away_bp_x10 != VIEW_NONE ? number_fixed(at->away_bp_x10, 1, 1, false).text : "-");
    else
        detail_add(ui, "place in the queue unknown");
}

static void order_lines(struct ui *ui, const struct view_order *at)
{
    const struct view_frame *frame = ui_view(ui);
    const struct order *o = &at->order;
    const struct view_scale *scale = scale_of(frame, at->instrument_id);
    char type[96], terms[160], asked[160];

    type_text(&o->intent, scale, type, sizeof(type));
    terms_text(&o->intent, scale, terms, sizeof(terms));
    /* of what has been moved since, its own words alone are known here: those are of the newest move */
    text_print(asked, sizeof(asked), "%s %s %s", side_word(o->intent.side),
               number_qty_full(scale, o->intent.qty_lots).text, type);
    detail_add(ui, "%s  sent by %s%s%s", number_clock_ms(o->sent_ns).text,
               ui_owner_name(frame, o->intent.owner), o->replaced_ns > 0 ? ", moved since" : ": ",
               o->replaced_ns > 0 ? "" : asked);
    if (o->replaced_ns > 0)
        detail_add(ui, "%s  moved: %s", number_clock_ms(o->replaced_ns).text, asked);
    detail_add(ui, "terms %s", terms);
    if (o->arrival_mid2_ticks > 0)
        detail_add(ui, "mid at arrival %s", number_price(scale, o->arrival_mid2_ticks / 2).text);
    detail_add(ui, "%s  %s, %s of %s left, filled %s", number_clock_ms(o->updated_ns).text,
               order_state_word(o->state), number_qty_full(scale, order_left_lots(o)).text,
               number_qty_full(scale, o->intent.qty_lots).text, number_qty_full(scale, o->filled_lots).text);
    if (o->replace_qty_lots > 0)
        detail_add(ui, "on its way to %s%s%s", number_qty_full(scale, o->replace_qty_lots).text,
                   o->replace_price_ticks > 0 ? " @ " : "",
                   o->replace_price_ticks > 0 ? number_price(scale, o->replace_price_ticks).text : "");
    waiting_line(ui, at, scale);
}

void order_detail_fill(struct ui *ui, uint64_t seq)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_order *order = frame != NULL ? ui_order_find(frame, seq) : NULL;
    int fills = 0;

    ui->detail_lines = 0;
    if (frame == NULL)
        return;
    if (order != NULL)
        order_lines(ui, order);
    for (int i = frame->lists.fills - 1; i >= 0; i--) {
        if (i < VIEW_FILLS_MAX && frame->lists.fill[i].fill.order_seq == seq) {
            fill_line(ui, &frame->lists.fill[i]);
            fills++;
        }
    }
    if (fills == 0 && (order == NULL || order->order.filled_lots > 0)) /* else the lines above have said it */
        detail_add(ui, "no fill of it is listed here; screen 7 follows it");
}

void denial_lines(struct ui *ui, const struct view_denial *denial)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_scale *scale = scale_of(frame, denial->instrument_id);
    bool named = denial->instrument_id < frame->status.instruments;

    detail_add(ui, "%s  denial %llu: %s asked %s %s %s %s%s%s%s%s", number_clock_ms(denial->ts_ns).text,
               (unsigned long long)denial->seq, ui_owner_name(frame, denial->owner), side_word(denial->side),
               number_qty_full(scale, denial->qty_lots).text,
               named ? frame->status.instrument[denial->instrument_id].symbol : "",
               order_type_word(denial->type), denial->price_ticks > 0 ? " @ " : "",
               denial->price_ticks > 0 ? number_price(scale, denial->price_ticks).text : "",
               denial->by[0] != '\0' ? ", " : "", denial->by);
    detail_add(ui, "%s: %s", denial->code, denial->help);
    if (denial->text[0] != '\0')
        detail_add(ui, "%s", denial->text);
}

/* The denial that a line of the log tells; NULL: it tells none, or an old one. */
static const struct view_denial *denial_of(const struct ui *ui, const struct view_log_line *line)
{
    const struct view_controls *view = &ui_view(ui)->controls;

    for (int i = 0; i < view->denials && i < VIEW_DENIALS_MAX; i++)
        if (view->denial[i].ts_ns == line->ts_ns && strncmp(line->text, "DENIED ", 7) == 0 &&
            strstr(line->text, view->denial[i].code) != NULL)
            return &view->denial[i];
    return NULL;
}

static void log_detail(struct ui *ui, const struct view_log_line *line)
{
    const struct view_denial *denial = denial_of(ui, line);

    if (denial == NULL) {
        detail_add(ui, "%s  %s", number_clock_ms(line->ts_ns).text, line->text);
        return;
    }
    text_print(ui->detail_title, sizeof(ui->detail_title), "DENIED");
    denial_lines(ui, denial);
}

static void row_detail(struct ui *ui, int index)
{
    const struct view_lists *lists = &ui_view(ui)->lists;
    struct view_log_line log[VIEW_LOG_MAX + UI_NOTES_MAX];
    char text[96];

    detail_open(ui, ui->list.tab == TAB_TAPE     ? "TAKER ORDER"
                    : ui->list.tab == TAB_EVENTS ? "BOOK EVENT"
                                                 : "LOG LINE");
    if (ui->list.tab == TAB_TAPE) {
        const struct view_taker *taker = &lists->taker[index];

        detail_add(ui, "%s  a taker %s %s, up to %s", number_clock_ms(taker->ts_ns).text,
                   taker->taker == SIDE_BID ? "bought" : "sold",
                   number_qty_full(ui_scale(ui), taker->lots).text,
                   number_price(ui_scale(ui), taker->price_ticks).text);
        detail_add(ui, "in %u prints at %d prices", taker->prints, taker->prices);
    } else if (ui->list.tab == TAB_EVENTS) {
        detail_add(ui, "%s  %s", number_clock_ms(lists->event[index].ts_ns).text,
                   list_event_text(&lists->event[index], ui_scale(ui), text, sizeof(text)));
        detail_add(ui, "confidence %s", number_fixed(lists->event[index].confidence_x100, 2, 2, false).text);
    } else if (index < list_log(ui, log, VIEW_LOG_MAX + UI_NOTES_MAX)) {
        log_detail(ui, &log[index]);
    }
}

uint64_t list_order_seq(const struct ui *ui)
{
    uint16_t index[VIEW_LOG_MAX + UI_NOTES_MAX + VIEW_FILLS_MAX];
    int count = list_rows(ui, index, (int)(sizeof(index) / sizeof(index[0])));
    const struct view_order *order = list_order(ui);

    if (ui->list.tab == TAB_ORDERS)
        return order != NULL ? order->order.seq : 0;
    if ((ui->list.tab != TAB_FILLS && ui->list.tab != TAB_CLOSED) || ui->list.row >= count)
        return 0;
    return ui_view(ui)->lists.fill[index[ui->list.row]].fill.order_seq;
}

void list_detail(struct ui *ui)
{
    uint16_t index[VIEW_LOG_MAX + UI_NOTES_MAX + VIEW_FILLS_MAX];
    int count = list_rows(ui, index, (int)(sizeof(index) / sizeof(index[0])));
    const struct view_order *order = list_order(ui);

    if (ui->list.tab == TAB_ORDERS && order != NULL)
        story_open(ui, order->order.seq);
    else if (ui->list.row >= count)
        ui_say(ui, 1, "", "no row is chosen");
    else if (ui->list.tab == TAB_FILLS || ui->list.tab == TAB_CLOSED)
        story_open(ui, ui_view(ui)->lists.fill[index[ui->list.row]].fill.order_seq);
    else if (ui->list.tab == TAB_WATCH)
        ui_instrument_show(ui, index[ui->list.row]);
    else
        row_detail(ui, index[ui->list.row]);
}
