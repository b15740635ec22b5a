/*
 * What docks over the blotter: questions, the order form, text fields, details of an order. Full width, under the
 * ladder; never over ladder, position or status.
 */
#include "core/base/safe_text.h"
#include "tui/dock.h"
#include "tui/glyphs.h"
#include "tui/key_title.h"
#include "tui/panels.h"

#include <stdio.h>
#include <string.h>

#define PALETTE_ROWS 9 /* of the prompt on screens without a ladder to leave free */

static void chip(struct brush *pen, const struct ui *ui, const char *keys, const char *label)
{
    char key[UI_CHIP_SIZE];

    brush_text(pen, style_bold(style_role(ROLE_KEY_CHIP)), ui_chip(ui, keys, key));
    brush_printf(pen, STYLE_TEXT, " %s    ", label);
}

/* "BUY 0.01000 BTCUSDT  LIMIT 61835.00" as NEXT, what follows three blanks dim. */
static void order_line(struct canvas *canvas, int row, int col, int cols, const struct ui_question *q)
{
    const char *rest = strstr(q->line[0], "   ");
    size_t head = rest != NULL ? (size_t)(rest - q->line[0]) : strlen(q->line[0]);
    struct style style = style_bold(style_on(style_side(q->yes.intent.side), ROLE_NEXT_DIM));
    int at = canvas_text_n(canvas, row, col, style, q->line[0], head);

    if (rest != NULL)
        canvas_text_cut(canvas, row, at, cols - (at - col), STYLE_DIM, rest);
}

static void plain_line(struct canvas *canvas, int row, int col, int cols, const char *line)
{
    const char *pass = strstr(line, "all ");
    struct brush pen = brush_at(canvas, row, col);

    if (pass != NULL && strstr(pass, " pass") != NULL && strstr(line, "gate ") != NULL) {
        pen.col = canvas_text_n(canvas, row, col, STYLE_TEXT, line, (size_t)(pass - line));
        canvas_text_cut(canvas, row, pen.col, cols - (pen.col - col), style_bold(STYLE_GOOD), pass);
    } else {
        canvas_text_cut(canvas, row, col, cols, STYLE_TEXT, line);
    }
}

static void answers(struct canvas *canvas, const struct ui *ui, const struct dock *dock, int row)
{
    const struct ui_question *q = &ui->question;
    struct brush pen = brush_at(canvas, row, dock->left + 3);
    struct style focus = style_bold(style_role(ROLE_CURSOR)), other = STYLE_TEXT;
    int64_t left = (UI_QUESTION_NS - (ui->now_ns - q->opened_ns)) / UI_SECOND_NS;
    char no[16], yes[UI_CHIP_SIZE], expires[64];
    const char *words = q->yes_words;
    char twice[64];

    if (q->yes_count > 1)
        words = text_print(twice, sizeof(twice), "twice: %s", q->yes_words);
    else if (q->again)
        words = text_print(twice, sizeof(twice), "once more: %s", q->yes_words);
    brush_printf(&pen, q->focus == 0 ? focus : other, "[ %s ]", q->no_word);
    if (q->kind == ASK_QUIT)
        return;
    pen.col += 4;
    if ((q->kind == ASK_ORDER || q->kind == ASK_MOVE) && ui_order_denied(ui)) { /* as NEXT says */
        words = "denied as it stands";
        other = STYLE_WARNING;
    }
    if (q->focus == 1)
        brush_printf(&pen, focus, "%s %s", ui_chip(ui, "y", yes), words);
    else {
        brush_text(&pen, style_bold(style_role(ROLE_KEY_CHIP)), ui_chip(ui, "y", yes));
        brush_printf(&pen, other, " %s", words);
    }
    pen.col += 4;
    text_print(no, sizeof(no), "%c%s",
               q->no_word[0] >= 'A' && q->no_word[0] <= 'Z' ? q->no_word[0] + 32 : q->no_word[0],
               q->no_word + 1);
    chip(&pen, ui, q->focus == 0 ? "Esc n Enter" : "Esc n", no);
    if (pen.col + 7 < dock->right)
        chip(&pen, ui, "K", "KILL");
    if (q->expiry[0] == '\0')
        return;
    text_print(expires, sizeof(expires), "expires in %lld s, %s", (long long)(left > 0 ? left : 0),
               q->expiry);
    if (pen.col + (int)safe_text_columns(expires) >= dock->right) /* without what comes of it */
        expires[strcspn(expires, ",")] = '\0';
    if (pen.col + (int)safe_text_columns(expires) < dock->right)
        canvas_text_cut(canvas, row, pen.col, dock->right - pen.col - 1, STYLE_DIM, expires);
}

void question_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct ui_question *q = &ui->question;
    char note[sizeof(q->note) + UI_CHIP_SIZE];
    bool grave = q->kind == ASK_ARM || q->kind == ASK_KILL || q->kind == ASK_RESUME;
    struct dock dock =
        dock_open(canvas, ui, q->title, ui_with_keys(ui, q->note, note, sizeof(note)),
                  grave ? style_role(ROLE_BAD) : STYLE_WARNING, q->lines + (q->kind == ASK_QUIT ? 0 : 1));
    int row = dock.row, col = dock.left + 3, cols = dock.right - col - 1;
    char line[UI_LINE_MAX];

    if (q->kind == ASK_QUIT)
        answers(canvas, ui, &dock, row);
    for (int i = 0; i < q->lines && row < dock.end; i++, row++) {
        int spare = dock.end - row - (q->lines - i) - 1; /* beyond a row for each line and the answers */

        if (q->kind == ASK_QUIT && i > 0) {
            size_t key = strcspn(ui_with_keys(ui, q->line[i], line, sizeof(line)), " ");
            int at = canvas_text_n(canvas, row, col, style_bold(style_role(ROLE_KEY_CHIP)), line, key) + 1;

            row += brush_wrapped(canvas, row, at, cols - (at - col), dock.end - row - (q->lines - i) + 1,
                                 STYLE_TEXT, line + key + (line[key] != '\0')) -
                   1;
        } else if (i == 0 && (q->kind == ASK_ORDER || q->kind == ASK_MOVE)) {
            order_line(canvas, row, col, cols, q);
        } else if (spare > 0 && (int)safe_text_columns(q->line[i]) > cols) {
            row += brush_wrapped(canvas, row, col, cols, 1 + spare, STYLE_TEXT, q->line[i]) - 1;
        } else {
            plain_line(canvas, row, col, cols, q->line[i]);
        }
    }
    if (q->kind != ASK_QUIT)
        answers(canvas, ui, &dock, row < dock.end ? row : dock.end - 1);
}

/* --- the order form -------------------------------------------------------------------------------------------- */

static int field_cols(const struct ui_ticket *t, enum ticket_field at)
{
    return (int)(safe_text_columns(ticket_label(at)) + safe_text_columns(ticket_value(t, at))) + 5 +
           (t->field == at && ticket_is_typed(at));
}

/* Fields one after another, in as many rows as they need. Returns the rows; canvas NULL: only counts them. */
static int fields_draw(struct canvas *canvas, const struct ui_ticket *t, int row, int left, int right)
{
    struct brush pen = brush_at(canvas, row, left);

    for (int at = 0; at < TICKET_FIELDS; at++) {
        enum ticket_field field = (enum ticket_field)at;
        bool on = t->field == field;
        int cols = field_cols(t, field);

        if (!ticket_has(t, field))
            continue;
        if (pen.col > left && pen.col + cols - 2 > right)
            pen = brush_at(canvas, pen.row + 1, left);
        if (canvas == NULL) {
            pen.col += cols;
            continue;
        }
        brush_printf(&pen, STYLE_DIM, "%s ", ticket_label(field));
        brush_printf(&pen, on ? style_bold(style_role(ROLE_CURSOR)) : style_bold(STYLE_BRIGHT), " %s%s ",
                     ticket_value(t, field), on && ticket_is_typed(field) ? "_" : "");
        pen.col += 2;
    }
    return pen.row - row + 1;
}

static void ticket_verdict(struct canvas *canvas, const struct ui *ui, const struct dock *dock, int row)
{
    const struct ui_ticket *t = &ui->ticket;
    const struct view_next *next = &ui->frame->next;
    struct brush pen = brush_at(canvas, row, dock->left + 3);
    bool ours = next->valid && ui_same_order(&next->intent, &t->intent);
    bool waits = order_type_is_triggered(t->intent.type);

    if (t->why[0] != '\0') {
        canvas_text_cut(canvas, row, pen.col, dock->right - pen.col - 1, style_bold(STYLE_WARNING), t->why);
        return;
    }
    if (!ours) {
        brush_text(&pen, STYLE_DIM, "asking the gate");
        return;
    }
    brush_printf(&pen, STYLE_TEXT, "%s %s  \u00b7  fee %s  \u00b7  ",
                 number_money(next->value_e8, false).text, ui_instrument(ui)->quote,
                 number_money(next->fee_e8, false).text);
    if (waits)
        brush_text(&pen, STYLE_TEXT, "waits for its price");
    else if (next->takes_lots > 0)
        brush_printf(&pen, style_bold(STYLE_WARNING), "TAKES %s now",
                     number_qty_short(ui_scale(ui), next->takes_lots).text);
    else
        brush_printf(&pen, STYLE_TEXT, "rests behind %s",
                     number_qty_short(ui_scale(ui), next->behind_lots).text);
    brush_text(&pen, STYLE_TEXT, "  \u00b7  gate ");
    canvas_text_cut(canvas, row, pen.col, dock->right - pen.col - 1,
                    style_bold(next->passes ? STYLE_GOOD : STYLE_WARNING),
                    next->passes ? "pass" : next->verdict);
}

void ticket_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct ui_ticket *t = &ui->ticket;
    const struct view_instrument *at = ui_instrument(ui);
    int edge = ui->layout.framed ? 1 : 0, left = edge + 3, right = ui->layout.cols - edge - 1;
    int rows = fields_draw(NULL, t, 0, left, right);
    struct dock dock =
        dock_open(canvas, ui, "ORDER TICKET", at != NULL ? at->symbol : "", STYLE_WARNING, rows + 2);
    struct brush pen = brush_at(canvas, dock.row + rows + 1, left);

    fields_draw(canvas, t, dock.row, left, right);
    ticket_verdict(canvas, ui, &dock, dock.row + rows);
    chip(&pen, ui, "y",
         t->taking_said     ? "once more: send it"
         : ticket_takes(ui) ? "twice: send it"
                            : "send it");
    chip(&pen, ui, "Tab", "next field");
    chip(&pen, ui, "\u2190\u2192", "change");
    chip(&pen, ui, "Esc", "leave, nothing sent");
}

/* --- text fields ------------------------------------------------------------------------------------------------- */

static const char *text_title(enum text_kind kind)
{
    switch (kind) {
    case TEXT_COMMAND:
        return "COMMAND";
    case TEXT_SIZE:
        return "ORDER SIZE";
    case TEXT_FILTER:
        return "FILTER";
    case TEXT_FIND:
        return "FIND AN INSTRUMENT";
    case TEXT_CLEAR_KILL:
        return "CLEAR THE KILL?";
    case TEXT_LOOSEN:
        return "LOOSEN A LIMIT?";
    case TEXT_HELP:
        return "FIND IN THE HELP";
    case TEXT_SETTINGS:
        return "FIND A SETTING";
    case TEXT_PARAMETER:
        break; /* in its own row */
    }
    return "?";
}

static const char *word_wanted(const struct ui *ui)
{
    return ui->text.kind == TEXT_CLEAR_KILL ? "resume" : ui->text.kind == TEXT_LOOSEN ? limit_word(ui) : NULL;
}

static void text_prefix(struct brush *pen, const struct ui *ui)
{
    const char *word = word_wanted(ui);
    char enter[UI_CHIP_SIZE + 8], key[UI_CHIP_SIZE];

    if (word != NULL) {
        brush_text(pen, STYLE_TEXT, "Type ");
        brush_text(pen, style_bold(STYLE_BRIGHT), word);
        brush_text(pen, STYLE_TEXT, text_print(enter, sizeof(enter), " and %s: ", ui_chip(ui, "Enter", key)));
    } else if (ui->text.kind == TEXT_SIZE) {
        brush_printf(pen, STYLE_DIM, "%s ", ui_instrument(ui) != NULL ? ui_instrument(ui)->base : "");
    } else {
        brush_text(pen, STYLE_DIM, "/");
    }
}

/* What Enter would show stands bright, then what else has these letters. */
static void found_draw(struct canvas *canvas, const struct ui *ui, const struct dock *dock)
{
    const struct view_instrument *first = ui_find_instrument(ui, ui->text.value);
    int row = dock->row + 1;

    for (int i = 0; ui->frame != NULL && i < ui->frame->status.instruments && i < INSTRUMENTS_MAX; i++) {
        const struct view_instrument *at = &ui->frame->status.instrument[i];
        struct brush pen = brush_at(canvas, row, dock->left + 3);

        if (row >= dock->end || strcasestr(at->symbol, ui->text.value) == NULL)
            continue;
        brush_printf(&pen, at == first ? style_bold(STYLE_BRIGHT) : STYLE_TEXT, "%s %-14s",
                     at == first ? GLYPH_RIGHT_TRIANGLE : " ", at->symbol);
        canvas_text_right(canvas, row, pen.col + 14, STYLE_TEXT,
                          number_price(&at->scale, at->last_ticks).text);
        canvas_text(canvas, row, pen.col + 17, STYLE_DIM, book_state_word(at->book_state));
        row++;
    }
}

void text_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct ui_text *text = &ui->text;
    bool word = word_wanted(ui) != NULL;
    struct dock dock;
    struct brush pen;
    char note[96] = "";

    if (text->kind == TEXT_PARAMETER)
        return;
    if (text->kind == TEXT_CLEAR_KILL)
        text_print(note, sizeof(note), "the state will be PAUSED, one-key off");
    else if (text->kind == TEXT_LOOSEN)
        text_print(note, sizeof(note), "%s to %s lets more through than before", ui->limit.name,
                   ui->limit.value);
    if (text->kind == TEXT_COMMAND) {
        dock = dock_open(canvas, ui, text_title(text->kind), text->past_only ? "lines typed before" : "",
                         STYLE_WARNING, ui->screen == SCREEN_TRADE ? 2 : PALETTE_ROWS);
        palette_panel_draw(canvas, ui, (struct span){dock.left + 1, dock.right - dock.left - 2}, dock.row,
                           dock.end);
        return;
    }
    dock = dock_open(canvas, ui, text_title(text->kind), note, word ? style_role(ROLE_BAD) : STYLE_WARNING,
                     text->kind == TEXT_FIND ? 4 : 2);
    pen = brush_at(canvas, dock.row, dock.left + 3);
    text_prefix(&pen, ui);
    canvas_fill(canvas, pen.row, pen.col, 1, 24, style_role(ROLE_CURSOR));
    brush_printf(&pen, style_role(ROLE_CURSOR), "%s_", text->value);
    if (text->kind == TEXT_FIND)
        found_draw(canvas, ui, &dock);
    if (word) {
        int64_t left = (20 * UI_SECOND_NS - (ui->now_ns - text->opened_ns)) / UI_SECOND_NS;

        key_text_cut(canvas, ui, dock.row + 1, dock.left + 3, dock.right - dock.left - 4, STYLE_DIM,
                     text_print((char[96]){0}, 96, KEY("Esc") " leaves    %lld s left    paste is ignored",
                                (long long)(left > 0 ? left : 0)));
    }
}

void detail_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    struct dock dock;
    int lines = detail_rows(ui), rows = dock_rows(ui, lines), max = lines - rows, first, at = 0;

    dock = dock_open(canvas, ui, ui->detail_title, KEY("Esc") " closes", STYLE_WARNING, lines);
    first = ui->detail_top < max ? ui->detail_top : max > 0 ? max : 0; /* it may have become larger */
    for (int i = 0; i < ui->detail_lines; i++)
        for (const char *text = ui->detail[i]; text != NULL && at < first + rows; at++) {
            char row[UI_LINE_MAX];

            text = brush_row(text, detail_cols(ui), row, sizeof(row));
            if (at >= first)
                canvas_text_cut(canvas, dock.row + at - first, dock.left + 3, detail_cols(ui), STYLE_TEXT,
                                row);
        }
    if (max > 0)
        canvas_printf_right(canvas, dock.title_row, dock.right - 2, STYLE_DIM, " %d-%d of %d \u2191\u2193 ",
                            first + 1, first + rows, lines);
}
