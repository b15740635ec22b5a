/* What stands over the ladder's rows: title with its figures or what is wrong, column heads, the touch line. */
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <string.h>

static void draw_heads(struct canvas *canvas, const struct ui *ui)
{
    static const char *const left[] = {"sold", "\u00b110s", "cum", "sold"};
    static const char *const right[] = {"bought", "\u00b110s", "cum", "bought"};
    const struct ladder_columns *c = &ui->layout.ladder;
    int row = ui->layout.head_row;
    struct span bought = {c->bought.at, c->bought.cols + 2};

    if (c->volume.cols > 0)
        canvas_text(canvas, row, c->volume.at, STYLE_DIM, "volume");
    canvas_text(canvas, row, c->mine_bid.at, STYLE_DIM, c->ahead_text ? "mine   ahead" : "mine");
    brush_right(canvas, row, c->bid, STYLE_DIM, "bid");
    brush_right(canvas, row, c->net_bid, STYLE_DIM, "\u00b110s");
    brush_right(canvas, row, c->sold, STYLE_DIM, left[ladder_shown(ui) % LADDER_SHOWS]);
    brush_right(canvas, row, c->price, STYLE_DIM, "price");
    brush_right(canvas, row, bought, STYLE_DIM, right[ladder_shown(ui) % LADDER_SHOWS]);
    brush_right(canvas, row, c->ask, STYLE_DIM, "ask");
    brush_right(canvas, row, c->net_ask, STYLE_DIM, "\u00b110s");
    if (c->ahead_text)
        canvas_text(canvas, row, c->mine_ask.at, STYLE_DIM, "mine   ahead");
    else
        brush_right(canvas, row, c->mine_ask, STYLE_DIM, "mine");
    brush_right(canvas, row, c->cum, STYLE_DIM, "cum");
}

static void draw_last(const struct view_ladder *ladder, const struct view_scale *scale, struct brush pen,
                      int end)
{
    struct number_text size = number_qty_short(scale, ladder->last_lots);

    if (ladder->last_ticks == VIEW_NONE || ladder->last_lots == VIEW_NONE)
        return;
    if (pen.col + 5 + (int)strlen(size.text) > end)
        size = number_bare(number_qty_fit(scale, ladder->last_lots, 4, end - pen.col - 4));
    if (number_is_zero(&size) || pen.col + 5 + (int)strlen(size.text) > end)
        return; /* prices of many digits need the room */
    brush_text(&pen, STYLE_DIM, "last ");
    brush_text(&pen, style_bold(style_side(ladder->last_taker)), size.text);
}

/* Too narrow for columns: size, price, price, size one after another. */
static void draw_touch_tight(struct canvas *canvas, const struct ui *ui, const struct view_ladder *ladder,
                             const struct view_scale *scale, unsigned places)
{
    const struct level *bid = &ladder->best[SIDE_BID], *ask = &ladder->best[SIDE_ASK];
    struct canvas main =
        canvas_region(canvas, ui->layout.touch_row, ui->layout.main.at, 1, ui->layout.main.cols);
    struct brush pen = brush_at(&main, 0, 0);

    if (bid->price_ticks > 0)
        brush_printf(&pen, STYLE_BID, "%5s %s", number_qty_fit(scale, bid->qty_lots, places, 5).text,
                     number_price(scale, bid->price_ticks).text);
    brush_text(&pen, STYLE_DIM, GLYPH_RULE_DOWN);
    if (ask->price_ticks > 0)
        brush_printf(&pen, STYLE_ASK, "%s %s", number_price(scale, ask->price_ticks).text,
                     number_qty_fit(scale, ask->qty_lots, places, 5).text);
}

/* Where the touch line's prices stand when all is of the usual width. */
struct touch_places {
    int bid_end, ask_at, last_gap, size_shift;
};

static struct touch_places touch_places_of(const struct layout *l)
{
    const struct ladder_columns *c = &l->ladder;

    if (!l->framed)
        return (struct touch_places){c->price.at + 3, c->price.at + 4, 1, 0};
    if (c->ahead_text)
        return (struct touch_places){c->price.at - 3, c->price.at + 8, 4, 1};
    return (struct touch_places){span_end(c->price) - 7, c->price.at + 7, 2, 0};
}

/* The size of a touch, never shown as nothing: places as the rows have them, more if it is smaller. */
static struct number_text touch_size(const struct view_scale *scale, int64_t lots, unsigned places, int cols)
{
    struct number_text text = number_qty_fit(scale, lots, places, cols);

    if (lots > 0 && number_is_zero(&text))
        text = number_bare(number_qty_fit(scale, lots, scale->qty_decimals, cols + 1));
    return text;
}

static void draw_touch_bid(struct canvas *canvas, const struct ui *ui, const struct level *bid, int end,
                           const struct view_scale *scale, unsigned places)
{
    const struct ladder_columns *c = &ui->layout.ladder;
    struct number_text price = number_price(scale, bid->price_ticks);
    int at = canvas_text_right(canvas, ui->layout.touch_row, end, STYLE_BID, price.text);
    int size_end = span_end(c->bid) < at ? span_end(c->bid) : at - 1,
        room = size_end - ui->layout.main.at - 6;

    canvas_text_right(canvas, ui->layout.touch_row, size_end, STYLE_BID,
                      touch_size(scale, bid->qty_lots, places, room < c->bid.cols ? room : c->bid.cols).text);
}

/* Returns the column after the size. */
static int draw_touch_ask(struct canvas *canvas, const struct ui *ui, const struct level *ask, int at,
                          int shift, const struct view_scale *scale, unsigned places)
{
    const struct ladder_columns *c = &ui->layout.ladder;
    struct number_text size = touch_size(scale, ask->qty_lots, places, c->ask.cols);
    int col =
        canvas_text(canvas, ui->layout.touch_row, at, STYLE_ASK, number_price(scale, ask->price_ticks).text);
    int size_at = span_end(c->ask) + shift - (int)strlen(size.text);

    return canvas_text(canvas, ui->layout.touch_row, size_at > col ? size_at : col + 1, STYLE_ASK, size.text);
}

static void draw_touch(struct canvas *canvas, const struct ui *ui, const struct view_ladder *ladder,
                       const struct view_scale *scale, unsigned places)
{
    const struct layout *l = &ui->layout;
    const struct level *bid = &ladder->best[SIDE_BID], *ask = &ladder->best[SIDE_ASK];
    bool both = bid->price_ticks > 0 && ask->price_ticks > 0, stretched = false;
    struct touch_places at = touch_places_of(l);
    struct number_text spread = {""};
    int end = span_end(l->ladder.ask) + at.size_shift;

    if (l->ladder.sold.cols == 0) {
        draw_touch_tight(canvas, ui, ladder, scale, places);
        return;
    }
    if (both && l->framed) { /* spreads of many digits push the prices apart */
        int need;

        spread = number_price(scale, ask->price_ticks - bid->price_ticks);
        need = (int)strlen(spread.text) + 2 - (at.ask_at - at.bid_end);
        at.bid_end -= need > 0 ? need / 2 : 0;
        at.ask_at += need > 0 ? need - need / 2 : 0;
        stretched = need > 0;
    }
    canvas_text(canvas, l->touch_row, l->main.at, STYLE_DIM, "touch");
    if (bid->price_ticks > 0)
        draw_touch_bid(canvas, ui, bid, at.bid_end, scale, places);
    if (ask->price_ticks > 0)
        end = draw_touch_ask(canvas, ui, ask, at.ask_at, at.size_shift, scale, places);
    if (!l->framed)
        canvas_text(canvas, l->touch_row, at.bid_end, STYLE_DIM, GLYPH_RULE_DOWN);
    else
        canvas_text_middle(canvas, l->touch_row, at.bid_end + (l->ladder.ahead_text && !stretched ? 2 : 0),
                           at.ask_at - at.bid_end, STYLE_DIM, spread.text);
    draw_last(ladder, scale, brush_at(canvas, l->touch_row, end + at.last_gap), span_end(l->main));
}

#define VOLUME_NOTE "  volume: strong = most" /* what the one bar in another shade says */

static void bars_text(const struct view_scale *scale, int64_t bar_lots, char *out, size_t size)
{
    int64_t full_e8 = number_qty_e8(scale, bar_lots);

    if (full_e8 >= 100000 * DECIMAL_E8)
        text_print(out, size, "%s", number_qty_fit(scale, bar_lots, 0, 5).text);
    else if (full_e8 >= 10 * DECIMAL_E8)
        text_print(out, size, "%s", number_fixed(full_e8, DECIMAL_E8_DIGITS, 0, false).text);
    else if (full_e8 >= DECIMAL_E8)
        text_print(out, size, "%s", number_fixed(full_e8, DECIMAL_E8_DIGITS, 1, false).text);
    else
        text_print(out, size, "%s", number_trim(full_e8, DECIMAL_E8_DIGITS).text);
}

/* In so many columns. */
static void title_note(const struct ui *ui, const struct view_ladder *ladder, const struct view_scale *scale,
                       int cols, char *out, size_t size)
{
    bool framed = ui->layout.framed, wide = ui->layout.ladder.volume.cols > 0;
    bool automatic = ui->ladder.row_ticks == 0;
    static const char *const view[] = {"", "  \u00b110s", "  cum", ""}; /* where no heads tell */
    char bars[NUMBER_TEXT_SIZE], net[80] = "";

    bars_text(scale, ui->ladder.bar_lots, bars, sizeof(bars));
    if (wide)
        text_print(net, sizeof(net), "%s  pulled/stacked: net 10 s, from %s",
                   ladder_shown(ui) == SHOW_TRADED ? "  traded: this visit" : "",
                   number_qty_e8(scale, ui->ladder.bar_lots / 20) >= 100000 * DECIMAL_E8
                       ? number_qty_fit(scale, ui->ladder.bar_lots / 20, 0, 5).text
                       : number_trim(number_qty_e8(scale, ui->ladder.bar_lots / 20), DECIMAL_E8_DIGITS).text);
    if (ladder->levels_only)
        text_print(out, size,
                   framed ? "  levels: a row a price that has orders  bars %s" : " levels  bars %s", bars);
    else if (!framed)
        text_print(out, size, ui->layout.main.cols < 40 ? " row %s" : " row %s%s  bars %s%s",
                   number_price(scale, ladder->row_ticks).text, automatic ? " auto" : "", bars,
                   view[ui->show % LADDER_SHOWS]);
    else
        text_print(out, size, "  row %s (x%lld%s)  bars %s%s", number_price(scale, ladder->row_ticks).text,
                   (long long)ladder->row_ticks, automatic && !wide ? " auto" : "", bars, net);
    if (wide && (int)safe_text_columns(out) + (int)strlen(VOLUME_NOTE) <= cols)
        text_print(out + strlen(out), size - strlen(out), VOLUME_NOTE);
}

/* What the title says instead of, or besides, its figures. */
static bool title_alert(const struct ui *ui, char *out, size_t size)
{
    const struct view_instrument *at = ui_instrument(ui);
    const struct view_status *status = &ui->frame->status;
    char key[UI_CHIP_SIZE], drop[UI_CHIP_SIZE];

    if (ui->frozen) /* first: row 1 says what the book is */
        text_print(out, size, "FROZEN %lld s  %s thaws",
                   (long long)((ui->now_ns - ui->frozen_ns) / UI_SECOND_NS), ui_chip(ui, "Z", key));
    else if (at != NULL && at->book_state != BOOK_LIVE)
        text_print(out, size, "%s%s%s%s  %s", book_state_word(at->book_state),
                   at->book_age_ns == VIEW_NONE ? "" : " ",
                   at->book_age_ns == VIEW_NONE ? "" : number_age_tenths(at->book_age_ns).text,
                   at->book_age_ns == VIEW_NONE ? "" : " s", status->book_why);
    else if (ui->moving)
        text_print(out, size, "MOVING %s %s  %s puts it, %s drops", side_word(ui->move_order.intent.side),
                   number_qty_short(ui_scale(ui), move_left_lots(ui)).text, ui_chip(ui, "p", key),
                   ui_chip(ui, "Esc", drop));
    else
        return false;
    return true;
}

static void draw_title(struct canvas *canvas, const struct ui *ui, const struct view_ladder *ladder,
                       const struct view_scale *scale)
{
    const struct layout *l = &ui->layout;
    const struct view_instrument *at = ui_instrument(ui);
    const char *name = l->wide && at != NULL ? at->symbol : "ladder";
    char note[VIEW_TEXT_MAX + 32], text[VIEW_TEXT_MAX + 64];
    struct brush pen = brush_at(canvas, l->title_row, l->main.at + 1);
    int room;

    brush_text(&pen, STYLE_TEXT, " ");
    brush_text(&pen, style_bold(style_role(ui->focus == FOCUS_LADDER ? ROLE_TITLE_FOCUS : ROLE_TITLE)), name);
    room = span_end(l->main) - pen.col - 2;
    if (title_alert(ui, note, sizeof(note))) {
        text_print(text, sizeof(text), "  %s", note);
        pen.col = canvas_text_cut(canvas, l->title_row, pen.col, room, style_bold(STYLE_WARNING), text);
    } else {
        const char *news =
            ui_killed(ui) ? (l->framed ? "  order keys locked" : "  keys locked")
            : ui->ladder.centring_ns != 0 && ui->overlay == OVERLAY_NONE && l->ladder_rows >= LADDER_FEW_ROWS
                ? "  centring"
                : "";

        note[0] = '\0';
        if (at != NULL)
            title_note(ui, ladder, scale, room - (int)strlen(news), note, sizeof(note));
        pen.col = canvas_text_cut(canvas, l->title_row, pen.col, room - (int)strlen(news), STYLE_DIM, note);
        room = span_end(l->main) - pen.col - 2;
        pen.col = canvas_text_cut(canvas, l->title_row, pen.col, room, style_bold(STYLE_WARNING), news);
    }
    brush_text(&pen, STYLE_TEXT, " ");
}

void ladder_head_draw(struct canvas *canvas, const struct ui *ui, const struct view_ladder *ladder,
                      unsigned places)
{
    const struct view_scale *scale = ui_scale(ui);

    draw_title(canvas, ui, ladder, scale);
    if (ui->layout.head_row >= 0)
        draw_heads(canvas, ui);
    draw_touch(canvas, ui, ladder, scale, places);
}
