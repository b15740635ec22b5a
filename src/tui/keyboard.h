/*
 * keyboard.h - keyboards of other countries: which key of ours a typed character is. Pure.
 *
 * Where a keyboard has other letters (Cyrillic, Greek, Hebrew) a key works by its place: on a Russian one the key `i`
 * types a letter of its own and is still `i`. Latin keyboards keep their letters where they are; they give another key for
 * what takes AltGr there. Characters that a keyboard types itself mean themselves.
 */
#ifndef TUI_KEYBOARD_H
#define TUI_KEYBOARD_H

#include <stdint.h>

enum keyboard {
    KEYBOARD_US,
    KEYBOARD_DE,
    KEYBOARD_FR,
    KEYBOARD_ES,
    KEYBOARD_RU,
    KEYBOARD_UA,
    KEYBOARD_GR,
    KEYBOARD_HE,
    KEYBOARDS
};

#define KEYBOARD_WORDS "us|de|fr|es|ru|ua|gr|he" /* in the order above; of the setting keys.layout */

enum keyboard keyboard_named(const char *word); /* KEYBOARD_US for a word that is none of them */

/* The key (key.h) that what was typed stands for; modifiers stay. Its own where the keyboard has it as it is. */
uint32_t keyboard_key(enum keyboard keyboard, uint32_t typed);
/* The other way round: what to press for a key there, as help shows it; the key itself where that is the same. */
uint32_t keyboard_shown(enum keyboard keyboard, uint32_t key);

#endif
