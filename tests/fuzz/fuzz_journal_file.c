/*
 * fuzz_journal_file - any bytes as the only segment of a journal, as its snapshot, as its `retired`.
 *
 * The bytes behind a byte that says which: as they are, or laid over a good file (offset, then bytes), so that what is
 * behind magic and checksum is reached. What must hold: no crash, no read outside, frames in sequence, no sealed frame
 * that was never written, counts that add up, and a reader that says the same when it is asked again.
 */
#include "core/base/crc32c.h"
#include "store/journal_files.h"
#include "store/journal_reader.h"
#include "store/journal_retain.h"
#include "store/journal_state.h"
#include "store/le_bytes.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GROUPS 5

static char dir[64];
static unsigned char good[4096];
static size_t good_size;
static struct journal_state *state;

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void put_file(const char *name, const unsigned char *bytes, size_t size)
{
    char path[128];
    int fd;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    check(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
    close(fd);
}

static void remove_file(const char *name)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    unlink(path);
}

static void make_good(void)
{
    struct journal_segment_config config = {.dir = dir, .reserve_bytes = 4096};
    const struct journal_point beginning = {.seq = 0};
    unsigned char frame[FRAME_MAX], body[40] = {0};
    struct journal_segment *segment;
    char why[1400], path[128];
    int fd;

    check(journal_segment_open(&config, &beginning, &segment, why, sizeof(why)) == ERR_OK);
    for (uint64_t seq = 1; seq <= GROUPS; seq++) {
        struct frame_head head = {.seq = seq, .kind = 6, .body_size = sizeof(body)};

        check(journal_segment_write(segment, frame, frame_encode(&head, body, frame, sizeof(frame)), why,
                                    sizeof(why)) == ERR_OK);
    }
    journal_segment_close(segment);
    snprintf(path, sizeof(path), "%s/%020d.fdj", dir, 1);
    fd = open(path, O_RDONLY);
    good_size = (size_t)read(fd, good, sizeof(good));
    close(fd);
}

static void start(void)
{
    strcpy(dir,
           access("/dev/shm", W_OK) == 0 ? "/dev/shm/flowdeck-fuzz-XXXXXX" : "/tmp/flowdeck-fuzz-XXXXXX");
    state = journal_state_new();
    check(mkdtemp(dir) != NULL && state != NULL);
    make_good();
}

static enum err read_all(bool ours)
{
    const struct journal_point beginning = {.seq = 0};
    const struct journal_reader_counts *counts;
    struct journal_reader *reader;
    struct journal_frame frame;
    char why[1400] = "";
    uint64_t seq = 0, sealed = 0;
    enum err err = journal_reader_open(dir, &beginning, &reader, why, sizeof(why));

    if (err != ERR_OK) {
        check(reader == NULL && why[0] == '/' && strchr(why, '\n') == NULL);
        return err;
    }
    while ((err = journal_reader_next(reader, &frame, why, sizeof(why))) == ERR_OK) {
        check(frame.head.seq == ++seq && frame.head.kind != FRAME_KIND_SEAL);
        sealed += frame.sealed;
    }
    counts = journal_reader_counts(reader);
    check(err == ERR_NOT_FOUND || err == ERR_BAD_DATA);
    check(counts->frames == journal_reader_point(reader).seq && sealed <= counts->frames);
    check(err != ERR_NOT_FOUND || counts->frames + counts->unsealed == seq);
    check(!ours || sealed <= GROUPS);
    check(journal_reader_next(reader, &frame, why, sizeof(why)) == err || counts->unsealed > 0);
    journal_reader_close(reader);
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char bytes[sizeof(good) + 4096];
    struct journal_point point;
    unsigned char id[JOURNAL_ID_SIZE];
    char why[1400] = "";

    if (dir[0] == '\0')
        start();
    if (size < 3 || size > 4096)
        return 0;
    if (data[0] % 4 == 0) { /* laid over a good one, cut behind it if it says so */
        size_t at = (size_t)(data[1] | data[2] << 8) % good_size;

        memcpy(bytes, good, good_size);
        memcpy(bytes + at, data + 3, size - 3);
        put_file("00000000000000000001.fdj", bytes,
                 data[0] % 8 == 0 || at + size - 3 > good_size ? at + size - 3 : good_size);
        read_all(true);
    } else if (data[0] % 4 == 1) { /* a good header, then anything */
        memcpy(bytes, good, JOURNAL_HEADER_SIZE);
        memcpy(bytes + JOURNAL_HEADER_SIZE, data + 1, size - 1);
        put_file("00000000000000000001.fdj", bytes, JOURNAL_HEADER_SIZE + size - 1);
        read_all(false);
    } else if (data[0] % 4 == 2) {
        put_file("00000000000000000005.snap", data + 1, size - 1);
        check(journal_state_load(state, dir, &point, id, why, sizeof(why)) != ERR_STORAGE);
        remove_file("00000000000000000005.snap");
    } else {
        put_file("retired", data + 1, size - 1);
        check(read_all(true) != ERR_OK);
        remove_file("retired");
    }
    put_file("00000000000000000001.fdj", good, good_size);
    return 0;
}
