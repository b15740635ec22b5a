/*
 * info_fetch.h - exchangeInfo: its URL, and its text read on a helper thread.
 *
 * The whole table of USD-M takes tens of milliseconds to parse: never on the engine's loop. The thread lives
 * for one text; an ev_async wakes the loop when it is done, and info_fetch_take() hands the table over.
 */
#ifndef FEED_INFO_FETCH_H
#define FEED_INFO_FETCH_H

#include "core/base/err.h"
#include "feed/exchange_info.h"
#include "feed/venue_profile.h"

#include <ev.h>

#include <stdbool.h>
#include <stddef.h>

#define INFO_BODY_MAX ((size_t)16 << 20)
#define INFO_URL_MAX  2048

/* The URL that asks for the first of these symbols, as many as fit; returns how many. Futures have no such
 * parameter and give the whole table: then it is all of them. */
size_t info_url(const struct venue_profile *profile, const char *const *symbols, size_t count,
                char out[INFO_URL_MAX]);

struct info_fetch;

/* on_ready comes from the loop. NULL: memory. */
struct info_fetch *info_fetch_new(struct ev_loop *loop, void (*on_ready)(void *arg), void *arg);
void info_fetch_free(struct info_fetch *fetch); /* waits for a text under way; NULL is allowed */
/* Copies the text. ERR_STATE: one is under way. ERR_MEMORY: no memory, no thread. */
enum err info_fetch_parse(struct info_fetch *fetch, const char *text, size_t size);
bool info_fetch_busy(const struct info_fetch *fetch); /* a text is under way, or not taken yet */
struct info_taken {
    enum err err;
    struct exchange_info info; /* of ERR_OK */
    char *text;                /* what was read */
    size_t size;
};
/* True once for each text; then release it. */
bool info_fetch_take(struct info_fetch *fetch, struct info_taken *out);
void info_taken_release(struct info_taken *taken);

#endif
