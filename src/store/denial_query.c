#include "store/denial_query.h"

#include "store/db_file.h"
#include "store/db_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char denials_sql[] =
    "SELECT audit.session, ts_ns, coalesce(symbol, ''), owner, text FROM audit LEFT JOIN instruments"
    " ON instruments.session = audit.session AND instruments.id = audit.instrument"
    " WHERE audit.session = (SELECT max(id) FROM sessions) AND event = 'order.denied'"
    " ORDER BY audit.id DESC LIMIT ?1";

static const char *text_of(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);

    return text == NULL ? "" : (const char *)text;
}

static void take_apart(const char *text, struct denial_row *out)
{
    const char *code = strstr(text, ": "), *blank;
    char *end;

    snprintf(out->asked, sizeof(out->asked), "%s", text);
    if (text[0] != '#' || code == NULL)
        return;
    out->number = strtoull(text + 1, &end, 10);
    snprintf(out->asked, sizeof(out->asked), "%.*s", (int)(code - end - (*end == ' ')), end + (*end == ' '));
    code += 2;
    blank = strchr(code, ' ');
    snprintf(out->code, sizeof(out->code), "%.*s",
             (int)(blank == NULL ? strlen(code) : (size_t)(blank - code)), code);
    snprintf(out->numbers, sizeof(out->numbers), "%s", blank == NULL ? "" : blank + 1);
}

enum err denial_query(const char *path, struct denial_row *out, size_t max, size_t *count, char *why,
                      size_t why_size)
{
    char said[DB_SAID_SIZE];
    sqlite3_stmt *statement = NULL;
    struct db_read read = {.stop = NULL};
    enum err err = db_read_open(path, &read, why, why_size);
    int code;

    *count = 0;
    if (err != ERR_OK)
        return err;
    code = sqlite3_prepare_v2(read.handle, denials_sql, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_int64(statement, 1, (sqlite3_int64)max);
    while (code == SQLITE_OK && *count < max && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct denial_row *row = &out[(*count)++];

        *row = (struct denial_row){.session = sqlite3_column_int64(statement, 0),
                                   .ts_ns = sqlite3_column_int64(statement, 1)};
        snprintf(row->symbol, sizeof(row->symbol), "%s", text_of(statement, 2));
        snprintf(row->owner, sizeof(row->owner), "%s", text_of(statement, 3));
        take_apart(text_of(statement, 4), row);
        code = SQLITE_OK;
    }
    if (code != SQLITE_OK && code != SQLITE_DONE) {
        snprintf(why, why_size, "%s: reading failed: %s", path,
                 db_file_said(sqlite3_errmsg(read.handle), said));
        err = ERR_STORAGE;
    }
    sqlite3_finalize(statement);
    (void)db_read_close(&read); /* what began to write meanwhile only adds */
    return err;
}
