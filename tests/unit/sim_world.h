/*
 * sim_world.h - a small exchange made by hand: books and publisher, seeded random orders instead of people.
 *
 * People and accounts are no part of these tests; the weak functions below stand where exchange.c wants them.
 */
#ifndef UNIT_SIM_WORLD_H
#define UNIT_SIM_WORLD_H

#include "core/base/decimal.h"
#include "sim/accounts.h"
#include "sim/exchange.h"
#include "sim/publisher.h"
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORLD_MS      INT64_C(1000000)
#define WORLD_OPEN_NS (INT64_C(1763700000000) * WORLD_MS)
#define WORLD_SYMBOLS 3
#define WORLD_PRICE   6180000 /* middle of all orders, ticks */
#define WORLD_SPREAD  60      /* orders lie this far around it at most */
#define WORLD_ORDERS  256

enum { WORLD_SPOT_BTC, WORLD_SPOT_ETH, WORLD_USDM_BTC };

#define WORLD_WEAK __attribute__((weak))
WORLD_WEAK size_t sim_symbols_builtin(struct sim_symbol *out, size_t max)
{
    (void)out;
    (void)max;
    return 0;
}
WORLD_WEAK const struct sim_symbol *sim_symbol_find(const struct sim_symbol *list, size_t count,
                                                    const char *name, bool usdm)
{
    (void)list;
    (void)count;
    (void)name;
    (void)usdm;
    return NULL;
}
WORLD_WEAK struct market *market_new(uint64_t seed, const struct sim_symbol *symbols,
                                     struct match_book *const *books, size_t count)
{
    (void)seed;
    (void)symbols;
    (void)books;
    (void)count;
    return NULL;
}
WORLD_WEAK void market_free(struct market *market)
{
    (void)market;
}
WORLD_WEAK void market_open(struct market *market)
{
    (void)market;
}
WORLD_WEAK void market_run_until(struct market *market, int64_t now_ns, int64_t epoch_ns)
{
    (void)market;
    (void)now_ns;
    (void)epoch_ns;
}
WORLD_WEAK struct market_mark market_mark(const struct market *market, size_t symbol)
{
    (void)market;
    (void)symbol;
    return (struct market_mark){0};
}
WORLD_WEAK struct accounts *accounts_new(struct exchange *exchange)
{
    (void)exchange;
    return NULL;
}
WORLD_WEAK void accounts_free(struct accounts *accounts)
{
    (void)accounts;
}
WORLD_WEAK void accounts_advance(struct accounts *accounts)
{
    (void)accounts;
}

struct world {
    struct exchange exchange;
    uint64_t random;
    uint64_t order[WORLD_SYMBOLS][WORLD_ORDERS];
};

static inline void world_symbol(struct sim_symbol *symbol, const char *base, bool usdm)
{
    memset(symbol, 0, sizeof(*symbol));
    snprintf(symbol->name, sizeof(symbol->name), "%sUSDT", base);
    for (size_t i = 0; symbol->name[i] != '\0'; i++)
        symbol->lower[i] = (char)(symbol->name[i] | 0x20);
    snprintf(symbol->base, sizeof(symbol->base), "%s", base);
    snprintf(symbol->quote, sizeof(symbol->quote), "USDT");
    symbol->usdm = usdm;
    symbol->tick_e8 = usdm ? 10000000 : 1000000;
    symbol->lot_e8 = usdm ? 100000 : 1000;
    symbol->qty_lots_min = 1;
    symbol->qty_lots_max = usdm ? 1000000 : 900000000;
    symbol->market_qty_lots_max = usdm ? 120000 : 9709521;
    symbol->notional_e8_min = usdm ? INT64_C(10000000000) : 500000000;
    symbol->notional_e8_max = usdm ? 0 : INT64_C(900000000000000);
    symbol->price_ticks_min = usdm ? 5568 : 1;
    symbol->price_ticks_max = usdm ? 45297640 : 100000000;
    symbol->multiplier_up_x10000 = usdm ? 10500 : 50000;
    symbol->multiplier_down_x10000 = usdm ? 9500 : 2000;
    symbol->start_ticks = WORLD_PRICE;
}

static inline struct world *world_new(uint64_t seed)
{
    struct world *world = calloc(1, sizeof(*world));
    struct exchange *exchange;

    assert_non_null(world);
    world->random = seed;
    exchange = &world->exchange;
    exchange->open_ns = exchange->now_ns = WORLD_OPEN_NS;
    exchange->symbols = WORLD_SYMBOLS;
    world_symbol(&exchange->symbol[WORLD_SPOT_BTC], "BTC", false);
    world_symbol(&exchange->symbol[WORLD_SPOT_ETH], "ETH", false);
    world_symbol(&exchange->symbol[WORLD_USDM_BTC], "BTC", true);
    for (size_t i = 0; i < WORLD_SYMBOLS; i++) {
        struct match_book_config config = {.symbol = (uint32_t)i,
                                           .price_ticks_max = exchange->symbol[i].price_ticks_max,
                                           .first_update_id = 50093239188 + i,
                                           .first_trade_id = 3735683259 + i,
                                           .first_order_id = 1,
                                           .orders_max = 4096};

        exchange->book[i] = match_book_new(&config);
        assert_non_null(exchange->book[i]);
    }
    exchange->publisher = publisher_new(exchange);
    assert_non_null(exchange->publisher);
    return world;
}

static inline void world_free(struct world *world)
{
    publisher_free(world->exchange.publisher);
    for (size_t i = 0; i < WORLD_SYMBOLS; i++)
        match_book_free(world->exchange.book[i]);
    free(world);
}

/* As exchange_advance() does, without people. */
static inline void world_advance(struct world *world, int64_t step_ns)
{
    struct exchange *exchange = &world->exchange;
    int64_t end_ns = exchange->now_ns + step_ns;

    do {
        int64_t next_ns = publisher_next_ns(exchange->publisher);

        exchange->now_ns = next_ns <= exchange->now_ns || next_ns > end_ns ? end_ns : next_ns;
        publisher_advance(exchange->publisher);
    } while (exchange->now_ns < end_ns);
}

static inline enum match_reject world_order(struct world *world, size_t symbol, enum side side,
                                            enum match_type type, int64_t price_ticks, int64_t qty_lots,
                                            uint64_t *id)
{
    struct match_request request = {.account = (uint32_t)random_between(&world->random, 1, 20),
                                    .side = side,
                                    .type = type,
                                    .tif = MATCH_GTC,
                                    .price_ticks = type == MATCH_MARKET ? 0 : price_ticks,
                                    .qty_lots = qty_lots};

    return match_submit(world->exchange.book[symbol], world->exchange.now_ns, &request, id);
}

/* One random action on a book: rest, take, sweep, cancel. */
static inline void world_act(struct world *world, size_t symbol)
{
    uint64_t *id = &world->order[symbol][random_between(&world->random, 0, WORLD_ORDERS - 1)];
    int64_t what = random_between(&world->random, 0, 99), qty = random_between(&world->random, 1, 900);
    enum side side = (enum side)random_between(&world->random, 0, 1);
    int64_t price = WORLD_PRICE - side_sign(side) * random_between(&world->random, -3, WORLD_SPREAD);
    uint64_t taken;

    if (what < 8) {
        world_order(world, symbol, side, MATCH_MARKET, 0, qty * 4, &taken);
        return;
    }
    if (*id != 0)
        match_cancel(world->exchange.book[symbol], world->exchange.now_ns, *id);
    *id = 0;
    if (world_order(world, symbol, side, MATCH_LIMIT, price, qty, id) != MATCH_OK)
        *id = 0;
}

/* Numbers of the wire, which are exact. */
static inline int64_t world_e8(const json_t *text)
{
    int64_t value = 0;

    assert_true(json_is_string(text));
    assert_int_equal(decimal_parse(json_string_value(text), json_string_length(text), 8, &value), ERR_OK);
    return value;
}

static inline json_t *world_json(const char *text, size_t size)
{
    json_error_t error;
    json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);

    if (json == NULL)
        fail_msg("%s in %.*s", error.text, (int)(size > 300 ? 300 : size), text);
    return json;
}

static inline int64_t world_int(const json_t *object, const char *key)
{
    assert_true(json_is_integer(json_object_get(object, key)));
    return json_integer_value(json_object_get(object, key));
}

#endif
