/*
 * process.h - what this process is to the system before it does anything: descriptors, core dumps, limits.
 */
#ifndef APP_PROCESS_H
#define APP_PROCESS_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define PROCESS_FILES_TRADING                                                                                \
    64 /* descriptors of a live engine: 31 when it runs the demo, a screen, four attached, reconnects, plug-ins, readers */
#define PROCESS_FILES_REPLAY 24

/*
 * By main, first: 0 to 2 are open (a closed one would be given to the next file that is opened, and written to), what
 * was inherited beyond them stays out of children, and a crash leaves no memory on disk.
 */
void process_begin(void);
/* Core dumps after all, and the process may be looked into: the setting process.core_dumps. */
void process_allow_core_dumps(void);
/* May `files` descriptors be open? A low soft limit is raised as far as it may be. ERR_USAGE: why holds one line. */
enum err process_has_files(unsigned files, char *why, size_t why_size);

#endif
