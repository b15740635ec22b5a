/*
 * What one position means for several owners and for orders that may only reduce it; the ways out that must stay
 * open; and what pauses and wakes strategies.
 */
#include "app/engine_state.h"
#include "app/unmanaged.h"
#include "app/view_panels.h"
#include "unit/pipeline_world.h"

#include <stdlib.h>
#include <string.h>

#define MID   6000000
#define OFI   1
#define MS_NS INT64_C(1000000)

static const struct level bids[] = {{MID - 1, 5000}, {MID - 2, 5000}, {MID - 100, 5000}};
static const struct level asks[] = {{MID + 1, 5000}, {MID + 2, 5000}, {MID + 100, 5000}};

static void start(struct world *world)
{
    world_init_venue(world, VENUE_BINANCE_USDM, bids, 3, asks, 3);
}

static int64_t position(const struct world *world)
{
    return world->pipeline->market[0]->total.lots;
}

static int64_t share(const struct world *world, uint16_t owner)
{
    return world->pipeline->market[0]->owned[owner].lots;
}

static size_t open_orders(const struct world *world, struct order **out)
{
    return order_manager_open(world->pipeline->orders, ORDERS_ANY, ORDERS_ANY, out, 8);
}

static enum risk_answer trade(struct world *world, uint16_t owner, enum side side, int64_t lots)
{
    struct order_intent intent = {.owner = owner,
                                  .side = side,
                                  .type = ORDER_MARKET,
                                  .tif = TIF_IOC,
                                  .price_ticks = MID + side_sign(side) * 100,
                                  .qty_lots = lots};
    uint64_t seq;

    return trading_intent(world->pipeline, world->pipeline->market[0], &intent, &seq).answer;
}

static uint64_t rest(struct world *world, enum side side, int64_t price_ticks, int64_t lots, bool reduce_only)
{
    struct order_intent intent = {.side = side,
                                  .type = ORDER_LIMIT,
                                  .price_ticks = price_ticks,
                                  .qty_lots = lots,
                                  .reduce_only = reduce_only};
    uint64_t seq;

    assert_int_equal(trading_intent(world->pipeline, world->pipeline->market[0], &intent, &seq).answer,
                     RISK_ANSWER_PASSED);
    return seq;
}

static void command(struct world *world, struct command command)
{
    pipeline_on_command(world->pipeline, &command);
}

static void set_state(struct world *world, enum trading_state state)
{
    command(world, (struct command){.kind = COMMAND_SET_STATE, .state = state});
}

/* Or it would turn the position over when it fills. */
static void test_reduce_only_order_shrinks_with_the_position(void **state)
{
    struct order *open[8];
    struct world world;

    (void)state;
    start(&world);
    trade(&world, OWNER_MANUAL, SIDE_BID, 100);
    rest(&world, SIDE_ASK, MID + 50, 80, true);
    trade(&world, OWNER_MANUAL, SIDE_ASK, 50);
    assert_int_equal(position(&world), 50);
    assert_int_equal(open_orders(&world, open), 1);
    assert_int_equal(order_left_lots(open[0]), 50);
    assert_true(open[0]->intent.reduce_only);
    trade(&world, OWNER_MANUAL, SIDE_ASK, 50);
    assert_int_equal(position(&world), 0);
    assert_int_equal(open_orders(&world, open), 0);
    pipeline_free(world.pipeline);
}

static void test_order_that_may_turn_the_position_keeps_its_size(void **state)
{
    struct order *open[8];
    struct world world;

    (void)state;
    start(&world);
    trade(&world, OWNER_MANUAL, SIDE_BID, 100);
    rest(&world, SIDE_ASK, MID + 50, 80, false);
    trade(&world, OWNER_MANUAL, SIDE_ASK, 100);
    assert_int_equal(open_orders(&world, open), 1);
    assert_int_equal(order_left_lots(open[0]), 80);
    pipeline_free(world.pipeline);
}

/* REDUCING: exposure may only fall, by whoever's order. */
static void test_reducing_takes_back_orders_that_would_add(void **state)
{
    struct order *open[8];
    struct world world;

    (void)state;
    start(&world);
    trade(&world, OWNER_MANUAL, SIDE_BID, 100);
    rest(&world, SIDE_BID, MID - 50, 10, false);
    rest(&world, SIDE_ASK, MID + 50, 150, false);
    set_state(&world, STATE_REDUCING);
    assert_int_equal(open_orders(&world, open), 1);
    assert_int_equal(open[0]->intent.side, SIDE_ASK);
    assert_int_equal(order_left_lots(open[0]), 100);
    pipeline_free(world.pipeline);
}

static uint64_t trail(struct world *world, int64_t trail_ticks, int64_t lots)
{
    struct order_intent intent = {
        .side = SIDE_ASK, .type = ORDER_TRAILING_STOP, .trail_ticks = trail_ticks, .qty_lots = lots};
    uint64_t seq;

    intent.price_ticks = MID - 2 * trail_ticks;
    assert_int_equal(trading_intent(world->pipeline, world->pipeline->market[0], &intent, &seq).answer,
                     RISK_ANSWER_PASSED);
    return seq;
}

static int64_t trailed_to(const struct world *world, const struct order *order)
{
    return paper_broker_stop_ticks(world->pipeline->broker, order);
}

/* Only its size changes: it stands where the market took it, and goes on from there. */
static void test_a_trailing_stop_that_reducing_trims_keeps_following(void **state)
{
    struct order *open[8];
    struct world world;
    uint64_t seq;

    (void)state;
    start(&world);
    trade(&world, OWNER_MANUAL, SIDE_BID, 100);
    seq = trail(&world, 1000, 150);
    world_trade(&world, SIDE_BID, MID + 500, 1);
    set_state(&world, STATE_REDUCING);
    assert_int_equal(open_orders(&world, open), 1);
    assert_int_equal(open[0]->seq, seq); /* the same one: not cancelled and sent anew */
    assert_int_equal(order_left_lots(open[0]), 100);
    assert_int_equal(open[0]->intent.price_ticks, MID - 2000);
    assert_int_equal(trailed_to(&world, open[0]), MID - 500);
    world_trade(&world, SIDE_BID, MID + 900, 1);
    assert_int_equal(trailed_to(&world, open[0]), MID - 100);
    world_trade(&world, SIDE_ASK, MID - 100, 1);
    assert_int_equal(position(&world), 0);
    pipeline_free(world.pipeline);
}

static void test_a_trailing_stop_is_not_moved_by_hand(void **state)
{
    struct order *open[8];
    struct world world;
    uint64_t seq;

    (void)state;
    start(&world);
    seq = trail(&world, 1000, 10);
    command(&world, (struct command){.kind = COMMAND_MOVE, .order_seq = seq, .intent.price_ticks = MID - 50});
    assert_non_null(
        strstr(world.pipeline->answer[(world.pipeline->answer_count - 1) % PIPELINE_ANSWERS_MAX].text,
               "NOT MOVED  a trailing stop follows the market"));
    assert_int_equal(open_orders(&world, open), 1);
    assert_int_equal(open[0]->intent.price_ticks, MID - 2000);
    pipeline_free(world.pipeline);
}

static void test_flatten_closes_shares_that_stand_against_each_other(void **state)
{
    struct world world;
    uint64_t sent;

    (void)state;
    start(&world);
    trade(&world, OWNER_MANUAL, SIDE_BID, 50);
    trade(&world, OFI, SIDE_ASK, 30);
    assert_int_equal(position(&world), 20);
    assert_int_equal(share(&world, OFI), -30);
    sent = world.pipeline->counts.sent;
    command(&world, (struct command){.kind = COMMAND_FLATTEN});
    assert_int_equal(position(&world), 0);
    assert_int_equal(share(&world, OWNER_MANUAL), 0);
    assert_int_equal(share(&world, OFI), 0);
    assert_int_equal(world.pipeline->counts.sent, sent + 1);
    assert_true(world.pipeline->owner[OFI].paused);
    pipeline_free(world.pipeline);
}

/* Else the strategy would go on with a share that nobody holds, and could never close it. */
static void test_closing_by_hand_takes_a_strategys_share_over(void **state)
{
    struct world world;

    (void)state;
    start(&world);
    trade(&world, OFI, SIDE_BID, 30);
    trade(&world, OWNER_MANUAL, SIDE_BID, 20);
    trade(&world, OWNER_MANUAL, SIDE_ASK, 40);
    assert_int_equal(position(&world), 10);
    assert_int_equal(share(&world, OWNER_MANUAL), 0);
    assert_int_equal(share(&world, OFI), 10);
    trade(&world, OWNER_MANUAL, SIDE_ASK, 15);
    assert_int_equal(position(&world), -5);
    assert_int_equal(share(&world, OWNER_MANUAL), -5);
    assert_int_equal(share(&world, OFI), 0);
    pipeline_free(world.pipeline);
}

/* Time runs until the strategy's longest time in a position is over. */
static void outlast(struct world *world)
{
    for (int i = 0; i < 250; i++)
        world_depth(world, 500 * MS_NS, false);
}

static void test_strategy_leaves_beside_an_opposite_position(void **state)
{
    struct world world;

    (void)state;
    start(&world);
    trade(&world, OWNER_MANUAL, SIDE_BID, 50);
    trade(&world, OFI, SIDE_ASK, 30);
    outlast(&world);
    assert_int_equal(share(&world, OFI), 0);
    assert_int_equal(position(&world), 50);
    pipeline_free(world.pipeline);
}

static void test_strategy_leaves_in_reducing(void **state)
{
    struct world world;

    (void)state;
    start(&world);
    trade(&world, OFI, SIDE_BID, 30);
    set_state(&world, STATE_REDUCING);
    outlast(&world);
    assert_int_equal(position(&world), 0);
    pipeline_free(world.pipeline);
}

/* HALTED by a loss, the operator must still get out: REDUCING is not halted again. */
static void test_a_loss_halts_but_leaves_the_way_out_open(void **state)
{
    struct world world;

    (void)state;
    start(&world);
    trade(&world, OWNER_MANUAL, SIDE_BID, 30);
    world.pipeline->account[0].cash_e8 -= world.pipeline->account[0].start_e8 / 10;
    world_depth(&world, 500 * MS_NS, false);
    assert_int_equal(world.pipeline->risk.state, STATE_HALTED);
    set_state(&world, STATE_REDUCING);
    world_depth(&world, 500 * MS_NS, false);
    assert_int_equal(world.pipeline->risk.state, STATE_REDUCING);
    command(&world, (struct command){.kind = COMMAND_FLATTEN});
    assert_int_equal(position(&world), 0);
    set_state(&world, STATE_ACTIVE); /* back to trading it does not lead */
    world_depth(&world, 500 * MS_NS, false);
    assert_int_equal(world.pipeline->risk.state, STATE_HALTED);
    pipeline_free(world.pipeline);
}

static void test_resume_wakes_a_strategy_paused_by_a_cancel(void **state)
{
    struct world world;

    (void)state;
    start(&world);
    trade(&world, OFI, SIDE_BID, 30);
    command(&world, (struct command){.kind = COMMAND_CANCEL_ALL});
    assert_true(world.pipeline->owner[OFI].paused);
    command(&world, (struct command){.kind = COMMAND_RESUME});
    assert_false(world.pipeline->owner[OFI].paused);
    assert_int_equal(world.pipeline->risk.state, STATE_ACTIVE);
    pipeline_free(world.pipeline);
}

static void turn_ofi(struct world *world, enum command_kind kind)
{
    command(world, (struct command){.kind = kind, .intent.owner = OFI});
}

/* Off, paused alone or disabled, with a position: whoever it was left to is told, once each time, what it is. */
static void test_a_position_that_its_strategy_left_is_told(void **state)
{
    struct engine *engine = calloc(1, sizeof(*engine));
    struct world world;
    uint64_t bells;
    char text[160];

    (void)state;
    assert_non_null(engine);
    start(&world);
    engine->pipeline = world.pipeline;
    trade(&world, OWNER_MANUAL, SIDE_BID, 50);
    trade(&world, OFI, SIDE_ASK, 30);
    assert_false(unmanaged_text(world.pipeline, OFI, text, sizeof(text))); /* it manages it */
    assert_false(engine_attention(engine, text, sizeof(text)));
    turn_ofi(&world, COMMAND_STRATEGY_OFF);
    bells = world.pipeline->bell_seq;
    for (int i = 0; i < 3; i++)
        engine_watch_attention(engine);
    assert_int_equal(world.pipeline->bell_seq, bells + 1);
    assert_true(engine_attention(engine, text, sizeof(text)));
    assert_string_equal(text, "ofi OFF leaves SHORT 0.0003 BTCUSDT to you: f closes it");
    assert_string_equal(world.pipeline->bell_why, text);
    assert_int_equal(unmanaged_in(world.pipeline, OWNER_MANUAL, 0), INSTRUMENT_NONE); /* that is yours */
    turn_ofi(&world, COMMAND_STRATEGY_ON);
    engine_watch_attention(engine);
    assert_false(engine_attention(engine, text, sizeof(text)));
    command(&world, (struct command){.kind = COMMAND_CANCEL_ALL}); /* pauses it */
    assert_true(unmanaged_text(world.pipeline, OFI, text, sizeof(text)));
    assert_string_equal(text, "ofi PAUSED leaves SHORT 0.0003 BTCUSDT to you: f closes it");
    strategies_disable(world.pipeline, OFI, "LOSS_STREAK");
    assert_true(unmanaged_text(world.pipeline, OFI, text, sizeof(text)));
    assert_string_equal(text, "ofi DISABLED leaves SHORT 0.0003 BTCUSDT to you: f closes it");
    bells = world.pipeline->bell_seq;
    engine_watch_attention(engine);
    assert_int_equal(world.pipeline->bell_seq, bells + 1); /* anew: it had been on again */
    strcpy(world.pipeline->owner[OFI].name, "a_long_strategy");
    strcpy(world.instrument.symbol, "1000000MOGUSDT_20261225");
    engine->unmanaged_told = 0;
    engine_watch_attention(engine);
    assert_string_equal(world.pipeline->bell_why, "a_long_strategy DISABLED leaves SHORT 0.0003 "
                                                  "1000000MOGUSDT_20261225 to you: f closes it");
    command(&world, (struct command){.kind = COMMAND_FLATTEN});
    assert_int_equal(unmanaged_in(world.pipeline, OFI, 0), INSTRUMENT_NONE);
    pipeline_free(world.pipeline);
    free(engine);
}

static void slow_venue(struct pipeline_config *config)
{
    config->paper.latency[PAPER_LEG_ENTRY].median_ns = 300 * MS_NS;
}

/* A flatten pauses the strategy first, and its order takes its time: that position is nobody's surprise. */
static void test_a_position_that_is_being_closed_is_not_told(void **state)
{
    struct world world;

    (void)state;
    world_configure = slow_venue;
    start(&world);
    world_configure = NULL;
    trade(&world, OFI, SIDE_BID, 30);
    world_depth(&world, 700 * MS_NS, false);
    assert_int_equal(share(&world, OFI), 30);
    command(&world, (struct command){.kind = COMMAND_FLATTEN});
    assert_true(world.pipeline->owner[OFI].paused);
    assert_int_equal(share(&world, OFI), 30); /* on its way */
    assert_int_equal(unmanaged_in(world.pipeline, OFI, INSTRUMENT_NONE), INSTRUMENT_NONE);
    world_depth(&world, 700 * MS_NS, false);
    assert_int_equal(share(&world, OFI), 0);
    pipeline_free(world.pipeline);
}

/* The typed price is the bound, so no book is needed to let it leave; on paper nobody knows what it would get. */
static void test_flatten_at_a_typed_price_leaves_on_a_stale_book_and_fills_nothing(void **state)
{
    struct world world;
    uint64_t sent;

    (void)state;
    start(&world);
    trade(&world, OWNER_MANUAL, SIDE_BID, 30);
    world_depth(&world, 500 * MS_NS, true);
    assert_int_equal(book_sync_state(world.pipeline->market[0]->sync), BOOK_STALE);
    sent = world.pipeline->counts.sent;
    command(&world, (struct command){.kind = COMMAND_FLATTEN});
    assert_int_equal(world.pipeline->counts.sent, sent);
    command(&world, (struct command){.kind = COMMAND_FLATTEN, .intent.price_ticks = MID - 90});
    assert_int_equal(world.pipeline->counts.sent, sent + 1);
    assert_int_equal(position(&world), 30);
    assert_int_equal(order_manager_open_count(world.pipeline->orders), 0);
    pipeline_free(world.pipeline);
}

static void test_denied_move_leaves_the_order_where_it_is(void **state)
{
    struct order *open[8];
    struct world world;
    uint64_t seq;

    (void)state;
    start(&world);
    world.pipeline->config.limits.max_open_orders = 1;
    seq = rest(&world, SIDE_BID, MID - 50, 10, false);
    command(&world, (struct command){.kind = COMMAND_MOVE,
                                     .order_seq = seq,
                                     .intent.price_ticks = MID / 2}); /* the collar */
    assert_int_equal(open_orders(&world, open), 1);
    assert_int_equal(open[0]->seq, seq);
    assert_int_equal(order_left_lots(open[0]), 10);
    command(&world, (struct command){.kind = COMMAND_MOVE, .order_seq = seq, .intent.price_ticks = MID - 60});
    assert_int_equal(open_orders(&world, open), 1);
    assert_int_equal(open[0]->intent.price_ticks, MID - 60);
    pipeline_free(world.pipeline);
}

/* The row shows what the gate judges: positions now, open orders as if they filled. */
static void test_gross_value_on_screen_is_the_gates(void **state)
{
    static struct view_frame frame;
    struct world world;
    int64_t shown = -1, worst = -1;

    (void)state;
    start(&world);
    trade(&world, OWNER_MANUAL, SIDE_BID, 100);
    rest(&world, SIDE_BID, MID - 50, 100, false);
    view_panels_fill(world.pipeline, world.pipeline->market[0], &frame);
    for (int i = 0; i < frame.risk.limits; i++)
        if (strcmp(frame.risk.limit[i].code, "MAX_GROSS") == 0) {
            shown = frame.risk.limit[i].now;
            worst = frame.risk.limit[i].worst;
        }
    assert_int_equal(shown, instrument_value_e8(&world.instrument, MID - 1, 100));
    assert_int_equal(worst, shown + instrument_value_e8(&world.instrument, MID - 50, 100));
    pipeline_free(world.pipeline);
}

/* A step that turns out finer changes units everywhere, in the report of a kill too. */
static void test_kill_report_follows_a_finer_step(void **state)
{
    struct feed_event event = {.kind = FEED_STEPS, .recv_ns = WORLD_NS};
    struct world world;

    (void)state;
    start(&world);
    rest(&world, SIDE_BID, MID - 50, 10, false);
    command(&world, (struct command){.kind = COMMAND_KILL});
    event.instrument = &world.instrument;
    event.steps = (struct step_change){.price_factor = 10, .qty_factor = 100};
    world.instrument.tick_e8 /= 10;
    world.instrument.lot_e8 /= 100;
    pipeline_on_feed(world.pipeline, &event);
    assert_int_equal(world.pipeline->kill.order[0].order.intent.price_ticks, (MID - 50) * 10);
    assert_int_equal(world.pipeline->kill.order[0].order.intent.qty_lots, 1000);
    pipeline_free(world.pipeline);
}

/* 00:00 UTC starts a new daily loss; peak and drawdown go on. */
static void test_midnight_starts_a_new_day_and_nothing_else(void **state)
{
    struct account *account;
    struct world world;
    int64_t peak_e8, drawdown_e8;

    (void)state;
    start(&world);
    account = &world.pipeline->account[0];
    world_depth(&world, 500 * MS_NS, false);
    account->cash_e8 -= account->start_e8 / 100;
    world_depth(&world, 500 * MS_NS, false);
    assert_int_equal(account->day_start_e8, account->start_e8);
    peak_e8 = account->peak_e8;
    drawdown_e8 = account->max_drawdown_e8;
    assert_int_equal(drawdown_e8, account->start_e8 / 100);
    world_depth(&world, 3 * 3600 * (1000 * MS_NS), false); /* from 22:13 over midnight */
    assert_int_equal(account->day_start_e8, account->equity_e8);
    assert_int_equal(account->peak_e8, peak_e8);
    assert_int_equal(account->max_drawdown_e8, drawdown_e8);
    pipeline_free(world.pipeline);
}

/* Without a store nothing may be traded again, but what is open may be closed. */
static bool refuse_record(void *arg, const struct store_record *record)
{
    (void)record;
    return *(bool *)arg;
}

static void test_failed_storage_halts_and_lets_positions_be_closed(void **state)
{
    bool works = true;
    struct world world;

    (void)state;
    start(&world);
    world.pipeline->sink = (struct record_sink){refuse_record, &works, NULL};
    trade(&world, OWNER_MANUAL, SIDE_BID, 30);
    works = false;
    world_depth(&world, 1500 * MS_NS, false);
    assert_int_equal(world.pipeline->risk.state, STATE_HALTED);
    set_state(&world, STATE_ACTIVE);
    assert_int_equal(world.pipeline->risk.state, STATE_HALTED);
    set_state(&world, STATE_REDUCING);
    world_depth(&world, 500 * MS_NS, false);
    command(&world, (struct command){.kind = COMMAND_FLATTEN});
    assert_int_equal(position(&world), 0);
    pipeline_free(world.pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reduce_only_order_shrinks_with_the_position),
        cmocka_unit_test(test_order_that_may_turn_the_position_keeps_its_size),
        cmocka_unit_test(test_reducing_takes_back_orders_that_would_add),
        cmocka_unit_test(test_a_trailing_stop_that_reducing_trims_keeps_following),
        cmocka_unit_test(test_a_trailing_stop_is_not_moved_by_hand),
        cmocka_unit_test(test_flatten_closes_shares_that_stand_against_each_other),
        cmocka_unit_test(test_closing_by_hand_takes_a_strategys_share_over),
        cmocka_unit_test(test_strategy_leaves_beside_an_opposite_position),
        cmocka_unit_test(test_strategy_leaves_in_reducing),
        cmocka_unit_test(test_a_loss_halts_but_leaves_the_way_out_open),
        cmocka_unit_test(test_resume_wakes_a_strategy_paused_by_a_cancel),
        cmocka_unit_test(test_a_position_that_its_strategy_left_is_told),
        cmocka_unit_test(test_a_position_that_is_being_closed_is_not_told),
        cmocka_unit_test(test_flatten_at_a_typed_price_leaves_on_a_stale_book_and_fills_nothing),
        cmocka_unit_test(test_denied_move_leaves_the_order_where_it_is),
        cmocka_unit_test(test_gross_value_on_screen_is_the_gates),
        cmocka_unit_test(test_kill_report_follows_a_finer_step),
        cmocka_unit_test(test_midnight_starts_a_new_day_and_nothing_else),
        cmocka_unit_test(test_failed_storage_halts_and_lets_positions_be_closed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
