#include "tui/key_title.h"

#include "tui/brush.h"

void key_title(struct canvas *canvas, const struct ui *ui, int row, int col, bool focus, const char *title,
               const char *note)
{
    char text[VIEW_TEXT_MAX];

    brush_title(canvas, row, col, focus, title, ui_with_keys(ui, note, text, sizeof(text)));
}

int key_text_cut(struct canvas *canvas, const struct ui *ui, int row, int col, int cols, struct style style,
                 const char *text)
{
    char shown[VIEW_TEXT_MAX];

    return canvas_text_cut(canvas, row, col, cols, style, ui_with_keys(ui, text, shown, sizeof(shown)));
}
