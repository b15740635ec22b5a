/*
 * The controls of screen 5 with use, limit and what is left; and beside them the gates, which have no number.
 * Framed: by group, within a group the most used first. Narrow: the most used first.
 */
#include "tui/glyphs.h"
#include "tui/key_title.h"
#include "tui/limit_use.h"
#include "tui/panels.h"

#include "core/base/safe_text.h"

#include <string.h>

#define BAR_COLS    8
#define SOURCE_COLS 16
#define OPTION_COLS 22

static const char *group_title(uint8_t group)
{
    static const char *const title[] = {"exposure", "one order", "loss", "rate", "data"};

    return group < sizeof(title) / sizeof(title[0]) ? title[group] : "gates";
}

/* What stands for the use of a single order, and from when on it is counted. */
static void group_row(struct canvas *canvas, const struct ui *ui, int row, struct span span, uint8_t group)
{
    int64_t since_ns = ui_view(ui)->controls.counted_since_ns;
    char text[80], largest[48] = "";

    if (group == CONTROLS_ONE_ORDER && since_ns == 0)
        text_print(largest, sizeof(largest), " (largest today)");
    else if (group == CONTROLS_ONE_ORDER)
        text_print(largest, sizeof(largest), " (largest since %s)", number_clock(since_ns).text);
    text_print(text, sizeof(text), "%s%s", group_title(group), largest);
    canvas_text_cut(canvas, row, span.at + 1, span.cols - 2, style_bold(style_role(ROLE_TITLE)), text);
}

/* Where cells end, from the left edge of the span; 0: fell away. */
struct control_columns {
    int name, bar, percent, now, limit, left, denied, tripped, source, option, help;
};

/* Of the column that tells where limits come from: what they need, and no more, for the words after it. */
static int source_cols(const struct ui *ui)
{
    const struct view_controls *view = &ui_view(ui)->controls;
    int most = 0;

    for (int i = 0; i < view->controls && i < VIEW_CONTROLS_MAX; i++) {
        int cols = (int)safe_text_columns(view->control[i].source);

        most = cols > most ? cols : most;
    }
    return most < SOURCE_COLS ? most : SOURCE_COLS;
}

static struct control_columns columns_of(const struct ui *ui, struct span span)
{
    struct control_columns c = {19, 21, 34, 43, 55, 64, 73, 0, 0, 0, 0};

    if (span.cols < 74) {
        c = (struct control_columns){19, 21, 34, 43, 55, 0, 0, 0, 0, 0, 0};
        if (span.cols >= 66)
            c.left = 65;
        return c;
    }
    if (span.cols >= 82 + SOURCE_COLS + OPTION_COLS) {
        c.denied = 71;
        c.tripped = 79;
        c.option = 82;
        c.source = c.option + OPTION_COLS + 1;
        c.help = c.source + source_cols(ui) + 2;
    }
    return c;
}

static void right(struct canvas *canvas, int row, struct span span, int end, struct style style,
                  const char *text)
{
    if (end > 0)
        canvas_text_right(canvas, row, span.at + end, style, text);
}

/* Figures that no account has in a column they do not break. */
static struct number_text fit(struct number_text number, const struct view_control *control, int64_t value,
                              int cols)
{
    if ((int)safe_text_columns(number.text) <= cols)
        return number;
    if (control->unit == VIEW_UNIT_MONEY || control->unit == VIEW_UNIT_QTY)
        return number_compact(value, cols);
    text_print(number.text, sizeof(number.text), "#");
    return number;
}

static struct style percent_style(int64_t use_x1000)
{
    return use_x1000 >= LIMIT_FULL_X1000 ? style_bold(style_role(ROLE_BADGE_KILLED))
                                         : limit_text_style(use_x1000);
}

/* A loss is money lost: below zero it is a gain, and its limit stands as the loss it is. */
static void draw_numbers(struct canvas *canvas, const struct ui *ui, int row, struct span span,
                         const struct control_columns *c, const struct view_control *control)
{
    bool loss = control->group == CONTROLS_LOSS && control->unit == VIEW_UNIT_MONEY;

    int64_t left = control_left(control);

    if (loss && control->now != VIEW_NONE) {
        right(canvas, row, span, c->now, style_money(-control->now),
              fit(number_money(-control->now, true), control, -control->now, 8).text);
        right(canvas, row, span, c->limit, STYLE_DIM,
              control->limit == VIEW_NONE
                  ? "-"
                  : fit(number_money(-control->limit, false), control, -control->limit, 11).text);
    } else {
        right(canvas, row, span, c->now, STYLE_TEXT,
              fit(control_number(ui, control, control->now), control, control->now, 8).text);
        right(canvas, row, span, c->limit, STYLE_DIM,
              fit(control_limit_text(ui, control), control, control->limit, 11).text);
    }
    if (control->room_e8 != VIEW_NONE) /* as money: a share is no room */
        right(canvas, row, span, c->left, STYLE_TEXT,
              fit(number_money(control->room_e8, false), control, control->room_e8, 8).text);
    else
        right(canvas, row, span, c->left, STYLE_TEXT,
              fit(control_number(ui, control, left), control, left, 8).text);
}

/* As :limit takes it: all of them are of one family. */
static const char *limit_name(const struct view_control *control)
{
    const char *dot = strchr(control->option, '.');

    return dot != NULL ? dot + 1 : control->option;
}

static void draw_count(struct canvas *canvas, int row, struct span span, int end, uint64_t count, bool again,
                       const char *text)
{
    right(canvas, row, span, end, count > 0 ? style_bold(STYLE_WARNING) : STYLE_DIM,
          count == 0 ? "-"
          : again    ? "\""
                     : text);
}

/* A trip denies no order: what it stopped is another count. In one column where there is no room for two: "2", "1 trip",
 * "2,1 trip". again: the row over it is of the same control, which counts for all its limits. */
static void draw_counts(struct canvas *canvas, int row, struct span span, const struct control_columns *c,
                        const struct view_control *control, bool again)
{
    unsigned long long denied = control->denied, trips = control->trips;
    char text[48];

    text_print(text, sizeof(text), "%llu", c->tripped > 0 ? trips : denied);
    if (c->tripped > 0)
        draw_count(canvas, row, span, c->tripped, trips, again, text);
    if (c->tripped > 0 || trips == 0)
        text_print(text, sizeof(text), "%llu", denied);
    else if (denied == 0)
        text_print(text, sizeof(text), "%llu trip%s", trips, trips == 1 ? "" : "s");
    else
        text_print(text, sizeof(text), "%llu,%llu trip", denied, trips);
    draw_count(canvas, row, span, c->denied, denied + (c->tripped > 0 ? 0 : trips), again, text);
}

/* above: the row over it; NULL: none. A control counts what all its limits denied: once, the others repeat nothing. */
static void control_row(struct canvas *canvas, const struct ui *ui, int row, struct span span,
                        const struct view_control *control, const struct view_control *above)
{
    struct control_columns c = columns_of(ui, span);
    int64_t use = control_use_x1000(control);
    bool over = control_is_over(control);
    struct brush pen = brush_at(canvas, row, span.at + c.bar);
    struct number_text label = control_label(ui, control);
    bool bare = control->unit == VIEW_UNIT_NONE || control->limit == VIEW_NONE;
    char text[24];

    if (control->now == VIEW_NONE) /* its word stands there */
        c.now = 0;
    canvas_text_cut(canvas, row, span.at + 1, c.name, STYLE_TEXT, label.text);
    if (bare || control->now == VIEW_NONE) /* no number, or nothing of it is used: its word */
        canvas_text_cut(canvas, row, pen.col, columns_of(ui, span).now - c.bar - 2, STYLE_DIM, control->word);
    else
        brush_use_bar(&pen, BAR_COLS, brush_eighths(control->now, control->limit, BAR_COLS),
                      brush_eighths(control->worst, control->limit, BAR_COLS),
                      over ? ROLE_USE_BAR : limit_bar_role(use));
    text_print(text, sizeof(text), "%s%%", number_fixed(use > 9990 ? 9990 : use, 1, 0, false).text);
    if (!bare) {
        right(canvas, row, span, control->now != VIEW_NONE ? c.percent : 0,
              over ? STYLE_TEXT : percent_style(use), text);
        draw_numbers(canvas, ui, row, span, &c, control);
    }
    draw_counts(canvas, row, span, &c, control, above != NULL && strcmp(above->code, control->code) == 0);
    if (c.option > 0) {
        canvas_text_cut(canvas, row, span.at + c.option, OPTION_COLS, STYLE_DIM, limit_name(control));
        canvas_text_cut(canvas, row, span.at + c.source, SOURCE_COLS, STYLE_DIM, control->source);
        canvas_text_cut(canvas, row, span.at + c.help, span.cols - c.help - 1, STYLE_DIM, control->help);
    }
}

static void head_row(struct canvas *canvas, const struct ui *ui, int row, struct span span)
{
    struct control_columns c = columns_of(ui, span);

    canvas_text(canvas, row, span.at + 1, STYLE_DIM, "control");
    canvas_text(canvas, row, span.at + c.bar, STYLE_DIM, "use");
    right(canvas, row, span, c.now, STYLE_DIM, "now");
    right(canvas, row, span, c.limit, STYLE_DIM, "limit");
    right(canvas, row, span, c.left - (c.denied > 0 ? 1 : 0), STYLE_DIM, "left");
    right(canvas, row, span, c.denied, STYLE_DIM, "denied");
    right(canvas, row, span, c.tripped, STYLE_DIM, "tripped");
    if (c.option > 0) {
        canvas_text(canvas, row, span.at + c.option, STYLE_DIM, ":limit");
        canvas_text(canvas, row, span.at + c.source, STYLE_DIM, "set");
        canvas_text(canvas, row, span.at + c.help, STYLE_DIM, "what it limits");
    }
}

/* The first line shown: the chosen one stays in the middle where not all fit. */
static int first_line(const struct ui *ui, const struct controls_line *line, int lines, int rows)
{
    const struct view_control *chosen = controls_chosen(ui);
    int at = 0;

    for (int i = 0; i < lines; i++)
        if (line[i].control >= 0 && &ui_view(ui)->controls.control[line[i].control] == chosen)
            at = i;
    at -= rows / 2;
    if (at > lines - rows)
        at = lines - rows;
    return at > 0 ? at : 0;
}

int controls_panel_hidden(const struct ui *ui, int rows)
{
    struct controls_line line[CONTROLS_LINES_MAX];
    int lines = controls_lines(ui, false, line, CONTROLS_LINES_MAX), shown = rows - 1;
    int first = first_line(ui, line, lines, shown), hidden = 0;

    for (int i = 0; i < lines; i++)
        hidden += line[i].control >= 0 && (i < first || i >= first + shown);
    return hidden;
}

static const char *empty_text(const struct ui *ui)
{
    return ui->controls.filter[0] != '\0' ? "nothing matches; " KEY("Esc") " clears the filter"
                                          : "the engine has told of no control yet";
}

void controls_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    const struct view_controls *view = &ui_view(ui)->controls;
    struct controls_line line[CONTROLS_LINES_MAX];
    int lines = controls_lines(ui, false, line, CONTROLS_LINES_MAX), shown = rows - 1, first;

    head_row(canvas, ui, row++, span);
    if (lines == 0)
        key_text_cut(canvas, ui, row, span.at + 1, span.cols - 2, STYLE_DIM, empty_text(ui));
    first = first_line(ui, line, lines, shown);
    for (int i = first; i < lines && i < first + shown; i++, row++) {
        const struct view_control *control;

        if (line[i].control < 0) {
            group_row(canvas, ui, row, span, line[i].group);
            continue;
        }
        control = &view->control[line[i].control];
        control_row(canvas, ui, row, span, control,
                    i > first && line[i - 1].control >= 0 ? &view->control[line[i - 1].control] : NULL);
        if (!ui->controls.gates && control == controls_chosen(ui))
            canvas_background(canvas, row, span.at, 1, span.cols, ROLE_SELECTED);
    }
}

/* --- gates ------------------------------------------------------------------------------------------------------ */

#define GATE_NAME_COLS 11
#define GATE_NAME_MOST 15
#define GATE_WORD_COLS 9

static struct style word_style(const char *word)
{
    static const char *const good[] = {"ready", "yes",  "on",   "deny",   "armed",    "equal",
                                       "open",  "same", "pass", "ACTIVE", "listening"};
    static const char *const bad[] = {"no",     "differs", "failed",  "dead",     "KILLED",
                                      "HALTED", "TRIPPED", "tripped", "safe mode"};

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        if (strcmp(word, good[i]) == 0)
            return style_bold(STYLE_GOOD);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (strcmp(word, bad[i]) == 0)
            return style_bold(STYLE_WARNING);
    return STYLE_TEXT;
}

/* Names stand in one column, as wide as the longest of them. */
static int gate_name_cols(const struct ui *ui, const struct controls_line *line, int lines)
{
    int most = GATE_NAME_COLS;

    for (int i = 0; i < lines; i++) {
        int cols =
            (int)safe_text_columns(control_label(ui, &ui_view(ui)->controls.control[line[i].control]).text);

        most = cols > most ? cols : most;
    }
    return most < GATE_NAME_MOST ? most : GATE_NAME_MOST;
}

/* "armed  ofi 1 of 20 in 60 s": the word up to two blanks, then what belongs to it, in at most `rows`. Returns those used. */
static int gate_row(struct canvas *canvas, int row, struct span span, int name_cols, int rows,
                    const char *name, const char *text)
{
    const char *rest = strstr(text, "  ");
    size_t size = rest != NULL ? (size_t)(rest - text) : strlen(text);
    int at = span.at + 1, word_cols;
    char word[VIEW_TEXT_MAX];

    canvas_text_cut(canvas, row, at, name_cols, STYLE_DIM, name);
    at += name_cols + 1;
    text_print(word, sizeof(word), "%.*s", (int)size, text);
    canvas_text_cut(canvas, row, at, span_end(span) - at - 1, word_style(word), word);
    if (rest == NULL)
        return 1;
    rest += strspn(rest, " ");
    word_cols = (int)safe_text_columns(word) + 1;
    at += word_cols < GATE_WORD_COLS && at + GATE_WORD_COLS + (int)safe_text_columns(rest) < span_end(span)
              ? GATE_WORD_COLS
              : word_cols;
    return brush_wrapped(canvas, row, at, span_end(span) - at - 1, rows, STYLE_TEXT, rest);
}

/* What the frame tells besides the controls. Returns the rows used. */
static int facts_draw(struct canvas *canvas, const struct ui *ui, struct span span, int name_cols, int row,
                      int end)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_controls *view = &frame->controls;
    char text[VIEW_TEXT_MAX + 16];
    int begin = row;

    text_print(text, sizeof(text), "%s  since %s", trading_state_word(frame->status.state),
               frame->status.state_since_ns == 0 ? "the start"
                                                 : number_clock(frame->status.state_since_ns).text);
    if (row < end)
        gate_row(canvas, row++, span, name_cols, 1, "state", text);
    if (view->controls == 0) /* nothing has come of them yet */
        return row - begin;
    if (view->schedule[0] != '\0' && row < end) {
        text_print(text, sizeof(text), "%s", view->schedule);
        gate_row(canvas, row++, span, name_cols, 1, "schedule", text);
    }
    if (view->gate_p50_ns != VIEW_NONE && row < end) {
        text_print(text, sizeof(text), "%s us  p99 %s us", number_fixed(view->gate_p50_ns, 3, 1, false).text,
                   number_fixed(view->gate_p99_ns, 3, 1, false).text);
        gate_row(canvas, row++, span, name_cols, 1, "last check", text);
    }
    return row - begin;
}

int gates_panel_hidden(const struct ui *ui, int rows)
{
    const struct view_controls *view = &ui_view(ui)->controls;
    struct controls_line line[CONTROLS_LINES_MAX];
    int facts = 1 + (view->controls > 0 && view->schedule[0] != '\0') +
                (view->controls > 0 && view->gate_p50_ns != VIEW_NONE);
    int lines = facts + controls_lines(ui, true, line, CONTROLS_LINES_MAX);

    return lines > rows ? lines - rows : 0;
}

void gates_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    const struct view_controls *view = &ui_view(ui)->controls;
    struct controls_line line[CONTROLS_LINES_MAX];
    int lines = controls_lines(ui, true, line, CONTROLS_LINES_MAX), end = row + rows, first, spare;
    int name_cols = gate_name_cols(ui, line, lines);

    row += facts_draw(canvas, ui, span, name_cols, row, end);
    first = first_line(ui, line, lines, end - row);
    spare = end - row - (lines - first); /* for a second row of what does not fit in one */
    for (int i = first; i < lines && row < end; i++) {
        const struct view_control *control = &view->control[line[i].control];
        char text[VIEW_TEXT_MAX];
        int used;

        text_print(text, sizeof(text), "%s", control->word[0] != '\0' ? control->word : "-");
        if (control->denied > 0)
            text_print(text + strlen(text), sizeof(text) - strlen(text), "  denied %llu",
                       (unsigned long long)control->denied);
        if (control->trips > 0)
            text_print(text + strlen(text), sizeof(text) - strlen(text), "  tripped %llu",
                       (unsigned long long)control->trips);
        used =
            gate_row(canvas, row, span, name_cols, spare > 0 ? 2 : 1, control_label(ui, control).text, text);
        if (ui->controls.gates && control == controls_chosen(ui))
            canvas_background(canvas, row, span.at, used, span.cols, ROLE_SELECTED);
        row += used;
        spare -= used - 1;
    }
}
