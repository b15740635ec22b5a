/*
 * triple_buffer.h - the latest whole value from one writer thread to one reader thread.
 *
 * The writer fills triple_buffer_back() and publishes; the reader swaps to the newest
 * published value, if any, and keeps it as long as it likes. Nobody waits; values may be
 * skipped, never torn. Allocates in triple_buffer_new() alone.
 */
#ifndef CORE_BASE_TRIPLE_BUFFER_H
#define CORE_BASE_TRIPLE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct triple_buffer;

struct triple_buffer *triple_buffer_new(size_t value_size); /* values start zeroed */
void triple_buffer_free(struct triple_buffer *buffer);      /* NULL is allowed */

void *triple_buffer_back(struct triple_buffer *buffer);   /* writer: fill this, borrowed until publish */
void triple_buffer_publish(struct triple_buffer *buffer); /* writer */
bool triple_buffer_update(struct triple_buffer *buffer);  /* reader: true if a newer value came */
const void *triple_buffer_front(const struct triple_buffer *buffer); /* reader: the current value */

#endif
