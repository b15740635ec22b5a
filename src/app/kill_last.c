/* kill_last.c - the newest kill, of this run or of one before: kept in the journal, told in one line. See pipeline.h. */
#include "app/journal_states.h"
#include "core/base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void tell_last(struct pipeline *pipeline)
{
    struct store_record record = {.kind = STORE_KILL, .kill = pipeline->last_kill};

    journal_push(pipeline, &record);
}

void kill_put_back(struct pipeline *pipeline, const struct store_record *record)
{
    pipeline->last_kill = record->kill;
}

bool kill_is_taken_over(const struct pipeline *pipeline)
{
    return pipeline->kill.active && pipeline->kill.start_ns == 0;
}

/* One that holds and that the journal does not know, of the file KILLED say, is newer than what it knows. */
const struct store_kill *kill_last(const struct pipeline *pipeline)
{
    const struct store_kill *last = &pipeline->last_kill;

    if (last->start_ns == 0 || (kill_is_taken_over(pipeline) && last->cleared_ns != 0))
        return NULL;
    return last;
}

/* As far as the kill of this run has come. */
void kill_note(struct pipeline *pipeline)
{
    const struct kill_report *kill = &pipeline->kill;
    struct store_kill *last = &pipeline->last_kill;

    *last = (struct store_kill){.start_ns = kill->start_ns,
                                .quiet_ns = kill->quiet_ns,
                                .total = kill->total,
                                .confirmed = kill->confirmed};
    snprintf(last->by, sizeof(last->by), "%s", kill->by);
    for (uint32_t i = 0; i < kill->orders; i++)
        last->filled += kill->order[i].order.state == ORDER_STATE_FILLED;
    tell_last(pipeline);
}

/* One that was taken over and is not known but for its reason began, as far as is known, with this run. */
void kill_note_cleared(struct pipeline *pipeline)
{
    struct store_kill *last = &pipeline->last_kill;

    if (kill_last(pipeline) == NULL) {
        *last = (struct store_kill){.start_ns = pipeline->state_since_ns};
        snprintf(last->by, sizeof(last->by), "%s", pipeline->state_why);
    }
    last->cleared_ns = pipeline->now_ns;
    snprintf(last->cleared_by, sizeof(last->cleared_by), "%s", pipeline->by);
    tell_last(pipeline);
}

/* --- words ------------------------------------------------------------------------------------------------------------- */

/* ", everything: 3 of 4 cancelled, 1 filled"; "" where nobody counted them. */
static void orders_of_kill(const struct store_kill *last, char *out, size_t size)
{
    char filled[48] = "";

    if (last->total == 0) { /* then it is quiet at once; one that never was is known by its reason alone */
        snprintf(out, size, "%s", last->quiet_ns == 0 ? "" : ", everything: no order was open");
        return;
    }
    if (last->filled > 0)
        snprintf(filled, sizeof(filled), ", %" PRIu32 " filled", last->filled);
    snprintf(out, size, ", everything: %" PRIu32 " of %" PRIu32 " cancelled%s",
             last->confirmed - last->filled, last->total, filled);
}

void kill_last_text(const struct pipeline *pipeline, char *out, size_t size)
{
    const struct store_kill *last = kill_last(pipeline);
    char orders[80], quiet[32] = "", cleared[64] = "; not cleared", at[16];

    out[0] = '\0';
    if (last == NULL && kill_is_taken_over(pipeline)) /* its time is in the reason, if anywhere */
        snprintf(out, size, "%s; not cleared", pipeline->state_why);
    if (last == NULL)
        return;
    orders_of_kill(last, orders, sizeof(orders));
    if (last->quiet_ns != 0)
        snprintf(quiet, sizeof(quiet), "; quiet after %.1f s",
                 (double)(last->quiet_ns - last->start_ns) / 1e9);
    clock_format_hms(last->cleared_ns, at);
    if (last->cleared_ns != 0)
        snprintf(cleared, sizeof(cleared), "; cleared %s %s", at, last->cleared_by);
    snprintf(out, size, "%.60s%s%s%s", last->by, orders, quiet, cleared);
}
