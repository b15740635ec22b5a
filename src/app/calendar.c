/*
 * calendar.c - pauses by the schedule: orders are cancelled right before a window, and trading goes on after it. See
 * pipeline.h.
 *
 * What protects an open position stays at the venue: stops that may only reduce, and both ways out of a bracket. They are
 * no new orders, and a position without them through a weekend is what a pause should not make.
 * Inside a window nobody's order leaves, the trader's neither; cancels and his flatten do. After it the strategies go on
 * by themselves, each on a book that is LIVE and fresh, as the gate asks anyway. A state that somebody set, or that
 * a control set, stays.
 */
#include "app/journal_states.h"

#include "core/base/clock.h"

#include <string.h>

#define LEAD_NS INT64_C(1000000000) /* cancels are out before the window begins */
#define DAY_NS  INT64_C(86400000000000)

static bool is_paused(struct pipeline *pipeline, const char **reason)
{
    struct schedule *schedule = pipeline->config.schedule;
    int64_t next_ns;

    if (schedule == NULL || schedule_is_empty(schedule))
        return false;
    if (pipeline->now_ns < schedule->from_ns || pipeline->now_ns > schedule->until_ns - DAY_NS)
        (void)schedule_compile(schedule,
                               pipeline->now_ns); /* failed: the table is empty, and that is a pause */
    return schedule_at(schedule, pipeline->now_ns, reason, &next_ns) ||
           schedule_at(schedule, pipeline->now_ns + LEAD_NS, reason, &next_ns);
}

static bool protects(const struct order_intent *intent)
{
    return intent->reduce_only &&
           (order_type_is_triggered(intent->type) || (intent->group & GROUP_OF_BRACKET) != 0);
}

static size_t cancel_what_opens(struct pipeline *pipeline)
{
    struct order *open[ORDERS_OPEN_MAX];
    uint64_t seqs[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(pipeline->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX),
           cancelled = 0;

    for (size_t i = 0; i < count; i++)
        if (!protects(&open[i]->intent))
            seqs[cancelled++] = open[i]->seq;
    for (size_t i = 0; i < cancelled; i++)
        trading_cancel(pipeline, seqs[i]);
    return cancelled;
}

static void begin(struct pipeline *pipeline, const char *reason)
{
    size_t cancelled;

    pipeline->risk.calendar_paused = true;
    if (pipeline->risk.state == STATE_ACTIVE) {
        pipeline->calendar_holds = true;
        trading_set_state(pipeline, STATE_PAUSED, reason);
    }
    execution_clear(pipeline->execution, ORDERS_ANY, ORDERS_ANY);
    cancelled = cancel_what_opens(pipeline);
    pipeline->state_cancelled = (int32_t)cancelled;
    journal_decision(pipeline, "pause", NULL, NULL, 0, 0, "schedule");
    journal_audit(pipeline, NULL, "pause.begin", "-", "%s; %zu order%s cancelled", reason, cancelled,
                  cancelled == 1 ? "" : "s");
    journal_note(pipeline, NOTE_WARNING, "PAUSED by the schedule: %s; %zu order%s cancelled", reason,
                 cancelled, cancelled == 1 ? "" : "s");
}

static void end(struct pipeline *pipeline)
{
    pipeline->risk.calendar_paused = false;
    order_groups_try_again(pipeline->groups, ORDERS_ANY);
    journal_decision(pipeline, "resume", NULL, NULL, 0, 0, "schedule");
    journal_audit(pipeline, NULL, "pause.end", "-", "the window of the schedule is over");
    if (pipeline->calendar_holds && pipeline->risk.state == STATE_PAUSED)
        trading_set_state(pipeline, pipeline->risk.beneath, "the window of the schedule is over");
    pipeline->calendar_holds = false;
    journal_trading(pipeline);
}

void calendar_on_tick(struct pipeline *pipeline)
{
    const char *reason = "";
    bool paused = is_paused(pipeline, &reason);

    if (paused && !pipeline->risk.calendar_paused)
        begin(pipeline, reason);
    else if (!paused && pipeline->risk.calendar_paused)
        end(pipeline);
}

const char *calendar_text(const struct pipeline *pipeline, char *out, size_t out_size)
{
    const struct schedule *schedule = pipeline->config.schedule;
    const char *reason = NULL;
    char when[32];
    int64_t next_ns;
    bool paused;

    if (schedule == NULL || schedule_is_empty(schedule)) {
        snprintf(out, out_size, "no pauses are set");
        return out;
    }
    paused = schedule_at(schedule, pipeline->now_ns, &reason, &next_ns);
    clock_format_iso(next_ns, when);
    when[strlen("2026-01-01T00:00")] = '\0';
    snprintf(out, out_size, "%s%s until %s UTC", paused ? "closed: " : "open", paused ? reason : "", when);
    return out;
}
