/* disk.c - see disk.h: images of what is durable, and the calls of the journal. */
#include "dst/disk.h"

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
#define NAMES_MAX   256
#define CHANGES_MAX 4096
#define FDS_MAX     1024
#define NAME_SIZE   32
#define SECTOR      512

const char *const disk_fault_word[DISK_FAULTS] = {
    [DISK_FULL] = "disk full",         [DISK_WRITE] = "write fails",
    [DISK_SYNC] = "sync fails",        [DISK_NAME] = "making or naming a file fails",
    [DISK_READ] = "read fails",        [DISK_ROT] = "a bit on the disk turns",
    [DISK_POWER] = "power failure",    [DISK_DIES] = "dies in a call of the disk",
    [DISK_IN_ORDER] = "ends in order",
};

struct image { /* bytes[held..size) are zeros */
    unsigned char *bytes;
    size_t held, room;
    uint64_t size;
};

struct change { /* data NULL: the size is set */
    uint64_t at;
    size_t size;
    unsigned char *data;
};

struct file {
    bool used;
    unsigned opened;
    uint64_t size, taken; /* taken: of the room */
    uint64_t settled;     /* the last sync wrote nothing before it */
    struct image durable;
    struct change *change; /* since the last sync */
    size_t changes;
};

struct name {
    char name[NAME_SIZE];
    int file; /* -1: removed */
};

struct names {
    struct name name[NAMES_MAX];
    size_t count;
};

struct disk {
    char dir[128];
    uint64_t *random;
    const int32_t *per_100k;
    uint64_t *told;
    struct file file[FILES_MAX];
    int of_fd[FDS_MAX]; /* file + 1 */
    struct names now, durable;
    struct name renamed[CHANGES_MAX]; /* since the last sync of the folder, in order */
    size_t renames;
    bool full;
    int64_t room; /* when it is full */
    int64_t dies_in;
    bool dead, failed;
    char rotten[NAME_SIZE];
    uint64_t rotten_at;
    unsigned char rotten_bit;
};

static struct disk *disk; /* the calls know nothing else */

static void *more(void *memory, size_t size)
{
    memory = realloc(memory, size);
    if (memory == NULL)
        abort();
    return memory;
}

/* --- images -------------------------------------------------------------------------------------------------------------- */

static void image_set_size(struct image *image, uint64_t size)
{
    image->size = size;
    if (image->held > size)
        image->held = (size_t)size;
}

static void image_put(struct image *image, uint64_t at, const unsigned char *data, size_t size)
{
    size_t end = (size_t)at + size;

    if (end > image->room) {
        image->room = end * 2;
        image->bytes = more(image->bytes, image->room);
    }
    if (end > image->held) {
        memset(image->bytes + image->held, 0, end - image->held);
        image->held = end;
    }
    if (size > 0)
        memcpy(image->bytes + at, data, size);
    if (image->size < end)
        image->size = end;
}

static void image_change(struct image *image, const struct change *change)
{
    if (change->data == NULL)
        image_set_size(image, change->at);
    else
        image_put(image, change->at, change->data, change->size);
}

static void forget_changes(struct file *file)
{
    for (size_t i = 0; i < file->changes; i++)
        free(file->change[i].data);
    file->changes = 0;
}

static void note_change(struct file *file, uint64_t at, const void *data, size_t size)
{
    struct change change = {.at = at, .size = size};

    if (data != NULL) {
        change.data = more(NULL, size + 1);
        memcpy(change.data, data, size);
    }
    file->change = more(file->change, (file->changes + 1) * sizeof(*file->change));
    file->change[file->changes++] = change;
}

/* What comes to the medium without a sync: the first bytes in order, or any sectors of each write. */
static void keep_some(struct file *file)
{
    bool in_order = random_between(disk->random, 0, 1) == 0;
    size_t stop = (size_t)random_between(disk->random, 0, (int64_t)file->changes);
    uint64_t keep = (uint64_t)random_between(disk->random, 0, 4); /* of 4 sectors */

    for (size_t i = 0; i < file->changes && !(in_order && i > stop); i++) {
        struct change change = file->change[i];

        if (in_order && i == stop)
            change.size = (size_t)random_between(disk->random, 0, (int64_t)change.size);
        if (change.data == NULL ? (in_order ? i < stop : random_next(disk->random) % 4 < keep)
                                : in_order && change.size > 0)
            image_change(&file->durable, &change);
        for (size_t at = 0, size; !in_order && change.data != NULL && at < change.size; at += size) {
            size = SECTOR - (size_t)((change.at + at) % SECTOR);
            size = size < change.size - at ? size : change.size - at;
            if (random_next(disk->random) % 4 < keep)
                image_put(&file->durable, change.at + at, change.data + at, size);
        }
    }
    forget_changes(file);
}

/* --- names ----------------------------------------------------------------------------------------------------------------- */

static struct name *find(struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->name[i].name, name) == 0)
            return &names->name[i];
    return NULL;
}

/* One change of the folder: the name leads to that file now, and no other name does. */
static void name_change(struct names *names, const struct name *change)
{
    struct name *old = find(names, change->name);

    if (old != NULL)
        *old = names->name[--names->count];
    for (size_t i = 0; change->file >= 0 && i < names->count; i++)
        if (names->name[i].file == change->file)
            names->name[i--] = names->name[--names->count];
    if (change->file < 0)
        return;
    if (names->count == NAMES_MAX)
        abort();
    names->name[names->count++] = *change;
}

static void rename_to(const char *name, int file)
{
    struct name *change = &disk->renamed[disk->renames++];

    if (disk->renames == CHANGES_MAX || strlen(name) >= NAME_SIZE)
        abort();
    snprintf(change->name, sizeof(change->name), "%s", name);
    change->file = file;
    name_change(&disk->now, change);
}

static bool is_named(const struct names *names, int file)
{
    for (size_t i = 0; i < names->count; i++)
        if (names->name[i].file == file)
            return true;
    return false;
}

/* Files that nothing leads to any more. */
static void sweep(void)
{
    for (int i = 0; i < FILES_MAX; i++) {
        struct file *file = &disk->file[i];
        bool waits = false;

        for (size_t j = 0; j < disk->renames; j++)
            waits |= disk->renamed[j].file == i;
        if (!file->used || file->opened > 0 || waits || is_named(&disk->now, i) ||
            is_named(&disk->durable, i))
            continue;
        forget_changes(file);
        free(file->change);
        free(file->durable.bytes);
        *file = (struct file){.used = false};
    }
}

static void names_keep(size_t count)
{
    for (size_t i = 0; i < count; i++)
        name_change(&disk->durable, &disk->renamed[i]);
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

static struct file *file_of(int fd)
{
    return fd >= 0 && fd < FDS_MAX && disk->of_fd[fd] > 0 ? &disk->file[disk->of_fd[fd] - 1] : NULL;
}

/* --- the calls ----------------------------------------------------------------------------------------------------------------- */

static int new_file(void)
{
    for (int i = 0; i < FILES_MAX; i++)
        if (!disk->file[i].used) {
            disk->file[i] = (struct file){.used = true};
            return i;
        }
    abort();
}

static int call_open(int dir_fd, const char *name, int flags, mode_t mode)
{
    const struct name *known = find(&disk->now, name);
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
    struct file *file = file_of(fd);

    if (file != NULL)
        file->opened--;
    disk->of_fd[fd] = 0;
    return close(fd);
}

static ssize_t call_pread(int fd, void *bytes, size_t size, off_t at)
{
    return fails(DISK_READ, EIO) ? -1 : pread(fd, bytes, size, at);
}

static ssize_t put(int fd, struct file *file, const void *bytes, size_t size, uint64_t at)
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
        note_change(file, at, bytes, size);
    return done;
}

static ssize_t call_pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    struct file *file = file_of(fd);
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
    struct file *file = file_of(fd);

    if (is_gone())
        return -1;
    if (file == NULL)
        return sync_folder(fd);
    if (fails(DISK_SYNC, random_between(disk->random, 0, 3) == 0 ? ENOSPC : EIO)) {
        int error = errno;

        keep_some(file);
        errno = error;
        return -1;
    }
    for (size_t i = 0; i < file->changes; i++) {
        image_change(&file->durable, &file->change[i]);
        if (i == 0 || file->change[i].at < file->settled)
            file->settled = file->change[i].at;
    }
    forget_changes(file);
    return 0;
}

static int set_size(int fd, uint64_t size)
{
    struct file *file = file_of(fd);

    file->size = size;
    disk->room += (int64_t)file->taken - (int64_t)size;
    file->taken = size;
    note_change(file, size, NULL, 0);
    return ftruncate(fd, (off_t)size);
}

static int call_ftruncate(int fd, off_t size)
{
    return is_gone() || fails(DISK_NAME, EIO) ? -1 : set_size(fd, (uint64_t)size);
}

/* The room is taken, not filled: nobody reads it. */
static int call_allocate(int fd, off_t size)
{
    const struct file *file = file_of(fd);

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
    struct name *known = find(&disk->now, from), *over = find(&disk->now, to);

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
    struct name *known = find(&disk->now, name);

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
        struct file *file = &disk->file[disk->now.name[i].file];

        keep_some(file);
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
    const struct name *name;
    const struct file *file;
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
    struct name *name = find(&self->now, self->rotten);

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
