/* Orders of a strategy's own through the whole engine: an OCO of a limit and a stop, under a number that is its own. */
#include "unit/pipeline_world.h"

#include <string.h>

#define TICK_E8 INT64_C(1000000)
#define LOT_E8  INT64_C(1000)
#define S       INT64_C(1000000000)
#define OCO     7

static const struct level bids[] = {{6182000, 1000}, {6181900, 1000}};
static const struct level asks[] = {{6182100, 1000}, {6182200, 1000}};

static int wants;

static void *pair_create(const int64_t *parameter, uint32_t parameters)
{
    (void)parameter;
    (void)parameters;
    return &wants;
}

static void pair_destroy(void *self)
{
    (void)self;
}

static void pair_market(void *self, const struct fd_context *context, struct fd_answer *out)
{
    struct fd_wish buy = {.kind = FD_WISH_ORDER, .side = FD_BUY, .qty_e8 = 100 * LOT_E8, .group = OCO};

    (void)self;
    if (wants == 0 || context->may_trade == 0)
        return;
    wants = 0;
    out->wishes = 2;
    out->wish[0] = buy;
    out->wish[0].tif = FD_GTD;
    out->wish[0].horizon_ns = 3600 * S;
    out->wish[0].price_e8 = 6181900 * TICK_E8;
    out->wish[1] = buy;
    out->wish[1].type = FD_STOP;
    out->wish[1].trigger_e8 = 6190000 * TICK_E8;
    out->wish[1].price_e8 = 6195000 * TICK_E8;
}

static void taker_market(void *self, const struct fd_context *context, struct fd_answer *out)
{
    (void)self;
    if (wants == 0 || context->may_trade == 0)
        return;
    wants = 0;
    out->wishes = 1;
    out->wish[0] = (struct fd_wish){.kind = FD_WISH_ORDER,
                                    .side = FD_SELL,
                                    .type = FD_MARKET,
                                    .tif = FD_IOC,
                                    .qty_e8 = 1500 * LOT_E8,
                                    .price_e8 = 6170000 * TICK_E8};
}

static const struct fd_strategy taker_table = {.abi = FD_ABI,
                                               .size = sizeof(struct fd_strategy),
                                               .create = pair_create,
                                               .destroy = pair_destroy,
                                               .market = taker_market};
static const struct fd_strategy pair_table = {.abi = FD_ABI,
                                              .size = sizeof(struct fd_strategy),
                                              .create = pair_create,
                                              .destroy = pair_destroy,
                                              .market = pair_market};
static const struct strategy_manifest pair_manifest = {
    .name = "pair", .version = "1.0.0", .abi = FD_ABI, .about = "an OCO", .instruments = 1};

static void with_pair(struct pipeline_config *config)
{
    for (size_t i = 0; i < config->strategies; i++)
        config->strategy[i].on = false;
    config->strategy[config->strategies++] =
        (struct strategy_setup){.table = &pair_table, .manifest = &pair_manifest, .on = true};
}

static void with_taker(struct pipeline_config *config)
{
    with_pair(config);
    config->strategy[config->strategies - 1].table = &taker_table;
}

static size_t open_orders(struct world *world, struct order **open)
{
    return order_manager_open(world->pipeline->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);
}

/* The number of the trader's OCO may be the same: it is another group. What one leg fills ends the other. */
static void test_an_oco_of_a_strategy(void **state)
{
    struct order *open[ORDERS_OPEN_MAX];
    struct command command = {
        .kind = COMMAND_ORDER,
        .intent = {
            .side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = 6180000, .qty_lots = 100, .group = OCO}};
    struct world world;
    uint16_t owner;

    (void)state;
    world_configure = with_pair;
    world_init_venue(&world, VENUE_BINANCE_USDM, bids, 2, asks, 2);
    owner = (uint16_t)(world.pipeline->owners - 1);
    pipeline_on_command(world.pipeline, &command);
    wants = 1;
    world_depth(&world, S / 10, false);
    world_depth(&world, S / 10, false);
    assert_int_equal(open_orders(&world, open), 3);
    assert_int_equal(open[1]->intent.owner, owner);
    assert_int_equal(open[1]->intent.tif, TIF_GTD);
    assert_int_equal(open[2]->intent.type, ORDER_STOP);
    assert_int_equal(open[1]->intent.group, open[2]->intent.group);
    assert_int_not_equal(open[0]->intent.group, open[1]->intent.group);
    world_depth(&world, S / 10, false);
    world_trade(&world, SIDE_ASK, 6181800, 5000); /* through its price */
    world_depth(&world, S / 10, false);
    world_depth(&world, S / 10, false);
    assert_int_equal(world.pipeline->market[0]->owned[owner].lots, 100);
    assert_int_equal(open_orders(&world, open), 1); /* the trader's stays */
    assert_int_equal(open[0]->intent.owner, OWNER_MANUAL);
    pipeline_free(world.pipeline);
    world_configure = NULL;
}

static void with_pair_and_latency(struct pipeline_config *config)
{
    with_pair(config);
    for (int leg = PAPER_LEG_ENTRY; leg < PAPER_LEGS; leg++)
        config->paper.latency[leg] = (struct paper_latency_params){.median_ns = S / 2};
}

/* A bid of the trader's: under the touch, what is sold at market fills down to it and no further; at the touch it denies. */
static void test_what_takes_ends_short_of_our_own_orders(void **state)
{
    static const struct {
        int64_t own_ticks, sold_lots;
    } cases[] = {{6181800, 1500}, {6181900, 1000}, {6182000, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct command command = {
            .kind = COMMAND_ORDER,
            .intent = {
                .side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = cases[i].own_ticks, .qty_lots = 100}};
        struct world world;
        uint16_t owner;

        world_configure = with_taker;
        world_init_venue(&world, VENUE_BINANCE_USDM, bids, 2, asks, 2);
        world_configure = NULL;
        owner = (uint16_t)(world.pipeline->owners - 1);
        pipeline_on_command(world.pipeline, &command);
        wants = 1;
        for (int n = 0; n < 4; n++)
            world_depth(&world, S / 10, false);
        assert_int_equal(world.pipeline->market[0]->owned[owner].lots, -cases[i].sold_lots);
        assert_int_equal(world.pipeline->market[0]->owned[OWNER_MANUAL].lots, 0);
        assert_int_equal(world.pipeline->counts.denied > 0, cases[i].sold_lots == 0);
        pipeline_free(world.pipeline);
    }
}

/* While an orderly end waits for its cancels time passes; what a strategy wants meanwhile does not leave. */
static void test_nothing_new_leaves_at_an_orderly_end(void **state)
{
    struct command command = {
        .kind = COMMAND_ORDER,
        .intent = {.side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = 6180000, .qty_lots = 100}};
    struct order *open[ORDERS_OPEN_MAX];
    struct world world;

    (void)state;
    world_configure = with_pair_and_latency;
    world_init_venue(&world, VENUE_BINANCE_USDM, bids, 2, asks, 2);
    world_configure = NULL;
    pipeline_on_command(world.pipeline, &command);
    for (int i = 0; i < 20; i++)
        world_depth(&world, S / 10, false);
    assert_int_equal(open_orders(&world, open), 1);
    wants = 1;
    pipeline_leave(world.pipeline);
    assert_int_equal(world.pipeline->counts.sent, 1);
    assert_int_equal(open_orders(&world, open), 0);
    assert_int_equal(world.pipeline->counts.denied, 0);
    pipeline_free(world.pipeline);
}

/* A flatten pauses whoever owns something here; that is not why this one does not trade. */
static void test_a_pause_keeps_why_it_is_disabled(void **state)
{
    struct world world;
    struct owner *owner;

    (void)state;
    world_configure = with_pair;
    world_init_venue(&world, VENUE_BINANCE_USDM, bids, 2, asks, 2);
    owner = &world.pipeline->owner[world.pipeline->owners - 1];
    strategies_disable(world.pipeline, (uint16_t)(world.pipeline->owners - 1), "LOSS_STREAK strategy=5");
    strategies_pause(world.pipeline, (uint16_t)(world.pipeline->owners - 1), true, "flatten");
    assert_string_equal(owner->why_off, "LOSS_STREAK strategy=5");
    strategies_pause(world.pipeline, (uint16_t)(world.pipeline->owners - 1), false, "");
    assert_string_equal(owner->why_off, "LOSS_STREAK strategy=5");
    pipeline_free(world.pipeline);
    world_configure = NULL;
}

/* It only holds, and asks the gate nothing: the loss of its day is seen all the same. */
static void test_who_holds_and_loses_is_disabled(void **state)
{
    struct world world;
    uint16_t owner;

    (void)state;
    world_configure = with_pair;
    world_init_venue(&world, VENUE_BINANCE_USDM, bids, 2, asks, 2);
    owner = (uint16_t)(world.pipeline->owners - 1);
    wants = 1;
    world_depth(&world, S / 10, false);
    world_depth(&world, S / 10, false);
    world_depth(&world, S / 10, false);
    world_trade(&world, SIDE_ASK, 6181800, 5000); /* through its price */
    world_depth(&world, S / 10, false);
    world_depth(&world, S / 10, false);
    assert_int_equal(world.pipeline->market[0]->owned[owner].lots, 100);
    assert_false(world.pipeline->owner[owner].disabled);
    world.pipeline->config.limits.daily_loss_owner_e8 = 1; /* its fee is more */
    world_depth(&world, S / 5, false);
    assert_true(world.pipeline->owner[owner].disabled);
    assert_non_null(strstr(world.pipeline->owner[owner].why_off, "DAILY_LOSS strategy_loss="));
    pipeline_free(world.pipeline);
    world_configure = NULL;
}

static char told_why[128];

static bool keep_why(void *arg, const struct store_record *record)
{
    (void)arg;
    if (record->kind == STORE_OWNER && record->owner_state.disabled && told_why[0] == '\0')
        snprintf(told_why, sizeof(told_why), "%s ", record->owner_state.why);
    return true;
}

/* Its orders are cancelled as it is disabled: the state that the journal keeps on the way has the reason, for the next run. */
static void test_a_disabled_one_is_journaled_with_its_reason(void **state)
{
    struct order *open[ORDERS_OPEN_MAX];
    struct world world;

    (void)state;
    world_configure = with_pair;
    world_init_venue(&world, VENUE_BINANCE_USDM, bids, 2, asks, 2);
    wants = 1;
    world_depth(&world, S / 10, false);
    world_depth(&world, S / 10, false);
    assert_int_equal(open_orders(&world, open), 2);
    world.pipeline->sink.push = keep_why;
    told_why[0] = '\0';
    strategies_disable(world.pipeline, (uint16_t)(world.pipeline->owners - 1), "LOSS_STREAK strategy=5");
    world_depth(&world, S / 10, false);
    assert_string_equal(told_why, "LOSS_STREAK strategy=5 ");
    pipeline_free(world.pipeline);
    world_configure = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_oco_of_a_strategy),
        cmocka_unit_test(test_what_takes_ends_short_of_our_own_orders),
        cmocka_unit_test(test_nothing_new_leaves_at_an_orderly_end),
        cmocka_unit_test(test_a_pause_keeps_why_it_is_disabled),
        cmocka_unit_test(test_who_holds_and_loses_is_disabled),
        cmocka_unit_test(test_a_disabled_one_is_journaled_with_its_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
