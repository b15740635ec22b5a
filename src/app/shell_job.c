#include "app/shell_job.h"

#include <errno.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOOKS_MAX 500 /* a shell that has not taken the terminal by then has no use for it */
#define LOOK_NS   1000000L

bool shell_job_waited_for(int tty_fd)
{
    pid_t job = getpgrp();

    return tcgetpgrp(tty_fd) == job && getsid(0) != job;
}

/* Outside the job, so that it is not stopped with it. Nothing but system calls: other threads held who knows which lock. */
static void stop_until_taken(int tty_fd, pid_t job)
{
    const struct timespec look = {.tv_nsec = LOOK_NS};

    kill(-job, SIGSTOP); /* SIGTSTP is refused by all of us */
    for (int i = 0; i < LOOKS_MAX; i++) {
        nanosleep(&look, NULL);
        if (tcgetpgrp(tty_fd) != job)
            break;
    }
    kill(-job, SIGCONT);
    _exit(0);
}

void shell_job_to_background(int tty_fd)
{
    pid_t job = getpgrp(), helper;
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    helper = fork();
    if (helper == 0) {
        if (setpgid(0, 0) != 0)
            _exit(1);
        stop_until_taken(tty_fd, job);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    while (helper > 0 && waitpid(helper, NULL, 0) < 0 && errno == EINTR)
        continue;
}
