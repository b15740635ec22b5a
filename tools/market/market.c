#include "market/market.h"

#include <stdlib.h>

#define FAST_WIRE_NS  (1400 * INT64_C(1000)) /* quotes and trades, from venue to recorder */
#define DEPTH_WIRE_NS (2600 * INT64_C(1000))
#define REST_NS       (62 * MS)

double sim_activity(const struct sim *sim)
{
    return numbers_exp(sim->activity_log);
}

void sim_plan(struct sim *sim, double in_s, enum agenda_kind kind, const struct market *market, uint64_t arg)
{
    agenda_push(&sim->agenda, sim->now_ns + (int64_t)(in_s * 1e9), kind, market->index, arg);
}

bool market_init(struct sim *sim, int index, const struct market_params *params)
{
    struct market *market = &sim->market[index];

    market->params = params;
    market->index = index;
    market->fair = (double)params->price;
    market->trade_id = params->first_trade_id;
    market->lob = lob_new(params->price - (int64_t)params->span / 2, params->span, params->first_update_id);
    return market->lob != NULL;
}

double market_size(struct sim *sim, double median_lots, double sigma)
{
    double lots = numbers_lognormal(&sim->numbers, median_lots, sigma);
    double most = median_lots * numbers_exp(3.0 * sigma), step = 1.0;

    if (lots > most)
        lots = most; /* a lognormal's far end would be a house of its own */
    if (lots < 1.0)
        lots = 1.0;
    if (numbers_chance(&sim->numbers, 0.6)) { /* the rest is what remains of a sum of money */
        while (step * 30.0 < lots)
            step *= 10.0;
        lots = (double)(int64_t)(lots / step) * step;
    }
    return lots;
}

static bool recording(const struct sim *sim)
{
    return sim->now_ns >= sim->start_ns;
}

static int64_t fast_receive(struct sim *sim, struct market *market)
{
    int64_t at = sim->now_ns + FAST_WIRE_NS + (int64_t)numbers_exponential(&sim->numbers, 250e3);
    int64_t after = market->fast_receive_ns + 1900 + (int64_t)(numbers_bits(&sim->numbers) % 1400);

    market->fast_receive_ns = at > after ? at : after;
    return market->fast_receive_ns;
}

static struct lob_level best_level(const struct market *market, enum lob_side side)
{
    int64_t price = lob_best(market->lob, side);

    return (struct lob_level){price, price == LOB_NONE ? 0 : lob_qty(market->lob, side, price)};
}

/* After each thing done to the book: publish the best quote if it changed, wake whom it concerns. */
static void book_changed(struct sim *sim, struct market *market)
{
    struct lob_level bid = best_level(market, LOB_BID), ask = best_level(market, LOB_ASK);
    struct lob_level was_bid = market->shown[LOB_BID], was_ask = market->shown[LOB_ASK];
    bool moved = bid.price != was_bid.price || ask.price != was_ask.price;

    if (bid.price == LOB_NONE || ask.price == LOB_NONE)
        return;
    if (!moved && bid.qty == was_bid.qty && ask.qty == was_ask.qty)
        return;
    market->shown[LOB_BID] = bid;
    market->shown[LOB_ASK] = ask;
    if (recording(sim)) {
        wire_quote(sim->wire, fast_receive(sim, market), &market->params->symbol, lob_update_id(market->lob),
                   bid, ask);
        stats_quote(sim->stats, market->index, sim->now_ns, bid, ask);
    }
    if (ask.price - bid.price > 1 && !market->close_planned) {
        market->close_planned = true;
        sim_plan(sim, 0.0002 + numbers_exponential(&sim->numbers, 0.0022), AGENDA_CLOSE, market, 0);
    }
    if (moved)
        makers_touch_moved(sim, market);
}

uint64_t market_rest(struct sim *sim, struct market *market, enum lob_side side, int64_t price, double lots,
                     unsigned owner, double life_s)
{
    uint64_t order = lob_add(market->lob, side, price, (int64_t)lots, owner);

    if (order == LOB_NONE)
        return LOB_NONE;
    if (life_s > 0.0)
        sim_plan(sim, life_s, AGENDA_CANCEL, market, order);
    book_changed(sim, market);
    return order;
}

void market_cancel(struct sim *sim, struct market *market, uint64_t order)
{
    struct lob_order_info info;
    int64_t near;

    if (!lob_find(market->lob, order, &info))
        return;
    near = lob_best(market->lob, info.side) - info.price;
    lob_cancel(market->lob, order);
    if (recording(sim) && (near < 0 ? -near : near) <= (int64_t)(5.0 * market->params->gap))
        stats_vanished(sim->stats, market->index, info.qty, true);
    book_changed(sim, market);
}

struct taking {
    struct sim *sim;
    struct market *market;
    enum lob_side side;
};

static void on_fill(void *arg, int64_t price, int64_t qty)
{
    struct taking *taking = arg;
    struct sim *sim = taking->sim;
    struct market *market = taking->market;
    uint64_t id = market->trade_id++;

    if (!recording(sim))
        return;
    wire_trade(sim->wire, sim->now_ns, fast_receive(sim, market), &market->params->symbol, id, price, qty,
               taking->side == LOB_ASK);
    stats_trade(sim->stats, market->index, sim->now_ns, price, qty, taking->side);
    stats_vanished(sim->stats, market->index, qty, false);
}

int64_t market_take(struct sim *sim, struct market *market, enum lob_side side, double lots, int64_t limit)
{
    struct taking taking = {sim, market, side};
    int64_t filled = lob_take(market->lob, side, (int64_t)lots, limit, on_fill, &taking);

    if (filled > 0) {
        double usd = (double)filled / market->params->lots_per_usd;

        /* Part of what a taker knew stays in the price. */
        market->fair += (side == LOB_BID ? 1.0 : -1.0) * 0.3 * market->params->gap * sqrt(usd / 1e5);
        if (recording(sim))
            stats_taker_done(sim->stats, market->index);
        book_changed(sim, market);
    }
    return filled;
}

void market_publish_depth(struct sim *sim, struct market *market)
{
    const struct lob_level *levels[2];
    size_t counts[2];
    uint64_t first = lob_diff_first_id(market->lob), last = lob_update_id(market->lob);

    if (last < first)
        return;
    counts[LOB_BID] = lob_diff(market->lob, LOB_BID, &levels[LOB_BID]);
    counts[LOB_ASK] = lob_diff(market->lob, LOB_ASK, &levels[LOB_ASK]);
    if (recording(sim)) {
        int64_t receive = sim->now_ns + DEPTH_WIRE_NS + (int64_t)numbers_exponential(&sim->numbers, 900e3);

        wire_depth(sim->wire, sim->now_ns, receive, &market->params->symbol, first, last, levels, counts);
        stats_depth(sim->stats, market->index, sim->now_ns, counts[0] + counts[1], market->lob);
    }
    lob_diff_clear(market->lob);
}

void market_publish_snapshot(struct sim *sim, struct market *market)
{
    static struct lob_level level[2][SNAPSHOT_LEVELS];
    const struct lob_level *levels[2] = {level[0], level[1]};
    size_t counts[2];

    for (int side = 0; side < 2; side++)
        counts[side] = lob_top(market->lob, (enum lob_side)side, level[side], SNAPSHOT_LEVELS);
    wire_snapshot(sim->wire, sim->now_ns + REST_NS, &market->params->symbol, lob_update_id(market->lob),
                  levels, counts);
}
