/* small_file.h - whole small files: read, and written so that nobody ever sees half of one. */
#ifndef SIM_SMALL_FILE_H
#define SIM_SMALL_FILE_H

#include "sim/text.h"

#include <sys/types.h>

#define SMALL_FILE_MAX 65536
#define SIM_PATH_SIZE  4096

/* False: no such file, larger than SMALL_FILE_MAX, or unreadable. */
bool small_file_read(const char *path, struct sim_text *out);
/* To a new file beside it, synced, then renamed over it. False: errno tells. */
bool small_file_write(const char *path, mode_t mode, const char *bytes, size_t size);

#endif
