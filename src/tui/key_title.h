/* key_title.h - titles and lines of panels whose sentences name keys by KEY(): as this user presses them. Private to tui. */
#ifndef TUI_KEY_TITLE_H
#define TUI_KEY_TITLE_H

#include "tui/canvas.h"
#include "tui/ui_state.h"

#include <stdbool.h>

/* As brush_title(). */
void key_title(struct canvas *canvas, const struct ui *ui, int row, int col, bool focus, const char *title,
               const char *note);
/* As canvas_text_cut(). */
int key_text_cut(struct canvas *canvas, const struct ui *ui, int row, int col, int cols, struct style style,
                 const char *text);

#endif
