/*
 * crash.h - the last words of a crash: the terminal is given back, one line says what happened and where to look.
 *
 * Handlers of SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS and SIGTRAP, on a stack of their own in the thread that
 * calls crash_catch(). All they do is async-signal-safe. Sending is stopped first, so that no order leaves while the
 * terminal is written to; then the process ends by the signal, and the dead man clears up. A crash inside the handler
 * ends it at once. Code of plug-ins is named by plugin_guard.h, which comes first and hands everything else on to here.
 */
#ifndef APP_CRASH_H
#define APP_CRASH_H

#include "app/life_page.h"

/* By main, first. last_act: async-signal-safe, gives the terminal back; NULL: nothing to do. */
void crash_catch(void (*last_act)(void));
/* Where to look: the data directory; copied. "": nowhere. */
void crash_place(const char *data_dir);
/* The same end, by exit code 1, for whoever cannot go on without memory. Any thread; libev does so, too. */
_Noreturn void crash_out_of_memory(void);
/* Where the dead man reads the signal; NULL: nobody reads it. */
void crash_tell(struct life_page *page);

#endif
