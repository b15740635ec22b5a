#include "app/proc_look.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* "12 (name) S 1 ...": the name may hold anything, a ')' too; the start time is the 22nd field. */
bool proc_look(pid_t pid, struct proc_look *out)
{
    char path[40], text[1024], *begin, *shut;
    ssize_t size;
    int fd;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    size = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (size <= 0)
        return false;
    text[size] = '\0';
    begin = strchr(text, '(');
    shut = strrchr(text, ')');
    if (begin == NULL || shut == NULL)
        return false;
    *shut = '\0';
    snprintf(out->name, sizeof(out->name), "%.15s", begin + 1);
    return sscanf(shut + 2,
                  "%c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %" SCNu64,
                  &out->state, &out->start_ticks) == 2;
}

bool proc_is_hidden(pid_t pid)
{
    return kill(pid, 0) == 0 || errno != ESRCH;
}

bool proc_is_stopped(char state)
{
    return state == 'T' || state == 't';
}
