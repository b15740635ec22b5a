/*
 * backup_copy.h - files of a backup: copied, synced, counted, hashed; and its manifest.
 *
 * manifest.json: {"format":2,"made":TIME,"version":..,"files":[{"path","bytes","sha256"}]}; paths are of the folder.
 */
#ifndef APP_BACKUP_COPY_H
#define APP_BACKUP_COPY_H

#include "app/sha256.h"
#include "core/base/err.h"
#include "store/db_file.h"

#include <stddef.h>
#include <stdint.h>

#define BACKUP_PATH_MAX 1400
#define BACKUP_MANIFEST "manifest.json"

struct backup_file {
    char path[128]; /* "journal/demo/00000000000000000001.fdj" */
    uint64_t bytes;
    char sha256[SHA256_HEX_SIZE];
};

struct backup_list {
    struct backup_file *file;
    size_t count, capacity;
};

/* All: one line in why. Nothing that is there is overwritten; what is written is synced. */

/* The first `bytes` bytes (UINT64_MAX: all) of from/path to to/path, 0600. ERR_NOT_FOUND: it is not there. */
enum err backup_copy_file(const char *from, const char *to, const char *path, uint64_t bytes, char *why,
                          size_t why_size);
/* What is on disk under folder/path now, into the list. */
enum err backup_list_add(struct backup_list *list, const char *folder, const char *path, char *why,
                         size_t why_size);
void backup_list_free(struct backup_list *list);
/* With all that is in it: one of our own making. Says nothing: whatever stays is in the way of nobody. */
void backup_remove_folder(const char *folder);
enum err backup_make_folder(const char *folder, const char *name, char *why, size_t why_size); /* 0700 */
enum err backup_sync_folder(const char *folder, const char *name, char *why, size_t why_size);

enum err backup_manifest_write(const char *folder, const struct backup_list *list, char *why,
                               size_t why_size);
/* Only paths that a backup can have. ERR_BAD_DATA, ERR_UNSUPPORTED: a newer format. */
enum err backup_manifest_read(const char *folder, struct backup_list *list, char *why, size_t why_size);
/* Each file has the size and the hash of the manifest. */
enum err backup_manifest_check(const char *folder, const struct backup_list *list, char *why,
                               size_t why_size);

#endif
