#include "store/journal_retain.h"

#include "store/file_guard.h"
#include "store/journal_files.h"
#include "store/journal_io.h"
#include "store/journal_snapshot.h"
#include "store/journal_state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME     "retired"
#define NAME_NEW "retired.new"

#define RETAIN_STEPS 2 /* of time at least make up the age: more than one leap of the clock */

enum err journal_retired(const char *dir, struct journal_point *point, char *why, size_t why_size)
{
    int dir_fd = journal_open_folder(dir);
    struct journal_header header;
    enum err err;

    if (dir_fd < 0)
        return errno == ENOENT
                   ? ERR_NOT_FOUND
                   : file_guard_refuse(dir, why, why_size, "cannot be opened: %s", strerror(errno));
    err = journal_read_header(dir, dir_fd, NAME, JOURNAL_MAGIC_RETIRED, &header, why, why_size);
    close(dir_fd);
    if (err != ERR_OK)
        return err;
    point->seq = header.seq;
    memcpy(point->chain, header.chain, JOURNAL_CHAIN_SIZE);
    return ERR_OK;
}

/* The oldest of this journal's snapshots that are kept, if enough of them are whole; else seq 0. Each is read: a start
 * must be able to. */
static enum err oldest_snapshot(const char *dir, int dir_fd, const unsigned char *journal_id,
                                struct journal_point *out, char *why, size_t why_size)
{
    struct journal_list list = {.seq = NULL};
    enum err err = journal_list_read(&list, dir_fd, JOURNAL_SNAPSHOT_END);
    int whole = 0;

    *out = (struct journal_point){.seq = 0};
    for (size_t i = list.count; err == ERR_OK && whole < JOURNAL_SNAPSHOTS_KEPT && i-- > 0;) {
        struct journal_snapshot snapshot;
        unsigned char *frames;

        if (journal_snapshot_read(dir, list.seq[i], &snapshot, &frames, why, why_size) != ERR_OK)
            continue;
        free(frames);
        if (memcmp(snapshot.journal_id, journal_id, JOURNAL_ID_SIZE) != 0)
            continue;
        *out = snapshot.at;
        whole++;
    }
    journal_list_free(&list);
    if (err != ERR_OK)
        return file_guard_refuse(dir, why, why_size, "cannot be listed"), err;
    if (whole < JOURNAL_SNAPSHOTS_KEPT) {
        out->seq = 0;
        file_guard_refuse(dir, why, why_size, "nothing is retired: %d whole snapshots, %d are needed", whole,
                          JOURNAL_SNAPSHOTS_KEPT);
    }
    return ERR_OK;
}

static bool lies_before(const struct journal_header *next, const struct journal_point *point)
{
    return next->seq <= point->seq ||
           (next->seq == point->seq + 1 && memcmp(next->chain, point->chain, JOURNAL_CHAIN_SIZE) == 0);
}

/* How many of the oldest files may go; stays: header of the first that stays. Looked at from the newest on. */
static enum err count_old(const char *dir, int dir_fd, const struct journal_list *list,
                          const struct journal_point *oldest, int64_t now_ns, int64_t age_ns, size_t *count,
                          struct journal_header *stays, char *why, size_t why_size)
{
    int64_t ended_ns = now_ns, aged_ns = 0;
    const char *reason = "a start may need them";

    *count = 0;
    for (size_t i = list->count; i-- > 1;) {
        char name[JOURNAL_NAME_SIZE];
        enum err err;

        journal_file_name(list->seq[i], JOURNAL_SEGMENT_END, name);
        err = journal_read_header(dir, dir_fd, name, JOURNAL_MAGIC_SEGMENT, stays, why, why_size);
        if (err != ERR_OK)
            return err;
        if (stays->time_ns > 0 && stays->time_ns < ended_ns) { /* 0: no record before it had a time */
            int64_t step_ns = ended_ns - stays->time_ns, most_ns = age_ns / RETAIN_STEPS;

            aged_ns += step_ns < most_ns ? step_ns : most_ns;
            ended_ns = stays->time_ns;
        }
        if (lies_before(stays, oldest) && aged_ns >= age_ns / RETAIN_STEPS * RETAIN_STEPS) {
            *count = i;
            break;
        }
        reason = lies_before(stays, oldest) ? "not old enough" : "a start may need them";
    }
    file_guard_refuse(dir, why, why_size, "seq %" PRIu64 " and later are kept: %s", list->seq[*count],
                      reason);
    return ERR_OK;
}

static enum err write_point(const char *dir, int dir_fd, struct journal_header header, int64_t now_ns,
                            char *why, size_t why_size)
{
    unsigned char bytes[JOURNAL_HEADER_SIZE];
    bool done;
    int fd;

    header.seq--; /* of the last frame that may be gone */
    header.time_ns = now_ns;
    journal_header_encode(&header, JOURNAL_MAGIC_RETIRED, bytes);
    journal_io()->unlink(dir_fd, NAME_NEW);
    fd = journal_io()->open(dir_fd, NAME_NEW, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    done = fd >= 0 && journal_io_write(fd, bytes, sizeof(bytes), 0) && journal_io_sync(fd);
    if (fd >= 0)
        journal_io()->close(fd);
    if (done && journal_io_publish(dir_fd, NAME_NEW, NAME))
        return ERR_OK;
    return file_guard_refuse(dir, why, why_size, "writing the file " NAME " failed: %s", strerror(errno));
}

static enum err remove_files(const char *dir, int dir_fd, const struct journal_list *list, size_t count,
                             struct journal_retained *out, char *why, size_t why_size)
{
    for (size_t i = 0; i < count; i++) {
        char name[JOURNAL_NAME_SIZE];
        struct stat at = {.st_size = 0};

        journal_file_name(list->seq[i], JOURNAL_SEGMENT_END, name);
        (void)fstatat(dir_fd, name, &at, AT_SYMLINK_NOFOLLOW);
        if (journal_io()->unlink(dir_fd, name) != 0)
            return file_guard_refuse(dir, why, why_size, "removing %s failed: %s", name, strerror(errno));
        if (out->files++ == 0)
            out->first_seq = list->seq[i];
        out->bytes += (uint64_t)at.st_size;
        out->last_seq = list->seq[i + 1] - 1;
    }
    if (count > 0 && !journal_io_sync(dir_fd))
        return file_guard_refuse(dir, why, why_size, "syncing this folder failed: %s", strerror(errno));
    return ERR_OK;
}

/* The files there are, and whose journal it is. */
static enum err look(const char *dir, int dir_fd, struct journal_list *list, struct journal_header *newest,
                     char *why, size_t why_size)
{
    enum err err = journal_list_read(list, dir_fd, JOURNAL_SEGMENT_END);
    char name[JOURNAL_NAME_SIZE];

    if (err != ERR_OK)
        return file_guard_refuse(dir, why, why_size, "cannot be listed"), err;
    if (list->count == 0)
        return ERR_OK;
    journal_file_name(list->seq[list->count - 1], JOURNAL_SEGMENT_END, name);
    return journal_read_header(dir, dir_fd, name, JOURNAL_MAGIC_SEGMENT, newest, why, why_size);
}

enum err journal_retain(const char *dir, int64_t now_ns, int64_t age_ns, struct journal_retained *out,
                        char *why, size_t why_size)
{
    struct journal_list list = {.seq = NULL};
    struct journal_point oldest = {.seq = 0};
    struct journal_header header;
    size_t count = 0;
    enum err err;
    int dir_fd = journal_open_folder(dir);

    *out = (struct journal_retained){.files = 0};
    why[0] = '\0';
    if (dir_fd < 0)
        return file_guard_refuse(dir, why, why_size, "cannot be opened: %s", strerror(errno));
    err = look(dir, dir_fd, &list, &header, why, why_size);
    if (err == ERR_OK && list.count > 1)
        err = oldest_snapshot(dir, dir_fd, header.journal_id, &oldest, why, why_size);
    if (err == ERR_OK && oldest.seq > 0)
        err = count_old(dir, dir_fd, &list, &oldest, now_ns, age_ns, &count, &header, why, why_size);
    if (err == ERR_OK && count > 0)
        err = write_point(dir, dir_fd, header, now_ns, why, why_size);
    if (err == ERR_OK)
        err = remove_files(dir, dir_fd, &list, count, out, why, why_size);
    journal_list_free(&list);
    close(dir_fd);
    return err;
}
