/*
 * crash_count.h - CRASH_LOOP's count: times of an account's crashes, the newest STORE_CRASHES, oldest first; 0: none. Pure.
 */
#ifndef STORE_CRASH_COUNT_H
#define STORE_CRASH_COUNT_H

#include "store/record.h"

#define CRASH_COUNT_NS INT64_C(600000000000) /* STORE_CRASHES of them within this time: safe mode */

/* The oldest is forgotten. */
void crash_count_add(int64_t crash_ns[STORE_CRASHES], int64_t at_ns);
/* Younger than CRASH_COUNT_NS. */
unsigned crash_count_recent(const int64_t crash_ns[STORE_CRASHES], int64_t now_ns);

static inline bool crash_count_is_loop(const int64_t crash_ns[STORE_CRASHES], int64_t now_ns)
{
    return crash_count_recent(crash_ns, now_ns) == STORE_CRASHES;
}

#endif
