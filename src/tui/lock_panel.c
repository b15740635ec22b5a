/* A locked screen whose picture is hidden: mode, state, what market it is, the clock; nothing of money. */
#include "tui/panels.h"

#include <string.h>

static struct style mode_style(enum trading_mode mode)
{
    return style_bold(style_role(mode == MODE_LIVE         ? ROLE_BADGE_LIVE
                                 : mode == MODE_SIMULATION ? ROLE_BADGE_SIMULATION
                                                           : ROLE_BADGE_OBSERVATION));
}

void lock_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_status *status = &ui->frame->status;
    const struct view_instrument *at = ui_instrument(ui);
    struct brush pen = brush_at(canvas, 0, 0);
    int middle = ui->layout.small ? 1 : ui->layout.next_row / 2;
    char text[96];

    if (ui_killed(ui))
        brush_printf(&pen, style_bold(style_role(ROLE_BADGE_KILLED)), " %s ",
                     status->killing ? "KILLING" : "KILLED");
    brush_printf(&pen, mode_style(status->mode), " %s ", trading_mode_word(status->mode));
    brush_printf(&pen, STYLE_TEXT, "  %s%s%s", trading_state_word(status->state),
                 status->replay ? "  REPLAY" : "", status->demo ? "  DEMO MARKET, NOT REAL" : "");
    canvas_text_right(canvas, 0, canvas->cols - 1, STYLE_TEXT, number_clock(status->now_ns).text);
    canvas_text_middle(canvas, middle, 0, canvas->cols, style_bold(STYLE_WARNING), "LOCKED");
    if (ui->layout.small || at == NULL)
        return;
    text_print(text, sizeof(text), "book %s, %u instrument%s", book_state_word(at->book_state),
               status->instruments, status->instruments == 1 ? "" : "s");
    canvas_text_middle(canvas, middle + 2, 0, canvas->cols, STYLE_DIM, text);
}
