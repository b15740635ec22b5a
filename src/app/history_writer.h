/*
 * history_writer.h - what was typed at the prompt goes to its file on a thread of its own: the screen's thread reads the
 * kill key, and a disk that hangs must not hold it. One thread calls; begun with the first line.
 */
#ifndef APP_HISTORY_WRITER_H
#define APP_HISTORY_WRITER_H

#include <stdbool.h>

#define HISTORY_WAITING_MAX                                                                                  \
    16 /* lines, a power of two; more are typed while the disk hangs: they are not kept */

struct history_writer;

/* append: history_file_append() (history_file.h). data_dir is copied. NULL when memory is short. */
struct history_writer *history_writer_new(void (*append)(const char *data_dir, const char *line),
                                          const char *data_dir);
/* Never waits. False: it is not kept. */
bool history_writer_put(struct history_writer *writer, const char *line);
/* What waits is written; a disk that hangs is waited for two seconds at most. NULL is allowed. */
void history_writer_free(struct history_writer *writer);

#endif
