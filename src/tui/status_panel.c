/*
 * Row 0: mode, state, one-key, instrument, last, position, net, clock. Row 1 is in truth_row.c.
 * Each row is a list of pieces (status_pieces.h) that shrinks with the terminal.
 */
#include "tui/glyphs.h"
#include "tui/panels.h"
#include "tui/status_pieces.h"

#include <string.h>

/* What gives way on row 0 after clock, venue and ranges; the greatest first. */
enum { RANK_MODE = 1, RANK_NET_LABEL, RANK_ONE_KEY, RANK_DEMO, RANK_SYMBOL = RANK_DEMO, RANK_DESK };
#define TIGHT_COLS  74 /* below this words of row 0 are abbreviated */
#define LAST_COLS   8  /* of 61842.18 */
#define SYMBOL_COLS 14 /* longer names are shortened where there is no room */

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

bool status_is_demo(const struct view_status *status)
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
    if (status->replay)
        pieces_add(row, 1, 0, style_bold(style_role(ROLE_BADGE_REPLAY)), " REPLAY ");
    if (status_is_demo(status)) {
        mode = pieces_add(row, 1, 0, style_bold(style_role(ROLE_BADGE_REPLAY)), " DEMO MARKET, NOT REAL ");
        piece_give_brief(mode, RANK_DEMO, status->replay ? " DEMO " : " DEMO, NOT REAL ");
        piece_give_least(mode, " DEMO ");
    }
}

/* In a replay the clock's own state stands with the trading state: ► x20, ║ held. */
static void add_state(struct pieces *row, const struct view_status *status, bool wide)
{
    char text[64], speed[16] = "max";
    int gap = status->mode == MODE_OBSERVATION || status_is_demo(status) || wide ? 2 : 1;

    if (status->replay_speed_x1000 > 0 && !replay_seeks(status))
        text_print(speed, sizeof(speed), "x%s", number_trim(status->replay_speed_x1000, 3).text);
    if (status->replay && status->state == STATE_ACTIVE &&
        (!status_is_demo(status) || status->replay_ended)) {
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

/* Whose engine, and who is in control, where there is more than one screen to think of. */
static void add_desk(struct pieces *row, const struct ui *ui, const struct view_desk *desk)
{
    bool nobody = desk->controller[0] == '\0';
    const char *who = nobody ? "nobody" : desk->watching ? desk->controller : "you";
    const char *does = nobody ? "in control" : desk->watching ? "controls" : "control";
    struct style style = style_role(desk->watching ? ROLE_BADGE_ARMED : ROLE_BADGE_REPLAY);
    char text[64], brief[32];
    struct piece *piece;

    if (!ui->config.attached && desk->screens < 2 && !desk->watching)
        return;
    if (ui_silent(ui)) {
        text_print(text, sizeof(text), " ATTACHED, SILENT %lld s ",
                   (long long)((ui->now_ns - ui->frame_came_ns) / UI_SECOND_NS));
        pieces_add(row, 1, 0, style_bold(style_role(ROLE_BADGE_KILLED)), text);
        return;
    }
    if (ui->config.attached)
        text_print(text, sizeof(text), " ATTACHED, %s %s ", who, does);
    else
        text_print(text, sizeof(text), " %d SCREEN%s, %s %s ", desk->screens, desk->screens == 1 ? "" : "S",
                   who, does);
    text_print(brief, sizeof(brief), " %s:%s ", ui->config.attached ? "ATTACHED" : "CONTROL", who);
    piece = pieces_add(row, 1, 0, style_bold(style), text);
    piece_give_brief(piece, RANK_DESK, brief);
    piece_give_least(piece, ui->config.attached ? " ATT " : " CTL ");
}

static void add_one_key(struct pieces *row, const struct ui *ui, const struct view_status *status, int gap)
{
    char text[32];

    if (status->mode == MODE_OBSERVATION) {
        pieces_add(row, gap, 5, STYLE_DIM, "no order leaves");
    } else if (ui->config.readonly) {
        pieces_add(row, gap, ui->config.attached ? RANK_ONE_KEY : 0, STYLE_DIM, "read only");
    } else if (ui->frame->desk.watching) { /* order keys do not work: the desk says whose do */
        return;
    } else if (ui->armed) {
        int64_t left_s = (UI_ARM_NS - (ui->now_ns - ui->armed_ns)) / UI_SECOND_NS;

        text_print(text, sizeof(text), "ARMED %llds", (long long)(left_s > 0 ? left_s : 0));
        pieces_add(row, gap, 0, style_bold(style_role(ROLE_BADGE_ARMED)), text);
    } else {
        pieces_add(row, gap, RANK_ONE_KEY, STYLE_DIM, ui->cols < TIGHT_COLS ? "off" : "one-key off");
    }
}

/* A long name gives way before anything else that must stand here: its beginning and its end tell it from others. */
static void add_symbol(struct pieces *row, int gap, struct style style, const char *symbol)
{
    struct piece *piece = pieces_add(row, gap, 0, style, symbol);
    size_t size = strlen(symbol);
    char brief[24];

    if (size <= SYMBOL_COLS)
        return;
    text_print(brief, sizeof(brief), "%.7s" GLYPH_ELLIPSIS "%s", symbol, symbol + size - 6);
    piece_give_brief(piece, RANK_SYMBOL, brief);
}

static const char *direction_glyph(int32_t direction)
{
    return direction > 0 ? GLYPH_UP_TRIANGLE : direction < 0 ? GLYPH_DOWN_TRIANGLE : " ";
}

static struct piece *add_last(struct pieces *row, const struct view_instrument *at, int gap,
                              const char *blank)
{
    char text[64];

    if (at->last_ticks == VIEW_NONE) /* as wide as most are: nothing moves when it comes */
        text_print(text, sizeof(text), "%*s%s ", LAST_COLS, "-", blank);
    else
        text_print(text, sizeof(text), "%s%s%s", number_price(&at->scale, at->last_ticks).text, blank,
                   direction_glyph(at->last_direction));
    return pieces_add(row, gap, 0, style_bold(STYLE_BRIGHT), text);
}

static struct piece *add_position(struct pieces *row, const struct view_instrument *at, int gap, bool full)
{
    int64_t lots = at->position_lots;
    struct number_text size;
    struct piece *piece;
    char least[24];

    if (lots == 0)
        return pieces_add(row, gap, 0, STYLE_DIM, "FLAT");
    size = full ? number_qty_full(&at->scale, lots < 0 ? -lots : lots)
                : number_qty_short(&at->scale, lots < 0 ? -lots : lots);
    piece =
        pieces_add_labelled(row, gap, 0, lots > 0 ? "LONG " : "SHORT ", style_bold(STYLE_BRIGHT), size.text);
    text_print(least, sizeof(least), "%c%.22s", lots > 0 ? 'L' : 'S', size.text);
    piece_give_least(piece, least);
    return piece;
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
    bool narrow = !ui->layout.framed, replay = status->replay, demo = status_is_demo(status),
         tight = narrow || replay;

    add_badges(row, status, ui->cols < TIGHT_COLS);
    add_desk(row, ui, &frame->desk);
    add_state(row, status, false);
    add_one_key(row, ui, status, 2);
    add_symbol(row, tight ? 2 : 3, style_bold(STYLE_BRIGHT), at->symbol);
    if (replay && !demo)
        pieces_add(row, 1, 8, STYLE_DIM, status->replay_name);
    else if (!tight && !demo) /* the market of a demo is nobody's */
        pieces_add(row, 1, 8, STYLE_DIM, venue_label(at->venue));
    if (status->mode == MODE_OBSERVATION && at->position_lots == 0 && frame->position.day_net_e8 == 0) {
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
    add_desk(row, ui, &frame->desk);
    add_state(row, status, true);
    add_one_key(row, ui, status, 3);
    add_symbol(row, 5, style_bold(STYLE_BRIGHT), at->symbol);
    if (status->replay || !status_is_demo(status))
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
    if (status->mode != MODE_OBSERVATION || at->position_lots != 0 || frame->position.day_net_e8 != 0) {
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
    add_desk(row, ui, &frame->desk);
    if (status->killing) {
        text_print(text, sizeof(text), GLYPH_STOPPED " KILLING%s",
                   status->kill_ns == VIEW_NONE
                       ? ""
                       : text_print((char[40]){0}, 40, "  %s s",
                                    number_fixed(status->now_ns - status->kill_ns, 9, 2, false).text));
        pieces_add(row, 1, 0, STYLE_TEXT, text);
        if (roomy)
            pieces_add(row, 2, 3, STYLE_TEXT, "no new order can leave");
    } else {
        pieces_add(row, 1, 0, STYLE_TEXT, GLYPH_STOPPED " KILLED");
        text_print(text, sizeof(text), "%s%s%s",
                   status->kill_ns == VIEW_NONE ? "" : number_clock(status->kill_ns).text,
                   status->kill_ns == VIEW_NONE ? "" : " ", status->state_why);
        pieces_add(row, 2, 2, STYLE_TEXT, text);
        if (status->kill_quiet_ns != VIEW_NONE) {
            text_print(text, sizeof(text), "quiet after %s s",
                       number_fixed(status->kill_quiet_ns - status->kill_ns, 9, 1, false).text);
            pieces_add(row, 2, 4, STYLE_TEXT, text);
        }
    }
    add_symbol(row, status->killing ? 4 : 3, STYLE_TEXT, at->symbol);
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

static const char *awaited(const struct view_status *status)
{
    if (status->replay)
        return status->replay_ended ? "it names no instrument" : "reading the recording";
    if (!status->live)
        return "waiting for the engine";
    return status->demo && status->feed_unreached ? "opens in a moment"
                                                  : "waiting for the venue's instruments";
}

/* "days.jsonl.gz, 14 bad lines: the log names them". */
static void waiting_replay(const struct view_status *status, char *out, size_t size)
{
    const char *plural = status->bad_lines == 1 ? "" : "s";

    text_print(out, size, "%s", status->replay_name);
    if (status->bad_lines > 0)
        text_print(out, size, "%s, %llu bad line%s: the log tells why", status->replay_name,
                   (unsigned long long)status->bad_lines, plural);
}

/* Before the first instrument: mode and state stand where they always do. */
static void waiting_draw(struct canvas *canvas, const struct ui *ui, const struct view_status *status)
{
    struct pieces row = {0};
    char text[128];

    add_badges(&row, status, ui->cols < TIGHT_COLS);
    add_desk(&row, ui, &ui->frame->desk);
    add_state(&row, status, false);
    pieces_add(&row, 2, RANK_ONE_KEY, style_bold(STYLE_WARNING), awaited(status));
    pieces_draw(canvas, 0, &row, canvas->cols - 1);
    if (status->replay)
        waiting_replay(status, text, sizeof(text));
    canvas_text_cut(canvas, 1, 1, canvas->cols - 1, style_bold(STYLE_WARNING),
                    status->replay      ? text
                    : ui->layout.framed ? status->feed_why
                                        : status->feed_brief);
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
    else if (ui->layout.roomy)
        row_0_wide(&row, ui, frame, at);
    else
        row_0_normal(&row, ui, frame, at);
    pieces_draw(canvas, 0, &row, canvas->cols - 1);
    truth_row_draw(canvas, ui, at);
}
