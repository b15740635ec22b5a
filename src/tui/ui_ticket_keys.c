/*
 * The keys of the order form. Fields take figures and choices, no words; so K and Space work in it, Enter goes to the
 * next field and y sends, as in a question: twice, where a limit would take instead of rest.
 */
#include "core/base/decimal.h"
#include "tui/ui_state.h"

#include <string.h>

/* The types of the table, then OCO. */
static void type_step(struct ui_ticket *t, int direction)
{
    int at = t->oco ? (int)ORDER_TYPES : (int)t->intent.type;

    at = (at + direction + (int)ORDER_TYPES + 1) % ((int)ORDER_TYPES + 1);
    t->oco = at == (int)ORDER_TYPES;
    t->intent.type = t->oco ? ORDER_LIMIT : (enum order_type)at;
    t->intent.reduce_only = t->oco || order_type_is_triggered(t->intent.type);
    t->intent.tif = TIF_GTC;
}

/* One step of the field's own unit; a field that is empty stays so. */
static void number_step(struct ui_ticket *t, const struct view_scale *scale, int direction)
{
    char *text = t->text[t->field];
    int64_t steps;
    bool lots = t->field == TICKET_SHOW;

    if (t->field == TICKET_MINUTES) {
        if (decimal_parse(text, strlen(text), 0, &steps) == ERR_OK && steps + direction > 0)
            text_print(text, sizeof(t->text[0]), "%lld", (long long)(steps + direction));
        return;
    }
    if (!ticket_steps(text, lots ? scale->lot_e8 : scale->tick_e8, &steps) || steps + direction <= 0)
        return;
    steps += direction;
    text_print(text, sizeof(t->text[0]), "%s",
               lots ? number_qty_full(scale, steps).text : number_price(scale, steps).text);
}

static void change(struct ui *ui, int direction)
{
    struct ui_ticket *t = &ui->ticket;

    if (t->field == TICKET_SIDE)
        t->intent.side = side_other(t->intent.side);
    else if (t->field == TICKET_TYPE)
        type_step(t, direction);
    else if (t->field == TICKET_TIF)
        t->intent.tif = (enum time_in_force)(((int)t->intent.tif + direction + TIF_GTD + 1) % (TIF_GTD + 1));
    else if (t->field == TICKET_POST)
        t->intent.post_only = !t->intent.post_only;
    else if (t->field == TICKET_REDUCE)
        t->intent.reduce_only = !t->intent.reduce_only || t->intent.type == ORDER_STOP;
    else if (t->field == TICKET_SIZE) {
        order_size_step(ui, direction);
        text_print(t->text[TICKET_SIZE], sizeof(t->text[0]), "%s",
                   number_qty_full(ui_scale(ui), ui_size_lots(ui)).text);
    } else {
        number_step(t, ui_scale(ui), direction);
    }
    if (ticket_is_typed(t->field))
        t->fresh = true;
}

static void type_figure(struct ui *ui, uint32_t code)
{
    struct ui_ticket *t = &ui->ticket;
    char *text = t->text[t->field];
    size_t length;

    if (!ticket_is_typed(t->field)) {
        ui_say(ui, 1, "", "\u2190\u2192 change this field; figures go into sizes and prices");
        return;
    }
    if (t->fresh)
        text[0] = '\0';
    t->fresh = false;
    length = strlen(text);
    if (length + 1 < sizeof(t->text[0])) {
        text[length] = (char)code;
        text[length + 1] = '\0';
    }
}

static void erase_figure(struct ui_ticket *t)
{
    char *text = t->text[t->field];

    if (ticket_is_typed(t->field) && text[0] != '\0')
        text[t->fresh ? 0 : strlen(text) - 1] = '\0';
    t->fresh = false;
}

static void field_step(struct ui_ticket *t, int direction)
{
    do {
        t->field = (enum ticket_field)(((int)t->field + direction + TICKET_FIELDS) % TICKET_FIELDS);
    } while (!ticket_has(t, t->field));
    t->fresh = true;
}

/* The stop of an OCO: the same side and size, a market order when it goes off. */
static struct order_intent oco_stop(struct ui *ui, const struct order_intent *limit)
{
    struct order_intent stop = *limit;

    stop.type = ORDER_STOP;
    stop.price_ticks = 0;
    ticket_price(ui, TICKET_STOP, false, &stop.stop_ticks);
    return stop;
}

static void send_orders(struct ui *ui)
{
    struct ui_ticket *t = &ui->ticket;
    struct command command = ui_command(ui, COMMAND_ORDER), other = command;

    command.intent = t->intent;
    command.intent.expire_ns =
        ticket_has(t, TICKET_MINUTES) ? ui->frame->status.now_ns + t->intent.expire_ns : 0;
    if (t->oco) {
        ui->group_seq = ui->group_seq == UINT32_MAX ? 1 : ui->group_seq + 1;
        command.intent.group = ui->group_seq;
        other.intent = oco_stop(ui, &command.intent);
    }
    if (!ui_send(ui, &command))
        return;
    ui->last_sent = command.intent;
    ui->last_sent_ns = ui->now_ns;
    if (t->oco && !ui_send(ui, &other)) {
        ui_say(ui, 1, "HALF SENT",
               "the limit of the OCO is sent, its stop is not: cancel it, or send a stop");
        return;
    }
    ui_say(ui, 0, "SENT", "%s %s %s", side_word(t->intent.side), t->text[TICKET_SIZE],
           ticket_value(t, TICKET_TYPE));
}

static void send(struct ui *ui)
{
    struct ui_ticket *t = &ui->ticket;

    if (t->why[0] != '\0') {
        ui_say(ui, 1, "NOT SENT", "%s", t->why);
        return;
    }
    if (t->left_ns == 0 || ui->now_ns - t->left_ns < UI_YES_AFTER_NS) {
        ui_say(ui, 1, "TOO EARLY", "y counts when the form has been on your screen for 250 ms");
        return;
    }
    if (ticket_takes(ui) && !t->taking_said) {
        t->taking_said = true;
        t->left_ns = ui->now_ns;
        ui_say(ui, 2, "ONCE MORE", "it would TAKE %s now instead of resting; " KEY("y") " once more sends it",
               number_qty_full(ui_scale(ui), ui->frame->next.takes_lots).text);
        return;
    }
    ui->overlay = OVERLAY_NONE;
    ui->preview_ns = 0;
    if (order_keys_work(ui))
        send_orders(ui);
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
            ui_say(ui, 1, "",
                   KEY("Tab") " field, " KEY("\u2190\u2192") " change, figures type, " KEY(
                       "y") " sends, " KEY("Esc") " leaves");
            return;
        }
    }
    t->taking_said = false; /* it was said of another order */
    ticket_check(ui);
}
