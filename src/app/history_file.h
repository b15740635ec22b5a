/*
 * history_file.h - lines typed at the prompt, kept over restarts in the file `history` of the data directory (0600).
 *
 * A line is appended when it is run, by a thread of its own (history_writer.h): one write, no sync. Several screens may
 * append at once. Loading tolerates anything: what is no line of printable ASCII is left out, and a file that has grown is
 * made small again. A history that cannot be read or kept is none: nothing fails for it.
 */
#ifndef APP_HISTORY_FILE_H
#define APP_HISTORY_FILE_H

#include <stddef.h>

#define HISTORY_LINE_MAX  160       /* bytes of a line, NUL included */
#define HISTORY_LINES_MAX 200       /* that are kept when it is made small */
#define HISTORY_BYTES_MAX (1 << 16) /* beyond this only the end is read, and it is made small */

/* Hands over the lines, oldest first. data_dir "": there are none. */
void history_file_load(const char *data_dir, void (*take)(void *arg, const char *line), void *arg);
void history_file_append(const char *data_dir, const char *line);

#endif
