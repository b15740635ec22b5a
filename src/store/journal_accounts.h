/*
 * journal_accounts.h - the accounts that have a journal in a data directory, and a reading of one from its beginning.
 */
#ifndef STORE_JOURNAL_ACCOUNTS_H
#define STORE_JOURNAL_ACCOUNTS_H

#include "core/base/err.h"
#include "store/journal_files.h"
#include "store/journal_reader.h"

#include <stdbool.h>
#include <stddef.h>

#define JOURNAL_ACCOUNT_SIZE 32 /* as the database's */
#define JOURNAL_ACCOUNTS_MAX 64

struct journal_accounts {
    size_t count;
    char name[JOURNAL_ACCOUNTS_MAX][JOURNAL_ACCOUNT_SIZE]; /* ascending */
};

/* Small letters, digits, '-' and '_': nothing that leads out of its folder. */
bool journal_account_is_name(const char *name);
/* DATA/journal/ACCOUNT. False: too long. */
bool journal_account_dir(const char *data_dir, const char *account, char out[JOURNAL_PATH_MAX]);
/* Folders of another name are none of ours. ERR_NOT_FOUND: there is no journal at all. ERR_STORAGE, ERR_FULL. */
enum err journal_accounts_read(const char *data_dir, struct journal_accounts *out, char *why,
                               size_t why_size);

/* From the first record that is there; *retired: those up to this seq are gone, 0 none. As journal_reader_open(). */
enum err journal_reader_open_first(const char *dir, struct journal_reader **out, uint64_t *retired, char *why,
                                   size_t why_size);

#endif
