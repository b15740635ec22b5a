#include "store/schema.h"

#include <stdio.h>

/*
 * Version 1. Foreign keys hold what the engine promises: a session and an instrument are there before their
 * orders, an order before its fills. Prices of market orders may be 0.
 */
static const char version_1[] =
    "CREATE TABLE sessions("
    "  id INTEGER PRIMARY KEY,"
    "  kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 32),"
    "  mode TEXT NOT NULL CHECK(length(mode) BETWEEN 1 AND 32),"
    "  source TEXT NOT NULL CHECK(length(source) <= 4096),"
    "  version TEXT NOT NULL CHECK(length(version) <= 64),"
    "  start_ns INTEGER NOT NULL,"
    "  end_ns INTEGER," /* NULL: still running, or it did not end in order */
    "  records INTEGER NOT NULL DEFAULT 0 CHECK(records >= 0)"
    ") STRICT;"
    "CREATE TABLE instruments("
    "  session INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,"
    "  id INTEGER NOT NULL CHECK(id BETWEEN 0 AND 65535),"
    "  symbol TEXT NOT NULL CHECK(length(symbol) BETWEEN 1 AND 23),"
    "  venue TEXT NOT NULL,"
    "  base TEXT NOT NULL,"
    "  quote TEXT NOT NULL,"
    "  tick_e8 INTEGER NOT NULL CHECK(tick_e8 >= 0),"
    "  lot_e8 INTEGER NOT NULL CHECK(lot_e8 >= 0),"
    "  updated_ns INTEGER NOT NULL,"
    "  PRIMARY KEY(session, id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE orders(" /* one row an order: its latest state */
    "  session INTEGER NOT NULL,"
    "  seq INTEGER NOT NULL CHECK(seq > 0),"
    "  instrument INTEGER NOT NULL,"
    "  owner INTEGER NOT NULL CHECK(owner BETWEEN 0 AND 65535)," /* 0: the trader's own hand */
    "  correlation INTEGER NOT NULL,"
    "  side TEXT NOT NULL CHECK(side IN ('BUY', 'SELL')),"
    "  type TEXT NOT NULL,"
    "  tif TEXT NOT NULL CHECK(tif IN ('GTC', 'IOC')),"
    "  post_only INTEGER NOT NULL CHECK(post_only IN (0, 1)),"
    "  reduce_only INTEGER NOT NULL CHECK(reduce_only IN (0, 1)),"
    "  state TEXT NOT NULL,"
    "  price_e8 INTEGER NOT NULL,"
    "  stop_e8 INTEGER NOT NULL,"
    "  qty_e8 INTEGER NOT NULL CHECK(qty_e8 > 0),"
    "  filled_e8 INTEGER NOT NULL CHECK(filled_e8 BETWEEN 0 AND qty_e8),"
    "  filled_value_e8 INTEGER NOT NULL,"
    "  sent_ns INTEGER NOT NULL,"
    "  updated_ns INTEGER NOT NULL,"
    "  input_seq INTEGER NOT NULL,"
    "  PRIMARY KEY(session, seq),"
    "  FOREIGN KEY(session, instrument) REFERENCES instruments(session, id) ON DELETE CASCADE"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE fills("
    "  session INTEGER NOT NULL,"
    "  trade_id INTEGER NOT NULL,"
    "  order_seq INTEGER NOT NULL,"
    "  instrument INTEGER NOT NULL,"
    "  owner INTEGER NOT NULL CHECK(owner BETWEEN 0 AND 65535),"
    "  side TEXT NOT NULL CHECK(side IN ('BUY', 'SELL')),"
    "  maker INTEGER NOT NULL CHECK(maker IN (0, 1)),"
    "  ts_ns INTEGER NOT NULL,"
    "  price_e8 INTEGER NOT NULL,"
    "  qty_e8 INTEGER NOT NULL CHECK(qty_e8 > 0),"
    "  value_e8 INTEGER NOT NULL,"
    "  fee_e8 INTEGER NOT NULL," /* of the quote asset; below 0: a rebate */
    "  realised_e8 INTEGER NOT NULL,"
    "  input_seq INTEGER NOT NULL,"
    "  PRIMARY KEY(session, trade_id),"
    "  FOREIGN KEY(session, order_seq) REFERENCES orders(session, seq) ON DELETE CASCADE"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX fills_of_order ON fills(session, order_seq);"
    "CREATE TABLE equity("
    "  session INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,"
    "  ts_ns INTEGER NOT NULL,"
    "  equity_e8 INTEGER NOT NULL,"
    "  cash_e8 INTEGER NOT NULL,"
    "  realised_e8 INTEGER NOT NULL,"
    "  unrealised_e8 INTEGER NOT NULL,"
    "  fees_e8 INTEGER NOT NULL,"
    "  drawdown_e8 INTEGER NOT NULL,"
    "  PRIMARY KEY(session, ts_ns)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE audit("
    "  id INTEGER PRIMARY KEY," /* in the order of writing */
    "  session INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,"
    "  ts_ns INTEGER NOT NULL,"
    "  input_seq INTEGER NOT NULL,"
    "  event TEXT NOT NULL CHECK(length(event) <= 32),"
    "  owner TEXT NOT NULL CHECK(length(owner) <= 32),"
    "  instrument INTEGER," /* NULL: of no instrument */
    "  text TEXT NOT NULL CHECK(length(text) <= 1024)"
    ") STRICT;"
    "CREATE INDEX audit_of_session ON audit(session, ts_ns);";

/* Version 2: every kind of order, and the story of each. Foreign keys are off while tables are made anew. */
static const char version_2[] =
    "CREATE TABLE orders_2("
    "  session INTEGER NOT NULL,"
    "  seq INTEGER NOT NULL CHECK(seq > 0),"
    "  instrument INTEGER NOT NULL,"
    "  owner INTEGER NOT NULL CHECK(owner BETWEEN 0 AND 65535)," /* 0: the trader's own hand */
    "  correlation INTEGER NOT NULL,"
    "  parent INTEGER NOT NULL DEFAULT 0," /* of the larger order that it is a part of; 0: none */
    "  oco_group INTEGER NOT NULL DEFAULT 0,"
    "  side TEXT NOT NULL CHECK(side IN ('BUY', 'SELL')),"
    "  type TEXT NOT NULL,"
    "  tif TEXT NOT NULL CHECK(tif IN ('GTC', 'IOC', 'FOK', 'GTD')),"
    "  post_only INTEGER NOT NULL CHECK(post_only IN (0, 1)),"
    "  reduce_only INTEGER NOT NULL CHECK(reduce_only IN (0, 1)),"
    "  state TEXT NOT NULL,"
    "  error TEXT NOT NULL DEFAULT 'none'," /* why it ended, where a venue said so */
    "  price_e8 INTEGER NOT NULL,"
    "  stop_e8 INTEGER NOT NULL,"
    "  qty_e8 INTEGER NOT NULL CHECK(qty_e8 > 0),"
    "  display_e8 INTEGER NOT NULL DEFAULT 0," /* iceberg; 0: all of it shows */
    "  filled_e8 INTEGER NOT NULL CHECK(filled_e8 BETWEEN 0 AND qty_e8),"
    "  filled_value_e8 INTEGER NOT NULL,"
    "  expire_ns INTEGER NOT NULL DEFAULT 0," /* GTD */
    "  sent_ns INTEGER NOT NULL,"
    "  updated_ns INTEGER NOT NULL,"
    "  input_seq INTEGER NOT NULL,"
    "  PRIMARY KEY(session, seq),"
    "  FOREIGN KEY(session, instrument) REFERENCES instruments(session, id) ON DELETE CASCADE"
    ") STRICT, WITHOUT ROWID;"
    "INSERT INTO orders_2(session, seq, instrument, owner, correlation, side, type, tif, post_only,"
    "  reduce_only, state, price_e8, stop_e8, qty_e8, filled_e8, filled_value_e8, sent_ns, updated_ns,"
    "  input_seq) SELECT session, seq, instrument, owner, correlation, side, type, tif, post_only,"
    "  reduce_only, state, price_e8, stop_e8, qty_e8, filled_e8, filled_value_e8, sent_ns, updated_ns,"
    "  input_seq FROM orders;"
    "DROP TABLE orders;"
    "ALTER TABLE orders_2 RENAME TO orders;"
    "CREATE TABLE stories(" /* why an order filled, or did not: lines for people */
    "  session INTEGER NOT NULL,"
    "  order_seq INTEGER NOT NULL,"
    "  line INTEGER NOT NULL CHECK(line >= 0),"
    "  text TEXT NOT NULL CHECK(length(text) <= 1024),"
    "  PRIMARY KEY(session, order_seq, line),"
    "  FOREIGN KEY(session, order_seq) REFERENCES orders(session, seq) ON DELETE CASCADE"
    ") STRICT, WITHOUT ROWID;";

/*
 * Version 3: the journal is the truth. A session is one of an account's journal (before: of none), `journals` says how far
 * each is in here, and positions are kept.
 */
static const char version_3[] =
    "ALTER TABLE sessions ADD COLUMN account TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sessions ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE sessions ADD COLUMN number INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX sessions_of_account ON sessions(account);"
    "CREATE TABLE journals("
    "  account TEXT PRIMARY KEY CHECK(length(account) BETWEEN 1 AND 31),"
    "  journal_id BLOB NOT NULL CHECK(length(journal_id) = 16),"
    "  seq INTEGER NOT NULL CHECK(seq >= 0)," /* rows are there up to this frame */
    "  chain BLOB NOT NULL CHECK(length(chain) = 32)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX orders_by_seq ON orders(seq);"
    "CREATE TABLE positions(" /* one row of each owner in each instrument: its latest state; '': all together */
    "  session INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,"
    "  symbol TEXT NOT NULL CHECK(length(symbol) BETWEEN 1 AND 23),"
    "  owner TEXT NOT NULL CHECK(length(owner) <= 15),"
    "  qty_e8 INTEGER NOT NULL," /* below 0: short */
    "  cost_e8 INTEGER NOT NULL,"
    "  realised_e8 INTEGER NOT NULL,"
    "  fees_e8 INTEGER NOT NULL,"
    "  funding_e8 INTEGER NOT NULL,"
    "  fills INTEGER NOT NULL CHECK(fills >= 0),"
    "  updated_ns INTEGER NOT NULL,"
    "  PRIMARY KEY(session, symbol, owner)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE candles(" /* of one minute, by the venue's time */
    "  session INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,"
    "  symbol TEXT NOT NULL CHECK(length(symbol) BETWEEN 1 AND 23),"
    "  open_ms INTEGER NOT NULL,"
    "  open_e8 INTEGER NOT NULL,"
    "  high_e8 INTEGER NOT NULL,"
    "  low_e8 INTEGER NOT NULL,"
    "  close_e8 INTEGER NOT NULL,"
    "  volume_e8 INTEGER NOT NULL CHECK(volume_e8 >= 0),"
    "  taker_buy_e8 INTEGER NOT NULL CHECK(taker_buy_e8 BETWEEN 0 AND volume_e8),"
    "  count INTEGER NOT NULL CHECK(count > 0),"
    "  PRIMARY KEY(session, symbol, open_ms)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX candles_by_time ON candles(open_ms);"
    "CREATE TABLE signals(" /* of a LIVE book each ten seconds; *_ppm: millionths, *_ubp: millionths of a basis point */
    "  session INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,"
    "  symbol TEXT NOT NULL CHECK(length(symbol) BETWEEN 1 AND 23),"
    "  ts_ns INTEGER NOT NULL,"
    "  mid_e8 INTEGER NOT NULL,"
    "  spread_e8 INTEGER NOT NULL,"
    "  imbalance_1bp_ppm INTEGER NOT NULL,"
    "  imbalance_10bp_ppm INTEGER NOT NULL,"
    "  ofi_sigma_ppm INTEGER NOT NULL,"
    "  trade_imbalance_ppm INTEGER NOT NULL,"
    "  cvd_e8 INTEGER NOT NULL,"
    "  volatility_1m_ubp INTEGER NOT NULL,"
    "  momentum_60s_ubp INTEGER NOT NULL,"
    "  vpin_ppm INTEGER,"
    "  PRIMARY KEY(session, symbol, ts_ns)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX signals_by_time ON signals(ts_ns);"
    "CREATE INDEX equity_by_time ON equity(ts_ns);";

/*
 * Version 4: whose an order and a fill are by name (numbers are of one run), and what a fill cost against the mid when its
 * order was sent. Rows of before have neither: '' and NULL.
 */
static const char version_4[] =
    "ALTER TABLE fills ADD COLUMN owner_name TEXT NOT NULL DEFAULT '' CHECK(length(owner_name) <= 15);"
    "ALTER TABLE orders ADD COLUMN owner_name TEXT NOT NULL DEFAULT '' CHECK(length(owner_name) <= 15);"
    "ALTER TABLE fills ADD COLUMN slippage_e8 INTEGER;" /* above 0: worse than the mid */
    "CREATE INDEX fills_by_time ON fills(ts_ns);";

const char *const schema_steps[] = {version_1, version_2, version_3, version_4};
const int schema_version = sizeof(schema_steps) / sizeof(schema_steps[0]);

int schema_read_pragma(sqlite3 *handle, const char *name, int *out)
{
    char sql[64];
    sqlite3_stmt *statement;
    int code;

    snprintf(sql, sizeof(sql), "PRAGMA %s", name);
    code = sqlite3_prepare_v2(handle, sql, -1, &statement, NULL);
    if (code != SQLITE_OK)
        return code;
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        *out = sqlite3_column_int(statement, 0);
        code = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    return code;
}

static int take_steps(sqlite3 *handle, const char *const *steps, int count)
{
    char sql[96];
    int version = 0;
    int code = schema_read_pragma(handle, "user_version", &version);

    while (code == SQLITE_OK && version < count)
        code = sqlite3_exec(handle, steps[version++], NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return code;
    snprintf(sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %d", SCHEMA_APPLICATION_ID,
             count);
    return sqlite3_exec(handle, sql, NULL, NULL, NULL);
}

/* A row that points nowhere, made by a step: no step may leave one. */
static int check_references(sqlite3 *handle)
{
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(handle, "PRAGMA foreign_key_check", -1, &statement, NULL);

    if (code != SQLITE_OK)
        return code;
    code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    return code == SQLITE_ROW ? SQLITE_CONSTRAINT : code == SQLITE_DONE ? SQLITE_OK : code;
}

static int migrate(sqlite3 *handle, const char *const *steps, int count)
{
    int code = sqlite3_exec(handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);

    if (code != SQLITE_OK)
        return code;
    code = take_steps(handle, steps, count);
    if (code == SQLITE_OK)
        code = check_references(handle);
    if (code == SQLITE_OK)
        code = sqlite3_exec(handle, "COMMIT", NULL, NULL, NULL);
    if (code != SQLITE_OK && sqlite3_get_autocommit(handle) == 0)
        sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

int schema_migrate(sqlite3 *handle, const char *const *steps, int count)
{
    int foreign_keys = 1, code = schema_read_pragma(handle, "foreign_keys", &foreign_keys);

    if (code ==
        SQLITE_OK) /* outside of the transaction, or it does nothing (sqlite.org/lang_altertable.html, 7) */
        code = sqlite3_exec(handle, "PRAGMA foreign_keys = OFF", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = migrate(handle, steps, count);
    if (foreign_keys != 0) {
        int back = sqlite3_exec(handle, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);

        code = code == SQLITE_OK ? back : code;
    }
    return code;
}
