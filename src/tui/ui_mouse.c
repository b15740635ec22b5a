/* Clicks: a price takes the cursor, an armed click in a size column orders, a right click on ours cancels. */
#include "tui/ui_state.h"
#include "tui/zoom.h"

static bool in_span(struct span span, int col)
{
    return span.cols > 0 && col >= span.at && col < span_end(span);
}

static bool on_sizes(const struct ladder_columns *c, int col, enum side *side)
{
    *side = col < c->price.at ? SIDE_BID : SIDE_ASK;
    return in_span(c->bid, col) || in_span(c->ask, col) || in_span(c->bar_bid, col) ||
           in_span(c->bar_ask, col);
}

static void click_ladder(struct ui *ui, const struct key_event *key, int row)
{
    const struct view_ladder *ladder = &ui_view(ui)->ladder;
    enum side side;
    bool sizes;

    if (row >= ladder->rows || !ui_picture_came(ui)) /* a price of another instrument aims at nothing here */
        return;
    sizes = on_sizes(&ui->layout.ladder, key->col, &side);
    if (!ui->moving && !in_span(ui->layout.ladder.price, key->col))
        ui->ladder.side = side;
    ui->ladder.cursor_ticks = ladder->row[row].price_ticks;
    ui->ladder.cursor_set = ui->ladder.aimed = true;
    ui->ladder.cursor_exact = false;
    ui->focus = FOCUS_LADDER;
    if (key->button == MOUSE_RIGHT)
        order_cancel_here(ui);
    else if (sizes && ui->armed && !ui->moving)
        order_key(ui, ORDER_LIMIT);
}

/* A row of the list of instruments shows its instrument; elsewhere it is chosen. */
static void click_list(struct ui *ui, int row)
{
    int head = ui->layout.framed && ui->layout.list_rows > 2 ? 1 : 0, first = list_first_row(ui);

    ui->focus = FOCUS_LIST;
    ui->list.top = (uint16_t)first;
    if (row >= head && first + row - head < list_count(ui)) {
        ui->list.row = (uint16_t)(first + row - head);
        list_choose(ui);
        if (ui->list.tab == TAB_WATCH)
            list_detail(ui);
    }
}

static void wheel(struct ui *ui, int rows)
{
    if (ui->focus == FOCUS_PANEL) {
        ui_act(ui, rows > 0 ? ACT_UP : ACT_DOWN);
        return;
    }
    const struct view_ladder *ladder = &ui_view(ui)->ladder;

    if (ui->focus == FOCUS_LIST) {
        list_move(ui, -rows);
        return;
    }
    if (ladder->levels_only) {
        ladder_move_cursor(ui, rows);
        return;
    }
    if (!ui_picture_came(ui))
        return;
    ladder_scrolled(ui);
    if (ladder->rows > 0 && ladder->row_ticks > 0 &&
        ladder->row[0].price_ticks + rows * ladder->row_ticks > 0)
        ui->ladder.top_ticks = ladder->row[0].price_ticks + rows * ladder->row_ticks;
}

/* Off, the terminal has it: to select text, to paste. */
void mouse_set(struct ui *ui, bool on)
{
    ui->config.mouse = on;
    if (ui->host.mouse != NULL)
        ui->host.mouse(ui->host.arg, on);
}

void ui_mouse(struct ui *ui, const struct key_event *key)
{
    const struct layout *l = &ui->layout;
    struct span list =
        l->framed ? l->main : (struct span){0, l->cols}; /* narrow: rows go from edge to edge */

    if (key->action != MOUSE_PRESS || ui->overlay != OVERLAY_NONE)
        return;
    if (ui->screen != SCREEN_TRADE) { /* the wheel moves the choice, other clicks mean nothing there */
        if (key->button == MOUSE_WHEEL_UP || key->button == MOUSE_WHEEL_DOWN)
            ui_act(ui, key->button == MOUSE_WHEEL_UP ? ACT_UP : ACT_DOWN);
        return;
    }
    if (key->button == MOUSE_WHEEL_UP || key->button == MOUSE_WHEEL_DOWN)
        wheel(ui, key->button == MOUSE_WHEEL_UP ? 3 : -3);
    else if (key->button == MOUSE_MIDDLE)
        ui_act(ui, ACT_CENTRE);
    else if (key->button != MOUSE_LEFT && key->button != MOUSE_RIGHT)
        return;
    else if (in_span(l->main, key->col) && key->row >= l->ladder_row &&
             key->row < l->ladder_row + l->ladder_rows)
        click_ladder(ui, key, key->row - l->ladder_row);
    else if (in_span(l->main, key->col) && key->row == l->tabs_row && layout_zooms_panel(ui->zoom))
        zoom_act(ui, ACT_TAB_NEXT);
    else if (in_span(l->main, key->col) && key->row == l->tabs_row)
        list_tab_step(ui, 1);
    else if (in_span(list, key->col) && key->row >= l->list_row && key->row < l->list_row + l->list_rows &&
             layout_zooms_panel(ui->zoom))
        zoom_click(ui, key->row - l->list_row);
    else if (in_span(list, key->col) && key->row >= l->list_row && key->row < l->list_row + l->list_rows)
        click_list(ui, key->row - l->list_row);
}
