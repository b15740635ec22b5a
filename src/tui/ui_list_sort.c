/* The order of a list's rows: by which column, and which way round. */
#include "core/base/decimal.h"
#include "tui/glyphs.h"
#include "tui/panels.h"

enum sort {
    SORT_NONE, /* the engine's own order */
    SORT_TIME,
    SORT_OWNER,
    SORT_SIDE,
    SORT_SIZE,
    SORT_PRICE,
    SORT_AWAY,
    SORT_STATE,
    SORT_FEE,
    SORT_SLIPPAGE,
    SORT_CLOSED,
    SORTS
};

#define SORT_UNKNOWN INT64_MIN /* of a row without a figure: it stands last, whichever way round */
#define ENDED        100       /* added to the states of orders that have ended */

static const struct {
    const char *word;
    bool falls;                 /* the greatest figure stands first, unless it is turned round */
    const char *first, *turned; /* what stands first, and first when turned round */
} columns[SORTS] = {
    [SORT_NONE] = {"as they come", false, "", ""},
    [SORT_TIME] = {"time", true, "newest first", "oldest first"},
    [SORT_OWNER] = {"owner", false, "yours first", "yours last"},
    [SORT_SIDE] = {"side", false, "buys first", "sells first"},
    [SORT_SIZE] = {"size", true, "greatest first", "least first"},
    [SORT_PRICE] = {"price", true, "highest first", "lowest first"},
    [SORT_AWAY] = {"away", false, "nearest first", "farthest first"},
    [SORT_STATE] = {"state", false, "at work first", "ended first"},
    [SORT_FEE] = {"fee", true, "greatest first", "least first"},
    [SORT_SLIPPAGE] = {"slippage", true, "worst first", "best first"},
    [SORT_CLOSED] = {"closed", true, "best first", "worst first"},
};

static bool tab_sorts(enum list_tab tab, enum sort sort)
{
    switch (tab) {
    case TAB_ORDERS:
        return sort <= SORT_STATE;
    case TAB_FILLS:
    case TAB_CLOSED:
        return sort <= SORT_PRICE || sort >= SORT_FEE;
    case TAB_TAPE:
        return sort == SORT_NONE || sort == SORT_SIZE || sort == SORT_PRICE;
    case TAB_EVENTS:
    case TAB_LOG:
    case TAB_WATCH:
    case LIST_TABS:
        break;
    }
    return sort == SORT_NONE;
}

static int64_t order_figure(const struct ui *ui, const struct view_order *at)
{
    const struct order *order = &at->order;
    const struct view_scale *scale = scale_of(ui_view(ui), at->instrument_id);

    switch (ui->list.sort) {
    case SORT_TIME:
        return order->sent_ns;
    case SORT_OWNER:
        return order->intent.owner;
    case SORT_SIDE:
        return order->intent.side;
    case SORT_SIZE:
        return number_qty_e8(scale, order->intent.qty_lots);
    case SORT_PRICE:
        return number_price_e8(scale, ui_order_ticks(order));
    case SORT_AWAY:
        return at->away_bp_x10 == VIEW_NONE ? SORT_UNKNOWN : at->away_bp_x10;
    case SORT_STATE:
        return order->state + (order_is_open(order) ? 0 : ENDED);
    default:
        return 0;
    }
}

static int64_t fill_figure(const struct ui *ui, const struct view_fill *at)
{
    const struct fill *fill = &at->fill;
    const struct view_scale *scale = scale_of(ui_view(ui), fill->instrument_id);

    switch (ui->list.sort) {
    case SORT_TIME:
        return fill->ts_ns;
    case SORT_OWNER:
        return fill->owner;
    case SORT_SIDE:
        return fill->side;
    case SORT_SIZE:
        return number_qty_e8(scale, fill->qty_lots);
    case SORT_PRICE:
        return number_price_e8(scale, fill->price_ticks);
    case SORT_FEE:
        return fill->fee_e8;
    case SORT_SLIPPAGE:
        return at->slippage_e8 == VIEW_NONE ? SORT_UNKNOWN : at->slippage_e8;
    case SORT_CLOSED:
        return fill->realised_e8;
    default:
        return 0;
    }
}

/* What the column has of a row, as one figure. */
static int64_t figure_of(const struct ui *ui, uint16_t index)
{
    const struct view_lists *lists = &ui_view(ui)->lists;

    switch (ui->list.tab) {
    case TAB_ORDERS:
        return order_figure(ui, &lists->order[index]);
    case TAB_FILLS:
    case TAB_CLOSED:
        return fill_figure(ui, &lists->fill[index]);
    case TAB_TAPE:
        return ui->list.sort == SORT_SIZE ? lists->taker[index].lots : lists->taker[index].price_ticks;
    case TAB_EVENTS:
    case TAB_LOG:
    case TAB_WATCH:
    case LIST_TABS:
        break;
    }
    return 0;
}

bool list_sort_falls(const struct ui *ui)
{
    return columns[ui->list.sort % SORTS].falls != ui->list.turned;
}

bool list_row_before(const struct ui *ui, uint16_t one, uint16_t other)
{
    int64_t a, b;

    if (ui->list.sort == SORT_NONE)
        return false;
    a = figure_of(ui, one);
    b = figure_of(ui, other);
    if (a == SORT_UNKNOWN || b == SORT_UNKNOWN)
        return a != SORT_UNKNOWN && b == SORT_UNKNOWN;
    return list_sort_falls(ui) ? a > b : a < b;
}

const char *list_sort_word(const struct ui *ui)
{
    return ui->list.sort == SORT_NONE ? NULL : columns[ui->list.sort % SORTS].word;
}

const char *list_sort_mark(const struct ui *ui)
{
    return list_sort_falls(ui) ? GLYPH_DOWN_TRIANGLE : GLYPH_UP_TRIANGLE;
}

/* False: this list has one order, said so. */
static bool can_sort(struct ui *ui)
{
    if (ui->list.tab == TAB_EVENTS || ui->list.tab == TAB_LOG)
        ui_say(ui, 1, "", "this list goes by time alone");
    else if (ui->list.tab == TAB_WATCH)
        ui_say(ui, 1, "", "this list keeps the order of the configuration; " KEY("/") " filters it");
    else
        return true;
    return false;
}

/* The choice stays with its row, and that in sight. */
static void sorted(struct ui *ui)
{
    list_on_frame(ui);
    if (ui->list.sort == SORT_NONE)
        ui_say(ui, 0, "", "rows as they come");
    else
        ui_say(ui, 0, "", "sorted by %s, %s; " KEY("D") " turns them round", columns[ui->list.sort].word,
               ui->list.turned ? columns[ui->list.sort].turned : columns[ui->list.sort].first);
}

void list_sort_next(struct ui *ui)
{
    if (!can_sort(ui))
        return;
    do {
        ui->list.sort = (uint8_t)((ui->list.sort + 1) % SORTS);
    } while (!tab_sorts(ui->list.tab, (enum sort)ui->list.sort));
    ui->list.turned = false;
    sorted(ui);
}

void list_sort_turn(struct ui *ui)
{
    if (!can_sort(ui))
        return;
    if (ui->list.sort == SORT_NONE) {
        ui_say(ui, 1, "", "rows stand as they come; " KEY(",") " sorts them by a column");
        return;
    }
    ui->list.turned = !ui->list.turned;
    sorted(ui);
}
