/*
 * scan_expected.h - messages in exactly the layout in which the venue writes them today.
 *
 * Part of the hot scanner: tried first on what an envelope holds. Literal text between the values is
 * compared, not parsed, which halves the cost of small messages; anything else (another order, a new
 * key, a space) is left to the tolerant scanner, so that a change at the venue costs time and nothing else.
 */
#ifndef FEED_SCAN_EXPECTED_H
#define FEED_SCAN_EXPECTED_H

#include "feed/wire.h"

/* text stands at the '{' of the message; out->promised and out->stream_symbol are set, out->level_used is 0.
 * Returns the place behind its '}' with all of out settled; NULL: not the expected layout, out half written
 * but for seen, invalid and level_used. */
const char *scan_expected(const char *text, const char *end, struct wire_message *out);

#endif
