/*
 * decoder.h - wire text -> market events, for replay now and sockets later.
 *
 * Way of the data: line or frame -> hot scanner (feed/scan.h), else jansson (counted) -> instrument and
 * steps (feed/steps.h) -> struct feed_event in ticks and lots. One message yields up to four events:
 * a new instrument, a step change, the message itself.
 *
 * Takes combined envelopes {"stream":..,"data":..} and raw messages; fields by key in any order; unknown
 * keys ignored. A snapshot is bare in a file of one instrument, else "<symbol>@snapshot"; exchangeInfo is
 * "!exchangeInfo". Spot and futures are told apart by what messages carry (pu, X, e/T in bookTicker, M).
 * No allocation after decoder_new() on the hot kinds.
 *
 * Steps: exchangeInfo's, else those of config/instruments.yaml, else derived from what was seen; in each
 * case made finer as soon as a price or quantity needs it. When FEED_STEPS comes out, the instrument
 * already carries the new steps. A step that only zeros were seen of stands at 1.00 until it is known; its
 * FEED_STEPS then has factors of 1.
 *
 * A bare snapshot that comes before the symbol of its source is known waits, and comes out just before the
 * first message that tells the symbol, with its own, earlier time.
 */
#ifndef FEED_DECODER_H
#define FEED_DECODER_H

#include "core/base/err.h"
#include "core/domain/instrument.h"
#include "core/domain/market_event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DECODER_MESSAGE_MAX (16 << 20) /* bytes of one message: a full exchangeInfo fits */
#define DECODER_HISTORY_MAX 1000       /* trades of a page: what the venue gives at most */
#define DECODER_PADDING     64         /* readable bytes behind the text that scanners may touch */

enum feed_event_kind {
    FEED_NONE,
    FEED_INSTRUMENT, /* new, or its filters changed: instrument is current */
    FEED_STEPS,      /* tick or lot got finer: rescale before the next event */
    FEED_DEPTH,
    FEED_SNAPSHOT,
    FEED_QUOTE,
    FEED_TRADE,
    FEED_OTHER,       /* understood as not for us: counted */
    FEED_BAD,         /* refused; why says what and where */
    FEED_LINK,        /* live only: what carries this instrument's messages came up, fell silent or broke */
    FEED_MARK,        /* markPrice of futures */
    FEED_LIQUIDATION, /* forceOrder of futures */
    FEED_HISTORY,     /* trades of the time before: into sums and candles, nobody acts on them */
    FEED_AUDIT        /* live only: a fresh snapshot to compare a LIVE book with, not to load */
};

enum feed_link { FEED_LINK_CONNECTING, FEED_LINK_UP, FEED_LINK_SILENT, FEED_LINK_DOWN };

struct feed_event {
    enum feed_event_kind kind;
    int64_t recv_ns;
    const struct instrument *instrument; /* borrowed from the decoder; stable address */
    union {
        struct step_change steps;
        struct depth_update depth;
        struct depth_snapshot snapshot; /* FEED_SNAPSHOT, FEED_AUDIT */
        struct best_quote quote;
        struct trade trade;
        struct trade_history history;
        struct mark_price mark;
        struct liquidation liquidation;
        struct {
            enum feed_link state;
            const char *why; /* one safe line, borrowed: "no data for 10.0 s" */
        } link;
        const char *why; /* FEED_BAD: one line, safe text */
    };
};

struct decoder_counts {
    uint64_t depth, book_ticker, trade, agg_trade, snapshot, bad;
    uint64_t other;    /* FEED_OTHER, FEED_MARK, FEED_LIQUIDATION: all that makes no book and no trade */
    uint64_t fallback; /* hot kinds that the scanner handed to jansson */
};

struct decoder;

struct decoder_config {
    const struct instrument *known; /* from config/instruments.yaml: symbol, venue, steps; may be NULL */
    size_t known_count;
    const char *const *symbols; /* upper case; only these become instruments; NULL: all */
    size_t symbol_count;
    bool fallback_only; /* tests: never use the hot scanner */
};

struct decoder *decoder_new(const struct decoder_config *config); /* NULL: memory */
void decoder_free(struct decoder *decoder);
/* A new file or connection begins: bare snapshots belong to the instrument of this source. */
void decoder_new_source(struct decoder *decoder);
/* text: size bytes, with DECODER_PADDING more readable bytes behind. Then call decoder_next() until it
 * returns false; level arrays are borrowed until the next decoder_push(). */
void decoder_push(struct decoder *decoder, int64_t recv_ns, const char *text, size_t size);
bool decoder_next(struct decoder *decoder, struct feed_event *out);
bool decoder_pending(const struct decoder *decoder); /* decoder_next() would return true */
/* At the end of a source: a snapshot that waited for its symbol in vain comes out as FEED_BAD. */
void decoder_end_source(struct decoder *decoder);
const struct decoder_counts *decoder_counts(const struct decoder *decoder);
struct exchange_info;
/* A symbol table that was read elsewhere (helper thread), taken over: *info is empty afterwards. Then call
 * decoder_next(), as after a "!exchangeInfo" message. Returns how many of the instruments met so far it changed. */
size_t decoder_take_info(struct decoder *decoder, int64_t recv_ns, struct exchange_info *info);
/* A bare snapshot whose instrument is known by who asked for it; symbol in either case, text padded as for
 * decoder_push(). What is no snapshot (an error of the venue) comes out as FEED_BAD. Then call decoder_next(). */
void decoder_push_snapshot(struct decoder *decoder, int64_t recv_ns, const char *symbol, const char *text,
                           size_t size);
/* A page of REST aggTrades of that symbol, as text of any kind. by_print: ids are those of single prints, else of the
 * aggregates, as the symbol's stream has them. In a recording it is "<symbol>@history", or "<symbol>@aggHistory". Then
 * call decoder_next(). */
void decoder_push_history(struct decoder *decoder, int64_t recv_ns, const char *symbol, bool by_print,
                          const char *text, size_t size);
/* Live: an instrument that is to come, so that it exists before its first message: FEED_INSTRUMENT waits behind
 * the events that are pending, with the steps of the symbol table or the known ones. One that exists is told again.
 *   ERR_BAD_DATA  no symbol (upper case letters, digits, _)
 *   ERR_FULL      INSTRUMENTS_MAX, or decoder_next() was not called for too long */
enum err decoder_add_instrument(struct decoder *decoder, int64_t recv_ns, const char *symbol,
                                enum venue venue);
void decoder_count_bad(struct decoder *decoder); /* a line that was refused before it came here */
size_t decoder_instruments(const struct decoder *decoder, const struct instrument **out, size_t max);

#endif
