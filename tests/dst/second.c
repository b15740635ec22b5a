/* second.c - the two processes and their machine; see second.h. */
#include "dst/second_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEAD_MAN 800 /* ms until it has cleared up and lets go of the lock */

const char *const second_fault_word[SECOND_FAULTS] = {
    [SECOND_BOTH] = "leader and standby die at once",
    [SECOND_KILLED] = "standby killed",
    [SECOND_STOPPED] = "standby stands still",
    [SECOND_MIDWAY] = "standby killed in its takeover",
    [SECOND_LOCK] = "lock file deleted or replaced",
    [SECOND_UNFENCED] = "old leader goes on beside the new one",
    [SECOND_SILENT] = "leader stopped",
    [SECOND_CUT] = "leader cut off from the venue",
    [SECOND_ENDED] = "leader ended by its operator",
};

/* How often at most, where it may happen: of 100,000. */
static const int32_t most[SECOND_FAULTS] = {
    [SECOND_BOTH] = 50000,   [SECOND_KILLED] = 200, [SECOND_STOPPED] = 200,
    [SECOND_MIDWAY] = 50000, [SECOND_LOCK] = 150,   [SECOND_UNFENCED] = 100000,
    [SECOND_SILENT] = 300,   [SECOND_CUT] = 150,    [SECOND_ENDED] = 150};

bool second_happens(struct world *world, enum second_fault fault)
{
    struct second *second = world->second;

    if (world->calm_ns != 0 || world->steady || second_draw(second, 0, 99999) >= second->per_100k[fault])
        return false;
    world->totals->second.fault[fault]++;
    return true;
}

/* --- what the standby sees ------------------------------------------------------------------------------------------------- */

static struct process *process_of(struct second *second, const struct instance_holder *holder)
{
    for (int i = 0; i < 2; i++)
        if (instance_holder_same(&second->process[i].self, holder))
            return &second->process[i];
    return NULL;
}

static bool see_life(void *arg, const struct instance_holder *holder, struct proc_look *look, bool *gone,
                     char *why, size_t why_size)
{
    struct world *world = arg;
    struct second *second = world->second;
    const struct process *process = process_of(second, holder);
    bool stopped = process == &second->process[second->leader] && world->now_ns < world->stopped_until_ns &&
                   !second->stop_is_hang;

    *gone = process == NULL || process->is == DEAD || process->is == SEEMS_DEAD;
    look->state = stopped ? 'T' : 'R';
    if (*gone)
        snprintf(why, why_size, "its process is gone");
    return !*gone;
}

static bool see_heartbeat(void *arg, const struct instance_holder *leader, int64_t *beat)
{
    struct world *world = arg;
    const struct second *second = world->second;
    const struct process *process = process_of(world->second, leader);

    *beat = process == &second->process[second->leader] ? second->heartbeat_ns : 0;
    return true;
}

void second_unfollow(struct world *world)
{
    if (world->second == NULL)
        return;
    standby_follow_free(world->second->follow);
    world->second->follow = NULL;
}

/* --- births and deaths ----------------------------------------------------------------------------------------------------------- */

void second_is_born(struct world *world, int i, enum being being)
{
    struct second *second = world->second;
    struct process *process = &second->process[i];
    struct standby_eyes eyes = {.arg = world, .lives = see_life, .heartbeat = see_heartbeat};

    memset(process, 0, sizeof(*process));
    process->self.pid = (pid_t)++second->pids;
    process->self.start_ticks = second->pids;
    snprintf(process->self.boot, sizeof(process->self.boot), "boot");
    process->is = being;
    process->since_ns = world->now_ns;
    process->config = second->config;
    process->config.self = &process->self;
    standby_judge_start(&process->judge, &process->config, &eyes, false, world->now_ns);
}

void second_lets_go(struct world *world, int i)
{
    struct second *second = world->second;

    if (second->holder != i)
        return;
    second->holder = NOBODY;
    second->free_ns = world->now_ns + second_draw(second, 20, DEAD_MAN) * DST_MS;
}

void second_dies(struct world *world, int i)
{
    struct second *second = world->second;

    second->process[i].is = DEAD;
    second->process[i].at_ns = world->now_ns + second_draw(second, 1000, 15000) * DST_MS;
    second_lets_go(world, i);
}

bool second_death(struct world *world)
{
    struct second *second = world->second;
    bool power = journal_loses_power(world);

    if (second == NULL)
        return false;
    second_dies(world, second->leader);
    if (power || second_happens(world, SECOND_BOTH)) {
        if (second->process[!second->leader].is != SEEMS_DEAD)
            second_dies(world, !second->leader);
        second->excused = true;
    }
    second_unfollow(world);
    venue_crash(world);
    world->stopped_until_ns = INT64_MAX;
    world->crash_in = 0;
    second->ends_ns = second->cut_until_ns = 0;
    return true;
}

/* --- the machine --------------------------------------------------------------------------------------------------------------------- */

static void break_leader(struct world *world)
{
    struct second *second = world->second;
    bool stopped = world->now_ns < world->stopped_until_ns;

    if (!second_leader_is(second, LEADS))
        return;
    if (!stopped && second_happens(world, SECOND_SILENT)) {
        world->stopped_until_ns = world->now_ns + second_draw(second, 300, 12000) * DST_MS;
        stopped = true;
    }
    if (stopped && second->stop_seen_ns != world->stopped_until_ns) {
        second->stop_seen_ns = world->stopped_until_ns;
        second->stop_is_hang = second_draw(second, 1, 4) == 1;
    }
    if (second_happens(world, SECOND_LOCK)) {
        second->file++;
        second->holder = NOBODY;
        second->free_ns = 0;
        if (second_draw(second, 1, 2) == 1) { /* deleted; else a copy, which names the leader */
            memset(&second->text, 0, sizeof(second->text));
            second->takeovers = 0; /* who starts later knows of none */
        }
        second->ends_ns = world->now_ns + second_draw(second, 1000, 8000) * DST_MS;
    }
    if (second->cut_until_ns <= world->now_ns && second_happens(world, SECOND_CUT)) {
        second->cut_until_ns = world->now_ns + second_draw(second, 500, 30000) * DST_MS;
        if (second_draw(second, 1, 2) == 1)
            second->ends_ns = world->now_ns + second_draw(second, 100, 10000) * DST_MS;
        for (int i = 0; i < DST_MARKETS; i++)
            world->market[i].silent_until_ns = second->cut_until_ns;
    }
    if (second_happens(world, SECOND_ENDED) || (second->ends_ns != 0 && world->now_ns >= second->ends_ns)) {
        second->ends_ns = 0;
        second_death(world);
    }
}

static void turn_deposed(struct world *world)
{
    struct second *second = world->second;

    if (second->deposed == NULL)
        return;
    if (deposed_turn(second->deposed, world))
        return;
    second->deposed = NULL;
    for (int i = 0; i < 2; i++)
        if (second->process[i].is == SEEMS_DEAD)
            second_dies(world, i);
}

int64_t second_next_ns(const struct world *world)
{
    return world->second == NULL ? INT64_MAX : world->second->next_ns;
}

void second_turn(struct world *world)
{
    struct second *second = world->second;

    if (second == NULL || world->now_ns < second->next_ns)
        return;
    second->next_ns = world->now_ns + SECOND_TURN_NS;
    break_leader(world);
    for (int i = 0; i < 2; i++)
        second_turn_process(world, i);
    turn_deposed(world);
    second_start_plain(world);
    second_check_time(world);
}

/* --- what others ask ------------------------------------------------------------------------------------------------------------------- */

void second_take_feed(struct world *world, struct feed_event *event)
{
    if (world->second == NULL || world->second->deposed == NULL)
        feed_free(event);
    else
        deposed_hear(world->second->deposed, world, event);
}

bool second_is_cut(const struct world *world)
{
    return world->second != NULL && world->now_ns < world->second->cut_until_ns;
}

bool second_is_old(const struct world *world, uint64_t epoch)
{
    return world->second != NULL && epoch < world->epoch;
}

void second_taken(struct world *world, uint64_t epoch)
{
    if (world->second == NULL)
        return;
    must(world, "I20 an order of an old epoch after one of the new", epoch >= world->second->taken_epoch);
    world->second->taken_epoch = epoch;
}

/* --- life -------------------------------------------------------------------------------------------------------------------------------- */

void second_open(struct world *world)
{
    struct second *second;
    uint64_t random = world->seed * 32452843 + 11;

    if (random_between(&random, 1, 2) == 1)
        return;
    second = calloc(1, sizeof(*second));
    if (second == NULL)
        abort();
    second->random = random;
    world->second = second;
    world->totals->second.worlds++;
    for (int fault = 0; fault < SECOND_FAULTS; fault++)
        if (second_draw(second, 1, 2) == 1)
            second->per_100k[fault] = (int32_t)second_draw(second, most[fault] / 20, most[fault]);
    second->config = (struct standby_config){.term_ms = SECOND_TERM_NS / DST_MS};
    if (second_draw(second, 1, 3) == 1)
        second->config.cooldown_ms = second_draw(second, 1, 30) * 1000;
    if (second_draw(second, 1, 4) == 1)
        second->config.takeovers_max = second_draw(second, 1, 4);
}

void second_begin(struct world *world)
{
    struct second *second = world->second;

    if (second == NULL)
        return;
    second_is_born(world, 0, LEADS);
    second->process[0].self.epoch = world->epoch;
    second->text = second->process[0].self;
    second->next_ns = second->heartbeat_ns = world->now_ns;
    second_watch_lease(second, world);
    second_is_born(world, 1, WAITS);
}

void second_close(struct world *world)
{
    if (world->second == NULL)
        return;
    second_unfollow(world);
    deposed_free(world->second->deposed);
    free(world->second);
}

/* Somebody leads, at once: nothing that waits outlives the end of the faults. */
void second_calm(struct world *world)
{
    struct second *second = world->second;
    int i;

    if (second == NULL)
        return;
    second->cut_until_ns = second->ends_ns = 0;
    for (i = 0; i < 2; i++)
        second->process[i].stopped_until_ns = 0;
    if (second->deposed != NULL) {
        deposed_free(second->deposed);
        second->deposed = NULL;
        for (i = 0; i < 2; i++)
            if (second->process[i].is == SEEMS_DEAD && i != second->leader)
                second_dies(world, i);
    }
    if (second_leader_is(second, LEADS))
        return;
    second->process[second->leader].is = DEAD;
    second->process[second->leader].at_ns = world->now_ns;
    i = !second->leader;
    second_is_born(world, i, WAITS);
    second_take_lock(world, i);
    second_lead(world, i);
}
