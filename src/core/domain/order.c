#include "core/domain/order.h"

#include <assert.h>

/* Adds the fill, or refuses it whole: an overfill means that we and the venue speak of different orders. */
static enum err add_fill(struct order *order, const struct fill *fill)
{
    int64_t value_e8;

    if (fill->qty_lots <= 0 || fill->qty_lots > order_left_lots(order) || fill->value_e8 < 0)
        return ERR_BAD_DATA;
    if (__builtin_add_overflow(order->filled_value_e8, fill->value_e8, &value_e8))
        return ERR_OVERFLOW;
    order->filled_lots += fill->qty_lots;
    order->filled_value_e8 = value_e8;
    return ERR_OK;
}

static enum err on_ack(struct order *order)
{
    switch (order->state) { /* no default: a new state must not compile until it is handled */
    case ORDER_STATE_SENT:
    case ORDER_STATE_UNKNOWN: /* the lost answer came after all */
        order->state = ORDER_STATE_WORKING;
        return ERR_OK;
    case ORDER_STATE_WORKING: /* a fill or the same ack was faster */
    case ORDER_STATE_PENDING_CANCEL:
    case ORDER_STATE_FILLED:
    case ORDER_STATE_CANCELLED:
        return ERR_OK;
    case ORDER_STATE_REJECTED: /* it works at the venue although it refused it */
        return ERR_BAD_DATA;
    }
    return ERR_BAD_DATA; /* not an enum order_state at all */
}

static enum err on_fill(struct order *order, const struct fill *fill)
{
    enum order_state partly = ORDER_STATE_WORKING;
    enum err err;

    switch (order->state) {
    case ORDER_STATE_SENT: /* the fill overtook the ack */
    case ORDER_STATE_UNKNOWN:
    case ORDER_STATE_WORKING:
        break;
    case ORDER_STATE_PENDING_CANCEL:
    case ORDER_STATE_CANCELLED: /* the fill crossed our cancel on the wire: the venue is right */
        partly = order->state;
        break;
    case ORDER_STATE_FILLED:
    case ORDER_STATE_REJECTED:
    default: /* not an enum order_state at all; -Wswitch-enum still finds a new state */
        return ERR_BAD_DATA;
    }
    err = add_fill(order, fill);
    if (err == ERR_OK)
        order->state = order_left_lots(order) == 0 ? ORDER_STATE_FILLED : partly;
    return err;
}

static enum err on_cancelled(struct order *order)
{
    switch (order->state) {
    case ORDER_STATE_SENT: /* an IOC that found nothing may answer with this alone */
    case ORDER_STATE_WORKING:
    case ORDER_STATE_PENDING_CANCEL:
    case ORDER_STATE_CANCELLED: /* the same answer again */
    case ORDER_STATE_UNKNOWN:
        order->state = ORDER_STATE_CANCELLED;
        return ERR_OK;
    case ORDER_STATE_FILLED: /* nothing was left to cancel */
    case ORDER_STATE_REJECTED:
        return ERR_BAD_DATA;
    }
    return ERR_BAD_DATA;
}

static enum err on_rejected(struct order *order)
{
    switch (order->state) {
    case ORDER_STATE_SENT:
    case ORDER_STATE_PENDING_CANCEL: /* the cancel was asked for before the answer came */
    case ORDER_STATE_UNKNOWN:
        if (order->filled_lots > 0)
            return ERR_BAD_DATA;
        order->state = ORDER_STATE_REJECTED;
        return ERR_OK;
    case ORDER_STATE_REJECTED: /* the same answer again */
        return ERR_OK;
    case ORDER_STATE_WORKING:
    case ORDER_STATE_FILLED:
    case ORDER_STATE_CANCELLED:
        return ERR_BAD_DATA;
    }
    return ERR_BAD_DATA;
}

static enum err apply_kind(struct order *order, const struct order_event *ev)
{
    switch (ev->kind) {
    case ORDER_EVENT_ACK:
        return on_ack(order);
    case ORDER_EVENT_FILL:
        return on_fill(order, &ev->fill);
    case ORDER_EVENT_CANCELLED:
        return on_cancelled(order);
    case ORDER_EVENT_REJECTED:
        return on_rejected(order);
    }
    return ERR_BAD_DATA; /* not an enum order_event_kind at all */
}

enum err order_apply(struct order *order, const struct order_event *ev)
{
    enum err err;

    assert(order != NULL && ev != NULL);
    assert(order->seq != 0 && ev->order_seq == order->seq); /* the caller looked it up by this */
    err = apply_kind(order, ev);
    if (err == ERR_OK && ev->ts_ns > order->updated_ns) /* answers may arrive out of order */
        order->updated_ns = ev->ts_ns;
    return err;
}

enum err order_cancel_sent(struct order *order, int64_t now_ns)
{
    if (!order_is_open(order))
        return ERR_STATE;
    order->state = ORDER_STATE_PENDING_CANCEL;
    order->updated_ns = now_ns;
    return ERR_OK;
}

enum err order_answer_lost(struct order *order, int64_t now_ns)
{
    if (!order_is_open(order))
        return ERR_STATE;
    order->state = ORDER_STATE_UNKNOWN;
    order->updated_ns = now_ns;
    return ERR_OK;
}

bool order_is_open(const struct order *order)
{
    switch (order->state) {
    case ORDER_STATE_SENT:
    case ORDER_STATE_WORKING:
    case ORDER_STATE_PENDING_CANCEL:
    case ORDER_STATE_UNKNOWN:
        return true;
    case ORDER_STATE_FILLED:
    case ORDER_STATE_CANCELLED:
    case ORDER_STATE_REJECTED:
        return false;
    }
    return false;
}

const char *order_state_word(enum order_state state)
{
    switch (state) {
    case ORDER_STATE_SENT:
        return "sent";
    case ORDER_STATE_WORKING:
        return "working";
    case ORDER_STATE_PENDING_CANCEL:
        return "cancelling";
    case ORDER_STATE_FILLED:
        return "filled";
    case ORDER_STATE_CANCELLED:
        return "cancelled";
    case ORDER_STATE_REJECTED:
        return "rejected";
    case ORDER_STATE_UNKNOWN:
        return "unknown";
    }
    return "?"; /* not an enum order_state at all */
}

int64_t order_left_lots(const struct order *order)
{
    return order->intent.qty_lots - order->filled_lots;
}
