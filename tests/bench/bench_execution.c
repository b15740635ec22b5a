/*
 * bench_execution.c - what one call of the execution engine costs, beside one clock_gettime() of the same run.
 *
 * Nothing to do is the common case: a target's order stands at the touch; two quotes stand where they were asked.
 * Then one call in which an order has to be followed. Blocks of 64 calls, in turn with the clock; medians.
 */
#include "core/base/clock.h"
#include "exec/execution.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK   64
#define SAMPLES 20000
#define NOW_NS  INT64_C(1700000000000000000)
#define SCENES  4
#define ALLOWED                                                                                              \
    10 /* times a clock read while there is nothing to do: far above what it takes, below a mistake */

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

struct scene {
    const char *what;
    uint16_t owner;
    struct order order[2];
    const struct order *orders[2];
    struct execution_view view;
};

static struct order resting(uint64_t seq, uint16_t owner, enum side side, int64_t price_ticks, int64_t lots)
{
    return (struct order){
        .seq = seq,
        .state = ORDER_STATE_WORKING,
        .sent_ns = NOW_NS,
        .acked_ns = NOW_NS,
        .queue_expected_lots = 100,
        .intent = {
            .owner = owner, .side = side, .post_only = true, .price_ticks = price_ticks, .qty_lots = lots}};
}

static void scene_add(struct scene *scene, const char *what, uint16_t owner,
                      const struct instrument *instrument, const struct order_book *book)
{
    scene->what = what;
    scene->owner = owner;
    scene->view = (struct execution_view){.instrument = instrument,
                                          .book = book,
                                          .orders = scene->orders,
                                          .ref = {.now_ns = NOW_NS,
                                                  .book_state = BOOK_LIVE,
                                                  .best_ticks = {600000, 600001},
                                                  .best_lots = {500, 500}}};
    scene->orders[0] = &scene->order[0];
    scene->orders[1] = &scene->order[1];
}

static void scenes_init(struct scene *scene, struct execution *execution, const struct instrument *instrument,
                        const struct order_book *book)
{
    static const char *const words[SCENES] = {"no goal", "target, its order at the touch",
                                              "two quotes in place", "an order to follow, held back"};
    struct goal goal = {.kind = GOAL_TARGET, .target_lots = 100, .urgency = URGENCY_PASSIVE};
    struct goal quotes = {.kind = GOAL_QUOTES, .owner = 2, .quote = {{599990, 50}, {600011, 50}}};

    for (uint16_t i = 0; i < SCENES; i++)
        scene_add(&scene[i], words[i], i, instrument, book);
    goal.owner = 1;
    execution_set(execution, &goal, &scene[0].view.ref);
    execution_set(execution, &quotes, &scene[0].view.ref);
    goal.owner = 3;
    execution_set(execution, &goal, &scene[0].view.ref);
    scene[1].order[0] = resting(1, 1, SIDE_BID, 600000, 100);
    scene[1].view.order_count = 1;
    scene[2].order[0] = resting(2, 2, SIDE_BID, 599990, 50);
    scene[2].order[1] = resting(3, 2, SIDE_ASK, 600011, 50);
    scene[2].view.order_count = 2;
    scene[3].order[0] = resting(4, 3, SIDE_BID, 599000, 100);
    scene[3].view.order_count = 1;
}

static uint64_t run(struct execution *execution, struct scene *scene)
{
    static struct execution_actions out;

    scene->view.ref.now_ns += 1000;
    execution_run(execution, scene->owner, &scene->view, &out);
    return out.intents + out.cancels + out.replaces;
}

int main(void)
{
    static struct scene scene[SCENES];
    static int64_t calls_ns[SCENES][SAMPLES], reads_ns[SAMPLES];
    struct execution_params params = execution_params_default();
    struct execution *execution = execution_new(&params);
    struct order_book *book = order_book_new();
    struct instrument instrument;
    uint64_t actions[SCENES] = {0}, sum = 0;
    double read_ns, worst = 0;

    if (execution == NULL || book == NULL)
        return 1;
    instrument_init(&instrument, "BTCUSDT", VENUE_BINANCE_USDM, 0);
    instrument.tick_e8 = 10000000;
    instrument.lot_e8 = 100000;
    for (int i = 0; i < 100; i++) {
        order_book_set(book, SIDE_BID, 600000 - i, 500);
        order_book_set(book, SIDE_ASK, 600001 + i, 500);
    }
    scenes_init(scene, execution, &instrument, book);
    for (int sample = 0; sample < SAMPLES; sample++) {
        int64_t start;

        for (int s = 0; s < SCENES; s++) {
            start = clock_monotonic_ns();
            for (int i = 0; i < BLOCK; i++)
                actions[s] += run(execution, &scene[s]);
            calls_ns[s][sample] = clock_monotonic_ns() - start;
        }
        start = clock_monotonic_ns();
        for (int i = 0; i < BLOCK; i++)
            sum += (uint64_t)clock_monotonic_ns();
        reads_ns[sample] = clock_monotonic_ns() - start;
    }
    qsort(reads_ns, SAMPLES, sizeof reads_ns[0], by_value);
    read_ns = (double)reads_ns[SAMPLES / 2] / BLOCK;
    for (int s = 0; s < SCENES; s++) {
        double call_ns;

        qsort(calls_ns[s], SAMPLES, sizeof calls_ns[s][0], by_value);
        call_ns = (double)calls_ns[s][SAMPLES / 2] / BLOCK;
        printf("%-32s median %6.1f ns   p99 %6.1f ns   / clock_gettime %.2f   (%u actions)\n", scene[s].what,
               call_ns, (double)calls_ns[s][SAMPLES - SAMPLES / 100] / BLOCK, call_ns / read_ns,
               (unsigned)actions[s]);
        if (s < 3 && call_ns / read_ns > worst)
            worst = call_ns / read_ns;
    }
    printf("clock_gettime %.1f ns (check %u)\n", read_ns, (unsigned)(sum & 1));
    execution_free(execution);
    order_book_free(book);
    return worst <= ALLOWED ? 0 : 1;
}
