#include "exec/fill_story.h"

const char *queue_model_word(enum queue_model model)
{
    static const char *const words[QUEUE_MODELS] = {
        [QUEUE_RISK_AVERSE] = "risk-averse",
        [QUEUE_PROPORTIONAL] = "proportional",
        [QUEUE_POWER] = "power",
        [QUEUE_LOG] = "log",
    };

    return (unsigned)model < QUEUE_MODELS ? words[model] : "?";
}

const char *story_cause_text(enum story_cause cause)
{
    static const char *const texts[] = {
        [STORY_ARRIVED] = "arrived",
        [STORY_TOOK] = "took from the book",
        [STORY_BEYOND_BOOK] = "took beyond the visible book",
        [STORY_TRADE_AT] = "a trade at our price",
        [STORY_TRADE_THROUGH] = "a trade through our price",
        [STORY_OTHER_SIDE] = "the other side came to our price",
        [STORY_LEVEL_CHANGED] = "the level changed without a trade",
        [STORY_TRIGGERED] = "the stop was set off",
        [STORY_REPLACED] = "replaced",
        [STORY_ENDED] = "ended",
    };

    return (unsigned)cause < sizeof texts / sizeof texts[0] ? texts[cause] : "?";
}
