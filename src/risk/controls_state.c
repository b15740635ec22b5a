/* controls_state.c - may we send at all: kill, mode, state, pauses, symbol, book; and message flow. */
#include "risk/controls.h"

static bool killed(const struct risk_question *q)
{
    return q->state->kill || q->state->state == STATE_KILLED;
}

/* REDUCE_ONLY, last in the table, holds a flatten to the position. */
bool risk_control_kill(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    uint16_t id = q->instrument->id, owner = q->intent->owner;

    if (!killed(q)) /* one strategy or symbol may be killed alone */
        return id >= INSTRUMENTS_MAX || owner >= OWNERS_MAX || risk_untripped(q, qty_lots, RISK_KILL, out);
    if (!risk_is_flatten(q) || id >= INSTRUMENTS_MAX || owner >= OWNERS_MAX)
        return risk_deny_named(out, RISK_UNIT_NONE, "cancels only", 0, NULL, 0);
    if ((q->state->kill_flattened[id] >> owner & 1U) != 0)
        return risk_deny_named(out, RISK_UNIT_COUNT, "flatten", 2, NULL, 1);
    return true;
}

bool risk_control_mode(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    (void)qty_lots;
    switch (q->state->mode) {
    case MODE_SIMULATION:
    case MODE_LIVE:
        return true;
    case MODE_OBSERVATION:
        break;
    }
    return risk_deny_named(out, RISK_UNIT_NONE, "observation sends nothing", 0, NULL, 0);
}

/* KILLED is judged above: what came through that is the flatten. */
bool risk_control_halted(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    (void)qty_lots;
    switch (q->state->state) {
    case STATE_ACTIVE:
    case STATE_PAUSED:
    case STATE_REDUCING:
    case STATE_KILLED:
        return true;
    case STATE_HALTED:
        break;
    }
    return risk_deny_named(out, RISK_UNIT_NONE, "cancels only", 0, NULL, 0);
}

/* Its own control denies; any other reason is denied where it is read. */
static bool monitored(uint8_t code)
{
    return code < RISK_GATE_END && risk_control_table[code].place == RISK_PLACE_MONITOR;
}

bool risk_control_paused(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    uint16_t owner = q->intent->owner;

    (void)qty_lots;
    if (owner >= OWNERS_MAX)
        return risk_deny_named(out, RISK_UNIT_NONE, "unknown owner", 0, NULL, 0);
    if (risk_is_flatten(q))
        return true;
    if (q->state->calendar_paused)
        return risk_deny_named(out, RISK_UNIT_NONE, "a window of the schedule", 0, NULL, 0);
    if (owner == OWNER_MANUAL)
        return true;
    if (q->state->state == STATE_PAUSED)
        return risk_deny_named(out, RISK_UNIT_NONE, "strategies send nothing", 0, NULL, 0);
    if (q->state->strategy_paused[owner])
        return risk_deny_named(out, RISK_UNIT_NONE, "this strategy is paused", 0, NULL, 0);
    if (q->state->owner_disabled[owner] != RISK_PASS && !monitored(q->state->owner_disabled[owner]))
        return risk_deny_named(out, RISK_UNIT_NONE, "this strategy is disabled", 0, NULL, 0);
    return true;
}

bool risk_control_reducing(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    if (!risk_state_only_reduces(q->state) || risk_reduces(q, qty_lots))
        return true;
    return risk_deny(out, RISK_UNIT_LOTS, qty_lots, q->reducible_lots);
}

bool risk_control_symbol_state(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    const struct instrument *instrument = q->instrument;
    const char *why = NULL;

    (void)qty_lots;
    if (q->intent->instrument_id != instrument->id || instrument->id >= INSTRUMENTS_MAX)
        why = "unknown instrument";
    else if (instrument->tick_e8 <= 0 || instrument->lot_e8 <= 0)
        why = "steps unknown";
    else if (instrument->inverse)
        why = "coin-margined: shown, not traded";
    else if (!instrument->trading)
        why = "venue says not TRADING";
    else if (q->state->mode == MODE_LIVE && !q->at->listed)
        why = "not on the list";
    else if (!risk_is_flatten(q) && q->state->symbol_halted[instrument->id] != RISK_PASS &&
             !monitored(q->state->symbol_halted[instrument->id]))
        why = "halted";
    else
        return true;
    return risk_deny_named(out, RISK_UNIT_NONE, why, 0, NULL, 0);
}

static const char *book_trouble(const struct market_ref *ref)
{
    switch (ref->book_state) {
    case BOOK_DOWN:
        return "book=DOWN";
    case BOOK_CONNECTING:
        return "book=CONNECTING";
    case BOOK_SYNCING:
        return "book=SYNCING";
    case BOOK_STALE:
        return "book=STALE";
    case BOOK_LIVE:
        if (ref->crossed)
            return "book=CROSSED";
        if (ref->best_ticks[SIDE_BID] <= 0 || ref->best_ticks[SIDE_ASK] <= 0)
            return "book=EMPTY";
        return NULL;
    }
    return "book=UNKNOWN";
}

bool risk_control_stale_book(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    const char *trouble;

    (void)qty_lots;
    if (risk_is_flatten(q) && q->intent->type == ORDER_LIMIT)
        return true;
    if (q->state->mode == MODE_LIVE && !q->state->private_live && !risk_is_flatten(q))
        return risk_deny_named(out, RISK_UNIT_NONE, "private stream is not live", 0, NULL, 0);
    if (q->book_ok)
        return true;
    trouble = book_trouble(q->ref);
    if (trouble != NULL)
        return risk_deny_named(out, RISK_UNIT_NONE, trouble, 0, NULL, 0);
    /* Rounded up: an age of 1000.4 ms is over 1000 and must read so. */
    return risk_deny_named(out, RISK_UNIT_MS, "age",
                           q->ref->book_age_ns / 1000000 + (q->ref->book_age_ns % 1000000 > 0), NULL,
                           risk_stale_ms(q->limits, q->at));
}

/* A flatten may use what is kept for cancels. */
static int64_t rate_limit(const struct risk_question *q, int64_t limit)
{
    return risk_is_flatten(q) ? risk_add(limit, limit / 2) : limit;
}

bool risk_control_msg_rate(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    int64_t per_s = rate_limit(q, q->limits->msg_per_s), per_min = rate_limit(q, q->limits->msg_per_min);

    (void)qty_lots;
    if (q->state->rate_1s >= per_s)
        return risk_deny_named(out, RISK_UNIT_COUNT, "in_1s", risk_add(q->state->rate_1s, 1), NULL, per_s);
    if (q->state->rate_60s >= per_min)
        return risk_deny_named(out, RISK_UNIT_COUNT, "in_60s", risk_add(q->state->rate_60s, 1), NULL,
                               per_min);
    return true;
}

/* What waits for a trade is told apart by where it goes off, its worst price may be the same. */
static bool looks_like(const struct risk_recent *recent, const struct order_intent *intent, int64_t qty_lots)
{
    return recent->qty_lots == qty_lots && recent->price_ticks == intent->price_ticks &&
           recent->stop_ticks == intent->stop_ticks && recent->trail_ticks == intent->trail_ticks &&
           recent->side == intent->side && recent->instrument_id == intent->instrument_id;
}

/* Newest first, until one is out of the window: the order of time is the order of the ring. */
bool risk_control_duplicate(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    const struct order_intent *intent = q->intent;
    uint32_t next, known;
    int64_t window_ns, age_ns = 0;

    if ((intent->owner == OWNER_MANUAL && !intent->unasked) || risk_is_flatten(q)) /* the screen has asked */
        return true;
    if (__builtin_mul_overflow(q->limits->duplicate_ms, INT64_C(1000000), &window_ns) || window_ns <= 0)
        return risk_deny(out, RISK_UNIT_MS, 0, q->limits->duplicate_ms);
    next = q->state->remembered[intent->owner];
    known = next < RISK_RECENT_MAX ? next : RISK_RECENT_MAX;
    for (uint32_t back = 1; back <= known; back++) {
        const struct risk_recent *recent = &q->state->recent[intent->owner][(next - back) % RISK_RECENT_MAX];

        if (__builtin_sub_overflow(q->ref->now_ns, recent->ts_ns, &age_ns))
            return risk_deny(out, RISK_UNIT_MS, 0, q->limits->duplicate_ms);
        if (age_ns >= window_ns)
            return true;
        if (looks_like(recent, intent, qty_lots) && (intent->parent == 0 || recent->parent != intent->parent))
            return risk_deny_named(out, RISK_UNIT_MS, "after", age_ns / 1000000, NULL,
                                   q->limits->duplicate_ms);
    }
    if (known < RISK_RECENT_MAX || intent->parent != 0)
        return true;
    return risk_deny_named(out, RISK_UNIT_COUNT, "too many to compare", risk_add(known, 1), NULL, known);
}

/*
 * By price alone: an order that may trade at the price of our own on the other side could meet it, however
 * thick the book between looks now. What waits for a trade is judged by the broker when it goes off.
 */
bool risk_control_self_trade(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    int64_t own = q->at->best_own_ticks[side_other(q->intent->side)], price = q->intent->price_ticks;

    (void)qty_lots;
    if (own == 0 || q->triggered)
        return true;
    if (q->intent->side == SIDE_BID ? price < own : price > own)
        return true;
    return risk_deny_named(out, RISK_UNIT_TICKS, "price", price, "own", own);
}
