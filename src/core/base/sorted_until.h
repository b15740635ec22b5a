/* sorted_until.h - how far a table that is sorted by a time reaches at some moment. */
#ifndef CORE_BASE_SORTED_UNTIL_H
#define CORE_BASE_SORTED_UNTIL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* How many of the rows have a time at or before `at`: first is the first row's, the next one is stride bytes on. */
static inline size_t sorted_until(const int64_t *first, size_t stride, size_t rows, int64_t at)
{
    size_t low = 0, high = rows;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int64_t time;

        memcpy(&time, (const char *)first + middle * stride, sizeof(time));
        if (time <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

#endif
