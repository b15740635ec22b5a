/*
 * embedded.h - files of themes/ and config/ that the build put into the program.
 */
#ifndef CORE_BASE_EMBEDDED_H
#define CORE_BASE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
    const char *name; /* "themes/dark.theme" */
    const char *text; /* NUL-terminated */
    size_t size;
};

extern const struct embedded_file embedded_files[];
extern const size_t embedded_file_count;

/* NULL if there is none of that name. */
const struct embedded_file *embedded_find(const char *name);

#endif
