/*
 * NEXT about an order: side, size, price, what it would meet in the book, what it costs, the gate's verdict.
 *
 * The sentence is a list of parts with a rank each; what does not fit falls away by rank, never the verdict.
 */
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "tui/next_row.h"

#include <stdio.h>
#include <string.h>

#define PARTS_MAX 10

struct part {
    char text[96], shorter[64];
    uint8_t drop; /* 0: never */
    struct style style;
};

struct sentence {
    int parts;
    struct part part[PARTS_MAX];
};

static void add(struct sentence *s, uint8_t drop, struct style style, const char *text, const char *shorter)
{
    struct part *part = &s->part[s->parts < PARTS_MAX - 1 ? s->parts++ : s->parts];

    part->drop = drop;
    part->style = style;
    text_print(part->text, sizeof(part->text), "%s", text);
    text_print(part->shorter, sizeof(part->shorter), "%s", shorter);
}

static int sentence_cols(const struct sentence *s)
{
    int cols = 0;

    for (int i = 0; i < s->parts; i++)
        cols += (int)safe_text_columns(s->part[i].text) + (i > 0 ? 3 : 0);
    return cols;
}

static void sentence_fit(struct sentence *s, int cols)
{
    while (sentence_cols(s) > cols) {
        int worst = -1;

        for (int i = 0; i < s->parts; i++) {
            if (s->part[i].drop > 0 && (worst < 0 || s->part[i].drop > s->part[worst].drop))
                worst = i;
        }
        if (worst < 0)
            return;
        if (s->part[worst].shorter[0] != '\0') {
            memcpy(s->part[worst].text, s->part[worst].shorter, sizeof(s->part[worst].shorter));
            s->part[worst].shorter[0] = '\0';
            s->part[worst].drop = s->part[worst].drop > 4 ? 3 : s->part[worst].drop;
            continue;
        }
        memmove(&s->part[worst], &s->part[worst + 1], (size_t)(s->parts - worst - 1) * sizeof(s->part[0]));
        s->parts--;
    }
}

/* A row of the ladder sums several prices, and what stands before the order is of its own alone. */
static bool row_has_more(const struct ui *ui, const struct view_next *next)
{
    const struct view_ladder *ladder = &ui_view(ui)->ladder;
    int row = ladder_row_of(ladder, next->intent.price_ticks, next->intent.side);

    if (row < 0 || next->intent.side >= SIDE_COUNT)
        return false;
    return next->behind_lots !=
           (next->intent.side == SIDE_BID ? ladder->row[row].bid_lots : ladder->row[row].ask_lots);
}

/* A mark in the row of the cursor, in words: the letter beside its price says no more than that there is one. */
static void add_mark(struct sentence *s, const struct ui *ui)
{
    struct ladder_mark mark;
    char words[64], text[96];
    int row = ladder_cursor_row(ui);

    if (ui->overlay != OVERLAY_NONE || row < 0 ||
        !ladder_mark_at(ui, &ui_view(ui)->ladder, ui_scale(ui), row, &mark))
        return;
    text_print(words, sizeof(words), "%c: %s", mark.letter, mark.words);
    text_print(text, sizeof(text), "%s %s", words, number_price(ui_scale(ui), mark.price_ticks).text);
    add(s, 2, dim_next(), text, words);
}

static void add_rest(struct sentence *s, const struct ui *ui, const struct view_next *next,
                     const struct view_scale *scale)
{
    bool framed = ui->layout.framed, wide = ui->layout.roomy, more = row_has_more(ui, next);
    char text[96], brief[64];
    /* a place in the queue means something at two places of a big lot, more only for small ones */
    unsigned places = next->behind_lots == 0 ? 0 : scale->qty_decimals < 2 ? scale->qty_decimals : 2;

    if (next->takes_lots > 0) {
        text_print(text, sizeof(text), "TAKES %s now",
                   number_qty(scale, next->takes_lots, number_size_places(scale, next->takes_lots)).text);
        add(s, next->passes ? 0 : 2, on_next(STYLE_WARNING), text, ""); /* denied: why is more */
        return;
    }
    if (ui_stop_would_cover(ui, &next->intent, text, sizeof(text)))
        add(s, 2, dim_next(), text, "");
    else if (order_type_is_triggered(next->intent.type))
        add(s, framed ? 5 : 4, dim_next(), "waits for its price", framed ? "waits" : "");
    if (next->intent.type != ORDER_LIMIT)
        return;
    text_print(brief, sizeof(brief), "behind %s", number_qty(scale, next->behind_lots, places).text);
    if (wide && next->between_lots > 0) /* which says of which price it is */
        text_print(text, sizeof(text), "rests %s, then %s to the touch", brief,
                   number_qty(scale, next->between_lots, 2).text);
    else if (wide)
        text_print(text, sizeof(text), "rests %s%s", brief, more ? " at this price" : "");
    else if (more)
        text_print(text, sizeof(text), "%s there", brief);
    else
        text_print(text, sizeof(text), "%s%s", framed ? "rests " : "", brief);
    add(s, framed ? 5 : 4, dim_next(), text, framed || more ? brief : "");
    if (framed && ui_away_text(ui, next, text, sizeof(text))[0] != '\0')
        add(s, 6, dim_next(), text, "");
}

static void add_money(struct sentence *s, const struct ui *ui, const struct view_next *next,
                      const char *quote)
{
    bool framed = ui->layout.framed, wide = ui->layout.roomy;
    char text[96], brief[64];

    text_print(brief, sizeof(brief), "%s %s", number_fixed(next->value_e8, 8, framed ? 2 : 0, false).text,
               quote);
    text_print(text, sizeof(text), "%s", brief);
    if (wide && next->of_max_value_x1000 != VIEW_NONE)
        text_print(text, sizeof(text), "%s = %s %% of MAX_VALUE", brief,
                   number_fixed(next->of_max_value_x1000, 1, 0, false).text);
    add(s, 3, dim_next(), text, wide ? brief : "");
    text_print(text, sizeof(text), wide ? (next->maker ? "maker fee %s" : "taker fee %s") : "fee %s",
               number_money(next->fee_e8, false).text);
    add(s, 4, dim_next(), text, "");
    if (wide && ui_instrument(ui) != NULL) {
        int64_t after = next->after_lots;

        if (after == 0)
            text_print(text, sizeof(text), "then FLAT");
        else
            text_print(text, sizeof(text), "then %s %s", after > 0 ? "LONG" : "SHORT",
                       number_qty(ui_scale(ui), after < 0 ? -after : after, 3).text);
        add(s, 7, dim_next(), text, "");
    }
}

/* An order that joins the touch changes its price with it. While the gate is asked about the new one the last verdict
 * stands, with the price it was for: not when armed, where the key sends what is shown. */
static bool same_but_touch(const struct ui *ui, const struct order_intent *judged,
                           const struct order_intent *now)
{
    const struct view_frame *frame = ui->frame;
    struct order_intent moved = *judged;

    moved.price_ticks = now->price_ticks;
    return frame->next.valid && !ui->armed && !ui->moving && !ui->ladder.cursor_exact &&
           ladder_row_of(&frame->ladder, judged->price_ticks, judged->side) == ladder_cursor_row(ui) &&
           ui_same_order(&moved, now);
}

static void draw_order_head(struct brush *pen, const struct ui *ui, const struct order_intent *intent)
{
    const struct view_scale *scale = ui_scale(ui);
    bool wide = ui->layout.roomy;
    unsigned places = wide ? scale->qty_decimals : number_size_places(scale, intent->qty_lots);

    brush_printf(pen, on_next(style_side(intent->side)), "%s%s %s %s", ui->moving ? "MOVE " : "",
                 side_word(intent->side), number_qty(scale, intent->qty_lots, places).text,
                 order_type_word(intent->type));
    if (intent->type != ORDER_MARKET) /* a market order's price is only its bound */
        brush_printf(pen, on_next(style_side(intent->side)), " %s", ui_order_price(ui, intent).text);
}

static void draw_verdict(struct canvas *canvas, struct brush *pen, const struct ui *ui,
                         const struct view_next *next, int end)
{
    const struct view_instrument *at = ui_instrument(ui);
    const struct view_scale *scale = ui_scale(ui);
    struct sentence s = {0};
    char verdict[VIEW_TEXT_MAX], words[VIEW_TEXT_MAX];
    bool framed = ui->layout.framed;

    add_mark(&s, ui);
    add_rest(&s, ui, next, scale);
    add_money(&s, ui, next, at != NULL ? at->quote : "");
    if (next->passes)
        text_print(verdict, sizeof(verdict), "pass");
    else
        text_print(verdict, sizeof(verdict), "%.92s",
                   framed ? ui_denial_words(ui, next, words, sizeof(words)) : next->verdict);
    add(&s, 0, on_next(next->passes ? STYLE_BID : STYLE_WARNING), verdict, "");
    sentence_fit(&s, end - pen->col - 1 - (framed && next->passes ? 5 : 0));
    for (int i = 0; i < s.parts; i++) {
        if (i > 0 && pen->col + 3 >= end - 1) /* the key stands there */
            break;
        if (i > 0)
            brush_text(pen, dim_next(), " \u00b7 ");
        if (i == s.parts - 1 && framed && next->passes)
            brush_text(pen, dim_next(), "gate ");
        pen->col =
            canvas_text_cut(canvas, pen->row, pen->col, end - pen->col - 1, s.part[i].style, s.part[i].text);
    }
}

/* What else can be done on a row where an order of ours is; before `end`, returns where it begins. */
static int own_keys(struct canvas *canvas, const struct ui *ui, int end)
{
    bool mine = order_here(ui)->order.intent.owner == OWNER_MANUAL;
    struct style key_style = on_next(style_role(ROLE_OWN_QUEUE));
    char key[UI_CHIP_SIZE];
    int row = ui->layout.next_row;

    end = canvas_text_right(canvas, row, end - 2, dim_next(), " cancels");
    end = canvas_text_right(canvas, row, end, key_style, ui_chip(ui, "u", key));
    if (!mine) /* a strategy moves its own */
        return end;
    end = canvas_text_right(canvas, row, end - 2, dim_next(), " moves");
    return canvas_text_right(canvas, row, end, key_style, ui_chip(ui, "x", key));
}

/* As the question and the form have it beside their y. */
static const char *asked_words(const struct ui *ui)
{
    bool form = ui->overlay == OVERLAY_TICKET;
    bool again = form ? ui->ticket.taking_said : ui->question.again;
    bool twice = form ? ticket_takes(ui) && !again : ui->question.yes_count > 1;

    if (!form && ui->question.kind == ASK_MOVE && !twice && !again)
        return " moves it";
    return twice ? " twice: sends" : again ? " once more: sends" : " sends";
}

/* The key that sends it, or answers the question, and what else can be done there; before `end`, returns where it begins. */
static int keys_draw(struct canvas *canvas, const struct ui *ui, int end, bool asked)
{
    bool denied = ui_order_denied(ui);
    int row = ui->layout.next_row;
    char key[UI_CHIP_SIZE];

    end = canvas_text_right(canvas, row, end, denied ? on_next(STYLE_WARNING) : dim_next(),
                            denied             ? " denied"
                            : asked            ? asked_words(ui)
                            : ui->moving       ? " puts"
                            : ui->armed        ? " sends"
                            : ui->layout.roomy ? " asks first"
                                               : " asks");
    end = canvas_text_right(canvas, row, end, on_next(style_role(ROLE_OWN_QUEUE)),
                            ui_chip(ui,
                                    asked        ? "y"
                                    : ui->moving ? "p"
                                                 : "i",
                                    key));
    if (!asked && !ui->moving && order_here(ui) != NULL)
        end = own_keys(canvas, ui, end);
    return end;
}

void next_order_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_next *next = &ui->frame->next;
    struct order_intent intent = ui_judged_intent(ui);
    struct brush pen = brush_at(canvas, ui->layout.next_row, 0);
    char why[VIEW_TEXT_MAX];
    const char *locked = ui_locked(ui, why, sizeof(why));
    bool framed = ui->layout.framed, wide = ui->layout.roomy;
    bool asked =
        ui->overlay == OVERLAY_TICKET || (ui->overlay == OVERLAY_QUESTION &&
                                          (ui->question.kind == ASK_ORDER || ui->question.kind == ASK_MOVE));
    int end = canvas->cols - 1;

    next_fill(canvas, ui, dim_next());
    brush_text(&pen, dim_next(), framed ? " NEXT  " : " NEXT ");
    if (locked != NULL) {
        canvas_text_cut(canvas, pen.row, pen.col, end - pen.col, dim_next(), locked);
        return;
    }
    if (ui->overlay == OVERLAY_TICKET && ui->ticket.why[0] != '\0') {
        /* the gate's verdict is of the last form that could be sent */
        brush_text(&pen, dim_next(), "not ready: ");
        canvas_text_cut(canvas, pen.row, pen.col, end - pen.col, on_next(STYLE_WARNING), ui->ticket.why);
        return;
    }
    if (intent.qty_lots <= 0 || (intent.price_ticks <= 0 && intent.stop_ticks <= 0)) {
        canvas_text_cut(canvas, pen.row, pen.col, end - pen.col, dim_next(),
                        intent.qty_lots <= 0 ? "no order size: = types one"
                                             : "aim with \u2191\u2193, side with \u2190\u2192");
        return;
    }
    if (asked || ui->focus != FOCUS_LIST) /* a list has the keys: none of these would do it */
        end = keys_draw(canvas, ui, end, asked);
    if (same_but_touch(ui, &next->intent, &intent))
        intent = next->intent;
    draw_order_head(&pen, ui, &intent);
    pen.col += wide ? 3 : framed ? 2 : 1;
    if (next->valid && ui_same_order(&next->intent, &intent))
        draw_verdict(canvas, &pen, ui, next, end);
    else
        canvas_text_cut(canvas, pen.row, pen.col, end - pen.col - 1, dim_next(), "asking the gate");
}
