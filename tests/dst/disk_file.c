/* disk_file.c - see disk_file.h. */
#include "dst/disk_file.h"

#include "unit/test_random.h"

#include <stdlib.h>
#include <string.h>

#define SECTOR 512

static void *more(void *memory, size_t size)
{
    memory = realloc(memory, size);
    if (memory == NULL)
        abort();
    return memory;
}

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

/* --- what is not synced yet -------------------------------------------------------------------------------------------- */

static struct change *next_change(struct disk_file *file)
{
    if (file->changes == file->change_room) {
        file->change_room = file->change_room * 2 + 8;
        file->change = more(file->change, file->change_room * sizeof(*file->change));
    }
    return &file->change[file->changes++];
}

void disk_file_write(struct disk_file *file, uint64_t at, const void *data, size_t size)
{
    struct change *change = next_change(file);

    *change = (struct change){.at = at, .size = size, .data = more(NULL, size + 1)};
    memcpy(change->data, data, size);
}

void disk_file_set_size(struct disk_file *file, uint64_t size)
{
    *next_change(file) = (struct change){.at = size};
}

static void forget_changes(struct disk_file *file)
{
    for (size_t i = 0; i < file->changes; i++)
        free(file->change[i].data);
    file->changes = 0;
}

void disk_file_sync(struct disk_file *file)
{
    for (size_t i = 0; i < file->changes; i++) {
        image_change(&file->durable, &file->change[i]);
        if (i == 0 || file->change[i].at < file->settled)
            file->settled = file->change[i].at;
    }
    forget_changes(file);
}

static void keep_first(struct disk_file *file, uint64_t *random)
{
    size_t stop = (size_t)random_between(random, 0, (int64_t)file->changes);

    for (size_t i = 0; i < stop; i++)
        image_change(&file->durable, &file->change[i]);
    if (stop < file->changes && file->change[stop].size > 0) {
        struct change torn = file->change[stop];

        torn.size = (size_t)random_between(random, 0, (int64_t)torn.size);
        image_change(&file->durable, &torn);
    }
}

static void keep_sectors(struct disk_file *file, uint64_t *random)
{
    uint64_t keep = (uint64_t)random_between(random, 0, 4); /* of 4 */

    for (size_t i = 0; i < file->changes; i++) {
        const struct change *change = &file->change[i];

        if (change->data == NULL && random_next(random) % 4 < keep)
            image_change(&file->durable, change);
        for (size_t at = 0, size; change->data != NULL && at < change->size; at += size) {
            size = SECTOR - (size_t)((change->at + at) % SECTOR);
            size = size < change->size - at ? size : change->size - at;
            if (random_next(random) % 4 < keep)
                image_put(&file->durable, change->at + at, change->data + at, size);
        }
    }
}

void disk_file_keep_some(struct disk_file *file, uint64_t *random)
{
    if (random_between(random, 0, 1) == 0)
        keep_first(file, random);
    else
        keep_sectors(file, random);
    forget_changes(file);
}

void disk_file_free(struct disk_file *file)
{
    forget_changes(file);
    free(file->change);
    free(file->durable.bytes);
    *file = (struct disk_file){.used = false};
}

/* --- names ----------------------------------------------------------------------------------------------------------------- */

struct disk_name *disk_find(struct disk_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->name[i].name, name) == 0)
            return &names->name[i];
    return NULL;
}

void disk_name_change(struct disk_names *names, const struct disk_name *change)
{
    struct disk_name *old = disk_find(names, change->name);

    if (old != NULL)
        *old = names->name[--names->count];
    for (size_t i = 0; change->file >= 0 && i < names->count; i++)
        if (names->name[i].file == change->file)
            names->name[i--] = names->name[--names->count];
    if (change->file < 0)
        return;
    if (names->count == DISK_NAMES_MAX)
        abort();
    names->name[names->count++] = *change;
}

bool disk_is_named(const struct disk_names *names, int file)
{
    for (size_t i = 0; i < names->count; i++)
        if (names->name[i].file == file)
            return true;
    return false;
}
