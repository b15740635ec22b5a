/*
 * ui_help.h - the help, why a key is refused, and the keys that texts name as this user has them. Private to tui; part of
 * ui_state.h.
 */
#ifndef TUI_UI_HELP_H
#define TUI_UI_HELP_H

#include "tui/keymap.h"

struct ui;

/* --- keys as this user has them (ui_keys.c) ---------------------------------------------------------------- */
#define UI_CHIP_SIZE 48
#define KEY_BEGINS   '\x0e'
#define KEY_ENDS     '\x0f'
#define KEY(keys)    "\x0e" keys "\x0f" /* in a sentence: keys of the list, shown as they are here */

/* ACT_NONE: nothing in just this context. key: as it was typed. */
enum key_action ui_action(const struct ui *ui, enum key_context context, uint32_t key);
bool ui_kill_typed(const struct ui *ui, uint32_t key); /* with Alt, too: Esc and it in one read */
/* "\u2191\u2193", "Space", "Esc K" of the list, as they are here. Returns out; "": its user took the key away. */
const char *ui_chip(const struct ui *ui, const char *keys, char out[UI_CHIP_SIZE]);
/* The text with every KEY() in it as it is here. Returns out. */
const char *ui_with_keys(const struct ui *ui, const char *text, char *out, size_t size);

/* --- help (ui_help.c, help_panel.c) ------------------------------------------------------------------------- */
enum help_part { HELP_KEYS, HELP_COMMANDS, HELP_GLOSSARY, HELP_PARTS };

#define HELP_CONTEXTS 4
void help_open(struct ui *ui, enum help_part part, const char *filter); /* filter "": all of it */
void help_close(struct ui *ui);
void help_leave(struct ui *ui);      /* the filter first */
void help_drop_under(struct ui *ui); /* what it lies over is no more */
void help_turn(struct ui *ui, int direction);
void help_part_step(struct ui *ui, int direction);
void help_filter_done(struct ui *ui, const char *value);
int help_contexts(const struct ui *ui, enum key_context out[HELP_CONTEXTS]); /* innermost first */
bool help_shows(const struct ui *ui, const struct key_binding *binding);
int help_pages(const struct ui *ui);
int help_entries(const struct ui *ui);     /* after the filter */
bool question_stands(const struct ui *ui); /* it may lie under the help */
/* Observation, another in control, after a recording: no order leaves. */
bool ui_only_looks(const struct ui *ui);
/* The gate's words, and what is allowed where they do not tell it. Returns out. */
const char *ui_denial_words(const struct ui *ui, const struct view_next *next, char *out, size_t size);
/* Why no order key works now, with the keys as they are here; NULL: they do. out has room for the words. */
const char *ui_locked(const struct ui *ui, char *out, size_t size);
/* Is that word of a refusal the book's state alone? It may come back at any moment. */
bool ui_waits_for_book(const struct ui *ui, const char *word);
const char *ui_refused_word(const struct ui *ui, enum key_action action); /* "FROZEN"; NULL: it works */

#endif
