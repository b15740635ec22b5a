/*
 * kill_keeper.h - keeps the file KILLED in step with the engine: written on a kill, removed by a clear. See kill_latch.h.
 *
 * The engine only says what should be; the store thread (without a store a thread of the keeper's own) writes and syncs
 * it, trying again each second until it is done; on a full disk into the journal's reserve, at once. Until then, and if
 * it cannot be done, trading stays killed and the screen says so. A file of the name KILL that somebody puts into the data directory kills, before a start too: it is
 * looked for ten times a second on the same thread, and goes once the latch stands for it.
 */
#ifndef APP_KILL_KEEPER_H
#define APP_KILL_KEEPER_H

#include "app/kill_latch.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

#define KILL_FILE "KILL"

/* For whom the engine of that folder does not answer: it finds the file by itself. path: of the file. False: it cannot be. */
bool kill_file_leave(const char *data_dir, char *path, size_t path_size);

struct kill_keeper;

enum kill_kept { KILL_KEPT, KILL_KEEPING, KILL_NOT_KEPT }; /* as wanted; on its way; failed, tried again */

/* data_dir "" or NULL: nothing is kept (a replay). store NULL: a thread of its own. NULL: memory or no thread. */
struct kill_keeper *kill_keeper_new(const char *data_dir, struct store *store);
/* Waits a second at most for what is on its way. Before the store is closed. NULL is allowed. */
void kill_keeper_free(struct kill_keeper *keeper);
/* As it was found at the start. True: killed by an earlier run. */
bool kill_keeper_found(const struct kill_keeper *keeper, struct kill_latch *out);

/* Engine thread; none of these waits. */
void kill_keeper_set(struct kill_keeper *keeper, const struct kill_latch *latch);
void kill_keeper_clear(struct kill_keeper *keeper);
/* Each turn of the engine's loop; true for a KILL file, as often as it is found (one that cannot be removed). */
bool kill_keeper_turn(struct kill_keeper *keeper);
/* why: one line when it is not kept. */
enum kill_kept kill_keeper_state(const struct kill_keeper *keeper, char *why, size_t why_size);

#endif
