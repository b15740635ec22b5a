/* test_journal_ring_file.c - a ring's file that is not ours, damaged or another's is refused in words. */
#include "unit/ring_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

#define HEADER 4096

static void open_fails(enum err err, const char *word)
{
    struct journal_ring *ring = NULL;
    char why[WHY_SIZE] = "";

    assert_int_equal(journal_ring_open(ring_path, ring_id, SMALL, &ring, why, sizeof(why)), err);
    assert_null(ring);
    assert_null(strchr(why, '\n'));
    if (strstr(why, ring_path) == NULL || strstr(why, word) == NULL)
        fail_msg("'%s' does not say '%s'", why, word);
}

static void write_at(off_t at, const void *bytes, size_t size)
{
    int fd = open(ring_path, O_RDWR);

    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, size, at), size);
    close(fd);
}

static void leave_ring(void)
{
    struct journal_ring *ring;

    unlink(ring_path);
    ring = open_ring(SMALL);
    journal_ring_start(ring, 1);
    for (uint64_t step = 1; step <= 4; step++)
        assert_true(append_step(ring, step, 2, 30));
    journal_ring_close(ring, false);
}

static void test_a_file_that_is_not_plainly_ours_is_refused(void **state)
{
    char other[80];
    struct stat file;

    (void)state;
    snprintf(other, sizeof(other), "%s-other", ring_path);
    unlink(other);
    leave_ring();
    assert_int_equal(stat(ring_path, &file), 0);
    assert_int_equal(file.st_mode & 07777, 0600);
    assert_int_equal(chmod(ring_path, 0640), 0);
    open_fails(ERR_STORAGE, "mode");
    assert_int_equal(chmod(ring_path, 0600), 0);
    assert_int_equal(link(ring_path, other), 0);
    open_fails(ERR_STORAGE, "more than one name");
    assert_int_equal(unlink(ring_path), 0);
    assert_int_equal(symlink(other, ring_path), 0);
    open_fails(ERR_STORAGE, "opening");
    unlink(ring_path);
    unlink(other);
    assert_int_equal(mkfifo(ring_path, 0600), 0);
    open_fails(ERR_STORAGE, "not a plain file");
    unlink(ring_path);
    assert_int_equal(mkdir(ring_path, 0700), 0);
    open_fails(ERR_STORAGE, ring_path);
    rmdir(ring_path);
}

static void test_a_ring_of_another_journal_or_format_is_told(void **state)
{
    struct journal_ring *ring = NULL;
    char why[WHY_SIZE];

    (void)state;
    leave_ring();
    assert_int_equal(journal_ring_open(ring_path, (const unsigned char *)"another-journal.", SMALL, &ring,
                                       why, sizeof(why)),
                     ERR_BAD_DATA);
    assert_non_null(strstr(why, "another journal"));
    for (off_t size = 0; size < HEADER + SMALL; size += 511)
        if (size > 0) {
            assert_int_equal(truncate(ring_path, size), 0);
            open_fails(ERR_BAD_DATA, "size");
        }
    leave_ring();
    assert_int_equal(truncate(ring_path, HEADER + 2 * SMALL), 0);
    open_fails(ERR_BAD_DATA, "size");
}

/* A start that was killed while it made the file: nothing was in it, so it is begun anew, in the size of today. */
static void test_a_file_that_was_never_begun_is_begun(void **state)
{
    struct journal_ring *ring;
    int fd;

    (void)state;
    for (off_t size = 0; size <= HEADER + 2 * SMALL; size = size == 0                ? HEADER + SMALL
                                                            : size == HEADER + SMALL ? HEADER + 2 * SMALL
                                                                                     : size + 1) {
        unlink(ring_path);
        fd = open(ring_path, O_RDWR | O_CREAT, 0600);
        assert_true(fd >= 0);
        assert_int_equal(ftruncate(fd, size), 0);
        close(fd);
        ring = open_ring(2 * SMALL);
        assert_int_equal(journal_ring_capacity(ring), 2 * SMALL);
        journal_ring_start(ring, 1);
        assert_true(append_step(ring, 1, 5, 180));
        journal_ring_close(ring, false);
        ring = open_ring(2 * SMALL);
        assert_int_equal(journal_ring_seq(ring), 5);
        journal_ring_close(ring, true);
    }
}

/* Any bit between the marks, in the header or in a mark: refused in words, or nothing has changed. */
static void test_no_changed_bit_is_taken_for_what_was_written(void **state)
{
    unsigned char kept[HEADER + SMALL];
    struct journal_ring *ring;
    size_t used;
    int fd;

    (void)state;
    leave_ring();
    ring = open_ring(SMALL);
    used = journal_ring_used(ring);
    journal_ring_close(ring, false);
    fd = open(ring_path, O_RDONLY);
    assert_int_equal(read(fd, kept, sizeof(kept)), sizeof(kept));
    close(fd);
    for (size_t at = 0; at < HEADER + used; at++) {
        unsigned char changed = (unsigned char)(kept[at] ^ 1U << at % 8);

        if (at == 64 + 64 + 8)
            at = HEADER; /* the rest of the header page means nothing */
        if (at >= 72 && at < 128)
            continue;
        changed = (unsigned char)(kept[at] ^ 1U << at % 8);
        write_at((off_t)at, &changed, 1);
        open_fails(ERR_BAD_DATA, at < 64 && at >= 40 ? "checksum" : "");
        write_at((off_t)at, &kept[at], 1);
    }
    journal_ring_close(open_ring(SMALL), true);
}

/* Whole frames, but not those that were published: a mark within a step, a step in another's place. */
static void test_whole_frames_in_the_wrong_place_are_refused(void **state)
{
    unsigned char step[2 * FRAME_MAX];
    struct journal_ring *ring;
    uint64_t head;
    size_t used;
    int fd;

    (void)state;
    leave_ring();
    ring = open_ring(SMALL);
    used = journal_ring_used(ring);
    journal_ring_close(ring, false);
    head = used - used / 8; /* four steps of two frames of one size */
    write_at(64, &head, sizeof(head));
    open_fails(ERR_BAD_DATA, "has no end");
    leave_ring();
    fd = open(ring_path, O_RDONLY);
    assert_int_equal(pread(fd, step, used / 4, HEADER), used / 4);
    close(fd);
    write_at((off_t)(HEADER + used / 2), step, used / 4);
    open_fails(ERR_BAD_DATA, "frame 1 follows 4");
}

static void test_the_path_is_of_folder_and_account(void **state)
{
    char a[64], b[64], prefix[40];

    (void)state;
    snprintf(prefix, sizeof(prefix), "/dev/shm/flowdeck-%lu-", (unsigned long)geteuid());
    assert_int_equal(journal_ring_path(JOURNAL_RING_DIR, "/tmp", "demo", a, sizeof(a)), ERR_OK);
    assert_int_equal(strncmp(a, prefix, strlen(prefix)), 0);
    assert_int_equal(strlen(a), strlen(prefix) + 16);
    assert_int_equal(journal_ring_path(JOURNAL_RING_DIR, "/tmp/../tmp/.", "demo", b, sizeof(b)), ERR_OK);
    assert_string_equal(a, b);
    assert_int_equal(journal_ring_path(JOURNAL_RING_DIR, "/tmp", "replay", b, sizeof(b)), ERR_OK);
    assert_string_not_equal(a, b);
    assert_int_equal(journal_ring_path(JOURNAL_RING_DIR, "/", "demo", b, sizeof(b)), ERR_OK);
    assert_string_not_equal(a, b);
    assert_int_equal(journal_ring_path(JOURNAL_RING_DIR, "/nosuch/folder", "demo", b, sizeof(b)),
                     ERR_NOT_FOUND);
    assert_int_equal(journal_ring_path(JOURNAL_RING_DIR, "/tmp", "demo", b, 20), ERR_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_file_that_is_not_plainly_ours_is_refused, ring_setup,
                                        ring_teardown),
        cmocka_unit_test_setup_teardown(test_a_ring_of_another_journal_or_format_is_told, ring_setup,
                                        ring_teardown),
        cmocka_unit_test_setup_teardown(test_a_file_that_was_never_begun_is_begun, ring_setup, ring_teardown),
        cmocka_unit_test_setup_teardown(test_no_changed_bit_is_taken_for_what_was_written, ring_setup,
                                        ring_teardown),
        cmocka_unit_test_setup_teardown(test_whole_frames_in_the_wrong_place_are_refused, ring_setup,
                                        ring_teardown),
        cmocka_unit_test_setup_teardown(test_the_path_is_of_folder_and_account, ring_setup, ring_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
