/* engine_lease.c - are we still the leader? Once a turn, before anything else in it. See lease.h. */
#include "app/engine_state.h"
#include "app/lease.h"

void engine_watch_lease(struct engine *engine, int64_t wall_ns)
{
    const struct lease *lease = engine->config.lease;
    char why[160];

    if (lease == NULL)
        return;
    lease_renew(engine->pipeline, lease_term_ns(lease), lease_holds(lease, wall_ns));
    if (engine->lease_loss_told || !lease_is_lost(lease, why, sizeof(why)))
        return;
    engine->lease_loss_told = true;
    lease_give_up(engine->pipeline, why);
}
