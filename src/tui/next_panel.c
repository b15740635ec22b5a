/*
 * NEXT: what the next key will do, by the risk gate's own verdict; after a key, its answer; else what matters
 * more than an order (killed, paused, first start). One row, filled to its end. What is said of an order: next_order.c.
 */
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "tui/next_overlay.h"
#include "tui/next_row.h"
#include "tui/panels.h"
#include "tui/zoom.h"

#include <stdio.h>
#include <string.h>

/* "4 of 4 cancelled", as far as it is known. */
static const char *kill_count(const struct view_status *status, bool brief, char *out, size_t size)
{
    if (status->kill_before)
        return text_print(out, size, "before this start");
    if (status->kill_total == 0)
        return text_print(out, size, "no order was open");
    return text_print(out, size, brief ? "%u/%u cancelled" : "%u of %u cancelled, 0 open",
                      status->kill_confirmed, status->kill_total);
}

/* The whole row white on red. */
static void draw_killed(struct canvas *canvas, const struct ui *ui)
{
    const struct view_status *status = &ui->frame->status;
    const struct view_instrument *at = ui_instrument(ui);
    struct style red = style_bold(style_role(ROLE_BADGE_KILLED));
    char text[256], position[128], count[48], key[UI_CHIP_SIZE];
    int64_t lots = at != NULL ? at->position_lots : 0;
    const char *first = "";
    int others;
    uint32_t waiting = status->kill_total - status->kill_confirmed;
    const char *kept = status->kill_not_kept ? "NOT ON DISK, a restart would not know \u00b7 " : "";

    others = ui_other_position(ui->frame, ui->instrument_id, &first);
    if (lots == 0 && others > 0)
        text_print(position, sizeof(position), "%s%s NOT closed", first,
                   others > 1 ? " and others are" : " is");
    else if (lots == 0)
        text_print(position, sizeof(position), "no position is open");
    else
        text_print(position, sizeof(position), "%s%s %s is NOT closed%s%s closes it%s%s%s",
                   status->killing ? "position " : "", lots > 0 ? "LONG" : "SHORT",
                   number_qty_full(&at->scale, lots < 0 ? -lots : lots).text,
                   status->killing ? " \u00b7 " : ", ", ui_chip(ui, "f", key),
                   others > 0 && ui->layout.framed ? "; " : "", others > 0 && ui->layout.framed ? first : "",
                   others > 1 && ui->layout.framed   ? " and more, too"
                   : others > 0 && ui->layout.framed ? " too"
                                                     : "");
    if (status->killing)
        text_print(text, sizeof(text), " KILLING  %u of %u cancels confirmed, %u waiting %s s \u00b7 %s%s",
                   status->kill_confirmed, status->kill_total, waiting,
                   status->kill_ns == VIEW_NONE
                       ? "0"
                       : number_fixed(status->now_ns - status->kill_ns, 9, 2, false).text,
                   kept, position);
    else if (!ui->layout.framed)
        text_print(text, sizeof(text), " KILLED  %s \u00b7 %s%s \u00b7 :clear-kill",
                   kill_count(status, true, count, sizeof(count)), kept, position);
    else
        text_print(text, sizeof(text),
                   " KILLED  %s \u00b7 %s%s \u00b7 :clear-kill, word: resume; then PAUSED",
                   kill_count(status, false, count, sizeof(count)), kept, position);
    next_fill(canvas, ui, red);
    canvas_text_cut(canvas, ui->layout.next_row, 0, canvas->cols, red, text);
}

/* What is allowed stands at the end of an answer: one that is too long takes the row above, too, where nothing is open. */
static void draw_say(struct canvas *canvas, const struct ui *ui)
{
    const struct ui_say *say = &ui->say;
    int head_cols = say->head[0] == '\0' ? 0 : (int)safe_text_columns(say->head) + 2;
    int cols = canvas->cols - 1 - head_cols;
    int rows =
        ui->overlay == OVERLAY_NONE && brush_words_that_fit(say->text, cols) < strlen(say->text) ? 2 : 1;
    struct brush pen = brush_at(canvas, ui->layout.next_row + 1 - rows, 1);
    bool killed = ui_killed(ui) && strncmp(say->head, "KILL", 4) == 0; /* the row stays red while it speaks */
    struct style red = style_bold(style_role(ROLE_BADGE_KILLED)), text = killed ? red : dim_next();
    struct style head = on_next(say->level == 0 ? STYLE_GOOD : STYLE_WARNING);

    canvas_fill(canvas, pen.row, 0, rows, canvas->cols, text);
    if (say->head[0] != '\0') {
        brush_text(&pen, killed ? red : head, say->head);
        pen.col += 2;
    }
    brush_wrapped(canvas, pen.row, pen.col, cols, rows, text, say->text);
}

/* A bell for the eyes: the row in reverse for a moment. */
static void draw_flash(struct canvas *canvas, const struct ui *ui)
{
    if (ui->bell_is_seen && ui->bell_ns != 0 && ui->now_ns - ui->bell_ns < UI_FLASH_NS)
        canvas_restyle(canvas, ui->layout.next_row, 0, 1, canvas->cols, style_role(ROLE_CURSOR));
}

static void draw_paused(struct canvas *canvas, const struct ui *ui)
{
    const struct view_status *status = &ui->frame->status;
    struct brush pen = brush_at(canvas, ui->layout.next_row, 1);
    uint32_t open = ui_open_orders(ui);
    char text[256], key[UI_CHIP_SIZE];
    int end;

    next_fill(canvas, ui, dim_next());
    brush_text(&pen, on_next(STYLE_WARNING), "PAUSED");
    end = canvas_text_right(canvas, pen.row, canvas->cols - 1, dim_next(), " resumes");
    end = canvas_text_right(canvas, pen.row, end, on_next(style_role(ROLE_OWN_QUEUE)),
                            ui_chip(ui, "Space", key));
    text_print(text, sizeof(text),
               "  %s %s \u00b7 strategies: %d order%s cancelled, none sent \u00b7 your %u order%s and keys "
               "still work",
               status->state_why, number_clock(status->state_since_ns).text, status->state_cancelled,
               status->state_cancelled == 1 ? "" : "s", open, open == 1 ? "" : "s");
    canvas_text_cut(canvas, pen.row, pen.col, end - pen.col - 1, dim_next(), text);
}

/* A key and what it does, after a dot but for the first; what has no room is left out. */
static void draw_lesson(struct brush *pen, const struct ui *ui, int first, int end, const char *before,
                        const char *key, const char *does)
{
    char shown[UI_CHIP_SIZE] = "";
    int gap = pen->col > first ? 3 : 0, cols;

    if (key[0] != '\0')
        ui_chip(ui, key, shown);
    cols = gap + (int)(safe_text_columns(before) + safe_text_columns(shown) + safe_text_columns(does));
    if (pen->col + cols > end)
        return;
    if (gap > 0)
        brush_text(pen, dim_next(), " \u00b7 ");
    brush_text(pen, dim_next(), before);
    brush_text(pen, on_next(style_role(ROLE_OWN_QUEUE)), shown);
    brush_text(pen, dim_next(), does);
}

/* Who trades already is said first: a start with a strategy ON, as that of the demo, trades before a key was touched. */
static void draw_tutor(struct canvas *canvas, const struct ui *ui)
{
    static const char *const trading[][2] = {{"\u2191\u2193 \u2190\u2192", " aim"},
                                             {"i", " order"},
                                             {"u", " cancel"},
                                             {"K", " stops all"},
                                             {"?", " keys"},
                                             {"x", " move"},
                                             {"Enter", " order form"}};
    static const char *const watching[][2] = {{"s", " paper trading"},
                                              {"\u2191\u2193 \u2190\u2192", " aim"},
                                              {"Enter", " order ticket"},
                                              {"K", " stops everything"},
                                              {"?", " keys"}};
    bool trades = ui->frame->status.mode != MODE_OBSERVATION;
    const char *const(*lesson)[2] = trades ? trading : watching;
    size_t lessons = trades ? sizeof(trading) / sizeof(trading[0]) : sizeof(watching) / sizeof(watching[0]);
    struct brush pen = brush_at(canvas, ui->layout.next_row, 1);
    char key[UI_CHIP_SIZE], strategies[STRATEGIES_ON_SIZE], before[STRATEGIES_ON_SIZE + 24];
    int end = canvas->cols - 1, first, on = ui_strategies_on(ui, strategies, sizeof(strategies));

    next_fill(canvas, ui, dim_next());
    brush_text(&pen, on_next(STYLE_BID), "FIRST TIME?");
    pen.col += 2;
    first = pen.col;
    if (!trades) { /* the first key hides the other one */
        end = canvas_text_right(canvas, pen.row, end, dim_next(), " hides");
        end = canvas_text_right(canvas, pen.row, end, on_next(style_role(ROLE_OWN_QUEUE)),
                                ui_chip(ui, "Esc", key));
    } else if (on > 0) {
        text_print(before, sizeof(before), "%s %s on paper, ", strategies, on == 1 ? "trades" : "trade");
        draw_lesson(&pen, ui, first, end, before, "Space", " pauses");
    }
    for (size_t i = 0; i < lessons; i++)
        draw_lesson(&pen, ui, first, end, "", lesson[i][0], lesson[i][1]);
}

static bool is_command(const struct ui *ui)
{
    return ui->overlay == OVERLAY_TEXT && ui->text.kind == TEXT_COMMAND;
}

/* What Enter does in the prompt; on other screens: what has been chosen there. Its first word is its name. */
static void draw_explained(struct canvas *canvas, const struct ui *ui)
{
    struct brush pen = brush_at(canvas, ui->layout.next_row, 1);
    char written[512] = "", text[512];
    size_t name;

    next_fill(canvas, ui, dim_next());
    if (ui->locked)
        lock_next_text(ui, written, sizeof(written));
    else if (next_overlay_text(ui, written, sizeof(written)))
        ; /* it takes the keys */
    else if (ui->overlay == OVERLAY_SETTINGS)
        settings_next_text(ui, written, sizeof(written));
    else if (is_command(ui))
        palette_next_text(ui, written, sizeof(written));
    else if (ui->screen == SCREEN_TRADE)
        zoom_next_text(ui, written, sizeof(written));
    else
        ui_screen_of(ui->screen)->next_text(ui, written, sizeof(written));
    ui_with_keys(ui, written, text, sizeof(text));
    name = strstr(text, "  ") != NULL ? (size_t)(strstr(text, "  ") - text) : 0;
    pen.col = canvas_text_n(canvas, pen.row, pen.col, on_next(STYLE_BID), text, name);
    canvas_text_cut(canvas, pen.row, pen.col, canvas->cols - pen.col - 1, dim_next(), text + name);
}

/* It takes the keys, and NEXT tells of them; a kill is told before all but the question that closes what is left. */
static bool is_covered(const struct ui *ui)
{
    char text[512];

    return (!ui_killed(ui) || ui->overlay == OVERLAY_QUESTION) && next_overlay_text(ui, text, sizeof(text));
}

void next_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    bool covered = ui->locked || is_command(ui) || ui->overlay == OVERLAY_SETTINGS || is_covered(ui);

    if (ui->say.until_ns != 0)
        draw_say(canvas, ui);
    else if (covered)
        draw_explained(canvas, ui);
    else if (ui_killed(ui))
        draw_killed(canvas, ui);
    else if (ui_tutor_shown(ui))
        draw_tutor(canvas, ui);
    else if (ui->state_changed_ns != 0 && ui->frame->status.state == STATE_PAUSED &&
             !ui->frame->status.schedule_holds)
        draw_paused(canvas, ui);
    else if (ui->screen != SCREEN_TRADE || ui->focus == FOCUS_PANEL)
        draw_explained(canvas, ui);
    else
        next_order_draw(canvas, ui);
    draw_flash(canvas, ui);
}
