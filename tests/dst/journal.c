/*
 * journal.c - the journal of the engine on a disk that fails (disk.h): store/store_journal.h as it is, with what the store
 * thread does at moments that the seed draws; deaths of the process and of the machine, and the start after them.
 */
#include "dst/dst.h"

#include "dst/disk.h"
#include "store/epoch_floor.h"
#include "store/journal_retain.h"
#include "store/journal_ring.h"
#include "store/store_journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ACCOUNT    DST_ACCOUNT
#define RING_BYTES (1U << 20)
#define RESERVE    65536
#define STEP_MAX   16384 /* records of one step */
#define TRIES_MAX  12    /* starts until one succeeds: then the disk is well */
#define RESTART_MS 10000 /* an operator starts it again when its disk has failed */
#define WHY_SIZE   1280

struct dst_journal {
    struct store_journal *store;
    struct store_journal_config config;
    struct disk *disk;
    char dir[64];
    uint64_t random;
    int32_t per_100k[DISK_FAULTS];
    size_t pushed;
    struct store_record *step;
    uint64_t durable; /* frames that were told to be */
    int64_t lag_ms, due_ns, restart_ns;
    bool power, in_order; /* the next end: of the machine, of a run that ends in order */
    bool failed, told;
    bool lossy; /* since the last start that succeeded the power has failed */
    char why[WHY_SIZE];
};

/* --- the store thread ---------------------------------------------------------------------------------------------------- */

static int64_t draw(struct dst_journal *journal, int64_t min, int64_t max)
{
    return random_between(&journal->random, min, max);
}

static enum err write_some(struct world *world)
{
    struct dst_journal *journal = world->journal;
    size_t frames;
    enum err err =
        store_journal_drain(journal->store, NULL, NULL, &frames, journal->why, sizeof(journal->why));

    if (err == ERR_OK)
        err = store_journal_snapshot(journal->store, false, journal->why, sizeof(journal->why));
    journal->durable = store_journal_point(journal->store).seq;
    must(world, "I18 durable before it was committed", journal->durable <= truth_count(world));
    if (disk_is_dead(journal->disk))
        return ERR_STORAGE;
    must(world, "I18 the disk has failed and nobody says so",
         err != ERR_OK || !disk_has_failed(journal->disk));
    return err;
}

/* As the thread does: after an error nothing is written any more. */
static void turn(struct world *world)
{
    struct dst_journal *journal = world->journal;

    if (journal->failed || store_journal_waiting(journal->store) == 0)
        return;
    journal->failed = write_some(world) != ERR_OK;
    if (disk_is_dead(journal->disk))
        longjmp(world->crashed, 1);
}

void journal_turn(struct world *world)
{
    if (world->now_ns < world->journal->due_ns)
        return;
    world->journal->due_ns = world->now_ns + draw(world->journal, 1, world->journal->lag_ms) * DST_MS;
    turn(world);
}

/* --- the engine's end ------------------------------------------------------------------------------------------------------ */

/* Before and after each append and each message: that is where a crash makes a difference. */
void crash_point(struct world *world)
{
    if (world->in_turn && world->crash_in > 0 && --world->crash_in == 0)
        longjmp(world->crashed, 1);
}

bool journal_whole(const struct world *world)
{
    return world->journal->pushed == 0;
}

bool journal_has_failed(const struct world *world)
{
    return world->journal->told;
}

static bool push(void *arg, const struct store_record *record)
{
    struct world *world = arg;
    struct dst_journal *journal = world->journal;

    must(world, "I23 records of a step", journal->pushed < STEP_MAX);
    journal->step[journal->pushed++] = *record;
    must(world, "harness: the ring is full", store_journal_push(journal->store, record));
    return true;
}

static bool commit(void *arg)
{
    struct world *world = arg;
    struct dst_journal *journal = world->journal;
    size_t count = journal->pushed;

    if (count == 0)
        return true;
    crash_point(world);
    must(world, "harness: the ring is full", store_journal_commit(journal->store));
    journal->pushed = 0;
    for (size_t i = 0; i < count; i++)
        truth_add(world, &journal->step[i], i + 1 == count);
    for (size_t i = 0; i < count; i++)
        witness_record(world, &journal->step[i]);
    crash_point(world);
    if (world->in_turn && draw(journal, 1, 32) == 1) /* the thread does not wait for the end of a turn */
        turn(world);
    return true;
}

struct record_sink journal_sink(struct world *world)
{
    return (struct record_sink){.push = push, .arg = world, .commit = commit};
}

/* --- what the host does -------------------------------------------------------------------------------------------------------- */

/* It hears of a failure of the store as the engine's loop does. */
void journal_watch(struct world *world)
{
    struct dst_journal *journal = world->journal;

    if (!journal->failed || journal->told)
        return;
    journal->told = true;
    journal->restart_ns = world->now_ns + draw(journal, 100, RESTART_MS) * DST_MS;
    world->totals->storage_failures++;
    trading_storage_failed(world->pipeline, "storage failed");
    must(world, "I18 told in no whole step", journal_whole(world));
}

void journal_machine(struct world *world)
{
    struct dst_journal *journal = world->journal;

    if (world->calm_ns != 0 || world->steady)
        return;
    if (journal->told && world->now_ns >= journal->restart_ns) /* somebody starts it again */
        longjmp(world->crashed, 1);
    if (world->crash_in == 0 && disk_draws(journal->disk, DISK_POWER)) {
        world->crash_in = draw(journal, 1, 40);
        journal->power = true;
    }
    if (!journal->failed && disk_draws(journal->disk, DISK_DIES)) {
        disk_dies_in(journal->disk, draw(journal, 1, 20));
        journal->power = draw(journal, 1, 2) == 1;
    }
    if (!journal->failed && journal_whole(world) && disk_draws(journal->disk, DISK_IN_ORDER)) {
        journal->in_order = true;
        longjmp(world->crashed, 1);
    }
}

bool journal_loses_power(const struct world *world)
{
    return world->journal->power;
}

const char *journal_folder(const struct world *world)
{
    return world->journal->dir;
}

void journal_end_by(struct world *world, bool in_order, bool power)
{
    world->journal->in_order = in_order && !world->journal->failed && journal_whole(world);
    world->journal->power = power;
}

bool journal_calm(struct world *world)
{
    struct dst_journal *journal = world->journal;

    disk_dies_in(journal->disk, 0);
    disk_faults(journal->disk, NULL, NULL);
    disk_make_room(journal->disk);
    journal->power = false;
    return !journal->failed;
}

/* --- the end of a run ------------------------------------------------------------------------------------------------------------ */

static bool put_record(struct world *world, const struct store_record *record)
{
    struct dst_journal *journal = world->journal;

    must(world, "harness: the ring is full",
         store_journal_push(journal->store, record) && store_journal_commit(journal->store));
    truth_add(world, record, true);
    return write_some(world) == ERR_OK;
}

static bool end_in_order(struct world *world)
{
    struct dst_journal *journal = world->journal;
    struct store_record end = {.kind = STORE_SESSION_END, .ts_ns = world->now_ns};

    end.session_end.session = world->left->session;
    snprintf(end.session_end.why, sizeof(end.session_end.why), "in order");
    return put_record(world, &end) &&
           store_journal_snapshot(journal->store, true, journal->why, sizeof(journal->why)) == ERR_OK;
}

static void forget_epochs(const char *folder)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/" EPOCH_FLOOR_FILE, folder);
    unlink(path);
}

static void lose_ring(struct dst_journal *journal)
{
    char path[256];

    if (journal_ring_path(journal->dir, journal->dir, ACCOUNT, path, sizeof(path)) != ERR_OK)
        abort();
    unlink(path);
}

/* Killed, or the power is off: from here on the process does nothing. */
static void drop(struct dst_journal *journal)
{
    disk_die(journal->disk);
    store_journal_close(journal->store, false);
    journal->store = NULL;
    disk_revive(journal->disk, journal->power);
    if (journal->power)
        lose_ring(journal);
    journal->lossy |= journal->power;
    journal->power = false;
}

void journal_die(struct world *world)
{
    struct dst_journal *journal = world->journal;

    second_unfollow(world);
    if (journal->in_order && end_in_order(world)) {
        store_journal_close(journal->store, true);
        journal->store = NULL;
        disk_revive(journal->disk, false);
    } else {
        drop(journal);
    }
    journal->in_order = false;
    journal->pushed = 0; /* never was */
}

/* --- the start ----------------------------------------------------------------------------------------------------------------------- */

/* I18, I19: all of what must be there and nothing else. Before the first run that began nobody was told of anything. */
static void check_start(struct world *world, const struct recovered *left)
{
    struct dst_journal *journal = world->journal;
    uint64_t found = store_journal_point(journal->store).seq;

    must(world, "I18 what was durable is lost", found >= journal->durable);
    must(world, "I18 what was committed is lost",
         journal->lossy || found == truth_count(world) || world->epoch == 0);
    must(world, "I19 more than was committed", found <= truth_count(world));
    world->totals->lost_frames += truth_count(world) - found;
    truth_cut(world, (size_t)found);
    truth_check_state(world, left);
    must(world, "I3 an epoch comes again", left->epoch > world->epoch);
    journal->durable = found;
    journal->lossy = false;
    hash_add(world, found);
}

/* The run's first record, synced: store.c's begin_session(). The floor is no file of the disk that fails. */
static bool begin_session(struct world *world, const struct recovered *left)
{
    struct store_record record = {.kind = STORE_SESSION, .ts_ns = world->now_ns};
    struct dst_journal *journal = world->journal;

    must(world, "I3 the floor of the epochs",
         epoch_floor_raise(journal->dir, left->epoch, journal->why, sizeof(journal->why)) == ERR_OK);
    record.session.epoch = left->epoch;
    record.session.session = left->session;
    memcpy(record.session.crash_ns, left->crash_ns, sizeof(record.session.crash_ns));
    snprintf(record.session.kind, sizeof(record.session.kind), "live");
    return put_record(world, &record);
}

static bool start_once(struct world *world, bool well)
{
    struct dst_journal *journal = world->journal;
    bool rotten = !well && disk_draws(journal->disk, DISK_ROT) && disk_rot(journal->disk);
    uint64_t unread = world->totals->disk[DISK_READ];
    enum err err;

    if (!well && draw(journal, 1, 100000) <= journal->per_100k[DISK_DIES] * 100) {
        disk_dies_in(journal->disk, draw(journal, 1, 12));
        journal->power = draw(journal, 1, 3) == 1 && journal->per_100k[DISK_POWER] > 0;
    }
    journal->config.now_ns = world->now_ns;
    err = store_journal_open(&journal->config, &journal->store, world->left, journal->why,
                             sizeof(journal->why));
    if (rotten)
        disk_unrot(journal->disk);
    must(world, "I19 a damage that nothing has done",
         err == ERR_OK || err == ERR_STORAGE || rotten || unread != world->totals->disk[DISK_READ]);
    if (well && err != ERR_OK)
        printf("%s\n", journal->why);
    must(world, "I18 no start from a disk that is well", err == ERR_OK || !well);
    if (err != ERR_OK)
        return false;
    world->left->took_ns = 0; /* of a real clock */
    check_start(world, world->left);
    if (begin_session(world, world->left))
        return true;
    return false;
}

void journal_begin(struct world *world)
{
    struct dst_journal *journal = world->journal;
    bool began = false;

    journal->failed = journal->told = false;
    if (world->calm_ns == 0 && !world->steady)
        disk_faults(journal->disk, journal->per_100k, world->totals->disk);
    for (int tries = 1; !began; tries++) {
        bool well = tries >= TRIES_MAX || world->calm_ns != 0 || world->steady;

        if (world->left == NULL && (world->left = calloc(1, sizeof(*world->left))) == NULL)
            abort();
        recovered_free(world->left);
        if (well)
            disk_faults(journal->disk, NULL, NULL);
        if (well || draw(journal, 1, 4) > 1)
            disk_make_room(journal->disk);
        began = start_once(world, well);
        if (!began) {
            world->totals->failed_starts++;
            drop(journal);
        }
    }
    disk_dies_in(journal->disk, 0);
    journal->power = false;
    if (world->calm_ns == 0 && !world->steady)
        disk_faults(journal->disk, journal->per_100k, world->totals->disk);
    world->epoch = world->left->epoch;
}

/* --- the very end ---------------------------------------------------------------------------------------------------------------------- */

/* I19: the journal is what was committed, from its first byte that is kept to the last one. */
void journal_check_end(struct world *world)
{
    struct dst_journal *journal = world->journal;
    const char *dir = store_journal_dir(journal->store);
    struct journal_point from = {.seq = 0};
    struct journal_reader *reader;
    struct journal_frame frame;
    enum err err;

    must(world, "I18 a well disk", write_some(world) == ERR_OK && journal->durable == truth_count(world));
    err = journal_retired(dir, &from, journal->why, sizeof(journal->why));
    must(world, "I19 the retired point", err == ERR_OK || err == ERR_NOT_FOUND);
    must(world, "I19 the chain",
         journal_reader_open(dir, &from, &reader, journal->why, sizeof(journal->why)) == ERR_OK);
    while ((err = journal_reader_next(reader, &frame, journal->why, sizeof(journal->why))) == ERR_OK)
        truth_check_frame(world, &frame.head, frame.body);
    from = journal_reader_point(reader);
    journal_reader_close(reader);
    must(world, "I19 the chain to its end", err == ERR_NOT_FOUND && from.seq == truth_count(world));
}

/* --- life -------------------------------------------------------------------------------------------------------------------------------- */

static char root[64];

static void remove_root(void)
{
    char path[128];

    forget_epochs(root);
    snprintf(path, sizeof(path), "%s/journal/" ACCOUNT, root);
    rmdir(path);
    snprintf(path, sizeof(path), "%s/journal", root);
    rmdir(path);
    rmdir(root);
}

static void make_root(void)
{
    char path[128];

    snprintf(root, sizeof(root), "/dev/shm/flowdeck-dst-XXXXXX");
    if (mkdtemp(root) == NULL)
        abort();
    atexit(remove_root);
    snprintf(path, sizeof(path), "%s/journal", root);
    if (mkdir(path, 0700) != 0)
        abort();
    snprintf(path, sizeof(path), "%s/journal/" ACCOUNT, root);
    if (mkdir(path, 0700) != 0)
        abort();
}

/* How often at most: of 100,000 calls; of turns of the host; of starts. */
static void draw_faults(struct dst_journal *journal)
{
    static const int32_t most[DISK_FAULTS] = {
        [DISK_FULL] = 100,  [DISK_WRITE] = 100, [DISK_SYNC] = 200, [DISK_NAME] = 2000,   [DISK_READ] = 2000,
        [DISK_ROT] = 50000, [DISK_POWER] = 200, [DISK_DIES] = 300, [DISK_IN_ORDER] = 100};

    for (int fault = 0; fault < DISK_FAULTS; fault++)
        if (draw(journal, 1, 3) == 1)
            journal->per_100k[fault] = (int32_t)draw(journal, most[fault] / 20, most[fault]);
}

void journal_open(struct world *world)
{
    static const int64_t lag_ms[] = {5, 20, 200, 3000};
    struct dst_journal *journal = calloc(1, sizeof(*journal));
    char dir[128];

    if (journal == NULL || (journal->step = calloc(STEP_MAX, sizeof(struct store_record))) == NULL)
        abort();
    if (root[0] == '\0')
        make_root();
    world->journal = journal;
    journal->random = world->seed * 15485863 + 7;
    snprintf(journal->dir, sizeof(journal->dir), "%s", root);
    lose_ring(journal);
    forget_epochs(root);
    snprintf(dir, sizeof(dir), "%s/journal/" ACCOUNT, root);
    journal->disk = disk_open(dir, &journal->random);
    draw_faults(journal);
    journal->lag_ms = lag_ms[draw(journal, 0, 3)];
    journal->config = (struct store_journal_config){.data_dir = journal->dir,
                                                    .account = ACCOUNT,
                                                    .ring_dir = journal->dir,
                                                    .retain_ns = draw(journal, 0, 30) * DST_SECOND,
                                                    .ring_bytes = RING_BYTES,
                                                    .segment_bytes = (uint64_t)draw(journal, 8, 256) << 10,
                                                    .reserve_bytes = RESERVE,
                                                    .snapshot_frames = (uint64_t)draw(journal, 50, 3000)};
    truth_open(world);
}

void journal_close(struct world *world)
{
    struct dst_journal *journal = world->journal;

    if (journal->store != NULL) {
        disk_die(journal->disk);
        store_journal_close(journal->store, false);
    }
    disk_close(journal->disk);
    lose_ring(journal);
    truth_close(world);
    free(journal->step);
    free(journal);
    if (world->left != NULL)
        free(world->left->record);
    free(world->left);
}
