/* Words of the prompt that trade, or change what may. */
#include "tui/figure.h"
#include "tui/prompt_words.h"

#include <string.h>

void word_pause(struct ui *ui, const char *args)
{
    (void)args;
    pause_now(ui);
}

void word_resume(struct ui *ui, const char *args)
{
    (void)args;
    if (ui_is_paused(ui)) {
        ui->paused_ns = 0; /* a word that was typed is no nervous double tap */
        pause_key(ui);
    } else {
        ui_say(ui, 1, "", "not paused; :go leads from HALTED to ACTIVE, :clear-kill from KILLED to PAUSED");
    }
}

void word_go(struct ui *ui, const char *args)
{
    (void)args;
    state_set(ui, STATE_ACTIVE);
}

void word_halt(struct ui *ui, const char *args)
{
    (void)args;
    state_set(ui, STATE_HALTED);
}

void word_reduce(struct ui *ui, const char *args)
{
    (void)args;
    state_set(ui, STATE_REDUCING);
}

void word_kill(struct ui *ui, const char *args)
{
    (void)args;
    kill_key(ui);
}

void word_clear_kill(struct ui *ui, const char *args)
{
    (void)args;
    if (ui->frame == NULL || !ui_killed(ui))
        ui_say(ui, 1, "", "nothing was killed");
    else if (ui->frame->status.killing)
        ui_say(ui, 1, "KILLING", "first every cancel must be confirmed");
    else if (ui_may_change(ui))
        text_open(ui, TEXT_CLEAR_KILL);
}

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
    ui_say(ui, 0, "CANCEL", "everything asked for, on %d instrument%s", asked, asked == 1 ? "" : "s");
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
    else
        order_cancel_all(ui);
}

void word_flatten(struct ui *ui, const char *args)
{
    const struct view_scale *scale = ui_scale(ui);
    char why[VIEW_TEXT_MAX];
    int64_t price_e8;

    if (args[0] == '\0') {
        order_flatten(ui, 0);
        return;
    }
    args += strcspn(args, " "); /* --worst, as the form has it */
    args += strspn(args, " ");
    if (!figure_parse(args, strlen(args), 8, true, &price_e8, why, sizeof(why))) {
        ui_say(ui, 1, "NOT SENT", "%s, in steps of %s", why, number_trim(scale->tick_e8, 8).text);
        return;
    }
    if (price_e8 % scale->tick_e8 != 0) {
        ui_say(ui, 1, "NOT SENT", ":flatten [--worst PRICE], a price in steps of %s",
               number_trim(scale->tick_e8, 8).text);
        return;
    }
    order_flatten(ui, price_e8 / scale->tick_e8);
}

static void fill_field(struct ui *ui, enum ticket_field field, const char *text, size_t size)
{
    text_print(ui->ticket.text[field], sizeof(ui->ticket.text[0]), "%.*s", (int)size, text);
}

/* The form of this side from any screen: at its best price and the ladder's size, unless they are given. */
static void form_on_side(struct ui *ui, enum side side, const char *args)
{
    size_t size = strcspn(args, " ");
    const char *price = args + size + strspn(args + size, " ");
    int64_t best;

    if (!order_keys_work(ui))
        return;
    if (size >= sizeof(ui->ticket.text[0]) || strlen(price) >= sizeof(ui->ticket.text[0])) {
        ui_say(ui, 1, "NOT OPENED", "a size and a price have at most %d figures",
               (int)sizeof(ui->ticket.text[0]) - 1);
        return;
    }
    if (ui->screen != SCREEN_TRADE)
        ui_screen_show(ui, SCREEN_TRADE);
    ui->moving = false;
    ui->ladder.side = side;
    ladder_to_inside(ui);
    ticket_open(ui);
    best = ui->frame->ladder.best[side].price_ticks;
    if (size > 0)
        fill_field(ui, TICKET_SIZE, args, size);
    if (price[0] != '\0')
        fill_field(ui, TICKET_PRICE, price, strlen(price));
    else if (best > 0)
        text_print(ui->ticket.text[TICKET_PRICE], sizeof(ui->ticket.text[0]), "%s",
                   number_price(ui_scale(ui), best).text);
    ticket_check(ui);
}

void word_buy(struct ui *ui, const char *args)
{
    form_on_side(ui, SIDE_BID, args);
}

void word_sell(struct ui *ui, const char *args)
{
    form_on_side(ui, SIDE_ASK, args);
}

void word_on(struct ui *ui, const char *args)
{
    strategy_turn_named(ui, args, true);
}

void word_off(struct ui *ui, const char *args)
{
    strategy_turn_named(ui, args, false);
}

void word_clear_halt(struct ui *ui, const char *args)
{
    struct command command = ui_command(ui, COMMAND_CLEAR_HALT);
    int named;

    if (ui->frame == NULL) {
        ui_say(ui, 1, "", "there is no market yet");
        return;
    }
    if (!ui_may_change(ui))
        return;
    named = args[0] == '\0' ? command.instrument_id : ui_instrument_named(ui, args);
    if (named < 0) {
        ui_say(ui, 1, "", "no instrument of this session is called `%s`", args);
        return;
    }
    command.instrument_id = (uint16_t)named;
    if (ui_send(ui, &command))
        ui_say(ui, 0, "CLEAR", "the halt of %s, asked for",
               named < ui->frame->status.instruments ? ui->frame->status.instrument[named].symbol : "?");
}

void word_observation(struct ui *ui, const char *args)
{
    (void)args;
    mode_set(ui, MODE_OBSERVATION);
}

void word_simulation(struct ui *ui, const char *args)
{
    (void)args;
    mode_set(ui, MODE_SIMULATION);
}

void word_control(struct ui *ui, const char *args)
{
    struct command command = ui_command(ui, COMMAND_CONTROL);

    (void)args;
    if (ui->config.readonly || ui->frame == NULL)
        ui_say(ui, 1, "",
               ui->frame == NULL ? "there is no engine yet" : "a read-only screen cannot be in control");
    else if (!ui->frame->desk.watching)
        ui_say(ui, 0, "CONTROL", "you have it already");
    else
        ui_send(ui, &command);
}
