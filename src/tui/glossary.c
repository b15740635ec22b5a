#include "tui/glossary.h"

#include "tui/glossary_table.h"

#include <string.h>
#include <strings.h>

size_t glossary_count(void)
{
    return glossary_table_count;
}

const struct glossary_entry *glossary_at(size_t index)
{
    return index < glossary_table_count ? &glossary_table[index] : NULL;
}

const char *glossary_group_word(enum glossary_group group)
{
    static const char *const word[GLOSSARY_GROUPS] = {
        [GLOSSARY_STATES] = "modes and states",
        [GLOSSARY_STATUS] = "the status rows",
        [GLOSSARY_LADDER] = "ladder",
        [GLOSSARY_MONEY] = "position and money",
        [GLOSSARY_SIGNALS] = "order flow",
        [GLOSSARY_EVENTS] = "book events",
        [GLOSSARY_ORDERS] = "orders and fills",
        [GLOSSARY_CHART] = "chart",
        [GLOSSARY_MARKET] = "market",
        [GLOSSARY_STRATEGY] = "strategies",
        [GLOSSARY_RISK] = "risk",
        [GLOSSARY_RESULTS] = "results",
        [GLOSSARY_SYSTEM] = "system",
    };

    return group < GLOSSARY_GROUPS ? word[group] : "?";
}

/* One of the spellings between the bars is just this word. */
static bool spelt(const char *also, const char *word)
{
    size_t size = strlen(word);

    while (*also != '\0') {
        size_t length = strcspn(also, "|");

        if (length == size && strncasecmp(also, word, size) == 0)
            return true;
        also += length + (also[length] == '|');
    }
    return false;
}

const struct glossary_entry *glossary_find(const char *word)
{
    const struct glossary_entry *begins = NULL, *contains = NULL;
    size_t size = strlen(word);

    if (size == 0)
        return NULL;
    for (size_t i = 0; i < glossary_table_count; i++) {
        const struct glossary_entry *entry = &glossary_table[i];

        if (strcasecmp(entry->term, word) == 0)
            return entry;
    }
    for (size_t i = 0; i < glossary_table_count; i++) {
        const struct glossary_entry *entry = &glossary_table[i];

        if (spelt(entry->also, word))
            return entry;
        if (begins == NULL && strncasecmp(entry->term, word, size) == 0)
            begins = entry;
        if (contains == NULL && strcasestr(entry->term, word) != NULL)
            contains = entry;
    }
    return begins != NULL ? begins : contains;
}

bool glossary_matches(const struct glossary_entry *entry, const char *filter)
{
    return strcasestr(entry->term, filter) != NULL || strcasestr(entry->also, filter) != NULL ||
           strcasestr(entry->what, filter) != NULL;
}
