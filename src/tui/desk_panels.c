/*
 * The small panels around the ladder when there is room: alerts, account, tape by taker order, log.
 */
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void alert_line(struct canvas *canvas, const struct ui *ui, const struct alert *alert, int row)
{
    const struct view_status *status = &ui_view(ui)->status;
    struct span span = ui->layout.side;
    bool framed = ui->layout.framed;
    struct brush pen = brush_at(canvas, row, span.at + 1);
    char text[ALERT_TEXT_SIZE], away[64];

    brush_text(&pen, style_bold(STYLE_WARNING), alert->rang_ns != 0 ? "  " : "! ");
    brush_text(&pen, STYLE_TEXT, alert_text(alert, framed, text, sizeof(text)));
    if (alert->rang_ns != 0)
        canvas_printf_right(canvas, row, span_end(span) - 2, STYLE_DIM, framed ? "rang %s" : "%s",
                            number_moment(alert->rang_ns, status->now_ns).text);
    else if (alert->instrument_id < status->instruments)
        canvas_printf_right(canvas, row, span_end(span) - 2, STYLE_DIM, framed ? "%s away" : "%s",
                            alert_away(alert, &status->instrument[alert->instrument_id], away, sizeof(away)));
}

void alert_panel_draw(struct canvas *canvas, const struct ui *ui, int row, int rows)
{
    const struct view_frame *frame = ui_view(ui);
    struct span span = ui->layout.side;
    bool framed = ui->layout.framed;
    char note[48];
    int shown = 0;

    if (frame->alerts.count > rows - 1)
        text_print(note, sizeof(note), framed ? "  %d more: :alerts" : " +%d",
                   frame->alerts.count - rows + 1);
    else
        ui_with_keys(ui, framed ? "  " KEY("b") " sets one at the cursor" : " " KEY("b") " sets one", note,
                     sizeof(note));
    brush_title(canvas, row, span.at + 1, false, "alerts", note);
    for (int pass = 0; pass < 2; pass++) /* what waits stands before what has rung */
        for (int i = 0; i < frame->alerts.count && shown < rows - 1; i++)
            if ((frame->alerts.alert[i].rang_ns != 0) == (pass == 1))
                alert_line(canvas, ui, &frame->alerts.alert[i], row + 1 + shown++);
    if (shown < rows) {
        struct brush pen = brush_at(canvas, row + 1 + shown, span.at + 1);

        brush_text(&pen, style_bold(STYLE_WARNING), "! ");
        brush_text(&pen, STYLE_TEXT, framed ? "fill, reject, stale, limit 80 %" : "fill, reject, stale");
        if (framed)
            canvas_text_right(canvas, pen.row, span_end(span), STYLE_DIM,
                              ui->config.bell ? "always" : "bell off");
    }
}

static void asset_line(struct canvas *canvas, int row, int col, const char *asset, const char *free,
                       const char *locked)
{
    struct brush pen = brush_at(canvas, row, col);

    brush_printf(&pen, STYLE_DIM, "%-4s free ", asset);
    brush_text(&pen, STYLE_TEXT, free);
    brush_text(&pen, STYLE_DIM, "  locked ");
    brush_text(&pen, STYLE_TEXT, locked);
}

void account_panel_draw(struct canvas *canvas, const struct ui *ui, int row, int rows)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_instrument *at = ui_instrument(ui);
    const struct view_position *position = &frame->position;
    int col = ui->layout.side.at + 1;
    char note[96];

    text_print(note, sizeof(note), "  %s, fees %s/%s %%", frame->status.mode == MODE_LIVE ? "live" : "paper",
               number_fixed(position->fee_maker_ppm, 4, 2, false).text,
               number_fixed(position->fee_taker_ppm, 4, 2, false).text);
    brush_title(canvas, row, col, false, "account", note);
    if (at == NULL)
        return;
    asset_line(canvas, row + 1, col, at->quote, number_money(position->cash_free_e8, false).text,
               number_money(position->cash_locked_e8, false).text);
    if (rows > 1)
        asset_line(canvas, row + 2, col, at->base, number_qty_full(&at->scale, position->base_free_lots).text,
                   number_qty_full(&at->scale, position->base_locked_lots).text);
}

/* Minutes, seconds, hundredths: the hour is known. */
static struct number_text tape_clock(int64_t ts_ns)
{
    struct number_text clock = number_clock_ms(ts_ns), out;

    text_print(out.text, sizeof(out.text), "%.8s", clock.text + 3);
    return out;
}

static void tape_line(struct canvas *canvas, int row, int col, const struct view_taker *taker,
                      const struct view_scale *scale, int size_cols)
{
    struct brush pen = brush_at(canvas, row, col);
    bool big = number_qty_e8(scale, taker->lots) >= DECIMAL_E8;

    brush_printf(&pen, STYLE_DIM, "%s ", tape_clock(taker->ts_ns).text);
    brush_text(&pen, style_bold(style_side(taker->taker)),
               taker->taker == SIDE_BID ? GLYPH_UP_TRIANGLE : GLYPH_DOWN_TRIANGLE);
    brush_text(&pen, style_side(taker->taker), number_price(scale, taker->price_ticks).text);
    brush_printf(&pen, big ? style_bold(STYLE_BRIGHT) : STYLE_TEXT, "  %*s", size_cols,
                 number_qty_full(scale, taker->lots).text);
    if (taker->prints > 1)
        brush_printf(&pen, STYLE_DIM, " %ux", taker->prints);
    if (taker->prices > 1)
        brush_printf(&pen, STYLE_DIM, canvas->cols - pen.col >= 8 ? " %d rows" : " %d", taker->prices);
}

void tape_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_instrument *at = ui_instrument(ui);
    const struct layout *l = &ui->layout;
    struct canvas middle = canvas_region(canvas, 0, l->middle.at, canvas->rows, l->middle.cols);
    int rows = l->tape_rows < frame->lists.takers ? l->tape_rows : frame->lists.takers, size_cols = 0;
    char note[SYMBOL_SIZE + 24];

    for (int i = 0; i < rows && i < VIEW_TAPE_MAX; i++) { /* points under points */
        int cols = (int)strlen(number_qty_full(ui_scale(ui), frame->lists.taker[i].lots).text);

        size_cols = cols > size_cols ? cols : size_cols;
    }
    text_print(note, sizeof(note), " %s by taker order", at != NULL ? at->symbol : "");
    brush_title(canvas, l->tape_row, l->middle.at + 1, false, "tape", note);
    for (int i = 0; i < rows && i < VIEW_TAPE_MAX; i++)
        tape_line(&middle, l->tape_row + 1 + i, 1, &frame->lists.taker[i], ui_scale(ui), size_cols);
}

#define LOG_TIME_COLS 9

void log_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span)
{
    struct view_log_line line[VIEW_LOG_MAX + UI_NOTES_MAX];
    const struct layout *l = &ui->layout;
    int count = list_log(ui, line, VIEW_LOG_MAX + UI_NOTES_MAX), row = l->tabs_row + 1;

    brush_title(canvas, l->tabs_row, span.at + 1, false, "log", "");
    for (int i = 0; i < count && row < l->frame_row; i++) {
        struct brush pen = brush_at(canvas, row, span.at);
        int cols = span.cols - LOG_TIME_COLS;

        if (i > 0 && row + 1 == l->frame_row && (int)safe_text_columns(line[i].text) > cols)
            break; /* half a line of the oldest says less than none */
        brush_printf(&pen, STYLE_DIM, "%s ", number_clock(line[i].ts_ns).text);
        row += brush_wrapped(canvas, row, pen.col, span_end(span) - pen.col, l->frame_row - row,
                             line[i].level >= 3   ? style_bold(style_role(ROLE_BAD))
                             : line[i].level == 2 ? style_bold(STYLE_WARNING)
                                                  : STYLE_TEXT,
                             line[i].text); /* a cut price would be another price */
    }
}
