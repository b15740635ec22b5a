/* trading_state.h - modes and states of the whole program, with their words. Pure. */
#ifndef CORE_DOMAIN_TRADING_STATE_H
#define CORE_DOMAIN_TRADING_STATE_H

enum trading_mode { MODE_OBSERVATION, MODE_SIMULATION, MODE_LIVE };

/*
 * ACTIVE    everything
 * PAUSED    strategies send nothing and theirs are cancelled; the trader's own orders work on
 * REDUCING  exposure may only fall
 * HALTED    cancels only; `go` leads back
 * KILLED    cancels only, latched; clearing leads to PAUSED
 */
enum trading_state { STATE_ACTIVE, STATE_PAUSED, STATE_REDUCING, STATE_HALTED, STATE_KILLED };

const char *trading_mode_word(enum trading_mode mode);    /* "OBSERVATION" ... */
const char *trading_state_word(enum trading_state state); /* "ACTIVE" ... */

#endif
