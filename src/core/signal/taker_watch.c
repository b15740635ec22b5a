/* taker_watch.c - what takers hit, and what they went through. */
#include "core/signal/taker_watch.h"

#include "core/market/saturate.h"

#define NS_A_MS        INT64_C(1000000)
#define SIZES_MIN      60 /* taker orders seen before a size can be called large */
#define SWEEP_RANK_MIN 0.99
#define ABSORB_ORDERS  3
#define ABSORB_SETTLE_MS                                                                                     \
    300 /* the depth stream tells a trade's effect up to 100 ms later, twice that to be sure */
#define ABSORB_TIMES_P90 3
#define SWEEP_CLOSE_MS   100 /* no print for so long: the order is done */

/* --- sweep ---------------------------------------------------------------------------------------- */

static void order_close(struct taker_watch *watch, const struct book_event_params *params,
                        struct event_log *log)
{
    struct open_taker *order = &watch->order;
    double rank;

    if (!order->open)
        return;
    order->open = false;
    rank = order->prices >= params->sweep_prices ? percentile_rank(&watch->sizes, order->lots) : 0.0;
    if (watch->sizes.count >= SIZES_MIN && rank >= SWEEP_RANK_MIN)
        (void)event_log_tell(log, params->cooldown_ms,
                             &(struct book_event){.kind = BOOK_EVENT_SWEEP,
                                                  .side = side_other(order->taker),
                                                  .ts_ns = order->last_ns,
                                                  .price_ticks = order->last_ticks,
                                                  .lots = order->lots,
                                                  .span_ms = (order->last_ns - order->first_ns) / NS_A_MS,
                                                  .prices = order->prices,
                                                  .confidence = rank});
    percentile_add(&watch->sizes, order->lots);
}

/* As the tape joins: same side and T, the next id, never a better price; the venue's order id if carried. */
static bool order_continues(const struct open_taker *order, const struct trade *trade)
{
    if (!order->open || trade->taker != order->taker || trade->venue_ms != order->venue_ms ||
        trade->id != order->last_id + 1)
        return false;
    if (trade->taker_order_id != 0 && order->order_id != 0)
        return trade->taker_order_id == order->order_id;
    return trade->taker == SIDE_BID ? trade->price_ticks >= order->last_ticks
                                    : trade->price_ticks <= order->last_ticks;
}

/* True when the print begins a new order. */
static bool order_add(struct taker_watch *watch, const struct book_event_params *params,
                      const struct trade *trade, struct event_log *log)
{
    struct open_taker *order = &watch->order;
    bool begins = !order_continues(order, trade);

    if (begins) {
        order_close(watch, params, log);
        *order = (struct open_taker){.open = true,
                                     .taker = trade->taker,
                                     .first_ns = trade->recv_ns,
                                     .venue_ms = trade->venue_ms,
                                     .order_id = trade->taker_order_id,
                                     .prices = 1,
                                     .last_ticks = trade->price_ticks};
    }
    if (trade->price_ticks != order->last_ticks)
        order->prices++;
    order->last_ticks = trade->price_ticks;
    order->last_id = trade->id;
    order->last_ns = trade->recv_ns;
    order->lots = saturate_add(order->lots, trade->qty_lots);
    return begins;
}

/* --- absorption ----------------------------------------------------------------------------------- */

static struct hit_level *hit_find(struct hit_level hit[TAKER_WATCH_LEVELS], int64_t price_ticks)
{
    struct hit_level *oldest = &hit[0];

    for (size_t i = 0; i < TAKER_WATCH_LEVELS; i++) {
        if (hit[i].price_ticks == price_ticks)
            return &hit[i];
        if (hit[i].last_ns < oldest->last_ns)
            oldest = &hit[i];
    }
    *oldest = (struct hit_level){0};
    return oldest;
}

static void hit_add(struct taker_watch *watch, const struct book_event_params *params,
                    const struct order_book *book, const struct trade *trade, bool begins)
{
    enum side side = side_other(trade->taker);
    struct hit_level *hit = hit_find(watch->hit[side], trade->price_ticks);

    if (hit->price_ticks == 0 || trade->recv_ns - hit->first_ns > params->window_ms * NS_A_MS)
        *hit = (struct hit_level){.price_ticks = trade->price_ticks,
                                  .first_ns = trade->recv_ns,
                                  .standing_lots = order_book_qty(book, side, trade->price_ticks)};
    hit->last_ns = trade->recv_ns;
    hit->taken_lots = saturate_add(hit->taken_lots, trade->qty_lots);
    hit->orders += begins || hit->orders == 0 ? 1 : 0;
}

static void hit_judge(struct taker_watch *watch, const struct book_event_params *params,
                      const struct order_book *book, enum side side, struct hit_level *hit, int64_t now_ns,
                      struct event_log *log)
{
    double needed = (double)params->absorb_times_x100 / 100.0, times, left;
    struct level best;
    int64_t large;

    if (hit->orders < ABSORB_ORDERS || hit->standing_lots == 0)
        return;
    if (now_ns - hit->last_ns < ABSORB_SETTLE_MS * NS_A_MS ||
        now_ns - hit->first_ns > params->window_ms * NS_A_MS)
        return;
    if (!order_book_best(book, side, &best) || best.price_ticks != hit->price_ticks)
        return;
    /* Against the larger of what stood and what stands: a level of nothing that was filled up is no miracle. */
    times = (double)hit->taken_lots /
            (double)(hit->standing_lots > best.qty_lots ? hit->standing_lots : best.qty_lots);
    left = (double)best.qty_lots / (double)hit->standing_lots;
    if (times < needed || left < 0.5)
        return;
    large = saturate_mul(percentile_at(&watch->sizes, 0.9), ABSORB_TIMES_P90); /* last: it costs most */
    if (hit->taken_lots < large)
        return;
    (void)event_log_tell(
        log, params->cooldown_ms,
        &(struct book_event){.kind = BOOK_EVENT_ABSORBED,
                             .side = side,
                             .ts_ns = now_ns,
                             .price_ticks = hit->price_ticks,
                             .lots = hit->taken_lots,
                             .ratio = times,
                             .span_ms = (hit->last_ns - hit->first_ns) / NS_A_MS,
                             .confidence = confidence_of(times, needed) * (left < 1.0 ? left : 1.0)});
    hit->price_ticks = 0; /* told, or kept back: the next tale begins with the next hit */
}

void taker_watch_trade(struct taker_watch *watch, const struct book_event_params *params,
                       const struct order_book *book, const struct trade *trade, struct event_log *log)
{
    bool begins = order_add(watch, params, trade, log);

    hit_add(watch, params, book, trade, begins);
}

void taker_watch_tick(struct taker_watch *watch, const struct book_event_params *params,
                      const struct order_book *book, int64_t now_ns, struct event_log *log)
{
    if (watch->order.open && now_ns - watch->order.last_ns >= SWEEP_CLOSE_MS * NS_A_MS)
        order_close(watch, params, log);
    if (watch->sizes.count < SIZES_MIN)
        return;
    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++)
        for (size_t i = 0; i < TAKER_WATCH_LEVELS; i++)
            if (watch->hit[side][i].price_ticks != 0)
                hit_judge(watch, params, book, side, &watch->hit[side][i], now_ns, log);
}

void taker_watch_rescale(struct taker_watch *watch, struct step_change change)
{
    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        for (size_t i = 0; i < TAKER_WATCH_LEVELS; i++) {
            struct hit_level *hit = &watch->hit[side][i];

            hit->price_ticks = saturate_mul(hit->price_ticks, change.price_factor);
            hit->standing_lots = saturate_mul(hit->standing_lots, change.qty_factor);
            hit->taken_lots = saturate_mul(hit->taken_lots, change.qty_factor);
        }
    }
    watch->order.last_ticks = saturate_mul(watch->order.last_ticks, change.price_factor);
    watch->order.lots = saturate_mul(watch->order.lots, change.qty_factor);
    percentile_rescale(&watch->sizes, change.qty_factor);
}
