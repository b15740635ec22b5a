/*
 * bracket_world.h - one instrument with a deep touch, orders given to it, and what is open of the ways out of brackets. Header
 * only, for tests of what brackets protect.
 */
#ifndef UNIT_BRACKET_WORLD_H
#define UNIT_BRACKET_WORLD_H

#include "unit/pipeline_world.h"

#include <string.h>

#define TICK_NS PIPELINE_TICK_NS
#define BID     6000000
#define ASK     6000100
#define OFI     1

static inline void start_at(struct world *world, enum venue venue)
{
    static const struct level bids[] = {{BID, 50000}}, asks[] = {{ASK, 50000}};

    world_init_venue(world, venue, bids, 1, asks, 1);
}

static inline void start(struct world *world)
{
    start_at(world, VENUE_BINANCE_USDM);
}

static inline uint64_t give(struct world *world, struct order_intent intent)
{
    uint64_t before = order_manager_last_seq(world->pipeline->orders);

    pipeline_on_command(world->pipeline, &(struct command){.kind = COMMAND_ORDER, .intent = intent});
    assert_true(order_manager_last_seq(world->pipeline->orders) > before);
    return before + 1;
}

static inline void trade(struct world *world, enum side side, int64_t lots)
{
    give(world, (struct order_intent){.side = side,
                                      .type = ORDER_MARKET,
                                      .tif = TIF_IOC,
                                      .price_ticks = side == SIDE_BID ? ASK + 10000 : BID - 10000,
                                      .qty_lots = lots});
}

static inline uint64_t buy_bracket(struct world *world, int64_t price_ticks, int64_t lots)
{
    return give(world, (struct order_intent){.side = SIDE_BID,
                                             .type = ORDER_LIMIT,
                                             .price_ticks = price_ticks,
                                             .qty_lots = lots,
                                             .bracket_take_ticks = 6050000,
                                             .bracket_stop_ticks = 5950000});
}

static inline uint64_t rest(struct world *world, enum side side, int64_t price_ticks, int64_t lots,
                            bool reduce_only)
{
    return give(world, (struct order_intent){.side = side,
                                             .type = ORDER_LIMIT,
                                             .price_ticks = price_ticks,
                                             .qty_lots = lots,
                                             .reduce_only = reduce_only});
}

static inline void cancel(struct world *world, uint64_t seq)
{
    pipeline_on_command(world->pipeline, &(struct command){.kind = COMMAND_CANCEL, .order_seq = seq});
}

static inline void strategy_trades(struct world *world, enum side side, int64_t lots)
{
    struct order_intent intent = {.owner = OFI,
                                  .side = side,
                                  .type = ORDER_MARKET,
                                  .tif = TIF_IOC,
                                  .price_ticks = side == SIDE_BID ? ASK + 10000 : BID - 10000,
                                  .qty_lots = lots};
    uint64_t seq;

    assert_int_not_equal(trading_intent(world->pipeline, world->pipeline->market[0], &intent, &seq).answer,
                         RISK_ANSWER_DENIED);
    world_depth(world, TICK_NS, false);
}

static inline void wait_ticks(struct world *world, int ticks)
{
    for (int i = 0; i < ticks; i++)
        world_depth(world, TICK_NS, false);
}

static inline int64_t held(const struct world *world)
{
    return world->pipeline->market[0]->total.lots;
}

/* What is open of a bracket's stops and take-profits; entry 0: of all brackets. */
static inline int64_t open_lots(const struct world *world, uint64_t entry, enum order_type type)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(world->pipeline->orders, 0, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    int64_t lots = 0;

    for (size_t i = 0; i < count; i++) {
        const struct order_intent *intent = &open[i]->intent;

        if ((intent->group & GROUP_OF_BRACKET) == 0 || (entry != 0 && intent->parent != entry) ||
            intent->type != type)
            continue;
        assert_true(intent->reduce_only);
        lots += order_left_lots(open[i]);
    }
    return lots;
}

static inline void assert_covers(const struct world *world, uint64_t entry, int64_t lots)
{
    assert_int_equal(open_lots(world, entry, ORDER_STOP), lots);
    assert_int_equal(open_lots(world, entry, ORDER_LIMIT), lots);
}

static inline int notes(const struct world *world, const char *words)
{
    int count = 0;

    for (uint64_t i = 0; i < world->pipeline->note_seq && i < PIPELINE_NOTES_MAX; i++)
        count += strstr(world->pipeline->note[i].text, words) != NULL;
    return count;
}

static inline void slow_venue(struct pipeline_config *config)
{
    config->paper.latency[PAPER_LEG_RESPONSE].median_ns = 5 * TICK_NS;
}

#endif
