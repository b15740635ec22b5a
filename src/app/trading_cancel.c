/*
 * trading_cancel.c - cancels: asked for, asked for again, and what the clock brings about them. See pipeline.h.
 */
#include "app/holdings.h"
#include "app/journal_states.h"

#include <inttypes.h>

static void cancel(struct pipeline *pipeline, uint64_t order_seq, bool again)
{
    struct order *order = order_manager_find(pipeline->orders, order_seq);
    struct order sent;

    if (order == NULL || (order->state == ORDER_STATE_PENDING_CANCEL && !again))
        return;
    /* A cancel that is repeated makes nothing known: UNKNOWN stays, and is asked for. */
    if (!(again && order->state == ORDER_STATE_UNKNOWN) &&
        order_manager_cancel_sent(pipeline->orders, order_seq, pipeline->now_ns) != ERR_OK)
        return;
    risk_state_count_message(&pipeline->risk, pipeline->now_ns);
    risk_monitor_sent(&pipeline->monitor, order->intent.owner, false, pipeline->now_ns);
    sent = *order;
    groups_see(pipeline, &sent);
    journal_order(pipeline, &sent);
    journal_time(pipeline, sent.intent.owner, STORE_TIME_MESSAGE);
    journal_commit(pipeline);
    pipeline->gateway.ops->cancel(pipeline->gateway.self, &sent, pipeline->now_ns, pipeline->answers);
    answers_take(pipeline);
}

void trading_cancel(struct pipeline *pipeline, uint64_t order_seq)
{
    cancel(pipeline, order_seq, false);
}

void trading_cancel_again(struct pipeline *pipeline, uint64_t order_seq)
{
    cancel(pipeline, order_seq, true);
}

/* A cancel that got lost on its way, or was refused for the rate of requests, is wanted still. */
static void cancel_what_still_works(struct pipeline *pipeline)
{
    struct order *works[ORDERS_OPEN_MAX];
    uint64_t seqs[ORDERS_OPEN_MAX];
    size_t count = order_manager_uncancelled(pipeline->orders, pipeline->now_ns, works, ORDERS_OPEN_MAX);

    for (size_t i = 0; i < count; i++)
        seqs[i] = works[i]->seq;
    for (size_t i = 0; i < count; i++)
        trading_cancel(pipeline, seqs[i]);
}

/* Each tick: GTD orders whose time is over, cancels that came to nothing, and requests that nobody has answered. */
void trading_on_tick(struct pipeline *pipeline)
{
    struct order *due[ORDERS_OPEN_MAX];
    uint64_t seqs[ORDERS_OPEN_MAX];
    size_t count = order_manager_expired(pipeline->orders, pipeline->now_ns, due, ORDERS_OPEN_MAX);

    denials_on_tick(pipeline);
    for (size_t i = 0; i < count; i++)
        seqs[i] = due[i]->seq;
    for (size_t i = 0; i < count; i++)
        trading_cancel(pipeline, seqs[i]);
    cancel_what_still_works(pipeline);
    count =
        order_manager_overdue(pipeline->orders, pipeline->now_ns, PIPELINE_ANSWER_NS, due, ORDERS_OPEN_MAX);
    for (size_t i = 0; i < count; i++) {
        seqs[i] = due[i]->seq;
        if (due[i]->updated_ns != pipeline->now_ns)
            continue; /* told when it became UNKNOWN */
        journal_order(pipeline, due[i]);
        journal_note(pipeline, NOTE_BAD, "order %" PRIu64 " UNKNOWN: no answer for %d s, asked for", seqs[i],
                     (int)(PIPELINE_ANSWER_NS / INT64_C(1000000000)));
    }
    for (size_t i = 0; i < count; i++) {
        const struct order *order = order_manager_find(pipeline->orders, seqs[i]);
        struct order asked;

        if (order == NULL)
            continue;
        asked = *order;
        journal_commit(pipeline);
        pipeline->gateway.ops->query(pipeline->gateway.self, &asked, pipeline->now_ns, pipeline->answers);
        answers_take(pipeline);
    }
}

size_t trading_cancel_all(struct pipeline *pipeline, uint16_t instrument_id, uint16_t owner, bool keep_manual)
{
    struct order *open[ORDERS_OPEN_MAX];
    uint64_t seqs[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(pipeline->orders, instrument_id, owner, open, ORDERS_OPEN_MAX);
    size_t cancelled = 0;

    for (size_t i = 0; i < count; i++)
        if (!keep_manual || open[i]->intent.owner != OWNER_MANUAL)
            seqs[cancelled++] = open[i]->seq;
    for (size_t i = 0; i < cancelled; i++)
        trading_cancel(pipeline, seqs[i]);
    return cancelled;
}

size_t trading_end_what_adds(struct pipeline *pipeline)
{
    size_t cancelled = trading_cancel_all(pipeline, ORDERS_ANY, ORDERS_ANY, true);

    for (size_t i = 0; i < pipeline->markets && risk_state_only_reduces(&pipeline->risk); i++)
        holdings_trim(pipeline, pipeline->market[i]);
    pipeline->state_cancelled = (int32_t)cancelled;
    return cancelled;
}
