/*
 * journal_fixture.h - a folder for each test of the journal, frames whose content follows from their seq, and a reading
 * of all of it that compares every one.
 */
#ifndef UNIT_JOURNAL_FIXTURE_H
#define UNIT_JOURNAL_FIXTURE_H

#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "store/journal_files.h"
#include "store/journal_io.h"
#include "store/journal_reader.h"
#include "store/journal_retain.h"
#include "store/journal_segment.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHY_SIZE    1400
#define FRAME_BYTES 160 /* of the largest one here */
#define GROUP_BYTES 8192
#define SEAL_BYTES  88

static const unsigned char journal_id[JOURNAL_ID_SIZE] = "a journal's id..";
static const struct journal_point beginning = {.seq = 0};

struct folder {
    char path[64];
    char dir[96]; /* of the journal, not made yet */
};

static inline int folder_setup(void **state)
{
    struct folder *folder = calloc(1, sizeof(*folder));

    /* In memory where that is: thousands of syncs of a real disk take minutes and show no more. */
    strcpy(folder->path,
           access("/dev/shm", W_OK) == 0 ? "/dev/shm/flowdeck-test-XXXXXX" : "/tmp/flowdeck-journal-XXXXXX");
    if (mkdtemp(folder->path) == NULL)
        return -1;
    snprintf(folder->dir, sizeof(folder->dir), "%s/data/demo", folder->path);
    *state = folder;
    return 0;
}

static inline void remove_tree(const char *path)
{
    char command[512];

    snprintf(command, sizeof(command), "rm -rf '%s'", path);
    if (system(command) != 0) /* NOLINT(cert-env33-c): a fixed command of our own */
        abort();
}

static inline int folder_teardown(void **state)
{
    struct folder *folder = *state;

    journal_io_replace(NULL);
    remove_tree(folder->path);
    free(folder);
    return 0;
}

/* The same seq, the same frame. */
static inline size_t make_frame(uint64_t seq, bool more, unsigned char *out)
{
    unsigned char body[FRAME_BYTES];
    uint64_t random = seq;
    struct frame_head head = {.seq = seq,
                              .ts_ns = (int64_t)seq * 1000,
                              .input_seq = seq * 3,
                              .kind = (uint16_t)(1 + seq % 22),
                              .flags = more ? FRAME_FLAG_MORE : 0,
                              .body_size = (uint32_t)(random_next(&random) % 96)};

    for (size_t i = 0; i < head.body_size; i++)
        body[i] = (unsigned char)random_next(&random);
    return frame_encode(&head, body, out, FRAME_BYTES);
}

/* Steps of one to three frames; the last one ends. */
static inline size_t make_group(uint64_t first, unsigned count, unsigned char *out)
{
    size_t size = 0;

    for (unsigned i = 0; i < count; i++)
        size += make_frame(first + i, (first + i) % 3 != 0 && i + 1 < count, out + size);
    return size;
}

static inline struct journal_segment *open_writer_with(const char *dir, const struct journal_point *from,
                                                       uint64_t segment_bytes, char *why)
{
    struct journal_segment_config config = {
        .dir = dir, .segment_bytes = segment_bytes, .reserve_bytes = 8192};
    struct journal_segment *segment = NULL;

    memcpy(config.journal_id, journal_id, sizeof(journal_id));
    (void)journal_segment_open(&config, from, &segment, why, WHY_SIZE);
    return segment;
}

static inline struct journal_segment *open_writer(const char *dir, const struct journal_point *from,
                                                  uint64_t segment_bytes)
{
    char why[WHY_SIZE] = "";
    struct journal_segment *segment = open_writer_with(dir, from, segment_bytes, why);

    if (segment == NULL)
        fail_msg("journal_segment_open: %s", why);
    return segment;
}

static inline enum err write_group(struct journal_segment *segment, unsigned count, char *why)
{
    unsigned char frames[GROUP_BYTES];
    uint64_t first = journal_segment_point(segment).seq + 1;
    size_t size = make_group(first, count, frames);

    return journal_segment_write(segment, frames, size, why, WHY_SIZE);
}

static inline void write_groups(struct journal_segment *segment, unsigned groups, unsigned count)
{
    char why[WHY_SIZE] = "";

    for (unsigned i = 0; i < groups; i++)
        if (write_group(segment, count, why) != ERR_OK)
            fail_msg("journal_segment_write: %s", why);
}

struct reading {
    enum err end; /* ERR_NOT_FOUND: read to the end */
    char why[WHY_SIZE];
    uint64_t given, sealed; /* seq of the last frame */
    bool altered;           /* a frame came that was never written so */
    struct journal_reader_counts counts;
    struct journal_point point;
};

static inline struct reading read_from(const char *dir, const struct journal_point *from)
{
    struct reading reading = {.given = from->seq, .sealed = from->seq};
    struct journal_reader *reader = NULL;
    struct journal_frame frame;
    unsigned char expected[FRAME_BYTES];

    reading.end = journal_reader_open(dir, from, &reader, reading.why, sizeof(reading.why));
    if (reading.end != ERR_OK)
        return reading;
    while ((reading.end = journal_reader_next(reader, &frame, reading.why, sizeof(reading.why))) == ERR_OK) {
        bool more = (frame.head.flags & FRAME_FLAG_MORE) != 0;
        size_t size = make_frame(reading.given + 1, more, expected);

        if (frame.head.seq != ++reading.given || frame.head.size != size ||
            memcmp(frame.bytes, expected, size) != 0 || frame.body != frame.bytes + FRAME_HEADER_SIZE)
            reading.altered = true;
        if (frame.sealed)
            reading.sealed = frame.head.seq;
    }
    reading.counts = *journal_reader_counts(reader);
    reading.point = journal_reader_point(reader);
    journal_reader_close(reader);
    return reading;
}

static inline struct reading read_all(const char *dir)
{
    return read_from(dir, &beginning);
}

/* Read to the end, nothing altered, so many sealed. */
static inline void assert_whole(const char *dir, uint64_t sealed)
{
    struct reading reading = read_all(dir);

    if (reading.end != ERR_NOT_FOUND || reading.altered)
        fail_msg("reading: %s: %s", err_text(reading.end), reading.why);
    assert_int_equal(reading.sealed, sealed);
    assert_int_equal(reading.point.seq, sealed);
}

static inline void assert_refused(const struct reading *reading, enum err err, const char *words)
{
    if (reading->end != err || strstr(reading->why, words) == NULL || strchr(reading->why, '\n') != NULL)
        fail_msg("wanted %s, \"%s\", got %s: %s", err_text(err), words, err_text(reading->end), reading->why);
}

/* --- files ------------------------------------------------------------------------------------------------------ */

struct bytes {
    unsigned char *bytes;
    size_t size;
};

static inline struct bytes load(const char *path)
{
    struct bytes file = {.bytes = NULL};
    struct stat at;
    int fd = open(path, O_RDONLY);

    assert_true(fd >= 0 && fstat(fd, &at) == 0);
    file.size = (size_t)at.st_size;
    file.bytes = malloc(file.size + 1);
    assert_int_equal(read(fd, file.bytes, file.size), file.size);
    close(fd);
    return file;
}

static inline void store(const char *path, const void *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    close(fd);
}

static inline const char *path_of(const char *dir, uint64_t seq, char out[160])
{
    snprintf(out, 160, "%s/%020" PRIu64 ".fdj", dir, seq);
    return out;
}

static inline struct journal_list list_files(const char *dir)
{
    struct journal_list list = {.seq = NULL};
    int fd = open(dir, O_RDONLY | O_DIRECTORY);

    assert_int_equal(journal_list_read(&list, fd, ".fdj"), ERR_OK);
    close(fd);
    return list;
}

#define JOURNAL_TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

/* Three files or more; ended in order. Returns the last seq. */
static inline uint64_t make_journal(const char *dir)
{
    struct journal_segment *segment = open_writer(dir, &beginning, 1024);

    write_groups(segment, 7, 4);
    journal_segment_close(segment);
    return 28;
}

static inline uint64_t last_file(const char *dir)
{
    struct journal_list list = list_files(dir);
    uint64_t last = list.seq[list.count - 1];

    journal_list_free(&list);
    return last;
}

#endif
