/* next_overlay.h - NEXT while a question, a text field, the help or the chooser takes the keys. */
#ifndef TUI_NEXT_OVERLAY_H
#define TUI_NEXT_OVERLAY_H

#include "tui/ui.h"

/* The sentence, its first word its name, keys within marked for ui_with_keys(). False, and out is empty: what lies over the
 * screen has a NEXT of its own, or nothing does. */
bool next_overlay_text(const struct ui *ui, char *out, size_t size);

#endif
