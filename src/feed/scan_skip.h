/*
 * scan_skip.h - values that are none of ours, proved to be JSON and stepped over.
 *
 * Part of the hot scanner (feed/scan.h says what it takes): kind streams, unknown keys. Every key of an
 * object is noted, because jansson refuses a key that comes twice and the two must agree.
 */
#ifndef FEED_SCAN_SKIP_H
#define FEED_SCAN_SKIP_H

#include "feed/scan.h"

void scan_keys_clear(struct scan_keys *keys);
/* False: it came before, or there are too many. */
bool scan_keys_add(struct scan_keys *keys, const char *key, size_t size);

/* "true" and the like, to the place behind it; NULL: something else. */
const char *scan_word(const char *text, const char *end, const char *word, size_t size);
/* Any value, from its first byte to the place behind it; NULL: declined. depth: 0 for a member of the message. */
const char *scan_skip_value(struct scanner *scanner, const char *text, const char *end, unsigned depth);

#endif
