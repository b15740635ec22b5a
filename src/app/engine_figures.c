#include "app/engine_figures.h"

#include "app/engine_state.h"

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S  INT64_C(1000000000)

/* Where the clocks were not compared yet the difference would say more of them than of the line. */
void engine_figures_lag(struct engine_figures *figures, const struct feed_event *event, int64_t offset_ms)
{
    if (event->kind != FEED_DEPTH || event->depth.venue_ms <= 0 || event->recv_ns == 0 ||
        offset_ms == INT64_MIN)
        return;
    durations_add(&figures->lag,
                  (event->recv_ns / NS_PER_MS - event->depth.venue_ms + offset_ms) * NS_PER_MS);
}

/* An order is told several times after its answer; the first time counts. */
void engine_figures_record(struct engine_figures *figures, const struct store_record *record)
{
    const struct order *order = &record->order.order;

    if (record->kind != STORE_ORDER || order->acked_ns == 0 || order->seq <= figures->answered_seq ||
        record->ts_ns - order->acked_ns > NS_PER_S) /* put back after a start */
        return;
    figures->answered_seq = order->seq;
    durations_add(&figures->answer, order->acked_ns - order->sent_ns);
}

static void keep_most(size_t *most, size_t now)
{
    if (now > *most)
        *most = now;
}

void engine_figures_queues(struct engine *engine)
{
    struct engine_figures *figures = &engine->figures;

    keep_most(&figures->commands_most, spsc_ring_used(engine->commands));
    if (engine->requests != NULL)
        keep_most(&figures->requests_most, spsc_ring_used(engine->requests));
    if (engine->notes != NULL)
        keep_most(&figures->notes_most, spsc_ring_used(engine->notes));
    if (engine->config.store != NULL)
        keep_most(&figures->ring_most, store_queued(engine->config.store));
    keep_most(&figures->orders_most, order_manager_open_count(engine->pipeline->orders));
}
