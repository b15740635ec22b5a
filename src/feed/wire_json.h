/*
 * wire_json.h - the same wire message through jansson: slow, complete, the judge of what JSON is.
 *
 * Fallback of the hot scanner and reader of all rare messages. Duplicate keys, NUL bytes, invalid UTF-8
 * and nesting beyond jansson's 2048 are refused. Numbers of any size are taken, as null where they are
 * beyond 64 bits: only a key that is not ours may have one.
 */
#ifndef FEED_WIRE_JSON_H
#define FEED_WIRE_JSON_H

#include "core/base/err.h"
#include "feed/wire.h"

#include <jansson.h>

#define WIRE_WHY_SIZE 192

/* Reads text into *out, whose level array is the caller's. On ERR_OK *root holds what out's texts point
 * into, and *data the message inside an envelope (borrowed from root): json_decref(*root) when done.
 * Else why holds one line of safe text and *root is NULL. */
enum err wire_json_read(const char *text, size_t size, struct wire_message *out, json_t **root, json_t **data,
                        char why[WIRE_WHY_SIZE]);

/* Any JSON text, with those numbers as null. NULL: *at says why. No state is shared. */
json_t *wire_json_load(const char *text, size_t size, json_error_t *at);

#endif
