/*
 * Questions: docked over the blotter, never over ladder, position or status.
 *
 * y counts 250 ms after the frame with the question has left; Enter hits the focus, which stands on the harmless
 * answer; ten seconds are no. If the book leaves LIVE, or an order would now take where it would have rested, the
 * question says so and wants one more y.
 */
#include "tui/ui_state.h"

#include <string.h>

struct wording {
    const char *title, *note, *no, *yes, *expiry;
};

static struct wording wording_of(enum question_kind kind)
{
    switch (kind) {
    case ASK_ORDER:
        return (struct wording){"SEND THIS ORDER?", "one-key is off; " KEY("a") " arms it", "Cancel",
                                "send it", "nothing sent"};
    case ASK_MOVE:
        return (struct wording){"MOVE THIS ORDER?", "it loses its place in the queue", "Cancel", "move it",
                                "nothing moved"};
    case ASK_FLATTEN:
        return (struct wording){"FLATTEN?", "one-key is off; " KEY("a") " arms it", "Cancel", "flatten",
                                "nothing sent"};
    case ASK_REVERSE:
        return (struct wording){"REVERSE THE POSITION?", "", "Cancel", "reverse", "nothing sent"};
    case ASK_CANCEL:
        return (struct wording){"CANCEL A STRATEGY'S ORDER?", "", "Leave it", "cancel it",
                                "nothing cancelled"};
    case ASK_MODE:
        return (struct wording){"", "", "Stay", "go to observation", ""};
    case ASK_ARM:
        return (struct wording){"ARM ONE-KEY ON REAL MONEY?", "", "Stay off", "arm", "not armed"};
    case ASK_RESUME:
        return (struct wording){"RESUME IN LIVE?", "", "Stay paused", "resume", "still paused"};
    case ASK_STRATEGY:
        return (struct wording){"TURN A STRATEGY ON IN LIVE?", "", "Leave it off", "turn it on", "still off"};
    case ASK_KILL:
        return (struct wording){"KILL THE ENGINE'S TRADING?", "this screen is read only", "Cancel", "kill",
                                "not killed"};
    case ASK_QUIT:
        return (struct wording){"LEAVE?", "", "Stay", "", "you stay"};
    case ASK_AGAIN:
        return (struct wording){"PLAY THE RECORDING ANEW?", "", "Stay", "play it anew", "you stay"};
    }
    return (struct wording){"?", "", "Cancel", "yes", "nothing done"};
}

void question_open(struct ui *ui, enum question_kind kind, const struct command *yes)
{
    struct ui_question *q = &ui->question;
    struct wording w = wording_of(kind);

    if (kind != ASK_KILL && kind != ASK_QUIT && !ui_may_change(ui))
        return;
    memset(q, 0, sizeof(*q));
    q->kind = kind;
    q->yes = *yes;
    q->opened_ns = ui->now_ns;
    q->yes_count = 1;
    text_print(q->title, sizeof(q->title), "%s", w.title);
    text_print(q->note, sizeof(q->note), "%s", w.note);
    text_print(q->no_word, sizeof(q->no_word), "%s", w.no);
    text_print(q->yes_words, sizeof(q->yes_words), "%s", w.yes);
    text_print(q->expiry, sizeof(q->expiry), "%s", w.expiry);
    if (kind == ASK_MODE) {
        text_print(q->title, sizeof(q->title), "LEAVE %s FOR %s?", trading_mode_word(ui->frame->status.mode),
                   trading_mode_word(yes->mode));
        text_print(q->yes_words, sizeof(q->yes_words), "go to %s",
                   yes->mode == MODE_OBSERVATION ? "observation" : "simulation");
    }
    if (kind == ASK_MOVE) /* by hand: others are moved by their strategies */
        text_print(q->note, sizeof(q->note), "yours, %s: %s", number_order_id(yes->order_seq).text, w.note);
    if (kind == ASK_QUIT || kind == ASK_AGAIN)
        question_quit_note(ui, q->note, sizeof(q->note));
    if (kind == ASK_FLATTEN && ui_killed(ui))
        text_print(q->note, sizeof(q->note), "KILLED: this one order is let out, once");
    else if (kind == ASK_FLATTEN && ui->armed)
        q->note[0] = '\0';
    ui->overlay = OVERLAY_QUESTION;
    ui->say.until_ns = 0;
    ui->preview_ns = 0;
    if (ui->frame != NULL)
        question_refresh(ui);
    ui_preview(ui, false);
    ui->changed = true;
}

void question_close(struct ui *ui, const char *why)
{
    if (!question_stands(ui))
        return;
    if (ui->overlay == OVERLAY_HELP)
        help_drop_under(ui);
    else
        ui->overlay = OVERLAY_NONE;
    if (ui->question.kind == ASK_MOVE)
        ui->moving = false;
    ui->preview_ns = 0;
    if (why != NULL)
        ui_say(ui, 0, "", "%s", why);
    ui->changed = true;
}

static const char *no_answer(const struct ui_question *q)
{
    return q->expiry[0] != '\0' ? q->expiry : q->kind == ASK_MODE ? "nothing changed: you stay" : "you stay";
}

static void remember_sent(struct ui *ui, const struct command *command)
{
    if (command->kind == COMMAND_ORDER || command->kind == COMMAND_MOVE) {
        ui->last_sent = command->intent;
        ui->last_sent_ns = ui->now_ns;
    }
}

/* What stops a key stops the answer to its question, too; of an order's book the question itself tells. */
static bool still_may(struct ui *ui, enum question_kind kind)
{
    if (kind == ASK_FLATTEN)
        return flatten_may_leave(ui);
    if (kind == ASK_ARM)
        return order_keys_work(ui);
    return kind > ASK_REVERSE || order_may_leave(ui);
}

static void answer_yes(struct ui *ui)
{
    struct ui_question *q = &ui->question;
    struct command command = q->yes;

    if (q->kind == ASK_QUIT) {
        ui_say(ui, 1, "",
               ui->host.detach != NULL ? "say " KEY("d") " or " KEY("x") ": which way out?"
                                       : KEY("x") " ends it; Esc stays");
        return;
    }
    if (q->left_ns == 0 || ui->now_ns - q->left_ns < UI_YES_AFTER_NS) {
        ui_say(ui, 1, "TOO EARLY", KEY("y") " counts when the question has been on your screen for 250 ms");
        return;
    }
    if (--q->yes_count > 0) {
        q->again = true;
        ui_say(ui, 2, "ONCE MORE", "what was asked has changed: read it, then " KEY("y"));
        q->left_ns = ui->now_ns;
        return;
    }
    question_close(ui, NULL);
    if (!still_may(ui, q->kind))
        return;
    if (q->kind == ASK_ARM) {
        ui->armed = true;
        ui->armed_ns = ui->now_ns;
        ui_say(ui, 2, "ARMED", "order keys send REAL orders at once");
        return;
    }
    if (q->kind == ASK_AGAIN) {
        replay_again(ui, command.number);
        return;
    }
    if (q->kind == ASK_KILL)
        ui->kill_report = true;
    if (ui_send(ui, &command)) {
        remember_sent(ui, &command);
        ui_say(ui, 0, "SENT", "%s", q->yes_words);
    }
}

static void leave_by(struct ui *ui, bool detach)
{
    struct command command = ui->question.yes;

    if (ui->question.kind != ASK_QUIT)
        return;
    if (detach && ui->host.detach == NULL) {
        ui_say(ui, 1, "", "nothing would run on without this screen");
        return;
    }
    question_close(ui, NULL);
    if (detach) {
        ui->host.detach(ui->host.arg);
        return;
    }
    command.kind = COMMAND_QUIT;
    command.flag = true;
    ui_send(ui, &command);
    ui->host.quit(ui->host.arg);
}

/* Only its own keys: all else does nothing while a question stands. */
void question_key(struct ui *ui, enum key_action action)
{
    struct ui_question *q = &ui->question;

    if (action == ACT_YES || (action == ACT_CHOOSE && q->focus == 1))
        answer_yes(ui);
    else if (action == ACT_NO || action == ACT_CHOOSE || action == ACT_LEAVE || action == ACT_INTERRUPT ||
             action == ACT_QUIT)
        question_close(ui, no_answer(q));
    else if (action == ACT_MOVE_FOCUS)
        q->focus = q->kind == ASK_QUIT ? 0 : !q->focus;
    else if (action == ACT_DETACH || action == ACT_STOP_ENGINE)
        leave_by(ui, action == ACT_DETACH);
}

bool question_tick(struct ui *ui)
{
    int64_t opened = question_stands(ui) ? ui->question.opened_ns : 0;

    if (question_stands(ui) && ui->now_ns - opened >= UI_QUESTION_NS) {
        bool orders = ui->question.kind <= ASK_REVERSE;

        question_close(ui, orders ? "not sent: ten seconds without an answer" : no_answer(&ui->question));
        return true;
    }
    if (ui->overlay == OVERLAY_TEXT && (ui->text.kind == TEXT_CLEAR_KILL || ui->text.kind == TEXT_LOOSEN) &&
        ui->now_ns - ui->text.opened_ns >= 20 * UI_SECOND_NS) {
        ui->overlay = OVERLAY_NONE;
        ui_say(ui, 1, ui->text.kind == TEXT_LOOSEN ? "NOT CHANGED" : "STILL KILLED",
               "twenty seconds without the word");
        return true;
    }
    return ui->overlay == OVERLAY_QUESTION || ui->armed;
}
