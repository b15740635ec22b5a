/*
 * saved_layout.h - an arrangement of the workstation under a name, as the configuration keeps it:
 *
 *     scalp screen=trade symbol=BTCUSDT row=5 view=net tab=fills zoom=ladder second=ETHUSDT hide=alerts+account
 *
 * A name, then words in any order; what is left out is as at a start, the instruments stay as they are. Pure.
 */
#ifndef TUI_SAVED_LAYOUT_H
#define TUI_SAVED_LAYOUT_H

#include "core/domain/instrument.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SAVED_LAYOUTS_MAX 12
#define SAVED_LAYOUT_NAME 24
#define SAVED_LAYOUT_TEXT 192 /* bytes of one as text, NUL included */
#define SAVED_LAYOUT_WHY  160

struct saved_layout {
    char name[SAVED_LAYOUT_NAME];
    char symbol[SYMBOL_SIZE], second[SYMBOL_SIZE]; /* "": as it is */
    int64_t row_e8;                                /* step of a row as a price; 0: chosen by the engine */
    uint8_t screen;                                /* enum screen_id */
    uint8_t view, tab, zoom;                       /* enum ladder_show, list_tab, layout_zoom */
    uint8_t hidden;                                /* a bit for each enum side_panel */
};

/* False: why says the word that is wrong and what is allowed. */
bool saved_layout_parse(const char *text, struct saved_layout *out, char why[SAVED_LAYOUT_WHY]);
/* The same as text; what is as at a start is left out. Returns out. */
const char *saved_layout_print(const struct saved_layout *layout, char out[SAVED_LAYOUT_TEXT]);
bool saved_layout_name_ok(const char *name);

/* All of a comma-joined list, each name once; returns how many, -1: why says what is wrong. */
int saved_layouts_parse(const char *list, struct saved_layout out[SAVED_LAYOUTS_MAX],
                        char why[SAVED_LAYOUT_WHY]);

#endif
