#include "store/writer.h"

#include "core/base/safe_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AUDIT_OUT_SIZE 1024 /* escapes make a text longer; the table's bound */

enum statement {
    PUT_INSTRUMENT,
    PUT_ORDER,
    PUT_FILL,
    PUT_EQUITY,
    PUT_AUDIT,
    PUT_STORY,
    END_SESSION,
    STATEMENTS
};

struct writer {
    struct db *db;
    sqlite3_int64 session;
    sqlite3_stmt *statement[STATEMENTS];
};

/* An instrument's steps may be refined, an order changes: the latest state stands. */
static const char *const statement_sql[STATEMENTS] = {
    [PUT_INSTRUMENT] =
        ("INSERT INTO instruments(session, id, symbol, venue, base, quote, tick_e8, lot_e8, updated_ns)"
         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
         " ON CONFLICT(session, id) DO UPDATE SET symbol = ?3, venue = ?4, base = ?5, quote = ?6,"
         " tick_e8 = ?7, lot_e8 = ?8, updated_ns = ?9"),
    [PUT_ORDER] =
        ("INSERT INTO orders(session, seq, instrument, owner, correlation, parent, oco_group, side, type, "
         "tif,"
         " post_only, reduce_only, state, error, price_e8, stop_e8, qty_e8, display_e8, filled_e8,"
         " filled_value_e8, expire_ns, sent_ns, updated_ns, input_seq) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
         " ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)"
         " ON CONFLICT(session, seq) DO UPDATE SET oco_group = ?7, state = ?13, error = ?14, price_e8 = ?15,"
         " stop_e8 = ?16, qty_e8 = ?17, filled_e8 = ?19, filled_value_e8 = ?20, updated_ns = ?23,"
         " input_seq = ?24"),
    [PUT_FILL] =
        ("INSERT INTO fills(session, trade_id, order_seq, instrument, owner, side, maker, ts_ns, price_e8,"
         " qty_e8, value_e8, fee_e8, realised_e8, input_seq)"
         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"),
    [PUT_EQUITY] =
        ("INSERT INTO equity(session, ts_ns, equity_e8, cash_e8, realised_e8, unrealised_e8, fees_e8,"
         " drawdown_e8) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(session, ts_ns) DO UPDATE SET"
         " equity_e8 = ?3, cash_e8 = ?4, realised_e8 = ?5, unrealised_e8 = ?6, fees_e8 = ?7,"
         " drawdown_e8 = ?8"),
    [PUT_AUDIT] = ("INSERT INTO audit(session, ts_ns, input_seq, event, owner, instrument, text)"
                   " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
    [PUT_STORY] = ("INSERT INTO stories(session, order_seq, line, text) VALUES(?1, ?2, ?3, ?4)"
                   " ON CONFLICT(session, order_seq, line) DO UPDATE SET text = ?4"),
    [END_SESSION] = "UPDATE sessions SET end_ns = ?2, records = ?3 WHERE id = ?1",
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

static enum err put_order(struct writer *writer, const struct store_record *record, char *why,
                          size_t why_size)
{
    const struct order *order = &record->order.order;
    const struct order_intent *intent = &order->intent;
    struct binding binding = bind_start(writer, PUT_ORDER);

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
    return run(writer, &binding, "storing an order", why, why_size);
}

static enum err put_fill(struct writer *writer, const struct store_record *record, char *why, size_t why_size)
{
    const struct fill *fill = &record->fill.fill;
    struct binding binding = bind_start(writer, PUT_FILL);

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
    struct binding binding = bind_start(writer, PUT_STORY);

    safe_text(record->story.text, strnlen(record->story.text, sizeof(record->story.text)), text,
              sizeof(text));
    bind_number(&binding, (int64_t)record->story.order_seq);
    bind_number(&binding, record->story.line);
    bind_text(&binding, text);
    return run(writer, &binding, "storing an order's story", why, why_size);
}

enum err writer_put(struct writer *writer, const struct store_record *record, char *why, size_t why_size)
{
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
    case STORE_SESSION: /* what has no table yet; the journal keeps it */
    case STORE_SESSION_END:
    case STORE_COMMAND:
    case STORE_ANSWER:
    case STORE_POSITION:
    case STORE_ACCOUNT:
    case STORE_BALANCE:
    case STORE_TRADING:
    case STORE_OWNER:
    case STORE_SYMBOL:
    case STORE_PARAMETER:
    case STORE_LIMIT:
    case STORE_TIME:
    case STORE_GROUP:
    case STORE_LEG:
    case STORE_MEMORY:
        return ERR_OK;
    }
    snprintf(why, why_size, "%s: a record of unknown kind %d", db_path(writer->db), (int)record->kind);
    return ERR_STORAGE;
}

enum err writer_end(struct writer *writer, int64_t end_ns, uint64_t records, char *why, size_t why_size)
{
    struct binding binding = bind_start(writer, END_SESSION);

    bind_number(&binding, end_ns);
    bind_number(&binding, (int64_t)records);
    return run(writer, &binding, "ending the session", why, why_size);
}

static enum err add_session(struct writer *writer, const struct store_session *session, char *why,
                            size_t why_size)
{
    static const char sql[] =
        "INSERT INTO sessions(kind, mode, source, version, start_ns) VALUES(?1, ?2, ?3, ?4, ?5)";
    struct binding binding = {NULL, 1};
    int code = sqlite3_prepare_v2(db_handle(writer->db), sql, -1, &binding.statement, NULL);
    enum err err;

    if (code != SQLITE_OK)
        return db_explain(writer->db, "opening a session", code, why, why_size);
    bind_text(&binding, session->kind);
    bind_text(&binding, session->mode);
    bind_text(&binding, session->source);
    bind_text(&binding, session->version);
    bind_number(&binding, session->start_ns);
    err = run(writer, &binding, "opening a session", why, why_size);
    writer->session = sqlite3_last_insert_rowid(db_handle(writer->db));
    sqlite3_finalize(binding.statement);
    return err;
}

static enum err open_session(struct writer *writer, const struct store_session *session, char *why,
                             size_t why_size)
{
    int waited_ms = 0;
    enum err err = db_begin(writer->db, why, why_size);

    for (; err == ERR_STATE && waited_ms < DB_OPEN_WAIT_MS; waited_ms += DB_BEGIN_WAIT_MS)
        err = db_begin(writer->db, why, why_size);
    if (err == ERR_STATE)
        return db_explain(writer->db, "opening a session", SQLITE_BUSY, why, why_size);
    if (err != ERR_OK)
        return err;
    err = add_session(writer, session, why, why_size);
    if (err == ERR_OK)
        return db_commit(writer->db, why, why_size);
    db_rollback(writer->db);
    return err;
}

enum err writer_new(struct db *db, const struct store_session *session, struct writer **out, char *why,
                    size_t why_size)
{
    struct writer *writer = calloc(1, sizeof(*writer));
    enum err err = ERR_OK;

    if (writer == NULL) {
        snprintf(why, why_size, "%s: out of memory", db_path(db));
        return ERR_MEMORY;
    }
    writer->db = db;
    for (int i = 0; i < STATEMENTS && err == ERR_OK; i++) {
        int code = sqlite3_prepare_v3(db_handle(db), statement_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                                      &writer->statement[i], NULL);

        if (code != SQLITE_OK) /* the version is ours, a table or a column is not */
            err = db_explain(db, "reading the tables", code, why, why_size);
    }
    if (err == ERR_OK)
        err = open_session(writer, session, why, why_size);
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
