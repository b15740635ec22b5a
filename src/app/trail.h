/*
 * trail.h - the journal for screen 7: a thread of the screen's own process that reads it and answers what is asked.
 *
 * It reads the journal's segments behind their last seal, as `flowdeck journal` does, beside the engine that writes them:
 * no thread of the engine has a part in it, and an attached screen reads the same files. What is kept is bounded
 * (TRAIL_ROWS_MAX rows), and so is how far back it goes at once (TRAIL_BYTES_MAX); with a filter only what that wants is
 * kept, so that older rows are found. A replay has no journal: its records come over a ring from the engine's thread,
 * which never waits for a reader.
 */
#ifndef APP_TRAIL_H
#define APP_TRAIL_H

#include "store/record.h"
#include "view/trail.h"

#define TRAIL_BYTES_MAX  (256U << 20) /* of segments that are read at once, from the newest back */
#define TRAIL_TAP_MAX    1024         /* records on their way from a replay */
#define TRAIL_LOOK_MS    100          /* between two looks for more */
#define TRAIL_RECORDS_AT 4096         /* between two looks at what is asked */

struct trail;
struct trail_tap;

/* --- of a replay: the engine's end ------------------------------------------------------------------------------- */

struct trail_tap *trail_tap_new(void); /* NULL: memory */
void trail_tap_free(struct trail_tap *tap);
void trail_tap_push(struct trail_tap *tap,
                    const struct store_record *record); /* counted when it does not fit */

/* --- the screen's end -------------------------------------------------------------------------------------------- */

/* journal_dir: copied; tap: borrowed, then journal_dir is not looked at. NULL: no memory or no thread. */
struct trail *trail_start(const char *journal_dir, struct trail_tap *tap);
void trail_stop(struct trail *trail); /* NULL is allowed */

/* One thread, the screen's; none of these waits. */
void trail_ask(struct trail *trail, const struct view_trail_request *request);
/* The newest page if one came since the last call, borrowed until the next; else NULL. */
const struct view_trail *trail_poll(struct trail *trail);

#endif
