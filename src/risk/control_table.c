/* control_table.c - every control: its code, its place, its judge and its words. */
#include "risk/controls.h"

#define GATE(name, cuts, help_)                                                                              \
    .judge = risk_control_##name, .fits = (cuts), .place = RISK_PLACE_GATE, .help = (help_)
#define MONITOR(name, cuts, help_)                                                                           \
    .judge = risk_control_##name, .fits = (cuts), .place = RISK_PLACE_MONITOR, .help = (help_)
#define PROCESS(help_) .place = RISK_PLACE_PROCESS, .help = (help_)

const struct risk_control risk_control_table[RISK_CODES] = {
    [RISK_PASS] = {.word = "PASS", .help = "every control passed"},
    [RISK_KILL] = {.word = "KILL",
                   GATE(kill, NULL,
                        "nothing leaves but cancels and the one flatten the operator asks for; latched")},
    [RISK_MODE] = {.word = "MODE", GATE(mode, NULL, "observation sends no order")},
    [RISK_HALTED] = {.word = "HALTED", GATE(halted, NULL, "cancels only, until go")},
    [RISK_REDUCING] = {.word = "REDUCING",
                       GATE(reducing, risk_control_reducing, "only orders that make a position smaller")},
    [RISK_NOT_LEADER] = {.word = "NOT_LEADER",
                         GATE(not_leader, NULL, "our own heartbeat is younger than half the lease")},
    [RISK_PAUSED] = {.word = "PAUSED",
                     GATE(paused, NULL, "strategies send nothing; the trader's own orders work on")},
    [RISK_SYMBOL_STATE] = {.word = "SYMBOL_STATE",
                           GATE(symbol_state, NULL,
                                "instrument known, its steps known, traded here, venue says TRADING")},
    [RISK_STALE_BOOK] = {.word = "STALE_BOOK",
                         GATE(stale_book, NULL, "book LIVE, not crossed, both sides there, young enough")},
    [RISK_CLOCK] = {.word = "CLOCK", GATE(clock, NULL, "our clock against the venue's; live only")},
    [RISK_LATENCY] = {.word = "LATENCY",
                      MONITOR(latency, NULL, "engine, feed or answers too slow for too long; halts")},
    [RISK_FILTER] = {.word = "FILTER",
                     GATE(filter, risk_control_filter_most,
                          "the venue's bounds of price, quantity and order value")},
    [RISK_MAX_QTY] = {.word = "MAX_QTY",
                      GATE(max_qty, risk_control_max_qty, "largest quantity of one order")},
    [RISK_MAX_VALUE] = {.word = "MAX_VALUE",
                        GATE(max_value, risk_control_max_value, "largest value of one order")},
    [RISK_COLLAR] = {.word = "COLLAR",
                     GATE(collar, NULL, "distance of the price from mid, last trade or touch")},
    [RISK_COLLAR_WINDOW] = {.word = "COLLAR_WINDOW",
                            MONITOR(collar_window, NULL,
                                    "move of the mid within a minute; halts the instrument")},
    [RISK_VOLATILITY] = {.word = "VOLATILITY",
                         MONITOR(volatility, risk_control_volatility,
                                 "orders shrink as the mid moves more in a minute")},
    [RISK_MAX_POS] = {.word = "MAX_POS",
                      GATE(max_pos, risk_control_max_pos,
                           "position of one instrument, and of one strategy, if every open order filled")},
    [RISK_MAX_GROSS] = {.word = "MAX_GROSS",
                        GATE(max_gross, risk_control_max_gross,
                             "positions and open orders of all instruments")},
    [RISK_MAX_OPEN_VALUE] = {.word = "MAX_OPEN_VALUE",
                             GATE(max_open_value, risk_control_max_open_value,
                                  "value of open orders of one instrument")},
    [RISK_MAX_OPEN_N] = {.word = "MAX_OPEN_N",
                         GATE(max_open_n, NULL, "number of open orders, of one instrument and in all")},
    [RISK_MSG_RATE] = {.word = "MSG_RATE", GATE(msg_rate, NULL, "messages in any second and any minute")},
    [RISK_REQ_WEIGHT] = {.word = "REQ_WEIGHT",
                         GATE(req_weight, NULL,
                              "share of the venue's request weight; the rest is for cancels")},
    [RISK_REPEAT] = {.word = "REPEAT",
                     MONITOR(repeat, NULL, "entries or fills of one strategy in a window; disables it")},
    [RISK_REJECT_STORM] = {.word = "REJECT_STORM",
                           MONITOR(reject_storm, NULL,
                                   "rejections of one strategy in a window; disables it")},
    [RISK_DUPLICATE] = {.word = "DUPLICATE", GATE(duplicate, NULL, "the same order again too soon")},
    [RISK_SELF_TRADE] = {.word = "SELF_TRADE",
                         GATE(self_trade, NULL, "no order may meet our own on the other side")},
    [RISK_BALANCE] = {.word = "BALANCE",
                      GATE(balance, risk_control_balance,
                           "free cash or held quantity; futures: exposure covered by equity")},
    [RISK_DAILY_LOSS] = {.word = "DAILY_LOSS",
                         MONITOR(daily_loss, NULL,
                                 "loss since 00:00 UTC: of a strategy, an instrument, in all")},
    [RISK_DRAWDOWN] = {.word = "DRAWDOWN", MONITOR(drawdown, NULL, "loss from the highest equity")},
    [RISK_TRADE_LOSS] = {.word = "TRADE_LOSS",
                         MONITOR(trade_loss, NULL,
                                 "loss of one round trip; disables its strategy, then more")},
    [RISK_LOSS_STREAK] = {.word = "LOSS_STREAK",
                          MONITOR(loss_streak, NULL,
                                  "losing round trips in a row: of a strategy, an instrument, in all")},
    [RISK_ORDER_TO_TRADE] = {.word = "ORDER_TO_TRADE",
                             MONITOR(order_to_trade, NULL,
                                     "messages for one fill in an hour; disables the strategy")},
    [RISK_REDUCE_ONLY] = {.word = "REDUCE_ONLY",
                          GATE(reduce_only, risk_control_reduce_only,
                               "an order marked so may not make a position larger")},
    [RISK_COMPARE] = {.word = "COMPARE",
                      PROCESS("what leaves is what was approved, byte for byte; else halts")},
    [RISK_CRASH_LOOP] =
        {.word = "CRASH_LOOP",
         PROCESS("5 crashes of an account within 10 minutes; then safe mode: only cancels until a go")},
    [RISK_CANCEL_ON_EXIT] = {.word = "CANCEL_ON_EXIT", PROCESS("own orders at the end: cancel or keep")},
    [RISK_DEADMAN] = {.word = "DEADMAN", PROCESS("without our heartbeat a watcher cancels our orders")},
    [RISK_POST_TRADE] = {.word = "POST_TRADE",
                         PROCESS("our positions and fills against the venue's; a difference reduces")},
    [RISK_LIMIT_CHANGE] = {.word = "LIMIT_CHANGE",
                           PROCESS("a looser limit needs a typed confirmation and leaves an audit line")},
    [RISK_SELFTEST] = {.word = "SELFTEST",
                       PROCESS("each control is fed one violating order at the start; else no start")},
    [RISK_ATTEST] = {.word = "ATTEST",
                     PROCESS("every control's value, source, use, last trip and last self-test, on demand")},
};

const char *risk_code_word(enum risk_code code)
{
    return (unsigned)code < RISK_CODES ? risk_control_table[code].word : "UNKNOWN";
}

const char *risk_code_help(enum risk_code code)
{
    return (unsigned)code < RISK_CODES ? risk_control_table[code].help : "not a code of this build";
}

enum risk_place risk_code_place(enum risk_code code)
{
    return (unsigned)code < RISK_CODES ? risk_control_table[code].place : RISK_PLACE_PROCESS;
}

const char *risk_place_word(enum risk_place place)
{
    static const char *const words[] = {"gate", "monitor", "process"};

    return (unsigned)place < sizeof words / sizeof words[0] ? words[place] : "?";
}
