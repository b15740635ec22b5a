#include "app/deadman_keeper.h"

#include "core/base/clock.h"
#include "core/base/thread.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_MS INT64_C(1000000)
#define END_TRIES 100 /* of 10 ms: one who hangs in the kernel is left behind */

enum loss { LOSS_DEATH, LOSS_STOP };

struct deadman_keeper {
    struct deadman_config config;
    pthread_t thread;
    atomic_bool stopping;
    _Atomic int32_t pid;   /* 0: none */
    _Atomic int32_t lost;  /* pid of the last that was lost */
    _Atomic int32_t cause; /* enum loss */
    _Atomic uint64_t losses;
    atomic_bool silent;
    /* the thread's */
    int64_t beat_ns, changed_ns, again_ns, turn_ns;
};

static void nap(int ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * NS_PER_MS}, NULL);
}

/* He is not waited for without end: one who hangs in the kernel dies when that lets him. */
static void end_stopped(pid_t pid)
{
    kill(pid, SIGKILL);
    for (int i = 0; i < END_TRIES && waitpid(pid, NULL, WNOHANG) == 0; i++)
        nap(10);
}

static void note_loss(struct deadman_keeper *keeper, pid_t pid, enum loss cause)
{
    atomic_store(&keeper->lost, pid);
    atomic_store(&keeper->cause, cause);
    atomic_store(&keeper->pid, 0);
    atomic_fetch_add(&keeper->losses, 1U); /* last: who reads it finds the rest */
}

static void start_anew(struct deadman_keeper *keeper, int64_t now_ns)
{
    char why[256];
    pid_t pid;

    if (now_ns < keeper->again_ns)
        return;
    keeper->again_ns = now_ns + DEADMAN_AGAIN_MS * NS_PER_MS;
    atomic_store(&keeper->config.page->watcher, LIFE_NOBODY);
    if (deadman_start(&keeper->config, &pid, why, sizeof(why)) != ERR_OK)
        return; /* told as missing, and tried again */
    keeper->changed_ns = clock_monotonic_ns();
    atomic_store(&keeper->pid, pid);
}

static void look(struct deadman_keeper *keeper)
{
    int64_t now_ns = clock_monotonic_ns();
    int64_t beat_ns = atomic_load(&keeper->config.page->watcher_ns);
    pid_t pid = atomic_load(&keeper->pid), changed;
    int status = 0;

    if (beat_ns != keeper->beat_ns || now_ns - keeper->turn_ns > DEADMAN_SILENT_MS / 2 * NS_PER_MS)
        keeper->changed_ns = now_ns; /* the second: we were stopped ourselves */
    keeper->beat_ns = beat_ns;
    keeper->turn_ns = now_ns;
    changed = pid == 0 ? 0 : waitpid(pid, &status, WNOHANG | WUNTRACED);
    if (changed != 0 && WIFSTOPPED(status)) {
        note_loss(keeper, pid, LOSS_STOP);
        end_stopped(pid);
    } else if (changed != 0) {
        note_loss(keeper, pid, LOSS_DEATH);
    }
    if (atomic_load(&keeper->pid) == 0)
        start_anew(keeper, now_ns);
    atomic_store(&keeper->silent, now_ns - keeper->changed_ns >= DEADMAN_SILENT_MS * NS_PER_MS);
}

static void *watch(void *arg)
{
    struct deadman_keeper *keeper = arg;

    thread_name("dead man's");
    while (!atomic_load_explicit(&keeper->stopping, memory_order_acquire)) {
        look(keeper);
        nap(DEADMAN_LOOK_MS / 2);
    }
    return NULL;
}

struct deadman_keeper *deadman_keeper_start(const struct deadman_config *config, pid_t pid)
{
    struct deadman_keeper *keeper = calloc(1, sizeof(*keeper));

    if (keeper == NULL)
        return NULL;
    keeper->config = *config;
    keeper->turn_ns = keeper->changed_ns = clock_monotonic_ns();
    atomic_init(&keeper->pid, pid);
    if (thread_start(&keeper->thread, NULL, watch, keeper) == 0)
        return keeper;
    free(keeper);
    return NULL;
}

void deadman_keeper_stop(struct deadman_keeper *keeper)
{
    if (keeper == NULL)
        return;
    atomic_store_explicit(&keeper->stopping, true, memory_order_release);
    pthread_join(keeper->thread, NULL);
    deadman_stop(keeper->config.page, atomic_load(&keeper->pid));
    free(keeper);
}

pid_t deadman_keeper_pid(const struct deadman_keeper *keeper)
{
    return atomic_load(&keeper->pid);
}

uint64_t deadman_keeper_losses(const struct deadman_keeper *keeper, char *out, size_t size)
{
    uint64_t losses = atomic_load(&keeper->losses);

    snprintf(out, size, "dead man (pid %d) %s", (int)atomic_load(&keeper->lost),
             atomic_load(&keeper->cause) == LOSS_STOP ? "was stopped, and is ended" : "has died");
    return losses;
}

bool deadman_keeper_is_well(const struct deadman_keeper *keeper, char *out, size_t size)
{
    pid_t pid = atomic_load(&keeper->pid);

    if (pid == 0)
        snprintf(out, size, "no dead man watches, a new one is tried each %d s", DEADMAN_AGAIN_MS / 1000);
    else if (atomic_load(&keeper->silent))
        snprintf(out, size, "the dead man (pid %d) has not looked for %d s", (int)pid,
                 DEADMAN_SILENT_MS / 1000);
    else
        return true;
    return false;
}
