/*
 * circuit_breaker.h - stops asking what keeps failing. Pure.
 *
 *   CLOSED --BREAKER_FAILURES in a row--> OPEN --wait over--> HALF_OPEN --one trial: well--> CLOSED
 *                                          ^---------- failed: wait doubles ------|
 *
 * The wait goes from BREAKER_OPEN_FIRST_S to BREAKER_OPEN_MAX_S and starts anew when it closes.
 */
#ifndef FEED_CIRCUIT_BREAKER_H
#define FEED_CIRCUIT_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#define BREAKER_FAILURES     5
#define BREAKER_OPEN_FIRST_S 5
#define BREAKER_OPEN_MAX_S   60

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF_OPEN };
const char *breaker_state_word(enum breaker_state state); /* "closed", "open", "half-open" */

struct circuit_breaker {
    enum breaker_state state;
    uint32_t in_a_row;
    int64_t open_s;
    int64_t retry_ns; /* OPEN: until then */
    bool trial;       /* HALF_OPEN: one is under way */
    uint64_t failures;
};

void breaker_init(struct circuit_breaker *breaker);
/* May a request go now? OPEN becomes HALF_OPEN when its time is over. Asking changes nothing else. */
bool breaker_allows(struct circuit_breaker *breaker, int64_t now_ns);
void breaker_sent(struct circuit_breaker *breaker);
void breaker_well(struct circuit_breaker *breaker);
void breaker_failed(struct circuit_breaker *breaker, int64_t now_ns);
/* It was answered, by a ban or a refusal of ours: says nothing about health, but the trial is over. */
void breaker_neither(struct circuit_breaker *breaker);

#endif
