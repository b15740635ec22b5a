/* test_journal_follow.c - a journal read while it is written, cut, or cannot be read. */
#include "unit/journal_fixture.h"

#include <sys/wait.h>

#define FOLLOWED 2800 /* a multiple of 28 */

/* --- beside others ---------------------------------------------------------------------------------------------- */

/* A reader that follows a writer gets every frame once as sealed, over all rotations, and never hears of damage. */
static void test_follows_a_running_writer(void **state)
{
    const struct folder *folder = *state;
    struct journal_reader *reader = NULL;
    struct journal_frame frame;
    char why[WHY_SIZE] = "";
    uint64_t sealed = 0, looks = 0;
    pid_t child = fork();
    int status;

    if (child == 0) {
        struct journal_segment *segment = open_writer(folder->dir, &beginning, 8192);

        for (unsigned i = 0; i < FOLLOWED / 4; i++)
            write_groups(segment, 1, 1 + i % 7);
        journal_segment_close(segment);
        _exit(0);
    }
    while (journal_reader_open(folder->dir, &beginning, &reader, why, sizeof(why)) == ERR_NOT_FOUND)
        usleep(100);
    while (sealed < FOLLOWED && looks < 1000000) {
        enum err err = journal_reader_next(reader, &frame, why, sizeof(why));

        looks++;
        if (err != ERR_OK && err != ERR_NOT_FOUND)
            fail_msg("reader: %s", why);
        if (err == ERR_OK && frame.sealed)
            assert_int_equal(frame.head.seq, ++sealed);
        else if (err == ERR_NOT_FOUND)
            usleep(50);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(sealed, FOLLOWED);
    assert_int_equal(journal_reader_next(reader, &frame, why, sizeof(why)), ERR_NOT_FOUND);
    assert_int_equal(journal_reader_counts(reader)->frames, FOLLOWED);
    journal_reader_close(reader);
}

/* A mapped file would be a SIGBUS. */
static void test_file_cut_while_it_is_read(void **state)
{
    const struct folder *folder = *state;
    struct journal_reader *reader = NULL;
    struct journal_frame frame;
    char why[WHY_SIZE] = "", path[160];
    enum err err;

    make_journal(folder->dir);
    assert_int_equal(journal_reader_open(folder->dir, &beginning, &reader, why, sizeof(why)), ERR_OK);
    assert_int_equal(journal_reader_next(reader, &frame, why, sizeof(why)), ERR_OK);
    assert_int_equal(truncate(path_of(folder->dir, last_file(folder->dir), path), 50), 0);
    do
        err = journal_reader_next(reader, &frame, why, sizeof(why));
    while (err == ERR_OK);
    assert_int_equal(err, ERR_BAD_DATA);
    assert_int_equal(journal_reader_next(reader, &frame, why, sizeof(why)), ERR_BAD_DATA);
    journal_reader_close(reader);
}

static ssize_t failing_pread(int fd, void *bytes, size_t size, off_t at)
{
    if (at >= JOURNAL_HEADER_SIZE) {
        errno = EIO;
        return -1;
    }
    return pread(fd, bytes, size, at);
}

static void test_read_error_is_storage_and_not_damage(void **state)
{
    const struct folder *folder = *state;
    struct journal_io io = journal_io_system;
    struct reading reading;

    make_journal(folder->dir);
    io.pread = failing_pread;
    journal_io_replace(&io);
    reading = read_all(folder->dir);
    assert_refused(&reading, ERR_STORAGE, "cannot be read: Input/output error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOURNAL_TEST(test_follows_a_running_writer),
        JOURNAL_TEST(test_file_cut_while_it_is_read),
        JOURNAL_TEST(test_read_error_is_storage_and_not_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
