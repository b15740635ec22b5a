/* own_use.h - what a process uses: memory that is its own alone, processor time of a thread. */
#ifndef WIRE_OWN_USE_H
#define WIRE_OWN_USE_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* RssAnon of pid (0: this process) in bytes; -1: cannot be told. */
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
    return kilobytes < 0 ? -1 : kilobytes * 1024;
}

static inline int64_t thread_cpu_ns(void)
{
    struct timespec used;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

#endif
