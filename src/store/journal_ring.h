/*
 * journal_ring.h - the engine's end of the journal: frames in a locked file in /dev/shm, which outlives the process.
 *
 * One writer (the engine), one reader (the store thread); after a crash the next start is the reader. The file has its
 * full size from the start (posix_fallocate: no SIGBUS later) and is locked in memory where that is allowed. A step never
 * wraps: what is left at the end is skipped. What was published is there after kill -9; what was not, never was.
 * An append costs a copy and a checksum: no system call, no lock, no allocation.
 */
#ifndef STORE_JOURNAL_RING_H
#define STORE_JOURNAL_RING_H

#include "store/journal_frame.h"

#define JOURNAL_RING_BYTES     (16U << 20)
#define JOURNAL_RING_DIR       "/dev/shm"
#define JOURNAL_RING_BYTES_MIN 4096
#define JOURNAL_RING_BYTES_MAX (1U << 30)

struct journal_ring;

/*
 * path: "/dev/shm/flowdeck-UID-HASH" (journal_ring_path()), made 0600 if it is not there; refused when it is not a plain
 * file of ours with one name. bytes: room for frames, a power of two from JOURNAL_RING_BYTES_MIN to _MAX. A ring of an
 * earlier run is opened as it is, in the size that it has, every frame in it is checked, and they are read first. journal_id: 16
 * bytes of the account's journal, kept in the ring: one of another journal (an old data directory of that name) is
 * refused as left over and may be cleared by the caller who knows better. path NULL: memory of no name, which goes with
 * the process. ERR_STORAGE, ERR_MEMORY, ERR_BAD_DATA (damaged
 * header, another journal's) with one line in why.
 */
enum err journal_ring_open(const char *path, const unsigned char journal_id[16], size_t bytes,
                           struct journal_ring **out, char *why, size_t why_size);
/* unlinked: an orderly end has copied everything; else the file stays. NULL is allowed. */
void journal_ring_close(struct journal_ring *ring, bool unlink_file);
/* The path for a data directory and an account: equal inputs, equal path; by uid and a hash of the real path. ring_dir: a
 * folder in memory, JOURNAL_RING_DIR. */
enum err journal_ring_path(const char *ring_dir, const char *data_dir, const char *account, char *out,
                           size_t out_size);
bool journal_ring_locked_in_memory(const struct journal_ring *ring);

/* --- the engine --------------------------------------------------------------------------------------------- */

/* The seq of the next frame; before the first append. */
void journal_ring_start(struct journal_ring *ring, uint64_t next_seq);
/*
 * more: the next append belongs to the same step; nothing of it is visible before the last one. False: no room (nothing
 * of the step is kept), or a step is longer than half the ring; then the rest of the step is refused, too, up to the
 * append without more.
 */
bool journal_ring_append(struct journal_ring *ring, const struct store_record *record, bool more);
uint64_t journal_ring_seq(const struct journal_ring *ring); /* of the newest published frame; 0: none yet */

/* --- the store thread, or the next start ----------------------------------------------------------------------- */

/* Whole steps that were published and not freed, in one piece (call again for the rest behind a wrap); size 0: none.
 * Valid until journal_ring_free_to(). Every frame is checked by the caller with frame_decode(). */
const unsigned char *journal_ring_peek(struct journal_ring *ring, size_t *size);
void journal_ring_free_to(struct journal_ring *ring, size_t size); /* so much of what was peeked is on disk */
size_t journal_ring_used(const struct journal_ring *ring);         /* bytes; any thread, a moment's value */
size_t journal_ring_capacity(const struct journal_ring *ring);

#endif
