/* selftest_cases.c - one case for each limit and each state that the gate reads. See selftest_dry.h. */
#include "risk/selftest_dry.h"

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S  INT64_C(1000000000)

/* What the case is about comes from the configuration, everything else is wide. */
#define TAKE(field) (dry->limits.field = dry->set->field)

/* --- may we send at all ------------------------------------------------------------------------------------- */

static void kill_flag(struct dry *dry, int64_t beyond)
{
    dry->state.kill = beyond != 0;
}

static void kill_state(struct dry *dry, int64_t beyond)
{
    dry->state.state = beyond != 0 ? STATE_KILLED : STATE_ACTIVE;
}

static void mode(struct dry *dry, int64_t beyond)
{
    dry->state.mode = beyond != 0 ? MODE_OBSERVATION : MODE_SIMULATION;
}

static void halted(struct dry *dry, int64_t beyond)
{
    dry->state.state = beyond != 0 ? STATE_HALTED : STATE_ACTIVE;
}

static void reducing(struct dry *dry, int64_t beyond)
{
    dry->state.state = STATE_REDUCING;
    dry->at.position_lots = 1;
    dry->intent.side = SIDE_ASK;
    dry->intent.qty_lots = 1 + beyond;
}

static void not_leader(struct dry *dry, int64_t beyond)
{
    dry->state.leader_term_ns = 10 * NS_PER_S;
    dry->state.leader_beat_ns = dry->ref.now_ns - 5 * NS_PER_S + 1 - beyond;
}

static void paused(struct dry *dry, int64_t beyond)
{
    dry->state.state = beyond != 0 ? STATE_PAUSED : STATE_ACTIVE;
}

static void symbol_state(struct dry *dry, int64_t beyond)
{
    dry->instrument.trading = beyond == 0;
}

static void stale_book(struct dry *dry, int64_t beyond)
{
    dry->ref.book_age_ns = TAKE(stale_ms) * NS_PER_MS + beyond;
}

static void clock_offset(struct dry *dry, int64_t beyond)
{
    dry->state.mode = MODE_LIVE;
    dry->state.clock_offset_ns = -(TAKE(clock_ms) * NS_PER_MS + beyond);
}

/* --- is the order sane -------------------------------------------------------------------------------------- */

static void filter(struct dry *dry, int64_t beyond)
{
    dry->instrument.qty_lots_min = 10;
    dry->intent.qty_lots = 10 - beyond;
}

static void max_qty(struct dry *dry, int64_t beyond)
{
    if (TAKE(max_qty_e8) == 0) /* simulation: max_value over the mid, which is 1.00 here */
        dry->intent.qty_lots = TAKE(max_value_e8) + beyond;
    else
        dry->intent.qty_lots = dry->limits.max_qty_e8 + beyond;
}

static void max_value(struct dry *dry, int64_t beyond)
{
    dry->intent.qty_lots = TAKE(max_value_e8) + beyond;
}

static void collar_limit(struct dry *dry, int64_t beyond)
{
    dry->intent.price_ticks = DRY_PRICE + DRY_PRICE / 10000 * TAKE(collar_limit_bp) + beyond;
}

static void collar_market(struct dry *dry, int64_t beyond)
{
    dry->intent.type = ORDER_MARKET;
    dry->intent.price_ticks = DRY_PRICE + DRY_PRICE / 10000 * TAKE(collar_market_bp) + beyond;
}

static void volatility(struct dry *dry, int64_t beyond)
{
    dry->limits.max_value_e8 = 1000;
    dry->at.volatility_bp = 2 * TAKE(volatility_bp);
    dry->intent.qty_lots = 500 + beyond;
}

/* --- what if everything filled ------------------------------------------------------------------------------ */

static void max_pos(struct dry *dry, int64_t beyond)
{
    dry->at.position_lots = TAKE(max_position_value_e8) - 1 + beyond;
}

static void max_pos_owner(struct dry *dry, int64_t beyond)
{
    dry->state.owner[DRY_OWNER].gross_value_e8 = TAKE(max_position_owner_e8) - 1 + beyond;
}

static void max_gross(struct dry *dry, int64_t beyond)
{
    dry->state.gross_value_e8 = TAKE(max_gross_value_e8) - 1 + beyond;
}

static void max_open_value(struct dry *dry, int64_t beyond)
{
    dry->at.open_value_e8[SIDE_ASK] = TAKE(max_open_value_e8) - 1 + beyond;
}

static void max_open_n(struct dry *dry, int64_t beyond)
{
    dry->at.open_orders = TAKE(max_open_orders) - 1 + beyond;
}

static void max_open_n_total(struct dry *dry, int64_t beyond)
{
    dry->state.open_orders_total = TAKE(max_open_orders_total) - 1 + beyond;
}

static void balance(struct dry *dry, int64_t beyond)
{
    dry->state.free_quote_e8 = 1 - beyond;
}

static void daily_loss(struct dry *dry, int64_t beyond)
{
    dry->state.equity_start_day_e8 = INT64_C(1000000000000);
    dry->state.equity_e8 = INT64_C(1000000000000) - INT64_C(100000000) * TAKE(daily_loss_bp) - beyond;
    dry->state.equity_peak_e8 = dry->state.equity_e8 > 0 ? dry->state.equity_e8 : 1;
    if (dry->state.equity_e8 <= 0) /* all of it may go: no peak can tell */
        dry->limits.drawdown_bp = INT64_MAX / DRY_PRICE;
}

static void daily_loss_owner(struct dry *dry, int64_t beyond)
{
    dry->state.owner[DRY_OWNER].day_net_e8 = -TAKE(daily_loss_owner_e8) - beyond;
}

static void daily_loss_symbol(struct dry *dry, int64_t beyond)
{
    dry->at.day_net_e8 = -TAKE(daily_loss_symbol_e8) - beyond;
    risk_monitor_symbol_net(dry->monitor, dry->instrument.id, dry->at.day_net_e8);
}

static void drawdown(struct dry *dry, int64_t beyond)
{
    dry->state.equity_peak_e8 = INT64_C(1000000000000);
    dry->state.equity_e8 = INT64_C(1000000000000) - INT64_C(100000000) * TAKE(drawdown_bp) - beyond;
    dry->state.equity_start_day_e8 = dry->state.equity_e8 > 0 ? dry->state.equity_e8 : 1;
    if (dry->state.equity_e8 <= 0)
        dry->limits.daily_loss_bp = INT64_MAX / DRY_PRICE;
}

static void reduce_only(struct dry *dry, int64_t beyond)
{
    dry->instrument.venue = VENUE_BINANCE_USDM;
    dry->intent.reduce_only = true;
    dry->at.position_lots = -1;
    dry->intent.qty_lots = 1 + beyond;
}

/* --- beside our other orders -------------------------------------------------------------------------------- */

static void msg_rate_1s(struct dry *dry, int64_t beyond)
{
    dry->state.rate_1s = TAKE(msg_per_s) - 1 + beyond;
}

static void msg_rate_60s(struct dry *dry, int64_t beyond)
{
    dry->state.rate_60s = TAKE(msg_per_min) - 1 + beyond;
}

static void req_weight(struct dry *dry, int64_t beyond)
{
    dry->state.weight_allowed = 6000;
    dry->state.weight_used = 60 * TAKE(req_weight_percent) - 1 + beyond;
}

static void duplicate(struct dry *dry, int64_t beyond)
{
    risk_state_remember(&dry->state, &dry->intent, dry->ref.now_ns - TAKE(duplicate_ms) * NS_PER_MS + beyond);
}

static void self_trade(struct dry *dry, int64_t beyond)
{
    dry->at.best_own_ticks[SIDE_ASK] = DRY_PRICE + 1 - beyond;
}

/* --- what a monitor tripped, as the gate reads it ----------------------------------------------------------- */

static void disabled(struct dry *dry, int64_t beyond, enum risk_code code)
{
    dry->state.owner_disabled[beyond != 0 ? DRY_OWNER : DRY_OTHER] = (uint8_t)code;
}

static void disabled_repeat(struct dry *dry, int64_t beyond)
{
    disabled(dry, beyond, RISK_REPEAT);
}

static void disabled_reject_storm(struct dry *dry, int64_t beyond)
{
    disabled(dry, beyond, RISK_REJECT_STORM);
}

static void disabled_trade_loss(struct dry *dry, int64_t beyond)
{
    disabled(dry, beyond, RISK_TRADE_LOSS);
}

static void disabled_loss_streak(struct dry *dry, int64_t beyond)
{
    disabled(dry, beyond, RISK_LOSS_STREAK);
}

static void disabled_order_to_trade(struct dry *dry, int64_t beyond)
{
    disabled(dry, beyond, RISK_ORDER_TO_TRADE);
}

static void halted_symbol(struct dry *dry, int64_t beyond)
{
    dry->state.symbol_halted[dry->instrument.id + 1 - beyond] = RISK_COLLAR_WINDOW;
}

static void halted_by_latency(struct dry *dry, int64_t beyond)
{
    dry->state.halted_by = beyond != 0 ? RISK_LATENCY : RISK_PASS;
}

/* --- monitors ----------------------------------------------------------------------------------------------- */

static void repeat_entries(struct dry *dry, int64_t beyond)
{
    for (int64_t n = TAKE(repeat_n) - 1 + beyond; n > 0; n--)
        risk_monitor_sent(dry->monitor, DRY_OWNER, true, dry->ref.now_ns);
}

static void repeat_fills(struct dry *dry, int64_t beyond)
{
    for (int64_t n = TAKE(repeat_n) - 1 + beyond; n > 0; n--)
        risk_monitor_fill(dry->monitor, DRY_OWNER, true, dry->ref.now_ns);
}

static void reject_storm(struct dry *dry, int64_t beyond)
{
    for (int64_t n = TAKE(reject_n) - 1 + beyond; n > 0; n--)
        risk_monitor_reject(dry->monitor, DRY_OWNER, dry->ref.now_ns);
}

static void order_to_trade(struct dry *dry, int64_t beyond)
{
    for (int64_t n = TAKE(order_to_trade) + beyond; n > 0; n--)
        risk_monitor_sent(dry->monitor, DRY_OWNER, false, dry->ref.now_ns);
}

static void order_to_trade_warn(struct dry *dry, int64_t beyond)
{
    for (int64_t n = TAKE(order_to_trade_warn) + beyond; n > 0; n--)
        risk_monitor_sent(dry->monitor, DRY_OWNER, false, dry->ref.now_ns);
}

static void losses(struct dry *dry, int64_t n)
{
    for (; n > 0; n--)
        risk_monitor_trip(dry->monitor, DRY_OWNER, dry->instrument.id, -1);
}

static void loss_streak(struct dry *dry, int64_t beyond)
{
    losses(dry, TAKE(loss_streak) - 1 + beyond);
}

static void loss_streak_symbol(struct dry *dry, int64_t beyond)
{
    losses(dry, TAKE(loss_streak_symbol) - 1 + beyond);
}

static void loss_streak_total(struct dry *dry, int64_t beyond)
{
    losses(dry, TAKE(loss_streak_total) - 1 + beyond);
}

static void trade_loss(struct dry *dry, int64_t beyond)
{
    risk_monitor_trip(dry->monitor, DRY_OWNER, dry->instrument.id, -TAKE(trade_loss_e8) - beyond);
}

static void trade_loss_symbol(struct dry *dry, int64_t beyond)
{
    risk_monitor_trip(dry->monitor, DRY_OWNER, dry->instrument.id, -TAKE(trade_loss_symbol_e8) - beyond);
}

static void trade_loss_total(struct dry *dry, int64_t beyond)
{
    risk_monitor_trip(dry->monitor, DRY_OWNER, dry->instrument.id, -TAKE(trade_loss_total_e8) - beyond);
}

static void collar_window(struct dry *dry, int64_t beyond)
{
    risk_monitor_ref(dry->monitor, dry->instrument.id, 2 * DRY_PRICE, dry->ref.now_ns - 60 * NS_PER_S);
    risk_monitor_ref(dry->monitor, dry->instrument.id,
                     2 * DRY_PRICE + DRY_PRICE / 5000 * TAKE(collar_window_bp) + beyond, dry->ref.now_ns);
}

static void latency(struct dry *dry, enum risk_latency kind, int64_t limit_ms, int64_t beyond)
{
    risk_monitor_latency(dry->monitor, &dry->limits, kind, limit_ms * NS_PER_MS + beyond,
                         dry->ref.now_ns - TAKE(latency_for_s) * NS_PER_S - 1);
}

static void latency_engine(struct dry *dry, int64_t beyond)
{
    latency(dry, RISK_LATENCY_ENGINE, TAKE(latency_engine_ms), beyond);
}

static void latency_feed(struct dry *dry, int64_t beyond)
{
    latency(dry, RISK_LATENCY_FEED, TAKE(latency_feed_ms), beyond);
}

static void latency_answer(struct dry *dry, int64_t beyond)
{
    latency(dry, RISK_LATENCY_ANSWER, TAKE(latency_answer_ms), beyond);
}

/* The other edge: over the limit for exactly as long as it may be. */
static void latency_time(struct dry *dry, int64_t beyond)
{
    risk_monitor_latency(dry->monitor, &dry->limits, RISK_LATENCY_FEED,
                         dry->limits.latency_feed_ms * NS_PER_MS + 1,
                         dry->ref.now_ns - TAKE(latency_for_s) * NS_PER_S - beyond);
}

static void clock_warn(struct dry *dry, int64_t beyond)
{
    dry->state.mode = MODE_LIVE;
    dry->state.clock_offset_ns = TAKE(clock_warn_ms) * NS_PER_MS + beyond;
}

const struct dry_case dry_cases[] = {
    {RISK_KILL, DRY_GATE, kill_flag},
    {RISK_KILL, DRY_GATE, kill_state},
    {RISK_MODE, DRY_GATE, mode},
    {RISK_HALTED, DRY_GATE, halted},
    {RISK_REDUCING, DRY_GATE, reducing},
    {RISK_NOT_LEADER, DRY_GATE, not_leader},
    {RISK_PAUSED, DRY_GATE, paused},
    {RISK_SYMBOL_STATE, DRY_GATE, symbol_state},
    {RISK_STALE_BOOK, DRY_GATE, stale_book},
    {RISK_CLOCK, DRY_GATE, clock_offset},
    {RISK_CLOCK, DRY_MONITOR, clock_warn},
    {RISK_LATENCY, DRY_GATE, halted_by_latency},
    {RISK_LATENCY, DRY_MONITOR, latency_engine},
    {RISK_LATENCY, DRY_MONITOR, latency_feed},
    {RISK_LATENCY, DRY_MONITOR, latency_answer},
    {RISK_LATENCY, DRY_MONITOR, latency_time},
    {RISK_FILTER, DRY_GATE, filter},
    {RISK_MAX_QTY, DRY_GATE, max_qty},
    {RISK_MAX_VALUE, DRY_GATE, max_value},
    {RISK_COLLAR, DRY_GATE, collar_limit},
    {RISK_COLLAR, DRY_GATE, collar_market},
    {RISK_COLLAR_WINDOW, DRY_GATE, halted_symbol},
    {RISK_COLLAR_WINDOW, DRY_MONITOR, collar_window},
    {RISK_VOLATILITY, DRY_GATE, volatility},
    {RISK_MAX_POS, DRY_GATE, max_pos},
    {RISK_MAX_POS, DRY_GATE, max_pos_owner},
    {RISK_MAX_GROSS, DRY_GATE, max_gross},
    {RISK_MAX_OPEN_VALUE, DRY_GATE, max_open_value},
    {RISK_MAX_OPEN_N, DRY_GATE, max_open_n},
    {RISK_MAX_OPEN_N, DRY_GATE, max_open_n_total},
    {RISK_MSG_RATE, DRY_GATE, msg_rate_1s},
    {RISK_MSG_RATE, DRY_GATE, msg_rate_60s},
    {RISK_REQ_WEIGHT, DRY_GATE, req_weight},
    {RISK_REPEAT, DRY_GATE, disabled_repeat},
    {RISK_REPEAT, DRY_MONITOR, repeat_entries},
    {RISK_REPEAT, DRY_MONITOR, repeat_fills},
    {RISK_REJECT_STORM, DRY_GATE, disabled_reject_storm},
    {RISK_REJECT_STORM, DRY_MONITOR, reject_storm},
    {RISK_DUPLICATE, DRY_GATE, duplicate},
    {RISK_SELF_TRADE, DRY_GATE, self_trade},
    {RISK_BALANCE, DRY_GATE, balance},
    {RISK_DAILY_LOSS, DRY_GATE, daily_loss},
    {RISK_DAILY_LOSS, DRY_GATE, daily_loss_owner},
    {RISK_DAILY_LOSS, DRY_GATE, daily_loss_symbol},
    {RISK_DAILY_LOSS, DRY_MONITOR, daily_loss},
    {RISK_DAILY_LOSS, DRY_MONITOR, daily_loss_owner},
    {RISK_DAILY_LOSS, DRY_MONITOR, daily_loss_symbol},
    {RISK_DRAWDOWN, DRY_GATE, drawdown},
    {RISK_DRAWDOWN, DRY_MONITOR, drawdown},
    {RISK_TRADE_LOSS, DRY_GATE, disabled_trade_loss},
    {RISK_TRADE_LOSS, DRY_MONITOR, trade_loss},
    {RISK_TRADE_LOSS, DRY_MONITOR, trade_loss_symbol},
    {RISK_TRADE_LOSS, DRY_MONITOR, trade_loss_total},
    {RISK_LOSS_STREAK, DRY_GATE, disabled_loss_streak},
    {RISK_LOSS_STREAK, DRY_MONITOR, loss_streak},
    {RISK_LOSS_STREAK, DRY_MONITOR, loss_streak_symbol},
    {RISK_LOSS_STREAK, DRY_MONITOR, loss_streak_total},
    {RISK_ORDER_TO_TRADE, DRY_GATE, disabled_order_to_trade},
    {RISK_ORDER_TO_TRADE, DRY_MONITOR, order_to_trade},
    {RISK_ORDER_TO_TRADE, DRY_MONITOR, order_to_trade_warn},
    {RISK_REDUCE_ONLY, DRY_GATE, reduce_only},
};
const size_t dry_case_count = sizeof dry_cases / sizeof dry_cases[0];
