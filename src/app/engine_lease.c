/* engine_lease.c - are we still the leader? Once a turn, before anything else in it. See lease.h. */
#include "app/engine_state.h"
#include "app/lease.h"

#include <stdio.h>

static void tell_loss(struct engine *engine, const char *what)
{
    char why[96];

    snprintf(why, sizeof(why), "NOT_LEADER: %.80s", what);
    engine->lease_loss_told = true;
    trading_cancel_all(engine->pipeline, 0xFFFF, 0xFFFF, true);
    trading_set_state(engine->pipeline, STATE_HALTED, why);
    journal_bell(engine->pipeline, "another one may lead");
}

/* Event time stands still while we do: what was not looked at in time is made as old as it is. */
void engine_watch_lease(struct engine *engine, int64_t wall_ns)
{
    const struct lease *lease = engine->config.lease;
    struct risk_state *risk = &engine->pipeline->risk;
    char why[160];

    if (lease == NULL)
        return;
    risk->leader_term_ns = lease_term_ns(lease);
    risk->leader_beat_ns = engine->pipeline->now_ns;
    if (!lease_holds(lease, wall_ns))
        risk->leader_beat_ns -= risk->leader_term_ns;
    if (!engine->lease_loss_told && lease_is_lost(lease, why, sizeof(why)))
        tell_loss(engine, why);
}
