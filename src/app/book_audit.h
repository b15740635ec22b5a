/*
 * book_audit.h - is a LIVE book what the venue says it is? A fresh snapshot against the book, level by level.
 *
 * The snapshot's id and the book's seldom meet, so the updates of the last seconds are kept: a level that no update
 * with an id above the snapshot's has touched must be equal in both. Levels that were touched since are left out,
 * and so is all beyond the horizon of either. A snapshot ahead of the book waits for it; one older than the kept
 * updates is undecided, never a guess. Allocates in book_audit_new() alone; memory is touched as used.
 */
#ifndef APP_BOOK_AUDIT_H
#define APP_BOOK_AUDIT_H

#include "core/domain/instrument.h"
#include "core/domain/market_event.h"
#include "core/market/order_book.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOOK_AUDIT_UPDATES_MAX  64    /* 6 s of a stream of 100 ms */
#define BOOK_AUDIT_LEVELS_MAX   8192  /* of those updates, both sides */
#define BOOK_AUDIT_SNAPSHOT_MAX 32768 /* levels of the snapshot, both sides */

enum audit_result {
    AUDIT_WAITS, /* nothing to decide yet */
    AUDIT_AGREES,
    AUDIT_DIFFERS,
    AUDIT_UNDECIDED /* too old, too long, or the book was lost while it waited */
};

struct audit_difference { /* the first in order of bids from the best, asks from the best */
    enum side side;
    int64_t price_ticks, book_lots, venue_lots;
};

struct book_audit;

struct book_audit *book_audit_new(void); /* NULL: memory */
void book_audit_free(struct book_audit *audit);
void book_audit_rescale(struct book_audit *audit, struct step_change change);

/* The book was loaded from a snapshot of this id: what was kept before is of no use. */
void book_audit_loaded(struct book_audit *audit, uint64_t id);
/* This update is in the book now. */
void book_audit_applied(struct book_audit *audit, const struct depth_update *update);
/* A fresh snapshot, copied; it takes the place of one that waits. UNDECIDED: not taken, or the other was given up. */
enum audit_result book_audit_take(struct book_audit *audit, const struct depth_snapshot *snapshot);
/* The book is not LIVE any more. UNDECIDED: a snapshot waited. */
enum audit_result book_audit_lost(struct book_audit *audit);
/* Decides if a snapshot waits and the book has reached its id. known_low and known_high: the book's own horizon, 0
 * where it has none. *out is set when they differ. */
enum audit_result book_audit_decide(struct book_audit *audit, const struct order_book *book, uint64_t book_id,
                                    int64_t known_low_ticks, int64_t known_high_ticks,
                                    struct audit_difference *out);

#endif
