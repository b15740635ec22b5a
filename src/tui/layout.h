/*
 * layout.h - where everything of the Trade screen stands, from the size of the terminal alone. Pure.
 *
 * Three families, each stretched and shrunk between its target pictures (design: mocks A, B, D):
 *   narrow  60..119 columns, or fewer than 30 rows: no outer frame, side panels of 27 columns
 *   framed  from 120x30: outer frame, column heads, queue text, side panels of 43 columns
 *   wide    from 161x30: a middle column too (second ladder, tape, strategies); then, as room comes: running
 *           sums, pulled/stacked, volume at price
 * Under 60x15 nothing but four lines. More height goes to price rows first, then to list rows.
 */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include <stdbool.h>

#define LAYOUT_COLS_MIN 60
#define LAYOUT_ROWS_MIN 15
#define SIDE_NARROW     27
#define SIDE_FRAMED     43
#define MIDDLE_COLS     40

/* cols == 0: fell away. */
struct span {
    int at, cols;
};

static inline int span_end(struct span span)
{
    return span.at + span.cols;
}

struct ladder_columns {
    struct span volume, mine_bid, bar_bid, bid, net_bid, sold, mark, price, last, bought, ask, net_ask,
        bar_ask, mine_ask, cum;
    bool queue_text; /* mine has room for the place in the queue */
    bool ahead_text; /* ... for expected and worst, under a head of its own */
};

/* Panels of the side column, from the top. */
enum side_panel { SIDE_POSITION, SIDE_FLOW, SIDE_EVENTS, SIDE_RISK, SIDE_ALERTS, SIDE_ACCOUNT, SIDE_PANELS };

struct layout {
    int cols, rows;
    bool small;  /* under 60x15 */
    bool framed; /* outer frame, 43-column side */
    bool wide;   /* middle column */
    bool
        roomy; /* the columns of one: the rows from edge to edge say all, whatever is enlarged between them */
    /* rows of the screen */
    int title_row, head_row, touch_row, ladder_row, ladder_rows, tabs_row, list_row, list_rows;
    int frame_row, next_row, hint_row; /* frame_row, head_row: -1 where there is none */
    /* columns */
    struct span main, middle, side; /* inside the rules; middle.cols, side.cols 0: none */
    int middle_rule, side_rule;     /* -1: none */
    struct ladder_columns ladder;
    int second_rows, tape_row, tape_rows; /* middle column */
    struct {
        int title_row; /* -1: not shown */
        int rows;
    } panel[SIDE_PANELS];
};

enum layout_zoom { /* CHART: of screen 2, Trade is as ever; those behind it: a panel of the side in the list's place */
                   ZOOM_NONE,
                   ZOOM_LADDER,
                   ZOOM_LIST,
                   ZOOM_CHART,
                   ZOOM_POSITION,
                   ZOOM_FLOW,
                   ZOOM_RISK,
                   LAYOUT_ZOOMS
};

static inline bool layout_zooms_panel(enum layout_zoom zoom)
{
    return zoom > ZOOM_CHART && zoom < LAYOUT_ZOOMS;
}

#define LAYOUT_HIDES_SECOND (1u << SIDE_PANELS) /* there is no second instrument: the tape has its rows */

/*
 * price_cols: width of the longest price; at least 8 is taken. hidden: a bit for each enum side_panel that is left out; its
 * rows go to the others.
 */
void layout_compute(struct layout *layout, int cols, int rows, int price_cols, enum layout_zoom zoom,
                    unsigned hidden);

#endif
