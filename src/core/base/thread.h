/*
 * thread.h - threads of ours. Signals are the main thread's: a thread started here handles none but those of its own
 * faults, which cannot wait for another thread.
 */
#ifndef CORE_BASE_THREAD_H
#define CORE_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* As pthread_create(): 0, or the error. attr may be NULL. */
int thread_start(pthread_t *out, const pthread_attr_t *attr, void *(*run)(void *), void *arg);
/* False: it has not ended within so many seconds, and what it holds is still its own. */
bool thread_join_within(pthread_t thread, int seconds);
/* Of the calling thread, as `top -H` and screen 8 show it; at most 15 bytes count. */
void thread_name(const char *name);

#endif
