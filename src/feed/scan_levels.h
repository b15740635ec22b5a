/*
 * scan_levels.h - the arrays [["price","qty"],...] of depth messages, where most of the bytes are.
 *
 * Part of the hot scanner (feed/scan.h); split off because it is a noun of its own and tested so.
 */
#ifndef FEED_SCAN_LEVELS_H
#define FEED_SCAN_LEVELS_H

#include "feed/wire.h"

#include <stddef.h>

/* text stands at '['; reads up to 64 bytes past end without using them. Appends to out[*used], at most up to
 * max, and adds to *used. Returns the place behind the closing ']'; NULL: declined. */
const char *scan_levels(const char *text, const char *end, struct wire_level *out, size_t max, size_t *used);

/* The same in plain C; scan_levels() is it where the machine has no AVX2. Same results to the bit. */
const char *scan_levels_portable(const char *text, const char *end, struct wire_level *out, size_t max,
                                 size_t *used);

#endif
