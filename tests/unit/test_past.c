/* After a restart the lists have the fills and ended orders of today's earlier sessions, and no position is booked twice. */
#include "unit/pipeline_world.h"
#include "unit/store_fixture.h"

#include "app/past_reader.h"

#define E8  INT64_C(100000000)
#define NOW (WORLD_NS + INT64_C(3600000000000))

static const struct level bids[] = {{6182000, 300000}};
static const struct level asks[] = {{6182100, 100000}};

static void put_order(struct store *store, uint64_t seq, const char *owner, uint16_t owner_id, int64_t ts_ns,
                      enum order_state state)
{
    struct store_record order = order_record(seq, state);

    snprintf(order.owner, sizeof(order.owner), "%s", owner);
    order.ts_ns = order.order.order.updated_ns = order.order.order.sent_ns = ts_ns;
    order.order.order.intent.owner = owner_id;
    push(store, &order);
}

/* 0.0015 at 61842.18, as the store's fixture has them. */
static void put_fill(struct store *store, uint64_t id, const char *owner, uint16_t owner_id, int64_t ts_ns)
{
    struct store_record fill = fill_record(id, id);

    put_order(store, id, owner, owner_id, ts_ns, ORDER_STATE_FILLED);
    snprintf(fill.owner, sizeof(fill.owner), "%s", owner);
    fill.ts_ns = fill.fill.fill.ts_ns = ts_ns;
    fill.fill.fill.owner = owner_id;
    push(store, &fill);
}

/* Two sessions of today, one fill of yesterday; the last one begins and is this run's. Returns its store and epoch. */
static struct store *sessions(const struct folder *folder, uint64_t *epoch)
{
    struct store_record instrument = instrument_record();
    struct store *store = open_journal(folder);

    push(store, &instrument);
    put_fill(store, 1, "ofi", 1, WORLD_NS - INT64_C(86400000000000));
    put_fill(store, 2, "ofi", 1, WORLD_NS + 1);
    close_store(store, WORLD_NS + 2);
    store = open_journal(folder);
    push(store, &instrument);
    put_fill(store, 3, "gone", 2, WORLD_NS + 3);
    put_fill(store, 4, "manual", 0, WORLD_NS + 4);
    put_order(store, 5, "ofi", 1, WORLD_NS + 5, ORDER_STATE_CANCELLED);
    put_order(store, 6, "ofi", 1, WORLD_NS + 6, ORDER_STATE_WORKING); /* no end is known of it */
    close_store(store, WORLD_NS + 7);
    store = open_journal(folder);
    *epoch = 3;
    return store;
}

/* Until as many are there; a loaded machine takes its time. */
static const struct past *wait_for(struct past_reader *reader, size_t fills)
{
    for (int i = 0; i < 3000; i++) {
        if (past_reader_newest(reader)->fills == fills)
            return past_reader_newest(reader);
        usleep(10000);
    }
    fail_msg("%d fills never came", (int)fills);
    return NULL;
}

static void add_ofi(struct pipeline *pipeline)
{
    snprintf(pipeline->owner[1].name, sizeof(pipeline->owner[1].name), "ofi");
    pipeline->owners = pipeline->owners < 2 ? 2 : pipeline->owners;
}

static void test_lists_after_a_restart(void **state)
{
    const struct folder *folder = *state;
    struct past_reader_config config = {.data_dir = folder->path, .account = "demo", .since_ns = WORLD_NS};
    struct store *store = sessions(folder, &config.epoch);
    struct past_reader *reader = past_reader_start(&config);
    static struct view_lists lists;
    const struct past *past;
    struct world world;

    assert_non_null(reader);
    past = wait_for(reader, 3);
    assert_int_equal(past->fills_ever, 3);
    assert_int_equal(past->closed_ever, 3);
    world_init(&world, bids, 1, asks, 1);
    add_ofi(world.pipeline);
    view_fill_past(world.pipeline, past, &lists);
    assert_int_equal(lists.fills, 3);
    assert_int_equal(lists.fills_ever, 3);
    assert_true(lists.fill[0].fill.ts_ns == WORLD_NS + 4 && lists.fill[2].fill.ts_ns == WORLD_NS + 1);
    assert_int_equal(lists.fill[0].fill.price_ticks, 6184218);
    assert_int_equal(lists.fill[0].fill.qty_lots, 150);
    assert_int_equal(lists.fill[0].fill.owner, OWNER_MANUAL);
    assert_int_equal(lists.fill[1].fill.owner, 0xFFFE); /* of a strategy that is gone: not the trader's */
    assert_int_equal(lists.fill[2].fill.owner, 1);
    assert_true(lists.fill[0].fill.realised_e8 == -12345 && lists.fill[0].fill.fee_e8 == -17);
    assert_true(lists.fill[0].slippage_e8 == VIEW_NONE);
    assert_int_equal(lists.orders, 4);
    assert_int_equal(lists.order[0].order.seq, 5);
    assert_int_equal(lists.order[0].order.state, ORDER_STATE_CANCELLED);
    assert_int_equal(lists.order[0].order.intent.qty_lots, 150);
    assert_int_equal(lists.orders_open, 0);
    /* What is shown is booked nowhere. */
    assert_int_equal(world.pipeline->market[0]->total.lots, 0);
    assert_int_equal(world.pipeline->fill_count, 0);
    pipeline_free(world.pipeline);
    past_reader_stop(reader);
    close_store(store, NOW);
}

/* What this run has itself, since a venue told it again, stands there once; its own come first; there is an end of room. */
static void test_own_ones_go_first(void **state)
{
    static struct past past;
    static struct view_lists lists;
    struct world world;

    (void)state;
    world_init(&world, bids, 1, asks, 1);
    for (size_t i = 0; i < PAST_FILLS_MAX; i++) {
        past.fill[past.fills++] = (struct past_fill){.fill = {.trade_id = 100 + i}, .symbol = "BTCUSDT"};
        snprintf(past.fill[i].symbol, sizeof(past.fill[i].symbol), i == 9 ? "ETHUSDT" : "BTCUSDT");
    }
    past.order[past.orders++] = (struct past_order){.order = {.seq = 7}, .symbol = "BTCUSDT"};
    lists.fills = 2;
    lists.fill[0].fill = (struct fill){.trade_id = 900};
    lists.fill[1].fill = (struct fill){.trade_id = 100};
    lists.orders = 1;
    lists.order[0].order.seq = 7;
    view_fill_past(world.pipeline, &past, &lists);
    assert_int_equal(lists.fills, VIEW_FILLS_MAX);
    assert_int_equal(lists.fill[1].fill.trade_id, 100);
    assert_int_equal(lists.fill[2].fill.trade_id, 101);
    assert_int_equal(lists.fill[10].fill.trade_id, 110); /* nobody knows ETHUSDT here */
    assert_int_equal(lists.orders, 1);
    pipeline_free(world.pipeline);
}

/* The store of this run has not begun: nothing is shown that may not be all. */
static void test_it_waits_for_the_rows_of_all_before(void **state)
{
    const struct folder *folder = *state;
    struct past_reader_config config = {.data_dir = folder->path, .account = "demo", .since_ns = WORLD_NS};
    struct store *store = sessions(folder, &config.epoch);
    struct past_reader *reader;

    config.epoch = 4;
    reader = past_reader_start(&config);
    assert_non_null(reader);
    usleep(600000);
    assert_int_equal(past_reader_newest(reader)->fills, 0);
    close_store(store, NOW);
    store = open_journal(folder);
    (void)wait_for(reader, 3);
    past_reader_stop(reader);
    past_reader_stop(NULL);
    close_store(store, NOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lists_after_a_restart, folder_setup, folder_teardown),
        cmocka_unit_test(test_own_ones_go_first),
        cmocka_unit_test_setup_teardown(test_it_waits_for_the_rows_of_all_before, folder_setup,
                                        folder_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
