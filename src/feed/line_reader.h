/*
 * line_reader.h - lines of one recording, plain or gzip (by content, not by name), any number of gzip members.
 *
 * Way of the data: file -> LINE READER -> replay. One block of memory for all files; a line is borrowed from
 * it, so reading a line copies nothing. Truncated or damaged gzip: all that could be unpacked is delivered,
 * an unfinished last line too, and then the reader says what is wrong.
 */
#ifndef FEED_LINE_READER_H
#define FEED_LINE_READER_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_READER_PADDING 64 /* readable bytes behind each line */

struct line_reader;

enum line_kind {
    LINE_TEXT,     /* *text, *size: without its newline and carriage return */
    LINE_TOO_LONG, /* skipped to its end */
    LINE_DAMAGED,  /* the file cannot be read further; then LINE_END */
    LINE_END
};

struct line_reader *line_reader_new(size_t line_max); /* NULL: memory; touched as used */
void line_reader_free(struct line_reader *reader);    /* closes */

/* Closes the file before. ERR_NOT_FOUND, ERR_IO: errno tells. */
enum err line_reader_open(struct line_reader *reader, const char *path);
/* The line is borrowed until the next call. */
enum line_kind line_reader_next(struct line_reader *reader, const char **text, size_t *size);
/* What LINE_DAMAGED means; static text. */
const char *line_reader_damage(const struct line_reader *reader);

#endif
