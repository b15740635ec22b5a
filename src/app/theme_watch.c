#include "app/theme_watch.h"

#include "app/paths.h"
#include "core/base/thread.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)
#define LEAVE_S  2

struct watched {
    char path[PATH_TEXT_MAX];
    struct stat seen;
    bool missing;
};

struct theme_watch {
    int (*look)(const char *path, struct stat *out);
    pthread_t thread;
    pthread_mutex_t mutex; /* never held while the disk is asked */
    pthread_cond_t wake;
    bool stopping, differs;
    unsigned times_set;
    struct watched now;
};

bool theme_watch_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* --- the thread ----------------------------------------------------------------------------------------------- */

static bool is_another(const struct theme_watch *watch, const struct watched *as)
{
    struct stat found;
    bool missing;

    if (as->path[0] == '\0')
        return false;
    missing = watch->look(as->path, &found) != 0;
    return missing != as->missing || (!missing && !theme_watch_same(&found, &as->seen));
}

/* With the mutex. */
static void nap(struct theme_watch *watch)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += THEME_WATCH_MS * 1000000L;
    if (until.tv_nsec >= NS_PER_S) {
        until.tv_nsec -= NS_PER_S;
        until.tv_sec++;
    }
    pthread_cond_timedwait(&watch->wake, &watch->mutex, &until);
}

static void *run(void *arg)
{
    struct theme_watch *watch = arg;
    struct watched as;
    unsigned times;
    bool another;

    thread_name("theme watch");
    pthread_mutex_lock(&watch->mutex);
    while (!watch->stopping) {
        as = watch->now;
        times = watch->times_set;
        pthread_mutex_unlock(&watch->mutex);
        another = is_another(watch, &as);
        pthread_mutex_lock(&watch->mutex);
        if (times == watch->times_set)
            watch->differs |= another;
        if (!watch->stopping)
            nap(watch);
    }
    pthread_mutex_unlock(&watch->mutex);
    return NULL;
}

/* --- life ----------------------------------------------------------------------------------------------------- */

static void release(struct theme_watch *watch)
{
    pthread_cond_destroy(&watch->wake);
    pthread_mutex_destroy(&watch->mutex);
    free(watch);
}

struct theme_watch *theme_watch_start(int (*look)(const char *path, struct stat *out))
{
    struct theme_watch *watch = calloc(1, sizeof(*watch));
    pthread_condattr_t monotonic;

    if (watch == NULL)
        return NULL;
    watch->look = look;
    pthread_mutex_init(&watch->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&watch->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (thread_start(&watch->thread, NULL, run, watch) == 0)
        return watch;
    release(watch);
    return NULL;
}

void theme_watch_stop(struct theme_watch *watch)
{
    if (watch == NULL)
        return;
    pthread_mutex_lock(&watch->mutex);
    watch->stopping = true;
    pthread_cond_signal(&watch->wake);
    pthread_mutex_unlock(&watch->mutex);
    if (thread_join_within(watch->thread, LEAVE_S))
        release(watch); /* else its thread goes on with what it holds */
}

void theme_watch_set(struct theme_watch *watch, const char *path, const struct stat *seen, bool missing)
{
    pthread_mutex_lock(&watch->mutex);
    snprintf(watch->now.path, sizeof(watch->now.path), "%s", path);
    watch->now.seen = *seen;
    watch->now.missing = missing;
    watch->differs = false;
    watch->times_set++;
    pthread_mutex_unlock(&watch->mutex);
}

bool theme_watch_differs(struct theme_watch *watch)
{
    bool differs;

    pthread_mutex_lock(&watch->mutex);
    differs = watch->differs;
    pthread_mutex_unlock(&watch->mutex);
    return differs;
}
