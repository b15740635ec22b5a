/*
 * market_state.h - all that the engine knows of one instrument: book and its continuity, tape, candles,
 * signals, positions. One heap block each, made when the instrument is first heard of, kept to the end.
 */
#ifndef APP_MARKET_STATE_H
#define APP_MARKET_STATE_H

#include "app/book_audit.h"
#include "app/ticker_check.h"
#include "app/warm_up.h"
#include "core/domain/instrument.h"
#include "core/domain/intent.h"
#include "core/domain/market_ref.h"
#include "core/domain/position.h"
#include "core/market/candles.h"
#include "core/market/order_book.h"
#include "core/market/tape.h"
#include "core/signal/signals.h"
#include "feed/book_sync.h"
#include "risk/gaps.h"

#include <stdbool.h>
#include <stdint.h>

struct crossing { /* of a book that is LIVE: bid >= ask after this many updates in a row, since then */
    uint32_t events;
    int64_t since_ns;
};

struct forced_orders {
    uint64_t count;
    struct liquidation last; /* valid when count > 0 */
    int64_t told_ns;         /* of the last line about them */
    uint64_t told_count;
};

struct audit_counts {
    uint64_t agreed, differed, undecided;
    int64_t last_ns; /* of the last that was decided; 0: none */
};

struct
    close_wanted { /* a flatten that waits until the venue has said that what rested here is gone; a reverse for its end */
    uint32_t seq; /* of its command, as is screen */
    uint8_t screen;
    bool sent;           /* the close itself; what is waited for is that nothing is left */
    int64_t worst_ticks; /* 0: by COLLAR */
    int64_t until_ns;    /* tried then whatever still rests: the gate judges it */
    int64_t other_lots;  /* of a reverse: the position that follows, signed; 0: a flatten */
    char by[24];
};

struct worst_of_second { /* the worst value of the last whole or running second of event time */
    int64_t second, running, shown;
};

struct market_state {
    const struct instrument *instrument; /* the feed's, current */
    struct order_book *book;
    struct book_sync *sync;
    struct tape *tape;
    struct candles *candles;
    struct signals *signals;
    struct warm_up *warm_up;
    struct ticker_check ticker;
    struct position total; /* all owners together */
    struct position owned[OWNERS_MAX];
    struct position
        day_start[OWNERS_MAX + 1]; /* at 00:00 UTC, the last one of all; cost_e8: unrealised then */
    enum book_state book_state;    /* as last told to people */
    bool trading;                  /* likewise */
    char stale_why[128]; /* why the book is not LIVE, one line: "gap after 12, came 15"; "": it never was */
    int64_t stale_ns;    /* since when a book that was LIVE is not; 0: it is, or never was; -1: rung */
    struct crossing crossing;
    struct book_audit *audit; /* live only, else NULL */
    struct audit_counts audits;
    struct mark_price mark; /* of the venue; recv_ns 0: none yet */
    struct forced_orders forced;
    int64_t behind_ns; /* live: how late the newest update came, beyond doubt; 0: in time */
    int64_t book_ns;   /* event time of the last event of the book; 0: none */
    uint64_t crossed;  /* applied events after which bid >= ask */
    bool is_crossed;
    bool book_seen;                            /* a snapshot was loaded once */
    int64_t mark_ticks[SIDE_COUNT];            /* last known best, for marks when a side empties */
    int64_t known_low_ticks, known_high_ticks; /* horizon of the last snapshot; 0: none */
    bool is_cut[SIDE_COUNT];                   /* it had as many levels as was asked for: there may be more */
    struct worst_of_second age_ns, lag_ms;
    struct risk_gaps gaps;    /* between events of the book */
    int64_t owners_marked_ns; /* when the strategies' losses of the day were last looked at on its events */
    int64_t gap_from_ns, gaps_asked_ns;
    int64_t stale_ms;                        /* STALE_BOOK's limit by its own gaps; 0: the configured one */
    int64_t trip_base_e8[OWNERS_MAX];        /* earned when the owner was last flat here */
    int64_t candle_told_ms, signals_told_ns; /* newest samples that the store has */
    struct close_wanted close;               /* while pipeline->closing has its bit */
    uint64_t book_events_told; /* of the signals' book events: how many the strategies have heard of */
};

/* NULL when memory is short. */
struct market_state *market_state_new(const struct instrument *instrument,
                                      const struct signal_params *params);
void market_state_free(struct market_state *market); /* NULL is allowed */
void market_state_rescale(struct market_state *market, struct step_change change);

struct market_ref market_state_ref(const struct market_state *market, int64_t now_ns);
/* Price that would close the position: best bid for a long, best ask for a short; 0 when flat or unknown. */
int64_t market_state_mark(const struct market_state *market, int64_t lots);
/* The book's best prices and sizes as a quote of that id; 0 on an empty side. */
struct ticker_best market_state_best(const struct market_state *market, uint64_t update_id);
/* Remembers best prices, horizon and crossing after the book changed. */
void market_state_book_changed(struct market_state *market, int64_t now_ns);
/* Does the best price lie within what the last snapshot knew, so that nothing better can be hidden from us? */
bool market_state_knows_best(const struct market_state *market, enum side side);
void worst_of_second_add(struct worst_of_second *worst, int64_t now_ns, int64_t value);

#endif
