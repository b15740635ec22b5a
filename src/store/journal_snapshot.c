#include "store/journal_snapshot.h"

#include "core/base/crc32c.h"
#include "store/file_guard.h"
#include "store/journal_files.h"
#include "store/journal_hash.h"
#include "store/journal_io.h"
#include "store/le_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAGIC      "FDSNAPS\n"
#define NAME_NEW   "snapshot.new"
#define CHUNK      (64U << 10)
#define BYTES_MAX  (64U << 20)
#define AT_SEQ     16
#define AT_COUNT   24
#define AT_BYTES   32
#define AT_ID      40
#define AT_CHAIN   56
#define AT_CRC     (JOURNAL_HEADER_SIZE - 4)
#define FRAMES_END (JOURNAL_HEADER_SIZE + JOURNAL_HASH_SIZE) /* bytes beside the frames */

static void encode(const struct journal_snapshot *snapshot, unsigned char out[JOURNAL_HEADER_SIZE])
{
    memset(out, 0, JOURNAL_HEADER_SIZE);
    memcpy(out, MAGIC, 8);
    put_u32(out + 8, JOURNAL_FORMAT);
    put_u32(out + 12, JOURNAL_HEADER_SIZE);
    put_u64(out + AT_SEQ, snapshot->at.seq);
    put_u64(out + AT_COUNT, snapshot->count);
    put_u64(out + AT_BYTES, snapshot->bytes);
    memcpy(out + AT_ID, snapshot->journal_id, JOURNAL_ID_SIZE);
    memcpy(out + AT_CHAIN, snapshot->at.chain, JOURNAL_CHAIN_SIZE);
    put_u32(out + AT_CRC, crc32c_update(0, out, AT_CRC));
}

/* --- writing --------------------------------------------------------------------------------------------------- */

/* All frames and the hash behind them. False with errno. */
static bool write_all(int fd, const struct journal_snapshot *snapshot, const unsigned char *bytes,
                      size_t size, struct journal_hash *hash)
{
    unsigned char header[JOURNAL_HEADER_SIZE], sum[JOURNAL_HASH_SIZE];

    encode(snapshot, header);
    journal_hash_add(hash, header, sizeof(header));
    journal_hash_add(hash, bytes, size);
    journal_hash_end(hash, sum);
    return journal_io_write(fd, header, sizeof(header), 0) &&
           journal_io_write(fd, bytes, size, sizeof(header)) &&
           journal_io_write(fd, sum, sizeof(sum), sizeof(header) + size) && journal_io_sync(fd);
}

static bool write_and_name(int dir_fd, const char *name, const struct journal_snapshot *snapshot,
                           const unsigned char *bytes, size_t size, struct journal_hash *hash)
{
    bool done;
    int fd, error;

    journal_io()->unlink(dir_fd, NAME_NEW); /* of a crash */
    fd = journal_io()->open(dir_fd, NAME_NEW, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    done = write_all(fd, snapshot, bytes, size, hash);
    error = errno;
    journal_io()->close(fd);
    errno = error;
    done = done && journal_io_publish(dir_fd, NAME_NEW, name);
    error = errno;
    if (!done)
        journal_io()->unlink(dir_fd, NAME_NEW);
    errno = error;
    return done;
}

/* The frames in one piece. NULL: no memory. */
static unsigned char *gather(struct journal_snapshot *snapshot, journal_snapshot_next *next, void *arg)
{
    size_t capacity = CHUNK, used = 0, size = 1;
    unsigned char *bytes = malloc(capacity);

    while (bytes != NULL && size > 0) {
        if (capacity - used < FRAME_MAX) {
            unsigned char *grown = realloc(bytes, capacity *= 2);

            if (grown == NULL)
                free(bytes);
            bytes = grown;
            continue;
        }
        size = next(arg, bytes + used);
        used += size;
        snapshot->count += size > 0;
    }
    snapshot->bytes = used;
    return bytes;
}

enum err journal_snapshot_write(const char *dir, struct journal_snapshot *snapshot,
                                journal_snapshot_next *next, void *arg, char *why, size_t why_size)
{
    struct journal_hash *hash = journal_hash_new();
    char name[JOURNAL_NAME_SIZE];
    unsigned char *bytes;
    enum err err = ERR_OK;
    int dir_fd = -1;

    snapshot->count = 0;
    bytes = gather(snapshot, next, arg);
    journal_file_name(snapshot->at.seq, JOURNAL_SNAPSHOT_END, name);
    if (hash == NULL || bytes == NULL)
        err = ERR_MEMORY;
    else if ((dir_fd = journal_open_folder(dir)) < 0 ||
             !write_and_name(dir_fd, name, snapshot, bytes, (size_t)snapshot->bytes, hash))
        err = ERR_STORAGE;
    if (err == ERR_STORAGE && (errno == EIO || errno == EROFS))
        err = ERR_IO;
    if (err != ERR_OK)
        file_guard_refuse(dir, why, why_size, "writing the snapshot %s failed: %s", name,
                          err == ERR_MEMORY ? "out of memory" : strerror(errno));
    if (dir_fd >= 0)
        close(dir_fd);
    journal_hash_free(hash);
    free(bytes);
    return err;
}

/* --- reading --------------------------------------------------------------------------------------------------- */

static enum err bad(const char **what, const char *text)
{
    *what = text;
    return ERR_BAD_DATA;
}

static enum err check_header(const unsigned char *in, uint64_t size, uint64_t seq,
                             struct journal_snapshot *out, const char **what)
{
    if (memcmp(in, MAGIC, 8) != 0)
        return bad(what, "header: not a snapshot of a flowdeck journal, or damaged");
    if (get_u32(in + AT_CRC) != crc32c_update(0, in, AT_CRC))
        return bad(what, "header: checksum is wrong");
    if (get_u32(in + 8) != JOURNAL_FORMAT) {
        *what = "made by a newer flowdeck";
        return ERR_UNSUPPORTED;
    }
    out->at.seq = get_u64(in + AT_SEQ);
    out->count = get_u64(in + AT_COUNT);
    out->bytes = get_u64(in + AT_BYTES);
    memcpy(out->journal_id, in + AT_ID, JOURNAL_ID_SIZE);
    memcpy(out->at.chain, in + AT_CHAIN, JOURNAL_CHAIN_SIZE);
    if (out->at.seq != seq)
        return bad(what, "is a snapshot of another seq under this name");
    if (out->bytes != size - FRAMES_END)
        return bad(what, "its size is wrong");
    return ERR_OK;
}

static enum err check_frames(const struct journal_snapshot *snapshot, const unsigned char *frames,
                             const char **what)
{
    struct frame_head head = {.seq = 0};
    const unsigned char *body;
    uint64_t count = 0, before = 0;

    for (uint64_t at = 0; at < snapshot->bytes; at += head.size, count++, before = head.seq)
        if (frame_decode(frames + at, (size_t)(snapshot->bytes - at), &head, &body) != ERR_OK ||
            head.kind == FRAME_KIND_SEAL || head.seq <= before || head.seq > snapshot->at.seq)
            return bad(what, "a frame in it is wrong");
    return count == snapshot->count ? ERR_OK : bad(what, "a frame is missing in it");
}

static enum err check(const unsigned char *bytes, uint64_t size, uint64_t seq, struct journal_snapshot *out,
                      const char **what)
{
    unsigned char sum[JOURNAL_HASH_SIZE];
    struct journal_hash *hash;
    enum err err = check_header(bytes, size, seq, out, what);

    if (err != ERR_OK)
        return err;
    hash = journal_hash_new();
    if (hash == NULL) {
        *what = "no memory to read it";
        return ERR_MEMORY;
    }
    journal_hash_add(hash, bytes, (size_t)(size - JOURNAL_HASH_SIZE));
    journal_hash_end(hash, sum);
    journal_hash_free(hash);
    if (memcmp(sum, bytes + size - JOURNAL_HASH_SIZE, sizeof(sum)) != 0)
        return bad(what, "its hash is wrong");
    return check_frames(out, bytes + JOURNAL_HEADER_SIZE, what);
}

static enum err read_all(int fd, uint64_t size, unsigned char **bytes, const char **what)
{
    ssize_t got;

    if (size < FRAMES_END || size > BYTES_MAX)
        return bad(what, "no snapshot has such a size");
    *bytes = malloc((size_t)size);
    if (*bytes == NULL) {
        *what = "no memory to read it";
        return ERR_MEMORY;
    }
    got = journal_io_read(fd, *bytes, (size_t)size, 0);
    if (got == (ssize_t)size)
        return ERR_OK;
    if (got >= 0)
        return bad(what, "was cut while it was read");
    *what = strerror(errno);
    return ERR_STORAGE;
}

enum err journal_snapshot_read(const char *dir, uint64_t seq, struct journal_snapshot *out,
                               unsigned char **frames, char *why, size_t why_size)
{
    char name[JOURNAL_NAME_SIZE], path[JOURNAL_PATH_MAX + JOURNAL_NAME_SIZE + 2];
    int dir_fd = journal_open_folder(dir), fd = -1;
    unsigned char *bytes = NULL;
    const char *what = "";
    uint64_t size = 0;
    enum err err;

    *frames = NULL;
    journal_file_name(seq, JOURNAL_SNAPSHOT_END, name);
    if (dir_fd < 0 || (fd = journal_open_file(dir_fd, name, &size)) < 0) {
        err = errno == ENOENT ? ERR_NOT_FOUND : ERR_STORAGE;
        what = strerror(errno);
    } else {
        err = read_all(fd, size, &bytes, &what);
        if (err == ERR_OK)
            err = check(bytes, size, seq, out, &what);
    }
    if (err == ERR_OK) {
        memmove(bytes, bytes + JOURNAL_HEADER_SIZE, (size_t)out->bytes);
        *frames = bytes;
    } else {
        free(bytes);
        snprintf(path, sizeof(path), "%s/%s", dir, name);
        file_guard_refuse(path, why, why_size, "%s", what);
    }
    if (fd >= 0)
        journal_io()->close(fd);
    if (dir_fd >= 0)
        close(dir_fd);
    return err;
}
