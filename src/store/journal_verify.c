#include "store/journal_verify.h"

#include "store/db_file.h"
#include "store/db_read.h"
#include "store/file_guard.h"
#include "store/journal_state.h"
#include "store/projection.h"
#include "store/row_compare.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_SIZE 700

struct work {
    struct journal_verify *verify;
    char dir[JOURNAL_PATH_MAX], temp[JOURNAL_PATH_MAX], path[JOURNAL_PATH_MAX + 32];
    struct journal_state *state, *other; /* by the journal; of a snapshot */
    struct journal_list snapshots;
    size_t next_snapshot;
    struct db_read read;
    struct db *anew;
    struct projection *projection;
    struct journal_point rows; /* the database's place in the journal */
    bool known, is_ours;       /* it has rows of the account; of this journal */
    bool elsewhere;            /* its place is not in this journal, unless that is damaged */
};

__attribute__((format(printf, 2, 3))) static void differ(struct work *work, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    work->verify->differences++;
    work->verify->tell(work->verify->arg, line);
}

/* --- the database, before the journal: what is durable goes ahead of rows, never behind them -------------------------- */

static enum err read_place(struct work *work, char *why, size_t why_size)
{
    char said[DB_SAID_SIZE];
    static const char sql[] = "SELECT journal_id, seq, chain FROM journals WHERE account = ?1";
    sqlite3_stmt *row;
    int code = sqlite3_prepare_v2(work->read.handle, sql, -1, &row, NULL);

    if (code == SQLITE_OK) {
        sqlite3_bind_text(row, 1, work->verify->account, -1, SQLITE_STATIC);
        code = sqlite3_step(row);
    }
    if (code == SQLITE_ROW && sqlite3_column_bytes(row, 0) == JOURNAL_ID_SIZE &&
        sqlite3_column_bytes(row, 2) == JOURNAL_CHAIN_SIZE) {
        work->known = true;
        memcpy(work->verify->journal_id, sqlite3_column_blob(row, 0), JOURNAL_ID_SIZE);
        work->rows.seq = (uint64_t)sqlite3_column_int64(row, 1);
        memcpy(work->rows.chain, sqlite3_column_blob(row, 2), JOURNAL_CHAIN_SIZE);
    }
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        file_guard_refuse(work->path, why, why_size, "reading failed: %s",
                          db_file_said(sqlite3_errmsg(work->read.handle), said));
    sqlite3_finalize(row);
    return code == SQLITE_ROW || code == SQLITE_DONE ? ERR_OK : ERR_BAD_DATA;
}

static enum err open_database(struct work *work, char *why, size_t why_size)
{
    enum err err = db_read_open(work->path, &work->read, why, why_size);

    if (err == ERR_NOT_FOUND)
        return ERR_OK;
    if (err == ERR_UNSUPPORTED) {
        work->verify->rows_state = VERIFY_OTHER_SCHEMA;
        return ERR_OK;
    }
    work->verify->rows_state = VERIFY_COMPARED;
    return err == ERR_OK ? read_place(work, why, why_size) : err;
}

static enum err open_anew(struct work *work, char *why, size_t why_size)
{
    const char *base = getenv("TMPDIR");
    char path[JOURNAL_PATH_MAX + 32];
    enum err err;

    snprintf(work->temp, sizeof(work->temp), "%.900s/flowdeck-verify-XXXXXX",
             base == NULL || base[0] != '/' ? "/tmp" : base);
    if (mkdtemp(work->temp) == NULL) {
        err = file_guard_refuse(work->temp, why, why_size, "cannot make this folder: %s", strerror(errno));
        work->temp[0] = '\0';
        return err;
    }
    snprintf(path, sizeof(path), "%s/verify.db", work->temp);
    err = db_open(path, &work->anew, why, why_size);
    if (err == ERR_OK)
        err = projection_new(work->anew, work->verify->account, NULL, &work->projection, why, why_size);
    if (err == ERR_OK) /* it is thrown away in any case */
        (void)sqlite3_exec(db_handle(work->anew), "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    return err == ERR_OK ? db_begin(work->anew, why, why_size) : err;
}

static void remove_anew(struct work *work)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-lock", "-journal"};
    char path[JOURNAL_PATH_MAX + 32];

    projection_free(work->projection);
    db_close(work->anew);
    for (size_t i = 0; work->temp[0] != '\0' && i < sizeof(endings) / sizeof(endings[0]); i++) {
        snprintf(path, sizeof(path), "%s/verify.db%s", work->temp, endings[i]);
        unlink(path);
    }
    if (work->temp[0] != '\0')
        rmdir(work->temp);
}

/* --- snapshots ----------------------------------------------------------------------------------------------------- */

static enum err list_snapshots(struct work *work, char *why, size_t why_size)
{
    int dir_fd = journal_open_folder(work->dir);
    enum err err;

    if (dir_fd < 0)
        return errno == ENOENT
                   ? ERR_OK
                   : file_guard_refuse(work->dir, why, why_size, "cannot be opened: %s", strerror(errno));
    err = journal_list_read(&work->snapshots, dir_fd, JOURNAL_SNAPSHOT_END);
    close(dir_fd);
    return err == ERR_OK ? ERR_OK : file_guard_refuse(work->dir, why, why_size, "cannot be listed");
}

/* The state of the next snapshot into work->other. False: it went away, or a difference was told. */
static bool load_snapshot(struct work *work, struct journal_state *into, uint64_t seq)
{
    unsigned char id[JOURNAL_ID_SIZE];
    struct journal_point at;
    char why[LINE_SIZE];
    enum err err = journal_state_load_one(into, work->dir, seq, &at, id, why, sizeof(why));
    struct journal_reader *reader;

    if (err == ERR_NOT_FOUND)
        return false; /* a newer one has taken its place */
    if (err == ERR_OK && memcmp(id, work->verify->journal_id, JOURNAL_ID_SIZE) != 0)
        differ(work, "snapshot %" PRIu64 ": is of another journal", seq);
    else if (err != ERR_OK)
        differ(work, "%.600s", why);
    else if ((err = journal_reader_open(work->dir, &at, &reader, why, sizeof(why))) != ERR_OK)
        differ(work, "snapshot %" PRIu64 ": %.600s", seq, why);
    else
        journal_reader_close(reader);
    return err == ERR_OK && memcmp(id, work->verify->journal_id, JOURNAL_ID_SIZE) == 0;
}

static void check_snapshots(struct work *work, uint64_t seq)
{
    const struct journal_list *list = &work->snapshots;
    char what[LINE_SIZE / 2];

    while (work->next_snapshot < list->count && list->seq[work->next_snapshot] <= seq) {
        uint64_t at = list->seq[work->next_snapshot++];

        if (!load_snapshot(work, work->other, at))
            continue;
        if (journal_state_seq(work->state) != at)
            differ(work, "snapshot %" PRIu64 ": cannot be compared: the records before it are gone", at);
        else if (!journal_state_equals(work->state, work->other, what, sizeof(what)))
            differ(work, "snapshot %" PRIu64 ": is not the state of the journal there: %s", at, what);
        else
            work->verify->snapshots++;
    }
}

/* Where the beginning is retired the oldest whole snapshot is what later states go out from. */
static void begin_behind_retired(struct work *work)
{
    while (work->next_snapshot < work->snapshots.count)
        if (load_snapshot(work, work->state, work->snapshots.seq[work->next_snapshot++])) {
            work->verify->snapshots++;
            return;
        }
    differ(work, "no whole snapshot: a start needs one, since the beginning is retired");
}

/* --- the journal --------------------------------------------------------------------------------------------------- */

static enum err take_frame(struct work *work, const struct journal_frame *frame, char *why, size_t why_size)
{
    enum err err = ERR_OK;

    if (work->verify->retired == 0 ||
        (journal_state_seq(work->state) > 0 && frame->head.seq > journal_state_seq(work->state)))
        err = journal_state_apply(work->state, &frame->head, frame->body, why, why_size);
    if (err == ERR_OK && work->is_ours && frame->head.seq <= work->rows.seq)
        err = projection_take(work->projection, &frame->head, frame->body, why, why_size);
    if (err == ERR_OK)
        check_snapshots(work, frame->head.seq);
    return err;
}

static enum err walk(struct work *work, struct journal_reader *reader, char *why, size_t why_size)
{
    struct journal_frame frame;
    enum err err;

    while ((err = journal_reader_next(reader, &frame, why, why_size)) == ERR_OK) {
        if (!frame.sealed)
            continue;
        err = take_frame(work, &frame, why, why_size);
        if (err != ERR_OK)
            break;
    }
    work->verify->counts = *journal_reader_counts(reader);
    work->verify->end = journal_reader_point(reader);
    if (err == ERR_NOT_FOUND)
        check_snapshots(work, UINT64_MAX);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Are the rows of this journal? Else they cannot be compared, and that is the difference. */
static void judge_place(struct work *work)
{
    struct journal_reader *place;
    char why[LINE_SIZE / 2];

    if (!work->known || work->rows.seq == 0)
        return;
    if (work->rows.seq < work->verify->retired) {
        differ(work, "the database has come to record %" PRIu64 " only, and those after it are retired",
               work->rows.seq);
        return;
    }
    if (journal_reader_open(work->dir, &work->rows, &place, why, sizeof(why)) != ERR_OK) {
        work->elsewhere = true;
        return;
    }
    journal_reader_close(place);
    work->is_ours = true;
}

static enum err compare_rows(struct work *work, char *why, size_t why_size)
{
    struct journal_verify *verify = work->verify;
    struct row_compare compare = {.account = verify->account, .tell = verify->tell, .arg = verify->arg};
    enum err err = db_commit(work->anew, why, why_size);

    if (err != ERR_OK)
        return err;
    compare.expected = db_handle(work->anew);
    compare.found = work->read.handle;
    err = row_compare(&compare, why, why_size);
    verify->rows = compare.rows;
    verify->differences += compare.differences;
    return err;
}

static enum err verify_journal(struct work *work, char *why, size_t why_size)
{
    unsigned char of_rows[JOURNAL_ID_SIZE];
    struct journal_reader *reader;
    enum err err = journal_reader_open_first(work->dir, &reader, &work->verify->retired, why, why_size);

    if (err != ERR_OK)
        return err;
    memcpy(of_rows, work->verify->journal_id, sizeof(of_rows));
    memcpy(work->verify->journal_id, journal_reader_id(reader), JOURNAL_ID_SIZE);
    if (work->known && memcmp(of_rows, work->verify->journal_id, JOURNAL_ID_SIZE) != 0)
        differ(work, "the database has rows of another journal");
    else
        judge_place(work);
    work->verify->rows_seq = work->rows.seq;
    if (work->is_ours)
        err = open_anew(work, why, why_size);
    if (err == ERR_OK && work->verify->retired > 0)
        begin_behind_retired(work);
    if (err == ERR_OK)
        err = walk(work, reader, why, why_size);
    if (err == ERR_OK && work->elsewhere)
        differ(work, "the database has come to record %" PRIu64 " of a history that is not this journal's",
               work->rows.seq);
    if (err == ERR_OK && work->is_ours)
        err = compare_rows(work, why, why_size);
    journal_reader_close(reader);
    return err;
}

enum err journal_verify(struct journal_verify *verify, char *why, size_t why_size)
{
    struct work *work = calloc(1, sizeof(*work));
    enum err err = ERR_OK;

    if (work == NULL || (work->state = journal_state_new()) == NULL ||
        (work->other = journal_state_new()) == NULL) {
        snprintf(why, why_size, "out of memory");
        err = ERR_MEMORY;
    } else {
        work->verify = verify;
        snprintf(work->path, sizeof(work->path), "%.900s/flowdeck.db", verify->data_dir);
        if (!journal_account_dir(verify->data_dir, verify->account, work->dir))
            err = file_guard_refuse(verify->data_dir, why, why_size, "the path is too long for a journal");
        if (err == ERR_OK)
            err = open_database(work, why, why_size);
        if (err == ERR_OK)
            err = list_snapshots(work, why, why_size);
        if (err == ERR_OK)
            err = verify_journal(work, why, why_size);
        remove_anew(work);
        journal_list_free(&work->snapshots);
        if (!db_read_close(&work->read) && err == ERR_OK) {
            file_guard_refuse(work->path, why, why_size,
                              "somebody began to write to it meanwhile; do it again");
            err = ERR_STATE;
        }
    }
    if (work != NULL) {
        journal_state_free(work->state);
        journal_state_free(work->other);
    }
    free(work);
    return err;
}
