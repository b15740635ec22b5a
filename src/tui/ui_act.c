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
        list_on_frame(ui);
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
    if (ui->strategies.waiting[0] != '\0')
        setting_forget(ui);
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
        if (ui->list.alive.seq == 0) /* else the choice is with its order still */
            list_choose(ui);
        list_keep_in_sight(ui);
        return;
    }
    ui->focus = FOCUS_LADDER;
    if (ui->layout.wide && ui->frame != NULL && ui->frame->status.instruments > 1)
        ui_instrument_show(ui, ui->second_id);
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

/* --- the table ------------------------------------------------------------------------------------------------ */

static void page_key(struct ui *ui, int direction)
{
    vertical(ui, direction * half_page(ui));
}

static void side_key(struct ui *ui, int side)
{
    ladder_set_side(ui, (enum side)side);
}

static void inside_key(struct ui *ui)
{
    ladder_to_inside(ui);
    ui->ladder.aimed = ui->ladder.cursor_set;
}

static void view_key(struct ui *ui)
{
    if (ui->screen == SCREEN_TRADE)
        ladder_show_next(ui);
    else
        ui_say(ui, 1, "", "this screen has one view");
}

static void alert_key(struct ui *ui)
{
    alert_toggle(ui, ui->ladder.cursor_set ? ui->ladder.cursor_ticks : 0);
}

static void end_key(struct ui *ui, int last)
{
    list_end(ui, last != 0);
}

static void set_mode(struct ui *ui, int mode)
{
    mode_set(ui, (enum trading_mode)mode);
}

static void send_kind(struct ui *ui, int type)
{
    order_key(ui, (enum order_type)type);
}

static void market_hint(struct ui *ui)
{
    ui_say(ui, 1, "", "market is " KEY("M"));
}

static void flatten_key(struct ui *ui)
{
    order_flatten(ui, 0);
}

static void open_text(struct ui *ui, int kind)
{
    text_open(ui, (enum text_kind)kind);
}

static void find_key(struct ui *ui)
{
    text_open(ui, ui->screen != SCREEN_TRADE || ui->focus == FOCUS_LIST ? TEXT_FILTER : TEXT_FIND);
}

static void quit_with_key(struct ui *ui)
{
    quit_key(ui, false);
}

static void redraw_key(struct ui *ui)
{
    ui->host.redraw(ui->host.arg);
    ui_say(ui, 0, "", "drawn anew");
}

static void stop_refused(struct ui *ui)
{
    ui_say(ui, 1, "REFUSED", "a stopped program would leave the orders alone: detach with :detach");
}

/* What an action does: run(ui), or run_with(ui, with). */
static const struct deed {
    void (*run)(struct ui *ui);
    void (*run_with)(struct ui *ui, int with);
    int with;
} deeds[KEY_ACTIONS] = {
    /* cursor and lists */
    [ACT_UP] = {.run_with = vertical, .with = 1},
    [ACT_DOWN] = {.run_with = vertical, .with = -1},
    [ACT_PAGE_UP] = {.run_with = page_key, .with = 1},
    [ACT_PAGE_DOWN] = {.run_with = page_key, .with = -1},
    [ACT_TICK_UP] = {.run_with = ladder_move_tick, .with = 1},
    [ACT_TICK_DOWN] = {.run_with = ladder_move_tick, .with = -1},
    [ACT_LEFT] = {.run_with = side_key, .with = SIDE_BID},
    [ACT_RIGHT] = {.run_with = side_key, .with = SIDE_ASK},
    [ACT_INSIDE] = {.run = inside_key},
    [ACT_CENTRE] = {.run = centre_key},
    [ACT_FINER] = {.run_with = ladder_step, .with = -1},
    [ACT_COARSER] = {.run_with = ladder_step, .with = 1},
    [ACT_VIEW_NEXT] = {.run = view_key},
    [ACT_ALERT] = {.run = alert_key},
    [ACT_CLEAR_VISIT] = {.run = clear_visit},
    [ACT_FIRST] = {.run_with = end_key, .with = false},
    [ACT_LAST] = {.run_with = end_key, .with = true},
    [ACT_SORT] = {.run = list_sort_next},
    [ACT_SORT_TURN] = {.run = list_sort_turn},
    [ACT_WHY] = {.run = why_key},
    [ACT_FOLLOW] = {.run = follow_key},
    [ACT_TAB_NEXT] = {.run_with = list_tab_step, .with = 1},
    [ACT_TAB_PREV] = {.run_with = list_tab_step, .with = -1},
    /* what trades, or changes what may */
    [ACT_KILL] = {.run = kill_key},
    [ACT_PAUSE] = {.run = pause_key},
    [ACT_SIMULATION] = {.run_with = set_mode, .with = MODE_SIMULATION},
    [ACT_OBSERVATION] = {.run_with = set_mode, .with = MODE_OBSERVATION},
    [ACT_ARM] = {.run = arm_toggle},
    [ACT_LIMIT] = {.run_with = send_kind, .with = ORDER_LIMIT},
    [ACT_MARKET] = {.run_with = send_kind, .with = ORDER_MARKET},
    [ACT_MARKET_HINT] = {.run = market_hint},
    [ACT_STOP] = {.run_with = send_kind, .with = ORDER_STOP},
    [ACT_TICKET] = {.run = ticket_open},
    [ACT_CANCEL] = {.run = order_cancel_here},
    [ACT_CANCEL_ALL] = {.run = order_cancel_all},
    [ACT_PICK] = {.run = order_pick},
    [ACT_PUT] = {.run = order_put},
    [ACT_FLATTEN] = {.run = flatten_key},
    [ACT_REVERSE] = {.run = order_reverse},
    [ACT_SIZE_DOWN] = {.run_with = order_size_step, .with = -1},
    [ACT_SIZE_UP] = {.run_with = order_size_step, .with = 1},
    [ACT_SIZE_TYPE] = {.run_with = open_text, .with = TEXT_SIZE},
    /* places, and the way out of them */
    [ACT_LEAVE] = {.run = leave},
    [ACT_INTERRUPT] = {.run = interrupt},
    [ACT_QUIT] = {.run = quit_with_key},
    [ACT_HELP] = {.run = help_key},
    [ACT_COMMAND] = {.run_with = open_text, .with = TEXT_COMMAND},
    [ACT_FIND] = {.run = find_key},
    [ACT_FOCUS] = {.run = focus_next},
    [ACT_INSTRUMENT_NEXT] = {.run_with = ui_instrument_step, .with = 1},
    [ACT_INSTRUMENT_PREV] = {.run_with = ui_instrument_step, .with = -1},
    [ACT_ZOOM] = {.run = zoom_key},
    [ACT_FREEZE] = {.run = freeze_key},
    [ACT_REDRAW] = {.run = redraw_key},
    [ACT_STOP_REFUSED] = {.run = stop_refused},
    [ACT_CAPS] = {.run = caps_letter},
    /* the clock of a replay */
    [ACT_STEP] = {.run = replay_step},
    [ACT_SLOWER] = {.run_with = replay_speed, .with = -1},
    [ACT_FASTER] = {.run_with = replay_speed, .with = 1},
    [ACT_BOOKMARK] = {.run = replay_bookmark},
};

static void run(struct ui *ui, enum key_action action)
{
    const struct deed *deed = (unsigned)action < KEY_ACTIONS ? &deeds[action] : &deeds[ACT_NONE];

    if (ladder_without_cursor(ui, action))
        return;
    if (deed->run != NULL)
        deed->run(ui);
    else if (deed->run_with != NULL)
        deed->run_with(ui, deed->with);
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
    else
        run(ui, action);
}
