#include "store/projection.h"

#include "store/journal_retain.h"
#include "store/writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct projection {
    struct db *db;
    struct writer *writer;
    char account[WRITER_ACCOUNT_SIZE];
    const struct store_journal *journal;
    struct journal_reader *reader; /* NULL: not open, or nothing of this session is on disk yet */
    struct journal_point done;     /* committed */
};

/* --- how far it has come ---------------------------------------------------------------------------------------- */

/* False: the database knows no such account, or one of another journal. */
static bool read_done(struct projection *projection)
{
    static const char sql[] = "SELECT journal_id, seq, chain FROM journals WHERE account = ?1";
    sqlite3_stmt *statement;
    bool known = false;

    if (sqlite3_prepare_v2(db_handle(projection->db), sql, -1, &statement, NULL) != SQLITE_OK)
        return false;
    sqlite3_bind_text(statement, 1, projection->account, -1, SQLITE_STATIC);
    if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_bytes(statement, 0) == JOURNAL_ID_SIZE &&
        sqlite3_column_bytes(statement, 2) == JOURNAL_CHAIN_SIZE &&
        memcmp(sqlite3_column_blob(statement, 0), store_journal_id(projection->journal), JOURNAL_ID_SIZE) ==
            0) {
        projection->done.seq = (uint64_t)sqlite3_column_int64(statement, 1);
        memcpy(projection->done.chain, sqlite3_column_blob(statement, 2), JOURNAL_CHAIN_SIZE);
        known = true;
    }
    sqlite3_finalize(statement);
    return known;
}

static enum err write_done(struct projection *projection, const struct journal_point *point, char *why,
                           size_t why_size)
{
    static const char sql[] = "INSERT INTO journals(account, journal_id, seq, chain) VALUES(?1, ?2, ?3, ?4)"
                              " ON CONFLICT(account) DO UPDATE SET journal_id = ?2, seq = ?3, chain = ?4";
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(db_handle(projection->db), sql, -1, &statement, NULL);

    if (code == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, projection->account, -1, SQLITE_STATIC);
        sqlite3_bind_blob(statement, 2, store_journal_id(projection->journal), JOURNAL_ID_SIZE,
                          SQLITE_STATIC);
        sqlite3_bind_int64(statement, 3, (sqlite3_int64)point->seq);
        sqlite3_bind_blob(statement, 4, point->chain, JOURNAL_CHAIN_SIZE, SQLITE_STATIC);
        code = sqlite3_step(statement);
        sqlite3_finalize(statement);
    }
    return code == SQLITE_DONE
               ? ERR_OK
               : db_explain(projection->db, "noting the journal's place", code, why, why_size);
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

/* From where the rows end; where the journal's beginning is retired and no row is there, from what is left of it. */
static enum err open_reader(struct projection *projection, char *why, size_t why_size)
{
    const char *dir = store_journal_dir(projection->journal);
    enum err err;

    if (store_journal_point(projection->journal).seq == 0)
        return ERR_OK; /* nothing is written yet: it is opened when there is */
    err = journal_reader_open(dir, &projection->done, &projection->reader, why, why_size);
    if (err != ERR_STATE || projection->done.seq != 0)
        return err;
    err = journal_retired(dir, &projection->done, why, why_size);
    return err == ERR_OK ? journal_reader_open(dir, &projection->done, &projection->reader, why, why_size)
                         : err;
}

/* Rows of this account go, and come again from the journal. */
static enum err begin_anew(struct projection *projection, char *why, size_t why_size)
{
    char fault[256];
    enum err err = db_begin(projection->db, fault, sizeof(fault));

    for (int waited_ms = 0; err == ERR_STATE && waited_ms < DB_OPEN_WAIT_MS; waited_ms += DB_BEGIN_WAIT_MS)
        err = db_begin(projection->db, fault, sizeof(fault));
    if (err == ERR_STATE)
        return db_explain(projection->db, "making the tables anew", SQLITE_BUSY, why, why_size);
    projection->done = (struct journal_point){0};
    if (err == ERR_OK)
        err = writer_forget(projection->writer, fault, sizeof(fault));
    if (err == ERR_OK)
        err = write_done(projection, &projection->done, fault, sizeof(fault));
    if (err == ERR_OK)
        err = db_commit(projection->db, fault, sizeof(fault));
    else
        db_rollback(projection->db);
    if (err == ERR_OK)
        err = open_reader(projection, fault, sizeof(fault));
    if (err == ERR_OK)
        snprintf(why, why_size, "the tables of %s are made anew from the journal", projection->account);
    else
        snprintf(why, why_size, "%s", fault);
    return err;
}

static enum err open_journal(struct projection *projection, char *why, size_t why_size)
{
    struct journal_point end = store_journal_point(projection->journal);
    bool known = read_done(projection);
    enum err err;

    if (!known || projection->done.seq > end.seq) {
        bool is_new = !known && !writer_knows(projection->writer);

        err = begin_anew(projection, why, why_size);
        if (err == ERR_OK && is_new)
            why[0] = '\0';
        return err;
    }
    err = open_reader(projection, why, why_size);
    /* The place is not in this journal: rows of a history that it does not have. */
    return err == ERR_BAD_DATA || err == ERR_NOT_FOUND ? begin_anew(projection, why, why_size) : err;
}

/* --- life ------------------------------------------------------------------------------------------------------- */

enum err projection_new(struct db *db, const char *account, const struct store_journal *journal,
                        struct projection **out, char *why, size_t why_size)
{
    struct projection *projection = calloc(1, sizeof(*projection));
    enum err err;

    why[0] = '\0';
    if (projection == NULL) {
        snprintf(why, why_size, "%s: out of memory", db_path(db));
        return ERR_MEMORY;
    }
    projection->db = db;
    snprintf(projection->account, sizeof(projection->account), "%s", account);
    err = writer_new(db, account, &projection->writer, why, why_size);
    if (err == ERR_OK && journal != NULL && store_journal_dir(journal)[0] != '\0') {
        projection->journal = journal;
        err = open_journal(projection, why, why_size);
    }
    if (err != ERR_OK) {
        projection_free(projection);
        return err;
    }
    *out = projection;
    return ERR_OK;
}

void projection_free(struct projection *projection)
{
    if (projection == NULL)
        return;
    journal_reader_close(projection->reader);
    writer_free(projection->writer);
    free(projection);
}

/* --- frames to rows --------------------------------------------------------------------------------------------- */

enum err projection_take(struct projection *projection, const struct frame_head *head,
                         const unsigned char *body, char *why, size_t why_size)
{
    struct store_record record;
    char fault[128];

    if (record_decode(head->kind, body, head->body_size, &record, fault, sizeof(fault)) != ERR_OK) {
        snprintf(why, why_size, "frame %" PRIu64 " of the journal: %s", head->seq, fault);
        return ERR_STORAGE;
    }
    record.ts_ns = head->ts_ns;
    record.input_seq = head->input_seq;
    return writer_put(projection->writer, &record, why, why_size);
}

/* At least PROJECTION_ROWS_MAX frames, and on to the end of their group: a place is behind a seal. ERR_OK at the end of
 * what is durable, too. */
static enum err take_frames(struct projection *projection, size_t *rows, struct journal_point *point,
                            char *why, size_t why_size)
{
    struct journal_frame frame;
    enum err err = ERR_OK;

    while (err == ERR_OK) {
        err = journal_reader_next(projection->reader, &frame, why, why_size);
        if (err == ERR_NOT_FOUND || (err == ERR_OK && !frame.sealed))
            return ERR_OK;
        if (err == ERR_OK)
            err = projection_take(projection, &frame.head, frame.body, why, why_size);
        *point = journal_reader_point(projection->reader);
        ++*rows;
        if (*rows >= PROJECTION_ROWS_MAX && frame.head.seq >= point->seq)
            break;
    }
    return err;
}

enum err projection_catch_up(struct projection *projection, size_t *rows, char *why, size_t why_size)
{
    struct journal_point point = projection->done;
    enum err err;

    *rows = 0;
    if (store_journal_point(projection->journal).seq <= projection->done.seq)
        return ERR_OK;
    err = projection->reader == NULL ? open_reader(projection, why, why_size) : ERR_OK;
    if (err == ERR_OK)
        err = db_begin(projection->db, why, why_size);
    if (err != ERR_OK)
        return err;
    err = take_frames(projection, rows, &point, why, why_size);
    if (err == ERR_OK)
        err = write_done(projection, &point, why, why_size);
    if (err != ERR_OK) {
        db_rollback(projection->db);
        return err == ERR_STATE ? ERR_STORAGE : err;
    }
    err = db_commit(projection->db, why, why_size);
    if (err == ERR_OK)
        projection->done = point;
    return err;
}

uint64_t projection_seq(const struct projection *projection)
{
    return projection->done.seq;
}
