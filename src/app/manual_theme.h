/* manual_theme.h - flowdeck-theme(5): the form of a theme file, and every role with its meaning and its colours in each theme. */
#ifndef APP_MANUAL_THEME_H
#define APP_MANUAL_THEME_H

#include <stdio.h>

void manual_theme_page(FILE *out);

#endif
