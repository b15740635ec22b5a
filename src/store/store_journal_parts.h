/* store_journal_parts.h - the inside of an account's journal: for store_journal.c and store_journal_start.c alone. */
#ifndef STORE_STORE_JOURNAL_PARTS_H
#define STORE_STORE_JOURNAL_PARTS_H

#include "store/journal_ring.h"
#include "store/journal_state.h"
#include "store/store_journal.h"

struct store_journal {
    char dir[STORE_JOURNAL_PATH_MAX]; /* "": in memory alone */
    unsigned char id[JOURNAL_ID_SIZE];
    struct journal_ring *ring;
    /* the engine's thread: the newest record waits until it is known whether its step goes on */
    bool pending, refused;
    struct store_record newest;
    /* the store thread's */
    struct journal_segment *segment;
    struct journal_state *state;
    int64_t durable_ns, retain_ns;
    uint64_t snapshot_seq, snapshot_frames;
};

/*
 * store_journal_start.c: what is there, read into *left and the state. To go on with it: ring and segment stand where it
 * ended. Only to look: neither is made, but what the ring of a killed run held is put on disk all the same.
 */
enum err store_journal_start(struct store_journal *journal, const struct store_journal_config *config,
                             bool only_look, struct recovered *left, char *why, size_t why_size);

#endif
