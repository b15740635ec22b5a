#include "sim/people.h"

#include <stdlib.h>
#include <string.h>

#define REASON 0.03 /* nobody of ours takes further from the touch than this share of the price */

/* --- the ways into a book -------------------------------------------------------------------------------------- */

double people_lots(const struct pit *pit, double usd)
{
    return usd * pit->habits.lots_per_usd;
}

double people_taker_lots(const struct pit *pit, double usd)
{
    return people_lots(pit, usd * pit->habits.taking);
}

void people_plan(struct pit *pit, double in_s, enum plan plan, uint64_t arg)
{
    struct market *market = pit->market;

    agenda_push(&market->agenda, market->now_ns + 1 + (int64_t)(in_s * 1e9), (uint32_t)plan, pit->index, arg);
}

int64_t people_touch(const struct pit *pit, enum side side)
{
    double away = pit->fair - side_sign(side) * pit->habits.gap;
    int64_t other = pit->best[side_other(side)];
    int64_t price = (int64_t)(away > 1.0 ? away : 1.0);

    if (pit->best[side] != 0)
        return pit->best[side];
    if (other != 0 && side_sign(side) * (price - other) >= 0)
        price = other - side_sign(side);
    return price > 0 ? price : 1;
}

double people_size(struct pit *pit, double median_lots, double sigma)
{
    double draw = numbers_normal(&pit->numbers), step = 1.0;
    double lots =
        median_lots * fmath_exp(sigma * (draw < 3.0 ? draw : 3.0)); /* its far end would be a house */

    if (lots < pit->habits.lots_min)
        lots = pit->habits.lots_min;
    if (numbers_chance(&pit->numbers, 0.6)) { /* the rest is what remains of a sum of money */
        while (step * 30.0 < lots)
            step *= 10.0;
        lots = (double)(int64_t)(lots / step + 0.999) * step;
    }
    return lots;
}

/* Who took, how much in all: heard print by print, weighed once. */
static void weigh_taking(struct pit *pit)
{
    struct taking taking = pit->taking;

    pit->taking = (struct taking){0};
    if (taking.order == 0 || taking.knew)
        return;
    fair_taken(pit, taking.side, taking.usd);
    takers_excite(pit, taking.side, 1.0);
}

/* After each thing that was done to the book: whom does it concern? */
static void look_at_touch(struct pit *pit)
{
    bool moved = false;

    weigh_taking(pit);
    pit->touched = false;
    for (int side = 0; side < SIDE_COUNT; side++) {
        int64_t price = 0, qty = 0;

        if (!match_best(pit->book, (enum side)side, &price, &qty))
            price = qty = 0;
        moved |= price != pit->best[side];
        pit->best[side] = price;
        pit->best_qty[side] = qty;
    }
    if (pit->best[SIDE_BID] == 0 || pit->best[SIDE_ASK] == 0) {
        people_plan(pit, numbers_exponential(&pit->numbers, 0.02), PLAN_REQUOTE, 0);
        return;
    }
    if (pit->best[SIDE_ASK] - pit->best[SIDE_BID] > 1 && !pit->close_planned) {
        pit->close_planned = true;
        people_plan(pit, 0.0002 + numbers_exponential(&pit->numbers, pit->habits.close_s), PLAN_CLOSE, 0);
    }
    if (moved)
        makers_touch_moved(pit);
}

/* Who trades because the price should be another one tells nothing new by it. */
static bool knew_already(uint32_t account)
{
    return account == ACCOUNT_INFORMED || account == ACCOUNT_RUSH || account == ACCOUNT_ARBITRAGE;
}

static void on_event(void *arg, const struct match_event *event)
{
    struct pit *pit = arg;

    pit->touched = true;
    pit->touched_ns = event->time_ns - pit->market->epoch_ns;
    if (event->kind != MATCH_EVENT_TRADE)
        return;
    if (pit->taking.order != event->order->id)
        weigh_taking(pit);
    pit->taking.order = event->order->id;
    pit->taking.side = event->side;
    pit->taking.knew = knew_already(event->order->request.account);
    pit->taking.usd += (double)event->qty_lots / pit->habits.lots_per_usd;
    if (event->order->request.account < SIM_AGENT_ACCOUNTS)
        pit->taken_lots += event->qty_lots;
}

uint64_t people_rest(struct pit *pit, uint32_t account, enum side side, int64_t price_ticks, double lots,
                     double life_s)
{
    struct market *market = pit->market;
    struct match_request request = {.account = account,
                                    .side = side,
                                    .type = MATCH_LIMIT_MAKER,
                                    .price_ticks = price_ticks,
                                    .qty_lots = (int64_t)lots};
    uint64_t order = 0;

    if (price_ticks < 1 || price_ticks > pit->symbol->price_ticks_max ||
        market->agenda.count + AGENDA_RESERVE > market->agenda.room)
        return 0;
    if (account == ACCOUNT_ICEBERG)
        request.iceberg_lots = (request.qty_lots + 7) / 8;
    if (match_submit(pit->book, market->now_ns + market->epoch_ns, &request, &order) != MATCH_OK)
        return 0;
    if (life_s > 0.0)
        people_plan(pit, life_s, PLAN_CANCEL, order);
    look_at_touch(pit);
    return order;
}

void people_cancel(struct pit *pit, uint64_t order)
{
    struct market *market = pit->market;

    if (match_cancel(pit->book, market->now_ns + market->epoch_ns, order) == MATCH_OK)
        look_at_touch(pit);
}

int64_t people_take(struct pit *pit, uint32_t account, enum side side, double lots, int64_t limit_ticks)
{
    struct market *market = pit->market;
    int64_t from = pit->best[side_other(side)];
    struct match_request request = {
        .account = account, .side = side, .type = MATCH_LIMIT, .tif = MATCH_IOC, .price_ticks = limit_ticks};
    int64_t before = pit->taken_lots;
    uint64_t order = 0;

    if (from == 0)
        return 0;
    if (limit_ticks == 0)
        request.price_ticks = from + side_sign(side) * (int64_t)(REASON * (double)from + 1.0);
    if (request.price_ticks < 1 || side_sign(side) * (request.price_ticks - from) < 0)
        return 0;
    request.qty_lots = (int64_t)(lots < pit->habits.lots_min ? pit->habits.lots_min : lots);
    if (request.qty_lots > pit->symbol->market_qty_lots_max)
        request.qty_lots = pit->symbol->market_qty_lots_max;
    if (match_submit(pit->book, market->now_ns + market->epoch_ns, &request, &order) != MATCH_OK)
        return 0;
    look_at_touch(pit);
    return pit->taken_lots - before;
}

/* --- the agenda ------------------------------------------------------------------------------------------------ */

static void run_often(struct pit *pit, const struct agenda_item *item)
{
    switch ((enum plan)item->kind) {
    case PLAN_TAKER:
        takers_candidate(pit, item->arg);
        break;
    case PLAN_RUSH:
        takers_rush(pit, (enum side)item->arg);
        break;
    case PLAN_PASSIVE:
        crowd_passive(pit);
        break;
    case PLAN_REQUOTE:
        crowd_requote(pit);
        break;
    case PLAN_CLOSE:
        makers_close(pit);
        break;
    case PLAN_MAKER:
        makers_look(pit, item->arg);
        break;
    case PLAN_FLOOD:
        flood_next(pit);
        break;
    case PLAN_WORLD:
    case PLAN_CANCEL:
    case PLAN_PARENT:
    case PLAN_SWEEP:
    case PLAN_WALL:
    case PLAN_TREND:
    case PLAN_REVERT:
    case PLAN_ARBITRAGE:
    case PLAN_ICEBERG:
    case PLAN_STUFFING:
        break;
    }
}

static void run_seldom(struct pit *pit, const struct agenda_item *item)
{
    switch ((enum plan)item->kind) {
    case PLAN_PARENT:
        takers_parent(pit);
        break;
    case PLAN_SWEEP:
        takers_sweep(pit);
        break;
    case PLAN_WALL:
        walls_look(pit);
        break;
    case PLAN_TREND:
        traders_trend(pit);
        break;
    case PLAN_REVERT:
        traders_revert(pit);
        break;
    case PLAN_ARBITRAGE:
        traders_arbitrage(pit);
        break;
    case PLAN_ICEBERG:
        traders_iceberg(pit);
        break;
    case PLAN_STUFFING:
        flood_burst(pit);
        break;
    case PLAN_WORLD:
    case PLAN_TAKER:
    case PLAN_RUSH:
    case PLAN_PASSIVE:
    case PLAN_REQUOTE:
    case PLAN_CANCEL:
    case PLAN_CLOSE:
    case PLAN_MAKER:
    case PLAN_FLOOD:
        break;
    }
}

static void run_until(struct market *market, int64_t until_ns)
{
    struct agenda_item item;

    while (agenda_next_ns(&market->agenda) <= until_ns && agenda_pop(&market->agenda, &item)) {
        struct pit *pit = &market->pit[item.symbol];

        market->now_ns = item.at_ns;
        if (item.kind == PLAN_WORLD) {
            fair_step(market);
        } else if (item.kind == PLAN_CANCEL) {
            people_cancel(pit, item.arg);
        } else {
            run_often(pit, &item);
            run_seldom(pit, &item);
        }
    }
    market->now_ns = until_ns;
}

void market_run_until(struct market *market, int64_t now_ns, int64_t epoch_ns)
{
    int64_t since_ns = market->now_ns;

    for (size_t i = 0; i < market->count; i++) { /* what others did since */
        struct pit *pit = &market->pit[i];

        if (!pit->touched)
            continue;
        if (pit->touched_ns > since_ns && pit->touched_ns <= now_ns)
            market->now_ns = pit->touched_ns;
        look_at_touch(pit);
        market->now_ns = since_ns;
    }
    market->epoch_ns = epoch_ns;
    if (now_ns > market->now_ns)
        run_until(market, now_ns);
}

int64_t market_next_ns(const struct market *market)
{
    for (size_t i = 0; i < market->count; i++)
        if (market->pit[i].touched)
            return market->now_ns;
    return agenda_next_ns(&market->agenda);
}

/* --- birth and death ------------------------------------------------------------------------------------------- */

static uint64_t seed_of(uint64_t seed, const struct sim_symbol *symbol)
{
    uint64_t mixed = numbers_mix(&seed) ^ (symbol->usdm ? 0x55 : 0);

    for (const char *at = symbol->name; *at != '\0'; at++)
        mixed = (mixed ^ (uint64_t)(unsigned char)*at) * UINT64_C(0x100000001b3);
    return mixed;
}

struct market *market_new(uint64_t seed, const struct sim_symbol *symbols, struct match_book *const *books,
                          size_t count)
{
    struct market *market = calloc(1, sizeof(*market));

    if (market == NULL)
        return NULL;
    market->pit = calloc(count == 0 ? 1 : count, sizeof(*market->pit));
    if (market->pit == NULL || !agenda_init(&market->agenda, AGENDA_BASE + count * AGENDA_EACH)) {
        market_free(market);
        return NULL;
    }
    market->count = count;
    market->now_ns = -WARM_UP_NS;
    numbers_init(&market->world, ~seed);
    for (size_t i = 0; i < count; i++) {
        struct pit *pit = &market->pit[i];

        pit->market = market;
        pit->symbol = &symbols[i];
        pit->book = books[i];
        pit->index = (uint32_t)i;
        habits_of(&symbols[i], &pit->habits);
        numbers_init(&pit->numbers, seed_of(seed, &symbols[i]));
        numbers_init(&pit->world, ~seed_of(seed, &symbols[i]));
        if (!match_listen(books[i], on_event, pit)) {
            market_free(market);
            return NULL;
        }
    }
    fair_init(market);
    return market;
}

void market_free(struct market *market)
{
    if (market == NULL)
        return;
    agenda_close(&market->agenda);
    free(market->pit);
    free(market);
}

void market_open(struct market *market)
{
    for (size_t i = 0; i < market->count; i++) {
        struct pit *pit = &market->pit[i];

        crowd_fill_book(pit);
        walls_init(pit);
        crowd_init(pit);
        makers_init(pit);
        takers_init(pit);
        traders_init(pit);
        flood_init(pit);
    }
    agenda_push(&market->agenda, market->now_ns, PLAN_WORLD, 0, 0);
    run_until(market, 0);
}

void market_flood(struct market *market, size_t symbol, double per_s, int64_t for_ns)
{
    if (symbol < market->count)
        flood_start(&market->pit[symbol], per_s, for_ns);
}

/* News about a thing reaches every market in which it is traded. */
void market_jump(struct market *market, size_t symbol, double bp)
{
    for (size_t i = 0; i < market->count && symbol < market->count; i++) {
        struct pit *pit = &market->pit[i];

        if (i == symbol || strcmp(pit->symbol->name, market->pit[symbol].symbol->name) == 0)
            pit->fair *= 1.0 + bp * 1e-4;
    }
}
