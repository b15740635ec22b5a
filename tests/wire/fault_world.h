/*
 * fault_world.h - two books that are LIVE on the real client, and what its owner sees while the exchange does wrong.
 */
#ifndef WIRE_FAULT_WORLD_H
#define WIRE_FAULT_WORLD_H

#include "core/base/clock.h"
#include "wire/wire_world.h"

#define LIVE_MS 20000 /* longest way back to LIVE: back-off and snapshot */
#define PACE_MS 80000 /* ... in the long form, where a minute's request weight runs out */

static const char *const both[] = {"BTCUSDT", "ETHUSDT"};
static struct wire_copy copy;
static struct order *open_orders[8];

struct watch {
    uint64_t not_live_events; /* given while a book was not LIVE */
    uint64_t orders_not_live;
    uint64_t downs, silents, ups;
    char why[LIVE_TEXT_MAX];
};

static inline void watch_event(struct wire_world *world, const struct feed_event *event)
{
    struct watch *watch = world->arg;
    const struct market_state *market =
        event->instrument != NULL && event->instrument->id < world->pipeline->markets
            ? world->pipeline->market[event->instrument->id]
            : NULL;

    if (event->kind == FEED_LINK) {
        watch->downs += event->link.state == FEED_LINK_DOWN;
        watch->silents += event->link.state == FEED_LINK_SILENT;
        watch->ups += event->link.state == FEED_LINK_UP;
        if (event->link.state != FEED_LINK_UP)
            snprintf(watch->why, sizeof(watch->why), "%s", event->link.why);
    }
    if (market == NULL)
        return;
    watch->not_live_events += market->book_state != BOOK_LIVE;
    /* What a strategy had there is cancelled, and nothing new is priced on it. (Called from inside the feed, which an
     * assertion must not jump out of.) */
    if (market->book_state != BOOK_LIVE)
        watch->orders_not_live +=
            order_manager_open(world->pipeline->orders, event->instrument->id, 1, open_orders, 8);
}

static inline void open_world(struct wire_world *world, struct watch *watch, enum venue venue,
                              int64_t silent_ms)
{
    struct live_feed_config config;

    memset(world, 0, sizeof(*world));
    memset(watch, 0, sizeof(*watch));
    wire_start_exchange(world, 11, both, 2);
    config = wire_config(world, venue, both, 2);
    config.silent_ms = silent_ms;
    world->on_event = watch_event;
    world->arg = watch;
    wire_open(world, &config, true);
    if (!wire_until(world, wire_all_live, LIVE_MS))
        fail_msg("never LIVE: %s", live_feed_status(world->feed)->link[0].why);
}

/* LIVE again, and what is in the books is what the exchange has. */
static inline void assert_back(struct wire_world *world, const char *after)
{
    const struct watch *watch = world->arg;

    if (!wire_until(world, wire_all_live, wire_soak() ? PACE_MS : LIVE_MS))
        fail_msg("after %s: not LIVE again: %s", after, live_feed_status(world->feed)->link[0].why);
    for (size_t i = 0; i < world->pipeline->markets; i++) {
        wire_copy_book(world->pipeline->market[i], &copy);
        wire_assert_true_book(world, world->pipeline->market[i]->instrument, &copy);
    }
    if (world->on_event == watch_event)
        assert_int_equal(watch->orders_not_live, 0);
}

static inline int64_t stat_of(struct wire_world *world, const char *group, const char *name)
{
    json_error_t error;
    json_t *stats;
    int64_t value;

    assert_int_equal(wire_ask(world, "GET", "/sim/stats", NULL), 200);
    stats = json_loads(world->body, 0, &error);
    assert_non_null(stats);
    value = json_integer_value(json_object_get(group == NULL ? stats : json_object_get(stats, group), name));
    json_decref(stats);
    return value;
}

/* Until the exchange has done all that counts down, and what it did has reached the client. */
static inline void let_it_happen(struct wire_world *world)
{
    int64_t end_ns = clock_monotonic_ns() + LIVE_MS * INT64_C(1000000);

    while (stat_of(world, NULL, "faults_left") > 0) {
        assert_true(clock_monotonic_ns() < end_ns);
        wire_run_ms(world, 20);
    }
    wire_run_ms(world, 250); /* two depth messages */
}

#endif
