/*
 * dock.h - the place over the blotter for what asks or is chosen from: full width, under the ladder; never over ladder,
 * position or status. Private to tui.
 */
#ifndef TUI_DOCK_H
#define TUI_DOCK_H

#include "tui/canvas.h"
#include "tui/ui_state.h"

struct dock {
    int title_row, row, end, left, right; /* rows row..end-1 are inside */
};

int dock_rows(const struct ui *ui, int lines); /* that dock_open() would show of so many */
/* Cleared, framed and titled; on small screens as high as the lines need. note: its keys by KEY(). */
struct dock dock_open(struct canvas *canvas, const struct ui *ui, const char *title, const char *note,
                      struct style title_style, int lines);

#endif
