/*
 * shown.h - a cell as the terminal shows it: after theme, depth and glyph tier. Used by the differ alone. Pure.
 */
#ifndef TUI_SHOWN_H
#define TUI_SHOWN_H

#include "tui/canvas.h"
#include "tui/pen.h"

#define SHOWN_BYTES_MAX (4 * (1 + CANVAS_MARKS))

/* A cell as the terminal shows it, and the cell of the canvas it was made from. */
struct shown {
    struct cell from;
    ink ink;
    uint32_t code;
    uint32_t mark[CANVAS_MARKS];
    uint8_t width;
};

bool shown_equal(const struct shown *a, const struct shown *b);

/* A blank that an erase may stand for. */
bool shown_blank(const struct shown *shown);

/* Does every terminal agree on its width? The design's own characters and plain letters; the probe saw to that. */
bool shown_width_trusted(const struct shown *shown);

/* Its character and marks as UTF-8; returns the bytes. */
size_t shown_bytes(const struct shown *shown, char out[SHOWN_BYTES_MAX]);

#endif
