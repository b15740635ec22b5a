/* Screen 3: which instrument is chosen, in which order they stand, what is said of one. */
#include "core/base/decimal.h"
#include "tui/ui_screens.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A trend has VIEW_SPARK_MAX points. */
static const struct {
    uint32_t point_s;
    const char *word;
} spans[MARKET_SPANS] = {{15, "15 min"}, {60, "1 h"}, {300, "5 h"}, {900, "15 h"}};

uint32_t market_point_s(const struct ui *ui)
{
    return spans[ui->market.span % MARKET_SPANS].point_s;
}

const char *market_span_word(const struct ui *ui)
{
    return spans[ui->market.span % MARKET_SPANS].word;
}

const char *market_column_name(enum market_column column)
{
    static const char *const name[] = {"instrument", "last",     "24 h",   "trend",    "value",
                                       "spread",     "far 10bp", "vol 1m", "prints/s", "low - high",
                                       "bid",        "ask",      "book",   "position"};

    return column < MARKET_COLUMNS ? name[column] : "?";
}

/* --- order -------------------------------------------------------------------------------------------------- */

/* What is greater stands first, unless turned round; a column without a figure of its own keeps the configuration's order. */
static int64_t sort_key(const struct ui *ui, uint16_t i)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_instrument *at = &frame->status.instrument[i];
    const struct view_market_row *row = &frame->market.row[i];

    switch (ui->market.sort) {
    case MARKET_CHANGE:
        return at->change_bp_x10;
    case MARKET_VALUE:
        return row->value_e8;
    case MARKET_SPREAD:
        return instrument_spread_bp_x100(at);
    case MARKET_IMBALANCE:
        return at->imbalance_known ? at->imbalance_x1000 : VIEW_NONE;
    case MARKET_VOLATILITY:
        return row->volatility_bp_x10;
    case MARKET_PRINTS:
        return row->prints_x10;
    case MARKET_POSITION:
        return at->position_lots == 0
                   ? 0
                   : decimal_mul_div(number_qty_e8(&at->scale, at->position_lots),
                                     number_price_e8(&at->scale, at->last_ticks), DECIMAL_E8);
    case MARKET_SYMBOL:
    case MARKET_LAST:
    case MARKET_TREND:
    case MARKET_RANGE:
    case MARKET_BID:
    case MARKET_ASK:
    case MARKET_BOOK:
    case MARKET_COLUMNS:
        break;
    }
    return 0;
}

static bool can_sort(enum market_column column)
{
    return column == MARKET_SYMBOL || column == MARKET_CHANGE || column == MARKET_VALUE ||
           column == MARKET_SPREAD || column == MARKET_IMBALANCE || column == MARKET_VOLATILITY ||
           column == MARKET_PRINTS || column == MARKET_POSITION;
}

/* What is not known stands last, whichever way round. */
static bool stands_before(const struct ui *ui, uint16_t one, uint16_t other)
{
    int64_t a = sort_key(ui, one), b = sort_key(ui, other);

    if (a == VIEW_NONE || b == VIEW_NONE)
        return a != VIEW_NONE && b == VIEW_NONE;
    return ui->market.turned ? a < b : a > b;
}

int market_rows(const struct ui *ui, uint16_t index[INSTRUMENTS_MAX])
{
    const struct view_frame *frame = ui_view(ui);
    int count = 0;

    for (uint16_t i = 0; i < frame->status.instruments && i < INSTRUMENTS_MAX; i++) {
        int at = count;

        if (strcasestr(frame->status.instrument[i].symbol, ui->market.filter) == NULL)
            continue;
        for (; at > 0 && stands_before(ui, i, index[at - 1]); at--)
            index[at] = index[at - 1];
        index[at] = i;
        count++;
    }
    return count;
}

uint16_t market_chosen(const struct ui *ui)
{
    uint16_t index[INSTRUMENTS_MAX], want = ui->market.chosen_set ? ui->market.chosen : ui->instrument_id;
    int count = market_rows(ui, index);

    for (int i = 0; i < count; i++)
        if (index[i] == want)
            return want;
    return count > 0 ? index[0] : want;
}

/* --- keys --------------------------------------------------------------------------------------------------- */

static void choose(struct ui *ui, int rows)
{
    uint16_t index[INSTRUMENTS_MAX], now = market_chosen(ui);
    int count = market_rows(ui, index), at = 0, to;

    if (count == 0) {
        ui_say(ui, 1, "", "no instrument matches; " KEY("Esc") " shows all");
        return;
    }
    while (at < count - 1 && index[at] != now)
        at++;
    to = at + rows;
    if ((to < 0 || to >= count) && rows != INSTRUMENTS_MAX && rows != -INSTRUMENTS_MAX)
        ui_say(ui, 0, "", to < 0 ? "the first one" : "the last one");
    ui->market.chosen = index[to < 0 ? 0 : to >= count ? count - 1 : to];
    ui->market.chosen_set = true;
}

static void show(struct ui *ui)
{
    uint16_t id = market_chosen(ui);

    if (id >= ui_view(ui)->status.instruments)
        return;
    ui_instrument_show(ui, id);
    ui_screen_show(ui, SCREEN_TRADE);
}

static void keep_chosen(struct ui *ui)
{
    ui->market.chosen = market_chosen(ui);
    ui->market.chosen_set = true;
}

static void sort_said(struct ui *ui)
{
    if (ui->market.sort == MARKET_SYMBOL)
        ui_say(ui, 0, "", "sorted by the configuration's order");
    else
        ui_say(ui, 0, "", "sorted by %s, %s first; " KEY("D") " turns them round",
               market_column_name(ui->market.sort), ui->market.turned ? "least" : "greatest");
}

static void sort_next(struct ui *ui)
{
    keep_chosen(ui);
    do {
        ui->market.sort = (enum market_column)((ui->market.sort + 1) % MARKET_COLUMNS);
    } while (!can_sort(ui->market.sort));
    ui->market.turned = false;
    sort_said(ui);
}

static void sort_turn(struct ui *ui)
{
    if (ui->market.sort == MARKET_SYMBOL) {
        ui_say(ui, 1, "", "rows stand in the configuration's order; " KEY(",") " sorts them by a column");
        return;
    }
    keep_chosen(ui);
    ui->market.turned = !ui->market.turned;
    sort_said(ui);
}

static void span_step(struct ui *ui, int step)
{
    int to = ui->market.span + step;

    if (to < 0 || to >= MARKET_SPANS) {
        ui_say(ui, 0, "", "%s is the %s", market_span_word(ui), to < 0 ? "shortest" : "longest");
        return;
    }
    ui->market.span = (uint8_t)to;
    ui_say(ui, 0, "", "trends over %s", market_span_word(ui));
}

const char *market_csv(const struct ui *ui, struct csv *csv)
{
    const struct view_frame *frame = ui_view(ui);
    uint16_t index[INSTRUMENTS_MAX];
    int count = market_rows(ui, index);

    csv_begin(csv, "symbol,venue,last,bid,ask,change_percent,low,high,value,book,position");
    for (int i = 0; i < count; i++) {
        const struct view_instrument *at = &frame->status.instrument[index[i]];
        const struct view_market_row *row = &frame->market.row[index[i]];

        csv_row(csv, "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s", at->symbol, venue_name(at->venue),
                number_price_short(&at->scale, at->last_ticks).text,
                number_price_short(&at->scale, at->best_ticks[SIDE_BID]).text,
                number_price_short(&at->scale, at->best_ticks[SIDE_ASK]).text,
                number_fixed(at->change_bp_x10, 3, 3, false).text,
                number_price_short(&at->scale, row->low_ticks).text,
                number_price_short(&at->scale, row->high_ticks).text,
                number_fixed(row->value_e8, 8, 2, false).text, book_state_word(at->book_state),
                number_qty_short(&at->scale, at->position_lots).text);
    }
    return "instruments";
}

bool market_act(struct ui *ui, enum key_action action)
{
    int rows = keymap_rows(action, INSTRUMENTS_MAX);

    if (ui_view(ui) == NULL)
        return false;
    if (rows != 0) {
        choose(ui, rows);
        return true;
    }
    switch ((int)action) {
    case ACT_CHOOSE:
        show(ui);
        return true;
    case ACT_SORT:
        sort_next(ui);
        return true;
    case ACT_SORT_TURN:
        sort_turn(ui);
        return true;
    case ACT_FINER:
        span_step(ui, -1);
        return true;
    case ACT_COARSER:
        span_step(ui, 1);
        return true;
    case ACT_VIEW_NEXT:
        ui->market.map = !ui->market.map;
        return true;
    case ACT_ALERT:
        if (market_chosen(ui) < ui_view(ui)->status.instruments)
            alert_prompt(ui, market_chosen(ui));
        return true;
    default:
        return false;
    }
}

/* --- words -------------------------------------------------------------------------------------------------- */

void market_next_text(const struct ui *ui, char *out, size_t size)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_instrument *at;
    const struct view_market_row *row;
    uint16_t index[INSTRUMENTS_MAX], id;
    size_t used;

    if (market_rows(ui, index) == 0) {
        text_print(out, size, "%s",
                   frame->status.instruments == 0 ? "no instrument has been heard of yet"
                                                  : "no instrument matches; " KEY("Esc") " shows all");
        return;
    }
    id = market_chosen(ui);
    at = &frame->status.instrument[id];
    row = &frame->market.row[id];
    text_print(out, size, "%s  24 h low %s high %s, traded %s %s = %s %s", at->symbol,
               number_price(&at->scale, row->low_ticks).text, number_price(&at->scale, row->high_ticks).text,
               number_qty_fit(&at->scale, row->volume_lots, 2, 7).text, at->base,
               number_compact(row->value_e8, 5).text, at->quote);
    used = strlen(out);
    if (at->book_state != BOOK_LIVE)
        text_print(out + used, size - used, "; its book is %s", book_state_word(at->book_state));
    else if (ui->layout.framed)
        text_print(out + used, size - used, "; " KEY("Enter") " shows it");
}
