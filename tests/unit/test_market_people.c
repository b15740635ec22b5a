/*
 * test_market_people.c - what a trader tries first on a market: each kind of person of the built-in one does its part.
 */
#include "cmocka_all.h"

#include "sim/people.h"
#include "unit/people_world.h"

#include <stdio.h>

#define HASH UINT64_C(0x5acc257bb0f4a4f3) /* of what test_same_seed_same_market hears */
#define USER 300                          /* an account that is nobody of the market's own */

/* Everything that a book told, folded into one number; and who did what. */
struct ear {
    uint64_t hash;
    uint64_t levels, best_changes, best_ticks, canceled_walls, eaten_walls, amount;
    uint64_t took[64], rested[64];
    int64_t mine_lots, ahead_lots;
    uint64_t mine_fills, mine;
    double with_trend, against_trend; /* of trend followers' and reverters' orders */
    double revert_with, revert_against;
    const struct pit *pit;
};

static void fold(struct ear *ear, uint64_t value)
{
    ear->hash = (ear->hash ^ value) * UINT64_C(0x100000001b3);
    ear->hash ^= ear->hash >> 29;
}

static void hear_trade(struct ear *ear, const struct match_event *event)
{
    uint32_t taker = event->order->request.account, maker = event->maker->request.account;

    if (taker < 64)
        ear->took[taker]++;
    if (maker == ACCOUNT_WALL)
        ear->eaten_walls++;
    if (maker == USER) {
        ear->mine_fills++;
        ear->mine_lots += event->qty_lots;
    }
    if (ear->pit != NULL && (taker == ACCOUNT_TREND || taker == ACCOUNT_REVERT)) {
        bool with = side_sign(event->side) * (ear->pit->mid - ear->pit->mid_slow) > 0.0;

        *(taker == ACCOUNT_TREND ? (with ? &ear->with_trend : &ear->against_trend)
                                 : (with ? &ear->revert_with : &ear->revert_against)) += 1.0;
    }
}

static void hear(void *arg, const struct match_event *event)
{
    struct ear *ear = arg;

    fold(ear, (uint64_t)event->kind + 1);
    fold(ear, (uint64_t)event->time_ns);
    fold(ear, (uint64_t)event->price_ticks);
    fold(ear, (uint64_t)event->qty_lots);
    fold(ear, event->update_id);
    fold(ear, event->order != NULL ? event->order->id : 0);
    if (event->kind == MATCH_EVENT_LEVEL) {
        int64_t price = 0, qty = 0;

        ear->levels++;
        match_best(event->book, SIDE_BID, &price, &qty);
        if ((uint64_t)price != ear->best_ticks || (uint64_t)qty != ear->amount)
            ear->best_changes++;
        ear->best_ticks = (uint64_t)price;
        ear->amount = (uint64_t)qty;
    } else if (event->kind == MATCH_EVENT_TRADE) {
        hear_trade(ear, event);
    } else if (event->kind == MATCH_EVENT_NEW && event->order->request.account < 64) {
        ear->rested[event->order->request.account]++;
    } else if (event->kind == MATCH_EVENT_CANCELED && event->order->request.account == ACCOUNT_WALL) {
        ear->canceled_walls++;
    }
}

static const char *const btc_only[] = {"BTCUSDT", NULL};

static double mid_of(const struct sim_world *world, size_t symbol)
{
    int64_t bid = 0, ask = 0, qty;

    assert_true(match_best(world->book[symbol], SIDE_BID, &bid, &qty));
    assert_true(match_best(world->book[symbol], SIDE_ASK, &ask, &qty));
    return 0.5 * (double)(bid + ask);
}

static uint64_t user_takes(struct sim_world *world, size_t symbol, enum side side, int64_t lots)
{
    struct match_request request = {.account = USER, .side = side, .type = MATCH_MARKET, .qty_lots = lots};
    uint64_t id = 0;

    assert_int_equal(match_submit(world->book[symbol], WORLD_EPOCH_NS + world->now_ns, &request, &id),
                     MATCH_OK);
    return id;
}

/* --- the same again ---------------------------------------------------------------------------------------------- */

static uint64_t hash_of_run(uint64_t seed, const double *steps_s, size_t steps, bool meddle)
{
    struct ear ear = {0};
    struct sim_world *world = sim_world_new(seed, btc_only);

    for (size_t i = 0; i < world->count; i++)
        assert_true(match_listen(world->book[i], hear, &ear));
    for (size_t i = 0; i < steps; i++) {
        sim_world_run(world, steps_s[i]);
        if (meddle && i == 0)
            user_takes(world, 0, SIDE_BID, 200000);
    }
    sim_world_free(world);
    return ear.hash;
}

static void test_same_seed_same_market(void **state)
{
    const double once[] = {300.0}, cut[] = {3.0, 0.25, 9.75, 287.0};
    uint64_t hash = hash_of_run(5, once, 1, false);

    (void)state;
    printf("hash of 300 s of BTCUSDT, seed 5: %016llx\n", (unsigned long long)hash);
    assert_true(hash == HASH); /* by any compiler, on any machine; a change of anybody's habits changes it */
    assert_int_equal(hash, hash_of_run(5, once, 1, false));
    assert_int_equal(hash, hash_of_run(5, cut, 4, false)); /* however the host cuts time */
    assert_int_not_equal(hash, hash_of_run(6, once, 1, false));
    assert_int_equal(hash_of_run(5, cut, 4, true), hash_of_run(5, cut, 4, true));
    assert_int_not_equal(hash, hash_of_run(5, cut, 4, true));
}

/* --- people ------------------------------------------------------------------------------------------------------ */

static void test_everybody_comes(void **state)
{
    static const uint32_t takers[] = {ACCOUNT_TAKER, ACCOUNT_PARENT, ACCOUNT_SWEEP, ACCOUNT_INFORMED,
                                      ACCOUNT_RUSH,  ACCOUNT_TREND,  ACCOUNT_REVERT};
    static const uint32_t resters[] = {ACCOUNT_CROWD,  ACCOUNT_CLOSER,  ACCOUNT_WALL,
                                       ACCOUNT_REVERT, ACCOUNT_ICEBERG, ACCOUNT_MAKER};
    struct ear ear = {0}, far = {0};
    struct sim_world *world = sim_world_new(2, btc_only);

    (void)state;
    ear.pit = &world->market->pit[0];
    assert_true(match_listen(world->book[0], hear, &ear) && match_listen(world->book[1], hear, &far));
    sim_world_run(world, 900.0);
    for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]); i++)
        assert_true(ear.took[takers[i]] > 0);
    for (size_t i = 0; i < sizeof(resters) / sizeof(resters[0]); i++)
        assert_true(ear.rested[resters[i]] > 0);
    assert_true(ear.took[ACCOUNT_ARBITRAGE] > 0 && far.took[ACCOUNT_ARBITRAGE] > 0);
    assert_true(ear.rested[ACCOUNT_FLOOD] + far.rested[ACCOUNT_FLOOD] > 50);
    /* Trend followers buy above the average, reverters sell there. */
    assert_true(ear.with_trend > 2.0 * ear.against_trend);
    assert_true(ear.revert_against > 2.0 * ear.revert_with);
    /* Some walls are pulled, some are eaten. */
    assert_true(ear.canceled_walls > 0 && ear.eaten_walls > 0);
    sim_world_free(world);
}

/* Makers step back before news breaks, and come back after. */
static void test_book_thins_before_a_move(void **state)
{
    struct sim_world *world = sim_world_new(3, btc_only);
    double calm = 0.0, before = 0.0, after = 0.0;
    unsigned calm_count = 0, before_count = 0, after_count = 0;
    int64_t news_ns = 0;

    (void)state;
    for (int tenth = 0; tenth < 9000; tenth++) {
        int64_t next_ns = world->market->news.at_ns, price, bid = 0, ask = 0;
        bool ours = world->market->news.only == NOBODY;

        sim_world_run(world, 0.1);
        if (world->market->news.at_ns != next_ns && ours)
            news_ns = next_ns;
        match_best(world->book[0], SIDE_BID, &price, &bid);
        match_best(world->book[0], SIDE_ASK, &price, &ask);
        if (ours && next_ns - world->now_ns > 0 && next_ns - world->now_ns < WORLD_SECOND * 6 / 10) {
            before += (double)(bid + ask);
            before_count++;
        } else if (next_ns - world->now_ns > 3 * WORLD_SECOND && world->market->pit[0].stress < 0.02) {
            calm += (double)(bid + ask);
            calm_count++;
            if (world->now_ns - news_ns < 16 * WORLD_SECOND) {
                after += (double)(bid + ask);
                after_count++;
            }
        }
    }
    assert_true(before_count > 20 && after_count > 20);
    calm /= calm_count;
    before /= before_count;
    after /= after_count;
    printf("touch in lots: calm %.0f, before news %.0f, after %.0f\n", calm, before, after);
    assert_true(before < 0.75 * calm);
    assert_true(after > 1.2 * before);
    sim_world_free(world);
}

/* --- what a user sees -------------------------------------------------------------------------------------------- */

static void test_users_order_waits_its_turn_and_fills_in_parts(void **state)
{
    unsigned waited = 0, filled = 0, parts = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct sim_world *world = sim_world_new(seed, btc_only);
        struct ear ear = {0};
        struct match_request request = {
            .account = USER, .side = SIDE_BID, .type = MATCH_LIMIT_MAKER, .qty_lots = 60000};
        int64_t qty, ahead, first_ahead;

        sim_world_run(world, 3.0);
        assert_true(match_listen(world->book[0], hear, &ear));
        assert_true(match_best(world->book[0], SIDE_BID, &request.price_ticks, &qty));
        assert_int_equal(match_submit(world->book[0], WORLD_EPOCH_NS + world->now_ns, &request, &ear.mine),
                         MATCH_OK);
        first_ahead = ahead = match_queue_ahead(world->book[0], ear.mine);
        assert_int_equal(ahead, qty);
        for (int step = 0; step < 30000 && ahead >= 0; step++) {
            int64_t now_ahead;

            sim_world_run(world, 0.01);
            now_ahead = match_queue_ahead(world->book[0], ear.mine);
            assert_true(now_ahead <= ahead); /* nobody pushes in front */
            if (now_ahead > 0)
                assert_int_equal(ear.mine_fills, 0); /* none before those in front */
            if (now_ahead >= 0 && now_ahead < first_ahead)
                waited |= 1u << seed;
            ahead = now_ahead;
        }
        filled += ear.mine_fills > 0;
        parts += ear.mine_fills > 1;
        sim_world_free(world);
    }
    printf("of 8 orders at the touch %u filled, %u of them in parts\n", filled, parts);
    assert_true(waited != 0);
    assert_true(filled >= 3 && parts >= 2);
}

static void test_users_market_order_moves_the_price(void **state)
{
    struct sim_world *world = sim_world_new(4, btc_only), *twin = sim_world_new(4, btc_only);
    double before, after, kept, tied;

    (void)state;
    sim_world_run(world, 5.0);
    sim_world_run(twin, 5.0);
    before = mid_of(world, 0);
    user_takes(world, 0, SIDE_BID, 8000000); /* 80 BTC */
    after = mid_of(world, 0);
    assert_true(after > before + 500.0);
    sim_world_run(world, 2.0);
    sim_world_run(twin, 2.0);
    kept = mid_of(world, 0) - mid_of(twin, 0);
    tied = mid_of(world, 1) - mid_of(twin, 1);
    printf("80 BTC: %.0f ticks at once, %.0f after 2 s, contract %.0f\n", after - before, kept, tied * 10.0);
    assert_true(kept > 200.0);
    assert_true(tied * 10.0 > 100.0); /* the contract came along */
    sim_world_free(world);
    sim_world_free(twin);
}

static void test_jump(void **state)
{
    struct sim_world *world = sim_world_new(4, btc_only), *twin = sim_world_new(4, btc_only);
    double mid;

    (void)state;
    sim_world_run(world, 5.0);
    sim_world_run(twin, 5.0);
    market_jump(world->market, 0, -40.0);
    sim_world_run(world, 8.0);
    sim_world_run(twin, 8.0);
    mid = mid_of(twin, 0);
    assert_true(mid_of(world, 0) < mid * (1.0 - 0.0020));
    mid = mid_of(twin, 1);
    assert_true(mid_of(world, 1) < mid * (1.0 - 0.0020));
    sim_world_free(world);
    sim_world_free(twin);
}

static void test_flood(void **state)
{
    struct sim_world *world = sim_world_new(4, btc_only);
    struct ear ear = {0};
    size_t orders = match_order_count(world->book[0]);

    (void)state;
    assert_true(match_listen(world->book[0], hear, &ear));
    market_flood(world->market, 0, 100000.0, WORLD_SECOND);
    sim_world_run(world, 1.0);
    printf("flood: %llu levels and %llu best bids changed in 1 s\n", (unsigned long long)ear.levels,
           (unsigned long long)ear.best_changes);
    assert_true(ear.levels > 90000);
    assert_true(ear.best_changes > 5000);
    sim_world_run(world, 1.0); /* and all of it goes away */
    ear.rested[ACCOUNT_FLOOD] = 0;
    assert_true(match_order_count(world->book[0]) < orders + FLOOD_ORDERS + 400);
    sim_world_run(world, 1.0);
    assert_int_equal(ear.rested[ACCOUNT_FLOOD], 0);
    sim_world_free(world);
}

static void test_mark(void **state)
{
    struct sim_world *world = sim_world_new(4, btc_only);
    struct market_mark mark;

    (void)state;
    sim_world_run(world, 60.0);
    mark = market_mark(world->market, 1);
    assert_true(llabs(mark.index_e8 - (int64_t)(mid_of(world, 0) * 1e6)) < mark.index_e8 / 1000);
    assert_true(llabs(mark.mark_e8 - mark.index_e8) < mark.index_e8 / 200);
    assert_true(llabs(mark.funding_rate_e8) <= 300000);
    assert_true(mark.next_funding_ns > WORLD_EPOCH_NS + world->now_ns);
    assert_int_equal(mark.next_funding_ns % (8 * 3600 * WORLD_SECOND), 0);
    sim_world_free(world);
}

/* --- the list ---------------------------------------------------------------------------------------------------- */

static void test_symbols(void **state)
{
    struct sim_symbol list[SIM_SYMBOLS_MAX];
    size_t count = sim_symbols_builtin(list, SIM_SYMBOLS_MAX), spots = 0;

    (void)state;
    for (size_t i = 0; i < count; i++) {
        const struct sim_symbol *symbol = &list[i];

        spots += !symbol->usdm;
        assert_ptr_equal(sim_symbol_find(list, count, symbol->name, symbol->usdm),
                         symbol); /* no name twice */
        assert_true(symbol->tick_e8 > 0 && symbol->lot_e8 > 0 && symbol->qty_lots_min > 0);
        assert_true(symbol->start_ticks > symbol->price_ticks_min &&
                    symbol->start_ticks < symbol->price_ticks_max);
        assert_true(symbol->qty_lots_max >= symbol->market_qty_lots_max && symbol->market_qty_lots_max > 0);
        assert_true(symbol->notional_e8_min > 0);
    }
    assert_int_equal(spots, SIM_SPOT_COUNT);
    assert_int_equal(count, SIM_SPOT_COUNT + 3);
    assert_int_equal(sim_symbol_find(list, count, "BTCUSDT", false)->tick_e8, 1000000);
    assert_int_equal(sim_symbol_find(list, count, "BTCUSDT", true)->tick_e8, 10000000);
    assert_int_equal(sim_symbol_find(list, count, "PEPEUSDT", false)->start_ticks, 1234);
    assert_int_equal(sim_symbol_find(list, count, "BTCJPY", false)->tick_e8, 100000000);
    assert_null(sim_symbol_find(list, count, "BNBBTC", true));
    assert_int_equal(sim_symbols_builtin(list, 3), 3);
}

/* All together: two-sided books that stay bounded, quiet ones among them. */
static void test_all_of_them(void **state)
{
    struct sim_world *world = sim_world_new(9, NULL);
    size_t silent = 0;

    (void)state;
    for (int second = 0; second < 20; second++) {
        uint64_t before[SIM_SYMBOLS_MAX];

        for (size_t i = 0; i < world->count; i++)
            before[i] = match_update_id(world->book[i]);
        sim_world_run(world, 1.0);
        for (size_t i = 0; i < world->count; i++)
            silent += match_update_id(world->book[i]) == before[i];
    }
    for (size_t i = 0; i < world->count; i++) {
        double start = (double)world->symbol[i].start_ticks;

        assert_true(mid_of(world, i) > 0.9 * start && mid_of(world, i) < 1.1 * start);
        assert_in_range(match_order_count(world->book[i]), 20, 20000);
    }
    assert_true(silent > 0);
    assert_true(world->market->agenda.count < world->market->agenda.room / 4);
    sim_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_seed_same_market),
        cmocka_unit_test(test_everybody_comes),
        cmocka_unit_test(test_book_thins_before_a_move),
        cmocka_unit_test(test_users_order_waits_its_turn_and_fills_in_parts),
        cmocka_unit_test(test_users_market_order_moves_the_price),
        cmocka_unit_test(test_jump),
        cmocka_unit_test(test_flood),
        cmocka_unit_test(test_mark),
        cmocka_unit_test(test_symbols),
        cmocka_unit_test(test_all_of_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
