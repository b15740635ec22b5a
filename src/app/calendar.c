/*
 * calendar.c - pauses by the schedule: everything is cancelled right before a window, and goes on after it. See pipeline.h.
 *
 * Inside a window nobody's order leaves, the trader's neither; cancels and his flatten do. After it the strategies go on
 * by themselves, each on a book that is LIVE and fresh, as the gate asks anyway. A state that somebody set, or that
 * a control set, stays.
 */
#include "app/pipeline.h"

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

static void begin(struct pipeline *pipeline, const char *reason)
{
    size_t cancelled;

    pipeline->risk.calendar_paused = true;
    if (pipeline->risk.state == STATE_ACTIVE) {
        pipeline->calendar_holds = true;
        trading_set_state(pipeline, STATE_PAUSED, reason);
    }
    execution_clear(pipeline->execution, 0xFFFF, 0xFFFF);
    cancelled = trading_cancel_all(pipeline, 0xFFFF, 0xFFFF, false);
    pipeline->state_cancelled = (int32_t)cancelled;
    journal_decision(pipeline, "pause", NULL, NULL, 0, 0, "schedule");
    journal_audit(pipeline, NULL, "pause.begin", "-", "%s; %zu orders cancelled", reason, cancelled);
    journal_note(pipeline, NOTE_WARNING, "PAUSED by the schedule: %s; %zu orders cancelled", reason,
                 cancelled);
}

static void end(struct pipeline *pipeline)
{
    pipeline->risk.calendar_paused = false;
    journal_decision(pipeline, "resume", NULL, NULL, 0, 0, "schedule");
    journal_audit(pipeline, NULL, "pause.end", "-", "the window of the schedule is over");
    if (pipeline->calendar_holds && pipeline->risk.state == STATE_PAUSED)
        trading_set_state(pipeline, STATE_ACTIVE, "the window of the schedule is over");
    pipeline->calendar_holds = false;
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
