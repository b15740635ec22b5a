/*
 * Book events, newest first: age, word, side and price, the figure that tells why, confidence.
 */
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

void event_panel_draw(struct canvas *canvas, const struct ui *ui, int row, int rows)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_lists *lists = &frame->lists;
    struct span span = ui->layout.side;
    bool framed = ui->layout.framed;

    brush_title(canvas, row, span.at + 1, false, "book events", "");
    if (lists->events == 0)
        canvas_text(canvas, row + 1, span.at + 1, STYLE_DIM, "none yet");
    for (int i = 0; i < rows && i < lists->events; i++) {
        const struct view_book_event *event = &lists->event[i];
        struct style style = style_side(event->side);
        char text[96], word[10];

        list_event_text(event, ui_scale(ui), text, sizeof(text));
        snprintf(word, sizeof(word), "%.8s", text);
        row++;
        canvas_printf(canvas, row, span.at, STYLE_DIM, "%4s ", number_age(frame->status.now_ns - event->ts_ns).text);
        canvas_text(canvas, row, span.at + 5, style, word);
        canvas_text_cut(canvas, row, span.at + 14, span.cols - 14 - 4, STYLE_TEXT, text + 9);
        canvas_printf_right(canvas, row, span_end(span) - (framed ? 0 : 1), STYLE_TEXT, "%s",
                            number_bare(number_fixed(event->confidence_x100, 2, 2, false)).text);
    }
}
