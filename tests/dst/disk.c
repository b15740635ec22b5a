/* disk.c - see disk.h: images of what is durable, and the calls of the journal. */
#include "dst/disk.h"

#include "dst/disk_file.h"
#include "store/journal_io.h"
#include "unit/test_random.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX   256
#define CHANGES_MAX 4096
#define FDS_MAX     1024

const char *const disk_fault_word[DISK_FAULTS] = {
    [DISK_FULL] = "disk full",         [DISK_WRITE] = "write fails",
    [DISK_SYNC] = "sync fails",        [DISK_NAME] = "making or naming a file fails",
    [DISK_READ] = "read fails",        [DISK_ROT] = "a bit on the disk turns",
    [DISK_POWER] = "power failure",    [DISK_DIES] = "dies in a call of the disk",
    [DISK_IN_ORDER] = "ends in order",
};

struct disk {
    char dir[128];
    uint64_t *random;
    const int32_t *per_100k;
    uint64_t *told;
    struct disk_file file[FILES_MAX];
    int of_fd[FDS_MAX]; /* file + 1 */
    struct disk_names now, durable;
    struct disk_name renamed[CHANGES_MAX]; /* since the last sync of the folder, in order */
    size_t renames;
    bool full;
    int64_t room; /* when it is full */
    int64_t dies_in;
    bool dead, failed;
    char rotten[DISK_NAME_SIZE];
    uint64_t rotten_at;
    unsigned char rotten_bit;
};

static struct disk *disk; /* the calls know nothing else */

/* --- names ----------------------------------------------------------------------------------------------------------------- */

static void rename_to(const char *name, int file)
{
    struct disk_name *change = &disk->renamed[disk->renames++];

    if (disk->renames == CHANGES_MAX || strlen(name) >= DISK_NAME_SIZE)
        abort();
    snprintf(change->name, sizeof(change->name), "%s", name);
    change->file = file;
    disk_name_change(&disk->now, change);
}

/* Files that nothing leads to any more. */
static void sweep(void)
{
    for (int i = 0; i < FILES_MAX; i++) {
        struct disk_file *file = &disk->file[i];
        bool waits = false;

        for (size_t j = 0; j < disk->renames; j++)
            waits |= disk->renamed[j].file == i;
        if (!file->used || file->opened > 0 || waits || disk_is_named(&disk->now, i) ||
            disk_is_named(&disk->durable, i))
            continue;
        disk_file_free(file);
    }
}

static void names_keep(size_t count)
{
    for (size_t i = 0; i < count; i++)
        disk_name_change(&disk->durable, &disk->renamed[i]);
    disk->renames = 0;
    sweep();
}

/* --- what fails -------------------------------------------------------------------------------------------------------------- */

bool disk_draws(struct disk *self, enum disk_fault fault)
{
    if (self->per_100k == NULL || self->per_100k[fault] == 0 ||
        random_between(self->random, 0, 99999) >= self->per_100k[fault])
        return false;
    self->told[fault]++;
    return true;
}

/* Whether the call is not done any more. */
static bool is_gone(void)
{
    if (!disk->dead && disk->dies_in > 0 && --disk->dies_in == 0)
        disk->dead = true;
    errno = EIO;
    return disk->dead;
}

static bool fails(enum disk_fault fault, int error)
{
    if (!disk_draws(disk, fault))
        return false;
    disk->failed |= fault == DISK_WRITE || fault == DISK_SYNC;
    errno = error;
    return true;
}

static struct disk_file *file_of(int fd)
{
    return fd >= 0 && fd < FDS_MAX && disk->of_fd[fd] > 0 ? &disk->file[disk->of_fd[fd] - 1] : NULL;
}

/* --- the calls ----------------------------------------------------------------------------------------------------------------- */

static int new_file(void)
{
    for (int i = 0; i < FILES_MAX; i++)
        if (!disk->file[i].used) {
            disk->file[i] = (struct disk_file){.used = true};
            return i;
        }
    abort();
}

static int call_open(int dir_fd, const char *name, int flags, mode_t mode)
{
    const struct disk_name *known = disk_find(&disk->now, name);
    bool makes = known == NULL && (flags & O_CREAT) != 0;
    int fd, file;

    if (makes && (is_gone() || fails(DISK_NAME, EIO)))
        return -1;
    fd = openat(dir_fd, name, flags, mode);
    if (fd < 0)
        return -1;
    if (fd >= FDS_MAX)
        abort();
    file = known != NULL ? known->file : makes ? new_file() : -1;
    if (makes)
        rename_to(name, file);
    disk->of_fd[fd] = file + 1;
    if (file >= 0)
        disk->file[file].opened++;
    return fd;
}

static int call_close(int fd)
{
    struct disk_file *file = file_of(fd);

    if (file != NULL)
        file->opened--;
    disk->of_fd[fd] = 0;
    return close(fd);
}

static ssize_t call_pread(int fd, void *bytes, size_t size, off_t at)
{
    return fails(DISK_READ, EIO) ? -1 : pread(fd, bytes, size, at);
}

static ssize_t put(int fd, struct disk_file *file, const void *bytes, size_t size, uint64_t at)
{
    ssize_t done = size == 0 ? 0 : pwrite(fd, bytes, size, (off_t)at);

    if (done != (ssize_t)size)
        abort(); /* the real file system is full */
    if (at + size > file->size)
        file->size = at + size;
    if (file->size > file->taken) {
        disk->room -= (int64_t)(file->size - file->taken);
        file->taken = file->size;
    }
    if (size > 0)
        disk_file_write(file, at, bytes, size);
    return done;
}

static ssize_t call_pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    struct disk_file *file = file_of(fd);
    uint64_t at = (uint64_t)offset, end = at + size;
    bool was_dead = disk->dead;

    if (is_gone() || fails(DISK_WRITE, EIO)) {
        if (!was_dead)
            put(fd, file, bytes, (size_t)random_between(disk->random, 0, (int64_t)size), at);
        errno = EIO;
        return -1;
    }
    if (!disk->full && disk_draws(disk, DISK_FULL)) {
        disk->full = true;
        disk->room = random_between(disk->random, 0, 4096);
    }
    if (disk->full && end > file->taken && (int64_t)(end - file->taken) > disk->room) {
        if (end - file->taken - (uint64_t)disk->room >= size) {
            disk->failed = true;
            errno = ENOSPC;
            return -1;
        }
        size -= (size_t)(end - file->taken) - (size_t)disk->room; /* what there is room for: a short write */
    }
    return put(fd, file, bytes, size, at);
}

static int sync_folder(int fd)
{
    struct stat at, ours;

    if (fstat(fd, &at) != 0 || stat(disk->dir, &ours) != 0 || at.st_ino != ours.st_ino)
        return 0; /* one above it */
    if (fails(DISK_SYNC, EIO))
        return -1; /* not done, but not undone: a later one does it */
    names_keep(disk->renames);
    return 0;
}

static int call_fsync(int fd)
{
    struct disk_file *file = file_of(fd);

    if (is_gone())
        return -1;
    if (file == NULL)
        return sync_folder(fd);
    if (fails(DISK_SYNC, random_between(disk->random, 0, 3) == 0 ? ENOSPC : EIO)) {
        int error = errno;

        disk_file_keep_some(file, disk->random);
        errno = error;
        return -1;
    }
    disk_file_sync(file);
    return 0;
}

static int set_size(int fd, uint64_t size)
{
    struct disk_file *file = file_of(fd);

    file->size = size;
    disk->room += (int64_t)file->taken - (int64_t)size;
    file->taken = size;
    disk_file_set_size(file, size);
    return ftruncate(fd, (off_t)size);
}

static int call_ftruncate(int fd, off_t size)
{
    return is_gone() || fails(DISK_NAME, EIO) ? -1 : set_size(fd, (uint64_t)size);
}

/* The room is taken, not filled: nobody reads it. */
static int call_allocate(int fd, off_t size)
{
    const struct disk_file *file = file_of(fd);

    if (is_gone() || fails(DISK_NAME, EIO))
        return -1;
    if (file->taken >= (uint64_t)size)
        return 0;
    if (disk->full && (int64_t)((uint64_t)size - file->taken) > disk->room) {
        errno = ENOSPC;
        return -1;
    }
    return set_size(fd, (uint64_t)size);
}

static void give_back(int file)
{
    disk->room += (int64_t)disk->file[file].taken;
    disk->file[file].taken = 0;
    if (disk->full && random_between(disk->random, 0, 3) == 0)
        disk->room = 0; /* somebody else was faster */
}

static int call_rename(int dir_fd, const char *from, const char *to)
{
    struct disk_name *known = disk_find(&disk->now, from), *over = disk_find(&disk->now, to);

    if (is_gone() || fails(DISK_NAME, EIO))
        return -1;
    if (renameat(dir_fd, from, dir_fd, to) != 0)
        return -1;
    if (over != NULL)
        give_back(over->file);
    rename_to(to, known->file);
    return 0;
}

static int call_unlink(int dir_fd, const char *name)
{
    struct disk_name *known = disk_find(&disk->now, name);

    if (known == NULL)
        return unlinkat(dir_fd, name, 0);
    if (is_gone() || fails(DISK_NAME, EIO))
        return -1;
    give_back(known->file);
    rename_to(name, -1);
    return unlinkat(dir_fd, name, 0);
}

/* --- the machine ----------------------------------------------------------------------------------------------------------------- */

void disk_faults(struct disk *self, const int32_t per_100k[DISK_FAULTS], uint64_t told[DISK_FAULTS])
{
    self->per_100k = per_100k;
    self->told = told;
}

void disk_dies_in(struct disk *self, int64_t calls)
{
    self->dies_in = calls;
}

void disk_die(struct disk *self)
{
    self->dead = true;
}

bool disk_is_dead(const struct disk *self)
{
    return self->dead;
}

bool disk_has_failed(const struct disk *self)
{
    return self->failed;
}

void disk_make_room(struct disk *self)
{
    self->full = false;
}

static void write_file(const char *name, const struct image *image)
{
    char path[256];
    int fd;

    snprintf(path, sizeof(path), "%s/%s", disk->dir, name);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || pwrite(fd, image->bytes, image->held, 0) != (ssize_t)image->held ||
        ftruncate(fd, (off_t)image->size) != 0 || close(fd) != 0)
        abort();
}

static void remove_files(void)
{
    DIR *folder = opendir(disk->dir);
    const struct dirent *entry;

    if (folder == NULL)
        abort();
    while ((entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
}

static void fail_power(void)
{
    names_keep((size_t)random_between(disk->random, 0, (int64_t)disk->renames));
    disk->now = disk->durable;
    remove_files();
    for (size_t i = 0; i < disk->now.count; i++) {
        struct disk_file *file = &disk->file[disk->now.name[i].file];

        disk_file_keep_some(file, disk->random);
        file->size = file->taken = file->durable.size;
        file->settled = file->settled < file->size ? file->settled : file->size;
        write_file(disk->now.name[i].name, &file->durable);
    }
    sweep();
}

void disk_revive(struct disk *self, bool power)
{
    memset(self->of_fd, 0, sizeof(self->of_fd));
    for (int i = 0; i < FILES_MAX; i++)
        self->file[i].opened = 0;
    if (power)
        fail_power();
    self->dead = self->failed = false;
    self->dies_in = 0;
}

/* --- rot ------------------------------------------------------------------------------------------------------------------------- */

static void turn_bit(void)
{
    char path[256];
    unsigned char byte;
    int fd;

    snprintf(path, sizeof(path), "%s/%s", disk->dir, disk->rotten);
    fd = open(path, O_RDWR);
    if (fd < 0 || pread(fd, &byte, 1, (off_t)disk->rotten_at) != 1)
        abort();
    byte ^= disk->rotten_bit;
    if (pwrite(fd, &byte, 1, (off_t)disk->rotten_at) != 1 || close(fd) != 0)
        abort();
}

bool disk_rot(struct disk *self)
{
    const struct disk_name *name;
    const struct disk_file *file;
    uint64_t size;

    if (self->now.count == 0)
        return false;
    name = &self->now.name[random_between(self->random, 0, (int64_t)self->now.count - 1)];
    file = &self->file[name->file];
    size = strstr(name->name, ".fdj") != NULL ? file->settled : file->durable.size;
    if (strcmp(name->name, "reserve") == 0 || size == 0 || size > file->size)
        return false;
    snprintf(self->rotten, sizeof(self->rotten), "%s", name->name);
    self->rotten_at = (uint64_t)random_between(self->random, 0, (int64_t)size - 1);
    self->rotten_bit = (unsigned char)(1U << random_between(self->random, 0, 7));
    turn_bit();
    return true;
}

void disk_unrot(struct disk *self)
{
    struct disk_name *name = disk_find(&self->now, self->rotten);

    if (name != NULL && self->file[name->file].size > self->rotten_at)
        turn_bit();
    self->rotten[0] = '\0';
}

/* --- life ------------------------------------------------------------------------------------------------------------------------ */

struct disk *disk_open(const char *dir, uint64_t *random)
{
    static const struct journal_io io = {.open = call_open,
                                         .close = call_close,
                                         .pread = call_pread,
                                         .pwrite = call_pwrite,
                                         .fdatasync = call_fsync,
                                         .fsync = call_fsync,
                                         .ftruncate = call_ftruncate,
                                         .allocate = call_allocate,
                                         .rename = call_rename,
                                         .unlink = call_unlink};

    disk = calloc(1, sizeof(*disk));
    if (disk == NULL)
        abort();
    snprintf(disk->dir, sizeof(disk->dir), "%s", dir);
    disk->random = random;
    remove_files();
    journal_io_replace(&io);
    return disk;
}

void disk_close(struct disk *self)
{
    if (self == NULL)
        return;
    journal_io_replace(NULL);
    remove_files();
    self->now.count = self->durable.count = self->renames = 0;
    for (int i = 0; i < FILES_MAX; i++)
        self->file[i].opened = 0;
    sweep();
    free(self);
    disk = NULL;
}
