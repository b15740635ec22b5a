#include "feed/recorder_file.h"

#include "core/base/safe_text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACK_LEVEL 4  /* a third of the time of the usual 6, a tenth more bytes */
#define GZIP_FORM  31 /* 15 bits of window, with a gzip head */

void recorder_file_path(const char *first, uint32_t number, char out[RECORDER_PATH_MAX])
{
    static const char *const ends[] = {".jsonl.gz", ".json.gz", ".gz"};
    size_t size = strlen(first), base = size;

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]) && base == size; i++)
        if (size > strlen(ends[i]) && strcmp(first + size - strlen(ends[i]), ends[i]) == 0)
            base = size - strlen(ends[i]);
    if (number == 0)
        snprintf(out, RECORDER_PATH_MAX, "%s", first);
    else
        snprintf(out, RECORDER_PATH_MAX, "%.*s.%04" PRIu32 "%s", (int)base, first, number, first + base);
}

static enum err fail(struct recorder_file *file, enum err err, const char *what, const char *how)
{
    char path[RECORDER_PATH_MAX], safe[160];

    recorder_file_path(file->path, file->number, path);
    safe_text(path, strlen(path), safe, sizeof(safe));
    snprintf(file->why, sizeof(file->why), "%s %s: %s", what, safe, how);
    return err;
}

/* That the file is there must outlive a power failure as its bytes do. */
static void sync_folder(const char *path)
{
    char copy[RECORDER_PATH_MAX];
    int fd;

    snprintf(copy, sizeof(copy), "%s", path);
    fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd); /* not every file system can: the bytes are safe all the same */
    close(fd);
}

static enum err open_number(struct recorder_file *file, uint32_t number)
{
    char path[RECORDER_PATH_MAX];

    file->number = number;
    if (number > RECORDER_FILES_MAX)
        return fail(file, ERR_FULL, "cannot rotate to", "more than 9999 files");
    recorder_file_path(file->path, number, path);
    file->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);
    if (file->fd < 0)
        return fail(file, ERR_IO, "cannot record to",
                    errno == EEXIST ? "it exists already, and no recording is overwritten" : strerror(errno));
    sync_folder(path);
    return ERR_OK;
}

enum err recorder_file_open(struct recorder_file *file, const char *path, uint64_t rotate_bytes)
{
    memset(file, 0, offsetof(struct recorder_file, out));
    file->fd = -1;
    file->rotate_bytes = rotate_bytes;
    snprintf(file->path, sizeof(file->path), "%.*s", RECORDER_PATH_MAX - 1, path);
    if (strlen(path) + 8 > RECORDER_PATH_MAX)
        return fail(file, ERR_TOO_LONG, "cannot record to", "the path is too long");
    if (deflateInit2(&file->stream, PACK_LEVEL, Z_DEFLATED, GZIP_FORM, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return fail(file, ERR_MEMORY, "cannot record to", "no memory");
    file->ready = true;
    return open_number(file, 0);
}

/* A half member would be damage to whoever reads on: back to the last whole one. */
static enum err write_failed(struct recorder_file *file)
{
    const char *how = strerror(errno);

    file->member_open = false;
    if (ftruncate(file->fd, (off_t)file->good_bytes) != 0)
        how = "writing failed, and the end of the file could not be repaired";
    return fail(file, ERR_IO, "recording stops, cannot write", how);
}

static enum err write_out(struct recorder_file *file)
{
    const unsigned char *at = file->out;
    size_t left = RECORDER_OUT_BYTES - file->stream.avail_out;

    while (left > 0) {
        ssize_t put = write(file->fd, at, left);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return write_failed(file);
        at += put;
        left -= (size_t)put;
    }
    file->stream.next_out = file->out;
    file->stream.avail_out = RECORDER_OUT_BYTES;
    return ERR_OK;
}

static enum err pack(struct recorder_file *file, const char *text, size_t size, int flush)
{
    int status;

    if (!file->member_open) {
        deflateReset(&file->stream);
        file->stream.next_out = file->out;
        file->stream.avail_out = RECORDER_OUT_BYTES;
        file->member_text = 0;
        file->member_open = true;
    }
    /* zlib reads it only. */
    file->stream.next_in = (z_const Bytef *)(uintptr_t)text;
    file->stream.avail_in = (uInt)size;
    file->member_text += size;
    do {
        status = deflate(&file->stream, flush);
        if (file->stream.avail_out == 0 && write_out(file) != ERR_OK)
            return ERR_IO;
    } while (file->stream.avail_in > 0 || (flush == Z_FINISH && status != Z_STREAM_END));
    return ERR_OK;
}

enum err recorder_file_end_member(struct recorder_file *file)
{
    off_t end;

    if (!file->member_open)
        return ERR_OK;
    if (pack(file, "", 0, Z_FINISH) != ERR_OK || write_out(file) != ERR_OK)
        return ERR_IO;
    file->member_open = false;
    end = lseek(file->fd, 0, SEEK_CUR);
    if (end < 0)
        return fail(file, ERR_IO, "recording stops, cannot write", strerror(errno));
    file->good_bytes = (uint64_t)end;
    return ERR_OK;
}

/* The symbol table goes ahead of a file's first line. */
static enum err put_info(struct recorder_file *file)
{
    char stamp[32];
    enum err err;

    if (file->info_size == 0)
        return ERR_OK;
    snprintf(stamp, sizeof(stamp), "%" PRId64 " ", file->last_ns);
    err = pack(file, stamp, strlen(stamp), Z_NO_FLUSH);
    if (err == ERR_OK)
        err = pack(file, file->info, file->info_size, Z_NO_FLUSH);
    if (err == ERR_OK)
        err = recorder_file_end_member(file);
    file->info_bytes = file->good_bytes;
    return err;
}

static enum err rotate(struct recorder_file *file)
{
    enum err err = ERR_OK;

    if (fsync(file->fd) != 0)
        err = fail(file, ERR_IO, "recording stops, cannot sync", strerror(errno));
    close(file->fd);
    file->fd = -1;
    if (err != ERR_OK)
        return err;
    file->older_bytes += file->good_bytes;
    file->good_bytes = file->info_bytes = 0;
    err = open_number(file, file->number + 1);
    return err == ERR_OK ? put_info(file) : err;
}

/* Between lines: is the file large enough? Its symbol table does not count, or each line might have its own file. */
static enum err rotate_if_large(struct recorder_file *file)
{
    if (file->rotate_bytes == 0 || file->member_open ||
        file->good_bytes - file->info_bytes < file->rotate_bytes)
        return ERR_OK;
    return rotate(file);
}

enum err recorder_file_line(struct recorder_file *file, int64_t recv_ns, const char *piece[2],
                            const size_t size[2])
{
    uint64_t text_max = RECORDER_MEMBER_BYTES;
    enum err err = rotate_if_large(file);

    if (file->rotate_bytes != 0 && file->rotate_bytes < text_max)
        text_max = file->rotate_bytes;
    file->last_ns = recv_ns;
    for (int i = 0; i < 2 && err == ERR_OK; i++)
        if (size[i] > 0)
            err = pack(file, piece[i], size[i], Z_NO_FLUSH);
    return err == ERR_OK && file->member_text >= text_max ? recorder_file_end_member(file) : err;
}

enum err recorder_file_keep_info(struct recorder_file *file, const char *piece[2], const size_t size[2])
{
    char *info = realloc(file->info, size[0] + size[1]);

    if (info == NULL)
        return fail(file, ERR_MEMORY, "recording stops, cannot keep the symbol table of", "no memory");
    file->info = info;
    file->info_size = 0;
    for (int i = 0; i < 2; i++) {
        if (size[i] > 0)
            memcpy(info + file->info_size, piece[i], size[i]);
        file->info_size += size[i];
    }
    return ERR_OK;
}

enum err recorder_file_close(struct recorder_file *file)
{
    enum err err = ERR_OK;

    if (file->fd >= 0) {
        err = recorder_file_end_member(file);
        if (fsync(file->fd) != 0 && err == ERR_OK)
            err = fail(file, ERR_IO, "the end may be lost, cannot sync", strerror(errno));
        close(file->fd);
    }
    if (file->ready)
        deflateEnd(&file->stream);
    free(file->info);
    file->fd = -1;
    file->ready = false;
    file->info = NULL;
    file->info_size = 0;
    return err;
}
