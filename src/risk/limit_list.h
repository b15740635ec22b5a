/*
 * limit_list.h - every limit of the controls, once: fields, options, ranges and presets all come from here. Pure.
 *
 * X(field, code, option, kind, unit, shown, least, most, live_most, preset, live_preset, looser, help)
 *   field        of struct risk_limits; its suffix is its unit
 *   kind         INT as it stands, DECIMAL in whole units of the asset (the field then holds e8)
 *   unit, shown  the option's word; enum risk_unit without its prefix
 *   least, most  allowed in every mode; live_most: beyond it a live start calls the value absurd
 *   preset       without a setting, in simulation; live_preset: in live mode. NULL: must be set (MAX_QTY in
 *                simulation: max_value over the mid)
 *   looser       UP: a larger value lets more through, DOWN: a smaller one does
 */
#ifndef RISK_LIMIT_LIST_H
#define RISK_LIMIT_LIST_H

/* clang-format off */
#define RISK_LIMIT_LIST(X) \
    X(max_qty_e8, MAX_QTY, "risk.max_qty", DECIMAL, "base", BASE, 0, 1000000000, 1000000000, NULL, NULL, UP, \
      "MAX_QTY: size of one order; unset: max_value over the mid") \
    X(max_value_e8, MAX_VALUE, "risk.max_value", DECIMAL, "quote", MONEY, 0, 1000000000, 10000000, "1000", "1000", UP, \
      "MAX_VALUE: value of one order") \
    X(max_position_value_e8, MAX_POS, "risk.max_position", DECIMAL, "quote", MONEY, 0, 1000000000, 50000000, "5000", "5000", UP, \
      "MAX_POS: value of one instrument's position if every open order filled") \
    X(max_position_owner_e8, MAX_POS, "risk.max_position_strategy", DECIMAL, "quote", MONEY, 0, 1000000000, 50000000, "5000", "5000", UP, \
      "MAX_POS: value of one strategy's positions and open orders") \
    X(max_gross_value_e8, MAX_GROSS, "risk.max_gross", DECIMAL, "quote", MONEY, 0, 1000000000, 100000000, "10000", "10000", UP, \
      "MAX_GROSS: value of all positions and open orders") \
    X(max_open_value_e8, MAX_OPEN_VALUE, "risk.max_open_value", DECIMAL, "quote", MONEY, 0, 1000000000, 50000000, "5000", "5000", UP, \
      "MAX_OPEN_VALUE: value of one instrument's open orders") \
    X(max_open_orders, MAX_OPEN_N, "risk.max_open_orders", INT, "orders", COUNT, 1, 200, 200, "10", "10", UP, \
      "MAX_OPEN_N: open orders of one instrument") \
    X(max_open_orders_total, MAX_OPEN_N, "risk.max_open_orders_total", INT, "orders", COUNT, 1, 256, 256, "50", "50", UP, \
      "MAX_OPEN_N: open orders of all instruments") \
    X(msg_per_s, MSG_RATE, "risk.messages_per_second", INT, "messages", COUNT, 1, 1000, 100, "20", "5", UP, \
      "MSG_RATE: new, moved and cancelled orders in a second") \
    X(msg_per_min, MSG_RATE, "risk.messages_per_minute", INT, "messages", COUNT, 1, 60000, 6000, "600", "60", UP, \
      "MSG_RATE: new, moved and cancelled orders in a minute") \
    X(req_weight_percent, REQ_WEIGHT, "risk.request_weight_percent", INT, "percent", PERCENT, 1, 100, 95, "80", "80", UP, \
      "REQ_WEIGHT: share of the venue's request weight for orders; the rest is kept for cancels") \
    X(collar_limit_bp, COLLAR, "risk.collar_limit_bp", INT, "bp", BP, 1, 5000, 2000, "200", "200", UP, \
      "COLLAR: distance of a limit price from mid and last trade") \
    X(collar_market_bp, COLLAR, "risk.collar_market_bp", INT, "bp", BP, 1, 1000, 500, "50", "50", UP, \
      "COLLAR: worst price of a market order from the touch") \
    X(collar_window_bp, COLLAR_WINDOW, "risk.collar_window_bp", INT, "bp", BP, 1, 5000, 2000, "500", "500", UP, \
      "COLLAR_WINDOW: move of the mid within 60 s; halts the instrument") \
    X(volatility_bp, VOLATILITY, "risk.volatility_bp", INT, "bp", BP, 1, 5000, 1000, "150", "150", UP, \
      "VOLATILITY: realised volatility of 60 s, from which orders shrink; beyond four times it none") \
    X(stale_ms, STALE_BOOK, "risk.stale_ms", INT, "ms", MS, 10, 10000, 10000, "1000", "1000", UP, \
      "STALE_BOOK: age at which a book prices nothing") \
    X(clock_warn_ms, CLOCK, "risk.clock_warn_ms", INT, "ms", MS, 1, 60000, 1000, "250", "250", UP, \
      "CLOCK: offset from the venue's time that is told") \
    X(clock_ms, CLOCK, "risk.clock_ms", INT, "ms", MS, 1, 60000, 5000, "1000", "1000", UP, \
      "CLOCK: offset from the venue's time that stops orders, live only") \
    X(latency_engine_ms, LATENCY, "risk.latency_engine_ms", INT, "ms", MS, 1, 60000, 5000, "250", "250", UP, \
      "LATENCY: of the engine, from receipt to decision") \
    X(latency_feed_ms, LATENCY, "risk.latency_feed_ms", INT, "ms", MS, 1, 60000, 10000, "5000", "5000", UP, \
      "LATENCY: of the feed, from the venue's stamp to receipt") \
    X(latency_answer_ms, LATENCY, "risk.latency_answer_ms", INT, "ms", MS, 1, 60000, 10000, "5000", "2000", UP, \
      "LATENCY: of the answer to an order") \
    X(latency_for_s, LATENCY, "risk.latency_for_s", INT, "s", S, 1, 600, 60, "3", "3", UP, \
      "LATENCY: this long above one of its limits halts") \
    X(duplicate_ms, DUPLICATE, "risk.duplicate_ms", INT, "ms", MS, 1, 10000, 10000, "100", "100", DOWN, \
      "DUPLICATE: same order of one strategy, or of the socket, within this time") \
    X(repeat_n, REPEAT, "risk.repeat", INT, "times", COUNT, 1, 1000, 600, "600", "20", UP, \
      "REPEAT: entries or fills of one strategy in the window; disables it") \
    X(repeat_window_s, REPEAT, "risk.repeat_window_s", INT, "s", S, 1, 3600, 3600, "60", "60", DOWN, \
      "REPEAT: the window") \
    X(reject_n, REJECT_STORM, "risk.rejects", INT, "times", COUNT, 1, 1000, 100, "5", "5", UP, \
      "REJECT_STORM: rejections of one strategy in the window; disables it") \
    X(reject_window_s, REJECT_STORM, "risk.rejects_window_s", INT, "s", S, 1, 3600, 3600, "10", "10", DOWN, \
      "REJECT_STORM: the window") \
    X(daily_loss_bp, DAILY_LOSS, "risk.daily_loss_bp", INT, "bp", BP, 1, 10000, 2000, "200", "200", UP, \
      "DAILY_LOSS: loss since 00:00 UTC, of the day's first equity; halts") \
    X(daily_loss_owner_e8, DAILY_LOSS, "risk.daily_loss_strategy", DECIMAL, "quote", MONEY, 0, 1000000000, 10000000, "200", "50", UP, \
      "DAILY_LOSS: loss of one strategy since 00:00 UTC; disables it") \
    X(daily_loss_symbol_e8, DAILY_LOSS, "risk.daily_loss_symbol", DECIMAL, "quote", MONEY, 0, 1000000000, 10000000, "200", "100", UP, \
      "DAILY_LOSS: loss in one instrument since 00:00 UTC; halts it") \
    X(drawdown_bp, DRAWDOWN, "risk.drawdown_bp", INT, "bp", BP, 1, 10000, 5000, "500", "500", UP, \
      "DRAWDOWN: fall of equity from its peak; halts") \
    X(trade_loss_e8, TRADE_LOSS, "risk.trade_loss", DECIMAL, "quote", MONEY, 0, 1000000000, 10000000, "50", "25", UP, \
      "TRADE_LOSS: loss of one round trip that disables its strategy") \
    X(trade_loss_symbol_e8, TRADE_LOSS, "risk.trade_loss_symbol", DECIMAL, "quote", MONEY, 0, 1000000000, 10000000, "100", "50", UP, \
      "TRADE_LOSS: loss of one round trip that halts its instrument") \
    X(trade_loss_total_e8, TRADE_LOSS, "risk.trade_loss_total", DECIMAL, "quote", MONEY, 0, 1000000000, 10000000, "200", "100", UP, \
      "TRADE_LOSS: loss of one round trip that halts everything") \
    X(loss_streak, LOSS_STREAK, "risk.loss_streak", INT, "trips", COUNT, 1, 1000, 100, "5", "5", UP, \
      "LOSS_STREAK: losing round trips in a row of one strategy; disables it") \
    X(loss_streak_symbol, LOSS_STREAK, "risk.loss_streak_symbol", INT, "trips", COUNT, 1, 1000, 100, "10", "8", UP, \
      "LOSS_STREAK: losing round trips in a row in one instrument; halts it") \
    X(loss_streak_total, LOSS_STREAK, "risk.loss_streak_total", INT, "trips", COUNT, 1, 1000, 100, "15", "10", UP, \
      "LOSS_STREAK: losing round trips in a row of everybody; halts") \
    X(order_to_trade_warn, ORDER_TO_TRADE, "risk.order_to_trade_warn", INT, "orders", COUNT, 1, 100000, 1000, "100", "100", UP, \
      "ORDER_TO_TRADE: messages for one fill in an hour that are told") \
    X(order_to_trade, ORDER_TO_TRADE, "risk.order_to_trade", INT, "orders", COUNT, 1, 100000, 5000, "500", "500", UP, \
      "ORDER_TO_TRADE: messages for one fill in an hour that disable the strategy")
/* clang-format on */

#endif
