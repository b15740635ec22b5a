/*
 * Why an order filled or did not: the lines of its story, then what the lists know of it, and below a picture of the
 * queue over time. On Trade it lies over ladder and blotter and leaves position and flow in sight.
 */
#include "tui/glyphs.h"
#include "tui/key_title.h"
#include "tui/panels.h"

#include "core/base/safe_text.h"

#include <string.h>

#define CHART_LABEL_COLS 9
#define ROWS_MAX         (3 * (VIEW_STORY_LINES + 12))
#define ASKING_NS        UI_SECOND_NS

struct story_places {
    struct span span;
    int title_row, text_row, text_rows, chart_row, chart_rows; /* chart_rows 0: none */
    int bottom;
};

static struct story_places places_of(const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    const struct view_story *story = story_of(ui);
    struct story_places at = {{0, l->cols}, l->title_row, l->title_row + 1, 0, 0, 0, 0};
    int rows;

    if (l->framed)
        at.span = ui->screen == SCREEN_TRADE ? l->main : (struct span){1, l->cols - 2};
    at.bottom = l->framed ? l->frame_row : l->next_row;
    rows = at.bottom - at.text_row;
    if (story != NULL && story->points >= 2 && rows >= 12)
        at.chart_rows = rows / 4 < 4 ? 4 : rows / 4;
    at.text_rows = rows - (at.chart_rows > 0 ? at.chart_rows + 2 : 0);
    at.chart_row = at.bottom - at.chart_rows - 1;
    return at;
}

/* --- text ------------------------------------------------------------------------------------------------------------ */

struct story_row {
    const char *text;
    size_t size;
    bool first, known_here; /* begins a line; from the lists, not from the story */
};

static int add_rows(struct story_row *row, int rows, int cols, const char *text, bool known_here)
{
    bool first = true;

    while (*text != '\0' && rows < ROWS_MAX) {
        size_t size = brush_words_that_fit(text, first ? cols : cols - 2);

        size = size > 0 ? size : 1;
        row[rows++] = (struct story_row){text, size, first, known_here};
        text += size;
        text += strspn(text, " ");
        first = false;
    }
    return rows;
}

/* A number behind the newest one was never given; of those before, the lists may have forgotten. */
static const char *no_story(const struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);

    return frame != NULL && ui->story_seq > frame->story.newest_seq
               ? "there is no such order: no number as high was ever given"
               : "no story of its queue is kept; flowdeck explain finds older ones";
}

static int story_rows(const struct ui *ui, int cols, struct story_row *row)
{
    static const char asking[] = "asking the engine for the story of its queue";
    const struct view_story *story = story_of(ui);
    int rows = 0;

    if (story == NULL)
        rows = add_rows(row, rows, cols, ui->now_ns - ui->story_asked_ns < ASKING_NS ? asking : no_story(ui),
                        false);
    for (int i = 0; story != NULL && i < story->lines && i < VIEW_STORY_LINES; i++)
        rows = add_rows(row, rows, cols, story->line[i], false);
    for (int i = 0; i < ui->detail_lines; i++)
        rows = add_rows(row, rows, cols, ui->detail[i], true);
    return rows;
}

int story_scroll_max(const struct ui *ui)
{
    struct story_places at = places_of(ui);
    struct story_row row[ROWS_MAX];
    int rows = story_rows(ui, at.span.cols - 3, row);

    return rows > at.text_rows ? rows - at.text_rows : 0;
}

static void text_draw(struct canvas *canvas, const struct ui *ui, const struct story_places *at)
{
    struct story_row row[ROWS_MAX];
    int cols = at->span.cols - 3, rows = story_rows(ui, cols, row),
        max = rows > at->text_rows ? rows - at->text_rows : 0;
    int first = ui->story_top < max ? ui->story_top : max;

    for (int i = first; i < rows && i < first + at->text_rows; i++) {
        struct style style = i == 0 ? style_bold(STYLE_BRIGHT) : row[i].known_here ? STYLE_DIM : STYLE_TEXT;
        int col = at->span.at + (row[i].first ? 2 : 4);

        canvas_text_n(canvas, at->text_row + i - first, col, style, row[i].text, row[i].size);
    }
    if (max > 0)
        canvas_printf_right(canvas, at->title_row, span_end(at->span) - 2, STYLE_DIM,
                            " %d-%d of %d \u2191\u2193 ", first + 1,
                            first + at->text_rows < rows ? first + at->text_rows : rows, rows);
}

/* --- the queue over time ----------------------------------------------------------------------------------------------- */

/* What held at ts: the newest point not after it. */
static const struct view_story_point *point_at(const struct view_story *story, int points, int64_t ts_ns)
{
    int at = 0;

    while (at + 1 < points && story->point[at + 1].ts_ns <= ts_ns)
        at++;
    return &story->point[at];
}

static int eighths_of(int64_t lots, int64_t most, int rows)
{
    if (lots <= 0 || most <= 0)
        return 0;
    return lots >= most ? rows * 8 : (int)((__int128)lots * rows * 8 / most);
}

/* Ahead of us solid, the rest of the level a light shade above it; a triangle once it would have been served. */
static void column_draw(struct canvas *canvas, int col, int bottom, int rows,
                        const struct view_story_point *point, int64_t most)
{
    int ahead = eighths_of(point->ahead_lots, most, rows), shown = eighths_of(point->shown_lots, most, rows);

    if (point->ahead_lots > 0 && ahead == 0)
        ahead = 1;
    for (int i = 0; i < rows; i++) {
        int row = bottom - 1 - i, left = ahead - i * 8;

        if (left > 0)
            canvas_spark(canvas, row, col, style_role(ROLE_OWN_QUEUE), left > 8 ? 8 : left);
        else if (shown > i * 8)
            canvas_text(canvas, row, col, style_role(ROLE_VOLUME), GLYPH_SHADE_LIGHT);
    }
    if (point->ahead_lots < 0)
        canvas_text(canvas, bottom - 1, col, style_bold(STYLE_GOOD), GLYPH_UP_TRIANGLE);
}

static void chart_draw(struct canvas *canvas, const struct ui *ui, const struct story_places *at)
{
    const struct view_story *story = story_of(ui);
    const struct view_scale *scale = scale_of(ui_view(ui), story->instrument_id);
    int points = story->points < VIEW_STORY_POINTS ? story->points : VIEW_STORY_POINTS;
    int left = at->span.at + 1 + CHART_LABEL_COLS, cols = span_end(at->span) - left - 1;
    int64_t from = story->point[0].ts_ns, to = story->point[points - 1].ts_ns, most = 0;
    struct brush pen;

    for (int i = 0; i < points; i++) {
        most = story->point[i].shown_lots > most ? story->point[i].shown_lots : most;
        most = story->point[i].ahead_lots > most ? story->point[i].ahead_lots : most;
    }
    for (int i = 0; i < cols; i++) {
        int64_t ts = cols > 1 ? from + (int64_t)((__int128)(to - from) * i / (cols - 1)) : to;

        column_draw(canvas, left + i, at->chart_row + at->chart_rows, at->chart_rows,
                    point_at(story, points, ts), most);
    }
    if (most == 0) /* an axis from nothing to nothing */
        canvas_text_cut(canvas, at->chart_row, left, cols, STYLE_DIM,
                        "nothing ahead of it, and nothing shown at its price");
    else
        canvas_text_right(canvas, at->chart_row, left - 1, STYLE_DIM,
                          number_qty_fit(scale, most, 5, CHART_LABEL_COLS - 1).text);
    canvas_text_right(canvas, at->chart_row + at->chart_rows - 1, left - 1, STYLE_DIM, "0");
    canvas_text(canvas, at->bottom - 1, left, STYLE_DIM, number_clock(from).text);
    canvas_text_right(canvas, at->bottom - 1, left + cols, STYLE_DIM, number_clock(to).text);
    pen = brush_at(canvas, at->chart_row - 1, at->span.at + 2);
    brush_text(&pen, style_bold(style_role(ROLE_TITLE)), "queue");
    brush_text(&pen, style_role(ROLE_OWN_QUEUE), "  " GLYPH_FULL_BLOCK);
    brush_text(&pen, STYLE_DIM, " ahead of it  ");
    brush_text(&pen, style_role(ROLE_VOLUME), GLYPH_SHADE_LIGHT);
    brush_text(&pen, STYLE_DIM, " shown at its price  ");
    brush_text(&pen, style_bold(STYLE_GOOD), GLYPH_UP_TRIANGLE);
    brush_text(&pen, STYLE_DIM, " its turn");
}

void story_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    struct story_places at = places_of(ui);
    bool over_trade = ui->screen == SCREEN_TRADE && l->framed;

    canvas_fill(canvas, at.title_row + 1, at.span.at, at.bottom - at.title_row - 1, at.span.cols, STYLE_TEXT);
    canvas_fill(canvas, at.title_row, at.span.at, 1, at.span.cols, STYLE_TEXT);
    canvas_repeat(canvas, at.title_row, at.span.at, at.span.cols, STYLE_RULE, 0x2500);
    if (l->framed) { /* where the panels below met its edges */
        int end = span_end(at.span);

        for (int row = at.title_row + 1; row < at.bottom; row++) {
            bool crossed = over_trade && end < l->cols - 1 && canvas_cell(canvas, row, end) != NULL &&
                           canvas_cell(canvas, row, end + 1)->code == 0x2500;

            canvas_text(canvas, row, 0, STYLE_RULE, GLYPH_RULE_DOWN);
            canvas_text(canvas, row, end, STYLE_RULE, crossed ? "\u251c" : GLYPH_RULE_DOWN);
        }
        canvas_repeat(canvas, at.bottom, at.span.at, at.span.cols, STYLE_RULE, 0x2500);
    }
    key_title(canvas, ui, at.title_row, at.span.at + 1, true, ui->detail_title, "  " KEY("Esc") " closes");
    text_draw(canvas, ui, &at);
    if (at.chart_rows > 0)
        chart_draw(canvas, ui, &at);
}
