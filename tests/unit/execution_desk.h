/* execution_desk.h - the steps that tests of the execution engine share. */
#ifndef UNIT_EXECUTION_DESK_H
#define UNIT_EXECUTION_DESK_H

#include "execution_world.h"

static inline struct execution_params params(void)
{
    struct execution_params params = execution_params_default();

    params.hysteresis_ticks = 1;
    return params;
}

static inline struct world *begin(void)
{
    static struct world world;
    struct execution_params with = params();

    world_init(&world, &with);
    world_plain_book(&world);
    return &world;
}

static inline struct goal passive(int64_t target_lots)
{
    return (struct goal){.kind = GOAL_TARGET, .target_lots = target_lots, .urgency = URGENCY_PASSIVE};
}

static inline const struct order *only_order(const struct world *world, enum side side)
{
    const struct order *order = NULL;

    assert_int_equal(world_open(world, side, &order), 1);
    return order;
}

static inline void settle(struct world *world)
{
    world_pass(world, SECOND_NS, 10 * MS_NS);
}

#endif
