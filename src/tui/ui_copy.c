/* What a screen lists as CSV: to the terminal's clipboard, or into a file. */
#include "tui/panels.h"
#include "tui/screen_names.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void csv_order(struct csv *csv, const struct ui *ui, const struct view_order *row)
{
    const struct view_scale *scale = scale_of(ui_view(ui), row->instrument_id);
    const struct order *o = &row->order;

    csv_row(csv, "%lld,%s,%s,%s,%s,%s,%s,%s,%s,%s", (long long)o->sent_ns, number_order_id(o->seq).text,
            symbol_of(ui_view(ui), row->instrument_id), ui_owner_name(ui_view(ui), o->intent.owner),
            side_word(o->intent.side), order_type_word(o->intent.type),
            number_qty_short(scale, order_left_lots(o)).text,
            number_qty_short(scale, o->intent.qty_lots).text,
            number_price_short(scale, ui_order_ticks(o)).text, order_state_word(o->state));
}

static void csv_fill(struct csv *csv, const struct ui *ui, const struct view_fill *row)
{
    const struct fill *f = &row->fill;
    const struct view_scale *scale = scale_of(ui_view(ui), f->instrument_id);

    csv_row(csv, "%lld,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s", (long long)f->ts_ns,
            number_order_id(f->order_seq).text, symbol_of(ui_view(ui), f->instrument_id),
            ui_owner_name(ui_view(ui), f->owner), side_word(f->side), f->maker ? "maker" : "taker",
            number_qty_short(scale, f->qty_lots).text, number_price_short(scale, f->price_ticks).text,
            number_trim(f->fee_e8, 8).text, number_trim(f->realised_e8, 8).text,
            row->slippage_e8 == VIEW_NONE ? "" : number_trim(row->slippage_e8, 8).text);
}

static void csv_taker(struct csv *csv, const struct ui *ui, const struct view_taker *t)
{
    const struct view_scale *scale = ui_scale(ui);

    csv_row(csv, "%lld,%s,%s,%s,%u,%d", (long long)t->ts_ns, side_word(t->taker),
            number_price_short(scale, t->price_ticks).text, number_qty_short(scale, t->lots).text, t->prints,
            t->prices);
}

static void csv_event(struct csv *csv, const struct ui *ui, const struct view_book_event *event)
{
    char text[128], quoted[264];

    csv_row(csv, "%lld,%s,%s", (long long)event->ts_ns,
            csv_quoted(list_event_text(event, ui_scale(ui), text, sizeof(text)), quoted, sizeof(quoted)),
            number_fixed(event->confidence_x100, 2, 2, false).text);
}

static void csv_log(struct csv *csv, const struct view_log_line *line)
{
    char quoted[2 * sizeof(line->text) + 8];

    csv_row(csv, "%lld,%s", (long long)line->ts_ns, csv_quoted(line->text, quoted, sizeof(quoted)));
}

static void csv_instrument(struct csv *csv, const struct view_instrument *at)
{
    csv_row(csv, "%s,%s,%s,%s,%s,%s,%s", at->symbol, venue_name(at->venue),
            number_price_short(&at->scale, at->best_ticks[SIDE_BID]).text,
            number_price_short(&at->scale, at->best_ticks[SIDE_ASK]).text,
            number_price_short(&at->scale, at->last_ticks).text, book_state_word(at->book_state),
            number_qty_short(&at->scale, at->position_lots).text);
}

static void csv_index(struct csv *csv, const struct ui *ui, int index, const struct view_log_line *log)
{
    const struct view_lists *lists = &ui_view(ui)->lists;

    switch (ui->list.tab) {
    case TAB_ORDERS:
        csv_order(csv, ui, &lists->order[index]);
        break;
    case TAB_FILLS:
    case TAB_CLOSED:
        csv_fill(csv, ui, &lists->fill[index]);
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

const char *list_csv(const struct ui *ui, struct csv *csv)
{
    static const char *const head[] = {
        "time_ns,id,symbol,owner,side,type,left,quantity,price,state",
        "time_ns,id,symbol,owner,side,liquidity,quantity,price,fee,realised,slippage",
        "time_ns,id,symbol,owner,side,liquidity,quantity,price,fee,realised,slippage",
        "time_ns,taker,price,quantity,prints,prices",
        "time_ns,event,confidence",
        "time_ns,text",
        "symbol,venue,bid,ask,last,book,position"};
    struct view_log_line log[VIEW_LOG_MAX + UI_NOTES_MAX];
    uint16_t index[VIEW_LOG_MAX + UI_NOTES_MAX + VIEW_FILLS_MAX] = {0};
    int count = list_rows(ui, index, (int)(sizeof(index) / sizeof(index[0])));

    assert(ui->list.tab < LIST_TABS);
    list_log(ui, log, VIEW_LOG_MAX + UI_NOTES_MAX);
    csv_begin(csv, head[ui->list.tab]);
    for (int i = 0; i < count; i++)
        csv_index(csv, ui, index[i], log);
    return list_tab_name(ui->list.tab);
}

/* --- where it goes ---------------------------------------------------------------------------------------------- */

/* NULL: this screen lists nothing, and it has been said. */
static const char *make_csv(struct ui *ui, struct csv *csv)
{
    const struct ui_screen *screen = ui_screen_of(ui->screen);

    if (ui_view(ui) != NULL && screen->csv != NULL)
        return screen->csv(ui, csv);
    ui_say(ui, 1, "", ui_view(ui) == NULL ? "there is nothing to list yet" : "screen %d %s lists nothing",
           (int)ui->screen, ui_screen_name(ui->screen));
    return NULL;
}

void ui_copy(struct ui *ui)
{
    static struct csv csv = {.most = CSV_COPY_MAX};
    const char *what;

    if (ui->host.copy == NULL) {
        ui_say(ui, 1, "", "this terminal cannot be given a copy");
        return;
    }
    what = make_csv(ui, &csv);
    if (what == NULL)
        return;
    ui->host.copy(ui->host.arg, csv.text, csv.used);
    ui_say(ui, csv.cut ? 2 : 0, "", "%d row%s of %s copied as CSV%s", csv.rows, csv.rows == 1 ? "" : "s",
           what, csv.cut ? "; the rest has no room there, :export writes a file" : "");
}

void ui_export(struct ui *ui, const char *name)
{
    static struct csv csv;
    char why[VIEW_TEXT_MAX] = "";
    const char *what;

    if (ui->host.save == NULL) {
        ui_say(ui, 1, "", "this screen cannot write files");
        return;
    }
    what = make_csv(ui, &csv);
    if (what == NULL)
        return;
    if (!ui->host.save(ui->host.arg, name, what, csv.text, csv.used, why, sizeof(why))) {
        ui_say(ui, 1, "NO FILE", "%s", why);
        return;
    }
    ui->export_rows = csv.rows;
    ui_say(ui, csv.cut ? 2 : 0, "EXPORT", "writing %d row%s of %s%s", csv.rows, csv.rows == 1 ? "" : "s",
           what, csv.cut ? "; the rest has no room" : "");
}

/* Under one's home a path is shorter: it must fit in a row. */
static const char *path_text(const char *path, char *out, size_t size)
{
    const char *home = getenv("HOME");
    size_t length = home == NULL ? 0 : strlen(home);

    if (length > 1 && strncmp(path, home, length) == 0 && path[length] == '/')
        return text_print(out, size, "~%s", path + length);
    return text_print(out, size, "%s", path);
}

void ui_saved(struct ui *ui, bool written, const char *text, int64_t now_ns)
{
    char path[VIEW_TEXT_MAX];

    ui->now_ns = now_ns;
    if (written)
        ui_say(ui, 0, "EXPORT", "%d row%s: %s", ui->export_rows, ui->export_rows == 1 ? "" : "s",
               path_text(text, path, sizeof(path)));
    else
        ui_say(ui, 1, "NO FILE", "%s", text);
    ui_note(ui, written ? 1 : 2, "%s%s", written ? "exported to " : "not exported: ",
            written ? path_text(text, path, sizeof(path)) : text);
    ui->changed = true;
}
