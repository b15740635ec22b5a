/* test_trading_life.c - what becomes of single orders in the engine: ways out of brackets, moves, windows, late kills. */
#include "unit/pipeline_world.h"

#include <string.h>

#define TICK_NS PIPELINE_TICK_NS
#define ASK     6000100

static void open_world(struct world *world, enum venue venue)
{
    static const struct level bids[] = {{6000000, 50000}}, asks[] = {{ASK, 50000}};

    world_init_venue(world, venue, bids, 1, asks, 1);
}

static void command(struct world *world, struct command command)
{
    pipeline_on_command(world->pipeline, &command);
}

static size_t open_orders(const struct world *world, struct order *out[ORDERS_OPEN_MAX])
{
    return order_manager_open(world->pipeline->orders, 0, ORDERS_ANY, out, ORDERS_OPEN_MAX);
}

static void send_bracket(struct world *world)
{
    command(world, (struct command){.kind = COMMAND_ORDER,
                                    .intent = {.side = SIDE_BID,
                                               .type = ORDER_LIMIT,
                                               .price_ticks = ASK,
                                               .qty_lots = 1000,
                                               .bracket_take_ticks = 6050000,
                                               .bracket_stop_ticks = 5950000}});
}

static void buy_with_bracket(struct world *world)
{
    send_bracket(world);
    assert_int_equal(world->pipeline->market[0]->total.lots, 1000);
}

static void sell_at_market(struct world *world, int64_t lots)
{
    command(world, (struct command){.kind = COMMAND_ORDER,
                                    .intent = {.side = SIDE_ASK,
                                               .type = ORDER_MARKET,
                                               .tif = TIF_IOC,
                                               .price_ticks = 5990000,
                                               .qty_lots = lots}});
}

static uint64_t rest(struct world *world, int64_t price_ticks)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count;

    command(
        world,
        (struct command){
            .kind = COMMAND_ORDER,
            .intent = {.side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = price_ticks, .qty_lots = 500}});
    count = open_orders(world, open);
    assert_true(count > 0);
    return open[count - 1]->seq;
}

/* Each of them may close all of it; on spot they share what is locked. */
static void test_both_ways_out_of_a_bracket_leave(void **state)
{
    static const enum venue venues[] = {VENUE_BINANCE_USDM, VENUE_BINANCE_SPOT};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct world world;
        struct order *open[ORDERS_OPEN_MAX];

        open_world(&world, venues[i]);
        buy_with_bracket(&world);
        assert_int_equal(open_orders(&world, open), 2);
        assert_int_equal(open[0]->intent.type, ORDER_STOP);
        for (size_t n = 0; n < 2; n++)
            assert_int_equal(open[n]->intent.qty_lots, 1000);
        pipeline_free(world.pipeline);
    }
}

/* However large the first of a group is, none of it may turn the position over. */
static void test_reducing_leaves_no_leg_that_turns_the_position(void **state)
{
    static const int64_t lots[] = {300, 900};
    struct world world;
    struct order *open[ORDERS_OPEN_MAX];

    (void)state;
    open_world(&world, VENUE_BINANCE_USDM);
    command(&world,
            (struct command){
                .kind = COMMAND_ORDER,
                .intent = {.side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = ASK, .qty_lots = 500}});
    for (int i = 0; i < 2; i++)
        command(&world, (struct command){.kind = COMMAND_ORDER,
                                         .intent = {.side = SIDE_ASK,
                                                    .type = ORDER_LIMIT,
                                                    .price_ticks = 6010000 + 1000 * i,
                                                    .qty_lots = lots[i],
                                                    .group = 9}});
    assert_int_equal(open_orders(&world, open), 2);
    command(&world, (struct command){.kind = COMMAND_SET_STATE, .state = STATE_REDUCING});
    for (size_t i = open_orders(&world, open); i-- > 0;)
        assert_true(open[i]->intent.qty_lots <= 500);
    pipeline_free(world.pipeline);
}

static void test_a_moved_order_is_the_same_order(void **state)
{
    struct world world;
    uint64_t seq;
    struct order *open[ORDERS_OPEN_MAX];

    (void)state;
    open_world(&world, VENUE_BINANCE_USDM);
    seq = rest(&world, 5999000);
    command(&world,
            (struct command){.kind = COMMAND_MOVE, .order_seq = seq, .intent = {.price_ticks = 5999500}});
    assert_int_equal(open_orders(&world, open), 1);
    assert_int_equal(open[0]->seq, seq);
    assert_int_equal(open[0]->intent.price_ticks, 5999500);
    assert_int_equal(world.pipeline->counts.cancelled, 0);
    pipeline_free(world.pipeline);
}

/* The flag of a signal, before its command: no new terms either. */
static void test_no_new_terms_after_a_signal(void **state)
{
    struct world world;
    uint64_t seq;
    struct order *open[ORDERS_OPEN_MAX];
    atomic_bool killed = true;

    (void)state;
    open_world(&world, VENUE_BINANCE_USDM);
    seq = rest(&world, 5999000);
    world.pipeline->config.external_kill = &killed;
    command(&world,
            (struct command){.kind = COMMAND_MOVE, .order_seq = seq, .intent = {.price_ticks = 5999500}});
    assert_int_equal(open_orders(&world, open), 1);
    assert_int_equal(open[0]->intent.price_ticks, 5999000);
    pipeline_free(world.pipeline);
}

/* Nothing leaves, all halts, and that is told once. */
static void test_an_order_that_cannot_be_approved_is_told_once(void **state)
{
    struct world world;
    struct order *open[ORDERS_OPEN_MAX];
    struct pipeline *pipeline;

    (void)state;
    open_world(&world, VENUE_BINANCE_USDM);
    pipeline = world.pipeline;
    for (size_t i = 0; i < RISK_APPROVALS_MAX; i++)
        pipeline->approvals.open[i].seq = 1000 + i; /* no room for another */
    command(&world, (struct command){.kind = COMMAND_ORDER,
                                     .intent = {.side = SIDE_BID, .price_ticks = 5999000, .qty_lots = 500}});
    assert_int_equal(open_orders(&world, open), 0);
    assert_int_equal(pipeline->counts.sent, 0);
    assert_int_equal(pipeline->risk.state, STATE_HALTED);
    assert_int_equal(pipeline->counts.errors, 1);
    assert_int_equal(pipeline->risk.trips[RISK_COMPARE], 1);
    pipeline_free(pipeline);
}

static void start_before_window(struct world *world, const char *window)
{
    static struct schedule schedule;
    char why[SCHEDULE_WHY_SIZE];

    open_world(world, VENUE_BINANCE_USDM);
    schedule_init(&schedule);
    assert_int_equal(schedule_add_window(&schedule, window, why), ERR_OK);
    world->pipeline->config.schedule = &schedule;
}

/* What would open goes; stop and take-profit stay, and are still there when the window is over. */
static void test_a_window_keeps_what_protects(void **state)
{
    struct world world;
    struct order *open[ORDERS_OPEN_MAX];

    (void)state;
    start_before_window(&world, "daily 22:14-22:15 UTC");
    buy_with_bracket(&world);
    rest(&world, 5999000);
    assert_int_equal(open_orders(&world, open), 3);
    for (int i = 0; i < 450; i++) /* from 22:13:20 */
        world_depth(&world, TICK_NS, false);
    assert_int_equal(world.pipeline->risk.state, STATE_PAUSED);
    command(&world, (struct command){.kind = COMMAND_SET_STATE, .state = STATE_ACTIVE});
    assert_int_equal(world.pipeline->risk.state, STATE_PAUSED); /* it is the window that leads on */
    assert_int_equal(open_orders(&world, open), 2);
    for (size_t i = 0; i < 2; i++)
        assert_true(open[i]->intent.reduce_only);
    for (int i = 0; i < 600; i++)
        world_depth(&world, TICK_NS, false);
    assert_int_equal(world.pipeline->risk.state, STATE_ACTIVE);
    assert_int_equal(open_orders(&world, open), 2);
    pipeline_free(world.pipeline);
}

/* The first event may lie inside of a window: nothing leaves before the first tick. */
static void test_a_start_inside_a_window_is_paused_at_once(void **state)
{
    struct world world;
    struct order *open[ORDERS_OPEN_MAX];

    (void)state;
    start_before_window(&world, "daily 23:00-23:30 UTC");
    world_depth(&world, INT64_C(3000000000000) + 50000000, false); /* a silence of 50 minutes, into it */
    command(&world,
            (struct command){
                .kind = COMMAND_ORDER,
                .intent = {.side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = 5999000, .qty_lots = 500}});
    assert_int_equal(open_orders(&world, open), 0);
    assert_int_equal(world.pipeline->risk.denials[RISK_PAUSED], 1);
    pipeline_free(world.pipeline);
}

/* Funding of a short: each owner's share of it, by what he holds. */
static void test_a_short_is_funded(void **state)
{
    struct world world;
    struct feed_event event = {.kind = FEED_MARK, .instrument = &world.instrument};
    struct market_state *market;

    (void)state;
    open_world(&world, VENUE_BINANCE_USDM);
    market = world.pipeline->market[0];
    event.recv_ns = world.now_ns;
    event.mark = (struct mark_price){.recv_ns = world.now_ns,
                                     .venue_ms = world.now_ns / 1000000,
                                     .mark_e8 = INT64_C(6000000000000),
                                     .funding_rate_e8 = 10000,
                                     .next_funding_ms = world.now_ns / 1000000 + 1000};
    pipeline_on_feed(world.pipeline, &event);
    command(&world, (struct command){.kind = COMMAND_ORDER,
                                     .intent = {.side = SIDE_ASK,
                                                .type = ORDER_MARKET,
                                                .tif = TIF_IOC,
                                                .price_ticks = 5990000,
                                                .qty_lots = 1000}});
    assert_int_equal(market->total.lots, -1000);
    event.recv_ns = event.mark.recv_ns = world.now_ns + INT64_C(2000000000);
    event.mark.venue_ms += 2000;
    event.mark.next_funding_ms += 28800000;
    pipeline_on_feed(world.pipeline, &event);
    assert_int_equal(market->total.funding_e8, 6000000); /* 600 at 0.0001: the short receives */
    assert_int_equal(market->owned[OWNER_MANUAL].funding_e8, 6000000);
    pipeline_free(world.pipeline);
}

static unsigned told_denials, told_more;

static bool count_denials(void *arg, const struct store_record *record)
{
    (void)arg;
    if (record->kind == STORE_AUDIT && strcmp(record->audit.event, "order.denied") == 0) {
        told_denials++;
        told_more += strstr(record->audit.text, "2500 more within a second") != NULL;
    }
    return true;
}

static void slow_venue(struct pipeline_config *config)
{
    config->paper.latency[PAPER_LEG_RESPONSE].median_ns = 5 * TICK_NS;
}

static void wait_ticks(struct world *world, int ticks)
{
    for (int i = 0; i < ticks; i++)
        world_depth(world, TICK_NS, false);
}

/* A bracket on what only closes: nothing is left that it could protect. It ends at once, and says so, once. */
static void test_a_bracket_on_what_closes_ends(void **state)
{
    struct world world;
    struct order *open[ORDERS_OPEN_MAX];
    uint64_t denied;
    int told = 0;

    (void)state;
    open_world(&world, VENUE_BINANCE_USDM);
    sell_at_market(&world, 1000);
    assert_int_equal(world.pipeline->market[0]->total.lots, -1000);
    send_bracket(&world);
    assert_int_equal(world.pipeline->market[0]->total.lots, 0);
    denied = world.pipeline->counts.denied;
    wait_ticks(&world, 200);
    assert_int_equal(open_orders(&world, open), 0);
    assert_int_equal(world.pipeline->counts.denied, denied);
    assert_int_equal(denied, 0); /* nobody asks for what cannot be */
    for (uint64_t i = 0; i < world.pipeline->note_seq && i < PIPELINE_NOTES_MAX; i++) {
        assert_null(strstr(world.pipeline->note[i].text, "is missing"));
        told += strstr(world.pipeline->note[i].text, "the bracket ends, no position is left") != NULL;
    }
    assert_int_equal(told, 1);
    pipeline_free(world.pipeline);
}

static int64_t told_funding_e8;

static bool keep_funding(void *arg, const struct store_record *record)
{
    (void)arg;
    if (record->kind == STORE_POSITION && record->owner[0] == '\0')
        told_funding_e8 = record->position.position.funding_e8;
    return true;
}

/* The venue has filled and funded what we have not heard of yet: the store is told of the funding all the same. */
static void test_funding_before_the_answer_of_its_fill_is_told(void **state)
{
    struct world world;
    struct feed_event event = {.kind = FEED_MARK, .instrument = &world.instrument};

    (void)state;
    world_configure = slow_venue;
    open_world(&world, VENUE_BINANCE_USDM);
    world_configure = NULL;
    world.pipeline->sink.push = keep_funding;
    event.recv_ns = world.now_ns;
    event.mark = (struct mark_price){.recv_ns = world.now_ns,
                                     .venue_ms = world.now_ns / 1000000,
                                     .mark_e8 = INT64_C(6000000000000),
                                     .funding_rate_e8 = 10000,
                                     .next_funding_ms = world.now_ns / 1000000 + 100};
    pipeline_on_feed(world.pipeline, &event);
    command(&world,
            (struct command){
                .kind = COMMAND_ORDER,
                .intent = {.side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = ASK, .qty_lots = 1000}});
    wait_ticks(&world, 2);
    assert_int_equal(world.pipeline->market[0]->total.lots, 0);
    event.recv_ns = event.mark.recv_ns = world.now_ns;
    event.mark.venue_ms = world.now_ns / 1000000;
    event.mark.next_funding_ms += 28800000;
    pipeline_on_feed(world.pipeline, &event);
    assert_int_equal(world.pipeline->market[0]->total.lots, 0);
    assert_int_equal(world.pipeline->market[0]->total.funding_e8, -6000000);
    assert_int_equal(told_funding_e8, -6000000);
    pipeline_free(world.pipeline);
}

/* Each is counted; what the store is told has a bound, or whoever asks on and on would fill its queue and halt us. */
static void test_a_flood_of_denials_is_told_as_a_sum(void **state)
{
    struct world world;

    (void)state;
    open_world(&world, VENUE_BINANCE_USDM);
    world.pipeline->sink.push = count_denials;
    for (int i = 0; i < 3000; i++)
        command(
            &world,
            (struct command){
                .kind = COMMAND_ORDER,
                .intent = {.side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = 3000000, .qty_lots = 500}});
    assert_int_equal(world.pipeline->counts.denied, 3000);
    assert_int_equal(told_denials, 500);
    world_depth(&world, 1100 * INT64_C(1000000), false);
    assert_int_equal(told_denials, 501);
    assert_int_equal(told_more, 1);
    pipeline_free(world.pipeline);
}

/* Long, with an order at the venue that would close it; the close was asked for, and the cancel is on its way. */
static void close_beside_a_way_out(struct world *world, enum command_kind kind)
{
    struct order *open[ORDERS_OPEN_MAX];

    world_configure = slow_venue;
    open_world(world, VENUE_BINANCE_USDM);
    world_configure = NULL;
    command(world,
            (struct command){
                .kind = COMMAND_ORDER,
                .intent = {.side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = ASK, .qty_lots = 1000}});
    wait_ticks(world, 6);
    assert_int_equal(world->pipeline->market[0]->total.lots, 1000);
    command(world,
            (struct command){
                .kind = COMMAND_ORDER,
                .intent = {.side = SIDE_ASK, .type = ORDER_LIMIT, .price_ticks = 6050000, .qty_lots = 1000}});
    wait_ticks(world, 6);
    command(world, (struct command){.kind = kind});
    assert_int_equal(open_orders(world, open), 1);
    assert_int_equal(open[0]->state, ORDER_STATE_PENDING_CANCEL);
}

/* What rests might fill until the venue has said that it is gone: the close leaves then, and is not denied before. */
static void test_a_flatten_waits_for_its_cancels(void **state)
{
    struct world world;
    struct order *open[ORDERS_OPEN_MAX];

    (void)state;
    close_beside_a_way_out(&world, COMMAND_FLATTEN);
    assert_int_equal(world.pipeline->counts.denied, 0);
    wait_ticks(&world, 12);
    assert_int_equal(world.pipeline->market[0]->total.lots, 0);
    assert_int_equal(open_orders(&world, open), 0);
    pipeline_free(world.pipeline);
}

/* Flat first, whatever that takes; then the other side, as large as the one before. */
static void test_a_reverse_goes_on_when_its_close_has_filled(void **state)
{
    struct world world;

    (void)state;
    close_beside_a_way_out(&world, COMMAND_REVERSE);
    wait_ticks(&world, 30);
    assert_int_equal(world.pipeline->market[0]->total.lots, -1000);
    assert_int_equal(world.pipeline->closing, 0);
    command(&world,
            (struct command){.kind = COMMAND_REVERSE}); /* nothing rests beside it: it is sent at once */
    assert_int_equal(world.pipeline->market[0]->total.lots, -1000);
    wait_ticks(&world, 30);
    assert_int_equal(world.pipeline->market[0]->total.lots, 1000);
    assert_int_equal(world.pipeline->closing, 0);
    pipeline_free(world.pipeline);
}

/* Spot sells what is held and no more: it ends flat, and nothing is denied that nobody asked for. */
static void test_a_reverse_on_spot_ends_flat(void **state)
{
    struct world world;

    (void)state;
    world_configure = slow_venue;
    open_world(&world, VENUE_BINANCE_SPOT);
    world_configure = NULL;
    command(&world,
            (struct command){
                .kind = COMMAND_ORDER,
                .intent = {.side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = ASK, .qty_lots = 1000}});
    wait_ticks(&world, 6);
    assert_int_equal(world.pipeline->market[0]->total.lots, 1000);
    command(&world, (struct command){.kind = COMMAND_REVERSE});
    wait_ticks(&world, 40);
    assert_int_equal(world.pipeline->market[0]->total.lots, 0);
    assert_int_equal(world.pipeline->counts.denied, 0);
    pipeline_free(world.pipeline);
}

/* A flatten, a cancel of all: what was to follow a close is not wanted any more. */
static void test_a_later_word_ends_a_reverse(void **state)
{
    static const enum command_kind later[] = {COMMAND_FLATTEN, COMMAND_CANCEL_ALL};

    (void)state;
    for (size_t ticks = 0; ticks < 10; ticks += 3)
        for (size_t i = 0; i < 2; i++) {
            struct world world;

            close_beside_a_way_out(&world, COMMAND_REVERSE);
            wait_ticks(&world, (int)ticks);
            command(&world, (struct command){.kind = later[i]});
            wait_ticks(&world, 250);
            assert_int_equal(world.pipeline->market[0]->total.lots, 0);
            assert_int_equal(world.pipeline->closing, 0);
            pipeline_free(world.pipeline);
        }
}

/* The answer counts as people do. */
static void test_a_cancel_of_all_says_how_many(void **state)
{
    static const char *const says[] = {"0 orders of BTCUSDT cancelled", "1 order of BTCUSDT cancelled",
                                       "2 orders of BTCUSDT cancelled"};
    struct world world;

    (void)state;
    for (int orders = 0; orders < 3; orders++) {
        const struct pipeline *pipeline;

        open_world(&world, VENUE_BINANCE_SPOT);
        pipeline = world.pipeline;
        for (int i = 0; i < orders; i++)
            rest(&world, 5999000 - i);
        command(&world, (struct command){.kind = COMMAND_CANCEL_ALL});
        assert_string_equal(pipeline->answer[(pipeline->answer_count - 1) % PIPELINE_ANSWERS_MAX].text,
                            says[orders]);
        pipeline_free(world.pipeline);
    }
}

/* The close is denied: no other side follows, now or later. */
static void test_a_reverse_whose_close_is_denied_ends_there(void **state)
{
    struct world world;

    (void)state;
    close_beside_a_way_out(&world, COMMAND_CANCEL_ALL);
    wait_ticks(&world, 12);
    command(&world, (struct command){.kind = COMMAND_SET_STATE, .state = STATE_HALTED});
    command(&world, (struct command){.kind = COMMAND_REVERSE});
    assert_int_equal(world.pipeline->closing, 0);
    command(&world, (struct command){.kind = COMMAND_SET_STATE, .state = STATE_ACTIVE});
    wait_ticks(&world, 200);
    assert_int_equal(world.pipeline->market[0]->total.lots, 1000);
    pipeline_free(world.pipeline);
}

/* A kill closes nothing unless its own word says so. */
static void test_a_kill_forgets_a_flatten_that_waits(void **state)
{
    struct world world;

    (void)state;
    close_beside_a_way_out(&world, COMMAND_FLATTEN);
    command(&world, (struct command){.kind = COMMAND_KILL});
    wait_ticks(&world, 40);
    assert_int_equal(order_manager_open_count(world.pipeline->orders), 0);
    assert_int_equal(world.pipeline->market[0]->total.lots, 1000);
    pipeline_free(world.pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways_out_of_a_bracket_leave),
        cmocka_unit_test(test_reducing_leaves_no_leg_that_turns_the_position),
        cmocka_unit_test(test_a_moved_order_is_the_same_order),
        cmocka_unit_test(test_no_new_terms_after_a_signal),
        cmocka_unit_test(test_an_order_that_cannot_be_approved_is_told_once),
        cmocka_unit_test(test_a_bracket_on_what_closes_ends),
        cmocka_unit_test(test_a_window_keeps_what_protects),
        cmocka_unit_test(test_a_start_inside_a_window_is_paused_at_once),
        cmocka_unit_test(test_a_short_is_funded),
        cmocka_unit_test(test_a_flood_of_denials_is_told_as_a_sum),
        cmocka_unit_test(test_a_flatten_waits_for_its_cancels),
        cmocka_unit_test(test_a_reverse_goes_on_when_its_close_has_filled),
        cmocka_unit_test(test_a_reverse_on_spot_ends_flat),
        cmocka_unit_test(test_a_later_word_ends_a_reverse),
        cmocka_unit_test(test_a_cancel_of_all_says_how_many),
        cmocka_unit_test(test_a_reverse_whose_close_is_denied_ends_there),
        cmocka_unit_test(test_a_kill_forgets_a_flatten_that_waits),
        cmocka_unit_test(test_funding_before_the_answer_of_its_fill_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
