/* paper_answer.c - what goes back to the engine, and when. See paper_parts.h. */
#include "exec/paper_parts.h"

#include "core/base/decimal.h"

#include <assert.h>

static size_t ring_used(const struct paper_broker *broker)
{
    return (size_t)(broker->answer_head - broker->answer_tail);
}

size_t paper_room(const struct paper_call *call)
{
    size_t direct = GATEWAY_ANSWERS_MAX - call->out->count;
    size_t later = PAPER_ANSWERS_MAX - ring_used(call->broker);

    return direct < later ? direct : later;
}

/* The venue answers at once, the book event we act on was seen `feed` later: what remains of the response. */
static int64_t delay_of(struct paper_call *call)
{
    struct paper_latency *latency = &call->broker->latency;

    if (call->delay_ns == PAPER_NOT_DRAWN) {
        call->delay_ns = paper_latency_draw(latency, PAPER_LEG_RESPONSE);
        call->delay_ns -= paper_latency_draw(latency, PAPER_LEG_FEED);
        if (call->delay_ns < 0)
            call->delay_ns = 0;
    }
    return call->delay_ns;
}

void paper_tell(struct paper_call *call, const struct order_event *event)
{
    struct paper_broker *broker = call->broker;
    int64_t due_ns = call->now_ns + delay_of(call);
    struct paper_answer *slot;

    assert(paper_room(call) > 0);
    if (due_ns == call->now_ns && ring_used(broker) == 0) {
        call->out->event[call->out->count] = *event;
        call->out->event[call->out->count++].ts_ns = call->now_ns;
        return;
    }
    if (ring_used(broker) > 0) {
        int64_t last_ns = broker->answer[(broker->answer_head - 1) % PAPER_ANSWERS_MAX].due_ns;

        due_ns = due_ns > last_ns ? due_ns : last_ns;
    }
    slot = &broker->answer[broker->answer_head++ % PAPER_ANSWERS_MAX];
    slot->due_ns = due_ns;
    slot->instrument_id = call->instrument_id;
    slot->event = *event;
    slot->event.ts_ns = due_ns;
}

void paper_answers_arrive(struct paper_broker *broker, int64_t now_ns, struct gateway_answers *out)
{
    while (ring_used(broker) > 0 && out->count < GATEWAY_ANSWERS_MAX) {
        const struct paper_answer *first = &broker->answer[broker->answer_tail % PAPER_ANSWERS_MAX];

        if (first->due_ns > now_ns)
            return;
        out->event[out->count++] = first->event;
        broker->answer_tail++;
    }
}

void paper_tell_kind(struct paper_call *call, enum order_event_kind kind, uint64_t seq, struct paper_why why)
{
    struct order_event event = {.kind = kind, .order_seq = seq, .reason = why.text, .error = why.error};

    paper_tell(call, &event);
}

struct fill_story *paper_story_of(struct paper_call *call, const struct paper_order *order)
{
    struct fill_story *story;

    if (order->story == PAPER_NO_STORY)
        return NULL;
    story = &call->broker->stories.story[order->story];
    return story->order_seq == order->seq ? story : NULL; /* a ghost's may have gone to another order */
}

/* The venue's last word, for a query. */
static void remember_end(struct paper_broker *broker, enum order_event_kind kind, uint64_t seq,
                         struct paper_why why)
{
    broker->end[broker->ends++ % PAPER_ENDS_MAX] =
        (struct order_event){.kind = kind, .order_seq = seq, .reason = why.text, .error = why.error};
}

/* A fill that comes of walking the book is the same in all models; else each serves its own order. */
static void tell_story_of_fill(struct paper_call *call, struct paper_order *order, int64_t price_ticks,
                               int64_t lots)
{
    struct fill_story *story = paper_story_of(call, order);
    enum queue_model model = call->broker->params.model;
    struct story_fill fill = {.ts_ns = call->now_ns,
                              .cause = call->cause,
                              .price_ticks = price_ticks,
                              .qty_lots = lots,
                              .event_price_ticks = call->event_price_ticks,
                              .event_lots = call->event_lots,
                              .event_trade_id = call->event_trade_id};

    if (story == NULL)
        return;
    paper_story_fill(story, &fill);
    for (int m = 0; m < QUEUE_MODELS; m++)
        if (!order->rests || m == (int)model)
            paper_story_would(story, (enum queue_model)m, order->left_lots == 0, call->now_ns);
    if (order->left_lots == 0) {
        paper_story_sample(story, &order->queue, STORY_ENDED, call->now_ns);
        paper_story_end(story, call->now_ns, NULL);
    }
}

void paper_tell_fill(struct paper_call *call, struct paper_order *order, int64_t price_ticks, int64_t lots,
                     bool maker)
{
    struct paper_broker *broker = call->broker;
    const struct instrument *instrument = call->market->instrument;
    const char *fee_asset = broker->fees.params.asset;
    struct paper_asset *asset =
        fee_asset[0] != '\0' && broker->account.on ? paper_account_asset(&broker->account, fee_asset) : NULL;
    int64_t value_e8 = instrument_value_e8(instrument, price_ticks, lots), pool_e8;
    struct paper_fee fee =
        paper_fees_of(&broker->fees, maker, value_e8, asset == NULL ? 0 : asset->free_e8, call->now_ns);
    struct order_event event = {.kind = ORDER_EVENT_FILL, .order_seq = order->seq};

    assert(lots > 0 && lots <= order->left_lots);
    order->left_lots -= lots;
    call->market->moved = true;
    if (order->rests)
        paper_queue_serve(&order->queue, broker->params.model, lots);
    event.fill = (struct fill){.trade_id = ++broker->last_trade_id,
                               .order_seq = order->seq,
                               .instrument_id = order->intent.instrument_id,
                               .owner = order->intent.owner,
                               .side = order->intent.side,
                               .maker = maker,
                               .ts_ns = call->now_ns,
                               .price_ticks = price_ticks,
                               .qty_lots = lots,
                               .value_e8 = value_e8,
                               .fee_e8 = fee.quote_e8,
                               .fee_asset_e8 = fee.asset_e8,
                               .arrival_mid2_ticks = order->arrival_mid2_ticks};
    pool_e8 = paper_pair_open(call, order);
    paper_account_fill(&broker->account, instrument, &call->market->holding, &order->intent, &event.fill,
                       fee_asset, order->left_lots, paper_fees_reserve_ppm(&broker->fees, call->now_ns),
                       &order->locked_e8);
    paper_pair_close(call, order, pool_e8 - instrument_qty_e8(instrument, lots));
    paper_fees_add_volume(&broker->fees, value_e8, call->now_ns);
    tell_story_of_fill(call, order, price_ticks, lots);
    paper_tell(call, &event);
    if (order->left_lots > 0)
        return;
    order->ended = call->ended = true;
    remember_end(broker, ORDER_EVENT_FILL, order->seq, (struct paper_why){0});
}

static void keep_market(const struct paper_call *call, struct fill_story *story)
{
    struct level best;

    for (int side = 0; side < SIDE_COUNT && call->market->state == BOOK_LIVE; side++)
        if (order_book_best(call->market->book, (enum side)side, &best))
            story->end_ticks[side] = best.price_ticks;
}

void paper_tell_end(struct paper_call *call, struct paper_order *order, enum order_event_kind kind,
                    struct paper_why why)
{
    struct paper_broker *broker = call->broker;
    struct fill_story *story = paper_story_of(call, order);
    int64_t pool_e8 = paper_pair_open(call, order);

    paper_account_unlock(&broker->account, call->market->instrument, &order->intent, &order->locked_e8);
    paper_pair_close(call, order, pool_e8);
    if (story != NULL && story->ended_ns == 0) {
        keep_market(call, story);
        paper_story_end(story, call->now_ns, why.text);
    }
    order->ended = call->ended = true;
    remember_end(broker, kind, order->seq, why);
    paper_tell_kind(call, kind, order->seq, why);
}
