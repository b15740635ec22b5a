#include "risk/gate.h"

#include "risk/controls.h"

#include <assert.h>

bool risk_deny(struct risk_verdict *out, enum risk_unit unit, int64_t value, int64_t limit)
{
    return risk_deny_named(out, unit, NULL, value, NULL, limit);
}

bool risk_deny_named(struct risk_verdict *out, enum risk_unit unit, const char *name, int64_t value,
                     const char *bound, int64_t limit)
{
    out->unit = unit;
    out->name = name;
    out->value = value;
    out->bound = bound;
    out->limit = limit;
    return false;
}

int64_t risk_subtract(int64_t a, int64_t b)
{
    int64_t difference;

    if (__builtin_sub_overflow(a, b, &difference))
        return a < 0 ? INT64_MIN : INT64_MAX;
    return difference;
}

/*
 * product / 10^8 by constants alone, where a library would divide 128 bits: 2^64 is TWO64_WHOLE times 10^8 and
 * TWO64_REST. The largest high word whose whole part fits is HIGH_MOST.
 */
#define MONEY_UNIT  UINT64_C(100000000)
#define TWO64_WHOLE UINT64_C(184467440737)
#define TWO64_REST  UINT64_C(9551616)
#define HIGH_MOST   UINT64_C(50000000)

static int64_t money_of(unsigned __int128 product)
{
    uint64_t high = (uint64_t)(product >> 64), rest, value;

    if (high == 0) /* the usual size */
        return (int64_t)((uint64_t)product / MONEY_UNIT);
    if (high > HIGH_MOST)
        return INT64_MAX;
    value = high * TWO64_WHOLE;
    if (__builtin_add_overflow((uint64_t)product, high * TWO64_REST, &rest))
        value += TWO64_WHOLE + (rest + TWO64_REST) / MONEY_UNIT; /* what was carried out */
    else
        value += rest / MONEY_UNIT;
    return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

int64_t risk_value_e8(const struct instrument *instrument, int64_t price_ticks, int64_t qty_lots)
{
    int64_t price_e8, qty_e8;

    if (price_ticks < 0 || qty_lots < 0 ||
        __builtin_mul_overflow(price_ticks, instrument->tick_e8, &price_e8) ||
        __builtin_mul_overflow(qty_lots, instrument->lot_e8, &qty_e8))
        return INT64_MAX;
    return money_of((unsigned __int128)price_e8 * (unsigned __int128)qty_e8 + (MONEY_UNIT - 1));
}

int64_t risk_reducible_lots(int64_t position_lots, int64_t open_lots, enum side side)
{
    int64_t closable, left;

    if (__builtin_mul_overflow(position_lots, -(int64_t)side_sign(side), &closable) || closable <= 0)
        return 0;
    if (open_lots < 0 || __builtin_sub_overflow(closable, open_lots, &left) || left < 0)
        return 0;
    return left;
}

/*
 * A buy never pays more than its limit; a sale may earn more than its limit, at most about the best bid. What
 * waits for a trade becomes an order near where it goes off; a trailing one that has not begun to follow will
 * stand about its distance from the touch.
 */
int64_t risk_worth_ticks(const struct order_intent *intent, const struct market_ref *ref)
{
    int64_t price = intent->price_ticks;

    if (!order_type_is_triggered(intent->type)) {
        if (intent->side == SIDE_ASK && ref->best_ticks[SIDE_BID] > price)
            price = ref->best_ticks[SIDE_BID];
        return price;
    }
    if (intent->stop_ticks > price)
        price = intent->stop_ticks;
    if (intent->type == ORDER_TRAILING_STOP && intent->stop_ticks == 0) {
        int64_t follows = intent->side == SIDE_BID ? risk_add(ref->best_ticks[SIDE_ASK], intent->trail_ticks)
                                                   : ref->best_ticks[SIDE_BID];

        if (follows > price)
            price = follows;
    }
    return price;
}

int64_t risk_stale_ms(const struct risk_limits *limits, const struct risk_instrument *at)
{
    int64_t own_ms = at->stale_ms < RISK_STALE_MOST_MS ? at->stale_ms : RISK_STALE_MOST_MS;

    return own_ms > limits->stale_ms && limits->stale_ms > 0 ? own_ms : limits->stale_ms;
}

/* The book may be traded on: what STALE_BOOK judges and COLLAR measures against. */
static bool book_is_ok(int64_t stale_ms, const struct market_ref *ref)
{
    int64_t limit_ns;

    if (ref->book_state != BOOK_LIVE || ref->crossed || ref->best_ticks[SIDE_BID] <= 0 ||
        ref->best_ticks[SIDE_ASK] <= 0)
        return false;
    return !__builtin_mul_overflow(stale_ms, INT64_C(1000000), &limit_ns) && ref->book_age_ns >= 0 &&
           ref->book_age_ns <= limit_ns;
}

#define CODE_BIT(code) (UINT64_C(1) << RISK_##code)

/* Judges that only read what a monitor tripped: nothing to ask while nothing is. */
#define TRIP_ONLY                                                                                            \
    (CODE_BIT(LATENCY) | CODE_BIT(COLLAR_WINDOW) | CODE_BIT(REPEAT) | CODE_BIT(REJECT_STORM) |               \
     CODE_BIT(TRADE_LOSS) | CODE_BIT(LOSS_STREAK) | CODE_BIT(ORDER_TO_TRADE))
#define GATE_CODES (CODE_BIT(GATE_END) - CODE_BIT(KILL))

static enum risk_code first_denial(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    uint64_t left = q->tripped ? GATE_CODES : GATE_CODES & ~TRIP_ONLY;

    for (; left != 0; left &= left - 1) {
        int code = __builtin_ctzll(left);

        if (!risk_control_table[code].judge(q, qty_lots, out))
            return (enum risk_code)code;
    }
    return RISK_PASS;
}

static enum risk_code first_too_big(const struct risk_question *q, int64_t qty_lots, struct risk_verdict *out)
{
    for (int code = RISK_PASS + 1; code < RISK_GATE_END; code++)
        if (risk_control_table[code].fits != NULL && !risk_control_table[code].fits(q, qty_lots, out))
            return (enum risk_code)code;
    return RISK_PASS;
}

/*
 * The largest quantity that every control by size lets through, 0 if none. By halving: each such control
 * that passes n lots passes n - 1, so 63 steps find it whatever the controls compute.
 */
static int64_t largest_fit(const struct risk_question *q)
{
    struct risk_verdict ignored;
    int64_t fits = 0, too_big = q->intent->qty_lots;

    while (too_big - fits > 1) {
        int64_t middle = fits + (too_big - fits) / 2;

        if (first_too_big(q, middle, &ignored) == RISK_PASS)
            fits = middle;
        else
            too_big = middle;
    }
    return fits;
}

/*
 * *denied is the verdict on the whole quantity. Passes the largest part that fits, naming the control that
 * forbids one lot more, with that control's numbers for the whole; else leaves the denial as it is, unless
 * the part fails a control that no size can satisfy: then that one is the reason.
 */
static struct risk_verdict cut(const struct risk_question *q, const struct risk_verdict *denied)
{
    int64_t qty_lots = largest_fit(q);
    struct risk_verdict verdict = *denied, again = {0};
    enum risk_code code;

    if (qty_lots <= 0)
        return verdict;
    code = first_denial(q, qty_lots, &again);
    if (code == RISK_PASS) {
        verdict.answer = RISK_ANSWER_ADJUSTED;
        verdict.qty_lots = qty_lots;
        verdict.code = first_too_big(q, qty_lots + 1, &again);
        (void)risk_control_table[verdict.code].fits(q, q->intent->qty_lots, &verdict);
        return verdict;
    }
    if (code == RISK_FILTER) /* what is left is under the venue's minimum: the limit is the reason */
        return verdict;
    again.answer = RISK_ANSWER_DENIED;
    again.code = code;
    return again;
}

/* An owner or instrument that nobody knows is tripped: the controls that read it deny. */
static bool tripped(const struct risk_state *state, uint16_t owner, uint16_t instrument_id)
{
    return owner >= OWNERS_MAX || instrument_id >= INSTRUMENTS_MAX || state->halted_by != RISK_PASS ||
           state->owner_disabled[owner] != RISK_PASS || state->symbol_halted[instrument_id] != RISK_PASS;
}

struct risk_verdict risk_gate_check(const struct risk_limits *limits, const struct risk_state *state,
                                    const struct risk_instrument *at, const struct instrument *instrument,
                                    const struct market_ref *ref, const struct order_intent *intent)
{
    struct risk_verdict verdict = {.answer = RISK_ANSWER_DENIED, .unit = RISK_UNIT_NONE};
    struct risk_question q;

    assert(limits != NULL && state != NULL && at != NULL);
    assert(instrument != NULL && ref != NULL && intent != NULL);

    if ((unsigned)intent->side >= SIDE_COUNT || (unsigned)intent->type >= ORDER_TYPES) {
        verdict.code = RISK_FILTER; /* nothing below could be computed */
        verdict.name = "malformed";
        return verdict;
    }
    q = (struct risk_question){
        .market = order_type_is_market(intent->type),
        .triggered = order_type_is_triggered(intent->type),
        .tripped = tripped(state, intent->owner, instrument->id),
        .limits = limits,
        .state = state,
        .at = at,
        .instrument = instrument,
        .ref = ref,
        .intent = intent,
        .book_ok = book_is_ok(risk_stale_ms(limits, at), ref),
        .reducible_lots = risk_reducible_lots(at->position_lots, at->open_lots[intent->side], intent->side),
        .worth_ticks = risk_worth_ticks(intent, ref)};
    if (q.book_ok)
        q.mid2_ticks = risk_add(ref->best_ticks[SIDE_BID], ref->best_ticks[SIDE_ASK]);

    verdict.code = first_denial(&q, intent->qty_lots, &verdict);
    if (verdict.code == RISK_PASS) {
        verdict.answer = RISK_ANSWER_PASSED;
        verdict.qty_lots = intent->qty_lots;
        return verdict;
    }
    if (intent->may_cut && risk_control_table[verdict.code].fits != NULL)
        return cut(&q, &verdict);
    return verdict;
}
