/* test_journal_reader.c - what was sealed is read back; what was changed is told, in whatever way it was changed. */
#include "unit/journal_fixture.h"

#include "core/base/crc32c.h"
#include "store/le_bytes.h"

#include <signal.h>
#include <sys/wait.h>

/* The same, of groups enough for two in the last file, by a process of its own that is killed: no word is written behind the last group. */
static uint64_t make_killed_journal(const char *dir, unsigned groups)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        struct journal_segment *segment = open_writer(dir, &beginning, 1024);

        write_groups(segment, groups, 4);
        raise(SIGKILL);
    }
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    return (uint64_t)groups * 4;
}

static void test_no_journal_is_not_found(void **state)
{
    const struct folder *folder = *state;
    struct reading reading = read_all(folder->dir);

    assert_refused(&reading, ERR_NOT_FOUND, "there is no journal");
    reading = read_all(folder->path);
    assert_refused(&reading, ERR_NOT_FOUND, "there is no journal");
}

static void test_counts_and_point(void **state)
{
    const struct folder *folder = *state;
    uint64_t last = make_journal(folder->dir);
    struct reading reading = read_all(folder->dir);

    assert_whole(folder->dir, last);
    assert_int_equal(reading.counts.frames, last);
    assert_int_equal(reading.counts.seals, 8); /* with the one of the end */
    assert_true(reading.counts.files >= 3);
    assert_int_equal(reading.counts.cut_bytes, 0);
    assert_int_equal(reading.counts.unsealed, 0);
}

/* Wherever writing stopped, what was sealed before is given; whole frames behind it are, as unsealed, by whole steps. */
static void test_cut_at_every_byte_of_the_last_group(void **state)
{
    const struct folder *folder = *state;
    uint64_t last = make_killed_journal(folder->dir, 8);
    unsigned char group[GROUP_BYTES];
    size_t size = make_group(last - 3, 4, group) + SEAL_BYTES;
    char path[160];
    struct bytes file = load(path_of(folder->dir, last_file(folder->dir), path));

    assert_true(file.size > JOURNAL_HEADER_SIZE + size); /* not the file's only group */
    for (size_t keep = file.size - size; keep < file.size; keep++) {
        struct reading reading;

        store(path, file.bytes, keep);
        reading = read_all(folder->dir);
        assert_int_equal(reading.end, ERR_NOT_FOUND);
        assert_false(reading.altered);
        assert_int_equal(reading.sealed, last - 4);
        assert_int_equal(reading.counts.unsealed, reading.given - reading.sealed);
        assert_true(reading.given == last || reading.given % 3 == 0 || reading.given == last - 4);
        if (keep == file.size - size)
            assert_int_equal(reading.counts.cut_bytes, 0);
        else
            assert_true(reading.counts.cut_bytes > 0 || reading.counts.unsealed > 0);
    }
    free(file.bytes);
}

/* A step is one append: of one whose end is missing nothing is given. */
static void test_half_a_step_is_not_given(void **state)
{
    const struct folder *folder = *state;
    uint64_t last = make_killed_journal(folder->dir, 8);
    unsigned char frames[3 * FRAME_BYTES];
    size_t size = make_frame(last + 1, false, frames), two;
    struct reading reading;
    char path[160];
    int fd;

    two = size + make_frame(last + 2, true, frames + size);
    fd = open(path_of(folder->dir, last_file(folder->dir), path), O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, frames, two), two);
    close(fd);
    reading = read_all(folder->dir);
    assert_int_equal(reading.end, ERR_NOT_FOUND);
    assert_int_equal(reading.sealed, last);
    assert_int_equal(reading.given, last + 1);
    assert_int_equal(reading.counts.unsealed, 1);
    assert_int_equal(reading.counts.cut_bytes, two - size);
}

/* Every bit of every file, one after the other. Returns how many of them passed for a cut end. */
static size_t flip_all(const char *dir, uint64_t last, uint64_t may_be_cut_from)
{
    struct journal_list list = list_files(dir);
    size_t cut = 0;

    for (size_t i = 0; i < list.count; i++) {
        char path[160];
        struct bytes file = load(path_of(dir, list.seq[i], path));
        int fd = open(path, O_WRONLY);

        for (size_t bit = 0; bit < file.size * 8; bit++) {
            unsigned char byte = (unsigned char)(file.bytes[bit / 8] ^ (1U << bit % 8));
            struct reading reading;

            assert_int_equal(pwrite(fd, &byte, 1, (off_t)(bit / 8)), 1);
            reading = read_all(dir);
            assert_false(reading.altered);
            if (reading.end == ERR_NOT_FOUND) {
                assert_true(i + 1 == list.count && reading.sealed >= may_be_cut_from);
                assert_true(reading.counts.cut_bytes > 0);
                cut++;
            } else {
                assert_int_equal(reading.end, ERR_BAD_DATA);
                assert_non_null(strstr(reading.why, path));
            }
            assert_int_equal(pwrite(fd, file.bytes + bit / 8, 1, (off_t)(bit / 8)), 1);
        }
        close(fd);
        free(file.bytes);
    }
    journal_list_free(&list);
    assert_whole(dir, last);
    return cut;
}

static void test_every_flipped_bit_is_told_after_an_orderly_end(void **state)
{
    const struct folder *folder = *state;
    uint64_t last = make_journal(folder->dir);

    assert_int_equal(flip_all(folder->dir, last, last), SEAL_BYTES * 8); /* the seal of no frames alone */
}

static void test_after_a_kill_only_the_last_group_can_pass_for_cut(void **state)
{
    const struct folder *folder = *state;
    uint64_t last = make_killed_journal(folder->dir, 8);
    unsigned char group[GROUP_BYTES];
    size_t size = make_group(last - 3, 4, group) + SEAL_BYTES;

    assert_int_equal(flip_all(folder->dir, last, last - 4), size * 8);
}

/* A frame that was changed and given a fitting checksum does not fit the chain. */
static void test_edited_frame_does_not_fit_the_seal(void **state)
{
    const struct folder *folder = *state;
    char path[160];
    struct bytes file;
    struct reading reading;
    unsigned char *frame;
    uint32_t size;

    make_journal(folder->dir);
    file = load(path_of(folder->dir, last_file(folder->dir), path));
    frame = file.bytes + JOURNAL_HEADER_SIZE;
    size = get_u32(frame);
    frame[16] ^= 1; /* its time */
    put_u32(frame + 4, crc32c_update(0, frame + 8, size - 8));
    store(path, file.bytes, file.size);
    reading = read_all(folder->dir);
    assert_refused(&reading, ERR_BAD_DATA, "a frame was changed");
    free(file.bytes);
}

static void test_words_name_file_offset_and_seq(void **state)
{
    const struct folder *folder = *state;
    char path[160], words[64];
    unsigned char frame[FRAME_BYTES];
    size_t first;
    struct bytes file;
    struct reading reading;

    make_journal(folder->dir);
    file = load(path_of(folder->dir, 1, path));
    first = make_frame(1, true, frame);
    file.bytes[JOURNAL_HEADER_SIZE + first + 20] ^= 4;
    store(path, file.bytes, file.size);
    reading = read_all(folder->dir);
    snprintf(words, sizeof(words), "1.fdj: frame at offset %zu (seq 2): checksum is wrong",
             JOURNAL_HEADER_SIZE + first);
    assert_refused(&reading, ERR_BAD_DATA, words);
    free(file.bytes);
}

static void test_newer_format_is_not_read(void **state)
{
    const struct folder *folder = *state;
    char path[160];
    struct bytes file;
    struct reading reading;

    make_journal(folder->dir);
    file = load(path_of(folder->dir, 1, path));
    put_u32(file.bytes + 8, 2);
    put_u32(file.bytes + 124, crc32c_update(0, file.bytes, 124));
    store(path, file.bytes, file.size);
    reading = read_all(folder->dir);
    assert_refused(&reading, ERR_UNSUPPORTED, "made by a newer flowdeck (format 2, this one knows 1)");
    free(file.bytes);
}

/* --- whole files ------------------------------------------------------------------------------------------------ */

static void test_file_removed_emptied_swapped_renamed_duplicated(void **state)
{
    const struct folder *folder = *state;
    struct journal_list list;
    char a[160], b[160], aside[160];
    struct reading reading;

    make_journal(folder->dir);
    list = list_files(folder->dir);
    assert_true(list.count >= 3);
    snprintf(aside, sizeof(aside), "%s/aside", folder->path);
    for (size_t i = 0; i < list.count; i++) {
        struct bytes file = load(path_of(folder->dir, list.seq[i], a));

        rename(a, aside);
        reading = read_all(folder->dir);
        if (i + 1 < list.count)
            assert_refused(&reading, ERR_BAD_DATA, "is missing");
        store(a, "", 0);
        reading = read_all(folder->dir);
        assert_refused(&reading, ERR_BAD_DATA, "the file has only 0 bytes");
        store(a, file.bytes, JOURNAL_HEADER_SIZE);
        reading = read_all(folder->dir);
        assert_refused(&reading, ERR_BAD_DATA, i + 1 < list.count ? "is missing" : "has no sealed group");
        rename(aside, a);
        rename(a, path_of(folder->dir, list.seq[i] + 1, b)); /* another name */
        reading = read_all(folder->dir);
        assert_int_equal(reading.end, ERR_BAD_DATA);
        rename(b, a);
        store(path_of(folder->dir, list.seq[i] + 1, b), file.bytes, file.size); /* twice */
        reading = read_all(folder->dir);
        assert_int_equal(reading.end, ERR_BAD_DATA);
        unlink(b);
        free(file.bytes);
    }
    rename(path_of(folder->dir, list.seq[0], a), aside); /* swapped */
    rename(path_of(folder->dir, list.seq[1], b), a);
    rename(aside, b);
    reading = read_all(folder->dir);
    assert_refused(&reading, ERR_BAD_DATA, "under another name");
    journal_list_free(&list);
}

/* That the last file is gone can be seen by what was read of it once. */
static void test_missing_last_file_is_told_by_a_point(void **state)
{
    const struct folder *folder = *state;
    struct journal_point point;
    struct reading reading;
    char path[160];

    make_journal(folder->dir);
    point = read_all(folder->dir).point;
    unlink(path_of(folder->dir, last_file(folder->dir), path));
    reading = read_from(folder->dir, &point);
    assert_refused(&reading, ERR_BAD_DATA, "its end is missing");
}

/* A file of another journal of equal seqs. */
static void test_file_of_another_journal(void **state)
{
    const struct folder *folder = *state;
    char other[128], from[160], to[160];
    struct journal_segment_config config = {.segment_bytes = 1024, .reserve_bytes = 4096};
    struct journal_segment *segment;
    char why[WHY_SIZE];
    struct reading reading;

    make_journal(folder->dir);
    snprintf(other, sizeof(other), "%s/other", folder->path);
    config.dir = other;
    assert_int_equal(journal_segment_open(&config, &beginning, &segment, why, sizeof(why)), ERR_OK);
    write_groups(segment, 7, 4);
    journal_segment_close(segment);
    rename(path_of(other, last_file(other), from), path_of(folder->dir, last_file(folder->dir), to));
    reading = read_all(folder->dir);
    assert_refused(&reading, ERR_BAD_DATA, "is of another journal");
}

/* --- from a point ----------------------------------------------------------------------------------------------- */

static void test_from_each_seal_without_older_files(void **state)
{
    const struct folder *folder = *state;
    struct journal_segment *segment = open_writer(folder->dir, &beginning, 1024);
    struct journal_point points[12], wrong;
    struct reading reading;

    for (int i = 0; i < 12; i++) {
        write_groups(segment, 1, 3);
        points[i] = journal_segment_point(segment);
    }
    journal_segment_close(segment);
    for (int i = 0; i < 12; i++) {
        reading = read_from(folder->dir, &points[i]);
        assert_int_equal(reading.end, ERR_NOT_FOUND);
        assert_false(reading.altered);
        assert_int_equal(reading.sealed, 36);
        assert_int_equal(reading.counts.frames, 36 - points[i].seq);
        wrong = points[i];
        wrong.chain[5] ^= 1;
        reading = read_from(folder->dir, &wrong);
        assert_refused(&reading, ERR_BAD_DATA, "is not the journal in which");
        wrong = points[i];
        wrong.seq--;
        reading = read_from(folder->dir, &wrong);
        assert_int_equal(reading.end, ERR_BAD_DATA);
    }
    for (int i = 0; i < 12; i++) { /* with all of the older files gone */
        struct journal_list list = list_files(folder->dir);
        char path[160];

        for (size_t k = 0; k + 1 < list.count; k++)
            if (list.seq[k + 1] <= points[i].seq)
                unlink(path_of(folder->dir, list.seq[k], path));
        journal_list_free(&list);
        reading = read_from(folder->dir, &points[i]);
        assert_int_equal(reading.end, ERR_NOT_FOUND);
        assert_int_equal(reading.sealed, 36);
    }
    reading = read_all(folder->dir);
    assert_refused(&reading, ERR_BAD_DATA, "put back what was before");
}

/* --- by machine ------------------------------------------------------------------------------------------------- */

static void mutate(uint64_t *random, struct bytes *file)
{
    size_t at = (size_t)random_between(random, 0, (int64_t)file->size - 1);
    size_t to = (size_t)random_between(random, 0, (int64_t)file->size - 1);
    size_t size = (size_t)random_between(random, 1, 200);

    size = size > file->size - at ? file->size - at : size;
    size = size > file->size - to ? file->size - to : size;
    switch (random_next(random) % 6) {
    case 0: /* noise */
        for (size_t i = 0; i < size; i++)
            file->bytes[at + i] ^= (unsigned char)random_next(random);
        break;
    case 1: /* moved or doubled */
        memmove(file->bytes + at, file->bytes + to, size);
        break;
    case 2:
        memset(file->bytes + at, 0, size);
        break;
    case 3: /* cut */
        file->size = at;
        break;
    case 4: /* a piece is missing, or it begins at a frame */
        at &= random_next(random) % 2 ? ~(size_t)7 : ~(size_t)0;
        memmove(file->bytes + at, file->bytes + at + size, file->size - at - size);
        file->size -= size;
        break;
    default: /* one bit */
        file->bytes[at] ^= (unsigned char)(1U << random_next(random) % 8);
        break;
    }
}

/* 10,000 changed journals: never a crash, never a frame that was not written, and what is missing was told, or it lies
 * behind a seal at the end of the last file. */
static void test_mutated_files_never_pass(void **state)
{
    const struct folder *folder = *state;
    uint64_t last = make_journal(folder->dir), random = 7;
    struct journal_list list = list_files(folder->dir);
    unsigned told = 0, cut = 0, same = 0;

    for (int round = 0; round < 10000; round++) {
        size_t i = (size_t)random_between(&random, 0, (int64_t)list.count - 1);
        char path[160];
        struct bytes before = load(path_of(folder->dir, list.seq[i], path));
        struct bytes after = {malloc(before.size), before.size};
        struct reading reading;

        memcpy(after.bytes, before.bytes, before.size);
        mutate(&random, &after);
        store(path, after.bytes, after.size);
        reading = read_all(folder->dir);
        assert_false(reading.altered);
        if (reading.end == ERR_NOT_FOUND) {
            bool equal = after.size == before.size && memcmp(after.bytes, before.bytes, after.size) == 0;

            if (equal)
                assert_int_equal(reading.sealed, last);
            else
                assert_int_equal(i + 1, list.count);
            same += equal;
            cut += !equal;
        } else {
            assert_true(reading.end == ERR_BAD_DATA || reading.end == ERR_UNSUPPORTED);
            told++;
        }
        store(path, before.bytes, before.size);
        free(before.bytes);
        free(after.bytes);
    }
    assert_whole(folder->dir, last);
    print_message("10,000 mutated journals: %u told as damage, %u as a cut end, %u unchanged\n", told, cut,
                  same);
    assert_true(told > 8000);
    journal_list_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOURNAL_TEST(test_no_journal_is_not_found),
        JOURNAL_TEST(test_counts_and_point),
        JOURNAL_TEST(test_cut_at_every_byte_of_the_last_group),
        JOURNAL_TEST(test_half_a_step_is_not_given),
        JOURNAL_TEST(test_every_flipped_bit_is_told_after_an_orderly_end),
        JOURNAL_TEST(test_after_a_kill_only_the_last_group_can_pass_for_cut),
        JOURNAL_TEST(test_edited_frame_does_not_fit_the_seal),
        JOURNAL_TEST(test_words_name_file_offset_and_seq),
        JOURNAL_TEST(test_newer_format_is_not_read),
        JOURNAL_TEST(test_file_removed_emptied_swapped_renamed_duplicated),
        JOURNAL_TEST(test_missing_last_file_is_told_by_a_point),
        JOURNAL_TEST(test_file_of_another_journal),
        JOURNAL_TEST(test_from_each_seal_without_older_files),
        JOURNAL_TEST(test_mutated_files_never_pass),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
