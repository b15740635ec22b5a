/* Base assets to start with: what may be set, what they are worth, that nothing is won by them, that they come once. */
#include "unit/pipeline_world.h"

#include "app/paper_base.h"

#include <string.h>

#define S INT64_C(1000000000)

static const struct level bids[] = {{6182000, 100000}};
static const struct level asks[] = {{6182100, 100000}};

static void test_what_may_be_set(void **state)
{
    static const char *const bad[] = {
        "BTC",         "=1",    "BTC=",  "BTC=0",        "BTC=-1",
        "BTC=1,BTC=2", "btc=1", "BTC=x", "BTC=1,,ETH=2", "A=1,B=1,C=1,D=1,E=1,F=1,G=1,H=1,I=1"};
    struct paper_base base[PAPER_BASES_MAX];
    size_t count;

    (void)state;
    assert_int_equal(paper_base_parse("", base, &count), ERR_OK);
    assert_int_equal(count, 0);
    assert_int_equal(paper_base_parse("BTC=0.5, ETH=2", base, &count), ERR_OK);
    assert_int_equal(count, 2);
    assert_string_equal(base[1].asset, "ETH");
    assert_int_equal(base[0].qty_e8, 50000000);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (paper_base_parse(bad[i], base, &count) != ERR_USAGE)
            fail_msg("%s", bad[i]);
}

static void with_base(struct pipeline_config *config)
{
    assert_int_equal(paper_base_parse("BTC=0.5", config->paper_base, &config->paper_bases), ERR_OK);
}

static void test_it_is_worth_its_price(void **state)
{
    const int64_t worth_e8 = INT64_C(3091000000000), start_e8 = INT64_C(1000000000000);
    const struct paper_account *venue;
    const struct market_state *market;
    const struct account *account;
    struct world world;

    (void)state;
    world_configure = with_base;
    world_init(&world, bids, 1, asks, 1);
    market = world.pipeline->market[0];
    account = &world.pipeline->account[0];
    assert_int_equal(market->total.lots, 0);
    for (int i = 0; i < 3; i++) /* once */
        world_depth(&world, S, false);
    assert_int_equal(market->total.lots, 50000);
    assert_int_equal(market->owned[OWNER_MANUAL].lots, 50000);
    assert_int_equal(market->total.cost_e8, worth_e8);
    assert_int_equal(account->start_e8, start_e8 + worth_e8);
    assert_int_equal(account->equity_e8, account->start_e8);
    assert_int_equal(account->peak_e8, account->start_e8);
    assert_int_equal(account->cash_e8, start_e8); /* quote money is what it was */
    assert_int_equal(trading_day_net_e8(market, OWNERS_MAX), 0);
    assert_int_equal(account->max_drawdown_e8, 0);
    venue = paper_broker_account(world.pipeline->broker);
    for (size_t i = 0; i < venue->count; i++)
        assert_int_equal(venue->asset[i].free_e8,
                         strcmp(venue->asset[i].name, "BTC") == 0 ? 50000000 : start_e8);
    assert_int_equal(world.pipeline->counts.filled, 0);
    pipeline_free(world.pipeline);
    world_init_venue(&world, VENUE_BINANCE_USDM, bids, 1, asks, 1);
    world_depth(&world, S, false);
    assert_int_equal(world.pipeline->market[0]->total.lots, 0); /* spot alone */
    pipeline_free(world.pipeline);
    world_configure = NULL;
}

/* It can be sold, down to nothing; then no second gift comes. */
static void test_it_comes_once(void **state)
{
    struct command sell = {
        .kind = COMMAND_ORDER,
        .intent = {
            .side = SIDE_ASK, .type = ORDER_LIMIT, .tif = TIF_IOC, .price_ticks = 6182000, .qty_lots = 1000}};
    struct world world;

    (void)state;
    world_configure = with_base;
    world_init(&world, bids, 1, asks, 1);
    world_depth(&world, S, false);
    pipeline_on_command(world.pipeline, &sell);
    world_depth(&world, S, false);
    assert_int_equal(world.pipeline->market[0]->total.lots, 49000);
    world.pipeline->base_given[0] = false; /* as in a later run */
    world_depth(&world, S, false);
    assert_int_equal(world.pipeline->market[0]->total.lots, 49000);
    pipeline_free(world.pipeline);
    world_configure = NULL;
}

static void with_base_and_a_slow_answer(struct pipeline_config *config)
{
    with_base(config);
    config->paper.latency[PAPER_LEG_RESPONSE].median_ns = S / 4;
}

/* What has been filled at the venue and is not told yet is held there beside it. */
static void test_it_comes_on_top_of_a_fill_that_is_on_its_way(void **state)
{
    struct command command = {
        .kind = COMMAND_ORDER,
        .intent = {.side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = 6182100, .qty_lots = 10}};
    struct world world;

    (void)state;
    world_configure = with_base_and_a_slow_answer;
    world_init(&world, bids, 1, asks, 1);
    world_configure = NULL;
    pipeline_on_command(world.pipeline, &command);
    for (int i = 0; i < 10; i++)
        world_depth(&world, S / 10, false);
    assert_int_equal(world.pipeline->market[0]->total.lots, 50010);
    assert_int_equal(paper_broker_holding(world.pipeline->broker, 0)->position.lots, 50010);
    pipeline_free(world.pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_may_be_set),
        cmocka_unit_test(test_it_is_worth_its_price),
        cmocka_unit_test(test_it_comes_once),
        cmocka_unit_test(test_it_comes_on_top_of_a_fill_that_is_on_its_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
