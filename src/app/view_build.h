/*
 * view_build.h - engine state -> struct view_frame, on the engine's thread, when a screen asked.
 *
 * Keeps what only eyes need: which instrument and rows are shown, what traded in each row on this visit, volume
 * by price, row sizes of ten seconds ago. Nothing here reaches a decision. Rows are summed at most ten times a
 * second; a row costs its levels.
 */
#ifndef APP_VIEW_BUILD_H
#define APP_VIEW_BUILD_H

#include "app/pipeline.h"
#include "app/view_history.h"
#include "view/view.h"

struct view_builder;
struct results_reader;
struct past_reader;

struct view_builder_config {
    struct view_history *history;   /* NULL: the builder keeps its own */
    struct results_reader *results; /* NULL: nothing is stored */
    struct past_reader *past;       /* likewise, or a replay */
    const char *first_symbol;       /* NULL: the first heard of */
    const char *name;               /* of the recording, for the status row */
};

struct view_builder *view_builder_new(const struct view_builder_config *config); /* NULL: memory */
void view_builder_free(struct view_builder *builder);                            /* NULL is allowed */
/* Somebody else looks: at this instrument, "": at the first. Nothing of the one before is kept. */
void view_builder_begin(struct view_builder *builder, const struct pipeline *pipeline, const char *symbol);
/* After the pipeline took the event (and a shared history did). */
void view_builder_on_event(struct view_builder *builder, const struct pipeline *pipeline,
                           const struct feed_event *event);
void view_builder_request(struct view_builder *builder, const struct view_request *request);
uint16_t view_builder_shown(const struct view_builder *builder); /* INSTRUMENT_NONE: none yet */
enum screen_id
view_builder_screen(const struct view_builder *builder); /* that is looked at; 0: not told yet */
/* The order that the pipeline was just asked to preview is the one this screen asks about. */
void view_builder_preview(struct view_builder *builder, const struct pipeline *pipeline);
/* Who looks, for the frames from here on. */
void view_builder_desk(struct view_builder *builder, const struct view_desk *desk);
void view_builder_clear_visit(struct view_builder *builder);
void view_builder_fill(struct view_builder *builder, struct pipeline *pipeline, struct view_frame *frame);

#endif
