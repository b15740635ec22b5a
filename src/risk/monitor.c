/* monitor.c - which limits of the monitors are passed, and what is to be done about it. See monitor.h. */
#include "risk/monitor.h"

#include "risk/controls.h"

#include <string.h>

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S  INT64_C(1000000000)

/* What one run looks at. */
struct look {
    struct risk_monitor *monitor;
    const struct risk_limits *limits;
    const struct risk_state *state;
    int64_t now_ns;
    struct risk_actions *out;
};

static struct risk_verdict because(enum risk_code code, enum risk_unit unit, const char *name, int64_t value,
                                   int64_t limit)
{
    return (struct risk_verdict){.answer = RISK_ANSWER_DENIED,
                                 .code = code,
                                 .unit = unit,
                                 .name = name,
                                 .value = value,
                                 .limit = limit};
}

static void act(const struct look *look, enum risk_action_kind kind, uint16_t who, struct risk_verdict why)
{
    struct risk_action *action;

    if (look->out->count == RISK_ACTIONS_MAX)
        return;
    action = &look->out->action[look->out->count++];
    *action =
        (struct risk_action){.kind = kind, .owner = OWNERS_MAX, .instrument_id = INSTRUMENTS_MAX, .why = why};
    if (kind == RISK_ACT_HALT_SYMBOL)
        action->instrument_id = who;
    else
        action->owner = who;
}

/* --- one strategy ------------------------------------------------------------------------------------------- */

static bool within_window(const struct look *look, const struct risk_times *times, int64_t n,
                          int64_t window_s, enum risk_code code, const char *name, struct risk_verdict *why)
{
    int64_t count = risk_times_within(times, window_s * NS_PER_S, look->now_ns);

    if (n > 0 && count < n)
        return true;
    *why = because(code, RISK_UNIT_COUNT, name, count, n);
    return false;
}

/* Per fill, of which at least one is assumed. */
static bool ratio_ok(int64_t messages, int64_t fills, int64_t limit)
{
    return (__int128)messages <= (__int128)limit * (fills > 0 ? fills : 1);
}

static bool otr_ok(const struct look *look, uint16_t owner, struct risk_verdict *why)
{
    struct risk_owner_watch *watch = &look->monitor->owner[owner];
    int64_t ratio = watch->messages_1h / (watch->fills_1h > 0 ? watch->fills_1h : 1);

    if (!ratio_ok(watch->messages_1h, watch->fills_1h, look->limits->order_to_trade)) {
        *why = because(RISK_ORDER_TO_TRADE, RISK_UNIT_COUNT, "for_one_fill", ratio,
                       look->limits->order_to_trade);
        return false;
    }
    if (ratio_ok(watch->messages_1h, watch->fills_1h, look->limits->order_to_trade_warn)) {
        watch->otr_warned = false;
        return true;
    }
    if (!watch->otr_warned) {
        watch->otr_warned = true;
        act(look, RISK_ACT_WARN, owner,
            because(RISK_ORDER_TO_TRADE, RISK_UNIT_COUNT, "for_one_fill", ratio,
                    look->limits->order_to_trade_warn));
    }
    return true;
}

static bool owner_ok(const struct look *look, uint16_t owner, struct risk_verdict *why)
{
    const struct risk_limits *limits = look->limits;
    const struct risk_owner_watch *watch = &look->monitor->owner[owner];

    if (!within_window(look, &watch->entries, limits->repeat_n, limits->repeat_window_s, RISK_REPEAT,
                       "entries", why) ||
        !within_window(look, &watch->fills, limits->repeat_n, limits->repeat_window_s, RISK_REPEAT, "fills",
                       why) ||
        !within_window(look, &watch->rejects, limits->reject_n, limits->reject_window_s, RISK_REJECT_STORM,
                       "rejects", why))
        return false;
    if (watch->trip_worst > limits->trade_loss_e8) {
        *why =
            because(RISK_TRADE_LOSS, RISK_UNIT_MONEY, "strategy", watch->trip_worst, limits->trade_loss_e8);
        return false;
    }
    if (watch->streak >= limits->loss_streak) {
        *why = because(RISK_LOSS_STREAK, RISK_UNIT_COUNT, "strategy", watch->streak, limits->loss_streak);
        return false;
    }
    return otr_ok(look, owner, why);
}

/* Losses of the day are facts of the state, so every strategy is looked at; the rest only where something was. */
static void run_owners(const struct look *look)
{
    for (uint16_t owner = OWNER_MANUAL + 1; owner < OWNERS_MAX; owner++) {
        uint32_t bit = UINT32_C(1) << owner;
        int64_t loss = risk_subtract(0, look->state->owner[owner].day_net_e8);
        struct risk_verdict why;

        if (look->state->owner_disabled[owner] != RISK_PASS)
            continue;
        if (loss > 0 && loss > look->limits->daily_loss_owner_e8)
            act(look, RISK_ACT_DISABLE_OWNER, owner,
                because(RISK_DAILY_LOSS, RISK_UNIT_MONEY, "strategy_loss", loss,
                        look->limits->daily_loss_owner_e8));
        else if ((look->monitor->owners_noted & bit) == 0)
            continue;
        else if (owner_ok(look, owner, &why))
            look->monitor->owners_noted &= ~bit;
        else
            act(look, RISK_ACT_DISABLE_OWNER, owner, why);
    }
}

/* --- one instrument ----------------------------------------------------------------------------------------- */

static bool symbol_ok(const struct look *look, uint16_t id, struct risk_verdict *why)
{
    const struct risk_limits *limits = look->limits;
    const struct risk_symbol_watch *watch = &look->monitor->symbol[id];
    int64_t window_bp = risk_monitor_window_bp(look->monitor, id);
    int64_t loss = risk_subtract(0, watch->day_net_e8);

    if (window_bp > limits->collar_window_bp)
        *why = because(RISK_COLLAR_WINDOW, RISK_UNIT_BP, "in_60s", window_bp, limits->collar_window_bp);
    else if (loss > 0 && loss > limits->daily_loss_symbol_e8)
        *why = because(RISK_DAILY_LOSS, RISK_UNIT_MONEY, "symbol_loss", loss, limits->daily_loss_symbol_e8);
    else if (watch->trip_worst > limits->trade_loss_symbol_e8)
        *why = because(RISK_TRADE_LOSS, RISK_UNIT_MONEY, "symbol", watch->trip_worst,
                       limits->trade_loss_symbol_e8);
    else if (watch->streak >= limits->loss_streak_symbol)
        *why =
            because(RISK_LOSS_STREAK, RISK_UNIT_COUNT, "symbol", watch->streak, limits->loss_streak_symbol);
    else
        return true;
    return false;
}

static void run_symbols(const struct look *look)
{
    for (uint64_t left = look->monitor->symbols_noted; left != 0; left &= left - 1) {
        uint16_t id = (uint16_t)__builtin_ctzll(left);
        struct risk_verdict why;

        if (look->state->symbol_halted[id] != RISK_PASS)
            continue;
        if (symbol_ok(look, id, &why))
            look->monitor->symbols_noted &= ~(UINT64_C(1) << id);
        else
            act(look, RISK_ACT_HALT_SYMBOL, id, why);
    }
}

/* --- everything --------------------------------------------------------------------------------------------- */

static bool latency_ok(const struct look *look, struct risk_verdict *why)
{
    static const char *const names[RISK_LATENCIES] = {"engine", "feed", "answer"};

    for (int kind = 0; kind < RISK_LATENCIES; kind++) {
        const struct risk_latency_watch *watch = &look->monitor->latency[kind];
        int64_t over_ns = risk_subtract(look->now_ns, watch->over_since_ns);

        if (watch->over_since_ns == 0 || over_ns <= look->limits->latency_for_s * NS_PER_S)
            continue;
        *why = because(RISK_LATENCY, RISK_UNIT_MS, names[kind], over_ns / NS_PER_MS,
                       look->limits->latency_for_s * 1000);
        return false;
    }
    return true;
}

static bool loss_ok(const struct look *look, struct risk_verdict *why)
{
    const struct risk_state *state = look->state;
    const struct risk_limits *limits = look->limits;
    enum risk_code code = risk_monitor_check(limits, state);
    int64_t loss, limit;

    if (code == RISK_PASS)
        return true;
    if (code == RISK_DAILY_LOSS)
        risk_loss_over(state->equity_start_day_e8, state->equity_e8, limits->daily_loss_bp, &loss, &limit);
    else
        risk_loss_over(state->equity_peak_e8, state->equity_e8, limits->drawdown_bp, &loss, &limit);
    *why = because(code, RISK_UNIT_MONEY, "loss", loss, limit);
    return false;
}

static bool all_ok(const struct look *look, struct risk_verdict *why)
{
    const struct risk_monitor *monitor = look->monitor;
    const struct risk_limits *limits = look->limits;

    if (!loss_ok(look, why) || !latency_ok(look, why))
        return false;
    if (monitor->trip_worst > limits->trade_loss_total_e8) {
        *why = because(RISK_TRADE_LOSS, RISK_UNIT_MONEY, "total", monitor->trip_worst,
                       limits->trade_loss_total_e8);
        return false;
    }
    if (monitor->streak >= limits->loss_streak_total) {
        *why =
            because(RISK_LOSS_STREAK, RISK_UNIT_COUNT, "total", monitor->streak, limits->loss_streak_total);
        return false;
    }
    return true;
}

static void run_clock(const struct look *look)
{
    int64_t offset_ns = look->state->clock_offset_ns;
    int64_t away_ns = offset_ns < 0 ? risk_subtract(0, offset_ns) : offset_ns;
    bool over = look->state->mode == MODE_LIVE && look->state->clock_known &&
                away_ns > look->limits->clock_warn_ms * NS_PER_MS;

    if (over && !look->monitor->clock_warned)
        act(look, RISK_ACT_WARN, OWNERS_MAX,
            because(RISK_CLOCK, RISK_UNIT_MS, "offset", offset_ns / NS_PER_MS, look->limits->clock_warn_ms));
    look->monitor->clock_warned = over;
}

void risk_monitor_run(struct risk_monitor *monitor, const struct risk_limits *limits,
                      const struct risk_state *state, int64_t now_ns, struct risk_actions *out)
{
    struct look look = {monitor, limits, state, now_ns, out};
    struct risk_verdict why;

    out->count = 0;
    /* in REDUCING what tripped stands, and the way out must stay open */
    if (risk_state_may_add(state) && !all_ok(&look, &why))
        act(&look, RISK_ACT_HALT, OWNERS_MAX, why);
    run_clock(&look);
    run_symbols(&look);
    run_owners(&look);
}

void risk_state_carry_out(struct risk_state *state, const struct risk_action *action, int64_t now_ns)
{
    uint8_t code = (uint8_t)action->why.code;

    switch (action->kind) {
    case RISK_ACT_WARN:
        return;
    case RISK_ACT_DISABLE_OWNER:
        if (action->owner < OWNERS_MAX)
            state->owner_disabled[action->owner] = code;
        break;
    case RISK_ACT_HALT_SYMBOL:
        if (action->instrument_id < INSTRUMENTS_MAX)
            state->symbol_halted[action->instrument_id] = code;
        break;
    case RISK_ACT_HALT:
        state->halted_by = code;
        break;
    }
    risk_state_count_trip(state, action->why.code, now_ns);
}

void risk_monitor_enable_owner(struct risk_monitor *monitor, struct risk_state *state, uint16_t owner)
{
    if (owner >= OWNERS_MAX)
        return;
    memset(&monitor->owner[owner], 0, sizeof monitor->owner[owner]);
    state->owner_disabled[owner] = RISK_PASS;
}

/* The mid keeps its seconds, so that its volatility stays known; only the jump is accepted. */
void risk_monitor_clear_symbol(struct risk_monitor *monitor, struct risk_state *state, uint16_t instrument_id)
{
    struct risk_symbol_watch *watch;

    if (instrument_id >= INSTRUMENTS_MAX)
        return;
    watch = &monitor->symbol[instrument_id];
    watch->streak = watch->trip_worst = 0;
    if (watch->known > 1)
        watch->known = 1;
    state->symbol_halted[instrument_id] = RISK_PASS;
}

void risk_monitor_go(struct risk_monitor *monitor, struct risk_state *state)
{
    monitor->streak = monitor->trip_worst = 0;
    memset(monitor->latency, 0, sizeof monitor->latency);
    state->halted_by = RISK_PASS;
}
