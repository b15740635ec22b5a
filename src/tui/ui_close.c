/* The way out by key: flatten and reverse, which close what is held here, whoever owns it. */
#include "tui/ui_state.h"

#define FLIGHT_NS (2 * UI_SECOND_NS) /* an order that has left is on the picture by then */

/* An order of this instrument is open, or one has just left and may be on its way. */
static bool may_have_orders(const struct ui *ui)
{
    const struct view_lists *lists = &ui->frame->lists;

    if (lists->orders_open > VIEW_ORDERS_MAX || /* not all of them are known here */
        (ui->last_sent_ns != 0 && ui->now_ns - ui->last_sent_ns < FLIGHT_NS))
        return true;
    for (int i = 0; i < lists->orders && i < VIEW_ORDERS_MAX; i++)
        if (lists->order[i].instrument_id == ui->instrument_id && order_is_open(&lists->order[i].order))
            return true;
    return false;
}

bool ui_is_flat(const struct ui *ui)
{
    const struct view_instrument *at = ui_instrument(ui);

    return at != NULL && !ui_silent(ui) && at->position_lots == 0 && !may_have_orders(ui);
}

/* Flat and without an order: there is nothing to ask about. False: there is, or there may be. */
static bool nothing_to_flatten(struct ui *ui, const struct view_instrument *at)
{
    const char *other = "";
    int others = ui_other_position(ui->frame, ui->instrument_id, &other);

    if (!ui_is_flat(ui))
        return false;
    ui_say(ui, 1, "FLAT", "%s has no position and no open order%s%s%s", at->symbol,
           others > 0 ? "; " KEY("/") " finds " : "", other,
           others > 1   ? " and others that hold one"
           : others > 0 ? ", which holds one"
                        : "");
    return true;
}

bool flatten_may_leave(struct ui *ui)
{
    const struct view_instrument *at = ui_instrument(ui);

    if (at == NULL || ui->frame->status.mode == MODE_OBSERVATION) {
        ui_say(ui, 1, "NOT SENT", "%s",
               at == NULL ? "there is no market yet"
                          : "observation sends nothing; " KEY("s") " trades on paper, then " KEY("f"));
        return false;
    }
    if (!ui_may_change(ui))
        return false;
    if (ui->frame->status.state == STATE_HALTED) {
        ui_say(ui, 1, "NOT SENT",
               "HALTED: only cancels; :reduce lets a position get smaller, then " KEY("f"));
        return false;
    }
    return true;
}

void order_flatten(struct ui *ui, int64_t worst_ticks)
{
    struct command command = ui_command(ui, COMMAND_FLATTEN);
    const struct view_instrument *at = ui_instrument(ui);

    if (!flatten_may_leave(ui))
        return;
    if (!ui_picture_came(ui)) {
        flatten_later(ui, "");
        return;
    }
    command.intent.price_ticks = worst_ticks;
    command.intent.flatten = true;
    if (!ui->armed &&
        nothing_to_flatten(ui, at)) /* armed it goes out: a fill may be younger than the picture */
        return;
    if (ui->armed && !ui_killed(ui)) {
        arm_used(ui);
        if (ui_send(ui, &command))
            ui_say(ui, 0, "FLATTEN", "%s",
                   at->book_state == BOOK_LIVE || worst_ticks > 0
                       ? "cancel here, then close at a bounded price"
                       : "cancels are sent; closing needs :flatten --worst PRICE");
        return;
    }
    question_open(ui, ASK_FLATTEN, &command);
}

void order_reverse(struct ui *ui)
{
    struct command command = ui_command(ui, COMMAND_REVERSE);

    if (!order_keys_work(ui))
        return;
    if (ui_instrument(ui)->position_lots == 0) {
        ui_say(ui, 1, "NOT SENT", "no position to reverse");
        return;
    }
    question_open(ui, ASK_REVERSE, &command);
}
