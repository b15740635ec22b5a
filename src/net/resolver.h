/*
 * resolver.h - host names to addresses, off the loop's thread.
 *
 * Look-ups run on at most RESOLVER_THREADS_MAX helper threads (started when needed, all signals blocked) and
 * come back on the loop's thread through ev_async. A look-up cannot be stopped: resolver_free() and
 * resolver_cancel() only forget it, and the thread ends by itself when the look-up returns. What threads and
 * loop share is freed by whoever leaves last.
 */
#ifndef NET_RESOLVER_H
#define NET_RESOLVER_H

#include <ev.h>

#include <stdbool.h>
#include <stddef.h>

#define RESOLVER_ADDRESSES_MAX 8
#define RESOLVER_ADDRESS_TEXT  48 /* bytes of a number, NUL included */
#define RESOLVER_THREADS_MAX   4
#define RESOLVER_QUEUE_MAX     64    /* look-ups waiting or under way */
#define RESOLVER_CACHE_MAX     16    /* names */
#define RESOLVER_CACHE_MS      30000 /* good answers only */
#define RESOLVER_PINS_MAX      8
#define RESOLVER_HOST_MAX      128

struct resolver;
struct resolver_job;

struct resolver_answer {
    char address[RESOLVER_ADDRESSES_MAX][RESOLVER_ADDRESS_TEXT]; /* numbers, in the order to try */
    size_t count;
    char error[64]; /* count is 0: why */
};

/* Runs on a helper thread and may block. */
typedef void (*resolver_lookup)(const char *host, struct resolver_answer *answer);
typedef void (*resolver_done)(void *arg, const struct resolver_answer *answer);

struct resolver *resolver_new(struct ev_loop *loop);
void resolver_free(struct resolver *resolver); /* forgets all jobs; NULL is allowed */

/* True: *answer is filled already (number, pin or cache). */
bool resolver_known(struct resolver *resolver, const char *host, struct resolver_answer *answer);
/* done comes once on the loop's thread, never from inside. NULL: queue full or no memory or thread. */
struct resolver_job *resolver_start(struct resolver *resolver, const char *host, resolver_done done,
                                    void *arg);
void resolver_cancel(struct resolver *resolver, struct resolver_job *job); /* done will not come */
void resolver_forget(struct resolver *resolver, const char *host);         /* its addresses did not answer */
bool resolver_pin(struct resolver *resolver, const char *host, const char *address);
void resolver_set_lookup(struct resolver *resolver, resolver_lookup lookup); /* for tests */

#endif
