/* view_facts.h - lines of screen 8, one after the other; safe for any text. */
#ifndef APP_VIEW_FACTS_H
#define APP_VIEW_FACTS_H

#include "view/view.h"

#include <stddef.h>

enum fact_level { FACT_PLAIN, FACT_GOOD, FACT_WARNING, FACT_BAD }; /* as of view_fact */

struct fact_list {
    uint16_t facts;
    struct view_fact fact[VIEW_FACTS_MAX];
};

/* A full list takes no more. */
void fact_add(struct fact_list *list, enum view_facts group, enum fact_level level, const char *name,
              const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
