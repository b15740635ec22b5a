/*
 * Row 1: the screens, or the progress of a replay, or what is sick; and at the right the truth about the book, which
 * no width takes away.
 */
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "tui/glyphs.h"
#include "tui/panels.h"
#include "tui/screen_names.h"
#include "tui/status_pieces.h"

#include <string.h>

#define CLOCK_COLS 8 /* of 14:07:32 */
#define BOOK_COLS                                                                                            \
    44 /* of the book in a narrow row: names of screens do not come and go with a figure of the lag */

/* A crossed book is continuous and still no market to price on: its own word, in the colour of STALE. */
static const char *book_word(const struct view_instrument *at)
{
    return at->book_state == BOOK_LIVE && at->crossed ? "CROSSED" : book_state_word(at->book_state);
}

/* Live, a book that nothing came for is not priced on by the gate: it says so before the silence is a lost link. */
static bool is_quiet(const struct view_frame *frame, const struct view_instrument *at)
{
    if (!frame->status.live || at->book_state != BOOK_LIVE || at->crossed || at->book_age_ns == VIEW_NONE)
        return false;
    for (int i = 0; i < frame->risk.limits && i < VIEW_LIMITS_MAX; i++)
        if (strcmp(frame->risk.limit[i].code, "STALE_BOOK") == 0 && frame->risk.limit[i].limit > 0)
            return at == &frame->status.instrument[frame->status.shown] &&
                   frame->risk.limit[i].now > frame->risk.limit[i].limit;
    return false;
}

/* "LIVE 0.1s"; before there was a book there is no age. */
static void book_text(const struct view_frame *frame, const struct view_instrument *at, char *out,
                      size_t size)
{
    if (at->book_age_ns == VIEW_NONE)
        text_print(out, size, "%s", book_word(at));
    else
        text_print(out, size, "%s %ss", is_quiet(frame, at) ? "QUIET" : book_word(at),
                   number_age_tenths(at->book_age_ns).text);
}

static struct style book_style(const struct view_instrument *at)
{
    if (at->crossed)
        return style_bold(style_role(ROLE_BADGE_KILLED));
    if (at->book_state == BOOK_LIVE)
        return style_bold(STYLE_GOOD);
    if (at->book_state == BOOK_STALE || at->book_state == BOOK_DOWN)
        return style_bold(style_role(ROLE_BADGE_KILLED));
    return style_bold(STYLE_WARNING);
}

static void add_book(struct pieces *row, const struct view_frame *frame, const struct view_instrument *at,
                     bool wide, bool brief)
{
    const struct view_status *status = &frame->status;
    int gap = wide ? 3 : 1;
    char text[64];

    book_text(frame, at, text, sizeof(text));
    pieces_add_labelled(row, 1, 0, "book ", is_quiet(frame, at) ? style_bold(STYLE_WARNING) : book_style(at),
                        text);
    if (brief)
        return;
    /* it changes from second to second, and nothing beside it moves */
    if (status->lag_ms == VIEW_NONE || at->book_state != BOOK_LIVE)
        text_print(text, sizeof(text), "-");
    else
        text_print(text, sizeof(text), "%2lldms", (long long)status->lag_ms);
    pieces_add_labelled(row, gap, 4, "lag ", STYLE_TEXT, text);
    if (status->clock_offset_ms == VIEW_NONE)
        text_print(text, sizeof(text), "-");
    else
        text_print(text, sizeof(text), "%+lldms", (long long)status->clock_offset_ms);
    pieces_add_labelled(row, gap, 5, "clock ", STYLE_TEXT, text);
    text_print(text, sizeof(text), "%llu", (unsigned long long)status->resyncs);
    pieces_add_labelled(row, gap, 3, wide ? "resync " : "rs ", STYLE_TEXT, text);
}

static void add_depth_known(struct pieces *row, const struct view_frame *frame)
{
    const struct view_ladder *ladder = &frame->ladder;
    int64_t mid = (ladder->best[SIDE_BID].price_ticks + ladder->best[SIDE_ASK].price_ticks) / 2;
    int64_t below, above;
    char text[48];

    if (mid <= 0 || ladder->known_low_ticks == 0 || ladder->known_high_ticks == 0)
        return;
    below = mid - ladder->known_low_ticks;
    above = ladder->known_high_ticks - mid;
    text_print(text, sizeof(text), GLYPH_PLUS_MINUS "%s %%",
               number_fixed(decimal_mul_div(below < above ? below : above, 1000, mid), 1, 1, false).text);
    pieces_add_labelled(row, 3, 10, "depth known to ", STYLE_TEXT, text);
}

static void add_wide_truth(struct pieces *row, const struct view_frame *frame)
{
    const struct view_status *status = &frame->status;
    char text[48];

    add_depth_known(row, frame);
    if (status->durable_ns != VIEW_NONE) {
        text_print(text, sizeof(text), "%ss ago",
                   number_fixed(status->now_ns - status->durable_ns, 9, 2, false).text);
        pieces_add_labelled(row, 3, 9, "durable ", STYLE_TEXT, text);
    }
    if (frame->second.rows > 0 && frame->second.instrument_id < status->instruments) {
        const struct view_instrument *second = &status->instrument[frame->second.instrument_id];
        char label[SYMBOL_SIZE + 2];

        text_print(label, sizeof(label), "%s ", second->symbol);
        book_text(frame, second, text, sizeof(text));
        pieces_add_labelled(row, 3, 8, label, book_style(second), text);
    }
}

static void tabs_draw(struct canvas *canvas, enum screen_id shown, int cols_max)
{
    struct brush pen = brush_at(canvas, 1, 0);
    int cols = 0, gap;

    for (enum screen_id id = SCREEN_TRADE; id <= SCREEN_SYSTEM; id++)
        cols += 4 + (int)strlen(ui_screen_name(id));
    gap = cols <= cols_max; /* closer before one of them goes */
    for (enum screen_id id = SCREEN_TRADE; id <= SCREEN_SYSTEM; id++) {
        const char *name = ui_screen_name(id);

        if (pen.col + 3 + gap + (int)strlen(name) > cols_max)
            return;
        if (id == shown) {
            brush_printf(&pen, style_bold(style_role(ROLE_TAB_ON)), " %d %s ", (int)id, name);
            continue;
        }
        pen.col += gap || id == SCREEN_TRADE;
        brush_printf(&pen, style_bold(style_role(ROLE_KEY_CHIP)), "%d", (int)id);
        brush_printf(&pen, style_role(ROLE_TAB), " %s ", name);
    }
}

/* Which screens get a name first where not all have room for one; the shown one has its own in any case. */
static const enum screen_id named_first[] = {SCREEN_TRADE,  SCREEN_CHART,   SCREEN_RISK,    SCREEN_STRATEGY,
                                             SCREEN_MARKET, SCREEN_JOURNAL, SCREEN_RESULTS, SCREEN_SYSTEM};

/* Every screen by its key, with its name as far as there is room; up to column end, not before first. */
static void narrow_tabs_draw(struct canvas *canvas, enum screen_id shown, int first, int end)
{
    bool named[SCREEN_SYSTEM + 1] = {false};
    int left = end - first - 2 * SCREEN_SYSTEM - (int)strlen(ui_screen_brief(shown));
    struct brush pen = brush_at(canvas, 1, end);

    named[shown] = true;
    for (size_t i = 0; i < sizeof(named_first) / sizeof(named_first[0]); i++) {
        int cols = (int)strlen(ui_screen_brief(named_first[i]));

        if (named[named_first[i]] || cols > left)
            continue;
        named[named_first[i]] = true;
        left -= cols;
    }
    for (enum screen_id id = SCREEN_TRADE; id <= SCREEN_SYSTEM; id++)
        pen.col -= 2 + (named[id] ? (int)strlen(ui_screen_brief(id)) : 0);
    for (enum screen_id id = SCREEN_TRADE; id <= SCREEN_SYSTEM; id++) {
        bool on = shown != SCREEN_TRADE && id == shown;

        brush_printf(&pen, style_bold(style_role(on ? ROLE_TAB_ON : ROLE_KEY_CHIP)), "%d", (int)id);
        brush_text(&pen, style_role(on ? ROLE_TAB_ON : ROLE_TAB), named[id] ? ui_screen_brief(id) : "");
        pen.col++;
    }
}

/* A position that its strategy left: what is held, the key that closes it, and why. A kill tells of every position itself. */
static bool left_position(const struct ui *ui, bool brief, char *out, size_t size)
{
    const struct view_strategy *left = ui_unmanaged(ui);
    char position[80], way[64];

    if (left == NULL || ui_killed(ui))
        return false;
    ui_left_text(ui, left, brief, position, sizeof(position));
    ui_way_out(ui, left->left_in, way, sizeof(way));
    if (brief)
        text_print(out, size, " %s: %s", position, way);
    else
        text_print(out, size, " UNMANAGED  %s, %s \u00b7 %s", position, way, left->why_off);
    return true;
}

/* What is wrong stands where the screens stood, with its name. */
static bool sick_part(const struct ui *ui, const struct view_instrument *at, bool brief, char *out,
                      size_t size)
{
    const struct view_status *status = &ui->frame->status;

    if (status->storage_failed)
        text_print(out, size, " STORAGE  %s", status->storage_why);
    else if (status->feed_sick != 0)
        text_print(out, size, brief ? " %s" : " FEED  %s", brief ? status->feed_brief : status->feed_why);
    else if (at->closed)
        text_print(out, size, " MARKET  %s: the venue says not TRADING", at->symbol);
    else if (status->clock_offset_ms != VIEW_NONE &&
             (status->clock_offset_ms > 250 || status->clock_offset_ms < -250))
        text_print(out, size, " CLOCK  %+lld ms against the venue", (long long)status->clock_offset_ms);
    else if (status->schedule_holds)
        text_print(out, size, brief ? " SCHEDULE  %s" : " SCHEDULE  %s: no orders until it is over",
                   status->state_why);
    else if (left_position(ui, brief, out, size))
        return true;
    else if (status->attention[0] != '\0')
        text_print(out, size, " LOOK  %s", status->attention);
    else
        return false;
    return true;
}

/* "x20", "max", held, ended: how the recording plays. */
static void replay_pace(const struct view_status *status, char *out, size_t size)
{
    if (status->replay_ended)
        text_print(out, size, GLYPH_STOPPED " ended");
    else if (status->replay_held)
        text_print(out, size, GLYPH_PAUSED " held");
    else if (replay_seeks(status)) /* said already */
        out[0] = '\0';
    else if (status->replay_speed_x1000 == 0)
        text_print(out, size, "max");
    else
        text_print(out, size, "x%s", number_trim(status->replay_speed_x1000, 3).text);
}

/* How much of that time has passed, in per cent. */
static int share_of(int64_t from_ns, int64_t now_ns, int64_t to_ns)
{
    __int128 all = (__int128)to_ns - from_ns, done = (__int128)now_ns - from_ns;

    return done >= all ? 100 : done < 0 ? 0 : (int)(done * 100 / all);
}

static void draw_share(struct canvas *canvas, struct brush *pen, int share, int bar_cols)
{
    if (bar_cols > 0) {
        pen->col++;
        canvas_repeat(canvas, 1, pen->col, bar_cols, STYLE_FAINT, 0xb7);
        canvas_bar(canvas, 1, pen->col, bar_cols, style_role(ROLE_USE_BAR), (bar_cols * 2 * share + 50) / 100,
                   BAR_RIGHT);
        pen->col += bar_cols;
    }
    brush_printf(pen, STYLE_TEXT, " %d %%", share);
}

/*
 * "23:54:19 of 23:54:13..23:59:59", bar and share; how far a recording goes is known once it has been read through. On the way
 * to a time that was asked for: how far that is.
 */
static void replay_progress(struct canvas *canvas, struct brush *pen, const struct view_status *status,
                            int bar_cols)
{
    struct number_text now = replay_clock(status, status->now_ns);

    brush_text(pen, style_bold(STYLE_BRIGHT), now.text);
    if (replay_seeks(status)) {
        brush_text(pen, style_bold(STYLE_WARNING), " reading to ");
        brush_text(pen, STYLE_TEXT, replay_clock(status, status->replay_seek_ns).text);
        draw_share(canvas, pen, share_of(status->replay_seek_from_ns, status->now_ns, status->replay_seek_ns),
                   bar_cols);
        return;
    }
    if (bar_cols == 0 && strlen(now.text) > CLOCK_COLS &&
        status->replay_last_ns != 0) { /* days have no room twice */
        draw_share(canvas, pen, share_of(status->replay_first_ns, status->now_ns, status->replay_last_ns), 0);
        return;
    }
    brush_printf(pen, STYLE_DIM, " of ");
    brush_printf(pen, STYLE_TEXT, "%s..", replay_clock(status, status->replay_first_ns).text);
    if (status->replay_last_ns == 0) {
        brush_text(pen, STYLE_DIM, "? end not read yet");
        return;
    }
    brush_text(pen, STYLE_TEXT, replay_clock(status, status->replay_last_ns).text);
    draw_share(canvas, pen, share_of(status->replay_first_ns, status->now_ns, status->replay_last_ns),
               bar_cols);
}

/* Progress and pace, the keys where there is room, and the book's truth, which no width takes away. */
static void replay_row(struct canvas *canvas, const struct ui *ui, const struct view_frame *frame,
                       const struct view_instrument *at)
{
    static const char *const hint[][2] = {{"Space", "hold"}, {".", "step"}, {"< >", "speed"}, {"B", "mark"}};
    const struct view_status *status = &frame->status;
    struct brush pen = brush_at(canvas, 1, 1);
    char pace[32], book[64];
    int book_col;

    book_text(frame, at, book, sizeof(book));
    book_col = ui->cols - 1 - (int)safe_text_columns(book);
    replay_progress(canvas, &pen, status,
                    ui->cols >= 160   ? 48
                    : ui->cols >= 100 ? 14
                    : ui->cols >= 76  ? 6
                                      : 0);
    replay_pace(status, pace, sizeof(pace));
    pen.col += pace[0] != '\0';
    brush_text(&pen, style_bold(STYLE_BRIGHT), pace);
    pen.col += 2;
    for (int i = ui_killed(ui) ? 1 : 0; i < 4 && !status->replay_ended; i++) { /* KILLED: Space is refused */
        const char *label = i == 0 ? ui_pause_word(ui) : hint[i][1];
        char key[UI_CHIP_SIZE];

        if (pen.col + (int)safe_text_columns(ui_chip(ui, hint[i][0], key)) + (int)safe_text_columns(label) +
                3 >
            book_col - 6)
            break;
        pen.col = hint_draw(canvas, 1, pen.col, key, label) + 1;
    }
    if (book_col - 5 > pen.col)
        canvas_text(canvas, 1, book_col - 5, STYLE_DIM, "book");
    canvas_text(canvas, 1, book_col, book_style(at), book);
}

void truth_row_draw(struct canvas *canvas, const struct ui *ui, const struct view_instrument *at)
{
    const struct view_frame *frame = ui->frame;
    struct pieces row = {0};
    char sick[VIEW_TEXT_MAX + 16];
    bool narrow = !ui->layout.framed, broken = sick_part(ui, at, narrow, sick, sizeof(sick));
    int cols, left = 78;

    if (frame->status.replay && !broken) {
        replay_row(canvas, ui, frame, at);
        return;
    }
    add_book(&row, frame, at, ui->layout.roomy, broken && !ui->layout.roomy);
    if (ui->layout.roomy)
        add_wide_truth(&row, frame);
    if (!narrow && broken &&
        (int)safe_text_columns(sick) + 2 > left) /* why it is so matters more than how deep it is known */
        left = (int)safe_text_columns(sick) + 2;
    pieces_shrink(&row, ui->cols - (narrow ? 12 : left));
    cols = pieces_cols(&row);
    if (narrow) {
        int end = ui->cols - 10, least = 2 * SCREEN_SYSTEM + (int)strlen(ui_screen_brief(ui->screen));

        pieces_draw(canvas, 1, &row, cols);
        if (broken) {
            canvas_text_cut(canvas, 1, cols + 1, ui->cols - cols - 12, style_bold(STYLE_WARNING), sick);
        } else if (end - least > cols) {
            narrow_tabs_draw(canvas, ui->screen, cols < BOOK_COLS ? BOOK_COLS : cols + 1, end);
        }
        canvas_printf_right(canvas, 1, ui->cols - 1, STYLE_TEXT, "%sZ",
                            number_clock(frame->status.now_ns).text);
        return;
    }
    if (broken)
        canvas_text_cut(canvas, 1, 0, ui->cols - cols - 2, style_bold(STYLE_WARNING), sick);
    else
        tabs_draw(canvas, ui->screen, ui->cols - cols);
    row.piece[0].gap = (uint8_t)0;
    {
        struct canvas right = canvas_region(canvas, 1, ui->cols - cols, 1, cols);

        pieces_draw(&right, 0, &row, cols - 1);
    }
}
