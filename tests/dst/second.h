/*
 * second.h - a second instance: two processes of one machine, one lock, one journal, one venue.
 *
 * One leads and has the engine of this world; the other waits as a standby and decides by the program's own code
 * (app/standby_judge.h, standby_follow.h, lease_gate.h, store/epoch_floor.h). What the operating system does is here: who
 * lives, who holds the lock, whose signal arrives. Leaders die, stop, hang, lose their lock's file, are cut off from the
 * venue; standbys die and stop as well, both at once, and in the middle of a takeover. Where the end of a stopped leader
 * does not reach it (a restored snapshot of a machine), it goes on later beside the new one, and what is left is its lease.
 */
#ifndef DST_SECOND_H
#define DST_SECOND_H

#include "feed/decoder.h"

#include <stdbool.h>
#include <stdint.h>

struct world;
struct second;

enum second_fault {
    SECOND_BOTH,     /* the end of the leader is that of the standby, too */
    SECOND_KILLED,   /* the standby */
    SECOND_STOPPED,  /* the standby */
    SECOND_MIDWAY,   /* dies in the middle of its takeover */
    SECOND_LOCK,     /* the lock's file is deleted, or the folder exchanged for a copy */
    SECOND_UNFENCED, /* the end of a stopped leader does not reach it */
    SECOND_SILENT,   /* the leader is stopped, or hangs */
    SECOND_CUT,      /* the leader is cut off from the venue */
    SECOND_ENDED,    /* the operator ends the leader */
    SECOND_FAULTS
};

extern const char *const second_fault_word[SECOND_FAULTS];

struct second_totals {
    uint64_t worlds, takeovers, silent, deposed, old_cancels, held, exercised, resumed;
    int64_t longest_ns; /* from the last sign of the leader to the next one */
    uint64_t fault[SECOND_FAULTS];
};

void second_open(struct world *world);  /* some worlds have none */
void second_begin(struct world *world); /* the first leader leads */
void second_close(struct world *world);

int64_t second_next_ns(const struct world *world); /* INT64_MAX: none */
void second_turn(struct world *world);
/* The leader's process is gone. False: there is no second one, it starts anew. */
bool second_death(struct world *world);
/* The pipeline of the one before lives on: it is not to be freed. */
bool second_keeps_old(const struct world *world);
/* Of the leader, as each turn of its host begins. False: there is no second one. */
bool second_beat(struct world *world);
/* An event that the leader has taken; from here on it is this one's. */
void second_take_feed(struct world *world, struct feed_event *event);
void second_unfollow(struct world *world); /* the journal's files are to be closed */

bool second_is_cut(const struct world *world); /* nothing comes and goes between leader and venue */
/* What was signed with an old epoch finds nobody who hears the answer. */
bool second_is_old(const struct world *world, uint64_t epoch);
/* An order, or new terms, of this epoch is taken by the venue. */
void second_taken(struct world *world, uint64_t epoch);

/* With faults off: the leader is stopped or killed, the other one leads in time and trades by the same policy. */
void second_exercise(struct world *world);
void second_calm(struct world *world); /* somebody leads from now on */

#endif
