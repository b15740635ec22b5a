/*
 * proc_look.h - what /proc tells of a process: is it the one that was meant, and is it stopped?
 *
 * A pid is given anew one day; a pid with its start time is not, within one boot.
 */
#ifndef APP_PROC_LOOK_H
#define APP_PROC_LOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PROC_NAME_SIZE 16

struct proc_look {
    char name[PROC_NAME_SIZE]; /* of its program */
    char state;                /* 'R', 'S', 'T' ... */
    uint64_t start_ticks;      /* since the boot */
};

/* False: it is gone, or cannot be seen from here. */
bool proc_look(pid_t pid, struct proc_look *out);
/* It did not let itself be looked at: /proc may hide it (hidepid, a process that may not be traced), and it lives. */
bool proc_is_hidden(pid_t pid);
bool proc_is_stopped(char state); /* by a signal or a debugger */

#endif
