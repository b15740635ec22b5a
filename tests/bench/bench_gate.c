/*
 * bench_gate.c - what one judgement of the risk gate costs, beside one clock_gettime() of the same run.
 *
 * All controls on, a state as in trading: 16 intents of different kinds in turn, most pass, so that all of the
 * table runs. Two measures: one call between two clock reads, against two reads with nothing between (median
 * and p99 of single calls, the read included); and blocks of 64 calls, which say what a call costs by itself.
 */
#include "core/base/clock.h"
#include "risk/approval.h"
#include "risk/gate.h"
#include "risk/monitor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define E8      INT64_C(100000000)
#define BLOCK   64
#define SAMPLES 20000
#define KINDS   16
#define NOW_NS  INT64_C(1700000000000000000)

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

struct scene {
    struct risk_limits limits;
    struct risk_state state;
    struct risk_instrument at;
    struct instrument instrument;
    struct market_ref ref;
    struct order_intent intent[KINDS];
};

static void scene_init(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    risk_limits_init(&scene->limits, MODE_SIMULATION); /* max_qty_e8 0: derived, the dearer way */
    scene->limits.fee_taker_ppm = scene->limits.fee_maker_ppm = 1000;
    risk_state_init(&scene->state);
    scene->state.mode = MODE_SIMULATION;
    scene->state.state = STATE_ACTIVE;
    scene->state.equity_start_day_e8 = scene->state.equity_e8 = scene->state.equity_peak_e8 = 10000 * E8;
    scene->state.free_quote_e8 = 9000 * E8;
    scene->state.leader_term_ns = INT64_C(5000000000);
    scene->state.leader_beat_ns = NOW_NS - 1;
    scene->state.weight_allowed = 6000;
    scene->state.weight_used = 180;
    scene->at.volatility_bp = 40;
    risk_state_count_message(&scene->state, NOW_NS);
    instrument_init(&scene->instrument, "BTCUSDT", VENUE_BINANCE_SPOT, 0);
    scene->instrument.tick_e8 = E8 / 100;
    scene->instrument.lot_e8 = E8 / 100000;
    scene->instrument.qty_lots_min = 1;
    scene->instrument.qty_lots_max = 900000000;
    scene->instrument.notional_e8_min = 5 * E8;
    scene->instrument.price_ticks_min = 1;
    scene->instrument.price_ticks_max = 100000000;
    scene->ref = (struct market_ref){
        .now_ns = NOW_NS, .book_state = BOOK_LIVE, .best_ticks = {6184218, 6184219}, .last_ticks = 6184218};
    scene->at.position_lots = 1500;
    scene->at.open_orders = 3;
    scene->at.best_own_ticks[SIDE_ASK] = 6186500;
    for (int i = 0; i < KINDS; i++)
        scene->intent[i] =
            (struct order_intent){.owner = (uint16_t)(i % 3),
                                  .side = i % 4 == 3 ? SIDE_ASK : SIDE_BID,
                                  .type = i % 5 == 4 ? ORDER_MARKET : ORDER_LIMIT,
                                  .price_ticks = i % 5 == 4 ? 6184200 + 60 * (i % 4) : 6184000 + i,
                                  .qty_lots = i == 7 ? 20000 : 500 + i};
}

/* Orders of the last 100 ms for DUPLICATE to compare with. */
static void scene_remember(struct scene *scene)
{
    struct order_intent before = scene->intent[0];

    for (int i = 0; i < 9; i++) {
        before.owner = (uint16_t)(i % 3);
        before.price_ticks -= 7;
        risk_state_remember(&scene->state, &before, NOW_NS - 9 + i);
    }
}

static void report(const char *what, int64_t *ns, int calls)
{
    qsort(ns, SAMPLES, sizeof ns[0], by_value);
    printf("%-34s median %7.1f ns   p99 %7.1f ns\n", what, (double)ns[SAMPLES / 2] / calls,
           (double)ns[SAMPLES - SAMPLES / 100] / calls);
}

static uint64_t judge(const struct scene *scene, int i)
{
    struct risk_verdict verdict = risk_gate_check(&scene->limits, &scene->state, &scene->at,
                                                  &scene->instrument, &scene->ref, &scene->intent[i % KINDS]);

    return verdict.answer == RISK_ANSWER_PASSED;
}

/* What each event of the book adds: every 50 ms of event time one. */
static uint64_t watch(const struct scene *scene, struct risk_monitor *monitor, struct risk_actions *actions,
                      int i)
{
    int64_t now_ns = NOW_NS + (int64_t)i * 50000000;

    risk_monitor_ref(monitor, 0, 12368437 + i % 64, now_ns);
    risk_monitor_run(monitor, &scene->limits, &scene->state, now_ns, actions);
    return actions->count + (uint64_t)risk_monitor_volatility_bp(monitor, 0);
}

static uint64_t compare(const struct scene *scene, struct risk_approvals *approvals, uint64_t seq)
{
    struct order order = {.seq = seq, .intent = scene->intent[seq % KINDS]};

    return risk_approval_grant(approvals, &order) && risk_approval_consume(approvals, &order);
}

int main(void)
{
    static struct scene scene;
    static struct risk_monitor monitor;
    static struct risk_approvals approvals;
    static struct risk_actions actions;
    static int64_t one_ns[SAMPLES], none_ns[SAMPLES], gates_ns[SAMPLES], reads_ns[SAMPLES];
    static int64_t watch_ns[SAMPLES], compare_ns[SAMPLES];
    uint64_t passed = 0, sum = 0;

    scene_init(&scene);
    scene_remember(&scene);
    risk_monitor_init(&monitor);
    for (int sample = 0; sample < SAMPLES; sample++) { /* in turn, so that all meet the same machine */
        int64_t start = clock_monotonic_ns();

        passed += judge(&scene, sample);
        one_ns[sample] = clock_monotonic_ns() - start;
        start = clock_monotonic_ns();
        none_ns[sample] = clock_monotonic_ns() - start;
        start = clock_monotonic_ns();
        for (int i = 0; i < BLOCK; i++)
            passed += judge(&scene, i + sample);
        gates_ns[sample] = clock_monotonic_ns() - start;
        start = clock_monotonic_ns();
        for (int i = 0; i < BLOCK; i++)
            sum += (uint64_t)clock_monotonic_ns();
        reads_ns[sample] = clock_monotonic_ns() - start;
        start = clock_monotonic_ns();
        for (int i = 0; i < BLOCK; i++)
            sum += watch(&scene, &monitor, &actions, sample * BLOCK + i);
        watch_ns[sample] = clock_monotonic_ns() - start;
        start = clock_monotonic_ns();
        for (int i = 0; i < BLOCK; i++)
            sum += compare(&scene, &approvals, (uint64_t)sample * BLOCK + (uint64_t)i + 1);
        compare_ns[sample] = clock_monotonic_ns() - start;
    }
    report("one gate between two clock reads", one_ns, 1);
    report("nothing between two clock reads", none_ns, 1);
    report("risk_gate_check, blocks of 64", gates_ns, BLOCK);
    report("clock_gettime, blocks of 64", reads_ns, BLOCK);
    report("a mid noted, all monitors run", watch_ns, BLOCK);
    report("approval granted and consumed", compare_ns, BLOCK);
    printf("gate / clock_gettime %.2f   (%.0f %% passed, check %u)\n",
           (double)gates_ns[SAMPLES / 2] / (double)reads_ns[SAMPLES / 2],
           100.0 * (double)passed / ((double)SAMPLES * (BLOCK + 1)), (unsigned)(sum & 1));
    return 0;
}
