/* file_replace.h - a small file of state in place of the one before: whole, on the disk, or not at all. */
#ifndef CORE_BASE_FILE_REPLACE_H
#define CORE_BASE_FILE_REPLACE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Written as `fresh` (0600, no link is followed), synced, and given the name `name`; the folder's change is synced, too.
 * folder: a descriptor of it, or AT_FDCWD with paths, of which the folder is not synced. False: errno says why, `fresh` is
 * gone, and `name` is as before unless the folder alone could not be synced.
 */
bool file_replace(int folder, const char *fresh, const char *name, const void *bytes, size_t size);

#endif
