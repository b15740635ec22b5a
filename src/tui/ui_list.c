/* The blotter's state: tab, chosen row, filter, order of rows; copies and details. */
#include "core/base/decimal.h"
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

/* Numbers of enum book_event_kind (core/signal), which tui may not include; view.h says they are the same. */
enum { EVENT_ABSORBED, EVENT_PULLED, EVENT_WALL, EVENT_STACKED, EVENT_SHIFT, EVENT_SWEEP };

const char *list_tab_name(enum list_tab tab)
{
    static const char *const name[] = {"orders", "fills", "closed", "tape", "events", "log", "watch"};

    return tab < LIST_TABS ? name[tab] : "?";
}

/* "ABSORBED bid 61830 2.16 sold, held": the word in 8 columns, a blank, the rest. */
struct number_text list_event_price(const struct view_book_event *event, const struct view_scale *scale,
                                    int64_t row_ticks, bool rough)
{
    int64_t price_e8 = number_price_e8(scale, event->price_ticks);

    if (!rough || row_ticks <= 0 || event->price_ticks == VIEW_NONE)
        return number_price_short(scale, event->price_ticks);
    return number_fixed(price_e8, DECIMAL_E8_DIGITS,
                        decimal_places(number_price_e8(scale, row_ticks), DECIMAL_E8_DIGITS), false);
}

static const char *gone_word(const struct view_book_event *event)
{
    return event->ratio_to_x100 >= 50 ? "taken" : "pulled";
}

/* The word in eight columns, a blank, then where and how much; brief leaves out what the word says already. */
static void event_text(const struct view_book_event *event, const struct view_scale *scale, const char *price,
                       bool brief, char *out, size_t size)
{
    const char *side = event->side == SIDE_BID ? "bid" : "ask";
    struct number_text lots = number_qty_fit(scale, event->lots, 2, 7);

    switch (event->kind) {
    case EVENT_ABSORBED:
        text_print(out, size, "ABSORBED %s %s %s %s%s", side, price, lots.text,
                   event->side == SIDE_BID ? "sold" : "bought", brief ? "" : ", held");
        break;
    case EVENT_PULLED:
        text_print(out, size, "PULLED   %s %s -%d %% in %ss", side, price, event->ratio_x100,
                   number_fixed(event->span_ms, 3, 1, false).text);
        break;
    case EVENT_WALL:
        if (event->ratio_x100 == 0) { /* told before, and gone since */
            if (brief)
                text_print(out, size, "WALL     %s %s gone, %s", side, price, gone_word(event));
            else
                text_print(out, size, "WALL     %s %s %s gone, %s after %s", side, price, lots.text,
                           gone_word(event), number_age_short(event->span_ms * UI_MILLI_NS).text);
            break;
        }
        text_print(out, size, brief ? "WALL     %s %s %s, %sx" : "WALL     %s %s %s, %sx usual", side, price,
                   lots.text, number_fixed(event->ratio_x100, 2, 0, false).text);
        break;
    case EVENT_STACKED:
        text_print(out, size, brief ? "STACKED  %s %s +%s %ss" : "STACKED  %s %s +%s net %ss", side, price,
                   lots.text, number_fixed(event->span_ms, 3, 0, false).text);
        break;
    case EVENT_SHIFT:
        text_print(out, size, brief ? "SHIFT    far %s to %s" : "SHIFT    far 10bp  %s to %s",
                   number_fixed(event->ratio_x100, 2, 2, true).text,
                   number_fixed(event->ratio_to_x100, 2, 2, true).text);
        break;
    case EVENT_SWEEP:
        text_print(out, size, brief ? "SWEEP    %s x%d %s in %lld ms" : "SWEEP    %s x%d    %s in %lld ms",
                   side, event->prices, lots.text, (long long)event->span_ms);
        break;
    default:
        text_print(out, size, "?        %s %s", side, price);
    }
}

const char *list_event_text(const struct view_book_event *event, const struct view_scale *scale, char *out,
                            size_t size)
{
    event_text(event, scale, list_event_price(event, scale, 0, false).text, false, out, size);
    return out;
}

const char *list_event_fit(const struct view_book_event *event, const struct view_scale *scale,
                           int64_t row_ticks, int cols, char *out, size_t size)
{
    struct number_text price = list_event_price(event, scale, row_ticks, true);
    const char *side = event->side == SIDE_BID ? "bid" : "ask";
    char word[10];

    for (int form = 0; form < 3; form++) {
        event_text(event, scale, form > 0 ? price.text : list_event_price(event, scale, 0, false).text,
                   form > 1, out, size);
        if ((int)strlen(out) <= cols)
            return out;
    }
    text_print(word, sizeof(word), "%.9s", out); /* where alone; how much stands in the list */
    if (event->kind == EVENT_SHIFT)
        text_print(out, size, "%sto %s", word, number_fixed(event->ratio_to_x100, 2, 2, true).text);
    else if (event->kind == EVENT_SWEEP)
        text_print(out, size, "%s%s x%d", word, side, event->prices);
    else if (event->kind == EVENT_WALL && event->ratio_x100 == 0)
        text_print(out, size, "%sgone %s %s", word, side, price.text);
    else
        text_print(out, size, "%s%s %s", word, side, price.text);
    return out;
}

int list_log(const struct ui *ui, struct view_log_line *out, int max)
{
    const struct view_frame *frame = ui_view(ui);
    int mine = 0, theirs = 0, count = 0;

    while (frame != NULL && count < max && (mine < ui->notes || theirs < frame->lists.log_lines)) {
        bool local = theirs >= frame->lists.log_lines || theirs >= VIEW_LOG_MAX ||
                     (mine < ui->notes && ui->note[mine].ts_ns >= frame->lists.log[theirs].ts_ns);

        if (local && mine >= ui->notes)
            break;
        out[count++] = local ? ui->note[mine++] : frame->lists.log[theirs++];
    }
    return count;
}

/* The words a filter looks at: instrument, id, owner, side, state, price, text. */
static bool matches(const struct ui *ui, int index, const struct view_log_line *log)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_lists *lists = &frame->lists;
    char text[160] = "";

    if (ui->list.filter[0] == '\0')
        return true;
    switch (ui->list.tab) {
    case TAB_ORDERS: {
        const struct order *order = &lists->order[index].order;

        text_print(
            text, sizeof(text), "%s %s %s %s %s %s %s", symbol_of(frame, lists->order[index].instrument_id),
            number_order_id(order->seq).text, ui_owner_name(frame, order->intent.owner),
            side_word(order->intent.side), order_type_word(order->intent.type),
            order_state_word(order->state),
            number_price(scale_of(frame, lists->order[index].instrument_id), ui_order_ticks(order)).text);
        break;
    }
    case TAB_FILLS:
    case TAB_CLOSED: {
        const struct fill *fill = &lists->fill[index].fill;

        text_print(text, sizeof(text), "%s %s %s %s %s %s", symbol_of(frame, fill->instrument_id),
                   number_order_id(fill->order_seq).text, ui_owner_name(frame, fill->owner),
                   side_word(fill->side), fill->maker ? "maker" : "taker",
                   number_price(scale_of(frame, fill->instrument_id), fill->price_ticks).text);
        break;
    }
    case TAB_TAPE: { /* a figure is a least size, as the tape's filter */
        int64_t least;

        if (decimal_parse(ui->list.filter, strlen(ui->list.filter), 8, &least) == ERR_OK)
            return number_qty_e8(ui_scale(ui), lists->taker[index].lots) >= least;
        text_print(text, sizeof(text), "%s", side_word(lists->taker[index].taker));
        break;
    }
    case TAB_EVENTS:
        list_event_text(&lists->event[index], ui_scale(ui), text, sizeof(text));
        break;
    case TAB_LOG:
        text_print(text, sizeof(text), "%s", log[index].text);
        break;
    case TAB_WATCH:
        text_print(text, sizeof(text), "%s %s", frame->status.instrument[index].symbol,
                   book_state_word(frame->status.instrument[index].book_state));
        break;
    case LIST_TABS:
        break;
    }
    return strcasestr(text, ui->list.filter) != NULL;
}

static int tab_size(const struct ui *ui, int log_lines)
{
    const struct view_lists *lists = &ui_view(ui)->lists;

    switch (ui->list.tab) {
    case TAB_ORDERS:
        return lists->orders < VIEW_ORDERS_MAX ? lists->orders : VIEW_ORDERS_MAX;
    case TAB_FILLS:
    case TAB_CLOSED:
        return lists->fills < VIEW_FILLS_MAX ? lists->fills : VIEW_FILLS_MAX;
    case TAB_TAPE:
        return lists->takers < VIEW_TAPE_MAX ? lists->takers : VIEW_TAPE_MAX;
    case TAB_EVENTS:
        return lists->events < VIEW_EVENTS_MAX ? lists->events : VIEW_EVENTS_MAX;
    case TAB_LOG:
        return log_lines;
    case TAB_WATCH:
        return ui_view(ui)->status.instruments;
    case LIST_TABS:
        break;
    }
    return 0;
}

int list_rows(const struct ui *ui, uint16_t *index, int max)
{
    struct view_log_line log[VIEW_LOG_MAX + UI_NOTES_MAX];
    int size, count = 0;

    if (ui_view(ui) == NULL)
        return 0;
    size = tab_size(ui, ui->list.tab == TAB_LOG ? list_log(ui, log, VIEW_LOG_MAX + UI_NOTES_MAX) : 0);
    for (int i = 0; i < size && count < max; i++) {
        int at = count;

        if (ui->list.tab == TAB_CLOSED && ui_view(ui)->lists.fill[i].fill.realised_e8 == 0)
            continue;
        if (!matches(ui, i, log))
            continue;
        while (at > 0 && list_row_before(ui, (uint16_t)i, index[at - 1])) {
            index[at] = index[at - 1];
            at--;
        }
        index[at] = (uint16_t)i;
        count++;
    }
    return count;
}

int list_count(const struct ui *ui)
{
    uint16_t index[VIEW_LOG_MAX + UI_NOTES_MAX + VIEW_FILLS_MAX];

    return list_rows(ui, index, (int)(sizeof(index) / sizeof(index[0])));
}

void list_move(struct ui *ui, int rows)
{
    int count = list_count(ui), to = ui->list.row + rows;

    if (count == 0) {
        ui_say(ui, 1, "", "nothing in this list");
        return;
    }
    ui->list.row = (uint16_t)(to < 0 ? 0 : to >= count ? count - 1 : to);
    list_keep_in_sight(ui);
    list_choose(ui);
    if (to < 0 || to >= count)
        ui_say(ui, 0, "", to < 0 ? "first row" : "last row");
}

void list_end(struct ui *ui, bool last)
{
    list_move(ui, last ? 10000 : -10000);
}

void list_show(struct ui *ui, enum list_tab tab)
{
    ui->kill_list = ui_killed(ui) && ui->kill_report; /* over the report */
    ui->list.tab = tab;
    ui->list.sort = 0;
    ui->list.turned = false;
    ui->list.filter[0] = '\0';
    list_home(ui);
}

void list_tab_step(struct ui *ui, int direction)
{
    if (ui_killed(ui) && ui->kill_report) { /* the report stands before the first tab */
        int to = ui->kill_list ? (int)ui->list.tab + direction : direction > 0 ? 0 : LIST_TABS - 1;

        ui->kill_list = to >= 0 && to < LIST_TABS;
        ui->list.tab = (enum list_tab)(ui->kill_list ? to : 0);
        list_home(ui);
        return;
    }
    list_show(ui, (enum list_tab)(((int)ui->list.tab + direction + LIST_TABS) % LIST_TABS));
}
