/*
 * The kill report: in place of the side column and the blotter, never of the market. Each step with what is known, what is
 * still at risk and the one key that closes it. Its orders: kill_orders.c
 */
#include "core/base/decimal.h"
#include "tui/glyphs.h"
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

struct report {
    struct canvas *canvas;
    const struct ui *ui;
    const struct view_frame *frame;
    const struct view_status *status;
    const struct view_instrument *at;
    int col, cols, row, end;
    bool dense; /* too few rows for blank lines */
};

static void blank(struct report *r)
{
    if (!r->dense)
        r->row++;
}

static void section(struct report *r, const char *title, const char *note, struct style style)
{
    const struct layout *l = &r->ui->layout;
    struct brush pen;

    if (r->row >= r->end)
        return;
    if (r->row > l->title_row)
        canvas_rule_across(r->canvas, r->row, l->side_rule, l->cols - l->side_rule, STYLE_RULE);
    pen = brush_at(r->canvas, r->row++, r->col);
    brush_text(&pen, STYLE_TEXT, " ");
    brush_text(&pen, style_bold(style), title);
    if (note[0] != '\0') {
        brush_text(&pen, STYLE_TEXT, "  ");
        pen.col =
            canvas_text_cut(r->canvas, pen.row, pen.col, r->col + r->cols - pen.col - 2, STYLE_DIM, note);
    }
    brush_text(&pen, STYLE_TEXT, " ");
}

/* what: for eleven columns. */
static void step(struct report *r, int number, const char *what, const char *brief, const char *count,
                 struct style style, const char *word, const char *time)
{
    struct brush pen = brush_at(r->canvas, r->row, r->col);

    if (r->row >= r->end)
        return;
    r->row++;
    brush_printf(&pen, style_bold(STYLE_BRIGHT), "%d ", number);
    if (r->ui->layout.framed) {
        brush_printf(&pen, STYLE_TEXT, "%-16s%-6s", what, count);
        brush_printf(&pen, style, "%-7s", word);
        brush_printf(&pen, STYLE_DIM, " %s", time);
    } else {
        brush_printf(&pen, STYLE_TEXT, "%-9.9s%5.7s ", brief, count);
        brush_printf(&pen, style, "%s", word);
    }
}

static struct number_text millis(int64_t ns, bool tenths)
{
    struct number_text out;

    text_print(out.text, sizeof(out.text), "%s ms", number_fixed(ns, 6, tenths ? 1 : 0, false).text);
    return out;
}

/* When the last cancel was handed to the sender; VIEW_NONE: none was. */
static int64_t last_sent(const struct view_status *status)
{
    int64_t last = VIEW_NONE;

    for (uint32_t i = 0; i < status->kill_orders; i++) {
        if (status->kill_order[i].sent_ns != VIEW_NONE && status->kill_order[i].sent_ns > last)
            last = status->kill_order[i].sent_ns;
    }
    return last;
}

static uint32_t count_sent(const struct view_status *status)
{
    uint32_t sent = 0;

    for (uint32_t i = 0; i < status->kill_orders; i++)
        sent += status->kill_order[i].sent_ns != VIEW_NONE;
    return sent + (status->kill_total > status->kill_orders ? status->kill_total - status->kill_orders : 0);
}

static uint32_t count_unknown(const struct view_status *status)
{
    uint32_t unknown = 0;

    for (uint32_t i = 0; i < status->kill_orders; i++)
        unknown += status->kill_order[i].state == ORDER_STATE_UNKNOWN;
    return unknown;
}

static void steps(struct report *r)
{
    const struct view_status *s = r->status;
    uint32_t sent = count_sent(s), unknown = count_unknown(s);
    bool confirmed = s->kill_confirmed >= s->kill_total;
    char count[24], time[48], asks[64], key[UI_CHIP_SIZE];
    struct style done = style_bold(STYLE_GOOD), waiting = style_bold(STYLE_WARNING);

    step(r, 1, "block new orders", "block new", "", done, "done", "0.0 ms");
    text_print(count, sizeof(count), "%u/%u", sent, s->kill_total);
    text_print(time, sizeof(time), "%s",
               last_sent(s) != VIEW_NONE ? millis(last_sent(s) - s->kill_ns, true).text : "");
    step(r, 2, "send cancels", "send", count, sent >= s->kill_total ? done : waiting,
         sent >= s->kill_total ? "done" : "SENDING", time);
    text_print(count, sizeof(count), "%u/%u", s->kill_confirmed, s->kill_total);
    text_print(time, sizeof(time), "%s", confirmed ? "" : millis(s->now_ns - s->kill_ns, false).text);
    step(r, 3, "confirm each", "confirm", count, confirmed ? done : waiting, confirmed ? "done" : "WAITING",
         time);
    if (r->row < r->end && s->kill_total > 0 && r->ui->layout.framed) {
        struct brush pen = brush_at(r->canvas, r->row++, r->col + 2);

        brush_use_bar(&pen, 30, brush_eighths(s->kill_confirmed, s->kill_total, 30), 0, ROLE_USE_BAR);
    }
    text_print(count, sizeof(count), "%u", unknown);
    step(r, 4, "unknown orders", "unknown", count, unknown == 0 ? done : waiting,
         unknown == 0 ? "none" : "ASKING", "");
    text_print(asks, sizeof(asks), ui_refused_word(r->ui, ACT_FLATTEN) != NULL ? "" : "%s asks",
               ui_chip(r->ui, "f", key));
    step(r, 5, "flatten", "flatten", "", style_bold(style_role(ROLE_TITLE)), s->kill_flattens ? "ON" : "OFF",
         s->kill_flattens ? "after it" : asks);
    if (s->kill_quiet_ns != VIEW_NONE)
        text_print(time, sizeof(time), "%s s", number_fixed(s->kill_quiet_ns - s->kill_ns, 9, 1, false).text);
    step(r, 6, "quiet", "quiet", "", s->killing ? STYLE_DIM : done, s->killing ? "not yet" : "yes",
         s->kill_quiet_ns != VIEW_NONE ? time : "");
}

/* A kill of a run before this one: which of its steps took how long nobody here has seen. */
static void known_steps(struct report *r)
{
    const struct view_status *s = r->status;
    uint32_t open = r->frame->lists.orders_open;
    struct brush pen;

    if (r->row < r->end)
        r->row += brush_wrapped(r->canvas, r->row, r->col, r->cols - 1, r->end - r->row, STYLE_TEXT,
                                s->kill_told[0] != '\0' ? s->kill_told : "nothing more is known of it");
    blank(r);
    if (r->row >= r->end)
        return;
    pen = brush_at(r->canvas, r->row++, r->col);
    brush_text(&pen, STYLE_DIM, "new orders ");
    brush_text(&pen, style_bold(STYLE_GOOD), "blocked");
    if (r->row >= r->end)
        return;
    pen = brush_at(r->canvas, r->row++, r->col);
    brush_text(&pen, STYLE_DIM, "open now   ");
    brush_printf(&pen, style_bold(open == 0 ? STYLE_GOOD : STYLE_WARNING), "%u", open);
    brush_text(&pen, STYLE_DIM, open == 0 ? "" : "  being cancelled");
}

/* What closing it now would bring, and the key that does. */
static void way_out(struct report *r, int64_t lots, const struct view_position *position)
{
    struct brush pen;
    char key[UI_CHIP_SIZE];

    if (r->row >= r->end)
        return;
    pen = brush_at(r->canvas, r->row++, r->col);
    brush_text(&pen, STYLE_DIM, "open  ");
    brush_money(&pen, position->open_e8, false);
    brush_text(&pen, STYLE_DIM, r->ui->layout.framed ? "   if flat now " : " if flat ");
    brush_money(&pen, position->if_flat_e8, false);
    if (r->row >= r->end)
        return;
    pen = brush_at(r->canvas, r->row++, r->col);
    brush_text(&pen, style_bold(style_role(ROLE_KEY_CHIP)), ui_chip(r->ui, "f", key));
    brush_printf(&pen, STYLE_TEXT, " flattens: %s %s%s", lots > 0 ? "SELL" : "BUY",
                 number_qty_full(&r->at->scale, lots < 0 ? -lots : lots).text,
                 r->ui->layout.framed ? "," : "");
    if (r->ui->layout.framed) {
        brush_text(&pen, STYLE_TEXT, " worst");
        canvas_text_cut(r->canvas, r->row++, r->col + 3, r->cols - 4, STYLE_TEXT,
                        "price bounded by COLLAR, asks once");
    }
}

static void at_risk(struct report *r)
{
    int64_t lots = r->at->position_lots, size = lots < 0 ? -lots : lots;
    const struct view_position *position = &r->frame->position;
    struct brush pen = brush_at(r->canvas, r->row, r->col);
    const char *first = "";
    int others;

    if (r->row >= r->end)
        return;
    r->row++;
    others = ui_other_position(r->frame, r->ui->instrument_id, &first);
    if (lots == 0 && others == 0) {
        brush_text(&pen, style_bold(STYLE_GOOD),
                   r->ui->layout.framed ? "nothing: no position is open" : "nothing: no position");
        return;
    }
    if (lots == 0) {
        brush_printf(&pen, style_bold(STYLE_WARNING), "%s stays open", first);
        if (others > 1)
            brush_printf(&pen, STYLE_WARNING, ", %d more", others - 1);
        return;
    }
    brush_text(&pen, lots > 0 ? STYLE_BID : STYLE_ASK,
               lots > 0 ? GLYPH_UP_TRIANGLE " LONG " : GLYPH_DOWN_TRIANGLE " SHORT ");
    brush_text(&pen, style_bold(STYLE_BRIGHT), number_qty_full(&r->at->scale, size).text);
    if (others == 0 || r->ui->layout.framed)
        brush_text(&pen, STYLE_TEXT, " stays open");
    if (others > 0 && !r->ui->layout.framed) { /* the title says that it is open: where else is more */
        char more[64];

        if (others > 1)
            text_print(more, sizeof(more), ", +%d more", others);
        else
            text_print(more, sizeof(more), ", +%.40s", first);
        canvas_text_cut(r->canvas, pen.row, pen.col, r->col + r->cols - 1 - pen.col,
                        style_bold(STYLE_WARNING), more);
    } else if (others > 0)
        brush_printf(&pen, style_bold(STYLE_WARNING), ", %s%s too", first, others > 1 ? " .." : "");
    else if (r->ui->layout.framed)
        brush_printf(&pen, STYLE_DIM, "   %s %s", number_money(position->value_e8, false).text, r->at->quote);
    way_out(r, lots, position);
}

/* Names of those that are told of stand in one column. */
static int name_cols(const struct view_frame *frame)
{
    size_t most = 5;

    for (int i = 0; i < frame->strategies && i < VIEW_STRATEGIES_MAX; i++)
        if (frame->strategy[i].on && frame->strategy[i].owner != OWNER_MANUAL &&
            strlen(frame->strategy[i].name) > most)
            most = strlen(frame->strategy[i].name);
    return (int)most;
}

static void stopped(struct report *r)
{
    for (int i = 0; i < r->frame->strategies && i < VIEW_STRATEGIES_MAX && r->row < r->end; i++) {
        const struct view_strategy *strategy = &r->frame->strategy[i];
        struct brush pen;
        bool manual = strategy->owner == OWNER_MANUAL;

        if ((!strategy->on || strategy->disabled) && !manual) /* paused too, but there was nothing to stop */
            continue;
        pen = brush_at(r->canvas, r->row++, r->col);
        brush_printf(&pen, style_role(ROLE_BAD), GLYPH_STOPPED " %-*s ", name_cols(r->frame), strategy->name);
        brush_text(&pen, STYLE_TEXT,
                   manual                 ? "order keys locked"
                   : r->ui->layout.framed ? "stopped by KILL  "
                                          : "stopped, ");
        if (!manual)
            brush_text(&pen, STYLE_DIM, "was ON");
    }
    blank(r);
    if (r->row + 1 >= r->end || !r->ui->layout.framed)
        return;
    canvas_text(r->canvas, r->row++, r->col, STYLE_DIM, "Nothing leaves before you clear it:");
    {
        struct brush pen = brush_at(r->canvas, r->row++, r->col);

        brush_text(&pen, STYLE_DIM, "type ");
        brush_text(&pen, style_bold(STYLE_BRIGHT), ":clear-kill");
        brush_text(&pen, STYLE_DIM, " and its word");
    }
}

static void what_to_press(struct canvas *canvas, const struct ui *ui)
{
    static const char *const line[][2] = {{"f", "flatten what is left (asks)"},
                                          {"Tab", "the other lists"},
                                          {"y", "copy this report"},
                                          {":", "clear-kill, when all is quiet"},
                                          {"q", "leave: the program ends"}};
    const struct layout *l = &ui->layout;

    brush_title(canvas, l->tabs_row, l->side.at + 1, false, "what you can press", "");
    for (int i = ui_refused_word(ui, ACT_FLATTEN) != NULL, row = l->tabs_row + 1; i < 5 && row < l->frame_row;
         i++) {
        struct brush pen = brush_at(canvas, row++, l->side.at + 1);
        char key[UI_CHIP_SIZE];

        brush_text(&pen, style_bold(style_role(ROLE_KEY_CHIP)), ui_chip(ui, line[i][0], key));
        brush_printf(&pen, STYLE_TEXT, " %s",
                     i == 4 && ui->config.attached ? "leave: the engine stays" : line[i][1]);
    }
}

void kill_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    struct report r = {.canvas = canvas,
                       .ui = ui,
                       .frame = ui->frame,
                       .status = &ui->frame->status,
                       .at = ui_instrument(ui),
                       .col = l->side.at + 1,
                       .cols = l->side.cols,
                       .row = l->title_row,
                       .end = l->tabs_row};
    struct style red = style_role(ROLE_BAD);
    char scope[96];

    if (ui->kill_list)
        list_panel_draw(canvas, ui);
    else
        kill_orders_draw(canvas, ui);
    if (l->side.cols == 0 || r.at == NULL)
        return;
    r.dense = r.end - r.row < 24;
    section(&r, "KILL", r.status->state_why, red);
    if (r.status->kill_before)
        text_print(scope, sizeof(scope), "everything, before this start");
    else
        text_print(scope, sizeof(scope), "everything: %d instrument%s, %u order%s", r.status->instruments,
                   r.status->instruments == 1 ? "" : "s", r.status->kill_total,
                   r.status->kill_total == 1 ? "" : "s");
    if (l->framed) {
        struct brush pen = brush_at(canvas, r.row++, r.col);

        brush_text(&pen, STYLE_DIM, "scope  ");
        brush_text(&pen, STYLE_TEXT, scope);
    }
    blank(&r);
    if (r.status->kill_before)
        known_steps(&r);
    else
        steps(&r);
    blank(&r);
    section(&r, "still at risk", "", red);
    at_risk(&r);
    blank(&r);
    section(&r, "stopped", "", style_role(ROLE_TITLE));
    stopped(&r);
    if (l->framed && !l->wide)
        what_to_press(canvas, ui);
    if (l->wide) {
        strategy_panel_draw(canvas, ui, l->middle);
        log_panel_draw(canvas, ui, l->side);
    }
}
