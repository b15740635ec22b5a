/*
 * export_file.h - a list of the screen into a new file, written on a thread of its own: a slow disk delays neither the
 * engine nor a key.
 */
#ifndef APP_EXPORT_FILE_H
#define APP_EXPORT_FILE_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define EXPORT_DIR       "export" /* in the data directory */
#define EXPORT_PATH_SIZE 1200
#define EXPORT_WHY_SIZE  256

struct export_file;

/*
 * Begins to write size bytes (copied) to a file that is not there yet, 0600, and that has its name once it is whole. name "": WHAT-YYYYMMDD-HHMMSS.csv (UTC) in
 * data_dir/export, which is made (0700); without a slash: there, by that name; beginning with a slash: that file.
 * data_dir "": there is none. ERR_USAGE: no such name can be; ERR_MEMORY; one line in why.
 */
enum err export_file_begin(const char *data_dir, const char *name, const char *what, const char *text,
                           size_t size, struct export_file **out, char *why, size_t why_size);
/* True once it is over: *err, and in text the path, or one line of what failed. Never waits. */
bool export_file_over(struct export_file *file, enum err *err, char *text, size_t text_size);
/* NULL is allowed. One that is still being written goes on by itself. */
void export_file_end(struct export_file *file);

#endif
