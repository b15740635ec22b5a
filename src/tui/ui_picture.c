/*
 * What of the picture goes first and what may wait, after it has been drawn: rule 17. On a fast line only the rates matter;
 * on a slow one the order too.
 */
#include "tui/ui_screens.h"

#define ROWS_NS  (100 * UI_MILLI_NS) /* ladder, tape, the bodies of other screens */
#define MONEY_NS (200 * UI_MILLI_NS) /* gauges, P&L, lists */

#define DOCK_ROWS   (UI_LINES_MAX + 3) /* a question may rise so far over the ladder */
#define INSIDE_ROWS 2                  /* below and above the best prices */

static void first_add(struct ui_first *first, int row, int col, int rows, int cols)
{
    if (first->count < UI_FIRST_MAX && rows > 0 && cols > 0)
        first->rect[first->count++] = (struct canvas_rect){row, col, rows, cols};
}

/* Questions and text fields stand over the lists, or as far up as they must. */
static void add_overlay(struct ui_first *first, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    int top = l->next_row - DOCK_ROWS;

    if (ui->overlay == OVERLAY_NONE || ui->overlay == OVERLAY_HELP || ui->overlay == OVERLAY_STORY)
        return;
    if (top > l->tabs_row)
        top = l->tabs_row;
    first_add(first, top < 2 ? 2 : top, 0, l->next_row - (top < 2 ? 2 : top), l->cols);
}

/* The cursor's row and those with orders of ours, from the cursor outwards. */
static void add_own_rows(struct ui_first *first, const struct ui *ui, const struct view_ladder *ladder)
{
    const struct layout *l = &ui->layout;
    int cursor = ladder_cursor_row(ui);

    if (cursor >= 0 && cursor < l->ladder_rows)
        first_add(first, l->ladder_row + cursor, l->main.at, 1, l->main.cols);
    for (int i = 0; i < ladder->rows && i < l->ladder_rows && first->count < UI_FIRST_MAX - 4; i++)
        if (ladder->row[i].own_count > 0 && i != cursor)
            first_add(first, l->ladder_row + i, l->main.at, 1, l->main.cols);
}

static void add_inside(struct ui_first *first, const struct ui *ui, const struct view_ladder *ladder)
{
    const struct layout *l = &ui->layout;
    int ask = ladder_row_of(ladder, ladder->best[SIDE_ASK].price_ticks, SIDE_ASK);
    int bid = ladder_row_of(ladder, ladder->best[SIDE_BID].price_ticks, SIDE_BID);
    int top = (ask >= 0 ? ask : bid) - INSIDE_ROWS, bottom = (bid >= 0 ? bid : ask) + INSIDE_ROWS;

    if (ask < 0 && bid < 0)
        return;
    top = top < 0 ? 0 : top;
    bottom = bottom >= l->ladder_rows ? l->ladder_rows - 1 : bottom;
    first_add(first, l->ladder_row + top, l->main.at, bottom - top + 1, l->main.cols);
}

static void add_trade(struct ui_first *first, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    const struct view_ladder *ladder = &ui_view(ui)->ladder;
    int position = l->panel[SIDE_POSITION].title_row;

    first_add(first, l->touch_row, l->main.at, 1, l->main.cols);
    add_own_rows(first, ui, ladder);
    if (l->side.cols > 0 && position >= 0)
        first_add(first, position, l->side.at, l->panel[SIDE_POSITION].rows + 1, l->side.cols);
    add_inside(first, ui, ladder);
}

struct ui_first ui_first(const struct ui *ui)
{
    struct ui_first first = {.count = 0};

    if (ui->layout.small || ui->frame == NULL)
        return first;
    first_add(&first, 0, 0, 2, ui->cols);
    first_add(&first, ui->layout.next_row, 0, 1, ui->cols);
    add_overlay(&first, ui);
    first.asked = first.count;
    if (ui->screen == SCREEN_TRADE)
        add_trade(&first, ui);
    return first;
}

static uint64_t hash(const uint64_t *facts, size_t count)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < count; i++)
        hash = (hash ^ facts[i]) * UINT64_C(1099511628211);
    return hash;
}

static void held_add(struct ui_held out[UI_HELD_MAX], size_t *count, struct canvas_rect rect, int64_t period)
{
    if (*count < UI_HELD_MAX && rect.rows > 0 && rect.cols > 0)
        out[(*count)++] = (struct ui_held){rect, period, 0};
}

/* The touch line says the best prices and the status row the last one: the rows that they fall into are marked as such. */
static uint64_t ladder_facts(const struct view_ladder *ladder)
{
    const uint64_t facts[] = {
        (uint64_t)ladder_row_of(ladder, ladder->best[SIDE_BID].price_ticks, SIDE_BID),
        (uint64_t)ladder_row_of(ladder, ladder->best[SIDE_ASK].price_ticks, SIDE_ASK),
        (uint64_t)ladder_row_of(ladder, ladder->last_ticks, side_other(ladder->last_taker))};

    return hash(facts, sizeof(facts) / sizeof(facts[0]));
}

/* The status row has position, net and open, the touch line the price they are marked at: no frame says two of them. */
static void hold_side(const struct ui *ui, struct ui_held out[UI_HELD_MAX], size_t *count)
{
    const struct layout *l = &ui->layout;
    const struct view_position *position = &ui_view(ui)->position;
    const uint64_t facts[] = {(uint64_t)position->lots, (uint64_t)position->mark_ticks,
                              (uint64_t)position->open_e8, (uint64_t)position->day_net_e8};
    int rows = l->panel[SIDE_POSITION].title_row < 0 ? 0 : l->panel[SIDE_POSITION].rows + 1;

    held_add(out, count, (struct canvas_rect){l->title_row, l->side.at, rows, l->side.cols}, MONEY_NS);
    if (rows > 0)
        out[*count - 1].facts = hash(facts, sizeof(facts) / sizeof(facts[0]));
    held_add(out, count,
             (struct canvas_rect){l->title_row + rows, l->side.at, l->tabs_row - l->title_row - rows,
                                  l->side.cols},
             MONEY_NS);
}

size_t ui_held(const struct ui *ui, struct ui_held out[UI_HELD_MAX])
{
    const struct layout *l = &ui->layout;
    size_t count = 0;

    if (l->small || ui->frame == NULL || ui->overlay != OVERLAY_NONE)
        return 0;
    if (ui->screen != SCREEN_TRADE) {
        held_add(out, &count, (struct canvas_rect){2, 0, l->next_row - 1, l->cols}, ROWS_NS);
        return count;
    }
    held_add(out, &count, (struct canvas_rect){l->ladder_row, l->main.at, l->ladder_rows, l->main.cols},
             ROWS_NS);
    if (count > 0)
        out[0].facts = ladder_facts(&ui_view(ui)->ladder);
    if (l->middle_rule >= 0)
        held_add(out, &count,
                 (struct canvas_rect){l->title_row, l->middle.at, l->tabs_row - l->title_row, l->middle.cols},
                 ROWS_NS);
    if (l->side.cols > 0)
        hold_side(ui, out, &count);
    held_add(out, &count, (struct canvas_rect){l->tabs_row, 0, l->next_row - l->tabs_row, l->cols}, MONEY_NS);
    return count;
}

bool ui_wants_mouse(const struct ui *ui)
{
    return ui->config.mouse;
}

uint64_t ui_scene(const struct ui *ui)
{
    const uint64_t facts[] = {ui->overlay,
                              ui->screen,
                              ui->zoom,
                              ui->focus,
                              ui->list.tab,
                              ui->show,
                              (uint64_t)ui->frozen | (uint64_t)ui->moving << 1 | (uint64_t)ui->armed << 2 |
                                  (uint64_t)ui_killed(ui) << 3 | (uint64_t)ui->kill_report << 4 |
                                  (uint64_t)(ui->frame != NULL) << 5 |
                                  (uint64_t)(ui_instrument(ui) != NULL)
                                      << 6, /* what was empty fills at once */
                              ui->instrument_id,
                              ui->help.page,
                              (uint64_t)ui->cols << 16 | (uint64_t)ui->rows,
                              (uint64_t)ui->ladder.top_ticks,
                              ui->state_seen};

    return hash(facts, sizeof(facts) / sizeof(facts[0]));
}
