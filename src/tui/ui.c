/*
 * The screen as a state machine: what a frame, a key, a size and the time change. The nouns live in ui_*.c; here
 * they are called in order.
 */
#include "tui/panels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ui *ui_new(const struct ui_config *config, const struct ui_host *host)
{
    struct ui *ui = calloc(1, sizeof(*ui));

    if (ui == NULL)
        return NULL;
    ui->frozen_frame = calloc(1, sizeof(*ui->frozen_frame));
    ui->trail = calloc(1, sizeof(*ui->trail));
    if (ui->frozen_frame == NULL || ui->trail == NULL) {
        ui_free(ui);
        return NULL;
    }
    ui->config = *config;
    ui->host = *host;
    if (config->keys != NULL)
        ui->keys = *config->keys;
    else
        keymap_init(&ui->keys, KEYBOARD_US);
    ui->config.keys = &ui->keys;
    ui->size_preset = 2;
    ui->size_e8 = config->size_presets_e8[ui->size_preset];
    ui->second_id = 1;
    text_print(ui->theme, sizeof(ui->theme), "%s", config->theme != NULL ? config->theme : "dark");
    layouts_init(ui, config->layouts, config->layout);
    if (config->bookmarks != NULL)
        ui->bookmarks = *config->bookmarks;
    ui->config.bookmarks = NULL;
    ui->screen = config->screen != 0 ? config->screen : SCREEN_TRADE;
    ui->changed = true;
    return ui;
}

void ui_free(struct ui *ui)
{
    if (ui == NULL)
        return;
    free(ui->frozen_frame);
    free(ui->trail);
    free(ui);
}

/* Columns of the widest price that may be shown. */
static int price_cols(const struct ui *ui)
{
    const struct view_ladder *ladder;
    int64_t top;

    if (ui->frame == NULL)
        return 8;
    ladder = &ui->frame->ladder;
    top = ladder->rows > 0 ? ladder->row[0].price_ticks : ladder->best[SIDE_ASK].price_ticks;
    return (int)strlen(number_price(ui_scale(ui), top).text);
}

void ui_relayout(struct ui *ui)
{
    layout_compute(&ui->layout, ui->cols, ui->rows, ui->price_cols, ui->zoom,
                   ui->hidden | (ui->one_instrument ? LAYOUT_HIDES_SECOND : 0));
}

/* Under 60x15 a field, a form and a question cannot be read: what is typed there must not go into them, K least of all. */
static void close_what_is_open(struct ui *ui)
{
    bool open = ui->overlay != OVERLAY_NONE || ui->moving;

    if (ui->overlay == OVERLAY_CHOOSE)
        choose_leave(ui);
    question_close(ui, NULL);
    ui->overlay = OVERLAY_NONE;
    ui->moving = false;
    if (open)
        ui_say(ui, 1, "", "too small: what was open is closed, nothing was sent");
}

void ui_resize(struct ui *ui, int cols, int rows, int64_t now_ns)
{
    bool was_small;

    ui->now_ns = now_ns;
    if (cols == ui->cols && rows == ui->rows)
        return;
    if (ui->cols != 0) /* not the first size */
        arm_off(ui, "the terminal's size changed");
    ui->cols = cols;
    ui->rows = rows;
    was_small = ui->layout.small;
    ui_relayout(ui);
    if (was_small && !ui->layout.small)
        ui->say.until_ns = 0; /* what was too small */
    if (!was_small && ui->layout.small)
        close_what_is_open(ui);
    ui->ladder.top_ticks = 0;
    list_keep_in_sight(ui);
    ui->changed = true;
    ui_view_request(ui);
}

/* A picture of an instrument that was not shown before. */
static void instrument_on_frame(struct ui *ui)
{
    uint16_t shown = ui->frame->status.shown;

    if (ui->instrument_known && shown == ui->instrument_id)
        return;
    if (ui->instrument_known && ui->view_was_sent && ui->view_sent.instrument_id == ui->instrument_id)
        return; /* we asked for another one, and it has not come yet */
    ui->instrument_id = shown;
    if (ui->second_id == shown)
        ui->second_id = shown == 0 ? 1 : 0;
    ladder_new_instrument(ui);
    ui->instrument_known = true;
}

void ui_frame(struct ui *ui, const struct view_frame *frame, int64_t now_ns)
{
    bool first = ui->frame == NULL;
    int cols;
    bool one = frame->status.instruments < 2;

    ui->now_ns = now_ns;
    ui->frame = frame;
    ui->frame_came_ns = now_ns;
    instrument_on_frame(ui);
    if (first)
        mode_on_first_frame(ui);
    cols = price_cols(ui);
    if (cols != ui->price_cols || one != ui->one_instrument) {
        ui->price_cols = cols;
        ui->one_instrument = one;
        ui_relayout(ui);
    }
    layouts_on_frame(ui);
    list_on_frame(ui);
    ladder_on_frame(ui);
    chart_on_frame(ui);
    mode_on_frame(ui);
    alert_on_frame(ui);
    ui_answers(ui);
    strategies_on_frame(ui);
    limit_on_frame(ui);
    flatten_on_frame(ui);
    replay_on_frame(ui);
    script_on_frame(ui);
    story_on_frame(ui);
    if (ui->overlay == OVERLAY_QUESTION)
        question_refresh(ui);
    if (ui->overlay == OVERLAY_TICKET)
        ticket_check(ui);
    ui_view_request(ui);
    ui_preview(ui, true);
    journal_ask(ui);
    ui->changed = true;
}

bool ui_silent(const struct ui *ui)
{
    return ui->config.attached && ui->frame != NULL && ui->now_ns - ui->frame_came_ns >= UI_SILENT_NS;
}

bool ui_tick(struct ui *ui, int64_t now_ns)
{
    bool changed = ui->changed;

    ui->now_ns = now_ns;
    ui->changed = false;
    if (ui->say.until_ns != 0 && now_ns >= ui->say.until_ns) {
        ui->say.until_ns = 0;
        changed = true;
    }
    changed |= ui_hear_tick(ui);
    if (ui->bell_is_seen && ui->bell_ns != 0 && now_ns - ui->bell_ns >= UI_FLASH_NS &&
        now_ns - ui->bell_ns < 2 * UI_FLASH_NS)
        changed = true;
    changed |= question_tick(ui);
    changed |= mode_tick(ui);
    if (ladder_tick(ui)) {
        ui_view_request(ui);
        changed = true;
    }
    return changed || ui->changed || ui_silent(ui);
}

void ui_frame_left(struct ui *ui, int64_t now_ns)
{
    if (ui->overlay == OVERLAY_QUESTION && ui->question.drawn && ui->question.left_ns == 0)
        ui->question.left_ns = now_ns;
    if (ui->overlay == OVERLAY_TICKET && ui->ticket.drawn && ui->ticket.left_ns == 0)
        ui->ticket.left_ns = now_ns;
}

static void draw_overlay(struct canvas *canvas, const struct ui *ui)
{
    switch (ui->overlay) {
    case OVERLAY_NONE:
        break;
    case OVERLAY_QUESTION:
        question_panel_draw(canvas, ui);
        break;
    case OVERLAY_TEXT:
        if (ui->text.kind == TEXT_HELP)
            help_panel_draw(canvas, ui);
        if (ui->text.under == OVERLAY_SETTINGS)
            settings_panel_draw(canvas, ui);
        text_panel_draw(canvas, ui);
        break;
    case OVERLAY_TICKET:
        ticket_panel_draw(canvas, ui);
        break;
    case OVERLAY_HELP:
        help_panel_draw(canvas, ui);
        break;
    case OVERLAY_DETAIL:
        detail_panel_draw(canvas, ui);
        break;
    case OVERLAY_STORY:
        story_panel_draw(canvas, ui);
        break;
    case OVERLAY_SETTINGS:
        settings_panel_draw(canvas, ui);
        break;
    case OVERLAY_CHOOSE:
        choose_panel_draw(canvas, ui);
        break;
    }
}

void ui_draw(struct ui *ui, struct canvas *canvas, int64_t now_ns)
{
    ui->now_ns = now_ns;
    canvas_clear(canvas);
    if (canvas->cols != ui->cols || canvas->rows != ui->rows)
        ui_resize(ui, canvas->cols, canvas->rows, now_ns);
    if (ui->layout.small && ui->frame != NULL && lock_hides(ui)) {
        lock_panel_draw(canvas, ui);
    } else if (ui->layout.small || ui->frame == NULL) {
        small_panel_draw(canvas, ui);
    } else {
        if (lock_hides(ui))
            lock_panel_draw(canvas, ui);
        else
            ui_screen_of(ui->screen)->draw(canvas, ui);
        next_panel_draw(canvas, ui);
        hint_panel_draw(canvas, ui);
        draw_overlay(canvas, ui);
    }
    ui->question.drawn = ui->overlay == OVERLAY_QUESTION;
    ui->ticket.drawn = ui->overlay == OVERLAY_TICKET;
    ui->changed = false;
}

void ui_tell(struct ui *ui, uint8_t level, const char *head, const char *text, int64_t now_ns)
{
    ui->now_ns = now_ns;
    ui_say(ui, level, head, "%s", text);
    ui_note(ui, level, "%s  %s", head, text);
}

static const char *mode_short(enum trading_mode mode)
{
    return mode == MODE_OBSERVATION ? "OBS" : mode == MODE_SIMULATION ? "SIM" : "LIVE";
}

static const char *position_word(const struct view_instrument *at)
{
    return at->position_lots > 0 ? "LONG" : at->position_lots < 0 ? "SHORT" : "FLAT";
}

/* Without a book that is LIVE its state takes the first place, and no price stands there that may be an old one. */
const char *ui_title(const struct ui *ui, char *out, size_t out_size)
{
    const struct view_instrument *at = ui_instrument(ui);
    const char *first;

    if (at == NULL || lock_hides(ui)) {
        text_print(out, out_size, at == NULL ? "flowdeck" : "flowdeck locked");
        return out;
    }
    first =
        at->book_state == BOOK_LIVE ? mode_short(ui->frame->status.mode) : book_state_word(at->book_state);
    if (ui_killed(ui))
        text_print(out, out_size, "KILLED %s", at->symbol);
    else if (ui->frame->status.mode != MODE_OBSERVATION)
        text_print(out, out_size, "%s %s %s %s", first, at->symbol, position_word(at),
                   number_money(ui->frame->position.day_net_e8, true).text);
    else if (at->book_state == BOOK_LIVE)
        text_print(out, out_size, "%s %s %s", first, at->symbol,
                   number_price(&at->scale, at->last_ticks).text);
    else
        text_print(out, out_size, "%s %s", first, at->symbol);
    return out;
}
