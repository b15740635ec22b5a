/*
 * builtin.h - the strategies that come with the program: the same ABI as a plug-in's, linked in. Pure.
 */
#ifndef CORE_STRATEGY_BUILTIN_H
#define CORE_STRATEGY_BUILTIN_H

#include "flowdeck/strategy.h"

#include <stddef.h>

struct builtin_strategy {
    const char *name; /* as in its manifest */
    const struct fd_strategy *table;
    const char *manifest_text; /* core/strategy/manifest.h */
    const char *page;          /* for the manual: idea, entry, exit, source; an empty line parts paragraphs */
};

const struct builtin_strategy *const *builtin_strategies(size_t *count);
const struct builtin_strategy *builtin_strategy_find(const char *name); /* NULL: no such strategy */
/* Its page of the manual; the parameters stand in the manifest. NULL: no such strategy. */
const char *builtin_strategy_page(const char *name);

#endif
