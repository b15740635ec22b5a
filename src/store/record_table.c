/*
 * The table of the journal's records: one row a kind, one row a field, in the order of the bytes.
 *
 * It is the file format. A field is added at the end of its kind and nowhere else, none is removed or changes its kind
 * or width; `required` stays what it is. tests/golden/journal-1 holds the bytes that this has to go on reading.
 */
#include "store/record_codec.h"
#include "store/record_words.h"

#include <string.h>

/* NOLINTBEGIN(bugprone-macro-parentheses): members and texts to be joined, no expressions */
#define MEMBER(member)                                                                                       \
    offsetof(struct store_record, member), (uint16_t)sizeof(((struct store_record *)0)->member)
#define WIDTH(member) (uint8_t)sizeof(((struct store_record *)0)->member)

#define ROW(name, kind, width, member, key, help)                                                            \
    {                                                                                                        \
        name, kind, width, MEMBER(member), key, 0, NULL, help                                                \
    }
#define UNSIGNED(name, member, help)     ROW(name, FIELD_UNSIGNED, WIDTH(member), member, false, help)
#define KEY_UNSIGNED(name, member, help) ROW(name, FIELD_UNSIGNED, WIDTH(member), member, true, help)
#define SIGNED(name, member, help)       ROW(name, FIELD_SIGNED, WIDTH(member), member, false, help)
#define E8(name, member, help)           ROW(name, FIELD_E8, WIDTH(member), member, false, help)
#define TIME(name, member, help)         ROW(name, FIELD_TIME, WIDTH(member), member, false, help)
#define BOOL(name, member, help)         ROW(name, FIELD_BOOL, 1, member, false, help)
#define TEXT(name, member, help)         ROW(name, FIELD_TEXT, 2, member, false, help)
#define KEY_TEXT(name, member, help)     ROW(name, FIELD_TEXT, 2, member, true, help)
#define BYTES(name, member, help)        ROW(name, FIELD_BYTES, 2, member, false, help)
#define ENUM(name, member, count, word, help)                                                                \
    {                                                                                                        \
        name, FIELD_ENUM, 1, MEMBER(member), false, count, word, help                                        \
    }

/* Before the fields of each kind; names, as ids are of one run. */
#define SYMBOL     TEXT("symbol", symbol, "symbol; empty: of none")
#define KEY_SYMBOL KEY_TEXT("symbol", symbol, "symbol; empty: of none")
#define OWNER      TEXT("owner", owner, "manual or a strategy; empty: of none")
#define KEY_OWNER  KEY_TEXT("owner", owner, "manual or a strategy; empty: of all together")

#define SCALE(base)                                                                                          \
    E8("tick", base.tick_e8, "price step that *_ticks count"),                                               \
        E8("lot", base.lot_e8, "quantity step that *_lots count")

#define INTENT(base)                                                                                         \
    UNSIGNED("instrument", base.instrument_id, "number of the symbol in its run"),                           \
        UNSIGNED("owner_id", base.owner, "number of the owner in its run"),                                  \
        ENUM("side", base.side, SIDE_COUNT, word_of_side, "side"),                                           \
        ENUM("type", base.type, ORDER_TYPES, word_of_order_type, "type of order"),                           \
        ENUM("tif", base.tif, WORDS_TIF, word_of_tif, "time in force"),                                      \
        BOOL("post_only", base.post_only, "may not take"),                                                   \
        BOOL("reduce_only", base.reduce_only, "may only bring the position down"),                           \
        BOOL("may_cut", base.may_cut, "the gate may pass less of it"),                                       \
        BOOL("flatten", base.flatten, "of an operator's flatten"),                                           \
        SIGNED("price_ticks", base.price_ticks, "limit; of what takes: the worst price"),                    \
        SIGNED("stop_ticks", base.stop_ticks, "trade price that sets it off"),                               \
        SIGNED("trail_ticks", base.trail_ticks, "distance of a trailing stop"),                              \
        SIGNED("qty_lots", base.qty_lots, "quantity, fills included"),                                       \
        SIGNED("display_lots", base.display_lots, "most that shows at a time; 0: all"),                      \
        TIME("expires", base.expire_ns, "when a GTD order ends"),                                            \
        SIGNED("take_ticks", base.bracket_take_ticks, "bracket: where its profit is taken"),                 \
        SIGNED("loss_ticks", base.bracket_stop_ticks, "bracket: where its loss is stopped"),                 \
        UNSIGNED("group", base.group, "OCO group; 0: none"),                                                 \
        UNSIGNED("parent", base.parent, "larger order or quote that it is of; 0: none"),                     \
        UNSIGNED("correlation", base.correlation_id, "signal or key that caused it")

#define FILL(prefix, base)                                                                                   \
    UNSIGNED(prefix "trade", base.trade_id, "the venue's id of the trade"),                                  \
        UNSIGNED(prefix "order_seq", base.order_seq, "order that filled"),                                   \
        UNSIGNED(prefix "instrument", base.instrument_id, "number of the symbol in its run"),                \
        UNSIGNED(prefix "owner_id", base.owner, "number of the owner in its run"),                           \
        ENUM(prefix "side", base.side, SIDE_COUNT, word_of_side, "side of the order"),                       \
        BOOL(prefix "maker", base.maker, "it rested; else it took"),                                         \
        TIME(prefix "at", base.ts_ns, "when, as the venue says"),                                            \
        SIGNED(prefix "price_ticks", base.price_ticks, "price"),                                             \
        SIGNED(prefix "qty_lots", base.qty_lots, "quantity of this fill"),                                   \
        E8(prefix "value", base.value_e8, "price times quantity, in the quote asset"),                       \
        E8(prefix "fee", base.fee_e8, "in the quote asset; below 0: a rebate"),                              \
        SIGNED(prefix "arrival_mid2_ticks", base.arrival_mid2_ticks, "twice the mid when it was sent"),      \
        E8(prefix "realised", base.realised_e8, "profit that it closed, fees apart"),                        \
        E8(prefix "fee_asset", base.fee_asset_e8, "fee in the venue's own asset; 0: in the quote asset")
/* NOLINTEND(bugprone-macro-parentheses) */

static const struct record_field instrument_fields[] = {
    KEY_TEXT("symbol", instrument.symbol, "symbol"), /* the record's own is a copy of it */
    OWNER,
    TEXT("base", instrument.base, "base asset"),
    TEXT("quote", instrument.quote, "quote asset"),
    ENUM("venue", instrument.venue, WORDS_VENUE, word_of_venue, "venue"),
    UNSIGNED("instrument", instrument.id, "number of the symbol in its run"),
    ENUM("step_source", instrument.step_source, WORDS_STEP_SOURCE, word_of_step_source,
         "where the steps are from"),
    E8("tick", instrument.tick_e8, "smallest price step; 0: not known yet"),
    E8("lot", instrument.lot_e8, "smallest quantity step; 0: not known yet"),
    SIGNED("qty_lots_min", instrument.qty_lots_min, "least of one order; 0: no bound known"),
    SIGNED("qty_lots_max", instrument.qty_lots_max, "most of one order"),
    SIGNED("market_qty_lots_max", instrument.market_qty_lots_max, "most of one market order"),
    E8("notional_min", instrument.notional_e8_min, "least value of one order"),
    E8("notional_max", instrument.notional_e8_max, "greatest value of one order"),
    SIGNED("price_ticks_min", instrument.price_ticks_min, "lowest price"),
    SIGNED("price_ticks_max", instrument.price_ticks_max, "highest price"),
    BOOL("trading", instrument.trading, "the venue lets it trade"),
    BOOL("inverse", instrument.inverse, "quantities in contracts"),
};

static const struct record_field order_fields[] = {
    SYMBOL,
    OWNER,
    KEY_UNSIGNED("seq", order.order.seq, "number in the client order id"),
    INTENT(order.order.intent),
    ENUM("state", order.order.state, ORDER_STATES, word_of_order_state, "state from now on"),
    TIME("sent", order.order.sent_ns, "when it was sent"),
    TIME("updated", order.order.updated_ns, "when it changed last"),
    SIGNED("filled_lots", order.order.filled_lots, "quantity that filled"),
    E8("filled_value", order.order.filled_value_e8, "sum of price times quantity of its fills"),
    SIGNED("arrival_mid2_ticks", order.order.arrival_mid2_ticks, "twice the mid when it was sent"),
    SIGNED("queue_expected_lots", order.order.queue_expected_lots, "before it in the queue; -1: unknown"),
    SIGNED("queue_worst_lots", order.order.queue_worst_lots, "likewise, at worst"),
    TIME("acked", order.order.acked_ns, "when the venue took it"),
    TIME("first_fill", order.order.first_fill_ns, "when it filled first"),
    TIME("asked", order.order.asked_ns, "when the newest request for it was sent"),
    TIME("replace_asked", order.order.replace_asked_ns, "when the newest replace was sent"),
    TIME("queried", order.order.queried_ns, "when the venue was last asked about it"),
    TIME("replaced", order.order.replaced_ns, "newest replace that counted"),
    SIGNED("replace_price_ticks", order.order.replace_price_ticks, "price that a replace asks for"),
    SIGNED("replace_qty_lots", order.order.replace_qty_lots, "quantity that a replace asks for"),
    BOOL("triggered", order.order.triggered, "it was set off"),
    ENUM("error", order.order.error, ORDER_ERRORS, word_of_order_error, "why it ended"),
    SCALE(order.scale),
    E8("price", order.price_e8, "price_ticks as money"),
    E8("stop", order.stop_e8, "stop_ticks as money"),
    E8("qty", order.qty_e8, "qty_lots as a quantity"),
    E8("display", order.display_e8, "display_lots as a quantity"),
    E8("filled", order.filled_e8, "filled_lots as a quantity"),
};

static const struct record_field fill_fields[] = {
    SYMBOL,
    OWNER,
    FILL("", fill.fill),
    SCALE(fill.scale),
    E8("price", fill.price_e8, "price_ticks as money"),
    E8("qty", fill.qty_e8, "qty_lots as a quantity"),
};

static const struct record_field equity_fields[] = {
    SYMBOL,
    OWNER,
    E8("equity", equity.equity_e8, "cash and positions at their marks"),
    E8("cash", equity.cash_e8, "cash"),
    E8("realised", equity.realised_e8, "profit of closed lots, fees apart"),
    E8("unrealised", equity.unrealised_e8, "profit of open lots at their marks"),
    E8("fees", equity.fees_e8, "fees paid"),
    E8("drawdown", equity.drawdown_e8, "below the highest equity so far"),
};

static const struct record_field story_fields[] = {
    SYMBOL,
    OWNER,
    UNSIGNED("order_seq", story.order_seq, "order"),
    SIGNED("line", story.line, "from 0"),
    TEXT("text", story.text, "the line"),
};

static const struct record_field audit_fields[] = {
    SYMBOL,
    OWNER,
    TEXT("event", audit.event, "what it is about: denied, killed, ..."),
    TEXT("by", audit.owner, "who"),
    UNSIGNED("instrument", audit.instrument_id, "number of the symbol in its run; 65535: of none"),
    TEXT("text", audit.text, "the line"),
};

static const struct record_field session_fields[] = {
    SYMBOL,
    OWNER,
    UNSIGNED("epoch", session.epoch, "of the client order ids: fd-EPOCH-SEQ"),
    UNSIGNED("session", session.session, "counted from 1 in this journal"),
    BOOL("fresh", session.fresh, "nothing of before counts any more"),
    TEXT("run", session.kind, "kind of run"),
    TEXT("mode", session.mode, "mode that it began in"),
    TEXT("source", session.source, "where the market is from"),
    TEXT("version", session.version, "of the program"),
    TEXT("config_sha256", session.config_sha256, "of the settings"),
    TIME("crash_1", session.crash_ns[0], "the newest runs that did not end in order, oldest first"),
    TIME("crash_2", session.crash_ns[1], "likewise"),
    TIME("crash_3", session.crash_ns[2], "likewise"),
    TIME("crash_4", session.crash_ns[3], "likewise"),
    TIME("crash_5", session.crash_ns[4], "likewise"),
};

static const struct record_field session_end_fields[] = {
    SYMBOL,
    OWNER,
    UNSIGNED("session", session_end.session, "which"),
    UNSIGNED("records", session_end.records, "of the session"),
    TEXT("why", session_end.why, "why it ended"),
};

static const struct record_field command_fields[] = {
    SYMBOL,
    OWNER,
    ENUM("command", command.kind, WORDS_COMMAND, word_of_command, "what is asked"),
    UNSIGNED("seq", command.seq, "number of the sender's"),
    UNSIGNED("on_instrument", command.instrument_id, "number of the symbol in its run"),
    BOOL("flag", command.flag, "yes or no, as the command has it"),
    ENUM("mode", command.mode, WORDS_MODE, word_of_mode, "set-mode: the mode"),
    ENUM("state", command.state, WORDS_STATE, word_of_state, "set-state: the state"),
    UNSIGNED("order_seq", command.order_seq, "cancel, move: the order"),
    SIGNED("number", command.number, "number, as the command has it"),
    UNSIGNED("index", command.index, "which parameter, limit or latency"),
    INTENT(command.intent),
    TEXT("source", command.source, "key, signal, file, ..."),
};

static const struct record_field answer_fields[] = {
    SYMBOL,
    OWNER,
    ENUM("event", answer.event.kind, ORDER_EVENT_KINDS, word_of_order_event, "what the gateway said"),
    UNSIGNED("order_seq", answer.event.order_seq, "of which order"),
    TIME("at", answer.event.ts_ns, "when, as the venue says"),
    FILL("fill_", answer.event.fill),
    ENUM("error", answer.event.error, ORDER_ERRORS, word_of_order_error, "why it ended or was refused"),
    SIGNED("price_ticks", answer.event.price_ticks, "replaced: new price; triggered: the trade's"),
    SIGNED("qty_lots", answer.event.qty_lots, "replaced: new quantity"),
    SCALE(answer.scale),
    TEXT("text", answer.text, "the reason in words"),
};

static const struct record_field position_fields[] = {
    KEY_SYMBOL,
    KEY_OWNER,
    SIGNED("lots", position.position.lots, "held; below 0: short"),
    E8("cost", position.position.cost_e8, "paid for the open lots; below 0: received"),
    E8("cash", position.position.cash_e8, "sum of all flows of cash, fees apart"),
    E8("realised", position.position.realised_e8, "profit of closed lots, fees apart"),
    E8("fees", position.position.fees_e8, "fees paid"),
    E8("open_fees", position.position.open_fees_e8, "fees paid for the open lots"),
    SIGNED("bought_lots", position.position.bought_lots, "bought in all"),
    SIGNED("sold_lots", position.position.sold_lots, "sold in all"),
    UNSIGNED("fills", position.position.fills, "fills so far"),
    UNSIGNED("closed_trips", position.position.closed_trips, "round trips from flat to flat"),
    UNSIGNED("winning_trips", position.position.winning_trips, "of these, with a profit after fees"),
    E8("trip_net", position.position.trip_net_e8, "of the round trip that is open"),
    E8("funding", position.position.funding_e8, "received for holding; below 0: paid"),
    SCALE(position.scale),
    E8("day_realised", position.day_realised_e8, "realised at 00:00 UTC"),
    E8("day_fees", position.day_fees_e8, "fees at 00:00 UTC"),
    E8("day_open", position.day_open_e8, "profit of open lots at 00:00 UTC"),
    E8("trip_base", position.trip_base_e8, "earned when it was last flat"),
};

static const struct record_field account_fields[] = {
    SYMBOL,
    OWNER,
    KEY_TEXT("quote", account.quote, "quote asset"),
    E8("start", account.start_e8, "what it began with"),
    E8("cash", account.cash_e8, "cash"),
    E8("fees_elsewhere", account.fees_elsewhere_e8, "worth of fees paid in the venue's own asset"),
    E8("fee_asset", account.fee_asset_e8, "fees paid in the venue's own asset, in that asset"),
    E8("peak", account.peak_e8, "highest equity"),
    E8("max_drawdown", account.max_drawdown_e8, "deepest fall below it"),
    E8("day_start", account.day_start_e8, "equity at 00:00 UTC"),
    SIGNED("day", account.day, "days since 1970-01-01"),
    E8("equity", account.equity_e8, "then; moves with every price and is told with the rest alone"),
};

static const struct record_field trading_fields[] = {
    SYMBOL,
    OWNER,
    ENUM("state", trading.state, WORDS_STATE, word_of_state, "trading state"),
    ENUM("mode", trading.mode, WORDS_MODE, word_of_mode, "mode"),
    TIME("since", trading.since_ns, "since when"),
    BOOL("calendar_holds", trading.calendar_holds, "the schedule paused it"),
    UNSIGNED("halted_by", trading.halted_by, "number of the control that halted everything; 0: none"),
    SIGNED("streak", trading.streak, "round trips lost in a row"),
    E8("trip_worst", trading.trip_worst_e8, "largest loss of one round trip"),
    TEXT("why", trading.why, "why"),
    ENUM("beneath", trading.beneath, WORDS_STATE, word_of_state, "what stands when state ends"),
};

static const struct record_field owner_fields[] = {
    SYMBOL,
    KEY_OWNER,
    BOOL("on", owner_state.on, "switched on"),
    BOOL("paused", owner_state.paused, "paused"),
    BOOL("disabled", owner_state.disabled, "disabled until somebody enables it"),
    UNSIGNED("disabled_by", owner_state.disabled_by, "number of the control that did; 0: none"),
    UNSIGNED("fills", owner_state.fills, "fills so far"),
    UNSIGNED("faults", owner_state.faults, "faults so far"),
    UNSIGNED("strikes", owner_state.strikes, "times over its time budget"),
    SIGNED("streak", owner_state.streak, "round trips lost in a row"),
    E8("trip_worst", owner_state.trip_worst_e8, "largest loss of one round trip"),
    TEXT("why", owner_state.why, "why"),
    BOOL("configured_on", owner_state.configured_on, "what the configuration said"),
};

static const struct record_field symbol_fields[] = {
    KEY_SYMBOL,
    OWNER,
    UNSIGNED("halted_by", symbol_state.halted_by, "number of the control that halted it; 0: it trades"),
    SIGNED("streak", symbol_state.streak, "round trips lost in a row"),
    E8("trip_worst", symbol_state.trip_worst_e8, "largest loss of one round trip"),
};

static const struct record_field parameter_fields[] = {
    SYMBOL,
    KEY_OWNER,
    KEY_TEXT("name", parameter.name, "parameter of the strategy"),
    SIGNED("configured", parameter.configured, "what the configuration said when it was changed"),
    SIGNED("value", parameter.value, "whole number, or eight places behind the point, as its manifest says"),
};

static const struct record_field limit_fields[] = {
    SYMBOL,
    OWNER,
    KEY_TEXT("option", limit.option, "setting: risk.max_value, ..."),
    SIGNED("configured", limit.configured, "what the configuration said when it was changed"),
    SIGNED("value", limit.value, "what holds; units as configured"),
};

static const struct record_field time_fields[] = {
    SYMBOL,
    OWNER,
    KEY_UNSIGNED("slot", time.slot, "place in the windows"),
    ENUM("what", time.what, WORDS_TIME, word_of_time, "what a window counts"),
    TIME("at", time.at_ns, "when"),
    UNSIGNED("order_seq", time.order_seq, "the highest order number given so far"),
};

static const struct record_field memory_fields[] = {
    SYMBOL,
    KEY_OWNER,
    KEY_UNSIGNED("part", memory.part, "from 0"),
    UNSIGNED("parts", memory.parts, "so many belong together"),
    BYTES("bytes", memory.bytes, "as the strategy gave them"),
};

static const struct record_field candle_fields[] = {
    SYMBOL,
    OWNER,
    SIGNED("open_ms", candle.open_ms, "its first millisecond, the venue's time"),
    E8("open", candle.open_e8, "first price"),
    E8("high", candle.high_e8, "highest price"),
    E8("low", candle.low_e8, "lowest price"),
    E8("close", candle.close_e8, "last price"),
    E8("volume", candle.volume_e8, "quantity that traded"),
    E8("taker_buy", candle.taker_buy_e8, "of this, bought by takers"),
    UNSIGNED("count", candle.count, "trades"),
};

static const struct record_field signals_fields[] = {
    SYMBOL,
    OWNER,
    E8("mid", signals.mid_e8, "mid of the best prices"),
    E8("spread", signals.spread_e8, "between the best prices"),
    SIGNED("imbalance_1bp", signals.imbalance_1bp_ppm, "of the sizes within 1 bp of the mid, in millionths"),
    SIGNED("imbalance_10bp", signals.imbalance_10bp_ppm, "likewise within 10 bp"),
    SIGNED("ofi_sigma", signals.ofi_sigma_ppm, "order-flow imbalance over its own deviation, in millionths"),
    SIGNED("trade_imbalance", signals.trade_imbalance_ppm, "of takers' trades, in millionths"),
    E8("cvd", signals.cvd_e8, "bought less sold by takers since the start"),
    SIGNED("volatility_1m", signals.volatility_1m_ubp, "of the last minute, in millionths of a basis point"),
    SIGNED("momentum_60s", signals.momentum_60s_ubp,
           "move of the mid in 60 s, in millionths of a basis point"),
    SIGNED("vpin", signals.vpin_ppm, "share of one-sided volume, in millionths; -1: not known yet"),
};

static const struct record_field control_fields[] = {
    SYMBOL,
    OWNER,
    KEY_TEXT("name", control.name, "control, or setting of a limit; empty: of the day itself"),
    SIGNED("day", control.day, "UTC day that it is of: days since 1970-01-01"),
    TIME("since", control.since_ns, "of the day itself: counted from then on; 0: all of it"),
    SIGNED("largest", control.largest, "of a setting: its largest order; units as configured"),
    UNSIGNED("denied", control.denied, "orders that the control denied"),
    UNSIGNED("tripped", control.tripped, "times that it stopped a strategy, a symbol or everything"),
    TIME("denied_at", control.denied_ns, "the last time"),
    TIME("tripped_at", control.tripped_ns, "the last time"),
};

static const struct record_field kill_fields[] = {
    SYMBOL,
    OWNER,
    TIME("start", kill.start_ns, "when"),
    TIME("quiet", kill.quiet_ns, "when every order was known to be over; 0: not yet"),
    TIME("cleared", kill.cleared_ns, "when it was cleared; 0: not yet"),
    UNSIGNED("total", kill.total, "own orders that were open"),
    UNSIGNED("confirmed", kill.confirmed, "of these, known to be over"),
    UNSIGNED("filled", kill.filled, "of these, filled before their cancel came"),
    TEXT("by", kill.by, "who or what killed"),
    TEXT("cleared_by", kill.cleared_by, "who cleared it"),
};

#define KIND(word, state, required, key_end, help)                                                           \
    {                                                                                                        \
#word, help, state, word##_fields, sizeof(word##_fields) / sizeof(word##_fields[0]), required,       \
            key_end                                                                                          \
    }
#define EVENT(word, required, help)          KIND(word, false, required, 0, help)
#define STATE(word, required, key_end, help) KIND(word, true, required, key_end, help)

static const struct record_kind_row rows[STORE_RECORD_KINDS] = {
    [STORE_INSTRUMENT] = STATE(instrument, 18, 1, "what is traded: venue, steps, filters"),
    [STORE_ORDER] = STATE(order, 48, 3, "an order after a change; one that has ended leaves"),
    [STORE_FILL] = EVENT(fill, 20, "a fill"),
    [STORE_EQUITY] = EVENT(equity, 8, "a sample of the account, each second"),
    [STORE_STORY] = EVENT(story, 5, "a line of why an order filled or did not"),
    [STORE_AUDIT] = EVENT(audit, 6, "a line of the audit trail"),
    [STORE_SESSION] = STATE(session, 15, 0, "a run began"),
    [STORE_SESSION_END] = STATE(session_end, 5, 0, "a run ended in order"),
    [STORE_COMMAND] = EVENT(command, 32, "what a key, the socket, a signal or a clock asked"),
    [STORE_ANSWER] = EVENT(answer, 25, "what the gateway said of an order"),
    [STORE_POSITION] = STATE(position, 21, 2, "a position after a change"),
    [STORE_ACCOUNT] = STATE(account, 12, 3, "an account after a change"),
    [STORE_TRADING] = STATE(trading, 10, 0, "trading state and mode, and why"),
    [STORE_OWNER] = STATE(owner, 13, 2, "a strategy: on, paused, disabled"),
    [STORE_SYMBOL] = STATE(symbol, 5, 1, "a symbol: halted by a control"),
    [STORE_PARAMETER] = STATE(parameter, 5, 3, "a parameter that was changed at run time"),
    [STORE_LIMIT] = STATE(limit, 5, 3, "a limit that was changed at run time"),
    [STORE_TIME] = STATE(time, 6, 3, "a time that the windows of controls count"),
    [STORE_MEMORY] = STATE(memory, 5, 3, "what a strategy saved of itself"),
    [STORE_CANDLE] = EVENT(candle, 10, "a candle of one minute, once it is over"),
    [STORE_SIGNALS] = EVENT(signals, 12, "a sample of the signals"),
    [STORE_CONTROL] = STATE(control, 10, 3, "what a control counted on a UTC day"),
    [STORE_KILL] = STATE(kill, 10, 0, "the newest kill, and what came of it"),
};

const struct record_kind_row *record_kind_row(unsigned kind)
{
    return kind < STORE_RECORD_KINDS && rows[kind].name != NULL ? &rows[kind] : NULL;
}

unsigned record_kind_find(const char *name)
{
    for (unsigned kind = 0; kind < STORE_RECORD_KINDS; kind++)
        if (rows[kind].name != NULL && strcmp(rows[kind].name, name) == 0)
            return kind;
    return 0;
}
