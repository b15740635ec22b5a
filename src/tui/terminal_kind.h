/* terminal_kind.h - what a terminal can do by what is said about it: its terminfo entry and the environment. */
#ifndef TUI_TERMINAL_KIND_H
#define TUI_TERMINAL_KIND_H

#include "tui/glyphs.h"
#include "tui/terminfo.h"
#include "tui/theme.h"

/* A depth that was asked for (depth_plus_1 > 0), as far as the terminal can; else by NO_COLOR, COLORTERM and terminfo. */
enum colour_depth terminal_depth(const struct terminfo *info, int depth_plus_1);

/* By name and locale, before the terminal was asked. */
enum glyph_tier terminal_tier(const char *term);

/* Of an xterm's kin: takes OSC and answers questions about modes instead of showing them. */
bool terminal_is_xterm(const struct terminfo *info);

#endif
