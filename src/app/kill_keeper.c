#include "app/kill_keeper.h"

#include "core/base/clock.h"
#include "core/base/thread.h"
#include "store/journal_io.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATH_SIZE   1200
#define LOOK_NS     INT64_C(100000000)  /* for the file KILL */
#define AGAIN_NS    INT64_C(1000000000) /* after a failure */
#define STUCK_NS    INT64_C(2000000000) /* a disk that has not answered for so long has failed */
#define CLOSE_TRIES 100
#define NAP_NS      10000000

struct kill_keeper {
    char data_dir[PATH_SIZE];
    struct store *store;
    pthread_t thread; /* without a store */
    atomic_bool stopping;
    bool has_thread;
    struct kill_latch found;
    bool was_found;
    /* the engine's */
    struct kill_latch wanted;
    bool want_killed;
    uint64_t wish, done;               /* counts set and clear; the one that is on disk */
    bool failed;                       /* the last try */
    int64_t look_ns, again_ns, job_ns; /* monotonic; of the last look, the next try, the newest job */
    /* The job's, while busy is set; else the engine's. */
    atomic_bool busy;
    struct kill_latch job_latch;
    bool job_killed, job_ok, job_saw_file;
    uint64_t job_wish; /* 0: only look for the file */
    char job_why[256];
};

/* --- the thread that may wait ------------------------------------------------------------------------------- */

/* On a full disk into the room that the journal keeps: the kill is among the last events that it is kept for. */
static enum err write_latch(struct store *store, const char *data_dir, const struct kill_latch *latch,
                            char *why, size_t why_size)
{
    enum err err = kill_latch_write(data_dir, latch, why, why_size);

    if (err == ERR_OK || !journal_io_is_full(errno) || store == NULL || !store_free_reserve(store))
        return err;
    return kill_latch_write(data_dir, latch, why, why_size);
}

bool kill_file_leave(const char *data_dir, char *path, size_t path_size)
{
    int fd;

    snprintf(path, path_size, "%s/" KILL_FILE, data_dir);
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* The file goes once the latch stands for it, so that no crash in between loses the kill. One that cannot be removed
 * kills again and again. */
static bool take_file(struct store *store, const char *data_dir)
{
    struct kill_latch latch = {.at_ns = kill_latch_now_ns(), .who = "file " KILL_FILE}, there;
    char path[PATH_SIZE + sizeof(KILL_FILE) + 1], why[256];
    struct stat found;

    snprintf(path, sizeof(path), "%s/" KILL_FILE, data_dir);
    if (lstat(path, &found) != 0)
        return errno != ENOENT && errno != ENOTDIR;
    if (kill_latch_read(data_dir, &there) || write_latch(store, data_dir, &latch, why, sizeof(why)) == ERR_OK)
        unlink(path);
    return true;
}

static void work(void *arg)
{
    struct kill_keeper *keeper = arg;
    enum err err = ERR_OK;

    if (keeper->job_wish != 0)
        err = keeper->job_killed
                  ? write_latch(keeper->store, keeper->data_dir, &keeper->job_latch, keeper->job_why,
                                sizeof(keeper->job_why))
                  : kill_latch_remove(keeper->data_dir, keeper->job_why, sizeof(keeper->job_why));
    keeper->job_ok = err == ERR_OK;
    keeper->job_saw_file = take_file(keeper->store, keeper->data_dir);
    atomic_store_explicit(&keeper->busy, false, memory_order_release);
}

static void *own_thread(void *arg)
{
    struct kill_keeper *keeper = arg;

    thread_name("kill keeper");
    while (!atomic_load_explicit(&keeper->stopping, memory_order_acquire)) {
        if (atomic_load_explicit(&keeper->busy, memory_order_acquire))
            work(keeper);
        nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
    }
    return NULL;
}

/* --- life --------------------------------------------------------------------------------------------------- */

static bool start_thread(struct kill_keeper *keeper)
{
    keeper->has_thread = thread_start(&keeper->thread, NULL, own_thread, keeper) == 0;
    return keeper->has_thread;
}

struct kill_keeper *kill_keeper_new(const char *data_dir, struct store *store)
{
    struct kill_keeper *keeper = calloc(1, sizeof(*keeper));
    struct kill_latch latch = {.who = ""};

    if (keeper == NULL)
        return NULL;
    if (data_dir == NULL || data_dir[0] == '\0')
        return keeper;
    snprintf(keeper->data_dir, sizeof(keeper->data_dir), "%s", data_dir);
    keeper->store = store;
    keeper->found = (struct kill_latch){.who = "file " KILL_FILE};
    keeper->was_found = take_file(NULL, data_dir); /* not on the store's thread */
    keeper->was_found = kill_latch_read(data_dir, &latch) || keeper->was_found;
    if (latch.who[0] != '\0')
        keeper->found = latch;
    if (store == NULL && !start_thread(keeper)) {
        kill_keeper_free(keeper);
        return NULL;
    }
    return keeper;
}

void kill_keeper_free(struct kill_keeper *keeper)
{
    char why[256];

    if (keeper == NULL)
        return;
    for (int i = 0; i < CLOSE_TRIES && kill_keeper_state(keeper, why, sizeof(why)) == KILL_KEEPING; i++) {
        kill_keeper_turn(keeper);
        nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
    }
    for (int i = 0; i < CLOSE_TRIES && atomic_load_explicit(&keeper->busy, memory_order_acquire); i++)
        nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
    if (atomic_load_explicit(&keeper->busy, memory_order_acquire))
        return; /* whoever works on it still must find it; the process ends soon */
    if (keeper->has_thread) {
        atomic_store_explicit(&keeper->stopping, true, memory_order_release);
        pthread_join(keeper->thread, NULL);
    }
    free(keeper);
}

bool kill_keeper_found(const struct kill_keeper *keeper, struct kill_latch *out)
{
    *out = keeper->found;
    return keeper->was_found;
}

/* --- the engine --------------------------------------------------------------------------------------------- */

static void wish(struct kill_keeper *keeper, const struct kill_latch *latch)
{
    keeper->want_killed = latch != NULL;
    if (latch != NULL)
        keeper->wanted = *latch;
    keeper->wish++;
    keeper->again_ns = 0;
    if (keeper->data_dir[0] == '\0') /* nothing is kept */
        keeper->done = keeper->wish;
}

void kill_keeper_set(struct kill_keeper *keeper, const struct kill_latch *latch)
{
    wish(keeper, latch);
}

void kill_keeper_clear(struct kill_keeper *keeper)
{
    wish(keeper, NULL);
}

static void hand_out_job(struct kill_keeper *keeper, int64_t now_ns)
{
    bool waits = keeper->wish != keeper->done;

    if (waits ? now_ns < keeper->again_ns : now_ns - keeper->look_ns < LOOK_NS)
        return;
    keeper->look_ns = keeper->job_ns = now_ns;
    keeper->again_ns = now_ns + AGAIN_NS;
    keeper->job_latch = keeper->wanted;
    keeper->job_killed = keeper->want_killed;
    keeper->job_wish = waits ? keeper->wish : 0;
    atomic_store_explicit(&keeper->busy, true, memory_order_release);
    if (keeper->store != NULL && !store_ask(keeper->store, work, keeper)) {
        keeper->job_wish = 0;
        keeper->again_ns = 0; /* asked again by the next turn */
        atomic_store_explicit(&keeper->busy, false, memory_order_relaxed);
    }
}

bool kill_keeper_turn(struct kill_keeper *keeper)
{
    bool saw;

    if (keeper->data_dir[0] == '\0' || atomic_load_explicit(&keeper->busy, memory_order_acquire))
        return false;
    saw = keeper->job_saw_file;
    keeper->job_saw_file = false;
    if (keeper->job_wish != 0) {
        keeper->failed = !keeper->job_ok;
        if (keeper->job_ok)
            keeper->done = keeper->job_wish;
        keeper->job_wish = 0;
    }
    hand_out_job(keeper, clock_monotonic_ns());
    return saw;
}

enum kill_kept kill_keeper_state(const struct kill_keeper *keeper, char *why, size_t why_size)
{
    bool busy = atomic_load_explicit(&keeper->busy, memory_order_acquire);

    why[0] = '\0';
    if (keeper->wish == keeper->done)
        return KILL_KEPT;
    if (busy && clock_monotonic_ns() - keeper->job_ns >= STUCK_NS) {
        snprintf(why, why_size, "the disk has not answered for %d s", (int)(STUCK_NS / 1000000000));
        return KILL_NOT_KEPT;
    }
    if (!keeper->failed || busy)
        return KILL_KEEPING;
    snprintf(why, why_size, "%s", keeper->job_why);
    return KILL_NOT_KEPT;
}
