/*
 * standby_judge.h - what a standby does next, by what it sees: waits, ends a silent leader, leads. No clock, file or process
 * of its own: standby.c gives it those of the machine, the simulation gives it others (docs/simulation.md).
 */
#ifndef APP_STANDBY_JUDGE_H
#define APP_STANDBY_JUDGE_H

#include "app/instance_lock.h"
#include "app/standby_follow.h"
#include "app/standby_tell.h"

#include <stdatomic.h>

#define STANDBY_DEADMAN_MS 1000
#define STANDBY_START_MS   60000
#define STANDBY_WINDOW_MS  600000
#define STANDBY_END_MS     10000 /* for a killed leader and its dead man; then an alert */

struct standby_config {
    const char *data_dir, *account;
    struct instance_holder *self; /* its takeovers are written */
    int64_t term_ms, cooldown_ms, takeovers_max;
    const atomic_bool *stop; /* set by a signal */
};

struct standby_eyes {
    void *arg;
    /* As instance_holder_lives(). */
    bool (*lives)(void *arg, const struct instance_holder *holder, struct proc_look *look, bool *gone,
                  char *why, size_t why_size);
    /* Of the leader; another one than before is looked for anew. False: it cannot be seen. *beat 0: none yet. */
    bool (*heartbeat)(void *arg, const struct instance_holder *leader, int64_t *beat);
};

enum standby_act {
    STANDBY_WAITS,
    STANDBY_ENDS_LEADER, /* by SIGKILL, once it is sure; then standby_judge_killed() */
    STANDBY_LEADS,       /* self's takeovers are what is to be written into the lock */
    STANDBY_DIFFERS      /* the first leader seen has other settings or another program; alert says it */
};

struct standby_seen { /* of this turn */
    int64_t now_ns, boot_ns;
    bool lock_is_ours;
    struct instance_holder found; /* whom the lock names; pid 0: nobody that can be read */
    const struct standby_followed *read;
};

struct standby_judge {
    const struct standby_config *config;
    struct standby_eyes eyes;
    bool remote;                   /* the lock is on another machine's disk */
    struct instance_holder leader; /* pid 0: nobody has been seen yet */
    bool followed;                 /* somebody */
    bool visible;                  /* its heartbeat is */
    bool left;                     /* it is gone and its lock is held still, for long */
    int64_t beat, changed_ns, turn_ns;
    int64_t killed_ns; /* 0: not by us */
    int64_t free_ns;   /* the lock is free beside a leader that lives, since then; 0: it is not */
    char line[STANDBY_LINE_MAX], alert[STANDBY_ALERT_MAX];
};

void standby_judge_start(struct standby_judge *judge, const struct standby_config *config,
                         const struct standby_eyes *eyes, bool remote, int64_t now_ns);
enum standby_act standby_judge_turn(struct standby_judge *judge, const struct standby_seen *seen);
/* It has not shown itself since the last change that was seen. */
int64_t standby_judge_silence_ns(struct standby_judge *judge, int64_t now_ns);
void standby_judge_killed(struct standby_judge *judge, int64_t now_ns);

/* Takeovers that stand against another one now; false: none. why says it. Times since the boot. */
bool standby_must_hold(const struct instance_holder *before, const struct instance_holder *self,
                       const struct standby_config *config, int64_t now_ns, char *why, size_t why_size);
/* Another configuration or program; "" in why: the same. */
bool standby_differs(const struct instance_holder *leader, const struct instance_holder *self, char *why,
                     size_t why_size);

#endif
