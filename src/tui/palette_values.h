/*
 * palette_values.h - what may stand behind a command's word, and the words of the palette's rows. Private to tui.
 */
#ifndef TUI_PALETTE_VALUES_H
#define TUI_PALETTE_VALUES_H

#include "tui/ui_state.h"

/* What stands for the argument that is being typed, one by one; NULL past the last. Returns out. */
const char *palette_value(const struct ui *ui, size_t index, char *out, size_t size);
const char *palette_value_typed(const struct ui *ui); /* the last word of the line, "" behind a blank */
const char *palette_topic(size_t index); /* of :help, besides commands and settings; NULL past the last */
/* The place that a word means: "ladder". KEY_CONTEXTS: none. */
enum key_context palette_topic_context(const char *topic);

#endif
