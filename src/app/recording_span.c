#include "app/recording_span.h"

#include "core/base/thread.h"
#include "feed/replay.h"

#include <stdlib.h>

struct recording_span {
    const char *const *paths;
    size_t path_count;
    pthread_t thread;
    atomic_bool stopping;
    _Atomic int64_t last_ns;
};

static void *run(void *arg)
{
    struct recording_span *span = arg;
    struct replay_span found;

    thread_name("span");
    if (replay_scan(span->paths, span->path_count, &span->stopping, &found))
        atomic_store_explicit(&span->last_ns, found.last_ns, memory_order_relaxed);
    return NULL;
}

struct recording_span *recording_span_start(const char *const *paths, size_t path_count)
{
    struct recording_span *span = calloc(1, sizeof(*span));

    if (span == NULL)
        return NULL;
    span->paths = paths;
    span->path_count = path_count;
    atomic_init(&span->stopping, false);
    atomic_init(&span->last_ns, 0);
    if (thread_start(&span->thread, NULL, run, span) == 0)
        return span;
    free(span);
    return NULL;
}

int64_t recording_span_last_ns(const struct recording_span *span)
{
    return span == NULL ? 0 : atomic_load_explicit(&span->last_ns, memory_order_relaxed);
}

void recording_span_stop(struct recording_span *span)
{
    if (span == NULL)
        return;
    atomic_store_explicit(&span->stopping, true, memory_order_relaxed);
    pthread_join(span->thread, NULL);
    free(span);
}
