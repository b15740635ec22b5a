/* manual_controls.h - the controls of the risk gate with their limits, for `help controls` and flowdeck(1). */
#ifndef APP_MANUAL_CONTROLS_H
#define APP_MANUAL_CONTROLS_H

#include <stdio.h>

/* A table in the order of judgement: word, place, option, default, what it does. */
void manual_controls(FILE *out);
/* The same as items of a manual page. */
void manual_controls_roff(FILE *out);

#endif
