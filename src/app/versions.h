/* versions.h - which libraries this program runs on: one line for --version, rows for screen 8. */
#ifndef APP_VERSIONS_H
#define APP_VERSIONS_H

#include <stddef.h>
#include <stdio.h>

#define VERSIONS_MAX 12

struct version_row {
    const char *name; /* static */
    char text[32];
};

size_t versions_list(struct version_row out[VERSIONS_MAX]); /* returns how many */
void versions_print(FILE *out);

#endif
