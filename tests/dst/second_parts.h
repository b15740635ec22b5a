/* second_parts.h - what the files of the second instance share; see second.h. */
#ifndef DST_SECOND_PARTS_H
#define DST_SECOND_PARTS_H

#include "app/lease_gate.h"
#include "app/standby_judge.h"
#include "dst/deposed.h"
#include "dst/dst.h"

#define SECOND_TURN_NS  (50 * DST_MS) /* of a standby */
#define SECOND_TERM_NS  (2 * DST_SECOND)
#define SECOND_LEADS_NS (SECOND_TERM_NS + 2 * DST_SECOND) /* V4: the term and two seconds */
#define NOBODY          (-1)
#define TAKEN_NOTE      64

enum being { DEAD, WAITS, STARTS, LEADS, SEEMS_DEAD };

struct process {
    enum being is;
    struct instance_holder self;
    struct standby_config config;
    struct standby_judge judge;
    int64_t at_ns; /* DEAD: starts again; STARTS: leads then */
    int64_t since_ns, stopped_until_ns;
};

struct second {
    uint64_t random;
    int32_t per_100k[SECOND_FAULTS];
    struct standby_config config;
    struct process process[2];
    int leader; /* whose engine is the world's, dead or alive */
    int64_t next_ns, heartbeat_ns, look_ns;
    bool stop_is_hang, excused; /* excused: nobody had to lead in time */
    /* the lock */
    int holder;
    int64_t free_ns; /* held by a dead man until then */
    uint64_t file, leaders_file;
    struct instance_holder text;
    struct lease_sight sight;
    bool loss_told;
    /* the journal, as the one that waits reads it */
    struct standby_follow *follow;
    struct standby_followed followed;
    uint64_t pids, taken_epoch;
    int64_t takeover_ns[TAKEN_NOTE];
    size_t takeovers;
    int64_t cut_until_ns, ends_ns, stop_seen_ns;
    struct deposed *deposed;
};

static inline int64_t second_draw(struct second *second, int64_t min, int64_t max)
{
    return random_between(&second->random, min, max);
}

static inline bool second_leader_is(const struct second *second, enum being being)
{
    return second->process[second->leader].is == being;
}

/* second.c */
bool second_happens(struct world *world, enum second_fault fault);
void second_is_born(struct world *world, int i, enum being being);
void second_dies(struct world *world, int i);
void second_lets_go(struct world *world, int i); /* of the lock */

/* second_turn.c: one that waits, starts, leads */
void second_take_lock(struct world *world, int i);
void second_watch_lease(struct second *second, const struct world *world);
void second_lead(struct world *world, int i);
void second_turn_process(struct world *world, int i);
void second_check_time(struct world *world);
void second_start_plain(struct world *world);

#endif
