/* own_use.h - what a process uses: memory that is its own alone, processor time of a thread. */
#ifndef WIRE_OWN_USE_H
#define WIRE_OWN_USE_H

#include "unit/cmocka_all.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* A sanitizer keeps what was freed and touches what was only promised: bounds of memory are not for its builds. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEMORY_IS_PLAIN false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MEMORY_IS_PLAIN false
#else
#define MEMORY_IS_PLAIN true
#endif
#else
#define MEMORY_IS_PLAIN true
#endif

/* RssAnon of pid (0: this process) in bytes. */
static inline int64_t memory_anonymous_bytes(int pid)
{
    char path[64], line[256];
    int64_t kilobytes = -1;
    FILE *file;

    snprintf(path, sizeof(path), pid == 0 ? "/proc/self/status" : "/proc/%d/status", pid);
    file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        if (sscanf(line, "RssAnon: %" SCNd64, &kilobytes) == 1)
            break;
    if (file != NULL)
        fclose(file);
    assert_true(kilobytes >= 0);
    return kilobytes * 1024;
}

/* Of bytes, in a build in which that can be told. */
static inline bool memory_within(int64_t bytes, int64_t most)
{
    return !MEMORY_IS_PLAIN || bytes <= most;
}

static inline int64_t thread_cpu_ns(void)
{
    struct timespec used;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

#endif
