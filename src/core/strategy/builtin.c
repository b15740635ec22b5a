#include "core/strategy/builtin.h"

#include "core/strategy/builtin_list.h"

#include <string.h>

static const struct builtin_strategy *const all[] = {
    &builtin_ofi, &builtin_mm, &builtin_momentum, &builtin_reversion, &builtin_absorption, &builtin_pairs,
};

const struct builtin_strategy *const *builtin_strategies(size_t *count)
{
    *count = sizeof all / sizeof all[0];
    return all;
}

const struct builtin_strategy *builtin_strategy_find(const char *name)
{
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}

const char *builtin_strategy_page(const char *name)
{
    const struct builtin_strategy *strategy = builtin_strategy_find(name);

    return strategy != NULL ? strategy->page : NULL;
}
