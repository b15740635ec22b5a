#include "sim/people.h"

#define LOOK_S     0.4
#define NEAR_GAPS  9.0 /* a shy wall is pulled there */
#define TAKEN_AWAY 0.0015
#define RAISED     0.02

static void raise_wall(struct pit *pit, struct wall *wall)
{
    const struct habits *habits = &pit->habits;
    struct numbers *numbers = &pit->numbers;
    enum side side = numbers_chance(numbers, 0.5) ? SIDE_BID : SIDE_ASK;
    int64_t best = people_touch(pit, side);
    int64_t away = (int64_t)(numbers_uniform(numbers) * 0.7 * habits->span);
    int64_t price = (best - side_sign(side) * away) / habits->wall_step * habits->wall_step;
    double lots = people_lots(pit, habits->wall_usd);

    if (price <= 0 || (double)match_qty_at(pit->book, side, price) > 0.5 * lots)
        return; /* one stands there */
    if (side_sign(side) * (double)(best - price) < (NEAR_GAPS - 1.0) * habits->gap)
        return; /* nobody puts one under the nose of the touch */
    wall->shy = numbers_chance(numbers, 0.45);
    wall->side = side;
    wall->price_ticks = price;
    wall->order = people_rest(pit, ACCOUNT_WALL, side, price, people_size(pit, lots, 0.5), 0.0);
}

/* A shy wall is pulled as the touch comes near; the others stand until they are eaten or their owner tires. */
void walls_look(struct pit *pit)
{
    struct numbers *numbers = &pit->numbers;

    for (size_t i = 0; i < pit->habits.walls; i++) {
        struct wall *wall = &pit->wall[i];
        struct match_order order;
        double near;

        if (wall->order == 0 || !match_find(pit->book, wall->order, &order)) {
            wall->order = 0;
            if (numbers_chance(numbers, RAISED))
                raise_wall(pit, wall);
            continue;
        }
        near = side_sign(wall->side) * (double)(people_touch(pit, wall->side) - wall->price_ticks) /
               pit->habits.gap;
        if ((wall->shy && near < NEAR_GAPS && numbers_chance(numbers, 0.5)) ||
            numbers_chance(numbers, TAKEN_AWAY))
            people_cancel(pit, wall->order);
    }
    people_plan(pit, LOOK_S, PLAN_WALL, 0);
}

void walls_init(struct pit *pit)
{
    for (size_t i = 0; i < pit->habits.walls; i++)
        raise_wall(pit, &pit->wall[i]);
    people_plan(pit, 0.1, PLAN_WALL, 0);
}
