#include "sim/order_json.h"

#include "sim/user_events.h"

#include <inttypes.h>

void json_e8(struct sim_text *out, const char *key, int64_t value_e8, unsigned places)
{
    sim_text_printf(out, ",\"%s\":\"", key);
    sim_text_e8(out, value_e8, places);
    sim_text_add(out, "\"");
}

void json_failure(struct sim_text *out, const struct failure *failure)
{
    sim_text_printf(out, "{\"code\":%d,\"msg\":", failure->code);
    sim_text_json_string(out, failure->text);
    sim_text_add(out, "}");
}

static int64_t wire_list(const struct user_order *order)
{
    return order->list_id == 0 ? -1 : (int64_t)order->list_id;
}

static int64_t ms(const struct call *call, int64_t time_ns)
{
    return client_ms(call->exchange, time_ns);
}

static void put_amounts(struct call *call, struct sim_text *out, const struct user_order *order)
{
    const struct sim_symbol *symbol = &call->exchange->symbol[order->symbol];

    json_e8(out, "price", symbol_price_e8(symbol, order->price_ticks), 8);
    json_e8(out, "origQty", symbol_qty_e8(symbol, order->qty_lots), 8);
    json_e8(out, "executedQty", symbol_qty_e8(symbol, order->executed_lots), 8);
    json_e8(out, "origQuoteOrderQty", order->quote_qty_e8, 8);
    json_e8(out, "cummulativeQuoteQty", order->quote_e8, 8);
    sim_text_printf(out, ",\"status\":\"%s\",\"timeInForce\":\"%s\",\"type\":\"%s\",\"side\":\"%s\"",
                    wire_status(order->status), wire_tif(order->tif), wire_type(order->type),
                    side_word(order->side));
}

/* Fields that only some orders have. */
static void put_conditional(struct call *call, struct sim_text *out, const struct user_order *order,
                            bool always_stop)
{
    const struct sim_symbol *symbol = &call->exchange->symbol[order->symbol];

    if (order->stop_ticks != 0 || always_stop)
        json_e8(out, "stopPrice", symbol_price_e8(symbol, order->stop_ticks), 8);
    if (order->iceberg_lots != 0 || always_stop)
        json_e8(out, "icebergQty", symbol_qty_e8(symbol, order->iceberg_lots), 8);
    if (order->trailing_bips != 0)
        sim_text_printf(out, ",\"trailingDelta\":%" PRId64, order->trailing_bips);
    if (order->strategy_id >= 0)
        sim_text_printf(out, ",\"strategyId\":%" PRId64, order->strategy_id);
    if (order->strategy_type >= 0)
        sim_text_printf(out, ",\"strategyType\":%" PRId64, order->strategy_type);
    if (order->prevented_lots != 0) {
        sim_text_printf(out, ",\"preventedMatchId\":%" PRIu64, order->prevented_id);
        json_e8(out, "preventedQuantity", symbol_qty_e8(symbol, order->prevented_lots), 8);
    }
    if (order->status == ORDER_EXPIRED && wire_expiry(order->expiry)[0] != '\0')
        sim_text_printf(out, ",\"expiryReason\":\"%s\"", wire_expiry(order->expiry));
}

static void put_fills(struct call *call, struct sim_text *out, const struct user_order *order,
                      uint64_t first_trade)
{
    const struct my_trades *trades = &call->account->trades;
    const struct sim_symbol *symbol = &call->exchange->symbol[order->symbol];
    uint64_t kept = my_trades_first(trades);
    bool first = true;

    sim_text_add(out, ",\"fills\":[");
    for (uint64_t i = first_trade > kept ? first_trade : kept; i < trades->count; i++) {
        const struct my_trade *trade = my_trades_at(trades, i);

        if (trade->order_id != order->id || trade->symbol != order->symbol)
            continue;
        sim_text_add(out, first ? "{\"price\":\"" : ",{\"price\":\"");
        sim_text_e8(out, symbol_price_e8(symbol, trade->price_ticks), 8);
        sim_text_add(out, "\"");
        json_e8(out, "qty", symbol_qty_e8(symbol, trade->lots), 8);
        json_e8(out, "commission", trade->fee_e8, 8);
        sim_text_printf(out, ",\"commissionAsset\":\"%s\",\"tradeId\":%" PRIu64 "}",
                        call->accounts->assets.name[trade->fee_asset], trade->id);
        first = false;
    }
    sim_text_add(out, "]");
}

static void put_names(struct call *call, struct sim_text *out, const struct user_order *order)
{
    sim_text_printf(out, "{\"symbol\":\"%s\",\"orderId\":%" PRIu64 ",\"orderListId\":%" PRId64,
                    call->exchange->symbol[order->symbol].name, order->id, wire_list(order));
}

void json_order_placed(struct call *call, struct sim_text *out, const struct user_order *order,
                       enum reply_kind kind, uint64_t first_trade)
{
    put_names(call, out, order);
    sim_text_printf(out, ",\"clientOrderId\":\"%s\",\"transactTime\":%" PRId64, order->client_id,
                    ms(call, order->time_ns));
    if (kind != REPLY_ACK) {
        put_amounts(call, out, order);
        put_conditional(call, out, order, false);
        sim_text_printf(out, ",\"workingTime\":%" PRId64,
                        order->working_ns == 0 ? -1 : ms(call, order->working_ns));
        if (kind == REPLY_FULL)
            put_fills(call, out, order, first_trade);
        sim_text_printf(out, ",\"selfTradePreventionMode\":\"%s\"", wire_stp(order->stp));
    }
    sim_text_add(out, "}");
}

void json_order_canceled(struct call *call, struct sim_text *out, const struct user_order *order)
{
    sim_text_printf(out,
                    "{\"symbol\":\"%s\",\"origClientOrderId\":\"%s\",\"orderId\":%" PRIu64
                    ",\"orderListId\":%" PRId64 ",\"clientOrderId\":\"%s\",\"transactTime\":%" PRId64,
                    call->exchange->symbol[order->symbol].name, order->client_id, order->id, wire_list(order),
                    order->cancel_id, ms(call, order->update_ns));
    put_amounts(call, out, order);
    put_conditional(call, out, order, false);
    sim_text_printf(out, ",\"selfTradePreventionMode\":\"%s\"}", wire_stp(order->stp));
}

void json_order_query(struct call *call, struct sim_text *out, const struct user_order *order)
{
    put_names(call, out, order);
    sim_text_printf(out, ",\"clientOrderId\":\"%s\"", order->client_id);
    put_amounts(call, out, order);
    put_conditional(call, out, order, true);
    sim_text_printf(out,
                    ",\"time\":%" PRId64 ",\"updateTime\":%" PRId64
                    ",\"isWorking\":%s,\"workingTime\":%" PRId64 ",\"selfTradePreventionMode\":\"%s\"}",
                    ms(call, order->time_ns), ms(call, order->update_ns),
                    order->working_ns != 0 ? "true" : "false",
                    order->working_ns == 0 ? -1 : ms(call, order->working_ns), wire_stp(order->stp));
}

void json_trade(struct call *call, struct sim_text *out, const struct my_trade *trade)
{
    const struct sim_symbol *symbol = &call->exchange->symbol[trade->symbol];

    sim_text_printf(
        out, "{\"symbol\":\"%s\",\"id\":%" PRIu64 ",\"orderId\":%" PRIu64 ",\"orderListId\":%" PRId64,
        symbol->name, trade->id, trade->order_id, trade->list_id == 0 ? -1 : (int64_t)trade->list_id);
    json_e8(out, "price", symbol_price_e8(symbol, trade->price_ticks), 8);
    json_e8(out, "qty", symbol_qty_e8(symbol, trade->lots), 8);
    json_e8(out, "quoteQty", trade->quote_e8, 8);
    json_e8(out, "commission", trade->fee_e8, 8);
    sim_text_printf(out,
                    ",\"commissionAsset\":\"%s\",\"time\":%" PRId64
                    ",\"isBuyer\":%s,\"isMaker\":%s,\"isBestMatch\":true}",
                    call->accounts->assets.name[trade->fee_asset], ms(call, trade->time_ns),
                    trade->side == SIDE_BID ? "true" : "false", trade->maker ? "true" : "false");
}

void json_list(struct call *call, struct sim_text *out, const struct order_list *list, bool query)
{
    const char *symbol = call->exchange->symbol[list->symbol].name;

    sim_text_printf(out,
                    "{\"orderListId\":%" PRIu64 ",\"contingencyType\":\"OCO\",\"listStatusType\":\"%s\""
                    ",\"listOrderStatus\":\"%s\",\"listClientOrderId\":\"%s\",\"transactionTime\":%" PRId64
                    ",\"symbol\":\"%s\",\"orders\":[",
                    list->id, list->open ? "EXEC_STARTED" : "ALL_DONE", list->open ? "EXECUTING" : "ALL_DONE",
                    list->client_id, ms(call, list->time_ns), symbol);
    for (size_t i = 0; i < 2; i++)
        sim_text_printf(out, "%s{\"symbol\":\"%s\",\"orderId\":%" PRIu64 ",\"clientOrderId\":\"%s\"}",
                        i == 0 ? "" : ",", symbol, list->order_id[i], list->order_client_id[i]);
    sim_text_add(out, query ? "]}" : "]");
}

/* --- USD-M --------------------------------------------------------------------------------------------------- */

void json_futures_order(struct call *call, struct sim_text *out, const struct user_order *order, bool query)
{
    const struct sim_symbol *symbol = &call->exchange->symbol[order->symbol];
    unsigned price_places = step_places(symbol->tick_e8), qty_places = step_places(symbol->lot_e8);
    const char *type = order->type == MATCH_MARKET ? "MARKET" : "LIMIT";
    int64_t average_e8 =
        order->executed_lots == 0
            ? 0
            : (int64_t)((__int128)order->executed_value * symbol->tick_e8 / order->executed_lots);

    sim_text_printf(out,
                    "{\"orderId\":%" PRIu64 ",\"symbol\":\"%s\",\"status\":\"%s\",\"clientOrderId\":\"%s\"",
                    order->id, symbol->name, wire_status(order->status), order->client_id);
    json_e8(out, "price", symbol_price_e8(symbol, order->price_ticks), price_places);
    json_e8(out, "avgPrice", average_e8, 8);
    json_e8(out, "origQty", symbol_qty_e8(symbol, order->qty_lots), qty_places);
    json_e8(out, "executedQty", symbol_qty_e8(symbol, order->executed_lots), qty_places);
    if (!query)
        json_e8(out, "cumQty", symbol_qty_e8(symbol, order->executed_lots), qty_places);
    json_e8(out, "cumQuote", order->quote_e8, 8);
    sim_text_printf(out,
                    ",\"timeInForce\":\"%s\",\"type\":\"%s\",\"reduceOnly\":%s,\"closePosition\":false"
                    ",\"side\":\"%s\",\"positionSide\":\"BOTH\",\"stopPrice\":\"0\""
                    ",\"workingType\":\"CONTRACT_PRICE\",\"priceProtect\":false,\"origType\":\"%s\"",
                    wire_tif(order->tif), type, order->reduce_only ? "true" : "false", side_word(order->side),
                    type);
    sim_text_printf(out,
                    ",\"priceMatch\":\"NONE\",\"selfTradePreventionMode\":\"%s\",\"goodTillDate\":%" PRId64,
                    wire_stp(order->stp), order->good_till_ms);
    if (query)
        sim_text_printf(out, ",\"time\":%" PRId64, ms(call, order->time_ns));
    sim_text_printf(out, ",\"updateTime\":%" PRId64 "}", ms(call, order->update_ns));
}

void json_futures_trade(struct call *call, struct sim_text *out, const struct my_trade *trade)
{
    const struct sim_symbol *symbol = &call->exchange->symbol[trade->symbol];
    unsigned price_places = step_places(symbol->tick_e8), qty_places = step_places(symbol->lot_e8);

    sim_text_printf(out, "{\"symbol\":\"%s\",\"id\":%" PRIu64 ",\"orderId\":%" PRIu64 ",\"side\":\"%s\"",
                    symbol->name, trade->id, trade->order_id, side_word(trade->side));
    json_e8(out, "price", symbol_price_e8(symbol, trade->price_ticks), price_places);
    json_e8(out, "qty", symbol_qty_e8(symbol, trade->lots), qty_places);
    json_e8(out, "realizedPnl", trade->realised_e8, 8);
    json_e8(out, "quoteQty", trade->quote_e8, 8);
    json_e8(out, "commission", trade->fee_e8, 8);
    sim_text_printf(out,
                    ",\"commissionAsset\":\"%s\",\"time\":%" PRId64
                    ",\"positionSide\":\"BOTH\",\"buyer\":%s,\"maker\":%s}",
                    call->accounts->assets.name[trade->fee_asset], ms(call, trade->time_ns),
                    trade->side == SIDE_BID ? "true" : "false", trade->maker ? "true" : "false");
}
