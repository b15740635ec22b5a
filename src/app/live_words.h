/*
 * live_words.h - the state of a live feed in words for eyes: what is sick, when it is tried again, why.
 *
 * Pure: live_status in, the live part of view_status out. The important words stand first, since narrow rows cut
 * from the end: what, the next try, the reason.
 */
#ifndef APP_LIVE_WORDS_H
#define APP_LIVE_WORDS_H

#include "feed/live_feed.h"
#include "view/view.h"

/* Fills feed_*, book_why's waiting for a snapshot, weight, clock offset and host of *out. demo is set by the caller
 * before: a market of our own is never told to be tried instead. */
void live_words_fill(const struct live_status *status, int64_t now_ns, struct view_status *out);

/* The reason of a link without the host, which stands beside it: "name not found: ...", "connect: refused". */
void live_words_cause(const char *why, const char *host, char *out, size_t size);

/* The built-in exchange of a demo is gone. */
void live_words_demo_ended(struct view_status *out);

/* The use of the venue's request weight as a row of the risk panel; nothing when it is not known. */
void live_words_weight(const struct view_status *status, struct view_risk *out);

#endif
