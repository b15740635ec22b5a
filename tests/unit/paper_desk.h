/* paper_desk.h - a paper broker with one book, for tests. Bids 100 x 10, 99 x 20, 98 x 30; asks 102 x 10, 103 x
 * 20, 104 x 30. A lot at a tick is worth 0.01. */
#ifndef TESTS_PAPER_DESK_H
#define TESTS_PAPER_DESK_H

#include "cmocka_all.h"
#include "exec/order_manager.h"
#include "exec/paper_broker.h"
#include "exec/paper_order.h"

#include <string.h>

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

static inline void desk_state(enum book_state state)
{
    paper_broker_on_book_state(desk.broker, desk.instrument.id, state, desk.now_ns, &desk.answers);
}

static inline void desk_open(const struct paper_broker_params *params, enum venue venue)
{
    memset(&desk, 0, sizeof desk);
    desk.broker = paper_broker_new(params);
    desk.book = order_book_new();
    desk.gateway = paper_broker_gateway(desk.broker);
    desk.now_ns = 1;
    instrument_init(&desk.instrument, "BTCUSDT", venue, 0);
    desk.instrument.tick_e8 = 10000000; /* 0.1 */
    desk.instrument.lot_e8 = 10000000;
    for (int i = 0; i < 3; i++) {
        order_book_set(desk.book, SIDE_BID, 100 - i, 10 * (i + 1));
        order_book_set(desk.book, SIDE_ASK, 102 + i, 10 * (i + 1));
    }
    paper_broker_attach(desk.broker, &desk.instrument, desk.book);
    desk_state(BOOK_LIVE);
}

/* Another broker at the same book. */
static inline void renew(const struct paper_broker_params *params)
{
    paper_broker_free(desk.broker);
    desk.broker = paper_broker_new(params);
    desk.gateway = paper_broker_gateway(desk.broker);
    paper_broker_attach(desk.broker, &desk.instrument, desk.book);
    desk_state(BOOK_LIVE);
}

static inline int desk_close(void **state)
{
    (void)state;
    paper_broker_free(desk.broker);
    order_book_free(desk.book);
    return 0;
}

static inline struct order order_of(enum side side, enum order_type type, int64_t price, int64_t lots)
{
    struct order order = {.seq = ++desk.seq, .sent_ns = desk.now_ns};

    order.intent = (struct order_intent){.side = side, .type = type, .price_ticks = price, .qty_lots = lots};
    return order;
}

static inline uint64_t send(const struct order *order)
{
    desk.gateway.ops->submit(desk.gateway.self, order, desk.now_ns, &desk.answers);
    return order->seq;
}

static inline uint64_t send_limit(enum side side, int64_t price, int64_t lots)
{
    struct order order = order_of(side, ORDER_LIMIT, price, lots);

    return send(&order);
}

static inline void cancel(uint64_t seq)
{
    struct order order = {.seq = seq, .intent.instrument_id = desk.instrument.id};

    desk.gateway.ops->cancel(desk.gateway.self, &order, desk.now_ns, &desk.answers);
}

static inline void replace(uint64_t seq, int64_t price, int64_t lots)
{
    struct order order = {.seq = seq, .replace_price_ticks = price, .replace_qty_lots = lots};

    desk.gateway.ops->replace(desk.gateway.self, &order, desk.now_ns, &desk.answers);
}

static inline void query(uint64_t seq)
{
    struct order order = {.seq = seq};

    desk.gateway.ops->query(desk.gateway.self, &order, desk.now_ns, &desk.answers);
}

static inline void advance(int64_t now_ns)
{
    desk.now_ns = now_ns;
    desk.gateway.ops->advance(desk.gateway.self, now_ns, &desk.answers);
}

static inline int64_t next_due(void)
{
    return desk.gateway.ops->next_due_ns(desk.gateway.self);
}

static inline void trade(enum side taker, int64_t price, int64_t lots)
{
    struct trade print = {
        .recv_ns = desk.now_ns, .id = 77, .price_ticks = price, .qty_lots = lots, .taker = taker};

    paper_broker_on_trade(desk.broker, desk.instrument.id, &print, &desk.answers);
}

static inline void level(enum side side, int64_t price, int64_t lots)
{
    order_book_set(desk.book, side, price, lots);
    paper_broker_on_book(desk.broker, desk.instrument.id, desk.now_ns, &desk.answers);
}

#define assert_answers(n) assert_int_equal(desk.answers.count, n)

#define assert_answer(i, kind_, seq_)                                                                        \
    do {                                                                                                     \
        assert_true((i) < desk.answers.count);                                                               \
        assert_int_equal(desk.answers.event[i].kind, kind_);                                                 \
        assert_int_equal(desk.answers.event[i].order_seq, seq_);                                             \
    } while (0)

#define assert_ended(i, kind_, seq_, error_)                                                                 \
    do {                                                                                                     \
        assert_answer(i, kind_, seq_);                                                                       \
        assert_int_equal(desk.answers.event[i].error, error_);                                               \
        assert_non_null(desk.answers.event[i].reason);                                                       \
    } while (0)

#define assert_fill(i, seq_, price_, lots_, maker_)                                                          \
    do {                                                                                                     \
        assert_answer(i, ORDER_EVENT_FILL, seq_);                                                            \
        assert_int_equal(desk.answers.event[i].fill.price_ticks, price_);                                    \
        assert_int_equal(desk.answers.event[i].fill.qty_lots, lots_);                                        \
        assert_int_equal(desk.answers.event[i].fill.maker, maker_);                                          \
    } while (0)

#define assert_queue(seq_, expected_, worst_)                                                                \
    do {                                                                                                     \
        int64_t expected_lots_, worst_lots_;                                                                 \
        assert_true(paper_broker_queue(desk.broker, seq_, &expected_lots_, &worst_lots_));                   \
        assert_int_equal(expected_lots_, expected_);                                                         \
        assert_int_equal(worst_lots_, worst_);                                                               \
    } while (0)

#endif
