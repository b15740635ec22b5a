/*
 * Arming, modes, pause, kill and the way out. Each key sets something; none of them asks unless something is at
 * stake, and the kill key never does (but on a read-only screen).
 */
#include "tui/ui_state.h"

#include <string.h>

#define RESUME_DEAD_NS (3 * UI_SECOND_NS / 2)
#define BOOK_DISARM_NS (2 * UI_SECOND_NS)
#define BANNER_NS      (6 * UI_SECOND_NS)
#define CRASH_SAY_NS   (60 * UI_SECOND_NS)
#define QUIT_TWICE_NS  (2 * UI_SECOND_NS)

/* --- one-key -------------------------------------------------------------------------------------------------- */

static void arm_on(struct ui *ui)
{
    ui->armed = true;
    ui->armed_ns = ui->now_ns;
    ui_say(ui, 2, "ARMED",
           "order keys send at once; 60 s without one, or " KEY("a") ", or " KEY("Esc") " disarms");
}

void arm_toggle(struct ui *ui)
{
    struct command none = ui_command(ui, COMMAND_PREVIEW);

    if (ui->armed) {
        arm_off(ui, "by you");
        return;
    }
    if (!order_keys_work(ui))
        return;
    if (ui->frame->status.mode == MODE_LIVE) {
        question_open(ui, ASK_ARM, &none);
        return;
    }
    arm_on(ui);
}

void arm_off(struct ui *ui, const char *why)
{
    if (!ui->armed)
        return;
    ui->armed = false;
    ui->changed = true;
    if (why != NULL)
        ui_say(ui, 2, "DISARMED", "%s; order keys ask again", why);
}

void arm_used(struct ui *ui)
{
    ui->armed_ns = ui->now_ns;
}

/* --- mode ------------------------------------------------------------------------------------------------------ */

void mode_set(struct ui *ui, enum trading_mode mode)
{
    struct command command = ui_command(ui, COMMAND_SET_MODE);

    if (ui->frame == NULL) {
        ui_say(ui, 1, "", "there is no engine to set yet");
        return;
    }
    if (!ui_may_change(ui))
        return;
    if (mode == MODE_SIMULATION && ui_killed(ui)) {
        ui_say(ui, 1, "KILLED", "nothing trades, on paper neither; :clear-kill and its word come first");
        return;
    }
    if (ui->frame->status.mode == mode) {
        ui_say(ui, 0, "", mode == MODE_SIMULATION ? "already trading on paper" : "already in observation");
        return;
    }
    command.mode = mode;
    arm_off(ui, NULL);
    if (ui_at_stake(ui) || ui->frame->status.mode == MODE_LIVE) {
        question_open(ui, ASK_MODE, &command);
        return;
    }
    if (ui_send(ui, &command))
        ui_say(ui, 0, "MODE",
               mode == MODE_SIMULATION ? "simulation: orders go to the paper broker; nothing is armed"
                                       : "observation: no order leaves");
}

/* --- pause and states ---------------------------------------------------------------------------------------- */

static void hold_replay(struct ui *ui, bool hold)
{
    struct command command = ui_command(ui, COMMAND_REPLAY_HOLD);

    command.flag = hold;
    if (script_runs(ui)) /* nobody would let it go on */
        return;
    if (ui->frame->status.replay && ui->frame->status.replay_held != hold)
        ui_send(ui, &command);
}

static void resume(struct ui *ui)
{
    struct command command = ui_command(ui, COMMAND_RESUME);
    bool paused = ui->frame->status.state == STATE_PAUSED;

    if (!script_runs(ui) && ui->paused_ns != 0 && ui->now_ns - ui->paused_ns < RESUME_DEAD_NS) {
        ui_say(ui, 1, "PAUSED",
               KEY("Space") " resumes only 1.5 s after the pause: a nervous double tap stays paused");
        return;
    }
    if (ui->frame->status.mode == MODE_LIVE) {
        question_open(ui, ASK_RESUME, &command);
        return;
    }
    hold_replay(ui, false);
    /* it is the clock that goes on: strategies need not have been paused; a file lets no clock go, and wants its answer */
    command.flag = !paused && !script_runs(ui);
    if (ui_send(ui, &command))
        ui_say(ui, 0, paused ? "RESUMED" : "",
               paused ? "strategies trade again; one-key is off" : "the recording plays on");
}

/* False, and said why, where neither can be. */
static bool may_pause(struct ui *ui)
{
    if (ui->frame == NULL) {
        ui_say(ui, 1, "", "there is nothing to pause yet");
        return false;
    }
    if (!ui->frame->status.replay && !ui_may_change(ui)) /* a replay's clock is everybody's */
        return false;
    if (ui_killed(ui)) {
        ui_say(ui, 1, "KILLED", "nothing to pause or resume; :clear-kill and its word lead to PAUSED");
        return false;
    }
    if (ui->frame->status.state == STATE_HALTED && !ui->frame->status.replay_ended) {
        ui_say(ui, 1, "HALTED", "nothing is sent anyway; :go ends it");
        return false;
    }
    if (ui->frame->status.replay_ended) {
        ui_say(ui, 1, "", "the recording has ended: nothing runs that could be held; " KEY("q") " quits");
        return false;
    }
    return true;
}

void pause_now(struct ui *ui)
{
    struct command command = ui_command(ui, COMMAND_PAUSE);

    if (!may_pause(ui))
        return;
    if (ui->frame->status.state == STATE_PAUSED && !ui->frame->status.schedule_holds) {
        ui_say(ui, 0, "PAUSED", "already");
        return;
    }
    hold_replay(ui, true);
    if (ui_send(ui, &command)) {
        ui->paused_ns = ui->now_ns > 0 ? ui->now_ns : 1;
        ui_say(ui, 2, "PAUSED", "strategies send nothing, theirs are cancelled; yours and keys work on");
    }
}

bool ui_is_paused(const struct ui *ui)
{
    const struct view_status *status = ui->frame != NULL ? &ui->frame->status : NULL;

    return status != NULL && (status->state == STATE_PAUSED || (status->replay && status->replay_held));
}

const char *ui_pause_word(const struct ui *ui)
{
    const struct view_status *status = &ui->frame->status;

    if (status->replay && status->state == STATE_HALTED) /* the clock alone: trading is not what goes on */
        return status->replay_held ? "play" : "hold";
    return ui_is_paused(ui) ? "resume" : status->replay ? "hold" : "pause";
}

/* A replay's clock is held to look, whatever stops the orders: that is neither paused nor resumed. */
static void hold_when_halted(struct ui *ui)
{
    bool hold = !ui->frame->status.replay_held;

    hold_replay(ui, hold);
    ui_say(ui, 0, "HALTED",
           hold ? "the clock is held; " KEY("Space") " lets it go on; no order leaves until :go"
                : "the recording plays on; no order leaves until :go");
}

void pause_key(struct ui *ui)
{
    const struct view_status *status = ui->frame != NULL ? &ui->frame->status : NULL;

    if (status != NULL && status->replay && status->state == STATE_HALTED && !status->replay_ended &&
        !script_runs(ui))
        hold_when_halted(ui);
    else if (!ui_is_paused(ui))
        pause_now(ui);
    else if (may_pause(ui))
        resume(ui);
}

void state_set(struct ui *ui, enum trading_state state)
{
    struct command command = ui_command(ui, COMMAND_SET_STATE);

    if (ui->frame != NULL && ui_killed(ui)) {
        ui_say(ui, 1, "KILLED", ":clear-kill and its word come first");
        return;
    }
    command.state = state;
    if (ui->frame != NULL && !ui_may_change(ui))
        return;
    if (ui_send(ui, &command))
        ui_say(ui, 0, trading_state_word(state), "asked for");
}

/* --- kill -------------------------------------------------------------------------------------------------------- */

void kill_key(struct ui *ui)
{
    struct command command = ui_command(ui, COMMAND_KILL);

    ui->moving = false;
    arm_off(ui, NULL);
    if (!ui->config.readonly && ui->screen != SCREEN_TRADE) /* where the report is */
        ui_screen_show(ui, SCREEN_TRADE);
    if (ui->frame != NULL && ui_killed(ui)) { /* repeats change nothing: they show what is known */
        if (!ui->config.readonly) /* what is shown may be old: another hand may have cleared it just now */
            ui_send(ui, &command);
        question_close(
            ui,
            NULL); /* whoever types it does not want to clear it: the report lies under all that is open */
        ui->overlay = OVERLAY_NONE;
        zoom_set(ui, ZOOM_NONE);
        ui->kill_report = true;
        ui->kill_list = false;
        ui_say(ui, 2, "KILLED", "already: no new order can leave; the report shows each one");
        return;
    }
    if (ui->config.readonly) {
        question_open(ui, ASK_KILL, &command);
        return;
    }
    question_close(ui, NULL);
    ui->overlay = OVERLAY_NONE;
    zoom_set(ui, ZOOM_NONE);
    ui->kill_report = true;
    if (ui_send(ui, &command))
        ui_say(ui, 2, "KILL", "no new order can leave; every order of ours is being cancelled");
}

/* --- quit ---------------------------------------------------------------------------------------------------------- */

static void leave_program(struct ui *ui, bool cancel)
{
    struct command command = ui_command(ui, COMMAND_QUIT);

    command.flag = cancel;
    ui_send(ui, &command);
    ui->host.quit(ui->host.arg);
}

/* The program's end is theirs, too. */
static bool others_look(const struct ui *ui)
{
    return ui->frame != NULL && ui->frame->desk.screens > 1;
}

/* Out of the innermost thing first; at_once: Ctrl-C a second time. */
void quit_key(struct ui *ui, bool at_once)
{
    struct command command = ui_command(ui, COMMAND_QUIT);

    if (!at_once && ui->overlay == OVERLAY_NONE && ui->screen != SCREEN_TRADE) {
        ui_screen_show(ui, SCREEN_TRADE);
        return;
    }
    if (!at_once && (ui->overlay != OVERLAY_NONE || ui->zoom != ZOOM_NONE || ui->moving)) {
        ui_act(ui, ACT_LEAVE);
        return;
    }
    if (ui->config.attached) { /* the engine stays: nothing is at stake */
        ui->host.detach(ui->host.arg);
        return;
    }
    if ((!ui_at_stake(ui) || ui->config.readonly) && !others_look(ui)) {
        leave_program(ui, false);
        return;
    }
    arm_off(ui, NULL);
    question_open(ui, ASK_QUIT, &command);
}

/* --- what frames and time change ------------------------------------------------------------------------------------ */

/* Another screen's word ends what this one has begun. */
static void control_on_frame(struct ui *ui)
{
    const struct view_desk *desk = &ui->frame->desk;
    bool lost = desk->watching && !ui->watching;

    ui->watching = desk->watching;
    if (!lost)
        return;
    arm_off(ui, NULL);
    ui->moving = false;
    if (question_stands(ui) && ui->question.kind != ASK_KILL && ui->question.kind != ASK_QUIT)
        question_close(ui, NULL);
    if (ui->overlay == OVERLAY_TICKET)
        ui->overlay = OVERLAY_NONE;
    else if (ui->overlay == OVERLAY_HELP && ui->help.under == OVERLAY_TICKET)
        help_drop_under(ui);
    if (ui->config.readonly)
        return;
    ui_ring(ui);
    ui_say(ui, 2, "WATCHING", "%s is in control: order keys answer so; " KEY("K") " works, :control takes it",
           desk->controller[0] == '\0' ? "nobody" : desk->controller);
}

static void book_on_frame(struct ui *ui)
{
    if (ui_book_live(ui)) {
        ui->not_live_ns = 0;
        return;
    }
    if (ui->not_live_ns == 0)
        ui->not_live_ns = ui->now_ns > 0 ? ui->now_ns : 1;
    if (ui->moving) {
        ui->moving = false;
        ui_say(ui, 1, "NOT MOVED", "the book is not LIVE: the order stays where it was");
    }
    if (ui->now_ns - ui->not_live_ns >= BOOK_DISARM_NS) {
        arm_off(ui, "the book has not been LIVE for 2 s");
    }
}

static bool is_brief(const char *why)
{
    return strchr(why, ' ') == NULL;
}

/* What became of an order of ours is newer than an answer that all is well: WORKING is not true of what has filled since.
 * All else waits until the answer to our own key has been read. */
static void bell_on_frame(struct ui *ui)
{
    const struct view_frame *frame = ui->frame;
    struct ui_message message = {.level = 2, .ours = frame->bell_ours_seq > ui->bell_seen_seq};
    const char *why = message.ours ? frame->bell_ours_why : frame->bell_why;

    if (frame->bell_seq == ui->bell_seen_seq)
        return;
    ui->bell_seen_seq = frame->bell_seq;
    ui_ring(ui);
    if (why[0] == '\0' || (is_brief(why) && ui->now_ns < ui->say.read_ns && ui->say.level != 0))
        return; /* denied, rejected, KILLED: what stands there is the answer that says so */
    if (is_brief(why) &&
        frame->lists.log_lines > 0) /* too little for a line of its own: the log tells the rest */
        why = frame->lists.log[0].text;
    text_print(message.text, sizeof(message.text), "%s", why);
    if (message.ours && ui->say.level == 0)
        ui->say.until_ns = 0;
    ui_hear(ui, &message);
}

/* By the first frame: whoever comes back reads it when he has found his way, or goes on with a key. */
void mode_on_first_frame(struct ui *ui)
{
    struct ui_message message = {.level = 2, .ours = true, .head = "AFTER A CRASH"};

    ui->state_seen = ui->frame->status.state;
    ui->bell_seen_seq = ui->frame->bell_seq;
    if (ui->frame->status.crash_told[0] == '\0')
        return;
    text_print(message.text, sizeof(message.text), "%s", ui->frame->status.crash_told);
    /* what closes a position after a kill, what ends SAFE MODE matters more */
    message.stays_ns = ui->frame->status.state == STATE_ACTIVE ? CRASH_SAY_NS : 0;
    ui_hear(ui, &message);
}

void mode_on_frame(struct ui *ui)
{
    const struct view_status *status = &ui->frame->status;

    control_on_frame(ui);
    if (status->state != ui->state_seen) {
        if (status->state == STATE_KILLED)
            ui->kill_report = true;
        if (status->state != STATE_ACTIVE)
            arm_off(ui, NULL);
        ui->state_seen = status->state;
        ui->state_changed_ns = ui->now_ns > 0 ? ui->now_ns : 1;
        /* whoever's pause it is, or what a cleared kill leaves: a Space that was meant to pause does not resume */
        if (status->state == STATE_PAUSED &&
            (ui->paused_ns == 0 || ui->now_ns - ui->paused_ns >= RESUME_DEAD_NS))
            ui->paused_ns = ui->state_changed_ns;
    }
    if (ui_killed(ui)) {
        if (ui->moving)
            ui->moving = false;
        if (ui->kill_seen_ns == 0) {
            if (ui->zoom != ZOOM_NONE) /* the report lies where the panels are */
                zoom_set(ui, ZOOM_NONE);
            ui->kill_seen_ns = ui->now_ns > 0 ? ui->now_ns : 1;
            ui->kill_report = true;
        }
    } else {
        ui->kill_seen_ns = 0;
        ui->kill_report = false;
    }
    if (status->mode == MODE_OBSERVATION)
        arm_off(ui, NULL);
    book_on_frame(ui);
    bell_on_frame(ui);
}

bool mode_tick(struct ui *ui)
{
    bool changed = false;

    if (ui->armed && ui->now_ns - ui->armed_ns >= UI_ARM_NS) {
        arm_off(ui, "60 s without an order key");
        changed = true;
    }
    if (ui->not_live_ns != 0 && ui->armed && ui->now_ns - ui->not_live_ns >= BOOK_DISARM_NS) {
        arm_off(ui, "the book has not been LIVE for 2 s");
        changed = true;
    }
    if (ui->state_changed_ns != 0 && ui->now_ns - ui->state_changed_ns >= BANNER_NS) {
        ui->state_changed_ns = 0;
        changed = true;
    }
    if (ui->quit_asked_ns != 0 && ui->now_ns - ui->quit_asked_ns >= QUIT_TWICE_NS)
        ui->quit_asked_ns = 0;
    return changed;
}
