/*
 * Keys to actions: the innermost context first, then those around it. A key that means nothing here is answered, so
 * that no key is silent; only a question swallows what is not its own.
 */
#include "tui/ui_state.h"

#include <string.h>

enum key_context ui_context(const struct ui *ui)
{
    switch (ui->overlay) {
    case OVERLAY_QUESTION:
        return CONTEXT_ASK;
    case OVERLAY_TEXT:
        return CONTEXT_TEXT;
    case OVERLAY_TICKET:
        return CONTEXT_TICKET;
    case OVERLAY_HELP:
    case OVERLAY_DETAIL:
        return CONTEXT_PAGE;
    case OVERLAY_NONE:
        break;
    }
    if (ui->moving)
        return CONTEXT_MOVE;
    return ui->focus == FOCUS_LIST ? CONTEXT_LIST : CONTEXT_LADDER;
}

static bool is_kill(uint32_t key)
{
    const struct key_binding *binding = keymap_find(CONTEXT_ALL, key);

    return binding != NULL && binding->action == ACT_KILL;
}

/* What works in a question, in the order form and with an order picked up, besides their own keys. */
static bool works_everywhere(enum key_action action)
{
    switch ((int)action) {
    case ACT_KILL:
    case ACT_PAUSE:
    case ACT_LEAVE:
    case ACT_INTERRUPT:
    case ACT_REDRAW:
    case ACT_STOP_REFUSED:
        return true;
    default:
        return false;
    }
}

static enum key_action find_in(enum key_context context, uint32_t key)
{
    const struct key_binding *binding = keymap_find(context, key);

    return binding != NULL ? binding->action : ACT_NONE;
}

/* On the screen itself: the place, the replay, Trade, everything. */
static enum key_action find_on_screen(const struct ui *ui, enum key_context place, uint32_t key)
{
    enum key_action action = find_in(place, key);

    if (action == ACT_NONE && ui->frame != NULL && ui->frame->status.replay)
        action = find_in(CONTEXT_REPLAY, key);
    if (action == ACT_NONE)
        action = find_in(CONTEXT_TRADE, key);
    if (action == ACT_NONE)
        action = find_in(CONTEXT_ALL, key);
    return action;
}

static void unknown_key(struct ui *ui, uint32_t key)
{
    char name[32];

    if (find_in(CONTEXT_REPLAY, key) != ACT_NONE)
        ui_say(ui, 1, "", "%s steers a replay; this is the market's own clock", key_to_name(key, name));
    else if (find_in(CONTEXT_LADDER, key) != ACT_NONE)
        ui_say(ui, 1, "", "%s belongs to the ladder; Esc returns to it", key_to_name(key, name));
    else if (find_in(CONTEXT_LIST, key) != ACT_NONE)
        ui_say(ui, 1, "", "%s belongs to the lists; v moves there", key_to_name(key, name));
    else
        ui_say(ui, 1, "", "%s does nothing here; ? shows the keys", key_to_name(key, name));
}

/* --- what an action does --------------------------------------------------------------------------------------- */

static void leave(struct ui *ui)
{
    if (ui->overlay == OVERLAY_HELP || ui->overlay == OVERLAY_DETAIL) {
        ui->overlay = OVERLAY_NONE;
    } else if (ui->moving) {
        ui->moving = false;
        ui_say(ui, 0, "", "dropped: the order stays where it was");
    } else if (ui->zoom != ZOOM_NONE) {
        ui->zoom = ZOOM_NONE;
        ui_relayout(ui);
    } else if (ui->list.filter[0] != '\0') {
        ui->list.filter[0] = '\0';
        ui_say(ui, 0, "", "all rows again");
    } else if (ui->focus == FOCUS_LIST) {
        ui->focus = FOCUS_LADDER;
    } else if (ui->kill_report) {
        ui->kill_report = false;
        ui_say(ui, 0, "", "report closed; K shows it again");
    } else if (ui->config.first_start && !ui->tutor_hidden) {
        ui->tutor_hidden = true;
    } else if (ui->armed) {
        arm_off(ui, "by you");
    } else {
        ui_say(ui, 0, "", "nothing to leave; q quits");
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
    ui_say(ui, 2, "", "Ctrl-C again within 2 s quits");
}

static void screen_key(struct ui *ui, enum key_action action)
{
    static const char *const name[] = {"Trade", "Chart",   "Market",  "Strategy",
                                       "Risk",  "Results", "Journal", "System"};
    int screen = (int)action - (int)ACT_SCREEN_1;

    ui->moving = false;
    if (screen == 0) {
        ui_say(ui, 0, "", "this is screen 1 Trade");
        return;
    }
    arm_off(ui, NULL);
    ui_say(ui, 1, "", "screen %d %s is not in this version", screen + 1, name[screen]);
}

void ui_instrument_step(struct ui *ui, int direction)
{
    int count = ui->frame != NULL ? ui->frame->status.instruments : 0;

    if (count < 2) {
        ui_say(ui, 1, "", "one instrument in this session");
        return;
    }
    arm_off(ui, "another instrument");
    ui->moving = false;
    ui->frozen = false;
    if (ui->second_id == (ui->instrument_id + direction + count) % count)
        ui->second_id = ui->instrument_id;
    ui->instrument_id = (uint16_t)((ui->instrument_id + direction + count) % count);
    ladder_new_instrument(ui);
    if (ui->say.until_ns == 0)
        ui_say(ui, 0, "", "%s", ui->frame->status.instrument[ui->instrument_id].symbol);
}

/* Ladder, list, then the second ladder, which changes places with the first. */
static void focus_next(struct ui *ui)
{
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

static void zoom_key(struct ui *ui)
{
    ui->zoom = ui->zoom != ZOOM_NONE ? ZOOM_NONE : ui->focus == FOCUS_LIST ? ZOOM_LIST : ZOOM_LADDER;
    ui_relayout(ui);
    ui->ladder.top_ticks = 0;
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
        ui_say(ui, 2, "FROZEN", "the picture is held; order keys refuse; K f u U work; Z thaws");
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
    if (command.number < 62) {
        ui_say(ui, 1, "", "that slow a replay is better stepped: . is one event");
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
        ui_say(ui, 1, "", "Space holds the clock first");
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
    ui_say(ui, 2, "", "Caps Lock? h j l aim; H J L are left free%s", ui->armed ? "" : "; order keys ask");
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

static void page(struct ui *ui, int direction)
{
    int pages = ui->overlay == OVERLAY_HELP ? help_pages(ui) : 1;
    int to = ui->help_page + direction;

    if (to < 0)
        ui_say(ui, 0, "", "first page");
    else if (to >= pages)
        ui->overlay = OVERLAY_NONE;
    else
        ui->help_page = (uint16_t)to;
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
        order_detail(ui, frame->ladder.row[row].own[0].seq);
}

static void centre_key(struct ui *ui)
{
    ladder_centre(ui);
    ui_say(ui, 0, "", "centred; u cancels");
}

static void open_help(struct ui *ui)
{
    ui->overlay = ui->overlay == OVERLAY_HELP ? OVERLAY_NONE : OVERLAY_HELP;
    ui->help_page = 0;
}

/* Cursor, lists and what only looks. Returns false: not one of these. */
static bool act_look(struct ui *ui, enum key_action action)
{
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
        ladder_show_next(ui);
        return true;
    case ACT_ALERT:
        alert_toggle(ui);
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
    case ACT_COPY:
        list_copy(ui);
        return true;
    case ACT_WHY:
        why_key(ui);
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
        ui_say(ui, 1, "", "market is M");
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
        open_help(ui);
        return true;
    case ACT_COMMAND:
        text_open(ui, TEXT_COMMAND);
        return true;
    case ACT_FIND:
        text_open(ui, ui->focus == FOCUS_LIST ? TEXT_FILTER : TEXT_FIND);
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

void ui_act(struct ui *ui, enum key_action action, const struct key_event *key)
{
    (void)key;
    if (action >= ACT_SCREEN_1 && action <= ACT_SCREEN_8)
        screen_key(ui, action);
    else if (!act_trade(ui, action) && !act_look(ui, action))
        act_place(ui, action);
}

/* --- places ------------------------------------------------------------------------------------------------------- */

static void key_in_question(struct ui *ui, const struct key_event *key)
{
    enum key_action action = find_in(CONTEXT_ASK, key->key);

    if (action == ACT_NONE)
        action = find_in(CONTEXT_ALL, key->key);
    else {
        question_key(ui, action);
        return;
    }
    if (action == ACT_LEAVE || action == ACT_INTERRUPT)
        question_key(ui, action);
    else if (works_everywhere(action))
        ui_act(ui, action, key);
}

static void key_in_text(struct ui *ui, const struct key_event *key)
{
    enum key_action action = find_in(CONTEXT_TEXT, key->key);

    if (key->key == (KEY_ALT | 'K') || key->key == KEY_F12)
        kill_key(ui);
    else if (action == ACT_NONE && (key->key == (KEY_CTRL | 'l') || key->key == (KEY_CTRL | 'z')))
        ui_act(ui, find_in(CONTEXT_ALL, key->key), key);
    else
        text_key(ui, key, key->key == (KEY_CTRL | 'c') ? ACT_LEAVE : action);
}

static void key_in_ticket(struct ui *ui, const struct key_event *key)
{
    enum key_action action = find_in(CONTEXT_TICKET, key->key);
    enum key_action all = find_in(CONTEXT_ALL, key->key);

    if (action == ACT_NONE && all != ACT_LEAVE && all != ACT_INTERRUPT && works_everywhere(all))
        ui_act(ui, all, key);
    else
        ticket_key(ui, key,
                   action != ACT_NONE                                            ? action
                   : all == ACT_LEAVE || all == ACT_INTERRUPT || all == ACT_QUIT ? all
                                                                                 : ACT_NONE);
}

static void key_in_page(struct ui *ui, const struct key_event *key)
{
    enum key_action action = find_in(CONTEXT_PAGE, key->key), all = find_in(CONTEXT_ALL, key->key);

    if (action != ACT_NONE)
        page(ui, action == ACT_PAGE_UP ? -1 : 1);
    else if (works_everywhere(all) || all == ACT_HELP || all == ACT_QUIT)
        ui_act(ui, all, key);
    else if (ui->overlay == OVERLAY_DETAIL)
        ui->overlay = OVERLAY_NONE;
    else
        ui_say(ui, 1, "", "Esc closes the help");
}

static void key_in_move(struct ui *ui, const struct key_event *key)
{
    enum key_action action = find_in(CONTEXT_MOVE, key->key), all = find_in(CONTEXT_ALL, key->key);

    if (action == ACT_NONE && (works_everywhere(all) || all == ACT_HELP || all == ACT_QUIT ||
                               (all >= ACT_SCREEN_1 && all <= ACT_SCREEN_8)))
        action = all;
    if (action == ACT_NONE)
        ui_say(ui, 1, "", "an order is picked up: \u2191\u2193 price, p puts it, Esc drops it");
    else
        ui_act(ui, action, key);
}

static void key_when_small(struct ui *ui, const struct key_event *key)
{
    enum key_action action = find_in(CONTEXT_ALL, key->key);

    if (works_everywhere(action) || action == ACT_QUIT)
        ui_act(ui, action, key);
    else
        ui_say(ui, 1, "", "too small: 60x15 at least; K Space q work");
}

static void key_on_screen(struct ui *ui, const struct key_event *key)
{
    enum key_action action = find_on_screen(ui, ui_context(ui), key->key);

    if (ui_killed(ui) && ui->kill_report && key->key == 'y')
        kill_report_copy(ui);
    else if (action != ACT_NONE)
        ui_act(ui, action, key);
    else if ((key->key & KEY_ALT) != 0) { /* a bad line joins Esc and what was typed after it */
        struct key_event plain = *key;

        plain.key &= ~(uint32_t)KEY_ALT;
        leave(ui);
        key_on_screen(ui, &plain);
    } else {
        unknown_key(ui, key->key);
    }
}

static void paste(struct ui *ui, const struct key_event *key)
{
    arm_off(ui, NULL);
    if (is_kill(key->paste_repeat)) { /* a held K while the line stalled */
        kill_key(ui);
        return;
    }
    ui_say(ui, 1, "PASTE", "%llu bytes dropped, one-key is off: nothing pasted is typed",
           (unsigned long long)key->paste_bytes);
}

/* True: not a key that was typed. */
static bool other_event(struct ui *ui, const struct key_event *key)
{
    switch (key_base(key->key)) {
    case KEY_MOUSE:
        if (ui->config.mouse && ui->frame != NULL && !ui->layout.small)
            ui_mouse(ui, key);
        return true;
    case KEY_PASTE:
        paste(ui, key);
        return true;
    case KEY_FOCUS_OUT:
        arm_off(ui, "the window lost the focus");
        return true;
    case KEY_FOCUS_IN:
    case KEY_REPLY_CURSOR:
    case KEY_REPLY_STATUS:
    case KEY_REPLY_MODE:
        return true;
    default:
        return false;
    }
}

static void typed_key(struct ui *ui, const struct key_event *key)
{
    if (ui->overlay != OVERLAY_QUESTION || find_in(CONTEXT_ASK, key->key) != ACT_NONE)
        ui->say.until_ns = 0; /* the answer to the key before has been seen */
    if (is_kill(key->key) && (key->after_esc || ui->overlay != OVERLAY_TEXT)) {
        kill_key(ui);
        return;
    }
    if (ui->layout.small && ui->overlay == OVERLAY_NONE) {
        key_when_small(ui, key);
        return;
    }
    switch (ui_context(ui)) {
    case CONTEXT_ASK:
        key_in_question(ui, key);
        break;
    case CONTEXT_TEXT:
        key_in_text(ui, key);
        break;
    case CONTEXT_TICKET:
        key_in_ticket(ui, key);
        break;
    case CONTEXT_PAGE:
        key_in_page(ui, key);
        break;
    case CONTEXT_MOVE:
        key_in_move(ui, key);
        break;
    case CONTEXT_ALL:
    case CONTEXT_TRADE:
    case CONTEXT_LADDER:
    case CONTEXT_LIST:
    case CONTEXT_REPLAY:
    case KEY_CONTEXTS:
        key_on_screen(ui, key);
        break;
    }
}

void ui_key(struct ui *ui, const struct key_event *key, int64_t now_ns)
{
    ui->now_ns = now_ns;
    if (!other_event(ui, key))
        typed_key(ui, key);
    ui->changed = true;
    ui_view_request(ui);
    ui_preview(ui, false);
}
