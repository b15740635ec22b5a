/* test_journal_segment.c - what was called durable is there, whatever stops the writer and whatever the disk does. */
#include "unit/journal_fixture.h"
#include "unit/power_disk.h"

#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>

static void test_round_trip_over_files_and_starts(void **state)
{
    const struct folder *folder = *state;
    struct journal_point point = beginning;
    uint64_t random = 3, last = 0;
    struct journal_list list;
    char path[160];
    struct stat at;

    for (int start = 0; start < 20; start++) {
        struct journal_segment *segment = open_writer(folder->dir, &point, 4096);

        for (int i = 0; i < 15; i++)
            write_groups(segment, 1, (unsigned)random_between(&random, 1, 30));
        last = journal_segment_point(segment).seq;
        journal_segment_close(segment);
        assert_whole(folder->dir, last);
        point = read_all(folder->dir).point;
    }
    list = list_files(folder->dir);
    assert_true(list.count > 20);
    assert_int_equal(stat(folder->dir, &at), 0);
    assert_int_equal(at.st_mode & 07777, 0700);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(stat(path_of(folder->dir, list.seq[i], path), &at), 0);
        assert_int_equal(at.st_mode & 07777, 0600);
        assert_true(at.st_size <= 4096 + SEAL_BYTES);
    }
    journal_list_free(&list);
}

static void test_group_larger_than_a_file_gets_one_of_its_own(void **state)
{
    const struct folder *folder = *state;
    struct journal_segment *segment = open_writer(folder->dir, &beginning, 512);

    write_groups(segment, 5, 40);
    journal_segment_close(segment);
    assert_whole(folder->dir, 200);
}

static void test_what_no_reader_would_take_is_not_written(void **state)
{
    const struct folder *folder = *state;
    struct journal_segment *segment = open_writer(folder->dir, &beginning, 0);
    unsigned char frames[GROUP_BYTES];
    struct frame_head seal = {.seq = 4, .kind = FRAME_KIND_SEAL};
    char why[WHY_SIZE];
    size_t size;

    write_groups(segment, 1, 3);
    assert_int_equal(journal_segment_write(segment, frames, 0, why, sizeof(why)), ERR_BAD_DATA);
    size = make_group(5, 1, frames); /* a gap */
    assert_int_equal(journal_segment_write(segment, frames, size, why, sizeof(why)), ERR_BAD_DATA);
    size = make_group(3, 1, frames); /* twice */
    assert_int_equal(journal_segment_write(segment, frames, size, why, sizeof(why)), ERR_BAD_DATA);
    size = make_frame(4, true, frames); /* half a step */
    assert_int_equal(journal_segment_write(segment, frames, size, why, sizeof(why)), ERR_BAD_DATA);
    assert_non_null(strstr(why, "does not end its step"));
    size = frame_encode(&seal, frames, frames, sizeof(frames));
    assert_int_equal(journal_segment_write(segment, frames, size, why, sizeof(why)), ERR_BAD_DATA);
    size = make_group(4, 2, frames);
    frames[size - 1] ^= 1;
    assert_int_equal(journal_segment_write(segment, frames, size, why, sizeof(why)), ERR_BAD_DATA);
    assert_int_equal(journal_segment_write(segment, frames, size - 8, why, sizeof(why)), ERR_BAD_DATA);
    write_groups(segment, 1, 3); /* none of this stops it */
    journal_segment_close(segment);
    assert_whole(folder->dir, 6);
}

static void assert_no_writer(const char *dir, const struct journal_point *from, const char *words)
{
    char why[WHY_SIZE] = "";

    assert_null(open_writer_with(dir, from, 0, why));
    if (strstr(why, words) == NULL || strchr(why, '\n') != NULL)
        fail_msg("wanted \"%s\", got: %s", words, why);
}

static void test_opening_refuses_what_would_lose_or_leak(void **state)
{
    const struct folder *folder = *state;
    struct journal_segment *segment = open_writer(folder->dir, &beginning, 0);
    struct journal_point point, early;
    char path[160], aside[160];

    write_groups(segment, 1, 3);
    early = journal_segment_point(segment);
    write_groups(segment, 1, 3);
    assert_no_writer(folder->dir, &early, "another flowdeck writes this journal");
    journal_segment_close(segment);
    point = read_all(folder->dir).point;
    assert_no_writer(folder->dir, &early, "would be overwritten");
    assert_no_writer(folder->dir, &beginning, "would be overwritten");
    early.chain[0] ^= 1;
    assert_no_writer(folder->dir, &early, "is not the journal in which");
    assert_int_equal(chmod(folder->dir, 0777), 0);
    assert_no_writer(folder->dir, &point, "every user may write here (mode 0777)");
    assert_int_equal(chmod(folder->dir, 0700), 0);
    path_of(folder->dir, 1, path);
    snprintf(aside, sizeof(aside), "%s/aside", folder->path);
    assert_int_equal(link(path, aside), 0);
    assert_no_writer(folder->dir, &point, "has 2 names");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink(aside, path), 0);
    assert_no_writer(folder->dir, &point, "cannot be opened");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_no_writer(folder->dir, &point, "cannot be opened");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rename(aside, path), 0);
    assert_whole(folder->dir, 6);
}

static void test_what_lies_behind_the_point_is_cut_off(void **state)
{
    const struct folder *folder = *state;
    struct journal_segment *segment = open_writer(folder->dir, &beginning, 0);
    struct journal_point point;
    char path[160];
    int fd;

    write_groups(segment, 3, 3);
    journal_segment_close(segment);
    point = read_all(folder->dir).point;
    fd = open(path_of(folder->dir, 1, path), O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, "half a frame", 12), 12);
    close(fd);
    segment = open_writer(folder->dir, &point, 0);
    write_groups(segment, 1, 3);
    journal_segment_close(segment);
    assert_whole(folder->dir, 12);
    assert_int_equal(read_all(folder->dir).counts.cut_bytes, 0);
}

/* --- a disk that does what disks do ------------------------------------------------------------------------------ */

static struct {
    long calls, fail_at; /* 0: never */
    int error;
    bool only_once;
    long room;    /* bytes until the disk is full; -1: no end */
    bool strange; /* short and interrupted writes */
} disk;

static bool disk_fails(void)
{
    disk.calls++;
    if (disk.fail_at == 0 || disk.calls < disk.fail_at || (disk.only_once && disk.calls > disk.fail_at))
        return false;
    errno = disk.error;
    return true;
}

static ssize_t disk_pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    if (disk_fails())
        return -1;
    if (disk.strange && disk.calls % 3 == 0) {
        errno = EINTR;
        return -1;
    }
    if (disk.strange && size > 1)
        size /= 2;
    if (disk.room >= 0) {
        if (disk.room == 0) {
            errno = ENOSPC;
            return -1;
        }
        size = (long)size > disk.room ? (size_t)disk.room : size;
        disk.room -= (long)size;
    }
    return pwrite(fd, bytes, size, at);
}

static int disk_sync(int fd)
{
    if (disk.strange && ++disk.calls % 2 == 0) {
        errno = EINTR;
        return -1;
    }
    return disk_fails() ? -1 : fsync(fd);
}

static int disk_rename(int dir_fd, const char *from, const char *to)
{
    return disk_fails() ? -1 : renameat(dir_fd, from, dir_fd, to);
}

static int disk_unlink(int dir_fd, const char *name)
{
    int done = unlinkat(dir_fd, name, 0);

    if (done == 0 && strcmp(name, "reserve") == 0 && disk.room >= 0)
        disk.room += 3000;
    return done;
}

static struct journal_io disk_io(void)
{
    struct journal_io io = journal_io_system;

    io.pwrite = disk_pwrite;
    io.fdatasync = io.fsync = disk_sync;
    io.rename = disk_rename;
    io.unlink = disk_unlink;
    memset(&disk, 0, sizeof(disk));
    disk.room = -1;
    return io;
}

static void test_short_and_interrupted_calls_go_on(void **state)
{
    const struct folder *folder = *state;
    struct journal_io io = disk_io();
    struct journal_segment *segment;

    disk.strange = true;
    journal_io_replace(&io);
    segment = open_writer(folder->dir, &beginning, 2048);
    write_groups(segment, 20, 5);
    journal_segment_close(segment);
    journal_io_replace(NULL);
    assert_whole(folder->dir, 100);
}

/* Each call fails once, in turn: from then on nothing is written, though the disk would; all that was durable is. */
static void test_after_an_error_nothing_is_written(void **state)
{
    const struct folder *folder = *state;
    static const int errors[] = {EIO, EROFS};
    char why[WHY_SIZE], dir[160];

    for (long at = 1; at < 60; at++) {
        struct journal_io io = disk_io();
        struct journal_segment *segment;
        struct journal_point durable;
        struct reading reading;
        enum err err = ERR_OK;
        long calls;

        snprintf(dir, sizeof(dir), "%s/%ld", folder->path, at);
        segment = open_writer(dir, &beginning, 2048);
        journal_io_replace(&io);
        disk.fail_at = at;
        disk.only_once = true;
        disk.error = errors[at % 2];
        for (int i = 0; i < 40 && err == ERR_OK; i++)
            err = write_group(segment, 5, why);
        assert_int_equal(err, ERR_STORAGE);
        assert_non_null(strstr(why, strerror(disk.error)));
        calls = disk.calls;
        durable = journal_segment_point(segment);
        assert_int_equal(write_group(segment, 5, why), ERR_STORAGE);
        assert_non_null(strstr(why, strerror(disk.error)));
        assert_int_equal(journal_segment_point(segment).seq, durable.seq);
        journal_segment_close(segment);
        assert_int_equal(disk.calls, calls);
        journal_io_replace(NULL);
        reading = read_all(dir);
        assert_true(reading.end == ERR_NOT_FOUND && reading.sealed >= durable.seq && !reading.altered);
        segment = open_writer(dir, &reading.point, 2048);
        write_groups(segment, 2, 5);
        journal_segment_close(segment);
        assert_whole(dir, reading.sealed + 10);
    }
}

/* The reserve's room takes the last groups, each of which is answered with the disk's state; then it is over. */
static void test_full_disk_writes_into_the_reserve_and_halts(void **state)
{
    const struct folder *folder = *state;
    char why[WHY_SIZE], dir[160], path[200];

    for (long room = 0; room < 4000; room += 37) {
        struct journal_io io = disk_io();
        struct journal_segment *segment;
        struct journal_point durable, before;
        unsigned late = 0;
        enum err err = ERR_OK;

        snprintf(dir, sizeof(dir), "%s/%ld", folder->path, room);
        snprintf(path, sizeof(path), "%s/reserve", dir);
        segment = open_writer(dir, &beginning, 2048);
        assert_int_equal(access(path, F_OK), 0);
        journal_io_replace(&io);
        disk.room = room;
        do {
            before = journal_segment_point(segment);
            err = write_group(segment, 5, why);
        } while (err == ERR_OK);
        assert_int_equal(err, ERR_STORAGE);
        assert_non_null(strstr(why, "the disk is full"));
        assert_int_equal(journal_segment_point(segment).seq, before.seq + 5); /* written all the same */
        assert_int_not_equal(access(path, F_OK), 0);
        do {
            before = journal_segment_point(segment);
            assert_int_equal(write_group(segment, 5, why), ERR_STORAGE);
            late++;
        } while (journal_segment_point(segment).seq != before.seq);
        assert_true(late > 1);
        assert_non_null(strstr(why, "No space left"));
        durable = journal_segment_point(segment);
        journal_segment_close(segment);
        journal_io_replace(NULL);
        assert_whole(dir, durable.seq);
    }
}

static int no_room(int fd, off_t size)
{
    (void)fd;
    (void)size;
    errno = ENOSPC;
    return -1;
}

static void test_no_room_for_the_reserve_is_no_start(void **state)
{
    const struct folder *folder = *state;
    struct journal_io io = journal_io_system;

    io.allocate = no_room;
    journal_io_replace(&io);
    assert_no_writer(folder->dir, &beginning, "there is no room for it; make some");
}

/* --- kill -9 ---------------------------------------------------------------------------------------------------- */

/* Writes until it is killed; tells the parent each durable seq. */
static void write_for_ever(const char *dir, const struct journal_point *from, int tell)
{
    char why[WHY_SIZE] = "";
    struct journal_segment *segment = open_writer_with(dir, from, 4096, why);
    uint64_t random = from->seq, seq;

    for (;;) { /* a child must not jump back into the tests */
        if (segment == NULL ||
            write_group(segment, (unsigned)random_between(&random, 1, 20), why) != ERR_OK) {
            fprintf(stderr, "child: %s\n", why);
            _exit(9);
        }
        seq = journal_segment_point(segment).seq;
        if (write(tell, &seq, sizeof(seq)) != sizeof(seq))
            _exit(9);
    }
}

static void test_300_kills_lose_nothing_durable(void **state)
{
    const struct folder *folder = *state;
    struct journal_point point = beginning;
    uint64_t random = 11, cuts = 0;

    for (int round = 0; round < 300; round++) {
        uint64_t durable = point.seq, seq;
        struct reading reading;
        int pipes[2], status;
        pid_t child;

        assert_int_equal(pipe(pipes), 0);
        child = fork();
        if (child == 0) {
            close(pipes[0]);
            write_for_ever(folder->dir, &point, pipes[1]);
        }
        close(pipes[1]);
        usleep((useconds_t)random_between(&random, 0, 4000));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        while (read(pipes[0], &seq, sizeof(seq)) == sizeof(seq))
            durable = seq;
        close(pipes[0]);
        reading = read_from(folder->dir, &point);
        if (reading.end == ERR_NOT_FOUND && reading.sealed == 0 && durable == 0)
            continue; /* before the first file had its name */
        if (reading.end != ERR_NOT_FOUND || reading.altered || reading.sealed < durable)
            fail_msg("durable %" PRIu64 ", read %" PRIu64 ": %s", durable, reading.sealed, reading.why);
        cuts += reading.counts.cut_bytes > 0;
        point = reading.point;
    }
    assert_whole(folder->dir, point.seq);
    print_message("300 kills: %" PRIu64 " records, 0 lost; %" PRIu64 " cut ends\n", point.seq, cuts);
}

/* --- power failure ---------------------------------------------------------------------------------------------- */

static void test_power_failures_lose_nothing_synced(void **state)
{
    const struct folder *folder = *state;
    uint64_t random = 5;
    unsigned failures = 0, cuts = 0;

    for (int run = 0; run < 150; run++) {
        struct journal_point point = beginning;
        char dir[160], next[160];

        snprintf(dir, sizeof(dir), "%s/%d-0", folder->path, run);
        for (int fall = 1; fall <= 5; fall++) {
            struct journal_segment *segment;
            struct reading reading;
            char why[WHY_SIZE];
            uint64_t durable = point.seq;
            enum err err = ERR_OK;

            power_on(dir, (long)random_between(&random, 1, 90));
            segment = open_writer_with(dir, &point, fall == 1 ? 3000 : 30000, why);
            while (segment != NULL && err == ERR_OK)
                err = write_group(segment, (unsigned)random_between(&random, 1, 40), why);
            if (segment != NULL)
                durable = journal_segment_point(segment).seq;
            journal_segment_close(segment);
            snprintf(next, sizeof(next), "%s/%d-%d", folder->path, run, fall);
            power_fail(next, &random);
            reading = read_all(next);
            if (reading.end != ERR_NOT_FOUND || reading.altered || (durable > 0 && reading.sealed < durable))
                fail_msg("run %d, failure %d: durable %" PRIu64 ", read %" PRIu64 ": %s", run, fall, durable,
                         reading.sealed, reading.why);
            cuts += reading.counts.cut_bytes > 0;
            point = reading.point;
            remove_tree(dir);
            memcpy(dir, next, sizeof(dir));
            failures++;
        }
    }
    power_on("/nowhere", 0); /* frees */
    print_message("%u power failures: nothing synced was lost; %u torn ends\n", failures, cuts);
    assert_true(cuts > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOURNAL_TEST(test_round_trip_over_files_and_starts),
        JOURNAL_TEST(test_group_larger_than_a_file_gets_one_of_its_own),
        JOURNAL_TEST(test_what_no_reader_would_take_is_not_written),
        JOURNAL_TEST(test_opening_refuses_what_would_lose_or_leak),
        JOURNAL_TEST(test_what_lies_behind_the_point_is_cut_off),
        JOURNAL_TEST(test_short_and_interrupted_calls_go_on),
        JOURNAL_TEST(test_after_an_error_nothing_is_written),
        JOURNAL_TEST(test_full_disk_writes_into_the_reserve_and_halts),
        JOURNAL_TEST(test_no_room_for_the_reserve_is_no_start),
        JOURNAL_TEST(test_300_kills_lose_nothing_durable),
        JOURNAL_TEST(test_power_failures_lose_nothing_synced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
