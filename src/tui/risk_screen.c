/*
 * Screen 5: limits with their use, gates, what stops what, denials, the last kill. Framed all at once; narrow in two
 * pages, of which Tab shows the other one.
 */
#include "tui/key_title.h"
#include "tui/panels.h"

#include <string.h>

#define STOPS_ROWS   5
#define DENIAL_ROWS  4
#define KILL_ROWS    3
#define DAY_NS       (INT64_C(86400) * UI_SECOND_NS)
#define LIST_AT(row) ((row) + 1)

/* --- denials ------------------------------------------------------------------------------------------------------ */

static const char *day_word(int64_t now_ns, int64_t ts_ns, char *out, size_t size)
{
    int64_t days = now_ns / DAY_NS - ts_ns / DAY_NS;

    if (days <= 0)
        return text_print(out, size, "%s", number_clock(ts_ns).text);
    if (days == 1)
        return "yesterday";
    return text_print(out, size, "%lld days", (long long)days);
}

static void denial_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row,
                        const struct view_denial *denial)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_scale *scale = scale_of(frame, denial->instrument_id);
    bool other_day = frame->status.now_ns / DAY_NS != denial->ts_ns / DAY_NS;
    struct brush pen = brush_at(canvas, row, span.at + 1);
    char day[32];

    brush_printf(&pen, STYLE_DIM, "%s ", day_word(frame->status.now_ns, denial->ts_ns, day, sizeof(day)));
    brush_printf(&pen, style_bold(STYLE_WARNING), "%s ", denial->code);
    brush_printf(&pen, STYLE_TEXT, "%s ", ui_owner_name(frame, denial->owner));
    brush_printf(&pen, style_side(denial->side), "%s ", side_word(denial->side));
    brush_printf(&pen, STYLE_TEXT, "%s @ %s", number_qty_full(scale, denial->qty_lots).text,
                 denial->price_ticks > 0 ? number_price(scale, denial->price_ticks).text : "market");
    if (denial->instrument_id != frame->status.shown && denial->instrument_id < frame->status.instruments)
        brush_printf(&pen, STYLE_DIM, " %s", frame->status.instrument[denial->instrument_id].symbol);
    if (other_day)
        brush_printf(&pen, STYLE_DIM, "  %s", number_clock(denial->ts_ns).text);
}

void denial_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    const struct view_controls *view = &ui_view(ui)->controls;
    int end = row + rows;

    if (view->denials == 0)
        canvas_text_cut(canvas, row, span.at + 1, span.cols - 2, STYLE_DIM,
                        ui_view(ui)->risk.denied > 0
                            ? "all before this start: flowdeck explain --denials lists them"
                            : "nothing was denied");
    for (int i = 0; i < view->denials && i < VIEW_DENIALS_MAX && row + 1 < end; i++) {
        denial_draw(canvas, ui, span, row++, &view->denial[i]);
        canvas_text_cut(canvas, row++, span.at + 10, span.cols - 11, STYLE_TEXT, view->denial[i].text);
    }
}

/* --- what stops what, the last kill ------------------------------------------------------------------------------ */

void stops_panel_draw(struct canvas *canvas, struct span span, int row)
{
    static const struct {
        enum role role;
        const char *word, *text;
    } stop[] = {{ROLE_WARNING, "PAUSED", "strategies send nothing, you may"},
                {ROLE_WARNING, "REDUCING", "only orders that make it smaller"},
                {ROLE_BAD, "HALTED", "only cancels"},
                {ROLE_BAD, "KILLED", "only cancels, until a word typed"}};

    for (int i = 0; i < 4; i++, row++) {
        canvas_text(canvas, row, span.at + 1, style_bold(style_role(stop[i].role)), stop[i].word);
        canvas_text_cut(canvas, row, span.at + 10, span.cols - 11, STYLE_TEXT, stop[i].text);
    }
    canvas_text_cut(canvas, row, span.at + 1, span.cols - 2, STYLE_DIM,
                    "none of them closes a position by itself");
}

void last_kill_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows)
{
    const struct view_controls *view = &ui_view(ui)->controls;
    struct brush pen = brush_at(canvas, row, span.at + 1);
    char day[32];

    if (view->last_kill[0] == '\0') {
        brush_text(&pen, STYLE_DIM,
                   view->controls == 0 ? "-"
                   : view->kept        ? "none that the journal knows of"
                                       : "none in this run; no journal is kept");
        return;
    }
    if (view->last_kill_ns == VIEW_NONE) {
        brush_wrapped(canvas, row, span.at + 1, span.cols - 2, rows, STYLE_TEXT, view->last_kill);
        return;
    }
    brush_text(&pen, STYLE_TEXT, day_word(ui_view(ui)->status.now_ns, view->last_kill_ns, day, sizeof(day)));
    brush_printf(&pen, STYLE_DIM, "  %s ago",
                 number_age(ui_view(ui)->status.now_ns - view->last_kill_ns).text);
    brush_wrapped(canvas, row + 1, span.at + 1, span.cols - 2, rows - 1, STYLE_TEXT, view->last_kill);
}

/* --- the screen ---------------------------------------------------------------------------------------------------- */

struct risk_places {
    struct span list, side;
    int bottom, denials_row, denial_rows; /* bottom: first row under the panels */
};

/* Denials and the last kill take what they fill, and what the limits leave over; the limits want the rest. */
static int denial_rows_of(const struct ui *ui, int rows)
{
    const struct view_controls *view = &ui_view(ui)->controls;
    struct controls_line line[CONTROLS_LINES_MAX];
    int wanted = view->denials > 0 ? 2 * view->denials : 1;
    int most = DENIAL_ROWS + (ui->layout.rows > 36 ? (ui->layout.rows - 36) * 2 / 5 : 0);
    int spare = rows - 1 - controls_lines(ui, false, line, CONTROLS_LINES_MAX);

    if (view->last_kill[0] != '\0' && wanted < KILL_ROWS)
        wanted = KILL_ROWS;
    wanted = wanted > spare ? wanted : spare;
    return wanted < most ? wanted : most;
}

static struct risk_places places_of(const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    struct risk_places at = {{0, l->cols}, {0, l->cols}, l->next_row, 0, 0};

    if (l->framed) {
        at.list = (struct span){1, l->side_rule - 1};
        at.side = l->side;
        at.bottom = l->frame_row;
    }
    at.denial_rows = denial_rows_of(ui, at.bottom - l->title_row - 2);
    at.denials_row = at.bottom - at.denial_rows - 1;
    return at;
}

static void frozen_note(const struct ui *ui, char *out, size_t size)
{
    if (ui->frozen)
        text_print(out + strlen(out), size - strlen(out), "  FROZEN %s",
                   number_age(ui->now_ns - ui->frozen_ns).text);
}

static void limits_title(struct canvas *canvas, const struct ui *ui, int row, int col, int rows)
{
    struct controls_line line[CONTROLS_LINES_MAX];
    int lines = controls_lines(ui, false, line, CONTROLS_LINES_MAX), limits = 0;
    int hidden = controls_panel_hidden(ui, rows);
    char note[160];

    for (int i = 0; i < lines; i++)
        limits += line[i].control >= 0;
    if (!ui->layout.framed)
        text_print(note, sizeof(note),
                   "  %d of %d, most used first; " KEY("\u2191\u2193") " the rest, " KEY("Tab") " gates",
                   limits - hidden, limits);
    else if (hidden > 0)
        text_print(note, sizeof(note),
                   "  use now, \u2592 if every open order filled; " KEY("\u2191\u2193") " %d more", hidden);
    else
        text_print(note, sizeof(note), "  use now, \u2592 if every open order filled");
    if (ui->controls.filter[0] != '\0')
        text_print(note + strlen(note), sizeof(note) - strlen(note), "  /%s", ui->controls.filter);
    frozen_note(ui, note, sizeof(note));
    key_title(canvas, ui, row, col, !ui->controls.gates, "limits", note);
}

static void gates_title(struct canvas *canvas, const struct ui *ui, int row, int col, int rows)
{
    const struct view_controls *view = &ui_view(ui)->controls;
    int hidden = gates_panel_hidden(ui, rows);
    char note[128] = "";

    if (view->tests > 0)
        text_print(note, sizeof(note), "  self-test %u/%u at %s", view->tests_passed, view->tests,
                   number_clock(view->tested_ns).text);
    if (hidden > 0)
        text_print(note + strlen(note), sizeof(note) - strlen(note), "; %d more", hidden);
    if (!ui->layout.framed)
        text_print(note + strlen(note), sizeof(note) - strlen(note), "; " KEY("Tab") " limits");
    key_title(canvas, ui, row, col, ui->controls.gates, "gates", note);
}

/* Of each control once: its limits repeat the count. */
static uint64_t trips_of(const struct view_controls *view)
{
    uint64_t sum = 0;

    for (int i = 0; i < view->controls && i < VIEW_CONTROLS_MAX; i++)
        if (i == 0 || strcmp(view->control[i - 1].code, view->control[i].code) != 0)
            sum += view->control[i].trips;
    return sum;
}

static void denials_title(struct canvas *canvas, const struct ui *ui, int row, int col)
{
    const struct view_controls *view = &ui_view(ui)->controls;
    unsigned long long denied = ui_view(ui)->risk.denied, trips = trips_of(view);
    char note[80];

    if (view->controls == 0 || view->counted_since_ns == 0)
        text_print(note, sizeof(note), "  %llu today", denied);
    else
        text_print(note, sizeof(note), "  %llu since %s", denied, number_clock(view->counted_since_ns).text);
    if (trips > 0)
        text_print(note + strlen(note), sizeof(note) - strlen(note), "; controls tripped %llu", trips);
    brush_title(canvas, row, col, false, "denials", note);
}

static void narrow_draw(struct canvas *canvas, const struct ui *ui, const struct risk_places *at)
{
    int title = ui->layout.title_row, rows = at->denials_row - title - 1;

    canvas_rule_across(canvas, title, 0, ui->layout.cols, STYLE_RULE);
    canvas_rule_across(canvas, at->denials_row, 0, ui->layout.cols, STYLE_RULE);
    if (ui->controls.gates) {
        gates_title(canvas, ui, title, 1, rows);
        gates_panel_draw(canvas, ui, at->list, LIST_AT(title), rows);
        brush_title(canvas, at->denials_row, 1, false, "last kill", "");
        last_kill_panel_draw(canvas, ui, at->list, LIST_AT(at->denials_row), at->denial_rows);
        return;
    }
    limits_title(canvas, ui, title, 1, rows);
    controls_panel_draw(canvas, ui, at->list, LIST_AT(title), rows);
    denials_title(canvas, ui, at->denials_row, 1);
    denial_panel_draw(canvas, ui, at->list, LIST_AT(at->denials_row), at->denial_rows);
}

static void framed_draw(struct canvas *canvas, const struct ui *ui, const struct risk_places *at)
{
    const struct layout *l = &ui->layout;
    int title = l->title_row, stops = at->denials_row - STOPS_ROWS - 1;
    int side = l->side_rule, across = l->cols - side;

    canvas_frame(canvas, title, 0, l->frame_row - title + 1, l->cols, STYLE_RULE);
    canvas_rule_down(canvas, title, side, l->frame_row - title + 1, STYLE_RULE);
    canvas_rule_across(canvas, at->denials_row, 0, l->cols, STYLE_RULE);
    canvas_rule_across(canvas, stops, side, across, STYLE_RULE);
    limits_title(canvas, ui, title, 2, at->denials_row - title - 1);
    controls_panel_draw(canvas, ui, at->list, LIST_AT(title), at->denials_row - title - 1);
    denials_title(canvas, ui, at->denials_row, 2);
    denial_panel_draw(canvas, ui, at->list, LIST_AT(at->denials_row), at->denial_rows);
    gates_title(canvas, ui, title, side + 2, stops - title - 1);
    gates_panel_draw(canvas, ui, at->side, LIST_AT(title), stops - title - 1);
    brush_title(canvas, stops, side + 2, false, "what stops what", "");
    stops_panel_draw(canvas, at->side, LIST_AT(stops));
    brush_title(canvas, at->denials_row, side + 2, false, "last kill", "");
    last_kill_panel_draw(canvas, ui, at->side, LIST_AT(at->denials_row), at->denial_rows);
}

void risk_screen_draw(struct canvas *canvas, const struct ui *ui)
{
    struct risk_places at = places_of(ui);

    status_panel_draw(canvas, ui);
    if (ui->layout.framed)
        framed_draw(canvas, ui, &at);
    else
        narrow_draw(canvas, ui, &at);
}

const struct hint *risk_hints(const struct ui *ui)
{
    static const struct hint hints[2][HINT_ROOM] = {{{"K", "KILL"},
                                                     {"Space", "pause"},
                                                     {"\u2191\u2193", "choose"},
                                                     {"Enter", "explain"},
                                                     {"/", "filter"},
                                                     {"Tab", "gates"},
                                                     {"y", "copy"},
                                                     {"Y", "file"},
                                                     {":", "cmd"},
                                                     {"1", "trade"},
                                                     {"q", "back"},
                                                     {"?", "keys"}},
                                                    {{"K", "KILL"},
                                                     {"Space", "pause"},
                                                     {"\u2191\u2193", "choose"},
                                                     {"Enter", "explain"},
                                                     {"/", "filter"},
                                                     {"Tab", "limits"},
                                                     {"y", "copy"},
                                                     {"Y", "file"},
                                                     {":", "cmd"},
                                                     {"1", "trade"},
                                                     {"q", "back"},
                                                     {"?", "keys"}}};

    return hints[ui->controls.gates];
}
