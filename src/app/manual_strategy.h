/*
 * manual_strategy.h - flowdeck-strategy(7): the guide of man/flowdeck-strategy.7.in, and in the place that it marks each
 * built-in strategy with its own page and the parameters of its manifest. The same for a terminal.
 */
#ifndef APP_MANUAL_STRATEGY_H
#define APP_MANUAL_STRATEGY_H

#include <stdbool.h>
#include <stdio.h>

/* False: the guide has no such place, or a manifest cannot be read. */
bool manual_strategy_page(FILE *out);
/* One line each. False: a manifest cannot be read. */
bool manual_strategies(FILE *out);
/* Words of text in lines of 79 columns, each but the first behind indent blanks; an empty line stays. column: where the
 * first word begins. */
void manual_wrapped(const char *text, int column, int indent, FILE *out);
/* False: no such strategy. */
bool manual_strategy(const char *name, FILE *out);

#endif
