/* Under 60x15, and before the first frame: what matters in four lines. */
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

static const char *keys_text(int cols)
{
    return cols >= 50 ? "trading keys are dead; " KEY("K") " KILL  " KEY("Space") " pause  " KEY("q") " quit"
           : cols >= 28 ? KEY("K") " KILL  " KEY("Space") " pause  " KEY("q") " quit"
                        : KEY("K") " KILL  " KEY("q") " quit";
}

void small_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_frame *frame = ui->frame;
    const struct view_instrument *at = ui_instrument(ui);
    struct brush pen = brush_at(canvas, 0, 0);
    char text[96];

    if (frame == NULL || at == NULL) {
        canvas_text_cut(canvas, 0, 0, canvas->cols, style_bold(STYLE_WARNING),
                        "flowdeck: waiting for the engine");
        key_text_cut(canvas, ui, 1, 0, canvas->cols, STYLE_DIM, KEY("K") " kills, " KEY("q") " quits");
        return;
    }
    if (ui_killed(ui))
        brush_printf(&pen, style_bold(style_role(ROLE_BADGE_KILLED)), " %s ",
                     frame->status.killing ? "KILLING" : "KILLED");
    brush_printf(&pen,
                 style_bold(style_role(frame->status.mode == MODE_LIVE         ? ROLE_BADGE_LIVE
                                       : frame->status.mode == MODE_SIMULATION ? ROLE_BADGE_SIMULATION
                                                                               : ROLE_BADGE_OBSERVATION)),
                 " %s ", trading_mode_word(frame->status.mode));
    brush_printf(&pen, STYLE_TEXT, " %s%s", trading_state_word(frame->status.state),
                 frame->status.replay ? "  REPLAY" : "");
    pen = brush_at(canvas, 1, 0);
    position_line(at, canvas->cols, text, sizeof(text));
    brush_text(&pen, STYLE_TEXT, text);
    brush_money(&pen, frame->position.day_net_e8, true);
    text_print(text, sizeof(text), "too small: %dx%d, %dx%d needed", canvas->cols, canvas->rows,
               LAYOUT_COLS_MIN, LAYOUT_ROWS_MIN);
    if ((int)strlen(text) > canvas->cols)
        text_print(text, sizeof(text), "needs %dx%d", LAYOUT_COLS_MIN, LAYOUT_ROWS_MIN);
    canvas_text_cut(canvas, 2, 0, canvas->cols, style_bold(STYLE_WARNING), text);
    if (ui->overlay == OVERLAY_QUESTION && ui->question.kind == ASK_QUIT)
        key_text_cut(canvas, ui, 3, 0, canvas->cols, style_bold(STYLE_WARNING),
                     "LEAVE?  " KEY("x") " cancel and end  " KEY("Esc") " stay");
    else if (ui->overlay == OVERLAY_QUESTION)
        key_text_cut(canvas, ui, 3, 0, canvas->cols, style_bold(STYLE_WARNING),
                     text_print(text, sizeof(text), "%s  " KEY("y") "  " KEY("Esc"), ui->question.title));
    else if (ui->say.until_ns != 0)
        canvas_text_cut(canvas, 3, 0, canvas->cols, STYLE_WARNING,
                        text_print(text, sizeof(text), "%s %s", ui->say.head, ui->say.text));
    else
        key_text_cut(canvas, ui, 3, 0, canvas->cols, STYLE_DIM, keys_text(canvas->cols));
}
