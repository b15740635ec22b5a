#include "store/crash_count.h"

#include <string.h>

void crash_count_add(int64_t crash_ns[STORE_CRASHES], int64_t at_ns)
{
    memmove(crash_ns, crash_ns + 1, (STORE_CRASHES - 1) * sizeof(crash_ns[0]));
    crash_ns[STORE_CRASHES - 1] = at_ns;
}

unsigned crash_count_recent(const int64_t crash_ns[STORE_CRASHES], int64_t now_ns)
{
    unsigned recent = 0;

    for (size_t i = 0; i < STORE_CRASHES; i++)
        recent += crash_ns[i] != 0 && now_ns - crash_ns[i] < CRASH_COUNT_NS;
    return recent;
}
