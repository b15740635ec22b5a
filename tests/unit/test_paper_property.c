/*
 * test_paper_property.c - the whole paper broker under random markets, wishes, latencies and dead books.
 *
 * Every answer is applied to the order's state machine; whatever is sent is answered in the end; the same seed gives
 * the same answers. Long form: FLOWDECK_SOAK=1.
 */
#include "exec/paper_parts.h"
#include "paper_desk.h"
#include "test_random.h"

#include <stdio.h>
#include <stdlib.h>

#define MS         INT64_C(1000000)
#define E8         INT64_C(100000000)
#define ORDERS_MAX 40000
#define OPEN_WISH  40

struct heard {
    struct order order;
    int64_t filled_lots;
    int acks, rejects;
};

struct history {
    uint64_t seed, hash, fills, last_trade_id, replaced, triggered, expired, rejected;
    uint64_t requests, answered; /* cancels and replaces */
    int64_t answered_ns, mid;
    bool live, at_once;
    size_t open_count;
    uint64_t open[OPEN_WISH];
    struct heard heard[ORDERS_MAX]; /* by seq */
};

static struct history history;

static int64_t pick(int64_t min, int64_t max)
{
    return random_between(&history.seed, min, max);
}

static void hash_in(int64_t value)
{
    history.hash = (history.hash ^ (uint64_t)value) * UINT64_C(0x100000001b3);
}

/* --- answers ------------------------------------------------------------------------------------------- */

static void hear_fill(struct heard *heard, const struct fill *fill)
{
    const struct order_intent *intent = &heard->order.intent;

    assert_true(fill->trade_id > history.last_trade_id); /* I12 */
    history.last_trade_id = fill->trade_id;
    history.fills++;
    heard->filled_lots += fill->qty_lots;
    assert_true(fill->qty_lots > 0 && fill->price_ticks > 0);
    assert_int_equal(heard->filled_lots, heard->order.filled_lots); /* I12: once each */
    if (intent->price_ticks > 0)                                    /* never worse than asked for */
        assert_true(paper_reaches(intent->side, intent->price_ticks, fill->price_ticks));
    hash_in(fill->price_ticks * 1000003 + fill->qty_lots);
}

static void hear(void)
{
    for (size_t i = 0; i < desk.answers.count; i++) {
        const struct order_event *event = &desk.answers.event[i];
        struct heard *heard = &history.heard[event->order_seq];

        assert_true(event->order_seq > 0 && event->order_seq <= desk.seq);
        assert_true(event->ts_ns >= history.answered_ns && event->ts_ns <= desk.now_ns);
        history.answered_ns = event->ts_ns;
        assert_int_equal(order_apply(&heard->order, event), ERR_OK); /* I22 */
        hash_in((int64_t)event->kind * 100003 + (int64_t)event->order_seq);
        hash_in(event->ts_ns);
        heard->acks += event->kind == ORDER_EVENT_ACK;
        heard->rejects += event->kind == ORDER_EVENT_REJECTED;
        history.replaced += event->kind == ORDER_EVENT_REPLACED;
        history.triggered += event->kind == ORDER_EVENT_TRIGGERED;
        history.expired += event->kind == ORDER_EVENT_EXPIRED;
        history.rejected += event->kind == ORDER_EVENT_REJECTED;
        history.answered +=
            event->kind == ORDER_EVENT_REPLACED || event->kind == ORDER_EVENT_REPLACE_REJECTED ||
            event->kind == ORDER_EVENT_CANCELLED || event->kind == ORDER_EVENT_CANCEL_REJECTED;
        if (event->kind == ORDER_EVENT_FILL)
            hear_fill(heard, &event->fill);
        if (event->kind == ORDER_EVENT_EXPIRED || event->kind == ORDER_EVENT_REJECTED ||
            event->kind == ORDER_EVENT_CANCEL_REJECTED || event->kind == ORDER_EVENT_REPLACE_REJECTED)
            assert_true(event->reason != NULL && event->error != ORDER_ERROR_NONE);
    }
    desk.answers.count = 0;
}

static void forget_finished(void)
{
    size_t kept = 0;

    for (size_t i = 0; i < history.open_count; i++)
        if (order_is_open(&history.heard[history.open[i]].order))
            history.open[kept++] = history.open[i];
    history.open_count = kept;
}

/* --- wishes -------------------------------------------------------------------------------------------- */

/* L05: it took nothing that lies behind an order of ours, which it would have met first. Seen at once, or not at all. */
static void check_took_no_own(const struct order *sent)
{
    const struct paper_broker *broker = desk.broker;
    int64_t worst = 0;

    for (size_t i = 0; i < desk.answers.count; i++) {
        const struct order_event *event = &desk.answers.event[i];

        if (event->kind == ORDER_EVENT_FILL && event->order_seq == sent->seq)
            worst = event->fill.price_ticks;
    }
    for (size_t i = 0; i < broker->count && worst != 0; i++) {
        const struct paper_order *own = &broker->order[i];

        if (paper_order_rests(own) && own->intent.side != sent->intent.side)
            assert_false(paper_reaches(sent->intent.side, worst, own->intent.price_ticks));
    }
}

static void send_any(void)
{
    enum side side = (enum side)pick(0, 1);
    enum order_type type = pick(0, 2) == 0 ? (enum order_type)pick(0, ORDER_TYPES - 1) : ORDER_LIMIT;
    int64_t limit = history.mid - side_sign(side) * pick(-3, 8);
    struct order order = order_of(side, type, limit, pick(1, 40));
    struct order_intent *intent = &order.intent;

    if (order_type_is_market(type))
        intent->price_ticks = history.mid + side_sign(side) * 15;
    if (order_type_is_triggered(type))
        intent->stop_ticks = history.mid + side_sign(side) * pick(-6, 6);
    if (type == ORDER_TRAILING_STOP)
        intent->trail_ticks = pick(1, 5);
    intent->tif = pick(0, 2) == 0 ? (enum time_in_force)pick(TIF_GTC, TIF_GTD) : TIF_GTC;
    intent->expire_ns = desk.now_ns + pick(0, 5000) * MS;
    intent->post_only = pick(0, 5) == 0;
    intent->reduce_only = pick(0, 5) == 0;
    intent->display_lots = pick(0, 5) == 0 ? pick(1, 6) : 0;
    history.heard[order.seq].order = order;
    history.open[history.open_count++] = order.seq;
    send(&order);
    if (history.at_once)
        check_took_no_own(&order);
    hear();
}

static void change_any(void)
{
    struct heard *heard = &history.heard[history.open[pick(0, (int64_t)history.open_count - 1)]];
    struct order *order = &heard->order;

    switch (pick(0, 4)) {
    case 0:
    case 1:
        if (order->state == ORDER_STATE_SENT || order_cancel_sent(order, desk.now_ns) != ERR_OK)
            return;
        history.requests++;
        cancel(order->seq);
        break;
    case 2:
    case 3:
        if (order_replace_sent(order, order->intent.price_ticks + pick(-2, 2),
                               order->intent.qty_lots + pick(-5, 5), desk.now_ns) != ERR_OK)
            return;
        history.requests++;
        replace(order->seq, order->replace_price_ticks, order->replace_qty_lots);
        break;
    default:
        if (order_answer_lost(order, desk.now_ns) != ERR_OK)
            return;
        query(order->seq);
    }
    hear();
}

/* --- the market ---------------------------------------------------------------------------------------- */

static void move_book(void)
{
    enum side side = (enum side)pick(0, 1);
    int64_t price = history.mid - side_sign(side) * pick(1, 6);
    struct level best;

    history.mid += pick(-1, 1);
    history.mid = history.mid < 60 ? 60 : history.mid > 140 ? 140 : history.mid;
    while (order_book_best(desk.book, side_other(side), &best) &&
           paper_reaches(side, price, best.price_ticks) && pick(0, 200) != 0)
        order_book_set(desk.book, side_other(side), best.price_ticks, 0);
    level(side, price, pick(0, 60));
    hear();
}

static void print_trade(void)
{
    enum side taker = (enum side)pick(0, 1);
    struct level best;

    if (!order_book_best(desk.book, side_other(taker), &best))
        return;
    trade(taker, best.price_ticks + side_sign(taker) * pick(0, 2), pick(1, 60));
    hear();
}

static void turn_book(void)
{
    history.live = !history.live || pick(0, 3) != 0;
    desk_state(history.live ? BOOK_LIVE : BOOK_STALE);
    hear();
}

static void check_money(void)
{
    const struct paper_account *account = paper_broker_account(desk.broker);

    for (size_t i = 0; i < account->count; i++) {
        const struct paper_asset *asset = &account->asset[i];

        assert_true(asset->free_e8 >= 0 && asset->locked_e8 >= 0);
        assert_int_equal(asset->free_e8 + asset->locked_e8, asset->transfers_e8 + asset->fills_e8 +
                                                                asset->fees_e8 + asset->funding_e8 +
                                                                asset->insurance_e8);
    }
}

static int64_t fee_up_e8(int64_t value_e8)
{
    return (value_e8 * 500 + 999999) / 1000000; /* the dearer of the fees of open_history() */
}

/*
 * I11, written down apart from the account: what an open order of spot must hold, base or quote. A fill rounds value
 * and fee apart from the rest, so a purchase may be short of, or hold beyond, a few units of 1e-8 for each.
 */
static void check_lock(const struct paper_order *order)
{
    const struct order_intent *intent = &order->intent;
    int64_t limit = intent->price_ticks > intent->stop_ticks ? intent->price_ticks : intent->stop_ticks, need;

    if (intent->side == SIDE_ASK) {
        assert_int_equal(order->locked_e8, order->left_lots * desk.instrument.lot_e8);
        return;
    }
    need = limit * order->left_lots * (desk.instrument.tick_e8 * desk.instrument.lot_e8 / E8);
    need += fee_up_e8(need);
    assert_in_range(order->locked_e8, need - 8, need + 8);
}

/* I11: what is locked is what the open orders hold, and the margin of the position. */
static void check_locks(void)
{
    const struct paper_broker *broker = desk.broker;
    int64_t orders_e8[SIDE_COUNT] = {0}, locked_e8[SIDE_COUNT] = {0};
    bool spot = desk.instrument.venue == VENUE_BINANCE_SPOT;

    for (size_t i = 0; i < broker->count; i++) {
        const struct paper_order *order = &broker->order[i];

        if (spot)
            check_lock(order);
        orders_e8[spot ? order->intent.side : SIDE_BID] += order->locked_e8;
    }
    for (size_t i = 0; i < broker->account.count; i++)
        locked_e8[strcmp(broker->account.asset[i].name, desk.instrument.base) == 0 ? SIDE_ASK : SIDE_BID] +=
            broker->account.asset[i].locked_e8;
    assert_int_equal(locked_e8[SIDE_ASK], orders_e8[SIDE_ASK]);
    assert_int_equal(locked_e8[SIDE_BID], orders_e8[SIDE_BID] + broker->market[0].holding.margin_e8);
}

/* L05: two of our own that would trade with each other never rest at the same time. */
static void check_own(void)
{
    const struct paper_broker *broker = desk.broker;
    int64_t best[SIDE_COUNT] = {0};

    for (size_t i = 0; i < broker->count; i++) {
        const struct order_intent *intent = &broker->order[i].intent;
        int64_t *own = &best[intent->side];

        if (paper_order_rests(&broker->order[i]) &&
            (*own == 0 || side_sign(intent->side) * (intent->price_ticks - *own) > 0))
            *own = intent->price_ticks;
    }
    assert_true(best[SIDE_BID] == 0 || best[SIDE_ASK] == 0 || best[SIDE_BID] < best[SIDE_ASK]);
}

static void step(void)
{
    int64_t what = pick(0, 99);

    desk.now_ns += pick(0, 2) == 0 ? 0 : pick(0, 20 * MS);
    advance(desk.now_ns);
    hear();
    assert_true(next_due() > desk.now_ns);
    if (what < 35)
        move_book();
    else if (what < 60)
        print_trade();
    else if (what < 80 && history.open_count < OPEN_WISH && desk.seq + 1 < ORDERS_MAX)
        send_any();
    else if (what < 98 && history.open_count > 0)
        change_any();
    else if (what >= 98)
        turn_book();
    forget_finished();
    check_money();
    check_locks();
    check_own();
}

/* What is still open here is open there, and holds the lock that is left. */
static void check_end(void)
{
    int64_t locked_e8 = 0;
    const struct paper_account *account = paper_broker_account(desk.broker);

    advance(desk.now_ns + 120000 * MS);
    hear();
    assert_int_equal(next_due(), INT64_MAX);
    for (uint64_t seq = 1; seq <= desk.seq; seq++)
        assert_true(history.heard[seq].acks + history.heard[seq].rejects >= 1);
    assert_true(history.answered >= history.requests);
    desk_state(BOOK_LIVE);
    for (uint64_t seq = 1; seq <= desk.seq; seq++) {
        if (!order_is_open(&history.heard[seq].order))
            continue;
        cancel(seq);
        hear();
        advance(desk.now_ns + 120000 * MS);
        hear();
        assert_int_equal(history.heard[seq].order.state, ORDER_STATE_CANCELLED);
    }
    for (size_t i = 0; i < account->count; i++)
        locked_e8 += account->asset[i].locked_e8;
    assert_int_equal(locked_e8, paper_broker_holding(desk.broker, 0)->margin_e8);
}

static void open_history(uint64_t seed)
{
    struct paper_latency_params leg = {PAPER_LATENCY_LOG_NORMAL, 8 * MS, 700, MS};
    struct paper_broker_params params = {.fee_maker_ppm = seed % 3 == 0 ? -100 : 200,
                                         .fee_taker_ppm = 500,
                                         .model = (enum queue_model)(seed % QUEUE_MODELS),
                                         .queue = {.late_trade_ns = seed % 2 == 0 ? 0 : 50 * MS},
                                         .slippage = (enum paper_slippage)(seed % 3),
                                         .account = true,
                                         .leverage = 10,
                                         .seed = seed};

    if (seed % 5 != 0)
        for (int i = 0; i < PAPER_LEGS; i++)
            params.latency[i] = leg;
    memset(&history, 0, sizeof history);
    history.seed = seed * 1000003;
    history.hash = UINT64_C(0xcbf29ce484222325);
    history.mid = 101;
    history.live = true;
    history.at_once = seed % 5 == 0;
    desk_open(&params, seed % 2 == 0 ? VENUE_BINANCE_SPOT : VENUE_BINANCE_USDM);
    desk.now_ns = 1000000 * MS;
    assert_int_equal(paper_broker_transfer(desk.broker, "USDT", 2000 * E8), ERR_OK);
    assert_int_equal(paper_broker_transfer(desk.broker, "BTC", 200 * E8), ERR_OK);
}

static uint64_t run_history(uint64_t seed, long steps)
{
    uint64_t hash;

    open_history(seed);
    for (long i = 0; i < steps; i++)
        step();
    check_end();
    assert_true(history.fills > 100 && history.replaced > 20 && history.triggered > 10);
    assert_true(history.expired > 50 && history.rejected > 50);
    hash = history.hash;
    desk_close(NULL);
    return hash;
}

static void test_every_answer_is_legal_and_comes(void **state)
{
    uint64_t seeds = getenv("FLOWDECK_SOAK") != NULL ? 400 : 24;

    (void)state;
    for (uint64_t seed = 1; seed <= seeds; seed++)
        run_history(seed, 10000);
}

/* I24 */
static void test_equal_seeds_give_equal_answers(void **state)
{
    uint64_t first = run_history(7, 10000);

    (void)state;
    assert_true(first == run_history(7, 10000));
    assert_true(first != run_history(11, 10000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_answer_is_legal_and_comes),
        cmocka_unit_test(test_equal_seeds_give_equal_answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
