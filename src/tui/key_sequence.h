/*
 * key_sequence.h - what a complete escape sequence means. Used by the key decoder alone. Pure.
 */
#ifndef TUI_KEY_SEQUENCE_H
#define TUI_KEY_SEQUENCE_H

#include "tui/key.h"

/* Of CSI and SS3 sequences that carry no key. */
#define KEY_PASTE_BEGINS 0xfffffffeu

/*
 * seq is the sequence without its ESC: "[1;5A", "OP", "[[A". Fills *event and returns true if it is known and means
 * something (a release of a key does not). event->key is KEY_PASTE_BEGINS for CSI 200 ~. cursor_asked: a CPR is
 * awaited, so CSI 1 ; n R is one and not a shifted F3.
 */
bool key_sequence_decode(const char *seq, size_t size, bool cursor_asked, struct key_event *event);

#endif
