/*
 * The chosen strategy of screen 4: what it is, what it sees, what it wants, what that costs, how long it thinks, and
 * its parameters, which are edited in their own rows; or in its place every signal with its definition and source.
 */
#include "tui/glyphs.h"
#include "tui/panels.h"

#include "core/base/safe_text.h"

#include <string.h>

#define LABEL_COLS     11
#define FEATURE_COLS   18
#define BUDGET_BAR     12
#define BRIEF_ROWS     24 /* with fewer, sections are shortened */
#define FEATURES_BRIEF 4

struct page {
    struct canvas *canvas;
    const struct ui *ui;
    struct span span;
    int row, end;
};

static bool has_room(const struct page *page)
{
    return page->row < page->end;
}

static void heading(struct page *page, const char *title, const char *note)
{
    struct brush pen = brush_at(page->canvas, page->row, page->span.at + 1);

    if (!has_room(page))
        return;
    brush_text(&pen, style_bold(style_role(ROLE_TITLE)), title);
    canvas_text_cut(page->canvas, page->row++, pen.col + 2, span_end(page->span) - pen.col - 3, STYLE_DIM,
                    note);
}

/* "goal      hold +0.010, passive": a label and what belongs to it, over as many rows as it needs, at most `rows`. */
static void labelled(struct page *page, const char *label, int rows, const char *text)
{
    int col = page->span.at + 1 + LABEL_COLS, cols = span_end(page->span) - col - 1;

    if (!has_room(page) || text[0] == '\0')
        return;
    canvas_text(page->canvas, page->row, page->span.at + 1, STYLE_DIM, label);
    if (rows > page->end - page->row)
        rows = page->end - page->row;
    page->row += brush_wrapped(page->canvas, page->row, col, cols, rows, STYLE_TEXT, text);
}

static void about(struct page *page, const struct view_strategy_detail *detail, bool brief)
{
    char text[VIEW_TEXT_MAX + 192];

    labelled(page, "what it is", brief ? 1 : 2, detail->about);
    text_print(text, sizeof(text), "%s%s%s", detail->symbols, detail->plugin ? "; plug-in " : "; built in",
               detail->plugin ? detail->path : "");
    labelled(page, "trades", 1, text);
    labelled(page, "wants", brief ? 1 : 2, detail->goal[0] != '\0' ? detail->goal : "nothing");
}

/* --- signals ---------------------------------------------------------------------------------------------------- */

static int32_t gauge_scale(int32_t value_x1000)
{
    int64_t size = value_x1000 < 0 ? -(int64_t)value_x1000 : value_x1000;

    return size <= 1000 ? 1000 : size <= 3000 ? 3000 : size > INT32_MAX ? INT32_MAX : (int32_t)size;
}

static void feature_row(struct page *page, const struct view_feature *feature)
{
    struct brush pen = brush_at(page->canvas, page->row++, page->span.at + 1);

    canvas_text_cut(page->canvas, pen.row, pen.col, FEATURE_COLS, STYLE_TEXT, feature->name);
    pen.col += FEATURE_COLS + 1;
    if (feature->weight_x1000 == 0) { /* a condition, in its own unit: of no side and of no scale */
        brush_printf(&pen, STYLE_TEXT, "%13s %8s", "", number_fixed(feature->value_x1000, 3, 2, false).text);
        brush_text(&pen, STYLE_DIM, "  condition   ");
    } else {
        brush_gauge(&pen, 6, feature->value_x1000, gauge_scale(feature->value_x1000), 0);
        brush_printf(&pen, feature->value_x1000 >= 0 ? STYLE_BID : STYLE_ASK, " %8s",
                     number_fixed(feature->value_x1000, 3, 2, true).text);
        brush_text(&pen, STYLE_DIM, "  weight ");
        brush_printf(&pen, STYLE_TEXT, "%5s", number_fixed(feature->weight_x1000, 3, 2, true).text);
    }
    brush_text(&pen, feature->met ? style_bold(STYLE_GOOD) : STYLE_DIM,
               feature->met ? "  " GLYPH_DOT_ON " met" : "  " GLYPH_DOT_OFF " not met");
}

static void signals(struct page *page, const struct view_strategy *strategy,
                    const struct view_strategy_detail *detail, bool brief)
{
    int count = detail->features < VIEW_FEATURES_MAX ? detail->features : VIEW_FEATURES_MAX;
    int shown = brief && count > FEATURES_BRIEF ? FEATURES_BRIEF : count, room = page->end - page->row - 1;
    char note[128];

    text_print(note, sizeof(note), "score %s of %s, confidence %s",
               number_fixed(strategy->score_x1000, 3, 2, true).text,
               number_bare(number_fixed(strategy->threshold_x1000, 3, 2, false)).text,
               number_bare(number_fixed(strategy->confidence_x1000, 3, 2, false)).text);
    shown = room < 0 ? 0 : shown < room ? shown : room;
    if (shown < count)
        text_print(note + strlen(note), sizeof(note) - strlen(note), "; %d of %d here", shown, count);
    heading(page, "signals", strategy->has_signal || count > 0 ? note : "none yet");
    for (int i = 0; i < shown && has_room(page); i++)
        feature_row(page, &detail->feature[i]);
}

/* --- cost and time ------------------------------------------------------------------------------------------------ */

/*
 * Words, not a sign: elsewhere a plus is what was earned. Against the mid when the strategy decided, the time that an order
 * waited included: another figure than the slip of its fills, and so another word.
 */
static void cost_text(const struct page *page, const struct view_strategy_detail *detail, char *out,
                      size_t size)
{
    int64_t slip_e8 = detail->slippage_e8;
    char queued[40] = "";

    if (detail->queue_mean_ms != VIEW_NONE)
        text_print(queued, sizeof(queued), "; mean queue %s s",
                   number_fixed(detail->queue_mean_ms, 3, 1, false).text);
    text_print(out, size, "shortfall %s%s, fees %s %s%s",
               number_money(slip_e8 < 0 ? -slip_e8 : slip_e8, false).text,
               slip_e8 > 0   ? " lost"
               : slip_e8 < 0 ? " won"
                             : "",
               number_money(detail->fees_e8, false).text,
               ui_instrument(page->ui) != NULL ? ui_instrument(page->ui)->quote : "", queued);
}

static void cost(struct page *page, const struct view_strategy_detail *detail, bool brief)
{
    const struct view_scale *scale = ui_scale(page->ui);
    char text[VIEW_TEXT_MAX], ratio[32] = "-";

    if (!brief)
        heading(page, "execution", "orders, fills and what they cost, on this instrument");
    if (detail->orders == 0) {
        labelled(page, "orders", 1, "none yet");
        return;
    }
    if (detail->fills > 0)
        text_print(ratio, sizeof(ratio), "%s",
                   number_fixed((int64_t)(detail->cancels * 10 / detail->fills), 1, 1, false).text);
    text_print(text, sizeof(text), "%llu, %llu cancels (%s a fill), %llu replaced",
               (unsigned long long)detail->orders, (unsigned long long)detail->cancels, ratio,
               (unsigned long long)detail->replaces);
    labelled(page, "orders", 1, text);
    text_print(text, sizeof(text), "%llu, %llu as maker; %s of %s wanted, %s %%",
               (unsigned long long)detail->fills, (unsigned long long)detail->maker_fills,
               number_qty_full(scale, detail->filled_lots).text,
               number_qty_full(scale, detail->wanted_lots).text,
               number_percent(detail->filled_lots, detail->wanted_lots).text);
    labelled(page, "fills", 1, text);
    cost_text(page, detail, text, sizeof(text));
    labelled(page, "cost", 1, text);
}

static struct number_text micros(int64_t ns)
{
    struct number_text out = {"-"};

    if (ns != VIEW_NONE)
        text_print(out.text, sizeof(out.text), "%s us", number_fixed(ns, 3, ns < 10000 ? 1 : 0, false).text);
    return out;
}

static void thinking(struct page *page, const struct view_strategy_detail *detail)
{
    struct brush pen = brush_at(page->canvas, page->row, page->span.at + 1);
    bool measured = detail->call_p99_ns != VIEW_NONE,
         late = measured && detail->call_max_ns > detail->budget_ns;
    int done = measured ? brush_eighths(detail->call_p99_ns, detail->budget_ns, BUDGET_BAR) : 0;
    char text[VIEW_TEXT_MAX];

    if (!has_room(page))
        return;
    brush_text(&pen, STYLE_DIM, "thinks");
    pen.col = page->span.at + 1 + LABEL_COLS;
    if (measured) {
        brush_use_bar(&pen, BUDGET_BAR, done, done, late ? ROLE_WARNING : ROLE_USE_BAR);
        text_print(text, sizeof(text), " p50 %s p99 %s max %s of %s", micros(detail->call_p50_ns).text,
                   micros(detail->call_p99_ns).text, micros(detail->call_max_ns).text,
                   micros(detail->budget_ns).text);
    } else {
        text_print(text, sizeof(text), "not measured; budget %s", micros(detail->budget_ns).text);
    }
    canvas_text_cut(page->canvas, page->row++, pen.col, span_end(page->span) - pen.col - 1,
                    late ? style_bold(STYLE_WARNING) : STYLE_TEXT, text);
    text_print(text, sizeof(text), "%llu fault%s, %llu strike%s", (unsigned long long)detail->faults,
               detail->faults == 1 ? "" : "s", (unsigned long long)detail->strikes,
               detail->strikes == 1 ? "" : "s");
    labelled(page, "trouble", 1, text);
}

/* --- parameters ---------------------------------------------------------------------------------------------------- */

struct parameter_columns {
    int name, value, preset, range, unit,
        help; /* name: its columns; value, preset: ends; others: begins; 0: none */
};

static struct parameter_columns parameter_columns_of(struct span span)
{
    if (span.cols >= 110)
        return (struct parameter_columns){24, 38, 49, 51, 76, 86};
    return (struct parameter_columns){19, 30, 41, 43, span.cols < 66 ? 0 : 61, 0};
}

static void parameter_row(struct page *page, const struct view_parameter *parameter, bool chosen, bool edited)
{
    struct parameter_columns c = parameter_columns_of(page->span);
    int left = page->span.at + 1, row = page->row++, end = span_end(page->span) - 1;
    char text[160];

    canvas_text_cut(page->canvas, row, left, c.name, STYLE_TEXT, parameter->name);
    parameter_range_text(parameter, text, sizeof(text));
    canvas_text_cut(page->canvas, row, left + c.range,
                    (c.unit > 0 ? left + c.unit - 1 : end) - left - c.range, STYLE_DIM,
                    parameter->allowed[0] != '\0' ? parameter->allowed : text);
    canvas_text_right(page->canvas, row, left + c.preset, STYLE_DIM, parameter->preset);
    if (c.unit > 0)
        canvas_text_cut(page->canvas, row, left + c.unit,
                        c.help > 0 ? c.help - c.unit - 1 : end - left - c.unit, STYLE_DIM, parameter->unit);
    if (c.help > 0)
        canvas_text_cut(page->canvas, row, left + c.help, end - left - c.help, STYLE_DIM, parameter->help);
    if (edited) {
        canvas_fill(page->canvas, row, left + c.name + 1, 1, c.value - c.name - 1, style_role(ROLE_CURSOR));
        text_print(text, sizeof(text), "%s%s", page->ui->text.value, page->ui->text.fresh ? "" : "_");
        canvas_text_cut(page->canvas, row, left + c.name + 1, end - left - c.name - 1,
                        style_role(ROLE_CURSOR), text);
        canvas_background(page->canvas, row, page->span.at, 1, page->span.cols, ROLE_SELECTED);
        return;
    }
    text_print(text, sizeof(text), "%s%s", parameter->value, parameter->changed ? "*" : " ");
    canvas_text_right(page->canvas, row, left + c.value + 1,
                      parameter->changed ? style_bold(STYLE_WARNING) : style_bold(STYLE_BRIGHT), text);
    if (chosen)
        canvas_background(page->canvas, row, page->span.at, 1, page->span.cols, ROLE_SELECTED);
}

static void parameters(struct page *page, const struct view_strategy_detail *detail)
{
    struct parameter_columns c = parameter_columns_of(page->span);
    const struct ui *ui = page->ui;
    int count = detail->parameters < VIEW_PARAMETERS_MAX ? detail->parameters : VIEW_PARAMETERS_MAX;
    int left = page->span.at + 1, shown = page->end - page->row - 1, first = 0;
    char note[24] = "";
    bool focus = ui->strategies.focus == STRATEGIES_PARAMETERS,
         edits = ui->overlay == OVERLAY_TEXT && ui->text.kind == TEXT_PARAMETER;

    if (!has_room(page))
        return;
    canvas_text(page->canvas, page->row, left, style_bold(style_role(focus ? ROLE_TITLE_FOCUS : ROLE_TITLE)),
                "parameters");
    if (shown < count) /* the rest is there: Tab, then down */
        text_print(note, sizeof(note), "%d of %d", shown > 0 ? shown : 0, count);
    canvas_text(page->canvas, page->row, left + 11, STYLE_DIM, note);
    canvas_text_right(page->canvas, page->row, left + c.value, STYLE_DIM, "value");
    canvas_text_right(page->canvas, page->row, left + c.preset, STYLE_DIM, "default");
    canvas_text(page->canvas, page->row, left + c.range, STYLE_DIM, "range");
    if (c.unit > 0)
        canvas_text(page->canvas, page->row, left + c.unit, STYLE_DIM, "unit");
    if (c.help > 0)
        canvas_text(page->canvas, page->row, left + c.help, STYLE_DIM, "what it does");
    page->row++;
    if (focus && ui->strategies.parameter >= shown)
        first = ui->strategies.parameter - shown + 1;
    if (count == 0 && has_room(page))
        canvas_text(page->canvas, page->row, left, STYLE_DIM, "it has none");
    for (int i = first; i < count && has_room(page); i++)
        parameter_row(page, &detail->parameter[i], focus && i == ui->strategies.parameter,
                      edits && i == ui->strategies.parameter);
}

/* --- every signal, what it is and where it comes from ---------------------------------------------------------------- */

#define SIGNAL_NAME_COLS   18
#define SIGNAL_VALUE_COLS  14
#define SIGNAL_WHAT_COLS   70
#define SIGNAL_SOURCE_COLS 38
#define SIGNALS_LEAST      4 /* rows of it; fewer are not begun */

static void definitions(struct page *page, const struct view_strategy_detail *detail)
{
    const struct view_instrument *at = ui_instrument(page->ui);
    int left = page->span.at + 1, end = span_end(page->span) - 1;
    int what = left + SIGNAL_NAME_COLS + SIGNAL_VALUE_COLS + 2, source = what + SIGNAL_WHAT_COLS + 1;
    int count = detail->signals < VIEW_SIGNALS_MAX ? detail->signals : VIEW_SIGNALS_MAX;
    int room = page->end - page->row - 2;
    char note[64], shown[64];

    if (count == 0 || room < SIGNALS_LEAST)
        return;
    page->row++;
    text_print(note, sizeof(note), "of %s%s", at != NULL ? at->symbol : "the instrument",
               room < count || end - what < SIGNAL_WHAT_COLS + SIGNAL_SOURCE_COLS
                   ? "; " KEY("Tab") " shows all of them"
                   : "");
    heading(page, "all signals", ui_with_keys(page->ui, note, shown, sizeof(shown)));
    for (int i = 0; i < count && has_room(page); i++, page->row++) {
        const struct view_signal *signal = &detail->signal[i];

        canvas_text_cut(page->canvas, page->row, left, SIGNAL_NAME_COLS, STYLE_TEXT, signal->name);
        canvas_text_right(page->canvas, page->row, what - 2, STYLE_BRIGHT, signal->value);
        if (end > what)
            canvas_text_cut(page->canvas, page->row, what,
                            end - what < SIGNAL_WHAT_COLS ? end - what : SIGNAL_WHAT_COLS, STYLE_DIM,
                            signal->what);
        if (end > source)
            canvas_text_cut(page->canvas, page->row, source, end - source, STYLE_DIM, signal->source);
    }
}

/* All of each, in two rows or three, from the one that was scrolled to. */
static void signals_page(struct page *page, const struct view_strategy_detail *detail)
{
    const struct view_instrument *at = ui_instrument(page->ui);
    int left = page->span.at + 1, end = span_end(page->span) - 1, head = page->row++, i;
    int count = detail->signals < VIEW_SIGNALS_MAX ? detail->signals : VIEW_SIGNALS_MAX;
    char text[160];

    for (i = page->ui->strategies.signal; i < count && page->row + 2 < page->end; i++) {
        const struct view_signal *signal = &detail->signal[i];

        canvas_text_cut(page->canvas, page->row, left, SIGNAL_NAME_COLS, STYLE_TEXT, signal->name);
        canvas_text_right(page->canvas, page->row++, left + SIGNAL_NAME_COLS + SIGNAL_VALUE_COLS,
                          STYLE_BRIGHT, signal->value);
        text_print(text, sizeof(text), "%s; %s", signal->what, signal->source);
        page->row += brush_wrapped(page->canvas, page->row, left + 2, end - left - 2, page->end - page->row,
                                   STYLE_DIM, text);
    }
    text_print(text, sizeof(text), "of %s, %d-%d of %d", at != NULL ? at->symbol : "the instrument",
               count > 0 ? page->ui->strategies.signal + 1 : 0, i, count);
    page->row = head;
    heading(page, "all signals", text);
}

void strategy_detail_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row,
                                int rows)
{
    const struct view_strategy *strategy = strategies_chosen(ui);
    const struct view_strategy_detail *detail = strategies_detail(ui);
    struct page page = {canvas, ui, span, row, row + rows};
    bool brief = rows < BRIEF_ROWS;
    int most = brief ? 5 : 6, wanted;

    if (strategy == NULL)
        return;
    if (detail == NULL) {
        canvas_text_cut(canvas, row, span.at + 1, span.cols - 2, STYLE_DIM, "asking the engine");
        return;
    }
    if (ui->strategies.focus == STRATEGIES_SIGNALS) {
        signals_page(&page, detail);
        return;
    }
    /* parameters keep some rows, or as many as they have */
    wanted = (detail->parameters < most ? detail->parameters : most) + 1;
    page.end = rows > 2 * wanted ? row + rows - wanted : row + rows - rows / 2;
    about(&page, detail, brief);
    signals(&page, strategy, detail, brief);
    cost(&page, detail, brief);
    thinking(&page, detail);
    page.end = row + rows;
    if (page.row + 2 + detail->parameters < page.end)
        page.row++; /* a blank where there is room for it */
    parameters(&page, detail);
    definitions(&page, detail);
}
