#include "tui/layout.h"

#include <string.h>

#define FRAMED_COLS_MIN 120
#define FRAMED_ROWS_MIN 30
#define WIDE_COLS_MIN   (FRAMED_COLS_MIN + MIDDLE_COLS + 1)

/* What a column of the ladder costs, and what each richer form needs beyond FRAMED_COLS_MIN. */
#define CUM_COLS    6
#define NET_COLS    14 /* both sides */
#define VOLUME_COLS 8

static int min_int(int a, int b)
{
    return a < b ? a : b;
}

static int max_int(int a, int b)
{
    return a > b ? a : b;
}

static void vertical(struct layout *layout, enum layout_zoom zoom)
{
    int fixed = layout->framed ? 9 : 7;
    int left = layout->rows - fixed;

    layout->title_row = 2;
    layout->head_row = layout->framed ? 3 : -1;
    layout->touch_row = layout->framed ? 4 : 3;
    layout->ladder_row = layout->touch_row + 1;
    layout->list_rows = max_int(2, layout->rows * 2 / 11);
    if (zoom == ZOOM_LIST || layout_zooms_panel(zoom))
        layout->list_rows = left - 2;
    if (zoom == ZOOM_LADDER)
        layout->list_rows = 1;
    layout->ladder_rows = max_int(1, left - layout->list_rows);
    layout->tabs_row = layout->ladder_row + layout->ladder_rows;
    layout->list_row = layout->tabs_row + 1;
    layout->frame_row = layout->framed ? layout->rows - 3 : -1;
    layout->next_row = layout->rows - 2;
    layout->hint_row = layout->rows - 1;
}

static struct span take(int *at, int cols)
{
    struct span span = {*at, cols};

    *at += cols;
    return span;
}

/* A: mine 6, bar 4, bid 6, sold 5, gap, price, last, bought 5, ask 5, gap, bar 4, mine 6; 52 in all. */
static void ladder_narrow(struct layout *layout, int price_cols)
{
    struct ladder_columns *c = &layout->ladder;
    int room = layout->main.cols - (6 + 6 + 1 + price_cols + 1 + 5 + 1 + 6); /* without traded and bars */
    bool traded = room >= 10 + 6;
    int bars, mine = 6, at = layout->main.at;

    if (traded)
        room -= 10;
    bars = max_int(0, min_int(room / 2, 4));
    if (room < 0)
        mine = max_int(4, mine + (room - 1) / 2);
    room -= 2 * bars;
    if (room >= 8) { /* beyond 80 columns: the queue text, then longer bars */
        mine += 4;
        room -= 8;
        c->queue_text = true;
    }
    bars += max_int(0, room) / 2;
    c->mine_bid = take(&at, mine);
    c->bar_bid = take(&at, bars);
    c->bid = take(&at, 6);
    c->sold = take(&at, traded ? 5 : 0);
    at++;
    c->price = take(&at, price_cols);
    c->last = take(&at, 1);
    c->mark = c->last;
    c->bought = take(&at, traded ? 5 : 0);
    c->ask = take(&at, 5);
    at++;
    c->bar_ask = take(&at, bars);
    c->mine_ask = (struct span){span_end(layout->main) - mine, mine};
}

/* B and D: see the drawing in the design; every part in its place from the left. */
static void ladder_framed(struct layout *layout, int price_cols)
{
    struct ladder_columns *c = &layout->ladder;
    int room = layout->main.cols - 66 - price_cols; /* B has 74 with prices of eight */
    bool cum, net, volume, ahead;
    int bars = 8, mine = 10, at = layout->main.at;

    cum = room >= CUM_COLS;
    room -= cum ? CUM_COLS : 0;
    net = cum && room >= NET_COLS;
    room -= net ? NET_COLS : 0;
    volume = net && room >= VOLUME_COLS;
    room -= volume ? VOLUME_COLS : 0;
    ahead = room >= 8;
    room -= ahead ? 8 : 0;
    mine += ahead ? 4 : 0;
    c->queue_text = true;
    c->ahead_text = ahead;
    bars += room < 0 ? (room - 1) / 2 : room / 2;
    bars = max_int(0, bars);
    c->volume = take(&at, volume ? VOLUME_COLS : 0);
    c->mine_bid = take(&at, mine);
    c->bar_bid = take(&at, bars);
    c->bid = take(&at, 7);
    c->net_bid = take(&at, net ? 7 : 0);
    c->sold = take(&at, 6);
    at++;
    c->mark = take(&at, 1);
    c->price = take(&at, price_cols);
    c->last = take(&at, 1);
    c->bought = take(&at, 5);
    c->ask = take(&at, 8);
    c->net_ask = take(&at, net ? 7 : 0);
    at++;
    c->bar_ask = take(&at, bars);
    c->cum = (struct span){span_end(layout->main) - (cum ? CUM_COLS : 0), cum ? CUM_COLS : 0};
    c->mine_ask = (struct span){c->cum.at - mine, mine};
}

/* Panels grow in this order; a panel that gets its first row costs its title too. */
struct growth {
    enum side_panel panel;
    int rows;
};

static const struct growth grow_narrow[] = {
    {SIDE_POSITION, 3}, {SIDE_FLOW, 1},   {SIDE_RISK, 1},    {SIDE_POSITION, 5}, {SIDE_RISK, 2},
    {SIDE_FLOW, 3},     {SIDE_FLOW, 5},   {SIDE_FLOW, 8},    {SIDE_EVENTS, 3},   {SIDE_RISK, 3},
    {SIDE_POSITION, 7}, {SIDE_ALERTS, 2}, {SIDE_EVENTS, 24},
};

static const struct growth grow_framed[] = {
    {SIDE_POSITION, 5}, {SIDE_RISK, 2},   {SIDE_FLOW, 4},    {SIDE_EVENTS, 1},  {SIDE_POSITION, 7},
    {SIDE_FLOW, 7},     {SIDE_RISK, 3},   {SIDE_EVENTS, 3},  {SIDE_ACCOUNT, 2}, {SIDE_EVENTS, 6},
    {SIDE_RISK, 8},     {SIDE_ALERTS, 3}, {SIDE_EVENTS, 10}, {SIDE_RISK, 16},   {SIDE_EVENTS, 24},
};

static void side_panels(struct layout *layout, unsigned hidden)
{
    const struct growth *grow = layout->framed ? grow_framed : grow_narrow;
    size_t steps = layout->framed ? sizeof(grow_framed) / sizeof(grow_framed[0])
                                  : sizeof(grow_narrow) / sizeof(grow_narrow[0]);
    int left = layout->tabs_row - layout->title_row, row = layout->title_row;

    for (int i = 0; i < SIDE_PANELS; i++) {
        layout->panel[i].title_row = -1;
        layout->panel[i].rows = 0;
    }
    if (layout->side.cols == 0)
        return;
    for (size_t i = 0; i < steps; i++) {
        int title = layout->panel[grow[i].panel].rows == 0 ? 1 : 0;
        int more = min_int(grow[i].rows - layout->panel[grow[i].panel].rows, left - title);

        if (more <= 0 || (hidden >> grow[i].panel & 1) != 0)
            continue;
        layout->panel[grow[i].panel].rows += more;
        left -= more + title;
    }
    for (int i = 0; i < SIDE_PANELS; i++) {
        if (layout->panel[i].rows == 0)
            continue;
        layout->panel[i].title_row = row;
        row += layout->panel[i].rows + 1;
    }
}

static void horizontal(struct layout *layout, enum layout_zoom zoom)
{
    int side = layout->framed ? SIDE_FRAMED : SIDE_NARROW;
    int end = layout->framed ? layout->cols - 1 : layout->cols;

    layout->main.at = layout->framed ? 1 : 0;
    layout->middle_rule = layout->side_rule = -1;
    if (zoom == ZOOM_NONE) {
        layout->side = (struct span){end - side, side};
        layout->side_rule = end - side - 1;
        end = layout->side_rule;
        if (layout->wide) {
            int extra = layout->cols > 220 ? min_int((layout->cols - 220) / 4, 8) : 0;

            layout->middle = (struct span){end - MIDDLE_COLS - extra, MIDDLE_COLS + extra};
            layout->middle_rule = layout->middle.at - 1;
            end = layout->middle_rule;
        }
    }
    layout->main.cols = end - layout->main.at;
}

static void middle_column(struct layout *layout, unsigned hidden)
{
    int rows = layout->tabs_row - layout->ladder_row;

    if (!layout->wide || layout->middle.cols == 0)
        return;
    layout->second_rows = (hidden & LAYOUT_HIDES_SECOND) != 0 ? 0 : rows / 2 + 1;
    layout->tape_row =
        layout->second_rows == 0 ? layout->title_row : layout->ladder_row + layout->second_rows;
    layout->tape_rows = layout->tabs_row - layout->tape_row - 1;
}

void layout_compute(struct layout *layout, int cols, int rows, int price_cols, enum layout_zoom zoom,
                    unsigned hidden)
{
    zoom = zoom == ZOOM_CHART ? ZOOM_NONE : zoom;
    memset(layout, 0, sizeof(*layout));
    layout->cols = cols;
    layout->rows = rows;
    price_cols = min_int(max_int(price_cols, 8), 16);
    if (cols < LAYOUT_COLS_MIN || rows < LAYOUT_ROWS_MIN) {
        layout->small = true;
        return;
    }
    layout->framed = cols >= FRAMED_COLS_MIN && rows >= FRAMED_ROWS_MIN;
    layout->roomy = layout->framed && cols >= WIDE_COLS_MIN;
    layout->wide = layout->roomy && zoom == ZOOM_NONE;
    vertical(layout, zoom);
    horizontal(layout, zoom);
    if (layout->framed)
        ladder_framed(layout, price_cols);
    else
        ladder_narrow(layout, price_cols);
    side_panels(layout, hidden);
    middle_column(layout, hidden);
}
