/*
 * journal_segment.h - the journal on disk: segment files of sealed groups. Writing end.
 *
 * DATA/journal/ACCOUNT/<first seq, 20 digits>.fdj: a header of 128 bytes (magic "FDJOURN\n", format version, first seq,
 * time, journal id, the chain before the first frame, CRC-32C), then frames. A group of frames ends with a SEAL frame:
 * body = first seq, last seq, SHA-256 of (chain before, the group's bytes). Its hash is the chain from then on.
 * The order on disk is: group and seal by pwrite, fdatasync, then only may anybody call it durable. After an error
 * nothing is written with this writer any more (a sync that failed once tells nothing the second time).
 */
#ifndef STORE_JOURNAL_SEGMENT_H
#define STORE_JOURNAL_SEGMENT_H

#include "core/base/err.h"
#include "store/journal_frame.h"

#include <stdbool.h>
#include <stdint.h>

#define JOURNAL_FORMAT        1
#define JOURNAL_SEGMENT_BYTES (64U << 20)
#define JOURNAL_GROUP_MAX     (32U << 20) /* a group and its seal: readers hold one in memory */
#define JOURNAL_CHAIN_SIZE    32
#define JOURNAL_ID_SIZE       16
#define JOURNAL_RESERVE_BYTES                                                                                \
    (16U << 20) /* the file `reserve`: its room is for the last events of a full disk */

struct journal_point { /* a place in the journal after a seal */
    uint64_t seq;      /* of the last frame before it; 0: the beginning */
    unsigned char chain[JOURNAL_CHAIN_SIZE];
};

struct journal_segment;

struct journal_segment_config {
    const char *dir; /* made if missing (0700) */
    unsigned char journal_id[JOURNAL_ID_SIZE];
    uint64_t segment_bytes; /* 0: JOURNAL_SEGMENT_BYTES */
    uint64_t reserve_bytes; /* 0: JOURNAL_RESERVE_BYTES */
};

/*
 * Goes on after `from`, as journal_reader.h found it: what lies behind it in the last file was never durable and is cut
 * off (sealed groups behind it are not: that is refused). What the last seal covers is written anew and synced: after a
 * sync that failed the kernel shows pages that are on no disk. A second writer is refused. ERR_STORAGE, ERR_MEMORY with
 * one line in why.
 */
enum err journal_segment_open(const struct journal_segment_config *config, const struct journal_point *from,
                              struct journal_segment **out, char *why, size_t why_size);
/*
 * Frames as the ring gave them, whole and checked, seqs going on without a gap, the last one ending a step (a step that
 * the ring gives in two pieces is put together by the caller); then a seal, then the sync. On return they are durable.
 * A full disk: the reserve file is freed once and the write is tried again; then ERR_STORAGE all the same is the answer
 * (after the group was written): trading must halt, and later groups are written too, with the same answer, while there
 * is room. What is durable is told by journal_segment_point() in each case. ERR_BAD_DATA: such frames cannot be written,
 * and nothing was.
 */
enum err journal_segment_write(struct journal_segment *segment, const unsigned char *frames, size_t size,
                               char *why, size_t why_size);
/* For somebody else's last words on a full disk: the next group is answered as above. False: it is gone already. */
bool journal_segment_free_reserve(struct journal_segment *segment);
struct journal_point journal_segment_point(const struct journal_segment *segment);
/* An orderly end: behind what was written a seal of no frames, by which damage in the group before it is told from a
 * crash. NULL is allowed; after an error nothing is written. */
void journal_segment_close(struct journal_segment *segment);

#endif
