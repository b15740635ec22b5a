/*
 * epoch_floor.h - the largest epoch that anybody has begun with in a data directory, in its file `epoch`.
 *
 * It is only ever raised, and synced before the first order of that epoch. The journal knows its own epochs; this knows
 * those of a journal that a backup has replaced or somebody has moved away, whose orders the venue knows still.
 */
#ifndef STORE_EPOCH_FLOOR_H
#define STORE_EPOCH_FLOOR_H

#include "core/base/err.h"

#include <stddef.h>
#include <stdint.h>

#define EPOCH_FLOOR_FILE "epoch"

/* Of the next run, by the last one in the journal (0: none). */
uint64_t epoch_floor_next(uint64_t journal_epoch, uint64_t floor);
/* *out is 0 where there is no such file. ERR_BAD_DATA: it says no number; ERR_STORAGE. */
enum err epoch_floor_read(const char *data_dir, uint64_t *out, char *why, size_t why_size);
/* On disk when it returns. A number that is not above the one there changes nothing. */
enum err epoch_floor_raise(const char *data_dir, uint64_t epoch, char *why, size_t why_size);

#endif
