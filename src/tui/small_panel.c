/* Under 60x15, and before the first frame: what matters in four lines. */
#include "tui/glyphs.h"
#include "tui/key_title.h"
#include "tui/panels.h"

#include <string.h>

static void position_line(const struct view_instrument *at, int cols, char *out, size_t size)
{
    int64_t lots = at->position_lots;
    const char *name = cols < 40 ? at->base : at->symbol, *net = cols < 40 ? "" : " net ";

    if (lots == 0)
        text_print(out, size, "%s FLAT %s", name, net);
    else
        text_print(out, size, "%s %s %s %s", name, lots > 0 ? "LONG" : "SHORT",
                   number_qty_short(&at->scale, lots < 0 ? -lots : lots).text, net);
}

/* The keys that work here, and what each would do now. */
static const char *keys_text(const struct ui *ui, int cols, char *out, size_t size)
{
    char space[32] = "";

    if (cols >= 28 && ui_refused_word(ui, ACT_PAUSE) == NULL)
        text_print(space, sizeof(space), KEY("Space") " %s  ", ui_pause_word(ui));
    return text_print(out, size, "%s" KEY("K") " KILL  %s" KEY("q") " quit",
                      cols >= 50 ? "trading keys are dead; " : "", space);
}

/* What came of the kill, and what of ours is still open, in as many words as there are columns for. */
static const char *kill_text(const struct ui *ui, const struct view_instrument *at, int cols, char *out,
                             size_t size)
{
    const struct view_status *status = &ui->frame->status;
    const char *other = "";
    bool open = at->position_lots != 0 || ui_other_position(ui->frame, ui->frame->status.shown, &other) > 0;
    unsigned done = status->kill_confirmed, all = status->kill_total;

    if (status->kill_before || all == 0) { /* nothing was cancelled here, or nobody has seen it */
        text_print(out, size, "%s, %s", status->kill_before ? "before this start" : "no order was open",
                   open ? "what is held is NOT closed" : "no position");
        if ((int)strlen(out) > cols)
            text_print(out, size, open ? "NOT closed" : "flat");
        return out;
    }
    text_print(out, size, "%u of %u cancelled, %s", done, all,
               open ? "what is held is NOT closed" : "no position");
    if ((int)strlen(out) > cols)
        text_print(out, size, "%u/%u cancelled, %s", done, all, open ? "NOT closed" : "flat");
    if ((int)strlen(out) > cols)
        text_print(out, size, "%u/%u%s", done, all, open ? ", NOT closed" : " cancelled");
    return out;
}

static void badges_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_status *status = &ui->frame->status;
    struct brush pen = brush_at(canvas, 0, 0);
    bool tight = canvas->cols < 40 && status->mode != MODE_LIVE;

    if (ui_killed(ui))
        brush_printf(&pen, style_bold(style_role(ROLE_BADGE_KILLED)), " %s ",
                     status->killing ? "KILLING" : "KILLED");
    brush_printf(&pen,
                 style_bold(style_role(status->mode == MODE_LIVE         ? ROLE_BADGE_LIVE
                                       : status->mode == MODE_SIMULATION ? ROLE_BADGE_SIMULATION
                                                                         : ROLE_BADGE_OBSERVATION)),
                 tight ? " %.3s " : " %s ", trading_mode_word(status->mode));
    if (status->replay || status_is_demo(status))
        brush_text(&pen, style_bold(style_role(ROLE_BADGE_REPLAY)),
                   status_is_demo(status) ? " DEMO " : " REPLAY ");
    if (!ui_killed(ui))
        brush_printf(&pen, STYLE_TEXT, " %s%s", trading_state_word(status->state),
                     status->replay && status->replay_held ? " " GLYPH_PAUSED " held" : "");
}

static void need_draw(struct canvas *canvas, int row)
{
    char text[64];

    text_print(text, sizeof(text), "too small: %dx%d, %dx%d needed", canvas->cols, canvas->rows,
               LAYOUT_COLS_MIN, LAYOUT_ROWS_MIN);
    if ((int)strlen(text) > canvas->cols)
        text_print(text, sizeof(text), "needs %dx%d", LAYOUT_COLS_MIN, LAYOUT_ROWS_MIN);
    canvas_text_cut(canvas, row, 0, canvas->cols, style_bold(STYLE_WARNING), text);
}

/* A question, an answer over as many rows as are left, or the keys. */
static void last_draw(struct canvas *canvas, const struct ui *ui, int row)
{
    char text[VIEW_TEXT_MAX + 32];

    canvas_fill(canvas, row, 0, 1, canvas->cols,
                STYLE_TEXT); /* of two rows it takes one that says something else */
    if (ui->overlay == OVERLAY_QUESTION && ui->question.kind == ASK_QUIT)
        key_text_cut(canvas, ui, row, 0, canvas->cols, style_bold(STYLE_WARNING),
                     "LEAVE?  " KEY("x") " cancel and end  " KEY("Esc") " stay");
    else if (ui->overlay == OVERLAY_QUESTION)
        key_text_cut(canvas, ui, row, 0, canvas->cols, style_bold(STYLE_WARNING),
                     text_print(text, sizeof(text), "%s  " KEY("y") "  " KEY("Esc"), ui->question.title));
    else if (ui->say.until_ns != 0 &&
             (!ui_killed(ui) || strncmp(ui->say.head, "KILL", 4) != 0)) /* the row above tells more */
        brush_wrapped(canvas, row, 0, canvas->cols, canvas->rows - row, STYLE_WARNING,
                      text_print(text, sizeof(text), "%s %s", ui->say.head, ui->say.text));
    else
        key_text_cut(canvas, ui, row, 0, canvas->cols, STYLE_DIM,
                     keys_text(ui, canvas->cols, text, sizeof(text)));
}

/* A question or an answer goes before all but the badges: it takes the last row that there is. */
static bool is_asked(const struct ui *ui)
{
    return ui->overlay == OVERLAY_QUESTION ||
           (ui->say.until_ns != 0 && (!ui_killed(ui) || strncmp(ui->say.head, "KILL", 4) != 0));
}

void small_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_instrument *at = ui_instrument(ui);
    struct brush pen = brush_at(canvas, 1, 0);
    char text[96];
    int row = 2;

    if (ui->frame == NULL || at == NULL) {
        canvas_text_cut(canvas, 0, 0, canvas->cols, style_bold(STYLE_WARNING),
                        "flowdeck: waiting for the engine");
        key_text_cut(canvas, ui, 1, 0, canvas->cols, STYLE_DIM, KEY("K") " kills, " KEY("q") " quits");
        return;
    }
    badges_draw(canvas, ui);
    position_line(at, canvas->cols, text, sizeof(text));
    brush_text(&pen, STYLE_TEXT, text);
    brush_money(&pen, ui->frame->position.day_net_e8, true);
    if (ui_killed(ui))
        canvas_text_cut(canvas, row++, 0, canvas->cols, style_bold(STYLE_WARNING),
                        kill_text(ui, at, canvas->cols, text, sizeof(text)));
    if (row + 1 < canvas->rows)
        need_draw(canvas, row++);
    if (row < canvas->rows || is_asked(ui))
        last_draw(canvas, ui, row < canvas->rows ? row : canvas->rows - 1);
}
