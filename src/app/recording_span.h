/*
 * recording_span.h - when a recording begins and ends, found by reading it through on a thread of its own: a
 * compressed file tells it no sooner. The screen plays meanwhile and says that the end is not known yet.
 */
#ifndef APP_RECORDING_SPAN_H
#define APP_RECORDING_SPAN_H

#include <stddef.h>
#include <stdint.h>

struct recording_span;

/* Starts to read. The paths are borrowed until the end. NULL: no memory or no thread, and the end stays unknown. */
struct recording_span *recording_span_start(const char *const *paths, size_t path_count);
/* Time of the latest line, any thread; 0: not known, yet or at all. NULL is allowed. */
int64_t recording_span_last_ns(const struct recording_span *span);
void recording_span_stop(struct recording_span *span); /* NULL is allowed; joins */

#endif
