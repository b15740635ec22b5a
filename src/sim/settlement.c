/* settlement.c - what matches do to the money and orders of users, and the events they are told. */
#include "sim/account_state.h"
#include "sim/user_events.h"

#include <stdio.h>

#define FEE_UNIT INT64_C(1000000)

int64_t order_lock_e8(const struct accounts *accounts, const struct user_order *order)
{
    const struct sim_symbol *symbol = &accounts->exchange->symbol[order->symbol];
    int64_t left = user_order_left(order), value;

    if (order->usdm || !order->open)
        return 0;
    if (order->quote_value != 0 || (order->side == SIDE_BID && order->lock_ticks == 0))
        return order->locked_e8; /* market: all until it ends */
    if (order->side == SIDE_ASK)
        return symbol_qty_e8(symbol, left);
    if (__builtin_mul_overflow(order->lock_ticks, left, &value))
        return INT64_MAX;
    return symbol_value_up_e8(symbol, value);
}

static size_t lock_asset(const struct accounts *accounts, const struct user_order *order)
{
    return order->side == SIDE_BID ? accounts->quote_asset[order->symbol]
                                   : accounts->base_asset[order->symbol];
}

void settlement_release(struct accounts *accounts, struct user_order *order)
{
    struct account *account = account_find(accounts, order->account);
    int64_t needed_e8 = order_lock_e8(accounts, order);

    if (needed_e8 < order->locked_e8) {
        balances_unlock(&account->spot, lock_asset(accounts, order), order->locked_e8 - needed_e8);
        order->locked_e8 = needed_e8;
    }
}

/* The other order of its list while that is open; NULL: none. */
static struct user_order *list_mate(struct accounts *accounts, const struct user_order *order)
{
    struct order_list *list = order_list_find(accounts, order->list_id);
    struct user_order *mate;

    if (list == NULL || !list->open)
        return NULL;
    mate = order_index_by_id(accounts->orders, list->account, list->symbol,
                             list->order_id[list->order_id[0] == order->id ? 1 : 0]);
    return mate != NULL && mate->open && mate != order ? mate : NULL;
}

/* Both orders of a list live on one lock: it goes to the one that needs it. */
static void pass_lock(struct user_order *from, struct user_order *to)
{
    to->locked_e8 += from->locked_e8;
    from->locked_e8 = 0;
}

static void tell_spot_balances(struct accounts *accounts, const struct user_order *order)
{
    size_t assets[2] = {accounts->base_asset[order->symbol], accounts->quote_asset[order->symbol]};

    if (!order->usdm)
        user_event_account(accounts, account_find(accounts, order->account), assets, 2);
}

static struct user_order *order_of(struct accounts *accounts, const struct match_order *order)
{
    struct user_order *found;

    if (order == NULL || account_find(accounts, order->request.account) == NULL || order->request.tag == 0)
        return NULL;
    found = order_index_slot(accounts->orders, order->request.tag - 1);
    return found != NULL && found->account == order->request.account &&
                   (found->open || found->book_id == order->id)
               ? found
               : NULL;
}

static void finish_list(struct accounts *accounts, const struct user_order *order)
{
    struct order_list *list = order_list_find(accounts, order->list_id);

    if (list == NULL || !list->open)
        return;
    for (size_t i = 0; i < 2; i++) {
        struct user_order *leg =
            order_index_by_id(accounts->orders, list->account, list->symbol, list->order_id[i]);

        if (leg != NULL && leg->open)
            return;
    }
    list->open = false;
    user_event_list(accounts, list);
}

static void finish(struct accounts *accounts, struct user_order *order, enum order_status status,
                   const char *execution, int64_t time_ns)
{
    struct order_report report = {.execution = execution, .time_ns = time_ns};
    struct user_order *mate = list_mate(accounts, order);

    if (mate != NULL) {
        pass_lock(order, mate);
        settlement_release(accounts, mate);
    }
    order->status = status;
    order->update_ns = time_ns;
    if (order->quote_value != 0)
        order->qty_lots = order->executed_lots;
    order_index_finished(accounts->orders, order);
    settlement_release(accounts, order);
    account_find(accounts, order->account)->update_ns = time_ns;
    user_event_order(accounts, order, &report);
    tell_spot_balances(accounts, order);
    finish_list(accounts, order);
}

void settlement_end(struct accounts *accounts, struct user_order *order, enum order_status status,
                    const char *execution)
{
    finish(accounts, order, status, execution, accounts->exchange->now_ns);
}

static void on_new(struct accounts *accounts, const struct match_event *event)
{
    struct user_order *order = order_of(accounts, event->order);
    struct order_list *list;

    if (order == NULL)
        return;
    order->book_id = event->order->id;
    if (order->replacing) {
        order->replacing = false;
        order->update_ns = event->time_ns;
        user_event_order(accounts, order,
                         &(struct order_report){.execution = "REPLACED", .time_ns = event->time_ns});
        return;
    }
    order->id = event->order->id;
    order->time_ns = order->update_ns = event->time_ns;
    order->working_ns = user_order_is_algo(order) ? 0 : event->time_ns;
    order_index_accepted(accounts->orders, order);
    list = order_list_find(accounts, order->list_id);
    if (list != NULL)
        list->order_id[list->order_id[0] == 0 ? 0 : 1] = order->id;
    user_event_order(accounts, order, &(struct order_report){.execution = "NEW", .time_ns = event->time_ns});
    tell_spot_balances(accounts, order);
}

static void on_triggered(struct accounts *accounts, const struct match_event *event)
{
    struct user_order *order = order_of(accounts, event->order);

    if (order == NULL || !order->open)
        return;
    order->working_ns = order->update_ns = event->time_ns;
    user_event_order(accounts, order, &(struct order_report){.execution = "NEW", .time_ns = event->time_ns});
}

/* Spot: money and goods change hands; what a user does not bear, the people of the market do. */
static void settle_spot(struct accounts *accounts, struct user_order *order, struct my_trade *trade)
{
    const struct sim_symbol *symbol = &accounts->exchange->symbol[order->symbol];
    struct balances *spot = &account_find(accounts, order->account)->spot;
    size_t base = accounts->base_asset[order->symbol], quote = accounts->quote_asset[order->symbol];
    int64_t qty_e8 = symbol_qty_e8(symbol, trade->lots);
    int64_t got_e8 = order->side == SIDE_BID ? qty_e8 : trade->quote_e8;
    size_t got = order->side == SIDE_BID ? base : quote, paid = order->side == SIDE_BID ? quote : base;
    int64_t paid_e8 = order->side == SIDE_BID ? trade->quote_e8 : qty_e8;

    trade->fee_e8 = (int64_t)((__int128)got_e8 * SPOT_FEE_MILLIONTHS / FEE_UNIT);
    trade->fee_asset = (uint16_t)got;
    balances_pay(spot, paid, paid_e8, &order->locked_e8);
    balances_receive(spot, got, got_e8 - trade->fee_e8);
    accounts->fee_e8[got] += trade->fee_e8;
    accounts->outside_e8[paid] += paid_e8;
    accounts->outside_e8[got] -= got_e8;
}

static void settle_usdm(struct accounts *accounts, struct user_order *order, struct my_trade *trade)
{
    const struct sim_symbol *symbol = &accounts->exchange->symbol[order->symbol];
    struct account *account = account_find(accounts, order->account);
    struct position *position = &account->position[order->symbol];
    size_t asset = accounts->quote_asset[order->symbol];
    int64_t rate = trade->maker ? USDM_MAKER_FEE_MILLIONTHS : USDM_TAKER_FEE_MILLIONTHS;
    int64_t realised = position_fill(position, order->side, trade->price_ticks, trade->lots);

    trade->realised_e8 = symbol_value_e8(symbol, realised);
    trade->fee_e8 = (int64_t)((__int128)trade->quote_e8 * rate / FEE_UNIT);
    trade->fee_asset = (uint16_t)asset;
    account->wallet_e8 += trade->realised_e8 - trade->fee_e8;
    accounts->fee_e8[asset] += trade->fee_e8;
    accounts->outside_e8[asset] -= trade->realised_e8;
    position->realised_e8 += trade->realised_e8;
    position->update_ns = trade->time_ns;
    order->realised_e8 += trade->realised_e8;
    account->reduce_check = true;
}

/* A market order by quote money is done when that buys no more lot at this price; a seller's money may still be worth
 * one at the next, lower price, and then the book goes on. */
static bool is_filled(const struct user_order *order, const struct match_event *event)
{
    int64_t best, qty;

    if (order->quote_value == 0)
        return user_order_left(order) <= 0;
    if (event->order->left_lots != 0)
        return false;
    return order->side == SIDE_BID || order->prevented_lots != 0 ||
           !match_best(event->book, SIDE_BID, &best, &qty) ||
           order->quote_value - order->executed_value < best;
}

static void fill(struct accounts *accounts, struct user_order *order, const struct match_event *event,
                 bool maker)
{
    const struct sim_symbol *symbol = &accounts->exchange->symbol[order->symbol];
    struct account *account = account_find(accounts, order->account);
    struct my_trade trade = {.id = event->trade_id,
                             .order_id = order->id,
                             .list_id = order->list_id,
                             .symbol = order->symbol,
                             .side = order->side,
                             .maker = maker,
                             .price_ticks = event->price_ticks,
                             .lots = event->qty_lots,
                             .quote_e8 = symbol_value_e8(symbol, event->price_ticks * event->qty_lots),
                             .time_ns = event->time_ns};
    struct user_order *mate = list_mate(accounts, order);

    if (mate != NULL)
        pass_lock(mate, order);
    order->executed_lots += trade.lots;
    order->executed_value += trade.price_ticks * trade.lots;
    order->quote_e8 += trade.quote_e8;
    order->update_ns = account->update_ns = event->time_ns;
    if (order->quote_value != 0)
        order->qty_lots = order->executed_lots;
    if (order->usdm)
        settle_usdm(accounts, order, &trade);
    else
        settle_spot(accounts, order, &trade);
    order->status = is_filled(order, event) ? ORDER_FILLED : ORDER_PARTIALLY_FILLED;
    if (order->status == ORDER_FILLED)
        order_index_finished(accounts->orders, order);
    settlement_release(accounts, order);
    my_trades_add(&account->trades, &trade);
    if (order->usdm) {
        user_event_trade_lite(accounts, order, &trade);
        user_event_futures_account(accounts, account, "ORDER", (int)order->symbol, 0);
    }
    user_event_order(
        accounts, order,
        &(struct order_report){.execution = "TRADE", .trade = &trade, .time_ns = event->time_ns});
    tell_spot_balances(accounts, order);
    if (order->status == ORDER_FILLED)
        finish_list(accounts, order);
    else if (order->quote_value == 0 &&
             order->executed_lots + order->prevented_lots - order->base_lots >= order->engine_lots) {
        order->expiry = EXPIRY_BY_VENUE; /* the fault `partial`: the book was given only a part */
        finish(accounts, order, ORDER_EXPIRED, "EXPIRED", event->time_ns);
    }
}

static void on_prevented(struct accounts *accounts, const struct match_event *event)
{
    const struct match_order *side[2] = {event->order, event->maker};

    accounts->prevented_matches++;
    for (size_t i = 0; i < 2; i++) {
        struct user_order *order = order_of(accounts, side[i]);
        int64_t lots;

        if (order == NULL || !order->open)
            continue;
        lots = order->base_prevented_lots + side[i]->prevented_lots - order->prevented_lots;
        order->prevented_id = accounts->prevented_matches;
        order->counter_order_id = side[1 - i] == NULL ? 0 : side[1 - i]->id;
        order->counter_symbol = order->symbol;
        order->prevented_price_ticks =
            event->maker == NULL ? order->price_ticks : event->maker->request.price_ticks;
        order->prevented_last_lots = lots;
        order->prevented_lots += lots;
        order->update_ns = event->time_ns;
        settlement_release(accounts, order);
        if (lots > 0 && user_order_left(order) > 0) {
            user_event_order(
                accounts, order,
                &(struct order_report){.execution = "TRADE_PREVENTION", .time_ns = event->time_ns});
            tell_spot_balances(accounts, order);
        }
    }
}

static void on_expired(struct accounts *accounts, const struct match_event *event)
{
    struct user_order *order = order_of(accounts, event->order);

    if (order == NULL || !order->open)
        return;
    if (event->by_stp) {
        order->expiry = EXPIRY_STP;
        finish(accounts, order, ORDER_EXPIRED_IN_MATCH, "TRADE_PREVENTION", event->time_ns);
        return;
    }
    if (order->tif == WIRE_FOK)
        order->expiry = EXPIRY_FOK;
    else if (order->type == MATCH_MARKET || order->type == MATCH_STOP_LOSS ||
             order->type == MATCH_TAKE_PROFIT)
        order->expiry = EXPIRY_LIQUIDITY;
    else if (order->tif == WIRE_IOC)
        order->expiry = EXPIRY_IOC;
    else
        order->expiry = EXPIRY_BY_VENUE;
    /* A market order by quote money that got all it can is filled; the book only says that it ended. */
    if (order->quote_value != 0 && order->executed_lots > 0) {
        int64_t best, qty;

        if (match_best(event->book, side_other(order->side), &best, &qty) &&
            order->quote_value - order->executed_value < best) {
            finish(accounts, order, ORDER_FILLED, "EXPIRED", event->time_ns);
            return;
        }
    }
    finish(accounts, order, ORDER_EXPIRED, "EXPIRED", event->time_ns);
}

static void on_canceled(struct accounts *accounts, const struct match_event *event)
{
    struct user_order *order = order_of(accounts, event->order);

    if (order == NULL || !order->open || order->replacing)
        return;
    if (order->asked_to_end) {
        finish(accounts, order, ORDER_CANCELED, "CANCELED", event->time_ns);
    } else {
        order->expiry = EXPIRY_OCO;
        finish(accounts, order, ORDER_EXPIRED, "EXPIRED", event->time_ns);
    }
}

static void on_amended(struct accounts *accounts, const struct match_event *event)
{
    struct user_order *order = order_of(accounts, event->order);

    if (order == NULL || !order->open)
        return;
    order->qty_lots -= order->engine_lots - event->order->request.qty_lots;
    order->engine_lots = event->order->request.qty_lots;
    order->update_ns = event->time_ns;
    settlement_release(accounts, order);
    user_event_order(accounts, order,
                     &(struct order_report){.execution = "REPLACED", .time_ns = event->time_ns});
    tell_spot_balances(accounts, order);
}

void settlement_on_event(void *arg, const struct match_event *event)
{
    struct accounts *accounts = arg;
    struct user_order *order;

    switch (event->kind) {
    case MATCH_EVENT_NEW:
        on_new(accounts, event);
        break;
    case MATCH_EVENT_TRIGGERED:
        on_triggered(accounts, event);
        break;
    case MATCH_EVENT_TRADE:
        order = order_of(accounts, event->maker);
        if (order != NULL)
            fill(accounts, order, event, true);
        order = order_of(accounts, event->order);
        if (order != NULL)
            fill(accounts, order, event, false);
        break;
    case MATCH_EVENT_PREVENTED:
        on_prevented(accounts, event);
        break;
    case MATCH_EVENT_CANCELED:
        on_canceled(accounts, event);
        break;
    case MATCH_EVENT_EXPIRED:
        on_expired(accounts, event);
        break;
    case MATCH_EVENT_AMENDED:
        on_amended(accounts, event);
        break;
    case MATCH_EVENT_LEVEL:
        break;
    }
}

/* Funding of USD-M positions: paid by the side that the rate says, when the time the market named has come. */
void settlement_funding(struct accounts *accounts)
{
    struct exchange *exchange = accounts->exchange;

    for (size_t i = 0; i < exchange->symbols; i++) {
        struct market_mark mark;
        int64_t due_ns = accounts->funding_at_ns[i], rate_e8 = accounts->funding_rate_e8[i];

        if (!exchange->symbol[i].usdm)
            continue;
        mark = market_mark(exchange->market, i);
        accounts->funding_at_ns[i] = mark.next_funding_ns;
        accounts->funding_rate_e8[i] = mark.funding_rate_e8;
        if (due_ns == 0 || due_ns == mark.next_funding_ns)
            continue;
        for (size_t k = 0; k < accounts->count; k++) {
            struct account *account = &accounts->account[k];
            __int128 value_e8 = (__int128)account->position[i].lots * exchange->symbol[i].lot_e8 *
                                mark.mark_e8 / INT64_C(100000000);
            int64_t paid_e8 = (int64_t)(value_e8 * rate_e8 / INT64_C(100000000));

            if (account->position[i].lots == 0)
                continue;
            account->wallet_e8 -= paid_e8;
            accounts->outside_e8[accounts->quote_asset[i]] += paid_e8;
            account->update_ns = exchange->now_ns;
            user_event_futures_account(accounts, account, "FUNDING_FEE", (int)i, -paid_e8);
        }
    }
}
