/* plugin_world.h - a folder of plug-ins that may be loaded, one instrument with a book, and a child that may die. */
#ifndef UNIT_PLUGIN_WORLD_H
#define UNIT_PLUGIN_WORLD_H

#include "unit/cmocka_all.h"

#include "core/market/order_book.h"
#include "plugin/plugin.h"
#include "plugin/plugin_guard.h"
#include "plugin/plugin_quarantine.h"
#include "unit/plugin_copy.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define E8    INT64_C(100000000)
#define OWNER 3

struct plugin_world {
    char folder[64], quarantine[96], path[96];
    struct instrument btc;
    const struct instrument *instruments[1];
    struct order_book *book;
    struct signal_values signals;
    struct position position;
    struct strategy_sight sight;
    struct plugin_request request;
    struct strategy_result result;
    char why[PLUGIN_WHY_SIZE];
};

static struct plugin_world world;

/* Copies a built plug-in into the folder as name; the path is in world.path and in the request. */
static inline void world_put(const char *kind, const char *name)
{
    snprintf(world.path, sizeof(world.path), "%s/%s", world.folder, name);
    plugin_copy(kind, world.path);
    world.request.path = world.path;
}

static int world_set_up(void **state)
{
    (void)state;
    memset(&world, 0, sizeof(world));
    snprintf(world.folder, sizeof(world.folder), "/tmp/flowdeck-plugin-XXXXXX");
    assert_non_null(mkdtemp(world.folder));
    snprintf(world.quarantine, sizeof(world.quarantine), "%s/quarantine", world.folder);
    instrument_init(&world.btc, "BTCUSDT", VENUE_BINANCE_SPOT, 2);
    world.btc.tick_e8 = E8 / 100;
    world.btc.lot_e8 = E8 / 100000;
    world.btc.qty_lots_min = 1;
    world.btc.qty_lots_max = 900000000;
    world.instruments[0] = &world.btc;
    world.book = order_book_new();
    for (int i = 0; i < 30; i++) {
        assert_int_equal(order_book_set(world.book, SIDE_BID, 6000000 - i, 100 + i), ERR_OK);
        assert_int_equal(order_book_set(world.book, SIDE_ASK, 6000001 + i, 200 + i), ERR_OK);
    }
    world.sight = (struct strategy_sight){.instrument = &world.btc,
                                          .ref = {.now_ns = 1000,
                                                  .book_state = BOOK_LIVE,
                                                  .best_ticks = {6000000, 6000001},
                                                  .best_lots = {100, 200},
                                                  .last_ticks = 5999999},
                                          .book = world.book,
                                          .signals = &world.signals,
                                          .position = &world.position};
    world.request = (struct plugin_request){.owner = OWNER,
                                            .instruments = world.instruments,
                                            .instrument_count = 1,
                                            .quarantine = world.quarantine};
    return 0;
}

static int world_tear_down(void **state)
{
    char command[128];

    (void)state;
    order_book_free(world.book);
    snprintf(command, sizeof(command), "rm -rf '%s'", world.folder);
    return system(command); /* NOLINT(cert-env33-c): a fixed command of our own */
}

/* What world.why says, without the folder that changes from run to run. */
static inline const char *world_why(void)
{
    size_t size = strlen(world.folder);

    return strncmp(world.why, world.folder, size) == 0 ? world.why + size + 1 : world.why;
}

static inline enum err world_open(struct plugin **out)
{
    return plugin_open(&world.request, out, world.why, sizeof(world.why));
}

static inline struct plugin *world_must_open(const char *kind)
{
    struct plugin *plugin;

    world_put(kind, "x.so");
    if (world_open(&plugin) != ERR_OK)
        fail_msg("refused: %s", world.why);
    return plugin;
}

/* One market callback; the answer is in world.result. */
static inline int64_t world_market(struct plugin *plugin)
{
    const struct strategy_event event = {
        .kind = HAPPENED_MARKET, .instrument_id = 2, .may_trade = true, .now_ns = 1000};

    strategy_instance_see(plugin_instance(plugin), &world.sight);
    return plugin_call(plugin_instance(plugin), OWNER, &event, true, &world.result);
}

#endif
