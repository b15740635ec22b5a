/*
 * journal_verify.h - is all of it true: an account's hash chain, its snapshots, and the database's rows against the journal.
 *
 * Reads only, beside a running engine too; tables are made anew in a private folder under TMPDIR, which goes again.
 */
#ifndef STORE_JOURNAL_VERIFY_H
#define STORE_JOURNAL_VERIFY_H

#include "core/base/err.h"
#include "store/journal_accounts.h"

#include <stdatomic.h>

enum verify_rows {
    VERIFY_NO_DATABASE,  /* a start makes it */
    VERIFY_OTHER_SCHEMA, /* an older one: a start brings it up to date */
    VERIFY_COMPARED
};

struct journal_verify {
    const char *data_dir, *account;
    void (*tell)(void *arg, const char *line); /* a difference, one line of safe text; not all of very many */
    void *arg;
    const atomic_bool *stop; /* set by a signal; NULL: nothing stops it */
    /* what was found */
    struct journal_reader_counts counts;
    struct journal_point end; /* the last seal */
    unsigned char journal_id[JOURNAL_ID_SIZE];
    uint64_t retired;     /* records up to this one are gone, in order */
    uint64_t snapshots;   /* that agree */
    uint64_t differences; /* of snapshots and rows */
    enum verify_rows rows_state;
    uint64_t rows, rows_seq; /* compared; the database has come to this record */
};

/* ERR_OK: read to the end, see differences. ERR_BAD_DATA, ERR_UNSUPPORTED: damage; ERR_NOT_FOUND, ERR_STATE (an engine
 * started meanwhile, or it was stopped), ERR_STORAGE, ERR_MEMORY. One line in why; what was found before stands. */
enum err journal_verify(struct journal_verify *verify, char *why, size_t why_size);

#endif
