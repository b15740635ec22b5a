/* Every setting in a row: value, where it comes from, default, what is allowed. Over the whole screen but status and NEXT. */
#include "core/base/config.h"
#include "tui/panels.h"

#include <string.h>

struct columns {
    int name, value, source, preset, allowed; /* 0: has no room */
};

static struct columns columns_of(int cols)
{
    struct columns c = {.name = 34, .value = 22, .source = 12};

    if (cols < 100) { /* what is allowed stands in NEXT, and the default of what is set */
        c.value = cols - 3 - c.name - c.source;
        return c;
    }
    c.preset = cols >= 160 ? 30 : 18;
    c.allowed = cols - 3 - c.name - c.value - c.source - c.preset;
    return c;
}

static void draw_cell(struct brush *pen, int cols, struct style style, const char *text)
{
    if (cols > 1)
        canvas_text_cut(pen->canvas, pen->row, pen->col, cols - 1, style, text);
    pen->col += cols;
}

static void draw_head(struct canvas *canvas, int row, const struct columns *c)
{
    struct brush pen = brush_at(canvas, row, 2);

    draw_cell(&pen, c->name, STYLE_DIM, "setting");
    draw_cell(&pen, c->value, STYLE_DIM, "value");
    draw_cell(&pen, c->source, STYLE_DIM, "from");
    draw_cell(&pen, c->preset, STYLE_DIM, "default");
    draw_cell(&pen, c->allowed, STYLE_DIM, "allowed");
}

static void draw_setting(struct canvas *canvas, const struct ui *ui, int row, const struct columns *c,
                         const struct option *option, bool chosen)
{
    const struct config *config = ui_settings(ui);
    bool own = config_source(config, option->name, NULL, NULL) != OPTION_FROM_DEFAULT;
    struct brush pen = brush_at(canvas, row, 2);
    char text[256];

    draw_cell(&pen, c->name, own ? style_bold(STYLE_TEXT) : STYLE_TEXT, option->name);
    draw_cell(&pen, c->value, own ? style_bold(STYLE_BRIGHT) : STYLE_TEXT,
              config_is_set(config, option->name) ? config_value_text(config, option->name) : "-");
    draw_cell(&pen, c->source, own ? STYLE_TEXT : STYLE_DIM,
              setting_source(ui, option->name, text, sizeof(text)));
    draw_cell(&pen, c->preset, STYLE_DIM, option->preset == NULL ? "-" : option->preset);
    draw_cell(&pen, c->allowed, STYLE_DIM, option_allowed_text(option, text, sizeof(text)));
    if (chosen) {
        canvas_background(canvas, row, 0, 1, canvas->cols, ROLE_NEXT);
        canvas_text(canvas, row, 0, style_bold(style_on(STYLE_BRIGHT, ROLE_NEXT)), "\u25ba");
    }
}

/* What the chosen one means, whole: NEXT has one row, and no row of the list is long enough. */
static void draw_meaning(struct canvas *canvas, const struct ui *ui, int row)
{
    const struct option *option = settings_chosen(ui);
    int rows = ui->layout.next_row - row - 2, cols = canvas->cols - 4;
    char text[512], allowed[256];

    if (rows < 1 || option == NULL)
        return;
    canvas_rule_across(canvas, row, 0, canvas->cols, STYLE_RULE);
    brush_title(canvas, row, 1, false, option->name, "");
    brush_wrapped(canvas, row + 1, 2, cols, rows, STYLE_TEXT, option->help);
    text_print(text, sizeof(text), "%s; default %s", option_allowed_text(option, allowed, sizeof(allowed)),
               option->preset == NULL ? "none" : option->preset);
    canvas_text_cut(canvas, ui->layout.next_row - 1, 2, cols, STYLE_DIM, text);
}

void settings_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    struct columns c = columns_of(l->cols);
    uint16_t index[CONFIG_OPTIONS_MAX];
    int count = settings_rows(ui, index), first = l->title_row + 2, rows = settings_list_rows(ui);
    int chosen = ui->settings.chosen < count ? ui->settings.chosen : count - 1, top;
    const struct option *table = config_table(ui_settings(ui), NULL);
    char note[128];

    top = chosen - rows / 2 > count - rows ? count - rows : chosen - rows / 2;
    top = top < 0 ? 0 : top;
    canvas_fill(canvas, l->title_row, 0, l->next_row - l->title_row, l->cols, STYLE_TEXT);
    canvas_rule_across(canvas, l->title_row, 0, l->cols, STYLE_RULE);
    text_print(note, sizeof(note), "  %d of %d%s%s   bold: set by you%s", count > 0 ? chosen + 1 : 0, count,
               ui->settings.filter[0] == '\0' ? "" : " with ", ui->settings.filter,
               ui->config.attached ? "   of this screen; the engine has its own" : "");
    brush_title(canvas, l->title_row, 1, true, "settings", note);
    draw_head(canvas, l->title_row + 1, &c);
    for (int i = 0; i < rows && top + i < count; i++)
        draw_setting(canvas, ui, first + i, &c, &table[index[top + i]], top + i == chosen);
    draw_meaning(canvas, ui, first + rows);
}
