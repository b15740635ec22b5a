/*
 * view_panels.h - the topics of a frame beside the ladders: status, position, flow, risk, strategies, lists, next.
 */
#ifndef APP_VIEW_PANELS_H
#define APP_VIEW_PANELS_H

#include "app/pipeline.h"
#include "view/view.h"

/* market NULL: no instrument is known yet; its topics stay zero. */
void view_panels_fill(struct pipeline *pipeline, struct market_state *market, struct view_frame *frame);

/* Names, steps, book, last price and what is shown of it wherever all instruments are. */
void view_instrument_fill(const struct pipeline *pipeline, const struct market_state *market,
                          struct view_instrument *out);

/* view_money.c: position, risk and the gate's verdict on the next order. */
void view_fill_position(struct pipeline *pipeline, struct market_state *market, struct view_position *out);
void view_fill_risk(struct pipeline *pipeline, struct market_state *market, struct view_risk *out);
void view_fill_next(struct pipeline *pipeline, struct view_next *out);

/* view_strategy.c: the chosen strategy, on the shown instrument. */
void view_fill_strategy(const struct pipeline *pipeline, const struct market_state *market, uint16_t owner_id,
                        struct view_strategy_detail *out);
/* view_signals.c: every signal of an instrument, with its definition and source. */
void view_fill_signals(const struct market_state *market, struct view_strategy_detail *out);
/* view_market.c: all instruments, for screen 3; point_s: what a point of the trends spans, as a frame of candles. */
void view_fill_market(const struct pipeline *pipeline, uint32_t point_s, struct view_market *out);
/* Last against 24 hours ago, in tenths of a basis point; VIEW_NONE: no trade yet. */
int64_t view_change_bp_x10(const struct pipeline *pipeline, const struct market_state *market);
/* view_results.c: what trading has brought in the period; reader NULL: nothing is stored. */
struct results_reader;
void view_fill_results(const struct pipeline *pipeline, struct results_reader *reader, uint8_t period,
                       struct view_results *out);
/* view_story.c: why an order filled or did not. */
void view_fill_story(const struct pipeline *pipeline, uint64_t order_seq, struct view_story *out);

#endif
