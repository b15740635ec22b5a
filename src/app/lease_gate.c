#include "app/lease_gate.h"

#include "app/pipeline.h"

#include <stdio.h>

struct lease_sight lease_sight_after(struct lease_sight sight, enum err looked, int64_t at_ns)
{
    if (looked == ERR_OK)
        sight.seen_ns = at_ns;
    sight.lost |= looked == ERR_STATE;
    return sight;
}

bool lease_sight_holds(struct lease_sight sight, int64_t term_ns, int64_t now_ns)
{
    return !sight.lost && now_ns - sight.seen_ns < term_ns / 2;
}

/* Event time stands still while we do: what was not looked at in time is made as old as it is. */
void lease_renew(struct pipeline *pipeline, int64_t term_ns, bool holds)
{
    pipeline->risk.leader_term_ns = term_ns;
    pipeline->risk.leader_beat_ns = pipeline->now_ns;
    if (!holds)
        pipeline->risk.leader_beat_ns -= term_ns;
}

void lease_give_up(struct pipeline *pipeline, const char *what)
{
    char why[96];

    snprintf(why, sizeof(why), "NOT_LEADER: %.80s", what);
    trading_cancel_all(pipeline, ORDERS_ANY, ORDERS_ANY,
                       false); /* yours too: the next one does not know them */
    trading_set_state(pipeline, STATE_HALTED, why);
    journal_bell(pipeline, "another one may lead");
    pipeline_end_input(pipeline);
}
