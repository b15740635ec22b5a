/* manual_glossary.h - help glossary, and the section of flowdeck(1), from the table of tui/glossary.h. */
#ifndef APP_MANUAL_GLOSSARY_H
#define APP_MANUAL_GLOSSARY_H

#include <stdbool.h>
#include <stdio.h>

/* All of it, or with a word what it means. False: no entry has it. */
bool manual_glossary(const char *word, FILE *out);
void manual_glossary_roff(FILE *out); /* the section */

#endif
