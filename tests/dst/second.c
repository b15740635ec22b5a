/* second.c - the two processes and their machine; see second.h. */
#include "dst/second.h"

#include "app/lease_gate.h"
#include "app/standby_judge.h"
#include "dst/deposed.h"
#include "dst/dst.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TURN_NS    (50 * DST_MS) /* of a standby */
#define LOOK_NS    (250 * DST_MS)
#define TERM_NS    (2 * DST_SECOND)
#define LEADS_NS   (TERM_NS + 2 * DST_SECOND) /* V4: the term and two seconds */
#define BOOT_NS    (1000 * DST_SECOND)
#define PLAIN_NS   (15 * DST_SECOND) /* nobody leads: an operator starts one himself */
#define DEAD_MAN   800               /* ms until it has cleared up and lets go of the lock */
#define NOBODY     (-1)
#define TAKEN_NOTE 64

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

static int64_t draw(struct second *second, int64_t min, int64_t max)
{
    return random_between(&second->random, min, max);
}

static bool happens(struct world *world, enum second_fault fault)
{
    struct second *second = world->second;

    if (world->calm_ns != 0 || world->steady || draw(second, 0, 99999) >= second->per_100k[fault])
        return false;
    world->totals->second.fault[fault]++;
    return true;
}

static bool leader_is(const struct second *second, enum being being)
{
    return second->process[second->leader].is == being;
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

static const struct standby_followed *follow(struct world *world)
{
    struct second *second = world->second;

    if (!leader_is(second, LEADS))
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

void second_unfollow(struct world *world)
{
    if (world->second == NULL)
        return;
    standby_follow_free(world->second->follow);
    world->second->follow = NULL;
}

/* --- births and deaths ----------------------------------------------------------------------------------------------------------- */

static void be_born(struct world *world, int i, enum being being)
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

static void let_go(struct world *world, int i)
{
    struct second *second = world->second;

    if (second->holder != i)
        return;
    second->holder = NOBODY;
    second->free_ns = world->now_ns + draw(second, 20, DEAD_MAN) * DST_MS;
}

static void die(struct world *world, int i)
{
    struct second *second = world->second;

    second->process[i].is = DEAD;
    second->process[i].at_ns = world->now_ns + draw(second, 1000, 15000) * DST_MS;
    let_go(world, i);
}

bool second_death(struct world *world)
{
    struct second *second = world->second;
    bool power = journal_loses_power(world);

    if (second == NULL)
        return false;
    die(world, second->leader);
    if (power || happens(world, SECOND_BOTH)) {
        if (second->process[!second->leader].is != SEEMS_DEAD)
            die(world, !second->leader);
        second->excused = true;
    }
    second_unfollow(world);
    venue_crash(world);
    world->stopped_until_ns = INT64_MAX;
    world->crash_in = 0;
    second->ends_ns = second->cut_until_ns = 0;
    return true;
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
    if (second->deposed == NULL && !second->stop_is_hang && happens(world, SECOND_UNFENCED)) {
        old->is = SEEMS_DEAD;
        old->at_ns = world->stopped_until_ns;
        world->stopped_until_ns = INT64_MAX;
        let_go(world, second->leader);
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

static void take_lock(struct world *world, int i)
{
    struct second *second = world->second;

    second->holder = i;
    second->text = second->process[i].self;
    second->process[i].is = STARTS;
    second->process[i].at_ns = world->now_ns + draw(second, 20, 300) * DST_MS;
}

static void watch_lease(struct second *second, const struct world *world)
{
    second->leaders_file = second->file;
    second->sight = (struct lease_sight){.seen_ns = world->now_ns};
    second->look_ns = world->now_ns + LOOK_NS;
    second->loss_told = second->stop_is_hang = false;
    second->excused = false;
}

static void become_leader(struct world *world, int i)
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
    watch_lease(second, world);
    world_recover(world, 0);
    must(world, "I3 the epoch of before", world->epoch > epoch);
    world->stopped_until_ns = world->now_ns + draw(second, 0, 50) * DST_MS;
    second->process[i].self.epoch = world->epoch;
    if (second->holder == i)
        second->text = second->process[i].self;
    second_beat(world);
    if (!world->steady && world->calm_ns == 0 && draw(second, 1, 8) == 1)
        world->crash_in = draw(second, 1, 12); /* while it takes over */
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
    holds = lease_sight_holds(second->sight, TERM_NS, world->now_ns);
    lease_renew(world->pipeline, TERM_NS, holds);
    if (holds)
        world->beat_ns = world->now_ns;
    if (second->sight.lost && !second->loss_told) {
        second->loss_told = true;
        lease_give_up(world->pipeline, "its lock file was deleted");
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
        take_lock(world, i);
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

static void turn_process(struct world *world, int i)
{
    struct second *second = world->second;
    struct process *process = &second->process[i];

    if (process->is == DEAD && world->now_ns >= process->at_ns) {
        be_born(world, i, WAITS);
    } else if (process->is == WAITS && happens(world, SECOND_KILLED)) {
        die(world, i);
    } else if (process->is == WAITS && happens(world, SECOND_STOPPED)) {
        process->stopped_until_ns = world->now_ns + draw(second, 100, 8000) * DST_MS;
    } else if (process->is == WAITS && world->now_ns >= process->stopped_until_ns) {
        wait_on(world, i);
    } else if (process->is == STARTS && world->now_ns >= process->at_ns) {
        if (happens(world, SECOND_MIDWAY)) {
            die(world, i);
            second->excused = true;
        } else {
            become_leader(world, i);
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

    if (world->now_ns - second->heartbeat_ns <= 2 * TURN_NS && leader_is(second, LEADS))
        second->excused = false;
    second->excused |= !there;
}

static void check_time(struct world *world)
{
    struct second *second = world->second;
    int64_t most_ns = LEADS_NS + (second->stop_is_hang ? STANDBY_DEADMAN_MS * DST_MS : 0);

    excuse(world);
    must(world, "V4 nobody leads in time",
         second->excused || world->now_ns - second->heartbeat_ns <= most_ns);
}

/* Nobody waits, or who does may not: somebody starts one that takes the lock as it is. */
static void start_plain(struct world *world)
{
    struct second *second = world->second;
    int i = second->process[1].is == SEEMS_DEAD ? 0 : 1;
    bool nobody = !leader_is(second, LEADS);

    if (!nobody || second->holder != NOBODY || world->now_ns < second->free_ns ||
        world->now_ns - second->heartbeat_ns < PLAIN_NS)
        return;
    be_born(world, i, WAITS);
    instance_holder_keep_takeovers(&second->process[i].self, &second->text);
    take_lock(world, i);
}

/* --- the machine --------------------------------------------------------------------------------------------------------------------- */

static void break_leader(struct world *world)
{
    struct second *second = world->second;
    bool stopped = world->now_ns < world->stopped_until_ns;

    if (!leader_is(second, LEADS))
        return;
    if (!stopped && happens(world, SECOND_SILENT)) {
        world->stopped_until_ns = world->now_ns + draw(second, 300, 12000) * DST_MS;
        stopped = true;
    }
    if (stopped && second->stop_seen_ns != world->stopped_until_ns) {
        second->stop_seen_ns = world->stopped_until_ns;
        second->stop_is_hang = draw(second, 1, 4) == 1;
    }
    if (happens(world, SECOND_LOCK)) {
        second->file++;
        second->holder = NOBODY;
        second->free_ns = 0;
        if (draw(second, 1, 2) == 1)
            memset(&second->text, 0, sizeof(second->text)); /* deleted; else a copy, which names the leader */
        second->ends_ns = world->now_ns + draw(second, 1000, 8000) * DST_MS;
    }
    if (second->cut_until_ns <= world->now_ns && happens(world, SECOND_CUT)) {
        second->cut_until_ns = world->now_ns + draw(second, 500, 30000) * DST_MS;
        if (draw(second, 1, 2) == 1)
            second->ends_ns = world->now_ns + draw(second, 100, 10000) * DST_MS;
        for (int i = 0; i < DST_MARKETS; i++)
            world->market[i].silent_until_ns = second->cut_until_ns;
    }
    if (happens(world, SECOND_ENDED) || (second->ends_ns != 0 && world->now_ns >= second->ends_ns)) {
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
            die(world, i);
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
    second->next_ns = world->now_ns + TURN_NS;
    break_leader(world);
    for (int i = 0; i < 2; i++)
        turn_process(world, i);
    turn_deposed(world);
    start_plain(world);
    check_time(world);
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
        if (draw(second, 1, 2) == 1)
            second->per_100k[fault] = (int32_t)draw(second, most[fault] / 20, most[fault]);
    second->config = (struct standby_config){.term_ms = TERM_NS / DST_MS};
    if (draw(second, 1, 3) == 1)
        second->config.cooldown_ms = draw(second, 1, 30) * 1000;
    if (draw(second, 1, 4) == 1)
        second->config.takeovers_max = draw(second, 1, 4);
}

void second_begin(struct world *world)
{
    struct second *second = world->second;

    if (second == NULL)
        return;
    be_born(world, 0, LEADS);
    second->process[0].self.epoch = world->epoch;
    second->text = second->process[0].self;
    second->next_ns = second->heartbeat_ns = world->now_ns;
    watch_lease(second, world);
    be_born(world, 1, WAITS);
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
    if (second->deposed != NULL) {
        deposed_free(second->deposed);
        second->deposed = NULL;
        for (i = 0; i < 2; i++)
            if (second->process[i].is == SEEMS_DEAD && i != second->leader)
                die(world, i);
    }
    if (leader_is(second, LEADS))
        return;
    second->process[second->leader].is = DEAD;
    second->process[second->leader].at_ns = world->now_ns;
    i = !second->leader;
    be_born(world, i, WAITS);
    take_lock(world, i);
    become_leader(world, i);
}

/* --- V4: with faults off ------------------------------------------------------------------------------------------------------------------ */

static bool is_at_rest(const struct world *world)
{
    for (int i = 0; i < DST_MARKETS; i++)
        if (world->pipeline->markets < DST_MARKETS ||
            book_sync_state(world->pipeline->market[i]->sync) != BOOK_LIVE)
            return false;
    return !world->pipeline->recovering;
}

static bool rest(struct world *world, int seconds)
{
    for (int i = 0; i < seconds && !is_at_rest(world); i++)
        world_until(world, world->now_ns + DST_SECOND);
    return is_at_rest(world);
}

/* What is asked for now is judged as any order of a leader: not for being none, not for what was not put back. */
static void ask_order(struct world *world)
{
    struct pipeline *pipeline = world->pipeline;
    uint64_t denials = pipeline->denial_count, sent = world->sent;
    struct command command = {.kind = COMMAND_ORDER, .instrument_id = 0};
    const struct denial *denial = &pipeline->denial[denials % PIPELINE_DENIALS_MAX];

    command.intent = (struct order_intent){
        .side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = world->market[0].fair - 20, .qty_lots = 20000};
    engine_command(world, &command);
    if (pipeline->denial_count > denials)
        must(world, "V4 trading does not resume",
             denial->code != RISK_NOT_LEADER && denial->code != RISK_POST_TRADE);
    if (pipeline->risk.state != STATE_ACTIVE && pipeline->risk.state != STATE_REDUCING &&
        pipeline->risk.state != STATE_PAUSED)
        must(world, "V4 trading resumes though it was stopped", world->sent == sent);
    world->totals->second.resumed += world->sent > sent;
}

void second_exercise(struct world *world)
{
    struct second *second = world->second;
    uint64_t epoch;
    int before;

    if (second == NULL)
        return;
    second->config.cooldown_ms = second->config.takeovers_max = 0;
    for (int i = 0; i < 2; i++)
        second->process[i].config.cooldown_ms = second->process[i].config.takeovers_max = 0;
    for (int i = 0; i < 20 && second->process[!second->leader].is != WAITS; i++)
        world_until(world, world->now_ns + DST_SECOND);
    if (!rest(world, 60) || second->process[!second->leader].is != WAITS)
        return;
    world_until(world, world->now_ns + 2 * DST_SECOND);
    before = second->leader;
    epoch = world->epoch;
    second->stop_is_hang = false;
    if (draw(second, 1, 2) == 1) {
        second_death(world);
    } else {
        world->stopped_until_ns = world->now_ns + 60 * DST_SECOND;
        second->stop_seen_ns = world->stopped_until_ns;
    }
    world_until(world, world->now_ns + LEADS_NS + DST_SECOND);
    must(world, "V4 the standby does not lead in time",
         second->leader != before && leader_is(second, LEADS) && world->epoch > epoch);
    must(world, "V4 not put back in time", rest(world, 40));
    world->totals->second.exercised++;
    ask_order(world);
}
