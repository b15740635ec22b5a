/* Words of the prompt that change what may trade; those of orders are in ui_order_words.c. */
#include "tui/prompt_words.h"

#include <string.h>

void word_pause(struct ui *ui, const char *args)
{
    (void)args;
    pause_now(ui);
}

void word_resume(struct ui *ui, const char *args)
{
    (void)args;
    if (ui_is_paused(ui)) {
        ui->paused_ns = 0; /* a word that was typed is no nervous double tap */
        pause_key(ui);
    } else {
        ui_say(ui, 1, "", "not paused; :go leads from HALTED to ACTIVE, :clear-kill from KILLED to PAUSED");
    }
}

void word_go(struct ui *ui, const char *args)
{
    (void)args;
    state_set(ui, STATE_ACTIVE);
}

void word_halt(struct ui *ui, const char *args)
{
    (void)args;
    state_set(ui, STATE_HALTED);
}

void word_reduce(struct ui *ui, const char *args)
{
    (void)args;
    state_set(ui, STATE_REDUCING);
}

void word_kill(struct ui *ui, const char *args)
{
    (void)args;
    kill_key(ui);
}

void word_clear_kill(struct ui *ui, const char *args)
{
    (void)args;
    if (ui->frame == NULL || !ui_killed(ui))
        ui_say(ui, 1, "", "nothing was killed");
    else if (ui->frame->status.killing)
        ui_say(ui, 1, "KILLING", "first every cancel must be confirmed");
    else if (ui_may_change(ui))
        text_open(ui, TEXT_CLEAR_KILL);
}

void word_on(struct ui *ui, const char *args)
{
    strategy_turn_named(ui, args, true);
}

void word_off(struct ui *ui, const char *args)
{
    strategy_turn_named(ui, args, false);
}

void word_clear_halt(struct ui *ui, const char *args)
{
    struct command command = ui_command(ui, COMMAND_CLEAR_HALT);
    int named;

    if (ui->frame == NULL) {
        ui_say(ui, 1, "", "there is no market yet");
        return;
    }
    if (!ui_may_change(ui))
        return;
    named = args[0] == '\0' ? command.instrument_id : ui_instrument_named(ui, args);
    if (named < 0) {
        ui_say(ui, 1, "", "no instrument of this session is called `%s`", args);
        return;
    }
    command.instrument_id = (uint16_t)named;
    if (ui_send(ui, &command))
        ui_say(ui, 0, "CLEAR", "the halt of %s, asked for",
               named < ui->frame->status.instruments ? ui->frame->status.instrument[named].symbol : "?");
}

void word_observation(struct ui *ui, const char *args)
{
    (void)args;
    mode_set(ui, MODE_OBSERVATION);
}

void word_simulation(struct ui *ui, const char *args)
{
    (void)args;
    mode_set(ui, MODE_SIMULATION);
}

void word_control(struct ui *ui, const char *args)
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
