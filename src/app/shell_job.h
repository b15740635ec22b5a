/*
 * shell_job.h - this process as a job of the shell that started it: the shell's prompt comes back while the job runs on.
 */
#ifndef APP_SHELL_JOB_H
#define APP_SHELL_JOB_H

#include <stdbool.h>

/* True if a shell with job control (POSIX.1-2017 XCU 2.11) waits for this job on the terminal tty_fd. */
bool shell_job_waited_for(int tty_fd);
/*
 * Gives that shell its prompt back: the job is stopped, as by Ctrl-Z, until the shell has taken the terminal - some
 * milliseconds, 500 at most - and goes on in the background. Only where shell_job_waited_for(). The terminal must have its
 * modes again. Where no process can be made it stays in the foreground.
 */
void shell_job_to_background(int tty_fd);

#endif
