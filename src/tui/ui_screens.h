/*
 * ui_screens.h - the screens in one table: keys, what draws them, what their keys do. Private to tui.
 *
 * Screen 1 Trade is the place of the ladder and the lists, whose keys ui_act.c knows; the others bring theirs.
 */
#ifndef TUI_UI_SCREENS_H
#define TUI_UI_SCREENS_H

#include "tui/canvas.h"
#include "tui/csv.h"
#include "tui/ui_state.h"

#define HINT_ROOM 24

struct hint { /* a list of them ends with a NULL key, or with HINT_ROOM */
    const char *key, *label;
};

struct ui_screen {
    enum key_context context; /* of its own keys */
    /* The whole screen without the NEXT row, the hints and what lies over them. */
    void (*draw)(struct canvas *canvas, const struct ui *ui);
    bool (*act)(struct ui *ui, enum key_action action); /* false: not one of its keys. NULL: none */
    void (*next_text)(const struct ui *ui, char *out,
                      size_t size);                   /* NEXT: what has been chosen; NULL: Trade's */
    const struct hint *(*hints)(const struct ui *ui); /* NULL: Trade's */
    char *(*filter)(struct ui *ui);                   /* of its list, UI_FIELD_MAX bytes; NULL: it has none */
    /* Its list, as it is filtered and sorted; returns what the rows are of: "fills". NULL: it has none. */
    const char *(*csv)(const struct ui *ui, struct csv *csv);
};

const struct ui_screen *ui_screen_of(enum screen_id screen); /* never NULL */

#endif
