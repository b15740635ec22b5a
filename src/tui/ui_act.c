/* What each action does: thin, the nouns do the work. */
#include "tui/screen_names.h"
#include "tui/ui_screens.h"
#include "tui/zoom.h"

static bool filtered(struct ui *ui)
{
    const char *filter = ui_filter(ui);

    return filter != NULL && filter[0] != '\0';
}

static void leave(struct ui *ui)
{
    if (ui->overlay == OVERLAY_HELP) {
        help_leave(ui);
    } else if (ui->overlay == OVERLAY_SETTINGS) {
        settings_leave(ui);
    } else if (ui->overlay == OVERLAY_DETAIL || ui->overlay == OVERLAY_STORY) {
        ui->overlay = OVERLAY_NONE;
    } else if (ui->moving) {
        ui->moving = false;
        ui_say(ui, 0, "", "dropped: the order stays where it was");
    } else if (ui->zoom == ZOOM_CHART) {
        zoom_set(ui, ZOOM_NONE);
    } else if (ui->screen != SCREEN_TRADE && !filtered(ui)) {
        ui_screen_show(ui, SCREEN_TRADE);
    } else if (ui->zoom != ZOOM_NONE) {
        zoom_set(ui, ZOOM_NONE);
    } else if (filtered(ui)) {
        ui_filter(ui)[0] = '\0';
        ui_say(ui, 0, "", "all rows again");
    } else if (ui->focus == FOCUS_LIST) {
        ui->focus = FOCUS_LADDER;
    } else if (ui->kill_report) {
        ui->kill_report = false;
        ui_say(ui, 0, "", "report closed; " KEY("K") " shows it again");
    } else if (ui_tutor_shown(ui)) {
        ui->tutor_hidden = true;
    } else if (ui->armed) {
        arm_off(ui, "by you");
    } else {
        ui_say(ui, 0, "",
               ui->config.attached ? "nothing to leave; " KEY("q") " detaches, the engine stays"
                                   : "nothing to leave; " KEY("q") " quits");
    }
}

static void interrupt(struct ui *ui)
{
    bool again = ui->quit_asked_ns != 0;

    ui->quit_asked_ns = ui->now_ns > 0 ? ui->now_ns : 1;
    if (again) {
        ui->quit_asked_ns = 0;
        quit_key(ui, true);
        return;
    }
    leave(ui);
    ui_say(ui, 2, "", "Ctrl-C again within 2 s %s", ui->config.attached ? "detaches" : "quits");
}

void ui_screen_show(struct ui *ui, enum screen_id screen)
{
    arm_off(ui, NULL);
    ui->moving = false;
    ui->overlay = OVERLAY_NONE;
    ui->screen = screen;
    ui->strategies.waiting[0] = '\0';
    if (ui->zoom != ZOOM_NONE)
        zoom_set(ui, ZOOM_NONE);
    ui->changed = true;
}

static void screen_key(struct ui *ui, enum key_action action)
{
    enum screen_id id = (enum screen_id)(action - ACT_SCREEN_1 + SCREEN_TRADE);

    ui->moving = false;
    if (id == ui->screen) {
        ui_say(ui, 0, "", "this is screen %d %s", (int)id, ui_screen_name(id));
        return;
    }
    arm_off(ui, NULL);
    ui_screen_show(ui, id);
}

void ui_instrument_show(struct ui *ui, uint16_t id)
{
    if (ui->frame == NULL || id >= ui->frame->status.instruments)
        return;
    if (id == ui->instrument_id) {
        ui_say(ui, 0, "", "%s is shown", ui->frame->status.instrument[id].symbol);
        return;
    }
    arm_off(ui, "another instrument");
    ui->moving = false;
    ui->frozen = false;
    if (ui->second_id == id)
        ui->second_id = ui->instrument_id;
    ui->instrument_id = id;
    ladder_new_instrument(ui);
}

void ui_instrument_step(struct ui *ui, int direction)
{
    int count = ui->frame != NULL ? ui->frame->status.instruments : 0;

    if (count < 2) {
        ui_say(ui, 1, "", "one instrument in this session");
        return;
    }
    ui_instrument_show(ui, (uint16_t)((ui->instrument_id + direction + count) % count));
    if (ui->say.until_ns == 0)
        ui_say(ui, 0, "", "%s", ui->frame->status.instrument[ui->instrument_id].symbol);
}

/* Ladder, list, then the second ladder, which changes places with the first. */
static void focus_next(struct ui *ui)
{
    if (ui->zoom != ZOOM_NONE && ui->zoom != ZOOM_CHART) { /* what has the focus is what is enlarged */
        zoom_focus_next(ui);
        return;
    }
    if (ui_killed(ui) && ui->kill_report) /* the report has the brackets */
        ui_say(ui, 0, "",
               ui->focus == FOCUS_LADDER ? "the lists have the focus; " KEY("Tab") " shows them"
                                         : "the ladder has the focus");
    if (ui->focus == FOCUS_LADDER) {
        ui->focus = FOCUS_LIST;
        return;
    }
    ui->focus = FOCUS_LADDER;
    if (ui->layout.wide && ui->frame != NULL && ui->frame->status.instruments > 1) {
        uint16_t other = ui->second_id;

        arm_off(ui, "another instrument");
        ui->second_id = ui->instrument_id;
        ui->instrument_id = other;
        ladder_new_instrument(ui);
    }
}

static void freeze_key(struct ui *ui)
{
    if (ui->frame == NULL) {
        ui_say(ui, 1, "", "there is no picture to hold yet");
        return;
    }
    ui->frozen = !ui->frozen;
    ui->frozen_ns = ui->now_ns;
    if (ui->frozen) {
        *ui->frozen_frame = *ui->frame;
        arm_off(ui, NULL);
        ui_say(ui, 2, "FROZEN",
               "the picture is held; order keys refuse; " KEY("K f u U") " work; " KEY("Z") " thaws");
    } else {
        ui_say(ui, 0, "", "the picture moves again");
    }
}

static void speed_key(struct ui *ui, bool faster)
{
    struct command command = ui_command(ui, COMMAND_REPLAY_SPEED);
    int64_t now = ui->frame->status.replay_speed_x1000;

    if (now == 0) { /* as fast as it goes */
        if (faster) {
            ui_say(ui, 1, "", "already as fast as it goes");
            return;
        }
        now = 2048000;
    }
    command.number = faster ? now * 2 : now / 2;
    if (!faster && command.number < 62) {
        ui_say(ui, 1, "", "that slow a replay is better stepped: " KEY(".") " is one event");
        return;
    }
    if (command.number > 1024000)
        command.number = 0;
    if (ui_send(ui, &command))
        ui_say(ui, 0, "SPEED", "%s%s", command.number == 0 ? "as fast as it goes" : "x",
               command.number == 0 ? "" : number_trim(command.number, 3).text);
}

static void step_key(struct ui *ui)
{
    struct command command = ui_command(ui, COMMAND_REPLAY_STEP);

    if (!ui->frame->status.replay_held)
        ui_say(ui, 1, "", KEY("Space") " holds the clock first");
    else if (ui_send(ui, &command))
        ui_say(ui, 0, "", "one event");
}

static void bookmark_key(struct ui *ui)
{
    ui->bookmarks++;
    ui_note(ui, 1, "bookmark %d of %s", ui->bookmarks, ui->frame->status.replay_name);
    ui_say(ui, 0, "BOOKMARK", "%d at %s; the log keeps it", ui->bookmarks,
           number_clock_ms(ui->frame->status.now_ns).text);
}

static void clear_visit(struct ui *ui)
{
    struct command command = ui_command(ui, COMMAND_CLEAR_VISIT);

    if (ui_send(ui, &command))
        ui_say(ui, 0, "", "sold and bought start from zero");
}

static void caps_letter(struct ui *ui)
{
    arm_off(ui, "Caps Lock seems on");
    ui_say(ui, 2, "", "Caps Lock? " KEY("h j l") " aim; H J L are left free%s",
           ui->armed ? "" : "; order keys ask");
}

static void vertical(struct ui *ui, int rows)
{
    if (ui_context(ui) == CONTEXT_LIST)
        list_move(ui, -rows);
    else
        ladder_move_cursor(ui, rows);
}

static int half_page(const struct ui *ui)
{
    int rows = ui_context(ui) == CONTEXT_LIST ? ui->layout.list_rows : ui->layout.ladder_rows / 2;

    return rows > 1 ? rows : 1;
}

static void why_key(struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);
    int row = ladder_cursor_row(ui);

    if (ui->focus == FOCUS_LIST) {
        list_detail(ui);
        return;
    }
    if (frame == NULL || row < 0 || frame->ladder.row[row].own_count == 0)
        ui_say(ui, 1, "", "no order of ours on this row");
    else
        story_open(ui, frame->ladder.row[row].own[0].seq);
}

static void follow_key(struct ui *ui)
{
    uint64_t seq = list_order_seq(ui);

    if (seq == 0)
        ui_say(ui, 1, "", "no order in this row; orders and fills have one");
    else
        journal_follow(ui, seq);
}

static void centre_key(struct ui *ui)
{
    ladder_centre(ui);
    ui_say(ui, 0, "", "centred; " KEY("u") " cancels");
}

static void help_key(struct ui *ui)
{
    if (ui->overlay == OVERLAY_HELP)
        help_close(ui);
    else
        help_open(ui, HELP_KEYS, "");
}

/* Cursor, lists and what only looks. Returns false: not one of these. */
static bool act_look(struct ui *ui, enum key_action action)
{
    if (ladder_without_cursor(ui, action))
        return true;
    switch ((int)action) {
    case ACT_UP:
        vertical(ui, 1);
        return true;
    case ACT_DOWN:
        vertical(ui, -1);
        return true;
    case ACT_PAGE_UP:
        vertical(ui, half_page(ui));
        return true;
    case ACT_PAGE_DOWN:
        vertical(ui, -half_page(ui));
        return true;
    case ACT_TICK_UP:
        ladder_move_tick(ui, 1);
        return true;
    case ACT_TICK_DOWN:
        ladder_move_tick(ui, -1);
        return true;
    case ACT_LEFT:
        ladder_set_side(ui, SIDE_BID);
        return true;
    case ACT_RIGHT:
        ladder_set_side(ui, SIDE_ASK);
        return true;
    case ACT_INSIDE:
        ladder_to_inside(ui);
        ui->ladder.aimed = true;
        return true;
    case ACT_CENTRE:
        centre_key(ui);
        return true;
    case ACT_FINER:
        ladder_step(ui, -1);
        return true;
    case ACT_COARSER:
        ladder_step(ui, 1);
        return true;
    case ACT_VIEW_NEXT:
        if (ui->screen == SCREEN_TRADE)
            ladder_show_next(ui);
        else
            ui_say(ui, 1, "", "this screen has one view");
        return true;
    case ACT_ALERT:
        alert_toggle(ui, ui->ladder.cursor_set ? ui->ladder.cursor_ticks : 0);
        return true;
    case ACT_CLEAR_VISIT:
        clear_visit(ui);
        return true;
    case ACT_FIRST:
        list_end(ui, false);
        return true;
    case ACT_LAST:
        list_end(ui, true);
        return true;
    case ACT_SORT:
        list_sort_next(ui);
        return true;
    case ACT_WHY:
        why_key(ui);
        return true;
    case ACT_FOLLOW:
        follow_key(ui);
        return true;
    case ACT_TAB_NEXT:
        list_tab_step(ui, 1);
        return true;
    case ACT_TAB_PREV:
        list_tab_step(ui, -1);
        return true;
    default:
        return false;
    }
}

/* What trades, or changes what may. */
static bool act_trade(struct ui *ui, enum key_action action)
{
    switch ((int)action) {
    case ACT_KILL:
        kill_key(ui);
        return true;
    case ACT_PAUSE:
        pause_key(ui);
        return true;
    case ACT_SIMULATION:
        mode_set(ui, MODE_SIMULATION);
        return true;
    case ACT_OBSERVATION:
        mode_set(ui, MODE_OBSERVATION);
        return true;
    case ACT_ARM:
        arm_toggle(ui);
        return true;
    case ACT_LIMIT:
        order_key(ui, ORDER_LIMIT);
        return true;
    case ACT_MARKET:
        order_key(ui, ORDER_MARKET);
        return true;
    case ACT_MARKET_HINT:
        ui_say(ui, 1, "", "market is " KEY("M"));
        return true;
    case ACT_STOP:
        order_key(ui, ORDER_STOP);
        return true;
    case ACT_TICKET:
        ticket_open(ui);
        return true;
    case ACT_CANCEL:
        order_cancel_here(ui);
        return true;
    case ACT_CANCEL_ALL:
        order_cancel_all(ui);
        return true;
    case ACT_PICK:
        order_pick(ui);
        return true;
    case ACT_PUT:
        order_put(ui);
        return true;
    case ACT_FLATTEN:
        order_flatten(ui, 0);
        return true;
    case ACT_REVERSE:
        order_reverse(ui);
        return true;
    case ACT_SIZE_DOWN:
        order_size_step(ui, -1);
        return true;
    case ACT_SIZE_UP:
        order_size_step(ui, 1);
        return true;
    case ACT_SIZE_TYPE:
        text_open(ui, TEXT_SIZE);
        return true;
    default:
        return false;
    }
}

static bool act_place(struct ui *ui, enum key_action action)
{
    switch ((int)action) {
    case ACT_LEAVE:
        leave(ui);
        return true;
    case ACT_INTERRUPT:
        interrupt(ui);
        return true;
    case ACT_QUIT:
        quit_key(ui, false);
        return true;
    case ACT_HELP:
        help_key(ui);
        return true;
    case ACT_COMMAND:
        text_open(ui, TEXT_COMMAND);
        return true;
    case ACT_FIND:
        text_open(ui, ui->screen != SCREEN_TRADE || ui->focus == FOCUS_LIST ? TEXT_FILTER : TEXT_FIND);
        return true;
    case ACT_FOCUS:
        focus_next(ui);
        return true;
    case ACT_INSTRUMENT_NEXT:
        ui_instrument_step(ui, 1);
        return true;
    case ACT_INSTRUMENT_PREV:
        ui_instrument_step(ui, -1);
        return true;
    case ACT_ZOOM:
        zoom_key(ui);
        return true;
    case ACT_FREEZE:
        freeze_key(ui);
        return true;
    case ACT_REDRAW:
        ui->host.redraw(ui->host.arg);
        ui_say(ui, 0, "", "drawn anew");
        return true;
    case ACT_STOP_REFUSED:
        ui_say(ui, 1, "REFUSED", "a stopped program would leave the orders alone: detach with :detach");
        return true;
    case ACT_CAPS:
        caps_letter(ui);
        return true;
    case ACT_STEP:
        step_key(ui);
        return true;
    case ACT_SLOWER:
        speed_key(ui, false);
        return true;
    case ACT_FASTER:
        speed_key(ui, true);
        return true;
    case ACT_BOOKMARK:
        bookmark_key(ui);
        return true;
    default:
        return false;
    }
}

void ui_act(struct ui *ui, enum key_action action)
{
    if (action >= ACT_SCREEN_1 && action <= ACT_SCREEN_8)
        screen_key(ui, action);
    else if (ui->focus == FOCUS_PANEL && ui->screen == SCREEN_TRADE && !(ui_killed(ui) && ui->kill_report) &&
             zoom_act(ui, action))
        return;
    else if (action == ACT_COPY) /* each screen's table row says what its list is */
        ui_copy(ui);
    else if (action == ACT_EXPORT)
        ui_export(ui, "");
    else if (ui_screen_of(ui->screen)->act != NULL && ui_screen_of(ui->screen)->act(ui, action))
        return;
    else if (!act_trade(ui, action) && !act_look(ui, action))
        act_place(ui, action);
}
