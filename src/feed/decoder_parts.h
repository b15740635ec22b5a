/*
 * decoder_parts.h - the decoder's own state, shared by the files it is made of and by nobody else.
 *
 *   decoder.c            a message's way through, whom it belongs to, the public functions
 *   decoder_instrument.c instruments: finding, adding, their steps
 *   decoder_futures.c    mark price and forced orders
 *   decoder_history.c    pages of trades of the time before
 *   decoder_emit.c       market events out
 */
#ifndef FEED_DECODER_PARTS_H
#define FEED_DECODER_PARTS_H

#include "feed/decoder.h"
#include "feed/exchange_info.h"
#include "feed/instrument_table.h"
#include "feed/scan.h"
#include "feed/wire_json.h"

#define DECODER_EVENTS_MAX                                                                                   \
    (2 * INSTRUMENTS_MAX + 8) /* of one message: exchangeInfo touches every instrument */

/* What this file or connection has shown so far: whom a snapshot without a name belongs to. */
struct decoder_source {
    uint32_t number;
    unsigned symbols;             /* 0, 1, or 2 for more */
    struct feed_instrument *only; /* of the one symbol; NULL when it is filtered out */
    char foreign[SYMBOL_SIZE];    /* the one symbol that is filtered out */
};

/* A bare snapshot that waits for a name. */
struct held_snapshot {
    bool waiting;
    int64_t recv_ns;
    struct wire_message message; /* its level array is our own */
};

struct decoder {
    struct decoder_config config;
    struct decoder_counts counts;
    struct scanner scanner;
    struct wire_message message;
    struct instrument_table table;
    struct exchange_info exchange;
    struct decoder_source source;
    struct held_snapshot held;
    bool full_said; /* that INSTRUMENTS_MAX is reached */
    size_t event_count, event_next;
    struct feed_event event[DECODER_EVENTS_MAX];
    char why[WIRE_WHY_SIZE];
    struct wire_level wire_level[WIRE_LEVELS_MAX];
    struct wire_level held_level[WIRE_LEVELS_MAX];
    struct level level[WIRE_LEVELS_MAX];      /* of the message, in ticks and lots */
    struct level held_ticks[WIRE_LEVELS_MAX]; /* of the held snapshot */
    struct trade history[DECODER_HISTORY_MAX];
};

/* Levels on their way from the wire to ticks and lots. */
struct span {
    const struct wire_level *in;
    size_t count;
    struct level *out;
};

/* --- decoder_emit.c --- */

/* The next event of this message, to be filled in. item may be NULL. */
struct feed_event *decoder_emit(struct decoder *decoder, enum feed_event_kind kind, int64_t recv_ns,
                                const struct feed_instrument *item);
void decoder_emit_other(struct decoder *decoder, int64_t recv_ns);
/* why has static life, or is decoder->why. */
void decoder_emit_bad(struct decoder *decoder, int64_t recv_ns, const char *why);
void decoder_emit_bad_symbol(struct decoder *decoder, int64_t recv_ns, const char *what,
                             struct wire_text symbol);
void decoder_emit_snapshot(struct decoder *decoder, const struct feed_instrument *item,
                           const struct wire_message *message, const struct level *ticks, int64_t recv_ns);
/* decoder->message, whose levels stand converted in decoder->level. */
void decoder_emit_message(struct decoder *decoder, const struct feed_instrument *item, int64_t recv_ns);

/* --- decoder_futures.c --- */

/* Does a stream of this name carry what decoder_take_futures() reads? */
bool decoder_is_futures_stream(struct wire_text stream);
/* A mark price or a forced order of an instrument that was met: its event, counted as other. False: none. */
bool decoder_take_futures(struct decoder *decoder, const json_t *data, int64_t recv_ns);

/* The second part of a stream's name: "btcusdt@markPrice@1s" -> "markPrice"; "!forceOrder@arr" -> "!forceOrder". */
struct wire_text decoder_stream_word(struct wire_text stream);

/* --- decoder_history.c --- */

bool decoder_is_history_stream(struct wire_text stream);
/* Recorded: decoder->message has the stream. False: it is no such stream, or of an instrument that was not met. */
bool decoder_take_history(struct decoder *decoder, const json_t *data, int64_t recv_ns);

/* --- decoder_instrument.c --- */

/* Is the symbol among those the configuration asks for? */
bool decoder_wants(const struct decoder *decoder, struct wire_text symbol);
/* The instrument of a message, if it was met. Where the market is a guess (not sure), one that this source
 * showed comes first, then one of any source. */
struct feed_instrument *decoder_find(struct decoder *decoder, struct wire_text symbol,
                                     enum wire_market market, bool sure);
/* NULL, with the event that says why, when there is no room. */
struct feed_instrument *decoder_add(struct decoder *decoder, struct wire_text symbol, enum wire_market market,
                                    bool sure, int64_t recv_ns);
/* First steps: what the venue said, else what the configuration knows, else what these levels show. */
void decoder_first_steps(struct decoder *decoder, struct feed_instrument *item, const struct span *span,
                         size_t count);
/* Makes the steps fit the hint, with the event that tells, if that changes them. */
void decoder_refine(struct decoder *decoder, struct feed_instrument *item, struct step_hint hint,
                    int64_t recv_ns);
/* Converts all spans, with finer steps first if they need them. Returns flags of steps_convert(). */
unsigned decoder_convert(struct decoder *decoder, struct feed_instrument *item, const struct span *span,
                         size_t count, int64_t recv_ns);

#endif
