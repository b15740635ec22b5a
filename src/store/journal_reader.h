/*
 * journal_reader.h - walks a journal's segments: checks header, frames, sequence and chain; gives frame after frame.
 *
 * Read-only, beside a running writer too. What is wrong is told with file, offset and seq. A cut end is no damage: what
 * lies behind the last seal of the last file was never called durable. Everything else (a bit, a missing file, a frame
 * moved, a chain that does not fit) is ERR_BAD_DATA, and nothing behind it is given.
 */
#ifndef STORE_JOURNAL_READER_H
#define STORE_JOURNAL_READER_H

#include "core/base/err.h"
#include "store/journal_segment.h"

struct journal_reader;

struct journal_frame {
    struct frame_head head;
    const unsigned char *body;
    const unsigned char *bytes; /* the whole frame */
    bool sealed;                /* a seal behind it was read */
};

struct journal_reader_counts {
    uint64_t files, bytes, frames, seals;
    uint64_t cut_bytes; /* behind the last whole frame of the last file */
    uint64_t unsealed;  /* whole frames behind the last seal: given, with sealed = false */
};

/* ERR_NOT_FOUND: there is no journal in dir. ERR_UNSUPPORTED: a newer format. from: seq 0 and a zero chain for the
 * beginning, or a point of a snapshot: files before it are not read. */
enum err journal_reader_open(const char *dir, const struct journal_point *from, struct journal_reader **out,
                             char *why, size_t why_size);
void journal_reader_close(struct journal_reader *reader);                    /* NULL is allowed */
const unsigned char *journal_reader_id(const struct journal_reader *reader); /* JOURNAL_ID_SIZE bytes */

/* The next frame that is no seal; valid until the next call. ERR_NOT_FOUND: the end. ERR_BAD_DATA, ERR_STORAGE. */
enum err journal_reader_next(struct journal_reader *reader, struct journal_frame *out, char *why,
                             size_t why_size);
struct journal_point journal_reader_point(const struct journal_reader *reader); /* after the last seal read */
const struct journal_reader_counts *journal_reader_counts(const struct journal_reader *reader);

#endif
