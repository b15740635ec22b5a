#include "store/writer.h"

#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "store/writer_sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AUDIT_OUT_SIZE 1024 /* escapes make a text longer; the table's bound */

struct writer {
    struct db *db;
    char account[WRITER_ACCOUNT_SIZE];
    sqlite3_int64 session; /* 0: none yet */
    uint64_t old_seq;      /* orders up to here are of earlier sessions */
    bool partial;          /* the first sessions are retired: an order may be in none */
    sqlite3_stmt *statement[STATEMENTS];
};

/* The next parameter of a statement; bindings of a prepared statement fail for lack of memory alone, and then
 * the statement itself does. */
struct binding {
    sqlite3_stmt *statement;
    int next;
};

static struct binding bind_start(struct writer *writer, enum statement which)
{
    struct binding binding = {writer->statement[which], 1};

    sqlite3_bind_int64(binding.statement, binding.next++, writer->session);
    return binding;
}

static void bind_number(struct binding *binding, int64_t value)
{
    sqlite3_bind_int64(binding->statement, binding->next++, value);
}

/* Text must live until the statement is run. */
static void bind_text(struct binding *binding, const char *text)
{
    sqlite3_bind_text(binding->statement, binding->next++, text, -1, SQLITE_STATIC);
}

static enum err run(struct writer *writer, struct binding *binding, const char *doing, char *why,
                    size_t why_size)
{
    int code = sqlite3_step(binding->statement);
    enum err err = code == SQLITE_DONE ? ERR_OK : db_explain(writer->db, doing, code, why, why_size);

    sqlite3_reset(binding->statement);
    sqlite3_clear_bindings(binding->statement);
    return err;
}

static enum err put_instrument(struct writer *writer, const struct store_record *record, char *why,
                               size_t why_size)
{
    const struct instrument *instrument = &record->instrument;
    struct binding binding = bind_start(writer, PUT_INSTRUMENT);

    bind_number(&binding, instrument->id);
    bind_text(&binding, instrument->symbol);
    bind_text(&binding, venue_name(instrument->venue));
    bind_text(&binding, instrument->base);
    bind_text(&binding, instrument->quote);
    bind_number(&binding, instrument->tick_e8);
    bind_number(&binding, instrument->lot_e8);
    bind_number(&binding, record->ts_ns);
    return run(writer, &binding, "storing an instrument", why, why_size);
}

/* An order that an earlier session sent: its row is there. */
static enum err change_old_order(struct writer *writer, const struct store_record *record, char *why,
                                 size_t why_size)
{
    const struct order *order = &record->order.order;
    struct binding binding = bind_start(writer, CHANGE_OLD_ORDER);

    bind_number(&binding, (int64_t)order->seq);
    bind_text(&binding, order_state_word(order->state));
    bind_text(&binding, order_error_word(order->error));
    bind_number(&binding, record->order.filled_e8);
    bind_number(&binding, order->filled_value_e8);
    bind_number(&binding, order->updated_ns);
    bind_number(&binding, (int64_t)record->input_seq);
    bind_text(&binding, writer->account);
    return run(writer, &binding, "storing an order's end", why, why_size);
}

static enum err put_order(struct writer *writer, const struct store_record *record, char *why,
                          size_t why_size)
{
    const struct order *order = &record->order.order;
    const struct order_intent *intent = &order->intent;
    struct binding binding;

    if (order->seq <= writer->old_seq)
        return change_old_order(writer, record, why, why_size);
    binding = bind_start(writer, PUT_ORDER);
    bind_number(&binding, (int64_t)order->seq);
    bind_number(&binding, intent->instrument_id);
    bind_number(&binding, intent->owner);
    bind_number(&binding, (int64_t)intent->correlation_id);
    bind_number(&binding, (int64_t)intent->parent);
    bind_number(&binding, (int64_t)intent->group);
    bind_text(&binding, side_word(intent->side));
    bind_text(&binding, order_type_word(intent->type));
    bind_text(&binding, time_in_force_word(intent->tif));
    bind_number(&binding, intent->post_only);
    bind_number(&binding, intent->reduce_only);
    bind_text(&binding, order_state_word(order->state));
    bind_text(&binding, order_error_word(order->error));
    bind_number(&binding, record->order.price_e8);
    bind_number(&binding, record->order.stop_e8);
    bind_number(&binding, record->order.qty_e8);
    bind_number(&binding, record->order.display_e8);
    bind_number(&binding, record->order.filled_e8);
    bind_number(&binding, order->filled_value_e8);
    bind_number(&binding, intent->expire_ns);
    bind_number(&binding, order->sent_ns);
    bind_number(&binding, order->updated_ns);
    bind_number(&binding, (int64_t)record->input_seq);
    bind_text(&binding, record->owner);
    return run(writer, &binding, "storing an order", why, why_size);
}

/* Its row is in an earlier session, or was retired: what comes of it now goes to where it is, if it is. */
static bool is_old_order(const struct writer *writer, uint64_t seq)
{
    return seq <= writer->old_seq || writer->partial;
}

/* Money against the mid when the order was sent, above 0: worse. False: the mid is not known. */
static bool slippage_of(const struct store_record *record, int64_t *out)
{
    const struct fill *fill = &record->fill.fill;
    struct instrument steps = {.tick_e8 = record->fill.scale.tick_e8, .lot_e8 = record->fill.scale.lot_e8};

    if (fill->arrival_mid2_ticks == 0)
        return false;
    *out = side_sign(fill->side) *
           (fill->value_e8 - instrument_value_e8(&steps, fill->arrival_mid2_ticks, fill->qty_lots) / 2);
    return true;
}

static enum err put_fill(struct writer *writer, const struct store_record *record, char *why, size_t why_size)
{
    const struct fill *fill = &record->fill.fill;
    bool is_old = is_old_order(writer, fill->order_seq);
    struct binding binding = bind_start(writer, is_old ? PUT_OLD_FILL : PUT_FILL);
    int64_t slippage_e8;

    bind_number(&binding, (int64_t)fill->trade_id);
    bind_number(&binding, (int64_t)fill->order_seq);
    bind_number(&binding, fill->instrument_id);
    bind_number(&binding, fill->owner);
    bind_text(&binding, side_word(fill->side));
    bind_number(&binding, fill->maker);
    bind_number(&binding, fill->ts_ns);
    bind_number(&binding, record->fill.price_e8);
    bind_number(&binding, record->fill.qty_e8);
    bind_number(&binding, fill->value_e8);
    bind_number(&binding, fill->fee_e8);
    bind_number(&binding, fill->realised_e8);
    bind_number(&binding, (int64_t)record->input_seq);
    bind_text(&binding, record->owner);
    if (slippage_of(record, &slippage_e8))
        bind_number(&binding, slippage_e8);
    else
        sqlite3_bind_null(binding.statement, binding.next++);
    if (is_old)
        bind_text(&binding, writer->account);
    return run(writer, &binding, "storing a fill", why, why_size);
}

static enum err put_equity(struct writer *writer, const struct store_record *record, char *why,
                           size_t why_size)
{
    struct binding binding = bind_start(writer, PUT_EQUITY);

    bind_number(&binding, record->ts_ns);
    bind_number(&binding, record->equity.equity_e8);
    bind_number(&binding, record->equity.cash_e8);
    bind_number(&binding, record->equity.realised_e8);
    bind_number(&binding, record->equity.unrealised_e8);
    bind_number(&binding, record->equity.fees_e8);
    bind_number(&binding, record->equity.drawdown_e8);
    return run(writer, &binding, "storing an equity sample", why, why_size);
}

static enum err put_audit(struct writer *writer, const struct store_record *record, char *why,
                          size_t why_size)
{
    char text[AUDIT_OUT_SIZE];
    struct binding binding = bind_start(writer, PUT_AUDIT);

    safe_text(record->audit.text, strnlen(record->audit.text, sizeof(record->audit.text)), text,
              sizeof(text));
    bind_number(&binding, record->ts_ns);
    bind_number(&binding, (int64_t)record->input_seq);
    bind_text(&binding, record->audit.event);
    bind_text(&binding, record->audit.owner);
    if (record->audit.instrument_id == UINT16_MAX)
        sqlite3_bind_null(binding.statement, binding.next++);
    else
        bind_number(&binding, record->audit.instrument_id);
    bind_text(&binding, text);
    return run(writer, &binding, "storing an audit line", why, why_size);
}

static enum err put_story(struct writer *writer, const struct store_record *record, char *why,
                          size_t why_size)
{
    char text[AUDIT_OUT_SIZE];
    bool is_old = is_old_order(writer, record->story.order_seq);
    struct binding binding = bind_start(writer, is_old ? PUT_OLD_STORY : PUT_STORY);

    safe_text(record->story.text, strnlen(record->story.text, sizeof(record->story.text)), text,
              sizeof(text));
    bind_number(&binding, (int64_t)record->story.order_seq);
    bind_number(&binding, record->story.line);
    bind_text(&binding, text);
    if (is_old)
        bind_text(&binding, writer->account);
    return run(writer, &binding, "storing an order's story", why, why_size);
}

static enum err put_position(struct writer *writer, const struct store_record *record, char *why,
                             size_t why_size)
{
    const struct position *position = &record->position.position;
    struct binding binding = bind_start(writer, PUT_POSITION);

    bind_text(&binding, record->symbol);
    bind_text(&binding, record->owner);
    bind_number(&binding, decimal_mul_div(position->lots, record->position.scale.lot_e8, 1));
    bind_number(&binding, position->cost_e8);
    bind_number(&binding, position->realised_e8);
    bind_number(&binding, position->fees_e8);
    bind_number(&binding, position->funding_e8);
    bind_number(&binding, (int64_t)position->fills);
    bind_number(&binding, record->ts_ns);
    return run(writer, &binding, "storing a position", why, why_size);
}

static enum err put_candle(struct writer *writer, const struct store_record *record, char *why,
                           size_t why_size)
{
    struct binding binding = bind_start(writer, PUT_CANDLE);

    bind_text(&binding, record->symbol);
    bind_number(&binding, record->candle.open_ms);
    bind_number(&binding, record->candle.open_e8);
    bind_number(&binding, record->candle.high_e8);
    bind_number(&binding, record->candle.low_e8);
    bind_number(&binding, record->candle.close_e8);
    bind_number(&binding, record->candle.volume_e8);
    bind_number(&binding, record->candle.taker_buy_e8);
    bind_number(&binding, (int64_t)record->candle.count);
    return run(writer, &binding, "storing a candle", why, why_size);
}

static enum err put_signals(struct writer *writer, const struct store_record *record, char *why,
                            size_t why_size)
{
    struct binding binding = bind_start(writer, PUT_SIGNALS);

    bind_text(&binding, record->symbol);
    bind_number(&binding, record->ts_ns);
    bind_number(&binding, record->signals.mid_e8);
    bind_number(&binding, record->signals.spread_e8);
    bind_number(&binding, record->signals.imbalance_1bp_ppm);
    bind_number(&binding, record->signals.imbalance_10bp_ppm);
    bind_number(&binding, record->signals.ofi_sigma_ppm);
    bind_number(&binding, record->signals.trade_imbalance_ppm);
    bind_number(&binding, record->signals.cvd_e8);
    bind_number(&binding, record->signals.volatility_1m_ubp);
    bind_number(&binding, record->signals.momentum_60s_ubp);
    if (record->signals.vpin_ppm < 0)
        sqlite3_bind_null(binding.statement, binding.next++);
    else
        bind_number(&binding, record->signals.vpin_ppm);
    return run(writer, &binding, "storing signals", why, why_size);
}

static enum err find_old_orders(struct writer *writer, char *why, size_t why_size)
{
    static const char sql[] =
        "SELECT max(orders.seq), (SELECT min(number) FROM sessions WHERE account = ?1) > 1"
        " FROM orders JOIN sessions ON sessions.id = orders.session"
        " WHERE sessions.account = ?1 AND orders.session < ?2";
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(db_handle(writer->db), sql, -1, &statement, NULL);

    if (code == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, writer->account, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 2, writer->session);
        code = sqlite3_step(statement);
        writer->old_seq = code == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(statement, 0) : 0;
        writer->partial = code == SQLITE_ROW && sqlite3_column_int(statement, 1) != 0;
        sqlite3_finalize(statement);
    }
    return code == SQLITE_ROW ? ERR_OK : db_explain(writer->db, "reading the orders", code, why, why_size);
}

static enum err put_session(struct writer *writer, const struct store_record *record, char *why,
                            size_t why_size)
{
    struct binding binding = bind_start(writer, PUT_SESSION);
    enum err err;

    bind_text(&binding, record->session.kind);
    bind_text(&binding, record->session.mode);
    bind_text(&binding, record->session.source);
    bind_text(&binding, record->session.version);
    bind_number(&binding, record->ts_ns);
    bind_text(&binding, writer->account);
    bind_number(&binding, (int64_t)record->session.epoch);
    bind_number(&binding, (int64_t)record->session.session);
    err = run(writer, &binding, "opening a session", why, why_size);
    if (err != ERR_OK)
        return err;
    writer->session = sqlite3_last_insert_rowid(db_handle(writer->db));
    writer->old_seq = 0;
    writer->partial = false;
    return record->session.fresh ? ERR_OK : find_old_orders(writer, why, why_size);
}

static enum err end_session(struct writer *writer, const struct store_record *record, char *why,
                            size_t why_size)
{
    struct binding binding = bind_start(writer, END_SESSION);

    bind_number(&binding, record->ts_ns);
    bind_number(&binding, (int64_t)record->session_end.records);
    return run(writer, &binding, "ending the session", why, why_size);
}

enum err writer_put(struct writer *writer, const struct store_record *record, char *why, size_t why_size)
{
    if (writer->session == 0 && record->kind != STORE_SESSION)
        return ERR_OK; /* the beginning is retired, and with it whose session this is of */
    switch (record->kind) {
    case STORE_INSTRUMENT:
        return put_instrument(writer, record, why, why_size);
    case STORE_ORDER:
        return put_order(writer, record, why, why_size);
    case STORE_FILL:
        return put_fill(writer, record, why, why_size);
    case STORE_EQUITY:
        return put_equity(writer, record, why, why_size);
    case STORE_AUDIT:
        return put_audit(writer, record, why, why_size);
    case STORE_STORY:
        return put_story(writer, record, why, why_size);
    case STORE_SESSION:
        return put_session(writer, record, why, why_size);
    case STORE_SESSION_END:
        return end_session(writer, record, why, why_size);
    case STORE_POSITION:
        return put_position(writer, record, why, why_size);
    case STORE_CANDLE:
        return put_candle(writer, record, why, why_size);
    case STORE_SIGNALS:
        return put_signals(writer, record, why, why_size);
    case STORE_COMMAND: /* for a start, or for whoever reads the journal itself */
    case STORE_ANSWER:
    case STORE_ACCOUNT:
    case STORE_TRADING:
    case STORE_OWNER:
    case STORE_SYMBOL:
    case STORE_PARAMETER:
    case STORE_LIMIT:
    case STORE_TIME:
    case STORE_MEMORY:
    case STORE_CONTROL:
    case STORE_KILL:
        return ERR_OK;
    }
    snprintf(why, why_size, "%s: a record of unknown kind %d", db_path(writer->db), (int)record->kind);
    return ERR_STORAGE;
}

static enum err find_session(struct writer *writer, char *why, size_t why_size)
{
    static const char sql[] = "SELECT id FROM sessions WHERE account = ?1 ORDER BY id DESC LIMIT 1";
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(db_handle(writer->db), sql, -1, &statement, NULL);

    if (code != SQLITE_OK)
        return db_explain(writer->db, "reading the sessions", code, why, why_size);
    sqlite3_bind_text(statement, 1, writer->account, -1, SQLITE_STATIC);
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        writer->session = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    if (code == SQLITE_DONE)
        return ERR_OK;
    return code == SQLITE_ROW ? find_old_orders(writer, why, why_size)
                              : db_explain(writer->db, "reading the sessions", code, why, why_size);
}

bool writer_knows(const struct writer *writer)
{
    return writer->session != 0;
}

enum err writer_forget(struct writer *writer, char *why, size_t why_size)
{
    static const char sql[] = "DELETE FROM sessions WHERE account = ?1";
    struct binding binding = {NULL, 1};
    int code = sqlite3_prepare_v2(db_handle(writer->db), sql, -1, &binding.statement, NULL);
    enum err err;

    if (code != SQLITE_OK)
        return db_explain(writer->db, "making the tables anew", code, why, why_size);
    bind_text(&binding, writer->account);
    err = run(writer, &binding, "making the tables anew", why, why_size);
    sqlite3_finalize(binding.statement);
    writer->session = 0;
    return err;
}

enum err writer_new(struct db *db, const char *account, struct writer **out, char *why, size_t why_size)
{
    struct writer *writer = calloc(1, sizeof(*writer));
    enum err err = ERR_OK;

    if (writer == NULL) {
        snprintf(why, why_size, "%s: out of memory", db_path(db));
        return ERR_MEMORY;
    }
    writer->db = db;
    snprintf(writer->account, sizeof(writer->account), "%s", account);
    for (int i = 0; i < STATEMENTS && err == ERR_OK; i++) {
        int code = sqlite3_prepare_v3(db_handle(db), writer_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                                      &writer->statement[i], NULL);

        if (code != SQLITE_OK) /* the version is ours, a table or a column is not */
            err = db_explain(db, "reading the tables", code, why, why_size);
    }
    if (err == ERR_OK)
        err = find_session(writer, why, why_size);
    if (err != ERR_OK) {
        writer_free(writer);
        return err;
    }
    *out = writer;
    return ERR_OK;
}

void writer_free(struct writer *writer)
{
    if (writer == NULL)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(writer->statement[i]);
    free(writer);
}
