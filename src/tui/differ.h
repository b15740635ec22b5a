/*
 * differ.h - from a canvas to the fewest bytes that make the terminal show it.
 *
 * Keeps what the terminal shows, as characters and inks after theme, depth and tier; writes cells that differ into a
 * bounded sink. A frame that surely fits its bytes is written in the order that takes the fewest: from each run of cells
 * to the one whose move and change of ink is cheapest, so that a column of figures goes down in one ink and the bars beside it
 * up in another. One that may not fit is written in the order of what matters most; what did not fit is still due the next
 * time, and the rest goes on where it stopped, so that its lower rows get their turn on a slow line too. Moves are the
 * cheapest of the address, steps along rows and columns, and writing over what is there; blanks are erased where that is
 * shorter and the terminal fills with the right background.
 *
 * Rows that are shown already, but some rows higher or lower, are moved by inserting or deleting lines in a scrolling region,
 * where the terminal has them and that saves more than it takes. Nothing else scrolls: on terminals that wrap at once the last
 * cell of the last row is left alone. After a character whose
 * width terminals dispute (wide, combining, outside the design's own) the cursor is addressed anew, so that one wrong
 * width cannot shift the row.
 *
 * Allocates in differ_new() and differ_resize() alone.
 */
#ifndef TUI_DIFFER_H
#define TUI_DIFFER_H

#include "tui/canvas.h"
#include "tui/glyphs.h"
#include "tui/pen.h"
#include "tui/terminfo.h"
#include "tui/theme.h"

/* Room a sink should have for a full frame; a frame that needs more is finished by the next. */
#define DIFFER_CELL_BYTES  24
#define DIFFER_EXTRA_BYTES 8192

struct differ;

struct differ_frame {
    const struct canvas *canvas;
    const struct canvas_rect *first; /* painted first, in this order */
    size_t first_count;
    size_t bytes_max; /* 0: none but the sink's room */
    int cursor_row;   /* < 0: hidden */
    int cursor_col;
    bool sync; /* inside a synchronised update, unless it comes out so small that it arrives in one piece */
};

struct differ_result {
    size_t cells;      /* written */
    size_t first_done; /* of the rectangles that come first, so many are painted whole */
    bool complete;     /* the terminal will show the whole canvas */
};

/* info is borrowed for the differ's life, the theme is copied. NULL when memory is short. */
struct differ *differ_new(const struct terminfo *info, const struct theme *theme, enum colour_depth depth,
                          enum glyph_tier tier, int rows, int cols);
void differ_free(struct differ *differ); /* NULL is allowed */

/* False when memory is short: as before. The next frame clears the screen. */
bool differ_resize(struct differ *differ, int rows, int cols);

void differ_invalidate(struct differ *differ); /* the next frame clears the screen and draws all */
void differ_set_theme(struct differ *differ, const struct theme *theme);
void differ_set_tier(struct differ *differ, enum glyph_tier tier);
enum colour_depth differ_depth(const struct differ *differ);
enum glyph_tier differ_tier(const struct differ *differ);

/* Appends to the sink; nothing at all if nothing changed. */
struct differ_result differ_draw(struct differ *differ, const struct differ_frame *frame, struct sink *sink);

#endif
