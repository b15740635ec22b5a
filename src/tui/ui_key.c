/*
 * Keys to actions: the innermost context first, then those around it. A key that means nothing here is answered, so
 * that no key is silent; only a question swallows what is not its own.
 */
#include "tui/dock.h"
#include "tui/ui_screens.h"

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
    case OVERLAY_STORY:
    case OVERLAY_SETTINGS:
        return CONTEXT_PAGE;
    case OVERLAY_CHOOSE:
        return CONTEXT_CHOOSE;
    case OVERLAY_NONE:
        break;
    }
    if (ui->screen != SCREEN_TRADE)
        return ui_screen_of(ui->screen)->context;
    if (ui->moving)
        return CONTEXT_MOVE;
    return ui->focus == FOCUS_LADDER ? CONTEXT_LADDER : CONTEXT_LIST;
}

/* On the screen itself: the place, the replay, Trade, everything. */
static enum key_action find_on_screen(const struct ui *ui, enum key_context place, uint32_t key)
{
    enum key_action action = ui_action(ui, place, key);

    if (action == ACT_NONE && ui->frame != NULL && ui->frame->status.replay)
        action = ui_action(ui, CONTEXT_REPLAY, key);
    if (action == ACT_NONE &&
        (ui->screen == SCREEN_TRADE || (ui_killed(ui) && ui_action(ui, CONTEXT_TRADE, key) == ACT_FLATTEN)))
        action = ui_action(ui, CONTEXT_TRADE, key);
    if (action == ACT_NONE)
        action = ui_action(ui, CONTEXT_ALL, key);
    return action;
}

/* A key of Trade; what has a command can be done from here, too. */
static void other_screen(struct ui *ui, uint32_t key)
{
    enum key_action action = ui_action(ui, CONTEXT_TRADE, key);
    char name[32], commands[64] = "";
    int found = 0;

    if (action == ACT_NONE)
        action = ui_action(ui, CONTEXT_LADDER, key);
    for (size_t i = 0; i < prompt_count() && action != ACT_NONE; i++)
        if (prompt_at(i)->key == action)
            text_print(commands + strlen(commands), sizeof(commands) - strlen(commands), "%s:%s",
                       found++ == 0 ? ", " : " and ", prompt_at(i)->name);
    ui_say(ui, 1, "", "%s works on screen 1 Trade; " KEY("1") " leads there%s%s", key_to_name(key, name),
           commands,
           found == 0   ? ""
           : found == 1 ? " works here"
                        : " work here");
}

static void unknown_key(struct ui *ui, uint32_t key)
{
    char name[32];

    if (ui->screen != SCREEN_TRADE &&
        (ui_action(ui, CONTEXT_TRADE, key) != ACT_NONE || ui_action(ui, CONTEXT_LADDER, key) != ACT_NONE ||
         ui_action(ui, CONTEXT_LIST, key) != ACT_NONE))
        other_screen(ui, key);
    else if (ui_action(ui, CONTEXT_REPLAY, key) != ACT_NONE)
        ui_say(ui, 1, "", "%s steers a replay; this is the market's own clock", key_to_name(key, name));
    else if (ui_action(ui, CONTEXT_LADDER, key) != ACT_NONE)
        ui_say(ui, 1, "", "%s belongs to the ladder; " KEY("Esc") " returns to it", key_to_name(key, name));
    else if (ui_action(ui, CONTEXT_LIST, key) != ACT_NONE)
        ui_say(ui, 1, "", "%s belongs to the lists; " KEY("v") " moves there", key_to_name(key, name));
    else if (key > 0x7f && key < KEY_FIRST)
        ui_say(ui, 1, "", "%s does nothing here; the setting keys.layout tells which keyboard this is",
               key_to_name(key, name));
    else
        ui_say(ui, 1, "", "%s does nothing here; " KEY("?") " shows the keys", key_to_name(key, name));
}

/* --- places ------------------------------------------------------------------------------------------------------- */

static void key_in_question(struct ui *ui, const struct key_event *key)
{
    enum key_action action = ui_action(ui, CONTEXT_ASK, key->key);

    if (action == ACT_NONE)
        action = ui_action(ui, CONTEXT_ALL, key->key);
    else {
        question_key(ui, action);
        return;
    }
    if (action == ACT_LEAVE || action == ACT_INTERRUPT)
        question_key(ui, action);
    else if (key_works_everywhere(action) || action == ACT_HELP)
        ui_act(ui, action);
}

/* It is typed into a field, whatever it means elsewhere. */
static bool is_letter(uint32_t key)
{
    return key_base(key) < KEY_FIRST && (key & (KEY_CTRL | KEY_ALT)) == 0;
}

static void key_in_text(struct ui *ui, const struct key_event *key)
{
    enum key_action action = ui_action(ui, CONTEXT_TEXT, key->key),
                    all = ui_action(ui, CONTEXT_ALL, key->key);
    struct key_event typed = *key;

    if (key->key > 0x7f &&
        key->key < KEY_FIRST) /* words are Latin: a letter of another script by its place */
        typed.key = keyboard_key(ui->keys.keyboard, key->key);

    if (!is_letter(key->key) && ui_kill_typed(ui, key->key))
        kill_key(ui);
    else if (action == ACT_NONE && !is_letter(key->key) &&
             (all == ACT_REDRAW || all == ACT_STOP_REFUSED ||
              (all == ACT_HELP && ui->text.kind != TEXT_HELP)))
        ui_act(ui, all);
    else
        text_key(ui, &typed, !is_letter(key->key) && all == ACT_INTERRUPT ? ACT_LEAVE : action);
}

static void key_in_ticket(struct ui *ui, const struct key_event *key)
{
    enum key_action action = ui_action(ui, CONTEXT_TICKET, key->key);
    enum key_action all = ui_action(ui, CONTEXT_ALL, key->key);
    struct key_event typed = *key;

    typed.key = keyboard_key(ui->keys.keyboard, key->key); /* figures that take Shift elsewhere */

    if (action == ACT_NONE && all != ACT_LEAVE && all != ACT_INTERRUPT &&
        (key_works_everywhere(all) || all == ACT_HELP))
        ui_act(ui, all);
    else
        ticket_key(ui, &typed,
                   action != ACT_NONE                                            ? action
                   : all == ACT_LEAVE || all == ACT_INTERRUPT || all == ACT_QUIT ? all
                                                                                 : ACT_NONE);
}

static void scroll_story(struct ui *ui, int direction)
{
    if (!story_scroll(ui, direction))
        ui_say(ui, 0, "", direction < 0 ? "its beginning" : "its end; " KEY("Esc") " closes");
}

static void scroll_detail(struct ui *ui, int direction)
{
    if (!detail_scroll(ui, direction))
        ui_say(ui, 0, "", direction < 0 ? "its beginning" : "its end; " KEY("Esc") " closes");
}

static void key_in_help(struct ui *ui, const struct key_event *key)
{
    enum key_action action = ui_action(ui, CONTEXT_PAGE, key->key),
                    all = ui_action(ui, CONTEXT_ALL, key->key);

    if (action == ACT_TAB_NEXT || action == ACT_TAB_PREV)
        help_part_step(ui, action == ACT_TAB_NEXT ? 1 : -1);
    else if (action == ACT_FIND)
        text_open(ui, TEXT_HELP);
    else if (action != ACT_NONE)
        help_turn(ui, action == ACT_PAGE_UP ? -1 : 1);
    else if (all == ACT_QUIT)
        help_close(ui);
    else if (key_works_everywhere(all) || all == ACT_HELP)
        ui_act(ui, all);
    else
        ui_say(ui, 1, "", KEY("Esc") " closes the help");
}

/* A detail or a story. */
static void key_in_page(struct ui *ui, const struct key_event *key)
{
    enum key_action action = ui_action(ui, CONTEXT_PAGE, key->key),
                    all = ui_action(ui, CONTEXT_ALL, key->key);
    bool turns = action == ACT_PAGE || action == ACT_PAGE_UP || action == ACT_PAGE_DOWN;

    if (ui->overlay == OVERLAY_HELP)
        key_in_help(ui, key);
    else if (action == ACT_FIND && ui->overlay == OVERLAY_SETTINGS)
        text_open(ui, TEXT_SETTINGS);
    else if (action != ACT_NONE && ui->overlay == OVERLAY_SETTINGS)
        settings_key(ui, key->key);
    else if (turns && ui->overlay == OVERLAY_STORY)
        scroll_story(ui, action == ACT_PAGE_UP ? -1 : 1);
    else if (turns && action != ACT_PAGE && ui->overlay == OVERLAY_DETAIL &&
             detail_rows(ui) > dock_rows(ui, detail_rows(ui)))
        scroll_detail(ui, action == ACT_PAGE_UP ? -1 : 1);
    else if (key_works_everywhere(all) || all == ACT_HELP || all == ACT_QUIT)
        ui_act(ui, all);
    else if (all == ACT_COMMAND && (ui->overlay == OVERLAY_SETTINGS || ui->overlay == OVERLAY_DETAIL))
        ui_act(ui, all);
    else if (ui->overlay == OVERLAY_SETTINGS)
        ui_say(ui, 1, "", KEY("Esc") " closes this page");
    else
        ui->overlay = OVERLAY_NONE;
}

static void key_in_choose(struct ui *ui, const struct key_event *key)
{
    enum key_action action = ui_action(ui, CONTEXT_CHOOSE, key->key),
                    all = ui_action(ui, CONTEXT_ALL, key->key);
    int rows = keymap_rows(action, UI_CHOICES_MAX);

    if (rows != 0)
        choose_move(ui, rows);
    else if (action == ACT_CHOOSE)
        choose_take(ui);
    else if (action == ACT_LEAVE || all == ACT_LEAVE || all == ACT_INTERRUPT || all == ACT_QUIT)
        choose_leave(ui);
    else if (key_works_everywhere(all))
        ui_act(ui, all);
    else
        ui_say(ui, 1, "",
               KEY("\u2191\u2193") " choose, " KEY("Enter") " takes it, " KEY("Esc") " leaves all as it was");
}

static void key_in_move(struct ui *ui, const struct key_event *key)
{
    enum key_action action = ui_action(ui, CONTEXT_MOVE, key->key),
                    all = ui_action(ui, CONTEXT_ALL, key->key);

    if (action == ACT_NONE && (key_works_everywhere(all) || all == ACT_HELP || all == ACT_QUIT ||
                               (all >= ACT_SCREEN_1 && all <= ACT_SCREEN_8)))
        action = all;
    if (action == ACT_NONE)
        ui_say(ui, 1, "",
               "an order is picked up: " KEY("\u2191\u2193") " price, " KEY("p") " puts it, " KEY(
                   "Esc") " drops it");
    else
        ui_act(ui, action);
}

static void key_when_small(struct ui *ui, const struct key_event *key)
{
    enum key_action action = ui_action(ui, CONTEXT_ALL, key->key);

    if (key_works_everywhere(action) || action == ACT_QUIT)
        ui_act(ui, action);
    else
        ui_say(ui, 1, "", "too small: 60x15 at least; " KEY("K Space q") " work");
}

static void key_on_screen(struct ui *ui, const struct key_event *key)
{
    enum key_action action = find_on_screen(ui, ui_context(ui), key->key);

    if (ui_killed(ui) && ui->kill_report && ui->screen == SCREEN_TRADE &&
        !(ui->kill_list && ui->focus == FOCUS_LIST) && /* then it is the list that is shown */
        ui_action(ui, CONTEXT_LIST, key->key) == ACT_COPY)
        kill_report_copy(ui);
    else if (action != ACT_NONE)
        ui_act(ui, action);
    else if ((key->key & KEY_ALT) != 0) { /* a bad line joins Esc and what was typed after it */
        struct key_event plain = *key;

        plain.key &= ~(uint32_t)KEY_ALT;
        ui_act(ui, ACT_LEAVE);
        key_on_screen(ui, &plain);
    } else {
        unknown_key(ui, key->key);
    }
}

/* What was dropped, that nothing came of it, and the way that there is. */
static void paste(struct ui *ui, const struct key_event *key)
{
    bool armed = ui->armed, command = ui->overlay == OVERLAY_TEXT && ui->text.kind == TEXT_COMMAND;

    arm_off(ui, NULL);
    if (key->paste_repeat != 0 &&
        ui_kill_typed(ui, key->paste_repeat)) { /* a held K while the line stalled */
        kill_key(ui);
        return;
    }
    ui_say(ui, 1, "PASTE", "%llu bytes dropped, nothing done%s: no pasting here; type it%s",
           (unsigned long long)key->paste_bytes, armed ? ", one-key off" : "",
           command ? ", or --execute FILE" : "");
}

/* True: not a key that was typed. */
static bool other_event(struct ui *ui, const struct key_event *key)
{
    switch (key_base(key->key)) {
    case KEY_MOUSE:
        if (ui->config.mouse && !ui->locked && ui->frame != NULL && !ui->layout.small)
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

static void key_in_place(struct ui *ui, const struct key_event *key)
{
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
    case CONTEXT_CHOOSE:
        key_in_choose(ui, key);
        break;
    case CONTEXT_ALL:
    case CONTEXT_TRADE:
    case CONTEXT_LADDER:
    case CONTEXT_LIST:
    case CONTEXT_REPLAY:
    case CONTEXT_RISK:
    case CONTEXT_STRATEGY:
    case CONTEXT_MARKET:
    case CONTEXT_CHART:
    case CONTEXT_RESULTS:
    case CONTEXT_SYSTEM:
    case CONTEXT_JOURNAL:
    case KEY_CONTEXTS:
        key_on_screen(ui, key);
        break;
    }
}

static void typed_key(struct ui *ui, const struct key_event *key)
{
    if (ui->locked && ui->overlay != OVERLAY_QUESTION) { /* of a read-only screen: K asks */
        ui->say.until_ns = 0;
        lock_key(ui, key);
        return;
    }
    if (ui->overlay != OVERLAY_QUESTION || ui_action(ui, CONTEXT_ASK, key->key) != ACT_NONE)
        ui_say_seen(ui);
    flatten_forget(ui);
    if (ui_tutor_shown(ui) && ui->frame->status.mode != MODE_OBSERVATION &&
        ui_action(ui, CONTEXT_ALL, key->key) != ACT_HELP)
        ui->tutor_hidden = true; /* on paper whoever has begun wants to see what comes of it */
    if (ui_kill_typed(ui, key->key) && (key->after_esc || ui->overlay != OVERLAY_TEXT)) {
        kill_key(ui);
        return;
    }
    if (ui->layout.small && ui->overlay == OVERLAY_NONE) {
        key_when_small(ui, key);
        return;
    }
    key_in_place(ui, key);
}

void ui_key(struct ui *ui, const struct key_event *key, int64_t now_ns)
{
    ui->now_ns = now_ns;
    if (!other_event(ui, key))
        typed_key(ui, key);
    ui->changed = true;
    ui_view_request(ui);
    ui_preview(ui, false);
    journal_ask(ui);
}
