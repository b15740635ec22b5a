/*
 * The chosen row of a list is a thing, not a place: while others come in above it moves down with what it shows, so that a
 * key acts on what is lit. In a list that tells what happens the first row is the newest, whichever that is.
 */
#include "tui/panels.h"

#include <string.h>

static int64_t mixed(int64_t one, int64_t other)
{
    return (int64_t)((uint64_t)one * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)other);
}

static int64_t text_mark(const char *text)
{
    int64_t mark = 0;

    for (; *text != '\0'; text++)
        mark = mixed(mark, *text);
    return mark;
}

/* What tells this row from others of its list; two alike look alike, too. */
static struct list_mark mark_of(const struct ui *ui, uint16_t index, const struct view_log_line *log)
{
    const struct view_lists *lists = &ui_view(ui)->lists;
    const struct fill *fill; /* each list has a length of its own */
    const struct view_taker *taker;
    const struct view_book_event *event;

    switch (ui->list.tab) {
    case TAB_ORDERS:
        return (struct list_mark){(int64_t)lists->order[index].order.seq, 0};
    case TAB_FILLS:
    case TAB_CLOSED:
        fill = &lists->fill[index].fill;
        return (struct list_mark){fill->ts_ns, mixed((int64_t)fill->order_seq, fill->qty_lots)};
    case TAB_TAPE:
        taker = &lists->taker[index];
        return (struct list_mark){taker->ts_ns, mixed(taker->price_ticks, taker->lots)};
    case TAB_EVENTS:
        event = &lists->event[index];
        return (struct list_mark){event->ts_ns, mixed(event->kind, event->price_ticks)};
    case TAB_LOG:
        return (struct list_mark){log[index].ts_ns, text_mark(log[index].text)};
    case TAB_WATCH:
    case LIST_TABS:
        break;
    }
    return (struct list_mark){index + 1, 0};
}

/* A list of what happens, newest first: its first row is followed. */
static bool is_followed(const struct ui *ui)
{
    return ui->list.tab != TAB_ORDERS && ui->list.tab != TAB_WATCH && ui->list.sort == 0;
}

#define ROWS_MAX (VIEW_LOG_MAX + UI_NOTES_MAX + VIEW_FILLS_MAX)
#define MOVED_NS UI_SECOND_NS /* in which a second press of a key still means the order before */

/* Of an order at work enough is kept to know what takes its place. */
static void keep_alive(struct ui *ui, uint16_t index)
{
    const struct view_order *rows = ui_view(ui)->lists.order;

    ui->list.alive = (struct order){.seq = 0};
    if (ui->list.tab == TAB_ORDERS && order_is_open(&rows[index].order))
        ui->list.alive = rows[index].order;
}

void list_choose(struct ui *ui)
{
    uint16_t index[ROWS_MAX];
    struct view_log_line log[VIEW_LOG_MAX + UI_NOTES_MAX];
    int count = list_rows(ui, index, ROWS_MAX);

    ui->list.chosen = (struct list_mark){0, 0};
    ui->list.alive = (struct order){.seq = 0};
    ui->list.moved_ns = 0;
    if (ui->list.row >= count || (ui->list.row == 0 && is_followed(ui)))
        return;
    if (ui->list.tab == TAB_LOG)
        list_log(ui, log, VIEW_LOG_MAX + UI_NOTES_MAX);
    ui->list.chosen = mark_of(ui, index[ui->list.row], log);
    keep_alive(ui, index[ui->list.row]);
}

/* The nearest place of what was chosen; -1: it is no longer there. */
static int place_of_chosen(const struct ui *ui, const uint16_t *index, int count)
{
    struct view_log_line log[VIEW_LOG_MAX + UI_NOTES_MAX];
    int best = -1;

    if (ui->list.chosen.first == 0)
        return -1;
    if (ui->list.tab == TAB_LOG)
        list_log(ui, log, VIEW_LOG_MAX + UI_NOTES_MAX);
    for (int i = 0; i < count; i++) {
        struct list_mark mark = mark_of(ui, index[i], log);
        int off = i - ui->list.row, best_off = best - ui->list.row;

        if (mark.first != ui->list.chosen.first || mark.second != ui->list.chosen.second)
            continue;
        if (best < 0 || off * off < best_off * best_off)
            best = i;
    }
    return best;
}

/*
 * The place of the one order that its strategy put where the chosen one was when it cancelled that: of the same quote or
 * larger order, on the same side, sent after the cancel. -1: there is none, or which one it is cannot be known.
 */
static int place_of_heir(const struct ui *ui, const uint16_t *index, int count)
{
    const struct view_order *rows = ui_view(ui)->lists.order;
    const struct order *was = &ui->list.alive;
    int64_t asked_ns = 0;
    int heir = -1;

    for (int i = 0; i < count; i++)
        if (rows[index[i]].order.seq == was->seq && rows[index[i]].order.state == ORDER_STATE_CANCELLED)
            asked_ns = rows[index[i]].order.asked_ns;
    if (asked_ns == 0 || was->intent.parent == 0 || was->intent.owner == OWNER_MANUAL)
        return -1;
    for (int i = 0; i < count; i++) {
        const struct order *order = &rows[index[i]].order;

        if (order->seq <= was->seq || order->intent.parent != was->intent.parent ||
            order->intent.owner != was->intent.owner || order->intent.side != was->intent.side ||
            order->sent_ns < asked_ns || !order_is_open(order))
            continue;
        if (heir >= 0)
            return -1;
        heir = i;
    }
    return heir;
}

/* Lists of what happens keep the chosen row at its height; in that of orders the newest above stay in sight, too. */
static void go_along(struct ui *ui, int place)
{
    int top = ui->list.top + (ui->list.tab == TAB_ORDERS ? 0 : place - ui->list.row);

    ui->list.top = (uint16_t)(top > 0 ? top : 0);
    ui->list.row = (uint16_t)place;
}

/* An order that has ended goes to where ended ones stand, and from there on down: the choice does not go along. */
static void follow_order(struct ui *ui, const uint16_t *index, int count)
{
    const struct view_order *rows = ui_view(ui)->lists.order;
    int place = place_of_chosen(ui, index, count);
    bool ended = ui->list.alive.seq != 0 && (place < 0 || !order_is_open(&rows[index[place]].order));

    if (place >= 0 && !ended) {
        go_along(ui, place);
        keep_alive(ui, index[place]);
        return;
    }
    if (ended && ui->focus != FOCUS_LIST)
        ui->list.row = ui->list.top = 0; /* nobody sees the place */
    else if (ended && (place = place_of_heir(ui, index, count)) >= 0)
        go_along(ui, place);
    if (ui->list.row >= count)
        ui->list.row = (uint16_t)(count - 1);
    ui->list.chosen = (struct list_mark){0, 0};
    ui->list.alive = (struct order){.seq = 0};
    if (ended)
        ui->list.moved_ns = ui->now_ns;
    if (ui->focus != FOCUS_LIST || !order_is_open(&rows[index[ui->list.row]].order))
        return;
    ui->list.moved_ns = ui->now_ns;
    ui->list.chosen = mark_of(ui, index[ui->list.row], NULL);
    keep_alive(ui, index[ui->list.row]);
}

void list_on_frame(struct ui *ui)
{
    uint16_t index[ROWS_MAX];
    int count = list_rows(ui, index, ROWS_MAX), place;

    if (count == 0) {
        list_home(ui);
        return;
    }
    if (ui->focus != FOCUS_LIST && ui->list.alive.seq == 0) {
        ui->list.row = ui->list.top = 0; /* it shows its beginning, and nothing is lit */
        ui->list.chosen = (struct list_mark){0, 0};
    } else if (ui->list.tab == TAB_ORDERS) {
        follow_order(ui, index, count);
    } else {
        place = place_of_chosen(ui, index, count);
        if (place >= 0)
            go_along(ui, place);
    }
    if (ui->list.row >= count)
        ui->list.row = (uint16_t)(count - 1);
    list_keep_in_sight(ui);
}

static int rows_shown(const struct ui *ui)
{
    int shown = ui->layout.list_rows - (ui->layout.framed && ui->layout.list_rows > 2 ? 1 : 0);

    return shown < 1 ? 1 : shown;
}

void list_keep_in_sight(struct ui *ui)
{
    int shown = rows_shown(ui);

    if (ui->list.row < ui->list.top)
        ui->list.top = ui->list.row;
    if (ui->list.row >= ui->list.top + shown)
        ui->list.top = (uint16_t)(ui->list.row - shown + 1);
}

/* No empty rows under the last one; enlarged and made small again the list stands as before. */
int list_first_row(const struct ui *ui)
{
    int most = list_count(ui) - rows_shown(ui);

    if (ui->focus != FOCUS_LIST || most <= 0)
        return 0;
    return ui->list.top < most ? ui->list.top : most;
}

bool list_just_moved(const struct ui *ui)
{
    return ui->list.moved_ns != 0 && ui->now_ns - ui->list.moved_ns < MOVED_NS;
}

void list_home(struct ui *ui)
{
    ui->list.row = ui->list.top = 0;
    list_choose(ui);
}

const struct view_order *list_order(const struct ui *ui)
{
    uint16_t index[ROWS_MAX];
    int count = list_rows(ui, index, ROWS_MAX);

    if (ui->list.tab != TAB_ORDERS || ui->list.row >= count)
        return NULL;
    return &ui_view(ui)->lists.order[index[ui->list.row]];
}
