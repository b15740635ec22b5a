/*
 * count_allocations.h - counts every allocation of the process, ours and the libraries', by standing before malloc.
 * Include it in one file of a program.
 */
#ifndef BENCH_COUNT_ALLOCATIONS_H
#define BENCH_COUNT_ALLOCATIONS_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

static uint64_t allocations;

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    allocations++;
    return __libc_realloc(memory, size);
}

#endif
