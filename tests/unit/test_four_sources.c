/*
 * test_four_sources.c - every control of the gate trips exactly at its limit, whoever asks: a key, a strategy by its
 * table as a plug-in brings it, and the same on a recording that is read by the replay. At the limit the order leaves,
 * one unit beyond it does not, and the code is that control's.
 */
#include "unit/pipeline_world.h"

#include "feed/replay.h"
#include "flowdeck/strategy.h"

#include <stdlib.h>
#include <unistd.h>

#define E8       INT64_C(100000000)
#define MS       INT64_C(1000000)
#define TICK_E8  1000000
#define LOT_E8   1000
#define BID      5999900
#define ASK      6000100
#define PRICE    5999950
#define LOTS     1000
#define VALUE_E8 (INT64_C(59999500000)) /* of LOTS at PRICE */

enum source { KEY, STRATEGY, REPLAY, SOURCES };

static const char *const source_word[] = {"key", "strategy", "replay"};

struct scene {
    struct pipeline *pipeline;
    struct market_state *market;
    const struct instrument *instrument;
    uint16_t asker; /* owner of the strategy; 0 by key */
    bool beyond;
    struct order_intent order;
};

/* --- the strategy: asks once for what it is told ----------------------------------------------------------------- */

static struct {
    bool wants;
    struct order_intent order;
} asker;

static void *asker_create(const int64_t *parameter, uint32_t parameters)
{
    (void)parameter;
    (void)parameters;
    return &asker;
}

static void asker_destroy(void *self)
{
    (void)self;
}

static void asker_market(void *self, const struct fd_context *context, struct fd_answer *out)
{
    struct fd_wish *wish = &out->wish[0];

    (void)self;
    if (!asker.wants || context->may_trade == 0)
        return;
    asker.wants = false;
    out->wishes = 1;
    *wish = (struct fd_wish){.kind = FD_WISH_ORDER,
                             .side = asker.order.side == SIDE_BID ? FD_BUY : FD_SELL,
                             .type = asker.order.type == ORDER_MARKET ? FD_MARKET : FD_LIMIT,
                             .tif = asker.order.tif == TIF_IOC ? FD_IOC : FD_GTC,
                             .reduce_only = asker.order.reduce_only,
                             .qty_e8 = asker.order.qty_lots * LOT_E8,
                             .price_e8 = asker.order.price_ticks * TICK_E8,
                             .bid_e8 = FD_NONE,
                             .ask_e8 = FD_NONE};
}

static const struct fd_strategy asker_table = {.abi = FD_ABI,
                                               .size = sizeof(struct fd_strategy),
                                               .create = asker_create,
                                               .destroy = asker_destroy,
                                               .market = asker_market};
static const struct strategy_manifest asker_manifest = {
    .name = "asker", .version = "1.0.0", .abi = FD_ABI, .about = "asks once", .instruments = 1};

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

/* What a monitor tripped for this instrument; its own limits are tested with the monitors. */
static enum risk_code tripping;

static void tripped(struct scene *scene)
{
    scene->pipeline->risk.symbol_halted[0] = scene->beyond ? (uint8_t)tripping : RISK_PASS;
}

enum { ALL = 7, NO_KEY = 6 };

static const struct row {
    const char *name;
    enum risk_code code;
    void (*set)(struct scene *scene);
    unsigned sources; /* bit by enum source */
    bool unheard;     /* a strategy's wish is not even judged then */
    enum venue venue;
} rows[] = {
    {"KILL", RISK_KILL, kill_flag, ALL, true, VENUE_BINANCE_SPOT},
    {"MODE", RISK_MODE, mode, ALL, true, VENUE_BINANCE_SPOT},
    {"HALTED", RISK_HALTED, halted, ALL, true, VENUE_BINANCE_SPOT},
    {"REDUCING", RISK_REDUCING, reducing, ALL, true, VENUE_BINANCE_USDM},
    {"NOT_LEADER", RISK_NOT_LEADER, not_leader, ALL, false, VENUE_BINANCE_SPOT},
    {"PAUSED", RISK_PAUSED, paused, ALL, false, VENUE_BINANCE_SPOT},
    {"SYMBOL_STATE", RISK_SYMBOL_STATE, symbol_state, ALL, false, VENUE_BINANCE_SPOT},
    {"STALE_BOOK", RISK_STALE_BOOK, stale_book, ALL, false, VENUE_BINANCE_SPOT},
    {"CLOCK", RISK_CLOCK, clock_offset, ALL, false, VENUE_BINANCE_SPOT},
    {"LATENCY", RISK_LATENCY, tripped, ALL, false, VENUE_BINANCE_SPOT},
    {"FILTER", RISK_FILTER, filter, ALL, false, VENUE_BINANCE_SPOT},
    {"MAX_QTY", RISK_MAX_QTY, max_qty, ALL, false, VENUE_BINANCE_SPOT},
    {"MAX_VALUE", RISK_MAX_VALUE, max_value, ALL, false, VENUE_BINANCE_SPOT},
    {"COLLAR limit", RISK_COLLAR, collar, ALL, false, VENUE_BINANCE_SPOT},
    {"COLLAR market", RISK_COLLAR, collar_market, ALL, false, VENUE_BINANCE_SPOT},
    {"COLLAR_WINDOW", RISK_COLLAR_WINDOW, tripped, ALL, false, VENUE_BINANCE_SPOT},
    {"VOLATILITY", RISK_VOLATILITY, volatility, ALL, false, VENUE_BINANCE_SPOT},
    {"MAX_POS", RISK_MAX_POS, max_pos, ALL, false, VENUE_BINANCE_SPOT},
    {"MAX_POS strategy", RISK_MAX_POS, max_pos_owner, NO_KEY, false, VENUE_BINANCE_SPOT},
    {"MAX_GROSS", RISK_MAX_GROSS, max_gross, ALL, false, VENUE_BINANCE_SPOT},
    {"MAX_OPEN_VALUE", RISK_MAX_OPEN_VALUE, max_open_value, ALL, false, VENUE_BINANCE_SPOT},
    {"MAX_OPEN_N", RISK_MAX_OPEN_N, max_open_n, ALL, false, VENUE_BINANCE_SPOT},
    {"MAX_OPEN_N total", RISK_MAX_OPEN_N, max_open_total, ALL, false, VENUE_BINANCE_SPOT},
    {"MSG_RATE second", RISK_MSG_RATE, msg_per_s, ALL, false, VENUE_BINANCE_SPOT},
    {"MSG_RATE minute", RISK_MSG_RATE, msg_per_min, ALL, false, VENUE_BINANCE_SPOT},
    {"REQ_WEIGHT", RISK_REQ_WEIGHT, req_weight, ALL, false, VENUE_BINANCE_SPOT},
    {"REPEAT", RISK_REPEAT, tripped, ALL, false, VENUE_BINANCE_SPOT},
    {"REJECT_STORM", RISK_REJECT_STORM, tripped, ALL, false, VENUE_BINANCE_SPOT},
    {"DUPLICATE", RISK_DUPLICATE, duplicate, NO_KEY, false, VENUE_BINANCE_SPOT},
    {"SELF_TRADE", RISK_SELF_TRADE, self_trade, ALL, false, VENUE_BINANCE_USDM},
    {"BALANCE", RISK_BALANCE, balance, ALL, false, VENUE_BINANCE_SPOT},
    {"DAILY_LOSS", RISK_DAILY_LOSS, daily_loss, ALL, false, VENUE_BINANCE_SPOT},
    {"DAILY_LOSS instrument", RISK_DAILY_LOSS, daily_loss_symbol, ALL, false, VENUE_BINANCE_SPOT},
    {"DAILY_LOSS strategy", RISK_DAILY_LOSS, daily_loss_owner, NO_KEY, false, VENUE_BINANCE_SPOT},
    {"DRAWDOWN", RISK_DRAWDOWN, drawdown, ALL, false, VENUE_BINANCE_SPOT},
    {"TRADE_LOSS", RISK_TRADE_LOSS, tripped, ALL, false, VENUE_BINANCE_SPOT},
    {"LOSS_STREAK", RISK_LOSS_STREAK, tripped, ALL, false, VENUE_BINANCE_SPOT},
    {"ORDER_TO_TRADE", RISK_ORDER_TO_TRADE, tripped, ALL, false, VENUE_BINANCE_SPOT},
    {"REDUCE_ONLY", RISK_REDUCE_ONLY, reduce_only, ALL, false, VENUE_BINANCE_USDM},
};

/* --- the sources ------------------------------------------------------------------------------------------------- */

static struct pipeline_config config_of(void)
{
    struct config *settings = options_config_new();
    struct pipeline_config config;
    char why[CONFIG_WHY_SIZE];

    assert_int_equal(options_pipeline(settings, &config, why), ERR_OK);
    config_free(settings);
    config.mode = MODE_SIMULATION;
    config.limits.max_qty_e8 = 1000 * E8;
    for (size_t i = 0; i < config.strategies; i++)
        config.strategy[i].on = false;
    config.strategy[config.strategies++] =
        (struct strategy_setup){.table = &asker_table, .manifest = &asker_manifest, .on = true};
    return config;
}

static const struct level bids[] = {{BID, 50000}}, asks[] = {{ASK, 50000}};

/* A recording of the same market: a snapshot, the update that makes the book LIVE, and one 100 ms later. */
static void write_recording(char *path, enum venue venue)
{
    const char *prev = venue == VENUE_BINANCE_SPOT ? "" : "\"T\":1700000000000,\"pu\":9,";
    int64_t ns = WORLD_NS;
    int fd = mkstemps(path, 6);
    FILE *file = fdopen(fd, "w");

    assert_non_null(file);
    fprintf(
        file,
        "%lld "
        "{\"lastUpdateId\":10,\"bids\":[[\"59999.00\",\"0.50000\"]],\"asks\":[[\"60001.00\",\"0.50000\"]]}\n",
        (long long)ns);
    fprintf(file,
            "%lld {\"stream\":\"btcusdt@depth\",\"data\":{\"e\":\"depthUpdate\",\"E\":1700000000000,%s\"s\":"
            "\"BTCUSDT\",\"U\":10,\"u\":12,\"b\":[],\"a\":[]}}\n",
            (long long)ns, prev);
    fprintf(file,
            "%lld "
            "{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"E\":1700000000100,\"T\":1700000000100,"
            "\"s\":\"BTCUSDT\",\"t\":1,\"p\":\"59999.50\",\"q\":\"0.00001\",%s\"m\":true}}\n",
            (long long)(ns + PIPELINE_TICK_NS), venue == VENUE_BINANCE_SPOT ? "" : "\"X\":\"MARKET\",");
    assert_int_equal(fclose(file), 0);
}

static void prepare(struct scene *scene, const struct row *row, enum source source, bool beyond)
{
    scene->market = scene->pipeline->market[0];
    scene->instrument = scene->market->instrument;
    scene->asker = source == KEY ? OWNER_MANUAL : (uint16_t)(scene->pipeline->owners - 1);
    scene->beyond = beyond;
    scene->order = (struct order_intent){
        .side = SIDE_BID, .type = ORDER_LIMIT, .tif = TIF_GTC, .price_ticks = PRICE, .qty_lots = LOTS};
    assert_int_equal(book_sync_state(scene->market->sync), BOOK_LIVE);
    pipeline_on_time(scene->pipeline, scene->pipeline->now_ns); /* the day's first equity is known */
    trading_update_equity(scene->pipeline);
    tripping = row->code;
    row->set(scene);
    asker.order = scene->order;
    asker.wants = source != KEY;
}

/* Before: what was sent and denied before the order was asked for. */
struct counted {
    uint64_t sent, denied, denials;
};

static struct counted count(const struct scene *scene, enum risk_code code)
{
    return (struct counted){scene->pipeline->counts.sent, scene->pipeline->risk.denials[code],
                            scene->pipeline->counts.denied};
}

static struct counted by_events(struct scene *scene, const struct row *row, enum source source, bool beyond)
{
    static struct instrument instrument;
    struct feed_event event = {.kind = FEED_INSTRUMENT, .recv_ns = WORLD_NS, .instrument = &instrument};
    struct counted before;

    instrument_init(&instrument, "BTCUSDT", row->venue, 0);
    instrument.tick_e8 = TICK_E8;
    instrument.lot_e8 = LOT_E8;
    pipeline_on_feed(scene->pipeline, &event);
    event.kind = FEED_SNAPSHOT;
    event.snapshot = (struct depth_snapshot){
        .recv_ns = WORLD_NS, .last_id = 10, .levels = {bids, asks}, .level_count = {1, 1}};
    pipeline_on_feed(scene->pipeline, &event);
    event.kind = FEED_DEPTH;
    event.depth = (struct depth_update){.recv_ns = WORLD_NS,
                                        .first_id = 10,
                                        .last_id = 12,
                                        .prev_id = 9,
                                        .has_prev_id = row->venue != VENUE_BINANCE_SPOT};
    pipeline_on_feed(scene->pipeline, &event);
    prepare(scene, row, source, beyond);
    before = count(scene, row->code);
    if (source == KEY) {
        struct command command = {.kind = COMMAND_ORDER, .source = "key", .intent = scene->order};

        scene->pipeline->now_ns += PIPELINE_TICK_NS; /* as at the others: no tick of ours first */
        pipeline_on_command(scene->pipeline, &command);
    } else {
        pipeline_on_time(scene->pipeline, WORLD_NS + PIPELINE_TICK_NS);
    }
    return before;
}

static struct counted by_replay(struct scene *scene, const struct row *row, bool beyond)
{
    static struct instrument known;
    struct decoder_config decoder = {.known = &known, .known_count = 1};
    char path[] = "/tmp/flowdeck-four-XXXXXX.jsonl", why[256];
    const char *paths[] = {path};
    struct counted before = {0};
    struct feed_event event;
    struct replay *replay;
    bool ready = false;

    instrument_init(&known, "BTCUSDT", row->venue, 0);
    known.tick_e8 = TICK_E8;
    known.lot_e8 = LOT_E8;
    write_recording(path, row->venue);
    if (replay_open(paths, 1, &decoder, &replay, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    while (replay_next(replay, &event)) {
        assert_int_not_equal(event.kind, FEED_BAD);
        pipeline_on_feed(scene->pipeline, &event);
        if (!ready && scene->pipeline->markets == 1 && scene->pipeline->market[0]->book_state == BOOK_LIVE) {
            prepare(scene, row, REPLAY, beyond);
            before = count(scene, row->code);
            ready = true;
        }
    }
    assert_true(ready);
    scene->market = NULL;
    replay_close(replay);
    unlink(path);
    return before;
}

static void judge(const struct row *row, enum source source, bool beyond)
{
    struct pipeline_config config = config_of();
    struct scene scene = {.pipeline = pipeline_new(&config, NULL)};
    struct counted before, after;

    assert_non_null(scene.pipeline);
    before = source == REPLAY ? by_replay(&scene, row, beyond) : by_events(&scene, row, source, beyond);
    after = count(&scene, row->code);
    if (after.sent - before.sent != !beyond)
        fail_msg("%s by %s, %s: %d sent; %s", row->name, source_word[source],
                 beyond ? "beyond" : "at the limit", (int)(after.sent - before.sent),
                 scene.pipeline->note[(scene.pipeline->note_seq - 1) % PIPELINE_NOTES_MAX].text);
    if (beyond && (source == KEY || !row->unheard) && after.denied == before.denied)
        fail_msg("%s by %s: denied by another: %s", row->name, source_word[source],
                 scene.pipeline->note[(scene.pipeline->note_seq - 1) % PIPELINE_NOTES_MAX].text);
    if (beyond && (source == KEY || !row->unheard))
        assert_int_equal(after.denials - before.denials, 1);
    pipeline_free(scene.pipeline);
}

static void test_each_control_trips_at_its_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (int source = 0; source < SOURCES; source++)
            if ((rows[i].sources >> source & 1U) != 0) {
                judge(&rows[i], (enum source)source, false);
                judge(&rows[i], (enum source)source, true);
            }
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

    return cmocka_run_group_tests(tests, NULL, NULL);
}
