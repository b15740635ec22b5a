/*
 * manual.h - --help, help TOPIC, flowdeck(1), flowdeck.conf(5), flowdeck-journal(5), flowdeck-theme(5), flowdeck-strategy(7) and bash completion,
 * from the tables of commands, options, settings, keys, the glossary, risk controls, records of the journal and strategies. Nothing about them is written twice.
 */
#ifndef APP_MANUAL_H
#define APP_MANUAL_H

#include <stdbool.h>
#include <stdio.h>

void manual_help(FILE *out); /* --help */
/* A command, "keys", "settings", "controls", "glossary", alone or with a word, "strategies", "strategy" with a name, or a strategy's name alone; else
 * name is NULL. False if there is no such topic. */
bool manual_topic(const char *topic, const char *name, FILE *out);
/* "flowdeck.1", "flowdeck.conf.5", "flowdeck-journal.5", "flowdeck-theme.5", "flowdeck-strategy.7"; false if there is no such page. */
bool manual_page(const char *page, FILE *out);
void manual_completion(FILE *out);
void manual_version(FILE *out);

#endif
