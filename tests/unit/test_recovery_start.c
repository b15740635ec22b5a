/*
 * test_recovery_start.c - what a start takes over before the first event: trading state and mode, the time at which it is
 * told, and the crashes in a row that lead into safe mode.
 */
#include "unit/pipeline_world.h"
#include "unit/store_fixture.h"

#include "app/recovery.h"
#include "store/store_journal.h"

#define START_NS INT64_C(1800000000000000000)
#define MINUTE   INT64_C(60000000000)

/* --- crashes in a row ------------------------------------------------------------------------------------------------ */

static struct recovered left;

/* One run: it writes its session and crashes, or ends in order. What it found is in left. */
static void run_once(const char *data_dir, int64_t now_ns, bool in_order)
{
    struct store_journal_config config = {.data_dir = data_dir, .account = "demo", .now_ns = now_ns};
    struct store_record session = {.kind = STORE_SESSION, .ts_ns = now_ns},
                        end = {.kind = STORE_SESSION_END, .ts_ns = now_ns};
    struct store_journal *journal;
    char why[WHY_SIZE] = "";
    size_t frames;

    recovered_free(&left);
    if (store_journal_open(&config, &journal, &left, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    session.session.epoch = left.epoch;
    session.session.session = end.session_end.session = left.session;
    memcpy(session.session.crash_ns, left.crash_ns, sizeof(left.crash_ns));
    assert_true(store_journal_push(journal, &session));
    assert_true(!in_order || store_journal_push(journal, &end));
    assert_true(store_journal_commit(journal));
    assert_int_equal(store_journal_drain(journal, NULL, NULL, &frames, why, sizeof(why)), ERR_OK);
    store_journal_close(journal, true);
}

static void test_five_crashes_in_ten_minutes_are_a_loop(void **state)
{
    const struct folder *folder = *state;
    int64_t now_ns = START_NS;

    for (int i = 0; i < 5; i++, now_ns += MINUTE) {
        run_once(folder->path, now_ns, false);
        assert_false(left.safe_mode);
    }
    run_once(folder->path, now_ns, false); /* it crashes in safe mode, too */
    assert_true(left.safe_mode && left.crashed);
    run_once(folder->path, now_ns += MINUTE, true);
    assert_true(left.safe_mode);
    run_once(folder->path, now_ns += MINUTE, false); /* after one that ended in order */
    assert_false(left.safe_mode || left.crashed);
    for (int i = 0; i < 4; i++)
        run_once(folder->path, now_ns += MINUTE, false);
    assert_false(left.safe_mode);
    run_once(folder->path, now_ns += MINUTE, true);
    assert_true(left.safe_mode);
}

static void test_five_crashes_in_an_hour_are_none(void **state)
{
    const struct folder *folder = *state;

    for (int i = 0; i < 8; i++) {
        run_once(folder->path, START_NS + i * 5 * MINUTE, false);
        assert_false(left.safe_mode);
    }
}

/* The wall clock went back: it cannot be told how long ago they were. */
static void test_crashes_in_the_future_are_a_loop(void **state)
{
    const struct folder *folder = *state;

    for (int i = 0; i < 5; i++)
        run_once(folder->path, START_NS + i * 30 * MINUTE, false);
    run_once(folder->path, START_NS - 60 * MINUTE, true);
    assert_true(left.safe_mode);
}

/* --- the engine ---------------------------------------------------------------------------------------------------------- */

struct heard {
    size_t records;
    int64_t first_ns;
};

static bool hear(void *arg, const struct store_record *record)
{
    struct heard *heard = arg;

    heard->first_ns = heard->records++ == 0 ? record->ts_ns : heard->first_ns;
    return true;
}

static struct pipeline *start_after(enum trading_state state, enum trading_mode mode, const char *configured,
                                    bool safe_mode, struct heard *heard)
{
    struct store_record record[2] = {{.kind = STORE_SESSION}, {.kind = STORE_TRADING}};
    struct recovered before = {
        .count = 2, .record = record, .epoch = 7, .session = 7, .crashed = true, .safe_mode = safe_mode};
    struct config *config = options_config_new();
    struct record_sink sink = {.push = hear, .arg = heard};
    struct pipeline_config made;
    struct pipeline *pipeline;
    char why[CONFIG_WHY_SIZE];

    snprintf(record[0].session.mode, sizeof(record[0].session.mode), "%s", configured);
    record[1].trading.state = state;
    record[1].trading.mode = mode;
    snprintf(record[1].trading.why, sizeof(record[1].trading.why), "by you");
    assert_int_equal(options_pipeline(config, &made, why), ERR_OK);
    config_free(config);
    made.mode = MODE_SIMULATION;
    made.recovered = &before;
    made.start_ns = START_NS;
    pipeline = pipeline_new(&made, &sink);
    assert_non_null(pipeline);
    return pipeline;
}

static void test_state_and_mode_are_as_they_were(void **state)
{
    struct heard heard = {0};
    struct pipeline *pipeline = start_after(STATE_PAUSED, MODE_OBSERVATION, "simulation", false, &heard);

    (void)state;
    assert_int_equal(pipeline->risk.state, STATE_PAUSED);
    assert_int_equal(pipeline->risk.mode, MODE_OBSERVATION);
    assert_true(heard.records > 0);
    assert_int_equal(heard.first_ns, START_NS); /* not in 1970 */
    assert_int_equal(pipeline->state_since_ns, START_NS);
    pipeline_free(pipeline);
}

static void test_a_mode_that_is_configured_anew_goes_ahead(void **state)
{
    struct heard heard = {0};
    struct pipeline *pipeline = start_after(STATE_ACTIVE, MODE_OBSERVATION, "observation", false, &heard);

    (void)state;
    assert_int_equal(pipeline->risk.mode, MODE_SIMULATION);
    pipeline_free(pipeline);
}

static void test_safe_mode_halts_and_leaves_a_kill(void **state)
{
    struct heard heard = {0};
    struct pipeline *pipeline = start_after(STATE_ACTIVE, MODE_SIMULATION, "simulation", true, &heard);

    (void)state;
    assert_int_equal(pipeline->risk.state, STATE_HALTED);
    assert_ptr_equal(strstr(pipeline->state_why, "SAFE MODE, :go ends it"),
                     pipeline->state_why); /* the way out before the reason, which may be cut */
    pipeline_free(pipeline);
    pipeline = start_after(STATE_KILLED, MODE_SIMULATION, "simulation", true, &heard);
    assert_int_equal(pipeline->risk.state, STATE_KILLED);
    pipeline_free(pipeline);
}

/* --- what a crash has left, in words --------------------------------------------------------------------------------- */

static void test_a_crash_is_told_in_words(void **state)
{
    struct store_record record[3] = {{.kind = STORE_POSITION, .symbol = "BTCUSDT"},
                                     {.kind = STORE_POSITION, .symbol = "BTCUSDT", .owner = "manual"},
                                     {.kind = STORE_ORDER, .symbol = "BTCUSDT", .owner = "manual"}};
    struct recovered before = {
        .count = 3, .record = record, .epoch = 7, .crashed = true, .last_ns = START_NS - MINUTE};
    struct config *config = options_config_new();
    struct heard heard = {0};
    struct record_sink sink = {.push = hear, .arg = &heard};
    struct pipeline_config made;
    struct pipeline *pipeline;
    char text[160], why[CONFIG_WHY_SIZE];

    (void)state;
    record[0].position.position.lots = record[1].position.position.lots = -30;
    record[0].position.scale = record[1].position.scale = (struct store_scale){1000000, 100000};
    assert_int_equal(options_pipeline(config, &made, why), ERR_OK);
    config_free(config);
    made.recovered = &before;
    made.start_ns = START_NS;
    pipeline = pipeline_new(&made, &sink);
    assert_non_null(pipeline);
    assert_true(recovery_tell_crash(pipeline, text, sizeof(text)));
    assert_string_equal(text, "the last run ended without a goodbye after 07:59:00 UTC: SHORT 0.03 BTCUSDT "
                              "taken up, 1 open order ended with its paper venue");
    pipeline->recovery.orders = pipeline->recovery.positions = 0;
    assert_true(recovery_tell_crash(pipeline, text, sizeof(text)));
    assert_non_null(strstr(text, "no position, no open order"));
    before.crashed = false;
    assert_false(recovery_tell_crash(pipeline, text, sizeof(text)));
    pipeline_free(pipeline);
}

/* --- the day's figures and the last kill -------------------------------------------------------------------------- */

#define KEPT_MAX 64

static struct store_record kept[KEPT_MAX]; /* the newest of each key, as a journal keeps them */
static size_t kept_count;

static bool keep(void *arg, const struct store_record *record)
{
    size_t at = 0;

    (void)arg;
    if (record->kind != STORE_CONTROL && record->kind != STORE_KILL && record->kind != STORE_TRADING)
        return true;
    while (at < kept_count &&
           (kept[at].kind != record->kind ||
            (record->kind == STORE_CONTROL && strcmp(kept[at].control.name, record->control.name) != 0)))
        at++;
    assert_true(at < KEPT_MAX);
    kept[at] = *record;
    kept_count += at == kept_count;
    return true;
}

static struct pipeline *start_with(struct recovered *before, int64_t start_ns)
{
    struct config *config = options_config_new();
    struct record_sink sink = {.push = keep};
    struct pipeline_config made;
    struct pipeline *pipeline;
    char why[CONFIG_WHY_SIZE];

    assert_int_equal(options_pipeline(config, &made, why), ERR_OK);
    config_free(config);
    made.mode = MODE_SIMULATION;
    made.recovered = before;
    made.start_ns = start_ns;
    pipeline = pipeline_new(&made, &sink);
    assert_non_null(pipeline);
    pipeline_on_time(pipeline, start_ns + MINUTE - MINUTE / 60); /* time begins; and ticks */
    pipeline_on_time(pipeline, start_ns + MINUTE);
    return pipeline;
}

static void say(struct pipeline *pipeline, enum command_kind kind)
{
    struct command command = {.kind = kind, .instrument_id = INSTRUMENT_NONE, .source = "key K"};

    pipeline_on_command(pipeline, &command);
}

/* "Today" is the day, not the run: what controls counted comes back, and a day later it is over. */
static void test_what_controls_counted_today_comes_back(void **state)
{
    struct recovered before = {.count = 0};
    struct pipeline *pipeline;

    (void)state;
    kept_count = 0;
    pipeline = start_with(&before, START_NS);
    assert_int_equal(pipeline->day.since_ns, 0); /* nothing ran before: all of the day is known */
    risk_state_count_denial(&pipeline->risk, RISK_MAX_VALUE, pipeline->now_ns);
    risk_state_count_denial(&pipeline->risk, RISK_MAX_VALUE, pipeline->now_ns);
    risk_state_count_trip(&pipeline->risk, RISK_LOSS_STREAK, pipeline->now_ns);
    pipeline->worst.use[RISK_LIMIT_max_value_e8] = 92316000000;
    pipeline_on_time(pipeline, START_NS + 2 * MINUTE);
    pipeline_free(pipeline); /* no orderly end */

    before = (struct recovered){.count = kept_count, .record = kept, .epoch = 7, .crashed = true};
    pipeline = start_with(&before, START_NS + 5 * MINUTE);
    assert_int_equal(pipeline->risk.denials[RISK_MAX_VALUE], 2);
    assert_int_equal(pipeline->risk.denied_ns[RISK_MAX_VALUE], START_NS + MINUTE);
    assert_int_equal(pipeline->risk.denials[RISK_LOSS_STREAK], 0);
    assert_int_equal(pipeline->risk.trips[RISK_LOSS_STREAK], 1);
    assert_int_equal(day_figures_denied(pipeline), 2);
    assert_int_equal(pipeline->worst.use[RISK_LIMIT_max_value_e8], 92316000000);
    assert_int_equal(pipeline->day.since_ns, 0);
    pipeline_free(pipeline);

    pipeline = start_with(&before, START_NS + 1440 * MINUTE);
    assert_int_equal(day_figures_denied(pipeline), 0);
    assert_int_equal(pipeline->worst.use[RISK_LIMIT_max_value_e8], 0);
    assert_int_equal(pipeline->day.since_ns, 0);
    pipeline_free(pipeline);
}

/* A version that kept none of it ran before, or nothing is kept at all: then it is said from when on it is counted. */
static void test_a_day_known_in_part_says_since_when(void **state)
{
    struct store_record session = {.kind = STORE_SESSION};
    struct recovered before = {.count = 1, .record = &session, .epoch = 7};
    struct pipeline *pipeline = start_with(&before, START_NS);

    (void)state;
    assert_in_range(pipeline->day.since_ns, START_NS, START_NS + MINUTE);
    pipeline_on_time(pipeline, START_NS + 1440 * MINUTE); /* the next one is known from its begin */
    pipeline_on_time(pipeline, START_NS + 1441 * MINUTE);
    assert_int_equal(pipeline->day.since_ns, 0);
    pipeline_free(pipeline);
    pipeline = start_with(NULL, START_NS);
    assert_in_range(pipeline->day.since_ns, START_NS, START_NS + MINUTE);
    pipeline_free(pipeline);
}

/* Told of ten days ahead: what was counted stays until the next midnight, and no later start takes it for its own day's. */
static void test_figures_of_a_clock_that_was_ahead(void **state)
{
    const int64_t day = 1440 * MINUTE;
    struct recovered before = {.count = 0};
    struct pipeline *pipeline;

    (void)state;
    kept_count = 0;
    pipeline = start_with(&before, START_NS + 10 * day);
    risk_state_count_denial(&pipeline->risk, RISK_MAX_VALUE, pipeline->now_ns);
    pipeline->worst.use[RISK_LIMIT_max_value_e8] = 92316000000;
    pipeline_end(pipeline);
    pipeline_free(pipeline);

    before = (struct recovered){.count = kept_count, .record = kept, .epoch = 7};
    pipeline = start_with(&before, START_NS);
    assert_int_equal(day_figures_denied(pipeline), 1);
    risk_state_count_denial(&pipeline->risk, RISK_COLLAR, pipeline->now_ns);
    pipeline_end(pipeline);
    pipeline_free(pipeline);
    before.count = kept_count;
    pipeline = start_with(&before, START_NS + 5 * MINUTE);
    assert_int_equal(day_figures_denied(pipeline), 2);
    assert_int_equal(pipeline->worst.use[RISK_LIMIT_max_value_e8], 92316000000);
    pipeline_free(pipeline);
    before.count = kept_count;
    pipeline = start_with(&before, START_NS + day);
    assert_int_equal(day_figures_denied(pipeline), 0);
    assert_int_equal(pipeline->worst.use[RISK_LIMIT_max_value_e8], 0);
    pipeline_free(pipeline);
}

static void test_the_last_kill_comes_back(void **state)
{
    struct recovered before = {.count = 0};
    struct pipeline *pipeline;
    char text[160];

    (void)state;
    kept_count = 0;
    pipeline = start_with(&before, START_NS);
    kill_last_text(pipeline, text, sizeof(text));
    assert_string_equal(text, "");
    say(pipeline, COMMAND_KILL);
    pipeline_free(pipeline);

    before = (struct recovered){.count = kept_count, .record = kept, .epoch = 7, .crashed = true};
    pipeline = start_with(&before, START_NS + 5 * MINUTE);
    assert_int_equal(pipeline->risk.state, STATE_KILLED);
    assert_int_equal(kill_last(pipeline)->start_ns, START_NS + MINUTE);
    kill_last_text(pipeline, text, sizeof(text));
    assert_string_equal(text, "by key K, everything: no order was open; quiet after 0.0 s; not cleared");
    say(pipeline, COMMAND_KILL); /* once more: nothing is said of orders that nobody counted */
    assert_string_equal(pipeline->answer[(pipeline->answer_count - 1) % PIPELINE_ANSWERS_MAX].text,
                        "KILLED since before this start; no position is open");
    say(pipeline, COMMAND_CLEAR_KILL);
    pipeline_on_time(pipeline, START_NS + 7 * MINUTE);
    pipeline_free(pipeline);

    before.count = kept_count;
    pipeline = start_with(&before, START_NS + 10 * MINUTE);
    assert_int_equal(pipeline->risk.state, STATE_PAUSED);
    kill_last_text(pipeline, text, sizeof(text));
    assert_non_null(strstr(text, "no order was open; quiet after 0.0 s; cleared 08:06:00"));
    pipeline_start_killed(pipeline, "by file KILLED"); /* newer than what the journal knows */
    assert_null(kill_last(pipeline));
    kill_last_text(pipeline, text, sizeof(text));
    assert_string_equal(text, "by file KILLED; not cleared");
    say(pipeline, COMMAND_CLEAR_KILL); /* nobody knows of its orders then either */
    kill_last_text(pipeline, text, sizeof(text));
    assert_string_equal(text, "by file KILLED; cleared 08:11:00 by key K");
    pipeline_free(pipeline);
}

/* --- a journal without room ------------------------------------------------------------------------------------------------ */

static bool room;

static bool push_anyway(void *arg, const struct store_record *record)
{
    (void)arg;
    (void)record;
    return true;
}

static bool commit_if_room(void *arg)
{
    (void)arg;
    return room;
}

/* I2: no order leaves whose intent is not in the journal. */
static void test_an_order_that_cannot_be_kept_does_not_leave(void **state)
{
    const struct level bid = {6000000, 100000}, ask = {6000001, 100000};
    struct world world;
    struct command command = {.kind = COMMAND_ORDER, .source = "test"};

    (void)state;
    world_init(&world, &bid, 1, &ask, 1);
    world.pipeline->sink = (struct record_sink){.push = push_anyway, .commit = commit_if_room};
    command.intent = (struct order_intent){
        .side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = 5990000, .qty_lots = 1000};
    room = true;
    pipeline_on_command(world.pipeline, &command);
    assert_int_equal(world.pipeline->counts.sent, 1);
    room = false;
    command.intent.price_ticks--;
    pipeline_on_command(world.pipeline, &command);
    assert_int_equal(world.pipeline->counts.sent, 1);
    assert_int_equal(order_manager_open_count(world.pipeline->orders), 1);
    assert_int_equal(world.pipeline->risk.state, STATE_HALTED);
    assert_true(risk_approvals_agree(&world.pipeline->approvals));
    pipeline_free(world.pipeline);
}

/* Nor do new terms: the order rests where it was. */
static void test_new_terms_that_cannot_be_kept_do_not_leave(void **state)
{
    const struct level bid = {6000000, 100000}, ask = {6000001, 100000};
    struct command command = {.kind = COMMAND_ORDER, .source = "test"};
    const struct order *order;
    struct world world;

    (void)state;
    world_init(&world, &bid, 1, &ask, 1);
    world.pipeline->sink = (struct record_sink){.push = push_anyway, .commit = commit_if_room};
    command.intent = (struct order_intent){
        .side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = 5990000, .qty_lots = 1000};
    room = true;
    pipeline_on_command(world.pipeline, &command);
    world_depth(&world, MINUTE / 600, false);
    room = false;
    command = (struct command){.kind = COMMAND_MOVE,
                               .source = "test",
                               .order_seq = world.pipeline->placed_seq,
                               .intent = {.price_ticks = 5991000}};
    pipeline_on_command(world.pipeline, &command);
    order = order_manager_find(world.pipeline->orders, command.order_seq);
    assert_non_null(order);
    assert_int_equal(order->state, ORDER_STATE_WORKING);
    assert_int_equal(order->intent.price_ticks, 5990000);
    assert_int_equal(world.pipeline->risk.state, STATE_HALTED);
    assert_int_equal(world.pipeline->approvals.sent, 1); /* the order: no more than has left */
    assert_true(risk_approvals_agree(&world.pipeline->approvals));
    pipeline_free(world.pipeline);
}

/* --- what does not come back ----------------------------------------------------------------------------------------------- */

#define TICK  INT64_C(1000000)
#define DAY   (1440 * MINUTE)
#define TODAY (START_NS / DAY)

/* A run on BTCUSDT after one that left 0.01 of GONEUSDT, bought for 100, and an account of that day. */
static struct pipeline *start_without_gone(int64_t account_day, struct recovered *before,
                                           struct store_record record[5])
{
    static struct instrument instrument;
    struct config *config = options_config_new();
    struct feed_event event = {.kind = FEED_INSTRUMENT, .recv_ns = START_NS, .instrument = &instrument};
    const struct level bid = {6000000, 100000}, ask = {6000001, 100000};
    struct pipeline_config made;
    struct pipeline *pipeline;
    char why[CONFIG_WHY_SIZE];

    memset(record, 0, 5 * sizeof(*record));
    record[0].kind = STORE_INSTRUMENT;
    instrument_init(&record[0].instrument, "GONEUSDT", VENUE_BINANCE_SPOT, 0);
    snprintf(record[0].instrument.base, ASSET_SIZE, "GONE");
    snprintf(record[0].instrument.quote, ASSET_SIZE, "USDT");
    record[1].kind = STORE_POSITION;
    record[1].position.position =
        (struct position){.lots = 1000, .cost_e8 = 10000000000, .cash_e8 = -10000000000};
    record[1].position.scale = (struct store_scale){TICK, 1000};
    record[2].kind = STORE_ACCOUNT;
    snprintf(record[2].account.quote, ASSET_SIZE, "USDT");
    record[2].account.start_e8 = 1000000000000;
    record[2].account.cash_e8 = 990000000000;
    record[2].account.peak_e8 = 1010000000000;
    record[2].account.day_start_e8 = 1005000000000;
    record[2].account.day = account_day;
    record[3].kind = STORE_TIME;
    snprintf(record[3].owner, sizeof(record[3].owner), "manual");
    record[3].time.what = STORE_TIME_MESSAGE;
    record[3].time.at_ns = START_NS + 60 * MINUTE; /* the wall clock has gone back since */
    record[4] = record[3];
    record[3].time.at_ns -= MINUTE / 2;
    for (size_t i = 0; i < 2; i++)
        snprintf(record[i].symbol, SYMBOL_SIZE, "GONEUSDT");
    *before = (struct recovered){.count = 5, .record = record, .epoch = 2, .session = 2, .frames = 9};
    assert_int_equal(options_pipeline(config, &made, why), ERR_OK);
    config_free(config);
    made.mode = MODE_SIMULATION;
    made.recovered = before;
    made.start_ns = START_NS;
    pipeline = pipeline_new(&made, NULL);
    assert_non_null(pipeline);
    instrument_init(&instrument, "BTCUSDT", VENUE_BINANCE_SPOT, 0);
    instrument.tick_e8 = TICK;
    instrument.lot_e8 = 1000;
    snprintf(instrument.quote, ASSET_SIZE, "USDT");
    pipeline_on_feed(pipeline, &event);
    event.kind = FEED_SNAPSHOT;
    event.snapshot = (struct depth_snapshot){
        .recv_ns = START_NS, .last_id = 10, .levels = {&bid, &ask}, .level_count = {1, 1}};
    pipeline_on_feed(pipeline, &event);
    event.kind = FEED_DEPTH;
    event.depth = (struct depth_update){.recv_ns = START_NS, .first_id = 10, .last_id = 12};
    pipeline_on_feed(pipeline, &event);
    return pipeline;
}

static uint64_t ended_seq; /* of an order that was journaled as cancelled */

static bool see_ends(void *arg, const struct store_record *record)
{
    (void)arg;
    if (record->kind == STORE_ORDER && record->order.order.state == ORDER_STATE_CANCELLED &&
        strcmp(record->symbol, "GONEUSDT") == 0)
        ended_seq = record->order.order.seq;
    return true;
}

static void go(struct pipeline *pipeline)
{
    struct command command = {.kind = COMMAND_SET_STATE, .state = STATE_ACTIVE, .source = "test"};

    pipeline_on_command(pipeline, &command);
}

static void test_what_is_not_offered_any_more_halts_until_go(void **state)
{
    struct store_record record[5];
    struct recovered before;
    struct pipeline *pipeline = start_without_gone(TODAY, &before, record);

    (void)state;
    assert_true(pipeline->recovering);
    go(pipeline); /* too early: it may come yet */
    assert_true(pipeline->recovering);
    pipeline_on_time(pipeline, START_NS + 29 * MINUTE / 60);
    assert_int_equal(pipeline->risk.state, STATE_ACTIVE);
    pipeline_on_time(pipeline, START_NS + 32 * MINUTE / 60);
    assert_int_equal(pipeline->risk.state, STATE_HALTED);
    assert_non_null(strstr(pipeline->state_why, "GONEUSDT"));
    assert_int_equal(pipeline->recovery.missing, 1);
    go(pipeline);
    assert_false(pipeline->recovering);
    assert_int_equal(pipeline->risk.state, STATE_ACTIVE);
    assert_int_equal(pipeline->account[0].equity_e8,
                     1000000000000); /* at what was paid: no loss is made up */
    pipeline_on_time(pipeline, START_NS + 34 * MINUTE / 60);
    assert_int_equal(pipeline->risk.state, STATE_ACTIVE);
    pipeline_free(pipeline);
}

/* It is offered again one day: what was carried for it is no second worth beside its own. */
static void test_what_was_left_out_counts_once_when_it_comes(void **state)
{
    static struct instrument instrument;
    struct feed_event event = {.kind = FEED_INSTRUMENT, .instrument = &instrument};
    struct store_record record[5];
    struct recovered before;
    struct pipeline *pipeline = start_without_gone(TODAY, &before, record);

    (void)state;
    pipeline_on_time(pipeline, START_NS + 32 * MINUTE / 60);
    go(pipeline);
    instrument_init(&instrument, "GONEUSDT", VENUE_BINANCE_SPOT, 1);
    instrument.tick_e8 = TICK;
    instrument.lot_e8 = 1000;
    snprintf(instrument.quote, ASSET_SIZE, "USDT");
    event.recv_ns = START_NS + 34 * MINUTE / 60;
    pipeline_on_feed(pipeline, &event);
    assert_int_equal(pipeline->market[1]->total.lots, 1000);
    pipeline_on_time(pipeline, START_NS + 36 * MINUTE / 60);
    assert_int_equal(pipeline->account[0].equity_e8, 1000000000000);
    pipeline_free(pipeline);
}

/* The paper venue is gone with the run: an order in an instrument that does not come is ended, and nobody waits for it. */
static void test_an_order_of_what_does_not_come_is_ended(void **state)
{
    struct store_record record[5];
    struct recovered before;
    struct pipeline *pipeline;
    char told[96];

    (void)state;
    for (int held = 0; held < 2; held++) {
        pipeline = start_without_gone(TODAY, &before, record);
        pipeline->sink = (struct record_sink){.push = see_ends};
        record[1].position.position.lots *= held;
        record[3] = (struct store_record){.kind = STORE_ORDER, .symbol = "GONEUSDT", .owner = "manual"};
        record[3].order.order = (struct order){.seq = 7, .state = ORDER_STATE_WORKING};
        ended_seq = 0;
        pipeline_on_time(pipeline, START_NS + 29 * MINUTE / 60);
        assert_int_equal(ended_seq, 0); /* it may come yet */
        pipeline_on_time(pipeline, START_NS + 32 * MINUTE / 60);
        assert_int_equal(ended_seq, 7);
        assert_int_equal(pipeline->recovery.orders_ended, 1);
        assert_int_equal(pipeline->risk.state, held == 1 ? STATE_HALTED : STATE_ACTIVE);
        assert_true(pipeline->recovering == (held == 1));
        assert_false(recovery_tell_left_out(pipeline, told, sizeof(told)));
        go(pipeline);
        assert_true(recovery_tell_left_out(pipeline, told, sizeof(told)) == (held == 1));
        assert_true(held == 0 || strstr(told, "GONEUSDT: left out") != NULL);
        pipeline_free(pipeline);
    }
}

/* The day's baseline after a start whose clock says: the same day, the day before, a year before. */
static void test_a_clock_that_went_back_forgives_no_loss(void **state)
{
    static const int64_t ahead[] = {0, 1, 365};
    struct store_record record[5];
    struct recovered before;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct pipeline *pipeline = start_without_gone(TODAY + ahead[i], &before, record);

        pipeline_on_time(pipeline, START_NS + 32 * MINUTE / 60);
        go(pipeline);
        assert_int_equal(pipeline->account[0].day_start_e8, 1005000000000);
        assert_int_equal(pipeline->account[0].peak_e8, 1010000000000);
        pipeline_free(pipeline);
    }
    {
        struct pipeline *pipeline = start_without_gone(TODAY - 1, &before, record);

        pipeline_on_time(pipeline, START_NS + 32 * MINUTE / 60);
        go(pipeline);
        assert_int_equal(pipeline->account[0].day_start_e8, 1000000000000); /* a new day */
        assert_int_equal(pipeline->account[0].peak_e8, 1010000000000);
        pipeline_free(pipeline);
    }
}

/* Messages of an hour ahead do not fill the window of a minute for an hour. */
static void test_windows_do_not_wait_for_the_clock_of_before(void **state)
{
    struct store_record record[5];
    struct recovered before;
    struct pipeline *pipeline = start_without_gone(TODAY, &before, record);

    (void)state;
    assert_int_equal(pipeline->risk.rate_60s, 2); /* as those of now and of half a minute before */
    assert_int_equal(pipeline->risk.rate_1s, 1);
    pipeline_on_time(pipeline, START_NS + 2 * MINUTE);
    risk_state_advance(&pipeline->risk, START_NS + 2 * MINUTE);
    assert_int_equal(pipeline->risk.rate_60s, 0);
    pipeline_free(pipeline);
}

#define FOLDER_TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_five_crashes_in_ten_minutes_are_a_loop),
        FOLDER_TEST(test_five_crashes_in_an_hour_are_none),
        FOLDER_TEST(test_crashes_in_the_future_are_a_loop),
        cmocka_unit_test(test_state_and_mode_are_as_they_were),
        cmocka_unit_test(test_a_mode_that_is_configured_anew_goes_ahead),
        cmocka_unit_test(test_a_crash_is_told_in_words),
        cmocka_unit_test(test_safe_mode_halts_and_leaves_a_kill),
        cmocka_unit_test(test_what_controls_counted_today_comes_back),
        cmocka_unit_test(test_a_day_known_in_part_says_since_when),
        cmocka_unit_test(test_figures_of_a_clock_that_was_ahead),
        cmocka_unit_test(test_the_last_kill_comes_back),
        cmocka_unit_test(test_an_order_that_cannot_be_kept_does_not_leave),
        cmocka_unit_test(test_new_terms_that_cannot_be_kept_do_not_leave),
        cmocka_unit_test(test_what_is_not_offered_any_more_halts_until_go),
        cmocka_unit_test(test_what_was_left_out_counts_once_when_it_comes),
        cmocka_unit_test(test_an_order_of_what_does_not_come_is_ended),
        cmocka_unit_test(test_a_clock_that_went_back_forgives_no_loss),
        cmocka_unit_test(test_windows_do_not_wait_for_the_clock_of_before),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    recovered_free(&left);
    return failed;
}
