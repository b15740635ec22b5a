/*
 * ui_say.h - what the NEXT row says instead of what comes next: answers to keys, and messages that no key has asked for.
 * Private to tui; part of ui_state.h. ui_send.c
 */
#ifndef TUI_UI_SAY_H
#define TUI_UI_SAY_H

#include "view/view.h"

#include <stdbool.h>
#include <stdint.h>

#define UI_WAIT_NS INT64_C(20000000000) /* a message that waits for longer is no news */

struct ui;

/* An answer in the NEXT row, for three seconds. */
struct ui_say {
    uint8_t level; /* as view_answer: 0 done, 1 refused, 2 warning */
    char head[24];
    char text[VIEW_TEXT_MAX];
    int64_t until_ns; /* 0: nothing */
    int64_t read_ns;  /* before that no message takes its place; an answer to a key does */
    bool stands;      /* a bell: before that no key takes it away, and it comes back after an answer */
};

/* A message that no key of ours has asked for: it waits until what stands in the NEXT row has been read. */
struct ui_message {
    uint8_t level;
    bool ours;   /* not of a strategy, which would not take its place */
    bool stands; /* a bell: it is shown until it has been read */
    char head[24];
    char text[VIEW_TEXT_MAX];
    int64_t stays_ns; /* at most, if no key comes; 0: as long as it takes to read */
    int64_t came_ns;  /* 0: there is none */
};

void ui_say(struct ui *ui, uint8_t level, const char *head, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A key was typed: the answer to the one before has been seen, but for a bell that nobody can have read yet. */
void ui_say_seen(struct ui *ui);
/* In the NEXT row once what stands there has been read; the log has it if it never comes to that. */
void ui_hear(struct ui *ui, const struct ui_message *message);
bool ui_hear_tick(struct ui *ui);
void ui_note(struct ui *ui, uint8_t level, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
