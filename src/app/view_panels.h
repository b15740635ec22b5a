/*
 * view_panels.h - the topics of a frame beside the ladders: status, position, flow, risk, strategies, lists, next.
 */
#ifndef APP_VIEW_PANELS_H
#define APP_VIEW_PANELS_H

#include "app/pipeline.h"
#include "view/view.h"

/* market NULL: no instrument is known yet; its topics stay zero. */
void view_panels_fill(struct pipeline *pipeline, struct market_state *market, struct view_frame *frame);

/* view_money.c: position, risk and the gate's verdict on the next order. */
void view_fill_position(struct pipeline *pipeline, struct market_state *market, struct view_position *out);
void view_fill_risk(struct pipeline *pipeline, struct market_state *market, struct view_risk *out);
void view_fill_next(struct pipeline *pipeline, struct view_next *out);

#endif
