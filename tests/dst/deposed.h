/*
 * deposed.h - an old leader that goes on beside the new one, for a while: it has its engine, its lease, what its sockets
 * held, and a trader who does not know. No order of it may leave (I20); it may cancel.
 */
#ifndef DST_DEPOSED_H
#define DST_DEPOSED_H

#include "app/lease_gate.h"
#include "feed/decoder.h"

#include <stdbool.h>
#include <stdint.h>

struct world;
struct pipeline;
struct deposed;

/* The world's pipeline and what is on its way to it. */
struct deposed *deposed_new(struct world *world, int64_t resume_ns, struct lease_sight sight);
void deposed_free(struct deposed *deposed);                                      /* NULL is allowed */
bool deposed_is(const struct deposed *deposed, const struct pipeline *pipeline); /* likewise */
/* Owns the event. */
void deposed_hear(struct deposed *deposed, struct world *world, struct feed_event *event);
/* False: it has ended and is freed. */
bool deposed_turn(struct deposed *deposed, struct world *world);

#endif
