/*
 * glossary.h - what the signals, numbers and words on the screens mean: the one table of them.
 *
 * The glossary of the help, `:help WORD`, `flowdeck help glossary`, its section of flowdeck(1) and the definitions of
 * the signals on screen 4 are made from it. Pure; everything static.
 */
#ifndef TUI_GLOSSARY_H
#define TUI_GLOSSARY_H

#include <stdbool.h>
#include <stddef.h>

enum glossary_group {
    GLOSSARY_STATES,
    GLOSSARY_STATUS,
    GLOSSARY_LADDER,
    GLOSSARY_MONEY,
    GLOSSARY_SIGNALS,
    GLOSSARY_EVENTS,
    GLOSSARY_ORDERS,
    GLOSSARY_CHART,
    GLOSSARY_MARKET,
    GLOSSARY_STRATEGY,
    GLOSSARY_RISK,
    GLOSSARY_RESULTS,
    GLOSSARY_SYSTEM,
    GLOSSARY_GROUPS
};

struct glossary_entry {
    enum glossary_group group;
    const char *term; /* as a screen shows it: "even at" */
    const char *also; /* other spellings on screens and words of other programs, by '|': "even|B"; "": none */
    const char *unit; /* "bp", "quote", "base"; "": none */
    const char *what; /* definition, or formula; no full stop */
    const char *from; /* paper, recording or rule that it comes from; "": it follows from the definition */
    const char *where; /* screens that show it: "Trade, Strategy" */
};

size_t glossary_count(void);
const struct glossary_entry *
glossary_at(size_t index); /* by groups, in the order of reading; NULL past the end */
const char *glossary_group_word(enum glossary_group group); /* "order flow" */

/* The entry of a term or one of its spellings, whatever its case; else the first that begins so, else the first that
 * contains it as a term. NULL: none. */
const struct glossary_entry *glossary_find(const char *word);
/* The term, a spelling or the definition contains it, whatever its case; "" matches all. */
bool glossary_matches(const struct glossary_entry *entry, const char *filter);

#endif
