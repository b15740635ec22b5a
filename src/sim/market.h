/*
 * market.h - the people of the built-in market: everyone acts through the matching engine, nothing is painted.
 *
 * fair value of the world (common and own shocks, quiet and busy hours, jumps), market makers around it, momentum
 * and mean-reverting takers, a self-exciting crowd (Hawkes), large hidden sellers worked in slices, walls, quote
 * stuffing. Accounts below SIM_AGENT_ACCOUNTS are theirs. Time is venue time in ns since the market opened:
 * the same seed, symbols and orders of others at the same times give the same market.
 */
#ifndef SIM_MARKET_H
#define SIM_MARKET_H

#include "sim/matching.h"
#include "sim/symbol.h"

#define SIM_AGENT_ACCOUNTS 256

struct market;

/* books[i] belongs to symbols[i]; both borrowed. The market listens to the books itself. NULL: memory. */
struct market *market_new(uint64_t seed, const struct sim_symbol *symbols, struct match_book *const *books,
                          size_t count);
void market_free(struct market *market);
/* Fills the books and lets 30 s pass without anybody watching; call once, before listeners of the wire are added.
 * Afterwards market time is 0. */
void market_open(struct market *market);
/* Everything that people do up to and including now_ns (since open; never goes back), in order of time. epoch_ns is
 * added to the times given to the books. */
void market_run_until(struct market *market, int64_t now_ns, int64_t epoch_ns);
int64_t market_next_ns(const struct market *market); /* when the next thing happens */
/* Quote stuffing on demand (fault `flood`): so many order messages a second near the touch until now + for_ns. */
void market_flood(struct market *market, size_t symbol, double per_s, int64_t for_ns);
/* A jump of the fair value by bp (both ways), for tests and the fault script. */
void market_jump(struct market *market, size_t symbol, double bp);
/* Mark and index price, funding of a USD-M symbol; e8. */
struct market_mark {
    int64_t mark_e8, index_e8, funding_rate_e8, next_funding_ns;
};
struct market_mark market_mark(const struct market *market, size_t symbol);

#endif
