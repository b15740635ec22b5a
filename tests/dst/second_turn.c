/* second_turn.c - one that waits, one that takes over, one that leads; what must hold of them. See second.h. */
#include "dst/second_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_NS  (250 * DST_MS)
#define BOOT_NS  (1000 * DST_SECOND)
#define PLAIN_NS (15 * DST_SECOND) /* nobody leads: an operator starts one himself */

/* --- waiting --------------------------------------------------------------------------------------------------------------- */

static const struct standby_followed *follow(struct world *world)
{
    struct second *second = world->second;

    if (!second_leader_is(second, LEADS))
        return &second->followed; /* nobody writes */
    if (second->follow == NULL)
        second->follow = standby_follow_new(journal_folder(world), DST_ACCOUNT);
    if (second->follow == NULL)
        abort();
    second->followed = *standby_follow_turn(second->follow, world->now_ns);
    must(world, "I20 the standby reads what nobody wrote",
         second->followed.seq <= truth_count(world) && second->followed.epoch <= world->epoch);
    return &second->followed;
}

/* Of a leader that is silent. Where its process is only put away, it goes on when its stop is over. */
static void end_leader(struct world *world, int by)
{
    struct second *second = world->second;
    struct process *old = &second->process[second->leader];

    if (!instance_holder_same(&second->text, &old->self)) { /* not the one that the lock names */
        second->excused = true;
        return;
    }
    world->totals->second.silent++;
    standby_judge_killed(&second->process[by].judge, world->now_ns);
    if (second->deposed == NULL && !second->stop_is_hang && second_happens(world, SECOND_UNFENCED)) {
        old->is = SEEMS_DEAD;
        old->at_ns = world->stopped_until_ns;
        world->stopped_until_ns = INT64_MAX;
        second_lets_go(world, second->leader);
    } else {
        second_death(world);
    }
}

/* --- leading ------------------------------------------------------------------------------------------------------------------------ */

/* M08: by what is written here, not by what the lock says. */
static void check_cooldown(struct world *world)
{
    struct second *second = world->second;
    int64_t recent = 0, window_ns = STANDBY_WINDOW_MS * DST_MS, now_ns = world->now_ns;

    for (size_t i = 0; i < second->takeovers; i++) {
        recent += now_ns - second->takeover_ns[i] < window_ns;
        must(world, "I20 flapping: a takeover within the cooldown",
             now_ns - second->takeover_ns[i] >= second->config.cooldown_ms * DST_MS);
    }
    must(world, "I20 flapping: too many takeovers",
         second->config.takeovers_max == 0 || recent < second->config.takeovers_max);
    must(world, "harness", second->takeovers < TAKEN_NOTE);
    second->takeover_ns[second->takeovers++] = now_ns;
}

void second_take_lock(struct world *world, int i)
{
    struct second *second = world->second;

    second->holder = i;
    second->text = second->process[i].self;
    second->process[i].is = STARTS;
    second->process[i].at_ns = world->now_ns + second_draw(second, 20, 300) * DST_MS;
}

void second_watch_lease(struct second *second, const struct world *world)
{
    second->leaders_file = second->file;
    second->sight = (struct lease_sight){.seen_ns = world->now_ns};
    second->look_ns = world->now_ns + LOOK_NS;
    second->loss_told = second->stop_is_hang = false;
    second->excused = false;
}

void second_lead(struct world *world, int i)
{
    struct second *second = world->second;
    struct process *before = &second->process[second->leader];
    int64_t silent_ns = world->now_ns - second->heartbeat_ns;
    uint64_t epoch = world->epoch;

    if (before->is == SEEMS_DEAD || before->is == LEADS) {
        bool resumes = before->is == SEEMS_DEAD;

        second->deposed = deposed_new(world, resumes ? before->at_ns : world->now_ns, second->sight);
        before->is = SEEMS_DEAD;
        before->at_ns = INT64_MAX;
    }
    second_unfollow(world);
    if (!second->excused && silent_ns > world->totals->second.longest_ns)
        world->totals->second.longest_ns = silent_ns;
    second->leader = i;
    second->process[i].is = LEADS;
    second_watch_lease(second, world);
    world_recover(world, 0);
    must(world, "I3 the epoch of before", world->epoch > epoch);
    world->stopped_until_ns = world->now_ns + second_draw(second, 0, 50) * DST_MS;
    second->process[i].self.epoch = world->epoch;
    if (second->holder == i)
        second->text = second->process[i].self;
    second_beat(world);
    if (!world->steady && world->calm_ns == 0 && second_draw(second, 1, 8) == 1)
        world->crash_in = second_draw(second, 1, 12); /* while it takes over */
    world->totals->second.takeovers++;
    hash_add(world, world->epoch * 3 + (uint64_t)i);
}

bool second_keeps_old(const struct world *world)
{
    return world->second != NULL && deposed_is(world->second->deposed, world->pipeline);
}

bool second_beat(struct world *world)
{
    struct second *second = world->second;
    bool holds;

    if (second == NULL)
        return false;
    if (world->now_ns >= second->look_ns && world->now_ns >= world->lease_lost_until_ns) {
        bool ours = second->leaders_file == second->file &&
                    instance_holder_same(&second->text, &second->process[second->leader].self);

        second->look_ns = world->now_ns + LOOK_NS;
        second->sight = lease_sight_after(second->sight, ours ? ERR_OK : ERR_STATE, world->now_ns);
    }
    second->heartbeat_ns = world->now_ns;
    holds = lease_sight_holds(second->sight, SECOND_TERM_NS, world->now_ns);
    lease_renew(world->pipeline, SECOND_TERM_NS, holds);
    if (holds)
        world->beat_ns = world->now_ns;
    if (second->sight.lost && !second->loss_told) {
        second->loss_told = true;
        lease_give_up(world->pipeline, "its lock file was deleted");
        must(world, "I18 told in no whole step", journal_whole(world));
    }
    return true;
}

/* --- turns of a process that does not lead -------------------------------------------------------------------------------------------- */

static void wait_on(struct world *world, int i)
{
    struct second *second = world->second;
    struct process *process = &second->process[i];
    struct standby_seen seen = {.now_ns = world->now_ns,
                                .boot_ns = world->now_ns - world->start_ns + BOOT_NS,
                                .lock_is_ours = second->holder == NOBODY && world->now_ns >= second->free_ns,
                                .found = second->text,
                                .read = follow(world)};
    bool silent = world->now_ns - second->heartbeat_ns > DST_SECOND;

    switch (standby_judge_turn(&process->judge, &seen)) {
    case STANDBY_ENDS_LEADER:
        end_leader(world, i);
        break;
    case STANDBY_LEADS:
        if (process->judge.followed)
            check_cooldown(world);
        second_take_lock(world, i);
        break;
    case STANDBY_WAITS:
        if (process->judge.alert[0] == '\0')
            break;
        world->totals->second.held += silent && !second->excused;
        second->excused |= silent;
        break;
    case STANDBY_DIFFERS:
        must(world, "harness", false);
    }
}

void second_turn_process(struct world *world, int i)
{
    struct second *second = world->second;
    struct process *process = &second->process[i];

    if (process->is == DEAD && world->now_ns >= process->at_ns) {
        second_is_born(world, i, WAITS);
    } else if (process->is == WAITS && second_happens(world, SECOND_KILLED)) {
        second_dies(world, i);
    } else if (process->is == WAITS && second_happens(world, SECOND_STOPPED)) {
        process->stopped_until_ns = world->now_ns + second_draw(second, 100, 8000) * DST_MS;
    } else if (process->is == WAITS && world->now_ns >= process->stopped_until_ns) {
        wait_on(world, i);
    } else if (process->is == STARTS && world->now_ns >= process->at_ns) {
        if (second_happens(world, SECOND_MIDWAY)) {
            second_dies(world, i);
            second->excused = true;
        } else {
            second_lead(world, i);
        }
    }
}

/* A standby that was not there, or stood still, could not know. */
static void excuse(struct world *world)
{
    struct second *second = world->second;
    const struct process *other = &second->process[!second->leader];
    bool there = other->is == STARTS || (other->is == WAITS && world->now_ns >= other->stopped_until_ns &&
                                         world->now_ns - other->since_ns > DST_SECOND);

    if (world->now_ns - second->heartbeat_ns <= 2 * SECOND_TURN_NS && second_leader_is(second, LEADS))
        second->excused = false;
    second->excused |= !there;
}

void second_check_time(struct world *world)
{
    struct second *second = world->second;
    int64_t most_ns = SECOND_LEADS_NS + (second->stop_is_hang ? STANDBY_DEADMAN_MS * DST_MS : 0);

    excuse(world);
    must(world, "V4 nobody leads in time",
         second->excused || world->now_ns - second->heartbeat_ns <= most_ns);
}

/* Nobody waits, or who does may not: somebody starts one that takes the lock as it is. */
void second_start_plain(struct world *world)
{
    struct second *second = world->second;
    int i = second->process[1].is == SEEMS_DEAD ? 0 : 1;
    bool nobody = !second_leader_is(second, LEADS);

    if (!nobody || second->holder != NOBODY || world->now_ns < second->free_ns ||
        world->now_ns - second->heartbeat_ns < PLAIN_NS)
        return;
    second_is_born(world, i, WAITS);
    instance_holder_keep_takeovers(&second->process[i].self, &second->text);
    second_take_lock(world, i);
}
