#include "store/journal_tail.h"

#include "store/journal_files.h"
#include "store/journal_frame.h"
#include "store/journal_io.h"
#include "store/le_bytes.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK (256U << 10)

struct scan {
    const struct journal_tail *tail;
    bool group_sealed; /* the seal of the torn group was found */
};

/* A whole frame behind the bad one: is it of a later group? */
static bool is_later(struct scan *scan, const struct frame_head *head, const unsigned char *body)
{
    if (scan->group_sealed)
        return true;
    if (head->kind != FRAME_KIND_SEAL)
        return head->seq <= scan->tail->seq; /* the bad frame was the seal: its group was whole */
    if (head->body_size != JOURNAL_SEAL_BODY || get_u64(body) != scan->tail->group_seq)
        return true;
    scan->group_sealed = true;
    return false;
}

/* Frames begin at multiples of 8. Behind a whole one the next begins at its end; else anything is tried. */
static size_t scan_bytes(struct scan *scan, const unsigned char *bytes, size_t size, bool last,
                         bool *followed)
{
    const unsigned char *body;
    struct frame_head head;
    size_t at = 0;

    while (at + FRAME_HEADER_SIZE <= size && (last || at + FRAME_MAX <= size)) {
        if (frame_decode(bytes + at, size - at, &head, &body) != ERR_OK) {
            at += 8;
            continue;
        }
        *followed = is_later(scan, &head, body);
        if (*followed)
            break;
        at += head.size;
    }
    return at;
}

enum err journal_tail_is_followed(const struct journal_tail *tail, bool *followed)
{
    struct scan scan = {.tail = tail};
    unsigned char *bytes = malloc(CHUNK);
    uint64_t from = tail->from + 8;
    enum err err = bytes == NULL ? ERR_MEMORY : ERR_OK;

    *followed = false;
    while (err == ERR_OK && !*followed && from < tail->to) {
        size_t want = tail->to - from < CHUNK ? (size_t)(tail->to - from) : CHUNK;
        ssize_t got = journal_io_read(tail->fd, bytes, want, from);
        bool last = got < (ssize_t)want || from + want >= tail->to;

        if (got < 0)
            err = ERR_STORAGE;
        else
            from += scan_bytes(&scan, bytes, (size_t)got, last, followed);
        if (last)
            break;
    }
    free(bytes);
    return err;
}
