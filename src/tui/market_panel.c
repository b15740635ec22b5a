/*
 * The list of screen 3. Columns stand in one order and come in by width; the trend takes what is left over.
 */
#include "tui/glyphs.h"
#include "tui/key_title.h"
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

#define TREND_COLS_MIN 10
#define GAUGE_HALF     4
#define RANGE_COLS     15

struct column {
    uint8_t cols; /* a blank before it included; 0: the trend, or as wide as prices are */
    int from;     /* list columns from which on it is shown */
    bool right;
};

static const struct column columns[MARKET_COLUMNS] = {
    [MARKET_SYMBOL] = {12, 0, false},      [MARKET_LAST] = {0, 0, true},
    [MARKET_CHANGE] = {9, 0, true},        [MARKET_TREND] = {0, 0, false},
    [MARKET_VALUE] = {8, 0, true},         [MARKET_SPREAD] = {11, 72, true},
    [MARKET_IMBALANCE] = {13, 100, false}, [MARKET_VOLATILITY] = {11, 110, true},
    [MARKET_PRINTS] = {10, 110, true},     [MARKET_RANGE] = {RANGE_COLS + 2, 160, false},
    [MARKET_BID] = {0, 160, true},         [MARKET_ASK] = {0, 160, true},
    [MARKET_BOOK] = {11, 100, false},      [MARKET_POSITION] = {11, 72, true},
};

static int price_cols(const struct ui *ui)
{
    const struct view_status *status = &ui_view(ui)->status;
    int widest = 8;

    for (uint16_t i = 0; i < status->instruments && i < INSTRUMENTS_MAX; i++) {
        int cols =
            (int)strlen(number_price(&status->instrument[i].scale, status->instrument[i].last_ticks).text);

        widest = cols > widest ? cols : widest;
    }
    return (widest < 14 ? widest : 14) + 2;
}

/* The widths of all columns for a list so wide; 0: fell away. */
static void widths_of(const struct ui *ui, int cols, int width[MARKET_COLUMNS])
{
    int used = 0, prices = price_cols(ui);

    for (int i = 0; i < MARKET_COLUMNS; i++) {
        bool price = i == MARKET_LAST || i == MARKET_BID || i == MARKET_ASK;

        width[i] = cols < columns[i].from || i == MARKET_TREND ? 0 : price ? prices : columns[i].cols;
        used += width[i];
    }
    width[MARKET_TREND] = cols - used - 2;
    if (width[MARKET_TREND] < TREND_COLS_MIN)
        width[MARKET_TREND] = 0;
    if (width[MARKET_TREND] > VIEW_SPARK_MAX + 2)
        width[MARKET_TREND] = VIEW_SPARK_MAX + 2;
}

static void heads_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row,
                       const int width[MARKET_COLUMNS])
{
    int col = span.at + 1;

    for (enum market_column i = MARKET_SYMBOL; i < MARKET_COLUMNS; col += width[i++]) {
        bool sorted = i == ui->market.sort && i != MARKET_SYMBOL;
        struct style style = sorted ? style_bold(STYLE_BRIGHT) : STYLE_DIM;
        char name[40];

        if (width[i] == 0)
            continue;
        text_print(name, sizeof(name), "%s%s%s",
                   i == MARKET_TREND ? market_span_word(ui) : market_column_name(i),
                   i == MARKET_SPREAD || i == MARKET_VOLATILITY ? " bp"
                   : i == MARKET_CHANGE                         ? " %"
                                                                : "",
                   !sorted             ? ""
                   : ui->market.turned ? GLYPH_UP_TRIANGLE
                                       : GLYPH_DOWN_TRIANGLE);
        if (columns[i].right)
            canvas_text_right(canvas, row, col + width[i], style, name);
        else
            canvas_text_cut(canvas, row, col + (i == MARKET_SYMBOL ? 0 : 2), width[i] - 2, style, name);
    }
}

/* Where the last price stands between the low and the high of the day. */
static void range_draw(struct canvas *canvas, int row, int col, const struct view_instrument *at,
                       const struct view_market_row *market)
{
    int64_t span, last = at->last_ticks;

    if (market->low_ticks == VIEW_NONE || last == VIEW_NONE ||
        __builtin_sub_overflow(market->high_ticks, market->low_ticks, &span))
        return;
    canvas_repeat(canvas, row, col, RANGE_COLS, STYLE_FAINT, 0x2500);
    last = last < market->low_ticks    ? market->low_ticks
           : last > market->high_ticks ? market->high_ticks
                                       : last;
    canvas_text(canvas, row,
                col + (span <= 0 ? RANGE_COLS / 2
                                 : (int)((__int128)(last - market->low_ticks) * (RANGE_COLS - 1) / span)),
                style_bold(STYLE_BRIGHT), GLYPH_FULL_BLOCK);
}

static void text_cell(const struct view_instrument *at, const struct view_market_row *market,
                      enum market_column column, char *out, size_t size)
{
    switch (column) {
    case MARKET_LAST:
        text_print(out, size, "%s", number_price(&at->scale, at->last_ticks).text);
        break;
    case MARKET_CHANGE:
        text_print(out, size, "%s", number_fixed(at->change_bp_x10, 3, 2, true).text);
        break;
    case MARKET_VALUE:
        text_print(out, size, "%s", number_compact(market->value_e8, 5).text);
        break;
    case MARKET_SPREAD:
        text_print(out, size, "%s",
                   instrument_spread_bp_x100(at) == 0 && at->best_ticks[SIDE_ASK] > at->best_ticks[SIDE_BID]
                       ? "<.01" /* some, but not so much */
                       : number_fixed(instrument_spread_bp_x100(at), 2, 2, false).text);
        break;
    case MARKET_VOLATILITY:
        text_print(out, size, "%s", number_fixed(market->volatility_bp_x10, 1, 1, false).text);
        break;
    case MARKET_PRINTS:
        text_print(out, size, "%s", number_fixed(market->prints_x10, 1, 1, false).text);
        break;
    case MARKET_BID:
    case MARKET_ASK:
        text_print(out, size, "%s",
                   number_price(&at->scale, at->best_ticks[column == MARKET_BID ? SIDE_BID : SIDE_ASK]).text);
        break;
    case MARKET_POSITION:
        text_print(out, size, "%s",
                   at->position_lots == 0
                       ? "-"
                       : number_fixed(number_qty_e8(&at->scale, at->position_lots), 8,
                                      at->scale.qty_decimals > 4 ? 4 : at->scale.qty_decimals, true)
                             .text);
        break;
    case MARKET_SYMBOL:
    case MARKET_TREND:
    case MARKET_IMBALANCE:
    case MARKET_RANGE:
    case MARKET_BOOK:
    case MARKET_COLUMNS:
        out[0] = '\0';
    }
}

static struct style style_of(const struct view_instrument *at, enum market_column column)
{
    if (column == MARKET_CHANGE)
        return style_money(at->change_bp_x10 == VIEW_NONE ? VIEW_NONE
                                                          : at->change_bp_x10 / 10); /* as it is shown */
    if (column == MARKET_BID || column == MARKET_ASK)
        return style_side(column == MARKET_BID ? SIDE_BID : SIDE_ASK);
    if (column == MARKET_POSITION)
        return at->position_lots == 0 ? STYLE_DIM
                                      : style_bold(style_side(at->position_lots > 0 ? SIDE_BID : SIDE_ASK));
    return column == MARKET_LAST ? STYLE_BRIGHT : STYLE_TEXT;
}

static void book_draw(struct canvas *canvas, int row, int col, const struct view_instrument *at)
{
    bool well = at->book_state == BOOK_LIVE && !at->crossed && !at->closed;
    struct brush pen = brush_at(canvas, row, col);

    brush_text(&pen, well ? STYLE_GOOD : style_bold(STYLE_WARNING),
               at->closed    ? "CLOSED"
               : at->crossed ? "CROSSED"
                             : book_state_word(at->book_state));
    if (well)
        brush_printf(&pen, STYLE_DIM, " %s", number_age_tenths(at->book_age_ns).text);
}

static void symbol_draw(struct canvas *canvas, const struct ui *ui, int row, int col, uint16_t index)
{
    const struct view_instrument *at = &ui_view(ui)->status.instrument[index];
    struct brush pen = brush_at(canvas, row, col);

    brush_printf(&pen, index == ui->instrument_id ? style_bold(STYLE_BRIGHT) : STYLE_TEXT, "%.11s",
                 at->symbol);
    for (int i = 0; i < ui_view(ui)->alerts.count; i++)
        if (ui_view(ui)->alerts.alert[i].instrument_id == index &&
            ui_view(ui)->alerts.alert[i].rang_ns == 0) {
            canvas_text(canvas, row, col + 11, style_bold(STYLE_WARNING), "!");
            return;
        }
}

static void row_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, uint16_t index,
                     const int width[MARKET_COLUMNS])
{
    const struct view_instrument *at = &ui_view(ui)->status.instrument[index];
    const struct view_market_row *market = &ui_view(ui)->market.row[index];
    int col = span.at + 1;

    for (enum market_column i = MARKET_SYMBOL; i < MARKET_COLUMNS; col += width[i++]) {
        struct brush pen = brush_at(canvas, row, col + 2);
        char text[40];

        if (width[i] == 0)
            continue;
        if (i == MARKET_SYMBOL) {
            symbol_draw(canvas, ui, row, col, index);
        } else if (i == MARKET_TREND) {
            brush_spark(&pen, width[i] - 2, market->point_ticks, market->points);
        } else if (i == MARKET_IMBALANCE && at->imbalance_known) {
            brush_gauge(&pen, GAUGE_HALF, at->imbalance_x1000, 1000, 0);
        } else if (i == MARKET_RANGE) {
            range_draw(canvas, row, col + 2, at, market);
        } else if (i == MARKET_BOOK) {
            book_draw(canvas, row, col + 2, at);
        } else {
            text_cell(at, market, i, text, sizeof(text));
            canvas_text_right(canvas, row, col + width[i], style_of(at, i), text);
        }
    }
}

/* The first row that is shown, so that the chosen one is. */
static int first_row(const uint16_t *index, int count, uint16_t chosen, int shown)
{
    for (int i = shown; i < count; i++)
        if (index[i] == chosen)
            return i - shown + 1;
    return 0;
}

const char *market_empty_text(const struct ui *ui)
{
    return ui->market.filter[0] != '\0' ? "nothing matches; " KEY("Esc") " clears the filter"
                                        : "no instrument has been heard of yet";
}

void market_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    uint16_t index[INSTRUMENTS_MAX], chosen = market_chosen(ui);
    int width[MARKET_COLUMNS], count = market_rows(ui, index), first;

    widths_of(ui, span.cols, width);
    heads_draw(canvas, ui, span, row, width);
    if (count == 0)
        key_text_cut(canvas, ui, row + 1, span.at + 1, span.cols - 2, STYLE_DIM, market_empty_text(ui));
    first = first_row(index, count, chosen, rows - 1);
    for (int i = first; i < count && i - first < rows - 1; i++) {
        row_draw(canvas, ui, span, row + 1 + i - first, index[i], width);
        if (index[i] == chosen)
            canvas_background(canvas, row + 1 + i - first, span.at, 1, span.cols, ROLE_SELECTED);
    }
}
