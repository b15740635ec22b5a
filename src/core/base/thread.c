#include "core/base/thread.h"

#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <time.h>

/* A thread inherits the mask of the one that starts it. */
int thread_start(pthread_t *out, const pthread_attr_t *attr, void *(*run)(void *), void *arg)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    sigset_t quiet, before;
    int failed;

    sigfillset(&quiet);
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        sigdelset(&quiet, faults[i]);
    pthread_sigmask(SIG_SETMASK, &quiet, &before);
    failed = pthread_create(out, attr, run, arg);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

bool thread_join_within(pthread_t thread, int seconds)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += seconds;
    return pthread_timedjoin_np(thread, NULL, &until) == 0;
}

void thread_name(const char *name)
{
    prctl(PR_SET_NAME, name);
}
