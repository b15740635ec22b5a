/* ui_size.h - the size of an order as somebody types it. Private to tui. */
#ifndef TUI_UI_SIZE_H
#define TUI_UI_SIZE_H

#include "tui/ui_state.h"

/*
 * "0.01", "0.01btc", "100usdt": a figure, or money at price_ticks; "50%", "all", "max": of what is free on spot, money for a
 * buy (fee kept back), what is held for a sell. False: why says what is wrong with it and what is allowed.
 */
bool size_read(const struct ui *ui, enum side side, int64_t price_ticks, const char *text, int64_t *lots,
               char *why, size_t why_size);

#endif
