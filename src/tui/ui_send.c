/* What leaves the screen (commands, wishes for rows, previews) and the answers that come back. */
#include "core/base/safe_text.h"
#include "tui/ui_state.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PREVIEW_NS (UI_SECOND_NS / 10)

struct command ui_command(const struct ui *ui, enum command_kind kind)
{
    struct command command;

    memset(&command, 0, sizeof(command));
    command.kind = kind;
    command.instrument_id = ui->instrument_id;
    command.intent.instrument_id = ui->instrument_id;
    command.intent.owner = OWNER_MANUAL;
    text_print(command.source, sizeof(command.source), script_runs(ui) ? "file" : "key");
    return command;
}

const char *ui_barred(const struct ui *ui, char *out, size_t size)
{
    const struct view_desk *desk = ui->frame == NULL ? NULL : &ui->frame->desk;

    if (ui->config.readonly)
        return "this screen is read only";
    if (desk == NULL || !desk->watching)
        return NULL;
    text_print(out, size, "%s is in control; :control takes it",
               desk->controller[0] == '\0' ? "nobody" : desk->controller);
    return out;
}

bool ui_may_change(struct ui *ui)
{
    char text[VIEW_TEXT_MAX];
    const char *why = ui_barred(ui, text, sizeof(text));

    if (why != NULL)
        ui_say(ui, 1, "", "%s", why);
    return why == NULL;
}

bool ui_send(struct ui *ui, struct command *command)
{
    if (command_has(command->kind, COMMAND_TRAIT_CHANGES) && !ui_may_change(ui))
        return false;
    command->seq = ++ui->command_seq;
    setting_sent(ui, command);
    script_sent(ui, command);
    if (ui->host.send(ui->host.arg, command))
        return true;
    ui_say(ui, 1, "NOT SENT",
           ui->config.attached ? "the engine does not answer: nothing can be sent to it now"
                               : "the engine takes no commands now: its ring is full. K still works by its "
                                 "own flag");
    return false;
}

/* Three seconds, and as long as it takes to read; the next key brings back what it hides. */
static int64_t reading_ns(const struct ui_say *say)
{
    int64_t ns = (int64_t)(safe_text_columns(say->head) + safe_text_columns(say->text)) * UI_READ_NS;

    return ns > UI_SAY_NS ? ns : UI_SAY_NS;
}

static bool is_unread(const struct ui *ui)
{
    return ui->say.stands && ui->say.until_ns != 0 && ui->now_ns < ui->say.read_ns;
}

/* Armed the NEXT row says what the next key sends: nothing stands before that. */
void ui_say_seen(struct ui *ui)
{
    if (!is_unread(ui) || ui->armed)
        ui->say.until_ns = 0;
}

/* What takes its place is an answer: after that it comes back. */
static void set_aside(struct ui *ui)
{
    if (!is_unread(ui) || ui->message.came_ns != 0)
        return;
    ui->message = (struct ui_message){
        .level = ui->say.level, .ours = true, .stands = true, .came_ns = ui->now_ns > 0 ? ui->now_ns : 1};
    text_print(ui->message.head, sizeof(ui->message.head), "%s", ui->say.head);
    text_print(ui->message.text, sizeof(ui->message.text), "%s", ui->say.text);
}

void ui_say(struct ui *ui, uint8_t level, const char *head, const char *format, ...)
{
    char text[VIEW_TEXT_MAX];
    va_list args;

    set_aside(ui);
    ui->say.stands = false;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    ui_with_keys(ui, text, ui->say.text, sizeof(ui->say.text));
    text_print(ui->say.head, sizeof(ui->say.head), "%s", head);
    ui->say.level = level;
    ui->say.until_ns = ui->say.read_ns = ui->now_ns + reading_ns(&ui->say);
    ui->changed = true;
}

bool ui_hear_tick(struct ui *ui)
{
    const struct ui_message message = ui->message;

    if (message.came_ns == 0)
        return false;
    if (ui->now_ns - message.came_ns >= UI_WAIT_NS ||
        (ui_killed(ui) && !message.ours)) { /* the report has all */
        ui->message.came_ns = 0;
        return false;
    }
    if (ui->say.until_ns != 0 && ui->now_ns < ui->say.read_ns)
        return false;
    ui->message.came_ns = 0;
    ui_say(ui, message.level, message.head, "%s", message.text);
    ui->say.stands = message.stands;
    if (ui->say.until_ns < ui->now_ns + message.stays_ns)
        ui->say.until_ns = ui->now_ns + message.stays_ns;
    return true;
}

void ui_hear(struct ui *ui, const struct ui_message *message)
{
    if (ui->message.came_ns != 0 && ui->message.ours && !message->ours)
        return;
    ui->message = *message;
    ui->message.came_ns = ui->now_ns > 0 ? ui->now_ns : 1;
    ui_hear_tick(ui);
}

void ui_note(struct ui *ui, uint8_t level, const char *format, ...)
{
    struct view_log_line *line = &ui->note[0];
    va_list args;

    memmove(&ui->note[1], &ui->note[0], (UI_NOTES_MAX - 1) * sizeof(ui->note[0]));
    if (ui->notes < UI_NOTES_MAX)
        ui->notes++;
    memset(line, 0, sizeof(*line));
    va_start(args, format);
    vsnprintf(line->text, sizeof(line->text), format, args);
    va_end(args);
    line->level = level;
    line->seq = ++ui->note_seq;
    line->ts_ns = ui->frame != NULL ? ui->frame->status.now_ns : 0;
}

/* How many characters of an answer are its head: words of capitals up to two blanks, or one such word. */
static size_t head_size(const char *text, size_t room)
{
    static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_ ";
    const char *end = strstr(text, "  ");
    size_t word = strcspn(text, " :");

    if (end != NULL && (size_t)(end - text) < room && strspn(text, capitals) >= (size_t)(end - text))
        return (size_t)(end - text);
    return word >= 3 && word < room && text[word] != '\0' && strspn(text, capitals) >= word ? word : 0;
}

/* "NOT SENT  STALE_BOOK age=4.2 s", "PAUSED: 2 orders cancelled": the head is shown as such. */
static void say_answer(struct ui *ui, const struct view_answer *answer)
{
    const char *text = answer->text;
    char head[24] = "";
    size_t size = head_size(text, sizeof(head));

    if (size > 0) {
        text_print(head, sizeof(head), "%.*s", (int)size, text);
        text += size;
        text += strspn(text, ": ");
    } else if (answer->level != 0) {
        text_print(head, sizeof(head), "NOTE");
    }
    ui_say(ui, answer->level, head, "%s", text);
}

void ui_answers(struct ui *ui)
{
    const struct view_frame *frame = ui->frame;
    const struct view_answer *newest = NULL;
    uint32_t seen = ui->answer_seen_seq;
    bool asks = false; /* for a word: whatever else was answered at the same time */

    for (int i = 0; i < frame->answers && i < VIEW_ANSWERS_MAX; i++) {
        const struct view_answer *answer = &frame->answer[i];

        if (answer->seq > seen && answer->seq <= ui->command_seq &&
            (newest == NULL || answer->seq > newest->seq))
            newest = answer;
        if (answer->seq > seen) {
            setting_answered(ui, answer);
            asks |= limit_answered(ui, answer);
        }
    }
    if (newest == NULL)
        return;
    ui->answer_seen_seq = newest->seq;
    if (!asks && newest->text[0] != '\0')
        say_answer(ui, newest);
}

void ui_ring(struct ui *ui)
{
    if (!ui->config.bell || (ui->bell_ns != 0 && ui->now_ns - ui->bell_ns < UI_SECOND_NS))
        return;
    ui->bell_ns = ui->now_ns;
    ui->changed = true;
    if (!ui->bell_is_seen)
        ui->host.bell(ui->host.arg);
}

static bool same_view(const struct view_request *a, const struct view_request *b)
{
    return a->instrument_id == b->instrument_id && a->rows == b->rows && a->row_ticks == b->row_ticks &&
           a->top_ticks == b->top_ticks && a->levels == b->levels &&
           a->second_instrument_id == b->second_instrument_id && a->second_rows == b->second_rows &&
           a->screen == b->screen && a->owner == b->owner && a->story_seq == b->story_seq &&
           a->denials == b->denials && a->controls == b->controls && a->point_s == b->point_s &&
           a->period == b->period && a->chart.kind == b->chart.kind && a->chart.halves == b->chart.halves &&
           a->chart.cols == b->chart.cols && a->chart.rows == b->chart.rows &&
           a->chart.back == b->chart.back && a->chart.row_ticks == b->chart.row_ticks &&
           a->chart.top_ticks == b->chart.top_ticks && a->chart.cross_ms == b->chart.cross_ms &&
           a->chart.cross_ticks == b->chart.cross_ticks;
}

void ui_view_request(struct ui *ui)
{
    struct view_request want;
    struct command command;

    if (ui->layout.rows == 0 || ui->frame == NULL)
        return;
    memset(&want, 0, sizeof(want));
    want.instrument_id = ui->instrument_id;
    want.rows = (uint16_t)(ui->layout.small                         ? 0
                           : ui->layout.ladder_rows < VIEW_ROWS_MAX ? ui->layout.ladder_rows
                                                                    : VIEW_ROWS_MAX);
    want.row_ticks = ui->ladder.row_ticks;
    want.levels = ui->show == SHOW_LEVELS;
    want.top_ticks = !want.levels            ? ui->ladder.top_ticks
                     : ui->ladder.cursor_set ? ui->ladder.cursor_ticks
                                             : 0; /* where the cursor is there is a row */
    want.screen = (uint8_t)ui->screen;
    want.owner = ui->screen == SCREEN_STRATEGY ? strategies_owner(ui) : OWNER_MANUAL;
    want.story_seq = ui->overlay == OVERLAY_STORY ? ui->story_seq : 0;
    want.denials = ui->list.tab == TAB_LOG || ui->zoom == ZOOM_RISK;
    want.controls = ui->screen != SCREEN_RISK && (ui->limit.waiting[0] != '\0' || ui->limit.seq != 0);
    want.point_s = ui->screen == SCREEN_MARKET ? market_point_s(ui) : 0;
    want.period = ui->screen == SCREEN_RESULTS ? (uint8_t)ui->results.period : 0;
    if (ui->screen == SCREEN_CHART)
        chart_request(ui, &want);
    want.second_instrument_id = INSTRUMENT_NONE;
    if (ui->layout.wide && ui->frame->status.instruments > 1) {
        want.second_instrument_id = ui->second_id;
        want.second_rows =
            (uint16_t)(ui->layout.second_rows < VIEW_ROWS_MAX ? ui->layout.second_rows : VIEW_ROWS_MAX);
    }
    if (ui->view_was_sent && same_view(&want, &ui->view_sent))
        return;
    command = ui_command(ui, COMMAND_VIEW);
    command.view = want;
    command.seq = ++ui->command_seq;
    if (ui->host.send(ui->host.arg, &command)) {
        ui->view_sent = want;
        ui->view_was_sent = true;
    }
}

/* The gate, too, would say the same of both. */
static bool same_to_the_gate(const struct order_intent *a, const struct order_intent *b)
{
    return ui_same_order(a, b) && a->post_only == b->post_only && a->reduce_only == b->reduce_only &&
           a->tif == b->tif && a->trail_ticks == b->trail_ticks && a->display_lots == b->display_lots &&
           a->bracket_take_ticks == b->bracket_take_ticks && a->bracket_stop_ticks == b->bracket_stop_ticks;
}

/* What the gate is asked about: a question's order, the ticket's, or the cursor's. */
struct order_intent ui_judged_intent(const struct ui *ui)
{
    if (ui->overlay == OVERLAY_QUESTION && (ui->question.kind == ASK_ORDER || ui->question.kind == ASK_MOVE))
        return ui->question.yes.intent;
    if (ui->overlay == OVERLAY_TICKET)
        return ui->ticket.intent;
    return order_at_cursor(ui, ORDER_LIMIT);
}

/* The order that the judged one takes the place of: counted beside it, its value would stand twice. 0: none. */
static uint64_t judged_moves(const struct ui *ui)
{
    if (ui->overlay == OVERLAY_QUESTION && (ui->question.kind == ASK_ORDER || ui->question.kind == ASK_MOVE))
        return ui->question.yes.order_seq;
    return ui->moving && ui->overlay != OVERLAY_TICKET ? ui->move_order.seq : 0;
}

void ui_preview(struct ui *ui, bool frame_only)
{
    struct order_intent intent;
    struct command command;

    if (ui->frame == NULL || ui->frame->status.mode == MODE_OBSERVATION || ui->layout.small)
        return;
    intent = ui_judged_intent(ui);
    if (intent.qty_lots <= 0 || (intent.price_ticks <= 0 && intent.stop_ticks <= 0))
        return;
    if (same_to_the_gate(&intent, &ui->preview) && ui->preview_ns != 0 &&
        (!frame_only || ui->now_ns - ui->preview_ns < PREVIEW_NS))
        return;
    command = ui_command(ui, COMMAND_PREVIEW);
    command.intent = intent;
    command.order_seq = judged_moves(ui);
    command.seq = ++ui->command_seq;
    if (ui->host.send(ui->host.arg, &command)) {
        ui->preview = intent;
        ui->preview_ns = ui->now_ns;
    }
}
