/*
 * scan.h - the hot scanner: JSON text of the five hot kinds straight to a wire message.
 *
 * Way of the data: line or frame -> SCAN -> decoder. No allocation, no copy of text, one pass. Keys in any
 * order, unknown keys of any type skipped, white space where JSON has it. It takes less than JSON: no
 * escapes or non-ASCII bytes in strings, integers up to 16 digits, nesting to SCAN_DEPTH_MAX, no key
 * twice. What it does not take it declines, and jansson decides; what it takes, jansson would read the
 * same way (tests/fuzz/fuzz_scan.c holds the two against each other).
 */
#ifndef FEED_SCAN_H
#define FEED_SCAN_H

#include "feed/wire.h"

#include <stdbool.h>
#include <stddef.h>

#define SCAN_DEPTH_MAX     8  /* nesting inside a value that is skipped */
#define SCAN_LONG_KEYS_MAX 16 /* unknown keys of more than one letter, in one object */

/* Keys of one object that are not fields of ours: kept to notice one that comes twice. */
struct scan_keys {
    uint64_t letters[2]; /* keys of one ASCII character */
    size_t count;
    struct wire_text word[SCAN_LONG_KEYS_MAX];
};

/* Work space, owned by the caller so that nothing is cleared for each message. */
struct scanner {
    struct scan_keys keys;                   /* of the message */
    struct scan_keys nested[SCAN_DEPTH_MAX]; /* of objects being skipped */
};

/* text: size bytes and DECODER_PADDING more that may be read (and mean nothing). out->level is the
 * caller's. True: out is whole, settled, its texts borrowed from text. False: declined. */
bool scan_message(struct scanner *scanner, const char *text, size_t size, struct wire_message *out);

#endif
