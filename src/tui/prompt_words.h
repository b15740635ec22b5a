/*
 * prompt_words.h - what each word of the prompt does; called by the table alone (prompt_table.c). Private to tui.
 *
 * Words of trading are in ui_prompt.c, of orders in ui_order_words.c, of the screen in ui_words.c, of places in
 * ui_place_words.c, of settings in ui_settings.c.
 */
#ifndef TUI_PROMPT_WORDS_H
#define TUI_PROMPT_WORDS_H

#include "tui/ui_state.h"

void word_pause(struct ui *ui, const char *args);
void word_resume(struct ui *ui, const char *args);
void word_go(struct ui *ui, const char *args);
void word_halt(struct ui *ui, const char *args);
void word_reduce(struct ui *ui, const char *args);
void word_kill(struct ui *ui, const char *args);
void word_clear_kill(struct ui *ui, const char *args);
void word_cancel(struct ui *ui, const char *args);
void word_flatten(struct ui *ui, const char *args);
void word_on(struct ui *ui, const char *args);
void word_off(struct ui *ui, const char *args);
void word_clear_halt(struct ui *ui, const char *args);
void word_observation(struct ui *ui, const char *args);
void word_simulation(struct ui *ui, const char *args);
void word_control(struct ui *ui, const char *args);

void word_stop(struct ui *ui, const char *args);
void word_buy(struct ui *ui, const char *args);
void word_sell(struct ui *ui, const char *args);
void word_screen(struct ui *ui, const char *args);
void word_list(struct ui *ui, const char *args);
void word_instrument(struct ui *ui, const char *args);
void word_size(struct ui *ui, const char *args);
void word_speed(struct ui *ui, const char *args);
void word_jump(struct ui *ui, const char *args);
void word_bookmarks(struct ui *ui, const char *args);
void word_note(struct ui *ui, const char *args);
void word_bell(struct ui *ui, const char *args);
void word_mouse(struct ui *ui, const char *args);
void word_lock(struct ui *ui, const char *args);
void word_detach(struct ui *ui, const char *args);
void word_help(struct ui *ui, const char *args);
void word_glossary(struct ui *ui, const char *args);
void word_quit(struct ui *ui, const char *args);
void word_missing(struct ui *ui, const char *args);

void word_set(struct ui *ui, const char *args);
void word_unset(struct ui *ui, const char *args);
void word_settings(struct ui *ui, const char *args);
void word_write(struct ui *ui, const char *args);

#endif
