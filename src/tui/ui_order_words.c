/* Words of the prompt about orders: the form of a side, a stop, cancels, the way out of a position. */
#include "tui/figure.h"
#include "tui/panels.h"
#include "tui/prompt_words.h"
#include "tui/ui_size.h"

#include <stdlib.h>
#include <string.h>

/* --- cancels ------------------------------------------------------------------------------------------------- */

/* Only for instruments that have orders listed, or for all when more are open than are listed. */
static void cancel_everything(struct ui *ui)
{
    const struct view_lists *lists = &ui->frame->lists;
    int asked = 0, listed = 0;

    for (int i = 0; i < lists->orders && i < VIEW_ORDERS_MAX; i++)
        listed += order_is_open(&lists->order[i].order);
    for (int at = 0; at < ui->frame->status.instruments && at < INSTRUMENTS_MAX; at++) {
        struct command command = ui_command(ui, COMMAND_CANCEL_ALL);
        bool here = lists->orders_open > listed;

        for (int i = 0; i < lists->orders && i < VIEW_ORDERS_MAX && !here; i++)
            here = lists->order[i].instrument_id == at && order_is_open(&lists->order[i].order);
        command.instrument_id = (uint16_t)at;
        if (here && !ui_send(ui, &command))
            return;
        asked += here;
    }
    if (asked == 0) {
        ui_say(ui, 1, "CANCEL", "no order is open");
        return;
    }
    ui_say(ui, 0, "CANCEL", "everything asked for, on %d instrument%s", asked, asked == 1 ? "" : "s");
}

/* Whether it stands at the price typed, on the shown instrument, and is ours by hand. */
static bool is_own_at(const struct ui *ui, const struct view_order *order, int64_t price_e8)
{
    return order->instrument_id == ui->instrument_id && order->order.intent.owner == OWNER_MANUAL &&
           order_is_open(&order->order) &&
           number_price_e8(ui_scale(ui), order_shown_ticks(&order->order)) == price_e8;
}

/* The order of that number, or of the very id that its row has; NULL: the name is no such thing, or there is none. */
static const struct view_order *order_named(const struct ui *ui, const char *name)
{
    bool id = strchr(name, '-') != NULL;
    const char *digits = id ? strrchr(name, '-') + 1 : name;
    char *end;
    unsigned long long seq = strtoull(digits, &end, 10);

    if (digits[0] < '0' || digits[0] > '9' || *end != '\0' ||
        (id && strcmp(number_order_id(seq).text, name) != 0))
        return NULL;
    return ui_order_find(ui->frame, seq);
}

/* How many of ours stand at the price; unless only counting each is cancelled. -1: one could not be sent. */
static int cancel_at(struct ui *ui, int64_t price_e8, bool only_count)
{
    const struct view_lists *lists = &ui->frame->lists;
    int count = 0;

    for (int i = 0; i < lists->orders && i < VIEW_ORDERS_MAX; i++) {
        struct command command = ui_command(ui, COMMAND_CANCEL);

        if (!is_own_at(ui, &lists->order[i], price_e8))
            continue;
        command.order_seq = lists->order[i].order.seq;
        if (!only_count && !ui_send(ui, &command))
            return -1;
        count++;
    }
    return count;
}

/* By its number or id, "218" or "fd-0-218", else by its price, as the ladder shows it. */
static void cancel_named(struct ui *ui, const char *name)
{
    const struct view_order *order = order_named(ui, name);
    char why[VIEW_TEXT_MAX];
    int64_t price_e8 = 0;
    bool price = figure_parse(name, strlen(name), 8, true, &price_e8, why, sizeof(why));
    int there = price ? cancel_at(ui, price_e8, true) : 0;

    if (order != NULL && there > 0 && order_is_open(&order->order) &&
        !is_own_at(ui, order, price_e8)) { /* of whole prices it may be both */
        ui_say(ui, 1, "", "%.24s is a number and a price here: :cancel %s, or %.24s.0 for the price", name,
               number_order_id(order->order.seq).text, name);
    } else if (order != NULL && (there == 0 || order_is_open(&order->order))) {
        order_cancel_seq(ui, order->order.seq);
    } else if (there > 0) {
        there = cancel_at(ui, price_e8, false);
        if (there > 0)
            ui_say(ui, 0, "CANCEL", "asked for %d order%s at %s", there, there == 1 ? "" : "s", name);
    } else if (price || strchr(name, '-') != NULL) {
        ui_say(ui, 1, "",
               "no open order has the number or price %.24s; " KEY("w") " in the list tells a number", name);
    } else {
        ui_say(ui, 1, "",
               "not `%.24s`; allowed: all, buys, sells, everything, an order's number or its price", name);
    }
}

void word_cancel(struct ui *ui, const char *args)
{
    if (ui->frame == NULL)
        ui_say(ui, 1, "", "there is nothing to cancel yet");
    else if (strcmp(args, "buys") == 0)
        order_cancel_side(ui, SIDE_BID);
    else if (strcmp(args, "sells") == 0)
        order_cancel_side(ui, SIDE_ASK);
    else if (strcmp(args, "everything") == 0)
        cancel_everything(ui);
    else if (args[0] == '\0' || strcmp(args, "all") == 0)
        order_cancel_all(ui);
    else
        cancel_named(ui, args);
}

/* --- the way out --------------------------------------------------------------------------------------------- */

/* The word at *args, cut off into out; *args is what comes behind it. */
static const char *take_word(const char **args, char *out, size_t size)
{
    size_t length = strcspn(*args, " ");

    text_print(out, size, "%.*s", (int)length, *args);
    *args += length;
    *args += strspn(*args, " ");
    return out;
}

/* 0: not a price that this instrument can have, said so. */
static int64_t price_read(struct ui *ui, const char *text, const char *head, const char *form)
{
    const struct view_scale *scale = ui_scale(ui);
    char why[VIEW_TEXT_MAX];
    int64_t price_e8;

    if (!figure_parse(text, strlen(text), 8, true, &price_e8, why, sizeof(why)))
        ui_say(ui, 1, head, "%s, in steps of %s", why, number_trim(scale->tick_e8, 8).text);
    else if (scale->tick_e8 <= 0)
        ui_say(ui, 1, head, "there is no market yet");
    else if (price_e8 % scale->tick_e8 != 0)
        ui_say(ui, 1, head, "%s, a price in steps of %s", form, number_trim(scale->tick_e8, 8).text);
    else
        return price_e8 / scale->tick_e8;
    return 0;
}

/* The instrument that is named is shown first: what the question tells is of what one sees. */
void word_flatten(struct ui *ui, const char *args)
{
    char word[UI_COMMAND_MAX];
    int64_t worst;
    int named;

    if (args[0] != '\0' && args[0] != '-') {
        named = ui_instrument_named(ui, take_word(&args, word, sizeof(word)));
        if (named < 0) {
            ui_say(ui, 1, "NOT SENT",
                   "no instrument of this session is called `%.24s`; alone it is the one shown", word);
            return;
        }
        if (named != ui->instrument_id)
            ui_instrument_show(ui, (uint16_t)named);
    }
    if (ui->frame != NULL && !ui_picture_came(ui)) {
        flatten_later(ui, args);
        return;
    }
    if (args[0] == '\0') {
        order_flatten(ui, 0);
        return;
    }
    take_word(&args, word, sizeof(word)); /* --worst, as the form has it */
    worst = price_read(ui, args, "NOT SENT", ":flatten [SYMBOL] [--worst PRICE]");
    if (worst > 0)
        order_flatten(ui, worst);
}

/* Its price steps and what is held there come with its picture. */
void flatten_later(struct ui *ui, const char *args)
{
    ui->flatten_waits = true;
    text_print(ui->flatten_args, sizeof(ui->flatten_args), "%s", args);
}

void flatten_forget(struct ui *ui)
{
    if (!ui->flatten_waits)
        return;
    ui->flatten_waits = false;
    ui_say(ui, 1, "NOT SENT", "the flatten of %s is dropped: a key came before its picture",
           symbol_of(ui->frame, ui->instrument_id));
}

void flatten_on_frame(struct ui *ui)
{
    if (!ui->flatten_waits || !ui_picture_came(ui))
        return;
    ui->flatten_waits = false;
    if (ui->overlay == OVERLAY_NONE)
        word_flatten(ui, ui->flatten_args);
}

/* --- the form of a side, a stop ------------------------------------------------------------------------------- */

struct wish { /* of the form */
    enum side side;
    enum order_type type;
    char size[32], price[32]; /* "": as the ladder has it */
};

/* Everything that can be wrong with it before the form opens. False: said so. */
static bool wish_read(struct ui *ui, struct wish *wish, const char *args)
{
    char word[UI_COMMAND_MAX];
    const char *price = wish->price;

    take_word(&args, word, sizeof(word));
    if (strlen(word) >= sizeof(wish->size) || strlen(args) >= 2 * sizeof(wish->price)) {
        ui_say(ui, 1, "NOT OPENED", "a size and a price have at most %d figures", UI_TICKET_TEXT - 1);
        return false;
    }
    memcpy(wish->size, word, strlen(word) + 1);
    take_word(&args, word, sizeof(word));
    if (strcmp(word, "market") == 0 || strcmp(word, "stop") == 0) {
        wish->type = word[0] == 'm' ? ORDER_MARKET : ORDER_STOP;
        take_word(&args, word, sizeof(word));
    }
    text_print(wish->price, sizeof(wish->price), "%s", word);
    if (strlen(price) >= UI_TICKET_TEXT) {
        ui_say(ui, 1, "NOT OPENED", "a size and a price have at most %d figures", UI_TICKET_TEXT - 1);
        return false;
    }
    if (wish->type == ORDER_MARKET && price[0] != '\0') {
        ui_say(ui, 1, "NOT OPENED", "a market order has no price: :%s SIZE market, or :%s SIZE PRICE",
               wish->side == SIDE_BID ? "buy" : "sell", wish->side == SIDE_BID ? "buy" : "sell");
        return false;
    }
    return true;
}

/* The price that money is turned into a size at: its own, else the far touch, that of a market order at worst. */
static int64_t price_for_size(struct ui *ui, const struct wish *wish)
{
    const struct view_scale *scale = ui_scale(ui);
    int64_t touch = ui->frame->ladder.best[side_other(wish->side)].price_ticks, price_e8;
    char why[VIEW_TEXT_MAX];

    if (wish->price[0] != '\0' && scale->tick_e8 > 0 &&
        figure_parse(wish->price, strlen(wish->price), 8, true, &price_e8, why, sizeof(why)))
        return price_e8 / scale->tick_e8;
    return wish->type == ORDER_MARKET ? ticket_market_bound(wish->side, touch) : touch;
}

/* A figure goes into the form as it was typed, and the form says what is wrong with it. */
static bool size_to_text(struct ui *ui, struct wish *wish)
{
    char why[VIEW_TEXT_MAX];
    int64_t lots;

    if (wish->size[0] == '\0' || figure_is_number(wish->size, strlen(wish->size)))
        return true;
    if (!size_read(ui, wish->side, price_for_size(ui, wish), wish->size, &lots, why, sizeof(why))) {
        ui_say(ui, 1, "NOT OPENED", "%s", why);
        return false;
    }
    text_print(wish->size, sizeof(wish->size), "%s", number_qty_full(ui_scale(ui), lots).text);
    return true;
}

/* The form of this side from any screen: at its best price and the ladder's size, unless they are given. */
static void form_on_side(struct ui *ui, enum side side, const char *args)
{
    struct wish wish = {.side = side, .type = ORDER_LIMIT};
    int64_t best;

    if (!order_keys_work(ui) || !wish_read(ui, &wish, args) || !size_to_text(ui, &wish))
        return;
    if (strlen(wish.size) >= UI_TICKET_TEXT) {
        ui_say(ui, 1, "NOT OPENED", "a size and a price have at most %d figures", UI_TICKET_TEXT - 1);
        return;
    }
    if (ui->screen != SCREEN_TRADE)
        ui_screen_show(ui, SCREEN_TRADE);
    ui->moving = false;
    ui->ladder.side = side;
    ladder_to_inside(ui);
    best = ui->frame->ladder.best[side].price_ticks;
    if (wish.price[0] == '\0' && best > 0)
        text_print(wish.price, sizeof(wish.price), "%s", number_price(ui_scale(ui), best).text);
    ticket_open_with(ui, wish.type, wish.size, wish.price);
}

void word_buy(struct ui *ui, const char *args)
{
    form_on_side(ui, SIDE_BID, args);
}

void word_sell(struct ui *ui, const char *args)
{
    form_on_side(ui, SIDE_ASK, args);
}

/* Alone it may mean several things, and none of them is guessed. */
void word_stop(struct ui *ui, const char *args)
{
    int64_t price;

    if (args[0] == '\0') {
        ui_say(ui, 1, "",
               "stop what? :stop PRICE protects the position, :pause the strategies, " KEY(
                   "K") " all trading, :quit the program");
        return;
    }
    if (!order_keys_work(ui))
        return;
    price = price_read(ui, args, "NOT SENT", ":stop PRICE");
    if (price > 0)
        order_stop_at(ui, price);
}
