#include "plugin/plugin_quarantine.h"

#include "core/base/clock.h"
#include "core/base/file_replace.h"
#include "core/base/safe_text.h"
#include "core/base/write_full.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024
#define FILE_MAX_BYTES (256 << 10)
#define TEMPORARY_MAX  1100

/* --- adding: all of it may run in a signal handler ------------------------------------------------------- */

struct line {
    char text[LINE_MAX_BYTES];
    size_t size;
};

static void put(struct line *line, const char *text)
{
    for (; *text != '\0' && line->size + 2 < sizeof(line->text); text++) {
        bool control = (unsigned char)*text < 0x20 || *text == 0x7f;

        line->text[line->size++] = control ? '?' : *text;
    }
}

static void put_tab(struct line *line)
{
    if (line->size + 2 < sizeof(line->text))
        line->text[line->size++] = '\t';
}

/* Reads through fd, line by line as far as the hash; no more memory than one line's beginning. */
static bool is_listed(int fd, const char *sha256)
{
    char block[512], field[80];
    size_t used = 0, tabs = 0, hash_size = strlen(sha256);
    ssize_t got;

    while ((got = read(fd, block, sizeof(block))) > 0) {
        for (ssize_t i = 0; i < got; i++) {
            if (block[i] == '\n' || block[i] == '\t') {
                if (tabs == 1 && used == hash_size && memcmp(field, sha256, used) == 0)
                    return true;
                tabs = block[i] == '\n' ? 0 : tabs + 1;
                used = 0;
            } else if (used < sizeof(field)) {
                field[used++] = block[i];
            }
        }
    }
    return false;
}

bool plugin_quarantine_add(const char *file, const char *sha256, const char *path, const char *reason)
{
    int fd = open(file, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    struct line line = {.size = 0};
    struct timespec now;
    char time_text[32];
    bool fine;

    if (fd < 0)
        return false;
    if (is_listed(fd, sha256)) {
        close(fd);
        return true;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    clock_format_iso(now.tv_sec * INT64_C(1000000000) + now.tv_nsec, time_text);
    put(&line, time_text);
    put_tab(&line);
    put(&line, sha256);
    put_tab(&line);
    put(&line, path);
    put_tab(&line);
    put(&line, reason);
    line.text[line.size++] = '\n';
    fine = write_full(fd, line.text, line.size) && fsync(fd) == 0;
    close(fd);
    return fine;
}

/* --- reading ---------------------------------------------------------------------------------------------- */

static enum err fail(const char *file, const char *what, char *why, size_t why_size)
{
    char shown[256];

    safe_text(file, strlen(file), shown, sizeof(shown));
    snprintf(why, why_size, "%s %s", shown, what);
    return ERR_IO;
}

/* The whole file as text; *out is NULL where there is none. */
static enum err read_file(const char *file, char **out, char *why, size_t why_size)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat info;
    char *text;
    ssize_t got;
    size_t used = 0;

    *out = NULL;
    if (fd < 0 && errno == ENOENT)
        return ERR_OK;
    if (fd < 0)
        return fail(file, "cannot be opened", why, why_size);
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > FILE_MAX_BYTES) {
        close(fd);
        return fail(file, "is no regular file of at most 256 KiB", why, why_size);
    }
    text = malloc(FILE_MAX_BYTES + 1);
    while (text != NULL && used < FILE_MAX_BYTES &&
           ((got = read(fd, text + used, FILE_MAX_BYTES - used)) > 0 || (got < 0 && errno == EINTR)))
        used += got > 0 ? (size_t)got : 0;
    close(fd);
    if (text == NULL)
        return fail(file, "cannot be read: out of memory", why, why_size);
    text[used] = '\0';
    *out = text;
    return ERR_OK;
}

struct entry { /* of a line; each ends at the next TAB or at the line's end */
    const char *time, *sha256, *path, *reason;
    size_t time_size, sha256_size, path_size, reason_size;
};

static bool split(const char *line, struct entry *out)
{
    const char **parts[] = {&out->time, &out->sha256, &out->path, &out->reason};
    size_t *sizes[] = {&out->time_size, &out->sha256_size, &out->path_size, &out->reason_size};

    for (size_t i = 0; i < 4; i++) {
        *parts[i] = line;
        *sizes[i] = strcspn(line, "\t\n");
        line += *sizes[i];
        if (i < 3 && *line++ != '\t')
            return false;
    }
    return true;
}

static bool is_text(const char *text, size_t size, const char *wanted)
{
    return strlen(wanted) == size && memcmp(text, wanted, size) == 0;
}

static const char *next_line(const char *line)
{
    line += strcspn(line, "\n");
    return line + (*line == '\n');
}

/* As one of its words: also where somebody wrote the line by hand. */
static bool holds_word(const char *line, size_t size, const char *word)
{
    size_t word_size = strlen(word);

    for (size_t at = 0; word_size > 0 && at + word_size <= size; at++)
        if (memcmp(line + at, word, word_size) == 0 && (at == 0 || strchr("\t ", line[at - 1]) != NULL) &&
            (at + word_size == size || strchr("\t ", line[at + word_size]) != NULL))
            return true;
    return false;
}

enum err plugin_quarantine_find(const char *file, const char *sha256, char *why, size_t why_size)
{
    char *text, time_text[40], reason[PLUGIN_REASON_SIZE];
    struct entry entry;
    enum err err = read_file(file, &text, why, why_size);

    for (const char *line = text; err == ERR_OK && text != NULL && *line != '\0'; line = next_line(line)) {
        size_t size = strcspn(line, "\n");

        if (split(line, &entry) && is_text(entry.sha256, entry.sha256_size, sha256)) {
            safe_text(entry.time, entry.time_size, time_text, sizeof(time_text));
            safe_text(entry.reason, entry.reason_size, reason, sizeof(reason));
            snprintf(why, why_size, "since %s: %s", time_text, reason);
            err = ERR_STATE;
        } else if (holds_word(line, size, sha256)) {
            safe_text(line, size, reason, sizeof(reason));
            snprintf(why, why_size, "by the line: %s", reason);
            err = ERR_STATE;
        }
    }
    free(text);
    return err;
}

static enum err replace(const char *file, const char *text, size_t size)
{
    char temporary[TEMPORARY_MAX];

    if ((size_t)snprintf(temporary, sizeof(temporary), "%s.new", file) >= sizeof(temporary))
        return ERR_TOO_LONG;
    return file_replace(AT_FDCWD, temporary, file, text, size) ? ERR_OK : ERR_IO;
}

enum err plugin_quarantine_lift(const char *file, const char *what, size_t *count)
{
    char *text, why[320];
    size_t kept = 0;
    enum err err = read_file(file, &text, why, sizeof(why));

    *count = 0;
    if (err != ERR_OK || text == NULL)
        return err;
    for (const char *line = text, *next; *line != '\0'; line = next) {
        struct entry entry;

        next = next_line(line);
        if (holds_word(line, strcspn(line, "\n"), what) ||
            (split(line, &entry) && is_text(entry.path, entry.path_size, what))) {
            ++*count;
            continue;
        }
        memmove(text + kept, line, (size_t)(next - line));
        kept += (size_t)(next - line);
    }
    err = *count > 0 ? replace(file, text, kept) : ERR_OK;
    free(text);
    return err;
}
