/*
 * curses_backend.h - the second way behind screen_put(): plain curses, which draws and compares by itself.
 *
 * For terminals our differ cannot drive, and to measure it against. It blocks for as long as the terminal does, has
 * 256 colours at most, and leaves what must be fast to the other back end. Keys, modes and restoring stay with
 * tui/terminal.h. Sets the process's LC_CTYPE from the environment, which curses needs for UTF-8.
 */
#ifndef TUI_CURSES_BACKEND_H
#define TUI_CURSES_BACKEND_H

#include "tui/canvas.h"
#include "tui/glyphs.h"
#include "tui/terminfo.h"
#include "tui/theme.h"

struct curses_backend;

/* tty_path: the terminal to write to. NULL if curses cannot drive it, or memory is short. info is borrowed. */
struct curses_backend *curses_backend_new(const char *tty_path, const struct terminfo *info,
                                          const struct theme *theme, enum colour_depth depth,
                                          enum glyph_tier tier);
void curses_backend_free(struct curses_backend *backend); /* NULL is allowed */

/* Blocks until the terminal has taken it. cursor_row < 0 hides the cursor. */
void curses_backend_draw(struct curses_backend *backend, const struct canvas *canvas, int cursor_row,
                         int cursor_col);
void curses_backend_resize(struct curses_backend *backend, int rows, int cols);
void curses_backend_redraw(struct curses_backend *backend); /* the next draw writes every cell */
void curses_backend_set_theme(struct curses_backend *backend, const struct theme *theme);
void curses_backend_set_tier(struct curses_backend *backend, enum glyph_tier tier);
enum colour_depth curses_backend_depth(const struct curses_backend *backend);

#endif
