/*
 * file_guard.h - whom a file belongs to, what it is, who may write beside it: asked before anything of ours is put there.
 *
 * All: ERR_STORAGE, with one line in why that begins with the path and says what to do.
 */
#ifndef STORE_FILE_GUARD_H
#define STORE_FILE_GUARD_H

#include "core/base/err.h"

#include <stddef.h>
#include <sys/stat.h>

__attribute__((format(printf, 4, 5))) enum err file_guard_refuse(const char *path, char *why, size_t why_size,
                                                                 const char *format, ...);
/* With all that are missing above it, 0700. folder is changed on the way and given back as it was. */
enum err file_guard_make_folders(char *folder, char *why, size_t why_size);
/* A folder of ours or root's in which no other user can put a file of theirs in the place of ours. */
enum err file_guard_check_folder(const char *folder, char *why, size_t why_size);
/* A plain file of ours with one name, not read-only. One that others may read is closed to them. noun: "a database file" */
enum err file_guard_check_file(const char *path, const struct stat *at, const char *noun, char *why,
                               size_t why_size);

#endif
