#include "core/domain/order.h"

#include <assert.h>
#include <string.h>

/* What an answer does to an order in a state. NOT: the venue and we disagree. */
enum move {
    NOT = 0,
    SAME, /* legal, and nothing changes: the answer was overtaken or is repeated */
    WORK, /* it rests at the venue */
    CANC,
    EXPI,
    REJE, /* unless something has filled: then NOT */
    FILL, /* adds the fill; FILLED once nothing can follow, else WORKING */
    KEEP, /* adds the fill; FILLED once nothing can follow, else the state stays */
    TRIG, /* the stop is set off; a state that waits for its ack has it */
    TERM, /* new terms; WORKING */
    TERK, /* new terms; the state stays: a cancel is on its way, or the end was told first */
    TERF, /* the terms that it filled, or older ones; else more would be open than we know: NOT */
    BACK, /* a cancel was refused: as before it; UNKNOWN where the venue knows no such order, its end being lost */
    RBAC, /* a replace was refused: the old terms, else as BACK */
    RGON, /* a replace was refused: the old terms; the state stays */
    DEAD, /* an end told twice in two words; NOT where something has filled */
    LATE  /* told before the rejection; NOT where the rejection was our own conclusion: the order lives */
};

/*
 * Every transition there is. A fill may overtake its ack and come after a cancel; an answer may come twice;
 * what a venue cannot have done is NOT. A fill does not answer the question of an UNKNOWN order: it lived, which
 * is not to say that it lives.
 */
static const uint8_t moves[ORDER_STATES][ORDER_EVENT_KINDS] = {
    /*                              ACK   FILL  CANC  REJE  EXPI  TRIG  REPL  CREJ  RREJ */
    [ORDER_STATE_SENT] = {WORK, FILL, CANC, REJE, EXPI, TRIG, TERM, SAME, NOT},
    [ORDER_STATE_WORKING] = {SAME, FILL, CANC, REJE, EXPI, TRIG, TERM, SAME, RGON},
    [ORDER_STATE_PENDING_CANCEL] = {SAME, KEEP, CANC, REJE, EXPI, TRIG, TERK, BACK, RGON},
    [ORDER_STATE_PENDING_REPLACE] = {SAME, KEEP, CANC, REJE, EXPI, TRIG, TERM, SAME, RBAC},
    [ORDER_STATE_FILLED] = {SAME, NOT, SAME, NOT, SAME, TRIG, TERF, SAME, RGON},
    [ORDER_STATE_CANCELLED] = {SAME, KEEP, SAME, DEAD, SAME, TRIG, TERK, SAME, RGON},
    [ORDER_STATE_EXPIRED] = {SAME, KEEP, SAME, DEAD, SAME, TRIG, TERK, SAME, RGON},
    [ORDER_STATE_REJECTED] = {LATE, NOT, SAME, SAME, SAME, LATE, LATE, SAME, SAME},
    [ORDER_STATE_UNKNOWN] = {WORK, KEEP, CANC, REJE, EXPI, TRIG, TERM, SAME, RGON},
};

/* The largest total that its terms, or those a replace on its way asks for, let it fill. */
static int64_t most_lots(const struct order *order)
{
    return order->replace_qty_lots > order->intent.qty_lots ? order->replace_qty_lots
                                                            : order->intent.qty_lots;
}

/* Adds the fill, or refuses it whole: an overfill means that we and the venue speak of different orders. */
static enum err add_fill(struct order *order, const struct order_event *ev, enum order_state partly)
{
    const struct fill *fill = &ev->fill;
    int64_t value_e8;

    if (fill->qty_lots <= 0 || fill->qty_lots > most_lots(order) - order->filled_lots || fill->value_e8 < 0)
        return ERR_BAD_DATA;
    if (__builtin_add_overflow(order->filled_value_e8, fill->value_e8, &value_e8))
        return ERR_OVERFLOW;
    order->filled_lots += fill->qty_lots;
    order->filled_value_e8 = value_e8;
    if (order->first_fill_ns == 0)
        order->first_fill_ns = ev->ts_ns;
    order->state = order->filled_lots == most_lots(order) ? ORDER_STATE_FILLED : partly;
    return ERR_OK;
}

static void forget_replace(struct order *order)
{
    order->replace_price_ticks = 0;
    order->replace_qty_lots = 0;
}

static bool trails(const struct order *order)
{
    return order->intent.type == ORDER_TRAILING_STOP;
}

static bool names_terms(const struct order *order, const struct order_event *ev, int64_t price_ticks,
                        int64_t qty_lots)
{
    return (trails(order) || ev->price_ticks == price_ticks) && ev->qty_lots == qty_lots;
}

/* Told before: older than the terms it has, or these again, also while we wait for others. */
static bool is_old_terms(const struct order *order, const struct order_event *ev)
{
    bool same = names_terms(order, ev, order_terms_ticks(&order->intent), order->intent.qty_lots);
    bool asked = names_terms(order, ev, order->replace_price_ticks, order->replace_qty_lots);

    if (order->replaced_ns == 0 || (asked && ev->ts_ns >= order->replace_asked_ns))
        return false;
    return ev->ts_ns < order->replaced_ns ||
           (same && (ev->ts_ns == order->replaced_ns || order->state == ORDER_STATE_PENDING_REPLACE));
}

static void take_terms(struct order *order, const struct order_event *ev)
{
    order_intent_move(&order->intent, ev->price_ticks);
    order->intent.qty_lots = ev->qty_lots;
    order->replaced_ns = ev->ts_ns;
}

/* Terms from before our newest replace are news, but no answer to it. */
static enum err set_terms(struct order *order, const struct order_event *ev, enum order_state state)
{
    bool answers = ev->ts_ns >= order->replace_asked_ns ||
                   names_terms(order, ev, order->replace_price_ticks, order->replace_qty_lots);

    if ((ev->price_ticks <= 0 && !trails(order)) || ev->qty_lots <= 0)
        return ERR_BAD_DATA;
    if (is_old_terms(order, ev))
        return ERR_OK;
    if (ev->qty_lots < order->filled_lots && (answers || order->replace_qty_lots < order->filled_lots))
        return ERR_BAD_DATA;
    take_terms(order, ev);
    if (answers) {
        forget_replace(order);
        order->state = state;
    }
    if (order->filled_lots == most_lots(order))
        order->state = ORDER_STATE_FILLED;
    return ERR_OK;
}

/* The old terms count again. More may not have filled than they allow. A refusal of an earlier replace is late. */
static enum err refuse_replace(struct order *order, const struct order_event *ev, enum order_state state)
{
    if (order->replace_qty_lots == 0 || ev->ts_ns < order->replace_asked_ns)
        return ERR_OK;
    if (order->filled_lots > order->intent.qty_lots)
        return ERR_BAD_DATA;
    forget_replace(order);
    order->state = order->filled_lots == order->intent.qty_lots ? ORDER_STATE_FILLED : state;
    return ERR_OK;
}

/*
 * It was accepted. What came of a replace that was lost only an ack younger than that replace can say: told no new
 * terms before it, the replace came to nothing.
 */
static enum err rest(struct order *order, const struct order_event *ev)
{
    bool lost = order->replace_qty_lots > 0;

    if (lost && (ev->ts_ns < order->replace_asked_ns || order->filled_lots >= order->intent.qty_lots))
        return ERR_OK;
    forget_replace(order);
    order->state = ORDER_STATE_WORKING;
    return ERR_OK;
}

/* What a refused request leaves behind. */
static enum order_state state_before(const struct order *order, const struct order_event *ev)
{
    if (ev->error == ORDER_ERROR_NOT_FOUND)
        return ORDER_STATE_UNKNOWN;
    if (ev->kind == ORDER_EVENT_CANCEL_REJECTED && order->replace_qty_lots > 0)
        return ORDER_STATE_PENDING_REPLACE;
    if (order->acked_ns == 0 && order->filled_lots == 0 && !order->triggered)
        return ORDER_STATE_SENT; /* the cancel overtook the ack */
    return ORDER_STATE_WORKING;
}

/* Ours, not the venue's: nothing found, or never sent. */
static bool rejection_is_concluded(const struct order *order)
{
    return order->acked_ns == 0 &&
           (order->error == ORDER_ERROR_NOT_FOUND || order->error == ORDER_ERROR_UNREACHABLE ||
            order->error == ORDER_ERROR_KILLED);
}

/*
 * A venue says "no such order" also of what is still on its way, or in its engine but not in its data base yet. Of one
 * that it has once told of it means nothing.
 */
static bool is_no_conclusion(const struct order *order, const struct order_event *ev)
{
    return ev->kind == ORDER_EVENT_REJECTED && ev->error == ORDER_ERROR_NOT_FOUND &&
           (order->acked_ns != 0 || order->filled_lots > 0 || order->triggered ||
            ev->ts_ns < order->sent_ns + ORDER_CONCLUDE_NS);
}

static enum err set_off(struct order *order, const struct order_event *ev)
{
    if (!order_type_is_triggered(order->intent.type))
        return ERR_BAD_DATA;
    order->triggered = true;
    if (trails(order) && ev->price_ticks > 0) /* how far it followed only the venue knew */
        order->intent.stop_ticks = ev->price_ticks;
    if (order->state == ORDER_STATE_SENT)
        order->state = ORDER_STATE_WORKING;
    return ERR_OK;
}

static enum err finish(struct order *order, const struct order_event *ev, enum order_state state)
{
    order->state = state;
    order->error = ev->error;
    return ERR_OK;
}

static enum err legal_if(bool legal)
{
    return legal ? ERR_OK : ERR_BAD_DATA;
}

static enum err make_move(struct order *order, const struct order_event *ev, enum move move)
{
    switch (move) {
    case NOT:
        return ERR_BAD_DATA;
    case SAME:
        return ERR_OK;
    case WORK:
        return rest(order, ev);
    case CANC:
        return finish(order, ev, ORDER_STATE_CANCELLED);
    case EXPI:
        return finish(order, ev, ORDER_STATE_EXPIRED);
    case REJE:
        return order->filled_lots > 0 ? ERR_BAD_DATA : finish(order, ev, ORDER_STATE_REJECTED);
    case FILL:
        return add_fill(order, ev, ORDER_STATE_WORKING);
    case KEEP:
        return add_fill(order, ev, order->state);
    case TRIG:
        return set_off(order, ev);
    case TERM:
        return set_terms(order, ev, ORDER_STATE_WORKING);
    case TERK:
        return set_terms(order, ev, order->state);
    case TERF:
        if (ev->ts_ns < order->replaced_ns || ev->ts_ns < order->replace_asked_ns)
            return ERR_OK;
        return ev->qty_lots == order->filled_lots ? set_terms(order, ev, ORDER_STATE_FILLED) : ERR_BAD_DATA;
    case BACK:
        order->state = state_before(order, ev);
        return ERR_OK;
    case RBAC:
        return refuse_replace(order, ev, state_before(order, ev));
    case RGON:
        return refuse_replace(order, ev, order->state);
    case DEAD:
        return legal_if(order->filled_lots == 0);
    case LATE:
        return legal_if(!rejection_is_concluded(order));
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
    if (is_no_conclusion(order, ev))
        return ERR_OK;
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
    if (order->state != ORDER_STATE_PENDING_CANCEL) /* else its answer would never be overdue */
        order->asked_ns = now_ns;
    order->state = ORDER_STATE_PENDING_CANCEL;
    order->cancels++;
    order->updated_ns = now_ns;
    return ERR_OK;
}

enum err order_replace_sent(struct order *order, int64_t price_ticks, int64_t qty_lots, int64_t now_ns)
{
    if (order->state != ORDER_STATE_WORKING)
        return ERR_STATE;
    if ((price_ticks <= 0 && !trails(order)) || qty_lots <= order->filled_lots)
        return ERR_RANGE;
    order->state = ORDER_STATE_PENDING_REPLACE;
    order->replace_price_ticks = trails(order) ? 0 : price_ticks;
    order->replace_qty_lots = qty_lots;
    order->asked_ns = order->replace_asked_ns = order->updated_ns = now_ns;
    return ERR_OK;
}

enum err order_answer_lost(struct order *order, int64_t now_ns)
{
    if (!order_is_open(order))
        return ERR_STATE;
    if (order->state != ORDER_STATE_UNKNOWN)
        order->updated_ns = now_ns;
    order->state = ORDER_STATE_UNKNOWN;
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
        [ORDER_ERROR_REDUCE_ONLY] = "nothing left to reduce or sell",
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
    int64_t left = order->intent.qty_lots - order->filled_lots;

    return left > 0 ? left : 0; /* a fill may overtake the answer to the replace that made room for it */
}

struct order_intent order_moved(const struct order *order, int64_t price_ticks, int64_t qty_lots)
{
    struct order_intent intent = order->intent;

    intent.qty_lots = qty_lots - order->filled_lots;
    order_intent_move(&intent, price_ticks);
    return intent;
}

int64_t order_open_lots(const struct order *order)
{
    return order_is_open(order) ? most_lots(order) - order->filled_lots : 0;
}

int64_t order_shown_ticks(const struct order *order)
{
    bool rests = order->triggered && !order_type_is_market(order->intent.type);

    return rests ? order->intent.price_ticks : order_intent_ticks(&order->intent);
}

void order_rescale(struct order *order, struct step_change change)
{
    struct order_intent *intent = &order->intent;

    step_scale(&intent->price_ticks, change.price_factor);
    step_scale(&intent->stop_ticks, change.price_factor);
    step_scale(&intent->trail_ticks, change.price_factor);
    step_scale(&intent->bracket_take_ticks, change.price_factor);
    step_scale(&intent->bracket_stop_ticks, change.price_factor);
    step_scale(&order->replace_price_ticks, change.price_factor);
    step_scale(&order->arrival_mid2_ticks, change.price_factor);
    step_scale(&intent->qty_lots, change.qty_factor);
    step_scale(&intent->display_lots, change.qty_factor);
    step_scale(&order->replace_qty_lots, change.qty_factor);
    step_scale(&order->filled_lots, change.qty_factor);
    if (order->queue_expected_lots > 0)
        step_scale(&order->queue_expected_lots, change.qty_factor);
    if (order->queue_worst_lots > 0)
        step_scale(&order->queue_worst_lots, change.qty_factor);
}
