/*
 * test_strategy_recordings.c - every built-in strategy side by side on recordings of real venues: spot and futures of one
 * pair at the same time, through decoder, book, signals, instance and execution engine. The venue is the simplest there
 * is: it answers at once, takers get the touch, resting orders are filled by trades at or beyond their price.
 */
#include "app/market_state.h"
#include "core/base/crc32c.h"
#include "core/strategy/builtin.h"
#include "core/strategy/instance.h"
#include "exec/execution.h"
#include "feed/replay.h"
#include "unit/cmocka_all.h"
#include "unit/usual_signals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define E8             INT64_C(100000000)
#define TICK_NS        INT64_C(100000000)
#define PLACES         2
#define STRATEGIES_MAX 8
#define ORDERS_MAX     32 /* of one strategy */
#define ROUNDS_MAX     8  /* of the execution engine at one event */

struct place {
    struct replay *replay;
    struct instrument instrument; /* the feed's, with an id of ours */
    struct market_state *market;  /* NULL: not yet heard of */
    uint64_t told_events;
    int64_t maker_fee_ppm, taker_fee_ppm;
};

struct runner { /* one strategy with what it owns */
    const struct builtin_strategy *strategy;
    struct strategy_manifest manifest;
    struct strategy_instance *instance;
    struct position position[PLACES];
    struct order order[ORDERS_MAX]; /* seq 0: free */
    uint64_t callbacks, goals, orders, fills;
    int64_t value_max_e8;   /* largest position at any time */
    int64_t value_bound_e8; /* what its parameters allow */
    uint32_t hash;
    uint16_t owner;
};

static struct {
    struct place place[PLACES];
    struct runner runner[STRATEGIES_MAX];
    size_t runners;
    struct execution *execution;
    uint64_t seq;
    int64_t now_ns, tick_ns, begin_ns;
} world;

/* --- strategies ------------------------------------------------------------------------------------------- */

static int64_t preset(const struct runner *runner, const char *name)
{
    for (size_t i = 0; i < runner->manifest.parameter_count; i++)
        if (strcmp(runner->manifest.parameter[i].name, name) == 0)
            return runner->manifest.parameter[i].preset;
    return 0;
}

static void runner_init(struct runner *runner, const struct builtin_strategy *strategy)
{
    int64_t parameter[MANIFEST_PARAMETERS_MAX];
    char why[160];

    *runner = (struct runner){.strategy = strategy};
    if (strategy_manifest_parse(strategy->manifest_text, strlen(strategy->manifest_text), strategy->name,
                                &runner->manifest, why, sizeof why) != ERR_OK)
        fail_msg("%s", why);
    for (size_t i = 0; i < runner->manifest.parameter_count; i++)
        parameter[i] = runner->manifest.parameter[i].preset;
    assert_int_equal(strategy_instance_new(strategy->table, &runner->manifest, parameter, &runner->instance,
                                           why, sizeof why),
                     ERR_OK);
    runner->value_bound_e8 = preset(runner, "inventory_max_value");
    if (runner->value_bound_e8 == 0)
        runner->value_bound_e8 = preset(runner, "order_value");
    if (strcmp(strategy->name, "pairs") == 0)
        runner->value_bound_e8 *= 10; /* the first leg: up to the largest hedge ratio */
}

static void note_hash(struct runner *runner, const void *data, size_t size)
{
    runner->hash = crc32c_update(runner->hash, data, size);
}

static void note_goal(struct runner *runner, const struct goal *goal)
{
    const int64_t said[] = {world.now_ns,
                            goal->instrument_id,
                            goal->kind,
                            goal->target_lots,
                            goal->worst_ticks,
                            goal->urgency,
                            goal->reduce_only,
                            goal->quote[SIDE_BID].price_ticks,
                            goal->quote[SIDE_BID].qty_lots,
                            goal->quote[SIDE_ASK].price_ticks,
                            goal->quote[SIDE_ASK].qty_lots};

    note_hash(runner, said, sizeof said);
    runner->goals++;
}

/* Its open orders at that place, oldest first. */
static size_t open_orders(struct runner *runner, size_t place_id, const struct order **out)
{
    size_t count = 0;

    for (size_t i = 0; i < ORDERS_MAX; i++) {
        const struct order *order = &runner->order[i];
        size_t at = count;

        if (order->seq == 0 || order->intent.instrument_id != place_id)
            continue;
        for (; at > 0 && out[at - 1]->seq > order->seq; at--)
            out[at] = out[at - 1];
        out[at] = order;
        count++;
    }
    return count;
}

static void see(struct runner *runner, size_t place_id)
{
    struct place *place = &world.place[place_id];
    const struct position *position = &runner->position[place_id];
    const struct order *orders[ORDERS_MAX];
    struct strategy_sight sight = {.instrument = &place->instrument,
                                   .ref = market_state_ref(place->market, world.now_ns),
                                   .book = place->market->book,
                                   .signals = signals_values(place->market->signals),
                                   .position = position,
                                   .mark_ticks = market_state_mark(place->market, position->lots),
                                   .orders = orders,
                                   .order_count = open_orders(runner, place_id, orders),
                                   .maker_fee_ppm = place->maker_fee_ppm,
                                   .taker_fee_ppm = place->taker_fee_ppm,
                                   .short_allowed = place_id == 1};

    strategy_instance_see(runner->instance, &sight);
}

static void act(struct runner *runner, size_t place_id);

/* One callback; its goals go to the execution engine, which must find each of them possible. */
static void tell(struct runner *runner, size_t place_id, struct strategy_event event)
{
    static struct strategy_result result;

    see(runner, place_id);
    event.instrument_id = (uint16_t)place_id;
    event.may_trade = true;
    event.now_ns = world.now_ns;
    strategy_instance_call(runner->instance, &event, &result);
    runner->callbacks++;
    if (result.fault)
        fail_msg("%s: %s", runner->strategy->name, result.fault_why);
    for (size_t i = 0; i < result.goals; i++) {
        struct goal *goal = &result.goal[i];
        struct market_ref ref = market_state_ref(world.place[goal->instrument_id].market, world.now_ns);

        goal->owner = runner->owner;
        note_goal(runner, goal);
        assert_int_equal(execution_set(world.execution, goal, &ref), ERR_OK);
    }
}

static void happen(struct runner *runner, size_t place_id, struct strategy_event event)
{
    tell(runner, place_id, event);
    for (size_t i = 0; i < PLACES; i++)
        if (world.place[i].market != NULL)
            act(runner, i);
}

/* --- the simplest venue ----------------------------------------------------------------------------------- */

static void fill(struct runner *runner, struct order *order, int64_t price_ticks, int64_t lots, bool maker)
{
    size_t place_id = order->intent.instrument_id;
    struct place *place = &world.place[place_id];
    struct fill fill = {.trade_id = ++runner->fills,
                        .order_seq = order->seq,
                        .instrument_id = (uint16_t)place_id,
                        .owner = runner->owner,
                        .side = order->intent.side,
                        .maker = maker,
                        .ts_ns = world.now_ns,
                        .price_ticks = price_ticks,
                        .qty_lots = lots,
                        .value_e8 = instrument_value_e8(&place->instrument, price_ticks, lots),
                        .arrival_mid2_ticks = order->arrival_mid2_ticks};
    struct order_event event = {.kind = ORDER_EVENT_FILL, .order_seq = order->seq, .ts_ns = world.now_ns};
    int64_t value_e8;

    fill.fee_e8 = fill.value_e8 * (maker ? place->maker_fee_ppm : place->taker_fee_ppm) / 1000000;
    event.fill = fill;
    assert_int_equal(order_apply(order, &event), ERR_OK);
    assert_int_equal(position_apply(&runner->position[place_id], &place->instrument, &fill), ERR_OK);
    assert_true(place_id == 1 || runner->position[place_id].lots >= 0); /* spot is never short */
    value_e8 = llabs(instrument_value_e8(&place->instrument, price_ticks, runner->position[place_id].lots));
    if (value_e8 > runner->value_max_e8)
        runner->value_max_e8 = value_e8;
    note_hash(runner, &price_ticks, sizeof price_ticks);
    note_hash(runner, &lots, sizeof lots);
    execution_on_fill(world.execution, order, &fill);
    if (!order_is_open(order))
        order->seq = 0;
    tell(runner, place_id, (struct strategy_event){.kind = HAPPENED_FILL, .fill = &fill});
}

/* What takes gets the touch, up to its price; what rests is there at once. */
static void arrive(struct runner *runner, struct order *order)
{
    const struct order_intent *intent = &order->intent;
    struct place *place = &world.place[intent->instrument_id];
    bool rests = intent->type == ORDER_LIMIT && intent->tif == TIF_GTC;
    struct level touch;
    bool takes = order_book_best(place->market->book, side_other(intent->side), &touch) &&
                 side_sign(intent->side) * (touch.price_ticks - intent->price_ticks) <= 0;

    if (takes && intent->post_only) {
        execution_on_refused(world.execution, runner->owner, intent->instrument_id, world.now_ns);
        order->seq = 0;
        return;
    }
    if (takes)
        fill(runner, order, touch.price_ticks,
             order_left_lots(order) < touch.qty_lots ? order_left_lots(order) : touch.qty_lots, false);
    if (!rests)
        order->seq = 0;
}

static void submit(struct runner *runner, const struct order_intent *intent)
{
    struct market_ref ref = market_state_ref(world.place[intent->instrument_id].market, world.now_ns);
    size_t slot = 0;

    while (slot < ORDERS_MAX && runner->order[slot].seq != 0)
        slot++;
    assert_in_range(slot, 0, ORDERS_MAX - 1);
    runner->order[slot] = (struct order){.seq = ++world.seq,
                                         .intent = *intent,
                                         .state = ORDER_STATE_WORKING,
                                         .sent_ns = world.now_ns,
                                         .acked_ns = world.now_ns,
                                         .arrival_mid2_ticks = market_ref_mid2_ticks(&ref),
                                         .queue_expected_lots = -1};
    runner->orders++;
    arrive(runner, &runner->order[slot]);
}

static struct order *order_of(struct runner *runner, uint64_t seq)
{
    for (size_t i = 0; i < ORDERS_MAX; i++)
        if (runner->order[i].seq == seq)
            return &runner->order[i];
    return NULL;
}

static void perform(struct runner *runner, const struct execution_actions *actions)
{
    for (size_t i = 0; i < actions->cancels; i++) {
        struct order *order = order_of(runner, actions->cancel_seq[i]);

        if (order != NULL)
            order->seq = 0;
    }
    for (size_t i = 0; i < actions->replaces; i++) {
        struct order *order = order_of(runner, actions->replace[i].seq);

        if (order == NULL)
            continue;
        order->intent.price_ticks = actions->replace[i].price_ticks;
        order->intent.qty_lots = actions->replace[i].qty_lots;
        arrive(runner, order);
    }
    for (size_t i = 0; i < actions->intents; i++)
        submit(runner, &actions->intent[i]);
}

/* The engine looks until it has nothing more to do. */
static void act(struct runner *runner, size_t place_id)
{
    for (int round = 0; round < ROUNDS_MAX; round++) {
        struct place *place = &world.place[place_id];
        const struct order *orders[ORDERS_MAX];
        struct execution_actions actions;
        struct execution_view view = {.instrument = &place->instrument,
                                      .ref = market_state_ref(place->market, world.now_ns),
                                      .book = place->market->book,
                                      .position_lots = runner->position[place_id].lots,
                                      .orders = orders,
                                      .order_count = open_orders(runner, place_id, orders)};

        execution_run(world.execution, runner->owner, &view, &actions);
        if (actions.intents + actions.cancels + actions.replaces == 0)
            return;
        perform(runner, &actions);
    }
}

static void meet(struct runner *runner, size_t place_id, const struct trade *trade)
{
    for (size_t i = 0; i < ORDERS_MAX; i++) {
        struct order *order = &runner->order[i];
        int64_t left = order_left_lots(order);

        if (order->seq == 0 || order->intent.instrument_id != place_id ||
            order->intent.side == trade->taker ||
            side_sign(order->intent.side) * (trade->price_ticks - order->intent.price_ticks) > 0)
            continue;
        fill(runner, order, order->intent.price_ticks, left < trade->qty_lots ? left : trade->qty_lots, true);
    }
}

/* --- the feed --------------------------------------------------------------------------------------------- */

static void happen_to_all(size_t place_id, struct strategy_event event)
{
    for (size_t i = 0; i < world.runners; i++) {
        struct runner *runner = &world.runner[i];

        if (!strategy_instance_trades(runner->instance, (uint16_t)place_id) ||
            world.place[place_id].market == NULL)
            continue;
        happen(runner, place_id, event);
    }
}

static void tell_book_events(size_t place_id)
{
    struct place *place = &world.place[place_id];
    struct book_event events[BOOK_EVENTS_KEPT_MAX];
    uint64_t ever = signals_book_event_count(place->market->signals);
    size_t count = signals_book_events(place->market->signals, events, BOOK_EVENTS_KEPT_MAX);

    for (size_t i = count; i-- > 0;)
        if (i < ever - place->told_events)
            happen_to_all(place_id,
                          (struct strategy_event){.kind = HAPPENED_BOOK_EVENT, .book_event = &events[i]});
    place->told_events = ever;
}

static void apply(struct place *place, const struct depth_update *update)
{
    if (book_sync_state(place->market->sync) == BOOK_LIVE)
        signals_on_depth_levels(place->market->signals, place->market->book, update);
    assert_int_equal(order_book_apply(place->market->book, update), ERR_OK);
    market_state_book_changed(place->market, world.now_ns);
}

static void rebuild(struct place *place)
{
    struct depth_snapshot snapshot;
    struct depth_update update;

    assert_true(book_sync_snapshot(place->market->sync, &snapshot));
    assert_int_equal(order_book_load(place->market->book, &snapshot), ERR_OK);
    while (book_sync_next_held(place->market->sync, &update))
        apply(place, &update);
}

static void book_moved(size_t place_id, enum sync_action action)
{
    struct place *place = &world.place[place_id];

    place->market->book_state = book_sync_state(place->market->sync);
    if (action != SYNC_APPLY && action != SYNC_REBUILD)
        return;
    if (place->market->book_state != BOOK_LIVE)
        return;
    signals_on_book(place->market->signals, place->market->book, world.now_ns);
    happen_to_all(place_id, (struct strategy_event){.kind = HAPPENED_MARKET});
    tell_book_events(place_id);
}

static void on_trade(size_t place_id, const struct trade *trade)
{
    struct market_state *market = world.place[place_id].market;

    tape_add(market->tape, trade);
    if (trade->off_market)
        return;
    signals_on_trade(market->signals, market->book, trade);
    if (market->book_state != BOOK_LIVE)
        return;
    for (size_t i = 0; i < world.runners; i++)
        if (strategy_instance_trades(world.runner[i].instance, (uint16_t)place_id))
            meet(&world.runner[i], place_id, trade);
    happen_to_all(place_id, (struct strategy_event){.kind = HAPPENED_TRADE, .trade = trade});
    tell_book_events(place_id);
}

static void take_instrument(size_t place_id, const struct feed_event *event)
{
    struct place *place = &world.place[place_id];

    place->instrument = *event->instrument;
    place->instrument.id = (uint16_t)place_id;
    if (place->market == NULL) {
        place->market = market_state_new(&place->instrument, &usual_signals);
        assert_non_null(place->market);
    } else if (event->kind == FEED_STEPS) {
        market_state_rescale(place->market, event->steps);
        execution_rescale(world.execution, (uint16_t)place_id, event->steps);
        for (size_t i = 0; i < world.runners; i++) {
            position_rescale(&world.runner[i].position[place_id], event->steps);
            for (size_t o = 0; o < ORDERS_MAX; o++)
                if (world.runner[i].order[o].intent.instrument_id == place_id) {
                    world.runner[i].order[o].intent.price_ticks *= event->steps.price_factor;
                    world.runner[i].order[o].intent.qty_lots *= event->steps.qty_factor;
                    world.runner[i].order[o].filled_lots *= event->steps.qty_factor;
                }
        }
    }
}

static void on_event(size_t place_id, const struct feed_event *event)
{
    struct place *place = &world.place[place_id];
    enum sync_action action = SYNC_IGNORE;

    if (event->kind == FEED_INSTRUMENT || event->kind == FEED_STEPS) {
        take_instrument(place_id, event);
    } else if (event->kind == FEED_TRADE) {
        on_trade(place_id, &event->trade);
    } else if (event->kind == FEED_DEPTH || event->kind == FEED_SNAPSHOT) {
        action = event->kind == FEED_DEPTH ? book_sync_on_depth(place->market->sync, &event->depth)
                                           : book_sync_on_snapshot(place->market->sync, &event->snapshot);
        if (action == SYNC_APPLY)
            apply(place, &event->depth);
        else if (action == SYNC_REBUILD)
            rebuild(place);
        book_moved(place_id, action);
    }
}

static void pass_time(int64_t now_ns)
{
    if (world.tick_ns == 0) {
        world.begin_ns = now_ns;
        world.tick_ns = (now_ns / TICK_NS + 1) * TICK_NS;
    }
    for (; world.tick_ns <= now_ns; world.tick_ns += TICK_NS) {
        world.now_ns = world.tick_ns;
        for (size_t i = 0; i < PLACES; i++)
            if (world.place[i].market != NULL) {
                signals_tick(world.place[i].market->signals, world.place[i].market->book, world.now_ns);
                happen_to_all(i, (struct strategy_event){.kind = HAPPENED_MARKET});
                tell_book_events(i);
            }
    }
    world.now_ns = now_ns;
}

/* --- the run ---------------------------------------------------------------------------------------------- */

static const char *const files[PLACES] = {"hft_spot_btcusdt_20240808.jsonl.gz",
                                          "hft_usdm_btcusdt_20240808.jsonl.gz"};

static const char *path_of(size_t place_id)
{
    static char path[PLACES][512];
    const char *shared = getenv("FLOWDECK_SHARED");

    snprintf(path[place_id], sizeof path[place_id], "%s/data/recordings/%s",
             shared != NULL ? shared : "../shared", files[place_id]);
    return path[place_id];
}

static bool have_recordings(void)
{
    for (size_t i = 0; i < PLACES; i++)
        if (access(path_of(i), R_OK) != 0) {
            printf("skipped: no %s\n", path_of(i));
            return false;
        }
    return true;
}

static void world_open(void)
{
    const struct builtin_strategy *const *all = builtin_strategies(&world.runners);
    const struct execution_params params = execution_params_default();

    assert_in_range(world.runners, 6, STRATEGIES_MAX);
    for (size_t i = 0; i < world.runners; i++) {
        runner_init(&world.runner[i], all[i]);
        world.runner[i].owner = (uint16_t)(i + 1);
    }
    world.execution = execution_new(&params);
    assert_non_null(world.execution);
    for (size_t i = 0; i < PLACES; i++) {
        const char *path = path_of(i);
        struct decoder_config config = {.known = NULL};
        struct instrument unknown;
        char why[256];

        if (replay_open(&path, 1, &config, &world.place[i].replay, why, sizeof why) != ERR_OK)
            fail_msg("%s", why);
        instrument_init(&unknown, "BTCUSDT", i == 0 ? VENUE_BINANCE_SPOT : VENUE_BINANCE_USDM, (uint16_t)i);
        world.place[i].instrument = unknown;
        world.place[i].taker_fee_ppm = 500; /* makers pay nothing: mm would quote beyond a short recording */
        for (size_t r = 0; r < world.runners; r++)
            assert_int_equal(strategy_instance_add(world.runner[r].instance, &world.place[i].instrument),
                             ERR_OK);
    }
}

/* Both recordings as one feed, in the order of their times. */
static void world_run(void)
{
    memset(&world, 0, sizeof world);
    world_open();
    for (;;) {
        int64_t next[PLACES] = {replay_peek_ns(world.place[0].replay), replay_peek_ns(world.place[1].replay)};
        size_t place_id = next[0] == 0 || (next[1] != 0 && next[1] < next[0]) ? 1 : 0;
        struct feed_event event;

        if (!replay_next(world.place[place_id].replay, &event))
            break;
        pass_time(event.recv_ns);
        on_event(place_id, &event);
    }
}

static void world_close(void)
{
    for (size_t i = 0; i < PLACES; i++) {
        replay_close(world.place[i].replay);
        market_state_free(world.place[i].market);
    }
    for (size_t i = 0; i < world.runners; i++)
        strategy_instance_free(world.runner[i].instance);
    execution_free(world.execution);
}

static int64_t net_e8(const struct runner *runner)
{
    int64_t net_e8 = 0;

    for (size_t i = 0; i < PLACES; i++) {
        const struct position *position = &runner->position[i];
        int64_t mark = market_state_mark(world.place[i].market, position->lots);

        net_e8 += position->realised_e8 - position->fees_e8 +
                  position_unrealised_e8(position, &world.place[i].instrument, mark);
    }
    return net_e8;
}

/* Each decides, not too often, within its limits; the same again gives the same, to the last bit. */
static void test_all_decide_within_their_limits_and_twice_the_same(void **state)
{
    uint32_t first[STRATEGIES_MAX];

    (void)state;
    if (!have_recordings())
        skip();
    world_run();
    for (size_t i = 0; i < world.runners; i++) {
        const struct runner *runner = &world.runner[i];

        first[i] = runner->hash;
        printf("%-10s %6.1f s %7llu callbacks %5llu goals %5llu orders %4llu fills  largest %8.2f  net %8.3f "
               " hash %08x\n",
               runner->strategy->name, (double)(world.now_ns - world.begin_ns) / 1e9,
               (unsigned long long)runner->callbacks, (unsigned long long)runner->goals,
               (unsigned long long)runner->orders, (unsigned long long)runner->fills,
               (double)runner->value_max_e8 / 1e8, (double)net_e8(runner) / 1e8, runner->hash);
        assert_in_range(runner->goals, 1, runner->callbacks / 10);
        assert_true(runner->fills > 0);
        assert_true(runner->value_max_e8 <= runner->value_bound_e8 + runner->value_bound_e8 / 100);
        assert_true(strategy_instance_reason(runner->instance, 1)->set);
    }
    world_close();
    world_run();
    for (size_t i = 0; i < world.runners; i++)
        assert_int_equal(world.runner[i].hash, first[i]);
    world_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_decide_within_their_limits_and_twice_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
