#include "store/writer_sql.h"

/* The newest order of that number up to the session ?1. WHERE keeps ON CONFLICT apart from a join's ON. */
#define FIND_ORDER(seq, account)                                                                             \
    " FROM (SELECT orders.session, instrument, owner FROM orders JOIN sessions ON sessions.id ="             \
    " orders.session WHERE seq = " seq " AND sessions.account = " account " AND orders.session <= ?1"        \
    " ORDER BY orders.session DESC LIMIT 1) AS t WHERE true"

/* An instrument's steps may be refined, an order changes: the latest state stands. */
const char *const writer_sql[STATEMENTS] = {
    [PUT_INSTRUMENT] =
        ("INSERT INTO instruments(session, id, symbol, venue, base, quote, tick_e8, lot_e8, updated_ns)"
         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
         " ON CONFLICT(session, id) DO UPDATE SET symbol = ?3, venue = ?4, base = ?5, quote = ?6,"
         " tick_e8 = ?7, lot_e8 = ?8, updated_ns = ?9"),
    [PUT_ORDER] =
        ("INSERT INTO orders(session, seq, instrument, owner, correlation, parent, oco_group, side, type, "
         "tif,"
         " post_only, reduce_only, state, error, price_e8, stop_e8, qty_e8, display_e8, filled_e8,"
         " filled_value_e8, expire_ns, sent_ns, updated_ns, input_seq, owner_name) VALUES(?1, ?2, ?3, ?4, "
         "?5, ?6,"
         " ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)"
         " ON CONFLICT(session, seq) DO UPDATE SET oco_group = ?7, state = ?13, error = ?14, price_e8 = ?15,"
         " stop_e8 = ?16, qty_e8 = ?17, filled_e8 = ?19, filled_value_e8 = ?20, updated_ns = ?23,"
         " input_seq = ?24"),
    [PUT_FILL] =
        ("INSERT INTO fills(session, trade_id, order_seq, instrument, owner, side, maker, ts_ns, price_e8,"
         " qty_e8, value_e8, fee_e8, realised_e8, input_seq, owner_name, slippage_e8)"
         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"),
    [PUT_EQUITY] =
        ("INSERT INTO equity(session, ts_ns, equity_e8, cash_e8, realised_e8, unrealised_e8, fees_e8,"
         " drawdown_e8) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(session, ts_ns) DO UPDATE SET"
         " equity_e8 = ?3, cash_e8 = ?4, realised_e8 = ?5, unrealised_e8 = ?6, fees_e8 = ?7,"
         " drawdown_e8 = ?8"),
    [PUT_AUDIT] = ("INSERT INTO audit(session, ts_ns, input_seq, event, owner, instrument, text)"
                   " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
    [PUT_STORY] = ("INSERT INTO stories(session, order_seq, line, text) VALUES(?1, ?2, ?3, ?4)"
                   " ON CONFLICT(session, order_seq, line) DO UPDATE SET text = ?4"),
    [PUT_SESSION] = ("INSERT INTO sessions(kind, mode, source, version, start_ns, account, epoch, number)"
                     " VALUES(?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
    [PUT_POSITION] =
        ("INSERT INTO positions(session, symbol, owner, qty_e8, cost_e8, realised_e8, fees_e8, funding_e8,"
         " fills, updated_ns) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
         " ON CONFLICT(session, symbol, owner) DO UPDATE SET qty_e8 = ?4, cost_e8 = ?5, realised_e8 = ?6,"
         " fees_e8 = ?7, funding_e8 = ?8, fills = ?9, updated_ns = ?10"),
    [PUT_CANDLE] = ("INSERT OR REPLACE INTO candles(session, symbol, open_ms, open_e8, high_e8, low_e8, "
                    "close_e8, volume_e8,"
                    " taker_buy_e8, count) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"),
    [PUT_SIGNALS] =
        ("INSERT OR REPLACE INTO signals(session, symbol, ts_ns, mid_e8, spread_e8, imbalance_1bp_ppm,"
         " imbalance_10bp_ppm, ofi_sigma_ppm, trade_imbalance_ppm, cvd_e8, volatility_1m_ubp, "
         "momentum_60s_ubp,"
         " vpin_ppm) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"),
    [CHANGE_OLD_ORDER] =
        ("UPDATE orders SET state = ?3, error = ?4, filled_e8 = ?5, filled_value_e8 = ?6, updated_ns = ?7,"
         " input_seq = ?8 WHERE seq = ?2 AND session = (SELECT max(session) FROM orders JOIN sessions ON"
         " sessions.id = orders.session WHERE orders.seq = ?2 AND sessions.account = ?9 AND orders.session < "
         "?1)"),
    /* With the instrument and the owner as that session numbers them. */
    [PUT_OLD_FILL] =
        ("INSERT INTO fills(session, trade_id, order_seq, instrument, owner, side, maker, ts_ns, price_e8,"
         " qty_e8, value_e8, fee_e8, realised_e8, input_seq, owner_name, slippage_e8) SELECT t.session, ?2, "
         "?3,"
         " t.instrument, t.owner, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16" FIND_ORDER("?3", "?17")),
    [PUT_OLD_STORY] =
        ("INSERT INTO stories(session, order_seq, line, text) SELECT t.session, ?2, ?3, ?4" FIND_ORDER(
            "?2", "?5") " ON CONFLICT(session, order_seq, line) DO UPDATE SET text = ?4"),
    [END_SESSION] = "UPDATE sessions SET end_ns = ?2, records = ?3 WHERE id = ?1",
};
