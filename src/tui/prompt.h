/*
 * prompt.h - the words of the prompt (:) as their one table has them.
 *
 * From it come dispatch, completion, help, `flowdeck help commands`, the manual page, and the check of a file of
 * commands before anything of it is run.
 */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include "tui/keymap.h"

#include <stdbool.h>
#include <stddef.h>

struct ui;

#define PROMPT_WORDS_MAX 6 /* arguments of one command that are looked at one by one */

enum prompt_trait {
    PROMPT_TRADES = 1, /* changes what may trade: a match by likeness is only typed out, never run */
    PROMPT_TYPED = 2,  /* asks something or opens a page: for a keyboard, not for a file of commands */
    PROMPT_REPLAY = 4, /* of a replay alone */
    PROMPT_UNKEPT = 8  /* what was typed is not kept for the next run */
};

/*
 * arguments: lower-case words are typed as they stand, `|` between choices, [] may be left out, capitals stand for a
 * value: FIGURE, PRICE and N are numbers, SIZE is of an order, ORDER a number or a price, TEXT is the rest of the line, the others one word each.
 */
struct prompt_word {
    const char *name, *arguments, *meaning, *example;
    unsigned traits;
    enum key_action key; /* that does the same; ACT_NONE: none */
    void (*run)(struct ui *ui, const char *args);
};

size_t prompt_count(void);
const struct prompt_word *prompt_at(size_t index); /* in the order of help; NULL past the end */
const struct prompt_word *prompt_find(const char *name, size_t size); /* NULL: no command */
/* ":limit NAME VALUE". Returns out. */
const char *prompt_syntax(const struct prompt_word *word, char *out, size_t size);
/* "a replay", "anywhere, but not in a file". */
const char *prompt_context(const struct prompt_word *word);
/* Whether the word has the form of an order's size: a figure, a part of what is free, money of an asset. */
bool prompt_is_size(const char *word, size_t size);
/*
 * Whether the line can be a command at all: its word and the form of its arguments, not what they name. False: why says
 * what is wrong and what is allowed. in_file: what only a keyboard can do is refused, too.
 */
bool prompt_check(const char *line, bool in_file, char *why, size_t why_size);

#endif
