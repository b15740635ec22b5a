/*
 * disk_file.h - one file of the disk that forgets: what is on its medium, and what was written since the last sync. And the
 * names that lead to files.
 */
#ifndef DST_DISK_FILE_H
#define DST_DISK_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

struct disk_file {
    bool used;
    unsigned opened;
    uint64_t size, taken; /* taken: of the room */
    uint64_t settled;     /* the last sync wrote nothing before it */
    struct image durable;
    struct change *change; /* since the last sync */
    size_t changes, change_room;
};

void disk_file_write(struct disk_file *file, uint64_t at, const void *data, size_t size);
void disk_file_set_size(struct disk_file *file, uint64_t size);
void disk_file_sync(struct disk_file *file);
/* Without a sync: the first bytes in order, or any sectors of each write. The rest will never be there. */
void disk_file_keep_some(struct disk_file *file, uint64_t *random);
void disk_file_free(struct disk_file *file);

#define DISK_NAMES_MAX 256
#define DISK_NAME_SIZE 32

struct disk_name {
    char name[DISK_NAME_SIZE];
    int file; /* -1: removed */
};

struct disk_names {
    struct disk_name name[DISK_NAMES_MAX];
    size_t count;
};

struct disk_name *disk_find(struct disk_names *names, const char *name);
/* One change of the folder: the name leads to that file now, and no other name does. */
void disk_name_change(struct disk_names *names, const struct disk_name *change);
bool disk_is_named(const struct disk_names *names, int file);

#endif
