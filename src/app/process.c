#include "app/process.h"

#include "app/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

static void open_standard_descriptors(void)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF &&
            open("/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_WRONLY) != fd)
            _exit(EXIT_CODE_FAILED);
}

/* Only the soft limit: whoever asks for core dumps gets what was allowed before. */
static rlim_t core_before;

static void forbid_core_dumps(void)
{
    struct rlimit core;

    if (getrlimit(RLIMIT_CORE, &core) == 0) {
        core_before = core.rlim_cur;
        core.rlim_cur = 0;
        setrlimit(RLIMIT_CORE, &core);
    }
    prctl(PR_SET_DUMPABLE, 0); /* where a pipe takes core dumps the limit does not count */
}

void process_begin(void)
{
    open_standard_descriptors();
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    forbid_core_dumps();
}

void process_allow_core_dumps(void)
{
    struct rlimit core;

    if (getrlimit(RLIMIT_CORE, &core) == 0) {
        core.rlim_cur = core_before != 0 ? core_before : core.rlim_max;
        setrlimit(RLIMIT_CORE, &core);
    }
    prctl(PR_SET_DUMPABLE, 1);
}

enum err process_has_files(unsigned files, char *why, size_t why_size)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= files)
        return ERR_OK;
    limit.rlim_cur = limit.rlim_max < files ? limit.rlim_max : files;
    if (limit.rlim_cur >= files && setrlimit(RLIMIT_NOFILE, &limit) == 0)
        return ERR_OK;
    snprintf(why, why_size,
             "only %llu files may be open at once, %u are needed: raise the limit (ulimit -n %u)",
             (unsigned long long)limit.rlim_cur, files, files);
    return ERR_USAGE;
}
