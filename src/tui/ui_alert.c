/*
 * Alerts: set at the cursor or by :alert, listed, removed. The engine keeps and judges them (app/alert_list.h); here is
 * what its list makes a screen say.
 */
#include "core/base/decimal.h"
#include "tui/figure.h"
#include "tui/ui_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AWAY_SAY_NS (20 * UI_SECOND_NS) /* whoever has just come back reads the screen first */

static void send(struct ui *ui, struct command *command)
{
    if (ui->config.readonly)
        ui_say(ui, 1, "", "this screen is read only");
    else
        (void)ui_send(ui, command);
}

static void send_drop(struct ui *ui, int64_t id)
{
    struct command command = ui_command(ui, COMMAND_ALERT_DROP);

    command.number = id;
    send(ui, &command);
}

static void send_alert(struct ui *ui, uint16_t id, enum alert_of of, bool above, int64_t level)
{
    struct command command = ui_command(ui, COMMAND_ALERT);

    command.instrument_id = id;
    command.index = of;
    command.flag = above;
    command.number = level;
    send(ui, &command);
}

void alert_toggle(struct ui *ui, int64_t price_ticks)
{
    const struct view_instrument *at = ui_instrument(ui);
    int64_t price_e8 = at != NULL ? number_price_e8(&at->scale, price_ticks) : 0;

    if (at == NULL || price_ticks <= 0 || at->last_ticks == VIEW_NONE) {
        ui_say(ui, 1, "", "aim at a price first: there is no cursor, or no trade yet");
        return;
    }
    for (int i = 0; i < ui->frame->alerts.count; i++) { /* from whichever side it came */
        const struct alert *alert = &ui->frame->alerts.alert[i];

        if (alert->instrument_id == ui->instrument_id && alert->of == ALERT_PRICE &&
            alert->level == price_e8 && alert->rang_ns == 0) {
            send_drop(ui, alert->id);
            return;
        }
    }
    send_alert(ui, ui->instrument_id, ALERT_PRICE, price_e8 > number_price_e8(&at->scale, at->last_ticks),
               price_e8);
}

/* --- :alert, :alerts ---------------------------------------------------------------------------------------- */

static void list_one(struct ui *ui, const struct alert *alert)
{
    const struct view_status *status = &ui->frame->status;
    char text[ALERT_TEXT_SIZE], figure[64];

    alert_text(alert, true, text, sizeof(text));
    if (alert->rang_ns != 0)
        detail_add(ui, "%3u  %s  rang %s at %s%s", alert->id, text,
                   number_moment(alert->rang_ns, status->now_ns).text,
                   alert_figure(alert, alert->rang_at, figure, sizeof(figure)),
                   alert->away ? ", no screen was open" : "");
    else if (alert->instrument_id >= status->instruments)
        detail_add(ui, "%3u  %s  waits; %s is not in this session", alert->id, text, alert->symbol);
    else
        detail_add(ui, "%3u  %s  waits, %s away", alert->id, text,
                   alert_away(alert, &status->instrument[alert->instrument_id], figure, sizeof(figure)));
}

void alert_list_open(struct ui *ui)
{
    const struct view_alerts *alerts = &ui->frame->alerts;

    detail_open(ui, "ALERTS");
    for (int pass = 0; pass < 2; pass++) /* what waits, then what has rung */
        for (int i = 0; i < alerts->count; i++)
            if ((alerts->alert[i].rang_ns != 0) == (pass == 1))
                list_one(ui, &alerts->alert[i]);
    if (alerts->count == 0)
        detail_add(ui, "none is set; " KEY("b") " at a price sets one, or :alert SYMBOL "
                                                "price|change|spread|imbalance >|< FIGURE");
    else
        detail_add(ui, ":alert drop N removes one, :alert clear all; %d at most%s", ALERTS_MAX,
                   alerts->kept ? "" : "; they end with this run");
}

/* "[SYMBOL] KIND >|< FIGURE", or >= and <= as the list writes them, of an instrument of the frame; false: said why. */
static bool parse(struct ui *ui, const char *args, uint16_t *id, enum alert_of *of, bool *above,
                  int64_t *level)
{
    char text[UI_COMMAND_MAX], why[VIEW_TEXT_MAX], *word[5], *rest = text, *at;
    int words = 0, named;

    text_print(text, sizeof(text), "%s", args);
    while (words < 5 && (at = strsep(&rest, " ")) != NULL)
        if (at[0] != '\0')
            word[words++] = at;
    at = word[0]; /* the symbol, if there is one */
    if (words == 4)
        memmove(word, word + 1, 3 * sizeof(word[0]));
    if ((words != 3 && words != 4) || !alert_kind_find(word[0], of) || strchr("<>", word[1][0]) == NULL ||
        (word[1][1] != '\0' && strcmp(word[1] + 1, "=") != 0)) {
        ui_say(ui, 1, "",
               ":alert [SYMBOL] price|change|spread|imbalance >|< FIGURE, :alerts, :alert drop N, :alert "
               "clear");
        return false;
    }
    named = words == 4 ? ui_instrument_named(ui, at) : ui->instrument_id;
    if (named < 0) {
        ui_say(ui, 1, "", "no instrument of this session is called `%s`", at);
        return false;
    }
    *id = (uint16_t)named;
    if (!figure_parse(word[2], strlen(word[2]), alert_kind(*of)->typed, false, level, why, sizeof(why))) {
        ui_say(ui, 1, "NO ALERT", "%s", why);
        return false;
    }
    if (*level > ALERT_LEVEL_MAX || *level < -ALERT_LEVEL_MAX) {
        ui_say(ui, 1, "NO ALERT", "`%s` is too big: at most %s", word[2],
               number_trim(ALERT_LEVEL_MAX, alert_kind(*of)->typed).text);
        return false;
    }
    *above = word[1][0] == '>';
    return true;
}

static void drop_run(struct ui *ui, const char *number)
{
    char *end;
    long id = strtol(number, &end, 10);

    if (number[0] < '0' || number[0] > '9' || *end != '\0' || id <= 0 || id > UINT32_MAX)
        ui_say(ui, 1, "", ":alert drop N, its number in :alerts; :alert clear removes all");
    else
        send_drop(ui, id);
}

void alert_run(struct ui *ui, const char *args)
{
    uint16_t id;
    enum alert_of of;
    bool above;
    int64_t level;

    if (ui->frame == NULL)
        ui_say(ui, 1, "", "there is no market yet");
    else if (args[0] == '\0')
        alert_list_open(ui);
    else if (strcmp(args, "clear") == 0)
        send_drop(ui, 0);
    else if (strncmp(args, "drop ", 5) == 0 || strcmp(args, "drop") == 0)
        drop_run(ui, args + 4 + strspn(args + 4, " "));
    else if (parse(ui, args, &id, &of, &above, &level))
        send_alert(ui, id, of, above, level);
}

void alerts_run(struct ui *ui, const char *args)
{
    (void)args;
    alert_run(ui, "");
}

void alert_prompt(struct ui *ui, uint16_t instrument_id)
{
    const struct view_instrument *at = &ui->frame->status.instrument[instrument_id];
    char line[UI_FIELD_MAX];

    text_print(line, sizeof(line), "alert %s price > ", at->symbol);
    text_open(ui, TEXT_COMMAND);
    text_set(ui, line);
}

/* --- ringing ------------------------------------------------------------------------------------------------ */

static void say_rang(struct ui *ui, const struct alert *alert)
{
    struct ui_message message = {.level = 2, .ours = true, .head = "ALERT"};
    char text[ALERT_TEXT_SIZE], figure[64];

    text_print(message.text, sizeof(message.text), "%s: %s %s", alert_text(alert, true, text, sizeof(text)),
               alert->of == ALERT_PRICE ? "traded" : "it is",
               alert_figure(alert, alert->rang_at, figure, sizeof(figure)));
    ui_hear(ui, &message);
    ui_ring(ui);
}

/* The first screen that comes is told what rang while nobody looked; one that only looks leaves it to the next. */
static void say_away(struct ui *ui)
{
    const struct alert *newest = NULL;
    struct command seen = ui_command(ui, COMMAND_ALERTS_SEEN);
    struct ui_message message = {
        .level = 2, .ours = true, .head = "RANG WHILE AWAY", .stays_ns = AWAY_SAY_NS};
    char text[ALERT_TEXT_SIZE], more[40] = "";
    int count = 0;

    for (int i = 0; i < ui->frame->alerts.count; i++) {
        const struct alert *alert = &ui->frame->alerts.alert[i];

        if (!alert->away)
            continue;
        count++;
        if (newest == NULL || alert->rang_ns > newest->rang_ns)
            newest = alert;
    }
    if (count == 0 || script_runs(ui))
        return;
    if (count > 1)
        text_print(more, sizeof(more), ", %d more before: :alerts", count - 1);
    text_print(message.text, sizeof(message.text), "%s at %s%s", alert_text(newest, true, text, sizeof(text)),
               number_moment(newest->rang_ns, ui->frame->status.now_ns).text, more);
    ui_hear(ui, &message);
    ui_ring(ui);
    if (!ui->config.readonly)
        (void)ui->host.send(ui->host.arg, &seen); /* not told twice; if it is lost, it is */
}

void alert_on_frame(struct ui *ui)
{
    const struct view_alerts *alerts = &ui->frame->alerts;
    const struct alert *newest = NULL;

    if (!ui->alerts_known) { /* what rang before this screen came */
        ui->alerts_known = true;
        ui->alerts_rung = alerts->rung;
        say_away(ui);
        return;
    }
    for (int i = 0; i < alerts->count; i++)
        if (alerts->alert[i].rang_seq > ui->alerts_rung &&
            (newest == NULL || alerts->alert[i].rang_seq > newest->rang_seq))
            newest = &alerts->alert[i];
    ui->alerts_rung = alerts->rung;
    if (newest != NULL)
        say_rang(ui, newest);
}
