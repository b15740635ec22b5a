/* order_params.c - which parameters each type of spot order must, may and must not have. */
#include "sim/order_entry.h"

#include <stdio.h>
#include <string.h>

const char *const order_side_words[] = {"BUY", "SELL", NULL};
const char *const order_type_words[] = {"LIMIT",           "MARKET",      "LIMIT_MAKER",       "STOP_LOSS",
                                        "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT", NULL};
const char *const order_tif_words[] = {"GTC", "IOC", "FOK", NULL};
const char *const order_stp_words[] = {"NONE",        "EXPIRE_TAKER", "EXPIRE_MAKER",
                                       "EXPIRE_BOTH", "DECREMENT",    NULL};
const char *const order_reply_words[] = {"ACK", "RESULT", "FULL", NULL};

enum need { NEVER, MAY, MUST };

static const struct rule {
    enum need price, tif, iceberg, stop;
} rule_of[] = {
    [MATCH_LIMIT] = {MUST, MUST, MAY, NEVER},
    [MATCH_MARKET] = {NEVER, NEVER, NEVER, NEVER},
    [MATCH_LIMIT_MAKER] = {MUST, NEVER, MAY, NEVER},
    [MATCH_STOP_LOSS] = {NEVER, NEVER, NEVER, MUST},
    [MATCH_STOP_LOSS_LIMIT] = {MUST, MUST, MAY, MUST},
    [MATCH_TAKE_PROFIT] = {NEVER, NEVER, NEVER, MUST},
    [MATCH_TAKE_PROFIT_LIMIT] = {MUST, MUST, MAY, MUST},
};

static bool read_tif(struct call *call, struct order_draft *draft, enum need need)
{
    size_t word = WIRE_GTC;
    const char *value;

    if (need == NEVER && !call_no(call, "timeInForce"))
        return false;
    if (need == MUST && !call_need(call, "timeInForce", &value))
        return false;
    if (!call_word(call, "timeInForce", order_tif_words, -1115, "Invalid timeInForce.", &word))
        return false;
    draft->order.tif = (enum wire_tif)word;
    return true;
}

static bool read_number(struct call *call, const char *name, enum need need, const char *zero_text,
                        int64_t *out_e8)
{
    const char *value;

    if (need == NEVER)
        return call_no(call, name);
    if (need == MUST && !call_need(call, name, &value))
        return false;
    *out_e8 = -1;
    if (!call_e8(call, name, out_e8))
        return false;
    if (*out_e8 == 0 && zero_text != NULL)
        return call_fail(call, -1013, "%s", zero_text);
    if (*out_e8 < 0)
        *out_e8 = 0;
    return true;
}

static bool read_quantity(struct call *call, struct order_draft *draft)
{
    const char *qty = params_peek(&call->params, "quantity");
    const char *quote = params_peek(&call->params, "quoteOrderQty");

    if (draft->order.type != MATCH_MARKET)
        return call_no(call, "quoteOrderQty") &&
               read_number(call, "quantity", MUST, "Invalid quantity.", &draft->qty_e8);
    if ((qty == NULL || qty[0] == '\0') && (quote == NULL || quote[0] == '\0'))
        return call_fail(call, -1102,
                         "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!");
    if (qty != NULL && quote != NULL)
        return call_fail(call, -1106, "Parameter 'quoteOrderQty' sent when not required.");
    return qty != NULL
               ? read_number(call, "quantity", MUST, "Invalid quantity.", &draft->qty_e8)
               : read_number(call, "quoteOrderQty", MUST, "Invalid quote order qty.", &draft->quote_e8);
}

static bool read_stop(struct call *call, struct order_draft *draft, enum need need)
{
    const char *stop = params_peek(&call->params, "stopPrice");
    const char *trailing = params_peek(&call->params, "trailingDelta");

    if (need == NEVER)
        return call_no(call, "stopPrice") && call_no(call, "trailingDelta");
    if ((stop == NULL || stop[0] == '\0') && (trailing == NULL || trailing[0] == '\0'))
        return call_fail(call, -1102,
                         "Param 'stopPrice' or 'trailingDelta' must be sent, but both were empty/null!");
    return read_number(call, "stopPrice", MAY, "Invalid stopPrice.", &draft->stop_e8) &&
           call_int(call, "trailingDelta", 1, 1000000, &draft->order.trailing_bips);
}

static bool read_iceberg(struct call *call, struct order_draft *draft, enum need need)
{
    if (!read_number(call, "icebergQty", need, NULL, &draft->iceberg_e8))
        return false;
    if (draft->iceberg_e8 > 0 && draft->order.tif != WIRE_GTC)
        return call_fail(call, -1013, "Limit iceberg GTC only.");
    if (draft->iceberg_e8 > draft->qty_e8)
        return call_fail(call, -2010, "IcebergQty exceeds QTY.");
    return true;
}

static bool read_rest(struct call *call, struct order_draft *draft)
{
    struct user_order *order = &draft->order;
    size_t reply = order->type == MATCH_LIMIT || order->type == MATCH_MARKET ? REPLY_FULL : REPLY_ACK;
    size_t stp = MATCH_STP_EXPIRE_MAKER;

    if (!call_client_id(call, "newClientOrderId", true, order->client_id) ||
        !call_int(call, "strategyId", 0, INT64_MAX, &order->strategy_id) ||
        !call_int(call, "strategyType", 0, INT64_MAX, &order->strategy_type))
        return false;
    if (order->strategy_type >= 0 && order->strategy_type < 1000000)
        return call_fail(call, -1134, "`strategyType` was less than 1000000.");
    if (!call_word(call, "newOrderRespType", order_reply_words, -1130,
                   "Data sent for parameter 'newOrderRespType' is not valid.", &reply) ||
        !call_word(call, "selfTradePreventionMode", order_stp_words, -1130,
                   "Data sent for parameter 'selfTradePreventionMode' is not valid.", &stp))
        return false;
    draft->reply = (enum reply_kind)reply;
    order->stp = (enum match_stp)stp;
    return true;
}

bool order_draft_read(struct call *call, struct order_draft *draft)
{
    struct user_order *order = &draft->order;
    const struct rule *rule;
    const char *value;
    size_t side = 0, type = 0;
    int symbol;

    memset(draft, 0, sizeof(*draft));
    order->strategy_id = order->strategy_type = -1;
    if (!call_symbol(call, true, &symbol) || !call_need(call, "side", &value) ||
        !call_word(call, "side", order_side_words, -1117, "Invalid side.", &side) ||
        !call_need(call, "type", &value) ||
        !call_word(call, "type", order_type_words, -1116, "Invalid orderType.", &type))
        return false;
    order->symbol = (uint32_t)symbol;
    order->side = side == 0 ? SIDE_BID : SIDE_ASK;
    order->type = (enum match_type)type;
    rule = &rule_of[type];
    return read_tif(call, draft, rule->tif) && read_quantity(call, draft) &&
           read_number(call, "price", rule->price, "Invalid price.", &draft->price_e8) &&
           read_stop(call, draft, rule->stop) && read_iceberg(call, draft, rule->iceberg) &&
           read_rest(call, draft);
}
