#include "sim/user_events.h"

#include <inttypes.h>
#include <string.h>

const char *wire_type(enum match_type type)
{
    static const char *const word[] = {[MATCH_LIMIT] = "LIMIT",
                                       [MATCH_MARKET] = "MARKET",
                                       [MATCH_LIMIT_MAKER] = "LIMIT_MAKER",
                                       [MATCH_STOP_LOSS] = "STOP_LOSS",
                                       [MATCH_STOP_LOSS_LIMIT] = "STOP_LOSS_LIMIT",
                                       [MATCH_TAKE_PROFIT] = "TAKE_PROFIT",
                                       [MATCH_TAKE_PROFIT_LIMIT] = "TAKE_PROFIT_LIMIT"};

    return word[type];
}

const char *wire_tif(enum wire_tif tif)
{
    static const char *const word[] = {
        [WIRE_GTC] = "GTC", [WIRE_IOC] = "IOC", [WIRE_FOK] = "FOK", [WIRE_GTX] = "GTX", [WIRE_GTD] = "GTD"};

    return word[tif];
}

const char *wire_status(enum order_status status)
{
    static const char *const word[] = {[ORDER_NEW] = "NEW",
                                       [ORDER_PARTIALLY_FILLED] = "PARTIALLY_FILLED",
                                       [ORDER_FILLED] = "FILLED",
                                       [ORDER_CANCELED] = "CANCELED",
                                       [ORDER_REJECTED] = "REJECTED",
                                       [ORDER_EXPIRED] = "EXPIRED",
                                       [ORDER_EXPIRED_IN_MATCH] = "EXPIRED_IN_MATCH"};

    return word[status];
}

const char *wire_stp(enum match_stp stp)
{
    static const char *const word[] = {[MATCH_STP_NONE] = "NONE",
                                       [MATCH_STP_EXPIRE_TAKER] = "EXPIRE_TAKER",
                                       [MATCH_STP_EXPIRE_MAKER] = "EXPIRE_MAKER",
                                       [MATCH_STP_EXPIRE_BOTH] = "EXPIRE_BOTH",
                                       [MATCH_STP_DECREMENT] = "DECREMENT"};

    return word[stp];
}

const char *wire_expiry(enum expiry_reason reason)
{
    static const char *const word[] = {[EXPIRY_NONE] = "",
                                       [EXPIRY_BY_VENUE] = "EXCHANGE_CANCELED",
                                       [EXPIRY_OCO] = "OCO_TRIGGER",
                                       [EXPIRY_IOC] = "UNFILLED_IOC_QUANTITY_EXPIRED",
                                       [EXPIRY_FOK] = "UNFILLED_FOK_ORDER_EXPIRED",
                                       [EXPIRY_LIQUIDITY] = "INSUFFICIENT_LIQUIDITY",
                                       [EXPIRY_STP] = ""};

    return word[reason];
}

unsigned step_places(int64_t step_e8)
{
    unsigned places = 8;

    while (places > 0 && step_e8 % 10 == 0) {
        step_e8 /= 10;
        places--;
    }
    return places;
}

static void send(struct accounts *accounts, uint32_t account, bool usdm)
{
    if (accounts->sink.emit != NULL && !accounts->event.failed)
        accounts->sink.emit(accounts->sink.arg, account, usdm, accounts->event.at, accounts->event.size);
}

/* ,"key":"12.50000000" */
static void put(struct sim_text *out, const char *key, int64_t value_e8, unsigned places)
{
    sim_text_printf(out, ",\"%s\":\"", key);
    sim_text_e8(out, value_e8, places);
    sim_text_add(out, "\"");
}

static void begin(struct accounts *accounts, const char *name)
{
    sim_text_clear(&accounts->event);
    sim_text_printf(&accounts->event, "{\"e\":\"%s\",\"E\":%" PRId64, name,
                    exchange_client_ms(accounts->exchange));
}

/* --- spot ---------------------------------------------------------------------------------------------------- */

static void put_conditional(struct accounts *accounts, const struct user_order *order, bool prevention)
{
    struct sim_text *out = &accounts->event;
    const struct exchange *exchange = accounts->exchange;
    const struct sim_symbol *symbol = &exchange->symbol[order->symbol];

    if (order->strategy_id >= 0)
        sim_text_printf(out, ",\"j\":%" PRId64, order->strategy_id);
    if (order->strategy_type >= 0)
        sim_text_printf(out, ",\"J\":%" PRId64, order->strategy_type);
    if (order->trailing_bips > 0 && order->working_ns != 0)
        sim_text_printf(out, ",\"D\":%" PRId64, client_ms(exchange, order->working_ns));
    if (prevention) {
        sim_text_printf(out, ",\"v\":%" PRIu64, order->prevented_id);
        put(out, "A", symbol_qty_e8(symbol, order->prevented_lots), 8);
        put(out, "B", symbol_qty_e8(symbol, order->prevented_last_lots), 8);
        sim_text_printf(out, ",\"u\":%" PRId64 ",\"U\":%" PRIu64 ",\"Cs\":\"%s\"", (int64_t)order->account,
                        order->counter_order_id, symbol->name);
        put(out, "pl", symbol_qty_e8(symbol, order->prevented_last_lots), 8);
        put(out, "pL", symbol_price_e8(symbol, order->prevented_price_ticks), 8);
        put(out, "pY", symbol_value_e8(symbol, order->prevented_price_ticks * order->prevented_last_lots), 8);
    }
    if (order->working_ns != 0)
        sim_text_printf(out, ",\"W\":%" PRId64, client_ms(exchange, order->working_ns));
    sim_text_printf(out, ",\"V\":\"%s\"", wire_stp(order->stp));
    if (order->status == ORDER_EXPIRED && wire_expiry(order->expiry)[0] != '\0')
        sim_text_printf(out, ",\"eR\":\"%s\"", wire_expiry(order->expiry));
}

static void put_fill(struct accounts *accounts, const struct user_order *order, const struct my_trade *trade,
                     int64_t time_ns)
{
    struct sim_text *out = &accounts->event;
    const struct sim_symbol *symbol = &accounts->exchange->symbol[order->symbol];

    put(out, "l", trade == NULL ? 0 : symbol_qty_e8(symbol, trade->lots), 8);
    put(out, "z", symbol_qty_e8(symbol, order->executed_lots), 8);
    put(out, "L", trade == NULL ? 0 : symbol_price_e8(symbol, trade->price_ticks), 8);
    if (trade == NULL) {
        sim_text_add(out, ",\"n\":\"0\",\"N\":null");
    } else {
        put(out, "n", trade->fee_e8, 8);
        sim_text_printf(out, ",\"N\":\"%s\"", accounts->assets.name[trade->fee_asset]);
    }
    sim_text_printf(out, ",\"T\":%" PRId64 ",\"t\":%" PRId64, client_ms(accounts->exchange, time_ns),
                    trade == NULL ? -1 : (int64_t)trade->id);
}

static void execution_report(struct accounts *accounts, const struct user_order *order,
                             const struct order_report *report)
{
    struct sim_text *out = &accounts->event;
    const struct exchange *exchange = accounts->exchange;
    const struct sim_symbol *symbol = &exchange->symbol[order->symbol];
    const struct my_trade *trade = report->trade;
    bool canceled = order->cancel_id[0] != '\0' && strcmp(report->execution, "TRADE") != 0;
    bool working = order->open && order->working_ns != 0;

    begin(accounts, "executionReport");
    sim_text_printf(out, ",\"s\":\"%s\",\"c\":\"%s\",\"S\":\"%s\",\"o\":\"%s\",\"f\":\"%s\"", symbol->name,
                    canceled ? order->cancel_id : order->client_id, side_word(order->side),
                    wire_type(order->type), wire_tif(order->tif));
    put(out, "q", symbol_qty_e8(symbol, order->qty_lots), 8);
    put(out, "p", symbol_price_e8(symbol, order->price_ticks), 8);
    put(out, "P", symbol_price_e8(symbol, order->stop_ticks), 8);
    if (order->trailing_bips > 0)
        sim_text_printf(out, ",\"d\":%" PRId64, order->trailing_bips);
    put(out, "F", symbol_qty_e8(symbol, order->iceberg_lots), 8);
    sim_text_printf(out,
                    ",\"g\":%" PRId64 ",\"C\":\"%s\",\"x\":\"%s\",\"X\":\"%s\",\"r\":\"NONE\",\"i\":%" PRIu64,
                    order->list_id == 0 ? -1 : (int64_t)order->list_id, canceled ? order->client_id : "",
                    report->execution, wire_status(order->status), order->id);
    put_fill(accounts, order, trade, report->time_ns);
    sim_text_printf(out, ",\"I\":%" PRIu64 ",\"w\":%s,\"m\":%s,\"M\":%s,\"O\":%" PRId64,
                    ++accounts->executions, working ? "true" : "false",
                    trade != NULL && trade->maker ? "true" : "false", trade != NULL ? "true" : "false",
                    client_ms(exchange, order->time_ns));
    put(out, "Z", order->quote_e8, 8);
    put(out, "Y", trade == NULL ? 0 : trade->quote_e8, 8);
    put(out, "Q", order->quote_qty_e8, 8);
    put_conditional(accounts, order, strcmp(report->execution, "TRADE_PREVENTION") == 0);
    sim_text_add(out, "}");
    send(accounts, order->account, false);
}

void user_event_account(struct accounts *accounts, const struct account *account, const size_t *assets,
                        size_t count)
{
    struct sim_text *out = &accounts->event;

    begin(accounts, "outboundAccountPosition");
    sim_text_printf(out, ",\"u\":%" PRId64 ",\"B\":[", client_ms(accounts->exchange, account->update_ns));
    for (size_t i = 0; i < count; i++) {
        sim_text_printf(out, "%s{\"a\":\"%s\"", i == 0 ? "" : ",", accounts->assets.name[assets[i]]);
        put(out, "f", account->spot.free_e8[assets[i]], 8);
        put(out, "l", account->spot.locked_e8[assets[i]], 8);
        sim_text_add(out, "}");
    }
    sim_text_add(out, "]}");
    send(accounts, account->id, false);
}

void user_event_balance(struct accounts *accounts, const struct account *account, size_t asset,
                        int64_t delta_e8)
{
    struct sim_text *out = &accounts->event;

    begin(accounts, "balanceUpdate");
    sim_text_printf(out, ",\"a\":\"%s\"", accounts->assets.name[asset]);
    put(out, "d", delta_e8, 8);
    sim_text_printf(out, ",\"T\":%" PRId64 "}", exchange_client_ms(accounts->exchange));
    send(accounts, account->id, false);
}

void user_event_list(struct accounts *accounts, const struct order_list *list)
{
    struct sim_text *out = &accounts->event;
    const char *symbol = accounts->exchange->symbol[list->symbol].name;

    begin(accounts, "listStatus");
    sim_text_printf(out,
                    ",\"s\":\"%s\",\"g\":%" PRIu64 ",\"c\":\"OCO\",\"l\":\"%s\",\"L\":\"%s\",\"r\":\"NONE\""
                    ",\"C\":\"%s\",\"T\":%" PRId64 ",\"O\":[",
                    symbol, list->id, list->open ? "EXEC_STARTED" : "ALL_DONE",
                    list->open ? "EXECUTING" : "ALL_DONE", list->client_id,
                    exchange_client_ms(accounts->exchange));
    for (size_t i = 0; i < 2; i++)
        sim_text_printf(out, "%s{\"s\":\"%s\",\"i\":%" PRIu64 ",\"c\":\"%s\"}", i == 0 ? "" : ",", symbol,
                        list->order_id[i], list->order_client_id[i]);
    sim_text_add(out, "]}");
    send(accounts, list->account, false);
}

/* --- USD-M --------------------------------------------------------------------------------------------------- */

static const char *futures_execution(const char *execution)
{
    if (strcmp(execution, "REPLACED") == 0)
        return "AMENDMENT";
    return strcmp(execution, "TRADE_PREVENTION") == 0 ? "EXPIRED" : execution;
}

static int futures_expiry(const struct user_order *order)
{
    static const int code[] = {[EXPIRY_NONE] = 0, [EXPIRY_BY_VENUE] = 4,  [EXPIRY_OCO] = 0, [EXPIRY_IOC] = 2,
                               [EXPIRY_FOK] = 2,  [EXPIRY_LIQUIDITY] = 9, [EXPIRY_STP] = 1};

    return order->open ? 0 : code[order->expiry];
}

/* Money of what rests on one side, in USDT (b, a). */
static int64_t resting_e8(struct accounts *accounts, const struct user_order *of, enum side side)
{
    const struct account *account = account_find(accounts, of->account);
    struct user_order *order = order_index_oldest(accounts->orders, account->slot);
    int64_t value = 0;

    for (; order != NULL; order = order_index_newer(accounts->orders, order))
        if (order->open && order->id != 0 && order->symbol == of->symbol && order->side == side)
            value += order->price_ticks * user_order_left(order);
    return symbol_value_e8(&accounts->exchange->symbol[of->symbol], value);
}

static void put_futures_fill(struct accounts *accounts, const struct user_order *order,
                             const struct my_trade *trade, unsigned price_places, unsigned qty_places)
{
    struct sim_text *out = &accounts->event;
    const struct sim_symbol *symbol = &accounts->exchange->symbol[order->symbol];

    put(out, "l", trade == NULL ? 0 : symbol_qty_e8(symbol, trade->lots), qty_places);
    put(out, "z", symbol_qty_e8(symbol, order->executed_lots), qty_places);
    put(out, "L", trade == NULL ? 0 : symbol_price_e8(symbol, trade->price_ticks), price_places);
    if (trade != NULL) {
        sim_text_printf(out, ",\"N\":\"%s\"", accounts->assets.name[trade->fee_asset]);
        put(out, "n", trade->fee_e8, 8);
    }
}

static void order_trade_update(struct accounts *accounts, const struct user_order *order,
                               const struct order_report *report)
{
    struct sim_text *out = &accounts->event;
    const struct exchange *exchange = accounts->exchange;
    const struct sim_symbol *symbol = &exchange->symbol[order->symbol];
    const struct my_trade *trade = report->trade;
    unsigned price_places = step_places(symbol->tick_e8), qty_places = step_places(symbol->lot_e8);
    int64_t average_e8 =
        order->executed_lots == 0
            ? 0
            : (int64_t)((__int128)order->executed_value * symbol->tick_e8 / order->executed_lots);
    int64_t time_ms = client_ms(exchange, report->time_ns);

    begin(accounts, "ORDER_TRADE_UPDATE");
    sim_text_printf(
        out, ",\"T\":%" PRId64 ",\"o\":{\"s\":\"%s\",\"c\":\"%s\",\"S\":\"%s\",\"o\":\"%s\",\"f\":\"%s\"",
        time_ms, symbol->name, order->client_id, side_word(order->side),
        order->type == MATCH_MARKET ? "MARKET" : "LIMIT", wire_tif(order->tif));
    put(out, "q", symbol_qty_e8(symbol, order->qty_lots), qty_places);
    put(out, "p", symbol_price_e8(symbol, order->price_ticks), price_places);
    put(out, "ap", average_e8, average_e8 == 0 ? 0 : 8);
    sim_text_printf(out, ",\"sp\":\"0\",\"x\":\"%s\",\"X\":\"%s\",\"i\":%" PRIu64,
                    futures_execution(report->execution), wire_status(order->status), order->id);
    put_futures_fill(accounts, order, trade, price_places, qty_places);
    sim_text_printf(out, ",\"T\":%" PRId64 ",\"t\":%" PRIu64, time_ms, trade == NULL ? 0 : trade->id);
    put(out, "b", resting_e8(accounts, order, SIDE_BID), 8);
    put(out, "a", resting_e8(accounts, order, SIDE_ASK), 8);
    sim_text_printf(out,
                    ",\"m\":%s,\"R\":%s,\"wt\":\"CONTRACT_PRICE\",\"ot\":\"%s\",\"ps\":\"BOTH\",\"cp\":false",
                    trade != NULL && trade->maker ? "true" : "false", order->reduce_only ? "true" : "false",
                    order->type == MATCH_MARKET ? "MARKET" : "LIMIT");
    put(out, "rp", trade == NULL ? 0 : trade->realised_e8, trade == NULL ? 0 : 8);
    sim_text_printf(out,
                    ",\"pP\":false,\"si\":0,\"ss\":0,\"V\":\"%s\",\"pm\":\"NONE\",\"gtd\":%" PRId64
                    ",\"er\":\"%d\"}}",
                    wire_stp(order->stp), order->good_till_ms, futures_expiry(order));
    send(accounts, order->account, true);
}

void user_event_order(struct accounts *accounts, const struct user_order *order,
                      const struct order_report *report)
{
    if (order->usdm)
        order_trade_update(accounts, order, report);
    else
        execution_report(accounts, order, report);
}

void user_event_trade_lite(struct accounts *accounts, const struct user_order *order,
                           const struct my_trade *trade)
{
    struct sim_text *out = &accounts->event;
    const struct sim_symbol *symbol = &accounts->exchange->symbol[order->symbol];
    unsigned price_places = step_places(symbol->tick_e8), qty_places = step_places(symbol->lot_e8);

    begin(accounts, "TRADE_LITE");
    sim_text_printf(out, ",\"T\":%" PRId64 ",\"s\":\"%s\"", client_ms(accounts->exchange, trade->time_ns),
                    symbol->name);
    put(out, "q", symbol_qty_e8(symbol, order->qty_lots), qty_places);
    put(out, "p", symbol_price_e8(symbol, order->price_ticks), price_places);
    sim_text_printf(out, ",\"m\":%s,\"c\":\"%s\",\"S\":\"%s\"", trade->maker ? "true" : "false",
                    order->client_id, side_word(order->side));
    put(out, "L", symbol_price_e8(symbol, trade->price_ticks), price_places);
    put(out, "l", symbol_qty_e8(symbol, trade->lots), qty_places);
    sim_text_printf(out, ",\"t\":%" PRIu64 ",\"i\":%" PRIu64 "}", trade->id, order->id);
    send(accounts, order->account, true);
}

static void put_position(struct accounts *accounts, const struct account *account, size_t index)
{
    struct sim_text *out = &accounts->event;
    const struct sim_symbol *symbol = &accounts->exchange->symbol[index];
    const struct position *position = &account->position[index];
    int64_t held = position->lots < 0 ? -position->lots : position->lots;
    int64_t entry_e8 = held == 0 ? 0 : (int64_t)((__int128)position->cost_value * symbol->tick_e8 / held);
    int64_t mark_value_e8 =
        (int64_t)((__int128)accounts_mark_e8(accounts, index) * held * symbol->lot_e8 / INT64_C(100000000));
    int64_t profit_e8 = mark_value_e8 - symbol_value_e8(symbol, position->cost_value);

    sim_text_printf(out, "{\"s\":\"%s\"", symbol->name);
    put(out, "pa", symbol_qty_e8(symbol, position->lots), step_places(symbol->lot_e8));
    put(out, "ep", entry_e8, 8);
    put(out, "bep", entry_e8, 8);
    put(out, "cr", position->realised_e8, 8);
    put(out, "up", position->lots < 0 ? -profit_e8 : profit_e8, 8);
    sim_text_printf(out, ",\"mt\":\"%s\",\"iw\":\"0\",\"ps\":\"BOTH\"}",
                    position->isolated ? "isolated" : "cross");
}

void user_event_futures_account(struct accounts *accounts, const struct account *account, const char *reason,
                                int symbol, int64_t change_e8)
{
    struct sim_text *out = &accounts->event;

    begin(accounts, "ACCOUNT_UPDATE");
    sim_text_printf(out, ",\"T\":%" PRId64 ",\"a\":{\"m\":\"%s\",\"B\":[{\"a\":\"USDT\"",
                    client_ms(accounts->exchange, account->update_ns), reason);
    put(out, "wb", account->wallet_e8, 8);
    put(out, "cw", account->wallet_e8, 8);
    put(out, "bc", change_e8, 8);
    sim_text_add(out, "}],\"P\":[");
    if (symbol >= 0)
        put_position(accounts, account, (size_t)symbol);
    sim_text_add(out, "]}}");
    send(accounts, account->id, true);
}

void user_event_leverage(struct accounts *accounts, const struct account *account, size_t symbol)
{
    begin(accounts, "ACCOUNT_CONFIG_UPDATE");
    sim_text_printf(&accounts->event, ",\"T\":%" PRId64 ",\"ac\":{\"s\":\"%s\",\"l\":%d}}",
                    exchange_client_ms(accounts->exchange), accounts->exchange->symbol[symbol].name,
                    account->position[symbol].leverage);
    send(accounts, account->id, true);
}

void user_event_listen_key_expired(struct accounts *accounts, const struct account *account)
{
    begin(accounts, "listenKeyExpired");
    sim_text_printf(&accounts->event, ",\"listenKey\":\"%s\"}", account->listen_key);
    send(accounts, account->id, true);
}
