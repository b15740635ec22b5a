/*
 * publisher_parts.h - the inside of the publisher, for its own files and for the routes of public data.
 */
#ifndef SIM_PUBLISHER_PARTS_H
#define SIM_PUBLISHER_PARTS_H

#include "sim/klines.h"
#include "sim/messages.h"
#include "sim/open_interest.h"
#include "sim/publisher.h"
#include "sim/stream_names.h"
#include "sim/trade_tape.h"
#include "sim/truth.h"

#define FUNDINGS_KEPT 1000 /* of one contract */

struct funding {
    int64_t time_ms, rate_e8, mark_e8;
};

struct sim_stream {
    struct stream_name name;
    struct sim_stream *next;      /* in the list of all */
    struct sim_stream *next_live; /* in its symbol's list of streams without a grid */
    uint32_t subscribers;         /* 0: taken away at the next quiet moment */
    int64_t due_ns;               /* INT64_MAX: no grid */
    uint64_t told_id;             /* newest update, trade or aggregate id told */
    int64_t told_open_ms;         /* KLINE: candles before it were told closed */
    uint64_t *told;               /* told_id by symbol, of streams of all symbols */
};

/* What is known of one symbol. */
struct symbol_tape {
    struct publisher *publisher;
    size_t index;
    struct match_book *book;
    struct wire wire;
    struct klines klines;
    struct trade_tape trades;
    struct book_top top; /* kept while somebody wants quotes */
    struct sim_stream *live;
    int64_t change_ns;              /* of the newest level change */
    struct open_interest *interest; /* USD-M */
    struct history fundings;
    int64_t next_funding_ns;
};

struct publisher {
    struct exchange *exchange;
    struct publisher_sink sink;
    struct truth *truth;
    struct symbol_tape *tape[SIM_SYMBOLS_MAX];
    struct sim_stream *streams;
    int64_t next_ns; /* earliest due_ns; a new stream makes it earlier */
    bool telling;    /* inside emit(): streams must stay where they are */
    bool dropped;    /* some stream has no subscriber any more */
    struct sim_text text;
};

int64_t publisher_client_ms(const struct publisher *publisher, int64_t venue_ns); /* with the skew fault */
void publisher_emit(struct publisher *publisher, struct sim_stream *stream);      /* publisher->text */
struct book_top book_top_of(const struct match_book *book);
/* With the newest candles and the open aggregate brought up to now. */
struct symbol_tape *publisher_tape(struct publisher *publisher, size_t symbol);
/* Mark, index and funding; a market without people (tests) marks at its own mid. */
struct market_mark publisher_mark(const struct publisher *publisher, size_t symbol);
void publisher_ticker(struct publisher *publisher, size_t symbol, unsigned minutes, struct ticker *ticker);
/* Levels of the true book right after update_id as a snapshot of this symbol's market. */
bool publisher_snapshot(struct publisher *publisher, size_t symbol, uint64_t update_id, size_t limit,
                        struct sim_text *out);

/* depth_stream.c: the next message of the stream, if its book changed. */
void depth_stream_tell(struct publisher *publisher, struct sim_stream *stream);
/* grid_stream.c: candles, tickers, marks and what else comes on a grid. */
void grid_stream_tell(struct publisher *publisher, struct sim_stream *stream);
/* Aggregates that are complete and were not told. */
void agg_stream_tell(struct publisher *publisher, struct sim_stream *stream);

#endif
