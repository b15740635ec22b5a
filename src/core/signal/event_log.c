/* event_log.c - a ring of book events. */
#include "core/signal/event_log.h"

#include "core/market/saturate.h"

#define NS_A_MS INT64_C(1000000)
#define ONE_BP  10000

static size_t kept(const struct event_log *log)
{
    return log->ever < BOOK_EVENTS_KEPT_MAX ? (size_t)log->ever : BOOK_EVENTS_KEPT_MAX;
}

static const struct book_event *newest(const struct event_log *log, size_t back)
{
    return &log->ring[(log->ever - 1 - back) % BOOK_EVENTS_KEPT_MAX];
}

static bool same_place(const struct book_event *a, const struct book_event *b)
{
    int64_t apart = a->price_ticks - b->price_ticks;

    return a->kind == b->kind && a->side == b->side &&
           (apart < 0 ? -apart : apart) <= a->price_ticks / ONE_BP;
}

bool event_log_tell(struct event_log *log, int64_t cooldown_ms, const struct book_event *event)
{
    for (size_t i = 0; i < kept(log); i++) {
        const struct book_event *told = newest(log, i);

        if (event->ts_ns - told->ts_ns >= cooldown_ms * NS_A_MS)
            break; /* and so are all older ones */
        if (same_place(event, told))
            return false;
    }
    log->ring[log->ever++ % BOOK_EVENTS_KEPT_MAX] = *event;
    return true;
}

size_t event_log_recent(const struct event_log *log, struct book_event *out, size_t max)
{
    size_t count = kept(log) < max ? kept(log) : max;

    for (size_t i = 0; i < count; i++)
        out[i] = *newest(log, i);
    return count;
}

void event_log_rescale(struct event_log *log, struct step_change change)
{
    for (size_t i = 0; i < BOOK_EVENTS_KEPT_MAX; i++) {
        log->ring[i].price_ticks = saturate_mul(log->ring[i].price_ticks, change.price_factor);
        log->ring[i].lots = saturate_mul(log->ring[i].lots, change.qty_factor);
    }
}
