/*
 * The engine under random markets and random hands: after every event the ledger is exact, and nothing trades
 * where nothing may.
 */
#include "unit/cmocka_all.h"

#include "app/options.h"
#include "app/pipeline.h"
#include "app/strategy_options.h"
#include "unit/test_random.h"

#include <stdlib.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)
#define LEVELS    40

struct seen { /* what the engine told its store */
    int64_t lots[2];
    uint64_t fills, sent;
    bool killed;
    struct pipeline *pipeline;
};

static bool is_live(const struct seen *seen, uint16_t instrument_id)
{
    return book_sync_state(seen->pipeline->market[instrument_id]->sync) == BOOK_LIVE;
}

static bool take_record(void *arg, const struct store_record *record)
{
    struct seen *seen = arg;

    if (record->kind == STORE_FILL) {
        const struct fill *fill = &record->fill.fill;

        assert_true(is_live(seen, fill->instrument_id)); /* or our place in the queue is a guess */
        seen->lots[fill->instrument_id] += side_sign(fill->side) * fill->qty_lots;
        seen->fills++;
    } else if (record->kind == STORE_ORDER && record->order.order.state == ORDER_STATE_SENT) {
        assert_true(is_live(seen, record->order.order.intent.instrument_id));
        assert_true(!seen->killed || record->order.order.intent.flatten);
        seen->sent++;
    }
    return true;
}

static struct pipeline_config make_config(void)
{
    static const char *const parameter[][2] = {
        {"order_value", "500"},    {"threshold", "0.2"},         {"exit", "0.05"},
        {"hold_max_ms", "20000"},  {"stop_loss_bp", "30"},       {"cooldown_ms", "100"},
        {"order_life_ms", "2000"}, {"spread_ticks_max", "1000"}, {"short", "true"},
    };
    struct config *settings;
    struct strategy_setup *ofi;
    char why[256];
    struct pipeline_config config = {
        .mode = MODE_SIMULATION,
        .account_start_e8 = INT64_C(1000000000000),
        .signals = {.ofi_decay_ms = 10000,
                    .tape_decay_ms = 10000,
                    .vpin_buckets = 50,
                    .vpin_bucket_trades = 200,
                    .events = {10000, 150, 60, 500, 200, 30, 3, 5000}},
    };

    risk_limits_init(&config.limits, MODE_SIMULATION);
    config.limits.max_value_e8 = INT64_C(100000000000);
    config.limits.max_position_value_e8 = INT64_C(500000000000);
    config.limits.max_position_owner_e8 = INT64_C(500000000000);
    config.limits.max_gross_value_e8 = INT64_C(1000000000000);
    config.limits.max_open_value_e8 = INT64_C(500000000000);
    config.limits.max_open_orders = 10;
    config.limits.max_open_orders_total = 50;
    config.limits.msg_per_s = 1000;
    config.limits.msg_per_min = 60000;
    config.limits.collar_limit_bp = 500;
    config.limits.collar_market_bp = 200;
    config.limits.stale_ms = 1000;
    config.limits.duplicate_ms = 1;
    config.limits.daily_loss_bp = 9000;
    config.limits.drawdown_bp = 9000;
    config.limits.fee_taker_ppm = 1000;
    config.limits.fee_maker_ppm = 370;
    config.execution = execution_params_default();
    config.paper = (struct paper_broker_params){.fee_taker_ppm = 1000, .fee_maker_ppm = 370, .account = true};
    config.paper.leverage = 1;
    settings = options_config_new();
    strategy_options_read(settings, &config);
    config_free(settings);
    ofi = strategy_setup_find(&config, "ofi");
    ofi->on = true;
    for (size_t i = 0; i < sizeof(parameter) / sizeof(parameter[0]); i++)
        assert_int_equal(strategy_setup_set(ofi, parameter[i][0], parameter[i][1], why, sizeof(why)), ERR_OK);
    return config;
}

struct market_sim { /* a book of a few levels that wanders */
    struct instrument instrument;
    uint64_t id;
    int64_t mid;
    int64_t now_ns;
    uint64_t trade_id;
    bool snapshot_sent;
};

/* The identities that must hold after each event, exactly. */
static void check_ledger(struct pipeline *pipeline, const struct seen *seen)
{
    int64_t total_net = 0;

    for (size_t i = 0; i < pipeline->markets; i++) {
        const struct market_state *market = pipeline->market[i];
        const struct position *total = &market->total;
        int64_t mark = market_state_mark(market, total->lots), owned = 0;

        assert_int_equal(total->lots, seen->lots[i]);
        for (int owner = 0; owner < OWNERS_MAX; owner++)
            owned += market->owned[owner].lots;
        assert_int_equal(owned, total->lots);
        assert_int_equal(total->cash_e8 + position_value_e8(total, market->instrument, mark),
                         total->realised_e8 + position_unrealised_e8(total, market->instrument, mark));
        total_net +=
            total->realised_e8 + position_unrealised_e8(total, market->instrument, mark) - total->fees_e8;
        if (market->instrument->venue == VENUE_BINANCE_SPOT)
            assert_true(total->lots >= 0);
    }
    trading_update_equity(pipeline);
    if (pipeline->accounts > 0)
        assert_int_equal(pipeline->account[0].equity_e8 - pipeline->account[0].start_e8, total_net);
}

static void feed(struct pipeline *pipeline, struct seen *seen, const struct feed_event *event)
{
    pipeline_on_feed(pipeline, event);
    check_ledger(pipeline, seen);
}

static void fill_side(struct market_sim *sim, uint64_t *random, enum side side, struct level *out)
{
    for (int i = 0; i < LEVELS; i++) {
        out[i].price_ticks = sim->mid - side_sign(side) * (1 + i * 2) - (side == SIDE_BID ? 0 : 0);
        out[i].qty_lots = 1 + (int64_t)(random_next(random) % 5000);
    }
}

static void send_snapshot(struct pipeline *pipeline, struct seen *seen, struct market_sim *sim,
                          uint64_t *random)
{
    struct level bids[LEVELS], asks[LEVELS];
    struct feed_event event = {.kind = FEED_SNAPSHOT, .recv_ns = sim->now_ns, .instrument = &sim->instrument};

    fill_side(sim, random, SIDE_BID, bids);
    fill_side(sim, random, SIDE_ASK, asks);
    event.snapshot = (struct depth_snapshot){
        .recv_ns = sim->now_ns, .last_id = sim->id, .levels = {bids, asks}, .level_count = {LEVELS, LEVELS}};
    feed(pipeline, seen, &event);
    sim->snapshot_sent = true;
}

static void send_depth(struct pipeline *pipeline, struct seen *seen, struct market_sim *sim, uint64_t *random,
                       bool lose_one)
{
    struct level levels[SIDE_COUNT][LEVELS];
    struct feed_event event = {.kind = FEED_DEPTH, .recv_ns = sim->now_ns, .instrument = &sim->instrument};
    int64_t step = (int64_t)(random_next(random) % 5) - 2;

    if (lose_one)
        sim->id += 3;
    event.depth = (struct depth_update){.recv_ns = sim->now_ns,
                                        .first_id = sim->id + 1,
                                        .last_id = sim->id + 2,
                                        .prev_id = sim->id,
                                        .has_prev_id = sim->instrument.venue != VENUE_BINANCE_SPOT};
    sim->id += 2;
    for (int side = 0; side < SIDE_COUNT; side++) { /* the old levels go, the new ones come */
        for (int i = 0; i < LEVELS / 2; i++)
            levels[side][i] = (struct level){sim->mid - side_sign((enum side)side) * (1 + i * 2), 0};
        event.depth.levels[side] = levels[side];
        event.depth.level_count[side] = LEVELS;
    }
    sim->mid += step * 2;
    for (int side = 0; side < SIDE_COUNT; side++)
        for (int i = 0; i < LEVELS / 2; i++)
            levels[side][LEVELS / 2 + i] = (struct level){sim->mid - side_sign((enum side)side) * (1 + i * 2),
                                                          1 + (int64_t)(random_next(random) % 5000)};
    feed(pipeline, seen, &event);
}

static void send_trade(struct pipeline *pipeline, struct seen *seen, struct market_sim *sim, uint64_t *random)
{
    struct feed_event event = {.kind = FEED_TRADE, .recv_ns = sim->now_ns, .instrument = &sim->instrument};
    enum side taker = random_next(random) % 2 == 0 ? SIDE_BID : SIDE_ASK;

    event.trade = (struct trade){.recv_ns = sim->now_ns,
                                 .venue_ms = sim->now_ns / NS_PER_MS,
                                 .id = ++sim->trade_id,
                                 .price_ticks = sim->mid + side_sign(taker),
                                 .qty_lots = 1 + (int64_t)(random_next(random) % 3000),
                                 .taker = taker};
    feed(pipeline, seen, &event);
}

static void random_command(struct pipeline *pipeline, struct seen *seen, struct market_sim *sim,
                           uint64_t *random)
{
    struct command command = {.instrument_id = sim->instrument.id};
    uint64_t pick = random_next(random) % 20;

    command.kind = COMMAND_ORDER;
    command.intent.side = random_next(random) % 2 == 0 ? SIDE_BID : SIDE_ASK;
    command.intent.type = pick < 6 ? ORDER_MARKET : ORDER_LIMIT;
    command.intent.tif = pick < 6 ? TIF_IOC : TIF_GTC;
    command.intent.price_ticks = sim->mid + (int64_t)(random_next(random) % 60) - 30;
    command.intent.qty_lots = 1 + (int64_t)(random_next(random) % 2000);
    if (pick == 14)
        command.kind = COMMAND_FLATTEN;
    else if (pick == 15)
        command.kind = COMMAND_CANCEL_ALL;
    else if (pick == 16)
        command.kind = COMMAND_PAUSE;
    else if (pick == 17)
        command.kind = COMMAND_RESUME;
    else if (pick == 18)
        command.kind = COMMAND_REVERSE;
    if (pick == 14 || pick == 18)
        command.intent.price_ticks = 0;
    pipeline_on_command(pipeline, &command);
    check_ledger(pipeline, seen);
}

static void run_history(uint64_t seed, int steps, char hash[DECISION_HASH_HEX_SIZE], uint64_t *fills)
{
    struct pipeline_config config = make_config();
    struct seen seen = {0};
    struct record_sink sink = {take_record, &seen};
    struct pipeline *pipeline = pipeline_new(&config, &sink);
    uint64_t random = seed;
    struct market_sim sims[2] = {{.id = 100, .mid = 6000001, .now_ns = 1},
                                 {.id = 900, .mid = 300001, .now_ns = 1}};
    int64_t now_ns = INT64_C(1700000000000000000);

    assert_non_null(pipeline);
    seen.pipeline = pipeline;
    for (uint16_t i = 0; i < 2; i++) {
        struct feed_event event = {
            .kind = FEED_INSTRUMENT, .recv_ns = now_ns, .instrument = &sims[i].instrument};

        instrument_init(&sims[i].instrument, i == 0 ? "BTCUSDT" : "ETHUSDT",
                        i == 0 ? VENUE_BINANCE_SPOT : VENUE_BINANCE_USDM, i);
        sims[i].instrument.tick_e8 = 1000000;
        sims[i].instrument.lot_e8 = 1000;
        pipeline_on_feed(pipeline, &event);
    }
    for (int step = 0; step < steps; step++) {
        struct market_sim *sim = &sims[random_next(&random) % 2];
        uint64_t pick = random_next(&random) % 1000;

        now_ns += (int64_t)(random_next(&random) % 60) * NS_PER_MS;
        sim->now_ns = now_ns;
        if (!sim->snapshot_sent || pick < 5)
            send_snapshot(pipeline, &seen, sim, &random);
        else if (pick < 500)
            send_depth(pipeline, &seen, sim, &random, pick < 8);
        else if (pick < 900)
            send_trade(pipeline, &seen, sim, &random);
        else
            random_command(pipeline, &seen, sim, &random);
    }
    decision_log_hash(pipeline->decisions, hash);
    *fills = seen.fills;
    assert_int_equal(seen.fills, pipeline->counts.fills);
    assert_int_equal(seen.sent, pipeline->counts.sent);
    assert_int_equal(pipeline->counts.errors, 0);
    pipeline_free(pipeline);
}

/* Random markets and hands: the ledger is exact after every event, and the same history decides the same. */
static void test_ledger_is_exact_and_decisions_repeat(void **state)
{
    uint64_t fills = 0, all = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        char first[DECISION_HASH_HEX_SIZE], second[DECISION_HASH_HEX_SIZE];

        run_history(seed, 3000, first, &fills);
        run_history(seed, 3000, second, &fills);
        assert_string_equal(first, second);
        all += fills;
    }
    assert_true(all > 500); /* or the test would show nothing */
}

/* After a kill no order leaves but the operator's own flatten, all open ones are cancelled, and the state stays
 * KILLED until it is cleared. */
static void test_kill_blocks_cancels_and_latches(void **state)
{
    struct pipeline_config config = make_config();
    struct seen seen = {0};
    struct record_sink sink = {take_record, &seen};
    struct pipeline *pipeline = pipeline_new(&config, &sink);
    uint64_t random = 7;
    struct market_sim sim = {.id = 100, .mid = 6000001, .now_ns = INT64_C(1700000000000000000)};
    struct feed_event event = {.kind = FEED_INSTRUMENT, .recv_ns = sim.now_ns, .instrument = &sim.instrument};
    struct command command = {.kind = COMMAND_ORDER};

    (void)state;
    seen.pipeline = pipeline;
    instrument_init(&sim.instrument, "BTCUSDT", VENUE_BINANCE_SPOT, 0);
    sim.instrument.tick_e8 = 1000000;
    sim.instrument.lot_e8 = 1000;
    pipeline_on_feed(pipeline, &event);
    send_snapshot(pipeline, &seen, &sim, &random);
    send_depth(pipeline, &seen, &sim, &random, false);
    assert_int_equal(book_sync_state(pipeline->market[0]->sync), BOOK_LIVE);
    command.intent = (struct order_intent){
        .side = SIDE_BID, .type = ORDER_MARKET, .tif = TIF_IOC, .price_ticks = sim.mid + 50, .qty_lots = 500};
    pipeline_on_command(pipeline, &command);
    assert_int_equal(pipeline->market[0]->total.lots, 500);
    command.intent = (struct order_intent){
        .side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = sim.mid - 31, .qty_lots = 100};
    pipeline_on_command(pipeline, &command);
    assert_int_equal(order_manager_open_count(pipeline->orders), 1);
    command = (struct command){.kind = COMMAND_KILL};
    pipeline_on_command(pipeline, &command);
    seen.killed = true;
    assert_int_equal(pipeline->risk.state, STATE_KILLED);
    assert_int_equal(order_manager_open_count(pipeline->orders), 0);
    assert_int_equal(pipeline->kill.total, 1);
    assert_int_equal(pipeline->kill.confirmed, 1);
    assert_int_equal(pipeline->market[0]->total.lots, 500); /* a kill closes nothing */
    for (int step = 0; step < 200; step++) {
        sim.now_ns += 10 * NS_PER_MS;
        send_depth(pipeline, &seen, &sim, &random, false);
        command = (struct command){.kind = COMMAND_ORDER};
        command.intent = (struct order_intent){
            .side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = sim.mid - 31, .qty_lots = 100};
        pipeline_on_command(pipeline, &command);
        command = (struct command){.kind = COMMAND_RESUME};
        pipeline_on_command(pipeline, &command);
    }
    assert_int_equal(pipeline->risk.state, STATE_KILLED);
    command = (struct command){.kind = COMMAND_FLATTEN};
    pipeline_on_command(pipeline, &command);
    assert_int_equal(pipeline->market[0]->total.lots, 0);
    command = (struct command){.kind = COMMAND_CLEAR_KILL};
    pipeline_on_command(pipeline, &command);
    assert_int_equal(pipeline->risk.state, STATE_PAUSED);
    pipeline_free(pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ledger_is_exact_and_decisions_repeat),
        cmocka_unit_test(test_kill_blocks_cancels_and_latches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
