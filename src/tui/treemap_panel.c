/*
 * The market as a map: a tile an instrument, as large as what was traded there in 24 hours, coloured by its change,
 * which stands in it with its sign. Tiles are split two and two by value, each split across the longer side.
 */
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "tui/key_title.h"
#include "tui/panels.h"

#include <string.h>

#define CELL_ASPECT   2 /* a cell is about twice as high as wide */
#define TILE_COLS_MIN 8
#define MUCH_BP_X10   2000 /* 2 % */
#define LITTLE_BP_X10 100  /* 0.1 % */

struct tile {
    uint16_t index;
    int64_t weight;
};

static enum role role_of(int64_t change_bp_x10)
{
    if (change_bp_x10 == VIEW_NONE || (change_bp_x10 < LITTLE_BP_X10 && change_bp_x10 > -LITTLE_BP_X10))
        return ROLE_MAP_FLAT;
    if (change_bp_x10 > 0)
        return change_bp_x10 >= MUCH_BP_X10 ? ROLE_MAP_RISE_2 : ROLE_MAP_RISE_1;
    return change_bp_x10 <= -MUCH_BP_X10 ? ROLE_MAP_FALL_2 : ROLE_MAP_FALL_1;
}

/* A figure that is cut would be another figure: it is left out. */
static void figure_draw(struct canvas *tile, int row, struct style style, const char *text)
{
    if ((int)safe_text_columns(text) <= tile->cols)
        canvas_text_middle(tile, row, 0, tile->cols, style, text);
}

static void name_draw(struct canvas *tile, int row, struct style style, const char *text)
{
    if ((int)safe_text_columns(text) > tile->cols)
        canvas_text_cut(tile, row, 0, tile->cols, style, text);
    else
        figure_draw(tile, row, style, text);
}

static void tile_draw(struct canvas *canvas, const struct ui *ui, struct canvas_rect at, uint16_t index)
{
    const struct view_instrument *instrument = &ui_view(ui)->status.instrument[index];
    int64_t change = instrument->change_bp_x10;
    struct canvas tile = canvas_region(canvas, at.row, at.col, at.rows, at.cols);
    struct style style = style_role(role_of(change));
    bool chosen = index == market_chosen(ui);
    int row = at.rows > 4 ? at.rows / 2 - 2 : 0;
    char text[64];

    canvas_fill(&tile, 0, 0, at.rows, at.cols, style);
    name_draw(
        &tile, row++, style_bold(style),
        text_print(text, sizeof(text), "%s%s%s", chosen ? "[" : "", instrument->symbol, chosen ? "]" : ""));
    figure_draw(&tile, row++, style,
                text_print(text, sizeof(text), "%s%s", number_fixed(change, 3, 2, true).text,
                           change == VIEW_NONE ? "" : " %"));
    figure_draw(&tile, row++, style, number_price(&instrument->scale, instrument->last_ticks).text);
    figure_draw(&tile, row++, style,
                text_print(text, sizeof(text), "%s %s",
                           number_compact(ui_view(ui)->market.row[index].value_e8, 5).text,
                           instrument->quote));
}

static int64_t sum_of(const struct tile *tile, int count)
{
    int64_t sum = 0;

    for (int i = 0; i < count; i++)
        sum += tile[i].weight;
    return sum;
}

/* How many of the first tiles make about half of the weight: at least one, never all. */
static int half_of(const struct tile *tile, int count, int64_t sum, int64_t *part)
{
    int used = 1;

    *part = tile[0].weight;
    while (used < count - 1 && 2 * (*part + tile[used].weight / 2) < sum)
        *part += tile[used++].weight;
    return used;
}

static int share_of(int length, int64_t part, int64_t sum)
{
    int share = (int)((__int128)length * part / sum);

    return share < 1 ? 1 : share > length - 2 ? length - 2 : share;
}

static bool is_rule(const struct canvas *canvas, int row, int col)
{
    const struct cell *cell = canvas_cell(canvas, row, col);

    return cell != NULL && cell->code >= 0x2500 && cell->code < 0x2580;
}

/* Borders join the rules that they end at, but not a title that stands in one. */
static void border_down(struct canvas *canvas, struct canvas_rect at, int col)
{
    int up = is_rule(canvas, at.row - 1, col), down = is_rule(canvas, at.row + at.rows, col);

    canvas_rule_down(canvas, at.row - up, col, at.rows + up + down, STYLE_RULE);
}

static void border_across(struct canvas *canvas, struct canvas_rect at, int row)
{
    int left = is_rule(canvas, row, at.col - 1), right = is_rule(canvas, row, at.col + at.cols);

    canvas_rule_across(canvas, row, at.col - left, at.cols + left + right, STYLE_RULE);
}

/* Depth is at most the number of tiles, INSTRUMENTS_MAX. */
static void map_draw(struct canvas *canvas, const struct ui *ui, struct canvas_rect at,
                     const struct tile *tile, int count)
{
    bool across = at.cols > CELL_ASPECT * at.rows && at.cols >= 2 * TILE_COLS_MIN + 1;
    int64_t sum = sum_of(tile, count), part;
    struct canvas_rect first = at, rest = at;
    int used;

    if (count == 1 || (!across && at.rows < 3)) {
        tile_draw(canvas, ui, at, tile[0].index);
        if (count > 1)
            canvas_printf_right(canvas, at.row, at.col + at.cols, style_bold(STYLE_WARNING), " +%d",
                                count - 1);
        return;
    }
    used = half_of(tile, count, sum, &part);
    if (across) {
        first.cols = share_of(at.cols, part, sum);
        first.cols = first.cols < TILE_COLS_MIN                 ? TILE_COLS_MIN
                     : first.cols > at.cols - TILE_COLS_MIN - 1 ? at.cols - TILE_COLS_MIN - 1
                                                                : first.cols;
        rest.col = at.col + first.cols + 1;
        rest.cols = at.cols - first.cols - 1;
        border_down(canvas, at, rest.col - 1);
    } else {
        first.rows = share_of(at.rows, part, sum);
        rest.row = at.row + first.rows + 1;
        rest.rows = at.rows - first.rows - 1;
        border_across(canvas, at, rest.row - 1);
    }
    map_draw(canvas, ui, first, tile, used);
    map_draw(canvas, ui, rest, tile + used, count - used);
}

/* The largest first; what nothing was traded in still has a place. Weights are of one quote asset or of none. */
static int sorted(const struct ui *ui, struct tile tile[INSTRUMENTS_MAX])
{
    const struct view_frame *frame = ui_view(ui);
    uint16_t index[INSTRUMENTS_MAX];
    int count = market_rows(ui, index);

    for (int i = 0; i < count; i++) {
        int64_t weight = frame->market.row[index[i]].value_e8 / DECIMAL_E8 + 1;
        int at = i;

        for (; at > 0 && tile[at - 1].weight < weight; at--)
            tile[at] = tile[at - 1];
        tile[at] = (struct tile){index[i], weight};
    }
    return count;
}

void treemap_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    struct tile tile[INSTRUMENTS_MAX];
    int count = sorted(ui, tile);

    if (count == 0)
        key_text_cut(canvas, ui, row, span.at + 1, span.cols - 2, STYLE_DIM, market_empty_text(ui));
    else if (rows > 0)
        map_draw(canvas, ui, (struct canvas_rect){row, span.at, rows, span.cols}, tile, count);
}
