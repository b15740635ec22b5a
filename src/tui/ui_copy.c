/* The list that is shown as CSV for the terminal's clipboard. */
#include "tui/ui_state.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COPY_MAX 24576

struct csv {
    char *text;
    size_t size, used;
};

static void csv_line(struct csv *csv, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A line that does not fit whole is left out. */
static void csv_line(struct csv *csv, const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(csv->text + csv->used, csv->size - csv->used, format, args);
    va_end(args);
    if (length > 0 && csv->used + (size_t)length < csv->size)
        csv->used += (size_t)length;
    csv->text[csv->used] = '\0';
}

static void csv_order(struct csv *csv, const struct ui *ui, const struct order *o)
{
    const struct view_scale *scale = ui_scale(ui);

    csv_line(csv, "%lld,%s,%s,%s,%s,%s,%s,%s,%s\n", (long long)o->sent_ns, number_order_id(o->seq).text,
             ui_owner_name(ui_view(ui), o->intent.owner), side_word(o->intent.side),
             order_type_word(o->intent.type), number_qty_short(scale, order_left_lots(o)).text,
             number_qty_short(scale, o->intent.qty_lots).text,
             number_price_short(scale, ui_order_ticks(o)).text, order_state_word(o->state));
}

static void csv_fill(struct csv *csv, const struct ui *ui, const struct fill *f)
{
    const struct view_scale *scale = ui_scale(ui);

    csv_line(csv, "%lld,%s,%s,%s,%s,%s,%s,%s,%s\n", (long long)f->ts_ns, number_order_id(f->order_seq).text,
             ui_owner_name(ui_view(ui), f->owner), side_word(f->side), f->maker ? "maker" : "taker",
             number_qty_short(scale, f->qty_lots).text, number_price_short(scale, f->price_ticks).text,
             number_trim(f->fee_e8, 8).text, number_trim(f->realised_e8, 8).text);
}

static void csv_taker(struct csv *csv, const struct ui *ui, const struct view_taker *t)
{
    const struct view_scale *scale = ui_scale(ui);

    csv_line(csv, "%lld,%s,%s,%s,%u,%d\n", (long long)t->ts_ns, side_word(t->taker),
             number_price_short(scale, t->price_ticks).text, number_qty_short(scale, t->lots).text, t->prints,
             t->prices);
}

static void csv_event(struct csv *csv, const struct ui *ui, const struct view_book_event *event)
{
    char text[128];

    csv_line(csv, "%lld,\"%s\",%s\n", (long long)event->ts_ns,
             list_event_text(event, ui_scale(ui), text, sizeof(text)),
             number_fixed(event->confidence_x100, 2, 2, false).text);
}

static void csv_log(struct csv *csv, const struct view_log_line *line)
{
    char text[128];

    text_print(text, sizeof(text), "%s", line->text);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '"' ? '\'' : *c;
    csv_line(csv, "%lld,\"%s\"\n", (long long)line->ts_ns, text);
}

static void csv_instrument(struct csv *csv, const struct view_instrument *at)
{
    csv_line(csv, "%s,%s,%s,%s,%s,%s,%s\n", at->symbol, venue_name(at->venue),
             number_price_short(&at->scale, at->best_ticks[SIDE_BID]).text,
             number_price_short(&at->scale, at->best_ticks[SIDE_ASK]).text,
             number_price_short(&at->scale, at->last_ticks).text, book_state_word(at->book_state),
             number_qty_short(&at->scale, at->position_lots).text);
}

static void csv_row(struct csv *csv, const struct ui *ui, int index, const struct view_log_line *log)
{
    const struct view_lists *lists = &ui_view(ui)->lists;

    switch (ui->list.tab) {
    case TAB_ORDERS:
        csv_order(csv, ui, &lists->order[index].order);
        break;
    case TAB_FILLS:
    case TAB_CLOSED:
        csv_fill(csv, ui, &lists->fill[index].fill);
        break;
    case TAB_TAPE:
        csv_taker(csv, ui, &lists->taker[index]);
        break;
    case TAB_EVENTS:
        csv_event(csv, ui, &lists->event[index]);
        break;
    case TAB_LOG:
        csv_log(csv, &log[index]);
        break;
    case TAB_WATCH:
        csv_instrument(csv, &ui_view(ui)->status.instrument[index]);
        break;
    case LIST_TABS:
        break;
    }
}

void list_copy(struct ui *ui)
{
    static const char *const head[] = {"time_ns,id,owner,side,type,left,quantity,price,state\n",
                                       "time_ns,id,owner,side,liquidity,quantity,price,fee,realised\n",
                                       "time_ns,id,owner,side,liquidity,quantity,price,fee,realised\n",
                                       "time_ns,taker,price,quantity,prints,prices\n",
                                       "time_ns,event,confidence\n",
                                       "time_ns,text\n",
                                       "symbol,venue,bid,ask,last,book,position\n"};
    struct view_log_line log[VIEW_LOG_MAX + UI_NOTES_MAX];
    uint16_t index[VIEW_LOG_MAX + UI_NOTES_MAX + VIEW_FILLS_MAX] = {0};
    static char text[COPY_MAX];
    struct csv csv = {text, sizeof(text), 0};
    int count = list_rows(ui, index, (int)(sizeof(index) / sizeof(index[0])));

    if (ui->host.copy == NULL) {
        ui_say(ui, 1, "", "this terminal cannot be given a copy");
        return;
    }
    assert(ui->list.tab < LIST_TABS);
    list_log(ui, log, VIEW_LOG_MAX + UI_NOTES_MAX);
    csv_line(&csv, "%s", head[ui->list.tab]);
    for (int i = 0; i < count; i++)
        csv_row(&csv, ui, index[i], log);
    ui->host.copy(ui->host.arg, text, csv.used);
    ui_say(ui, 0, "", "%d row%s of %s copied as CSV", count, count == 1 ? "" : "s",
           list_tab_name(ui->list.tab));
}
