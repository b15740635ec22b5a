/*
 * csv.h - what a screen lists, as lines of comma-separated values: for the clipboard and for files.
 */
#ifndef TUI_CSV_H
#define TUI_CSV_H

#include <stdbool.h>
#include <stddef.h>

#define CSV_MAX      131072 /* bytes; a page of the journal has room for all of its rows at their longest */
#define CSV_COPY_MAX 65536  /* as much of them as a terminal's clipboard takes (SCREEN_COPY_MAX) */

struct csv {
    char text[CSV_MAX]; /* ends with a NUL */
    size_t most;        /* bytes that it may have, set before it begins; 0: CSV_MAX */
    size_t used;
    int rows; /* without the head */
    bool cut; /* rows did not fit and are left out */
};

void csv_begin(struct csv *csv, const char *head); /* head without its newline */
/* One row without its newline. One that does not fit whole is left out. */
void csv_row(struct csv *csv, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A cell of text: in quotes, those in it doubled; what does not fit is cut. Returns out. */
const char *csv_quoted(const char *text, char *out, size_t size);

#endif
