/*
 * Position and account of the shown instrument: what it is worth at the price that would close it, net of fees.
 * Seven lines when wide; fewer rows drop the equity line first, then `if flat`, then entry and size details.
 */
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

struct position_pen {
    struct canvas *canvas;
    struct span span;
    const struct view_frame *frame;
    const struct view_instrument *at;
    const struct view_position *position;
    const struct ui *ui;
    bool
        many; /* the day and the equity are of more instruments than the lines over them: each says of which */
    bool earlier; /* the only instrument: what is closed and paid is of days before this one, too */
};

static void draw_size(const struct position_pen *p, struct brush *pen, bool full)
{
    int64_t lots = p->position->lots;
    enum side side = lots < 0 ? SIDE_ASK : SIDE_BID;

    if (lots == 0) {
        brush_text(pen, style_bold(STYLE_BRIGHT), "  FLAT");
        brush_text(pen, STYLE_DIM, "  nothing held");
        return;
    }
    brush_text(pen, style_side(side), lots > 0 ? GLYPH_UP_TRIANGLE " LONG" : GLYPH_DOWN_TRIANGLE " SHORT");
    brush_printf(pen, style_bold(STYLE_BRIGHT), " %s",
                 number_qty_full(&p->at->scale, lots < 0 ? -lots : lots).text);
    if (full)
        brush_printf(pen, STYLE_DIM, " %s", p->at->base);
}

static void wide_size(const struct position_pen *p, int row)
{
    struct brush pen = brush_at(p->canvas, row, p->span.at + 1);
    const struct view_position *position = p->position;
    char share[80];

    draw_size(p, &pen, true);
    if (position->lots == 0)
        return;
    brush_printf(&pen, STYLE_TEXT, "  %s", number_money(position->value_e8, false).text);
    brush_printf(&pen, STYLE_DIM, " %s,", p->at->quote);
    text_print(share, sizeof(share), " %s %% eq",
               number_fixed(position->value_of_equity_x1000, 1, 1, false).text);
    if (pen.col + (int)strlen(share) > span_end(p->span)) /* the tenth goes before the word */
        text_print(share, sizeof(share), " %s%% eq",
                   number_fixed(position->value_of_equity_x1000, 1, 0, false).text);
    brush_text(&pen, STYLE_DIM, share);
}

static struct number_text price_of_e8(const struct position_pen *p, int64_t price_e8)
{
    return number_fixed(price_e8, 8, p->at->scale.price_decimals, false);
}

/* What there is to say without a position. */
static void trips(const struct position_pen *p, struct brush *pen)
{
    brush_text(pen, STYLE_DIM, "trips ");
    brush_printf(pen, STYLE_TEXT, "%llu", (unsigned long long)p->position->trips);
    brush_text(pen, STYLE_DIM, "  won ");
    brush_printf(pen, STYLE_TEXT, "%llu", (unsigned long long)p->position->wins);
}

static void wide_entry(const struct position_pen *p, int row)
{
    struct brush pen = brush_at(p->canvas, row, p->span.at + 1);

    if (p->position->lots == 0) {
        trips(p, &pen);
        return;
    }
    brush_text(&pen, STYLE_DIM, "entry ");
    brush_text(&pen, STYLE_TEXT, price_of_e8(p, p->position->entry_e8).text);
    brush_text(&pen, STYLE_DIM, "  even at ");
    brush_text(&pen, STYLE_TEXT, price_of_e8(p, p->position->even_e8).text);
    if (p->position->even_distance_e8 != VIEW_NONE)
        brush_printf(&pen, style_bold(STYLE_WARNING), " %s",
                     number_fixed(p->position->even_distance_e8, 8, p->at->scale.price_decimals, true).text);
}

static void wide_open(const struct position_pen *p, int row)
{
    struct brush pen = brush_at(p->canvas, row, p->span.at + 1);
    const struct view_position *position = p->position;

    brush_text(&pen, STYLE_DIM, "open   ");
    brush_money(&pen, position->open_e8, false);
    if (position->lots == 0 || position->mark_ticks == VIEW_NONE)
        return;
    brush_printf(&pen, STYLE_DIM, "  at %s %s", position->lots > 0 ? "bid" : "ask",
                 number_price(&p->at->scale, position->mark_ticks).text);
    if (position->open_bp_x10 != VIEW_NONE)
        canvas_printf_right(p->canvas, row, span_end(p->span) - 1, style_money(position->open_bp_x10),
                            "%s bp", number_fixed(position->open_bp_x10, 1, 1, true).text);
}

static void wide_if_flat(const struct position_pen *p, int row)
{
    struct brush pen = brush_at(p->canvas, row, p->span.at + 1);
    const struct view_position *position = p->position;
    char covered[80];

    brush_text(&pen, STYLE_DIM, "if flat ");
    if (position->if_flat_e8 == VIEW_NONE) {
        brush_text(&pen, STYLE_DIM, "-  the book cannot tell now");
        return;
    }
    brush_money(&pen, position->if_flat_e8, false);
    if (position->lots == 0) {
        brush_text(&pen, STYLE_DIM, "   nothing to close");
        return;
    }
    if (ui_stop_is_short(p->ui, covered,
                         sizeof(covered))) { /* a part of it has no way out: before what the way costs */
        brush_text(&pen, STYLE_TEXT, "  ");
        brush_text(&pen, style_bold(STYLE_WARNING), covered);
        return;
    }
    brush_printf(&pen, STYLE_DIM, "   taker fee %s, slip %s",
                 number_money(position->if_flat_fee_e8, false).text,
                 number_money(position->if_flat_slip_e8, false).text);
}

static void wide_closed(const struct position_pen *p, int row)
{
    struct brush pen = brush_at(p->canvas, row, p->span.at + 1);
    const struct view_position *position = p->position;

    brush_text(&pen, STYLE_DIM, "closed ");
    if (p->many)
        brush_printf(&pen, STYLE_DIM, "%.6s ", p->at->base);
    brush_money(&pen, position->closed_e8, false);
    brush_text(&pen, STYLE_DIM, p->many ? "  fees " : "   fees ");
    brush_money(&pen, position->fees_e8 == VIEW_NONE ? VIEW_NONE : -position->fees_e8, false);
    canvas_printf_right(p->canvas, row, span_end(p->span) - 1, STYLE_DIM, "%llu fill%s",
                        (unsigned long long)position->fills, position->fills == 1 ? "" : "s");
}

static void wide_day(const struct position_pen *p, int row)
{
    struct brush pen = brush_at(p->canvas, row, p->span.at + 1);
    const struct view_position *position = p->position;

    brush_text(&pen, style_bold(style_role(ROLE_TITLE)), "DAY NET ");
    brush_money(&pen, position->day_net_e8, true);
    brush_text(&pen, STYLE_DIM, "  peak ");
    brush_text(&pen, STYLE_TEXT, number_money(position->peak_e8, true).text);
    brush_text(&pen, STYLE_DIM, "  off peak ");
    brush_money(&pen, position->off_peak_e8, false);
}

static void wide_equity(const struct position_pen *p, int row)
{
    struct brush pen = brush_at(p->canvas, row, p->span.at + 1);
    int cols;

    brush_text(&pen, STYLE_DIM, p->many ? "equity of all " : "equity ");
    brush_text(&pen, STYLE_TEXT, number_money(p->position->equity_e8, false).text);
    pen.col += 2;
    cols = span_end(p->span) - 1 - pen.col;
    brush_spark(&pen, cols, p->position->spark_equity_e8, p->position->spark_count);
}

static void narrow_size(const struct position_pen *p, int row)
{
    struct brush pen = brush_at(p->canvas, row, p->span.at + 1);

    draw_size(p, &pen, false);
    if (p->position->lots != 0)
        brush_printf(&pen, STYLE_TEXT, " @%s", price_of_e8(p, p->position->entry_e8).text);
}

static void narrow_even(const struct position_pen *p, int row)
{
    struct brush pen = brush_at(p->canvas, row, p->span.at + 1);

    if (p->position->lots == 0) { /* no price to be even at: what the account holds instead */
        brush_text(&pen, STYLE_DIM, "equity ");
        brush_text(&pen, STYLE_TEXT, number_money(p->position->equity_e8, false).text);
        return;
    }
    brush_text(&pen, STYLE_DIM, "even ");
    brush_text(&pen, STYLE_TEXT, price_of_e8(p, p->position->even_e8).text);
    if (p->position->even_distance_e8 != VIEW_NONE)
        brush_printf(&pen, style_bold(STYLE_WARNING), " %s",
                     number_fixed(p->position->even_distance_e8, 8, p->at->scale.price_decimals, true).text);
}

static void narrow_open(const struct position_pen *p, int row)
{
    struct brush pen = brush_at(p->canvas, row, p->span.at + 1);

    if (p->position->lots == 0) {
        trips(p, &pen);
        return;
    }
    brush_text(&pen, STYLE_DIM, "open  ");
    brush_money(&pen, p->position->open_e8, false);
    brush_text(&pen, STYLE_DIM, "  if flat ");
    brush_money(&pen, p->position->if_flat_e8, false);
}

static void narrow_closed(const struct position_pen *p, int row)
{
    struct brush pen = brush_at(p->canvas, row, p->span.at + 1);
    char covered[80];

    if (ui_stop_is_short(p->ui, covered, sizeof(covered))) { /* what is over stands on screen 6, too */
        canvas_text_cut(p->canvas, row, pen.col, p->span.cols - 1, style_bold(STYLE_WARNING), covered);
        return;
    }
    brush_text(&pen, STYLE_DIM, "closed ");
    brush_money(&pen, p->position->closed_e8, false);
    brush_text(&pen, STYLE_DIM, " fees ");
    brush_money(&pen, p->position->fees_e8 == VIEW_NONE ? VIEW_NONE : -p->position->fees_e8, false);
}

static void narrow_day(const struct position_pen *p, int row)
{
    struct brush pen = brush_at(p->canvas, row, p->span.at + 1);

    brush_text(&pen, style_bold(style_role(ROLE_TITLE)), "DAY NET ");
    brush_money(&pen, p->position->day_net_e8, true);
    brush_text(&pen, STYLE_DIM, "  peak ");
    brush_text(&pen, STYLE_TEXT, number_money(p->position->peak_e8, true).text);
}

typedef void (*position_line)(const struct position_pen *p, int row);

/* What stays, by how many rows there are. rank: shown from this many rows on. */
static const struct {
    position_line line;
    int from;
} wide_lines[] = {{wide_size, 1},   {wide_entry, 4}, {wide_open, 3},  {wide_if_flat, 6},
                  {wide_closed, 5}, {wide_day, 2},   {wide_equity, 7}},
  narrow_lines[] = {{narrow_size, 1}, {narrow_even, 4},   {narrow_open, 3}, {narrow_closed, 5},
                    {narrow_day, 2},  {wide_if_flat, 99}, {wide_equity, 6}};

/* DAY NET, its peak and equity are the account's and of the day; the lines over them are this instrument's, `closed` and
 * `fees` since the paper account began. Said where it shows: as soon as they do not add up to the day. */
static bool adds_up(const struct position_pen *p)
{
    const struct view_position *position = p->position;
    int64_t here = 0;

    return position->open_e8 == VIEW_NONE || position->closed_e8 == VIEW_NONE ||
           position->fees_e8 == VIEW_NONE || position->day_net_e8 == VIEW_NONE ||
           __builtin_add_overflow(position->open_e8, position->closed_e8, &here) ||
           __builtin_sub_overflow(here, position->fees_e8, &here) ||
           strcmp(number_money(here, true).text, number_money(position->day_net_e8, true).text) == 0;
}

static const char *scope_note(const struct position_pen *p, bool framed, char *out, size_t size)
{
    unsigned instruments = p->frame->status.instruments;

    if (p->earlier)
        return text_print(out, size, "%s", framed ? "  closed, fees: earlier days too" : "  of all days");
    if (!p->many)
        return text_print(out, size, "%s", "");
    return framed ? text_print(out, size, "  %.12s; day, equity: all %u", p->at->symbol, instruments)
                  : text_print(out, size, "  day: all %u", instruments);
}

void position_panel_draw(struct canvas *canvas, const struct ui *ui, int row, int rows)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_instrument *at = ui_instrument(ui);
    struct canvas side = canvas_region(canvas, 0, ui->layout.side.at, canvas->rows, ui->layout.side.cols);
    struct position_pen p = {&side, {0, ui->layout.side.cols}, frame, at, &frame->position, ui, false, false};
    bool framed = ui->layout.framed;
    char note[48];

    if (at != NULL && !adds_up(&p)) {
        p.many = frame->status.instruments > 1;
        p.earlier = !p.many;
    }
    brush_title(canvas, row, ui->layout.side.at + 1, false, "position",
                scope_note(&p, framed, note, sizeof(note)));
    if (at == NULL)
        return;
    for (size_t i = 0; i < sizeof(wide_lines) / sizeof(wide_lines[0]); i++) {
        int from = framed ? wide_lines[i].from : narrow_lines[i].from;

        if (from <= rows)
            (framed ? wide_lines[i].line : narrow_lines[i].line)(&p, ++row);
    }
}
