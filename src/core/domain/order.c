#include "core/domain/order.h"

#include <assert.h>
#include <string.h>

/* What an answer does to an order in a state. NOT: the venue and we disagree. */
enum move {
    NOT = 0,
    SAME, /* legal, and nothing changes: the answer was overtaken or is repeated */
    WORK,
    CANC,
    EXPI,
    REJE, /* unless something has filled already: then NOT */
    FILL, /* adds the fill; FILLED once nothing is left, else WORKING */
    KEEP, /* adds the fill; FILLED once nothing is left, else the state stays */
    TRIG, /* the stop is set off; a state that waits for its ack has it */
    TERM, /* new terms; WORKING */
    TERK  /* new terms; the state stays: a cancel is on its way */
};

/*
 * Every transition there is. A fill may overtake its ack and come after a cancel; an answer may come twice;
 * what a venue cannot have done is NOT.
 */
static const uint8_t moves[ORDER_STATES][ORDER_EVENT_KINDS] = {
    /*                              ACK   FILL  CANC  REJE  EXPI  TRIG  REPL  CREJ  RREJ */
    [ORDER_STATE_SENT] = {WORK, FILL, CANC, REJE, EXPI, TRIG, NOT, SAME, NOT},
    [ORDER_STATE_WORKING] = {SAME, FILL, CANC, NOT, EXPI, TRIG, TERM, SAME, SAME},
    [ORDER_STATE_PENDING_CANCEL] = {SAME, KEEP, CANC, REJE, EXPI, TRIG, TERK, WORK, SAME},
    [ORDER_STATE_PENDING_REPLACE] = {SAME, KEEP, CANC, REJE, EXPI, TRIG, TERM, SAME, WORK},
    [ORDER_STATE_FILLED] = {SAME, NOT, NOT, NOT, NOT, SAME, NOT, SAME, SAME},
    [ORDER_STATE_CANCELLED] = {SAME, KEEP, SAME, NOT, NOT, SAME, NOT, SAME, SAME},
    [ORDER_STATE_EXPIRED] = {SAME, KEEP, NOT, NOT, SAME, SAME, NOT, SAME, SAME},
    [ORDER_STATE_REJECTED] = {NOT, NOT, NOT, SAME, NOT, NOT, NOT, SAME, SAME},
    [ORDER_STATE_UNKNOWN] = {WORK, FILL, CANC, REJE, EXPI, TRIG, TERM, SAME, SAME},
};

/* Adds the fill, or refuses it whole: an overfill means that we and the venue speak of different orders. */
static enum err add_fill(struct order *order, const struct order_event *ev, enum order_state partly)
{
    const struct fill *fill = &ev->fill;
    int64_t value_e8;

    if (fill->qty_lots <= 0 || fill->qty_lots > order_left_lots(order) || fill->value_e8 < 0)
        return ERR_BAD_DATA;
    if (__builtin_add_overflow(order->filled_value_e8, fill->value_e8, &value_e8))
        return ERR_OVERFLOW;
    order->filled_lots += fill->qty_lots;
    order->filled_value_e8 = value_e8;
    if (order->first_fill_ns == 0)
        order->first_fill_ns = ev->ts_ns;
    order->state = order_left_lots(order) == 0 ? ORDER_STATE_FILLED : partly;
    return ERR_OK;
}

static enum err set_terms(struct order *order, const struct order_event *ev, enum order_state state)
{
    if (ev->price_ticks <= 0 || ev->qty_lots < order->filled_lots || ev->qty_lots <= 0)
        return ERR_BAD_DATA;
    if (order->intent.type == ORDER_STOP || order->intent.type == ORDER_TAKE_PROFIT)
        order->intent.stop_ticks = ev->price_ticks;
    else
        order->intent.price_ticks = ev->price_ticks;
    order->intent.qty_lots = ev->qty_lots;
    order->state = order_left_lots(order) == 0 ? ORDER_STATE_FILLED : state;
    return ERR_OK;
}

static void finish(struct order *order, const struct order_event *ev, enum order_state state)
{
    order->state = state;
    order->error = ev->error;
}

static enum err make_move(struct order *order, const struct order_event *ev, enum move move)
{
    switch (move) {
    case NOT:
        return ERR_BAD_DATA;
    case SAME:
        return ERR_OK;
    case WORK:
        order->state = ORDER_STATE_WORKING;
        return ERR_OK;
    case CANC:
        finish(order, ev, ORDER_STATE_CANCELLED);
        return ERR_OK;
    case EXPI:
        finish(order, ev, ORDER_STATE_EXPIRED);
        return ERR_OK;
    case REJE:
        if (order->filled_lots > 0)
            return ERR_BAD_DATA;
        finish(order, ev, ORDER_STATE_REJECTED);
        return ERR_OK;
    case FILL:
        return add_fill(order, ev, ORDER_STATE_WORKING);
    case KEEP:
        return add_fill(order, ev, order->state);
    case TRIG:
        if (!order_type_is_triggered(order->intent.type))
            return ERR_BAD_DATA;
        order->triggered = true;
        if (order->state == ORDER_STATE_SENT || order->state == ORDER_STATE_UNKNOWN)
            order->state = ORDER_STATE_WORKING;
        return ERR_OK;
    case TERM:
        return set_terms(order, ev, ORDER_STATE_WORKING);
    case TERK:
        return set_terms(order, ev, order->state);
    }
    return ERR_BAD_DATA; /* not an enum move at all */
}

enum err order_apply(struct order *order, const struct order_event *ev)
{
    enum err err;

    assert(order != NULL && ev != NULL);
    assert(order->seq != 0 && ev->order_seq == order->seq); /* the caller looked it up by this */
    if ((unsigned)order->state >= ORDER_STATES || (unsigned)ev->kind >= ORDER_EVENT_KINDS)
        return ERR_BAD_DATA;
    err = make_move(order, ev, (enum move)moves[order->state][ev->kind]);
    if (err != ERR_OK)
        return err;
    if (ev->kind == ORDER_EVENT_ACK && order->acked_ns == 0)
        order->acked_ns = ev->ts_ns;
    if (ev->ts_ns > order->updated_ns) /* answers may arrive out of order */
        order->updated_ns = ev->ts_ns;
    return ERR_OK;
}

enum err order_cancel_sent(struct order *order, int64_t now_ns)
{
    if (!order_is_open(order))
        return ERR_STATE;
    order->state = ORDER_STATE_PENDING_CANCEL;
    order->updated_ns = now_ns;
    return ERR_OK;
}

enum err order_replace_sent(struct order *order, int64_t price_ticks, int64_t qty_lots, int64_t now_ns)
{
    if (order->state != ORDER_STATE_WORKING)
        return ERR_STATE;
    order->state = ORDER_STATE_PENDING_REPLACE;
    order->replace_price_ticks = price_ticks;
    order->replace_qty_lots = qty_lots;
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
    case ORDER_STATE_PENDING_REPLACE:
    case ORDER_STATE_UNKNOWN:
        return true;
    case ORDER_STATE_FILLED:
    case ORDER_STATE_CANCELLED:
    case ORDER_STATE_EXPIRED:
    case ORDER_STATE_REJECTED:
    case ORDER_STATES:
        return false;
    }
    return false;
}

const char *order_state_word(enum order_state state)
{
    static const char *const words[ORDER_STATES] = {
        [ORDER_STATE_SENT] = "sent",
        [ORDER_STATE_WORKING] = "working",
        [ORDER_STATE_PENDING_CANCEL] = "cancelling",
        [ORDER_STATE_PENDING_REPLACE] = "replacing",
        [ORDER_STATE_FILLED] = "filled",
        [ORDER_STATE_CANCELLED] = "cancelled",
        [ORDER_STATE_EXPIRED] = "expired",
        [ORDER_STATE_REJECTED] = "rejected",
        [ORDER_STATE_UNKNOWN] = "unknown",
    };

    return (unsigned)state < ORDER_STATES ? words[state] : "?";
}

const char *order_error_word(enum order_error error)
{
    static const char *const words[ORDER_ERRORS] = {
        [ORDER_ERROR_NONE] = "none",
        [ORDER_ERROR_FUNDS] = "insufficient funds",
        [ORDER_ERROR_FILTER] = "filter",
        [ORDER_ERROR_WOULD_TAKE] = "post-only would take",
        [ORDER_ERROR_WOULD_TRIGGER] = "stop would trigger at once",
        [ORDER_ERROR_REDUCE_ONLY] = "reduce-only",
        [ORDER_ERROR_NOT_FOUND] = "no such order",
        [ORDER_ERROR_DUPLICATE_ID] = "duplicate id",
        [ORDER_ERROR_RATE_LIMIT] = "rate limit",
        [ORDER_ERROR_MARKET_CLOSED] = "market closed",
        [ORDER_ERROR_SELF_TRADE] = "self-trade prevention",
        [ORDER_ERROR_NOT_FILLED] = "nothing more up to its price",
        [ORDER_ERROR_TIME] = "time is over",
        [ORDER_ERROR_CAPACITY] = "too many orders",
        [ORDER_ERROR_KILLED] = "killed before the send",
        [ORDER_ERROR_UNREACHABLE] = "venue unreachable",
        [ORDER_ERROR_OTHER] = "other",
    };

    return (unsigned)error < ORDER_ERRORS ? words[error] : "?";
}

int64_t order_left_lots(const struct order *order)
{
    return order->intent.qty_lots - order->filled_lots;
}
