/*
 * test_market_facts.c - the made market looks like recordings of the real one: each measured fact with a generous band.
 *
 * One seeded stretch; prints what it measured beside the fact and the band. A maximum is one of all 20 minutes here
 * and of some five in the recordings, so its band reaches higher.
 */
#include "cmocka_all.h"

#include "unit/people_world.h"
#include "unit/sim_stats.h"

#include <stdio.h>

#define MINUTES 20
#define SEED    1

struct fact {
    const char *name;
    double real, low, high, value;
};

static struct sim_world *world;
static struct sim_stats *spot, *contract, *ether, *ether_contract;

static int run_market(void **state)
{
    static const char *const names[] = {"BTCUSDT", "ETHUSDT", NULL};
    size_t btc, eth, usdm, eth_usdm;

    (void)state;
    world = sim_world_new(SEED, names);
    btc = sim_world_index(world, "BTCUSDT", false);
    eth = sim_world_index(world, "ETHUSDT", false);
    usdm = sim_world_index(world, "BTCUSDT", true);
    eth_usdm = sim_world_index(world, "ETHUSDT", true);
    spot = sim_stats_new(&world->symbol[btc], world->book[btc], 5.0, 100);
    ether = sim_stats_new(&world->symbol[eth], world->book[eth], 0.5, 20);
    contract = sim_stats_new(&world->symbol[usdm], world->book[usdm], 5.0, 15);
    ether_contract = sim_stats_new(&world->symbol[eth_usdm], world->book[eth_usdm], 0.5, 20);
    assert_true(spot != NULL && ether != NULL && contract != NULL && ether_contract != NULL);
    for (int tenth = 0; tenth < MINUTES * 600; tenth++) {
        sim_world_run(world, 0.05);
        sim_stats_twentieth(contract);
        sim_stats_twentieth(ether_contract);
        sim_world_run(world, 0.05);
        sim_stats_tenth(spot);
        sim_stats_tenth(ether);
        sim_stats_tenth(contract);
        sim_stats_tenth(ether_contract);
    }
    return 0;
}

static int drop_market(void **state)
{
    (void)state;
    sim_stats_free(spot);
    sim_stats_free(ether);
    sim_stats_free(contract);
    sim_stats_free(ether_contract);
    sim_world_free(world);
    return 0;
}

static void check(const char *title, const struct fact *fact, size_t count)
{
    unsigned outside = 0;

    printf("%s, %d minutes\n  %-44s %10s %10s %21s\n", title, MINUTES, "fact", "real", "made", "band");
    for (size_t i = 0; i < count; i++) {
        bool fits = fact[i].value >= fact[i].low && fact[i].value <= fact[i].high;

        printf("  %-44s %10.4g %10.4g %10.4g..%-9.4g%s\n", fact[i].name, fact[i].real, fact[i].value,
               fact[i].low, fact[i].high, fits ? "" : "  <- outside");
        outside += !fits;
    }
    assert_int_equal(outside, 0);
}

static double variance_to_mean(const struct stats_sample *sample)
{
    double mean, variance;

    stats_moments(sample, &mean, &variance);
    return variance / mean;
}

static double mean_of(const struct stats_sample *sample)
{
    double mean, variance;

    stats_moments(sample, &mean, &variance);
    return mean;
}

static double range_of(const struct sim_stats *stats, double share)
{
    struct stats_sample ranges = {0};
    double value;

    sim_stats_ranges(stats, &ranges);
    value = stats_quantile(&ranges, share);
    free(ranges.value);
    return value;
}

static double imbalance_with(const struct sim_stats *stats, size_t which)
{
    return stats_correlation(&stats->imbalance[1], &stats->imbalance[which], 0);
}

#define AT(sample, share) stats_quantile(&(sample), share)

static void test_spot_btcusdt(void **state)
{
    const struct sim_stats *s = spot;
    double orders = (double)s->taker_orders, seconds = MINUTES * 60.0;
    const struct fact facts[] = {
        {"spread of one tick, share of time, %", 99.3, 97.0, 99.9, 100.0 * s->one_tick_ns / s->all_ns},
        {"spread, p99 of quotes, ticks", 363, 40, 1000, AT(s->spread, 0.99)},
        {"gap near the touch, median, ticks", 19, 6, 45, AT(s->gap, 0.5)},
        {"gap near the touch, p90, ticks", 104, 40, 250, AT(s->gap, 0.9)},
        {"level size p10, BTC", 0.0002, 0.00005, 0.001, AT(s->level, 0.1)},
        {"level size median, BTC", 0.065, 0.02, 0.15, AT(s->level, 0.5)},
        {"level size p99, BTC", 4.1, 1.3, 10, AT(s->level, 0.99)},
        {"level at a round price, median, BTC", 1.05, 0.35, 4, AT(s->round, 0.5)},
        {"touch size p10, BTC", 0.008, 0.001, 0.05, AT(s->touch, 0.1)},
        {"touch size median, BTC", 1.1, 0.4, 3, AT(s->touch, 0.5)},
        {"touch size p90, BTC", 4.2, 2, 12, AT(s->touch, 0.9)},
        {"row of 5.00 median, BTC", 1.7, 0.8, 4, AT(s->row, 0.5)},
        {"row of 5.00 p90, BTC", 4.4, 2, 10, AT(s->row, 0.9)},
        {"row of 5.00 p99, BTC", 10.2, 5, 25, AT(s->row, 0.99)},
        {"row of 5.00 max, BTC", 15.3, 7, 50, AT(s->row, 1.0)},
        {"trades a second, median", 15, 5, 45, AT(s->trades_in_second, 0.5)},
        {"trades a second, p99", 219, 100, 600, AT(s->trades_in_second, 0.99)},
        {"trades a second, variance to mean", 120, 40, 360, variance_to_mean(&s->trades_in_second)},
        {"trade value median, USDT", 41, 15, 140, AT(s->value, 0.5)},
        {"trade value p99, USDT", 20000, 6000, 50000, AT(s->value, 0.99)},
        {"prints to one taker order", 2.8, 1.5, 5, mean_of(&s->prints)},
        {"taker orders at more than one price, %", 15, 7, 25, 100.0 * (double)s->taker_prices / orders},
        {"next aggressor on the same side", 0.70, 0.6, 0.84, (double)s->same_side / orders},
        {"depth messages a second", 10, 9, 10, (double)s->depth_levels.count / seconds},
        {"levels in a depth message, median", 22, 8, 50, AT(s->depth_levels, 0.5)},
        {"levels in a depth message, p99", 386, 120, 800, AT(s->depth_levels, 0.99)},
        {"vanished size that was cancelled, %", 90, 75, 99,
         100.0 * s->cancelled / (s->cancelled + s->traded)},
        {"range of the mid in 60 s, median, bp", 13, 4, 25, range_of(s, 0.5)},
        {"range of the mid in 60 s, p90, bp", 25, 8, 50, range_of(s, 0.9)},
        {"flips of the imbalance a second", 2.4, 1, 9, (double)s->flips / seconds},
        {"imbalance at 5 levels with 1", 0.96, 0.85, 1, imbalance_with(s, 0)},
        {"imbalance at 5 levels with 10", 0.98, 0.87, 1, imbalance_with(s, 2)},
        {"imbalance at 5 levels with 20", 0.93, 0.75, 1, imbalance_with(s, 3)},
    };

    (void)state;
    check("spot BTCUSDT", facts, sizeof(facts) / sizeof(facts[0]));
}

static void test_usdm_btcusdt(void **state)
{
    const struct sim_stats *s = contract;
    double orders = (double)s->taker_orders, seconds = MINUTES * 60.0;
    const struct fact facts[] = {
        {"spread of one tick, share of time, %", 99.1, 97.0, 99.9, 100.0 * s->one_tick_ns / s->all_ns},
        {"gap near the touch, median, ticks", 3, 1, 8, AT(s->gap, 0.5)},
        {"gap near the touch, p90, ticks", 10, 4, 25, AT(s->gap, 0.9)},
        {"row of 5.00 median, BTC", 2.9, 1.3, 8, AT(s->row, 0.5)},
        {"row of 5.00 p90, BTC", 12.5, 5, 28, AT(s->row, 0.9)},
        {"row of 5.00 p99, BTC", 28.6, 10, 60, AT(s->row, 0.99)},
        {"row of 5.00 max, BTC", 58, 20, 175, AT(s->row, 1.0)},
        {"level at a round price, median, BTC", 3.2, 1, 10, AT(s->round, 0.5)},
        {"trade value median, USDT", 989, 330, 3000, AT(s->value, 0.5)},
        {"trade value p99, USDT", 70700, 23000, 210000, AT(s->value, 0.99)},
        {"trades a second, median", 27, 8, 60, AT(s->trades_in_second, 0.5)},
        {"trades a second, p99", 944, 200, 1800, AT(s->trades_in_second, 0.99)},
        {"trades a second, variance to mean", 330, 60, 800, variance_to_mean(&s->trades_in_second)},
        {"prints to one taker order", 4.0, 1.5, 6, mean_of(&s->prints)},
        {"taker orders at more than one price, %", 12, 5, 22, 100.0 * (double)s->taker_prices / orders},
        {"next aggressor on the same side", 0.61, 0.55, 0.84, (double)s->same_side / orders},
        {"depth messages a second", 19, 12, 20, (double)s->depth_levels.count / seconds},
        {"levels in a depth message, median", 34, 10, 70, AT(s->depth_levels, 0.5)},
        {"levels in a depth message, p99", 611, 80, 1200, AT(s->depth_levels, 0.99)},
        {"vanished size that was cancelled, %", 90, 75, 99,
         100.0 * s->cancelled / (s->cancelled + s->traded)},
        {"flips of the imbalance a second", 2.3, 1, 9, (double)s->flips / seconds},
        {"imbalance at 5 levels with 1", 0.84, 0.7, 1, imbalance_with(s, 0)},
        {"imbalance at 5 levels with 10", 0.89, 0.75, 1, imbalance_with(s, 2)},
        {"imbalance at 5 levels with 20", 0.80, 0.6, 1, imbalance_with(s, 3)},
    };

    (void)state;
    check("USD-M BTCUSDT", facts, sizeof(facts) / sizeof(facts[0]));
}

/* What belongs together moves together, and there is silence. */
static void test_together(void **state)
{
    struct stats_sample both = {0}, contracts = {0};
    size_t silent = 0;

    (void)state;
    for (size_t i = 0; i < spot->messages.count; i++)
        stats_add(&both, spot->messages.value[i] + ether->messages.value[i]);
    for (size_t i = 0; i < contract->messages.count; i++)
        stats_add(&contracts, contract->messages.value[i] + ether_contract->messages.value[i]);
    for (size_t i = 0; i < ether->trades_in_second.count; i++)
        silent += ether->trades_in_second.value[i] == 0.0;
    {
        const struct fact facts[] = {
            {"BTC with ETH, changes in 1 s", 0.7, 0.45, 0.97,
             stats_correlation(&spot->mid_by_tenth, &ether->mid_by_tenth, 10)},
            {"BTC spot with its contract, changes in 10 s", 0.99, 0.9, 1,
             stats_correlation(&spot->mid_by_tenth, &contract->mid_by_tenth, 100)},
            {"messages of two symbols in 100 ms, median", 18, 8, 60, AT(both, 0.5)},
            {"messages of two symbols in 100 ms, p99", 270, 90, 600, AT(both, 0.99)},
            {"messages of two symbols in 100 ms, max", 788, 250, 2000, AT(both, 1.0)},
            {"messages of two contracts in 100 ms, max", 1239, 400, 3000, AT(contracts, 1.0)},
            {"seconds of ETH without a trade", 20, 1, 400, (double)silent},
        };

        check("together", facts, sizeof(facts) / sizeof(facts[0]));
    }
    free(both.value);
    free(contracts.value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spot_btcusdt),
        cmocka_unit_test(test_usdm_btcusdt),
        cmocka_unit_test(test_together),
    };

    return cmocka_run_group_tests(tests, run_market, drop_market);
}
