#include "app/view_facts.h"

#include "core/base/safe_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void fact_add(struct fact_list *list, enum view_facts group, enum fact_level level, const char *name,
              const char *format, ...)
{
    char text[VIEW_TEXT_MAX];
    struct view_fact *fact;
    va_list args;

    if (list->facts >= VIEW_FACTS_MAX)
        return;
    fact = &list->fact[list->facts++];
    fact->group = (uint8_t)group;
    fact->level = (uint8_t)level;
    snprintf(fact->name, sizeof(fact->name), "%s", name);
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    safe_text(text, strlen(text), fact->text, sizeof(fact->text));
}
