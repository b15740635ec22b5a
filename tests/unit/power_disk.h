/*
 * power_disk.h - a disk that forgets: what was not synced is lost when the power fails, in part or all of it.
 *
 * Stands in for journal_io.h's calls. Files are real; beside them it keeps what a real disk would surely have: the
 * content at the last sync of each file, the names at the last sync of the folder. power_fail() makes a folder as it may
 * be found afterwards: of each write since, any of its sectors or none; of the names, any first part of the changes.
 */
#ifndef UNIT_POWER_DISK_H
#define UNIT_POWER_DISK_H

#include "unit/journal_fixture.h"

#define POWER_FILES   256
#define POWER_CHANGES 512
#define POWER_SECTOR  512

struct power_change { /* not synced yet */
    bool truncate;
    uint64_t at;
    struct bytes data;
};

struct power_file {
    ino_t ino;
    struct bytes synced;
    struct power_change change[POWER_CHANGES];
    size_t changes;
};

struct power_name { /* a change of names: from "" a new one, to "" a removed one */
    char from[256], to[256];
    ino_t ino;
};

struct power_disk {
    struct power_file *file[POWER_FILES];
    size_t files;
    struct power_name synced[POWER_FILES], change[POWER_CHANGES]; /* synced: to and ino */
    size_t names, changes;
    long calls, fail_at; /* this call that changes something and all later ones fail; 0: none */
};

static struct power_disk power;

static inline bool power_is_off(void)
{
    if (power.fail_at == 0 || ++power.calls < power.fail_at)
        return false;
    errno = EIO;
    return true;
}

static inline struct power_file *power_file_of(ino_t ino)
{
    for (size_t i = 0; i < power.files; i++)
        if (power.file[i]->ino == ino)
            return power.file[i];
    assert_true(power.files < POWER_FILES);
    power.file[power.files] = calloc(1, sizeof(struct power_file));
    power.file[power.files]->ino = ino;
    return power.file[power.files++];
}

static inline struct power_file *power_file_at(int fd)
{
    struct stat at;

    assert_int_equal(fstat(fd, &at), 0);
    return power_file_of(at.st_ino);
}

static inline void power_put(struct bytes *file, uint64_t at, const unsigned char *data, size_t size)
{
    if (at + size > file->size) {
        file->bytes = realloc(file->bytes, at + size + 1);
        memset(file->bytes + file->size, 0, at + size - file->size);
        file->size = at + size;
    }
    if (size > 0)
        memcpy(file->bytes + at, data, size);
}

static inline void power_sync_file(struct power_file *file)
{
    for (size_t i = 0; i < file->changes; i++) {
        struct power_change *change = &file->change[i];

        if (change->truncate && change->at < file->synced.size)
            file->synced.size = change->at;
        else if (!change->truncate)
            power_put(&file->synced, change->at, change->data.bytes, change->data.size);
        free(change->data.bytes);
    }
    file->changes = 0;
}

static inline void power_name_change(struct power_name *names, size_t *count, const struct power_name *change)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(names[i].to, change->from) == 0 || strcmp(names[i].to, change->to) == 0)
            names[i--] = names[--*count];
    if (change->to[0] != '\0') {
        assert_true(*count < POWER_FILES);
        names[(*count)++] = *change;
    }
}

static inline void power_sync_names(void)
{
    for (size_t i = 0; i < power.changes; i++)
        power_name_change(power.synced, &power.names, &power.change[i]);
    power.changes = 0;
}

static inline void power_note_name(const char *from, const char *to, ino_t ino)
{
    struct power_name *change = &power.change[power.changes++];

    assert_true(power.changes < POWER_CHANGES);
    memset(change, 0, sizeof(*change));
    snprintf(change->from, sizeof(change->from), "%s", from);
    snprintf(change->to, sizeof(change->to), "%s", to);
    change->ino = ino;
}

static int power_open(int dir_fd, const char *name, int flags, mode_t mode)
{
    bool is_new = (flags & O_CREAT) != 0 && faccessat(dir_fd, name, F_OK, 0) != 0;
    int fd;

    if (is_new && power_is_off())
        return -1;
    fd = openat(dir_fd, name, flags, mode);
    if (is_new && fd >= 0)
        power_note_name("", name, power_file_at(fd)->ino);
    return fd;
}

static ssize_t power_pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    struct power_file *file = power_file_at(fd);
    struct power_change *change = &file->change[file->changes];

    if (power_is_off())
        return -1;
    assert_true(++file->changes < POWER_CHANGES);
    *change = (struct power_change){.at = (uint64_t)at, .data = {malloc(size), size}};
    memcpy(change->data.bytes, bytes, size);
    return pwrite(fd, bytes, size, at);
}

static int power_fsync(int fd)
{
    struct stat at;

    if (power_is_off())
        return -1;
    assert_int_equal(fstat(fd, &at), 0);
    if (S_ISDIR(at.st_mode))
        power_sync_names();
    else
        power_sync_file(power_file_of(at.st_ino));
    return 0;
}

static int power_ftruncate(int fd, off_t size)
{
    struct power_file *file = power_file_at(fd);

    if (power_is_off())
        return -1;
    file->change[file->changes++] = (struct power_change){.truncate = true, .at = (uint64_t)size};
    return ftruncate(fd, size);
}

static int power_allocate(int fd, off_t size)
{
    return power_is_off() ? -1 : ftruncate(fd, size);
}

static int power_rename(int dir_fd, const char *from, const char *to)
{
    struct stat at;

    if (power_is_off())
        return -1;
    if (fstatat(dir_fd, from, &at, 0) == 0)
        power_note_name(from, to, at.st_ino);
    return renameat(dir_fd, from, dir_fd, to);
}

static int power_unlink(int dir_fd, const char *name)
{
    if (faccessat(dir_fd, name, F_OK, 0) != 0)
        return unlinkat(dir_fd, name, 0);
    if (power_is_off())
        return -1;
    power_note_name(name, "", 0);
    return unlinkat(dir_fd, name, 0);
}

static const struct journal_io power_io = {.open = power_open,
                                           .close = close,
                                           .pread = pread,
                                           .pwrite = power_pwrite,
                                           .fdatasync = power_fsync,
                                           .fsync = power_fsync,
                                           .ftruncate = power_ftruncate,
                                           .allocate = power_allocate,
                                           .rename = power_rename,
                                           .unlink = power_unlink};

/* A disk on which dir, if it is there, is as it stands. */
static inline void power_on(const char *dir, long fail_at)
{
    DIR *folder = opendir(dir);
    const struct dirent *entry;
    char path[400];
    struct stat at;

    for (size_t i = 0; i < power.files; i++) {
        power_sync_file(power.file[i]);
        free(power.file[i]->synced.bytes);
        free(power.file[i]);
    }
    memset(&power, 0, sizeof(power));
    power.fail_at = fail_at;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
        if (entry->d_name[0] == '.' || stat(path, &at) != 0)
            continue;
        power_file_of(at.st_ino)->synced = load(path);
        power_note_name("", entry->d_name, at.st_ino);
    }
    if (folder != NULL)
        closedir(folder);
    power_sync_names();
    journal_io_replace(&power_io);
}

/* What of a file is found: the content synced, and of each change since any sectors. */
static inline struct bytes power_left(const struct power_file *file, uint64_t *random)
{
    struct bytes left = {.bytes = NULL};
    unsigned keep = (unsigned)random_between(random, 0, 4); /* of 4 sectors */

    power_put(&left, 0, file->synced.bytes, file->synced.size);
    for (size_t i = 0; i < file->changes; i++) {
        const struct power_change *change = &file->change[i];

        if (change->truncate && random_next(random) % 4 < keep && change->at < left.size)
            left.size = change->at;
        for (size_t at = 0; !change->truncate && at < change->data.size;) {
            size_t size = POWER_SECTOR - (size_t)((change->at + at) % POWER_SECTOR);

            size = size < change->data.size - at ? size : change->data.size - at;
            if (random_next(random) % 4 < keep)
                power_put(&left, change->at + at, change->data.bytes + at, size);
            at += size;
        }
    }
    return left;
}

/* The power fails: `to` is made as dir may be found. */
static inline void power_fail(const char *to, uint64_t *random)
{
    size_t kept = (size_t)random_between(random, 0, (int64_t)power.changes);
    char path[400];

    journal_io_replace(NULL);
    for (size_t i = 0; i < kept; i++)
        power_name_change(power.synced, &power.names, &power.change[i]);
    assert_int_equal(mkdir(to, 0700), 0);
    for (size_t i = 0; i < power.names; i++) {
        struct bytes left = power_left(power_file_of(power.synced[i].ino), random);

        snprintf(path, sizeof(path), "%s/%s", to, power.synced[i].to);
        store(path, left.bytes, left.size);
        free(left.bytes);
    }
}

#endif
