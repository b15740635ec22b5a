/*
 * The blotter: tabs, then rows of the tab that has been chosen; when wide, fills stand under the orders.
 * Rows of orders and fills are drawn in trade_row.c.
 */
#include "core/base/safe_text.h"
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

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
    brush_cut(&pen, span_end(span));
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
    text_print(text, sizeof(text), "  confidence %s", number_fixed(event->confidence_x100, 2, 2, false).text);
    if (pen.col + (int)strlen(text) > span_end(span)) /* the figure alone, as beside the ladder */
        text_print(text, sizeof(text), "  %s",
                   number_bare(number_fixed(event->confidence_x100, 2, 2, false)).text);
    brush_text(&pen, STYLE_DIM, text);
    brush_cut(&pen, span_end(span));
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

/* Which rows, in which order, and the way out, as far as there is room up to column end. */
static void chosen_rows_draw(struct brush *pen, const struct ui *ui, int end)
{
    const char *out = ui->zoom == ZOOM_LIST ? "  v panels" : "  v ladder";
    char text[UI_FIELD_MAX + 32] = "";

    if (ui->list.filter[0] != '\0')
        text_print(text, sizeof(text), "  /%s", ui->list.filter);
    if (list_sort_word(ui) != NULL && !ui->layout.framed) /* else its head is marked */
        text_print(text + strlen(text), sizeof(text) - strlen(text), "  by %s%s", list_sort_word(ui),
                   list_sort_mark(ui));
    canvas_text_cut(pen->canvas, pen->row, pen->col, end - pen->col, style_bold(STYLE_WARNING), text);
    pen->col += (int)safe_text_columns(text);
    if (ui->focus == FOCUS_LIST && pen->col + (int)strlen(out) < end)
        brush_text(pen, STYLE_DIM, out);
    if (pen->col < end)
        brush_text(pen, STYLE_TEXT, " ");
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
        else if (tab == TAB_WATCH)
            text_print(text, sizeof(text), "watch %u", frame->status.instruments);
        if (tab != TAB_ORDERS)
            brush_text(&pen, STYLE_DIM, "  ");
        brush_printf(&pen, style, on ? "[%s]" : "%s", text);
    }
    chosen_rows_draw(&pen, ui, l->framed ? span_end(l->main) - 1 : l->cols);
}

/* The heads of rows that name their instrument. NULL: rows of this tab never do. */
static const char *named_head_text(enum list_tab tab, bool wide)
{
    if (tab == TAB_ORDERS)
        return wide ? " time  symbol  id      owner  side type          left/quantity      price    away     "
                      " ahead   age  state"
                    : " time  base owner  side  left/qty    price   away     ahead  age state";
    if (tab == TAB_FILLS || tab == TAB_CLOSED)
        return wide ? " fills symbol  id      owner  side liquidity          quantity      price     fee   "
                      "slip/mid   closed"
                    : " time  base owner  side as        qty    price     fee   slip  closed";
    return NULL;
}

/* The heads stand as in the pictures of the design. */
static const char *head_text(const struct ui *ui, enum list_tab tab, bool wide)
{
    const char *named = list_names_instruments(ui) ? named_head_text(tab, wide) : NULL;

    if (named != NULL)
        return named;
    switch (tab) {
    case TAB_ORDERS:
        return wide ? " time         id       owner  side type          left/quantity      price    away     "
                      " ahead   age  state"
                    : " time     owner  side left/quantity    price   away     ahead  age state";
    case TAB_FILLS:
    case TAB_CLOSED:
        return wide ? " fills        id       owner  side liquidity          quantity      price     fee   "
                      "slip/mid   closed"
                    : " time     owner  side as     quantity    price     fee   slip  closed";
    case TAB_TAPE:
        return " time           price           size  one row a taker order";
    case TAB_EVENTS:
        return " time       age event";
    case TAB_LOG:
        return " time     what happened";
    case TAB_WATCH: /* its columns are as wide as its prices */
    case LIST_TABS:
        break;
    }
    return "";
}

/* The head of the column that rows are sorted by stands bright, with a mark where there is room for one. */
static void head_draw(struct canvas *canvas, const struct ui *ui, int row, struct span span)
{
    const char *head = head_text(ui, ui->list.tab, list_is_wide(span)), *sort = list_sort_word(ui), *at;
    int col, cols;

    canvas_text_cut(canvas, row, span.at, span.cols, STYLE_DIM, head);
    if (sort == NULL)
        return;
    if (strcmp(sort, "size") == 0)
        sort = strstr(head, "quantity") != NULL ? "quantity" : strstr(head, "qty") != NULL ? "qty" : sort;
    else if (strcmp(sort, "slippage") == 0)
        sort = "slip";
    else if (strcmp(sort, "time") == 0 && strstr(head, sort) == NULL)
        sort = "fills"; /* the head of their times says first what they are */
    at = strstr(head, sort);
    if (at == NULL)
        return;
    col = span.at + (int)(at - head); /* heads are plain letters */
    cols = (int)strlen(sort);
    if (col + cols >= span_end(span))
        return;
    canvas_text(canvas, row, col, style_bold(STYLE_BRIGHT), sort);
    if (at[cols] == ' ' || at[cols] == '\0')
        canvas_text(canvas, row, col + cols, style_bold(STYLE_BRIGHT), list_sort_mark(ui));
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
    case TAB_WATCH:
        watch_row_draw(canvas, ui, row, span, index);
        break;
    case LIST_TABS:
        break;
    }
}

static const char *empty_text(const struct ui *ui)
{
    if (ui->list.filter[0] != '\0')
        return "nothing matches; " KEY("Esc") " clears the filter";
    switch (ui->list.tab) {
    case TAB_ORDERS:
        return ui->frame->status.mode == MODE_OBSERVATION
                   ? "observation sends no orders; " KEY("s") " trades on paper"
                   : "no order yet; " KEY("i") " sends one from the cursor";
    case TAB_FILLS:
        return "no fill yet";
    case TAB_CLOSED:
        return "nothing closed yet";
    case TAB_TAPE:
        return "no trade yet";
    case TAB_EVENTS:
        return "no book event yet";
    case TAB_LOG:
    case TAB_WATCH:
    case LIST_TABS:
        break;
    }
    return "nothing yet";
}

/* Wide screens and enlarged lists have room for the fills under the orders. */
static bool has_fills_below(const struct ui *ui)
{
    return ui->list.tab == TAB_ORDERS && (ui->layout.wide || list_is_wide(ui->layout.main));
}

/* Under the orders: the newest fills with a head of their own, which says first what they are. */
static void fills_below(struct canvas *canvas, const struct ui *ui, int row, int end)
{
    const struct view_lists *lists = &ui_view(ui)->lists;
    int at = ui->layout.main.at;

    if (!has_fills_below(ui) || end - row < 2 || lists->fills == 0)
        return;
    canvas_text(canvas, row, at, STYLE_DIM, head_text(ui, TAB_FILLS, list_is_wide(ui->layout.main)));
    canvas_text(canvas, row++, at + 1, STYLE_DIM, "fills");
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
    char empty[96];

    list_log(ui, log, VIEW_LOG_MAX + UI_NOTES_MAX);
    tabs_draw(canvas, ui);
    if (l->framed && l->list_rows > 2 && ui->list.tab == TAB_WATCH)
        watch_head_draw(canvas, ui, row++);
    else if (l->framed && l->list_rows > 2)
        head_draw(canvas, ui, row++, l->main);
    if (count == 0)
        canvas_text_cut(canvas, row++, l->main.at + 1, l->main.cols - 2, STYLE_DIM,
                        ui_with_keys(ui, empty_text(ui), empty, sizeof(empty)));
    if (has_fills_below(ui) && ui->focus != FOCUS_LIST) { /* open ones; the fills follow */
        const struct view_lists *lists = &ui_view(ui)->lists;

        for (int i = 0; i < count; i++)
            open += order_is_open(&lists->order[index[i]].order);
        count = open > 0 ? open : count;
    }
    for (int i = list_first_row(ui); i < count && row < end; i++, row++) {
        row_draw(canvas, ui, row, index[i], log);
        if (ui->focus == FOCUS_LIST && i == ui->list.row)
            canvas_background(canvas, row, l->main.at, 1, l->framed ? l->main.cols : l->cols, ROLE_SELECTED);
    }
    fills_below(canvas, ui, row, end);
}
