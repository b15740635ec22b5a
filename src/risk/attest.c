#include "risk/attest.h"

#include "risk/controls.h"

#define NS_PER_S INT64_C(1000000000)

static int64_t ms_up(int64_t ns)
{
    return ns == INT64_MIN ? INT64_MAX : (ns < 0 ? -ns : ns) / 1000000 + (ns % 1000000 != 0);
}

/* Loss against a base in bp, rounded up; 0 without one. */
static int64_t loss_bp(int64_t base_e8, int64_t now_e8)
{
    int64_t loss = risk_subtract(base_e8, now_e8);
    __int128 bp;

    if (base_e8 <= 0 || loss <= 0)
        return 0;
    bp = ((__int128)loss * 10000 + base_e8 - 1) / base_e8;
    return bp > INT64_MAX ? INT64_MAX : (int64_t)bp;
}

static int64_t largest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* --- numbers of one strategy -------------------------------------------------------------------------------- */

static int64_t owner_use(const struct risk_attest_facts *facts, enum risk_limit_id id, uint16_t owner)
{
    const struct risk_owner_watch *watch = &facts->monitor->owner[owner];
    const struct risk_limits *limits = facts->limits;
    int64_t now_ns = facts->ref->now_ns;

    switch ((int)id) {
    case RISK_LIMIT_max_position_owner_e8:
        return facts->state->owner[owner].gross_value_e8;
    case RISK_LIMIT_daily_loss_owner_e8:
        return largest(0, risk_subtract(0, facts->state->owner[owner].day_net_e8));
    case RISK_LIMIT_repeat_n:
        return largest(risk_times_within(&watch->entries, limits->repeat_window_s * NS_PER_S, now_ns),
                       risk_times_within(&watch->fills, limits->repeat_window_s * NS_PER_S, now_ns));
    case RISK_LIMIT_reject_n:
        return risk_times_within(&watch->rejects, limits->reject_window_s * NS_PER_S, now_ns);
    case RISK_LIMIT_trade_loss_e8:
        return watch->trip_worst;
    case RISK_LIMIT_loss_streak:
        return watch->streak;
    case RISK_LIMIT_order_to_trade_warn:
    case RISK_LIMIT_order_to_trade:
        return watch->messages_1h / largest(watch->fills_1h, 1);
    default:
        return RISK_ATTEST_NONE;
    }
}

/* Of the asked strategy, or of the one that is nearest to its limit. */
static int64_t strategies_use(const struct risk_attest_facts *facts, enum risk_limit_id id)
{
    int64_t most = RISK_ATTEST_NONE;

    if (facts->owner < OWNERS_MAX)
        return owner_use(facts, id, facts->owner);
    for (uint16_t owner = OWNER_MANUAL + 1; owner < OWNERS_MAX; owner++)
        most = largest(most, owner_use(facts, id, owner));
    return most;
}

/* --- numbers of one instrument and of everything ------------------------------------------------------------ */

/* Of the instrument that is nearest to its limit, as of strategies: it may be halted while another one is shown. */
static int64_t symbols_use(const struct risk_attest_facts *facts, enum risk_limit_id id)
{
    int64_t most = RISK_ATTEST_NONE;

    for (uint16_t i = 0; i < INSTRUMENTS_MAX; i++) {
        const struct risk_symbol_watch *watch = &facts->monitor->symbol[i];
        int64_t use = RISK_ATTEST_NONE;

        if (id == RISK_LIMIT_daily_loss_symbol_e8)
            use = largest(0, risk_subtract(0, watch->day_net_e8));
        else if (id == RISK_LIMIT_trade_loss_symbol_e8)
            use = watch->trip_worst;
        else if (id == RISK_LIMIT_loss_streak_symbol)
            use = watch->streak;
        most = largest(most, use);
    }
    return most;
}

static int64_t symbol_use(const struct risk_attest_facts *facts, enum risk_limit_id id)
{
    const struct risk_instrument *at = facts->at;

    switch ((int)id) {
    case RISK_LIMIT_max_position_value_e8:
        return at->position_value_e8;
    case RISK_LIMIT_max_open_value_e8:
        return risk_add(at->open_value_e8[SIDE_BID], at->open_value_e8[SIDE_ASK]);
    case RISK_LIMIT_max_open_orders:
        return at->open_orders;
    case RISK_LIMIT_collar_window_bp:
        return risk_monitor_window_bp(facts->monitor, facts->instrument_id);
    case RISK_LIMIT_volatility_bp:
        return at->volatility_bp < 0 ? RISK_ATTEST_NONE : at->volatility_bp;
    case RISK_LIMIT_stale_ms:
        return facts->ref->book_state == BOOK_LIVE ? ms_up(facts->ref->book_age_ns) : RISK_ATTEST_NONE;
    default:
        return symbols_use(facts, id);
    }
}

static int64_t weight_percent(const struct risk_state *state)
{
    if (state->weight_allowed <= 0 || state->weight_used < 0)
        return RISK_ATTEST_NONE;
    return (int64_t)((__int128)state->weight_used * 100 / state->weight_allowed);
}

static int64_t over_for_s(const struct risk_attest_facts *facts)
{
    int64_t most_ns = 0;

    for (int kind = 0; kind < RISK_LATENCIES; kind++)
        if (facts->monitor->latency[kind].over_since_ns != 0)
            most_ns = largest(most_ns,
                              risk_subtract(facts->ref->now_ns, facts->monitor->latency[kind].over_since_ns));
    return most_ns / NS_PER_S;
}

static int64_t total_use(const struct risk_attest_facts *facts, enum risk_limit_id id)
{
    const struct risk_state *state = facts->state;

    switch ((int)id) {
    case RISK_LIMIT_max_gross_value_e8:
        return state->gross_value_e8;
    case RISK_LIMIT_max_open_orders_total:
        return state->open_orders_total;
    case RISK_LIMIT_msg_per_s:
        return state->rate_1s;
    case RISK_LIMIT_msg_per_min:
        return state->rate_60s;
    case RISK_LIMIT_req_weight_percent:
        return weight_percent(state);
    case RISK_LIMIT_clock_warn_ms:
    case RISK_LIMIT_clock_ms:
        return state->clock_known ? ms_up(state->clock_offset_ns) : RISK_ATTEST_NONE;
    case RISK_LIMIT_latency_engine_ms:
        return ms_up(facts->monitor->latency[RISK_LATENCY_ENGINE].last_ns);
    case RISK_LIMIT_latency_feed_ms:
        return ms_up(facts->monitor->latency[RISK_LATENCY_FEED].last_ns);
    case RISK_LIMIT_latency_answer_ms:
        return ms_up(facts->monitor->latency[RISK_LATENCY_ANSWER].last_ns);
    case RISK_LIMIT_latency_for_s:
        return over_for_s(facts);
    case RISK_LIMIT_daily_loss_bp:
        return loss_bp(state->equity_start_day_e8, state->equity_e8);
    case RISK_LIMIT_drawdown_bp:
        return loss_bp(state->equity_peak_e8, state->equity_e8);
    case RISK_LIMIT_trade_loss_total_e8:
        return facts->monitor->trip_worst;
    case RISK_LIMIT_loss_streak_total:
        return facts->monitor->streak;
    default:
        return RISK_ATTEST_NONE;
    }
}

int64_t risk_attest_use(const struct risk_attest_facts *facts, enum risk_limit_id id)
{
    int64_t use = strategies_use(facts, id);

    if (use == RISK_ATTEST_NONE)
        use = symbol_use(facts, id);
    return use == RISK_ATTEST_NONE ? total_use(facts, id) : use;
}

void risk_worst_update(struct risk_worst *worst, const struct risk_attest_facts *facts)
{
    for (int id = 0; id < RISK_LIMITS; id++)
        worst->use[id] = largest(worst->use[id], risk_attest_use(facts, (enum risk_limit_id)id));
}

static void keep(struct risk_worst *worst, enum risk_limit_id id, int64_t use)
{
    worst->use[id] = largest(worst->use[id], use);
}

/* |price - reference / 2| in bp of it, rounded up. */
static int64_t apart_bp(int64_t price, int64_t reference2)
{
    __int128 apart = (__int128)price * 2 - reference2, bp;

    bp = ((apart < 0 ? -apart : apart) * 10000 + reference2 - 1) / reference2;
    return bp > INT64_MAX ? INT64_MAX : (int64_t)bp;
}

void risk_worst_order(struct risk_worst *worst, const struct instrument *instrument,
                      const struct market_ref *ref, const struct order_intent *intent, int64_t reached_ticks)
{
    int64_t qty_e8, touch = ref->best_ticks[side_other(intent->side)];

    if (!intent->flatten && !__builtin_mul_overflow(intent->qty_lots, instrument->lot_e8, &qty_e8))
        keep(worst, RISK_LIMIT_max_qty_e8, qty_e8);
    if (!intent->flatten)
        keep(worst, RISK_LIMIT_max_value_e8,
             risk_value_e8(instrument, risk_worth_ticks(intent, ref), intent->qty_lots));
    if (intent->type == ORDER_LIMIT && market_ref_mid2_ticks(ref) > 0)
        keep(worst, RISK_LIMIT_collar_limit_bp, apart_bp(intent->price_ticks, market_ref_mid2_ticks(ref)));
    if (intent->type == ORDER_MARKET && touch > 0 && reached_ticks > 0 &&
        (reached_ticks - touch) * side_sign(intent->side) > 0)
        keep(worst, RISK_LIMIT_collar_market_bp, apart_bp(reached_ticks, 2 * touch));
}

/* --- rows --------------------------------------------------------------------------------------------------- */

static bool owner_stands(const struct risk_state *state, enum risk_code code)
{
    for (size_t i = 0; i < OWNERS_MAX; i++)
        if (state->owner_disabled[i] == code)
            return true;
    return false;
}

static bool symbol_stands(const struct risk_state *state, enum risk_code code)
{
    for (size_t i = 0; i < INSTRUMENTS_MAX; i++)
        if (state->symbol_halted[i] == code)
            return true;
    return false;
}

/* Does it stop something now? */
static bool stands(const struct risk_attest_facts *facts, enum risk_code code)
{
    const struct risk_state *state = facts->state;

    switch ((int)code) {
    case RISK_KILL:
        return state->kill || state->state == STATE_KILLED;
    case RISK_MODE:
        return state->mode == MODE_OBSERVATION;
    case RISK_HALTED:
        return state->state == STATE_HALTED;
    case RISK_REDUCING:
        return risk_state_only_reduces(state);
    case RISK_PAUSED:
        return state->state == STATE_PAUSED;
    default:
        break;
    }
    return state->halted_by == code || owner_stands(state, code) || symbol_stands(state, code);
}

/* Of several limits of one control the one that tripped: each stops another part of the trading. */
static bool limit_stands(const struct risk_attest_facts *facts, enum risk_limit_id id, enum risk_code code)
{
    if (id == RISK_LIMIT_order_to_trade_warn || id == RISK_LIMIT_clock_warn_ms)
        return false; /* these only warn */
    if (strategies_use(facts, id) != RISK_ATTEST_NONE)
        return owner_stands(facts->state, code);
    switch ((int)id) {
    case RISK_LIMIT_collar_window_bp:
    case RISK_LIMIT_daily_loss_symbol_e8:
    case RISK_LIMIT_trade_loss_symbol_e8:
    case RISK_LIMIT_loss_streak_symbol:
        return symbol_stands(facts->state, code);
    default:
        return facts->state->halted_by == code;
    }
}

static struct risk_attest_row code_row(const struct risk_attest_facts *facts, enum risk_code code)
{
    struct risk_attest_row row = {.code = code,
                                  .place = risk_code_place(code),
                                  .id = RISK_LIMITS,
                                  .word = risk_code_word(code),
                                  .help = risk_code_help(code),
                                  .unit = RISK_UNIT_NONE,
                                  .limit = RISK_ATTEST_NONE,
                                  .now = RISK_ATTEST_NONE,
                                  .worst = RISK_ATTEST_NONE,
                                  .standing = stands(facts, code),
                                  .denials = facts->state->denials[code],
                                  .trips = facts->state->trips[code],
                                  .denied_ns = facts->state->denied_ns[code],
                                  .tripped_ns = facts->state->tripped_ns[code]};

    if (facts->selftest != NULL && facts->selftest->state[code] != RISK_SELFTEST_NOT_RUN) {
        row.selftest = facts->selftest->state[code];
        row.selftest_ns = facts->selftest->ran_ns;
    }
    return row;
}

static void add_process(const struct risk_process_fact *fact, struct risk_attest_row *row)
{
    if (!fact->known)
        return;
    row->standing = row->standing || !fact->ok;
    row->text = fact->text;
    row->unit = fact->unit;
    if (fact->unit != RISK_UNIT_NONE) {
        row->now = fact->now;
        row->limit = fact->limit;
    }
    row->trips += fact->trips;
    row->tripped_ns = largest(row->tripped_ns, fact->tripped_ns);
}

static struct risk_attest_row limit_row(const struct risk_attest_facts *facts, enum risk_limit_id id)
{
    const struct risk_limit *limit = risk_limit_row(id);
    struct risk_attest_row row = code_row(facts, (enum risk_code)limit->code);

    row.id = id;
    row.standing = limit_stands(facts, id, row.code);
    row.option = limit->option;
    row.help = limit->help;
    row.unit = limit->unit;
    row.source = facts->source != NULL ? facts->source[id] : NULL;
    row.limit = id == RISK_LIMIT_stale_ms ? risk_stale_ms(facts->limits, facts->at)
                                          : risk_limit_value(facts->limits, id);
    row.now = risk_attest_use(facts, id);
    if (facts->worst != NULL)
        row.worst = largest(facts->worst->use[id], row.now);
    return row;
}

size_t risk_attest(const struct risk_attest_facts *facts, struct risk_attest_row rows[RISK_ATTEST_ROWS_MAX])
{
    size_t count = 0;

    for (int code = RISK_PASS + 1; code < RISK_CODES; code++) {
        size_t before = count;

        for (int id = 0; id < RISK_LIMITS; id++)
            if (risk_limit_row((enum risk_limit_id)id)->code == code)
                rows[count++] = limit_row(facts, (enum risk_limit_id)id);
        if (count == before)
            rows[count++] = code_row(facts, (enum risk_code)code);
        if (facts->process != NULL && risk_code_place((enum risk_code)code) == RISK_PLACE_PROCESS)
            add_process(&facts->process[code], &rows[before]);
    }
    return count;
}
