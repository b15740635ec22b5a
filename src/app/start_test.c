#include "app/start_test.h"

#include "store/crash_count.h"
#include "store/recovered.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define DRY_NS    INT64_C(1700000000000000000)
#define DRY_TICKS INT64_C(10000)
#define DRY_LOTS  INT64_C(1000)
#define NS_PER_S  INT64_C(1000000000)
/* Longer than POST_TRADE waits for its next look, and for the one after a difference. */
#define LOOK_NS  (40 * NS_PER_S)
#define AGAIN_NS (2 * NS_PER_S)

/* Of the settings only what is under test: an account of any size must pass. */
static struct pipeline *dry_pipeline(const struct pipeline_config *config, const struct recovered *left,
                                     struct instrument *instrument)
{
    struct pipeline_config *made = malloc(sizeof(*made));
    struct pipeline *pipeline;

    if (made == NULL)
        return NULL;
    *made = (struct pipeline_config){.mode = MODE_SIMULATION,
                                     .signals = config->signals,
                                     .execution = config->execution,
                                     .groups = config->groups,
                                     .paper = {.account = true, .leverage = 1},
                                     .account_start_e8 = INT64_C(1000000000000),
                                     .exit_keeps_orders = config->exit_keeps_orders,
                                     .recovered = left,
                                     .dry = true};
    risk_limits_init(&made->limits, MODE_SIMULATION);
    pipeline = pipeline_new(made, NULL);
    free(made);
    instrument_init(instrument, "DRYUSDT", VENUE_BINANCE_SPOT, 0);
    instrument->tick_e8 = 1000000;
    instrument->lot_e8 = 1000;
    return pipeline;
}

/* One instrument with a book of two prices, and a buy order that rests under it. */
static bool dry_order(struct pipeline *pipeline, const struct instrument *instrument)
{
    const struct level bid = {DRY_TICKS, DRY_LOTS}, ask = {DRY_TICKS + 1, DRY_LOTS};
    struct feed_event event = {.kind = FEED_INSTRUMENT, .recv_ns = DRY_NS, .instrument = instrument};
    struct command command = {.kind = COMMAND_ORDER, .source = "self-test"};

    pipeline_on_feed(pipeline, &event);
    event.kind = FEED_SNAPSHOT;
    event.snapshot = (struct depth_snapshot){
        .recv_ns = DRY_NS, .last_id = 10, .levels = {&bid, &ask}, .level_count = {1, 1}};
    pipeline_on_feed(pipeline, &event);
    event.kind = FEED_DEPTH;
    event.depth = (struct depth_update){.recv_ns = DRY_NS, .first_id = 10, .last_id = 12};
    pipeline_on_feed(pipeline, &event);
    command.intent = (struct order_intent){.owner = OWNER_MANUAL,
                                           .side = SIDE_BID,
                                           .type = ORDER_LIMIT,
                                           .price_ticks = DRY_TICKS - 10,
                                           .qty_lots = DRY_LOTS};
    pipeline_on_command(pipeline, &command);
    pipeline_on_time(pipeline, DRY_NS + NS_PER_S);
    return order_manager_open_count(pipeline->orders) == 1;
}

/* Equal books are left in peace; a lot that the venue does not know of reduces. */
static bool dry_compare(struct pipeline *pipeline)
{
    int64_t now_ns = DRY_NS + LOOK_NS;

    pipeline_on_time(pipeline, now_ns);
    if (pipeline->compared_ns == 0 || pipeline->differed || pipeline->risk.state != STATE_ACTIVE)
        return false;
    pipeline->market[0]->total.lots++;
    pipeline_on_time(pipeline, now_ns += LOOK_NS);
    pipeline_on_time(pipeline, now_ns + AGAIN_NS);
    return pipeline->risk.state == STATE_REDUCING;
}

/* The start after so many crashes, a second apart, the first of them just old enough to count: is it in safe mode? */
static bool dry_start_is_safe(const struct pipeline_config *config, unsigned crashes)
{
    struct recovered left = {.epoch = 2, .session = 2, .crashed = true};
    struct instrument instrument;
    struct pipeline *pipeline;
    bool safe;

    for (unsigned i = 0; i < crashes; i++)
        crash_count_add(left.crash_ns, DRY_NS - CRASH_COUNT_NS + 1 + i * NS_PER_S);
    left.safe_mode = crash_count_is_loop(left.crash_ns, DRY_NS);
    pipeline = dry_pipeline(config, &left, &instrument);
    safe = pipeline != NULL && pipeline->risk.state == STATE_HALTED;
    pipeline_free(pipeline);
    return safe;
}

static void dry_run(const struct pipeline_config *config, struct risk_selftest *out)
{
    struct instrument instrument;
    struct pipeline *pipeline = dry_pipeline(config, NULL, &instrument);
    bool ok = pipeline != NULL && dry_order(pipeline, &instrument);

    if (ok)
        pipeline_leave(pipeline);
    risk_selftest_enter(out, RISK_CANCEL_ON_EXIT,
                        ok &&
                            (order_manager_open_count(pipeline->orders) == 0) == !config->exit_keeps_orders);
    risk_selftest_enter(out, RISK_POST_TRADE, ok && dry_compare(pipeline));
    risk_selftest_enter(out, RISK_CRASH_LOOP,
                        !dry_start_is_safe(config, STORE_CRASHES - 1) &&
                            dry_start_is_safe(config, STORE_CRASHES));
    pipeline_free(pipeline);
}

enum err start_test_run(struct pipeline *pipeline, const struct life_page *life, int64_t now_ns, char *why,
                        size_t why_size)
{
    struct risk_monitor *scratch = malloc(sizeof(*scratch));
    struct risk_selftest *result = &pipeline->selftest;

    if (scratch == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    (void)risk_selftest_run(&risk_core_real, &pipeline->config.limits, now_ns, scratch, result);
    free(scratch);
    dry_run(&pipeline->config, result);
    if (life != NULL && atomic_load(&life->watcher) == LIFE_WATCHES)
        risk_selftest_enter(result, RISK_DEADMAN, true); /* else there was no start */
    if (result->failed == 0)
        return ERR_OK;
    risk_selftest_enter(result, RISK_SELFTEST, false);
    snprintf(why, why_size, "a pre-trade control failed its self-test: %s", result->why);
    return ERR_STATE;
}
