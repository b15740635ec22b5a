/*
 * replay.h - recordings as a feed: several files in order as one, plain or gzip.
 *
 * A line is "<receive time> <json>": 19 digits are nanoseconds, 16 are microseconds. Time never goes back:
 * an earlier line gets the time of the one before it (counted). A line that cannot be used is FEED_BAD with
 * file and line number and does not end the replay; a damaged gzip ends its file after what was
 * readable, as a FEED_BAD. Empty lines are counted as lines and are nothing else; a carriage return before
 * the newline is dropped; the last line needs no newline.
 */
#ifndef FEED_REPLAY_H
#define FEED_REPLAY_H

#include "core/base/err.h"
#include "feed/decoder.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct replay;

struct replay_progress {
    uint64_t lines;           /* read so far, all files */
    uint64_t out_of_order;    /* lines whose time went back */
    int64_t first_ns, now_ns; /* of lines read; 0 before the first */
};

/* Opens every file to see that it is readable; on error why holds one line with the file's name. */
enum err replay_open(const char *const *paths, size_t path_count, const struct decoder_config *config,
                     struct replay **out, char *why, size_t why_size);
void replay_close(struct replay *replay);
/* The next event; false at the end of the last file. Reading blocks on disk only. */
bool replay_next(struct replay *replay, struct feed_event *out);
/* Event time of what replay_next() would give, without consuming it; 0 at the end. For pacing. */
int64_t replay_peek_ns(struct replay *replay);
const struct replay_progress *replay_progress(const struct replay *replay);
/* The decoder's, with the lines refused before it saw them added to `bad`. */
const struct decoder_counts *replay_counts(const struct replay *replay);
/*
 * Times of the first and of the latest line, by reading all files once (about a second for an hour); any thread, for
 * lines tell nothing before they are read. False: no line has a time, or *stop (may be NULL) was set.
 */
struct replay_span {
    int64_t first_ns, last_ns;
};
bool replay_scan(const char *const *paths, size_t path_count, const atomic_bool *stop,
                 struct replay_span *out);
/* Time of the first line that has one, by reading up to there; 0: none has. */
int64_t replay_first_ns(const char *const *paths, size_t path_count);

#endif
