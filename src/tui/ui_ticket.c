/*
 * The order form: from the cursor, checked as you type, by what the form knows and then by the gate itself. Its keys are
 * in ui_ticket_keys.c.
 */
#include "core/base/decimal.h"
#include "tui/figure.h"
#include "tui/ui_state.h"

#include <stdio.h>
#include <string.h>

#define MINUTES_MAX  (7 * 24 * 60)
#define BOUND_PART   200 /* a market order's worst price: a 200th beyond, what COLLAR lets through */
#define TRAIL_PART   1000
#define MINUTE_NS    (60 * UI_SECOND_NS)
#define MINUTES_FROM "60"

/* --- fields ---------------------------------------------------------------------------------------------------- */

static bool has_limit(const struct ui_ticket *t)
{
    return t->oco || t->intent.type == ORDER_LIMIT || t->intent.type == ORDER_STOP_LIMIT ||
           t->intent.type == ORDER_TAKE_PROFIT_LIMIT;
}

static bool rests(const struct ui_ticket *t)
{
    return !t->oco && t->intent.type == ORDER_LIMIT && t->intent.tif != TIF_IOC && t->intent.tif != TIF_FOK;
}

bool ticket_has(const struct ui_ticket *t, enum ticket_field field)
{
    bool entry = !t->oco && (t->intent.type == ORDER_LIMIT || t->intent.type == ORDER_MARKET);

    switch (field) {
    case TICKET_SIDE:
    case TICKET_TYPE:
    case TICKET_SIZE:
    case TICKET_REDUCE:
        return true;
    case TICKET_PRICE:
        return has_limit(t);
    case TICKET_STOP:
        return t->oco || (order_type_is_triggered(t->intent.type) && t->intent.type != ORDER_TRAILING_STOP);
    case TICKET_TRAIL:
        return !t->oco && t->intent.type == ORDER_TRAILING_STOP;
    case TICKET_POST:
    case TICKET_SHOW:
        return rests(t);
    case TICKET_TIF:
        return has_limit(t) && !t->oco;
    case TICKET_MINUTES:
        return has_limit(t) && !t->oco && t->intent.tif == TIF_GTD;
    case TICKET_TAKE:
    case TICKET_LOSS:
        return entry && !t->intent.reduce_only;
    case TICKET_FIELDS:
        break;
    }
    return false;
}

bool ticket_is_typed(enum ticket_field field)
{
    return field == TICKET_SIZE || field == TICKET_PRICE || field == TICKET_STOP || field == TICKET_TRAIL ||
           field == TICKET_MINUTES || field == TICKET_SHOW || field == TICKET_TAKE || field == TICKET_LOSS;
}

const char *ticket_label(enum ticket_field field)
{
    static const char *const label[TICKET_FIELDS] = {
        [TICKET_SIDE] = "side",       [TICKET_TYPE] = "type",          [TICKET_SIZE] = "size",
        [TICKET_PRICE] = "price",     [TICKET_STOP] = "stop at",       [TICKET_TRAIL] = "trails by",
        [TICKET_POST] = "post only",  [TICKET_REDUCE] = "reduce only", [TICKET_TIF] = "lives",
        [TICKET_MINUTES] = "minutes", [TICKET_SHOW] = "shows",         [TICKET_TAKE] = "then take",
        [TICKET_LOSS] = "then stop"};

    return (unsigned)field < TICKET_FIELDS ? label[field] : "";
}

const char *ticket_value(const struct ui_ticket *t, enum ticket_field field)
{
    switch ((int)field) {
    case TICKET_SIDE:
        return side_word(t->intent.side);
    case TICKET_TYPE:
        return t->oco ? "OCO" : order_type_word(t->intent.type);
    case TICKET_TIF:
        return time_in_force_word(t->intent.tif);
    case TICKET_POST:
        return t->intent.post_only ? "yes" : "no";
    case TICKET_REDUCE:
        return t->intent.reduce_only ? "yes" : "no";
    case TICKET_SHOW:
        return t->text[field][0] != '\0' || t->field == field ? t->text[field] : "all";
    case TICKET_TAKE:
    case TICKET_LOSS:
        return t->text[field][0] != '\0' || t->field == field ? t->text[field] : "none";
    default:
        return (unsigned)field < TICKET_FIELDS ? t->text[field] : "";
    }
}

void ticket_open(struct ui *ui)
{
    struct ui_ticket *t = &ui->ticket;
    const struct view_scale *scale = ui_scale(ui);
    int64_t price;

    if (!order_keys_work(ui))
        return;
    memset(t, 0, sizeof(*t));
    t->intent = order_at_cursor(ui, ORDER_LIMIT);
    t->field = TICKET_SIZE;
    t->fresh = true;
    price = t->intent.price_ticks;
    text_print(t->text[TICKET_SIZE], sizeof(t->text[0]), "%s",
               number_qty_full(scale, t->intent.qty_lots).text);
    text_print(t->text[TICKET_PRICE], sizeof(t->text[0]), "%s", number_price(scale, price).text);
    text_print(t->text[TICKET_STOP], sizeof(t->text[0]), "%s", number_price(scale, price).text);
    text_print(t->text[TICKET_TRAIL], sizeof(t->text[0]), "%s",
               number_price(scale, price > TRAIL_PART ? price / TRAIL_PART : 1).text);
    text_print(t->text[TICKET_MINUTES], sizeof(t->text[0]), MINUTES_FROM);
    ui->overlay = OVERLAY_TICKET;
    ui->say.until_ns = 0;
    ticket_check(ui);
}

void ticket_open_with(struct ui *ui, enum order_type type, const char *size, const char *price)
{
    struct ui_ticket *t = &ui->ticket;
    enum ticket_field at = type == ORDER_STOP ? TICKET_STOP : TICKET_PRICE;

    ticket_open(ui);
    if (ui->overlay != OVERLAY_TICKET)
        return;
    t->intent.type = type;
    t->intent.reduce_only = order_type_is_triggered(type);
    t->intent.tif = TIF_GTC;
    if (size[0] != '\0')
        text_print(t->text[TICKET_SIZE], sizeof(t->text[0]), "%s", size);
    if (price[0] != '\0')
        text_print(t->text[at], sizeof(t->text[0]), "%s", price);
    ticket_check(ui);
}

/* --- what is typed becomes the intent, or says why it cannot ----------------------------------------------------- */

bool ticket_steps(const char *text, int64_t step_e8, int64_t *out)
{
    int64_t value_e8;

    if (decimal_parse(text, strlen(text), 8, &value_e8) != ERR_OK || value_e8 <= 0 || step_e8 <= 0 ||
        value_e8 % step_e8 != 0)
        return false;
    *out = value_e8 / step_e8;
    return true;
}

static bool wrong(struct ui_ticket *t, const char *why)
{
    text_print(t->why, sizeof(t->why), "%s", why);
    return false;
}

/* A figure that must be whole steps. */
static bool take_steps(struct ui_ticket *t, enum ticket_field field, const char *what, int64_t step_e8,
                       int64_t *out)
{
    const char *text = t->text[field];
    char why[64];
    int64_t value_e8;

    if (ticket_steps(text, step_e8, out))
        return true;
    if (text[0] != '\0' && !figure_parse(text, strlen(text), 8, true, &value_e8, why, sizeof(why)))
        text_print(t->why, sizeof(t->why), "%s: %s, in steps of %s", what, why, number_trim(step_e8, 8).text);
    else
        text_print(t->why, sizeof(t->why), "%s must be a multiple of %s above zero", what,
                   number_trim(step_e8, 8).text);
    return false;
}

bool ticket_price(struct ui *ui, enum ticket_field field, bool may_be_empty, int64_t *out)
{
    struct ui_ticket *t = &ui->ticket;
    const struct view_scale *scale = ui_scale(ui);

    *out = 0;
    if (!ticket_has(t, field) || (may_be_empty && t->text[field][0] == '\0'))
        return true;
    return take_steps(t, field, field == TICKET_PRICE ? "the price" : ticket_label(field), scale->tick_e8,
                      out);
}

static bool check_sizes(struct ui *ui)
{
    struct ui_ticket *t = &ui->ticket;
    const struct view_scale *scale = ui_scale(ui);

    t->intent.display_lots = 0;
    if (!take_steps(t, TICKET_SIZE, "the size", scale->lot_e8, &t->intent.qty_lots))
        return false;
    if (!ticket_has(t, TICKET_SHOW) || t->text[TICKET_SHOW][0] == '\0')
        return true;
    if (!take_steps(t, TICKET_SHOW, "what it shows", scale->lot_e8, &t->intent.display_lots))
        return false;
    if (t->intent.display_lots >= t->intent.qty_lots)
        return wrong(t, "an iceberg shows less than its size");
    return true;
}

static bool check_time(struct ui_ticket *t)
{
    int64_t minutes;

    if (!has_limit(t) || t->oco)
        t->intent.tif = order_type_is_market(t->intent.type) && !order_type_is_triggered(t->intent.type)
                            ? TIF_IOC
                            : TIF_GTC;
    if (!ticket_has(t, TICKET_MINUTES))
        return true;
    if (decimal_parse(t->text[TICKET_MINUTES], strlen(t->text[TICKET_MINUTES]), 0, &minutes) != ERR_OK ||
        minutes <= 0 || minutes > MINUTES_MAX)
        return wrong(t, "minutes: a whole number from 1 to 10080, a week");
    t->intent.expire_ns = minutes * MINUTE_NS; /* from when it is sent */
    return true;
}

/* The side of the book that says whether a trigger has been passed already. */
static bool check_trigger(struct ui *ui, int64_t stop)
{
    struct ui_ticket *t = &ui->ticket;
    const struct level *best = ui->frame->ladder.best;
    bool take = t->intent.type == ORDER_TAKE_PROFIT || t->intent.type == ORDER_TAKE_PROFIT_LIMIT;
    bool up = (t->intent.side == SIDE_BID) != take; /* it goes off when the price rises to it */
    int64_t touch = best[up ? SIDE_ASK : SIDE_BID].price_ticks;

    if (!ticket_has(t, TICKET_STOP) || touch <= 0 || (up ? stop > touch : stop < touch))
        return true;
    text_print(t->why, sizeof(t->why), "it would go off at once: %s %s must be %s %s",
               side_word(t->intent.side), t->oco ? "stop" : order_type_word(t->intent.type),
               up ? "above" : "below", number_price(ui_scale(ui), touch).text);
    return false;
}

int64_t ticket_market_bound(enum side side, int64_t touch_ticks)
{
    return side == SIDE_BID ? touch_ticks + touch_ticks / BOUND_PART : touch_ticks - touch_ticks / BOUND_PART;
}

static bool check_prices(struct ui *ui)
{
    struct ui_ticket *t = &ui->ticket;
    const struct level *best = ui->frame->ladder.best;
    int64_t price, stop, trail, touch = best[side_other(t->intent.side)].price_ticks;

    if (!ticket_price(ui, TICKET_PRICE, false, &price) || !ticket_price(ui, TICKET_STOP, false, &stop) ||
        !ticket_price(ui, TICKET_TRAIL, false, &trail) || !check_trigger(ui, stop))
        return false;
    t->intent.stop_ticks = t->oco ? 0 : stop;
    t->intent.trail_ticks = trail;
    t->intent.price_ticks = price;
    if (t->oco && (t->intent.side == SIDE_BID ? price >= stop : price <= stop))
        return wrong(t, t->intent.side == SIDE_BID ? "the limit of a BUY OCO stands below its stop"
                                                   : "the limit of a SELL OCO stands above its stop");
    if (has_limit(t) || t->intent.type == ORDER_STOP) /* a stop may do without a bound */
        return true;
    if (t->intent.type == ORDER_TAKE_PROFIT) {
        t->intent.price_ticks = ticket_market_bound(t->intent.side, stop);
        return true;
    }
    if (touch <= 0)
        return wrong(t, "that side of the book is empty");
    if (trail >= touch)
        return wrong(t, "it trails further than the price is high");
    if (t->intent.type == ORDER_TRAILING_STOP)
        touch += t->intent.side == SIDE_BID ? trail : -trail;
    t->intent.price_ticks = ticket_market_bound(t->intent.side, touch);
    return true;
}

static bool check_bracket(struct ui *ui)
{
    struct ui_ticket *t = &ui->ticket;
    int64_t entry = t->intent.type == ORDER_MARKET
                        ? ui->frame->ladder.best[side_other(t->intent.side)].price_ticks
                        : t->intent.price_ticks;
    int64_t take, loss;
    bool buys = t->intent.side == SIDE_BID;

    if (!ticket_price(ui, TICKET_TAKE, true, &take) || !ticket_price(ui, TICKET_LOSS, true, &loss))
        return false;
    if (take != 0 && (buys ? take <= entry : take >= entry))
        return wrong(t, buys ? "a BUY takes its profit above its price"
                             : "a SELL takes its profit below its price");
    if (loss != 0 && (buys ? loss >= entry : loss <= entry))
        return wrong(t, buys ? "a BUY is stopped below its price" : "a SELL is stopped above its price");
    t->intent.bracket_take_ticks = take;
    t->intent.bracket_stop_ticks = loss;
    return true;
}

void ticket_check(struct ui *ui)
{
    struct ui_ticket *t = &ui->ticket;

    t->why[0] = '\0';
    if (!rests(t))
        t->intent.post_only = false;
    if (!check_sizes(ui) || !check_time(t) || !check_prices(ui) || !check_bracket(ui))
        return;
    if (ui_instrument(ui)->book_state != BOOK_LIVE) {
        text_print(t->why, sizeof(t->why), "book %s: no order can be priced",
                   book_state_word(ui_instrument(ui)->book_state));
        return;
    }
    ui_preview(ui, false);
}

bool ticket_takes(const struct ui *ui)
{
    const struct view_next *next = &ui->frame->next;

    return rests(&ui->ticket) && next->valid && ui_same_order(&next->intent, &ui->ticket.intent) &&
           next->takes_lots > 0;
}
