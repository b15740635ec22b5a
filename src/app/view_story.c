/* view_story.c - why an order filled or did not, for the screen and the store. */
#include "app/view_panels.h"

#include <string.h>

static struct story_scale scale_of(const struct pipeline *pipeline, const struct fill_story *story)
{
    const struct instrument *instrument = pipeline->market[story->instrument_id]->instrument;

    return (struct story_scale){
        .tick_e8 = instrument->tick_e8, .lot_e8 = instrument->lot_e8, .now_ns = pipeline->now_ns};
}

void view_fill_story(const struct pipeline *pipeline, uint64_t order_seq, struct view_story *out)
{
    const struct fill_story *story = paper_broker_story(pipeline->broker, order_seq);
    struct story_scale scale;

    out->newest_seq = order_manager_last_seq(pipeline->orders);
    if (story == NULL || story->instrument_id >= pipeline->markets)
        return;
    scale = scale_of(pipeline, story);
    out->order_seq = order_seq;
    out->instrument_id = story->instrument_id;
    out->price_ticks = story->price_ticks;
    out->qty_lots = story->qty_lots;
    out->filled_lots = story->filled_lots;
    out->lines = (uint16_t)fill_story_lines(story, &scale, out->line, VIEW_STORY_LINES);
    for (uint16_t i = 0; i < story->samples && i < VIEW_STORY_POINTS; i++) {
        const struct story_sample *sample = &story->sample[i];

        out->point[out->points++] = (struct view_story_point){
            .ts_ns = sample->ts_ns,
            .shown_lots = sample->shown_lots,
            .ahead_lots = sample->ahead_lots[story->model],
        };
    }
}
