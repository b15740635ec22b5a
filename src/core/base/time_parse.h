/* time_parse.h - a time as it is typed, on the command line and at the prompt. Pure. */
#ifndef CORE_BASE_TIME_PARSE_H
#define CORE_BASE_TIME_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#define TIME_PARSE_DAY_NS INT64_C(86400000000000)

/*
 * "14:07", "14:07:32": nanoseconds of a day, below TIME_PARSE_DAY_NS; "2026-11-20T14:07", "2026-11-20 14:07:32": event time,
 * UTC, of the years 1971 to 2200. False for all else; *ns is then as it was.
 */
bool time_parse(const char *text, int64_t *ns);
/* ... and "11-20 14:07", which is of the year of of_ns. */
bool time_parse_in_year(const char *text, int64_t of_ns, int64_t *ns);

#endif
