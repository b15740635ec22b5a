/*
 * bench_paper.c - what the paper broker costs an event, beside one order_book_set() of the same run.
 *
 * With no order, with 8 and with 256 resting: a trade and a depth update that concern none of them, a trade and a
 * change at the price of some, and an order sent and taken back. It requires of itself that an event that concerns
 * nobody costs less than 20 us with all orders that may rest.
 */
#include "core/base/clock.h"
#include "exec/order_manager.h"
#include "exec/paper_broker.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 50000

struct desk {
    struct paper_broker *broker;
    struct order_book *book;
    struct instrument instrument;
    struct gateway gateway;
    struct gateway_answers answers;
    uint64_t seq;
    int64_t now_ns;
};

static struct desk desk;

static uint64_t send(int64_t price_ticks)
{
    struct order order = {.seq = ++desk.seq, .intent = {.price_ticks = price_ticks, .qty_lots = 5}};

    desk.gateway.ops->submit(desk.gateway.self, &order, ++desk.now_ns, &desk.answers);
    return order.seq;
}

static void open_desk(int orders)
{
    struct paper_broker_params params = {.model = QUEUE_POWER, .queue = {.late_trade_ns = 100000000}};

    desk.broker = paper_broker_new(&params);
    desk.book = order_book_new();
    if (desk.broker == NULL || desk.book == NULL)
        exit(1);
    desk.gateway = paper_broker_gateway(desk.broker);
    instrument_init(&desk.instrument, "BTCUSDT", VENUE_BINANCE_SPOT, 0);
    desk.instrument.tick_e8 = 1000000;
    desk.instrument.lot_e8 = 1000;
    for (int i = 0; i < 1000; i++) {
        order_book_set(desk.book, SIDE_BID, 10000 - i, 1000000);
        order_book_set(desk.book, SIDE_ASK, 10001 + i, 1000000);
    }
    paper_broker_attach(desk.broker, &desk.instrument, desk.book);
    paper_broker_on_book_state(desk.broker, 0, BOOK_LIVE, 1, &desk.answers);
    for (int i = 0; i < orders; i++)
        send(9990 - i % 50);
}

static void trade(int64_t price_ticks)
{
    struct trade print = {
        .recv_ns = desk.now_ns += 1000, .price_ticks = price_ticks, .qty_lots = 1, .taker = SIDE_ASK};

    paper_broker_on_trade(desk.broker, 0, &print, &desk.answers);
}

static void change(int64_t price_ticks, int round)
{
    order_book_set(desk.book, SIDE_BID, price_ticks, 900000000 - round);
    paper_broker_on_book(desk.broker, 0, desk.now_ns += 1000, &desk.answers);
}

static void act(int kind, int round)
{
    switch (kind) {
    case 0:
        order_book_set(desk.book, SIDE_BID, 9000, 1000000 + round);
        break;
    case 1:
        trade(10000);
        break;
    case 2:
        change(9995, round);
        break;
    case 3:
        trade(9990);
        break;
    case 4:
        change(9990, round);
        break;
    default: {
        struct order order = {.seq = send(9980)};

        desk.gateway.ops->cancel(desk.gateway.self, &order, desk.now_ns, &desk.answers);
    }
    }
}

int main(void)
{
    static const char *const kinds[] = {"order_book_set alone",        "trade elsewhere",
                                        "depth update elsewhere",      "trade at the price of some",
                                        "change at the price of some", "order sent and cancelled"};
    static const int orders[] = {0, 8, ORDERS_OPEN_MAX - 1};
    bool ok = true;

    for (size_t o = 0; o < sizeof orders / sizeof orders[0]; o++)
        for (int kind = 0; kind < 6; kind++) {
            int64_t start_ns;
            double each;

            open_desk(orders[o]);
            start_ns = clock_monotonic_ns();
            for (int round = 0; round < ROUNDS; round++)
                act(kind, round);
            each = (double)(clock_monotonic_ns() - start_ns) / ROUNDS;
            printf("%3d resting: %-28s %8.0f ns\n", orders[o], kinds[kind], each);
            ok = ok && (each < 20000 || kind > 2);
            paper_broker_free(desk.broker);
            order_book_free(desk.book);
        }
    return ok ? 0 : 1;
}
