#include "net/resolver.h"

#include "core/base/clock.h"
#include "core/base/thread.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define THREAD_STACK ((size_t)256 << 10)

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_DONE };

struct resolver_job {
    struct resolver_job *next;
    enum job_state state;
    char host[RESOLVER_HOST_MAX];
    struct resolver_answer answer;
    resolver_lookup lookup;
    resolver_done done; /* loop's thread only, NULL: cancelled */
    void *arg;
};

/* What loop and helper threads share; the lock is never held while a look-up runs. */
struct shared {
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct ev_loop *loop;
    ev_async wake;
    bool closing;
    unsigned users; /* threads, and the resolver */
    unsigned threads, idle;
    size_t job_count;
    struct resolver_job *jobs; /* all that are not handed back, oldest first */
};

struct known {
    char host[RESOLVER_HOST_MAX];
    struct resolver_answer answer;
    int64_t until_ns; /* monotonic */
};

struct resolver {
    struct shared *shared;
    resolver_lookup lookup;
    struct known cache[RESOLVER_CACHE_MAX], pin[RESOLVER_PINS_MAX];
};

static void free_jobs(struct resolver_job *job)
{
    while (job != NULL) {
        struct resolver_job *next = job->next;

        free(job);
        job = next;
    }
}

/* Called with the lock held; unlocks. */
static void leave(struct shared *shared)
{
    bool last = --shared->users == 0;

    pthread_mutex_unlock(&shared->lock);
    if (!last)
        return;
    free_jobs(shared->jobs);
    pthread_cond_destroy(&shared->work);
    pthread_mutex_destroy(&shared->lock);
    free(shared);
}

static void add_address(const struct addrinfo *info, struct resolver_answer *answer)
{
    char *text = answer->address[answer->count];
    const void *number;

    if (info->ai_family == AF_INET)
        number = &((const struct sockaddr_in *)(const void *)info->ai_addr)->sin_addr;
    else if (info->ai_family == AF_INET6)
        number = &((const struct sockaddr_in6 *)(const void *)info->ai_addr)->sin6_addr;
    else
        return;
    if (inet_ntop(info->ai_family, number, text, RESOLVER_ADDRESS_TEXT) != NULL)
        answer->count++;
}

static void system_lookup(const char *host, struct resolver_answer *answer)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *list = NULL;
    int code = getaddrinfo(host, NULL, &hints, &list);

    if (code != 0) {
        snprintf(answer->error, sizeof(answer->error), "%s", gai_strerror(code));
        return;
    }
    for (struct addrinfo *info = list; info != NULL && answer->count < RESOLVER_ADDRESSES_MAX;
         info = info->ai_next)
        add_address(info, answer);
    freeaddrinfo(list);
    if (answer->count == 0)
        snprintf(answer->error, sizeof(answer->error), "no address");
}

static struct resolver_job *next_waiting(struct shared *shared)
{
    struct resolver_job *job = shared->jobs;

    while (job != NULL && job->state != JOB_WAITING)
        job = job->next;
    return job;
}

static void *run(void *arg)
{
    struct shared *shared = arg;

    thread_name("names");
    pthread_mutex_lock(&shared->lock);
    while (!shared->closing) {
        struct resolver_job *job = next_waiting(shared);
        struct resolver_answer answer = {.count = 0};

        if (job == NULL) {
            shared->idle++;
            pthread_cond_wait(&shared->work, &shared->lock);
            shared->idle--;
            continue;
        }
        /* Nobody frees a running job but this thread or, after it left, the last user. */
        job->state = JOB_RUNNING;
        pthread_mutex_unlock(&shared->lock);
        job->lookup(job->host, &answer);
        pthread_mutex_lock(&shared->lock);
        job->answer = answer;
        job->state = JOB_DONE;
        if (!shared->closing)
            ev_async_send(shared->loop, &shared->wake);
    }
    shared->threads--;
    leave(shared);
    return NULL;
}

static bool start_thread(struct shared *shared)
{
    pthread_attr_t attr;
    pthread_t thread;
    int failed;

    if (pthread_attr_init(&attr) != 0)
        return false;
    pthread_attr_setstacksize(&attr, THREAD_STACK);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    failed = thread_start(&thread, &attr, run, shared);
    pthread_attr_destroy(&attr);
    if (failed)
        return false;
    shared->users++;
    shared->threads++;
    return true;
}

static unsigned count_waiting(const struct shared *shared)
{
    unsigned count = 0;

    for (const struct resolver_job *job = shared->jobs; job != NULL; job = job->next)
        count += job->state == JOB_WAITING;
    return count;
}

static struct resolver_job *take_done(struct shared *shared)
{
    struct resolver_job **link = &shared->jobs, *job;

    while (*link != NULL && (*link)->state != JOB_DONE)
        link = &(*link)->next;
    job = *link;
    if (job != NULL) {
        *link = job->next;
        shared->job_count--;
    }
    return job;
}

static void remember(struct known *table, size_t count, const char *host,
                     const struct resolver_answer *answer, int64_t until_ns)
{
    struct known *slot = &table[0];

    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].host, host) == 0) {
            slot = &table[i];
            break;
        }
        if (table[i].until_ns < slot->until_ns)
            slot = &table[i];
    }
    snprintf(slot->host, sizeof(slot->host), "%s", host);
    slot->answer = *answer;
    slot->until_ns = until_ns;
}

/* ev_async: hand back what is done. A callback may start, cancel or forget, but not free the resolver. */
static void on_wake(struct ev_loop *loop, ev_async *wake, int revents)
{
    struct resolver *resolver = wake->data;
    struct shared *shared = resolver->shared;
    struct resolver_job *job;

    (void)loop;
    (void)revents;
    for (;;) {
        pthread_mutex_lock(&shared->lock);
        job = take_done(shared);
        pthread_mutex_unlock(&shared->lock);
        if (job == NULL)
            return;
        if (job->answer.count > 0)
            remember(resolver->cache, RESOLVER_CACHE_MAX, job->host, &job->answer,
                     clock_monotonic_ns() + (int64_t)RESOLVER_CACHE_MS * 1000000);
        if (job->done != NULL)
            job->done(job->arg, &job->answer);
        free(job);
    }
}

struct resolver *resolver_new(struct ev_loop *loop)
{
    struct resolver *resolver = calloc(1, sizeof(*resolver));
    struct shared *shared = calloc(1, sizeof(*shared));

    if (resolver == NULL || shared == NULL) {
        free(resolver);
        free(shared);
        return NULL;
    }
    pthread_mutex_init(&shared->lock, NULL);
    pthread_cond_init(&shared->work, NULL);
    shared->users = 1;
    shared->loop = loop;
    resolver->shared = shared;
    resolver->lookup = system_lookup;
    ev_async_init(&shared->wake, on_wake);
    shared->wake.data = resolver;
    ev_async_start(loop, &shared->wake);
    return resolver;
}

void resolver_free(struct resolver *resolver)
{
    struct shared *shared;

    if (resolver == NULL)
        return;
    shared = resolver->shared;
    ev_async_stop(shared->loop, &shared->wake);
    pthread_mutex_lock(&shared->lock);
    shared->closing = true;
    pthread_cond_broadcast(&shared->work);
    leave(shared);
    free(resolver);
}

static bool find(const struct known *table, size_t count, const char *host, int64_t now_ns,
                 struct resolver_answer *answer)
{
    for (size_t i = 0; i < count; i++)
        if (table[i].until_ns > now_ns && strcmp(table[i].host, host) == 0) {
            *answer = table[i].answer;
            return true;
        }
    return false;
}

bool resolver_known(struct resolver *resolver, const char *host, struct resolver_answer *answer)
{
    int64_t now_ns = clock_monotonic_ns();
    unsigned char number[sizeof(struct in6_addr)];

    memset(answer, 0, sizeof(*answer));
    if (find(resolver->pin, RESOLVER_PINS_MAX, host, now_ns, answer))
        return true;
    if (inet_pton(AF_INET, host, number) == 1) {
        snprintf(answer->address[0], RESOLVER_ADDRESS_TEXT, "%s", host);
        answer->count = 1;
        return true;
    }
    return find(resolver->cache, RESOLVER_CACHE_MAX, host, now_ns, answer);
}

struct resolver_job *resolver_start(struct resolver *resolver, const char *host, resolver_done done,
                                    void *arg)
{
    struct shared *shared = resolver->shared;
    struct resolver_job *job = calloc(1, sizeof(*job)), **link;
    bool ready;

    if (job == NULL || strlen(host) >= sizeof(job->host)) {
        free(job);
        return NULL;
    }
    snprintf(job->host, sizeof(job->host), "%s", host);
    job->lookup = resolver->lookup;
    job->done = done;
    job->arg = arg;
    pthread_mutex_lock(&shared->lock);
    ready = shared->job_count < RESOLVER_QUEUE_MAX;
    if (ready && count_waiting(shared) >= shared->idle && shared->threads < RESOLVER_THREADS_MAX)
        ready = start_thread(shared) || shared->threads > 0;
    if (ready) {
        for (link = &shared->jobs; *link != NULL;)
            link = &(*link)->next;
        *link = job;
        shared->job_count++;
        pthread_cond_signal(&shared->work);
    }
    pthread_mutex_unlock(&shared->lock);
    if (ready)
        return job;
    free(job);
    return NULL;
}

void resolver_cancel(struct resolver *resolver, struct resolver_job *job)
{
    struct shared *shared = resolver->shared;
    struct resolver_job **link;

    job->done = NULL;
    pthread_mutex_lock(&shared->lock);
    if (job->state == JOB_WAITING) { /* no thread has it: it need not run */
        for (link = &shared->jobs; *link != job;)
            link = &(*link)->next;
        *link = job->next;
        shared->job_count--;
        free(job);
    }
    pthread_mutex_unlock(&shared->lock);
}

void resolver_forget(struct resolver *resolver, const char *host)
{
    for (size_t i = 0; i < RESOLVER_CACHE_MAX; i++)
        if (strcmp(resolver->cache[i].host, host) == 0)
            memset(&resolver->cache[i], 0, sizeof(resolver->cache[i]));
}

bool resolver_pin(struct resolver *resolver, const char *host, const char *address)
{
    struct resolver_answer answer = {.count = 1};
    unsigned char number[sizeof(struct in6_addr)];
    struct known *slot = NULL;

    if (strlen(host) >= RESOLVER_HOST_MAX ||
        (inet_pton(AF_INET, address, number) != 1 && inet_pton(AF_INET6, address, number) != 1))
        return false;
    for (size_t i = 0; i < RESOLVER_PINS_MAX; i++) {
        if (strcasecmp(resolver->pin[i].host, host) == 0) {
            slot = &resolver->pin[i];
            break;
        }
        if (slot == NULL && resolver->pin[i].host[0] == '\0')
            slot = &resolver->pin[i];
    }
    if (slot == NULL)
        return false;
    snprintf(answer.address[0], RESOLVER_ADDRESS_TEXT, "%s", address);
    snprintf(slot->host, sizeof(slot->host), "%s", host);
    for (char *c = slot->host; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    slot->answer = answer;
    slot->until_ns = INT64_MAX;
    return true;
}

void resolver_set_lookup(struct resolver *resolver, resolver_lookup lookup)
{
    resolver->lookup = lookup;
}
