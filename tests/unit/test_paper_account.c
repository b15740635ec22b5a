/* test_paper_account.c - balances and margins at the paper venue: by example, and under random markets (I8, I11). */
#include "paper_desk.h"
#include "test_random.h"

#include <stdlib.h>

#define E8 INT64_C(100000000)

static const struct paper_asset *asset(const char *name)
{
    const struct paper_account *account = paper_broker_account(desk.broker);

    for (size_t i = 0; i < account->count; i++)
        if (strcmp(account->asset[i].name, name) == 0)
            return &account->asset[i];
    fail_msg("no %s", name);
    return NULL;
}

#define assert_asset(name_, free_, locked_)                                                                  \
    do {                                                                                                     \
        assert_int_equal(asset(name_)->free_e8, free_);                                                      \
        assert_int_equal(asset(name_)->locked_e8, locked_);                                                  \
    } while (0)

static void open_desk(enum venue venue, int64_t maker_ppm, int64_t taker_ppm, int64_t leverage)
{
    struct paper_broker_params params = {
        .fee_maker_ppm = maker_ppm, .fee_taker_ppm = taker_ppm, .account = true, .leverage = leverage};

    desk_open(&params, venue);
}

/* 10 lots at 100 ticks are 10.00, the fee of 2000 ppm 0.02, and 2e-8 for roundings. */
static void test_spot_buy_locks_and_pays(void **state)
{
    uint64_t seq;

    (void)state;
    open_desk(VENUE_BINANCE_SPOT, 1000, 2000, 1);
    assert_int_equal(paper_broker_transfer(desk.broker, "USDT", 15 * E8), ERR_OK);
    seq = send_limit(SIDE_BID, 100, 10);
    assert_asset("USDT", 15 * E8 - 1002000002, 1002000002);
    trade(SIDE_ASK, 100, 14); /* 4 of ours: 4.00, fee 0.004; 6.00 and 0.012 stay locked */
    assert_fill(0, seq, 100, 4, true);
    assert_asset("BTC", 4 * E8 / 10, 0);
    assert_asset("USDT", 15 * E8 - 400400000 - 601200002, 601200002);
    cancel(seq);
    assert_asset("USDT", 15 * E8 - 400400000, 0);
    desk_close(state);
}

static void test_spot_sells_only_what_is_there(void **state)
{
    uint64_t seq;

    (void)state;
    open_desk(VENUE_BINANCE_SPOT, 1000, 2000, 1);
    paper_broker_transfer(desk.broker, "BTC", E8);
    seq = send_limit(SIDE_ASK, 103, 8);
    assert_asset("BTC", 2 * E8 / 10, 8 * E8 / 10);
    seq = send_limit(SIDE_ASK, 103, 3);
    assert_ended(0, ORDER_EVENT_REJECTED, seq, ORDER_ERROR_FUNDS);
    assert_asset("BTC", 2 * E8 / 10, 8 * E8 / 10);
    seq = send_limit(SIDE_ASK, 100, 2); /* takes at 100: 2.00 less 0.004 */
    assert_fill(1, seq, 100, 2, false);
    assert_asset("BTC", 0, 8 * E8 / 10);
    assert_asset("USDT", 199600000, 0);
    desk_close(state);
}

static uint64_t send_leg(enum order_type type, int64_t price, int64_t stop, int64_t lots)
{
    struct order order = order_of(SIDE_ASK, type, price, lots);

    order.intent.stop_ticks = stop;
    order.intent.group = 7;
    return send(&order);
}

/* Two ways out of one position lock it once; together they never sell more. */
static void test_sales_of_one_group_share_their_funds(void **state)
{
    uint64_t take, stop, other;

    (void)state;
    open_desk(VENUE_BINANCE_SPOT, 0, 0, 1);
    paper_broker_transfer(desk.broker, "BTC", E8);
    take = send_leg(ORDER_LIMIT, 104, 0, 8);
    stop = send_leg(ORDER_STOP, 90, 95, 10);
    assert_answer(0, ORDER_EVENT_ACK, stop);
    assert_asset("BTC", 0, E8); /* as much as the larger needs */
    other = send_limit(SIDE_ASK, 104, 1);
    assert_ended(0, ORDER_EVENT_REJECTED, other, ORDER_ERROR_FUNDS);
    cancel(take);
    assert_asset("BTC", 0, E8); /* the stop alone needs all */
    take = send_leg(ORDER_LIMIT, 101, 0, 6);
    assert_asset("BTC", 0, E8);
    trade(SIDE_BID, 101, 6); /* 6 sold before anybody cut the stop: it covers 4 now */
    assert_asset("BTC", 0, 4 * E8 / 10);
    paper_broker_transfer(desk.broker, "BTC", E8); /* more funds do not let it sell more */
    trade(SIDE_ASK, 95, 1);
    assert_asset("BTC", E8, 0);
    cancel(stop);
    assert_asset("BTC", E8, 0);
    desk_close(state);
}

/* What its pair has sold it cannot sell: it ends with words that say so, not with another word of the venue's. */
static void test_a_leg_whose_pair_has_sold_all_says_so(void **state)
{
    bool told = false;

    (void)state;
    open_desk(VENUE_BINANCE_SPOT, 0, 0, 1);
    paper_broker_transfer(desk.broker, "BTC", E8);
    (void)send_leg(ORDER_STOP, 90, 95, 10);
    (void)send_leg(ORDER_LIMIT, 101, 0, 10);
    trade(SIDE_BID, 101, 10);
    trade(SIDE_ASK, 95, 1); /* sets the stop off: there is nothing */
    for (size_t i = 0; i < desk.answers.count; i++)
        if (desk.answers.event[i].kind == ORDER_EVENT_EXPIRED) {
            assert_string_equal(desk.answers.event[i].reason,
                                "nothing left to sell: another order of its group has sold it");
            told = true;
        }
    assert_true(told);
    desk_close(state);
}

static void test_moving_a_leg_keeps_the_shared_lock(void **state)
{
    uint64_t take, stop;

    (void)state;
    open_desk(VENUE_BINANCE_SPOT, 0, 0, 1);
    paper_broker_transfer(desk.broker, "BTC", E8);
    stop = send_leg(ORDER_STOP, 90, 95, 5);
    take = send_leg(ORDER_LIMIT, 104, 0, 5);
    assert_asset("BTC", 5 * E8 / 10, 5 * E8 / 10);
    replace(take, 104, 9);
    assert_asset("BTC", E8 / 10, 9 * E8 / 10);
    replace(take, 104, 11); /* more than there is: the old terms stay */
    assert_answer(desk.answers.count - 1, ORDER_EVENT_REPLACE_REJECTED, take);
    assert_asset("BTC", E8 / 10, 9 * E8 / 10);
    replace(take, 104, 3);
    assert_asset("BTC", 5 * E8 / 10, 5 * E8 / 10); /* what the stop needs */
    cancel(take);
    cancel(stop);
    assert_asset("BTC", E8, 0);
    desk_close(state);
}

static void test_replace_needs_its_own_funds(void **state)
{
    uint64_t seq;

    (void)state;
    open_desk(VENUE_BINANCE_SPOT, 0, 0, 1);
    paper_broker_transfer(desk.broker, "USDT", 10 * E8 + 2);
    seq = send_limit(SIDE_BID, 100, 10);
    assert_asset("USDT", 0, 10 * E8 + 2);
    replace(seq, 100, 11);
    assert_ended(0, ORDER_EVENT_REPLACE_REJECTED, seq, ORDER_ERROR_FUNDS);
    assert_asset("USDT", 0, 10 * E8 + 2);
    replace(seq, 99, 10);
    assert_answer(0, ORDER_EVENT_REPLACED, seq);
    assert_asset("USDT", E8 / 10, 990000002);
    assert_int_equal(paper_broker_transfer(desk.broker, "USDT", -E8), ERR_RANGE);
    desk_close(state);
}

/* Fees in a third asset: 10.20 at 2000 ppm less 25 % is 0.0153, at 600 for one 0.0000255. */
static void test_fee_asset_is_debited(void **state)
{
    struct paper_broker_params params = {.fees = {.tiers = 1,
                                                  .tier = {{0, 1000, 2000}},
                                                  .asset = "BNB",
                                                  .asset_rate_e8 = 600 * E8,
                                                  .discount_ppm = 250000},
                                         .account = true};
    struct order order;

    desk_open(&params, VENUE_BINANCE_SPOT);
    paper_broker_transfer(desk.broker, "USDT", 100 * E8);
    paper_broker_transfer(desk.broker, "BNB", 2550);
    order = order_of(SIDE_BID, ORDER_MARKET, 102, 10);
    send(&order);
    assert_int_equal(desk.answers.event[1].fill.fee_e8, 1530000);
    assert_int_equal(desk.answers.event[1].fill.fee_asset_e8, 2550);
    assert_asset("BNB", 0, 0);
    assert_asset("USDT", 100 * E8 - 1020000000, 0);
    desk_close(state);
}

/* Leverage 10: a short of 10 lots at 100 locks 1.00; bought back at 102 it has lost 0.20. */
static void test_futures_short_with_margin(void **state)
{
    struct order order;

    (void)state;
    open_desk(VENUE_BINANCE_USDM, 0, 1000, 10);
    paper_broker_transfer(desk.broker, "USDT", 2 * E8);
    order = order_of(SIDE_ASK, ORDER_MARKET, 100, 10);
    send(&order);
    assert_fill(1, order.seq, 100, 10, false);
    assert_asset("USDT", 2 * E8 - E8 - E8 / 100, E8);
    assert_int_equal(paper_broker_holding(desk.broker, 0)->position.lots, -10);
    order = order_of(SIDE_ASK, ORDER_MARKET, 99, 10); /* 9.90 / 10 + 0.0099 are just not there */
    send(&order);
    assert_ended(0, ORDER_EVENT_REJECTED, order.seq, ORDER_ERROR_FUNDS);
    order = order_of(SIDE_BID, ORDER_MARKET, 102, 10); /* closing needs none */
    send(&order);
    assert_fill(1, order.seq, 102, 10, false);
    assert_asset("USDT", 2 * E8 - E8 / 100 - 20000000 - 1020000, 0);
    desk_close(state);
}

static void mark(int64_t venue_ms, int64_t mark_e8, int64_t rate_e8, int64_t next_ms)
{
    struct mark_price price = {.recv_ns = desk.now_ns,
                               .venue_ms = venue_ms,
                               .mark_e8 = mark_e8,
                               .funding_rate_e8 = rate_e8,
                               .next_funding_ms = next_ms};

    paper_broker_on_mark(desk.broker, 0, &price, &desk.answers);
}

/* 10 lots are 1.0 of the base: at a mark of 10.1 and a rate of 0.01 % the long pays 0.00101. */
static void test_funding_is_paid_once_at_its_time(void **state)
{
    struct paper_funding funding[4];
    struct order order;
    int64_t before;

    (void)state;
    open_desk(VENUE_BINANCE_USDM, 0, 0, 10);
    paper_broker_transfer(desk.broker, "USDT", 5 * E8);
    order = order_of(SIDE_BID, ORDER_MARKET, 102, 10);
    send(&order);
    before = asset("USDT")->free_e8;
    mark(900, 1000000000, 10000, 1000);
    mark(999, 1000000000, 10000, 1000);
    assert_int_equal(paper_broker_take_funding(desk.broker, funding, 4), 0);
    mark(1000, 1010000000, 20000, 2000); /* at this mark, at the rate told before */
    mark(1001, 1010000000, 20000, 2000);
    assert_int_equal(paper_broker_take_funding(desk.broker, funding, 4), 1);
    assert_int_equal(funding[0].amount_e8, -101000);
    assert_int_equal(funding[0].lots, 10);
    assert_int_equal(asset("USDT")->free_e8, before - 101000);
    assert_int_equal(asset("USDT")->funding_e8, -101000);
    order = order_of(SIDE_ASK, ORDER_MARKET, 90, 20); /* now short: it receives */
    send(&order);
    mark(2000, 1010000000, 0, 3000);
    assert_int_equal(paper_broker_take_funding(desk.broker, funding, 4), 1);
    assert_int_equal(funding[0].amount_e8, 202000);
    desk_close(state);
}

/* Bankrupt: what is not there is not paid, and has a line of its own. */
static void test_a_loss_beyond_all_funds(void **state)
{
    struct order order;

    (void)state;
    open_desk(VENUE_BINANCE_USDM, 0, 0, 100);
    paper_broker_transfer(desk.broker, "USDT", 20000000);
    order = order_of(SIDE_BID, ORDER_MARKET, 102, 10);
    send(&order);
    assert_fill(1, order.seq, 102, 10, false);
    level(SIDE_BID, 100, 0);
    level(SIDE_BID, 99, 0);
    order = order_of(SIDE_ASK, ORDER_MARKET, 98, 10);
    send(&order);
    assert_fill(1, order.seq, 98, 10, false); /* lost 0.40 of 0.20 */
    assert_asset("USDT", 0, 0);
    assert_int_equal(asset("USDT")->insurance_e8, 20000000);
    desk_close(state);
}

/* --- random markets ---------------------------------------------------------------------------------- */

#define OPEN_MAX 64

struct shadow { /* what must be locked, counted from the answers alone */
    struct order order[OPEN_MAX];
    size_t count;
    uint64_t fills, refused;
    int64_t bought_e8, quote_flow_e8, fees_e8, lots;
};

static struct shadow shadow;

static void apply_answers(void)
{
    for (size_t a = 0; a < desk.answers.count; a++) {
        const struct order_event *event = &desk.answers.event[a];
        size_t i = 0;

        while (i < shadow.count && shadow.order[i].seq != event->order_seq)
            i++;
        assert_true(i < shadow.count);
        if (event->kind == ORDER_EVENT_REJECTED)
            shadow.refused += event->error == ORDER_ERROR_FUNDS;
        if (event->kind == ORDER_EVENT_FILL) {
            shadow.fills++;
            shadow.lots += side_sign(event->fill.side) * event->fill.qty_lots;
            shadow.quote_flow_e8 -= side_sign(event->fill.side) * event->fill.value_e8;
            shadow.fees_e8 += event->fill.fee_e8;
        }
        assert_int_equal(order_apply(&shadow.order[i], event), ERR_OK);
        if (!order_is_open(&shadow.order[i]))
            shadow.order[i] = shadow.order[--shadow.count];
    }
}

static void check(bool spot, int64_t start_e8, int64_t start_base_e8)
{
    const struct paper_account *account = paper_broker_account(desk.broker);
    const struct paper_asset *quote = asset("USDT");
    __int128 need_e8 = 0, need_base_e8 = 0;

    for (size_t i = 0; i < account->count; i++) {
        const struct paper_asset *of = &account->asset[i];

        assert_true(of->free_e8 >= 0 && of->locked_e8 >= 0); /* L02 */
        assert_int_equal(of->free_e8 + of->locked_e8, of->transfers_e8 + of->fills_e8 + of->fees_e8 +
                                                          of->funding_e8 + of->insurance_e8); /* I8 */
    }
    assert_int_equal(quote->fees_e8, -shadow.fees_e8);
    if (!spot) {
        assert_true(quote->locked_e8 >= paper_broker_holding(desk.broker, 0)->margin_e8);
        assert_int_equal(paper_broker_holding(desk.broker, 0)->position.lots, shadow.lots); /* I9 */
        return;
    }
    assert_int_equal(quote->free_e8 + quote->locked_e8, start_e8 + shadow.quote_flow_e8 - shadow.fees_e8);
    assert_int_equal(asset("BTC")->free_e8 + asset("BTC")->locked_e8,
                     start_base_e8 + instrument_qty_e8(&desk.instrument, 1) * shadow.lots);
    for (size_t i = 0; i < shadow.count; i++) {
        const struct order_intent *intent = &shadow.order[i].intent;
        int64_t left = order_left_lots(&shadow.order[i]);
        int64_t price = intent->price_ticks > intent->stop_ticks ? intent->price_ticks : intent->stop_ticks;
        int64_t value_e8 = instrument_value_e8(&desk.instrument, price, left);

        if (intent->side == SIDE_ASK)
            need_base_e8 += instrument_qty_e8(&desk.instrument, left);
        else
            need_e8 += value_e8 + value_e8 * 1000 / 1000000;
    }
    assert_int_equal(asset("BTC")->locked_e8, (int64_t)need_base_e8); /* I11 */
    assert_true(quote->locked_e8 >= (int64_t)need_e8 - (int64_t)shadow.fills);
    assert_true(quote->locked_e8 <= (int64_t)need_e8 + 3 * (int64_t)shadow.count);
}

static void random_order(uint64_t *seed, int64_t mid)
{
    enum side side = (enum side)random_between(seed, 0, 1);
    int64_t kind = random_between(seed, 0, 9);
    struct order order = order_of(side, ORDER_LIMIT, mid - side_sign(side) * random_between(seed, -3, 8),
                                  random_between(seed, 1, 40));

    if (kind == 0)
        order.intent.type = ORDER_MARKET;
    if (kind == 1) {
        order.intent.type = ORDER_STOP_LIMIT;
        order.intent.stop_ticks = mid + side_sign(side) * random_between(seed, 1, 5);
    }
    if (kind == 2)
        order.intent.tif = TIF_IOC;
    if (kind == 3)
        order.intent.display_lots = random_between(seed, 1, 5);
    shadow.order[shadow.count++] = order;
    send(&order);
    apply_answers();
}

static void random_step(uint64_t *seed, int64_t *mid)
{
    int64_t what = random_between(seed, 0, 9);
    struct level best;

    desk.now_ns += random_between(seed, 0, 1000);
    if (what < 3) {
        enum side side = (enum side)random_between(seed, 0, 1);
        int64_t price = *mid - side_sign(side) * random_between(seed, 1, 6);

        *mid += random_between(seed, -1, 1);
        *mid = *mid < 50 ? 50 : *mid > 150 ? 150 : *mid;
        while (order_book_best(desk.book, side_other(side), &best) &&
               paper_reaches(side, price, best.price_ticks))
            order_book_set(desk.book, side_other(side), best.price_ticks, 0);
        level(side, price, random_between(seed, 0, 60));
    } else if (what < 5) {
        enum side taker = (enum side)random_between(seed, 0, 1);

        if (!order_book_best(desk.book, side_other(taker), &best))
            return;
        trade(taker, best.price_ticks + side_sign(taker) * random_between(seed, 0, 1),
              random_between(seed, 1, 30));
    } else if (what < 8 && shadow.count < OPEN_MAX) {
        random_order(seed, *mid);
        return;
    } else if (shadow.count > 0) {
        struct order *order = &shadow.order[random_between(seed, 0, (int64_t)shadow.count - 1)];

        if (what == 8) {
            cancel(order->seq);
        } else {
            int64_t price = order->intent.price_ticks + random_between(seed, -1, 1);
            int64_t lots = order->intent.qty_lots + random_between(seed, -3, 3);

            if (order_replace_sent(order, price, lots, desk.now_ns) == ERR_OK)
                replace(order->seq, price, lots);
            else
                return;
        }
    } else {
        return;
    }
    apply_answers();
}

static void run_history(enum venue venue, uint64_t seed, long steps)
{
    int64_t mid = 101, start_e8 = 2 * E8 + 12345, start_base_e8 = 2 * E8;

    memset(&shadow, 0, sizeof shadow);
    open_desk(venue, seed % 2 == 0 ? -250 : 750, 1000, 5);
    desk.instrument.tick_e8 = 1000003; /* values that round */
    desk.instrument.lot_e8 = 1000001;
    paper_broker_transfer(desk.broker, "USDT", start_e8);
    paper_broker_transfer(desk.broker, "BTC", start_base_e8);
    for (long i = 0; i < steps; i++) {
        random_step(&seed, &mid);
        if (i % 1000 == 0 && asset("USDT")->free_e8 + asset("USDT")->locked_e8 < E8) { /* fees ate it */
            assert_int_equal(paper_broker_transfer(desk.broker, "USDT", E8), ERR_OK);
            start_e8 += E8;
        }
        check(venue == VENUE_BINANCE_SPOT, start_e8, start_base_e8);
    }
    assert_true(shadow.fills > (uint64_t)steps / 50);
    assert_true(shadow.refused > 0);
    desk_close(NULL);
}

static void test_balances_hold_under_random_markets(void **state)
{
    long steps = getenv("FLOWDECK_SOAK") != NULL ? 25000000 : 40000;

    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++)
        run_history(seed % 2 == 0 ? VENUE_BINANCE_USDM : VENUE_BINANCE_SPOT, seed * 77, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spot_buy_locks_and_pays),
        cmocka_unit_test(test_spot_sells_only_what_is_there),
        cmocka_unit_test(test_sales_of_one_group_share_their_funds),
        cmocka_unit_test(test_a_leg_whose_pair_has_sold_all_says_so),
        cmocka_unit_test(test_moving_a_leg_keeps_the_shared_lock),
        cmocka_unit_test(test_replace_needs_its_own_funds),
        cmocka_unit_test(test_fee_asset_is_debited),
        cmocka_unit_test(test_futures_short_with_margin),
        cmocka_unit_test(test_funding_is_paid_once_at_its_time),
        cmocka_unit_test(test_a_loss_beyond_all_funds),
        cmocka_unit_test(test_balances_hold_under_random_markets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
