/*
 * pen.h - where the terminal's cursor stands, what its pen is, and the fewest bytes to change either.
 *
 * Used by the differ alone. Writes into a bounded sink; the caller sees to it that PEN_STEP_MAX bytes are free
 * before each call. Attributes that a terminal cannot do are left out.
 */
#ifndef TUI_PEN_H
#define TUI_PEN_H

#include "tui/terminfo.h"
#include "tui/theme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PEN_STEP_MAX 256 /* bytes of one move, one change of pen or one character at most */
#define PEN_COLOURS  256

/* A piece of memory that fills up. */
struct sink {
    char *bytes;
    size_t size, room;
};

void sink_put(struct sink *sink, const char *bytes, size_t size); /* asserts that there is room */
void sink_text(struct sink *sink, const char *text);              /* NULL is nothing */

/*
 * A paint as this terminal can show it, packed so that one comparison compares it: foreground, background (0xrrggbb,
 * index, or INK_DEFAULT) and attributes. A blank without underline and reverse has the foreground INK_ANY: it looks the same in any.
 */
typedef uint64_t ink;
#define INK_DEFAULT (-1)
#define INK_ANY     (-2)

ink ink_pack(int32_t fg, int32_t bg, unsigned attr);
int32_t ink_fg(ink value);
int32_t ink_bg(ink value);
unsigned ink_attr(ink value);
ink ink_blank(ink value);    /* of a blank drawn with this ink */
ink ink_reversed(ink value); /* foreground and background change places */

/* Steps of one cell. */
enum pen_unit { UNIT_RIGHT, UNIT_LEFT, UNIT_DOWN, UNIT_UP, PEN_UNITS };

#define PEN_STYLES 512 /* inks remembered, by a hash of the style */

struct pen {
    const struct terminfo *info;
    enum colour_depth depth;
    int rows, cols;
    int row, col;   /* col < 0: unknown, the next move is absolute */
    bool ink_known; /* else the next ink begins with a reset */
    ink ink;
    unsigned attr_can;           /* attributes the terminal has */
    size_t unit_size[PEN_UNITS]; /* bytes of such a step, 0: cannot */
    /* setaf and setab of each colour, written out once: "\033[38;5;12m" */
    char fg_text[PEN_COLOURS][16];
    char bg_text[PEN_COLOURS][16];
    struct {
        uint32_t key; /* the style + 1, 0: empty */
        ink ink;
    } style_cache[PEN_STYLES];
};

void pen_init(struct pen *pen, const struct terminfo *info, enum colour_depth depth);
void pen_learn_moves(struct pen *pen); /* by pen_init() */
void pen_lost(struct pen *pen);        /* nothing is known of cursor and pen */

/* What this terminal makes of a paint: no colours, eight, or all; only attributes it has. */
ink pen_ink(const struct pen *pen, struct paint paint);

/* The same for a style. Remembered: call pen_forget_styles() when the theme has changed. */
ink pen_style_ink(struct pen *pen, const struct theme *theme, struct style style);
void pen_forget_styles(struct pen *pen);

/* Would a cell of this ink look right with the pen as it is? */
bool pen_fits(const struct pen *pen, ink wanted);
void pen_set(struct pen *pen, struct sink *sink, ink wanted);
/* Bytes that would take. */
size_t pen_set_cost(const struct pen *pen, ink wanted);

void pen_move(struct pen *pen, struct sink *sink, int row, int col);
/* Bytes the cheapest move would take. */
size_t pen_move_cost(const struct pen *pen, int row, int col);
/* A character of this width was written. In the last column nobody knows where the cursor is then. */
void pen_advance(struct pen *pen, int columns);

/* May an erase stand for blanks of this ink? It fills with the pen's background, or on lesser terminals with the default. */
bool pen_can_erase(const struct pen *pen, ink blank);

#endif
