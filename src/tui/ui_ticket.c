/*
 * The order form: from the cursor, checked as you type by the gate itself. Fields take figures and choices, no
 * words; so K and Space work in it, Enter goes to the next field and y sends, as in a question.
 */
#include "core/base/decimal.h"
#include "tui/ui_state.h"

#include <stdio.h>
#include <string.h>

void ticket_open(struct ui *ui)
{
    struct ui_ticket *t = &ui->ticket;

    if (!order_keys_work(ui))
        return;
    memset(t, 0, sizeof(*t));
    t->intent = order_at_cursor(ui, ORDER_LIMIT);
    t->field = TICKET_SIZE;
    t->fresh = true;
    t->opened_ns = ui->now_ns;
    text_print(t->size, sizeof(t->size), "%s", number_qty_full(ui_scale(ui), t->intent.qty_lots).text);
    text_print(t->price, sizeof(t->price), "%s", number_price(ui_scale(ui), t->intent.price_ticks).text);
    ui->overlay = OVERLAY_TICKET;
    ui->say.until_ns = 0;
    ticket_check(ui);
}

static bool whole_steps(const char *text, int64_t step_e8, int64_t *out)
{
    int64_t value_e8;

    if (decimal_parse(text, strlen(text), 8, &value_e8) != ERR_OK || value_e8 <= 0 || step_e8 <= 0 ||
        value_e8 % step_e8 != 0)
        return false;
    *out = value_e8 / step_e8;
    return true;
}

/* What is typed becomes the intent, or says why it cannot. */
void ticket_check(struct ui *ui)
{
    struct ui_ticket *t = &ui->ticket;
    const struct view_scale *scale = ui_scale(ui);
    int64_t price = 0;

    t->why[0] = '\0';
    if (!whole_steps(t->size, scale->lot_e8, &t->intent.qty_lots)) {
        text_print(t->why, sizeof(t->why), "the size must be a multiple of %s above zero",
                   number_trim(scale->lot_e8, 8).text);
        return;
    }
    if (t->intent.type == ORDER_MARKET) {
        int64_t touch = ui->frame->ladder.best[side_other(t->intent.side)].price_ticks;

        t->intent.price_ticks = t->intent.side == SIDE_BID ? touch + touch / 200 : touch - touch / 200;
        t->intent.stop_ticks = 0;
        t->intent.tif = TIF_IOC;
        if (touch <= 0)
            text_print(t->why, sizeof(t->why), "that side of the book is empty");
    } else if (!whole_steps(t->price, scale->tick_e8, &price)) {
        text_print(t->why, sizeof(t->why), "the price must be a multiple of %s above zero",
                   number_trim(scale->tick_e8, 8).text);
    } else {
        t->intent.tif = TIF_GTC;
        t->intent.price_ticks = t->intent.type == ORDER_LIMIT ? price : 0;
        t->intent.stop_ticks = t->intent.type == ORDER_STOP ? price : 0;
    }
    if (t->why[0] == '\0' && ui_instrument(ui)->book_state != BOOK_LIVE)
        text_print(t->why, sizeof(t->why), "book %s: no order can be priced",
                   book_state_word(ui_instrument(ui)->book_state));
    if (t->why[0] == '\0')
        ui_preview(ui, false);
}

static void change(struct ui *ui, int direction)
{
    struct ui_ticket *t = &ui->ticket;
    const struct view_scale *scale = ui_scale(ui);

    switch (t->field) {
    case TICKET_SIDE:
        t->intent.side = side_other(t->intent.side);
        break;
    case TICKET_TYPE:
        t->intent.type = (enum order_type)(((int)t->intent.type + direction + 3) % 3);
        t->intent.reduce_only = t->intent.type == ORDER_STOP;
        t->intent.post_only = t->intent.post_only && t->intent.type == ORDER_LIMIT;
        break;
    case TICKET_SIZE:
        order_size_step(ui, direction);
        text_print(t->size, sizeof(t->size), "%s", number_qty_full(scale, ui_size_lots(ui)).text);
        t->fresh = true;
        break;
    case TICKET_PRICE: {
        int64_t price = 0;

        if (whole_steps(t->price, scale->tick_e8, &price) && price + direction > 0)
            text_print(t->price, sizeof(t->price), "%s", number_price(scale, price + direction).text);
        t->fresh = true;
        break;
    }
    case TICKET_POST:
        t->intent.post_only = !t->intent.post_only && t->intent.type == ORDER_LIMIT;
        break;
    case TICKET_REDUCE:
        t->intent.reduce_only = !t->intent.reduce_only || t->intent.type == ORDER_STOP;
        break;
    case TICKET_FIELDS:
        break;
    }
}

static void type_figure(struct ui *ui, uint32_t code)
{
    struct ui_ticket *t = &ui->ticket;
    char *field = t->field == TICKET_SIZE ? t->size : t->field == TICKET_PRICE ? t->price : NULL;
    size_t length;

    if (field == NULL) {
        ui_say(ui, 1, "", "\u2190\u2192 change this field; figures go into size and price");
        return;
    }
    if (t->fresh)
        field[0] = '\0';
    t->fresh = false;
    length = strlen(field);
    if (length + 1 < sizeof(t->size)) {
        field[length] = (char)code;
        field[length + 1] = '\0';
    }
}

static void erase_figure(struct ui_ticket *t)
{
    char *field = t->field == TICKET_SIZE ? t->size : t->field == TICKET_PRICE ? t->price : NULL;

    if (field != NULL && field[0] != '\0')
        field[t->fresh ? 0 : strlen(field) - 1] = '\0';
    t->fresh = false;
}

static void field_step(struct ui_ticket *t, int direction)
{
    do {
        t->field = (enum ticket_field)(((int)t->field + direction + TICKET_FIELDS) % TICKET_FIELDS);
    } while (t->field == TICKET_PRICE && t->intent.type == ORDER_MARKET);
    t->fresh = true;
}

static void send(struct ui *ui)
{
    struct ui_ticket *t = &ui->ticket;
    struct command command = ui_command(ui, COMMAND_ORDER);

    if (t->why[0] != '\0') {
        ui_say(ui, 1, "NOT SENT", "%s", t->why);
        return;
    }
    if (t->left_ns == 0 || ui->now_ns - t->left_ns < UI_YES_AFTER_NS) {
        ui_say(ui, 1, "TOO EARLY", "y counts when the form has been on your screen for 250 ms");
        return;
    }
    command.intent = t->intent;
    ui->overlay = OVERLAY_NONE;
    ui->preview_ns = 0;
    if (!order_keys_work(ui))
        return;
    if (ui_send(ui, &command)) {
        ui->last_sent = command.intent;
        ui->last_sent_ns = ui->now_ns;
        ui_say(ui, 0, "SENT", "%s %s %s", side_word(t->intent.side), t->size,
               order_type_word(t->intent.type));
    }
}

void ticket_key(struct ui *ui, const struct key_event *key, enum key_action action)
{
    struct ui_ticket *t = &ui->ticket;

    switch ((int)action) {
    case ACT_NEXT_FIELD:
        field_step(t, 1);
        break;
    case ACT_PREV_FIELD:
        field_step(t, -1);
        break;
    case ACT_LEFT:
        change(ui, -1);
        break;
    case ACT_RIGHT:
        change(ui, 1);
        break;
    case ACT_ERASE:
        erase_figure(t);
        break;
    case ACT_YES:
        send(ui);
        return;
    case ACT_LEAVE:
    case ACT_INTERRUPT:
    case ACT_QUIT:
        ui->overlay = OVERLAY_NONE;
        ui->preview_ns = 0;
        ui_say(ui, 0, "", "form left; nothing sent");
        return;
    default:
        if ((key->key >= '0' && key->key <= '9') || key->key == '.')
            type_figure(ui, key->key);
        else {
            ui_say(ui, 1, "", "Tab field, \u2190\u2192 change, figures type, y sends, Esc leaves");
            return;
        }
    }
    ticket_check(ui);
}
