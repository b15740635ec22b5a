/* What a question tells: of an order by what the gate makes of it now, of all else by what is true now. See ui_question.c. */
#include "core/base/safe_text.h"
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <string.h>

#define NO_TEXT_COLS 7  /* of a row: frame and margins of the dock */
#define SYMBOL_COLS  14 /* longer names are shortened where there is no room */

static void line_add(struct ui_question *q, const char *text)
{
    if (q->lines < UI_LINES_MAX)
        text_print(q->line[q->lines++], UI_LINE_MAX, "%s", text);
}

static const char *long_short(int64_t lots)
{
    return lots > 0 ? "LONG" : lots < 0 ? "SHORT" : "FLAT";
}

static struct number_text abs_qty(const struct ui *ui, int64_t lots)
{
    return number_qty_full(ui_scale(ui), lots < 0 ? -lots : lots);
}

static bool is_preview_of(const struct ui *ui, const struct order_intent *intent)
{
    return ui->frame->next.valid && ui_same_order(&ui->frame->next.intent, intent);
}

/* As many of its words as there are columns for: the badge says the mode, and the short word of how long it stands is known. */
static void order_head(struct ui *ui, struct ui_question *q)
{
    const struct order_intent *intent = &q->yes.intent;
    const struct view_instrument *at = ui_instrument(ui);
    const char *kind = intent->post_only ? "post only, " : "",
               *only = intent->reduce_only ? "reduce-only, " : "";
    const char *mode = ui->frame->status.mode == MODE_LIVE ? "LIVE, REAL MONEY, " : "simulation, ";
    const char *stands = intent->tif == TIF_IOC ? "now or never" : "good till cancelled";
    char text[UI_LINE_MAX], symbol[SYMBOL_SIZE];
    const char *worst = ", at worst";

    text_print(symbol, sizeof(symbol), "%s", at != NULL ? at->symbol : "?");
    for (int cut = 0; cut < 4; cut++) {
        if (cut == 1 && ui->frame->status.mode != MODE_LIVE)
            mode = "";
        else if (cut == 2)
            stands = time_in_force_word(intent->tif);
        else if (cut == 3) { /* a long name is known by its ends; a price that is cut is another price */
            worst = ", worst";
            if (at != NULL && strlen(at->symbol) > SYMBOL_COLS)
                text_print(symbol, sizeof(symbol), "%.7s" GLYPH_ELLIPSIS "%s", at->symbol,
                           at->symbol + strlen(at->symbol) - 6);
        }
        text_print(text, sizeof(text), "%s %s %s  %s%s %s   %s%s%s%s", side_word(intent->side),
                   number_qty_full(ui_scale(ui), intent->qty_lots).text, symbol,
                   order_type_word(intent->type), intent->type == ORDER_MARKET ? worst : "",
                   ui_order_price(ui, intent).text, mode, kind, only, stands);
        if ((int)safe_text_columns(text) <= ui->layout.cols - NO_TEXT_COLS)
            break;
    }
    line_add(q, text);
}

static void rest_text(const struct ui *ui, const struct view_next *next, char *out, size_t size)
{
    const struct view_scale *scale = ui_scale(ui);
    unsigned places = scale->qty_decimals < 2 ? scale->qty_decimals : 2;
    char away[48] = "";

    if (ui->layout.framed && ui_away_text(ui, next, away, sizeof(away))[0] != '\0')
        text_print(away + strlen(away), sizeof(away) - strlen(away), " ");
    if (next->takes_lots > 0)
        text_print(out, size, "TAKES %s now", number_qty_full(scale, next->takes_lots).text);
    else if (next->intent.type != ORDER_LIMIT)
        text_print(out, size,
                   order_type_is_triggered(next->intent.type) ? "waits for its price" : "takes now");
    else
        text_print(out, size, "rests %sbehind %s", away, number_qty(scale, next->behind_lots, places).text);
}

static void order_lines(struct ui *ui, struct ui_question *q)
{
    const struct view_next *next = &ui->frame->next;
    const struct view_instrument *at = ui_instrument(ui);
    const char *then = "then ",
               *dot = ui->layout.framed ? "  \u00b7  " : " \u00b7 "; /* narrow: the gate's word must fit */
    char text[UI_LINE_MAX], rest[96], after[VIEW_TEXT_MAX];

    order_head(ui, q);
    if (!is_preview_of(ui, &q->yes.intent)) {
        line_add(q, "asking the gate");
        return;
    }
    rest_text(ui, next, rest, sizeof(rest));
    text_print(text, sizeof(text), "%s %s, %s %% of MAX_VALUE%s%s%sfee %s as %s",
               number_money(next->value_e8, false).text, at != NULL ? at->quote : "",
               number_fixed(next->of_max_value_x1000, 1, 0, false).text, dot, rest, dot,
               number_money(next->fee_e8, false).text, next->maker ? "maker" : "taker");
    line_add(q, text);
    if (!next->passes) { /* what would come of it is no matter: why nothing will is */
        text_print(text, sizeof(text), "gate: %s", ui_denial_words(ui, next, after, sizeof(after)));
        line_add(q, text);
        return;
    }
    if (ui_stop_would_cover(ui, &q->yes.intent, after, sizeof(after)))
        then = ""; /* what it protects matters more than what is left then */
    else if (next->after_lots == 0)
        text_print(after, sizeof(after), "FLAT");
    else
        text_print(after, sizeof(after), "%s %s @ %s", long_short(next->after_lots),
                   abs_qty(ui, next->after_lots).text,
                   number_fixed(next->after_entry_e8, 8, ui_scale(ui)->price_decimals, false).text);
    text_print(text, sizeof(text), "%s%s%sworst case %s of %s%sgate all %d pass", then, after, dot,
               number_money(next->worst_value_e8, false).text,
               number_fixed(next->worst_limit_e8, 8, 0, false).text, dot, ui->frame->risk.controls);
    line_add(q, text);
}

static bool owns_here(const struct ui *ui, const struct view_strategy *strategy)
{
    const struct view_lists *lists = &ui->frame->lists;

    if (strategy->owner == OWNER_MANUAL || strategy->paused || strategy->disabled)
        return false; /* it sends nothing already */
    if (strategy->position_lots != 0)
        return true;
    for (int i = 0; i < lists->orders && i < VIEW_ORDERS_MAX; i++)
        if (lists->order[i].instrument_id == ui->instrument_id &&
            lists->order[i].order.intent.owner == strategy->owner && order_is_open(&lists->order[i].order))
            return true;
    return false;
}

/* "; ofi and mm are paused": who owns a position or an order here, or would open the one that was closed again. */
static const char *paused_text(const struct ui *ui, char *out, size_t size)
{
    int count = 0;

    out[0] = '\0';
    for (int i = 0; i < ui->frame->strategies && i < VIEW_STRATEGIES_MAX; i++)
        if (owns_here(ui, &ui->frame->strategy[i]))
            text_print(out + strlen(out), size - strlen(out), "%s%s", count++ == 0 ? "; " : ", ",
                       ui->frame->strategy[i].name);
    if (count > 0)
        text_print(out + strlen(out), size - strlen(out), count == 1 ? " is paused" : " are paused");
    return out;
}

/* " (2 by hand, 1 of mm)": whose orders are open on this instrument, or with ORDERS_ANY on all; "": none is known. */
static const char *whose_text(const struct ui *ui, uint16_t instrument_id, char *out, size_t size)
{
    const struct view_lists *lists = &ui->frame->lists;
    int count[OWNERS_MAX] = {0}, named = 0;

    out[0] = '\0';
    for (int i = 0; i < lists->orders && i < VIEW_ORDERS_MAX; i++) {
        const struct view_order *order = &lists->order[i];

        if (order_is_open(&order->order) && order->order.intent.owner < OWNERS_MAX &&
            (instrument_id == ORDERS_ANY || order->instrument_id == instrument_id))
            count[order->order.intent.owner]++;
    }
    for (uint16_t owner = 0; owner < OWNERS_MAX; owner++) {
        const char *mark = named == 0 ? " (" : ", ";

        if (count[owner] == 0)
            continue;
        named++;
        if (owner == OWNER_MANUAL)
            text_print(out + strlen(out), size - strlen(out), "%s%d by hand", mark, count[owner]);
        else
            text_print(out + strlen(out), size - strlen(out), "%s%d of %s", mark, count[owner],
                       ui_owner_name(ui->frame, owner));
    }
    if (named > 0)
        text_print(out + strlen(out), size - strlen(out), "%s)",
                   lists->orders_open > VIEW_ORDERS_MAX ? ", and more" : "");
    return out;
}

static void flatten_lines(struct ui *ui, struct ui_question *q)
{
    const struct view_instrument *at = ui_instrument(ui);
    int64_t lots = at->position_lots;
    char text[UI_LINE_MAX], paused[128], whose[128];

    paused_text(ui, paused, sizeof(paused));
    whose_text(ui, ui->instrument_id, whose, sizeof(whose));
    if (lots == 0) {
        text_print(text, sizeof(text), "No position here: this cancels every order of %s%s%s.", at->symbol,
                   whose, paused);
        line_add(q, text);
    } else {
        text_print(text, sizeof(text),
                   "%s %s %s at market, reduce-only; every order of %s is cancelled first%s%s.",
                   lots > 0 ? "SELL" : "BUY", abs_qty(ui, lots).text, at->symbol, at->symbol, whose, paused);
        line_add(q, text);
        if (q->yes.intent.price_ticks > 0)
            text_print(text, sizeof(text), "worst price %s, as typed",
                       number_price(&at->scale, q->yes.intent.price_ticks).text);
        else if (at->book_state != BOOK_LIVE)
            text_print(text, sizeof(text),
                       "The book is %s: the cancels go out, closing needs :flatten --worst PRICE.",
                       book_state_word(at->book_state));
        else
            text_print(text, sizeof(text), "if flat now %s after fee %s and slip %s; bounded by COLLAR",
                       number_money(ui->frame->position.if_flat_e8, true).text,
                       number_money(ui->frame->position.if_flat_fee_e8, false).text,
                       number_money(ui->frame->position.if_flat_slip_e8, false).text);
        line_add(q, text);
    }
}

static void reverse_lines(struct ui *ui, struct ui_question *q)
{
    int64_t lots = ui_instrument(ui)->position_lots;
    bool spot = ui_instrument(ui)->venue == VENUE_BINANCE_SPOT;
    char text[UI_LINE_MAX], opened[96] = "", paused[128], whose[128];

    if (!spot)
        text_print(opened, sizeof(opened), " and %s %s opened", long_short(-lots), abs_qty(ui, lots).text);
    text_print(
        text, sizeof(text), "%s %s is closed%s at market, bounded by COLLAR; orders here are cancelled%s%s.",
        long_short(lots), abs_qty(ui, lots).text, opened,
        whose_text(ui, ui->instrument_id, whose, sizeof(whose)), paused_text(ui, paused, sizeof(paused)));
    line_add(q, text);
    if (spot) /* it would end flat, with a denial that nobody asked for */
        text_print(text, sizeof(text), "Spot sells only what is held: NO SHORT is opened, you end FLAT.");
    else
        text_print(text, sizeof(text), "about %s %s change hands, fee and slip on both halves",
                   number_money(2 * ui->frame->position.value_e8, false).text, ui_instrument(ui)->quote);
    line_add(q, text);
}

static void mode_lines(struct ui *ui, struct ui_question *q)
{
    const struct view_instrument *at = ui_instrument(ui);
    uint32_t orders = ui_open_orders(ui);
    int64_t lots = at != NULL ? at->position_lots : 0;
    char text[UI_LINE_MAX], position[96] = "No position is open here.", whose[128];

    if (lots != 0)
        text_print(position, sizeof(position), "%s %s stays in the paper account; nothing trades it.",
                   long_short(lots), abs_qty(ui, lots).text);
    text_print(text, sizeof(text), "%u paper order%s%s will be cancelled. %s", orders, orders == 1 ? "" : "s",
               whose_text(ui, ORDERS_ANY, whose, sizeof(whose)), position);
    line_add(q, text);
}

static void quit_lines(struct ui *ui, struct ui_question *q)
{
    const struct view_instrument *at = ui_instrument(ui);
    const char *first = "";
    int others = ui->frame != NULL ? ui_other_position(ui->frame, ui->instrument_id, &first) : 0;
    int held = others + (at != NULL && at->position_lots != 0);
    const char *open = held > 1 ? ". The positions stay open" : held == 1 ? ". The position stays open" : "";
    uint32_t orders = ui_open_orders(ui);
    char text[UI_LINE_MAX], whose[128];

    line_add(q, "");
    if (ui->host.detach != NULL)
        line_add(q, KEY("d") " detach: all goes on without this screen; flowdeck attach comes back");
    if (orders > 0)
        text_print(text, sizeof(text),
                   KEY("x") " stop: cancel the %u order%s%s, wait until each is confirmed, then end%s",
                   orders, orders == 1 ? "" : "s", whose_text(ui, ORDERS_ANY, whose, sizeof(whose)), open);
    else
        text_print(text, sizeof(text), KEY("x") " stop: end the program%s%s", open,
                   open[0] == '\0' ? "" : " in the paper account");
    line_add(q, text);
}

/* Its terms are those of now: while the question stands its strategy may move it, and it may be of another instrument. */
static void cancel_lines(struct ui *ui, struct ui_question *q)
{
    const struct view_order *order = ui_order_find(ui->frame, q->yes.order_seq);
    const struct order_intent *intent = order != NULL ? &order->order.intent : &q->yes.intent;
    uint16_t instrument_id = order != NULL ? order->instrument_id : intent->instrument_id;
    const struct view_scale *scale = scale_of(ui->frame, instrument_id);
    const char *owner = ui_owner_name(ui->frame, intent->owner);
    char text[UI_LINE_MAX];

    text_print(
        text, sizeof(text),
        "%s %s %s %s @ %s belongs to %s. Cancelling it pauses %s, or it would place it again.",
        number_order_id(q->yes.order_seq).text, side_word(intent->side),
        number_qty_short(scale, order != NULL ? order_left_lots(&order->order) : intent->qty_lots).text,
        symbol_of(ui->frame, instrument_id),
        number_price(scale, order != NULL ? order_shown_ticks(&order->order) : order_intent_ticks(intent))
            .text,
        owner, owner);
    line_add(q, text);
}

static void kill_lines(struct ui *ui, struct ui_question *q)
{
    char text[UI_LINE_MAX], whose[128];

    text_print(
        text, sizeof(text),
        "Blocks every new order of this engine and cancels all of its own%s; it stays killed until a word "
        "is typed.",
        whose_text(ui, ORDERS_ANY, whose, sizeof(whose)));
    line_add(q, text);
}

/* What rested when it was asked would take now. */
static void look_at_taking(struct ui *ui, struct ui_question *q)
{
    const struct view_next *next = &ui->frame->next;

    if (!is_preview_of(ui, &q->yes.intent))
        return;
    if (next->takes_lots == 0) {
        if (q->turned && !q->would_rest && !q->not_live)
            q->yes_count =
                1; /* what was asked holds again: at the touch it turns often, and one yes must be enough */
        q->would_rest = true;
    } else if (q->would_rest && q->yes_count < 2) {
        q->would_rest = false;
        q->turned = true;
        q->yes_count = 2;
    }
    if (q->turned && !q->not_live)
        text_print(q->note, sizeof(q->note), "%s",
                   next->takes_lots > 0 ? "it would TAKE now: the market moved"
                                        : "the market moved and came back: it rests, as asked");
}

static void look_at_book(struct ui *ui, struct ui_question *q)
{
    bool prices = q->kind == ASK_ORDER || q->kind == ASK_MOVE || q->kind == ASK_REVERSE;

    if (ui_book_live(ui) || q->not_live || !prices)
        return;
    q->not_live = true;
    q->yes_count = 2;
    text_print(q->note, sizeof(q->note), "the book left LIVE: it may be refused");
}

static void again_lines(const struct ui *ui, struct ui_question *q)
{
    char text[UI_LINE_MAX];

    text_print(text, sizeof(text),
               "%s is behind: the recording is played from its beginning, fast up to there. Orders, "
               "position and results of now end.",
               replay_clock(&ui->frame->status, q->yes.number).text);
    line_add(q, text);
}

static void question_lines(struct ui *ui, struct ui_question *q)
{
    switch (q->kind) {
    case ASK_ORDER:
    case ASK_MOVE:
        order_lines(ui, q);
        look_at_taking(ui, q);
        break;
    case ASK_FLATTEN:
        flatten_lines(ui, q);
        break;
    case ASK_REVERSE:
        reverse_lines(ui, q);
        break;
    case ASK_CANCEL:
        cancel_lines(ui, q);
        break;
    case ASK_MODE:
        mode_lines(ui, q);
        break;
    case ASK_ARM:
        line_add(
            q,
            "Order keys will send real orders at once, without this question, until 60 s pass without one.");
        break;
    case ASK_RESUME:
        line_add(q, "Strategies will send real orders again.");
        break;
    case ASK_STRATEGY:
        line_add(q, "It will send real orders as soon as it wants to, within the limits of screen 5.");
        break;
    case ASK_KILL:
        kill_lines(ui, q);
        break;
    case ASK_QUIT:
        quit_lines(ui, q);
        break;
    case ASK_AGAIN:
        again_lines(ui, q);
        break;
    }
}

/* What it is about has ended: there is nothing to ask. */
static bool order_has_ended(struct ui *ui, const struct ui_question *q)
{
    const struct view_order *order =
        q->kind == ASK_CANCEL || q->kind == ASK_MOVE ? ui_order_find(ui->frame, q->yes.order_seq) : NULL;
    char text[96];

    if (order == NULL || order_is_open(&order->order))
        return false;
    if (q->kind == ASK_CANCEL) { /* its words stay to be read */
        text_print(ui->question.note, sizeof(ui->question.note), "it is %s now: nothing to cancel",
                   order_state_word(order->order.state));
        return false;
    }
    question_close(ui, text_print(text, sizeof(text), "%s of %s is %s now: nothing to move",
                                  number_order_id(order->order.seq).text,
                                  ui_owner_name(ui->frame, order->order.intent.owner),
                                  order_state_word(order->order.state)));
    return true;
}

/* Of another one it would tell that one's name and price of what it sends: there is nothing to ask then, either. */
static bool picture_has_gone(struct ui *ui, const struct ui_question *q)
{
    char text[96];

    if (q->kind > ASK_REVERSE || ui_picture_came(ui))
        return false;
    question_close(ui, text_print(text, sizeof(text), "nothing sent: the picture is of %s now",
                                  ui_instrument(ui)->symbol));
    return true;
}

void question_refresh(struct ui *ui)
{
    ui->question.lines = 0;
    if (ui_instrument(ui) == NULL || order_has_ended(ui, &ui->question) ||
        picture_has_gone(ui, &ui->question))
        return;
    question_lines(ui, &ui->question);
    look_at_book(ui, &ui->question);
}

void question_quit_note(const struct ui *ui, char *out, size_t size)
{
    const struct view_instrument *at = ui_instrument(ui);
    uint32_t orders = ui_open_orders(ui);
    const char *first = "";
    int others = ui->frame != NULL ? ui_other_position(ui->frame, ui->instrument_id, &first) : 0;
    char position[64] = "", elsewhere[64] = "", on[STRATEGIES_ON_SIZE];

    ui_strategies_on(ui, on, sizeof(on));
    if (at != NULL && at->position_lots != 0)
        text_print(position, sizeof(position), ", %s %s open", long_short(at->position_lots),
                   abs_qty(ui, at->position_lots).text);
    if (others > 0)
        text_print(elsewhere, sizeof(elsewhere), ", %s%s open%s", first, others > 1 ? " and more" : "",
                   position[0] != '\0' ? ", too" : "");
    if (ui_killed(ui)) /* a switch that is on sends nothing then */
        on[0] = '\0';
    text_print(out, size, "%u order%s working%s%s%s%s%s%s", orders, orders == 1 ? "" : "s", position,
               elsewhere, on[0] != '\0' ? ", " : "", on,
               on[0] == '\0'      ? ""
               : ui_is_paused(ui) ? " PAUSED"
                                  : " ON",
               ui->frame != NULL && ui->frame->desk.screens > 1 ? ", others look too" : "");
}
