#include "sim/futures_entry.h"

#include "core/base/decimal.h"
#include "sim/margin.h"

#include <string.h>

#define GOOD_TILL_MIN_MS INT64_C(600000) /* ahead of now */

static const char *const type_words[] = {
    "LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET",
    NULL};
static const char *const tif_words[] = {"GTC", "IOC", "FOK", "GTX", "GTD", NULL};

static bool read_kind(struct call *call, struct order_draft *draft)
{
    struct user_order *order = &draft->order;
    size_t side = 0, type = 0, tif = WIRE_GTC;
    const char *value;

    if (!call_need(call, "side", &value) ||
        !call_word(call, "side", order_side_words, -1117, "Invalid side.", &side) ||
        !call_need(call, "type", &value) ||
        !call_word(call, "type", type_words, -1116, "Invalid orderType.", &type))
        return false;
    if (type > MATCH_MARKET)
        return call_fail(call, -4120,
                         "Order type not supported for this endpoint. Please use the Algo Order API "
                         "endpoints instead.");
    order->side = side == 0 ? SIDE_BID : SIDE_ASK;
    order->type = (enum match_type)type;
    if (order->type == MATCH_LIMIT && !call_need(call, "timeInForce", &value))
        return false;
    if (order->type == MATCH_MARKET && !call_no(call, "timeInForce"))
        return false;
    if (!call_word(call, "timeInForce", tif_words, -1115, "Invalid timeInForce.", &tif))
        return false;
    order->tif = (enum wire_tif)tif;
    return true;
}

static bool read_money(struct call *call, struct order_draft *draft)
{
    struct user_order *order = &draft->order;
    int64_t now_ms = exchange_client_ms(call->exchange);

    if (!call_need_e8(call, "quantity", &draft->qty_e8))
        return false;
    if (order->type == MATCH_LIMIT ? !call_need_e8(call, "price", &draft->price_e8) : !call_no(call, "price"))
        return false;
    if (order->tif != WIRE_GTD)
        return call_no(call, "goodTillDate");
    if (!call_int(call, "goodTillDate", 0, INT64_MAX / 1000000, &order->good_till_ms))
        return false;
    order->good_till_ms = order->good_till_ms / 1000 * 1000;
    return order->good_till_ms >= now_ms + GOOD_TILL_MIN_MS ||
           call_fail(call, -4217,
                     "The goodTillDate timestamp must be greater than the current time plus 600 seconds and "
                     "smaller "
                     "than 253402300799000");
}

bool futures_draft_read(struct call *call, struct order_draft *draft)
{
    static const char *const sides[] = {"BOTH", "LONG", "SHORT", NULL}, *const match[] = {"NONE", NULL};
    static const char *const replies[] = {"ACK", "RESULT", NULL};
    static const char *const stp_words[] = {"NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", NULL};
    struct user_order *order = &draft->order;
    size_t position_side = 0, reply = REPLY_ACK, stp = MATCH_STP_EXPIRE_MAKER, price_match = 0;
    int symbol;

    memset(draft, 0, sizeof(*draft));
    order->usdm = true;
    order->strategy_id = order->strategy_type = -1;
    if (!call_symbol(call, true, &symbol) || !read_kind(call, draft) || !read_money(call, draft) ||
        !call_bool(call, "reduceOnly", &order->reduce_only) ||
        !call_client_id(call, "newClientOrderId", true, order->client_id) ||
        !call_word(call, "positionSide", sides, -1130, "Data sent for parameter 'positionSide' is not valid.",
                   &position_side) ||
        !call_word(call, "newOrderRespType", replies, -1130,
                   "Data sent for parameter 'newOrderRespType' is not valid.", &reply) ||
        !call_word(call, "priceMatch", match, -1130, "Data sent for parameter 'priceMatch' is not valid.",
                   &price_match) ||
        !call_word(call, "selfTradePreventionMode", stp_words, -1130,
                   "Data sent for parameter 'selfTradePreventionMode' is not valid.", &stp))
        return false;
    order->symbol = (uint32_t)symbol;
    order->stp = (enum match_stp)stp;
    draft->reply = (enum reply_kind)reply;
    return position_side == 0 ||
           call_fail(call, -4061, "Order's position side does not match user's setting.");
}

bool futures_check_qty(struct call *call, uint32_t index, bool market, int64_t qty_e8)
{
    const struct sim_symbol *symbol = &call->exchange->symbol[index];
    int64_t lots = qty_e8 / symbol->lot_e8;

    if (qty_e8 <= 0)
        return call_fail(call, -4003, "Quantity less than or equal to zero.");
    if (qty_e8 % symbol->lot_e8 != 0)
        return call_fail(call, -1111, "Precision is over the maximum defined for this asset.");
    if (lots < symbol->qty_lots_min)
        return call_fail(call, -4004, "Quantity less than min quantity.");
    if (lots > (market ? symbol->market_qty_lots_max : symbol->qty_lots_max))
        return call_fail(call, -4005, "Quantity greater than max quantity.");
    return true;
}

bool futures_check_price(struct call *call, uint32_t index, enum side side, int64_t price_e8)
{
    const struct sim_symbol *symbol = &call->exchange->symbol[index];
    int64_t ticks = price_e8 / symbol->tick_e8, mark_e8 = accounts_mark_e8(call->accounts, index);
    int64_t high_e8 = decimal_mul_div(mark_e8, symbol->multiplier_up_x10000, 10000);
    int64_t low_e8 = decimal_mul_div(mark_e8, symbol->multiplier_down_x10000, 10000);
    char text[DECIMAL_TEXT_SIZE];

    if (price_e8 <= 0)
        return call_fail(call, -4001, "Price less than 0.");
    if (price_e8 % symbol->tick_e8 != 0)
        return call_fail(call, -4014, "Price not increased by tick size.");
    if (symbol->price_ticks_max != 0 && ticks > symbol->price_ticks_max)
        return call_fail(call, -4002, "Price greater than max price.");
    if (ticks < symbol->price_ticks_min)
        return call_fail(call, -4013, "Price less than min price.");
    if (side == SIDE_BID && high_e8 > 0 && price_e8 > high_e8) {
        decimal_format_trim(high_e8 / symbol->tick_e8 * symbol->tick_e8, 8, text);
        return call_fail(call, -4016, "Limit price can't be higher than %s.", text);
    }
    if (side == SIDE_ASK && price_e8 < low_e8) {
        decimal_format_trim((low_e8 + symbol->tick_e8 - 1) / symbol->tick_e8 * symbol->tick_e8, 8, text);
        return call_fail(call, -4024, "Limit price can't be lower than %s.", text);
    }
    return true;
}

static size_t open_here(struct call *call, uint32_t symbol)
{
    struct user_order *order = order_index_oldest(call->accounts->orders, call->account->slot);
    size_t open = 0;

    for (; order != NULL; order = order_index_newer(call->accounts->orders, order))
        open += order->open && order->id != 0 && order->symbol == symbol;
    return open;
}

/* A reduce-only order never opens: it is cut to what is held, and refused where nothing is. */
static bool cut_to_position(struct call *call, struct order_draft *draft)
{
    int64_t held = call->account->position[draft->order.symbol].lots;
    int64_t room = draft->order.side == SIDE_BID ? -held : held;

    if (room <= 0)
        return call_fail(call, -2022, "ReduceOnly Order is rejected.");
    if (draft->order.qty_lots > room)
        draft->order.qty_lots = room;
    return true;
}

bool futures_draft_judge(struct call *call, struct order_draft *draft)
{
    struct user_order *order = &draft->order;
    const struct sim_symbol *symbol = &call->exchange->symbol[order->symbol];
    bool market = order->type == MATCH_MARKET;
    int64_t price_e8 = market ? accounts_mark_e8(call->accounts, order->symbol) : draft->price_e8, value_e8;

    if (!futures_check_qty(call, order->symbol, market, draft->qty_e8) ||
        (!market && !futures_check_price(call, order->symbol, order->side, draft->price_e8)) ||
        !order_draft_steps(call, draft))
        return false;
    if (order->reduce_only && !cut_to_position(call, draft))
        return false;
    value_e8 = decimal_mul_div(price_e8, symbol_qty_e8(symbol, order->qty_lots), DECIMAL_E8);
    if (!order->reduce_only && value_e8 < symbol->notional_e8_min) {
        char text[DECIMAL_TEXT_SIZE];

        decimal_format_trim(symbol->notional_e8_min, 8, text);
        return call_fail(call, -4164,
                         "Order's notional must be no smaller than %s (unless you choose reduce only).",
                         text);
    }
    if (open_here(call, order->symbol) >= FILTER_USDM_MAX_NUM_ORDERS)
        return call_fail(call, -2025, "Reach max open order limit.");
    return order->reduce_only ||
           margin_allows(call->accounts, call->account, order->symbol, order->side, value_e8) ||
           call_fail(call, -2019, "Margin is insufficient.");
}
