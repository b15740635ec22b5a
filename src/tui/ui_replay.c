/* The clock of a replay: slower and faster, one event, a bookmark. */
#include "tui/ui_state.h"

#define SPEED_SLOWEST 62 /* of a thousand: slower ones are better stepped */
#define SPEED_MAX     1024000
#define SPEED_FROM    2048000 /* that "as fast as it goes" is halved from */

/* What the clock runs at, or was just asked to: the frame that tells it may be on its way. 0: as fast as it goes. */
static int64_t speed_now(const struct ui *ui)
{
    bool waits = ui->speed.asked_ns != 0 && ui->now_ns - ui->speed.asked_ns < UI_SECOND_NS;

    return waits ? ui->speed.asked_x1000 : ui->frame->status.replay_speed_x1000;
}

void replay_on_frame(struct ui *ui)
{
    if (ui->frame->status.replay_speed_x1000 == ui->speed.asked_x1000)
        ui->speed.asked_ns = 0;
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

    if (!ui->frame->status.replay_held)
        ui_say(ui, 1, "", KEY("Space") " holds the clock first");
    else if (ui_send(ui, &command))
        ui_say(ui, 0, "", "one event");
}

void replay_bookmark(struct ui *ui)
{
    ui->bookmarks++;
    ui_note(ui, 1, "bookmark %d of %s", ui->bookmarks, ui->frame->status.replay_name);
    ui_say(ui, 0, "BOOKMARK", "%d at %s; the log keeps it", ui->bookmarks,
           number_clock_ms(ui->frame->status.now_ns).text);
}
