/*
 * prompt.h - the commands of the prompt (:) as its table has them, for help and manual.
 */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include <stddef.h>

size_t prompt_count(void);
/* In the order of help; NULL past the end. help: its arguments, and what it does. */
const char *prompt_at(size_t index, const char **help);

#endif
