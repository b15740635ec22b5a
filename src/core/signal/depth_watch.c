/* depth_watch.c - what resting size does. */
#include "core/signal/depth_watch.h"

#include "core/market/saturate.h"

#include <string.h>

#define NS_A_MS         INT64_C(1000000)
#define PULLED_BP       6
#define EDGE_BP         10
#define WALL_EACH       5 /* ticks: twice a second */
#define WALL_SHARE      0.15
#define WALL_STAND_MS   3000
#define ONE_BP          10000
#define GROUP           5   /* neighbouring prices of STACKED */
#define STACKED_ONE_MAX 0.6 /* of the growth in one level at most: else it is a wall, not a gathering */
enum { GROUPS = DEPTH_WATCH_NEAR / GROUP };

int64_t bp_limit_ticks(int64_t mid2_ticks, enum side side, int64_t bp)
{
    __int128 scaled = (__int128)mid2_ticks * (10000 - side_sign(side) * bp);

    return (int64_t)(side == SIDE_BID ? (scaled + 19999) / 20000 : scaled / 20000);
}

void depth_watch_reset(struct depth_watch *watch)
{
    memset(watch->near, 0, sizeof(watch->near));
    memset(watch->coming, 0, sizeof(watch->coming));
    memset(watch->wall, 0, sizeof(watch->wall));
    for (size_t i = 0; i < DEPTH_WATCH_PICTURES; i++)
        watch->picture[i].ts_ns = 0;
    memset(watch->edge_ticks, 0, sizeof(watch->edge_ticks));
    memset(watch->gone_lots, 0, sizeof(watch->gone_lots));
    watch->fars = 0;
}

static bool beyond(enum side side, int64_t price_ticks, int64_t edge_ticks)
{
    return side == SIDE_BID ? price_ticks < edge_ticks : price_ticks > edge_ticks;
}

void depth_watch_levels(struct depth_watch *watch, const struct order_book *book,
                        const struct depth_update *update)
{
    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        if (watch->edge_ticks[side] == 0)
            continue;
        for (size_t i = 0; i < update->level_count[side]; i++) {
            const struct level *level = &update->levels[side][i];
            int64_t gone;

            if (beyond(side, level->price_ticks, watch->edge_ticks[side]))
                continue;
            gone = order_book_qty(book, side, level->price_ticks) - level->qty_lots;
            if (gone > watch->gone_lots[side]) {
                watch->gone_lots[side] = gone;
                watch->gone_ticks[side] = level->price_ticks;
            }
        }
    }
}

void depth_watch_trade(struct depth_watch *watch, const struct trade *trade)
{
    enum side side = side_other(trade->taker);

    watch->taken_lots[side] = saturate_add(watch->taken_lots[side], trade->qty_lots);
    for (size_t i = 0; i < DEPTH_WATCH_WALLS; i++)
        if (watch->wall[side][i].price_ticks == trade->price_ticks)
            watch->wall[side][i].taken_lots = saturate_add(watch->wall[side][i].taken_lots, trade->qty_lots);
}

/* --- pulled --------------------------------------------------------------------------------------- */

/* The largest single removal of the last 1.5 s. */
static int64_t gone_where(const struct near_depth near[DEPTH_WATCH_TICKS])
{
    const struct near_depth *largest = &near[0];

    for (size_t i = 1; i < DEPTH_WATCH_TICKS; i++)
        if (near[i].gone_lots > largest->gone_lots)
            largest = &near[i];
    return largest->gone_ticks;
}

static void pulled_tick(struct depth_watch *watch, const struct book_event_params *params,
                        const struct order_book *book, const struct known_depth *known, enum side side,
                        int64_t mid2_ticks, int64_t now_ns, struct event_log *log)
{
    struct near_depth *slot = &watch->near[side][watch->tick % DEPTH_WATCH_TICKS], then = *slot;
    int64_t limit = known_depth_limit(known, side, bp_limit_ticks(mid2_ticks, side, PULLED_BP));
    int64_t now_lots, taken, vanished, pulled;
    double needed = (double)params->pulled_share_x100 / 100.0, share;

    *slot = (struct near_depth){.ts_ns = now_ns,
                                .limit_ticks = limit,
                                .lots = order_book_sum_to(book, side, limit),
                                .taken_lots = watch->taken_lots[side],
                                .gone_ticks = watch->gone_ticks[side],
                                .gone_lots = watch->gone_lots[side]};
    watch->gone_lots[side] = 0;
    if (then.ts_ns == 0 || then.lots == 0)
        return;
    now_lots = order_book_sum_to(book, side, then.limit_ticks);
    taken = watch->taken_lots[side] - then.taken_lots;
    vanished = then.lots - now_lots;
    pulled = vanished - taken;
    share = (double)pulled / (double)then.lots;
    if (pulled <= 0 || share < needed)
        return;
    if (!event_log_tell(log, params->cooldown_ms,
                        &(struct book_event){.kind = BOOK_EVENT_PULLED,
                                             .side = side,
                                             .ts_ns = now_ns,
                                             .price_ticks = gone_where(watch->near[side]),
                                             .lots = pulled,
                                             .ratio = share,
                                             .span_ms = (now_ns - then.ts_ns) / NS_A_MS,
                                             .confidence = confidence_of(share, needed) * (double)pulled /
                                                           (double)vanished}))
        return;
    memset(watch->near[side], 0, sizeof(watch->near[side])); /* told: what is left is compared from here */
}

/* --- wall ----------------------------------------------------------------------------------------- */

/* Median of the quantities, by insertion: 50 of them, twice a second. */
static int64_t median_lots(const struct level level[DEPTH_WATCH_NEAR], size_t count)
{
    int64_t sorted[DEPTH_WATCH_NEAR] = {0};

    for (size_t i = 0; i < count; i++) {
        size_t k = i;

        for (; k > 0 && sorted[k - 1] > level[i].qty_lots; k--)
            sorted[k] = sorted[k - 1];
        sorted[k] = level[i].qty_lots;
    }
    return sorted[count / 2];
}

/* Largest level from the best to the edge, and the sum of all. */
static struct level largest_within(const struct order_book *book, enum side side, int64_t edge_ticks,
                                   int64_t *sum)
{
    struct level level, largest = {0, 0};

    *sum = 0;
    if (!order_book_best(book, side, &level))
        return largest;
    do {
        if (beyond(side, level.price_ticks, edge_ticks))
            break;
        *sum = saturate_add(*sum, level.qty_lots);
        if (level.qty_lots > largest.qty_lots)
            largest = level;
    } while (order_book_next(book, side, level.price_ticks, &level));
    return largest;
}

/* One that stands there, or a tick beside, which is the same thing to a trader. */
static bool stands_near(const struct standing_wall wall[DEPTH_WATCH_WALLS], int64_t price_ticks)
{
    for (size_t i = 0; i < DEPTH_WATCH_WALLS; i++) {
        int64_t apart = wall[i].price_ticks - price_ticks;

        if (wall[i].price_ticks != 0 && (apart < 0 ? -apart : apart) <= price_ticks / ONE_BP)
            return true;
    }
    return false;
}

/* Into the place of none, else of the oldest. */
static void wall_put(struct standing_wall wall[DEPTH_WATCH_WALLS], const struct standing_wall *told)
{
    size_t at = 0;

    for (size_t i = 1; i < DEPTH_WATCH_WALLS; i++)
        if (wall[at].price_ticks != 0 && (wall[i].price_ticks == 0 || wall[i].since_ns < wall[at].since_ns))
            at = i;
    wall[at] = *told;
}

/* Those of which less than half is left: each was told, and is told once more. Out of sight it is forgotten. */
static void walls_gone(struct standing_wall wall[DEPTH_WATCH_WALLS], const struct order_book *book,
                       const struct known_depth *known, enum side side, int64_t now_ns, struct event_log *log)
{
    for (size_t i = 0; i < DEPTH_WATCH_WALLS; i++) {
        int64_t left = order_book_qty(book, side, wall[i].price_ticks), gone = wall[i].lots - left;

        if (wall[i].price_ticks == 0 ||
            (known_depth_has(known, side, wall[i].price_ticks) && gone <= wall[i].lots / 2))
            continue;
        if (known_depth_has(known, side, wall[i].price_ticks))
            (void)event_log_tell(
                log, 0,
                &(struct book_event){
                    .kind = BOOK_EVENT_WALL,
                    .side = side,
                    .ts_ns = now_ns,
                    .price_ticks = wall[i].price_ticks,
                    .lots = gone,
                    .ratio_to = wall[i].taken_lots < gone ? (double)wall[i].taken_lots / (double)gone : 1.0,
                    .span_ms = (now_ns - wall[i].since_ns) / NS_A_MS,
                    .confidence = (double)gone / (double)wall[i].lots});
        wall[i] = (struct standing_wall){0};
    }
}

static void wall_tick(struct depth_watch *watch, const struct book_event_params *params,
                      const struct order_book *book, const struct known_depth *known, enum side side,
                      int64_t now_ns, struct event_log *log)
{
    struct coming_wall *coming = &watch->coming[side];
    struct level near[DEPTH_WATCH_NEAR], largest;
    size_t count = known_depth_count(known, side, near, order_book_top(book, side, near, DEPTH_WATCH_NEAR));
    int64_t sum, usual;
    double times, share, stood_ms;

    walls_gone(watch->wall[side], book, known, side, now_ns, log);
    largest = largest_within(book, side, watch->edge_ticks[side], &sum);
    usual = count > 0 ? median_lots(near, count) : 0;
    if (count < DEPTH_WATCH_NEAR / 2 || usual == 0 || sum == 0)
        return;
    times = (double)largest.qty_lots / (double)usual;
    share = (double)largest.qty_lots / (double)sum;
    if (times * 100.0 < (double)params->wall_times_x100 || share < WALL_SHARE ||
        stands_near(watch->wall[side], largest.price_ticks)) {
        coming->price_ticks = 0;
        return;
    }
    if (coming->price_ticks != largest.price_ticks)
        *coming = (struct coming_wall){largest.price_ticks, now_ns};
    stood_ms = (double)(now_ns - coming->since_ns) / (double)NS_A_MS;
    if (stood_ms < WALL_STAND_MS)
        return;
    if (event_log_tell(log, params->cooldown_ms,
                       &(struct book_event){.kind = BOOK_EVENT_WALL,
                                            .side = side,
                                            .ts_ns = now_ns,
                                            .price_ticks = largest.price_ticks,
                                            .lots = largest.qty_lots,
                                            .ratio = times,
                                            .span_ms = (int64_t)stood_ms,
                                            .confidence = confidence_of(share, WALL_SHARE) *
                                                          confidence_of(stood_ms, 1000.0)}))
        wall_put(watch->wall[side],
                 &(struct standing_wall){largest.price_ticks, largest.qty_lots, 0, coming->since_ns});
}

/* --- stacked -------------------------------------------------------------------------------------- */

/* What stood from near to far on a side of a picture; false when the picture does not reach that far, or began
 * behind `near`. */
static bool picture_sum(const struct depth_picture *picture, enum side side, int64_t near_ticks,
                        int64_t far_ticks, int64_t *sum)
{
    size_t count = picture->count[side];
    const struct level *level = picture->level[side];

    if (count == 0 || beyond(side, level[0].price_ticks, near_ticks) ||
        beyond(side, far_ticks, level[count - 1].price_ticks))
        return false;
    *sum = 0;
    for (size_t i = 0; i < count && !beyond(side, level[i].price_ticks, far_ticks); i++)
        if (!beyond(side, near_ticks, level[i].price_ticks))
            *sum = saturate_add(*sum, level[i].qty_lots);
    return true;
}

static double largest_of(const struct level *level, size_t count)
{
    int64_t largest = 0;

    for (size_t i = 0; i < count; i++)
        largest = level[i].qty_lots > largest ? level[i].qty_lots : largest;
    return (double)largest;
}

static void stacked_side(const struct book_event_params *params, const struct depth_picture *now,
                         const struct depth_picture *last, const struct depth_picture *then, enum side side,
                         struct event_log *log)
{
    int64_t group[GROUPS] = {0}, total = 0, before, lately;
    double needed = (double)params->stacked_times_x100 / 100.0, usual;

    if (now->count[side] < DEPTH_WATCH_NEAR)
        return;
    for (size_t i = 0; i < DEPTH_WATCH_NEAR; i++)
        group[i / GROUP] = saturate_add(group[i / GROUP], now->level[side][i].qty_lots);
    if (!picture_sum(then, side, then->level[side][0].price_ticks,
                     then->level[side][then->count[side] < DEPTH_WATCH_NEAR ? then->count[side] - 1
                                                                            : DEPTH_WATCH_NEAR - 1]
                         .price_ticks,
                     &total))
        return;
    usual = (double)total / (double)GROUPS;
    for (size_t g = 0; g < GROUPS; g++) {
        const struct level *level = &now->level[side][g * GROUP];
        int64_t near = level[0].price_ticks, far = level[GROUP - 1].price_ticks;
        double grown;

        if (!picture_sum(then, side, near, far, &before))
            continue;
        grown = (double)group[g] - (double)before;
        if (grown < needed * usual || grown * 2.0 < (double)group[g])
            continue;
        if (largest_of(level, GROUP) > grown * STACKED_ONE_MAX)
            continue;
        if (!picture_sum(last, side, near, far, &lately) || (double)(lately - before) < grown / 2.0)
            continue; /* it has not stood for even one picture */
        (void)event_log_tell(log, params->cooldown_ms,
                             &(struct book_event){.kind = BOOK_EVENT_STACKED,
                                                  .side = side,
                                                  .ts_ns = now->ts_ns,
                                                  .price_ticks = near,
                                                  .lots = group[g] - before,
                                                  .ratio = grown / usual,
                                                  .span_ms = (now->ts_ns - then->ts_ns) / NS_A_MS,
                                                  .prices = GROUP,
                                                  .confidence = confidence_of(grown / usual, needed)});
    }
}

static void stacked_tick(struct depth_watch *watch, const struct book_event_params *params,
                         const struct order_book *book, const struct known_depth *known, int64_t now_ns,
                         struct event_log *log)
{
    struct depth_picture *now = &watch->picture[watch->next_picture];
    const struct depth_picture *last, *then;

    if (now_ns < watch->picture_due_ns)
        return;
    watch->picture_due_ns = now_ns + params->window_ms * NS_A_MS / DEPTH_WATCH_PICTURES;
    last = &watch->picture[(watch->next_picture + DEPTH_WATCH_PICTURES - 1) % DEPTH_WATCH_PICTURES];
    now->ts_ns = now_ns;
    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++)
        now->count[side] = known_depth_count(known, side, now->level[side],
                                             order_book_top(book, side, now->level[side], DEPTH_WATCH_KEPT));
    watch->next_picture = (watch->next_picture + 1) % DEPTH_WATCH_PICTURES;
    then = &watch->picture[watch->next_picture]; /* the oldest */
    if (then->ts_ns == 0)
        return;
    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++)
        if (then->count[side] > 0)
            stacked_side(params, now, last, then, side, log);
}

/* --- shift ---------------------------------------------------------------------------------------- */

static void shift_tick(struct depth_watch *watch, const struct book_event_params *params, int64_t mid2_ticks,
                       double far, int64_t now_ns, struct event_log *log)
{
    double needed = (double)params->shift_x100 / 100.0, then, change;
    size_t window = (size_t)(params->window_ms / 100), back;
    int sign;

    watch->far[watch->next_far] = far;
    watch->next_far = (watch->next_far + 1) % DEPTH_WATCH_FARS;
    if (watch->fars < DEPTH_WATCH_FARS)
        watch->fars++;
    back = window < watch->fars ? window : watch->fars;
    then = watch->far[(watch->next_far + DEPTH_WATCH_FARS - (back < 1 ? 1 : back)) % DEPTH_WATCH_FARS];
    sign = far > then ? 1 : -1;
    change = (far - then) * (double)sign;
    /* Left its side: it stood well against the change, and at most a third of that is left. */
    if (change < needed || then * (double)sign > -needed / 3.0 ||
        far * (double)sign < then * (double)sign / 3.0)
        return;
    if (event_log_tell(log, params->cooldown_ms,
                       &(struct book_event){.kind = BOOK_EVENT_SHIFT,
                                            .side = sign > 0 ? SIDE_BID : SIDE_ASK,
                                            .ts_ns = now_ns,
                                            .price_ticks = mid2_ticks / 2,
                                            .ratio = then,
                                            .ratio_to = far,
                                            .span_ms = (int64_t)back * 100,
                                            .confidence = confidence_of(change, needed)}))
        watch->fars = 0; /* told: what follows is compared from here */
}

void depth_watch_tick(struct depth_watch *watch, const struct book_event_params *params,
                      const struct order_book *book, const struct known_depth *known, int64_t mid2_ticks,
                      double far_imbalance, int64_t now_ns, struct event_log *log)
{
    watch->tick++;
    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        watch->edge_ticks[side] = known_depth_limit(known, side, bp_limit_ticks(mid2_ticks, side, EDGE_BP));
        pulled_tick(watch, params, book, known, side, mid2_ticks, now_ns, log);
        if (watch->tick % WALL_EACH == 0)
            wall_tick(watch, params, book, known, side, now_ns, log);
    }
    stacked_tick(watch, params, book, known, now_ns, log);
    shift_tick(watch, params, mid2_ticks, far_imbalance, now_ns, log);
}

void depth_watch_rescale(struct depth_watch *watch, struct step_change change)
{
    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        watch->taken_lots[side] = saturate_mul(watch->taken_lots[side], change.qty_factor);
        watch->edge_ticks[side] = saturate_mul(watch->edge_ticks[side], change.price_factor);
        watch->gone_ticks[side] = saturate_mul(watch->gone_ticks[side], change.price_factor);
        watch->gone_lots[side] = saturate_mul(watch->gone_lots[side], change.qty_factor);
        watch->coming[side].price_ticks = saturate_mul(watch->coming[side].price_ticks, change.price_factor);
        for (size_t i = 0; i < DEPTH_WATCH_WALLS; i++) {
            struct standing_wall *wall = &watch->wall[side][i];

            wall->price_ticks = saturate_mul(wall->price_ticks, change.price_factor);
            wall->lots = saturate_mul(wall->lots, change.qty_factor);
            wall->taken_lots = saturate_mul(wall->taken_lots, change.qty_factor);
        }
        for (size_t i = 0; i < DEPTH_WATCH_TICKS; i++) {
            struct near_depth *near = &watch->near[side][i];

            near->limit_ticks = saturate_mul(near->limit_ticks, change.price_factor);
            near->gone_ticks = saturate_mul(near->gone_ticks, change.price_factor);
            near->lots = saturate_mul(near->lots, change.qty_factor);
            near->taken_lots = saturate_mul(near->taken_lots, change.qty_factor);
            near->gone_lots = saturate_mul(near->gone_lots, change.qty_factor);
        }
        for (size_t i = 0; i < DEPTH_WATCH_PICTURES; i++) {
            for (size_t k = 0; k < watch->picture[i].count[side]; k++) {
                struct level *level = &watch->picture[i].level[side][k];

                level->price_ticks = saturate_mul(level->price_ticks, change.price_factor);
                level->qty_lots = saturate_mul(level->qty_lots, change.qty_factor);
            }
        }
    }
}
