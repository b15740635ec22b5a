#include "store/journal_ring.h"

#include "core/base/crc32c.h"
#include "store/journal_ring_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define RING_FORMAT 1

static const unsigned char ring_magic[8] = "FDRING\n";

/* --- the file -------------------------------------------------------------------------------------------------- */

static enum err storage(const char *path, const char *doing, int error, char *why, size_t why_size)
{
    snprintf(why, why_size, "%s: %s failed: %s", path, doing, strerror(error));
    return ERR_STORAGE;
}

static enum err damaged(const char *path, const char *what, char *why, size_t why_size)
{
    snprintf(why, why_size,
             "%s: damaged: %s; what lies in the journal's segments is not touched by this: keep the file, "
             "and move "
             "it away to start without it",
             path, what);
    return ERR_BAD_DATA;
}

static enum err check_file(const char *path, const struct stat *file, char *why, size_t why_size)
{
    const char *what = NULL;

    if (!S_ISREG(file->st_mode))
        what = "not a plain file";
    else if (file->st_uid != geteuid())
        what = "of another user";
    else if (file->st_nlink != 1)
        what = "has more than one name";
    else if ((file->st_mode & 07777) != 0600)
        what = "not of mode 0600";
    if (what == NULL)
        return ERR_OK;
    snprintf(why, why_size, "%s: %s; it is not used: remove it or ask who put it there", path, what);
    return ERR_STORAGE;
}

static enum err open_file(const char *path, int *fd, struct stat *file, char *why, size_t why_size)
{
    enum err err;

    *fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (*fd < 0 && errno == EEXIST)
        *fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0)
        return storage(path, "opening", errno, why, why_size);
    if (fstat(*fd, file) != 0)
        err = storage(path, "looking at it", errno, why, why_size);
    else
        err = check_file(path, file, why, why_size);
    if (err != ERR_OK)
        close(*fd);
    return err;
}

/* Its full size, every page of it there. */
static enum err map_file(struct journal_ring *ring, int fd, size_t size, char *why, size_t why_size)
{
    void *memory;
    int error;

    do
        error = posix_fallocate(fd, 0, (off_t)size);
    while (error == EINTR);
    if (error == ENOSPC) {
        snprintf(why, why_size, "%s: no room for %zu MiB in its file system: free some and start again",
                 ring->path, (size >> 20) + 1);
        return ERR_STORAGE;
    }
    if (error != 0)
        return storage(ring->path, "allocating", error, why, why_size);
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (memory == MAP_FAILED)
        return storage(ring->path, "mapping", errno, why, why_size);
    ring->header = memory;
    ring->data = (unsigned char *)memory + RING_HEADER_SIZE;
    ring->capacity = size - RING_HEADER_SIZE;
    ring->locked = mlock(memory, size) == 0;
    return ERR_OK;
}

static uint32_t header_crc(const struct ring_header *header)
{
    size_t from = offsetof(struct ring_header, capacity);

    return crc32c_update(crc32c_update(0, &header->format, sizeof(header->format)),
                         (const unsigned char *)header + from, offsetof(struct ring_header, head) - from);
}

static void begin(struct journal_ring *ring, const unsigned char journal_id[16])
{
    struct ring_header *header = ring->header;

    header->format = RING_FORMAT;
    header->capacity = ring->capacity;
    memcpy(header->journal_id, journal_id, sizeof(header->journal_id));
    header->crc = header_crc(header);
    atomic_thread_fence(memory_order_release);
    memcpy(header->magic, ring_magic, sizeof(ring_magic));
}

/* A start that was killed before begin() was done left nothing but zeros, or a header without its magic. */
static bool never_begun(const struct journal_ring *ring)
{
    static const unsigned char zero[sizeof(ring_magic)];
    const unsigned char *bytes = (const unsigned char *)ring->header;
    size_t from = offsetof(struct ring_header, head), size = RING_HEADER_SIZE + ring->capacity;

    return memcmp(bytes, zero, sizeof(zero)) == 0 && bytes[from] == 0 &&
           memcmp(bytes + from, bytes + from + 1, size - from - 1) == 0; /* each byte is the one before it */
}

/* --- what an earlier run left ---------------------------------------------------------------------------------- */

static enum err check_header(const struct journal_ring *ring, const unsigned char journal_id[16], char *why,
                             size_t why_size)
{
    const struct ring_header *header = ring->header;
    uint64_t head = atomic_load(&header->head), tail = atomic_load(&header->tail);

    if (memcmp(header->magic, ring_magic, sizeof(ring_magic)) != 0)
        return damaged(ring->path, "it does not begin as a ring does", why, why_size);
    if (header->crc != header_crc(header))
        return damaged(ring->path, "the checksum of its header is wrong", why, why_size);
    if (header->format != RING_FORMAT) {
        snprintf(why, why_size,
                 "%s: format %" PRIu32 ", this program knows %d: start the version that wrote it", ring->path,
                 header->format, RING_FORMAT);
        return ERR_BAD_DATA;
    }
    if (header->capacity != ring->capacity)
        return damaged(ring->path, "it has not the size that its header says", why, why_size);
    if (head % 8 != 0 || tail % 8 != 0 || head < tail || head - tail > ring->capacity)
        return damaged(ring->path, "its marks are impossible", why, why_size);
    if (memcmp(header->journal_id, journal_id, sizeof(header->journal_id)) != 0) {
        snprintf(
            why, why_size,
            "%s: of another journal, which was at this place before; if that one is gone for good, remove "
            "the file",
            ring->path);
        return ERR_BAD_DATA;
    }
    return ERR_OK;
}

/* Every frame between the marks is whole, each seq follows the one before, the last one ends its step. */
static enum err check_frames(struct journal_ring *ring, char *why, size_t why_size)
{
    uint64_t head = atomic_load(&ring->header->head), at = atomic_load(&ring->header->tail);
    uint64_t seq = 0;
    bool more = false;
    char what[80] = "";

    while (at < head && what[0] == '\0') {
        uint64_t end = ring_lap_end(ring, at) < head ? ring_lap_end(ring, at) : head;
        const unsigned char *body;
        struct frame_head frame;

        if (ring_skips(ring, at) && ring_place(ring, at) != 0 && ring_lap_end(ring, at) < head && !more) {
            at = ring_lap_end(ring, at);
        } else if (frame_decode(ring->data + ring_place(ring, at), (size_t)(end - at), &frame, &body) !=
                   ERR_OK) {
            snprintf(what, sizeof(what), "no whole frame at byte %zu",
                     RING_HEADER_SIZE + ring_place(ring, at));
        } else if (frame.seq == 0 || (seq != 0 && frame.seq != seq + 1)) {
            snprintf(what, sizeof(what), "frame %" PRIu64 " follows %" PRIu64, frame.seq, seq);
        } else {
            seq = frame.seq;
            more = (frame.flags & FRAME_FLAG_MORE) != 0;
            at += frame.size;
        }
    }
    if (what[0] == '\0' && more)
        snprintf(what, sizeof(what), "the step of frame %" PRIu64 " has no end", seq);
    if (what[0] != '\0')
        return damaged(ring->path, what, why, why_size);
    atomic_store(&ring->newest_seq, seq);
    return ERR_OK;
}

/* --- opening and closing ------------------------------------------------------------------------------------------ */

static bool is_capacity(uint64_t bytes)
{
    return bytes >= JOURNAL_RING_BYTES_MIN && bytes <= JOURNAL_RING_BYTES_MAX && (bytes & (bytes - 1)) == 0;
}

static void unmap(struct journal_ring *ring)
{
    if (ring->header != NULL)
        munmap(ring->header, RING_HEADER_SIZE + ring->capacity);
    ring->header = NULL;
}

/* New, or left by a start that was killed while it made it, perhaps in another size. */
static enum err begin_file(struct journal_ring *ring, int fd, const unsigned char journal_id[16],
                           size_t bytes, char *why, size_t why_size)
{
    enum err err = ERR_OK;

    if (ring->capacity != bytes) {
        unmap(ring);
        if (ftruncate(fd, (off_t)(RING_HEADER_SIZE + bytes)) != 0)
            return storage(ring->path, "setting its size", errno, why, why_size);
        err = map_file(ring, fd, RING_HEADER_SIZE + bytes, why, why_size);
    }
    if (err == ERR_OK)
        begin(ring, journal_id);
    return err;
}

/* Of no name: it goes with the process. */
static enum err open_memory(struct journal_ring *ring, const unsigned char journal_id[16], size_t bytes,
                            char *why, size_t why_size)
{
    void *memory =
        mmap(NULL, RING_HEADER_SIZE + bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED) {
        snprintf(why, why_size, "no memory for the ring of records: %s", strerror(errno));
        return ERR_MEMORY;
    }
    ring->header = memory;
    ring->data = (unsigned char *)memory + RING_HEADER_SIZE;
    ring->capacity = bytes;
    begin(ring, journal_id);
    return ERR_OK;
}

static enum err open_ring(struct journal_ring *ring, const unsigned char journal_id[16], size_t bytes,
                          char *why, size_t why_size)
{
    struct stat file;
    int fd;
    enum err err = open_file(ring->path, &fd, &file, why, why_size);
    bool fresh;

    if (err != ERR_OK)
        return err;
    fresh = file.st_size == 0;
    if (fresh)
        file.st_size = (off_t)(RING_HEADER_SIZE + bytes);
    ring->device = file.st_dev;
    ring->inode = file.st_ino;
    if (file.st_size < RING_HEADER_SIZE || !is_capacity((uint64_t)file.st_size - RING_HEADER_SIZE))
        err = damaged(ring->path, "its size is not one of a ring", why, why_size);
    else
        err = map_file(ring, fd, (size_t)file.st_size, why, why_size);
    if (err == ERR_OK && (fresh || never_begun(ring)))
        err = begin_file(ring, fd, journal_id, bytes, why, why_size);
    close(fd);
    if (err != ERR_OK || (err = check_header(ring, journal_id, why, why_size)) != ERR_OK ||
        (err = check_frames(ring, why, why_size)) != ERR_OK)
        return err;
    ring->head = atomic_load(&ring->header->head);
    ring->tail_seen = atomic_load(&ring->header->tail);
    return ERR_OK;
}

enum err journal_ring_open(const char *path, const unsigned char journal_id[16], size_t bytes,
                           struct journal_ring **out, char *why, size_t why_size)
{
    struct journal_ring *ring = aligned_alloc(RING_CACHE_LINE, sizeof(*ring));
    enum err err;

    assert(is_capacity(bytes));
    *out = NULL;
    if (ring == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    memset(ring, 0, sizeof(*ring));
    if (path == NULL)
        err = open_memory(ring, journal_id, bytes, why, why_size);
    else if ((size_t)snprintf(ring->path, sizeof(ring->path), "%s", path) >= sizeof(ring->path))
        err = storage(path, "opening", ENAMETOOLONG, why, why_size);
    else
        err = open_ring(ring, journal_id, bytes, why, why_size);
    if (err != ERR_OK) {
        journal_ring_close(ring, false);
        return err;
    }
    *out = ring;
    return ERR_OK;
}

void journal_ring_close(struct journal_ring *ring, bool unlink_file)
{
    struct stat file;

    if (ring == NULL)
        return;
    unmap(ring);
    if (unlink_file && ring->path[0] != '\0' && lstat(ring->path, &file) == 0 &&
        file.st_dev == ring->device && file.st_ino == ring->inode)
        unlink(ring->path);
    free(ring);
}

/* FNV-1a: two folders of one name would be told apart by the journal's id. */
static uint64_t hash_of(uint64_t hash, const char *text)
{
    do
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    while (*text++ != '\0');
    return hash;
}

enum err journal_ring_path(const char *ring_dir, const char *data_dir, const char *account, char *out,
                           size_t out_size)
{
    char real[PATH_MAX + 1];
    int size;

    if (realpath(data_dir, real) == NULL)
        return ERR_NOT_FOUND;
    size = snprintf(out, out_size, "%s/flowdeck-%lu-%016" PRIx64, ring_dir, (unsigned long)geteuid(),
                    hash_of(hash_of(UINT64_C(0xcbf29ce484222325), real), account));
    return size < 0 || (size_t)size >= out_size ? ERR_TOO_LONG : ERR_OK;
}

bool journal_ring_locked_in_memory(const struct journal_ring *ring)
{
    return ring->locked;
}
