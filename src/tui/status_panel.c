/*
 * Rows 0 and 1: mode, state, one-key, instrument, last, position, net, clock; then screens and the book's truth.
 * Each row is a list of pieces (status_pieces.h) that shrinks with the terminal.
 */
#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "tui/glyphs.h"
#include "tui/panels.h"
#include "tui/status_pieces.h"

#include <string.h>

/* What gives way on row 0 after clock, venue and ranges; the greatest first. */
enum { RANK_MODE = 1, RANK_NET_LABEL, RANK_ONE_KEY, RANK_DEMO };
#define TIGHT_COLS 74 /* below this words of row 0 are abbreviated */

static enum role mode_role(enum trading_mode mode)
{
    switch (mode) {
    case MODE_OBSERVATION:
        return ROLE_BADGE_OBSERVATION;
    case MODE_SIMULATION:
        return ROLE_BADGE_SIMULATION;
    case MODE_LIVE:
        return ROLE_BADGE_LIVE;
    }
    return ROLE_BADGE_LIVE;
}

static struct style state_style(enum trading_state state)
{
    switch (state) {
    case STATE_ACTIVE:
        return style_bold(STYLE_GOOD);
    case STATE_PAUSED:
    case STATE_REDUCING:
        return style_bold(STYLE_WARNING);
    case STATE_HALTED:
    case STATE_KILLED:
        return style_bold(style_role(ROLE_BAD));
    }
    return STYLE_TEXT;
}

static const char *state_glyph(enum trading_state state)
{
    switch (state) {
    case STATE_ACTIVE:
        return GLYPH_DOT_ON;
    case STATE_PAUSED:
        return GLYPH_PAUSED;
    case STATE_REDUCING:
        return GLYPH_DOWN_TRIANGLE;
    case STATE_HALTED:
    case STATE_KILLED:
        return GLYPH_STOPPED;
    }
    return GLYPH_STOPPED;
}

static bool is_demo(const struct view_status *status)
{
    return status->demo || (status->replay && strncmp(status->replay_name, "demo", 4) == 0);
}

static void add_badges(struct pieces *row, const struct view_status *status, bool tight)
{
    static const char *const brief[] = {"OBS", "SIM", "LIVE"};
    struct piece *mode;
    char text[48];

    text_print(text, sizeof(text), " %s ", tight ? brief[status->mode % 3] : trading_mode_word(status->mode));
    mode = pieces_add(row, 0, 0, style_bold(style_role(mode_role(status->mode))), text);
    text_print(text, sizeof(text), " %s ", brief[status->mode % 3]);
    piece_give_brief(mode, RANK_MODE, text);
    if (is_demo(status))
        piece_give_brief(
            pieces_add(row, 1, 0, style_bold(style_role(ROLE_BADGE_REPLAY)), " DEMO MARKET, NOT REAL "),
            RANK_DEMO, " DEMO, NOT REAL ");
    else if (status->replay)
        pieces_add(row, 1, 0, style_bold(style_role(ROLE_BADGE_REPLAY)), " REPLAY ");
}

/* In a replay the clock's own state stands with the trading state: ► x20, ║ held. */
static void add_state(struct pieces *row, const struct view_status *status, bool wide)
{
    char text[64], speed[16] = "max";
    int gap = status->mode == MODE_OBSERVATION || is_demo(status) || wide ? 2 : 1;

    if (status->replay_speed_x1000 > 0)
        text_print(speed, sizeof(speed), "x%s", number_trim(status->replay_speed_x1000, 3).text);
    if (status->replay && status->state == STATE_ACTIVE && (!is_demo(status) || status->replay_ended)) {
        if (status->replay_ended)
            text_print(text, sizeof(text), GLYPH_STOPPED " ended");
        else
            text_print(text, sizeof(text), "%s %s",
                       status->replay_held ? GLYPH_PAUSED " held" : GLYPH_RIGHT_TRIANGLE, speed);
    } else {
        text_print(text, sizeof(text), "%s %s", state_glyph(status->state),
                   trading_state_word(status->state));
    }
    pieces_add(row, gap, 0, state_style(status->state), text);
}

static void add_one_key(struct pieces *row, const struct ui *ui, const struct view_status *status, int gap)
{
    char text[32];

    if (status->mode == MODE_OBSERVATION) {
        pieces_add(row, gap, 5, STYLE_DIM, "no order leaves");
    } else if (ui->config.readonly) {
        pieces_add(row, gap, 0, STYLE_DIM, "read only");
    } else if (ui->armed) {
        int64_t left_s = (UI_ARM_NS - (ui->now_ns - ui->armed_ns)) / UI_SECOND_NS;

        text_print(text, sizeof(text), "ARMED %llds", (long long)(left_s > 0 ? left_s : 0));
        pieces_add(row, gap, 0, style_bold(style_role(ROLE_BADGE_ARMED)), text);
    } else {
        pieces_add(row, gap, RANK_ONE_KEY, STYLE_DIM, ui->cols < TIGHT_COLS ? "off" : "one-key off");
    }
}

static const char *direction_glyph(int32_t direction)
{
    return direction > 0 ? GLYPH_UP_TRIANGLE : direction < 0 ? GLYPH_DOWN_TRIANGLE : " ";
}

static struct piece *add_last(struct pieces *row, const struct view_instrument *at, int gap,
                              const char *blank)
{
    char text[64];

    text_print(text, sizeof(text), "%s%s%s", number_price(&at->scale, at->last_ticks).text, blank,
               direction_glyph(at->last_direction));
    return pieces_add(row, gap, 0, style_bold(STYLE_BRIGHT), text);
}

static struct piece *add_position(struct pieces *row, const struct view_instrument *at, int gap, bool full)
{
    int64_t lots = at->position_lots;
    struct number_text size;

    if (lots == 0)
        return pieces_add(row, gap, 0, STYLE_DIM, "FLAT");
    size = full ? number_qty_full(&at->scale, lots < 0 ? -lots : lots)
                : number_qty_short(&at->scale, lots < 0 ? -lots : lots);
    return pieces_add_labelled(row, gap, 0, lots > 0 ? "LONG " : "SHORT ", style_bold(STYLE_BRIGHT),
                               size.text);
}

static void add_net(struct pieces *row, const struct view_frame *frame, int gap, const char *label)
{
    struct number_text net = number_money(frame->position.day_net_e8, true);

    piece_give_brief(pieces_add_labelled(row, gap, 0, label,
                                         style_bold(style_money(frame->position.day_net_e8)), net.text),
                     RANK_NET_LABEL, net.text);
}

static void add_clock(struct pieces *row, const struct view_status *status, int gap, bool stretch, bool zulu)
{
    struct piece *piece;
    char text[24];

    text_print(text, sizeof(text), "%s%s", number_clock(status->now_ns).text, zulu ? "Z" : "");
    piece = pieces_add(row, gap, 6, STYLE_TEXT, text);
    piece->stretch = stretch;
    if (!zulu)
        pieces_add(row, 1, 7, STYLE_DIM, "UTC");
}

static void row_0_normal(struct pieces *row, const struct ui *ui, const struct view_frame *frame,
                         const struct view_instrument *at)
{
    const struct view_status *status = &frame->status;
    bool narrow = !ui->layout.framed, replay = status->replay, demo = is_demo(status),
         tight = narrow || replay;

    add_badges(row, status, ui->cols < TIGHT_COLS);
    add_state(row, status, false);
    add_one_key(row, ui, status, 2);
    pieces_add(row, tight ? 2 : 3, 0, style_bold(STYLE_BRIGHT), at->symbol);
    if (replay && !demo)
        pieces_add(row, 1, 8, STYLE_DIM, status->replay_name);
    else if (!tight && !demo) /* the market of a demo is nobody's */
        pieces_add(row, 1, 8, STYLE_DIM, venue_label(at->venue));
    if (status->mode == MODE_OBSERVATION) {
        add_last(row, at, narrow ? 1 : 3, narrow ? "" : " ");
        if (!narrow)
            add_clock(row, status, 2, true, false);
        return;
    }
    add_last(row, at, tight ? 1 : 4, narrow ? "" : " ")->stretch = !tight;
    add_position(row, at, 5, !tight)->stretch = tight;
    add_net(row, frame, tight && !demo ? 2 : 3, ui->cols < TIGHT_COLS ? "" : "net ");
    if (!narrow)
        add_clock(row, status, demo ? 6 : replay ? 5 : 7, false, false);
}

static void row_0_wide(struct pieces *row, const struct ui *ui, const struct view_frame *frame,
                       const struct view_instrument *at)
{
    const struct view_status *status = &frame->status;
    const struct view_flow *flow = &frame->flow;
    char text[80];

    add_badges(row, status, ui->cols < TIGHT_COLS);
    add_state(row, status, true);
    add_one_key(row, ui, status, 3);
    pieces_add(row, 5, 0, style_bold(STYLE_BRIGHT), at->symbol);
    if (status->replay || !is_demo(status))
        pieces_add(row, 1, 8, STYLE_DIM, status->replay ? status->replay_name : venue_label(at->venue));
    add_last(row, at, 3, " ");
    if (flow->range_low_ticks != VIEW_NONE && flow->range_low_ticks != 0) {
        text_print(text, sizeof(text), "%s-%s", number_price_whole(&at->scale, flow->range_low_ticks).text,
                   number_price_whole(&at->scale, flow->range_high_ticks).text);
        pieces_add_labelled(row, 3, 9, "60s ", STYLE_TEXT, text);
    }
    if (flow->volatility_bp_x10 != VIEW_NONE && at->last_ticks != VIEW_NONE) {
        text_print(text, sizeof(text), "%s bp", number_fixed(flow->volatility_bp_x10, 1, 1, false).text);
        pieces_add_labelled(row, 3, 10, "vol 1m ", STYLE_TEXT, text);
    }
    if (status->mode != MODE_OBSERVATION) {
        add_position(row, at, 8, true);
        pieces_add_labelled(row, 3, 7, "open ", style_money(frame->position.open_e8),
                            number_money(frame->position.open_e8, true).text);
        add_net(row, frame, 3, "DAY NET ");
        pieces_add_labelled(row, 3, 9, "loss room ", STYLE_TEXT,
                            number_money(frame->risk.loss_room_e8, false).text);
    }
    add_clock(row, status, 3, true, false);
}

/* The whole row white on red behind the mode's badge. */
static void row_0_killed(struct canvas *canvas, struct pieces *row, const struct ui *ui,
                         const struct view_frame *frame, const struct view_instrument *at)
{
    const struct view_status *status = &frame->status;
    char text[128];
    bool roomy = canvas->cols >= 100;

    add_badges(row, status, ui->cols < TIGHT_COLS);
    if (status->killing) {
        text_print(text, sizeof(text), GLYPH_STOPPED " KILLING  %s s",
                   number_fixed(status->now_ns - status->kill_ns, 9, 2, false).text);
        pieces_add(row, 1, 0, STYLE_TEXT, text);
        if (roomy)
            pieces_add(row, 2, 3, STYLE_TEXT, "no new order can leave");
    } else {
        pieces_add(row, 1, 0, STYLE_TEXT, GLYPH_STOPPED " KILLED");
        text_print(text, sizeof(text), "%s %s", number_clock(status->kill_ns).text, status->state_why);
        pieces_add(row, 2, 2, STYLE_TEXT, text);
        if (status->kill_quiet_ns != VIEW_NONE) {
            text_print(text, sizeof(text), "quiet after %s s",
                       number_fixed(status->kill_quiet_ns - status->kill_ns, 9, 1, false).text);
            pieces_add(row, 2, 4, STYLE_TEXT, text);
        }
    }
    pieces_add(row, status->killing ? 4 : 3, 0, STYLE_TEXT, at->symbol);
    add_last(row, at, 1, " ");
    add_position(row, at, 4, true)->stretch = true;
    add_net(row, frame, 2, roomy ? "net " : "");
    add_clock(row, status, status->killing ? 5 : 3, false, true);
    for (int i = 1; i < row->count; i++) {
        struct style killed = style_bold(style_role(ROLE_BADGE_KILLED));

        row->piece[i].style = row->piece[i].label_style = killed;
    }
    canvas_fill(canvas, 0, 0, 1, canvas->cols, style_bold(style_role(ROLE_BADGE_KILLED)));
}

/* --- row 1 ------------------------------------------------------------------------------------------------ */

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
            return at->book_age_ns / 1000000 > frame->risk.limit[i].limit;
    return false;
}

/* "LIVE 0.1s"; before there was a book there is no age. */
static void book_text(const struct view_frame *frame, const struct view_instrument *at, char *out, size_t size)
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
    pieces_add_labelled(row, 1, 0, "book ",
                        is_quiet(frame, at) ? style_bold(STYLE_WARNING) : book_style(at), text);
    if (brief)
        return;
    if (status->lag_ms == VIEW_NONE || at->book_state != BOOK_LIVE)
        text_print(text, sizeof(text), "-");
    else
        text_print(text, sizeof(text), "%lldms", (long long)status->lag_ms);
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

static void tabs_draw(struct canvas *canvas, int cols_max)
{
    static const char *const name[] = {"Trade", "Chart",   "Market",  "Strategy",
                                       "Risk",  "Results", "Journal", "System"};
    struct brush pen = brush_at(canvas, 1, 0);

    brush_text(&pen, style_bold(style_role(ROLE_TAB_ON)), " 1 Trade ");
    for (int i = 1; i < 8; i++) {
        if (pen.col + 4 + (int)strlen(name[i]) > cols_max)
            return;
        pen.col++;
        brush_printf(&pen, style_bold(style_role(ROLE_KEY_CHIP)), "%d", i + 1);
        brush_printf(&pen, style_role(ROLE_TAB), " %s ", name[i]);
    }
}

/* What is wrong stands where the screens stood, with its name. */
static bool sick_part(const struct view_status *status, bool brief, char *out, size_t size)
{
    if (status->storage_failed)
        text_print(out, size, " STORAGE  %s", status->storage_why);
    else if (status->feed_sick != 0)
        text_print(out, size, brief ? " %s" : " FEED  %s",
                   brief ? status->feed_brief : status->feed_why);
    else if (status->clock_offset_ms != VIEW_NONE &&
             (status->clock_offset_ms > 250 || status->clock_offset_ms < -250))
        text_print(out, size, " CLOCK  %+lld ms against the venue", (long long)status->clock_offset_ms);
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
    else if (status->replay_speed_x1000 == 0)
        text_print(out, size, "max");
    else
        text_print(out, size, "x%s", number_trim(status->replay_speed_x1000, 3).text);
}

/* Progress and pace, the keys where there is room, and the book's truth, which no width takes away. */
static void replay_row(struct canvas *canvas, const struct ui *ui, const struct view_frame *frame,
                       const struct view_instrument *at)
{
    static const char *const hint[][2] = {{"Space", "hold"}, {".", "step"}, {"< >", "speed"}, {"B", "mark"}};
    const struct view_status *status = &frame->status;
    struct brush pen = brush_at(canvas, 1, 1);
    int cols = ui->cols >= 160 ? 48 : ui->cols >= 100 ? 22 : ui->cols >= 72 ? ui->cols - 60 : 8;
    char pace[32], book[64];
    int book_col;

    book_text(frame, at, book, sizeof(book));
    book_col = ui->cols - 1 - (int)safe_text_columns(book);
    brush_text(&pen, STYLE_TEXT, number_clock(status->replay_first_ns).text);
    pen.col++;
    canvas_repeat(canvas, 1, pen.col, cols, STYLE_FAINT, 0xb7);
    canvas_bar(canvas, 1, pen.col, cols, style_role(ROLE_USE_BAR),
               (cols * 2 * status->replay_percent + 50) / 100, BAR_RIGHT);
    pen.col += cols + 1;
    brush_printf(&pen, STYLE_TEXT, "%s %d %%", number_clock(status->replay_last_ns).text,
                 status->replay_percent);
    replay_pace(status, pace, sizeof(pace));
    pen.col++;
    brush_text(&pen, style_bold(STYLE_BRIGHT), pace);
    pen.col += 2;
    for (int i = 0; i < 4 && !status->replay_ended; i++) {
        if (pen.col + (int)safe_text_columns(hint[i][0]) + (int)safe_text_columns(hint[i][1]) + 3 >
            book_col - 6)
            break;
        pen.col = hint_draw(canvas, 1, pen.col, hint[i][0], hint[i][1]) + 1;
    }
    if (book_col - 5 > pen.col)
        canvas_text(canvas, 1, book_col - 5, STYLE_DIM, "book");
    canvas_text(canvas, 1, book_col, book_style(at), book);
}

static void row_1(struct canvas *canvas, const struct ui *ui, const struct view_frame *frame,
                  const struct view_instrument *at)
{
    struct pieces row = {0};
    char sick[VIEW_TEXT_MAX + 16];
    bool narrow = !ui->layout.framed, broken = sick_part(&frame->status, narrow, sick, sizeof(sick));
    int cols;

    if (frame->status.replay && !broken) {
        replay_row(canvas, ui, frame, at);
        return;
    }
    add_book(&row, frame, at, ui->layout.wide, broken && !ui->layout.wide);
    if (ui->layout.wide)
        add_wide_truth(&row, frame);
    pieces_shrink(&row, ui->cols - (narrow ? 12 : 78));
    cols = pieces_cols(&row);
    if (narrow) {
        struct brush pen = brush_at(canvas, 1, ui->cols - 34);

        pieces_draw(canvas, 1, &row, cols);
        if (broken) {
            canvas_text_cut(canvas, 1, cols + 1, ui->cols - cols - 12, style_bold(STYLE_WARNING), sick);
        } else if (pen.col > cols + 1) {
            static const char *const tab[][2] = {{"1", "Trade "}, {"2", "Chart "}, {"5", "Risk ..8 "}};

            for (int i = 0; i < 3; i++) {
                brush_text(&pen, style_bold(style_role(ROLE_KEY_CHIP)), tab[i][0]);
                brush_text(&pen, style_role(ROLE_TAB), tab[i][1]);
            }
        }
        canvas_printf_right(canvas, 1, ui->cols - 1, STYLE_TEXT, "%sZ",
                            number_clock(frame->status.now_ns).text);
        return;
    }
    if (broken)
        canvas_text_cut(canvas, 1, 0, ui->cols - cols - 2, style_bold(STYLE_WARNING), sick);
    else
        tabs_draw(canvas, ui->cols - cols);
    row.piece[0].gap = (uint8_t)0;
    {
        struct canvas right = canvas_region(canvas, 1, ui->cols - cols, 1, cols);

        pieces_draw(&right, 0, &row, cols - 1);
    }
}

/* Before the first instrument: mode and state stand where they always do. */
static void waiting_draw(struct canvas *canvas, const struct ui *ui, const struct view_status *status)
{
    struct pieces row = {0};

    add_badges(&row, status, ui->cols < TIGHT_COLS);
    add_state(&row, status, false);
    pieces_add(&row, 2, RANK_ONE_KEY, style_bold(STYLE_WARNING),
               status->live ? "waiting for the venue's instruments" : "waiting for the engine");
    pieces_draw(canvas, 0, &row, canvas->cols - 1);
    canvas_text_cut(canvas, 1, 1, canvas->cols - 1, style_bold(STYLE_WARNING),
                    ui->layout.framed ? status->feed_why : status->feed_brief);
}

void status_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_frame *frame = ui->frame; /* never the frozen one */
    const struct view_instrument *at = ui_instrument(ui);
    struct pieces row = {0};

    if (frame == NULL) {
        canvas_text(canvas, 0, 0, style_bold(STYLE_WARNING), " waiting for the engine");
        return;
    }
    if (at == NULL) {
        waiting_draw(canvas, ui, &frame->status);
        return;
    }
    if (ui_killed(ui))
        row_0_killed(canvas, &row, ui, frame, at);
    else if (ui->layout.wide)
        row_0_wide(&row, ui, frame, at);
    else
        row_0_normal(&row, ui, frame, at);
    pieces_draw(canvas, 0, &row, canvas->cols - 1);
    row_1(canvas, ui, frame, at);
}
