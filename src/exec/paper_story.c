#include "exec/paper_story.h"

static uint16_t free_slot(struct paper_stories *stories)
{
    uint16_t slot;

    if (stories->count < PAPER_STORIES_MAX)
        return stories->count++;
    do { /* ORDERS_OPEN_MAX bound the open ones: there is one */
        slot = stories->next;
        stories->next = (uint16_t)((slot + 1) % PAPER_STORIES_MAX);
    } while (stories->story[slot].ended_ns == 0);
    return slot;
}

uint16_t paper_stories_begin(struct paper_stories *stories, const struct paper_order *order, int64_t sent_ns,
                             int64_t arrived_ns, enum queue_model model)
{
    uint16_t slot = free_slot(stories);

    stories->story[slot] = (struct fill_story){
        .order_seq = order->seq,
        .instrument_id = order->intent.instrument_id,
        .side = order->intent.side,
        .model = model,
        .sent_ns = sent_ns,
        .arrived_ns = arrived_ns,
        .price_ticks = order->intent.price_ticks,
        .qty_lots = order->left_lots,
        .market = order_type_is_market(order->intent.type),
        .waits = order_type_is_triggered(order->intent.type),
        .trails = order->intent.type == ORDER_TRAILING_STOP,
        .rises = paper_order_rises(order),
        .stop_ticks = order->intent.stop_ticks,
        .sample_stride = 1,
    };
    return slot;
}

const struct fill_story *paper_stories_find(const struct paper_stories *stories, uint64_t seq)
{
    for (uint16_t i = 0; i < stories->count; i++)
        if (stories->story[i].order_seq == seq)
            return &stories->story[i];
    return NULL;
}

size_t paper_stories_finished(const struct paper_stories *stories, const struct fill_story **out, size_t max)
{
    size_t count = 0;

    for (uint16_t i = 0; i < stories->count; i++) {
        const struct fill_story *story = &stories->story[i];
        size_t at = count;

        if (story->ended_ns == 0)
            continue;
        while (at > 0 &&
               (out[at - 1]->ended_ns < story->ended_ns ||
                (out[at - 1]->ended_ns == story->ended_ns && out[at - 1]->order_seq < story->order_seq)))
            at--;
        if (at == max)
            continue;
        count += count < max;
        for (size_t j = count - 1; j > at; j--)
            out[j] = out[j - 1];
        out[at] = story;
    }
    return count;
}

/* Every second one goes; the first stays. */
static void thin(struct fill_story *story)
{
    uint16_t kept = 0;

    for (uint16_t i = 0; i < story->samples; i += 2)
        story->sample[kept++] = story->sample[i];
    story->samples = kept;
    if (story->sample_stride <= UINT16_MAX / 2)
        story->sample_stride = (uint16_t)(story->sample_stride * 2);
}

void paper_story_sample(struct fill_story *story, const struct paper_queue *queue, enum story_cause cause,
                        int64_t ts_ns)
{
    struct story_sample *sample;
    bool moves = cause == STORY_TRADE_AT || cause == STORY_LEVEL_CHANGED;

    if (moves && story->moves++ % story->sample_stride != 0)
        return;
    if (story->samples == STORY_SAMPLES_MAX)
        thin(story);
    sample = &story->sample[story->samples++];
    *sample = (struct story_sample){.ts_ns = ts_ns,
                                    .cause = cause,
                                    .shown_lots = queue->shown_lots,
                                    .traded_lots = story->traded_at_lots};
    for (int m = 0; m < QUEUE_MODELS; m++)
        sample->ahead_lots[m] =
            story->would_done_ns[m] != 0 ? -1 : paper_queue_ahead(queue, (enum queue_model)m);
}

void paper_story_fill(struct fill_story *story, const struct story_fill *fill)
{
    story->filled_lots += fill->qty_lots;
    if (story->fills == STORY_FILLS_MAX) {
        for (int i = 1; i < STORY_FILLS_MAX; i++)
            story->fill[i - 1] = story->fill[i];
        story->fills--;
        story->fills_cut = true;
    }
    story->fill[story->fills++] = *fill;
}

void paper_story_would(struct fill_story *story, enum queue_model model, bool done, int64_t ts_ns)
{
    if (story->would_fill_ns[model] == 0)
        story->would_fill_ns[model] = ts_ns;
    if (done && story->would_done_ns[model] == 0)
        story->would_done_ns[model] = ts_ns;
}

void paper_story_stop(struct fill_story *story, int64_t stop_ticks, int64_t trade_ticks, bool set_off,
                      int64_t ts_ns)
{
    bool nearer = story->nearest_ticks == 0 ||
                  (story->rises ? trade_ticks > story->nearest_ticks : trade_ticks < story->nearest_ticks);

    story->stop_ticks = stop_ticks;
    if (set_off) {
        story->set_off_ns = ts_ns;
        story->set_off_ticks = trade_ticks;
    } else if (nearer && !story->trails) { /* the distance to a stop that moves is no story */
        story->nearest_ticks = trade_ticks;
    }
}

void paper_story_end(struct fill_story *story, int64_t ts_ns, const char *why)
{
    story->ended_ns = ts_ns;
    story->why_ended = why;
}

static void scale(int64_t *value, int64_t factor)
{
    if (*value > 0)
        step_scale(value, factor);
}

void paper_stories_rescale(struct paper_stories *stories, uint16_t instrument_id, struct step_change change)
{
    for (uint16_t i = 0; i < stories->count; i++) {
        struct fill_story *story = &stories->story[i];

        if (story->instrument_id != instrument_id)
            continue;
        scale(&story->price_ticks, change.price_factor);
        scale(&story->stop_ticks, change.price_factor);
        scale(&story->nearest_ticks, change.price_factor);
        scale(&story->set_off_ticks, change.price_factor);
        scale(&story->end_ticks[SIDE_BID], change.price_factor);
        scale(&story->end_ticks[SIDE_ASK], change.price_factor);
        scale(&story->qty_lots, change.qty_factor);
        scale(&story->filled_lots, change.qty_factor);
        scale(&story->ahead_at_arrival_lots, change.qty_factor);
        scale(&story->traded_at_lots, change.qty_factor);
        scale(&story->traded_through_lots, change.qty_factor);
        scale(&story->cancelled_ahead_lots, change.qty_factor);
        for (uint16_t s = 0; s < story->samples; s++) {
            scale(&story->sample[s].shown_lots, change.qty_factor);
            scale(&story->sample[s].traded_lots, change.qty_factor);
            for (int m = 0; m < QUEUE_MODELS; m++)
                scale(&story->sample[s].ahead_lots[m], change.qty_factor);
        }
        for (uint16_t f = 0; f < story->fills; f++) {
            scale(&story->fill[f].price_ticks, change.price_factor);
            scale(&story->fill[f].event_price_ticks, change.price_factor);
            scale(&story->fill[f].qty_lots, change.qty_factor);
            scale(&story->fill[f].event_lots, change.qty_factor);
        }
    }
}
