/* view_chart_parts.h - what the files of screen 2 share. Private to them and view_market.c. */
#ifndef APP_VIEW_CHART_PARTS_H
#define APP_VIEW_CHART_PARTS_H

#include "app/view_chart.h"

/* The frame of candles that is so long. */
enum candle_frame candle_frame_of(uint32_t span_s, enum candle_frame otherwise);
void chart_fill_candles(const struct market_state *market, const struct view_request *request,
                        struct view_chart *out);

#endif
