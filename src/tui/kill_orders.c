/* The orders of a kill, each with its answer: as rows in place of the blotter, and as text for the clipboard. See kill_panel.c. */
#include "tui/csv.h"
#include "tui/panels.h"

static const char *result_word(const struct view_kill_order *order)
{
    switch (order->state) {
    case ORDER_STATE_CANCELLED:
        return "CANCELLED";
    case ORDER_STATE_FILLED:
        return "FILLED";
    case ORDER_STATE_REJECTED:
        return "REJECTED";
    case ORDER_STATE_UNKNOWN:
        return "UNKNOWN";
    case ORDER_STATE_SENT:
    case ORDER_STATE_WORKING:
    case ORDER_STATE_PENDING_CANCEL:
    case ORDER_STATE_PENDING_REPLACE:
        return "WAITING";
    case ORDER_STATE_EXPIRED:
        return "EXPIRED";
    case ORDER_STATES:
        break;
    }
    return "?";
}

static bool is_settled(const struct view_kill_order *order)
{
    return order->state == ORDER_STATE_CANCELLED || order->state == ORDER_STATE_FILLED ||
           order->state == ORDER_STATE_REJECTED || order->state == ORDER_STATE_EXPIRED;
}

/* Of the order's own instrument: the kill is everywhere. */
static const struct view_instrument *instrument_of(const struct ui *ui, const struct view_kill_order *order)
{
    const struct view_status *status = &ui->frame->status;

    return order->instrument < status->instruments ? &status->instrument[order->instrument]
                                                   : ui_instrument(ui);
}

static void order_line(struct canvas *canvas, const struct ui *ui, int row,
                       const struct view_kill_order *order)
{
    const struct view_frame *frame = ui->frame;
    const struct view_instrument *at = instrument_of(ui, order);
    const struct view_scale *scale = at == NULL ? ui_scale(ui) : &at->scale;
    unsigned places = number_size_places(scale, order->qty_lots);
    struct brush pen = brush_at(canvas, row, ui->layout.main.at + 1);
    char left[48], id[24], sent[24] = "-", answer[24] = "no answer";

    text_print(id, sizeof(id), "%s", number_order_id(order->seq).text);
    text_print(left, sizeof(left), "%s/%s", number_qty(scale, order->left_lots, places).text,
               number_qty(scale, order->qty_lots, places).text);
    if (order->sent_ns != VIEW_NONE)
        text_print(sent, sizeof(sent), "%sms",
                   number_fixed(order->sent_ns - frame->status.kill_ns, 6, 1, false).text);
    if (order->answered_ns != VIEW_NONE)
        text_print(answer, sizeof(answer), "%s ms",
                   number_fixed(order->answered_ns - frame->status.kill_ns, 6, 0, false).text);
    brush_printf(&pen, STYLE_TEXT, "%-8s %-6.6s ", id, ui_owner_name(frame, order->owner));
    brush_printf(&pen, style_side(order->side), "%-4s", side_word(order->side));
    brush_printf(&pen, STYLE_TEXT,
                 order->answered_ns != VIEW_NONE ? " %11s %8s %6s%9s   " : " %11s %8s %6s%11s ", left,
                 number_price(scale, order->price_ticks).text, sent, answer);
    brush_text(&pen, style_bold(is_settled(order) ? STYLE_GOOD : STYLE_WARNING), result_word(order));
    if (at != NULL && at != ui_instrument(ui))
        canvas_text_cut(canvas, row, pen.col + 1, ui->layout.main.at + ui->layout.main.cols - pen.col - 1,
                        STYLE_DIM, at->base);
}

/* Those that nobody has answered first: where not all fit, none of them is among the unseen. */
static int order_lines(struct canvas *canvas, const struct ui *ui, int row, int end, uint32_t *shown)
{
    const struct view_status *status = &ui->frame->status;
    bool all = (int)status->kill_orders <= end - row;

    *shown = 0;
    for (int settled = 0; settled < (all ? 1 : 2); settled++)
        for (uint32_t i = 0; i < status->kill_orders && row < end; i++)
            if (all || is_settled(&status->kill_order[i]) == (settled == 1)) {
                order_line(canvas, ui, row++, &status->kill_order[i]);
                ++*shown;
            }
    return row;
}

void kill_orders_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_status *status = &ui->frame->status;
    const struct layout *l = &ui->layout;
    struct brush pen = brush_at(canvas, l->tabs_row, l->main.at + 1);
    int row = l->list_row, end = l->list_row + l->list_rows;
    uint32_t shown;
    char more[64] = "", sum[96], key[UI_CHIP_SIZE];

    brush_text(&pen, style_bold(style_role(ROLE_TITLE_FOCUS)), " [kill report]");
    brush_printf(&pen, STYLE_DIM, "  orders %u  fills %llu  log", ui->frame->lists.orders_open,
                 (unsigned long long)ui->frame->lists.fills_ever);
    brush_text(&pen, STYLE_TEXT, " ");
    if (l->framed && l->list_rows > 2)
        canvas_text_cut(canvas, row++, l->main.at, l->main.cols, STYLE_DIM,
                        " order    owner  side left/qty     price    sent    answer    result");
    if (row >= end)
        return;
    row = order_lines(canvas, ui, row, end - 1, &shown); /* the last row is the sum */
    if (shown < status->kill_orders)
        text_print(more, sizeof(more), "; %u more: %s copies all", status->kill_orders - shown,
                   ui_chip(ui, "y", key));
    if (status->kill_before)
        text_print(sum, sizeof(sum), "killed before this start: its orders are in the journal, screen 7");
    else if (status->kill_total == 0)
        text_print(sum, sizeof(sum), "no order of ours was open");
    else
        text_print(sum, sizeof(sum), "%u of %u known cancelled%s", status->kill_confirmed, status->kill_total,
                   more);
    canvas_text_cut(canvas, row, l->main.at + 1, (l->framed ? l->main.cols : l->cols) - 1, STYLE_TEXT, sum);
}

/* The report as text, for the clipboard. */
void kill_report_copy(struct ui *ui)
{
    const struct view_status *status = &ui->frame->status;
    static struct csv csv;
    char head[VIEW_TEXT_MAX + 96];

    if (ui->host.copy == NULL) {
        ui_say(ui, 1, "", "this terminal cannot be given a copy");
        return;
    }
    if (status->kill_before)
        text_print(head, sizeof(head), "killed before this start: %s",
                   status->kill_told[0] != '\0' ? status->kill_told : "nothing more is known");
    else
        text_print(head, sizeof(head), "kill at %s UTC %s: %u of %u cancelled",
                   status->kill_ns == VIEW_NONE ? "-" : number_clock_ms(status->kill_ns).text,
                   status->state_why, status->kill_confirmed, status->kill_total);
    csv_begin(&csv, head);
    csv_row(&csv, "id,owner,symbol,side,left,quantity,price,sent_ns,answered_ns,result");
    for (uint32_t i = 0; i < status->kill_orders && i < VIEW_KILLED_MAX; i++) {
        const struct view_kill_order *order = &status->kill_order[i];
        const struct view_instrument *at = instrument_of(ui, order);
        const struct view_scale *scale = at == NULL ? ui_scale(ui) : &at->scale;

        csv_row(&csv, "%s,%s,%s,%s,%s,%s,%s,%lld,%lld,%s", number_order_id(order->seq).text,
                ui_owner_name(ui->frame, order->owner), at == NULL ? "" : at->symbol, side_word(order->side),
                number_qty_short(scale, order->left_lots).text, number_qty_short(scale, order->qty_lots).text,
                number_price_short(scale, order->price_ticks).text,
                (long long)(order->sent_ns == VIEW_NONE ? 0 : order->sent_ns),
                (long long)(order->answered_ns == VIEW_NONE ? 0 : order->answered_ns), result_word(order));
    }
    ui->host.copy(ui->host.arg, csv.text, csv.used);
    ui_say(ui, 0, "", "the report was copied");
}
