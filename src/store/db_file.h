/*
 * db_file.h - the file under the database: made safely, refused when it is not what it should be.
 *
 * Everything here happens before SQLite sees the file, and without opening an existing one: closing any
 * descriptor of a database drops this process's SQLite locks on it.
 */
#ifndef STORE_DB_FILE_H
#define STORE_DB_FILE_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define DB_FILE_NAME   "flowdeck.db" /* in a data directory */
#define DB_PATH_MAX    1000          /* bytes; SQLite and the lock file add their endings */
#define DB_SAID_SIZE   256
#define DB_HEADER_SIZE 100 /* of an SQLite file; format: sqlite.org/fileformat.html, 1.3 */

/*
 * Both: ERR_STORAGE, with one line in why that begins with the path and says what to do.
 *
 * The folder: made if missing (0700); nobody else may put things there. The file: made if missing (0600), else a
 * plain file of ours with one name, not read-only. The second under db_file_lock(), so that of two programs that
 * start at once one makes the file and the other finds it.
 */
enum err db_file_prepare_folder(const char *path, char *why, size_t why_size);
enum err db_file_prepare(const char *path, char *why, size_t why_size);

/* Refuses, making nothing, what opening would refuse by what can be seen of folder and file: for those who make other
 * files in the same folder first. Not while this process has the database open. ERR_STORAGE and why as above. */
enum err db_file_look(const char *path, char *why, size_t why_size);
/* The first DB_HEADER_SIZE bytes of a file that is not empty: an SQLite database of ours? size: how many there are. */
enum err db_file_judge_header(const char *path, const unsigned char *header, size_t size, char *why,
                              size_t why_size);

/* What SQLite says, as one line of ours: it may be several, and hold names out of a damaged file. Returns out. */
const char *db_file_said(const char *said, char out[DB_SAID_SIZE]);

/* Opens the file PATH-lock (0600) that writers lock with flock(); -1 and a line in why on error. */
int db_file_open_lock(const char *path, char *why, size_t why_size);
/* Waits up to wait_ms for the lock. False: still held by somebody. */
bool db_file_lock(int lock_fd, int wait_ms);
void db_file_unlock(int lock_fd);

#endif
