/*
 * The commands of the prompt: one table of name, help and what it does. Completion, help and dispatch are made
 * from it.
 */
#include "core/base/decimal.h"
#include "tui/ui_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_NS (INT64_C(86400) * UI_SECOND_NS)

struct prompt {
    const char *name, *help;
    void (*run)(struct ui *ui, const char *args);
};

static void run_pause(struct ui *ui, const char *args)
{
    (void)args;
    if (ui->frame != NULL && ui->frame->status.state == STATE_PAUSED)
        ui_say(ui, 0, "PAUSED", "already");
    else
        pause_key(ui);
}

static void run_resume(struct ui *ui, const char *args)
{
    (void)args;
    if (ui->frame != NULL && ui->frame->status.state == STATE_PAUSED)
        pause_key(ui);
    else
        ui_say(ui, 1, "", "not paused; :go leads from HALTED to ACTIVE, :clear-kill from KILLED to PAUSED");
}

static void run_go(struct ui *ui, const char *args)
{
    (void)args;
    state_set(ui, STATE_ACTIVE);
}

static void run_halt(struct ui *ui, const char *args)
{
    (void)args;
    state_set(ui, STATE_HALTED);
}

static void run_reduce(struct ui *ui, const char *args)
{
    (void)args;
    state_set(ui, STATE_REDUCING);
}

static void run_kill(struct ui *ui, const char *args)
{
    (void)args;
    kill_key(ui);
}

static void run_clear_kill(struct ui *ui, const char *args)
{
    (void)args;
    if (ui->frame == NULL || !ui_killed(ui))
        ui_say(ui, 1, "", "nothing was killed");
    else if (ui->frame->status.killing)
        ui_say(ui, 1, "KILLING", "first every cancel must be confirmed");
    else if (ui_may_change(ui))
        text_open(ui, TEXT_CLEAR_KILL);
}

/* Only for instruments that have orders listed, or for all when more are open than are listed. */
static void cancel_everything(struct ui *ui)
{
    const struct view_lists *lists = &ui->frame->lists;
    int asked = 0, listed = 0;

    for (int i = 0; i < lists->orders && i < VIEW_ORDERS_MAX; i++)
        listed += order_is_open(&lists->order[i].order);
    for (int at = 0; at < ui->frame->status.instruments && at < INSTRUMENTS_MAX; at++) {
        struct command command = ui_command(ui, COMMAND_CANCEL_ALL);
        bool here = lists->orders_open > listed;

        for (int i = 0; i < lists->orders && i < VIEW_ORDERS_MAX && !here; i++)
            here = lists->order[i].instrument_id == at && order_is_open(&lists->order[i].order);
        command.instrument_id = (uint16_t)at;
        if (here && !ui_send(ui, &command))
            return;
        asked += here;
    }
    ui_say(ui, 0, "CANCEL", "everything asked for, on %d instrument%s", asked, asked == 1 ? "" : "s");
}

static void run_cancel(struct ui *ui, const char *args)
{
    if (ui->frame == NULL)
        ui_say(ui, 1, "", "there is nothing to cancel yet");
    else if (strcmp(args, "buys") == 0)
        order_cancel_side(ui, SIDE_BID);
    else if (strcmp(args, "sells") == 0)
        order_cancel_side(ui, SIDE_ASK);
    else if (strcmp(args, "everything") == 0)
        cancel_everything(ui);
    else if (args[0] == '\0' || strcmp(args, "all") == 0)
        order_cancel_all(ui);
    else
        ui_say(ui, 1, "", ":cancel [all|buys|sells|everything], not `%s`", args);
}

static void run_flatten(struct ui *ui, const char *args)
{
    const struct view_scale *scale = ui_scale(ui);
    int64_t price_e8;

    if (args[0] == '\0') {
        order_flatten(ui, 0);
        return;
    }
    if (strncmp(args, "--worst ", 8) != 0 ||
        decimal_parse(args + 8, strlen(args + 8), 8, &price_e8) != ERR_OK || price_e8 <= 0 ||
        price_e8 % scale->tick_e8 != 0) {
        ui_say(ui, 1, "", ":flatten [--worst PRICE], a price in steps of %s",
               number_trim(scale->tick_e8, 8).text);
        return;
    }
    order_flatten(ui, price_e8 / scale->tick_e8);
}

static void run_quit(struct ui *ui, const char *args)
{
    (void)args;
    quit_key(ui, true);
}

static void run_theme(struct ui *ui, const char *args)
{
    char why[VIEW_TEXT_MAX] = "";

    if (ui->host.theme == NULL)
        ui_say(ui, 1, "", "this terminal's theme cannot be changed while it runs");
    else if (args[0] == '\0')
        ui_say(ui, 1, "", ":theme NAME: dark, light, high-contrast, colour-blind, mono, red-up");
    else if (!ui->host.theme(ui->host.arg, args, why, sizeof(why)))
        ui_say(ui, 1, "NO THEME", "%s", why);
    else
        ui_say(ui, 0, "THEME", "%s", args);
}

static bool in_replay(struct ui *ui)
{
    if (ui->frame != NULL && ui->frame->status.replay)
        return true;
    ui_say(ui, 1, "", "only a replay's clock can be steered");
    return false;
}

static void run_speed(struct ui *ui, const char *args)
{
    struct command command = ui_command(ui, COMMAND_REPLAY_SPEED);

    if (!in_replay(ui))
        return;
    if (strcmp(args, "max") != 0 && (decimal_parse(args, strlen(args), 3, &command.number) != ERR_OK ||
                                     command.number <= 0 || command.number > 1000000000)) {
        ui_say(ui, 1, "", ":speed N (times real time, 0.1 to 1000000) or :speed max");
        return;
    }
    if (ui_send(ui, &command))
        ui_say(ui, 0, "SPEED", "%s", args);
}

static void run_jump(struct ui *ui, const char *args)
{
    struct command command = ui_command(ui, COMMAND_REPLAY_JUMP);
    int hour = -1, minute = -1, second = 0, used = 0;
    int64_t now, to;

    if (!in_replay(ui))
        return;
    if (sscanf(args, "%2d:%2d%n", &hour, &minute, &used) < 2 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || (args[used] == ':' && sscanf(args + used, ":%2d", &second) != 1) || second < 0 ||
        second > 59) {
        ui_say(ui, 1, "", ":jump HH:MM[:SS], UTC, forward only");
        return;
    }
    now = ui->frame->status.now_ns;
    to = now - now % DAY_NS + (((int64_t)hour * 60 + minute) * 60 + second) * UI_SECOND_NS;
    if (to <= now && to + DAY_NS <= ui->frame->status.replay_last_ns)
        to += DAY_NS; /* the recording goes on past midnight */
    if (to <= now || to > ui->frame->status.replay_last_ns) {
        ui_say(ui, 1, "NO JUMP",
               to <= now ? "%s is behind: a replay goes forward only" : "%s is past the end of the recording",
               args);
        return;
    }
    command.number = to;
    if (ui_send(ui, &command))
        ui_say(ui, 0, "JUMP", "to %s", number_clock(to).text);
}

static void run_on(struct ui *ui, const char *args)
{
    strategy_turn_named(ui, args, true);
}

static void run_off(struct ui *ui, const char *args)
{
    strategy_turn_named(ui, args, false);
}

static void run_clear_halt(struct ui *ui, const char *args)
{
    struct command command = ui_command(ui, COMMAND_CLEAR_HALT);
    const struct view_status *status = ui->frame != NULL ? &ui->frame->status : NULL;

    if (status == NULL) {
        ui_say(ui, 1, "", "there is no market yet");
        return;
    }
    if (!ui_may_change(ui))
        return;
    for (uint16_t i = 0; args[0] != '\0' && i <= status->instruments; i++) {
        if (i == status->instruments || i == INSTRUMENTS_MAX) {
            ui_say(ui, 1, "", "no instrument of this session is called `%s`", args);
            return;
        }
        if (strcasecmp(status->instrument[i].symbol, args) == 0) {
            command.instrument_id = i;
            break;
        }
    }
    if (ui_send(ui, &command))
        ui_say(ui, 0, "CLEAR", "the halt of %s, asked for",
               command.instrument_id < status->instruments ? status->instrument[command.instrument_id].symbol
                                                           : "?");
}

static void run_bell(struct ui *ui, const char *args)
{
    if (strcmp(args, "on") != 0 && strcmp(args, "off") != 0) {
        ui_say(ui, 1, "", ":bell on|off");
        return;
    }
    ui->config.bell = strcmp(args, "on") == 0;
    ui_say(ui, 0, "BELL", "%s", args);
}

static void run_mouse(struct ui *ui, const char *args)
{
    if (strcmp(args, "on") != 0 && strcmp(args, "off") != 0) {
        ui_say(ui, 1, "", ":mouse on|off");
        return;
    }
    ui->config.mouse = strcmp(args, "on") == 0;
    ui_say(ui, 0, "MOUSE", "clicks are %s", ui->config.mouse ? "taken" : "ignored");
}

static void run_size(struct ui *ui, const char *args)
{
    int64_t size_e8;

    if (decimal_parse(args, strlen(args), 8, &size_e8) != ERR_OK || size_e8 <= 0) {
        ui_say(ui, 1, "", ":size FIGURE, in base units, like 0.025");
        return;
    }
    ui->size_e8 = size_e8;
    ui_say(ui, 0, "SIZE", "%s", args);
}

static void run_observation(struct ui *ui, const char *args)
{
    (void)args;
    mode_set(ui, MODE_OBSERVATION);
}

static void run_simulation(struct ui *ui, const char *args)
{
    (void)args;
    mode_set(ui, MODE_SIMULATION);
}

static void run_detach(struct ui *ui, const char *args)
{
    (void)args;
    if (ui->host.detach == NULL)
        ui_say(ui, 1, "", "detach is not in this version");
    else
        ui->host.detach(ui->host.arg);
}

static void run_control(struct ui *ui, const char *args)
{
    struct command command = ui_command(ui, COMMAND_CONTROL);

    (void)args;
    if (ui->config.readonly || ui->frame == NULL)
        ui_say(ui, 1, "",
               ui->frame == NULL ? "there is no engine yet" : "a read-only screen cannot be in control");
    else if (!ui->frame->desk.watching)
        ui_say(ui, 0, "CONTROL", "you have it already");
    else
        ui_send(ui, &command);
}

static void run_help(struct ui *ui, const char *args)
{
    (void)args;
    ui->overlay = OVERLAY_HELP;
    ui->help_page = (uint16_t)(help_pages(ui) - 1);
}

static void run_missing(struct ui *ui, const char *args)
{
    (void)args;
    ui_say(ui, 1, "", "that is not in this version");
}

/* `not in this version` stands only at what the design has and this program does not. */
static const struct prompt prompts[] = {
    {"pause", "strategies send nothing", run_pause},
    {"resume", "strategies go on", run_resume},
    {"go", "HALTED to ACTIVE", run_go},
    {"halt", "only cancels", run_halt},
    {"reduce", "positions may only get smaller", run_reduce},
    {"kill", "as K", run_kill},
    {"clear-kill", "asks for the word, leads to PAUSED", run_clear_kill},
    {"cancel", "[all|buys|sells|everything]", run_cancel},
    {"flatten", "[--worst PRICE] close at a bounded price", run_flatten},
    {"size", "FIGURE: the order size", run_size},
    {"on", "NAME: a strategy trades", run_on},
    {"off", "NAME: it stops, its orders are cancelled", run_off},
    {"explain", "ORDER: why it filled, or did not", story_run},
    {"follow", "ORDER: its life, from signal to fill", journal_follow_run},
    {"set", "NAME.PARAMETER VALUE of a strategy", parameter_run},
    {"reload", "NAME: a plug-in's new version", strategy_reload_named},
    {"observation", "as o", run_observation},
    {"simulation", "as s", run_simulation},
    {"live", "not in this version", run_missing},
    {"limit", "NAME VALUE of a control; looser wants a word", limit_run},
    {"clear-halt", "[SYMBOL] halted by a control trades again", run_clear_halt},
    {"alert", "[SYMBOL] KIND > FIGURE; alone: lists them", alert_run},
    {"speed", "N|max: of a replay", run_speed},
    {"jump", "HH:MM[:SS] forward in a replay", run_jump},
    {"theme", "NAME", run_theme},
    {"bell", "on|off", run_bell},
    {"mouse", "on|off", run_mouse},
    {"control", "take it from another screen on this engine", run_control},
    {"detach", "leave the engine running", run_detach},
    {"help", "these commands", run_help},
    {"quit", "leave; asks when something is at stake", run_quit},
};

size_t prompt_count(void)
{
    return sizeof(prompts) / sizeof(prompts[0]);
}

const char *prompt_at(size_t index, const char **help)
{
    if (index >= prompt_count())
        return NULL;
    *help = prompts[index].help;
    return prompts[index].name;
}

const char *prompt_complete(const char *begin)
{
    const char *found = NULL;
    size_t length = strlen(begin);

    for (size_t i = 0; length > 0 && i < prompt_count(); i++) {
        if (strncmp(prompts[i].name, begin, length) != 0)
            continue;
        if (found != NULL)
            return NULL;
        found = prompts[i].name;
    }
    return found;
}

void prompt_run(struct ui *ui, const char *line)
{
    char name[UI_FIELD_MAX];
    const char *args, *whole;
    size_t length;

    while (*line == ' ' || *line == ':')
        line++;
    length = strcspn(line, " ");
    if (length == 0) {
        ui_say(ui, 0, "", "nothing typed; :help lists the commands");
        return;
    }
    text_print(name, sizeof(name), "%.*s", (int)length, line);
    args = line + length + strspn(line + length, " ");
    for (size_t i = 0; i < prompt_count(); i++) {
        if (strcmp(prompts[i].name, name) == 0) {
            prompts[i].run(ui, args);
            return;
        }
    }
    whole = prompt_complete(
        name); /* an unmistakable beginning is enough, but not for what stops or starts trading */
    ui_say(ui, 1, "",
           whole != NULL ? "no command `%s`; did you mean :%s?" : "no command `%s`; :help lists them%s", name,
           whole != NULL ? whole : "");
}
