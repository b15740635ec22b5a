/*
 * zoom.h - a panel of Trade's side enlarged: position, order flow or risk in the list's place, a line for each figure with what
 * it means, its course over time where one is kept, and below what belongs to it: fills, book events, denials.
 *
 * The lines are made anew from the view each time (zoom_lines.c), drawn and chosen in zoom_panel.c. It changes nothing
 * but which line is chosen and which panel is enlarged.
 */
#ifndef TUI_ZOOM_H
#define TUI_ZOOM_H

#include "tui/glossary.h"
#include "tui/panels.h"

#define ZOOM_LINES_MAX 32

struct zoom_line {
    char label[20];
    char figure[48], note[96];
    struct style style;              /* of the figure */
    const struct view_gauge *gauge;  /* NULL: no bar of this kind */
    const struct view_limit *limit;  /* likewise */
    const char *what, *from, *where; /* of the glossary, or what the limit limits; never NULL */
    int points;                      /* its course, oldest first; 0: none is kept */
    int64_t point[VIEW_FLOW_POINTS]; /* VIEW_NONE: nothing was known then */
    int64_t scale; /* the course goes from -scale to scale; 0: from its least to its greatest */
};

struct zoom_page {
    int count;
    struct zoom_line line[ZOOM_LINES_MAX];
};

/* The lines of the panel that is enlarged. */
void zoom_lines(const struct ui *ui, struct zoom_page *page);
/* "even at  price at which ...": the chosen line, for NEXT. */
void zoom_next_text(const struct ui *ui, char *out, size_t size);
/* Keys while it has the focus; false: not one of these. */
bool zoom_act(struct ui *ui, enum key_action action);
/* A key of the lists that means nothing in the enlarged panel: the help and the palette do not offer it. */
bool zoom_refuses(const struct ui *ui, enum key_action action);
void zoom_panel_draw(struct canvas *canvas, const struct ui *ui);
void zoom_key(struct ui *ui); /* z: what has the focus, or all as it was */
/* The next of what can be enlarged: ladder, list, the panels. */
void zoom_focus_next(struct ui *ui);
/* A click into the rows of the panel. */
void zoom_click(struct ui *ui, int row);

#endif
