/* exchange.c - the truth: the exchange's own matching engine with people in it, and every order and trade of ours. */
#include "dst/dst.h"

#include <stdlib.h>
#include <string.h>

#define PEOPLE 1 /* account of everybody else */
#define MID    4000
#define SPREAD 2 /* nobody else rests nearer to the fair price */
#define DEEP   60

static int64_t draw(struct world *world, int64_t min, int64_t max)
{
    return random_between(&world->people_random, min, max);
}

/* --- what the books tell --------------------------------------------------------------------------------------------- */

static void keep_change(struct dst_market *market, const struct match_event *event)
{
    if (market->changes == market->change_max) {
        market->change_max = market->change_max == 0 ? 4096 : 2 * market->change_max;
        market->change = realloc(market->change, market->change_max * sizeof(*market->change));
        if (market->change == NULL)
            abort();
    }
    market->change[market->changes++] = (struct dst_level_change){
        .id = event->update_id, .side = event->side, .price = event->price_ticks, .lots = event->qty_lots};
}

static uint32_t index_of(const struct match_order *order)
{
    return order != NULL && order->request.account == DST_US ? (uint32_t)order->request.tag : UINT32_MAX;
}

static void our_trade(struct world *world, uint32_t index, const struct match_event *event, bool maker)
{
    struct dst_order *order = &world->order[index];
    struct dst_market *market = &world->market[order->market];
    struct dst_trade *trade = &world->trade[world->trades++];

    must(world, "harness", world->trades < DST_TRADES_MAX);
    *trade = (struct dst_trade){.order = index,
                                .trade_id = event->trade_id,
                                .ts_ns = world->now_ns,
                                .price = event->price_ticks,
                                .lots = event->qty_lots,
                                .maker = maker};
    order->filled += event->qty_lots;
    market->lots += side_sign(order->intent.side) * event->qty_lots;
    if (order->seq == 0)
        market->foreign_lots += side_sign(order->intent.side) * event->qty_lots;
    if (order->filled >= order->total) {
        order->alive = false;
        order->end = ORDER_EVENT_FILL;
    }
    hash_add(world, event->trade_id);
    venue_stream(world, index, ORDER_EVENT_FILL, ORDER_ERROR_NONE, trade);
}

static void our_end(struct world *world, uint32_t index, enum order_event_kind kind, enum order_error error)
{
    struct dst_order *order = &world->order[index];

    if (order->replacing)
        return;
    order->alive = false;
    order->end = kind;
    order->error = error;
    venue_stream(world, index, kind, error, NULL);
}

static enum order_error why_expired(const struct dst_order *order, const struct match_event *event)
{
    if (event->by_stp)
        return ORDER_ERROR_SELF_TRADE;
    return order->intent.tif == TIF_IOC || order->intent.tif == TIF_FOK ? ORDER_ERROR_NOT_FILLED
                                                                        : ORDER_ERROR_OTHER;
}

static void on_event(void *arg, const struct match_event *event)
{
    struct dst_market *market = arg;
    struct world *world = market->world;
    uint32_t index = index_of(event->order), maker = index_of(event->maker);

    switch (event->kind) {
    case MATCH_EVENT_LEVEL:
        keep_change(market, event);
        break;
    case MATCH_EVENT_NEW:
        if (index != UINT32_MAX && !world->order[index].replacing) {
            world->order[index].alive = true;
            venue_stream(world, index, ORDER_EVENT_ACK, ORDER_ERROR_NONE, NULL);
        }
        break;
    case MATCH_EVENT_TRIGGERED:
        if (index != UINT32_MAX) {
            world->order[index].triggered = true;
            venue_stream(world, index, ORDER_EVENT_TRIGGERED, ORDER_ERROR_NONE, NULL);
        }
        break;
    case MATCH_EVENT_TRADE:
        feed_trade(world, market, event);
        if (index != UINT32_MAX)
            our_trade(world, index, event, false);
        if (maker != UINT32_MAX)
            our_trade(world, maker, event, true);
        break;
    case MATCH_EVENT_CANCELED:
        if (index != UINT32_MAX)
            our_end(world, index, ORDER_EVENT_CANCELLED, ORDER_ERROR_NONE);
        break;
    case MATCH_EVENT_EXPIRED:
        if (index != UINT32_MAX)
            our_end(world, index, ORDER_EVENT_EXPIRED, why_expired(&world->order[index], event));
        break;
    case MATCH_EVENT_PREVENTED:
    case MATCH_EVENT_AMENDED:
        break;
    }
}

/* --- people ------------------------------------------------------------------------------------------------------------ */

static void rest(struct world *world, struct dst_market *market, enum side side, int64_t away)
{
    struct match_request request = {.account = PEOPLE,
                                    .side = side,
                                    .type = MATCH_LIMIT_MAKER,
                                    .tif = MATCH_GTC,
                                    .price_ticks = market->fair - side_sign(side) * away,
                                    .qty_lots = draw(world, 100, 30000)};
    uint64_t id;

    if (request.price_ticks < 10 || request.price_ticks > DST_WINDOW - 10)
        return;
    if (market->people_count == DST_PEOPLE_MAX) {
        size_t i = (size_t)draw(world, 0, DST_PEOPLE_MAX - 1);

        match_cancel(market->book, world->now_ns, market->people[i]);
        market->people[i] = market->people[--market->people_count];
    }
    if (match_submit(market->book, world->now_ns, &request, &id) == MATCH_OK)
        market->people[market->people_count++] = id;
}

static void take(struct world *world, struct dst_market *market, enum side side)
{
    struct match_request request = {.account = PEOPLE,
                                    .side = side,
                                    .type = MATCH_LIMIT,
                                    .tif = MATCH_IOC,
                                    .price_ticks = market->fair + side_sign(side) * draw(world, 0, 12),
                                    .qty_lots = draw(world, 100, 40000)};

    match_submit(market->book, world->now_ns, &request, NULL);
}

void exchange_people(struct world *world, struct dst_market *market)
{
    enum side side = draw(world, 0, 1) == 0 ? SIDE_BID : SIDE_ASK;
    int64_t what = draw(world, 0, 99), price, lots;

    market->fair_x1000 += draw(world, -700, 700);
    if (draw(world, 0, 3000) == 0)
        market->fair_x1000 += draw(world, -60000, 60000);
    market->fair_x1000 += (MID * 1000 - market->fair_x1000) / 2000;
    market->fair = market->fair_x1000 / 1000;
    if (what < 55)
        rest(world, market, side, SPREAD + draw(world, 0, 1 + DEEP * draw(world, 0, 10) / 10));
    else if (what < 75 && market->people_count > 40) {
        size_t i = (size_t)draw(world, 0, (int64_t)market->people_count - 1);

        match_cancel(market->book, world->now_ns, market->people[i]);
        market->people[i] = market->people[--market->people_count];
    } else if (what < 95)
        take(world, market, side);
    /* what stands on the wrong side of the fair price is taken */
    for (int i = 0; i < 2; i++)
        if (match_best(market->book, (enum side)i, &price, &lots) &&
            side_sign((enum side)i) * (price - market->fair) > 0)
            take(world, market, side_other((enum side)i));
    for (int i = 0; i < 2; i++)
        if (!match_best(market->book, (enum side)i, &price, &lots))
            for (int away = 0; away < 5; away++)
                rest(world, market, (enum side)i, SPREAD + away * 3);
}

/* --- our orders ---------------------------------------------------------------------------------------------------------- */

static enum order_error error_of(enum match_reject reject)
{
    switch (reject) {
    case MATCH_WOULD_TAKE:
        return ORDER_ERROR_WOULD_TAKE;
    case MATCH_WOULD_TRIGGER:
        return ORDER_ERROR_WOULD_TRIGGER;
    case MATCH_CLOSED:
        return ORDER_ERROR_MARKET_CLOSED;
    case MATCH_FULL:
        return ORDER_ERROR_CAPACITY;
    case MATCH_UNKNOWN_ORDER:
        return ORDER_ERROR_NOT_FOUND;
    case MATCH_OK:
    case MATCH_BAD_ORDER:
    case MATCH_AMEND_NOT_SMALLER:
        break;
    }
    return ORDER_ERROR_FILTER;
}

static struct match_request request_of(const struct order_intent *intent, uint32_t index, int64_t lots)
{
    struct match_request request = {.account = DST_US,
                                    .tag = index,
                                    .side = intent->side,
                                    .type = MATCH_LIMIT,
                                    .stp = MATCH_STP_EXPIRE_TAKER,
                                    .price_ticks = intent->price_ticks,
                                    .qty_lots = lots,
                                    .iceberg_lots = intent->display_lots < lots ? intent->display_lots : 0,
                                    .tif = intent->tif == TIF_IOC   ? MATCH_IOC
                                           : intent->tif == TIF_FOK ? MATCH_FOK
                                                                    : MATCH_GTC};

    if (intent->type == ORDER_MARKET)
        request.tif = MATCH_IOC;
    else if (intent->post_only)
        request.type = MATCH_LIMIT_MAKER;
    if (!order_type_is_triggered(intent->type))
        return request;
    request.iceberg_lots = 0;
    request.stop_ticks = intent->stop_ticks;
    request.tif = order_type_is_market(intent->type) ? MATCH_IOC : request.tif;
    request.type = intent->type == ORDER_TAKE_PROFIT || intent->type == ORDER_TAKE_PROFIT_LIMIT
                       ? MATCH_TAKE_PROFIT_LIMIT
                       : MATCH_STOP_LOSS_LIMIT;
    if (request.price_ticks == 0) {
        request.type = request.type == MATCH_TAKE_PROFIT_LIMIT ? MATCH_TAKE_PROFIT : MATCH_STOP_LOSS;
        request.tif = MATCH_GTC;
    }
    return request;
}

bool exchange_submit(struct world *world, uint32_t index, enum order_error *error)
{
    struct dst_order *order = &world->order[index];
    struct dst_market *market = &world->market[order->market];
    struct match_request request = request_of(&order->intent, index, order->total);
    enum match_reject reject;

    if (order->intent.type == ORDER_TRAILING_STOP)
        reject = MATCH_BAD_ORDER; /* this venue has none */
    else
        reject = match_submit(market->book, world->now_ns, &request, &order->book_id);
    *error = error_of(reject);
    if (reject != MATCH_OK)
        return false;
    order->given = order->total;
    order->accepted++;
    order->accepted_ns = world->now_ns;
    return true;
}

bool exchange_cancel(struct world *world, struct dst_order *order)
{
    return order->alive &&
           match_cancel(world->market[order->market].book, world->now_ns, order->book_id) == MATCH_OK;
}

/* A new place in the book of the same order: nobody is told of the end of the old one, nor of a second beginning. */
static bool move(struct world *world, struct dst_order *order, const struct order_intent *intent,
                 int64_t lots)
{
    struct dst_market *market = &world->market[order->market];
    struct match_request request = request_of(intent, (uint32_t)(order - world->order), lots - order->filled);
    struct match_order left;
    enum match_reject reject;
    uint64_t id;

    order->replacing = true;
    match_cancel(market->book, world->now_ns, order->book_id);
    order->total = lots;
    order->given = lots - order->filled;
    order->intent = *intent;
    reject = match_submit(market->book, world->now_ns, &request, &id);
    order->replacing = false;
    order->book_id = id;
    if (reject == MATCH_OK && order->alive && !match_find(market->book, id, &left))
        our_end(world, (uint32_t)(order - world->order), ORDER_EVENT_EXPIRED, ORDER_ERROR_SELF_TRADE);
    return reject == MATCH_OK;
}

/* Fewer lots at the same price keep the place. */
bool exchange_replace(struct world *world, struct dst_order *order, int64_t price, int64_t lots)
{
    struct dst_market *market = &world->market[order->market];
    struct order_intent intent = order->intent;

    if (!order->alive || market->halted || lots <= order->filled || order->triggered)
        return false;
    if (price == order_terms_ticks(&intent) && lots < order->total) {
        if (match_amend(market->book, world->now_ns, order->book_id, lots - (order->total - order->given)) !=
            MATCH_OK)
            return false;
        order->given -= order->total - lots;
        order->total = lots;
        return true;
    }
    *(order_type_is_market(intent.type) ? &intent.stop_ticks : &intent.price_ticks) = price;
    if (!move(world, order, &intent, lots)) { /* the old one is gone, the new one was refused */
        order->alive = false;
        order->end = ORDER_EVENT_CANCELLED;
        venue_stream(world, (uint32_t)(order - world->order), ORDER_EVENT_CANCELLED, ORDER_ERROR_NONE, NULL);
    }
    return true;
}

void exchange_foreign(struct world *world, struct dst_market *market)
{
    uint32_t index = (uint32_t)world->orders;
    struct dst_order *order = &world->order[world->orders++];
    enum order_error error;

    must(world, "harness", world->orders < DST_ORDERS_MAX);
    *order = (struct dst_order){.market = market->instrument.id, .total = draw(world, 10, 2000)};
    order->intent = (struct order_intent){.instrument_id = market->instrument.id,
                                          .side = draw(world, 0, 1) == 0 ? SIDE_BID : SIDE_ASK,
                                          .type = ORDER_LIMIT,
                                          .tif = draw(world, 0, 1) == 0 ? TIF_IOC : TIF_GTC,
                                          .qty_lots = order->total};
    if (market->instrument.venue == VENUE_BINANCE_SPOT)
        order->intent.side = SIDE_BID; /* he sells what he has elsewhere */
    order->intent.price_ticks = market->fair + side_sign(order->intent.side) * draw(world, -10, 10);
    (void)exchange_submit(world, index, &error);
}

struct dst_order *exchange_find(struct world *world, uint64_t seq)
{
    return seq == 0 || seq >= DST_ORDERS_MAX || world->by_seq[seq] == 0
               ? NULL
               : &world->order[world->by_seq[seq] - 1];
}

int64_t exchange_open_lots(struct world *world, uint16_t market, enum side side, uint64_t but)
{
    int64_t lots = 0;

    for (size_t i = 0; i < world->orders; i++) {
        const struct dst_order *order = &world->order[i];
        bool on_its_way = order->seq != 0 && order->accepted == 0 && !order->refused && !order->lost;

        if (order->seq != 0 && order->seq != but && order->market == market && order->intent.side == side &&
            (order->alive || on_its_way))
            lots += order->total - order->filled;
    }
    return lots;
}

/* --- life ------------------------------------------------------------------------------------------------------------------ */

static void open_market(struct world *world, uint16_t id)
{
    static const char *const symbols[DST_MARKETS] = {"BTCUSDT", "ETHUSDT"};
    struct dst_market *market = &world->market[id];
    struct match_book_config config = {
        .symbol = id, .price_ticks_max = DST_WINDOW - 1, .first_update_id = 100, .orders_max = 2048};

    market->world = world;
    market->fair = MID;
    market->fair_x1000 = MID * 1000;
    market->book = match_book_new(&config);
    if (market->book == NULL)
        abort();
    match_listen(market->book, on_event, market);
    instrument_init(&market->instrument, symbols[id], id == 0 ? VENUE_BINANCE_SPOT : VENUE_BINANCE_USDM, id);
    market->instrument.tick_e8 = 10000000; /* 0.1 */
    market->instrument.lot_e8 = 10000;     /* 0.0001 */
    market->instrument.qty_lots_min = 1;
    market->instrument.notional_e8_min = INT64_C(500000000);
    market->instrument.trading = true;
    for (int i = 0; i < 120; i++)
        rest(world, market, i % 2 == 0 ? SIDE_BID : SIDE_ASK, SPREAD + draw(world, 0, DEEP));
    market->next_people_ns = world->now_ns;
    market->next_depth_ns = world->now_ns + DST_MS;
    market->next_mark_ns = world->now_ns + DST_SECOND;
}

void exchange_open(struct world *world)
{
    for (uint16_t i = 0; i < DST_MARKETS; i++)
        open_market(world, i);
}

void exchange_close(struct world *world)
{
    for (int i = 0; i < DST_MARKETS; i++) {
        match_book_free(world->market[i].book);
        free(world->market[i].change);
        if (world->market[i].old_snapshot != NULL)
            feed_free(world->market[i].old_snapshot);
    }
}
