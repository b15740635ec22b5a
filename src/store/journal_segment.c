#include "store/journal_segment.h"

#include "store/file_guard.h"
#include "store/journal_files.h"
#include "store/journal_hash.h"
#include "store/journal_io.h"
#include "store/journal_reader.h"
#include "store/le_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_NEW     "segment.new"
#define NAME_RESERVE "reserve"
#define NOUN         "a journal file"
#define SEAL_SIZE    ((FRAME_HEADER_SIZE + JOURNAL_SEAL_BODY + 7) / 8 * 8)
#define WHY_SIZE     (JOURNAL_PATH_MAX + 256)
#define COPY_SIZE    (64U << 10)

struct journal_segment {
    char dir[JOURNAL_PATH_MAX + 1];
    int dir_fd;
    unsigned char journal_id[JOURNAL_ID_SIZE];
    uint64_t segment_bytes;
    struct journal_point point;
    char name[JOURNAL_NAME_SIZE]; /* of the file that is written; "" and -1: none yet */
    int fd;
    uint64_t size;
    struct journal_hash *hash;
    int64_t newest_ns;  /* event time of the newest frame that has one; 0: none of this run has */
    bool wrote;         /* a group, in this run */
    bool reserve;       /* it can still be freed */
    bool full;          /* it was: whatever is still written, trading halts */
    enum err failed;    /* latched */
    char why[WHY_SIZE]; /* of that */
};

struct group {
    const unsigned char *frames;
    size_t size;
    struct journal_point after;
    unsigned char seal[SEAL_SIZE];
};

__attribute__((format(printf, 5, 6))) static enum err tell(const struct journal_segment *segment,
                                                           const char *name, char *why, size_t why_size,
                                                           const char *format, ...)
{
    char path[JOURNAL_PATH_MAX + JOURNAL_NAME_SIZE + 2], text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    snprintf(path, sizeof(path), "%s%s%s", segment->dir, name[0] != '\0' ? "/" : "", name);
    return file_guard_refuse(path, why, why_size, "%s", text);
}

/* --- opening --------------------------------------------------------------------------------------------------- */

/* A new folder is a name in the one above it, and that one may be new as well. */
static enum err sync_folders(struct journal_segment *segment, char *why, size_t why_size)
{
    char above[JOURNAL_PATH_MAX + 16];
    const char *const ups[] = {"", "/..", "/../.."};

    for (size_t i = 0; i < sizeof(ups) / sizeof(ups[0]); i++) {
        int fd;
        bool synced;

        snprintf(above, sizeof(above), "%s%s", segment->dir, ups[i]);
        fd = journal_open_folder(above);
        if (fd < 0 && i > 0)
            return ERR_OK; /* not ours to read: then we did not make it */
        synced = fd >= 0 && (journal_io_sync(fd) || i > 0);
        if (fd >= 0)
            close(fd);
        if (!synced)
            return tell(segment, "", why, why_size, "syncing this folder failed: %s", strerror(errno));
    }
    return ERR_OK;
}

static enum err open_folder(struct journal_segment *segment, const char *dir, char *why, size_t why_size)
{
    enum err err;

    if (dir[0] == '\0' || strlen(dir) > JOURNAL_PATH_MAX)
        return file_guard_refuse(dir, why, why_size, "a journal's path has 1 to %d bytes", JOURNAL_PATH_MAX);
    snprintf(segment->dir, sizeof(segment->dir), "%s", dir);
    err = file_guard_make_folders(segment->dir, why, why_size);
    if (err == ERR_OK)
        err = file_guard_check_folder(segment->dir, why, why_size);
    if (err != ERR_OK)
        return err;
    segment->dir_fd = journal_open_folder(dir);
    if (segment->dir_fd < 0)
        return tell(segment, "", why, why_size, "cannot be opened: %s", strerror(errno));
    if (flock(segment->dir_fd, LOCK_EX | LOCK_NB) != 0)
        return tell(segment, "", why, why_size, "another flowdeck writes this journal");
    if (journal_io()->unlink(segment->dir_fd, NAME_NEW) != 0 && errno != ENOENT)
        return tell(segment, NAME_NEW, why, why_size, "cannot be removed: %s", strerror(errno));
    return sync_folders(segment, why, why_size);
}

static enum err make_reserve(struct journal_segment *segment, uint64_t bytes, char *why, size_t why_size)
{
    int fd = journal_io()->open(segment->dir_fd, NAME_RESERVE,
                                O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    enum err err = ERR_OK;
    struct stat at;

    if (fd < 0)
        return tell(segment, NAME_RESERVE, why, why_size, "cannot be made: %s", strerror(errno));
    if (fstat(fd, &at) != 0 || !S_ISREG(at.st_mode) || at.st_nlink != 1) {
        err = tell(segment, NAME_RESERVE, why, why_size, "is not a plain file; move it away");
    } else if (((uint64_t)at.st_size < bytes || (uint64_t)at.st_blocks * 512 < bytes) &&
               (journal_io()->allocate(fd, (off_t)bytes) != 0 || !journal_io_sync(fd))) {
        err = tell(segment, NAME_RESERVE, why, why_size, "%s (%" PRIu64 " MiB are kept for a full disk): %s",
                   journal_io_is_full(errno) ? "there is no room for it; make some" : "cannot be made",
                   bytes >> 20, strerror(errno));
        journal_io()->unlink(segment->dir_fd, NAME_RESERVE); /* what there is of it is room again */
    }
    journal_io()->close(fd);
    segment->reserve = err == ERR_OK;
    return err;
}

/* Where `from` lies: the last seal of the journal, and the reader has gone through what comes after. */
static enum err find_end(struct journal_segment *segment, const struct journal_point *from,
                         struct journal_place *place, char *why, size_t why_size)
{
    struct journal_reader *reader = NULL;
    struct journal_frame frame;
    enum err err = journal_reader_open(segment->dir, from, &reader, why, why_size);

    *place = (struct journal_place){.file_seq = 0};
    if (err == ERR_NOT_FOUND && from->seq == 0)
        return ERR_OK;
    if (err == ERR_NOT_FOUND)
        return tell(segment, "", why, why_size, "holds no journal, but seq %" PRIu64 " was read from it",
                    from->seq);
    if (err == ERR_OK) {
        do
            err = journal_reader_next(reader, &frame, why, why_size);
        while (err == ERR_OK && !frame.sealed);
        if (err == ERR_OK)
            err = tell(segment, "", why, why_size,
                       "sealed records follow seq %" PRIu64 ": they would be overwritten", from->seq);
        else if (err == ERR_NOT_FOUND)
            err = ERR_OK;
    }
    if (err == ERR_OK && memcmp(journal_reader_id(reader), segment->journal_id, JOURNAL_ID_SIZE) != 0)
        err = tell(segment, "", why, why_size, "holds the journal of another account");
    if (err == ERR_OK) {
        *place = journal_reader_place(reader);
        segment->point = journal_reader_point(reader);
    }
    journal_reader_close(reader);
    return err == ERR_OK || err == ERR_MEMORY ? err : ERR_STORAGE;
}

/* A sync that failed leaves pages that are read back but on no disk: written once more they are synced once more. */
static bool write_anew(const struct journal_segment *segment, const struct journal_place *place)
{
    unsigned char *bytes = malloc(COPY_SIZE);
    bool done = bytes != NULL;

    for (uint64_t at = place->group_at; done && at < place->end_at;) {
        size_t want = place->end_at - at < COPY_SIZE ? (size_t)(place->end_at - at) : COPY_SIZE;

        done = journal_io_read(segment->fd, bytes, want, at) == (ssize_t)want &&
               journal_io_write(segment->fd, bytes, want, at);
        at += want;
    }
    free(bytes);
    return done;
}

static enum err open_last(struct journal_segment *segment, const struct journal_place *place, char *why,
                          size_t why_size)
{
    char path[JOURNAL_PATH_MAX + JOURNAL_NAME_SIZE + 2];
    struct stat at;
    enum err err;

    journal_file_name(place->file_seq, JOURNAL_SEGMENT_END, segment->name);
    segment->fd =
        journal_io()->open(segment->dir_fd, segment->name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
    if (segment->fd < 0 || fstat(segment->fd, &at) != 0)
        return tell(segment, segment->name, why, why_size, "cannot be opened: %s", strerror(errno));
    snprintf(path, sizeof(path), "%s/%s", segment->dir, segment->name);
    err = file_guard_check_file(path, &at, NOUN, why, why_size);
    if (err != ERR_OK)
        return err;
    if ((uint64_t)at.st_size > place->end_at &&
        journal_io()->ftruncate(segment->fd, (off_t)place->end_at) != 0)
        return tell(segment, segment->name, why, why_size, "cutting off its end failed: %s", strerror(errno));
    if (!write_anew(segment, place) || !journal_io_sync(segment->fd))
        return tell(segment, segment->name, why, why_size, "syncing its end failed: %s", strerror(errno));
    segment->size = place->end_at;
    return ERR_OK;
}

enum err journal_segment_open(const struct journal_segment_config *config, const struct journal_point *from,
                              struct journal_segment **out, char *why, size_t why_size)
{
    struct journal_segment *segment = calloc(1, sizeof(*segment));
    struct journal_place place;
    enum err err;

    *out = NULL;
    if (segment == NULL || (segment->hash = journal_hash_new()) == NULL) {
        free(segment);
        return file_guard_refuse(config->dir, why, why_size, "out of memory"), ERR_MEMORY;
    }
    segment->fd = segment->dir_fd = -1;
    segment->point = *from;
    segment->segment_bytes = config->segment_bytes != 0 ? config->segment_bytes : JOURNAL_SEGMENT_BYTES;
    memcpy(segment->journal_id, config->journal_id, JOURNAL_ID_SIZE);
    err = open_folder(segment, config->dir, why, why_size);
    if (err == ERR_OK)
        err = find_end(segment, from, &place, why, why_size);
    if (err == ERR_OK && place.file_seq != 0)
        err = open_last(segment, &place, why, why_size);
    if (err == ERR_OK)
        err =
            make_reserve(segment, config->reserve_bytes != 0 ? config->reserve_bytes : JOURNAL_RESERVE_BYTES,
                         why, why_size);
    segment->failed = err; /* a half-open one is closed without a word on disk */
    if (err == ERR_OK)
        *out = segment;
    else
        journal_segment_close(segment);
    return err;
}

/* --- writing --------------------------------------------------------------------------------------------------- */

static enum err check_frames(const struct journal_segment *segment, const struct group *group, uint64_t *last,
                             int64_t *newest_ns, char *why, size_t why_size)
{
    struct frame_head head = {.flags = 0};
    const unsigned char *body;
    uint64_t seq = segment->point.seq;

    if (group->size == 0 || group->size > JOURNAL_GROUP_MAX - SEAL_SIZE)
        return tell(segment, "", why, why_size, "a group of %zu bytes cannot be written", group->size),
               ERR_BAD_DATA;
    for (size_t at = 0; at < group->size; at += head.size) {
        if (frame_decode(group->frames + at, group->size - at, &head, &body) != ERR_OK ||
            head.kind == FRAME_KIND_SEAL || head.seq != ++seq)
            return tell(segment, "", why, why_size, "a frame to be written as seq %" PRIu64 " is wrong",
                        head.seq == seq ? seq : segment->point.seq + 1),
                   ERR_BAD_DATA;
        if (head.ts_ns != 0) /* before the first event of a run there is no time */
            *newest_ns = head.ts_ns;
    }
    if ((head.flags & FRAME_FLAG_MORE) != 0)
        return tell(segment, "", why, why_size, "seq %" PRIu64 " to be written does not end its step", seq),
               ERR_BAD_DATA;
    *last = seq;
    return ERR_OK;
}

static void make_seal(struct journal_segment *segment, uint64_t last, struct group *group)
{
    struct frame_head head = {
        .seq = last, .ts_ns = segment->newest_ns, .kind = FRAME_KIND_SEAL, .body_size = JOURNAL_SEAL_BODY};
    unsigned char body[JOURNAL_SEAL_BODY];

    journal_hash_add(segment->hash, segment->point.chain, JOURNAL_CHAIN_SIZE);
    journal_hash_add(segment->hash, group->frames, group->size);
    journal_hash_end(segment->hash, group->after.chain);
    group->after.seq = last;
    put_u64(body, segment->point.seq + 1);
    put_u64(body + 8, last);
    memcpy(body + 16, group->after.chain, JOURNAL_CHAIN_SIZE);
    frame_encode(&head, body, group->seal, sizeof(group->seal));
}

enum put { PUT_DONE, PUT_NO_ROOM, PUT_FAILED };

/* What failed is in why; a sync that failed is never tried again, whatever the reason it gave. */
static enum put failed(struct journal_segment *segment, const char *name, const char *doing, bool syncing)
{
    int error = errno;

    tell(segment, name, segment->why, sizeof(segment->why), "%s failed: %s", doing, strerror(error));
    return journal_io_is_full(error) && !syncing ? PUT_NO_ROOM : PUT_FAILED;
}

static enum put append_group(struct journal_segment *segment, const struct group *group)
{
    if (!journal_io_write(segment->fd, group->frames, group->size, segment->size) ||
        !journal_io_write(segment->fd, group->seal, sizeof(group->seal), segment->size + group->size))
        return failed(segment, segment->name, "writing", false);
    if (!journal_io_sync_data(segment->fd))
        return failed(segment, segment->name, "syncing", true);
    segment->size += group->size + sizeof(group->seal);
    return PUT_DONE;
}

static enum put fill_new_file(struct journal_segment *segment, const struct group *group, int fd)
{
    struct journal_header header = {.seq = segment->point.seq + 1, .time_ns = segment->newest_ns};
    unsigned char bytes[JOURNAL_HEADER_SIZE];

    memcpy(header.journal_id, segment->journal_id, JOURNAL_ID_SIZE);
    memcpy(header.chain, segment->point.chain, JOURNAL_CHAIN_SIZE);
    journal_header_encode(&header, JOURNAL_MAGIC_SEGMENT, bytes);
    if (!journal_io_write(fd, bytes, sizeof(bytes), 0) ||
        !journal_io_write(fd, group->frames, group->size, sizeof(bytes)) ||
        !journal_io_write(fd, group->seal, sizeof(group->seal), sizeof(bytes) + group->size))
        return failed(segment, NAME_NEW, "writing", false);
    if (!journal_io_sync(fd))
        return failed(segment, NAME_NEW, "syncing", true);
    return PUT_DONE;
}

/* The file gets its name with its first group on disk: whatever has such a name and no group was damaged. */
static enum put begin_file(struct journal_segment *segment, const struct group *group)
{
    char name[JOURNAL_NAME_SIZE];
    enum put put;
    int fd = journal_io()->open(segment->dir_fd, NAME_NEW, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                0600);

    if (fd < 0)
        return failed(segment, NAME_NEW, "making it", false);
    journal_file_name(segment->point.seq + 1, JOURNAL_SEGMENT_END, name);
    put = fill_new_file(segment, group, fd);
    if (put == PUT_DONE && faccessat(segment->dir_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        put = failed(segment, name, "making it", false);
    }
    if (put == PUT_DONE && journal_io()->rename(segment->dir_fd, NAME_NEW, name) != 0)
        put = failed(segment, name, "naming it", false);
    if (put == PUT_DONE && !journal_io_sync(segment->dir_fd))
        put = failed(segment, name, "syncing its folder", true);
    if (put != PUT_DONE) {
        journal_io()->close(fd);
        journal_io()->unlink(segment->dir_fd, NAME_NEW);
        return put;
    }
    if (segment->fd >= 0)
        journal_io()->close(segment->fd);
    segment->fd = fd;
    memcpy(segment->name, name, sizeof(name));
    segment->size = JOURNAL_HEADER_SIZE + group->size + sizeof(group->seal);
    return PUT_DONE;
}

static enum put put_group(struct journal_segment *segment, const struct group *group)
{
    if (segment->fd < 0 || segment->size + group->size + sizeof(group->seal) > segment->segment_bytes)
        return begin_file(segment, group);
    return append_group(segment, group);
}

bool journal_segment_free_reserve(struct journal_segment *segment)
{
    if (!segment->reserve)
        return false;
    segment->reserve = false;
    segment->full = journal_io()->unlink(segment->dir_fd, NAME_RESERVE) == 0;
    return segment->full;
}

static enum err latched(const struct journal_segment *segment, char *why, size_t why_size)
{
    snprintf(why, why_size, "%s", segment->why);
    return segment->failed;
}

enum err journal_segment_write(struct journal_segment *segment, const unsigned char *frames, size_t size,
                               char *why, size_t why_size)
{
    struct group group = {.frames = frames, .size = size};
    int64_t newest_ns = segment->newest_ns;
    uint64_t last = 0;
    enum err err;
    enum put put;

    if (segment->failed != ERR_OK)
        return latched(segment, why, why_size);
    err = check_frames(segment, &group, &last, &newest_ns, why, why_size);
    if (err != ERR_OK)
        return err;
    segment->newest_ns = newest_ns;
    make_seal(segment, last, &group);
    put = put_group(segment, &group);
    if (put == PUT_NO_ROOM && journal_segment_free_reserve(segment))
        put = put_group(segment, &group);
    if (put != PUT_DONE) {
        segment->failed = ERR_STORAGE;
        return latched(segment, why, why_size);
    }
    segment->point = group.after;
    segment->wrote = true;
    if (segment->full)
        return tell(segment, "", why, why_size,
                    "the disk is full: the last records were written into the room kept for them; make room");
    return ERR_OK;
}

struct journal_point journal_segment_point(const struct journal_segment *segment)
{
    return segment->point;
}

void journal_segment_close(struct journal_segment *segment)
{
    if (segment == NULL)
        return;
    if (segment->failed == ERR_OK && segment->wrote) {
        struct group none = {.frames = (const unsigned char *)""};

        make_seal(segment, segment->point.seq, &none);
        append_group(segment, &none);
    }
    if (segment->fd >= 0)
        journal_io()->close(segment->fd);
    if (segment->dir_fd >= 0)
        close(segment->dir_fd);
    journal_hash_free(segment->hash);
    free(segment);
}
