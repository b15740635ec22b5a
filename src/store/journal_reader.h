/*
 * journal_reader.h - walks a journal's segments: checks header, frames, sequence and chain; gives frame after frame.
 *
 * Read-only, beside a running writer too. What is wrong is told with file, offset and seq. A cut end is no damage: what
 * lies behind the last seal of the last file was never called durable. Everything else (a bit, a missing file, a frame
 * moved, a chain that does not fit) is ERR_BAD_DATA, and nothing behind it is given.
 *
 * A group is checked whole before the first frame of it is given; a step (FRAME_FLAG_MORE) whose last frame is missing
 * is never begun. What a power failure tore and what later rotted in the very last group look the same and count as cut;
 * an orderly end writes a seal behind it (journal_segment_close), and a ring that goes on later than the journal tells
 * too. A last file that is missing altogether is told by a point behind its end: pass the newest snapshot's.
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
    uint64_t files, bytes, frames, seals; /* from the point on; frames: sealed ones */
    uint64_t cut_bytes;                   /* behind the last frame given, at the end of the last file */
    uint64_t unsealed;                    /* whole frames behind the last seal: given, with sealed = false */
};

/* ERR_NOT_FOUND: there is no journal in dir. ERR_UNSUPPORTED: a newer format. ERR_STATE: from is the beginning, which was
 * retired: a snapshot is needed, or the point of journal_retain.h to verify what is there. from: seq 0 and a zero chain
 * for the beginning, or a point of a snapshot: files before it are not read. */
enum err journal_reader_open(const char *dir, const struct journal_point *from, struct journal_reader **out,
                             char *why, size_t why_size);
void journal_reader_close(struct journal_reader *reader);                    /* NULL is allowed */
const unsigned char *journal_reader_id(const struct journal_reader *reader); /* JOURNAL_ID_SIZE bytes */

/* The next frame that is no seal; valid until the next call. ERR_NOT_FOUND: the end; called again it looks for more and
 * goes on behind the last seal (a frame given unsealed comes again once it is sealed). ERR_BAD_DATA, ERR_STORAGE,
 * ERR_MEMORY: told again for ever. */
enum err journal_reader_next(struct journal_reader *reader, struct journal_frame *out, char *why,
                             size_t why_size);
struct journal_point journal_reader_point(const struct journal_reader *reader); /* after the last seal read */
const struct journal_reader_counts *journal_reader_counts(const struct journal_reader *reader);

struct journal_place {         /* of the last seal read */
    uint64_t file_seq;         /* the file's first */
    uint64_t group_at, end_at; /* offsets: where its group begins, where the seal ends */
};

struct journal_place journal_reader_place(const struct journal_reader *reader);

#endif
