/* test_order_sums.c - running sums of open orders against a walk over all of them, under random lives. */
#include "cmocka_all.h"
#include "core/base/decimal.h"
#include "exec/order_manager.h"
#include "test_random.h"

#define INSTRUMENTS 3
#define OWNERS      3

struct world {
    uint64_t random;
    struct order_manager *orders;
    struct instrument instrument[INSTRUMENTS];
    uint64_t trade_id;
};

static int64_t pick(struct world *world, int64_t min, int64_t max)
{
    return random_between(&world->random, min, max);
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Rounded up, from the exact product. */
static int64_t money(const struct instrument *instrument, __int128 worth)
{
    __int128 e16 = worth * instrument->tick_e8 * instrument->lot_e8;

    return (int64_t)(e16 / DECIMAL_E8 + (e16 % DECIMAL_E8 != 0));
}

static bool may_rest(const struct order *order)
{
    switch (order->intent.type) {
    case ORDER_LIMIT:
        return true;
    case ORDER_STOP_LIMIT:
    case ORDER_TAKE_PROFIT_LIMIT:
        return order->triggered;
    case ORDER_MARKET:
    case ORDER_STOP:
    case ORDER_TAKE_PROFIT:
    case ORDER_TRAILING_STOP:
    case ORDER_TYPES:
        break;
    }
    return false;
}

static void better(enum side side, int64_t price, int64_t *best)
{
    if (price != 0 && (*best == 0 || (price - *best) * side_sign(side) > 0))
        *best = price;
}

static struct order_exposure walk(struct world *world, uint16_t instrument_id, uint16_t owner,
                                  uint64_t without)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(world->orders, instrument_id, owner, open, ORDERS_OPEN_MAX);
    struct order_exposure sum = {0};
    __int128 worth[SIDE_COUNT] = {0}, adding[SIDE_COUNT] = {0};

    for (size_t i = 0; i < count; i++) {
        const struct order *order = open[i];
        const struct order_intent *intent = &order->intent;
        int64_t lots = most(intent->qty_lots, order->replace_qty_lots) - order->filled_lots;
        int64_t price = most(most(intent->price_ticks, intent->stop_ticks), order->replace_price_ticks);
        struct order_intent moved = *intent;

        if (order->replace_price_ticks != 0)
            order_intent_move(&moved, order->replace_price_ticks);
        price = most(price, moved.price_ticks);
        if (order->seq == without)
            continue;
        sum.orders++;
        sum.open_lots[intent->side] += lots;
        worth[intent->side] += (__int128)price * lots;
        adding[intent->side] += intent->reduce_only ? 0 : (__int128)price * lots;
        if (!may_rest(order))
            continue;
        better(intent->side, intent->price_ticks, &sum.best_own_ticks[intent->side]);
        better(intent->side, order->replace_price_ticks, &sum.best_own_ticks[intent->side]);
    }
    for (int side = 0; side < SIDE_COUNT; side++) {
        sum.open_value_e8[side] = money(&world->instrument[instrument_id], worth[side]);
        sum.adding_value_e8[side] = money(&world->instrument[instrument_id], adding[side]);
    }
    return sum;
}

static void check(struct world *world, uint16_t instrument_id, uint16_t owner, uint64_t without)
{
    struct order_exposure naive = walk(world, instrument_id, owner, without), kept;

    order_manager_exposure(world->orders, &world->instrument[instrument_id], owner, without, &kept);
    assert_int_equal(kept.orders, naive.orders);
    for (int side = 0; side < SIDE_COUNT; side++) {
        assert_int_equal(kept.open_lots[side], naive.open_lots[side]);
        assert_int_equal(kept.open_value_e8[side], naive.open_value_e8[side]);
        assert_int_equal(kept.adding_value_e8[side], naive.adding_value_e8[side]);
        assert_int_equal(kept.best_own_ticks[side], naive.best_own_ticks[side]);
    }
}

static void add(struct world *world)
{
    struct order_intent intent = {.instrument_id = (uint16_t)pick(world, 0, INSTRUMENTS - 1),
                                  .owner = (uint16_t)pick(world, 0, OWNERS - 1),
                                  .side = (enum side)pick(world, 0, 1),
                                  .type = (enum order_type)pick(world, 0, ORDER_TYPES - 1),
                                  .reduce_only = pick(world, 0, 3) == 0,
                                  .price_ticks = pick(world, 1, 30),
                                  .qty_lots = pick(world, 1, 50)};

    if (order_type_is_triggered(intent.type))
        intent.stop_ticks = pick(world, 0, 30);
    order_manager_add(world->orders, &intent, 1, 0);
}

/* Something happens to one open order; whatever is refused changes nothing. */
static void live(struct world *world, uint64_t seq, int64_t step)
{
    struct order_event ev = {.kind = (enum order_event_kind)pick(world, 0, ORDER_EVENT_KINDS - 1),
                             .order_seq = seq,
                             .ts_ns = step};

    ev.fill = (struct fill){.trade_id = ++world->trade_id, .qty_lots = pick(world, 1, 20)};
    if (ev.kind == ORDER_EVENT_REPLACED) {
        ev.price_ticks = pick(world, 1, 30);
        ev.qty_lots = pick(world, 1, 80);
    }
    switch (pick(world, 0, 5)) {
    case 0:
        order_manager_cancel_sent(world->orders, seq, step);
        break;
    case 1:
        order_manager_replace_sent(world->orders, seq, pick(world, 1, 30), pick(world, 1, 80), step);
        break;
    case 2:
        order_manager_answer_lost(world->orders, seq, step);
        break;
    default:
        order_manager_apply(world->orders, &ev, NULL);
        break;
    }
}

static void test_sums_are_those_of_a_walk(void **state)
{
    struct world world = {.random = 31, .orders = order_manager_new()};
    size_t fullest = 0;

    (void)state;
    for (uint16_t i = 0; i < INSTRUMENTS; i++) {
        instrument_init(&world.instrument[i], "BTCUSDT", VENUE_BINANCE_SPOT, i);
        world.instrument[i].tick_e8 = 7 * (i + 1);
        world.instrument[i].lot_e8 = 1000003;
    }
    for (int64_t step = 1; step < 60000; step++) {
        struct order *open[ORDERS_OPEN_MAX];
        size_t count = order_manager_open(world.orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);
        uint16_t instrument = (uint16_t)pick(&world, 0, INSTRUMENTS - 1);

        fullest = count > fullest ? count : fullest;
        if (count == 0 || pick(&world, 0, step % 5000 < 2500 ? 3 : 12) == 0)
            add(&world);
        else
            live(&world, open[pick(&world, 0, (int64_t)count - 1)]->seq, step);
        if (step % 5000 == 0)
            order_manager_rescale(world.orders, instrument, (struct step_change){1, 2});
        check(&world, instrument, ORDERS_ANY, 0);
        check(&world, instrument, (uint16_t)pick(&world, 0, OWNERS - 1), 0);
        if (count > 0)
            check(&world, instrument, ORDERS_ANY, open[count / 2]->seq);
    }
    assert_true(fullest > 30);
    order_manager_free(world.orders);
}

/* What no int64 holds is over every limit. */
static void test_what_does_not_fit_saturates(void **state)
{
    struct order_manager *orders = order_manager_new();
    struct order_intent intent = {
        .type = ORDER_LIMIT, .price_ticks = INT64_MAX / 2, .qty_lots = INT64_MAX / 2};
    struct instrument instrument;
    struct order_exposure sum;

    (void)state;
    instrument_init(&instrument, "BTCUSDT", VENUE_BINANCE_SPOT, 0);
    instrument.tick_e8 = instrument.lot_e8 = DECIMAL_E8;
    order_manager_add(orders, &intent, 1, 0);
    order_manager_exposure(orders, &instrument, ORDERS_ANY, 0, &sum);
    assert_int_equal(sum.open_value_e8[SIDE_BID], INT64_MAX);
    assert_int_equal(sum.open_value_e8[SIDE_ASK], 0);
    order_manager_free(orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums_are_those_of_a_walk),
        cmocka_unit_test(test_what_does_not_fit_saturates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
