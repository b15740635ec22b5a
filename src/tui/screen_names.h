/* screen_names.h - what the eight screens are called, in tabs, on the command line, in settings. */
#ifndef TUI_SCREEN_NAMES_H
#define TUI_SCREEN_NAMES_H

#include "view/view.h"

enum screen_id ui_screen_named(const char *name);   /* "market", in any case; 0: there is none */
const char *ui_screen_name(enum screen_id screen);  /* "Market" */
const char *ui_screen_brief(enum screen_id screen); /* in a narrow row of tabs: "Mkt" */

#endif
