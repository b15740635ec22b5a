/*
 * overlap.h - one instrument's messages while two connections carry them: which of them are news. Pure.
 *
 * Depth comes from the old connection until an update of the new one connects to what was taken last: from then
 * on the new one alone is listened to, and it delivers all that is missing, because it covers everything from
 * there. Connects:
 *   spot     U <= last + 1, whatever its u: at most it lags, and repeats what has come already
 *   futures  pu == last, or its u is one of the newest u taken (both cut alike, and it lags)
 * An update of the new connection that is ahead is held until the old one has caught up with it. If the two
 * never join (they cut their updates differently), overlap_force() switches all the same and the book resyncs.
 *
 * Trades go by id: the new connection is listened to once it has shown an id that is not beyond the next one (those
 * beyond are held); then whoever is first. Quotes, mark prices and liquidations: whoever is first.
 */
#ifndef FEED_OVERLAP_H
#define FEED_OVERLAP_H

#include "core/domain/market_event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OVERLAP_RECENT 16 /* newest u of the old connection */

enum overlap_choice { OVERLAP_TAKE, OVERLAP_DROP, OVERLAP_HOLD };

struct overlap {
    unsigned repeats; /* kinds of which the new connection alone still repeats what came by the old one */
    bool active;      /* two connections */
    bool futures;
    bool depth_wanted;   /* this pair of connections carries depth */
    bool depth_switched; /* the new one is listened to */
    bool depth_came;     /* the old one brought depth since the start */
    uint64_t depth_last; /* u taken last; 0: none */
    uint64_t recent[OVERLAP_RECENT];
    uint32_t recent_next;
    bool trades_joined;
    uint64_t trade_last, trade_ahead; /* ahead: largest id of the new one that was held */
    uint64_t quote_last;
    int64_t mark_last_ms, liquidation_last_ms;
};

void overlap_init(struct overlap *overlap, bool futures);
void overlap_begin(struct overlap *overlap, bool depth_wanted); /* again: the new connection was lost */
/* The old connection is gone. What the new one then still repeats, because it lags, is left out until its first
 * news of each kind. */
void overlap_end(struct overlap *overlap);
void overlap_lost(struct overlap *overlap); /* the one connection was lost: whatever comes next is news */
/* True: depth had not joined though it was there to be joined. */
bool overlap_force(struct overlap *overlap);
bool overlap_settled(const struct overlap *overlap); /* the old connection is not needed any more */

enum overlap_choice overlap_depth(struct overlap *overlap, bool from_new, const struct depth_update *update);
enum overlap_choice overlap_trade(struct overlap *overlap, bool from_new, uint64_t id);
enum overlap_choice overlap_quote(struct overlap *overlap, uint64_t update_id);
enum overlap_choice overlap_mark(struct overlap *overlap, int64_t venue_ms);
enum overlap_choice overlap_liquidation(struct overlap *overlap, int64_t venue_ms);

/*
 * Texts of the new connection that are ahead: kept as they came and decoded again when their turn comes, so that
 * a recorder sees them in that order too. A lane is a queue of its own for each symbol. One hold for a feed; one
 * allocation, touched as used.
 */
#define HOLD_TEXTS_MAX 1024
#define HOLD_BYTES_MAX ((size_t)1 << 20)

struct text_hold;

struct held_text {
    uint16_t symbol, lane;
    const char *text; /* size bytes, padded as the decoder needs it */
    size_t size;
    int64_t recv_ns;
};

struct text_hold *text_hold_new(void); /* NULL: memory */
void text_hold_free(struct text_hold *hold);
/* Copies. False: full; then its whole queue is dropped with it, for a queue with a hole in it is of no use. */
bool text_hold_push(struct text_hold *hold, const struct held_text *text);
/* The oldest of this queue; false: none. Borrowed until the next push. */
bool text_hold_front(const struct text_hold *hold, uint16_t symbol, uint16_t lane, struct held_text *out);
void text_hold_pop(struct text_hold *hold, uint16_t symbol, uint16_t lane);
void text_hold_clear(struct text_hold *hold, uint16_t lane); /* of every symbol */

#endif
