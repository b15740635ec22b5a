/*
 * disk.h - a disk that forgets, fails and is full: store/journal_io.h's calls over files in memory (tmpfs).
 *
 * What the program reads is in real files, in a folder of /dev/shm: the journal's guards (modes, links, locks, the list of
 * a folder) run as they are. What a power failure leaves is kept beside them: the bytes of each file at its last sync, the
 * names at the last sync of the folder, and what was done since. Nothing of it is drawn from a clock or a real disk: the
 * same calls and the same seed give the same files.
 *
 *   killed      what was written is there, however it was not synced; the call in which it died may have been done in part
 *   power fails of each write since the last sync the first part, or any of its sectors; of names the first changes
 *   a failed sync   loses what it should have written for good, but for any part of it; later ones do not write it either
 */
#ifndef DST_DISK_H
#define DST_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum disk_fault {
    DISK_FULL,     /* ENOSPC from here on, until somebody makes room */
    DISK_WRITE,    /* EIO of a write, after any part of it */
    DISK_SYNC,     /* EIO, ENOSPC of a sync */
    DISK_NAME,     /* EIO of making, naming, removing, cutting a file */
    DISK_READ,     /* EIO of a read */
    DISK_ROT,      /* a bit of what was synced long ago is another */
    DISK_POWER,    /* the power fails */
    DISK_DIES,     /* the process ends within a call of the disk */
    DISK_IN_ORDER, /* it ends in order */
    DISK_FAULTS
};

extern const char *const disk_fault_word[DISK_FAULTS];

struct disk;

/* One at a time. dir is made and empty; its files are the disk's, but for those in folders below. */
struct disk *disk_open(const char *dir, uint64_t *random);
void disk_close(struct disk *disk); /* the system's calls again; NULL is allowed */

/* Of 100,000 calls that may fail so. NULL: none from now on. */
void disk_faults(struct disk *disk, const int32_t per_100k[DISK_FAULTS], uint64_t told[DISK_FAULTS]);
bool disk_draws(struct disk *disk, enum disk_fault fault); /* counted; also of what happens around it */
/* The process dies in the call that is the nth from now of those that change something; 0: in none. */
void disk_dies_in(struct disk *disk, int64_t calls);
void disk_die(struct disk *disk); /* nothing is done any more, whatever is called */
bool disk_is_dead(const struct disk *disk);
/* The machine is there again: as the kill left it, or the power failure. All files must be closed. */
void disk_revive(struct disk *disk, bool power);
void disk_make_room(struct disk *disk);
/* A write or a sync was answered with an error since the machine is there. */
bool disk_has_failed(const struct disk *disk);
/* A bit of a file that was durable before the last sync of that file. False: there is none. And right again. */
bool disk_rot(struct disk *disk);
void disk_unrot(struct disk *disk);

#endif
