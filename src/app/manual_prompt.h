/* manual_prompt.h - the words of the prompt (:) for help and the manual page, from their table. */
#ifndef APP_MANUAL_PROMPT_H
#define APP_MANUAL_PROMPT_H

#include <stdio.h>

void manual_prompt(FILE *out);      /* flowdeck help commands */
void manual_prompt_roff(FILE *out); /* the section PROMPT of flowdeck(1) */

#endif
