#include "app/view_build.h"

#include "app/controls_report.h"
#include "app/ladder_view.h"
#include "app/past_reader.h"
#include "app/view_chart.h"
#include "app/view_panels.h"
#include "core/base/safe_text.h"

#include <stdlib.h>
#include <string.h>

#define LADDER_NS     INT64_C(100000000) /* rows at most ten times a second of event time ... */
#define MARKET_NS     INT64_C(200000000)
#define LADDER_FRAMES 3 /* ... or each third frame, when the replay is fast */

struct view_builder {
    char first_symbol[SYMBOL_SIZE];
    char name[48];
    bool asked; /* the screen has said what it wants to see */
    struct view_request request;
    struct ladder_view ladder, second;
    struct chart_view chart;
    struct view_ladder ladder_last, second_last; /* shown again until they are due */
    int64_t ladder_ns;
    int64_t touch_ticks[SIDE_COUNT]; /* of the rows shown again */
    unsigned frames;
    struct view_market market_last; /* likewise */
    int64_t market_ns;
    struct view_desk desk;
    struct { /* each screen asks about an order of its own */
        bool set;
        uint32_t seq;
        struct order_intent intent;
        uint64_t moves;
    } preview;
    struct view_history own, *history;
    struct results_reader *results;
    struct past_reader *past;
};

struct view_builder *view_builder_new(const struct view_builder_config *config)
{
    struct view_builder *builder = calloc(1, sizeof(*builder));
    const char *slash;

    if (builder == NULL)
        return NULL;
    if (config->first_symbol != NULL)
        snprintf(builder->first_symbol, sizeof(builder->first_symbol), "%s", config->first_symbol);
    if (config->name != NULL) {
        slash = strrchr(config->name, '/');
        slash = slash == NULL ? config->name : slash + 1;
        safe_text(slash, strlen(slash), builder->name, sizeof(builder->name));
    }
    builder->history = config->history == NULL ? &builder->own : config->history;
    builder->results = config->results;
    builder->past = config->past;
    builder->request.second_instrument_id = INSTRUMENT_NONE;
    builder->ladder.instrument_id = builder->second.instrument_id = INSTRUMENT_NONE;
    return builder;
}

void view_builder_free(struct view_builder *builder)
{
    if (builder == NULL)
        return;
    view_history_free(&builder->own);
    free(builder);
}

void view_builder_begin(struct view_builder *builder, const struct pipeline *pipeline, const char *symbol)
{
    uint16_t id = pipeline->markets > 0 ? 0 : INSTRUMENT_NONE;

    snprintf(builder->first_symbol, sizeof(builder->first_symbol), "%s", symbol);
    for (size_t i = 0; i < pipeline->markets; i++)
        if (strcmp(pipeline->market[i]->instrument->symbol, symbol) == 0)
            id = (uint16_t)i;
    builder->asked = builder->preview.set = false;
    builder->request = (struct view_request){.second_instrument_id = INSTRUMENT_NONE};
    builder->ladder.instrument_id = builder->second.instrument_id = INSTRUMENT_NONE;
    builder->ladder_ns = 0;
    builder->ladder.rows = builder->second.rows = 0;
    if (id != INSTRUMENT_NONE)
        ladder_view_show(&builder->ladder, id, 0, 0, 0);
}

void view_builder_on_event(struct view_builder *builder, const struct pipeline *pipeline,
                           const struct feed_event *event)
{
    uint16_t id;

    if (builder->history == &builder->own)
        view_history_on_event(&builder->own, pipeline, event);
    if (event->instrument == NULL || event->instrument->id >= pipeline->markets)
        return;
    id = event->instrument->id;
    if (event->kind == FEED_TRADE && !event->trade.off_market) {
        if (id == builder->ladder.instrument_id)
            ladder_view_trade(&builder->ladder, &event->trade);
        if (id == builder->second.instrument_id)
            ladder_view_trade(&builder->second, &event->trade);
    } else if (event->kind == FEED_STEPS) {
        builder->preview.set = false; /* asked in old units: the screen asks again */
        if (id == builder->ladder.instrument_id)
            ladder_view_rescale(&builder->ladder, event->steps);
        if (id == builder->second.instrument_id)
            ladder_view_rescale(&builder->second, event->steps);
    } else if (event->kind == FEED_INSTRUMENT && !builder->asked) {
        /* Until the screen asks: the named instrument, else the first. */
        if (builder->ladder.instrument_id == INSTRUMENT_NONE ||
            strcmp(event->instrument->symbol, builder->first_symbol) == 0)
            ladder_view_show(&builder->ladder, id, 0, 0, 0);
    }
}

void view_builder_request(struct view_builder *builder, const struct view_request *request)
{
    builder->asked = true;
    builder->request = *request;
    if (request->instrument_id != INSTRUMENT_NONE)
        ladder_view_show(&builder->ladder, request->instrument_id, request->rows, request->row_ticks,
                         request->top_ticks);
    else /* "whatever is shown": rows only */
        ladder_view_show(&builder->ladder, builder->ladder.instrument_id, request->rows, request->row_ticks,
                         request->top_ticks);
    builder->ladder.levels = request->levels;
    ladder_view_show(&builder->second, request->second_instrument_id, request->second_rows, 0, 0);
    builder->ladder_ns = builder->market_ns = 0;
}

uint16_t view_builder_shown(const struct view_builder *builder)
{
    return builder->ladder.instrument_id;
}

void view_builder_preview(struct view_builder *builder, const struct pipeline *pipeline)
{
    builder->preview.set = pipeline->preview_set;
    builder->preview.seq = pipeline->preview_seq;
    builder->preview.intent = pipeline->preview;
    builder->preview.moves = pipeline->preview_moves;
}

void view_builder_desk(struct view_builder *builder, const struct view_desk *desk)
{
    builder->desk = *desk;
}

void view_builder_clear_visit(struct view_builder *builder)
{
    ladder_view_clear_visit(&builder->ladder, builder->ladder_ns);
    builder->ladder_ns = 0;
}

enum screen_id view_builder_screen(const struct view_builder *builder)
{
    return (enum screen_id)builder->request.screen;
}

/* The pipeline judges one order at a time: this screen's. */
static void put_preview(const struct view_builder *builder, struct pipeline *pipeline)
{
    pipeline->preview_set = builder->preview.set;
    pipeline->preview_seq = builder->preview.seq;
    pipeline->preview = builder->preview.intent;
    pipeline->preview_moves = builder->preview.moves;
}

static void fill_ladder(struct view_builder *builder, struct ladder_view *view, struct pipeline *pipeline,
                        struct view_ladder *out)
{
    int64_t lots[VIEW_ROWS_MAX] = {0};

    ladder_view_fill(view, pipeline, out);
    if (out->rows == 0 || out->levels_only || builder->history->volume[view->instrument_id] == NULL)
        return;
    volume_profile_rows(builder->history->volume[view->instrument_id], out->row[0].price_ticks,
                        out->row_ticks, out->rows, lots);
    for (uint16_t i = 0; i < out->rows; i++)
        out->row[i].volume_lots = lots[i];
}

/* They are as old as the touch at most: another best price in rows of before would stand where nothing is. */
static bool rows_due(struct view_builder *builder, const struct pipeline *pipeline,
                     const struct market_state *market)
{
    bool moved =
        market != NULL && memcmp(builder->touch_ticks, market->mark_ticks, sizeof(builder->touch_ticks)) != 0;
    bool due = builder->ladder_ns == 0 || pipeline->now_ns - builder->ladder_ns >= LADDER_NS ||
               ++builder->frames >= LADDER_FRAMES || moved;

    if (due) {
        builder->ladder_ns = pipeline->now_ns;
        builder->frames = 0;
        if (market != NULL)
            memcpy(builder->touch_ticks, market->mark_ticks, sizeof(builder->touch_ticks));
    }
    return due;
}

static void fill_market(struct view_builder *builder, const struct pipeline *pipeline,
                        struct view_market *out)
{
    if (builder->market_ns == 0 || pipeline->now_ns - builder->market_ns >= MARKET_NS ||
        pipeline->now_ns < builder->market_ns) {
        builder->market_ns = pipeline->now_ns;
        view_fill_market(pipeline, builder->request.point_s, &builder->market_last);
    }
    *out = builder->market_last;
}

/* The touch is of this moment even where the rows are a tenth of a second old: what an order meets is judged by it. */
static void refresh_touch(const struct pipeline *pipeline, struct view_ladder *out)
{
    if (out->rows > 0 && out->instrument_id < pipeline->markets)
        ladder_view_touch(pipeline->market[out->instrument_id], out);
}

void view_builder_fill(struct view_builder *builder, struct pipeline *pipeline, struct view_frame *frame)
{
    uint16_t shown = builder->ladder.instrument_id;
    struct market_state *market = shown < pipeline->markets ? pipeline->market[shown] : NULL;

    memset(frame, 0, sizeof(*frame));
    frame->desk = builder->desk;
    put_preview(builder, pipeline);
    if (rows_due(builder, pipeline, market)) {
        fill_ladder(builder, &builder->ladder, pipeline, &builder->ladder_last);
        fill_ladder(builder, &builder->second, pipeline, &builder->second_last);
    }
    frame->ladder = builder->ladder_last;
    frame->second = builder->second_last;
    refresh_touch(pipeline, &frame->ladder);
    refresh_touch(pipeline, &frame->second);
    view_panels_fill(pipeline, market, frame);
    if (builder->past != NULL)
        view_fill_past(pipeline, past_reader_newest(builder->past), &frame->lists);
    if (builder->request.screen == SCREEN_RISK || builder->request.controls)
        controls_report_fill(pipeline, market, &frame->controls);
    else if (builder->request.denials)
        controls_report_denials(pipeline, &frame->controls);
    if (builder->request.screen == SCREEN_STRATEGY)
        view_fill_strategy(pipeline, market, builder->request.owner, &frame->strategy_detail);
    if (builder->request.screen == SCREEN_CHART && market != NULL)
        chart_view_fill(&builder->chart, pipeline, market, builder->history->heat[shown], &builder->request,
                        &frame->chart);
    if (builder->request.screen == SCREEN_MARKET)
        fill_market(builder, pipeline, &frame->market);
    if (builder->request.screen == SCREEN_RESULTS)
        view_fill_results(pipeline, builder->results, builder->request.period, &frame->results);
    if (builder->request.story_seq != 0)
        view_fill_story(pipeline, builder->request.story_seq, &frame->story);
    frame->status.shown = market == NULL ? 0 : shown;
    snprintf(frame->status.replay_name, sizeof(frame->status.replay_name), "%s", builder->name);
}
