#include "tui/screen_names.h"

#include <strings.h>

/* In the order of their keys, 1..8. */
static const struct {
    const char *name, *brief;
} names[] = {{"Trade", "Trade"}, {"Chart", "Chart"}, {"Market", "Mkt"},   {"Strategy", "Strat"},
             {"Risk", "Risk"},   {"Results", "Res"}, {"Journal", "Jrnl"}, {"System", "Sys"}};

static size_t row_of(enum screen_id screen)
{
    return screen >= SCREEN_TRADE && screen <= SCREEN_SYSTEM ? (size_t)(screen - SCREEN_TRADE) : 0;
}

enum screen_id ui_screen_named(const char *name)
{
    for (enum screen_id id = SCREEN_TRADE; id <= SCREEN_SYSTEM; id++)
        if (strcasecmp(names[row_of(id)].name, name) == 0)
            return id;
    return (enum screen_id)0;
}

const char *ui_screen_name(enum screen_id screen)
{
    return names[row_of(screen)].name;
}

const char *ui_screen_brief(enum screen_id screen)
{
    return names[row_of(screen)].brief;
}
