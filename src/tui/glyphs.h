/*
 * glyphs.h - the characters of the design, and what stands for them on lesser terminals.
 *
 * Panels draw with the UTF-8 characters below. The differ maps every code point to the tier of the terminal when
 * it writes: TIER_UTF8 as it is; TIER_CP437 to what a console font holds (still sent as UTF-8); TIER_ASCII to
 * one byte. A mapped character always has the width of the original (a wide one becomes `?` and a blank), so a
 * layout is the same on all tiers. The ASCII map is that of the design (mocks/README.md, last lines).
 */
#ifndef TUI_GLYPHS_H
#define TUI_GLYPHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum glyph_tier { TIER_ASCII, TIER_CP437, TIER_UTF8, TIER_COUNT };

/* As strings, to be joined with text: GLYPH_UP_TRIANGLE " LONG". */
#define GLYPH_DOT_ON         "●"
#define GLYPH_DOT_OFF        "○"
#define GLYPH_PAUSED         "║"
#define GLYPH_STOPPED        "■"
#define GLYPH_UP_TRIANGLE    "▲"
#define GLYPH_DOWN_TRIANGLE  "▼"
#define GLYPH_RIGHT_TRIANGLE "►"
#define GLYPH_LEFT_TRIANGLE  "◄"
#define GLYPH_MIDDLE_DOT     "·"
#define GLYPH_FULL_BLOCK     "█"
#define GLYPH_HALF_UPPER     "▀"
#define GLYPH_HALF_LOWER     "▄"
#define GLYPH_SHADE_LIGHT    "░"
#define GLYPH_SHADE_MEDIUM   "▒"
#define GLYPH_RULE_DOWN      "│"
#define GLYPH_SIGMA          "σ"
#define GLYPH_PLUS_MINUS     "±"
#define GLYPH_ELLIPSIS       "…"

/*
 * A cell of a line of the chart, dots as in braille: on UTF-8 those dots, on the tiers without them a mark of the line's own, so
 * that lines are told apart without colours. Code points of private use; no text from outside means them.
 */
enum glyph_line { GLYPH_LINE_MAIN, GLYPH_LINE_MEAN, GLYPH_LINE_BAND, GLYPH_LINES };
uint32_t glyph_of_line(enum glyph_line line, uint8_t dots);
bool glyph_is_line(uint32_t code);

/* What stands for code on this tier: one code point of the same width. */
uint32_t glyph_map(enum glyph_tier tier, uint32_t code);

/* The heat map's mono picture, step 0..7: blank · ░ ░ ▒ ▓ █ █ */
uint32_t glyph_heat(int step);

/*
 * A part of a cell in eighths from one edge, 0 blank .. 8 full. From the left and from below there are characters; from the
 * right and from above those of "legacy computing" are meant, which few fonts have: glyph_shown() makes the part that is left
 * out of them, in reverse.
 */
enum glyph_edge { EDGE_LEFT, EDGE_RIGHT, EDGE_BELOW, EDGE_ABOVE };
uint32_t glyph_part(enum glyph_edge edge, int eighths);

/* As glyph_map(); *reverse becomes true where the cell must be shown in reverse to look like it. */
uint32_t glyph_shown(enum glyph_tier tier, uint32_t code, bool *reverse);

/* UTF-8 of one code point; returns its length, 1..4. */
size_t glyph_encode(uint32_t code, char out[4]);

/*
 * The tier by what is said about the terminal, before it was asked: codeset is nl_langinfo(CODESET), term is
 * $TERM. Not UTF-8: ASCII. `linux` and its like: CP437. vt100 and such: ASCII.
 */
enum glyph_tier glyph_tier_detect(const char *term, const char *codeset);

/*
 * The width probe. Write glyph_probe_text() at the first column and ask for the cursor (CSI 6n). The reply's
 * column (from 1) proves the tier, or lowers it: bytes shown one by one, or design glyphs two cells wide, make
 * all but ASCII unreadable.
 */
const char *glyph_probe_text(void);
enum glyph_tier glyph_tier_probed(enum glyph_tier tier, int reply_col);

const char *glyph_tier_name(enum glyph_tier tier); /* "utf-8", "cp437", "ascii" */

#endif
