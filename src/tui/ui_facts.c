/* Small questions about what the screen shows: asked by panels and by the keys. */
#include "tui/ui_state.h"

#include <string.h>
#include <strings.h>

#include "core/base/decimal.h"

const struct view_frame *ui_view(const struct ui *ui)
{
    return ui->frozen ? ui->frozen_frame : ui->frame;
}

int ui_other_position(const struct view_frame *frame, uint16_t instrument_id, const char **first)
{
    int others = 0;

    for (uint16_t i = 0; i < frame->status.instruments && i < INSTRUMENTS_MAX; i++) {
        if (i == instrument_id || frame->status.instrument[i].position_lots == 0)
            continue;
        *first = others == 0 ? frame->status.instrument[i].symbol : *first;
        others++;
    }
    return others;
}

const struct view_instrument *ui_instrument(const struct ui *ui)
{
    const struct view_frame *frame = ui->frame;

    if (frame == NULL || frame->status.shown >= frame->status.instruments ||
        frame->status.shown >= INSTRUMENTS_MAX)
        return NULL;
    return &frame->status.instrument[frame->status.shown];
}

bool ui_picture_came(const struct ui *ui)
{
    return ui->frame != NULL && ui->frame->status.shown == ui->instrument_id;
}

const struct view_scale *ui_scale(const struct ui *ui)
{
    static const struct view_scale none = {1, 1, 0, 0};
    const struct view_instrument *at = ui_instrument(ui);

    return at != NULL ? &at->scale : &none;
}

bool ui_book_live(const struct ui *ui)
{
    const struct view_instrument *at = ui_instrument(ui);

    return at != NULL && at->book_state == BOOK_LIVE;
}

bool ui_killed(const struct ui *ui)
{
    return ui->frame != NULL && (ui->frame->status.state == STATE_KILLED || ui->frame->status.killing);
}

const char *ui_owner_name(const struct view_frame *frame, uint16_t owner)
{
    for (int i = 0; i < frame->strategies && i < VIEW_STRATEGIES_MAX; i++) {
        if (frame->strategy[i].owner == owner)
            return frame->strategy[i].name;
    }
    return owner == OWNER_MANUAL ? "manual" : "?";
}

const struct view_order *ui_order_find(const struct view_frame *frame, uint64_t seq)
{
    for (int i = 0; i < frame->lists.orders && i < VIEW_ORDERS_MAX; i++) {
        if (frame->lists.order[i].order.seq == seq)
            return &frame->lists.order[i];
    }
    return NULL;
}

uint32_t ui_open_orders(const struct ui *ui)
{
    return ui->frame != NULL ? ui->frame->lists.orders_open : 0;
}

int ui_strategies_on(const struct ui *ui, char *out, size_t size)
{
    const struct view_frame *frame = ui_view(ui);
    const char *name[2] = {"", ""};
    int count = 0;

    for (int i = 0; frame != NULL && i < frame->strategies && i < VIEW_STRATEGIES_MAX; i++) {
        if (!frame->strategy[i].on || frame->strategy[i].disabled || frame->strategy[i].owner == OWNER_MANUAL)
            continue;
        if (count < 2)
            name[count] = frame->strategy[i].name;
        count++;
    }
    if (count > 2)
        text_print(out, size, "%d strategies", count);
    else
        text_print(out, size, "%s%s%s", name[0], count == 2 ? " and " : "", name[1]);
    return count;
}

static bool is_stop(const struct order_intent *intent)
{
    return intent->type == ORDER_STOP || intent->type == ORDER_STOP_LIMIT ||
           intent->type == ORDER_TRAILING_STOP;
}

/* Open stops of that side in the shown instrument, as far as its orders are known here. */
static int64_t stop_lots(const struct ui *ui, enum side side)
{
    const struct view_lists *lists = &ui_view(ui)->lists;
    int64_t sum = 0;

    for (int i = 0; i < lists->orders && i < VIEW_ORDERS_MAX; i++) {
        const struct order *order = &lists->order[i].order;

        if (lists->order[i].instrument_id == ui->instrument_id && order->intent.side == side &&
            is_stop(&order->intent) && order_is_open(order) &&
            __builtin_add_overflow(sum, order_left_lots(order), &sum))
            return INT64_MAX;
    }
    return sum;
}

/* The quantities as they are typed; "" where there is nothing to say. */
static const char *covers_text(const struct ui *ui, const char *words, int64_t lots, int64_t held, char *out,
                               size_t size)
{
    const struct view_scale *scale = ui_scale(ui);

    held = held < 0 ? -held : held;
    return text_print(out, size, "%s %s of %s", words,
                      number_qty_short(scale, lots < held ? lots : held).text,
                      number_qty_short(scale, held).text);
}

bool ui_stop_is_short(const struct ui *ui, char *out, size_t size)
{
    const struct view_instrument *at = ui_instrument(ui);
    int64_t lots = at != NULL ? at->position_lots : 0, covered;

    if (lots == 0 || lots == INT64_MIN)
        return false;
    covered = stop_lots(ui, lots > 0 ? SIDE_ASK : SIDE_BID);
    if (covered == 0 || covered >= (lots < 0 ? -lots : lots))
        return false;
    covers_text(ui, "stop covers", covered, lots, out, size);
    return true;
}

bool ui_stop_would_cover(const struct ui *ui, const struct order_intent *intent, char *out, size_t size)
{
    const struct view_instrument *at = ui_instrument(ui);
    int64_t lots = at != NULL ? at->position_lots : 0, there, sum;

    if (!is_stop(intent) || lots == 0 || lots == INT64_MIN ||
        intent->side != (lots > 0 ? SIDE_ASK : SIDE_BID))
        return false;
    there = stop_lots(ui, intent->side);
    if (__builtin_add_overflow(there, intent->qty_lots, &sum))
        sum = INT64_MAX;
    covers_text(ui, there > 0 ? "with the stops there covers" : "covers", sum, lots, out, size);
    return true;
}

const struct view_strategy *ui_unmanaged(const struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);

    for (int i = 0; frame != NULL && i < frame->strategies && i < VIEW_STRATEGIES_MAX; i++)
        if (frame->strategy[i].unmanaged && frame->strategy[i].left_in < frame->status.instruments)
            return &frame->strategy[i];
    return NULL;
}

const char *ui_left_text(const struct ui *ui, const struct view_strategy *left, bool brief, char *out,
                         size_t size)
{
    const struct view_instrument *at = &ui_view(ui)->status.instrument[left->left_in];
    const char *state = left->disabled ? " DISABLED" : left->on ? " PAUSED" : " OFF";
    int64_t lots = left->left_lots;

    return text_print(out, size, "%s%s left %s %s %s", left->name, brief ? "" : state,
                      lots > 0 ? "LONG" : "SHORT", number_qty_short(&at->scale, lots < 0 ? -lots : lots).text,
                      at->base);
}

const char *ui_way_out(const struct ui *ui, uint16_t instrument, char *out, size_t size)
{
    const struct view_status *status = &ui_view(ui)->status;
    char flatten[UI_CHIP_SIZE], next[UI_CHIP_SIZE], trade[UI_CHIP_SIZE];

    ui_chip(ui, "f", flatten);
    if (status->mode == MODE_OBSERVATION)
        return text_print(out, size, "%s, then %s", ui_chip(ui, "s", next), flatten);
    if (status->state == STATE_HALTED)
        return text_print(out, size, ":reduce, then %s", flatten);
    if (instrument != ui->instrument_id)
        return text_print(out, size, "%s there, %s closes", ui_chip(ui, "n", next), flatten);
    if (ui->screen != SCREEN_TRADE)
        return text_print(out, size, "%s, then %s closes", ui_chip(ui, "1", trade), flatten);
    return text_print(out, size, "%s closes", flatten);
}

bool ui_at_stake(const struct ui *ui)
{
    char on[STRATEGIES_ON_SIZE];
    const struct view_frame *frame = ui->frame;

    if (frame == NULL)
        return false;
    for (int i = 0; i < frame->status.instruments && i < INSTRUMENTS_MAX; i++) {
        if (frame->status.instrument[i].position_lots != 0)
            return true;
    }
    if (frame->lists.orders_open > 0)
        return true;
    /* in observation a strategy that is ON only watches */
    return frame->status.mode != MODE_OBSERVATION && ui_strategies_on(ui, on, sizeof(on)) > 0;
}

int64_t ui_size_lots(const struct ui *ui)
{
    const struct view_scale *scale = ui_scale(ui);

    return scale->lot_e8 > 0 ? ui->size_e8 / scale->lot_e8 : 0;
}

struct number_text ui_order_price(const struct ui *ui, const struct order_intent *intent)
{
    struct number_text out = number_price(ui_scale(ui), order_intent_ticks(intent));

    if (intent->type == ORDER_TRAILING_STOP && intent->stop_ticks == 0)
        text_print(out.text, sizeof(out.text), "by %s", number_price(ui_scale(ui), intent->trail_ticks).text);
    return out;
}

int64_t ui_order_ticks(const struct order *order)
{
    bool got = order_type_is_market(order->intent.type) && order->filled_lots > 0 && !order_is_open(order);

    return got ? order->intent.price_ticks : order_shown_ticks(order); /* got: the frame puts it there */
}

const struct config *ui_settings(const struct ui *ui)
{
    return ui->host.settings == NULL ? NULL : ui->host.settings(ui->host.arg);
}

bool ui_tutor_shown(const struct ui *ui)
{
    const struct view_status *status = ui->frame != NULL ? &ui->frame->status : NULL;

    if (status == NULL || status->replay_ended || ui->screen != SCREEN_TRADE || !ui->config.first_start ||
        ui->tutor_hidden || ui->focus == FOCUS_PANEL)
        return false;
    if (status->state != STATE_ACTIVE)
        return false; /* why not matters more */
    return status->mode == MODE_OBSERVATION || (status->mode == MODE_SIMULATION && !status->replay);
}

/* "SOL": the shown one if it is of that base, else the only one that is; -1: none, or several. */
static int based_on(const struct ui *ui, const char *base)
{
    int found = -1, count = 0;

    for (int i = 0; ui->frame != NULL && i < ui->frame->status.instruments && i < INSTRUMENTS_MAX; i++) {
        if (strcasecmp(ui->frame->status.instrument[i].base, base) != 0)
            continue;
        if (i == ui->instrument_id)
            return i;
        found = i;
        count++;
    }
    return count == 1 ? found : -1;
}

int ui_instrument_named(const struct ui *ui, const char *symbol)
{
    for (int i = 0; ui->frame != NULL && i < ui->frame->status.instruments && i < INSTRUMENTS_MAX; i++)
        if (strcasecmp(ui->frame->status.instrument[i].symbol, symbol) == 0)
            return i;
    return based_on(ui, symbol);
}

const struct view_instrument *ui_find_instrument(const struct ui *ui, const char *part)
{
    const struct view_instrument *found = NULL;

    for (int i = 0;
         part[0] != '\0' && ui->frame != NULL && i < ui->frame->status.instruments && i < INSTRUMENTS_MAX;
         i++) {
        const struct view_instrument *at = &ui->frame->status.instrument[i];

        if (strncasecmp(at->symbol, part, strlen(part)) == 0)
            return at;
        if (found == NULL && strcasestr(at->symbol, part) != NULL)
            found = at;
    }
    return found;
}

const char *ui_away_text(const struct ui *ui, const struct view_next *next, char *out, size_t size)
{
    bool buys = next->intent.side == SIDE_BID, under, inside;
    int64_t away = next->away_bp_x10;
    struct number_text bp = number_fixed(away < 0 && away != VIEW_NONE ? -away : away, 1, 1, false);

    out[0] = '\0';
    if (away == VIEW_NONE || ui->frame->ladder.best[next->intent.side].price_ticks <= 0)
        return out;
    under = away > 0 || (away == 0 && next->between_lots > 0);
    inside = away < 0 || (away == 0 && next->behind_lots == 0);
    if (!under && !inside)
        return text_print(out, size, "at the %s", buys ? "bid" : "ask");
    return text_print(out, size, "%s bp %s", away == 0 ? "<0.1" : bp.text,
                      inside ? "inside the spread"
                      : buys ? "under the bid"
                             : "over the ask");
}

bool ui_same_order(const struct order_intent *a, const struct order_intent *b)
{
    return a->side == b->side && a->type == b->type && a->price_ticks == b->price_ticks &&
           a->qty_lots == b->qty_lots && a->stop_ticks == b->stop_ticks &&
           a->instrument_id == b->instrument_id;
}

bool ui_order_denied(const struct ui *ui)
{
    const struct view_next *next = &ui->frame->next;
    struct order_intent intent = ui_judged_intent(ui);

    return next->valid && !next->passes && ui_same_order(&next->intent, &intent);
}
