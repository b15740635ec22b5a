/* mock_story.h - the story of order 218 of the other pictures: ten minutes in a queue, filled in the end. */
#ifndef MOCK_STORY_H
#define MOCK_STORY_H

#include "mock_frame.h"

static inline void mock_story(struct view_story *story)
{
    static const char *const line[] = {
        "BUY 0.01 @ 61830.00: filled 41 s after it arrived",
        "arrived 12 ms after it was sent",
        ("queue: 2.95 ahead on arrival; 2.16 traded at the price, 0.81 cancelled ahead by the risk-averse "
         "model"),
        "filled 0.01 @ 61830.00 after 41 s by trade 3391204417 of 0.312 at 61830.00: a trade at our price",
        "power: would have filled it 6.4 s earlier",
        "logarithmic: would have filled it 3.1 s earlier",
        "front: would have filled it 38 s earlier",
        "  +0 s: 2.95 ahead, 2.95 shown, 0 traded: it arrived",
        "  +8.2 s: 2.95 ahead, 3.90 shown, 0 traded: size added behind us",
        "  +14 s: 2.31 ahead, 3.26 shown, 0.64 traded: a trade at our price",
        "  +22 s: 1.50 ahead, 2.45 shown, 0.64 traded: size cancelled",
        "  +31 s: 0.80 ahead, 2.10 shown, 1.34 traded: a trade at our price",
        "  +41 s: served, 1.10 shown, 2.16 traded: a trade at our price"};
    static const int point[][3] = {{0, 295, 295},  {8, 390, 295}, {14, 326, 231},
                                   {22, 245, 150}, {31, 210, 80}, {41, 110, -1}};

    memset(story, 0, sizeof(*story));
    story->order_seq = 218;
    story->qty_lots = story->filled_lots = 1000;
    story->price_ticks = TICKS(61830);
    for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++)
        snprintf(story->line[story->lines++], VIEW_TEXT_MAX, "%s", line[i]);
    for (size_t i = 0; i < sizeof(point) / sizeof(point[0]); i++)
        story->point[story->points++] =
            (struct view_story_point){.ts_ns = mock_at(14, 6, 50, 0) + INT64_C(1000000000) * point[i][0],
                                      .shown_lots = point[i][1] * 1000,
                                      .ahead_lots = point[i][2] < 0 ? -1 : point[i][2] * 1000};
}

#endif
