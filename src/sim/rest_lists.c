/* rest_lists.c - OCO: a limit order and a stop of which one cancels the other. */
#include "sim/order_json.h"
#include "sim/trading_calls.h"
#include "sim/user_events.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LISTS_DEFAULT 500
#define LISTS_MAX     1000

struct oco {
    struct order_draft leg[2]; /* above, below */
    char list_id[CLIENT_ID_SIZE];
    enum reply_kind reply;
};

/* Names of one leg's parameters in the two forms of the request. */
struct leg_names {
    const char *client_id, *price, *stop, *trailing, *tif, *iceberg, *strategy_id, *strategy_type;
};
static const struct leg_names above_names = {"aboveClientOrderId", "abovePrice",       "aboveStopPrice",
                                             "aboveTrailingDelta", "aboveTimeInForce", "aboveIcebergQty",
                                             "aboveStrategyId",    "aboveStrategyType"};
static const struct leg_names below_names = {"belowClientOrderId", "belowPrice",       "belowStopPrice",
                                             "belowTrailingDelta", "belowTimeInForce", "belowIcebergQty",
                                             "belowStrategyId",    "belowStrategyType"};
static const struct leg_names limit_names = {
    "limitClientOrderId", "price", NULL, NULL, NULL, "limitIcebergQty", "limitStrategyId",
    "limitStrategyType"};
static const struct leg_names stop_names = {"stopClientOrderId", "stopLimitPrice",       "stopPrice",
                                            "trailingDelta",     "stopLimitTimeInForce", "stopIcebergQty",
                                            "stopStrategyId",    "stopStrategyType"};

static bool has_limit(enum match_type type)
{
    return type == MATCH_LIMIT_MAKER || type == MATCH_STOP_LOSS_LIMIT || type == MATCH_TAKE_PROFIT_LIMIT;
}

static bool read_leg(struct call *call, const struct leg_names *names, struct order_draft *leg)
{
    struct user_order *order = &leg->order;
    bool stop = order->type != MATCH_LIMIT_MAKER, limit = has_limit(order->type);
    size_t tif = WIRE_GTC;

    order->strategy_id = order->strategy_type = -1;
    if (!call_client_id(call, names->client_id, true, order->client_id))
        return false;
    if (limit ? !call_need_e8(call, names->price, &leg->price_e8) : !call_no(call, names->price))
        return false;
    if (limit && leg->price_e8 == 0)
        return call_fail(call, -1013, "Invalid price.");
    if (stop && (!call_e8(call, names->stop, &leg->stop_e8) ||
                 !call_int(call, names->trailing, 1, 1000000, &order->trailing_bips)))
        return false;
    if (stop && leg->stop_e8 == 0 && order->trailing_bips == 0)
        return call_fail(call, -1102, "Param '%s' or '%s' must be sent, but both were empty/null!",
                         names->stop, names->trailing);
    if (stop && limit) {
        const char *value;

        if (!call_need(call, names->tif, &value) ||
            !call_word(call, names->tif, order_tif_words, -1115, "Invalid timeInForce.", &tif))
            return false;
    } else if (names->tif != NULL && !call_no(call, names->tif)) {
        return false;
    }
    order->tif = (enum wire_tif)tif;
    if (!call_e8(call, names->iceberg, &leg->iceberg_e8) ||
        !call_int(call, names->strategy_id, 0, INT64_MAX, &order->strategy_id) ||
        !call_int(call, names->strategy_type, 1000000, INT64_MAX, &order->strategy_type))
        return false;
    if (leg->iceberg_e8 > 0 && order->tif != WIRE_GTC)
        return call_fail(
            call, -1160,
            "Parameter '%s' is not supported if `aboveTimeInForce`/`belowTimeInForce` is not GTC.",
            names->iceberg);
    if (leg->iceberg_e8 > leg->qty_e8)
        return call_fail(call, -2010, "IcebergQty exceeds QTY.");
    return true;
}

static bool read_shared(struct call *call, struct oco *oco)
{
    size_t side = 0, reply = REPLY_RESULT, stp = MATCH_STP_EXPIRE_MAKER;
    const char *value;
    int64_t qty_e8 = 0;
    int symbol;

    memset(oco, 0, sizeof(*oco));
    if (!call_symbol(call, true, &symbol) || !call_need(call, "side", &value) ||
        !call_word(call, "side", order_side_words, -1117, "Invalid side.", &side) ||
        !call_need_e8(call, "quantity", &qty_e8) ||
        !call_client_id(call, "listClientOrderId", true, oco->list_id) ||
        !call_word(call, "newOrderRespType", order_reply_words, -1130,
                   "Data sent for parameter 'newOrderRespType' is not valid.", &reply) ||
        !call_word(call, "selfTradePreventionMode", order_stp_words, -1130,
                   "Data sent for parameter 'selfTradePreventionMode' is not valid.", &stp))
        return false;
    if (qty_e8 == 0)
        return call_fail(call, -1013, "Invalid quantity.");
    oco->reply = (enum reply_kind)reply;
    for (size_t i = 0; i < 2; i++) {
        oco->leg[i].qty_e8 = qty_e8;
        oco->leg[i].order.symbol = (uint32_t)symbol;
        oco->leg[i].order.side = side == 0 ? SIDE_BID : SIDE_ASK;
        oco->leg[i].order.stp = (enum match_stp)stp;
    }
    return true;
}

static bool is_stop_loss(enum match_type type)
{
    return type == MATCH_STOP_LOSS || type == MATCH_STOP_LOSS_LIMIT;
}

/* Which kinds may stand above and below the market (codes -1158 to -1199). */
static bool kinds_fit(struct call *call, const struct oco *oco)
{
    enum match_type above = oco->leg[0].order.type, below = oco->leg[1].order.type;
    bool buy = oco->leg[0].order.side == SIDE_BID;

    if (above == MATCH_LIMIT_MAKER && below == MATCH_LIMIT_MAKER)
        return call_fail(call, -1168, "At least one OCO order must be contingent.");
    if (buy && above == MATCH_LIMIT_MAKER)
        return call_fail(call, -1165, "A limit order in a buy OCO must be below.");
    if (!buy && below == MATCH_LIMIT_MAKER)
        return call_fail(call, -1166, "A limit order in a sell OCO must be above.");
    if (buy && is_stop_loss(below))
        return call_fail(call, -1196, "A stop loss order in a buy OCO must be above.");
    if (!buy && is_stop_loss(above))
        return call_fail(call, -1197, "A stop loss order in a sell OCO must be below.");
    if (buy && above != MATCH_LIMIT_MAKER && !is_stop_loss(above))
        return call_fail(call, -1198, "A take profit order in a buy OCO must be below.");
    if (!buy && below != MATCH_LIMIT_MAKER && !is_stop_loss(below))
        return call_fail(call, -1199, "A take profit order in a sell OCO must be above.");
    return true;
}

/* The prices must stand around the last one; that also makes sure that the book takes both. */
static bool prices_fit(struct call *call, const struct oco *oco)
{
    int64_t last_e8 = order_reference_e8(call->accounts, oco->leg[0].order.symbol);
    int64_t best, qty;
    const struct sim_symbol *symbol = &call->exchange->symbol[oco->leg[0].order.symbol];

    for (size_t i = 0; i < 2; i++) {
        const struct order_draft *leg = &oco->leg[i];
        int64_t price_e8 = leg->order.type == MATCH_LIMIT_MAKER ? leg->price_e8 : leg->stop_e8;

        if (price_e8 != 0 && (i == 0 ? price_e8 <= last_e8 : price_e8 >= last_e8))
            return call_fail(call, -2010, "The relationship of the prices for the orders is not correct.");
        if (leg->order.type == MATCH_LIMIT_MAKER &&
            match_best(call->exchange->book[leg->order.symbol], side_other(leg->order.side), &best, &qty) &&
            (leg->order.side == SIDE_BID ? price_e8 >= best * symbol->tick_e8
                                         : price_e8 <= best * symbol->tick_e8))
            return call_fail(call, -2010, "Order would immediately match and take.");
    }
    return strcmp(oco->leg[0].order.client_id, oco->leg[1].order.client_id) != 0 ||
           call_fail(call, -2010, "Duplicate order sent.");
}

static struct order_list *open_list(struct call *call, const struct oco *oco)
{
    struct accounts *accounts = call->accounts;
    struct order_list *list = &accounts->list[(accounts->lists + 1) % ORDER_LISTS_KEPT];

    for (size_t i = 0; i < ORDER_LISTS_KEPT; i++)
        if (accounts->list[i].open && accounts->list[i].account == call->account->id &&
            strcmp(accounts->list[i].client_id, oco->list_id) == 0) {
            call_fail(call, -2010, "Duplicate order sent.");
            return NULL;
        }
    if (list->id != 0 && list->open) {
        call_fail(call, -1013, "Filter failure: EXCHANGE_MAX_NUM_ORDER_LISTS");
        return NULL;
    }
    *list = (struct order_list){.id = ++accounts->lists,
                                .account = call->account->id,
                                .symbol = oco->leg[0].order.symbol,
                                .open = true,
                                .time_ns = call->exchange->now_ns};
    memcpy(list->client_id, oco->list_id, sizeof(list->client_id));
    for (size_t i = 0; i < 2; i++)
        memcpy(list->order_client_id[i], oco->leg[i].order.client_id, CLIENT_ID_SIZE);
    return list;
}

static void reply_list(struct call *call, const struct order_list *list, struct user_order *const orders[2],
                       const struct oco *oco)
{
    json_list(call, call->out, list, false);
    sim_text_add(call->out, ",\"orderReports\":[");
    for (size_t i = 0; i < 2; i++) {
        if (i > 0)
            sim_text_add(call->out, ",");
        json_order_placed(call, call->out, orders[i], oco->reply, call->account->trades.count);
    }
    sim_text_add(call->out, "]}");
}

static void place_list(struct call *call, struct oco *oco)
{
    struct accounts *accounts = call->accounts;
    int64_t lock_e8[2];
    struct user_order *made[2];
    struct order_list *list;

    if (!kinds_fit(call, oco) || !call_all_read(call) || !order_draft_judge(call, &oco->leg[0], 2, true) ||
        !order_draft_judge(call, &oco->leg[1], 2, true) || !prices_fit(call, oco))
        return;
    list = open_list(call, oco);
    if (list == NULL)
        return;
    call->orders_counted = 2;
    account_count_orders(accounts, call->account, 2);
    for (size_t i = 0; i < 2; i++) {
        oco->leg[i].order.list_id = list->id;
        lock_e8[i] = order_draft_lock_e8(accounts, call->account, &oco->leg[i]);
    }
    /* One lock carries both: the larger of the two. */
    made[0] = order_submit(accounts, call->account, &oco->leg[0],
                           lock_e8[0] > lock_e8[1] ? lock_e8[0] : lock_e8[1], &call->failure);
    made[1] = made[0] == NULL ? NULL : order_submit(accounts, call->account, &oco->leg[1], 0, &call->failure);
    if (made[1] == NULL) {
        list->open = false;
        if (made[0] != NULL && made[0]->open)
            match_cancel(call->exchange->book[list->symbol], call->exchange->now_ns, made[0]->book_id);
        return;
    }
    user_event_list(accounts, list);
    reply_list(call, list, made, oco);
}

void spot_oco(struct call *call)
{
    struct oco oco;
    const char *value;
    size_t above = MATCH_LIMIT_MAKER, below = MATCH_LIMIT_MAKER;

    if (!read_shared(call, &oco) || !call_need(call, "aboveType", &value) ||
        !call_word(call, "aboveType", order_type_words, -1116, "Invalid orderType.", &above) ||
        !call_need(call, "belowType", &value) ||
        !call_word(call, "belowType", order_type_words, -1116, "Invalid orderType.", &below))
        return;
    if (above < MATCH_LIMIT_MAKER || below < MATCH_LIMIT_MAKER) {
        call_fail(call, -1158, "Order type not supported in OCO.");
        return;
    }
    oco.leg[0].order.type = (enum match_type)above;
    oco.leg[1].order.type = (enum match_type)below;
    if (read_leg(call, &above_names, &oco.leg[0]) && read_leg(call, &below_names, &oco.leg[1]))
        place_list(call, &oco);
}

/* The older form: price, stopPrice, stopLimitPrice. */
void spot_oco_legacy(struct call *call)
{
    struct order_draft *limit, *stop;
    struct oco oco;

    if (!read_shared(call, &oco))
        return;
    limit = &oco.leg[oco.leg[0].order.side == SIDE_BID];
    stop = &oco.leg[oco.leg[0].order.side == SIDE_ASK];
    limit->order.type = MATCH_LIMIT_MAKER;
    stop->order.type =
        params_peek(&call->params, "stopLimitPrice") != NULL ? MATCH_STOP_LOSS_LIMIT : MATCH_STOP_LOSS;
    if (read_leg(call, &limit_names, limit) && read_leg(call, &stop_names, stop))
        place_list(call, &oco);
}

/* --- asking, cancelling -------------------------------------------------------------------------------------- */

static struct order_list *named_list(struct call *call, const char *client_name, int symbol)
{
    const char *client = NULL;
    int64_t id = -1;

    if (!call_int(call, "orderListId", 0, INT64_MAX, &id) || !call_text(call, client_name, &client) ||
        !call_all_read(call))
        return NULL;
    if (id < 0 && client == NULL) {
        call_fail(call, -1102, "Param '%s' or 'orderListId' must be sent, but both were empty/null!",
                  client_name);
        return NULL;
    }
    for (uint64_t back = 0; back < ORDER_LISTS_KEPT && back < call->accounts->lists; back++) {
        struct order_list *list = order_list_find(call->accounts, call->accounts->lists - back);

        if (list != NULL && list->account == call->account->id && (id < 0 || list->id == (uint64_t)id) &&
            (client == NULL || strcmp(client, list->client_id) == 0) &&
            (symbol < 0 || list->symbol == (uint32_t)symbol))
            return list;
    }
    return NULL;
}

void spot_list_query(struct call *call)
{
    struct order_list *list = named_list(call, "origClientOrderId", -1);

    if (list != NULL)
        json_list(call, call->out, list, true);
    else
        call_fail(call, -2018, "Order list does not exist.");
}

void spot_list_cancel(struct call *call)
{
    char cancel_id[CLIENT_ID_SIZE];
    struct order_list *list;
    struct user_order *leg = NULL;
    int symbol;

    if (!call_symbol(call, true, &symbol) || !call_client_id(call, "newClientOrderId", true, cancel_id))
        return;
    list = named_list(call, "listClientOrderId", symbol);
    for (size_t i = 0; list != NULL && i < 2 && (leg == NULL || !leg->open); i++)
        leg = order_index_by_id(call->accounts->orders, list->account, list->symbol, list->order_id[i]);
    if (leg == NULL || !leg->open) {
        call_fail(call, -2011, "Unknown order sent.");
        return;
    }
    if (!order_cancel(call->accounts, leg, cancel_id, &call->failure))
        return;
    json_list(call, call->out, list, false);
    sim_text_add(call->out, ",\"orderReports\":[");
    for (size_t i = 0, told = 0; i < 2; i++) {
        leg = order_index_by_id(call->accounts->orders, list->account, list->symbol, list->order_id[i]);
        if (leg == NULL)
            continue;
        if (told++ > 0)
            sim_text_add(call->out, ",");
        json_order_canceled(call, call->out, leg);
    }
    sim_text_add(call->out, "]}");
}

static void tell_lists(struct call *call, bool open_only, int64_t from, int64_t limit)
{
    uint64_t count = call->accounts->lists, told = 0;
    uint64_t first = count > ORDER_LISTS_KEPT ? count - ORDER_LISTS_KEPT + 1 : 1;

    sim_text_add(call->out, "[");
    for (uint64_t id = first; id <= count && told < (uint64_t)limit; id++) {
        struct order_list *list = order_list_find(call->accounts, id);

        if (list == NULL || list->account != call->account->id || (open_only && !list->open) ||
            (int64_t)id < from)
            continue;
        if (told++ > 0)
            sim_text_add(call->out, ",");
        json_list(call, call->out, list, true);
    }
    sim_text_add(call->out, "]");
}

void spot_open_lists(struct call *call)
{
    if (call_all_read(call))
        tell_lists(call, true, -1, LISTS_MAX);
}

void spot_all_lists(struct call *call)
{
    int64_t from = -1, limit = LISTS_DEFAULT;

    if (call_int(call, "fromId", 0, INT64_MAX, &from) && call_int(call, "limit", 1, LISTS_MAX, &limit) &&
        call_all_read(call))
        tell_lists(call, false, from, limit);
}
