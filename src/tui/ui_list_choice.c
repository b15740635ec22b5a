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
    const struct fill *fill = &lists->fill[index].fill;
    const struct view_taker *taker = &lists->taker[index];
    const struct view_book_event *event = &lists->event[index];

    switch (ui->list.tab) {
    case TAB_ORDERS:
        return (struct list_mark){(int64_t)lists->order[index].order.seq, 0};
    case TAB_FILLS:
    case TAB_CLOSED:
        return (struct list_mark){fill->ts_ns, mixed((int64_t)fill->order_seq, fill->qty_lots)};
    case TAB_TAPE:
        return (struct list_mark){taker->ts_ns, mixed(taker->price_ticks, taker->lots)};
    case TAB_EVENTS:
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

void list_choose(struct ui *ui)
{
    uint16_t index[VIEW_LOG_MAX + UI_NOTES_MAX + VIEW_FILLS_MAX];
    struct view_log_line log[VIEW_LOG_MAX + UI_NOTES_MAX];
    int count = list_rows(ui, index, (int)(sizeof(index) / sizeof(index[0])));

    ui->list.chosen = (struct list_mark){0, 0};
    if (ui->list.row >= count || (ui->list.row == 0 && is_followed(ui)))
        return;
    if (ui->list.tab == TAB_LOG)
        list_log(ui, log, VIEW_LOG_MAX + UI_NOTES_MAX);
    ui->list.chosen = mark_of(ui, index[ui->list.row], log);
}

/* The nearest place of what was chosen; -1: it is no longer there. */
static int place_of_chosen(const struct ui *ui)
{
    uint16_t index[VIEW_LOG_MAX + UI_NOTES_MAX + VIEW_FILLS_MAX];
    struct view_log_line log[VIEW_LOG_MAX + UI_NOTES_MAX];
    int count = list_rows(ui, index, (int)(sizeof(index) / sizeof(index[0]))), best = -1;

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

void list_on_frame(struct ui *ui)
{
    int place, top;

    if (ui->list.chosen.first == 0)
        return;
    place = place_of_chosen(ui);
    if (place < 0 || place == ui->list.row) /* gone: nothing is chosen in its stead */
        return;
    top = ui->list.top + place - ui->list.row; /* at the same height of the screen */
    ui->list.top = (uint16_t)(top > 0 ? top : 0);
    ui->list.row = (uint16_t)place;
    list_keep_in_sight(ui);
}

void list_home(struct ui *ui)
{
    ui->list.row = ui->list.top = 0;
    ui->list.chosen = (struct list_mark){0, 0};
}

const struct view_order *list_order(const struct ui *ui)
{
    uint16_t index[VIEW_LOG_MAX + UI_NOTES_MAX + VIEW_FILLS_MAX];
    int count = list_rows(ui, index, (int)(sizeof(index) / sizeof(index[0]))), row = ui->list.row;

    if (ui->list.tab != TAB_ORDERS)
        return NULL;
    if (ui->list.chosen.first != 0)
        row = place_of_chosen(ui);
    return row >= 0 && row < count ? &ui_view(ui)->lists.order[index[row]] : NULL;
}
