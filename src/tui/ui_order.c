/*
 * Orders by key: what would be sent from the cursor, why no order key works now, and the way out: at once when
 * one-key is armed, else by a question. Cancels never ask, except for an order of a strategy.
 */
#include "tui/panels.h"

#include <string.h>

#define DUPLICATE_NS UI_SECOND_NS

int64_t move_left_lots(const struct ui *ui)
{
    return ui->move_lots > 0 ? ui->move_lots : order_left_lots(&ui->move_order);
}

struct order_intent order_at_cursor(const struct ui *ui, enum order_type type)
{
    const struct view_frame *frame = ui_view(ui);
    struct order_intent intent;
    int64_t price = ladder_order_ticks(ui);

    memset(&intent, 0, sizeof(intent));
    intent.instrument_id = ui->instrument_id;
    intent.owner = OWNER_MANUAL;
    intent.side = ui->ladder.side;
    intent.type = type;
    intent.qty_lots = ui_size_lots(ui);
    if (ui->moving) { /* the same order on other terms */
        intent = ui->move_order.intent;
        intent.qty_lots = move_left_lots(ui);
        intent.price_ticks = price;
        return intent;
    }
    switch (type) {
    case ORDER_LIMIT:
        intent.price_ticks = price;
        break;
    case ORDER_MARKET: /* the worst price: the far side of the book as far as COLLAR lets it, see order_key() */
        intent.tif = TIF_IOC;
        intent.price_ticks = frame != NULL ? frame->ladder.best[side_other(intent.side)].price_ticks : 0;
        break;
    case ORDER_STOP_LIMIT:
    case ORDER_TAKE_PROFIT:
    case ORDER_TAKE_PROFIT_LIMIT:
    case ORDER_TRAILING_STOP:
    case ORDER_TYPES:
        break; /* of the ticket and the prompt */
    case ORDER_STOP:
        intent.stop_ticks = price;
        intent.reduce_only = true;
        intent.side = ui_instrument(ui) != NULL && ui_instrument(ui)->position_lots < 0 ? SIDE_BID : SIDE_ASK;
        break;
    }
    return intent;
}

static bool refuse(struct ui *ui, const char *why)
{
    ui_say(ui, 1, "NOT SENT", "%s", why);
    return false;
}

bool order_may_leave(struct ui *ui)
{
    const struct view_status *status;

    if (ui_instrument(ui) == NULL)
        return refuse(ui, "there is no market yet");
    status = &ui->frame->status;
    if (ui->layout.small)
        return refuse(ui, "too small a screen for orders: 60x15 at least");
    if (status->replay_ended)
        return refuse(ui, "the recording has ended: nothing can fill an order any more");
    if (status->mode == MODE_OBSERVATION)
        return refuse(ui, "observation sends nothing; " KEY("s") " trades on paper");
    if (!ui_may_change(ui))
        return false;
    if (ui_killed(ui))
        return refuse(ui, "KILLED: only cancels; :clear-kill and its word lead to PAUSED");
    if (status->schedule_holds) {
        ui_say(ui, 1, "NOT SENT", "the schedule pauses everybody: %s", status->state_why);
        return false;
    }
    if (status->state == STATE_HALTED)
        return refuse(ui, ui_halted_words(status));
    if (ui->frozen)
        return refuse(ui, "the picture is FROZEN: what you see is old; " KEY("Z") " thaws");
    if (!ui_picture_came(ui)) {
        ui_say(ui, 1, "NOT SENT", "the picture of %s has not come yet: once more",
               symbol_of(ui->frame, ui->instrument_id));
        return false;
    }
    return true;
}

bool order_keys_work(struct ui *ui)
{
    const struct view_instrument *at = ui_instrument(ui);

    if (!order_may_leave(ui))
        return false;
    if (at->book_state != BOOK_LIVE) {
        ui_say(ui, 1, "NOT SENT",
               "book %s%s%s%s: no order can be priced. Cancel (" KEY("u U") "), pause and " KEY(
                   "K") " work. flatten: :flatten "
                        "--worst PRICE",
               book_state_word(at->book_state), at->book_age_ns == VIEW_NONE ? "" : " ",
               at->book_age_ns == VIEW_NONE ? "" : number_age_tenths(at->book_age_ns).text,
               at->book_age_ns == VIEW_NONE ? "" : " s");
        return false;
    }
    return true;
}

static bool is_duplicate(const struct ui *ui, const struct order_intent *intent)
{
    return ui->last_sent_ns != 0 && ui->now_ns - ui->last_sent_ns < DUPLICATE_NS &&
           ui_same_order(&ui->last_sent, intent);
}

void order_send(struct ui *ui, struct command *command)
{
    bool live_arm = ui->armed;

    if (command->kind == COMMAND_ORDER && live_arm && is_duplicate(ui, &command->intent)) {
        question_open(ui, ASK_ORDER, command);
        text_print(ui->question.note, sizeof(ui->question.note),
                   "the same order went out less than a second ago");
        return;
    }
    if (!live_arm) {
        question_open(ui, command->kind == COMMAND_MOVE ? ASK_MOVE : ASK_ORDER, command);
        return;
    }
    arm_used(ui);
    if (ui_send(ui, command)) {
        ui->last_sent = command->intent;
        ui->last_sent_ns = ui->now_ns;
        ui_say(ui, 0, "SENT", "%s %s %s", side_word(command->intent.side),
               number_qty_short(ui_scale(ui), command->intent.qty_lots).text,
               command->intent.type == ORDER_MARKET ? "MARKET" : ui_order_price(ui, &command->intent).text);
    }
}

/* A market order is bounded: 0.4 % through the touch. COLLAR's default is half a percent, and while a question stands
 * open the market moves: an order bounded right at the collar would be refused for that. */
static int64_t market_worst(const struct ui *ui, enum side side)
{
    int64_t touch = ui_view(ui)->ladder.best[side_other(side)].price_ticks;
    int64_t room = touch / 250;

    if (touch <= 0)
        return 0;
    return side == SIDE_BID ? touch + room : touch - room;
}

/* A stop on the wrong side of the last trade is refused by the venue: whoever is asked believes to be protected. */
static bool set_off_at_once(struct ui *ui, const struct order_intent *intent)
{
    int64_t last = ui_instrument(ui)->last_ticks;
    bool sells = intent->side == SIDE_ASK;

    if (intent->type != ORDER_STOP || last <= 0 ||
        (sells ? intent->stop_ticks < last : intent->stop_ticks > last))
        return false;
    ui_say(ui, 1, "NOT SENT",
           "a stop at %s would be set off at once: this one %s, aim %s the last trade at %s",
           number_price(ui_scale(ui), intent->stop_ticks).text, sells ? "sells" : "buys",
           sells ? "below" : "above", number_price(ui_scale(ui), last).text);
    return true;
}

static bool protects(struct ui *ui)
{
    return ui_instrument(ui)->position_lots != 0 ||
           refuse(ui, "a stop is reduce-only, and there is no position");
}

void order_stop_at(struct ui *ui, int64_t stop_ticks)
{
    struct command command = ui_command(ui, COMMAND_ORDER);
    int64_t lots;

    if (!order_keys_work(ui) || !protects(ui))
        return;
    ui->moving = false;
    lots = ui_instrument(ui)->position_lots;
    command.intent = order_at_cursor(ui, ORDER_STOP);
    command.intent.stop_ticks = stop_ticks;
    command.intent.qty_lots = lots < 0 ? -lots : lots;
    if (!set_off_at_once(ui, &command.intent))
        order_send(ui, &command);
}

void order_key(struct ui *ui, enum order_type type)
{
    struct command command;

    if (!order_keys_work(ui))
        return;
    command = ui_command(ui, COMMAND_ORDER);
    command.intent = order_at_cursor(ui, type);
    if (type == ORDER_MARKET)
        command.intent.price_ticks = market_worst(ui, command.intent.side);
    if (type == ORDER_STOP && !protects(ui))
        return;
    if (command.intent.qty_lots <= 0) {
        refuse(ui, "no order size: " KEY("+ -") " choose one, " KEY("=") " types one");
        return;
    }
    if (command.intent.price_ticks <= 0 && command.intent.stop_ticks <= 0) {
        refuse(ui, type == ORDER_MARKET ? "that side of the book is empty"
                                        : "the cursor has no price: " KEY("0") " aims at the inside");
        return;
    }
    if (!set_off_at_once(ui, &command.intent))
        order_send(ui, &command);
}

/* --- cancels ----------------------------------------------------------------------------------------------- */

void order_cancel_seq(struct ui *ui, uint64_t seq)
{
    const struct view_order *order = ui->frame != NULL ? ui_order_find(ui->frame, seq) : NULL;
    struct command command = ui_command(ui, COMMAND_CANCEL);

    command.order_seq = seq;
    if (order != NULL && !order_is_open(&order->order)) {
        ui_say(ui, 1, "", "%s is %s: nothing to cancel", number_order_id(seq).text,
               order_state_word(order->order.state));
        return;
    }
    if (order != NULL && order->order.intent.owner != OWNER_MANUAL) {
        command.intent = order->order.intent;
        question_open(ui, ASK_CANCEL, &command);
        return;
    }
    if (ui_send(ui, &command))
        ui_say(ui, 0, "CANCEL", "asked for %s", number_order_id(seq).text);
}

static const struct view_own_order *own_at_cursor(const struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);
    int row = ladder_cursor_row(ui);

    if (frame == NULL || row < 0)
        return NULL;
    /* my side first, then whatever of ours stands in the row */
    for (int pass = 0; pass < 2; pass++) {
        const struct view_row *at = &frame->ladder.row[row];

        for (int i = 0; i < at->own_count && i < VIEW_OWN_MAX; i++) {
            if (pass == 1 || at->own[i].side == ui->ladder.side)
                return &at->own[i];
        }
    }
    return NULL;
}

const struct view_order *order_here(const struct ui *ui)
{
    const struct view_own_order *own = ui->frame != NULL ? own_at_cursor(ui) : NULL;
    const struct view_order *order = own != NULL ? ui_order_find(ui->frame, own->seq) : NULL;

    return order != NULL && order_is_open(&order->order) ? order : NULL;
}

/* The open order by hand of this instrument that is nearest to the cursor; NULL: there is none. */
static const struct order *nearest_own(const struct ui *ui)
{
    const struct view_lists *lists = &ui->frame->lists;
    const struct order *nearest = NULL;
    int64_t best = INT64_MAX;

    for (int i = 0; i < lists->orders && i < VIEW_ORDERS_MAX; i++) {
        const struct order *order = &lists->order[i].order;
        int64_t away = order_shown_ticks(order) - ui->ladder.cursor_ticks;

        away = away < 0 ? -away : away;
        if (lists->order[i].instrument_id == ui->instrument_id && order_is_open(order) &&
            order->intent.owner == OWNER_MANUAL && away < best) {
            best = away;
            nearest = order;
        }
    }
    return nearest;
}

/* Whoever aims at nothing is told where the order is that was meant. */
static void nothing_here(struct ui *ui, const char *otherwise)
{
    const struct order *order = ui->ladder.cursor_set ? nearest_own(ui) : NULL;
    int64_t step = ui->frame->ladder.row_ticks,
            rows =
                order == NULL || step <= 0 ? 0 : (order_shown_ticks(order) - ui->ladder.cursor_ticks) / step;

    if (ladder_cursor_away(ui) != 0)
        ui_say(ui, 1, "", "the cursor is out of sight at %s; " KEY("0") " aims at the inside",
               number_price(ui_scale(ui), ui->ladder.cursor_ticks).text);
    else if (ui->frame->lists.orders_open == 0)
        ui_say(ui, 1, "", "no order is open, neither ours nor a strategy's%s",
               ui_refused_word(ui, ACT_LIMIT) == NULL ? "; " KEY("i") " sends one from the cursor" : "");
    else if (order == NULL || step <= 0)
        ui_say(ui, 1, "", "no order of ours on this row%s", otherwise);
    else
        ui_say(ui, 1, "", "no order of ours on this row; yours is at %s, %lld row%s %s%s",
               number_price(ui_scale(ui), order_shown_ticks(order)).text,
               (long long)(rows < 0 ? -rows : rows), rows == 1 || rows == -1 ? "" : "s",
               rows < 0 ? "\u2193" : "\u2191",
               strstr(otherwise, "all") != NULL ? "; " KEY("U") " cancels all" : "");
}

/* Works in every state: cancels need no book. */
void order_cancel_here(struct ui *ui)
{
    const struct view_own_order *own;
    const struct view_order *order;

    if (ui->frame == NULL) {
        ui_say(ui, 1, "", "there is nothing to cancel yet");
        return;
    }
    if (ui->frame->status.mode == MODE_OBSERVATION) {
        ui_say(ui, 1, "", "observation has no orders; " KEY("s") " trades on paper");
        return;
    }
    if (ui->focus == FOCUS_LIST) {
        order = list_order(ui);
        if (order != NULL && order->order.intent.owner == OWNER_MANUAL && list_just_moved(ui))
            ui_say(ui, 1, "NOT CANCELLED",
                   "the choice went to %s by itself; look, then " KEY("u") " cancels it",
                   number_order_id(order->order.seq).text);
        else if (order != NULL)
            order_cancel_seq(ui, order->order.seq);
        else if (ui->frame->lists.orders_open == 0)
            nothing_here(ui, "");
        else
            ui_say(ui, 1, "", "choose an order in the orders list first");
        return;
    }
    own = own_at_cursor(ui);
    if (own == NULL)
        nothing_here(ui, "; " KEY("U") " cancels all of this instrument");
    else
        order_cancel_seq(ui, own->seq);
}

void order_cancel_all(struct ui *ui)
{
    struct command command = ui_command(ui, COMMAND_CANCEL_ALL);

    if (ui->frame != NULL && ui->frame->status.mode == MODE_OBSERVATION) {
        ui_say(ui, 1, "", "observation has no orders; " KEY("s") " trades on paper");
        return;
    }
    if (ui_send(ui, &command))
        ui_say(ui, 0, "CANCEL ALL", "of %s asked for; strategies that own orders here are paused",
               ui->frame != NULL ? symbol_of(ui->frame, ui->instrument_id) : "this instrument");
}

void order_cancel_side(struct ui *ui, enum side side)
{
    const struct view_lists *lists;
    int asked = 0, open = 0;

    if (ui->frame == NULL)
        return;
    lists = &ui->frame->lists;
    for (int i = 0; i < lists->orders && i < VIEW_ORDERS_MAX; i++) {
        const struct view_order *order = &lists->order[i];
        struct command command = ui_command(ui, COMMAND_CANCEL);

        if (!order_is_open(&order->order))
            continue;
        open++;
        if (order->instrument_id != ui->instrument_id || order->order.intent.side != side)
            continue;
        command.order_seq = order->order.seq;
        if (!ui_send(ui, &command))
            return;
        asked++;
    }
    if (asked == 0 && lists->orders_open <= open) {
        ui_say(ui, 1, "CANCEL", "no %s of %s is open", side == SIDE_BID ? "buy" : "sell",
               symbol_of(ui->frame, ui->instrument_id));
        return;
    }
    ui_say(ui, lists->orders_open > open ? 2 : 0, "CANCEL", "asked for %d %s%s%s", asked,
           side == SIDE_BID ? "buy" : "sell", asked == 1 ? "" : "s",
           lists->orders_open > open ? "; more are open than this screen lists: " KEY("U") " cancels them all"
                                     : "");
}

/* --- moving an order --------------------------------------------------------------------------------------- */

void order_pick(struct ui *ui)
{
    const struct view_own_order *own = own_at_cursor(ui);
    const struct view_order *order;

    if (!order_keys_work(ui))
        return;
    order = own != NULL ? ui_order_find(ui->frame, own->seq) : NULL;
    if (order == NULL || !order_is_open(&order->order)) {
        nothing_here(ui, " to pick up");
        return;
    }
    if (order->order.intent.owner != OWNER_MANUAL) {
        ui_say(ui, 1, "", "that order belongs to %s; its strategy moves it",
               ui_owner_name(ui->frame, order->order.intent.owner));
        return;
    }
    if (order->order.intent.type != ORDER_LIMIT) {
        ui_say(ui, 1, "", "only limit orders move; cancel the stop and set it anew");
        return;
    }
    ui->moving = true;
    ui->move_order = order->order;
    ui->move_lots = 0;
    ui->ladder.side = order->order.intent.side;
    ui->preview_ns = 0;
    ui_say(ui, 0, "PICKED UP",
           KEY("\u2191\u2193") " price, " KEY("+ - =") " size, " KEY("p") " puts it there, " KEY(
               "Esc") " leaves it");
}

void order_put(struct ui *ui)
{
    struct command command = ui_command(ui, COMMAND_MOVE);
    const struct view_order *order;

    if (!ui->moving) {
        ui_say(ui, 1, "", "nothing is picked up; " KEY("x") " picks up the order of this row");
        return;
    }
    if (!order_keys_work(ui))
        return;
    order = ui_order_find(ui->frame, ui->move_order.seq);
    if (order == NULL || !order_is_open(&order->order)) {
        ui->moving = false;
        ui_say(ui, 1, "NOT MOVED", "the order is %s",
               order != NULL ? order_state_word(order->order.state) : "no longer working");
        return;
    }
    command.intent = order_at_cursor(ui, ORDER_LIMIT);
    command.order_seq = ui->move_order.seq;
    if (move_left_lots(ui) !=
        order_left_lots(&ui->move_order)) /* what fills meanwhile is of the same whole */
        command.number = ui->move_order.filled_lots + ui->move_lots;
    if (command.intent.price_ticks == ui->move_order.intent.price_ticks && command.number == 0) {
        ui->moving = false;
        ui_say(ui, 0, "", "put back where it was: it keeps its place");
        return;
    }
    order_send(ui, &command);
    ui->moving = ui->overlay == OVERLAY_QUESTION;
}
