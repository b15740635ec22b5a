/*
 * prompt_meant.h - what a line that is no command here means as one: words of exchanges, of vi and tmux, another order of
 * ours. The prompt shows what it makes of a line before Enter runs it; a file of commands gets no such help. Private to tui.
 */
#ifndef TUI_PROMPT_MEANT_H
#define TUI_PROMPT_MEANT_H

#include "tui/ui_state.h"

struct prompt_meaning {
    char line[UI_COMMAND_MAX]; /* the command; "": there is none, but */
    char why[VIEW_TEXT_MAX];   /* what there is instead */
};

/* False: the line is a command, or nothing is known of it. */
bool prompt_meant(const struct ui *ui, const char *typed, struct prompt_meaning *out);

#endif
