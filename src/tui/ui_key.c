/*
 * Keys to actions: the innermost context first, then those around it. A key that means nothing here is answered, so
 * that no key is silent; only a question swallows what is not its own.
 */
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
    case OVERLAY_NONE:
        break;
    }
    if (ui->screen != SCREEN_TRADE)
        return ui_screen_of(ui->screen)->context;
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
    if (action == ACT_NONE && (ui->screen == SCREEN_TRADE || (ui_killed(ui) && key == 'f')))
        action = find_in(CONTEXT_TRADE, key);
    if (action == ACT_NONE)
        action = find_in(CONTEXT_ALL, key);
    return action;
}

static void unknown_key(struct ui *ui, uint32_t key)
{
    char name[32];

    if (ui->screen != SCREEN_TRADE &&
        (find_in(CONTEXT_TRADE, key) != ACT_NONE || find_in(CONTEXT_LADDER, key) != ACT_NONE ||
         find_in(CONTEXT_LIST, key) != ACT_NONE))
        ui_say(ui, 1, "", "%s works on screen 1 Trade; 1 leads there", key_to_name(key, name));
    else if (find_in(CONTEXT_REPLAY, key) != ACT_NONE)
        ui_say(ui, 1, "", "%s steers a replay; this is the market's own clock", key_to_name(key, name));
    else if (find_in(CONTEXT_LADDER, key) != ACT_NONE)
        ui_say(ui, 1, "", "%s belongs to the ladder; Esc returns to it", key_to_name(key, name));
    else if (find_in(CONTEXT_LIST, key) != ACT_NONE)
        ui_say(ui, 1, "", "%s belongs to the lists; v moves there", key_to_name(key, name));
    else
        ui_say(ui, 1, "", "%s does nothing here; ? shows the keys", key_to_name(key, name));
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
        ui_act(ui, action);
}

static void key_in_text(struct ui *ui, const struct key_event *key)
{
    enum key_action action = find_in(CONTEXT_TEXT, key->key);

    if (key->key == (KEY_ALT | 'K') || key->key == KEY_F12)
        kill_key(ui);
    else if (action == ACT_NONE && (key->key == (KEY_CTRL | 'l') || key->key == (KEY_CTRL | 'z')))
        ui_act(ui, find_in(CONTEXT_ALL, key->key));
    else
        text_key(ui, key, key->key == (KEY_CTRL | 'c') ? ACT_LEAVE : action);
}

static void key_in_ticket(struct ui *ui, const struct key_event *key)
{
    enum key_action action = find_in(CONTEXT_TICKET, key->key);
    enum key_action all = find_in(CONTEXT_ALL, key->key);

    if (action == ACT_NONE && all != ACT_LEAVE && all != ACT_INTERRUPT && works_everywhere(all))
        ui_act(ui, all);
    else
        ticket_key(ui, key,
                   action != ACT_NONE                                            ? action
                   : all == ACT_LEAVE || all == ACT_INTERRUPT || all == ACT_QUIT ? all
                                                                                 : ACT_NONE);
}

static void page(struct ui *ui, int direction)
{
    int pages = ui->overlay == OVERLAY_HELP ? help_pages(ui) : 1;
    int to = ui->help_page + direction;

    if (ui->overlay == OVERLAY_STORY) {
        if (!story_scroll(ui, direction))
            ui_say(ui, 0, "", direction < 0 ? "its beginning" : "its end; Esc closes");
        return;
    }
    if (to < 0)
        ui_say(ui, 0, "", "first page");
    else if (to >= pages)
        ui->overlay = OVERLAY_NONE;
    else
        ui->help_page = (uint16_t)to;
}

static void key_in_page(struct ui *ui, const struct key_event *key)
{
    enum key_action action = find_in(CONTEXT_PAGE, key->key), all = find_in(CONTEXT_ALL, key->key);

    if (action != ACT_NONE && ui->overlay == OVERLAY_SETTINGS)
        settings_key(ui, key->key);
    else if (action != ACT_NONE)
        page(ui, action == ACT_PAGE_UP ? -1 : 1);
    else if (works_everywhere(all) || all == ACT_HELP || all == ACT_QUIT)
        ui_act(ui, all);
    else if (all == ACT_COMMAND && ui->overlay == OVERLAY_SETTINGS)
        ui_act(ui, all);
    else if (ui->overlay == OVERLAY_DETAIL || ui->overlay == OVERLAY_STORY)
        ui->overlay = OVERLAY_NONE;
    else
        ui_say(ui, 1, "", "Esc closes this page");
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
        ui_act(ui, action);
}

static void key_when_small(struct ui *ui, const struct key_event *key)
{
    enum key_action action = find_in(CONTEXT_ALL, key->key);

    if (works_everywhere(action) || action == ACT_QUIT)
        ui_act(ui, action);
    else
        ui_say(ui, 1, "", "too small: 60x15 at least; K Space q work");
}

static void key_on_screen(struct ui *ui, const struct key_event *key)
{
    enum key_action action = find_on_screen(ui, ui_context(ui), key->key);

    if (ui_killed(ui) && ui->kill_report && ui->screen == SCREEN_TRADE && key->key == 'y')
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

static void typed_key(struct ui *ui, const struct key_event *key)
{
    if (ui->locked && ui->overlay != OVERLAY_QUESTION) { /* of a read-only screen: K asks */
        ui->say.until_ns = 0;
        lock_key(ui, key);
        return;
    }
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
    case CONTEXT_RISK:
    case CONTEXT_STRATEGY:
    case CONTEXT_MARKET:
    case CONTEXT_CHART:
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
