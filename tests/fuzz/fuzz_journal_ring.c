/*
 * fuzz_journal_ring - a ring that an earlier run left, with bytes changed: {place, value} pairs over a whole one, the
 * places in the header and the frames alike; or cut or grown.
 *
 * What must hold: no crash; it is refused in one line, or every frame in it is whole and in sequence and the ring goes on.
 */
#include "store/journal_ring.h"

#include "core/base/crc32c.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADER 4096
#define CHANGE 3

static const unsigned char id[16] = "journal-of-fuzz";
static char path[64];
static unsigned char whole[HEADER + JOURNAL_RING_BYTES_MIN];

static void check(bool holds)
{
    if (!holds)
        abort();
}

static struct journal_ring *open_ring(void)
{
    struct journal_ring *ring = NULL;
    char why[512] = "";
    enum err err = journal_ring_open(path, id, JOURNAL_RING_BYTES_MIN, &ring, why, sizeof(why));

    check((err == ERR_OK) == (ring != NULL));
    if (err != ERR_OK)
        check((err == ERR_BAD_DATA || err == ERR_STORAGE) && why[0] != '\0' && strchr(why, '\n') == NULL);
    return ring;
}

static void append(struct journal_ring *ring, uint64_t seq)
{
    struct store_record record = {.kind = STORE_AUDIT, .ts_ns = (int64_t)seq};

    memset(record.audit.text, 'x', (size_t)(seq * 37 % STORE_AUDIT_TEXT));
    journal_ring_append(ring, &record, seq % 3 != 0);
}

static uint64_t drain(struct journal_ring *ring)
{
    uint64_t seq = 0;

    while (journal_ring_used(ring) > 0) {
        const unsigned char *body;
        struct frame_head head;
        size_t size;
        const unsigned char *at = journal_ring_peek(ring, &size);

        check(size > 0 && frame_decode(at, size, &head, &body) == ERR_OK);
        check(seq == 0 || head.seq == seq + 1);
        seq = head.seq;
        journal_ring_free_to(ring, head.size);
    }
    check(seq == journal_ring_seq(ring));
    return seq;
}

/* A ring whose frames lie around the lap's end. */
static void make_whole(void)
{
    struct journal_ring *ring;
    int fd;

    snprintf(path, sizeof(path), "/dev/shm/flowdeck-fuzz-%ld", (long)getpid());
    unlink(path);
    ring = open_ring();
    check(ring != NULL);
    journal_ring_start(ring, 1);
    for (uint64_t seq = 1; seq <= 15; seq++)
        append(ring, seq);
    drain(ring);
    for (uint64_t seq = 16; seq <= 30; seq++)
        append(ring, seq);
    journal_ring_close(ring, false);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    check(fd >= 0 && read(fd, whole, sizeof(whole)) == (ssize_t)sizeof(whole));
    close(fd);
    unlink(path);
}

/* Frames with a right checksum behind the change, so that more than the checksum is tried. */
static void mend(unsigned char *bytes, size_t at)
{
    uint32_t size, crc;

    if (at % 8 != 0 || at < HEADER || at + FRAME_HEADER_SIZE > sizeof(whole))
        return;
    memcpy(&size, bytes + at, sizeof(size));
    if (size < FRAME_HEADER_SIZE || size > sizeof(whole) - at)
        return;
    crc = crc32c_update(0, bytes + at + 8, size - 8);
    memcpy(bytes + at + 4, &crc, sizeof(crc));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char bytes[sizeof(whole)];
    size_t file_size = sizeof(bytes);
    struct journal_ring *ring;
    int fd;

    if (path[0] == '\0')
        make_whole();
    memcpy(bytes, whole, sizeof(bytes));
    for (; size >= CHANGE; data += CHANGE, size -= CHANGE) {
        size_t at = (size_t)(data[0] | data[1] << 8);

        if (at < sizeof(bytes))
            bytes[at] ^= data[2];
        else if (at < 3 * sizeof(bytes))
            mend(bytes, at % sizeof(bytes));
        else
            file_size = at % sizeof(bytes);
    }
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    check(fd >= 0 && write(fd, bytes, file_size) == (ssize_t)file_size);
    close(fd);
    ring = open_ring();
    if (ring != NULL) {
        uint64_t seq = drain(ring);

        check(journal_ring_used(ring) == 0);
        journal_ring_start(ring, seq < UINT64_MAX - 9 ? seq + 1 : 1);
        for (uint64_t i = 1; i <= 3; i++)
            append(ring, i);
        check(journal_ring_used(ring) > 0);
        drain(ring);
        journal_ring_close(ring, true);
    }
    unlink(path);
    return 0;
}
