#include "app/standby_judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)
#define UNSEEN_NS INT64_C(3000000000) /* it shows its page soon after the lock */
#define GAP_NS    INT64_C(1000000000) /* between two turns: then we were stopped ourselves */

/* --- may we? ------------------------------------------------------------------------------------------------------ */

bool standby_must_hold(const struct instance_holder *before, const struct instance_holder *self,
                       const struct standby_config *config, int64_t now_ns, char *why, size_t why_size)
{
    int64_t recent = 0, last_ns = INT64_MIN;

    if (strcmp(before->boot, self->boot) != 0)
        return false;
    for (size_t i = 0; i < before->takeovers; i++) {
        recent += now_ns - before->takeover_ns[i] < STANDBY_WINDOW_MS * NS_PER_MS;
        last_ns = before->takeover_ns[i];
    }
    if (config->takeovers_max > 0 && recent >= config->takeovers_max) {
        snprintf(why, why_size,
                 "%" PRId64 " takeovers within %d minutes: it flaps, none more until they are older", recent,
                 STANDBY_WINDOW_MS / 60000);
        return true;
    }
    if (before->takeovers > 0 && now_ns - last_ns < config->cooldown_ms * NS_PER_MS) {
        snprintf(why, why_size, "the last takeover was less than %" PRId64 " s ago: it waits",
                 (config->cooldown_ms + 999) / 1000);
        return true;
    }
    return false;
}

bool standby_differs(const struct instance_holder *leader, const struct instance_holder *self, char *why,
                     size_t why_size)
{
    const char *what = NULL, *hint = "";

    why[0] = '\0';
    if (strcmp(leader->version, self->version) != 0)
        what = "version";
    else if (strcmp(leader->build, self->build) != 0)
        what = "build of the program";
    else if (strcmp(leader->config, self->config) != 0)
        what = "configuration";
    if (what == NULL)
        return false;
    if (strcmp(what, "configuration") == 0)
        hint = "; give the standby the same file and options (theme, screen and log may differ)";
    snprintf(why, why_size, "pid %d trades with another %s (%.24s, here %.24s): no takeover by this one%s",
             (int)leader->pid, what,
             strcmp(what, "version") == 0         ? leader->version
             : strcmp(what, "configuration") == 0 ? leader->config
                                                  : leader->exe,
             strcmp(what, "version") == 0         ? self->version
             : strcmp(what, "configuration") == 0 ? self->config
                                                  : self->exe,
             hint);
    return true;
}

/* Whatever keeps us from ending this leader; also told while all is well, so that nobody relies on us. */
static bool is_barred(struct standby_judge *judge, const struct standby_seen *seen, struct proc_look *look,
                      bool *lives)
{
    char why[160];
    bool gone;

    *lives = judge->eyes.lives(judge->eyes.arg, &judge->leader, look, &gone, why, sizeof(why));
    if (judge->remote) {
        snprintf(judge->alert, sizeof(judge->alert),
                 "the data directory is on a network's disk: its locks are not to be trusted, no takeover");
        return true;
    }
    if (standby_differs(&judge->leader, judge->config->self, judge->alert, sizeof(judge->alert)))
        return true;
    if (!*lives && !gone) {
        snprintf(judge->alert, sizeof(judge->alert), "pid %d holds the lock, but %s: no takeover",
                 (int)judge->leader.pid, why);
        return true;
    }
    if (seen->read->why[0] != '\0') {
        snprintf(judge->alert, sizeof(judge->alert), "the journal cannot be read, no takeover: %.199s",
                 seen->read->why);
        return true;
    }
    return standby_must_hold(&judge->leader, judge->config->self, judge->config, seen->boot_ns, judge->alert,
                             sizeof(judge->alert));
}

/* --- its heartbeat ------------------------------------------------------------------------------------------------ */

static void see_leader(struct standby_judge *judge, const struct standby_seen *seen)
{
    if (seen->found.pid == 0)
        return; /* it writes right now, or never has */
    if (!judge->followed || !instance_holder_same(&judge->leader, &seen->found)) {
        judge->beat = 0;
        judge->changed_ns = seen->now_ns;
        judge->killed_ns = 0;
    }
    judge->leader = seen->found;
    judge->followed = true;
}

int64_t standby_judge_silence_ns(struct standby_judge *judge, int64_t now_ns)
{
    int64_t beat = 0;

    judge->visible = judge->followed && judge->eyes.heartbeat(judge->eyes.arg, &judge->leader, &beat);
    if (!judge->visible)
        beat = 0;
    if (beat != judge->beat) {
        judge->beat = beat;
        judge->changed_ns = now_ns;
    }
    return now_ns - judge->changed_ns;
}

static int64_t patience_ns(const struct standby_judge *judge, const struct proc_look *look)
{
    if (judge->beat == 0)
        return STANDBY_START_MS * NS_PER_MS;
    return (judge->config->term_ms + (proc_is_stopped(look->state) ? 0 : STANDBY_DEADMAN_MS)) * NS_PER_MS;
}

/* --- turns -------------------------------------------------------------------------------------------------------- */

static enum standby_act wait_for_leader(struct standby_judge *judge, const struct standby_seen *seen)
{
    struct proc_look look = {.state = '?'};
    int64_t silent_ns = standby_judge_silence_ns(judge, seen->now_ns);
    bool barred, lives;

    snprintf(judge->line, sizeof(judge->line), "STANDBY waits: somebody holds the lock and is not known yet");
    if (!judge->followed)
        return STANDBY_WAITS;
    barred = is_barred(judge, seen, &look, &lives);
    snprintf(judge->line, sizeof(judge->line),
             "STANDBY follows pid %d, epoch %" PRIu64 ": heartbeat %" PRId64
             " ms old, journal read to %" PRIu64 "%s",
             (int)judge->leader.pid, judge->leader.epoch, silent_ns / NS_PER_MS, seen->read->seq,
             seen->read->warm ? "" : ", reading");
    if (barred)
        return STANDBY_WAITS;
    if (!lives) {
        snprintf(judge->line, sizeof(judge->line), "STANDBY waits until what pid %d left is cleared up",
                 (int)judge->leader.pid);
        judge->left = silent_ns > STANDBY_END_MS * NS_PER_MS;
    } else if (!judge->visible && silent_ns > UNSEEN_NS) {
        snprintf(judge->alert, sizeof(judge->alert), "the heartbeat of pid %d cannot be seen: no takeover",
                 (int)judge->leader.pid);
    } else if (judge->killed_ns != 0) {
        snprintf(judge->alert, sizeof(judge->alert), "pid %d was killed, but does not end",
                 (int)judge->leader.pid);
    } else if (judge->visible && silent_ns >= patience_ns(judge, &look)) {
        return STANDBY_ENDS_LEADER;
    }
    return STANDBY_WAITS;
}

/* Whoever led last: where the lock's file is a new one, it names nobody. */
static const struct instance_holder *last_leader(const struct standby_judge *judge,
                                                 const struct standby_seen *seen)
{
    return seen->found.pid != 0 ? &seen->found : &judge->leader;
}

static bool lives(const struct standby_judge *judge, const struct instance_holder *holder)
{
    struct proc_look look;
    char why[160];
    bool gone;

    return holder->pid != 0 && !instance_holder_same(holder, judge->config->self) &&
           judge->eyes.lives(judge->eyes.arg, holder, &look, &gone, why, sizeof(why));
}

/*
 * A free lock is nobody's only if the one who led is gone: its file may have been deleted, or its folder exchanged for a
 * copy, under a leader that goes on until it has looked.
 */
static bool leader_lives(const struct standby_judge *judge, const struct standby_seen *seen)
{
    return lives(judge, &seen->found) || lives(judge, &judge->leader);
}

static void tell_free(struct standby_judge *judge, int64_t now_ns)
{
    if (judge->free_ns == 0)
        judge->free_ns = now_ns;
    snprintf(judge->line, sizeof(judge->line), "STANDBY waits: the lock is free, but pid %d lives",
             (int)judge->leader.pid);
    if (now_ns - judge->free_ns > UNSEEN_NS) /* one that ends in order has let go of it a moment before */
        snprintf(judge->alert, sizeof(judge->alert),
                 "the lock was deleted or replaced under pid %d, which lives: no takeover until it has ended",
                 (int)judge->leader.pid);
}

/* The lock is ours: do we lead? */
static enum standby_act lead(struct standby_judge *judge, const struct standby_seen *seen)
{
    struct instance_holder *self = judge->config->self;
    const struct instance_holder *before = last_leader(judge, seen);

    if (judge->followed &&
        (standby_differs(before, self, judge->alert, sizeof(judge->alert)) ||
         standby_must_hold(before, self, judge->config, seen->boot_ns, judge->alert, sizeof(judge->alert))))
        return STANDBY_WAITS;
    if (judge->followed)
        instance_holder_note_takeover(self, before, seen->boot_ns);
    else
        instance_holder_keep_takeovers(self, before);
    return STANDBY_LEADS;
}

void standby_judge_start(struct standby_judge *judge, const struct standby_config *config,
                         const struct standby_eyes *eyes, bool remote, int64_t now_ns)
{
    *judge = (struct standby_judge){.config = config, .eyes = *eyes, .remote = remote, .turn_ns = now_ns};
}

enum standby_act standby_judge_turn(struct standby_judge *judge, const struct standby_seen *seen)
{
    bool first = !judge->followed;
    enum standby_act act;

    if (seen->now_ns - judge->turn_ns > GAP_NS)
        judge->changed_ns = seen->now_ns; /* it could not show itself to us */
    judge->turn_ns = seen->now_ns;
    judge->alert[0] = '\0';
    judge->left = false;
    snprintf(judge->line, sizeof(judge->line), "STANDBY: nobody leads");
    if (seen->lock_is_ours && !leader_lives(judge, seen))
        return lead(judge, seen);
    see_leader(judge, seen);
    if (first && judge->followed &&
        standby_differs(&judge->leader, judge->config->self, judge->alert, sizeof(judge->alert)))
        return STANDBY_DIFFERS;
    act = wait_for_leader(judge, seen);
    if (seen->lock_is_ours)
        tell_free(judge, seen->now_ns);
    else
        judge->free_ns = 0;
    return act;
}

void standby_judge_killed(struct standby_judge *judge, int64_t now_ns)
{
    judge->killed_ns = now_ns;
}
