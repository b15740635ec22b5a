/*
 * A file of commands, line by line as if each had been typed: the next one when the engine has answered the last. What
 * is refused, or asks what only a person can answer, ends it there; the rest is not run.
 */
#include "tui/script.h"
#include "tui/ui_state.h"

#include <string.h>

#define ANSWER_NS (20 * UI_SECOND_NS) /* an engine that is there answers within a frame */

bool ui_execute(struct ui *ui, const struct script *script)
{
    if (ui->script.script != NULL)
        return false;
    ui->script = (struct ui_script){.script = script};
    return true;
}

enum ui_script_state ui_script_state(const struct ui *ui)
{
    return ui->script.script == NULL ? UI_SCRIPT_NONE : ui->script.state;
}

static const struct script_line *line_now(const struct ui *ui)
{
    return &ui->script.script->line[ui->script.at];
}

static void tell(struct ui *ui, bool good, const char *what)
{
    const struct script_line *line = line_now(ui);
    char text[SCRIPT_WHY_SIZE];

    text_print(text, sizeof(text), "%s:%u: %s%s%s", ui->script.script->name, line->number, line->text,
               what[0] == '\0' ? "" : ": ", what);
    ui_note(ui, good ? 0 : 2, "%s", text);
    if (ui->host.executed != NULL)
        ui->host.executed(ui->host.arg, good, text);
}

static void fail(struct ui *ui, const char *what)
{
    struct ui_script *self = &ui->script;
    size_t left = self->script->lines - self->at - 1;
    char said[VIEW_TEXT_MAX];

    text_print(said, sizeof(said), "%s", what); /* it may be what ui_say() is about to overwrite */
    self->state = UI_SCRIPT_FAILED;
    tell(ui, false, said);
    ui_say(ui, 2, "NOT EXECUTED", "%s:%u: %s; %zu line%s after it not run", self->script->name,
           line_now(ui)->number, said, left, left == 1 ? "" : "s");
}

static void go_on(struct ui *ui, const char *said)
{
    struct ui_script *self = &ui->script;

    tell(ui, true, said);
    self->waits = false;
    self->sent.seq = 0;
    if (++self->at < self->script->lines)
        return;
    self->state = UI_SCRIPT_DONE;
    ui_say(ui, 0, "EXECUTED", "%s: %zu command%s", self->script->name, self->script->lines,
           self->script->lines == 1 ? "" : "s");
}

/* A warning may tell what was done, too: then the state says so. */
static bool was_done(const struct ui *ui, const struct view_answer *answer)
{
    const struct command *sent = &ui->script.sent;

    if (answer->level == 0)
        return true;
    if (sent->kind == COMMAND_PAUSE)
        return ui->frame->status.state == STATE_PAUSED;
    if (sent->kind == COMMAND_SET_STATE)
        return ui->frame->status.state == sent->state ||
               (sent->state == STATE_REDUCING &&
                ui->frame->status.state == STATE_PAUSED); /* that stays beside it */
    return sent->kind == COMMAND_CANCEL || sent->kind == COMMAND_CANCEL_ALL || sent->kind == COMMAND_KILL;
}

static const struct view_answer *answer_of(const struct ui *ui, uint32_t seq)
{
    for (int i = 0; i < ui->frame->answers && i < VIEW_ANSWERS_MAX; i++)
        if (ui->frame->answer[i].seq == seq)
            return &ui->frame->answer[i];
    return NULL;
}

/* Limits and parameters come with a frame of their screen, another instrument's position with its picture; and go to the
 * engine then. */
static bool is_on_its_way(const struct ui *ui)
{
    return ui->limit.waiting[0] != '\0' || ui->strategies.waiting[0] != '\0' || ui->flatten_waits;
}

static void look_for_answer(struct ui *ui)
{
    struct ui_script *self = &ui->script;
    const struct view_answer *answer = self->sent.seq == 0 ? NULL : answer_of(ui, self->sent.seq);

    if (ui->overlay == OVERLAY_QUESTION || ui->overlay == OVERLAY_TEXT || ui->overlay == OVERLAY_TICKET) {
        ui->overlay = OVERLAY_NONE;
        fail(ui, "asks what a file cannot answer; type it");
    } else if (answer != NULL) {
        if (was_done(ui, answer))
            go_on(ui, answer->text);
        else
            fail(ui, answer->text);
    } else if (!is_on_its_way(ui) && self->sent.seq == 0) {
        if (ui->say.level == 1)
            fail(ui, ui->say.text);
        else
            go_on(ui, ui->say.text);
    } else if (ui->now_ns - self->since_ns >= ANSWER_NS) {
        fail(ui, "the engine has not answered for 20 s");
    }
}

static void run_next(struct ui *ui)
{
    struct ui_script *self = &ui->script;

    if (self->script->lines == 0) {
        self->state = UI_SCRIPT_DONE;
        return;
    }
    self->waits = true;
    self->since_ns = ui->now_ns;
    self->sent.seq = 0;
    ui->say.level = 0;
    ui->say.text[0] = '\0';
    prompt_run(ui, line_now(ui)->text);
    look_for_answer(ui);
}

void script_on_frame(struct ui *ui)
{
    struct ui_script *self = &ui->script;

    if (self->script == NULL || self->state != UI_SCRIPT_RUNS || ui->frame->status.instruments == 0)
        return;
    if (self->waits)
        look_for_answer(ui);
    /* what needs no answer needs no frame either */
    while (self->state == UI_SCRIPT_RUNS && !self->waits)
        run_next(ui);
}

bool script_runs(const struct ui *ui)
{
    return ui->script.waits && ui->script.state == UI_SCRIPT_RUNS;
}

bool ui_script_left(const struct ui *ui, char *out, size_t size)
{
    const struct ui_script *self = &ui->script;
    const struct script_line *line;
    size_t after;

    if (self->script == NULL || self->state != UI_SCRIPT_RUNS || self->at >= self->script->lines)
        return false;
    line = line_now(ui);
    after = self->script->lines - self->at - 1;
    text_print(out, size, "%s:%u: %s: %s; %zu line%s after it not run", self->script->name, line->number,
               self->waits ? "begun, and not answered any more" : "NOT EXECUTED", line->text, after,
               after == 1 ? "" : "s");
    return true;
}

/* What a line has sent; the last of several is the one whose answer counts. */
void script_sent(struct ui *ui, const struct command *command)
{
    if (script_runs(ui) && command_has(command->kind, COMMAND_TRAIT_INPUT))
        ui->script.sent = *command;
}
