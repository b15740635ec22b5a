/*
 * journal_io.h - the few calls by which the journal touches the disk, in one table, so that a test can be the disk.
 *
 * Nothing in the journal maps a file: one that somebody truncates is a short read, not a SIGBUS.
 */
#ifndef STORE_JOURNAL_IO_H
#define STORE_JOURNAL_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* As the calls of POSIX, with errno. Names are of the folder dir_fd. */
struct journal_io {
    int (*open)(int dir_fd, const char *name, int flags, mode_t mode);
    int (*close)(int fd);
    ssize_t (*pread)(int fd, void *bytes, size_t size, off_t at);
    ssize_t (*pwrite)(int fd, const void *bytes, size_t size, off_t at);
    int (*fdatasync)(int fd);
    int (*fsync)(int fd); /* of a file, of a folder */
    int (*ftruncate)(int fd, off_t size);
    int (*allocate)(int fd, off_t size); /* room for so much, really taken */
    int (*rename)(int dir_fd, const char *from, const char *to);
    int (*unlink)(int dir_fd, const char *name);
};

const struct journal_io *journal_io(void);
extern const struct journal_io journal_io_system;
/* For a test or a simulation that is the disk; before any journal is opened. NULL: the system's again. */
void journal_io_replace(const struct journal_io *io);

/* All of it or false with errno; interrupted and short writes go on. */
bool journal_io_write(int fd, const void *bytes, size_t size, uint64_t at);
/* As much as there is up to size; -1 with errno. */
ssize_t journal_io_read(int fd, void *bytes, size_t size, uint64_t at);
bool journal_io_sync_data(int fd);
bool journal_io_sync(int fd);
/* Of a whole, closed, synced file: from now on and after a power failure it has the name `to`. */
bool journal_io_publish(int dir_fd, const char *from, const char *to);
bool journal_io_is_full(int error); /* of the disk or of a quota */

#endif
