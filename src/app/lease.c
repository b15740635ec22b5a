#include "app/lease.h"

#include "core/base/clock.h"
#include "core/base/thread.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)

struct lease {
    struct lease_config config;
    struct instance_holder self;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool stopping;           /* under the mutex */
    _Atomic int64_t seen_ns; /* monotonic: so long ago it was ours */
    atomic_bool lost;        /* latched; why is written before it, once */
    char why[160];
};

static struct lease_sight sight_of(const struct lease *lease)
{
    return (struct lease_sight){.seen_ns = atomic_load_explicit(&lease->seen_ns, memory_order_acquire),
                                .lost = atomic_load_explicit(&lease->lost, memory_order_acquire)};
}

static void look(struct lease *lease)
{
    struct lease_sight before, after;
    int64_t now_ns = clock_monotonic_ns(); /* before: what is true then is at least so old */
    char why[sizeof(lease->why)] = "";
    enum err err =
        instance_lock_check(lease->config.data_dir, lease->config.lock_fd, &lease->self, why, sizeof(why));

    before = sight_of(lease);
    after = lease_sight_after(before, err, now_ns);
    atomic_store_explicit(&lease->seen_ns, after.seen_ns, memory_order_release);
    if (after.lost && !before.lost) {
        memcpy(lease->why, why, sizeof(why));
        atomic_store_explicit(&lease->lost, true, memory_order_release);
    }
}

static void *watch(void *arg)
{
    struct lease *lease = arg;
    struct timespec until;

    thread_name("lease");
    pthread_mutex_lock(&lease->mutex);
    while (!lease->stopping) {
        int64_t by_ns = clock_monotonic_ns() + LEASE_LOOK_MS * NS_PER_MS;

        until =
            (struct timespec){.tv_sec = by_ns / INT64_C(1000000000), .tv_nsec = by_ns % INT64_C(1000000000)};
        pthread_cond_timedwait(&lease->wake, &lease->mutex, &until);
        pthread_mutex_unlock(&lease->mutex);
        look(lease);
        pthread_mutex_lock(&lease->mutex);
    }
    pthread_mutex_unlock(&lease->mutex);
    return NULL;
}

static void init_wake(struct lease *lease)
{
    pthread_condattr_t monotonic;

    pthread_mutex_init(&lease->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&lease->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

struct lease *lease_start(const struct lease_config *config, char *why, size_t why_size)
{
    struct lease *lease = calloc(1, sizeof(*lease));
    int failed;

    if (lease == NULL) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    lease->config = *config;
    lease->self = *config->self;
    atomic_init(&lease->seen_ns, 0);
    atomic_init(&lease->lost, false);
    look(lease);
    init_wake(lease);
    failed = thread_start(&lease->thread, NULL, watch, lease);
    if (failed != 0) {
        snprintf(why, why_size, "cannot start the thread that watches the lock: %s", strerror(failed));
        pthread_cond_destroy(&lease->wake);
        pthread_mutex_destroy(&lease->mutex);
        free(lease);
        return NULL;
    }
    return lease;
}

void lease_stop(struct lease *lease)
{
    if (lease == NULL)
        return;
    pthread_mutex_lock(&lease->mutex);
    lease->stopping = true;
    pthread_cond_signal(&lease->wake);
    pthread_mutex_unlock(&lease->mutex);
    pthread_join(lease->thread, NULL);
    pthread_cond_destroy(&lease->wake);
    pthread_mutex_destroy(&lease->mutex);
    free(lease);
}

int64_t lease_term_ns(const struct lease *lease)
{
    return lease->config.term_ms * NS_PER_MS;
}

bool lease_holds(const struct lease *lease, int64_t monotonic_ns)
{
    return lease_sight_holds(sight_of(lease), lease_term_ns(lease), monotonic_ns);
}

bool lease_is_lost(const struct lease *lease, char *why, size_t why_size)
{
    if (!atomic_load_explicit(&lease->lost, memory_order_acquire))
        return false;
    snprintf(why, why_size, "%s", lease->why);
    return true;
}
