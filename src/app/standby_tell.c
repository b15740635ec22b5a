#include "app/standby_tell.h"

#include "core/base/clock.h"
#include "core/base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_PREFIX "standby-"
#define AGAIN_NS    INT64_C(1000000000)
#define COLUMNS     79

void standby_tell_open(struct standby_tell *tell, const char *data_dir)
{
    memset(tell, 0, sizeof(*tell));
    snprintf(tell->path, sizeof(tell->path), "%s/" FILE_PREFIX "%d", data_dir, (int)getpid());
    tell->fd = open(tell->path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (tell->fd >= 0)
        flock(tell->fd, LOCK_EX | LOCK_NB);
    tell->terminal = isatty(STDERR_FILENO) == 1;
}

void standby_tell_close(struct standby_tell *tell)
{
    if (tell->terminal)
        dprintf(STDERR_FILENO, "\n");
    if (tell->fd < 0)
        return;
    unlink(tell->path);
    close(tell->fd);
    tell->fd = -1;
}

static void write_file(const struct standby_tell *tell, const char *line, const char *alert)
{
    char text[STANDBY_LINE_MAX + STANDBY_ALERT_MAX + 4];
    int size = snprintf(text, sizeof(text), "%s\n%s\n", line, alert);

    if (tell->fd >= 0 && size > 0 && pwrite(tell->fd, text, (size_t)size, 0) == size &&
        ftruncate(tell->fd, size) != 0)
        return; /* it is told elsewhere, too */
}

static void tell_alert(struct standby_tell *tell, const char *alert)
{
    struct clock clock;

    snprintf(tell->alert, sizeof(tell->alert), "%s", alert);
    clock_init_real(&clock);
    log_ev(alert[0] == '\0' ? LOG_INFO : LOG_WARN, clock_now_ns(&clock), 0, "standby.alert",
           LOG_TEXT("text", alert[0] == '\0' ? "over" : alert));
    if (alert[0] != '\0')
        dprintf(STDERR_FILENO, "%sflowdeck: STANDBY ALERT: %s\n", tell->terminal ? "\n" : "", alert);
}

void standby_tell(struct standby_tell *tell, const char *line, const char *alert)
{
    int64_t now_ns = clock_monotonic_ns();
    bool changed = strcmp(alert, tell->alert) != 0;

    if (!changed && now_ns < tell->next_ns)
        return;
    if (changed)
        tell_alert(tell, alert);
    if (tell->next_ns == 0) {
        struct clock clock;

        clock_init_real(&clock);
        log_ev(LOG_INFO, clock_now_ns(&clock), 0, "standby", LOG_TEXT("text", line));
        if (!tell->terminal)
            dprintf(STDERR_FILENO, "flowdeck: %s\n", line);
    }
    if (tell->terminal)
        dprintf(STDERR_FILENO, "\r%-*.*s", COLUMNS, COLUMNS, line);
    write_file(tell, line, alert);
    log_drain();
    tell->next_ns = now_ns + AGAIN_NS;
}

/* --- for those who ask ------------------------------------------------------------------------------------------- */

static void split(char *text, struct standby_told *out)
{
    const char *line = strsep(&text, "\n");
    const char *alert = text == NULL ? "" : strsep(&text, "\n");

    snprintf(out->line, sizeof(out->line), "%s", line);
    snprintf(out->alert, sizeof(out->alert), "%s", alert);
}

/* False: nobody waits behind it. */
static bool read_one(int folder, const char *name, struct standby_told *out)
{
    char text[STANDBY_LINE_MAX + STANDBY_ALERT_MAX + 4];
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    bool waits = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ssize_t size = waits ? pread(fd, text, sizeof(text) - 1, 0) : 0;

    if (fd >= 0 && !waits)
        unlinkat(folder, name, 0);
    if (fd >= 0)
        close(fd);
    if (!waits)
        return false;
    text[size > 0 ? size : 0] = '\0';
    out->pid = (pid_t)atoi(name + strlen(FILE_PREFIX)); /* NOLINT(cert-err34-c): of our own making */
    split(text, out);
    return true;
}

size_t standby_told_list(const char *data_dir, struct standby_told *out, size_t max)
{
    DIR *folder = opendir(data_dir);
    const struct dirent *entry;
    size_t count = 0;

    if (folder == NULL)
        return 0;
    while (count < max && (entry = readdir(folder)) != NULL)
        if (strncmp(entry->d_name, FILE_PREFIX, strlen(FILE_PREFIX)) == 0 &&
            read_one(dirfd(folder), entry->d_name, &out[count]))
            count++;
    closedir(folder);
    return count;
}
