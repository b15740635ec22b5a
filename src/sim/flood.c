#include "sim/people.h"

#define PER_S_MAX     200000.0
#define BURST_EVERY_S 420.0
#define AT_TOUCH      0.4  /* of the messages */
#define INSIDE        0.25 /* chance to step into an open spread */

void flood_start(struct pit *pit, double per_s, int64_t for_ns)
{
    struct flood *flood = &pit->flood;

    if (!(per_s > 0.0) || for_ns <= 0)
        return;
    flood->step_ns = (int64_t)(1e9 / (per_s < PER_S_MAX ? per_s : PER_S_MAX));
    flood->end_ns = pit->market->now_ns + for_ns;
    if (!flood->planned)
        flood->planned = agenda_push(&pit->market->agenda, pit->market->now_ns + flood->step_ns, PLAN_FLOOD,
                                     pit->index, 0);
}

static uint64_t stuff(struct pit *pit)
{
    struct numbers *numbers = &pit->numbers;
    enum side side = numbers_chance(numbers, 0.5) ? SIDE_BID : SIDE_ASK;
    int64_t best = people_touch(pit, side), away = 0;
    double lots = people_lots(pit, pit->habits.touch_usd) * (0.01 + 0.1 * numbers_uniform(numbers));

    if (numbers_chance(numbers, INSIDE) && pit->best[SIDE_ASK] - pit->best[SIDE_BID] > 1)
        away = -1;
    else if (!numbers_chance(numbers, AT_TOUCH))
        away = 1 + (int64_t)(numbers_uniform(numbers) * 6.0 * pit->habits.gap);
    return people_rest(pit, ACCOUNT_FLOOD, side, best - side_sign(side) * away,
                       lots < pit->habits.lots_min ? pit->habits.lots_min : lots, 0.0);
}

/* One message: an order, or the end of an older one. After the end its orders go at the same pace. */
void flood_next(struct pit *pit)
{
    struct flood *flood = &pit->flood;
    bool over = pit->market->now_ns >= flood->end_ns;
    size_t looked = 0;
    uint64_t *slot;

    flood->planned = false;
    if (!over)
        flood->next = (size_t)(numbers_bits(&pit->numbers) % FLOOD_ORDERS);
    do {
        slot = &flood->order[flood->next];
        flood->next = (flood->next + 1) % FLOOD_ORDERS;
    } while (over && *slot == 0 && ++looked < FLOOD_ORDERS);
    if (over && *slot == 0)
        return;
    if (*slot != 0) {
        people_cancel(pit, *slot);
        *slot = 0;
    } else {
        *slot = stuff(pit);
    }
    flood->planned =
        agenda_push(&pit->market->agenda, pit->market->now_ns + flood->step_ns, PLAN_FLOOD, pit->index, 0);
}

/* Somebody tries out how fast the others are. */
void flood_burst(struct pit *pit)
{
    double per_s = numbers_lognormal(&pit->numbers, 700.0, 0.6);
    double lasts_s = numbers_lognormal(&pit->numbers, 0.5, 0.6);

    if (!pit->flood.planned)
        flood_start(pit, per_s, (int64_t)(lasts_s * 1e9));
    people_plan(pit, 5.0 + numbers_exponential(&pit->numbers, BURST_EVERY_S), PLAN_STUFFING, 0);
}

void flood_init(struct pit *pit)
{
    if (pit->habits.weight >= 0.3)
        people_plan(pit, numbers_exponential(&pit->numbers, BURST_EVERY_S), PLAN_STUFFING, 0);
}
