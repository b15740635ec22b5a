/*
 * The help lies over what was open when it was asked for, and gives it back: keys of that place, the commands of the
 * prompt, the glossary; `/` filters whichever is shown.
 */
#include "tui/ui_screens.h"
#include "tui/zoom.h"

#include <string.h>

void help_open(struct ui *ui, enum help_part part, const char *filter)
{
    if (ui->overlay != OVERLAY_HELP)
        ui->help.under = ui->overlay;
    ui->overlay = OVERLAY_HELP;
    ui->help.part = part;
    ui->help.topic = 0;
    ui->help.page = 0;
    ui->help.named = filter[0] != '\0';
    text_print(ui->help.filter, sizeof(ui->help.filter), "%s", filter);
    ui->changed = true;
}

/* A question or a ticket counts from the moment it is seen again. */
void help_close(struct ui *ui)
{
    if (ui->overlay != OVERLAY_HELP)
        return;
    ui->overlay = ui->help.under;
    ui->help.under = OVERLAY_NONE;
    ui->question.left_ns = ui->ticket.left_ns = 0;
    ui->question.drawn = ui->ticket.drawn = false;
    ui->changed = true;
}

void help_drop_under(struct ui *ui)
{
    ui->help.under = OVERLAY_NONE;
}

bool question_stands(const struct ui *ui)
{
    return ui->overlay == OVERLAY_QUESTION ||
           (ui->overlay == OVERLAY_HELP && ui->help.under == OVERLAY_QUESTION);
}

void help_leave(struct ui *ui)
{
    if (ui->help.filter[0] == '\0' || ui->help.named) {
        help_close(ui);
        return;
    }
    ui->help.filter[0] = '\0';
    ui->help.page = 0;
}

/* false: it is at its end. */
void help_turn(struct ui *ui, int direction)
{
    int to = ui->help.page + direction;

    if (to < 0)
        ui_say(ui, 0, "", "first page");
    else if (to >= help_pages(ui) && ui->help.part == HELP_KEYS)
        help_close(ui);
    else if (to >= help_pages(ui))
        ui_say(ui, 0, "", "last page; " KEY("Esc") " closes");
    else
        ui->help.page = (uint16_t)to;
}

void help_part_step(struct ui *ui, int direction)
{
    ui->help.part = (enum help_part)(((int)ui->help.part + direction + HELP_PARTS) % HELP_PARTS);
    ui->help.page = 0;
    ui->help.filter[0] = '\0';
}

void help_filter_done(struct ui *ui, const char *value)
{
    help_open(ui, ui->help.part, value);
    ui->help.named = false;
    if (help_entries(ui) == 0)
        ui_say(ui, 1, "", "nothing there has `%s`; " KEY("Esc") " shows all again", value);
}

/* The contexts that matter here, innermost first. */
int help_contexts(const struct ui *ui, enum key_context out[HELP_CONTEXTS])
{
    int count = 0;

    if (ui->help.topic != 0) {
        out[0] = (enum key_context)(ui->help.topic - 1);
        return 1;
    }
    switch (ui->help.under) {
    case OVERLAY_QUESTION:
        out[count++] = CONTEXT_ASK;
        break;
    case OVERLAY_TEXT:
        out[count++] = CONTEXT_TEXT;
        break;
    case OVERLAY_TICKET:
        out[count++] = CONTEXT_TICKET;
        break;
    case OVERLAY_CHOOSE:
        out[count++] = CONTEXT_CHOOSE;
        break;
    case OVERLAY_DETAIL:
    case OVERLAY_STORY:
    case OVERLAY_SETTINGS:
        out[count++] = CONTEXT_PAGE;
        break;
    case OVERLAY_HELP:
    case OVERLAY_NONE:
        if (ui_killed(ui)) { /* first what still works */
            out[count++] = CONTEXT_TRADE;
            out[count++] = CONTEXT_ALL;
        }
        if (ui->screen != SCREEN_TRADE)
            out[count++] = ui_screen_of(ui->screen)->context;
        else if (ui->moving)
            out[count++] = CONTEXT_MOVE;
        else
            out[count++] = ui->focus == FOCUS_LADDER ? CONTEXT_LADDER : CONTEXT_LIST;
        if (ui->frame != NULL && ui->frame->status.replay)
            out[count++] = CONTEXT_REPLAY;
        if (ui_killed(ui))
            return count;
        if (!ui->moving && ui->screen == SCREEN_TRADE)
            out[count++] = CONTEXT_TRADE;
        break;
    }
    out[count++] = CONTEXT_ALL;
    return count;
}

/* In a question, a form, a page and with an order picked up only these of CONTEXT_ALL work. */
static bool works_over(const struct ui *ui, enum key_action action)
{
    switch ((int)action) {
    case ACT_KILL:
    case ACT_REDRAW:
    case ACT_STOP_REFUSED:
    case ACT_HELP:
        return true;
    case ACT_INTERRUPT:
    case ACT_LEAVE:
        return ui->help.under != OVERLAY_TEXT;
    case ACT_PAUSE:
        return ui->help.under != OVERLAY_TEXT;
    case ACT_QUIT:
        return ui->help.under == OVERLAY_NONE || ui->help.under == OVERLAY_STORY ||
               ui->help.under == OVERLAY_DETAIL || ui->help.under == OVERLAY_TICKET;
    default:
        return ui->help.under == OVERLAY_NONE && action >= ACT_SCREEN_1 && action <= ACT_SCREEN_8;
    }
}

bool help_shows(const struct ui *ui, const struct key_binding *binding)
{
    bool leaving = ui->question.kind == ASK_QUIT;

    if (binding->help[0] == '\0' || (ui->help.topic == 0 && zoom_refuses(ui, binding->action)))
        return false;
    if (binding->context == CONTEXT_ALL && (ui->help.under != OVERLAY_NONE || ui->moving))
        return works_over(ui, binding->action);
    if (binding->context == CONTEXT_TRADE && ui->screen != SCREEN_TRADE)
        return binding->action == ACT_FLATTEN; /* KILLED: it works from every screen */
    if (binding->action == ACT_DETACH || binding->action == ACT_STOP_ENGINE)
        return leaving;
    if (binding->context == CONTEXT_ASK && binding->action == ACT_YES)
        return !leaving;
    return true;
}
