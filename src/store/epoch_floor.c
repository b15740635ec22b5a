#include "store/epoch_floor.h"

#include "core/base/file_failed.h"
#include "core/base/file_replace.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NEW_FILE   EPOCH_FLOOR_FILE ".new"
#define TEXT_BYTES 24 /* of a number and the end of its line */

uint64_t epoch_floor_next(uint64_t journal_epoch, uint64_t floor)
{
    return (journal_epoch > floor ? journal_epoch : floor) + 1;
}

static enum err complain(const char *data_dir, const char *doing, char *why, size_t why_size)
{
    file_failed_text(data_dir, EPOCH_FLOOR_FILE, doing, why, why_size);
    return ERR_STORAGE;
}

/* Digits and the end of the line: a number that was cut short has none. */
static enum err parse(const char *data_dir, const char *text, uint64_t *out, char *why, size_t why_size)
{
    char *end;

    errno = 0;
    *out = isdigit((unsigned char)text[0]) ? strtoull(text, &end, 10) : 0;
    if (isdigit((unsigned char)text[0]) && errno == 0 && *out < UINT64_MAX && end[0] == '\n' &&
        end[1] == '\0')
        return ERR_OK;
    snprintf(why, why_size,
             "%s/" EPOCH_FLOOR_FILE ": no number stands in it; write one that is above every epoch of its "
             "journals and of those in replaced-* into it",
             data_dir);
    return ERR_BAD_DATA;
}

enum err epoch_floor_read(const char *data_dir, uint64_t *out, char *why, size_t why_size)
{
    int folder = open(data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;
    char text[TEXT_BYTES];
    ssize_t size = -1;

    *out = 0;
    if (folder < 0)
        return errno == ENOENT ? ERR_OK : complain(data_dir, "opening the folder", why, why_size);
    fd = openat(folder, EPOCH_FLOOR_FILE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    close(folder);
    if (fd < 0)
        return errno == ENOENT ? ERR_OK : complain(data_dir, "opening", why, why_size);
    do
        size = read(fd, text, sizeof(text) - 1);
    while (size < 0 && errno == EINTR);
    if (size < 0) {
        enum err err = complain(data_dir, "reading", why, why_size);

        close(fd);
        return err;
    }
    close(fd);
    text[size] = '\0';
    return parse(data_dir, text, out, why, why_size);
}

/* Beside it and then in its place: a start never finds half a number. */
static enum err put(int folder, const char *data_dir, uint64_t epoch, char *why, size_t why_size)
{
    char text[TEXT_BYTES];
    int size = snprintf(text, sizeof(text), "%" PRIu64 "\n", epoch);

    return file_replace(folder, NEW_FILE, EPOCH_FLOOR_FILE, text, (size_t)size)
               ? ERR_OK
               : complain(data_dir, "writing", why, why_size);
}

enum err epoch_floor_raise(const char *data_dir, uint64_t epoch, char *why, size_t why_size)
{
    uint64_t floor;
    enum err err = epoch_floor_read(data_dir, &floor, why, why_size);
    int folder;

    if (err != ERR_OK || epoch <= floor)
        return err;
    folder = open(data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return complain(data_dir, "opening the folder", why, why_size);
    err = put(folder, data_dir, epoch, why, why_size);
    close(folder);
    return err;
}
