/*
 * unmanaged.h - positions that nobody manages: a strategy holds them and does not trade any more, because a control disabled
 * it, somebody turned it off, or it is paused alone. Trading goes on beside it, and only people can close what it left.
 */
#ifndef APP_UNMANAGED_H
#define APP_UNMANAGED_H

#include "app/pipeline.h"

/* An instrument in which that owner left a position that no flatten is closing, `first` before others; INSTRUMENT_NONE: it
 * left none. */
uint16_t unmanaged_in(const struct pipeline *pipeline, uint16_t owner, uint16_t first);
/* "ofi DISABLED leaves SHORT 0.1861 ETHUSDT to you: f closes it". False: there is none. */
bool unmanaged_text(const struct pipeline *pipeline, uint16_t owner, char *out, size_t size);

#endif
