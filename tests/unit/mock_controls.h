/*
 * mock_controls.h - screen 5 as the design's picture shows it: controls, gates, denials, the last kill.
 */
#ifndef MOCK_CONTROLS_H
#define MOCK_CONTROLS_H

#include "mock_frame.h"

static inline struct view_control *mock_control(struct view_controls *view, const char *code,
                                                enum view_control_group group, enum view_unit unit,
                                                int64_t now, int64_t worst, int64_t limit)
{
    struct view_control *out = &view->control[view->controls++];

    memset(out, 0, sizeof(*out));
    snprintf(out->code, sizeof(out->code), "%s", code);
    out->group = group;
    out->unit = unit;
    out->now = now;
    out->worst = worst;
    out->limit = limit;
    out->room_e8 = VIEW_NONE;
    out->denied_ns = VIEW_NONE;
    out->limit_id = VIEW_LIMIT_NONE;
    return out;
}

static inline void mock_setting(struct view_control *out, const char *option, const char *source,
                                int limit_id, const char *help)
{
    snprintf(out->option, sizeof(out->option), "%s", option);
    snprintf(out->source, sizeof(out->source), "%s", source);
    snprintf(out->help, sizeof(out->help), "%s", help);
    out->limit_id = (uint16_t)limit_id;
    out->limit_decimal = out->unit == VIEW_UNIT_MONEY || out->unit == VIEW_UNIT_QTY;
}

static inline void mock_gate(struct view_controls *view, const char *code, const char *word)
{
    struct view_control *out =
        mock_control(view, code, CONTROLS_GATES, VIEW_UNIT_NONE, VIEW_NONE, VIEW_NONE, VIEW_NONE);

    snprintf(out->word, sizeof(out->word), "%s", word);
    snprintf(out->help, sizeof(out->help), "a gate without a number");
}

static inline void mock_exposure(struct view_controls *view)
{
    mock_setting(mock_control(view, "MAX_POS", CONTROLS_EXPOSURE, VIEW_UNIT_MONEY, E8(927.63), E8(1546.05),
                              E8(5000.0)),
                 "risk.max_position", "risk.yaml:12", 2,
                 "value of one instrument's position if every open order filled");
    mock_setting(mock_control(view, "MAX_OPEN_VALUE", CONTROLS_EXPOSURE, VIEW_UNIT_MONEY, E8(1545.55),
                              VIEW_NONE, E8(5000.0)),
                 "risk.max_open_value", "default", 5, "value of one instrument's open orders");
    mock_setting(mock_control(view, "MAX_OPEN_N", CONTROLS_EXPOSURE, VIEW_UNIT_COUNT, 3, VIEW_NONE, 10),
                 "risk.max_open_orders", "default", 6, "open orders of one instrument");
    mock_setting(mock_control(view, "MAX_GROSS", CONTROLS_EXPOSURE, VIEW_UNIT_MONEY, E8(927.63), E8(1546.05),
                              E8(10000.0)),
                 "risk.max_gross", "default", 4, "value of all positions and open orders");
}

static inline void mock_one_order(struct view_controls *view)
{
    struct view_control *value = mock_control(view, "MAX_VALUE", CONTROLS_ONE_ORDER, VIEW_UNIT_MONEY,
                                              E8(923.16), VIEW_NONE, E8(1000.0));

    mock_setting(value, "risk.max_value", "default", 1, "value of one order");
    value->denied = 1;
    value->denied_ns = mock_at(14, 5, 12, 0);
    mock_setting(
        mock_control(view, "MAX_QTY", CONTROLS_ONE_ORDER, VIEW_UNIT_QTY, E8(0.015), VIEW_NONE, E8(0.02)),
        "risk.max_qty", "default", 0, "size of one order");
    mock_setting(mock_control(view, "COLLAR limit", CONTROLS_ONE_ORDER, VIEW_UNIT_BP, 20, VIEW_NONE, 200),
                 "risk.collar_limit_bp", "default", 11, "distance of a limit price from mid and last trade");
    mock_setting(mock_control(view, "COLLAR market", CONTROLS_ONE_ORDER, VIEW_UNIT_BP, 2, VIEW_NONE, 50),
                 "risk.collar_market_bp", "default", 12, "worst price of a market order from the touch");
}

static inline void mock_loss_and_rate(struct view_controls *view)
{
    mock_setting(
        mock_control(view, "DAILY_LOSS", CONTROLS_LOSS, VIEW_UNIT_MONEY, E8(-7.98), VIEW_NONE, E8(200.0)),
        "risk.daily_loss_bp", "default", 28, "loss since 00:00 UTC; halts");
    view->control[view->controls - 1].limit_decimal = false;
    mock_setting(mock_control(view, "DRAWDOWN", CONTROLS_LOSS, VIEW_UNIT_BP, 5, VIEW_NONE, 500),
                 "risk.drawdown_bp", "default", 31, "fall of equity from its peak; halts");
    view->control[view->controls - 1].room_e8 = E8(496.0);
    mock_setting(mock_control(view, "LOSS_STREAK", CONTROLS_LOSS, VIEW_UNIT_COUNT, 1, VIEW_NONE, 5),
                 "risk.loss_streak", "default", 35,
                 "losing round trips in a row of one strategy; disables it");
    mock_setting(mock_control(view, "MSG_RATE 1 s", CONTROLS_RATE, VIEW_UNIT_COUNT, 0, VIEW_NONE, 5),
                 "risk.messages_per_second", "default", 8, "new, moved and cancelled orders in a second");
    snprintf(view->control[view->controls - 1].word, sizeof(view->control[0].word), "+2 cxl");
    mock_setting(mock_control(view, "MSG_RATE 60 s", CONTROLS_RATE, VIEW_UNIT_COUNT, 4, VIEW_NONE, 60),
                 "risk.messages_per_minute", "default", 9, "new, moved and cancelled orders in a minute");
    snprintf(view->control[view->controls - 1].word, sizeof(view->control[0].word), "+30 cxl");
    mock_setting(mock_control(view, "REPEAT 60 s", CONTROLS_RATE, VIEW_UNIT_COUNT, 1, VIEW_NONE, 20),
                 "risk.repeat", "default", 24, "entries or fills of one strategy in the window; disables it");
    mock_setting(mock_control(view, "REQ_WEIGHT", CONTROLS_RATE, VIEW_UNIT_COUNT, 182, VIEW_NONE, 4800),
                 "risk.request_weight_percent", "default", 10, "share of the venue's request weight");
    mock_setting(
        mock_control(view, "ORDER_TO_TRADE", CONTROLS_RATE, VIEW_UNIT_RATIO_X10, 16, VIEW_NONE, 1000),
        "risk.order_to_trade_warn", "default", 38, "messages for one fill in an hour");
}

static inline void mock_gates(struct view_controls *view)
{
    mock_gate(view, "KILL", "ready  1st cancel 1.8 ms");
    mock_gate(view, "leader", "yes  epoch 7, 3.1 s left");
    mock_gate(view, "symbols", "2 of 2  allowed and TRADING");
    mock_gate(view, "filters", "on  read 4 min ago");
    mock_gate(view, "balance", "on  8462.05 USDT, 0 BTC");
    mock_gate(view, "self trade", "deny  0 today");
    mock_gate(view, "duplicate", "100 ms  0 today");
    mock_gate(view, "reduce only", "by order  1 open order has it");
    mock_gate(view, "repeat", "armed  ofi 1 of 20 in 60 s");
    mock_gate(view, "rejects", "armed  0 of 5 in 10 s");
    mock_gate(view, "out = in", "equal  41 approved, 41 sent");
    mock_gate(view, "drop copy", "equal  12 s ago");
    mock_gate(view, "exit", "cancel  own orders, on q too");
    mock_gate(view, "dead man", "off  live only");
    mock_gate(view, "starts", "1 of 5  in 10 min");
    mock_gate(view, "limits", "same  since 11-14 09:20");
}

static inline void mock_denials(struct view_controls *view)
{
    view->denials = 2;
    view->denial[0] = (struct view_denial){.ts_ns = mock_at(14, 5, 12, 0),
                                           .code = "MAX_VALUE",
                                           .owner = OWNER_MANUAL,
                                           .side = SIDE_BID,
                                           .qty_lots = 2000,
                                           .price_ticks = TICKS(61842.00),
                                           .text = "value=1236.84 limit=1000.00 over by 236.84; the most is "
                                                   "0.01617"};
    view->denial[1] = (struct view_denial){.ts_ns = mock_at(21, 14, 9, 0) - INT64_C(86400) * 1000000000,
                                           .code = "STALE_BOOK",
                                           .owner = 1,
                                           .side = SIDE_BID,
                                           .qty_lots = 1000,
                                           .price_ticks = TICKS(61201.15),
                                           .text = "age=1412 ms limit=1000 ms"};
}

static inline void mock_controls(struct view_controls *view)
{
    memset(view, 0, sizeof(*view));
    mock_exposure(view);
    mock_one_order(view);
    mock_loss_and_rate(view);
    mock_setting(mock_control(view, "STALE_BOOK", CONTROLS_DATA, VIEW_UNIT_MS, 100, VIEW_NONE, 1000),
                 "risk.stale_ms", "default", 15, "age at which a book prices nothing");
    mock_setting(mock_control(view, "COLLAR_WINDOW", CONTROLS_DATA, VIEW_UNIT_BP, 6, VIEW_NONE, 500),
                 "risk.collar_window_bp", "default", 13, "move of the mid within 60 s; halts the instrument");
    mock_setting(mock_control(view, "CLOCK", CONTROLS_DATA, VIEW_UNIT_MS, 3, VIEW_NONE, 1000),
                 "risk.clock_ms", "default", 17, "offset from the venue's time that stops orders, live only");
    mock_gates(view);
    mock_denials(view);
    view->tests = view->tests_passed = 36;
    view->tested_ns = mock_at(13, 2, 9, 0);
    view->gate_p50_ns = 300;
    view->gate_p99_ns = 800;
    view->approved = view->sent = 41;
    view->last_kill_ns = mock_at(13, 40, 2, 0);
    snprintf(view->last_kill, sizeof(view->last_kill),
             "by key K: 4 of 4 cancelled in 0.2 s, none filled; quiet after 0.3 s; cleared 13:52:10 by word");
    snprintf(view->schedule, sizeof(view->schedule), "open  until Fri 15:58");
}

#endif
