/*
 * fail_malloc.c - a shim for LD_PRELOAD: the N-th allocation fails (FAIL_MALLOC_AT=N), or every one from there on
 * (FAIL_MALLOC_ON=1 beside it). FAIL_MALLOC_COUNT=FILE: counts, and writes how many there were at the end of the first process.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong count;
static unsigned long fail_at;
static int fail_on;
static const char *count_file;
static pid_t first;

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("FAIL_MALLOC_AT");

    fail_on = getenv("FAIL_MALLOC_ON") != NULL;
    count_file = getenv("FAIL_MALLOC_COUNT");
    first = getpid();
    atomic_store(&count, 0); /* what the loader took is not ours */
    fail_at = at == NULL ? 0 : strtoul(at, NULL, 10);
}

__attribute__((destructor)) static void end(void)
{
    int fd;

    if (count_file == NULL || getpid() != first)
        return;
    fd = open(count_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dprintf(fd, "%lu\n", atomic_load(&count));
    close(fd);
}

static int fails(void)
{
    unsigned long now = atomic_fetch_add(&count, 1) + 1;

    if (fail_at == 0 || now < fail_at || (now > fail_at && !fail_on))
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    return fails() ? NULL : __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size)
{
    return fails() ? NULL : __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *memory = fails() ? NULL : __libc_memalign(alignment, size);

    if (memory == NULL)
        return ENOMEM;
    *out = memory;
    return 0;
}
