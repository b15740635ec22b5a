/* people_world.h - a market of some of the built-in symbols, with its books, for tests of its people. */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include "sim/market.h"
#include "sim/matching.h"
#include "sim/symbol.h"

#include <stdlib.h>
#include <string.h>

#define WORLD_EPOCH_NS INT64_C(1775052000000000000) /* 2026-04-01T14:00:00Z */
#define WORLD_SECOND   INT64_C(1000000000)

struct sim_world {
    size_t count;
    struct sim_symbol symbol[SIM_SYMBOLS_MAX];
    struct match_book *book[SIM_SYMBOLS_MAX];
    struct market *market;
    int64_t now_ns;
};

/* names: NULL-terminated, each stands for spot and USD-M; NULL: the whole list. */
static inline struct sim_world *sim_world_new(uint64_t seed, const char *const *names)
{
    struct sim_world *world = calloc(1, sizeof(*world));
    struct sim_symbol all[SIM_SYMBOLS_MAX];
    size_t count = sim_symbols_builtin(all, SIM_SYMBOLS_MAX);

    if (world == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        bool wanted = names == NULL;

        for (const char *const *name = names; name != NULL && *name != NULL; name++)
            wanted |= strcmp(*name, all[i].name) == 0;
        if (!wanted)
            continue;
        struct match_book_config config = {.symbol = (uint32_t)world->count,
                                           .price_ticks_max = all[i].price_ticks_max,
                                           .first_update_id = 1000,
                                           .first_trade_id = 1000,
                                           .first_order_id = 1000};

        world->symbol[world->count] = all[i];
        world->book[world->count] = match_book_new(&config);
        if (world->book[world->count++] == NULL)
            abort();
    }
    world->market = market_new(seed, world->symbol, world->book, world->count);
    if (world->market == NULL)
        abort();
    market_open(world->market);
    return world;
}

static inline void sim_world_free(struct sim_world *world)
{
    market_free(world->market);
    for (size_t i = 0; i < world->count; i++)
        match_book_free(world->book[i]);
    free(world);
}

static inline void sim_world_run(struct sim_world *world, double seconds)
{
    world->now_ns += (int64_t)(seconds * 1e9);
    market_run_until(world->market, world->now_ns, WORLD_EPOCH_NS);
}

/* Index of a symbol; aborts if it is not there. */
static inline size_t sim_world_index(const struct sim_world *world, const char *name, bool usdm)
{
    const struct sim_symbol *symbol = sim_symbol_find(world->symbol, world->count, name, usdm);

    if (symbol == NULL)
        abort();
    return (size_t)(symbol - world->symbol);
}

#endif
