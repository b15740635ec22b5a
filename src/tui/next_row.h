/* next_row.h - the NEXT row's ground, and the sentence about an order that stands on it. Private to the next_*.c files. */
#ifndef TUI_NEXT_ROW_H
#define TUI_NEXT_ROW_H

#include "tui/panels.h"

static inline struct style dim_next(void)
{
    return style_role(ROLE_NEXT_DIM);
}

static inline struct style on_next(struct style style)
{
    return style_bold(style_on(style, ROLE_NEXT_DIM));
}

static inline void next_fill(struct canvas *canvas, const struct ui *ui, struct style style)
{
    canvas_fill(canvas, ui->layout.next_row, 0, 1, canvas->cols, style);
}

/* The order at the cursor, of a question or of the form: what it would do, by the gate's own verdict. */
void next_order_draw(struct canvas *canvas, const struct ui *ui);

#endif
