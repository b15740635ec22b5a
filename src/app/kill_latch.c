#include "app/kill_latch.h"

#include "core/base/file_failed.h"
#include "core/base/file_replace.h"
#include "core/base/safe_text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HEAD           "flowdeck kill latch 1"
#define NEW_FILE       KILL_LATCH_FILE ".new"
#define SIZE_MAX_BYTES 1024

static enum err complain(const char *data_dir, const char *doing, char *why, size_t why_size)
{
    file_failed_text(data_dir, KILL_LATCH_FILE, doing, why, why_size);
    return ERR_STORAGE;
}

static int open_folder(const char *data_dir)
{
    return open(data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The value behind "name " at the start of a line; false: not there. */
static bool take_line(char **at, const char *name, char *out, size_t size)
{
    char *line = strsep(at, "\n");
    size_t length = strlen(name);

    if (line == NULL || strncmp(line, name, length) != 0 || line[length] != ' ')
        return false;
    safe_text(line + length + 1, strlen(line + length + 1), out, size);
    return true;
}

static bool parse(char *text, struct kill_latch *out)
{
    char *at = text, *line = strsep(&at, "\n"), number[32], *end;

    if (strcmp(line, HEAD) != 0 || !take_line(&at, "at", number, sizeof(number)) ||
        !take_line(&at, "who", out->who, sizeof(out->who)) ||
        !take_line(&at, "why", out->why, sizeof(out->why)))
        return false;
    errno = 0;
    out->at_ns = strtoll(number, &end, 10);
    return errno == 0 && *end == '\0' && end != number && at != NULL;
}

bool kill_latch_read(const char *data_dir, struct kill_latch *out)
{
    int folder = open_folder(data_dir), fd;
    char text[SIZE_MAX_BYTES + 1];
    ssize_t size = -1;

    if (folder < 0 && errno == ENOENT)
        return false;
    fd = folder < 0 ? -1 : openat(folder, KILL_LATCH_FILE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (folder >= 0 && fd < 0 && errno == ENOENT) {
        close(folder);
        return false;
    }
    if (fd >= 0) {
        size = read(fd, text, SIZE_MAX_BYTES);
        close(fd);
    }
    if (folder >= 0)
        close(folder);
    if (size >= 0) {
        text[size] = '\0';
        if (parse(text, out))
            return true;
    }
    *out = (struct kill_latch){.who = "an earlier run"};
    snprintf(out->why, sizeof(out->why), "the file " KILL_LATCH_FILE " is damaged or cannot be read");
    return true;
}

enum err kill_latch_write(const char *data_dir, const struct kill_latch *latch, char *why, size_t why_size)
{
    char text[SIZE_MAX_BYTES], who[KILL_LATCH_TEXT], more[KILL_LATCH_TEXT];
    int folder = open_folder(data_dir), size;
    bool done;

    if (folder < 0)
        return complain(data_dir, "opening the folder", why, why_size);
    safe_text(latch->who, strlen(latch->who), who, sizeof(who));
    safe_text(latch->why, strlen(latch->why), more, sizeof(more));
    size = snprintf(text, sizeof(text), HEAD "\nat %" PRId64 "\nwho %s\nwhy %s\n", latch->at_ns, who, more);
    done = file_replace(folder, NEW_FILE, KILL_LATCH_FILE, text, (size_t)size);
    if (!done) {
        int error = errno;
        enum err err = complain(data_dir, "writing", why, why_size);

        close(folder);
        errno = error;
        return err;
    }
    close(folder);
    return ERR_OK;
}

int64_t kill_latch_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

enum err kill_latch_remove(const char *data_dir, char *why, size_t why_size)
{
    int folder = open_folder(data_dir);
    enum err err = ERR_OK;

    if (folder < 0)
        return complain(data_dir, "opening the folder", why, why_size);
    if ((unlinkat(folder, KILL_LATCH_FILE, 0) != 0 && errno != ENOENT) || fsync(folder) != 0)
        err = complain(data_dir, "removing", why, why_size);
    close(folder);
    return err;
}
