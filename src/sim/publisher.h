/*
 * publisher.h - what the built-in exchange tells the public: streams, candles, tickers, last trades, and the truth.
 *
 * Listens to the books. A stream exists while somebody is subscribed; only then are its messages made, once each,
 * and given to emit(). Message forms: wire facts 3. Depth messages are differences of the true book on a fixed grid
 * (100, 250, 500, 1000 ms; USD-M "0ms": 50 ms, as recorded at the venue), U/u by the book's update ids, pu the u of
 * the message before on the same stream. Streams may be closed from inside emit(), not opened.
 */
#ifndef SIM_PUBLISHER_H
#define SIM_PUBLISHER_H

#include "sim/exchange.h"
#include "sim/truth.h" /* TRUTH_CHANGES_MAX */

struct publisher;
struct sim_stream; /* one name of one market, e.g. spot "btcusdt@depth@100ms" */

/* Which connection path it may be subscribed on (facts 1): a USD-M stream asked for on the wrong path is acknowledged
 * and stays silent, as there. */
enum stream_path { PATH_SPOT, PATH_USDM_PUBLIC, PATH_USDM_MARKET };

struct publisher_sink {
    /* One message of a stream, without envelope. Borrowed. */
    void (*emit)(void *arg, struct sim_stream *stream, const char *json, size_t size);
    void *arg;
};

struct publisher *publisher_new(struct exchange *exchange); /* listens to exchange->book[]; NULL: memory */
void publisher_free(struct publisher *publisher);
void publisher_set_sink(struct publisher *publisher, const struct publisher_sink *sink);
/* Grid and timers up to exchange->now_ns. */
void publisher_advance(struct publisher *publisher);
int64_t publisher_next_ns(const struct publisher *publisher); /* next grid time, UTC */

/* One subscriber more; NULL: the name is no stream of this venue. A stream of the wrong path is found but silent. */
struct sim_stream *publisher_open(struct publisher *publisher, enum stream_path path, const char *name);
void publisher_close(struct publisher *publisher, struct sim_stream *stream);
const char *sim_stream_name(const struct sim_stream *stream);
bool sim_stream_is_depth(const struct sim_stream *stream); /* what faults like `gap` act on */
int sim_stream_symbol(const struct sim_stream *stream);    /* index; -1: of all */

/* The true book right after update id: both sides, best first, as {"update_id":N,"bids":[["p","q"],...],"asks":[...]}.
 * False: the id is not (or no longer) known; the newest TRUTH_CHANGES_MAX changes are. id 0: now. */
bool publisher_truth(struct publisher *publisher, size_t symbol, uint64_t update_id, struct sim_text *out);
/* A REST depth snapshot as it was age_ms ago (50 ms steps; as far back as is known), for the fault snapshot_old: true
 * then, wrong now. False: no memory. */
bool publisher_old_snapshot(struct publisher *publisher, size_t symbol, int64_t age_ms, size_t limit,
                            struct sim_text *out);
/* Mean price of the last five minutes (avgPrice, PERCENT_PRICE), e8; the last price if there was no trade, 0 before the
 * first. */
int64_t publisher_avg_price_e8(struct publisher *publisher, size_t symbol);

#endif
