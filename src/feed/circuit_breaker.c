#include "feed/circuit_breaker.h"

#define NS_PER_S INT64_C(1000000000)

const char *breaker_state_word(enum breaker_state state)
{
    switch (state) {
    case BREAKER_CLOSED:
        return "closed";
    case BREAKER_OPEN:
        return "open";
    case BREAKER_HALF_OPEN:
        break;
    }
    return "half-open";
}

void breaker_init(struct circuit_breaker *breaker)
{
    *breaker = (struct circuit_breaker){.state = BREAKER_CLOSED, .open_s = BREAKER_OPEN_FIRST_S};
}

bool breaker_allows(struct circuit_breaker *breaker, int64_t now_ns)
{
    if (breaker->state == BREAKER_OPEN && now_ns >= breaker->retry_ns) {
        breaker->state = BREAKER_HALF_OPEN;
        breaker->trial = false;
    }
    return breaker->state == BREAKER_CLOSED || (breaker->state == BREAKER_HALF_OPEN && !breaker->trial);
}

void breaker_sent(struct circuit_breaker *breaker)
{
    breaker->trial = breaker->state == BREAKER_HALF_OPEN;
}

void breaker_well(struct circuit_breaker *breaker)
{
    breaker->state = BREAKER_CLOSED;
    breaker->in_a_row = 0;
    breaker->open_s = BREAKER_OPEN_FIRST_S;
    breaker->trial = false;
}

void breaker_failed(struct circuit_breaker *breaker, int64_t now_ns)
{
    bool again = breaker->state == BREAKER_HALF_OPEN;

    breaker->failures++;
    breaker->in_a_row++;
    breaker->trial = false;
    if (!again && breaker->in_a_row < BREAKER_FAILURES)
        return;
    if (again)
        breaker->open_s = breaker->open_s * 2 < BREAKER_OPEN_MAX_S ? breaker->open_s * 2 : BREAKER_OPEN_MAX_S;
    breaker->state = BREAKER_OPEN;
    breaker->retry_ns = now_ns + breaker->open_s * NS_PER_S;
}

void breaker_neither(struct circuit_breaker *breaker)
{
    breaker->trial = false;
}
