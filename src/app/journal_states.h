/*
 * journal_states.h - what a start after a crash needs: states told to the store when they change. See pipeline.h.
 */
#ifndef APP_JOURNAL_STATES_H
#define APP_JOURNAL_STATES_H

#include "app/pipeline.h"
#include "store/recovered.h"

/* recovered: of the run before, or NULL. NULL: memory. */
struct journal_states *journal_states_new(const struct recovered *recovered);
void journal_states_free(struct journal_states *states);

/* After money moved in a market: positions and the account, as far as they changed. */
void journal_money(struct pipeline *pipeline, const struct market_state *market);
void journal_accounts(struct pipeline *pipeline); /* peak, drawdown, the day's baseline */
void journal_trading(struct pipeline *pipeline);
void journal_symbol(struct pipeline *pipeline, const struct market_state *market);
/* What a window counts, now. */
void journal_time(struct pipeline *pipeline, uint16_t owner, enum store_time_kind what);
void journal_parameter(struct pipeline *pipeline, const char *owner, const char *name, int64_t configured,
                       int64_t value);
void journal_limit(struct pipeline *pipeline, const char *option, int64_t configured, int64_t value);
void journal_memory(struct pipeline *pipeline, uint16_t owner);
/* Of each strategy that had a fill since; once it has heard of it, in the same step. */
void journal_memory_of_fills(struct pipeline *pipeline);

/* Inputs, before they are acted on. */
void journal_command(struct pipeline *pipeline, const struct command *command);
void journal_answer(struct pipeline *pipeline, const struct market_state *market,
                    const struct order_event *answer, uint16_t owner);

/*
 * All that was told since the last commit becomes true at once. Before anything leaves the engine (a message to the
 * gateway, a frame, an answer) and at the end of each event; never between a fill and what it did to the money.
 */
void journal_commit(struct pipeline *pipeline);

#endif
