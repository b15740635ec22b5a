/*
 * The list of instruments: last, best prices, the book's truth, position. Prices stand in columns as wide as the
 * widest one needs, so that rows fit 74 columns; where there is no row for heads, bid and ask are named in each.
 */
#include "core/base/safe_text.h"
#include "tui/glyphs.h"
#include "tui/key_title.h"
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

#define PRICE_COLS_MIN 7
#define PRICE_COLS_MAX 12

static int price_cols(const struct view_frame *frame)
{
    size_t widest = PRICE_COLS_MIN;

    for (uint16_t i = 0; i < frame->status.instruments && i < INSTRUMENTS_MAX; i++) {
        const struct view_instrument *at = &frame->status.instrument[i];
        const int64_t price[] = {at->last_ticks, at->best_ticks[SIDE_BID], at->best_ticks[SIDE_ASK]};

        for (int k = 0; k < 3; k++) {
            size_t size = strlen(number_price(&at->scale, price[k]).text);

            widest = size > widest ? size : widest;
        }
    }
    return widest > PRICE_COLS_MAX ? PRICE_COLS_MAX : (int)widest;
}

void watch_head_draw(struct canvas *canvas, const struct ui *ui, int row)
{
    struct span span = ui->layout.main;
    int cols = price_cols(ui_view(ui));
    char text[160];

    text_print(text, sizeof(text), " %-12s %*s    %*s  %*s  %-10s%6s  %s%s", "instrument", cols, "last", cols,
               "bid", cols, "ask", "book", "age", "position",
               list_is_wide(span) ? "    " KEY("Enter") " shows it" : "");
    key_text_cut(canvas, ui, row, span.at, span.cols, STYLE_DIM, text);
}

static void price_draw(struct brush *pen, const struct view_instrument *at, enum side side, bool named,
                       int cols)
{
    brush_text(pen, STYLE_DIM, !named ? "  " : side == SIDE_BID ? "  bid " : "  ask ");
    brush_printf(pen, style_side(side), "%*s", cols, number_price(&at->scale, at->best_ticks[side]).text);
}

/* The instrument that is shown is bold; Enter shows another. */
void watch_row_draw(struct canvas *canvas, const struct ui *ui, int row, struct span span, uint16_t index)
{
    const struct view_instrument *at = &ui_view(ui)->status.instrument[index];
    struct brush pen = brush_at(canvas, row, span.at + 1);
    bool well = at->book_state == BOOK_LIVE && !at->crossed && !at->closed, named = ui->layout.head_row < 0;
    int cols = price_cols(ui_view(ui));
    char position[48];

    brush_printf(&pen, index == ui->instrument_id ? style_bold(STYLE_BRIGHT) : STYLE_TEXT, "%-12.12s",
                 at->symbol);
    brush_printf(&pen, STYLE_TEXT, " %*s ", cols, number_price(&at->scale, at->last_ticks).text);
    brush_text(&pen, STYLE_TEXT,
               at->last_direction > 0   ? GLYPH_UP_TRIANGLE
               : at->last_direction < 0 ? GLYPH_DOWN_TRIANGLE
                                        : " ");
    price_draw(&pen, at, SIDE_BID, named, cols);
    price_draw(&pen, at, SIDE_ASK, named, cols);
    brush_printf(&pen, well ? STYLE_GOOD : style_bold(STYLE_WARNING), "  %-10s",
                 at->closed    ? "NO TRADING"
                 : at->crossed ? "CROSSED"
                               : book_state_word(at->book_state));
    brush_printf(&pen, STYLE_DIM, "%5s%s", number_age_tenths(at->book_age_ns).text,
                 at->book_age_ns == VIEW_NONE ? " " : "s");
    if (at->position_lots == 0)
        return;
    text_print(
        position, sizeof(position), "  %s%s",
        named                   ? at->position_lots > 0 ? "+" : "-"
        : at->position_lots > 0 ? "LONG "
                                : "SHORT ",
        number_qty_short(&at->scale, at->position_lots > 0 ? at->position_lots : -at->position_lots).text);
    canvas_text_cut(canvas, row, pen.col, span_end(span) - pen.col, style_bold(STYLE_BRIGHT), position);
}
