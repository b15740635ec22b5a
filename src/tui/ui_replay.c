/*
 * The clock of a replay: its speed, steps, jumps, bookmarks. The engine goes forward only; what lies behind is reached
 * by playing the recording once more, up to there unpaced.
 */
#include "core/base/decimal.h"
#include "core/base/time_parse.h"
#include "tui/prompt_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_NS        TIME_PARSE_DAY_NS
#define SPEED_SLOWEST 62 /* of a thousand: slower ones are better stepped */
#define SPEED_MAX     1024000
#define SPEED_FROM    2048000 /* that "as fast as it goes" is halved from */

static bool in_replay(struct ui *ui)
{
    if (ui->frame != NULL && ui->frame->status.replay)
        return true;
    ui_say(ui, 1, "", "only a replay's clock can be steered");
    return false;
}

/* A time of day alone would not say which: of an hour of two days nobody asks. */
static bool is_longer_than_a_day(const struct view_status *status)
{
    int64_t last_ns = status->now_ns;

    if (status->replay_seek_ns > last_ns)
        last_ns = status->replay_seek_ns;
    if (status->replay_last_ns > last_ns)
        last_ns = status->replay_last_ns;
    return status->replay_first_ns != 0 && last_ns - status->replay_first_ns > DAY_NS;
}

struct number_text replay_clock(const struct view_status *status, int64_t ts_ns)
{
    return is_longer_than_a_day(status) ? number_day_clock(ts_ns) : number_clock(ts_ns);
}

bool replay_seeks(const struct view_status *status)
{
    return status->replay && status->replay_seek_ns > status->now_ns && !status->replay_held &&
           !status->replay_ended;
}

/* --- speed and steps -------------------------------------------------------------------------------------------- */

void word_speed(struct ui *ui, const char *args)
{
    struct command command = ui_command(ui, COMMAND_REPLAY_SPEED);

    if (!in_replay(ui))
        return;
    if (strcmp(args, "max") != 0 && (decimal_parse(args, strlen(args), 3, &command.number) != ERR_OK ||
                                     command.number < 10 || command.number > 1000000)) {
        ui_say(ui, 1, "", ":speed N (times real time, 0.01 to 1000) or :speed max");
        return;
    }
    if (ui_send(ui, &command))
        ui_say(ui, 0, "SPEED", "%s", args);
}

/* What the clock runs at, or was just asked to: the frame that tells it may be on its way. 0: as fast as it goes. */
static int64_t speed_now(const struct ui *ui)
{
    bool waits = ui->speed.asked_ns != 0 && ui->now_ns - ui->speed.asked_ns < UI_SECOND_NS;

    return waits ? ui->speed.asked_x1000 : ui->frame->status.replay_speed_x1000;
}

static void say_outside(struct ui *ui)
{
    const struct view_status *status = &ui->frame->status;

    ui_say(ui, 1, "NO JUMP", "the recording goes from %s to %s",
           replay_clock(status, status->replay_first_ns).text,
           status->replay_last_ns == 0 ? "an end not read yet"
                                       : replay_clock(status, status->replay_last_ns).text);
}

/* A jump was let go though nobody knew where the recording ends: now it is known, and it is held where it has come to. */
static void leave_jump_past_end(struct ui *ui)
{
    const struct view_status *status = &ui->frame->status;
    struct command command = ui_command(ui, COMMAND_REPLAY_JUMP); /* to nowhere */

    if (!replay_seeks(status) || status->replay_last_ns == 0 ||
        status->replay_seek_ns <= status->replay_last_ns || status->replay_seek_ns == ui->jump_left_ns)
        return;
    ui->jump_left_ns = status->replay_seek_ns;
    if (!ui_send(ui, &command))
        return;
    command.kind = COMMAND_REPLAY_HOLD;
    command.flag = true;
    ui_send(ui, &command);
    say_outside(ui);
}

void replay_on_frame(struct ui *ui)
{
    if (ui->frame->status.replay_speed_x1000 == ui->speed.asked_x1000)
        ui->speed.asked_ns = 0;
    leave_jump_past_end(ui);
}

void replay_speed(struct ui *ui, int direction)
{
    struct command command = ui_command(ui, COMMAND_REPLAY_SPEED);
    int64_t now = speed_now(ui);

    if (now == 0) {
        if (direction > 0) {
            ui_say(ui, 1, "", "already as fast as it goes");
            return;
        }
        now = SPEED_FROM;
    }
    command.number = direction > 0 ? now * 2 : now / 2;
    if (direction < 0 && command.number < SPEED_SLOWEST) {
        ui_say(ui, 1, "", "that slow a replay is better stepped: " KEY(".") " is one event");
        return;
    }
    if (command.number > SPEED_MAX)
        command.number = 0;
    if (!ui_send(ui, &command))
        return;
    ui->speed = (struct ui_speed){.asked_x1000 = command.number, .asked_ns = ui->now_ns};
    ui_say(ui, 0, "SPEED", "%s%s", command.number == 0 ? "as fast as it goes" : "x",
           command.number == 0 ? "" : number_trim(command.number, 3).text);
}

void replay_step(struct ui *ui)
{
    struct command command = ui_command(ui, COMMAND_REPLAY_STEP);

    if (ui->frame->status.replay_ended)
        ui_say(ui, 1, "", "the recording has ended: no event is left");
    else if (!ui->frame->status.replay_held)
        ui_say(ui, 1, "", KEY("Space") " holds the clock first");
    else if (ui_send(ui, &command))
        ui_say(ui, 0, "", "one event");
}

/* --- jumps ------------------------------------------------------------------------------------------------------ */

void replay_again(struct ui *ui, int64_t at_ns)
{
    struct command command = ui_command(ui, COMMAND_QUIT);

    command.flag = true;
    ui_send(ui, &command);
    ui->host.again(ui->host.arg, at_ns, ui->screen, &ui->bookmarks);
}

static void jump_back(struct ui *ui, int64_t to_ns)
{
    struct command command = ui_command(ui, COMMAND_REPLAY_JUMP);

    if (to_ns < ui->frame->status.replay_first_ns) {
        say_outside(ui);
    } else if (ui_killed(ui)) { /* playing anew would clear it without its word */
        ui_say(ui, 1, "NO JUMP", "KILLED: :clear-kill and its word first");
    } else if (ui->host.again == NULL || script_runs(ui)) {
        ui_say(ui, 1, "NO JUMP", "%s is behind: forward only", replay_clock(&ui->frame->status, to_ns).text);
    } else if (ui_at_stake(ui) && !ui->frame->status.replay_ended) {
        command.number = to_ns;
        question_open(ui, ASK_AGAIN, &command);
    } else {
        replay_again(ui, to_ns);
    }
}

static void jump_to(struct ui *ui, int64_t to_ns)
{
    struct command command = ui_command(ui, COMMAND_REPLAY_JUMP);
    int64_t last_ns = ui->frame->status.replay_last_ns;

    if (to_ns <= ui->frame->status.now_ns) {
        jump_back(ui, to_ns);
        return;
    }
    if (last_ns != 0 && to_ns > last_ns) {
        say_outside(ui);
        return;
    }
    command.number = to_ns;
    if (ui_send(ui, &command))
        ui_say(ui, 0, "JUMP", "to %s%s", replay_clock(&ui->frame->status, to_ns).text,
               last_ns == 0 ? "; where the recording ends is not known yet" : "");
}

/* "bookmark 2"; false: it is no bookmark's name at all. */
static bool jump_to_bookmark(struct ui *ui, const char *args)
{
    char *end;
    unsigned long number;

    if (strncmp(args, "bookmark ", 9) != 0)
        return false;
    number = strtoul(args + 9, &end, 10);
    if (args[9] >= '0' && args[9] <= '9' && *end == '\0' && number >= 1 && number <= ui->bookmarks.count)
        jump_to(ui, ui->bookmarks.at_ns[number - 1]);
    else if (ui->bookmarks.count == 0)
        ui_say(ui, 1, "NO JUMP", "there is no bookmark yet; " KEY("B") " sets one");
    else
        ui_say(ui, 1, "NO JUMP", "which bookmark? 1 to %u; :bookmarks lists them", ui->bookmarks.count);
    return true;
}

/* A time of day is the one that the recording has next, or had last; a day without a year is of the recording's. */
static bool jump_time(const struct view_status *status, const char *args, int64_t *to_ns)
{
    int64_t now_ns = status->now_ns, first_ns = status->replay_first_ns, last_ns = status->replay_last_ns;

    if (!time_parse_in_year(args, first_ns, to_ns))
        return false;
    if (*to_ns < first_ns && *to_ns >= DAY_NS)
        return time_parse_in_year(args, last_ns > now_ns ? last_ns : now_ns,
                                  to_ns); /* it goes on past New Year */
    if (*to_ns >= DAY_NS)
        return true;
    *to_ns += now_ns - now_ns % DAY_NS;
    if (*to_ns <= now_ns && *to_ns + DAY_NS <= last_ns)
        *to_ns += DAY_NS; /* the recording goes on past midnight */
    else if (*to_ns > last_ns && last_ns != 0 && *to_ns - DAY_NS >= first_ns)
        *to_ns -= DAY_NS; /* it began before */
    return true;
}

void word_jump(struct ui *ui, const char *args)
{
    int64_t to_ns;

    if (!in_replay(ui) || jump_to_bookmark(ui, args))
        return;
    if (jump_time(&ui->frame->status, args, &to_ns))
        jump_to(ui, to_ns);
    else
        ui_say(ui, 1, "", ":jump HH:MM[:SS] or [YYYY-]MM-DD HH:MM[:SS], UTC, or bookmark N");
}

/* --- bookmarks -------------------------------------------------------------------------------------------------- */

static struct number_text mark_text(const struct ui *ui, int64_t ts_ns)
{
    struct number_text out = replay_clock(&ui->frame->status, ts_ns);
    size_t used = strlen(out.text);

    text_print(out.text + used, sizeof(out.text) - used, "%s",
               number_clock_ms(ts_ns).text + strlen("14:07:32"));
    return out;
}

void replay_bookmark(struct ui *ui)
{
    struct ui_bookmarks *marks = &ui->bookmarks;
    int64_t now_ns = ui->frame->status.now_ns;

    if (marks->count == UI_BOOKMARKS_MAX) {
        ui_say(ui, 1, "NO BOOKMARK", "%d are set, more are not kept; :note goes to the audit trail",
               UI_BOOKMARKS_MAX);
        return;
    }
    marks->at_ns[marks->count++] = now_ns;
    ui_note(ui, 1, "bookmark %u of %s", marks->count, ui->frame->status.replay_name);
    ui_say(ui, 0, "BOOKMARK", "%u at %s; :jump bookmark %u comes back", marks->count,
           mark_text(ui, now_ns).text, marks->count);
}

void word_bookmarks(struct ui *ui, const char *args)
{
    const struct ui_bookmarks *marks = &ui->bookmarks;

    (void)args;
    if (!in_replay(ui))
        return;
    if (marks->count == 0) {
        ui_say(ui, 1, "", "there is no bookmark yet; " KEY("B") " sets one");
        return;
    }
    detail_open(ui, "BOOKMARKS");
    for (uint16_t i = 0; i < marks->count; i++)
        detail_add(ui, "%2d  %s   :jump bookmark %d", i + 1, mark_text(ui, marks->at_ns[i]).text, i + 1);
}
