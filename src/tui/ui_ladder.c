/*
 * The ladder's own state: which rows are asked for, where the cursor stands, how long a full bar is.
 *
 * The axis stands still: rows are asked for by the price of the top one. The cursor is a price; the row it is
 * seen in follows. Bars keep their scale until `c`, a new row step, or what is shown is off by a factor of two.
 */
#include "core/base/decimal.h"
#include "core/base/round_step.h"
#include "tui/ui_state.h"

#include <string.h>

#define CENTRING_NS (500 * UI_MILLI_NS)
#define SCROLLED_NS (5 * UI_SECOND_NS)
#define FLASH_NS    (300 * UI_MILLI_NS)

/* Row labels are multiples of the step: bids belong to the row at or below, asks to the one at or above. */
static int64_t floor_to(int64_t ticks, int64_t step)
{
    int64_t rest = step > 0 ? ticks % step : 0;

    return ticks - (rest < 0 ? rest + step : rest);
}

static int64_t ceil_to(int64_t ticks, int64_t step)
{
    int64_t low = floor_to(ticks, step);

    return low == ticks ? low : low + step;
}

/* Of rows that are prices with orders: its own, else the one that a row of a step would give it. */
static int levels_row_of(const struct view_ladder *ladder, int64_t price_ticks, enum side side)
{
    int at = 0;

    while (at < ladder->rows && ladder->row[at].price_ticks > price_ticks)
        at++;
    if (at < ladder->rows && ladder->row[at].price_ticks == price_ticks)
        return at;
    if (at == 0 || at == ladder->rows)
        return -1;
    return side == SIDE_BID ? at : at - 1;
}

int ladder_row_of(const struct view_ladder *ladder, int64_t price_ticks, enum side side)
{
    int64_t label, row;

    if (ladder->rows == 0 || ladder->row_ticks <= 0 || price_ticks == VIEW_NONE || price_ticks <= 0)
        return -1;
    if (ladder->levels_only)
        return levels_row_of(ladder, price_ticks, side);
    label =
        side == SIDE_BID ? floor_to(price_ticks, ladder->row_ticks) : ceil_to(price_ticks, ladder->row_ticks);
    if (label > ladder->row[0].price_ticks)
        return -1;
    row = (ladder->row[0].price_ticks - label) / ladder->row_ticks;
    return row < ladder->rows ? (int)row : -1;
}

int ladder_cursor_row(const struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);

    if (frame == NULL || !ui->ladder.cursor_set)
        return -1;
    return ladder_row_of(&frame->ladder, ui->ladder.cursor_ticks, ui->ladder.side);
}

int64_t ladder_order_ticks(const struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_ladder *ladder;
    int64_t best;

    if (frame == NULL || !ui->ladder.cursor_set)
        return 0;
    ladder = &frame->ladder;
    best = ladder->best[ui->ladder.side].price_ticks;
    /* in the row of my side's best price an order joins it */
    if (!ui->ladder.cursor_exact && best > 0 && ladder->row_ticks > 0 &&
        ladder_row_of(ladder, best, ui->ladder.side) >= 0 &&
        ladder_row_of(ladder, best, ui->ladder.side) == ladder_cursor_row(ui))
        return best;
    return ui->ladder.cursor_ticks > 0 ? ui->ladder.cursor_ticks : 0;
}

/* 90th percentile of what the visible rows hold; the levels are few, so counting is enough. */
int64_t ladder_bars_of(const struct view_ladder *ladder)
{
    int64_t sorted[2 * VIEW_ROWS_MAX];
    int count = 0;

    for (int i = 0; i < ladder->rows && i < VIEW_ROWS_MAX; i++) {
        for (int side = 0; side < SIDE_COUNT; side++) {
            int64_t lots = side == SIDE_BID ? ladder->row[i].bid_lots : ladder->row[i].ask_lots;
            int at = count;

            if (lots <= 0)
                continue;
            while (at > 0 && sorted[at - 1] > lots) {
                sorted[at] = sorted[at - 1];
                at--;
            }
            sorted[at] = lots;
            count++;
        }
    }
    return count == 0 ? 0 : sorted[(count - 1) * 9 / 10];
}

/* A scale people can read: the nearest of these times a power of ten. 4.61 becomes 5.0, 176 becomes 160. */
static int64_t round_scale(int64_t lots)
{
    static const int64_t step[] = {10, 12, 16, 20, 25, 30, 40, 50, 60, 80, 100};
    int64_t unit = 1, best = 0;

    if (lots < 10)
        return lots;
    while (lots / unit >= 100)
        unit *= 10;
    for (size_t i = 0; i < sizeof(step) / sizeof(step[0]); i++) {
        int64_t next = step[i] * unit, off = next > lots ? next - lots : lots - next;

        if (best == 0 || off < (best > lots ? best - lots : lots - best))
            best = next;
    }
    return best;
}

void ladder_find_bars(struct ui *ui, bool force)
{
    const struct view_ladder *ladder = &ui->frame->ladder;
    int64_t now = ladder_bars_of(ladder), held = ui->ladder.bar_lots;

    if (now == 0)
        return;
    if (force || held == 0 || ui->ladder.bar_row_ticks != ladder->row_ticks ||
        (ladder->rows >= LADDER_FEW_ROWS && (now > 2 * held || 2 * now < held))) {
        ui->ladder.bar_lots = round_scale(now);
        ui->ladder.bar_row_ticks = ladder->row_ticks;
    }
    now = ladder_bars_of(&ui->frame->second);
    if (now > 0 &&
        (force || ui->second_bar_lots == 0 || now / 2 > ui->second_bar_lots || now < ui->second_bar_lots / 2))
        ui->second_bar_lots = round_scale(now);
}

void ladder_new_instrument(struct ui *ui)
{
    enum side side = ui->ladder.side;

    memset(&ui->ladder, 0, sizeof(ui->ladder));
    ui->ladder.side = side;
    ui->second_bar_lots = 0;
    ui->flashes = 0;
    if (ui->instrument_id < INSTRUMENTS_MAX)
        ui->ladder.row_ticks = ui->row_ticks_of[ui->instrument_id];
}

/* The feed found a finer tick: what is held in ticks is worth more of them now. */
static void rescale(struct ui *ui, int64_t tick_e8)
{
    int64_t factor = tick_e8 > 0 ? ui->ladder.tick_e8 / tick_e8 : 1;

    if (ui->ladder.tick_e8 > 0 && factor > 1 && ui->ladder.tick_e8 % tick_e8 == 0) {
        ui->ladder.row_ticks *= factor;
        ui->ladder.top_ticks *= factor;
        ui->ladder.cursor_ticks *= factor;
        if (ui->instrument_id < INSTRUMENTS_MAX)
            ui->row_ticks_of[ui->instrument_id] *= factor;
    }
    ui->ladder.tick_e8 = tick_e8;
}

/* The top row that puts the middle of the market in the middle of the rows; 0: the engine's choice. */
static int64_t centred_top(const struct ui *ui)
{
    const struct view_ladder *ladder = &ui->frame->ladder;
    int64_t step = ladder->row_ticks;
    int64_t mid = (ladder->best[SIDE_BID].price_ticks + ladder->best[SIDE_ASK].price_ticks) / 2;

    if (ladder->best[SIDE_BID].price_ticks == 0 || ladder->best[SIDE_ASK].price_ticks == 0)
        mid = ladder->best[SIDE_BID].price_ticks + ladder->best[SIDE_ASK].price_ticks;
    return step <= 0 || mid <= 0 ? 0 : floor_to(mid, step) + step * (ui->layout.ladder_rows / 2);
}

static bool inside_near_edge(const struct ui *ui)
{
    const struct view_ladder *ladder = &ui->frame->ladder;
    int shown = ladder->rows < ui->layout.ladder_rows ? ladder->rows : ui->layout.ladder_rows;
    int edge = shown < LADDER_FEW_ROWS ? 0 : shown / 8 > 1 ? shown / 8 : 1; /* of few rows the edge is all */
    int bid = ladder_row_of(ladder, ladder->best[SIDE_BID].price_ticks, SIDE_BID);
    int ask = ladder_row_of(ladder, ladder->best[SIDE_ASK].price_ticks, SIDE_ASK);

    if (ladder->rows == 0 || ladder->levels_only ||
        (ladder->best[SIDE_BID].price_ticks == 0 && ladder->best[SIDE_ASK].price_ticks == 0))
        return false;
    if (ladder->best[SIDE_BID].price_ticks > 0 && (bid < 0 || bid >= shown - edge))
        return true;
    return ladder->best[SIDE_ASK].price_ticks > 0 && (ask < 0 || ask < edge);
}

/* Beside something enlarged there is nothing but the inside to look at: the rows follow it at once. */
static bool shows_inside_alone(const struct ui *ui)
{
    return ui->layout.ladder_rows < LADDER_FEW_ROWS;
}

static bool may_recentre(const struct ui *ui)
{
    if (ui->ladder.scrolled_ns != 0 && ui->now_ns - ui->ladder.scrolled_ns < SCROLLED_NS &&
        !shows_inside_alone(ui))
        return false; /* somebody is looking there */
    return !question_stands(ui) && ui->overlay != OVERLAY_TICKET && !ui->moving && !ui->frozen;
}

/* Lights up what changed by over 25 % and by over 10 % of a bar. */
static void find_flashes(struct ui *ui)
{
    const struct view_ladder *ladder = &ui->frame->ladder;
    struct ui_flash next[VIEW_ROWS_MAX] = {0};
    int old = 0;

    for (int i = 0; i < ladder->rows && i < VIEW_ROWS_MAX; i++) {
        const struct view_row *row = &ladder->row[i];

        next[i].price_ticks = row->price_ticks;
        next[i].lots[SIDE_BID] = row->bid_lots;
        next[i].lots[SIDE_ASK] = row->ask_lots;
        while (old < ui->flashes && ui->flash[old].price_ticks > row->price_ticks)
            old++;
        if (old >= ui->flashes || ui->flash[old].price_ticks != row->price_ticks)
            continue;
        for (int side = 0; side < SIDE_COUNT; side++) {
            int64_t was = ui->flash[old].lots[side], change = next[i].lots[side] - was;

            change = change < 0 ? -change : change;
            next[i].until_ns[side] = ui->flash[old].until_ns[side];
            if (change > was / 4 && change > ui->ladder.bar_lots / 10 && was > 0 && ui->ladder.bar_lots > 0)
                next[i].until_ns[side] = ui->now_ns + FLASH_NS;
        }
    }
    memcpy(ui->flash, next, sizeof(next));
    ui->flashes = ladder->rows < VIEW_ROWS_MAX ? ladder->rows : VIEW_ROWS_MAX;
}

bool ladder_flashes(const struct ui *ui, int64_t price_ticks, enum side side)
{
    for (int i = 0; i < ui->flashes; i++) {
        if (ui->flash[i].price_ticks == price_ticks)
            return ui->flash[i].until_ns[side] > ui->now_ns;
    }
    return false;
}

/* Until somebody aims there is no price to be tied to: a cursor left at the price of the first frame is of no use. */
static bool waits_at_inside(const struct ui *ui)
{
    return !ui->ladder.aimed && !ui->armed && may_recentre(ui);
}

void ladder_on_frame(struct ui *ui)
{
    const struct view_ladder *ladder = &ui->frame->ladder;
    struct ui_ladder *mine = &ui->ladder;

    if (ui_picture_came(ui)) /* the ticks of another one are no measure of what is kept for this */
        rescale(ui, ui_scale(ui)->tick_e8);
    if (ladder->instrument_id != ui->instrument_id || ladder->rows == 0)
        return;
    /* what the engine chose is where we stay */
    if (ladder->levels_only)
        mine->top_ticks = 0;
    else if (mine->top_ticks == 0 ||
             (mine->row_ticks == 0 && ladder->row_ticks > 0 && mine->top_ticks % ladder->row_ticks != 0))
        mine->top_ticks = ladder->row[0].price_ticks;
    if (!mine->cursor_set || waits_at_inside(ui))
        ladder_to_inside(ui);
    if (!ui->frozen) {
        ladder_find_bars(ui, false);
        find_flashes(ui);
    }
    if (!inside_near_edge(ui) ||
        mine->top_ticks == centred_top(ui)) /* a spread wider than all rows stays so */
        mine->centring_ns = 0;
    else if (mine->centring_ns == 0 && may_recentre(ui))
        mine->centring_ns = ui->now_ns > 0 ? ui->now_ns : 1;
}

bool ladder_tick(struct ui *ui)
{
    int64_t told_ns = shows_inside_alone(ui) ? 0 : CENTRING_NS;

    if (ui->ladder.centring_ns == 0 || ui->now_ns - ui->ladder.centring_ns < told_ns || !may_recentre(ui))
        return false;
    ui->ladder.centring_ns = 0;
    ladder_centre(ui);
    return true;
}

void ladder_centre(struct ui *ui)
{
    if (!ui_picture_came(ui))
        return;
    ui->ladder.scrolled_ns = 0;
    ui->ladder.top_ticks = centred_top(ui);
    ladder_find_bars(ui, true);
}

void ladder_to_inside(struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);
    int64_t best;

    if (frame == NULL || frame->ladder.row_ticks <= 0 || frame->ladder.instrument_id != ui->instrument_id)
        return;
    best = frame->ladder.best[ui->ladder.side].price_ticks;
    if (best <= 0)
        best = frame->ladder.last_ticks != VIEW_NONE ? frame->ladder.last_ticks : 0;
    if (best <= 0)
        return;
    ui->ladder.cursor_ticks = ui->ladder.side == SIDE_BID ? floor_to(best, frame->ladder.row_ticks)
                                                          : ceil_to(best, frame->ladder.row_ticks);
    ui->ladder.cursor_set = true;
    ui->ladder.cursor_exact = false;
}

void ladder_scrolled(struct ui *ui)
{
    ui->ladder.scrolled_ns = ui->now_ns > 0 ? ui->now_ns : 1;
    ui->ladder.centring_ns = 0;
}

/* The rows follow a cursor that leaves them. */
static void follow_cursor(struct ui *ui)
{
    const struct view_ladder *ladder = &ui->frame->ladder;
    int64_t step = ladder->row_ticks, top = ui->ladder.top_ticks, bottom;

    if (step <= 0 || top == 0)
        return;
    bottom = top - step * (ui->layout.ladder_rows - 1);
    if (ui->ladder.cursor_ticks <= top && ui->ladder.cursor_ticks >= bottom)
        return;
    ladder_scrolled(ui);
    if (ui->ladder.cursor_ticks > top)
        ui->ladder.top_ticks = ceil_to(ui->ladder.cursor_ticks, step);
    else
        ui->ladder.top_ticks = floor_to(ui->ladder.cursor_ticks, step) + step * (ui->layout.ladder_rows - 1);
}

static void cursor_to(struct ui *ui, int64_t ticks, bool exact)
{
    if (ticks <= 0 || ui->frame == NULL)
        return;
    ui->ladder.cursor_ticks = ticks;
    ui->ladder.cursor_exact = exact;
    ui->ladder.cursor_set = ui->ladder.aimed = true;
    follow_cursor(ui);
}

/* Neither in the rows shown nor in those asked for: keys may be faster than frames. */
int ladder_cursor_away(const struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);
    int64_t top = ui->ladder.top_ticks;

    if (frame == NULL || !ui->ladder.cursor_set || frame->ladder.rows == 0 || ladder_cursor_row(ui) >= 0)
        return 0;
    if (top != 0 && ui->ladder.cursor_ticks <= top &&
        ui->ladder.cursor_ticks >= top - frame->ladder.row_ticks * (ui->layout.ladder_rows - 1))
        return 0;
    return ui->ladder.cursor_ticks > frame->ladder.row[0].price_ticks ? 1 : -1;
}

void ladder_move_cursor(struct ui *ui, int rows)
{
    const struct view_frame *frame = ui_view(ui);
    int64_t step, label;

    if (frame == NULL || frame->ladder.row_ticks <= 0)
        return;
    if (!ui->ladder.cursor_set || (!ui->moving && ladder_cursor_away(ui) != 0)) {
        int64_t from = ui->ladder.cursor_set ? ui->ladder.cursor_ticks : 0;

        ladder_to_inside(ui); /* the market has left it out of sight: aim from where the eye is */
        if (from != 0)
            ui_say(ui, 1, "", "the cursor was out of sight at %s: it is at the inside now",
                   number_price(ui_scale(ui), from).text);
        return;
    }
    if (frame->ladder.levels_only) {
        int row = ladder_cursor_row(ui) - rows;

        row = row < 0 ? 0 : row >= frame->ladder.rows ? frame->ladder.rows - 1 : row;
        cursor_to(ui, frame->ladder.row[row].price_ticks, false);
        return;
    }
    step = frame->ladder.row_ticks;
    label = ui->ladder.side == SIDE_BID ? floor_to(ui->ladder.cursor_ticks, step)
                                        : ceil_to(ui->ladder.cursor_ticks, step);
    cursor_to(ui, label + step * rows, false);
}

void ladder_move_tick(struct ui *ui, int ticks)
{
    int64_t from = ladder_order_ticks(ui);

    char why[VIEW_TEXT_MAX];

    if (from <= 0)
        return;
    cursor_to(ui, from + ticks, true);
    if (ui_locked(ui, why, sizeof(why)) != NULL) /* NEXT says why no order leaves, not where it would stand */
        ui_say(ui, 0, "", "the cursor is at %s", number_price(ui_scale(ui), ladder_order_ticks(ui)).text);
}

bool ladder_without_cursor(struct ui *ui, enum key_action action)
{
    bool moves = keymap_rows(action, 1) != 0 || action == ACT_TICK_UP || action == ACT_TICK_DOWN ||
                 action == ACT_LEFT || action == ACT_RIGHT || action == ACT_INSIDE;

    if (!moves || !ui_killed(ui) || ui_context(ui) != CONTEXT_LADDER)
        return false;
    ui_say(ui, 1, "KILLED", "the ladder has no cursor; :clear-kill and its word lead to PAUSED");
    return true;
}

void ladder_set_side(struct ui *ui, enum side side)
{
    const struct view_frame *frame = ui_view(ui);
    int64_t step = frame != NULL ? frame->ladder.row_ticks : 0;

    if (ui->ladder.side != side && ui->ladder.cursor_set && step > 0 && !ui->ladder.cursor_exact)
        ui->ladder.cursor_ticks = floor_to(ui->ladder.cursor_ticks, step);
    if (ui->ladder.side == side)
        ui_say(ui, 0, "",
               side == SIDE_BID ? "aims to buy already; \u2192 aims to sell"
                                : "aims to sell already; \u2190 aims to buy");
    ui->ladder.side = side;
    if (!ui->ladder.cursor_set)
        ladder_to_inside(ui);
}

void ladder_step(struct ui *ui, int direction)
{
    int64_t now, next;

    if (!ui_picture_came(ui) || ui->frame->ladder.row_ticks <= 0)
        return;
    if (ui->show == SHOW_LEVELS) {
        ui_say(ui, 1, "", "a row is a price that has orders; " KEY("e") " leads back to rows of one step");
        return;
    }
    now = ui->ladder.row_ticks > 0 ? ui->ladder.row_ticks : ui->frame->ladder.row_ticks;
    next = (direction > 0 ? round_step_at_least(now + 1) : round_step_at_most(now - 1));
    if (next == now || next > INT64_C(1000000000000)) {
        ui_say(ui, 1, "", "a row cannot be %s", direction < 0 ? "less than one tick" : "greater");
        return;
    }
    ui->ladder.row_ticks = next;
    ui->ladder.top_ticks = 0; /* centred anew on the new grid */
    if (ui->instrument_id < INSTRUMENTS_MAX)
        ui->row_ticks_of[ui->instrument_id] = next;
    ui_say(ui, 0, "", "a row is %s now (%lld ticks)", number_price(ui_scale(ui), next).text, (long long)next);
}

static bool has_columns(const struct ui *ui, enum ladder_show show)
{
    return (show == SHOW_NET && ui->layout.ladder.net_bid.cols > 0) ||
           (show == SHOW_CUM && ui->layout.ladder.cum.cols > 0);
}

enum ladder_show ladder_shown(const struct ui *ui)
{
    return has_columns(ui, ui->show) ? SHOW_TRADED : ui->show;
}

void ladder_show_next(struct ui *ui)
{
    static const char *const word[] = {
        "traded: sold and bought on this visit", "pulled/stacked: net change in 10 s without trades",
        "sums from the touch outward", "levels: a row a price that has orders"};

    do /* where columns of their own show them a view would say the same twice */
        ui->show = (enum ladder_show)((ui->show + 1) % LADDER_SHOWS);
    while (has_columns(ui, ui->show));
    if (ui->show == SHOW_LEVELS || ui->show == SHOW_TRADED)
        ui->ladder.top_ticks = 0; /* other rows: centred */
    ui_say(ui, 0, "", "%s", word[ui->show]);
}
