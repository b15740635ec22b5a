#include "feed/info_fetch.h"

#include "core/base/thread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the URL ------------------------------------------------------------------------------------------------ */

size_t info_url(const struct venue_profile *profile, const char *const *symbols, size_t count,
                char out[INFO_URL_MAX])
{
    size_t used =
        (size_t)snprintf(out, INFO_URL_MAX, "%s%s/exchangeInfo", profile->rest_url, profile->rest_path);
    size_t taken;

    if (profile->venue != VENUE_BINANCE_SPOT)
        return count;
    used += (size_t)snprintf(out + used, INFO_URL_MAX - used, "?symbols=%%5B");
    for (taken = 0; taken < count; taken++) { /* ["A","B"], percent-encoded; symbols are letters and digits */
        if (used + strlen(symbols[taken]) + sizeof("%2C%22%22%5D") > INFO_URL_MAX)
            break;
        used += (size_t)snprintf(out + used, INFO_URL_MAX - used, "%s%%22%s%%22", taken > 0 ? "%2C" : "",
                                 symbols[taken]);
    }
    snprintf(out + used, INFO_URL_MAX - used, "%%5D");
    return taken;
}

/* --- the helper --------------------------------------------------------------------------------------------- */

struct info_fetch {
    struct ev_loop *loop;
    ev_async wake;
    void (*on_ready)(void *arg);
    void *arg;
    bool running; /* a thread is there to be joined */
    pthread_t thread;
    atomic_bool done;
    char *text;
    size_t size;
    enum err err; /* the thread's, until done */
    struct exchange_info info;
};

static void *parse(void *arg)
{
    struct info_fetch *fetch = arg;

    thread_name("exchangeInfo");
    fetch->err = exchange_info_parse_text(fetch->text, fetch->size, &fetch->info);
    atomic_store_explicit(&fetch->done, true, memory_order_release);
    ev_async_send(fetch->loop, &fetch->wake);
    return NULL;
}

static void on_wake(struct ev_loop *loop, ev_async *wake, int events)
{
    struct info_fetch *fetch = wake->data;

    (void)loop;
    (void)events;
    fetch->on_ready(fetch->arg);
}

struct info_fetch *info_fetch_new(struct ev_loop *loop, void (*on_ready)(void *arg), void *arg)
{
    struct info_fetch *fetch = calloc(1, sizeof(*fetch));

    if (fetch == NULL)
        return NULL;
    fetch->loop = loop;
    fetch->on_ready = on_ready;
    fetch->arg = arg;
    ev_async_init(&fetch->wake, on_wake);
    fetch->wake.data = fetch;
    ev_async_start(loop, &fetch->wake);
    ev_unref(loop); /* waiting for nothing keeps no loop alive */
    return fetch;
}

void info_fetch_free(struct info_fetch *fetch)
{
    if (fetch == NULL)
        return;
    if (fetch->running) {
        pthread_join(fetch->thread, NULL);
        free(fetch->text);
        exchange_info_release(&fetch->info); /* empty unless it was read */
    }
    ev_ref(fetch->loop);
    ev_async_stop(fetch->loop, &fetch->wake);
    free(fetch);
}

enum err info_fetch_parse(struct info_fetch *fetch, const char *text, size_t size)
{
    if (fetch->running)
        return ERR_STATE;
    fetch->text = malloc(size + 1);
    if (fetch->text == NULL)
        return ERR_MEMORY;
    memcpy(fetch->text, text, size);
    fetch->text[size] = '\0';
    fetch->size = size;
    fetch->info = (struct exchange_info){.symbol = NULL};
    atomic_store(&fetch->done, false);
    fetch->running = thread_start(&fetch->thread, NULL, parse, fetch) == 0;
    if (fetch->running)
        return ERR_OK;
    free(fetch->text);
    return ERR_MEMORY;
}

bool info_fetch_busy(const struct info_fetch *fetch)
{
    return fetch->running;
}

bool info_fetch_take(struct info_fetch *fetch, struct info_taken *out)
{
    if (!fetch->running || !atomic_load_explicit(&fetch->done, memory_order_acquire))
        return false;
    pthread_join(fetch->thread, NULL); /* it has nothing left to do but wake us */
    fetch->running = false;
    *out = (struct info_taken){fetch->err, fetch->info, fetch->text, fetch->size};
    fetch->text = NULL;
    return true;
}

void info_taken_release(struct info_taken *taken)
{
    exchange_info_release(&taken->info);
    free(taken->text);
    taken->text = NULL;
}
