/*
 * test_four_sources.c - every control of the gate trips exactly at its limit, whoever asks: a key, a client of the control
 * socket, a strategy by its table or as a plug-in, and the same on a recording that is read by the replay. At the limit
 * the order leaves, one unit beyond it does not, and the code is that control's.
 */
#include "unit/four_sources_world.h"

/* --- each control: what is set so that the order is at its limit, or one unit beyond ------------------------------ */

static struct risk_limits *limits_of(struct scene *scene)
{
    return &scene->pipeline->config.limits;
}

static void kill_flag(struct scene *scene)
{
    scene->pipeline->risk.kill = scene->beyond;
}

static void mode(struct scene *scene)
{
    scene->pipeline->risk.mode = scene->beyond ? MODE_OBSERVATION : MODE_SIMULATION;
}

static void halted(struct scene *scene)
{
    scene->pipeline->risk.state = scene->beyond ? STATE_HALTED : STATE_ACTIVE;
}

static void hold(struct scene *scene, int64_t lots)
{
    scene->market->total.lots = scene->market->owned[scene->asker].lots = lots;
}

static void reducing(struct scene *scene)
{
    hold(scene, LOTS);
    scene->pipeline->risk.state = STATE_REDUCING;
    scene->order.side = SIDE_ASK;
    scene->order.price_ticks = ASK;
    scene->order.qty_lots = LOTS + scene->beyond;
}

static void not_leader(struct scene *scene)
{
    struct risk_state *risk = &scene->pipeline->risk;
    int64_t age_ns = 50 * MS; /* half the lease is one more */

    risk->leader_term_ns = 2 * age_ns + (scene->beyond ? 0 : 2);
    risk->leader_beat_ns = scene->pipeline->now_ns + PIPELINE_TICK_NS - age_ns;
}

static void paused(struct scene *scene)
{
    scene->pipeline->risk.calendar_paused = scene->beyond;
}

static void symbol_state(struct scene *scene)
{
    ((struct instrument *)(uintptr_t)scene->instrument)->trading = !scene->beyond;
}

static void stale_book(struct scene *scene)
{
    scene->market->stale_ms = 0;
    limits_of(scene)->stale_ms = scene->beyond ? 99 : 100; /* one tick after its last event */
}

static void clock_offset(struct scene *scene)
{
    struct risk_state *risk = &scene->pipeline->risk;

    risk->mode = MODE_LIVE;
    risk->private_live = risk->clock_known = true;
    risk->leader_term_ns = INT64_C(1000000) * E8;
    risk->leader_beat_ns = scene->pipeline->now_ns;
    risk->weight_allowed = 6000;
    risk->clock_offset_ns = -(limits_of(scene)->clock_ms * MS + scene->beyond);
}

static void filter(struct scene *scene)
{
    ((struct instrument *)(uintptr_t)scene->instrument)->notional_e8_min = VALUE_E8 + scene->beyond;
}

static void max_qty(struct scene *scene)
{
    limits_of(scene)->max_qty_e8 = (int64_t)LOTS * LOT_E8 - scene->beyond;
}

static void max_value(struct scene *scene)
{
    limits_of(scene)->max_value_e8 = VALUE_E8 - scene->beyond;
}

static void collar(struct scene *scene)
{
    int64_t price = (BID + ASK) / 2 - 60000; /* a hundredth */

    limits_of(scene)->collar_limit_bp = 100;
    scene->order.price_ticks = price - scene->beyond;
}

static void collar_market(struct scene *scene)
{
    limits_of(scene)->collar_market_bp = 10;
    scene->order.type = ORDER_MARKET;
    scene->order.tif = TIF_IOC;
    scene->order.price_ticks = ASK + ASK / 1000 + scene->beyond; /* rounded down: one more is beyond */
}

/* Of the square root of the sum of one squared move. */
static void volatility(struct scene *scene)
{
    int64_t now_ns = scene->pipeline->now_ns, bp;

    risk_monitor_init(&scene->pipeline->monitor);
    for (int i = 4; i >= 1; i--)
        risk_monitor_ref(&scene->pipeline->monitor, 0, (BID + ASK) * (i > 2 ? INT64_C(10050) : 10000) / 10000,
                         now_ns - i * 1000 * MS);
    bp = risk_monitor_volatility_bp(&scene->pipeline->monitor, 0);
    assert_true(bp > 1);
    limits_of(scene)->max_value_e8 = VALUE_E8;
    limits_of(scene)->volatility_bp = bp - scene->beyond;
}

static void max_pos(struct scene *scene)
{
    limits_of(scene)->max_position_value_e8 = INT64_C(60000000000) - scene->beyond; /* at the mid */
}

static void max_pos_owner(struct scene *scene)
{
    limits_of(scene)->max_position_owner_e8 = VALUE_E8 - scene->beyond;
}

static void max_gross(struct scene *scene)
{
    limits_of(scene)->max_gross_value_e8 = VALUE_E8 - scene->beyond;
}

static void max_open_value(struct scene *scene)
{
    limits_of(scene)->max_open_value_e8 = VALUE_E8 - scene->beyond;
}

static void max_open_n(struct scene *scene)
{
    limits_of(scene)->max_open_orders = 1 - scene->beyond;
}

static void max_open_total(struct scene *scene)
{
    limits_of(scene)->max_open_orders_total = 1 - scene->beyond;
}

static void messages(struct scene *scene, int count)
{
    for (int i = 0; i < count; i++)
        risk_state_count_message(&scene->pipeline->risk, scene->pipeline->now_ns);
}

static void msg_per_s(struct scene *scene)
{
    messages(scene, 5);
    limits_of(scene)->msg_per_s = 6 - scene->beyond;
}

static void msg_per_min(struct scene *scene)
{
    messages(scene, 7);
    limits_of(scene)->msg_per_min = 8 - scene->beyond;
}

static void req_weight(struct scene *scene)
{
    scene->pipeline->risk.weight_allowed = 1000;
    scene->pipeline->risk.weight_used = 799 + scene->beyond;
    limits_of(scene)->req_weight_percent = 80;
}

static void duplicate(struct scene *scene)
{
    struct order_intent same = scene->order;

    same.owner = scene->asker;
    risk_state_remember(&scene->pipeline->risk, &same, scene->pipeline->now_ns);
    limits_of(scene)->duplicate_ms = 100 + scene->beyond; /* it is asked for 100 ms later */
}

static void self_trade(struct scene *scene)
{
    struct order_intent own = scene->order;
    uint64_t seq;

    hold(scene, LOTS); /* something to sell */
    own.owner = OWNER_MANUAL;
    own.side = SIDE_ASK;
    own.price_ticks = ASK + 50;
    own.qty_lots = LOTS;
    trading_intent(scene->pipeline, scene->market, &own, &seq);
    assert_true(seq != 0);
    scene->order.price_ticks = ASK + 49 + scene->beyond;
    limits_of(scene)->max_open_orders = limits_of(scene)->max_open_orders_total = 10;
}

static void cash(struct scene *scene, int64_t cash_e8)
{
    struct account *account = &scene->pipeline->account[0];

    account->cash_e8 = account->equity_e8 = cash_e8;
}

static void balance(struct scene *scene)
{
    int64_t ppm = limits_of(scene)->fee_taker_ppm;

    if (limits_of(scene)->fee_maker_ppm > ppm)
        ppm = limits_of(scene)->fee_maker_ppm;
    limits_of(scene)->daily_loss_bp = limits_of(scene)->drawdown_bp = 10000;
    cash(scene, VALUE_E8 + (VALUE_E8 * ppm + 999999) / 1000000 - scene->beyond);
}

static void daily_loss(struct scene *scene)
{
    struct account *account = &scene->pipeline->account[0];

    limits_of(scene)->drawdown_bp = 10000;
    limits_of(scene)->daily_loss_bp = 200;
    cash(scene, account->day_start_e8 - account->day_start_e8 / 50 - scene->beyond);
}

static void daily_loss_symbol(struct scene *scene)
{
    limits_of(scene)->daily_loss_symbol_e8 = 20 * E8;
    scene->market->day_start[OWNERS_MAX].realised_e8 = 20 * E8 + scene->beyond;
}

static void daily_loss_owner(struct scene *scene)
{
    limits_of(scene)->daily_loss_owner_e8 = 20 * E8;
    scene->market->day_start[scene->asker].realised_e8 = 20 * E8 + scene->beyond;
}

static void drawdown(struct scene *scene)
{
    struct account *account = &scene->pipeline->account[0];

    limits_of(scene)->daily_loss_bp = 10000;
    limits_of(scene)->drawdown_bp = 200;
    cash(scene, account->peak_e8 - account->peak_e8 / 50 - scene->beyond);
}

static void reduce_only(struct scene *scene)
{
    hold(scene, LOTS);
    scene->order.side = SIDE_ASK;
    scene->order.reduce_only = true;
    scene->order.price_ticks = ASK;
    scene->order.qty_lots = LOTS + scene->beyond;
}

static void tripped(struct scene *scene)
{
    scene->pipeline->risk.symbol_halted[0] = scene->beyond ? (uint8_t)tripping : RISK_PASS;
}

static const struct row rows[] = {
    {"KILL", RISK_KILL, kill_flag, true, VENUE_BINANCE_SPOT},
    {"MODE", RISK_MODE, mode, true, VENUE_BINANCE_SPOT},
    {"HALTED", RISK_HALTED, halted, true, VENUE_BINANCE_SPOT},
    {"REDUCING", RISK_REDUCING, reducing, true, VENUE_BINANCE_USDM},
    {"NOT_LEADER", RISK_NOT_LEADER, not_leader, false, VENUE_BINANCE_SPOT},
    {"PAUSED", RISK_PAUSED, paused, false, VENUE_BINANCE_SPOT},
    {"SYMBOL_STATE", RISK_SYMBOL_STATE, symbol_state, false, VENUE_BINANCE_SPOT},
    {"STALE_BOOK", RISK_STALE_BOOK, stale_book, false, VENUE_BINANCE_SPOT},
    {"CLOCK", RISK_CLOCK, clock_offset, false, VENUE_BINANCE_SPOT},
    {"LATENCY", RISK_LATENCY, tripped, false, VENUE_BINANCE_SPOT},
    {"FILTER", RISK_FILTER, filter, false, VENUE_BINANCE_SPOT},
    {"MAX_QTY", RISK_MAX_QTY, max_qty, false, VENUE_BINANCE_SPOT},
    {"MAX_VALUE", RISK_MAX_VALUE, max_value, false, VENUE_BINANCE_SPOT},
    {"COLLAR limit", RISK_COLLAR, collar, false, VENUE_BINANCE_SPOT},
    {"COLLAR market", RISK_COLLAR, collar_market, false, VENUE_BINANCE_SPOT},
    {"COLLAR_WINDOW", RISK_COLLAR_WINDOW, tripped, false, VENUE_BINANCE_SPOT},
    {"VOLATILITY", RISK_VOLATILITY, volatility, false, VENUE_BINANCE_SPOT},
    {"MAX_POS", RISK_MAX_POS, max_pos, false, VENUE_BINANCE_SPOT},
    {"MAX_POS strategy", RISK_MAX_POS, max_pos_owner, false, VENUE_BINANCE_SPOT},
    {"MAX_GROSS", RISK_MAX_GROSS, max_gross, false, VENUE_BINANCE_SPOT},
    {"MAX_OPEN_VALUE", RISK_MAX_OPEN_VALUE, max_open_value, false, VENUE_BINANCE_SPOT},
    {"MAX_OPEN_N", RISK_MAX_OPEN_N, max_open_n, false, VENUE_BINANCE_SPOT},
    {"MAX_OPEN_N total", RISK_MAX_OPEN_N, max_open_total, false, VENUE_BINANCE_SPOT},
    {"MSG_RATE second", RISK_MSG_RATE, msg_per_s, false, VENUE_BINANCE_SPOT},
    {"MSG_RATE minute", RISK_MSG_RATE, msg_per_min, false, VENUE_BINANCE_SPOT},
    {"REQ_WEIGHT", RISK_REQ_WEIGHT, req_weight, false, VENUE_BINANCE_SPOT},
    {"REPEAT", RISK_REPEAT, tripped, false, VENUE_BINANCE_SPOT},
    {"REJECT_STORM", RISK_REJECT_STORM, tripped, false, VENUE_BINANCE_SPOT},
    {"DUPLICATE", RISK_DUPLICATE, duplicate, false, VENUE_BINANCE_SPOT},
    {"SELF_TRADE", RISK_SELF_TRADE, self_trade, false, VENUE_BINANCE_USDM},
    {"BALANCE", RISK_BALANCE, balance, false, VENUE_BINANCE_SPOT},
    {"DAILY_LOSS", RISK_DAILY_LOSS, daily_loss, false, VENUE_BINANCE_SPOT},
    {"DAILY_LOSS instrument", RISK_DAILY_LOSS, daily_loss_symbol, false, VENUE_BINANCE_SPOT},
    {"DAILY_LOSS strategy", RISK_DAILY_LOSS, daily_loss_owner, false, VENUE_BINANCE_SPOT},
    {"DRAWDOWN", RISK_DRAWDOWN, drawdown, false, VENUE_BINANCE_SPOT},
    {"TRADE_LOSS", RISK_TRADE_LOSS, tripped, false, VENUE_BINANCE_SPOT},
    {"LOSS_STREAK", RISK_LOSS_STREAK, tripped, false, VENUE_BINANCE_SPOT},
    {"ORDER_TO_TRADE", RISK_ORDER_TO_TRADE, tripped, false, VENUE_BINANCE_SPOT},
    {"REDUCE_ONLY", RISK_REDUCE_ONLY, reduce_only, false, VENUE_BINANCE_USDM},
};

/* What a source cannot run into by its nature, and why. */
static const struct {
    const char *row;
    enum source source;
    const char *why;
} unreached[] = {
    {"MAX_POS strategy", KEY, "a strategy's own limit does not bind the trader's hand"},
    {"MAX_POS strategy", API, "a client's orders are the trader's: no strategy's limit binds them"},
    {"DAILY_LOSS strategy", KEY, "a strategy's own limit does not bind the trader's hand"},
    {"DAILY_LOSS strategy", API, "a client's orders are the trader's: no strategy's limit binds them"},
    {"DUPLICATE", KEY, "the screen asks before it sends the same twice (test_ui_keys.c)"},
};

#define ROWS      (sizeof(rows) / sizeof(rows[0]))
#define UNREACHED (sizeof(unreached) / sizeof(unreached[0]))

static const char *why_unreached(const struct row *row, enum source source)
{
    for (size_t i = 0; i < UNREACHED; i++)
        if (unreached[i].source == source && strcmp(unreached[i].row, row->name) == 0)
            return unreached[i].why;
    return NULL;
}

/* --- the verdict --------------------------------------------------------------------------------------------------- */

static const char *newest_note(const struct scene *scene)
{
    return scene->pipeline->note[(scene->pipeline->note_seq - 1) % PIPELINE_NOTES_MAX].text;
}

/* The client is told the same: sent, or the control that denied. */
static void judge_answer(const struct scene *scene, const struct row *row)
{
    char told[64];

    snprintf(told, sizeof(told), "NOT SENT  %s", risk_code_word(row->code));
    if (scene->answer.ok == scene->beyond || (scene->answer.order_seq != 0) == scene->beyond ||
        (scene->beyond && strncmp(scene->answer.text, told, strlen(told)) != 0))
        fail_msg("%s by API seam, %s: answered %s", row->name, scene->beyond ? "beyond" : "at the limit",
                 scene->answer.text);
}

static void judge(const struct row *row, enum source source, bool beyond)
{
    bool heard = by_hand(source) || !row->unheard;
    struct counted before, after;
    struct scene scene;

    scene_open(&scene, source, beyond);
    before = source == REPLAY ? by_replay(&scene, row) : by_events(&scene, row);
    after = count(&scene, row->code);
    if (!by_hand(source) && !strategy_asked(&scene))
        fail_msg("%s by %s: did not ask", row->name, source_word[source]);
    if (after.sent - before.sent != !beyond)
        fail_msg("%s by %s, %s: %d sent; %s", row->name, source_word[source],
                 beyond ? "beyond" : "at the limit", (int)(after.sent - before.sent), newest_note(&scene));
    if ((after.denials > before.denials) !=
            (beyond && heard) || /* a monitor counts its own trip there, too */
        after.denied - before.denied != (beyond && heard))
        fail_msg("%s by %s, %s: %d denied by it, %d in all: %s", row->name, source_word[source],
                 beyond ? "beyond" : "at the limit", (int)(after.denials - before.denials),
                 (int)(after.denied - before.denied), newest_note(&scene));
    if (source == API)
        judge_answer(&scene, row);
    scene_close(&scene);
}

static void test_each_control_trips_at_its_limit(void **state)
{
    unsigned asked = 0, left_out = 0;

    (void)state;
    for (size_t i = 0; i < ROWS; i++)
        for (int source = 0; source < SOURCES; source++) {
            const char *why = why_unreached(&rows[i], (enum source)source);

            if (why != NULL) {
                print_message("not asked: %s by %s: %s\n", rows[i].name, source_word[source], why);
                left_out++;
                continue;
            }
            judge(&rows[i], (enum source)source, false);
            judge(&rows[i], (enum source)source, true);
            asked++;
        }
    print_message("%u limits x %d sources: %u asked at the limit and one beyond it, %u not\n", (unsigned)ROWS,
                  SOURCES, asked, left_out);
    assert_int_equal(left_out, UNREACHED); /* a reason whose row is gone goes, too */
}

/* A control that is added later has its row, too. */
static void test_no_control_is_left_out(void **state)
{
    (void)state;
    for (int code = RISK_PASS + 1; code < RISK_GATE_END; code++) {
        bool found = false;

        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
            found |= rows[i].code == (enum risk_code)code;
        if (!found)
            fail_msg("%s has no row", risk_code_word((enum risk_code)code));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_control_trips_at_its_limit),
        cmocka_unit_test(test_no_control_is_left_out),
    };

    return cmocka_run_group_tests(tests, plugin_set_up, plugin_tear_down);
}
