/*
 * test_recovery_property.c - an engine dies at a random moment of a random history, and another one goes on from its
 * journal: money, positions, results, states, limits and windows are the same, nothing is sent before all is back, order
 * numbers never come again, and to recover twice is to recover once. Invariants I3, I16, I17, I30 of the fault model.
 */
#include "unit/core_run.h"

#include "app/recovery.h"
#include "store/journal_frame.h"
#include "store/journal_state.h"

#include <inttypes.h>

#define STEPS    500
#define SEEDS    60
#define DEATHS   10 /* of a history */
#define STEP_MAX 4096

/* A journal in memory: what was committed. */
struct memory {
    struct journal_state *state;
    struct oracle *oracle; /* NULL: nobody else listens */
    uint64_t seq, frames, last_order_seq, asked;
    uint16_t next_slot;
    size_t pushed;
    struct store_record *step;
    char forgets[OWNER_NAME_SIZE]; /* a strategy with a fill, whose memory has not come yet */
    uint64_t fill_input;
    const struct pipeline *pipeline; /* whose journal it is; NULL: not looked at */
};

static uint64_t strategy_fills;

/* One that is off hears of nothing. */
static bool hears(const struct memory *memory, const char *owner)
{
    for (size_t i = 1; memory->pipeline != NULL && i < memory->pipeline->owners; i++)
        if (strcmp(memory->pipeline->owner[i].name, owner) == 0)
            return memory->pipeline->owner[i].started;
    return false;
}

/* What a strategy remembers of its fill is told by the input that brought it. */
static void check_memory(struct memory *memory, const struct store_record *record)
{
    if (memory->forgets[0] != '\0' && !hears(memory, memory->forgets))
        memory->forgets[0] = '\0'; /* the fill has turned it off */
    if (memory->forgets[0] != '\0' && record->input_seq != memory->fill_input)
        fail_msg("%s had a fill with input %" PRIu64 ", and nothing of what it remembers was told",
                 memory->forgets, memory->fill_input);
    if (record->kind == STORE_MEMORY && strcmp(record->owner, memory->forgets) == 0)
        memory->forgets[0] = '\0';
    if (record->kind != STORE_FILL || !hears(memory, record->owner))
        return;
    snprintf(memory->forgets, sizeof(memory->forgets), "%s", record->owner);
    memory->fill_input = record->input_seq;
    strategy_fills++;
}

static bool memory_push(void *arg, const struct store_record *record)
{
    struct memory *memory = arg;

    assert_true(memory->pushed < STEP_MAX);
    memory->step[memory->pushed++] = *record;
    return memory->oracle == NULL || oracle_record(memory->oracle, record);
}

static bool memory_commit(void *arg)
{
    struct memory *memory = arg;
    unsigned char body[RECORD_BODY_MAX];
    char why[160];

    for (size_t i = 0; i < memory->pushed; i++) {
        const struct store_record *record = &memory->step[i];
        struct frame_head head = {.seq = ++memory->seq,
                                  .ts_ns = record->ts_ns,
                                  .input_seq = record->input_seq,
                                  .kind = (uint16_t)record->kind};

        head.body_size = (uint32_t)record_encode(record, body, sizeof(body));
        assert_true(head.body_size > 0);
        check_memory(memory, record);
        if (journal_state_apply(memory->state, &head, body, why, sizeof(why)) != ERR_OK)
            fail_msg("%s", why);
        if (record->kind == STORE_TIME) {
            memory->next_slot = (uint16_t)(record->time.slot + 1);
            memory->last_order_seq = record->time.order_seq;
        }
    }
    memory->frames += memory->pushed;
    memory->pushed = 0;
    return true;
}

static bool keep(void *arg, const struct store_record *record)
{
    struct recovered *left = arg;

    left->record[left->count++] = *record;
    return true;
}

static struct recovered left_of(const struct memory *memory)
{
    struct recovered left = {.epoch = 2, .session = 2, .crashed = true};

    left.record = calloc(journal_state_count(memory->state) + 1, sizeof(*left.record));
    assert_non_null(left.record);
    journal_state_each(memory->state, 0, keep, &left);
    left.last_order_seq = memory->last_order_seq;
    left.next_slot = memory->next_slot;
    return left;
}

/* --- the engine after ---------------------------------------------------------------------------------------------- */

static struct pipeline *engine_after(const struct run *run, const struct recovered *left,
                                     struct memory *memory)
{
    struct pipeline_config config = run->config;
    struct record_sink sink = {memory_push, memory, memory_commit};
    struct pipeline *after;

    config.recovered = left;
    after = pipeline_new(&config, &sink);
    assert_non_null(after);
    after->now_ns = run->pipeline->now_ns;
    return after;
}

static void hear_of_instruments(const struct run *run, struct pipeline *after)
{
    for (size_t i = 0; i < CORE_MARKETS; i++) {
        struct feed_event event = {.kind = FEED_INSTRUMENT,
                                   .recv_ns = run->pipeline->now_ns,
                                   .instrument = run->pipeline->market[i]->instrument};

        pipeline_on_feed(after, &event);
    }
}

#define SAME(a, b)                                                                                           \
    do {                                                                                                     \
        if ((a) != (b))                                                                                      \
            fail_msg("%s: %lld before, %lld after (seed %llu)", #a, (long long)(a), (long long)(b),          \
                     (unsigned long long)seed);                                                              \
    } while (0)

static void same_positions(uint64_t seed, const struct pipeline *before, const struct pipeline *after)
{
    for (size_t i = 0; i < before->markets; i++) {
        const struct market_state *was = before->market[i], *is = after->market[i];
        const struct paper_holding *holds = paper_broker_holding(after->broker, (uint16_t)i);

        assert_memory_equal(&was->total, &is->total, sizeof(was->total));
        SAME(was->total.lots, holds->position.lots);
        for (size_t o = 0; o < before->owners; o++) {
            assert_memory_equal(&was->owned[o], &is->owned[o], sizeof(was->owned[o]));
            SAME(was->trip_base_e8[o], is->trip_base_e8[o]);
            SAME(was->day_start[o].realised_e8, is->day_start[o].realised_e8);
            SAME(was->day_start[o].fees_e8, is->day_start[o].fees_e8);
            SAME(was->day_start[o].cost_e8, is->day_start[o].cost_e8);
        }
    }
}

static void same_money(uint64_t seed, const struct pipeline *before, const struct pipeline *after)
{
    const struct paper_account *was = paper_broker_account(before->broker),
                               *is = paper_broker_account(after->broker);

    SAME(before->accounts, after->accounts);
    for (size_t i = 0; i < before->accounts; i++) {
        assert_string_equal(before->account[i].quote, after->account[i].quote);
        SAME(before->account[i].cash_e8, after->account[i].cash_e8);
        SAME(before->account[i].start_e8, after->account[i].start_e8);
        SAME(before->account[i].fees_elsewhere_e8, after->account[i].fees_elsewhere_e8);
        SAME(before->account[i].peak_e8, after->account[i].peak_e8);
        SAME(before->account[i].max_drawdown_e8, after->account[i].max_drawdown_e8);
        SAME(before->account[i].day_start_e8, after->account[i].day_start_e8);
        SAME(before->account[i].day, after->account[i].day);
    }
    /* What the venue has done and not told yet has not happened: then its balances are ahead of ours. */
    for (size_t i = 0;
         was->on && i < was->count && before->gateway.ops->next_due_ns(before->gateway.self) == INT64_MAX;
         i++) {
        const struct paper_asset *asset = NULL;

        for (size_t j = 0; j < is->count; j++)
            if (strcmp(was->asset[i].name, is->asset[j].name) == 0)
                asset = &is->asset[j];
        if (was->asset[i].free_e8 == 0 && was->asset[i].locked_e8 == 0 && asset == NULL)
            continue;
        assert_non_null(asset);
        SAME(was->asset[i].free_e8 + was->asset[i].locked_e8, asset->free_e8 + asset->locked_e8);
        SAME(was->asset[i].fees_e8, asset->fees_e8);
        SAME(was->asset[i].funding_e8, asset->funding_e8);
        SAME(was->asset[i].transfers_e8, asset->transfers_e8);
        SAME(was->asset[i].insurance_e8, asset->insurance_e8);
    }
    for (size_t i = 0; i < is->count; i++)
        assert_true(is->asset[i].free_e8 >= 0 && is->asset[i].locked_e8 >= 0);
}

static enum trading_state without_schedule(const struct pipeline *pipeline)
{
    bool paused = pipeline->risk.state == STATE_PAUSED && pipeline->calendar_holds;

    return paused ? pipeline->risk.beneath : pipeline->risk.state;
}

static void same_controls(uint64_t seed, struct pipeline *before, struct pipeline *after)
{
    /* Inside a window of the schedule the start pauses anew, whatever an operator did about it. */
    enum trading_state was = without_schedule(before), is = without_schedule(after);

    SAME(was, is);
    if (was >= STATE_HALTED || (was == STATE_PAUSED && is == STATE_PAUSED))
        SAME(before->risk.beneath, after->risk.beneath);
    SAME(before->risk.halted_by, after->risk.halted_by);
    SAME(before->monitor.streak, after->monitor.streak);
    SAME(before->monitor.trip_worst, after->monitor.trip_worst);
    for (size_t o = 0; o < before->owners; o++) {
        SAME(before->owner[o].on, after->owner[o].on);
        SAME(before->owner[o].paused, after->owner[o].paused);
        SAME(before->owner[o].disabled, after->owner[o].disabled);
        SAME(before->risk.owner_disabled[o], after->risk.owner_disabled[o]);
        SAME(before->risk.strategy_paused[o], after->risk.strategy_paused[o]);
        SAME(before->monitor.owner[o].streak, after->monitor.owner[o].streak);
        SAME(before->monitor.owner[o].trip_worst, after->monitor.owner[o].trip_worst);
        SAME(risk_times_within(&before->monitor.owner[o].rejects, MINUTE_NS, before->now_ns),
             risk_times_within(&after->monitor.owner[o].rejects, MINUTE_NS, before->now_ns));
        SAME(risk_times_within(&before->monitor.owner[o].entries, MINUTE_NS, before->now_ns),
             risk_times_within(&after->monitor.owner[o].entries, MINUTE_NS, before->now_ns));
        SAME(risk_times_within(&before->monitor.owner[o].fills, MINUTE_NS, before->now_ns),
             risk_times_within(&after->monitor.owner[o].fills, MINUTE_NS, before->now_ns));
    }
    for (size_t o = 1; o < before->owners; o++)
        for (size_t i = 0; i < strategy_instance_manifest(before->owner[o].strategy)->parameter_count; i++)
            SAME(strategy_instance_parameter(before->owner[o].strategy, i),
                 strategy_instance_parameter(after->owner[o].strategy, i));
    for (size_t i = 0; i < before->markets; i++)
        SAME(before->risk.symbol_halted[i], after->risk.symbol_halted[i]);
    for (int id = 0; id < RISK_LIMITS; id++)
        SAME(risk_limit_value(&before->config.limits, (enum risk_limit_id)id),
             risk_limit_value(&after->config.limits, (enum risk_limit_id)id));
    risk_state_advance(&before->risk, before->now_ns);
    risk_state_advance(&after->risk, before->now_ns);
    SAME(before->risk.rate_60s, after->risk.rate_60s);
    SAME(before->risk.rate_1s, after->risk.rate_1s);
}

static void feed_after(void *arg, const struct feed_event *event)
{
    pipeline_on_feed(arg, event);
}

static void bring_live(const struct run *run, struct pipeline *after, uint16_t id)
{
    struct core_markets markets = run->markets;

    markets.feed = feed_after;
    markets.arg = after;
    core_snapshot(&markets, &markets.market[id]);
    for (int i = 0; i < 200 && after->market[id]->book_state != BOOK_LIVE; i++)
        core_depth(&markets, &markets.market[id]);
}

/* Nothing leaves before all is back, whoever asks: not even where one book is LIVE and another position is not. */
static void nothing_leaves(const struct run *run, uint64_t seed, struct pipeline *after, uint64_t *asked)
{
    struct command command = {.kind = COMMAND_ORDER, .source = "key"};
    const struct core_market *market = &run->markets.market[0];

    if (!after->recovering)
        return;
    bring_live(run, after, 0);
    if (!after->recovering || after->market[0]->book_state != BOOK_LIVE)
        return;
    command.intent = (struct order_intent){.type = ORDER_LIMIT,
                                           .side = SIDE_BID,
                                           .price_ticks = market->shown_mid - 20 * market->unit,
                                           .qty_lots = market->finer > 0 ? 10000 : 1000};
    pipeline_on_command(after, &command);
    command.kind = COMMAND_FLATTEN;
    pipeline_on_command(after, &command);
    SAME(after->counts.sent, 0U);
    *asked += after->risk.state == STATE_ACTIVE;
}

static void die_and_go_on(struct run *run, uint64_t seed, struct memory *memory)
{
    struct memory second = *memory;
    struct recovered left = left_of(memory), again;
    struct pipeline *after, *twice;
    size_t records;

    second.oracle = NULL;
    second.pushed = 0;
    second.seq = 0;
    second.step = calloc(STEP_MAX, sizeof(*second.step));
    second.state = journal_state_new();
    assert_true(second.step != NULL && second.state != NULL);
    for (size_t i = 0; i < left.count; i++)
        memory_push(&second, &left.record[i]);
    memory_commit(&second);
    second.last_order_seq = memory->last_order_seq;
    second.next_slot = memory->next_slot;
    records = journal_state_count(second.state);

    after = engine_after(run, &left, &second);
    assert_true(order_manager_last_seq(after->orders) >= order_manager_last_seq(run->pipeline->orders));
    hear_of_instruments(run, after);
    same_positions(seed, run->pipeline, after);
    same_money(seed, run->pipeline, after);
    same_controls(seed, run->pipeline, after);
    SAME(order_manager_open_count(after->orders), 0U);
    assert_true(journal_state_count(second.state) <=
                records + 1); /* no second life of anything but the state itself */

    again = left_of(&second);
    for (size_t i = 0; i < again.count; i++)
        assert_int_not_equal(again.record[i].kind, STORE_ORDER); /* the venue that had them is gone */
    second.oracle = NULL;
    twice = engine_after(run, &again, &second);
    hear_of_instruments(run, twice);
    same_positions(seed, run->pipeline, twice);
    same_money(seed, run->pipeline, twice);
    same_controls(seed, run->pipeline, twice);
    nothing_leaves(run, seed, twice, &memory->asked);

    pipeline_free(after);
    pipeline_free(twice);
    recovered_free(&left);
    recovered_free(&again);
    journal_state_free(second.state);
    free(second.step);
}

/* So that a market's jump halts it now and then. */
static void tighten(struct run *run)
{
    run->config.limits.collar_window_bp = run->pipeline->config.limits.collar_window_bp =
        run->pipeline->configured_limit[RISK_LIMIT_collar_window_bp] = 25;
}

static void run_history(uint64_t seed, uint64_t *asked, uint64_t *halts)
{
    static struct run run;

    struct memory memory = {
        .state = journal_state_new(), .oracle = &run.oracle, .step = calloc(STEP_MAX, sizeof(*memory.step))};
    struct record_sink sink = {memory_push, &memory, memory_commit};

    assert_true(memory.state != NULL && memory.step != NULL);
    run_sink = &sink;
    open_run(&run, seed, feed_whole);
    memory.pipeline = run.pipeline;
    if (seed % 2 == 0)
        tighten(&run);
    for (int step = 0; step < STEPS; step++) {
        core_market_step(&run.markets);
        if (chance(&run, 2))
            trader_step(&run);
        if (chance(&run, 25))
            bring_back(&run);
        if (step == STEPS / 2 && seed % 4 == 1)
            run.markets.now_ns += 14 * 60 * MINUTE_NS; /* into the next day */
        for (size_t i = 0; i < run.pipeline->markets; i++)
            *halts += run.pipeline->risk.symbol_halted[i] != RISK_PASS;
        assert_int_equal(memory.pushed, 0); /* every event ends with a commit */
        if (chance(&run, STEPS / DEATHS) && run.pipeline->markets == CORE_MARKETS)
            die_and_go_on(&run, seed, &memory);
    }
    *asked += memory.asked;
    close_run(&run);
    run_sink = NULL;
    journal_state_free(memory.state);
    free(memory.step);
}

static void test_another_engine_goes_on_where_one_died(void **state)
{
    const char *first = getenv("FLOWDECK_SEED");
    uint64_t seed = first == NULL ? 1 : strtoull(first, NULL, 10);
    uint64_t seeds = getenv("FLOWDECK_SOAK") != NULL ? 2000 : SEEDS, asked = 0, halts = 0;

    (void)state;
    for (uint64_t i = 0; i < seeds; i++)
        run_history(seed + i, &asked, &halts);
    print_message("%llu steps with a halted symbol, %llu asked while recovering\n", (unsigned long long)halts,
                  (unsigned long long)asked);
    print_message("%" PRIu64 " fills of strategies, each with what its strategy remembers\n", strategy_fills);
    assert_true(first != NULL || (asked > 0 && halts > 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_another_engine_goes_on_where_one_died),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
