/*
 * journal_retain.h - old segments go, once no start can need them.
 *
 * A segment goes when all of it lies before the oldest snapshot that is kept, when JOURNAL_SNAPSHOTS_KEPT of those are
 * whole (one of them may break), and when it ended longer ago than the given age. Before the first file goes, the point
 * up to which files may be missing is written to `retired` and synced: from there the chain can be verified for ever.
 *
 * Age goes by the event times in the files' headers, and those by a wall clock that may once have been wrong: a file that
 * is dated later than one behind it is as old as that one, and no step of time from one file to the next counts for more
 * than half of the age. So a clock that leaps ahead by decades makes nothing old that is younger than half of it, and one
 * that was ahead for a while keeps nothing for decades.
 */
#ifndef STORE_JOURNAL_RETAIN_H
#define STORE_JOURNAL_RETAIN_H

#include "core/base/err.h"
#include "store/journal_segment.h"

struct journal_retained {
    uint64_t files, bytes; /* removed now */
    uint64_t first_seq, last_seq;
};

/* On the thread that writes the journal and its snapshots. now_ns: of its newest record. ERR_OK also when nothing is to
 * go: why then says what keeps the oldest file. ERR_STORAGE, ERR_BAD_DATA, ERR_MEMORY with one line in why; what was
 * removed until then is told. */
enum err journal_retain(const char *dir, int64_t now_ns, int64_t age_ns, struct journal_retained *out,
                        char *why, size_t why_size);
/* The point before which files may be gone, for a reader that verifies the rest. ERR_NOT_FOUND: nothing was retired.
 * ERR_BAD_DATA, ERR_UNSUPPORTED, ERR_STORAGE with one line in why. */
enum err journal_retired(const char *dir, struct journal_point *point, char *why, size_t why_size);

#endif
