/*
 * core_run.h - an engine of a seed in random markets under random hands: six strategies and a trader with every kind of
 * order and command. For tests that look at it from outside.
 */
#ifndef UNIT_CORE_RUN_H
#define UNIT_CORE_RUN_H

#include "unit/core_eager.h"
#include "unit/core_oracle.h"

#include "app/options.h"
#include "app/strategy_options.h"

#define DAY_NS    INT64_C(86400000000000)
#define MINUTE_NS INT64_C(60000000000)

struct run {
    struct core_markets markets;
    struct oracle oracle;
    struct pipeline *pipeline;
    struct pipeline_config config;
    atomic_bool signalled;
    uint64_t random; /* of what the trader does */
    uint64_t kills, events;
};

/* Set before open_run(): who hears of records instead of the oracle, and tells it. */
static const struct record_sink *run_sink;

static inline int64_t pick(struct run *run, int64_t min, int64_t max)
{
    return random_between(&run->random, min, max);
}

static inline bool chance(struct run *run, int64_t of)
{
    return pick(run, 1, of) == 1;
}

/* --- the engine of a seed ---------------------------------------------------------------------------------------- */

/* The same as its text below: known here by other means. */
static inline bool in_a_window(int64_t now_ns)
{
    int64_t minute = now_ns % DAY_NS / MINUTE_NS;

    return minute == 601 || minute == 603 || (minute >= 620 && minute < 650);
}

static inline struct schedule *pauses(void)
{
    static const char *const windows[] = {"daily 10:01-10:02 UTC", "daily 10:03-10:04 UTC",
                                          "daily 10:20-10:50 UTC"};
    struct schedule *schedule = malloc(sizeof(*schedule));
    char why[SCHEDULE_WHY_SIZE];

    assert_non_null(schedule);
    schedule_init(schedule);
    for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++)
        assert_int_equal(schedule_add_window(schedule, windows[i], why), ERR_OK);
    return schedule;
}

static inline void choose_limits(struct run *run, struct risk_limits *limits)
{
    bool tight = chance(run, 2);

    limits->max_value_e8 = INT64_C(200000000000);
    limits->max_open_orders = tight ? 6 : 40;
    limits->max_open_orders_total = tight ? 9 : 100;
    limits->max_position_value_e8 = tight ? INT64_C(400000000000) : INT64_C(2000000000000);
    limits->max_position_owner_e8 = limits->max_position_value_e8;
    limits->max_open_value_e8 = limits->max_position_value_e8;
    limits->max_gross_value_e8 = 2 * limits->max_position_value_e8;
    limits->msg_per_s = tight ? 6 : 500;
    limits->msg_per_min = tight ? 150 : 20000;
    limits->collar_window_bp = 5000;
    limits->volatility_bp = tight ? 150 : 5000;
    if (chance(run, 2))
        return; /* what loses is out */
    limits->daily_loss_bp = limits->drawdown_bp = 10000;
    limits->daily_loss_owner_e8 = limits->daily_loss_symbol_e8 = INT64_C(100000000000000);
    limits->trade_loss_e8 = limits->trade_loss_symbol_e8 = limits->trade_loss_total_e8 =
        INT64_C(100000000000000);
    limits->loss_streak = limits->loss_streak_symbol = limits->loss_streak_total = 1000;
    limits->order_to_trade = 100000;
    limits->reject_n = 1000;
}

static inline void choose_latency(struct run *run, uint64_t seed, struct paper_broker_params *paper)
{
    paper->seed = seed;
    for (int leg = 0; leg < PAPER_LEGS; leg++)
        paper->latency[leg] = (struct paper_latency_params){.kind = chance(run, 2) ? PAPER_LATENCY_CONSTANT
                                                                                   : PAPER_LATENCY_LOG_NORMAL,
                                                            .median_ns = pick(run, 1, 80) * CORE_MS,
                                                            .sigma_x1000 = 700,
                                                            .least_ns = CORE_MS};
}

static inline void open_run(struct run *run, uint64_t seed, void (*feed)(void *, const struct feed_event *))
{
    struct config *settings = options_config_new();
    struct pipeline_config config;
    struct record_sink sink = {oracle_record, &run->oracle, NULL};
    char why[CONFIG_WHY_SIZE];
    bool late = seed % 4 == 3, inside = seed % 5 == 0;
    int64_t day_ns = INT64_C(1700000000) / 86400 * DAY_NS;

    memset(run, 0, sizeof(*run));
    run->random = seed * 1000003;
    assert_int_equal(options_pipeline(settings, &config, why), ERR_OK);
    config_free(settings);
    config.mode = MODE_SIMULATION;
    config.account_start_e8 = INT64_C(10000000000000);
    config.paper.account = !chance(run, 4);
    config.paper.leverage = pick(run, 1, 5);
    if (seed % 3 == 0)
        assert_int_equal(paper_base_parse("BTC=0.5, ETH=2", config.paper_base, &config.paper_bases), ERR_OK);
    config.paper.model = (enum queue_model)(seed % QUEUE_MODELS);
    config.paper.through_by_size = chance(run, 2);
    if (late)
        choose_latency(run, seed, &config.paper);
    config.kill_flattens = chance(run, 3);
    config.pause_keeps_orders = chance(run, 3);
    config.external_kill = &run->signalled;
    config.schedule = pauses();
    choose_limits(run, &config.limits);
    core_eager(&config);
    run->oracle.at_once = !late;
    run->oracle.closed = in_a_window;
    run->oracle.order = calloc(ORACLE_ORDERS, sizeof(*run->oracle.order));
    run->oracle.message_ns = calloc(ORACLE_MESSAGES, sizeof(*run->oracle.message_ns));
    assert_true(run->oracle.order != NULL && run->oracle.message_ns != NULL);
    run->config = config;
    run->pipeline = pipeline_new(&config, run_sink == NULL ? &sink : run_sink);
    assert_non_null(run->pipeline);
    oracle_open(&run->oracle, run->pipeline, &run->markets);
    core_markets_open(&run->markets, seed,
                      day_ns + (seed % 3 == 0 ? 600 + inside : 605) * MINUTE_NS +
                          pick(run, 15, 59) * CORE_SECOND,
                      feed, run);
}

static inline void close_run(struct run *run)
{
    free(run->pipeline->config.schedule);
    pipeline_free(run->pipeline);
    free(run->oracle.order);
    free(run->oracle.message_ns);
}

static inline void feed_whole(void *arg, const struct feed_event *event)
{
    struct run *run = arg;

    run->events++;
    if (event->kind == FEED_STEPS)
        oracle_rescale(&run->oracle, event->instrument->id, event->steps);
    pipeline_on_feed(run->pipeline, event);
    if (run->pipeline->markets == CORE_MARKETS)
        oracle_check(&run->oracle);
}

/* --- the trader ------------------------------------------------------------------------------------------------------ */

static inline void ask(struct run *run, struct command *command)
{
    snprintf(command->source, sizeof(command->source), "key");
    pipeline_on_command(run->pipeline, command);
    oracle_check(&run->oracle);
}

static inline void give_trigger(struct run *run, struct order_intent *intent, int64_t mid, int64_t unit)
{
    bool stop =
        intent->type == ORDER_STOP || intent->type == ORDER_STOP_LIMIT || intent->type == ORDER_TRAILING_STOP;

    intent->stop_ticks = mid + side_sign(intent->side) * (stop ? 1 : -1) * unit * pick(run, -5, 60);
    intent->price_ticks = intent->stop_ticks + side_sign(intent->side) * unit * pick(run, 0, 60);
    intent->trail_ticks = intent->type == ORDER_TRAILING_STOP ? unit * pick(run, 1, 60) : 0;
    if (intent->type == ORDER_TRAILING_STOP && chance(run, 2))
        intent->price_ticks = 0;
    if (intent->type == ORDER_STOP && chance(run, 4)) {
        intent->price_ticks = 0;
        intent->reduce_only = true;
    }
}

static inline struct order_intent random_intent(struct run *run, const struct core_market *market)
{
    static const enum order_type types[] = {ORDER_LIMIT,        ORDER_LIMIT,       ORDER_LIMIT,
                                            ORDER_LIMIT,        ORDER_MARKET,      ORDER_STOP,
                                            ORDER_STOP_LIMIT,   ORDER_TAKE_PROFIT, ORDER_TAKE_PROFIT_LIMIT,
                                            ORDER_TRAILING_STOP};
    int64_t value_e8 = pick(run, 1, chance(run, 6) ? 2600 : 500) * INT64_C(100000000);
    int64_t mid = market->shown_mid, unit = market->unit;
    struct order_intent intent = {.side = chance(run, 2) ? SIDE_BID : SIDE_ASK,
                                  .type = types[pick(run, 0, 9)],
                                  .tif = (enum time_in_force)pick(run, TIF_GTC, TIF_GTD),
                                  .reduce_only = chance(run, 8),
                                  .may_cut = chance(run, 4)};

    if (chance(run, 2))
        intent.tif = TIF_GTC;
    intent.expire_ns = run->pipeline->now_ns + pick(run, -1, 20) * CORE_SECOND;
    intent.qty_lots =
        value_e8 / (mid * market->instrument.tick_e8 / 100000000 * market->instrument.lot_e8 + 1);
    intent.price_ticks = mid - side_sign(intent.side) * unit * pick(run, -8, 40);
    if (intent.type == ORDER_MARKET) {
        intent.tif = TIF_IOC;
        intent.price_ticks = mid + side_sign(intent.side) * unit * pick(run, 1, 150);
    } else if (order_type_is_triggered(intent.type)) {
        give_trigger(run, &intent, mid, unit);
    } else {
        intent.post_only = chance(run, 5);
        if (chance(run, 8) && intent.qty_lots > 4)
            intent.display_lots = intent.qty_lots / 4;
    }
    if (chance(run, 4) && !intent.reduce_only) {
        intent.bracket_take_ticks = intent.price_ticks + side_sign(intent.side) * unit * pick(run, 10, 80);
        intent.bracket_stop_ticks =
            chance(run, 3) ? 0 : intent.price_ticks - side_sign(intent.side) * unit * pick(run, 5, 80);
        if (chance(run, 4))
            intent.bracket_take_ticks = 0;
    }
    return intent;
}

static inline void place(struct run *run, uint16_t id)
{
    const struct core_market *market = &run->markets.market[id];
    struct command command = {
        .kind = COMMAND_ORDER, .instrument_id = id, .intent = random_intent(run, market)};

    if (chance(run, 6)) { /* one cancels the other */
        command.intent.group = run->events + 1;
        command.intent.bracket_take_ticks = command.intent.bracket_stop_ticks = 0;
        ask(run, &command);
        command.intent = random_intent(run, market);
        command.intent.group = run->events + 1;
        command.intent.bracket_take_ticks = command.intent.bracket_stop_ticks = 0;
    }
    ask(run, &command);
}

/* An open order, whoever's; NULL: there is none. */
static inline const struct order *any_order(struct run *run)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(run->pipeline->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);

    return count == 0 ? NULL : open[pick(run, 0, (int64_t)count - 1)];
}

static inline void touch_order(struct run *run, uint16_t id)
{
    const struct order *order = any_order(run);
    struct command command = {.kind = chance(run, 3) ? COMMAND_CANCEL : COMMAND_MOVE, .instrument_id = id};
    const struct core_market *market;

    if (order == NULL)
        return;
    market = &run->markets.market[order->intent.instrument_id];
    command.order_seq = order->seq;
    command.intent.price_ticks = order_terms_ticks(&order->intent) + pick(run, -20, 20) * market->unit;
    if (command.kind == COMMAND_MOVE && chance(run, 3))
        command.number = pick(run, 0, 2 * order->intent.qty_lots);
    ask(run, &command);
}

static inline void set_something(struct run *run, uint16_t id)
{
    struct command command = {.instrument_id = id, .flag = chance(run, 2)};
    uint16_t owner = (uint16_t)pick(run, 0, (int64_t)run->pipeline->owners);
    enum risk_limit_id limit = (enum risk_limit_id)pick(run, 0, RISK_LIMITS - 1);

    command.intent.owner = owner;
    switch (pick(run, 0, 6)) {
    case 0:
        command.kind = COMMAND_STRATEGY_OFF;
        break;
    case 1:
        command.kind = COMMAND_SET_LIMIT;
        command.index = limit;
        command.number = risk_limit_value(&run->pipeline->config.limits, limit) * pick(run, 50, 150) / 100;
        break;
    case 2:
        command.kind = COMMAND_STRATEGY_SET;
        command.index = (uint32_t)pick(run, 0, 20);
        if (owner > 0 && owner < run->pipeline->owners) {
            const struct strategy_manifest *manifest =
                strategy_instance_manifest(run->pipeline->owner[owner].strategy);

            if (command.index < manifest->parameter_count)
                command.number =
                    pick(run, manifest->parameter[command.index].min, manifest->parameter[command.index].max);
        }
        break;
    case 3:
        command.kind = COMMAND_CLEAR_HALT;
        break;
    case 4:
        command.kind = COMMAND_LATENCY;
        command.index = (uint32_t)pick(run, 0, RISK_LATENCIES);
        command.number = pick(run, 0, 300) * CORE_MS;
        break;
    default:
        command.kind = COMMAND_STRATEGY_ON;
    }
    ask(run, &command);
}

static inline void change_state(struct run *run)
{
    static const enum trading_state states[] = {STATE_ACTIVE, STATE_ACTIVE, STATE_REDUCING, STATE_HALTED};
    struct command command = {.kind = COMMAND_SET_STATE, .state = states[pick(run, 0, 3)]};
    int64_t what = pick(run, 0, 9);

    if (what == 0)
        command.kind = COMMAND_PAUSE;
    else if (what < 4)
        command.kind = COMMAND_RESUME;
    else if (what == 4) {
        command.kind = COMMAND_SET_MODE;
        command.mode = chance(run, 3) ? MODE_OBSERVATION : MODE_SIMULATION;
    }
    ask(run, &command);
}

/* All that is open is cancelled before the call is over, if the venue answers at once. */
static inline void kill_all(struct run *run)
{
    struct command command = {.kind = COMMAND_KILL};

    memset(run->oracle.kill_flattens, 0, sizeof(run->oracle.kill_flattens));
    if (chance(run, 3)) /* the flag of a signal comes first: nothing may leave from here on */
        atomic_store(&run->signalled, true);
    else
        ask(run, &command);
    for (int i = 0; i < 25; i++) {
        core_market_step(&run->markets);
        place(run, (uint16_t)pick(run, 0, CORE_MARKETS - 1));
        if (i == 5) {
            ask(run, &command);
            assert_true(run->pipeline->risk.state == STATE_KILLED);
        }
        if (i == 5 && run->oracle.at_once) /* by the kill itself, not by the rounds that ask again */
            assert_int_equal(order_manager_open_count(run->pipeline->orders), 0);
        touch_order(run, 0);
        change_state(run);
        if (i == 15 && chance(run, 2)) {
            struct command flatten = {.kind = COMMAND_FLATTEN,
                                      .instrument_id = (uint16_t)pick(run, 0, CORE_MARKETS - 1)};

            ask(run, &flatten);
        }
    }
    assert_int_equal(run->pipeline->risk.state, STATE_KILLED); /* latched */
    if (run->oracle.at_once) {
        assert_int_equal(order_manager_open_count(run->pipeline->orders), 0);
        assert_int_equal(run->pipeline->kill.confirmed, run->pipeline->kill.total);
    }
    atomic_store(&run->signalled, false);
    command.kind = COMMAND_CLEAR_KILL;
    for (int i = 0; i < 100 && run->pipeline->risk.state == STATE_KILLED; i++) {
        core_market_step(&run->markets);
        ask(run, &command);
    }
    assert_int_equal(run->pipeline->risk.state, STATE_PAUSED);
    memset(run->oracle.kill_flattens, 0, sizeof(run->oracle.kill_flattens));
    command.kind = COMMAND_RESUME;
    ask(run, &command);
    run->kills++;
}

/* Somebody looks after it: what stopped goes on, or the history would prove little. */
static inline void bring_back(struct run *run)
{
    struct command command = {.kind = COMMAND_SET_MODE, .mode = MODE_SIMULATION};

    ask(run, &command);
    command = (struct command){.kind = COMMAND_SET_STATE, .state = STATE_ACTIVE};
    ask(run, &command);
    command.kind = COMMAND_RESUME;
    ask(run, &command);
    command.kind = COMMAND_STRATEGY_ON;
    for (uint16_t id = 1; id < run->pipeline->owners; id++) {
        const struct owner *owner = &run->pipeline->owner[id];

        command.intent.owner = id;
        if (!owner->on || owner->disabled)
            ask(run, &command);
    }
    command.kind = COMMAND_CLEAR_HALT;
    for (command.instrument_id = 0; command.instrument_id < CORE_MARKETS; command.instrument_id++)
        ask(run, &command);
}

static inline void trader_step(struct run *run)
{
    uint16_t id = (uint16_t)pick(run, 0, CORE_MARKETS - 1);
    struct command command = {.instrument_id = id};
    int64_t what = pick(run, 0, 999);

    if (what < 700)
        place(run, id);
    else if (what < 850)
        touch_order(run, id);
    else if (what < 920)
        set_something(run, id);
    else if (what < 960)
        change_state(run);
    else if (what < 963)
        kill_all(run);
    else {
        command.kind = what < 970   ? COMMAND_CANCEL_ALL
                       : what < 985 ? COMMAND_FLATTEN
                       : what < 990 ? COMMAND_REVERSE
                                    : COMMAND_RESUME;
        if (command.kind == COMMAND_FLATTEN && chance(run, 3))
            command.intent.price_ticks = run->markets.market[id].shown_mid + pick(run, -40, 40);
        ask(run, &command);
    }
}

#endif
