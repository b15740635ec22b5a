/*
 * plugin_house.h - what a plug-in may not touch in a process that it shares.
 *
 * Signal handlers, locale, rounding of floating point, files of others: note how they are before a plug-in is loaded,
 * compare afterwards and now and then. 20 system calls: not for each call into a plug-in. One house for the process;
 * by one thread at a time.
 */
#ifndef PLUGIN_PLUGIN_HOUSE_H
#define PLUGIN_PLUGIN_HOUSE_H

#include "core/base/err.h"

/* As it is now is how it shall be. ERR_IO: no file descriptor left for the canary. */
enum err plugin_house_mark(void);
/* Compares and mends what can be mended; a closed file cannot. NULL: all as it was; else "changed the handler of
 * SIGINT", static memory. */
const char *plugin_house_inspect(void);
void plugin_house_forget(void); /* closes the canary */

#endif
