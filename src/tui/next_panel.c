/*
 * NEXT: what the next key will do, by the risk gate's own verdict; after a key, its answer; else what matters
 * more than an order (killed, paused, first start). One row, filled to its end.
 *
 * The sentence is a list of parts with a rank each; what does not fit falls away by rank, never the verdict.
 */
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "tui/next_overlay.h"
#include "tui/panels.h"
#include "tui/zoom.h"

#include <stdio.h>
#include <string.h>

#define PARTS_MAX 10

struct part {
    char text[96], shorter[64];
    uint8_t drop; /* 0: never */
    struct style style;
};

struct sentence {
    int parts;
    struct part part[PARTS_MAX];
};

static void add(struct sentence *s, uint8_t drop, struct style style, const char *text, const char *shorter)
{
    struct part *part = &s->part[s->parts < PARTS_MAX - 1 ? s->parts++ : s->parts];

    part->drop = drop;
    part->style = style;
    text_print(part->text, sizeof(part->text), "%s", text);
    text_print(part->shorter, sizeof(part->shorter), "%s", shorter);
}

static int sentence_cols(const struct sentence *s)
{
    int cols = 0;

    for (int i = 0; i < s->parts; i++)
        cols += (int)safe_text_columns(s->part[i].text) + (i > 0 ? 3 : 0);
    return cols;
}

static void sentence_fit(struct sentence *s, int cols)
{
    while (sentence_cols(s) > cols) {
        int worst = -1;

        for (int i = 0; i < s->parts; i++) {
            if (s->part[i].drop > 0 && (worst < 0 || s->part[i].drop > s->part[worst].drop))
                worst = i;
        }
        if (worst < 0)
            return;
        if (s->part[worst].shorter[0] != '\0') {
            memcpy(s->part[worst].text, s->part[worst].shorter, sizeof(s->part[worst].shorter));
            s->part[worst].shorter[0] = '\0';
            s->part[worst].drop = s->part[worst].drop > 4 ? 3 : s->part[worst].drop;
            continue;
        }
        memmove(&s->part[worst], &s->part[worst + 1], (size_t)(s->parts - worst - 1) * sizeof(s->part[0]));
        s->parts--;
    }
}

static struct style dim_next(void)
{
    return style_role(ROLE_NEXT_DIM);
}

static struct style on_next(struct style style)
{
    return style_bold(style_on(style, ROLE_NEXT_DIM));
}

static void fill(struct canvas *canvas, const struct ui *ui, struct style style)
{
    canvas_fill(canvas, ui->layout.next_row, 0, 1, canvas->cols, style);
}

/* The whole row white on red. */
static void draw_killed(struct canvas *canvas, const struct ui *ui)
{
    const struct view_status *status = &ui->frame->status;
    const struct view_instrument *at = ui_instrument(ui);
    struct style red = style_bold(style_role(ROLE_BADGE_KILLED));
    char text[256], position[128], key[UI_CHIP_SIZE];
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
        text_print(text, sizeof(text), " KILLED  %u/%u cancelled \u00b7 %s%s \u00b7 :clear-kill",
                   status->kill_confirmed, status->kill_total, kept, position);
    else
        text_print(
            text, sizeof(text),
            " KILLED  %u of %u cancelled, 0 open \u00b7 %s%s \u00b7 :clear-kill, word: resume; then PAUSED",
            status->kill_confirmed, status->kill_total, kept, position);
    fill(canvas, ui, red);
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

    fill(canvas, ui, dim_next());
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
    const char *const(*lesson)[2] = trades ? trading : watching, *strategy = ui_strategy_on(ui);
    size_t lessons = trades ? sizeof(trading) / sizeof(trading[0]) : sizeof(watching) / sizeof(watching[0]);
    struct brush pen = brush_at(canvas, ui->layout.next_row, 1);
    int end = canvas->cols - 1, first;
    char key[UI_CHIP_SIZE], before[OWNER_NAME_SIZE + 24];

    fill(canvas, ui, dim_next());
    brush_text(&pen, on_next(STYLE_BID), "FIRST TIME?");
    pen.col += 2;
    first = pen.col;
    if (!trades) { /* the first key hides the other one */
        end = canvas_text_right(canvas, pen.row, end, dim_next(), " hides");
        end = canvas_text_right(canvas, pen.row, end, on_next(style_role(ROLE_OWN_QUEUE)),
                                ui_chip(ui, "Esc", key));
    } else if (strategy[0] != '\0') {
        text_print(before, sizeof(before), "%s trades on paper, ", strategy);
        draw_lesson(&pen, ui, first, end, before, "Space", " pauses");
    }
    for (size_t i = 0; i < lessons; i++)
        draw_lesson(&pen, ui, first, end, "", lesson[i][0], lesson[i][1]);
}

/* --- an order at the cursor --------------------------------------------------------------------------------- */

static void add_rest(struct sentence *s, const struct ui *ui, const struct view_next *next,
                     const struct view_scale *scale)
{
    bool framed = ui->layout.framed, wide = ui->layout.roomy;
    char text[96], brief[64];
    const char *touch = next->intent.side == SIDE_BID ? "under the bid" : "over the ask";
    /* a place in the queue means something at two places of a big lot, more only for small ones */
    unsigned places = next->behind_lots == 0 ? 0 : scale->qty_decimals < 2 ? scale->qty_decimals : 2;

    if (next->takes_lots > 0) {
        text_print(text, sizeof(text), "TAKES %s now",
                   number_qty(scale, next->takes_lots, number_size_places(scale, next->takes_lots)).text);
        add(s, next->passes ? 0 : 2, on_next(STYLE_WARNING), text, ""); /* denied: why is more */
        return;
    }
    if (order_type_is_triggered(next->intent.type))
        add(s, framed ? 5 : 4, dim_next(), "waits for its price", framed ? "waits" : "");
    if (next->intent.type != ORDER_LIMIT)
        return;
    text_print(brief, sizeof(brief), "behind %s", number_qty(scale, next->behind_lots, places).text);
    if (!framed)
        text_print(text, sizeof(text), "%s", brief);
    else if (wide && next->between_lots > 0)
        text_print(text, sizeof(text), "rests %s, then %s to the touch", brief,
                   number_qty(scale, next->between_lots, 2).text);
    else
        text_print(text, sizeof(text), "rests %s", brief);
    add(s, framed ? 5 : 4, dim_next(), text, framed ? brief : "");
    if (framed && next->away_bp_x10 != VIEW_NONE) {
        if (next->away_bp_x10 == 0)
            text_print(text, sizeof(text), "at the %s", next->intent.side == SIDE_BID ? "bid" : "ask");
        else if (next->away_bp_x10 < 0)
            text_print(text, sizeof(text), "%s bp inside the spread",
                       number_fixed(-next->away_bp_x10, 1, 1, false).text);
        else
            text_print(text, sizeof(text), "%s bp %s", number_fixed(next->away_bp_x10, 1, 1, false).text,
                       touch);
        add(s, 6, dim_next(), text, "");
    }
}

static void add_money(struct sentence *s, const struct ui *ui, const struct view_next *next,
                      const char *quote)
{
    bool framed = ui->layout.framed, wide = ui->layout.roomy;
    char text[96], brief[64];

    text_print(brief, sizeof(brief), "%s %s", number_fixed(next->value_e8, 8, framed ? 2 : 0, false).text,
               quote);
    text_print(text, sizeof(text), "%s", brief);
    if (wide && next->of_max_value_x1000 != VIEW_NONE)
        text_print(text, sizeof(text), "%s = %s %% of MAX_VALUE", brief,
                   number_fixed(next->of_max_value_x1000, 1, 0, false).text);
    add(s, 3, dim_next(), text, wide ? brief : "");
    text_print(text, sizeof(text), wide ? (next->maker ? "maker fee %s" : "taker fee %s") : "fee %s",
               number_money(next->fee_e8, false).text);
    add(s, 4, dim_next(), text, "");
    if (wide && ui_instrument(ui) != NULL) {
        int64_t after = next->after_lots;

        if (after == 0)
            text_print(text, sizeof(text), "then FLAT");
        else
            text_print(text, sizeof(text), "then %s %s", after > 0 ? "LONG" : "SHORT",
                       number_qty(ui_scale(ui), after < 0 ? -after : after, 3).text);
        add(s, 7, dim_next(), text, "");
    }
}

/* An order that joins the touch changes its price with it. While the gate is asked about the new one the last verdict
 * stands, with the price it was for: not when armed, where the key sends what is shown. */
static bool same_but_touch(const struct ui *ui, const struct order_intent *judged,
                           const struct order_intent *now)
{
    const struct view_frame *frame = ui->frame;
    struct order_intent moved = *judged;

    moved.price_ticks = now->price_ticks;
    return frame->next.valid && !ui->armed && !ui->moving && !ui->ladder.cursor_exact &&
           ladder_row_of(&frame->ladder, judged->price_ticks, judged->side) == ladder_cursor_row(ui) &&
           ui_same_order(&moved, now);
}

static void draw_order_head(struct brush *pen, const struct ui *ui, const struct order_intent *intent)
{
    const struct view_scale *scale = ui_scale(ui);
    bool wide = ui->layout.roomy;
    unsigned places = wide ? scale->qty_decimals : number_size_places(scale, intent->qty_lots);

    brush_printf(pen, on_next(style_side(intent->side)), "%s%s %s %s", ui->moving ? "MOVE " : "",
                 side_word(intent->side), number_qty(scale, intent->qty_lots, places).text,
                 order_type_word(intent->type));
    if (intent->type != ORDER_MARKET) /* a market order's price is only its bound */
        brush_printf(pen, on_next(style_side(intent->side)), " %s", ui_order_price(ui, intent).text);
}

static void draw_verdict(struct canvas *canvas, struct brush *pen, const struct ui *ui,
                         const struct view_next *next, int end)
{
    const struct view_instrument *at = ui_instrument(ui);
    const struct view_scale *scale = ui_scale(ui);
    struct sentence s = {0};
    char verdict[VIEW_TEXT_MAX];
    bool framed = ui->layout.framed;

    add_rest(&s, ui, next, scale);
    add_money(&s, ui, next, at != NULL ? at->quote : "");
    if (next->passes)
        text_print(verdict, sizeof(verdict), "pass");
    else
        text_print(verdict, sizeof(verdict), "%.80s", next->verdict);
    add(&s, 0, on_next(next->passes ? STYLE_BID : STYLE_WARNING), verdict, "");
    sentence_fit(&s, end - pen->col - 1 - (framed && next->passes ? 5 : 0));
    for (int i = 0; i < s.parts; i++) {
        if (i > 0)
            brush_text(pen, dim_next(), " \u00b7 ");
        if (i == s.parts - 1 && framed && next->passes)
            brush_text(pen, dim_next(), "gate ");
        pen->col =
            canvas_text_cut(canvas, pen->row, pen->col, end - pen->col - 1, s.part[i].style, s.part[i].text);
    }
}

/* What else can be done on a row where an order of ours is; before `end`, returns where it begins. */
static int own_keys(struct canvas *canvas, const struct ui *ui, int end)
{
    bool mine = order_here(ui)->order.intent.owner == OWNER_MANUAL;
    struct style key_style = on_next(style_role(ROLE_OWN_QUEUE));
    char key[UI_CHIP_SIZE];
    int row = ui->layout.next_row;

    end = canvas_text_right(canvas, row, end - 2, dim_next(), " cancels");
    end = canvas_text_right(canvas, row, end, key_style, ui_chip(ui, "u", key));
    if (!mine) /* a strategy moves its own */
        return end;
    end = canvas_text_right(canvas, row, end - 2, dim_next(), " moves");
    return canvas_text_right(canvas, row, end, key_style, ui_chip(ui, "x", key));
}

static void draw_next(struct canvas *canvas, const struct ui *ui)
{
    const struct view_next *next = &ui->frame->next;
    struct order_intent intent = ui_judged_intent(ui);
    struct brush pen = brush_at(canvas, ui->layout.next_row, 0);
    char why[VIEW_TEXT_MAX], key[UI_CHIP_SIZE];
    const char *locked = ui_locked(ui, why, sizeof(why));
    bool framed = ui->layout.framed, wide = ui->layout.roomy;
    bool asked =
        ui->overlay == OVERLAY_TICKET || (ui->overlay == OVERLAY_QUESTION &&
                                          (ui->question.kind == ASK_ORDER || ui->question.kind == ASK_MOVE));
    bool denied = ui_order_denied(ui);
    int end = canvas->cols - 1;

    fill(canvas, ui, dim_next());
    brush_text(&pen, dim_next(), framed ? " NEXT  " : " NEXT ");
    if (locked != NULL) {
        canvas_text_cut(canvas, pen.row, pen.col, end - pen.col, dim_next(), locked);
        return;
    }
    if (ui->overlay == OVERLAY_TICKET && ui->ticket.why[0] != '\0') {
        /* the gate's verdict is of the last form that could be sent */
        brush_text(&pen, dim_next(), "not ready: ");
        canvas_text_cut(canvas, pen.row, pen.col, end - pen.col, on_next(STYLE_WARNING), ui->ticket.why);
        return;
    }
    if (intent.qty_lots <= 0 || (intent.price_ticks <= 0 && intent.stop_ticks <= 0)) {
        canvas_text_cut(canvas, pen.row, pen.col, end - pen.col, dim_next(),
                        intent.qty_lots <= 0 ? "no order size: = types one"
                                             : "aim with \u2191\u2193, side with \u2190\u2192");
        return;
    }
    end = canvas_text_right(canvas, pen.row, end, denied ? on_next(STYLE_WARNING) : dim_next(),
                            denied       ? " denied"
                            : asked      ? " sends"
                            : ui->moving ? " puts"
                            : ui->armed  ? " sends"
                            : wide       ? " asks first"
                                         : " asks");
    end = canvas_text_right(canvas, pen.row, end, on_next(style_role(ROLE_OWN_QUEUE)),
                            ui_chip(ui,
                                    asked        ? "y"
                                    : ui->moving ? "p"
                                                 : "i",
                                    key));
    if (!asked && !ui->moving && order_here(ui) != NULL)
        end = own_keys(canvas, ui, end);
    if (same_but_touch(ui, &next->intent, &intent))
        intent = next->intent;
    draw_order_head(&pen, ui, &intent);
    pen.col += wide ? 3 : framed ? 2 : 1;
    if (next->valid && ui_same_order(&next->intent, &intent))
        draw_verdict(canvas, &pen, ui, next, end);
    else
        canvas_text_cut(canvas, pen.row, pen.col, end - pen.col - 1, dim_next(), "asking the gate");
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

    fill(canvas, ui, dim_next());
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
        draw_next(canvas, ui);
    draw_flash(canvas, ui);
}
