#include "app/history_file.h"

#include "app/paths.h"
#include "core/base/read_full.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A FIFO or a link to elsewhere in its place is no history. */
static int open_history(const char *data_dir, int flags)
{
    char path[PATH_TEXT_MAX + 16];
    struct stat info;
    int fd;

    if (data_dir[0] == '\0')
        return -1;
    snprintf(path, sizeof(path), "%s/history", data_dir);
    fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
    if (fd >= 0 && (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))) {
        close(fd);
        return -1;
    }
    return fd;
}

/* True: printable, and of a length that can be typed. */
static bool is_line(const char *text, size_t size)
{
    if (size == 0 || size >= HISTORY_LINE_MAX)
        return false;
    for (size_t i = 0; i < size; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return true;
}

struct lines {
    size_t at[HISTORY_LINES_MAX], size[HISTORY_LINES_MAX]; /* a ring of the newest */
    size_t count;                                          /* of all */
};

static void split(const char *text, size_t size, struct lines *lines)
{
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end == NULL ? size - at : (size_t)(end - text) - at;

        if (is_line(text + at, length)) {
            lines->at[lines->count % HISTORY_LINES_MAX] = at;
            lines->size[lines->count++ % HISTORY_LINES_MAX] = length;
        }
        at += length + 1;
    }
}

/* Beside it and then in its place: another screen that appends meanwhile loses that line, never the others. */
static void make_small(const char *data_dir, const char *text, const struct lines *lines)
{
    char path[PATH_TEXT_MAX + 16], fresh[PATH_TEXT_MAX + 32];
    size_t first = lines->count > HISTORY_LINES_MAX ? lines->count - HISTORY_LINES_MAX : 0;
    bool whole = true;
    int fd;

    snprintf(path, sizeof(path), "%s/history", data_dir);
    snprintf(fresh, sizeof(fresh), "%s/history.%d", data_dir, (int)getpid());
    fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return;
    for (size_t i = first; i < lines->count && whole; i++) {
        size_t slot = i % HISTORY_LINES_MAX;
        char line[HISTORY_LINE_MAX + 1];

        memcpy(line, text + lines->at[slot], lines->size[slot]);
        line[lines->size[slot]] = '\n';
        whole = write(fd, line, lines->size[slot] + 1) == (ssize_t)lines->size[slot] + 1;
    }
    whole = close(fd) == 0 && whole;
    if (!whole || rename(fresh, path) != 0)
        unlink(fresh);
}

static void hand_over(const char *text, const struct lines *lines, void (*take)(void *, const char *),
                      void *arg)
{
    size_t first = lines->count > HISTORY_LINES_MAX ? lines->count - HISTORY_LINES_MAX : 0;

    for (size_t i = first; i < lines->count; i++) {
        size_t slot = i % HISTORY_LINES_MAX;
        char line[HISTORY_LINE_MAX];

        memcpy(line, text + lines->at[slot], lines->size[slot]);
        line[lines->size[slot]] = '\0';
        take(arg, line);
    }
}

void history_file_load(const char *data_dir, void (*take)(void *arg, const char *line), void *arg)
{
    int fd = open_history(data_dir, O_RDONLY);
    struct lines *lines = fd < 0 ? NULL : calloc(1, sizeof(*lines));
    char *text = lines == NULL ? NULL : malloc(HISTORY_BYTES_MAX);
    off_t size = text == NULL ? -1 : lseek(fd, 0, SEEK_END);
    off_t from = size > HISTORY_BYTES_MAX ? size - HISTORY_BYTES_MAX : 0;
    ssize_t got = size <= 0 ? 0 : read_full(pread, fd, text, HISTORY_BYTES_MAX, (uint64_t)from);

    if (fd >= 0)
        close(fd);
    if (got > 0) {
        split(text, (size_t)got, lines);
        hand_over(text, lines, take, arg);
        if (from > 0 || lines->count > (size_t)2 * HISTORY_LINES_MAX || text[got - 1] != '\n')
            make_small(data_dir, text, lines);
    }
    free(text);
    free(lines);
}

void history_file_append(const char *data_dir, const char *line)
{
    char whole[HISTORY_LINE_MAX + 1];
    size_t size = strlen(line);
    int fd;

    if (!is_line(line, size))
        return;
    fd = open_history(data_dir, O_WRONLY | O_CREAT | O_APPEND);
    if (fd < 0)
        return;
    memcpy(whole, line, size + 1);
    whole[size] = '\n';
    (void)!write(fd, whole, size + 1); /* a full disk: this line is not kept */
    close(fd);
}
