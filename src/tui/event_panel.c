/*
 * Book events, newest first: age, word, side and price, the figure that tells why, confidence.
 */
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

/* Where it was in plain text, the figure dim. */
static void draw_rest(struct canvas *canvas, int row, int at, int end, const char *rest)
{
    const char *figure = strchr(rest, ' ');
    int col = at;

    figure = figure != NULL ? strchr(figure + 1, ' ') : NULL;
    if (figure == NULL)
        figure = rest + strlen(rest);
    col = canvas_text_n(canvas, row, col, STYLE_TEXT, rest, (size_t)(figure - rest));
    canvas_text_cut(canvas, row, col, end - col, STYLE_DIM, figure);
}

void event_panel_draw(struct canvas *canvas, const struct ui *ui, int row, int rows)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_lists *lists = &frame->lists;
    struct span span = ui->layout.side;
    bool framed = ui->layout.framed;

    brush_title(canvas, row, span.at + 1, false, "book events", "");
    if (lists->events == 0)
        canvas_text(canvas, row + 1, span.at + 1, STYLE_DIM, "none yet");
    /* when narrow the newest stands in the order flow */
    for (int i = framed ? 0 : 1; i < rows + (framed ? 0 : 1) && i < lists->events; i++) {
        const struct view_book_event *event = &lists->event[i];
        struct style style = style_side(event->side);
        struct number_text confidence;
        char text[96], word[10];

        confidence = number_bare(number_fixed(event->confidence_x100, 2, 2, false));
        /* the word begins in column 5; a blank before the confidence */
        list_event_fit(event, ui_scale(ui), frame->ladder.row_ticks,
                       span.cols - 5 - (int)strlen(confidence.text) - 1, text, sizeof(text));
        text_print(word, sizeof(word), "%.8s", text);
        row++;
        canvas_printf(canvas, row, span.at, STYLE_DIM, "%4s ",
                      number_age(frame->status.now_ns - event->ts_ns).text);
        canvas_text(canvas, row, span.at + 5, style, word);
        draw_rest(canvas, row, span.at + 14, span_end(span) - (int)strlen(confidence.text) - 1, text + 9);
        canvas_text_right(canvas, row, span_end(span), STYLE_TEXT, confidence.text);
    }
}
